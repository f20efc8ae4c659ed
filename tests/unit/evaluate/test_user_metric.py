"""A metric of a person's own: loaded from a file or a package, chooses the checkpoint, is reported, and fails in words."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import afina
from afina.errors import UsageError
from afina.evaluate.metrics import METRICS
from afina.evaluate.metrics.user import MetricFailure, telling_the_row
from afina.evaluate.predict import evaluate_file
from afina.recipe import read_lock

SOURCE = """
def same_first(got, wanted):
    return got[:1] == wanted[:1]

def distance(got, wanted):
    return abs(len(got) - len(wanted))
distance.smaller_is_better = True

def half(got, wanted):
    return 1 / (len(got) > 3)

def words(got, wanted):
    return "many"

number = 5
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "judge.py").write_text(SOURCE)
    (tmp_path / "h4_package").mkdir()
    (tmp_path / "h4_package" / "__init__.py").write_text("")
    (tmp_path / "h4_package" / "judges.py").write_text("def both(got, wanted):\n    return 2.5\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_function_of_a_file_or_a_package_is_a_metric(folder: Path) -> None:
    first = METRICS["judge.py:same_first"]
    assert first.larger_is_better and first.is_mean
    assert first.per_example("yes", "you") == 1.0
    assert first.score(["yes", "no"], ["you", "yes"]) == 0.5
    assert first.interval(["a", "b"], ["a", "c"]).mean == 0.5
    assert not METRICS["judge.py:distance"].larger_is_better
    assert METRICS["h4_package.judges:both"].per_example("", "") == 2.5
    assert "judge.py:same_first" in METRICS and "judge.py:absent" not in METRICS and "gone.py:f" not in METRICS


def test_an_edited_file_is_run_again(folder: Path) -> None:
    assert METRICS["judge.py:same_first"].per_example("a", "ab") == 1.0
    (folder / "judge.py").write_text("def same_first(got, wanted):\n    return 0.25\n")
    assert METRICS["judge.py:same_first"].per_example("a", "ab") == 0.25


@pytest.mark.parametrize(
    ("name", "says", "fix"),
    [
        ("gone.py:f", "there is no file gone.py", "eval.metric=FILE.py:function"),
        ("judge.py:absent", 'no function "absent"; it has same_first, distance, half, words', "eval.metric=judge.py:same_first"),
        ("judge.py:number", 'no function "number"', "eval.metric=judge.py:same_first"),
        ("h4_gone.module:f", "h4_gone.module cannot be loaded: ModuleNotFoundError", "eval.metric=FILE.py:function"),
        ("broken.py:f", "broken.py cannot be loaded: ZeroDivisionError: division by zero", "python broken.py"),
        ("leaving.py:f", "leaving.py cannot be loaded: SystemExit", "python leaving.py"),
    ],
)
def test_what_is_not_there_is_said(name: str, says: str, fix: str, folder: Path) -> None:
    (folder / "broken.py").write_text("1 / 0\n")
    (folder / "leaving.py").write_text("raise SystemExit(3)\n")
    with pytest.raises(UsageError) as caught:
        METRICS[name]
    assert caught.value.code == "V007" and says in caught.value.text() and fix in caught.value.fix


def test_a_function_that_fails_says_on_which_row(folder: Path) -> None:
    got, wanted = ["long enough", "no"], ["yes", "no"]
    with pytest.raises(MetricFailure) as caught, telling_the_row(got, wanted, [7, 9]):
        METRICS["judge.py:half"].score(got, wanted)
    said = caught.value.text()
    assert said.startswith("V008 judge.py:half: row 9: the metric raised ZeroDivisionError: division by zero (got='no', wanted='no')")
    assert "from judge import half; print(half('no', 'no'))" in caught.value.fix
    with pytest.raises(MetricFailure, match="returned 'many', which is not a finite number"):
        METRICS["judge.py:words"].per_example("a", "b")


def test_it_chooses_the_checkpoint_of_a_classifier_and_is_compared(folder: Path, tiny_model: Path, labelled_csv: Path) -> None:
    keys = {"eval.metric": "judge.py:same_first", "eval.metrics": ["judge.py:distance"], "max_steps": 4, "eval.every_steps": 2}
    run = afina.train(labelled_csv, tiny_model, **keys, **{"eval.bootstrap": 100, "eval.max_generated": 4, "eval.shots": 0})
    evaluated = [row for row in run.run.metrics() if row["event"] == "evaluated"]
    assert all(0 <= row["metrics"]["judge.py:same_first"] <= 1 for row in evaluated)
    assert all(row["metrics"]["judge.py:same_first"] == row["metrics"]["accuracy"] for row in evaluated), "animal or food: the first letter"
    assert run.comparison["main_metric"] == "judge.py:same_first"
    assert run.metrics["judge.py:same_first"] == run.metrics["accuracy"]
    assert {d["metric"] for d in run.comparison["differences"]} >= {"judge.py:same_first", "judge.py:distance"}
    assert evaluate_file(run.trained, labelled_csv, {})["metrics"]["judge.py:distance"]["mean"] >= 0
    held = read_lock(run.run.recipe_lock)["sha256"]
    assert held["judge.py:same_first"] == held["judge.py:distance"] == hashlib.sha256(SOURCE.encode()).hexdigest()
    assert "judge.py:same_first" in run.run.report_html.read_text() and "judge.py:distance" in run.run.card.read_text()


def test_it_chooses_the_checkpoint_of_answers_and_fails_with_the_row(folder: Path, tiny_model: Path, completion_jsonl: Path) -> None:
    keys = {
        "max_steps": 2,
        "eval.every_steps": 1,
        "eval.bootstrap": 100,
        "eval.max_generated": 4,
        "eval.shots": 0,
        "eval.max_new_tokens": 3,
    }
    run = afina.train(completion_jsonl, tiny_model, **{**keys, "eval.metric": "judge.py:distance"})
    evaluated = [row for row in run.run.metrics() if row["event"] == "evaluated"]
    assert all(row["metrics"]["judge.py:distance"] >= 0 for row in evaluated)
    assert run.comparison["main_metric"] == "judge.py:distance"
    assert evaluate_file(run.trained, completion_jsonl, {})["metrics"]["judge.py:distance"]["mean"] >= 0
    (folder / "half.py").write_text("def half(got, wanted):\n    raise KeyError(wanted)\n")
    with pytest.raises(UsageError, match=r"V008 half.py:half: row \d+: the metric raised KeyError") as caught:
        afina.train(completion_jsonl, tiny_model, **{**keys, "eval.metric": "half.py:half"})
    number = int(caught.value.what.split()[1].rstrip(":"))
    assert json.loads(completion_jsonl.read_text().splitlines()[number - 1])["completion"] in caught.value.what


def test_another_function_is_another_run(folder: Path, tiny_model: Path, labelled_csv: Path) -> None:
    keys = {"eval.metric": "judge.py:same_first", "max_steps": 1, "eval.compare": False}
    first = afina.train(labelled_csv, tiny_model, **keys).run.facts()["key"]
    again = afina.train(labelled_csv, tiny_model, **keys).run.facts()["key"]
    (folder / "judge.py").write_text(SOURCE.replace("[:1]", "[:2]"))
    other = afina.train(labelled_csv, tiny_model, **keys).run.facts()["key"]
    assert first == again != other


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"objective": "lm", "eval.metric": "judge.py:same_first"}, "lm gives neither"),
        ({"eval.metrics": ["rouge"]}, '"rouge" is not FILE.py:function'),
        ({"eval.metric": "gone.py:f"}, "there is no file gone.py"),
    ],
)
def test_it_is_refused_before_training(keys: dict[str, object], says: str, folder: Path, tiny_model: Path, labelled_csv: Path) -> None:
    more = {"map": {"text": "text"}} if keys.get("objective") == "lm" else {}
    with pytest.raises(UsageError) as caught:
        afina.train(labelled_csv, tiny_model, **keys, **more)  # type: ignore[arg-type]
    assert says in caught.value.text()
