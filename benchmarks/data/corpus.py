"""`afina check` on every data set of the corpus: `corpus.py CORPUS` writes docs/explain/layouts.md's table and results-corpus.jsonl."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from afina import api
from afina.errors import AfinaError

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "explain" / "layouts.md"
sys.path.insert(0, str(HERE.parents[1]))

from tests.unit.data.layouts.corpus import MAIN  # noqa: E402


def examined(corpus: Path, name: str) -> dict[str, object]:
    started = time.perf_counter()
    try:
        found = api.check(corpus / "data" / name).as_dict()
    except AfinaError as error:
        return {"file": name, "question": f"{error.code}: {error.what}"}
    warned = {f["check"]: f["n_rows"] for f in found["findings"] if f["level"] != "info"}
    return {
        "file": name,
        "layout": found["layout"],
        "n_rows": found["n_rows"],
        "found": warned,
        "seconds": round(time.perf_counter() - started, 1),
    }


def line(row: dict) -> str:
    layout = row.get("layout", {})
    if "shape" not in layout:
        asked = layout.get("question") or row.get("question") or ""
        return f"| `{row['file']}` | asks: {asked.splitlines()[0][:110]} | | |"
    roles = ", ".join(f"{role} = {columns}" for role, columns in layout["roles"].items())
    found = ", ".join(f"{name} {n:,}" for name, n in row["found"].items())
    return f"| `{row['file']}` | {layout['shape']}: {roles} | {row['n_rows']:,} | {found} |"


def main() -> None:
    corpus = Path(sys.argv[1])
    rows = [examined(corpus, name) for name in MAIN]
    (HERE / "results-corpus.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    head, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- table -->")
    table = "\n".join(["| file | what afina takes it for, without a hint | rows | warnings |", "|---|---|---|---|", *map(line, rows)])
    tail = rest.partition("<!-- /table -->")[2]
    PAGE.write_text(f"{head}<!-- table -->\n{table}\n<!-- /table -->{tail}", encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
