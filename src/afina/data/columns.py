"""Which column is what. Names and contents decide together; below 0.9 the person is asked, with the command to type."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from afina.data import names
from afina.data.profile import Profile, profiles
from afina.data.sources.base import Table
from afina.errors import DataError, UsageError
from afina.objectives import OBJECTIVES
from afina.types import Chat, Completion, Labelled, Row, Text

Shape = Literal["labelled", "completion", "chat", "text"]
ROLES: dict[Shape, tuple[str, ...]] = {
    "labelled": ("text", "label"),
    "completion": ("prompt", "completion"),
    "chat": ("messages",),
    "text": ("text",),
}
ROW_OF: dict[Shape, type[Row]] = {"chat": Chat, "completion": Completion, "labelled": Labelled, "text": Text}
OBJECTIVE_OF: dict[Shape, str] = {"labelled": "classify", "completion": "sft", "chat": "sft", "text": "lm"}
SURE = 0.9
LONG_WORDS = 5
"""A column with at least this many words a row is content: leaving it out must be the person's choice."""


@dataclass(frozen=True)
class Layout:
    """What the columns mean.

    roles: role -> columns; several columns are joined with a blank line between their non-empty texts.
    unused: columns that play no part.
    """

    shape: Shape
    roles: Mapping[str, tuple[str, ...]]
    confidence: float
    reasons: tuple[str, ...]
    unused: tuple[str, ...] = ()

    @property
    def objective(self) -> str:
        """The objective that such rows are for."""
        return OBJECTIVE_OF[self.shape]

    def mapping(self) -> dict[str, str]:
        """Return the roles as data.map spells them."""
        return {role: "+".join(columns) for role, columns in self.roles.items()}

    def command(self) -> str:
        return as_command(self.mapping())


def as_command(mapping: Mapping[str, str]) -> str:
    """Return `--map text=txt --map label=class`, quoted where the shell needs it."""
    parts = [f"{role}={column}" for role, column in mapping.items()]
    return " ".join("--map " + (f'"{part}"' if any(char in part for char in " #'&;|$*()") else part) for part in parts)


def recognise(table: Table, mapping: Mapping[str, str] | None = None, objective: str = "auto") -> Layout:
    """Return what each column is.

    mapping: role -> column (or column+column), which wins over every guess. objective: restricts the shapes ("lm" forces text).
    Raises DataError D001 (a mapped column is not there), D013 (not sure enough: the question to answer), D014 (no free text);
    UsageError D001 for a role that does not exist.
    """
    mapping = dict(mapping or {})
    seen = profiles(table)
    shapes: tuple[Shape, ...] = tuple(shape for shape, row in ROW_OF.items() if objective == "auto" or row in OBJECTIVES[objective].rows)
    if mapping:
        return _mapped(table, mapping, seen, shapes, objective)
    _refuse_other_kinds(table, seen)
    candidates = _candidates(seen, shapes, objective)
    if candidates and candidates[0].confidence >= SURE:
        best = candidates[0]
        rival = next(
            (other for other in candidates[1:] if other.confidence >= SURE and other.shape == best.shape and other.roles != best.roles),
            None,
        )
        if rival is None:
            return best
    if objective != "lm" and not any(profile.look == "messages" or _is_text(profile) for profile in seen.values()):
        _refuse_textless(table, seen)
    raise _question(table, seen, candidates, shapes)


def columns_of(table: Table, column: str, role: str) -> tuple[str, ...]:
    """Return the table's columns that a mapping's value names: one, or several joined with "+". Raises DataError D001."""
    if column in table.columns:
        return (column,)
    parts = tuple(part.strip() for part in column.split("+"))
    if len(parts) > 1 and all(part in table.columns for part in parts):
        return parts
    missing = next((part for part in parts if part not in table.columns), column)
    near = difflib.get_close_matches(missing.lower(), [name.lower() for name in table.columns], 1, cutoff=0.5)
    nearest = next((name for name in table.columns if near and name.lower() == near[0]), "")
    what = f"no {role} column" + ("" if missing == role else f' called "{missing}"')
    what += f". Found: {', '.join(table.columns)}." + (f' Nearest: "{nearest}".' if nearest else "")
    fixed = column.replace(missing, nearest) if nearest else f"COLUMN (one of: {', '.join(table.columns[:8])})"
    raise DataError("D001", what, where=table.where, fix=as_command({role: fixed}) if nearest else f"--map {role}={fixed}")


def _mapped(table: Table, mapping: dict[str, str], seen: dict[str, Profile], shapes: tuple[Shape, ...], objective: str) -> Layout:
    known = sorted({role for roles in ROLES.values() for role in roles})
    for role in mapping:
        if role not in known:
            near = difflib.get_close_matches(role, known, 1, cutoff=0.3)
            raise UsageError(
                "D001",
                f'no role is called "{role}" (roles: {", ".join(known)})',
                where="data.map",
                fix=f"--map {near[0] if near else 'text'}={mapping[role]}",
            )
    given = {role: columns_of(table, column, role) for role, column in mapping.items()}
    shape = _shape_of(set(given), seen, given, shapes)
    if shape is None:
        raise UsageError(
            "D001",
            f"the roles {', '.join(given)} do not go together with objective={objective}",
            where="data.map",
            fix="--map text=COLUMN --map label=COLUMN, or --map prompt=COLUMN --map completion=COLUMN",
        )
    reasons = [f"{role} = {'+'.join(columns)} (you said so)" for role, columns in given.items()]
    confidence = 1.0
    for role in ROLES[shape]:
        if role in given:
            continue
        found, sure = _fill(role, seen, {column for columns in given.values() for column in columns})
        if sure < SURE:
            raise _missing_role(table, role, seen, given)
        given[role] = (found,)
        confidence = min(confidence, sure)
        reasons.append(f"{role} = {found} ({seen[found].describe()})")
    roles = {role: given[role] for role in ROLES[shape]}
    return Layout(shape, roles, confidence, tuple(reasons), _unused(seen, roles))


def _shape_of(roles: set[str], seen: dict[str, Profile], given: dict[str, tuple[str, ...]], shapes: tuple[Shape, ...]) -> Shape | None:
    """The shape that the named roles mean; "text" alone is labelled data when exactly one other column is sure to be the label."""
    if roles == {"text"} and "labelled" in shapes and ("text" not in shapes or _fill("label", seen, set(given["text"]))[1] >= SURE):
        return "labelled"
    if roles == {"text", "label"} and "completion" in shapes and "labelled" not in shapes:
        given["prompt"], given["completion"] = given.pop("text"), given.pop("label")
        return "completion"
    order: tuple[Shape, ...] = ("text", "labelled", "completion", "chat")
    return next((shape for shape in order if shape in shapes and roles <= set(ROLES[shape])), None)


def _is_text(profile: Profile) -> bool:
    """Long free text; short or repeating texts too when the column's very name says text."""
    return profile.look == "text" or (profile.look in ("short text", "label", "constant") and names.says(profile.name, names.TEXT) == 1)


def _fill(role: str, seen: dict[str, Profile], taken: set[str]) -> tuple[str, float]:
    """Return the best free column for a role, and how sure that is."""
    vocabulary = {"text": names.TEXT, "label": names.LABEL, "prompt": names.PROMPT, "completion": names.COMPLETION}.get(
        role, frozenset(names.CHAT)
    )
    scored: list[tuple[float, str]] = []
    for profile in seen.values():
        if profile.name in taken:
            continue
        fits = {
            "text": _is_text(profile),
            "label": profile.could_label,
            "messages": profile.look == "messages",
        }.get(role, profile.look in ("text", "short text", "label"))
        if fits:
            scored.append((names.says(profile.name, vocabulary), profile.name))
    if not scored:
        return "", 0.0
    scored.sort(key=lambda pair: -pair[0])
    best, name = scored[0]
    if len(scored) == 1:
        return name, 0.99 if best == 1 else 0.92
    second = scored[1][0]
    if best == 1 and second < 1:
        return name, 0.95
    return name, 0.9 if best > second else 0.5


def _candidates(seen: dict[str, Profile], shapes: tuple[Shape, ...], objective: str) -> list[Layout]:
    """All readings of the table that are possible, the surest first."""
    found: list[Layout] = []
    if "chat" in shapes:
        found += _chat(seen)
    if "completion" in shapes:
        found += _completion(seen)
    if "labelled" in shapes or objective == "sft":
        for layout in _labelled(seen):
            if "labelled" in shapes:
                found.append(layout)
            elif not any(other.confidence >= SURE for other in found):
                roles = {"prompt": layout.roles["text"], "completion": layout.roles["label"]}
                found.append(Layout("completion", roles, layout.confidence, layout.reasons, layout.unused))
    if "text" in shapes:
        found += _text(seen, alone="labelled" in shapes)
    return sorted(found, key=lambda layout: -layout.confidence)


def _chat(seen: dict[str, Profile]) -> list[Layout]:
    chats = [profile.name for profile in seen.values() if profile.look == "messages"]
    sure = 0.98 if len(chats) == 1 else 0.6
    return [_layout("chat", {"messages": (name,)}, sure, seen, (f"{name} holds lists of role and content",)) for name in chats]


def _completion(seen: dict[str, Profile]) -> list[Layout]:
    by_name = {name.strip().lower(): name for name in seen}
    found: list[Layout] = []
    for rank, (ask, reply) in enumerate(names.PAIRS):
        if ask not in by_name or reply not in by_name:
            continue
        prompt, completion = by_name[ask], by_name[reply]
        if seen[prompt].look in ("empty", "nested", "messages") or seen[completion].look in ("empty", "nested", "messages"):
            continue
        columns: tuple[str, ...] = (prompt,)
        if ask == "instruction" and "input" in by_name:
            columns = (prompt, by_name["input"])
        roles = {"prompt": columns, "completion": (completion,)}
        exact = ask == "instruction" and len(columns) == 2 and reply == "output"
        left_out = _left_out(seen, roles)
        sure = 0.99 if exact else 0.95
        if left_out and not exact:
            sure = 0.7
        reasons = (f'"{prompt}" and "{completion}" are a known pair',) + (
            (f'"{columns[1]}" is added to the prompt where it is not empty',) if len(columns) > 1 else ()
        )
        if seen[completion].could_label:
            reasons += (
                f'"{completion}" has only {seen[completion].n_distinct} different values: objective=classify would learn them as classes',
            )
        found.append(_layout("completion", roles, sure - 0.0001 * rank, seen, reasons))
        if exact or (sure >= SURE and len(found) == 1):
            break
    return found[:1] if found and found[0].confidence >= SURE else found


def _labelled(seen: dict[str, Profile]) -> list[Layout]:
    text, text_sure = _fill("text", seen, set())
    if not text:
        return []
    label, label_sure = _fill("label", seen, {text})
    if not label:
        return []
    sure = min(text_sure, label_sure)
    roles = {"text": (text,), "label": (label,)}
    others = [name for name in _left_out(seen, roles) if name != text]
    if others and text_sure < 0.95:
        sure = min(sure, 0.5)
    if any(profile.look == "nested" for profile in seen.values()):
        sure = min(sure, 0.7)
    reasons = (f"text = {text} ({seen[text].describe()})", f"label = {label} ({seen[label].describe()})")
    return [_layout("labelled", roles, sure, seen, reasons)]


def _text(seen: dict[str, Profile], alone: bool) -> list[Layout]:
    """alone: labelled readings are allowed too, so a text column is enough only when nothing beside it could matter."""
    text, sure = _fill("text", seen, set())
    if not text:
        return []
    rest = [
        profile for profile in seen.values() if profile.name != text and profile.look not in ("empty", "id", "date", "constant", "number")
    ]
    if alone and rest:
        sure = min(sure, 0.85)
    return [_layout("text", {"text": (text,)}, sure, seen, (f"text = {text} ({seen[text].describe()})",))]


def _layout(shape: Shape, roles: Mapping[str, tuple[str, ...]], sure: float, seen: dict[str, Profile], reasons: tuple[str, ...]) -> Layout:
    return Layout(shape, roles, sure, reasons, _unused(seen, roles))


def _unused(seen: dict[str, Profile], roles: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    used = {column for columns in roles.values() for column in columns}
    return tuple(name for name in seen if name not in used)


def _left_out(seen: dict[str, Profile], roles: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Columns of real content that a reading would not use."""
    return [
        name
        for name in _unused(seen, roles)
        if seen[name].look == "nested" or (seen[name].look == "text" and seen[name].mean_words >= LONG_WORDS)
    ]


def _refuse_other_kinds(table: Table, seen: dict[str, Profile]) -> None:
    """Preference data read as chat would train on rejected answers: refuse what would be misunderstood."""
    lower = {name.lower() for name in seen}
    if lower >= names.PREFERENCE:
        what = 'columns "chosen" and "rejected" are preference data (DPO), which no objective here learns yet'
        raise DataError("D013", what, where=table.where, fix="--map prompt=PROMPT --map completion=chosen to learn the chosen answers only")
    chat = [name for name, profile in seen.items() if profile.look == "messages"]
    if chat and "label" in lower and set(seen) == {*chat, *(name for name in seen if name.lower() == "label")}:
        what = f'"{chat[0]}" with a true/false "label" is feedback data (KTO), which no objective here learns yet'
        raise DataError("D013", what, where=table.where, fix=f"keep the rows with label true, then --map messages={chat[0]}")


def _refuse_textless(table: Table, seen: dict[str, Profile]) -> None:
    looks = "; ".join(f'"{name}": {profile.describe()}' for name, profile in list(seen.items())[:10])
    short = [name for name, profile in seen.items() if profile.look == "short text"]
    fix = f"--map text={short[0]} if that is the text" if short else "add a column with the texts, or --map text=COLUMN"
    raise DataError("D014", f"no column of free text to learn from. {looks}", where=table.where, fix=fix)


def _missing_role(table: Table, role: str, seen: dict[str, Profile], given: Mapping[str, tuple[str, ...]]) -> DataError:
    free = [profile for profile in seen.values() if profile.name not in {column for columns in given.values() for column in columns}]
    fits = (
        [profile for profile in free if profile.could_label] if role == "label" else [profile for profile in free if "text" in profile.look]
    )
    choices = fits or free
    found = "; ".join(f'"{profile.name}": {profile.describe()}' for profile in choices[:8])
    command = as_command({**{known: "+".join(columns) for known, columns in given.items()}, role: choices[0].name if choices else "COLUMN"})
    return DataError("D013", f"which column is the {role}? {found or 'no other column'}", where=table.where, fix=command)


def _question(table: Table, seen: dict[str, Profile], candidates: list[Layout], shapes: tuple[Shape, ...]) -> DataError:
    found = "; ".join(f'"{name}": {profile.describe()}' for name, profile in list(seen.items())[:9])
    more = f" and {len(seen) - 9} more" if len(seen) > 9 else ""
    options: list[str] = []
    texts = [profile.name for profile in seen.values() if "text" in profile.look]
    labels = [layout.roles["label"][0] for layout in candidates if layout.shape == "labelled"] or [
        p.name for p in seen.values() if p.could_label
    ]
    pairs = [layout for layout in candidates if layout.shape == "completion"]
    if pairs:
        # the known pair, with the long texts beside it as context before the question
        asks = [*(name for name in texts if name not in pairs[0].mapping().values()), *pairs[0].roles["prompt"]]
        options += [as_command({"prompt": "+".join(asks), "completion": pairs[0].roles["completion"][0]}), pairs[0].command()]
    if "labelled" in shapes and texts and labels:
        # an answer beside the text is not part of what is classified
        asked = [name for name in texts if names.says(name, names.COMPLETION) < 1] or texts
        options.append(as_command({"text": "+".join(asked[:2]), "label": labels[0]}))
    if "completion" in shapes and len(texts) >= 2 and not pairs:
        options.append(as_command({"prompt": texts[0], "completion": texts[1]}))
    options += [layout.command() for layout in candidates]
    if not options:
        options = ["--map " + " --map ".join(f"{role}=COLUMN" for role in ROLES[shape]) for shape in shapes[:2]]
    unique = list(dict.fromkeys(options))[:3]
    return DataError("D013", f"not clear which column is what. Found: {found}{more}", where=table.where, fix=", or ".join(unique))
