"""Each verb with an encoder, alone and on pairs, and with an encoder-decoder: what was trained is what is used, exported and shown."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
from pathlib import Path

import pytest
import torch

from afina.models.load import load_trained
from afina.run import Run
from afina.score import actor_of
from tests.cli.calls import call
from tests.cli.conftest import SHORT, Trained
from tests.conftest import ANIMALS, FOODS

CASES = {
    "encoder-lora": ("things.csv", "bert", ("method=lora", "r=4", "learning_rate=5e-3")),
    "encoder-full": ("things.csv", "bert", ("method=full", "learning_rate=5e-3")),
    "pairs-lora": ("pairs.csv", "bert", ("method=lora", "r=4", "learning_rate=5e-3")),
    "encoder-decoder-lora": ("answers.jsonl", "t5", ("method=lora", "r=4", "learning_rate=5e-3")),
    "encoder-decoder-full": ("answers.jsonl", "t5", ("method=full", "learning_rate=5e-3")),
}
CLASSIFIERS = [name for name in CASES if not name.startswith("encoder-decoder")]
WRITERS = [name for name in CASES if name.startswith("encoder-decoder")]


@pytest.fixture(scope="module")
def folder(place: Path, tiny_encoder: Path, tiny_encoder_decoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of `place`, pairs.csv beside it (is the second thing an animal?), and the models bert/ and t5/."""
    made = tmp_path_factory.mktemp("kinds")
    for name in ("things.csv", "new.csv", "answers.jsonl"):
        shutil.copyfile(place / name, made / name)
    (made / "few.jsonl").write_text("".join((place / "answers.jsonl").read_text().splitlines(keepends=True)[:4]))
    (made / "bert").symlink_to(tiny_encoder)
    (made / "t5").symlink_to(tiny_encoder_decoder)
    words = [*ANIMALS, *FOODS]
    pairs = [(one, other) for i, one in enumerate(words) for other in words[i % 2 :: 2]]
    lines = [f"the {one},some {other},{'yes' if other in ANIMALS else 'no'}" for one, other in pairs]
    (made / "pairs.csv").write_text("\n".join(["premise,hypothesis,label", *lines]) + "\n")
    (made / "new-pairs.csv").write_text("premise,hypothesis\nthe cat,some owl\nthe cat,some rice\n")
    return made


_finished: dict[str, Trained] = {}


@pytest.fixture(params=CASES)
def trained(request: pytest.FixtureRequest, folder: Path) -> Trained:
    return run_of(request.param, folder)


def run_of(name: str, folder: Path) -> Trained:
    """One finished training of each case for the whole file."""
    if name not in _finished:
        data, model, words = CASES[name]
        result = call("train", data, "--model", model, "max_steps=40", f"output.name={name}", *words, *SHORT, cwd=folder)
        assert result.code == 0, result.both
        path = next(line.split()[1] for line in result.out.splitlines() if line.startswith("report"))
        _finished[name] = Trained((folder / path).parent, result, folder)
    return _finished[name]


def test_it_learns_and_is_compared(trained: Trained) -> None:
    losses = [row["loss"] for row in Run(trained.path).metrics() if row["event"] == "step"]
    assert len(losses) == 40 and sum(losses[-5:]) / 5 < 0.9 * losses[0]
    assert "on test rows" in trained.result.out and "tuned" in trained.result.out
    assert (trained.path / "report.html").stat().st_size > 10_000
    facts = json.loads((trained.path / "run.json").read_text())
    assert facts["kind"] == ("encoder-decoder" if "decoder" in trained.path.name else "encoder")


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_an_encoder_is_not_asked_in_words_and_the_verdict_says_nothing_of_its_base(name: str, folder: Path) -> None:
    out = run_of(name, folder).result.out
    assert "frozen probe" in out and "zero-shot" not in out
    assert "The base model has no" in out


def test_samples_show_what_is_read_with_its_frame(folder: Path) -> None:
    assert re.search(r"row \d+: \[CLS\] the \w+ \[SEP\] some \w+ \[SEP\] (yes|no)", run_of("pairs-lora", folder).result.err)
    assert re.search(r"row 1: say cat 1 times</s>cat</s>", run_of("encoder-decoder-lora", folder).result.err)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_predict_and_eval_a_classifier(name: str, folder: Path) -> None:
    trained = run_of(name, folder)
    data, new = ("pairs.csv", "new-pairs.csv") if name.startswith("pairs") else ("things.csv", "new.csv")
    rows = [json.loads(line) for line in call("predict", trained.path, new, cwd=folder).out.splitlines()]
    assert len(rows) == 2 and all(0.5 <= row["probability"] <= 1 for row in rows)
    measured = call("eval", trained.path, data, cwd=folder)
    assert measured.code == 0 and "accuracy" in measured.out


@pytest.mark.parametrize("name", WRITERS)
def test_predict_eval_generate_and_chat_of_a_model_that_writes(name: str, folder: Path) -> None:
    trained = run_of(name, folder)
    measured = call("eval", trained.path, "few.jsonl", cwd=folder)
    assert measured.code == 0 and "chrf" in measured.out
    predicted = call("predict", trained.path, "few.jsonl", cwd=folder)
    answer = json.loads(predicted.out.splitlines()[0])["answer"]
    said = call("generate", trained.path, "say cat 1 times", "--max-new-tokens", "8", cwd=folder)
    assert said.code == 0 and said.out.strip() == answer
    talk = call("chat", trained.path, "--max-new-tokens", "8", cwd=folder, stdin="say cat 1 times\n\n")
    assert talk.code == 0 and answer in talk.out


def test_a_merged_folder_scores_as_the_run_with_transformers_alone(trained: Trained, tmp_path: Path) -> None:
    import transformers

    assert call("export", trained.path, "--to", "merged", "--out", tmp_path / "out", cwd=trained.place).code == 0
    live, tokenizer = load_trained(Run(trained.path), "cpu"), transformers.AutoTokenizer.from_pretrained(tmp_path / "out")
    if actor_of(live).kind == "encoder":
        plain = transformers.AutoModelForSequenceClassification.from_pretrained(tmp_path / "out").eval()
        inputs = tokenizer("the cat", "some owl", return_tensors="pt")
        assert inputs.token_type_ids[0].unique_consecutive().tolist() == [0, 1]
    else:
        plain = transformers.AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "out").eval()
        inputs = {**tokenizer("say cat 2 times", return_tensors="pt"), "labels": tokenizer("cat cat", return_tensors="pt").input_ids}
    with torch.inference_mode():
        wanted, got = live(**inputs).logits, plain(**inputs).logits
    assert float((wanted - got).abs().max()) <= 1e-5 and float(got.std()) > 1e-3


def test_the_cards_example_without_afina_runs_and_agrees(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    card = (trained.path / "README.md").read_text()
    code = re.findall(r"```python\n(.*?)```", card, re.DOTALL)[1]
    assert "afina" not in code
    monkeypatch.chdir(trained.path)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "card", "exec"), {})
    if "encoder-decoder" in trained.path.name:
        said = call("generate", trained.path, "Write your prompt here.", "--max-new-tokens", "64", cwd=trained.place)
        assert out.getvalue().strip() == said.out.strip()
    else:
        pairs = trained.path.name.endswith("pairs-lora")
        columns = "premise,hypothesis\nWrite your text here.,Write the other text here." if pairs else "text\nWrite your text here."
        (trained.place / "one.csv").write_text(f"{columns}\n")
        row = json.loads(call("predict", trained.path, "one.csv", cwd=trained.place).out)
        assert out.getvalue().strip() == row["label"]


@pytest.mark.parametrize(("data", "model"), [("things.csv", "bert"), ("pairs.csv", "bert"), ("answers.jsonl", "t5")])
def test_check_and_plan(data: str, model: str, folder: Path) -> None:
    checked = json.loads(call("check", data, "--model", model, "--json", cwd=folder).out)
    assert checked["lengths"]["max_length"] == (512 if model == "t5" else 256)
    longest = {"things.csv": 40, "pairs.csv": 16, "answers.jsonl": 24}[data]
    assert 0 < checked["lengths"]["max"] < longest
    assert not [finding for finding in checked["findings"] if finding["check"] in ("coverage", "too_long")]
    planned = json.loads(call("plan", data, "--model", model, "--json", cwd=folder).out)
    assert planned["fits"] and (planned["budget_bytes"]["logits"] == 0) == (model == "bert")
