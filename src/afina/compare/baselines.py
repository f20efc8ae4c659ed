"""What costs little: the answers a tuned model has to beat to be worth its training. scikit-learn is imported when a baseline runs.

Letters: N rows, D features, C classes.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from afina.errors import AfinaError

if TYPE_CHECKING:
    from sklearn.pipeline import FeatureUnion

_MOST_ROWS_X_CLASSES = 3_000_000
"""Above this many rows times classes a baseline learns from a sample of the rows (77 classes: 38,961 rows)."""
_MOST_CHARACTERS = 2_000_000
"""Above this much training text the character n-grams are left out: they cost most on long texts and help most on short ones."""
_PROBE_STRENGTHS = (0.001, 0.01, 0.1, 1.0)
_PROBE_CV_ROWS = 2000


@dataclass(frozen=True)
class Answers:
    """A baseline's predictions for the test rows, and how they were made."""

    predictions: list[Any]
    note: str = ""


def majority(train_labels: Sequence[str], n_test: int) -> Answers:
    """Answer every row with the most frequent label of the training rows; ties go to the first in alphabetical order."""
    label, n = _commonest(train_labels)
    return Answers([label] * n_test, f'always "{label}" ({n / len(train_labels):.1%} of the training rows)')


def most_common_answer(train_answers: Sequence[str], n_test: int) -> Answers:
    """Answer every prompt with the most frequent answer of the training rows; ties go to the first in alphabetical order."""
    answer, n = _commonest(train_answers)
    return Answers([answer] * n_test, f"always the same answer (wanted by {n} of {len(train_answers)} training rows)")


def copied_prompt(prompts: Sequence[str], train_prompts: Sequence[str], train_answers: Sequence[str]) -> Answers | None:
    """Answer with the prompt itself, or with its first words where training prompts are twice as long as their answers or more.

    The whole prompt is strong on corrections and paraphrases, its first words on summaries.
    Return None where copying makes no sense: answers of three words or fewer, or longer than twice the prompt.
    """
    n_prompt = median(len(prompt.split()) for prompt in train_prompts)
    n_answer = median(len(answer.split()) for answer in train_answers)
    if n_answer <= 3 or n_answer > 2 * n_prompt:
        return None
    if n_prompt < 2 * n_answer:
        return Answers(list(prompts), "the prompt, word for word")
    n_words = round(n_answer)
    return Answers([" ".join(prompt.split()[:n_words]) for prompt in prompts], f"the first {n_words} words of the prompt")


def rows_to_learn_from(labels: Sequence[str], seed: int) -> tuple[NDArray[np.int64], str]:
    """Return the indices of the rows a baseline learns from, in file order, and what to say where that is not all of them."""
    return drawn_rows(len(labels), len(set(labels)), seed)


def drawn_rows(n_rows: int, n_outputs: int, seed: int) -> tuple[NDArray[np.int64], str]:
    """Return the same for a baseline that learns so many outputs a row."""
    most = max(1000, _MOST_ROWS_X_CLASSES // n_outputs)
    if n_rows <= most:
        return np.arange(n_rows), ""
    kept = np.sort(np.random.default_rng(seed).choice(n_rows, most, replace=False))
    return kept, f"; learned from {most:,} of {n_rows:,} training rows, drawn by seed"


def chosen(values: Sequence[str], index_N: NDArray[np.int64]) -> list[str]:
    """Return the values at the indices."""
    return [values[int(i)] for i in index_N]


def tfidf_logistic(train_texts: Sequence[str], train_labels: Sequence[str], test_texts: Sequence[str], seed: int = 0) -> Answers:
    """Classify by tf-idf of words and pairs of words (and character 2-5-grams of short texts) and multinomial logistic regression.

    tf-idf is sublinear (1 + log tf), each row of unit length; accents are kept and one-letter words count. C = 10,
    no search. Raises ValueError for lists of different lengths.
    """
    _check_rows(train_texts, train_labels)
    if len(set(train_labels)) < 2:
        return majority(train_labels, len(test_texts))
    kept, note = rows_to_learn_from(train_labels, seed)
    features = tfidf(chosen(train_texts, kept), test_texts)
    if features is None:
        return majority(train_labels, len(test_texts))
    predictions, warning = _logistic(features.train_ND, chosen(train_labels, kept), features.test_ND, strength=10.0)
    return Answers(predictions, f"{features.kinds}; C = 10{note}{warning}")


class Tfidf(NamedTuple):
    """Sparse features of training and test texts, and what they are of."""

    train_ND: Any
    test_ND: Any
    kinds: str


def tfidf(train_texts: Sequence[str], test_texts: Sequence[str]) -> Tfidf | None:
    """Return the tf-idf of texts as the training texts have it; None where those have not a single word."""
    with_characters = sum(map(len, train_texts)) <= _MOST_CHARACTERS
    features = _tfidf(with_characters, len(train_texts))
    try:
        train_ND = features.fit_transform(train_texts)
    except ValueError:  # scikit-learn's answer to texts without a single word
        return None
    kinds = "words, pairs of words" + (", character 2-5-grams" if with_characters else "")
    return Tfidf(train_ND, features.transform(test_texts), kinds)


def frozen_probe(train_features_ND: NDArray[Any], train_labels: Sequence[str], test_features_ND: NDArray[Any], seed: int = 0) -> Answers:
    """Classify by logistic regression on the base model's hidden states, standardised by the training rows.

    C is the best of 0.001, 0.01, 0.1, 1 by accuracy in 3-fold cross-validation on at most 2,000 training rows.
    Shapes: train_features_ND [N, D], test_features_ND [M, D]. Raises AfinaError V004 where a feature is not a finite number.
    """
    _check_rows(train_features_ND, train_labels)
    if len(set(train_labels)) < 2:
        return majority(train_labels, len(test_features_ND))
    train_ND, test_ND = standardised(train_features_ND, test_features_ND)
    strength = _best_strength(train_ND, train_labels, seed)
    predictions, warning = _logistic(train_ND, train_labels, test_ND, strength)
    return Answers(predictions, f"hidden states of the base, {train_ND.shape[1]} numbers a row; C = {strength:g}{warning}")


def standardised(train_ND: NDArray[Any], test_ND: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return hidden states in standard deviations from the training rows' mean. Raises AfinaError V004 where one is not a finite number."""
    from sklearn.preprocessing import StandardScaler

    for name, features in (("training", train_ND), ("test", test_ND)):
        if not np.isfinite(features).all():
            n_bad = int((~np.isfinite(features)).any(-1).sum())
            raise AfinaError(
                "V004",
                f"the base model's hidden states of {n_bad} {name} rows are not finite numbers",
                where="frozen probe",
                fix="model.precision=fp32, or eval.compare=false",
            )
    scaler = StandardScaler().fit(train_ND)
    return np.asarray(scaler.transform(train_ND)), np.asarray(scaler.transform(test_ND))


def _commonest(values: Sequence[str]) -> tuple[str, int]:
    if not values:
        raise ValueError("no training rows")
    return min(Counter(values).items(), key=lambda item: (-item[1], item[0]))


def _check_rows(rows: Sequence[Any] | NDArray[Any], labels: Sequence[str]) -> None:
    if len(rows) != len(labels) or not len(labels):
        raise ValueError(f"{len(rows)} training rows beside {len(labels)} labels")


def _tfidf(with_characters: bool, n_rows: int) -> FeatureUnion:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    # Terms seen once are noise in a large set and all there is in a small one.
    shared: dict[str, Any] = {"sublinear_tf": True, "min_df": 2 if n_rows >= 1000 else 1, "max_features": 100_000, "dtype": np.float32}
    parts = [("words", TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", **shared))]
    if with_characters:
        parts.append(("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared)))
    return FeatureUnion(parts)


def _logistic(train_ND: Any, labels: Sequence[str], test_ND: Any, strength: float) -> tuple[list[str], str]:
    """Fit and predict; the second value says where the fit did not converge. strength is scikit-learn's C: larger fits closer."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    if len(set(labels)) < 2:
        return [labels[0]] * test_ND.shape[0], "; its rows hold one label"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        fitted = LogisticRegression(C=strength, max_iter=1000).fit(train_ND, labels)
    unsettled = any(issubclass(warning.category, ConvergenceWarning) for warning in caught)
    return [str(label) for label in fitted.predict(test_ND)], "; stopped at 1,000 iterations before it converged" if unsettled else ""


def _best_strength(train_ND: NDArray[Any], labels: Sequence[str], seed: int) -> float:
    truth = np.array(labels)

    def right(strength: float, learned: NDArray[np.int64], held: NDArray[np.int64]) -> float:
        got, _ = _logistic(train_ND[learned], truth[learned].tolist(), train_ND[held], strength)
        return float((np.array(got) == truth[held]).sum())

    return best_strength(_PROBE_STRENGTHS, len(labels), seed, right)


def best_strength(
    strengths: Sequence[float], n_rows: int, seed: int, score: Callable[[float, NDArray[np.int64], NDArray[np.int64]], float]
) -> float:
    """Return the strength with the largest sum of scores over three folds of at most 2,000 rows; the first of equals.

    score: (strength, rows to learn from, rows held out) -> what is to be large. Fewer than 30 rows: the second strength, no search.
    """
    if n_rows < 30:
        return strengths[1]
    order = np.random.default_rng(seed).permutation(n_rows)[:_PROBE_CV_ROWS]
    folds = np.arange(len(order)) % 3
    total = {
        strength: math.fsum(score(strength, order[folds != fold], order[folds == fold]) for fold in range(3)) for strength in strengths
    }
    return max(strengths, key=lambda strength: total[strength])
