"""Writes docs/reference/ from the schema and the command line: python docs/make_reference.py. A test holds the pages to it."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import typer.main

from afina.cli.main import app
from afina.recipe.aliases import ALIASES, REFUSED
from afina.recipe.emit import flow
from afina.recipe.identity import is_identity
from afina.recipe.keys import REGISTRIES, Leaf, leaves, sections
from afina.recipe.values import allowed

FOLDER = Path(__file__).parent / "reference"
FIRST = "<!-- Written by docs/make_reference.py; edit the schema or the command line, not this page. -->"
SECTION = {
    "model": "Which model is trained.",
    "data": "Which rows, how they are read, divided and rendered.",
    "method": "Which weights change. `method: lora` is a method with its defaults; `auto` is `full` for small models, else `lora`.",
    "objective": "What is minimised. `auto` follows the data: labels are classified, prompts answered, plain texts continued.",
    "train": "How the weights move.",
    "eval": "How the model is measured during training and at the end.",
    "output": "Where the run goes.",
}


def recipe_page() -> str:
    lines = [
        FIRST,
        "# Recipe",
        "",
        "Every key, as YAML, as `key=value` on the command line, and as a keyword of `afina.train`. A name that only one key has may be",
        "written without its section: `r=8` is `method.r=8`. Keys marked `*` decide the trained weights: with another value it is another",
        "run. The rest may change between two starts of one run.",
        "",
    ]
    for section in sections():
        lines += [f"## {section}", "", SECTION[section], ""]
        if section not in REGISTRIES:
            lines += _table(leaves(section).values())
            continue
        for name in REGISTRIES[section]:
            member = REGISTRIES[section][name]
            about = " ".join((member.__doc__ or "").split())
            paper = f" [Paper]({member.paper})." if member.paper else ""
            lines += [f"### {section}: {name}", "", about + paper, ""]
            keys = [leaf for leaf in leaves(section, name).values() if leaf.path[-1] != "name"]
            lines += _table(keys) if keys else ["No keys of its own.", ""]
    lines += ["## Beside the sections", "", *_table(leaves("").values())]
    lines += ["`extends: other.yaml` starts from another recipe; keys here win.", ""]
    lines += ["## Other tools' names", "", "Read as the key beside them, with a note.", "", "| written | read as |", "|---|---|"]
    lines += [f"| `{name}` | `{'.'.join(path)}` |" for name, path in sorted(ALIASES.items()) if path[-1] != name]
    lines += ["", "`gradient_accumulation_steps` is read beside a micro-batch size: their product is the `batch_size`.", ""]
    lines += ["Not keys of afina, refused with the reason:", "", "| written | why | do |", "|---|---|---|"]
    lines += [f"| `{name}` | {why} | {fix if fix.startswith('remove') else f'`{fix}`'} |" for name, (why, fix) in sorted(REFUSED.items())]
    return "\n".join(lines) + "\n"


def _table(keys: object) -> list[str]:
    lines = ["| key | allowed | default | meaning |", "|---|---|---|---|"]
    return [*lines, *(_row(leaf) for leaf in keys), ""]  # type: ignore[attr-defined]


def _row(leaf: Leaf) -> str:
    mark = " *" if is_identity(leaf.dotted) else ""
    default = flow(leaf.default) or '""'
    return f"| `{leaf.dotted}`{mark} | {_cell(allowed(leaf.schema))} | `{_cell(default)}` | {_cell(leaf.description)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def cli_page() -> str:
    group = typer.main.get_command(app)
    lines = [
        FIRST,
        "# Command line",
        "",
        "`-h` or `--help` after any verb says the same. Exit codes: 0 done, 2 usage or recipe, 65 data, 69 machine or model, 70 a bug or a",
        "diverged training, 74 disk, 75 network, 130 and 143 stopped by a signal. Results go to standard output.",
        "",
    ]
    lines += ["| verb | what |", "|---|---|"]
    commands = group.commands  # type: ignore[attr-defined]
    lines += [f"| [`{name}`](#afina-{name}) | {_purpose(command)} |" for name, command in commands.items()]
    lines += ["", "For all verbs: `--version`, `--debug` (also `AFINA_DEBUG=1`: show tracebacks) before the verb.", ""]
    for name, command in commands.items():
        lines += [f"## afina {name}", "", *_described(command), "", "| argument | default | meaning |", "|---|---|---|"]
        lines += [_parameter(parameter) for parameter in command.params if parameter.name != "help"]
        lines.append("")
    return "\n".join(lines)


def _purpose(command: object) -> str:
    return inspect.cleandoc(command.help or "").splitlines()[0]  # type: ignore[attr-defined]


def _described(command: object) -> list[str]:
    """The help text, its examples as code."""
    text = inspect.cleandoc(command.help or "").replace("\b", "")  # type: ignore[attr-defined]
    said, _, examples = text.partition("Example")
    commands = [line.strip() for line in examples.splitlines() if line.strip().startswith("afina")]
    return [said.strip(), "", "```text", *commands, "```"]


def _parameter(parameter: object) -> str:
    option = parameter.param_type_name == "option"  # type: ignore[attr-defined]
    names = ", ".join(f"`{name}`" for name in parameter.opts) if option else f"`{parameter.metavar or parameter.name.upper()}`"  # type: ignore[attr-defined]
    default = parameter.default  # type: ignore[attr-defined]
    unset = default is None or default is False or default == ""
    shown = "required" if parameter.required else "" if unset else f"`{default}`"  # type: ignore[attr-defined]
    return f"| {_cell(names)} | {shown} | {_cell(parameter.help or '')} |"  # type: ignore[attr-defined]


PAGES = {"recipe.md": recipe_page, "cli.md": cli_page}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
        sys.stdout.write(f"{FOLDER / name}\n")


if __name__ == "__main__":
    main()
