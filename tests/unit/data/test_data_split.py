"""The split: disjoint, stable when rows are added, honest about copies and small classes."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data.beside import NOTHING, Beside
from afina.data.prepare import read
from afina.data.split import sizes, split
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import Chat, Completion, Labelled, Message, Row, Text

AUTO = DataSpec()


@pytest.mark.parametrize(
    ("n", "validation", "test"),
    [
        (3, 1, 1),
        (10, 1, 2),
        (100, 10, 20),
        (1_000, 100, 200),
        (1_500, 150, 200),
        (3_000, 300, 300),
        (15_000, 1_000, 1_500),
        (50_000, 1_000, 2_000),
    ],
)
def test_auto_sizes(n: int, validation: int, test: int) -> None:
    assert sizes(n, AUTO) == (validation, test)


def test_given_sizes() -> None:
    assert sizes(100, DataSpec(validation=0.25, test=0)) == (25, 0)
    assert sizes(10, DataSpec(validation=0.01, test=0.5)) == (1, 5)


def texts(n: int, start: int = 0) -> list[Row]:
    return [Text(i + 1, f"text {i}") for i in range(start, start + n)]


def labelled(*counts: int) -> list[Row]:
    rows: list[Row] = []
    for label, count in enumerate(counts):
        rows += [Labelled(len(rows) + 1 + i, f"text {label} {i}", f"class {label}") for i in range(count)]
    return rows


ROWS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abc")), min_size=6, max_size=80)


@settings(max_examples=80, deadline=None)
@given(drawn=ROWS, seed=st.integers(0, 5), stratify=st.booleans())
def test_every_row_is_on_one_side_and_copies_stay_together(drawn: list[tuple[int, str]], seed: int, stratify: bool) -> None:
    rows: list[Row] = [Labelled(i + 1, f"text {text}" + " " * (i % 2), label) for i, (text, label) in enumerate(drawn)]
    try:
        divided = split(rows, DataSpec(stratify=stratify), seed)
    except DataError:
        return
    sides = {name: [row.number for row in found] for name, found in divided.rows.items()}
    assert sorted(number for numbers in sides.values() for number in numbers) == [row.number for row in rows]
    assert all(numbers == sorted(numbers) and numbers for numbers in sides.values())
    assert split(rows, DataSpec(stratify=stratify), seed).rows == divided.rows
    most = max(sum(other == text for other, _ in drawn) for text, _ in drawn)
    if most <= max(2, len(rows) // 20):
        where = {(row.text.strip(), name) for name, found in divided.rows.items() for row in found}
        assert len({text for text, _ in where}) == len(where)


WORDS = [
    f"{a}{b}{c}"
    for a in ("zor", "lim", "pak", "ved", "qua", "tis", "hon")
    for b in "aeiou"
    for c in ("xt", "bb", "gr", "ns", "pf", "lk", "md")
]


def unlike(n: int, seed: int, n_classes: int = 3) -> list[Row]:
    """Rows of eight words each that are never near-duplicates; classes of falling size."""
    rng = random.Random(f"rows/{seed}")
    label = [int(min(n_classes - 1, rng.expovariate(0.8))) for _ in range(n)]
    return [Labelled(1_000_000 * seed + i + 1, " ".join(rng.choice(WORDS) for _ in range(8)), f"class {label[i]}") for i in range(n)]


def sides(rows: list[Row], spec: DataSpec, seed: int = 0, beside: Beside = NOTHING) -> dict[int, str]:
    return {row.number: name for name, found in split(rows, spec, seed, beside).rows.items() for row in found}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(n=st.integers(500, 900), added=st.floats(0.002, 2), seed=st.integers(0, 30), stratify=st.booleans())
def test_appended_rows_move_no_old_row(n: int, added: float, seed: int, stratify: bool) -> None:
    """Shares given, sides of 50 rows or more: a row's side depends on the row alone."""
    spec = DataSpec(test=0.2, validation=0.15, stratify=stratify)
    old = unlike(n, seed)
    before, after = sides(old, spec, seed), sides([*old, *unlike(max(1, int(n * added)), seed + 100)], spec, seed)
    assert {number: after[number] for number in before} == before


@settings(max_examples=25, deadline=None)
@given(n=st.integers(10, 240), seed=st.integers(0, 30))
def test_small_sides_have_their_exact_number_and_few_rows_move(n: int, seed: int) -> None:
    """Under 50 rows a side is drawn by rank: a tenth more rows may move about as many rows as they are, never across train."""
    spec = DataSpec(test=0.2, validation=0.1, stratify=False)
    old, new = unlike(n, seed), unlike(-(-n // 10), seed + 100)
    before, after = sides(old, spec, seed), sides([*old, *new], spec, seed)
    counts = Counter(before.values())
    assert (counts["validation"], counts["test"]) == sizes(n, spec) if n < 245 else True
    moved = [(before[number], after[number]) for number in before if before[number] != after[number]]
    assert len(moved) <= 2 * len(new) + 8
    assert all("train" in pair for pair in moved)


def test_where_auto_shrinks_its_share_old_rows_only_return_to_train() -> None:
    """From 1,000 to 2,000 rows the test stays at about 200, so 1,000 new rows send about half of the old test back."""
    old = unlike(1_000, 1)
    before, after = sides(old, AUTO), sides([*old, *unlike(1_000, 2)], AUTO)
    moved = Counter((before[number], after[number]) for number in before if before[number] != after[number])
    assert set(moved) == {("test", "train")}
    assert 70 <= moved["test", "train"] <= 130


@pytest.mark.parametrize("n", [1_000, 4_000])
def test_sides_have_about_their_size_and_every_class_its_share(n: int) -> None:
    """Over 40 seeds: the mean is the share, and no side of any class is more than four standard deviations off."""
    rows = unlike(n, 3)
    of_class = Counter(row.label for row in rows)
    spec = DataSpec(test=0.2, validation=0.1, keep_together="exact")
    totals = {"validation": 0, "test": 0}
    for seed in range(40):
        divided = split(rows, spec, seed).rows
        for name, share in (("validation", 0.1), ("test", 0.2)):
            totals[name] += len(divided[name])
            for label, count in Counter(row.label for row in divided[name]).items():
                allowed = 4 * (of_class[label] * share * (1 - share)) ** 0.5 + 1
                assert abs(count - share * of_class[label]) <= allowed, (seed, name, label)
    assert totals["test"] / 40 == pytest.approx(0.2 * n, abs=4 * (0.16 * n / 40) ** 0.5)
    assert totals["validation"] / 40 == pytest.approx(0.1 * n, abs=4 * (0.09 * n / 40) ** 0.5)


@pytest.mark.parametrize("n", [60, 700])
def test_the_order_of_the_file_decides_nothing(n: int) -> None:
    rows = [*unlike(n, 4), *(Labelled(9_000_000 + row.number, f" {row.text}", "class 1") for row in unlike(n // 10, 4))]
    shuffled = random.Random(1).sample(rows, len(rows))
    assert sides(rows, AUTO) == sides(shuffled, AUTO)
    assert sides(rows, AUTO) != sides(rows, AUTO, seed=1)


def test_the_notice_says_what_to_expect() -> None:
    notice = split(unlike(1_000, 5), AUTO, 0).notices[-1]
    assert "aimed at validation 100 ± 9, test 200 ± 13" in notice.why


def test_label_shares_are_kept() -> None:
    """Small sides exactly; large ones are tested above."""
    divided = split(labelled(140, 40, 20), DataSpec(keep_together="exact"), 0).rows
    count = {name: [sum(row.label == f"class {c}" for row in rows) for c in range(3)] for name, rows in divided.items()}
    assert count == {"train": [98, 28, 14], "validation": [14, 4, 2], "test": [28, 8, 4]}


# --- near-duplicates ---


def test_near_duplicates_are_on_one_side() -> None:
    originals = unlike(400, 6)
    edited = [Labelled(5_000 + i, f"{row.text} xt", row.label) for i, row in enumerate(originals[:150])]
    of = sides([*originals, *edited], DataSpec(test=0.3, validation=0.2))
    assert all(of[originals[i].number] == of[5_000 + i] for i in range(150))
    exact = sides([*originals, *edited], DataSpec(test=0.3, validation=0.2, keep_together="exact"))
    assert any(exact[originals[i].number] != exact[5_000 + i] for i in range(150))
    notices = split([*originals, *edited], AUTO, 0).notices
    assert any("300 rows (55 %) ask almost what another row asks" in notice.what for notice in notices)


def test_a_form_that_all_rows_follow_binds_nothing() -> None:
    rows: list[Row] = [Text(i + 1, f"the invoice number {i:04} of the year was paid by transfer") for i in range(200)]
    divided = split(rows, AUTO, 0)
    assert {name: len(found) for name, found in divided.rows.items()} == {"train": 140, "validation": 20, "test": 40}
    assert any("200 rows follow a common form" in notice.what for notice in divided.notices)


@pytest.mark.parametrize(("name", "value"), [("NEAR_ROWS", 100), ("NEAR_CHARACTERS", 1_000)])
def test_in_large_files_near_is_only_looked_for_when_asked(name: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"afina.data.groups.{name}", value)
    rows = unlike(120, 7)
    assert any("near-duplicates were not looked for in 120 rows" in notice.what for notice in split(rows, AUTO, 0).notices)
    asked = split(rows, DataSpec(keep_together="near"), 0)
    assert not any("not looked for" in notice.what for notice in asked.notices)


# --- columns that decide ---


@settings(max_examples=30, deadline=None)
@given(n=st.integers(40, 200), n_groups=st.integers(6, 60), seed=st.integers(0, 9))
def test_no_group_is_on_two_sides(n: int, n_groups: int, seed: int) -> None:
    rows = unlike(n, 8)
    rng = random.Random(seed)
    group = {row.number: f"user {rng.randrange(n_groups)}" for row in rows}
    of = sides(rows, DataSpec(group="user"), seed, Beside(group=group))
    assert set(of) == set(group) and set(of.values()) == {"train", "validation", "test"}
    assert len({(group[number], side) for number, side in of.items()}) == len(set(group.values()))


def test_rows_without_a_group_stand_alone() -> None:
    rows = unlike(300, 9)
    of = sides(rows, DataSpec(group="user"), 0, Beside(group={row.number: "" for row in rows}))
    assert of.keys() == {row.number for row in rows} and Counter(of.values())["test"] > 30


@pytest.mark.parametrize(
    "written",
    [
        lambda i: f"2024-{1 + i // 28:02}-{1 + i % 28:02}",
        lambda i: f"2024-{1 + i // 28:02}-{1 + i % 28:02}T10:00:00Z",
        lambda i: f"{1 + i % 28:02}/{1 + i // 28:02}/2024",
        lambda i: f"{1 + i // 28:02}/{1 + i % 28:02}/2024 10:30",
        lambda i: str(1_700_000_000 + 60 * i),
        lambda i: f"{i / 8}",
        lambda i: (datetime(2024, 1, 1) + timedelta(days=i)).strftime("%d %b %Y"),
        lambda i: (datetime(2024, 1, 1) + timedelta(days=i)).strftime("%a, %d %b %Y 10:00:00 +0100"),
    ],
)
def test_the_newest_rows_are_the_test(written) -> None:
    rows = unlike(100, 10)
    oldest_first = random.Random(2).sample(range(100), 100)
    time = {row.number: written(i) for row, i in zip(rows, oldest_first, strict=True)}
    age = {row.number: i for row, i in zip(rows, oldest_first, strict=True)}
    of = sides(rows, DataSpec(time="day"), 0, Beside(time=time))
    assert {side: sorted(age[number] for number in of if of[number] == side) for side in ("validation", "test")} == {
        "validation": list(range(70, 80)),
        "test": list(range(80, 100)),
    }


def test_copies_of_the_newest_rows_do_not_stay_in_train() -> None:
    rows = unlike(100, 11)
    rows[0] = replace(rows[0], text=rows[99].text)
    of = sides(rows, DataSpec(time="day"), 0, Beside(time={row.number: str(i) for i, row in enumerate(rows)}))
    assert of[rows[0].number] == of[rows[99].number] == "test"


def test_a_time_that_is_none_is_named_with_its_row() -> None:
    rows = unlike(50, 12)
    time = {row.number: f"2024-01-{1 + i % 28:02}" for i, row in enumerate(rows)} | {rows[7].number: "yesterday", rows[9].number: ""}
    with pytest.raises(DataError) as caught:
        sides(rows, DataSpec(time="day"), 0, Beside(time=time))
    assert caught.value.code == "D041"
    assert f'"yesterday" in column "day" is no time that the other rows share (2 rows: {rows[7].number}, {rows[9].number})' in str(
        caught.value
    )
    assert "2024-01-31" in caught.value.fix


def test_days_that_could_be_months_are_said() -> None:
    rows = unlike(60, 13)
    time = {row.number: f"{1 + i % 12:02}/{1 + i % 11:02}/2024" for i, row in enumerate(rows)}
    said = split(rows, DataSpec(time="day"), 0, Beside(time=time)).notices
    assert any("read as day, month, year" in notice.what for notice in said)


def test_a_column_says_the_side() -> None:
    rows = unlike(60, 14)
    words = ["train", "Training", "dev", "val", "valid", "eval", "validation", "test", "TEST "]
    column = {row.number: words[i % len(words)] for i, row in enumerate(rows)}
    of = sides(rows, DataSpec(split="part"), 0, Beside(split=column))
    expected = ["train"] * 2 + ["validation"] * 5 + ["test"] * 2
    assert [of[row.number] for row in rows] == [expected[i % 9] for i in range(60)]
    column[rows[4].number] = "tset"
    with pytest.raises(DataError) as caught:
        sides(rows, DataSpec(split="part"), 0, Beside(split=column))
    assert caught.value.code == "D042"
    assert f'"tset" in column "part" is not train, validation or test (1 rows: {rows[4].number})' in str(caught.value)


def test_a_side_that_the_column_leaves_out_is_drawn_from_train() -> None:
    rows = unlike(200, 15)
    column = {row.number: "test" if i < 40 else "train" for i, row in enumerate(rows)}
    divided = split(rows, DataSpec(split="part"), 0, Beside(split=column))
    assert [row.number for row in divided.rows["test"]] == [row.number for row in rows[:40]]
    assert len(divided.rows["validation"]) == 16
    assert any('no row of "part" says validation' in notice.what for notice in divided.notices)
    assert not split(rows, DataSpec(split="part", validation=0), 0, Beside(split=column)).rows["validation"]


def test_rows_that_a_column_puts_on_two_sides_are_said_and_obeyed() -> None:
    rows = unlike(80, 16)
    rows[70] = replace(rows[70], text=f"{rows[1].text} xt")
    column = {row.number: ("train", "validation", "test")[(i >= 60) + (i >= 70)] for i, row in enumerate(rows)}
    divided = split(rows, DataSpec(split="part"), 0, Beside(split=column))
    assert rows[70] in divided.rows["test"] and rows[1] in divided.rows["train"]
    said = next(notice for notice in divided.notices if notice.what.startswith("D012"))
    assert (
        said.what == f"D012 1 test and validation rows (5 %) ask what a training row asks (rows {rows[70].number}); kept as data.split says"
    )


def test_the_columns_of_a_file_decide_and_are_no_part_of_its_rows(write) -> None:
    lines = [
        f"{row.text},{row.label},u{i % 30},2024-01-{1 + i % 28:02},{('train', 'dev', 'test')[i % 3]}"
        for i, row in enumerate(unlike(90, 17))
    ]
    spec = write("a.csv", "\n".join(["text,label,user,day,part", *lines]), map={"text": "text", "label": "label"})
    for key in ("group=user", "time=day", "split=part"):
        name, _, column = key.partition("=")
        dataset = read(spec.model_copy(update={name: column}))
        assert all(dataset.splits.values()) and len(dataset.rows) == 90
        assert any(f"data.{name}" in notice.key for notice in dataset.notices) or name == "group"
    with pytest.raises(DataError) as caught:
        read(spec.model_copy(update={"group": "usr"}))
    assert (caught.value.code, caught.value.fix) == ("D001", "data.group=user")


def test_classes_of_one_or_two_rows_stay_in_train() -> None:
    rows = [*labelled(50, 50), Labelled(101, "alone", "refund"), Labelled(102, "two", "rare"), Labelled(103, "three", "rare")]
    divided = split(rows, AUTO, 0)
    assert {101, 102, 103} <= {row.number for row in divided.rows["train"]}
    said = next(n for n in divided.notices if n.what.startswith("D011"))
    assert said.what == 'D011 class "rare" has 2 rows (and 1 more such classes); cannot be in train and test, so it stays in train'
    assert said.key == "data.stratify=false"


def test_without_stratification_nothing_is_said_of_classes() -> None:
    divided = split([*labelled(50, 50), Labelled(101, "alone", "refund")], DataSpec(stratify=False), 0)
    assert not any(n.what.startswith("D011") for n in divided.notices)


def test_copies_are_counted() -> None:
    rows = [*texts(100), *(Text(200 + i, f" text {i}\n") for i in range(4))]
    divided = split(rows, AUTO, 0)
    said = next(n for n in divided.notices if n.what.startswith("D012"))
    assert said.what.startswith("D012 4 rows (4 %) repeat another row (rows 200, 201, 202 and 1 more); copies stay on one side")


def test_the_same_text_with_two_labels_is_said_and_stays_together() -> None:
    rows = [*labelled(40, 40), Labelled(91, "text 0 1", "class 1")]
    divided = split(rows, AUTO, 0)
    assert any("2 rows are the same text with different labels (1 texts; rows 2, 91); kept" in n.what for n in divided.notices)
    assert any({2, 91} <= {row.number for row in found} for found in divided.rows.values())


def test_answers_to_one_prompt_stay_together_but_a_fixed_prompt_does_not_bind() -> None:
    several = [Completion(3 * i + j + 1, f"prompt {i}", f"answer {j}") for i in range(40) for j in range(3)]
    sides = [{row.prompt for row in found} for found in split(several, AUTO, 0).rows.values()]
    assert sum(map(len, sides)) == 40
    fixed = [Completion(i + 1, "Write a poem.", f"poem {i}") for i in range(40)]
    assert {name: len(rows) for name, rows in split(fixed, AUTO, 0).rows.items()} == {"train": 28, "validation": 4, "test": 8}


def test_tiny_classes_everywhere_fall_back_to_an_unstratified_split() -> None:
    divided = split(labelled(2, 2, 2), AUTO, 0)
    assert all(divided.rows.values())
    assert any("does not keep label shares" in n.what for n in divided.notices)


@pytest.mark.parametrize("rows", [texts(2), [Text(i, "same") for i in range(20)]])
def test_too_few_rows(rows: list[Row]) -> None:
    with pytest.raises(DataError) as caught:
        split(rows, AUTO, 0)
    assert caught.value.code == "D015"
    assert split(rows, DataSpec(test=0, validation=0), 0).rows["train"] == rows


def growing(n: int, greeting: str = "") -> list[Chat]:
    """Conversations of four answers, stored again at each of them, as logs have it; every text is its own."""
    rng = random.Random(0)

    def words() -> str:
        return " ".join("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(rng.randrange(6, 25)))

    rows: list[Chat] = []
    for _ in range(n):
        turns = (Message("user", greeting), Message("assistant", "Hello!")) if greeting else ()
        for _ in range(4):
            turns = (*turns, Message("user", words()), Message("assistant", words()))
            rows.append(Chat(len(rows) + 1, turns))
    rng.shuffle(rows)
    return rows


@pytest.mark.parametrize("greeting", ["", "Hi there"])
@pytest.mark.parametrize("keep_together", ["exact", "near"])
def test_no_answer_of_a_measured_conversation_is_learned_in_another_that_goes_on_from_it(greeting: str, keep_together: str) -> None:
    found = split(growing(200, greeting), DataSpec(keep_together=keep_together), 0).rows

    def learned(row: Row) -> set[tuple[Message, ...]]:
        assert isinstance(row, Chat)
        return {row.messages[:end] for end in range(4 if greeting else 2, len(row.messages) + 1, 2)}

    trained = {start for row in found["train"] for start in learned(row)}
    assert [sum(bool(learned(row) & trained) for row in found[side]) for side in ("validation", "test")] == [0, 0]
    assert len(found["test"]) > 100
    assert len(found["validation"]) > 50
