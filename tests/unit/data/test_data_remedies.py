"""What a finding says is so, and what it tells to type does it."""

from __future__ import annotations

import json
import shlex
import time

import pytest
from ftfy import fix_encoding
from ftfy.badness import is_bad
from hypothesis import example, given
from hypothesis import strategies as st

from afina.data.checks import Finding, Subject
from afina.data.checks.coverage import n_words
from afina.data.checks.mojibake import NEAR, repairable
from afina.data.checks.url_only import LINK
from afina.data.clean.leave import left_out
from afina.data.columns import recognise
from afina.data.examine import examine
from afina.data.rows import MISSING_WORDS, read_as_missing
from afina.data.sources import read_table
from afina.recipe.load import load
from afina.recipe.schema import DataSpec
from afina.types import Choices, Pair

TEAMS = ("billing", "delivery")


def finding(spec: DataSpec, name: str) -> Finding | None:
    return next((one for one in examine(spec).findings if one.check == name), None)


def labelled(*texts: str) -> str:
    return "text,label\n" + "".join(f'"{text}",{TEAMS[index % 2]}\n' for index, text in enumerate(texts))


def numbered(n: int, begin: str = "parcel") -> list[str]:
    return [f"{begin} {i * i} came on day {i * 37} of the year" for i in range(n)]


@pytest.mark.parametrize(
    "words", [[word] for word in sorted(MISSING_WORDS | {"#n/a", "<na>", "null", "~", "no data", 'say "x"'})] + [["NA", "?", "null"]]
)
def test_a_word_for_nothing_can_be_named_as_is_said(words: list[str]) -> None:
    (typed,) = shlex.split(read_as_missing(words))
    assert load(None, [typed], {"data": {"path": "x"}}).recipe.data.na == tuple(words)


def test_the_finding_of_missing_words_names_them_so(write) -> None:
    one = finding(write("a.csv", labelled(*numbered(30), "null", "#n/a")), "missing_word")
    assert one is not None and one.fix == """'data.na=["#n/a","null"]' data.drop_empty=true"""


def test_tags_are_not_said_to_go_with_entities(write) -> None:
    tags = finding(write("a.csv", labelled(*(f"{text} <br> more" for text in numbered(8)))), "html")
    both = finding(write("b.csv", labelled(*(f"{text} <br> more" for text in numbered(8)), "salt &amp; pepper")), "html")
    assert tags is not None and "unescape" not in tags.fix
    assert both is not None and both.fix == f"data.unescape_html=true; {tags.fix}"


def test_spellings_that_the_key_does_not_merge_are_not_said_to_be_merged(write) -> None:
    rows = "".join(f"{text},{('not_spam', 'not-spam', 'spam')[i % 3]}\n" for i, text in enumerate(numbered(30)))
    one = finding(write("a.csv", "text,label\n" + rows), "label_spelling")
    assert one is not None and one.fix != "data.normalize_labels=true" and "write those with - or _ in one way" in one.fix
    rows = "".join(f"{text},{('Spam', 'spam', 'ham')[i % 3]}\n" for i, text in enumerate(numbered(30)))
    one = finding(write("b.csv", "text,label\n" + rows), "label_spelling")
    assert one is not None and one.fix == "data.normalize_labels=true"


def test_rows_that_differ_in_case_are_left_out_by_the_key_that_is_named(write) -> None:
    texts = ["Hello there all of you", *numbered(10)]
    rows = "".join(f"{text},billing\n" for text in [*texts, "hello there all of YOU"]) + "one more text here,delivery\n"
    spec = write("a.csv", "text,label\n" + rows)
    one = finding(spec, "exact_duplicate")
    assert one is not None and one.rows == (13,)
    key, _, value = one.fix.removeprefix("data.").partition("=")
    from afina.data.rows import typed

    table = read_table(spec)
    found = typed(table, recognise(table), spec).rows
    assert [drop.number for _, drops in left_out(found, spec.model_copy(update={key: value})) for drop in drops] == [13]


def test_lost_characters_and_converted_ones_are_two_findings(write) -> None:
    content = labelled(*(f"el café {i} está bien" for i in range(30)), "lost \ufffd one")
    found = [one for one in examine(write("a.csv", content.encode("utf-16"))).findings if one.check == "encoding"]
    assert [(one.level, one.rows) for one in found] == [("warning", (32,)), ("info", tuple(range(2, 33)))]


def rows_of_sets(labels: list[list[str]]) -> list[object]:
    return [{"text": f"{text} and more words", "labels": some} for text, some in zip(numbered(len(labels)), labels, strict=True)]


def test_the_order_of_labels_is_no_contradiction_and_rows_are_counted_once(write) -> None:
    sets = [["a", "b"] if i % 2 else ["a", "c"] for i in range(200)] + [["d"]] * 3
    rows = rows_of_sets(sets)
    spec = write("a.jsonl", [*rows, {**rows[0], "labels": ["c", "a"]}], map={"text": "text", "labels": "labels"})
    assert finding(spec, "contradictory_label") is None
    imbalance = finding(spec, "imbalance")
    assert imbalance is not None and imbalance.what == '"a" has 201 of 204 rows (99 %), "d" 3'


def test_labels_are_seen_as_training_reads_them(write) -> None:
    lists = "text,labels\n" + "".join(
        f'{text},"{json.dumps(["alpha", "beta"] if i % 3 else ["gamma", "beta"]).replace(chr(34), chr(34) * 2)}"\n'
        for i, text in enumerate(numbered(40))
    )
    joined = "text,labels\n" + "".join(
        f'{text},"{("Washington, DC|news", "Washington, DC", "news|sport", "sport")[i % 4]}"\n' for i, text in enumerate(numbered(40))
    )
    for name, content, wanted in (("a.csv", lists, {"alpha", "beta", "gamma"}), ("b.csv", joined, {"Washington, DC", "news", "sport"})):
        spec = write(name, content, map={"text": "text", "labels": "labels"})
        table = read_table(spec)
        subject = Subject(table, recognise(table, spec.map), spec)
        assert {label for entry in subject.entries() for label in entry.labels} == wanted


def test_an_option_may_be_any_word_and_both_texts_of_a_pair_must_say_something() -> None:
    rows = [
        Choices(1, "which is another word for exam?", ("run", "test"), 1),
        Pair(2, "TODO", "a whole text", "x"),
        Pair(3, "one", "two", "y"),
    ]
    ((key, drops),) = left_out(rows, DataSpec(drop_placeholders=True))
    assert key == "drop_placeholders" and [drop.number for drop in drops] == [2]


def test_words_of_scripts_without_spaces_are_counted_by_their_characters() -> None:
    assert n_words("the parcel came") == 3
    assert n_words("包裹今天没有到达") == 4
    assert n_words("parcel 包裹 came") == 3


def test_many_links_in_one_word_end() -> None:
    start = time.perf_counter()
    assert LINK.fullmatch("http://a" * 5000 + " end") is None
    assert time.perf_counter() - start < 1, "minutes when each link could begin a new one"
    assert LINK.fullmatch(" http://a.b\nwww.c.d ") and LINK.fullmatch("http://a.b") and not LINK.fullmatch("see http://a.b")


GARBLED = st.lists(st.sampled_from([*"abX z.é¿Ã©Â \xa0â€œà²¼œŒвЂГўВ.×²√≤Ø°Ù±│ò\x85\n1", "cafÃ©", "   "]), max_size=14).map("".join)


@given(GARBLED)
@example("x" * 9 + "a Â b")
@example("Â and")
@example("xxxГўВЂВ.axxx")
def test_looking_only_near_foreign_letters_misses_nothing(text: str) -> None:
    assert is_bad("\n".join(NEAR.findall(text))) or not is_bad(text)
    assert repairable(text) == (is_bad(text) and fix_encoding(text) != text)
