"""merged: one plain transformers folder, the adapter added to the weights of its base in fp32. afina and peft are not needed to use it.

The folder is read back with transformers alone and must give the live trained model's scores (largest difference 1e-4) on rows of the run
and on random ids, or it is not written. Where the base was in 4 or 8 bits it is taken in full precision for both: packed weights would have
to be rounded once more.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from afina.data.encoder import Encoder
from afina.data.tokenize import Tokenizer
from afina.export.base import EXPORTERS, ExportError, Tell, quiet, staged
from afina.export.card import base_from_lock, base_of, card_text
from afina.export.forms import form_of
from afina.export.probes import MOST_TOKENS, TOLERANCE, live_scores, plain_scores, probe_ids
from afina.export.prompts import chat_template, encoder_of, own_template
from afina.models.classes import auto_class
from afina.models.facts import facts_from_config, read_config
from afina.models.quantize import base_of as packing_of
from afina.recipe.schema import ModelSpec
from afina.run import Run, read_json
from afina.types import Notice

if TYPE_CHECKING:
    from torch import Tensor, nn

    from afina.models.locate import Located
    from afina.types import Head, Kind


@EXPORTERS.register("merged")
class Merged:
    """Adapter and base as one model, or the whole trained model, for transformers alone."""

    what: ClassVar[str] = "one plain transformers folder (config, safetensors, tokenizer), adapter merged in fp32"

    def export(self, run: Run, out: Path, tell: Tell = quiet) -> Path:
        """Write `out`. Raises ExportError E101 (not equal), E102 (this type of adapter cannot be merged), E103 (not read back)."""
        from afina.models.load import head_of, load_trained
        from afina.models.locate import locate
        from afina.score import actor_of

        located = locate(ModelSpec(path=str(run.path)))
        tokenizer = Tokenizer.load(located.folder)
        head = head_of(located)[0].head
        with staged(out) as folder:
            live = load_trained(run, "cpu", "fp32", whole=True)
            actor = actor_of(live)
            longest = min(MOST_TOKENS, facts_from_config(read_config(located.body)).max_length)
            inputs = probe_ids(run, tokenizer, int(live.config.vocab_size), longest)  # type: ignore[union-attr,arg-type]
            wanted = [live_scores(actor, ids, head) for ids in inputs]
            kind = actor.kind
            whole = _merge(live, located.folder)
            del live, actor
            _write(whole, run, located, folder, kind, head)
            del whole
            check(folder, inputs, wanted, head, kind)
        if (packed := packing_of(located.folder)) != "none":
            why = f"the adapter was trained on it in {packed}, where its answers differ a little"
            tell(Notice("the base was taken in full precision", why, level="warning"))
        return out


def _merge(model: nn.Module, where: Path) -> nn.Module:
    """Fold the adapter in, on the model itself; a model without one is returned as it is."""
    import warnings

    from afina.models.adapters import merged

    if not hasattr(model, "merge_and_unload"):
        return model
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return merged(model)  # type: ignore[arg-type]
    except (AttributeError, NotImplementedError, ValueError) as error:
        what = f"this type of adapter cannot be merged into its base: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
        raise ExportError("E102", what, where=str(where), fix="use the adapter folder itself, which peft loads") from error


# --- writing ---


def _write(model: Any, run: Run, located: Located, folder: Path, kind: Kind, head: Head) -> None:
    from afina.models.quiet import quiet
    from afina.models.save import TOKENIZER_FILES

    config, encoder = model.config, encoder_of(run, located.folder)
    tokenizer = encoder.tokenizer
    if head != "lm" and kind == "decoder":
        # transformers finds a row's last token by this id; where it is the end token, which every row ends with, it would look before it
        config.pad_token_id = tokenizer.pad if tokenizer.pad is not None and tokenizer.pad != tokenizer.eos else None
    elif head == "lm" and kind != "encoder":
        _set_generation(model, located, encoder)
    with quiet():
        model.save_pretrained(str(folder))
    for name in TOKENIZER_FILES:
        if (located.folder / name).is_file():
            shutil.copyfile(located.folder / name, folder / name)
    if head != "lm" and (kind == "decoder" or not tokenizer.frames_texts):
        _end_texts(folder, tokenizer)
    template = chat_template(encoder)
    if form_of(run) in ("answers", "choices") and template and template != own_template(encoder):
        (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
    base = base_of(located.base) if located.base is not None else base_from_lock(run)
    (folder / "README.md").write_text(card_text(run, base, library="transformers", folder=".", beside=folder), encoding="utf-8")


def _end_texts(folder: Path, tokenizer: Tokenizer) -> None:
    """Make the tokenizer put the begin and end tokens around a text by itself, as each text of the training had them.

    Most tokenizers of decoders add no end token; a pipeline would then read the label at another token than the one that was trained.
    """
    import tokenizers
    from tokenizers.processors import TemplateProcessing

    if not tokenizer.eos_token:
        return
    begin = [tokenizer.bos_token] if tokenizer.adds_bos else []
    names = [(token, index) for token in dict.fromkeys([*begin, tokenizer.eos_token]) if (index := tokenizer.id_of(token)) is not None]
    between = [tokenizer.token(index) for index in tokenizer.between]
    parting = {"id": "between", "ids": list(tokenizer.between), "tokens": between}
    single, pair = [*begin, "$A", tokenizer.eos_token], [*begin, "$A", "between", "$B:1", f"{tokenizer.eos_token}:1"]
    whole = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    whole.post_processor = TemplateProcessing(single=single, pair=pair, special_tokens=[*names, parting])  # type: ignore[assignment,arg-type]
    whole.save(str(folder / "tokenizer.json"))
    config = {**read_json(folder / "tokenizer_config.json"), "add_bos_token": bool(begin), "add_eos_token": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _set_generation(model: Any, located: Located, encoder: Encoder) -> None:
    """The base's generation settings, stopping where training taught it to: at the end token and the end of turn."""
    from transformers import GenerationConfig

    origin = located.body if (located.body / "generation_config.json").is_file() else located.folder
    if (origin / "generation_config.json").is_file():
        model.generation_config = GenerationConfig.from_pretrained(str(origin))
    stops = list(encoder.stop_ids)
    if stops:
        model.generation_config.eos_token_id = stops if len(stops) > 1 else stops[0]


# --- checking ---


def check(folder: Path, inputs: Sequence[Sequence[int]], wanted: Sequence[Tensor], head: Head = "lm", kind: Kind = "decoder") -> float:
    """Read the folder with plain transformers and return the largest difference from `wanted`. Raises ExportError E101 or E103."""
    import torch
    import transformers

    from afina.models.quiet import quiet

    made: Any = getattr(transformers, auto_class(head, kind))
    try:
        with quiet():
            model = made.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False, dtype=torch.float32).eval()
            transformers.AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except Exception as error:  # whatever transformers raises, the folder is not one that it reads
        what = f"transformers does not read what was written: {(str(error).strip().splitlines() or [type(error).__name__])[0]}"
        raise ExportError("E103", what, where=str(folder), fix="use the adapter or model folder of the run itself") from error
    worst = 0.0
    with torch.inference_mode():
        for ids, scores in zip(inputs, wanted, strict=True):
            got = plain_scores(model, ids, head, kind)
            difference = float((got - scores).abs().max()) if got.shape == scores.shape else float("inf")
            worst = max(worst, difference if difference == difference else float("inf"))
    if not worst <= TOLERANCE:
        what = f"the exported model is not the trained one: scores differ by up to {worst:.2e}, {TOLERANCE:.0e} is allowed. Not written"
        raise ExportError("E101", what, where="export", fix="use the adapter or model folder of the run itself, and report this")
    return worst
