"""The families of models and what their configs say: `FAMILIES` maps a config's model_type to one."""

from afina.models.families import decoders as decoders
from afina.models.families import encoder_decoders as encoder_decoders
from afina.models.families import encoders as encoders
from afina.models.families.base import FAMILIES as FAMILIES
from afina.models.families.base import Config as Config
