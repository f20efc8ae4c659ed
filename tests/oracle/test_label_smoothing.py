"""Label smoothing is torch's, on the labelled places only, whatever the padding; validation is not smoothed."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from afina.evaluate.ask import Ask
from afina.objectives import OBJECTIVES
from afina.score import actor_of
from afina.strategy import Single
from tests.invariant.setups import attached, examples_of

SMOOTHING = 0.2


@pytest.mark.parametrize("objective", ["sft", "lm", "classify"])
def test_the_loss_is_that_of_torch_in_float64(objective: str) -> None:
    model, _ = attached(objective, "full", double=True)
    kind = OBJECTIVES[objective](name=objective, label_smoothing=SMOOTHING)
    batch = kind.collate(examples_of(objective, 12))
    found = kind.loss({"policy": actor_of(model)}, batch).terms["nll"].total.double()
    mask = (torch.arange(batch.input_ids_BT.shape[1])[None] < batch.lengths_B[:, None]).long()
    if objective == "classify":
        ids = batch.input_ids_BT.masked_fill(mask == 0, 2)  # transformers finds the last token by its pad id
        logits = model(input_ids=ids, attention_mask=mask).logits
        wanted = F.cross_entropy(logits, batch.targets_B, reduction="sum", label_smoothing=SMOOTHING)
    else:
        logits = model(input_ids=batch.input_ids_BT, attention_mask=mask).logits[:, :-1]
        wanted = F.cross_entropy(
            logits.reshape(-1, logits.shape[-1]), batch.labels_BT[:, 1:].reshape(-1), reduction="sum", label_smoothing=SMOOTHING
        )
    assert float(found) == pytest.approx(float(wanted), rel=1e-6)
    plain = OBJECTIVES[objective](name=objective).loss({"policy": actor_of(model)}, batch).terms["nll"].total
    assert abs(float(plain) / float(wanted) - 1) > 1e-3, "smoothing that changes nothing would prove nothing"


def test_rows_without_a_label_are_not_smoothed_in() -> None:
    model, _ = attached("classify", "full", double=True)
    kind = OBJECTIVES["classify"](name="classify", label_smoothing=SMOOTHING)
    examples = examples_of("classify", 6)
    actors = {"policy": actor_of(model)}
    whole = kind.loss(actors, kind.collate(examples[:4])).terms["nll"].total
    batch = kind.collate(examples)
    batch.targets_B[4:] = -1
    assert float(kind.loss(actors, batch).terms["nll"].total) == pytest.approx(float(whole), rel=1e-9)


@pytest.mark.parametrize("objective", ["sft", "classify"])
def test_validation_is_not_smoothed(objective: str) -> None:
    model, _ = attached(objective, "full")
    examples = examples_of(objective, 8)
    found = [
        Ask(actor_of(model), OBJECTIVES[objective](name=objective, label_smoothing=s), Single("fp32", "cpu"), str, 4096).nll(examples)[0]
        for s in (0.0, SMOOTHING)
    ]
    assert found[0].tolist() == found[1].tolist()
