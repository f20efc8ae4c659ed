"""The vocabulary of methods: which weights change. One file each; importing this package registers all."""

from afina.methods import freeze as freeze
from afina.methods import full as full
from afina.methods import lora as lora
from afina.methods.base import METHODS, HeadFacts, Method, Phase, Traits

__all__ = ["METHODS", "HeadFacts", "Method", "Phase", "Traits"]
