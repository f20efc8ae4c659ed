"""transformers' talk, held back where afina checks and says the same itself."""

from __future__ import annotations

import contextlib
import logging as python_logging
import warnings
from collections.abc import Iterator

for _name in ("torchao", "torch.utils._pytree"):
    # where torchao is installed, peft imports it, and it warns of every extension for a device that is not here
    python_logging.getLogger(_name).setLevel(python_logging.ERROR)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence transformers' report of new heads, its warnings and its bars; what matters of it is checked and raised here."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
