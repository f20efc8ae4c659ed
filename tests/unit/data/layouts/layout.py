"""What a file can be taken for, and small files that are written in one layout.

`ASK` means that a careful person would ask first (or say that there is no text to learn from).
Two answers stand side by side only where both are equally right.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASK = "ask"
Row = dict[str, Any]
Roles = dict[str, tuple[str, ...]]
Answer = str | tuple[str, Roles]


@dataclass(frozen=True)
class Fixture:
    """One file: its rows, how they are written, and the acceptable answers, best first.

    A name without a suffix is a folder: every row is a text file in the folder of its label.
    """

    name: str
    rows: Sequence[Row]
    answers: tuple[Answer, ...]
    near_miss: bool = False
    separator: str = ","
    header: bool = True

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        if self.suffix == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            pq.write_table(pa.Table.from_pylist(list(self.rows)), path)
        elif self.suffix == ".json":
            path.write_text(json.dumps(list(self.rows), ensure_ascii=False, indent=2), encoding="utf-8")
        elif self.suffix == ".jsonl":
            path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows), encoding="utf-8")
        elif self.suffix == ".xlsx":
            self._write_workbook(path)
        elif self.suffix == "":
            self._write_folder(path)
        else:
            self._write_table(path)
        return path

    def _write_table(self, path: Path) -> None:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter="\t" if self.suffix == ".tsv" else self.separator, lineterminator="\n")
        if self.header:
            writer.writerow(self.rows[0])
        writer.writerows(row.values() for row in self.rows)
        path.write_text(out.getvalue(), encoding="utf-8", newline="")

    def _write_workbook(self, path: Path) -> None:
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Sheet1")
        sheet.append(list(self.rows[0]))
        for row in self.rows:
            sheet.append(list(row.values()))
        book.save(path)

    def _write_folder(self, path: Path) -> None:
        seen: Counter[str] = Counter()
        for row in self.rows:
            inner = path / row["label"]
            inner.mkdir(parents=True, exist_ok=True)
            (inner / f"{seen[row['label']]}.txt").write_text(row["text"], encoding="utf-8")
            seen[row["label"]] += 1


def layout(shape: str, **roles: str | tuple[str, ...]) -> tuple[str, Roles]:
    return shape, {role: (columns,) if isinstance(columns, str) else columns for role, columns in roles.items()}
