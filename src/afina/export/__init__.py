"""A trained model in other forms, each checked equal to the trained one before it gets its name; and the model card.

Importing this imports no torch: an exporter loads what it needs when it exports.
"""

from afina.export import merged as merged
from afina.export import peft_lokr as peft_lokr
from afina.export import peft_lora as peft_lora
from afina.export import peft_prompt as peft_prompt
from afina.export.base import EXPORTERS, Exporter, ExportError

__all__ = ["EXPORTERS", "ExportError", "Exporter"]
