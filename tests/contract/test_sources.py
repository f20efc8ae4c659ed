"""One battery for every registered source: each row keeps its number and its very characters, and an empty file is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afina.data.sources import SOURCES, Content, Table, read_table
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Notice

Values = list[dict[str, Any]]
Numbers = list[int]
Written = tuple[str | bytes, Numbers]
BINARY = {".parquet", ".xlsx", ".xlsm"}

HARD = [
    "plain words",
    "café, naïve, Straße, œuf",
    "日本語 and עברית and हिन्दी",
    "emoji 🙂 👩‍👩‍👧 end",
    "he said \"yes\", then 'no'",
    "semicolon; pipe | tab-free, comma, colon:",
    "back\\slash \\n not a newline",
    "NA",
    "None",
    "007",
    "1e5",
    "TRUE",
    "<|endoftextt|> {{ not jinja }} {% x %}",
    "e\u0301 is not é, \u200bzero width\u200b, \u00a0nbsp",
    "[1, 2]",
    "=SUM(A1:A9)",
    "# no comment",
    "line separator \u2028 and \u0085 inside",
]
MULTILINE = [*HARD, "two\nlines", "three\n\nlines", "a tab\tinside"]


def rows_of(texts: list[str]) -> Values:
    return [{"text": text, "label": f"label {i % 3}"} for i, text in enumerate(texts)]


def delimited(separator: str) -> Callable[[Values], tuple[str, Numbers]]:
    def write(rows: Values) -> tuple[str, Numbers]:
        out = io.StringIO()
        writer = csv.DictWriter(out, ["text", "label"], delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writeheader()
        numbers = []
        for row in rows:
            numbers.append(out.getvalue().count("\n") + 1)
            writer.writerow(row)
        return out.getvalue(), numbers

    return write


def lines(rows: Values) -> tuple[str, Numbers]:
    text, numbers = "", []
    for row in rows:
        numbers.append(text.count("\n") + 1)
        text += json.dumps(row, ensure_ascii=False) + "\n\n"  # a blank line after each: numbers are those of the file
    return text, numbers


def words(rows: Values) -> tuple[str, Numbers]:
    """A sentence of one word a row; a word is all that stands before the tab."""
    text, numbers = "", []
    for row in rows:
        numbers.append(text.count("\n") + 1)
        text += f"{row['text']}\t{row['label']}\n\n"
    return text, numbers


def array(rows: Values) -> tuple[str, Numbers]:
    return json.dumps(rows, ensure_ascii=False, indent=1), list(range(1, len(rows) + 1))


def prose(rows: Values) -> tuple[str, Numbers]:
    """Documents between blank lines; labels have no place in running text."""
    text, numbers = "", []
    for row in rows:
        numbers.append(text.count("\n") + 1)
        text += row["text"] + "\n\n"
    return text, numbers


def parquet(rows: Values) -> Written:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue(), list(range(1, len(rows) + 1))


def workbook(rows: Values) -> Written:
    """Every cell is stored as text, as an export writes it; "=SUM(...)" too, which no formula is then."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("rows")
    for row in ({"text": "text", "label": "label"}, *rows):
        cells = [WriteOnlyCell(sheet, value) for value in row.values()]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), list(range(2, len(rows) + 2))


WRITERS: dict[str, Callable[[Values], tuple[str | bytes, Numbers]]] = {
    ".csv": delimited(","),
    ".tsv": delimited("\t"),
    ".json": array,
    ".jsonl": lines,
    ".ndjson": lines,
    **dict.fromkeys((".conll", ".conllu", ".bio", ".iob", ".iob2"), words),
    ".txt": prose,
    ".md": prose,
    ".parquet": parquet,
    ".xlsx": workbook,
    ".xlsm": workbook,
}
PROSE = {".txt", ".md"}
WORDWISE = {suffix for suffix, write in WRITERS.items() if write is words}


@pytest.fixture(params=SOURCES.names())
def suffix(request: pytest.FixtureRequest) -> str:
    assert request.param in WRITERS, "teach WRITERS above how such a file is written"
    return request.param


@pytest.fixture(params=sorted(set(SOURCES) - BINARY))
def text_suffix(request: pytest.FixtureRequest) -> str:
    return request.param


def texts_for(suffix: str) -> list[str]:
    return HARD if suffix in PROSE | WORDWISE else MULTILINE


def written(path: Path, suffix: str, encoding: str = "utf-8", ends: str = "\n") -> tuple[Table, Values, Numbers]:
    rows = rows_of(texts_for(suffix))
    content, numbers = WRITERS[suffix](rows)
    file = path / f"data{suffix}"
    file.write_bytes(content if isinstance(content, bytes) else content.replace("\n", ends).encode(encoding))
    return read_table(DataSpec(path=str(file))), [wanted(suffix, row) for row in rows], numbers


def wanted(suffix: str, row: dict[str, str]) -> dict[str, Any]:
    if suffix in WORDWISE:
        return {"tokens": [row["text"]], "tags": [row["label"]]}
    return {"text": row["text"]} if suffix in PROSE else row


def test_every_row_has_its_number_and_its_very_characters(suffix: str, tmp_path: Path) -> None:
    table, wanted, numbers = written(tmp_path, suffix)
    assert [record.values for record in table.records] == wanted
    assert [record.number for record in table.records] == numbers
    assert table.columns == tuple(wanted[0])
    assert table.dropped == ()
    assert table.encoding == "utf-8"
    assert table.format
    assert table.where.endswith(f"data{suffix}")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_text(encoding: str, text_suffix: str, tmp_path: Path) -> None:
    table, wanted, numbers = written(tmp_path, text_suffix, encoding)
    assert [record.values for record in table.records] == wanted
    assert [record.number for record in table.records] == numbers


def test_windows_line_ends_change_no_number(text_suffix: str, tmp_path: Path) -> None:
    table, wanted, numbers = written(tmp_path, text_suffix, ends="\r\n")
    assert [record.number for record in table.records] == numbers
    assert [plain(record.values) for record in table.records] == wanted


def plain(values: Any) -> Any:
    """The same with the line ends of Unix."""
    if isinstance(values, dict):
        return {key: plain(value) for key, value in values.items()}
    return [plain(value) for value in values] if isinstance(values, list) else values.replace("\r\n", "\n")


def test_numbers_point_at_the_text_in_the_file(text_suffix: str, tmp_path: Path) -> None:
    """What an error says can be looked up: the row's first words stand on the line (or are the element) of its number."""
    table, _, _ = written(tmp_path, text_suffix)
    raw = (tmp_path / f"data{text_suffix}").read_bytes().decode()
    for record in table.records:
        if text_suffix == ".json":
            assert json.loads(raw)[record.number - 1] == record.values
        else:
            text = record.values["tokens"][0] if text_suffix in WORDWISE else record.values["text"]
            first = text.split("\n")[0].replace('"', "").replace("\\", "").split("\t")[0]
            line = raw.split("\n")[record.number - 1].replace('"', "").replace("\\", "")
            assert first in line


@pytest.mark.parametrize("content", [b"", b"\n", b" \n\t\n  ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"], ids=repr)
def test_an_empty_file_is_refused(content: bytes, suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"empty{suffix}"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_table(DataSpec(path=str(file)))
    assert caught.value.code == "D003"
    assert "0 rows" in caught.value.what
    assert str(file) in caught.value.text()
    assert caught.value.fix
    assert caught.value.exit_code == 65


@pytest.mark.parametrize("pack", ["gz", "zst"])
def test_a_packed_file_is_the_same_table(suffix: str, pack: str, tmp_path: Path) -> None:
    import gzip

    import zstandard

    table, wanted, numbers = written(tmp_path, suffix)
    raw = (tmp_path / f"data{suffix}").read_bytes()
    file = tmp_path / f"data{suffix}.{pack}"
    file.write_bytes(gzip.compress(raw) if pack == "gz" else zstandard.compress(raw))
    packed = read_table(DataSpec(path=str(file)))
    assert [record.values for record in packed.records] == wanted
    assert [record.number for record in packed.records] == numbers
    assert packed.where == str(file)
    assert packed.format.startswith(table.format)


def test_a_source_reads_the_file_and_writes_nothing(suffix: str, tmp_path: Path) -> None:
    """Messages name the path that the person gave; the bytes may lie elsewhere."""
    content, numbers = WRITERS[suffix](rows_of(texts_for(suffix)))
    file = tmp_path / "unpacked"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    named = tmp_path / f"not-written{suffix}"
    table = SOURCES[suffix](Content(named, file, suffix), DataSpec(path=str(named)))
    assert [record.number for record in table.records] == numbers
    assert table.where == str(named)
    assert all(isinstance(notice, Notice) for notice in table.notices)
    assert list(tmp_path.iterdir()) == [file]


def test_rows_on_disk_are_the_rows_in_memory(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, _, _ = written(tmp_path, suffix)
    monkeypatch.setattr("afina.data.records.IN_MEMORY_BYTES", 200)
    spilled, _, _ = written(tmp_path, suffix)
    assert isinstance(kept.records, list) and not isinstance(spilled.records, list)
    assert list(spilled.records) == list(spilled.records) == kept.records
    assert spilled.records[::3] == kept.records[::3]
    assert spilled.records[-1] == kept.records[-1]
