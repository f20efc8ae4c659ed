"""Run directories as a training leaves them, written from the real types without training anything."""

from __future__ import annotations

import dataclasses
import json
import math
import random
from functools import cache
from pathlib import Path
from typing import Any

from afina.compare.comparison import Comparison, Resampling, answered, finish, with_loss, worst_of
from afina.data.lengths import LengthStats
from afina.data.report import DataReport, Sample
from afina.evaluate.metrics import per_class
from afina.events import Evaluated, Event, Finished, Recovered, Saved, Started, Step, to_json
from afina.events import Sample as Answer
from afina.methods import METHODS
from afina.objectives import OBJECTIVES
from afina.recipe.dump import to_yaml
from afina.recipe.lock import lock_text
from afina.recipe.schema import DataSpec, EvalSpec, ModelSpec, OutputSpec, Recipe, TokenBudget, TrainSpec
from afina.run import Run, write_json
from afina.types import Notice

TEAMS = ("billing", "returns", "shipping", "technical")
CREATED = 1795252800.0
MESSAGES = (
    "Ho inserito per sbaglio la carta aziendale invece della mia, si può stornare e rifare il pagamento?",
    "tercera vegada que em canvieu la data de la rentadora, digueu un dia i compliu-lo",
    "The blender arrived with a cracked jar. Can I send it back?",
    "Hola, soc la Mercè de la comanda 63777. Podria arribar una mica abans de Sant Joan?",
    "the app says error 14 whenever I open my invoices",
)


def settled_recipe(task: str = "classes", method: str = "lora", model: str = "nano", data: str = "examples/support.csv") -> Recipe:
    objective = {"classes": "classify", "text": "sft", "lm": "lm"}[task]
    metric = {"classes": "macro_f1", "text": "rouge_l", "lm": "loss"}[task]
    return Recipe(
        model=ModelSpec(path=model, precision="fp32"),
        data=DataSpec(
            path=data,
            map={"text": "message", "label": "team"},
            max_length=256,
            validation=0.1,
            test=0.2,
            encoding="utf-8",
            separator=",",
            header=True,
            template="plain",
        ),
        method=METHODS[method](name=method),
        objective=OBJECTIVES[objective](name=objective),
        train=TrainSpec(learning_rate=1e-3, num_epochs=5.0, batch_size=16, micro_batch_size=TokenBudget(tokens=4096), device="cpu"),
        eval=EvalSpec(every_steps=30, metric=metric, max_new_tokens=64),
        output=OutputSpec(save_every_steps=30),
        seed=0,
    )


def plan_notices() -> list[Notice]:
    return [
        Notice("method = lora", "the model has 124 M parameters: adapters train in a fraction of the memory", "method="),
        Notice("batch_size = 16", "700 rows to train on", "train.batch_size="),
        Notice("num_epochs = 5.0", "small models need more passes; the best checkpoint is kept", "train.num_epochs="),
        Notice("learning_rate = 0.001", "usual for lora at this size", "train.learning_rate="),
        Notice("precision = fp32", "exact, and on this CPU half precision is not faster", "model.precision="),
    ]


def data_notices() -> list[Notice]:
    return [
        Notice("read as UTF-8 with a byte-order mark", "the file begins with one", "data.encoding="),
        Notice("labelled: text = message, label = team", "team has 4 values, message is prose", "--map text=message --map label=team"),
        Notice("9 of 1,000 rows have an empty field and are left out: rows 41, 77, 130 and 6 more", "", "data.drop_empty", "warning"),
        Notice("D012 14 rows (1.4 %) repeat another row (rows 12, 90, 144 and 11 more)", "scores would have been too high"),
        Notice("rows: train 700, validation 91, test 200", "chosen from the number of rows", "data.validation, data.test"),
    ]


def data_report(task: str = "classes", samples: tuple[Sample, ...] | None = None) -> DataReport:
    masked = (
        Sample(3, (("<s>", False), (MESSAGES[0], False), ("</s>", False)), 41, "billing"),
        Sample(353, (("<s>", False), (MESSAGES[2], False), ("</s>", False)), 22, "returns"),
        Sample(700, (("<s>", False), (MESSAGES[1] + " " + "perquè " * 250, False), ("</s>", False)), 256, "shipping"),
    )
    if task != "classes":
        masked = tuple(
            Sample(n, ((f"<|user|>{MESSAGES[n % 5]}\n<|assistant|>", False), ("We are sorry; a new one is on its way.</s>", True)), 38 + n)
            for n in (1, 2, 3)
        )
    splits = {"train": 700, "validation": 91, "test": 200}
    shares = (0.41, 0.27, 0.22, 0.10)
    return DataReport(
        path="examples/support.csv",
        sha256="8c1f" * 16,
        format="csv",
        encoding="utf-8-sig",
        columns={"text": "message", "label": "team"},
        unused_columns=("ticket", "date", "channel", "reply"),
        n_read=1000,
        n_kept=991,
        splits=splits,  # type: ignore[arg-type]
        dropped={'"message" is empty': [41, 77, 130, 219, 388, 401, 777], "the row has too many fields": list(range(500, 530, 2))},
        n_repeats=14,
        conflicts=((12, 90),),
        balance={name: {t: round(n * s) for t, s in zip(TEAMS, shares, strict=True)} for name, n in splits.items()}
        if task == "classes"
        else {},  # type: ignore[arg-type]
        lengths={name: LengthStats(n, 58.3, 52, 121, 256, round(58.3 * n)) for name, n in splits.items()},  # type: ignore[arg-type]
        n_trained_tokens=0 if task == "classes" else 21_344,
        notices=tuple(data_notices()),
        samples=masked if samples is None else samples,
    )


@cache
def comparison(
    task: str = "classes", n: int = 200, tuned_right: float = 0.86, with_base: bool = True, inputs: tuple[str, ...] = MESSAGES
) -> Comparison:
    """A comparison made by the real functions from invented predictions."""
    rng = random.Random(7)
    resampling = Resampling(200, 0)
    if task == "classes":
        wanted = [rng.choices(TEAMS, (41, 27, 22, 10))[0] for _ in range(n)]

        def guess(share: float) -> list[str]:
            return [w if rng.random() < share else rng.choice(TEAMS) for w in wanted]

        made = []
        if with_base:
            half = list(range(0, n, 2))
            zero = guess(0.12)
            made.append(
                answered(
                    "base zero-shot",
                    "base zero-shot",
                    ["accuracy", "macro_f1"],
                    [zero[i] for i in half],
                    wanted,
                    resampling,
                    "the label with the largest mean log-probability of its tokens",
                    half,
                )
            )
            made.append(
                answered("base 8-shot", "base k-shot", ["accuracy", "macro_f1"], guess(0.3), wanted, resampling, "8 worked examples")
            )
        made += [
            answered("majority class", "majority", ["accuracy", "macro_f1"], ["billing"] * n, wanted, resampling, 'always "billing"'),
            answered(
                "tf-idf + logistic regression", "tf-idf + logistic regression", ["accuracy", "macro_f1"], guess(0.66), wanted, resampling
            ),
            answered("frozen probe", "frozen probe", ["accuracy", "macro_f1"], guess(0.55), wanted, resampling),
        ]
        got = guess(tuned_right)
        made.append(answered("tuned", "tuned", ["accuracy", "macro_f1"], got, wanted, resampling))
        wrong = [
            (i + 2, inputs[i % len(inputs)], w, g, -0.2 - rng.random() * (6 if w != g else 0.4))
            for i, (w, g) in enumerate(zip(wanted, got, strict=True))
        ]
        notes = ["2 test rows have a label that no training row has; they count as wrong for everyone"]
        return finish(
            "classes",
            "accuracy",
            made,
            wanted,
            resampling,
            worst_of(wrong),
            n,
            per_class=per_class(got, wanted),
            notes=notes,
            worst_by="log-probability of the wanted label, in nats",
        )
    sums = {"base": [rng.uniform(60, 90) for _ in range(n)], "tuned": [rng.uniform(30, 60) for _ in range(n)]}
    counts = [20.0] * n
    if task == "lm":
        from afina.compare.comparison import Entry

        made = [
            with_loss(Entry(name, name, {}, n), sums[name], counts, resampling)
            for name in ("base", "tuned")
            if with_base or name == "tuned"
        ]  # type: ignore[arg-type]
        wrong = [(i, inputs[i % len(inputs)], "", "", total / 20) for i, total in enumerate(sums["tuned"])]
        return finish("lm", "loss", made, [], resampling, worst_of(wrong, high_is_bad=True), n, worst_by="loss, in nats per token")
    wanted = [f"answer {i} about the parcel that is late" for i in range(n)]
    metrics = ["exact_match", "rouge_l", "chrf"]
    bad = [" ".join(w.split()[: rng.randrange(1, 4)]) + " I do not know" for w in wanted]
    good = [w if rng.random() < 0.4 else w + " indeed" for w in wanted]
    made = (
        [
            with_loss(
                answered("base zero-shot", "base zero-shot", metrics, bad, wanted, resampling, "the prompt as in training"),
                sums["base"],
                counts,
                resampling,
            )
        ]
        if with_base
        else []
    )
    made += [answered("most common answer", "most common answer", metrics, ["Thank you."] * n, wanted, resampling)]
    made += [with_loss(answered("tuned", "tuned", metrics, good, wanted, resampling), sums["tuned"], counts, resampling)]
    wrong = [(i + 1, inputs[i % len(inputs)], w, g, rng.random()) for i, (w, g) in enumerate(zip(wanted, good, strict=True))]
    return finish("text", "rouge_l", made, wanted, resampling, worst_of(wrong), n, worst_by="rouge_l")


def training_events(task: str = "classes", n_steps: int = 220, validation: bool = True, answers: tuple[str, ...] = ()) -> list[Event]:
    rng = random.Random(3)
    events: list[Event] = [Started(0, n_steps, 1_204_224, 125_644_032)]
    best, best_step = math.inf, 0
    said = answers or ("the the the", "We are sorry for the delay.", "We are sorry; a new one is on its way.")
    for step in range(1, n_steps + 1):
        loss = 0.35 + 1.2 * math.exp(-step / 45) + rng.gauss(0, 0.07)
        rate = 1e-3 * min(1.0, step / 11) * 0.5 * (1 + math.cos(math.pi * step / n_steps))
        norm = 0.8 + 2.5 * math.exp(-step / 30) + abs(rng.gauss(0, 0.3))
        events.append(Step(step, n_steps, 5 * step / n_steps, loss, rate, norm, 16, 930, 0.41, 930 / 0.41, 1.1 + 0.0004 * step))
        if step == 64:
            events.append(Recovered(64, "M001 out of memory at step 64; going on with half the micro-batch, same batch_size, same result"))
        if validation and (step % 22 == 0 or step == n_steps):
            held = 0.55 + 0.9 * math.exp(-step / 40) + (0.0009 * max(0, step - 130))
            metrics = {"loss": held}
            if task == "classes":
                metrics |= {
                    "accuracy": 0.9 - 0.55 * math.exp(-step / 40),
                    "macro_f1": 0.86 - 0.6 * math.exp(-step / 40) - 0.0004 * max(0, step - 130),
                }
            better = held < best
            best, best_step = (held, step) if better else (best, best_step)
            shown = (
                ()
                if task == "classes"
                else tuple(
                    Answer(n, MESSAGES[n], "We are sorry; a new one is on its way.", said[min(len(said) - 1, step // 60)]) for n in (1, 4)
                )
            )
            events.append(Evaluated(step, metrics, better, shown))
            events.append(Saved(step, f"checkpoints/step-{step}"))
    events.append(Finished(n_steps, "done", best_step, 0.0 if best == math.inf else best, 90.2))
    return events


def record(run: Run, events: list[Event]) -> None:
    """Write events as the Recorder does."""
    lines: dict[Path, list[str]] = {run.metrics_jsonl: [], run.events_jsonl: []}
    for i, event in enumerate(events):
        file = run.metrics_jsonl if isinstance(event, Step | Evaluated) else run.events_jsonl
        lines[file].append(json.dumps({**to_json(event), "time": CREATED + i / 10}, ensure_ascii=False))
    for file, content in lines.items():
        file.write_text("\n".join(content) + "\n", encoding="utf-8")


def write_settled(run: Run, recipe: Recipe, report: DataReport) -> None:
    """Write what is there before the first step: recipe, lock, plan, data report."""
    run.recipe_yaml.write_text(to_yaml(recipe), encoding="utf-8")
    hashes = {"data_sha256": report.sha256, "model_fingerprint": "51ab" * 16, "template_sha256": ""}
    run.recipe_lock.write_text(lock_text(recipe, **hashes, notices=(*report.notices, *plan_notices())), encoding="utf-8")
    mib = 2**20
    parts = {
        "weights": 482 * mib,
        "gradients": 5 * mib,
        "optimizer": 10 * mib,
        "activations": 210 * mib,
        "logits": 96 * mib,
        "runtime": 700 * mib,
    }
    budget = {**parts, "total": sum(parts.values())}
    notices = [dataclasses.asdict(notice) for notice in plan_notices()]
    write_json(run.plan_json, {"n_steps": 220, "n_trainable": 1_204_224, "fits": True, "budget_bytes": budget, "notices": notices})
    run.data.mkdir(exist_ok=True)
    write_json(run.data / "report.json", report.as_dict())


def write_run(folder: Path, task: str = "classes", **changes: Any) -> Run:
    """Write a whole finished run without weights. changes: comparison, report, events, recipe."""
    folder.mkdir(parents=True)
    run = Run(folder)
    recipe: Recipe = changes.get("recipe") or settled_recipe(task)
    write_settled(run, recipe, changes.get("report") or data_report(task))
    record(run, changes.get("events") or training_events(task))
    write_json(run.eval_json, (changes.get("comparison") or comparison(task)).to_json())
    assert recipe.method != "auto"
    assert recipe.objective != "auto"
    run.update(
        state="finished",
        key="k",
        created=CREATED,
        finished=CREATED + 120,
        seconds=118.4,
        model=recipe.model.path,
        method=recipe.method.name,
        objective=recipe.objective.name,
        data=recipe.data.path,
        labels=TEAMS if task == "classes" else (),
        stopped="done",
        sha256="ab12" * 16,
        error="",
    )
    return run
