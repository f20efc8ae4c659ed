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
from huggingface_hub import ModelCard

from afina.export.card import Base, card_text, cell, write_card
from afina.models.locate import locate
from afina.recipe.schema import ModelSpec
from afina.run import Run
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
    """The second example: with peft or transformers alone."""
    return re.findall(r"```python\n(.*?)```", card, re.DOTALL)[1]


def printed(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "card", "exec"), {})
    return out.getvalue().rstrip("\n")


@pytest.mark.parametrize(
    ("task", "method", "template"),
    [
        ("classes", "lora", "auto"),
        ("classes", "full", "auto"),
        ("text", "lora", "auto"),
        ("text", "lora", "chatml"),
        ("text", "full", "plain"),
        ("lm", "lora", "auto"),
    ],
)
def test_the_example_without_afina_does_what_afina_does(
    tiny_chat_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: str, method: str, template: str
) -> None:
    run = trained_run(tmp_path / "runs" / "r", tiny_chat_model, task, method, template=template)
    write_card(SimpleNamespace(located=locate(ModelSpec(path=str(tiny_chat_model)))), run)  # type: ignore[arg-type]
    wanted = with_afina(run, template)
    assert wanted
    assert "afina" not in code_of(run.card.read_text())
    assert printed(code_of(run.card.read_text()), run.path, monkeypatch) == wanted
    assert printed(code_of((run.trained / "README.md").read_text()), run.trained, monkeypatch) == wanted


def with_afina(run: Run, template: str) -> str:
    """The same question, asked with afina's own parts."""
    import torch

    from afina.export.prompts import encoder_of
    from afina.generate import Sampling, generate
    from afina.models.load import load_trained
    from afina.score import actor_of
    from afina.types import Batch, Completion, Labelled, Text

    actor, encoder = actor_of(load_trained(run, "cpu")), encoder_of(run, run.trained)
    assert encoder.spec.template == template
    objective = run.facts()["objective"]
    if objective == "classify":
        ids = encoder.prompt_ids(Labelled(1, "Write your text here.", ""))
        with torch.no_grad():
            scores = actor.class_logits(Batch(torch.tensor([ids]), torch.tensor([len(ids)])))
        return TEAMS[int(scores.argmax())]
    row = Text(1, "Write your prompt here.") if objective == "lm" else Completion(1, "Write your prompt here.", "")
    answer = generate(actor, [encoder.prompt_ids(row)], encoder.stop_ids, Sampling(max_new_tokens=64))[0]
    return encoder.tokenizer.decode(answer, skip_special=True)


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
