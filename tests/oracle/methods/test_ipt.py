"""IPT against its equations by hand, its phases, its decoder used again, and published counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from afina.errors import MethodError
from afina.methods import METHODS, HeadFacts
from afina.models.facts import facts_from_config
from afina.tuners.intrinsic_prompt import IntrinsicPrompt, by_task
from afina.types import Horizon
from tests.oracle.methods.soft import IDS, TASKS, both, close, count, facts_of, names_in_file, same_gradients, weights_of
from tests.oracle.methods.test_prompt_tuning import beside

SETTINGS: dict[str, Any] = {"n": 3, "size": 4, "hidden": 5}


def test_each_phase_has_the_prompt_of_its_equation() -> None:
    made, plain = both("ipt", **SETTINGS)
    space = weights_of(made, IntrinsicPrompt)
    named = dict(space.named_parameters())

    def decoded(leaves: dict[str, torch.Tensor], z: torch.Tensor) -> torch.Tensor:
        inner = torch.tanh(z @ leaves["decoder.0.weight"].T + leaves["decoder.0.bias"])
        return (inner @ leaves["decoder.2.weight"].T + leaves["decoder.2.bias"]).view(-1, 3, 24)

    for phase in ("prompts", "space", "point"):
        leaves = {name: p.detach().clone().requires_grad_() for name, p in named.items()}
        own = leaves["prompts"].view(-1, 3, 24)
        encoded = leaves["prompts"] @ leaves["encoder.weight"].T + leaves["encoder.bias"]
        prompts = {"prompts": own, "space": decoded(leaves, encoded), "point": decoded(leaves, leaves["z"]).expand(2, -1, -1)}[phase]
        if phase == "point":
            got = made(input_ids=IDS).logits
        else:
            with by_task(made, TASKS, phase == "space"):
                got = made(input_ids=IDS).logits
        rows = torch.cat([beside(plain, prompt, IDS[row : row + 1]) for row, prompt in enumerate(prompts)])
        wanted = plain(inputs_embeds=rows).logits[:, 3:]
        close(got, wanted)
        moving = {"prompts": ["prompts"], "space": [name for name in named if name[:3] in ("enc", "dec")], "point": ["z"]}[phase]
        same_gradients(got, wanted, [named[name] for name in moving], [leaves[name] for name in moving])
    close(space.distance(), (decoded(leaves, encoded) - own).square().mean())


def test_tasks_share_a_packed_row() -> None:
    made, _ = both("ipt", **SETTINGS)
    body = made.get_base_model().base_model
    positions = torch.tensor([[*range(4), *range(6)]])
    with torch.no_grad(), by_task(made, TASKS, False):
        alone = body(input_ids=IDS, use_cache=False).last_hidden_state
        packed = body(input_ids=torch.cat([IDS[:1, :4], IDS[1:]], 1), position_ids=positions, use_cache=False).last_hidden_state
    close(packed[0, :4], alone[0, :4])
    close(packed[0, 4:], alone[1])


def test_a_space_as_large_as_the_prompt_with_identity_maps_is_prompt_tuning() -> None:
    made, plain = both("ipt", n=2, size=48, hidden=0)
    space, rows = weights_of(made, IntrinsicPrompt), torch.randn(2, 24, dtype=torch.float64)
    with torch.no_grad():
        space.decoder[0].weight.copy_(torch.eye(48))
        space.decoder[0].bias.zero_()
        space.z.copy_(rows.flatten())
        close(made(input_ids=IDS).logits, plain(inputs_embeds=beside(plain, rows, IDS)).logits[:, 2:])


def test_each_phase_moves_its_own() -> None:
    from fnmatch import fnmatchcase

    made, _ = both("ipt", **SETTINGS)
    method = METHODS["ipt"](name="ipt", **SETTINGS).settled(TASKS)
    phases = method.phases(Horizon(100))
    assert [phase.steps for phase in phases] == [30, 40, 30]
    parts = ("prompts", "encoder", "decoder", "z")
    moving = []
    for phase in phases:
        trained = [name for name, p in made.named_parameters() if p.requires_grad]
        names = [name for name in trained if not any(fnmatchcase(name, end) for end in phase.resting)]
        moving.append({part for part in parts for name in names if f".{part}" in name.split("default")[-1]})
    assert moving == [{"prompts"}, {"encoder", "decoder"}, {"z"}]


def test_a_decoder_is_used_again_and_rests(tmp_path: Path) -> None:
    made, plain = both("ipt", **SETTINGS)
    made.float().save_pretrained(str(tmp_path / "adapter"))
    method: Any = METHODS["ipt"](name="ipt", decoder=str(tmp_path)).settled(())
    assert (method.n, method.size, method.hidden, method.tasks) == (3, 4, 5, ())
    facts = facts_of(**plain.config.to_dict())
    again: Any = method.attach(plain.float(), facts, HeadFacts("lm"), Horizon(30))
    assert [name.rsplit(".", 1)[-1] for name, p in again.named_parameters() if p.requires_grad] == ["z"]
    assert method.n_trainable(facts, HeadFacts("lm")) == 4
    one, other = (weights_of(model, IntrinsicPrompt) for model in (made, again))
    with torch.no_grad():
        other.z.copy_(one.z)
        close(other(), one(), 1e-6)
    at = "base_model.model.model.afina_intrinsic_prompt_weights"
    decoder = {f"{at}.decoder.{place}.{kind}" for place in (0, 2) for kind in ("weight", "bias")}
    assert names_in_file(again) == {f"{at}.z", *decoder}
    assert names_in_file(made) == {f"{at}.z", f"{at}.prompts", f"{at}.encoder.weight", f"{at}.encoder.bias", *decoder}
    wider = facts_of(**{**plain.config.to_dict(), "hidden_size": 32})
    with pytest.raises(MethodError, match="24 numbers wide, and this model's embeddings 32"):
        method.build(wider, HeadFacts("lm"), Horizon(1))
    with pytest.raises(MethodError, match="holds no decoder of ipt"):
        METHODS["ipt"](name="ipt", decoder=str(tmp_path / "nowhere")).settled(())


def test_without_several_tasks_it_is_refused() -> None:
    for tasks, found in (((), "data.task is not given"), (("a",), 'all rows are of the task "a"')):
        with pytest.raises(MethodError) as caught:
            METHODS["ipt"](name="ipt").settled(tasks)
        assert caught.value.text().startswith("R018 data.task") and found in caught.value.text()


def test_published_counts() -> None:
    sizes = (("layers", 6), ("attention_heads", 12), ("ffn_dim", 3072))
    sides = {f"{side}_{what}": n for side in ("encoder", "decoder") for what, n in sizes}
    bart = facts_from_config({"model_type": "bart", "d_model": 768, "vocab_size": 50265, **sides})
    method: Any = METHODS["ipt"](name="ipt", n=100, size=250, tasks=("a", "b"))
    assert method.n_decoder(bart) == 59_251_968
    assert method.n_shared(bart) - 2 * 76_800 == 78_452_218
    assert count("ipt", bart, n=100, size=250) == 250
