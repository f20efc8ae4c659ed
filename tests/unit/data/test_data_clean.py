"""Repairs: each alone, all together, twice; the ledger replayed; the same rows whether a file is cleaned first or trained with the keys."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afina.data.chat import ChatReader
from afina.data.clean.base import REPAIRS, Repair, steps
from afina.data.clean.file import check_out, clean_file, proposals
from afina.data.clean.turns import merge_turns
from afina.data.ledger import entries, replay
from afina.data.prepare import encode, read, read_later
from afina.data.sources import Record, read_table
from afina.data.tokenize import Tokenizer
from afina.errors import AfinaError, DataError, UsageError
from afina.recipe.schema import DataSpec

BY_KEY: dict[str, Repair] = {each.key: each for each in REPAIRS}
TEXT_KEYS = {"fix_encoding": True, "unescape_html": True, "strip_control": True, "strip_space": True, "personal_data": "mask"}
EVERY = {**TEXT_KEYS, "merge_turns": True, "normalize_labels": True, "drop_empty": True, "drop_placeholders": True}


def garbled(text: str, times: int = 1) -> str:
    for _ in range(times):
        text = text.encode("utf-8").decode("cp1252")
    return text


# --- each repair alone ---


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("fix_encoding", garbled("el café está cerrado"), "el café está cerrado"),
        ("fix_encoding", garbled("il perché è “chiaro", 2), "il perché è “chiaro"),
        ("unescape_html", "salt &amp; pepper &lt;b&gt; &#233; &#x41; &eacute;", "salt & pepper <b> é A é"),
        ("unescape_html", "twice &amp;amp;", "twice &"),
        ("strip_control", "a\x00b\x07c\x7fd\x85e", "abcde"),
        ("strip_control", "one\rtwo\r\nthree", "one\ntwo\r\nthree"),
        ("strip_control", "zero\u200bwidth soft\u00adhyphen \ufeffmark", "zerowidth softhyphen mark"),
        ("strip_control", "a\u200db", "ab"),
        ("strip_space", " \tlabel\n", "label"),
        ("personal_data", "write to ana.ruiz@correo.example.es or +34 612 345 678", "write to [email] or [phone]"),
        ("personal_data", "IBAN ES91 2100 0418 4502 0005 1332.", "IBAN [iban]."),
        ("personal_data", "card 4111 1111 1111 1111, host 192.168.10.14", "card [card], host [ip]"),
    ],
)
def test_what_is_repaired(key: str, before: str, after: str) -> None:
    assert BY_KEY[key](before) == after
    assert steps([BY_KEY[key]], after) == []


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("fix_encoding", "“curly” quotes, ﬁ ligature, ﾊﾝｶｸ, café, Ã alone"),
        ("unescape_html", "?a=1&copy=2 AT&T &unknown; & &#; <p>tags stay</p>"),
        ("strip_control", "tab\tand\nline break, 👩\u200d💻, می\u200cخواهم"),
        ("strip_space", "inner   space stays"),
        ("personal_data", "order 123456789 of 2024-01-31, version 1.2.3.4, 4111 1111 1111 1112"),
    ],
)
def test_what_is_left_alone(key: str, text: str) -> None:
    value = [{"role": "user", "content": text}, text, 7, None]
    assert BY_KEY[key](text) is text
    assert BY_KEY[key](value) is value


def test_texts_inside_structures_are_repaired_and_names_of_keys_are_not() -> None:
    value = {"a &amp; b": [{"content": "c &amp; d"}, 3, None, True]}
    assert BY_KEY["unescape_html"](value) == {"a &amp; b": [{"content": "c & d"}, 3, None, True]}
    assert value == {"a &amp; b": [{"content": "c &amp; d"}, 3, None, True]}, "nothing is repaired in place"


def test_a_cell_that_spells_a_conversation_still_spells_one() -> None:
    cell = json.dumps([{"role": "user", "content": "say &quot;hi&quot;"}, {"role": "assistant", "content": "hi"}])
    repaired = BY_KEY["unescape_html"](cell)
    assert json.loads(repaired)[0]["content"] == 'say "hi"'
    untouched = '[{"role": "user",   "content": "hi"}]'
    assert BY_KEY["unescape_html"](untouched) is untouched


TURN = st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system"]), "content": st.sampled_from(["a", "b", "c c"])})


@given(st.lists(TURN, min_size=1, max_size=8))
def test_merging_turns_gives_what_training_reads(turns: list[dict[str, str]]) -> None:
    def conversation(value: list[dict[str, str]], merges: bool):
        reader = ChatReader("f", DataSpec(merge_turns=merges), answers=False)
        return reader.read(Record(1, {"messages": value}), {"messages": ("messages",)})

    merged = merge_turns(turns)
    try:
        expected = conversation(turns, True)
    except AfinaError:
        return
    assert conversation(merged, False) == expected
    assert merge_turns(merged) is merged
    assert json.loads(merge_turns(json.dumps(turns))) == merged


def test_tool_turns_are_not_joined() -> None:
    turns = [{"role": "tool", "content": "1"}, {"role": "tool", "content": "2"}]
    calls = [{"role": "assistant", "content": "", "tool_calls": []}, {"role": "assistant", "content": "x"}]
    assert merge_turns(turns) is turns and merge_turns(calls) is calls


# --- all together ---

PIECES = (
    "&amp;",
    "amp;",
    "&",
    "lt;",
    "#233;",
    "\x00",
    "\u200b",
    " ",
    "\r",
    "\n",
    "a@b.com",
    "@",
    "612 345 678",
    "Ã©",
    "â€œ",
    "é",
    "x",
    "[",
    '"',
    "1",
)
MESSY = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(max_examples=400, deadline=None)
@given(MESSY | st.text(max_size=30))
def test_repairing_twice_is_repairing_once(text: str) -> None:
    repairs = [BY_KEY[key] for key in ("merge_turns", *TEXT_KEYS)]
    made = steps(repairs, text)
    if made:
        assert steps(repairs, made[-1][1]) == []


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "TODO", "salt &amp; pepper", "the same text"]) | MESSY, st.sampled_from(["Good", "good", "bad", " bad", "NA"])
    ),
    min_size=4,
    max_size=25,
)


def as_csv(path: Path, rows: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([("text", "label", "id"), *((text, label, str(i)) for i, (text, label) in enumerate(rows))])


def as_jsonl(path: Path, rows: list[tuple[str, str]]) -> None:
    path.write_text(
        "".join(json.dumps({"text": text, "label": label, "id": i}) + "\n" for i, (text, label) in enumerate(rows)), encoding="utf-8"
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    suffix=st.sampled_from([".csv", ".jsonl"]),
    duplicates=st.sampled_from(["no", "exact", "near"]),
    key=st.sampled_from([*EVERY, "all"]),
)
def test_the_ledger_replays_and_cleaning_twice_is_cleaning_once(
    rows: list[tuple[str, str]], suffix: str, duplicates: str, key: str, tmp_path: Path
) -> None:
    path, out, again = (tmp_path / f"{name}{suffix}" for name in ("in", "out", "again"))
    (as_csv if suffix == ".csv" else as_jsonl)(path, rows)
    keys = EVERY if key == "all" else {key: EVERY[key]}
    mapping = {"text": "text", "label": "label"}
    spec = DataSpec(
        path=str(path), map=mapping, header="auto" if suffix == ".jsonl" else True, separator=",", drop_duplicates=duplicates, **keys
    )
    before = path.read_bytes()
    try:
        done = clean_file(spec, out)
    except DataError as error:
        if error.code == "D017":  # many control bytes are taken for a binary file
            assert sum(byte < 9 or 13 < byte < 32 for byte in before) > max(8, 0.02 * len(before))
        elif error.code not in ("D003", "D015"):  # nothing to read, nothing left
            raise
        return
    written = [record.values for record in read_table(spec.model_copy(update={"path": str(out)})).records]
    assert [record.values for record in replay(read_table(spec).records, entries(Path(done.ledger)))] == written
    assert path.read_bytes() == before
    assert len(written) == done.n_written
    clean_file(spec.model_copy(update={"path": str(out)}), again)
    assert list(entries(check_out(out, again))) == []
    assert again.read_bytes() == out.read_bytes()


def test_a_few_nuls_in_a_short_file_are_a_damaged_text(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    as_csv(path, [("", "Good"), ("", "Good"), ("", "Good"), ("\x00\x00", "Good")])
    spec = DataSpec(path=str(path), map={"text": "text", "label": "label"}, header=True, separator=",", fix_encoding=True)
    with pytest.raises(DataError) as raised:
        clean_file(spec.model_copy(update={"drop_empty": True, "strip_control": True}), out)
    assert raised.value.code == "D015"  # it was read; nothing but blanks is in it
    assert clean_file(spec, out).n_written == 4


STRANGE = [
    "NA",
    "None",
    "007",
    "TRUE",
    "0.10",
    "a,b",
    "tab\there",
    'quo"te',
    "two\nlines",
    " outer ",
    "é “x” 🙂",
    "=1+1",
    "null",
    "1e5",
    "'",
]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".json", ".parquet"])
@pytest.mark.parametrize("source", [".csv", ".jsonl"])
def test_every_format_gives_every_string_back(source: str, suffix: str, tmp_path: Path) -> None:
    path, out = tmp_path / f"in{source}", tmp_path / f"out{suffix}"
    rows = [(text, f"label {i % 2}") for i, text in enumerate([*STRANGE, "cut &amp; dried"])]
    (as_csv if source == ".csv" else as_jsonl)(path, rows)
    done = clean_file(DataSpec(path=str(path), unescape_html=True), out)
    assert not [notice for notice in done.notices if "read back" in notice.what]
    values = [record.values for record in read_table(DataSpec(path=str(out))).records]
    assert [value["text"] for value in values] == [*STRANGE, "cut & dried"]
    assert [str(value["id"]) for value in values] == [str(i) for i in range(len(rows))]
    assert list(values[0]) == ["text", "label", "id"]
    assert not list(tmp_path.glob(".partial*"))


def test_structures_keep_their_shape(tmp_path: Path) -> None:
    rows = [
        {"messages": [{"role": "user", "content": f"q {i}"}, {"role": "assistant", "content": "a &amp; b"}], "n": i, "ok": True}
        for i in range(5)
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    for suffix in (".jsonl", ".json", ".parquet"):
        out = tmp_path / f"out{suffix}"
        clean_file(DataSpec(path=str(path), unescape_html=True), out)
        records = [record.values for record in read_table(DataSpec(path=str(out))).records]
        assert [value["messages"][1]["content"] for value in records] == ["a & b"] * 5
        assert [(value["n"], value["ok"]) for value in records] == [(i, True) for i in range(5)]
    mixed = [{"text": "a &amp; b", "x": 1}, {"text": "c", "x": "one"}]
    path.write_text("\n".join(map(json.dumps, mixed)) + "\n")
    done = clean_file(DataSpec(path=str(path), unescape_html=True), tmp_path / "mixed.parquet")
    assert any("columns x hold values of several kinds; written as text" in notice.what for notice in done.notices)


# --- rows ---


def test_what_leaves_out_rows(tmp_path: Path) -> None:
    texts = [
        "the first of all texts",
        "the first of all texts",
        " the first of all texts ",
        "the first of all texts.",
        "",
        "lorem ipsum dolor",
        "another",
    ]
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    as_csv(path, [*((text, "a") for text in texts), ("the first of all texts", "b"), ("mail me: a@b.org", "b")])
    keys = {"drop_empty": True, "drop_placeholders": True, "drop_duplicates": "near", "personal_data": "drop"}
    done = clean_file(DataSpec(path=str(path), map={"text": "text", "label": "label"}, **keys), out)
    assert {key: rows for key, rows in done.rows.items()} == {
        "personal_data": [10],
        "drop_empty": [6],
        "drop_placeholders": [7],
        "drop_duplicates": [3, 4, 5],
    }
    why = {entry.row: entry.because for entry in entries(Path(done.ledger))}
    assert (why[3], why[5], why[7]) == ("repeats row 2", "almost repeats row 2", '"lorem ipsum" stands for a text')
    assert [record.values["text"] for record in read_table(DataSpec(path=str(out))).records] == [
        texts[0],
        "another",
        "the first of all texts",
    ]


def test_columns_that_decide_the_split_are_not_repaired(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    rows = [{"text": f"I am a{i}@b.org, text {i}", "label": "ab"[i % 2], "who": f"a{i}@b.org"} for i in range(12)]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    clean_file(DataSpec(path=str(path), personal_data="mask", group="who"), tmp_path / "out.jsonl")
    values = [record.values for record in read_table(DataSpec(path=str(tmp_path / "out.jsonl"))).records]
    assert [value["who"] for value in values] == [row["who"] for row in rows]
    assert all(value["text"].startswith("I am [email], text") for value in values)


def test_rows_that_could_not_be_read_are_in_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    lines = [f"the number {i} &amp; more,{'ab'[i % 2]}" for i in range(20)]
    path.write_text("\n".join(["text,label", *lines, "one, two, three, a"]) + "\n")
    done = clean_file(DataSpec(path=str(path), unescape_html=True), tmp_path / "out.csv")
    assert (done.n_read, done.n_written, done.rows["read"]) == (21, 20, [22])


def test_nothing_left_is_an_error_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "a@b.org"}\n{"text": "c@d.org"}\n')
    with pytest.raises(DataError) as caught:
        clean_file(DataSpec(path=str(path), personal_data="drop"), tmp_path / "out.jsonl")
    assert caught.value.code == "D015" and "no row of 2 would be left" in str(caught.value)
    assert os.listdir(tmp_path) == ["in.jsonl"]


# --- the same in training ---


def messy_rows() -> list[tuple[str, str]]:
    words = ("invoice", "parcel", "refund", "screen", "password", "train", "garden", "violin", "harbour", "museum", "lantern", "pepper")
    rows = [
        (f"{words[i % 12]} {words[i * 5 % 11]} {words[i * 7 % 12]} &amp; {i} caf{garbled('é')}", ("Good", "bad", "good ")[i % 3])
        for i in range(90)
    ]
    rows[10:14] = [("", "bad"), ("TODO", "bad"), rows[3], (f" {rows[4][0]} ", "bad")]
    rows[20] = ("write to me@example.org about the violin", "bad")
    return rows


@pytest.mark.parametrize("duplicates", ["exact", "near"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_training_with_the_keys_is_training_on_the_cleaned_file(suffix: str, duplicates: str, tmp_path: Path, base: Tokenizer) -> None:
    path, out = tmp_path / "in.csv", tmp_path / f"out{suffix}"
    as_csv(path, messy_rows())
    plain = DataSpec(map={"text": "text", "label": "label"}, max_rows=60)
    dirty = plain.model_copy(update={"path": str(path), "drop_duplicates": duplicates, **EVERY})
    done = clean_file(dirty, out)
    assert done.n_written < 88
    first, second = read(dirty, seed=3), read(plain.model_copy(update={"path": str(out)}), seed=3)
    assert [(row.text, row.label) for row in first.rows] == [(row.text, row.label) for row in second.rows]
    one, two = (encode(dataset, "classify", base, spec, 64) for dataset, spec in ((first, dirty), (second, plain)))
    for split in ("train", "validation", "test"):
        assert [(e.ids, e.labels, e.target) for e in one.examples[split]] == [(e.ids, e.labels, e.target) for e in two.examples[split]]
        assert len(one.examples[split]) > 0


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_training_on_cleaned_conversations(suffix: str, tmp_path: Path, chat: Tokenizer) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / f"out{suffix}"
    rows = []
    for i in range(40):
        user = [{"role": "user", "content": f" question {i * i} about {messy_rows()[i][0][:20]} "}] * (1 + (i % 5 == 0))
        rows.append({"messages": [*user, {"role": "assistant", "content": "" if i == 7 else f"the answer is {i * 37}"}]})
    rows += [{"messages": [{"role": "user", "content": "nobody answers"}]}, rows[3]]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    keys = {**EVERY, "drop_duplicates": "exact"}
    done = clean_file(DataSpec(path=str(path), **keys), out)
    assert (done.rows["drop_empty"], done.rows["drop_duplicates"], len(done.rows["merge_turns"])) == ([8], [42], 8)
    first, second = read(DataSpec(path=str(path), **keys)), read(DataSpec(path=str(out)))
    assert [row.messages for row in first.rows] == [row.messages for row in second.rows]
    assert len(first.rows) == 39
    one, two = (encode(dataset, "sft", chat, DataSpec(), 200).examples["train"] for dataset in (first, second))
    assert [(e.ids, e.labels) for e in one] == [(e.ids, e.labels) for e in two]


def test_what_training_repairs_or_leaves_out_is_said(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    as_csv(path, messy_rows())
    dataset = read(
        DataSpec(path=str(path), map={"text": "text", "label": "label"}, drop_duplicates="exact", **{**EVERY, "personal_data": "drop"})
    )
    said = {notice.key: notice for notice in dataset.notices}
    assert said["data.unescape_html"].what.startswith("87 rows were repaired: rows 2, 3, 4 and 84 more")
    assert said["data.personal_data"].what == "1 rows hold personal data and are left out: rows 22"
    assert said["data.drop_placeholders"].what == "1 rows are left out: rows 13"
    assert "rows 14, 15" in said["data.drop_duplicates"].what
    assert {22: "it holds personal data", 13: '"todo" stands for a text', 14: "repeats row 5"}.items() <= dict(dataset.dropped).items()
    assert dataset.n_read == len(dataset.rows) + len(dataset.dropped) == 90


def test_a_later_file_is_repaired_as_the_training_file_was(tmp_path: Path) -> None:
    path, later = tmp_path / "in.csv", tmp_path / "later.csv"
    as_csv(path, messy_rows())
    spec = DataSpec(path=str(path), map={"text": "text", "label": "label"}, drop_duplicates="exact", **{**EVERY, "personal_data": "drop"})
    layout = read(spec).layout
    later.write_text("text,label\nsalt &amp; pepper,bad\nsalt &amp; pepper,bad\nme@example.org,bad\n")
    rows, dropped, _ = read_later(spec.model_copy(update={"path": str(later)}), layout)
    assert [row.text for row in rows] == ["salt & pepper", "salt & pepper", "me@example.org"]
    assert dropped == ()


# --- never in place ---


@pytest.mark.parametrize("way", ["same", "dots", "symlink", "hardlink", "ledger"])
def test_a_file_is_never_written_over(way: str, tmp_path: Path) -> None:
    path = tmp_path / ("out.csv.ledger.jsonl" if way == "ledger" else "in.csv")
    as_jsonl(path, messy_rows()) if way == "ledger" else as_csv(path, messy_rows())
    out = {"same": path, "dots": tmp_path / "x" / ".." / "in.csv"}.get(way, tmp_path / "out.csv")
    (tmp_path / "x").mkdir()
    if way == "symlink":
        out.symlink_to(path)
    elif way == "hardlink":
        out.hardlink_to(path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="U010") as caught:
        clean_file(DataSpec(path=str(path), strip_space=True), out)
    assert "never written over" in str(caught.value)
    assert path.read_bytes() == before


def test_a_ledger_of_another_file_is_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "in.csv", tmp_path / "other.csv"
    as_csv(path, messy_rows())
    as_csv(other, messy_rows()[::-1])
    done = clean_file(DataSpec(path=str(path), unescape_html=True), tmp_path / "out.csv")
    with pytest.raises(DataError, match="D043"):
        list(replay(read_table(DataSpec(path=str(other))).records, entries(Path(done.ledger))))


def test_proposals_are_what_each_repair_alone_does(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    as_csv(path, messy_rows())
    spec = DataSpec(path=str(path), map={"text": "text", "label": "label"})
    found, _ = proposals(spec)
    assert {"data.drop_empty=true", "data.drop_duplicates=exact", "data.normalize_labels=true"} <= {each.setting for each in found}
    for each in found:
        key, _, value = each.setting.removeprefix("data.").partition("=")
        alone = spec.model_copy(update={key: True if value == "true" else value})
        assert clean_file(alone, tmp_path / "alone.csv").rows[key] == each.rows, each.setting
    assert os.listdir(tmp_path) != []


def test_a_file_that_cannot_be_recognised_can_still_have_its_texts_repaired(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    rows = [{"one": f"a long text &amp; more of it, number {i}", "two": f"and yet another long text, number {i * i}"} for i in range(20)]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    found, notices = proposals(DataSpec(path=str(path)))
    assert [each.setting for each in found] == ["data.unescape_html=true"]
    assert any("repairs of rows were not judged" in notice.what for notice in notices)
    assert clean_file(DataSpec(path=str(path), unescape_html=True), tmp_path / "out.jsonl").n_written == 20
    with pytest.raises(DataError, match="D013"):
        clean_file(DataSpec(path=str(path), drop_duplicates="exact"), tmp_path / "out.jsonl")
