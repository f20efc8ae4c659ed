"""README.md: front matter that the hub reads, honest words, and examples that run."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from huggingface_hub import ModelCard

from afina.export.card import Base, card_text, cell, write_card
from afina.models.locate import locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
from afina.types import IGNORE_INDEX
from tests.unit.export.synthetic import TEAMS, comparison, data_report, settled_recipe, write_run
from tests.unit.export.weights import trained_run


def job_of(model: Path | str, **located: Any) -> Any:
    """What a card asks of a job: where its base model lies."""
    return SimpleNamespace(
        located=SimpleNamespace(**{"name": str(model), "kind": "folder", "revision": "", "body": Path(model), **located})
    )


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = write_run(tmp_path / "runs" / "20261121-0914-support-lora")
    (made.path / "adapter").mkdir()
    return made


def test_the_hub_reads_the_front_matter(run: Run, tmp_path: Path) -> None:
    path = write_card(job_of("Qwen/Qwen3-0.6B", kind="hub", revision="abc123", body=tmp_path), run)
    assert path == run.card
    for place in (run.card, run.trained / "README.md"):
        data = ModelCard.load(place).data
        assert data.base_model == "Qwen/Qwen3-0.6B"
        assert data.library_name == "peft"
        assert data.pipeline_tag == "text-classification"
        assert data.tags == ["afina", "lora", "classify"]
        assert data.model_name == run.name
        assert data.language is None
        assert data.license is None
        tuned = comparison().tuned.metrics
        found = {result.metric_type: result for result in data.eval_results}
        assert found.keys() == {"accuracy", "macro_f1"}
        assert found["accuracy"].metric_value == pytest.approx(tuned["accuracy"].mean, abs=1e-6)
        assert found["accuracy"].metric_args == {
            "interval": 0.95,
            "low": pytest.approx(tuned["accuracy"].low, abs=1e-6),
            "high": pytest.approx(tuned["accuracy"].high, abs=1e-6),
            "rows": 200,
        }
        assert found["accuracy"].dataset_name == "support.csv, test rows"


def test_licence_and_languages_are_those_of_the_base_model_or_unsaid(run: Run, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "README.md").write_text("---\nlicense: apache-2.0\nlanguage:\n- ca\n- it\n---\n# base\n")
    data = ModelCard.load(write_card(job_of(tmp_path / "base"), run)).data
    assert (data.license, data.language, data.base_model) == ("apache-2.0", ["ca", "it"], "base")
    assert str(tmp_path) not in run.card.read_text()
    (tmp_path / "base" / "README.md").write_text("---\nlicense: [\n---\n")
    assert ModelCard.load(write_card(job_of(tmp_path / "base"), run)).data.license is None
    assert "licence of the base model was not found" in run.card.read_text()


def test_the_body_says_what_was_done_and_measured(run: Run, tmp_path: Path) -> None:
    text = write_card(job_of("nano", body=tmp_path), run).read_text()
    made = comparison()
    assert made.verdict in text
    for entry in made.entries:
        interval = entry.metrics["accuracy"]
        assert f"{interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]" in text
    for words in (
        "1,000 rows read, 991 used: 700 train, 91 validation, 200 test",
        "8c1f" * 16,
        "1,204,224 of 125,644,032",
        "weights of step 132 kept",
        "1 min 58 s",
        "learning_rate: 0.001",
        "tf-idf + logistic regression",
        "billing, returns, shipping, technical",
        "## Limits",
        "2 CPU threads",
    ):
        assert words in text or words == "2 CPU threads", words
    assert re.search(r"\d+ CPU threads", text)
    assert "\n\n\n" not in text


def test_a_tuning_that_does_not_win_says_so_on_its_card(run: Run, tmp_path: Path) -> None:
    run.eval_json.write_text(json.dumps(comparison(tuned_right=0.4).to_json()))
    assert "Tuning does not win" in write_card(job_of("nano", body=tmp_path), run).read_text()
    run.eval_json.unlink()
    card = ModelCard.load(write_card(job_of("nano", body=tmp_path), run))
    assert card.data.eval_results is None
    assert "No comparison was made: nothing here says that this model is better" in card.text


def test_hostile_names_stay_names(tmp_path: Path) -> None:
    hostile = ("a|b\n## c", "<script>x</script>", "*`_[link](http://x)`*", "---\nlicense: mit")
    run = write_run(tmp_path / "r")
    (run.path / "adapter").mkdir()
    run.update(labels=hostile)
    document = comparison().to_json()
    document["entries"][0]["name"], document["entries"][0]["note"] = hostile[0], hostile[1]
    document["differences"] = []
    run.eval_json.write_text(json.dumps(document))
    card = ModelCard.load(write_card(job_of(tmp_path / "-- evil: [base]"), run))
    assert "<script>" not in card.text
    assert "\n## c" not in card.text
    assert card.data.license is None
    rows = [line for line in card.text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows if "0." in line and "[" in line} == {5}
    assert cell("a|b\n`c`") == r"a\|b \`c\`"


def test_a_recipe_with_backticks_keeps_its_fence(tmp_path: Path) -> None:
    run = write_run(tmp_path / "r")
    (run.path / "adapter").mkdir()
    run.recipe_yaml.write_text("# ```\n# ````\nseed: 1\n")
    assert "`````yaml\n# ```\n# ````\nseed: 1\n`````" in card_text(run, Base("nano"), "peft", "adapter")


# --- the examples run ---


def code_of(card: str) -> str:
    """The last example: with peft or transformers alone."""
    return re.findall(r"```python\n(.*?)```", card, re.DOTALL)[-1]


def printed(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "card", "exec"), {})
    return out.getvalue().rstrip("\n")


EXAMPLES = [
    ("classes", "lora", "decoder", "auto"),
    ("classes", "full", "decoder", "auto"),
    ("labels", "lora", "decoder", "auto"),
    ("labels", "full", "encoder", "auto"),
    ("score", "lora", "decoder", "auto"),
    ("score", "full", "decoder", "auto"),
    ("score", "lora", "encoder", "auto"),
    ("tags", "lora", "encoder", "auto"),
    ("tags", "full", "decoder", "auto"),
    ("choices", "lora", "decoder", "chatml"),
    ("choices", "full", "decoder", "plain"),
    ("choices", "lora", "encoder-decoder", "auto"),
    ("mlm", "lora", "encoder", "auto"),
    ("span", "full", "encoder-decoder", "auto"),
    ("text", "lora", "decoder", "auto"),
    ("text", "lora", "decoder", "chatml"),
    ("text", "full", "decoder", "plain"),
    ("lm", "lora", "decoder", "auto"),
]


@pytest.mark.parametrize(("task", "method", "kind", "template"), EXAMPLES, ids=lambda value: str(value))
def test_the_example_without_afina_does_what_afina_does(
    tiny_chat_model: Path,
    tiny_encoder: Path,
    tiny_encoder_decoder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    task: str,
    method: str,
    kind: str,
    template: str,
) -> None:
    folder = {"decoder": tiny_chat_model, "encoder": tiny_encoder, "encoder-decoder": tiny_encoder_decoder}[kind]
    run = trained_run(tmp_path / "runs" / "r", folder, task, method, template=template)
    write_card(SimpleNamespace(located=locate(ModelSpec(path=str(folder)))), run)  # type: ignore[arg-type]
    wanted = with_afina(run, template)
    assert wanted
    assert "afina" not in code_of(run.card.read_text())
    for card, where in ((run.card, run.path), (run.trained / "README.md", run.trained)):
        got = printed(code_of(card.read_text()), where, monkeypatch)
        assert (float(got) == pytest.approx(float(wanted), rel=1e-5)) if task == "score" else got == wanted


def with_afina(run: Run, template: str) -> str:
    """The same question, asked with afina's own parts."""
    from afina.data.forms import FORMS
    from afina.data.truncate import Tally
    from afina.export.prompts import encoder_of
    from afina.generate import Sampling, generate
    from afina.models.load import load_trained
    from afina.objectives import OBJECTIVES
    from afina.score import actor_of
    from afina.types import Choices as ChoicesRow
    from afina.types import Completion, Context, Labelled, MultiLabelled, Scored, Tagged, Text

    actor, encoder = actor_of(load_trained(run, "cpu")), encoder_of(run, run.trained)
    encoder.labels = TEAMS
    assert encoder.spec.template == template
    objective: Any = OBJECTIVES[run.facts()["objective"]](name=run.facts()["objective"])
    prompt, text = "Write your prompt here.", "Write your text here."
    rows: dict[str, Any] = {
        "label": Labelled(1, text, ""),
        "labels": MultiLabelled(1, text, ()),
        "score": Scored(1, text, 0.0),
        "tags": Tagged(1, tuple(["Write", "your", "words", "here", ",", "apart", "."])),
        "choices": ChoicesRow(1, prompt, ("Write an option here.", "Write another here."), -1),
    }
    if objective.example in rows:
        found = FORMS[objective.example](encoder, rows[objective.example], Tally(64, 1, encoder.spec, 64))
        batch = objective.collate(list(found), Context(actor.kind, encoder.tokenizer.vocabulary))
        return ANSWERED[objective.example](objective, actor, batch, rows[objective.example])
    if objective.example == "noised":
        return _filled(actor, encoder)
    row = Text(1, prompt) if objective.name == "lm" else Completion(1, prompt, "")
    answer = generate(actor, [encoder.prompt_ids(row)], encoder.stop_ids, Sampling(max_new_tokens=64))[0]
    return encoder.tokenizer.decode(answer, skip_special=True)


def _label(objective: Any, actor: Any, batch: Any, row: Any) -> str:
    with torch.no_grad():
        return TEAMS[int(actor.class_logits(batch).argmax())]


def _labels(objective: Any, actor: Any, batch: Any, row: Any) -> str:
    with torch.no_grad():
        probabilities = actor.class_logits(batch)[0].sigmoid().tolist()
    assert any(p >= 0.5 for p in probabilities)
    return str([label for label, p in zip(TEAMS, probabilities, strict=True) if p >= 0.5])


def _score(objective: Any, actor: Any, batch: Any, row: Any) -> str:
    with torch.no_grad():
        number = float(actor.class_logits(batch)) * actor.standard.scale + actor.standard.mean
    assert 900 < number < 1100
    return str(number)


def _tags(objective: Any, actor: Any, batch: Any, row: Any) -> str:
    with torch.no_grad():
        tags = actor.tag_logits(batch, batch.labels_BT != IGNORE_INDEX).argmax(-1)
    return str([(word, TEAMS[int(tag)]) for word, tag in zip(row.words, tags, strict=True)])


def _choice(objective: Any, actor: Any, batch: Any, row: Any) -> str:
    from afina.objectives.choices import score_options

    with torch.no_grad():
        return row.choices[int(objective.ranks(score_options(actor, batch))[0].argmax())]


ANSWERED = {"label": _label, "labels": _labels, "score": _score, "tags": _tags, "choices": _choice}


def _filled(actor: Any, encoder: Any) -> str:
    """A text with one gap."""
    from afina.generate import Sampling, generate

    tokenizer = encoder.tokenizer
    hole = tokenizer.token(next(iter(tokenizer.vocabulary.sentinels), tokenizer.vocabulary.mask))
    ids = [*encoder.bos, *tokenizer.encode(f"Write a text with {hole} in it.", control=True), *encoder.eos]
    if actor.kind == "encoder-decoder":
        return tokenizer.decode(generate(actor, [ids], encoder.stop_ids, Sampling(max_new_tokens=64))[0])
    with torch.no_grad():
        likeliest = actor.bare(input_ids=torch.tensor([ids])).logits[0].argmax(-1).tolist()
    filled = [best if index == tokenizer.vocabulary.mask else index for index, best in zip(ids, likeliest, strict=True)]
    return tokenizer.decode(filled, skip_special=True)


@pytest.mark.parametrize(
    ("task", "kind", "pipeline", "says"),
    [
        ("labels", "decoder", "text-classification", "It gives a text any number of 4 labels: billing, returns, shipping, technical."),
        ("score", "decoder", "text-classification", "Its numbers are in the units of the file; those of its training have mean 1000 and"),
        ("tags", "encoder", "token-classification", "It gives each word one of 4 tags: billing, returns, shipping, technical."),
        ("choices", "decoder", "text-generation", "A model that chooses among options, trained from"),
        ("mlm", "encoder", "fill-mask", "A language model for hidden parts of a text, trained from"),
    ],
)
def test_a_card_says_what_kind_of_model_it_is(
    tiny_chat_model: Path, tiny_encoder: Path, tmp_path: Path, task: str, kind: str, pipeline: str, says: str
) -> None:
    folder = tiny_encoder if kind == "encoder" else tiny_chat_model
    run = trained_run(tmp_path / "runs" / "r", folder, task, "lora")
    card = ModelCard.load(write_card(job_of(folder), run))
    assert card.data.pipeline_tag == pipeline
    assert says in card.text
    assert "It tells apart" not in card.text
    assert "\n\n\n" not in card.text


def test_an_adapter_on_an_adapter_points_to_the_export(tmp_path: Path) -> None:
    run = write_run(tmp_path / "r")
    (run.path / "adapter").mkdir()
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "adapter_config.json").write_text("{}")
    (run.path / "adapter" / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": str(tmp_path / "first")}))
    text = card_text(run, Base("first"), "peft", "adapter")
    assert "afina export r --to merged" in text
    assert "PeftModel" not in text


def test_a_data_report_without_rows_left_out_and_labels(tmp_path: Path) -> None:
    run = write_run(tmp_path / "r", "lm", recipe=settled_recipe("lm", "full"), report=data_report("lm"))
    (run.path / "model").mkdir()
    text = card_text(run, Base("nano"), "transformers", "model")
    assert text.startswith("---\nbase_model: nano\nlibrary_name: transformers\n")
    assert "It tells apart" not in text
    assert "A language model, trained from `nano`" in text
