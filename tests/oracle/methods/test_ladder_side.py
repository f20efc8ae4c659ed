"""Ladder side-tuning against its equation by hand, its published count, and what it keeps of the base: nothing."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.types import Horizon
from tests.oracle.methods.beside import IDS, agree, attached, base_states, kept_at_depth, llama_block, rms, side_of
from tests.tiny import tiny_settings

LAYERS = (0, 1)


@pytest.mark.parametrize("merge_last", [False, True])
def test_forward_and_gradients_are_those_of_the_equation(merge_last: bool) -> None:
    model = attached("ladder_side", reduction=2, layers=LAYERS, merge_last=merge_last)
    states = [state.double() for state in base_states(model)]

    def formula(weights: Mapping[str, Tensor]) -> Tensor:
        z = states[0] @ weights["enter.weight"].T + weights["enter.bias"]
        for at, layer in enumerate(LAYERS):
            share = torch.sigmoid(weights["gates"][layer] / 0.1)
            at_path = f"net.layers.{at}."
            read = states[layer + 1] @ weights[f"{at_path}ladder.weight"].T + weights[f"{at_path}ladder.bias"]
            z = llama_block(share * z + (1 - share) * read, weights, f"{at_path}block.", n_heads=4)
        hidden = rms(z, weights["net.norm.weight"]) @ weights["leave.weight"].T + weights["leave.bias"]
        return hidden + states[-1] if merge_last else hidden

    agree(model, side_of(model), formula)


def test_with_closed_gates_the_layers_of_the_base_do_not_matter() -> None:
    model = attached("ladder_side", reduction=2)
    body = model.get_base_model().model
    with torch.no_grad():
        side_of(model).gates.fill_(100.0)
        before = model(input_ids=IDS).logits
        for parameter in body.base_layer.layers.parameters():
            parameter.add_(torch.randn_like(parameter))
        assert torch.equal(before, model(input_ids=IDS).logits)
        side_of(model).gates.fill_(0.0)
        assert not torch.equal(before, model(input_ids=IDS).logits)


def test_the_base_has_no_graph() -> None:
    model = attached("ladder_side", reduction=2)
    body = model.get_base_model().model
    seen: list[Tensor] = []
    body.base_layer.register_forward_hook(lambda _module, _args, output: seen.append(output.last_hidden_state))
    answer = body(input_ids=IDS).last_hidden_state
    assert answer.requires_grad
    assert [state.requires_grad for state in seen] == [False]


def test_what_is_kept_does_not_grow_with_the_base() -> None:
    settings: dict[str, Any] = {"reduction": 2, "layers": LAYERS}
    a_gate = 4
    assert kept_at_depth("ladder_side", 8, **settings) == kept_at_depth("ladder_side", 2, **settings) + 6 * a_gate
    assert kept_at_depth("lora", 8, r=4) > 3 * kept_at_depth("lora", 2, r=4)


def test_each_layer_read_costs_less_than_half_of_what_lora_keeps_of_it() -> None:
    ladder = kept_at_depth("ladder_side", 8, reduction=4) - kept_at_depth("ladder_side", 2, reduction=4)
    assert ladder < (kept_at_depth("lora", 8, r=4) - kept_at_depth("lora", 2, r=4)) / 2


@pytest.mark.parametrize("beams", [1, 3])
@pytest.mark.parametrize("family", ["llama", "gemma2", "t5", "bart"])
def test_a_cache_changes_no_word(family: str, beams: int) -> None:
    """The side network's keys and values lie in the base's cache: beams reorder them together."""
    model = of_family(family, layers=(1, 2), reduction=2)
    rng = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.3 * torch.randn(parameter.shape, generator=rng))
    written = []
    for cached in (True, False):
        torch.manual_seed(0)
        drawn = {"do_sample": True, "top_k": 0, "num_beams": beams, "eos_token_id": None, "pad_token_id": 0}
        written.append(model.get_base_model().generate(input_ids=IDS, max_new_tokens=10, use_cache=cached, **drawn))
    assert torch.equal(*written)
    assert len(set(written[0][:, -10:].flatten().tolist())) > 3, "a text of one word proves nothing"


@pytest.mark.parametrize("family", ["llama", "t5"])
def test_a_prompt_read_once_serves_all_its_options(family: str) -> None:
    """The cache of the prompt, the side network's in it, is repeated for the options."""
    from afina.score import actor_of

    actor, options = actor_of(of_family(family, reduction=2)), ([5, 9, 11], [7], [30, 2])
    with torch.inference_mode():
        together = actor.choice_logps([3, 17, 99], options)
        alone = [actor.choice_logps([3, 17, 99], [option])[0] for option in options]
    assert together == pytest.approx(alone, abs=1e-5)
    assert len({round(value, 3) for value in together}) == 3


@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_examples_packed_into_one_row_do_not_see_each_other(family: str) -> None:
    body = of_family(family, reduction=2).get_base_model().base_model
    first, second = IDS[:1, :3], IDS[1:, :4]
    positions = torch.tensor([[0, 1, 2, 0, 1, 2, 3]])
    with torch.inference_mode():
        packed = body(input_ids=torch.cat([first, second], 1), position_ids=positions, use_cache=False).last_hidden_state
        alone = [body(input_ids=ids, use_cache=False).last_hidden_state for ids in (first, second)]
    assert float((packed - torch.cat(alone, 1)).abs().max()) < 1e-5


FAMILIES = ["llama", "qwen3", "gemma3_text", "smollm3", "phi3", "phi", "gpt2", "bert", "roberta", "modernbert", "t5", "mt5", "bart"]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_closed_form_is_the_built_model(family: str) -> None:
    for settings in ({"reduction": 2}, {"reduction": 3, "layers": (2,)}):
        with torch.device("meta"):
            model = of_family(family, **settings)
        method, facts = METHODS["ladder_side"](name="ladder_side", **settings), facts_of(family)  # type: ignore[arg-type]
        n = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
        assert n == method.n_trainable(facts, HeadFacts("lm"))


@pytest.mark.parametrize("family", ["mixtral", "deberta-v2"])
def test_families_without_a_narrow_form_are_refused(family: str) -> None:
    from afina.errors import MethodError

    with pytest.raises(MethodError, match=f"a narrow network beside a {family} model is not made here"):
        METHODS["ladder_side"](name="ladder_side").build(facts_of(family), HeadFacts("lm"), Horizon(1))


def test_a_layer_that_is_not_there_is_refused() -> None:
    from afina.errors import MethodError

    with pytest.raises(MethodError, match="layer 4 is asked for, but the model has layers 0 to 3"):
        METHODS["ladder_side"](name="ladder_side", layers=(4,)).build(facts_of("llama"), HeadFacts("lm"), Horizon(1))  # type: ignore[arg-type]


def test_the_published_count() -> None:
    """Sung et al. 2022, table 1: T5-base, r = 8, layers 0, 4 and 8 dropped: 1.74 %."""
    from transformers import T5Config

    facts = facts_from_config(T5Config(d_model=768, d_ff=3072, d_kv=64, num_layers=12, num_heads=12).to_dict())
    method = METHODS["ladder_side"](name="ladder_side", reduction=8, layers=(1, 2, 3, 5, 6, 7, 9, 10, 11))  # type: ignore[arg-type]
    n = method.n_trainable(facts, HeadFacts("lm"))
    assert n == 3_878_712
    assert round(100 * n / facts.n_params, 2) == 1.74


def test_the_names_in_the_file_stay() -> None:
    from peft import get_peft_model_state_dict

    block = [f"self_attn.{x}_proj.weight" for x in "qkvo"] + [f"mlp.{x}_proj.weight" for x in ("gate", "up", "down")]
    block += ["input_layernorm.weight", "post_attention_layernorm.weight"]
    inside = ["gates", *(f"{end}.{part}" for end in ("enter", "leave") for part in ("weight", "bias")), "net.norm.weight"]
    inside += [f"net.layers.0.{name}" for name in ("ladder.weight", "ladder.bias", *(f"block.{name}" for name in block))]
    names = set(get_peft_model_state_dict(attached("ladder_side", reduction=2, layers=(1,))))
    assert names == {f"base_model.model.model.afina_ladder_side_weights.{name}" for name in inside}


def config_of(family: str) -> Any:
    from transformers import AutoConfig

    special = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 1, "decoder_start_token_id": 0, "initializer_range": 0.2}
    special |= {"cls_token_id": 1, "sep_token_id": 1} if family == "modernbert" else {}
    wide = {"hidden_size": 32} if family == "phi" else {}
    return AutoConfig.for_model(family, **{**tiny_settings(family, n_layers=4), **special, **wide})


def facts_of(family: str) -> Any:
    return facts_from_config(config_of(family).to_dict())


def of_family(family: str, **settings: Any) -> Any:
    import transformers

    facts = facts_of(family)
    kinds = {"decoder": "AutoModelForCausalLM", "encoder": "AutoModelForMaskedLM", "encoder-decoder": "AutoModelForSeq2SeqLM"}
    torch.manual_seed(0)
    model = getattr(transformers, kinds[facts.kind]).from_config(copy.deepcopy(config_of(family)))
    return METHODS["ladder_side"](name="ladder_side", **settings).attach(model, facts, HeadFacts("lm"), Horizon(30)).eval()
