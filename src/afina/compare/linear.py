"""Linear baselines on tf-idf or on the base model's hidden states, for targets that are not one class: sets of labels, and numbers.

Letters: N training rows, M test rows, D features, C classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from afina.compare.baselines import Answers, best_strength, chosen, drawn_rows, standardised, tfidf
from afina.evaluate.metrics import labels_of, micro_f1

Labels = tuple[str, ...]

PROBE_STRENGTHS = (0.001, 0.01, 0.1, 1.0)
RIDGE_PENALTIES = (1.0, 10.0, 100.0, 1000.0, 10_000.0)


def usual_set(train: Sequence[Labels], n_test: int) -> Answers:
    """Answer every row with the classes that more than half of the training rows have."""
    counts = Counter(label for labels in train for label in labels)
    usual = tuple(sorted(label for label, n in counts.items() if 2 * n > len(train)))
    return Answers([usual] * n_test, f"always {' and '.join(usual)}" if usual else "never a label: each is absent from most training rows")


def best_set(train: Sequence[Labels], n_test: int) -> Answers:
    """Answer every row with the one set that has the largest micro-F1 on the training rows: the most frequent classes, so many of them."""
    counts = Counter(label for labels in train for label in labels)
    ranked = sorted(counts, key=lambda label: (-counts[label], label))
    sets = [tuple(ranked[:n]) for n in range(1, len(ranked) + 1)]
    best = max(sets, key=lambda labels: micro_f1([labels] * len(train), train), default=())
    return Answers([best] * n_test, f"always the {len(best)} most frequent" if len(best) > 1 else f"always {''.join(best)}")


def tfidf_one_vs_rest(
    texts: Sequence[str], train: Sequence[Labels], test_texts: Sequence[str], classes: Sequence[str], seed: int
) -> Answers:
    """One logistic regression for each class on tf-idf, C = 10, no search."""
    kept, note = drawn_rows(len(train), len(classes), seed)
    features = tfidf(chosen(texts, kept), test_texts)
    if features is None:
        return usual_set(train, len(test_texts))
    got_MC = _one_vs_rest(features.train_ND, indicators([train[i] for i in kept], classes), features.test_ND, 10.0)
    return Answers(labels_of(got_MC, classes), f"{features.kinds}; C = 10{note}")


def probe_one_vs_rest(train_ND: NDArray[Any], train: Sequence[Labels], test_ND: NDArray[Any], classes: Sequence[str], seed: int) -> Answers:
    """One logistic regression for each class on hidden states; C is the one with the most right decisions in three folds."""
    train_ND, test_ND = standardised(train_ND, test_ND)
    truth_NC = indicators(train, classes)

    def right(strength: float, learned: NDArray[np.int64], held: NDArray[np.int64]) -> float:
        return float((_one_vs_rest(train_ND[learned], truth_NC[learned], train_ND[held], strength) == truth_NC[held]).sum())

    strength = best_strength(PROBE_STRENGTHS, len(train), seed, right)
    got_MC = _one_vs_rest(train_ND, truth_NC, test_ND, strength)
    return Answers(labels_of(got_MC, classes), f"hidden states of the base, {train_ND.shape[1]} numbers a row; C = {strength:g}")


def mean_number(train: Sequence[float], n_test: int) -> Answers:
    """Answer every row with the mean of the training rows, which has the smallest squared error of all constants."""
    mean = float(np.mean(train))
    return Answers([mean] * n_test, f"always {mean:.6g}")


def tfidf_ridge(texts: Sequence[str], train: Sequence[float], test_texts: Sequence[str], seed: int) -> Answers:
    """Ridge regression on tf-idf; its penalty is the one with the smallest squared error in three folds."""
    kept, note = drawn_rows(len(train), 10, seed)
    features = tfidf(chosen(texts, kept), test_texts)
    if features is None:
        return mean_number(train, len(test_texts))
    got, penalty = _ridge(features.train_ND, np.asarray(train)[kept], features.test_ND, (0.001, 0.01, 0.1, *RIDGE_PENALTIES), seed)
    return Answers(got, f"{features.kinds}; penalty {penalty:g}{note}")


def probe_ridge(train_ND: NDArray[Any], train: Sequence[float], test_ND: NDArray[Any], seed: int) -> Answers:
    """Ridge regression on hidden states; its penalty is the one with the smallest squared error in three folds."""
    train_ND, test_ND = standardised(train_ND, test_ND)
    got, penalty = _ridge(train_ND, np.asarray(train), test_ND, RIDGE_PENALTIES, seed)
    return Answers(got, f"hidden states of the base, {train_ND.shape[1]} numbers a row; penalty {penalty:g}")


def indicators(rows: Sequence[Labels], classes: Sequence[str]) -> NDArray[np.bool_]:
    """Return which of the classes each row has, [N, C]."""
    return np.array([[label in labels for label in classes] for labels in rows], dtype=bool).reshape(len(rows), len(classes))


def _one_vs_rest(train_ND: Any, truth_NC: NDArray[np.bool_], test_ND: Any, strength: float) -> NDArray[np.bool_]:
    """Fit and predict one class after the other; one that all rows or none have is predicted so."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    got_MC = np.zeros((test_ND.shape[0], truth_NC.shape[1]), dtype=bool)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for c, truth_N in enumerate(truth_NC.T):
            if truth_N.all() or not truth_N.any():
                got_MC[:, c] = truth_N[0]
            else:
                got_MC[:, c] = LogisticRegression(C=strength, max_iter=500).fit(train_ND, truth_N).predict(test_ND)
    return got_MC


def _ridge(train_ND: Any, train_N: NDArray[np.float64], test_ND: Any, penalties: Sequence[float], seed: int) -> tuple[list[float], float]:
    """Fit standardised numbers and predict; return the predictions in their own units and the chosen penalty."""
    from sklearn.linear_model import Ridge

    mean, scale = train_N.mean(), train_N.std() or 1.0
    truth_N = (train_N - mean) / scale

    def closeness(penalty: float, learned: NDArray[np.int64], held: NDArray[np.int64]) -> float:
        got = Ridge(penalty).fit(train_ND[learned], truth_N[learned]).predict(train_ND[held])
        return -float(((got - truth_N[held]) ** 2).sum())

    penalty = best_strength(penalties, len(train_N), seed, closeness)
    got_M = Ridge(penalty).fit(train_ND, truth_N).predict(test_ND) * scale + mean
    return got_M.tolist(), penalty
