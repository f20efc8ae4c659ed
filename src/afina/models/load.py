"""Models from disk to memory and back: the only place that builds transformers models.

Everything is read from local folders as safetensors; program code of a model is never run. New class heads are drawn from the run's seed
with a generator of their own, so they do not depend on what was drawn before, and building a model leaves the global generators alone.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import nn

from afina.errors import MachineError
from afina.methods import HeadFacts
from afina.models import adapters, numbers
from afina.models.classes import auto_class
from afina.models.facts import facts_from_config, read_config
from afina.models.locate import Located, locate
from afina.models.quantize import Quantize, base_of, quantise
from afina.models.quiet import quiet
from afina.models.save import save_trained
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.types import ModelFacts, Standard

__all__ = ["build", "draw_head", "head_of", "load_located", "load_trained", "save_trained", "store_frozen", "stored_precisions"]

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
STORED = {"F32": "fp32", "BF16": "bf16", "F16": "fp16"}
HEAD_STD = 0.02
AS_THEY_ARE = Standard()
EAGER_FAMILIES = {"gemma2", "deberta-v2"}
"""Families that torch's fused attention (sdpa) cannot do: gemma2 caps scores (silently left out), DeBERTa adds terms of positions."""
OTHER_HEADS = ("lm_head.", "score.", "cls.", "classifier.", "classification_head.", "pooler.", "head.", "decoder.bias", "lm_predictions.")
OTHER_HEADS += ("mask_predictions.", "bert.pooler.", "roberta.pooler.", "qa_outputs.")
"""Where the heads of other tasks stand: a checkpoint may hold them beside what is wanted."""


def build(
    located: Located,
    facts: ModelFacts,
    head: HeadFacts,
    precision: str,
    device: str,
    random_init: bool = False,
    seed: int = 0,
    labels: tuple[str, ...] = (),
    standard: Standard | None = None,
    quantize: Quantize = "none",
) -> nn.Module:
    """Return the model with the head that the objective needs, on `device`, in eval mode.

    Weights are fp32, unless they are stored in `precision` already (nothing is lost then); `store_frozen` settles both kinds after the
    method is attached. An adapter (a run that is trained further) is folded into its base in fp32. A class head whose labels are those of
    the model is kept, any other is drawn anew from `seed`, a pooler only where the folder has none. random_init draws all from `seed`.
    standard: how a head for numbers is to say them, for training; None leaves a stored one as it is. quantize: nf4 or int8 packs the
    linear maps of the body, to be frozen.

    Raises MachineError H006 when the weights are not those that config.json describes, E010 where what packs them is not installed.
    """
    if located.base is not None and not random_init:
        model, drawn = _further(located, facts, head, seed, labels)
        return quantise(_saying(model, standard, head, drawn), facts, quantize, precision, device).to(device).eval()
    config = _config(located.body, head, labels)
    with quiet(), _own_draws(seed):
        if random_init:
            model = _class_of(head, facts).from_config(config, attn_implementation=_attention(facts), dtype=torch.float32)
            if head.head == "lm" and not facts.tied:
                own_output_matrix(model)
            drawn = head.modules(facts)
        else:
            model, drawn = _read(located.folder, config, facts, head, precision, labels)
    draw_head(model, drawn, seed)
    return quantise(_saying(model, standard, head, bool(drawn)), facts, quantize, precision, device).to(device).eval()


def _saying(model: nn.Module, standard: Standard | None, head: HeadFacts, is_drawn: bool) -> nn.Module:
    if head.head != "scalar":
        numbers.set_standard(model, AS_THEY_ARE)
    elif standard is not None:
        numbers.standardise(model, standard, is_drawn)
    return model


def own_output_matrix(model: nn.Module) -> None:
    """Give the head a matrix of its own: from a config alone transformers ties T5's, whatever tie_word_embeddings says."""
    outputs = model.get_output_embeddings()  # type: ignore[operator]
    if outputs.weight is model.get_input_embeddings().weight:  # type: ignore[operator]
        outputs.weight = nn.Parameter(outputs.weight.detach().clone())


def store_frozen(model: nn.Module, precision: str) -> None:
    """Put frozen weights into `precision`, and trained ones into fp32, where the optimizer needs them. Packed ones stay as they are."""
    for parameter in model.parameters():
        if parameter.is_floating_point():
            parameter.data = parameter.data.to(torch.float32 if parameter.requires_grad else DTYPES[precision])


def draw_head(model: nn.Module, modules: Sequence[str], seed: int) -> None:
    """Draw a head's modules: matrices N(0, 0.02), biases 0, norms 1; the same on every device and after any other draws."""
    rng = torch.Generator("cpu").manual_seed(seed)
    with torch.no_grad():
        for name in modules:
            for path, parameter in model.get_submodule(name).named_parameters():
                if parameter.ndim >= 2:
                    parameter.copy_(torch.empty(parameter.shape, dtype=torch.float32).normal_(0.0, HEAD_STD, generator=rng))
                else:
                    parameter.fill_(0.0 if path.endswith("bias") else 1.0)


def load_trained(run: Run, device: str, precision: str = "fp32", whole: bool = False) -> nn.Module:
    """Return a finished run's model ready to use: base with its adapter, or the whole model; frozen, in eval mode.

    precision: of the frozen base under an adapter, as in training; what was trained stays fp32. A base that was packed in 4 or 8 bits is
    packed again, unless `whole` asks for it in full precision. The trained folder itself says which head it has.
    Raises as `locate` and `build`; MachineError A001 for a damaged adapter.
    """
    return load_located(locate(ModelSpec(path=str(run.path))), device, precision, whole)


def load_located(located: Located, device: str, precision: str = "fp32", whole: bool = False) -> nn.Module:
    """Return any located model with the head it was saved with, frozen, in eval mode.

    precision: of the base under an adapter. whole: in full precision, even where the adapter was trained on a packed base.
    """
    head, labels = head_of(located)
    facts = facts_from_config(read_config(located.body))
    if located.base is None:
        model = build(located, facts, head, "fp32", "cpu", labels=labels).requires_grad_(False)
        store_frozen(model, "fp32")
        return model.to(device).eval()
    quantize = "none" if whole else base_of(located.folder)
    if quantize == "none":
        base = build(located.base, facts, head, "fp32", "cpu", labels=labels)
    else:
        base = build(located.base, facts, head, precision, device, labels=labels, quantize=quantize)
    # before peft adds its own, and copies of whole modules that were trained
    frozen = [parameter for parameter in base.parameters() if parameter.is_floating_point()]
    model = adapters.put_on(base, located.folder).requires_grad_(False)
    for parameter in frozen:
        parameter.data = parameter.data.to(DTYPES[precision])
    return model.to(device).eval()


def head_of(located: Located) -> tuple[HeadFacts, tuple[str, ...]]:
    """Return the head that a model was saved with, and its labels."""
    if located.base is not None:
        return adapters.head_of(located.folder)
    return _stored_head(located.folder)


def _stored_head(folder: Path) -> tuple[HeadFacts, tuple[str, ...]]:
    """Return the head that a whole model's folder holds, and the names of its classes."""
    config = read_config(folder)
    kinds = {"ForSequenceClassification": "classes", "ForTokenClassification": "tags"}
    found = next((kinds[end] for name in config.get("architectures") or () for end in kinds if str(name).endswith(end)), "lm")
    if found == "lm":
        return HeadFacts("lm"), ()
    named = config.get("id2label") or {"0": "LABEL_0", "1": "LABEL_1"}  # transformers leaves out its default of two
    labels = tuple(str(named[key]) for key in sorted(named, key=int))
    if found == "tags":
        return HeadFacts("tags", len(labels)), labels
    head = adapters.head_called(config.get("problem_type"))
    return (HeadFacts("scalar"), ()) if head == "scalar" else (HeadFacts(head, len(labels)), labels)


def _config(folder: Path, head: HeadFacts, labels: tuple[str, ...]) -> Any:
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    if head.head != "lm":
        names = labels or tuple(f"LABEL_{i}" for i in range(head.n_outputs))
        config.id2label = dict(enumerate(names))
        config.label2id = {name: i for i, name in enumerate(names)}
        config.problem_type = adapters.PROBLEM_TYPES.get(head.head)
    return config


def _class_of(head: HeadFacts, facts: ModelFacts) -> Any:
    """Return the transformers class of a kind of model with a head."""
    import transformers

    return getattr(transformers, auto_class(head.head, facts.kind))


def _attention(facts: ModelFacts) -> str:
    return "eager" if facts.family in EAGER_FAMILIES else "sdpa"


def _read(
    folder: Path, config: Any, facts: ModelFacts, head: HeadFacts, precision: str, labels: tuple[str, ...]
) -> tuple[Any, tuple[str, ...]]:
    """Return the model of a folder, and the modules of the wanted head that are not there or belong to other classes."""
    dtype = DTYPES[precision] if stored_precisions(folder) == {precision} else torch.float32
    try:
        model, info = _class_of(head, facts).from_pretrained(
            folder,
            config=config,
            dtype=dtype,
            attn_implementation=_attention(facts),
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            ignore_mismatched_sizes=True,  # seen below, with a better message
            output_loading_info=True,
        )
    except (OSError, SafetensorError, RuntimeError) as error:
        raise _damaged(folder, (str(error).strip().splitlines() or [type(error).__name__])[0]) from error
    mismatched = {str(entry[0]) for entry in info["mismatched_keys"]}
    missing = {*info["missing_keys"], *mismatched}
    modules = head.modules(facts)
    lacking = {name for name in missing if not name.startswith(tuple(f"{module}." for module in modules))}
    if any(name.startswith(("lm_head.", "cls.predictions.")) for name in lacking):
        what = "this model has no language-model head: it was trained to classify"
        raise MachineError("H006", what, where=str(folder), fix="model.path=the model it was trained from")
    surplus = {name for name in info["unexpected_keys"] if not name.startswith(OTHER_HEADS)}
    if lacking or surplus:
        side = "lacks or has in another size" if lacking else "holds unknown"
        raise _damaged(folder, f"it {side} {', '.join(sorted(lacking or surplus)[:3])}")
    drawn = [module for module in modules if any(name.startswith(f"{module}.") for name in missing)]
    if modules and _stored_head(folder) != (head, labels) and modules[-1] not in drawn:  # a head for other classes
        drawn.append(modules[-1])
    return model, tuple(drawn)


def _damaged(folder: Path, why: str) -> MachineError:
    return MachineError(
        "H006", f"the weights are not those that config.json describes: {why}", where=str(folder), fix="download or copy the model again"
    )


def stored_precisions(folder: Path) -> set[str]:
    """Return the precisions of a folder's tensors, from the headers of its files. Raises MachineError H006 for an unreadable header."""
    found: set[str] = set()
    for file in sorted(folder.glob("*.safetensors")):
        try:
            with file.open("rb") as handle:
                size = int.from_bytes(handle.read(8), "little")
                if size > 100 * 2**20:
                    raise ValueError(f"its header has {size} bytes")
                header = json.loads(handle.read(size))
            found |= {STORED.get(str(entry["dtype"]), str(entry["dtype"])) for name, entry in header.items() if name != "__metadata__"}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _damaged(folder, f"{file.name} is not a whole safetensors file") from error
    return found


def _further(located: Located, facts: ModelFacts, head: HeadFacts, seed: int, labels: tuple[str, ...]) -> tuple[nn.Module, bool]:
    """Return base plus adapter as one fp32 model, and whether its head was drawn anew: where the heads differ the body is carried over."""
    assert located.base is not None
    old_head, old_labels = adapters.head_of(located.folder)
    whole = adapters.folded(build(located.base, facts, old_head, "fp32", "cpu", seed=seed, labels=old_labels), located.folder)
    if old_head.head == head.head and old_labels == labels:
        return whole.requires_grad_(True), False
    model = build(located.base, facts, head, "fp32", "cpu", seed=seed, labels=labels)
    model.base_model.load_state_dict(whole.base_model.state_dict())  # type: ignore[union-attr,operator,arg-type]
    return model, True


@contextlib.contextmanager
def _own_draws(seed: int) -> Iterator[None]:
    """Draw from `seed` inside, and leave the global generator as it was. Models are drawn on the CPU: the same numbers for every device."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield
