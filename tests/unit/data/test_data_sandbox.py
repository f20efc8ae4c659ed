"""Templates are programs from elsewhere: what runs for ever, fills memory or reaches out ends in an error that says so."""

from __future__ import annotations

import threading
import time
import tracemalloc

import pytest

from afina.data import sandbox
from afina.data.template import ChatTemplate
from afina.errors import DataError
from afina.types import Message

HI = (Message("user", "Hi"), Message("assistant", "Hello."))
GROW = "{% set ns = namespace(x=SEED) %}{% for i in range(99) %}{% set ns.x = STEP %}{% endfor %}{{ ns.x }}"
MALICIOUS = {
    "an endless loop": "{% for i in range(10 ** 9) %}x{% endfor %}",
    "nested loops": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "a filtered loop": "{% for a in range(99999) if range(99999) | sum < 0 %}{% endfor %}",
    "macros that call themselves twice": "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "a repeated string": "{{ 'x' * 10 ** 10 }}",
    "a doubled string": GROW.replace("SEED", "'x'").replace("STEP", "ns.x ~ ns.x"),
    "an added string": GROW.replace("SEED", "'x'").replace("STEP", "ns.x + ns.x"),
    "a squared number": GROW.replace("SEED", "3").replace("STEP", "ns.x * ns.x"),
    "lists in lists": GROW.replace("SEED", "[1]").replace("STEP", "[ns.x, ns.x]"),
    "a formatted width": "{{ '{:99999999999}'.format(1) }}",
    "a percent width": "{{ '%99999999999d' % 1 }}",
    "a starred width": "{{ '%*d' % (10 ** 10, 1) }}",
    "a width in a width": "{{ '{:{}}'.format(1, 10 ** 10) }}",
    "many digits": "{{ 1.5 | round(10 ** 9, 'ceil') }}",
    "many bytes": "{{ (1).to_bytes(10 ** 10, 'big') }}",
    "a centred text": "{{ 'x'.center(10 ** 10) }}",
    "a replaced text": "{{ ('x' * 900000).replace('x', 'y' * 900000) }}",
    "a joined text": "{{ range(99999) | join('x' * 900000) }}",
    "an indent": "{{ [1] | tojson(indent=10 ** 9) }}",
    "a long output": "{% set a = 'x' * 900000 %}{% for i in range(99) %}{{ a }}{% endfor %}",
    "letters for letters": "{{ ('a' * 90000).translate({97: 'b' * 90000}) }}",
    "wide tabs": "{{ ('\t' * 900000).expandtabs(90000) }}",
    "wide lines": "{{ ('\n' * 900000) | indent(90000, blank=true) }}",
    "lines after a long text": "{{ ('\n' * 90000) | indent('x' * 90000, blank=true) }}",
    "wide JSON": "{{ ([1] * 90000) | tojson(indent=90000) }}",
    "deep JSON": GROW.replace("SEED", "[1] * 900").replace("STEP", "[ns.x] * 3").replace("{{ ns.x }}", "{{ ns.x | tojson(indent=90) }}"),
    "added lists": "{{ ([[1]] * 20000) | sum(start=[]) }}",
    "one long value joined": "{% set ns = namespace(b='x' * 900000) %}{{ ([ns] * 5000) | join(attribute='b') }}",
    "one long value mapped and joined": "{% set ns = namespace(b='x' * 900000) %}{{ ([ns] * 5000) | map(attribute='b') | join }}",
    "one long value joined by a text": "{% set ns = namespace(b='x' * 900000) %}{{ ''.join(([ns] * 5000) | map(attribute='b')) }}",
    "one long value formatted": "{% set ns = namespace(b='x' * 900000) %}{{ ('{0.b}' * 5000).format(ns) }}",
    "a number of bytes": "{{ 7 % (1).from_bytes([1] * 900000, 'big') }}",
    "a number of digits": "{{ 7 % ('f' * 900000) | int(base=16) }}",
    "a search from the end": "{{ ('a' * 900000).rfind('a' * 200000 + 'b' + 'a' * 200000) }}",
    "letters stripped": "{{ ('a' * 900000).strip('b' * 900000 ~ 'a') }}",
    "tags stripped": "{{ (('<a>' * 300000) | safe).striptags() }}",
    "a long block": "{% set a = 'x' * 900000 %}{% set b %}{% for i in range(9999) %}{{ a }}{% endfor %}{% endset %}{{ b | length }}",
}


@pytest.mark.parametrize("name", MALICIOUS)
def test_a_template_that_asks_for_too_much_is_stopped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.2)
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(DataError) as caught:
        ChatTemplate(MALICIOUS[name]).answers(HI, "data.jsonl:7")
    spent, most = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "T006"
    assert caught.value.text().startswith("T006 data.jsonl:7: the chat template was stopped: ")
    assert caught.value.fix == "data.template=chatml"
    assert most < 100e6
    assert spent < 2


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ messages.append(1) }}",
        "{{ self.__init__.__globals__.__builtins__ }}",
        "{{ raise_exception.__globals__['jinja2'] }}",
        "{{ strftime_now.__self__.__class__.__base__ }}",
        "{{ environment.step.__globals__ }}",
    ],
)
def test_nothing_outside_is_reached(source: str) -> None:
    with pytest.raises(DataError) as caught:
        ChatTemplate(source).render(HI)
    assert caught.value.code == "T003"


def test_limits_hold_in_threads_and_leave_the_next_rendering_alone() -> None:
    found: list[str] = []

    def work(source: str) -> None:
        try:
            found.append(ChatTemplate(source).render(HI))
        except DataError as error:
            found.append(error.code)

    for sources in (["{{ 'x' * 10 ** 10 }}", "fine"] * 3, ["fine"]):
        threads = [threading.Thread(target=work, args=(source,)) for source in sources]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == ["T006"] * 3 + ["fine"] * 4


def test_a_long_honest_conversation_is_no_attack() -> None:
    source = (
        "{% set ns = namespace(all='') %}"
        "{% for m in messages %}{% set ns.all = ns.all + '<|' ~ m.role ~ '|>' + m.content | trim %}{% endfor %}"
        "{{ ns.all }}"
    )
    messages = [Message("user" if i % 2 == 0 else "assistant", f"turn {i} " + "words " * 300) for i in range(400)]
    assert ChatTemplate(source).render(messages) == "".join(f"<|{m.role}|>{m.content.strip()}" for m in messages)
    whole = [Message("user", "long " * 1_000_000)]
    assert len(ChatTemplate(source).render(whole)) == 5_000_000 - 1 + len("<|user|>")


def test_large_numbers_in_data_are_no_widths() -> None:
    source = (
        "{{ 200000 | tojson }} {{ '%d' % 200000 }} {{ '{}'.format(200000) }} {{ x | default(200000) }} {{ 'a' ~ 200000 }} {{ 200000 + 1 }}"
    )
    assert ChatTemplate(source).render(HI) == "200000 200000 200000 200000 a200000 200001"


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in [1] %}" * 25 + "{% endfor %}" * 25,
        "{% if 1 %}" * 120 + "{% endif %}" * 120,
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "1+" * 20000 + "1 }}",
        "{{ " + "9" * 5000 + " }}",
    ],
    ids=["loops", "conditions", "brackets", "sums", "digits"],
)
def test_a_template_too_deep_to_compile_is_refused(source: str) -> None:
    with pytest.raises(DataError) as caught:
        ChatTemplate(source).answers(HI, "data.jsonl:7")
    assert caught.value.code == "T002"
    assert "not valid Jinja" in caught.value.what


def test_what_honest_templates_do_is_left_as_it_is() -> None:
    source = (
        "{{ ['a', 2] | join(', ') }} {{ messages | map(attribute='role') | join('+') }} {{ messages | join('/', attribute='role') }} "
        "{{ '-'.join(['a', 'b']) }} {{ [1, 2.5] | sum }} {{ {'b': [1, {}], 'a': 'é'} | tojson(indent=2) }} {{ ' x ' | trim }} "
        "{{ 'a\nb' | indent(4, first=true) }} {{ 'a.b'.rsplit('.', 1)[1] }} "
        "{% set ns = namespace(a=1) %}{% set ns.a = ns.a + 1 %}{{ ns.a }}"
    )
    wanted = 'a, 2 user+assistant user/assistant a-b 3.5 {\n  "b": [\n    1,\n    {}\n  ],\n  "a": "é"\n} x     a\n    b b 2'
    assert ChatTemplate(source).render(HI) == wanted


def test_values_that_hold_values_are_never_written_out() -> None:
    """Each holds the one before it twice: written out, 2 ** 40 of them."""
    source = "{% set ns = namespace(x='y') %}" + "{% set ns = namespace(x=ns, y=ns) %}" * 40
    assert ChatTemplate(source + "{{ ns ~ '' }}").render(HI) == "<Namespace>"
    assert ChatTemplate(source + "{{ ns | string }}").render(HI) == "<Namespace>"
    with pytest.raises(DataError, match="T006"):  # what weighs its values gives up
        ChatTemplate(source + "{{ ns }}").render(HI)
