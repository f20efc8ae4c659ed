"""What a training step keeps, method by method: `python benchmarks/methods/memory.py [NAME ...]` writes README.md here.

Each method trains the same Llama in a process of its own. Saved bytes: of all tensors that autograd holds between the forward and the
backward pass, each storage once, the model's weights left out. Peak: how much the process's largest resident memory rises over what it had
with model and batch in place, over two steps of AdamW; and of the same with the base twice as deep.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
METHODS: dict[str, dict[str, Any]] = {
    "full": {},
    "freeze": {"n_layers": 2},
    "lora": {"r": 8},
    "houlsby": {"width": 16},
    "prompt_tuning": {"n": 10},
    "ladder_side": {"reduction": 8},
    "attention_fusion": {},
    "lets": {"width": 32},
}
"""Method -> settings. The side networks against what passes gradients through the base."""
WIDTH, HEADS, DEPTHS, ROWS, PLACES = 256, 8, (4, 8), 4, 128
STEPS = 2


def measured(name: str, n_layers: int) -> dict[str, Any]:
    """Train one method for a few steps and return what it kept."""
    import torch
    from transformers import LlamaConfig, LlamaForSequenceClassification

    from afina.methods import METHODS as KNOWN
    from afina.methods import HeadFacts
    from afina.models.facts import facts_from_config
    from afina.types import Horizon

    torch.manual_seed(0)
    sizes: dict[str, Any] = {
        "hidden_size": WIDTH,
        "intermediate_size": 3 * WIDTH,
        "num_hidden_layers": n_layers,
        "num_attention_heads": HEADS,
        "num_labels": 2,
    }
    config = LlamaConfig(vocab_size=1024, **sizes, pad_token_id=0)
    facts, head = facts_from_config(config.to_dict()), HeadFacts("classes", 2)
    method = KNOWN[name](name=name, **METHODS[name])
    model: Any = method.attach(LlamaForSequenceClassification(config), facts, head, Horizon(STEPS)).train()
    bare = model.get_base_model() if hasattr(model, "get_base_model") else model
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4)
    ids = torch.randint(1, 1024, (ROWS, PLACES))
    labels = torch.randint(0, 2, (ROWS,))
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for step in range(STEPS):
        kept.clear()
        with method.during(model, None, step, 0), torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):  # type: ignore[arg-type]
            hidden = bare.base_model(input_ids=ids, use_cache=False).last_hidden_state[:, -1]
            loss = torch.nn.functional.cross_entropy(bare.score(hidden), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    n_trained = sum(parameter.numel() for parameter in trained)
    return {"method": name, "n_layers": n_layers, "trainable": n_trained, "saved_mib": sum(kept.values()) / 2**20, "peak_mib": peak / 2**10}


def table(rows: list[dict[str, Any]]) -> str:
    """One line a method: what is kept at both depths, and how much each further layer of the base adds."""
    shallow, deep = DEPTHS
    lines = [
        f"| method | trainable | saved, MiB, {shallow} layers | {deep} layers | more a layer | peak, MiB, {shallow} layers | {deep} layers |",
        "|---" * 7 + "|",
    ]
    for name in dict.fromkeys(row["method"] for row in rows):
        one, other = ({row["n_layers"]: row for row in rows if row["method"] == name}[depth] for depth in DEPTHS)
        each = (other["saved_mib"] - one["saved_mib"]) / (deep - shallow)
        saved = f"{one['saved_mib']:.1f} | {other['saved_mib']:.1f} | {each:.2f}"
        lines.append(f"| {name} | {one['trainable']:,} | {saved} | {one['peak_mib']:.0f} | {other['peak_mib']:.0f} |")
    return "\n".join(lines)


def main() -> None:
    if len(sys.argv) > 2 and sys.argv[1] == "--one":
        print(json.dumps(measured(sys.argv[2], int(sys.argv[3]))))
        return
    rows = []
    for name in sys.argv[1:] or METHODS:
        for depth in DEPTHS:
            done = subprocess.run([sys.executable, __file__, "--one", name, str(depth)], capture_output=True, text=True, check=True)
            rows.append(json.loads(done.stdout.splitlines()[-1]))
            print(rows[-1], flush=True)
    text = f"""# What a training step keeps

A random Llama {WIDTH} wide, with a class head, fp32, {ROWS} rows of {PLACES} tokens, each method in a process of its own; see `memory.py`. Of `lets` and
`attention_fusion` the states that they read of the base are inputs: [rows, tokens, width] a layer,
{ROWS * PLACES * WIDTH * 4 / 2**20:.1f} MiB, which the peak shows and `lets` (it runs its LSTM again in the backward pass) does not count as saved.

{table(rows)}
"""
    if not sys.argv[1:]:
        (HERE / "README.md").write_text(text, encoding="utf-8")
    else:
        print(table(rows))


if __name__ == "__main__":
    main()
