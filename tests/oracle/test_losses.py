"""Scores against other people's code: transformers' own forward in float64, for each family and with padding."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from afina.objectives import OBJECTIVES
from afina.score import actor_of
from afina.types import IGNORE_INDEX, Batch, Example

SIZES: dict[str, Any] = {
    "vocab_size": 300,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
}
EXTRA: dict[str, dict[str, Any]] = {
    "llama": {},
    "qwen2": {},
    "qwen3": {"head_dim": 8},
    "mistral": {},
    # Caps far below the scores that occur, so that leaving one out would show; layers that see only a window.
    "gemma2": {
        "head_dim": 8,
        "final_logit_softcapping": 1.5,
        "attn_logit_softcapping": 0.7,
        "sliding_window": 16,
        "query_pre_attn_scalar": 8,
    },
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 128, "resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0},
}
FAMILIES = list(EXTRA)
PAD = 2


@cache
def config_of(family: str, n_classes: int = 0) -> Any:
    from transformers import AutoConfig

    sizes = {"vocab_size": 300} if family == "gpt2" else SIZES
    ids = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": PAD}
    labels = {"num_labels": n_classes} if n_classes else {}
    return AutoConfig.for_model(family, **sizes, **EXTRA[family], **ids, **labels, initializer_range=0.3)


def model_of(family: str, n_classes: int = 0) -> nn.Module:
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    torch.manual_seed(0)
    kind = AutoModelForSequenceClassification if n_classes else AutoModelForCausalLM
    # As afina.models.load does: fused attention cannot cap its scores.
    attention = "eager" if family == "gemma2" else "sdpa"
    return kind.from_config(config_of(family, n_classes), attn_implementation=attention).eval()


def eager64(model: nn.Module) -> nn.Module:
    """The same weights in float64, with transformers' plain attention."""
    from transformers import AutoModelForCausalLM

    twin = AutoModelForCausalLM.from_config(model.config, attn_implementation="eager").double().eval()
    twin.load_state_dict({name: tensor.double() for name, tensor in model.state_dict().items()})
    return twin


def examples(seed: int = 0, lengths: tuple[int, ...] = (41, 5, 23, 2, 40, 12)) -> list[Example]:
    rng = torch.Generator().manual_seed(seed)
    found = []
    for number, length in enumerate(lengths):
        ids = torch.randint(0, 300, (length,), generator=rng)
        learned = torch.rand(length, generator=rng) < 0.6
        learned[-1] = True
        found.append(Example(number, tuple(ids.tolist()), tuple(torch.where(learned, ids, IGNORE_INDEX).tolist()), number % 3))
    return found


def rows_alone(model: nn.Module, batch: Batch) -> list[Tensor]:
    """The logits of each row by transformers' own forward, without padding and so without a mask."""
    return [model(input_ids=ids[None, :n]).logits[0] for ids, n in zip(batch.input_ids_BT, batch.lengths_B.tolist(), strict=True)]


@pytest.mark.parametrize("family", FAMILIES)
def test_token_logps_are_log_softmax_of_the_plain_forward_in_float64(family: str) -> None:
    model = model_of(family)
    batch = OBJECTIVES["sft"](name="sft").collate(examples())
    with torch.no_grad():
        got = actor_of(model).token_logps(batch)
        rows = [F.log_softmax(logits, -1) for logits in rows_alone(eager64(model), batch)]
    assert batch.labels_BT is not None
    labels = batch.labels_BT[:, 1:]
    wanted = torch.zeros(labels.shape, dtype=torch.float64)
    for row, logps in enumerate(rows):
        n = len(logps) - 1
        wanted[row, :n] = logps[:-1].gather(-1, labels[row, :n].clamp(min=0)[:, None])[:, 0] * (labels[row, :n] != IGNORE_INDEX)
    assert got.dtype == torch.float32
    assert float((got - wanted).abs().max()) <= 2e-5
    assert float(wanted.std()) > 0.3, "scores that are all alike prove nothing"
    assert not got[labels == IGNORE_INDEX].any()


@pytest.mark.parametrize("cap", ["final_logit_softcapping", "attn_logit_softcapping"])
def test_each_cap_matters_so_the_test_above_would_see_it_left_out(cap: str) -> None:
    """Guards the oracle itself: without the cap the scores are others."""
    from transformers import AutoModelForCausalLM, Gemma2Config

    capped = model_of("gemma2")
    config = Gemma2Config(**{**config_of("gemma2").to_dict(), cap: None})
    free = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    free.load_state_dict(capped.state_dict())
    batch = OBJECTIVES["lm"](name="lm").collate(examples())
    with torch.no_grad():
        assert float((actor_of(capped).token_logps(batch) - actor_of(free).token_logps(batch)).abs().max()) > 1e-2


@pytest.mark.parametrize("family", FAMILIES)
def test_the_losses_gradient_is_that_of_the_plain_forward_in_float64(family: str) -> None:
    batch = OBJECTIVES["sft"](name="sft").collate(examples())
    model = model_of(family)
    twin = eager64(model)
    objective = OBJECTIVES["sft"](name="sft")
    term = objective.loss({"policy": actor_of(model)}, batch).terms["nll"]
    (term.total / objective.counts(batch)["tokens"]).backward()
    assert batch.labels_BT is not None
    losses = [
        F.cross_entropy(logits[:-1], labels[1 : len(logits)], reduction="sum")
        for logits, labels in zip(rows_alone(twin, batch), batch.labels_BT, strict=True)
    ]
    loss = torch.stack(losses).sum() / objective.counts(batch)["tokens"]
    loss.backward()
    assert term.total.item() / objective.counts(batch)["tokens"] == pytest.approx(loss.item(), rel=1e-6)
    ours, theirs = (torch.cat([p.grad.double().reshape(-1) for p in each.parameters()]) for each in (model, twin))  # type: ignore[union-attr]
    assert float((ours - theirs).norm() / theirs.norm()) <= 1e-5


@pytest.mark.parametrize("family", FAMILIES)
def test_class_logits_are_those_of_transformers_for_each_row_alone(family: str) -> None:
    """Alone, and without a pad token in its ids, a row leaves transformers no choice of the last token."""
    model = model_of(family, 3)
    rows = [Example(e.number, tuple(i if i != PAD else 7 for i in e.ids), (), e.target) for e in examples(1)]
    batch = OBJECTIVES["classify"](name="classify").collate(rows)
    with torch.no_grad():
        got = actor_of(model).class_logits(batch)
        for row, example in enumerate(rows):
            wanted = model(input_ids=torch.tensor([example.ids]), attention_mask=torch.ones(1, len(example), dtype=torch.long)).logits[0]
            assert float((got[row] - wanted).abs().max()) <= 1e-5
    assert float(got.std()) > 0.1


@pytest.mark.parametrize("pad", [0, PAD, 7])
def test_a_text_that_ends_with_the_pad_token_is_read_at_its_last_token(pad: int) -> None:
    """transformers looks for the pad id and would read an earlier position; lengths know better."""
    model = model_of("llama", 3)
    ids = (5, 6, 7, PAD, PAD)
    batch = OBJECTIVES["classify"](name="classify").collate([Example(0, ids, (), 0), Example(1, (*ids, 9, 10), (), 1)])
    batch.input_ids_BT[0, 5:] = pad
    with torch.no_grad():
        hidden = model.base_model(input_ids=torch.tensor([ids])).last_hidden_state[0, -1]
        assert float((actor_of(model).class_logits(batch)[0] - model.score(hidden)).abs().max()) <= 1e-6


def alone(model: nn.Module, prompt: list[int], choice: list[int]) -> float:
    """The summed log-probability of a choice by one forward pass over prompt and choice, in float64."""
    with torch.no_grad():
        logps = F.log_softmax(model(input_ids=torch.tensor([[*prompt, *choice]])).logits[0].double(), -1)
    return sum(float(logps[len(prompt) - 1 + i, token]) for i, token in enumerate(choice))


PROMPT = [0, 14, 99, 3, 250, 17, 17, 8, 141, 62, 5, 201]
CHOICES = [[20, 21, 22, 23, 24], [20], [30, 31], [20, 21], [299, 0, 1, 2, 3, 4, 5], [20, 21, 22, 23, 25]]


@pytest.mark.parametrize("choices", [CHOICES, CHOICES[:1], [[7], [8], [9]], [[7], [8, 9, 10, 11]]], ids=lambda c: f"{len(c)} choices")
@pytest.mark.parametrize("family", FAMILIES)
def test_choices_score_as_each_does_alone(family: str, choices: list[list[int]]) -> None:
    model = model_of(family)
    with torch.inference_mode():
        got = actor_of(model).choice_logps(PROMPT, choices)
    wanted = [alone(eager64(model), PROMPT, choice) for choice in choices]
    assert got == pytest.approx(wanted, abs=5e-5)


@pytest.mark.parametrize("family", ["llama", "gemma2"])
def test_choices_after_a_prompt_longer_than_the_window(family: str) -> None:
    """gemma2 sees 16 tokens in every other layer: its cache drops the rest."""
    model = model_of(family)
    prompt = [(7 * i) % 300 for i in range(60)]
    with torch.inference_mode():
        got = actor_of(model).choice_logps(prompt, CHOICES)
    assert got == pytest.approx([alone(eager64(model), prompt, choice) for choice in CHOICES], abs=5e-5)


def test_choices_of_one_token_make_a_distribution() -> None:
    with torch.inference_mode():
        got = actor_of(model_of("llama")).choice_logps(PROMPT, [[token] for token in range(300)])
    assert float(torch.tensor(got, dtype=torch.float64).exp().sum()) == pytest.approx(1.0, abs=1e-5)
