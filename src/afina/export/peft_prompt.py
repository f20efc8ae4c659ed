"""peft-prompt: a prompt before the text, however it was made, as the rows that peft's PROMPT_TUNING stores.

    [P; E(x)]        P [n, D]: learned as it is, or the output of a network (p_tuning) or of a shared space (ipt), which is left behind

peft puts the rows before the text and leaves them in the answer: the scores compared are those of the text's own places. A model with a
head of classes reads one place of that answer, which the rows move: it has no such form.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from afina.export.base import EXPORTERS, Tell, quiet
from afina.export.stock import ADAPTER, Live, Stock, has_no_form, write_stock
from afina.run import Run

if TYPE_CHECKING:
    from torch import Tensor


@EXPORTERS.register("peft-prompt")
class PeftPrompt:
    """The prompt as plain rows."""

    what: ClassVar[str] = "an adapter folder of peft's type PROMPT_TUNING, from prompt_tuning, p_tuning and ipt"

    def export(self, run: Run, out: Path, tell: Tell = quiet) -> Path:
        """Write `out`. Raises ExportError E104 for another adapter, or a head of classes; otherwise as `write_stock`."""
        return write_stock(run, out, as_prompt, _scores)


def as_prompt(live: Live) -> Stock:
    """Return the prompt's rows. Raises ExportError E104."""
    from afina.tuners.prompt import PromptLayer

    layers = [layer for layer in live.model.get_base_model().modules() if isinstance(layer, PromptLayer)]
    if not layers:
        raise has_no_form(live, "prompt", "it holds no rows before the text")
    if live.peft_type == "AFINA_WARP":
        raise has_no_form(live, "prompt", "its rows stand around and inside the text, and a verbaliser reads the answer")
    rows_ND = layers[0].prompt_of(ADAPTER).detach()
    if live.head != "lm" or live.kind == "encoder":
        raise has_no_form(live, "prompt", "a head reads one place of the answer, and peft's rows would move it")
    config = {
        "peft_type": "PROMPT_TUNING",
        "num_virtual_tokens": len(rows_ND),
        "token_dim": rows_ND.shape[1],
        "num_transformer_submodules": 1,
        "prompt_tuning_init": "RANDOM",
        "modules_to_save": None,
    }
    return Stock(config, {"prompt_embeddings": rows_ND})


def _scores(model: Any, ids: Sequence[int]) -> Tensor:
    """Return the scores that peft gives at the text's own places, as `live_scores` lays them out."""
    import torch

    if model.get_base_model().config.is_encoder_decoder:
        read, written = (torch.tensor([list(part)]) for part in (ids[: len(ids) // 2], ids[len(ids) // 2 :]))
        return model(input_ids=read, attention_mask=torch.ones_like(read), labels=written).logits[0].float()
    whole = torch.tensor([list(ids)])
    logits_SV = model(input_ids=whole, attention_mask=torch.ones_like(whole)).logits[0].float()
    return logits_SV[-len(ids) : -1]
