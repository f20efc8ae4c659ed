"""A tuned model beside the same base with the paper's equation hooked on: what both say, and the gradients of all that is trained.

An equation is written on plain tensors in the test itself; only the values of the weights are taken from the tuned model.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.tuners import AdapterLayer
from afina.types import Horizon, ModelFacts
from tests.tiny import tiny_settings

IDS = torch.tensor([[0, 17, 99, 23, 54, 1, 7], [0, 20, 31, 31, 5, 60, 61]])
Weights = Mapping[str, Mapping[str, Tensor]]
"""Path of a module of the base -> name of a tensor of the adapter there -> the tensor."""


def made(name: str, **settings: Any) -> Any:
    """Return a method with these settings."""
    return METHODS[name](name=name, **settings)


def config_of(family: str) -> Any:
    from transformers import AutoConfig

    still = {"dropout_rate": 0.0, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "dropout": 0.0, "attention_dropout": 0.0}
    still |= {"activation_dropout": 0.0, "resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    special = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 2, "decoder_start_token_id": 0}
    known = {**tiny_settings(family, vocab_size=100, positions=32), **special, "initializer_range": 0.3}
    known |= {"num_attention_heads": 3, "num_key_value_heads": 3} if family == "phi" else {}  # half of a head turns: an even number
    blank = AutoConfig.for_model(family)
    return AutoConfig.for_model(family, **known, **{key: value for key, value in still.items() if hasattr(blank, key)})


def base_of(family: str) -> tuple[nn.Module, ModelFacts]:
    """Return a tiny model in float64, and what its config says."""
    from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

    config = config_of(family)
    facts = facts_from_config(config.to_dict())
    kinds = {"decoder": AutoModelForCausalLM, "encoder": AutoModelForMaskedLM, "encoder-decoder": AutoModelForSeq2SeqLM}
    torch.manual_seed(0)
    return kinds[facts.kind].from_config(config).double().eval(), facts


def attached(name: str, family: str, **settings: Any) -> tuple[Any, nn.Module, ModelFacts]:
    """Return a base with a method on it, trained weights moved, in float64; and the base alone."""
    base, facts = base_of(family)
    plain = copy.deepcopy(base)
    torch.manual_seed(1)
    tuned = made(name, **settings).attach(base, facts, HeadFacts("lm"), Horizon(30, 64)).double().eval()
    with torch.no_grad():
        for parameter in tuned.parameters():
            if parameter.requires_grad:
                parameter.add_(0.2 * torch.randn_like(parameter))
    return tuned, plain, facts


def layers_of(tuned: nn.Module) -> dict[str, AdapterLayer]:
    """Return the layers of the adapter by the path of what they wrap."""
    found = {path: module for path, module in tuned.named_modules() if isinstance(module, AdapterLayer)}
    return {path.removeprefix("base_model.model.").replace(".base_layer", ""): layer for path, layer in found.items()}


def logits(model: nn.Module, facts: ModelFacts, **more: Any) -> Tensor:
    written = {"decoder_input_ids": IDS.flip(-1)} if facts.kind == "encoder-decoder" else {}
    return model(input_ids=IDS, **written, **more).logits


@dataclass
class Compared:
    """What the tuned model says and what the equation says, with the gradients of a weighted sum of it."""

    outputs: tuple[Tensor, Tensor]
    gradients: dict[str, tuple[Tensor, Tensor]]

    def check(self, tolerance: float = 1e-10, without: tuple[str, ...] = ()) -> None:
        """without: ends of the names of weights that have no gradient by the equation itself."""
        got, wanted = self.outputs
        assert float((got.double() - wanted).norm() / wanted.norm()) <= tolerance
        assert self.gradients
        for path, (ours, theirs) in self.gradients.items():
            if path.endswith(without or "-"):
                assert float(ours.norm()) < 1e-9 > float(theirs.norm()), path
                continue
            assert float(theirs.norm()) > 1e-12, f"{path} has no gradient: nothing is compared"
            assert float((ours.double() - theirs).norm() / theirs.norm()) <= 100 * tolerance, path


def compare(
    tuned: Any,
    plain: nn.Module,
    facts: ModelFacts,
    equation: Callable[[nn.Module, Weights], None],
    shared: Mapping[str, Tensor] | None = None,
) -> Compared:
    """Hook an equation on the plain model and ask both. shared: tensors that all layers have in common, by the name the equation knows."""
    leaves: dict[str, dict[str, Tensor]] = {}
    pairs: dict[str, tuple[Tensor, Tensor]] = {}
    for path, layer in layers_of(tuned).items():
        own: dict[str, Tensor] = dict(layer.weights["default"].named_parameters())
        leaves[path] = {name: tensor.detach().double().requires_grad_() for name, tensor in own.items()}
        pairs |= {f"{path}.{name}": (tensor, leaves[path][name]) for name, tensor in own.items()}
    for name, tensor in (shared or {}).items():
        leaves[name] = {name: tensor.detach().double().requires_grad_()}
        pairs[name] = (tensor, leaves[name][name])
    equation(plain, leaves)
    outputs = logits(tuned, facts), logits(plain, facts)
    weights = torch.randn(outputs[1].shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    for output in outputs:
        (output.double() * weights).sum().backward()
    found = {name: (ours.grad, theirs.grad) for name, (ours, theirs) in pairs.items()}
    assert all(ours is not None and theirs is not None for ours, theirs in found.values())
    return Compared((outputs[0].detach(), outputs[1].detach()), found)  # type: ignore[arg-type]


def after(module: nn.Module, change: Callable[[tuple[Any, ...], Tensor], Tensor]) -> None:
    """Replace what a module gives by change(its inputs, what it gave)."""

    def hook(_: nn.Module, inputs: tuple[Any, ...], output: Any) -> Any:
        if isinstance(output, tuple):
            return (change(inputs, output[0]), *output[1:])
        return change(inputs, output)

    module.register_forward_hook(hook)


def names_in_file(name: str, family: str, **settings: Any) -> list[str]:
    """Return the names of an adapter file's tensors, sorted, "base_model.model." left off."""
    from peft import get_peft_model_state_dict

    tuned, _, _ = attached(name, family, **settings)
    return sorted(key.removeprefix("base_model.model.") for key in get_peft_model_state_dict(tuned, save_embedding_layers=False))


PUBLISHED: dict[str, dict[str, Any]] = {
    "t5-base": {"model_type": "t5", "d_model": 768, "d_ff": 3072, "d_kv": 64, "num_layers": 12, "num_heads": 12, "vocab_size": 32_128},
    "bert-base": {
        "model_type": "bert", "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12,
        "vocab_size": 30_522, "max_position_embeddings": 512, "type_vocab_size": 2,
    },
    "roberta-large": {
        "model_type": "roberta", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16,
        "vocab_size": 50_265, "max_position_embeddings": 514, "type_vocab_size": 1,
    },
    "llama-3-8b": {
        "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14_336, "num_hidden_layers": 32, "num_attention_heads": 32,
        "num_key_value_heads": 8, "vocab_size": 128_256, "max_position_embeddings": 8192,
    },
}  # fmt: skip
"""Real models by their config alone."""


def counted(model: str, name: str, **settings: Any) -> tuple[int, int, float]:
    """Return what a method trains on a real model by its closed form, and by the model built on the meta device; its share of the base."""
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

    facts = facts_from_config(PUBLISHED[model])
    kinds = {"decoder": AutoModelForCausalLM, "encoder": AutoModelForMaskedLM, "encoder-decoder": AutoModelForSeq2SeqLM}
    given = {key: value for key, value in PUBLISHED[model].items() if key != "model_type"}
    method = made(name, **settings)
    with torch.device("meta"):
        base = kinds[facts.kind].from_config(AutoConfig.for_model(PUBLISHED[model]["model_type"], **given))
        n_base = sum(p.numel() for p in base.parameters())
        tuned = method.attach(base, facts, HeadFacts("lm"), Horizon(30, 64))
    built = sum(p.numel() for p in tuned.parameters() if p.requires_grad)
    return method.n_trainable(facts, HeadFacts("lm")), built, built / n_base
