"""What methods share that put a network beside the body: it reads layers of the base, which runs without a graph."""

from __future__ import annotations

from afina.errors import MethodError
from afina.types import ModelFacts

Layers = tuple[int, ...]


def layers_read(facts: ModelFacts, layers: Layers) -> Layers:
    """Return the layers that are read, in order; () means all of them. Raises MethodError R005 for one that there is not."""
    least = min(facts.stacks.values())
    beyond = [layer for layer in layers if not 0 <= layer < least]
    if beyond:
        what = f"layer {beyond[0]} is asked for, but the model has layers 0 to {least - 1}"
        raise MethodError("R005", what, where="method.layers", fix=f"method.layers=[{least - 1}]")
    return tuple(sorted(set(layers))) or tuple(range(least))


def bodies(facts: ModelFacts) -> list[str]:
    """Return the paths of the modules that hold the stacks: the body, an encoder without its embeddings, or encoder and decoder."""
    return [blocks.rsplit(".", 1)[0] for blocks in facts.stacks]
