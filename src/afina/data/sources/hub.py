"""Data sets of the Hugging Face hub (or HF_ENDPOINT), through its client and usual cache: hf://datasets/owner/name[@revision][/file]."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from afina.data.sources.packed import SUFFIXES
from afina.errors import AfinaError, DataError, DiskError, MachineError, NetworkError, UsageError
from afina.types import Notice

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
"""Read by the client when it is imported: without it the client tells the hub what runs here."""

PREFIX = "hf://datasets/"
ADDRESS = re.compile(r"hf://datasets/(?P<repo>[^/@]+/[^/@]+)(@(?P<revision>[^/]+))?(/(?P<file>.+))?")
READ = {".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".txt"}
TRAIN = re.compile(r"(?<![a-z])train(?![a-z])")
SHARD = re.compile(r"\d+")
TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Address:
    """file: "" for whichever file the training rows are in."""

    repo: str
    revision: str
    file: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.repo}" + (f"@{self.revision}" if self.revision else "") + (f"/{self.file}" if self.file else "")


def is_address(path: str) -> bool:
    return path.startswith("hf:/")


def fetch(path: str) -> tuple[list[Path], Notice]:
    """Return the files of a data set in the cache, several when it is cut in parts, and what was chosen.

    Raises UsageError D016 (no such address), DataError D017 (no data file, or several), MachineError H001 (gated or private),
    H002 (not found, or offline and not in the cache), H003 (revision); NetworkError H004; DiskError I001.
    """
    found = ADDRESS.fullmatch(path.replace("hf:/datasets", "hf://datasets", 1) if not path.startswith("hf://") else path)
    if not found:
        raise UsageError("D016", "no address of a hub data set", where=path, fix=f"data.path={PREFIX}OWNER/NAME[@REVISION][/FILE]")
    address = Address(found["repo"], found["revision"] or "", found["file"] or "")
    try:
        return _fetch(address)
    except AfinaError:
        raise
    except Exception as error:
        explained = _explained(error, address)
        if explained is None:
            raise
        raise explained from error


def _fetch(address: Address) -> tuple[list[Path], Notice]:
    from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download

    if constants.HF_HUB_OFFLINE:
        folder = Path(snapshot_download(address.repo, repo_type="dataset", revision=address.revision or None, local_files_only=True))
        names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
        chosen = _chosen(address, names)
        paths, commit = [folder / name for name in chosen], folder.name
    else:
        info = HfApi().dataset_info(address.repo, revision=address.revision or None, timeout=TIMEOUT_S)
        chosen = _chosen(address, sorted(file.rfilename for file in info.siblings or ()))
        # by the name of the revision, which the cache then knows offline
        paths = [Path(hf_hub_download(address.repo, name, repo_type="dataset", revision=address.revision or None)) for name in chosen]
        commit = info.sha or ""
    shown = chosen[0] if len(chosen) == 1 else f"{len(chosen)} parts, {chosen[0]} to {chosen[-1]}"
    pinned = Address(address.repo, commit, chosen[0] if len(chosen) == 1 else "")
    return paths, Notice(f"{address}: {shown} at commit {commit[:12]}", "the training rows of the data set", f"data.path={pinned}")


def _chosen(address: Address, names: list[str]) -> list[str]:
    """Return the file asked for; else the only data file, or the only one called train, with all its parts."""
    if address.file:
        if address.file not in names:
            raise UsageError(
                "D016", f"the data set has no such file. Found: {_some(names)}", where=str(address), fix=_first(address, names)
            )
        return [address.file]
    data = [name for name in names if _suffix(name) in READ and "/." not in f"/{name}"]
    if not data:
        what = f"the data set holds no file that can be read. Found: {_some(names)}"
        raise DataError("D017", what, where=str(address), fix="a data set with Parquet, JSON, CSV or text files")
    tables = [name for name in data if _suffix(name) != ".txt"] or data
    train = [name for name in tables if TRAIN.search(name.lower())] or tables
    if len({SHARD.sub("", name) for name in train}) > 1:
        what = f"the data set holds {len(tables)} files: {_some(tables)}"
        raise DataError("D017", what, where=str(address), fix=_first(address, train))
    return train


def _suffix(name: str) -> str:
    path = PurePosixPath(name.lower())
    return path.with_suffix("").suffix if path.suffix in SUFFIXES else path.suffix


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "") if names else "nothing"


def _first(address: Address, names: list[str]) -> str:
    return f"data.path={Address(address.repo, address.revision, names[0] if names else 'FILE')}"


def _explained(error: Exception, address: Address) -> AfinaError | None:
    """Return the error in the person's words; None for a bug."""
    from huggingface_hub import constants, errors

    repo, where = address.repo, "data.path"
    if isinstance(error, errors.LocalEntryNotFoundError) and isinstance(error.__cause__, errors.HfHubHTTPError):
        error = error.__cause__  # the hub did answer, with a refusal
    status = error.response.status_code if isinstance(error, errors.HfHubHTTPError) else 0
    page = f"{constants.ENDPOINT}/datasets/{repo}"
    if isinstance(error, errors.GatedRepoError):
        what = f"{repo} is gated: its owner asks you to accept a licence first"
        return MachineError("H001", what, where=where, fix=f"1) accept the licence on {page} 2) hf auth login")
    if isinstance(error, errors.RevisionNotFoundError):
        return MachineError("H003", f'{repo} has no revision "{address.revision}"', where=where, fix=f"see {page}/commits")
    if isinstance(error, errors.RepositoryNotFoundError) and status == 404:
        return MachineError("H002", f"{repo} is no data set of the hub", where=where, fix=f"data.path={PREFIX}OWNER/NAME, or a file here")
    if status in (401, 403):
        what = f"the hub does not show {repo} to you ({status}): there is no such data set, or it is private"
        return MachineError("H001", what, where=where, fix="check the name, or: hf auth login")
    if isinstance(error, errors.LocalEntryNotFoundError | errors.OfflineModeIsEnabled) and constants.HF_HUB_OFFLINE:
        what = f"{repo} is not in the cache, and the machine is offline (HF_HUB_OFFLINE)"
        return MachineError("H002", what, where=where, fix="run once with a connection, or data.path=FILE")
    if isinstance(error, errors.HFValidationError):
        return MachineError("H002", f'"{repo}" is no name of a data set', where=where, fix=f"data.path={PREFIX}OWNER/NAME")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        what, fix = f"disk full while downloading {repo}", "free some space, or HF_HOME=FOLDER on another disk"
        return DiskError("I001", what, where=str(error.filename or ""), fix=fix)
    if isinstance(error, OSError | errors.HTTPError):  # type: ignore[attr-defined]
        lines = str(error).strip().splitlines()
        reason = f"the hub answered {status}" if status else f"{constants.ENDPOINT}: {lines[0] if lines else type(error).__name__}"
        return NetworkError(
            "H004", f"the download of {repo} broke off: {reason}", where=where, fix="run the same command again: it continues"
        )
    return None
