"""The recipe: the one document that describes a run. CLI, YAML and Python are three spellings of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from afina.methods import METHODS, Method
from afina.objectives import OBJECTIVES, Objective
from afina.optimizers import OPTIMIZERS, Optimizer
from afina.optimizers.adamw import Adamw
from afina.registry import Registry
from afina.trackers import TRACKERS

Auto = Literal["auto"]
Fraction = Annotated[float, Field(ge=0, lt=1)]


class Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _tag(value: Any) -> str:
    """Which member of a union a raw value means: a bare string is a name with all defaults."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return str(value.get("name", ""))  # type: ignore[reportUnknownMemberType]
    return str(getattr(value, "name", ""))


def _expand(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) and value != "auto" else value


def _union_of(registry: Registry[Any], *others: Any) -> Any:
    members: list[Any] = [Annotated[registry[name], Tag(name)] for name in registry.names()]
    return Annotated[Union[(*others, *members)], Discriminator(_tag), BeforeValidator(_expand)]


if TYPE_CHECKING:
    AnyMethod = Auto | Method
    AnyObjective = Auto | Objective
    AnyOptimizer = Optimizer
else:
    _AUTO = Annotated[Literal["auto"], Tag("auto")]
    AnyMethod = _union_of(METHODS, _AUTO)
    AnyObjective = _union_of(OBJECTIVES, _AUTO)
    AnyOptimizer = _union_of(OPTIMIZERS)


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


if TYPE_CHECKING:
    TrackerNames = tuple[str, ...]
else:
    _TRACKER = Literal[tuple(TRACKERS)]
    TrackerNames = Annotated[tuple[_TRACKER, ...], BeforeValidator(_listed, json_schema_input_type=_TRACKER | tuple[_TRACKER, ...])]


class ModelSpec(Spec):
    path: str = Field(default="nano", description="nano, a folder, a hub id (owner/name) or a finished run.")
    revision: str = Field(default="", description="Commit, tag or branch of a hub model; owner/name@revision sets it too.")
    precision: Literal["auto", "fp32", "bf16", "fp16"] = Field(
        default="auto", description="Precision of the computation; trained weights stay fp32. auto: fp32 on CPU, bf16 on a GPU that has it."
    )
    quantize: Literal["none", "nf4", "int8"] = Field(
        default="none",
        description="Store the frozen linear maps in 4 bits (nf4, doubly quantised: QLoRA) or 8 (int8); what is trained stays fp32.",
    )
    random_init: bool = Field(default=False, description="Start from random weights of this architecture (pretraining).")


class DataSpec(Spec):
    path: str = Field(
        default="",
        description="CSV, TSV, JSON, JSONL, Parquet, Excel or text file (also .gz, .zst), folder of texts, or hf://datasets/OWNER/NAME.",
    )
    map: dict[str, str] = Field(
        default_factory=dict,
        description="role -> column, columns joined with +: text, label(s), score, other, prompt, completion, messages, chosen, ... .",
    )
    choices: Annotated[tuple[str, ...], Field(max_length=1000)] = Field(
        default=(), description="Options that every row has: [yes, no, maybe]; the answer column names one of them (objective=choices)."
    )
    prompt: str = Field(default="", description='The prompt made of columns: "{context}\\n{question}"; a brace is written {{ or }}.')
    encoding: str = Field(default="auto", description="Text encoding of the file; auto detects it.")
    separator: str = Field(default="auto", description="Field separator of a CSV; auto detects it.")
    header: Auto | bool = Field(default="auto", description="Whether the first CSV row names the columns.")
    sheet: str = Field(default="", description="Sheet of an Excel workbook; by default the only one that has rows.")
    na: tuple[str, ...] = Field(default=(), description="Words to read as missing; by default NA and None are ordinary text.")
    drop_empty: bool = Field(default=False, description="Leave out rows whose needed fields are empty, counted and listed.")
    normalize_labels: bool = Field(default=False, description="Merge labels that differ only in case or surrounding space.")
    merge_turns: bool = Field(default=False, description="Join two messages of one speaker in a row.")
    fix_encoding: bool = Field(default=False, description="Read texts that were decoded wrongly as they were meant: cafÃ© to café.")
    unescape_html: bool = Field(default=False, description="Read HTML entities as their characters: &amp; to &.")
    strip_control: bool = Field(default=False, description="Remove control characters (tab and line break stay) and invisible ones.")
    strip_space: bool = Field(default=False, description="Remove space around texts and labels.")
    personal_data: Literal["keep", "mask", "drop"] = Field(
        default="keep", description="E-mail, phone, IBAN, card and IP: keep; mask as [email], [phone] ...; or drop their rows."
    )
    drop_placeholders: bool = Field(
        default=False, description="Leave out rows whose text or answer is only a stand-in: TODO, xxx, lorem ipsum."
    )
    control_tokens: bool = Field(
        default=False, description="In running text, read control tokens as such (text that is already templated)."
    )
    template: str = Field(default="auto", description="auto: the tokenizer's own chat template, else plain; plain; chatml.")
    max_length: Auto | Annotated[int, Field(ge=8)] = Field(
        default="auto", description="Longest example in tokens; auto: the model's context."
    )
    truncation: Literal["error", "keep_start", "keep_end", "split"] = Field(
        default="error",
        description="error: refuse when over 5 % of rows are longer than max_length, cut (start kept) and count otherwise; "
        "split: conversations between turns, long answers into several examples.",
    )
    validation: Auto | Fraction = Field(default="auto", description="Share of rows for choosing the checkpoint.")
    test: Auto | Fraction = Field(default="auto", description="Share of rows for the final comparison, touched once.")
    stratify: bool = Field(default=True, description="Keep label shares equal over the splits.")
    group: str = Field(default="", description="Column whose equal values are never on two sides of the split: user, document, patient.")
    time: str = Field(default="", description="Column of dates or numbers: the newest rows are the test, those before them validation.")
    split: str = Field(default="", description="Column that says train, validation or test; nothing is drawn but what it leaves out.")
    task: str = Field(
        default="", description="Column that names the task of each row, for methods that learn several: adapter_fusion, ipt."
    )
    max_rows: int | None = Field(default=None, ge=1, description="Use only this many rows, drawn by seed.")
    drop_duplicates: Literal["no", "exact", "near"] = Field(default="no", description="Leave out rows that repeat an earlier one.")
    keep_together: Literal["auto", "exact", "near"] = Field(
        default="auto",
        description="Which rows share a side of the split: exact, those of the same question; near, also almost the same; auto: near where "
        "that takes seconds, up to 200,000 rows.",
    )

    @model_validator(mode="after")
    def _leaves_rows_to_train(self) -> DataSpec:
        shares = [share for share in (self.validation, self.test) if share != "auto"]
        if sum(shares) >= 1:
            raise ValueError(f"validation + test = {sum(shares):g} leaves no rows to train on")
        return self


class TokenBudget(Spec):
    tokens: int = Field(ge=8, description="Padded tokens per forward pass and process.")


class TrainSpec(Spec):
    learning_rate: Auto | Annotated[float, Field(gt=0)] = Field(default="auto", description="Peak learning rate; auto: the method's.")
    num_epochs: Auto | Annotated[float, Field(gt=0)] = Field(default="auto", description="Passes over the training rows.")
    max_steps: int | None = Field(default=None, ge=1, description="Stop after this many updates, whatever num_epochs says.")
    batch_size: Auto | Annotated[int, Field(ge=1)] = Field(default="auto", description="Examples per update, over all processes.")
    micro_batch_size: Auto | Annotated[int, Field(ge=1)] | TokenBudget = Field(
        default="auto", description="Examples per forward pass and process, or {tokens: n}. Changes memory and speed, never the result."
    )
    packing: bool = Field(
        default=False,
        description="Lay the examples of a forward pass one after another in one row, best fit, each attending only to itself: no padding.",
    )
    optimizer: AnyOptimizer = Field(default=Adamw(name="adamw"), description="How the weights move: a name, or {name: ..., its own keys}.")
    schedule: Literal["cosine", "linear", "constant", "wsd", "inverse_sqrt"] = Field(
        default="cosine", description="Learning rate after the warm-up; wsd: constant, then down at the end."
    )
    warmup_ratio: Fraction = Field(default=0.05, description="Share of the steps in which the learning rate rises.")
    decay_ratio: Fraction = Field(default=0.2, description="Share of the steps, at the end, in which wsd lowers the learning rate.")
    layer_decay: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="Factor on the learning rate from each block to the one below it; the head keeps the whole rate.",
    )
    weight_decay: float = Field(default=0.01, ge=0, description="Decay of matrices; vectors never decay.")
    adam_beta1: Fraction = Field(default=0.9, description="Decay of AdamW's mean of gradients.")
    adam_beta2: Fraction = Field(default=0.999, description="Decay of AdamW's mean of squared gradients.")
    adam_epsilon: float = Field(default=1e-8, gt=0, description="Added to AdamW's denominator.")
    max_grad_norm: float = Field(default=1.0, ge=0, description="Clip the global gradient norm; 0 turns clipping off.")
    neftune_alpha: float = Field(default=0.0, ge=0, description="Size of NEFTune's noise on embeddings while training; 0 is none.")
    ema: Fraction = Field(
        default=0.0, description="Decay of a moving average of the trained weights, which is evaluated and kept in their place; 0 is none."
    )
    average_checkpoints: int = Field(
        default=0, ge=0, description="The result is the mean of the weights at the last so many evaluations; 0: the best checkpoint."
    )
    gradient_checkpointing: bool = Field(default=False, description="Recompute activations: less memory, about 30 % slower.")
    processes: int = Field(default=1, ge=1, description="Data-parallel processes on this machine (torchrun).")
    device: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="Where the model runs; auto: a GPU if there is one.")
    bad_step_patience: int = Field(default=3, ge=1, description="Updates skipped in a row for a non-finite gradient before the run stops.")


class EvalSpec(Spec):
    every_steps: Auto | Annotated[int, Field(ge=1)] = Field(default="auto", description="Steps between evaluations.")
    metric: str = Field(
        default="auto", description="What chooses the best checkpoint: loss, accuracy, macro_f1, exact_match, rouge_l, chrf."
    )
    metrics: tuple[str, ...] = Field(
        default=(), description="Metrics of your own that are reported beside the others: FILE.py:function or package.module:function."
    )
    general_text: str = Field(
        default="bundled",
        description="Text on which forgetting is measured, before and after: bundled (en, es, ca, it), none, or a file of your own.",
    )
    patience: int = Field(default=0, ge=0, description="Stop after this many evaluations without a better value; 0 never stops early.")
    n_samples: int = Field(default=3, ge=0, description="Sample generations shown at each evaluation.")
    max_new_tokens: Auto | Annotated[int, Field(ge=1)] = Field(
        default="auto", description="Longest generation; auto: the longest answer seen."
    )
    compare: bool = Field(default=True, description="Compare with the base model and the baselines on the test rows at the end.")
    shots: int = Field(default=8, ge=0, description="Most worked examples in the few-shot prompt; as many as fit are used.")
    max_generated: int = Field(default=200, ge=1, description="Test rows that are generated or prompted for, drawn by seed.")
    bootstrap: int = Field(default=1000, ge=100, description="Resamples behind each interval.")


class OutputSpec(Spec):
    dir: str = Field(default="runs", description="Folder that holds the runs.")
    name: str = Field(default="", description="Name of the run; default: the data file's name and the method.")
    save_every_steps: Auto | Annotated[int, Field(ge=1)] = Field(
        default="auto", description="Steps between checkpoints; auto: about ten a run."
    )
    keep: int = Field(default=2, ge=1, description="Checkpoints kept besides the best.")
    track: TrackerNames = Field(
        default=(), description="Where else the numbers go, beside metrics.jsonl: one or several trackers; [] sends nothing anywhere."
    )


class Recipe(Spec):
    """Everything that decides a run. `auto` fields are settled by the plan, with their reasons, and stored in recipe.lock."""

    model: ModelSpec = Field(default=ModelSpec(), description="Which model is trained.")
    data: DataSpec = Field(default=DataSpec(), description="Which rows, how they are read, divided and rendered.")
    method: AnyMethod = Field(
        default="auto",
        description="Which weights change. `method: lora` is a method with its defaults; `auto` is `full` for small models, else `lora`.",
    )
    objective: AnyObjective = Field(
        default="auto",
        description="What is minimised. `auto` follows the data: labels are classified, prompts answered, plain texts continued.",
    )
    train: TrainSpec = Field(default=TrainSpec(), description="How the weights move.")
    eval: EvalSpec = Field(default=EvalSpec(), description="How the model is measured during training and at the end.")
    output: OutputSpec = Field(default=OutputSpec(), description="Where the run goes.")
    seed: int = Field(default=0, ge=0, description="Seeds the split, the order, new weights and dropout.")
