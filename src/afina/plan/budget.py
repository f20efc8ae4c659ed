"""Memory of a training in bytes, by part, in closed form.

A first form: weights, gradients and optimizer moments are exact; activations are an upper estimate for a decoder with SDPA attention
(Korthikanti et al. 2022, eq. 2, without the attention matrix), logits only at labelled positions.
"""

from __future__ import annotations

from dataclasses import dataclass

from afina.plan.optimizer import average_bytes, gradient_bytes, trained_matrices
from afina.recipe.schema import TrainSpec
from afina.types import ModelFacts

BYTES = {"fp32": 4, "bf16": 2, "fp16": 2}


@dataclass(frozen=True)
class Budget:
    """Bytes by part. `total` is what must fit; `runtime` is the interpreter and the libraries."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    logits: int
    runtime: int
    averages: int = 0

    @property
    def total(self) -> int:
        return self.weights + self.gradients + self.optimizer + self.activations + self.logits + self.runtime + self.averages

    def to_json(self) -> dict[str, int]:
        return {**self.__dict__, "total": self.total}


RUNTIME_BYTES = {"cpu": 700 * 2**20, "cuda": 1200 * 2**20}


def fixed_bytes(facts: ModelFacts, n_trainable: int, precision: str, device: str, whole_model: bool, train: TrainSpec) -> Budget:
    """Return the parts that do not depend on the batch. Trained weights and their gradients are fp32; the optimizer says what it keeps."""
    matrices = trained_matrices(facts, n_trainable, not whole_model)
    trained_in_base = n_trainable if whole_model else 0
    frozen = max(0, facts.n_params - trained_in_base) * BYTES[precision]
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

    Per layer: what goes into and comes out of its linear maps, and two copies of the residual stream; adapters keep their own inputs too.
    A traced 8B Llama in bf16 with LoRA keeps 7.4 MB a token; this gives 8.0.
    """
    through = sum(shape.in_features + shape.out_features for shape in facts.linears.values()) // max(1, facts.n_layers)
    kept = 2 * facts.hidden_size if checkpointing else through + 2 * facts.hidden_size
    adapters = 1.0 if whole_model else 1.3
    return int(facts.n_layers * kept * BYTES[precision] * adapters)


def logits_bytes_per_token(facts: ModelFacts) -> int:
    """Return bytes per labelled token at the vocabulary matrix: fp32 scores, their softmax and gradient."""
    return 3 * 4 * facts.vocab_size
