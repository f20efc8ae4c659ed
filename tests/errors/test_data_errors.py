"""One fixture for each thing that data can get wrong: the code, the place, the "Do" line, the exit code, at most eight lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from afina.data.prepare import encode, read
from afina.data.tokenize import Tokenizer
from afina.errors import AfinaError
from afina.recipe.schema import DataSpec
from tests.tiny import write_tokenizer

TEXTS = "".join(f"some words number {i},{'ab'[i % 2]}\n" for i in range(12))
CHATS = [{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": f"ho {i}"}]} for i in range(6)]


def lines(rows: list[object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@dataclass(frozen=True)
class Case:
    """name: the file; place: what follows its path; says and do: parts of the first line and of the "Do" line."""

    name: str
    content: str | bytes | None
    code: str
    says: str
    do: str
    place: str = ":"
    exit_code: int = 65
    spec: dict[str, object] = field(default_factory=dict)
    objective: str = ""
    max_length: int = 64
    template: str = ""


CASES = {
    "a column that is not there": Case(
        "data.csv",
        f"txt,label\n{TEXTS}",
        "D001",
        'no text column. Found: txt, label. Nearest: "txt".',
        "--map text=txt",
        spec={"map": {"text": "text"}},
    ),
    "another name": Case(
        "data.csv",
        f"msg,label\n{TEXTS}",
        "D001",
        'no text column called "masg". Found: msg, label. Nearest: "msg".',
        "--map text=msg",
        spec={"map": {"text": "masg"}},
    ),
    "an unknown role": Case(
        "data.csv", f"text,label\n{TEXTS}", "D001", 'no role is called "txt"', "--map text=text", exit_code=2, spec={"map": {"txt": "text"}}
    ),
    "an empty field": Case(
        "data.jsonl",
        lines([{"text": f"a b {i}" if i % 2 else None, "label": "xyz"[i % 3]} for i in range(1, 9)]),
        "D002",
        '"text" is empty (4 of 8 rows).',
        "data.drop_empty=true, or fix rows 2, 4, 6 and 1 more",
        ":2:",
        spec={"map": {"text": "text", "label": "label"}},
    ),
    "a word without a tag": Case(
        "data.conll",
        "Ana B-PER\nand O\n\nOslo\n. O\n",
        "D044",
        "1 columns where the other lines have 2: 'Oslo'",
        "write every line as WORD TAG, with an empty line after each sentence",
        ":4:",
    ),
    "an empty file": Case(
        "data.jsonl", b"", "D003", "file has 0 rows (0 bytes). Is the download complete?", "download or export the file again"
    ),
    "a header only": Case("data.csv", "text,label\n", "D003", "file has 0 rows (only the header text, label)", "download or export"),
    "blank lines only": Case("data.csv", "\n\n  \n", "D003", "file has 0 rows (5 bytes, all blank)", "download or export"),
    "not JSON": Case(
        "data.jsonl",
        '{"text": "a"}\n{"text": "b"}\n{"text": \n',
        "D004",
        'not valid JSON: value missing after "text":. Line: {"text":',
        "mend line 3",
        ":3:10:",
    ),
    "a JSON array cut short": Case(
        "data.json", '[{"text": "a"},\n {"text": "b"', "D004", 'not valid JSON: a "," is missing', "mend line 2", ":2:14:"
    ),
    "another encoding than forced": Case(
        "data.csv",
        "text,label\ncafé olé,x\n".encode("cp1252"),
        "D005",
        "not utf-8: byte 0xe9 does not fit",
        "data.encoding=auto",
        ":2:",
        spec={"encoding": "utf-8"},
    ),
    "an encoding that is none": Case(
        "data.csv", "text\nab\n", "D020", 'no encoding is called "utf-ate"', "data.encoding=auto", exit_code=2, spec={"encoding": "utf-ate"}
    ),
    "a separator that is none": Case(
        "data.csv",
        "text,label\nab,c\n",
        "D006",
        '"::" cannot separate fields',
        "data.separator=auto",
        exit_code=2,
        spec={"separator": "::"},
    ),
    "most rows do not fit": Case(
        "data.csv",
        "text,label\na,b,x\nc,d,y\ne,f,z\ng,h\n",
        "D007",
        "3 fields, header has 2, in 75 % of rows",
        "put quotes around texts",
        ":2:",
    ),
    "a quote never closed": Case(
        "data.csv",
        'text,label\n"one",x\n"two and no end,y\n' + TEXTS,
        "D007",
        "a quote opens here and is never closed",
        "close the quote on line 3",
        ":3:",
    ),
    "not clear": Case(
        "data.csv",
        "en,ca\n" + "".join(f"the house is big {i},la casa es gran {i}\n" for i in range(9)),
        "D013",
        'not clear which column is what. Found: "en": text',
        "--map prompt=en --map completion=ca",
    ),
    "no free text": Case(
        "data.csv",
        "district,urgent\n" + "north,yes\nsouth,no\n" * 9,
        "D014",
        'no column of free text to learn from. "district": 2 values that repeat',
        "--map text=COLUMN",
    ),
    "two rows": Case(
        "data.csv",
        "text,label\nsome words here,a\nother words here,b\n",
        "D015",
        "too few rows: 2; train, validation and test need at least one each",
        "data.test=0 data.validation=0",
        "data",
        spec={"map": {"text": "text", "label": "label"}},
    ),
    "a missing path": Case("data.csv", None, "D016", "there is no such file", "data.path=FILE", exit_code=2),
    "a misspelt path": Case("dtaa.csv", None, "D016", 'there is no such file; nearest: "data.csv"', "data.csv", exit_code=2),
    "no path": Case("", None, "D016", "no data file was given", "data.path=FILE", exit_code=2),
    "an image": Case("data.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "D017", "PNG image, not a table", "data.path=FILE"),
    "an archive": Case("data.csv", b"\x1f\x8b\x08\x00abc", "D019", "a damaged gzip archive", "download or export"),
    "a binary file": Case("data.csv", bytes(range(32)) * 40, "D017", "a binary file", "data.path=FILE"),
    "a web page": Case("data.csv", "<!DOCTYPE html><html>404</html>", "D017", "an HTML page, not a table", "download the file again"),
    "a Git LFS pointer": Case(
        "data.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "D017", "a Git LFS pointer", "git lfs pull"
    ),
    "one JSON value": Case("data.json", "3", "D018", "the file holds one number, not rows", '[{"text": ...}, ...]'),
    "a row that is no object": Case(
        "data.jsonl", '{"text": "a"}\n[1, 2]\n', "D018", "this row is a list, not an object", 'write each row as {"column": value', ":2:"
    ),
    "several lists": Case(
        "data.json", '{"train": [{"a": 1}], "test": [{"a": 1}]}', "D018", "the file holds 2 lists: train, test", "as a file of its own"
    ),
    "columns instead of rows": Case(
        "data.json",
        '{"text": {"0": "a"}, "label": {"0": "b"}}',
        "D018",
        "the file holds columns (text, label), not rows",
        "orient='records'",
    ),
    "a damaged Parquet file": Case("data.parquet", b"PAR1\x15\x04", "D019", "a Parquet file that cannot be read (", "download or export"),
    "a damaged workbook": Case("data.xlsx", b"PK\x03\x04 xl/workbook.xml", "D019", "a damaged workbook", "download or export"),
    "a sheet of no workbook": Case(
        "data.csv",
        f"text,label\n{TEXTS}",
        "D030",
        "only Excel workbooks have sheets",
        "leave data.sheet out",
        "data.sheet",
        exit_code=2,
        spec={"sheet": "Sheet1"},
    ),
    "one label": Case(
        "data.csv",
        "text,label\n" + TEXTS.replace(",b", ",a"),
        "D023",
        'every row has the label "a"',
        "--map label=COLUMN",
        spec={"map": {"text": "text", "label": "label"}},
    ),
    "one number": Case(
        "data.jsonl",
        lines([{"text": f"a text of words {i}", "score": 2.5} for i in range(8)]),
        "D023",
        "every training row has the number 2.5",
        "--map score=COLUMN",
        spec={"map": {"text": "text", "score": "score"}},
    ),
    "a number that no weight can hold": Case(
        "data.jsonl",
        lines([{"text": f"a text of words {i}", "score": 10.0**i if i < 7 else 1e300} for i in range(8)]),
        "D027",
        "the number 1e+300 is larger than 1e+30",
        "divide the column",
        ":8:",
        spec={"map": {"text": "text", "score": "score"}},
    ),
    "a chat without a template": Case(
        "data.jsonl",
        lines(CHATS),
        "T001",
        "conversations need a chat template, and this is a base model without one",
        "data.template=chatml",
        ":2:",
        objective="sft",
    ),
    "an unknown template": Case(
        "data.jsonl",
        lines(CHATS),
        "T001",
        'no template is called "llama2"',
        "data.template=auto, plain or chatml",
        "data.template",
        2,
        {"template": "llama2"},
        "sft",
    ),
    "a template that hides its answers": Case(
        "data.jsonl",
        lines(CHATS),
        "T002",
        "cannot show exactly which tokens are the answer",
        "data.template=chatml",
        ":2:",
        objective="sft",
        template="{% for m in messages %}{{ m.content | upper }}{% endfor %}",
    ),
    "a template that refuses": Case(
        "data.jsonl",
        lines(CHATS),
        "T003",
        "the chat template refuses this conversation: roles must alternate",
        "mend the row, or data.template=chatml",
        ":2:",
        objective="sft",
        template="{{ raise_exception('roles must alternate') }}",
    ),
    "a template that runs for ever": Case(
        "data.jsonl",
        lines(CHATS),
        "T006",
        "the chat template was stopped: ",
        "data.template=chatml",
        ":2:",
        objective="sft",
        template="{% for i in range(10 ** 9) %}{% endfor %}",
    ),
    "two messages in a row": Case(
        "data.jsonl",
        lines([*CHATS, {"messages": [{"role": "user", "content": "a"}] * 2}]),
        "T003",
        "two user messages in a row",
        "data.merge_turns=true",
        ":7:",
    ),
    "a weight of neither 0 nor 1": Case(
        "data.jsonl",
        lines([*CHATS, {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0.5}]}]),
        "T003",
        "the weight of message 2 is 0.5; an answer is learned (1, or no weight) or only read (0)",
        "write 0 or 1 in row 7, or remove the key",
        ":7:",
    ),
    "neighbours of different weight": Case(
        "data.jsonl",
        lines(
            [*CHATS, {"messages": [{"role": "user", "content": "a"}, *({"role": "model", "content": "b", "weight": n} for n in (0, 1))]}]
        ),
        "T003",
        "two assistant messages in a row, one of weight 0 and one to learn: they cannot be joined",
        "give both the same weight in row 7",
        ":7:",
        spec={"merge_turns": True},
    ),
    "a tool call": Case(
        "data.jsonl",
        lines([{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": None, "tool_calls": [{"name": "f"}, 4]}]}]),
        "T003",
        'message 2 calls a tool without "name" and "arguments": 4',
        'write {"name": "TOOL", "arguments": {...}}, or remove the row',
        ":1:",
    ),
    "rows too long": Case(
        "data.csv",
        "text,label\n" + TEXTS.replace("words", "wordswordswordswords"),
        "T004",
        "12 of 12 rows (100 %) exceed max_length 16.",
        "max_length=",
        spec={"map": {"text": "text", "label": "label"}},
        objective="classify",
        max_length=16,
    ),
    "rows of another kind": Case(
        "data.csv",
        f"text,label\n{TEXTS}",
        "O001",
        "the rows are texts with labels, which sft does not learn",
        "objective=classify",
        "objective",
        2,
        {"map": {"text": "text", "label": "label"}},
        "sft",
    ),
}


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Tokenizer]:
    folder = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer(folder)

    def load(template: str) -> Tokenizer:
        (folder / "chat_template.jinja").write_text(template)
        return Tokenizer.load(folder)

    return load


def check(error: AfinaError, case: Case, path: Path) -> None:
    text = error.text()
    first, *rest = text.split("\n")
    assert (error.code, error.exit_code) == (case.code, case.exit_code), text
    where = f"{path}{case.place}" if case.place.startswith(":") else case.place
    if case.exit_code == 65:
        assert first.startswith(f"{case.code} {where}"), text
    assert case.says in first
    assert rest
    assert rest[-1].startswith("  Do: ")
    assert case.do in rest[-1]
    assert len(text.split("\n")) <= 8
    assert "Traceback" not in text


def whole_road(spec: DataSpec, case: Case, tokenizer: Callable[[str], Tokenizer]) -> None:
    encode(read(spec), case.objective, tokenizer(case.template), spec, case.max_length)


@pytest.mark.parametrize("name", CASES)
def test_error(tmp_path: Path, tokenizer: Callable[[str], Tokenizer], name: str) -> None:
    case = CASES[name]
    path = tmp_path / case.name if case.name else Path()
    if case.content is not None:
        path.write_bytes(case.content.encode() if isinstance(case.content, str) else case.content)
    if name == "a misspelt path":
        (tmp_path / "data.csv").write_text("text\n")
    spec = DataSpec(path=str(path) if case.name else "", **case.spec)
    with pytest.raises(AfinaError) as caught:
        whole_road(spec, case, tokenizer)
    check(caught.value, case, path)


def test_a_folder_says_what_it_holds(tmp_path: Path) -> None:
    for name in ("a.png", "b.jpg", "c.PNG"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(AfinaError, match=r"D017 .*: a folder of 3 images; afina trains text models\n  Do: data.path=FILE"):
        read(DataSpec(path=str(tmp_path)))
    (tmp_path / "a.png").unlink()
    (tmp_path / "b.jpg").unlink()
    (tmp_path / "c.PNG").rename(tmp_path / "data.csv")
    with pytest.raises(AfinaError, match=r"D017 .*: a folder; it holds data.csv\n  Do: data.path=.*data.csv"):
        read(DataSpec(path=str(tmp_path)))
    (tmp_path / "data.csv").unlink()
    with pytest.raises(AfinaError, match=r"D017 .*: a folder without any CSV"):
        read(DataSpec(path=str(tmp_path)))


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("an empty field", {"drop_empty": True}),
        ("two rows", {"test": 0, "validation": 0}),
        ("two messages in a row", {"merge_turns": True}),
        ("a column that is not there", {"map": {"text": "txt"}}),
        ("another encoding than forced", {"encoding": "auto", "test": 0, "validation": 0}),
        ("not clear", {"map": {"prompt": "en", "completion": "ca"}}),
    ],
)
def test_what_the_do_line_says_works(tmp_path: Path, name: str, setting: dict[str, object]) -> None:
    case = CASES[name]
    path = tmp_path / case.name
    content = case.content.encode() if isinstance(case.content, str) else case.content
    path.write_bytes((content or b"") + (b"other words,y\n" if name == "another encoding than forced" else b""))
    assert read(DataSpec(path=str(path), **{**case.spec, **setting})).rows
