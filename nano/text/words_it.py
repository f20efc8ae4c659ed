"""Italian words for the nano's pretraining text: nouns with gender, agreement, articles, and pools of slot words."""

from random import Random

VOWELS = "aeiouàèéìòùh"
INVARIABLE = {"blu", "viola", "rosa", "beige", "pari", "extra"}
POSSESSIVES = {"mio": ("mio", "mia", "miei", "mie"), "tuo": ("tuo", "tua", "tuoi", "tue"), "suo": ("suo", "sua", "suoi", "sue")}
ARTICULATED = {"del": "de", "al": "a", "dal": "da", "nel": "ne", "sul": "su", "quel": "que", "bel": "be"}
ARTICULATED_PLURAL = {"dei": "de", "ai": "a", "dai": "da", "nei": "ne", "sui": "su", "quei": "que", "bei": "be"}
PRONOUNS = {
    "lo": ("lo", "la"),
    "gli": ("gli", "le"),
    "lui": ("lui", "lei"),
    "-o": ("o", "a"),
    "-i": ("i", "e"),
    "questo": ("questo", "questa"),
    "tutto": ("tutto", "tutta"),
    "signore": ("signor", "signora"),
}


def is_vowel(word: str) -> bool:
    return word[:1].lower() in VOWELS


def is_impure(word: str) -> bool:
    """True where a masculine word takes lo / gli / uno."""
    low = word.lower()
    if low[:1] in "zxy" or low[:2] in ("gn", "ps", "pn"):
        return True
    return low[:1] == "s" and low[1:2] not in "aeiouàèéìòù"


def plural_of(word: str, gender: str) -> str:
    """The regular plural of a noun."""
    if word[-1] in "àèéìòùi" or word[-1] not in "aoe" or word.endswith("ie"):
        return word
    if gender == "f" and word.endswith(("cia", "gia")) and word[-4] not in "aeiou":
        return word[:-2] + "e"
    if word.endswith(("ca", "ga")):
        return word[:-1] + ("he" if gender == "f" else "hi")
    if word.endswith(("co", "go")):
        return word[:-1] + "hi"
    if word.endswith("io"):
        return word[:-1]
    if word.endswith("a") and gender == "f":
        return word[:-1] + "e"
    return word[:-1] + "i"


def agree(adjective: str, gender: str, plural: bool) -> str:
    """The adjective (given in the masculine singular) in the wanted gender and number."""
    if adjective in INVARIABLE or " " in adjective:
        return adjective
    if adjective in POSSESSIVES:
        return POSSESSIVES[adjective][2 * plural + (gender == "f")]
    stem, ending = adjective[:-1], adjective[-1]
    if ending == "e":
        return stem + "i" if plural else adjective
    if ending != "o":
        return adjective
    if not plural:
        return adjective if gender == "m" else stem + "a"
    if gender == "f":
        if stem.endswith(("c", "g")):
            return stem + "he"
        return stem[:-1] + "e" if stem.endswith("ci") else stem + "e"
    if stem.endswith("i"):
        return stem
    if stem.endswith("ic") and adjective not in ("antico", "carico"):
        return stem + "i"
    return stem + ("hi" if stem.endswith(("c", "g")) else "i")


class Noun:
    """A noun, a name or a phrase with gender; the format spec chooses its article, number or an agreeing word."""

    def __init__(self, singular: str, plural: str, gender: str) -> None:
        self.singular, self.plural, self.gender = singular, plural, gender

    def definite(self) -> str:
        word = self.singular
        if is_vowel(word) or word.startswith(("8 ", "11 ")):
            return "l'"
        if self.gender == "f":
            return "la "
        return "lo " if is_impure(word) else "il "

    def definite_plural(self) -> str:
        if self.gender == "f":
            return "le "
        return "gli " if is_vowel(self.plural) or is_impure(self.plural) else "i "

    def indefinite(self) -> str:
        if self.gender == "f":
            return "un'" if is_vowel(self.singular) else "una "
        return "uno " if is_impure(self.singular) else "un "

    def with_preposition(self, preposition: str) -> str:
        """A name or a phrase such as 'il mio vicino' after a / di / da / su, contracted where Italian contracts."""
        for article in ("il ", "la "):
            if self.singular.startswith(article) and preposition in ("a", "di", "da", "su"):
                base = {"a": "a", "di": "de", "da": "da", "su": "su"}[preposition]
                joined = base + ("l " if article == "il " else "lla ")
                return joined + self.singular[3:]
        if preposition == "a" and self.singular[:1].lower() == "a":
            return "ad " + self.singular
        return f"{preposition} {self.singular}"

    def __format__(self, spec: str) -> str:
        if not spec:
            return self.singular
        if spec == "p":
            return self.plural
        if spec.startswith("++"):
            return agree(spec[2:], self.gender, True)
        if spec.startswith("+"):
            return agree(spec[1:], self.gender, False)
        if spec in PRONOUNS:
            return PRONOUNS[spec][self.gender == "f"]
        if spec == "il":
            return self.definite() + self.singular
        if spec == "i":
            return self.definite_plural() + self.plural
        if spec == "un":
            return self.indefinite() + self.singular
        if spec in ARTICULATED:
            article = self.definite()
            tail = "l " if article == "il " else "l" + article
            return ARTICULATED[spec] + tail + self.singular
        if spec in ARTICULATED_PLURAL:
            article = self.definite_plural()
            tail = "l" + article if article == "le " else article
            return ARTICULATED_PLURAL[spec] + tail + self.plural
        if spec in ("a", "di", "da", "su", "con", "per"):
            return self.with_preposition(spec)
        raise ValueError(f"unknown form {spec!r}")


def nouns(gender: str, text: str) -> list[Noun]:
    """Nouns from 'word, word/plural, ...'."""
    made = []
    for entry in text.split(","):
        singular, _, plural = entry.strip().partition("/")
        made.append(Noun(singular, plural or plural_of(singular, gender), gender))
    return made


def both(masculine: str, feminine: str) -> list[Noun]:
    return nouns("m", masculine) + nouns("f", feminine)


def phrases(text: str) -> list[str]:
    """Phrases from a text with one on each line or several parted by semicolons."""
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


MALE = (
    "Marco, Luca, Paolo, Andrea, Giovanni, Matteo, Davide, Stefano, Antonio, Giorgio, Pietro, Filippo, Simone, Enrico, Carlo, "
    "Roberto, Franco, Sergio, Nicola, Tommaso, Lorenzo, Riccardo, Alberto, Bruno, Claudio, Daniele, Emanuele, Fabio, Gabriele, "
    "Jacopo, Leonardo, Mario, Michele, Omar, Raffaele, Salvatore, Ugo, Vincenzo, Youssef, Ivan"
)
FEMALE = (
    "Anna, Giulia, Francesca, Chiara, Sara, Elena, Laura, Marta, Paola, Silvia, Valentina, Martina, Alice, Beatrice, Caterina, "
    "Daniela, Elisa, Federica, Giovanna, Irene, Lucia, Maria, Nadia, Olga, Roberta, Serena, Teresa, Viola, Ilaria, Carla, Rosa, "
    "Sofia, Camilla, Cristina, Emma, Fatima, Gaia, Ludovica, Miriam, Noemi"
)
POOLS: dict[str, list[Noun] | list[str]] = {
    "name": both(MALE, FEMALE),
    "man": nouns("m", MALE),
    "woman": nouns("f", FEMALE),
    "me": [Noun("io", "noi", "m"), Noun("io", "noi", "f")],
    "surname": [
        "Rossi",
        "Ferrari",
        "Bianchi",
        "Romano",
        "Colombo",
        "Ricci",
        "Marino",
        "Greco",
        "Gallo",
        "Conti",
        "Costa",
        "Giordano",
        "Mancini",
        "Rizzo",
        "Lombardi",
        "Moretti",
        "Barbieri",
        "Fontana",
        "Santoro",
        "Mariani",
        "Rinaldi",
        "Caruso",
        "Ferrara",
        "Galli",
        "Martini",
        "Leone",
        "Longo",
        "Gentile",
        "Vitale",
        "Serra",
        "Villa",
        "Parisi",
        "Sanna",
        "Farina",
        "Palumbo",
        "Guerra",
        "Bassi",
        "Neri",
        "Piras",
    ],
    "kin": both(
        "mio padre, mio fratello, mio nonno, mio zio, mio cugino, mio figlio, mio marito, mio suocero, il mio vicino, il mio "
        "collega, un mio amico, il mio coinquilino",
        "mia madre, mia sorella, mia nonna, mia zia, mia cugina, mia figlia, mia moglie, mia suocera, la mia vicina, la mia "
        "collega, una mia amica, la mia coinquilina",
    ),
    "city": nouns(
        "f",
        "Torino, Milano, Genova, Bologna, Firenze, Roma, Napoli, Bari, Palermo, Catania, Cagliari, Trieste, Udine, "
        "Verona, Padova, Venezia, Trento, Bolzano, Parma, Modena, Ferrara, Ravenna, Rimini, Ancona, Perugia, Pescara, "
        "Lecce, Matera, Salerno, Siena, Pisa, Lucca, Livorno, Bergamo, Brescia, Como, Pavia, Novara, Cuneo, Asti, Savona, "
        "Mantova, Treviso",
    ),
    "abroad": nouns(
        "f",
        "Parigi, Londra, Berlino, Madrid, Barcellona, Lisbona, Vienna, Praga, Atene, Dublino, Bruxelles, Amsterdam, "
        "Varsavia, Budapest, Zurigo, Lione, Marsiglia, Siviglia, Monaco, Oslo",
    ),
    "street": phrases(
        "via Garibaldi; via Roma; via Mazzini; via Verdi; via Dante; via Manzoni; via dei Mille; via San Marco; viale "
        "Europa; corso Italia; piazza Cavour; via Leopardi; via del Mulino; via dei Tigli; viale della Stazione; via "
        "Puccini; corso Vittorio; via Galilei; via delle Rose; piazza del Duomo; via Marconi; via Pascoli; via della Pace"
    ),
    "room": both(
        "bagno, salotto, soggiorno, corridoio, ripostiglio, garage, balcone, studio, ingresso, sottotetto",
        "cucina, camera, sala, cantina, soffitta, terrazza, lavanderia, stanza degli ospiti/stanze degli ospiti",
    ),
    "furniture": both(
        "tavolo, divano, armadio, letto, comodino, scaffale, specchio, tappeto, cassetto, mobile, sgabello, appendiabiti",
        "sedia, poltrona, libreria, lampada, tenda, scrivania, credenza, mensola, panca, culla, cassettiera, scarpiera",
    ),
    "appliance": both(
        "frigorifero, forno, tostapane/tostapane, frullatore, aspirapolvere, ferro da stiro/ferri da stiro, televisore, "
        "ventilatore, condizionatore, bollitore, phon, computer, telecomando, scaldabagno, forno a microonde/forni a "
        "microonde",
        "lavatrice, lavastoviglie, stampante, caldaia, asciugatrice, radio/radio, macchina da cucire/macchine da cucire, "
        "stufa, macchina del caffè/macchine del caffè, piastra, cappa, sveglia, bilancia, affettatrice",
    ),
    "device": both(
        "telefono, tablet, computer portatile/computer portatili, orologio, lettore, navigatore, router, monitor",
        "tastiera, cuffia, stampante, fotocamera, batteria esterna/batterie esterne, console, chiavetta, telecamera",
    ),
    "thing": both(
        "ombrello, portafoglio, zaino, libro, quaderno, orologio, anello, cappello, giocattolo, pallone, cuscino, vaso, "
        "quadro, piatto, bicchiere, coltello, cestino, secchio, martello, pettine, sapone, foglio, dizionario, calendario, "
        "portachiavi, berretto, zerbino, asciugamano, pennello, righello",
        "borsa, valigia, chiave, penna, matita, bottiglia, tazza, scatola, candela, coperta, forbice, spugna, pentola, "
        "padella, collana, bicicletta, chitarra, bambola, cornice, scopa, torcia, agenda, busta, borraccia, sciarpa, caraffa, "
        "spazzola, cartella, cintura, teiera",
    ),
    "cloth": both(
        "cappotto, maglione, vestito, cappello, berretto, costume, pigiama, giubbotto, impermeabile, abito, gilet, grembiule",
        "camicia, giacca, gonna, maglietta, felpa, sciarpa, cravatta, tuta, vestaglia, canottiera, borsa, cintura",
    ),
    "stuff": phrases("legno; ferro; plastica; vetro; metallo; rame; ottone; ceramica; marmo; alluminio"),
    "fabric": phrases("cotone; lana; lino; seta; velluto; flanella; tela; cachemire"),
    "craft": both(
        "vaso, piatto, giocattolo, anello, cestino, portachiavi, candelabro, orologio, portafoto, vassoio, tagliacarte",
        "scatola, cornice, collana, bottiglia, tazza, teiera, caraffa, campana, statuetta, ciotola, lanterna",
    ),
    "gift": both(
        "libro, orologio, anello, cappello, vaso, quadro, zaino, profumo, portafoglio, braccialetto, mazzo di fiori/mazzi di fiori",
        "borsa, collana, candela, agenda, coperta, chitarra, sciarpa, penna, teiera, pianta, scatola di cioccolatini/scatole di "
        "cioccolatini",
    ),
    "pocket": both(
        "fazzoletto, ombrello, quaderno, libro, pettine, portachiavi, rossetto, caricatore, taccuino, accendino",
        "penna, chiave, agenda, matita, borraccia, spazzola, sciarpa, caramella, moneta, foto/foto, torcia",
    ),
    "tear": phrases("sporco; scucito; strappato; macchiato; rovinato; difettoso; bucato; scolorito"),
    "solid": both(
        "tavolo, armadio, comodino, scaffale, mobile, sgabello, baule",
        "sedia, libreria, scrivania, credenza, mensola, panca, cassettiera, scarpiera",
    ),
    "spice": phrases(
        "pepe; sale; limone; zucchero; burro; latte; olio; origano; aglio; basilico; prezzemolo; peperoncino; rosmarino; vino"
    ),
    "nerves": phrases("nervoso; emozionato; preoccupato; tranquillo; sereno; agitato; impaziente; silenzioso"),
    "shortly": phrases(
        "domani; dopodomani; domani mattina; domani pomeriggio; fra due giorni; fra tre giorni; da lunedì; da martedì; da giovedì"
    ),
    "store": both(
        "supermercato, mercato, centro commerciale/centri commerciali, grande magazzino/grandi magazzini, bazar, minimarket, "
        "negozio/negozi, emporio",
        "bottega, cooperativa, fiera",
    ),
    "sight": both(
        "museo, castello, teatro, porto, duomo, mercato, parco, palazzo reale/palazzi reali, giardino botanico/giardini botanici, acquario",
        "chiesa, piazza, torre, biblioteca, cattedrale, mostra, galleria",
    ),
    "builder": both("muratore, operaio, imbianchino, falegname, artigiano, pittore", "ditta, impresa"),
    "owned": both("furgone, camper, motorino, scooter", "macchina, moto/moto, bicicletta, barca, automobile/automobili"),
    "transit": both("treno, autobus, tram, pullman", "metropolitana, corriera"),
    "wild": both(
        "cervo, lupo, orso, riccio, gufo, cinghiale, scoiattolo, serpente, cavallo, asino, capriolo, pavone, fagiano, falco",
        "volpe, lepre, aquila, rana, anatra, mucca, capra, lucertola, lumaca, civetta, marmotta, donnola, puzzola, cicogna",
    ),
    "fruit": both(
        "limone, melone, mandarino, kiwi, ananas, lampone, mirtillo, fico, pompelmo, mango, cachi",
        "mela, pera, arancia, banana, pesca, albicocca, ciliegia, fragola, prugna, susina, castagna, mora",
    ),
    "veg": both(
        "pomodoro, peperone, carciofo, finocchio, cetriolo, cavolo, broccolo, fagiolo, ravanello, sedano, porro, pisello, "
        "asparago/asparagi, fungo",
        "carota, patata, zucchina, melanzana, cipolla, zucca, rapa, barbabietola, lenticchia, bietola, verza, lattuga",
    ),
    "food": both(
        "pane, formaggio, prosciutto, pesce, pollo, riso, yogurt, miele, tonno, gelato, cioccolato, salame, minestrone, risotto, tacchino",
        "pasta, carne, marmellata, mozzarella, insalata, pizza, torta, zuppa, focaccia, ricotta, crostata, frittata, polenta, "
        "salsiccia, frutta, verdura",
    ),
    "grocery": nouns(
        "m",
        "pane, formaggio, prosciutto, riso, burro, latte, yogurt, miele, tonno, olio, aceto, zucchero, sale, caffè, "
        "tè, sapone, detersivo, cioccolato",
    )
    + nouns("f", "pasta, farina, marmellata, mozzarella, insalata, ricotta, panna, carta igienica, acqua, birra, carne, frutta, verdura"),
    "dish": both(
        "risotto, minestrone, arrosto, spezzatino, polpettone, sformato, tortino, sugo",
        "zuppa, frittata, lasagna, torta salata/torte salate, parmigiana, insalata di riso/insalate di riso, vellutata, crostata",
    ),
    "shop": both(
        "supermercato, negozio di scarpe/negozi di scarpe, mercato, negozio di giocattoli/negozi di giocattoli, bazar, centro "
        "commerciale/centri commerciali, grande magazzino/grandi magazzini, minimarket, chiosco",
        "libreria, farmacia, panetteria, cartoleria, pasticceria, edicola, pescheria, gelateria, lavanderia, ottica, "
        "gioielleria, profumeria",
    ),
    "public": both(
        "comune, museo, ospedale, teatro, municipio, tribunale, stadio, castello, aeroporto, ufficio postale/uffici postali, "
        "parco, cinema/cinema, porto",
        "biblioteca, stazione, scuola, piscina, palestra, piazza, chiesa, banca, posta, università, mensa, fiera",
    ),
    "job": both(
        "medico/medici, insegnante, cuoco, idraulico/idraulici, elettricista, muratore, avvocato, giardiniere, infermiere, "
        "autista, falegname, cameriere, postino, pompiere, meccanico/meccanici, fornaio, sarto, veterinario, contadino, "
        "pescatore, architetto, barbiere, farmacista, bibliotecario, giornalista, musicista",
        "maestra, dottoressa, cuoca, infermiera, sarta, commessa, giornalista, parrucchiera, avvocata, traduttrice, attrice, "
        "scrittrice, fioraia, cameriera, veterinaria, ricercatrice, contadina, pittrice, segretaria, pilota",
    ),
    "fixer": both("tecnico/tecnici, elettricista, riparatore, operaio, artigiano", "tecnica, esperta, elettricista"),
    "pet": both(
        "gatto, cane, coniglio, criceto, pappagallo, canarino, cucciolo, gattino, cagnolino, porcellino d'India/porcellini d'India",
        "gatta, tartaruga, cagnolina, gattina, coniglia",
    ),
    "animal": both(
        "cavallo, asino, maiale, gallo, lupo, orso, leone, elefante, cervo, topo, serpente, pesce, delfino, riccio, pinguino, "
        "gufo, cinghiale, scoiattolo, ragno, coccodrillo, cammello, pipistrello",
        "mucca, pecora, capra, gallina, oca, volpe, tigre, giraffa, scimmia, rana, ape, farfalla, formica, balena, aquila, "
        "lumaca, anatra, rondine, lucertola, zebra, mosca, foca",
    ),
    "plant": both(
        "basilico, rosmarino, geranio, limone, tulipano, girasole, gelsomino, oleandro, ulivo, fico, cactus, ciclamino, glicine",
        "rosa, lavanda, salvia, menta, margherita, orchidea, ortensia, vite, viola, camelia, felce, azalea, edera",
    ),
    "sport": both(
        "calcio, nuoto, tennis, ciclismo, rugby, sci, judo, pattinaggio, canottaggio, golf, baseball",
        "pallavolo, pallacanestro, corsa, ginnastica, scherma, danza, vela, pallanuoto, atletica, equitazione, arrampicata",
    ),
    "subject": both(
        "italiano, inglese, disegno, francese, spagnolo, latino, tedesco, diritto",
        "matematica, storia, geografia, musica, fisica, chimica, filosofia, biologia, informatica, grammatica, arte",
    ),
    "body": both(
        "ginocchio, braccio, dente, collo, gomito, polso, piede, occhio, dito, stomaco, orecchio",
        "schiena, testa, gola, spalla, caviglia, gamba, mano, pancia, anca",
    ),
    "illness": both(
        "raffreddore, mal di testa, mal di gola, mal di schiena, mal di denti, mal di stomaco",
        "tosse, influenza, febbre, allergia, bronchite",
    ),
    "document": both(
        "modulo, certificato, contratto, passaporto, permesso, documento, verbale, foglio, preventivo, biglietto",
        "ricevuta, domanda, patente, carta d'identità/carte d'identità, fattura, bolletta, tessera, delega, copia, lettera",
    ),
    "bill": nouns(
        "f",
        "bolletta della luce, bolletta del gas, bolletta dell'acqua, fattura del telefono, rata del mutuo, rata della "
        "macchina, quota del condominio, fattura dell'idraulico, tassa dei rifiuti, fattura del dentista",
    )
    + nouns("m", "conto del ristorante, canone del telefono, premio dell'assicurazione, conto della farmacia, saldo dei lavori"),
    "app": nouns(
        "f",
        "app della banca, app dei treni, app del meteo, app della scuola, app per le ricette, app per la corsa, app della "
        "biblioteca, app dei parcheggi, app per le foto, app di messaggi, app della palestra, app del comune",
    ),
    "course": nouns(
        "m",
        "corso di inglese, corso di cucina, corso di nuoto, corso di ceramica, corso di fotografia, corso di chitarra, "
        "corso di yoga, corso di disegno, corso di ballo, corso di teatro, corso di giardinaggio, corso di informatica, "
        "corso di cucito, corso di primo soccorso, laboratorio di lettura, laboratorio di pittura",
    ),
    "event": nouns("m", "concerto, mercatino, spettacolo, torneo, incontro, convegno, festival, pranzo sociale")
    + nouns("f", "mostra, festa, gara, sagra, lezione aperta, passeggiata, cena di quartiere, proiezione, visita guidata"),
    "weekday": both("lunedì, martedì, mercoledì, giovedì, venerdì, sabato", "domenica"),
    "month": phrases("gennaio; febbraio; marzo; aprile; maggio; giugno; luglio; agosto; settembre; ottobre; novembre; dicembre"),
    "colour": phrases("rosso; verde; giallo; nero; bianco; grigio; marrone; blu; viola; rosa; azzurro; arancione; beige; celeste; dorato"),
    "quality": phrases("comodo; robusto; leggero; elegante; pratico; solido; bello; moderno; resistente; semplice; utile; delicato"),
    "defect": phrases("rotto; graffiato; sporco; difettoso; rovinato; macchiato; ammaccato; scheggiato; incompleto; storto"),
    "kind": phrases(
        "gentile; paziente; allegro; generoso; timido; simpatico; curioso; ordinato; tranquillo; sincero; testardo; onesto; "
        "distratto; puntuale; coraggioso; educato; prudente; silenzioso; spiritoso"
    ),
    "mood": phrases("contento; stanco; preoccupato; emozionato; nervoso; soddisfatto; sereno; deluso; arrabbiato; sorpreso; tranquillo"),
    "hobby": phrases(
        "leggere romanzi; correre al parco; suonare la chitarra; cucinare; dipingere; andare in bicicletta; giocare a "
        "scacchi; nuotare; fare fotografie; curare l'orto; camminare in montagna; cucire; ballare; guardare vecchi film; "
        "pescare; cantare nel coro; collezionare francobolli; giocare a carte; fare puzzle; scrivere poesie; andare a "
        "cavallo; ascoltare musica; lavorare a maglia; fare il pane; osservare gli uccelli; restaurare mobili"
    ),
    "chore": phrases(
        "lavare i piatti; stirare le camicie; passare l'aspirapolvere; buttare la spazzatura; rifare i letti; pulire i "
        "vetri; stendere il bucato; spolverare i mobili; lavare il pavimento; svuotare la lavastoviglie; annaffiare le "
        "piante; mettere in ordine l'armadio; pulire il forno; cambiare le lenzuola; riordinare la cantina; lavare la "
        "macchina; fare la spesa; preparare la cena; piegare i vestiti; pulire il frigorifero"
    ),
    "task": phrases(
        "finire la relazione; rispondere alle e-mail; chiamare i fornitori; preparare le fatture; aggiornare il calendario; "
        "controllare i conti; scrivere il verbale; ordinare la carta; sistemare l'archivio; preparare la presentazione; "
        "correggere il testo; prenotare la sala; tradurre il manuale; contare la merce; stampare i moduli; rivedere il "
        "contratto"
    ),
    "kindday": phrases(
        "una giornata lunga; una mattina tranquilla; una settimana pesante; un pomeriggio strano; una bella giornata; una "
        "serata piacevole; una giornata storta; una giornata piena"
    ),
    "sky": phrases(
        "cielo sereno; pioggia leggera; temporali; nebbia fitta; vento forte; neve; nuvole sparse; pioggia intensa; sole e "
        "caldo; foschia; grandine; gelo"
    ),
    "region": phrases(
        "al nord; al centro; al sud; sulla costa; in montagna; in pianura; sulle isole; sulle Alpi; lungo l'Adriatico; in "
        "collina; in Sicilia; in Sardegna; in Liguria; in Toscana; in Puglia; in Veneto; in Piemonte"
    ),
    "goodplace": phrases(
        "sul tavolo della cucina; nel cassetto della scrivania; sotto il letto; dietro il divano; sul sedile della "
        "macchina; nella tasca del cappotto; sopra l'armadio; in fondo alla borsa; sul balcone; vicino alla finestra; "
        "in cantina; accanto al telefono; dentro una scarpa; sullo scaffale più alto; nel cesto della biancheria; sotto "
        "il giornale"
    ),
    "dayword": phrases(
        "oggi; ieri; stamattina; ieri sera; l'altro giorno; sabato scorso; domenica scorsa; la settimana scorsa; ieri "
        "mattina; due giorni fa; lunedì scorso; giovedì scorso; nel fine settimana; tre giorni fa"
    ),
    "soon": phrases(
        "domani; dopodomani; domani mattina; stasera; la settimana prossima; sabato prossimo; fra tre giorni; fra una "
        "settimana; il mese prossimo; domani sera; lunedì prossimo; venerdì prossimo; nel fine settimana; domani pomeriggio"
    ),
    "reason": phrases(
        "il traffico era bloccato; pioveva forte; c'era uno sciopero; la strada era chiusa; il bambino aveva la febbre; la "
        "sveglia non ha suonato; mancava la corrente; il treno era in ritardo; la riunione è durata troppo; la macchina "
        "non partiva; avevo dimenticato le chiavi; non trovavo parcheggio"
    ),
    "few": phrases("due; tre; quattro; cinque; sei; sette; otto; nove; dieci"),
    "appname": both(
        "codice, indirizzo e-mail, numero di telefono, nome utente, codice fiscale", "password, domanda di sicurezza, data di nascita"
    ),
    "opinion": phrases("secondo me; a mio parere; per esperienza; a dire il vero; per come la vedo io"),
    "taste": phrases("buono; ottimo; salato; insipido; freddo; saporito; delizioso; pesante; fresco; leggero"),
    "filmkind": phrases(
        "un giallo; una commedia; un romanzo storico; un documentario; una storia d'amore; un racconto di viaggio; una "
        "biografia; un'avventura; un film muto; una fiaba"
    ),
    "close": phrases("Un abbraccio; Un caro saluto; A presto; Con affetto; Tanti saluti; Un bacio; Ci sentiamo presto"),
    "formalclose": phrases(
        "Cordiali saluti; Distinti saluti; In attesa di risposta, porgo cordiali saluti; Con i migliori saluti; "
        "Ringrazio per l'attenzione e porgo distinti saluti"
    ),
}

OPPOSITES = dict(
    pair.split()
    for pair in phrases(
        "alto basso; grande piccolo; caldo freddo; nuovo vecchio; bello brutto; lungo corto; aperto chiuso; pieno vuoto; veloce lento; "
        "facile difficile; ricco povero; forte debole; chiaro scuro; buono cattivo; pulito sporco; leggero pesante; dolce amaro; vicino "
        "lontano; primo ultimo; giovane anziano; allegro triste; acceso spento; asciutto bagnato; sopra sotto; dentro fuori; davanti dietro; "
        "prima dopo; sempre mai; tutto niente; giorno notte; entrare uscire; salire scendere; comprare vendere; aprire chiudere; accendere "
        "spegnere; ridere piangere; vincere perdere; iniziare finire; amare odiare; partire arrivare; domanda risposta; amico nemico; guerra "
        "pace; vero falso; giusto sbagliato; largo stretto; morbido duro; crudo cotto; utile inutile; presto tardi; molto poco; destra "
        "sinistra; nord sud; est ovest; estate inverno; vita morte; verità bugia; possibile impossibile; felice infelice; ordine disordine; "
        "simpatico antipatico; paziente impaziente; salato insipido; gentile scortese; coraggioso vigliacco; moderno antico; rumoroso "
        "silenzioso; pubblico privato; liscio ruvido; spingere tirare; ricordare dimenticare; trovare smarrire; dare ricevere; svegliarsi "
        "addormentarsi; vestirsi spogliarsi; montare smontare; coprire scoprire; fortuna sfortuna; interno esterno; superiore inferiore; "
        "minimo massimo"
    )
)

CATEGORIES: dict[str, list[str]] = {
    "animali": [
        "cane",
        "gatto",
        "cavallo",
        "mucca",
        "pecora",
        "leone",
        "tigre",
        "lupo",
        "orso",
        "gallina",
        "volpe",
        "asino",
        "coniglio",
        "capra",
        "oca",
    ],
    "frutti": [
        "mela",
        "pera",
        "banana",
        "arancia",
        "ciliegia",
        "fragola",
        "limone",
        "melone",
        "albicocca",
        "prugna",
        "mandarino",
        "uva",
        "kiwi",
    ],
    "colori": ["rosso", "verde", "giallo", "blu", "nero", "bianco", "grigio", "viola", "azzurro", "marrone", "arancione"],
    "mobili": ["tavolo", "sedia", "divano", "letto", "armadio", "poltrona", "scaffale", "credenza", "libreria", "comodino"],
    "vestiti": ["camicia", "giacca", "gonna", "maglione", "cappotto", "pantaloni", "maglietta", "calzini", "vestito", "felpa", "sciarpa"],
    "mestieri": ["medico", "cuoco", "muratore", "avvocato", "maestra", "sarto", "idraulico", "infermiera", "postino", "pittore"],
    "strumenti musicali": ["chitarra", "pianoforte", "violino", "flauto", "tromba", "tamburo", "arpa", "clarinetto", "violoncello"],
    "mezzi di trasporto": ["treno", "autobus", "aereo", "nave", "macchina", "bicicletta", "tram", "moto", "traghetto", "camion"],
    "parti del corpo": ["mano", "piede", "testa", "naso", "bocca", "orecchio", "braccio", "gamba", "ginocchio", "spalla"],
    "verdure": ["carota", "patata", "cipolla", "zucchina", "melanzana", "spinaci", "finocchio", "cavolo", "sedano", "carciofo"],
    "città italiane": ["Roma", "Milano", "Napoli", "Torino", "Palermo", "Genova", "Bologna", "Firenze", "Bari", "Venezia", "Verona"],
    "paesi": ["Francia", "Spagna", "Germania", "Portogallo", "Grecia", "Austria", "Svezia", "Polonia", "Irlanda", "Belgio"],
    "giorni": ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
    "mesi": [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    "attrezzi": ["martello", "cacciavite", "pinza", "sega", "trapano", "chiodo", "vite", "livella"],
    "sport": ["calcio", "tennis", "nuoto", "pallavolo", "ciclismo", "scherma", "rugby", "judo", "pallacanestro"],
}

COUNTRIES: list[tuple[str, str, str, str, str]] = [  # with article, in the country, capital, language, continent
    ("l'Italia", "in Italia", "Roma", "italiano", "Europa"),
    ("la Francia", "in Francia", "Parigi", "francese", "Europa"),
    ("la Spagna", "in Spagna", "Madrid", "spagnolo", "Europa"),
    ("il Portogallo", "in Portogallo", "Lisbona", "portoghese", "Europa"),
    ("la Germania", "in Germania", "Berlino", "tedesco", "Europa"),
    ("la Grecia", "in Grecia", "Atene", "greco", "Europa"),
    ("l'Austria", "in Austria", "Vienna", "tedesco", "Europa"),
    ("la Polonia", "in Polonia", "Varsavia", "polacco", "Europa"),
    ("la Svezia", "in Svezia", "Stoccolma", "svedese", "Europa"),
    ("la Norvegia", "in Norvegia", "Oslo", "norvegese", "Europa"),
    ("la Danimarca", "in Danimarca", "Copenaghen", "danese", "Europa"),
    ("l'Ungheria", "in Ungheria", "Budapest", "ungherese", "Europa"),
    ("la Romania", "in Romania", "Bucarest", "rumeno", "Europa"),
    ("il Giappone", "in Giappone", "Tokyo", "giapponese", "Asia"),
    ("la Cina", "in Cina", "Pechino", "cinese", "Asia"),
    ("l'Egitto", "in Egitto", "Il Cairo", "arabo", "Africa"),
    ("il Brasile", "in Brasile", "Brasilia", "portoghese", "America"),
    ("l'Argentina", "in Argentina", "Buenos Aires", "spagnolo", "America"),
    ("il Messico", "in Messico", "Città del Messico", "spagnolo", "America"),
    ("il Cile", "in Cile", "Santiago", "spagnolo", "America"),
    ("la Turchia", "in Turchia", "Ankara", "turco", "Asia"),
    ("la Tunisia", "in Tunisia", "Tunisi", "arabo", "Africa"),
]

FACTS: dict[str, list[str]] = {
    "natura": phrases("""Le api fanno il miele con il nettare dei fiori; La balena è un mammifero e respira con i polmoni
        Il ragno ha otto zampe; Gli insetti hanno sei zampe; Il pipistrello è un mammifero che vola; La giraffa ha il collo molto lungo
        Le rondini passano l'inverno in Africa; Il bruco diventa farfalla; Il pinguino è un uccello ma non vola
        Gli alberi prendono l'acqua dalle radici; Le foglie usano la luce del sole; La tartaruga può vivere molti anni
        Il ghepardo corre molto veloce; Il riccio dorme durante l'inverno; Il gufo caccia di notte
        La mucca mangia l'erba e dà il latte"""),
    "cielo": phrases("""La Terra gira intorno al Sole in un anno; La Luna gira intorno alla Terra; Il Sole è una stella
        La Terra fa un giro su se stessa in un giorno; Giove è il pianeta più grande del sistema solare; Marte è chiamato il pianeta rosso
        Mercurio è il pianeta più vicino al Sole; Saturno ha grandi anelli; La luce del Sole arriva in circa otto minuti
        La Luna non ha luce propria; Le stelle si vedono meglio lontano dalla città; L'estate in Italia comincia a giugno"""),
    "Italia": phrases("""Il Po è il fiume più lungo d'Italia; Il Monte Bianco è la montagna più alta delle Alpi
    L'Etna è un vulcano della Sicilia
        La Sicilia è la più grande isola del Mediterraneo; Il lago di Garda è il lago più grande d'Italia; Roma è la capitale d'Italia
        Venezia è costruita sull'acqua; L'Italia ha venti regioni; La torre di Pisa è pendente; Il Tevere attraversa Roma
        L'Arno attraversa Firenze; La pizza margherita è nata a Napoli; Il Colosseo si trova a Roma; Genova ha un grande porto
        La bandiera italiana è verde, bianca e rossa; La Repubblica italiana è nata nel 1946; Torino si trova in Piemonte
        Cagliari è il capoluogo della Sardegna; L'euro è la moneta dell'Italia dal 2002"""),
    "casa e scienza": phrases("""L'acqua bolle a cento gradi al livello del mare; L'acqua gela a zero gradi
    Il ghiaccio galleggia sull'acqua
        L'olio non si mescola con l'acqua; Il ferro bagnato fa la ruggine; Il sale si scioglie nell'acqua; Il legno galleggia
        L'aria calda sale verso l'alto; Una calamita attira il ferro; Il vetro si fa con la sabbia; La carta si fa con il legno
        Il pane si fa con farina, acqua e lievito; Il formaggio si fa con il latte; Il vino si fa con l'uva
        L'olio si fa con le olive"""),
    "tempo e numeri": phrases("""Un'ora ha sessanta minuti; Un minuto ha sessanta secondi; Un giorno ha ventiquattro ore
    Una settimana ha sette giorni
        Un anno ha dodici mesi; Un anno bisestile ha 366 giorni; Un secolo dura cento anni; Un chilo è fatto di mille grammi
        Un chilometro è fatto di mille metri; Una dozzina è fatta di dodici cose; Un triangolo ha tre lati
        Un quadrato ha quattro lati uguali
        Febbraio è il mese più corto; Aprile ha trenta giorni; Agosto ha trentuno giorni; Un metro è fatto di cento centimetri"""),
    "corpo": phrases("""Il cuore spinge il sangue nel corpo; Una persona adulta ha di solito trentadue denti; Una mano ha cinque dita
        I polmoni servono a respirare; Gli occhi servono a vedere; Il naso sente gli odori; La pelle protegge il corpo
        Il cervello si trova nella testa; Le ossa sostengono il corpo; Lo stomaco digerisce il cibo; Con le orecchie sentiamo i suoni
        Dormire bene aiuta la memoria; Bere acqua è importante; La frutta contiene vitamine"""),
}


def euros(cents: int) -> str:
    """An amount as Italians write it: 3,50 euro or 12 euro."""
    whole, rest = divmod(cents, 100)
    text = f"{whole:,}".replace(",", ".")
    return f"{text},{rest:02d} euro" if rest else f"{text} euro"


def number_word(value: int) -> str:
    """An Italian cardinal from 0 to 999."""
    low = [
        "zero",
        "uno",
        "due",
        "tre",
        "quattro",
        "cinque",
        "sei",
        "sette",
        "otto",
        "nove",
        "dieci",
        "undici",
        "dodici",
        "tredici",
        "quattordici",
        "quindici",
        "sedici",
        "diciassette",
        "diciotto",
        "diciannove",
    ]
    tens = ["venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"]
    if value >= 100:
        hundreds, rest = divmod(value, 100)
        return ("" if hundreds == 1 else low[hundreds]) + "cento" + (number_word(rest) if rest else "")
    if value < 20:
        return low[value]
    ten, unit = tens[value // 10 - 2], value % 10
    if unit in (1, 8):
        ten = ten[:-1]
    return ten + ("tré" if unit == 3 else low[unit] if unit else "")


def day(r: Random) -> Noun:
    """A day of the year such as 3 marzo; it takes l' where it must."""
    return numbered_day(r.randint(1, 26), r.randrange(12))


def numbered_day(number: int, month: int) -> Noun:
    return Noun(f"{'1°' if number == 1 else number} {POOLS['month'][month]}", "", "m")


def near(r: Random, first: Noun, later: bool) -> Noun:
    """A day a little later or earlier than the first."""
    number, name = first.singular.replace("°", "").split()
    month = POOLS["month"].index(name)
    if later:
        return numbered_day(r.randint(int(number) + 1, 28), month)
    return numbered_day(r.randint(1, int(number) - 1), month) if number != "1" else numbered_day(r.randint(15, 28), month - 1)


def hour(r: Random) -> str:
    minutes = r.choice(("", "", ".15", ".30", ".45", ".10", ".20", ".40", ".50"))
    return f"{r.randint(8, 20)}{minutes}"


class Slots(dict[str, Noun | str]):
    """Slot values drawn when first named: {fruit1} and {fruit2} are two different fruits, {fruit1} stays the same all through."""

    def __init__(self, r: Random, **given: Noun | str) -> None:
        super().__init__(given)
        self.r = r

    def draw(self, pool: str) -> Noun | str:
        r = self.r
        if pool == "price":
            return euros(r.randint(1, 19) * 100 + r.choice((0, 20, 50, 80, 90, 99)))
        if pool == "cost":
            return euros(r.choice((r.randint(20, 99), r.randint(10, 60) * 5)) * 100 + r.choice((0, 0, 0, 50, 90)))
        if pool == "large":
            return euros(r.randint(7, 60) * 5000)
        if pool == "date":
            return day(r)
        if pool == "hour":
            return hour(r)
        if pool in ("later", "earlier"):
            return near(r, self["date1"], pool == "later")
        if pool == "morning":
            return f"{r.randint(7, 10)}{r.choice(('', '.15', '.30', '.45'))}"
        if pool == "evening":
            return f"{r.randint(17, 22)}{r.choice(('', '.15', '.30', '.45'))}"
        if pool == "salary":
            return euros(r.randint(20, 60) * 5000)
        if pool == "rent":
            return euros(r.randint(30, 90) * 1000)
        if pool == "some":
            return str(r.randint(11, 60))
        if pool == "many":
            return str(r.randint(12, 90) * 10)
        if pool == "year":
            return str(r.randint(1950, 2025))
        if pool == "number":
            return str(r.randint(2, 9) * 10 + r.randint(0, 9))
        if pool == "code":
            return r.choice("ABCDEFGHLMNPRSTVZ") + r.choice("ABCDEFGHLMNPRSTVZ") + str(r.randint(100, 99999))
        if pool in ("jobm", "jobf"):
            return r.choice([job for job in POOLS["job"] if job.gender == pool[-1]])
        return r.choice(POOLS[pool])

    def __missing__(self, key: str) -> Noun | str:
        pool = key.rstrip("0123456789")
        taken = {str_of(value) for name, value in self.items() if name.rstrip("0123456789") == pool}
        if key == "job1" and "name1" in self:
            pool = f"job{self['name1'].gender}"
        value = self.draw(pool)
        while str_of(value) in taken:
            value = self.draw(pool)
        self[key] = value
        return value


def str_of(value: Noun | str) -> str:
    return value.singular if isinstance(value, Noun) else value
