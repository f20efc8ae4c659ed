"""How a run's model was taught to read and to stop, from the run's own files: what exports and cards must keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from afina.compare.report.setting import lock_of
from afina.data.encoder import Encoder
from afina.data.template import ChatTemplate
from afina.data.tokenize import Tokenizer
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.run import Run
from afina.types import Kind, Message


def settled(run: Run) -> dict[str, Any]:
    """Return the recipe as recipe.lock holds it, without `auto`; empty where there is none."""
    recipe = lock_of(run).get("recipe")
    return recipe if isinstance(recipe, dict) else {}


def encoder_of(run: Run, folder: Path) -> Encoder:
    """Return the encoder of the training, with the tokenizer of `folder`. Raises AfinaError as Tokenizer.load and Encoder do."""
    template = str((settled(run).get("data") or {}).get("template", "auto"))
    return Encoder(Tokenizer.load(folder), DataSpec(template=template), 64, kind=kind_of(run))


def kind_of(run: Run) -> Kind:
    """Return the kind of the run's model; before afina knew others, all were decoders."""
    return run.facts().get("kind", "decoder")


def chat_template(encoder: Encoder) -> str:
    """Return the chat template with which transformers renders what was trained on; "" for the plain format.

    afina adds the begin token where a template leaves it out and the tokenizer wants one; transformers does not, so it is written in.
    afina leaves off what a template opens an answer with and no learned answer follows (a thought, mostly); so does what is returned.
    """
    if encoder.template is None:
        return ""
    try:
        text = encoder.template.render([Message("user", "a")], add_generation_prompt=True)
    except DataError:
        return encoder.template.source
    lacking = bool(encoder.bos) and not text.startswith(encoder.tokenizer.bos_token)
    return ("{{ bos_token }}" if lacking else "") + _asking_as_trained(encoder.template)


def _asking_as_trained(template: ChatTemplate) -> str:
    """Return the source of a template that renders as `template` does, but ends its request for an answer before what is withheld.

    The empty expressions keep the line breaks beside the block, which Jinja would take away.
    """
    if not template.withheld:
        return template.source
    ending = template.withheld.encode("unicode_escape").decode().replace('"', '\\"')
    cut = f'{{{{ text[:-{len(template.withheld)}] if add_generation_prompt and text.endswith("{ending}") else text }}}}'
    return "{% set text %}{{ '' }}" + template.source.removesuffix("\n") + "{{ '' }}{% endset %}" + cut


def own_template(encoder: Encoder) -> str:
    """Return the chat template that lies beside the tokenizer; "" where there is none."""
    return encoder.tokenizer.template.source if encoder.tokenizer.template else ""
