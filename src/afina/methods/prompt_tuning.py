"""Prompt tuning: learned rows before the embeddings of the tokens, everything else frozen (Lester et al. 2021, section 2).

    [P; E(x)]

Shapes: P [n, D], E(x) [T, D]. Trained: n D. Of an encoder-decoder the encoder reads the prompt, and the decoder attends to it. The prompt
takes n places of the model's context. P begins as embeddings of common tokens, of a text, or of the names of the classes (section 3.2);
"random" is drawn as wide as the model's own table is spread, not uniformly from [-0.5, 0.5], which suits T5's large embeddings only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, Category, HeadFacts, Method, Traits, modules_to_save, task_type
from afina.types import Horizon, ModelFacts, Vocabulary

if TYPE_CHECKING:
    from peft import PeftConfig

Ids = tuple[int, ...]


class SoftPrompt(Method, frozen=True):
    """What methods with a prompt before the text share: how many rows it has, and where it stands."""

    category: ClassVar[Category] = "soft prompts"
    traits: ClassVar[Traits] = Traits(quantized_base=True, mixed_batch=True, identity=False)

    n: int = Field(20, ge=1, le=2000, description="Rows of the prompt; they take as many places of the model's context.")

    @property
    def n_places(self) -> int:
        return self.n

    def placed(self, facts: ModelFacts, head: HeadFacts) -> dict[str, Any]:
        """Return what a config says of the body that reads the prompt. Raises MethodError R005 for a prompt that leaves no context."""
        check_room(self.n, facts)
        reader = [reader_of(facts)] if facts.kind == "encoder-decoder" else []
        return {
            "n": self.n,
            "reader": reader[0] if reader else None,
            "target_modules": [facts.body, *reader],
            "task_type": task_type(facts, head),
            "modules_to_save": modules_to_save(facts, head),
        }


def check_room(n: int, facts: ModelFacts) -> None:
    """Raise MethodError R005 for a prompt that leaves less than half of the context to the text."""
    if 2 * n > facts.max_length:
        what = f"n={n} takes more than half of the {facts.max_length} places of the context"
        raise MethodError("R005", what, where="method.n", fix=f"n={max(1, facts.max_length // 10)}")


def reader_of(facts: ModelFacts) -> str:
    """Return the path of the decoder of an encoder-decoder."""
    return facts.blocks.rsplit(".", 1)[0]


def rows_of_text(text: Ids, n: int) -> tuple[Ids, ...]:
    """Return n rows of one token each: the tokens of a text, over and over."""
    return tuple((text[row % len(text)],) for row in range(n))


@METHODS.register("prompt_tuning")
class PromptTuning(SoftPrompt, frozen=True):
    """A learned prompt before the text, in the space of the embeddings."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2104.08691"
    when: ClassVar[str] = "A large base and many tasks: a few thousand numbers a task; on small models others learn more."
    default_learning_rate: ClassVar[float] = 1e-2

    name: Literal["prompt_tuning"] = "prompt_tuning"
    init: Literal["vocabulary", "text", "labels", "random"] = Field(
        "vocabulary", description="What the prompt begins as: common tokens, method.text, the names of the classes, or random numbers."
    )
    text: str = Field("", description="With init=text: what the prompt begins as, repeated where it is shorter than the prompt.")
    start: tuple[Ids, ...] = Field((), description="Token ids whose mean embedding each row begins as; found from text or labels.")

    def worded(self, read: Callable[[str], Sequence[int]], vocabulary: Vocabulary, labels: Sequence[str]) -> Method:
        if self.start or self.init not in ("text", "labels"):
            return self
        if self.init == "text":
            ids = tuple(read(self.text))
            start = rows_of_text(ids, self.n) if ids else ()
        else:
            start = tuple(tuple(read(label)) for label in labels[: self.n])
        return self.model_copy(update={"start": start})

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.prompt import PromptConfig

        if self.init in ("text", "labels") and not self.start:
            lacking = "method.text is empty" if self.init == "text" else "the data has no classes"
            raise MethodError("R005", f"init={self.init}, but {lacking}", where="method.init", fix="method.init=vocabulary")
        init = "random" if self.init == "random" else "vocabulary"
        start = [list(ids) for ids in self.start] or None
        return PromptConfig(**self.placed(facts, head), init=init, start=start)

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        return self.n * facts.hidden_size + head.n_params(facts)
