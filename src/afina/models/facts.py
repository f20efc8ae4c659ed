"""A model's sizes by closed form from its config.json: nothing is imported but the standard library.

Building the same config on torch's meta device is the oracle (tests/oracle/test_facts.py): every linear map's path and shape, and all
parameter counts, are equal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from afina.errors import MachineError
from afina.models.families import FAMILIES, Config
from afina.models.families.base import is_cross, role_of
from afina.types import ModelFacts, Place

CONFIG_BYTES_MAX = 4 * 2**20
"""A config.json is a few KiB; anything larger is not one."""


def facts_from_config(config: Mapping[str, Any]) -> ModelFacts:
    """Return what a config.json says about its model.

    Raises MachineError H005 for an architecture that is not supported (the message names those that are), for a model whose weights are
    already quantised, and for a config with a missing or impossible size.
    """
    family = str(config.get("model_type", ""))
    if family not in FAMILIES:
        raise MachineError(
            "H005",
            f'models of type "{family}" are not supported. Supported: {", ".join(FAMILIES)}',
            where="model.path",
            fix=_remedy(config),
        )
    if config.get("quantization_config"):
        raise MachineError("H005", "the weights of this model are already quantised", where="model.path", fix="use the original model")
    settings = Config(family, config)
    kind, sizes = FAMILIES[family].kind, FAMILIES[family].read(settings)
    first, last = sizes.stacks[0], sizes.stacks[-1]
    in_stacks = sum(stack.n_params for stack in sizes.stacks)
    norms = {path: shape for stack in sizes.stacks for path, shape in stack.all_norms().items()} | dict(sizes.other_norms)
    norms |= {sizes.final_norm: sizes.final_norm_shape} if sizes.final_norm_shape else {}
    outside = sum(shape.n_params for path, shape in norms.items() if path == sizes.final_norm or path in sizes.other_norms)
    return ModelFacts(
        family=family,
        kind=kind,
        n_layers=last.n_layers,
        hidden_size=sizes.hidden_size,
        vocab_size=sizes.vocab_size,
        max_length=sizes.max_length,
        n_params=sizes.n_embedding_params + in_stacks + outside + sizes.n_lm_head_params,
        n_embedding_params=sizes.n_embedding_params,
        n_params_per_layer=last.n_params_per_layer,
        n_params_in_first_layer=last.n_in_first,
        tied=sizes.tied,
        blocks=last.blocks,
        linears={
            f"{stack.blocks}.{i}.{path}": shape
            for stack in sizes.stacks
            for i in range(stack.n_layers)
            for path, shape in stack.linears.items()
        },
        places={
            f"{stack.blocks}.{i}.{path}": Place(role_of(path), stack.blocks, i, is_cross(path))
            for stack in sizes.stacks
            for i in range(stack.n_layers)
            for path in stack.linears
        },
        norms=norms,
        output_norms=tuple(f"{s.blocks}.{i}.{s.output_norm}" for s in sizes.stacks if s.output_norm for i in range(s.n_layers)),
        stacks={stack.blocks: stack.n_layers for stack in sizes.stacks},
        embeddings=sizes.embeddings,
        body=first.blocks.rsplit(".", 1)[0] if kind == "encoder-decoder" else first.blocks.split(".")[0],
        final_norm=sizes.final_norm,
        final_norm_params=sizes.final_norm_shape.n_params if sizes.final_norm_shape else 0,
        n_lm_head_params=sizes.n_lm_head_params,
        heads=sizes.heads,
        relative=sizes.relative,
        attention=settings.attention(),
    )


def read_config(folder: Path, name: str = "config.json") -> dict[str, Any]:
    """Return a JSON object of a model folder. Raises MachineError H002 when it is missing or is not one."""
    file = folder / name
    try:
        if file.stat().st_size > CONFIG_BYTES_MAX:
            raise ValueError(f"it has {file.stat().st_size} bytes")
        config = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MachineError(
            "H002", f"not a model folder: it has no {name}", where=str(folder), fix="model.path=FOLDER of a model, or owner/name"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise MachineError("H002", f"{name} cannot be read: {error}", where=str(file), fix="download or copy the model again") from error
    if not isinstance(config, dict):
        raise MachineError("H002", f"{name} is not a JSON object", where=str(file), fix="download or copy the model again")
    return config


def _remedy(config: Mapping[str, Any]) -> str:
    inner = config.get("text_config")
    if isinstance(inner, Mapping) and inner.get("model_type") in FAMILIES:
        return f"this one reads images too; use a text-only {inner['model_type']} model"
    return "use a model of a supported type, such as HuggingFaceTB/SmolLM2-135M or Qwen/Qwen3-0.6B"
