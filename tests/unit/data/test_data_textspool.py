"""Texts laid aside come back as they were, from memory, from the file and from both."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data import textspool
from afina.data.textspool import TextSpool

TEXTS = st.lists(st.text(max_size=40) | st.sampled_from(["", "\ud800", "a" * 300, "\0"]), max_size=60)


@settings(max_examples=300, deadline=None)
@given(texts=TEXTS, kept=st.sampled_from([0, 7, 100, 1 << 20]), read=st.sampled_from([1, 50, 1 << 20]))
def test_texts_come_back_in_any_order(texts: list[str], kept: int, read: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textspool, "IN_MEMORY_BYTES", kept)
        patch.setattr(textspool, "READ_BYTES", read)
        spool = TextSpool(texts)
        assert len(spool) == len(texts)
        assert list(spool) == texts
        assert [spool[place] for place in reversed(range(len(texts)))] == texts[::-1]
        assert [spool[place - len(texts)] for place in range(len(texts))] == texts
        assert spool[1::3] == texts[1::3]
        with pytest.raises(IndexError):
            spool[len(texts)]


def test_a_spool_goes_on_after_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textspool, "IN_MEMORY_BYTES", 10)
    spool = TextSpool(["first text", "second text"])
    assert list(spool) == ["first text", "second text"]
    spool.append("third")
    assert list(spool) == ["first text", "second text", "third"]


def test_many_texts_stay_out_of_memory() -> None:
    code = """
import resource
from afina.data.textspool import TextSpool
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
spool = TextSpool(f"{i:06d} " * 500 for i in range(100_000))
assert sum(len(text) for text in spool) == 350_000_000
assert spool[77_777].startswith("077777")
print((peak() - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}, timeout=120)
    assert int(done.stdout) < 220
