"""The plan is pure: the same inputs give the same plan; every `auto` is settled with a reason; what cannot fit is refused with remedies."""

from dataclasses import replace

import pytest

from afina.data.lengths import LengthStats
from afina.errors import MachineError, MethodError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.objectives import OBJECTIVES
from afina.plan.machine import Machine
from afina.plan.planner import Workload, plan
from afina.recipe import Recipe, TokenBudget, load, unsettled
from afina.types import ModelFacts

GIB = 2**30
CPU = Machine("cpu", "a CPU", 2, 24 * GIB, 20 * GIB, 0, False, 100 * GIB)
GPU = replace(CPU, device="cuda", device_name="a GPU", vram_bytes=24 * GIB, free_vram_bytes=23 * GIB, bf16=True)
LENGTHS = LengthStats(1000, 60.0, 50, 150, 300, 60_000)
WORK = Workload(1000, LENGTHS, 20)
LM, CLASSES = HeadFacts("lm"), HeadFacts("classes", 6)


def llama(hidden: int, layers: int, vocab: int = 32_000, ffn: int = 0) -> ModelFacts:
    return facts_from_config(
        {
            "model_type": "llama",
            "hidden_size": hidden,
            "intermediate_size": ffn or 4 * hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": hidden // 64,
            "num_key_value_heads": hidden // 64,
            "vocab_size": vocab,
            "max_position_embeddings": 2048,
            "tie_word_embeddings": False,
        }
    )


TINY, LARGE = llama(128, 2, 2000), llama(4096, 32, 128_000, 14_336)


def recipe(objective: str = "sft", **values: object) -> Recipe:
    made = load(None, values={"objective": objective, "data.path": "x.csv", "data.max_length": 512, **values}).recipe
    return made.model_copy(update={"objective": OBJECTIVES[objective](name=objective)})


def test_nothing_is_left_auto_and_every_choice_has_a_reason() -> None:
    made = plan(recipe(), CPU, TINY, LM, WORK)
    assert unsettled(made.recipe) == []
    assert {notice.key for notice in made.notices} >= {"method=", "train.batch_size=", "train.learning_rate=", "model.precision="}
    assert all(notice.why for notice in made.notices)
    assert plan(recipe(), CPU, TINY, LM, WORK) == made


def test_small_models_train_whole_and_large_ones_get_adapters() -> None:
    assert plan(recipe(), CPU, TINY, LM, WORK).recipe.method.name == "full"
    made = plan(recipe(), GPU, LARGE, LM, WORK)
    assert (made.recipe.method.name, made.recipe.model.precision, made.recipe.train.device) == ("lora", "bf16", "cuda")
    assert made.n_trainable == METHODS["lora"](name="lora").n_trainable(LARGE, LM)


def test_what_is_given_is_kept() -> None:
    given = recipe(method={"name": "lora", "r": 4}, learning_rate=3e-3, batch_size=12, micro_batch_size=2, num_epochs=2)
    made = plan(given, CPU, TINY, LM, WORK)
    train = made.recipe.train
    assert (made.recipe.method.r, train.learning_rate, train.batch_size, train.micro_batch_size) == (4, 3e-3, 12, 2)
    assert made.n_steps == 2 * 84  # 84 steps of 12 see 1,000 rows once
    assert plan(recipe(max_steps=7), CPU, TINY, LM, WORK).n_steps == 7


def test_a_batch_is_never_larger_than_the_data() -> None:
    assert plan(recipe(batch_size=64), CPU, TINY, LM, Workload(10, LENGTHS)).recipe.train.batch_size == 10


def test_a_token_budget_always_holds_the_longest_example() -> None:
    budget = plan(recipe(), CPU, TINY, LM, Workload(1000, replace(LENGTHS, max=9000))).recipe.train.micro_batch_size
    assert isinstance(budget, TokenBudget)
    assert budget.tokens >= 9000


def test_fixed_memory_is_exact_for_full_fine_tuning_with_adamw() -> None:
    made = plan(recipe(method="full"), CPU, TINY, LM, WORK)
    n = TINY.n_params
    assert (made.budget.weights, made.budget.gradients, made.budget.optimizer) == (4 * n, 4 * n, 8 * n)


def test_what_cannot_fit_is_refused_with_three_remedies_that_help() -> None:
    with pytest.raises(MachineError) as caught:
        plan(recipe(method="full"), CPU, LARGE, LM, WORK)
    error = caught.value
    assert (error.code, error.exit_code) == ("M003", 69)
    assert "does not fit: needs" in error.what
    assert error.fix.startswith("method=lora, or ")
    assert error.fix.count(", or ") == 2
    assert plan(recipe(method="lora"), GPU, LARGE, LM, WORK).budget.total < 23 * GIB


def test_a_method_that_does_not_fit_the_model_names_the_number_to_change() -> None:
    with pytest.raises(MethodError, match=r"R005 method\.r: r=500 is larger than the narrowest target \(128\)") as caught:
        plan(recipe(method={"name": "lora", "r": 500}), CPU, TINY, LM, WORK)
    assert caught.value.fix == "r=64"
    with pytest.raises(MethodError, match=r"n_layers=9 but the model has 2 layers"):
        plan(recipe(method={"name": "freeze", "n_layers": 9}), CPU, TINY, LM, WORK)


def test_the_metric_follows_the_objective() -> None:
    assert plan(recipe("classify"), CPU, TINY, CLASSES, WORK).recipe.eval.metric == "accuracy"
    assert plan(recipe("sft"), CPU, TINY, LM, WORK).recipe.eval.metric == "loss"


@pytest.mark.parametrize(("asked", "said"), [("auto", False), (64, True), (4, False)])
def test_an_update_of_more_rows_than_there_are_is_said(asked: object, said: bool) -> None:
    few = replace(WORK, n_train=5)
    made = plan(recipe(**{"train.batch_size": asked}), CPU, TINY, LM, few)
    assert made.recipe.train.batch_size == min(5, 64 if asked == "auto" else int(str(asked)))
    (notice,) = [notice for notice in made.notices if notice.key == "train.batch_size="] or [None]
    assert (notice is not None and "64 were asked for" in notice.why) is said
    if asked != 4:
        assert notice is not None and notice.what == "batch_size = 5"
