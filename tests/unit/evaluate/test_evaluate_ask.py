"""Asking about many examples: memory costs time and not the answer, and nothing is measured on a prompt that was cut in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch

from afina.errors import MachineError
from afina.evaluate.ask import EVAL_TOKENS, Ask
from afina.generate import Sampling, generate
from afina.objectives import OBJECTIVES
from afina.score import actor_of
from afina.strategy import Single
from tests.training import causal_model, class_examples, class_model, token_examples

PROMPTS = [[0, 14, 99, 3], [0, 7], [0, *range(40, 70)], [5], [0, 14, 99, 3, 8, 8]]
CHOICES = [[1, 2, 3], [4], [5, 6], [7]]


def short_of(model: torch.nn.Module, fits: Callable[[tuple[int, ...]], bool]) -> torch.nn.Module:
    """The model on a device that has room for some shapes of ids only."""

    def look(_module: Any, inputs: Any) -> None:
        if not fits(tuple(inputs[0].shape)):
            raise torch.OutOfMemoryError("CUDA out of memory. (injected)")

    model.get_input_embeddings().register_forward_pre_hook(look)  # type: ignore[operator]
    return model


def ask(model: torch.nn.Module, objective: str) -> Ask:
    kind = OBJECTIVES[objective](name=objective)
    return Ask(actor_of(model), kind, Single("fp32", "cpu"), lambda ids: " ".join(map(str, ids)), EVAL_TOKENS)


@pytest.mark.parametrize("objective", ["sft", "classify"])
def test_a_batch_that_does_not_fit_is_asked_in_parts(objective: str) -> None:
    made, examples = (causal_model, token_examples(40)) if objective == "sft" else (class_model, class_examples(40))
    few = ask(short_of(made(), lambda shape: shape[0] <= 3), objective)
    many = ask(made(), objective)
    for measured in (Ask.nll, Ask.features) if objective == "sft" else (Ask.nll, lambda one, rows: one.class_logps(rows, 3)):
        np.testing.assert_allclose(np.asarray(measured(few, examples)), np.asarray(measured(many, examples)), atol=1e-5)


def test_answers_and_choices_are_asked_in_parts() -> None:
    few = ask(short_of(causal_model(initializer_range=0.3), lambda shape: shape[0] <= 2), "sft")
    many = ask(causal_model(initializer_range=0.3), "sft")
    assert few.generate(PROMPTS, [1], 8) == many.generate(PROMPTS, [1], 8)
    assert few.choice_logps([5, 6, 7], CHOICES) == pytest.approx(many.choice_logps([5, 6, 7], CHOICES), abs=1e-5)


@pytest.mark.parametrize(
    "asked",
    [
        lambda one: one.nll(token_examples(3)),
        lambda one: one.generate(PROMPTS, [1], 4),
        lambda one: one.choice_logps([5, 6, 7], CHOICES),
    ],
    ids=["nll", "generate", "choices"],
)
def test_one_example_that_does_not_fit_is_said(asked: Callable[[Ask], Any]) -> None:
    with pytest.raises(MachineError) as caught:
        asked(ask(short_of(causal_model(), lambda shape: False), "sft"))
    assert caught.value.text() == (
        "M004 memory: out of memory with one example in a forward pass: CUDA out of memory. (injected)\n"
        "  Do: a smaller data.max_length, gradient_checkpointing=true, or a smaller model; the same command then starts a new run"
    )


def test_no_position_beyond_the_context_is_generated() -> None:
    """A model with learned positions has no others: it used to end in an IndexError."""
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(vocab_size=320, n_positions=16, n_embd=32, n_layer=2, n_head=4, bos_token_id=0, eos_token_id=1))
    no_stop: Sequence[int] = []
    assert [len(answer) for answer in generate(actor_of(model), [[5] * 12, [5] * 10], no_stop, Sampling(max_new_tokens=99))] == [4, 4]
