"""afina: from a data file and an open language model to a model that does your task.

    run = afina.train(data="support.csv", model="nano")
    run.metrics, run.generate("...")

Importing afina imports neither torch nor transformers; they load when a model is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afina.api import FinishedRun, load, train

__version__ = "0.1.0"
__all__ = ["FinishedRun", "__version__", "load", "train"]


def __getattr__(name: str) -> Any:
    if name in ("train", "load", "FinishedRun"):
        from afina import api

        return getattr(api, name)
    raise AttributeError(f"module 'afina' has no attribute {name!r}")
