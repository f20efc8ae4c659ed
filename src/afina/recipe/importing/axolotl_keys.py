"""Axolotl's keys that have no place here, by the reason. Source: axolotl 0.19.0, utils/schemas/*.py."""

from __future__ import annotations

REASONS = {
    "every step is in metrics.jsonl of the run": "logging_steps include_tokens_per_second include_tkps profiler_steps profiler_steps_start",
    "the tracker's own settings, its environment variables say them": (
        "wandb_run_id wandb_mode wandb_entity wandb_watch wandb_log_model mlflow_tracking_uri mlflow_experiment_name mlflow_run_name "
        "hf_mlflow_log_artifacts trackio_project_name trackio_run_name trackio_space_id"
    ),
    "no such tracker here: output.track names those there are": (
        "use_comet comet_api_key comet_workspace comet_project_name comet_experiment_key comet_mode comet_online "
        "comet_experiment_config use_otel_metrics otel_metrics_host otel_metrics_port"
    ),
    "nothing is uploaded by a training": "hub_model_id hub_strategy hub_revision push_dataset_to_hub hf_use_auth_token",
    "sharding is not built yet: each process holds the whole model (train.processes)": (
        "deepspeed deepcompile fsdp fsdp_config fsdp_version fsdp_final_state_dict_type fp32_norms fp32_norm_classes dp_shard_size "
        "dp_replicate_size sequence_parallel_degree context_parallel_size heads_k_stride ring_attn_func tensor_parallel_size "
        "accelerator_config qlora_sharded_model_loading layer_offloading"
    ),
    "the number of processes is train.processes: afina recipes import --processes N": "world_size local_rank ddp device device_map",
    "set by afina itself where train.processes is above 1": (
        "ddp_timeout ddp_bucket_cap_mb ddp_broadcast_buffers ddp_find_unused_parameters use_ray ray_run_name ray_num_workers "
        "resources_per_worker"
    ),
    "not carried over: model.quantize=nf4 packs the base in 4 bits, model.quantize=int8 in 8; afina plan says what it needs": (
        "load_in_4bit load_in_8bit gptq bnb_config_kwargs model_quantization_config model_quantization_config_kwargs quantize_moe_experts "
        "use_onebitllms qat quantization"
    ),
    "a form of LoRA that is not carried over, so plain LoRA is trained: see afina methods show lora": (
        "peft_use_dora peft_use_rslora peft_init_lora_weights peft_layer_replication peft_trainable_token_indices "
        "peft_ensure_weight_tying peft_autocast_adapter_dtype peft_layers_to_transform peft_layers_pattern peft loraplus_lr_ratio "
        "loraplus_lr_embedding lora_rank_pattern lora_alpha_pattern lora_target_parameters lora_modules_to_save relora relora_prune_ratio "
        "relora_prune_method relora_cpu_offload jagged_restart_steps jagged_restart_warmup_steps jagged_restart_anneal_steps "
        "lisa_n_layers lisa_step_interval lisa_layers_attribute"
    ),
    "known from the model": (
        "lora_fan_in_fan_out lora_on_cpu type_of_model model_type base_model_config cls_model_config tokenizer_type processor_type"
    ),
    "a finished run can be the model (model=RUN); an adapter's folder alone cannot": "lora_model_dir",
    "a verb of its own: afina export": "merge_lora merge_method",
    "parts of layers are not chosen: method=freeze trains the last layers": "unfrozen_parameters freeze_mm_modules",
    "the tokenizer stays as the model brings it": (
        "tokenizer_config tokenizer_use_fast tokenizer_legacy tokenizer_use_mistral_common tokenizer_save_jinja_files special_tokens "
        "tokens added_tokens_overrides fix_untrained_tokens resize_token_embeddings_to_32x mean_resizing_embeddings shrink_embeddings "
        "embeddings_skip_upcast"
    ),
    "the model's own configuration is used": (
        "overrides_of_model_config model_config overrides_of_model_kwargs model_kwargs rope_scaling is_falcon_derived_model "
        "is_llama_derived_model is_mistral_derived_model is_qwen_derived_model processor_kwargs"
    ),
    "a recipe never runs code that a model ships": "trust_remote_code datasets.trust_remote_code pretraining_dataset.trust_remote_code",
    "no code from elsewhere runs in a training": "plugins trainer_cls",
    "speed only: SDPA, chosen by itself": (
        "flash_attention flash_attn_cross_entropy flash_attn_fuse_mlp flash_optimum flash_attn_d512 xformers_attention sdp_attention "
        "flex_attention flex_attn_compile_kwargs sage_attention eager_attention attn_implementation gemma4_hybrid_attn_impl "
        "large_head_attention sdpa_varlen fused_attn_kernel experts_implementation s2_attention flash_attn_rms_norm"
    ),
    "speed only: not built here": (
        "torch_compile torch_compile_backend torch_compile_mode torch_compile_options tf32 use_kernels lora_mlp_kernel lora_qkv_kernel "
        "lora_o_kernel lora_embedding_kernel chunked_cross_entropy chunked_cross_entropy_num_chunks tiled_mlp tiled_mlp_num_shards "
        "tiled_mlp_use_original_mlp llama4_linearized_experts ple_cpu_offload dataloader_pin_memory dataloader_num_workers "
        "dataloader_prefetch_factor experimental_skip_move_to_device torchdistx_path"
    ),
    "another attention than the model's is not built": "scaling_softmax scaling_softmax_factor scaling_softmax_bias",
    "fp32, bf16 and fp16 only": "fp8 fp8_config fp8_enable_fsdp_float8_all_gather float32",
    "memory is planned before the start; out of memory halves the micro-batch": (
        "auto_find_batch_size gc_steps gc_collect_steps torch_empty_cache_steps max_memory gpu_memory_limit low_cpu_mem_usage"
    ),
    "activations are recomputed whole: train.gradient_checkpointing": (
        "gradient_checkpointing_kwargs selective_checkpointing activation_offloading"
    ),
    "the last, smaller batch is always trained on; its loss is per token like every other": "dataloader_drop_last",
    "packing is by best fit over all rows; a row is never padded to a fixed length": (
        "sample_packing_group_size sample_packing_bin_size sample_packing_sequentially sample_packing_mp_start_method "
        "sample_packing_eff_est eval_sample_packing pad_to_sequence_len pad_to_multiple_of multipack_real_batches batch_flattening "
        "pretrain_multipack_buffer_size pretrain_multipack_attn pretraining_sample_concatenation streaming_multipack_buffer_size "
        "max_packed_sequence_len"
    ),
    "evaluation has the same lengths, and fits its own batches": "eval_sequence_len eval_batch_size max_prompt_len",
    "short rows are not left out by length": "min_sample_len",
    "rows are always in another order each pass": (
        "shuffle_merged_datasets shuffle_before_merging_datasets curriculum_sampling group_by_length"
    ),
    "the context is not stretched": "use_pose pose_split_on_token_ids pose_max_context_len pose_num_chunks",
    "the cache is found again by content, and made in as many processes as there are cores": (
        "dataset_prepared_path dataset_shard_num dataset_shard_idx skip_prepare_dataset num_dataset_shards_to_save dataset_num_proc "
        "dataset_keep_in_memory is_preprocess preprocess_iterable"
    ),
    "data is read as it comes; a million rows need no streaming, terabytes need shards": "streaming pretraining_dataset.skip",
    "afina validates on rows of the same file: one file with a column that says which, data.split=COLUMN": (
        "test_datasets test_datasets.path test_datasets.type test_datasets.split test_datasets.ds_type test_datasets.data_files "
        "test_datasets.name test_datasets.field_messages test_datasets.chat_template test_datasets.roles_to_train"
    ),
    "found by itself": "datasets.ds_type remove_unused_columns",
    "on the hub afina takes the file of the training rows; another is named: data.path=hf://datasets/OWNER/NAME/FILE": (
        "datasets.name datasets.split pretraining_dataset.name pretraining_dataset.split pretraining_dataset.data_files"
    ),
    "data.max_rows draws a part of the rows": "datasets.shards datasets.shards_idx datasets.preprocess_shards",
    "afina knows from/value and role/content, and the usual names of speakers, by itself": (
        "datasets.message_field_role datasets.message_field_content datasets.message_property_mappings datasets.roles "
        "datasets.conversation datasets.field_human datasets.field_model datasets.input_format datasets.input_transform"
    ),
    "every answer of a conversation is learned, whole": (
        "datasets.message_field_training datasets.message_field_training_detail datasets.logprobs_field datasets.temperature"
    ),
    "the chat template that the model brings decides": (
        "chat_template_jinja chat_template_kwargs datasets.chat_template_jinja datasets.field_thinking datasets.template_thinking_key "
        "datasets.split_thinking datasets.drop_system_message eot_tokens default_system_message"
    ),
    "this schedule has no settings of its own here": (
        "lr_scheduler_kwargs lr_quadratic_warmup cosine_min_lr_ratio cosine_constant_lr_ratio lr_div_factor"
    ),
    "one learning rate for all weights": "lr_groups embedding_lr embedding_lr_scale",
    "settings of an update rule that is not here": (
        "optim_args optim_target_modules adam_epsilon2 adam_beta3 dion_lr dion_momentum dion_rank_fraction dion_rank_multiple_of "
        "qgalore_rank qgalore_update_proj_gap qgalore_scale qgalore_proj_type qgalore_proj_quant qgalore_proj_bits "
        "qgalore_proj_group_size qgalore_cos_threshold qgalore_gamma_proj qgalore_queue_size"
    ),
    "another loss: the mean negative log-likelihood is used": "use_eaft eaft_alpha eaft_k ebft",
    "for preferences and rewards, which no objective here learns yet": (
        "rl trl vllm reward_model process_reward_model center_rewards_coefficient num_labels dpo_use_weighting dpo_label_smoothing "
        "precompute_ref_log_probs dpo_use_liger_kernel dpo_padding_free dpo_loss_type dpo_loss_weights orpo_alpha simpo_gamma cpo_alpha "
        "kto_desirable_weight kto_undesirable_weight rl_beta dpo_beta rpo_alpha dpo_norm_loss dpo_use_logits_to_keep "
        "dpo_generate_during_eval"
    ),
    "the best checkpoint is always taken where there are validation rows": "load_best_model_at_end greater_is_better",
    "checkpoints are saved by steps: output.save_every_steps": "save_strategy save_first_step dynamic_checkpoint save_safetensors",
    "a saved run is always enough to continue: the same command does": (
        "resume_from_checkpoint auto_resume_from_checkpoints save_only_model"
    ),
    "every run ends with a comparison on test rows": (
        "do_causal_lm_eval eval_causal_lm_metrics do_bench_eval bench_dataset bench_split eval_table_size eval_max_new_tokens"
    ),
    "samples are shown at each evaluation, greedy": (
        "generate_samples generation_temperature generation_top_p generation_top_k generation_prompt_ratio generation_do_sample"
    ),
    "a run stops after train.bad_step_patience updates whose gradient is no number": "loss_watchdog_threshold loss_watchdog_patience",
    "afina chat is at the terminal": (
        "gradio_title gradio_share gradio_server_name gradio_server_port gradio_max_new_tokens gradio_temperature"
    ),
    "afina trains on text alone": "image_size image_resize_algorithm role_boundaries",
    "written by that tool for itself": "strict total_num_tokens total_supervised_tokens axolotl_config_path",
}
"""Why a key has no counterpart, and what happens here instead."""
