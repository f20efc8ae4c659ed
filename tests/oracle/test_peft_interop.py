"""An adapter that a run leaves loads with transformers and peft alone, where afina cannot even be imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from afina import api
from afina.models.load import load_trained
from afina.run import Run

TEXTS = ["the cat number 3 and the dog", "bread", "say owl 4 times, case 7: an owl, a pig and a fox"]

STRANGER = '''
import sys

class NoAfina:
    """A machine on which afina was never installed."""

    def find_spec(self, name, path=None, target=None):
        if name == "afina" or name.startswith("afina."):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, NoAfina())
try:
    import afina
except ModuleNotFoundError:
    pass
else:
    raise SystemExit("afina is there")

import json
import torch
from peft import PeftConfig, PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

folder, out, texts = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
config = PeftConfig.from_pretrained(folder)
n_labels = {"num_labels": len(json.load(open(folder + "/labels.json")))} if config.task_type == "SEQ_CLS" else {}
kind = AutoModelForSequenceClassification if config.task_type == "SEQ_CLS" else AutoModelForCausalLM
base = kind.from_pretrained(config.base_model_name_or_path, dtype=torch.float32, **n_labels)
model = PeftModel.from_pretrained(base, folder).eval()
tokenizer = AutoTokenizer.from_pretrained(folder)
ids = [tokenizer(text).input_ids for text in texts]
with torch.inference_mode():
    logits = [model(input_ids=torch.tensor([row])).logits for row in ids]
    with model.disable_adapter():
        plain = [model(input_ids=torch.tensor([row])).logits for row in ids]
assert not [name for name in sys.modules if name.partition(".")[0] == "afina"]
torch.save({"ids": ids, "logits": logits, "plain": plain}, out)
'''


def trained(data: Path, model: Path, out: Path) -> Run:
    settings = {"max_steps": 12, "eval.compare": False, "learning_rate": 1e-2, "train.device": "cpu", "output.dir": str(out)}
    return api.train(data, model, method={"name": "lora", "r": 4}, **settings).run


@pytest.mark.parametrize("task", ["classify", pytest.param("sft", marks=pytest.mark.full)])
def test_a_strangers_machine_computes_the_same(
    task: str, labelled_csv: Path, completion_jsonl: Path, tiny_model: Path, tmp_path: Path
) -> None:
    run = trained(labelled_csv if task == "classify" else completion_jsonl, tiny_model, tmp_path / "runs")
    assert run.is_adapter
    out = tmp_path / "logits.pt"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", STRANGER, str(run.trained), str(out), json.dumps(TEXTS)]
    process = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert process.returncode == 0, process.stderr[-3000:]
    found = torch.load(out)
    ours = load_trained(run, "cpu")
    for ids, theirs, plain in zip(found["ids"], found["logits"], found["plain"], strict=True):
        with torch.inference_mode():
            mine = ours(input_ids=torch.tensor([ids])).logits
        assert float((mine - theirs).abs().max()) <= 1e-5
        assert task == "classify" or float((theirs - plain).abs().max()) > 1e-2, "an adapter that does nothing proves nothing"
