import random
import string

import pytest

from afina.errors import RecipeErrors
from afina.recipe import every_leaf, load
from afina.recipe.aliases import ALIASES, REFUSED
from afina.recipe.keys import leaves
from afina.recipe.suggest import distance, nearest

EDITS_PER_KEY = 40


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("abc", "abxc", 1),
        ("lora_aplha", "lora_alpha", 1),
        ("ca", "abc", 3),
    ],
)
def test_distance(a: str, b: str, edits: int) -> None:
    assert distance(a, b) == distance(b, a) == edits


def test_nearest() -> None:
    known = ["learning_rate", "num_epochs", "warmup_ratio", "r"]
    assert nearest("Learning-Rate", known) == "learning_rate"
    assert nearest("warmup", known) == "warmup_ratio"
    assert nearest("zzzz", known) == ""
    assert nearest("ab", ["ax", "xb"]) == "ax"


def one_edit(word: str, rng: random.Random) -> str:
    at, letter = rng.randrange(len(word)), rng.choice(string.ascii_lowercase + "_")
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + letter + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + letter + word[at + 1 :]
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def guessed(typo: str, section: str, tag: str) -> str:
    member = {"name": tag} if tag else {}
    with pytest.raises(RecipeErrors) as caught:
        load(None, values={section: {**member, typo: "x"}} if section else {typo: "x"})
    (error,) = caught.value.errors
    assert error.code == "R002"
    return error.what.partition("Did you mean ")[2].rstrip("?")


def test_one_edit_typos_find_their_key() -> None:
    """At least 95 of 100 one-edit typos of every key, written in its section, get the right suggestion."""
    rng = random.Random(0)
    right, wrong = 0, []
    for leaf in every_leaf():
        section, name = (leaf.path[0], leaf.path[1]) if len(leaf.path) == 2 else ("", leaf.path[0])
        taken = {*leaves(section, leaf.tag), *ALIASES, *REFUSED, "model", "data", "eval", ""}
        if leaf.path == (section, "name") and leaf.tag:
            continue
        for typo in {one_edit(name, rng) for _ in range(EDITS_PER_KEY)} - taken:
            found = guessed(typo, section, leaf.tag)
            right += found == name
            wrong += [] if found == name else [(leaf.dotted, typo, found)]
    assert right / (right + len(wrong)) >= 0.95, wrong


def test_one_edit_typos_of_override_words() -> None:
    """The same for words without a section; a key name that stands in several sections is suggested all the same."""
    rng = random.Random(1)
    names = sorted({leaf.path[-1] for leaf in every_leaf()})
    known = {*names, *ALIASES, *REFUSED, "model", "data", "eval", "train", "output", "method", "objective", ""}
    right, wrong = 0, []
    for name in names:
        for typo in {one_edit(name, rng) for _ in range(15)} - known:
            with pytest.raises(RecipeErrors) as caught:
                load(None, [f"{typo}=1"])
            guess = caught.value.errors[0].what.partition("Did you mean ")[2].rstrip("?")
            right += guess == name
            wrong += [] if guess == name else [(name, typo, guess)]
    assert right / (right + len(wrong)) >= 0.95, wrong
