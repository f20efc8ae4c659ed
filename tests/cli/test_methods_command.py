"""afina methods: the list that others rely on, what one says of itself, and what it would train in a model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from afina.methods import METHODS
from afina.methods.described import CATEGORIES, described, every, head_for, n_trainable
from afina.models.facts import facts_from_config, read_config
from tests.cli.calls import call

NAMES = json.loads((Path(__file__).parent / "methods.json").read_text(encoding="utf-8"))


def rows(*words: str, cwd: Path) -> list[dict]:
    return json.loads(call("methods", "--json", *words, cwd=cwd).out)


def test_the_names_are_the_committed_ones(tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}
    for row in rows(cwd=tmp_path):
        found.setdefault(row["kind"], []).append(row["name"])
    assert found["method"] == NAMES["method"], "a method was added or renamed: change tests/cli/methods.json with it"
    assert found.get("preset", []) == NAMES["preset"]


def test_each_method_is_described_whole(tmp_path: Path) -> None:
    for row in rows(cwd=tmp_path):
        if row["kind"] == "method":
            assert row["category"] in CATEGORIES, row["name"]
            assert row["what"].endswith(".") and len(row["when"]) > 20 and row["when"].endswith("."), row["name"]
            assert row["paper"].startswith("https://")
            assert row["equations"] or row["name"] in ("full", "freeze", "peft"), f"{row['name']} has no equation in its file"


def test_counts_are_those_of_the_method(tiny_model: Path, tmp_path: Path) -> None:
    facts = facts_from_config(read_config(tiny_model))
    counted = {row["name"]: row for row in rows("--model", str(tiny_model), cwd=tmp_path) if row["kind"] == "method"}
    assert counted["full"]["n_trainable"] == facts.n_params
    assert (
        counted["lora"]["n_trainable"] == METHODS["lora"](name="lora").n_trainable(facts, head_for(METHODS["lora"].traits))
        or counted["lora"]["why_not"]
    )
    assert all((row["n_trainable"] is None) == bool(row["why_not"]) for row in counted.values())


def test_a_model_that_a_method_cannot_train_is_said(tiny_encoder_decoder: Path, tmp_path: Path) -> None:
    facts = facts_from_config(read_config(tiny_encoder_decoder))
    for one in every():
        if facts.kind not in one.traits.kinds:
            assert str(n_trainable(one.name, facts)).startswith("it trains ")
    table = call("methods", "--model", str(tiny_encoder_decoder), cwd=tmp_path).out
    assert "trained" in table


def test_show_prints_equation_count_keys_and_paper(tiny_model: Path, tmp_path: Path) -> None:
    out = call("methods", "show", "houlsby", "--model", str(tiny_model), cwd=tmp_path).out
    for said in (
        "Bottleneck adapters",
        "W_up f(W_down h",
        "4-bit base",
        "mixed batch",
        described("houlsby").paper,
        "width",
        "Width of the bottleneck",
    ):
        assert said in out, said
    shown = json.loads(call("methods", "show", "houlsby", "--model", str(tiny_model), "--json", cwd=tmp_path).out)
    facts = facts_from_config(read_config(tiny_model))
    assert shown["n_trainable"] == n_trainable("houlsby", facts) == 4 * (2 * 32 * 64 + 32 + 64)
    assert shown["keys"]["width"].startswith("Width")


@pytest.mark.parametrize("name", METHODS.names())
def test_every_method_can_be_shown(name: str, tiny_model: Path, tmp_path: Path) -> None:
    shown = call("methods", "show", name, "--model", str(tiny_model), cwd=tmp_path)
    assert shown.code == 0, shown.out
    assert described(name).when in shown.out


def test_an_unknown_name_is_told_the_nearest(tmp_path: Path) -> None:
    result = call("methods", "show", "houlsbi", cwd=tmp_path)
    assert result.code == 2
    assert result.err.startswith('R004: no method is called "houlsbi"') and 'use "houlsby"' in result.err


def test_nothing_heavy_is_imported_for_the_list(tmp_path: Path) -> None:
    lines = [
        "import sys",
        "from afina.cli import main",
        "sys.argv = ['afina', 'methods', '--model', 'nano', '--json']",
        "try: main.run()",
        "except SystemExit: pass",
        "print('LOADED', [name for name in ('torch', 'transformers', 'peft') if name in sys.modules], file=sys.stderr)",
    ]
    program = "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stderr.rsplit("LOADED", 1)[1].strip() == "[]"
