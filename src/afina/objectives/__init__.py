"""The vocabulary of objectives: what is minimised. One file each; importing this package registers all."""

from afina.objectives import classify as classify
from afina.objectives import lm as lm
from afina.objectives import sft as sft
from afina.objectives.base import OBJECTIVES, Actor, Actors, ExampleForm, Objective, Role

__all__ = ["OBJECTIVES", "Actor", "Actors", "ExampleForm", "Objective", "Role"]
