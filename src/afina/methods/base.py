"""A method says which weights change and how: it is its config, and everything here has a default.

Most methods override `build` and `n_trainable`; those that train weights of the base override `attach`.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel

from afina.errors import MethodError
from afina.registry import Registry
from afina.types import Head, HeadShape, Horizon, Kind, LinearRole, LinearShape, Loss, ModelFacts, Vocabulary

if TYPE_CHECKING:
    from peft import PeftConfig
    from torch import Tensor
    from torch.nn import Module

    from afina.types import Batch


@dataclass(frozen=True)
class Traits:
    """What a method can do; each is declared in its file and proved by tests/contract/test_methods.py.

    adapter: leaves a peft adapter folder (else a whole model).
    mergeable: precisions in which the trained result folds into the base weights.
    quantized_base: trains on a base packed in 4 or 8 bits (tests/contract/test_quantized.py).
    data_dependent: the trainable count depends on the data. identity: what it adds changes nothing until it has trained.
    lacks: families whose linear maps it cannot stand on.
    packing: trains on several examples in one row (train.packing). checkpointing: with train.gradient_checkpointing.
    """

    kinds: frozenset[Kind] = frozenset({"decoder", "encoder", "encoder-decoder"})
    heads: frozenset[Head] = frozenset({"lm", "classes", "labels", "scalar", "tags"})
    adapter: bool = True
    mergeable: frozenset[str] = frozenset()
    quantized_base: bool = False
    mixed_batch: bool = False
    data_dependent: bool = False
    identity: bool = True
    lacks: frozenset[str] = frozenset()
    packing: bool = True
    checkpointing: bool = True


Category = Literal["adapters", "soft prompts", "other additive", "selective", "reparametrisation", "whole model"]
"""Where a method stands in the field, by what it trains: networks put in, vectors put before or into the text, other weights put in, some
of the base's weights, a change of its weights with a form of its own, or all of them."""


@dataclass(frozen=True)
class Phase:
    """A stretch of training with its own trainable set; most methods have one.

    resting: patterns of the names of trained parameters that keep still in it ("*_weights.default.up.*"). The learning rate warms up and
    falls in each phase anew, up to learning_rate_factor times the recipe's.
    """

    steps: int
    learning_rate_factor: float = 1.0
    resting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Start:
    """What a method may ask before the first step of a training, on every process alike.

    batches: micro-batches of the run from its first step on, all processes' shares. forward: the objective's loss of one, without
    gradients. whole_base: the base as it was before its weights were packed, on the CPU.
    """

    batches: Iterator[Batch]
    forward: Callable[[Batch], object]
    whole_base: Callable[[], Module]


@dataclass(frozen=True)
class HeadFacts:
    """The head that the objective puts on the body, with n_classes outputs (a scalar head has one); all of it is trained."""

    head: Head
    n_classes: int = 0

    @property
    def n_outputs(self) -> int:
        return 1 if self.head == "scalar" else self.n_classes

    def modules(self, facts: ModelFacts) -> tuple[str, ...]:
        """Return the names of the head's modules; none for the language-model head, which belongs to the model."""
        return () if self.head == "lm" else self._shape(facts).modules

    def n_params(self, facts: ModelFacts) -> int:
        """Return the parameters of the head; 0 for the language-model head, which the model's own count holds."""
        return 0 if self.head == "lm" else self._shape(facts).n_params(self.n_outputs)

    def _shape(self, facts: ModelFacts) -> HeadShape:
        shape: Head = "classes" if self.head == "labels" else self.head
        if shape not in facts.heads:
            what = f"{facts.family} models have no head for {self.head} here"
            raise MethodError("H005", what, where="objective", fix="model.path= a model of another family, or objective=sft")
        return facts.heads[shape]


class Method(BaseModel, frozen=True, extra="forbid"):
    """Which weights change. A method is its config; the field `name` is its tag in the recipe."""

    paper: ClassVar[str]
    category: ClassVar[Category]
    when: ClassVar[str]
    """When to use it, in a sentence."""
    traits: ClassVar[Traits] = Traits()
    default_learning_rate: ClassVar[float] = 2e-4
    name: str

    def settled(self, tasks: Sequence[str]) -> Method:
        """Return the method for data of these tasks (sorted; none where data.task is not given), as it stands in recipe.lock then.

        Raises MethodError R018 where it needs several.
        """
        return self

    def worded(self, read: Callable[[str], Sequence[int]], vocabulary: Vocabulary, labels: Sequence[str]) -> Method:
        """Return the method with its words as ids of the model's tokenizer (`read`), as it stands in recipe.lock then.

        labels: names of the data's classes; () where it has none.
        """
        return self

    @property
    def n_places(self) -> int:
        """How many places of the model's context the method takes in every row."""
        return 0

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig | None:
        """Return the peft config for this model, or None when weights of the base are trained.

        Called before weights are read. Raises MethodError naming the value to change.
        """
        return None

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        """Return the number of trained parameters in closed form; equal to the built model's unless data-dependent."""
        raise NotImplementedError

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        """Return `model` made ready to train: only trained parameters require a gradient."""
        from peft import get_peft_model

        config = self.build(facts, head, horizon)
        if config is None:
            raise NotImplementedError(f"{type(self).__name__} builds no peft config and does not attach itself")
        return get_peft_model(model, config)  # type: ignore[arg-type,return-value]

    def check_base(self, quantize: str) -> None:
        """Raise MethodError where this very setting does not go with how the base is stored: none, nf4 or int8. What no setting of the
        method goes with is a trait."""

    def initialise(self, model: Module, start: Start) -> None:
        """Give trained weights a beginning that follows from the data or the base. Called once, before the first step; not on resuming."""

    def phases(self, horizon: Horizon) -> tuple[Phase, ...]:
        return (Phase(horizon.steps),)

    def param_groups(self, model: Module, learning_rate: float) -> list[dict[str, Any]]:
        """Return optimizer groups; weights with two or more dimensions decay, vectors (norms, biases) do not."""
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        decayed = [p for _, p in named if p.ndim >= 2]
        plain = [p for _, p in named if p.ndim < 2]
        groups: list[dict[str, Any]] = [{"params": decayed, "lr": learning_rate}]
        if plain:
            groups.append({"params": plain, "lr": learning_rate, "weight_decay": 0.0})
        return [group for group in groups if group["params"]]

    def during(self, model: Module, batch: Batch, step: int, phase: int) -> AbstractContextManager[None]:
        """Return what surrounds a micro-batch's forward and backward pass in training: which adapter each row passes, say.

        phase: which of `phases` the step is in.
        """
        return nullcontext()

    def loss(self, model: Module, compute: Callable[[], Loss]) -> Loss:
        """Return the loss of a micro-batch; `compute` asks the objective, each time with a new forward pass.

        A method whose training compares two passes adds a term of its own, in the units of the objective.
        """
        return compute()

    def penalty(self, model: Module, step: int) -> Tensor | None:
        """Return what is added to the loss of a whole update, once: a function of the weights alone. None for nothing."""
        return None

    def after_step(self, model: Module, step: int) -> None:
        """Called after each update, before gradients are cleared."""

    def remembered(self, model: Module) -> dict[str, Tensor]:
        """Return what the method keeps from step to step beside trained weights: checkpoints hold it."""
        return {}

    def recall(self, model: Module, kept: Mapping[str, Tensor]) -> None:
        """Put back what `remembered` gave at a checkpoint."""


METHODS: Registry[type[Method]] = Registry("method")


def select_linears(facts: ModelFacts, targets: str | tuple[str, ...]) -> Mapping[str, LinearShape]:
    """Return the linear maps that `targets` names: "all-linear", or module names / path patterns.

    "q_proj" matches every module of that name; "model.layers.0.*" is matched against the whole path.
    Raises MethodError R003 with the names that exist when one matches nothing.
    """
    if targets == "all-linear":
        return facts.linears
    wanted = (targets,) if isinstance(targets, str) else targets
    chosen: dict[str, LinearShape] = {}
    for pattern in wanted:
        hits = {path: shape for path, shape in facts.linears.items() if _matches(path, pattern)}
        if not hits:
            names = sorted({path.rsplit(".", 1)[-1] for path in facts.linears})
            raise MethodError(
                "R003",
                f'no module of this {facts.family} model matches "{pattern}". Modules: {", ".join(names)}',
                where="method.target_modules",
                fix="target_modules=all-linear",
            )
        chosen |= hits
    return {path: shape for path, shape in facts.linears.items() if path in chosen}


def _matches(path: str, pattern: str) -> bool:
    return path.rsplit(".", 1)[-1] == pattern or fnmatch.fnmatchcase(path, pattern)


def places_of(facts: ModelFacts, *roles: LinearRole, cross: bool = True) -> tuple[str, ...]:
    """Return the paths of the linear maps that have one of these roles, in the order of the model. cross: those to the encoder too.

    Raises MethodError R003 when the model has none (a mixture's experts are no linear maps).
    """
    found = tuple(path for path, place in facts.places.items() if place.role in roles and (cross or not place.cross))
    lacking = [role for role in roles if not any(place.role == role for place in facts.places.values())]
    if not found or lacking:
        what = f"this {facts.family} model has no linear map of the kind {', '.join(lacking or roles)}"
        raise MethodError("R003", what, where="method", fix="method=lora")
    return found


def feed_forward_blocks(facts: ModelFacts) -> dict[str, str]:
    """Return, for each feed-forward block, the path of its last linear map -> that of its first, which reads the block's input.

    Raises MethodError R003 as `places_of`.
    """
    begins: dict[tuple[str, int], str] = {}
    for path, place in facts.places.items():
        if place.role in ("gate", "gate_up", "up"):
            begins.setdefault((place.blocks, place.layer), path)
    ends = places_of(facts, "feed_forward_output")
    return {end: begins[facts.places[end].blocks, facts.places[end].layer] for end in ends}


def modules_to_save(facts: ModelFacts, head: HeadFacts) -> list[str] | None:
    """Return the modules of the head by the names that peft knows them by; None for no new head."""
    return [module.rsplit(".", 1)[-1] for module in head.modules(facts)] or None


def task_type(facts: ModelFacts, head: HeadFacts) -> Any:
    """Return peft's word for the head on this kind of model; None for a masked-language head, for which it has none."""
    from peft import TaskType

    if head.head in ("classes", "labels", "scalar"):
        return TaskType.SEQ_CLS
    if head.head == "tags":
        return TaskType.TOKEN_CLS
    of_kind = {"decoder": TaskType.CAUSAL_LM, "encoder-decoder": TaskType.SEQ_2_SEQ_LM, "encoder": None}
    return of_kind[facts.kind]
