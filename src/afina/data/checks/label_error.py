"""Labels that are likely wrong: a classifier that has not seen the row is sure of another class (confident learning)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from afina.data.checks.base import Check, Finding, Subject, check, clipped, counted
from afina.data.checks.entries import Entry
from afina.data.rows import same_label

SAMPLE = 20_000
FOLDS = 5
MARGIN = 0.4
"""By how much the other class must be likelier than the label."""
USUAL = 0.1
"""Quantile of p(label) in a class from which on a row looks like the class."""
GOOD = 0.75
"""A classifier with a smaller share of right answers cannot judge labels."""
MANY = 0.1
"""More doubts than this share of the rows are doubts of the classifier, not of the labels."""
FEW = 40
MOST_CLASSES = 150
AFFORDABLE = 300_000
"""Rows times classes that are fitted: about half a minute."""


@check("label_error")
class LabelError(Check):
    """TF-IDF and logistic regression, out of fold, on at most 20,000 rows."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.step = -(-len(subject.table.records) // SAMPLE) or 1
        self.place = 0
        self.rows: list[tuple[int, str, str]] = []

    def see(self, entry: Entry) -> None:
        self.place += 1
        if len(entry.labels) == 1 and "label" in entry.fields and (self.place - 1) % self.step == 0 and entry.whole.strip():
            self.rows.append((entry.number, entry.whole[:4000], same_label(entry.labels[0])))

    def findings(self) -> Iterable[Finding]:
        counts = Counter(label for _, _, label in self.rows)
        judged = [row for row in self.rows if counts[row[2]] >= FOLDS]
        n_classes = len({label for _, _, label in judged})
        if len(judged) < FEW or not 2 <= n_classes <= MOST_CLASSES:
            return
        judged = judged[:: -(-len(judged) * n_classes // AFFORDABLE)]
        doubts, accuracy = _doubts([text for _, text, _ in judged], [label for _, _, label in judged])
        if accuracy < GOOD or not doubts or len(doubts) > MANY * len(judged):
            return
        likely = {judged[place][0]: label for place, label in doubts.items()}
        rows = tuple(sorted(likely))
        sampled = f" (of a sample of {len(judged):,})" if len(judged) < self.place else ""
        what = f"{counted(len(rows))} whose label is likely wrong{sampled}: a classifier right in {accuracy:.0%} of rows is sure of another"
        first = next(row for row in judged if row[0] == rows[0])
        details = {"likely": likely, "accuracy": round(accuracy, 4), "judged": len(judged), "first": [clipped(first[1]), first[2]]}
        yield Finding(self.name, "warning", rows, what.replace("%", " %"), "look at these rows and correct their labels", details)


def _doubts(texts: list[str], labels: list[str]) -> tuple[dict[int, str], float]:
    """Return position -> likelier label, and the share of out-of-fold answers that agree with the labels.

    Confident learning (Northcutt et al., 2021), where a row is counted as class j when its p(j) is as high as is usual for rows labelled j.
    Usual is a quantile, not the mean: half of the right rows of a class are below its mean.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    features = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), max_features=30_000).fit_transform(texts)
    classes, targets = np.unique(np.array(labels), return_inverse=True)
    model = LogisticRegression(C=10.0, max_iter=200)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    chances = np.asarray(cross_val_predict(model, features, targets, cv=folds, method="predict_proba"))
    own = chances[np.arange(len(targets)), targets]
    usual = np.array([np.quantile(own[targets == index], USUAL) for index in range(len(classes))])
    masked = np.where(np.arange(len(classes))[None, :] == targets[:, None], -1.0, chances)
    rival = masked.argmax(axis=1)
    strength = masked[np.arange(len(targets)), rival]
    doubtful = (strength >= usual[rival]) & (strength - own >= MARGIN)
    return {int(place): str(classes[rival[place]]) for place in np.flatnonzero(doubtful)}, float((own >= strength).mean())
