"""LLaMA-Factory's YAML files (llamafactory-cli train). Source: llamafactory 0.9.5, hparams/*.py, data/parser.py, data/processor/*.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from afina.errors import UsageError
from afina.methods import METHODS
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
    is_count,
    listed,
    only_if,
    read_with,
    same,
    without_counterpart,
)
from afina.recipe.importing.trainer import DEFAULTS, TRAINER, optimizer, patience, precision, validation

OBJECTIVE_OF = {"pt": "lm", "sft": "sft", "rm": "reward", "ppo": "ppo", "dpo": "dpo", "kto": "kto"}
INFO = "dataset_info.json"


def refuse(given: Given) -> None:
    """Raise UsageError R017 for a stage that no objective here computes."""
    wanted = OBJECTIVE_OF.get(str(given["stage"]), str(given["stage"]))
    if wanted not in OBJECTIVES:
        what = f"stage: {given['stage']} minimises what no objective here does (there are {', '.join(OBJECTIVES.names())})"
        raise UsageError("R017", what, where=given.place("stage"), fix="stage: sft to learn the good answers alone, or that tool itself")


def objective(given: Given) -> str:
    return OBJECTIVE_OF[str(given["stage"])]


def stage(value: Any, given: Given) -> Reading:
    """What is minimised: pt is lm, sft is sft."""
    return carried({"objective.name": objective(given)})


def method(value: Any, given: Given) -> Reading:
    """Which weights change: lora, freeze or full."""
    if value in METHODS:
        return carried({"method.name": value})
    return absent(f"{value} is not here (there are {', '.join(METHODS.names())}); method=auto is used")


def is_lora(given: Given) -> bool:
    return given["finetuning_type"] == "lora"


def rank(value: Any, given: Given) -> Reading:
    """The rank; without lora_alpha, alpha is twice the rank there."""
    written = given.values.get("lora_alpha")
    alpha = {} if written else {"method.alpha": value * 2}
    return carried({"method.r": value, **alpha}, "" if written else "alpha is twice the rank where it is not written")


def targets(value: Any, given: Given) -> Reading:
    """Module names; all is all-linear."""
    names = listed(value)
    return carried({"method.target_modules": "all-linear" if names == ["all"] else as_tuple_or_word(names)})


def layers(value: Any, given: Given) -> Reading:
    """How many of the last layers train, with the final norm; a negative number means the first ones there."""
    if not is_count(value):
        return absent(f"{value} trains the first layers there; afina trains the last ones: method.n_layers=2")
    return changed({"method.n_layers": value}, "the final norm is trained too")


def dataset(value: Any, given: Given) -> Reading:
    """The file or hub name, and its columns, that dataset_info.json gives; several are not joined."""
    name, *others = listed(value)
    info = datasets.found(str(Path(str(given["dataset_dir"]), INFO)), given) or datasets.found(INFO, given)
    entry = _entry(info, name) if info else None
    if entry is None or info is None:
        return absent(f"{name} is not in a {INFO} near this file: afina train FILE --recipe with this recipe")
    path, notes = _path(entry, info, given)
    if others:
        notes.append(f"{', '.join(others)} left out, for {datasets.ONE_FILE}")
    settings = {"data.path": path, **_columns(entry, str(given["stage"]), notes)}
    if is_count(entry.get("num_samples")) and given.values.get("max_samples") is None:
        settings["data.max_rows"] = entry["num_samples"]
    return changed(settings, "; ".join(notes)) if notes else carried(settings, str(info))


def _entry(info: Path, name: str) -> dict[str, Any] | None:
    try:
        document = json.loads(info.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError("R009", f"cannot be read: {error}", where=str(info), fix="mend it, or take dataset: out of the file") from error
    entry = cast("dict[str, Any]", document).get(name) if isinstance(document, dict) else None
    return cast("dict[str, Any]", entry) if isinstance(entry, dict) else None


def _path(entry: dict[str, Any], info: Path, given: Given) -> tuple[str, list[str]]:
    hub = entry.get("hf_hub_url")
    notes = [f"{key}={entry[key]} has no key: name the file in data.path" for key in ("subset", "folder") if hub and entry.get(key)]
    if hub:
        return datasets.address(str(hub), given), notes
    if "file_name" not in entry:
        other = next((key for key in ("ms_hub_url", "om_hub_url", "script_url", "cloud_file_name") if key in entry), "no file_name")
        return "", [f"{other}: afina reads files and the Hugging Face hub; download it and give the file"]
    path = (info.parent / str(entry["file_name"])).as_posix()
    return path, [*notes, *filter(None, [datasets.where(str(entry["file_name"]), path)])]


def _columns(entry: dict[str, Any], stage: str, notes: list[str]) -> dict[str, str]:
    given = cast("dict[str, str]", entry.get("columns") or {})
    named = given or {"prompt": "instruction", "query": "input", "response": "output"}
    if "tags" in entry:
        notes.append("tags: afina knows from/value and role/content, and human, gpt, user, assistant, system, tool by itself")
    for role in ("images", "videos", "audios"):
        if role in named:
            notes.append(f"{role}: afina trains on text alone")
    if entry.get("formatting", "alpaca") != "alpaca":
        messages = named.get("messages", "conversations")
        return datasets.columns({"messages": messages, "system": named.get("system"), "tools": named.get("tools")})
    if stage == "pt":
        return datasets.columns({"text": named.get("prompt")})
    if named.get("query"):
        notes.append("between instruction and input stands a blank line here, a line break there")
    asked = [named.get(role, "") for role in ("prompt", "query", "history")]
    return datasets.columns({"prompt": asked, "completion": named.get("response"), "system": named.get("system")})


def length(value: Any, given: Given) -> Reading:
    """The longest example; longer ones are cut without a word there, and cut and counted here."""
    if given["stage"] == "pt":
        note = "texts are divided into pieces of this length; the rest of the last one is trained on here, dropped there"
        return changed({"data.max_length": value}, note)
    note = "longer rows are cut, and counted: here the prompt's end, there prompt and answer in proportion; data.truncation=error refuses"
    return changed({"data.max_length": value, "data.truncation": "keep_start"}, note)


def packs(given: Given) -> bool:
    """Several examples in a row: asked for, or by default where running text is learned."""
    return bool(given["packing"] or given["neat_packing"] or (given["packing"] is None and given["stage"] == "pt"))


def packing(value: Any, given: Given) -> Reading:
    """Several examples in one row; packing alone lets them attend to each other there, never here."""
    if not packs(given):
        return carried({"train.packing": False})
    if given["neat_packing"]:
        return carried({"train.packing": True})
    return changed(
        {"train.packing": True}, "there an example attends to those before it in the row; here to itself alone, as with neat_packing"
    )


def template(value: Any, given: Given) -> Reading:
    """The prompt's form: afina takes the template that the model brings; empty is plain."""
    if value == "empty":
        return carried({"data.template": "plain"})
    if value in ("chatml", "chatml_de"):
        return (
            carried({"data.template": "chatml"})
            if value == "chatml"
            else changed({"data.template": "chatml"}, "chatml without its system text")
        )
    return changed({"data.template": "auto"}, f"{value} is that tool's own text; afina takes the chat template that the model brings")


def checkpointing(value: Any, given: Given) -> Reading:
    """Activations are recomputed unless this says not to."""
    return carried({"train.gradient_checkpointing": not value})


def whole_prompt(value: Any, given: Given) -> Reading:
    """Learning the prompts too is no setting here."""
    return (
        absent("sft learns the answers alone; objective=lm on a column with prompt and answer learns both")
        if value
        else carried({}, "off, as here")
    )


def pure_bf16(value: Any, given: Given) -> Reading:
    """Weights and updates in bf16 there; here products in bf16 and trained weights in fp32."""
    return (
        changed({"model.precision": "bf16"}, "trained weights stay fp32: small updates are not lost; more memory") if value else carried({})
    )


def max_rows(value: Any, given: Given) -> Reading:
    """So many rows; the first ones there, drawn by seed here."""
    return changed({"data.max_rows": value}, "drawn by seed; there the first rows of each data set")


def update_rule(value: Any, given: Given) -> Reading:
    """The update rule by name, unless use_galore, use_apollo or use_muon chooses it."""
    chosen = next((key for key in ("use_galore", "use_apollo", "use_muon") if given[key]), "")
    return carried({}, f"{chosen} chooses the update rule") if chosen else optimizer(value, given)


def projected(name: str, scale: float) -> Rule:
    """Return the rule of use_galore or use_apollo: the update rule with its rank, interval and scale."""

    def read(value: Any, given: Given) -> Reading:
        if not value:
            return carried({}, "off, as here")
        keys = {"rank": 16, "update_interval": 200, "scale": scale}
        rank, interval, factor = (given[f"{name}_{key}"] or default for key, default in keys.items())
        settings = {"name": name, "rank": rank, "update_proj_gap": interval, "scale": factor}
        note = "a whole update at a time, not layer by layer" if given[f"{name}_layerwise"] else ""
        return changed({"train.optimizer": settings}, note) if note else carried({"train.optimizer": settings})

    return Rule(read, ("train.optimizer",), f"the update rule {name}, with its rank, interval and scale")


def muon(value: Any, given: Given) -> Reading:
    """The update rule muon."""
    return carried({"train.optimizer": "muon"}) if value else carried({}, "off, as here")


REASONS = {
    "afina validates on rows of the same file: one file with a column that says which, data.split=COLUMN": (
        "eval_dataset eval_on_each_dataset"
    ),
    "afina takes one file": "mix_strategy interleave_probs",
    "data is read as it comes; a million rows need no streaming, terabytes need shards": "streaming buffer_size data_shared_file_system",
    "the cache is found again by content, and made in as many processes as there are cores": (
        "overwrite_cache preprocessing_batch_size preprocessing_num_workers tokenized_path"
    ),
    "every answer of a conversation is learned": "mask_history",
    "the chat template that the model brings decides": "tool_format default_system enable_thinking preserve_thinking",
    "afina trains on text alone": (
        "media_dir image_max_pixels image_min_pixels image_do_pan_and_scan crop_to_patches video_max_pixels video_min_pixels video_fps "
        "video_maxlen use_audio_in_video audio_sampling_rate freeze_vision_tower freeze_multi_modal_projector freeze_language_model"
    ),
    "padding is never learned": "ignore_pad_token_for_loss",
    "rows are always in another order each pass": "disable_shuffling",
    "a finished run can be the model (model=RUN); an adapter's folder alone cannot": (
        "adapter_name_or_path adapter_folder create_new_adapter"
    ),
    "the tokenizer stays as the model brings it": (
        "use_fast_tokenizer resize_vocab split_special_tokens add_tokens add_special_tokens new_special_tokens_config init_special_tokens"
    ),
    "the model's own context is the limit": "rope_scaling shift_attn",
    "speed only: SDPA, chosen by itself": "flash_attn use_unsloth use_unsloth_gc enable_liger_kernel use_v1_kernels use_reentrant_gc",
    "not built: the model is trained as it is": "mixture_of_depths moe_aux_loss_coef use_llama_pro upcast_layernorm upcast_lmhead_output",
    "not carried over: model.quantize=nf4 packs the base in 4 bits, model.quantize=int8 in 8; afina plan says what it needs": (
        "quantization_bit quantization_method quantization_type double_quantization quantization_device_map"
    ),
    "a recipe never runs code that a model ships": "trust_remote_code",
    "the hub's own login and cache are used: hf auth login, HF_HOME": "hf_hub_token ms_hub_token om_hub_token cache_dir",
    "loading is afina's own business": "low_cpu_mem_usage offload_folder print_param_status",
    "a form of LoRA that is not carried over, so plain LoRA is trained: see afina methods show lora": (
        "use_rslora use_dora pissa_init pissa_iter pissa_convert loraplus_lr_ratio loraplus_lr_embedding additional_target"
    ),
    "no such method yet": "oft_rank oft_block_size oft_target module_dropout freeze_extra_modules",
    "for preferences, which no objective here learns yet": (
        "pref_beta pref_ftx pref_bco_weight pref_loss dpo_label_smoothing kto_chosen_weight kto_rejected_weight simpo_gamma "
        "ppo_buffer_size ppo_epochs ppo_score_norm ppo_target ppo_whiten_rewards ref_model ref_model_adapters ref_model_quantization_bit "
        "reward_model reward_model_adapters reward_model_quantization_bit reward_model_type ld_alpha"
    ),
    "another update rule: train.optimizer is used": (
        "use_badam badam_mode badam_start_block badam_switch_mode badam_switch_interval badam_update_ratio badam_mask_mode "
        "badam_verbose use_adam_mini"
    ),
    "all matrices are projected, on the smaller side": "galore_target galore_proj_type apollo_target apollo_proj_type",
    "apollo's own form: by random projection, a rate for each channel": "apollo_proj apollo_scale_type apollo_scale_front",
    "another loss: the mean negative log-likelihood is used": "use_dft_loss use_asft_loss asft_alpha use_eaft_loss eaft_alpha",
    "no such tracker here: output.track names those there are": (
        "use_swanlab swanlab_project swanlab_workspace swanlab_run_name swanlab_mode swanlab_api_key swanlab_logdir "
        "swanlab_lark_webhook_url swanlab_lark_secret"
    ),
    "every run ends with a comparison and report.html, the curve of the loss in it": (
        "plot_loss compute_accuracy include_effective_tokens_per_second enable_torch_profiler profiler_output_dir profiler_wait_steps "
        "profiler_warmup_steps profiler_active_steps profiler_repeat profiler_record_shapes profiler_profile_memory profiler_with_stack "
        "profile_modules"
    ),
    "fp32, bf16 and fp16 only": "fp8 fp8_backend fp8_enable_fsdp_float8_all_gather",
    "torchrun on one machine only: train.processes": (
        "use_mca use_hyper_parallel hyper_parallel_args ray_num_workers ray_init_kwargs master_addr master_port use_kt kt_weight_path "
        "kt_expert_checkpoint_path kt_use_lora_experts kt_lora_expert_num kt_lora_expert_intermediate_size"
    ),
    "a verb of its own, with its own options: afina export, generate, chat": (
        "export_dir export_size export_device export_quantization_bit export_quantization_dataset export_quantization_nsamples "
        "export_quantization_maxlen export_legacy_format export_hub_model_id infer_backend infer_dtype use_kv_cache vllm_maxlen "
        "vllm_gpu_util vllm_enforce_eager vllm_max_lora_rank vllm_config sglang_maxlen sglang_mem_fraction sglang_tp_size sglang_config "
        "sglang_lora_backend do_sample temperature top_p top_k num_beams eval_num_beams max_length repetition_penalty length_penalty "
        "skip_special_tokens task task_dir batch_size lang n_shot save_dir download_mode"
    ),
}

RULES: dict[str, Rule] = {
    **TRAINER,
    **without_counterpart(REASONS),
    **read_with(
        {
            "use_galore": "galore_rank galore_update_interval galore_scale galore_layerwise",
            "use_apollo": "apollo_rank apollo_update_interval apollo_scale apollo_layerwise",
            "dataset": "dataset_dir",
        }
    ),
    "model_name_or_path": same("model.path"),
    "model_revision": same("model.revision"),
    "train_from_scratch": same("model.random_init"),
    "stage": by(stage, "objective.name"),
    "finetuning_type": by(method, "method.name"),
    "lora_rank": only_if(is_lora, by(rank, "method.r", "method.alpha"), "for LoRA, which this file does not train"),
    "lora_alpha": only_if(is_lora, same("method.alpha"), "for LoRA, which this file does not train"),
    "lora_dropout": only_if(is_lora, same("method.dropout"), "for LoRA, which this file does not train"),
    "lora_target": only_if(is_lora, by(targets, "method.target_modules"), "for LoRA, which this file does not train"),
    "freeze_trainable_layers": only_if(
        lambda given: given["finetuning_type"] == "freeze", by(layers, "method.n_layers"), "for freeze, which this file does not train"
    ),
    "freeze_trainable_modules": Rule(
        lambda value, given: carried({}, "all, as here") if value == "all" else absent("whole layers train here"),
        (),
        "whole layers train here",
    ),
    "dataset": by(dataset, "data.path", "data.map"),
    "template": by(template, "data.template"),
    "cutoff_len": by(length, "data.max_length", "data.truncation"),
    "max_samples": by(max_rows, "data.max_rows"),
    "val_size": by(validation, "data.validation"),
    "packing": by(packing, "train.packing"),
    "neat_packing": by(packing, "train.packing"),
    "train_on_prompt": by(whole_prompt),
    "disable_gradient_checkpointing": by(checkpointing, "train.gradient_checkpointing"),
    "pure_bf16": by(pure_bf16, "model.precision"),
    "bf16": by(precision, "model.precision"),
    "optim": by(update_rule, "train.optimizer"),
    "use_galore": projected("galore", 2.0),
    "use_apollo": projected("apollo", 32.0),
    "use_muon": by(muon, "train.optimizer"),
    "early_stopping_steps": by(patience, "eval.patience"),
    "max_new_tokens": same("eval.max_new_tokens"),
}

LLAMA_FACTORY = Source(
    title="LLaMA-Factory",
    version="0.9.5",
    rules=RULES,
    defaults={
        **DEFAULTS,
        "stage": "sft",
        "finetuning_type": "lora",
        "lora_rank": 8,
        "lora_target": "all",
        "freeze_trainable_layers": 2,
        "cutoff_len": 2048,
        "val_size": 0.0,
        "packing": None,
        "disable_gradient_checkpointing": False,
        "dataset_dir": "data",
    },
    refuse=refuse,
    objective=objective,
    packs=packs,
    micro_batch="per_device_train_batch_size",
    length="cutoff_len",
    validation="val_size",
    renamed={"evaluation_strategy": "eval_strategy"},
)
SOURCES.register("llama-factory")(LLAMA_FACTORY)
