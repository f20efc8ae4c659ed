import math
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.errors import UsageError
from afina.recipe.emit import block, flow
from afina.recipe.yaml12 import read, read_file, read_value, resolve

# YAML 1.2.2, 10.3.2, written out by hand.
SCALARS = [
    ("", None),
    ("~", None),
    ("null", None),
    ("Null", None),
    ("NULL", None),
    ("nUll", "nUll"),
    ("true", True),
    ("True", True),
    ("TRUE", True),
    ("false", False),
    ("yes", "yes"),
    ("no", "no"),
    ("on", "on"),
    ("off", "off"),
    ("y", "y"),
    ("0", 0),
    ("-7", -7),
    ("+7", 7),
    ("0777", 777),
    ("0o17", 15),
    ("0x1F", 31),
    ("0b11", "0b11"),
    ("1_000", "1_000"),
    ("12:30", "12:30"),
    ("2026-11-21", "2026-11-21"),
    ("1e-4", 1e-4),
    ("2e-5", 2e-5),
    ("1e3", 1000.0),
    ("1E+3", 1000.0),
    ("1.10", 1.1),
    ("1.", 1.0),
    (".5", 0.5),
    ("-.5e1", -5.0),
    ("1e", "1e"),
    ("e3", "e3"),
    (".", "."),
    ("1.2.3", "1.2.3"),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("inf", "inf"),
    ("nan", "nan"),
    ("NA", "NA"),
    ("None", "None"),
    ("<<", "<<"),
    ("=", "="),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_scalar(text: str, value: object) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)
    if text not in ("=",):
        assert read(f"k: {text}\n", "r").values == {"k": value}
    assert read(f'k: "{text}"\n', "r").values == {"k": text}


def test_nan() -> None:
    assert all(math.isnan(value) for value in (resolve(".nan"), resolve(".NaN")) if isinstance(value, float))
    assert isinstance(resolve(".nan"), float)


def test_values_and_lines() -> None:
    document = read("# c\na: 1\nb:\n  c: [x, 2]\n  d:\n    - p\n    - {q: no}\n", "r")
    assert document.values == {"a": 1, "b": {"c": ["x", 2], "d": ["p", {"q": "no"}]}}
    lines = document.lines
    assert (lines[("a",)], lines[("b",)], lines["b", "c"], lines["b", "d"], lines["b", "d", 1], lines["b", "d", 1, "q"]) == (
        2,
        3,
        4,
        5,
        7,
        7,
    )


def test_keys_are_text() -> None:
    assert read("1: a\nnull: b\nno: c\n", "r").values == {"1": "a", "null": "b", "no": "c"}


def test_empty() -> None:
    assert read("", "r").values == {}
    assert read("# nothing\n---\n", "r").values == {}


def test_aliases_expand() -> None:
    document = read("a: &x {p: 1}\nb: *x\nc: [*x, *x]\n", "r")
    assert document.values == {"a": {"p": 1}, "b": {"p": 1}, "c": [{"p": 1}, {"p": 1}]}
    assert document.lines[("b",)] == 2
    assert ("b", "p") not in document.lines


BOMB = "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{p}, *{p}, *{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))

REFUSALS = [
    ("a: 1\nb: 2\na: 3\n", 'r:3:1 "a" is already written on line 1'),
    ("s:\n  a: 1\n  a: 1\n", 'r:3:3 "a" is already written on line 2'),
    ("x: {a: 1, a: 2}\n", 'r:1:11 "a" is already written on line 1'),
    ("a: !!python/object/apply:os.system [ls]\n", "r:1:4 the tag !!python/object/apply:os.system is not allowed"),
    ("a: !!str 1\n", "r:1:4 the tag !!str is not allowed"),
    ("a: ! 1\n", "r:1:4 the tag ! is not allowed"),
    ("!!str a: 1\n", "r:1:1 the tag !!str is not allowed"),
    ("a: 1\n---\nb: 2\n", "r:2:1 a second document begins"),
    ("a: 1\n...\n---\n", "r:3:1 a second document begins"),
    ("a: &a {b: *a}\n", "r:1:11 *a stands inside itself"),
    ("a: *b\n", "r:1:4 *b is not defined above"),
    (BOMB, "aliases are expanded"),
    ("a: &a x\nb: [" + ", ".join(["*a"] * 101) + "]\n", "more than 100 aliases"),
    ("a: " + "[" * 25 + "]" * 25 + "\n", "r:1:23 nested more than 20 deep"),
    ("a: [" + "1," * 10_001 + "]\n", "more than 10,000 values"),
    ("a: &a {b: 1}\nc: {<<: *a}\n", 'r:2:5 "<<" is not YAML 1.2'),
    ("? [a]\n: 1\n", "r:1:3 a key must be text"),
    ("- a\n", "r:1:1 a recipe is a mapping of keys, not a list"),
    ("learning_rate:1e-4\n", "r:1:1 a recipe is a mapping of keys, not a single value"),
    ("a:\n\tb: 1\n", "r:2:1 not valid YAML"),
    ("a: [1, 2\nb: 3\n", "r:2:2 not valid YAML"),
    ('a: "x\n', "r:2:1 not valid YAML"),
    ("a: b: c\n", "r:1:5 not valid YAML"),
    ("a: 1\n  b: 2\n", "r:2:4 not valid YAML"),
    ("a: @x\n", "r:1:4 not valid YAML"),
    ("a: x\ny: \x07\n", "r:2:4 character"),
    ('a: "\\ud800"\n', "r:1:4 half of a surrogate pair"),
    ('a: "\\UFFFFFFFF"\n', "not valid YAML"),
    ("a: " + "9" * 5000 + "\n", "r:1:4 a number of 5000 digits cannot be read"),
    ("a: " + "x" * (1 << 20) + "\n", "at most 1 MiB"),
]


@pytest.mark.parametrize(("text", "wanted"), REFUSALS, ids=range(len(REFUSALS)))
def test_refused(text: str, wanted: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(text, "r")
    error = caught.value
    assert error.code == "R006"
    assert wanted in f"{error.where} {error.what}"
    assert error.fix
    assert error.where.count(":") == 2


def test_bombs_end_early() -> None:
    """The caps act while parsing: PyYAML alone needs minutes for the second text, and gigabytes for the first."""
    seen = time.process_time()
    for text in (BOMB, "[" * 200_000, "{a: " * 200_000, "- " * 200_000):
        with pytest.raises(UsageError):
            read(text, "r")
    assert time.process_time() - seen < 20


def test_read_file(tmp_path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: caf\xc3\xa9\r\nb: 2\r\n")
    assert read_file(path).values == {"a": "café", "b": 2}
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(UsageError, match=r"R006 .*recipe.yaml:2:7: byte 0xe9 is not UTF-8"):
        read_file(path)
    with pytest.raises(UsageError, match=r"R009 .*recipes.yaml: cannot be read: No such file or directory\n  Do: use .*recipe.yaml"):
        read_file(tmp_path / "recipes.yaml")
    with pytest.raises(UsageError, match=r"R009"):
        read_file(tmp_path)
    path.write_bytes(b"a: " + b"x" * 2_000_000)
    with pytest.raises(UsageError, match=r"R006 .* at most 1 MiB"):
        read_file(path)


def test_read_value() -> None:
    assert read_value("{tokens: 2048}", "w") == {"tokens": 2048}
    assert read_value("[q_proj, 'no', 1e-4]", "w") == ["q_proj", "no", 1e-4]
    assert read_value(' "8" ', "w") == "8"
    assert read_value("a: b # c", "w") == "a: b # c"
    with pytest.raises(UsageError, match=r"R006 w:1:"):
        read_value("[a", "w")
    with pytest.raises(UsageError, match=r"R006 w"):
        read_value("9" * 5000, "w")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8).filter(lambda key: key != "<<"), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(PLAIN)
def test_emitted_reads_back(value: object) -> None:
    assert read("k: " + flow(value), "r").values == {"k": value}


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b", "no", "1"]), PLAIN, max_size=4))
def test_block_reads_back(value: dict[str, object]) -> None:
    assert read("\n".join(block(value)), "r").values == value


def test_emit_by_hand() -> None:
    words = {
        "a": "x y",
        "b": "1e-4",
        "c": "no",
        "d": "a: b",
        "e": "",
        "f": 1e-5,
        "g": None,
        "h": "é\x00",
        "i": "-",
        "j": "true",
        "k": "a,b",
    }
    wanted = 'a: x y\nb: "1e-4"\nc: no\nd: "a: b"\ne: ""\nf: 1e-05\ng: null\nh: "é\\x00"\ni: "-"\nj: "true"\nk: "a,b"'
    assert "\n".join(block(words)) == wanted
    assert block({"l": [{"a": 1, "b": 2}, {"a": 3, "b": {"c": 4}}], "m": {}}) == [
        *("l:", "  - a: 1", "    b: 2", "  - a: 3", "    b:", "      c: 4", "m: {}"),
    ]
    with pytest.raises(TypeError):
        flow(object())


@settings(max_examples=1000, deadline=None)
@given(st.text(alphabet="abk:-[]{}&*!|>'\"#,%@`? \n\t0e.~<=", max_size=40))
def test_any_text_reads_or_is_refused(text: str) -> None:
    """Whatever is written, the answer is a mapping or a UsageError; a mapping has the keys that PyYAML sees."""
    try:
        document = read(text, "r")
    except UsageError:
        return
    if document.values:
        composed = yaml.compose(text, Loader=yaml.SafeLoader)
        assert [key.value for key, _ in composed.value] == list(document.values)
