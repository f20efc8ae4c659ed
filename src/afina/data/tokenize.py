"""A tokenizer folder, read with the `tokenizers` library alone: ids of the special tokens, exact encoding of pieces, decoding."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import tokenizers

from afina.data.shield import Shield, pieces
from afina.data.template import ChatTemplate
from afina.data.wordmarks import word_marks
from afina.errors import DataError, MachineError
from afina.types import Vocabulary

_SENTINEL = re.compile(r"<extra_id_(\d+)>")
ENDLESS = 10**9
"""tokenizer_config.json writes 1e30 for "no limit"."""


class Tokenizer:
    """One model's tokenizer. Text is encoded as text: special tokens appear only where `control=True` lets them.

    bos, eos, pad: ids, or None where the tokenizer has no such token. adds_bos: whether a sequence begins with bos.
    frames_texts: whether it puts the begin and end tokens around a text by itself, as afina does. between: the ids that part the two texts
    of a pair. tells_apart: whether it marks the second one by a type.
    context: the longest sequence the tokenizer's config names, or None. template: the chat template, or None.
    """

    def __init__(self, backend: tokenizers.Tokenizer, config: dict[str, Any], template: str = "") -> None:
        self._backend = backend
        backend.no_truncation()
        backend.no_padding()
        added = backend.get_added_tokens_decoder()
        self.special_ids = frozenset(index for index, token in added.items() if token.special)
        self.bos_token = _token(config, "bos_token") or _token(config, "cls_token")
        self.eos_token = _token(config, "eos_token") or _token(config, "sep_token")
        self.pad_token = _token(config, "pad_token")
        self.bos, self.eos, self.pad = (self._id(token) for token in (self.bos_token, self.eos_token, self.pad_token))
        marks = {key: self._id(_token(config, key)) for key in ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")}
        self._marks = {key: index for key, index in marks.items() if index is not None}
        self.special_ids |= {index for index in (self.bos, self.eos) if index is not None}
        self.special_tokens = tuple(sorted({added[i].content if i in added else str(backend.id_to_token(i)) for i in self.special_ids}))
        self.shield = Shield(self.special_tokens)
        self.adds_bos = self._adds_bos(config)
        length = config.get("model_max_length")
        self.context: int | None = int(length) if isinstance(length, (int, float)) and 0 < length < ENDLESS else None
        self.template = ChatTemplate(template, self.bos_token, self.eos_token, self.special_tokens) if template else None
        self.anchor = self._find_anchor()
        self.frames_texts = self._frames_texts()
        self.between, self.tells_apart = self._pairs()

    @classmethod
    def load(cls, folder: Path) -> Tokenizer:
        """Read a folder.

        Raises MachineError T008 when tokenizer.json is missing (exit 69), DataError T008 when a file cannot be read.
        """
        folder = Path(folder)
        path = folder / "tokenizer.json"
        if not path.is_file():
            raise _missing(folder)
        try:
            backend = tokenizers.Tokenizer.from_file(str(path))
        except Exception as error:  # the Rust library raises plain Exception
            raise DataError(
                "T008", f"tokenizer.json cannot be read: {error}", where=str(path), fix="download the model folder again"
            ) from None
        config = {**_special_map(folder), **_read_json(folder / "tokenizer_config.json")}
        return cls(backend, config, _template_source(folder, config))

    @property
    def vocab_size(self) -> int:
        return self._backend.get_vocab_size(with_added_tokens=True)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What noise over tokens has to know; T5's sentinels are told by their name."""
        added = self._backend.get_added_tokens_decoder()
        named = {int(found[1]): index for index, token in added.items() if (found := _SENTINEL.fullmatch(token.content))}
        mask = self._marks.get("mask_token")
        if mask is None:
            mask = next((index for index, token in added.items() if token.content in ("[MASK]", "<mask>")), None)
        sentinels = tuple(named[n] for n in range(len(named)) if n in named)
        special = self.special_ids.union(self._marks.values())
        words = None if mask is None else word_marks(self._backend, special)
        return Vocabulary(self.vocab_size, special, mask, sentinels, self.eos, words)

    def encode(self, text: str, control: bool = False, follows: bool = False) -> list[int]:
        """Return ids without any added begin or end.

        control: special-token strings become their ids (template text); else they are encoded as the characters they are.
        follows: the text continues a sequence, so a tokenizer that prefixes a space to every text must not do it here.
        """
        if not text:
            return []
        anchor, anchor_ids = self.anchor
        if follows and anchor:
            ids = self._checked(anchor + text, control)
            if ids[: len(anchor_ids)] == anchor_ids:
                return ids[len(anchor_ids) :]
        return self._checked(text, control)

    def word(self, word: str) -> list[int]:
        """Return the ids of a word among words, which stand apart as a space keeps them, the first one too.

        They are those of transformers' `is_split_into_words`, for tokenizers made with `add_prefix_space` where that is asked for. A word
        that leaves no id (a lone control character) is read as a question mark: every word has a place.
        """
        prefixed = bool(self.anchor[0])  # the tokenizer itself puts a space before every text
        return self.encode(word if prefixed else f" {word}") or self.encode("?" if prefixed else " ?")

    def encode_rendered(self, text: str, follows: bool = False) -> list[int]:
        """Return the ids of template text, whose protected pieces (see shield.py) stay plain text."""
        ids: list[int] = []
        for piece in pieces(text):
            ids += self.encode(piece.text, piece.control, follows or bool(ids))
        return ids

    def decode(self, ids: Sequence[int], skip_special: bool = False) -> str:
        return self._backend.decode(list(ids), skip_special_tokens=skip_special)

    def token(self, index: int) -> str:
        return self._backend.id_to_token(index) or ""

    def id_of(self, token: str) -> int | None:
        return self._id(token)

    def identity(self) -> str:
        """Return a hash of all that decides how text becomes ids."""
        template = self.template.source if self.template else ""
        parts = (self._backend.to_str(), str(self.special_tokens), str((self.bos, self.eos, self.pad, self.adds_bos)), template)
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def differs_from(self, other: Tokenizer, texts: Sequence[str], vocab_size: int) -> str:
        """Return why ids of this tokenizer mean something else to a model with another one; "" where they mean the same.

        texts: which both must read alike. vocab_size: rows of the other model's embeddings, of which some may be of no token.
        """
        mine, its = (tokenizer._backend.get_vocab(with_added_tokens=True) for tokenizer in (self, other))
        names, its_names = ({index: token for token, index in vocabulary.items()} for vocabulary in (mine, its))
        for index in sorted(names.keys() & its_names.keys()):
            if names[index] != its_names[index]:
                return f'token {index} is "{its_names[index]}" there and "{names[index]}" here'
        if beyond := sum(index >= vocab_size for index in names):
            return f"{beyond:,} tokens of this model are none of its {vocab_size:,}"
        read_otherwise = next((text for text in texts if self.encode(text) != other.encode(text)), None)
        return f'it reads "{read_otherwise[:40]}" as other tokens' if read_otherwise is not None else ""

    def _id(self, token: str) -> int | None:
        return self._backend.token_to_id(token) if token else None

    def _raw(self, text: str, control: bool) -> list[int]:
        self._backend.encode_special_tokens = not control
        return self._backend.encode(text, add_special_tokens=False).ids

    def _checked(self, text: str, control: bool) -> list[int]:
        ids = self._raw(text, control)
        if control or not any(index in self.special_ids for index in ids):
            return ids
        # the merges of some SentencePiece vocabularies build "<s>" from its characters: cut the string so that they cannot
        for token in self.special_tokens:
            at = text.find(token)
            if at >= 0:
                cut = at + max(1, len(token) // 2)
                return self._checked(text[:cut], False) + self.encode(text[cut:], False, follows=True)
        # a normalizer made it from look-alike characters: never let it begin or end a sequence
        return [index for index in ids if index not in (self.bos, self.eos)]

    def _find_anchor(self) -> tuple[str, list[int]]:
        """Return a text, and its ids, to put before pieces that follow others; ("", []) when texts are not prefixed with a space anyway."""
        for text in ("\n", ".", "a"):
            alone, anchor, both = (self._raw(piece, True) for piece in ("a", text, f"{text}a"))
            # ids of unknown characters may fuse with their neighbours, so they hold nothing in place
            if anchor and not any(index in self.special_ids for index in anchor) and both[: len(anchor)] == anchor:
                return (text, anchor) if both[len(anchor) :] != alone else ("", [])
        return "", []

    def _frames_texts(self) -> bool:
        begin, end = ([index] if index is not None else [] for index in (self.bos if self.adds_bos else None, self.eos))
        return self._backend.encode("a", add_special_tokens=True).ids == begin + self._raw("a", True) + end

    def _pairs(self) -> tuple[tuple[int, ...], bool]:
        """Return the ids between two texts (of the tokenizer's own form of a pair, or a line break), and whether types tell them apart."""
        pair = self._backend.encode("a", "b", add_special_tokens=True)
        first, second = self._raw("a", True), self._raw("b", True)
        inside = [index for index, mask in zip(pair.ids, pair.special_tokens_mask, strict=True) if not mask]
        places = [place for place, mask in enumerate(pair.special_tokens_mask) if mask]
        begin = next((place for place in range(len(pair.ids)) if place not in places), 0) + len(first)
        between = [pair.ids[place] for place in places if place >= begin]
        own_eos = self.eos is not None and between[-1:] == [self.eos]
        between = between[:-1] if own_eos else between
        if inside == first + second and between and all(index == self.eos for index in between):
            return tuple(between), pair.type_ids[-1] != pair.type_ids[0]
        return tuple(self.encode("\n", follows=True)), False

    def _adds_bos(self, config: dict[str, Any]) -> bool:
        if self.bos is None:
            return False
        if isinstance(config.get("add_bos_token"), bool):
            return config["add_bos_token"]
        self._backend.encode_special_tokens = False
        return self._backend.encode("a").ids[:1] == [self.bos]


def _token(config: dict[str, Any], key: str) -> str:
    value = config.get(key)
    if isinstance(value, dict):
        value = value.get("content")
    return value if isinstance(value, str) else ""


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("T008", f"{path.name} cannot be read: {error}", where=str(path), fix="download the model folder again") from None
    return value if isinstance(value, dict) else {}


def _special_map(folder: Path) -> dict[str, Any]:
    return _read_json(folder / "special_tokens_map.json")


def _template_source(folder: Path, config: dict[str, Any]) -> str:
    """chat_template.jinja, else the config's template, else the config's template called "default"."""
    path = folder / "chat_template.jinja"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    value = config.get("chat_template")
    if isinstance(value, list):
        named = {item.get("name"): item.get("template") for item in value if isinstance(item, dict)}
        value = named.get("default") or next(iter(named.values()), "")
    return value if isinstance(value, str) else ""


def _missing(folder: Path) -> MachineError:
    if not folder.is_dir():
        return MachineError("T008", "there is no such model folder", where=str(folder), fix="model.path=FOLDER that holds tokenizer.json")
    if (folder / "tokenizer.model").is_file():
        command = f"python -c \"import transformers; transformers.AutoTokenizer.from_pretrained('{folder}').save_pretrained('{folder}')\""
        return MachineError("T008", "the tokenizer is a SentencePiece file only; tokenizer.json is needed", where=str(folder), fix=command)
    return MachineError(
        "T008", "tokenizer.json is missing", where=str(folder), fix="download the whole model folder, tokenizer files included"
    )
