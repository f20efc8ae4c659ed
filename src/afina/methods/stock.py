"""What the methods have in common whose types of adapter are peft's own, on linear maps of the body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import Category, HeadFacts, Method, modules_to_save, select_linears, task_type
from afina.types import Horizon, LinearShape, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


class StockMethod(Method, frozen=True):
    """A type of peft's. Each says what its config holds (`settings`) and what it trains at a map (`n_at`)."""

    category: ClassVar[Category] = "reparametrisation"
    config: ClassVar[str]
    """Name of peft's class of configs."""
    knows_transposed: ClassVar[bool] = False
    """Whether the config says that weights are stored transposed, as GPT-2's are."""

    target_modules: str | tuple[str, ...] = Field("all-linear", description="Module names, path patterns, or all-linear.")

    def settings(self, horizon: Horizon) -> dict[str, Any]:
        """Return what the config holds besides where and for what."""
        raise NotImplementedError

    def n_at(self, shape: LinearShape) -> int:
        """Return the number of parameters trained at a linear map."""
        raise NotImplementedError

    def check(self, targets: Mapping[str, LinearShape]) -> None:
        """Raise MethodError where a number does not suit the maps."""

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        import peft

        targets = self._targets(facts)
        transposed = {"fan_in_fan_out": facts.family == "gpt2"} if self.knows_transposed else {}
        made: Callable[..., PeftConfig] = getattr(peft, self.config)
        return made(
            target_modules=sorted(targets),
            modules_to_save=modules_to_save(facts, head),
            task_type=task_type(facts, head),
            **transposed,
            **self.settings(horizon),
        )

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        return sum(self.n_at(shape) for shape in self._targets(facts).values()) + head.n_params(facts)

    def _targets(self, facts: ModelFacts) -> Mapping[str, LinearShape]:
        targets = select_linears(facts, self.target_modules)
        self.check(targets)
        return targets


def check_rank(r: int, targets: Mapping[str, LinearShape], key: str = "r") -> None:
    """Raise MethodError R005 for a rank above the narrowest side of a target."""
    narrowest = min(min(shape.out_features, shape.in_features) for shape in targets.values())
    if r > narrowest:
        what = f"{key}={r} is larger than the narrowest target ({narrowest}); the update would not be low-rank"
        raise MethodError("R005", what, where=f"method.{key}", fix=f"{key}={max(1, narrowest // 2)}")


def check_blocks(block: int, targets: Mapping[str, LinearShape], key: str) -> None:
    """Raise MethodError R005 for blocks that do not divide what a target reads; the fix is the largest size that does everywhere."""
    if any(shape.in_features % block for shape in targets.values()):
        wrong = next(path for path, shape in targets.items() if shape.in_features % block)
        able = next(n for n in range(block, 0, -1) if not any(shape.in_features % n for shape in targets.values()))
        what = f"{key}={block} does not divide the {targets[wrong].in_features} inputs of {wrong}"
        raise MethodError("R005", what, where=f"method.{key}", fix=f"{key}={able}")
