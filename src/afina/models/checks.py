"""What a folder or a repository must be before anything in it is opened: weights as safetensors, whole, and no program code."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

from afina.errors import MachineError
from afina.models.facts import FAMILIES, read_config

RANK_MAX = 1024
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".msgpack", ".h5")
CONVERT = (
    'python -c "from transformers import AutoModelForCausalLM as M, AutoTokenizer as T; '
    "[k.from_pretrained('{source}').save_pretrained('safe') for k in (M, T)]\", then model.path=safe"
)


def check_code(config: dict[str, object], names: list[str], where: str) -> None:
    """Raises MachineError S001 when a model asks for its own program code; afina never runs it."""
    if not config.get("auto_map"):
        return
    programs = sorted(name for name in names if name.endswith(".py"))
    files = f"{len(programs)} file{'s' * (len(programs) != 1)}: {', '.join(programs[:3])}" if programs else "fetched from elsewhere"
    known = config.get("model_type") in FAMILIES
    native = f'; or, if every {config["model_type"]} model computes the same, delete "auto_map" from config.json of a copy' if known else ""
    raise MachineError(
        "S001", f"this model ships its own program code ({files}). Not run", where=where, fix=f"use a model without auto_map{native}"
    )


def check_weights(names: list[str], where: str, stem: str = "") -> None:
    """Raises MachineError S002 when weights are only there as pickle, H002 when there are none."""
    if any(name.endswith(".safetensors") and name.startswith(stem) for name in names):
        return
    pickled = sorted(name for name in names if name.endswith(PICKLES) and name not in ("training_args.bin", "tok512.bin"))
    if pickled:
        what = f"the weights are only in pickle form ({pickled[0]}), which can run programs when it is opened. Not opened"
        fix = "use a version with .safetensors, or, if you trust the file: " + CONVERT.format(source=where)
        raise MachineError("S002", what, where=where, fix=fix)
    raise MachineError("H002", "no weights: the folder has no .safetensors file", where=where, fix="download or copy the model again")


def check_shards(folder: Path) -> None:
    """Raises MachineError H002 when a file that the weights' index names is missing."""
    index = folder / "model.safetensors.index.json"
    if not index.is_file() or (folder / "model.safetensors").is_file():
        return
    shards = read_config(folder, index.name).get("weight_map")
    named = sorted(set(map(str, shards.values()))) if isinstance(shards, dict) else []
    missing = [name for name in named if not (folder / name).is_file()]
    if missing or not named:
        what = f"{len(missing)} of {len(named)} weight files are missing: {', '.join(missing[:3])}"
        raise MachineError("H002", what, where=str(folder), fix="download or copy the model again")


def not_found(name: str, why: str) -> MachineError:
    """Return the H002 of a name that is no model, with the nearest folder here."""
    near = nearest_folder(name)
    hint = f". Did you mean {near}?" if near else ""
    return MachineError(
        "H002",
        f'"{name}" {why}{hint}',
        where="model.path",
        fix=f"model.path={near}" if near else "model.path=nano, a folder, or owner/name",
    )


def nearest_folder(name: str) -> str:
    """Return the model folder here whose path is most like `name`, or ""."""
    given = Path(name)
    found: dict[str, str] = {}
    for parent in {given.parent, Path()}:
        if parent.is_dir():
            for folder in sorted(parent.iterdir()):
                if any((folder / file).is_file() for file in ("config.json", "adapter_config.json", "run.json")):
                    shown = str(folder) if folder.is_absolute() or len(folder.parts) > 1 else f"./{folder}"
                    found[folder.name] = shown
    close = difflib.get_close_matches(given.name, found, 1)
    return found[close[0]] if close else ""


def check_adapter(config: dict[str, Any], where: str) -> None:
    """Raises MachineError S003 for an adapter_config.json that would hang or swamp the machine that opens it.

    peft matches these strings as regular expressions against every module name, and allocates `r` rows for each hit.
    """
    patterns = [value for key in ("target_modules", "exclude_modules", "layers_pattern") if isinstance(value := config.get(key), str)]
    patterns += [key for name in ("rank_pattern", "alpha_pattern") if isinstance(found := config.get(name), dict) for key in found]
    hostile = next((pattern for pattern in patterns if _may_hang(pattern)), None)
    if hostile is not None:
        what = f'adapter_config.json holds the regular expression "{hostile[:60]}", which may never finish'
        raise MachineError("S003", what, where=where, fix="list the module names in target_modules instead")
    by_blocks = bool(config.get("oft_block_size"))  # OFT is given its size or its number of blocks, the other one is 0
    ranks = [*([] if by_blocks else [config.get("r")]), *(config.get("rank_pattern") or {}).values()]
    if any(isinstance(rank, int) and not 0 < rank <= RANK_MAX for rank in ranks):
        raise MachineError("S003", f"adapter_config.json asks for a rank outside 1 to {RANK_MAX}", where=where, fix="use another adapter")


def _may_hang(pattern: str) -> bool:
    """Whether a pattern can backtrack without end: a repeated group, or many repetitions in a row."""
    return len(pattern) > 1000 or re.search(r"\)\s*[*+{]", pattern) is not None or len(re.findall(r"[*+{]", pattern)) > 3
