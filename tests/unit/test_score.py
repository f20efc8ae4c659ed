"""What scores cost and what they leave alone; that they are right is tests/oracle/test_losses.py."""

from __future__ import annotations

from unittest.mock import patch

import pytest
import torch

from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.objectives import OBJECTIVES
from afina.score import actor_of
from afina.types import IGNORE_INDEX, Batch, Example, Horizon
from tests.contract.attached import SMALL, TASKS
from tests.training import causal_model, class_examples, class_model, token_examples


def sft_batch(n: int = 6) -> Batch:
    return OBJECTIVES["sft"](name="sft").collate(token_examples(n))


def test_only_labelled_positions_pass_the_vocabulary_matrix() -> None:
    model, batch = causal_model(), sft_batch()
    seen: list[int] = []
    model.get_output_embeddings().register_forward_hook(lambda _m, inputs, _o: seen.append(inputs[0].shape[0]))
    actor_of(model).token_logps(batch)
    assert batch.labels_BT is not None
    assert seen == [int((batch.labels_BT[:, 1:] != IGNORE_INDEX).sum())]
    assert seen[0] < batch.input_ids_BT.numel() / 2


def test_the_body_runs_once_and_without_a_mask() -> None:
    """Without a mask, attention takes its fused causal path."""
    model = causal_model()
    body = model.base_model
    with patch.object(body, "forward", wraps=body.forward) as forward:
        actor_of(model).token_logps(sft_batch())
    (call,) = forward.call_args_list
    assert set(call.kwargs) == {"input_ids", "use_cache"}
    assert call.kwargs["use_cache"] is False


def test_the_prompt_of_many_choices_is_read_once() -> None:
    model = causal_model()
    lengths: list[tuple[int, ...]] = []
    model.model.embed_tokens.register_forward_hook(lambda _m, inputs, _o: lengths.append(tuple(inputs[0].shape)))
    with torch.inference_mode():
        actor_of(model).choice_logps(list(range(10, 50)), [[1, 2, 3], [4], [5, 6]])
    assert lengths == [(1, 40), (3, 2)], "the prompt once, then all choices at once without their last token"


def test_a_batch_without_labels_scores_zero_everywhere_and_has_a_gradient() -> None:
    example = token_examples(1)[0]
    batch = OBJECTIVES["sft"](name="sft").collate([Example(0, example.ids, (IGNORE_INDEX,) * len(example))])
    model = causal_model()
    logps = actor_of(model).token_logps(batch)
    assert not logps.any()
    logps.sum().backward()
    assert all(parameter.grad is None or not parameter.grad.any() for parameter in model.parameters())


def test_an_example_of_one_token_has_nothing_to_predict() -> None:
    batch = OBJECTIVES["lm"](name="lm").collate([Example(0, (5,), (5,))])
    assert actor_of(causal_model()).token_logps(batch).shape == (1, 0)


@pytest.mark.parametrize("name", [name for name in METHODS if METHODS[name].traits.adapter and "lm" in METHODS[name].traits.heads])
def test_scores_see_the_adapter_and_the_bare_model_is_the_one_inside(name: str) -> None:
    model = causal_model()
    facts = facts_from_config(model.config.to_dict())
    before = actor_of(model).token_logps(sft_batch()).detach()
    wrapped = METHODS[name](name=name, **SMALL.get(name, {})).settled(TASKS).attach(model, facts, HeadFacts("lm"), Horizon(4))
    actor = actor_of(wrapped)
    assert actor.bare is model
    with torch.no_grad():
        for parameter in wrapped.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn(parameter.shape))
        assert not torch.allclose(actor.token_logps(sft_batch()), before, atol=1e-3)
        with wrapped.disable_adapter():
            assert torch.equal(actor.token_logps(sft_batch()), before)


def test_shapes() -> None:
    batch = OBJECTIVES["classify"](name="classify").collate(class_examples(5))
    actor = actor_of(class_model())
    assert actor.class_logits(batch).shape == (5, 3)
    assert actor.last_hidden(batch).shape == (5, 32)
    assert actor.hidden(batch.input_ids_BT).shape == (*batch.input_ids_BT.shape, 32)
    assert actor_of(causal_model()).token_logps(sft_batch(4)).shape == (4, sft_batch(4).input_ids_BT.shape[1] - 1)
    assert actor.hidden_size == 32
    assert actor.device == torch.device("cpu")


def test_half_precision_computes_scores_in_fp32() -> None:
    model, batch = causal_model(), sft_batch()
    exact = actor_of(model).token_logps(batch).detach()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = actor_of(model).token_logps(batch)
    assert rounded.dtype == torch.float32
    assert float((rounded - exact).abs().max()) < 0.05
