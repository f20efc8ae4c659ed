"""A model asked about many examples at once: losses, class probabilities, features, answers. Shared by validation, comparison and predict.

Every rank asks about its share and the shares are put together, so numbers do not depend on the number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from afina.generate import Sampling, generate
from afina.job import Job
from afina.objectives import Objective
from afina.score import Actor, in_parts
from afina.strategy import Single
from afina.types import IGNORE_INDEX, Batch, Context, Example, Vocabulary

NO_VOCABULARY = Vocabulary()
EVAL_TOKENS = 2048
"""Padded tokens per forward pass when no gradient is kept."""


class Ask:
    """Asks one model. `micro_tokens` bounds the padded tokens of a forward pass; it changes speed only.

    vocabulary: for objectives that put noise over tokens, which is the same at every evaluation.
    """

    def __init__(
        self,
        actor: Actor,
        objective: Objective,
        strategy: Single,
        decode: Callable[[Sequence[int]], str],
        micro_tokens: int,
        vocabulary: Vocabulary = NO_VOCABULARY,
    ) -> None:
        self.actor, self.objective, self.strategy, self.decode, self.micro_tokens = actor, objective, strategy, decode, micro_tokens
        self.context = Context(actor.kind, vocabulary)

    def nll(self, examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
        """Return each example's summed negative log-likelihood and its number of learned tokens (or 1), both float64 [N]."""

        def measured(batch: Batch) -> Tensor:
            if batch.labels_BT is not None:
                return torch.stack([-self.actor.token_logps(batch).double().sum(-1), (batch.labels_BT[:, 1:] != IGNORE_INDEX).sum(-1)], -1)
            assert batch.targets_B is not None
            logits_BC = self.actor.class_logits(batch).double()
            nll_B = F.cross_entropy(logits_BC, batch.targets_B, reduction="none", ignore_index=-1)
            return torch.stack([nll_B, batch.targets_B >= 0], -1)

        found_N2 = self._each(examples, 2, measured)
        return found_N2[:, 0], found_N2[:, 1]

    def class_logps(self, examples: Sequence[Example], n_classes: int) -> np.ndarray:
        """Return log p(class | text), float64 [N, C]."""
        return self._each(examples, n_classes, lambda batch: F.log_softmax(self.actor.class_logits(batch).double(), -1))

    def features(self, examples: Sequence[Example]) -> np.ndarray:
        """Return the hidden state of each text's last token, float32 [N, D]: what the trained head sees, so what a probe sees."""
        return self._each(examples, self.actor.hidden_size, lambda batch: self.actor.last_hidden(batch).float(), np.float32)

    def generate(self, prompts: Sequence[Sequence[int]], stop_ids: Sequence[int], max_new_tokens: int) -> list[str]:
        """Return the greedy answer to each prompt as text."""
        with self.strategy.autocast():
            answers = generate(self.actor, prompts, stop_ids, Sampling(max_new_tokens=max_new_tokens))
        return [self.decode(answer).strip() for answer in answers]

    @torch.inference_mode()
    def choice_logps(self, prompt_ids: Sequence[int], choices: Sequence[Sequence[int]]) -> list[float]:
        """Return log p(choice | prompt) of each choice, summed over its tokens."""
        self.actor.model.eval()
        with self.strategy.autocast():
            found = in_parts(range(len(choices)), lambda part: self.actor.choice_logps(prompt_ids, [choices[i] for i in part]))
            return [logp for _, logps in found for logp in logps]

    def _each(
        self, examples: Sequence[Example], width: int, measured: Callable[[Batch], Tensor], dtype: type[np.floating[Any]] = np.float64
    ) -> np.ndarray:
        """Return `measured` numbers of each example [N, width], without gradients; this rank's share in batches of similar length."""
        found_NW = np.zeros((len(examples), width), dtype=dtype)

        def of(chosen: Sequence[int]) -> np.ndarray:
            batch = self.objective.collate([examples[i] for i in chosen], self.context)
            return measured(batch.to(self.strategy.device)).cpu().numpy()

        self.actor.model.eval()
        groups = groups_by_length([len(example) for example in examples], self.micro_tokens)
        with torch.inference_mode(), self.strategy.autocast():
            for group in groups[self.strategy.rank :: self.strategy.world]:
                for chosen, numbers in in_parts(group, of):
                    found_NW[chosen] = numbers
        return self._whole(found_NW)

    def _whole(self, share: np.ndarray) -> np.ndarray:
        """Put the ranks' shares together: each holds zeros where another rank worked."""
        if self.strategy.world == 1:
            return share
        return np.asarray(self.strategy.sum(share.reshape(-1).tolist())).reshape(share.shape)


def ask_of(job: Job, actor: Actor, strategy: Single) -> Ask:
    """Return what asks a model of a job."""
    return Ask(actor, job.objective, strategy, job.decode, EVAL_TOKENS, job.tokenizer.vocabulary)


def groups_by_length(lengths: Sequence[int], micro_tokens: int) -> list[list[int]]:
    """Return indices in groups of similar length, each at most `micro_tokens` when padded (one longer example goes alone)."""
    groups: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if groups and lengths[i] * (len(groups[-1]) + 1) <= micro_tokens:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
