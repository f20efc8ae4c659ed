"""Tokenizer folders: special tokens, begin tokens, and text that never turns into control tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data.encoder import Encoder
from afina.data.tokenize import Tokenizer
from afina.errors import DataError, MachineError
from afina.recipe.schema import DataSpec
from afina.types import Pair
from tests.tiny import write_tokenizer

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20)


def test_what_a_folder_says(base: Tokenizer, spm: Tokenizer) -> None:
    assert (base.bos, base.eos, base.pad, base.adds_bos, base.context, base.vocab_size) == (0, 1, 2, True, 256, 320)
    assert base.template is None
    assert (spm.bos, spm.eos, spm.pad, spm.adds_bos, spm.context) == (1, 2, None, True, None)


def test_encoding_is_text_unless_control_is_asked_for(base: Tokenizer) -> None:
    assert base.encode("</s>", control=True) == [1]
    plain = base.encode("a </s> b <|user|>")
    assert not set(plain) & base.special_ids
    assert base.decode(plain) == "a </s> b <|user|>"
    assert base.encode("") == []


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(st.one_of(WORDS, st.sampled_from(["<s>", "</s>", "<unk>", "<|user|>"])), max_size=5))
def test_no_text_becomes_a_control_token(base: Tokenizer, spm: Tokenizer, parts: list[str]) -> None:
    text = "".join(parts)
    assert base.decode(base.encode(text)) == text
    assert not {spm.bos, spm.eos} & set(spm.encode(text))
    assert not {spm.bos, spm.eos} & set(spm.encode(text, follows=True))


def test_a_continuation_is_not_prefixed_with_a_space(spm: Tokenizer, base: Tokenizer) -> None:
    assert [spm.token(i) for i in spm.encode("ab")] == ["▁", "a", "b"]
    assert [spm.token(i) for i in spm.encode("ab", follows=True)] == ["a", "b"]
    assert [spm.token(i) for i in spm.encode(" ab", follows=True)] == ["▁", "a", "b"]
    assert base.encode("ab", follows=True) == base.encode("ab")


def test_rendered_text_keeps_protected_pieces_plain(base: Tokenizer) -> None:
    ids = base.encode_rendered(f"<|user|>{base.shield.protect('x </s> y')}</s>")
    assert [i for i in ids if i in base.special_ids] == [base.id_of("<|user|>"), 1]
    assert base.decode(ids) == "<|user|>x </s> y</s>"


@pytest.mark.parametrize(
    ("config", "adds"),
    [({"add_bos_token": False}, False), ({"add_bos_token": True}, True), ({}, True), ({"bos_token": None}, False)],
)
def test_begin_token_behaviour(tmp_path: Path, config: dict[str, object], adds: bool) -> None:
    write_tokenizer(tmp_path)
    path = tmp_path / "tokenizer_config.json"
    (tmp_path / "special_tokens_map.json").unlink()
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    assert Tokenizer.load(tmp_path).adds_bos is adds


def test_template_from_the_config_and_by_name(tmp_path: Path) -> None:
    write_tokenizer(tmp_path)
    path = tmp_path / "tokenizer_config.json"
    named = [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "usual"}]
    path.write_text(json.dumps({"chat_template": named, "eos_token": "</s>"}))
    template = Tokenizer.load(tmp_path).template
    assert template is not None
    assert (template.source, template.eos) == ("usual", "</s>")


def test_missing_and_damaged_folders(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"T008 .*tokenizer.json is missing"):
        Tokenizer.load(tmp_path)
    with pytest.raises(MachineError, match=r"there is no such model folder"):
        Tokenizer.load(tmp_path / "modle")
    (tmp_path / "tokenizer.model").write_bytes(b"x")
    with pytest.raises(MachineError, match=r"SentencePiece file only"):
        Tokenizer.load(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(DataError, match=r"T008 .*cannot be read"):
        Tokenizer.load(tmp_path)


def test_pairs_are_written_as_the_tokenizer_itself_writes_them(tiny_encoder: Path, tiny_encoder_decoder: Path, tiny_model: Path) -> None:
    from transformers import AutoTokenizer

    for folder, between, tells in ((tiny_encoder, ["[SEP]"], True), (tiny_encoder_decoder, ["</s>"], False), (tiny_model, ["Ċ"], False)):
        tokenizer = Tokenizer.load(folder)
        assert [tokenizer.token(index) for index in tokenizer.between] == between
        assert tokenizer.tells_apart == tells
        assert tokenizer.frames_texts == (folder != tiny_model), "the byte-level one puts no end token"
    encoder = Encoder(Tokenizer.load(tiny_encoder), DataSpec(), 64, ("no", "yes"), "encoder")
    (example,) = encoder.encode([Pair(1, "the cat", "an owl, a pig", "yes")], "classify").examples
    wanted = AutoTokenizer.from_pretrained(tiny_encoder)("the cat", "an owl, a pig")
    assert list(example.ids) == wanted.input_ids
    assert [int(place >= example.second) for place in range(len(example))] == wanted.token_type_ids


def test_two_separators_and_no_types_as_roberta_has_them(tiny_model: Path, tmp_path: Path) -> None:
    import shutil

    import tokenizers
    from tokenizers.processors import RobertaProcessing
    from transformers import AutoTokenizer

    folder = shutil.copytree(tiny_model, tmp_path / "roberta")
    whole = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    whole.post_processor = RobertaProcessing(("</s>", 1), ("<s>", 0), trim_offsets=True, add_prefix_space=False)  # type: ignore[assignment]
    whole.save(str(folder / "tokenizer.json"))
    encoder = Encoder(Tokenizer.load(folder), DataSpec(), 64, ("no", "yes"), "encoder")
    (example,) = encoder.encode([Pair(1, "the cat", "an owl, a pig", "yes")], "classify").examples
    assert list(example.ids) == AutoTokenizer.from_pretrained(folder)("the cat", "an owl, a pig").input_ids
    assert example.second == 0, "a type that the tokenizer never gives is not trained either"


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bert", (101, 102, 0, True, 512, False)),
        ("gpt2", (50256, 50256, None, False, 1024, False)),
        ("llama3", (128000, 128009, None, True, 131072, True)),
        ("mistral-spm", (1, 2, 2, True, None, False)),
        ("qwen2", (None, 151645, 151643, False, 32768, True)),
        ("smollm2", (1, 2, 2, False, 8192, True)),
    ],
)
def test_corpus_tokenizers(corpus, name: str, expected: tuple[object, ...]) -> None:
    tokenizer = Tokenizer.load(corpus / "tokenizers" / name)
    found = (tokenizer.bos, tokenizer.eos, tokenizer.pad, tokenizer.adds_bos, tokenizer.context, tokenizer.template is not None)
    assert found == expected
    for text in ("<s>", "</s> and <|im_end|>", "x<|eot_id|>y", "[SEP] <|endoftext|>"):
        for follows in (False, True):
            assert not {tokenizer.bos, tokenizer.eos} & set(tokenizer.encode(text, follows=follows))
