"""afina recipes, and --recipe of train and plan."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from afina.cli.main import app
from afina.recipe import load
from afina.recipe.bundled import bundled, names
from tests.cli.calls import assert_clear, call

VERBS = typer.main.get_command(app).commands["recipes"].commands  # type: ignore[attr-defined]
LLAMA_FACTORY = """\
model_name_or_path: tiny
stage: sft
finetuning_type: lora
lora_rnak: 4
cutoff_len: 64
plot_loss: true
"""


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_each_verb_has_short_help_with_an_example_that_can_be_typed(verb: str, tmp_path: Path) -> None:
    import shlex

    result = call("recipes", verb, "--help", cwd=tmp_path, env={"COLUMNS": "80"})
    assert result.code == 0 and len(result.out.splitlines()) <= 60
    lines = [line.strip() for line in (VERBS[verb].help or "").splitlines() if line.strip().startswith("afina ")]
    assert lines
    for line in lines:
        words = shlex.split(line)[1:]
        VERBS[words[1]].make_context(words[1], words[2:])
    for parameter in VERBS[verb].params:
        assert parameter.help or parameter.name == "help", parameter.name


def test_list_and_show(tmp_path: Path) -> None:
    out = call("recipes", "list", cwd=tmp_path).out
    for name in names():
        assert name in out and bundled(name).what[:20] in out
    found = json.loads(call("recipes", "list", "--json", cwd=tmp_path).out)
    assert [one["name"] for one in found] == names() and found[0]["hardware"]
    assert call("recipes", "show", "sentiment", cwd=tmp_path).out == bundled("sentiment").text
    assert_clear(call("recipes", "show", "sentimnet", cwd=tmp_path), 2, 'R004: no recipe is called "sentimnet"', "sentiment")


def test_copy_never_writes_over(tmp_path: Path) -> None:
    assert call("recipes", "copy", "chat", cwd=tmp_path).code == 0
    assert (tmp_path / "chat.yaml").read_text() == bundled("chat").text
    (tmp_path / "chat.yaml").write_text("seed: 1\n")
    assert_clear(call("recipes", "copy", "chat", cwd=tmp_path), 2, "U004 chat.yaml: it exists", "--yes")
    assert (tmp_path / "chat.yaml").read_text() == "seed: 1\n"
    assert call("recipes", "copy", "chat", "--yes", cwd=tmp_path).code == 0
    assert (tmp_path / "chat.yaml").read_text() == bundled("chat").text


def test_validate_says_every_mistake_of_every_file(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text("train: {lr: 1e-4}\n")
    (tmp_path / "bad.yaml").write_text("train:\n  learning_rate: two\nseed: -1\n")
    result = call("recipes", "validate", "good.yaml", "sentiment", cwd=tmp_path)
    assert (result.code, result.out) == (0, "good.yaml: valid\nsentiment: valid\n")
    assert "lr is read as train.learning_rate" in result.err
    result = call("recipes", "validate", "bad.yaml", "good.yaml", "gone.yaml", cwd=tmp_path)
    assert (result.code, result.out) == (2, "good.yaml: valid\n")
    for part in ("R001 bad.yaml:2 train.learning_rate", "R001 bad.yaml:3 seed", "R009 gone.yaml"):
        assert part in result.err


def test_schema_is_json(tmp_path: Path) -> None:
    from afina.recipe import json_schema

    assert json.loads(call("recipes", "schema", cwd=tmp_path).out) == json.loads(json.dumps(json_schema()))
    assert call("recipes", "schema", "--out", "a.json", cwd=tmp_path).out == ""
    assert json.loads((tmp_path / "a.json").read_text())["properties"]["method"]["description"]


def test_import_prints_the_recipe_and_reports_beside_it(tmp_path: Path) -> None:
    (tmp_path / "lf.yaml").write_text(LLAMA_FACTORY)
    result = call("recipes", "import", "lf.yaml", cwd=tmp_path)
    assert result.code == 0
    (tmp_path / "mine.yaml").write_text(result.out)
    assert load(tmp_path / "mine.yaml").recipe.data.max_length == 64
    for part in (
        "not keys of LLaMA-Factory: probably misspelt\n  lora_rnak (line 4): not a key of LLaMA-Factory. Did you mean lora_rank?",
        "plot_loss (line 6): every run ends with a comparison",
        "lora_rank (its default): method.r=8, method.alpha=16",
        "lf.yaml: 6 keys: 3 carried over, 1 mean something else here, 1 have no counterpart, 1 unknown",
        "data.test=0 trains on them too",
    ):
        assert part in result.err, result.err
    result = call("recipes", "import", "lf.yaml", "--out", "out.yaml", cwd=tmp_path)
    assert result.out == "" and "use it  afina train FILE --recipe out.yaml" in result.err
    assert (tmp_path / "out.yaml").read_text() == (tmp_path / "mine.yaml").read_text()
    assert_clear(call("recipes", "import", "lf.yaml", "--out", "out.yaml", "--json", cwd=tmp_path, env={}), 2, "U004 out.yaml: it exists")


def test_import_as_json(tmp_path: Path) -> None:
    (tmp_path / "lf.yaml").write_text(LLAMA_FACTORY + "per_device_train_batch_size: 2\n")
    words = ("recipes", "import", "lf.yaml", "--json", "--from", "llama-factory", "--processes", "4")
    found = json.loads(call(*words, cwd=tmp_path).out)
    assert found["source"] == "LLaMA-Factory"
    assert "batch_size: 8" in found["recipe"]
    line = next(row for row in found["report"] if row["key"] == "per_device_train_batch_size")
    assert (line["line"], line["outcome"], line["here"]["train.processes"], line["note"]) == (7, "carried", 4, "2 x 1 x 4 processes")


def test_import_refuses_in_words(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("learning_rate: 1e-4\n")
    assert_clear(call("recipes", "import", "x.yaml", cwd=tmp_path), 2, "R016 x.yaml: its keys are those of", "--from trl")
    (tmp_path / "x.yaml").write_text("base_model: a\nrl: kto\n")
    assert_clear(call("recipes", "import", "x.yaml", cwd=tmp_path), 2, "R017 x.yaml:2 rl: rl: kto minimises what no objective here does")
    assert_clear(call("recipes", "import", "gone.yaml", cwd=tmp_path), 2, "R009 gone.yaml")


def test_train_and_plan_take_a_recipe_by_name_and_the_words_win(place: Path) -> None:
    (place / "mine.yaml").write_text("seed: 5\n")
    for name, seed in (("sentiment", 0), ("mine.yaml", 5)):
        result = call("plan", "things.csv", "--recipe", name, "--model", "tiny", "num_epochs=2", "--json", cwd=place)
        assert result.code == 0, result.both
        recipe = json.loads(result.out)["recipe"]
        assert (recipe["seed"], recipe["train"]["num_epochs"], recipe["data"]["path"]) == (seed, 2, "things.csv")
        assert recipe["eval"]["metric"] == ("macro_f1" if name == "sentiment" else "accuracy")
    assert_clear(call("plan", "mine.yaml", "--recipe", "sentiment", cwd=place), 2, "R007 --recipe: two recipes", "extends")
    assert_clear(call("train", "things.csv", "--recipe", "topic", cwd=place), 2, 'no recipe is called "topic"', "topics")


def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    (tmp_path / "lf.yaml").write_text(LLAMA_FACTORY)
    program = "\n".join(
        [
            "import sys",
            "from afina.cli import main",
            "sys.argv = ['afina', 'recipes', *sys.argv[1:]]",
            "try: main.run()",
            "except SystemExit: pass",
            "loaded = [name for name in ('torch', 'transformers', 'peft', 'datasets', 'numpy') if name in sys.modules]",
            "print('LOADED', loaded, file=sys.stderr)",
        ]
    )
    for words in (["list"], ["schema"], ["import", "lf.yaml"], ["validate", "sentiment"]):
        done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, cwd=tmp_path, check=True)
        assert done.stderr.rstrip().endswith("LOADED []"), done.stderr
