"""Files of other tools become the recipes that they mean; what was expected was written down by hand, file by file."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import json
import random
from pathlib import Path
from typing import Any

import pytest

from afina.errors import AfinaError, RecipeErrors, UsageError
from afina.objectives import OBJECTIVES
from afina.recipe import load, yaml12
from afina.recipe.importing import SOURCES, Imported, import_recipe, recipe_text
from afina.recipe.importing.base import choices, named
from afina.recipe.keys import leaf_at
from tests.conftest import ANIMALS, FOODS

HERE = Path(__file__).parent
FOLDERS = {"llama_factory": "llama-factory", "axolotl": "axolotl", "trl": "trl"}
FIXTURES = sorted(path for folder in FOLDERS for path in (HERE / folder).iterdir() if not path.name.endswith(".expected.yaml"))
INFO = {
    "alpaca": {"file_name": "alpaca.json"},
    "chats": {"file_name": "chats.json", "formatting": "sharegpt", "columns": {"messages": "conversations", "tools": "tools"}},
    "texts": {"file_name": "texts.jsonl", "columns": {"prompt": "text"}},
}


def expectation(path: Path) -> dict:
    return yaml12.read_file(path.with_name(f"{path.stem}.expected.yaml")).values


def named_fixture(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with data/ as these files expect it, and dataset_info.json; the working directory."""
    folder = tmp_path / "data"
    folder.mkdir()
    rng = random.Random(0)
    alpaca, chats, answers = [], [], []
    for number in range(60):
        word, count = rng.choice(ANIMALS + FOODS), 1 + number % 4
        asked, said = f"say {word} {count} times, case {number}", " ".join([word] * count)
        alpaca.append({"instruction": asked, "input": "in small letters" if number % 3 else "", "output": said})
        chats.append({"conversations": [{"from": "human", "value": asked}, {"from": "gpt", "value": said}], "tools": ""})
        answers.append({"prompt": asked, "completion": said})
    texts = [{"text": f"the {rng.choice(ANIMALS)} and the {rng.choice(FOODS)} of case {number}"} for number in range(60)]
    (folder / "alpaca.json").write_text(json.dumps(alpaca))
    (folder / "chats.json").write_text(json.dumps(chats))
    for name, rows in (("chats", chats), ("answers", answers), ("texts", texts)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    (folder / "dataset_info.json").write_text(json.dumps(INFO))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def imported(path: Path, place: Path) -> Imported:
    """The fixture, read where its data lies."""
    copy = place / path.name
    copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    expected = expectation(path)
    return import_recipe(Path(copy.name), expected.get("from", ""), expected.get("processes", 1))


@pytest.mark.parametrize("path", [path for path in FIXTURES if "refused" not in expectation(path)], ids=named_fixture)
def test_the_recipe_and_the_report_are_those_expected(path: Path, workplace: Path) -> None:
    expected, found = expectation(path), imported(path, workplace)
    assert found.source is SOURCES[FOLDERS[path.parent.name]]
    assert found.recipe == load(None, values=expected["recipe"]).recipe
    for outcome in ("unknown", "changed", "absent"):
        assert sorted(entry.key for entry in found.report if entry.outcome == outcome) == sorted(expected.get(outcome, [])), outcome
    for key, note in expected.get("notes", {}).items():
        said = [entry.reading.note for entry in found.report if entry.key == key]
        assert said and note in said[0], (key, said)


@pytest.mark.parametrize("path", [path for path in FIXTURES if "refused" not in expectation(path)], ids=named_fixture)
def test_what_is_written_is_what_was_read(path: Path, workplace: Path) -> None:
    """The text loads as the same recipe without a notice, and every line says which key it came from."""
    found = imported(path, workplace)
    text = recipe_text(found)
    (workplace / "mine.yaml").write_text(text, encoding="utf-8")
    loaded = load("mine.yaml")
    assert loaded.recipe == found.recipe
    assert loaded.notices == ()
    lines = text.splitlines()
    for number, line in enumerate(lines[1:], 1):
        is_value = not line.strip().startswith("#") and not line.rstrip().endswith(":")
        assert not is_value or "  # " in line or lines[number - 1].strip().startswith("# "), line


@pytest.mark.parametrize("path", [path for path in FIXTURES if "refused" not in expectation(path)], ids=named_fixture)
def test_no_key_is_dropped(path: Path, workplace: Path) -> None:
    """Every key of the file has its line in the report, once."""
    document = yaml12.read_file(path)
    found = imported(path, workplace)
    keys = [entry.key for entry in found.report if entry.line]
    assert len(keys) == len(set(keys))
    for key, value in document.values.items():
        nested = key in found.source.nested
        expected = {f"{key}.{name}" for name in (value[0] if isinstance(value, list) else value)} if nested else {key}
        assert expected <= set(keys), key
    for entry in found.report:
        assert entry.reading.note or entry.reading.values or entry.outcome == "carried", entry


@pytest.mark.parametrize("path", [path for path in FIXTURES if "refused" in expectation(path)], ids=named_fixture)
def test_preferences_are_refused_where_no_objective_learns_them(path: Path, workplace: Path) -> None:
    with pytest.raises(UsageError) as caught:
        imported(path, workplace)
    assert caught.value.text().splitlines()[0] == expectation(path)["refused"].replace("OBJECTIVES", ", ".join(OBJECTIVES))
    assert "that tool itself" in caught.value.fix


def test_an_objective_that_arrives_is_taken_without_a_change(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names go through the registries: the day dpo is registered, its files are no longer refused."""
    from afina.objectives import OBJECTIVES
    from afina.recipe.importing.llama_factory import refuse
    from afina.recipe.importing.read import Given

    monkeypatch.setitem(OBJECTIVES._items, "dpo", OBJECTIVES["sft"])
    refuse(Given(SOURCES["llama-factory"], {"stage": "dpo"}, {}, Path("x.yaml"), 1))


def test_there_are_ten_of_each() -> None:
    for folder in FOLDERS:
        assert sum(path.parent.name == folder for path in FIXTURES) >= 10


# --- the tables ---


@pytest.mark.parametrize("name", SOURCES.names())
def test_tables_name_keys_that_exist(name: str) -> None:
    source = SOURCES[name]
    for key, rule in source.rules.items():
        assert rule.says, key
        for target in rule.to:
            assert leaf_at(tuple(target.split("."))) or target.endswith(".name"), (key, target)
    for key in source.defaults:
        assert key in source.rules or key in ("finetuning_type", "stage"), key
    for new in source.renamed.values():
        assert new in source.rules, new
    assert not set(source.renamed) & set(source.rules)
    for key in (source.micro_batch, source.length, source.schedule, source.validation):
        assert not key or key in source.rules, key


def installed_trl() -> Any:
    """TRL, or a skip: without it `import trl` finds the folder of that name beside this file."""
    if (found := importlib.util.find_spec("trl")) is None or found.origin is None:
        pytest.skip("trl is not installed")
    return importlib.import_module("trl")


def test_every_key_of_the_installed_trl_is_known() -> None:
    trl = installed_trl()
    known = {*SOURCES["trl"].rules, *SOURCES["trl"].nested}
    for config in (trl.SFTConfig, trl.ModelConfig, trl.ScriptArguments, trl.DatasetMixtureConfig):
        assert {field.name for field in dataclasses.fields(config)} <= known, config


def test_defaults_are_those_of_the_installed_trl() -> None:
    """A default that TRL changes would change what a file means."""
    trl = installed_trl()
    fields = {field.name: field.default for config in (trl.ModelConfig, trl.SFTConfig) for field in dataclasses.fields(config)}
    for key, value in SOURCES["trl"].defaults.items():
        found = fields[key]
        assert str(getattr(found, "value", found)) == str(value), key


def test_names_of_optimizers_and_schedules_come_from_the_schema() -> None:
    assert "adamw" in choices("train.optimizer") and "cosine" in choices("train.schedule")
    for name in choices("train.optimizer"):
        assert named("train.optimizer", name, {}, "adamw").values == {"train.optimizer": name}
    assert named("train.schedule", "exponential", {}, "cosine").outcome == "absent"


# --- whose file it is ---


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("a: 1\nb: 2\n", "R016", "no tool that afina knows has such keys"),
        ("learning_rate: 1e-4\n", "R016", "its keys are those of axolotl and of llama-factory and of trl"),
        ("model: nano\ntrain: {num_epochs: 1}\n", "R016", "this is a recipe of afina already"),
        ("", "R016", "no tool"),
        ("base_model: [\n", "R006", "x.yaml:2"),
        ("base_model: a\nbase_model: b\n", "R006", "base_model"),
        ("base_model: a\nsequence_len: many\nlearning_rate: 1e-4\n", "R001", "x.yaml:2 data.max_length"),
        ("base_model: a\nsequence_len: 64\nlearning_rate: fast\n", "R001", "x.yaml:3 train.learning_rate"),
        ("base_model: a\nbatch_size: 8\nmicro_batch_size: 0.5\nsequence_len: 64\nwandb_name: 3\n", "R001", "x.yaml:5 output.name"),
        ("base_model: a\nmodel_revision: v1\nrevision_of_model: v2\nsequence_len: 64\n", "R012", "x.yaml:3 revision_of_model"),
    ],
)
def test_mistakes_are_said_at_their_line(text: str, code: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text(text)
    with pytest.raises(AfinaError) as caught:
        import_recipe(Path("x.yaml"))
    assert caught.value.code == code
    assert part in caught.value.text()
    assert caught.value.fix


def test_a_missing_file_and_a_missing_source(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="R009"):
        import_recipe(tmp_path / "x.yaml")
    (tmp_path / "x.yaml").write_text("base_model: a\n")
    with pytest.raises(UsageError, match=r'R004: no source of recipes is called "axolot"'):
        import_recipe(tmp_path / "x.yaml", "axolot")


def test_yaml_is_meant_as_the_tools_read_it(tmp_path: Path) -> None:
    """PyYAML's yes and 1_000; numbers written as text."""
    path = tmp_path / "x.yaml"
    path.write_text("base_model: a\nadapter: lora\nsample_packing: yes\nsequence_len: 2_048\nlearning_rate: '1e-4'\ntrain_on_inputs: off\n")
    recipe = import_recipe(path).recipe
    assert (recipe.train.packing, recipe.data.max_length, recipe.train.learning_rate) == (True, 2048, 1e-4)


def test_dataset_info_is_found_above_the_file_and_said_when_not(workplace: Path) -> None:
    folder = workplace / "examples" / "train_lora"
    folder.mkdir(parents=True)
    text = "model_name_or_path: a\nstage: sft\ndataset: {}\ntemplate: qwen\n"
    (folder / "a.yaml").write_text(text.format("alpaca"))
    assert import_recipe(folder / "a.yaml").recipe.data.path.endswith("data/alpaca.json")
    (folder / "b.yaml").write_text(text.format("other"))
    report = {entry.key: entry for entry in import_recipe(folder / "b.yaml").report}
    assert "other is not in a dataset_info.json" in report["dataset"].reading.note
    (workplace / "data" / "dataset_info.json").write_text("{")
    with pytest.raises(UsageError, match=r"R009 .*dataset_info.json: cannot be read"):
        import_recipe(folder / "a.yaml")


@pytest.mark.parametrize(
    ("entry", "path", "note"),
    [
        ({"hf_hub_url": "tatsu-lab/alpaca"}, "hf://datasets/tatsu-lab/alpaca", "blank line"),
        ({"hf_hub_url": "a/b", "subset": "en"}, "hf://datasets/a/b", "subset=en has no key"),
        ({"ms_hub_url": "a/b"}, "", "download it"),
        ({"file_name": "gone.json"}, "data/gone.json", "not found from here"),
        ({"file_name": "alpaca.json", "formatting": "sharegpt", "tags": {"role_tag": "role"}}, "data/alpaca.json", "by itself"),
        ({"file_name": "alpaca.json", "columns": {"prompt": "q", "images": "i"}}, "data/alpaca.json", "text alone"),
    ],
)
def test_entries_of_dataset_info(entry: dict, path: str, note: str, workplace: Path) -> None:
    (workplace / "data" / "dataset_info.json").write_text(json.dumps({"one": entry}))
    Path("x.yaml").write_text("model_name_or_path: a\nstage: sft\ndataset: one\n")
    found = import_recipe(Path("x.yaml"))
    said = next(entry for entry in found.report if entry.key == "dataset")
    assert found.recipe.data.path == path
    assert said.outcome == "changed" and note in said.reading.note


# --- trained ---

SHORT = ("max_steps=2", "eval.bootstrap=100", "eval.max_generated=2", "eval.n_samples=1", "eval.max_new_tokens=4", "eval.shots=1")
TRAINED = {
    "llama_factory/freeze": ("n_layers=1", "data.max_length=128"),
    "llama_factory/packing_plain": ("data.template=auto", "data.max_length=128"),
    "axolotl/completion": ("data.max_length=128",),
    "axolotl/own_type": ("data.template=auto", "data.max_length=128"),
    "trl/full": ("data.max_length=128", "model.precision=fp32"),
    "trl/text": ("data.max_length=128",),
}


@pytest.mark.parametrize("name", TRAINED)
def test_an_imported_recipe_trains(name: str, workplace: Path, tiny_chat_model: Path) -> None:
    """The recipe as written to disk, on its own data; only the model, the length and the number of steps are the test's."""
    from afina import api

    path = next(path for path in FIXTURES if named_fixture(path) == name)
    found = imported(path, workplace)
    Path("mine.yaml").write_text(recipe_text(found), encoding="utf-8")
    run = api.train(model=tiny_chat_model, recipe="mine.yaml", overrides=[*SHORT, *TRAINED[name], "device=cpu", "model.revision="])
    assert run.run.state() == "finished"
    steps = [row for row in run.run.metrics() if row["event"] == "step"]
    assert len(steps) == 2
    recipe = load(run.run.recipe_yaml).recipe
    assert recipe.train.batch_size == found.recipe.train.batch_size
    assert recipe.method.name == found.recipe.method.name
    assert run.run.facts()["objective"] == ("lm" if "text" in found.recipe.data.map else "sft")
    assert set(run.metrics)


def test_imported_values_that_no_key_allows_are_refused(workplace: Path) -> None:
    Path("x.yaml").write_text("model_name_or_path: a\nuse_peft: true\nlora_r: 0\nlora_dropout: 1.5\ndataset_name: data/answers.jsonl\n")
    with pytest.raises(RecipeErrors) as caught:
        import_recipe(Path("x.yaml"))
    assert [(error.code, error.where) for error in caught.value.errors] == [
        ("R001", "x.yaml:3 method.r"),
        ("R001", "x.yaml:4 method.dropout"),
    ]


@pytest.mark.parametrize(
    ("tool", "lines", "expected"),
    [
        ("llama-factory", ["stage: pt", "dataset: texts", "label_smoothing_factor: 0.05"], ("lm", 0.05)),
        ("llama-factory", ["label_smoothing_factor: 0.2", "dataset: alpaca"], ("sft", 0.2)),
        ("trl", ["dataset_name: data/texts.jsonl", "dataset_text_field: text", 'label_smoothing_factor: "1e-1"'], ("lm", 0.1)),
        ("trl", ["dataset_name: data/chats.jsonl", "label_smoothing_factor: 0.0"], None),
    ],
)
def test_label_smoothing_goes_to_the_objective_of_the_file(
    tool: str, lines: list[str], expected: tuple[str, float] | None, workplace: Path
) -> None:
    Path("old.yaml").write_text("\n".join(["model_name_or_path: x", *lines]) + "\n")
    found = import_recipe(Path("old.yaml"), tool)
    minimised = found.recipe.objective
    if expected is None:
        assert minimised == "auto"
    else:
        assert minimised == OBJECTIVES[expected[0]](name=expected[0], label_smoothing=expected[1])  # type: ignore[call-arg]
    Path("new.yaml").write_text(recipe_text(found))
    assert load(Path("new.yaml")).recipe == found.recipe
    (entry,) = [entry for entry in found.report if entry.key == "label_smoothing_factor"]
    assert entry.outcome == "carried"


def test_a_share_that_cannot_be_smoothed_is_said_at_its_line(workplace: Path) -> None:
    Path("old.yaml").write_text("model_name_or_path: x\ndataset_name: data/chats.jsonl\nlabel_smoothing_factor: 1.5\n")
    with pytest.raises(RecipeErrors, match=r"R001 .*old.yaml:3.*1\.5"):
        import_recipe(Path("old.yaml"), "trl")
