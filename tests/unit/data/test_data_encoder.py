"""Examples: exact masks, one begin token, prompts that are prefixes, nothing lost without a count."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afina.data.columns import recognise
from afina.data.encoder import Encoder
from afina.data.lengths import lengths
from afina.data.rows import typed
from afina.data.sources import read_table
from afina.data.template import ChatTemplate
from afina.data.tokenize import Tokenizer
from afina.data.truncate import Segment, chunk, cut_answered, cut_text, flatten
from afina.errors import DataError, UsageError
from afina.recipe.schema import DataSpec
from afina.types import IGNORE_INDEX, Chat, Completion, Example, Labelled, Message, Row, Text
from tests.unit.data.conftest import Write

SPEC = DataSpec(path="data.jsonl")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Co")), min_size=1, max_size=25).filter(
    lambda text: bool(text.strip())
)
USER_TEXT = st.one_of(WORDS, st.sampled_from(["</s>", "<s>x</s>", "<|assistant|>", "a <|user|> b"]))


def encoder(tokenizer: Tokenizer, max_length: int = 4096, labels: tuple[str, ...] = (), **spec: object) -> Encoder:
    return Encoder(tokenizer, SPEC.model_copy(update=spec), max_length, labels)


def trained(example: Example) -> list[int]:
    return [label for label in example.labels if label != IGNORE_INDEX]


def before(example: Example) -> list[int]:
    """The ids up to the last run of learned tokens."""
    end = max(i for i, label in enumerate(example.labels) if label != IGNORE_INDEX)
    while end >= 0 and example.labels[end] != IGNORE_INDEX:
        end -= 1
    return list(example.ids[: end + 1])


def only(encoder: Encoder, row: Row, objective: str = "sft") -> Example:
    (example,) = encoder.encode([row], objective).examples
    return example


def test_plain_format_by_hand(base: Tokenizer) -> None:
    example = only(encoder(base), Completion(7, "the cat", "a dog"))
    prompt, answer = base.encode("the cat\n"), base.encode("a dog")
    assert example == Example(7, (0, *prompt, *answer, 1), (*([IGNORE_INDEX] * (1 + len(prompt))), *answer, 1))


def test_marked_template_by_hand(chat: Tokenizer) -> None:
    row = Chat(3, (Message("user", "hi"), Message("assistant", "ho"), Message("user", "ha"), Message("assistant", "he")))
    example = only(encoder(chat), row)
    assert chat.decode(example.ids) == "<s><|user|>hi<|assistant|>ho</s><|user|>ha<|assistant|>he</s>"
    assert chat.decode(trained(example)) == "ho</s>he</s>"
    assert list(example.ids).count(chat.bos) == 1


def test_completion_becomes_user_and_assistant(chat: Tokenizer) -> None:
    one = only(encoder(chat), Completion(1, "hi", "ho"))
    assert one == only(encoder(chat), Chat(1, (Message("user", "hi"), Message("assistant", "ho"))))


def test_an_answer_of_weight_0_is_read_and_not_learned(chat: Tokenizer, write: Write) -> None:
    """From the file to the mask; the ids are those of the conversation without weights."""
    turns = [
        {"role": role, "content": said} for role, said in zip(["user", "assistant"] * 3, ["hi", "ho", "ha", "he", "hu", "hm"], strict=True)
    ]
    weighted = [{**turn, "weight": weight} for turn, weight in zip(turns, (0, 0, 1, 1, None, 0), strict=True)]
    spec = write("chats.jsonl", [{"messages": rows} for rows in (weighted, turns[:4], [*turns[:1], {**turns[1], "weight": 0}])])
    table = read_table(spec)
    made = typed(table, recognise(table), spec)
    assert [tuple(drop) for drop in made.dropped] == [(3, "no assistant message to learn from")]
    one, plain = (only(encoder(chat), row) for row in made.rows)
    assert one.ids == plain.ids, "what follows the last answer to learn is cut"
    assert (chat.decode(trained(one)), chat.decode(trained(plain))) == ("he</s>", "ho</s>he</s>")
    assert chat.decode(before(one)) == "<s><|user|>hi<|assistant|>ho</s><|user|>ha<|assistant|>"


def test_an_encoder_decoder_writes_only_what_is_learned(chat: Tokenizer) -> None:
    row = Chat(1, (Message("user", "hi"), Message("assistant", "ho", learned=False), Message("user", "ha"), Message("assistant", "he")))
    coder = Encoder(chat, SPEC.model_copy(update={"template": "chatml"}), 4096, kind="encoder-decoder")
    (example,) = coder.encode([row], "sft").examples
    assert chat.decode(trained(example)) == "<s>he<|im_end|></s>"
    assert "ho" in chat.decode(example.ids[: example.second])


def test_a_window_without_an_answer_to_learn_is_no_example(chat: Tokenizer) -> None:
    turns = [(Message("user", f"hi {n}"), Message("assistant", "ho " * 6, learned=n == 2)) for n in range(3)]
    row = Chat(1, tuple(message for turn in turns for message in turn))
    (example,) = encoder(chat, 32, truncation="split").encode([row], "sft").examples
    assert chat.decode(trained(example)).strip() == "ho " * 6 + "</s>"


def test_chatml_on_a_tokenizer_without_its_tokens_learns_to_stop(base: Tokenizer) -> None:
    row = Chat(1, (Message("user", "hi"), Message("assistant", "ho"), Message("user", "ha"), Message("assistant", "he")))
    coder = encoder(base, template="chatml")
    example = only(coder, row)
    assert base.decode(trained(example)) == "ho<|im_end|></s>he<|im_end|></s>"
    assert coder.stop_ids == (1,)
    assert any("chatml" in notice.what and "plain text" in notice.why for notice in coder.encode([row], "sft").notices)
    assert list(example.ids).count(base.bos) == 1


def test_conversations_on_a_base_model_are_refused(base: Tokenizer) -> None:
    with pytest.raises(DataError, match=r"T001 data.jsonl:5: .*\n  Do: data.template=chatml"):
        encoder(base).encode([Chat(5, (Message("user", "a"), Message("assistant", "b")))], "sft")


@settings(max_examples=60, deadline=None)
@given(turns=st.lists(st.tuples(USER_TEXT, USER_TEXT), min_size=1, max_size=3), template=st.sampled_from(["auto", "chatml"]))
def test_masks_are_exact_and_prompts_are_prefixes(chat: Tokenizer, turns: list[tuple[str, str]], template: str) -> None:
    messages = [message for asked, said in turns for message in (Message("user", asked), Message("assistant", said))]
    coder = encoder(chat, template=template)
    row = Chat(1, tuple(messages))
    example = only(coder, row)
    stop = "</s>" if template == "auto" else "<|im_end|></s>"
    assert chat.decode(trained(example)) == "".join(said + stop for _, said in turns)
    assert coder.prompt_ids(row) == before(example) == coder.prompt_ids(messages[:-1])
    first = next(i for i, label in enumerate(example.labels) if label != IGNORE_INDEX)
    assert coder.prompt_ids(messages[:1]) == list(example.ids[:first])
    benign = only(coder, Chat(1, tuple(Message(m.role, "x") for m in messages)))
    assert sum(i in chat.special_ids for i in example.ids) == sum(i in chat.special_ids for i in benign.ids)


@settings(max_examples=60, deadline=None)
@given(prompt=USER_TEXT, answer=USER_TEXT)
def test_plain_masks_and_prompts(base: Tokenizer, prompt: str, answer: str) -> None:
    coder = encoder(base)
    example = only(coder, Completion(1, prompt, answer))
    assert base.decode(trained(example)) == f"{answer}</s>"
    assert coder.prompt_ids(Completion(1, prompt, answer)) == before(example) == coder.prompt_ids(prompt)
    assert (list(example.ids).count(0), list(example.ids).count(1)) == (1, 1)


def test_spm_continues_without_an_extra_space(spm: Tokenizer) -> None:
    example = only(encoder(spm), Completion(1, "ab", "cd"))
    assert [spm.token(i) for i in example.ids] == ["<s>", "▁", "a", "b", "\n", "c", "d", "</s>"]


def test_prompt_is_cut_on_the_left_and_keeps_its_begin(base: Tokenizer) -> None:
    coder = encoder(base, max_length=12)
    full = encoder(base).prompt_ids("abcdefghijklmnop")
    assert coder.prompt_ids("abcdefghijklmnop", room=4) == [0, *full[-7:]]


def test_classification(base: Tokenizer) -> None:
    coder = encoder(base, labels=("animal", "food"))
    assert only(coder, Labelled(4, "soup", "food"), "classify") == Example(4, (0, *base.encode("soup"), 1), (), 1)
    assert only(coder, Labelled(4, "soup", ""), "classify").target == -1
    with pytest.raises(DataError, match=r'D022 data.jsonl:4: the label "drink" is none of the 2'):
        coder.encode([Labelled(4, "tea", "drink")], "classify")


def test_later_files_use_the_same_encoder_and_are_never_refused_for_length(base: Tokenizer) -> None:
    coder = encoder(base, max_length=8, labels=("a", "b"))
    rows = [Labelled(i, "qwertyuiop", "a") for i in range(10)]
    with pytest.raises(DataError, match=r"T004"):
        coder.encode(rows, "classify")
    later = coder.encode(rows, "classify", strict=False)
    assert all(len(example) == 8 for example in later.examples)
    assert "10 of 10 rows are longer than max_length 8 and were cut (start kept)" in later.notices[0].what


@settings(max_examples=80, deadline=None)
@given(n=st.integers(0, 60), max_length=st.integers(2, 20))
def test_chunks_predict_every_token_once(n: int, max_length: int) -> None:
    pieces = chunk(range(n), max_length)
    predicted = [t for start, end in pieces for t in range(start + 1, end)]
    assert predicted == list(range(1, n))
    assert all(2 <= end - start <= max_length for start, end in pieces)


def test_long_documents_are_chunked_never_cut(base: Tokenizer) -> None:
    text = "qwertyuiopasdfghjklzxcvbnm"
    ids = [0, *base.encode(text), 1]
    found = encoder(base, max_length=10).encode([Text(9, text), Text(10, "the")], "lm")
    first, *rest = [example for example in found.examples if example.number == 9]
    assert [*first.ids, *(i for example in rest for i in example.ids[1:])] == ids
    assert [label for example in (first, *rest) for label in example.labels[1:]] == ids[1:]
    assert all(example.labels[0] == IGNORE_INDEX for example in found.examples)
    assert found.notices == []


def test_cutting_by_hand() -> None:
    row = [Segment([0, 11, 12, 13, 14, 99], False), Segment([21, 22, 1], True)]
    assert cut_answered(row, 9, "keep_start", 1, 1) == (*flatten(row), 0)
    assert cut_answered(row, 7, "keep_start", 1, 1).ids == [0, 11, 12, 99, 21, 22, 1]
    assert cut_answered(row, 7, "keep_end", 1, 1).ids == [0, 13, 14, 99, 21, 22, 1]
    tight = cut_answered(row, 4, "keep_end", 1, 1)
    assert (tight.ids, tight.labels, tight.lost) == ([0, 99, 21, 22], [-100, -100, 21, 22], 1)
    assert cut_text([0, 1, 2, 3, 9], 4, "keep_start", 1, 1) == [0, 1, 2, 9]
    assert cut_text([0, 1, 2, 3, 9], 4, "keep_end", 1, 1) == [0, 2, 3, 9]


LONG = "qwertyuiopasdfghjkl"


@pytest.mark.parametrize("truncation", ["error", "keep_start", "keep_end"])
def test_the_prompt_is_cut_before_the_answer(chat: Tokenizer, truncation: str) -> None:
    rows = [Completion(i, "hi", "ho") for i in range(1, 40)] + [Completion(40, LONG, "the cat")]
    coder = encoder(chat, max_length=16, truncation=truncation)
    found = coder.encode(rows, "sft")
    cut = found.examples[-1]
    assert len(cut) == 16
    assert chat.decode(trained(cut)) == "the cat</s>"
    assert cut.ids[0] == chat.bos
    assert chat.decode(before(cut)).endswith("<|assistant|>")
    said = next(notice for notice in found.notices if "longer than max_length 16" in notice.what)
    kept = "end" if truncation == "keep_end" else "start"
    assert said.what == f"1 of 40 rows are longer than max_length 16 and were cut ({kept} kept): rows 40"


def test_an_answer_that_alone_is_too_long_loses_its_end_and_is_counted(chat: Tokenizer) -> None:
    rows = [Completion(i, "hi", "ho") for i in range(1, 40)] + [Completion(40, "hi", LONG)]
    found = encoder(chat, max_length=12).encode(rows, "sft")
    assert len(found.examples[-1]) == 12
    assert any("1 lose part of the answer (rows 40)" in notice.what for notice in found.notices)


@pytest.mark.parametrize("setting", [16, "auto"])
def test_too_many_long_rows_are_refused_with_numbers(base: Tokenizer, setting: object) -> None:
    rows = [Completion(i, LONG if i < 3 else "hi", LONG if i == 0 else "ho") for i in range(10)]
    coder = Encoder(base, SPEC.model_copy(update={"max_length": setting}), 16)
    with pytest.raises(DataError) as caught:
        coder.encode(rows, "sft")
    assert caught.value.text() == (
        "T004 data.jsonl: 3 of 10 rows (30 %) exceed max_length 16; 1 lose part of the answer.\n"
        "  Do: max_length=64, or data.truncation=keep_end"
    )


def test_no_longer_length_is_offered_than_the_model_has(base: Tokenizer) -> None:
    coder = Encoder(base, SPEC.model_copy(update={"max_length": 256}), 256)
    with pytest.raises(DataError) as caught:
        coder.encode([Completion(1, LONG * 30, "ho")], "sft")
    assert caught.value.fix == "data.truncation=keep_end"


def test_nothing_to_learn(spm: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spm, "eos", None)
    with pytest.raises(DataError) as caught:
        encoder(spm, max_length=8).encode([Completion(1, "hi", "")], "sft")
    assert caught.value.text() == "T005 data.jsonl: no row has trainable tokens left: prompts alone fill max_length.\n  Do: max_length=64"


def test_rows_without_learned_tokens_are_left_out_and_said(base: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "eos", None)
    found = encoder(base).encode([Completion(1, "hi", "ho"), Completion(2, "hi", "")], "sft")
    assert found.counts == [1, 0]
    assert any("1 rows have nothing to learn and are not used: rows 2" in notice.what for notice in found.notices)


def test_rows_of_another_kind_are_refused(base: Tokenizer) -> None:
    with pytest.raises(UsageError, match=r"O001 objective: the rows are running text, which sft does not learn\n  Do: objective=lm"):
        encoder(base).encode([Text(1, "x")], "sft")


def test_length_statistics() -> None:
    found = lengths([4, 1, 3, 2, 10])
    assert (found.n, found.mean, found.p50, found.p95, found.max, found.total) == (5, 4.0, 3, 10, 10, 20)
    assert lengths([]).total == 0


TURNS = (
    Message("user", "What is 2 + 2?"),
    Message("assistant", "It is four."),
    Message("user", "</s> And <|im_end|> 3?"),
    Message("assistant", "Nine, I say."),
)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["qwen2", "mistral-spm", *(pytest.param(name, marks=pytest.mark.full) for name in ("llama3", "smollm2"))])
def test_corpus_templates_and_tokenizers(corpus, name: str) -> None:
    """For every accepted template: the learned tokens decode to the answer and its stop; the prompt is the prefix; one begin token."""
    tokenizer = Tokenizer.load(corpus / "tokenizers" / name)
    coder = Encoder(tokenizer, SPEC, 100_000)
    eos = [tokenizer.eos]
    accepted = 0
    for path in sorted((corpus / "templates").glob("*.jinja")):
        template = coder.template = ChatTemplate(path.read_text(encoding="utf-8"), tokenizer.bos_token, tokenizer.eos_token)
        for messages in (TURNS[:2], TURNS):
            try:
                answers = template.answers(messages)
            except DataError:
                continue
            accepted += 1
            examples = coder.encode([Chat(1, messages)], "sft").examples
            learned = [segment.ids for segments in coder.segments(Chat(1, messages)) for segment in segments if segment.trained]
            for ids, (_, answer, _) in zip(learned, answers, strict=True):
                ids = ids[:-1] if ids[-1:] == eos and not answer.endswith(tokenizer.eos_token) else ids
                shown = tokenizer.decode(ids).replace("▁", " ")
                # a SentencePiece decoder takes the first space of a text away and reads ▁ as a space
                assert shown.lstrip(" ") == unicodedata.normalize("NFC", answer).replace("▁", " ").lstrip(" "), path.name
            assert coder.prompt_ids(Chat(1, messages)) == before(examples[-1]), path.name
            if tokenizer.adds_bos:
                assert all(example.ids[0] == tokenizer.bos != example.ids[1] for example in examples), path.name
    assert accepted >= 100


THINKS = (
    "{% for m in messages %}<|{{ m.role }}|>{% if m.role == 'assistant' and loop.last and m.reasoning_content %}"
    "<think>{{ m.reasoning_content }}</think>{% endif %}{{ m.content if m.role != 'system' }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def test_what_the_template_changes_between_turns_is_learned_turn_by_turn_and_said(chat: Tokenizer) -> None:
    coder = encoder(chat)
    coder.template = ChatTemplate(THINKS, "<s>", "</s>", chat.special_tokens)
    messages = (
        Message("system", "brief"),
        Message("user", "hi"),
        Message("assistant", "ho", reasoning_content="hmm"),
        Message("user", "ha"),
        Message("assistant", "he"),
    )
    encoded = coder.encode([Chat(4, messages)], "sft")
    assert [chat.decode(example.ids) for example in encoded.examples] == [
        "<s><|system|></s><|user|>hi</s><|assistant|><think>hmm</think>ho</s>",
        "<s><|system|></s><|user|>hi</s><|assistant|>ho</s><|user|>ha</s><|assistant|>he</s>",
    ]
    assert [chat.decode(trained(example)) for example in encoded.examples] == ["<think>hmm</think>ho</s>", "he</s>"]
    assert [coder.prompt_ids(messages[:n]) for n in (2, 4)] == [before(example) for example in encoded.examples]
    said = [notice.what for notice in encoded.notices]
    assert "1 conversations are learned as several examples (rows 4)" in said
    assert any("1 rows hold a system or user message that the chat template leaves out or changes" in what for what in said)
    # without the thoughts in a template that never writes them, that is said too
    coder.template = ChatTemplate(THINKS.replace("m.reasoning_content }}", "'' }}"), "<s>", "</s>", chat.special_tokens)
    assert any("hold thoughts" in notice.what and "rows 4" in notice.what for notice in coder.encode([Chat(4, messages)], "sft").notices)


def test_a_withheld_opening_is_said(chat: Tokenizer) -> None:
    coder = encoder(chat)
    coder.template = ChatTemplate(THINKS.replace("<|assistant|>{% endif", "<|assistant|><think>\n{% endif"), "<s>", "</s>")
    encoded = coder.encode([Completion(1, "hi", "ho")], "sft")
    assert chat.decode(encoded.examples[0].ids) == "<s><|user|>hi</s><|assistant|>ho</s>"
    assert any("opens an answer with '<think>\\n'" in notice.what and notice.level == "warning" for notice in encoded.notices)


def test_room_for_the_answer_never_takes_the_whole_prompt(base: Tokenizer) -> None:
    """An answer nearly as long as max_length used to leave nothing to ask with."""
    coder = encoder(base, max_length=16)
    full = encoder(base).prompt_ids("abcdefghijklmnop" * 3)
    for room in (8, 15, 16, 500):
        assert coder.prompt_ids("abcdefghijklmnop" * 3, room=room) == [0, *full[-7:]]
    assert coder.prompt("abcdefghijklmnop" * 3, 500).n_cut == coder.prompt("abcdefghijklmnop" * 3, 8).n_cut > 0
    assert coder.prompt("ab", 500).n_cut == 0


def test_running_text_is_asked_as_it_was_learned(spm: Tokenizer) -> None:
    """A tokenizer that prefixes a space: the first piece of a text is the same in training and in prediction."""
    row = Text(1, "abc abd")
    example = only(encoder(spm), row, "lm")
    assert encoder(spm).prompt_ids(row) == list(example.ids[:-1])  # all but the end token
    assert [spm.token(i) for i in example.ids[:3]] == ["<s>", "▁", "a"]
    templated = Text(1, "<s>abc", templated=True)
    assert encoder(spm).prompt_ids(templated) == list(only(encoder(spm), templated, "lm").ids[:-1])
