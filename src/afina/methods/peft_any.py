"""Any other type of adapter that the installed peft has, by its name there: {name: peft, type: MISS, args: {r: 8}}.

What it trains and how is peft's; nothing of the method's own training beyond its layers runs (extra losses, updates between steps).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, select_linears, task_type
from afina.types import Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig
    from torch.nn import Module

ELSEWHERE = {
    "ADALORA": "adalora",
    "ADAPTION_PROMPT": "llama_adapter",
    "CARTRIDGE": "prefix_tuning",
    "CPT": "prompt_tuning",
    "MULTITASK_PROMPT_TUNING": "ipt",
    "P_TUNING": "p_tuning",
    "POLY": "adamix",
    "PREFIX_TUNING": "prefix_tuning",
    "PROMPT_TUNING": "prompt_tuning",
    "SHADOW": "ladder_side",
    "XLORA": "adamix",
}
"""Types that live in the forward pass of peft's own wrapper, or need its calls between steps -> the method that does it here."""


Scalar = bool | int | float | str


@METHODS.register("peft")
class PeftAny(Method, frozen=True):
    """Any type of adapter that peft has, by its name there."""

    paper: ClassVar[str] = "https://huggingface.co/docs/peft"
    category: ClassVar[Category] = "reparametrisation"
    when: ClassVar[str] = "A type that afina has no method for: a comparison with a paper, say."
    traits: ClassVar[Traits] = Traits(data_dependent=True, lacks=frozenset({"gpt2"}))
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["peft"] = "peft"
    type: str = Field("MISS", description="Name of the type in peft: MISS, RANDLORA, SHIRA, WAVEFT, ROAD, C3A, ... .")
    args: dict[str, Scalar | list[Scalar] | None] = Field(
        {}, description="What peft's config of that type takes, by its names there: {r: 8}."
    )
    target_modules: str | tuple[str, ...] = Field("all-linear", description="Module names, path patterns, or all-linear.")

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from dataclasses import fields

        made = _config_class(self.type)
        known = {one.name for one in fields(made)}  # type: ignore[arg-type]
        given = {
            "target_modules": sorted(select_linears(facts, self.target_modules)),
            "modules_to_save": modules_to_save(facts, head),
            "task_type": task_type(facts, head),
        }
        if unknown := sorted(set(self.args) - known):
            own = sorted(known - {"peft_type", "auto_mapping", "peft_version", "inference_mode", *given})
            what = f"peft's {self.type} takes no {', '.join(unknown)}; it takes {', '.join(own)}"
            raise MethodError("R003", what, where="method.args", fix=f"method.args without {', '.join(unknown)}")
        if head.head != "lm" and "modules_to_save" not in known:
            what = f"peft's {self.type} cannot train the head of classes beside its own weights"
            raise MethodError("R022", what, where="method.type", fix="method=lora")
        taken: dict[str, Any] = {**{key: value for key, value in given.items() if key in known}, **self.args}
        try:
            return made(**taken)
        except (TypeError, ValueError) as error:
            raise MethodError("R005", f"peft's {self.type}: {error}", where="method.args", fix="method.args as that says") from error

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        """Return what the type trains on maps of this model's sizes, without weights. Raises MethodError as `build`."""
        from peft import get_peft_model

        config = self.build(facts, HeadFacts("lm"), Horizon(1))
        config.task_type = None  # for any other peft asks the skeleton what only a whole model has
        try:
            made: Module = get_peft_model(_skeleton(facts), config, low_cpu_mem_usage=True)  # type: ignore[arg-type]
        except (RuntimeError, ValueError, TypeError, NotImplementedError) as error:
            what = f"peft's {self.type} does not fit this {facts.family} model: {error}"
            raise MethodError("R005", what, where="method", fix="method=lora") from error
        return sum(p.numel() for p in made.parameters() if p.requires_grad) + head.n_params(facts)


def _config_class(name: str) -> type[PeftConfig]:
    """Return peft's class of configs for a type. Raises MethodError R003 for an unknown one, R022 for one that only peft itself can run."""
    from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING

    known: dict[str, Any] = {str(kind.value): config for kind, config in PEFT_TYPE_TO_CONFIG_MAPPING.items()}
    wanted = name.upper()
    if wanted in ELSEWHERE:
        what = f"peft's {wanted} needs peft's own forward pass or calls between steps, and afina asks the model itself"
        raise MethodError("R022", what, where="method.type", fix=f"method={ELSEWHERE[wanted]}")
    if wanted not in known or wanted.startswith("AFINA_"):
        names = sorted(name for name in known if not name.startswith("AFINA_") and name not in ELSEWHERE)
        what = f'peft has no type of adapter called "{name}"; it has {", ".join(names)}'
        raise MethodError("R003", what, where="method.type", fix=f"method.type={names[0]}")
    return known[wanted]


def _skeleton(facts: ModelFacts) -> Module:
    """Return the linear maps of a model at their paths, without memory."""
    import torch
    from torch import nn

    root = nn.Module()
    for path, shape in facts.linears.items():
        around, owner = path.split("."), root
        for part in around[:-1]:
            if not hasattr(owner, part):
                owner.add_module(part, nn.Module())
            owner = owner.get_submodule(part)
        owner.add_module(around[-1], nn.Linear(shape.in_features, shape.out_features, shape.bias, device=torch.device("meta")))
    root.config = {"model_type": "custom", "tie_word_embeddings": False}  # type: ignore[assignment]
    return root
