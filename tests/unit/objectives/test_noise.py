"""What noise hides: how much, where, and that it depends on nothing but the key and the example."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import afina
from afina.data.encoder import Encoder
from afina.data.tokenize import Tokenizer
from afina.data.wordmarks import word_marks
from afina.errors import UsageError
from afina.evaluate.ask import Ask
from afina.evaluate.tasks.noised import joined
from afina.objectives.mlm import Mlm
from afina.objectives.noise import composition, n_hidden, ordinary_ids, spans, whole_words, words_at
from afina.objectives.span import Span
from afina.recipe.schema import DataSpec
from afina.score import actor_of
from afina.strategy import Single
from afina.types import IGNORE_INDEX, Batch, Context, Example, Text, Vocabulary, WordMarks
from tests.tiny import write_tiny_encoder, write_tiny_encoder_decoder, write_tiny_model

CLS, SEP, MASK = 2, 3, 4
SENTINELS = tuple(range(299, 269, -1))
MARKS = WordMarks("".join("w" if index < 5 or index % 3 == 0 else "-" for index in range(300)), "w" * 300)
"""Words of three tokens, where `example` takes ids in a row: 6 7 8, 9 10 11, ..."""
VOCABULARY = Vocabulary(300, frozenset({0, 1, CLS, SEP, MASK, *SENTINELS}), MASK, SENTINELS, SEP, MARKS)
LENGTHS = (1, 2, 3, 5, 8, 13, 40, 100)


def example(number: int, n: int, start: int = 5) -> Example:
    """n different ordinary tokens between [CLS] and [SEP]."""
    inside = tuple(range(start, start + n))
    return Example(number, (CLS, *inside, SEP), (IGNORE_INDEX, *inside, IGNORE_INDEX))


EXAMPLES = [example(number, n) for number, n in enumerate(LENGTHS)]


def collated(objective: Any, examples: list[Example], key: tuple[int, ...] = ()) -> Batch:
    kind = "encoder" if isinstance(objective, Mlm) else "encoder-decoder"
    return objective.collate(examples, Context(kind, VOCABULARY, key))


def rows(batch: Batch) -> list[tuple[list[int], list[int]]]:
    """What is read and what is asked for, padding taken off."""
    assert batch.labels_BT is not None
    return [
        (ids[:n], [label for label in labels if label != IGNORE_INDEX])
        for ids, labels, n in zip(batch.input_ids_BT.tolist(), batch.labels_BT.tolist(), batch.lengths_B.tolist(), strict=True)
    ]


OBJECTIVES = [
    Mlm(name="mlm"),
    Mlm(name="mlm", whole_word=True, mask_rate=0.3),
    Span(name="span", style="sentinels", noise_rate=0.15),
    Span(name="span", style="infilling", noise_rate=0.3),
]


@pytest.mark.parametrize("objective", OBJECTIVES, ids=["mlm", "whole words", "sentinels", "infilling"])
def test_noise_depends_on_the_key_and_the_example_alone(objective: Any) -> None:
    whole = rows(collated(objective, EXAMPLES, (7, 3)))
    assert rows(collated(objective, EXAMPLES, (7, 3))) == whole
    assert rows(collated(objective, EXAMPLES[::-1], (7, 3))) == whole[::-1]
    assert [row for one in EXAMPLES for row in rows(collated(objective, [one], (7, 3)))] == whole
    assert rows(collated(objective, EXAMPLES, (7, 4))) != whole
    assert rows(collated(objective, EXAMPLES, (8, 3))) != whole


@pytest.mark.parametrize("objective", OBJECTIVES, ids=["mlm", "whole words", "sentinels", "infilling"])
def test_pieces_of_one_row_are_noised_apart(objective: Any) -> None:
    one, other = rows(collated(objective, [example(9, 40, 5), example(9, 40, 105)]))
    assert [index - 100 if index >= 105 and index not in SENTINELS else index for index in other[0]] != one[0]


@pytest.mark.parametrize("objective", OBJECTIVES, ids=["mlm", "whole words", "sentinels", "infilling"])
def test_what_is_asked_for_is_counted_without_drawing(objective: Any) -> None:
    for draw in range(20):
        batch = collated(objective, EXAMPLES, (0, draw))
        for one, (_, asked) in zip(EXAMPLES, rows(batch), strict=True):
            assert objective.example_counts(one) == {"tokens": len(asked)}


# --- masked tokens ---


@pytest.mark.parametrize("rate", [0.01, 0.15, 0.5, 0.99])
def test_masked_tokens_are_so_many_and_never_special(rate: float) -> None:
    objective = Mlm(name="mlm", mask_rate=rate)
    for draw in range(30):
        batch = collated(objective, EXAMPLES, (1, draw))
        assert batch.labels_BT is not None
        for one, ids, labels in zip(EXAMPLES, batch.input_ids_BT.tolist(), batch.labels_BT.tolist(), strict=True):
            hidden = [place for place, label in enumerate(labels) if label != IGNORE_INDEX]
            assert len(hidden) == min(len(one) - 2, max(1, round(rate * (len(one) - 2))))
            assert all(0 < place < len(one) - 1 and labels[place] == one.ids[place] for place in hidden)
            assert [ids[place] for place in range(len(one)) if place not in hidden] == [
                index for place, index in enumerate(one.ids) if place not in hidden
            ]


@pytest.mark.parametrize("rate", [0.02, 0.15, 0.5, 0.99])
def test_words_are_hidden_whole_where_they_fit(rate: float) -> None:
    """As many tokens as without, at most one word in part, and that only where no word that is left fits; every word in its turn."""
    objective = Mlm(name="mlm", mask_rate=rate, whole_word=True)
    counted: Counter[int] = Counter()
    for draw in range(200):
        batch = collated(objective, [example(0, 40, 6)], (3, draw))
        assert batch.labels_BT is not None
        hidden = {place for place, label in enumerate(batch.labels_BT[0].tolist()) if label != IGNORE_INDEX}
        assert len(hidden) == max(1, round(rate * 40))
        words = [set(range(start, min(start + 3, 41))) for start in range(1, 41, 3)]
        in_part = [word for word in words if hidden & word and not word <= hidden]
        assert len(in_part) <= 1
        if in_part:
            left = len(hidden & in_part[0])
            assert all(len(word) > left for word in words if not hidden & word)
        counted.update(n for n, word in enumerate(words) if word <= hidden)
    if rate == 0.15:  # 6 tokens: two words of 14, or one and the single token at the end with a part of another
        assert min(counted.values()) > 10 and len(counted) == 14


def test_the_places_hidden_are_those_of_words() -> None:
    rng = np.random.default_rng(0)
    places, words = np.array([1, 2, 3, 4, 7, 8]), np.array([0, 0, 1, 1, 3, 3])
    assert all(sorted(whole_words(places, words, 2, rng).tolist()) in ([1, 2], [3, 4], [7, 8]) for _ in range(30))
    assert {len(whole_words(places, words, n, rng)) for n in range(1, 7)} == {1, 2, 3, 4, 5, 6}


PROSE = (
    "Don't stop: the über-café's 3rd naïve résumé… 東京タワー\nnew line  two spaces 12.5% x_y",
    "a\tb  c\n\nd the houses', 'tis",
    "the cat and the dog saw an unseenword, 42 times!",
)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["bert", "gpt2"])
def test_words_are_those_of_the_tokenizer(name: str, corpus: Path) -> None:
    check_words(corpus / "tokenizers" / name)


@pytest.mark.parametrize("write", [write_tiny_encoder, write_tiny_encoder_decoder])
def test_words_are_those_of_wordpiece_and_metaspace(write: Any, tmp_path: Path) -> None:
    check_words(write(tmp_path / "model"))


def check_words(folder: Path) -> None:
    """transformers' fast tokenizers say which word each token is of; unknown pieces aside, which join what they stand beside."""
    from transformers import AutoTokenizer

    theirs, ours = AutoTokenizer.from_pretrained(folder), Tokenizer.load(folder)
    marks = word_marks(ours._backend, ours.special_ids)
    assert marks is not None
    for text in PROSE:
        encoded = theirs(text, add_special_tokens=False)
        known = [index != theirs.unk_token_id for index in encoded["input_ids"]]
        found = words_at(encoded["input_ids"], marks)
        said = encoded.word_ids()
        assert len(set(said)) > 3
        begins = [(found[i] != found[i - 1], said[i] != said[i - 1]) for i in range(1, len(said)) if known[i] and known[i - 1]]
        assert begins and all(one == other for one, other in begins), text


def test_a_tokenizer_without_words_hides_none_whole(tmp_path: Path) -> None:
    from tokenizers import Tokenizer as Backend
    from tokenizers import models

    letters = Backend(models.BPE({letter: n for n, letter in enumerate("abcdefghijklmnopqrstuvwxyz ")}, []))
    assert word_marks(letters, frozenset()) is None, "one word, whatever the text"
    bytewise = Tokenizer.load(write_tiny_model(tmp_path / "model"))
    assert word_marks(bytewise._backend, bytewise.special_ids) is None, "'s is one word, of two tokens that stand in others too"
    objective = Mlm(name="mlm", whole_word=True)
    with pytest.raises(UsageError, match="cuts no text into words") as caught:
        objective.settled(replace(VOCABULARY, words=None), 64)
    assert (caught.value.code, caught.value.where, caught.value.fix) == ("O002", "objective.whole_word", "objective.whole_word=false")
    assert Mlm(name="mlm").settled(replace(VOCABULARY, words=None), 64) and objective.settled(VOCABULARY, 64) == objective


def test_a_run_hides_whole_words(tiny_encoder: Path, tmp_path: Path) -> None:
    """Through the whole program: of what the model reads, a word is shown or hidden, never a part, but for one word a text."""
    (tmp_path / "texts.txt").write_text("\n\n".join(f"the unseenword {n} and somemore othersuchwords of case {n}" for n in range(60)))
    jobs: list[Any] = []
    settings = {
        "max_steps": 3,
        "eval.compare": False,
        "output.dir": str(tmp_path / "runs"),
        "objective": {"name": "mlm", "whole_word": True},
    }
    run = afina.train(tmp_path / "texts.txt", tiny_encoder, on_ready=jobs.append, **settings)
    assert run.run.state() == "finished"
    (job,) = jobs
    vocabulary, examples = job.tokenizer.vocabulary, list(job.encoded.examples["train"])
    assert vocabulary.words is not None
    batch = job.objective.collate(examples, Context("encoder", vocabulary, (0, 0)))
    for one, labels in zip(examples, batch.labels_BT.tolist(), strict=True):
        words = words_at(one.ids, vocabulary.words)
        parts = [{label != IGNORE_INDEX for label, at in zip(labels, words, strict=False) if at == word} for word in set(words.tolist())]
        assert sum(len(part) == 2 for part in parts) <= 1


def test_hidden_tokens_are_masked_randomised_and_kept_in_their_shares() -> None:
    batch = collated(Mlm(name="mlm", mask_rate=0.5), [example(number, 200) for number in range(200)])
    assert batch.labels_BT is not None
    hidden = batch.labels_BT != IGNORE_INDEX
    got, wanted = batch.input_ids_BT[hidden], batch.labels_BT[hidden]
    n = len(got)
    shares = Counter(
        "masked" if g == MASK else "kept" if g == w else "randomised" for g, w in zip(got.tolist(), wanted.tolist(), strict=True)
    )
    same = 1 / len(ordinary_ids(VOCABULARY))  # a random token may be the token itself
    wanted_shares = {"masked": 0.8, "kept": 0.1 + 0.1 * same, "randomised": 0.1 * (1 - same)}
    for name, share in wanted_shares.items():  # 5 standard deviations
        assert abs(shares[name] / n - share) < 5 * (share * (1 - share) / n) ** 0.5, name
    randomised = {int(g) for g, w in zip(got, wanted, strict=True) if g not in (MASK, int(w))}
    assert not randomised & VOCABULARY.special
    assert len(randomised) > 150


def test_every_token_is_hidden_equally_often() -> None:
    batch = collated(Mlm(name="mlm", mask_rate=0.2), [example(number, 20) for number in range(2000)])
    assert batch.labels_BT is not None
    often = (batch.labels_BT[:, 1:21] != IGNORE_INDEX).double().mean(0)
    assert float((often - 0.2).abs().max()) < 5 * (0.2 * 0.8 / 2000) ** 0.5


# --- spans ---


def joined_again(read: list[int], written: list[int]) -> list[int]:
    """Put what was written after each sentinel where that sentinel was read."""
    parts: dict[int, list[int]] = {}
    for index in written:
        if index in SENTINELS:
            current = parts.setdefault(index, [])
        else:
            current.append(index)
    return [part for index in read for part in (parts[index] if index in SENTINELS else [index])]


@pytest.mark.parametrize(("rate", "mean"), [(0.15, 3.0), (0.5, 3.0), (0.15, 1.0), (0.3, 10.0)])
def test_sentinels_stand_for_what_was_hidden(rate: float, mean: float) -> None:
    """The invariants of T5's span corruption: exact numbers, sentinels in order, and both sides put together are the text."""
    objective = Span(name="span", style="sentinels", noise_rate=rate, mean_length=mean)
    examples = [one for one in EXAMPLES if rate * len(one) / mean < len(SENTINELS) - 2]
    for draw in range(30):
        for one, (read, written) in zip(examples, rows(collated(objective, examples, (0, draw))), strict=True):
            n = len(one) - 2
            n_noise = min(n, max(1, round(rate * n)))
            n_spans = min(max(1, round(n_noise / mean)), n_noise, n - n_noise + 1)
            assert [index for index in read if index in SENTINELS] == list(SENTINELS[:n_spans])
            assert [index for index in written if index in SENTINELS] == list(SENTINELS[: n_spans + 1])
            assert written[0] == SENTINELS[0] and written[-2:] == [SENTINELS[n_spans], SEP]
            assert sum(index not in SENTINELS for index in written) == n_noise + 1
            assert len(read) == len(one) - n_noise + n_spans
            assert joined_again(read, written[:-1]) == list(one.ids)
            assert not any(a in SENTINELS and b in SENTINELS for a, b in pairwise(read)), "spans touch"


def test_every_token_may_be_in_a_span() -> None:
    """T5's own code never hides the first token and always the last."""
    objective = Span(name="span", style="sentinels", noise_rate=0.2, mean_length=2.0)
    hidden = Counter(
        index for _, written in rows(collated(objective, [example(number, 20) for number in range(2000)])) for index in written[:-1]
    )
    shares = np.array([hidden[index] / 2000 for index in range(5, 25)])
    assert shares.mean() == pytest.approx(0.2)
    assert shares.min() > 0.1 and shares.max() < 0.3


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5])
def test_infilling_reads_one_mask_for_a_span_and_writes_the_text(rate: float) -> None:
    objective = Span(name="span", style="infilling", noise_rate=rate)
    n_masks, n_hidden_tokens = 0, 0
    for draw in range(40):
        for one, (read, written) in zip(EXAMPLES, rows(collated(objective, EXAMPLES, (0, draw))), strict=True):
            n = len(one) - 2
            kept = [index for index in read if index != MASK]
            assert written == list(one.ids)
            assert len(one) - len(kept) == min(n, max(1, round(rate * n)))
            assert kept == [index for index in one.ids if index in set(kept)], "in order"
            assert len(read) <= len(one)
            assert read[0] == CLS and read[-1] == SEP
            n_masks, n_hidden_tokens = n_masks + read.count(MASK), n_hidden_tokens + len(one) - len(kept)
    assert n_hidden_tokens > n_masks


def test_spans_of_length_0_are_masks_that_stand_for_nothing() -> None:
    objective = Span(name="span", style="infilling", noise_rate=0.3)
    found = 0
    for read, _ in rows(collated(objective, [example(number, 100) for number in range(200)])):
        around = [(a, b) for a, m, b in zip(read, read[1:], read[2:], strict=False) if m == MASK and MASK not in (a, b)]
        found += sum(b - a == 1 for a, b in around)  # the tokens count upwards
    assert 50 < found < 2500


def test_spans_and_compositions_add_up() -> None:
    rng = np.random.default_rng(0)
    for n, lengths in ((10, [1]), (10, [3, 4]), (10, [10]), (9, [1, 1, 1, 1, 1]), (3, [1, 1])):
        for _ in range(50):
            found = spans(n, np.array(lengths), rng)
            assert [end - start for start, end in found] == lengths
            assert found[0][0] >= 0 and found[-1][1] <= n
            assert all(after[0] > before[1] for before, after in pairwise(found))
    drawn = Counter(tuple(composition(4, 2, rng).tolist()) for _ in range(3000))
    assert set(drawn) == {(1, 3), (2, 2), (3, 1)}
    assert all(900 < n < 1100 for n in drawn.values())


@pytest.mark.parametrize(("n", "rate", "hidden"), [(1, 0.15, 1), (2, 0.15, 1), (10, 0.15, 2), (100, 0.15, 15), (3, 0.99, 3)])
def test_at_least_one_token_is_hidden(n: int, rate: float, hidden: int) -> None:
    assert n_hidden(n, rate) == hidden


# --- what the tokenizer decides ---


def test_the_style_follows_from_the_tokenizer() -> None:
    auto = Span(name="span")
    by_sentinels = auto.settled(VOCABULARY, 100)
    by_mask = auto.settled(Vocabulary(300, frozenset({MASK}), MASK), 100)
    assert isinstance(by_sentinels, Span) and isinstance(by_mask, Span)
    assert (by_sentinels.style, by_sentinels.noise_rate) == ("sentinels", 0.15)
    assert (by_mask.style, by_mask.noise_rate) == ("infilling", 0.3)
    asked = Span(name="span", style="infilling", noise_rate=0.2).settled(VOCABULARY, 100)
    assert isinstance(asked, Span) and (asked.style, asked.noise_rate) == ("infilling", 0.2)


def test_there_are_enough_sentinels_for_the_longest_piece() -> None:
    objective = Span(name="span", noise_rate=0.5, mean_length=1.0)
    with pytest.raises(UsageError, match="O003") as caught:
        objective.settled(VOCABULARY, 100)
    assert caught.value.fix.startswith("data.max_length=")
    fits = int(caught.value.fix.split("=")[1].split(",")[0])
    assert objective.settled(VOCABULARY, fits)


# --- what is laid out for it ---


@pytest.mark.parametrize("max_length", [8, 16, 64])
def test_texts_are_framed_and_cut_into_equal_pieces(max_length: int, tiny_encoder: Path) -> None:
    tokenizer = Tokenizer.load(tiny_encoder)
    encoder = Encoder(tokenizer, DataSpec(), max_length, kind="encoder")
    text = "the cat and the dog saw a cow near the house " * 3
    found = list(encoder.encode([Text(1, text), Text(2, "cat")], "mlm").examples)
    pieces = [one for one in found if one.number == 1]
    assert [index for one in pieces for index in one.ids[1:-1]] == tokenizer.encode(text)
    assert all(len(one) <= max_length and one.ids[0] == CLS and one.ids[-1] == SEP for one in found)
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1
    assert all(one.labels == (IGNORE_INDEX, *one.ids[1:-1], IGNORE_INDEX) for one in found)


def test_special_tokens_in_a_text_are_never_hidden(tiny_encoder: Path) -> None:
    encoder = Encoder(Tokenizer.load(tiny_encoder), DataSpec(control_tokens=True), 64, kind="encoder")
    (one,) = encoder.encode([Text(1, "the cat [SEP] the dog \u4e00 house")], "mlm").examples
    inside = list(zip(one.ids, one.labels, strict=True))[1:-1]
    assert [index for index, label in inside if label == IGNORE_INDEX] == [SEP, 1], "the separator and the unknown character"


def test_a_tokenizer_without_a_begin_token_asks_for_no_first_token(tiny_encoder_decoder: Path) -> None:
    tokenizer = Tokenizer.load(tiny_encoder_decoder)
    first = {
        kind: next(iter(Encoder(tokenizer, DataSpec(), 64, kind=kind).encode([Text(1, "the cat")], objective).examples)).labels[0]
        for kind, objective in (("encoder", "mlm"), ("encoder-decoder", "span"))
    }
    assert first["encoder"] == IGNORE_INDEX and first["encoder-decoder"] != IGNORE_INDEX


# --- gaps in a text are filled ---


def test_sentinels_in_a_text_are_replaced_by_what_was_written_after_them() -> None:
    first, second, third = 90, 91, 92
    sentinels = {first, second, third}
    assert joined([1, first, 2, second, 3], [first, 7, 8, second, 9, third], sentinels) == [1, 7, 8, 2, 9, 3]
    assert joined([1, second, 2], [first, 7], sentinels) == [1, 2], "nothing was written for it"
    assert joined([first], [5, first, 6, first, 7], sentinels) == [6], "the first time counts, and what comes before any is no answer"


def test_an_encoder_fills_all_masks_with_the_likeliest_tokens(tiny_encoder: Path) -> None:
    from transformers import AutoModelForMaskedLM

    model = AutoModelForMaskedLM.from_pretrained(tiny_encoder).eval()
    tokenizer = Tokenizer.load(tiny_encoder)
    ask = Ask(actor_of(model), Mlm(name="mlm"), Single("fp32", "cpu"), tokenizer.decode, 32, tokenizer.vocabulary)
    texts = ["the [MASK] and the dog", "[MASK] cow [MASK]", "no gap here at all, none"]
    encoded = [[CLS, *tokenizer.encode(text, control=True), SEP] for text in texts]
    for ids, filled in zip(encoded, ask.filled(encoded), strict=True):
        with torch.no_grad():
            best = model(torch.tensor([ids])).logits[0].argmax(-1).tolist()
        assert filled == [likeliest if index == MASK else index for index, likeliest in zip(ids, best, strict=True)]


def test_shares_of_more_than_all_hidden_tokens_are_refused_with_what_fits() -> None:
    with pytest.raises(UsageError, match="together they are at most 1") as error:
        Mlm(name="mlm", masked=0.9, randomised=0.2).settled(VOCABULARY, 128)
    assert error.value.fix == "objective.randomised=0.1"
