"""Prompts of a small space that several tasks' prompts share (IPT; Qin et al. 2021, section 3).

    P_i, one for each task        P_i* = dec(enc(P_i))        P = dec(z)        dec(z) = W_2 tanh(W_1 z + b_1) + b_2

Letters: K tasks, N rows of a prompt, D width, Z numbers of z. P_i [N D]; enc: N D -> Z; dec: Z -> hidden -> N D, or one map without hidden.
In use the prompt is dec(z) alone. An adapter that was trained for several tasks holds all of it; one with a given decoder, z and that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from afina.tuners.prompt import PromptConfig, PromptLayer, PromptTuner, first_rows
from afina.tuners.registration import register

Z_STD = 0.02


@dataclass
class IntrinsicPromptConfig(PromptConfig):
    """size: Z. hidden: of the decoder, 0 for one linear map. tasks: whose prompts span the space; none where the decoder is given."""

    size: int = field(default=10)
    hidden: int = field(default=768)
    tasks: list[str] = field(default_factory=list)


class IntrinsicPrompt(nn.Module):
    """z and its decoder; beside them, while the space is learned, a prompt for each task and their encoder."""

    def __init__(self, prompts_KND: Tensor, config: IntrinsicPromptConfig) -> None:
        super().__init__()
        self.n, self.width = prompts_KND.shape[1:]
        flat = self.n * self.width
        wide = [nn.Linear(config.size, config.hidden), nn.Tanh(), nn.Linear(config.hidden, flat)]
        self.decoder = nn.Sequential(*wide) if config.hidden else nn.Sequential(nn.Linear(config.size, flat))
        self.z = nn.Parameter(torch.randn(config.size) * Z_STD)
        self.tasks, self.is_learned = tuple(config.tasks), False
        if self.tasks:
            self.prompts = nn.Parameter(prompts_KND.flatten(1))
            self.encoder = nn.Linear(flat, config.size)
            with torch.no_grad():
                self.decoder[-1].bias.copy_(prompts_KND.mean(0).flatten())  # type: ignore[union-attr,operator]
        else:
            _hold_still(self.decoder)

    def forward(self) -> Tensor:
        """Return the prompt [N, D]."""
        return self.decoder(self.z).view(self.n, self.width)

    def of_tasks(self, decoded: bool) -> Tensor:
        """Return the prompts of the tasks [K, N, D], as they are or as the space holds them."""
        prompts = self.decoder(self.encoder(self.prompts)) if decoded else self.prompts
        return prompts.view(-1, self.n, self.width)

    def distance(self) -> Tensor:
        """Return the mean squared distance of the tasks' prompts from what the space holds of them."""
        return (self.of_tasks(True) - self.of_tasks(False).detach()).square().mean()


def _hold_still(decoder: nn.Sequential) -> None:
    """Make its weights buffers: saved with the adapter, and not trained."""
    for part in decoder:
        for name, parameter in list(part.named_parameters()):
            delattr(part, name)
            part.register_buffer(name, parameter.detach())


class IntrinsicPromptLayer(PromptLayer):
    """On the body: its prompt is dec(z), or while the space is learned the one of each row's task."""

    def __init__(self, base_layer: nn.Module, shared: nn.ModuleDict) -> None:
        super().__init__(base_layer, shared)
        self.tasks: tuple[str, ...] = ()
        self.decoded = False

    def make(self, config: Any) -> IntrinsicPrompt:
        embeddings = self.body.get_input_embeddings()
        prompts = [first_rows(embeddings, config.n, config.init, config.start) for _ in config.tasks or ("",)]
        return IntrinsicPrompt(torch.stack(prompts), config)

    def prompts(self, n_rows: int) -> list[Tensor]:
        if not self.tasks:
            return super().prompts(n_rows)
        weights: Any = self.weights[self.active_adapters[0]]
        table_KND = weights.of_tasks(self.decoded)
        times = max(1, n_rows // len(self.tasks))
        return [table_KND[weights.tasks.index(task)] for task in self.tasks for _ in range(times)]


@contextmanager
def by_task(model: nn.Module, tasks: Sequence[str], decoded: bool) -> Iterator[None]:
    """Inside, each row has the prompt of its own task, decoded from the space or as it is. tasks: of each row, or packed example."""
    layers = [module for module in model.modules() if isinstance(module, IntrinsicPromptLayer)]
    for layer in layers:
        layer.tasks, layer.decoded = tuple(tasks), decoded
    try:
        yield
    finally:
        for layer in layers:
            layer.tasks = ()


def spaces(model: nn.Module) -> list[IntrinsicPrompt]:
    """Return the active adapters' weights."""
    layers = [module for module in model.modules() if isinstance(module, IntrinsicPromptLayer)]
    found = [layer.weights[adapter] for layer in layers for adapter in layer.active_adapters]
    return [weights for weights in found if isinstance(weights, IntrinsicPrompt)]


def read_decoder(model: nn.Module, file: Path) -> None:
    """Put the decoder of another adapter's file into a model whose own is held still. Raises ValueError where it does not fit."""
    tensors = load_file(file)
    for space in spaces(model):
        for name, held in space.decoder.named_buffers():
            found = [tensor for key, tensor in tensors.items() if key.endswith(f"afina_intrinsic_prompt_weights.decoder.{name}")]
            if len(found) != 1 or found[0].shape != held.shape:
                raise ValueError(f"{file} holds no decoder of this form")
            held.copy_(found[0])


register("intrinsic_prompt", IntrinsicPromptConfig, IntrinsicPromptLayer, PromptTuner)
