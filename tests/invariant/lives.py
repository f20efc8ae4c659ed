"""Runs of `afina.train` in processes that die at a chosen moment, and what is left of them.

Each life is a process of its own, forked from a server that has imported everything and computed nothing, so it starts in milliseconds.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from afina.run import Run, listing

KILLED = -signal.SIGKILL
PRELOADED = [
    *("afina.api", "afina.training.worker", "afina.training.launch", "afina.compare.testing", "afina.export.card"),
    *("peft", "transformers"),
]
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(PRELOADED)

SETTINGS: dict[str, Any] = {
    "max_steps": 16,
    "batch_size": 16,
    "micro_batch_size": 4,
    "eval.every_steps": 6,
    "output.save_every_steps": 4,
    "eval.n_samples": 0,
    "eval.bootstrap": 100,
    "eval.compare": False,
    "train.device": "cpu",
}
METHODS: dict[str, dict[str, Any]] = {
    "lora": {"method": {"name": "lora", "r": 4, "dropout": 0.1}, "learning_rate": 1e-2},
    "full": {"method": "full", "learning_rate": 1e-3},
    "encoder": {"method": "full", "learning_rate": 1e-3},
    "encoder-decoder": {"method": {"name": "lora", "r": 4, "dropout": 0.1}, "learning_rate": 1e-2},
}


def dropout_model(folder: Path) -> Path:
    """A tiny GPT-2 with dropout in its config: the only way in which a full training draws noise."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    from tests.tiny import write_tokenizer

    folder.mkdir(parents=True)
    torch.manual_seed(0)
    sizes = {"vocab_size": 320, "n_positions": 256, "n_embd": 32, "n_layer": 2, "n_head": 4}
    drops = {"embd_pdrop": 0.1, "attn_pdrop": 0.1, "resid_pdrop": 0.1}
    GPT2LMHeadModel(GPT2Config(**sizes, **drops, bos_token_id=0, eos_token_id=1, pad_token_id=2)).save_pretrained(folder)
    write_tokenizer(folder)
    return folder


def answers(path: Path) -> Path:
    """Prompts and answers of one to six words."""
    lines = [
        json.dumps({"prompt": f"say cat {1 + i % 6} times, case {i}", "completion": " ".join(["cat"] * (1 + i % 6))}) for i in range(96)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def live(data: Path, model: Path, out: Path, moment: str = "", new: bool = False, **settings: Any) -> int:
    """Train in a process of its own until `moment`; return its exit code, negative for a signal."""
    keywords = {**SETTINGS, **settings, "output.dir": str(out)}
    process = _context.Process(target=_life, args=(str(data), str(model), moment, new, keywords, str(out)))
    process.start()
    process.join(180)
    assert process.exitcode is not None, "the training hangs"
    return process.exitcode


def _life(data: str, model: str, moment: str, new: bool, settings: dict[str, Any], out: str) -> None:
    import torch

    from afina import api
    from afina.errors import AfinaError

    torch.set_num_threads(1)
    sys.stdout = sys.stderr = Path(out).with_name(f"{Path(out).name}.log").open("a")
    name, _, number = moment.partition(" ")
    watchers = []
    if name in ("SIGKILL", "SIGTERM", "SIGINT"):
        watchers.append(_at_step(int(number), lambda: os.kill(os.getpid(), getattr(signal, name))))
    elif name:
        MOMENTS[name](int(number or 1))
    try:
        api.train(data, model, new=new, watchers=watchers, **settings)
    except AfinaError as error:
        print(error.text(), flush=True)
        sys.exit(error.exit_code)


def _at_step(step: int, act: Callable[[], None]) -> Callable[[Any], None]:
    from afina.events import Step

    def watch(event: Any) -> None:
        if isinstance(event, Step) and event.step == step:
            act()

    return watch


def _die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _at_call(module: Any, name: str, after: bool = False) -> Callable[[int], None]:
    """Die before (or after) the k-th call of a function."""

    def arm(k: int) -> None:
        real, calls = getattr(module, name), [0]

        def counted(*args: Any, **kwargs: Any) -> Any:
            calls[0] += 1
            if calls[0] == k and not after:
                _die()
            result = real(*args, **kwargs)
            if calls[0] == k:
                _die()
            return result

        setattr(module, name, counted)

    return arm


def _half_file(k: int) -> None:
    """Die in the k-th checkpoint, its weights written and the optimizer's file cut in the middle."""
    from afina.training import checkpoint

    real, calls = checkpoint._write, [0]

    def cut(staging: Path, state: Any) -> None:
        calls[0] += 1
        real(staging, state)
        if calls[0] == k:
            file = staging / "optimizer.safetensors"
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
            (staging / "state.json").unlink()
            _die()

    checkpoint._write = cut


def _little_memory(n_bytes: int) -> None:
    """The machine has only so much memory left that micro_batch_size=auto comes out smaller than at the first start."""
    import dataclasses

    from afina.plan import machine

    real = machine.look
    machine.look = lambda *where: dataclasses.replace(real(*where), free_ram_bytes=n_bytes)


def _moments() -> dict[str, Callable[[int], None]]:
    from afina import api
    from afina.compare import report, testing
    from afina.export import card
    from afina.training import checkpoint, worker

    return {
        "before-checkpoint": _at_call(checkpoint, "save"),
        "half-file": _half_file,
        "before-manifest": _at_call(checkpoint, "seal"),
        "before-rename": _at_call(checkpoint, "seal", after=True),
        "before-rotate": _at_call(checkpoint, "rotate"),
        "after-rotate": _at_call(checkpoint, "rotate", after=True),
        "before-result": _at_call(worker, "save_trained"),
        "after-result": _at_call(worker, "save_trained", after=True),
        "comparison": _at_call(testing, "compare_run"),
        "compared": _at_call(testing, "compare_run", after=True),
        "finish": _at_call(api, "finish"),
        "card": _at_call(card, "write_card"),
        "little-memory": _little_memory,
        "report": _at_call(report, "write_report"),
    }


class _Lazy(dict[str, Callable[[int], None]]):
    def __missing__(self, key: str) -> Callable[[int], None]:
        return _moments()[key]


MOMENTS = _Lazy()


def only_run(out: Path) -> Run:
    runs = listing(out)
    assert len(runs) == 1, [run.name for run in runs]
    return runs[0]


def things(path: Path, n: int = 120) -> Path:
    """The rows of the labelled_csv fixture, for fixtures of a wider scope."""
    from tests.conftest import ANIMALS, FOODS

    rng = random.Random(0)
    rows = ["text,label"]
    for i in range(n):
        words, label = (ANIMALS, "animal") if i % 2 else (FOODS, "food")
        rows.append(f"the {rng.choice(words)} number {i} and the {rng.choice(words)},{label}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
