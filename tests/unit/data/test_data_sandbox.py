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
