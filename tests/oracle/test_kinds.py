"""Encoders and encoder-decoders against transformers' own losses, logits and generation, in float64 and fp32, alone and padded.

Weights are drawn with a deviation of 0.3, ten times the usual one, so that a wrong mask, a wrong type or a shifted answer shows.
"""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    GenerationConfig,
)

from afina.generate import Sampling, generate, stream
from afina.models.load import own_output_matrix
from afina.objectives import OBJECTIVES
from afina.score import Encoder, EncoderDecoder, actor_of
from afina.types import IGNORE_INDEX, Batch, Context, Example
from tests.tiny import tiny_settings

ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "bert": ("bert", {"pad_token_id": 0}),
    # one type only: ids of a second text would read beyond its table
    "roberta": ("roberta", {"pad_token_id": 1, "type_vocab_size": 1}),
    "xlm-roberta": ("xlm-roberta", {"pad_token_id": 1, "type_vocab_size": 1}),
    "deberta-v2": (
        "deberta-v2",
        {
            "pad_token_id": 0,
            "relative_attention": True,
            "position_buckets": 16,
            "max_relative_positions": -1,
            "norm_rel_ebd": "layer_norm",
            "share_att_key": True,
            "pos_att_type": "p2c|c2p",
            "position_biased_input": False,
        },
    ),
    "deberta-v2-with-types": ("deberta-v2", {"pad_token_id": 0, "type_vocab_size": 2}),
    # layers that see only a window, and one that sees all
    "modernbert": ("modernbert", {"pad_token_id": 2, "local_attention": 8, "global_attn_every_n_layers": 2}),
}
ENCODER_DECODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "t5": ("t5", {}),
    "t5-gated-untied": ("t5", {"feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}),
    "mt5": ("mt5", {}),
    "bart": ("bart", {"decoder_start_token_id": 1, "forced_eos_token_id": None}),
}
EAGER = ("deberta-v2",)
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5}
ONE_SCORE = {torch.float64: 1e-6, torch.float32: 1e-5}
"""Of log-probabilities over the vocabulary: they pass through fp32 (score/), also in float64."""
EOS = 1


def still(config: Any) -> Any:
    """No dropout: two passes must be equal in training mode too."""
    for key in vars(config):
        if "dropout" in key and isinstance(getattr(config, key), float):
            setattr(config, key, 0.0)
    config.initializer_range = config.init_std = 0.3
    return config


def config_of(name: str, **more: Any) -> Any:
    family, settings = (ENCODERS | ENCODER_DECODERS)[name]
    ids = {"bos_token_id": 3, "eos_token_id": EOS} | ({"decoder_start_token_id": 0, "pad_token_id": 0} if name in ENCODER_DECODERS else {})
    return still(AutoConfig.for_model(family, **{**tiny_settings(family), **ids, **settings, **more}))


@cache
def encoder(name: str, classes: bool = True) -> nn.Module:
    torch.manual_seed(0)
    kind = AutoModelForSequenceClassification if classes else AutoModelForMaskedLM
    attention = "eager" if ENCODERS[name][0] in EAGER else "sdpa"
    return kind.from_config(config_of(name, num_labels=3), attn_implementation=attention).eval()


@cache
def encoder_decoder(name: str) -> nn.Module:
    torch.manual_seed(0)
    config = config_of(name)
    model = AutoModelForSeq2SeqLM.from_config(config).eval()
    if not config.tie_word_embeddings:
        own_output_matrix(model)
        with torch.no_grad():
            model.get_output_embeddings().weight.normal_(0, 0.3)
    return model


def texts() -> list[Example]:
    """Texts and pairs of very different lengths."""
    rng = random.Random(0)
    lengths = (5, 9, 41, 3, 17)
    return [Example(i, tuple(rng.randrange(5, 300) for _ in range(n)), (), i % 3, n // 2 if i % 2 else 0) for i, n in enumerate(lengths)]


def answers() -> list[Example]:
    """Prompts and answers of very different lengths, id 0 (which pads) among them."""
    rng = random.Random(0)
    examples = []
    for i, (n_read, n_written) in enumerate(((5, 3), (9, 7), (31, 1), (4, 19))):
        read = [rng.randrange(5, 300) for _ in range(n_read)]
        written = [*(rng.randrange(5, 300) for _ in range(n_written - 1)), EOS]
        examples.append(Example(i, (*read, *written), (*([IGNORE_INDEX] * n_read), *written), second=n_read))
    return examples


def own_inputs(name: str, example: Example) -> dict[str, Tensor]:
    """One text as a person gives it to transformers, without any padding."""
    inputs = {"input_ids": torch.tensor([example.ids]), "attention_mask": torch.ones(1, len(example), dtype=torch.long)}
    if example.second and name in ("bert", "deberta-v2-with-types"):
        inputs["token_type_ids"] = torch.tensor([[0] * example.second + [1] * (len(example) - example.second)])
    return inputs


@pytest.fixture(params=[torch.float64, torch.float32], ids=["float64", "fp32"])
def dtype(request: pytest.FixtureRequest) -> torch.dtype:
    return request.param


# --- encoders ---


@pytest.mark.parametrize("name", ENCODERS)
def test_class_scores_in_a_padded_batch_are_those_of_each_text_alone(name: str, dtype: torch.dtype) -> None:
    model, classify = encoder(name).to(dtype), OBJECTIVES["classify"](name="classify")
    actor = actor_of(model)
    assert isinstance(actor, Encoder)
    batch = classify.collate(texts(), Context("encoder"))
    with torch.no_grad():
        found_BC = actor.class_logits(batch)
        for row, example in enumerate(texts()):
            reference = model(**own_inputs(name, example))
            assert float((found_BC[row] - reference.logits[0]).abs().max()) <= TOLERANCE[dtype] * 10
        assert float((found_BC[0] - found_BC[1]).abs().max()) > 1e-2, "scores that are all alike would prove nothing"


@pytest.mark.parametrize("name", ENCODERS)
def test_the_class_loss_is_the_sum_of_the_models_own_losses(name: str, dtype: torch.dtype) -> None:
    model, classify = encoder(name).to(dtype), OBJECTIVES["classify"](name="classify")
    with torch.no_grad():
        found = classify.loss({"policy": actor_of(model)}, classify.collate(texts(), Context("encoder"))).terms["nll"].total
        wanted = sum(float(model(**own_inputs(name, one), labels=torch.tensor([one.target])).loss) for one in texts())
    assert float(found) == pytest.approx(wanted, rel=1e-6 if dtype is torch.float64 else 1e-5)


@pytest.mark.parametrize("name", ["bert", "deberta-v2-with-types"])
def test_the_second_text_of_a_pair_is_told_apart(name: str) -> None:
    model, classify = encoder(name).double(), OBJECTIVES["classify"](name="classify")
    pair = next(example for example in texts() if example.second)
    alone = Example(pair.number, pair.ids, (), pair.target)
    with torch.no_grad():
        told, untold = (actor_of(model).class_logits(classify.collate([one], Context("encoder"))) for one in (pair, alone))
    assert float((told - untold).abs().max()) > 1e-2


@pytest.mark.parametrize("pad", [0, 1, 2, 57])
@pytest.mark.parametrize("name", ENCODERS)
def test_what_stands_in_the_padding_changes_nothing(name: str, pad: int) -> None:
    model, classify = encoder(name).double(), OBJECTIVES["classify"](name="classify")
    batch = classify.collate(texts(), Context("encoder"))
    with torch.no_grad():
        before = actor_of(model).class_logits(batch)
        batch.input_ids_BT[torch.arange(batch.input_ids_BT.shape[1])[None] >= batch.lengths_B[:, None]] = pad
        assert torch.equal(actor_of(model).class_logits(batch), before)


@pytest.mark.parametrize("name", ENCODERS)
def test_the_state_a_probe_reads_is_the_first_tokens(name: str) -> None:
    model, classify = encoder(name).double(), OBJECTIVES["classify"](name="classify")
    with torch.no_grad():
        found_BD = actor_of(model).last_hidden(classify.collate(texts(), Context("encoder")))
        for row, example in enumerate(texts()):
            reference = model.base_model(**own_inputs(name, example)).last_hidden_state[0, 0]
            assert float((found_BD[row] - reference).abs().max()) <= 1e-10


@pytest.mark.parametrize("name", ENCODERS)
def test_masked_tokens_are_predicted_at_their_own_places(name: str) -> None:
    """The vocabulary head on marked places alone is the model's masked-language head there."""
    model = encoder(name, classes=False).double()
    example = texts()[2]
    labels = [label if place % 3 == 1 else IGNORE_INDEX for place, label in enumerate(example.ids)]
    batch = Batch(torch.tensor([example.ids]), torch.tensor([len(example)]), torch.tensor([labels]))
    with torch.no_grad():
        found = actor_of(model).token_logps(batch)
        logits_TV = model(input_ids=batch.input_ids_BT).logits[0].double()
    wanted = F.log_softmax(logits_TV, -1)
    for place, label in enumerate(labels[1:], 1):
        expected = 0.0 if label == IGNORE_INDEX else float(wanted[place, label])
        assert float(found[0, place - 1]) == pytest.approx(expected, abs=1e-5)


# --- encoder-decoders ---


def own_loss(model: nn.Module, example: Example) -> float:
    """The model's own loss of one answer alone, summed over its tokens."""
    read, written = example.ids[: example.second], example.ids[example.second :]
    return float(model(input_ids=torch.tensor([read]), labels=torch.tensor([written])).loss.detach()) * len(written)


@pytest.mark.parametrize("name", ENCODER_DECODERS)
def test_the_loss_of_answers_is_the_models_own(name: str, dtype: torch.dtype) -> None:
    model, sft = encoder_decoder(name).to(dtype), OBJECTIVES["sft"](name="sft")
    actors = {"policy": actor_of(model)}
    assert isinstance(actors["policy"], EncoderDecoder)
    with torch.no_grad():
        batch = sft.collate(answers(), Context("encoder-decoder"))
        found_BT = actors["policy"].token_logps(batch)
        for row, example in enumerate(answers()):
            assert -float(found_BT[row].sum()) == pytest.approx(own_loss(model, example), rel=1e-5)
        total = sft.loss(actors, batch).terms["nll"].total
    assert float(total) == pytest.approx(sum(own_loss(model, example) for example in answers()), rel=1e-5)
    assert sft.counts(batch) == {"tokens": 3 + 7 + 1 + 19}


@pytest.mark.parametrize("name", ENCODER_DECODERS)
def test_gradients_are_those_of_the_models_own_loss(name: str) -> None:
    model, sft = encoder_decoder(name).double(), OBJECTIVES["sft"](name="sft")

    def gradient(loss: Tensor) -> Tensor:
        found = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)
        return torch.cat([tensor.reshape(-1) for tensor in found if tensor is not None])

    ours = gradient(sft.loss({"policy": actor_of(model)}, sft.collate(answers(), Context("encoder-decoder"))).terms["nll"].total)
    theirs = torch.zeros_like(ours)
    for example in answers():
        read, written = torch.tensor([example.ids[: example.second]]), torch.tensor([example.ids[example.second :]])
        theirs += gradient(model(input_ids=read, labels=written).loss * written.numel())
    assert float((ours - theirs).norm() / theirs.norm()) <= 1e-6


@pytest.mark.parametrize("name", ENCODER_DECODERS)
def test_label_smoothing_is_torchs_cross_entropy(name: str) -> None:
    model, sft = encoder_decoder(name).double(), OBJECTIVES["sft"](name="sft", label_smoothing=0.1)
    with torch.no_grad():
        found = sft.loss({"policy": actor_of(model)}, sft.collate(answers(), Context("encoder-decoder"))).terms["nll"].total
        wanted = 0.0
        for example in answers():
            read, written = torch.tensor([example.ids[: example.second]]), torch.tensor([example.ids[example.second :]])
            logits_TV = model(input_ids=read, labels=written).logits[0]
            wanted += float(F.cross_entropy(logits_TV, written[0], reduction="sum", label_smoothing=0.1))
    assert float(found) == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("name", ENCODER_DECODERS)
def test_greedy_answers_are_transformers_own_alone_batched_and_streamed(name: str) -> None:
    model = encoder_decoder(name).float()
    actor, sampling = actor_of(model), Sampling(max_new_tokens=12)
    prompts = [example.ids[: example.second] for example in answers()]
    stops = [EOS, 17, 40]  # ids that occur, so that some answers end early
    wanted = []
    for prompt in prompts:
        config = GenerationConfig(
            max_new_tokens=12, do_sample=False, decoder_start_token_id=actor.start, eos_token_id=stops, pad_token_id=0, bos_token_id=None
        )
        own, model.generation_config = model.generation_config, config
        with torch.inference_mode():
            out = model.generate(input_ids=torch.tensor([prompt]), generation_config=config)[0, 1:].tolist()
        model.generation_config = own
        wanted.append(out[: next((i for i, index in enumerate(out) if index in stops), len(out))])
    assert generate(actor, prompts, stops, sampling) == wanted
    assert [list(stream(actor, prompt, stops, sampling)) for prompt in prompts] == wanted
    assert any(wanted)


@pytest.mark.parametrize("name", ENCODER_DECODERS)
def test_choices_are_scored_as_the_models_own_losses(name: str) -> None:
    model = encoder_decoder(name).double()
    prompt, choices = answers()[1].ids[:9], [[7, 8, 9], [4], [5, 6, 7, 8, 0]]
    with torch.no_grad():
        found = actor_of(model).choice_logps(prompt, choices)
        wanted = [-float(model(input_ids=torch.tensor([prompt]), labels=torch.tensor([one])).loss) * len(one) for one in choices]
    assert found == pytest.approx(wanted, abs=1e-4)
