"""Faults in single cells of the support file: what stands there is broken, foreign, private or nothing at all."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.data.planted.clean import support_rows, write_csv, write_jsonl
from tests.unit.data.planted.planting import PLACES, Planted, fault, lines, replaced, with_labels, with_more_rows, with_texts

ROWS = support_rows()


def text(place: int) -> str:
    return ROWS[PLACES[place]][0]


def doubly_encoded(words: str) -> str:
    """UTF-8 bytes read as Windows-1252, as a spreadsheet does."""
    return words.encode("utf-8").decode("cp1252")


@fault
def empty_field(folder: Path) -> Planted:
    rows = replaced(ROWS, {PLACES[0]: ("", ROWS[PLACES[0]][1]), PLACES[1]: (text(1), ""), PLACES[3]: ("", "")})
    return Planted(write_csv(folder / "support.csv", rows), "empty_field", lines((PLACES[0], PLACES[1], PLACES[3])))


@fault
def mojibake(folder: Path) -> Planted:
    spoilt = {
        PLACES[0]: "La reunión del viernes se canceló y el código de la habitación ya no sirve, según me contó el señor Núñez.",
        PLACES[2]: "Me gustaría un café después de la sesión, si el camión del pequeño almacén llegó.",
        PLACES[4]: "The printer doesn’t wake up – it’s the third time this week and we can’t work.",
    }
    return with_texts(folder, "mojibake", {place: doubly_encoded(words) for place, words in spoilt.items()})


@fault
def control_characters(folder: Path) -> Planted:
    changes = {
        PLACES[0]: text(0).replace(" ", "\u0000", 1),
        PLACES[1]: text(1) + "\u0007",
        PLACES[2]: text(2).replace(". ", ".\r", 1),
        PLACES[3]: "\u001b[31m" + text(3),
    }
    records = [{"text": changes.get(index, words), "label": label} for index, (words, label) in enumerate(ROWS)]
    return Planted(write_jsonl(folder / "support.jsonl", records), "control_characters", lines(sorted(changes), header=False))


@fault
def invisible_characters(folder: Path) -> Planted:
    marks = ("\u200b", "\u00ad", "\ufeff", "\u202e", "\u200e")
    return with_texts(
        folder,
        "invisible_characters",
        {place: ROWS[place][0][:9] + mark + ROWS[place][0][9:] for place, mark in zip(PLACES, marks, strict=True)},
    )


@fault
def html(folder: Path) -> Planted:
    return with_texts(
        folder,
        "html",
        {
            PLACES[0]: f"<p>{text(0)}</p>",
            PLACES[1]: text(1).replace(". ", ".<br />", 1),
            PLACES[2]: text(2).replace(" ", "&nbsp;", 1) + " &amp; &quot;soon&quot;",
            PLACES[4]: f'<a href="https://shop.example/help">help</a> {text(4)}',
        },
    )


@fault
def outer_space(folder: Path) -> Planted:
    rows = replaced(
        ROWS,
        {
            PLACES[0]: (f"   {text(0)}", ROWS[PLACES[0]][1]),
            PLACES[1]: (f"{text(1)}\t ", ROWS[PLACES[1]][1]),
            PLACES[3]: (text(3), f" {ROWS[PLACES[3]][1]}"),
        },
    )
    return Planted(write_csv(folder / "support.csv", rows), "outer_space", lines((PLACES[0], PLACES[1], PLACES[3])))


@fault
def missing_word(folder: Path) -> Planted:
    return with_labels(folder, "missing_word", dict(zip(PLACES, ("NA", "None", "null", "nan", "N/A"), strict=True)))


@fault
def language(folder: Path) -> Planted:
    return with_texts(
        folder,
        "language",
        {
            PLACES[0]: "Der Paketbote hat die Lieferung vor zwei Wochen beim Nachbarn abgegeben, aber dort weiß niemand etwas davon.",
            PLACES[2]: "Bonjour, je voudrais savoir pourquoi la facture du mois dernier est plus élevée que celle que vous aviez annoncée.",
            PLACES[4]: "Od wczoraj nie mogę zalogować się na swoje konto, chociaż hasło jest na pewno poprawne i nikt go nie zmieniał.",
        },
    )


@fault
def unusual_length(folder: Path) -> Planted:
    novel = " ".join(f"{words} Besides, this is point {number} of my long letter." for number, (words, _) in enumerate(ROWS[::9]))
    diary = " ".join(f"Tag {number}: wieder nichts. {words}" for number, (words, _) in enumerate(ROWS[4::8]))
    return with_texts(folder, "unusual_length", {PLACES[0]: novel, PLACES[2]: "k", PLACES[4]: diary})


@fault
def personal_data(folder: Path) -> Planted:
    private = {
        "email": "Write to maria.ferrer82@correo-ejemplo.es if anything is missing.",
        "phone": "You can call me on +34 612 345 678 after six.",
        "iban": "Send the refund to ES91 2100 0418 4502 0005 1332, please.",
        "card": "It is the card 4111 1111 1111 1111 that expires in May.",
        "ip": "The request came from 85.54.201.17 at noon.",
    }
    texts = {place: f"{ROWS[place][0]} {words}" for place, words in zip(PLACES, private.values(), strict=True)}
    return with_texts(folder, "personal_data", texts, kinds=frozenset(private))


@fault
def control_tokens(folder: Path) -> Planted:
    marks = ("<|im_end|><|im_start|>system ", "[/INST] ", "<|endoftext|>", "<|eot_id|>", "<end_of_turn>")
    return with_texts(
        folder, "control_tokens", {place: ROWS[place][0].replace(". ", f". {mark}", 1) for place, mark in zip(PLACES, marks, strict=True)}
    )


@fault
def placeholder(folder: Path) -> Planted:
    return with_texts(
        folder, "placeholder", dict(zip(PLACES, ("Lorem ipsum dolor sit amet", "TODO", "asdf asdf", "xxx", "..."), strict=True))
    )


@fault
def url_only(folder: Path) -> Planted:
    return with_texts(folder, "url_only", {PLACES[1]: "https://help.shop.example/tickets/88120", PLACES[4]: "www.shop.example/faq?id=31"})


@fault
def exact_duplicate(folder: Path) -> Planted:
    originals = (ROWS[5], ROWS[60], ROWS[120])
    return with_more_rows(folder, "exact_duplicate", dict(zip(PLACES[1:4], originals, strict=True)), originals)


@fault
def near_duplicate(folder: Path) -> Planted:
    originals = (ROWS[5], ROWS[60], ROWS[120])
    changed = (f"{ROWS[5][0]} Thanks", f"Hi, {ROWS[60][0]}", ROWS[120][0].rsplit(" ", 2)[0] + " us.")
    extra = {place: (words, label) for place, words, (_, label) in zip(PLACES[1:4], changed, originals, strict=True)}
    return with_more_rows(folder, "near_duplicate", extra, originals)


@fault
def too_long(folder: Path) -> Planted:
    from tests.tiny import write_tiny_model

    letters = {PLACES[place]: " ".join(words for words, _ in ROWS[place::40]) for place in (1, 3)}
    return with_texts(folder, "too_long", letters, model=write_tiny_model(folder / "model"))


@fault
def coverage(folder: Path) -> Planted:
    """A tokenizer without byte fallback that has never seen Greek or Cyrillic."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    from tests.tiny import write_tiny_model

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.BpeTrainer(vocab_size=900, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False)
    tokenizer.train_from_iterator((words for words, _ in ROWS), trainer)
    model = write_tiny_model(folder / "model", vocab_size=tokenizer.get_vocab_size())
    tokenizer.save(str(model / "tokenizer.json"))
    named = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}
    (model / "special_tokens_map.json").write_text(json.dumps(named))
    (model / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **named}))
    foreign = {
        PLACES[0]: "Το δέμα έφυγε από την αποθήκη πριν από δέκα μέρες και δεν έφτασε ποτέ.",
        PLACES[2]: "Посылка ушла со склада десять дней назад и до сих пор не пришла.",
        PLACES[4]: "Πληρώνω ακόμα τη συνδρομή που ακύρωσα πριν από τον χειμώνα.",
    }
    return with_texts(folder, "coverage", foreign, model=model)
