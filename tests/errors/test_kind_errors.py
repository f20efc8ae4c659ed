"""What is said when a kind of model cannot learn what the data holds, and that what it tells to do works."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.calls import assert_clear, call
from tests.conftest import ANIMALS, FOODS


@pytest.fixture(scope="module")
def folder(tiny_model: Path, tiny_encoder: Path, tiny_encoder_decoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("kinds")
    for name, model in (("decoder", tiny_model), ("bert", tiny_encoder), ("t5", tiny_encoder_decoder)):
        (made / name).symlink_to(model)
    things = [(f"the {word}, case {n}", kind) for n in range(4) for words, kind in ((ANIMALS, "animal"), (FOODS, "food")) for word in words]
    (made / "things.csv").write_text("what is said,team\n" + "".join(f'"{text}",{label}\n' for text, label in things))
    pairs = [f"the {one},some {other},{'yes' if one in ANIMALS else 'no'}" for one in (*ANIMALS, *FOODS) for other in ANIMALS]
    (made / "pairs.csv").write_text("premise,hypothesis,label\n" + "\n".join(pairs) + "\n")
    chats = [[{"role": "user", "content": f"say {word}"}, {"role": "assistant", "content": word}] for word in (*ANIMALS, *FOODS)]
    (made / "chats.jsonl").write_text("".join(json.dumps({"messages": chat}) + "\n" for chat in chats))
    answers = [{"prompt": f"say {word} {n} times", "completion": " ".join([word] * n)} for word in (*ANIMALS, *FOODS) for n in (1, 2)]
    (made / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in answers))
    (made / "prose.txt").write_text(
        "\n\n".join(f"The {word} saw the soup. It went home for the {n}th time and slept." for n in range(5) for word in ANIMALS)
    )
    return made


WRITES = "model.path=nano, or other: a decoder or an encoder-decoder"
CASES = {
    "an encoder cannot write answers": (["answers.jsonl", "--model", "bert"], "objective: sft does not train an encoder (bert)", WRITES),
    "an encoder cannot write turns": (["chats.jsonl", "--model", "bert"], "which learns classify", WRITES),
    "an encoder does not go on with a text": (
        ["prose.txt", "--model", "bert", "objective=lm"],
        "lm does not train an encoder",
        "objective=mlm, or model.path=nano, or other: a decoder",
    ),
    "nor does an encoder-decoder": (
        ["prose.txt", "--model", "t5", "objective=lm"],
        "lm does not train an encoder-decoder (t5), which learns",
        "objective=span, or model.path=nano",
    ),
    "an encoder-decoder has no classes": (
        ["things.csv", "--model", "t5"],
        "classify does not train an encoder-decoder (t5), which learns",
        "--map 'prompt=what is said' --map completion=team, or model.path=nano, or other: a decoder or an encoder",
    ),
    "nor for pairs": (
        ["pairs.csv", "--model", "t5"],
        "classify does not train an encoder-decoder",
        "model.path=nano, or other: a decoder or an encoder",
    ),
    "an encoder's texts cannot share a row": (
        ["things.csv", "--model", "bert", "train.packing=true"],
        "train.packing: examples of an encoder cannot share a row: its tokens would see each other",
        "train.packing=false",
    ),
    "nor an encoder-decoder's": (["answers.jsonl", "--model", "t5", "train.packing=true"], "cannot share a row", "train.packing=false"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_one_clear_message_and_its_remedy_works(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words, says, fix = CASES[name]
    result = call("plan", *words, cwd=folder)
    assert_clear(result, 2, "R007 ", says)
    told = re.findall(r"Do: (.*)", result.both)[0]
    assert told.startswith(fix)
    monkeypatch.setattr("afina.models.locate.NANO", folder / "decoder")
    for remedy in re.split(r", or (?!other)", told.split(", or other")[0]):
        key = remedy.split("=")[0]
        kept = [word for word in words if not word.startswith(key)]
        kept = kept[: kept.index("--model")] if key == "model.path" else kept
        # the small decoder that stands in for the embedded model has no chat template
        template = ["data.template=chatml"] if key == "model.path" and words[0] == "chats.jsonl" else []
        mended = call("plan", *kept, *shlex.split(remedy), *template, "--json", cwd=folder)
        assert mended.code == 0, mended.both


def test_an_encoder_decoder_learns_labels_as_answers(folder: Path) -> None:
    mapped = ["--map", "prompt=what is said", "--map", "completion=team"]
    planned = call("plan", "things.csv", "--model", "t5", *mapped, cwd=folder)
    assert planned.code == 0 and re.search(r"row 2: the cat, case 0</s>animal</s>", planned.out)


NOISE_CASES = {
    "no token hides another": (["prose.txt", "--model", "plain-bert"], "O002", "no mask token ([MASK] or <mask>)", "model.path=an encoder"),
    "nothing hides a span": (["prose.txt", "--model", "plain-t5"], "O002", "no mask token to hide spans", "model.path=an encoder-decoder"),
    "no mask token for infilling": (
        ["prose.txt", "--model", "t5", "objective=span", "objective.style=infilling"],
        "O002",
        "no mask token to hide spans with",
        "objective.style=sentinels",
    ),
    "more spans than sentinels": (
        ["prose.txt", "--model", "t5", "objective=span", "objective.noise_rate=0.5", "objective.mean_length=1"],
        "O003",
        "a piece of 512 tokens has 256 hidden spans, and the tokenizer 100 sentinels",
        "data.max_length=198",
    ),
}


@pytest.mark.parametrize("name", NOISE_CASES)
def test_a_tokenizer_that_cannot_hide_tokens_is_refused(name: str, folder: Path) -> None:
    """Without the tokens that noise is made of; the last two are mended by the key that the message names."""
    words, code, says, fix = NOISE_CASES[name]
    for plain, of in (("plain-bert", "bert"), ("plain-t5", "t5")):
        if not (folder / plain).exists():
            shutil.copytree((folder / of).resolve(), folder / plain)
            for file in ("tokenizer.json", "tokenizer_config.json"):
                path = folder / plain / file
                kept = re.sub(r'"mask_token": "[^"]*", ', "", path.read_text())
                path.write_text(kept.replace("[MASK]", "[GONE]").replace("extra_id", "gone"))
    result = call("plan", *words, cwd=folder)
    assert_clear(result, 2, f"{code} ", says)
    told = re.findall(r"Do: (.*)", result.both)[0]
    assert told.startswith(fix)
    if not told.startswith("model.path"):
        mended = call("plan", *words, told.split(", or")[0], "--json", cwd=folder)
        assert mended.code == 0, mended.both
