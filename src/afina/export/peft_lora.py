"""peft-lora: any change of the weights of linear maps as an ordinary LoRA.

    s B A = dW        B = U_r, A = S_r V_r^T / s of dW = U S V^T, where r is the rank of dW: nothing is left out

Of a method whose change has a high rank (KronA's is rank A times rank B) the LoRA is larger than the adapter was, and that is said.
Shapes: dW [O, I], A [r, I], B [O, r]. With s = alpha / r = 1; a map of lower rank than the highest has its own in rank_pattern.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from afina.export.base import EXPORTERS, Tell, quiet
from afina.export.stock import ADAPTER, Live, Stock, has_no_form, heads_of, write_stock
from afina.run import Run
from afina.types import Notice

if TYPE_CHECKING:
    from torch import Tensor

SMALLEST = 1e-6
"""A singular value below this share of the largest is rounding of fp32."""


@EXPORTERS.register("peft-lora")
class PeftLora:
    """The adapter as a LoRA, which every server of adapters reads."""

    what: ClassVar[str] = "an adapter folder of peft's type LORA, from any change of linear maps' weights"

    def export(self, run: Run, out: Path, tell: Tell = quiet) -> Path:
        """Write `out`. Raises ExportError E104 for an adapter that is no change of weights; otherwise as `write_stock`."""
        return write_stock(run, out, lambda live: as_lora(live, tell))


def as_lora(live: Live, tell: Tell) -> Stock:
    """Return the adapter as a LoRA. Raises ExportError E104."""
    from afina.models.adapters import tensors_of

    if live.peft_type == "LORA":
        tell(Notice("the adapter is a LoRA as it is", "copied and compared"))
        return Stock(live.config, tensors_of(live.model))
    factors = {path: _factors(delta_OI) for path, delta_OI in changes(live).items()}
    ranks = {path: len(a_rI) for path, (a_rI, _) in factors.items()}
    tensors: dict[str, Tensor] = {}
    for path, (a_rI, b_Or) in factors.items():
        tensors[f"base_model.model.{path}.lora_A.weight"], tensors[f"base_model.model.{path}.lora_B.weight"] = a_rI, b_Or
    highest = max(ranks.values())
    own = {f"^{path}$": rank for path, rank in ranks.items() if rank != highest}
    n_before, n_after = (sum(tensor.numel() for tensor in found.values()) for found in (tensors_of(live.model), tensors))
    what = f"exact as a LoRA of rank {highest}: {n_after:,} numbers instead of {n_before:,}"
    tell(Notice(what, "the rank of the change; nothing is left out", level="warning" if n_after > 2 * n_before else "info"))
    config = {
        "peft_type": "LORA",
        "r": highest,
        "lora_alpha": highest,
        "rank_pattern": own,
        "alpha_pattern": own,
        "target_modules": sorted(ranks),
        "fan_in_fan_out": _transposed(live),
    }
    return Stock(config, {**tensors, **heads_of(live)})


def changes(live: Live) -> dict[str, Tensor]:
    """Return the change of each linear map's weight [O, I] by its path. Raises ExportError E104 where something else changes too."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    found: dict[str, Tensor] = {}
    for path, layer in live.model.get_base_model().named_modules():
        if not isinstance(layer, BaseTunerLayer):
            continue
        found[path] = _change(live, path, layer)
    if not found:
        raise has_no_form(live, "LoRA", "it changes no linear map")
    return found


def _change(live: Live, path: str, layer: Any) -> Tensor:
    from afina.tuners import AdapterLayer
    from afina.tuners.layer import WeightLayer
    from afina.tuners.vectors import NormLayer

    if isinstance(layer, NormLayer):
        raise has_no_form(live, "LoRA", f"it changes the norm {path}", "--to merged")
    if isinstance(layer, WeightLayer):
        if layer.delta_bias(ADAPTER) is not None:
            raise has_no_form(live, "LoRA", f"it changes the bias of {path}", "--to merged")
        return layer.delta_weight(ADAPTER).detach()
    if isinstance(layer, AdapterLayer):
        raise has_no_form(live, "LoRA", "it is a network of its own, not a change of a weight")
    if type(layer).__module__.split(".")[2:3] == ["oft"] or not hasattr(layer, "get_delta_weight"):
        raise has_no_form(live, "LoRA", "it does not add to a weight but turns or scales it", "--to merged")
    return layer.get_delta_weight(ADAPTER).detach()


def _factors(delta_OI: Tensor) -> tuple[Tensor, Tensor]:
    """Return A [r, I] and B [O, r] with B A = delta, r its rank in fp32, at least 1."""
    import torch

    left, values, right = torch.linalg.svd(delta_OI.double(), full_matrices=False)
    rank = max(1, int((values > SMALLEST * values[0]).sum()))
    root = values[:rank].sqrt()
    return (root[:, None] * right[:rank]).float(), (left[:, :rank] * root).float()


def _transposed(live: Live) -> bool:
    """Whether the maps store their weights as [I, O] (GPT-2's)."""
    return any(type(module).__name__ == "Conv1D" for module in live.model.get_base_model().modules())
