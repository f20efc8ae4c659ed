"""Distillation: the answers are learned from the file and from a larger model's probabilities of every next token (Hinton et al. 2015).

With p and q the next-token probabilities of teacher and student, both of scores divided by the temperature T:

    loss = sum_{t in answers} [share * T^2 * KL(p_t || q_t) + (1 - share) * -log q_t(x_t) at T = 1] / (number of answer tokens in the step)

T^2 keeps the size of the first gradient as T grows (section 2). With `reverse` the divergence is KL(q || p), which a small student can make
small without covering all that the teacher allows (Gu et al. 2023); here on the file's answers, not on the student's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from afina.objectives.base import OBJECTIVES, Actors, ExampleForm, Role, Use
from afina.objectives.lm import TokenObjective
from afina.types import IGNORE_INDEX, Batch, Chat, Completion, Kind, Loss, Row, Scores, Term

if TYPE_CHECKING:
    from torch import Tensor


@OBJECTIVES.register("distill")
class Distill(TokenObjective, frozen=True):
    """Answers to prompts, and a teacher's probabilities for each of their tokens."""

    rows: ClassVar[tuple[type[Row], ...]] = (Completion, Chat)
    example: ClassVar[ExampleForm] = "answers"
    use: ClassVar[Use] = "chat"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"decoder", "encoder-decoder"})
    paper: ClassVar[str] = "https://arxiv.org/abs/1503.02531"
    metrics: ClassVar[tuple[str, ...]] = ("loss", "perplexity", "exact_match", "rouge_l", "chrf")
    follows_from_rows: ClassVar[bool] = False
    name: Literal["distill"] = "distill"
    teacher: str = Field("", description="The model to learn from: a folder, a hub id or a finished run, with the student's tokenizer.")
    temperature: float = Field(2.0, gt=0, description="Divides the scores of both models: a higher one shows more of what is unlikely.")
    share: float = Field(0.5, ge=0, le=1, description="Weight of the teacher's probabilities; the rest is that of the file's answers.")
    reverse: bool = Field(False, description="Minimise KL(student || teacher) instead of KL(teacher || student).")

    def roles(self) -> tuple[Role, ...]:
        return (*super().roles(), Role("teacher", self.head, trains=False, source=self.teacher))

    def loss(self, actors: Actors, batch: Batch) -> Loss:
        import torch
        import torch.nn.functional as F

        assert batch.labels_BT is not None
        labels_BT = batch.labels_BT[:, 1:]
        learned_BT = labels_BT != IGNORE_INDEX
        student_NV = actors["policy"].logits_where(batch, learned_BT)
        terms: dict[str, Term] = {}
        if self.share < 1:
            nll = F.cross_entropy(student_NV, labels_BT[learned_BT], reduction="sum", label_smoothing=self.label_smoothing)
            terms["nll"] = Term(nll, "tokens", 1 - self.share)
        if self.share:
            with torch.no_grad():
                teacher_NV = actors["teacher"].logits_where(batch, learned_BT)
            terms["divergence"] = Term(self._divergence(teacher_NV, student_NV), "tokens", self.share)
        return Loss(terms, scores=Scores(student_NV, "tokens"))

    def _divergence(self, teacher_NV: Tensor, student_NV: Tensor) -> Tensor:
        """Return T^2 times the sum of the divergences. A vocabulary matrix may have rows that no token has: both are cut to the smaller."""
        import torch.nn.functional as F

        n_shared = min(teacher_NV.shape[-1], student_NV.shape[-1])
        p_NV, q_NV = (F.log_softmax(scores[:, :n_shared] / self.temperature, -1) for scores in (teacher_NV, student_NV))
        if self.reverse:
            p_NV, q_NV = q_NV, p_NV
        return self.temperature**2 * F.kl_div(q_NV, p_NV, reduction="sum", log_target=True)
