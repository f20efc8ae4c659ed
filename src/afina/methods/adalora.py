"""AdaLoRA: low-rank updates whose ranks are shared out by importance while they train (Zhang et al. 2023, sections 3.1 to 3.3).

    W' = W + (alpha / r) P diag(e) Q                                        penalty: c mean |P^T P - 1|_F, |Q Q^T - 1|_F
    importance of triple i = s(e_i) + mean s(P_i) + mean s(Q_i)             s = smoothed |w dL/dw| times its smoothed deviation

Shapes: Q [r, I], P [O, r], e [r]. Trained: r (I + O + 1) per target, r = init_r. From `initial_share` of the steps on, every few steps, the
e of the least important triples become zero, until target_r of them are left for each target on average at `final_share` before the end.

The file holds all init_r triples, the pruned ones with a zero: what is kept may be an earlier checkpoint, where fewer were pruned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, HeadFacts, Traits
from afina.methods.stock import StockMethod, check_rank
from afina.types import Horizon, LinearShape, ModelFacts

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


@METHODS.register("adalora")
class Adalora(StockMethod, frozen=True):
    """Low-rank updates with ranks shared out by importance."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2303.10512"
    when: ClassVar[str] = "As LoRA, where few weights must do and layers differ in how much they need."
    traits: ClassVar[Traits] = Traits(mergeable=frozenset({"fp32", "bf16"}), quantized_base=True)
    default_learning_rate: ClassVar[float] = 1e-3
    config: ClassVar[str] = "AdaLoraConfig"
    knows_transposed: ClassVar[bool] = True

    name: Literal["adalora"] = "adalora"
    init_r: int = Field(12, ge=2, le=1024, description="Rank that each target begins with.")
    target_r: int = Field(8, ge=1, description="Mean rank of the targets at the end; below init_r.")
    alpha: float = Field(32, gt=0, description="The update is scaled by alpha / init_r.")
    initial_share: float = Field(0.1, ge=0, lt=1, description="Share of the steps before anything is pruned.")
    final_share: float = Field(0.3, ge=0, lt=1, description="Share of the steps, at the end, in which ranks stay.")
    prune_every: int = Field(10, ge=1, description="Steps between two prunings.")
    orthogonality: float = Field(0.5, ge=0, description="Weight of the penalty that keeps P and Q orthogonal (c).")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        total = max(1, horizon.steps)
        return {
            "init_r": self.init_r,
            "target_r": self.target_r,
            "lora_alpha": self.alpha,
            "tinit": int(self.initial_share * total),
            "tfinal": int(self.final_share * total),
            "deltaT": self.prune_every,
            "total_step": total,
            "orth_reg_weight": self.orthogonality,
        }

    def check(self, targets: Mapping[str, LinearShape]) -> None:
        check_rank(self.init_r, targets, "init_r")
        if self.target_r >= self.init_r:
            what = f"target_r={self.target_r} leaves nothing to share out of init_r={self.init_r}"
            raise MethodError("R005", what, where="method.target_r", fix=f"target_r={self.init_r - 1}")
        if self.initial_share + self.final_share >= 1:
            what = f"initial_share + final_share = {self.initial_share + self.final_share:g} leaves no steps in which ranks change"
            raise MethodError("R005", what, where="method.final_share", fix="final_share=0.3")

    def n_at(self, shape: LinearShape) -> int:
        return self.init_r * (shape.out_features + shape.in_features + 1)

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        """On a base that is not in fp32 peft makes the number it divides by trainable."""
        attached = super().attach(model, facts, head, horizon)
        for name, parameter in attached.named_parameters():
            if ".ranknum." in name:
                parameter.requires_grad_(False)
        return attached

    def penalty(self, model: Module, step: int) -> Tensor | None:
        import torch

        if not self.orthogonality:
            return None
        off: list[Tensor] = []
        for name, matrix in model.named_parameters():
            if "lora_A.default" in name or "lora_B.default" in name:
                products = matrix @ matrix.T if "lora_A" in name else matrix.T @ matrix
                distance = torch.linalg.norm(products - torch.eye(len(products), device=products.device))  # type: ignore[reportUnknownMemberType]
                off.append(cast("Tensor", distance))
        return self.orthogonality * torch.stack(off).mean()

    def after_step(self, model: Module, step: int) -> None:
        """Peft's allocator does the arithmetic; its own call fails where a share of the budget rounds to nothing pruned."""
        allocator, inner = _allocator(model), model.base_model.model  # type: ignore[union-attr]
        last = allocator.peft_config.total_step - allocator.peft_config.tfinal
        if step > last and allocator.pattern:
            allocator.mask_using_rank_pattern(inner, allocator.pattern)
            return
        if step < last:
            allocator.update_ipt(inner)
        budget, due = allocator.budget_schedule(step)
        if (due or step == last) and budget < allocator.init_bgt:
            allocator.pattern = allocator.mask_to_budget(inner, budget)

    def remembered(self, model: Module) -> dict[str, Tensor]:
        import torch

        allocator = _allocator(model)
        kept = {f"sensitivity/{name}": tensor for name, tensor in allocator.exp_avg_ipt.items()}
        kept |= {f"deviation/{name}": tensor for name, tensor in allocator.exp_avg_unc.items()}
        return kept | {f"ranks/{name}": torch.tensor(mask, dtype=torch.uint8) for name, mask in allocator.pattern.items()}

    def recall(self, model: Module, kept: Mapping[str, Tensor]) -> None:
        allocator, parameters = _allocator(model), dict(model.base_model.model.named_parameters())  # type: ignore[union-attr]
        for key, tensor in kept.items():
            what, _, name = key.partition("/")
            if what == "ranks":
                allocator.pattern[name] = tensor.bool().tolist()  # type: ignore[reportUnknownMemberType]
            else:
                (allocator.exp_avg_ipt if what == "sensitivity" else allocator.exp_avg_unc)[name] = tensor.to(parameters[name].device)
                allocator.ipt.setdefault(name, tensor)  # that it is there says the averages are


def _allocator(model: Module) -> Any:
    """Return peft's allocator, with the ranks as they stand: peft keeps those in the config, which is written."""
    allocator = cast("Any", model.base_model).rankallocator
    if not hasattr(allocator, "pattern"):
        allocator.pattern = {}
    return allocator
