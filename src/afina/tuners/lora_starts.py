"""Beginnings of stock LoRA adapters that need more than the weights they stand on: rows of data (EVA), or the weights before they were
rounded (LoftQ). Nothing of the base changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import torch
from peft.tuners.lora import LoraLayer
from peft.utils.incremental_pca import IncrementalPCA
from torch import Tensor, nn

from afina.tuners.started_lora import base_weight

CONVERGED = 0.99
"""Cosine of a direction with the one of the pass before, from which on it is called found (EVA's program: 0.99)."""
ADAPTER = "default"


def layers_of(model: nn.Module) -> Iterator[tuple[str, LoraLayer]]:
    """The LoRA layers of a model by the path of the map that each stands on."""
    for path, module in model.named_modules():
        if isinstance(module, LoraLayer) and ADAPTER in module.lora_A:
            yield path, module


class MainDirections:
    """The r main directions of what a map reads, kept as rows of it pass (Ross et al. 2008: incremental principal components)."""

    def __init__(self, r: int) -> None:
        self.found = IncrementalPCA(n_components=r)
        self.r, self.waiting, self.converged = r, list[Tensor](), False

    def see(self, rows_NI: Tensor) -> None:
        """Take in rows; nothing once the directions stand still. Fewer than r wait for others."""
        if self.converged:
            return
        self.waiting.append(rows_NI.float())
        if sum(len(rows) for rows in self.waiting) < self.r:
            return
        before = getattr(self.found, "components_", None)
        self.found.partial_fit(torch.cat(self.waiting))
        self.waiting = []
        if before is not None:
            alike = torch.cosine_similarity(before, self.found.components_, dim=-1).abs()
            self.converged = bool((alike >= CONVERGED).all())


@torch.no_grad()
def start_from_inputs(model: nn.Module, passes: Iterable[tuple[Callable[[], object], Sequence[Tensor]]], r: int) -> None:
    """Set A of each layer to the r main directions of its inputs (Paischer et al. 2024, section 3.2, the same rank everywhere; B is zero).

    passes: a forward pass, and masks [B, T] of the real tokens of what it reads; inputs of that shape are taken where the mask says so.
    Ends when all directions stand still, or with the last pass. A layer that saw fewer than r tokens keeps its A.
    """
    directions = {path: MainDirections(r) for path, _ in layers_of(model)}
    masks: Sequence[Tensor] = ()

    def watch(seen: MainDirections) -> Callable[..., None]:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            mask = next((mask for mask in masks if mask.shape == inputs[0].shape[:2]), None)
            seen.see(inputs[0].flatten(0, -2) if mask is None else inputs[0][mask.bool()])

        return hook

    model.eval()
    hooks = [layer.register_forward_pre_hook(watch(directions[path])) for path, layer in layers_of(model)]  # type: ignore[attr-defined]
    try:
        for forward, given in passes:
            masks = given
            forward()
            if all(seen.converged for seen in directions.values()):
                break
    finally:
        for hook in hooks:
            hook.remove()
    for path, layer in layers_of(model):
        if hasattr(directions[path].found, "components_"):
            layer.lora_A[ADAPTER].weight.copy_(directions[path].found.components_)  # type: ignore[operator,union-attr]


@torch.no_grad()
def start_from_rounding(model: nn.Module, whole: nn.Module) -> None:
    """Set s B A of each layer to the part of W - Q of the largest singular values (Li et al. 2023, algorithm 1 with T = 1).

    Q: the weight as it is packed in `model`; W: the one that `whole`, the same model without adapters, has at the same path.
    """
    for path, layer in layers_of(model):
        at = path.removeprefix("base_model.model.")
        lost_OI = base_weight(whole.get_submodule(at)).cpu() - base_weight(layer.get_base_layer()).cpu()
        left, values, right_t = torch.linalg.svd(lost_OI, full_matrices=False)
        r = layer.r[ADAPTER]
        root = (values[:r] / layer.scaling[ADAPTER]).sqrt()
        layer.lora_A[ADAPTER].weight.copy_(root[:, None] * right_t[:r])  # type: ignore[operator,union-attr]
        layer.lora_B[ADAPTER].weight.copy_(left[:, :r] * root)  # type: ignore[operator,union-attr]
