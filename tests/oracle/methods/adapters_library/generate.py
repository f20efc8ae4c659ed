"""Records what the `adapters` library (Poth et al. 2023) makes of its adapters on two tiny models, for test_adapters_library.py.

It needs an older transformers than this project, so it runs in an environment of its own:

    python -m venv /tmp/adapters-library
    /tmp/adapters-library/bin/pip install torch==2.13.0 adapters==1.3.0 safetensors numpy    # brings transformers 4.57.6
    /tmp/adapters-library/bin/python tests/oracle/methods/adapters_library/generate.py

It writes recorded.safetensors beside itself: "<family>/base/<tensor>" the base model, "<family>/<adapter>/weights/<tensor>" an adapter as
the library names it, "<family>/<adapter>/output" the last hidden states of it, "<family>/output" those of the base; "ids" what all read.
The sizes are in the file's metadata. Its Compacter++ is not recorded: it stands where its Pfeiffer adapter does, not after the feed-forward
layer as the paper's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import adapters
import torch
from adapters.composition import Fuse
from safetensors.torch import save_file
from transformers import BertConfig, BertModel, LlamaConfig, LlamaModel

SIZES: dict[str, dict[str, Any]] = {
    "bert": {
        "vocab_size": 30, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
        "max_position_embeddings": 16, "pad_token_id": 0,
    },
    "llama": {
        "vocab_size": 30, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
        "num_key_value_heads": 1, "max_position_embeddings": 16, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
    },
}  # fmt: skip
MODELS = {"bert": (BertConfig, BertModel), "llama": (LlamaConfig, LlamaModel)}
ADAPTERS: dict[str, Any] = {
    "houlsby": adapters.DoubleSeqBnConfig(reduction_factor=4, non_linearity="swish"),
    "pfeiffer": adapters.SeqBnConfig(reduction_factor=4, non_linearity="relu"),
    "parallel": adapters.ParBnConfig(reduction_factor=4, scaling=4.0),
    "compacter": adapters.CompacterConfig(reduction_factor=4, phm_dim=2, phm_rank=2),
}
TASKS = ("one", "other")
SPREAD = 0.3


def moved(model: Any, names: list[str], mean: float = 0.0) -> None:
    """Draw these parameters anew, far from where they begin."""
    state = dict(model.named_parameters())
    with torch.no_grad():
        for name in names:
            state[name].copy_(mean + SPREAD * torch.randn(state[name].shape))


def main() -> None:
    torch.manual_seed(0)
    ids = torch.tensor([[1, 7, 9, 23, 4, 11], [1, 20, 3, 3, 5, 28]])
    found: dict[str, torch.Tensor] = {"ids": ids}
    for family, (config_of, model_of) in MODELS.items():
        model: Any = model_of(config_of(**SIZES[family], attn_implementation="eager")).eval()
        moved(model, [name for name, _ in model.named_parameters()])
        moved(model, [name for name, _ in model.named_parameters() if "norm" in name.lower() and name.endswith("weight")], mean=1.0)
        found |= {f"{family}/base/{name}": tensor.clone() for name, tensor in model.named_parameters()}
        with torch.no_grad():
            found[f"{family}/output"] = model(input_ids=ids).last_hidden_state.clone()
        adapters.init(model)
        for name, settings in ADAPTERS.items():
            model.add_adapter(name, config=settings)
            record(model, family, name, name, f".{name}.", ids, found)
        for task in TASKS:
            model.add_adapter(task, config=ADAPTERS["pfeiffer"])
        model.add_adapter_fusion(list(TASKS))
        record(model, family, "fusion", Fuse(*TASKS), "adapters.one. adapters.other. adapter_fusion_layer", ids, found)
    file = Path(__file__).with_name("recorded.safetensors")
    versions = {"adapters": adapters.__version__, "torch": torch.__version__.partition("+")[0]}
    save_file(found, file, metadata={"sizes": json.dumps(SIZES), "made with": json.dumps(versions)})
    print(f"{file}: {len(found)} tensors, {file.stat().st_size} bytes")


def record(model: Any, family: str, name: str, setup: Any, parts: str, ids: torch.Tensor, found: dict[str, torch.Tensor]) -> None:
    """Draw an adapter's weights, pass the ids through, keep both. parts: what is in the names of its tensors."""
    own = [path for path, _ in model.named_parameters() if any(part in path for part in parts.split())]
    assert own
    moved(model, own)
    model.set_active_adapters(setup)
    with torch.no_grad():
        output = model(input_ids=ids).last_hidden_state
    model.set_active_adapters(None)
    found[f"{family}/{name}/output"] = output.clone()
    state = dict(model.named_parameters())
    found.update({f"{family}/{name}/weights/{path}": state[path].detach().clone() for path in own})


if __name__ == "__main__":
    main()
