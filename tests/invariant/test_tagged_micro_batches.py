"""Tags: the gradient of a step does not depend on micro-batches, packing or padding; tolerances as in test_micro_batches."""

from __future__ import annotations

import random

import pytest
import torch

from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.objectives import OBJECTIVES
from afina.recipe.schema import TokenBudget
from afina.score import actor_of
from afina.types import IGNORE_INDEX, Context, Example, Horizon, Kind
from tests.invariant.setups import flat
from tests.training import relative, tag_model, training

TAG = OBJECTIVES["tag"](name="tag")
CASES: list[tuple[Kind, str]] = [("decoder", "full"), ("decoder", "lora"), ("encoder", "full"), ("encoder", "freeze")]
SETTINGS = {"lora": {"r": 4}, "freeze": {"n_layers": 1}, "full": {}}


def sentences(n: int, seed: int = 0) -> list[Example]:
    """Sentences of very different lengths; words of one to three tokens."""
    rng = random.Random(seed)
    found: list[Example] = []
    for number in range(n):
        ids, values = [0], [IGNORE_INDEX]
        for _ in range(rng.choice([1, 4, 20])):
            word = [rng.randrange(10, 300) for _ in range(rng.randrange(1, 4))]
            ids += word
            values += [word[0] % 3, *([IGNORE_INDEX] * (len(word) - 1))]
        found.append(Example(number, tuple(ids), values=tuple(map(float, values))))
    return found


def gradient(kind: Kind, method: str, micro: int | TokenBudget, double: bool, packing: bool = False) -> torch.Tensor:
    made = METHODS[method](name=method, **SETTINGS[method])
    model = tag_model(kind)
    model = made.attach(model, facts_from_config(model.config.to_dict()), HeadFacts("tags", 3), Horizon(8, 64))
    model = model.double() if double else model
    run = training(model, TAG, sentences(32), steps=1, batch_size=16, micro=micro, method=made, packing=packing)
    run._accumulate()
    return flat([parameter.grad for parameter in run.parameters])


@pytest.mark.parametrize("micro", [1, 3, TokenBudget(tokens=64)], ids=str)
@pytest.mark.parametrize(("kind", "method"), CASES)
def test_the_first_gradient_does_not_depend_on_the_cut(kind: Kind, method: str, micro: int | TokenBudget) -> None:
    assert gradient(kind, method, 16, True).norm() > 1e-3, "a gradient of zero would prove nothing"
    assert relative(gradient(kind, method, micro, True), gradient(kind, method, 16, True)) <= 1e-12
    assert relative(gradient(kind, method, micro, False), gradient(kind, method, 16, False)) <= 1e-6


@pytest.mark.parametrize("method", ["full", "lora"])
def test_packing_changes_nothing(method: str) -> None:
    packed = gradient("decoder", method, TokenBudget(tokens=64), True, packing=True)
    assert relative(packed, gradient("decoder", method, 16, True)) <= 1e-12


@pytest.mark.parametrize("pad", [0, 1, 57])
@pytest.mark.parametrize("kind", ["decoder", "encoder"])
def test_words_alone_score_as_in_a_padded_batch(kind: Kind, pad: int) -> None:
    actor, examples = actor_of(tag_model(kind).double().eval()), sentences(12)
    batch = TAG.collate(examples, Context(kind))
    assert batch.labels_BT is not None
    real = torch.arange(batch.input_ids_BT.shape[1])[None] < batch.lengths_B[:, None]
    batch.input_ids_BT[~real] = pad
    with torch.no_grad():
        together_NC = actor.tag_logits(batch, batch.labels_BT >= 0)
        alone = [TAG.collate([example], Context(kind)) for example in examples]
        apart_NC = torch.cat([actor.tag_logits(one, one.labels_BT >= 0) for one in alone if one.labels_BT is not None])
    assert torch.allclose(together_NC, apart_NC, rtol=0, atol=1e-12)
    assert float(together_NC.std()) > 1e-3


def test_halves_hold_the_same_words() -> None:
    for batch in (TAG.collate(sentences(9)), TAG.pack(sentences(9))):
        halves = batch.halves()
        assert len(halves) == 2 and sum(TAG.counts(half)["tokens"] for half in halves) == TAG.counts(batch)["tokens"]
        assert sum((half.numbers for half in halves), ()) == batch.numbers
        assert batch.labels_BT is not None
        kept = torch.cat([half.labels_BT[half.labels_BT >= 0] for half in halves if half.labels_BT is not None])
        assert torch.equal(kept, batch.labels_BT[batch.labels_BT >= 0])
