"""Tags of words against transformers (ids of words, losses) and seqeval (entities)."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from seqeval.metrics import f1_score
from seqeval.metrics.sequence_labeling import get_entities
from transformers import AutoConfig, AutoModelForTokenClassification, AutoTokenizer

from afina.data.tokenize import Tokenizer
from afina.evaluate.bootstrap import Indices
from afina.evaluate.metrics import METRICS, entities, entity_f1, per_entity
from afina.objectives import OBJECTIVES
from afina.score import actor_of
from afina.types import IGNORE_INDEX, Context, Example
from tests.oracle.test_kinds import EAGER, config_of
from tests.tiny import tiny_settings

SENTENCES = [
    ["EU", "rejects", "German", "call", "to", "boycott", "British", "lamb", "."],
    ["l'Ana", "Vidal", "viu", "a", "Sant", "Cugat", "del", "Vallès", "(", "1.234", "km²", ")"],
    ["naïve", "cafés", "—", "antidisestablishmentarianism", "O'Neill", "3,5", "%", "#1", "@me"],
    ["東京", "is", "a", "city"],
    ["I"],
]
SCHEMES = {
    "IOB1": ["O", "I-PER", "I-LOC", "B-PER", "B-LOC"],
    "IOB2": ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"],
    "BIOES": ["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-LOC", "I-LOC", "E-LOC", "S-LOC"],
    "labels with hyphens": ["O", "B-work-of-art", "I-work-of-art", "B-work", "I-work"],
    "no labels": ["O", "B", "I"],
}


# --- ids of words ---


def assert_words_have_their_ids(folder: Path, **settings: Any) -> None:
    theirs, ours = AutoTokenizer.from_pretrained(folder, **settings), Tokenizer.load(folder)
    for words in SENTENCES:
        encoding = theirs(words, is_split_into_words=True, add_special_tokens=False)
        assert [index for word in words for index in ours.word(word)] == encoding["input_ids"]
        ends = [place for place, word in enumerate(encoding.word_ids()) if place == 0 or word != encoding.word_ids()[place - 1]]
        starts = [sum(len(ours.word(word)) for word in words[:i]) for i in range(len(words))]
        assert starts == ends, "the place of each word's first token"


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "settings"), [("bert", {}), ("gpt2", {"add_prefix_space": True})])
def test_words_of_real_tokenizers(corpus: Path, name: str, settings: dict[str, Any]) -> None:
    folder = next(path for path in sorted((corpus / "tokenizers").iterdir()) if path.name.lower().startswith(name))
    assert_words_have_their_ids(folder, **settings)


def test_words_of_tiny_tokenizers(tiny_encoder: Path, tiny_encoder_decoder: Path) -> None:
    assert_words_have_their_ids(tiny_encoder)
    assert_words_have_their_ids(tiny_encoder_decoder)


# --- losses ---

FAMILIES = ["bert", "roberta", "deberta-v2", "modernbert", "llama", "gpt2", "qwen2"]


def model_of(family: str, n_tags: int) -> torch.nn.Module:
    torch.manual_seed(0)
    if family in ("llama", "gpt2", "qwen2"):
        settings = {**tiny_settings(family), "num_labels": n_tags, "classifier_dropout": 0.0}
        still = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0} if family == "gpt2" else {}
        config = AutoConfig.for_model(family, **settings, **still, initializer_range=0.3)
    else:
        config = config_of(family, num_labels=n_tags)
    return AutoModelForTokenClassification.from_config(config, attn_implementation="eager" if family in EAGER else "sdpa").double().eval()


def sentences(n_tags: int) -> list[Example]:
    rng = random.Random(0)
    found = []
    for number, length in enumerate((7, 12, 31, 3)):
        values = [float(rng.randrange(n_tags)) if rng.random() < 0.6 else IGNORE_INDEX for _ in range(length)]
        values[1] = 0.0
        found.append(Example(number, tuple(rng.randrange(5, 300) for _ in range(length)), values=tuple(values)))
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_the_loss_is_the_sum_of_the_models_own(family: str) -> None:
    """transformers gives the mean over the labelled tokens of a sentence; ours is the sum, padded, and packed where it is a decoder."""
    model, objective, examples = model_of(family, 4), OBJECTIVES["tag"](name="tag"), sentences(4)
    actor = actor_of(model)
    batch = objective.collate(examples, Context(actor.kind))
    theirs = 0.0
    with torch.no_grad():
        for example in examples:
            labels = torch.tensor([[int(value) for value in example.values]])
            out = model(input_ids=torch.tensor([example.ids]), attention_mask=torch.ones(1, len(example), dtype=torch.long), labels=labels)
            theirs += out.loss.item() * int((labels >= 0).sum())
        loss = objective.loss({"policy": actor}, batch)
        assert loss.terms["nll"].total.item() == pytest.approx(theirs, rel=1e-6)
        right, n = loss.metrics["token_accuracy"]
        assert 0 <= right <= n == objective.counts(batch)["tokens"] == sum(value >= 0 for example in examples for value in example.values)
        if actor.kind == "decoder" and family != "gpt2":
            packed = objective.loss({"policy": actor}, objective.pack(examples))
            assert packed.terms["nll"].total.item() == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize("family", ["bert", "llama"])
def test_label_smoothing_is_torchs(family: str) -> None:
    model, examples = model_of(family, 4), sentences(4)
    actor = actor_of(model)
    smoothed = OBJECTIVES["tag"](name="tag", label_smoothing=0.2)
    batch = smoothed.collate(examples, Context(actor.kind))
    assert batch.labels_BT is not None
    mask = (torch.arange(batch.input_ids_BT.shape[1])[None] < batch.lengths_B[:, None]).long()
    with torch.no_grad():
        logits = model(input_ids=batch.input_ids_BT, attention_mask=mask).logits.reshape(-1, 4)
        wanted = F.cross_entropy(logits, batch.labels_BT.reshape(-1), reduction="sum", label_smoothing=0.2)
        found = smoothed.loss({"policy": actor}, batch).terms["nll"].total
        plain = OBJECTIVES["tag"](name="tag").loss({"policy": actor}, batch).terms["nll"].total
    assert float(found) == pytest.approx(float(wanted), rel=1e-6)
    assert abs(float(plain) / float(wanted) - 1) > 1e-3, "smoothing that changes nothing would prove nothing"


def test_a_decoder_tells_a_word_from_what_is_left_of_it() -> None:
    model, objective = model_of("llama", 4), OBJECTIVES["tag"](name="tag")
    actor = actor_of(model)
    short = Example(1, (7, 8, 9), values=(0.0, 1.0, 2.0))
    longer = Example(1, (7, 8, 9, 200, 201), values=(0.0, 1.0, 2.0, IGNORE_INDEX, IGNORE_INDEX))
    one, other = (objective.loss({"policy": actor}, objective.collate([example])).terms["nll"].total.item() for example in (short, longer))
    assert one == pytest.approx(other, rel=1e-9)


# --- entities ---


def drawn(scheme: str, seed: int, n: int = 200) -> list[list[str]]:
    rng = random.Random(f"{scheme}/{seed}")
    return [[rng.choice(SCHEMES[scheme]) for _ in range(rng.randrange(1, 12))] for _ in range(n)]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_entities_are_seqevals(scheme: str) -> None:
    for tags in drawn(scheme, 0, 500):
        assert [(label, first, last) for first, last, label in entities(tags)] == get_entities(tags)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_f1_is_seqevals(scheme: str) -> None:
    rng = random.Random(0)
    wanted = drawn(scheme, 1)
    got = [[tag if rng.random() < 0.7 else rng.choice(SCHEMES[scheme]) for tag in tags] for tags in wanted]
    assert entity_f1(got, wanted) == pytest.approx(f1_score(wanted, got), rel=1e-12)
    metric = METRICS["entity_f1"]
    assert metric.interval(got, wanted, n=200).mean == pytest.approx(f1_score(wanted, got), rel=1e-12)
    assert metric.statistic is not None
    rows: Indices = torch.randint(0, len(wanted), (3, len(wanted)), generator=torch.Generator().manual_seed(0)).numpy()
    found = metric.statistic(got, wanted)(rows)
    for value, chosen in zip(found, rows.tolist(), strict=True):
        assert value == pytest.approx(f1_score([wanted[i] for i in chosen], [got[i] for i in chosen]), rel=1e-12), (
            "a resample is scored as a set"
        )


def test_f1_of_each_label_is_seqevals() -> None:
    from seqeval.metrics import classification_report

    rng = random.Random(0)
    wanted = drawn("IOB2", 2)
    got = [[tag if rng.random() < 0.8 else "O" for tag in tags] for tags in wanted]
    report = classification_report(wanted, got, output_dict=True)
    for score in per_entity(got, wanted):
        theirs = report[score.label]
        assert (score.precision, score.recall, score.f1, score.n) == pytest.approx(
            (theirs["precision"], theirs["recall"], theirs["f1-score"], theirs["support"])
        )
