"""Which option of a row: the one with the largest log-probability, per token or as a whole as `objective.rank_by` says.

The loss is that of the options' mean log-probabilities, -log softmax(means)[right], whatever terms were minimised: runs with other weights
of them, and the base, stay comparable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from afina.errors import UsageError
from afina.evaluate.ask import Ask
from afina.evaluate.bootstrap import interval
from afina.evaluate.tasks.base import TASKS, Meaning, Said, Scores, Task, measured, numbers_of, scored
from afina.objectives.choices import Choices as ByLogProbability
from afina.types import Choices, Example, Row

if TYPE_CHECKING:
    from afina.evaluate.trained import Trained
    from afina.objectives import Objective


class Picked(NamedTuple):
    """Of some rows: the likeliest option [N], the options' probabilities [N, K] (0 where a row has fewer), the loss [N] in nats."""

    index_N: NDArray[np.int64]
    probabilities_NK: NDArray[np.float64]
    losses_N: NDArray[np.float64]


def pick(sums_NK: NDArray[np.float64], lengths_NK: NDArray[np.float64], targets_N: Sequence[int], rank_by: str) -> Picked:
    """Rank options by log p and number of tokens; -inf is no option. targets_N: the right ones, -1 where unknown (the loss is then nan)."""
    means_NK = sums_NK / lengths_NK
    ranks_NK = means_NK if rank_by == "mean" else sums_NK
    logps_NK = _log_softmax(means_NK)
    targets = np.asarray(targets_N, dtype=np.int64)
    losses_N = np.where(targets >= 0, -logps_NK[np.arange(len(targets)), targets], np.nan)
    return Picked(ranks_NK.argmax(-1), np.exp(_log_softmax(ranks_NK)), losses_N)


def rank_by_of(objective: Objective) -> str:
    """Return what a run's options are ranked by."""
    assert isinstance(objective, ByLogProbability)
    return objective.rank_by


class MultipleChoice(Task):
    """The likeliest option and its probability among the row's options."""

    def measure(self, ask: Ask, examples: Sequence[Example], meaning: Meaning) -> dict[str, float]:
        targets = [example.target for example in examples]
        picked = pick(*ask.option_logps(examples), targets, rank_by_of(ask.objective))
        found = {"loss": float(picked.losses_N.mean()), "accuracy": float((picked.index_N == np.asarray(targets)).mean())}
        if not meaning.own:
            return found
        numbers = numbers_of(examples)
        options = [ask.options[number] for number in numbers]
        got = [offered[index] for offered, index in zip(options, picked.index_N.tolist(), strict=True)]
        wanted = [offered[target] for offered, target in zip(options, targets, strict=True)]
        return {**found, **measured(meaning.own, got, wanted, numbers)}

    def predict(self, trained: Trained, rows: Sequence[Row]) -> Said:
        examples, said = trained.examples(rows)
        picked = pick(*trained.ask.option_logps(examples), [example.target for example in examples], rank_by_of(trained.objective))
        found = {example.number: place for place, example in enumerate(examples)}
        lines: list[dict[str, object]] = []
        for row in rows:
            assert isinstance(row, Choices)
            line: dict[str, object] = {"prompt": row.prompt, "choice": "", "index": -1, "probability": 0.0}
            if (place := found.get(row.number)) is not None:
                index = int(picked.index_N[place])
                probability = round(float(picked.probabilities_NK[place, index]), 6)
                line = {"prompt": row.prompt, "choice": row.choices[index], "index": index, "probability": probability}
            lines.append(line)
        return Said(lines, said)

    def answer(self, trained: Trained, texts: Sequence[str]) -> list[str]:
        """Raises UsageError U006 where the options came with each row."""
        options = trained.recipe.data.choices
        if not options:
            what = f"{trained.run.name} chooses among the options of a row, and a bare text brings none"
            raise UsageError("U006", what, where=str(trained.run.path), fix=f"afina predict {trained.run.path} FILE")
        said = self.predict(trained, [Choices(number, text, options, -1) for number, text in enumerate(texts)])
        return [line["choice"] for line in said.lines]

    def score(self, trained: Trained, rows: Sequence[Row]) -> Scores:
        n, seed = trained.recipe.eval.bootstrap, trained.recipe.seed
        examples, said = trained.examples(rows)
        targets = [example.target for example in examples]
        picked = pick(*trained.ask.option_logps(examples), targets, rank_by_of(trained.objective))
        chosen = dict(zip(numbers_of(examples), picked.index_N.tolist(), strict=True))
        asked = [row for row in rows if isinstance(row, Choices)]
        metrics = {
            "loss": interval(picked.losses_N, seed=seed, n=n),
            "accuracy": interval([float(chosen.get(row.number) == row.answer) for row in asked], seed=seed, n=n),
        }
        got = [row.choices[chosen[row.number]] if row.number in chosen else "" for row in asked]
        wanted = [row.choices[row.answer] for row in asked]
        return Scores(metrics | scored(trained, (), got, wanted, [row.number for row in asked]), said)


def _log_softmax(values_NK: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted_NK = values_NK - values_NK.max(-1, keepdims=True)
    return shifted_NK - np.log(np.exp(shifted_NK).sum(-1, keepdims=True))


TASKS.register("choices")(MultipleChoice())
