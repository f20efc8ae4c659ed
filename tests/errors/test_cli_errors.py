"""`afina train` on what people really give it: one clear message, no traceback, nothing left behind."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from tests.cli.calls import assert_clear, call


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00")) + chunk(b"IEND", b"")


def labelled(n: int = 60) -> str:
    rows = [f"message number {i} about {'cats and dogs' if i % 2 else 'soup and bread'},{'pets' if i % 2 else 'food'}" for i in range(n)]
    return "\n".join(["text,label", *rows]) + "\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text(labelled(), encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "blank.csv").write_text("\n \n")
    (tmp_path / "header.csv").write_text("text,label\n")
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "photo.csv").write_bytes(png())
    (tmp_path / "photo.png").write_bytes(png())
    (tmp_path / "photos").mkdir()
    for i in range(3):
        (tmp_path / "photos" / f"{i}.png").write_bytes(png())
    (tmp_path / "nothing").mkdir()
    (tmp_path / "numbers.csv").write_text("amount\n" + "\n".join(str(i * 7) for i in range(40)) + "\n")
    (tmp_path / "labels.csv").write_text("label\n" + "\n".join(("pets", "food")[i % 2] for i in range(40)) + "\n")
    (tmp_path / "one-label.csv").write_text(labelled().replace("food\n", "pets\n"))
    (tmp_path / "few.csv").write_text(labelled(2))
    (tmp_path / "broken.jsonl").write_text('{"prompt": "a", "completion": "b"}\n{"prompt": \n')
    (tmp_path / "number.json").write_text("42")
    (tmp_path / "page.csv").write_text("<!DOCTYPE html><html><body>404</body></html>")
    (tmp_path / "pairs.jsonl").write_text('{"prompt": "hello there", "chosen": "a good answer", "rejected": "a bad answer"}\n' * 20)
    return tmp_path


FILES = [
    ("missing.csv", 2, "D016", "there is no such file"),
    ("god.csv", 2, "D016", "good.csv"),
    ("gone/good.csv", 2, "D016", "there is no folder gone"),
    ("empty.csv", 65, "D003", "0 bytes"),
    ("blank.csv", 65, "D003", "all blank"),
    ("header.csv", 65, "D003", "only the header text, label"),
    ("noise.csv", 65, "D017", "a binary file"),
    ("photo.csv", 65, "D017", "PNG image"),
    ("photo.png", 65, "D017", "PNG image"),
    ("photos", 65, "D017", "a folder of 3 images"),
    ("nothing", 65, "D017", "a folder without any"),
    ("numbers.csv", 65, "D014", "no column of free text"),
    ("labels.csv", 65, "D014", "no column of free text"),
    ("few.csv", 65, "D015", "too few rows"),
    ("broken.jsonl", 65, "D004", "broken.jsonl:2:12"),
    ("number.json", 65, "D018", "not rows"),
    ("page.csv", 65, "D017", "an HTML page"),
    ("pairs.jsonl", 65, "D013", "--map completion=chosen"),
]


@pytest.mark.parametrize(("name", "code", "error", "part"), FILES, ids=[name for name, *_ in FILES])
def test_a_file_that_cannot_be_learned_from(name: str, code: int, error: str, part: str, place: Path) -> None:
    result = call("train", name, "--yes", cwd=place)
    assert_clear(result, code, part, "\n  Do: ")
    assert result.err.startswith(error)
    assert not (place / "runs").exists()


def test_a_column_that_is_not_there(place: Path) -> None:
    assert_clear(call("train", "numbers.csv", "--map", "text=amuont", cwd=place), 65, "D001", "amount")


def test_one_label_is_nothing_to_tell_apart(place: Path) -> None:
    result = call("train", "one-label.csv", "--map", "text=text", "--map", "label=label", cwd=place)
    assert_clear(result, 65, "D023", 'every row has the label "pets"')


def test_a_folder_names_the_tables_in_it(place: Path) -> None:
    (place / "data").mkdir()
    (place / "data" / "a.csv").write_text(labelled())
    assert_clear(call("train", "data", cwd=place), 65, "D017", "data.path=data/a.csv")


# --- the recipe ---


def test_all_mistakes_of_a_recipe_at_once_with_their_lines(place: Path) -> None:
    (place / "my.yaml").write_text("data: good.csv\nmethod:\n  name: lora\n  lora_aplha: 8\ntrain:\n  learning_rate: two\n  num_epoch: 3\n")
    result = call("train", "my.yaml", cwd=place)
    assert_clear(result, 2, "my.yaml:4", "Did you mean lora_alpha?", "my.yaml:6", '"two" is not a number', "my.yaml:7", "num_epochs")
    assert [line[:4] for line in result.err.splitlines() if not line.startswith(" ")] == ["R002", "R001", "R002"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("data: good.csv\ntrain: [1, 2\n", ("R006", "my.yaml:3:1")),
        ("data: good.csv\nseed: 1\nseed: 2\n", ("R006", "my.yaml:3")),
        ("data: good.csv\nmethod: lorra\n", ("R004", "my.yaml:2", "lora")),
        ("data: good.csv\nlearning_rte: 1\n", ("R002", "my.yaml:2", "learning_rate")),
        ("data: good.csv\nlr: 1e-3\nlearning_rate: 1e-4\n", ("R012", "my.yaml:")),
        ("data: good.csv\nlogging_steps: 5\n", ("R011", "my.yaml:2", "every step is logged")),
        ("data: good.csv\nmodel: ${env:NO_SUCH_NAME}\n", ("R010", "my.yaml:2", "NO_SUCH_NAME")),
        ("extends: gone.yaml\n", ("R009", "my.yaml:1")),
        ("data: god.csv\n", ("D016", "good.csv")),
        ("seed: 1\n", ("U001", "afina train FILE.csv")),
    ],
    ids=["yaml", "twice", "method", "typo", "two names", "foreign", "environment", "extends", "data", "no data"],
)
def test_a_recipe_with_a_mistake(text: str, parts: tuple[str, ...], place: Path) -> None:
    (place / "my.yaml").write_text(text)
    assert_clear(call("train", "my.yaml", cwd=place), 2, *parts)


def test_a_mistake_on_the_command_line_names_the_word(place: Path) -> None:
    result = call("train", "good.csv", "lerning_rate=1", "num_epochs=-1", cwd=place)
    assert_clear(result, 2, "lerning_rate=1:", "num_epochs=-1:")


# --- the corpus ---


@pytest.mark.corpus
def test_complaints_of_a_city(corpus: Path, tmp_path: Path) -> None:
    """A public export: which column is what is not clear, and the message says what was found and what to type."""
    file = next(corpus.rglob("messy-quejas-pamplona/quejas.csv"))
    result = call("train", file, "--yes", cwd=tmp_path)
    assert result.code in (2, 65)
    assert_clear(result, result.code, "quejas.csv", "\n  Do: ")
