"""IPT: what several tasks' prompts have in common is a space of a few numbers, and those are what a new task trains (Qin et al. 2021).

    phase 1a  P_i for each task (ordinary prompts)
    phase 1b  loss(P_i*) + alpha mean (P_i* - P_i)^2,   P_i* = dec(enc(P_i)),   P_i at rest          (eq. 2 and 3)
    phase 2   loss(dec(z)), only z moves                                                              (eq. 4)

Shapes: P_i [n D]; enc: n D -> d; dec(z) = W_2 tanh(W_1 z + b_1) + b_2, W_1 [h, d], W_2 [n D, h] (the authors' program). Phase 2 trains d
numbers, phase 1 the prompts, n D d + d and d h + h + h n D + n D.
Phase 1 learns the tasks that data.task names and leaves the decoder in the adapter's folder; `decoder` = that folder goes straight to
phase 2, on other data. In use the prompt is dec(z): `afina export --to peft-prompt` writes it as a plain one. Our reading: the prompts of
phase 1a and a head are trained in the same run, phase 2 after phase 1 sees all of its rows, and b_2 begins as the mean of the tasks' first
prompts, so that the space begins among embeddings.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, HeadFacts, Phase, Traits
from afina.methods.prompt_tuning import SoftPrompt
from afina.types import Batch, Horizon, ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig
    from torch import Tensor
    from torch.nn import Module

WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"
PROMPTS, SPACE, POINT = ("*_weights.*.prompts",), ("*_weights.*.encoder.*", "*_weights.*.decoder.*"), ("*_weights.*.z",)


@METHODS.register("ipt")
class IPT(SoftPrompt, frozen=True):
    """A prompt out of a small space that several tasks share."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2110.07867"
    when: ClassVar[str] = "Many small tasks of one sort: learn their space once, then each is a handful of numbers."
    traits: ClassVar[Traits] = Traits(  # on encoders it did not learn in our battery
        kinds=frozenset({"decoder", "encoder-decoder"}), quantized_base=True, mixed_batch=True, identity=False
    )
    default_learning_rate: ClassVar[float] = 1e-2

    name: Literal["ipt"] = "ipt"
    size: int = Field(10, ge=1, le=4096, description="Numbers of z, the dimension of the space.")
    hidden: int = Field(768, ge=0, le=8192, description="Width inside the decoder; 0 makes it one linear map.")
    alpha: float = Field(200.0, ge=0, description="Weight of how far the space's prompts are from the tasks' own, in phase 1b.")
    prompts_share: float = Field(0.3, gt=0, lt=1, description="Share of the steps of phase 1a, which learns the tasks' own prompts.")
    space_share: float = Field(
        0.4, gt=0, lt=1, description="Share of the steps of phase 1b, which learns their space; phase 2 has the rest."
    )
    space_rate: float = Field(0.1, gt=0, description="Learning rate of phase 1b, a dense network's, as a share of the recipe's.")
    decoder: str = Field("", description="Folder of a run or adapter whose decoder is taken, so that only z is trained.")
    tasks: tuple[str, ...] = Field((), description="Names of the tasks whose prompts span the space; settled by data.task.")

    def settled(self, tasks: Sequence[str]) -> IPT:
        if self.decoder:
            given = self._given()
            return self.model_copy(update={key: given[key] for key in ("n", "size", "hidden")} | {"tasks": ()})
        if len(tasks) < 2:
            found = "data.task is not given" if not tasks else f'all rows are of the task "{tasks[0]}"'
            what = f"ipt learns what the prompts of several tasks have in common, and {found}"
            raise MethodError("R018", what, where="data.task", fix="data.task=COLUMN, method.decoder=FOLDER, or method=prompt_tuning")
        return self.model_copy(update={"tasks": tuple(tasks)})

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.intrinsic_prompt import IntrinsicPromptConfig

        if self.prompts_share + self.space_share >= 1:
            what = f"prompts_share + space_share = {self.prompts_share + self.space_share:g} leaves no steps to phase 2"
            raise MethodError("R005", what, where="method.space_share", fix="method.prompts_share=0.3 method.space_share=0.4")
        if self.decoder and (given := self._given()["width"]) != facts.hidden_size:
            what = f"its prompts are {given} numbers wide, and this model's embeddings {facts.hidden_size}"
            raise MethodError("R005", what, where="method.decoder", fix="a decoder that was learned on this model")
        return IntrinsicPromptConfig(**self.placed(facts, head), size=self.size, hidden=self.hidden, tasks=list(self.tasks))

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        from afina.tuners.intrinsic_prompt import read_decoder

        made = super().attach(model, facts, head, horizon)
        if self.decoder:
            read_decoder(made, _folder(self.decoder) / WEIGHTS)
        return made

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        return self.size + (self.n_shared(facts) if self.tasks else 0) + head.n_params(facts)

    def n_shared(self, facts: ModelFacts) -> int:
        """Return what phase 1 trains: the tasks' prompts, the encoder and the decoder."""
        flat = self.n * facts.hidden_size
        return len(self.tasks) * flat + flat * self.size + self.size + self.n_decoder(facts)

    def n_decoder(self, facts: ModelFacts) -> int:
        """Return the parameters of the decoder."""
        flat, hidden = self.n * facts.hidden_size, self.hidden
        return hidden * (self.size + 1) + flat * (hidden + 1) if hidden else flat * (self.size + 1)

    def phases(self, horizon: Horizon) -> tuple[Phase, ...]:
        if not self.tasks:
            return (Phase(horizon.steps),)
        first, second = (round(share * horizon.steps) for share in (self.prompts_share, self.space_share))
        last = horizon.steps - first - second
        space = Phase(second, self.space_rate, PROMPTS + POINT)
        return (Phase(first, resting=SPACE + POINT), space, Phase(last, resting=PROMPTS + SPACE))

    def during(self, model: Module, batch: Batch, step: int, phase: int) -> AbstractContextManager[None]:
        from afina.tuners.intrinsic_prompt import by_task, spaces

        for space in spaces(model):
            space.is_learned = bool(self.tasks) and phase == 1
        return by_task(model, _of_rows(batch), phase == 1) if self.tasks and phase < 2 else nullcontext()

    def penalty(self, model: Module, step: int) -> Tensor | None:
        from afina.tuners.intrinsic_prompt import spaces

        distances = [space.distance() for space in spaces(model) if space.is_learned]
        return self.alpha * cast("Tensor", sum(distances)) if distances else None

    def _given(self) -> dict[str, Any]:
        """Return n, size, hidden and width of the decoder that is given. Raises MethodError R005 where there is none."""
        from safetensors import safe_open

        folder = _folder(self.decoder)
        try:
            config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            with cast("Any", safe_open(folder / WEIGHTS, framework="numpy")) as file:
                last = max(key for key in file.keys() if ".decoder." in key and key.endswith(".bias"))  # noqa: SIM118  it is no dict
                flat = file.get_slice(last).get_shape()[0]
            return {key: config[key] for key in ("n", "size", "hidden")} | {"width": flat // config["n"]}
        except (OSError, ValueError, KeyError) as error:
            what = f"{self.decoder} holds no decoder of ipt"
            raise MethodError("R005", what, where="method.decoder", fix="method.decoder=FOLDER of a run of method=ipt") from error


def _folder(path: str) -> Path:
    """Return the adapter's folder of a run, or the folder itself."""
    return Path(path) / "adapter" if (Path(path) / "adapter").is_dir() else Path(path)


def _of_rows(batch: Batch) -> tuple[str, ...]:
    """Return the task of each row, or packed example; each option of a choice that a decoder reads is one."""
    if batch.options_B is None or batch.answers_apart:
        return batch.tasks
    options: list[int] = batch.options_B.tolist()  # type: ignore[reportUnknownMemberType]
    return tuple(task for task, n in zip(batch.tasks, options, strict=True) for _ in range(n))
