"""Generation: greedy is argmax step by step, a batch is each prompt alone, sampling is reproducible and leaves the world alone."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
import torch
from torch import nn

from afina.generate import Sampling, cut_at_stop, generate, stream
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.score import Actor, actor_of
from afina.types import Horizon
from tests.training import causal_model

PROMPTS = [[0, 14, 99, 3], [0, 7], [0, *range(40, 70)], [5], [0, 14, 99, 3, 8, 8, 8, 121, 44]]
NO_STOP: list[int] = []


@cache
def actor(family: str = "llama") -> Actor:
    """Weights spread widely, so that the likeliest token depends on the text, with margins above rounding."""
    if family == "llama":
        return actor_of(causal_model(initializer_range=0.3).eval())
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    sizes = {"vocab_size": 320, "n_positions": 128, "n_embd": 32, "n_layer": 2, "n_head": 4, "initializer_range": 0.3}
    return actor_of(GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=1)).eval())


def argmax_steps(model: nn.Module, prompt: list[int], n: int) -> list[int]:
    """The reference: the whole text through the model for each new token, no cache, no batch."""
    ids = list(prompt)
    with torch.no_grad():
        for _ in range(n):
            ids.append(int(model(input_ids=torch.tensor([ids])).logits[0, -1].argmax()))
    return ids[len(prompt) :]


@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_greedy_is_argmax_step_by_step_also_in_a_batch(family: str) -> None:
    wanted = [argmax_steps(actor(family).model, prompt, 20) for prompt in PROMPTS]
    assert generate(actor(family), PROMPTS, NO_STOP, Sampling(max_new_tokens=20)) == wanted
    assert len({token for answer in wanted for token in answer}) > 10, "answers that are all alike prove nothing"


@pytest.mark.parametrize("batch_size", [1, 2, 3, 16])
def test_a_batch_answers_as_each_prompt_alone_in_the_order_asked(batch_size: int) -> None:
    sampling = Sampling(max_new_tokens=15)
    alone = [generate(actor(), [prompt], NO_STOP, sampling)[0] for prompt in PROMPTS]
    assert generate(actor(), PROMPTS, NO_STOP, sampling, batch_size) == alone
    assert generate(actor(), PROMPTS[::-1], NO_STOP, sampling, batch_size) == alone[::-1]


def test_streaming_gives_what_generate_gives() -> None:
    for prompt in PROMPTS:
        assert list(stream(actor(), prompt, NO_STOP, Sampling(max_new_tokens=20))) == argmax_steps(actor().model, prompt, 20)


def test_stop_ids_end_the_answer_and_are_left_out() -> None:
    free = [argmax_steps(actor().model, prompt, 20) for prompt in PROMPTS]
    stops = [free[0][6], free[2][3]]
    wanted = [cut_at_stop(answer, stops) for answer in free]
    assert len(wanted[0]) <= 6
    assert generate(actor(), PROMPTS, stops, Sampling(max_new_tokens=20)) == wanted
    for prompt, answer in zip(PROMPTS, wanted, strict=True):
        assert list(stream(actor(), prompt, stops, Sampling(max_new_tokens=20))) == answer


def test_a_stop_id_at_once_is_an_empty_answer() -> None:
    first = argmax_steps(actor().model, PROMPTS[0], 1)
    assert generate(actor(), PROMPTS[:1], first, Sampling(max_new_tokens=5)) == [[]]
    assert list(stream(actor(), PROMPTS[0], first, Sampling(max_new_tokens=5))) == []


def test_nothing_is_generated_beyond_the_last_stop() -> None:
    """When every row of a batch has stopped, the model is not asked again."""
    first = [argmax_steps(actor().model, prompt, 1)[0] for prompt in PROMPTS]
    calls: list[int] = []
    handle = actor().model.register_forward_hook(lambda *_: calls.append(1))
    try:
        assert generate(actor(), PROMPTS, first, Sampling(max_new_tokens=50)) == [[]] * len(PROMPTS)
    finally:
        handle.remove()
    assert len(calls) == 1


def test_cut_at_stop() -> None:
    assert cut_at_stop([5, 6, 7, 6], [6]) == [5]
    assert cut_at_stop([5, 7], [6]) == [5, 7]
    assert cut_at_stop([6], [6, 7]) == []
    assert cut_at_stop([], []) == []


@pytest.mark.parametrize("temperature", [0.7, 1.5])
def test_sampling_is_a_function_of_its_seed(temperature: float) -> None:
    def drawn(seed: int) -> list[list[int]]:
        return generate(actor(), PROMPTS, NO_STOP, Sampling(20, temperature, seed=seed))

    first = drawn(1)
    torch.rand(17)
    assert drawn(1) == first
    assert drawn(2) != first
    assert first != generate(actor(), PROMPTS, NO_STOP, Sampling(20))


def test_a_stream_is_a_function_of_its_seed() -> None:
    def drawn(seed: int) -> list[int]:
        return list(stream(actor(), PROMPTS[0], NO_STOP, Sampling(20, 1.0, 0.9, seed)))

    first = drawn(1)
    torch.rand(17)
    assert drawn(1) == first
    assert drawn(2) != first


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_the_global_generator_is_left_alone(temperature: float) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    generate(actor(), PROMPTS, NO_STOP, Sampling(8, temperature, seed=9))
    assert torch.equal(torch.get_rng_state(), before)
    list(stream(actor(), PROMPTS[0], NO_STOP, Sampling(8, temperature, seed=9)))
    assert torch.equal(torch.get_rng_state(), before)


def test_sampled_shares_are_the_models_probabilities() -> None:
    """One new token for many seeds, by stream and by generate; top_p keeps the fewest tokens that reach it."""
    prompt, temperature, n = PROMPTS[0], 1.3, 400
    with torch.no_grad():
        probs = (actor().model(input_ids=torch.tensor([prompt])).logits[0, -1] / temperature).softmax(-1)
    streamed = Counter(next(stream(actor(), prompt, NO_STOP, Sampling(1, temperature, seed=seed))) for seed in range(n))
    generated = Counter(row[0] for row in generate(actor(), [prompt] * n, NO_STOP, Sampling(1, temperature), batch_size=n))
    top = probs.argsort(descending=True)[:4].tolist()
    for token in top:
        share, error = float(probs[token]), 4 * (float(probs[token]) * (1 - float(probs[token])) / n) ** 0.5
        assert abs(streamed[token] / n - share) <= error
        assert abs(generated[token] / n - share) <= error
    ordered, ids = probs.sort(descending=True)
    kept = {int(i) for i, before in zip(ids, ordered.cumsum(0) - ordered, strict=True) if before < 0.5}
    assert 1 <= len(kept) < 100
    nucleus = {next(stream(actor(), prompt, NO_STOP, Sampling(1, temperature, 0.5, seed))) for seed in range(150)}
    assert nucleus <= kept
    assert {row[0] for row in generate(actor(), [prompt] * 150, NO_STOP, Sampling(1, temperature, 0.5), batch_size=150)} <= kept
    assert {next(stream(actor(), prompt, NO_STOP, Sampling(1, 1.0, 1e-9, seed))) for seed in range(20)} == {int(probs.argmax())}


def test_an_empty_prompt_is_refused_and_no_prompts_are_no_answers() -> None:
    with pytest.raises(ValueError, match="a prompt has no tokens"):
        generate(actor(), [[0, 1], []], NO_STOP, Sampling(4))
    assert generate(actor(), [], NO_STOP, Sampling(4)) == []


@pytest.mark.parametrize("training", [True, False])
def test_the_models_mode_is_put_back_and_dropout_is_off(training: bool) -> None:
    model = causal_model(initializer_range=0.3, attention_dropout=0.5)
    model.train(training)
    wanted = argmax_steps(actor().model, PROMPTS[0], 10)
    assert generate(actor_of(model), PROMPTS[:1], NO_STOP, Sampling(10)) == [wanted]
    assert model.training is training
    assert list(stream(actor_of(model), PROMPTS[0], NO_STOP, Sampling(10))) == wanted
    assert model.training is training
    with pytest.raises(ValueError, match="no tokens"):
        generate(actor_of(model), [[]], NO_STOP, Sampling(10))
    assert model.training is training


def test_the_mode_is_put_back_when_a_stream_is_left_half_read() -> None:
    model = causal_model()
    model.train()
    streaming = stream(actor_of(model), PROMPTS[0], NO_STOP, Sampling(10))
    next(streaming)
    streaming.close()
    assert model.training


def test_an_adapters_answers_are_those_of_the_adapted_model() -> None:
    model = causal_model(initializer_range=0.3)
    facts = facts_from_config(model.config.to_dict())
    wrapped = METHODS["lora"](name="lora", r=4).attach(model, facts, HeadFacts("lm"), Horizon(1))
    with torch.no_grad():
        for parameter in wrapped.parameters():
            if parameter.requires_grad:
                parameter.add_(0.05)
    wanted = [argmax_steps(wrapped.eval(), prompt, 12) for prompt in PROMPTS]
    assert generate(actor_of(wrapped), PROMPTS, NO_STOP, Sampling(12)) == wanted
    assert wanted != generate(actor(), PROMPTS, NO_STOP, Sampling(12))


def test_a_models_own_generation_settings_do_not_leak_in() -> None:
    """A generation_config.json with sampling, penalties or forced tokens changes nothing: what is asked for is what is done."""
    model = causal_model(initializer_range=0.3).eval()
    wanted = [argmax_steps(model, prompt, 12) for prompt in PROMPTS]
    model.generation_config.update(
        do_sample=True, temperature=5.0, top_k=3, repetition_penalty=3.0, no_repeat_ngram_size=1, min_new_tokens=3
    )
    model.generation_config.update(suppress_tokens=[wanted[0][0]], eos_token_id=wanted[1][2], num_beams=2)
    assert generate(actor_of(model), PROMPTS, NO_STOP, Sampling(12)) == wanted
