"""afina recipes: those that come with it, a check, the schema for editors, and import from other tools."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afina.cli import render
from afina.errors import UsageError

if TYPE_CHECKING:
    from afina.recipe.importing import Entry, Imported

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write over OUT if it exists.")]
Name = Annotated[str, typer.Argument(help="A name of afina recipes list.")]
HEADINGS = {
    "unknown": "not keys of {}: probably misspelt",
    "absent": "no counterpart here",
    "changed": "mean something else here",
    "carried": "carried over",
}

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def recipes() -> None:
    """Start from a recipe that comes with afina, check one, or import one from another tool.

    Examples:

      afina recipes list

      afina recipes copy sentiment --out mine.yaml

      afina recipes import llamafactory.yaml --out mine.yaml
    """


@app.command("list")
def list_recipes(json: Json = False) -> None:
    """List the recipes that come with afina.

    Example:

      afina recipes list
    """
    from afina.recipe.bundled import bundled, names

    found = [bundled(name) for name in names()]
    if json:
        render.as_json([{key: str(value) for key, value in vars(one).items() if key != "path"} for one in found])
        return
    render.out().print(
        render.table(["recipe", "what for", "hardware"], [[one.name, one.what, one.hardware] for one in found], folds=(1, 2))
    )
    render.out().print("\nuse one  afina train FILE --recipe NAME [KEY=VALUE]...", markup=False)


@app.command("show")
def show(name: Name) -> None:
    """Print a recipe that comes with afina.

    Example:

      afina recipes show sentiment
    """
    from afina.recipe.bundled import bundled

    render.out().print(bundled(name).text, end="", markup=False, soft_wrap=True)


@app.command("copy")
def copy(
    name: Name,
    out: Annotated[str, typer.Option("--out", "-o", help="New file; by default NAME.yaml here.")] = "",
    yes: Yes = False,
) -> None:
    """Copy a recipe that comes with afina, to change it.

    Example:

      afina recipes copy sentiment --out mine.yaml
    """
    from afina.recipe.bundled import bundled

    found = bundled(name)
    _write(Path(out or f"{name}.yaml"), found.text, yes)


@app.command("validate")
def validate(
    recipes: Annotated[list[str], typer.Argument(metavar="RECIPE...", help="YAML files, or names of afina recipes list.")],
) -> None:
    """Check recipes: every mistake at once, with its line.

    Example:

      afina recipes validate mine.yaml
    """
    from afina.errors import AfinaError, RecipeErrors
    from afina.recipe.load import load

    errors: list[AfinaError] = []
    for recipe in recipes:
        try:
            loaded = load(recipe)
        except RecipeErrors as error:
            errors += error.errors
            continue
        render.notices(render.err(), loaded.notices)
        render.out().print(f"{recipe}: valid", markup=False, soft_wrap=True)
    if errors:
        raise RecipeErrors(errors)


@app.command("schema")
def schema(
    out: Annotated[str, typer.Option("--out", "-o", help="Write it to this file instead.")] = "",
    yes: Yes = False,
) -> None:
    """Print the JSON Schema of recipes, with which an editor completes and checks them.

    Example:

      afina recipes schema --out afina.schema.json
    """
    import json

    from afina.recipe.dump import json_schema

    text = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    if out:
        _write(Path(out), text, yes)
    else:
        sys.stdout.write(text)


@app.command("import")
def import_file(
    file: Annotated[str, typer.Argument(help="A YAML file of LLaMA-Factory, Axolotl or TRL.")],
    source: Annotated[str, typer.Option("--from", help="llama-factory, axolotl or trl; by default found by the keys.")] = "",
    out: Annotated[str, typer.Option("--out", "-o", help="Write the recipe to this file; by default it is printed.")] = "",
    processes: Annotated[int, typer.Option("--processes", min=1, help="GPUs it ran on: examples of an update are counted over all.")] = 1,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Turn another tool's file into a recipe, and say of every key what became of it.

    Examples:

      afina recipes import llama3_lora_sft.yaml --out mine.yaml

      afina recipes import qlora.yml --from axolotl --processes 4
    """
    from afina.recipe.importing import import_recipe, recipe_text

    found = import_recipe(Path(file), source, processes)
    text = recipe_text(found)
    if json:
        if out:
            _write(Path(out), text, yes, said=False)
        render.as_json({"source": found.source.title, "recipe": text, "report": [_row(entry) for entry in found.report]})
        return
    _report(found)
    if out:
        _write(Path(out), text, yes)
        render.err().print(f"use it  afina train {_data(found)}{shlex.quote(out)}", markup=False, soft_wrap=True)
    else:
        sys.stdout.write(text)


def _data(found: Imported) -> str:
    return "" if found.recipe.data.path else "FILE --recipe "


def _row(entry: Entry) -> dict[str, Any]:
    reading = entry.reading
    return {
        "key": entry.key,
        "line": entry.line,
        "value": entry.value,
        "outcome": entry.outcome,
        "here": dict(reading.values),
        "note": reading.note,
    }


def _report(found: Imported) -> None:
    """The report goes to stderr, the recipe to stdout; keys with one answer stand on one line."""
    console = render.err()
    for outcome, heading in HEADINGS.items():
        groups: dict[str, list[Entry]] = {}
        for entry in found.report:
            if entry.outcome == outcome:
                groups.setdefault(_answer(entry), []).append(entry)
        if groups:
            console.print(f"[bold]{heading.format(found.source.title)}[/]")
        for answer, entries in groups.items():
            keys = ", ".join(f"{entry.key} ({f'line {entry.line}' if entry.line else 'its default'})" for entry in entries)
            console.print(f"  {keys}{': ' if answer else ''}{answer}", markup=False, soft_wrap=True)
    counts = Counter(entry.outcome for entry in found.report if entry.line)
    said = f"{counts['carried']} carried over, {counts['changed']} mean something else here, {counts['absent']} have no counterpart"
    console.print(f"{found.file}: {counts.total()} keys: {said}, {counts['unknown']} unknown", markup=False, soft_wrap=True)
    if found.recipe.data.test == "auto":
        console.print("afina keeps test rows for the comparison at the end; data.test=0 trains on them too", markup=False, soft_wrap=True)


def _answer(entry: Entry) -> str:
    from afina.recipe.emit import flow

    here = ", ".join(f"{key}={flow(value)}" for key, value in entry.reading.values.items())
    return here + (f" ({entry.reading.note})" if here and entry.reading.note else entry.reading.note)


def _write(out: Path, text: str, yes: bool, said: bool = True) -> None:
    """Write a new file. Raises UsageError U004 when it exists and nobody said to write over it."""
    if out.exists() and not yes:
        raise UsageError("U004", "it exists", where=str(out), fix="--yes to write over it, or another --out")
    out.write_text(text, encoding="utf-8")
    if said:
        render.err().print(f"written to {out}", markup=False, soft_wrap=True)
