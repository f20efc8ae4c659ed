"""Parquet, Excel, packed files and folders: what is in them is what comes out, and what changes is said."""

from __future__ import annotations

import datetime
import decimal
import gzip
from pathlib import Path

import pytest

from afina.data.sources import fingerprint, read_table
from afina.errors import AfinaError, UsageError
from afina.recipe.schema import DataSpec
from tests.unit.data.test_data_sources import values


def refused(spec: DataSpec) -> AfinaError:
    with pytest.raises(AfinaError) as caught:
        read_table(spec)
    return caught.value


def test_parquet_values_keep_their_kind_or_become_text_and_say_so(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    columns = {
        "text": pa.array(["007", None]),
        "n": pa.array([7, 2**60]),
        "messages": pa.array([[{"role": "user", "content": "hi"}], []]),
        "when": pa.array([datetime.datetime(2024, 1, 5), datetime.datetime(2024, 1, 5, 12, 30)]),
        "price": pa.array([decimal.Decimal("0.10"), decimal.Decimal("12.00")]),
        "raw": pa.array([b"caf\xc3\xa9", b"\xff\xfe"]),
        "x": pa.array([0.5, float("nan")]),
        "kind": pa.array(["a", "b"]).dictionary_encode(),
    }
    pq.write_table(pa.table(columns), path)
    table = read_table(DataSpec(path=str(path)))
    assert values(table) == [
        ("007", 7, [{"role": "user", "content": "hi"}], "2024-01-05", "0.10", "café", 0.5, "a"),
        (None, 2**60, [], "2024-01-05T12:30:00", "12.00", "<2 bytes>", None, "b"),
    ]
    said = [notice.what.removeprefix(f"{path}: ") for notice in table.notices]
    assert said[0] == "read as text: when (timestamp[us]), price (decimal128(4, 2)), raw (binary)"
    assert said[1:] == ["NaN or Infinity in rows 2 is read as missing", "bytes that are no text in rows 2 are read as their number"]


def test_parquet_is_known_by_its_bytes(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "a.data")
    assert read_table(DataSpec(path=str(tmp_path / "a.data"))).format == "Parquet"
    (tmp_path / "b.parquet").write_text("text,label\n" + "some words,x\n" * 6)
    table = read_table(DataSpec(path=str(tmp_path / "b.parquet")))
    assert table.columns == ("text", "label")
    assert "is no parquet file; the content looks like txt" in table.notices[0].what


@pytest.mark.parametrize("keep", [4, 60, 300])
def test_a_parquet_file_cut_short_is_damaged(tmp_path: Path, keep: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["some words"] * 100}), path)
    path.write_bytes(path.read_bytes()[:keep])
    assert refused(DataSpec(path=str(path))).text().startswith(f"D019 {path}: a Parquet file that cannot be read (")


def workbook(path: Path, **sheets: list[list[object]]) -> DataSpec:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return DataSpec(path=str(path))


def test_excel_cells_are_what_the_sheet_shows(tmp_path: Path) -> None:
    rows = [
        ["text", "label", "n", "when", "ok"],
        ["007", "NA", 3.0, datetime.date(2024, 1, 5), True],
        [],
        ["two\nlines", None, 0.1, None, None],
    ]
    table = read_table(workbook(tmp_path / "a.xlsx", rows=rows, empty=[]))
    assert values(table) == [("007", "NA", "3", "2024-01-05", "TRUE"), ("two\nlines", "", "0.1", "", "")]
    assert [record.number for record in table.records] == [2, 4]
    assert [notice.what for notice in table.notices] == [f'{tmp_path / "a.xlsx"}: rows are read from the sheet "rows"']


def test_excel_columns_without_a_name_are_kept_and_said(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path / "a.xlsx", rows=[["text", None, "label"], ["a b", "c", "x", "beyond"]]))
    assert table.records[0].values == {"text": "a b", "column2": "c", "label": "x", "column4": "beyond"}
    assert table.columns == ("text", "label", "column2", "column4")
    assert "columns without a name in row 1 hold values; called column2, column4" in table.notices[0].what


def test_excel_with_several_sheets_asks_for_one(tmp_path: Path) -> None:
    rows = [["text", "label"], ["a b", "x"]]
    spec = workbook(tmp_path / "a.xlsx", first=rows, second=rows)
    error = refused(spec)
    assert error.text() == f'D030 {spec.path}: 2 sheets have rows: "first", "second"\n  Do: data.sheet=\'first\''
    assert values(read_table(spec.model_copy(update={"sheet": "second"}))) == [("a b", "x")]
    error = refused(spec.model_copy(update={"sheet": "third"}))
    assert isinstance(error, UsageError)
    assert 'no sheet is called "third". Found: first, second' in error.what
    assert refused(workbook(tmp_path / "b.xlsx", empty=[])).code == "D003"


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    spec = workbook(tmp_path / "a.xlsx", rows=[["text"], ["a b"]])
    raw = Path(spec.path).read_bytes()
    for damaged in (raw[: len(raw) // 2], raw.replace(b"xl/workbook.xml", b"xl/workbook.xmx"), raw[:200] + b"\x00" * 300 + raw[500:]):
        Path(spec.path).write_bytes(damaged)
        assert refused(spec).code == "D019"


def test_packed_files(tmp_path: Path) -> None:
    raw = b"text,label\nab cd,x\nef gh,y\n"
    (tmp_path / "a.csv").write_bytes(gzip.compress(raw))  # packed, and named as if it were not
    assert read_table(DataSpec(path=str(tmp_path / "a.csv"))).format == "CSV in gzip"
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a"}\n{"text": \n'))
    error = refused(DataSpec(path=str(tmp_path / "b.jsonl.gz")))
    assert error.text().startswith(f"D004 {tmp_path / 'b.jsonl.gz'}:2:10: not valid JSON")
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(raw * 1000)[:-20])
    assert "D019" in refused(DataSpec(path=str(tmp_path / "c.csv.gz"))).text()
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(gzip.compress(raw)))
    assert "packed twice" in refused(DataSpec(path=str(tmp_path / "d.csv.gz"))).text()


@pytest.mark.parametrize("pack", ["gz", "zst"])
def test_a_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: str) -> None:
    """Both limits must be passed: ten megabytes of one letter pack a thousand times, and are read; here the size limit is one."""
    import zstandard

    raw = b"text\n" + b"a" * (10 << 20) + b"\n"
    path = tmp_path / f"a.csv.{pack}"
    path.write_bytes(gzip.compress(raw) if pack == "gz" else zstandard.compress(raw))
    assert len(read_table(DataSpec(path=str(path), separator="none")).records) == 1
    monkeypatch.setattr("afina.data.sources.packed.MAX_BYTES", 1 << 20)
    error = refused(DataSpec(path=str(path)))
    assert error.code == "D031"
    assert "not a data file" in error.what and "unpack it yourself" in error.fix


def test_a_folder_of_texts(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# Second\n\nwords\n")
    (tmp_path / "a.txt").write_bytes("primer café\r\nlínia".encode("cp1252"))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "c.txt").write_text("")
    (tmp_path / "LICENSE").write_text("free")
    table = read_table(DataSpec(path=str(tmp_path)))
    assert [tuple(record) for record in table.records] == [(1, {"text": "primer café\nlínia"}), (2, {"text": "# Second\n\nwords"})]
    assert [tuple(drop) for drop in table.dropped] == [(3, "empty file")]
    said = "\n".join(notice.what for notice in table.notices)
    assert f"{tmp_path / 'a.txt'}:1: not UTF-8" in said
    assert f"{tmp_path / 'more' / 'c.txt'}: empty file, not used" in said
    assert "1 other files are not read: LICENSE" in said
    before = fingerprint(str(tmp_path))
    (tmp_path / "b.md").write_text("# Second\n\nword\n")
    assert fingerprint(str(tmp_path)) != before
