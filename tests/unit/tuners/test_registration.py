"""Types of adapter of our own, as peft and transformers see them."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from peft import PeftModel, get_peft_model
from peft.utils.peft_types import PeftType
from transformers import AutoModelForCausalLM

from afina.tuners.bottleneck import BottleneckConfig, BottleneckLayer
from afina.tuners.layer import AdapterLayer
from afina.tuners.registration import register
from afina.tuners.tuner import rows_by

IDS = torch.tensor([[0, 17, 99, 23], [0, 200, 31, 5]])
TARGETS = ["o_proj", "down_proj"]


def with_adapter(base: Path, name: str = "default") -> PeftModel:
    torch.manual_seed(0)
    config = BottleneckConfig(width=4, target_modules=TARGETS, task_type="CAUSAL_LM")
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(base), config, adapter_name=name)
    with torch.no_grad():
        for path, parameter in model.named_parameters():
            if "afina_bottleneck" in path:
                parameter.add_(0.1 * torch.randn(parameter.shape))
    return model.eval()


def scores(model: torch.nn.Module, **options: object) -> torch.Tensor:
    with torch.inference_mode():
        return model(input_ids=IDS, **options).logits


def test_the_type_is_a_member_like_any_other() -> None:
    kind = PeftType("AFINA_BOTTLENECK")
    assert kind in list(PeftType) and PeftType.AFINA_BOTTLENECK is kind
    assert pickle.loads(pickle.dumps(kind)) is kind and copy.deepcopy(kind) is kind
    assert kind.value == "AFINA_BOTTLENECK" and hash(kind) == hash("AFINA_BOTTLENECK")
    n = len(PeftType)
    register("bottleneck", BottleneckConfig, BottleneckLayer)
    assert len(PeftType) == n
    assert BottleneckConfig(target_modules=TARGETS).peft_type is kind


def test_it_loads_where_only_the_tuners_are_imported(tiny_model: Path, tmp_path: Path) -> None:
    """With peft's own loader and with transformers' own, in a process that knows nothing else of afina."""
    model = with_adapter(tiny_model)
    model.save_pretrained(str(tmp_path / "adapter"))
    torch.save(scores(model), tmp_path / "wanted.pt")
    script = f"""
import sys
import afina.tuners, torch
assert not [name for name in sys.modules if name.startswith("afina.") and not name.startswith("afina.tuners")], "more of afina was loaded"
from peft import AutoPeftModelForCausalLM, PeftModel
from transformers import AutoModelForCausalLM
ids, wanted = torch.tensor({IDS.tolist()}), torch.load(r"{tmp_path / "wanted.pt"}")
base = AutoModelForCausalLM.from_pretrained(r"{tiny_model}")
ways = [
    PeftModel.from_pretrained(base, r"{tmp_path / "adapter"}"),
    AutoPeftModelForCausalLM.from_pretrained(r"{tmp_path / "adapter"}"),
    AutoModelForCausalLM.from_pretrained(r"{tmp_path / "adapter"}"),
]
for model in ways:
    with torch.inference_mode():
        assert float((model.eval()(input_ids=ids).logits - wanted).abs().max()) <= 1e-6, type(model)
print("loaded", len(ways))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "loaded 3"


def test_two_side_by_side_by_transformers_own_ways(tiny_model: Path, tmp_path: Path) -> None:
    model = with_adapter(tiny_model)
    model.save_pretrained(str(tmp_path / "adapter"))
    bare = AutoModelForCausalLM.from_pretrained(tiny_model).eval()
    untouched = scores(bare)
    bare.load_adapter(str(tmp_path / "adapter"), adapter_name="one")
    bare.load_adapter(str(tmp_path / "adapter"), adapter_name="two")
    bare.set_adapter("two")
    assert float((scores(bare) - scores(model)).abs().max()) <= 1e-6
    bare.disable_adapters()
    assert torch.equal(scores(bare), untouched)


def test_rows_go_their_own_ways_and_a_wrong_name_is_refused(tiny_model: Path) -> None:
    model = with_adapter(tiny_model)
    with model.disable_adapter():
        base = scores(model)
    tuned = scores(model)
    mixed = scores(model, adapter_names=["default", "__base__"])
    assert float((mixed[0] - tuned[0]).abs().max()) <= 1e-6 and float((mixed[1] - base[1]).abs().max()) <= 1e-6
    assert all(layer.rows == () for layer in model.modules() if isinstance(layer, AdapterLayer))
    with pytest.raises(ValueError, match="no adapter is called nobody"), rows_by(model, ["default", "nobody"]):
        pass


def test_beams_of_a_row_pass_its_adapter(tiny_model: Path) -> None:
    model = with_adapter(tiny_model)
    settings = {"max_new_tokens": 4, "do_sample": False, "num_beams": 3, "pad_token_id": 2, "eos_token_id": 319}
    with torch.inference_mode():
        together = model.generate(input_ids=IDS, adapter_names=["default", "__base__"], **settings)
        tuned = model.generate(input_ids=IDS[:1], **settings)
        with model.disable_adapter():
            base = model.generate(input_ids=IDS[1:], **settings)
    assert torch.equal(together[0], tuned[0]) and torch.equal(together[1], base[0])
