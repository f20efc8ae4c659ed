"""WARP: prompts around and inside the text with a hidden token, and a learned verbaliser (Hambardzumyan et al. 2021, section 3).

    [CLS] P_1 text P_2 [MASK] P_3 [SEP] other text P_4 [SEP]        p(class) = softmax(V h + c),   h at [MASK]

Shapes: P [n, D] in four parts, h [D] by the base's masked-language transform (dense map, activation, norm; frozen), V [C, D], c [C].
Trained: n D + C D + C; no new pooler. P begins as the embedding of [MASK]; noise of the base (dropout) is off. The separators of the
tokenizer stay. A decoder, our adaptation: the prompt in front, beginning as common tokens, and its class head at the last token for V.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from pydantic import Field

from afina.errors import MethodError
from afina.methods.base import METHODS, HeadFacts, Method, Traits
from afina.methods.prompt_tuning import SoftPrompt
from afina.types import Batch, Horizon, ModelFacts, Vocabulary

if TYPE_CHECKING:
    from peft import PeftConfig
    from torch import Tensor
    from torch.nn import Module

FAMILIES = ("bert", "roberta", "xlm-roberta")
"""Encoders whose class head reads one state, and whose masked-language head is a dense map and a norm before the vocabulary."""


@METHODS.register("warp")
class Warp(SoftPrompt, frozen=True):
    """Prompts inside the text, and a verbaliser that reads a hidden token."""

    paper: ClassVar[str] = "https://arxiv.org/abs/2101.00121"
    when: ClassVar[str] = "Classes from few examples on a BERT or RoBERTa: it asks the base what it was trained for."
    traits: ClassVar[Traits] = Traits(
        kinds=frozenset({"decoder", "encoder"}),
        heads=frozenset({"classes", "labels", "scalar"}),
        quantized_base=True,
        checkpointing=False,
        identity=False,
    )
    default_learning_rate: ClassVar[float] = 1e-3

    name: Literal["warp"] = "warp"
    n: int = Field(20, ge=0, le=2000, description="Rows of the prompt, in four parts; they take as many places of the context.")
    mask: int = Field(-1, ge=-1, description="Id of the token that hides; found in the tokenizer.")

    @property
    def n_places(self) -> int:
        return self.n + 1

    def worded(self, read: Callable[[str], Sequence[int]], vocabulary: Vocabulary, labels: Sequence[str]) -> Method:
        return self if self.mask >= 0 or vocabulary.mask is None else self.model_copy(update={"mask": vocabulary.mask})

    def build(self, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> PeftConfig:
        from afina.tuners.warp import WarpConfig

        placed = self.placed(facts, head)
        if facts.kind == "decoder":
            if not self.n:
                raise MethodError("R005", "n=0: a decoder has no hidden token to read", where="method.n", fix="method.n=20")
            return WarpConfig(**placed)
        if facts.family not in FAMILIES:
            what = f"WARP is made for {', '.join(FAMILIES)}: the head of {facts.family} models is built in another way"
            raise MethodError("R003", what, where="method", fix="method=prompt_tuning")
        if self.mask < 0:
            what = "the tokenizer has no token that hides another"
            raise MethodError("R003", what, where="method", fix="method=prompt_tuning")
        head_path = head.modules(facts)[-1]
        # for SEQ_CLS peft trains a copy of `classifier` besides, which the verbaliser stands for
        placed |= {"task_type": None, "modules_to_save": None, "target_modules": [facts.body, head_path], "verbaliser": head_path}
        return WarpConfig(**placed, mask=self.mask, start=[[self.mask]] * self.n, n_outputs=head.n_outputs)

    def attach(self, model: Module, facts: ModelFacts, head: HeadFacts, horizon: Horizon) -> Module:
        made = super().attach(model, facts, head, horizon)
        if facts.kind == "encoder":
            _read_transform(made, Path(str(model.config._name_or_path)))  # type: ignore[union-attr]
        return made

    def n_trainable(self, facts: ModelFacts, head: HeadFacts) -> int:
        of_prompt = self.n * facts.hidden_size
        return of_prompt + (head.n_params(facts) if facts.kind == "decoder" else head.n_outputs * (facts.hidden_size + 1))

    def during(self, model: Module, batch: Batch, step: int, phase: int) -> AbstractContextManager[None]:
        return _still(model)


@contextmanager
def _still(model: Module) -> Generator[None]:
    """Inside, no dropout."""
    model.eval()
    try:
        yield
    finally:
        model.train()


def _read_transform(model: Module, folder: Path) -> None:
    """Read the base's masked-language transform, which a model for classes leaves out. Raises MethodError R003 where there is none."""
    from safetensors import safe_open

    from afina.tuners.warp import TRANSFORMS, read_transform

    wanted = tuple(name for names in TRANSFORMS for name in names)
    tensors: dict[str, Tensor] = {}
    for path in sorted(folder.glob("*.safetensors")):
        with cast("Any", safe_open(path, framework="pt")) as file:
            tensors |= {key: file.get_tensor(key) for key in file.keys() if key.startswith(wanted)}  # noqa: SIM118  it is no dict
    if not read_transform(model, tensors):
        what = "this model was saved without its masked-language head, which the verbaliser reads through"
        raise MethodError("R003", what, where="model.path", fix="model.path=the model before it learned classes, or method=prompt_tuning")
