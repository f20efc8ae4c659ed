"""Templates: rendered as transformers renders, answers located exactly, anything else refused."""

from __future__ import annotations

import pytest

from afina.data.shield import Shield, bare, pieces
from afina.data.template import CHATML, ChatTemplate
from afina.errors import DataError
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
    text, spans = template.render_with_spans(messages)
    return [text[start:end] for start, end in spans]


def test_chatml_by_hand() -> None:
    text, spans = CHATML.render_with_spans(TWO)
    assert text == (
        "<|im_start|>system\nBrief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
        "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n See you. <|im_end|>\n"
    )
    assert [text[start:end] for start, end in spans] == ["Hello.<|im_end|>", " See you. <|im_end|>"]
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
        (HEADER.replace("<|assistant|>\n{% endif %}", "<|assistant|>\n<think>\n{% endif %}"), HI, "not what it renders to ask for one"),
        (HEADER.replace("m.content | trim", "m.content | upper"), HI, "changes the text of an answer"),
        (HEADER + "{{ '[END]' if not add_generation_prompt }}", TWO, "renders earlier messages differently"),
        ("{% for m in messages %}", HI, "not valid Jinja"),
    ],
)
def test_what_cannot_be_told_exactly_is_refused(source: str, messages: tuple[Message, ...], reason: str) -> None:
    with pytest.raises(DataError) as caught:
        ChatTemplate(source).render_with_spans(messages, "data.jsonl:4")
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


MESSAGES = {"single": HI, "system": TWO[:3], "several": TWO}
ACCEPTED = {"single": 38, "system": 37, "several": 31}


@pytest.mark.corpus
@pytest.mark.parametrize("case", MESSAGES)
def test_corpus_templates(corpus, case: str) -> None:
    """Accepted means exact: the answer's text is in its span, the rest is the template's own; refused means T002 or T003 with a remedy."""
    accepted, refused = 0, []
    paths = sorted((corpus / "templates").glob("*.jinja"))
    assert len(paths) >= 55
    for path in paths:
        template = ChatTemplate(path.read_text(encoding="utf-8"), "<BOS>", "<EOS>")
        try:
            text, spans = template.render_with_spans(MESSAGES[case])
        except DataError as error:
            refused.append((error.code, "data.template=chatml" in error.fix))
            continue
        accepted += 1
        contents = [message.content.strip() for message in MESSAGES[case] if message.role == "assistant"]
        assert len(spans) == len(contents)
        for (start, end), content, index in zip(spans, contents, (len(MESSAGES[case]) - 1,) if len(spans) == 1 else (2, 4), strict=True):
            assert content in text[start:end]
            assert text[:start] == template.render(MESSAGES[case][:index], add_generation_prompt=True)
            assert not any(other.content.strip() in text[start:end] for other in MESSAGES[case] if other.role != "assistant")
    assert set(refused) == {("T002", True), ("T003", True)}
    assert accepted == ACCEPTED[case]
