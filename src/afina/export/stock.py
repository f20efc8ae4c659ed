"""An adapter in one of peft's own types, where the mathematics allows: written, read back by peft alone, and compared.

What an adapter of ours computes is said again in the words of a type that any program with peft knows (vLLM, TGI and text-generation tools
read LoRA). The heads that were trained with it go along.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afina.data.tokenize import Tokenizer
from afina.export.base import ExportError, staged
from afina.export.card import base_of, card_text
from afina.export.probes import MOST_TOKENS, TOLERANCE, live_scores, probe_ids
from afina.models.facts import facts_from_config, read_config
from afina.models.quantize import BASE
from afina.recipe.schema import ModelSpec
from afina.run import Run

if TYPE_CHECKING:
    from torch import Tensor, nn

    from afina.models.locate import Located

ADAPTER = "default"
BESIDE = ("labels.json", "head.json", BASE)
"""What peft's files do not say of an adapter."""


@dataclass(frozen=True)
class Live:
    """The trained model as it computes. head: what it was trained with."""

    located: Located
    model: Any
    head: str
    kind: str
    peft_type: str

    @property
    def config(self) -> dict[str, Any]:
        """The adapter's config as it lies in the run."""
        return read_config(self.located.folder, "adapter_config.json")


@dataclass(frozen=True)
class Stock:
    """An adapter in a type of peft's. tensors: under the names of peft's file. config: what its type adds to the common keys."""

    config: Mapping[str, Any]
    tensors: Mapping[str, Tensor]


Scores = Callable[[Any, Sequence[int]], "Tensor"]
"""Asks a model that peft alone has read for the scores of some ids."""


def write_stock(run: Run, out: Path, convert: Callable[[Live], Stock], scores: Scores | None = None) -> Path:
    """Write the folder `out`: what `convert` makes of the run's adapter, compared with the trained model before it gets its name.

    scores: how the model that was read back is asked, where not as the trained one. Raises ExportError E104 (no adapter, or none that
    `convert` can say), E101 (not equal), E103 (not read back).
    """
    from afina.score import actor_of

    with staged(out) as folder:
        live = _open(run)
        tokenizer = Tokenizer.load(live.located.folder)
        longest = min(MOST_TOKENS, facts_from_config(read_config(live.located.body)).max_length // 2)
        inputs = probe_ids(run, tokenizer, int(live.model.get_base_model().config.vocab_size), longest)
        ask: Scores = scores or (lambda model, ids: live_scores(actor_of(model), ids, live.head))  # type: ignore[arg-type]
        wanted = [live_scores(actor_of(live.model), ids, live.head) for ids in inputs]  # type: ignore[arg-type]
        _write(run, live, convert(live), folder)
        _check(live, folder, inputs, wanted, ask)
    return out


def _open(run: Run) -> Live:
    from afina.models.load import head_of, load_trained
    from afina.models.locate import locate
    from afina.score import actor_of

    located = locate(ModelSpec(path=str(run.path)))
    if located.base is None:
        what = "this run trained the weights of a whole model: there is no adapter to write"
        raise ExportError("E104", what, where=str(run.path), fix="--to merged")
    model = load_trained(run, "cpu", "fp32", whole=True)
    kind = str(read_config(located.folder, "adapter_config.json").get("peft_type"))
    return Live(located, model, head_of(located)[0].head, actor_of(model).kind, kind)


def heads_of(live: Live) -> dict[str, Tensor]:
    """Return the tensors of an adapter's file that are those of a head: peft stores them whole, whatever the type."""
    from safetensors.torch import load_file

    saved = load_file(live.located.folder / "adapter_model.safetensors")
    names = tuple(live.config.get("modules_to_save") or ())
    return {name: tensor for name, tensor in saved.items() if set(name.split(".")) & set(names)}


def has_no_form(live: Live, form: str, why: str, other: str = "") -> ExportError:
    """Return the E104 of an adapter that has no such form."""
    what = f"an adapter of type {live.peft_type} has no form as {form}: {why}"
    return ExportError(
        "E104", what, where=str(live.located.folder), fix=other or "use the run's adapter folder: peft reads it after `import afina.tuners`"
    )


def _write(run: Run, live: Live, stock: Stock, folder: Path) -> None:
    from safetensors.torch import save_file

    from afina.models.save import TOKENIZER_FILES

    kept = ("base_model_name_or_path", "revision", "task_type", "modules_to_save")
    config = {**{key: live.config.get(key) for key in kept}, "inference_mode": True, **stock.config}
    tensors = {name: tensor.detach().float().cpu().contiguous() for name, tensor in stock.tensors.items()}
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for name in (*TOKENIZER_FILES, *BESIDE):
        if (live.located.folder / name).is_file():
            shutil.copyfile(live.located.folder / name, folder / name)
    assert live.located.base is not None
    card = card_text(run, base_of(live.located.base), library="peft", folder=".", beside=folder)
    (folder / "README.md").write_text(card, encoding="utf-8")


def _check(live: Live, folder: Path, inputs: Sequence[Sequence[int]], wanted: Sequence[Tensor], ask: Scores) -> None:
    import torch

    worst = 0.0
    model = _read_back(live, folder)
    with torch.inference_mode():
        for ids, scores in zip(inputs, wanted, strict=True):
            got = ask(model, ids)
            difference = float((got - scores).abs().max() / scores.abs().max().clamp_min(1)) if got.shape == scores.shape else float("inf")
            worst = max(worst, difference if difference == difference else float("inf"))
    if not worst <= TOLERANCE:
        what = f"what was written is not the trained model: scores differ by up to {worst:.2e} of their size, {TOLERANCE:.0e} is allowed"
        raise ExportError("E101", what, where="export", fix="use the adapter folder of the run itself, and report this")


def _read_back(live: Live, folder: Path) -> nn.Module:
    """Return the base with the written adapter on it, as peft alone puts it on."""
    from peft import PeftModel

    from afina.models.load import build, head_of
    from afina.models.quiet import quiet

    assert live.located.base is not None
    head, labels = head_of(live.located)
    facts = facts_from_config(read_config(live.located.body))
    base: Any = build(live.located.base, facts, head, "fp32", "cpu", labels=labels)
    try:
        with quiet():
            return PeftModel.from_pretrained(base, str(folder)).eval()
    except Exception as error:  # whatever peft raises, the folder is not one that it reads
        what = f"peft does not read what was written: {(str(error).strip().splitlines() or [type(error).__name__])[0]}"
        raise ExportError("E103", what, where=str(folder), fix="use the adapter folder of the run itself") from error
