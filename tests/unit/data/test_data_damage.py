"""Files that are not quite what they say: marks and foreign bytes, rows that break off, names that meet, formulas that nobody computed."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from afina.data.clean.file import clean_file
from afina.data.examine import examine
from afina.data.sources import Dropped, _joined, read_table
from afina.errors import DataError, DiskError, UsageError
from afina.recipe.schema import DataSpec

ROWS = "".join(f"el café {i} está bien,{'ab'[i % 2]}\n" for i in range(20))


def texts(spec: DataSpec) -> list[str]:
    return [record.values["text"] for record in read_table(spec).records]


def sheet(path: Path, *rows: list[object]) -> DataSpec:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return DataSpec(path=str(path))


# --- encodings ---


def test_a_foreign_byte_behind_a_mark_is_read_as_without_the_mark(write) -> None:
    content = ("text,label\n" + ROWS).encode() + b"un caf\xe9,a\n"
    assert texts(write("plain.csv", content)) == texts(write("marked.csv", b"\xef\xbb\xbf" + content))
    assert texts(write("few.csv", b"\xef\xbb\xbftext,label\ncaf\xe9 y t\xe9,a\nbien,b\n"))[0] == "café y té"


def test_a_wide_file_that_breaks_off_is_not_told_to_try_the_same_again(write) -> None:
    with pytest.raises(DataError) as raised:
        read_table(write("a.csv", ("text,label\n" + ROWS).encode("utf-16")[:-1]))
    assert raised.value.code == "D005" and raised.value.fix == "download or export the file again"


def test_a_name_with_a_percent_sign_stays(write) -> None:
    notice = read_table(write("d (50%).csv", "text,label\ncafé,x\nte,y\n".encode("cp1252"))).notices[0]
    assert "d (50%).csv:2: not UTF-8; looks like Windows-1252 (100 %)" in notice.what


# --- paths ---


def test_a_text_in_place_of_a_path_is_no_bug() -> None:
    with pytest.raises(UsageError, match=r"D016 x{200}\.\.\.: it cannot be read: File name too long"):
        read_table(DataSpec(path="x" * 5000))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_a_file_that_the_system_does_not_give_is_no_bug() -> None:
    with pytest.raises(UsageError, match="D016 /proc/self/mem: it cannot be read: Input/output error"):
        read_table(DataSpec(path="/proc/self/mem"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of a process")
def test_a_disk_that_is_full_while_unpacking_is_said_and_nothing_stays(write, tmp_path: Path) -> None:
    spec = write("a.csv.gz", gzip.compress(("text,label\n" + ROWS * 4000).encode()))
    (tmp_path / "room").mkdir()
    program = (
        "import resource, signal, sys\n"
        "from afina.data.sources import read_table\n"
        "from afina.recipe.schema import DataSpec\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "read_table(DataSpec(path=sys.argv[1]))\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path / "room")}
    done = subprocess.run(
        [sys.executable, "-c", program, spec.path], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert "DiskError: I001" in done.stderr and "a.csv.gz were laid aside" in done.stderr
    assert list((tmp_path / "room").iterdir()) == []


# --- rows ---


def test_a_row_that_breaks_off_is_said_beside_columns_without_a_name(write) -> None:
    table = read_table(write("a.csv", "text,label,\nlong text,a,\nshort\nother text,b,\n"))
    assert any("1 rows have fewer fields than the header: 3" in notice.what for notice in table.notices)


def test_headers_in_the_middle_are_said(write) -> None:
    table = read_table(write("a.csv", "text,label\nsome words,a\ntext,label\nmore words,b\n"))
    assert any("rows that repeat the header are not used: 3" in notice.what for notice in table.notices)
    with pytest.raises(DataError, match=r"D003 .*only the header text, label"):
        read_table(write("b.csv", "text,label\ntext,label\n"))


def test_parts_of_a_data_set_are_numbered_with_the_rows_that_are_not_used(write) -> None:
    first = read_table(write("1.csv", "text,label\na b,x\nc,d,e,f\nc d,y\n"))
    second = read_table(write("2.csv", "text,label\na b,x\nc d,y\nc,d,e,f\n"))
    joined = _joined([first, second])
    assert [record.number for record in joined.records] == [1, 3, 4, 5]
    assert joined.dropped == (Dropped(2, "4 fields, header has 2"), Dropped(6, "4 fields, header has 2"))


def test_prose_that_begins_with_a_bracket_is_prose(write) -> None:
    for name, begin in (("a.txt", "[ Music ] we sing"), ("b.txt", "{Applause} we sing"), ("c.md", "[[Home]] we sing")):
        assert texts(write(name, f"{begin}\n\nand more\n")) == [begin, "and more"]
    for content in ('[ {"text": "a b"}]', '\n{"text": "a b"}', '[\n"a b"]'):
        assert texts(write("d.txt", content)) == ["a b"]
    with pytest.raises(DataError, match="D004"):
        read_table(write("e.txt", "{'text': 'a'}\n{'text': 'b'}\n"))


def test_a_broken_line_does_not_cost_the_others_their_encoding(write) -> None:
    rows = [json.dumps({"text": f"el café {i} bien", "label": "ab"[i % 2]}, ensure_ascii=False) for i in range(8)]
    spec = write("a.jsonl", "\n".join([*rows, '{"text": "x", ', '"alone"', '{"text": "a", "text": "b", "label": "a"}']).encode("cp1252"))
    found = examine(spec)
    broken = next(finding for finding in found.findings if finding.check == "broken_row")
    assert broken.rows == (9, 10) and broken.fix == "mend these lines, or remove them"
    assert found.encoding == "cp1252" and found.n_rows == 11
    assert [spec.path in notice.what for notice in found.notices] == [True, True], "no temporary path is named"


# --- workbooks and Parquet ---


def test_a_column_without_a_name_does_not_take_the_place_of_one_with_it(tmp_path: Path) -> None:
    table = read_table(sheet(tmp_path / "a.xlsx", ["column2", "", "label"], ["a", "b", "c"], ["d", "e", "f"]))
    assert table.columns == ("column2", "label", "column2_")
    assert [tuple(record.values[name] for name in table.columns) for record in table.records] == [("a", "c", "b"), ("d", "f", "e")]


def test_formulas_that_nobody_computed_are_said(tmp_path: Path) -> None:
    table = read_table(sheet(tmp_path / "a.xlsx", ["text", "label"], ["one text", "=1+1"], ["other text", "=2+2"]))
    assert [notice.what for notice in table.notices] == [
        f"{tmp_path / 'a.xlsx'}: 2 formulas have no result in the file and are read as empty: B2, B3"
    ]
    assert read_table(sheet(tmp_path / "b.xlsx", ["text", "note"], ["one text", ""], ["other text", ""])).notices == ()


def test_a_packed_workbook_has_sheets_and_a_packed_table_rows_that_break_off(tmp_path: Path, write) -> None:
    book = sheet(tmp_path / "a.xlsx", ["text", "label"], ["one text", "a"], ["other text", "b"])
    spec = write("a.xlsx.gz", gzip.compress(Path(book.path).read_bytes()), sheet="Sheet")
    assert texts(spec) == ["one text", "other text"]
    packed = write("b.csv.gz", gzip.compress(("text,label\n" + ROWS + "breaks off\n").encode()))
    assert [finding.rows for finding in examine(packed).findings if finding.check == "broken_row"] == [(22,)]


def test_names_inside_a_structure_are_no_types(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a", "b"], "meta": [{"date": "x", "time": ["y"]}] * 2}), tmp_path / "a.parquet")
    assert read_table(DataSpec(path=str(tmp_path / "a.parquet"))).notices == ()
    stamps = pa.array([[1], [2]], pa.list_(pa.timestamp("s")))
    pq.write_table(pa.table({"text": ["a", "b"], "at": stamps, "d": pa.array(["x", "y"]).dictionary_encode()}), tmp_path / "b.parquet")
    (notice,) = read_table(DataSpec(path=str(tmp_path / "b.parquet"))).notices
    assert "read as text: at (list<" in notice.what


def test_numbers_beyond_64_bits_are_written_as_text(write, tmp_path: Path) -> None:
    spec = write("a.jsonl", [{"text": " a", "id": 2**80}, {"text": "b", "id": 1}], strip_space=True)
    clean_file(spec, tmp_path / "out.parquet")
    assert [record.values["id"] for record in read_table(DataSpec(path=str(tmp_path / "out.parquet"))).records] == [str(2**80), "1"]


@pytest.mark.parametrize(
    ("of_row", "kept"), [(lambda i: [] if i < 11_000 else [{"role": "user", "content": "x"}], True), (lambda i: {"ab"[i % 2]: i}, False)]
)
def test_structures_keep_their_form_over_many_batches(write, tmp_path: Path, of_row, kept: bool) -> None:
    rows = [{"text": f" {i}", "m": of_row(i)} for i in range(12_000)]
    clean_file(write("a.jsonl", rows, strip_space=True), tmp_path / "out.parquet")
    found = [record.values["m"] for record in read_table(DataSpec(path=str(tmp_path / "out.parquet"))).records]
    assert found == [row["m"] if kept else json.dumps(row["m"]) for row in rows]


# --- places to write ---


def test_a_folder_that_is_not_there_is_said_before_anything_is_read(write, tmp_path: Path) -> None:
    with pytest.raises(DiskError, match=r"I003 .*there is no folder"):
        clean_file(write("a.csv", "text,label\n a,b\nc,d\n", strip_space=True), tmp_path / "none" / "out.csv")
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(DiskError, match=r"I003 .*it is a folder"):
        clean_file(DataSpec(path=str(tmp_path / "a.csv"), strip_space=True), tmp_path / "out.csv")


def test_nothing_stays_of_a_cleaning_that_fails_half_way(write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from afina.data.clean import file

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    spec = write("a.csv", "text,label\n a,b\nc,d\n", strip_space=True)
    monkeypatch.setattr(file.Ledger, "add", fails)
    with pytest.raises(DiskError, match="I001"):
        clean_file(spec, tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


CENTRAL = [
    "Zażółć gęślą jaźń, mały kotek śpi pod łóżkiem",
    "Příliš žluťoučký kůň úpěl ďábelské ódy, dočtěte tuto větu",
    "Árvíztűrő tükörfúrógép, jó őszi időt kívánok",
    "Dobrý večer, ďakujem za rýchlu odpoveď a teším sa na stretnutie",
]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (" ".join(CENTRAL[:1] * 20), "cp1250"),
        ("\n".join(CENTRAL * 5), "cp1250"),
        ("Col·lecció d'estiu: paral·lel, il·lusió, açò és l'únic que vull dir-te avui\n" * 8, "cp1252"),
        ("El niño comió piña en Perú; ¿qué más quería? ¡Nada! Costó 3 € el menú, 25 m² y 2ª planta\n" * 8, "cp1252"),
        ("Straße, Müller, größer als 5 m³, «là-bas» où l’œuvre naît, façade, Noël, cœur\n" * 8, "cp1252"),
        ("Però la città è più bella così, perché l'estate finì lunedì\n" * 8, "cp1252"),
    ],
)
def test_central_european_text_is_not_read_as_western(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = text.replace(",", " ").splitlines()
    path.write_bytes(("text,label\n" + "".join(f"{line},{'ab'[i % 2]}\n" for i, line in enumerate(lines * 2))).encode(encoding))
    table = read_table(DataSpec(path=str(path)))
    assert [record.values["text"] for record in table.records] == lines * 2
