"""Column names that say what a column is, in the languages of the people who name them."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TEXT = _set(
    """text texts txt sentence tweet tweets review reviews comment comments document doc content body message_text sms post utterance
    abstract article passage paragraph headline description transcript texto texte testo frase oració frases comentario comentari commento
    tuit reseña ressenya recensione mensaje missatge messaggio"""
)
LABEL = _set(
    """label labels category categories class classes target sentiment intent stance topic polarity emotion tag gold y spam toxic rating
    team etiqueta etiquetas categoria categoría clase classe etichetta sentimiento sentiment_label polaridad polaritat polarità tema"""
)
PROMPT = _set("prompt instruction question query input source context problem user request pregunta instrucción instrucció domanda")
COMPLETION = _set(
    """completion response output answer reply target summary continuation solution assistant answers respuesta resposta risposta resumen
    resum riassunto"""
)
PAIRS: tuple[tuple[str, str], ...] = (
    ("prompt", "completion"),
    ("prompt", "response"),
    ("prompt", "output"),
    ("prompt", "answer"),
    ("instruction", "output"),
    ("instruction", "response"),
    ("instruction", "completion"),
    ("instruction", "answer"),
    ("question", "answer"),
    ("question", "response"),
    ("query", "response"),
    ("query", "answer"),
    ("input", "output"),
    ("input", "target"),
    ("input", "response"),
    ("source", "target"),
    ("context", "continuation"),
    ("problem", "solution"),
    ("user", "assistant"),
    ("dialogue", "summary"),
    ("document", "summary"),
    ("article", "summary"),
    ("text", "summary"),
    ("pregunta", "respuesta"),
    ("pregunta", "resposta"),
    ("domanda", "risposta"),
)
CHAT = ("messages", "conversations", "conversation")
PREFERENCE = frozenset({"chosen", "rejected"})
KNOWN = TEXT | LABEL | PROMPT | COMPLETION | frozenset(CHAT) | PREFERENCE | frozenset({"id", "idx", "index"})


def words(name: str) -> list[str]:
    """Return the words of a column name: "airline_sentiment" and "AirlineSentiment" give ["airline", "sentiment"]."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^0-9a-zà-ÿ]+", spaced.lower()) if word]


def says(name: str, vocabulary: frozenset[str]) -> float:
    """Return how clearly a name belongs to a vocabulary: 1 the very word, 0.6 one of its words, 0 not at all."""
    if name.strip().lower() in vocabulary:
        return 1.0
    return 0.6 if any(word in vocabulary for word in words(name)) else 0.0
