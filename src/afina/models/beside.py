"""The frozen models that an objective asks beside the trained one: where they lie, and whether their tokens are the trained one's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afina.data.tokenize import Tokenizer
from afina.errors import UsageError
from afina.models.facts import facts_from_config, read_config
from afina.models.locate import Located, locate
from afina.objectives import Objective, Role
from afina.recipe.schema import ModelSpec
from afina.types import ModelFacts


@dataclass(frozen=True)
class Beside:
    """A model that is asked and not trained."""

    located: Located
    facts: ModelFacts


def check_named(objective: Objective) -> None:
    """Raise UsageError O010 where an objective asks a model that the recipe does not name."""
    for role in objective.roles():
        if not role.trains and not role.source:
            key = f"objective.{role.name}"
            raise UsageError("O010", f"{objective.name} needs a {role.name}", where=key, fix=f"{key}=FOLDER, owner/name or a finished run")


def locate_beside(role: Role, facts: ModelFacts, tokenizer: Tokenizer, texts: Sequence[str]) -> Beside:
    """Return the model of a role. facts, tokenizer: of the trained model. texts: of the data, which both must read alike.

    Raises UsageError O011 (its tokens are others), O012 (another kind of model, or another head); what `locate` and Tokenizer.load raise.
    """
    key = f"objective.{role.name}"
    located = locate(ModelSpec(path=role.source))
    config = read_config(located.body)
    found = facts_from_config(config)
    if found.kind != facts.kind:
        what = f"the {role.name} {located.name} ({found.kind}) and the trained model ({facts.kind}) do not predict the same tokens"
        raise UsageError("O012", what, where=key, fix=f"{key}=a model of the kind of model.path ({facts.kind})")
    if not _writes(located):
        what = f"the {role.name} {located.name} was trained to give labels or numbers: it has no scores over the vocabulary"
        raise UsageError("O012", what, where=key, fix=f"{key}=a model that writes")
    if why := tokenizer.differs_from(Tokenizer.load(located.folder), texts, found.vocab_size):
        what = f"the {role.name} {located.name} has another tokenizer: {why}"
        raise UsageError("O011", what, where=key, fix=f"{key}=a model of the family of model.path, or model.path=one of the {role.name}'s")
    return Beside(located, found)


def _writes(located: Located) -> bool:
    """Whether a model has a language-model head, by what its folder says."""
    if located.base is not None:
        return read_config(located.folder, "adapter_config.json").get("task_type") not in ("SEQ_CLS", "TOKEN_CLS")
    return not any(str(name).endswith("Classification") for name in read_config(located.folder).get("architectures") or ())
