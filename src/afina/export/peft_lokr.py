"""peft-lokr: KronA as peft's LoKr, exactly and without growing: both are dW = s A (x) B.

LoKr gives its factors the two smaller divisors of a map's sizes and the two larger ones; KronA pairs them otherwise unless it was trained
with `layout: lokr`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from afina.export.base import EXPORTERS, Tell, quiet
from afina.export.stock import ADAPTER, Live, Stock, has_no_form, heads_of, write_stock
from afina.run import Run

if TYPE_CHECKING:
    from torch import Tensor


@EXPORTERS.register("peft-lokr")
class PeftLokr:
    """A Kronecker product in the words of peft."""

    what: ClassVar[str] = "an adapter folder of peft's type LOKR, from krona with method.layout=lokr"

    def export(self, run: Run, out: Path, tell: Tell = quiet) -> Path:
        """Write `out`. Raises ExportError E104 for another adapter, or factors of other shapes; otherwise as `write_stock`."""
        return write_stock(run, out, as_lokr)


def as_lokr(live: Live) -> Stock:
    """Return the adapter as a LoKr whose two factors are whole. Raises ExportError E104."""
    if live.peft_type == "LOKR":
        from afina.models.adapters import tensors_of

        return Stock(live.config, tensors_of(live.model))
    if live.peft_type != "AFINA_KRONA":
        raise has_no_form(live, "LoKr", "it is no Kronecker product", "--to peft-lora, or merged")
    if not live.config.get("nested"):
        why = "its factors have other shapes than LoKr's; method.layout=lokr trains those"
        raise has_no_form(live, "LoKr", why, "--to peft-lora")
    if live.config.get("norms"):
        raise has_no_form(live, "LoKr", "it changes norms too", "--to merged")
    tensors: dict[str, Tensor] = {}
    widest, scaling = 1, 1.0
    for path, layer in _layers(live):
        weights = layer.weights[ADAPTER]
        scaling = weights.scaling
        widest = max(widest, *weights.a.shape, *weights.b.shape)
        tensors[f"base_model.model.{path}.lokr_w1"], tensors[f"base_model.model.{path}.lokr_w2"] = weights.a, weights.b
    config = {
        "peft_type": "LOKR",
        "r": widest,  # from this rank on peft keeps both factors whole
        "alpha": widest * scaling,
        "decompose_both": False,
        "decompose_factor": -1,
        "target_modules": sorted(path for path, _ in _layers(live)),
    }
    return Stock(config, {**tensors, **heads_of(live)})


def _layers(live: Live) -> list[tuple[str, Any]]:
    from afina.tuners import AdapterLayer

    return [(path, layer) for path, layer in live.model.get_base_model().named_modules() if isinstance(layer, AdapterLayer)]
