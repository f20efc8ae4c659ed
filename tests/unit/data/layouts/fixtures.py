"""Forty small files in the layouts people really have, each with what a careful person would read in it.

The answers were written before the detector.
"""

from __future__ import annotations

import json

from tests.unit.data.layouts import texts
from tests.unit.data.layouts.layout import ASK, Fixture, Row, layout


def turns(*words: str, system: str = "") -> list[Row]:
    """user, assistant, user, ... with an optional system message first."""
    head = [{"role": "system", "content": system}] if system else []
    return head + [{"role": ("user", "assistant")[index % 2], "content": word} for index, word in enumerate(words)]


def shared_gpt(*words: str) -> list[Row]:
    return [{"from": ("human", "gpt")[index % 2], "value": word} for index, word in enumerate(words)]


WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}


def calling(city: str, degrees: int) -> list[Row]:
    """A conversation in which the assistant calls a tool."""
    call = {"id": f"call_{degrees}", "type": "function", "function": {"name": "get_weather", "arguments": json.dumps({"city": city})}}
    return [
        {"role": "user", "content": f"What is the weather like in {city}?", "tool_calls": None, "tool_call_id": None},
        {"role": "assistant", "content": "", "tool_calls": [call], "tool_call_id": None},
        {"role": "tool", "content": json.dumps({"celsius": degrees}), "tool_calls": None, "tool_call_id": f"call_{degrees}"},
        {"role": "assistant", "content": f"It is {degrees} degrees in {city} now.", "tool_calls": None, "tool_call_id": None},
    ]


CITIES = ("Girona", "Leeds", "Parma", "Soria", "Lyon", "Porto", "Bergen", "Ghent", "Cork", "Trieste", "Vigo", "Tours")
DATES = tuple(f"2024-0{1 + i % 9}-{10 + i}" for i in range(18))
WORSE = (
    "I don't know.",
    "Try searching for it.",
    "That depends on many things.",
    "Ask someone else, please.",
    "No idea, sorry!",
    "It is complicated.",
    "Maybe tomorrow.",
    "Just do it.",
    "Why do you want to know?",
    "You could guess.",
    "Hard to say.",
    "Whatever you like.",
)
EN, ES, CA, IT = texts.QUESTIONS_EN[:12], texts.QUESTIONS_ES, texts.QUESTIONS_CA, texts.QUESTIONS_IT
LETTERS = "ABCD"

CLASSES: tuple[Fixture, ...] = (
    Fixture(
        "quejas.csv",
        [{"texto": text, "etiqueta": label} for text, label in texts.COMPLAINTS_ES],
        (layout("labelled", text="texto", label="etiqueta"),),
        separator=";",
    ),
    Fixture(
        "no_header.tsv",
        [{"1": text, "2": label} for text, label in texts.COMMENTS_CA],
        (layout("labelled", text="column1", label="column2"),),
        header=False,
    ),
    Fixture(
        "reviews.jsonl",
        [{"text": text, "label": label} for text, label in texts.REVIEWS_EN],
        (layout("labelled", text="text", label="label"),),
    ),
    Fixture(
        "comentaris.parquet",
        [{"id": 4100 + i, "data": DATES[i], "comentari": text, "sentiment": label} for i, (text, label) in enumerate(texts.COMMENTS_CA)],
        (layout("labelled", text="comentari", label="sentiment"),),
    ),
    Fixture(
        "tickets.csv",
        [{"ticket": i + 1, "subject": text, "tags": "|".join(tags)} for i, (text, tags) in enumerate(texts.TICKETS_EN)],
        (layout("multi_labelled", text="subject", labels="tags"),),
    ),
    Fixture(
        "tickets.json",
        [{"text": text, "labels": tags} for text, tags in texts.TICKETS_EN],
        (layout("multi_labelled", text="text", labels="labels"),),
    ),
    Fixture(
        "recensioni.tsv",
        [{"recensione": text, "punteggio": score} for text, score in texts.REVIEWS_IT],
        (layout("scored", text="recensione", score="punteggio"),),
    ),
)

PAIRS: tuple[Fixture, ...] = (
    Fixture(
        "nli.tsv",
        [{"premise": one, "hypothesis": two, "label": label} for one, two, label in texts.PAIRS_EN],
        (layout("pair", text="premise", other="hypothesis", label="label"),),
    ),
    Fixture(
        "sts.csv",
        [{"sentence1": one, "sentence2": two, "similarity": score} for one, two, score in texts.PAIRS_ES],
        (layout("scored_pair", text="sentence1", other="sentence2", score="similarity"),),
    ),
    Fixture(
        "yes_no.parquet",
        [
            {"question": f"is it true that {answer} is right here?", "passage": passage, "label": index % 2 == 0}
            for index, (passage, _, answer) in enumerate(texts.CONTEXTS_EN)
        ],
        (
            layout("pair", text="question", other="passage", label="label"),
            layout("pair", text="passage", other="question", label="label"),
        ),
    ),
    Fixture(
        "quiz.jsonl",
        [{"question": question, "choices": options, "answer": right} for question, options, right in texts.CHOICES_EN],
        (layout("choices", prompt="question", choices="choices", answer="answer"),),
    ),
    Fixture(
        "quiz_letters.csv",
        [
            {"question": question, **dict(zip(LETTERS, options, strict=True)), "answer": LETTERS[right]}
            for question, options, right in texts.CHOICES_EN
        ],
        (layout("choices", prompt="question", choices=("A", "B", "C", "D"), answer="answer"),),
    ),
    Fixture(
        "finales.parquet",
        [
            {"ctx": context, **{f"ending{i}": ending for i, ending in enumerate(endings)}, "label": right}
            for context, endings, right in texts.ENDINGS_ES
        ],
        (layout("choices", prompt="ctx", choices=("ending0", "ending1", "ending2", "ending3"), answer="label"),),
    ),
)

ANSWERS: tuple[Fixture, ...] = (
    Fixture(
        "alpaca.json",
        [{"instruction": question, "input": "Be brief." if i % 3 else "", "output": answer} for i, (question, answer) in enumerate(EN)],
        (layout("completion", prompt=("instruction", "input"), completion="output"),),
    ),
    Fixture(
        "respostes.jsonl",
        [{"prompt": question, "completion": answer} for question, answer in CA],
        (layout("completion", prompt="prompt", completion="completion"),),
    ),
    Fixture(
        "preguntas.csv",
        [{"pregunta": question, "respuesta": answer} for question, answer in ES],
        (layout("completion", prompt="pregunta", completion="respuesta"),),
    ),
    Fixture(
        "extractive.tsv",
        [{"id": f"q{i}", "context": passage, "question": q, "answer": a} for i, (passage, q, a) in enumerate(texts.CONTEXTS_EN)],
        (layout("completion", prompt=("context", "question"), completion="answer"),),
    ),
    Fixture(
        "alpaca_history.parquet",
        [
            {"instruction": question, "input": "", "output": answer, "history": [list(IT[i - 1])] if i % 2 else []}
            for i, (question, answer) in enumerate(IT)
        ],
        (
            layout("completion", prompt=("instruction", "input", "history"), completion="output"),
            layout("completion", prompt=("instruction", "history"), completion="output"),
        ),
    ),
    Fixture(
        "chat.jsonl",
        [{"messages": turns(question, answer, system="Respon en català.")} for question, answer in CA],
        (layout("chat", messages="messages"),),
    ),
    Fixture(
        "sharegpt_tools.json",
        [
            {
                "conversations": shared_gpt(question, answer, "Grazie!", "Prego, buona giornata."),
                "system": "Sei un assistente cortese.",
                "tools": json.dumps([WEATHER]),
            }
            for question, answer in IT
        ],
        (layout("chat", messages="conversations", tools="tools", system="system"),),
    ),
    Fixture(
        "chat_in_cells.csv",
        [
            {"id": i, "messages": json.dumps(turns(question, answer), ensure_ascii=False)}
            for i, (question, answer) in enumerate(texts.QUESTIONS_EN)
        ],
        (layout("chat", messages="messages"),),
    ),
    Fixture(
        "tool_calls.parquet",
        [{"messages": calling(city, 4 + i), "tools": [WEATHER]} for i, city in enumerate(CITIES)],
        (layout("chat", messages="messages", tools="tools"),),
    ),
)

JUDGED: tuple[Fixture, ...] = (
    Fixture(
        "dpo.jsonl",
        [{"prompt": q, "chosen": a, "rejected": bad} for (q, a), bad in zip(EN, WORSE, strict=True)],
        (layout("preference", prompt="prompt", chosen="chosen", rejected="rejected"),),
    ),
    Fixture(
        "dpo_messages.json",
        [
            {
                "prompt": [{"role": "user", "content": q}],
                "chosen": [{"role": "assistant", "content": a}],
                "rejected": [{"role": "assistant", "content": bad}],
                "score_chosen": 8 + i % 3,
            }
            for i, ((q, a), bad) in enumerate(zip(EN, WORSE, strict=True))
        ],
        (layout("preference", prompt="prompt", chosen="chosen", rejected="rejected"),),
    ),
    Fixture(
        "reward.parquet",
        [{"chosen": turns(q, a), "rejected": turns(q, bad)} for (q, a), bad in zip(EN, WORSE, strict=True)],
        (layout("preference", chosen="chosen", rejected="rejected"),),
    ),
    Fixture(
        "kto.jsonl",
        [
            {"prompt": q, "completion": bad if i % 2 else a, "label": not i % 2}
            for i, ((q, a), bad) in enumerate(zip(EN, WORSE, strict=True))
        ],
        (layout("feedback", prompt="prompt", completion="completion", label="label"),),
    ),
    Fixture(
        "kto_messages.json",
        [{"messages": turns(q, bad if i % 2 else a), "label": not i % 2} for i, ((q, a), bad) in enumerate(zip(EN, WORSE, strict=True))],
        (layout("feedback", messages="messages", label="label"),),
    ),
)

TEXTS: tuple[Fixture, ...] = (
    Fixture(
        "prompts.csv",
        [{"prompt": question} for question, _ in [*ES, *CA]],
        (layout("prompt", prompt="prompt"),),
    ),
    Fixture(
        "corpus.jsonl",
        [{"text": text, "source": f"llibre {i % 3}"} for i, text in enumerate(texts.RUNNING_TEXT_CA)],
        (layout("text", text="text"),),
    ),
    Fixture(
        "chatml.jsonl",
        [{"text": f"<|im_start|>user\n{q}<|im_end|>\n<|im_start|>assistant\n{a}<|im_end|>\n"} for q, a in IT],
        (layout("templated", text="text"),),
    ),
    Fixture(
        "inst.parquet",
        [{"text": f"<s>[INST] {q} [/INST] {a} </s>"} for q, a in ES],
        (layout("templated", text="text"),),
    ),
)

NEAR_MISSES: tuple[Fixture, ...] = (
    Fixture(
        "two_texts.csv",
        [{"a": one, "b": two} for (one, _), (two, _) in zip(texts.REVIEWS_IT, texts.REVIEWS_EN, strict=False)],
        (ASK,),
        True,
    ),
    Fixture(
        "swapped.tsv",
        [{"label": text, "text": label} for text, label in texts.COMPLAINTS_ES],
        (layout("labelled", text="label", label="text"), ASK),
        True,
    ),
    Fixture(
        "label_is_an_id.jsonl",
        [{"text": text, "label": f"DOC-{90210 + 37 * i}"} for i, text in enumerate(texts.RUNNING_TEXT_CA)],
        (ASK, layout("text", text="text")),
        True,
    ),
    Fixture(
        "equal_answers.csv",
        [{"prompt": q, "chosen": a, "rejected": a} for q, a in EN],
        (layout("preference", prompt="prompt", chosen="chosen", rejected="rejected"), ASK),
        True,
    ),
    Fixture(
        "precios.parquet",
        [{"producto": name, "familia": kind, "precio": price} for name, kind, price in texts.PRODUCTS],
        (ASK,),
        True,
    ),
    Fixture(
        "wrong_keys.json",
        [{"messages": [{"speaker": "client", "says": q}, {"speaker": "shop", "says": a}]} for q, a in ES],
        (ASK,),
        True,
    ),
    Fixture(
        "free_text_labels.csv",
        [{"text": q, "label": a} for q, a in texts.QUESTIONS_EN],
        (ASK, layout("completion", prompt="text", completion="label")),
        True,
    ),
    Fixture(
        "two_labels.tsv",
        [
            {"review": text, "quality": ("low", "mid", "high")[label], "delivery": ("late", "on time")[i % 2]}
            for i, (text, label) in enumerate(texts.REVIEWS_EN)
        ],
        (ASK,),
        True,
    ),
    Fixture(
        "headed_sections.json",
        [{"text": f"### Instruction:\n{q}\n\n### Response:\n{a}"} for q, a in EN],
        (layout("text", text="text"),),
        True,
    ),
)

FIXTURES: tuple[Fixture, ...] = (*CLASSES, *PAIRS, *ANSWERS, *JUDGED, *TEXTS, *NEAR_MISSES)
