"""Answers in words: base zero-shot and k-shot, most common answer, copy of the prompt, tuned; loss on the answers for base and tuned."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, cast

from afina.compare import baselines
from afina.compare.base import COMPARISONS, Asked, Losses, Sheet, check_rows, joined, losses_of, prompting_of
from afina.compare.baselines import Answers
from afina.compare.comparison import Comparison, Resampling, finish, worst_of
from afina.compare.prompting import Prompting, answer_shots, shot_of, worked
from afina.evaluate.metrics import METRICS, TEXT_METRICS, corpus_bleu, corpus_chrf
from afina.evaluate.metrics.user import users_metrics
from afina.evaluate.questions import cut_note, questions_of
from afina.types import Chat, Completion, Example

if TYPE_CHECKING:
    from afina.evaluate.ask import Ask
    from afina.evaluate.questions import Question
    from afina.job import Job
    from afina.recipe.schema import EvalSpec


@COMPARISONS.register("answers")
def compare(job: Job, base: Ask, tuned: Ask, teacher: Ask | None = None) -> Comparison:
    return compare_text(
        base,
        tuned,
        train=cast("Sequence[Completion | Chat]", job.dataset.splits["train"]),
        questions=questions_of(job, "test"),
        test_examples=job.encoded.examples["test"],
        prompting=prompting_of(job),
        spec=job.recipe.eval,
        seed=job.recipe.seed,
        teacher=teacher,
    )


def compare_text(
    base: Asked | None,
    tuned: Asked,
    *,
    train: Sequence[Completion | Chat],
    questions: Sequence[Question],
    test_examples: Sequence[Example],
    prompting: Prompting,
    spec: EvalSpec,
    seed: int = 0,
    teacher: Asked | None = None,
) -> Comparison:
    """Compare answers in words, on the test rows drawn as `questions`; the loss is on all `test_examples`.

    teacher: the model that the tuned one was distilled from: a mark beside the others, which nothing has to beat.

    The main metric is `spec.metric` if it is one on text, else exact match where the median wanted answer has three words or fewer, else
    ROUGE-L. Raises AfinaError V001 without questions or training rows.
    """
    check_rows(questions)
    check_rows(train)
    metrics = (*TEXT_METRICS, *users_metrics(spec))
    wanted, numbers = [question.wanted for question in questions], [question.number for question in questions]
    sheet = Sheet(metrics, wanted, Resampling(spec.bootstrap, seed), numbers)
    asked: dict[str, Asked] = {"tuned": tuned} if base is None else {"base": base, "tuned": tuned}
    asked |= {} if teacher is None else {"teacher": teacher}
    losses = losses_of(asked, test_examples, sheet.notes)
    if cut := cut_note([question.n_cut for question in questions]):
        sheet.notes.append(cut)
    if base is None:
        sheet.notes.append("base model: not asked")
    else:
        _ask_for_answers(sheet, base, train, questions, prompting, spec, seed, losses.get("base"))
    shots = [shot_of(row) for row in train]
    usual = baselines.most_common_answer([shot.answer for shot in shots], len(questions))
    sheet.add("most common answer", "most common answer", _with_corpus_scores(usual, sheet.wanted))
    prompts = [question.prompt for question in questions]
    copied = baselines.copied_prompt(prompts, [shot.question for shot in shots], [shot.answer for shot in shots])
    if copied is not None:
        sheet.add("copy of the prompt", "copy of the prompt", _with_corpus_scores(copied, sheet.wanted))
    if teacher is not None:
        taught = teacher.generate([question.ids for question in questions], prompting.stop_ids, prompting.max_new_tokens)
        answers = _with_corpus_scores(Answers(taught, "what was learned from"), sheet.wanted)
        sheet.add("teacher", "teacher", answers, losses=losses.get("teacher"))
    got = tuned.generate([question.ids for question in questions], prompting.stop_ids, prompting.max_new_tokens)
    sheet.add("tuned", "tuned", _with_corpus_scores(Answers(got), sheet.wanted), losses=losses.get("tuned"))
    main = spec.metric if spec.metric in metrics else "exact_match" if _are_short(sheet.wanted) else "rouge_l"
    score = METRICS[main].per_example
    return finish(
        "text",
        main,
        sheet.entries,
        sheet.wanted,
        sheet.resampling,
        worst_of([(q.number, q.prompt, q.wanted, g, score(g, q.wanted)) for q, g in zip(questions, got, strict=True)]),
        len({example.number for example in test_examples}),
        numbers=[question.number for question in questions],
        notes=sheet.notes,
        worst_by=main,
    )


def _ask_for_answers(
    sheet: Sheet,
    base: Asked,
    train: Sequence[Completion | Chat],
    questions: Sequence[Question],
    prompting: Prompting,
    spec: EvalSpec,
    seed: int,
    losses: Losses | None,
) -> None:
    """Let the base model answer, without and with worked examples before the prompt."""
    ids = [question.ids for question in questions]
    zero = base.generate(ids, prompting.stop_ids, prompting.max_new_tokens)
    answers = Answers(zero, "the prompt exactly as in training")
    sheet.add("base zero-shot", "base zero-shot", _with_corpus_scores(answers, sheet.wanted), losses=losses)
    if not spec.shots:
        return
    budget = prompting.context - prompting.max_new_tokens
    prompts = worked(questions, answer_shots(train, spec.shots, seed), prompting, budget)
    if not max(prompts.n_shots):
        sheet.notes.append(f"base k-shot: not asked, no worked example fits in {budget} tokens")
        return
    few = base.generate(prompts.ids, prompting.stop_ids, prompting.max_new_tokens)
    few, cut = _before_next_example(few, prompting, [shot_of(row).answer for row in train])
    answers = Answers(few, joined(prompts.note(), cut))
    sheet.add(f"base {max(prompts.n_shots)}-shot", "base k-shot", _with_corpus_scores(answers, sheet.wanted))


def _are_short(answers: Sequence[str]) -> bool:
    return median(len(answer.split()) for answer in answers) <= 3


def _before_next_example(answers: list[str], prompting: Prompting, train_answers: Sequence[str]) -> tuple[list[str], str]:
    """Cut each answer where the base model goes on to invent the next example, unless wanted answers hold that separator themselves."""
    end = prompting.form.after_answer
    if prompting.turns is not None or not end or any(end in answer for answer in train_answers):
        return answers, ""
    return [answer.lstrip("\n").split(end)[0].strip() for answer in answers], "answers end where a next example begins"


def _with_corpus_scores(answers: Answers, wanted: Sequence[str]) -> Answers:
    corpus = f"corpus chrF {corpus_chrf(answers.predictions, wanted):.1f}, corpus BLEU {corpus_bleu(answers.predictions, wanted):.1f}"
    return Answers(answers.predictions, joined(answers.note, corpus))
