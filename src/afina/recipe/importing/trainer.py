"""Keys of transformers' TrainingArguments, which LLaMA-Factory and TRL take as they are, and readings that Axolotl shares.

Source: transformers 5.23, training_args.py; optimizer names from trainer_optimizer.py, schedules from optimization.py.
"""

from __future__ import annotations

from typing import Any

from afina.recipe.importing.base import (
    OFF,
    Given,
    Reading,
    Rule,
    absent,
    by,
    carried,
    changed,
    choices,
    is_count,
    listed,
    named,
    same,
    without_counterpart,
)
from afina.recipe.yaml12 import resolve

OPTIMIZERS = {
    **dict.fromkeys(("adamw_torch", "adamw_torch_fused", "adamw_hf", "adamw_apex_fused", "adamw_torch_xla", "adamw_anyprecision"), "adamw"),
    **dict.fromkeys(("adamw_8bit", "adamw_bnb_8bit"), "adamw8bit"),
    "paged_adamw_8bit": "paged_adamw8bit",
    **dict.fromkeys(("paged_adamw", "paged_adamw_32bit"), "paged_adamw"),
    "adamw_torch_4bit": "adamw4bit",
    **dict.fromkeys(("lion_32bit", "lion"), "lion"),
    **dict.fromkeys(("schedule_free_adamw", "schedule_free_radam", "schedule_free_sgd"), "schedule_free"),
    **dict.fromkeys(("galore_adamw", "galore_adamw_layerwise"), "galore"),
    **dict.fromkeys(("apollo_adamw", "apollo_adamw_layerwise"), "apollo"),
}
"""transformers' names -> the names of the field; a name that is not here is looked up as it is."""

SCHEDULES = {"constant_with_warmup": "constant", "warmup_stable_decay": "wsd"}


def optimizer(value: Any, given: Given) -> Reading:
    """The update rule by name; one that afina does not have is said."""
    return named("train.optimizer", value, OPTIMIZERS, "adamw")


def schedule(value: Any, given: Given) -> Reading:
    """The schedule by name; constant is without a warm-up there, constant_with_warmup is afina's constant."""
    return named("train.schedule", value, SCHEDULES, "cosine")


def warmup(value: Any, given: Given) -> Reading:
    """The warm-up as a share of the steps; a number of steps needs max_steps, for only then the total is known."""
    steps, ratio, total = given["warmup_steps"], given["warmup_ratio"], given["max_steps"]
    key = "train.warmup_ratio"
    if given[given.source.schedule] == "constant" and (steps or ratio):
        return changed({key: 0.0}, "constant has no warm-up there, whatever warmup says")
    if not steps:
        return carried({key: ratio or 0.0})
    if 0 < steps < 1:
        return carried({key: steps}, "a number below 1 is a share of the steps")
    if is_count(total) and steps < total:
        return carried({key: steps / total}, f"{steps} of {total} steps")
    why = "afina's warm-up is a share of the steps, and their number follows from the rows"
    return absent(f"{why}: afina plan prints it; train.warmup_ratio={steps}/STEPS. Until then 0.05")


def batch(value: Any, given: Given) -> Reading:
    """Examples of an update: per device x accumulation x processes; with packing the tool counts packed rows, afina examples."""
    micro, steps, processes = given[given.source.micro_batch], given["gradient_accumulation_steps"] or 1, given.processes
    if not (is_count(micro) and is_count(steps)):
        return absent(f"{value} is no number of examples; train.batch_size=auto")
    size = int(micro) * int(steps) * processes
    terms = f"{micro} x {steps} x {processes} process" + ("es" if processes > 1 else "")
    shared = {"train.processes": processes} if processes > 1 else {}
    if not given.source.packs(given):
        return carried({"train.batch_size": size, "train.micro_batch_size": int(micro), **shared}, terms)
    length = given[given.source.length]
    tokens = {"train.micro_batch_size": {"tokens": int(micro) * int(length)}} if is_count(length) else {}
    note = f"{terms}, of packed rows there and of examples here: multiply by {length} / mean length for as many tokens an update"
    return changed({"train.batch_size": size, **tokens, **shared}, note)


def precision(value: Any, given: Given) -> Reading:
    """bf16 and fp16 are one key here; trained weights stay fp32."""
    for name in ("bf16", "fp16"):
        if given[name] is True or given[name] == "full":
            return carried({"model.precision": name})
    if given["bf16"] == "auto":
        return carried({"model.precision": "auto"})
    return carried({"model.precision": "fp32"}, "neither bf16 nor fp16")


def validation(value: Any, given: Given) -> Reading:
    """The share of rows to validate on; a number of rows has no key here."""
    if isinstance(value, int | float) and 0 <= value < 1:
        return carried({"data.validation": value})
    return absent(f"{value} rows: afina takes a share, data.validation=ROWS/ALL; auto is used")


def max_steps(value: Any, given: Given) -> Reading:
    """Stop after this many updates; -1 is none."""
    return carried({"train.max_steps": value}) if is_count(value) else carried({}, "no limit, as here")


def evaluation(value: Any, given: Given) -> Reading:
    """afina evaluates wherever there are validation rows; every_steps says how often."""
    if value in ("no", False):
        note = "afina evaluates wherever there are validation rows" if given[given.source.validation] else "no validation rows, as here"
        return changed({}, note) if given[given.source.validation] else carried({}, note)
    if value == "epoch":
        return changed({}, "afina evaluates about ten times a run: eval.every_steps=auto")
    return carried({}, "afina evaluates by steps")


def every(key: str, what: str) -> Rule:
    """Return the rule of a number of steps between two things."""

    def read(value: Any, given: Given) -> Reading:
        if is_count(value):
            return carried({key: int(value)})
        return absent(f"{value} is a share of the steps; {key}=auto")

    return Rule(read, (key,), f"{what}; a share of the steps has no counterpart")


def best(value: Any, given: Given) -> Reading:
    """What chooses the checkpoint: the loss is carried over, other metrics are computed differently."""
    if str(value).removeprefix("eval_") == "loss":
        return carried({"eval.metric": "loss"})
    return absent(f"{value} is computed by the tool's own function; afina chooses by eval.metric=auto")


def output(value: Any, given: Given) -> Reading:
    """The folder: each run gets its own folder in it, nothing is written over."""
    return changed({"output.dir": str(value)}, "each run gets a folder of its own in it")


def keep(value: Any, given: Given) -> Reading:
    """Checkpoints kept; here the best one is kept besides."""
    return changed({"output.keep": value}, "the best is kept besides") if is_count(value) else carried({}, "afina keeps 2 and the best")


def seed(value: Any, given: Given) -> Reading:
    """Seeds everything, by afina's own generator: another order of rows than the tool's."""
    return changed({"seed": value}, "afina draws by its own generator: other rows in each step")


def trackers(value: Any, given: Given) -> Reading:
    """Where the numbers go beside metrics.jsonl; none and all are not named here one by one."""
    return tracked([] if value in ("none", []) else listed(value))


def tracked(names: list[str]) -> Reading:
    """Return the reading of trackers by name; those that afina does not have are said."""
    known = [name for name in names if name in choices("output.track")]
    lost = [name for name in names if name not in known]
    if lost:
        note = f"{', '.join(lost)}: name some of {', '.join(choices('output.track'))} in output.track"
        return changed({"output.track": known}, note) if known else absent(note)
    return carried({"output.track": known} if known else {}, "" if known else "off, as here")


def token_mean(value: Any, given: Given) -> Reading:
    """The loss is a mean over all tokens of an update, in all processes, always."""
    if value is False:
        return changed({}, "afina's loss is always the mean over all tokens of an update, in all processes")
    return carried({}, "always so here")


def label_smoothing(value: Any, given: Given) -> Reading:
    """The share of the target that all tokens get; it belongs to the objective, which is named with it."""
    if value in OFF:
        return carried({}, "off, as here")
    name, share = given.source.objective(given), resolve(value) if isinstance(value, str) else value
    return carried({"objective.name": name, "objective.label_smoothing": share}, f"a key of the objective, which is {name} by this file")


def patience(value: Any, given: Given) -> Reading:
    """Evaluations without a better value before the run stops."""
    return carried({"eval.patience": int(value)}) if is_count(value) else carried({}, "off, as here")


OPTIMIZATION: dict[str, Rule] = {
    "learning_rate": same("train.learning_rate"),
    "weight_decay": same("train.weight_decay"),
    "adam_beta1": same("train.adam_beta1"),
    "adam_beta2": same("train.adam_beta2"),
    "adam_epsilon": same("train.adam_epsilon"),
    "max_grad_norm": same("train.max_grad_norm"),
    "max_steps": by(max_steps, "train.max_steps"),
    "warmup_steps": by(warmup, "train.warmup_ratio"),
    "warmup_ratio": by(warmup, "train.warmup_ratio"),
    "gradient_accumulation_steps": by(batch, "train.batch_size"),
    "gradient_checkpointing": same("train.gradient_checkpointing"),
    "bf16": by(precision, "model.precision"),
    "fp16": by(precision, "model.precision"),
    "seed": by(seed, "seed"),
    "eval_strategy": by(evaluation),
    "eval_steps": every("eval.every_steps", "steps between evaluations"),
    "save_steps": every("output.save_every_steps", "steps between checkpoints"),
    "save_total_limit": by(keep, "output.keep"),
    "metric_for_best_model": by(best, "eval.metric"),
    "output_dir": by(output, "output.dir"),
    "neftune_noise_alpha": same("train.neftune_alpha"),
}
"""Keys that transformers, LLaMA-Factory, TRL and Axolotl spell alike."""

REASONS = {
    "every step is in metrics.jsonl of the run": (
        "logging_steps logging_strategy logging_first_step logging_dir log_level log_level_replica log_on_each_node "
        "logging_nan_inf_filter disable_tqdm include_num_input_tokens_seen include_tokens_per_second skip_memory_metrics"
    ),
    "the tracker's own settings, its environment variables say them": "project trackio_space_id trackio_bucket_id trackio_static_space_id",
    "nothing is uploaded by a training": (
        "push_to_hub hub_model_id hub_strategy hub_token hub_private_repo hub_always_push hub_revision push_to_hub_model_id "
        "push_to_hub_organization push_to_hub_token"
    ),
    "sharding is not built yet: each process holds the whole model (train.processes)": (
        "deepspeed fsdp fsdp_config accelerator_config parallelism_config fsdp_transformer_layer_cls_to_wrap fsdp_min_num_params tp_size"
    ),
    "set by afina itself where train.processes is above 1": (
        "ddp_find_unused_parameters ddp_bucket_cap_mb ddp_broadcast_buffers ddp_static_graph ddp_backend ddp_timeout local_rank"
    ),
    "speed only: rows are read ahead, batches planned from their lengths": (
        "dataloader_num_workers dataloader_pin_memory dataloader_persistent_workers dataloader_prefetch_factor dataloader_in_order "
        "dataloader_multiprocessing_context group_by_length length_column_name train_sampling_strategy"
    ),
    "the last, smaller batch is always trained on; its loss is per token like every other": "dataloader_drop_last",
    "evaluation fits its own batches": (
        "per_device_eval_batch_size eval_accumulation_steps eval_do_concat_batches eval_use_gather_object batch_eval_metrics "
        "prediction_loss_only include_for_metrics bf16_full_eval fp16_full_eval predict_with_generate"
    ),
    "evaluation begins when eval.every_steps says": "eval_delay eval_on_start",
    "out of memory halves the micro-batch by itself": "auto_find_batch_size torch_empty_cache_steps",
    "speed only: not built here": (
        "torch_compile torch_compile_backend torch_compile_mode use_liger_kernel liger_kernel_config tf32 use_ipex jit_mode_eval "
        "half_precision_backend"
    ),
    "activations are recomputed whole: train.gradient_checkpointing": (
        "gradient_checkpointing_kwargs activation_checkpointing activation_checkpointing_kwargs activation_offloading"
    ),
    "a saved run is always enough to continue: the same command does": (
        "resume_from_checkpoint ignore_data_skip save_only_model restore_callback_states_from_checkpoint enable_jit_checkpoint "
        "save_on_each_node save_safetensors overwrite_output_dir"
    ),
    "checkpoints are saved by steps: output.save_every_steps": "save_strategy save_first_step",
    "the best checkpoint is always taken where there are validation rows": "load_best_model_at_end greater_is_better",
    "columns are named in data.map": "remove_unused_columns label_names",
    "one seed for everything": "data_seed full_determinism",
    "the command says what is done; every run ends with a comparison": "do_train do_eval do_predict debug use_cache",
    "the device is found by itself: train.device": "use_cpu no_cuda",
    "this schedule or update rule has no settings of its own here": "lr_scheduler_kwargs optim_args optim_target_modules adafactor",
    "answers are greedy, at most eval.max_new_tokens long": "generation_max_length generation_num_beams generation_config sortish_sampler",
}
"""Why keys of TrainingArguments have no counterpart, and what happens here instead."""

TRAINER: dict[str, Rule] = {
    **without_counterpart(REASONS),
    **OPTIMIZATION,
    "num_train_epochs": same("train.num_epochs"),
    "per_device_train_batch_size": by(batch, "train.batch_size", "train.micro_batch_size"),
    "lr_scheduler_type": by(schedule, "train.schedule"),
    "optim": by(optimizer, "train.optimizer"),
    "report_to": by(trackers, "output.track"),
    "run_name": same("output.name"),
    "average_tokens_across_devices": by(token_mean),
    "label_smoothing_factor": by(label_smoothing, "objective.name", "objective.label_smoothing"),
}

DEFAULTS: dict[str, Any] = {
    "learning_rate": 5e-5,
    "num_train_epochs": 3.0,
    "per_device_train_batch_size": 8,
    "lr_scheduler_type": "linear",
    "warmup_steps": 0,
    "weight_decay": 0.0,
}
"""What transformers does where a key is not written, and afina would do otherwise."""
