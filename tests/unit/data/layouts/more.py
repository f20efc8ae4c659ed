"""A second set: twenty-four files as tools and data sets write them, each with what a careful person would read in it.

The answers were written by someone who had not read the detector nor seen what it says about these files.
"""

from __future__ import annotations

from tests.unit.data.layouts import more_texts, texts
from tests.unit.data.layouts.fixtures import CITIES, WEATHER, WORSE, turns
from tests.unit.data.layouts.layout import ASK, Fixture, Row, layout

EMOTIONS = ("sadness", "joy", "anger", "fear")
FLAGS = ("toxic", "obscene", "threat", "insult")
EN, ES, IT = texts.QUESTIONS_EN[:12], texts.QUESTIONS_ES, texts.QUESTIONS_IT
WITH_WORSE = [(question, answer, worse) for (question, answer), worse in zip(EN, WORSE, strict=True)]


def day(index: int) -> str:
    return f"2025-0{1 + index % 8}-{11 + index:02d}"


def hour(index: int) -> str:
    return f"{day(index)}T{8 + index % 10:02d}:{3 * index:02d}:0{index % 10}Z"


def gemini(*words: str) -> list[Row]:
    return [{"role": ("user", "model")[index % 2], "parts": [{"text": word}]} for index, word in enumerate(words)]


def dialogue(*words: str) -> str:
    """A conversation in one string, as HH-RLHF has it."""
    return "".join(f"\n\n{('Human', 'Assistant')[index % 2]}: {word}" for index, word in enumerate(words))


def weighted(question: str, answer: str, thanks: str, welcome: str) -> list[Row]:
    """Only the last answer is to be learned."""
    system, asked, answered, thanked, welcomed = turns(question, answer, thanks, welcome, system="Be kind and brief.")
    return [system, asked, {**answered, "weight": 0}, thanked, {**welcomed, "weight": 1}]


CLASSES: tuple[Fixture, ...] = (
    # Everything was exported once it was closed, so the status tells nothing; the body alone is enough to tell the queue.
    Fixture(
        "tickets_closed.csv",
        [
            {
                "id": 88120 + 3 * i,
                "created_at": hour(i),
                "closed_at": hour(i + 1),
                "requester": f"user{i % 7}@example.com",
                "subject": subject,
                "body": body,
                "status": "closed",
                "queue": queue,
            }
            for i, (subject, body, queue) in enumerate(more_texts.TICKETS_EN)
        ],
        (layout("labelled", text=("subject", "body"), label="queue"), layout("labelled", text="body", label="queue")),
    ),
    Fixture(
        "missatges.xlsx",
        [{"Núm.": i + 1, "Data": day(i), "Missatge": text, "Equip": team} for i, (text, team) in enumerate(more_texts.MESSAGES_CA)],
        (layout("labelled", text="Missatge", label="Equip"),),
    ),
    # The number of a customer repeats as a class does.
    Fixture(
        "incidencias.csv",
        [
            {"Nº cliente": f"C-{104 + 7 * (i % 6)}", "Fecha": day(i), "Mensaje": text, "Categoría": label}
            for i, (text, label) in enumerate(texts.COMPLAINTS_ES)
        ],
        (layout("labelled", text="Mensaje", label="Categoría"),),
        near_miss=True,
        separator=";",
    ),
    Fixture(
        "recensioni_hotel.tsv",
        [{"codice": f"R{i:03d}", "testo": text, "etichetta": int(score >= 3)} for i, (text, score) in enumerate(texts.REVIEWS_IT)],
        (layout("labelled", text="testo", label="etichetta"),),
    ),
    # SetFit's way: a class by number and the same one by name.
    Fixture(
        "emotion.jsonl",
        [{"text": text, "label": EMOTIONS.index(label), "label_text": label} for text, label in more_texts.STATEMENTS_EN],
        (layout("labelled", text="text", label="label_text"), layout("labelled", text="text", label="label")),
        near_miss=True,
    ),
    # Argilla 1: what the model proposed stands beside what a person decided.
    Fixture(
        "argilla.csv",
        [
            {
                "text": text,
                "inputs": str({"text": text}),
                "prediction": str([(label if i % 5 else "ruido", 0.5 + i / 40), ("limpieza", 0.1)]),
                "prediction_agent": "distilbeto-v2",
                "annotation": label,
                "annotation_agent": ("marta", "joan")[i % 2],
                "vectors": "",
                "multi_label": False,
                "explanation": "",
                "id": f"3f2a{i:02d}c8-71{i:02d}",
                "metadata": "{}",
                "status": "Validated",
                "event_timestamp": hour(i),
            }
            for i, (text, label) in enumerate(texts.COMPLAINTS_ES)
        ],
        (layout("labelled", text="text", label="annotation"),),
        near_miss=True,
    ),
    # Label Studio's JSON-MIN.
    Fixture(
        "label_studio.json",
        [
            {
                "id": 501 + i,
                "text": text,
                "sentiment": label,
                "annotator": 1 + i % 3,
                "annotation_id": 77 + 2 * i,
                "created_at": hour(i),
                "updated_at": hour(i + 1),
                "lead_time": 3.1 + i * 0.37,
            }
            for i, (text, label) in enumerate(texts.COMMENTS_CA)
        ],
        (layout("labelled", text="text", label="sentiment"),),
        near_miss=True,
    ),
    Fixture(
        "toxic_comments.csv",
        [
            {"id": f"{98765431 * (i + 3):016x}", "comment_text": text, **{flag: int(flag in flags) for flag in FLAGS}}
            for i, (text, flags) in enumerate(more_texts.COMMENTS_EN)
        ],
        (layout("multi_labelled", text="comment_text", labels=FLAGS),),
    ),
    # As IMDB comes: pos/0.txt, neg/0.txt. Who sees the folders knows the classes; what to call their column is the reader's choice.
    Fixture(
        "imdb",
        [{"text": text, "label": label} for text, label in more_texts.FILMS_EN],
        (layout("labelled", text="text", label="label"), layout("labelled", text="text", label="folder")),
    ),
)

PAIRS: tuple[Fixture, ...] = (
    Fixture(
        "nli_no_header.tsv",
        [
            {"1": i, "2": one, "3": two, "4": ("entailment", "neutral", "contradiction").index(label)}
            for i, (one, two, label) in enumerate(texts.PAIRS_EN)
        ],
        (layout("pair", text="column2", other="column3", label="column4"),),
        header=False,
    ),
    Fixture(
        "arc.parquet",
        [
            {
                "id": f"Q_{40 + i}",
                "question": question,
                "choices": {"text": list(options), "label": list("ABCD")},
                "answerKey": "ABCD"[right],
            }
            for i, (question, options, right) in enumerate(more_texts.SCIENCE_EN)
        ],
        (layout("choices", prompt="question", choices="choices", answer="answerKey"),),
    ),
)

ANSWERS: tuple[Fixture, ...] = (
    Fixture(
        "dolly.jsonl",
        [
            {"instruction": instruction, "context": context, "response": response, "category": category}
            for instruction, context, response, category in more_texts.TASKS_EN
        ],
        (
            layout("completion", prompt=("instruction", "context"), completion="response"),
            layout("completion", prompt=("context", "instruction"), completion="response"),
        ),
    ),
    Fixture(
        "squad_es.json",
        [
            {
                "id": f"{number}-{i}",
                "title": title,
                "context": passage,
                "question": question,
                "answers": {"text": [answer], "answer_start": [passage.index(answer)]},
            }
            for number, (title, passage, questions) in enumerate(more_texts.PASSAGES_ES)
            for i, (question, answer) in enumerate(questions)
        ],
        (
            layout("completion", prompt=("context", "question"), completion="answers"),
            layout("completion", prompt=("question", "context"), completion="answers"),
        ),
    ),
)

CHATS: tuple[Fixture, ...] = (
    Fixture(
        "gemini.jsonl",
        [
            {
                "systemInstruction": {"role": "system", "parts": [{"text": "Rispondi in italiano, con cortesia."}]},
                "contents": gemini(question, answer, "Grazie mille.", "Di niente, buona giornata!"),
            }
            for question, answer in IT
        ],
        (layout("chat", messages="contents", system="systemInstruction"),),
    ),
    Fixture(
        "openai_weights.jsonl",
        [
            {
                "messages": weighted(question, answer, f"Thanks! Greetings from {city}.", f"You are welcome. Enjoy {city}!"),
                "tools": [WEATHER],
                "parallel_tool_calls": False,
            }
            for (question, answer), city in zip(EN, CITIES, strict=True)
        ],
        (layout("chat", messages="messages", tools="tools"),),
    ),
    Fixture(
        "bedrock.jsonl",
        [
            {
                "schemaVersion": "bedrock-conversation-2024",
                "system": [{"text": "Responde en una sola frase."}],
                "messages": [{"role": turn["role"], "content": [{"text": turn["content"]}]} for turn in turns(question, answer)],
            }
            for question, answer in ES
        ],
        (layout("chat", messages="messages", system="system"),),
    ),
    # The prompt is the first message once more.
    Fixture(
        "ultrachat.parquet",
        [
            {"prompt": question, "prompt_id": f"{7919 * (i + 11):032x}", "messages": turns(question, answer, follow, reply)}
            for i, ((question, answer), (follow, reply, _)) in enumerate(zip(EN, more_texts.FOLLOW_UPS_EN, strict=True))
        ],
        (layout("chat", messages="messages"),),
        near_miss=True,
    ),
)

JUDGED: tuple[Fixture, ...] = (
    # Both sides begin with the same turns; the prompt has no column of its own.
    Fixture(
        "hh_rlhf.jsonl",
        [
            {"chosen": dialogue(question, answer, follow, kind), "rejected": dialogue(question, answer, follow, rude)}
            for (question, answer), (follow, kind, rude) in zip(EN, more_texts.FOLLOW_UPS_EN, strict=True)
        ],
        (layout("preference", chosen="chosen", rejected="rejected"),),
    ),
    # UltraFeedback: both sides repeat the prompt, `messages` repeats the better side.
    Fixture(
        "ultrafeedback.parquet",
        [
            {
                "prompt": question,
                "prompt_id": f"{6151 * (i + 5):032x}",
                "chosen": turns(question, answer),
                "rejected": turns(question, worse),
                "messages": turns(question, answer),
                "score_chosen": 7.5 + i % 3,
                "score_rejected": 3.0 + i % 4,
            }
            for i, (question, answer, worse) in enumerate(WITH_WORSE)
        ],
        (
            layout("preference", prompt="prompt", chosen="chosen", rejected="rejected"),
            layout("preference", chosen="chosen", rejected="rejected"),
        ),
        near_miss=True,
    ),
    Fixture(
        "kto.tsv",
        [
            {"prompt": question, "completion": answer if i % 2 else worse, "label": bool(i % 2)}
            for i, (question, answer, worse) in enumerate(WITH_WORSE)
        ],
        (layout("feedback", prompt="prompt", completion="completion", label="label"),),
    ),
)

TEXTS: tuple[Fixture, ...] = (
    Fixture(
        "viquipedia.jsonl",
        [
            {"id": str(310 + 17 * i), "url": f"https://ca.example.org/wiki/Article_{i}", "title": text.split(",")[0][:24], "text": text}
            for i, text in enumerate(texts.RUNNING_TEXT_CA)
        ],
        (layout("text", text="text"),),
    ),
)

TAGGED: tuple[Fixture, ...] = (
    # A tag for every word, as a number without a name.
    Fixture(
        "conll.parquet",
        [{"id": str(i), "tokens": list(words), "ner_tags": list(tags)} for i, (words, tags) in enumerate(more_texts.ENTITIES_EN)],
        (layout("tagged", words="tokens", tags="ner_tags"),),
        near_miss=True,
    ),
)

QUESTIONS: tuple[Fixture, ...] = (
    # From which language into which?
    Fixture(
        "translation.json",
        [{"id": str(i), "translation": {"en": english, "ca": catalan}} for i, (english, catalan) in enumerate(more_texts.PARALLEL)],
        (ASK,),
        near_miss=True,
    ),
    # Numbers and dates only.
    Fixture(
        "estacions.xlsx",
        [
            {
                "data": day(i),
                "hora": f"{6 + i % 12:02d}:00",
                "estació": f"E{1 + i % 3}",
                "temperatura": 11.5 + 0.7 * i,
                "humitat": 80 - 2 * i,
            }
            for i in range(16)
        ],
        (ASK,),
        near_miss=True,
    ),
)

MORE: tuple[Fixture, ...] = (*CLASSES, *PAIRS, *ANSWERS, *CHATS, *JUDGED, *TEXTS, *TAGGED, *QUESTIONS)
