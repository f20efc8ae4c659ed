"""Whole comparisons with a model that is a table: no torch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from afina.compare import running_text
from afina.compare.base import learned_ids
from afina.compare.classes import compare_classes
from afina.compare.comparison import Comparison
from afina.compare.prompting import Format, Prompting
from afina.compare.running_text import compare_lm
from afina.compare.words import compare_text
from afina.errors import AfinaError, UsageError
from afina.evaluate.questions import Question
from afina.recipe.schema import EvalSpec
from afina.types import Chat, Completion, Example, Labelled, Message, Text

SPEC = EvalSpec(bootstrap=200, max_generated=40, shots=4)
LABELS = ["cold", "very hot"]


def encode(text: str) -> list[int]:
    return [ord(char) for char in text]


def decode(ids: Sequence[int]) -> str:
    return "".join(map(chr, ids))


class Table:
    """Answers from a rule, and counts what it was asked. `sees` turns a text into the right answer or a wrong one."""

    def __init__(self, rule: Any = None, nll_per_token: float = 1.0) -> None:
        self.rule, self.nll_per_token = rule, nll_per_token
        self.asked: Counter[str] = Counter()
        self.prompts: list[str] = []

    def nll(self, examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
        self.asked["nll"] += 1
        counts = np.array([float(sum(label != -100 for label in e.labels[1:])) for e in examples])
        return counts * self.nll_per_token + 0.01 * np.array([e.number for e in examples]) * (counts > 0), counts

    def class_logps(self, examples: Sequence[Example], n_classes: int) -> np.ndarray:
        self.asked["class_logps"] += 1
        scores = np.full((len(examples), n_classes), math.log(0.1))
        for i, example in enumerate(examples):
            scores[i, self.rule(decode(example.ids))] = math.log(0.9)
        return scores

    def features(self, examples: Sequence[Example]) -> np.ndarray:
        self.asked["features"] += 1
        return np.array([[len(e.ids), sum(e.ids) / len(e.ids)] for e in examples])

    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> list[float]:
        self.asked["choice_logps"] += 1
        self.prompts.append(decode(prompt_ids))
        best = self.rule(decode(prompt_ids).split("Text: ")[-1])
        # the longer label has the smaller sum even when it is the better one: only the mean finds it
        return [-(0.5 if i == best else 2.0) * len(choice) for i, choice in enumerate(choices)]

    def generate(self, prompts: Sequence[Sequence[int]], stop_ids: Sequence[int], max_new_tokens: int) -> list[str]:
        self.asked["generate"] += 1
        self.prompts += [decode(p) for p in prompts]
        return [self.rule(decode(p)) for p in prompts]


def truth(text: str) -> int:
    return int("sun" in text)


def rows(n: int, first: int = 1) -> list[Labelled]:
    texts = [f"{'sun' if i % 2 else 'ice'} report {i}" for i in range(n)]
    return [Labelled(first + i, text, LABELS[truth(text)]) for i, text in enumerate(texts)]


def examples_of(labelled: Sequence[Labelled]) -> list[Example]:
    return [Example(row.number, tuple(encode(row.text)), target=LABELS.index(row.label) if row.label in LABELS else -1) for row in labelled]


def classes(base: Table | None, tuned: Table, test: list[Labelled], spec: EvalSpec = SPEC, **prompting: Any) -> Comparison:
    train = rows(60, first=1000)
    return compare_classes(
        base,
        tuned,
        labels=LABELS,
        train=train,
        test=test,
        train_examples=examples_of(train),
        test_examples=examples_of(test),
        prompting=Prompting(**{"encode": encode, "context": 200, **prompting}),
        spec=spec,
    )


def test_classes_from_end_to_end() -> None:
    base, tuned = Table(lambda text: 1), Table(truth)
    result = classes(base, tuned, rows(100))
    assert [entry.kind for entry in result.entries] == [
        "base zero-shot",
        "base k-shot",
        "majority",
        "tf-idf + logistic regression",
        "frozen probe",
        "tuned",
    ]
    zero = result.entry("base zero-shot")
    assert zero.n_rows == 40
    assert zero.rows == sorted(zero.rows or [])
    assert set(zero.predictions or []) == {"very hot"}
    assert "mean log-probability" in zero.note
    assert result.entry("base 4-shot").note.endswith("4 worked examples")
    assert result.tuned.metrics["accuracy"].mean == 1.0
    assert result.tuned.n_rows == result.n_test == 100
    assert [row.f1 for row in result.per_class] == [1.0, 1.0]
    assert len(result.worst) == 10
    assert result.worst[0].score == pytest.approx(math.log(0.9))
    assert result.outcomes["base zero-shot"] == "better"
    assert result.outcomes["tf-idf + logistic regression"] == "undecided"  # words separate this task
    assert result.verdict.startswith("Tuning does not win")
    assert Comparison.from_json(result.to_json()) == result


def test_the_test_rows_are_asked_about_once() -> None:
    base, tuned = Table(truth), Table(truth)
    classes(base, tuned, rows(100))
    assert tuned.asked == {"class_logps": 1}
    assert base.asked == {"choice_logps": 2 * 40, "features": 2}


def test_the_prompts_hold_training_rows_only_and_the_bos_once() -> None:
    base = Table(truth)
    classes(base, Table(truth), rows(100), bos_id=7)
    assert all(prompt.count("\x07") == 1 and prompt.startswith("\x07Text: ") for prompt in base.prompts)
    train_texts = {row.text for row in rows(60, first=1000)}
    for prompt in base.prompts:
        shown = [block.removeprefix("\x07").split("\n")[0].removeprefix("Text: ") for block in prompt.split("\n\n")]
        assert set(shown[:-1]) <= train_texts


def test_without_a_base_and_without_room_for_examples() -> None:
    result = classes(None, Table(truth), rows(20))
    assert result.notes == ["base model: not asked"]
    assert result.verdict.endswith("The base model has no accuracy here, so nothing is said about it.")
    tight = classes(Table(truth), Table(truth), rows(20), context=40)
    assert tight.notes == ["base k-shot: not asked, no worked example fits in 31 tokens"]
    assert "base k-shot" not in {entry.kind for entry in tight.entries}


def test_a_label_that_training_never_saw_counts_as_wrong() -> None:
    test = [*rows(20), Labelled(99, "sun", "never seen")]
    result = classes(None, Table(truth), test)
    assert result.tuned.metrics["accuracy"].mean == pytest.approx(20 / 21)
    assert result.worst[0].number == 99
    assert result.worst[0].score == -math.inf
    assert "1 of 21 test rows have a label that no training row has; they count like any other" in result.notes


def test_macro_f1_can_be_the_main_metric() -> None:
    assert classes(None, Table(truth), rows(20), SPEC.model_copy(update={"metric": "macro_f1"})).main_metric == "macro_f1"
    assert classes(None, Table(truth), rows(20), SPEC.model_copy(update={"metric": "loss"})).main_metric == "accuracy"


def test_what_cannot_be_compared() -> None:
    with pytest.raises(AfinaError) as error:
        classes(None, Table(truth), [])
    assert error.value.text() == (
        "V001 comparison: a comparison needs training rows and test rows\n  Do: data.test=0.1, or eval.compare=false"
    )
    with pytest.raises(UsageError) as usage:
        classes(Table(truth), Table(truth), rows(20), encode=lambda text: [] if text == " cold" else encode(text))
    assert usage.value.text() == (
        'V005 comparison: the label "cold" has no tokens in this tokenizer\n  Do: rename it, or eval.compare=false'
    )
    with pytest.raises(AfinaError, match="V002 comparison: 3 rows beside 2 examples"):
        compare_classes(
            None,
            Table(truth),
            labels=LABELS,
            train=rows(3),
            test=rows(3),
            train_examples=examples_of(rows(3)),
            test_examples=examples_of(rows(2)),
            prompting=Prompting(encode, 200),
            spec=SPEC,
        )


# --- text ---

FORM = Format("Q: ", "\nA: ", "", "\n\n")


def texts(n: int, answer: str = "it is the number {} of a long row") -> tuple[list[Completion], list[Any], list[Example]]:
    made = [Completion(i + 1, f"please tell me about number {i} now", answer.format(i)) for i in range(n)]
    asked: list[Any] = []
    examples: list[Example] = []
    for i, row in enumerate(made):
        ids = encode(FORM.ask(row.prompt))
        asked.append(Question(index=i, number=row.number, prompt=row.prompt, ids=tuple(ids), wanted=row.completion))
        answered = encode(row.completion)
        examples.append(Example(row.number, (*ids, *answered), (*([-100] * len(ids)), *answered)))
    return made, asked, examples


def answer_right(prompt: str) -> str:
    number = prompt.split("about number ")[-1].split(" now")[0]
    return f"it is the number {number} of a long row"


def in_words(base: Table | None, tuned: Table, answer: str = "it is the number {} of a long row", spec: EvalSpec = SPEC) -> Comparison:
    train, _, _ = texts(30, answer)
    _, questions, examples = texts(25, answer)
    return compare_text(
        base,
        tuned,
        train=train,
        questions=questions,
        test_examples=examples,
        prompting=Prompting(encode, 1000, stop_ids=(0,), max_new_tokens=50, form=FORM),
        spec=spec,
    )


def test_text_from_end_to_end() -> None:
    def base_rule(prompt: str) -> str:
        right = answer_right(prompt) + "\n\nQ: and another\nA: more"
        return right.replace("long row", "short one") if prompt.count("Q: ") > 1 else "I am a language model"

    base, tuned = Table(base_rule, nll_per_token=2.0), Table(answer_right)
    result = in_words(base, tuned)
    assert [entry.name for entry in result.entries] == [
        "base zero-shot",
        "base 4-shot",
        "most common answer",
        "copy of the prompt",
        "tuned",
    ]
    assert result.main_metric == "rouge_l"
    few = result.entry("base 4-shot")
    assert (few.predictions or [])[0] == "it is the number 0 of a short one"
    assert few.note.startswith("4 worked examples; answers end where a next example begins; corpus chrF ")
    assert set(result.tuned.metrics) == {"exact_match", "rouge_l", "chrf", "bleu", "loss", "perplexity"}
    assert result.entry("base zero-shot").metrics["loss"].mean - result.tuned.metrics["loss"].mean == pytest.approx(1.0)
    assert "loss" not in few.metrics
    assert set(result.outcomes.values()) == {"better"}
    assert result.verdict.startswith(
        "Tuning wins: rouge_l 1.000 [1.000, 1.000] on 25 rows; the best of 4 others, most common answer, has 0.8"
    )
    assert tuned.asked == {"generate": 1, "nll": 1}
    assert base.asked == {"generate": 2, "nll": 1}
    assert base.prompts[25].count("Q: ") == 5
    assert base.prompts[25].endswith("Q: please tell me about number 0 now\nA: ")
    assert Comparison.from_json(result.to_json()) == result


def test_tuning_that_makes_it_worse_is_said() -> None:
    result = in_words(Table(answer_right), Table(lambda prompt: "no idea"))
    assert result.outcomes["base zero-shot"] == "worse"
    assert result.verdict.startswith("Tuning does not win: tuned has rouge_l 0.000")
    assert "base zero-shot is better (1.000" in result.verdict
    assert [w.number for w in result.worst] == list(range(1, 11))


def test_short_answers_are_matched_exactly_and_never_copied() -> None:
    result = in_words(None, Table(lambda prompt: "yes"), answer="yes")
    assert result.main_metric == "exact_match"
    assert {entry.name for entry in result.entries} == {"most common answer", "tuned"}
    assert result.outcomes == {"most common answer": "undecided"}
    assert in_words(None, Table(answer_right), spec=SPEC.model_copy(update={"metric": "chrf"})).main_metric == "chrf"


def test_no_shots_and_answers_with_the_separator() -> None:
    result = in_words(Table(answer_right), Table(answer_right), spec=SPEC.model_copy(update={"shots": 0}))
    assert "base k-shot" not in {entry.kind for entry in result.entries}
    kept = in_words(Table(lambda prompt: "one\n\ntwo {}"), Table(answer_right), answer="one\n\ntwo and three four {}")
    assert (kept.entry("base 4-shot").predictions or [])[0] == "one\n\ntwo {}"


def test_conversations_are_compared_by_their_last_answer() -> None:
    train = [Chat(i, (Message("user", "say hello to all of us"), Message("assistant", "hello to all of you"))) for i in range(9)]
    question: Any = Question(index=0, number=1, prompt="say hello", ids=(1, 2), wanted="hello to all of you")
    tuned = Table(lambda prompt: "hello to all of you")
    result = compare_text(None, tuned, train=train, questions=[question], test_examples=[], prompting=Prompting(encode, 99), spec=SPEC)
    assert result.entry("most common answer").predictions == ["hello to all of you"]
    assert "loss: not measured, no test examples" in result.notes


def test_a_teacher_is_a_mark_and_no_opponent() -> None:
    """It is better than the tuned model here, and the verdict is about the others."""
    train, _, _ = texts(30, "it is the number {} of a long row")
    _, questions, examples = texts(25, "it is the number {} of a long row")
    result = compare_text(
        Table(lambda prompt: "I am a language model", 3.0),
        Table(lambda prompt: answer_right(prompt).replace("long row", "long line"), 1.5),
        train=train,
        questions=questions,
        test_examples=examples,
        prompting=Prompting(encode, 1000, stop_ids=(0,), max_new_tokens=50, form=FORM),
        spec=SPEC.model_copy(update={"shots": 0}),
        teacher=Table(answer_right, 1.0),
    )
    assert [entry.kind for entry in result.entries][-2:] == ["teacher", "tuned"]
    assert result.entry("teacher").metrics["rouge_l"].mean == 1 > result.tuned.metrics["rouge_l"].mean
    assert result.entry("teacher").metrics["loss"].mean < result.tuned.metrics["loss"].mean
    assert any(difference.name == "teacher" and difference.metric == "rouge_l" for difference in result.differences)
    assert "teacher" not in result.outcomes and "teacher" not in result.verdict


# --- running text ---


def pieces() -> list[Example]:
    """Three documents of two pieces each; the fourth has one token, nothing to predict."""
    two = [Example(number, (1, 2, 3, 2), (1, 2, 3, 2)) for number in (4, 5, 6) for _ in range(2)]
    return [*two, Example(9, (1,), (1,))]


def lm(base: Table | None, tuned: Table, test: list[Example] | None = None) -> Comparison:
    return compare_lm(
        base,
        tuned,
        train_examples=[Example(1, (0, 2, 2, 3), (0, 2, 2, 3))],
        test_examples=pieces() if test is None else test,
        test=[Text(number, f"document {number}") for number in (4, 5, 6, 9)],
        vocab_size=5,
        spec=SPEC,
    )


def test_the_unigram_model_counts_a_part_of_the_corpus_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the parts are, its loss is the same; its tokens are never held together."""
    train = [Example(n, (0, 1 + n % 4, 2, 3), (0, 1 + n % 4, 2, 3)) for n in range(50)]
    held: list[int] = []

    def learned(examples: Sequence[Example]) -> list[Any]:
        held.append(len(examples))
        return [learned_ids(example) for example in examples]

    found: list[list[float]] = []
    for at_once in (1000, 7):
        monkeypatch.setattr(running_text, "AT_ONCE", at_once)
        held.clear()
        model = running_text._Unigram(train, 5, learned)
        sums_N, counts_N = model.nll(pieces())
        assert max(held) <= at_once and sum(held) == 50 + len(pieces())
        found.append([*sums_N.tolist(), *counts_N.tolist(), *map(float, running_text._documents(pieces(), learned))])
    assert found[0] == found[1] and found[0][-3:] == [4.0, 5.0, 6.0]


def test_running_text_is_compared_by_document() -> None:
    result = lm(Table(nll_per_token=2.0), Table(nll_per_token=1.0))
    assert [entry.name for entry in result.entries] == ["base", "unigram", "tuned"]
    assert result.n_test == 3
    assert result.numbers == [4, 5, 6]
    assert result.tuned.per_example["n_tokens"] == [6.0] * 3
    assert result.tuned.metrics["loss"].mean == pytest.approx(1.0 + 0.02 * (4 + 5 + 6) / 18)
    # train predicts 2, 2, 3; one added to each of five: p(2) = 3/8, p(3) = 2/8; test tokens 2, 3, 2
    assert result.entry("unigram").metrics["loss"].mean == pytest.approx(-(2 * math.log(3 / 8) + math.log(2 / 8)) / 3)
    assert [(w.number, w.input) for w in result.worst] == [(6, "document 6"), (5, "document 5"), (4, "document 4")]
    assert result.notes == ["loss: 1 of 4 test documents have no token to predict"]
    assert result.outcomes["base"] == "undecided"  # three documents are too few to say anything
    assert Comparison.from_json(result.to_json()) == result


def test_twenty_documents_are_enough() -> None:
    test = [Example(number, (1, 2, 3), (1, 2, 3)) for number in range(1, 21)]
    result = lm(Table(nll_per_token=2.0), Table(nll_per_token=0.2), test)
    assert result.outcomes == {"base": "better", "unigram": "better"}
    assert result.verdict.startswith("Tuning wins: loss 0.2")


def test_models_scored_on_different_tokens_are_refused() -> None:
    class Fewer(Table):
        def nll(self, examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
            sums, counts = super().nll(examples)
            return sums, np.maximum(counts - 1, 0)

    with pytest.raises(AfinaError, match="V002 comparison: tuned and base were scored on different tokens"):
        lm(Fewer(), Table())


def test_a_loss_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(AfinaError) as error:
        lm(Table(), Table(nll_per_token=math.inf), [Example(1, (1, 2), (1, 2))])
    assert error.value.text() == "V006 comparison: the loss of tuned is not finite on 1 test rows\n  Do: model.precision=fp32"


def test_nothing_to_predict() -> None:
    with pytest.raises(AfinaError, match="V001 comparison: the test documents have no token to predict"):
        lm(None, Table(), [Example(9, (1,), (1,))])
    with pytest.raises(AfinaError, match="V001 comparison: a comparison needs training rows and test rows"):
        lm(None, Table(), [])


def test_the_answers_of_one_conversation_are_drawn_together_and_cut_prompts_are_said() -> None:
    """Rows that are learned as several examples are no more rows for it: their interval was too narrow."""
    train = [Completion(i, f"say {i}", f"word {i}") for i in range(9)]
    asked = [Question(i, i, f"say {i}", (1, 2), f"word {i}", (), n_cut=3 * (i == 2)) for i in range(1, 9)]
    one = [Example(i, (1, *range(2, 40 + i)), (-100, *range(2, 40 + i))) for i in range(1, 9)]
    several = [Example(e.number, e.ids[:1] + part, (-100, *part)) for e in one for part in (e.ids[1:9], e.ids[9:])]

    def compared(examples: list[Example]) -> Comparison:
        model = Table(lambda prompt: "word")
        model.nll = lambda rows: (np.array([float(sum(e.ids[1:])) for e in rows]), np.array([len(e) - 1.0 for e in rows]))  # type: ignore[method-assign]
        return compare_text(None, model, train=train, questions=asked, test_examples=examples, prompting=Prompting(encode, 99), spec=SPEC)

    whole, parts = compared(one), compared(several)
    assert whole.tuned.metrics["loss"] == pytest.approx(parts.tuned.metrics["loss"])
    assert parts.n_test == whole.n_test == 8
    assert "1 of 8 prompts were cut at their start, to leave room for the answer within max_length" in whole.notes
