"""Our adapters with the weights of the `adapters` library's give what that library gave (adapters_library/generate.py recorded it)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from torch import Tensor, nn

from afina.methods import HeadFacts
from afina.models.facts import facts_from_config
from afina.types import Horizon
from tests.oracle.methods.hooked import layers_of, made

FILE = Path(__file__).parent / "adapters_library" / "recorded.safetensors"
BODY = {"bert": "bert", "llama": "model"}
AFTER_ATTENTION = {"bert": "bert.encoder.layer.{}.attention.output.dense", "llama": "model.layers.{}.self_attn.o_proj"}
AFTER_FEED_FORWARD = {"bert": "bert.encoder.layer.{}.output.dense", "llama": "model.layers.{}.mlp.down_proj"}
LAYER_END = {"bert": "bert.encoder.layer.{}.output.LayerNorm", "llama": "model.layers.{}"}
THEIRS = {
    "bert": ("encoder.layer.{}.attention.output", "encoder.layer.{}.output"),
    "llama": ("layers.{}.attention_adapters", "layers.{}.output_adapters"),
}
SETTINGS: dict[str, dict[str, Any]] = {
    "houlsby": {"activation": "silu", "width": 4},
    "pfeiffer": {"width": 4},
    "parallel": {"width": 4, "scaling": 4.0, "source": "residual"},
    "compacter": {"reduction": 4, "n": 2, "factor_rank": 2, "activation": "gelu", "train_norms": False},
    "fusion": {"width": 4, "tasks": ("one", "other")},
}
METHOD_OF = {"fusion": "adapter_fusion"}


@pytest.fixture(scope="module")
def recorded() -> dict[str, Tensor]:
    with safe_open(FILE, "pt") as file:  # type: ignore[no-untyped-call]
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def base_of(family: str, recorded: dict[str, Tensor]) -> tuple[nn.Module, Any]:
    from transformers import BertConfig, BertForMaskedLM, LlamaConfig, LlamaForCausalLM

    with safe_open(FILE, "pt") as file:  # type: ignore[no-untyped-call]
        sizes = json.loads(file.metadata()["sizes"])[family]
    model: Any = BertForMaskedLM(BertConfig(**sizes)) if family == "bert" else LlamaForCausalLM(LlamaConfig(**sizes))
    start = f"{family}/base/"
    weights = {name.removeprefix(start): tensor for name, tensor in recorded.items() if name.startswith(start) and "pooler" not in name}
    missing, unexpected = model.get_submodule(BODY[family]).load_state_dict(weights, strict=False)
    assert not unexpected and all("position_ids" in name for name in missing)
    return model.eval(), facts_from_config(model.config.to_dict())


def theirs_by_ours(family: str, name: str, layer: int) -> dict[str, dict[str, str]]:
    """Return path of our layer -> name of its tensor -> what the library calls it."""
    plain = {
        "down.weight": "adapter_down.0.weight",
        "down.bias": "adapter_down.0.bias",
        "up.weight": "adapter_up.weight",
        "up.bias": "adapter_up.bias",
    }
    sums = {
        f"{ours}.{one}": f"{theirs}.{other}"
        for ours, theirs in (("down", "adapter_down.0"), ("up", "adapter_up"))
        for one, other in (("s", "W_left"), ("t", "W_right"), ("bias", "b"))
    }
    attention, feed_forward = (place.format(layer) for place in THEIRS[family])
    parts = sums if name == "compacter" else plain

    def at(place: str, adapter: str) -> dict[str, str]:
        return {ours: f"{place}.adapters.{adapter}.{theirs}" for ours, theirs in parts.items()}

    if name in ("houlsby", "compacter"):
        return {
            AFTER_ATTENTION[family].format(layer): at(attention, name),
            AFTER_FEED_FORWARD[family].format(layer): at(feed_forward, name),
        }
    if name == "parallel":
        return {AFTER_FEED_FORWARD[family].format(layer): at(feed_forward, name)}
    if name == "pfeiffer":
        return {LAYER_END[family].format(layer): at(feed_forward, name)}
    own = {f"tasks.{i}.{ours}": theirs for i, task in enumerate(("one", "other")) for ours, theirs in at(feed_forward, task).items()}
    matrices = ("query.weight", "query.bias", "key.weight", "key.bias", "value.weight")
    return {LAYER_END[family].format(layer): own | {part: f"{feed_forward}.adapter_fusion_layer.one,other.{part}" for part in matrices}}


@pytest.mark.parametrize("family", ["bert", "llama"])
@pytest.mark.parametrize("name", SETTINGS)
def test_the_same_weights_give_the_same_output(name: str, family: str, recorded: dict[str, Tensor]) -> None:
    model, facts = base_of(family, recorded)
    ids = recorded["ids"]
    with torch.no_grad():
        plain = model.get_submodule(BODY[family])(input_ids=ids).last_hidden_state
        assert float((plain - recorded[f"{family}/output"]).abs().max()) <= 1e-5, "the bases differ"
        method = made(METHOD_OF.get(name, name), **SETTINGS[name])
        tuned: Any = method.attach(model, facts, HeadFacts("lm"), Horizon(1)).eval()
        used = put_in(tuned, family, name, recorded)
        got = tuned.get_base_model().get_submodule(BODY[family])(input_ids=ids).last_hidden_state
    wanted = recorded[f"{family}/{name}/output"]
    assert float((got - wanted).abs().max()) <= 1e-5
    assert float((plain - wanted).abs().max()) > 0.1, "an adapter that changes nothing proves nothing"
    start = f"{family}/{name}/weights/"
    assert used == {key.removeprefix(start) for key in recorded if key.startswith(start)}, "some of their weights were not used"


def put_in(tuned: Any, family: str, name: str, recorded: dict[str, Tensor]) -> set[str]:
    """Copy the library's weights; return the names of those used. All of ours are set."""
    layers, used = layers_of(tuned), set[str]()
    for layer in range(2):
        for path, parts in theirs_by_ours(family, name, layer).items():
            own = dict(layers[path].weights["default"].named_parameters())
            assert own.keys() == parts.keys()
            for ours, theirs in parts.items():
                own[ours].copy_(recorded[f"{family}/{name}/weights/{theirs}"])
                used.add(theirs)
    if name == "compacter":
        rule = "shared_parameters.compacter.phm_rule"
        tuned.base_model.afina_compacter_shared["default"].A.copy_(recorded[f"{family}/{name}/weights/{rule}"])
        used.add(rule)
    return used
