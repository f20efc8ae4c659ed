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
    team annotation etiqueta etiquetas categoria categoría clase classe etichetta sentimiento sentiment_label polaridad polaritat polarità
    tema anotación anotació annotazione"""
)
CLASS = _set(
    """toxic severe_toxic obscene threat insult identity_hate identity_attack hate hateful offensive abusive spam admiration amusement
    anger annoyance anticipation approval caring confusion curiosity desire disappointment disapproval disgust embarrassment excitement
    fear gratitude grief joy love nervousness optimism pessimism pride realization relief remorse sadness surprise trust"""
)
"""Classes that people give a column of their own, filled with yes and no."""
VERDICTS = _set(
    """pos neg neu positive negative neutral good bad spam ham yes no true false positivo negativo neutro positiva negativa neutra positiu
    negatiu neutre positivi negativi"""
)
"""Values that judge a text, whatever their column is called."""
HEADLINE = _set("subject title headline asunto título assumpte títol oggetto titolo")
"""What stands above a text and is read with it."""
SCORE = _set(
    """score scores rating similarity similarity_score relatedness relatedness_score grade stars points valence intensity value target y
    helpfulness quality toxicity puntuación puntuació punteggio nota voto"""
)
PROMPT = _set("prompt prompts instruction question query input source problem user request pregunta instrucción instrucció domanda")
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
    ("question", "answers"),
    ("question", "response"),
    ("query", "response"),
    ("query", "answer"),
    ("input", "output"),
    ("input", "target"),
    ("input", "response"),
    ("source", "target"),
    ("context", "continuation"),
    ("context", "response"),
    ("problem", "solution"),
    ("user", "assistant"),
    ("dialogue", "summary"),
    ("dialog", "summary"),
    ("document", "summary"),
    ("article", "summary"),
    ("article", "highlights"),
    ("text", "summary"),
    ("mr", "ref"),
    ("pregunta", "respuesta"),
    ("pregunta", "resposta"),
    ("domanda", "risposta"),
)
"""What is asked and what answers it, the commonest first."""
CONTEXT = _set("context passage paragraph document background article story contexto contesto input")
"""What a question or an instruction is about: part of the prompt."""
SYSTEM = _set("system system_prompt system_message system_instruction systeminstruction")
HISTORY = _set("history")
TOOLS = _set("tools functions")
CHAT = ("messages", "conversations", "conversation", "contents", "dialog", "dialogue", "chat", "turns")
TWO_TEXTS: tuple[tuple[str, str], ...] = (
    ("premise", "hypothesis"),
    ("question", "passage"),
    ("question", "context"),
    ("question", "sentence"),
    ("query", "passage"),
    ("query", "document"),
    ("claim", "evidence"),
    ("anchor", "positive"),
    ("original", "paraphrase"),
    ("source_text", "suspicious_text"),
    ("text", "hypothesis"),
    ("premisa", "hipótesis"),
    ("premessa", "ipotesi"),
    ("premissa", "hipòtesi"),
)
"""Two texts that are judged together; two names that differ only in a number or letter (sentence1, sentence2) are found without a list."""
OPTIONS = _set("choices options endings alternatives candidates mc1_targets opciones opcions opzioni")
OPTION = _set("choice option ending sol alternative opt op answer opción opció opzione")
"""The stem of columns that hold one option each: choice1, option_a, ending0."""
RIGHT = _set(
    """answer answerkey answer_key answer_idx answer_index gold gold_index label correct correct_answer correct_option correct_index
    right_answer ans cop target solution answers respuesta resposta risposta"""
)
WORDS = _set("tokens words token word sentence text palabras palabra paraules paraula parole parola")
"""Lists of words."""
TAGS = _set(
    """tags tag ner_tags ner_tag ner pos_tags pos_tag pos upos chunk_tags chunks bio bio_tags iob iob_tags labels label token_labels
    word_labels entity_tags entities etiquetas etiquetes etichette"""
)
"""Lists of what each word is."""
SPANS = _set("entities spans label labels annotations ner entidades entitats entità")
"""Places in a text and what stands there."""
GOOD = _set("label good is_good desirable thumbs thumbs_up liked helpful accepted feedback is_correct")
CHOSEN = _set("chosen preferred chosen_response response_chosen better accepted_response")
REJECTED = _set("rejected dispreferred rejected_response response_rejected worse")
METADATA = _set(
    """id idx index uid guid source url link date timestamp time created author user_id name fname file filename path lang language
    license licence subset split fold meta metadata version title folder annotator annotator_id annotation_id annotation_agent prediction
    predictions prediction_agent event_timestamp created_at updated_at"""
)
"""What says where a row is from, who judged it, or what a model thought of it; never what it is about."""
ORIGIN = METADATA - {"title", "name"}
"""The same without what may be read: a headline is part of a text that is classified."""
LEARNABLE = frozenset({"author", "lang", "language", "title", "name", "folder"})
"""Metadata that some people do learn to tell from the text, where its values repeat."""
PREFERENCE = frozenset({"chosen", "rejected"})
KNOWN = TEXT | LABEL | PROMPT | COMPLETION | frozenset(CHAT) | PREFERENCE | frozenset({"id", "idx", "index", "context"})
KNOWN |= frozenset(word for two in TWO_TEXTS for word in two) | (SCORE - {"value"}) | OPTIONS | SYSTEM | HISTORY


def words(name: str) -> list[str]:
    """Return the words of a column name: "airline_sentiment" and "AirlineSentiment" give ["airline", "sentiment"]."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^0-9a-zà-ÿ]+", spaced.lower()) if word]


def says(name: str, vocabulary: frozenset[str]) -> float:
    """Return how clearly a name belongs to a vocabulary: 1 the very word, 0.6 one of its words, 0 not at all."""
    if plain(name) in vocabulary:
        return 1.0
    return 0.6 if any(word in vocabulary for word in words(name)) else 0.0


def plain(name: str) -> str:
    """Return a name in small letters, its words joined with "_"; what no letter is in, as it is."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def numbered(name: str) -> tuple[str, str] | None:
    """Return the stem and the number or letter that tell a column from its siblings: "text_a" gives ("text", "a"), "#1 String"
    ("string", "1"); None for a name without one."""
    parts = [part for part in re.split(r"[^0-9a-zà-ÿ]+|(?<=\D)(?=\d)|(?<=\d)(?=\D)", name.lower()) if part]
    marks = [part for part in parts if part.isdigit() or (len(part) == 1 and part.isalpha())]
    if len(marks) != 1 or len(parts) > 4:
        return None
    return "_".join(part for part in parts if part is not marks[0]), marks[0]
