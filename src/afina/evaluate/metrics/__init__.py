"""What a prediction is worth: functions of (got, wanted) that need no model and no torch. Metrics of one kind = one file here.

Every per-example function scores one row, so that rows can be resampled; a metric that is no mean over rows says how it follows from drawn
rows (evaluate/bootstrap.py).
"""

from afina.evaluate.metrics.base import METRICS, Metric, Needs, mean_of, named
from afina.evaluate.metrics.classes import CLASS_METRICS, ClassScore, accuracy, correct, macro_f1, mcc, per_class
from afina.evaluate.metrics.losses import by_row, mean_loss, perplexity, token_loss
from afina.evaluate.metrics.numbers import NUMBER_METRICS, absolute_error, pearson, r2, rmse, spearman, squared_error
from afina.evaluate.metrics.sets import SET_METRICS, exact_set, labels_of, micro_f1, set_f1
from afina.evaluate.metrics.spans import (
    TAG_METRICS,
    Entity,
    entities,
    entity_f1,
    per_entity,
    per_tag,
    sentence_f1,
    token_accuracy,
)
from afina.evaluate.metrics.words import TEXT_METRICS, bleu, chrf, corpus_bleu, corpus_chrf, exact_match, lcs_length, rouge_l, words

__all__ = [
    "CLASS_METRICS",
    "METRICS",
    "NUMBER_METRICS",
    "SET_METRICS",
    "TAG_METRICS",
    "TEXT_METRICS",
    "ClassScore",
    "Entity",
    "Metric",
    "Needs",
    "absolute_error",
    "accuracy",
    "bleu",
    "by_row",
    "chrf",
    "corpus_bleu",
    "corpus_chrf",
    "correct",
    "entities",
    "entity_f1",
    "exact_match",
    "exact_set",
    "labels_of",
    "lcs_length",
    "macro_f1",
    "mcc",
    "mean_loss",
    "mean_of",
    "micro_f1",
    "named",
    "pearson",
    "per_class",
    "per_entity",
    "per_tag",
    "perplexity",
    "r2",
    "rmse",
    "rouge_l",
    "sentence_f1",
    "set_f1",
    "spearman",
    "squared_error",
    "token_accuracy",
    "token_loss",
    "words",
]
