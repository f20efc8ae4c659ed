"""Draws a transformer block as SVG with the places marked where a method trains: one drawing for all methods, the places read from it."""

from __future__ import annotations

import re
from typing import NamedTuple

from afina.methods import METHODS, HeadFacts, Method
from afina.types import Horizon, ModelFacts

WIDTH, HEIGHT = 380, 500


class Box(NamedTuple):
    """Upper left corner, width and height in pixels. always: drawn in every drawing, else only where it is marked."""

    text: str
    x: int
    y: int
    width: int = 180
    height: int = 26
    always: bool = True


BOXES = {
    "prompt": Box("learned rows", 8, 14, 84, always=False),
    "embeddings": Box("embeddings", 100, 14),
    "attention_norm": Box("norm", 100, 72),
    "query": Box("query", 100, 108, 56),
    "key": Box("key", 162, 108, 56),
    "value": Box("value", 224, 108, 56),
    "attention": Box("attention", 100, 144),
    "attention_output": Box("output", 100, 180),
    "feed_forward_norm": Box("norm", 100, 238),
    "gate": Box("gate", 100, 274, 87),
    "up": Box("up", 193, 274, 87),
    "feed_forward_output": Box("down", 100, 318),
    "beside": Box("beside", 302, 274, 66, 70, always=False),
    "end": Box("end of the layer", 100, 376, always=False),
    "final_norm": Box("final norm", 100, 424),
    "head": Box("head", 100, 460),
    "side": Box("side network", 300, 72, 76, 378, always=False),
}
SUMS = (222, 360)
"""Where the residual is added."""
WIRES = {"beside": "M190 269H335V274M335 344V360H199", "side": "M190 378H300M338 450V473H280", "prompt": "M92 27H100"}
"""What joins a box that is not always there to the others."""
OWN: dict[str, tuple[str, ...]] = {
    "full": tuple(name for name, box in BOXES.items() if box.always and name != "attention"),
    "freeze": (
        "attention_norm",
        "query",
        "key",
        "value",
        "attention_output",
        "feed_forward_norm",
        "gate",
        "up",
        "feed_forward_output",
        "final_norm",
    ),
    "spectrum": ("query", "key", "value", "attention_output", "gate", "up", "feed_forward_output"),
    "prefix_tuning": ("key", "value"),
    "llama_adapter": ("attention",),
    "parallel": ("beside",),
    "krona_b": ("beside",),
    "krona_b_res": ("beside",),
}
"""Methods whose places are not the modules that their config names: those that train weights of the base, or stand beside a block."""


def marked(name: str, facts: ModelFacts) -> frozenset[str]:
    """Return the boxes where a method with its defaults trains, from the modules that its peft config names in this model."""
    if name in OWN:
        return frozenset(OWN[name])
    method: Method = METHODS[name](name=name).settled(("one", "other"))
    config = method.build(facts, HeadFacts("lm" if "lm" in method.traits.heads else "classes", 2), Horizon(100, 64))
    named = getattr(config, "target_modules", None) or ()
    paths = [named] if isinstance(named, str) else sorted(named)
    return frozenset(_box(path, method, facts) for path in paths)


def _box(path: str, method: Method, facts: ModelFacts) -> str:
    if path in facts.places:
        return facts.places[path].role
    if path in facts.norms:
        return "final_norm" if path == facts.final_norm else "attention_norm" if "input" in path else "feed_forward_norm"
    if path == facts.body:
        return "prompt" if method.category == "soft prompts" else "side"
    if re.fullmatch(rf"{re.escape(facts.blocks)}\.\d+", path):
        return "end"
    raise ValueError(f"{method.name} trains at {path}, for which the drawing has no box")


def drawing(places: frozenset[str]) -> str:
    """Return the SVG with these boxes marked."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        '<rect x="70" y="54" width="222" height="354" rx="10" fill="none" stroke="#bbb" stroke-dasharray="4 3"/>',
        '<text x="80" y="402" fill="#777">a layer, repeated</text>',
        '<path d="M190 40V460" stroke="#bbb"/>',
        *(f'<path d="M190 {top}H86V{end}H180" fill="none" stroke="#bbb"/>' for top, end in zip((62, 232), SUMS, strict=True)),
        *(f'<circle cx="190" cy="{y}" r="9" fill="#fff" stroke="#999"/><text x="186" y="{y + 4}" fill="#777">+</text>' for y in SUMS),
    ]
    parts += [f'<path d="{WIRES[name]}" fill="none" stroke="#bbb"/>' for name in WIRES if name in places]
    for name, box in BOXES.items():
        if box.always or name in places:
            parts += _drawn(box, name in places)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _drawn(box: Box, is_marked: bool) -> list[str]:
    fill, line, ink = ("#d9480f", "#a8380b", "#fff") if is_marked else ("#f3f3f3", "#bbb", "#444")
    middle = f'x="{box.x + box.width // 2}" y="{box.y + box.height // 2 + 4}" text-anchor="middle"'
    return [
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="4" fill="{fill}" stroke="{line}"/>',
        f'<text {middle} fill="{ink}">{box.text}</text>',
    ]
