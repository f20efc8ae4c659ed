"""What a method's traits claim, on every family that it claims."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from torch import nn

from afina.methods import METHODS
from afina.models.adapters import merged
from afina.models.load import save_trained, store_frozen
from afina.run import Run
from afina.score import actor_of
from afina.types import Horizon
from tests.contract.attached import CLAIMED, IDS, PRECISIONS, Made, cases, make, move, trained_of

ADAPTERS = [case for case in CLAIMED if METHODS[case[1]].traits.adapter]
Case = tuple[str, str, str]


@contextmanager
def computing_in(dtype: torch.dtype) -> Iterator[None]:
    with torch.autocast("cpu", dtype=dtype, enabled=dtype != torch.float32):
        yield


@pytest.mark.parametrize("case", cases([case for case in CLAIMED if METHODS[case[1]].traits.identity]))
def test_untrained_it_is_the_base(case: Case, folders: dict[str, Path]) -> None:
    family, name, head = case
    made = make(folders[family], name, head)
    assert float((made.scores() - made.scores(made.base)).abs().max()) <= 1e-5


@pytest.mark.parametrize("name", [name for name in METHODS if not METHODS[name].traits.identity])
def test_where_it_says_so_the_untrained_one_differs(name: str, folders: dict[str, Path]) -> None:
    made = make(folders["llama"], name, next(head for family, other, head in CLAIMED if (family, other) == ("llama", name)))
    assert float((made.scores() - made.scores(made.base)).abs().max()) > 1e-5


MERGEABLE = [(*case, precision) for case in ADAPTERS for precision in sorted(METHODS[case[1]].traits.mergeable)]


@pytest.mark.parametrize("case", cases(MERGEABLE))
def test_merged_computes_what_was_trained(case: tuple[str, str, str, str], folders: dict[str, Path]) -> None:
    family, name, head, precision = case
    moved = make(folders[family], name, head, moved=True)
    dtype, tolerance = PRECISIONS[precision]
    store_frozen(moved.model, precision)
    with computing_in(dtype):
        before = moved.scores().float()
        whole = merged(moved.model)
        after = moved.scores(whole).float()
    assert {name for name, _ in whole.named_modules()} == {name for name, _ in moved.base.named_modules()}
    assert float((after - before).norm() / before.norm()) <= tolerance


@pytest.mark.parametrize(
    "name", [name for name in METHODS if METHODS[name].traits.adapter and not METHODS[name].traits.mergeable and name != "peft"]
)
def test_what_cannot_be_merged_says_so(name: str, folders: dict[str, Path]) -> None:
    head = next(head for family, other, head in CLAIMED if (family, other) == ("llama", name))
    with pytest.raises(NotImplementedError, match=r"cannot be folded|can't be merged"):
        make(folders["llama"], name, head, moved=True).model.merge_and_unload()


def with_another(moved: Made) -> nn.Module:
    """The same with a second adapter, trained to something else; the first is active."""
    torch.manual_seed(11)
    config = moved.method.build(moved.facts, moved.head, Horizon(30, 64))
    moved.model.add_adapter("other", config)
    moved.model.set_adapter("other")
    move(moved.model, seed=6)
    moved.model.set_adapter("default")
    return moved.model


@pytest.mark.parametrize("case", cases([case for case in ADAPTERS if METHODS[case[1]].traits.mixed_batch]))
def test_two_adapters_answer_one_batch(case: Case, folders: dict[str, Path]) -> None:
    """The trait mixed_batch: each row by its own adapter, or none, as if it had been alone."""
    family, name, head = case
    moved = make(folders[family], name, head, moved=True)
    before = moved.scores()
    model = with_another(moved)
    assert torch.equal(moved.scores(), before), "a second adapter changed the first"
    model.set_adapter("other")
    alone = [before[0], moved.scores()[1]]
    model.set_adapter("default")
    assert torch.equal(moved.scores(), before)
    written = {"labels": IDS.flip(-1)} if moved.facts.kind == "encoder-decoder" else {}
    with torch.inference_mode():
        together = model.eval()(input_ids=IDS, adapter_names=["default", "other"], **written).logits
    for row in range(2):
        assert float((together[row] - alone[row]).abs().max()) <= 1e-5
    assert float((alone[0] - before[0]).abs().max()) <= 1e-6 and float((alone[1] - before[1]).abs().max()) > 1e-2


@pytest.mark.parametrize("case", cases([case for case in ADAPTERS if case[2] == "lm"]))
def test_taken_off_leaves_the_base(case: Case, folders: dict[str, Path]) -> None:
    """Exactly, in fp32. (peft leaves a head that was trained in place.)"""
    family, name, head = case
    moved = make(folders[family], name, head, moved=True)
    bare = moved.model.unload()
    assert torch.equal(moved.scores(bare), moved.scores(moved.base))


@pytest.mark.parametrize("case", cases([case for case in CLAIMED if case[0] in ("llama", "t5") and METHODS[case[1]].traits.checkpointing]))
def test_recomputed_activations_give_the_same_gradients(case: Case, folders: dict[str, Path]) -> None:
    """Gradient checkpointing, as a training turns it on."""
    family, name, head = case
    found = []
    for recompute in (False, True):
        moved = make(folders[family], name, head, moved=True)
        if recompute:
            bare = actor_of(moved.model).bare
            bare.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
            bare.enable_input_require_grads()
        moved.training(1)._accumulate()
        found.append({path: parameter.grad for path, parameter in trained_of(moved.model).items()})
    assert any(gradient is not None for gradient in found[0].values())
    for path, gradient in found[0].items():
        again = found[1][path]  # None on both sides: another phase trains it
        assert (gradient is None and again is None) or torch.allclose(gradient, again, rtol=1e-4, atol=1e-6), path


@pytest.mark.parametrize("case", cases([case for case in CLAIMED if case[2] == "lm" and case[0] != "bert"]))
def test_generating_with_a_cache_and_without_writes_the_same(case: Case, folders: dict[str, Path]) -> None:
    family, name, head = case
    moved = make(folders[family], name, head, moved=True)
    bare = actor_of(moved.model.eval()).bare
    settings = {"max_new_tokens": 8, "min_new_tokens": 8, "do_sample": False, "pad_token_id": 2, "eos_token_id": 319}
    padded = IDS.clone()
    mask = torch.ones_like(padded)
    padded[1, :2], mask[1, :2] = 2, 0
    with torch.inference_mode():
        written = [bare.generate(padded, attention_mask=mask, use_cache=cached, **settings) for cached in (True, False)]
        alone = bare.generate(padded[1:, 2:], attention_mask=mask[1:, 2:], use_cache=True, **settings)
    assert torch.equal(*written)
    assert torch.equal(written[0][1, -8:], alone[0, -8:]), "padding on the left changed what was written"


@pytest.mark.parametrize("name", [name for name in METHODS if METHODS[name].traits.adapter])
def test_on_a_base_in_half_precision_the_adapter_stays_whole(name: str, folders: dict[str, Path]) -> None:
    head = next(head for family, other, head in CLAIMED if (family, other) == ("llama", name))
    made = make(folders["llama"], name, head)
    store_frozen(made.model, "bf16")
    assert {parameter.dtype for parameter in trained_of(made.model).values()} == {torch.float32}
    with computing_in(torch.bfloat16):
        curve = made.train(6)
    assert all(loss == loss and loss < 20 for loss in curve)
    assert {parameter.dtype for parameter in trained_of(made.model).values()} == {torch.float32}


@pytest.mark.parametrize("name", [name for name in METHODS if METHODS[name].traits.adapter])
def test_its_config_comes_back_whole(name: str, folders: dict[str, Path], tmp_path: Path) -> None:
    """Every field through adapter_config.json, through pickle and through a copy."""
    from peft import PeftConfig

    head = next(head for family, other, head in CLAIMED if (family, other) == ("llama", name))
    made = make(folders["llama"], name, head)
    run = Run(tmp_path / "run")
    run.path.mkdir()
    folder = save_trained(made.model, run, made.located, True)
    written = json.loads((folder / "adapter_config.json").read_text())
    again = PeftConfig.from_pretrained(str(folder))
    again.save_pretrained(str(tmp_path / "again"))
    rewritten = json.loads((tmp_path / "again" / "adapter_config.json").read_text())

    def plain(described: dict[str, object]) -> dict[str, object]:
        return {key: sorted(map(str, value)) if isinstance(value, list) else value for key, value in described.items()}

    assert plain(rewritten) == plain(written)
    assert pickle.loads(pickle.dumps(again)).to_dict() == again.to_dict() == copy.deepcopy(again).to_dict()
