"""Builds a Training straight from examples, without files: what invariants and oracles drive."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import torch

from afina.data.batches import Batches
from afina.events import Step
from afina.methods import METHODS, Method
from afina.objectives import OBJECTIVES, Objective
from afina.recipe.schema import TokenBudget, TrainSpec
from afina.score import Actor
from afina.strategy import Single
from afina.training.build import build_state
from afina.training.loop import NO_VOCABULARY, Cadence, Training
from afina.types import IGNORE_INDEX, Example, Vocabulary
from tests.tiny import tiny_config, tiny_settings

BOS, EOS = 0, 1
MASK = 4
NOISED_VOCABULARY = Vocabulary(320, frozenset({*range(5), *range(220, 320)}), MASK, tuple(range(319, 219, -1)), EOS)
"""What noise over the tokens of `noised_examples` has to know."""


def token_examples(n: int, seed: int = 0, longest_answer: int = 40) -> list[Example]:
    """A learnable task whose answers differ in length tenfold: repeat the first token of the prompt."""
    rng = random.Random(seed)
    examples = []
    for number in range(n):
        first = rng.randrange(10, 60)
        prompt = [BOS, first, *(rng.randrange(60, 300) for _ in range(rng.randrange(2, 12)))]
        answer = [first] * rng.choice([longest_answer // 10, longest_answer // 4, longest_answer]) + [EOS]
        examples.append(Example(number, (*prompt, *answer), (*([IGNORE_INDEX] * len(prompt)), *answer)))
    return examples


def class_examples(n: int, seed: int = 0) -> list[Example]:
    """Three classes told by one token somewhere in the text."""
    rng = random.Random(seed)
    examples = []
    for number in range(n):
        target = rng.randrange(3)
        body = [rng.randrange(60, 300) for _ in range(rng.randrange(3, 30))]
        body[rng.randrange(len(body))] = 20 + target
        examples.append(Example(number, (BOS, *body, EOS), (), target))
    return examples


def pair_examples(n: int, seed: int = 0) -> list[Example]:
    """The same with every other text in two parts, and the class told at its second place too: an encoder finds it in a few steps."""
    found: list[Example] = []
    for one in class_examples(n, seed):
        ids = (one.ids[0], 20 + one.target, *one.ids[2:])
        found.append(Example(one.number, ids, (), one.target, 1 + len(one) // 3 if one.number % 2 else 0))
    return found


def read_and_write_examples(n: int, seed: int = 0, longest_answer: int = 40) -> list[Example]:
    """The task of `token_examples` for an encoder-decoder: it reads the prompt and writes the answer."""
    found = []
    for one in token_examples(n, seed, longest_answer):
        n_read = one.labels.count(IGNORE_INDEX)
        found.append(Example(one.number, one.ids, one.labels, second=n_read))
    return found


def noised_examples(n: int, seed: int = 0) -> list[Example]:
    """Framed texts that repeat two of eight tokens in turn: a hidden one is told by those two places away."""
    rng = random.Random(seed)
    found: list[Example] = []
    for number in range(n):
        inside = (rng.sample(range(5, 13), 2) * 20)[: rng.randrange(8, 40)]
        found.append(Example(number, (BOS, *inside, EOS), (IGNORE_INDEX, *inside, IGNORE_INDEX)))
    return found


def choice_examples(n: int, seed: int = 0, apart: bool = False) -> list[Example]:
    """Two to four options of different length; the right one repeats the first token of the prompt. apart: for an encoder-decoder."""
    rng = random.Random(seed)
    found: list[Example] = []
    for number in range(n):
        first = rng.randrange(10, 60)
        prompt = [BOS, first, *(rng.randrange(60, 300) for _ in range(rng.randrange(2, 12)))]
        options = [[rng.randrange(60, 300)] * rng.randrange(1, 9) + [EOS] for _ in range(rng.randrange(1, 4))]
        target = rng.randrange(len(options) + 1)
        options.insert(target, [first] * rng.randrange(1, 9) + [EOS])
        before = [] if apart else prompt
        ids = [*(prompt if apart else []), *(index for option in options for index in (*before, *option))]
        masked = [IGNORE_INDEX] * len(prompt)
        labels = [*(masked if apart else []), *(label for option in options for label in (*([] if apart else masked), *option))]
        starts = [float(len(prompt) if apart else 0)]
        for option in options[:-1]:
            starts.append(starts[-1] + len(before) + len(option))
        found.append(Example(number, tuple(ids), tuple(labels), target, len(prompt) if apart else 0, tuple(starts)))
    return found


def causal_model(seed: int = 0, **changes: object) -> torch.nn.Module:
    from transformers import LlamaForCausalLM

    torch.manual_seed(seed)
    return LlamaForCausalLM(tiny_config(**changes))


def class_model(seed: int = 0, n_classes: int = 3, **changes: object) -> torch.nn.Module:
    from transformers import LlamaForSequenceClassification

    torch.manual_seed(seed)
    return LlamaForSequenceClassification(tiny_config(num_labels=n_classes, **changes))


def encoder_model(seed: int = 0, n_classes: int = 3) -> torch.nn.Module:
    """A BERT that classifies, without dropout. Id 0 pads it and begins every example: a mask taken from ids would hide the first token."""
    from transformers import AutoConfig, AutoModelForSequenceClassification

    torch.manual_seed(seed)
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    config = AutoConfig.for_model("bert", **tiny_settings("bert"), **still, pad_token_id=0, num_labels=n_classes, initializer_range=0.2)
    return AutoModelForSequenceClassification.from_config(config)


def masked_model(seed: int = 0) -> torch.nn.Module:
    """A BERT that tells hidden tokens, without dropout."""
    from transformers import AutoConfig, AutoModelForMaskedLM

    torch.manual_seed(seed)
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    config = AutoConfig.for_model("bert", **tiny_settings("bert"), **still, pad_token_id=0, initializer_range=0.2)
    return AutoModelForMaskedLM.from_config(config)


def tag_model(kind: str = "decoder", seed: int = 0, n_tags: int = 3) -> torch.nn.Module:
    """A Llama or a BERT that tags, without dropout."""
    from transformers import AutoConfig, AutoModelForTokenClassification

    torch.manual_seed(seed)
    if kind == "decoder":
        config = tiny_config(num_labels=n_tags, classifier_dropout=0.0)
    else:
        still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        config = AutoConfig.for_model("bert", **tiny_settings("bert"), **still, pad_token_id=0, num_labels=n_tags, initializer_range=0.2)
    return AutoModelForTokenClassification.from_config(config)


def encoder_decoder_model(seed: int = 0) -> torch.nn.Module:
    """A T5 without dropout. Id 0 pads it, begins its answers and begins every example."""
    from transformers import AutoConfig, AutoModelForSeq2SeqLM

    torch.manual_seed(seed)
    ids = {"pad_token_id": BOS, "eos_token_id": EOS, "decoder_start_token_id": BOS}
    return AutoModelForSeq2SeqLM.from_config(AutoConfig.for_model("t5", **tiny_settings("t5"), **ids, dropout_rate=0.0))


def training(
    model: torch.nn.Module,
    objective: str | Objective,
    examples: Sequence[Example],
    *,
    steps: int,
    batch_size: int = 16,
    micro: int | TokenBudget = 4,
    method: Method | None = None,
    strategy: Single | None = None,
    seed: int = 0,
    micro_scaled: Callable[[float], Batches] | None = None,
    vocabulary: Vocabulary = NO_VOCABULARY,
    beside: Mapping[str, Actor] = MappingProxyType({}),
    tasks: Mapping[int, str] = MappingProxyType({}),
    **spec: object,
) -> Training:
    settings: dict[str, object] = {"learning_rate": 1e-3, "schedule": "constant", "warmup_ratio": 0.0}
    train = TrainSpec.model_validate({**settings, "batch_size": batch_size, "micro_batch_size": micro, **spec})
    strategy = strategy or Single("fp32", "cpu")
    method = method or METHODS["full"](name="full")
    model.to(strategy.device)
    state = build_state(model, method, train, strategy.scaler)
    lengths = [len(example) for example in examples]
    return Training(
        method=method,
        objective=OBJECTIVES[objective](name=objective) if isinstance(objective, str) else objective,
        spec=train,
        cadence=Cadence(steps, round(train.warmup_ratio * steps), steps, steps, decay_steps=round(train.decay_ratio * steps)),
        strategy=strategy,
        state=state,
        examples=list(examples),
        batches=micro_scaled or (lambda scale: Batches(lengths, batch_size, seed, micro, strategy.world, train.packing)),
        validation=None,
        checkpoints=None,
        seed=seed,
        vocabulary=vocabulary,
        beside=beside,
        tasks=tasks,
    )


def losses(run: Training) -> list[float]:
    return [event.loss for event in run if isinstance(event, Step)]


def weights(model: torch.nn.Module) -> torch.Tensor:
    """All trained weights but BERT's key biases: attention does not depend on them, so their gradient is rounding, which Adam scales up."""
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad and not name.endswith("key.bias")]
    return torch.cat([p.detach().double().reshape(-1) for _, p in named])


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm())
