"""Which column is what: names and contents decide, and below 0.9 the person is asked."""

from __future__ import annotations

import pytest

from afina.data.columns import Question, recognise
from afina.data.sources import read_table
from afina.errors import DataError

TEXTS = [f"this is the long free text number {i} of the file" for i in range(30)]
OTHERS = [f"and here stands another text {i} altogether" for i in range(30)]


def rows(**columns: list[object]) -> list[object]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


LABELS = [("yes", "no", "perhaps")[i % 3] for i in range(30)]
IDS = [str(10_000 + i) for i in range(30)]
CASES = {
    "text, label": (rows(text=TEXTS, label=LABELS), "labelled", {"text": "text", "label": "label"}),
    "unknown names, by content": (rows(v1=LABELS, v2=TEXTS), "labelled", {"text": "v2", "label": "v1"}),
    "capitals and an id": (rows(id_str=IDS, TWEET=TEXTS, LABEL=LABELS), "labelled", {"text": "TWEET", "label": "LABEL"}),
    "numbers as labels": (rows(sentence=TEXTS, label=[i % 2 for i in range(30)]), "labelled", {"text": "sentence", "label": "label"}),
    "one label has the name": (
        rows(airline_sentiment=LABELS, airline=LABELS[::-1], text=TEXTS),
        "labelled",
        {"text": "text", "label": "airline_sentiment"},
    ),
    "prompt, completion": (rows(prompt=TEXTS, completion=OTHERS), "completion", {"prompt": "prompt", "completion": "completion"}),
    "prompt, response": (rows(prompt=TEXTS, response=OTHERS), "completion", {"prompt": "prompt", "completion": "response"}),
    "question, answer": (rows(question=TEXTS, answer=OTHERS), "completion", {"prompt": "question", "completion": "answer"}),
    "alpaca": (
        rows(instruction=TEXTS, input=[""] * 30, output=OTHERS),
        "completion",
        {"prompt": "instruction+input", "completion": "output"},
    ),
    "alpaca with more": (
        rows(instruction=TEXTS, input=[""] * 30, output=OTHERS, answer=LABELS),
        "completion",
        {"prompt": "instruction+input", "completion": "output"},
    ),
    "openai": (
        [{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]}] * 3,
        "chat",
        {"messages": "messages"},
    ),
    "sharegpt": (
        [{"conversations": [{"from": "human", "value": "x"}, {"from": "gpt", "value": "y"}]}] * 3,
        "chat",
        {"messages": "conversations"},
    ),
    "text alone": (rows(text=TEXTS), "text", {"text": "text"}),
    "where a text is from": (rows(text=TEXTS, source=LABELS), "text", {"text": "text"}),
    "text with links and dates": (rows(text=TEXTS, url=[f"https://a.org/{i}" for i in range(30)], id=IDS), "text", {"text": "text"}),
}


@pytest.mark.parametrize("case", CASES)
def test_recognised(write, case: str) -> None:
    content, shape, roles = CASES[case]
    layout = recognise(read_table(write("a.jsonl", content)))
    assert (layout.shape, layout.mapping()) == (shape, roles)
    assert layout.confidence >= 0.9
    assert layout.reasons


QUESTIONS = {
    "two texts of unknown names": (rows(en=TEXTS, ca=OTHERS), "--map prompt=en --map completion=ca"),
    "several labels": (rows(text=TEXTS, subj=LABELS, iro=LABELS[::-1]), "--map text=text --map label="),
    "a text that would be lost": (
        rows(notes=TEXTS, question=OTHERS, answer=TEXTS[::-1]),
        "--map prompt=notes+question --map completion=answer",
    ),
    "a label that is an id": (rows(text=TEXTS, label=IDS), "--map text=text"),
    "a price beside a name": (rows(product=TEXTS, price=[f"{i}.99" for i in range(30)]), "--map text=product --map score=price"),
    "names and contents at odds": (rows(text=LABELS, label=TEXTS), "--map text="),
    "chosen and rejected alike": (rows(prompt=TEXTS, chosen=OTHERS, rejected=OTHERS), "--map prompt=prompt --map chosen=chosen"),
    "the language of a text": (rows(text=TEXTS, language=LABELS), "--map text=text"),
    "a label beside conversations": (
        [{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}], "label": "abc"[i % 3]} for i in range(30)],
        "--map messages=messages",
    ),
    "a rendered prompt and its answer": (
        rows(prompt=[f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n" for text in TEXTS], completion=OTHERS),
        "--map text=prompt+completion",
    ),
}


@pytest.mark.parametrize("case", QUESTIONS)
def test_asked_with_the_command_to_type(write, case: str) -> None:
    content, command = QUESTIONS[case]
    with pytest.raises(DataError) as caught:
        recognise(read_table(write("a.jsonl", content)))
    assert caught.value.code == "D013"
    assert command in caught.value.fix
    assert all(f'"{name}"' in str(caught.value) for name in content[0])
    assert isinstance(caught.value, Question)
    assert caught.value.candidates[0].command() in caught.value.fix


def test_the_proposed_command_works(write) -> None:
    table = read_table(write("a.jsonl", QUESTIONS["a text that would be lost"][0]))
    layout = recognise(table, {"prompt": "notes+question", "completion": "answer"})
    assert layout.roles == {"prompt": ("notes", "question"), "completion": ("answer",)}
    assert layout.command() == "--map prompt=notes+question --map completion=answer"


def test_mapping_one_role_finds_the_other(write) -> None:
    table = read_table(write("a.jsonl", rows(text=TEXTS, subj=LABELS, iro=LABELS[::-1])))
    layout = recognise(table, {"label": "iro"})
    assert layout.mapping() == {"text": "text", "label": "iro"}
    assert layout.unused == ("subj",)


def test_mapping_wins_over_content(write) -> None:
    table = read_table(write("a.jsonl", rows(text=TEXTS, label=LABELS)))
    assert recognise(table, {"prompt": "label", "completion": "text"}).mapping() == {"prompt": "label", "completion": "text"}


def test_shell_quotes_where_needed(write) -> None:
    table = read_table(write("a.jsonl", rows(**{"#1 String": TEXTS, "label": LABELS})))
    assert recognise(table).command() == '--map "text=#1 String" --map label=label'


@pytest.mark.parametrize(
    ("objective", "shape", "roles"),
    [
        ("lm", "text", {"text": "text"}),
        ("sft", "completion", {"prompt": "text", "completion": "label"}),
        ("classify", "labelled", {"text": "text", "label": "label"}),
    ],
)
def test_objective_chooses_the_shape(write, objective: str, shape: str, roles: dict[str, str]) -> None:
    table = read_table(write("a.jsonl", rows(text=TEXTS, label=LABELS)))
    layout = recognise(table, {}, objective)
    assert (layout.shape, layout.mapping()) == (shape, roles)
    mapped = recognise(table, {"text": "text", "label": "label"} if objective != "lm" else {"text": "text"}, objective)
    assert mapped.mapping() == roles


def test_sorted_labels_are_seen_whole(write) -> None:
    n = 12_000
    content = "text,label\n" + "".join(f"some words number {i} here,{'a' if i < n - 1000 else 'b'}\n" for i in range(n))
    assert recognise(read_table(write("a.csv", content))).shape == "labelled"


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "mapping", "shape", "roles"),
    [
        ("banking77/train.csv", {}, "labelled", {"text": "text", "label": "category"}),
        ("cic-ca/catalan_train.csv", {}, "labelled", {"text": "TWEET", "label": "LABEL"}),
        ("messy-sms-spam/spam.csv", {}, "labelled", {"text": "v2", "label": "v1"}),
        ("messy-airline-tweets/Tweets.csv", {}, "labelled", {"text": "text", "label": "airline_sentiment"}),
        ("sst2/train.tsv", {}, "labelled", {"text": "column1", "label": "column2"}),
        ("medical-abstracts/medical_tc_test.csv", {}, "labelled", {"text": "medical_abstract", "label": "condition_label"}),
        ("sentipolc16-it/training_set_sentipolc16.csv", {"label": "opos"}, "labelled", {"text": "text", "label": "opos"}),
        ("sentipolc16-it/test_set_sentipolc16_gold2000.csv", {"label": "column3"}, "labelled", {"text": "column9", "label": "column3"}),
        ("alpaca-5000/alpaca_5000.json", {}, "completion", {"prompt": "instruction+input", "completion": "output"}),
        ("lima/lima.json", {}, "completion", {"prompt": "instruction+input+history", "completion": "output"}),
        (
            "dialogsum/dialogsum.dev.jsonl",
            {"prompt": "dialogue", "completion": "summary"},
            "completion",
            {"prompt": "dialogue", "completion": "summary"},
        ),
        ("gsm8k/train.jsonl", {}, "completion", {"prompt": "question", "completion": "answer"}),
        ("tinystories-sample/tinystories_sample.txt", {}, "text", {"text": "text"}),
        ("tinyshakespeare/input.txt", {}, "text", {"text": "text"}),
        ("wikisql-1k/train.jsonl", {}, "text", {"text": "text"}),
        ("sentipolc16-it/training_set_sentipolc16.csv", {}, "D013", {}),
        ("squad-it/squad_it_2000.csv", {}, "completion", {"prompt": "context+question", "completion": "answer"}),
        ("rte/train.tsv", {}, "pair", {"text": "sentence1", "other": "sentence2", "label": "label"}),
        ("mrpc/msr_paraphrase_train.txt", {}, "pair", {"text": "#1 String", "other": "#2 String", "label": "Quality"}),
        ("boolq/boolq_val.jsonl", {}, "choices", {"prompt": "query", "choices": "choices", "answer": "gold"}),
        ("legalbench-train/legalbench_train.csv", {}, "completion", {"prompt": "instruction+input", "completion": "answer"}),
        ("llamafactory-demos/glaive_toolcall_en_demo.json", {}, "chat", {"messages": "conversations", "tools": "tools"}),
        ("cola/in_domain_train.tsv", {}, "D013", {}),
        ("e2e-nlg/devset.csv", {}, "completion", {"prompt": "mr", "completion": "ref"}),
        ("en-ca-translation/tatoeba.en-ca.csv", {}, "D013", {}),
        (
            "llamafactory-demos/dpo_en_demo.json",
            {},
            "preference",
            {"prompt": "conversations", "chosen": "chosen", "rejected": "rejected"},
        ),
        ("llamafactory-demos/kto_en_demo.json", {}, "feedback", {"messages": "messages", "label": "label"}),
        ("messy-quejas-pamplona/quejas.csv", {}, "D014", {}),
        ("digit-completion/train.parquet", {}, "prompt", {"prompt": "prompt"}),
    ],
)
def test_corpus_files(corpus, file: str, mapping: dict[str, str], shape: str, roles: dict[str, str]) -> None:
    from afina.recipe.schema import DataSpec

    spec = DataSpec(path=str(corpus / "data" / file), map=mapping)
    if shape.startswith("D0"):
        with pytest.raises(DataError) as caught:
            recognise(read_table(spec), spec.map)
        assert caught.value.code == shape
        assert caught.value.fix
        return
    layout = recognise(read_table(spec), spec.map)
    assert (layout.shape, layout.mapping()) == (shape, roles)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "n"),
    [
        ("messy-sms-spam/spam.csv", 5575),
        ("sst2/train.tsv", 6920),
        ("cic-ca/catalan_train.csv", 6028),
        ("banking77/train.csv", 10003),
        ("squad-it/squad_it_2000.csv", 2000),
        ("messy-airline-tweets/Tweets.csv", 14640),
        ("mrpc/msr_paraphrase_train.txt", 4080),
        ("tinystories-sample/tinystories_sample.txt", 2317),
        ("sentipolc16-it/test_set_sentipolc16_gold2000.csv", 2000),
    ],
)
def test_no_row_is_lost(corpus, file: str, n: int) -> None:
    from afina.recipe.schema import DataSpec

    table = read_table(DataSpec(path=str(corpus / "data" / file)))
    assert (len(table.records), table.dropped) == (n, ())
