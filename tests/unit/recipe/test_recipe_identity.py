from hypothesis import given
from hypothesis import strategies as st

from afina.methods.full import Full
from afina.methods.lora import Lora
from afina.recipe import EXECUTION_FIELDS, IDENTITY_FIELDS, Recipe, diff, every_leaf, load, run_key
from afina.recipe.identity import BY_CONTENT, is_identity

ANOTHER = {
    "model.precision": "fp16",
    "data.template": "plain",
    "data.truncation": "keep_end",
    "data.personal_data": "mask",
    "data.drop_duplicates": "exact",
    "data.keep_together": "exact",
    "train.schedule": "linear",
    "train.device": "cpu",
}


def key(*words: str, data: str = "d", model: str = "m") -> str:
    return run_key(load(None, words).recipe, data, model)


def another(dotted: str) -> str:
    """Some other allowed value than the default."""
    leaf = next(leaf for leaf in every_leaf() if leaf.dotted == dotted)
    if dotted in ANOTHER:
        return ANOTHER[dotted]
    if isinstance(leaf.default, bool):
        return str(not leaf.default).lower()
    return (
        "[x]"
        if leaf.schema.get("type") == "array"
        else "{text: x}"
        if leaf.default == {}
        else "0.25"
        if isinstance(leaf.default, float) and leaf.default == 0
        else "123"
    )


def test_every_key_is_in_exactly_one_set() -> None:
    for leaf in every_leaf():
        names = {leaf.dotted, leaf.path[0]}
        assert len(names & IDENTITY_FIELDS) + len(names & EXECUTION_FIELDS) == 1, leaf.dotted
    known = {leaf.dotted for leaf in every_leaf()} | {"method", "objective"}
    assert known >= IDENTITY_FIELDS
    assert known >= EXECUTION_FIELDS
    assert all(is_identity(key) for key in BY_CONTENT)


def test_each_key_counts_as_its_set_says() -> None:
    shares = {"data.header": "true", "data.validation": "0.25", "data.test": "0.25", "train.warmup_ratio": "0.25"}
    shares |= {
        "train.adam_beta1": "0.25",
        "train.adam_beta2": "0.25",
        "train.optimizer": "",
        "train.decay_ratio": "0.25",
        "train.layer_decay": "0.25",
        "data.separator": ";",
        "method.target_modules": "q_proj",
        "output.track": "[wandb]",
        "data.choices": "[yes, no]",
        "objective.rank_by": "sum",
        "objective.share": "0.25",
        "objective.threshold": "0.25",
        "objective.mask_rate": "0.25",
        "objective.masked": "0.5",
        "objective.randomised": "0.05",
        "objective.noise_rate": "0.25",
        "objective.style": "infilling",
        "model.quantize": "nf4",
        "method.init": "pissa",
    }
    for leaf in every_leaf():
        if (leaf.path[-1] == "name" and leaf.tag) or (leaf.path[0] == "method" and leaf.tag != "lora") or leaf.dotted == "train.optimizer":
            continue
        named = ["method=lora", *([f"objective={leaf.tag}"] if leaf.path[0] == "objective" else [])]
        base = load(None, named).recipe
        changed = load(None, [*named, f"{leaf.dotted}={shares.get(leaf.dotted) or another(leaf.dotted)}"]).recipe
        assert changed != base, leaf.dotted
        assert (run_key(changed, "d", "m") != run_key(base, "d", "m")) == (is_identity(leaf.dotted) and leaf.dotted not in BY_CONTENT)
        assert diff(base, changed) == ([leaf.dotted] if is_identity(leaf.dotted) else [])


def test_key_is_content() -> None:
    assert len(key()) == 16
    assert int(key(), 16) >= 0
    assert key() == key("data=other.csv", "model=other")
    assert len({key(), key(data="e"), key(model="n"), key("seed=1"), key("method=lora"), key("method=full"), key("lr=1e-4")}) == 7
    assert key("alpha=32") == key("method=lora") == key("alpha=32.0")
    assert key("map={a: x, b: y}") == key("map={b: y, a: x}")
    assert run_key(Recipe(method=Lora()), "d", "m") == key("method=lora")


def test_key_is_stable() -> None:
    """A run is found again by another version: change this value only when the meaning of a recipe changes."""
    assert key("r=8", "seed=3") == key("seed=3", "method=lora", "method.r=8")


@given(st.sampled_from(["a\x00", "é", "\U0001f600"]))
def test_key_takes_any_text(text: str) -> None:
    assert len(run_key(load(None, values={"map": {"text": text.replace("\0", "")}}).recipe, text, text)) == 16


def test_diff() -> None:
    assert diff(Recipe(), Recipe()) == []
    assert diff(Recipe(method=Lora(r=8)), Recipe(method=Lora(r=4, alpha=8), seed=1)) == ["method.r", "method.alpha", "seed"]
    assert diff(Recipe(method=Lora(r=8)), Recipe(method=Full())) == ["method.name"]
    assert diff(Recipe(), Recipe(method=Full())) == ["method.name"]
    assert diff(load(None, ["micro_batch_size=1", "dir=x"]).recipe, Recipe()) == []
