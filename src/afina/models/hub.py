"""Downloads from the Hugging Face hub (or HF_ENDPOINT) into its usual cache. The only place that uses a network."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from afina.errors import AfinaError, DiskError, MachineError, NetworkError
from afina.models.checks import check_code, check_weights, nearest_folder, not_found
from afina.models.facts import read_config

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
"""Read by the client when it is imported, below: without it the client tells the hub what runs here, and asks it how to find out more."""

DESCRIPTIONS = [
    "config.json", "generation_config.json", "adapter_config.json", "labels.json", "tokenizer*", "special_tokens_map.json",
    "added_tokens.json", "vocab.*", "merges.txt", "*.jinja", "chat_template.json",
]  # fmt: skip
WEIGHTS = ["*.safetensors", "*.safetensors.index.json"]
OTHER_COPIES = ["*/*", "consolidated*"]
"""Folders and files that hold the same weights for other programs."""
COMMIT = re.compile(r"[0-9a-f]{40}")
TIMEOUT_S = 30.0
OPEN_MODELS = {
    0.135: "HuggingFaceTB/SmolLM2-135M",
    0.36: "HuggingFaceTB/SmolLM2-360M",
    0.6: "Qwen/Qwen3-0.6B",
    1.7: "Qwen/Qwen3-1.7B",
    4.0: "Qwen/Qwen3-4B",
    8.0: "Qwen/Qwen3-8B",
    14.0: "Qwen/Qwen3-14B",
}
"""Models that anyone may download, by billions of parameters (Apache-2.0 when this was written)."""


def fetch(repo: str, revision: str, weights: bool) -> tuple[Path, str]:
    """Return the folder of a hub model in the cache, and its commit. What is in the cache under a full commit is used without asking.

    Raises MachineError H001 (gated), H002 (not found, or offline and not in the cache), H003 (revision), S001 (code), S002 (pickle);
    NetworkError H004; DiskError I001.
    """
    from huggingface_hub import snapshot_download

    patterns = DESCRIPTIONS + (WEIGHTS if weights else [])

    def snapshot(cached: bool) -> tuple[Path, str]:
        folder = snapshot_download(
            repo, revision=revision or None, allow_patterns=patterns, ignore_patterns=OTHER_COPIES, local_files_only=cached
        )
        return Path(folder), Path(folder).name

    if COMMIT.fullmatch(revision):
        found = _cached(snapshot)
        if found:
            return found
    with _explained(repo, revision):
        _check_before_download(repo, revision, weights)
        return snapshot(_is_offline())


def _cached(snapshot: Any) -> tuple[Path, str] | None:
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder, commit = snapshot(True)
    except LocalEntryNotFoundError:
        return None
    return (folder, commit) if any(folder.glob("*config.json")) else None


def _is_offline() -> bool:
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def _check_before_download(repo: str, revision: str, weights: bool) -> None:
    """Refuse program code and pickles before gigabytes are fetched. Without a connection the cache decides."""
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import HTTPError, OfflineModeIsEnabled  # type: ignore[attr-defined]

    try:
        info = HfApi().model_info(repo, revision=revision or None, timeout=TIMEOUT_S)
    except (HTTPError, OfflineModeIsEnabled):  # snapshot_download asks again, looks into the cache, and says so when there is nothing
        return
    names = [file.rfilename for file in info.siblings or () if "/" not in file.rfilename]
    is_adapter = "adapter_config.json" in names
    if "config.json" in names and not is_adapter:
        folder = Path(hf_hub_download(repo, "config.json", revision=info.sha)).parent
        check_code(read_config(folder), names, repo)
    if weights:
        check_weights(names, repo, "adapter_model" if is_adapter else "")


@contextmanager
def _explained(repo: str, revision: str) -> Iterator[None]:
    try:
        yield
    except AfinaError:
        raise
    except Exception as error:
        explained = _explain(error, repo, revision)
        if explained is None:
            raise
        raise explained from error


def _explain(error: Exception, repo: str, revision: str) -> AfinaError | None:
    """Return the error in the person's words; None for a bug."""
    from huggingface_hub import errors

    if isinstance(error, errors.LocalEntryNotFoundError) and isinstance(error.__cause__, errors.HfHubHTTPError):
        error = error.__cause__  # the hub did answer, with a refusal
    status = error.response.status_code if isinstance(error, errors.HfHubHTTPError) else 0
    if isinstance(error, errors.GatedRepoError):
        return gated(repo)
    if isinstance(error, errors.RevisionNotFoundError):
        return MachineError(
            "H003", f'{repo} has no revision "{revision}"', where="model.revision", fix=f"see {_page(repo)}/commits, or model.path={repo}"
        )
    if isinstance(error, errors.RepositoryNotFoundError) and status == 404:
        return not_found(repo, "is neither a folder here nor a model of the hub")
    if status in (401, 403):
        what = f"the hub does not show {repo} to you ({status}): there is no such model, or it is private"
        return MachineError("H001", what, where="model.path", fix="check the name, or: hf auth login")
    if isinstance(error, errors.LocalEntryNotFoundError | errors.OfflineModeIsEnabled):
        return _not_cached(error, repo)
    if isinstance(error, errors.HFValidationError):
        return not_found(repo, "is neither a folder here nor a hub id (owner/name)")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskError(
            "I001",
            f"disk full while downloading {repo}",
            where=str(error.filename or ""),
            fix="free some space, or HF_HOME=FOLDER on another disk",
        )
    if isinstance(error, OSError | errors.HTTPError):  # type: ignore[attr-defined]
        reason = f"the hub answered {status}" if status else _first_line(error)
        return NetworkError(
            "H004", f"the download of {repo} broke off: {reason}", where="model.path", fix="run the same command again: it continues"
        )
    return None


def _not_cached(error: Exception, repo: str) -> AfinaError:
    """Offline on purpose, or no connection: two different remedies."""
    from huggingface_hub import constants

    if _is_offline():
        return not_found(repo, "is neither a folder here nor in the cache, and the machine is offline (HF_HUB_OFFLINE)")
    near = nearest_folder(repo)
    hint = f". Did you mean {near}?" if near else ""
    what = f"{constants.ENDPOINT} does not answer, and {repo} is neither a folder here nor in the cache{hint}"
    return NetworkError("H004", what, where="model.path", fix="check the connection and run the same command again, or model.path=FOLDER")


def gated(repo: str) -> MachineError:
    """Return the H001 of a gated model, with open models of its size."""
    size = re.search(r"(\d+(?:\.\d+)?)\s*([bm])(?![a-z])", repo.lower())
    billions = float(size[1]) / (1 if size[2] == "b" else 1000) if size else 1.0
    open_ones = sorted(OPEN_MODELS, key=lambda known: abs(known - billions))[:2]
    free = " or ".join(OPEN_MODELS[known] for known in open_ones)
    fix = f"1) accept the licence on {_page(repo)} 2) hf auth login. Free of that, of a similar size: {free}"
    return MachineError("H001", f"{repo} is gated: its owner asks you to accept a licence first", where="model.path", fix=fix)


def _page(repo: str) -> str:
    from huggingface_hub import constants

    return f"{constants.ENDPOINT}/{repo}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
