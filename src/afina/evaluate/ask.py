"""A model asked about many examples at once: losses, class probabilities, features, answers. Shared by validation, comparison and predict.

Every rank asks about its share and the shares are put together, so numbers do not depend on the number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from afina.evaluate.metrics.user import users_metrics
from afina.generate import Sampling, generate
from afina.job import Job
from afina.objectives import Objective
from afina.objectives.base import pad_right
from afina.objectives.choices import score_options
from afina.score import Actor, in_parts
from afina.strategy import Single
from afina.types import IGNORE_INDEX, Batch, Choices, Context, Example, Vocabulary

NO_VOCABULARY = Vocabulary()
EVAL_TOKENS = 2048
"""Padded tokens per forward pass when no gradient is kept."""


class Ask:
    """Asks one model. `micro_tokens` bounds the padded tokens of a forward pass; it changes speed only.

    vocabulary: for objectives that put noise over tokens, which is the same at every evaluation. options: those of a row by its number, as
    the file has them, where a person's own metric wants them in words.
    """

    def __init__(
        self,
        actor: Actor,
        objective: Objective,
        strategy: Single,
        decode: Callable[[Sequence[int]], str],
        micro_tokens: int,
        vocabulary: Vocabulary = NO_VOCABULARY,
        options: Mapping[int, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self.actor, self.objective, self.strategy, self.decode, self.micro_tokens = actor, objective, strategy, decode, micro_tokens
        self.context, self.options = Context(actor.kind, vocabulary), options

    def nll(self, examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
        """Return each example's summed negative log-likelihood and its number of learned tokens (or 1), both float64 [N].

        Of a choice those of the right option.
        """

        def measured(batch: Batch) -> Tensor:
            if batch.options_B is not None and batch.targets_B is not None:
                scores, right_B1 = score_options(self.actor, batch), batch.targets_B[:, None]
                return torch.cat([-scores.sums_BK.gather(-1, right_B1), scores.lengths_BK.gather(-1, right_B1)], -1).double()
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

    def outputs(self, examples: Sequence[Example], n_outputs: int) -> np.ndarray:
        """Return what the head says of each text, float64 [N, C]: of labels the log odds of each."""
        return self._each(examples, n_outputs, lambda batch: self.actor.class_logits(batch).double())

    def numbers(self, examples: Sequence[Example]) -> np.ndarray:
        """Return the number that the head gives each text, in the units of the file, float64 [N]."""
        standard = self.actor.standard
        return self.outputs(examples, 1)[:, 0] * standard.scale + standard.mean

    def option_logps(self, examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
        """Return log p of each option, summed over its tokens, and their number, both float64 [N, K]; -inf and 1 where a row has fewer."""
        n_options = max((len(example.values) for example in examples), default=0)

        def measured(batch: Batch) -> Tensor:
            scores = score_options(self.actor, batch)
            room = (0, n_options - scores.sums_BK.shape[1])
            sums_BK, lengths_BK = F.pad(scores.sums_BK, room, value=-torch.inf), F.pad(scores.lengths_BK, room, value=1.0)
            return torch.cat([sums_BK, lengths_BK], -1).double()

        found = self._each(examples, 2 * n_options, measured)
        return found[:, :n_options], found[:, n_options:]

    def features(self, examples: Sequence[Example]) -> np.ndarray:
        """Return the hidden state of each text's last token, float32 [N, D]: what the trained head sees, so what a probe sees."""
        return self._each(examples, self.actor.hidden_size, lambda batch: self.actor.last_hidden(batch).float(), np.float32)

    def tag_logps(self, examples: Sequence[Example], n_tags: int) -> list[np.ndarray]:
        """Return log p(tag | word and what the model sees of it) of each example's words, float64 [W, C] each; the words are those whose
        first token has a place in `values` (data/forms/tags.py)."""

        def measured(batch: Batch, words_BT: Tensor) -> Tensor:
            return F.log_softmax(self.actor.tag_logits(batch, words_BT).double(), -1)

        return self._each_word(examples, n_tags, measured)

    def word_features(self, examples: Sequence[Example]) -> list[np.ndarray]:
        """Return the hidden state of each word's first token, float32 [W, D] for each example."""
        width = self.actor.hidden_size
        return self._each_word(examples, width, lambda batch, words_BT: self.actor.hidden_where(batch, words_BT).float(), np.float32)

    def generate(self, prompts: Sequence[Sequence[int]], stop_ids: Sequence[int], max_new_tokens: int) -> list[str]:
        """Return the greedy answer to each prompt as text."""
        return [self.decode(answer).strip() for answer in self.written(prompts, stop_ids, max_new_tokens)]

    def written(self, prompts: Sequence[Sequence[int]], stop_ids: Sequence[int], max_new_tokens: int) -> list[list[int]]:
        """Return the greedy answer to each prompt as ids."""
        with self.strategy.autocast():
            return generate(self.actor, prompts, stop_ids, Sampling(max_new_tokens=max_new_tokens))

    @torch.inference_mode()
    def filled(self, texts: Sequence[Sequence[int]]) -> list[list[int]]:
        """Return encoded texts with each mask token replaced by the likeliest token, all of a text at once."""
        self.actor.model.eval()
        found = [list(ids) for ids in texts]

        def fill(chosen: Sequence[int]) -> list[list[int]]:
            ids_BT = pad_right([texts[i] for i in chosen], 0).to(self.strategy.device)
            lengths_B = torch.tensor([len(texts[i]) for i in chosen], device=self.strategy.device)
            gaps_BT = ids_BT == self.context.vocabulary.mask
            ids_BT[gaps_BT] = self.actor.logits_where(Batch(ids_BT, lengths_B), gaps_BT[:, 1:]).argmax(-1)
            return [row[: len(texts[i])] for i, row in zip(chosen, ids_BT.tolist(), strict=True)]

        with self.strategy.autocast():
            for group in groups_by_length([len(ids) for ids in texts], self.micro_tokens):
                for chosen, rows in in_parts(group, fill):
                    for i, row in zip(chosen, rows, strict=True):
                        found[i] = row
        return found

    def learned(self, examples: Sequence[Example]) -> list[np.ndarray]:
        """Return the tokens of each example that `nll` is about, int64 [n] each."""
        found: list[np.ndarray] = []
        for start in range(0, len(examples), 64):
            batch = self.objective.collate(examples[start : start + 64], self.context)
            assert batch.labels_BT is not None
            found += [labels_T[labels_T != IGNORE_INDEX].numpy() for labels_T in batch.labels_BT[:, 1:]]
        return found

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
        for chosen, numbers in self._measured(examples, measured):
            found_NW[chosen] = numbers
        return self._whole(found_NW)

    def _each_word(
        self,
        examples: Sequence[Example],
        width: int,
        measured: Callable[[Batch, Tensor], Tensor],
        dtype: type[np.floating[Any]] = np.float64,
    ) -> list[np.ndarray]:
        """Return `measured` numbers of each word of each example, [W, width] each."""
        ends_N = np.cumsum([sum(value != IGNORE_INDEX for value in example.values) for example in examples], dtype=np.int64)
        found_WC = np.zeros((int(ends_N[-1]) if len(ends_N) else 0, width), dtype=dtype)

        def of_words(batch: Batch) -> Tensor:
            assert batch.labels_BT is not None
            return measured(batch, batch.labels_BT != IGNORE_INDEX)

        for chosen, numbers in self._measured(examples, of_words):
            found_WC[np.concatenate([np.arange(ends_N[i - 1] if i else 0, ends_N[i]) for i in chosen])] = numbers
        return np.split(self._whole(found_WC), ends_N[:-1])[: len(examples)]

    def _measured(self, examples: Sequence[Example], measured: Callable[[Batch], Tensor]) -> Iterator[tuple[list[int], np.ndarray]]:
        """Yield which examples were asked about together, and what was measured; this rank's share, in batches of similar length."""

        def of(chosen: Sequence[int]) -> np.ndarray:
            batch = self.objective.collate([examples[i] for i in chosen], self.context)
            return measured(batch.to(self.strategy.device)).cpu().numpy()

        self.actor.model.eval()
        groups = groups_by_length([len(example) for example in examples], self.micro_tokens)
        with torch.inference_mode(), self.strategy.autocast():
            for group in groups[self.strategy.rank :: self.strategy.world]:
                yield from in_parts(group, of)

    def _whole(self, share: np.ndarray) -> np.ndarray:
        """Put the ranks' shares together: each holds zeros where another rank worked."""
        if self.strategy.world == 1:
            return share
        return np.asarray(self.strategy.sum(share.reshape(-1).tolist())).reshape(share.shape)


def ask_of(job: Job, actor: Actor, strategy: Single) -> Ask:
    """Return what asks a model of a job."""
    asked = job.dataset.splits["validation"] if job.objective.example == "choices" and users_metrics(job.recipe.eval) else ()
    options = {row.number: row.choices for row in asked if isinstance(row, Choices)}
    return Ask(actor, job.objective, strategy, job.decode, EVAL_TOKENS, job.tokenizer.vocabulary, options)


def groups_by_length(lengths: Sequence[int], micro_tokens: int) -> list[list[int]]:
    """Return indices in groups of similar length, each at most `micro_tokens` when padded (one longer example goes alone)."""
    groups: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if groups and lengths[i] * (len(groups[-1]) + 1) <= micro_tokens:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
