"""Which class of transformers holds a model."""

from __future__ import annotations

from afina.types import Head, Kind

_OF_KIND: dict[Kind, str] = {
    "decoder": "AutoModelForCausalLM",
    "encoder": "AutoModelForMaskedLM",
    "encoder-decoder": "AutoModelForSeq2SeqLM",
}


def auto_class(head: Head, kind: Kind) -> str:
    """Return the name of the class of transformers for a kind of model with a head."""
    if head == "lm":
        return _OF_KIND[kind]
    return "AutoModelForTokenClassification" if head == "tags" else "AutoModelForSequenceClassification"
