"""What is said of a teacher that cannot teach, before torch is there; what is counted of one that can."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from afina.errors import UsageError
from afina.job import Job, prepare
from afina.plan.machine import look
from afina.recipe.load import load
from tests.conftest import ANIMALS, FOODS
from tests.tiny import write_tiny_encoder_decoder, write_tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("teachers")
    write_tiny_model(made / "student")
    write_tiny_model(made / "wide", seed=3, hidden_size=64, num_key_value_heads=4, vocab_size=384)
    write_tiny_model(made / "other", seed=3)
    path = made / "other" / "tokenizer.json"
    words = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = words["model"]["vocab"]
    one, two = (next(token for token, index in vocabulary.items() if index == wanted) for wanted in (90, 91))
    vocabulary[one], vocabulary[two] = 91, 90
    path.write_text(json.dumps(words), encoding="utf-8")
    write_tiny_model(made / "small", seed=3, vocab_size=300)
    shutil.copy(made / "student" / "tokenizer.json", made / "small" / "tokenizer.json")
    write_tiny_encoder_decoder(made / "t5")
    shutil.copytree(made / "student", made / "classifier")
    config = json.loads((made / "classifier" / "config.json").read_text())
    (made / "classifier" / "config.json").write_text(json.dumps({**config, "architectures": ["LlamaForSequenceClassification"]}))
    rows = [{"prompt": f"say {word} {n} times", "completion": " ".join([word] * n)} for word in (*ANIMALS, *FOODS) for n in (1, 2, 3)]
    (made / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return made


def job(folder: Path, teacher: str, *words: str) -> Job:
    named = [f"objective={{name: distill, teacher: '{folder / teacher if teacher else ''}'}}"]
    recipe = load(None, [*named, *words], {"data.path": str(folder / "answers.jsonl"), "model": str(folder / "student")}).recipe
    return prepare(recipe, lambda: look(folder, "cpu"))


@pytest.mark.parametrize(
    ("teacher", "code", "says"),
    [
        ("", "O010", "distill needs a teacher"),
        ("other", "O011", "token 90 is"),
        ("small", "O011", "20 tokens of this model are none of its 300"),
        ("t5", "O012", "(encoder-decoder) and the trained model (decoder) do not predict the same tokens"),
        ("classifier", "O012", "was trained to give labels or numbers"),
    ],
)
def test_it_is_refused_with_the_reason(teacher: str, code: str, says: str, folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        job(folder, teacher)
    assert (caught.value.code, caught.value.where) == (code, "objective.teacher")
    assert says in caught.value.what
    assert str(caught.value.fix).startswith("objective.teacher=")


def test_a_wider_teacher_with_unused_rows_in_its_vocabulary_is_taken_and_counted(folder: Path) -> None:
    made = job(folder, "wide")
    facts = made.beside["teacher"].facts
    assert facts.vocab_size == 384
    assert made.plan.budget.beside == 4 * facts.n_params
    one, other = made.plan.budget, job(folder, "student").plan.budget
    assert one.total - other.total == (one.beside - other.beside) + (one.logits - other.logits)
    assert one.logits > other.logits, "its scores over the vocabulary are in memory too"
    said = [notice for notice in made.plan.notices if "teacher" in notice.what]
    assert len(said) == 1
    share = int(re.findall(r"about (\d+)%", said[0].why)[0])
    assert share == round(100 * 2 * facts.n_params / (6 * made.facts.n_params))


def test_a_run_with_another_teacher_is_another_run(folder: Path, tmp_path: Path) -> None:
    """By what the teacher is, not by what it is called."""
    from afina.recipe.identity import run_key

    shutil.copytree(folder / "wide", folder / "wide again", dirs_exist_ok=True)
    keys = [
        run_key(made.recipe, made.dataset.sha256, made.located.fingerprint, made.fingerprints_beside)
        for made in (job(folder, "wide"), job(folder, "wide again"), job(folder, "student"))
    ]
    assert keys[0] == keys[1] != keys[2]


def test_all_of_this_is_known_without_torch(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.errors.test_teacher_errors import job\n"
        f"job(Path({str(folder)!r}), 'wide', 'train.device=cpu', 'model.precision=fp32')\n"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules, 'loaded'"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", script], cwd=root, check=True, timeout=120)
