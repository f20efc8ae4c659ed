"""Small values that cross module borders. Nothing here imports torch."""

from afina.types.examples import Context, Example, Standard, Vocabulary
from afina.types.losses import Batch, Loss, Term
from afina.types.models import Attention, HeadShape, LinearShape, ModelFacts, NormShape, Place
from afina.types.models import Role as LinearRole
from afina.types.names import IGNORE_INDEX, Head, Horizon, Kind, Level, Notice, Split, Unit
from afina.types.rows import (
    Chat,
    Choices,
    Completion,
    Feedback,
    Labelled,
    Message,
    MultiLabelled,
    Pair,
    Preference,
    Prompt,
    Row,
    Scored,
    Tagged,
    Text,
)

__all__ = [
    "IGNORE_INDEX",
    "Attention",
    "Batch",
    "Chat",
    "Choices",
    "Completion",
    "Context",
    "Example",
    "Feedback",
    "Head",
    "HeadShape",
    "Horizon",
    "Kind",
    "Labelled",
    "Level",
    "LinearRole",
    "LinearShape",
    "Loss",
    "Message",
    "ModelFacts",
    "MultiLabelled",
    "NormShape",
    "Notice",
    "Pair",
    "Place",
    "Preference",
    "Prompt",
    "Row",
    "Scored",
    "Split",
    "Standard",
    "Tagged",
    "Term",
    "Text",
    "Unit",
    "Vocabulary",
]
