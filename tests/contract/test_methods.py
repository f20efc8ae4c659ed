"""One battery for every registered method: what it trains is what it says, it learns, and what is saved is what was trained.

Its cases, and the settings that suit tiny models, are in attached.py; what its traits claim is in test_method_traits.py.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from torch import nn

from afina.errors import MethodError
from afina.events import Step
from afina.methods import METHODS
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build, load_trained, save_trained
from afina.models.locate import locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.score import actor_of
from afina.types import Horizon
from tests.contract.attached import CLAIMED, HEADS, LABELS, PRECISIONS, SMALL, Made, cases, make, trained_of

CASES = [(name, head) for name in METHODS for head in HEADS if HEADS[head].head in METHODS[name].traits.heads]


@pytest.fixture(params=cases(CLAIMED))
def case(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    return request.param


@pytest.fixture
def made(case: tuple[str, str, str], folders: dict[str, Path]) -> Made:
    family, name, head = case
    return make(folders[family], name, head)


def test_as_many_weights_train_as_it_says(made: Made) -> None:
    n = sum(parameter.numel() for parameter in trained_of(made.model).values())
    assert n > 0
    assert made.method.traits.data_dependent or n == made.method.n_trainable(made.facts, made.head)


def test_exactly_the_declared_weights_get_gradients_and_move(made: Made) -> None:
    before = {name: tensor.clone() for name, tensor in made.model.state_dict().items()}
    trained = trained_of(made.model)
    run = made.training(3)
    run._accumulate()
    with_gradient = {name for name, parameter in made.model.named_parameters() if parameter.grad is not None}
    resting = {name for name in trained if any(fnmatchcase(name, end) for end in made.method.phases(Horizon(3))[0].resting)}
    assert set(trained) - resting <= with_gradient <= set(trained)
    run.state.optimizer.zero_grad()
    assert len([event for event in run if isinstance(event, Step)]) == 3
    names = {id(parameter): name for name, parameter in made.model.named_parameters(remove_duplicate=False)}
    unmoved = [name for name, parameter in trained.items() if torch.equal(parameter, before[name])]
    assert not unmoved, "these are called trainable and did not move"
    tied = {name for name, tensor in made.model.state_dict(keep_vars=True).items() if names.get(id(tensor)) in trained or name in trained}
    shared = {tensor.data_ptr() for tensor in trained.values()}
    for name, tensor in made.model.state_dict().items():
        if name not in tied and tensor.data_ptr() not in shared:
            assert torch.equal(tensor, before[name]), f"{name} is frozen and changed"


def test_it_learns(made: Made) -> None:
    curve = made.train(20)
    assert sum(curve[-3:]) / 3 < 0.93 * curve[0]


def test_the_head_of_a_classifier_trains(folders: dict[str, Path]) -> None:
    for name, head in CASES:
        if head == "classes":
            heads = [p for path, p in trained_of(make(folders["llama"], name, head).model).items() if "score" in path]
            assert sum(p.numel() for p in heads) == 3 * 32, name


def test_what_is_loaded_computes_what_was_saved(case: tuple[str, str, str], folders: dict[str, Path], tmp_path: Path) -> None:
    family, name, head = case
    moved = make(folders[family], name, head, moved=True)
    run = Run(tmp_path / "run")
    run.path.mkdir()
    run.update(state="finished")
    folder = save_trained(moved.model, run, moved.located, moved.method.traits.adapter)
    assert folder.name == ("adapter" if moved.method.traits.adapter else "model")
    loaded = load_trained(run, "cpu")
    wanted, got = moved.scores(), moved.scores(loaded)
    assert float((wanted - got).abs().max()) <= 1e-6
    assert float((wanted - moved.scores(moved.base)).abs().max()) > 1e-2, "a model that did not change proves nothing"
    assert not any(parameter.requires_grad for parameter in loaded.parameters())
    if moved.head.head == "classes":
        assert tuple(actor_of(loaded).bare.config.id2label.values()) == LABELS
    got = moved.scores(with_transformers_and_peft_alone(folder, folders[family], moved))
    assert float((wanted - got).abs().max()) <= 1e-6


def with_transformers_and_peft_alone(folder: Path, base: Path, moved: Made) -> nn.Module:
    """What anyone reads from a saved folder, without afina."""
    import transformers
    from peft import PeftModel

    kinds = {"decoder": transformers.AutoModelForCausalLM, "encoder-decoder": transformers.AutoModelForSeq2SeqLM}
    kind: Any = kinds[moved.facts.kind] if moved.head.head == "lm" else transformers.AutoModelForSequenceClassification
    if not moved.method.traits.adapter:
        return kind.from_pretrained(folder)
    labels = {"num_labels": len(json.loads((folder / "labels.json").read_text()))} if moved.head.head == "classes" else {}
    return PeftModel.from_pretrained(kind.from_pretrained(base, **labels), str(folder))


def test_every_module_of_a_head_is_in_the_adapter(folders: dict[str, Path], tmp_path: Path) -> None:
    """BERT's pooler is new with the classes: without it an adapter would give other scores each time it is loaded."""
    from safetensors.torch import load_file

    moved = make(folders["bert"], "lora", "classes", moved=True)
    run = Run(tmp_path / "run")
    run.path.mkdir()
    folder = save_trained(moved.model, run, moved.located, True)
    saved = load_file(folder / "adapter_model.safetensors")
    for module in ("bert.pooler.dense", "classifier"):
        assert f"base_model.model.{module}.weight" in saved and f"base_model.model.{module}.bias" in saved


@pytest.mark.parametrize("case", cases([case for case in CLAIMED if METHODS[case[1]].traits.adapter]))
def test_an_adapter_switched_off_is_the_base(case: tuple[str, str, str], folders: dict[str, Path]) -> None:
    family, name, head = case
    moved = make(folders[family], name, head, moved=True)
    with moved.model.disable_adapter():
        off = moved.scores()
    assert torch.equal(off, moved.scores(moved.base))
    assert not torch.equal(moved.scores(), off)


@pytest.mark.parametrize("name", METHODS.names())
def test_optimizer_groups_hold_each_trained_weight_once_and_vectors_do_not_decay(name: str, folders: dict[str, Path]) -> None:
    made = make(folders["llama"], name, "classes" if "classes" in METHODS[name].traits.heads else "lm")
    groups = made.method.param_groups(made.model, 1e-3)
    held = [id(parameter) for group in groups for parameter in group["params"]]
    assert len(held) == len(set(held))
    assert set(held) == {id(parameter) for parameter in trained_of(made.model).values()}
    for group in groups:
        assert group["lr"] > 0
        for parameter in group["params"]:
            assert parameter.ndim >= 2 or group.get("weight_decay") == 0.0


@pytest.mark.parametrize("name", METHODS.names())
def test_attaching_draws_the_same_weights_from_the_same_seed(name: str, folders: dict[str, Path]) -> None:
    first, second = (make(folders["llama"], name, "lm").model.state_dict() for _ in range(2))
    assert first.keys() == second.keys()
    assert all(torch.equal(first[key], second[key]) for key in first)


@pytest.mark.parametrize("name", METHODS.names())
def test_phases_add_up_to_the_training(name: str) -> None:
    method = METHODS[name](name=name, **SMALL.get(name, {}))
    assert sum(phase.steps for phase in method.phases(Horizon(100, 64))) == 100


@pytest.mark.parametrize("name", METHODS.names())
def test_it_is_documented_and_its_config_is_closed(name: str) -> None:
    kind = METHODS[name]
    method = kind(name=name)
    assert method.name == name
    assert kind.__doc__
    assert len(kind.__doc__.splitlines()[0]) > 20
    assert kind.paper.startswith("https://")
    assert 0 < kind.default_learning_rate < 1
    schema = kind.model_json_schema()
    json.dumps(schema)
    assert schema["additionalProperties"] is False
    for key, described in schema["properties"].items():
        assert key == "name" or len(described.get("description", "")) > 10, f"{key} has no description"
        assert key == "name" or "default" in described, f"{key} has no default"
    assert schema["properties"]["name"].get("const") == name
    with pytest.raises(ValidationError, match="extra_forbidden"):
        kind(name=name, nonsense=1)
    with pytest.raises(ValidationError, match="frozen"):
        method.name = "another"
    assert kind.model_validate_json(method.model_dump_json()) == method
    assert method.traits.kinds
    assert method.traits.heads
    assert method.traits.mergeable <= set(PRECISIONS)


def failure(name: str, head: str, folder: Path, **settings: Any) -> MethodError:
    method = METHODS[name](name=name, **settings)
    facts = facts_from_config(read_config(folder))
    plan = method.n_trainable if name == "freeze" else lambda facts, head: method.build(facts, head, Horizon(1))
    with pytest.raises(MethodError) as caught:
        plan(facts, HEADS[head])
    assert caught.value.exit_code == 2
    return caught.value


def test_a_rank_that_is_too_large_names_the_number(folders: dict[str, Path]) -> None:
    assert failure("lora", "lm", folders["llama"], r=17).text() == (
        "R005 method.r: r=17 is larger than the narrowest target (16); the update would not be low-rank\n  Do: r=8"
    )
    METHODS["lora"](name="lora", r=8).build(facts_from_config(read_config(folders["llama"])), HEADS["lm"], Horizon(1))
    METHODS["lora"](name="lora", r=16).build(facts_from_config(read_config(folders["llama"])), HEADS["lm"], Horizon(1))


@pytest.mark.parametrize("head", HEADS)
def test_more_layers_than_there_are_names_the_number(head: str, folders: dict[str, Path]) -> None:
    error = failure("freeze", head, folders["llama"], n_layers=3)
    assert error.text() == "R005 method.n_layers: n_layers=3 but the model has 2 layers\n  Do: n_layers=2"
    made = METHODS["freeze"](name="freeze", n_layers=3)
    located = locate(ModelSpec(path=str(folders["llama"])))
    facts = facts_from_config(read_config(located.body))
    with pytest.raises(MethodError, match="n_layers=3"):
        made.attach(build(located, facts, HEADS["lm"], "fp32", "cpu"), facts, HEADS["lm"], Horizon(1))


@pytest.mark.parametrize(
    ("family", "modules"),
    [("llama", "down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj"), ("gpt2", "c_attn, c_fc, c_proj")],
)
@pytest.mark.parametrize("targets", ["query", ("q_proj", "c_attn"), "model.layers.7.*"], ids=str)
def test_a_target_that_matches_nothing_names_those_that_exist(
    targets: str | tuple[str, ...], family: str, modules: str, folders: dict[str, Path]
) -> None:
    missing = targets if isinstance(targets, str) else {"llama": "c_attn", "gpt2": "q_proj"}[family]
    assert failure("lora", "lm", folders[family], r=4, target_modules=targets).text() == (
        f'R003 method.target_modules: no module of this {family} model matches "{missing}". Modules: {modules}\n'
        "  Do: target_modules=all-linear"
    )


@pytest.mark.parametrize("wrong", [{"r": 0}, {"alpha": 0}, {"dropout": 1.0}, {"dropout": -0.1}], ids=str)
def test_numbers_without_a_meaning_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        METHODS["lora"](name="lora", **wrong)
