"""A metric of a person's own: loaded from a file or a package, chooses the checkpoint, is reported, and fails in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
        ({"objective": "lm", "eval.metric": "judge.py:same_first"}, "lm makes none: it is measured by how likely it holds the text"),
        ({"eval.metrics": ["rouge"]}, '"rouge" is not FILE.py:function'),
        ({"eval.metric": "gone.py:f"}, "there is no file gone.py"),
    ],
)
def test_it_is_refused_before_training(keys: dict[str, object], says: str, folder: Path, tiny_model: Path, labelled_csv: Path) -> None:
    more = {"map": {"text": "text"}} if keys.get("objective") == "lm" else {}
    with pytest.raises(UsageError) as caught:
        afina.train(labelled_csv, tiny_model, **keys, **more)  # type: ignore[arg-type]
    assert says in caught.value.text()


JUDGES = """
def shared(got, wanted):
    assert isinstance(got, tuple) and isinstance(wanted, tuple), (got, wanted)
    return len(set(got) & set(wanted)) / max(len(set(wanted)), 1)

def missed(got, wanted):
    assert isinstance(got, float) and isinstance(wanted, float), (got, wanted)
    return abs(got - wanted)
missed.smaller_is_better = True

def right_words(got, wanted):
    assert len(got) == len(wanted) and isinstance(got, tuple), (got, wanted)
    return sum(g == w for g, w in zip(got, wanted)) / len(wanted)

def same_option(got, wanted):
    assert wanted in OPTIONS and got in OPTIONS, (got, wanted)
    return got == wanted

OPTIONS = ["a Cat", "two  dogs", "bread"]
"""


def many_labels(i: int) -> dict[str, Any]:
    return {"text": f"case {i}: {'cat ' * (i % 2)}{'bread' * (i // 2 % 2)}", "labels": ["food"] * (i // 2 % 2) + ["animal"] * (i % 2)}


def scores(i: int) -> dict[str, Any]:
    return {"text": f"the {('cat', 'bread')[i % 2]} number {i}", "score": 990.5 + 20 * (i % 2) + i % 7}


def tags(i: int) -> dict[str, Any]:
    return {"tokens": ["the", ("cat", "bread")[i % 2], f"case{i}"], "pos_tags": ["DET", "NOUN", "NUM"]}


def options(i: int) -> dict[str, Any]:
    offered = ["a Cat", "two  dogs", "bread"] if i % 2 else ["bread", "a Cat"]
    return {"question": f"which is an animal, case {i}?", "choices": offered, "answer": offered.index("a Cat")}


@pytest.mark.parametrize(
    ("row", "own", "built_in"),
    [
        (many_labels, "shared", None),
        (scores, "missed", "mae"),
        (tags, "right_words", None),
        (options, "same_option", "accuracy"),
    ],
    ids=["labels", "score", "tags", "choices"],
)
def test_it_is_asked_wherever_there_is_a_prediction(
    row: Callable[[int], dict[str, Any]], own: str, built_in: str | None, folder: Path, tiny_model: Path
) -> None:
    """The functions refuse what is not of the documented type. Options come as the file writes them, which their tokens need not tell."""
    (folder / "judges.py").write_text(JUDGES)
    (folder / "rows.jsonl").write_text("".join(json.dumps(row(i)) + "\n" for i in range(80)))
    name = f"judges.py:{own}"
    keys = {"eval.metric": name, "max_steps": 4, "eval.every_steps": 2, "eval.bootstrap": 100, "eval.shots": 1, "eval.max_generated": 4}
    run = afina.train(folder / "rows.jsonl", tiny_model, **keys)
    evaluated = [event["metrics"] for event in run.run.metrics() if event["event"] == "evaluated"]
    assert len(evaluated) == 2 and run.comparison["main_metric"] == name
    assert {d["name"] for d in run.comparison["differences"] if d["metric"] == name} == {
        entry["name"] for entry in run.comparison["entries"] if entry["name"] != "tuned"
    }
    found = evaluate_file(run.trained, folder / "rows.jsonl", {})["metrics"]
    assert found[name]["low"] <= found[name]["mean"] <= found[name]["high"]
    if built_in:
        assert [metrics[name] for metrics in evaluated] == pytest.approx([metrics[built_in] for metrics in evaluated])
        assert found[name] == pytest.approx(found[built_in]) and run.metrics[name] == pytest.approx(run.metrics[built_in])
    assert name in run.run.report_html.read_text() and name in run.run.card.read_text()


def test_a_failure_on_a_sequence_or_a_number_is_shown(folder: Path) -> None:
    (folder / "judges.py").write_text(JUDGES)
    got, wanted = [("food",), ("a", "b")], [("food",), (1.5,)]
    with pytest.raises(MetricFailure) as caught, telling_the_row(got, wanted, [7, 9]):
        METRICS["judges.py:right_words"].score(got, wanted)
    assert "row 9: the metric raised AssertionError" in caught.value.what and "got=('a', 'b'), wanted=(1.5,)" in caught.value.what
    assert "print(right_words(('a', 'b'), (1.5,)))" in caught.value.fix
