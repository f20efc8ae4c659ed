"""afina chat, generate, predict, eval, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from afina.cli import complete, render
from afina.cli.train import columns_of
from afina.errors import AfinaError, DiskError, UsageError
from afina.types import Notice

RunName = Annotated[str, typer.Argument(help="A run's path or name, or last.", autocompletion=complete.runs)]
Tokens = Annotated[int, typer.Option("--max-new-tokens", help="Longest answer in tokens.", min=1)]
Temperature = Annotated[float, typer.Option("--temperature", help="0 always picks the likeliest token.", min=0)]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the sampling.", min=0)]
Directory = Annotated[Path, typer.Option("--dir", help="Folder that holds the runs.")]
Columns = Annotated[
    list[str] | None, typer.Option("--map", help="role=column when the file names its columns otherwise than the training data.")
]


def chat(
    run: RunName = "last",
    max_new_tokens: Tokens = 256,
    temperature: Temperature = 0.0,
    seed: Seed = 0,
    system: Annotated[str, typer.Option("--system", help="What the model is told before the first message.")] = "",
    directory: Directory = Path("runs"),
) -> None:
    """Talk to a trained model; an empty line or Ctrl-D ends.

    Example:

      afina chat last
    """
    from afina.types import Message

    trained = _open(run, directory)
    trained.needs("generate")
    history = [Message("system", system)] if system else []
    console = render.err()
    console.print(f"{trained.run.name}: type a message; an empty line ends")
    while True:
        try:
            said = input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return
        if not said.strip():
            return
        history.append(Message("user", said))
        answer = ""
        for piece in trained.stream(history, max_new_tokens, temperature, seed):
            answer += piece
            sys.stdout.write(piece)
            sys.stdout.flush()
        sys.stdout.write("\n")
        history.append(Message("assistant", answer))


def generate(
    run: RunName,
    prompt: Annotated[str, typer.Argument(help="The prompt, or - to read it from standard input.")],
    max_new_tokens: Tokens = 128,
    temperature: Temperature = 0.0,
    seed: Seed = 0,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    directory: Directory = Path("runs"),
) -> None:
    """Print a trained model's answer to one prompt.

    Example:

      afina generate last "Write a polite reminder."
    """
    text = sys.stdin.read() if prompt == "-" else prompt
    trained = _open(run, directory)
    answer = trained.generate(text, max_new_tokens, temperature, seed)
    if json:
        render.as_json({"prompt": text, "answer": answer})
    else:
        sys.stdout.write(answer + "\n")


def predict(
    run: RunName,
    file: Annotated[str, typer.Argument(help="A data file with the text (or prompt) column; labels are not needed.")],
    out: Annotated[str, typer.Option("--out", "-o", help="Where to write: .csv or .jsonl; - for standard output.")] = "-",
    columns: Columns = None,
    directory: Directory = Path("runs"),
) -> None:
    """Write the model's label (with probability) or answer for every row of a file.

    Example:

      afina predict last new-messages.csv --out labelled.csv
    """
    _check_file("predict", run, file)
    if out != "-" and not Path(out).parent.is_dir():
        raise DiskError("I003", f"there is no folder {Path(out).parent}", where=out, fix=f"--out {Path(out).name}, or make the folder")
    from afina.evaluate.predict import predict_file

    trained = _open(run, directory)
    done = predict_file(trained, Path(file), columns_of(columns), out)
    render.notices(render.err(), done.notices)
    if done.dropped:
        numbers = ", ".join(str(drop.number) for drop in done.dropped[:10])
        render.err().print(f"{len(done.dropped):,} rows have no prediction ({done.dropped[0].reason}): rows {numbers}", soft_wrap=True)
    if out != "-":
        render.err().print(f"{done.n_rows:,} rows written to {out}")


def evaluate(
    run: RunName,
    file: Annotated[str, typer.Argument(help="A data file of the same form as the training data.")] = "",
    columns: Columns = None,
    tasks: Annotated[
        list[str] | None, typer.Option("--tasks", "-t", help="Tasks of lm-eval instead: names or YAML files, joined by commas.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Most questions of each task.", min=1)] = None,
    shots: Annotated[int | None, typer.Option("--shots", help="Worked examples before each question; default: the task's.", min=0)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    directory: Directory = Path("runs"),
) -> None:
    """Measure a trained model on another file, or by tasks of lm-eval.

    Examples:

      afina eval last other.csv --json

      afina eval last --tasks arc_easy,hellaswag --limit 100

      afina eval last --tasks my-task.yaml
    """
    if bool(file) == bool(tasks):
        what = "a data file or --tasks, one of them" if file else "nothing to measure on: neither a data file nor --tasks"
        raise UsageError("U001", what, where="afina eval", fix=f"afina eval {run} FILE, or afina eval {run} --tasks NAMES")
    if tasks:
        _by_tasks(run, [name for word in tasks for name in word.split(",") if name], limit, shots, json, directory)
        return
    _check_file("eval", run, file)
    from afina.evaluate.predict import evaluate_file

    result = evaluate_file(_open(run, directory), Path(file), columns_of(columns))
    if json:
        render.as_json(result)
        return
    render.notices(render.err(), [Notice(**notice) for notice in result["notices"]])
    rows = [[name, f"{value['mean']:.4f}", f"{value['low']:.4f} to {value['high']:.4f}"] for name, value in result["metrics"].items()]
    render.out().print(render.table([f"on {result['n_rows']:,} rows", "value", "95 % interval"], rows, numbers=(1,)))


def _by_tasks(run: str, tasks: list[str], limit: int | None, shots: int | None, json: bool, directory: Path) -> None:
    from afina.evaluate.harness import check_harness, evaluate_tasks
    from afina.run import find

    check_harness(find(run, directory))
    trained = _open(run, directory)
    result = evaluate_tasks(trained, tasks, limit, shots)
    if json:
        render.as_json(result)
        return
    rows = [
        [name, str(found["n"] or ""), metric, f"{value['value']:.4f}", "" if value["stderr"] is None else f"{value['stderr']:.4f}"]
        for name, found in result["tasks"].items()
        for metric, value in found["metrics"].items()
    ]
    render.out().print(render.table(["task", "questions", "metric", "value", "standard error"], rows, numbers=(1, 3, 4)))
    render.err().print(f"kept in {trained.run.tasks_json}", soft_wrap=True, markup=False)


def export(
    run: RunName,
    to: Annotated[
        str, typer.Option("--to", help="merged: transformers' own folder; peft-lora, peft-lokr, peft-prompt: peft's types.")
    ] = "merged",
    out: Annotated[str, typer.Option("--out", "-o", help="New folder; default: RUN/export-FORM.")] = "",
    directory: Directory = Path("runs"),
) -> None:
    """Write a trained model in a form that needs no afina, checked equal to the trained one.

    Example:

      afina export last --to merged --out my-model
    """
    from afina import api
    from afina.run import find

    found = find(run, directory)
    if out and Path(out).is_file():
        raise UsageError("U004", "a file, not a folder", where=out, fix="--out FOLDER that is new or empty")
    console = render.err()
    folder = api.export(found, to, Path(out) if out else found.path / f"export-{to}", lambda notice: render.notices(console, [notice]))
    render.out().print(str(folder), soft_wrap=True)


def _check_file(verb: str, run: str, file: str) -> None:
    """Refuse a missing file before a model is loaded; the remedy is this verb's, not a recipe's."""
    from afina.data.sources.refuse import check_path

    try:
        check_path(Path(file))
    except AfinaError as error:
        error.fix = error.fix.replace("data.path=", f"afina {verb} {run} ")
        raise


def _open(name: str, directory: Path):
    from afina import api
    from afina.run import find

    return api.FinishedRun(find(name, directory)).trained
