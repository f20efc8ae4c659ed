import json

from hypothesis import given, settings
from hypothesis import strategies as st

from afina.methods import METHODS
from afina.methods.full import Full
from afina.methods.lora import Lora
from afina.objectives.sft import Sft
from afina.recipe import Recipe, json_schema, load, to_yaml
from afina.recipe.presets import PRESETS
from afina.recipe.schema import DataSpec, EvalSpec, ModelSpec, OutputSpec, TokenBudget, TrainSpec


def test_by_hand() -> None:
    recipe = Recipe(
        model=ModelSpec(path="org/m", revision="1e-4"),
        data=DataSpec(path="a.csv", map={"text": "a: b"}, na=("NA",)),
        method=Lora(r=8),
        objective=Sft(),
        train=TrainSpec(learning_rate=1e-5, micro_batch_size=TokenBudget(tokens=64)),
        seed=3,
    )
    assert to_yaml(recipe) == (
        "# A recipe of afina. Keys that are not here have their defaults.\n"
        'model:\n  path: org/m\n  revision: "1e-4"\n'
        'data:\n  path: a.csv\n  map:\n    text: "a: b"\n  na: [NA]\n'
        "method:\n  name: lora\n  r: 8\n"
        "objective: sft\n"
        "train:\n  learning_rate: 1e-05\n  micro_batch_size:\n    tokens: 64\n"
        "seed: 3\n"
    )


def test_defaults() -> None:
    assert to_yaml(Recipe()).count("\n") == 1
    whole = to_yaml(Recipe(method=Lora()), defaults=True)
    assert "  # Rank of the update; adapter size and expressiveness grow with it.\n  r: 16\n" in whole
    assert "# Seeds the split, the order, new weights and dropout.\nseed: 0\n" in whole


RECIPES = st.builds(
    Recipe,
    model=st.builds(ModelSpec, path=st.text(max_size=9).filter(lambda s: "@" not in s and "${" not in s and "\0" not in s)),
    data=st.builds(
        DataSpec,
        map=st.dictionaries(
            st.text(min_size=1, max_size=5).filter(lambda s: s != "<<"), st.text(max_size=5).filter(lambda s: "\0" not in s), max_size=3
        ),
        na=st.lists(st.sampled_from(["NA", "null", "1e-4", "", "a, b", "é\n"]), max_size=3).map(tuple),
        header=st.sampled_from(["auto", True, False]),
        max_rows=st.none() | st.integers(1, 10**9),
        validation=st.just("auto") | st.floats(0, 0.4),
    ),
    method=st.sampled_from(["auto", Full(), Lora()])
    | st.builds(Lora, alpha=st.floats(1e-9, 1e9), target_modules=st.sampled_from(["x", ("a", "b"), ()])),
    objective=st.sampled_from(["auto", Sft()]),
    train=st.builds(
        TrainSpec,
        learning_rate=st.just("auto") | st.floats(1e-300, 1e300),
        micro_batch_size=st.sampled_from(["auto", 3, TokenBudget(tokens=9)]),
    ),
    eval=st.builds(EvalSpec, compare=st.booleans()),
    output=st.builds(OutputSpec, name=st.sampled_from(["", "no", "007", "true", "a b", "[x]", "auto"])),
    seed=st.integers(0, 2**62),
)


@settings(max_examples=150, deadline=None)
@given(RECIPES, st.booleans())
def test_round_trip(tmp_path_factory, recipe: Recipe, defaults: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "round.yaml"
    path.write_text(to_yaml(recipe, defaults), encoding="utf-8", newline="\n")
    loaded = load(path)
    assert loaded.recipe == recipe
    assert loaded.notices == ()


def test_json_schema() -> None:
    schema = json_schema()
    json.dumps(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert list(schema["properties"])[:2] == ["extends", "model"]
    assert {"type": "string"} in schema["properties"]["model"]["anyOf"]
    assert schema["properties"]["method"]["anyOf"][0]["enum"] == ["auto", *METHODS.names(), *PRESETS.names()]
    assert schema["additionalProperties"] is False
    assert "r" in schema["$defs"]["Lora"]["properties"]
