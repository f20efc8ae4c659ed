"""Weights & Biases: its cloud, a server of one's own (WANDB_BASE_URL), or files to be sent later (WANDB_MODE=offline)."""

from __future__ import annotations

import configparser
import netrc
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlparse

from afina.errors import MachineError
from afina.trackers.base import PROJECT, TRACKERS, Point, Tracked, Tracker

CLOUD = ("api.wandb.ai", "api.forge.coreweave.com")
"""Where `wandb login` puts its key in ~/.netrc, when no other server is named."""
STEP = "step"
"""The horizontal axis: W&B's own step only goes up by one with each message."""


@TRACKERS.register("wandb")
class WeightsAndBiases(Tracker):
    """Weights & Biases: sent to its cloud or to WANDB_BASE_URL; with WANDB_MODE=offline kept in the run's folder."""

    what: ClassVar[str] = "its cloud, or WANDB_BASE_URL; kept in the run's folder with WANDB_MODE=offline"
    package: ClassVar[str] = "wandb"
    module: ClassVar[str] = "wandb"

    @classmethod
    def check(cls) -> None:
        """Raise MachineError E010 when its library is not installed, E011 when it would ask for a key."""
        super().check()
        settings = _settings()
        if settings.get("mode") in ("offline", "disabled", "dryrun"):
            return
        if not (os.environ.get("WANDB_API_KEY") or os.environ.get("WANDB_IDENTITY_TOKEN_FILE") or settings.get("api_key")):
            host = urlparse(settings.get("base_url", "")).hostname
            if not _in_netrc((host,) if host else CLOUD):
                fix = "wandb login, or WANDB_MODE=offline in the environment to keep the run on this machine"
                raise MachineError("E011", "wandb is not logged in", where="output.track", fix=fix)

    def open(self, tracked: Tracked, step: int, known: str) -> str:
        os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
        import wandb

        # Code, git and console stay here; what W&B itself says of the machine (its load, its name) is left as its own settings have it.
        quiet: dict[str, Any] = {"silent": True, "console": "off", "save_code": False, "disable_git": True, "disable_job_creation": True}
        self._wandb = wandb
        self._run = wandb.init(
            id=tracked.id,
            resume="allow",
            project=os.environ.get("WANDB_PROJECT", PROJECT),
            name=tracked.name,
            dir=os.environ.get("WANDB_DIR", str(tracked.path)),
            config=dict(tracked.config),
            settings=wandb.Settings(**quiet),
        )
        self._run.define_metric(STEP, hidden=True)
        self._run.define_metric("*", step_metric=STEP)
        return tracked.id

    @property
    def where(self) -> str:
        return f"wandb sync {Path(self._run.dir).parent}" if self._run.offline else self._run.url or ""

    def log(self, points: Sequence[Point]) -> None:
        for point in points:
            values: dict[str, Any] = {STEP: point.step, **point.values}
            if point.samples:
                rows: list[Any] = [[sample.number, sample.prompt, sample.wanted, sample.got] for sample in point.samples]
                values["samples"] = self._wandb.Table(columns=["row", "prompt", "wanted", "got"], data=rows)
            self._run.log(values)

    def conclude(self, step: int, numbers: Mapping[str, float], verdict: str) -> None:
        self._run.summary.update({**numbers, "verdict": verdict})

    def close(self, state: str) -> None:
        self._run.finish(exit_code=0 if state == "finished" else 1)


def _settings() -> dict[str, str]:
    """What W&B's settings files and environment say, without importing it."""
    home = Path(os.environ.get("WANDB_CONFIG_DIR", Path.home() / ".config" / "wandb"))
    here = Path(os.environ.get("WANDB_DIR", "")) / "wandb"
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read([home / "settings", here / "settings"], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        parser.clear()
    named = {"mode": os.environ.get("WANDB_MODE"), "base_url": os.environ.get("WANDB_BASE_URL")}
    said = dict(parser["default"]) if parser.has_section("default") else {}
    return said | {key: value for key, value in named.items() if value}


def _in_netrc(hosts: Sequence[str]) -> bool:
    try:
        known = netrc.netrc(os.environ.get("NETRC", str(Path.home() / ".netrc"))).hosts
    except (OSError, netrc.NetrcParseError):
        return False
    return any(host in known for host in hosts)
