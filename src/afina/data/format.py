"""As what rows are written: the chat template in use, or the plain format, and what is said about it."""

from __future__ import annotations

from afina.data.template import CHATML, ChatTemplate
from afina.data.tokenize import Tokenizer
from afina.errors import UsageError
from afina.recipe.schema import DataSpec
from afina.types import Kind, Notice


def template_in_use(tokenizer: Tokenizer, spec: DataSpec, kind: Kind) -> ChatTemplate | None:
    """Return the chat template that data.template names, None for the plain format. Raises UsageError T001 for an unknown name.

    An encoder-decoder has the plain format unless another is asked for: what it reads and what it writes are apart anyway.
    """
    if spec.template == "plain" or (spec.template == "auto" and kind != "decoder"):
        return None
    if spec.template == "chatml":
        source = CHATML.source
        if tokenizer.id_of("<|im_end|>") is None:
            # the marks are plain text to this tokenizer, so an answer ends with the end token too
            source = source.replace("<|im_end|>' }}{% endgeneration", "<|im_end|>' + eos_token }}{% endgeneration")
        return ChatTemplate(source, tokenizer.bos_token, tokenizer.eos_token, tokenizer.special_tokens)
    if spec.template != "auto":
        raise UsageError(
            "T001", f'no template is called "{spec.template}"', where="data.template", fix="data.template=auto, plain or chatml"
        )
    return tokenizer.template


def format_notices(tokenizer: Tokenizer, spec: DataSpec, template: ChatTemplate | None, kind: Kind) -> list[Notice]:
    """Return what a person should know about how answers are written."""
    said: list[Notice] = []
    if template is None:
        how = "prompt, line break, answer, end token"
        if kind == "encoder-decoder":
            how = "the encoder reads the prompt, the decoder writes the answer; each ends with the end token"
        said.append(Notice(f"plain format: {how}", "the model has no chat template", "data.template"))
    elif spec.template == "chatml":
        known = tokenizer.id_of("<|im_end|>") is not None
        why = "" if known else "the tokenizer has no <|im_start|>, so the marks are plain text and the end token follows each answer"
        said.append(Notice("format: chatml", why, "data.template"))
    if template is not None and template.writes_date:
        what = "the chat template writes today's date; 26 July 2024 is written in every row"
        said.append(Notice(what, "so that the run can be repeated"))
    if template is not None and template.withheld:
        what = f"the chat template opens an answer with {template.withheld!r}, which the answers it renders do not begin with: "
        what += "it is left out of prompts here; elsewhere turn thinking off"
        said.append(Notice(what, "training and generation ask with the same ids", "data.template", "warning"))
    if tokenizer.eos is None:
        said.append(Notice("the tokenizer has no end token: the model cannot learn where to stop", level="warning"))
    return said
