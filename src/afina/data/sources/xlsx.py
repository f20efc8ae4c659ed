"""Excel workbooks: cells as they are written in the sheet that has rows. Text stays text: 007 stored as text is 007."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from afina.data.records import Record, RecordSpool
from afina.data.sources.base import SOURCES, Content, Table
from afina.data.sources.dialect import Line
from afina.data.sources.header import SAMPLE_ROWS, clean_names, has_header, unnamed
from afina.data.sources.packed import refuse_bomb
from afina.data.sources.parquet import as_text
from afina.data.sources.refuse import AGAIN
from afina.errors import AfinaError, DataError, UsageError
from afina.recipe.schema import DataSpec
from afina.types import Notice


@SOURCES.register(".xlsx")
@SOURCES.register(".xlsm")
def read_xlsx(content: Content, spec: DataSpec) -> Table:
    """Return the rows of a sheet, numbered as Excel does.

    Raises DataError D019 (damaged), D030 (several sheets have rows), D031 (would fill the memory), D003 (no sheet has rows).
    """
    import openpyxl

    path = content.path
    _refuse_bomb(content)
    with warnings.catch_warnings(), content.file.open("rb") as opened:
        warnings.simplefilter("ignore")  # of styles and extensions, which are no rows
        try:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
            rows, notices = _sheet(book, path, spec.sheet)
            table = _table(path, rows, spec, notices)
            if all(any(record.values.get(name) for record in table.records) for name in table.columns):
                return table
            formulas = _formulas(path, rows.sheet, openpyxl.load_workbook(opened, read_only=True)[rows.name])
            return replace(table, notices=(*table.notices, *formulas))
        except AfinaError:
            raise
        except Exception as error:  # the reader meets damage with whatever comes first
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise DataError("D019", f"a workbook that cannot be read ({reason})", where=str(path), fix=AGAIN) from error


def _refuse_bomb(content: Content) -> None:
    try:
        with zipfile.ZipFile(content.file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        raise DataError("D019", "a damaged workbook: its zip archive cannot be read", where=str(content.path), fix=AGAIN) from None
    refuse_bomb(content.path, content.file.stat().st_size, sum(member.file_size for member in members))


class _Rows:
    """The rows of a sheet that are not empty, as text, read again at every iteration."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.name: str = sheet.title

    def __iter__(self) -> Iterator[Line]:
        self.sheet.reset_dimensions()  # files of other programs write wrong ones
        for number, cells in enumerate(self.sheet.iter_rows(), start=1):
            fields = [_as_shown(cell) for cell in cells]
            while fields and not fields[-1]:
                fields.pop()
            if fields:
                yield Line(number, fields)


def _formulas(path: Path, results: Any, written: Any) -> list[Notice]:
    """Say where formulas stand without a result: the program that wrote them did not compute them, and they are read as empty.

    results, written: the sheet twice, with the results of its formulas and with the formulas.
    """
    lost: list[str] = []
    for sheet in (results, written):
        sheet.reset_dimensions()
    for row, row_written in zip(results.iter_rows(), written.iter_rows(), strict=False):
        lost += [at.coordinate for cell, at in zip(row, row_written, strict=False) if at.data_type == "f" and cell.value is None]
    if not lost:
        return []
    shown = ", ".join(lost[:3]) + (f" and {len(lost) - 3:,} more" if len(lost) > 3 else "")
    what = f"{path}: {len(lost):,} formulas have no result in the file and are read as empty: {shown}"
    return [Notice(what, "a program wrote them and none has computed them", "open and save it in Excel or LibreOffice", "warning")]


def _as_shown(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        text = str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)
        zeros = str(cell.number_format or "")
        return text.zfill(len(zeros)) if zeros and set(zeros) == {"0"} else text  # a number shown with leading zeros: a postcode
    return as_text(value)


def _sheet(book: Any, path: Path, wanted: str) -> tuple[_Rows, list[Notice]]:
    sheets = {sheet.title: _Rows(sheet) for sheet in book.worksheets}
    if wanted:
        if wanted not in sheets:
            what = f'no sheet is called "{wanted}". Found: {", ".join(sheets)}'
            raise UsageError("D030", what, where="data.sheet", fix=f"data.sheet='{next(iter(sheets), '')}'")
        return sheets[wanted], []
    filled = [rows for rows in sheets.values() if len(list(islice(rows, 2))) == 2]
    if len(filled) > 1:
        names = ", ".join(f'"{rows.name}"' for rows in filled)
        raise DataError("D030", f"{len(filled)} sheets have rows: {names}", where=str(path), fix=f"data.sheet='{filled[0].name}'")
    if not filled:
        raise DataError("D003", "file has 0 rows in any sheet. Is the export complete?", where=str(path), fix=AGAIN)
    others = [name for name in sheets if name != filled[0].name]
    said = Notice(f'{path}: rows are read from the sheet "{filled[0].name}"', f"without rows: {', '.join(others)}", "data.sheet")
    return filled[0], [said] if others else []


def _table(path: Path, rows: _Rows, spec: DataSpec, notices: list[Notice]) -> Table:
    first = list(islice(rows, SAMPLE_ROWS + 1))
    if not first:
        raise DataError("D003", f'file has 0 rows in the sheet "{rows.name}"', where=str(path), fix="data.sheet=NAME of another")
    header, why = (spec.header, "data.header says so") if isinstance(spec.header, bool) else has_header(first)
    names: list[str] = []
    if header:
        names, repaired = clean_names(first[0].fields, str(path))
        notices += repaired
    elif not isinstance(spec.header, bool):
        notices.append(Notice(f"{path}: no header row; the columns are called column1, column2 and so on", why, "data.header=true"))
    records, called = RecordSpool(), dict[int, str]()
    for row in islice(rows, 1 if header else 0, None):
        values: dict[str, str] = dict.fromkeys(filter(None, names), "")
        for index, field in enumerate(row.fields):
            name = names[index] if index < len(names) else ""
            if not name and field:
                name = called.setdefault(index, unnamed(index, names))
            if name:
                values[name] = field
        records.append(Record(row.number, values))
    extra = [called[index] for index in sorted(called)]
    if header and extra:
        what = f"{path}: columns without a name in row {first[0].number} hold values; called {', '.join(extra)}"
        notices.append(Notice(what, level="warning"))
    columns = (*filter(None, names), *extra)
    return Table(path, columns, records.finish(), tuple(notices), "Excel")
