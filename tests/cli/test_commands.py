"""Each verb once, from end to end, on a tiny model; what it prints, where, and what it leaves behind."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from tests.cli.calls import ESCAPE, Typed, assert_clear, call
from tests.cli.conftest import SHORT, Trained

LEFT = {
    *("README.md", "report.html", "eval.json", "metrics.jsonl", "events.jsonl", "plan.json", "recipe.yaml", "recipe.lock", "run.json"),
    *("data", "checkpoints"),
}


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


# --- train, plan ---


def test_train_ends_with_a_table_a_verdict_and_what_to_do_next(labels_run: Trained) -> None:
    out = labels_run.result.out
    for name in ("on test rows", "base zero-shot", "majority class", "tuned", "accuracy", "macro_f1"):
        assert name in out
    assert "Tuning wins" in out or "Tuning does not win" in out
    assert f"use it  afina predict {labels_run.path.relative_to(labels_run.place)} FILE.csv" in out
    assert {path.name for path in labels_run.path.iterdir()} >= LEFT | {"model"}


def test_progress_without_a_terminal_is_plain_lines_on_stderr(labels_run: Trained) -> None:
    err = labels_run.result.err
    assert "step 1/12" in err and "step 12/12" in err and "validation at step" in err
    assert "comparing with the base" in err
    assert "step 1/12" not in labels_run.result.out
    assert not ESCAPE.search(labels_run.result.both) and "\r" not in err


def test_the_plan_says_each_choice_with_its_reason_and_key(labels_run: Trained) -> None:
    err = labels_run.result.err
    assert "batch_size = 8 (84 rows to train on) [train.batch_size=]" in err
    assert "text = text" in err and "sample rows as the model sees them" in err
    assert "memory about" in err


def test_an_adapter_run_leaves_an_adapter(answers_run: Trained) -> None:
    assert {"adapter_config.json", "adapter_model.safetensors", "README.md", "tokenizer.json"} <= {
        path.name for path in (answers_run.path / "adapter").iterdir()
    }
    assert "afina chat" in answers_run.result.out


@pytest.mark.parametrize("width", ["80", "60", "200"])
def test_tables_fit_the_terminal_and_names_stay_whole(width: str, answers_run: Trained, labels_run: Trained) -> None:
    for words in (["show", answers_run.path], ["show", labels_run.path], ["runs"]):
        result = call(*words, cwd=answers_run.place, env={"COLUMNS": width})
        assert result.code == 0
        table = [line for line in result.out.splitlines() if "sha256" not in line and not line.startswith(("path", "name"))]
        assert max(map(len, table)) <= max(80, int(width))
    assert answers_run.path.name in call("runs", cwd=answers_run.place, env={"COLUMNS": width}).out


@pytest.mark.parametrize("words", [["plan"], ["train", "--dry-run"]])
def test_a_plan_writes_nothing_and_goes_to_stdout(words: list[str], place: Path, tmp_path: Path) -> None:
    before = files(place)
    result = call(*words, place / "things.csv", "--model", place / "tiny", cwd=tmp_path)
    assert result.code == 0
    assert "train  classify with full" in result.out and result.err == ""
    assert files(tmp_path) == set() and files(place) == before


@pytest.mark.parametrize("words", [["plan"], ["train", "--dry-run"]])
def test_a_plan_as_json(words: list[str], place: Path) -> None:
    result = call(*words, "things.csv", "--model", "tiny", "--json", cwd=place)
    document = json.loads(result.out)
    assert document["rows"] == {"train": 84, "validation": 12, "test": 24}
    assert document["labels"] == ["animal", "food"]
    assert document["recipe"]["train"]["batch_size"] == 8 and document["fits"]
    assert sum(n for name, n in document["budget_bytes"].items() if name != "total") == document["budget_bytes"]["total"]
    assert {"what", "why", "key", "level"} <= set(document["notices"][0])


def test_quiet_prints_only_the_result(place: Path) -> None:
    result = call("train", "things.csv", "--model", "tiny", "-q", "max_steps=1", "seed=3", *SHORT, cwd=place)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("on test rows")


def test_json_prints_one_document(place: Path) -> None:
    result = call("train", "things.csv", "--model", "tiny", "--json", "--new", "max_steps=1", "method=freeze", *SHORT, cwd=place)
    document = json.loads(result.out)
    assert set(document) == {"run", "metrics", "comparison", "sha256"}
    assert set(document["metrics"]) == {"accuracy", "macro_f1", "mcc"} and len(document["sha256"]) == 64
    assert (place / document["run"] / "model" / "config.json").is_file()


def test_at_a_terminal_it_asks_first(place: Path, tmp_path: Path) -> None:
    result = call("train", place / "things.csv", "--model", place / "tiny", cwd=tmp_path, stdin=Typed("n\n"))
    assert result.code == 1 and "Train?" in result.err and files(tmp_path) == set()


def test_a_recipe_file_is_an_argument_and_words_win_over_it(place: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(
        f"data: {place / 'things.csv'}\nmodel: {place / 'tiny'}\nmethod: {{name: lora, r: 4}}\ntrain: {{learning_rate: 1e-3}}\n"
    )
    document = json.loads(call("plan", recipe, "r=2", "--json", cwd=tmp_path).out)
    assert document["recipe"]["method"]["r"] == 2 and document["recipe"]["train"]["learning_rate"] == 1e-3


def test_the_recipe_of_a_run_is_a_recipe(labels_run: Trained) -> None:
    document = json.loads(call("plan", labels_run.path / "recipe.yaml", "--json", cwd=labels_run.place).out)
    assert document["n_steps"] == 12 and document["recipe"]["data"]["path"] == "things.csv"


def test_a_training_starts_from_a_run_that_was_trained_whole(labels_run: Trained) -> None:
    first = str(labels_run.path.relative_to(labels_run.place))
    result = call(
        "train", "things.csv", "--model", first, "-q", "--json", "max_steps=1", "learning_rate=1e-9", *SHORT, cwd=labels_run.place
    )
    assert result.code == 0, result.both
    document = json.loads(result.out)
    before = json.loads((labels_run.path / "eval.json").read_text())
    tuned = next(entry for entry in before["entries"] if entry["kind"] == "tuned")
    assert document["metrics"]["accuracy"] == tuned["metrics"]["accuracy"]["mean"]  # the head came along: nothing was trained here
    assert json.loads((labels_run.place / document["run"] / "run.json").read_text())["model"] == first


@pytest.mark.parametrize("named", ["by name", "by path"])
def test_a_training_starts_from_a_run_with_an_adapter(named: str, answers_run: Trained) -> None:
    model = answers_run.path.name if named == "by name" else answers_run.path
    words = ["answers.jsonl", "--model", model, "--json", "-q", "--new", "max_steps=1", "method=lora", "r=2", *SHORT]
    result = call("train", *words, cwd=answers_run.place)
    assert result.code == 0, result.both
    document = json.loads(result.out)
    config = json.loads((answers_run.place / document["run"] / "adapter" / "adapter_config.json").read_text())
    assert Path(config["base_model_name_or_path"]) == answers_run.path / "adapter"


# --- using a run ---


def test_runs_lists_newest_first(labels_run: Trained, answers_run: Trained) -> None:
    table = call("runs", cwd=labels_run.place)
    assert table.code == 0 and labels_run.path.name in table.out and "classify, full" in table.out and "finished" in table.out
    rows = json.loads(call("runs", "--json", cwd=labels_run.place).out)
    created = [row["created"] for row in rows]
    assert created == sorted(created, reverse=True)
    mine = next(row for row in rows if row["name"] == labels_run.path.name)
    assert {"path", "state", "model", "method", "objective", "data", "metrics", "sha256"} <= set(mine)


def test_no_runs_yet_says_how_to_start(tmp_path: Path) -> None:
    assert call("runs", cwd=tmp_path).out == "no runs in runs/ yet: afina train FILE.csv\n"
    assert json.loads(call("runs", "--json", cwd=tmp_path).out) == []


def test_show_by_path_name_and_as_json(labels_run: Trained) -> None:
    by_name = call("show", labels_run.path.name, cwd=labels_run.place)
    assert "finished" in by_name.out and "classify" in by_name.out and "tuned" in by_name.out
    facts = json.loads(call("show", labels_run.path, "--json", cwd=labels_run.place).out)
    assert facts["last_step"]["step"] == 12 and facts["comparison"]["verdict"] and facts["plan"]["n_steps"] == 12
    assert [event["event"] for event in facts["events"]] == ["started", "finished"]


def test_predict_labels_to_stdout_csv_and_jsonl(labels_run: Trained, tmp_path: Path) -> None:
    result = call("predict", labels_run.path, "new.csv", cwd=labels_run.place)
    rows = [json.loads(line) for line in result.out.splitlines()]
    assert [row["row"] for row in rows] == [2, 3] and result.err == ""
    assert all(row["label"] in ("animal", "food") and 0.5 <= row["probability"] <= 1 for row in rows)
    for name in ("out.csv", "out.jsonl"):
        written = call("predict", labels_run.path, "new.csv", "--out", tmp_path / name, cwd=labels_run.place)
        assert written.out == "" and "2 rows written" in written.err
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        assert [row["label"] for row in csv.DictReader(file)] == [row["label"] for row in rows]
    assert [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()] == rows


def test_predict_with_another_column_name(labels_run: Trained, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("said\nthe cat and the owl\n", encoding="utf-8")
    result = call("predict", labels_run.path, tmp_path / "other.csv", "--map", "text=said", cwd=labels_run.place)
    assert json.loads(result.out)["text"] == "the cat and the owl"


def test_predict_answers(answers_run: Trained) -> None:
    rows = [json.loads(line) for line in call("predict", answers_run.path, "answers.jsonl", cwd=answers_run.place).out.splitlines()]
    assert len(rows) == 64 and set(rows[0]) == {"row", "prompt", "answer"}


def test_eval_labels_and_answers(labels_run: Trained, answers_run: Trained) -> None:
    text = call("eval", labels_run.path, "things.csv", cwd=labels_run.place)
    assert text.code == 0 and "on 120 rows" in text.out and "accuracy" in text.out and "95 % interval" in text.out
    document = json.loads(call("eval", answers_run.path, "answers.jsonl", "--json", cwd=answers_run.place).out)
    assert set(document["metrics"]) == {"loss", "perplexity", "exact_match", "rouge_l", "chrf", "bleu"}
    assert all(value["low"] <= value["mean"] <= value["high"] for value in document["metrics"].values())


def test_generate_is_repeatable(answers_run: Trained) -> None:
    words = ["generate", answers_run.path, "say cat 2 times", "--max-new-tokens", "6"]
    plain, again = call(*words, cwd=answers_run.place), call(*words, cwd=answers_run.place)
    assert plain.code == 0 and plain == again
    document = json.loads(call(*words, "--json", cwd=answers_run.place).out)
    assert document == {"prompt": "say cat 2 times", "answer": plain.out.rstrip("\n")}
    drawn = [call(*words, "--temperature", "2", "--seed", seed, cwd=answers_run.place).out for seed in ("1", "1", "2")]
    assert drawn[0] == drawn[1] != drawn[2]


def test_generate_reads_the_prompt_from_stdin(answers_run: Trained) -> None:
    words = ["generate", answers_run.path, "--max-new-tokens", "6"]
    piped = call(*words[:2], "-", *words[2:], cwd=answers_run.place, stdin="say cat 2 times")
    assert piped.out == call(*words[:2], "say cat 2 times", *words[2:], cwd=answers_run.place).out


def test_chat_with_piped_words(answers_run: Trained) -> None:
    result = call(
        "chat", answers_run.path, "--max-new-tokens", "5", cwd=answers_run.place, stdin="say cat 2 times\nsay soup 1 times\n\nnot read\n"
    )
    assert result.code == 0 and result.out.count("\n") >= 2 and "> " not in result.out
    assert "type a message" in result.err


def test_export_writes_a_plain_folder_once(answers_run: Trained, tmp_path: Path) -> None:
    out = tmp_path / "plain"
    result = call("export", answers_run.path, "--out", out, cwd=answers_run.place)
    assert (result.code, result.out.strip()) == (0, str(out))
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md"} <= {path.name for path in out.iterdir()}
    assert not (out / "adapter_config.json").exists()
    assert_clear(call("export", answers_run.path, "--out", out, cwd=answers_run.place), 2, "U004", "--out FOLDER")


# --- looking around ---


def test_methods(tmp_path: Path) -> None:
    rows = json.loads(call("methods", "--json", cwd=tmp_path).out)
    assert {(row["kind"], row["name"]) for row in rows} >= {("method", "lora"), ("method", "full"), ("objective", "sft")}
    assert all(row["what"].endswith(".") for row in rows)
    table = call("methods", cwd=tmp_path, env={"COLUMNS": "80"}).out
    assert all(row["name"] in table for row in rows)


def test_doctor(with_nano: Path, tmp_path: Path) -> None:
    result = call("doctor", cwd=tmp_path, env={"HF_TOKEN": "hf_secret"})
    assert result.code == 0, result.out
    assert "torch" in result.out and "GiB" in result.out and "hf_secret" not in result.out
    checks = json.loads(call("doctor", "--json", cwd=tmp_path).out)
    assert {"name", "state", "found", "fix"} == set(checks[0]) and {"python", "torch", "device", "runs", "nano"} <= {
        c["name"] for c in checks
    }


def test_doctor_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afina.models.locate.NANO", tmp_path / "gone")
    result = call("doctor", cwd=tmp_path)
    assert result.code == 1 and "FAIL" in result.out and "model.path=FOLDER" in result.out


def test_no_colour_when_not_wanted(tmp_path: Path) -> None:
    assert not ESCAPE.search(call("methods", cwd=tmp_path).out)
    assert ESCAPE.search(call("methods", cwd=tmp_path, env={"FORCE_COLOR": "1", "TERM": "xterm"}).out)
    bare = call("methods", cwd=tmp_path, env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"}).out
    assert not [code for code in ESCAPE.findall(bare) if any(3 <= int(n) // 10 <= 4 for n in code[2:-1].split(";") if n)]


# --- mistakes ---

BAD = [
    (["trian", "things.csv"], 2, "Did you mean 'train'?"),
    (["train"], 2, "Missing argument"),
    (["train", "things.csv", "--modle", "tiny"], 2, "--model"),
    (["train", "thing.csv"], 2, "things.csv"),
    (["train", "things.csv", "--model", "tiny", "lerning_rate=1"], 2, "Did you mean learning_rate?"),
    (["train", "things.csv", "--model", "tiny", "learning_rate=two"], 2, '"two" is not a number'),
    (["train", "things.csv", "--model", "tiny", "fast"], 2, "a setting is key=value"),
    (["train", "things.csv", "--model", "tiny", "method=lorra"], 2, "method=lora"),
    (["train", "things.csv", "--model", "tiny", "method=full", "r=4"], 2, "lora has"),
    (["train", "things.csv", "--model", "tiny", "--map", "label"], 2, "--map text=COLUMN"),
    (["train", "things.csv", "--model", "tiny", "--map", "text=txt"], 65, 'Nearest: "text"'),
    (["train", "things.csv", "--model", "tinny"], 69, "Did you mean ./tiny?"),
    (["train", "things.csv", "--model", "tiny", "max_length=4096"], 2, "max_length=256"),
    (["train", "things.csv", "--model", "tiny", "load_in_4bit=true"], 2, "not a key of afina"),
    (["train", "things.csv", "--model", "tiny", "objective=sft", "--map", "text=text", "--map", "messages=label"], 2, "D001"),
    (["predict", "nothing", "new.csv"], 2, "afina runs"),
    (["eval", "last", "nwe.csv"], 2, "afina eval last new.csv"),
    (["export", "last", "--to", "onxx"], 2, "merged"),
    (["generate", "last"], 2, "Missing argument"),
]


@pytest.mark.parametrize(("words", "code", "part"), BAD, ids=[" ".join(words) for words, *_ in BAD])
def test_a_mistake_is_one_clear_message(words: list[str], code: int, part: str, labels_run: Trained) -> None:
    before = {path.name for path in (labels_run.place / "runs").iterdir()}
    assert_clear(call(*words, cwd=labels_run.place), code, part)
    assert {path.name for path in (labels_run.place / "runs").iterdir()} == before


def test_what_a_classifier_cannot_do(labels_run: Trained) -> None:
    assert_clear(call("generate", labels_run.path, "hello", cwd=labels_run.place), 2, "U006", "afina predict")
    assert_clear(call("chat", labels_run.path, cwd=labels_run.place, stdin="hello\n"), 2, "U006", "afina predict")
    assert_clear(call("predict", labels_run.path, "new.csv", "--out", "x.txt", cwd=labels_run.place), 2, "U007", "predictions.csv")
    assert_clear(call("predict", labels_run.path, "new.csv", "--out", "gone/x.csv", cwd=labels_run.place), 74, "I003", "--out x.csv")


def test_a_run_that_is_not_finished(tmp_path: Path) -> None:
    """Its state is said, and what would finish it; using it names the run."""
    from afina.run import create

    run = create(tmp_path / "runs", "half", "key")
    assert "the command that started it continues it" in call("show", "last", cwd=tmp_path).out
    (tmp_path / "a.csv").write_text("text\nhello\n")
    assert_clear(call("predict", "last", "a.csv", cwd=tmp_path), 2, "U003", run.name)
    assert_clear(call("export", run.name, cwd=tmp_path), 2, "U003")


def test_a_bug_of_ours_leaves_its_traceback_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("afina.run.listing", broken)
    result = call("runs", cwd=tmp_path)
    assert result.code == 70 and result.err.startswith("X001") and "Traceback" not in result.both
    assert "RuntimeError: boom" in (tmp_path / "afina-error.log").read_text()


def test_an_empty_folder_of_output_and_a_file_in_its_place(answers_run: Trained, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert_clear(call("export", answers_run.path, "--out", tmp_path / "file", cwd=answers_run.place), 2, "U004")


# --- Python ---


def test_train_from_python(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import afina
    from afina.events import Event, Finished, Step

    monkeypatch.chdir(place)
    events: list[Event] = []
    run = afina.train(
        "things.csv",
        "tiny",
        map={"text": "text", "label": "label"},
        method="lora",
        r=4,
        max_steps=3,
        overrides=SHORT,
        watchers=[events.append],
    )
    assert set(run.metrics) == {"accuracy", "macro_f1", "mcc"}
    assert set(run.predict(["the cat and the owl", "the soup"])) <= {"animal", "food"}
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3] and isinstance(events[-1], Finished)
    assert repr(run).startswith(f"<afina run {run.path.name}: accuracy=")
    again = afina.load(run.path)
    assert again.metrics == run.metrics and again.comparison["verdict"]


def test_train_from_python_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import afina

    monkeypatch.chdir(place)
    run = afina.train("things.csv", "tiny", max_steps=1, overrides=("eval.compare=false",), seed=9)
    assert run.metrics == {}


def test_python_and_the_command_line_are_one(answers_run: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    import afina

    monkeypatch.chdir(answers_run.place)
    run = afina.load(answers_run.path.name)
    typed = call("generate", answers_run.path, "say cat 2 times", "--max-new-tokens", "6", cwd=answers_run.place)
    assert run.generate("say cat 2 times", max_new_tokens=6) == typed.out.rstrip("\n")


def test_python_mistakes_are_raised_with_place_and_remedy(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import afina
    from afina.errors import AfinaError

    monkeypatch.chdir(place)
    with pytest.raises(AfinaError) as caught:
        afina.train("things.csv", "tiny", lerning_rate=1)
    assert caught.value.code == "R002" and "learning_rate" in caught.value.text() and caught.value.exit_code == 2


def test_importing_afina_is_light() -> None:
    import subprocess

    program = "import sys, afina; afina.train; print([n for n in ('torch', 'transformers', 'peft') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"
