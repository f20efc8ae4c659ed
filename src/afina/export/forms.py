"""What a card says of a model by the form of example that it learned: one entry for each."""

from __future__ import annotations

from dataclasses import dataclass

from afina.objectives import OBJECTIVES, ExampleForm
from afina.run import Run


@dataclass(frozen=True)
class Wording:
    """is_a: what the model is. classes: what it does with its labels, `{}` where they stand. limit: what it does wrong by nature.

    asked: what afina is asked in the card's first example. example: the template of the second one's last part, in export/use.
    pipeline: the hub's name of the task.
    """

    is_a: str
    limit: str
    asked: str
    example: str
    pipeline: str = "text-generation"
    classes: str = ""


_PREDICT = 'predict(["Write your text here."])'
_GENERATE = 'generate("Write your prompt here.")'
_FALSE = "It can state false things in good style. Nothing here checks facts."

WORDINGS: dict[ExampleForm, Wording] = {
    "label": Wording(
        "A text classifier",
        "It always picks one of its labels, also for texts that none of them fits.",
        _PREDICT,
        "label.md",
        "text-classification",
        "It tells apart {}.",
    ),
    "labels": Wording(
        "A text classifier for several labels at once",
        "It knows no labels but its own, and judges each of them for itself: none, or two that exclude each other, can come out.",
        _PREDICT,
        "labels.md",
        "text-classification",
        "It gives a text any number of {}.",
    ),
    "score": Wording(
        "A regression model",
        "It gives every text a number, also where none makes sense, and says nothing of how sure it is; those outside of the range that it "
        "learned from are guesses.",
        _PREDICT,
        "score.md",
        "text-classification",
    ),
    "tags": Wording(
        "A tagger of words",
        "It tags every word on its own: the tags of neighbouring words can contradict each other.",
        _PREDICT,
        "tags.md",
        "token-classification",
        "It gives each word one of {}.",
    ),
    "choices": Wording(
        "A model that chooses among options",
        "It always takes one of the options, also where none of them is right.",
        _PREDICT,
        "choices.md",
    ),
    "answers": Wording("A model that answers prompts", _FALSE, _GENERATE, "answers.md"),
    "text": Wording("A language model", _FALSE, _GENERATE, "answers.md"),
    "noised": Wording(
        "A language model for hidden parts of a text",
        "What it fills in is likely, not true. Nothing here checks facts.",
        _PREDICT,
        "noised.md",
        "fill-mask",
    ),
}


def form_of(run: Run) -> ExampleForm:
    """Return the form of example that a run learned."""
    return OBJECTIVES[str(run.facts().get("objective", "sft"))].example
