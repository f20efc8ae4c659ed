"""NEFTune's noise: its size, whose it is, and when it is there."""

from __future__ import annotations

import math

import pytest
import torch
from transformers.integrations.neftune import neftune_post_forward_hook

from afina.objectives import OBJECTIVES
from afina.score import actor_of
from afina.training.neftune import Neftune, _seed, noise
from tests.training import causal_model, token_examples

EXAMPLES = token_examples(6)
SFT = OBJECTIVES["sft"](name="sft")
WIDTH = 256


def drawn(batch, seed: int = 0, step: int = 3, alpha: float = 5.0) -> torch.Tensor:
    return noise(batch, torch.zeros(*batch.input_ids_BT.shape, WIDTH), alpha, seed, step)


def rows(batch) -> list[torch.Tensor]:
    found, lengths = drawn(batch), batch.lengths_B.tolist()
    if batch.positions_BT is not None:
        return list(found[0].split(lengths))
    assert all(not found[i, length:].any() for i, length in enumerate(lengths)), "padding gets no noise"
    return [found[i, :length] for i, length in enumerate(lengths)]


def test_an_examples_noise_is_uniform_with_the_size_of_its_own_length() -> None:
    for example, row in zip(EXAMPLES, rows(SFT.collate(EXAMPLES)), strict=True):
        size = 5.0 / math.sqrt(len(example) * WIDTH)
        assert float(row.abs().max()) <= size
        assert float(row.abs().max()) > 0.98 * size
        assert abs(float(row.mean())) < 0.1 * size
        assert float(row.std()) == pytest.approx(size / math.sqrt(3), rel=0.05)


def test_an_examples_noise_is_its_own_wherever_it_lies() -> None:
    """Alone, padded beside others, in another order, packed."""
    alone = [rows(SFT.collate([example]))[0] for example in EXAMPLES]
    for found in (rows(SFT.collate(EXAMPLES)), rows(SFT.collate(EXAMPLES[::-1]))[::-1], rows(SFT.pack(EXAMPLES))):
        assert all(torch.equal(a, b) for a, b in zip(found, alone, strict=True))
    assert not torch.equal(alone[0][:5], alone[1][:5])


def test_it_is_another_in_each_step_and_with_each_seed() -> None:
    batch = SFT.collate(EXAMPLES)
    assert torch.equal(drawn(batch), drawn(batch))
    assert not torch.equal(drawn(batch), drawn(batch, step=4))
    assert not torch.equal(drawn(batch), drawn(batch, seed=1))


def test_one_example_has_the_noise_of_transformers_from_the_same_generator() -> None:
    batch = SFT.collate(EXAMPLES[:1])
    module = torch.nn.Module()
    module.neftune_noise_alpha = 5.0  # type: ignore[assignment]
    torch.manual_seed(_seed(0, 3, list(EXAMPLES[0].ids)))
    theirs = neftune_post_forward_hook(module, None, torch.zeros(1, len(EXAMPLES[0]), WIDTH))
    assert torch.allclose(drawn(batch), theirs, rtol=1e-6, atol=0)


@pytest.mark.parametrize("alpha", [0.0, 5.0])
def test_it_is_there_during_the_batch_and_not_after(alpha: float) -> None:
    model = causal_model()
    actor, batch = actor_of(model), SFT.collate(EXAMPLES)
    clean = actor.token_logps(batch).detach()
    neftune = Neftune(model.get_input_embeddings(), alpha, 0)
    with neftune.during(batch, 1):
        noisy = actor.token_logps(batch).detach()
    assert torch.equal(noisy, clean) == (alpha == 0)
    assert torch.equal(actor.token_logps(batch).detach(), clean)


def test_another_batch_inside_is_refused() -> None:
    model = causal_model()
    neftune = Neftune(model.get_input_embeddings(), 5.0, 0)
    with neftune.during(SFT.collate(EXAMPLES), 1), pytest.raises(AssertionError, match="does not know the examples"):
        actor_of(model).token_logps(SFT.collate(EXAMPLES[:2]))


def test_an_encoder_fills_up_with_ids_of_its_own() -> None:
    """BERT is asked with its pad id where the batch is padded: the same examples all the same."""
    from transformers import BertConfig, BertForMaskedLM

    torch.manual_seed(0)
    sizes = {"vocab_size": 320, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4}
    model = BertForMaskedLM(BertConfig(**sizes, pad_token_id=7)).eval()
    batch = SFT.collate(EXAMPLES)
    clean = actor_of(model).token_logps(batch).detach()
    with Neftune(model.get_input_embeddings(), 5.0, 0).during(batch, 1):
        assert not torch.equal(actor_of(model).token_logps(batch).detach(), clean)


def test_gpt2_looks_at_its_ids_through_a_view() -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(vocab_size=320, n_positions=256, n_embd=32, n_layer=1, n_head=4)).eval()
    batch = SFT.collate(EXAMPLES)
    clean = actor_of(model).token_logps(batch).detach()
    with Neftune(model.get_input_embeddings(), 5.0, 0).during(batch, 1):
        assert not torch.equal(actor_of(model).token_logps(batch).detach(), clean)
