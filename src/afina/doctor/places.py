"""Where things lie and come from: disks, the embedded model, the hub, the environment."""

from __future__ import annotations

import errno
import os
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from afina.doctor.base import GIB, Check, fail, ok, warn
from afina.errors import AfinaError

WRITTEN = 2**20
"""Bytes written as a try: a full disk, a quota and a read-only one all look free until then."""
ENOUGH_FREE = 5 * GIB
TIMEOUT_S = 5.0
SHOWN = ("HF_HOME", "HF_HUB_OFFLINE", "HF_ENDPOINT", "AFINA_CACHE", "CUDA_VISIBLE_DEVICES", "TOKENIZERS_PARALLELISM", "NO_COLOR")
SECRET = ("HF_TOKEN", "WANDB_API_KEY", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN", "TRACKIO_WRITE_TOKEN")
"""Only said to be set."""
COSTLY = {
    "CUDA_LAUNCH_BLOCKING": "the GPU waits for every call; only for debugging",
    "PYTORCH_NO_CUDA_MEMORY_CACHING": "GPU memory is asked for anew at every operation; only for debugging",
    "TORCH_SHOW_CPP_STACKTRACES": "slows errors down; only for debugging",
}


def disks(folder: Path) -> list[Check]:
    """The folder of the runs, and the caches of models and of tokenised data: can they be written, is there room?"""
    from huggingface_hub.constants import HF_HUB_CACHE

    from afina.data.cache import folder as cache_folder

    places = {"runs": (folder, "output.dir=FOLDER"), "model cache": (Path(HF_HUB_CACHE), "export HF_HOME=FOLDER")}
    places["data cache"] = (cache_folder(), "export AFINA_CACHE=FOLDER")
    return [disk(name, place, fix) for name, (place, fix) in places.items()]


def disk(name: str, place: Path, other: str) -> Check:
    """Write a mebibyte where `place` is or would be made. other: what chooses another place."""
    existing = place.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    try:
        with tempfile.NamedTemporaryFile(dir=existing, prefix=".afina-") as file:
            file.write(b"\0" * WRITTEN)
            file.flush()
            os.fsync(file.fileno())
        status = os.statvfs(existing)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        found = f"{existing}: {'the disk is full' if full else f'cannot write there ({error.strerror})'}"
        return fail(name, found, f"{'free some space' if full else 'chmod or chown it'}, or {other}")
    free = status.f_bavail * status.f_frsize
    found = f"{free / GIB:.1f} GiB free in {existing}"
    return ok(name, found) if free >= ENOUGH_FREE else warn(name, f"{found}: a checkpoint of a large model is larger", other)


def embedded_model(folder: Path) -> list[Check]:
    from afina.models.facts import facts_from_config, read_config
    from afina.models.locate import locate
    from afina.recipe.schema import ModelSpec

    try:
        found = locate(ModelSpec(path="nano"))
    except AfinaError as error:
        return [fail("nano", error.what, error.fix)]
    facts = facts_from_config(read_config(found.body))
    return [ok("nano", f"{facts.n_params / 1e6:.2f} M parameters, {found.fingerprint[:12]}")]


def hub(folder: Path) -> list[Check]:
    """Whether the hub answers, and whether it takes the token; the token itself is never shown."""
    from huggingface_hub import constants, get_token

    token = get_token()
    said = "a token is set" if token else "no token, which open models do not need"
    if constants.HF_HUB_OFFLINE:
        return [ok("hub", f"offline by HF_HUB_OFFLINE: models from folders and the cache; {said}")]
    status = _status(f"{constants.ENDPOINT}/api/whoami-v2", token or "")
    if isinstance(status, str):
        fix = "nothing, for models in folders; else the network, a proxy (HTTPS_PROXY) or a mirror (HF_ENDPOINT)"
        return [warn("hub", f"{constants.ENDPOINT} does not answer ({status}); {said}", fix)]
    if token and status == 401:
        return [warn("hub", f"{constants.ENDPOINT} does not accept the token", "hf auth login, or unset HF_TOKEN")]
    if status >= 500:
        return [warn("hub", f"{constants.ENDPOINT} has a fault of its own (status {status})", "wait, or use what is in the cache")]
    return [ok("hub", f"{constants.ENDPOINT} answers; {'it accepts the token' if token else said}")]


def _status(url: str, token: str) -> int | str:
    """Return the HTTP status of a request, or why there was no answer."""
    try:
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return getattr(reason, "strerror", None) or str(reason) or type(error).__name__


def environment(folder: Path) -> list[Check]:
    said = [f"{name}={os.environ[name]}" for name in SHOWN if name in os.environ]
    said += [f"{name}=(set)" for name in SECRET if os.environ.get(name)]
    costly = [warn(name, why, f"unset {name}") for name, why in COSTLY.items() if os.environ.get(name, "0") not in ("", "0")]
    return [ok("environment", ", ".join(said) or "nothing that changes afina"), *costly]
