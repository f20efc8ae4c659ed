"""One side of the comparison in its own process: `one.py afina|trainer`. Prints tokens/s and peak memory as JSON.

Both train the same random Llama (the nano's shape) on the same rows in the same order: 16 rows a step, answers of 4 to 40 tokens after prompts
of 10 to 120, fp32, AdamW. The Trainer gets what its users give it: micro-batches of 4, padded to the longest.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time

import torch

STEPS, WARM, BATCH, MICRO = 24, 4, 16, 4
CONFIG = {
    "vocab_size": 2048, "hidden_size": 192, "intermediate_size": 512, "num_hidden_layers": 6, "num_attention_heads": 6,
    "num_key_value_heads": 2, "max_position_embeddings": 1024, "tie_word_embeddings": True,
}  # fmt: skip


def rows(n: int) -> list[tuple[list[int], list[int]]]:
    rng = random.Random(0)
    made = []
    for _ in range(n):
        prompt = [rng.randrange(10, 2048) for _ in range(rng.randrange(10, 120))]
        answer = [rng.randrange(10, 2048) for _ in range(rng.randrange(4, 40))]
        made.append((prompt + answer, [-100] * len(prompt) + answer))
    return made


def model() -> torch.nn.Module:
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    return LlamaForCausalLM(LlamaConfig(**CONFIG))


def afina() -> tuple[float, int]:
    from afina.data.batches import Batches
    from afina.events import Step
    from afina.methods import METHODS
    from afina.objectives import OBJECTIVES
    from afina.recipe.schema import TokenBudget, TrainSpec
    from afina.strategy import Single
    from afina.training.loop import Cadence, Training
    from afina.training.optim import build_optimizer
    from afina.training.state import Progress, TrainState
    from afina.types import Example

    examples = [Example(i, tuple(ids), tuple(labels)) for i, (ids, labels) in enumerate(rows(STEPS * BATCH))]
    spec, method, strategy = (
        TrainSpec(learning_rate=1e-3, batch_size=BATCH, schedule="constant"),
        METHODS["full"](name="full"),
        Single("fp32", "cpu"),
    )
    trained = model()
    state = TrainState(Progress(), trained, build_optimizer(trained, method, spec), strategy.scaler)
    lengths = [len(example) for example in examples]
    training = Training(
        method=method, objective=OBJECTIVES["sft"](name="sft"), spec=spec, cadence=Cadence(STEPS, 0, STEPS, STEPS), strategy=strategy,
        state=state, examples=examples, batches=lambda scale: Batches(lengths, BATCH, 0, TokenBudget(tokens=1024), 1), validation=None,
        checkpoints=None, seed=0,
    )  # fmt: skip
    steps = [event for event in training if isinstance(event, Step)][WARM:]
    return sum(step.seconds for step in steps), sum(step.n_tokens for step in steps)


def trainer() -> tuple[float, int]:
    from torch.utils.data import SequentialSampler
    from transformers import Trainer, TrainerCallback, TrainingArguments

    data = rows(STEPS * BATCH)

    def collate(chosen: list[tuple[list[int], list[int]]]) -> dict[str, torch.Tensor]:
        width = max(len(ids) for ids, _ in chosen)
        pad = [
            (ids + [0] * (width - len(ids)), labels + [-100] * (width - len(ids)), [1] * len(ids) + [0] * (width - len(ids)))
            for ids, labels in chosen
        ]
        return dict(zip(("input_ids", "labels", "attention_mask"), map(torch.tensor, zip(*pad, strict=True)), strict=True))

    class InOrder(Trainer):
        def _get_train_sampler(self, *args: object, **kwargs: object) -> SequentialSampler:
            return SequentialSampler(self.train_dataset)

    ends: list[float] = []

    class Clock(TrainerCallback):
        def on_step_end(self, *args: object, **kwargs: object) -> None:
            ends.append(time.perf_counter())

    arguments = TrainingArguments(
        output_dir=tempfile.mkdtemp(prefix="afina-speed-"), max_steps=STEPS, per_device_train_batch_size=MICRO, gradient_accumulation_steps=BATCH // MICRO, learning_rate=1e-3,
        lr_scheduler_type="constant", use_cpu=True, report_to="none", save_strategy="no", logging_strategy="no", disable_tqdm=True,
        remove_unused_columns=False,
    )  # fmt: skip
    InOrder(model=model(), args=arguments, train_dataset=data, data_collator=collate, callbacks=[Clock()]).train()  # type: ignore[arg-type]
    return ends[-1] - ends[WARM - 1], sum(len(ids) for ids, _ in data[WARM * BATCH :])


if __name__ == "__main__":
    seconds, tokens = {"afina": afina, "trainer": trainer}[sys.argv[1]]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"side": sys.argv[1], "tokens_per_s": round(tokens / seconds), "peak_gib": round(peak, 3)}))
