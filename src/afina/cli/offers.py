"""The recipe keys and values that a word on the command line can become, read from the schema. Loaded when the Tab key is pressed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from afina.recipe.emit import flow
from afina.recipe.keys import BARE, NESTED, REGISTRIES, Leaf, every_leaf, paths_of, sections
from afina.recipe.presets import PRESETS

Offer = tuple[str, str]
"""What is completed, and what zsh and fish show beside it."""


def keys(typed: str, args: Sequence[str], section: str = "") -> Iterator[Offer]:
    """Keys with their section, a section as a whole, and names that only one key has; of one section when it is named."""
    chosen = _chosen(args)
    for name in () if section else BARE:
        if name.startswith(typed):
            yield name, f"which {name}"
    for leaf in every_leaf():
        if section and leaf.path[0] != section:
            continue
        others = leaf.tag and chosen.get(leaf.path[0], leaf.tag) != leaf.tag
        if others or leaf.dotted in (".".join(path) for path in BARE.values()):
            continue
        if leaf.dotted.startswith(typed):
            yield leaf.dotted, _first(leaf.description)
        elif typed and "." not in typed and leaf.path[-1].startswith(typed) and len(paths_of(leaf.path[-1])) == 1:
            yield leaf.path[-1], _first(leaf.description)


def _chosen(args: Sequence[str]) -> dict[str, str]:
    """The method and the objective that the line names already: their keys are offered, not those of others."""
    named = (word.partition("=") for word in args)
    return {key: value for key, _, value in named if key in REGISTRIES and value in REGISTRIES[key]}


def values(key: str, typed: str) -> list[Offer]:
    """The values that a key allows where they can be listed, else its default."""
    if key in REGISTRIES or key in NESTED:
        registry: Any = REGISTRIES.get(key) or NESTED[key]
        offers = [(name, _first(registry[name].__doc__ or "")) for name in registry]
        offers += [("auto", "what fits the model or the data")] if key in REGISTRIES else []
        offers += [(name, _first(PRESETS[name].what)) for name in PRESETS] if key == "method" else []
    else:
        offers = [offer for leaf in _leaves_of(key) for offer in _listed(leaf)]
    return [offer for offer in dict(offers).items() if offer[0].startswith(typed)]


def _leaves_of(key: str) -> list[Leaf]:
    path = BARE.get(key) or tuple(key.split("."))
    if len(path) == 1 and path[0] not in sections():
        path = next(iter(paths_of(path[0])), path)
    return [leaf for leaf in every_leaf() if leaf.path == path]


def _listed(leaf: Leaf) -> list[Offer]:
    branches: list[dict[str, Any]] = list(leaf.schema.get("anyOf", [leaf.schema]))
    words = [str(word) for branch in branches for word in branch.get("enum", [branch["const"]] if "const" in branch else [])]
    if any(branch.get("type") == "boolean" for branch in branches):
        words += ["true", "false"]
    default = flow(leaf.default)
    if default and default not in words and leaf.default not in ("", [], {}, (), None):
        words.append(default)
    return [(word, "default" if word == default else "") for word in words]


def _first(text: str) -> str:
    """The first sentence, on one line; a colon would end the word in zsh."""
    return " ".join(text.split()).split(". ")[0].rstrip(".").replace(":", " -")
