"""AdapterFusion: an adapter for each task of `data.task`, then attention that puts them together (Pfeiffer et al. 2021, section 3).

Phase 1, the first `alone` of the steps: each row passes only the Pfeiffer adapter of its own task. Phase 2: the adapters rest, and with z_i
what that of task i gives where a layer ends, and h what it reads there (see `pfeiffer`),

    change = sum_i a_i V z_i        a = softmax_i((Q h + b_Q) . (K z_i + b_K))        loss + 0.01 sum over layers ||I - V||_F^2

is trained on the rows of all tasks. In use every row passes the attention: no task has to be named. A head is trained in both phases, and
is that of all tasks.

Shapes: Q, K, V [D, D]. Trained: at each place N (2 D m + D + m) for N tasks, and 3 D^2 + 2 D. The adapters' last maps start at zero:
untrained, all is the base model. In validation during phase 1 the attention is as it begins, about the mean of the adapters.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Phase, Traits
from afina.methods.pfeiffer import AtLayerEnd, layer_ends
from afina.types import Batch, Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig
    from torch import Tensor
    from torch.nn import Module

ATTENTION = tuple(f"*.{name}.*" for name in ("afina_fusion_weights.*.query", "afina_fusion_weights.*.key", "afina_fusion_weights.*.value"))
ADAPTERS = ("*.afina_fusion_weights.*.tasks.*",)


@METHODS.register("adapter_fusion")
class AdapterFusion(AtLayerEnd, frozen=True):
    """One adapter for each task, and attention over them."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2005.00247"
    category: ClassVar[Category] = "adapters"
    when: ClassVar[str] = "Several tasks that may help each other, small ones above all; many parameters, 3 D^2 a layer."
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True)
    default_learning_rate: ClassVar[float] = 1e-4

    name: Literal["adapter_fusion"] = "adapter_fusion"
    tasks: tuple[str, ...] = Field((), description="Names of the tasks, in the order of their adapters; settled by data.task.")
    alone: float = Field(0.5, gt=0, lt=1, description="Share of the steps in which each adapter trains for its own task.")
    regularisation: float = Field(0.01, ge=0, description="Weight of the distance of the value maps from the identity.")

    def settled(self, tasks: Sequence[str]) -> AdapterFusion:
        if len(tasks) < 2:
            found = "data.task is not given" if not tasks else f'all rows are of the task "{tasks[0]}"'
            what = f"adapter_fusion puts together what adapters learned for several tasks, and {found}"
            raise MethodError("R018", what, where="data.task", fix="data.task=COLUMN that names each row's task, or method=pfeiffer")
        return self.model_copy(update={"tasks": tuple(tasks)})

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.fusion import FusionConfig

        return FusionConfig(tasks=list(self.tasks), **self.at_ends(facts, head))

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        hidden = facts.hidden_size
        at_each = len(self.tasks) * self.n_at_each(facts) + 3 * hidden * hidden + 2 * hidden
        return len(layer_ends(facts)) * at_each + head.n_params(facts)

    def phases(self, horizon: Horizon) -> tuple[Phase, ...]:
        n_alone = round(self.alone * horizon.steps)
        return (Phase(n_alone, resting=ATTENTION), Phase(horizon.steps - n_alone, resting=ADAPTERS))

    def during(self, model: Module, batch: Batch, step: int, phase: int) -> AbstractContextManager[None]:
        from afina.tuners.fusion import alone

        return alone(model, tasks_by_size(batch)) if phase == 0 else nullcontext()

    def penalty(self, model: Module, step: int) -> Tensor | None:
        from afina.tuners.fusion import distance_of_values

        return self.regularisation * distance_of_values(model) if self.regularisation else None


def tasks_by_size(batch: Batch) -> dict[tuple[int, int], tuple[str, ...]]:
    """Return (dimension, size) of what passes the model -> the task of each index of it.

    Rows are examples; the options of one example (`options_B`); or the examples lie in one row, each with its tokens one after another.
    """
    if batch.positions_BT is not None:
        tasks = batch.tasks if batch.options_B is None else _repeated(batch.tasks, batch.options_B)
        return {(1, batch.input_ids_BT.shape[1]): _repeated(tasks, batch.lengths_B)}
    found = {(0, len(batch.tasks)): batch.tasks}
    if batch.options_B is not None:
        several = _repeated(batch.tasks, batch.options_B)
        found[0, len(several)] = several
    return found


def _repeated(tasks: Sequence[str], times_B: Tensor) -> tuple[str, ...]:
    return tuple(task for task, n in zip(tasks, times_B, strict=True) for _ in range(int(n)))
