"""One recipe from several layers: later settings win, and what that means for keys that belong together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from afina.errors import AfinaError, UsageError
from afina.recipe.aliases import ACCUMULATION
from afina.recipe.emit import flow
from afina.recipe.keys import NESTED, REGISTRIES, leaves, owners, usual
from afina.recipe.presets import PRESETS
from afina.recipe.sources import Layer, Place, Setting, located
from afina.recipe.values import shown
from afina.types import Notice

Settings = dict[tuple[str, ...], Setting]

ENV_KEYS = (("model", "path"), ("data", "path"), ("output", "dir"))
_ENV = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")
_PINNED = re.compile(r"([\w.-]+/[\w.-]+)@([\w./-]+)")


def merged(layers: Sequence[Layer], notices: list[Notice], errors: list[AfinaError]) -> Settings:
    """Return the winning setting of each key. Mistakes are appended to `errors` and left out; choices to `notices`."""
    settings: Settings = {}
    for layer in layers:
        _apply(_layer(layer, notices, errors), settings, notices)
    _accumulate(settings, notices, errors)
    for section in REGISTRIES:
        _imply(section, settings, notices, errors)
    _fill_environment(settings, errors)
    return settings


def _layer(layer: Layer, notices: list[Notice], errors: list[AfinaError]) -> Settings:
    """The settings of one source; a key written twice under two names is an R012, except on the command line, where the last wins."""
    settings: Settings = {}
    for written in layer:
        try:
            found = [part for setting in located(written, notices) for part in _split_revision(setting)]
        except AfinaError as error:
            errors.append(error)
            continue
        for setting in found:
            first = settings.get(setting.path)
            if first is not None and not setting.place.word:
                key = ".".join(setting.path)
                what = f"{key} is already set to {shown(first.value)}" + (f" at {first.place}" if first.place.line else "")
                errors.append(UsageError("R012", what, where=setting.place.of(written.key), fix=f"remove {written.typed[-1]} or the other"))
                continue
            _set(settings, setting)
    return _expanded(settings, notices)


def _expanded(settings: Settings, notices: list[Notice]) -> Settings:
    """A preset is the settings that it stands for, as if they were written in its place; those beside it win."""
    name = settings.get(("method", "name"))
    if name is None or not isinstance(name.value, str) or name.value not in PRESETS:
        return settings
    meant = {tuple(key.split(".")): value for key, value in PRESETS[name.value].settings.items()}
    said = " ".join(f"{'.'.join(path).removesuffix('.name')}={flow(value)}" for path, value in meant.items())
    notices.append(Notice(f"method={name.value} is {said}", f"a preset ({name.place})", "method"))
    beside = {path: setting for path, setting in settings.items() if path != ("method", "name")}
    return {path: Setting(path, value, name.place) for path, value in meant.items()} | beside


def _apply(layer: Settings, settings: Settings, notices: list[Notice]) -> None:
    """Let a later layer win. Another method or model takes the old one's own keys away, with a notice."""
    for section in REGISTRIES:
        name = layer.get((section, "name"))
        if name is not None:
            _forget_members(section, name, settings, notices)
    for dotted in NESTED:
        _forget_nested(tuple(dotted.split(".")), layer, settings, notices)
    path, old = layer.get(("model", "path")), settings.get(("model", "path"))
    revision = settings.get(("model", "revision"))
    if path and revision and ("model", "revision") not in layer and (old is None or old.value != path.value):
        del settings["model", "revision"]
        owner = old.value if old else "another model"
        notices.append(Notice(f"revision {revision.value} is not used", f"it belongs to {owner}", "model.revision"))
    for setting in layer.values():
        _set(settings, setting)


def _forget_members(section: str, name: Setting, settings: Settings, notices: list[Notice]) -> None:
    old = settings.get((section, "name"))
    if old is not None and old.value == name.value:
        return
    kept = leaves(section, str(name.value))
    had = leaves(section, str(old.value) if old else "auto")
    for path in [path for path in settings if path[0] == section and len(path) > 1 and path[1] != "name"]:
        if path[1] in had or path[1] not in kept:
            lost = settings.pop(path)
            what = f"{path[1]}={shown(lost.value)} of {lost.place} is not used"
            notices.append(Notice(what, f"{name.place} chooses {section} {name.value}", ".".join(path)))


def _forget_nested(key: tuple[str, ...], layer: Settings, settings: Settings, notices: list[Notice]) -> None:
    """Another optimizer takes the old one's own keys away, with a notice."""
    name, old = layer.get((*key, "name")), settings.get((*key, "name"))
    if name is None or (old is not None and old.value == name.value):
        return
    for path in [path for path in settings if path[: len(key)] == key and path[len(key) :] != ("name",)]:
        lost = settings.pop(path)
        what = f"{path[-1]}={shown(lost.value)} of {lost.place} is not used"
        notices.append(Notice(what, f"{name.place} chooses {key[-1]} {name.value}", ".".join(path)))


def _set(settings: Settings, setting: Setting) -> None:
    """A value replaces what stands at, above and below its key; the last written comes last."""
    path = setting.path
    for other in [other for other in settings if other[: len(path)] == path or path[: len(other)] == other]:
        del settings[other]
    settings[path] = setting


def _split_revision(setting: Setting) -> list[Setting]:
    """`owner/name@revision` is two keys, unless a folder has that name."""
    match = _PINNED.fullmatch(setting.value) if setting.path == ("model", "path") and isinstance(setting.value, str) else None
    if match is None or os.path.exists(setting.value):
        return [setting]
    revision = Setting(("model", "revision"), match[2], setting.place)
    return [Setting(setting.path, match[1], setting.place), revision]


def _accumulate(settings: Settings, notices: list[Notice], errors: list[AfinaError]) -> None:
    """gradient_accumulation_steps has no key: beside a micro-batch it says which batch_size is meant, alone it is an R011."""
    steps = settings.pop(ACCUMULATION, None)
    if steps is None:
        return
    micro, batch = settings.get(("train", "micro_batch_size")), settings.get(("train", "batch_size"))
    processes = settings.get(("train", "processes"))
    factors = (micro.value if micro else None, steps.value, processes.value if processes else 1)
    if batch is None and all(isinstance(n, int) and not isinstance(n, bool) and n >= 1 for n in factors):
        size = cast("int", factors[0]) * cast("int", factors[1]) * cast("int", factors[2])
        terms = " x ".join(str(n) for n in factors[: 3 if factors[2] != 1 else 2])
        settings["train", "batch_size"] = Setting(("train", "batch_size"), size, steps.place)
        why = f"{terms}: micro-batch x gradient_accumulation_steps ({steps.place})"
        notices.append(Notice(f"train.batch_size={size}", why, "train.batch_size"))
        return
    what = "gradient_accumulation_steps is not a key of afina: it follows from batch_size, micro_batch_size and processes"
    fix = f"remove it; train.batch_size={shown(batch.value) if batch else 'auto'} says how many examples an update sees"
    errors.append(UsageError("R011", what, where=steps.place.of(".".join(ACCUMULATION)), fix=fix))


def _imply(section: str, settings: Settings, notices: list[Notice], errors: list[AfinaError]) -> None:
    """Keys of exactly one method choose it when none is named, keys of several the usual one: `r=8` alone means lora."""
    name = settings.get((section, "name"))
    keys = [path for path in settings if path[0] == section and len(path) > 1 and path[1] != "name"]
    if (name is not None and name.value != "auto") or not keys:
        return
    known = [path for path in keys if owners(path[:2])]
    fitting = [tag for tag in REGISTRIES[section] if known and all(tag in owners(path[:2]) for path in known)]
    meant = usual(fitting)
    if len(meant) == 1:
        place = settings[known[0]].place
        settings[section, "name"] = Setting((section, "name"), meant[0], place)
        notices.append(Notice(f"{section}={meant[0]}", f"{known[0][1]} is its key ({place})", section))
    elif known:
        one = settings[known[0]]
        several = sorted({tag for path in known for tag in usual(owners(path[:2]))})
        what = f"no {section} is chosen, and {', '.join(path[1] for path in known)} belong to {', '.join(several)}"
        errors.append(UsageError("R014", what, where=one.place.of(".".join(one.path)), fix=f"{section}={several[0]}"))
        for path in known:
            del settings[path]


def _fill_environment(settings: Settings, errors: list[AfinaError]) -> None:
    for path, setting in list(settings.items()):
        if not isinstance(setting.value, str) or "${env:" not in setting.value:
            continue
        key = ".".join(path)
        error = _environment_error(key, path, setting.value, setting.place)
        if error is None:
            filled = _ENV.sub(lambda match: os.environ[match[1]], setting.value)
            settings[path] = Setting(path, filled, setting.place)
        else:
            errors.append(error)
            del settings[path]


def _environment_error(key: str, path: tuple[str, ...], value: str, place: Place) -> UsageError | None:
    where = place.of(key)
    if path not in ENV_KEYS:
        keys = ", ".join(".".join(allowed) for allowed in ENV_KEYS)
        return UsageError("R010", f"${{env:...}} works only in {keys}", where=where, fix=f"write the value of {key} itself")
    if "${env:" in _ENV.sub("", value):
        return UsageError("R010", "a reference to the environment is ${env:NAME}", where=where, fix=f"{key}=${{env:HOME}}/...")
    missing = [name for name in _ENV.findall(value) if name not in os.environ]
    return UsageError("R010", f"{missing[0]} is not set", where=where, fix=f"export {missing[0]}=...") if missing else None


def nested(settings: Mapping[tuple[str, ...], Setting]) -> dict[str, Any]:
    """Return the settings as the recipe's nested mapping."""
    values: dict[str, Any] = {}
    for path, setting in settings.items():
        inner = values
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = setting.value
    return values
