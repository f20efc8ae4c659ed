"""Prints what a tracker holds of a run as JSON, read by the tracker's own reader: python tracked.py NAME RUN ID.

{"train/loss": [[step, value], ...], ..., "config": {...}, "samples": ..., "figures": {...}, "verdict": ...}
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def tensorboard(run: Path, identifier: str) -> dict[str, Any]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0, "tensors": 0})
    events.Reload()
    scalars = {tag: [[event.step, event.value] for event in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
    texts = {tag: events.Tensors(tag)[-1].tensor_proto.string_val[0].decode() for tag in events.Tags()["tensors"]}
    lines = [line.strip("| ").split(" | ") for line in texts.pop("recipe").splitlines()[2:]]
    held = {tag: values for tag, values in scalars.items() if not tag.startswith("comparison/")}
    numbers = {tag: values[-1][1] for tag, values in scalars.items() if tag.startswith("comparison/")}
    return {**held, **texts, "config": {line[0]: line[-1] for line in lines}, "figures": numbers}


def mlflow(run: Path, identifier: str) -> dict[str, Any]:
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{run.resolve().parent / 'mlflow.db'}")
    found = client.get_run(identifier)
    names = found.data.metrics
    held = {
        name: [[metric.step, metric.value] for metric in client.get_metric_history(identifier, name)]
        for name in names
        if not name.startswith("comparison/")
    }
    numbers = {name: value for name, value in names.items() if name.startswith("comparison/")}
    pages = [file.read_text() for file in sorted((run.parent / "mlflow" / identifier / "artifacts" / "samples").glob("*.md"))]
    return {
        **held,
        "config": found.data.params,
        "figures": numbers,
        "samples": pages,
        "verdict": found.data.tags.get("afina.verdict"),
        "status": found.info.status,
    }


def trackio(run: Path, identifier: str) -> dict[str, Any]:
    import trackio
    from trackio.sqlite_storage import SQLiteStorage

    held: dict[str, Any] = defaultdict(list)
    special: dict[str, Any] = {"figures": {}}
    (one,) = [found for found in trackio.Api().runs("afina") if found.name == identifier]
    for row in SQLiteStorage.get_logs("afina", identifier):
        at = row.pop("step")
        row.pop("timestamp")
        for name, value in row.items():
            if name in ("samples", "verdict"):
                special[name] = value
            elif name.startswith("comparison/"):
                special["figures"][name] = value
            else:
                held[name].append([at, value])
    return {**held, **special, "config": one.config}


def wandb(run: Path, identifier: str) -> dict[str, Any]:
    """All starts of the run, in order: what `wandb sync` would send."""
    from wandb.proto.wandb_internal_pb2 import Record

    held: dict[str, Any] = defaultdict(list)
    special: dict[str, Any] = {"config": {}, "figures": {}}
    for file in sorted((run / "wandb").glob(f"offline-run-*/run-{identifier}.wandb")):
        for piece in _records(file.read_bytes()):
            record = Record.FromString(piece)
            for item in record.run.config.update:
                special["config"][item.key or ".".join(item.nested_key)] = json.loads(item.value_json)
            for item in record.summary.update:
                if item.key.startswith("comparison/"):
                    special["figures"][item.key] = json.loads(item.value_json)
                elif item.key == "verdict":
                    special["verdict"] = json.loads(item.value_json)
            row = {item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in record.history.item}
            at = row.pop("step", None)
            for name, value in row.items():
                if name == "samples/path":
                    special["samples"] = (file.parent / "files" / value).read_text()
                elif not name.startswith(("_", "samples/")):
                    held[name].append([at, value])
    return {**held, **special}


def _records(data: bytes) -> Iterator[bytes]:
    """The records of a .wandb file: LevelDB's log format (blocks of 32 KiB; checksum, length, kind) after a header of seven bytes."""
    at, record = 7, b""
    while at + 7 <= len(data):
        left = 32768 - at % 32768
        if left < 7:
            at += left
            continue
        _, length, kind = struct.unpack("<IHB", data[at : at + 7])
        record += data[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # whole, or the last part of one
            yield record
            record = b""


if __name__ == "__main__":
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    print(json.dumps(globals()[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])))
