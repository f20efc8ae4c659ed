"""The doctor's parts that the planted faults do not reach: what must not be found, views of rows, the page, the verb."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from afina import api
from afina.data.checks import CHECKS, Subject, run
from afina.data.checks.entries import conversation
from afina.data.checks.language import language_of
from afina.data.checks.personal_data import find_personal, is_card, is_iban
from afina.data.checks.placeholder import stand_in
from afina.data.checks.repeats import Repeats, repeated
from afina.data.checks_page import render, write_page
from afina.data.checks_page.histogram import histogram
from afina.data.columns import recognise
from afina.data.examine import Examination, examine
from afina.data.sources import read_table
from afina.recipe.schema import DataSpec
from tests.tiny import write_tokenizer

NAMES = set(
    [
        "empty_field",
        "broken_row",
        "repeated_header",
        "encoding",
        "mojibake",
        "control_characters",
        "invisible_characters",
        "html",
        "outer_space",
        "missing_word",
        "exact_duplicate",
        "near_duplicate",
        "contradictory_label",
        "label_spelling",
        "rare_class",
        "imbalance",
        "label_error",
        "split_shift",
        "language",
        "unusual_length",
        "too_long",
        "leak_row",
        "leak_field",
        "personal_data",
        "control_tokens",
        "coverage",
        "placeholder",
        "refusal",
        "copied_answer",
        "constant_answer",
        "turn_order",
        "cut_text",
        "url_only",
        "bad_number",
    ]
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in find_personal(text)]


def found(examination: Examination) -> dict[str, tuple[int, ...]]:
    return {finding.check: finding.rows for finding in examination.findings}


def test_every_name_has_its_check_in_a_file_of_that_name() -> None:
    assert CHECKS.names() == sorted(NAMES)
    assert all(CHECKS[name].__module__ == f"afina.data.checks.{name}" and CHECKS[name].name == name for name in NAMES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("write to ana.gil+shop@mail.example.co.uk.", [("email", "ana.gil+shop@mail.example.co.uk")]),
        ("call +44 20 7946 0958 or (555) 123-4567", [("phone", "+44 20 7946 0958"), ("phone", "(555) 123-4567")]),
        ("llámame al 612 345 678 mañana", [("phone", "612 345 678")]),
        ("To claim call 09061701461 now", [("phone", "09061701461")]),
        ("DE89 3704 0044 0532 0130 00", [("iban", "DE89 3704 0044 0532 0130 00")]),
        ("5500-0000-0000-0004 and 378282246310005", [("card", "5500-0000-0000-0004"), ("card", "378282246310005")]),
        ("from 10.20.30.40 and 2001:db8:0:0:0:0:0:1", [("ip", "10.20.30.40"), ("ip", "2001:db8:0:0:0:0:0:1")]),
    ],
)
def test_personal_data_is_found_where_it_stands(text: str, wanted: list[tuple[str, str]]) -> None:
    assert kinds(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The population was 1,234,567,890 in 2011 and 123456789 in 1900.",
        "Python version 3.11.4.1 fixed issue 1234567, see 127.0.0.1.",
        "Order 4111111111111112 of 2024-05-17 10:20:30, 1 234 567 items at 12:34:56:78.",
        "DE89 3704 0044 0532 0130 01 is mistyped; pi is 3.14159265358979.",
        "@user tell me, a@b, what 300.300.300.300 means",
        "2 + 2 = 4, 1-800, 555 1234, phones: 12",
    ],
)
def test_plain_numbers_are_not_personal(text: str) -> None:
    assert kinds(text) == []


def test_sums_of_cards_and_ibans_notice_every_wrong_digit() -> None:
    assert is_card("4539 1488 0343 6467") and is_iban("ES9121000418450200051332")
    for number, right in (("4539148803436467", is_card), ("ES9121000418450200051332", is_iban)):
        for place in range(5, len(number)):
            wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
            assert not right(wrong), wrong


def test_the_language_of_short_or_doubtful_texts_is_not_guessed() -> None:
    assert language_of("La mia carta non è ancora arrivata e ho bisogno di usarla domani mattina") == "it"
    assert language_of("ok grazie") == "" and language_of("https://t.co/abcdefghijklmnopqrstuvwxyz @someone 1234567890") == ""


@pytest.mark.parametrize("text", ["a", "Testing a new recipe", "xx-large shirts", "Yes!", "The test was long...", "Todo el mundo", "7"])
def test_short_texts_that_say_something_are_no_stand_ins(text: str) -> None:
    assert stand_in(text) == ""


def test_repeats_are_grouped_in_order_of_the_file() -> None:
    repeats = Repeats()
    for number, text in ((2, "b"), (3, "a"), (5, "b"), (8, "c"), (9, "a"), (11, "b")):
        repeats.add(number, text)
    assert repeats.groups() == [(2, 5, 11), (3, 9)]
    assert repeated(repeats.groups()) == (5, 9, 11)


def test_conversations_in_every_spelling_are_the_same_turns() -> None:
    openai = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
    sharegpt = [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]
    assert conversation(openai) == conversation(sharegpt) == conversation(json.dumps(openai))
    assert conversation("[not json") == conversation(["a", "b"]) == conversation(None) == []


def test_a_file_whose_layout_is_a_question_is_examined_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    rows = [f"the first long text number {n} here,another long text {n * 7} there and more,{n * n},{n % 9 - 4.5}" for n in range(60)]
    rows[20] = "write to me at someone@mail.example about it,another long text that is here,4,5"
    path.write_text("left,right,size,third\n" + "\n".join(rows) + "\n", encoding="utf-8")
    made = examine(DataSpec(path=str(path)))
    assert made.layout is None and "--map" in made.question
    assert found(made)["personal_data"] == (22,)
    assert made.as_dict()["layout"] == {"question": made.question}


def test_leaks_between_the_splits_that_a_file_names(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    rows = [
        {"text": f"message {n} about the {'bill' if n % 2 else 'parcel'} of {n * 37} euros", "label": "ab"[n % 2], "split": "train"}
        for n in range(80)
    ]
    for place in (10, 30, 50):
        rows[place]["split"] = "test"
    rows[30]["text"] = rows[29]["text"].upper() + "!"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert found(examine(DataSpec(path=str(path), map={"text": "text", "label": "label"})))["leak_row"] == (31,)


def test_byte_equal_and_folded_duplicates_are_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    words = "amber birch cedar delta ember fjord grove heath inlet jetty".split()  # noqa: SIM905
    threes = zip(words, words[3:], words[5:], strict=False)
    lines = [f"{one} {two} beyond the {three},{'xy'[n % 2]}" for n, (one, two, three) in enumerate(threes)]
    lines += [lines[0], f"  {lines[1].replace('birch', 'BIRCH')}"]
    path.write_text("text,label\n" + "\n".join(lines) + "\n", encoding="utf-8")
    made = examine(DataSpec(path=str(path), map={"text": "text", "label": "label"}))
    finding = next(one for one in made.findings if one.check == "exact_duplicate")
    assert finding.n_rows == 1 and finding.details["n_folded"] == 2


@pytest.mark.corpus
def test_duplicates_of_the_sms_collection_are_those_known(corpus: Path) -> None:
    spec = DataSpec(path=str(corpus / "data/messy-sms-spam/spam.csv"))
    table = read_table(spec)
    (finding,) = run(Subject(table, recognise(table), spec), ["exact_duplicate"])
    assert (finding.n_rows, finding.details["n_folded"]) == (403, 415)


class Page(HTMLParser):
    """Collects what a page would fetch, and its row numbers inside <details>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.details = 0
        self.cells: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.details += tag == "details"
        self.fetched += [tag] if tag in ("script", "img", "link", "iframe") else []
        self.fetched += [name for name, _ in attrs if name in ("src", "href", "onclick")]

    def handle_data(self, data: str) -> None:
        self.cells.append(data.strip())


def test_the_page_opens_the_rows_behind_each_number_and_fetches_nothing(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    write_tokenizer(model, chat=True)
    sizes = {"vocab_size": 320, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    (model / "config.json").write_text(json.dumps({"model_type": "llama", "max_position_embeddings": 256, **sizes}), encoding="utf-8")
    path = tmp_path / "talk.jsonl"
    asked = "What is the {}th thing to know about <b>tides</b>?"
    rows = [{"prompt": asked.format(n), "completion": f"That the sea rises {n} times."} for n in range(60)]
    rows[7]["completion"] = "<script>alert(1)</script> write to eve@mail.example"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    made = api.check(path, model=model, show=2)
    out = write_page(made, tmp_path / "data_report.html")
    html = out.read_text(encoding="utf-8")
    page = Page(html)
    assert html == render(made) and page.fetched == [] and "<script" not in html and "prefers-color-scheme: dark" in html
    assert page.details >= len(made.findings) and "8" in page.cells
    assert re.search(r"<mark>[^<]*the sea rises", html), "the learned part of a shown row is marked"


def test_the_verb_prints_findings_rows_and_remedies(tmp_path: Path, labelled_csv: Path) -> None:
    from tests.cli.calls import call

    lines = labelled_csv.read_text(encoding="utf-8").splitlines()
    lines[5] = "see you,," + lines[5]
    lines[9] = ",food"
    labelled_csv.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = call("check", str(labelled_csv), cwd=tmp_path)
    assert result.code == 0, result.err
    row = next(line for line in result.out.splitlines() if "empty_field" in line)
    assert "error" in row and " 10 " in row and "data.drop_empty=true" in row
    assert any("broken_row" in line and " 6 " in line for line in result.out.splitlines())


def test_a_file_that_cannot_be_read_ends_with_65_and_no_traceback(tmp_path: Path) -> None:
    from tests.cli.calls import call

    (tmp_path / "bad.json").write_text('{"a": ', encoding="utf-8")
    result = call("check", "bad.json", cwd=tmp_path)
    assert result.code == 65 and result.err.startswith("D004") and "Traceback" not in result.err


def test_lengths_are_the_models_and_drawn_with_the_cut(tmp_path: Path, tiny_model: Path) -> None:
    """Against the encoder of training, template and end token included; every row is in one bar, and those past the line are coloured."""
    from afina.data.encoder import Encoder
    from afina.data.tokenize import Tokenizer
    from afina.types import Completion

    rows = [("say cat", "cat " * (i + 1)) for i in range(40)]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"prompt": asked, "completion": answer}) + "\n" for asked, answer in rows))
    found = api.check(path, model=tiny_model, max_length=64)
    encoder = Encoder(Tokenizer.load(tiny_model), DataSpec(), 10**6)
    assert list(found.lengths) == encoder.encode([Completion(i, *row) for i, row in enumerate(rows)], "sft").examples.lengths
    drawn = histogram(found.lengths, 64)
    assert drawn is not None and sum(bar.n for bar in drawn.bars) == 40 and drawn.cut_x is not None
    assert drawn.n_cut == sum(length > 64 for length in found.lengths) >= sum(bar.n for bar in drawn.bars if bar.cut) > 0
    page = render(found)
    assert "The model reads 64" in page and page.count("<rect") == sum(bar.n > 0 for bar in drawn.bars)
    assert histogram((), 64) is None and "<rect" not in render(api.check(path))
