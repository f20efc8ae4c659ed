"""Linear maps whose frozen weight [O, I] is stored in 4 or 8 bits, and unpacked for each product. Import needs bitsandbytes.

    nf4   W = c[q] * absmax of its block of 64, absmax itself in 8 bits in blocks of 256 (Dettmers et al. 2023, section 3)
    int8  W = q * absmax of its row / 127 (Dettmers et al. 2022, section 2.1, for the weight only)

The classes are bitsandbytes' own, so that peft knows them, with a forward pass that changes nothing but its output. The library's 4-bit
one packs the weight anew at the first inference on a CPU with AVX512-BF16, after which no gradient passes it; its 8-bit one rounds the
inputs too, and takes outliers out by looking at all rows of a batch, so that a row's result depends on the rows beside it.
"""

from __future__ import annotations

from typing import Any, cast

import torch
import torch.nn.functional as F
from bitsandbytes.autograd._functions import matmul_4bit
from bitsandbytes.nn.modules import Int8Params, Linear4bit, Linear8bitLt, Params4bit
from torch import Tensor, nn


class Nf4Linear(Linear4bit):
    """y = W x (+ b), W in NF4 with doubly quantised scales; products run in `compute_dtype`."""

    def forward(self, x: Tensor) -> Tensor:
        weight: Any = self.weight
        bias = None if self.bias is None else self.bias.to(self.compute_dtype)
        return matmul_4bit(x.to(self.compute_dtype), weight, quant_state=weight.quant_state, bias=bias).to(x.dtype)


class Int8Linear(Linear8bitLt):
    """y = W x (+ b), W in int8 with a scale for each output; products run in `compute_dtype`."""

    compute_dtype: torch.dtype

    def forward(self, x: Tensor) -> Tensor:
        weight: Any = self.weight
        bias = None if self.bias is None else self.bias.to(self.compute_dtype)
        return _ByRows.apply(x.to(self.compute_dtype), weight.data, weight.SCB.to(x.device), bias).to(x.dtype)  # type: ignore[union-attr]


class _ByRows(torch.autograd.Function):
    """x W^T + b with W = q s / 127 row by row. W is unpacked again in the backward pass instead of being kept for it."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, packed_OI: Tensor, scale_O: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(packed_OI, scale_O)
        ctx.has_bias = bias is not None
        return F.linear(x, _unpacked(packed_OI, scale_O, x.dtype), bias)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = gradients
        packed_OI, scale_O = ctx.saved_tensors
        into = gradient @ _unpacked(packed_OI, scale_O, gradient.dtype) if ctx.needs_input_grad[0] else None
        of_bias = gradient.flatten(0, -2).sum(0) if ctx.has_bias and ctx.needs_input_grad[3] else None
        return into, None, None, of_bias


def _unpacked(packed_OI: Tensor, scale_O: Tensor, dtype: torch.dtype) -> Tensor:
    return (packed_OI.float() * (scale_O.float() / 127)[:, None]).to(dtype)


def packed(layer: nn.Module, how: str, compute_dtype: torch.dtype, device: str) -> nn.Linear:
    """Return a linear map (or GPT-2's transposed one) with its weight packed, on `device`. how: nf4 or int8."""
    weight: Tensor = layer.weight.detach()  # type: ignore[assignment]
    weight_OI = (weight.T if type(layer).__name__ == "Conv1D" else weight).contiguous()
    outputs, inputs = weight_OI.shape
    bias: Any = layer.bias
    made: Any
    values: Any
    four, eight = cast(Any, Params4bit), cast(Any, Int8Params)  # their signatures are not seen through torch's Parameter
    if how == "nf4":
        made = Nf4Linear(inputs, outputs, bias is not None, compute_dtype, compress_statistics=True, quant_type="nf4", device="meta")
        values = four(weight_OI.cpu(), requires_grad=False, compress_statistics=True, quant_type="nf4", module=made)
    else:
        made = Int8Linear(inputs, outputs, bias is not None, has_fp16_weights=False, device="meta")
        made.compute_dtype = compute_dtype
        values = eight(weight_OI.cpu(), requires_grad=False, has_fp16_weights=False)
    made.weight = values.to(device)
    if bias is not None:
        made.bias = nn.Parameter(bias.detach().to(device), requires_grad=bias.requires_grad)
    return made.train(layer.training)
