"""Groups and rates: which weight learns how fast, and what counts as a hidden matrix."""

from __future__ import annotations

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from afina.training.optim import is_hidden_matrix, layer_factors, layer_of, peak
from tests.invariant.setups import attached
from tests.optimizers import trained, wide_model
from tests.training import causal_model, class_model


def test_layers_are_the_first_number_in_a_path() -> None:
    assert layer_of("model.layers.11.self_attn.q_proj.weight") == 11
    assert layer_of("base_model.model.model.layers.3.mlp.up_proj.lora_A.default.weight") == 3
    assert layer_of("transformer.h.0.ln_1.bias") == 0
    assert layer_of("model.layers.2.mlp.experts.7.w1.weight") == 2
    assert layer_of("model.embed_tokens.weight") is None


def test_the_rate_falls_by_the_decay_from_block_to_block() -> None:
    """Of 4 blocks: the head 1, the last block d, the first d^4, embeddings d^5."""
    factors = layer_factors(class_model(num_hidden_layers=4), 0.5)
    assert factors["score.weight"] == factors["model.norm.weight"] == 1
    assert [factors[f"model.layers.{i}.mlp.up_proj.weight"] for i in range(4)] == [0.5**4, 0.5**3, 0.5**2, 0.5]
    assert factors["model.embed_tokens.weight"] == 0.5**5
    assert set(layer_factors(causal_model(), 1.0).values()) == {1.0}


def test_position_embeddings_are_embeddings() -> None:
    factors = layer_factors(GPT2LMHeadModel(GPT2Config(vocab_size=320, n_positions=64, n_embd=32, n_layer=2, n_head=4)), 0.5)
    assert factors["transformer.wpe.weight"] == factors["transformer.wte.weight"] == 0.5**3
    assert factors["transformer.ln_f.bias"] == 1


def test_frozen_layers_count() -> None:
    """Only the last of two blocks trains: it is still the last."""
    model, _ = attached("classify", "freeze")
    trainable = {name for name, p in model.named_parameters() if p.requires_grad}
    factors = layer_factors(model, 0.5)
    assert {factors[name] for name in trainable if layer_of(name) is not None} == {0.5}


@pytest.mark.parametrize("method", ["full", "lora"])
def test_each_weights_first_step_is_its_layers(method: str) -> None:
    """AdamW's first step has the size of the rate, whatever the gradient."""
    moved = {}
    for decay in (1.0, 0.5):
        model, made = attached("sft", method, moved=True)
        before = {name: p.detach().clone() for name, p in model.named_parameters()}
        run = trained("adamw", model, 1, method=made, layer_decay=decay, weight_decay=0.0, learning_rate=1e-3, schedule="constant")
        list(run)
        moved[decay] = {name: float((p - before[name]).abs().max()) for name, p in model.named_parameters() if p.requires_grad}
        factors = layer_factors(model, decay)
        assert peak(run.state.optimizer) == pytest.approx(1e-3 * max(factors[name] for name in moved[decay]))
    factors = layer_factors(model, 0.5)
    for name, size in moved[0.5].items():
        assert size == pytest.approx(factors[name] * moved[1.0][name], rel=1e-3), name


def test_hidden_matrices_are_those_inside_blocks() -> None:
    hidden = {name for name, p in wide_model().named_parameters() if is_hidden_matrix(name, p)}
    assert len(hidden) == 2 * 7
    assert all(name.endswith("proj.weight") for name in hidden)
    adapted, _ = attached("classify", "lora")
    assert not [name for name, p in adapted.named_parameters() if p.requires_grad and is_hidden_matrix(name, p) != ("lora_" in name)]


def test_muon_moves_hidden_matrices_and_adamw_the_rest() -> None:
    run = trained("muon", wide_model(), 1)
    list(run)
    states = {name: set(run.state.optimizer.state[p]) for name, p in run.state.model.named_parameters()}
    assert all(keys == {"momentum_buffer"} for name, keys in states.items() if name.endswith("proj.weight"))
    assert all(keys == {"step", "exp_avg", "exp_avg_sq"} for name, keys in states.items() if not name.endswith("proj.weight"))


def test_galore_keeps_low_rank_moments_of_hidden_matrices_only() -> None:
    run = trained("galore", wide_model(), 1)
    list(run)
    for name, p in run.state.model.named_parameters():
        shape = tuple(run.state.optimizer.state[p]["exp_avg"].shape)
        wanted = tuple(sorted((8, max(p.shape)))) if is_hidden_matrix(name, p) else tuple(p.shape)
        assert tuple(sorted(shape)) == wanted if is_hidden_matrix(name, p) else shape == wanted
    assert torch.isfinite(next(run.state.model.parameters())).all()
