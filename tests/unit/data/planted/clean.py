"""Three clean files: support messages with a class, prompts with answers, and conversations."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.unit.data.planted.phrases import ADVICE, ASKING, CARE, CLOSINGS, SETTINGS, SUPPORT

Labelled = tuple[str, str]
STEP = 101


def support_rows() -> list[Labelled]:
    """Return 300 distinct messages, half English and half Spanish, of six equally large classes, mixed."""
    rows: list[Labelled] = []
    for index, ((label, language), (problems, circumstances)) in enumerate(SUPPORT.items()):
        closings = CLOSINGS[language][5 * (index // 2 % 2) :][:5]
        for first, problem in enumerate(problems):
            for second, circumstance in enumerate(circumstances):
                rows.append((f"{problem} {circumstance} {closings[(first + second) % 5]}", label))
    return [rows[position * STEP % len(rows)] for position in range(len(rows))]


def answer_rows() -> list[tuple[str, str]]:
    """Return 121 distinct questions about the care of things, each with its answer."""
    size = len(CARE)
    rows = []
    for position in range(size * size):
        first, second = divmod(position * STEP % (size * size), size)
        (thing, care), (setting, caution) = CARE[first], SETTINGS[second]
        rows.append((ASKING[(first + 2 * second) % size].format(thing, setting), f"{care} {caution} {ADVICE[(first + second) % size]}"))
    return rows


def chats() -> list[list[dict[str, str]]]:
    """Return 80 conversations of two questions and two answers."""
    size = len(CARE)
    conversations = []
    for position in range(80):
        first, second = divmod(position * STEP % (size * size), size)
        (thing, care), (setting, caution) = CARE[first], SETTINGS[second]
        asked = ASKING[(first + 3 * second) % size].format(thing, "at home")
        words = (asked, f"{care} {ADVICE[(first + second) % size]}", f"And what about one {setting}?", caution)
        conversations.append([{"role": ("user", "assistant")[turn % 2], "content": text} for turn, text in enumerate(words)])
    return conversations


def as_csv(rows: Sequence[Sequence[object]], columns: Sequence[str] = ("text", "label")) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue()


def write_csv(path: Path, rows: Sequence[Sequence[object]], columns: Sequence[str] = ("text", "label")) -> Path:
    path.write_text(as_csv(rows, columns), encoding="utf-8", newline="")
    return path


def write_jsonl(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def write_answers(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    return write_jsonl(path, [{"prompt": prompt, "completion": completion} for prompt, completion in rows])


def write_chats(path: Path, conversations: Sequence[list[dict[str, str]]]) -> Path:
    return write_jsonl(path, [{"messages": messages} for messages in conversations])
