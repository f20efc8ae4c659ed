"""Masks against an independent checker: 55 templates of real models x 20 conversations; each is exact, or refused with the reason.

The checker knows nothing of how afina finds an answer. It decodes what is learned and compares it with the answers, counts begin tokens,
and compares prompts and whole conversations with what transformers itself renders.
"""

from __future__ import annotations

import datetime
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from afina.data.encoder import Encoder
from afina.data.tokenize import Tokenizer
from afina.data.truncate import Segment
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import IGNORE_INDEX, Chat, Completion, Example, Message
from tests.oracle.conversations import CONVERSATIONS, PLAIN, chat

CONTROL = re.compile(
    r"<[|｜][^<>|｜\s]+[|｜]>|<(?:start_of_turn|end_of_turn|seed:bos|seed:eos|sep|bos|eos)>|<\|turn>|<turn\|>|\[/?INST\]|</?s>"
)
NAMED = {
    "[SYSTEM_PROMPT]",
    "[/SYSTEM_PROMPT]",
    "[TOOL_CALLS]",
    "[ARGS]",
    "[CALL_ID]",
    "[AVAILABLE_TOOLS]",
    "[TOOL_RESULTS]",
    "[/TOOL_RESULTS]",
}
ENDS = (
    "<|im_end|>",
    "<|eot_id|>",
    "<end_of_turn>",
    "<｜end▁of▁sentence｜>",
    "<|END_OF_TURN_TOKEN|>",
    "<|end_of_text|>",
    "<seed:eos>",
    "<turn|>",
)
BEGINNINGS = {
    "<|im_start|>",
    "<|start|>",
    "<|user|>",
    "<|start_header_id|>",
    "<start_of_turn>",
    "<|turn>",
    "[INST]",
    "<｜User｜>",
    "<seed:bos>",
}
SYNTAX = re.compile(
    r"</?(?:seed:)?think>|<\|?channel\|?>|all\n|final|analysis|commentary|thought|\[/?THINK\]|\[BEGIN FINAL RESPONSE\]|"
    r"Here are my reasoning steps:|\s+"
)
"""What templates write around the words of an answer besides control tokens: thinking tags, the channel or receiver of a message."""
OTHERS = re.compile(r"(?:usr|sys|tol)[a-z]+")
OWN = re.compile(r"(?:ans|tht)[a-z]+")


def write_tokenizer(folder: Path, source: str, specials: list[str], eos: str, bos: str) -> Tokenizer:
    """A byte-level tokenizer without merges: what it decodes is what it was given."""
    from tokenizers import AddedToken, decoders, models, pre_tokenizers
    from tokenizers import Tokenizer as Backend

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Backend(models.BPE({letter: index for index, letter in enumerate(alphabet)}, []))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in specials])
    backend.add_tokens([AddedToken(token, normalized=False) for token in ("<think>", "</think>", "<tool_call>", "</tool_call>")])
    backend.save(str(folder / "tokenizer.json"))
    config = {"bos_token": bos, "eos_token": eos, "add_bos_token": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    (folder / "chat_template.jinja").write_text(source, encoding="utf-8")
    return Tokenizer.load(folder)


def tokenizer_of(source: str, folder: Path) -> Tokenizer:
    """The control tokens that the template names are special; the end token is the one it ends turns with, if any."""
    specials = {token for token in [*CONTROL.findall(source), *(name for name in NAMED if name in source)]}
    eos = next((token for token in ENDS if token in specials), "</s>")
    return write_tokenizer(folder, source, sorted(specials | {eos, "<begin>"}), eos, "<begin>")


@cache
def _jinja(source: str) -> Any:
    from transformers.utils.chat_template_utils import _compile_jinja_template

    template = _compile_jinja_template(source)
    template.environment.globals["strftime_now"] = datetime.datetime(2024, 7, 26).strftime
    return template


def as_transformers(tokenizer: Tokenizer, chat: Chat, upto: int, ask: bool, wordless: str | None = "") -> str:
    """What transformers renders of the first messages. wordless: what a turn that only calls tools says, "" or None (JSON's null)."""
    turns = [_turn(message, wordless) for message in chat.messages[:upto]]
    values = {"bos_token": tokenizer.bos_token, "eos_token": tokenizer.eos_token, "add_generation_prompt": ask, "documents": None}
    assert tokenizer.template is not None
    template = _jinja(tokenizer.template.source)
    failed: Exception | None = None
    for tools in (list(chat.tools) or None, []):
        for as_text in (False, True):
            try:
                return template.render(messages=_arguments(turns) if as_text else turns, tools=tools, **values)
            except TypeError as error:
                failed = error
    assert failed is not None
    raise failed


def _turn(message: Message, wordless: str | None) -> dict[str, Any]:
    content = wordless if message.tool_calls and not message.content else message.content
    turn: dict[str, Any] = {"role": message.role, "content": content, "tool_calls": list(message.tool_calls)}
    turn |= {"tool_call_id": message.tool_call_id, "name": message.name, "reasoning_content": message.reasoning_content}
    return {key: value for key, value in turn.items() if value or key in ("role", "content")}


def _arguments(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    copied = json.loads(json.dumps(turns))
    for call in [call for turn in copied for call in turn.get("tool_calls", [])]:
        call["function"]["arguments"] = json.dumps(call["function"]["arguments"])
    return copied


def runs(example: Example) -> list[tuple[int, int]]:
    """The stretches of learned tokens, as [start, end); adjacent answers cannot touch, a turn is asked for between them."""
    learned = [label != IGNORE_INDEX for label in example.labels]
    edges = [i for i in range(len(learned) + 1) if (i < len(learned) and learned[i]) != (i > 0 and learned[i - 1])]
    return list(zip(edges[::2], edges[1::2], strict=True))


def wrong(tokenizer: Tokenizer, row: Chat) -> str:
    """Return what is wrong with the masks of the row, "" when they are exact. Raises DataError when afina refuses the row."""
    encoder = Encoder(tokenizer, DataSpec(path="data.jsonl"), 10**6)
    examples = encoder.encode([row], "sft").examples
    asked = [index for index, message in enumerate(row.messages) if message.role == "assistant"]
    stretches = [(example, start, end) for example in examples for start, end in runs(example)]
    if len(stretches) != len(asked):
        return f"{len(stretches)} learned stretches for {len(asked)} answers"
    faults: list[str] = []
    for wordless in ("", None):  # people's data says both of a turn that only calls tools; one of them must be what was learned
        fault = ""
        for index, (example, start, end) in zip(asked, stretches, strict=True):
            fault = fault or wrong_answer(tokenizer, row.messages[index], list(example.ids[start:end]))
            fault = fault or wrong_prompt(tokenizer, encoder, row, index, list(example.ids[:start]), wordless)
            fault = fault or wrong_whole(tokenizer, row, index, list(example.ids[:start]), list(example.ids[start:end]), wordless)
        if not fault or not any(message.tool_calls and not message.content for message in row.messages):
            return fault
        faults.append(fault)
    return faults[0]


def wrong_answer(tokenizer: Tokenizer, message: Message, ids: list[int]) -> str:
    if ids[-1] not in tokenizer.special_ids:
        return "the last learned token is no stop token"
    # one kind of model writes its words and its call as two messages of one answer
    begun = {tokenizer.token(index) for index in ids} & BEGINNINGS
    if tokenizer.bos in ids or (begun and not (message.tool_calls and message.content and begun == {"<|start|>"})):
        return "learns to begin a turn"
    decoded = tokenizer.decode(ids)
    if OTHERS.search(decoded) and not OTHERS.search(message.content):
        return f"learns another's words: {decoded[:80]!r}"
    if message.tool_calls:
        wanted = [text for call in message.tool_calls for text in ("get_weather", *call["function"]["arguments"].values())]
        return "" if all(text in decoded for text in wanted) else f"a call is not learned whole: {decoded[:200]!r}"
    words = message.content.rpartition("</think>")[2].strip()
    # everything else that is learned is the template's own syntax: nothing of it is a word of anybody
    rests = [decoded[:found] + "\0" + decoded[found + len(words) :] for found in range(len(decoded)) if decoded.startswith(words, found)]
    return "" if any(syntax_only(tokenizer, rest, message) for rest in rests) else f"not the answer and its end: {decoded[:200]!r}"


def syntax_only(tokenizer: Tokenizer, rest: str, message: Message) -> bool:
    thought = re.search(r"tht[^<\n]*", message.reasoning_content or message.content)
    rest = rest.replace(thought[0], "", 1) if thought else rest
    for token in sorted(tokenizer.special_tokens, key=len, reverse=True):
        rest = rest.replace(token, "")
    return SYNTAX.sub("", rest) == "\0"


def wrong_prompt(tokenizer: Tokenizer, encoder: Encoder, row: Chat, index: int, before: list[int], wordless: str | None) -> str:
    """What comes before an answer in training is what generation gives, and what transformers renders to ask for it."""
    if encoder.prompt_ids(row.messages[:index], tools=row.tools) != before:
        return "generation asks with other ids than training"
    if before.count(tokenizer.bos) != 1 or before[0] != tokenizer.bos:
        return f"{before.count(tokenizer.bos)} begin tokens"
    asked = as_transformers(tokenizer, row, index, True, wordless).removeprefix(tokenizer.bos_token)
    decoded = tokenizer.decode(before).removeprefix(tokenizer.bos_token)
    withheld = encoder.template.withheld if encoder.template else ""
    if asked not in (decoded, decoded + withheld):
        return f"the prompt is {decoded[-60:]!r}, transformers renders {asked[-60:]!r}"
    return ""


def wrong_whole(tokenizer: Tokenizer, row: Chat, index: int, before: list[int], answer: list[int], wordless: str | None) -> str:
    """The answer stands as it is learned in what transformers renders of the conversation, but for an end token that is missing there."""
    shown = as_transformers(tokenizer, row, index + 1, False, wordless)
    learned = tokenizer.decode(answer)
    bare = learned.removesuffix(tokenizer.eos_token) if learned not in shown else learned
    at = shown.rfind(bare)
    if at < 0:
        return f"transformers renders {shown[-80:]!r}, what is learned is {learned[-80:]!r}"
    if OWN.search(shown[at + len(bare) :]):
        return f"part of the answer is not learned: {shown[at + len(bare) :][:60]!r}"
    # a few templates write earlier turns differently once they are answered; the turn's opening is the same at least
    return "" if shown[:at].endswith(tokenizer.decode(before)[-4:]) else f"opened differently: {shown[:at][-60:]!r}"


def outcome(tokenizer: Tokenizer, name: str) -> str:
    """Return "exact", "WRONG: ..." or "refused: ..."; a refusal without place, reason or remedy is wrong too."""
    try:
        fault = wrong(tokenizer, chat(name))
    except DataError as error:
        said = error.code in ("T002", "T003") and error.where == "data.jsonl:1" and error.fix
        return f"{'refused' if said else 'WRONG'}: {error.what.rpartition(': ')[2]}"
    return f"WRONG: {fault}" if fault else "exact"


@pytest.fixture(scope="module")
def tokenizers(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tokenizer]:
    found: dict[str, Tokenizer] = {}
    for path in sorted((corpus / "templates").glob("*.jinja")):
        if not path.name.startswith("_broken"):
            folder = tmp_path_factory.mktemp("template")
            found[path.stem] = tokenizer_of(path.read_text(encoding="utf-8"), folder)
    return found


NO_SYSTEM = {"google-gemma-2-2b-it"}
"""Renders every plain conversation but those with a system message, which it refuses itself."""
UNTOLD = {
    "CohereForAI-c4ai-command-r-plus-tool_use": "begins another turn after the last answer",
    "CohereForAI-c4ai-command-r7b-12-2024-tool_use": "lacks the answer's header",
    "MiroThinker": "cannot assign attribute on non-namespace object",
    "fireworks-ai-llama-3-firefunction-v2": "'functions' is undefined",
}
"""Refused whatever is said, and why: two ask for answers where no answer is written, transformers cannot render the other two at all."""


def judge(tokenizers: dict[str, Tokenizer], names: tuple[str, ...]) -> None:
    found = {(stem, name): outcome(tokenizer, name) for stem, tokenizer in tokenizers.items() for name in names}
    assert {key: said for key, said in found.items() if said.startswith("WRONG")} == {}
    for stem in tokenizers:
        plain = {name: found[stem, name] for name in names if name in PLAIN}
        if stem in UNTOLD:
            assert all(UNTOLD[stem] in said for said in plain.values()), (stem, plain)
        elif stem in NO_SYSTEM:
            assert all(said == ("refused: System role not supported" if "sys" in name else "exact") for name, said in plain.items())
        else:
            assert set(plain.values()) == {"exact"}, (stem, plain)


@pytest.mark.corpus
def test_masks_are_exact_or_refused(tokenizers: dict[str, Tokenizer]) -> None:
    some = dict(list(tokenizers.items())[::5])
    assert len(some) == 11
    judge(some, ("system_turns", "one_letter", "template_text", "thoughts", "two_calls"))


@pytest.mark.corpus
@pytest.mark.full
def test_all_templates_on_all_conversations(tokenizers: dict[str, Tokenizer]) -> None:
    assert len(tokenizers) == 55
    assert len(CONVERSATIONS) == 20
    judge(tokenizers, tuple(CONVERSATIONS))


CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.mark.parametrize("fault", ["one token early", "one token late", "no stop", "the header too", "a question", "two begins", "none"])
def test_the_checker_finds_wrong_masks(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = tokenizer_of(CHATML, tmp_path)
    chained = Encoder._chained

    def broken(self: Encoder, answers: Any, learned: Any) -> Any:
        (prompt, answer, *rest), *others = chained(self, answers, learned)
        ids = [*prompt.ids, *answer.ids]
        n = len(prompt.ids)
        start, end = {"one token early": (n - 1, None), "one token late": (n + 1, None), "the header too": (n - 11, None)}.get(
            fault, (n, None)
        )
        made = [Segment(ids[:start], False), Segment(ids[start:end], True)]
        if fault == "no stop":
            made = [prompt, Segment(answer.ids[:-1], True), Segment(answer.ids[-1:], False)]
        if fault == "a question":
            made = [Segment(prompt.ids[:20], False), Segment(prompt.ids[20:24], True), Segment(prompt.ids[24:], False), answer]
        if fault == "two begins":
            made = [Segment([tokenizer.bos or 0, *prompt.ids], False), answer]
        return [[*made, *rest], *others]

    monkeypatch.setattr(Encoder, "_chained", broken)
    assert (wrong(tokenizer, chat("system_turns")) == "") == (fault == "none")


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["qwen2", "llama3", "mistral-spm", "smollm2", "gpt2", "bert"])
def test_no_text_becomes_a_control_token(corpus: Path, name: str) -> None:
    """Every special token of six real tokenizers, planted everywhere and across borders: the ids hold as many as with harmless words."""
    tokenizer = Tokenizer.load(corpus / "tokenizers" / name)
    spec = DataSpec(path="data.jsonl", template="auto" if tokenizer.template else "chatml")
    encoder = Encoder(tokenizer, spec, 10**6)

    def specials(one: str, other: str) -> list[int]:
        turns = [
            ("system", f"s {one}"),
            ("user", f"{one}{one} u {one}"),
            ("assistant", f"{one} a {one} b"),
            ("user", one),
            ("assistant", f"a{other}"),
        ]
        examples = encoder.encode([Chat(1, tuple(Message(role, text) for role, text in turns))], "sft").examples
        plain = Encoder(tokenizer, DataSpec(path="data.jsonl", template="plain"), 10**6)
        prompted = plain.encode([Completion(1, f"{one} p {one}", f"{one} c {other}")], "sft").examples
        return [index for example in [*examples, *prompted] for index in example.ids if index in tokenizer.special_ids - unknown]

    unknown = {index for index in tokenizer.special_ids if tokenizer.token(index) in ("<unk>", "[UNK]")}
    clean = specials("x", "x")
    assert clean
    for token in tokenizer.special_tokens[:40]:
        half = len(token) // 2
        assert specials(token, token) == clean, token
        assert specials(token[:half], token[half:]) == clean, token
