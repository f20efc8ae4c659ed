"""LoRA: a low-rank update beside each frozen linear map (Hu et al. 2021, eq. 3).

    h = W x + (alpha / r) B A x

Shapes: W [O, I] frozen; A [r, I], B [O, r]. Trained: r (I + O) per target, O more with `use_dora`. rsLoRA (Kalajdzievski 2023) scales by
alpha / sqrt(r). DoRA (Liu et al. 2024, eq. 5) learns the length m of each row of the sum: m (W + s B A) / |W + s B A|, m [O].

How A and B begin (`init`); an untrained adapter is the base model in all of them but loftq:

    default        A Kaiming uniform, B zero                gaussian      A normal, B zero
    orthogonal     B A = 0 with neither zero, r even        eva           A the main directions of the map's inputs, B zero
    pissa          the largest singular values of W         loftq         what rounding W to 4 bits lost (Li et al. 2023, T = 1)
    olora          the first columns of its QR
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Start, Traits, modules_to_save, select_linears, task_type
from afina.types import IGNORE_INDEX, Batch, Horizon, LinearShape, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig
    from torch import Tensor
    from torch.nn import Module

Init = Literal["default", "gaussian", "orthogonal", "pissa", "pissa_niter_4", "pissa_niter_16", "olora", "loftq", "eva"]
FROM_THE_BASE = ("pissa", "olora")
"""Beginnings of `init` that are parts of the base's own weights."""


@METHODS.register("lora")
class Lora(Method, frozen=True):
    """Low-rank adapters on linear maps."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2106.09685"
    category: ClassVar[Category] = "reparametrisation"
    when: ClassVar[str] = "The usual choice for models of a billion parameters and more; it folds into the base and costs nothing at use."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16", "fp16"}), quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 2e-4

    name: Literal["lora"] = "lora"
    r: int = Field(16, ge=1, le=1024, description="Rank of the update; adapter size and expressiveness grow with it.")
    alpha: float = Field(32, gt=0, description="The update is scaled by alpha / r.")
    dropout: float = Field(0.0, ge=0, lt=1, description="Dropout on the adapter's input; a little helps on few rows.")
    target_modules: str | tuple[str, ...] = Field("all-linear", description="Module names, path patterns, or all-linear.")
    init: Init = Field(
        "default",
        description="How A and B begin: pissa_niter_K is pissa in K fast passes, loftq is for a 4-bit base, eva reads training rows first.",
    )
    use_dora: bool = Field(False, description="Learn the length of each row of the changed weight apart from its direction.")
    use_rslora: bool = Field(False, description="Scale by alpha / sqrt(r), so that large ranks learn as fast as small ones.")
    learning_rate_ratio: float = Field(
        1.0, gt=0, description="How many times faster B learns than A (LoRA+, Hayou et al. 2024: 16); train.learning_rate is A's."
    )

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from peft import LoraConfig

        targets = select_linears(facts, self.target_modules)
        self._check(targets)
        settings: dict[str, Any] = {
            "r": self.r,
            "target_modules": sorted(targets),
            "task_type": task_type(facts, head),
            "modules_to_save": modules_to_save(facts, head),
            "fan_in_fan_out": facts.family == "gpt2",
        }
        if self.init.startswith(FROM_THE_BASE):
            from afina.tuners.started_lora import StartedLoraConfig

            scaling = self.alpha / (self.r**0.5 if self.use_rslora else self.r)
            return StartedLoraConfig(scaling=scaling, dropout=self.dropout, init=self.init, **settings)
        stock: Any = self.init if self.init in ("gaussian", "orthogonal") else True
        return LoraConfig(
            lora_alpha=self.alpha,  # type: ignore[arg-type]
            lora_dropout=self.dropout,
            init_lora_weights=stock,
            use_dora=self.use_dora,
            use_rslora=self.use_rslora,
            **settings,
        )

    def _check(self, targets: Mapping[str, LinearShape]) -> None:
        narrowest = min(min(shape.out_features, shape.in_features) for shape in targets.values())
        if self.r > narrowest:
            raise MethodError(
                "R005",
                f"r={self.r} is larger than the narrowest target ({narrowest}); the update would not be low-rank",
                where="method.r",
                fix=f"r={max(1, narrowest // 2)}",
            )
        if self.init == "orthogonal" and self.r % 2:
            what = f"init=orthogonal takes the odd and the even rows of a square matrix of r rows, and r={self.r}"
            raise MethodError("R005", what, where="method.r", fix=f"r={self.r + 1}")
        if self.use_dora and self.init.startswith(FROM_THE_BASE):
            what = f"use_dora and init={self.init} both take the base's weight apart, and cannot be written together as an ordinary adapter"
            raise MethodError("R005", what, where="method.init", fix="method.init=default")

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        targets = select_linears(facts, self.target_modules).values()
        in_products = sum(self.r * (shape.in_features + shape.out_features) for shape in targets)
        lengths = sum(shape.out_features for shape in targets) if self.use_dora else 0
        return in_products + lengths + head.n_params(facts)

    def param_groups(self, model: Module, learning_rate: float) -> list[dict[str, Any]]:
        """LoRA+: B in a group of its own."""
        groups = super().param_groups(model, learning_rate)
        if self.learning_rate_ratio == 1:
            return groups
        of_b = {id(p) for name, p in model.named_parameters() if "lora_B" in name}
        apart: list[dict[str, Any]] = []
        for group in groups:
            fast = [p for p in group["params"] if id(p) in of_b]
            slow = [p for p in group["params"] if id(p) not in of_b]
            apart += [{**group, "params": slow}, {**group, "params": fast, "lr": group["lr"] * self.learning_rate_ratio}]
        return [group for group in apart if group["params"]]

    def check_base(self, quantize: str) -> None:
        if self.init == "loftq" and quantize != "nf4":
            what = "init=loftq makes up for what rounding the base to 4 bits loses, and this base is not rounded"
            raise MethodError("R023", what, where="method.init", fix="model.quantize=nf4, or method.init=default")

    def initialise(self, model: Module, start: Start) -> None:
        if self.init == "eva":
            from afina.tuners.lora_starts import start_from_inputs

            start_from_inputs(model, ((partial(start.forward, batch), _real_tokens(batch)) for batch in start.batches), self.r)
        elif self.init == "loftq":
            from afina.tuners.lora_starts import start_from_rounding

            start_from_rounding(model, start.whole_base())


def _real_tokens(batch: Batch) -> tuple[Tensor, ...]:
    """Return masks of what a padded batch reads, and of what an encoder-decoder writes; none of a packed row, which is all real."""
    import torch

    if batch.positions_BT is not None:
        return ()
    ids = batch.input_ids_BT
    read = torch.arange(ids.shape[1], device=ids.device)[None] < batch.lengths_B[:, None]
    return (read, batch.labels_BT[:, 1:] != IGNORE_INDEX) if batch.answers_apart and batch.labels_BT is not None else (read,)
