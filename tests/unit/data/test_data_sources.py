"""Files as people have them: every separator, quoting, encoding and damage, with the notice that says so."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data.sources import Table, read_table
from afina.errors import DataError
from afina.recipe.schema import DataSpec


def said(table: Table, code: str) -> str:
    return next((str(notice) for notice in table.notices if notice.what.startswith(code)), "")


def values(table: Table) -> list[tuple[object, ...]]:
    return [tuple(record.values.get(column) for column in table.columns) for record in table.records]


def test_words_that_look_missing_stay_words(write) -> None:
    table = read_table(write("a.csv", "text,label\none,NA\ntwo,None\nthree,007\nfour,TRUE\nfive,1e5\n"))
    assert [row[1] for row in values(table)] == ["NA", "None", "007", "TRUE", "1e5"]
    assert table.notices == ()


@pytest.mark.parametrize(("separator", "shown"), [(";", '";"'), ("\t", "TAB"), ("|", '"|"')])
def test_separator_is_detected_and_said(write, separator: str, shown: str) -> None:
    rows = "".join(f"some text, with a comma {i}{separator}label{i % 2}\n" for i in range(6))
    table = read_table(write("a.csv", f"text{separator}label\n{rows}"))
    assert table.columns == ("text", "label")
    assert said(table, "D006").endswith(f"separator looks like {shown} (100 % of rows). Read with {shown}. [data.separator]")


def test_tsv_suffix_with_tabs_is_no_news(write) -> None:
    table = read_table(write("a.tsv", "text\tlabel\na b c\tx\nd e f\ty\n"))
    assert table.notices == ()
    assert table.format == "TSV"


def test_forced_separator(write) -> None:
    table = read_table(write("a.csv", "text;label\na,b;x\nc,d;y\n", separator="semicolon"))
    assert values(table) == [("a,b", "x"), ("c,d", "y")]


def test_one_column_with_commas_in_its_texts(write) -> None:
    table = read_table(write("a.csv", "text\nwell, yes\nno\nmaybe, but, no\n"))
    assert values(table) == [("well, yes",), ("no",), ("maybe, but, no",)]


def test_line_numbers_count_newlines_inside_quotes(write) -> None:
    table = read_table(write("a.csv", 'text,label\n"two\nlines",x\n\n"he said ""hi""",y\r\nlast,z\n'))
    assert [(record.number, record.values["text"]) for record in table.records] == [(2, "two\nlines"), (5, 'he said "hi"'), (6, "last")]


def test_lines_of_nothing_but_space_are_counted(write) -> None:
    table = read_table(write("a.csv", 'text\nab cd\n  \n\n""\nef gh\n'))
    assert values(table) == [("ab cd",), ("ef gh",)]
    assert [notice.what.split(": ", 1)[1] for notice in table.notices][-1] == "2 lines hold nothing but space and are no rows: 3, 5"


def test_returns_inside_quotes_are_kept_and_those_at_line_ends_are_not(write) -> None:
    lines = ["text,label", '"a\r",x', '"b\r\r\nc","y\r"', "plain,z\r", "last,w"]
    table = read_table(write("a.csv", "\r\n".join(lines) + "\r\n"))
    assert values(table) == [("a\r", "x"), ("b\r\r\nc", "y\r"), ("plain", "z"), ("last", "w")]
    assert any("a stray carriage return at the end of rows 5 was removed" in notice.what for notice in table.notices)
    mac = read_table(write("b.csv", 'text,label\r"a\rb",x\rc,y\r'))
    assert values(mac) == [("a\rb", "x"), ("c", "y")]


def test_an_open_quote_in_a_long_file_takes_no_memory(write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same message as for a short file; the parser is stopped before it has read on to the end."""
    monkeypatch.setattr("afina.data.sources.dialect.ROW_CHARS", 1000)
    rows = "".join(f"some words number {i},x\n" for i in range(2000))
    with pytest.raises(DataError, match=r"a.csv:3: a quote opens here and is never closed"):
        read_table(write("a.csv", f'text,label\n"one",x\n"two and no end,y\n{rows}'))


def test_quotes_in_tsv_are_characters_when_the_rows_say_so(write) -> None:
    table = read_table(write("a.tsv", 'text\tlabel\n"quoted start, no end\tx\nplain\ty\n"done," he said\tx\n'))
    assert [row[0] for row in values(table)] == ['"quoted start, no end', "plain", '"done," he said']


def test_backslash_quotes(write) -> None:
    table = read_table(write("a.csv", 'text,label\n"say \\"hi\\", now",x\nplain,y\n'))
    assert values(table)[0] == ('say "hi", now', "x")
    assert any('\\"' in notice.what for notice in table.notices)


def test_too_many_fields_are_not_used_and_counted(write) -> None:
    rows = "".join(f"text {i},x\n" for i in range(10))
    table = read_table(write("a.csv", f"text,label\n{rows}one, two,x\nlast,y\na,b,c,d\n"))
    assert len(table.records) == 11
    assert [tuple(drop) for drop in table.dropped] == [(12, "3 fields, header has 2"), (14, "4 fields, header has 2")]
    assert "a.csv:12: 3 fields, header has 2: probably an unquoted comma. 2 rows not used: 12, 14." in said(table, "D007")


def test_one_row_with_too_many_fields_reads_as_in_the_manual(write) -> None:
    table = read_table(write("a.csv", "text,label\n" + "a b,x\n" * 9 + "one, two,x\n"))
    assert said(table, "D007").endswith(":11: 3 fields, header has 2: probably an unquoted comma. Row not used.")


def test_too_few_fields_are_empty_and_counted(write) -> None:
    table = read_table(write("a.csv", "text,label\nab cd,x\nef gh\nij kl,y\n"))
    assert len(table.records) == 3
    assert any("1 rows have fewer fields than the header: 3" in notice.what for notice in table.notices)


def test_trailing_empty_fields_are_ignored(write) -> None:
    table = read_table(write("a.csv", "text,label\nab,x,,\ncd,y\nef,z,\n"))
    assert values(table) == [("ab", "x"), ("cd", "y"), ("ef", "z")]
    assert any("2 rows end with empty extra fields" in notice.what for notice in table.notices)


def test_unnamed_trailing_columns_empty(write) -> None:
    table = read_table(write("a.csv", "v1,v2,,\nham,hello there,,\nspam,win a prize,,\n"))
    assert table.columns == ("v1", "v2")
    assert any("2 trailing columns have no name and are empty; dropped" in notice.what for notice in table.notices)


def test_unnamed_trailing_columns_hold_the_rest_of_a_text(write) -> None:
    head = "".join(f"ham,this is the message number {i},,\n" for i in range(8))
    table = read_table(write("a.csv", f'v1,v2,,\n{head}spam,the long message begins here, goes on," and ends"\n'))
    assert values(table)[-1] == ("spam", "the long message begins here, goes on, and ends")
    assert any("1 rows (10)" in notice.what and "joined again" in notice.what for notice in table.notices)


def test_unnamed_column_beside_a_short_one_is_not_joined(write) -> None:
    table = read_table(write("a.csv", "text,label,\n" + "some longer text here,x,\n" * 9 + "a text, with comma,y\n"))
    assert len(table.records) == 9
    assert [drop.number for drop in table.dropped] == [11]


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("text,label\nab,x\ncd,y\n", True),
        ("v1,v2\nham,some longer message here\nspam,another message\n", True),
        ("en,ca\nThe house is big today,La casa és gran avui\nI am here,Soc aquí ara\n", True),
        ("a stirring film,1\na dull film,0\n", False),
        ("good film,positive\nbad film,negative\nnice film,positive\nugly film,negative\n", False),
        ('"507074506880712705","0","text here"\n"507077511902425088","1","more text"\n', False),
    ],
)
def test_header_is_detected(write, content: str, header: bool) -> None:
    table = read_table(write("a.csv", content))
    assert (table.columns[0] != "column1") is header
    assert len(table.records) == content.count("\n") - header
    assert any("no header row" in notice.what for notice in table.notices) is not header


def test_header_can_be_forced(write) -> None:
    assert read_table(write("a.csv", "text,label\nab,x\n", header=False)).columns == ("column1", "column2")
    assert read_table(write("b.csv", "1,2\nab,x\n", header=True)).columns == ("1", "2")


def test_header_in_the_middle_of_glued_files(write) -> None:
    table = read_table(write("a.csv", "text,label\nab,x\ntext,label\ncd,y\n"))
    assert len(table.records) == 2
    assert [tuple(drop) for drop in table.dropped] == [(3, "repeats the header")]


@pytest.mark.parametrize("content", ["input,output\r\r\nab,x\r\r\n", 'input,"output\r"\nab,x\n', "input,output\r\r\nab,x\r\n"])
def test_stray_carriage_return_in_the_header(write, content: str) -> None:
    table = read_table(write("a.csv", content))
    assert table.columns == ("input", "output")
    assert values(table) == [("ab", "x")]
    assert "header contains a stray carriage return; removed." in said(table, "D009")


def test_old_mac_line_ends_and_lone_returns(write) -> None:
    assert values(read_table(write("a.csv", "text,label\rab,x\rcd,y\r"))) == [("ab", "x"), ("cd", "y")]
    assert values(read_table(write("b.csv", 'text,label\n"a\rb",x\nc\rd,y\n'))) == [("a\rb", "x"), ("c\rd", "y")]


def test_spaces_after_separators_are_layout(write) -> None:
    table = read_table(write("a.csv", 'text, label\nab, x\n"c, d", y\ne f, "z, w"\n'))
    assert table.columns == ("text", "label")
    assert values(table) == [("ab", "x"), ("c, d", "y"), ("e f", "z, w")]


def test_twin_columns_get_two_names(write) -> None:
    table = read_table(write("a.csv", "text,text,label\nab,cd,x\nef,gh,y\n"))
    assert table.columns == ("text", "text_2", "label")
    assert any("two columns" in notice.what for notice in table.notices)


def test_long_fields_and_nul_bytes(write) -> None:
    long = "word " * 60_000
    table = read_table(write("a.csv", f"text,label\n{long},x\nwith\x00nul,y\n"))
    assert len(table.records[0].values["text"]) == len(long) > 131_072
    assert table.records[1].values["text"] == "withnul"
    assert any("1 NUL characters were removed" in notice.what for notice in table.notices)


SPANISH = "El niño comió una manzana en el jardín; ¿qué más quería? La señora dijo que sí, mañana."


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_western_encodings_are_detected(write, encoding: str) -> None:
    table = read_table(write("a.csv", f"text,label\nplain,x\n{SPANISH.replace(',', '')},y\n".encode(encoding)))
    assert table.records[1].values["text"] == SPANISH.replace(",", "")
    assert table.encoding == "cp1252"
    assert "a.csv:3: not UTF-8; looks like Windows-1252 (100 %). Read as cp1252" in said(table, "D005")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Съешь ещё этих мягких французских булок, да выпей чаю. Погода сегодня хорошая, мы идём гулять в парк."),
        ("shift_jis", "今日は天気がいいので、公園まで散歩に行きました。友達と一緒にお弁当を食べました。とても楽しかったです。"),
    ],
)
def test_other_encodings_are_detected(write, encoding: str, text: str) -> None:
    table = read_table(write("a.jsonl", f'{{"text": "{text}"}}\n'.encode(encoding) * 5))
    assert table.records[0].values["text"] == text
    assert said(table, "D005")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(write, encoding: str) -> None:
    table = read_table(write("a.csv", f"text,label\n{SPANISH},x\n".replace(SPANISH, '"' + SPANISH + '"').encode(encoding)))
    assert table.columns == ("text", "label")
    assert table.records[0].values["text"] == SPANISH


def test_utf16_without_mark_is_said(write) -> None:
    table = read_table(write("a.csv", "text,label\nhello there,x\nmore words,y\n".encode("utf-16-le")))
    assert table.columns == ("text", "label")
    assert "UTF-16-LE without its mark" in said(table, "D005")


def test_a_few_foreign_bytes_in_utf8(write) -> None:
    table = read_table(write("a.jsonl", ('{"text": "' + "é" * 40 + '"}\n').encode() + b'{"text": "caf\xe9 hot"}\n'))
    assert table.records[1].values["text"] == "café hot"
    assert "UTF-8 with 1 bytes that are not" in said(table, "D005")


def test_json_shapes(write) -> None:
    rows = [{"text": "a b", "n": 1}, {"text": "c d", "extra": None}]
    array = read_table(write("a.json", rows))
    assert array.columns == ("text", "n", "extra")
    assert [record.number for record in array.records] == [1, 2]
    held = read_table(write("b.json", '{"version": "1.0", "data": [{"text": "a b"}]}'))
    assert held.records[0].values == {"text": "a b"}
    assert any('rows are read from "data"; not used: version' in notice.what for notice in held.notices)
    lines = read_table(write("c.json", '{"text": "a"}\n\n{"text": "b"}\n'))
    assert [record.number for record in lines.records] == [1, 3]
    assert lines.format == "JSONL"
    assert read_table(write("d.jsonl", '[\n{"text": "a"}\n]')).records[0].number == 1
    assert read_table(write("e.json", '["one", "two"]')).columns == ("text",)
    one = read_table(write("f.jsonl", '{"messages": [{"role": "user", "content": "x"}]}'))
    assert one.columns == ("messages",)


def test_json_numbers_are_spelled_as_written(write) -> None:
    table = read_table(write("a.jsonl", '{"a": 0.10, "b": 1e5, "c": 12345678901234567890, "d": true, "e": NaN}\n'))
    assert table.records[0].values == {"a": "0.10", "b": "1e5", "c": 12345678901234567890, "d": True, "e": None}
    assert any("NaN" in notice.what for notice in table.notices)


def test_json_repeated_keys_and_half_characters_are_said(write) -> None:
    table = read_table(write("a.jsonl", '{"text": "a", "text": "b"}\n{"text": "x \\ud800 y"}\n{"text": "ok \\ud83d\\ude00"}\n'))
    assert [record.values["text"] for record in table.records] == ["b", "x � y", "ok 😀"]
    assert [notice.what.split(": ")[1][:12] for notice in table.notices] == ["rows 1 name ", "half charact"]


def test_text_files(write) -> None:
    marked = read_table(write("a.txt", "One.\n\nStill one.\n<|endoftext|>\nTwo.\n<|endoftext|>\n"))
    assert [(record.number, record.values["text"]) for record in marked.records] == [(1, "One.\n\nStill one."), (5, "Two.")]
    blank = read_table(write("b.txt", "A:\nfirst\n\nB:\nsecond\n \n\nC:\nthird"))
    assert [(record.number, record.values["text"]) for record in blank.records] == [(1, "A:\nfirst"), (4, "B:\nsecond"), (8, "C:\nthird")]
    lines = read_table(write("c.txt", "one line, here\nanother line\nthird"))
    assert [record.number for record in lines.records] == [1, 2, 3]
    table = read_table(write("d.txt", "text\tlabel\n" + "some words\tx\n" * 6))
    assert table.columns == ("text", "label")
    inside = read_table(write("e.txt", '{"text": "a"}\n{"text": "b"}\n'))
    assert inside.format == "JSONL"


def test_unknown_suffix_is_sniffed_and_said(write) -> None:
    table = read_table(write("a.data", '[{"text": "a"}]'))
    assert table.columns == ("text",)
    assert 'suffix ".data" is not known; the content looks like json' in table.notices[0].what


FIELD = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n"), min_size=0, max_size=12)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(FIELD.filter(lambda text: bool(text.strip())), st.sampled_from(["x", "y"])), min_size=1, max_size=8))
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    import csv

    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(("text", "label"))
        writer.writerows(rows)
    table = read_table(DataSpec(path=str(path), separator=",", encoding="utf-8"))
    assert values(table) == rows


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=200), suffix=st.sampled_from([".csv", ".tsv", ".json", ".jsonl", ".txt", ".bin"]))
def test_any_bytes_give_a_table_or_a_data_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes, suffix: str) -> None:
    path = tmp_path_factory.mktemp("fuzz") / f"a{suffix}"
    path.write_bytes(raw)
    with contextlib.suppress(DataError):
        assert read_table(DataSpec(path=str(path))).records
