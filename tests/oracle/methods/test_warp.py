"""WARP against the masked-language model itself: its own words' scores, prompts placed by hand, and the published count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from afina.errors import MethodError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config, read_config
from afina.models.load import build
from afina.models.locate import locate
from afina.recipe.schema import ModelSpec
from afina.tuners.prompt import Prompt
from afina.tuners.warp import Verbaliser, parts_of
from afina.types import Horizon, Vocabulary
from tests.oracle.methods.soft import close, count, weights_of
from tests.tiny import write_tiny_encoder, write_tiny_model

CLS, SEP, MASK, PAD = 2, 3, 4, 0
ONE = [CLS, 11, 12, 13, SEP]
PAIR = [CLS, 11, 12, SEP, 21, 22, 23, SEP]
WORDS = [30, 40, 50]


def made_and_masked(folder: Path, family: str, n: int) -> tuple[Any, Any]:
    """The method on a model for classes, and the masked-language model of the same folder."""
    from transformers import AutoModelForMaskedLM

    write_tiny_encoder(folder, family)
    facts, head = facts_from_config(read_config(folder)), HeadFacts("classes", 3)
    plain = build(locate(ModelSpec(path=str(folder))), facts, head, "fp32", "cpu", labels=("a", "b", "c"))
    torch.manual_seed(0)
    made: Any = METHODS["warp"](name="warp", n=n, mask=MASK).attach(plain, facts, head, Horizon(1))
    assert sum(p.numel() for p in made.parameters() if p.requires_grad) == count("warp", facts, head, n=n) == n * 24 + 3 * 25
    return made.double().eval(), AutoModelForMaskedLM.from_pretrained(folder, dtype=torch.float64).eval()


def speak(verbaliser: Any, masked: Any) -> None:
    """Let the verbaliser say the model's own words."""
    head = masked.cls.predictions.decoder if hasattr(masked, "cls") else masked.lm_head.decoder
    with torch.no_grad():
        verbaliser.verbaliser.weight.copy_(head.weight[WORDS])
        verbaliser.verbaliser.bias.copy_(head.bias[WORDS])


def batch(rows: Sequence[Sequence[int]], family: str) -> dict[str, Tensor]:
    width = max(len(row) for row in rows)
    ids = torch.tensor([[*row, *[PAD] * (width - len(row))] for row in rows])
    real = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    types = torch.tensor([[int(t > row.index(SEP)) for t in range(len(row))] + [0] * (width - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": real} | ({"token_type_ids": types} if family == "bert" else {})


@pytest.mark.parametrize("family", ["bert", "roberta"])
def test_without_a_prompt_it_is_the_base_asked_for_a_hidden_word(family: str, tmp_path: Path) -> None:
    made, masked = made_and_masked(tmp_path / family, family, 0)
    speak(weights_of(made, Verbaliser), masked)
    with torch.no_grad():
        got = made(**batch([ONE, PAIR], family)).logits
        for row, ids in enumerate(([*ONE[:-1], MASK, SEP], [CLS, 11, 12, MASK, SEP, 21, 22, 23, SEP])):
            logits = masked(**batch([ids], family)).logits[0, ids.index(MASK)]
            close(got[row], logits[WORDS], 1e-9)


@pytest.mark.parametrize("family", ["bert", "roberta"])
def test_prompts_stand_where_the_template_says(family: str, tmp_path: Path) -> None:
    made, masked = made_and_masked(tmp_path / family, family, 6)
    speak(weights_of(made, Verbaliser), masked)
    prompt = weights_of(made, Prompt).prompt
    with torch.no_grad():
        table = masked.get_input_embeddings()
        assert torch.equal(prompt, table(torch.tensor([MASK] * 6)))
        prompt.add_(0.3 * torch.randn_like(prompt))
    leaf = prompt.detach().clone().requires_grad_()
    assert parts_of(6) == [2, 2, 1, 1]
    first, second, third, fourth = leaf.split([2, 2, 1, 1])
    got = made(**batch([ONE, PAIR], family)).logits
    wanted = []
    for ids in (ONE, PAIR):
        end = ids.index(SEP)
        head, text, rest = table(torch.tensor(ids[:1])), table(torch.tensor(ids[1:end])), table(torch.tensor(ids[end:]))
        hidden = table(torch.tensor([MASK]))
        read = torch.cat([head, first, text, second, hidden, third, rest[:-1], fourth, rest[-1:]])
        types = torch.zeros(1, len(read), dtype=torch.long)
        types[0, 1 + 2 + len(text) + 2 + 1 + 1 + 1 :] = int(ids is PAIR)
        given = {"token_type_ids": types} if family == "bert" else {}
        wanted.append(masked(inputs_embeds=read[None], **given).logits[0, 1 + 2 + len(text) + 2, WORDS])
    by_hand = torch.stack(wanted)
    close(got, by_hand, 1e-9)
    direction = torch.randn(got.shape, dtype=torch.float64)
    (ours,), (theirs,) = (torch.autograd.grad((out * direction).sum(), of) for out, of in ((got, prompt), (by_hand, leaf)))
    close(ours, theirs, 1e-9)


def test_a_base_without_its_masked_head_is_refused(tmp_path: Path) -> None:
    from transformers import AutoModelForSequenceClassification

    write_tiny_encoder(tmp_path / "masked")
    AutoModelForSequenceClassification.from_pretrained(tmp_path / "masked", num_labels=3).save_pretrained(tmp_path / "classes")
    facts, head = facts_from_config(read_config(tmp_path / "classes")), HeadFacts("classes", 3)
    plain = AutoModelForSequenceClassification.from_pretrained(tmp_path / "classes")
    with pytest.raises(MethodError, match="saved without its masked-language head"):
        METHODS["warp"](name="warp", n=2, mask=MASK).attach(plain, facts, head, Horizon(1))


def test_rows_with_adapters_of_their_own_are_refused_in_words(tmp_path: Path) -> None:
    made, _ = made_and_masked(tmp_path / "bert", "bert", 2)
    with pytest.raises(ValueError, match="one adapter of this type answers a whole batch"):
        made(**batch([ONE, PAIR], "bert"), adapter_names=["default", "__base__"])


def test_what_it_cannot_read_is_refused(tmp_path: Path) -> None:
    head = HeadFacts("classes", 3)
    facts = facts_from_config(read_config(write_tiny_encoder(tmp_path / "bert")))
    kind: Any = METHODS["warp"]
    with pytest.raises(MethodError, match="no token that hides another"):
        kind(name="warp").worded(len, Vocabulary(), ()).build(facts, head, Horizon(1))
    assert kind(name="warp").worded(len, Vocabulary(mask=MASK), ()).mask == MASK
    with pytest.raises(MethodError, match="a decoder has no hidden token"):
        kind(name="warp", n=0).build(facts_from_config(read_config(write_tiny_model(tmp_path / "llama"))), head, Horizon(1))
    deberta = {"model_type": "deberta-v2", "hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 4}
    with pytest.raises(MethodError, match="the head of deberta-v2 models is built in another way"):
        kind(name="warp", mask=MASK).build(facts_from_config(deberta), head, Horizon(1))


def test_published_count() -> None:
    sizes = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16, "vocab_size": 50265}
    large = facts_from_config({"model_type": "roberta", "max_position_embeddings": 514, **sizes})
    assert count("warp", large, HeadFacts("classes", 3), n=20) == 23_555


def test_the_names_in_the_file_stay(tmp_path: Path) -> None:
    from peft import get_peft_model_state_dict

    made, _ = made_and_masked(tmp_path / "bert", "bert", 2)
    at = "base_model.model.classifier.afina_warp_weights"
    head = {f"{at}.{name}_{kind}" for name in ("dense", "norm") for kind in ("weight", "bias")}
    wanted = {"base_model.model.bert.afina_warp_weights.prompt", *head, f"{at}.verbaliser.weight", f"{at}.verbaliser.bias"}
    assert set(get_peft_model_state_dict(made)) == wanted
