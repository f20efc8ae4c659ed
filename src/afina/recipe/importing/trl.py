"""TRL's YAML files (trl sft --config). Source: trl 1.16, SFTConfig, ModelConfig, ScriptArguments, scripts/sft.py."""

from __future__ import annotations

from typing import Any

from afina.errors import UsageError
from afina.objectives import OBJECTIVES
from afina.recipe.importing import datasets
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
    listed,
    only_if,
    read_with,
    same,
    without_counterpart,
)
from afina.recipe.importing.trainer import DEFAULTS, TRAINER

OTHER_TRAINERS = {
    "dpo": (
        "beta loss_weights precompute_ref_log_probs sync_ref_model ref_model_mixup_alpha f_divergence_type discopop_tau use_weighting "
        "ld_alpha"
    ),
    "kto": "desirable_weight undesirable_weight",
    "grpo": (
        "num_generations reward_funcs max_completion_length num_iterations epsilon epsilon_high scale_rewards use_vllm "
        "reward_model_name_or_path"
    ),
    "reward": "center_rewards_coefficient",
}
"""Keys that only another of TRL's trainers has, and what it would be called here."""


def refuse(given: Given) -> None:
    """Raise UsageError R017 for a file of another trainer than SFT that no objective here computes."""
    for name, keys in OTHER_TRAINERS.items():
        found = [key for key in keys.split() if key in given.values]
        if found and name not in OBJECTIVES:
            what = (
                f"{found[0]} belongs to trl {name}, which minimises what no objective here does (there are {', '.join(OBJECTIVES.names())})"
            )
            raise UsageError("R017", what, where=given.place(found[0]), fix="the sft file that came before it, or that tool itself")


def method(value: Any, given: Given) -> Reading:
    """An adapter with use_peft, all weights without."""
    return carried({"method.name": "lora" if value else "full"}, "" if value else "all weights train where use_peft is not true")


def objective(given: Given) -> str:
    return "lm" if given["dataset_text_field"] else "sft"


def is_lora(given: Given) -> bool:
    return bool(given["use_peft"])


def targets(value: Any, given: Given) -> Reading:
    """Module names; without them peft takes q_proj and v_proj in Llama's and most families, afina would take all."""
    if value is None:
        note = "peft's own choice for Llama, Mistral, Qwen and Gemma; afina's is all-linear, which mostly learns more"
        return carried({"method.target_modules": ["q_proj", "v_proj"]}, note)
    return carried({"method.target_modules": as_tuple_or_word(listed(value))})


def dataset(value: Any, given: Given) -> Reading:
    """A file or folder here, else a data set of the hub; data_files names its file."""
    files = listed(given["datasets.data_files"] or [])
    plain = value in ("json", "csv", "parquet", "text")
    path = datasets.address(files[0] if plain and files else str(value), given, file="" if plain or not files else files[0])
    left = f"{len(files) - 1} more files left out, for {datasets.ONE_FILE}" if len(files) > 1 else ""
    note = "; ".join(filter(None, [datasets.where(str(value), path), left]))
    return changed({"data.path": path}, note) if note else carried({"data.path": path})


def train_split(value: Any, given: Given) -> Reading:
    """train is what afina looks for on the hub; another split is named as a file."""
    return carried({}, "as here") if value == "train" else absent(f"name the file of {value}: data.path=hf://datasets/OWNER/NAME/FILE")


def evaluation(value: Any, given: Given) -> Reading:
    """no validates on nothing; otherwise TRL validates on another split, afina on a share of the rows."""
    if value in ("no", False):
        return carried({"data.validation": 0.0}, "TRL evaluates on nothing where eval_strategy is no")
    return changed({"data.validation": "auto"}, f"on a share of the rows, not on the split {given['dataset_test_split'] or 'test'}")


def length(value: Any, given: Given) -> Reading:
    """The longest example; longer ones are cut without a word there, and cut and counted here."""
    keep = given["truncation_mode"]
    note = "longer rows are cut, and counted here: the prompt before the answer; data.truncation=error refuses"
    return changed({"data.max_length": value, "data.truncation": keep if keep in ("keep_start", "keep_end") else "keep_start"}, note)


def packing(value: Any, given: Given) -> Reading:
    """Several examples in one row, each attending only to itself; wrapped cuts examples in two and is not here."""
    if value and given["packing_strategy"] == "wrapped":
        return changed({"train.packing": True}, "wrapped joins all and cuts at max_length there; here examples stay whole, by best fit")
    return carried({"train.packing": bool(value)})


def answers_only(value: Any, given: Given) -> Reading:
    """sft learns the assistant's words alone; TRL learns whole conversations unless this is true."""
    if value:
        return carried({}, "always so in sft")
    return changed({}, "TRL learns the user's turns of a conversation too; sft here learns the assistant's alone")


def completion_only(value: Any, given: Given) -> Reading:
    """sft learns the completion alone, as TRL does unless this is false."""
    if value is False:
        return absent("sft learns the completion alone; objective=lm on a column with prompt and answer learns both")
    return carried({}, "always so in sft")


def precision(value: Any, given: Given) -> Reading:
    """bf16 unless switched off, or fp16."""
    if given["fp16"] is True:
        return carried({"model.precision": "fp16"})
    return carried({"model.precision": "fp32" if given["bf16"] is False else "bf16"})


def loss(value: Any, given: Given) -> Reading:
    """nll is what sft and lm minimise."""
    names = listed(value)
    if names in (["nll"], ["chunked_nll"]):
        return carried({}, "the negative log-likelihood, as here")
    return absent(f"{', '.join(names)}: the mean negative log-likelihood is minimised")


def template(value: Any, given: Given) -> Reading:
    """A template from a file; afina takes the one that the model brings, chatml or plain."""
    return absent(f"{value}: afina takes the chat template that the model brings; data.template=chatml or plain")


REASONS = {
    "name the file of the configuration: data.path=hf://datasets/OWNER/NAME/FILE": "dataset_config datasets.name datasets.data_dir",
    datasets.ONE_FILE: "datasets.fraction test_split_size",
    "data is read as it comes; a million rows need no streaming, terabytes need shards": "dataset_streaming streaming datasets.split",
    "columns are named in data.map": "datasets.columns",
    "rows are tokenised in as many processes as there are cores, and kept": "dataset_num_proc dataset_kwargs",
    "rows are always in another order each pass": "shuffle_dataset",
    "a recipe never runs code that a model ships": "trust_remote_code",
    "the model is loaded as afina plans it: model.precision": "model_init_kwargs dtype",
    "speed only: SDPA, chosen by itself": "attn_implementation padding_free pad_to_multiple_of eval_packing use_liger_kernel",
    "the tokenizer stays as the model brings it": "eos_token pad_token",
    "a form of LoRA that is not carried over, so plain LoRA is trained: see afina methods show lora": (
        "use_rslora use_dora lora_target_parameters lora_modules_to_save"
    ),
    "the head follows from the objective": "lora_task_type",
    "not carried over: model.quantize=nf4 packs the base in 4 bits, model.quantize=int8 in 8; afina plan says what it needs": (
        "load_in_4bit load_in_8bit bnb_4bit_quant_type use_bnb_nested_quant bnb_4bit_quant_storage"
    ),
    "for models with experts, which are not trained here": "router_aux_loss_coef",
    "found by itself": "ignore_bias_buffers",
}
NOT_LORA = "for LoRA, which this file does not train"

RULES: dict[str, Rule] = {
    **TRAINER,
    **without_counterpart(REASONS),
    **read_with(
        {
            "eval_strategy": "dataset_test_split",
            "packing": "packing_strategy",
            "max_length": "truncation_mode",
            "datasets.path": "datasets.data_files",
        }
    ),
    "model_name_or_path": same("model.path"),
    "model_revision": same("model.revision"),
    "dataset_name": by(dataset, "data.path"),
    "datasets.path": by(dataset, "data.path"),
    "dataset_train_split": by(train_split),
    "dataset_text_field": same("data.map.text"),
    "eval_strategy": by(evaluation, "data.validation"),
    "max_length": by(length, "data.max_length", "data.truncation"),
    "packing": by(packing, "train.packing"),
    "assistant_only_loss": by(answers_only),
    "completion_only_loss": by(completion_only),
    "chat_template_path": by(template),
    "loss_type": by(loss),
    "bf16": by(precision, "model.precision"),
    "fp16": by(precision, "model.precision"),
    "use_peft": by(method, "method.name"),
    "lora_r": only_if(is_lora, same("method.r"), NOT_LORA),
    "lora_alpha": only_if(is_lora, same("method.alpha"), NOT_LORA),
    "lora_dropout": only_if(is_lora, same("method.dropout"), NOT_LORA),
    "lora_target_modules": only_if(is_lora, by(targets, "method.target_modules"), NOT_LORA),
}

TRL = Source(
    title="TRL",
    version="1.16",
    rules=RULES,
    defaults={
        **DEFAULTS,
        "learning_rate": 2e-5,
        "gradient_checkpointing": True,
        "max_length": 1024,
        "truncation_mode": "keep_start",
        "eval_strategy": "no",
        "assistant_only_loss": False,
        "use_peft": False,
        "lora_r": 16,
        "lora_alpha": 32,
        "lora_dropout": 0.05,
        "lora_target_modules": None,
    },
    refuse=refuse,
    objective=objective,
    packs=lambda given: bool(given["packing"]),
    micro_batch="per_device_train_batch_size",
    length="max_length",
    nested=("datasets",),
    renamed={"max_seq_length": "max_length", "evaluation_strategy": "eval_strategy", "torch_dtype": "dtype"},
)
SOURCES.register("trl")(TRL)
