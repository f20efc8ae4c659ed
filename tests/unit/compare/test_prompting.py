from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from afina.compare.prompting import (
    COMPLETIONS,
    LABELS,
    Format,
    Prompting,
    Shot,
    answer_shots,
    best_choices,
    few_shot,
    few_shot_before,
    label_shots,
    shot_of,
    worked,
    zero_shot,
)
from afina.errors import UsageError
from afina.types import Chat, Completion, Labelled, Message

SHOTS = [Shot("one", "1"), Shot("two", "2"), Shot("three", "3")]


def encode(text: str) -> list[int]:
    return [ord(char) for char in text]


def decode(ids: list[int]) -> str:
    return "".join(map(chr, ids))


def test_the_zero_shot_prompt() -> None:
    prompts = zero_shot(["hola"], encode, 100)
    assert decode(prompts.ids[0]) == "Text: hola\nLabel:"
    assert prompts.n_shots == [0]
    assert prompts.note() == ""


def test_the_few_shot_prompt() -> None:
    prompts = few_shot(["hola"], SHOTS[:2], encode, 100)
    assert decode(prompts.ids[0]) == "Text: one\nLabel: 1\n\nText: two\nLabel: 2\n\nText: hola\nLabel:"
    assert prompts.note() == "2 worked examples"


def test_as_many_examples_as_fit() -> None:
    shot, ask = len(LABELS.shot(SHOTS[0])), len(LABELS.ask("hola"))
    prompts = few_shot(["hola", "h"], SHOTS, encode, ask + 2 * shot)
    assert prompts.n_shots == [2, 2]
    assert len(prompts.ids[0]) == ask + 2 * shot
    prompts = few_shot(["hola", "h" * 30], SHOTS, encode, ask + 2 * shot)
    assert prompts.n_shots == [2, 0]
    assert prompts.note() == "0 to 2 worked examples, as many as fit the context"


def test_an_example_too_long_is_passed_over() -> None:
    shots = [Shot("x" * 500, "long"), *SHOTS[:1]]
    assert few_shot(["hola"], shots, encode, 60).n_shots == [1]


def test_a_prompt_too_long_keeps_its_end_and_is_counted() -> None:
    prompts = zero_shot(["a" * 50, "b"], encode, 20)
    assert decode(prompts.ids[0]).endswith("a\nLabel:")
    assert len(prompts.ids[0]) == 20
    assert prompts.note() == "1 of 2 prompts cut to the context"


def test_a_joined_text_of_more_tokens_than_its_parts_still_fits() -> None:
    def odd(text: str) -> list[int]:
        return encode(text) + [0] * (10 * max(0, text.count("Label") - 1))

    prompts = few_shot(["hola"], SHOTS, odd, 60)
    assert prompts.n_shots == [1]
    assert max(map(len, prompts.ids)) <= 60


def test_examples_before_a_prompt_in_tokens() -> None:
    form = Format("Q: ", "\nA: ", "", "\n\n")
    prompts = few_shot_before([encode("Q: hola\nA: "), encode("\x01Q: bon\nA: ")], SHOTS[:1], encode, 100, form, bos_id=1)
    assert decode(prompts.ids[0]) == "Q: one\nA: 1\n\nQ: hola\nA: "
    assert decode(prompts.ids[1]) == "\x01Q: one\nA: 1\n\nQ: bon\nA: "


def test_examples_as_turns_leave_the_longest_out_first() -> None:
    def turns(shots: Sequence[Shot], question: Any) -> list[int]:
        return encode("".join(f"<{shot.question}|{shot.answer}>" for shot in shots)) + list(question.ids)

    prompting = Prompting(encode, 100, turns=turns)
    question = SimpleNamespace(ids=encode("<hola|"))
    prompts = worked([question, SimpleNamespace(ids=encode("<" + "h" * 40))], [Shot("x" * 50, "long"), *SHOTS], prompting, 40)
    assert decode(prompts.ids[0]) == "<one|1><two|2><three|3><hola|"
    assert prompts.n_shots == [3, 0]
    assert prompts.n_cut == 1


def test_a_prompt_that_ends_its_line_gets_no_second_break() -> None:
    assert COMPLETIONS.ask("one\n") == COMPLETIONS.ask("one") == "one\n"
    assert COMPLETIONS.shot(Shot("one", "1")) == "one\n1\n\n"


def test_no_room_for_any_prompt() -> None:
    with pytest.raises(UsageError) as error:
        zero_shot(["a"], encode, 0)
    assert error.value.text() == (
        "V003 few-shot prompts: 0 tokens of the model's context are left for a prompt beside its answer\n"
        "  Do: eval.max_new_tokens=N below the model's context, or eval.compare=false"
    )


def test_label_shots_take_each_label_in_turn() -> None:
    rows = [Labelled(i, f"text {i}", "abc"[min(i % 10, 2)]) for i in range(50)]
    shots = label_shots(rows, 7, seed=0)
    counts = sorted(sum(shot.answer == label for shot in shots) for label in "abc")
    assert counts == [2, 2, 3]
    assert shots == label_shots(rows, 7, seed=0)
    assert shots != label_shots(rows, 7, seed=1)
    assert len({shot.question for shot in shots}) == 7


def test_fewer_rows_than_shots() -> None:
    rows = [Labelled(1, "x", "a"), Labelled(2, "y", "b")]
    assert len(label_shots(rows, 8, seed=0)) == 2
    assert label_shots(rows, 0, seed=0) == []
    assert len(answer_shots([Completion(1, "q", "a")], 8, seed=0)) == 1


def test_a_conversation_is_its_last_two_messages() -> None:
    messages = (Message("user", "a"), Message("assistant", "b"), Message("user", "c"), Message("assistant", "d"))
    assert shot_of(Chat(1, messages)) == Shot("c", "d")
    assert shot_of(Chat(1, messages[:1])) == Shot("", "a")


def test_choices_are_normalised_by_length() -> None:
    logps = np.array([[-2.0, -3.0], [-1.0, -3.0], [-2.0, -4.0]])
    # two tokens at -1.5 each beat one token at -2; a tie goes to the first
    assert best_choices(logps, [1, 2]).tolist() == [1, 0, 0]
