"""The vocabulary of optimizers: how the weights move. One file each; importing this package registers all."""

from afina.optimizers import adafactor as adafactor
from afina.optimizers import adalomo as adalomo
from afina.optimizers import adamw as adamw
from afina.optimizers import adamw4bit as adamw4bit
from afina.optimizers import adamw8bit as adamw8bit
from afina.optimizers import adamwfp8 as adamwfp8
from afina.optimizers import apollo as apollo
from afina.optimizers import galore as galore
from afina.optimizers import lion as lion
from afina.optimizers import lomo as lomo
from afina.optimizers import muon as muon
from afina.optimizers import paged_adamw8bit as paged_adamw8bit
from afina.optimizers import schedule_free as schedule_free
from afina.optimizers import sgd as sgd
from afina.optimizers.base import OPTIMIZERS, Group, Matrix, Optimizer, Shared, Traits

__all__ = ["OPTIMIZERS", "Group", "Matrix", "Optimizer", "Shared", "Traits"]
