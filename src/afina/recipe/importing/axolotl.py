"""Axolotl's YAML files. Source: axolotl 0.19.0, utils/schemas/*.py, core/builders/base.py, prompt_strategies."""

from __future__ import annotations

from typing import Any, cast

from afina.errors import UsageError
from afina.objectives import OBJECTIVES
from afina.recipe.importing import datasets
from afina.recipe.importing.axolotl_keys import REASONS
from afina.recipe.importing.base import (
    SOURCES,
    Given,
    Reading,
    Rule,
    Source,
    absent,
    as_tuple_or_word,
    by,
    carried,
    changed,
    is_count,
    listed,
    only_if,
    read_with,
    same,
    without_counterpart,
)
from afina.recipe.importing.trainer import OPTIMIZATION, batch, optimizer, patience, schedule, tracked, validation, warmup

LISTS = ("datasets", "pretraining_dataset", "test_datasets")
ALPACA = ("instruction", "input", "output")
COLUMNS_OF: dict[str, tuple[str, str, str]] = {
    "alpaca": ALPACA,
    "alpaca_chat": ALPACA,
    "gpteacher": ("instruction", "input", "response"),
    "oasst": ("INSTRUCTION", "", "RESPONSE"),
}
"""The part of `type` before "." or ":" -> the columns of instruction, input and answer."""


def refuse(given: Given) -> None:
    """Raise UsageError R017 for preferences and rewards that no objective here learns."""
    wanted = next((key for key in ("reward_model", "process_reward_model") if given[key]), "")
    name, key = ("reward", wanted) if wanted else (str(given["rl"]), "rl")
    if given[key] and name not in OBJECTIVES:
        what = f"{key}: {given[key]} minimises what no objective here does (there are {', '.join(OBJECTIVES.names())})"
        raise UsageError("R017", what, where=given.place(key), fix="the sft file that came before it, or that tool itself")


def method(value: Any, given: Given) -> Reading:
    """lora and qlora are lora here, without an adapter all weights train."""
    if value is None:
        partly = given["unfrozen_parameters"]
        if partly:
            return changed({"method.name": "full"}, "all weights: unfrozen_parameters has no counterpart")
        return carried({"method.name": "full"}, "all weights train where there is no adapter")
    if value == "lora":
        return carried({"method.name": "lora"})
    if value == "qlora":
        return changed({"method.name": "lora"}, "lora on a base that is not quantised: about four times the memory for its weights")
    return absent(f"{value} is not here; method=auto is used")


def is_lora(given: Given) -> bool:
    return given["adapter"] in ("lora", "qlora")


def targets(value: Any, given: Given) -> Reading:
    """Module names; lora_target_linear is all-linear."""
    if given["lora_target_linear"]:
        return carried({"method.target_modules": "all-linear"}, "lora_target_linear: true")
    names = listed(given["lora_target_modules"] or [])
    if not names:
        return carried({}, "off, as here")
    if names == ["all-linear"]:
        return carried({"method.target_modules": "all-linear"})
    if any(set(name) & set("()|^$\\") for name in names):
        return absent(f"{names[0]} is a regular expression; afina takes names and patterns like model.layers.*.q_proj; all-linear is used")
    return carried({"method.target_modules": as_tuple_or_word(names)})


def path(value: Any, given: Given) -> Reading:
    """A file or folder here, else a data set of the hub, with its revision and file."""
    files = given["datasets.data_files"]
    name, *others = listed(files) if files else [""]
    formats = ("json", "csv", "parquet", "text", "arrow")
    found = datasets.address(name if value in formats else str(value), given, str(given["datasets.revision"] or ""), name)
    notes = [datasets.where(str(value), found), f"{len(others)} more files left out, for {datasets.ONE_FILE}" if others else ""]
    note = "; ".join(filter(None, notes))
    return changed({"data.path": found}, note) if note else carried({"data.path": found})


def row_type(value: Any, given: Given) -> Reading:
    """What a row holds: alpaca and a mapping name prompt and answer, chat_template messages, completion running text."""
    if isinstance(value, dict):
        return _own_type(cast("dict[str, str]", value))
    name = str(value).split(":")[0].split(".")[0]
    if name == "completion":
        return carried({"objective.name": "lm", "data.map.text": given["datasets.field"] or "text"})
    if name in ("chat_template", "sharegpt"):
        field = given["datasets.field_messages"] or ("conversations" if name == "sharegpt" else "messages")
        roles = {"messages": field, "tools": given["datasets.field_tools"]}
        return carried({"objective.name": "sft", **datasets.columns(roles)})
    if name in COLUMNS_OF:
        instruction, about, answer = COLUMNS_OF[name]
        note = "the words around them were that type's own (Below is an instruction ...); here the chat template's"
        return changed({"objective.name": "sft", **datasets.columns({"prompt": (instruction, about), "completion": answer})}, note)
    return changed(
        {"objective.name": "sft"}, f"{value}: afina finds the columns itself, or asks; its text around them is the chat template's"
    )


def _own_type(fields: dict[str, str]) -> Reading:
    """A type with its own columns and format: {instruction} and {input} in the format stand for the columns."""
    asked = fields.get("field_instruction") or "instruction"
    about = fields.get("field_input") or "input"
    form = str(fields.get("format") or "")
    roles = datasets.columns({"completion": fields.get("field_output") or "output", "system": fields.get("field_system")})
    if form and "{instruction}" in form:
        text = form.replace("{instruction}", "{" + asked + "}").replace("{input}", "{" + about + "}")
        note = "the format is the prompt, inside the model's chat template where it has one; no_input_format is not used"
        return changed({"objective.name": "sft", "data.prompt": text, **roles}, note)
    prompt = datasets.columns({"prompt": (asked, about if "field_input" in fields else "")})
    return changed({"objective.name": "sft", **prompt, **roles}, "the words around the columns are the chat template's")


def running_text(value: Any, given: Given) -> Reading:
    """Running text to pretrain on: lm, on one column."""
    found = datasets.address(str(value), given)
    text = given["pretraining_dataset.text_column"] or "text"
    return carried({"data.path": found, "objective.name": "lm", "data.map.text": text})


def length(value: Any, given: Given) -> Reading:
    """The longest example; what is longer is left out there unless excess_length_strategy says truncate."""
    strategy = given["excess_length_strategy"] or "drop"
    if given["datasets.type"] == "completion" or given["pretraining_dataset"] or given["pretraining_dataset.path"]:
        return carried({"data.max_length": value}, "running text is divided into pieces of this length, as there")
    if strategy == "truncate":
        return changed({"data.max_length": value, "data.truncation": "keep_start"}, "cut, and counted: the prompt before the answer")
    note = "longer rows are left out there" if strategy == "drop" else "a longer row is an error there"
    return changed({"data.max_length": value}, f"{note}; here more than 5 % of them is an error, fewer are cut and counted")


def packing(value: Any, given: Given) -> Reading:
    """Several examples in one row, each attending only to itself."""
    return carried({"train.packing": bool(value)})


def template(value: Any, given: Given) -> Reading:
    """The chat template: tokenizer_default is auto, chatml is chatml, other names are Axolotl's own texts."""
    if value == "tokenizer_default":
        return carried({"data.template": "auto"})
    if str(value) in ("chatml", "tokenizer_default_fallback_chatml"):
        note = "" if value == "chatml" else "auto takes the model's own; data.template=chatml where it has none"
        return carried({"data.template": "chatml"}) if value == "chatml" else changed({"data.template": "auto"}, note)
    return changed({"data.template": "auto"}, f"{value} is that tool's copy; afina takes the chat template that the model brings")


def whole_prompt(value: Any, given: Given) -> Reading:
    """Learning the prompts too is no setting here."""
    return (
        absent("sft learns the answers alone; objective=lm on a column with prompt and answer learns both")
        if value
        else carried({}, "off, as here")
    )


def roles_to_train(value: Any, given: Given) -> Reading:
    """The assistant's turns alone are learned."""
    ours = set(listed(value)) <= {"assistant", "gpt"}
    return carried({}, "as here") if ours else absent("the assistant's turns alone are learned")


def end_token(value: Any, given: Given) -> Reading:
    """The end of each learned turn is learned."""
    return carried({}, "as here") if value in ("turn", None) else absent("the end of each learned turn is learned, and of no other")


def checkpointing(value: Any, given: Given) -> Reading:
    """Activations are recomputed; they are not moved elsewhere."""
    note = "recomputed, not moved elsewhere" if isinstance(value, str) else ""
    return carried({"train.gradient_checkpointing": bool(value)}, note)


def total(value: Any, given: Given) -> Reading:
    """Examples of an update on one process: accumulation follows from it."""
    return carried({"train.batch_size": int(value) * given.processes}) if is_count(value) else absent(f"{value} is no number of examples")


def batches(value: Any, given: Given) -> Reading:
    """Examples of an update: micro-batch x accumulation x processes; with packing Axolotl counts packed rows, afina examples."""
    found = batch(value, given)
    sizes = {key: size for key, size in found.values.items() if key != "train.batch_size" or not given["batch_size"]}
    return Reading(found.outcome, sizes, found.note)


def duplicates(value: Any, given: Given) -> Reading:
    """Rows that repeat an earlier one are left out."""
    return carried({"data.drop_duplicates": "exact"}) if value else carried({}, "off, as here")


def trackers(value: Any, given: Given) -> Reading:
    """Where the numbers go beside metrics.jsonl; a project of wandb switches wandb on."""
    names = [name for name in ("wandb", "mlflow", "trackio", "tensorboard") if given[f"use_{name}"]]
    if given["wandb_project"] and "wandb" not in names and given["use_wandb"] is None:
        names = ["wandb", *names]
    return tracked(names)


def times(key: str, what: str) -> Rule:
    """Return the rule of a number of times an epoch: the steps of an epoch follow from the rows."""

    def read(value: Any, given: Given) -> Reading:
        return absent(f"{value} an epoch: {key}=STEPS, afina plan prints those of an epoch; auto is about ten a run")

    return Rule(read, (), what)


NOT_LORA = "for LoRA, which this file does not train"

RULES: dict[str, Rule] = {
    **without_counterpart(REASONS),
    **OPTIMIZATION,
    **read_with(
        {
            "sequence_len": "excess_length_strategy",
            "datasets.path": "datasets.data_files datasets.revision",
            "datasets.type": "datasets.field datasets.field_messages datasets.field_tools",
            "pretraining_dataset.path": "pretraining_dataset.text_column pretraining_dataset.type",
        }
    ),
    "base_model": same("model.path"),
    "model_revision": same("model.revision"),
    "revision_of_model": same("model.revision"),
    "reinit_weights": same("model.random_init"),
    "adapter": by(method, "method.name"),
    "lora_r": only_if(is_lora, same("method.r"), NOT_LORA),
    "lora_alpha": only_if(is_lora, same("method.alpha"), NOT_LORA),
    "lora_dropout": only_if(is_lora, same("method.dropout"), NOT_LORA),
    "lora_target_modules": only_if(is_lora, by(targets, "method.target_modules"), NOT_LORA),
    "lora_target_linear": only_if(is_lora, by(targets, "method.target_modules"), NOT_LORA),
    "datasets.path": by(path, "data.path"),
    "datasets.type": by(row_type, "data.map", "data.prompt", "objective.name"),
    "datasets.roles_to_train": by(roles_to_train),
    "datasets.train_on_eos": by(end_token),
    "datasets.train_on_eot": by(end_token),
    "datasets.chat_template": by(template, "data.template"),
    "pretraining_dataset": by(running_text, "data.path", "objective.name", "data.map"),
    "pretraining_dataset.path": by(running_text, "data.path", "objective.name", "data.map"),
    "sequence_len": by(length, "data.max_length", "data.truncation"),
    "sample_packing": by(packing, "train.packing"),
    "chat_template": by(template, "data.template"),
    "train_on_inputs": by(whole_prompt),
    "val_set_size": by(validation, "data.validation"),
    "dataset_exact_deduplication": by(duplicates, "data.drop_duplicates"),
    "micro_batch_size": by(batches, "train.batch_size", "train.micro_batch_size"),
    "gradient_accumulation_steps": by(batches, "train.batch_size"),
    "batch_size": by(total, "train.batch_size"),
    "num_epochs": same("train.num_epochs"),
    "optimizer": by(optimizer, "train.optimizer"),
    "lr_scheduler": by(schedule, "train.schedule"),
    "warmup_steps": by(warmup, "train.warmup_ratio"),
    "warmup_ratio": by(warmup, "train.warmup_ratio"),
    "gradient_checkpointing": by(checkpointing, "train.gradient_checkpointing"),
    "evals_per_epoch": times("eval.every_steps", "a number of steps here; auto is about ten a run"),
    "saves_per_epoch": times("output.save_every_steps", "a number of steps here; auto is about ten a run"),
    "early_stopping_patience": by(patience, "eval.patience"),
    "wandb_name": same("output.name"),
    **dict.fromkeys(("use_wandb", "wandb_project", "use_mlflow", "use_trackio", "use_tensorboard"), by(trackers, "output.track")),
    "generation_max_new_tokens": same("eval.max_new_tokens"),
    "num_generation_samples": same("eval.n_samples"),
}

AXOLOTL = Source(
    title="Axolotl",
    version="0.19.0",
    rules=RULES,
    defaults={
        "adapter": None,
        "weight_decay": 0.0,
        "num_epochs": 1.0,
        "micro_batch_size": 1,
        "lr_scheduler": "cosine",
        "warmup_ratio": 0.03,
        "sequence_len": 512,
        "val_set_size": 0.0,
        "bf16": "auto",
    },
    refuse=refuse,
    packs=lambda given: bool(given["sample_packing"]),
    micro_batch="micro_batch_size",
    length="sequence_len",
    schedule="lr_scheduler",
    validation="val_set_size",
    nested=LISTS,
    renamed={
        "bfloat16": "bf16",
        "float16": "fp16",
        "evaluation_strategy": "eval_strategy",
        "dataset_processes": "dataset_num_proc",
        "noisy_embedding_alpha": "neftune_noise_alpha",
    },
)
SOURCES.register("axolotl")(AXOLOTL)
