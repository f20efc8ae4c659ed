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
from afina.recipe.importing import SOURCES, Source
from afina.recipe.keys import NESTED, REGISTRIES, Leaf, leaves, sections
from afina.recipe.schema import Recipe
from afina.recipe.values import allowed
from afina.registry import Registry

FOLDER = Path(__file__).parent / "reference"
FIRST = "<!-- Written by docs/make_reference.py; edit the schema or the command line, not this page. -->"


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
        lines += [f"## {section}", "", Recipe.model_fields[section].description, ""]
        if section not in REGISTRIES:
            lines += table(leaves(section).values())
            for dotted in (dotted for dotted in NESTED if dotted.startswith(f"{section}.")):
                lines += _members(dotted, NESTED[dotted])
            continue
        lines += _members(section, REGISTRIES[section])
    lines += ["## Beside the sections", "", *table(leaves("").values())]
    lines += ["`extends: other.yaml` starts from another recipe; keys here win.", ""]
    lines += ["## Other tools' names", "", "Read as the key beside them, with a note.", "", "| written | read as |", "|---|---|"]
    lines += [f"| `{name}` | `{'.'.join(path)}` |" for name, path in sorted(ALIASES.items()) if path[-1] != name]
    lines += ["", "`gradient_accumulation_steps` is read beside a micro-batch size: their product is the `batch_size`.", ""]
    lines += ["Not keys of afina, refused with the reason:", "", "| written | why | do |", "|---|---|---|"]
    lines += [f"| `{name}` | {why} | {fix if fix.startswith('remove') else f'`{fix}`'} |" for name, (why, fix) in sorted(REFUSED.items())]
    return "\n".join(lines) + "\n"


def _members(section: str, registry: Registry) -> list[str]:
    lines: list[str] = []
    for name in registry:
        member = registry[name]
        about = " ".join((member.__doc__ or "").split())
        paper = f" [Paper]({member.paper})." if member.paper else ""
        lines += [f"### {section}: {name}", "", about + paper, ""]
        keys = [leaf for leaf in leaves(section, name).values() if leaf.path[-1] != "name"]
        lines += table(keys) if keys else ["No keys of its own.", ""]
    return lines


def table(keys: object) -> list[str]:
    lines = ["| key | allowed | default | meaning |", "|---|---|---|---|"]
    return [*lines, *(_row(leaf) for leaf in keys), ""]  # type: ignore[attr-defined]


def _row(leaf: Leaf) -> str:
    mark = " *" if is_identity(".".join(leaf.path[:2])) else ""
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
    lines += [
        "",
        "For all verbs: `--version`, `--debug` (also `AFINA_DEBUG=1`: show tracebacks) before the verb;",
        "`--install-completion` makes Tab complete verbs, recipe keys, their values and runs (bash, zsh, fish).",
        "",
    ]
    for name, command in commands.items():
        lines += _verb(f"## afina {name}", command)
        for inner, part in getattr(command, "commands", {}).items():
            lines += _verb(f"### afina {name} {inner}", part)
    return "\n".join(lines)


def _verb(heading: str, command: object) -> list[str]:
    parameters = [_parameter(parameter) for parameter in command.params if parameter.name != "help"]  # type: ignore[attr-defined]
    table = ["| argument | default | meaning |", "|---|---|---|", *parameters, ""] if parameters else []
    return [heading, "", *_described(command), "", *table]


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


def import_page() -> str:
    lines = [
        FIRST.replace("the schema or the command line", "the tables in src/afina/recipe/importing"),
        "# Keys of other tools",
        "",
        "What `afina recipes import` makes of each key; [how to use it](../how-to/import.md). A key of a list's first entry is written",
        "`datasets.path`. Keys that are switched off (`false`, `null`, `none`) need no counterpart.",
        "",
    ]
    for name in SOURCES:
        lines += _source(SOURCES[name])
    return "\n".join(lines) + "\n"


def _source(source: Source) -> list[str]:
    lines = [
        f"## {source.title}",
        "",
        f"As of version {source.version}.",
        "",
        "| key | here | how | where it is not written |",
        "|---|---|---|---|",
    ]
    reasons: dict[str, list[str]] = {}
    for key, rule in source.rules.items():
        if rule.to or rule.says.startswith("read with") or key in source.defaults:
            targets = ", ".join(f"`{target}`" for target in rule.to)
            default = f"`{flow(source.defaults[key])}`" if key in source.defaults else ""
            lines.append(f"| `{key}` | {targets} | {_cell(rule.says)} | {default} |")
        else:
            reasons.setdefault(rule.says, []).append(f"`{key}`")
    lines += [f"| `{old}` | | an older name of `{new}` | |" for old, new in source.renamed.items()]
    lines += ["", "| no counterpart | why, and what afina does |", "|---|---|"]
    return [*lines, *(f"| {' '.join(keys)} | {_cell(reason)} |" for reason, keys in reasons.items()), ""]


PAGES = {"recipe.md": recipe_page, "cli.md": cli_page, "import.md": import_page}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
        sys.stdout.write(f"{FOLDER / name}\n")


if __name__ == "__main__":
    main()
