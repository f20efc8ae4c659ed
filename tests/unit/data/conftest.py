"""Small tokenizers and files for the data tests; nothing here needs torch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from afina.data.tokenize import Tokenizer
from afina.recipe.schema import DataSpec
from tests.tiny import write_tokenizer


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    """Byte-level, begins with <s>, ends with </s>, no chat template."""
    folder = tmp_path_factory.mktemp("base")
    write_tokenizer(folder)
    return Tokenizer.load(folder)


@pytest.fixture(scope="session")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    """The same with a template that writes <s> itself and marks the answers."""
    folder = tmp_path_factory.mktemp("chat")
    write_tokenizer(folder, chat=True)
    return Tokenizer.load(folder)


@pytest.fixture(scope="session")
def spm(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    """Like Llama 2: every text is prefixed with a space, and merges exist that build "</s>" from its characters."""
    from tokenizers import AddedToken, decoders, models, normalizers, processors
    from tokenizers import Tokenizer as Backend

    folder = tmp_path_factory.mktemp("spm")
    letters = [chr(code) for code in range(33, 127)]
    vocab = {token: index for index, token in enumerate(["<unk>", "<s>", "</s>", "\n", "▁", *letters, "</", "s>"])}
    merges = [("<", "/"), ("s", ">"), ("</", "s>")]
    backend = Backend(models.BPE(vocab, merges, unk_token="<unk>", fuse_unk=True))
    backend.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    backend.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    backend.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in ("<unk>", "<s>", "</s>")])
    backend.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    backend.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"bos_token": {"content": "<s>"}, "eos_token": "</s>", "add_bos_token": True}))
    return Tokenizer.load(folder)


Write = Callable[..., DataSpec]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """write(name, content, **spec) writes a file and returns the DataSpec that reads it."""

    def make(name: str, content: str | bytes | list[object], **spec: object) -> DataSpec:
        path = tmp_path / name
        if isinstance(content, list):
            content = json.dumps(content) if name.endswith(".json") else "".join(json.dumps(row) + "\n" for row in content)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return DataSpec(path=str(path), **spec)

    return make
