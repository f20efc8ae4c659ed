"""What only a GPU can show: half precision, fused AdamW on the device, resume there. Skipped without CUDA."""

from pathlib import Path

import pytest
import torch

from afina.strategy import Single
from afina.training import checkpoint
from tests.training import causal_model, losses, relative, token_examples, training, weights

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")]


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_the_loss_falls_in_every_precision_and_starts_where_the_cpu_starts(precision: str) -> None:
    examples = token_examples(96)
    on_cpu = losses(training(causal_model(), "sft", examples, steps=1))
    curve = losses(training(causal_model(), "sft", examples, steps=40, strategy=Single(precision, "cuda"), learning_rate=6e-3))
    assert curve[0] == pytest.approx(on_cpu[0], rel=1e-5 if precision == "fp32" else 1e-2)
    assert sum(curve[-5:]) / 5 < 0.7 * curve[0]


def test_a_checkpoint_goes_on_where_it_stopped(tmp_path: Path) -> None:
    examples = token_examples(96)
    whole = training(causal_model(), "sft", examples, steps=10, strategy=Single("fp32", "cuda"))
    losses(whole)
    first = training(causal_model(), "sft", examples, steps=5, strategy=Single("fp32", "cuda"))
    losses(first)
    path = checkpoint.save(tmp_path, first.state, keep=1)
    second = training(causal_model(seed=1), "sft", examples, steps=10, strategy=Single("fp32", "cuda"))
    checkpoint.load(path, second.state)
    losses(second)
    assert relative(weights(second.state.model), weights(whole.state.model)) <= 1e-6
