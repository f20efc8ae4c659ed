"""data.truncation=split: nothing that is learned is lost or learned twice, whatever the lengths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data.encoder import Encoder
from afina.data.tokenize import Tokenizer
from afina.data.truncate import Keep, Segment, cut_pair, flatten, split_answered
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import IGNORE_INDEX, Chat, Completion, Example, Message


def learned(labels: list[int] | tuple[int, ...]) -> list[int]:
    return [label for label in labels if label != IGNORE_INDEX]


def split(tokenizer: Tokenizer, max_length: int) -> Encoder:
    return Encoder(tokenizer, DataSpec(path="data.jsonl", truncation="split"), max_length)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=5), st.integers(8, 90), st.integers(0, 1))
def test_every_learned_token_is_in_exactly_one_example(turns: list[tuple[int, int]], max_length: int, n_bos: int) -> None:
    segments: list[Segment] = []
    at = 1
    for n_prompt, n_answer in turns:
        segments.append(Segment(list(range(at, at + n_prompt + n_bos)), False))
        at += n_prompt + n_bos
        segments.append(Segment(list(range(at, at + n_answer)), True))
        at += n_answer
    ids, labels = flatten(segments)
    cuts = split_answered(segments, max_length, n_bos)
    # ids are all different, so the order of what is learned says that nothing is lost, moved or learned twice
    assert [index for cut in cuts for index in learned(cut.labels)] == learned(labels)
    for cut in cuts:
        assert len(cut.ids) == len(cut.labels) <= max_length
        assert cut.labels[0] == IGNORE_INDEX
        assert cut.ids[:n_bos] == ids[:n_bos]
        assert all(label in (IGNORE_INDEX, index) for index, label in zip(cut.ids, cut.labels, strict=True))
        # what is learned goes on from the token that is before it in the row, or from the end of the prompt
        first = next(i for i, label in enumerate(cut.labels) if label != IGNORE_INDEX)
        assert cut.ids[first - 1] == cut.ids[first] - 1
    if len(ids) <= max_length:
        assert cuts == [(ids, labels, 0)]


def test_a_long_answer_by_hand() -> None:
    row = [Segment([0, 11, 12, 13], False), Segment([21, 22, 23, 24, 25, 26, 27, 1], True)]
    none = IGNORE_INDEX
    assert [(cut.ids, cut.labels) for cut in split_answered(row, 8, 1)] == [
        ([0, 11, 12, 13, 21, 22, 23, 24], [none, none, none, none, 21, 22, 23, 24]),
        ([0, 12, 13, 23, 24, 25, 26, 27], [none, none, none, none, none, 25, 26, 27]),
        ([0, 12, 13, 26, 27, 1], [none, none, none, none, none, 1]),
    ]
    # a prompt that alone fills the example loses its start
    long = [Segment([0, *range(10, 20)], False), Segment([21, 22, 1], True)]
    assert [cut.ids for cut in split_answered(long, 8, 1)] == [[0, 15, 16, 17, 18, 19, 21, 22], [0, 18, 19, 21, 22, 1]]


def conversation(n: int) -> Chat:
    turns = [Message(role, f"{role[0]}{i} words") for i in range(n) for role in ("user", "assistant")]
    return Chat(3, (Message("system", "brief"), *turns))


def test_a_long_conversation_is_split_between_turns_and_keeps_its_system_message(chat: Tokenizer) -> None:
    row = conversation(9)
    encoded = split(chat, 100).encode([row], "sft")
    whole = split(chat, 10_000).encode([row], "sft").examples[0]
    assert len(encoded.examples) > 1
    assert encoded.counts == [len(encoded.examples)]
    assert [index for example in encoded.examples for index in learned(example.labels)] == learned(whole.labels)
    for example in encoded.examples:
        assert len(example) <= 100
        assert chat.decode(example.ids).startswith("<s><|system|>brief<|user|>u")
        assert chat.decode(example.ids).endswith("words</s>")
    said = [str(notice) for notice in encoded.notices if "split" in notice.what]
    assert len(said) == 1
    assert said[0].startswith(
        "1 of 1 rows are longer than max_length 100 and were split into several examples; all that they teach is learned"
    )
    assert "rows 3" in said[0]


WORDS = st.text(st.sampled_from("abc def\n"), min_size=1, max_size=60).filter(lambda text: bool(text.strip()))


@settings(max_examples=60)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6), st.integers(16, 80))
def test_whole_rows_lose_nothing(chat: Tokenizer, base: Tokenizer, turns: list[tuple[str, str]], max_length: int) -> None:
    messages = tuple(m for question, answer in turns for m in (Message("user", question), Message("assistant", answer)))

    def all_learned(tokenizer: Tokenizer, row: Chat | Completion, limit: int) -> list[int]:
        examples: list[Example] = list(split(tokenizer, limit).encode([row], "sft").examples)
        assert all(len(example) <= limit for example in examples)
        return [index for example in examples for index in learned(example.labels)]

    for tokenizer, row in ((chat, Chat(1, messages)), (base, Completion(1, *turns[0]))):
        assert all_learned(tokenizer, row, max_length) == all_learned(tokenizer, row, 10**6)


def test_split_never_refuses_and_is_said(base: Tokenizer) -> None:
    rows = [Completion(i, "ask", "answer " * 30) for i in range(4)]
    encoded = split(base, 32).encode(rows, "sft")
    assert all(count > 1 for count in encoded.counts)
    said = [notice.what for notice in encoded.notices if "split" in notice.what]
    assert said == [
        "4 of 4 rows are longer than max_length 32 and were split into several examples; "
        "all that they teach is learned, with less before it (rows 0, 1, 2 and 1 more)"
    ]
    with pytest.raises(DataError, match="T004"):
        Encoder(base, DataSpec(path="data.jsonl"), 32).encode(rows, "sft")


@pytest.mark.parametrize("keep", ["keep_start", "keep_end"])
@pytest.mark.parametrize(
    ("n_one", "n_other", "room", "left"),
    [(20, 4, 12, (8, 4)), (4, 20, 12, (4, 8)), (20, 20, 12, (6, 6)), (20, 20, 13, (7, 6)), (3, 3, 0, (0, 0))],
)
def test_the_longer_text_of_a_pair_gives_way_first(keep: Keep, n_one: int, n_other: int, room: int, left: tuple[int, int]) -> None:
    one, other = list(range(100, 100 + n_one)), list(range(200, 200 + n_other))
    ids, second = cut_pair([1, *one, 2, 2, *other, 3], 3 + n_one, room + 4, keep, 1, 2, 1)
    kept = [text[len(text) - n :] if keep == "keep_end" else text[:n] for text, n in zip((one, other), left, strict=True)]
    assert ids == [1, *kept[0], 2, 2, *kept[1], 3]
    assert ids[second - 2 : second] == [2, 2] and ids[second:-1] == kept[1]
