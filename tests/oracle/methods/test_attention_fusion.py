"""Attention fusion against its equations by hand, its invariants, and what it keeps of the base: the states that it reads."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from tests.oracle.methods.beside import IDS, agree, attached, base_states, kept_at_depth, side_of


def normed(h: Tensor) -> Tensor:
    centred = h - h.mean(-1, keepdim=True)
    return centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt()


def gelu(x: Tensor) -> Tensor:
    return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))


def test_forward_and_gradients_are_those_of_the_equations() -> None:
    model = attached("attention_fusion", "classes", layers=(0, 1))
    values = torch.stack([normed(state.double()) for state in base_states(model)[:3]], -2)

    def formula(weights: Mapping[str, Tensor]) -> Tensor:
        shares = torch.softmax((values * weights["query"]).sum(-1), -1)
        return gelu((shares[..., None] * values).sum(-2))

    agree(model, side_of(model), formula)


def test_without_a_query_all_layers_count_alike_and_a_strong_one_takes_one() -> None:
    model = attached("attention_fusion", "classes", layers=(0, 1))
    values = torch.stack([normed(state) for state in base_states(model)[:3]], -2)
    body = model.get_base_model().model
    with torch.no_grad():
        side_of(model).query.zero_()
        assert float((body(input_ids=IDS).last_hidden_state - gelu(values.mean(-2))).abs().max()) < 1e-5
        side_of(model).query.copy_(100 * values[0, 0, 2])
        assert float((body(input_ids=IDS).last_hidden_state[0, 0] - gelu(values[0, 0, 2])).abs().max()) < 1e-5


def test_what_is_kept_does_not_grow_with_the_base() -> None:
    assert kept_at_depth("attention_fusion", 2, layers=(0, 1)) == kept_at_depth("attention_fusion", 8, layers=(0, 1))


def test_each_layer_that_is_read_costs_a_few_copies_of_its_states() -> None:
    states = 4 * IDS.numel() * 32
    each = (kept_at_depth("attention_fusion", 8) - kept_at_depth("attention_fusion", 2)) / 6
    assert states <= each <= 3 * states
    assert each < (kept_at_depth("lora", 8, r=4) - kept_at_depth("lora", 2, r=4)) / 6 / 4


def test_the_names_in_the_file_stay() -> None:
    from peft import get_peft_model_state_dict

    names = set(get_peft_model_state_dict(attached("attention_fusion", "classes")))
    assert names == {"base_model.model.model.afina_attention_fusion_weights.query", "base_model.model.score.weight"}
