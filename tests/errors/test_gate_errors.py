"""What a method cannot train is refused before a weight is read, with the nearest method that can."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

from afina.data.lengths import lengths
from afina.errors import AfinaError, MachineError, MethodError
from afina.methods import METHODS, HeadFacts, Method, Traits
from afina.methods.houlsby import Houlsby
from afina.models.facts import facts_from_config
from afina.models.quantize import base_of, require_bitsandbytes
from afina.objectives import OBJECTIVES
from afina.plan.gate import check_method, nearest_method
from afina.plan.machine import Machine
from afina.plan.planner import Workload, plan
from afina.recipe.schema import Recipe
from afina.types import ModelFacts
from tests.tiny import tiny_config

FACTS = facts_from_config(tiny_config().to_dict())
LM, CLASSES = HeadFacts("lm"), HeadFacts("classes", 3)


class Narrow(Houlsby, frozen=True):
    """Houlsby's adapters, if they could do less: traits that no registered method may have today."""

    traits: ClassVar[Traits] = Traits(
        kinds=frozenset({"encoder"}), heads=frozenset({"classes", "tags"}), packing=False, checkpointing=False
    )


def said(method: Method, head: HeadFacts = LM, facts: ModelFacts = FACTS, **sections: Any) -> str:
    recipe = Recipe.model_validate({"method": "full", **sections})
    try:
        check_method(recipe, method, facts, head)
    except MethodError as error:
        return error.text() if error.exit_code == 2 else "a usage error exits with 2"
    return ""


def narrow(**traits: Any) -> Method:
    able = {"kinds": Traits().kinds, "heads": Traits().heads, **traits}
    made = type("Narrow", (Narrow,), {"traits": Traits(**able), "__doc__": Narrow.__doc__, "__module__": __name__})
    return made(width=4)


def test_another_kind_of_model() -> None:
    assert said(narrow(kinds=frozenset({"encoder"}))) == (
        "R022 method: houlsby trains encoders, and this llama model is a decoder\n  Do: method=" + nearest()
    )


def nearest() -> str:
    """Of the category of adapters, the first by name that trains this model."""
    able = [name for name in METHODS if METHODS[name].category == "adapters" and name != "houlsby"]
    return min((name for name in able if {"decoder"} <= METHODS[name].traits.kinds), default="lora")


def test_another_head() -> None:
    text = said(narrow(heads=frozenset({"classes", "tags"})))
    assert text.startswith("R022 method: houlsby has no way to train a language-model head; its heads are classes, tags\n  Do: method=")
    assert text.endswith(", or an objective with such a head")
    assert not said(narrow(heads=frozenset({"classes"})), CLASSES)


@pytest.mark.parametrize(("how", "bits"), [("nf4", "4-bit numbers (nf4)"), ("int8", "8-bit numbers")])
@pytest.mark.parametrize("name", [name for name in METHODS if not METHODS[name].traits.adapter])
def test_weights_of_a_packed_base_do_not_train(name: str, how: str, bits: str) -> None:
    text = said(METHODS[name](name=name), model={"quantize": how})
    assert text.startswith(
        f"R023 model.quantize: {name} changes weights of the base, and steps of a training are too small for {bits}\n  Do: method="
    )
    assert text.endswith(", or model.quantize=none")


def test_a_method_that_does_not_claim_a_packed_base() -> None:
    text = said(narrow(quantized_base=False), model={"quantize": "nf4"})
    assert text.startswith("R023 model.quantize: houlsby does not train on a base in 4-bit numbers (nf4): ")
    assert not said(narrow(quantized_base=True), model={"quantize": "nf4"})


def test_examples_in_one_row() -> None:
    text = said(narrow(packing=False), train={"packing": True})
    assert text.startswith("R024 train.packing: houlsby cannot train on several examples in one row")
    assert text.endswith(", or train.packing=false")


def test_layers_computed_twice() -> None:
    text = said(narrow(checkpointing=False), train={"gradient_checkpointing": True})
    assert text.startswith("R024 train.gradient_checkpointing: houlsby cannot compute a layer a second time")
    assert text.endswith(", or train.gradient_checkpointing=false")


@pytest.mark.parametrize("name", METHODS.names())
def test_each_registered_method_is_let_through_or_the_nearest_is(name: str) -> None:
    """The fix that is told works: the nearest method passes the gate with the same recipe."""
    for quantize in ("none", "nf4"):
        recipe = Recipe.model_validate({"model": {"quantize": quantize}, "train": {"packing": True}})
        for head in (LM, CLASSES):
            near = nearest_method(recipe, METHODS[name](name=name), FACTS, head)
            assert near and near != name
            check_method(recipe, METHODS[near](name=near), FACTS, head)


def test_the_plan_asks_the_gate() -> None:
    machine = Machine("cpu", "CPU", 2, 8 * 2**30, 8 * 2**30, 0, False, 2**40)
    recipe = Recipe.model_validate({"method": "full", "objective": "sft", "model": {"quantize": "nf4"}})
    work = Workload(100, lengths([10] * 100))
    with pytest.raises(MethodError, match=r"R023 model\.quantize: full changes weights"):
        plan(recipe, machine, FACTS, LM, work)
    made = plan(recipe.model_copy(update={"method": "auto", "objective": OBJECTIVES["sft"](name="sft")}), machine, FACTS, LM, work)
    assert made.recipe.method != "auto"
    assert made.recipe.method.name == "lora"
    assert any("stored in nf4" in notice.what for notice in made.notices)


def test_the_library_that_packs_weights_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MachineError) as caught:
        require_bitsandbytes("model.quantize")
    assert caught.value.text() == (
        "E010 model.quantize: weights in 4 or 8 bits are read by bitsandbytes, which is not installed\n"
        '  Do: pip install "bitsandbytes", or model.quantize=none'
    )


@pytest.mark.parametrize(("text", "said"), [('{"quantize": "fp2"}', "none of none, nf4, int8"), ("{", "cannot be read"), ("[]", "cannot")])
def test_a_damaged_word_on_the_base_is_said(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text(text)
    with pytest.raises(AfinaError, match=r"A001 .*how the base of this adapter was stored is not known") as caught:
        base_of(tmp_path)
    assert said in caught.value.what
