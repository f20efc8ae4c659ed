"""Rows of options as examples and batches: laid out as sft lays answers out, cut only in the prompt, the same however they are put."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from afina.data.encoder import Encoder
from afina.data.tokenize import Tokenizer
from afina.objectives import OBJECTIVES
from afina.objectives.choices import Choices, options_of
from afina.recipe.schema import DataSpec
from afina.score import actor_of
from afina.types import IGNORE_INDEX, Completion, Context, Example, Kind
from afina.types import Choices as Row
from tests.tiny import write_tiny_model
from tests.training import causal_model, encoder_decoder_model

OPTIONS = ("the cat", "a dog near the house", "no")
ROWS = [Row(n, "which of these, " * (1 + n % 3), OPTIONS[: 2 + n % 2], n % 2) for n in range(1, 8)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "plain")


@pytest.fixture(params=["plain", "chat", "encoder-decoder"])
def encoder(request: pytest.FixtureRequest, plain: Path, tiny_chat_model: Path, tiny_encoder_decoder: Path) -> Encoder:
    kind: Kind = "encoder-decoder" if request.param == "encoder-decoder" else "decoder"
    folder = {"plain": plain, "chat": tiny_chat_model, "encoder-decoder": tiny_encoder_decoder}[request.param]
    return Encoder(Tokenizer.load(folder), DataSpec(), 256, kind=kind)


def encoded(encoder: Encoder, rows: list[Row] = ROWS) -> list[Example]:
    return list(encoder.encode(rows, "choices").examples)


def test_an_option_is_laid_out_as_an_answer_is(encoder: Encoder) -> None:
    """Ids and labels of each option are those of sft on (prompt, option), so its end token is scored."""
    for row, example in zip(ROWS, encoded(encoder), strict=True):
        answers = encoder.encode([Completion(row.number, row.prompt, option) for option in row.choices], "sft").examples
        options = options_of(example)
        assert len(options) == len(example.values) == len(row.choices)
        assert example.target == row.answer
        for option, answer in zip(options, answers, strict=True):
            if encoder.kind == "encoder-decoder":
                assert example.ids[: example.second] == answer.ids[: answer.second]
                assert option.ids == option.labels == answer.ids[answer.second :]
            else:
                assert (option.ids, option.labels) == (answer.ids, answer.labels)
            assert option.ids[-1] == encoder.tokenizer.eos


def test_a_long_prompt_is_cut_alike_for_all_options_and_no_option_is(plain: Path) -> None:
    rows = [Row(n, "word " * 60, OPTIONS, 0) for n in range(3)]
    for truncation in ("keep_start", "keep_end"):
        encoder = Encoder(Tokenizer.load(plain), DataSpec(truncation=truncation), 40)  # type: ignore[arg-type]
        made = encoder.encode(rows, "choices")
        whole = encoded(Encoder(Tokenizer.load(plain), DataSpec(), 1000), rows)[0]
        options = options_of(made.examples[0])
        assert max(len(option) for option in options) == 40
        prompts = {tuple(i for i, label in zip(option.ids, option.labels, strict=True) if label == IGNORE_INDEX) for option in options}
        assert len(prompts) == 1
        for option, uncut in zip(options, options_of(whole), strict=True):
            assert [label for label in option.labels if label >= 0] == [label for label in uncut.labels if label >= 0]
            assert option.ids[0] == uncut.ids[0]
        assert any("3 of 3 rows are longer than max_length 40" in notice.what for notice in made.notices)


def test_a_row_whose_option_fits_nowhere_is_left_out_and_said(encoder: Encoder) -> None:
    tight = Encoder(encoder.tokenizer, DataSpec(truncation="keep_start"), 24, kind=encoder.kind)
    rows = [Row(1, "which", ("the cat", "a dog"), 0), Row(2, "which", ("the cat", "word " * 40), 0)]
    made = tight.encode(rows, "choices")
    assert [example.number for example in made.examples] == [1]
    assert made.counts == [1, 0]
    said = [notice.what for notice in made.notices if "option" in notice.what]
    assert said == ["1 rows have an option that max_length 24 has no room for, and are not used: rows 2"]
    assert not any("nothing to learn" in notice.what for notice in made.notices)


def test_a_batch_has_a_row_for_each_option(encoder: Encoder) -> None:
    examples = encoded(encoder)
    batch = Choices().collate(examples, Context(encoder.kind))
    assert batch.options_B is not None and batch.targets_B is not None and batch.labels_BT is not None
    assert batch.options_B.tolist() == [len(row.choices) for row in ROWS]
    assert batch.targets_B.tolist() == [row.answer for row in ROWS]
    assert batch.numbers == tuple(row.number for row in ROWS)
    assert batch.n_examples == len(ROWS)
    assert len(batch.labels_BT) == sum(len(row.choices) for row in ROWS)
    assert len(batch.input_ids_BT) == (len(ROWS) if batch.answers_apart else len(batch.labels_BT))
    assert batch.n_tokens == sum(map(len, examples))


def test_halves_and_packed_rows_have_the_same_loss(encoder: Encoder) -> None:
    objective, examples = Choices(), encoded(encoder)
    batch = objective.collate(examples, Context(encoder.kind))
    actor = actor_of(encoder_decoder_model() if encoder.kind == "encoder-decoder" else causal_model(initializer_range=0.3))
    actor.model.eval()
    ways = {"halves": [quarter for half in batch.halves() for quarter in half.halves()]}
    if encoder.kind == "decoder":
        packed = objective.pack(examples)
        assert packed.input_ids_BT.shape == (1, sum(map(len, examples)))
        ways |= {"packed": [packed], "packed halves": list(packed.halves())}
    with torch.no_grad():
        whole = objective.loss({"policy": actor}, batch)
        for way, parts in ways.items():
            losses = [objective.loss({"policy": actor}, part) for part in parts]
            assert [number for part in parts for number in part.numbers] == [example.number for example in examples]
            for name, term in whole.terms.items():
                assert sum(loss.terms[name].total.item() for loss in losses) == pytest.approx(term.total.item(), rel=1e-4), (way, name)
            for unit, n in objective.counts(batch).items():
                assert sum(objective.counts(part)[unit] for part in parts) == n
    one = objective.collate(examples[:1], Context(encoder.kind))
    assert len(one.halves()) == 1, "the options of one example stay together"


def test_a_weight_of_zero_leaves_a_term_out_and_all_zero_is_refused() -> None:
    batch = Choices().collate([Example(1, (0, 5, 1, 0, 6, 7, 1), (-100, 5, 1, -100, 6, 7, 1), 1, 0, (0.0, 3.0))])
    actors = {"policy": actor_of(causal_model())}
    assert set(Choices(unlikelihood=0).loss(actors, batch).terms) == {"language_model", "length_normalised"}
    assert Choices(length_normalised=0.25).loss(actors, batch).terms["length_normalised"].weight == 0.25
    with pytest.raises(ValidationError, match="nothing is left to minimise"):
        OBJECTIVES["choices"](name="choices", language_model=0, unlikelihood=0, length_normalised=0)


def test_the_plan_shows_which_option_is_right(encoder: Encoder) -> None:
    from afina.data.report import sample

    for row, example in zip(ROWS, encoded(encoder), strict=True):
        assert sample(example, encoder.tokenizer).label == row.choices[row.answer]


def test_a_check_measures_the_longest_option_and_not_their_sum(plain: Path, tmp_path: Path) -> None:
    import json

    from afina.data.examine import examine

    rows = [{"question": f"Which of them is it, {i}?", "choices": list(OPTIONS), "answer": i % 3} for i in range(30)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    tokenizer = Tokenizer.load(plain)
    found = examine(DataSpec(path=str(tmp_path / "rows.jsonl")), tokenizer=tokenizer, max_length=256)
    encoder = Encoder(tokenizer, DataSpec(), 256)
    wanted = [
        max(map(len, options_of(one))) for one in encoded(encoder, [Row(1, f"Which of them is it, {i}?", OPTIONS, 0) for i in range(30)])
    ]
    assert sorted(found.lengths) == sorted(wanted)
