"""The shape of the house: imports point down, files stay small, names say something, light things stay light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "afina"

# From the bottom up; a module may import its own layer's package and everything below, never above.
LAYERS: list[set[str]] = [
    {"types", "errors", "registry", "run", "events", "log", "tuners"},
    {"methods", "objectives", "optimizers", "trackers"},
    {"recipe"},
    {"data"},
    {"plan"},
    {"models"},
    {"job", "score", "strategy"},
    {"generate"},
    {"evaluate"},
    {"training", "compare", "export", "doctor"},
    {"api"},
    {"cli", "__main__", "__init__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
TORCH_FREE = [
    "types",
    "errors",
    "registry",
    "run",
    "events",
    "methods",
    "objectives",
    "optimizers",
    "trackers",
    "recipe",
    "data",
    "plan",
    "job",
    "cli",
    "api",
    "doctor",
]
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "extras", "other", "manager", "handler", "constants"}
FILES = sorted(SOURCE.rglob("*.py"))


def top(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("afina"):
            names |= {f"afina.{alias.name}" for alias in node.names} if node.module == "afina" else {node.module}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("afina")}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    own = path.relative_to(SOURCE).with_suffix("").parts[0]
    for module in imported(ast.parse(path.read_text(encoding="utf-8"))):
        name = top(module)
        if name in ("__version__", own) or own == "__init__":
            continue
        assert LEVEL[name] <= LEVEL[own], f"{path.name} ({own}) imports {module}, which is above it"
        assert LEVEL[name] < LEVEL[own] or LEVEL[name] == 0 or {name, own} & {"score", "job"} == set(), f"{own} and {name} are siblings"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{path.name}:{node.lineno} {node.name} has {length} lines"


def test_names_say_something() -> None:
    assert not [path for path in FILES if path.stem.lower() in FORBIDDEN_NAMES]


def test_every_module_and_public_class_has_a_docstring() -> None:
    missing = []
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            missing.append(str(path.relative_to(SOURCE)))
    assert not missing


@pytest.mark.parametrize("package", ["methods", "objectives"])
def test_a_method_or_objective_is_one_file_of_its_own_name(package: str) -> None:
    from afina.methods import METHODS
    from afina.objectives import OBJECTIVES

    registry = METHODS if package == "methods" else OBJECTIVES
    for name in registry:
        file = registry[name].__module__.removeprefix(f"afina.{package}.")
        assert name.startswith(file) or file.startswith(name), "variants of one (compacter++, krona_b) may stand in its file"


def test_importing_afina_and_its_torch_free_parts_loads_no_heavy_library() -> None:
    names = ", ".join(f"afina.{name}" for name in TORCH_FREE if name != "cli")
    code = (
        f"import sys, afina, {names}, afina.cli.main, afina.recipe.load, afina.data.prepare, afina.plan.planner\n"
        "print([m for m in ('torch', 'transformers', 'peft', 'datasets', 'accelerate', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_file_names_a_machine_path() -> None:
    for path in FILES:
        assert not re.search(r"""["'](/home|/root|/Users|/tmp|/work)/""", path.read_text(encoding="utf-8")), path
