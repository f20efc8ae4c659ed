"""The vocabulary of objectives: what is minimised. One file each; importing this package registers all."""

from afina.objectives import choices as choices
from afina.objectives import classify as classify
from afina.objectives import distill as distill
from afina.objectives import lm as lm
from afina.objectives import mlm as mlm
from afina.objectives import multilabel as multilabel
from afina.objectives import regress as regress
from afina.objectives import sft as sft
from afina.objectives import span as span
from afina.objectives import tag as tag
from afina.objectives.base import OBJECTIVES, Actor, Actors, ExampleForm, Objective, Role, learned_by

__all__ = ["OBJECTIVES", "Actor", "Actors", "ExampleForm", "Objective", "Role", "learned_by"]
