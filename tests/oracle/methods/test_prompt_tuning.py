"""Prompts against the model itself reading prompt and text as one row of embeddings; packing and mixed rows against single runs."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from afina.errors import MethodError
from afina.generate import Sampling, generate, stream
from afina.methods import METHODS, HeadFacts
from afina.score import actor_of
from afina.tuners.encoded_prompt import EncodedPrompt
from afina.tuners.prompt import Prompt
from afina.types import Horizon, Vocabulary
from tests.oracle.methods.soft import IDS, both, close, count, facts_of, greedy, names_in_file, same_gradients, weights_of

DECODERS = ("llama", "qwen3", "gemma", "gemma3_text", "gpt2", "phi3")


def beside(plain: Any, prompt_ND: Tensor, ids_BT: Tensor) -> Tensor:
    """The rows of a prompt and the embeddings of the ids, as one."""
    body = plain.get_encoder() if plain.config.is_encoder_decoder else plain.base_model
    return torch.cat([prompt_ND.expand(len(ids_BT), -1, -1), body.get_input_embeddings()(ids_BT)], 1)


@pytest.mark.parametrize("family", DECODERS)
def test_a_decoder_reads_prompt_and_text_as_one(family: str) -> None:
    made, plain = both("prompt_tuning", family, n=3)
    prompt = weights_of(made, Prompt).prompt
    leaf = prompt.detach().clone().requires_grad_()
    got, wanted = made(input_ids=IDS).logits, plain(inputs_embeds=beside(plain, leaf, IDS)).logits[:, 3:]
    close(got, wanted)
    same_gradients(got, wanted, [prompt], [leaf])


@pytest.mark.parametrize("family", ["bert", "roberta", "deberta-v2", "modernbert"])
def test_an_encoder_reads_it_too_and_its_head_the_first_token(family: str) -> None:
    made, plain = both("prompt_tuning", family, "classes", n=3)
    ids, mask = IDS.clone(), torch.ones_like(IDS)
    ids[1, 4:], mask[1, 4:] = 0, 0
    with torch.no_grad():
        got = made.base_model.model.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
        for row, length in enumerate((6, 4)):
            alone = plain.base_model(inputs_embeds=beside(plain, weights_of(made, Prompt).prompt, ids[row : row + 1, :length]))
            close(got[row, :length], alone.last_hidden_state[0, 3:], 1e-9)
        logits = made(input_ids=ids, attention_mask=mask).logits
        if family == "bert":
            head = made.base_model.model
            close(logits, head.classifier(torch.tanh(head.bert.pooler.dense(got[:, 0]))))


@pytest.mark.parametrize("family", ["t5", "bart"])
def test_the_decoder_of_an_encoder_decoder_attends_to_the_prompt(family: str) -> None:
    made, plain = both("prompt_tuning", family, n=3)
    ids, mask = IDS.clone(), torch.ones_like(IDS)
    ids[1, 4:], mask[1, 4:] = 0, 0
    prompt = weights_of(made, Prompt).prompt
    leaf = prompt.detach().clone().requires_grad_()
    got = made(input_ids=ids, attention_mask=mask, decoder_input_ids=IDS).logits
    longer = torch.cat([torch.ones(2, 3, dtype=torch.long), mask], 1)
    wanted = plain(inputs_embeds=beside(plain, leaf, ids), attention_mask=longer, decoder_input_ids=IDS).logits
    close(got, wanted)
    same_gradients(got, wanted, [prompt], [leaf])


def test_packed_examples_have_a_prompt_each() -> None:
    made, _ = both("prompt_tuning", "llama", n=3)
    body = made.get_base_model().base_model
    with torch.no_grad():
        positions = torch.tensor([[0, 1, 2, 3, 0, 1, 2, 3, 4, 5]])
        packed = body(input_ids=torch.cat([IDS[:1, :4], IDS[1:]], 1), position_ids=positions, use_cache=False).last_hidden_state
        close(packed[:, :4], body(input_ids=IDS[:1, :4], use_cache=False).last_hidden_state)
        close(packed[:, 4:], body(input_ids=IDS[1:], use_cache=False).last_hidden_state)


PROMPTS = [[5, 17, 99, 23], [5, 200, 31, 31, 60, 61], [9, 8]]


@pytest.mark.parametrize("family", ["llama", "gemma2", "gpt2", "t5"])
@pytest.mark.parametrize("name", ["prompt_tuning", "prefix_tuning", "llama_adapter"])
def test_text_is_written_alike_with_and_without_a_cache_and_beside_others(name: str, family: str) -> None:
    if family == "t5" and name == "llama_adapter":
        with pytest.raises(AssertionError):
            assert "encoder-decoder" in METHODS[name].traits.kinds
        return
    made, _ = both(name, family, n=3)
    made = made.float() if family == "gemma2" else made  # its softmax is in fp32, where a masked float64 score is -inf, a padding row nan
    actor = actor_of(made)
    together = generate(actor, PROMPTS, [], Sampling(max_new_tokens=6))
    for prompt, found in zip(PROMPTS, together, strict=True):

        def start(written: list[int], prompt: list[int] = prompt) -> dict[str, Tensor]:
            if family == "t5":
                return {"input_ids": torch.tensor([prompt]), "decoder_input_ids": torch.tensor([[0, *written]])}
            return {"input_ids": torch.tensor([[*prompt, *written]])}

        assert found == greedy(actor.bare, prompt, 6, start)
        assert found == list(stream(actor, prompt, [], Sampling(max_new_tokens=6)))


@pytest.mark.parametrize("family", ["llama", "gpt2", "t5"])
def test_rows_of_a_batch_have_prompts_of_different_lengths_or_none(family: str) -> None:
    made, plain = both("prompt_tuning", family, n=3)
    facts = facts_of(**plain.config.to_dict())
    other = METHODS["prompt_tuning"](name="prompt_tuning", n=5, init="random").build(facts, HeadFacts("lm"), Horizon(1))
    made.add_adapter("other", other)
    made.double()
    ids = torch.cat([IDS, IDS[:1]])
    written = {"labels": ids} if family == "t5" else {}
    alone = []
    with torch.no_grad():
        for row, adapter in enumerate(("default", "other")):
            made.set_adapter(adapter)
            alone.append(made(input_ids=ids, **written).logits[row])
        mixed = made(input_ids=ids, adapter_names=["default", "other", "__base__"], **written).logits
        for row, wanted in enumerate([*alone, plain(input_ids=ids, **written).logits[2]]):
            close(mixed[row], wanted, 1e-9)
    assert float((alone[0] - alone[1]).abs().max()) > 1e-3


def test_a_body_that_counts_positions_itself_refuses_prompts_of_different_lengths() -> None:
    made, _ = both("prompt_tuning", "bart", n=3)
    with pytest.raises(ValueError, match="prompts of different lengths cannot share a batch"):
        made(input_ids=IDS, labels=IDS, adapter_names=["default", "__base__"])


@pytest.mark.parametrize("encoder", ["mlp", "lstm"])
def test_p_tuning_makes_its_prompt_as_the_equation_says(encoder: str) -> None:
    made, plain = both("p_tuning", "llama", n=3, hidden=6, encoder=encoder, n_layers=1)
    weights = weights_of(made, EncodedPrompt)
    named = dict(weights.named_parameters())
    by_hand = {name: p.detach().clone().requires_grad_() for name, p in named.items()}
    rows = by_hand["table"] if encoder == "mlp" else lstm(by_hand)
    for place in (0, 2, 4) if encoder == "mlp" else (0, 2):
        rows = (rows if place == 0 else rows.clamp_min(0)) @ by_hand[f"head.{place}.weight"].T + by_hand[f"head.{place}.bias"]
    got, wanted = made(input_ids=IDS).logits, plain(inputs_embeds=beside(plain, rows, IDS)).logits[:, 3:]
    close(got, wanted)
    same_gradients(got, wanted, list(named.values()), list(by_hand.values()))
    facts = facts_of(**plain.config.to_dict())
    assert count("p_tuning", facts, n=3, hidden=6, encoder=encoder, n_layers=1) == sum(p.numel() for p in named.values())


def lstm(weights: dict[str, Tensor]) -> Tensor:
    """One layer in both directions (Hochreiter & Schmidhuber 1997; gates in torch's order: input, forget, cell, output)."""
    rows, sides = weights["table"], []
    for end in ("", "_reverse"):
        hidden = cell = torch.zeros(6, dtype=torch.float64)
        found = []
        for row in rows.flip(0) if end else rows:
            read = weights[f"lstm.weight_ih_l0{end}"] @ row + weights[f"lstm.bias_ih_l0{end}"]
            gates = (read + weights[f"lstm.weight_hh_l0{end}"] @ hidden + weights[f"lstm.bias_hh_l0{end}"]).chunk(4)
            cell = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh()
            hidden = gates[3].sigmoid() * cell.tanh()
            found.append(hidden)
        sides.append(torch.stack(found[::-1] if end else found))
    return torch.cat(sides, -1)


def test_where_a_prompt_begins() -> None:
    kind: Any = METHODS["prompt_tuning"]
    read = {"ab": [7, 8], "good": [9], "so so": [10, 11]}.__getitem__
    text = kind(name="prompt_tuning", n=3, init="text", text="ab").worded(read, Vocabulary(), ())
    assert text.start == ((7,), (8,), (7,))
    labels = kind(name="prompt_tuning", n=3, init="labels").worded(read, Vocabulary(), ("good", "so so"))
    assert labels.start == ((9,), (10, 11))
    for family in ("llama", "gemma"):  # whose embeddings are scaled
        torch.manual_seed(0)
        _, plain = both("prompt_tuning", family, n=3)
        facts = facts_of(**plain.config.to_dict())
        table = plain.base_model.get_input_embeddings()(torch.arange(320)).float()
        made = labels.attach(plain.float(), facts, HeadFacts("lm"), Horizon(1))
        prompt = weights_of(made, Prompt).prompt.detach()
        close(prompt[0], table[9], 1e-6)
        close(prompt[1], table[10:12].mean(0), 1e-6)
        assert float((table - prompt[2]).abs().sum(-1).min()) < 1e-5, "the rest are embeddings of tokens"


def test_what_cannot_be_is_refused() -> None:
    facts = facts_of(model_type="gpt2", n_embd=24, n_layer=2, n_head=4, n_positions=64, vocab_size=320)
    for settings, where in (({"n": 33}, "method.n"), ({"init": "text"}, "method.init"), ({"init": "labels"}, "method.init")):
        with pytest.raises(MethodError) as caught:
            METHODS["prompt_tuning"](name="prompt_tuning", **settings).build(facts, HeadFacts("lm"), Horizon(1))
        assert caught.value.text().startswith(f"R005 {where}")


def test_published_count() -> None:
    xxl = facts_of(model_type="t5", d_model=4096, d_ff=10240, d_kv=64, num_layers=24, num_heads=64, vocab_size=32128)
    assert count("prompt_tuning", xxl, n=100) == 409_600


def test_the_names_in_the_file_stay() -> None:
    assert names_in_file(both("prompt_tuning")[0]) == {"base_model.model.model.afina_prompt_weights.prompt"}
    assert names_in_file(both("prompt_tuning", "t5")[0]) == {"base_model.model.encoder.afina_prompt_weights.prompt"}
    inside = "base_model.model.bert.base_layer.base_layer.pooler.dense"
    head = {f"{name}.{kind}" for name in (inside, "base_model.model.classifier") for kind in ("weight", "bias")}
    assert names_in_file(both("prompt_tuning", "bert", "classes")[0]) == {"base_model.model.bert.afina_prompt_weights.prompt", *head}
    at = "base_model.model.model.afina_encoded_prompt_weights"
    layers = {f"{at}.head.{place}.{kind}" for place in (0, 2, 4) for kind in ("weight", "bias")}
    assert names_in_file(both("p_tuning", hidden=4)[0]) == {f"{at}.table", *layers}
