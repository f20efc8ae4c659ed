"""Every error of a recipe: its text, its place, its exit code, and that what it tells to do works."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from afina.errors import RecipeErrors
from afina.methods import METHODS
from afina.objectives import OBJECTIVES
from afina.recipe import load


class Case(NamedTuple):
    """text: recipe.yaml. says: the whole message. mend: what a person does who reads only the Do line; None: add its key=value."""

    text: str
    says: str
    words: tuple[str, ...] = ()
    mend: tuple[str, str] | None = None


FILE_CASES = {
    "R001 not a number": Case(
        "train:\n  learning_rate: two\n",
        'R001 recipe.yaml:2 train.learning_rate: "two" is not a number (allowed: a number above 0, or auto)\n'
        "  Do: train.learning_rate=auto",
    ),
    "R001 out of range": Case(
        "method: {name: lora,\n  dropout: 5}\n",
        "R001 recipe.yaml:2 method.dropout: 5 is too large (allowed: a number from 0 to below 1)\n  Do: method.dropout=0.05",
    ),
    "R001 not a choice": Case(
        "train: {schedule: cosin}\n",
        'R001 recipe.yaml:1 train.schedule: "cosin" is not one of cosine, linear, constant, wsd, inverse_sqrt\n  Do: train.schedule=cosine',
    ),
    "R001 a YAML 1.1 truth": Case(
        "data:\n  stratify: no\n",
        'R001 recipe.yaml:2 data.stratify: "no" is not true or false\n  Do: data.stratify=false',
    ),
    "R001 a number where text goes": Case(
        "output:\n  name: 2026\n",
        'R001 recipe.yaml:2 output.name: 2026 is not text\n  Do: output.name="2026"',
    ),
    "R001 quoted number": Case(
        'method:\n  name: lora\n  r: "8"\n',
        'R001 recipe.yaml:3 method.r: "8" is not a whole number (allowed: a whole number from 1 to 1024)\n  Do: method.r=8',
    ),
    "R001 one item for a list": Case(
        "data:\n  na: NA\n",
        'R001 recipe.yaml:2 data.na: "NA" is not a list (allowed: a list of texts)\n  Do: data.na=[NA]',
    ),
    "R001 inside a list": Case(
        "data:\n  na: [NA, 7]\n",
        'R001 recipe.yaml:2 data.na: in the list, 7 is not text (allowed: a list of texts)\n  Do: data.na=[NA, "7"]',
    ),
    "R001 union": Case(
        "train:\n  micro_batch_size: big\n",
        'R001 recipe.yaml:2 train.micro_batch_size: "big" is not a whole number '
        "(allowed: a whole number of at least 1, or {tokens: a whole number of at least 8}, or auto)\n  Do: train.micro_batch_size=auto",
    ),
    "R001 inside a mapping": Case(
        "train:\n  micro_batch_size:\n    tokens: 2\n",
        "R001 recipe.yaml:3 train.micro_batch_size.tokens: 2 is too small (allowed: a whole number of at least 8)\n"
        "  Do: train.micro_batch_size=auto",
    ),
    "R001 two keys together": Case(
        "data:\n  test: 0.5\n  validation: 0.5\n",
        "R001 recipe.yaml:3 data.validation: validation + test = 1 leaves no rows to train on\n  Do: data.validation=auto",
    ),
    "R001 a value for a section": Case(
        "seed: 1\noutput: elsewhere\n",
        "R001 recipe.yaml:2 output: output is a section; its keys are dir, name, save_every_steps, keep, track\n  Do: output.dir=elsewhere",
        mend=("output: elsewhere", "output: {dir: elsewhere}"),
    ),
    "R002 typo": Case(
        "train:\n  lerning_rate: 1e-4\n",
        'R002 recipe.yaml:2 train.lerning_rate: unknown key "lerning_rate". Did you mean learning_rate?\n'
        "  Do: write learning_rate instead of lerning_rate",
        mend=("lerning_rate", "learning_rate"),
    ),
    "R002 typo of another tool's word": Case(
        "seed: 1\nmethod:\n  name: lora\n  lora_aplha: 16\n",
        'R002 recipe.yaml:4 method.lora_aplha: unknown key "lora_aplha". Did you mean lora_alpha?\n'
        "  Do: write lora_alpha instead of lora_aplha (afina's own name is method.alpha)",
        mend=("lora_aplha", "lora_alpha"),
    ),
    "R002 wrong section": Case(
        "data:\n  learning_rate: 1e-4\n",
        'R002 recipe.yaml:2 data.learning_rate: unknown key "learning_rate". Did you mean train.learning_rate?\n'
        "  Do: write train.learning_rate instead of learning_rate",
        mend=("data:\n  learning_rate", "train.learning_rate"),
    ),
    "R002 unknown section": Case(
        "trian:\n  seed: 1\n",
        'R002 recipe.yaml:1 trian: unknown key "trian". Did you mean train?\n  Do: write train instead of trian',
        mend=("trian:\n  seed: 1", "train:\n"),
    ),
    "R002 nothing near": Case(
        "output:\n  zzzzzzz: 1\n",
        'R002 recipe.yaml:2 output.zzzzzzz: unknown key "zzzzzzz"\n'
        "  Do: remove it; the keys of output are dir, name, save_every_steps, keep, track",
        mend=("  zzzzzzz: 1\n", ""),
    ),
    "R002 of another method": Case(
        "method:\n  name: full\n  r: 8\n",
        'R002 recipe.yaml:3 method.r: method full has no key "r"; lora has\n  Do: remove r, or choose method=lora',
        mend=("  r: 8\n", ""),
    ),
    "R002 inside a mapping": Case(
        "train:\n  micro_batch_size: {token: 64}\n",
        'R002 recipe.yaml:2 train.micro_batch_size.token: unknown key "token". Did you mean tokens?\n  Do: write tokens instead of token',
        mend=("token:", "tokens:"),
    ),
    "R004 method": Case(
        "method: lorra\n",
        f'R004 recipe.yaml:1 method.name: no method is called "lorra" (there are: {", ".join(METHODS.names())})\n  Do: method=lora',
    ),
    "R004 objective": Case(
        "objective:\n  name: 5\n",
        f"R004 recipe.yaml:2 objective.name: no objective is called 5 (there are: {', '.join(OBJECTIVES)})\n  Do: objective=auto",
    ),
    "R006 syntax": Case(
        "seed: 1\ntrain: [1, 2\n",
        "R006 recipe.yaml:3:1: not valid YAML: expected ',' or ']', but got '<stream end>'\n"
        "  Do: close the bracket, and put commas between the items",
        mend=("[1, 2", "{}"),
    ),
    "R006 twice": Case(
        "seed: 1\ntrain: {}\nseed: 2\n",
        'R006 recipe.yaml:3:1: "seed" is already written on line 1\n  Do: remove line 1 or this one',
        mend=("seed: 2\n", ""),
    ),
    "R006 tab": Case(
        "train:\n\tbatch_size: 4\n",
        "R006 recipe.yaml:2:1: not valid YAML: found character '\\t' that cannot start any token\n"
        "  Do: indent with spaces; put text that begins with @ ` % or a tab in quotes",
        mend=("\t", "  "),
    ),
    "R014 no method": Case(
        "method:\n  r: 8\n  n_layers: 2\n",
        "R014 recipe.yaml:2 method.r: no method is chosen, and r, n_layers belong to freeze, lora\n  Do: method=freeze",
        mend=("  r: 8\n", "  name: freeze\n"),
    ),
    "R009 extends": Case(
        "seed: 1\nextends: recipe.yml\n",
        "R009 recipe.yaml:2 extends: recipe.yml cannot be read: No such file or directory\n  Do: use recipe.yaml",
        mend=("extends: recipe.yml\n", ""),
    ),
    "R009 cycle": Case(
        "extends: recipe.yaml\n",
        "R009 recipe.yaml:1 extends: extends: recipe.yaml leads back to itself\n  Do: remove this line",
        mend=("extends: recipe.yaml\n", ""),
    ),
    "R009 not a name": Case(
        "extends: [a.yaml]\n",
        "R009 recipe.yaml:1 extends: extends names one YAML file\n  Do: extends: other.yaml",
        mend=("extends: [a.yaml]\n", ""),
    ),
    "R010 wrong key": Case(
        "output:\n  name: ${env:HOME}\n",
        "R010 recipe.yaml:2 output.name: ${env:...} works only in model.path, data.path, output.dir\n"
        "  Do: write the value of output.name itself",
        mend=("${env:HOME}", "me"),
    ),
    "R010 not set": Case(
        "data: ${env:AFINA_TEST_UNSET}/a.csv\n",
        "R010 recipe.yaml:1 data.path: AFINA_TEST_UNSET is not set\n  Do: export AFINA_TEST_UNSET=...",
        mend=("AFINA_TEST_UNSET", "HOME"),
    ),
    "R010 form": Case(
        "data: ${env:}/a.csv\n",
        "R010 recipe.yaml:1 data.path: a reference to the environment is ${env:NAME}\n  Do: data.path=${env:HOME}/...",
    ),
    "R011": Case(
        "seed: 1\nlogging_steps: 5\n",
        "R011 recipe.yaml:2 logging_steps: logging_steps is not a key of afina: every step is logged\n  Do: remove it",
        mend=("logging_steps: 5\n", ""),
    ),
    "R011 derived": Case(
        "train:\n  gradient_accumulation_steps: 8\n",
        "R011 recipe.yaml:2 train.gradient_accumulation_steps: gradient_accumulation_steps is not a key of afina: "
        "it follows from batch_size, micro_batch_size and processes\n"
        "  Do: remove it; train.batch_size=auto says how many examples an update sees",
        mend=("gradient_accumulation_steps: 8", "batch_size: auto"),
    ),
    "R012": Case(
        "train:\n  learning_rate: 1e-4\n  lr: 2e-4\n",
        "R012 recipe.yaml:3 train.lr: train.learning_rate is already set to 0.0001 at recipe.yaml:2\n  Do: remove lr or the other",
        mend=("  lr: 2e-4\n", ""),
    ),
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/someone")


def refused(load_it: Callable[[], object]) -> RecipeErrors:
    with pytest.raises(RecipeErrors) as caught:
        load_it()
    assert caught.value.exit_code == 2
    assert len(str(caught.value).splitlines()) <= 8
    return caught.value


@pytest.mark.parametrize("name", FILE_CASES)
def test_in_a_file(name: str) -> None:
    case, path = FILE_CASES[name], Path("recipe.yaml")
    path.write_text(case.text, encoding="utf-8")
    error = refused(lambda: load(path, case.words))
    assert str(error) == case.says
    assert error.code == name[:4]
    if case.mend is None:
        load(path, [*case.words, error.fix])
    else:
        assert case.text.count(case.mend[0]) == 1
        path.write_text(case.text.replace(*case.mend), encoding="utf-8")
        load(path, case.words)


# Words of the command line: the place is the word as typed, the Do line is the word to type instead.
WORD_CASES = [
    (
        ["learning_rate=two"],
        'R001 learning_rate=two: "two" is not a number (allowed: a number above 0, or auto)\n  Do: train.learning_rate=auto',
    ),
    (["lerning_rate=1e-4"], 'R002 lerning_rate=1e-4: unknown key "lerning_rate". Did you mean learning_rate?\n  Do: learning_rate=1e-4'),
    (["train.lr_rate=1"], 'R002 train.lr_rate=1: unknown key "lr_rate". Did you mean lr?\n  Do: train.lr=1'),
    (["trian.seed=1"], 'R002 trian.seed=1: unknown key "trian.seed". Did you mean seed?\n  Do: seed=1'),
    (
        ["trian.batch_size=1"],
        'R002 trian.batch_size=1: unknown key "trian.batch_size". Did you mean train.batch_size?\n  Do: train.batch_size=1',
    ),
    (["method=lorra"], f'R004 method=lorra: no method is called "lorra" (there are: {", ".join(METHODS.names())})\n  Do: method=lora'),
    (["batch_size"], "R008 batch_size: a setting is key=value\n  Do: batch_size=auto"),
    (["bf16=true"], "R011 bf16=true: bf16 is not a key of afina: the precision is one key\n  Do: model.precision=bf16"),
    (["train=fast"], None),
]


@pytest.mark.parametrize(("words", "says"), WORD_CASES, ids=[words[0] for words, _ in WORD_CASES])
def test_in_a_word(words: list[str], says: str | None) -> None:
    error = refused(lambda: load(None, words))
    assert says is None or str(error) == says
    load(None, [error.fix])


def test_ambiguous_word() -> None:
    error = refused(lambda: load(None, ["path=a.csv"]))
    assert str(error) == (
        'R014 path=a.csv: "path" is the name of 2 keys: model.path, data.path\n  Do: write model.path=a.csv or data.path=a.csv'
    )
    for fix in error.fix.removeprefix("write ").split(" or "):
        load(None, [fix])
    assert refused(lambda: load(None, values={"name": "x"})).fix == "write method.name or objective.name or output.name"
    assert refused(lambda: load(None, ["nmae=x"])).fix == "method.name=x or objective.name=x or output.name=x"


def test_in_python() -> None:
    error = refused(lambda: load(None, values={"train": {"batch_size": "big"}, "lerning_rate": 1}))
    assert str(error) == (
        'R002 lerning_rate: unknown key "lerning_rate". Did you mean learning_rate?\n  Do: write learning_rate instead of lerning_rate\n'
        'R001 train.batch_size: "big" is not a whole number (allowed: a whole number of at least 1, or auto)\n  Do: train.batch_size=auto'
    )


def test_missing_file() -> None:
    Path("recipe.yaml").write_text("seed: 1\n", encoding="utf-8")
    error = refused(lambda: load("recipes.yaml"))
    assert str(error) == "R009 recipes.yaml: cannot be read: No such file or directory\n  Do: use recipe.yaml"
    load(error.fix.removeprefix("use "))


def test_words_that_are_no_settings() -> None:
    for word in ("", "=", "=5", "seed", "x" * 500):
        assert refused(lambda word=word: load(None, [word])).code == "R008"
    assert refused(lambda: load(None, ["na=[a"])).code == "R006"
