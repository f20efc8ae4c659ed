"""The vocabulary of methods: which weights change. One file each; importing this package registers all."""

from afina.methods import adalora as adalora
from afina.methods import adamix as adamix
from afina.methods import adapter_fusion as adapter_fusion
from afina.methods import attention_fusion as attention_fusion
from afina.methods import bitfit as bitfit
from afina.methods import boft as boft
from afina.methods import compacter as compacter
from afina.methods import fourierft as fourierft
from afina.methods import freeze as freeze
from afina.methods import full as full
from afina.methods import houlsby as houlsby
from afina.methods import hra as hra
from afina.methods import ia3 as ia3
from afina.methods import ipt as ipt
from afina.methods import krona as krona
from afina.methods import ladder_side as ladder_side
from afina.methods import lets as lets
from afina.methods import llama_adapter as llama_adapter
from afina.methods import ln_tuning as ln_tuning
from afina.methods import loha as loha
from afina.methods import lokr as lokr
from afina.methods import lora as lora
from afina.methods import oft as oft
from afina.methods import p_tuning as p_tuning
from afina.methods import parallel as parallel
from afina.methods import peft_any as peft_any
from afina.methods import pfeiffer as pfeiffer
from afina.methods import prefix_tuning as prefix_tuning
from afina.methods import prompt_tuning as prompt_tuning
from afina.methods import spectrum as spectrum
from afina.methods import vera as vera
from afina.methods import warp as warp
from afina.methods.base import METHODS, HeadFacts, Method, Phase, Start, Traits

__all__ = ["METHODS", "HeadFacts", "Method", "Phase", "Start", "Traits"]
