"""The three terms of T-Few against the formula in float64 and against what T-Few's program computes; ranking against both."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from afina.objectives.choices import Choices, score_options
from afina.score import actor_of
from afina.types import IGNORE_INDEX, Batch, Context, Example, Kind
from tests.training import causal_model, encoder_decoder_model

PROMPTS = [[0, 11, 12, 13], [0, 21], [0, 31, 32, 33, 34, 35, 36]]
OPTIONS = [[[40, 41, 1], [50, 1]], [[60, 1], [61, 62, 63, 64, 1], [65, 66, 1]], [[70, 71, 1], [72, 1], [73, 74, 75, 1], [76, 1]]]
ANSWERS = [1, 0, 2]
KINDS: list[Kind] = ["decoder", "encoder-decoder"]


def examples(kind: Kind) -> list[Example]:
    found: list[Example] = []
    for number, (prompt, options, answer) in enumerate(zip(PROMPTS, OPTIONS, ANSWERS, strict=True)):
        if kind == "encoder-decoder":
            read, parts, first = prompt, options, len(prompt)
            labels = [*([IGNORE_INDEX] * len(read)), *itertools.chain(*options)]
        else:
            read, parts, first = [], [prompt + option for option in options], 0
            labels = [label for option in options for label in [*([IGNORE_INDEX] * len(prompt)), *option]]
        starts = itertools.accumulate((len(part) for part in parts[:-1]), initial=first)
        ids = (*read, *itertools.chain(*parts))
        found.append(Example(number, ids, tuple(labels), answer, len(read), tuple(map(float, starts))))
    return found


def model_of(kind: Kind) -> torch.nn.Module:
    model = causal_model(initializer_range=0.4) if kind == "decoder" else encoder_decoder_model()
    return model.double().eval()


def token_scores(model: torch.nn.Module, kind: Kind, prompt: Sequence[int], option: Sequence[int]) -> Tensor:
    """The scores of an option's tokens by transformers' own forward, for this option alone, float64 [T, V]."""
    if kind == "decoder":
        return model(input_ids=torch.tensor([[*prompt, *option]])).logits[0, len(prompt) - 1 : -1]
    return model(input_ids=torch.tensor([prompt]), labels=torch.tensor([option])).logits[0]


def terms_by_formula(model: torch.nn.Module, kind: Kind) -> dict[str, Tensor]:
    """Liu et al. 2022, section 3.2, as sums."""
    language, unlikely, normalised = [], [], []
    for prompt, options, answer in zip(PROMPTS, OPTIONS, ANSWERS, strict=True):
        means = []
        for place, option in enumerate(options):
            logps = token_scores(model, kind, prompt, option).log_softmax(-1).gather(-1, torch.tensor(option)[:, None])[:, 0]
            means.append(logps.mean())
            if place == answer:
                language.append(-logps.sum())
            else:
                unlikely.append(-torch.log(1 - logps.exp()).sum())
        normalised.append(-torch.stack(means).log_softmax(0)[answer])
    parts = {"language_model": language, "unlikelihood": unlikely, "length_normalised": normalised}
    return {name: torch.stack(values).sum() for name, values in parts.items()}


def terms_by_t_few(model: torch.nn.Module, kind: Kind) -> tuple[Tensor, Tensor, Tensor]:
    """r-three/t-few, src/models/EncoderDecoder.py, training_step, for one row at a time: its means, and the smoothing of 1e-2."""
    prompt, options, label = PROMPTS[1], OPTIONS[1], torch.tensor([ANSWERS[1]])
    width = max(map(len, options))
    choices_ids = torch.tensor([[*option, *([IGNORE_INDEX] * (width - len(option)))] for option in options])
    logits = torch.stack([F.pad(token_scores(model, kind, prompt, option), (0, 0, 0, width - len(option))) for option in options])
    losses = F.cross_entropy(logits.flatten(0, 1), choices_ids.flatten(0, 1), reduction="none").view(1, len(options), -1)
    choices_scores = losses.sum(-1) / (choices_ids != IGNORE_INDEX).sum(-1)
    lm_loss = F.cross_entropy(logits[label[0]], choices_ids[label[0]])
    mc_loss = F.cross_entropy(-choices_scores, label)
    likely = -losses
    likely = likely + (choices_ids < 0).view(1, len(options), -1) * -100
    likely[range(1), label] = -100
    unlikely = -torch.log(1 - torch.exp(likely) + 1e-2).sum() / (likely != -100).sum()
    return lm_loss, unlikely, mc_loss


def batch_of(kind: Kind) -> Batch:
    return Choices().collate(examples(kind), Context(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_terms_and_their_gradients_are_the_formulas_in_float64(kind: Kind) -> None:
    model = model_of(kind)
    batch = batch_of(kind)
    loss = Choices().loss({"policy": actor_of(model)}, batch)
    wanted = terms_by_formula(model, kind)
    assert set(loss.terms) == set(wanted)
    for name, term in loss.terms.items():
        assert term.total.item() == pytest.approx(wanted[name].item(), rel=1e-5), name
        model.zero_grad()
        term.total.backward(retain_graph=True)
        ours = torch.cat([p.grad.reshape(-1) for p in model.parameters() if p.grad is not None])
        model.zero_grad()
        wanted[name].backward(retain_graph=True)
        theirs = torch.cat([p.grad.reshape(-1) for p in model.parameters() if p.grad is not None])
        assert float((ours - theirs).norm() / theirs.norm()) < 1e-5, name


@pytest.mark.parametrize("kind", KINDS)
def test_t_fews_program_gives_the_same_but_for_its_constant(kind: Kind) -> None:
    """Its unlikelihood of a token of probability p is -log(1.01 - p) instead of -log(1 - p), and every masked place adds -log(1.01)."""
    model = model_of(kind)
    one = [examples(kind)[1]]
    batch = Choices().collate(one, Context(kind))
    with torch.no_grad():
        terms, counts = Choices().loss({"policy": actor_of(model)}, batch).terms, Choices().counts(batch)
        lm_loss, unlikely, mc_loss = terms_by_t_few(model, kind)
        scores = score_options(actor_of(model), batch)
    assert terms["language_model"].total.item() / counts["tokens"] == pytest.approx(lm_loss.item(), rel=1e-5)
    assert terms["length_normalised"].total.item() == pytest.approx(mc_loss.item(), rel=1e-5)
    wrong = scores.logps_N[~scores.right_N].double().exp()
    n_masked = 3 * 5 - len(wrong)  # of 3 options padded to 5 tokens
    with_constant = (-torch.log(1.01 - wrong).sum() - n_masked * torch.log(torch.tensor(1.01))) / counts["wrong_tokens"]
    assert unlikely.item() == pytest.approx(with_constant.item(), rel=1e-4)
    assert terms["unlikelihood"].total.item() / counts["wrong_tokens"] != pytest.approx(unlikely.item(), rel=1e-2)


def test_the_unlikelihood_of_a_certain_token_is_finite_and_its_gradient_is_its_probability() -> None:
    """At p = 1 to fp32, log(1 - p) from p would be -inf and its gradient nan; T-Few's constant bends it to log 0.01."""
    logits = torch.zeros(1, 320)
    logits[0, 5] = 60.0
    logits.requires_grad_(True)

    class Certain:
        def logits_where(self, batch: Batch, learned_BT: Tensor) -> Tensor:
            return logits.expand(int(learned_BT.sum()), -1)

    ids = ((0, 9, 0, 5), (IGNORE_INDEX, 9, IGNORE_INDEX, 5))
    batch = Choices().collate([Example(1, *ids, 0, 0, (0.0, 2.0))])
    scores = score_options(Certain(), batch)  # type: ignore[arg-type]
    unlikely = -scores.unlikely_N[~scores.right_N].sum()
    assert unlikely.item() == pytest.approx(60 - torch.tensor(319.0).log().item(), rel=1e-5)
    unlikely.backward()
    assert logits.grad is not None
    assert logits.grad[0, 5].item() == pytest.approx(1.0, abs=1e-6)
    assert logits.grad.isfinite().all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rank_by", ["mean", "sum"])
def test_options_are_ranked_as_each_alone_is_scored(kind: Kind, rank_by: str) -> None:
    model = model_of(kind)
    with torch.no_grad():
        ranks = Choices(rank_by=rank_by).ranks(score_options(actor_of(model), batch_of(kind)))  # type: ignore[arg-type]
        for row, (prompt, options) in enumerate(zip(PROMPTS, OPTIONS, strict=True)):
            alone = [
                token_scores(model, kind, prompt, option).log_softmax(-1).gather(-1, torch.tensor(option)[:, None]) for option in options
            ]
            wanted = [float(logps.mean() if rank_by == "mean" else logps.sum()) for logps in alone]
            assert ranks[row, : len(options)].tolist() == pytest.approx(wanted, rel=1e-5)
            assert torch.isneginf(ranks[row, len(options) :]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_prompt_read_once_gives_what_choice_logps_gives(kind: Kind) -> None:
    """Training, validation and prediction score through the batch, the base with worked examples through the cache: the same numbers."""
    model = model_of(kind)
    actor = actor_of(model)
    with torch.no_grad():
        sums = score_options(actor, batch_of(kind)).sums_BK
        for row, (prompt, options) in enumerate(zip(PROMPTS, OPTIONS, strict=True)):
            assert actor.choice_logps(prompt, options) == pytest.approx(sums[row, : len(options)].tolist(), rel=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_evaluation_asks_in_batches_what_training_learned(kind: Kind) -> None:
    """In groups of any size; the likelihood of a row is that of its right option, so the language-model term is its sum."""
    from afina.evaluate.ask import Ask
    from afina.strategy import Single

    model = model_of(kind)
    with torch.no_grad():
        loss = Choices().loss({"policy": actor_of(model)}, batch_of(kind))
        wanted = score_options(actor_of(model), batch_of(kind))
    for micro_tokens in (1, 60, 10_000):
        ask = Ask(actor_of(model), Choices(), Single("fp32", "cpu"), lambda ids: "", micro_tokens)
        sums, lengths = ask.option_logps(examples(kind))
        assert sums.tolist() == [pytest.approx(row, rel=1e-5) for row in wanted.sums_BK.tolist()]
        assert lengths.tolist() == wanted.lengths_BK.tolist()
        nll, n_tokens = ask.nll(examples(kind))
        assert nll.sum() == pytest.approx(loss.terms["language_model"].total.item(), rel=1e-5)
        assert n_tokens.tolist() == [float(len(options[answer])) for options, answer in zip(OPTIONS, ANSWERS, strict=True)]
