"""lm-eval's tasks asked of a trained model: by name, or as YAML files on local data (EleutherAI, lm-evaluation-harness).

The model is the one in memory, adapter in place, on the device and in the precision of the run, and a model that learned with a chat
template is asked with it. Task files may name Python functions, which lm-eval runs: read a file before you use it.
"""

from __future__ import annotations

import difflib
import importlib.util
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from afina.errors import AfinaError, DataError, MachineError, NetworkError, UsageError
from afina.evaluate.trained import Trained
from afina.objectives import OBJECTIVES
from afina.run import Run, read_json, write_json

PACKAGE = "lm-eval"
BATCH = 8
"""Requests in a forward pass; it changes speed only."""


def check_harness(run: Run) -> None:
    """Raise MachineError E012 when lm-eval is not installed, UsageError U014 for a run whose model has no words to answer with."""
    if importlib.util.find_spec("lm_eval") is None:
        what = f"--tasks asks {PACKAGE}'s tasks, and {PACKAGE} is not installed"
        raise MachineError("E012", what, where="--tasks", fix='pip install "afina[bench]"')
    facts = run.facts()
    if facts.get("kind") == "encoder" or OBJECTIVES[str(facts.get("objective"))].head != "lm":
        what = f"{PACKAGE} asks how likely words are after others, and {run.name} ({facts.get('objective')}) writes none"
        raise UsageError("U014", what, where=str(run.path), fix=f"afina eval {run.path} FILE")


def evaluate_tasks(trained: Trained, tasks: Sequence[str], limit: int | None = None, shots: int | None = None) -> dict[str, Any]:
    """Return what the tasks say of the model, and keep it in the run's tasks.json, one entry a task.

    tasks: names that lm-eval knows, YAML files of tasks, or folders of them. limit: questions a task; shots: worked examples, else as the
    task says. Raises UsageError U013 for a task that is not there or cannot be read, NetworkError E013 when its data cannot be fetched.
    """
    check_harness(trained.run)
    with _quiet():
        from lm_eval.evaluator import simple_evaluate
        from lm_eval.models.huggingface import HFLM
        from lm_eval.tasks import TaskManager

        files = [file for task in tasks for file in _files(task)]
        names = [task for task in tasks if not _is_path(task)]
        manager = TaskManager(include_defaults=bool(names))
        chosen = [*(_config(file) for file in files), *_known(names, manager)]
        with _in_words(tasks):
            manager.load(chosen)
        precision = {"bf16": "bfloat16", "fp16": "float16"}.get(trained.recipe.model.precision)
        model = HFLM(
            trained.actor.bare,  # type: ignore[arg-type]
            tokenizer=_tokenizer(trained),
            batch_size=BATCH,
            max_length=trained.encoder.max_length,
            mixed_precision_dtype=precision,
        )
        templated = trained.encoder.template is not None and trained.objective.example == "answers"
        with _in_words(tasks):
            found: Any = simple_evaluate(
                model,
                tasks=chosen,
                num_fewshot=shots,
                limit=limit,
                task_manager=manager,
                apply_chat_template=templated,
                log_samples=False,
                random_seed=trained.recipe.seed,
            )
    results = {name: _result(name, found, limit, templated) for name in found["results"]}
    kept = read_json(trained.run.tasks_json).get("tasks", {})
    document = {"lm_eval": metadata.version(PACKAGE), "tasks": {**kept, **results}}
    write_json(trained.run.tasks_json, document)
    return {"run": str(trained.run.path), **document, "tasks": results}


def _is_path(task: str) -> bool:
    """Whether it is a file or a folder of files; a folder that only has the name of a task is none."""
    return task.endswith((".yaml", ".yml")) or (Path(task).is_dir() and any(Path(task).glob("*.y*ml")))


def _files(task: str) -> list[Path]:
    """Return the task files that a path names; none for a name. A file that lm-eval's own tasks only include begins with _."""
    path = Path(task)
    if not _is_path(task):
        return []
    found = sorted(file for file in path.glob("*.y*ml") if not file.name.startswith("_")) if path.is_dir() else [path]
    if not found or not found[0].is_file():
        what = f"{task} holds no task file" if path.is_dir() else f"there is no file {task}"
        raise UsageError("U013", what, where="--tasks", fix="--tasks FILE.yaml, FOLDER/ or a task's name")
    return found


def _config(file: Path) -> dict[str, Any]:
    """Read a task file; paths of data beside it are found from anywhere."""
    from lm_eval.tasks._yaml_loader import load_yaml

    try:
        config = load_yaml(file, resolve_func=True)
    except Exception as error:
        what = f"{file} cannot be read: {type(error).__name__}: {error}"
        raise UsageError("U013", what, where="--tasks", fix="mend the YAML, or name another file") from error
    if not isinstance(config, dict) or not {"task", "group"} & config.keys():
        raise UsageError("U013", f"{file} is no task: it has no key `task`", where="--tasks", fix="write task: NAME into it")
    arguments = config.get("dataset_kwargs") or {}
    if "data_files" in arguments:
        config["dataset_kwargs"] = {**arguments, "data_files": _beside(arguments["data_files"], file.parent)}
    return config


def _beside(files: Any, folder: Path) -> Any:
    if isinstance(files, Mapping):
        return {split: _beside(value, folder) for split, value in files.items()}
    if isinstance(files, list | tuple):
        return [_beside(value, folder) for value in files]
    near = folder / str(files)
    return str(near.resolve()) if near.is_file() else files


def _known(names: Sequence[str], manager: Any) -> list[str]:
    found: list[str] = []
    for name in names:
        matched = manager.match_tasks([name])
        if not matched:
            near = difflib.get_close_matches(name, manager.all_tasks, 3)
            fix = f"--tasks {near[0]}" if near else "lm-eval ls tasks lists them; or --tasks FILE.yaml"
            more = f"; near are {', '.join(near)}" if near else ""
            raise UsageError("U013", f'{PACKAGE} knows no task "{name}"{more}', where="--tasks", fix=fix)
        found += matched
    return found


def _tokenizer(trained: Trained) -> Any:
    """Return transformers' tokenizer of the run, with the chat template that it learned with."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(trained.run.trained, local_files_only=True)
    if trained.encoder.template is not None:
        tokenizer.chat_template = trained.encoder.template.source
    return tokenizer


@contextmanager
def _in_words(tasks: Sequence[str]) -> Iterator[None]:
    """Let what lm-eval and datasets raise say what to do."""
    from datasets.exceptions import DatasetNotFoundError

    named = ", ".join(tasks)
    try:
        yield
    except AfinaError:
        raise
    except FileNotFoundError as error:
        fix = "dataset_kwargs.data_files: a path as seen from the task's folder or from here"
        raise DataError("E013", f"the data of {named} is not there: {error}", where="--tasks", fix=fix) from error
    except (ConnectionError, DatasetNotFoundError) as error:
        what = f"the data of {named} cannot be fetched: {type(error).__name__}: {error}"
        fix = "run it where the network allows, or --tasks FILE.yaml on local data (dataset_path: json)"
        raise NetworkError("E013", what, where="--tasks", fix=fix) from error
    except (KeyError, ValueError, TypeError, AttributeError, AssertionError) as error:
        what = f"{named} cannot be asked: {type(error).__name__}: {error}"
        raise UsageError("U013", what, where="--tasks", fix="mend the task's YAML; AFINA_DEBUG=1 shows where it fails") from error


def _result(name: str, found: Mapping[str, Any], limit: int | None, templated: bool) -> dict[str, Any]:
    """Return one task's metrics with their standard errors, and how it was asked."""
    row = found["results"][name]
    metrics: dict[str, Any] = {}
    for key, value in row.items():
        metric, comma, how = key.partition(",")
        if comma and not metric.endswith("_stderr") and isinstance(value, int | float):
            error = row.get(f"{metric}_stderr,{how}")
            shown = metric if how == "none" else f"{metric} ({how})"
            metrics[shown] = {"value": float(value), "stderr": float(error) if isinstance(error, int | float) else None}
    asked = found.get("n-samples", {}).get(name, {})
    shots = found.get("n-shot", {}).get(name)
    return {
        "metrics": metrics,
        "n": asked.get("effective"),
        "n_all": asked.get("original"),
        "limit": limit,
        "shots": shots,
        "version": found.get("versions", {}).get(name),
        "chat_template": templated,
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Warnings about lm-eval's own settings are no news to who asks a model, nor that the folder is no repository of git."""
    from lm_eval import evaluator

    commit = evaluator.get_git_commit_hash
    loggers = [logging.getLogger(name) for name in ("lm_eval", "datasets", "evaluate")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    evaluator.get_git_commit_hash = lambda: None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        evaluator.get_git_commit_hash = commit
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
