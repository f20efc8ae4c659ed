import random
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

import pytest

from afina.errors import RecipeErrors
from afina.methods.lora import Lora
from afina.objectives.lm import Lm
from afina.recipe import Loaded, Recipe, TrainSpec, every_leaf, load
from afina.recipe.aliases import ACCUMULATION, ALIASES, REFUSED
from afina.recipe.keys import is_text, leaf_at, paths_of
from afina.recipe.schema import ModelSpec, TokenBudget


def from_text(tmp_path: Path, text: str, *words: str, **values: object) -> Loaded:
    path = tmp_path / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, words, values)


def codes(caught: pytest.ExceptionInfo[RecipeErrors]) -> list[str]:
    return [error.code for error in caught.value.errors]


def notes(loaded: Loaded) -> list[str]:
    return [notice.what for notice in loaded.notices]


def test_nothing_is_the_default_recipe() -> None:
    assert load(None) == Loaded(Recipe(), (), {})


def test_yaml(tmp_path) -> None:
    text = """\
model: org/small@v1
data:
  path: support.csv
  map: {text: message, label: team}
  na: [NA, no]
method: {name: lora, r: 8, target_modules: [q_proj, v_proj]}
objective: classify
train:
  learning_rate: 1e-4
  num_epochs: 3
  max_steps: 1e3
  micro_batch_size: {tokens: 2048}
  # nothing else
eval:
output: {name: no}
seed: 7
"""
    loaded = from_text(tmp_path, text)
    recipe = loaded.recipe
    assert (recipe.model.path, recipe.model.revision) == ("org/small", "v1")
    assert (recipe.data.path, recipe.data.map, recipe.data.na) == ("support.csv", {"text": "message", "label": "team"}, ("NA", "no"))
    assert recipe.method == Lora(r=8, target_modules=("q_proj", "v_proj"))
    assert recipe.objective.name == "classify"
    assert (recipe.train.learning_rate, recipe.train.num_epochs, recipe.train.max_steps) == (1e-4, 3, 1000)
    assert type(recipe.train.max_steps) is int
    assert recipe.train.micro_batch_size == TokenBudget(tokens=2048)
    assert (recipe.output.name, recipe.seed) == ("no", 7)
    assert loaded.notices == ()
    path = tmp_path / "recipe.yaml"
    assert loaded.lines["train.learning_rate"] == f"{path}:9"
    assert loaded.lines["data.map.label"] == f"{path}:4"
    assert loaded.lines["seed"] == f"{path}:16"


def test_three_spellings_are_one_recipe(tmp_path) -> None:
    text = (
        "model: m\ndata: d.csv\nmethod: {name: lora, r: 4}\nobjective: lm\ntrain: {learning_rate: 2e-5, micro_batch_size: {tokens: 64}}\n"
    )
    words = ["model=m", "data=d.csv", "r=4", "objective=lm", "learning_rate=2e-5", "micro_batch_size={tokens: 64}"]
    nested = {"model": {"path": "m"}, "data": Path("d.csv"), "method": Lora(r=4), "objective": Lm(), "train.learning_rate": 2e-5}
    short = {**nested, "train": TrainSpec(micro_batch_size=TokenBudget(tokens=64))}
    recipes = [from_text(tmp_path, text).recipe, load(None, words).recipe, load(None, values=short).recipe]
    assert recipes[0] == recipes[1] == recipes[2]


def test_later_wins(tmp_path) -> None:
    loaded = from_text(tmp_path, "seed: 1\ntrain: {batch_size: 4, num_epochs: 2}\n", "seed=3", "seed=4", seed=2, train={"num_epochs": 5})
    assert (loaded.recipe.seed, loaded.recipe.train.batch_size, loaded.recipe.train.num_epochs) == (4, 4, 5)
    assert loaded.lines["seed"] == "seed=4"
    assert loaded.lines["train.num_epochs"] == "Python"
    assert from_text(tmp_path, "train: {batch_size: two}\n", "batch_size=2").recipe.train.batch_size == 2
    assert from_text(tmp_path, "data: {map: {text: a, label: b}}\n", "map.text=c").recipe.data.map == {"label": "b", "text": "c"}
    assert from_text(tmp_path, "data: {map: {text: a}}\n", "data.map={}").recipe.data.map == {}
    assert from_text(tmp_path, "train: {micro_batch_size: {tokens: 64}}\n", "micro_batch_size=4").recipe.train.micro_batch_size == 4
    assert from_text(tmp_path, "train: {batch_size: 4}\n", train={}).recipe.train.batch_size == 4


@pytest.mark.parametrize(
    ("word", "key", "value"),
    [
        ("learning_rate=1e-4", "train.learning_rate", 1e-4),
        ("train.learning_rate = 1e-4", "train.learning_rate", 1e-4),
        ("max_steps=1e3", "train.max_steps", 1000),
        ("max_steps=null", "train.max_steps", None),
        ("header=true", "data.header", True),
        ("header=auto", "data.header", "auto"),
        ("path=x", None, None),
        ("dir=elsewhere", "output.dir", "elsewhere"),
        ("output.name=007", "output.name", "007"),
        ("output.name=true", "output.name", "true"),
        ('output.name="a b"', "output.name", "a b"),
        ("output.name=", "output.name", ""),
        ("output.name=a=b # c", "output.name", "a=b # c"),
        ("separator=|", "data.separator", "|"),
        ("separator=,", "data.separator", ","),
        ("na=[NA, 'null', \"1\"]", "data.na", ("NA", "null", "1")),
        ("data={path: x.csv}", "data.path", "x.csv"),
        ("map.text=12", "data.map", {"text": "12"}),
        ("r=8", "method.r", 8),
        ("target_modules=q_proj", "method.target_modules", "q_proj"),
        ("target_modules=[q_proj, v_proj]", "method.target_modules", ("q_proj", "v_proj")),
        ("method=full", "method.name", "full"),
        ("method={name: freeze, n_layers: 1}", "method.n_layers", 1),
        ("objective=lm", "objective.name", "lm"),
        ("model=owner/name@main", "model.revision", "main"),
        ("model=./owner/name@main", "model.path", "./owner/name@main"),
        ("validation=0", "data.validation", 0),
    ],
)
def test_words(word: str, key: str | None, value: object) -> None:
    if key is None:
        with pytest.raises(RecipeErrors, match="R014"):
            load(None, [word])
        return
    section, name = key.split(".")
    found = getattr(getattr(load(None, [word]).recipe, section), name)
    assert found == value
    assert type(found) is type(value) or isinstance(found, float)


def test_python_values() -> None:
    class Name(StrEnum):
        A = "lora"

    class Zero:
        ndim = 0

        def item(self) -> int:
            return 5

    recipe = load(None, values={"method": Name.A, "seed": Zero(), "output": {"dir": Path("a/b")}, "na": ("x",)}).recipe
    assert (recipe.method.name, recipe.seed, recipe.output.dir, recipe.data.na) == ("lora", 5, "a/b", ("x",))
    assert load(None, values={"method": Lora()}).recipe.method == Lora()
    assert (
        load(None, values={"train": TrainSpec(batch_size=4), "model": ModelSpec(path="m")}, overrides=["seed=2"]).recipe.train.batch_size
        == 4
    )
    with pytest.raises(RecipeErrors, match=r"R001 train\.batch_size: a Python object is not a whole number"):
        load(None, values={"train": {"batch_size": object()}})


def test_model_revision(tmp_path) -> None:
    folder = tmp_path / "own" / "model@v1"
    folder.mkdir(parents=True)
    assert load(None, values={"model": str(folder)}).recipe.model.path == str(folder)
    loaded = from_text(tmp_path, "model: {path: a/b, revision: v1}\n", "model=a/c")
    assert (loaded.recipe.model.path, loaded.recipe.model.revision) == ("a/c", "")
    assert notes(loaded) == ["revision v1 is not used"]
    assert from_text(tmp_path, "model: a/b@v1\n", "model.revision=v2").recipe.model.revision == "v2"
    assert from_text(tmp_path, "model: a/b@v1\n", "model=a/b").recipe.model.revision == "v1"


def test_keys_choose_their_method(tmp_path) -> None:
    loaded = load(None, ["r=8"])
    assert loaded.recipe.method == Lora(r=8)
    assert notes(loaded) == ["method=lora"]
    assert load(None, ["method=auto", "r=8"]).recipe.method == Lora(r=8)
    assert load(None, ["n_layers=1"]).recipe.method.name == "freeze"
    assert from_text(tmp_path, "method:\n  r: 8\n").recipe.method == Lora(r=8)
    with pytest.raises(RecipeErrors, match="R014 r=8: no method is chosen, and r, n_layers belong to freeze, lora"):
        load(None, ["r=8", "n_layers=1"])


def test_another_method_forgets_the_old_ones_keys(tmp_path) -> None:
    text = "method: {name: lora, r: 8, alpha: 9}\n"
    loaded = from_text(tmp_path, text, "method=full")
    assert loaded.recipe.method.name == "full"
    assert notes(loaded) == [f"r=8 of {tmp_path}/recipe.yaml:1 is not used", f"alpha=9 of {tmp_path}/recipe.yaml:1 is not used"]
    assert from_text(tmp_path, text, "method=lora", "r=2").recipe.method == Lora(r=2, alpha=9)
    assert from_text(tmp_path, text, "method=auto").recipe.method == "auto"
    assert from_text(tmp_path, "method: {name: full, r: 8}\n", "method=lora").recipe.method == Lora(r=8)
    with pytest.raises(RecipeErrors, match='R002 r=8: method full has no key "r"; lora has'):
        load(None, ["r=8", "method=full"])


def test_every_alias_names_a_key() -> None:
    for alias, path in ALIASES.items():
        assert path == ACCUMULATION or leaf_at(path), alias
        assert not paths_of(alias), f"{alias} is a key"
    assert not set(REFUSED) & set(ALIASES)
    assert not any(paths_of(name) for name in REFUSED)


@pytest.mark.parametrize("alias", sorted(set(ALIASES) - {"gradient_accumulation_steps"}))
def test_alias(alias: str, tmp_path) -> None:
    """Each alias, as a word, at the top of a file and in its section, sets its key and says so."""
    path = ALIASES[alias]
    leaf = next(leaf for leaf in every_leaf() if leaf.path == path)
    value = {"name": "lora", "schedule": "linear", "optimizer": "adamw", "max_length": "64", "validation": "0.25", "test": "0.25"}.get(
        path[-1], "1"
    )
    value = {"dropout": "0.5", "metric": "loss", "target_modules": "q_proj", "track": "wandb"}.get(path[-1], value)
    spelled = f'"{value}"' if is_text(leaf.path) else value
    text = f"{path[0]}:\n  {alias}: {spelled}\n" if len(path) > 1 else f"{alias}: {spelled}\n"
    expected = load(None, [f"{'.'.join(path)}={value}"]).recipe
    for loaded in (load(None, [f"{alias}={value}"]), from_text(tmp_path, f"{alias}: {spelled}\n"), from_text(tmp_path, text)):
        assert loaded.recipe == expected
        notice = loaded.notices[0]
        assert notice.what == f"{alias} is read as {'.'.join(path)}"
        assert notice.key == ".".join(path)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused_keys_say_why(name: str) -> None:
    with pytest.raises(RecipeErrors) as caught:
        load(None, values={"train": {name: 1}})
    error = caught.value.errors[0]
    assert (error.code, error.where) == ("R011", f"train.{name}")
    assert error.what == f"{name} is not a key of afina: {REFUSED[name][0]}"
    if "=" in error.fix and "remove" not in error.fix:
        load(None, [error.fix])


def test_accumulation_is_derived(tmp_path) -> None:
    loaded = load(None, ["per_device_train_batch_size=4", "gradient_accumulation_steps=8", "processes=2"])
    assert (loaded.recipe.train.batch_size, loaded.recipe.train.micro_batch_size) == (64, 4)
    assert "train.batch_size=64 (4 x 8 x 2: micro-batch x gradient_accumulation_steps" in str(loaded.notices[-1])
    text = "train:\n  per_device_train_batch_size: 4\n  gradient_accumulation_steps: 8\n"
    assert from_text(tmp_path, text).recipe.train.batch_size == 32
    for words in (["gradient_accumulation_steps=8"], ["batch_size=8", "gradient_accumulation_steps=8", "micro_batch_size=1"]):
        with pytest.raises(RecipeErrors, match=r"R011 gradient_accumulation_steps=8: .* it follows from batch_size"):
            load(None, words)
    with pytest.raises(RecipeErrors, match="R011"):
        load(None, ["gradient_accumulation_steps=two", "micro_batch_size=1"])


def test_extends(tmp_path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "base.yaml").write_text("seed: 1\ntrain: {batch_size: 4, num_epochs: 2}\n", encoding="utf-8")
    (tmp_path / "middle.yaml").write_text("extends: shared/base.yaml\nseed: 2\n", encoding="utf-8")
    loaded = from_text(tmp_path, "extends: middle.yaml\ntrain: {num_epochs: 3}\n")
    assert (loaded.recipe.seed, loaded.recipe.train.batch_size, loaded.recipe.train.num_epochs) == (2, 4, 3)
    assert loaded.lines["train.batch_size"] == f"{tmp_path}/shared/base.yaml:2"
    (tmp_path / "shared" / "base.yaml").write_text("seed: two\n", encoding="utf-8")
    with pytest.raises(RecipeErrors, match=r"R001 .*/shared/base.yaml:1 seed"):
        from_text(tmp_path, "extends: shared/base.yaml\n")


def test_environment(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("AFINA_TEST_DIR", "/data/x")
    text = "data: '${env:AFINA_TEST_DIR}/a.csv'\noutput: {dir: '${env:AFINA_TEST_DIR}'}\n"
    recipe = from_text(tmp_path, text).recipe
    assert (recipe.data.path, recipe.output.dir) == ("/data/x/a.csv", "/data/x")


def test_all_mistakes_at_once_in_order(tmp_path) -> None:
    text = "trian: {x: 1}\ntrain:\n  learning_rate: two\n  lerning: 3\nmethod: lorra\nseed: -1\nfoo: {a: 1, b: 2}\n"
    with pytest.raises(RecipeErrors) as caught:
        from_text(tmp_path, text, "batch", "keep=0", validation=2)
    places = [error.where.replace(str(tmp_path), "") for error in caught.value.errors]
    assert places == [
        *("/recipe.yaml:1 trian", "/recipe.yaml:3 train.learning_rate", "/recipe.yaml:4 train.lerning"),
        *("/recipe.yaml:5 method.name", "/recipe.yaml:6 seed", "/recipe.yaml:7 foo", "batch", "data.validation", "keep=0"),
    ]
    assert codes(caught) == ["R002", "R001", "R002", "R004", "R001", "R002", "R008", "R001", "R001"]
    assert str(caught.value).count("\n  Do: ") == 9


def test_one_error_a_place(tmp_path) -> None:
    with pytest.raises(RecipeErrors) as caught:
        from_text(tmp_path, "train: {micro_batch_size: {token: 5, x: y}, foo: {a: 1, b: [2]}}\ndata: {validation: 0.6, test: 0.5}\n")
    assert codes(caught) == ["R002", "R002", "R001"]


ODD_NUMBERS = [float("nan"), float("inf"), 1e300, 10**30, 10**400]
EVERY_KIND = [1.5, 3, -1, True, None, "two", "3", "", [1, {"a": "b"}], [], {"q": 1}, {}, "\0", "\ud800", *ODD_NUMBERS]


def test_no_wrong_type_passes_and_no_noise_shows() -> None:
    """Every key x every kind of value: accepted as that very value, or one R001 or R002 in words."""
    for leaf in every_leaf():
        if leaf.tag and leaf.path[1] == "name":
            continue
        section = {"name": leaf.tag} if leaf.tag else {}
        for value in EVERY_KIND:
            values = {leaf.path[0]: {**section, leaf.path[1]: value}} if len(leaf.path) == 2 else {leaf.path[0]: value}
            try:
                recipe = load(None, values=values).recipe
            except RecipeErrors as caught:
                (error,) = caught.errors
                assert error.code in ("R001", "R002")
                assert error.fix
                said = str(error).replace("method.type=", "")
                assert not any(noise in said for noise in ("literal[", "constrained", "Input should", "type=", "pydantic"))
                if error.code == "R001" and "=" in error.fix:
                    load(None, [error.fix], values)
                continue
            found = recipe
            for name in leaf.path:
                found = getattr(found, name)
            found = list(found) if isinstance(found, tuple) else found
            assert found == (float(value) if isinstance(found, float) else value)
            assert isinstance(found, bool) == isinstance(value, bool)
            assert isinstance(found, str) == isinstance(value, str)


WHOLE = """\
model: {path: org/small, precision: fp32}
data:
  path: a.csv
  map: {text: message, label: team}
  na: [NA, no]
  validation: 0.1
method:
  name: lora
  r: 8
  target_modules: [q_proj, v_proj]
objective: classify
train:
  learning_rate: 1e-4
  micro_batch_size: {tokens: 2048}
  warmup_ratio: &w 0.05
  weight_decay: *w
output: {name: "x: y"}
seed: 7
"""


def mutated(rng: random.Random) -> str:
    """The whole recipe with one to three edits: letters, YAML signs, lines moved, doubled or cut, values of other kinds."""
    text = WHOLE
    for _ in range(rng.randint(1, 3)):
        kind, at = rng.randrange(5), rng.randrange(len(text))
        lines = text.splitlines(keepends=True)
        if kind == 0:
            text = text[:at] + rng.choice("abr_:-[]{}&*!|>'\"#,%@`? \n\t0e.~<=\0é") + text[at + rng.randint(0, 1) :]
        elif kind == 1:
            text = text[:at] + text[at + rng.randint(1, 9) :]
        elif kind == 2:
            text = "".join(rng.sample(lines, len(lines)) if rng.random() < 0.3 else [*lines, rng.choice(lines)])
        elif kind == 3:
            value = rng.choice(
                ["two", "-1", "1e400", "[]", "{}", "[1, {a: b}]", "null", "true", ".nan", "!!int 3", "*w", "9" * 30, "x" * 1000]
            )
            place = rng.randrange(len(lines))
            text = "".join([*lines[:place], lines[place].partition(":")[0] + f": {value}\n", *lines[place + 1 :]])
        else:
            text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
        text = text or "{}"
    return text


@pytest.mark.parametrize("n", [1000, pytest.param(10_000, marks=pytest.mark.full)])
def test_mutated_recipes_load_or_say_where(n: int, tmp_path) -> None:
    rng = random.Random(n)
    path = tmp_path / "recipe.yaml"
    refused = 0
    for _ in range(n):
        path.write_text(mutated(rng), encoding="utf-8", newline="")
        try:
            load(path)
        except RecipeErrors as caught:
            refused += 1
            for error in caught.errors:
                assert error.where.startswith(f"{path}:"), error
                assert error.where[len(str(path)) + 1].isdigit(), error
                assert error.fix
                assert len(error.text()) < 900
    assert n / 3 < refused < n


def test_errors_come_without_torch(tmp_path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("train: {learning_rate: two}\n", encoding="utf-8")
    code = f"""
import sys
import afina.recipe
from afina.errors import RecipeErrors
try:
    afina.recipe.load({str(path)!r}, ["r=8", "lr=1"])
except RecipeErrors as error:
    print(error.code)
afina.recipe.json_schema()
print(sorted({{"torch", "transformers", "peft", "datasets", "numpy"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", ""] or done.stdout == "R001\n[]\n"
