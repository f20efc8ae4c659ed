"""Memory of a training in bytes, by part, in closed form.

A first form: weights, gradients and optimizer moments are exact; activations are an estimate from above (Korthikanti et al. 2022, eq. 2;
the attention matrix only where no fused kernel can do without it), logits only at labelled positions.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from afina.methods import HeadFacts
from afina.plan.optimizer import average_bytes, gradient_bytes, trained_matrices
from afina.recipe.schema import TrainSpec
from afina.types import ModelFacts

BYTES = {"fp32": 4, "bf16": 2, "fp16": 2}
PACKED_BYTES = {"nf4": 0.5 + 1 / 64 + 4 / (64 * 256), "int8": 1.0}
"""Of a weight: 4 bits, 8 for the scale of its block of 64, 32 for the scale of 256 scales (Dettmers et al. 2023, section 3); or 8 bits."""


@dataclass(frozen=True)
class Budget:
    """Bytes by part. `total` is what must fit; `runtime` is the interpreter and the libraries, `beside` what is frozen and asked too."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    logits: int
    runtime: int
    averages: int = 0
    beside: int = 0

    @property
    def total(self) -> int:
        return sum(self.__dict__.values())

    def to_json(self) -> dict[str, int]:
        return {**self.__dict__, "total": self.total}


RUNTIME_BYTES = {"cpu": 700 * 2**20, "cuda": 1200 * 2**20}


def frozen_bytes(facts: ModelFacts, n_frozen: int, precision: str, quantize: str) -> int:
    """Return the bytes of frozen weights. Packed ones are the linear maps of the body, the largest of them unpacked for its product."""
    if quantize == "none":
        return n_frozen * BYTES[precision]
    sizes = [shape.out_features * shape.in_features for shape in facts.linears.values()]
    scales = 4 * sum(shape.out_features for shape in facts.linears.values()) if quantize == "int8" else 0
    return math.ceil(sum(sizes) * PACKED_BYTES[quantize]) + scales + (n_frozen - sum(sizes) + max(sizes)) * BYTES[precision]


def fixed_bytes(
    facts: ModelFacts, n_trainable: int, precision: str, device: str, whole_model: bool, train: TrainSpec, quantize: str = "none"
) -> Budget:
    """Return the parts that do not depend on the batch. Trained weights and their gradients are fp32; the optimizer says what it keeps."""
    matrices = trained_matrices(facts, n_trainable, not whole_model)
    trained_in_base = n_trainable if whole_model else 0
    frozen = frozen_bytes(facts, max(0, facts.n_params - trained_in_base), precision, quantize)
    return Budget(
        weights=frozen + 4 * n_trainable,
        gradients=gradient_bytes(train.optimizer, n_trainable, matrices),
        optimizer=train.optimizer.state_bytes(n_trainable, matrices),
        activations=0,
        logits=0,
        runtime=RUNTIME_BYTES[device],
        averages=average_bytes(train, n_trainable),
    )


def bytes_per_token(facts: ModelFacts, precision: str, whole_model: bool, checkpointing: bool) -> int:
    """Return activation bytes kept for the backward pass per token of a micro-batch.

    Per layer: what goes into and comes out of its linear maps, and copies of the residual stream (two; six where each branch has a dropout
    and a norm behind it, as in encoders and encoder-decoders); adapters keep their own inputs too. A token passes one stack: the larger
    one counts. A traced 8B Llama in bf16 with LoRA keeps 7.4 MB a token; this gives 8.0.
    """
    copies = 2 if facts.kind == "decoder" or checkpointing else 6
    kept = facts.n_layers * copies * facts.hidden_size + (0 if checkpointing else _widest_stack(facts))
    adapters = 1.0 if whole_model else 1.3
    return int(kept * BYTES[precision] * adapters)


def _widest_stack(facts: ModelFacts) -> int:
    """Return the numbers that go into and come out of the linear maps of the largest stack, per token."""
    widths: dict[str, int] = {}
    for path, shape in facts.linears.items():
        stack = re.split(r"\.\d+\.", path, maxsplit=1)[0]
        widths[stack] = widths.get(stack, 0) + shape.in_features + shape.out_features
    return max(widths.values(), default=0)


SCORES_KEPT = 4
"""Copies of a matrix of attention scores where they are kept: 2.1 (Gemma 2) to 3.6 (DeBERTa) were measured."""
MASKS_KEPT = 2


def attention_bytes_per_token(facts: ModelFacts, precision: str, device: str, longest: int, checkpointing: bool) -> int:
    """Return what attention keeps beside `bytes_per_token`, per token of rows of `longest` tokens: it grows with their square.

    A fused kernel keeps no scores; on a CPU there is none with dropout. A mask is kept once, by all kinds but decoders. An encoder-decoder
    has fewer scores than a row of its prompt and its answer together would have.
    """
    attention = facts.attention
    kept = attention.keeps_scores or (device == "cpu" and attention.dropout > 0)
    scores = SCORES_KEPT * attention.n_heads * (1 if checkpointing else facts.n_layers) if kept else 0
    masks = 0 if facts.kind == "decoder" else MASKS_KEPT
    return (scores + masks) * longest * BYTES[precision]


def logits_bytes_per_token(facts: ModelFacts, head: HeadFacts) -> int:
    """Return bytes per labelled token at the vocabulary matrix: fp32 scores, their softmax and gradient; 0 for a head without one."""
    return 3 * 4 * facts.vocab_size if head.head == "lm" else 0


def beside_bytes(facts: ModelFacts, precision: str) -> int:
    """Return what the weights of a frozen model take that is asked beside the trained one."""
    return facts.n_params * BYTES[precision]


def beside_bytes_per_token(facts: ModelFacts, precision: str) -> int:
    """Return what asking it takes per token of a micro-batch: one layer at a time, and fp32 scores with their softmax."""
    return _widest_stack(facts) // max(1, facts.n_layers) * BYTES[precision] + 2 * 4 * facts.vocab_size
