"""What the tests of prompts, prefixes and factors share: a method on a tiny model of any family in float64, beside the model without it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.models.load import EAGER_FAMILIES
from afina.types import Horizon, ModelFacts
from tests.tiny import tiny_settings

IDS = torch.tensor([[5, 17, 99, 23, 54, 7], [5, 200, 31, 31, 60, 61]])
TASKS = ("first", "second")


def both(name: str, family: str = "llama", head: str = "lm", seed: int = 0, **settings: Any) -> tuple[Any, Any]:
    """Return a model with a method on it, its trained weights moved, and the model without it; both in float64."""
    import transformers

    still = ("hidden_dropout_prob", "attention_probs_dropout_prob", "embd_pdrop", "attn_pdrop", "resid_pdrop", "dropout", "dropout_rate")
    sizes = {**tiny_settings(family), **dict.fromkeys(still, 0.0), "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 0, "num_labels": 3}
    wide = {"initializer_factor": 5.0} if "t5" in family else {"initializer_range": 0.2}
    start = {"decoder_start_token_id": 0} if family in ("t5", "bart") else {}
    config = transformers.AutoConfig.for_model(family, **{**sizes, **wide, **start})
    kinds: dict[str, Any] = {"lm": transformers.AutoModelForCausalLM, "classes": transformers.AutoModelForSequenceClassification}
    kind = transformers.AutoModelForSeq2SeqLM if start else kinds[head]
    torch.manual_seed(seed)
    how = "eager" if family in EAGER_FAMILIES else "sdpa"
    plain = kind.from_config(config, dtype=torch.float64, attn_implementation=how).eval()
    facts = facts_from_config(config.to_dict())
    method = METHODS[name](name=name, **settings).settled(TASKS)
    made = method.attach(copy.deepcopy(plain), facts, HeadFacts(head, 3 if head != "lm" else 0), Horizon(30, 64)).double().eval()  # type: ignore[arg-type]
    with torch.no_grad():
        for path, parameter in made.named_parameters():
            if parameter.requires_grad and "afina_" in path:
                parameter.add_(0.1 * torch.randn_like(parameter))
    return made, plain


def weights_of(model: Any, kind: type) -> Any:
    """Return the weights of the adapter, of this class; there is one."""
    (found,) = [module for module in model.modules() if isinstance(module, kind)]
    return found


def close(got: Tensor, wanted: Tensor, tolerance: float = 1e-10) -> None:
    assert got.shape == wanted.shape
    assert float((got - wanted).abs().max()) <= tolerance * max(1.0, float(wanted.abs().max()))


def same_gradients(got: Tensor, wanted: Tensor, parameters: Sequence[Tensor], by_hand: Sequence[Tensor], tolerance: float = 1e-9) -> None:
    """Assert that two answers have the same gradients in a random direction. by_hand: the leaves that `wanted` was computed from."""
    direction = torch.randn(got.shape, generator=torch.Generator().manual_seed(3), dtype=got.dtype)
    ours = torch.autograd.grad((got * direction).sum(), list(parameters))
    theirs = torch.autograd.grad((wanted * direction).sum(), list(by_hand))
    for one, other in zip(ours, theirs, strict=True):
        assert float(other.abs().max()) > 0
        close(one, other, tolerance)


def facts_of(**config: Any) -> ModelFacts:
    return facts_from_config(config)


def names_in_file(model: Any) -> set[str]:
    from peft import get_peft_model_state_dict

    return set(get_peft_model_state_dict(model, save_embedding_layers=False))


def count(name: str, facts: ModelFacts, head: HeadFacts | None = None, **settings: Any) -> int:
    return METHODS[name](name=name, **settings).n_trainable(facts, head or HeadFacts("lm"))


LLAMA_3_8B: dict[str, Any] = {
    "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
    "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 8192, "tie_word_embeddings": False,
}  # fmt: skip


def greedy(model: Any, ids: Sequence[int], n: int, start: Callable[[Sequence[int]], dict[str, Tensor]] | None = None) -> list[int]:
    """Return what is written on without a cache."""
    found: list[int] = []
    for _ in range(n):
        inputs = start(found) if start else {"input_ids": torch.tensor([[*ids, *found]])}
        with torch.inference_mode():
            found.append(int(model(**inputs, use_cache=False).logits[0, -1].argmax()))
    return found
