"""Every registered method on tiny models: which cases there are, and a method attached as a training attaches it.

A new method is taken up by its registration alone; if its defaults do not suit two layers of width 32, it gets an entry in SMALL.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from afina.methods import METHODS, HeadFacts, Method
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, store_frozen
from afina.models.locate import Located, locate
from afina.recipe.schema import ModelSpec
from afina.training.loop import Training
from afina.types import Example, Horizon, ModelFacts
from tests.tiny import write_tiny_encoder, write_tiny_encoder_decoder, write_tiny_model, write_tokenizer
from tests.training import class_examples, losses, pair_examples, read_and_write_examples, token_examples, training

SMALL: dict[str, dict[str, Any]] = {
    "lora": {"r": 4},
    "freeze": {"n_layers": 1},
    "houlsby": {"width": 4},
    "ladder_side": {"reduction": 2},
    "lets": {"width": 8},
    "prompt_tuning": {"n": 24},
    "p_tuning": {"n": 24, "hidden": 16},
    "warp": {"n": 6, "mask": 4},
    "prefix_tuning": {"n": 16},
    "ipt": {"n": 24, "size": 256, "hidden": 0, "alpha": 1.0, "prompts_share": 0.34, "space_share": 0.33},
    "pfeiffer": {"width": 4},
    "parallel": {"width": 4},
    "compacter": {"reduction": 4},
    "compacter++": {"reduction": 2, "factor_rank": 4},
    "adamix": {"width": 8, "n_experts": 2},
    "adapter_fusion": {"width": 16},
    "krona_b": {"scaling": 32.0},
    "krona_b_res": {"scaling": 32.0},
    "adalora": {"init_r": 6, "target_r": 4, "prune_every": 2},
    "boft": {"block_size": 4},
    "fourierft": {"n_frequencies": 64},
    "hra": {"r": 4},
    "loha": {"r": 4},
    "lokr": {"r": 2},
    "oft": {"block_size": 8},
    "peft": {"args": {"r": 4}},
    "vera": {"r": 64},
}
FAST = {
    **dict.fromkeys(("ln_tuning", "p_tuning"), 3e-2),
    **dict.fromkeys(("prefix_tuning", "prompt_tuning", "warp"), 6e-2),
    **dict.fromkeys(("ia3", "ipt", "llama_adapter", "vera"), 1e-1),
}
"""Learning rates of those that move too few weights to be seen to learn in twenty steps at the usual one."""
SLOW = {"prompt_tuning": 3, "ipt": 4}
"""How many times as many steps those get that must find a prompt for random weights, with few numbers."""
SPREAD = 0.2
"""Of the random weights: with the usual 0.02, a frozen output matrix cannot tell any two tokens apart, whatever is learned below it."""
TASKS = ("first", "second")
"""Of the data: what a method that learns several tasks is settled for."""
LABELS = ("a", "b", "c")
HEADS = {"lm": HeadFacts("lm"), "classes": HeadFacts("classes", 3)}
OF_FAMILY: dict[str, tuple[str, ...]] = {
    "llama": ("lm", "classes"),
    "qwen3": ("lm", "classes"),
    "gpt2": ("lm", "classes"),
    "bert": ("classes",),
    "t5": ("lm",),
}
"""The heads that a training puts on a family."""
KIND_OF = {"bert": "encoder", "t5": "encoder-decoder"}


def _claims(name: str, family: str, head: str) -> bool:
    traits = METHODS[name].traits
    return HEADS[head].head in traits.heads and KIND_OF.get(family, "decoder") in traits.kinds and family not in traits.lacks


def _often(name: str, family: str, head: str) -> bool:
    """Llama every time and one other family by turns (the method's name decides), with the first head there; the rest in the full set."""
    able = [other for other in OF_FAMILY if any(_claims(name, other, one) for one in OF_FAMILY[other])]
    others = [other for other in able if other != "llama"]
    turn = others[zlib.crc32(name.encode()) % len(others)] if others else "llama"
    return family in ("llama", turn) and head == next(one for one in OF_FAMILY[family] if _claims(name, family, one))


CLAIMED = [(family, name, head) for family, heads in OF_FAMILY.items() for head in heads for name in METHODS if _claims(name, family, head)]
"""Every family, method and head that can be trained together, by the method's own traits."""


def cases(found: Sequence[tuple[str, ...]]) -> list[Any]:
    """Return cases (family, method, ...) as pytest's parameters: those that do not run every time are marked."""
    return [pytest.param(case, id="-".join(case), marks=() if _often(case[1], case[0], case[2]) else pytest.mark.full) for case in found]


PRECISIONS = {"fp32": (torch.float32, 1e-5), "bf16": (torch.bfloat16, 3e-2), "fp16": (torch.float16, 4e-3)}
"""Of the frozen weights, and how far merged logits may be off, relative to their size: half precision rounds each weight once more."""
IDS = torch.tensor([[0, 17, 99, 23, 54, 1, 7], [0, 200, 31, 31, 5, 60, 61]])


def write_folders(folder: Path) -> dict[str, Path]:
    """A Llama with tied embeddings, a Qwen3, a GPT-2, whose linear maps are stored transposed, a BERT, whose class head is two modules,
    and a T5."""
    from transformers import GPT2Config, GPT2LMHeadModel, Qwen3Config, Qwen3ForCausalLM

    gpt2, qwen3 = folder / "gpt2", folder / "qwen3"
    special = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 2}
    torch.manual_seed(0)
    sizes = {"vocab_size": 320, "n_positions": 256, "n_embd": 32, "n_layer": 2, "n_head": 4, "initializer_range": SPREAD}
    still = {"embd_pdrop": 0.0, "attn_pdrop": 0.0, "resid_pdrop": 0.0}
    GPT2LMHeadModel(GPT2Config(**sizes, **still, **special)).save_pretrained(gpt2)
    sizes = {"vocab_size": 320, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "initializer_range": SPREAD}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 256}
    Qwen3ForCausalLM(Qwen3Config(**sizes, **heads, **special, tie_word_embeddings=False)).save_pretrained(qwen3)
    write_tokenizer(gpt2)
    write_tokenizer(qwen3)
    return {
        "llama": write_tiny_model(folder / "llama", initializer_range=SPREAD),
        "qwen3": qwen3,
        "gpt2": gpt2,
        "bert": write_tiny_encoder(folder / "bert"),
        "t5": write_tiny_encoder_decoder(folder / "t5"),
    }


@dataclass
class Made:
    """A method attached to a model that lies in a folder."""

    method: Method
    located: Located
    facts: ModelFacts
    head: HeadFacts
    base: nn.Module
    model: nn.Module

    @property
    def objective(self) -> str:
        return "sft" if self.head.head == "lm" else "classify"

    def scores(self, model: nn.Module | None = None) -> torch.Tensor:
        """Logits as the model's own forward gives them."""
        written = {"labels": IDS.flip(-1)} if self.facts.kind == "encoder-decoder" else {}
        with torch.inference_mode():
            return (model or self.model).eval()(input_ids=IDS, **written).logits

    def examples(self) -> list[Example]:
        made = {"decoder": token_examples, "encoder-decoder": read_and_write_examples, "encoder": pair_examples}
        return class_examples(64) if self.head.head != "lm" and self.facts.kind == "decoder" else made[self.facts.kind](64)

    def training(self, steps: int, **spec: Any) -> Training:
        examples = self.examples()
        tasks = {example.number: TASKS[example.number % len(TASKS)] for example in examples}
        settings = {"learning_rate": FAST.get(self.method.name, 1e-2), **spec}
        return training(self.model, self.objective, examples, steps=steps, method=self.method, tasks=tasks, **settings)

    def train(self, steps: int) -> list[float]:
        return losses(self.training(steps * SLOW.get(self.method.name, 1)))


@cache
def _read(folder: Path, head: str) -> nn.Module:
    labels = LABELS if head == "classes" else ()
    facts = facts_from_config(read_config(folder))
    return build(locate(ModelSpec(path=str(folder))), facts, HEADS[head], "fp32", "cpu", seed=3, labels=labels)


def make(folder: Path, name: str, head: str, moved: bool = False) -> Made:
    """Attach the method as a training does. moved: add noise to all trained weights, as if it had trained for long."""
    method = METHODS[name](name=name, **SMALL.get(name, {})).settled(TASKS)
    facts = facts_from_config(read_config(folder))
    torch.manual_seed(0)
    model = method.attach(copy.deepcopy(_read(folder, head)), facts, HEADS[head], Horizon(30, 64))
    store_frozen(model, "fp32")
    if moved:
        move(model)
    return Made(method, locate(ModelSpec(path=str(folder))), facts, HEADS[head], copy.deepcopy(_read(folder, head)), model)


def move(model: nn.Module, seed: int = 5) -> None:
    """Add noise to all trained weights."""
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.05 * torch.randn(parameter.shape, generator=rng))


def trained_of(model: nn.Module) -> dict[str, nn.Parameter]:
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
