"""Shared fixtures: a tiny real model in a folder, small data files, the corpus when it is there."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

ROOT = Path(__file__).parents[1]
CORPUS = Path(os.environ.get("AFINA_CORPUS", ROOT.parent / "shared" / "corpus"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = pytest.mark.skip(reason=f"no corpus at {CORPUS} (set AFINA_CORPUS)")
    for item in items:
        if item.get_closest_marker("corpus") and not CORPUS.is_dir():
            item.add_marker(absent)


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip(f"no corpus at {CORPUS} (set AFINA_CORPUS)")
    return CORPUS


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random Llama (2 layers, width 32) and a byte-level tokenizer of 320 entries, without a chat template."""
    from tests.tiny import write_tiny_model

    return write_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny-llama")


@pytest.fixture(scope="session")
def tiny_chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a chat template that marks the assistant's words."""
    from tests.tiny import write_tiny_model

    return write_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny-chat", chat=True)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random BERT (2 layers, width 24) that was made for masked tokens, and a WordPiece tokenizer."""
    from tests.tiny import write_tiny_encoder

    return write_tiny_encoder(tmp_path_factory.mktemp("tiny") / "tiny-bert")


@pytest.fixture(scope="session")
def tiny_encoder_decoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random T5 (2 layers a side, width 24) and a Unigram tokenizer."""
    from tests.tiny import write_tiny_encoder_decoder

    return write_tiny_encoder_decoder(tmp_path_factory.mktemp("tiny") / "tiny-t5")


ANIMALS = ("cat", "dog", "cow", "hen", "owl", "pig", "fox", "bee")
FOODS = ("bread", "soup", "rice", "cake", "fish", "plum", "corn", "milk")


@pytest.fixture
def labelled_csv(tmp_path: Path) -> Path:
    """120 rows of text and label that a tiny model can learn: is it about an animal or a food?"""
    rng = random.Random(0)
    path = tmp_path / "things.csv"
    rows = ["text,label"]
    for i in range(120):
        words, label = (ANIMALS, "animal") if i % 2 else (FOODS, "food")
        rows.append(f"the {rng.choice(words)} number {i} and the {rng.choice(words)},{label}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def completion_jsonl(tmp_path: Path) -> Path:
    """96 prompts whose answers differ in length tenfold."""
    import json

    rng = random.Random(1)
    path = tmp_path / "answers.jsonl"
    lines = []
    for i in range(96):
        word = rng.choice(ANIMALS + FOODS)
        lines.append(json.dumps({"prompt": f"say {word} {1 + i % 10} times, case {i}", "completion": " ".join([word] * (1 + i % 10))}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
