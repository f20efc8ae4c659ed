"""Distillation against its formula in float64; a teacher that is the student; the size of the gradient over temperatures."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from afina.objectives.distill import Distill
from afina.score import Actor, actor_of
from afina.types import IGNORE_INDEX, Batch, Context, Example, Kind
from tests.training import causal_model, encoder_decoder_model, read_and_write_examples, token_examples

KINDS: list[Kind] = ["decoder", "encoder-decoder"]


def pair_of(kind: Kind) -> tuple[nn.Module, nn.Module]:
    """Student and teacher in float64; a decoder's teacher is wider and has eight rows more in its vocabulary than there are tokens."""
    if kind == "decoder":
        student, teacher = causal_model(0, initializer_range=0.3), causal_model(1, initializer_range=0.3, hidden_size=48, vocab_size=328)
    else:
        student, teacher = encoder_decoder_model(0), encoder_decoder_model(1)
    return student.double().eval(), teacher.double().eval()


def batch_of(kind: Kind) -> Batch:
    made = token_examples(6, longest_answer=12) if kind == "decoder" else read_and_write_examples(6, longest_answer=12)
    return Distill().collate(made, Context(kind))


def scores_of(model: nn.Module, batch: Batch, kind: Kind) -> list[Tensor]:
    """Of each row alone, by transformers' own forward: the scores of its learned tokens."""
    assert batch.labels_BT is not None
    found = []
    for ids, n, labels in zip(batch.input_ids_BT, batch.lengths_B.tolist(), batch.labels_BT, strict=True):
        if kind == "decoder":
            found.append(model(input_ids=ids[None, :n]).logits[0, : n - 1][labels[1:n] != IGNORE_INDEX])
        else:
            answer = labels[labels != IGNORE_INDEX]
            found.append(model(input_ids=ids[None, :n], labels=answer[None]).logits[0])
    return found


def by_formula(student: nn.Module, teacher: nn.Module, batch: Batch, kind: Kind, temperature: float, reverse: bool) -> Tensor:
    total = torch.zeros((), dtype=torch.float64)
    with torch.no_grad():
        taught = scores_of(teacher, batch, kind)
    for mine, its in zip(scores_of(student, batch, kind), taught, strict=True):
        q = (mine / temperature).softmax(-1)
        p = (its[:, : mine.shape[-1]] / temperature).softmax(-1)
        one, other = (q, p) if reverse else (p, q)
        total = total + (one * (one.log() - other.log())).sum()
    return temperature**2 * total


def actors(student: nn.Module, teacher: nn.Module) -> dict[str, Actor]:
    return {"policy": actor_of(student), "teacher": actor_of(teacher)}


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("temperature", [1.0, 2.0, 5.0])
@pytest.mark.parametrize("kind", KINDS)
def test_loss_and_gradient_are_the_formulas_in_float64(kind: Kind, temperature: float, reverse: bool) -> None:
    student, teacher = pair_of(kind)
    batch = batch_of(kind)
    objective = Distill(temperature=temperature, reverse=reverse, share=0.3)
    term = objective.loss(actors(student, teacher), batch).terms["divergence"]
    wanted = by_formula(student, teacher, batch, kind, temperature, reverse)
    assert term.weight == 0.3
    assert term.total.item() == pytest.approx(wanted.item(), rel=1e-5)
    assert wanted.item() > 0.1, "two models that agree prove nothing"
    gradients = []
    for total in (term.total, wanted):
        student.zero_grad()
        total.backward(retain_graph=True)
        gradients.append(torch.cat([p.grad.reshape(-1) for p in student.parameters() if p.grad is not None]))
    assert float((gradients[0] - gradients[1]).norm() / gradients[1].norm()) < 1e-5
    assert all(p.grad is None for p in teacher.parameters()), "the teacher is not trained"


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_teacher_that_is_the_student_teaches_nothing(kind: Kind, reverse: bool) -> None:
    student, _ = pair_of(kind)
    loss = Distill(share=1.0, reverse=reverse).loss(actors(student, student), batch_of(kind))
    assert set(loss.terms) == {"divergence"}
    assert loss.terms["divergence"].total.item() == pytest.approx(0, abs=1e-5)
    loss.terms["divergence"].total.backward()
    assert max(float(p.grad.abs().max()) for p in student.parameters() if p.grad is not None) < 1e-5


def test_without_a_share_it_is_sft_and_the_teacher_is_not_asked() -> None:
    from afina.objectives.sft import Sft

    student, _ = pair_of("decoder")
    batch = batch_of("decoder")
    loss = Distill(share=0.0).loss({"policy": actor_of(student)}, batch)
    sft = Sft().loss({"policy": actor_of(student)}, batch)
    assert {name: term.weight for name, term in loss.terms.items()} == {"nll": 1.0}
    assert loss.terms["nll"].total.item() == pytest.approx(sft.terms["nll"].total.item(), rel=1e-6)


def test_the_gradient_keeps_its_size_over_temperatures() -> None:
    """Hinton et al. 2015, section 2: without T^2 it would shrink by a hundred from 1 to 10."""
    student, teacher = pair_of("decoder")
    batch = batch_of("decoder")
    sizes = []
    for temperature in (10.0, 20.0):
        student.zero_grad()
        Distill(temperature=temperature).loss(actors(student, teacher), batch).terms["divergence"].total.backward()
        sizes.append(float(torch.cat([p.grad.reshape(-1) for p in student.parameters() if p.grad is not None]).norm()))
    assert sizes[0] == pytest.approx(sizes[1], rel=0.2)


def test_only_answer_tokens_pass_the_vocabulary_matrix_of_both() -> None:
    student, teacher = pair_of("decoder")
    batch = batch_of("decoder")
    assert batch.labels_BT is not None
    n_learned = int((batch.labels_BT[:, 1:] != IGNORE_INDEX).sum())
    seen: list[int] = []
    for model in (student, teacher):
        model.get_output_embeddings().register_forward_hook(lambda _, args, __: seen.append(args[0].shape[0]))  # type: ignore[operator]
    Distill().loss(actors(student, teacher), batch)
    assert seen == [n_learned, n_learned]
    assert n_learned < 0.9 * int(batch.lengths_B.sum())


def test_examples_are_those_of_sft() -> None:
    made = [Example(1, (0, 5, 6, 1), (IGNORE_INDEX, IGNORE_INDEX, 6, 1))]
    assert Distill().example_counts(made[0]) == {"tokens": 2}
