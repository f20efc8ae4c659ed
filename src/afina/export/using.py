"""What the examples of a card need: how the run's model was asked in training, said for transformers and peft alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from afina.errors import AfinaError
from afina.export.forms import WORDINGS, form_of
from afina.export.prompts import chat_template, encoder_of, kind_of, own_template, settled
from afina.models.classes import auto_class
from afina.objectives import OBJECTIVES, ExampleForm
from afina.run import Run, read_json
from afina.types import Completion

if TYPE_CHECKING:
    from afina.data.encoder import Encoder

Library = Literal["peft", "transformers"]


def use_of(run: Run, library: Library, folder: str, beside: Path) -> dict[str, Any]:
    """Return what the examples need: the class of the model, how a prompt is written, and where an answer ends."""
    form, kind, recipe = form_of(run), kind_of(run), settled(run)
    objective, options = recipe.get("objective") or {}, (recipe.get("data") or {}).get("choices") or ()
    use: dict[str, Any] = {
        "folder": folder,
        "kind": kind,
        "auto": auto_class(OBJECTIVES[str(run.facts().get("objective", "sft"))].head, kind),
        "asked": WORDINGS[form].asked,
        "pair": read_json(run.data / "report.json").get("shape") in ("pair", "scored_pair"),
        "framed": False,
        "between": [],
        "prompt": "text" if form == "text" else "plain",
        "stops": [],
        "bos": "",
        "eos": "",
        "set_template": "",
        "stacked": False,
        "threshold": objective.get("threshold", 0.5),
        "mean": _mean_beside(run, library, beside),
        "rank_by": objective.get("rank_by", "mean"),
        "fixed": bool(options),
        "options": list(options) or ["Write an option here.", "Write another here."],
    }
    try:
        use |= _laid_out(encoder_of(run, run.trained), form)
        if use["prompt"] == "chat":
            wanted = chat_template(encoder_of(run, run.trained))
            use["set_template"] = "" if wanted == own_template(encoder_of(run, beside)) else wanted
    except AfinaError:
        pass
    if run.is_adapter:
        named = read_json(run.trained / "adapter_config.json").get("base_model_name_or_path") or ""
        use["stacked"] = library == "peft" and (Path(str(named)) / "adapter_config.json").is_file()
    return use


def _laid_out(encoder: Encoder, form: ExampleForm) -> dict[str, Any]:
    """Return how the encoder of the training lays out what is asked, and where an answer ends."""
    tokenizer = encoder.tokenizer
    anchor, anchor_ids = tokenizer.anchor
    vocabulary = tokenizer.vocabulary
    hole = (
        tokenizer.token(next(iter(vocabulary.sentinels), vocabulary.mask if vocabulary.mask is not None else -1))
        if form == "noised"
        else ""
    )
    holed = f"Write a text with {hole} in it."
    found: dict[str, Any] = {
        "stops": list(encoder.stop_ids),
        "bos": f"tokenizer.{'cls' if encoder.kind == 'encoder' else 'bos'}_token_id" if encoder.bos else "",
        "eos": f"tokenizer.{'sep' if encoder.kind == 'encoder' else 'eos'}_token_id" if encoder.eos else "",
        "framed": tokenizer.frames_texts,
        "between": list(tokenizer.between),
        "spaced": not anchor,
        "holed": holed,
    }
    if form == "noised":
        found["asked"] = f"predict([{json.dumps(holed, ensure_ascii=False)}])"
    if encoder.template is not None and form in ("answers", "choices"):
        found["prompt"] = "chat"
    if form == "choices":
        written = encoder.kind == "encoder-decoder"
        one = next(encoder.sequences(Completion(0, "a", "b")))[1] if written else encoder.segments(Completion(0, "a", "b"))[0][-1].ids
        follows = not written
        found |= {
            "anchor": anchor if follows else "",
            "n_anchor": len(anchor_ids),
            "ending": one[len(tokenizer.encode("b", follows=follows)) :],
        }
    return found


def _mean_beside(run: Run, library: Library, beside: Path) -> float:
    """Return what is to be added to a decoder's number, where its head could not hold it."""
    where = beside / ("head.json" if library == "peft" else "config.json")
    return float(read_json(where).get("regression_mean", 0.0)) if where.is_file() else 0.0
