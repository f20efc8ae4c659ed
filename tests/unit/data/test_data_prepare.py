"""The whole road: from a file to examples and a report that says everything that happened."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from afina.data.prepare import encode, encode_rows, fingerprint, read, read_later
from afina.data.tokenize import Tokenizer
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import IGNORE_INDEX, Chat, Completion, Labelled, Message

MESSY = (
    "Text;Class\n"
    + "".join(f"the message number {i} of the file;{('good', 'bad', 'Bad ')[i % 3]}\n" for i in range(60))
    + "the message number 0 of the file;good\n;bad\na message; with a semicolon;bad\nNA;good\n"
)


def test_a_messy_file_is_told_in_full(write, base: Tokenizer) -> None:
    spec = write("messy.csv", MESSY.encode("cp1252"), drop_empty=True, normalize_labels=True, max_length=24)
    dataset = read(spec)
    assert (dataset.layout.mapping(), dataset.labels, dataset.objective) == (
        {"text": "Text", "label": "Class"},
        ("bad", "good"),
        "classify",
    )
    assert dataset.n_read == 64
    assert len(dataset.rows) == 62
    assert [tuple(drop) for drop in dataset.dropped] == [(63, '"Text" is empty'), (64, "3 fields, header has 2")]
    said = "\n".join(str(notice) for notice in dataset.notices)
    for code in ("D006", "D007", "D010", "D012", "labelled: text = Text, label = Class", "rows: train"):
        assert code in said
    encoded = encode(dataset, "classify", base, spec, 24)
    report = encoded.report.as_dict()
    json.dumps(report)
    assert report["dropped"] == {'"Text" is empty': [63], "3 fields, header has 2": [64]}
    assert report["n_repeats"] == 1
    assert sum(report["splits"].values()) == report["n_kept"] == 62
    assert sum(sum(labels.values()) for labels in report["balance"].values()) == 62
    assert report["sha256"] == fingerprint(spec.path) == hashlib.sha256(Path(spec.path).read_bytes()).hexdigest()
    assert len(report["samples"]) == 3
    assert set(encoded.examples) == {"train", "validation", "test"}
    assert encoded.lengths.n == len(encoded.examples["train"])
    assert all(len(example) <= 24 for examples in encoded.examples.values() for example in examples)


def test_samples_show_the_mask(write, chat: Tokenizer) -> None:
    rows = [{"prompt": f"the question number {i}", "completion": f"the answer {i}"} for i in range(10)]
    spec = write("a.jsonl", rows)
    encoded = encode(read(spec), "sft", chat, spec, 128)
    sample = encoded.report.samples[0]
    i = sample.number - 1
    assert sample.pieces == ((f"<s><|user|>the question number {i}<|assistant|>", False), (f"the answer {i}</s>", True))
    learned = [label for example in encoded.examples["train"] for label in example.labels if label != IGNORE_INDEX]
    assert encoded.report.n_trained_tokens == len(learned)


def test_the_same_file_gives_the_same_examples(write, base: Tokenizer) -> None:
    spec = write("a.csv", MESSY.encode(), drop_empty=True)
    first, second = (encode(read(spec, seed=3), "classify", base, spec, 64).examples for _ in range(2))
    assert first == second
    assert first != encode(read(spec, seed=4), "classify", base, spec, 64).examples


def test_objective_lm_on_a_table(write, base: Tokenizer) -> None:
    spec = write("a.csv", MESSY.encode(), drop_empty=True)
    dataset = read(spec, "lm")
    assert dataset.labels == ()
    encoded = encode(dataset, "lm", base, spec, 16)
    assert all(len(example) <= 16 for example in encoded.examples["train"])
    assert not any(notice.what.startswith("T00") for notice in encoded.notices)


def test_one_label_only_is_refused(write) -> None:
    with pytest.raises(DataError, match=r'D023 .*every row has the label "x"'):
        read(write("a.csv", "text,label\n" + "".join(f"some words {i},x\n" for i in range(9)), map={"text": "text", "label": "label"}))


def test_later_files(write, base: Tokenizer) -> None:
    spec = write("a.csv", MESSY.encode(), drop_empty=True, normalize_labels=True)
    dataset = read(spec)
    encoded = encode(dataset, "classify", base, spec, 64)
    later = write("test.csv", "Text,Class\nhello you,good\nand you,BAD\n", normalize_labels=True)
    rows, _, _ = read_later(later, dataset.layout, labels=dataset.labels)
    assert rows == [Labelled(2, "hello you", "good"), Labelled(3, "and you", "bad")]
    examples, _ = encode_rows(rows, "classify", encoded.encoder)
    assert [example.target for example in examples] == [1, 0]
    rows, _, _ = read_later(write("new.csv", "Text\nhello you\n"), dataset.layout, answers=False)
    assert rows == [Labelled(2, "hello you", "")]
    assert encode_rows(rows, "classify", encoded.encoder)[0][0].target == -1
    rows, _, _ = read_later(write("new2.csv", "msg\nhello you\n", map={"text": "msg"}), dataset.layout, answers=False)
    assert rows == [Labelled(2, "hello you", "")]
    with pytest.raises(DataError, match=r"D001 .*no label column called"):
        read_later(write("new3.csv", "Text\nhello you\n"), dataset.layout)


def test_later_files_of_prompts_and_chats(write, chat: Tokenizer) -> None:
    pairs = read(write("a.jsonl", [{"prompt": f"ask {i}", "completion": f"say {i}"} for i in range(9)]))
    rows, _, _ = read_later(write("b.jsonl", [{"prompt": "ask me"}]), pairs.layout, answers=False)
    assert rows == [Completion(1, "ask me", "")]
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    spec = write("c.jsonl", [{"messages": [{"role": "user", "content": f"a {i}"}, turns[1]]} for i in range(9)])
    chats = read(spec)
    encoder = encode(chats, "sft", chat, spec, 64).encoder
    rows, _, _ = read_later(write("d.jsonl", [{"messages": [*turns, {"role": "user", "content": "c"}]}]), chats.layout, answers=False)
    assert rows == [Chat(1, (Message("user", "a"), Message("assistant", "b"), Message("user", "c")))]
    assert chat.decode(encoder.prompt_ids(rows[0])) == "<s><|user|>a<|assistant|>b</s><|user|>c<|assistant|>"


def test_no_heavy_import() -> None:
    code = (
        "import sys, afina.data.prepare; print([m for m in ('torch', 'transformers', 'pandas', 'datasets', 'pyarrow') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "mapping", "n_labels"),
    [
        ("banking77/train.csv", {}, 77),
        ("cic-ca/catalan_train.csv", {}, 3),
        ("messy-sms-spam/spam.csv", {}, 2),
        ("sentipolc16-it/training_set_sentipolc16.csv", {"label": "opos"}, 2),
        ("squad-it/squad_it_2000.csv", {"prompt": "context+question", "completion": "answer"}, 0),
        ("gsm8k/train.jsonl", {}, 0),
        ("tinystories-sample/tinystories_sample.txt", {}, 0),
    ],
)
def test_corpus_files_are_read_within_a_few_seconds(corpus, file: str, mapping: dict[str, str], n_labels: int) -> None:
    spec = DataSpec(path=str(corpus / "data" / file), map=mapping)
    start = time.process_time()
    dataset = read(spec)
    assert time.process_time() - start < 3
    assert len(dataset.labels) == n_labels
    assert len(dataset.rows) == dataset.n_read
    assert all(dataset.splits.values())


@pytest.mark.parametrize(
    ("key", "answers", "shown"),
    [
        ("labels", [["food", "price"], [], ["place"]], {"food, price", "none", "place"}),
        ("score", [1.5, -2.25, 1000.125], {"1.5", "-2.25", "1000.12"}),
    ],
)
def test_a_sample_shows_what_is_learned_of_it(tiny_model: Path, tmp_path: Path, key: str, answers: list[object], shown: set[str]) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [{"text": f"a text of several words, number {i}", key: answers[i % 3]} for i in range(60)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    spec = DataSpec(path=str(path), map={"text": "text", key: key})
    dataset = read(spec)
    made = encode(dataset, dataset.objective, Tokenizer.load(tiny_model), spec, 64)
    numbers = {sample.number: sample.label for sample in made.report.samples}
    wanted = {row.number: answers[(row.number - 1) % 3] for row in dataset.rows}
    assert set(numbers.values()) <= shown
    for number, label in numbers.items():
        answer = wanted[number]
        assert label == ((", ".join(answer) or "none") if isinstance(answer, list) else f"{answer:g}")
