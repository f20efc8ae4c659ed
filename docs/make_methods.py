"""Writes docs/methods/, a page a method, from the methods themselves: python docs/make_methods.py. A test holds the pages to it."""

from __future__ import annotations

import sys
from pathlib import Path

from make_reference import table
from method_drawing import drawing, marked

from afina.methods.described import Described, every, is_equation, n_trainable
from afina.models.facts import facts_from_config
from afina.recipe.keys import leaves

FOLDER = Path(__file__).parent / "methods"
FIRST = "<!-- Written by docs/make_methods.py; edit the method in src/afina/methods, not this page. -->"
KNOWN = {
    "Llama 3 8B": {
        "model_type": "llama",
        **{"vocab_size": 128256, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32},
        **{"num_attention_heads": 32, "num_key_value_heads": 8, "max_position_embeddings": 8192, "tie_word_embeddings": False},
    },
    "BERT base": {
        "model_type": "bert",
        **{"vocab_size": 30522, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12},
        **{"max_position_embeddings": 512, "type_vocab_size": 2},
    },
    "T5 base": {
        "model_type": "t5",
        **{"vocab_size": 32128, "d_model": 768, "d_ff": 3072, "d_kv": 64, "num_layers": 12, "num_heads": 12},
        "feed_forward_proj": "relu",
    },
}
"""The sizes of three models that everyone knows, as their config.json has them."""
FACTS = {name: facts_from_config(config) for name, config in KNOWN.items()}


def index() -> str:
    lines = [
        FIRST,
        "# Methods",
        "",
        "Which weights change. All are used alike: `afina train FILE method=NAME method.KEY=VALUE`.",
        "`afina methods show NAME --model MODEL` counts what one trains in a model of yours.",
        "",
        "4-bit: trains on a base in 4 or 8 bits (`model.quantize`). Merges: folds into the base, so that it costs nothing at use.",
        "Mixed: rows of one batch may each pass an adapter of their own.",
        "",
    ]
    category = ""
    for one in every():
        if one.category != category:
            category = one.category
            lines += [
                "",
                f"## {category.capitalize()}",
                "",
                "| method | what | trained in Llama 3 8B | 4-bit | merges | mixed |",
                "|---|---|--:|---|---|---|",
            ]
        traits = one.traits
        marks = ["yes" if has else "" for has in (traits.quantized_base, traits.mergeable, traits.mixed_batch)]
        lines.append(f"| [{one.name}]({file_of(one.name)}.md) | {one.what} | {_count(one.name, 'Llama 3 8B')} | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n"


def file_of(name: str) -> str:
    """Return the name of a method's files: a plus sign is none for a link."""
    return name.replace("+", "p")


def page(one: Described) -> str:
    name = one.name
    keys = [leaf for leaf in leaves("method", name).values() if leaf.path[-1] != "name"]
    lines = [FIRST, f"# {name}", "", one.what, "", f"**When:** {one.when}", "", f"![where {name} trains]({file_of(name)}.svg)", ""]
    for paragraph in one.about:
        lines += ["```text", *paragraph.splitlines(), "```", ""] if is_equation(paragraph) else [paragraph, ""]
    lines += [f"[Paper]({one.paper}) · [all methods](index.md)", "", "## Keys", "", *(table(keys) if keys else ["It has none.", ""])]
    lines += ["## How many weights", "", "With its defaults; a new head comes on top.", "", "| model | trained | of all |", "|---|--:|--:|"]
    for model, facts in FACTS.items():
        found = n_trainable(name, facts)
        share = f"{found / facts.n_params:.4%}" if isinstance(found, int) else ""
        lines.append(f"| {model} | {_count(name, model)} | {share} |")
    lines += ["", "## What it can", "", "| | |", "|---|---|"]
    lines += [f"| {what} | {said} |" for what, said in _traits(one).items()]
    return "\n".join(lines) + "\n"


def _traits(one: Described) -> dict[str, str]:
    traits = one.traits
    return {
        "category": one.category,
        "kinds of models": ", ".join(sorted(traits.kinds)),
        "heads": ", ".join(sorted(traits.heads)),
        "leaves": "an adapter folder in peft's format" if traits.adapter else "a whole model",
        "base in 4 or 8 bits": "yes" if traits.quantized_base else "no",
        "folds into the base": f"in {', '.join(sorted(traits.mergeable))}" if traits.mergeable else "no",
        "rows of a batch by different adapters": "yes" if traits.mixed_batch else "no",
        "several examples in a row (`train.packing`)": "yes" if traits.packing else "no",
        "`train.gradient_checkpointing`": "yes" if traits.checkpointing else "no",
    }


def _count(name: str, model: str) -> str:
    found = n_trainable(name, FACTS[model])
    return f"{found:,}" if isinstance(found, int) else f"– ({found})"


def pages() -> dict[str, str]:
    """Return every file of the folder and what it holds."""
    made = {"index.md": index()}
    for one in every():
        made[f"{file_of(one.name)}.md"] = page(one)
        made[f"{file_of(one.name)}.svg"] = drawing(marked(one.name, FACTS["Llama 3 8B"]))
    return made


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for old in FOLDER.iterdir():
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{FOLDER}: {len(made)} files\n")


if __name__ == "__main__":
    main()
