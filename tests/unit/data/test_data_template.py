"""Templates: rendered as transformers renders, answers located exactly, anything else refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from afina.data.chat import ChatReader
from afina.data.shield import Shield, bare, pieces
from afina.data.sources.base import Record
from afina.data.template import CHATML, ChatTemplate
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Message

HI = (Message("user", "Hi"), Message("assistant", "Hello."))
TWO = (Message("system", "Brief."), *HI, Message("user", "Bye"), Message("assistant", " See you. "))
LLAMA2 = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
    "{% else %} {{ m.content }}{{ eos_token }}{% endif %}{% endfor %}"
)
ASK = "{% if add_generation_prompt %}<|assistant|>{% endif %}"
HEADER = (
    "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content | trim }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)


def answers(template: ChatTemplate, messages: tuple[Message, ...]) -> list[str]:
    return [answer.text for answer in template.answers(messages)]


def test_chatml_by_hand() -> None:
    first = "<|im_start|>system\nBrief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    second = f"{first}Hello.<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n"
    assert CHATML.render(TWO) == f"{second} See you. <|im_end|>\n"
    assert CHATML.answers(TWO) == [(first, "Hello.<|im_end|>", True), (second, " See you. <|im_end|>", True)]
    assert CHATML.render(HI[:1], add_generation_prompt=True) == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"


def test_without_marks_the_prefix_tells_the_answers() -> None:
    assert answers(ChatTemplate(LLAMA2, "<s>", "</s>"), HI) == [" Hello.</s>"]
    assert answers(ChatTemplate(HEADER), TWO) == ["Hello.<|end|>", "See you.<|end|>"]


def test_a_block_without_its_stop_token_is_widened() -> None:
    source = (
        "{% for m in messages %}<|{{ m.role }}|>{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}"
        "{% else %}{{ m.content }}{% endif %}{{ eos_token }}{% endfor %}" + ASK
    )
    assert answers(ChatTemplate(source, eos="</s>"), TWO) == ["Hello.</s>", " See you. </s>"]


def test_blocks_inside_macros_are_found() -> None:
    source = (
        "{% macro say(m) %}{% generation %}{{ m.content }}</s>{% endgeneration %}{% endmacro %}{% for m in messages %}<|{{ m.role }}|>"
        "{% if m.role == 'assistant' %}{{ say(m) }}{% else %}{{ m.content }}{% endif %}{% endfor %}" + ASK
    )
    assert answers(ChatTemplate(source), TWO) == ["Hello.</s>", " See you. </s>"]


def test_an_empty_thought_before_the_answer_belongs_to_it() -> None:
    source = HEADER.replace("{{ m.content | trim }}", "{{ '<think></think>' if m.role == 'assistant' }}{{ m.content | trim }}")
    assert answers(ChatTemplate(source), HI) == ["<think></think>Hello.<|end|>"]


@pytest.mark.parametrize(
    ("source", "messages", "reason"),
    [
        (HEADER.replace("{% if add_generation_prompt %}<|assistant|>\n{% endif %}", ""), HI, "lacks the answer's header"),
        (HEADER.replace("{% for", "{{ messages | length }}{% for", 1), HI, "not what it renders to ask for one"),
        (HEADER + "<|assistant|>\n", HI, "begins another turn after the last answer"),
        (HEADER.replace("m.content | trim", "m.content | upper"), HI, "changes the text of an answer"),
        (HEADER.replace("m.content | trim", "m.content ~ m.content"), HI, "changes the text of an answer"),
        (HEADER.replace("m.content | trim", "m.content.split('e')[0]"), HI, "changes the text of an answer"),
        ("{% for m in messages %}", HI, "not valid Jinja"),
    ],
)
def test_what_cannot_be_told_exactly_is_refused(source: str, messages: tuple[Message, ...], reason: str) -> None:
    with pytest.raises(DataError) as caught:
        ChatTemplate(source).answers(messages, "data.jsonl:4")
    assert caught.value.code == "T002"
    assert reason in caught.value.what
    assert (caught.value.where, caught.value.fix) == ("data.jsonl:4", "data.template=chatml")


@pytest.mark.parametrize("source", ["{{ raise_exception('roles must alternate') }}", "{{ messages[7].content }}", "{{ 1 + 'a' }}"])
def test_a_template_that_fails_names_the_row(source: str) -> None:
    with pytest.raises(DataError) as caught:
        ChatTemplate(source).render(HI, where="data.jsonl:88")
    assert caught.value.text().startswith("T003 data.jsonl:88: the chat template refuses this conversation: ")


def test_templates_are_sandboxed() -> None:
    with pytest.raises(DataError, match=r"T003"):
        ChatTemplate("{{ ''.__class__.__mro__[1].__subclasses__() }}").render(HI)


def test_the_environment_of_transformers() -> None:
    source = (
        "{% for m in messages %}\n  {% if loop.index > 1 %}{% break %}{% endif %}\n"
        "{{ m | tojson }} {{ strftime_now('%d %b %Y') }}\n{% endfor %}"
    )
    assert ChatTemplate(source).render((Message("user", "<b>é</b>"), *HI)) == '{"role": "user", "content": "<b>é</b>"} 26 Jul 2024\n'
    assert ChatTemplate(source).writes_date


def test_special_strings_in_messages_are_marked_and_cut_out() -> None:
    shield = Shield(["<|im_end|>", "<|im_start|>", "<|im"])
    marked = shield.protect("a <|im_end|> b")
    assert bare(marked) == "a <|im_end|> b"
    assert [tuple(piece) for piece in pieces(f"<|im_start|>{marked}<|im_end|>")] == [
        ("<|im_start|>a ", True),
        ("<|im_end|>", False),
        (" b<|im_end|>", True),
    ]
    # a template may separate the marks; the text is still cut there, and no mark is left
    assert [tuple(piece) for piece in pieces(marked.split("end")[0])] == [("a ", True), ("<|im_", True)]
    with pytest.raises(DataError, match=r"T003 x:1: the text holds private-use characters"):
        shield.protect("\U0010ff01", "x:1")


def test_what_no_answer_begins_with_is_left_off_prompts() -> None:
    template = ChatTemplate(HEADER.replace("<|assistant|>\n{% endif %}", "<|assistant|>\n<think>\n{% endif %}"))
    assert template.withheld == "<think>\n"
    assert template.render(HI[:1], add_generation_prompt=True) == "<|user|>\nHi<|end|>\n<|assistant|>\n"
    assert answers(template, HI) == ["Hello.<|end|>"]


def test_what_ends_only_the_last_turn_is_not_part_of_the_answer() -> None:
    template = ChatTemplate(HEADER + "{{ '[END]' if not add_generation_prompt }}")
    assert answers(template, TWO) == ["Hello.<|end|>", "See you.<|end|>"]
    assert answers(ChatTemplate(HEADER.replace("<|end|>", "\n<|end|><|stop|>"), controls=("<|end|>",)), HI) == ["Hello.\n<|end|>"]


def test_a_system_message_that_moves_to_the_last_question_is_learned_where_it_is_asked() -> None:
    source = (
        "{% set first = messages[0] %}{% for m in messages %}{% if m.role == 'user' %}"
        "[INST]{{ first.content ~ ' ' if loop.last and first.role == 'system' }}{{ m.content }}[/INST]"
        "{% elif m.role == 'assistant' %}{{ m.content }}</s>{% endif %}{% endfor %}"
    )
    messages = (Message("system", "Brief."), *HI)
    assert ChatTemplate(source).answers(messages) == [("[INST]Brief. Hi[/INST]", "Hello.</s>", True)]


def test_thoughts_are_learned_where_the_template_writes_them_and_else_reported() -> None:
    thinking = HEADER.replace("{{ m.content", "{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}{{ m.content")
    messages = (Message("user", "2+2?"), Message("assistant", "4", reasoning_content="two and two"))
    inside = (Message("user", "2+2?"), Message("assistant", "<think>two and two</think>4"))
    assert ChatTemplate(thinking).answers(messages)[0][1:] == ("<think>two and two</think>4<|end|>", True)
    assert ChatTemplate(HEADER).answers(messages)[0][1:] == ("4<|end|>", False)
    assert ChatTemplate(HEADER).answers(inside)[0][1:] == ("<think>two and two</think>4<|end|>", True)
    dropping = ChatTemplate(HEADER.replace("m.content", "m.content.split('</think>')[-1]"))
    assert dropping.answers(inside)[0][1:] == ("4<|end|>", False)


CALL = Message("assistant", "", tool_calls=({"type": "function", "function": {"name": "weather", "arguments": {"place": 'in "Rome"'}}},))
TOOLS = {"type": "function", "function": {"name": "weather"}}


def test_tool_calls_are_learned_whole_or_refused() -> None:
    calling = HEADER.replace(
        "{{ m.content | trim }}", "{% for c in m.tool_calls or [] %}{{ c | tojson }}{% endfor %}{{ m.content | trim }}"
    )
    messages = (Message("user", "Rome?"), CALL, Message("tool", "sun"), Message("assistant", "Sunny."))
    first, last = ChatTemplate(calling).answers(messages, tools=[TOOLS])
    assert first.text == '{"type": "function", "function": {"name": "weather", "arguments": {"place": "in \\"Rome\\""}}}<|end|>'
    assert last.text == "Sunny.<|end|>"
    with pytest.raises(DataError, match=r"T002 x:3: .*leaves out a tool call.*\n  Do: a model whose template knows tools"):
        ChatTemplate(HEADER).answers(messages, "x:3", [TOOLS])
    # arguments joined to text are given as JSON
    joining = calling.replace("c | tojson", "'call ' + c.function.name + c.function.arguments")
    assert ChatTemplate(joining).answers(messages)[0].text == 'call weather{"place": "in \\"Rome\\""}<|end|>'


def test_a_template_that_always_wants_a_list_of_tools_gets_an_empty_one() -> None:
    source = "{% for t in tools %}{{ t.function.name }}{% endfor %}" + HEADER
    assert answers(ChatTemplate(source), HI) == ["Hello.<|end|>"]
    assert ChatTemplate(source).render(HI[:1], tools=[TOOLS]).startswith("weather<|user|>")


def test_marks_survive_a_template_that_prints_an_object() -> None:
    shield = Shield(["</s>"])
    for shown in ("m.tool_calls[0]", "m.tool_calls[0] | string", "m.tool_calls[0] | tojson(ensure_ascii=true)"):
        text = ChatTemplate("{% for m in messages %}{{ " + shown + " }}{% endfor %}").render(
            shield.messages([Message("assistant", "", tool_calls=({"function": {"name": "f", "arguments": {"a </s>": "</s>"}}},))])
        )
        assert [piece.text for piece in pieces(text) if not piece.control] == ["</s>", "</s>"]
    with pytest.raises(DataError, match="T003"):
        shield.protect("\\U0010ff01")


def test_a_call_without_words_is_given_as_the_template_writes_it() -> None:
    """Beside "" DeepSeek's first template leaves the call out, and its mended one writes an empty answer after it."""
    header = (
        "{% for m in messages %}{% if m.role == 'assistant' %}CALLWORDS{% else %}<|{{ m.role }}|>{{ m.content }}{% endif %}{% endfor %}"
    )
    header += ASK
    call = "<|assistant|>{% for c in m.tool_calls %}{{ c.function.name }} {{ c.function.arguments | tojson }}{% endfor %}</s>"
    words = "{% if m.content is not none %}<|assistant|>{{ m.content }}</s>{% endif %}"
    messages = (Message("user", "Rome?"), CALL, Message("tool", "sun"), Message("assistant", "Sunny."))
    for condition in ("m.content is none", "m.tool_calls"):
        source = header.replace("CALL", "{% if " + condition + " %}" + call + "{% endif %}").replace("WORDS", words)
        first, last = ChatTemplate(source, eos="</s>").answers(messages, tools=[TOOLS])
        assert first == ("<|user|>Rome?<|assistant|>", 'weather {"place": "in \\"Rome\\""}</s>', True)
        assert last.text == "Sunny.</s>"


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "least"), [("Qwen-32B", 33), ("Llama-8B", 33)])
def test_the_tool_calls_of_the_distilled_deepseeks(corpus: Path, name: str, least: int) -> None:
    """What is still refused calls tools twice: these templates write no header before the second call."""
    rows = json.loads((corpus / "data/llamafactory-demos/glaive_toolcall_en_demo.json").read_text(encoding="utf-8"))[:40]
    reader = ChatReader("glaive", DataSpec())
    source = (corpus / f"templates/deepseek-ai-DeepSeek-R1-Distill-{name}.jinja").read_text(encoding="utf-8")
    template = ChatTemplate(source, "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", ("<｜end▁of▁sentence｜>",))
    learned, refused = 0, 0
    for number, row in enumerate(rows):
        chat = reader.read(Record(number, row), {"messages": ("conversations",), "tools": ("tools",)})
        assert chat is not None
        if sum(bool(message.tool_calls) for message in chat.messages) > 1:
            with pytest.raises(DataError, match="not what it renders to ask for one"):
                template.answers(chat.messages, tools=chat.tools)
            refused += 1
        else:
            assert all("<｜Assistant｜>" not in answer.text for answer in template.answers(chat.messages, tools=chat.tools))
            learned += 1
    assert learned >= least
    assert learned + refused == 40
