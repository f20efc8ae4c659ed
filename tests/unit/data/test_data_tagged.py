"""Words and tags: texts cut into words, spans made tags, sentences read from CoNLL's files, long sentences divided."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afina.data.clean.file import clean_file
from afina.data.columns import SHAPES, SURE, Layout, Question, recognise
from afina.data.columns.evidence import Evidence
from afina.data.encoder import Encoder
from afina.data.examine import examine
from afina.data.forms.tags import windows
from afina.data.prepare import encode, read
from afina.data.rows import TypedRows, typed
from afina.data.sources import read_table
from afina.data.tokenize import Tokenizer
from afina.data.wordwise import Span, spans_of, tagged, words_of, wrong
from afina.errors import DataError
from afina.recipe.schema import DataSpec
from afina.types import IGNORE_INDEX, Row, Tagged

CONLL = """-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O
German JJ B-NP B-MISC
call NN I-NP O

# NN B-NP O
1 CD I-NP O

"""
UNIVERSAL = """# sent_id = 1
# text = Al mar
1-2\tAl\t_\t_\t_\t_\t_\t_\t_\t_
1\tA\ta\tADP\tSPS00\t_\t3\tcase\t_\t_
2\tel\tel\tDET\tDA\t_\t3\tdet\t_\t_
3\tmar\tmar\tNOUN\tNC\t_\t0\troot\t_\t_
3.1\tés\tser\tAUX\tVS\t_\t_\t_\t0:root\t_

# sent_id = 2
1\tSí\tsí\tINTJ\tI\t_\t0\troot\t_\t_
"""


def rows_of(spec: DataSpec, layout: Layout | None = None, answers: bool = True) -> TypedRows:
    found = read_table(spec)
    return typed(found, layout or recognise(found, spec.map), spec, answers=answers)


# --- texts ---


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana, visit Sant Cugat!", "Ana | , | visit | Sant | Cugat | !"),
        ("l'Ana té 3,5 €", "l | ' | Ana | té | 3 | , | 5 | €"),
        ("e\u0301ric हिन्दी", "e\u0301ric | हिन्दी"),
        ("東京はIBM", "東 | 京 | は | IBM"),
        ("  \u00a0\n", ""),
    ],
)
def test_a_text_is_cut_into_words(text: str, words: str) -> None:
    assert " | ".join(word.text for word in words_of(text)) == words


@given(st.text(max_size=60), st.sets(st.integers(0, 60)))
def test_words_are_where_they_say_and_hold_all_but_space(text: str, borders: set[int]) -> None:
    words = words_of(text, borders)
    assert all(text[word.start : word.end] == word.text and word.text.strip() == word.text for word in words)
    assert all(one.end <= other.start for one, other in pairwise(words))
    assert "".join(word.text for word in words) == "".join(char for char in text if not char.isspace())
    assert not any(word.start < border < word.end for word in words for border in borders)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), st.data())
def test_spans_come_back_exactly(text: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [Span(start, end, "A" if start % 2 else "B") for start, end in zip(ends[::2], ends[1::2], strict=False)]
    if wrong(text, spans):
        assert any(not text[span.start : span.end].strip() for span in spans)
        return
    words, tags = tagged(text, spans)
    back: list[tuple[str, str]] = []
    for word, tag in zip(words, tags, strict=True):
        if tag.startswith("B-"):
            back.append((word.text, tag[2:]))
        elif tag.startswith("I-"):
            back[-1] = (back[-1][0] + word.text, tag[2:])
    assert back == [("".join(text[span.start : span.end].split()), span.label) for span in spans]


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([Span(0, 3, "P")], ""),
        ([Span(0, 40, "P")], "the span 0 to 40 is not in its text of 14 characters"),
        ([Span(-1, 2, "P")], "the span -1 to 2 is not in its text of 14 characters"),
        ([Span(3, 3, "P")], "the span 3 to 3 is not in its text of 14 characters"),
        ([Span(3, 4, "P")], "the span 3 to 4 is not in its text of 14 characters"),
        ([Span(4, 9, "P"), Span(0, 5, "P")], "the spans 0 to 5 and 4 to 9 overlap"),
        ([Span(0, 3, " ")], "the span 0 to 3 has no label"),
        ([Span(0, 3, "P", "Eva")], "the span 0 to 3 says 'Eva' where the text has 'Ana'"),
    ],
)
def test_spans_that_cannot_be(spans: list[Span], reason: str) -> None:
    assert wrong("Ana saw Girona", spans) == reason


@pytest.mark.parametrize("key", ["start_offset", "start_char", "begin"])
def test_spans_as_tools_write_them(key: str) -> None:
    end = {"start_offset": "end_offset", "start_char": "end_char", "begin": "end"}[key]
    assert spans_of([{key: 0, end: 3, "type": "P", "text": "Ana"}]) == [Span(0, 3, "P", "Ana")]
    assert spans_of([[0, 3, "P"]]) == [Span(0, 3, "P")]
    assert spans_of([{"start": 0, "end": 3, "labels": ["P"]}]) == [Span(0, 3, "P")]
    assert spans_of([]) == []
    for other in ("Ana", [{"start": "0", "end": 3, "label": "P"}], [[0, 3]], [{"start": True, "end": 3, "label": "P"}], [0, 3, "P"]):
        assert spans_of(other) is None


def test_rows_with_bad_spans_are_left_out_and_counted(write: Any) -> None:
    good = {"text": "Ana saw Girona", "entities": [{"start": 0, "end": 3, "label": "PER"}, {"start": 8, "end": 14, "label": "LOC"}]}
    bad = [{"start": 0, "end": 5, "label": "PER"}, {"start": 4, "end": 7, "label": "PER"}]
    found = rows_of(write("a.jsonl", [good] * 12 + [{"text": "Ana saw Girona", "entities": bad}]))
    assert found.rows[0] == Tagged(1, ("Ana", "saw", "Girona"), ("B-PER", "O", "B-LOC"), "Ana saw Girona", (0, 4, 8))
    assert [tuple(drop) for drop in found.dropped] == [(13, "the spans 0 to 5 and 4 to 7 overlap")]
    assert any("1 rows cannot be read as texts with marked spans: rows 13" in str(notice) for notice in found.notices)


def test_a_repair_that_moves_characters_leaves_the_row_out(write: Any, tmp_path: Path) -> None:
    place = [{"start": 10, "end": 14, "label": "LOC"}]
    rows = [
        {"text": "Ana &amp; Oslo", "entities": place},
        {"text": "no one in Oslo &amp; x", "entities": place},
        {"text": "R&amp;D here", "entities": []},
    ]
    data = read(
        write("a.jsonl", rows + [{"text": f"Ana saw {i} Oslo", "entities": [[0, 3, "PER"]]} for i in range(20)], unescape_html=True)
    )
    assert [tuple(drop) for drop in data.dropped] == [
        (1, "data.unescape_html: its spans count the characters of a text that this repair changes")
    ]
    kept = {row.number: row for row in data.rows}
    assert kept[2].text == "no one in Oslo & x" and kept[2].tags[3] == "B-LOC" and kept[3].text == "R&D here"  # type: ignore[union-attr]
    assert any("1 rows with marked spans are left out: rows 1" in str(notice) for notice in data.notices)
    spec = write("b.jsonl", rows, unescape_html=True)
    clean_file(spec, tmp_path / "out.jsonl")
    assert [json.loads(line)["text"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == ["no one in Oslo & x", "R&D here"]


def test_inclusive_ends_are_noticed(write: Any) -> None:
    rows = [{"text": "Ana saw Girona", "entities": [{"start": 0, "end": 2, "label": "PER"}, {"start": 8, "end": 13, "label": "LOC"}]}] * 9
    said = [str(notice) for notice in rows_of(write("a.jsonl", rows)).notices]
    assert any("18 of 18 spans end one character before their word does" in notice for notice in said)


# --- lists of words and tags ---


def test_numbers_are_tags_too_and_lengths_must_agree(write: Any) -> None:
    rows = [{"tokens": ["a", "b"], "ner_tags": [0, 3]}] * 12 + [{"tokens": ["a", "b"], "ner_tags": [0]}, {"tokens": [], "ner_tags": []}]
    found = rows_of(write("a.jsonl", rows, drop_empty=True))
    assert found.rows[0] == Tagged(1, ("a", "b"), ("0", "3"))
    assert (13, "2 words beside 1 tags") in [tuple(drop) for drop in found.dropped]
    assert 14 in [drop.number for drop in found.dropped]


def test_numbers_have_the_names_that_datasets_keeps_beside_them(tmp_path: Path) -> None:
    from datasets import ClassLabel, Dataset, Features, List, Value

    names = ["O", "B-PER", "I-PER"]
    features = Features({"tokens": List(Value("string")), "ner_tags": List(ClassLabel(names=names)), "side": ClassLabel(names=["x", "y"])})
    rows = {"tokens": [["Ana", f"w{i}"] for i in range(20)], "ner_tags": [[1, 0]] * 20, "side": [i % 2 for i in range(19)] + [-1]}
    Dataset.from_dict(rows, features=features).to_parquet(tmp_path / "a.parquet")
    spec = DataSpec(path=str(tmp_path / "a.parquet"))
    table = read_table(spec)
    assert [record.values["side"] for record in table.records][-3:] == ["y", "x", None]
    assert any("ner_tags: O, B-PER, I-PER; side: x, y" in str(notice) for notice in table.notices)
    assert rows_of(spec).rows[0] == Tagged(1, ("Ana", "w0"), ("B-PER", "O"))


TEXTS = [f"Ana Vidal saw Oslo in the year {1900 + i} with her friends" for i in range(20)]
PLACE = {"start": 0, "end": 9}
TOOLS: dict[str, Callable[[int, str], dict[str, Any]]] = {
    "prodigy": lambda i, text: {
        "text": text,
        "_input_hash": i,
        "tokens": [{"text": "Ana", "start": 0, "end": 3, "id": 0}],
        "spans": [{**PLACE, "label": "PER", "token_start": 0, "token_end": 1}],
        "answer": "accept",
        "meta": {"source": "x"},
    },
    "doccano": lambda i, text: {"id": i, "text": text, "label": [[0, 9, "PER"]], "Comments": []},
    "doccano with relations": lambda i, text: {
        "id": i,
        "text": text,
        "entities": [{"id": i, "label": "PER", "start_offset": 0, "end_offset": 9}],
        "relations": [],
        "Comments": [],
    },
    "label studio": lambda i, text: {
        "id": i,
        "text": text,
        "label": [{**PLACE, "text": "Ana Vidal", "labels": ["PER"]}],
        "annotator": 1,
        "annotation_id": i,
        "created_at": "2024-01-01T00:00:00Z",
    },
    "spacy": lambda i, text: {"text": text, "entities": [[0, 9, "PER"]]},
    "wikiann": lambda i, text: {
        "tokens": text.split(),
        "ner_tags": ["B-PER", "I-PER"] + ["O"] * 9,
        "langs": ["en"] * 11,
        "spans": ["PER: Ana Vidal"],
    },
    "multinerd": lambda i, text: {"tokens": text.split(), "ner_tags": ["B-PER", "I-PER"] + ["O"] * 9, "lang": "en"},
    "with the sentence": lambda i, text: {"sentence": text, "tokens": text.split(), "labels": ["B-PER", "I-PER"] + ["O"] * 9},
}


@pytest.mark.parametrize("tool", TOOLS)
def test_what_annotation_tools_and_data_sets_write(write: Any, tool: str) -> None:
    found = rows_of(write("a.jsonl", [TOOLS[tool](i, text) for i, text in enumerate(TEXTS)]))
    row = found.rows[3]
    assert isinstance(row, Tagged) and row.words == tuple(TEXTS[3].split())
    assert row.tags == ("B-PER", "I-PER", *["O"] * 9)
    assert len(found.rows) == 20 and not found.dropped


def test_of_two_kinds_of_tags_a_person_chooses(write: Any) -> None:
    rows = [{"tokens": ["EU", "rejects"], "pos_tags": ["NNP", "VBZ"], "ner_tags": ["B-ORG", "O"]}] * 12
    with pytest.raises(Question) as asked:
        recognise(read_table(write("a.jsonl", rows)))
    assert "--map words=tokens --map tags=ner_tags" in asked.value.fix
    made = rows_of(write("b.jsonl", rows, map={"tags": "pos_tags"})).rows[0]
    assert made == Tagged(1, ("EU", "rejects"), ("NNP", "VBZ"))


@pytest.mark.parametrize(
    "row",
    [
        {"question": "Which of these is blue?", "options": ["sky", "grass"], "labels": ["A", "B"]},
        {"text": "a text of some words to be told", "labels": ["red", "ripe"]},
        {"sentences": ["It was there.", "It is not."], "labels": ["past", "now"]},
        {"tokens": ["a", "b", "c"], "labels": ["red", "ripe"]},
    ],
    ids=["options", "labels of a text", "sentences", "other lengths"],
)
def test_other_lists_are_no_tags(write: Any, row: dict[str, Any]) -> None:
    spec = write("a.jsonl", [{**row, "id": i} for i in range(20)])
    assert not any(
        layout.shape == "tagged" and layout.confidence >= SURE for layout in SHAPES["tagged"].find(Evidence.of(read_table(spec)))
    )


def test_a_text_can_be_tagged_later(write: Any) -> None:
    spec = write("a.csv", "text\nAna saw Girona.\n")
    layout = Layout("tagged", {"words": ("text",)}, 1.0, ())
    assert rows_of(spec, layout, answers=False).rows == [Tagged(2, ("Ana", "saw", "Girona", "."), (), "Ana saw Girona.", (0, 4, 8, 14))]


# --- CoNLL ---


def test_conll_2003(write: Any) -> None:
    spec = write("a.conll", CONLL)
    table = read_table(spec)
    assert table.format == "CoNLL" and table.columns == ("tokens", "column2", "column3", "tags")
    assert [record.number for record in table.records] == [3, 8], "the first line of each sentence"
    assert any("1 -DOCSTART- lines part documents" in str(notice) for notice in table.notices)
    assert rows_of(spec).rows == [
        Tagged(3, ("EU", "rejects", "German", "call"), ("B-ORG", "O", "B-MISC", "O")),
        Tagged(8, ("#", "1"), ("O", "O")),
    ]
    assert rows_of(write("b.conll", CONLL, map={"tags": "column2"})).rows[0].tags == ("NNP", "VBZ", "JJ", "NN")  # type: ignore[union-attr]


def test_universal_dependencies(write: Any) -> None:
    spec = write("a.conllu", UNIVERSAL)
    assert read_table(spec).columns == ("tokens", "lemmas", "upos", "xpos")
    assert rows_of(spec).rows == [Tagged(4, ("A", "el", "mar"), ("ADP", "DET", "NOUN")), Tagged(10, ("Sí",), ("INTJ",))]
    assert rows_of(write("b.conllu", UNIVERSAL, map={"tags": "xpos"})).rows[1].tags == ("I",)  # type: ignore[union-attr]


def test_comments_before_sentences(write: Any) -> None:
    text = "# id 7a\tdomain=en\nAna _ _ B-PER\nsaw _ _ O\n\n# id 8b\tdomain=en\nOslo _ _ B-LOC\n"
    assert [row.words for row in rows_of(write("a.conll", text)).rows] == [("Ana", "saw"), ("Oslo",)]  # type: ignore[union-attr]


def test_a_table_is_read_as_words_only_where_it_is_unmistakable(write: Any) -> None:
    sentence = "Ana\tB-PER\nsaw\tO\nit\tO\n\n"
    assert read_table(write("a.tsv", sentence * 3)).format == "CoNLL"
    assert read_table(write("b.txt", sentence.replace("\t", " ") * 3)).format == "CoNLL"
    assert read_table(write("c.tsv", sentence * 2)).format == "TSV", "two sentences could be chance"
    assert read_table(write("d.tsv", sentence.replace("B-PER", "yes") * 3)).format == "TSV"
    assert read_table(write("e.tsv", f"word\ttag\n{sentence * 3}")).format == "TSV", "a header"
    assert read_table(write("f.tsv", sentence.replace("\n\n", "\n") * 9)).format == "TSV"
    assert read_table(write("g.tsv", sentence * 3, separator="\t")).format == "TSV", "as the person says"


def test_words_without_tags_are_read_to_be_tagged(write: Any) -> None:
    spec = write("a.conll", "Ana\nsaw\n\nOslo\n")
    layout = Layout("tagged", {"words": ("tokens",)}, 1.0, ())
    assert [row.words for row in rows_of(spec, layout, answers=False).rows] == [("Ana", "saw"), ("Oslo",)]  # type: ignore[union-attr]


# --- what follows from them ---


def test_repeats_share_a_side_and_contradictions_are_said(write: Any) -> None:
    rows = [{"tokens": [f"w{i}", "and", "Ana"], "tags": ["O", "O", "B-PER"]} for i in range(30)]
    rows += [rows[0], {**rows[1], "tags": ["O", "O", "O"]}]
    data = read(write("a.jsonl", rows))
    assert data.labels == ("B-PER", "O") and data.objective == "tag"
    assert data.duplicates.groups == ((1, 31),) and data.duplicates.conflicts == ((2, 32),)
    side = {row.number: name for name, members in data.splits.items() for row in members}
    assert side[1] == side[31] and side[2] == side[32]
    found = {finding.check: finding.rows for finding in examine(write("b.jsonl", rows)).findings}
    assert found["exact_duplicate"] == (31,) or 31 in found["exact_duplicate"]
    assert found["contradictory_label"] == (2, 32)
    assert "imbalance" not in found


def test_one_tag_alone_is_refused(write: Any) -> None:
    with pytest.raises(DataError, match="D023"):
        read(write("a.jsonl", [{"tokens": [f"w{i}", "b"], "tags": ["O", "O"]} for i in range(20)]))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=60), st.integers(9, 40))
def test_every_word_is_told_in_exactly_one_window_that_fits(lengths: list[int], room: int) -> None:
    found = windows(lengths, room)
    assert [index for window in found for index in range(window.told_from, window.told_to)] == list(range(len(lengths)))
    for window in found:
        assert window.first <= window.told_from < window.told_to <= window.end
        assert sum(lengths[window.first : window.end]) <= room
    assert len(found) == 1 or sum(lengths) > room


def encoder_of(tokenizer: Tokenizer, max_length: int = 256) -> Encoder:
    return Encoder(tokenizer, DataSpec(path="a.jsonl"), max_length, ("B-PER", "O"))


def test_a_words_first_token_carries_its_tag(chat: Tokenizer) -> None:
    row = Tagged(4, ("the", "extraordinary", "\u200b", "cat"), ("O", "O", "B-PER", "B-PER"))
    (example,) = encoder_of(chat).encode([row], "tag").examples
    words = [chat.word(word) for word in row.words]
    assert example.ids == (*[chat.bos], *(index for ids in words for index in ids), *[chat.eos])
    wanted = [IGNORE_INDEX, *(v for ids, tag in zip(words, (1, 1, 0, 0), strict=True) for v in (tag, *[IGNORE_INDEX] * (len(ids) - 1)))]
    assert list(example.values) == [*wanted, IGNORE_INDEX]
    untold = encoder_of(chat).encode([Tagged(4, row.words)], "tag").examples[0]
    assert untold.ids == example.ids and [v for v in untold.values if v != IGNORE_INDEX] == [-1] * 4


def test_long_sentences_are_divided_and_said(chat: Tokenizer) -> None:
    rows: list[Row] = [Tagged(i, tuple(f"w{i}x{k}" for k in range(30)), ("O", "B-PER") * 15) for i in range(2)]
    found = encoder_of(chat, 40).encode(rows, "tag")
    assert min(found.counts) > 1 and all(len(example) <= 40 for example in found.examples)
    for number in range(2):
        told = [value for example in found.examples if example.number == number for value in example.values if value != IGNORE_INDEX]
        assert told == [1, 0] * 15
    assert any("were split into several" in str(notice) for notice in found.notices)


def test_a_tag_that_was_not_learned_is_refused(chat: Tokenizer) -> None:
    with pytest.raises(DataError, match=r'D022 a\.jsonl:7: the label "B-LOC" is none of the 2'):
        encoder_of(chat).encode([Tagged(7, ("a",), ("B-LOC",))], "tag")


def test_csv_cells_hold_lists(tmp_path: Path) -> None:
    cells = [(json.dumps(["Ana", f"w{i}"]).replace('"', '""'), json.dumps(["B-PER", "O"]).replace('"', '""')) for i in range(20)]
    (tmp_path / "a.csv").write_text("tokens,tags\n" + "".join(f'"{words}","{tags}"\n' for words, tags in cells))
    found = rows_of(DataSpec(path=str(tmp_path / "a.csv")))
    assert found.rows[0] == Tagged(2, ("Ana", "w0"), ("B-PER", "O"))


def test_the_report_shows_rows_with_their_tags_and_how_many_have_each(write: Any, chat: Tokenizer) -> None:
    spec = write("a.jsonl", [{"tokens": ["Ana", f"w{i}"], "tags": ["B-PER", "O" if i % 3 else "B-LOC"]} for i in range(30)])
    data = read(spec)
    report = encode(data, "tag", chat, spec, 64).report
    assert all(sample.label in ("B-PER O", "B-PER B-LOC") for sample in report.samples)
    assert sum(counts["B-PER"] for counts in report.balance.values()) == 30
    assert sum(counts["B-LOC"] for counts in report.balance.values()) == 10
