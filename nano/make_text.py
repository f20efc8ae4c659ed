"""Write the nano's pretraining text: `python -m nano.make_text OUT`.

Four languages, each from its own grammars (nano/text/<language>.py): two thirds prose, one third conversations in the nano's chat format.
Whole families are held out: no sentence plan of heldout.jsonl occurs in train.jsonl. Lines are unique; everything follows from one seed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from nano.text import ca, en, es, it

LANGUAGES = {"en": en, "ca": ca, "es": es, "it": it}
BYTES_PER_LANGUAGE = 4_400_000
CHAT_SHARE = 1 / 3
HELD_OUT_EVERY = 12
"""Every twelfth family of a language, in name order, is held out (prose and tasks alike), and every tenth dialogue."""
HELD_OUT_DOCUMENTS = 60
SINGLE_SHARE = 0.5
LONGEST_PAGE = 8
GIVE_UP_AFTER = 400
"""Draws in a row without a new line after which a family has nothing more to say."""


def chat_text(turns: list[tuple[str, str]]) -> str:
    """A conversation as the nano's chat template writes it (without the leading bos, which every document gets)."""
    return "".join(f"<|user|>{user}<|assistant|>{answer}<|eos|>" for user, answer in turns).removesuffix("<|eos|>")


def families(language: str, chat: bool) -> dict[str, Callable[[Random], str]]:
    module = LANGUAGES[language]
    if not chat:
        return dict(sorted(module.PROSE.items()))
    return {name: (lambda rng, make=make: chat_text(make(rng))) for name, make in sorted(module.TASKS.items())}


def split_families(language: str, chat: bool) -> tuple[dict[str, Callable[[Random], str]], dict[str, Callable[[Random], str]]]:
    """Return (training, held-out) families."""
    named = families(language, chat)
    held = {name for i, name in enumerate(named) if i % HELD_OUT_EVERY == HELD_OUT_EVERY // 2}
    return {n: f for n, f in named.items() if n not in held}, {n: f for n, f in named.items() if n in held}


def unique_lines(makers: dict[str, Callable[[Random], str]], n_bytes: int, rng: Random) -> Iterator[str]:
    """Yield distinct lines, families in turn, until `n_bytes` or until no family has a new one."""
    seen: set[str] = set()
    size, alive, misses = 0, list(makers), dict.fromkeys(makers, 0)
    while size < n_bytes and alive:
        for name in list(alive):
            line = makers[name](rng).strip()
            if line in seen:
                misses[name] += 1
                if misses[name] > GIVE_UP_AFTER:
                    alive.remove(name)
                continue
            misses[name] = 0
            seen.add(line)
            size += len(line.encode())
            yield line


def pages(lines: list[str], between: str, rng: Random) -> list[str]:
    """Join a part of the lines, of any family, to pages and long conversations, so that the whole context is used."""
    rng.shuffle(lines)
    n_single = int(len(lines) * SINGLE_SHARE)
    joined, rest = lines[:n_single], lines[n_single:]
    while rest:
        n = rng.randrange(2, LONGEST_PAGE + 1)
        joined.append(between.join(rest[:n]))
        rest = rest[n:]
    return joined


def documents(seed: int = 0) -> tuple[list[str], dict[str, list[str]]]:
    """Return the training documents, shuffled, and the held-out ones by language and kind."""
    train: list[str] = []
    held: dict[str, list[str]] = {}
    for language, module in LANGUAGES.items():
        rng = Random(f"{seed}-{language}")
        for chat, share in ((False, 1 - CHAT_SHARE), (True, CHAT_SHARE)):
            kept, out = split_families(language, chat)
            train += pages(list(unique_lines(kept, int(BYTES_PER_LANGUAGE * share), rng)), "<|eos|>" if chat else "\n\n", rng)
            name = f"{language}-{'chat' if chat else 'prose'}"
            held[name] = [line for maker in out.values() for line in list(unique_lines({"": maker}, 40_000, rng))[:HELD_OUT_DOCUMENTS]]
        dialogues = [chat_text(turns) for turns in module.DIALOGUES]
        train += [text for i, text in enumerate(dialogues) if i % 10]
        held[f"{language}-chat"] += dialogues[::10]
    Random(seed).shuffle(train)
    return train, held


def main() -> None:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    train, held = documents()
    write(out / "train.jsonl", train)
    for name, lines in held.items():
        write(out / f"heldout-{name}.jsonl", lines)
    write(out / "heldout.jsonl", [line for lines in held.values() for line in lines])
    n_bytes = sum(len(line.encode()) for line in train)
    print(f"{len(train):,} documents, {n_bytes / 1e6:.1f} MB, {sum(map(len, held.values())):,} held out")


def write(path: Path, lines: list[str]) -> None:
    path.write_text("".join(json.dumps({"text": line}, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
