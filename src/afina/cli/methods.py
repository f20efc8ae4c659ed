"""afina methods: which weights can change, how, and how many they are in a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from afina.cli import render

if TYPE_CHECKING:
    from afina.methods.described import Described
    from afina.types import ModelFacts

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Model = Annotated[str, typer.Option("--model", help="Count what each would train in this model: nano, a folder, owner/name, a run.")]

app = typer.Typer(rich_markup_mode="rich")


@app.callback(invoke_without_command=True)
def methods(context: typer.Context, json: Json = False, model: Model = "") -> None:
    """List the methods (which weights change), presets, and objectives (what is minimised).

    Examples:

      afina methods --model nano

      afina methods show lora
    """
    if context.invoked_subcommand is not None:
        return
    from afina.methods.described import every

    facts = _facts(model) if model else None
    found = every()
    if json:
        render.as_json([*(_row(one, facts) for one in found), *_others()])
        return
    _list(found, facts)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A name of afina methods.")],
    json: Json = False,
    model: Model = "nano",
) -> None:
    """Show one method: its equation, where it can train, how many weights it trains, its keys, its paper.

    Examples:

      afina methods show houlsby

      afina methods show lora --model nano --json
    """
    from afina.methods.described import described
    from afina.recipe.keys import leaves

    facts = _facts(model)
    row = {**_row(described(name), facts), "model": model, "about": list(described(name).about)}
    row["keys"] = {leaf.path[-1]: leaf.description for leaf in leaves("method", name).values() if leaf.path[-1] != "name"}
    if json:
        render.as_json(row)
        return
    console = render.out()
    for heading, text in _shown(row).items():
        console.print(f"[bold]{heading:<12}[/]{escape(text)}", soft_wrap=True)
    for paragraph in row["about"]:
        console.print(f"\n{paragraph}", markup=False, soft_wrap=True)
    if row["keys"]:
        console.print()
        console.print(render.table(["key", "meaning"], [[key, escape(said)] for key, said in row["keys"].items()], folds=(1,)))


def _facts(model: str) -> ModelFacts:
    from afina.models.facts import facts_from_config, read_config
    from afina.models.locate import locate
    from afina.recipe.schema import ModelSpec

    return facts_from_config(read_config(locate(ModelSpec(path=model, random_init=True)).body))  # its sizes are enough


def _row(one: Described, facts: ModelFacts | None) -> dict[str, Any]:
    from afina.methods.described import head_for, n_trainable

    traits = one.traits
    row: dict[str, Any] = {
        "kind": "method",
        "name": one.name,
        "category": one.category,
        "what": one.what,
        "when": one.when,
        "equations": list(one.equations),
        "mergeable": sorted(traits.mergeable),
        "quantized_base": traits.quantized_base,
        "mixed_batch": traits.mixed_batch,
        "kinds": sorted(traits.kinds),
        "heads": sorted(traits.heads),
        "paper": one.paper,
    }
    if facts is not None:
        counted = n_trainable(one.name, facts)
        known = isinstance(counted, int)
        head = head_for(traits).head
        row |= {
            "n_trainable": counted if known else None,
            "n_params": facts.n_params,
            "counted_with": head,
            "why_not": "" if known else counted,
        }
    return row


def _others() -> list[dict[str, Any]]:
    from afina.objectives import OBJECTIVES
    from afina.recipe.presets import PRESETS

    presets = [
        {"kind": "preset", "name": name, "what": PRESETS[name].what, "paper": PRESETS[name].paper, "settings": dict(PRESETS[name].settings)}
        for name in PRESETS
    ]
    return presets + [
        {"kind": "objective", "name": name, "what": _first(OBJECTIVES[name]), "paper": OBJECTIVES[name].paper} for name in OBJECTIVES
    ]


def _first(kind: type) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _list(found: list[Described], facts: ModelFacts | None) -> None:
    rows: list[list[str]] = []
    for one in found:
        if not rows or one.category != found[found.index(one) - 1].category:
            rows.append([f"[bold]{one.category}[/]"])
        row = _row(one, facts)
        rows.append([f"  {one.name}", *([_count(row)] if facts else []), *_marks(row), escape(one.what)])
    counted = ["trained"] if facts else []
    console = render.out()
    n = 1 + len(counted)
    console.print(render.table(["method", *counted, "4-bit", "merges", "mixed", "what"], rows, numbers=range(1, n), folds=(n + 3,)))
    for kind in ("preset", "objective"):
        others = [[row["name"], escape(row["what"])] for row in _others() if row["kind"] == kind]
        if others:
            console.print()
            console.print(render.table([kind, "what"], others, folds=(1,)))
    if any("–" in row for row in rows):
        console.print("\n–: not for this model; afina methods show NAME --model MODEL says why", markup=False)
    console.print("\n4-bit: trains on a base in 4 or 8 bits. merges: folds into the base. mixed: rows of a batch by different adapters.")


def _count(row: dict[str, Any]) -> str:
    return "–" if row["n_trainable"] is None else f"{row['n_trainable']:,}"


def _marks(row: dict[str, Any]) -> list[str]:
    return ["yes" if row[key] else "" for key in ("quantized_base", "mergeable", "mixed_batch")]


def _shown(row: dict[str, Any]) -> dict[str, str]:
    n = row["n_trainable"]
    heads = f"{row['counted_with']} head" if row["counted_with"] == "lm" else f"{row['counted_with']} head left out"
    trained = f"{n:,} of {row['n_params']:,} in {row['model']} ({n / row['n_params']:.3%}; {heads})" if n is not None else row["why_not"]
    return {
        row["name"]: row["what"],
        "category": row["category"],
        "when": row["when"],
        "trained": trained,
        "models": f"{', '.join(row['kinds'])}; heads: {', '.join(row['heads'])}",
        "4-bit base": "yes" if row["quantized_base"] else "no",
        "merges": f"in {', '.join(row['mergeable'])}" if row["mergeable"] else "no",
        "mixed batch": "yes" if row["mixed_batch"] else "no",
        "paper": row["paper"],
    }
