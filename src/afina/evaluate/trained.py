"""A finished run's model, ready to be used: answers, labels, streams, read with the encoder that it was trained with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from afina.data.columns import Layout
from afina.data.encoder import Encoder
from afina.data.prepare import encode_rows
from afina.data.tokenize import Tokenizer
from afina.errors import UsageError
from afina.evaluate.ask import EVAL_TOKENS, Ask
from afina.evaluate.questions import cut_note
from afina.evaluate.tasks import TASKS, Task
from afina.generate import Sampling, stream
from afina.models.load import load_trained
from afina.objectives import Objective
from afina.recipe import load, read_lock
from afina.recipe.schema import Recipe
from afina.run import Run, read_json
from afina.score import Actor, actor_of
from afina.strategy import Single
from afina.types import Example, Message, Notice, Row, Standard, Text

SHAPE_OF_ROLES = {"label": "labelled", "completion": "completion", "messages": "chat"}


@dataclass
class Trained:
    """One run's model. labels: the classes of a classifier, else empty. standard: how its numbers were learned.

    layout: which columns its data had, and what they meant.
    """

    run: Run
    recipe: Recipe
    objective: Objective
    encoder: Encoder
    layout: Layout
    labels: tuple[str, ...]
    standard: Standard
    actor: Actor
    ask: Ask

    @property
    def task(self) -> Task:
        """What it is asked."""
        return TASKS[self.objective.example]

    def needs(self, verb: str) -> None:
        """Raise UsageError U006 when this model cannot do what the verb asks."""
        if verb == "generate" and not self.task.generates:
            told = f"tells labels apart ({', '.join(self.labels[:4])}, ...)" if self.labels else f"was trained to {self.objective.name}"
            what = f"{self.run.name} {told}; it has no words to answer with"
            raise UsageError("U006", what, where=str(self.run.path), fix=f"afina predict {self.run.path} FILE")

    def generate(self, prompt: str, max_new_tokens: int = 128, temperature: float = 0.0, seed: int = 0) -> str:
        """Return the answer to one prompt. Raises UsageError U006 for a classifier."""
        return "".join(self.stream([Message("user", prompt)], max_new_tokens, temperature, seed)).strip()

    def stream(self, messages: Sequence[Message], max_new_tokens: int, temperature: float, seed: int) -> Iterator[str]:
        """Yield the answer to a conversation piece by piece, whole characters at a time."""
        self.needs("generate")
        ids: list[int] = []
        said = ""
        sampling = Sampling(max_new_tokens, temperature, seed=seed)
        with self.ask.strategy.autocast():
            for token in stream(self.actor, self.prompt(messages, max_new_tokens), self.encoder.stop_ids, sampling):
                ids.append(token)
                text = self.ask.decode(ids)
                if not text.endswith("\N{REPLACEMENT CHARACTER}"):  # half of a character whose other bytes come next
                    yield text[len(said) :]
                    said = text

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the label of each text, or the answer to each prompt: whatever the model was trained to give."""
        return self.task.answer(self, texts)

    def answers(self, prompts: Sequence[Sequence[int]]) -> list[str]:
        """Return the greedy answer to each encoded prompt."""
        return self.ask.generate(prompts, self.encoder.stop_ids, self.max_new_tokens)

    def prompts(self, rows: Sequence[Row]) -> tuple[list[list[int]], list[Notice]]:
        """Return the rows as encoded prompts, room left for the answer, and what was cut for it."""
        prompts = [self.encoder.prompt(row, self.max_new_tokens) for row in rows]
        said = cut_note([prompt.n_cut for prompt in prompts])
        return [prompt.ids for prompt in prompts], [Notice(said, key="eval.max_new_tokens", level="warning")] if said else []

    def examples(self, rows: Sequence[Row]) -> tuple[Sequence[Example], tuple[Notice, ...]]:
        """Return the rows encoded as in training, and what was cut or left out."""
        return encode_rows(rows, self.objective.name, self.encoder)

    @property
    def max_new_tokens(self) -> int:
        wanted = self.recipe.eval.max_new_tokens
        assert wanted != "auto", "a lock holds no auto here"
        return wanted

    def prompt(self, messages: Sequence[Message], room: int | None = None) -> list[int]:
        """Return the conversation in tokens; a model of running text, or one without a chat template, goes on from the last message."""
        last = messages[-1].content
        asked = Text(0, last) if self.objective.example == "text" else messages if self.encoder.template is not None else last
        return self.encoder.prompt_ids(asked, self.max_new_tokens if room is None else room)


def open_trained(run: Run, device: str = "auto") -> Trained:
    """Read a finished run. Raises UsageError U003 when it has no trained model yet."""
    from afina.plan.machine import look

    folder = run.trained
    recipe = load(None, values=read_lock(run.recipe_lock)["recipe"]).recipe
    assert recipe.objective != "auto" and recipe.data.max_length != "auto"
    facts = run.facts()
    labels, standard = tuple(facts.get("labels", ())), Standard(*facts.get("standard", ()))
    tokenizer = Tokenizer.load(folder)
    strategy = Single(recipe.model.precision, look(run.path, device).device)
    actor = actor_of(load_trained(run, str(strategy.device), recipe.model.precision))
    encoder = Encoder(tokenizer, recipe.data, recipe.data.max_length, labels, actor.kind, standard)
    ask = Ask(actor, recipe.objective, strategy, lambda ids: tokenizer.decode(ids, skip_special=True), EVAL_TOKENS, tokenizer.vocabulary)
    return Trained(run, recipe, recipe.objective, encoder, _layout(run), labels, standard, actor, ask)


def _layout(run: Run) -> Layout:
    """What the columns of the training file meant, as the run's data report has it."""
    report = read_json(run.data / "report.json")
    columns: dict[str, str] = report["columns"]
    shape = report.get("shape") or next((shape for role, shape in SHAPE_OF_ROLES.items() if role in columns), "text")
    return Layout(shape, {role: tuple(names.split("+")) for role, names in columns.items()}, 1.0, ("as in training",))
