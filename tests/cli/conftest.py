"""One small place with data and a tiny model, and two finished runs in it: most commands only read them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.calls import Result, call
from tests.conftest import ANIMALS, FOODS, ROOT

SHORT = ("eval.bootstrap=100", "eval.max_generated=4", "eval.n_samples=1", "eval.max_new_tokens=8", "eval.shots=2")


@dataclass(frozen=True)
class Trained:
    """A finished run, and what its command printed."""

    path: Path
    result: Result
    place: Path


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    """A folder as a person has it: things.csv (text, label), new.csv (text alone), answers.jsonl, and the model tiny/."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "tiny").symlink_to(tiny_model)
    rng = random.Random(0)
    texts = [f"the {rng.choice(words)} number {i} and the {rng.choice(words)}" for i in range(60) for words in (ANIMALS, FOODS)]
    lines = [f"{text},{'animal' if i % 2 == 0 else 'food'}" for i, text in enumerate(texts)]
    (folder / "things.csv").write_text("\n".join(["text,label", *lines]) + "\n", encoding="utf-8")
    (folder / "new.csv").write_text("text\nthe cat and the owl\nthe soup and the rice\n", encoding="utf-8")
    answers = [{"prompt": f"say {word} {n} times", "completion": " ".join([word] * n)} for word in ANIMALS + FOODS for n in range(1, 5)]
    (folder / "answers.jsonl").write_text("\n".join(map(json.dumps, answers)) + "\n", encoding="utf-8")
    return folder


def finished(place: Path, *words: str) -> Trained:
    result = call("train", *words, "--model", "tiny", *SHORT, cwd=place)
    assert result.code == 0, result.both
    path = next(line.split()[1] for line in result.out.splitlines() if line.startswith("report"))
    return Trained((place / path).parent, result, place)


@pytest.fixture(scope="session")
def labels_run(place: Path) -> Trained:
    """A classifier, trained whole."""
    return finished(place, "things.csv", "max_steps=12", "output.name=labels")


@pytest.fixture(scope="session")
def answers_run(place: Path) -> Trained:
    """Text answers, with an adapter."""
    return finished(place, "answers.jsonl", "max_steps=6", "method=lora", "r=4", "output.name=answers")


@pytest.fixture(scope="session")
def nano(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands in for the embedded model: tiny, with its context and its kind of chat template."""
    from tests.tiny import write_tiny_model

    folder = write_tiny_model(tmp_path_factory.mktemp("nano") / "nano", chat=True, max_position_embeddings=1024)
    config = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps({**config, "model_max_length": 1024}))
    return folder


@pytest.fixture
def with_nano(nano: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("afina.models.locate.NANO", nano)
    return nano


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
