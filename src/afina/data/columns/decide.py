"""What each column of a table is: every shape is asked for its readings, and the surest one that uses most of the table is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from afina.data import names
from afina.data.columns.evidence import Evidence
from afina.data.columns.layout import SURE, Layout
from afina.data.columns.mapping import mapped
from afina.data.columns.question import Question
from afina.data.columns.shape import SHAPES, Shape
from afina.data.sources.base import Table
from afina.errors import DataError
from afina.objectives import learned_by

NAMED = 0.85
"""What is enough where a person named the objective: a text beside which nothing else is asked for."""
NEAR = 0.02
"""Two readings whose confidence differs by less than this are equally likely."""


def recognise(table: Table, mapping: Mapping[str, str] | None = None, objective: str = "auto", prompt: str = "") -> Layout:
    """Return what each column is.

    mapping: role -> column (or column+column), which wins over every guess. objective: restricts the shapes ("lm" forces text).
    prompt: how the prompt is made of columns (data.prompt).
    Raises DataError D001 (a mapped column is not there), D013 (a Question: not sure enough, with the readings that are possible), D014 (no
    free text); UsageError D001 for a role that does not exist.
    """
    seen = Evidence.of(table)
    shapes = [SHAPES[name] for name in SHAPES]
    fitting = [shape for shape in shapes if objective == "auto" or shape.row_type in learned_by(objective)]
    if mapping or prompt:
        return mapped(table, mapping or {}, prompt, seen, fitting, objective)
    candidates = readings(seen, fitting)
    if objective == "sft" and not sure_of(candidates):
        candidates = _as_completion(seen) or candidates
    if objective == "regress" and not sure_of(candidates, NAMED):
        candidates = _as_numbers(seen) or candidates
    best = sure_of(candidates, SURE if objective == "auto" else NAMED)
    if best is not None:
        return best
    if objective != "auto":
        _refuse_other_shape(table, seen, shapes, objective)
    if not seen.texts() and not seen.looking("messages", "message", "list", "nested"):
        raise _textless(table, seen)
    raise _question(table, seen, candidates, fitting)


def readings(seen: Evidence, shapes: Sequence[Shape]) -> list[Layout]:
    """Return all readings of a table, the surest first; of two that are sure, the one that uses more columns."""
    found = [layout for shape in shapes for layout in shape.find(seen)]
    return sorted(
        found, key=lambda layout: (layout.confidence >= SURE, _n_used(layout) if layout.confidence >= SURE else 0, layout.confidence)
    )[::-1]


def sure_of(candidates: Sequence[Layout], enough: float = SURE) -> Layout | None:
    """Return the reading to take unasked; None when none is sure or another is as likely."""
    if not candidates or candidates[0].confidence < enough:
        return None
    best = candidates[0]
    for other in candidates[1:]:
        as_likely = other.confidence >= enough and _n_used(other) == _n_used(best) and other.confidence > best.confidence - NEAR
        if as_likely and (other.shape, other.roles) != (best.shape, best.roles):
            return None
    return best


def check_learnable(layout: Layout, where: str) -> None:
    """Raise DataError D013 when no objective learns rows of this shape, with what can be done today."""
    shape = SHAPES[layout.shape]
    if not shape.objective:
        what = f"the rows are {shape.meaning} ({layout.shape}), which no objective here learns yet"
        raise DataError("D013", what, where=where, fix=shape.instead(layout))


def _n_used(layout: Layout) -> int:
    return len({column for columns in layout.roles.values() for column in columns})


def _as_completion(seen: Evidence) -> list[Layout]:
    """Labels can be learned as answers when a person asks for it with objective=sft."""
    return [
        seen.layout("completion", {"prompt": layout.roles["text"], "completion": layout.roles["label"]}, layout.confidence, *layout.reasons)
        for layout in SHAPES["labelled"].find(seen)
    ]


def _as_numbers(seen: Evidence) -> list[Layout]:
    """A few whole numbers that repeat look like classes; they are ratings when a person asks for it with objective=regress.

    Then labels beside them are no rivals either.
    """
    profiles = {
        name: replace(profile, could_score=profile.could_score or profile.numeric, could_label=profile.could_label and not profile.numeric)
        for name, profile in seen.profiles.items()
    }
    few = replace(seen, profiles=profiles)
    if pairs := SHAPES["scored_pair"].find(few):
        return pairs
    scored = SHAPES["scored"]
    score, score_sure = scored.fill("score", few, ())
    text, text_sure = scored.fill("text", few, {score})
    if not score or not text:
        return []
    return [seen.layout("scored", {"text": seen.with_headline(text), "score": (score,)}, min(text_sure, score_sure))]


def _refuse_other_shape(table: Table, seen: Evidence, shapes: Sequence[Shape], objective: str) -> None:
    """Preferences read as conversations would train on rejected answers: what is surely another shape is refused by name."""
    best = sure_of(readings(seen, shapes))
    if best is not None and not SHAPES[best.shape].objective:
        shape = SHAPES[best.shape]
        what = f"the rows are {shape.meaning} ({best.shape}), which objective={objective} does not learn"
        raise Question(what, table.where, shape.instead(best))


def _textless(table: Table, seen: Evidence) -> DataError:
    looks = "; ".join(f'"{name}": {profile.describe()}' for name, profile in list(seen.profiles.items())[:10])
    short = seen.looking("short text")
    fix = f"--map text={short[0]} if that is the text" if short else "add a column with the texts, or --map text=COLUMN"
    return DataError("D014", f"no column of free text to learn from. {looks}", where=table.where, fix=fix)


def _question(table: Table, seen: Evidence, candidates: Sequence[Layout], shapes: Sequence[Shape]) -> Question:
    found = "; ".join(f'"{name}": {profile.describe()}' for name, profile in list(seen.profiles.items())[:9])
    more = f" and {len(seen.profiles) - 9} more" if len(seen.profiles) > 9 else ""
    unique: dict[str, Layout] = {}
    for layout in (*_proposals(seen, candidates, {shape.name for shape in shapes}), *candidates):
        unique.setdefault(layout.command(), layout)
    # two texts beside a label may have nothing to do with each other, nor columns of yes and no: the last thing to propose
    choices = sorted(
        unique.values(), key=lambda layout: layout.shape in ("pair", "scored_pair") or len(layout.roles.get("labels", ())) > 1
    )[:6]
    first = {layout.shape: layout for layout in reversed(choices)}
    commands = [layout.command() for layout in choices if layout is first[layout.shape]][:3]
    if not commands:
        commands = [shape.to_type(seen) for shape in shapes if shape.objective][:2]
    what = f"not clear which column is what. Found: {found}{more}"
    return Question(what, table.where, ", or ".join(commands), choices)


def _proposals(seen: Evidence, candidates: Sequence[Layout], shapes: set[str]) -> list[Layout]:
    """Readings that no shape dares to propose by itself: several columns joined, two texts in the order of the file."""
    found = [layout for layout in candidates if layout.shape not in ("labelled", "text", "completion")]
    texts = [name for name in seen.texts() if seen[name].look != "label"]
    asked = [layout for layout in candidates if layout.shape == "completion"]
    if asked and "completion" in shapes:
        # the known pair, with the long texts beside it as context before the question
        before = [name for name in texts if name not in _columns(asked[0])]
        roles = {"prompt": (*before, *asked[0].roles["prompt"]), "completion": asked[0].roles["completion"]}
        found += [seen.layout("completion", roles, 0.7), asked[0]]
    # fewer values are more likely classes
    labels = sorted(seen.labels(texts), key=lambda name: (-names.says(name, names.LABEL), seen[name].n_distinct))
    if "labelled" in shapes and texts and not any(SHAPES[layout.shape].objective for layout in found):
        # an answer beside the text is not part of what is classified
        classified = [name for name in texts if names.says(name, names.COMPLETION) < 1] or texts
        found += [seen.layout("labelled", {"text": tuple(classified[:2]), "label": (label,)}, 0.6) for label in labels[:3]]
    if "completion" in shapes and len(texts) >= 2 and not asked:
        found += [seen.layout("completion", {"prompt": (one,), "completion": (other,)}, 0.5) for one, other in (texts[:2], texts[1::-1])]
    return found


def _columns(layout: Layout) -> set[str]:
    return {column for columns in layout.roles.values() for column in columns}
