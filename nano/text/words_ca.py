"""Catalan slot words and the agreement, article and contraction rules that join them into sentences."""

import re
from random import Random
from typing import NamedTuple, cast

_STRESSED_FEMININE = {"illa", "ungla", "urna", "Imma", "Iris"}  # feminine i-/u- words that do take l'
_ACCENTS = str.maketrans("àèéíòóú", "aeeioou")
_VOWELS = "aeiouàèéíòóú"


def takes_elision(word: str, feminine: bool) -> bool:
    """Whether the singular article before word is l'."""
    bare = word.lower().removeprefix("h")
    if bare[0] not in _VOWELS or re.match("i[aeoàèéòó]", bare):
        return False
    return not (feminine and bare[0] in "iu") or word.split()[0] in _STRESSED_FEMININE


def plural(word: str) -> str:
    """The regular plural; irregular ones are written out in the word lists."""
    head, space, tail = word.partition(" ")
    if head.endswith("a"):
        for ending, stem in (("qua", "qü"), ("gua", "gü"), ("ca", "qu"), ("ga", "gu"), ("ja", "g"), ("ça", "c")):
            if head.endswith(ending):
                return head[: -len(ending)] + stem + "es" + space + tail
        return head[:-1] + "es" + space + tail
    if head[-1] in "àèéíòóú":
        return head[:-1] + head[-1].translate(_ACCENTS) + "ns" + space + tail
    if head[-1] in "xç":
        return head + "os" + space + tail
    return head + "s" + space + tail


class Noun(NamedTuple):
    """A noun that formats itself: nothing, el, un, meu, pl, els, or 'masculine/feminine' to agree with it."""

    singular: str
    several: str
    g: str

    def __format__(self, spec: str) -> str:
        feminine = self.g == "f"
        if "/" in spec:
            return spec.split("/")[feminine]
        if spec == "el":
            return ("l'" if takes_elision(self.singular, feminine) else "la " if feminine else "el ") + self.singular
        if spec == "pl":
            return self.several
        if spec == "els":
            return ("les " if feminine else "els ") + self.several
        if spec:
            return {"un": ("un ", "una "), "meu": ("el meu ", "la meva ")}[spec][feminine] + self.singular
        return self.singular


class Adjective(NamedTuple):
    """An adjective; the format spec is the gender (m, f) with p for the plural."""

    masculine: str
    feminine: str

    def __format__(self, spec: str) -> str:
        form = self.feminine if spec.startswith("f") else self.masculine
        return plural(form) if spec.endswith("p") else form


class Person(NamedTuple):
    """A person; el gives the name with its article, 'masculine/feminine' agrees, job is already in the right gender."""

    name: str
    g: str
    job: str

    def __format__(self, spec: str) -> str:
        feminine = self.g == "f"
        if "/" in spec:
            return spec.split("/")[feminine]
        if spec == "el":
            return ("l'" if takes_elision(self.name, feminine) else "la " if feminine else "el ") + self.name
        return self.name


def _nouns(masculine: str, feminine: str = "") -> tuple[Noun, ...]:
    found = []
    for gender, text in (("m", masculine), ("f", feminine)):
        for entry in filter(None, (part.strip() for part in text.replace("\n", " ").split(","))):
            singular, _, several = entry.partition("/")
            found.append(Noun(singular, several or plural(singular), gender))
    return tuple(found)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", " ").split(","))


MEN = _list("""Pau, Marc, Jordi, Oriol, Arnau, Joan, Pere, Martí, Biel, Roger, Quim, Xavier, Lluís, Ramon, Albert, Enric, Guillem, Ferran,
Ignasi, Toni, Miquel, Josep, Andreu, Bernat, Carles, David, Eduard, Gerard, Hug, Jaume, Narcís, Pol, Sergi, Víctor, Aleix, Nil, Daniel""")
WOMEN = _list("""Maria, Anna, Laia, Núria, Montserrat, Júlia, Marta, Clara, Carme, Aina, Irene, Ivet, Laura, Mireia, Neus, Olga, Paula,
Rosa, Sílvia, Teresa, Imma, Berta, Cristina, Dolors, Elena, Emma, Gemma, Glòria, Helena, Isabel, Joana, Lídia, Mercè,
Ona, Pilar, Roser, Txell""")
SURNAMES = _list("""Puig, Ferrer, Soler, Vila, Serra, Roca, Pujol, Font, Mas, Casals, Bosch, Riera, Vidal, Costa, Prat, Camps, Sala, Torres,
Oliver, Llop, Grau, Coll, Blanch, Codina, Rovira, Planas, Segura, Batlle, Esteve, Mir""")
JOBS = _list("""cuiner/cuinera, mestre/mestra, infermer/infermera, fuster/fustera, cambrer/cambrera, periodista/periodista, metge/metgessa,
advocat/advocada, pintor/pintora, músic/música, pagès/pagesa, forner/fornera, peixater/peixatera, perruquer/perruquera,
electricista/electricista, mecànic/mecànica, arquitecte/arquitecta, bomber/bombera, fotògraf/fotògrafa, jardiner/jardinera,
dentista/dentista, actor/actriu, venedor/venedora, bibliotecari/bibliotecària, informàtic/informàtica, taxista/taxista,
traductor/traductora, veterinari/veterinària""")
MONTHS = _list("gener, febrer, març, abril, maig, juny, juliol, agost, setembre, octubre, novembre, desembre")
DAYS = _list("dilluns, dimarts, dimecres, dijous, divendres, dissabte, diumenge")
NUMBERS = _list("""zero, un, dos, tres, quatre, cinc, sis, set, vuit, nou, deu, onze, dotze, tretze, catorze, quinze, setze, disset, divuit,
dinou, vint, vint-i-un, vint-i-dos, vint-i-tres, vint-i-quatre, vint-i-cinc, vint-i-sis, vint-i-set, vint-i-vuit, vint-i-nou, trenta""")

WORDS: dict[str, tuple[Noun | Adjective | str, ...]] = {
    "item": _nouns(
        """rellotge, paraigua, jersei, abric, barret, cinturó, coixí, mirall, quadern, teclat, ratolí, altaveu, carregador,
        ventilador, ordinador, llibre, joc de taula, ganivet, matalàs/matalassos, prestatge, sac de dormir, gerro, termo, patinet,
        vestit, moneder, despertador, trípode, collaret, violí, ram de flors, cistell""",
        """jaqueta, camisa, bufanda, motxilla, maleta, cartera, manta, cadira, làmpada, bicicleta, pilota, tassa, paella, olla, tauleta,
        càmera, impressora, llibreta, nina, guitarra, tenda de campanya, catifa, faldilla, gorra, tovallola, caixa d'eines, ràdio,
        cistella, cafetera, corbata, polsera, raqueta""",
    ),
    "appliance": _nouns(
        """forn, microones/microones, aspirador, assecador, televisor, congelador, escalfador, rentaplats/rentaplats,
        aire condicionat/aires condicionats, deshumidificador""",
        "nevera, rentadora, cafetera, torradora, planxa, caldera, batedora, assecadora, estufa, impressora",
    ),
    "room": _nouns(
        "menjador, passadís/passadissos, dormitori, lavabo, balcó, rebedor, garatge, soterrani, despatx, traster, celler, pati",
        "cuina, sala d'estar, habitació, terrassa, galeria, entrada, cambra de bany, biblioteca",
    ),
    "furniture": _nouns(
        "armari, sofà/sofàs, escriptori, llit, tamboret, prestatge, bagul, penjador, bufet, banc",
        "taula, cadira, butaca, còmoda, prestatgeria, vitrina, tauleta de nit, calaixera, lleixa, taula de vidre",
    ),
    "veg": _nouns(
        "tomàquet, pebrot, carbassó, cogombre, enciam, porro, espàrrec, fonoll, rave, nap",
        "patata, pastanaga, ceba, albergínia, carbassa, carxofa, bleda, remolatxa, mongeta, coliflor",
    ),
    "fruit": _nouns(
        "plàtan, préssec, meló, kiwi, albercoc, mango, codony",
        "poma, pera, taronja, llimona, maduixa, cirera, pruna, síndria, figa, mandarina, magrana",
    ),
    "staple": _list("""pa, oli, sal, sucre, farina, arròs, pasta, llet, mantega, formatge, pernil, mel, cafè, te, xocolata, vinagre,
        llenties, cigrons, ous, iogurts, galetes, tonyina, sardines, nous, ametlles, olives"""),
    "dish": _nouns(
        """arròs a la cassola, estofat de vedella, pollastre rostit, bacallà amb samfaina, peix al forn, puré de verdures,
        pa amb tomàquet, suquet de peix, trinxat de la Cerdanya, conill amb bolets, guisat de pèsols""",
        """truita de patates, sopa de carbassa, amanida de cigrons, crema de porros, escudella, coca de recapte, fideuà/fideuades, lasanya,
        pizza casolana, escalivada, sopa de peix, botifarra amb mongetes, hamburguesa vegetal""",
    ),
    "dessert": _nouns(
        "pastís de poma, gelat de vainilla, flam, braç de gitano, pa de pessic, iogurt amb mel, arròs amb llet, bescuit",
        "crema catalana, coca de llardons, macedònia, mousse de xocolata, coca de sucre, mona de Pasqua, poma al forn",
    ),
    "drink": _list("""aigua, llet, cafè, te, suc de taronja, cafè amb llet, infusió de menta, llimonada, xocolata desfeta, suc de poma,
        orxata"""),
    "pet": _nouns(
        "gos/gossos, gat, conill, lloro/lloros, hàmster, canari, peix vermell/peixos vermells, periquito/periquitos",
        "gata, gossa, tortuga, gallina, cobaia, oca",
    ),
    "wild": _nouns(
        "elefant, tigre, lleó, os/ossos, llop, cérvol, esquirol, eriçó, senglar, falcó, dofí, pingüí, ratpenat, mussol, isard",
        "girafa, zebra, guineu, balena, àguila, cigonya, granota, serp, llúdria, abella, papallona, oreneta, foca",
    ),
    "plant": _nouns(
        "roser, gerani, cactus/cactus, llimoner, romaní, clavell, gira-sol, lliri, taronger, presseguer, jonquill",
        "olivera, menta, lavanda, farigola, alfàbrega, hortènsia, orquídia, figuera, tomaquera, margarida, camèlia",
    ),
    "place": _nouns(
        """mercat, parc, museu, hospital, institut, teatre, cinema, ajuntament, port, poliesportiu, restaurant, ambulatori,
        castell, hotel, casal del barri/casals del barri, mirador, jardí botànic/jardins botànics, centre cívic/centres cívics""",
        """biblioteca, escola, plaça, farmàcia, estació, platja, piscina, església, oficina de correus, llibreria, universitat, catedral,
        comissaria, ludoteca, cafeteria, gasolinera, fira""",
    ),
    "shop": _nouns(
        "forn de pa, supermercat, basar, quiosc, magatzem de mobles, mercat municipal/mercats municipals",
        """sabateria, ferreteria, fruiteria, peixateria, carnisseria, papereria, joguineria, rellotgeria, òptica, floristeria,
        botiga d'esports, botiga de música, llibreria, drogueria, botiga d'informàtica""",
    ),
    "grocer": _nouns("supermercat, mercat municipal/mercats municipals, forn de pa", "fruiteria, botiga de queviures, cooperativa"),
    "sweet": _list("sucre, farina, ous, mantega, llet, xocolata, mel, nous, ametlles, iogurts, canyella, nata"),
    "topping": _list("formatge, nous, ametlles, olives, tonyina, ous durs, anxoves, panses, pinyons"),
    "sight": _nouns(
        "museu, castell, mirador, mercat, jardí botànic/jardins botànics, port, teatre, palau, pont, far",
        "catedral, església, plaça, platja, torre, galeria d'art, muralla, font, cova",
    ),
    "venue": _nouns(
        "teatre, casal del barri, centre cívic/centres cívics, parc, poliesportiu, museu, castell, auditori",
        "biblioteca, plaça, escola, sala d'actes, carpa",
    ),
    "gardentool": _nouns("rasclet, cubell, càvec", "pala, aixada, regadora, galleda"),
    "spot": _nouns("balcó, pati, rebedor, menjador", "terrassa, galeria, finestra, entrada"),
    "fiction": _list("la novel·la, el conte, el còmic, el llibre, la història"),
    "clothes": _nouns(
        "jersei, abric, vestit, barret, cinturó, mocador, pijama, xandall, banyador, davantal, anorac",
        "jaqueta, camisa, bufanda, faldilla, samarreta, brusa, gorra, corbata, gavardina, dessuadora, armilla",
    ),
    "vehicle": _nouns("cotxe, autobús/autobusos, tren, tramvia, taxi, vaixell, ferri, avió", "moto, bicicleta, furgoneta, barca"),
    "rel": _nouns(
        "pare, germà, avi, oncle, cosí, fill, cunyat, sogre, nebot, veí/veïns, padrí",
        "mare, germana, àvia, tieta, cosina, filla, cunyada, sogra, neboda, veïna, padrina",
    ),
    "tool": _nouns(
        "martell, tornavís/tornavisos, trepant, pinzell, metre, regador, rasclet, cubell, raspall, tub de cola",
        "clau anglesa/claus angleses, serra, escala, pala, aixada, brotxa, llanterna, escombra, galleda, regadora",
    ),
    "app": _list("""l'aplicació del banc, l'aplicació del temps, l'aplicació de mapes, l'aplicació de música, l'aplicació de notes,
        l'aplicació de missatges, l'aplicació de l'escola, l'aplicació dels trens, l'aplicació de receptes, l'aplicació de fotos"""),
    "device": _nouns(
        "telèfon, mòbil, portàtil, rellotge intel·ligent/rellotges intel·ligents, ordinador", "tauleta, impressora, càmera, consola"
    ),
    "color": tuple(
        Adjective(*pair.split("/"))
        for pair in _list("""vermell/vermella, blau/blava, verd/verda, groc/groga, negre/negra,
        blanc/blanca, gris/grisa, marró/marró, lila/lila, daurat/daurada, platejat/platejada""")
    ),
    "fur": tuple(Adjective(*pair.split("/")) for pair in _list("blanc/blanca, negre/negra, gris/grisa, marró/marró, clapat/clapada")),
    "look": tuple(
        Adjective(*pair.split("/"))
        for pair in _list("""petit/petita, gran/gran, vell/vella, modern/moderna, elegant/elegant,
        senzill/senzilla, bonic/bonica, estrany/estranya, original/original, antic/antiga""")
    ),
    "mood": tuple(
        Adjective(*pair.split("/"))
        for pair in _list("""content/contenta, cansat/cansada, nerviós/nerviosa, tranquil/tranquil·la,
        enfadat/enfadada, sorprès/sorpresa, trist/trista, il·lusionat/il·lusionada, preocupat/preocupada, orgullós/orgullosa""")
    ),
    "nature": tuple(
        Adjective(*pair.split("/"))
        for pair in _list("""tímid/tímida, xerraire/xerraire, pacient/pacient, generós/generosa,
        divertit/divertida, tossut/tossuda, ordenat/ordenada, despistat/despistada, valent/valenta, curiós/curiosa, amable/amable,
        discret/discreta, treballador/treballadora, sincer/sincera, somiador/somiadora""")
    ),
    "city": _list("""Girona, Lleida, Tarragona, Barcelona, Reus, Vic, Manresa, Olot, Figueres, Mataró, Sabadell, Terrassa, Igualada, Berga,
        Ripoll, Tortosa, Valls, Blanes, Roses, Cadaqués, Solsona, Balaguer, Granollers, Palma, Maó, València, Castelló, Alcoi, Xàtiva,
        Perpinyà, Puigcerdà, Banyoles, Sitges, Amposta, Tàrrega, Cervera, Eivissa, Inca"""),
    "abroad": _list("""París, Roma, Londres, Berlín, Lisboa, Atenes, Viena, Praga, Dublín, Oslo, Tòquio, Nova York, Buenos Aires, Milà,
        Porto, Brussel·les, Copenhaguen, Florència, Budapest, Edimburg, Ginebra, Marràqueix, Nàpols, Tolosa"""),
    "street": _nouns(
        """carrer Major, carrer del Pont, carrer de la Font, carrer Nou, carrer del Sol, carrer dels Horts, passeig del Mar,
        carrer del Molí, carrer de les Flors, camí de l'Estació""",
        "avinguda de la Pau, plaça del Blat, rambla Nova, plaça de l'Oli",
    ),
    "subject": _list("""matemàtiques, llengua, història, ciències, música, anglès, dibuix, física, geografia, química, tecnologia,
        educació física, filosofia, francès, biologia"""),
    "sport": _list("""futbol, bàsquet, tennis, pàdel, handbol, hoquei, voleibol, natació, ciclisme, atletisme, escalada, rem, esgrima,
        gimnàstica, judo, tennis de taula, patinatge"""),
    "hobby": _list("""pintar aquarel·les, tocar la guitarra, fer pa, llegir novel·les, anar en bicicleta, cuidar l'hort, fer fotos, cantar
        en un cor, jugar als escacs, cosir, caminar per la muntanya, mirar pel·lícules antigues, col·leccionar segells,
        ballar sardanes, fer ceràmica, nedar, buscar bolets, fer trencaclosques, aprendre idiomes, escriure contes, arreglar
        rellotges, fer ioga"""),
    "body": _list("el cap, l'esquena, la panxa, el coll, el genoll, el peu, el braç, l'espatlla, l'orella, una dent, la mà, el turmell"),
    "remedy": _list("""descansar uns dies, beure molta aigua, prendre un xarop cada vuit hores, posar-hi gel, fer estiraments cada matí,
        caminar mitja hora al dia, dormir més, menjar lleuger, evitar els esforços, prendre una pastilla després de sopar"""),
    "sky": _list("sol, pluja, neu, vent, boira, tempesta, calamarsa, núvols, xàfecs, tramuntana, gelades, ruixats"),
    "feature": _list("""la pantalla, el botó, el cable, la bateria, la nansa, la tapa, el motor, el filtre, la porta, el mànec, la base,
        el tancament"""),
    "event": _nouns(
        """concert, mercat de segona mà, taller de ceràmica, curs de cuina/cursos de cuina, torneig d'escacs/tornejos d'escacs,
        dinar popular/dinars populars, recital""",
        "festa major, cursa, xerrada, exposició de fotografia, fira del llibre, obra de teatre, caminada, cantada",
    ),
    "writing": _list("la novel·la, el poema, el conte, l'informe, el diari, la revista, el manual, la carta, l'article, el còmic"),
    "chore": _list("""rentar els plats, treure la brossa, parar taula, planxar la roba, escombrar el pati, regar les plantes, fer els llits,
        treure la pols, passar l'aspirador, estendre la roba, endreçar l'armari, netejar els vidres, buidar el rentaplats,
        canviar els llençols, fregar el terra, plegar les camises, donar menjar al gat, baixar el reciclatge"""),
    "task": _list("""acabar l'informe, preparar la presentació, trucar als clients, revisar els comptes, ordenar els arxius, escriure
        l'acta, contestar els correus, corregir els exàmens, fer l'inventari, actualitzar el calendari, reservar la sala,
        imprimir els plànols, comprar material d'oficina, redactar el pressupost, traduir el manual, planificar la setmana"""),
    "treasure": _list("""una carta antiga, una clau rovellada, un mapa dibuixat a mà, una moneda de plata, una fotografia en blanc i negre,
        una capsa de música, un anell petit, un diari amb tapes de cuir, una ampolla amb un missatge, un botó de nacre, una brúixola,
        una pedra de color blau, un rellotge de butxaca, un llibre sense títol, una nina de drap"""),
    "hideout": _list("""sota una rajola, dins d'un calaix, al fons del pou, darrere d'un quadre, entre dues roques, dins d'un bagul, a les
        golfes, sota l'escala, al forat d'un arbre, dins d'una gerra, sota la sorra, darrere de l'armari, entre els llibres vells"""),
    "moment": _list("""aquest matí, ahir a la tarda, ahir al vespre, fa dos dies, dissabte passat, la setmana passada, diumenge al migdia,
        abans-d'ahir, dilluns a primera hora, divendres a la nit, fa una estona, el mes passat"""),
    "future": _list("""demà al matí, demà a la tarda, demà passat, la setmana que ve, el cap de setmana vinent, aquest vespre, dissabte que
        ve, el mes que ve, d'aquí a tres dies, aquesta tarda, diumenge que ve, l'estiu vinent, per Nadal, per Setmana Santa"""),
    "season": _list("la primavera, l'estiu, la tardor, l'hivern"),
    "hour": _list("""les vuit del matí, les nou, dos quarts de deu, les deu, un quart d'onze, les onze, les dotze, la una, les dues,
        tres quarts de tres, les quatre, dos quarts de cinc, les cinc, les sis de la tarda, dos quarts de set, les set, les vuit del vespre,
        les 8.30, les 9.15, les 10.45, les 16.20, les 18.30, les 20.00"""),
}

RANGES = {"few": (2, 9), "adult": (48, 66), "many": (11, 95), "hundreds": (101, 990), "warm": (24, 39), "mild": (12, 25), "cold": (2, 9)}

OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in _list("""gran/petit, alt/baix, llarg/curt, ple/buit, net/brut, car/barat, fort/feble,
ràpid/lent, calent/fred, obert/tancat, vell/jove, ric/pobre, dur/tou, sec/mullat, clar/fosc, content/trist, fàcil/difícil, pujar/baixar,
entrar/sortir, obrir/tancar, comprar/vendre, encendre/apagar, començar/acabar, guanyar/perdre, riure/plorar, amunt/avall, dins/fora,
davant/darrere, sempre/mai, molt/poc, abans/després, aviat/tard, lluny/a prop, bé/malament, amic/enemic, dia/nit, pau/guerra, nord/sud,
estiu/hivern, principi/final, blanc/negre, ample/estret, gruixut/prim, dolç/amarg, dret/tort, primer/últim, vida/mort, salut/malaltia,
amor/odi, veritat/mentida, sí/no, nou/usat, valent/covard, generós/avar, pesant/lleuger, sorollós/silenciós, igual/diferent,
dreta/esquerra, pregunta/resposta, arribar/marxar, recordar/oblidar, omplir/buidar, pujada/baixada, possible/impossible, feliç/infeliç,
parlar/callar, augmentar/disminuir, legal/il·legal, còmode/incòmode""")
)

GROUPS: dict[str, tuple[str, ...]] = {
    "fruites": _list("poma, pera, plàtan, préssec, taronja, cirera, maduixa, síndria, meló, figa"),
    "animals": _list("gos, gat, cavall, vaca, llop, elefant, conill, gallina, ovella, tigre"),
    "colors": _list("vermell, blau, verd, groc, negre, blanc, gris, lila, marró, rosa"),
    "roba": _list("camisa, jersei, pantalons, faldilla, abric, bufanda, mitjons, jaqueta, vestit, gorra"),
    "mobles": _list("taula, cadira, armari, sofà, llit, butaca, prestatgeria, escriptori, tamboret, còmoda"),
    "eines": _list("martell, tornavís, serra, trepant, alicates, pala, aixada, rasclet, destral, tenalles"),
    "ciutats": _list("Girona, París, Roma, Lleida, Londres, Lisboa, Tarragona, Berlín, Atenes, Viena"),
    "oficis": _list("metge, fuster, forner, mestra, pintora, bombera, pagès, cuinera, advocat, sastre"),
    "esports": _list("futbol, tennis, bàsquet, natació, handbol, hoquei, ciclisme, atletisme, judo, esgrima"),
    "instruments": _list("piano, violí, guitarra, flauta, tambor, trompeta, arpa, saxòfon, clarinet, acordió"),
    "verdures": _list("ceba, pastanaga, enciam, carbassó, albergínia, porro, bleda, col, espinac, carxofa"),
    "parts del cos": _list("cap, braç, cama, mà, peu, nas, orella, genoll, esquena, colze"),
    "vehicles": _list("cotxe, tren, avió, vaixell, moto, bicicleta, autobús, tramvia, camió, furgoneta"),
    "mesos": _list("gener, febrer, març, abril, maig, juny, juliol, agost, setembre, octubre"),
    "begudes": _list("aigua, llet, cafè, te, vi, suc, orxata, llimonada, cervesa, xocolata"),
}

FACTS: dict[str, tuple[str, ...]] = {
    "la natura": (
        "les balenes són mamífers i respiren aire",
        "les aranyes tenen vuit potes",
        "els insectes tenen sis potes",
        "les abelles fan mel amb el nèctar de les flors",
        "els pingüins són ocells que no volen",
        "els ratpenats són mamífers que volen",
        "la girafa té el coll molt llarg",
        "el guepard és l'animal terrestre més ràpid",
        "la balena blava és l'animal més gran del món",
        "les granotes neixen de capgrossos",
        "les papallones surten d'una crisàlide",
        "els pops tenen vuit braços",
        "les plantes necessiten llum i aigua",
        "els roures fan glans",
        "les oliveres poden viure molts segles",
        "el tomàquet va arribar a Europa des d'Amèrica",
        "els bolets no són plantes",
        "les orenetes marxen a l'hivern cap a terres càlides",
        "els cargols caminen molt a poc a poc",
        "els dofins viuen en grups",
        "els gats hi veuen bé amb poca llum",
    ),
    "la Terra i el cel": (
        "la Terra fa una volta al Sol en un any",
        "la Lluna gira al voltant de la Terra",
        "el Sol és una estrella",
        "la Terra té una sola lluna",
        "Júpiter és el planeta més gran del sistema solar",
        "Mercuri és el planeta més proper al Sol",
        "un dia té vint-i-quatre hores",
        "l'aigua bull a cent graus al nivell del mar",
        "l'aigua es glaça a zero graus",
        "el gel sura damunt l'aigua",
        "el vapor d'aigua forma els núvols",
        "els volcans treuen lava",
        "el desert del Sàhara és a l'Àfrica",
        "l'Everest és la muntanya més alta del món",
        "l'oceà Pacífic és l'oceà més gran",
        "l'Antàrtida és el continent més fred",
        "Saturn té anells",
        "la llum viatja més de pressa que el so",
        "primer es veu el llamp i després se sent el tro",
        "la Lluna no té llum pròpia",
    ),
    "països i ciutats": (
        "París és la capital de França",
        "Roma és la capital d'Itàlia",
        "Lisboa és la capital de Portugal",
        "Berlín és la capital d'Alemanya",
        "Atenes és la capital de Grècia",
        "Viena és la capital d'Àustria",
        "Barcelona és la capital de Catalunya",
        "Palma és la capital de Mallorca",
        "Andorra és un país dels Pirineus",
        "el català també es parla a l'Alguer",
        "l'Ebre desemboca al Mediterrani",
        "la Pica d'Estats és el cim més alt de Catalunya",
        "Menorca és una illa del Mediterrani",
        "el Nil és un riu de l'Àfrica",
        "Tòquio és la capital del Japó",
        "Girona té un barri antic amb muralles",
        "Tarragona conserva monuments romans",
        "a Montserrat hi ha un monestir",
        "Ottawa és la capital del Canadà",
        "el Danubi travessa Viena i Budapest",
        "Lleida és a la vora del riu Segre",
    ),
    "les coses de cada dia": (
        "el pa es fa amb farina, aigua, sal i llevat",
        "la mantega es fa amb crema de llet",
        "el vi es fa amb raïm",
        "el paper es fa amb fibres de fusta",
        "el vidre es fa amb sorra",
        "l'oli d'oliva surt de premsar olives",
        "el formatge es fa amb llet",
        "la llana ve de les ovelles",
        "la seda la fan uns cucs",
        "el cotó és una planta",
        "una setmana té set dies",
        "un any té dotze mesos",
        "una hora té seixanta minuts",
        "un quilo són mil grams",
        "un quilòmetre són mil metres",
        "una dotzena són dotze unitats",
        "un segle són cent anys",
        "el febrer és el mes més curt",
        "els escacs es juguen en un tauler de seixanta-quatre caselles",
        "el piano té tecles blanques i negres",
        "un euro són cent cèntims",
        "per Sant Jordi es regalen roses i llibres",
        "la sardana es balla en rotllana",
        "els castells són torres humanes",
        "per Sant Joan es fan fogueres",
        "la castanyada se celebra a la tardor",
    ),
}


class Scene(dict[str, object]):
    """The entities of one text: a slot is drawn when first named and then stays the same; a trailing digit asks for another."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random

    def __missing__(self, slot: str) -> object:
        used = set(map(str, self.values()))
        while str(drawn := self._draw(slot.rstrip("0123456789"))) in used and slot.rstrip("0123456789") in WORDS:
            pass
        self[slot] = drawn
        return drawn

    def _draw(self, kind: str) -> object:
        random = self.random
        if kind in WORDS:
            return random.choice(WORDS[kind])
        if kind in ("p", "q", "w"):
            taken = {person.name for person in self.values() if isinstance(person, Person)}
            gender = random.choice("mf")
            name = random.choice([name for name in (WOMEN if gender == "f" else MEN) if name not in taken])
            return Person(name, gender, random.choice(JOBS).split("/")[gender == "f"])
        if kind in ("me", "you"):
            return Noun("jo", "nosaltres", random.choice("mf"))
        if kind == "price":
            return random.choice((f"{random.randint(2, 250)} euros", f"{random.randint(1, 180)},{random.choice((50, 90, 95, 99, 25))} €"))
        if kind == "date":
            month = random.choice(MONTHS)
            day = random.choice([day for day in range(2, 29) if day != 11])
            return f"{day} d'{month}" if month[0] in "ao" else f"{day} de {month}"
        if kind == "pair":  # agrees with p and q together
            both = cast(Person, self["p"]).g + cast(Person, self["q"]).g
            return Noun("parella", "parelles", "f" if both == "ff" else "m")
        if kind in RANGES:
            return random.randint(*RANGES[kind])
        if kind == "day":
            return random.choice(DAYS)
        if kind == "days":
            day = random.choice(DAYS)
            return day if day.endswith("s") else day + "s"
        if kind == "surname":
            return random.choice(SURNAMES)
        if kind == "mail":
            word = random.choice((random.choice(MEN + WOMEN), random.choice(SURNAMES))).lower().translate(_ACCENTS).replace("ï", "i")
            host = random.choice(("correu", "bustia", "exemple", "casa"))
            return f"{word}{random.choice(('', '.', '_'))}{random.randint(1, 99)}@{host}.cat"
        if kind == "tel":
            return f"{random.choice('679')}{random.randint(10, 99)} {random.randint(100, 999)} {random.randint(100, 999)}"
        if kind == "code":
            return "".join(random.choice("ABCDEFHKLMNPRTUX") for _ in range(2)) + f"-{random.randint(100, 9999)}"
        raise KeyError(kind)

    def fill(self, plan: str) -> str:
        """Choose among [a|b] alternatives, put the slots in, and join words with Catalan contractions; keeps the case."""
        while "[" in plan:
            plan = re.sub(r"\[([^\[\]]*)\]", lambda found: self.random.choice(found[1].split("|")), plan)
        text = contract(plan.format_map(self))
        return re.sub(r" +([,.;:!?])(?!\.)", r"\1", re.sub(r"  +", " ", text)).replace(" ¶ ", "\n").replace("¶", "\n").strip()

    def say(self, plan: str) -> str:
        """fill, with a capital at the start of every sentence and line."""
        return re.sub(r"(^—?«?|[.!?…]»? +«?|\n—?«?)([a-zà-ÿ])", lambda found: found[1] + found[2].upper(), self.fill(plan))


def contract(text: str) -> str:
    """a el -> al, de el -> del, per el -> pel, and de -> d' before a vowel."""
    text = re.sub(r"\b([Aa]) (els?)\b", lambda found: found[1] + found[2][1:], text)
    text = re.sub(r"\b([Dd])e (els?)\b", r"\1\2", text)
    text = re.sub(r"\b([Pp])er (els?)\b", r"\1\2", text)
    return re.sub(r"\b([Dd])e (?!h?i[aeoàèéòó]|hu[aei])(?=h?[aeiouàèéíòóúAEIOUÀÈÉÍÒÓÚ])", r"\1'", text)
