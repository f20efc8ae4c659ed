"""One battery for every registered objective: its loss is sums that add up, its counts need no tensors, and it can be learned."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from pydantic import ValidationError

from afina.data.encoder import Encoder
from afina.data.tokenize import Tokenizer
from afina.evaluate.metrics import METRICS
from afina.events import Step
from afina.objectives import OBJECTIVES, Objective
from afina.recipe.schema import DataSpec
from afina.score import Actor, actor_of
from afina.types import (
    IGNORE_INDEX,
    Batch,
    Chat,
    Choices,
    Completion,
    Context,
    Example,
    Head,
    Kind,
    Labelled,
    Message,
    MultiLabelled,
    Pair,
    Row,
    Scored,
    ScoredPair,
    Tagged,
    Text,
    Unit,
)
from tests.conftest import ANIMALS, FOODS
from tests.training import causal_model, class_model, encoder_decoder_model, encoder_model, masked_model, tag_model, training

LABELS = ("animal", "food")
WORDS = [*ANIMALS, *FOODS]


def _labelled(i: int) -> Labelled:
    words, label = (ANIMALS, "animal") if i % 2 else (FOODS, "food")
    return Labelled(i, " and ".join(["the " + words[i % 8]] * (1 + i % 5)), label)


def _pair(i: int) -> Pair:
    one = _labelled(i)
    return Pair(i, one.text, " or ".join(["some " + WORDS[i % 16]] * (1 + i % 3)), one.label)


def _completion(i: int) -> Completion:
    return Completion(i, f"say {WORDS[i % 16]} {1 + i % 7} times", " ".join([WORDS[i % 16]] * (1 + i % 7)))


def _chat(i: int) -> Chat:
    turns = [
        Message("user", WORDS[i % 16]),
        Message("assistant", WORDS[i % 16] * (1 + i % 3)),
        Message("user", "again"),
        Message("assistant", "no"),
    ]
    return Chat(i, tuple(turns[: 2 + 2 * (i % 2)]))


def _multi_labelled(i: int) -> MultiLabelled:
    """None, one or both of the labels."""
    words = [f"the {ANIMALS[i % 8]}"] * (i % 2) + [f"some {FOODS[(i // 2) % 8]}"] * (i // 2 % 2)
    return MultiLabelled(
        i, f"case {i}: {' and '.join(words)}", tuple(label for label, has in zip(LABELS, (i % 2, i // 2 % 2), strict=True) if has)
    )


def _scored(i: int) -> Scored:
    """As numbers are learned: their mean is 0 and their standard deviation 1."""
    return Scored(i, _labelled(i).text, 1.0 if i % 2 else -1.0)


def _scored_pair(i: int) -> ScoredPair:
    return ScoredPair(i, _labelled(i).text, f"a {WORDS[i % 16]}", 1.0 if i % 2 else -1.0)


def _tagged(i: int) -> Tagged:
    """Sentences of 1 to 9 words of one or more tokens, of both kinds."""
    words = [WORDS[(5 * i + k * (1 + i % 3)) % 16] for k in range(1 + i % 9)]
    return Tagged(i, tuple(words), tuple("animal" if word in ANIMALS else "food" for word in words))


def _text(i: int) -> Text:
    return Text(i, f"number {i}: " + " ".join(itertools.islice(itertools.cycle(WORDS), i % 16, i % 16 + 3 + i % 9)))


def _choices(i: int) -> Choices:
    """Each answer is of one kind, so that it can be learned; options differ in number and length."""
    options = [" and ".join([FOODS[(i + k) % 8]] * (1 + (i + k) % 3)) for k in range(1 + i % 3)]
    options.insert(i % len(options), ANIMALS[i % 8])
    return Choices(i, f"which is an animal, case {i}?", tuple(options), options.index(ANIMALS[i % 8]))


ROWS: dict[type[Row], Callable[[int], Row]] = {
    Labelled: _labelled,
    Pair: _pair,
    Completion: _completion,
    Chat: _chat,
    Text: _text,
    Choices: _choices,
    MultiLabelled: _multi_labelled,
    Scored: _scored,
    ScoredPair: _scored_pair,
    Tagged: _tagged,
}
MODELS: dict[tuple[Head, Kind], Callable[[], torch.nn.Module]] = {
    ("lm", "decoder"): causal_model,
    ("lm", "encoder-decoder"): encoder_decoder_model,
    ("lm", "encoder"): masked_model,
    ("classes", "decoder"): lambda: class_model(n_classes=len(LABELS)),
    ("classes", "encoder"): lambda: encoder_model(n_classes=len(LABELS)),
    ("tags", "decoder"): lambda: tag_model("decoder", n_tags=len(LABELS)),
    ("tags", "encoder"): lambda: tag_model("encoder", n_tags=len(LABELS)),
    ("labels", "decoder"): lambda: class_model(n_classes=len(LABELS)),
    ("labels", "encoder"): lambda: encoder_model(n_classes=len(LABELS)),
    ("scalar", "decoder"): lambda: class_model(n_classes=1),
    ("scalar", "encoder"): lambda: encoder_model(n_classes=1),
}
CASES = [(name, rows, kind) for name in OBJECTIVES for rows in OBJECTIVES[name].rows for kind in sorted(OBJECTIVES[name].kinds)]


@dataclass(frozen=True)
class Case:
    """An objective, rows that it takes, and a kind of model that it trains."""

    objective: Objective
    rows: type[Row]
    kind: Kind
    tokenizer: Tokenizer

    def collate(self, examples: list[Example]) -> Batch:
        return self.objective.collate(examples, Context(self.kind, self.tokenizer.vocabulary))

    def model(self) -> torch.nn.Module:
        return MODELS[self.objective.head, self.kind]()

    def beside(self) -> dict[str, Actor]:
        """The frozen models that the objective asks too, each with weights of its own."""
        found: dict[str, Actor] = {}
        for role in self.objective.roles():
            if not role.trains:
                model = self.model().eval().requires_grad_(False)
                torch.manual_seed(7)
                for parameter in model.parameters():
                    parameter.add_(0.1 * torch.randn_like(parameter))
                found[role.name] = actor_of(model)
        return found

    def actors(self) -> dict[str, Actor]:
        return {"policy": actor_of(self.model().eval()), **self.beside()}


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1].__name__}-{case[2]}")
def case(request: pytest.FixtureRequest, tiny_chat_model: Path, tiny_encoder: Path, tiny_encoder_decoder: Path) -> Case:
    name, rows, kind = request.param
    tokenizer = Tokenizer.load({"decoder": tiny_chat_model, "encoder": tiny_encoder, "encoder-decoder": tiny_encoder_decoder}[kind])
    return Case(OBJECTIVES[name](name=name).settled(tokenizer.vocabulary, 256), rows, kind, tokenizer)


@pytest.fixture
def objective(case: Case) -> Objective:
    return case.objective


@pytest.fixture
def examples(case: Case) -> list[Example]:
    """40 examples of rows that the objective takes, encoded as a training encodes them."""
    # without a template of its own, an encoder-decoder is given one for conversations
    spec = DataSpec(template="chatml") if case.rows is Chat and case.kind == "encoder-decoder" else DataSpec()
    encoder = Encoder(case.tokenizer, spec, 256, LABELS, case.kind)
    return list(encoder.encode([ROWS[case.rows](i) for i in range(1, 41)], case.objective.name).examples)[:40]


def total_of(case: Case, actors: dict[str, Actor], examples: list[Example]) -> dict[str, float]:
    loss = case.objective.loss(actors, case.collate(examples))
    return {name: term.total.item() for name, term in loss.terms.items()}


CUTS = [[40], [1, 39], [7, 13, 20], [1] * 40]


def cut(examples: list[Example], sizes: list[int]) -> list[list[Example]]:
    rest = iter(examples)
    return [list(itertools.islice(rest, size)) for size in sizes]


def test_batches_are_padded_on_the_right_and_lose_nothing(case: Case, examples: list[Example]) -> None:
    if case.objective.example == "noised":
        pytest.skip("noise is put over it: tests/unit/objectives/test_noise.py")
    if case.objective.example == "choices":
        pytest.skip("a row for each option: tests/unit/objectives/test_choices.py")
    batch = case.collate(examples)
    assert batch.numbers == tuple(example.number for example in examples)
    apart = case.kind == "encoder-decoder"
    assert batch.answers_apart == apart
    assert batch.n_tokens == sum(len(example) for example in examples)
    for row, example in enumerate(examples):
        n = int(batch.lengths_B[row])
        read, labels = (
            (example.ids[: example.second], (IGNORE_INDEX, *example.labels[example.second :])) if apart else (example.ids, example.labels)
        )
        assert n == len(read)
        assert tuple(batch.input_ids_BT[row, :n].tolist()) == read
        if example.values and batch.values_BN is None:
            labels = example.values  # what the labels are is no token
        if batch.labels_BT is not None:
            assert tuple(batch.labels_BT[row, : len(labels)].tolist()) == labels
            assert (batch.labels_BT[row, len(labels) :] == IGNORE_INDEX).all()
        if batch.targets_B is not None:
            assert int(batch.targets_B[row]) == example.target
        if batch.values_BN is not None:
            assert tuple(batch.values_BN[row].tolist()) == example.values
        if batch.segments_BT is not None:
            assert batch.segments_BT[row].tolist() == [int(0 < example.second <= place < n) for place in range(batch.input_ids_BT.shape[1])]
    assert (batch.segments_BT is not None) == (case.rows in (Pair, ScoredPair) and case.kind == "encoder")


@pytest.mark.parametrize("sizes", CUTS, ids=lambda sizes: f"{len(sizes)} pieces")
def test_counts_add_up_and_need_no_tensors(sizes: list[int], case: Case, examples: list[Example]) -> None:
    objective = case.objective
    whole = objective.counts(case.collate(examples))
    assert whole[objective.unit] > 0
    pieces = [objective.counts(case.collate(piece)) for piece in cut(examples, sizes)]
    singles = [objective.example_counts(example) for example in examples]
    for unit, n in whole.items():
        assert sum(piece.get(unit, 0) for piece in pieces) == n
        assert sum(single.get(unit, 0) for single in singles) == n


@pytest.mark.parametrize("sizes", CUTS[1:], ids=lambda sizes: f"{len(sizes)} pieces")
def test_losses_of_pieces_add_up(sizes: list[int], case: Case, examples: list[Example]) -> None:
    objective = case.objective
    actors = case.actors()
    with torch.no_grad():
        whole = objective.loss(actors, case.collate(examples))
        parts = [objective.loss(actors, case.collate(piece)) for piece in cut(examples, sizes)]
    for name, term in whole.terms.items():
        assert sum(part.terms[name].total.item() for part in parts) == pytest.approx(term.total.item(), rel=1e-5)
        assert term.total.item() > 0
    for name, (value, n) in whole.metrics.items():
        assert sum(part.metrics[name][0] for part in parts) == pytest.approx(value, rel=1e-5)
        assert sum(part.metrics[name][1] for part in parts) == n


def test_the_loss_of_one_example_is_its_own_whatever_is_beside_it(case: Case, examples: list[Example]) -> None:
    actors = case.actors()
    with torch.no_grad():
        for example, other in itertools.pairwise(examples[:12]):
            alone, neighbour, both = (total_of(case, actors, group) for group in ([example], [other], [example, other]))
            for name, value in both.items():
                assert alone[name] + neighbour[name] == pytest.approx(value, rel=1e-5)


def test_terms_are_scalars_with_units_that_are_counted(case: Case, examples: list[Example]) -> None:
    objective = case.objective
    batch = case.collate(examples[:8])
    loss = objective.loss(case.actors(), batch)
    counts = objective.counts(batch)
    assert objective.unit in counts
    for term in loss.terms.values():
        assert term.total.ndim == 0
        assert term.total.requires_grad
        assert term.unit in counts
        assert term.weight > 0
    assert set(objective.step_metrics) <= set(loss.metrics)
    assert all(0 <= value <= n for value, n in loss.metrics.values())


def test_it_can_be_learned(case: Case, examples: list[Example]) -> None:
    objective = case.objective
    settings: dict[str, Any] = {"steps": 40, "batch_size": 20, "learning_rate": 1e-2}
    run = training(case.model(), objective, examples, **settings, vocabulary=case.tokenizer.vocabulary, beside=case.beside())
    curve = [event.loss for event in run if isinstance(event, Step)]
    assert sum(curve[-4:]) / 4 < 0.5 * curve[0]


def test_an_untrained_model_is_near_uniform(case: Case, examples: list[Example]) -> None:
    """The first loss: the logarithm of the number of choices, or the variance. Double counting or a shift of the labels would show here."""
    objective, model = case.objective, case.model()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim >= 2:
                parameter.normal_(0, 0.02)
    batch = case.collate(examples)
    term = next(iter(objective.loss({"policy": actor_of(model), **case.beside()}, batch).terms.values()))
    expected = {"lm": math.log(320), "classes": math.log(len(LABELS)), "labels": math.log(2), "scalar": 1.0, "tags": math.log(len(LABELS))}[
        objective.head
    ]
    assert term.total.item() / objective.counts(batch)[term.unit] == pytest.approx(expected, rel=0.1)


def test_updates_hold_the_draw(case: Case, examples: list[Example]) -> None:
    objective = case.objective
    draw = [case.collate(examples[:4]), case.collate(examples[4:8])]
    actors = case.actors()
    with torch.no_grad():
        updates = objective.updates(objective.prepare(actors, draw))
    assert len(updates) == objective.n_updates() >= 1
    assert {number for update in updates for batch in update for number in batch.numbers} == {example.number for example in examples[:8]}


@pytest.mark.parametrize("name", OBJECTIVES.names())
def test_it_is_documented_and_closed(name: str) -> None:
    kind: Any = OBJECTIVES[name]
    made = kind(name=name)
    assert made.name == name
    assert kind.__doc__
    assert kind.rows, "the rows that it learns from"
    assert set(kind.rows) <= set(ROWS), "teach ROWS above how to write a row of the new kind"
    assert kind.unit in get_args(Unit)
    assert kind.head in get_args(Head)
    assert kind.kinds <= set(get_args(Kind))
    assert made.metric == made.metrics[0]
    assert set(made.metrics) <= set(METRICS)
    assert kind.paper == "" or kind.paper.startswith("https://")
    schema = kind.model_json_schema()
    json.dumps(schema)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["name"].get("const") == name
    for key, described in schema["properties"].items():
        assert key == "name" or len(described.get("description", "")) > 10
    with pytest.raises(ValidationError, match="extra_forbidden"):
        kind(name=name, nonsense=1)
    with pytest.raises(ValidationError, match="frozen"):
        made.name = "another"
    roles = made.roles()
    assert [role.name for role in roles if role.trains] == ["policy"]
    assert roles[0].head == kind.head
