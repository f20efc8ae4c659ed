"""afina eval RUN --tasks: two task files on local data, asked of a trained model, beside afina's own numbers."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

import afina
from tests.cli.calls import assert_clear, call
from tests.conftest import ANIMALS, FOODS

pytest.importorskip("lm_eval", reason="pip install afina[bench]")
pytestmark = pytest.mark.filterwarnings("ignore")

CHOICE = """task: kind-of-thing
dataset_path: json
dataset_kwargs:
  data_files: {test: questions.jsonl}
test_split: test
output_type: multiple_choice
doc_to_text: "{{question}}\\n"
doc_to_choice: "{{options}}"
doc_to_target: answer
target_delimiter: ""
metric_list:
  - metric: acc
"""
ANSWER = """task: say-it
dataset_path: json
dataset_kwargs:
  data_files: {test: answers.jsonl}
test_split: test
output_type: generate_until
doc_to_text: "{{prompt}}\\n"
doc_to_target: "{{completion}}"
generation_kwargs: {until: ["\\n"], max_gen_toks: 4, do_sample: false}
metric_list:
  - metric: exact_match
    ignore_case: true
"""


def _answer(word: str) -> str:
    return "yes" if word in ANIMALS else "no"


@pytest.fixture(scope="module")
def folder(tiny_model: Path, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that answers and one that classifies, and a folder of tasks."""
    made = tmp_path_factory.mktemp("tasks")
    words = (*ANIMALS, *FOODS)
    rows = [{"prompt": f"say {word}, case {i}", "completion": _answer(word)} for i in range(5) for word in words]
    (made / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    quick = {"eval.bootstrap": 100, "eval.max_generated": 4, "eval.shots": 0, "eval.max_new_tokens": 4, "output.dir": str(made / "runs")}
    run = afina.train(made / "train.jsonl", tiny_model, max_steps=60, learning_rate=5e-3, method="lora", **quick)
    run.path.rename(made / "runs" / "answers")
    (made / "labels.csv").write_text("text,label\n" + "".join(f"the {w} {i},{w in ANIMALS}\n" for i in range(3) for w in words))
    for name, model in (("classes", tiny_model), ("encoder", tiny_encoder)):
        keys = {**quick, "eval.compare": False}
        run = afina.train(made / "labels.csv", model, max_steps=1, map={"text": "text", "label": "label"}, **keys)
        run.path.rename(made / "runs" / name)
    tasks = made / "tasks"
    tasks.mkdir()
    (tasks / "choice.yaml").write_text(CHOICE)
    (tasks / "answer.yaml").write_text(ANSWER)
    questions = [{"question": f"say {w}, case 9", "options": ["yes", "no"], "answer": int(w in FOODS)} for w in words]
    (tasks / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in questions))
    asked = [{"prompt": f"say {word}, case 9", "completion": _answer(word)} for word in words]
    (tasks / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    return made


def test_task_files_are_asked_and_kept(folder: Path) -> None:
    said = call("eval", "runs/answers", "--tasks", "tasks/choice.yaml,tasks/answer.yaml", "--json", cwd=folder)
    assert said.code == 0, said.both
    found = json.loads(said.out)["tasks"]
    assert set(found) == {"kind-of-thing", "say-it"}
    assert all(one["n"] == 16 and one["shots"] == 0 and not one["chat_template"] for one in found.values())
    kept = json.loads((folder / "runs" / "answers" / "tasks.json").read_text())
    assert kept["tasks"] == found and kept["lm_eval"]
    accuracy = found["kind-of-thing"]["metrics"]["acc"]
    assert 0 <= accuracy["value"] <= 1
    assert accuracy["stderr"] == pytest.approx(math.sqrt(accuracy["value"] * (1 - accuracy["value"]) / 15), abs=1e-6)


def test_its_numbers_are_ours(folder: Path) -> None:
    """The likelier option by our own log-probabilities, and the share of our own answers that are right."""
    trained = afina.load(folder / "runs" / "answers").trained
    words = (*ANIMALS, *FOODS)
    bos = [trained.encoder.tokenizer.bos]
    right = 0
    options = [trained.encoder.tokenizer.encode(option, follows=True) for option in ("yes", "no")]
    for word in words:
        prompt = bos + trained.encoder.tokenizer.encode(f"say {word}, case 9\n")
        yes, no = trained.ask.choice_logps(prompt, options)
        right += (yes >= no) == (word in ANIMALS)
    answers = trained.predict([f"say {word}, case 9" for word in words])
    said = call("eval", "runs/answers", "--tasks", "tasks", "--json", cwd=folder)
    found = json.loads(said.out)["tasks"]
    assert found["kind-of-thing"]["metrics"]["acc"]["value"] == pytest.approx(right / 16)
    exact = next(value for name, value in found["say-it"]["metrics"].items() if name.startswith("exact_match"))
    assert exact["value"] == pytest.approx(sum(answer == _answer(word) for answer, word in zip(answers, words, strict=True)) / 16)
    assert exact["value"] > 0, "it learned something to be compared by"


def test_a_table_is_shown_and_a_part_can_be_asked(folder: Path) -> None:
    said = call("eval", "runs/answers", "-t", "tasks/choice.yaml", "--limit", "5", "--shots", "0", cwd=folder)
    assert said.code == 0, said.both
    assert "kind-of-thing" in said.out and "standard error" in said.out and "tasks.json" in said.err
    kept = json.loads((folder / "runs" / "answers" / "tasks.json").read_text())["tasks"]
    assert (kept["kind-of-thing"]["n"], kept["kind-of-thing"]["limit"]) == (5, 5)


BROKEN = {
    "not-yaml.yaml": "task: [",
    "no-task.yaml": "dataset_path: json\n",
    "no-data.yaml": CHOICE.replace("questions.jsonl", "gone.jsonl"),
    "no-column.yaml": CHOICE.replace("doc_to_target: answer", "doc_to_target: solution").replace("kind-of-thing", "no-column"),
    "far-away.yaml": "task: far-away\ndataset_path: nobody/no-such-data\ntest_split: test\ndoc_to_text: a\ndoc_to_target: b\n",
}


@pytest.mark.parametrize(
    ("words", "code", "parts"),
    [
        (["answers", "--tasks", "tasks/gone.yaml"], 2, ["U013", "there is no file tasks/gone.yaml"]),
        (["answers", "--tasks", "tasks/not-yaml.yaml"], 2, ["U013", "cannot be read"]),
        (["answers", "--tasks", "tasks/no-task.yaml"], 2, ["U013", "it has no key `task`"]),
        (["answers", "--tasks", "tasks/no-data.yaml"], 65, ["E013", "gone.jsonl"]),
        (["answers", "--tasks", "tasks/far-away.yaml"], 75, ["E013", "far-away.yaml cannot be fetched"]),
        (["answers", "--tasks", "helaswag"], 2, ["U013", 'knows no task "helaswag"', "Do: --tasks hellaswag"]),
        (["classes", "--tasks", "tasks/choice.yaml"], 2, ["U014", "classes (classify) writes none", "Do: afina eval"]),
        (["encoder", "--tasks", "tasks/choice.yaml"], 2, ["U014", "writes none"]),
        (["answers"], 2, ["U001", "neither a data file nor --tasks"]),
        (["answers", "train.jsonl", "--tasks", "tasks/choice.yaml"], 2, ["U001", "a data file or --tasks, one of them"]),
    ],
    ids=lambda value: "" if isinstance(value, int) else value[-1],
)
def test_what_cannot_be_asked_is_said(words: list[str], code: int, parts: list[str], folder: Path) -> None:
    for name, text in BROKEN.items():
        (folder / "tasks" / name).write_text(text)
    try:
        assert_clear(call("eval", f"runs/{words[0]}", *words[1:], cwd=folder), code, *parts)
    finally:
        for name in BROKEN:
            (folder / "tasks" / name).unlink()


def test_without_the_package_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "lm_eval" else there(name, *rest))
    said = call("eval", "runs/answers", "--tasks", "tasks/choice.yaml", cwd=folder)
    assert_clear(said, 69, "E012", "lm-eval is not installed", 'Do: pip install "afina[bench]"')
