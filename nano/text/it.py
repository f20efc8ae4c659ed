"""Everyday Italian: small grammars, tasks and hand-written dialogue for the nano's pretraining."""

import re
from collections.abc import Callable
from functools import partial
from random import Random

from .words_it import CATEGORIES, COUNTRIES, FACTS, OPPOSITES, POOLS, Noun, Slots, euros, number_word

Turns = list[tuple[str, str]]

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_PLAIN = str.maketrans("àèéìòù", "aeeiou")


def _expand(r: Random, plan: str) -> str:
    """Resolve every [a|b|c] of a plan, the innermost first."""
    while _CHOICE.search(plan):
        plan = _CHOICE.sub(lambda found: r.choice(found.group(1).split("|")), plan)
    return plan


def _say(r: Random, plan: str, **given: Noun | str) -> str:
    """One plan as finished text: choices made, slots filled, spaces tidied, sentences begun with a capital."""
    text = _expand(r, plan).format_map(Slots(r, **given))
    text = re.sub(r"(^|[.!?] )(\w)", lambda found: found.group(1) + found.group(2).upper(), _tidy(text))
    return text if text[-1] in ".!?»" else text + "."


def _tidy(text: str) -> str:
    """Spaces put right, and 'a' and 'e' before the same vowel made 'ad' and 'ed'."""
    text = re.sub(r"\s+", " ", text).replace(" ,", ",").replace(" .", ".").replace("?.", "?").strip()
    return re.sub(r"\b([Ee]) (?=è\b)", r"\1d ", re.sub(r"\b([Aa]) (?=[Aa])", r"\1d ", text))


def _plans(block: str) -> list[str]:
    """The plans of a block of text; blank lines part them."""
    return [" ".join(plan.split()) for plan in block.split("\n\n") if plan.strip()]


def _tell(plans: list[str], r: Random) -> str:
    return _say(r, r.choice(plans))


def _chat(plans: list[str], r: Random) -> str:
    """A plan in the careless spelling of chat messages."""
    text = _tell(plans, r)
    if r.random() < 0.8:
        text = text.lower()
    if r.random() < 0.5:
        text = text.translate(_PLAIN)
    return text.rstrip(".") if r.random() < 0.5 else text


_PROSE_PLANS: dict[str, str] = {
    "cucina": """
[Per cena|A pranzo|Stasera] {name1} ha preparato {dish1:un} con {veg1:i} e {veg2:i}. [All'inizio|Prima] ha tagliato {veg1:i} a
[pezzi|fette|dadini], poi ha [fatto soffriggere|cotto] {veg2:i} nell'olio. {dish1:il} era [davvero|proprio|un po' troppo]
{dish1:+{taste1}}[, ma è piaciuto a tutti| e non è avanzato niente|]. [Alla fine|Dopo] {kin1} ha [lavato i piatti|messo tutto in
lavastoviglie|pulito i fornelli].

In cucina mancava {grocery1:il}, così ho chiesto {kin1:a} di andare [al negozio|dai vicini|a comprarlo]. [Intanto|Nel frattempo] ho messo
{veg1:i} nella pentola e ho [acceso il fuoco|preparato la tavola|pulito il piano]. Dopo [dieci|venti|trenta] minuti {dish1:il} era
pront{dish1:-o}. [Abbiamo mangiato in {few1}|Abbiamo cenato alle {hour1}|Ne è rimasto un piatto per domani].

{kin1} cucina [spesso|sempre|la domenica] {dish1:un} con {veg1:i}. Il segreto, dice, è aggiungere [un po' di|poco|molto] {spice1} [alla
fine|all'inizio|a metà cottura]. Io ho provato a farl{dish1:-o} [una volta|ieri|da sol{me1:-o}], ma è venut{dish1:-o} troppo
{dish1:+{taste1}}. [La prossima volta starò più attent{me1:-o}|Devo ancora imparare|Riproverò {soon1}].

Ieri ho bruciato {dish1:il}. Stavo parlando al telefono con {kin1} e ho dimenticato {dish1:il} nel forno. [La cucina era piena di
fumo|C'era un odore terribile], perciò ho aperto [la finestra|tutte le finestre|la porta]. [Alla fine|Così] abbiamo mangiato {food1} e
{fruit1:p}[, e abbiamo riso molto|].
""",
    "spesa": """
[Sono andat{me1:-o}|{dayword1} sono andat{me1:-o}] {store1:al} [in {street1}|vicino a casa|sotto casa] per comprare {grocery1} e
{grocery2}. [Ho preso anche|Ho aggiunto] {few1} {fruit1:p} [perché erano in offerta|perché costavano poco|per i bambini]. In tutto ho
speso {price1}. [A casa mi sono accort{me1:-o} che avevo dimenticato {grocery3:il}|La commessa è stata molto gentile|C'era molta fila alla
cassa].

Lista della spesa: {grocery1}, {grocery2}, {few1} {veg1:p}, {few2} {fruit1:p} e {grocery3}. [Se resta qualche soldo|Se c'è], prendi anche
{grocery4:il}. [Non comprare {grocery5:il}, ne abbiamo ancora|Ricordati la borsa di tela|Paga con la carta, per favore].

{store1:il} [in {street1}|del quartiere] [apre|riapre] alle {morning1} [tutti i giorni|dal lunedì al sabato|tranne {weekday1:il}]. [Il
proprietario|Il signor {surname1}] conosce tutti i clienti e [consiglia|mette da parte] sempre qualcosa di buono. {dayword1} {name1} ci ha
comprato {thing1:un} {thing1:+{colour1}} per {price1}. [Era l'ultim{thing1:-o}|È un buon prezzo|Ne è molto content{name1:-o}].

{name1} cercava {cloth1:un} {cloth1:+{colour1}} [per una festa|per l'inverno|da regalare]. Nel primo negozio costava {cost1}, [troppo|una
cifra troppo alta] per {name1:lui}. Nel secondo negozio [ha trovato|c'era] {cloth1:un} simile, ma {cloth1:+{colour2}}. [Alla fine l'ha
comprat{cloth1:-o}|L'ha provat{cloth1:-o} e l'ha pres{cloth1:-o}|Non l'ha comprat{cloth1:-o} perché era troppo strett{cloth1:-o}].
""",
    "pacchi": """
Il pacco è [arrivato|stato consegnato] {dayword1} alle {hour1}. Dentro c'era {thing1:il} che avevo ordinato [per {kin1}|da {few1}
settimane|in un negozio di {city1}]. [Purtroppo {thing1:il} era {thing1:+{defect1}}|La scatola era intatta|La scatola era bagnata, ma il
contenuto era asciutto]. [Ho fatto una foto|Ho tenuto lo scontrino|Ho conservato la scatola][ e ho scritto al negozio| per ogni
evenienza|].

{name1} aspetta un pacco da {city1}. Il corriere [è passato|ha suonato] alle {hour1}, ma in casa non c'era nessuno. Ha lasciato un
[avviso|biglietto] nella buca: il pacco si può ritirare {shortly1} [in {street1}|all'edicola|all'ufficio postale]. [Serve un
documento|Bisogna portare il codice {code1}|C'è tempo {few1} giorni].

Devo spedire {thing1:un} {name1:a}, che vive [a {city1}|a {abroad1}]. Ho avvolto {thing1:il} in [molta carta|una coperta|fogli di
giornale] e ho chiuso la scatola con il nastro. La spedizione costa {price1} e dura [circa|al massimo] {few1} giorni. [Spero che non si
rompa niente|Il numero del pacco è {code1}|{name1:gli} scriverò appena parte].

Il numero di spedizione è {code1}. Secondo il sito il pacco è [partito da|fermo a|passato per] {city1} il giorno {date1}. [Dovrebbe
arrivare|L'arrivo è previsto] {weekday1} [tra le 9 e le 12|nel pomeriggio|prima di sera]. [Se non sono in casa, lo prende {kin1}|Lascerò
la chiave {kin1:a}|Resterò in casa ad aspettare].
""",
    "posta": """
Nella buca delle lettere ho trovato {few1} buste e una cartolina [da {abroad1}|da {city1}]. La cartolina era di {name1}: [«Qui si sta
benissimo»|«Ti penso spesso»|«Torno presto»], diceva. [Una busta|La busta più grande] conteneva {document1:un}. [L'ho mess{document1:-o}
{goodplace1}|Devo rispondere entro {date1:il}|L'ho lett{document1:-o} due volte].

Il postino [oggi|stamattina] ha lasciato a noi una lettera per la famiglia {surname1}. [Il nome era scritto male|L'indirizzo era
sbagliato|Il numero civico era il {number1}, non il nostro]. L'ho portata [al secondo piano|in {street1}|alla porta accanto] e {woman1}
{surname1} mi ha ringraziat{me1:-o}. [Aspettava quella lettera da {few1} giorni|Era {document1:un} importante|Mi ha offerto un caffè].

L'ufficio postale di {street1} resterà chiuso {date1:dal} per [lavori|una settimana|pochi giorni]. [Chi aspetta|Per ritirare] una
raccomandata si può andare in {street2}, dalle {morning1}. [Si consiglia di portare un documento|Le lettere saranno consegnate lo
stesso|Il servizio dei pacchi resta attivo].

Ho spedito {document1:il} con una raccomandata {dayword1}. [Ho pagato|Mi è costato] {price1}. L'impiegat{name1:-o}, {name1}, mi ha dato la
ricevuta con il codice {code1}. [Arriverà|La lettera arriverà] a {city1} in {few1} giorni[, se tutto va bene| circa|].
""",
    "telefono": """
Il mio telefono [si spegne da solo|non si accende più|non suona|si scarica in un'ora] da {few1} giorni. [Ho provato a|{kin1} mi ha detto
di] riavviarlo, ma non è cambiato niente. {dayword1} l'ho portato in un negozio: [la batteria|lo schermo|il tasto laterale] era [da
cambiare|consumata o rotta|il problema]. La riparazione costa {cost1}[ e dura {few2} giorni|, meno di un telefono nuovo|].

{name1} ha comprato {device1:un} nuov{device1:-o} per {cost1}. {device1:il} [è più veloce di quell{device1:-o} vecchi{device1:-o}|ha una
garanzia di due anni|funziona bene]. Per [usarl{device1:-o}|accenderl{device1:-o}] bisogna [tenere premuto il tasto|leggere le
istruzioni|caricare la batteria per {few1} ore]. [{kin1} vorrebbe un{device1:-o} uguale|Quell{device1:-o} vecchi{device1:-o} è
{goodplace1}|{name1} è molto content{name1:-o}].

Ho perso {device1:il}. L'ho cercat{device1:-o} [in tutta la casa|per {few1} ore|dappertutto], poi {kin1} l'ha trovat{device1:-o}
{goodplace1}. [Era ancora acces{device1:-o}|La batteria era scarica|Per fortuna non era rott{device1:-o}]. Da oggi {device1:lo} metterò
sempre {goodplace2}.

In [montagna|campagna|treno] il telefono non prende. {name1} deve [salire al piano di sopra|uscire in giardino|andare fino in {street1}]
per chiamare {kin1}. [La linea cade spesso|Si sente male|La voce arriva a tratti], quindi preferisce mandare messaggi. [{soon1} verrà un
tecnico|Forse cambierà contratto|Il canone costa {price1} al mese].
""",
    "app": """
{app1:il} [oggi|stamattina|da ieri] non si apre. {name1} ha chiuso e riaperto il programma {few1} volte, ma lo schermo resta
[bianco|nero|fermo]. [Poi ha installato l'aggiornamento|Poi ha riavviato il telefono] e [tutto ha ripreso a funzionare|il problema è
sparito|per fortuna ora va]. [Ci sono voluti {some1} minuti|Bastava un po' di pazienza|Adesso è più tranquill{name1:-o}].

Ho scaricato {app1:il} [perché me l'ha consigliata {kin1}|per risparmiare tempo|sul telefono nuovo]. È [gratuita|semplice da usare|chiara]
e [si può|permette di] [vedere tutto in una pagina|ricevere un avviso alle {hour1}|scegliere la lingua]. [L'unico difetto è la
pubblicità|Non mi piace solo il colore|A volte è lenta]. Le do {few1} [punti|stelle] su dieci.

Per usare {app1:il} bisogna [creare un profilo|registrarsi] con nome, cognome e indirizzo e-mail. Poi arriva un codice di {few1} cifre,
[da scrivere|che va inserito] entro {some1} minuti. [Se il codice non arriva, si può chiederne un altro|Se si sbaglia, si ricomincia].
[Per cancellare il profilo si va nelle impostazioni|Il profilo si può chiudere quando si vuole|I dati restano privati].

{kin1} non [sapeva usare|capiva] {app1:il}. [Così|Allora] {name1} {kin1:gli} ha spiegato tutto [con calma|in {some1} minuti|due volte]:
prima si apre il menu, poi si tocca il tasto {colour1}, infine si conferma. [Adesso la usa ogni giorno|Ora non può più farne a meno|Ha
scritto tutto su un foglio].
""",
    "password": """
{name1} ha dimenticato [la password|il codice] {app1:del}. Dopo {few1} tentativi [il profilo si è bloccato|non poteva più entrare]. Ha
toccato «Password dimenticata» e ha ricevuto [un'e-mail|un messaggio] alle {hour1}. [Ha scelto una password nuova, più lunga|Ora ha una
password di {some1} lettere|Adesso può entrare di nuovo].

Una buona password è [lunga|difficile da indovinare] e non contiene [il nome del cane|la data di nascita|il proprio nome]. [È
meglio|Conviene] non usare la stessa password per {app1:il} e per {app2:il}. [Non si deve dare a nessuno|Non va scritta su un foglio
{goodplace1}|Si può cambiare ogni {few1} mesi]. [Se qualcuno la chiede per telefono, è meglio riattaccare|{kin1} ne sa qualcosa].

Ho ricevuto un messaggio strano: diceva che il mio profilo era stato [bloccato|chiuso] e chiedeva {appname1:il}. [Il mittente era
sconosciuto|C'erano molti errori|Il testo era scritto male], quindi non ho [risposto|toccato il link]. L'ho raccontato {kin1:a} e
{dayword1} ho cambiato la password {app1:del}. [Meglio essere prudenti|Era una truffa|Ora sono più tranquill{me1:-o}].

[Per cambiare|Se vuoi cambiare] {appname1:il} {app1:del}, apri le impostazioni e scegli «Profilo». [Scrivi il dato nuovo due
volte|Inserisci il dato nuovo] e conferma. Riceverai un codice di {few1} cifre [sul telefono|per e-mail], valido {some1} minuti. [Non
darlo a nessuno|Conservalo fino alla fine].
""",
    "guasti": """
{appliance1:il} [non funziona più|fa un rumore strano|è ferm{appliance1:-o}] da {few1} giorni. [L'abbiamo comprat{appliance1:-o}|Era
nuov{appliance1:-o}: l'avevamo comprat{appliance1:-o}] {few2} mesi fa per {cost1}. {kin1} ha controllato [il filo|la spina|il filtro|il
manuale], ma non ha trovato niente. [{soon1} chiamerò un tecnico|{soon1} viene {fixer1:il}|Forse bisogna cambiarl{appliance1:-o}].

{dayword1} si è rott{appliance1:-o} {appliance1:il}. {fixer1:il} è arrivat{fixer1:-o} alle {hour1} e ha lavorato per {some1} minuti. [Il
guasto era piccolo|Bastava cambiare un pezzo|C'era un filo bruciato]: ho pagato {cost1}. [Adesso {appliance1:il} funziona come prima|Ora
va benissimo|Spero che duri].

[Che sfortuna!|Che settimana!|Non ci voleva!] Prima si è guastat{appliance1:-o} {appliance1:il}, poi {appliance2:il}. {name1} dice che
[conviene riparare tutto|è colpa della corrente|sono troppo vecchi]. Io invece [vorrei comprare {appliance1:un}
nuov{appliance1:-o}|preferisco chiamare {fixer1:un}|aspetto lo stipendio]. [Ne parleremo {soon1}|Intanto ci arrangiamo|Costerà almeno
{cost1}].

Se {appliance1:il} non si accende, controlla prima [la spina|la presa|l'interruttore]. [Poi|Dopo] stacca il filo, aspetta {few1} minuti e
riprova. [Se non basta|Se il problema resta], chiama {fixer1:un} e non aprire {appliance1:il} da solo. [È pericoloso|La garanzia non
sarebbe più valida].
""",
    "lavori in casa": """
[Stiamo rifacendo|Abbiamo dipinto|{name1} ha dipinto] {room1:il}. Le pareti erano di colore {colour1}, [ma ora|adesso] il colore è più
[chiaro|allegro|caldo]. {builder1:il} ha chiesto {cost1} e ha finito in {few1} giorni. [Manca solo|Resta da montare] {furniture1:il}. [Non
vediamo l'ora di usarl{room1:-o}|Il risultato è bellissimo].

{dayword1} ho passato [la mattina|tutto il giorno|{few1} ore] a {chore1} e a {chore2}. {kin1} [mi ha aiutat{me1:-o}|dormiva|era al
lavoro], [così abbiamo finito presto|e alle {hour1} avevamo finito|ma abbiamo finito tardi]. [Ora|Adesso] {room1:il} è pulit{room1:-o} e
[profuma di sapone|sembra più grande|c'è finalmente ordine]. [Dietro {furniture1:il} ho ritrovato {thing1:un}|Sono stanch{me1:-o} ma
content{me1:-o}|{soon1} tocca alla cantina].

Nella nuova casa {room1:il} è [piccol{room1:-o}|grande|luminos{room1:-o}] e ha {few1} finestre. Vicino alla porta c'è {furniture1:un}
{furniture1:+{colour1}}, e di fronte abbiamo messo {furniture2:il}. [Sopra ci sta bene {thing1:un}|Mancano ancora le tende|Il pavimento è
di legno]. [{kin1:a} piace molto|Ci vivono {name1} e {name2}].

In casa ognuno ha il suo compito. {name1} deve {chore1}, {name2} deve {chore2} e io devo {chore3}. [Il sabato|{weekday1:il}] cambiamo i
turni. [Così nessuno si lamenta|Non sempre funziona|Di solito {name1} arriva in ritardo].
""",
    "viaggi": """
[L'anno scorso|In {month1}|A {month1}] {man1} e {name2} sono andati a {abroad1} [in aereo|in treno|in macchina]. Hanno dormito in un
albergo [vicino alla stazione|in centro|piccolo ma pulito] per {few1} notti, a {cost1} per notte. [Il primo giorno|Il secondo giorno]
hanno visitato {sight1:il} e [hanno mangiato {food1}|hanno camminato per {few2} ore]. [Vogliono tornarci|Hanno fatto {many1} foto|Il
ritorno è stato lungo].

{soon1} partiamo per {city1}. [Ho già preparato la valigia|La valigia è quasi pronta]: ho messo {few1} magliette, {cloth1:un}, {thing1:il}
e {thing2:un}. [Il treno|Il pullman] parte alle {hour1} e il viaggio dura {few2} ore. [{kin1} ci accompagna alla stazione|Speriamo che non
piova|Dormiremo da {name1}].

[Vorrei|Mi piacerebbe|Sogno di] andare a {abroad1} con {kin1}. [Ho visto|Ho trovato] un viaggio di {few1} giorni a {large1}, con [la
colazione|il volo|la guida] compresa nel prezzo. [È caro|Non è poco], ma [ho messo da parte qualcosa|possiamo pagare in {few2} rate|ne
vale la pena]. [Decideremo entro {date1:il}|Ne parliamo {soon1}].

Il viaggio a {city1} è andato [bene|male|così così]. {transit1:il} era [in ritardo|molto pien{transit1:-o}|comod{transit1:-o}] e {kin1}
aveva [fame|sonno|mal di testa]. [In albergo|Arrivati in albergo] la camera numero {number1} era [rumorosa|spaziosa|fredda]. Però
{sight1:il} era [bellissim{sight1:-o}|apert{sight1:-o} fino alle {evening1}] e [la gente era gentile|abbiamo mangiato bene].
""",
    "treni": """
Il treno per {city1} [parte|partiva] alle {hour1} dal binario {few1}. {name1} è [arrivat{name1:-o} in stazione in
anticipo|arrivat{name1:-o} di corsa] e ha comprato [un giornale|un caffè|il biglietto per {price1}]. [Poi|Dopo pochi minuti]
l'altoparlante ha annunciato {some1} minuti di ritardo. [Così ha letto un po'|Ha chiamato {kin1} per avvisare|Ha aspettato su una
panchina].

Attenzione: il treno regionale {many1} per {city1} delle ore {hour1} è in arrivo al binario {few1} con {some1} minuti di ritardo.
[Ferma|Il treno ferma] a {city2} e a {city3}. [Allontanarsi dalla linea gialla|Ci scusiamo per il disagio|I viaggiatori sono pregati di
fare attenzione].

Ogni mattina {name1} prende {transit1:il} alle {morning1} per andare a {city1}. Il viaggio dura {some1} minuti e {name1} [ascolta
musica|legge|dorme|guarda fuori dal finestrino]. [{weekday1:il}|A volte] incontra {name2}, che lavora [in {street1}|{public1:al}].
[Parlano del più e del meno|Fanno colazione insieme|Scendono alla stessa fermata].

Ho perso {transit1:il} perché {reason1}. [La corsa dopo|Quella dopo] partiva dopo {some1} minuti, [così ho aspettato|perciò mi sono
sedut{me1:-o}] al bar. [Lì ho incontrato {name1}|Ho mangiato un panino|Ho finito il mio libro]. Sono arrivat{me1:-o} a {city1} alle
{hour1}, [stanch{me1:-o}|bagnat{me1:-o} fradici{me1:-o}|ma nessuno si è arrabbiato].
""",
    "tempo atmosferico": """
Il tempo {soon1}: {sky1} {region1} e {sky2} {region2}. Temperature [in aumento|in calo|stabili], [ore più calde|ore più fredde] intorno
alle {hour1}. [Mari mossi|Venti deboli|Mari calmi]. [Si consiglia l'ombrello|Attenzione sulle strade|Nessun problema per chi viaggia].

{dayword1} a {city1} [pioveva|nevicava|c'era molto vento] e {name1} [è uscit{name1:-o} senza {cloth1}|aveva dimenticato l'ombrello
{goodplace1}]. È tornat{name1:-o} a casa [tutt{name1:-o} bagnat{name1:-o}|infreddolit{name1:-o}] e ha bevuto [un tè caldo|una tisana|un
brodo]. [La sera aveva già {illness1:il}|Per fortuna non si è ammalat{name1:-o}|{kin1} {name1:gli} ha prestato {cloth2:un}].

A {month1} a {city1} fa [spesso freddo|di solito bello|un tempo strano]. [La mattina|Di mattina] c'è [la nebbia|il sole|un vento leggero],
mentre [la sera|nel pomeriggio] [piove|si sta bene|il cielo diventa scuro]. {name1} porta sempre con sé {cloth1:un} e {thing1:un}. [Non si
sa mai|Così è pront{name1:-o} a tutto].

Per {weekday1} è previsto [un temporale|sole|vento forte|un po' di neve] {region1}. [Se il tempo è brutto|Se piove], {name1} e {name2}
[resteranno in casa|andranno {public1:al}|rimanderanno la gita]. [Se invece fa bello|Altrimenti] andranno a [{city1}|fare un giro in
bicicletta|camminare]. [Decideranno alle {hour1}|Si sentono {soon2}].
""",
    "scuola": """
{name1} frequenta la [terza|quarta|quinta|seconda] classe e la sua materia preferita è {subject1:il}. [In {subject2}|Invece in {subject2}]
ha preso [tre|quattro|cinque], perché [non aveva studiato|era distratt{name1:-o}|le domande erano difficili]. La maestra {woman1} [dice
che può
migliorare|è contenta lo stesso|{name1:gli} ha dato {few2} esercizi]. [{kin1} lo sa già|{soon1} c'è un'altra prova].

Compiti per {weekday1}: [leggere|studiare] da pagina {some1} a pagina {many1}, fare {few1} esercizi di {subject1} e portare {thing1:il}.
[Chi
non ha finito il disegno di {subject2}, lo finisca|La verifica di {subject2} è {date1:il}|Non dimenticate {document1:il}
firmat{document1:-o}].

Cari genitori, {date1:il} la classe andrà in gita {public1:al} di {city1}. [La partenza è|Si parte] alle {morning1} dalla scuola. Ogni
alunno deve portare [{thing1:un}|un panino], {thing2:un} e {price1}. [Il rientro è previsto|Torneremo] in serata. [La
maestra|L'insegnante] {woman1} {surname1}.

{dayword1} all'esame di {subject1} {name1} era molto {name1:+{nerves1}}. Il professor {surname1} ha fatto {few1} domande e {name1} ha
risposto [bene a tutte|quasi a tutte|con calma]. [Il voto è stato|Ha preso] {number1} su cento. [Per festeggiare è andat{name1:-o} in
pizzeria|Ha subito chiamato {kin1}|Ora può riposare].
""",
    "lavoro": """
{name1} lavora come {job1} a {city1} da {few1} anni. [Comincia|Di solito comincia] alle {morning1} e [mangia alla mensa|porta il pranzo da
casa|finisce tardi]. Del suo lavoro ama [i colleghi|la calma|il contatto con la gente], ma non sopporta [gli orari|il rumore|la polvere].
[In futuro vorrebbe|Un giorno vorrebbe] lavorare {shop1:nel} [{kin1:di}|del quartiere|di un paese più piccolo].

Oggi in ufficio devo {task1}, {task2} e, se resta tempo, {task3}. {name1} mi ha chiesto aiuto, [ma|però] {reason1} e sono arrivat{me1:-o}
alle {hour1}. [Resterò un po' di più|Farò tutto {soon1}|Per fortuna {name2} mi dà una mano].

[Cerchiamo|Si cerca] {job1:un} con esperienza per lavoro a {city1}. Orario: dalle {morning1}, [cinque|quattro|sei] giorni alla settimana.
Stipendio di {salary1} al mese. [Si richiede|È gradita] la conoscenza [dell'inglese|del francese|del tedesco]. [Scrivere a|Presentarsi in]
{street1}, {number1}, entro {date1:il}.

Il primo giorno di lavoro {name1} era {name1:+{nerves1}}. [La responsabile|Il capo], {surname1}, {name1:gli} ha mostrato [la scrivania|gli
uffici|la sala riunioni] e {name1:gli} ha chiesto di {task1}. [A pranzo|Nella pausa] ha conosciuto {name2}, che lavora lì da {few1} anni.
[La sera era stanc{name1:-o}|Si è trovat{name1:-o} subito bene].
""",
    "riunioni": """
La riunione [si terrà|si farà|comincia] {soon1} alle {hour1}, nella sala [grande|al secondo piano|{number1}]. [Parleremo di|Si
parlerà di] [spese|ferie|orari| nuovi progetti] e dovremo {task1}. {name1} porta [i dati|il caffè|il computer], {name2} scrive il verbale.
[Chi non può venire avvisi entro {date1:il}|Per favore, siate puntuali].

Alla riunione di {weekday1} erano presenti {name1}, {name2} e {name3}. [Si è deciso di|Abbiamo deciso di] {task1} entro {date1:il}.
{name2} ha proposto di spendere {large1} per [i computer nuovi|la sala|la pubblicità], ma {name3} [non era d'accordo|ha chiesto più
tempo|preferisce aspettare]. La prossima riunione sarà {later1:il}.

{dayword1} la riunione è durata {few1} ore. {name1} ha parlato [troppo|a lungo|con calma] {bill1:del}, mentre {name2} [guardava il
telefono|prendeva appunti|quasi dormiva]. [Alla fine|Dopo tante parole] abbiamo deciso di [rivederci {soon1}|votare|non decidere niente].
[Sono tornat{me1:-o} a casa alle {hour1}|Avevo {illness1:il}].

Assemblea di condominio, {street1} {number1}. [Il giorno|È convocata per il giorno] {date1} alle ore {hour1}. Ordine del giorno:
{bill1:il}, [la pulizia delle scale|il tetto|il portone], [il cortile|l'ascensore|le biciclette]. [Chi non può venire può firmare una
delega|L'amministratore, {man1} {surname1}].
""",
    "salute": """
{name1} ha {illness1:il} da {few1} giorni. [Il medico|La dottoressa {surname1}] {name1:gli} ha detto di [riposare|bere molta acqua|restare
a letto] e di prendere [una compressa|lo sciroppo] ogni {few2} ore. [Oggi sta meglio|Oggi non è andat{name1:-o} al lavoro|La febbre è già
scesa]. [{kin1} {name1:gli} ha portato {fruit1:dei} e un brodo|{soon1} tornerà a controllo].

{dayword1} mi sono fatt{me1:-o} male {body1:al} mentre [facevo sport|scendevo le scale|correvo]. {kin1} mi ha portat{me1:-o} [al pronto
soccorso|dal medico]. [Per fortuna non c'era niente di rotto|La radiografia era a posto], ma devo [stare a riposo per {few1}
giorni|mettere il ghiaccio|usare una pomata]. [Il controllo è {date1:il}|Tornerò a giocare a {month1}].

Vorrei prenotare una visita [dal dentista|dall'oculista|dal dottor {surname1}] perché mi fa male {body1:il}. [Sono liber{me1:-o}|Posso
venire] {weekday1} o {weekday2}, [dopo le {evening1}|la mattina|nel pomeriggio]. Il mio nome è {name1} {surname2}. [Quanto costa la
visita?|Devo portare {document1:il}?|Grazie mille.]

Per stare bene [basta|è utile] [camminare {some1} minuti al giorno|dormire [sette|otto|nove] ore|fare un po' di ginnastica], mangiare
{veg1:p} e
{fruit1:p} e [bere acqua|non fumare|ridere spesso]. {name1}, che ha {some1} anni, [lo fa da sempre|ci crede molto|ha cominciato a
{month1}]. [Il suo medico è contento|Dice di sentirsi più forte| Solo {weekday1:il} fa un'eccezione e mangia un dolce].
""",
    "sport": """
{weekday1} la squadra di {city1} ha [vinto|perso] contro {city2} per {few1} a [zero|uno]. [La partita è cominciata|Si giocava] alle
{hour1} davanti a {many1} tifosi. {name1} ha giocato [molto bene|male|solo un tempo] e alla fine era {name1:+{mood1}}. [La prossima
partita è {date1:il}|L'allenatore {surname1} non ha parlato].

{name1} fa {sport1} da {few1} anni. Si allena {weekday1:il} e {weekday2:il} [alle {hour1}|dopo il lavoro|con {kin1}]. [All'inizio|I primi
mesi] era difficile, [ma ora|poi] è diventat{name1:-o} [brav{name1:-o}|più veloce|più forte]. [La palestra costa {cost1} al mese|A
{month1} farà la prima gara|Sogna di vincere una medaglia].

Sono aperte le iscrizioni al corso di {sport1} per [bambini|adulti|principianti]. Le lezioni sono {weekday1:il} alle {hour1} [in
piscina|in palestra|al campo di {street1}]. Il corso costa {cost1} [al mese|all'anno] e [la prima lezione è gratuita|serve un certificato
medico]. [Informazioni: {name1}, ore {hour2}|Posti limitati a {some1}].

Preferisco {sport1:il} {sport2:al}. [Non bisogna|Non serve] spendere molto e [si sta all'aperto|ci si diverte|si conosce gente nuova].
{kin1} invece [dice che è noioso|ama {sport2:il}|non fa nessuno sport]. [Ma {soon1} verrà con me|Ognuno ha i suoi gusti|Ne discutiamo
spesso].
""",
    "giardino": """
[Sul balcone|In giardino|Nell'orto] {name1} ha piantato {plant1:un} e {few1} {veg1:p}. [Ogni sera|Ogni mattina|Alle {hour1}] annaffia
tutto [con calma|con la pioggia raccolta|insieme {kin1:a}]. {plant1:il} [è cresciut{plant1:-o} molto|ha già i fiori|ha bisogno di sole].
[A {month1}|In {month1}] [raccoglierà {veg1:i}|ci saranno i primi frutti].

{plant1:il} sta [morendo|perdendo le foglie|diventando giall{plant1:-o}]. [Forse ha|Forse gli ho dato] troppa acqua, oppure [c'è poco
sole|la terra è vecchia|fa troppo freddo]. {kin1} mi ha consigliato di [cambiare vaso|tagliare i rami secchi|spostarl{plant1:-o} in
{room1}]. Proverò {soon1}.

{dayword1} ho [comprato|regalato {kin1:a}] {plant1:un} {store1:al}. Costava {price1}. [Il fioraio|La fioraia] mi ha detto: poca acqua,
molta luce e terra nuova ogni {few1} [mesi|anni]. [L'ho mess{plant1:-o} vicino {furniture1:al}|Ora è sul balcone, accanto {plant2:al}].

A {month1} nell'orto c'è molto da fare: bisogna [seminare|raccogliere] {veg1:i}, [togliere le erbacce|preparare la terra] e proteggere
{plant1:il} [dal freddo|dalle lumache|dagli uccelli]. {name1} ci lavora {few1} ore [al giorno|alla settimana]. [In cambio ha {veg2:p} per
tutto l'anno|La sera ha mal di schiena, ma è {name1:+contento}].
""",
    "animali di casa": """
{pet1:il} di {name1} si chiama [Briciola|Pepe|Luna|Nuvola|Biscotto|Zoe|Neve|Stella|Tobia|Fulmine] e ha {few1} anni. È {pet1:+{colour1}} e
[molto curios{pet1:-o}|un po' pauros{pet1:-o}|sempre affamat{pet1:-o}]. [Dorme {goodplace1}|Di notte dorme {goodplace1}] e mangia
[due|tre] volte al giorno. [{weekday1} {pet1:lo} porteranno dal veterinario|Quando torna {kin1}, {kin1:gli} corre incontro].

{dayword1} {pet1:il} {kin1:di} è [scappat{pet1:-o}|sparit{pet1:-o}]. L'abbiamo cercat{pet1:-o} [in {street1}|nel parco|dai vicini] per
{few1} ore. [Alla fine|Verso le {hour1}] era {goodplace1}, [tranquill{pet1:-o}|e dormiva|con una scarpa in bocca]. [Che paura!|Meno
male!|Ora chiudiamo sempre la porta.]

Smarrit{pet1:-o} {pet1} {pet1:+{colour1}} in zona {street1}, {date1:il}. Risponde al nome di [Pepe|Luna|Birba|Nuvola|Argo]. Ha un collare
{colour2}. Chi {pet1:lo} trova chiami {name1}, [ore serali|anche di notte]. Ricompensa: {cost1}.

I bambini vorrebbero {pet1:un}. {kin1} dice che [costa troppo|la casa è piccola|è una responsabilità], perché bisogna [pulire ogni
giorno|portarl{pet1:-o} dal veterinario| pensare alle vacanze]. [{name1} ha promesso di|{name1} vuole] occuparsene [da sol{name1:-o}|ogni
mattina]. [Forse a {month1} andremo al canile|Decideremo {soon1}].
""",
    "animali selvatici": """
{dayword1} vicino a {city1} {name1} ha visto {wild1:un}. [Era ferm{wild1:-o} sulla strada|Beveva al fiume|Era nascost{wild1:-o} tra gli
alberi] e [non aveva paura| guardava in silenzio|sembrava tranquill{wild1:-o}]. {name1} ha [fatto una foto|spento il motore|aspettato
{some1} minuti], poi {wild1:il} [è andat{wild1:-o} via|è sparit{wild1:-o}]. [Nessuno {name1:gli} crede|L'ha raccontato {kin1:a}].

Nel libro di {name1} [c'è una pagina|ci sono {few1} pagine] {animal1:sul}. [A destra|In alto] c'è un disegno {animal1:del}, [in basso|a
sinistra] uno {animal2:del}. [Il bambino|{name1}] ha colorato {animal1:il} di {colour1} e {animal2:il} di {colour2}. [Poi ha chiesto
{kin1:a} se fossero amici|Il suo preferito è {animal1:il}].

Favola breve. {animal1:un} incontrò {animal2:un} [nel bosco|presso il fiume|in un prato]. «Hai visto il mio cappello {colour1}?» chiese
{animal1:il}. [«No, ma ti aiuto a cercarlo»|«Certo, è {goodplace1}»|«Forse l'ha preso il vento»], rispose {animal2:il}. [Da quel giorno
furono amici|Cercarono per {few1} ore e lo trovarono|Poi andarono a mangiare {fruit1:dei} insieme].
""",
    "famiglia": """
La famiglia {surname1} vive a {city1}: {man1} fa {jobm1:il}, {woman1} fa {jobf1:il} e i figli, {name1} e {name2}, vanno ancora a scuola.
[La domenica|{weekday1:il}] pranzano tutti insieme [dai nonni|in giardino|{public1:al}]. [A {man1} piace {hobby1}|{woman1} ama {hobby1}],
mentre i ragazzi preferiscono {hobby2}.

{kin1} compie gli anni {date1:il}. [Quest'anno sono|Saranno] {some1} anni. [Pensavo di|Vorrei] regalare {gift1:un} oppure {cloth1:un}, ma
{name1} dice che [non serve|è meglio una cena|costa troppo]. [Faremo una festa|Ci troviamo] {soon1} alle {hour1}. Per la torta useremo
{fruit1:i} e [la panna|la crema|il cioccolato].

Da bambin{me1:-o} passavo l'estate [in campagna|al mare|in montagna] con {kin1}. [Ci alzavamo presto|Ci svegliavamo alle {morning1}] e
andavamo a [prendere il latte|cercare funghi|raccogliere {fruit1:i}]. [Il pomeriggio|Dopo pranzo] leggevo o guardavo {wild1:i}. [Che bei
tempi|Ci ripenso spesso|Oggi quella casa è di {name1}].

{man1} e {name2} sono [fratelli|cugini|amici], ma molto diversi. {man1} è {man1:+{kind1}} e ama {hobby1}; {name2} è {name2:+{kind2}} e
preferisce {hobby2}. [A volte|Ogni tanto] litigano [per {thing1:un}|per niente|per i turni], [ma poi fanno pace|però si vogliono bene|e
allora interviene {kin1}].
""",
    "soldi": """
{name1} guadagna {salary1} al mese. Per l'affitto paga {rent1}, per la spesa {cost2} e per [i trasporti|la palestra|il telefono] {price1}.
[Ogni mese|A fine mese] mette da parte qualcosa per comprare {owned1:un}. [Ci vorranno {few1} anni|{kin1} {name1:gli} darà una mano|È una
questione di pazienza].

Ho prestato {cost1} {name1:a} {dayword1}. [Aveva dimenticato il portafoglio {goodplace1}|Doveva pagare {bill1:il}|Voleva comprare
{thing1:un}]. [Ha promesso di|Ha detto che vuole] restituire tutto {soon1}. [Mi fido, perché è una persona onesta|Spero che non se ne
dimentichi|L'ho scritto su un foglio].

Al mercatino ho venduto {solid1:un} [vecchi{solid1:-o}|di {stuff1}] per {cost1} e {thing1:un} per {price1}. [Con quei soldi|Con il
ricavato] ho comprato {appliance1:un} usat{appliance1:-o}. [Funziona benissimo|Il venditore era {name1}|Era un affare]. [{soon1} ci torno
con {kin1}|Il mercatino chiude alle {hour1}].

[Per risparmiare|Per spendere meno], {name1} [spegne sempre la luce|va a piedi|compra solo in offerta] e segna ogni spesa {goodplace1}. A
{month1} ha speso {many1} euro, a {month2} {many2}. [La spesa più grande è stata {bill1:il}|Il prossimo obiettivo è un viaggio a
{abroad1}|{kin1} dovrebbe fare lo stesso].
""",
    "bollette e fatture": """
È arrivat{bill1:-o} {bill1:il}: {cost1} da pagare entro {date1:il}. [È più alt{bill1:-o} del solito|È un po' meno dell'anno scorso|Non me
{bill1:lo} aspettavo]. [Pagherò in banca|{kin1} paga con l'app|Lo farò {soon1}] e conserverò la ricevuta {goodplace1}.

Fattura numero {many1} del {date1}. Cliente: {name1} {surname1}, {street1} {number1}, {city1}. [Descrizione: {few1}
{thing1:p}|Descrizione: riparazione {appliance1:del}]. Totale {cost1}, da pagare entro {later1:il} [con bonifico|in contanti|con carta].

Nella fattura c'è un errore: hanno scritto {cost1} invece di {cost2}. {name1} [ha chiamato|ha scritto a] {man1} {surname1}, che si è
[scusato|mostrato gentile] e ha promesso di [correggerla|mandarne una nuova] {soon1}. [Il numero è {code1}|La differenza sarà
restituita|Per ora non pago].

[Gentile cliente|Gentile signora {surname1}], le ricordiamo che {bill1:il} di {cost1} scade {date1:il}. [Se ha già pagato, non consideri
questa lettera|È possibile pagare in {few1} rate]. Per informazioni può telefonare [dalle 9 alle 17|tutti i giorni feriali].
{formalclose1}.
""",
    "lettera agli amici": """
{name1:+caro} {name1}, come stai? Qui [a {city1}|in paese] tutto bene. {dayword1} sono andat{me1:-o} {public1:al} con {kin1} e [ci siamo
divertiti|abbiamo parlato di te|abbiamo visto {name2}]. [Ti ricordi di {name3}|Sai di {name3}]? Adesso fa {sport1} e [vive in
{street1}|studia {subject1}]. [Vieni a trovarmi {soon1}|Scrivimi presto]! {close1}, {name4}.

{name1:+caro} {name1}, grazie per la tua lettera del {date1}. [Mi ha fatto molto piacere|L'ho letta due volte]. Da noi [piove sempre|fa
caldo|è già inverno] e passo le sere a {hobby1}. {kin1} ha comprato {pet1:un} {pet1:+{colour1}}, [immagina che confusione|una vera peste].
[Quando vieni?|Ti aspetto a {month1}.] {close1}, {name2}.

{name1:+caro} {name1}, ti scrivo da {abroad1}, dove [sono in vacanza|lavoro da {few1} mesi]. La città è [bella|grande|piena di gente], ma
[mi manca {food1:il} di casa|piove molto| tutto è caro]. Ho conosciuto {name2}, che fa {sport1} e mi insegna [la lingua|a cucinare]. Torno
{date1:il}. {close1}, {name3}.
""",
    "lettera formale": """
Gentile {name1:signore} {surname1}, [le scrivo per|con la presente desidero] chiedere una copia {document1:del}
[presentat{document1:-o}|consegnat{document1:-o}] {date1:il}. [Ne ho bisogno|Mi serve] entro {later1:il} per [il comune|la scuola|la
banca]. [Resto a disposizione|Può spedire tutto in {street1}, {number1}]. {formalclose1}, {name2} {surname2}.

Spettabile ufficio, {dayword1} ho [consegnato|spedito] {document1:il} numero {code1}, ma non ho ancora ricevuto risposta. [Potete
dirmi|Vorrei sapere] se [manca qualcosa|la pratica è completa|devo tornare]? Il mio indirizzo è {street1}, {number1}, {city1}.
{formalclose1}, {name1} {surname1}.

Gentile direttore, [sono {name1} {surname1} e|mi chiamo {name1} {surname1} e] vorrei candidarmi al posto di {job1}. Ho lavorato {few1}
anni a {city1} e parlo [inglese|francese| tedesco|spagnolo]. Sono una persona [puntuale e paziente|precisa|abituata al lavoro di gruppo].
[Posso cominciare {date1:il}|Sono libero da impegni dal mese di {month1}]. {formalclose1}.

Egregio avvocato {surname1}, [confermo|come d'accordo, confermo] l'appuntamento {date1:del} alle ore {hour1} nel suo studio di {street1}.
Porterò {document1:il} e {document2:il}. [Nel caso di un imprevisto|Se ci fossero cambiamenti] può [telefonarmi|scrivermi].
{formalclose1}, {name1} {surname2}.
""",
    "e-mail": """
Oggetto: [riunione|incontro] di {weekday1}. Ciao {name1}, [ti confermo|va bene] l'incontro {date1:del} alle {hour1}. [Porta|Per favore
porta] {document1:il} e [il computer|i dati di {month1}]. [Io devo ancora|Prima devo] {task1}. Se hai problemi, [scrivimi|chiamami]. Ciao,
{name2}.

Oggetto: {document1}. Buongiorno {name1}, in allegato trova {document1:il}
[richiest{document1:-o}|firmat{document1:-o}|corrett{document1:-o}]. [La prego di|Può] controllare la pagina {some1} e
[rispondere|restituirl{document1:-o}] entro {date1:il}. Grazie e buon lavoro, {name2} {surname1}.

Oggetto: {course1}. Salve, [vorrei|mi piacerebbe] iscrivermi al {course1} che comincia {date1:il}. [Ho alcune domande|Vorrei sapere]:
quanto costa, quante lezioni ci sono, [serve portare {thing1:un}|si può provare una volta]? [Sono liber{me1:-o} {weekday1:il}|Preferisco
la sera]. Grazie, {name1} {surname1}.

Oggetto: [foto|ricordi] di {city1}. {name1:+caro} {name1}, ti mando le {number1} foto {event1:del}. [La più bella è quella|Nella prima ci
siete tu] con {name2} e {animal1:un}, [te la ricordi|che ridere]? [Se vuoi le stampo|Le ho mandate anche {kin1:a}]. {close1}, {name3}.
""",
    "avvisi": """
AVVISO. Si informano [i residenti|gli utenti|i cittadini] che {date1:il} {public1:il} resterà chius{public1:-o} [per lavori|per
pulizie|per mancanza di personale] dalle {morning1} alle {evening1}. [Il servizio riprenderà|La riapertura è prevista] {later1:il}. Ci
scusiamo per il disagio.

Si avvisa che {date1:il}, dalle 8 alle [12|13|14|15|16|17|18], [mancherà l'acqua|mancherà la corrente|saranno puliti i tombini] in
{street1} e in {street2}. [Si prega di spostare le macchine|Si consiglia di fare una scorta]. Per informazioni: [ufficio tecnico|comune di
{city1}], signor {surname1}.

È vietato [entrare con animali|fumare|parcheggiare biciclette|lasciare oggetti] {public1:nel}. Chi non rispetta la regola [pagherà una
multa di {cost1}|dovrà uscire]. [Il divieto vale|La regola vale] tutti i giorni, [anche la domenica|fino alle {evening1}|dal mese di
{month1}].

[Trovato|È stato trovato] in {street1} un oggetto smarrito: {thing1} di colore {colour1}, [quasi nuov{thing1:-o}|con un nome scritto
dentro]. Il proprietario può ritirarl{thing1:-o} {shop1:dal} [del quartiere|all'angolo con {street2}], chiedendo di {name1}, dopo le
{evening1}.
""",
    "ricette": """
{dish1} con {veg1:p}: [per {few1} persone servono|ingredienti:] {many1} grammi di {veg1:p}, {few2} cucchiai d'olio, {veg2:un} e un po' di
sale. [Lava|Pulisci] {veg1:i}, [taglia tutto a pezzi|taglia tutto a fette] e cuoci per {some1} minuti [a fuoco basso|con il coperchio].
[Servi con {food1}|È buono anche freddo|Aggiungi il pepe alla fine].

Torta [semplice|soffice|della nonna|rapida] con {fruit1:p}. [Mescola|Sbatti] {few1} uova con {many1} grammi di zucchero, [poi
unisci|aggiungi] la farina e il burro. Metti {fruit1:i} sopra [o dentro|in ordine] e inforna a [170|180|190|200] gradi per {some1} minuti.
[Lascia raffreddare|Servi con panna|È ottima a colazione].

[Per la marmellata|Per una buona marmellata] di {fruit1:p} ci vogliono {few1} chili di frutta e {many1} grammi di zucchero. [Togli i
noccioli se ci sono|Lava la frutta] e fai bollire tutto per {some1} minuti, mescolando. [Riempi|Alla fine riempi] i vasetti ancora caldi.
[La ricetta è {kin1:di}|Dura {few2} mesi|Si conserva in {room1}].

Insalata [veloce|estiva|ricca]: taglia {veg1:i}, {veg2:i} e {few1} {fruit1:p}, condisci con olio, [limone|aceto] e sale. [Se vuoi|Per chi
ha fame], aggiungi {food1} o {food2}. Pronta in {some1} minuti, [basta per {few2} persone|va tenuta al fresco].
""",
    "istruzioni": """
Come montare {furniture1:il}: 1) [apri la scatola|togli la carta] e conta le {some1} viti; 2) [metti in piedi|posa a terra] i pannelli; 3)
[unisci i lati con le viti lunghe|fissa i lati]; 4) monta {few1} piedini. [Non stringere troppo|Fatti aiutare da qualcuno]. Tempo:
{number1} minuti.

[Prima di usare|Prima di accendere] {appliance1:il}, leggi il manuale. [Collega|Attacca] la spina, premi il tasto {colour1} e aspetta
{few1} minuti. [Se senti un rumore|Se vedi una luce rossa], stacca la spina. Pulisci {appliance1:il} [ogni {few2} settimane|una volta al
mese] con [un panno asciutto|una spugna umida].

Per arrivare {public1:al} [dalla stazione|da {street1}], vai dritto per {many1} metri, poi gira a [destra|sinistra] in {street2}. [Dopo
{few1} minuti|Passato il ponte] vedrai {shop1:un}: [l'ingresso|la porta] è [di fronte|subito dopo|al numero {number1}]. [In autobus si
prende il {some1}|Chiude alle {evening1}].

Per lavare {cloth1:il} di {fabric1}, usa acqua [fredda|tiepida] e poco sapone. [Non usare|Evita] l'asciugatrice. [Stendi|Appendi]
{cloth1:il} all'ombra per {few1} ore e stira a [bassa temperatura|rovescio]. [Se c'è una macchia di {food1}|Per le macchie di {food1}],
prova con [il limone|il sale|l'aceto].
""",
    "diario": """
{weekday1} {date1}. Oggi è stata {kindday1}. [Mi sono svegliat{me1:-o}|Sono uscit{me1:-o}] alle {morning1} perché dovevo {task1}. [Poi|Nel
pomeriggio] ho visto {name1}, che era {name1:+{mood1}}: [abbiamo parlato {kin1:di}|abbiamo mangiato {food1}]. [Adesso sono {me1:+{mood2}}
e vado a letto|Stasera voglio solo {hobby1}].

Caro diario, [non scrivo da {few1} giorni|è tanto che non scrivo]. {dayword1} {name1} mi ha regalato {gift1:un} {gift1:+{colour1}} e io
ero {me1:+{mood1}}. [L'ho mess{gift1:-o}|Adesso è] {goodplace1}. [Domani devo {task1}|{soon1} rivedo {name2}]: [ho già sonno|speriamo
bene|ti racconterò].

{date1}, {city1}. [Piove da {few1} giorni|C'è il sole]. Ho passato la mattina a {chore1}, poi sono andat{me1:-o} {public1:al}. [Volevo
{hobby1}|Pensavo di {hobby1}], [ma|però] {reason1}. [Pazienza|Sarà per domani]. A cena {dish1} e {fruit1:p}. Sono {me1:+{mood1}}.
""",
    "notizie": """
{city1}, {date1}. [Dopo {few1} anni di lavori|Finalmente] riapre {public1:il} di {street1}. [La spesa è stata di|I lavori sono costati]
{some1} milioni di euro. «È un giorno importante», ha detto [il sindaco| l'assessore] {surname1}. [L'ingresso sarà gratuito fino
{later1:al}|Attesi {many1} visitatori].

[Furto|Strano furto] [in un negozio|in una casa] di {city1}: {dayword1} qualcuno ha portato via {craft1:un} di {stuff1} del valore di
{large1}. [Il proprietario|La proprietaria], {number2} anni, dormiva. [La polizia cerca un furgone {colour1}|Non ci sono
testimoni|{craft1:il} è stat{craft1:-o} ritrovat{craft1:-o} in {street1}].

[Pioggia|Neve|Vento forte|Nebbia|Temporali|Grandine] e disagi {region1}: {dayword1} [le strade sono state chiuse|i treni hanno avuto
ritardi di {some1} minuti|{few1} scuole sono
rimaste chiuse]. [A {city1}|Nella zona di {city1}] i pompieri hanno fatto {number1} interventi. [Nessuno è rimasto ferito|Il tempo
migliora {soon1}].

[Grande successo|Molta gente] a {city1} per {event1:il} [del quartiere|di {month1}]: {many1} persone in {few1} giorni. Ha vinto il primo
premio {name1} {surname1}, {some1} anni, che [fa {sport1} da bambin{name1:-o}| di mestiere fa {job1:il}]. [Il prossimo anno si replica|Il
premio è {thing1:un}].
""",
    "lamentele": """
{dayword1} ho comprato {cloth1:un} {cloth1:+{colour1}} in un negozio di {street1}. [A casa|Dopo un giorno] ho visto che era
{cloth1:+{tear1}}. [Il commesso|La commessa] non ha voluto [cambiarl{cloth1:-o}| restituirmi i soldi], anche se avevo lo scontrino di
{cost1}. [Non ci tornerò più|Sono davvero delus{me1:-o}|Scriverò al direttore].

I vicini del piano di sopra fanno rumore [fino alle {evening1}|tutte le notti|da {few1} settimane]. [Spostano {furniture1:il}|Ascoltano
musica|Corrono in casa] e {kin1} non riesce a [dormire|studiare]. Ho [bussato| parlato con loro] {dayword1}, ma [non è servito|hanno
riso]. [Ora scrivo all'amministratore|Qualcuno ha un consiglio?]

Al ristorante di {street1} abbiamo aspettato {some1} minuti. {food1:il} era {food1:+{taste1}}, {dish1:il} non è mai arrivat{dish1:-o} e il
conto era di {cost1}. [Il cameriere|La cameriera] [non si scusava| rideva|guardava il telefono]. [Peccato|Che delusione], perché {name1}
ce ne aveva parlato bene.

Il [treno|tram|pullman|autobus] delle {hour1} è sempre [in ritardo|pieno|sporco]. {dayword1} [ho aspettato {some1} minuti|siamo rimasti
fermi {some1} minuti] e ho perso [l'appuntamento|la coincidenza]. [L'abbonamento costa {cost1}|Pago {cost1} al mese], quindi [vorrei un
servizio migliore|chiedo un rimborso]. [Con me c'erano {some2} persone arrabbiate|Nessuno ci ha spiegato perché].
""",
    "ringraziamenti": """
{name1:+caro} {name1}, grazie [di cuore|mille|davvero] per {gift1:il}! [È bellissim{gift1:-o}|Mi piace molto] e l'ho già mess{gift1:-o}
{goodplace1}. [Anche {kin1} ne vuole un{gift1:-o}|{kin1} ti saluta]. [Spero di vederti {soon1}| Ti aspetto a {city1}]. {close1}, {name2}.

Vorrei ringraziare {fixer1:il} che {dayword1} [è venut{fixer1:-o} subito|ha lavorato fino alle {evening1}] e ha riparato {appliance1:il}
[con pazienza|in {some1} minuti]. [Ha chiesto solo {cost1}|Non ha voluto soldi]. [Persone così sono rare|{kin1} mi aveva detto che era
un'ottima persona].

Grazie [a tutti|di cuore] per la bella festa {date1:del}. [La torta con {fruit1:i} era ottima|{food1:il} era ottim{food1:-o}] e la musica
[allegra|bellissima]. {name1} ha ballato fino alle {evening1} e {kin1} [rideva|non voleva andare via]. [La prossima volta da
noi|Rivediamoci {soon1}]! {name2} e {name3}.

Gentile {name1:signore} {surname1}, la ringrazio per [l'aiuto|il tempo] che mi ha dato con {document1:il}. [Senza di lei|Da sol{me1:-o}]
non avrei saputo [cosa fare|a chi chiedere]. {dayword1} l'ho consegnat{document1:-o} e [tutto è a posto| devo solo aspettare {few1}
giorni]. {formalclose1}, {name2}.
""",
    "recensioni": """
[Ho letto|Ho visto] {filmkind1} che si svolge a {city1}. [Racconta|È la storia] di {name1}, che fa {job1:il} e un giorno trova {thing1:un}
{goodplace1}. [L'inizio è lento|All'inizio mi annoiavo], ma la fine [mi è piaciuta|è una sorpresa|fa piangere]. Voto: {few1} su dieci.

{appliance1:il} che ho comprato {dayword1} è {appliance1:+{quality1}} e [non fa rumore|consuma poco]. L'ho pagat{appliance1:-o} {cost1} in
un negozio di {street1}. [Unico difetto|L'unico problema]: il filo è [corto|{colour1}]. [{appliance1:lo} consiglio| Ne sono
content{me1:-o}|{kin1} ne vuole un{appliance1:-o} uguale].

Trattoria [da {name1}|{surname1}], {city1}. [Siamo stati qui|Ci siamo andati] {dayword1} in {few1}. {dish1:il} con {veg1:i} era
{dish1:+{taste1}}, {food1:il} [un po' meno|anche]. [Servizio lento|Servizio gentile], conto di {cost1}. [Ci torneremo| Non ci
torneremo|Meglio prenotare].

Albergo [sul mare|in centro|vicino alla stazione] a {city1}: camera {number1}, [piccola|grande], con {furniture1:un}
{furniture1:+{colour1}}. Abbiamo pagato {cost1} a notte. [La colazione era buona|A colazione c'erano {fruit1:p} e {food1}]. [Di notte si
sentiva il rumore della strada|{name1}, alla reception, è stat{name1:-o} gentilissim{name1:-o}].
""",
    "descrizione di oggetti": """
{craft1:questo} {craft1} è di {stuff1} ed è {craft1:+{colour1}}. [Apparteneva {kin1:a}|Era {kin1:di}], che {craft1:lo} comprò a {abroad1}
nel {year1}. È [un po' graffiat{craft1:-o}|ancora bell{craft1:-o}], ma [non lo venderei mai|vale forse {cost1}|ha un valore affettivo].
{craft1:lo} tengo {goodplace1}.

{solid1:un} {solid1:+{quality1}} di {stuff1}, alt{solid1:-o} {many1} centimetri e [larg{solid1:-o}|lung{solid1:-o}] {number1}. Il colore è
[{colour1}|un {colour1} chiaro]. [Sta bene|È perfett{solid1:-o}] accanto {furniture2:al} [o in {room1}|o vicino alla finestra]. Costa
{cost1}, [trasporto compreso|più {price1} di trasporto].

Nella borsa di {name1} ci sono {pocket1:un}, {pocket2:un} {pocket2:+{colour1}}, {few1} {pocket3:p} e {document1:un}. [Manca|Non c'è]
{pocket4:il}, che è rimast{pocket4:-o} {goodplace1}. [La borsa è di colore {colour2} e pesa molto|Che disordine].
""",
    "descrizione di persone": """
{name1} ha {some1} anni, i capelli [neri|biondi|castani|grigi] e gli occhi [verdi|azzurri|scuri]. È {name1:+{kind1}} e {name1:+{kind2}},
ama {hobby1} e [non sopporta|odia] {chore1}. Vive a {city1} [con {pet1:un}|da {few1} anni] e di mestiere fa {job1:il}.

La mia vicina {woman1} porta sempre {cloth1:un} {cloth1:+{colour1}} e {cloth2:un}. [Ogni mattina|Alle {hour1}] esce per [comprare
{food1}|portare fuori il cane]. [Parla poco|Parla con tutti] e conosce [ogni pianta|ogni ricetta]. {dayword1} mi ha regalato {fruit1:dei}.

Il nuovo compagno di classe si chiama {man1} e viene da {abroad1}. È [alto|basso|magro] e [ha gli occhiali|ride spesso]. [A scuola|In
classe] gli piace {subject1:il} e nel tempo libero ama {hobby1}. {dayword1} ha invitato {name2} a casa sua per [studiare
{subject2}|mangiare {food1}].

{kin1} ha un carattere [difficile|dolce|forte]. [Quando|Se] {reason1}, [si arrabbiava|diceva sempre: «Pazienza»|cominciava a cantare]. Sa
fare tutto: riparare {appliance1:un}, cucinare {dish1:un}, {hobby1}. [Solo una cosa non sa fare|Non impara mai]: {chore1} [in silenzio|in
meno di {few1} ore].
""",
    "descrizione di luoghi": """
{public1:il} di {city1} si trova in {street1}, [vicino {shop1:al}|di fronte {public2:al}]. È stat{public1:-o} costruit{public1:-o} nel
{year1} e [ha {few1} piani|è molto {public1:+antico}]. [È apert{public1:-o}|Apre] dalle {morning1}, tranne {weekday1:il}. [L'ingresso costa
{price1}|Di sera ci vanno molti giovani].

[Il paese di {name1}|Il mio paese] ha {many1} abitanti, una chiesa, {shop1:un} e [un fiume|una fontana]. [In estate|A {month1}] arrivano i
turisti e c'è {event1:un}. [D'inverno|Il resto dell'anno] si sentono solo {animal1:i}. [Io ci vivo bene|{name2} vorrebbe andare a {city1}].

La camera di {name1} è [piccola|grande|ordinata|in disordine]. Sotto la finestra c'è {furniture1:un} {furniture1:+{colour1}}, a sinistra
{solid1:un} di {stuff1}. [Sul muro|Alla parete] ci sono {few1} foto di {city1}. [Per terra|In un angolo] vedo {thing1:un} e {thing2:un}.
""",
    "racconti brevi": """
C'era una volta {job1:un} che aveva {animal1:un}. [Ogni notte|Ogni mattina] {animal1:il} trovava {thing1:un} {goodplace1}. «[Di chi
sarà|Chi l'ha mess{thing1:-o} lì]?» si chiedeva {job1:il}. Un giorno arrivò {name1}, {name1:tutto} [bagnat{name1:-o}|in fretta], e disse:
«Era {name1:+mio}!». [Risero insieme|Da allora furono amici].

{name1} camminava in {street1} quando vide {thing1:un} {thing1:+{colour1}} per terra. [Dentro|Sotto] c'era un biglietto: «Ci vediamo alle
{hour1} {public1:al}». [Per curiosità ci andò|Decise di andarci]. Lì trovò {name2}, che [rideva|aspettava da {few1} ore]: [era uno
scherzo|era la sua festa].

Una notte {name1} sentì un rumore in {room1}. [Prese|Piano piano prese] {thing1:il}, accese la luce e vide {animal1:un} [sul
tappeto|vicino {furniture1:al}]. [Nessuno dei due si mosse|{animal1:il} non aveva paura]. Allora {name1} aprì la finestra, [offrì
{fruit1:un}| aspettò] e tornò a letto.

Nel {year1} {man1} {surname1} partì da {city1} con {thing1:un} e {few1} {fruit1:p}. [Arrivò|Dopo {some1} giorni arrivò] a {abroad1}, dove
lavorò come {jobm1} per {few2} anni. Quando tornò, [nessuno lo riconobbe|portò con sé {animal1:un}]. [Solo {kin1} capì|Solo il suo cane
capì] che era lui.
""",
    "confronti": """
{craft1:il} di {stuff1} costa {cost1}, quell{craft1:-o} di {stuff2} costa [di più|di meno]. Il primo modello è {colour1}, il secondo
{colour2}. {name1} [preferisce il primo|ha scelto il secondo] perché [dura di più|pesa meno|{name1:gli} ricorda {kin1}]. [Io li prenderei
tutti e due|Io non saprei scegliere].

{city1} è [più grande|più tranquilla|più cara] di {city2}, secondo {name1}. A {city1} [gli affitti costano {rent1}|ci sono più autobus], a
{city2} [si mangia meglio|la gente è più calma]. [Io vivrei|Vivrei volentieri] a {city3}, [vicino al lavoro|dove abita {kin1}].

{name1} ha {some1} anni e {name2} ne ha {number1}. {name1} è più {name1:+{kind1}}, {name2} invece è più {name2:+{kind2}}. [A tutti e due
piace|Insieme vogliono] {hobby1}, [ma solo {name1} sa|ma {name2} deve anche] {chore1}.

Andare a {city1} in {transit1} costa {price1} e ci vogliono {few1} ore. In {transit2} si spende [meno|di più], ma si [parte presto|arriva
prima|viaggia comodi]. {kin1} sceglie sempre {transit1:il}; io, quando {reason1}, ho preso {transit2:il}.
""",
    "opinioni": """
{opinion1}, {sport1:il} è [più utile|più {sport1:+bello}|meno {sport1:+noioso}] {sport2:del}. [Si impara|Insegna] la pazienza e si sta con
gli altri. {name1} non è d'accordo: [dice che costa troppo|preferisce {hobby1}|pensa che sia {sport1:+pericoloso}]. [Forse abbiamo ragione
tutti e due|Ne riparleremo {soon1}].

[Molti pensano|C'è chi dice] che {hobby1} sia una perdita di tempo. {opinion1} non è così: [rilassa|fa bene alla testa|si impara sempre
qualcosa]. {kin1} lo fa da {some1} anni ed è sempre {kin1:+{mood1}}. [E voi, cosa ne pensate?|Io ho cominciato a {month1}.]

Non mi piace {food1:il}, [mi dispiace|lo ammetto]. Lo trovo [pesante|troppo caro|senza sapore]. Preferisco {dish1:un} con {veg1:i} oppure
{few1} {fruit1:p}. {name1} [ride di me|non capisce] e {dayword1} [mi ha fatto uno scherzo|ne ha mangiato un chilo].

{opinion1}, il comune di {city1} dovrebbe [aprire|riparare|ingrandire] {public1:il}. [Con {large1}|Con pochi soldi] si potrebbe [anche
piantare {few1} alberi|comprare {few1} panchine]. [I giovani|Le famiglie] ne hanno bisogno, [soprattutto {weekday1:il}|più che di un
parcheggio].
""",
    "domande e risposte": """
Dove abita {name1}? Abita a {city1}, in {street1}, al numero {number1}. [Con chi?|Vive da sol{name1:-o}?] [Con {kin1} e {pet1:un}|Abita
insieme a {name2}]. Che lavoro fa? Fa {job1:il} da {few1} anni.

A che ora [apre {store1:il}? Alle {morning1}|chiude {store1:il}? Alle {evening1}], tranne {weekday1:il}. [E quanto costa|Quanto costa]
{thing1:un}? [Costa|Circa] {price1}. [Si può pagare con la carta?|Accettano la carta?] [Sì, certo|No, solo contanti|Sì, sopra i {few1}
euro].

[Che cosa hai mangiato|Cosa avete mangiato] {dayword1}? [Un po' di {food1}|{dish1:un} con {veg1:i}] e {few1} {fruit1:p}. [Chi ha
cucinato?|E chi ha fatto da mangiare?] [Ha cucinato {kin1}|Ha fatto tutto {name1}], e poi ha dovuto {chore1}.

Perché {name1} è {name1:+{mood1}}? Perché {dayword1} [ha perso {thing1:il}|ha ricevuto {thing1:un}|ha parlato con {name2}]. [E dove|Dove]
è successo? {public1:nel} di {city1}, [alle {hour1}|davanti a tutti]. [E adesso cosa farà?|Come finirà?] [Vuole {hobby1}|Aspetterà
{soon1}|Chiederà aiuto {kin1:a}].
""",
    "progetti": """
{soon1} {man1} e {name2} vogliono [cominciare|provare] un {course1}. [Costa {cost1}|Le lezioni sono {weekday1:il}] e dura {few1} mesi.
{man1} [spera di fare amicizia|è {man1:+{mood1}}], {name2} vuole solo [imparare|uscire di casa]. [Si sono già iscritti|Devono decidere
entro {date1:il}].

Quest'anno ho {few1} progetti: {hobby1}, {chore1} [più spesso|ogni settimana] e andare a {abroad1}. [Per il viaggio|Per l'ultimo] servono
{large1}. [Comincerò|Voglio cominciare] {soon1}, [se {kin1} mi aiuta|senza scuse].

Programma per {weekday1}: alle [8|9|10] {chore1}, poi {task1}; a pranzo {dish1} [da {name1}|a casa]; nel pomeriggio {hobby1}. [Se avanza
tempo|La sera], [telefonare {kin1:a}|passare {shop1:dal}]. [Non dimenticare|Portare] {thing1:il}!

[Da grande|Fra {few1} anni] {name1} vuole diventare {job1}. [Per questo|Perciò] studia {subject1:il} e {weekday1:il} va {public1:al}.
{kin1} [è d'accordo|preferirebbe un altro lavoro], ma {name1} [è testard{name1:-o}|ha già deciso|ci pensa da {few2} anni].
""",
    "traslochi": """
{name1} ha cambiato casa: da {street1} è andat{name1:-o} in {street2}, al numero {number1}. Il nuovo appartamento ha {few1} stanze e costa
{cost1} [in più|in meno] al mese. [{kin1} ha portato|Abbiamo portato] {furniture1:il} e {some1} scatole con {owned1:il}. [Manca ancora
{appliance1:il}| Durante il viaggio si è rott{furniture1:-o} {furniture1:il}].

Affittasi [appartamento|camera|monolocale] in {street1}, {city1}, [al terzo piano|al piano terra], {number1} metri quadri, con {solid1},
{solid2} e {appliance1}. [Canone|Affitto] {rent1} [al mese|più le spese]. [Niente animali|Anche per studenti]. Chiamare {name1} dopo le
{evening1}.

[Dove hai messo|Nella scatola numero {few1} ci sono] {thing1:il} e {thing2:il}? Nella scatola di colore {colour1} invece [c'è|dovrebbe
esserci] {cloth1:il} {kin1:di}. [Con il trasloco|Dopo il trasloco] non trovo più niente: {dayword1} ho cercato {appliance1:il} per {few2}
ore ed era {goodplace1}.
""",
    "eventi": """
{date1:il} {public1:nel} di {city1} ci sarà {event1:un} [di quartiere|per le famiglie|di primavera]. [Si comincia|L'inizio è] alle
{hour1}. [Il biglietto costa {price1}|L'ingresso è libero] e si può [mangiare {food1}|vincere {thing1:un}|conoscere {job1:un}
famos{job1:-o}]. [In caso di pioggia si rinvia {later1:al}|Per informazioni: {name1}].

{dayword1} {event1:il} è andat{event1:-o} [benissimo|male]. C'erano {many1} persone, tra cui {kin1} e {name1}. [Abbiamo mangiato
{food1}|La musica era bella], [ma verso le {hour1}|poi alle {hour1}] [è mancata la luce|ha cominciato a piovere|è arrivato {animal1:un}].
[Lo racconteremo per anni|{name1} era {name1:+{mood1}}].

Sei invitat{me1:-o} alla festa di {name1}! [Ci vediamo|Ti aspettiamo] {weekday1} {date1} alle {hour1} in {street1}, {number1}. Porta
{thing1:un} o {food1}. [Vestiti di {colour1}|Ci sarà la torta con {fruit1:i}]. [Rispondi entro|Conferma entro] {earlier1:il}.
""",
    "consigli": """
Se vuoi comprare {owned1:un} usat{owned1:-o}, [guarda bene|controlla] [i freni|le luci|ogni parte|i documenti] e fai un giro di prova con
{kin1}. [Non spendere più
di|Il prezzo giusto è] {large1}. {name1} ha comprato {owned1:il} in un'officina di {street1} e [dopo {few1} mesi era rott{owned1:-o}|ne è
content{name1:-o}].

Non riesci a dormire? [Non guardare|Spegni] il telefono dopo le {evening1}, [bevi una tisana|leggi {some1} pagine] e [apri la
finestra|pensa a {city1} sotto la neve]. {name1}, che [di notte contava {animal1:i}|dormiva pochissimo], [ora sta meglio|ci è
riuscit{name1:-o} in {few2} settimane].

Prima di partire per {abroad1}, [fai una copia {document1:del}|controlla {document1:il}] e scrivi {goodplace1} il numero {some1}{many1}.
[Metti in valigia|Porta] {cloth1:un}, {thing1:un} e [le medicine|un po' di soldi]. {kin1} una volta ha dimenticato {document1:il} e [ha
pagato {cost1}|è tornat{kin1:-o} indietro].
""",
}

_CHAT_PLANS = """
ciao {name1}, [sei a casa|dove sei|ci sei]? [io arrivo|sto arrivando] alle {hour1}, {reason1}. [mi prendi|puoi comprare] {grocery1} e
{grocery2}? [ti devo {price1}|poi ti spiego|grazie]

[oh|ehi|allora] {name1}, {soon1} [vieni|venite] {public1:al}? ci sono {name2} e {name3}. [si parte alle {hour1}|ci vediamo in {street1}].
[porta {thing1:un}|non fare tardi]. fammi sapere!

non trovo più {thing1:il}!! [l'hai vist{thing1:-o} tu|per caso è da te]? era {goodplace1} [ieri|stamattina]. [se non salta fuori devo
ricomprarl{thing1:-o}|{kin1} mi ammazza]. [aiuto|rispondi appena puoi].

scusa {name1} [per il ritardo|se rispondo ora], {reason1}. [domani non posso|oggi no], perché devo {task1}. [facciamo|va bene] {weekday1}
alle {hour1} {shop1:dal}? [ok|dimmi tu|un bacio].

buongiorno! [qui piove|qui c'è il sole|qui nevica]. ieri ho mangiato {dish1:un} con {veg1:i} da {name1}, [buonissim{dish1:-o}|che schifo].
[poi abbiamo visto {filmkind1}|siamo tornati alle {hour1}]. tu [che fai|come va]?

{name1} perché non rispondi? [ti ho chiamato|ti ho scritto] {few1} volte. {kin1} [chiede di te|è preoccupat{kin1:-o}]. [hai ancora
{illness1:il}|è successo qualcosa]? [chiamami alle {hour1}|stasera passo da te].
"""


def _receipt(r: Random) -> str:
    """Prices that add up."""
    item, other = r.sample(POOLS["grocery"], 2)
    first, second = r.randint(4, 60) * 10, r.randint(4, 60) * 10
    paid = next(note for note in (500, 1000, 2000, 5000) if note >= first + second)
    plan = r.choice(
        (
            "{item:il} costa {first} e {other:il} costa {second}. [In tutto sono|Insieme fanno|Il totale è] {total}. [{name1} paga|{name1} "
            "dà] {paid} e [riceve|prende] {change} di resto.",
            "[Scontrino|Conto] {store1:del}: {item} {first}, {other} {second}, totale {total}. [Pagati {paid}|Ricevuti {paid}], resto "
            "{change}. [Grazie e arrivederci|Conservare lo scontrino|Vi aspettiamo {weekday1}].",
            "Ho comprato {item} per {first} e {other} per {second}: {total}. [Avevo|In tasca avevo] {paid}, quindi mi restano {change}. "
            "[Basta per un caffè?|Li metto da parte|Li darò {kin1:a}].",
        )
    )
    change = paid - first - second
    return _say(
        r,
        plan,
        item=item,
        other=other,
        first=euros(first),
        second=euros(second),
        total=euros(first + second),
        paid=euros(paid),
        change=euros(change) if change else "zero euro",
    )


def _numbers(r: Random) -> str:
    """Sums, halves and spelled numbers about things."""
    small = r.randint(3, 40)
    big = small + r.randint(2, 40)
    thing = r.choice(POOLS["thing"] + POOLS["fruit"] + POOLS["veg"])
    plan = r.choice(
        (
            "{name1} ha {a} {thing:p} e {name2} ne ha {b}. [Insieme|In tutto|In due] ne hanno {total}. {name2} ne ha {difference} più di "
            "{name1}.",
            "[Nella scatola|Nel cesto] di {name2} c'erano {b} {thing:p}. {name1} ne ha [pres{thing:-i}|tolt{thing:-i}] {a}, [così|quindi] ne "
            "restano {difference}. In lettere: {difference_word}.",
            "[{name1} conta {thing:i}.|{kin1} ha {b} anni e {name1} ne ha {a}.|{name1} impara i numeri con {kin2}.] Il numero {b} si scrive "
            "{b_word}, il numero {a} si scrive {a_word}. La loro somma è {total}, cioè {total_word}. [La differenza è {difference}|{b} è più "
            "grande di {a}].",
            "{name1} compra {a} {thing:p} [al giorno: in due giorni|alla settimana: in due settimane] ne compra {double}. [Se|Quando] ne "
            "regala {a} {kin1:a}, {name1:gli} restano {a}.",
        )
    )
    return _say(
        r,
        plan,
        thing=thing,
        a=str(small),
        b=str(big),
        total=str(small + big),
        difference=str(big - small),
        double=str(2 * small),
        a_word=number_word(small),
        b_word=number_word(big),
        total_word=number_word(small + big),
        difference_word=number_word(big - small),
    )


def _dates(r: Random) -> str:
    """Days of the week, months and ages that agree."""
    days, months = [f"{word}" for word in POOLS["weekday"]], [f"{word}" for word in POOLS["month"]]
    at, month, age = r.randrange(7), r.randrange(12), r.randint(6, 80)
    born = r.randint(1935, 2025 - age)
    number = r.randint(2, 26)
    plan = r.choice(
        (
            "Oggi è {today} {n} {month}. Ieri era {yesterday} {before} e domani sarà {tomorrow} {after}. [{name1} parte|{name1} "
            "torna|{name1} ha un esame] domani alle {hour1}.",
            "{name1} è nat{name1:-o} nel {born} a {city1}. Nel {later} ha compiuto {age} anni. [La festa è stata|Ha festeggiato] "
            "{public1:al}, [con {kin1}|con pochi amici].",
            "Dopo {month} viene {next}. [A {month}|In {month}] {name1} [ha lavorato|è stat{name1:-o} a {city1}], [a {next}|in {next}] "
            "[riposerà|comincerà un {course1}].",
            "L'appuntamento era {today}, ma {name1} l'ha spostato al giorno dopo, {tomorrow}, alle {hour1}. [Il motivo|La ragione]: "
            "{reason1}. [Ci vediamo in {street1}|Speriamo bene].",
        )
    )
    return _say(
        r,
        plan,
        n=str(number),
        before=str(number - 1) if number > 2 else "1°",
        after=str(number + 1),
        today=days[at],
        yesterday=days[at - 1],
        tomorrow=days[(at + 1) % 7],
        month=months[month],
        next=months[(month + 1) % 12],
        born=str(born),
        later=str(born + age),
        age=str(age),
    )


def _countries(r: Random) -> str:
    (land, inside, capital, tongue, continent), (land2, _, capital2, _, _) = r.sample(COUNTRIES, 2)
    plan = r.choice(
        (
            "La capitale {of} è {capital}. {inside} si parla {tongue}. [{name1} ci è stat{name1:-o}|{name1} vorrebbe andarci] con {kin1} [a "
            "{month1}|per {few1} giorni].",
            "Qual è la capitale {of}? È {capital}. [E la lingua?|Che lingua si parla lì?] Si parla {tongue}. [Lo so perché|Me l'ha detto] "
            "{name1}, che [ha studiato {subject1}|vive lì da {few1} anni].",
            "{name1} ha confuso {capital} con {capital2}. {capital} è la capitale {of}, mentre {capital2} è la capitale {of2}. [{name2} ha "
            "riso|L'insegnante l'ha corrett{name1:-o}|Ora non sbaglia più].",
            "{land} si trova in {continent}. La sua capitale è {capital} e la lingua ufficiale [più usata|principale] è [questa|la "
            "seguente]: {tongue}. [{name1} è partit{name1:-o} {date1:il}|{name1} ci andrà a {month1}].",
        )
    )
    return _say(
        r,
        plan,
        land=land,
        inside=inside,
        capital=capital,
        tongue=tongue,
        continent=continent,
        capital2=capital2,
        of=of_land(land),
        of2=of_land(land2),
    )


def of_land(land: str) -> str:
    """'il Cile' as 'del Cile', 'la Cina' as 'della Cina'."""
    return "de" + ("l " + land[3:] if land.startswith("il ") else "l" + land)


_PROPER = ("Giove", "Marte", "Mercurio", "Saturno", "Roma", "Venezia", "Genova", "Torino", "Cagliari")


def _facts(r: Random) -> str:
    """True sentences about one part of the world."""
    topic = r.choice(list(FACTS))
    one, two, three = r.sample(FACTS[topic], 3)
    plan = r.choice(
        (
            "{one}. {two}. {three}. [{name1} l'ha letto in un libro|L'ho imparato a scuola|Lo sapevi, {name1}?]",
            "[Lo sapevi?|Curiosità:|Oggi a scuola:] {one}. [Inoltre|E poi] {two_low}. {three}.",
            "«{one}», ha detto {name1}. «Lo so», ha risposto {name2}, «e so anche che {two_low}.» [Poi hanno letto insieme|Nel libro c'era "
            "scritto]: {three_low}.",
            "Domanda: è vero che {one_low}? [Risposta: sì.|Sì, è vero.] È vero anche che {two_low}. [{name1} lo insegna ai bambini.|{kin1} "
            "non ci credeva.|]",
        )
    )
    low = {
        f"{key}_low": fact if fact.startswith(_PROPER) else fact[0].lower() + fact[1:]
        for key, fact in (("one", one), ("two", two), ("three", three))
    }
    return _say(r, plan, one=one, two=two, three=three, **low)


def _bulletin(r: Random) -> str:
    """A forecast whose temperatures agree with its advice."""
    low = r.randint(-5, 22)
    high = low + r.randint(4, 12)
    advice = "serve il cappotto" if high < 12 else "basta una giacca leggera" if high < 22 else "conviene bere molto e stare all'ombra"
    plan = (
        "[Previsioni per|Che tempo farà] {weekday1} a {city1}: {early} [al mattino|nelle prime ore], poi {late}. [Minima|Temperatura "
        "minima] {low} gradi, massima {high}. [Per chi esce|Per uscire] {advice}. [{name1} dice che sbagliano sempre|Il vento viene "
        "da nord|Il sole tramonta alle {sunset}|{kin1} resterà a casa]."
    )
    skies = ["neve", "gelo", "nebbia fitta", "cielo sereno"]
    if low >= 2:
        skies = ["cielo sereno", "pioggia leggera", "nuvole sparse", "vento forte", "temporali", "sole e caldo" if low > 15 else "foschia"]
    early, late = r.sample(skies, 2)
    return _say(
        r, plan, early=early, late=late, low=str(low), high=str(high), advice=advice, sunset=f"{r.randint(17, 20)}.{r.randint(10, 59)}"
    )


PROSE: dict[str, Callable[[Random], str]] = {name: partial(_tell, _plans(block)) for name, block in _PROSE_PLANS.items()}
PROSE |= {
    "messaggi": partial(_chat, _plans(_CHAT_PLANS)),
    "scontrini": _receipt,
    "numeri": _numbers,
    "date": _dates,
    "paesi": _countries,
    "fatti": _facts,
    "previsioni": _bulletin,
}

# Tasks: a builder gives the fields of the instruction and the answer.
Task = Callable[[Random], Turns]
Builder = Callable[[Random], tuple[dict[str, str], str]]
_OPENINGS = ("", "", "", "", "Per favore, ", "Puoi aiutarmi? ", "Esercizio: ", "Ciao! ", "Un'altra cosa: ", "Buongiorno, ", "Ancora una: ")


def _task(wordings: str, build: Builder) -> Task:
    """A task from its instruction wordings, one on each line, and its builder."""
    lines = [" ".join(line.split()) for line in wordings.strip().split("\n")]

    def turns(r: Random) -> Turns:
        made: Turns = []
        for _ in range(r.choice((1, 1, 1, 1, 2, 2, 3))):
            fields, answer = build(r)
            opening, asked = r.choice(_OPENINGS), _expand(r, r.choice(lines))
            if opening.endswith(", "):
                opening, asked = ("", asked) if asked.startswith("<") else (opening, asked[0].lower() + asked[1:])
            for key, value in fields.items():
                asked = asked.replace("<" + key + ">", value)
            made.append((opening + asked, answer))
        return made

    return turns


def _filled(r: Random, plan: str) -> tuple[str, Slots]:
    """A sentence and the slots that went into it."""
    slots = Slots(r)
    slots["email1"] = _address(r)
    text = _tidy(_expand(r, plan).format_map(slots))
    return text[0].upper() + text[1:], slots


def _address(r: Random) -> str:
    name = f"{r.choice(POOLS['name'])}".lower()
    surname = f"{r.choice(POOLS['surname'])}".lower()
    return f"{name}.{surname}{r.choice(('', '', str(r.randint(2, 99))))}@{r.choice(('posta', 'casa', 'lettere', 'esempio'))}.it"


_SENTENCES = _plans("""
{name1} ha comprato {thing1:un} {thing1:+{colour1}} {store1:al}.

{dayword1} {kin1} ha cucinato {dish1:un} con {veg1:i}.

{animal1:il} dorme vicino {furniture1:al}.

Il treno per {city1} parte alle {hour1}.

Ho dimenticato {thing1:il} {goodplace1}.

A {name1} piace {hobby1}.

{name1} lavora {public1:al} da {few1} anni.

In {room1} c'è {solid1:un} di {stuff1}.

{soon1} devo {chore1}.

Il corso costa {cost1} e comincia {date1:il}.
""")

_EXTRACT: dict[str, list[str]] = {
    "name1": _plans("""
        [Ieri|Stamattina|Oggi] {name1} ha portato {thing1:un} in ufficio.

        La prenotazione è a nome di {name1}, per {few1} persone.

        Mi chiamo {name1} e vivo a {city1}.

        Il pacco per {name1} è arrivato alle {hour1}.

        Ho chiesto a {name1} di {chore1}.

        {name1} compra sempre {grocery1} {store1:al}."""),
    "date1": _plans("""
        {name1} parte per {city1} {date1:il}.

        La bolletta scade {date1:il}.

        L'appuntamento con {name1} è fissato per {date1:il}, alle {hour1}.

        {event1:il} di {city1} comincia {date1:il}.

        {date1:il} {public1:il} resterà chius{public1:-o}."""),
    "cost1": _plans("""
        {thing1:il} {thing1:+{colour1}} costa {cost1}.

        {name1} ha pagato {cost1} per {appliance1:il}.

        Il biglietto per {city1} costa {cost1}.

        Ho speso {cost1} {shop1:al}.

        Per riparare {appliance1:il} {fixer1:il} ha chiesto {cost1}."""),
    "city1": _plans("""
        {name1} si è trasferit{name1:-o} a {city1} per lavoro.

        Il pullman per {city1} parte alle {hour1}.

        Abbiamo passato {few1} giorni a {city1} con {kin1}.

        Il pacco è fermo a {city1} da {few1} giorni.

        {kin1} studia {subject1} a {city1}."""),
    "email1": _plans("""
        Per informazioni scrivi a {email1} entro {date1:il}.

        Il mio indirizzo è {email1}, rispondo di sera.

        {name1} usa l'indirizzo {email1} per il lavoro.

        Manda {document1:il} a {email1}, per favore."""),
    "number1": _plans("""
        La camera è la numero {number1}.

        {name1} abita in {street1} al numero {number1}.

        Sul tavolo ci sono {number1} {thing1:p}.

        {name1} ha {number1} anni.

        L'autobus {number1} porta {public1:al}."""),
}


def _extract(key: str) -> Builder:
    def build(r: Random) -> tuple[dict[str, str], str]:
        text, slots = _filled(r, r.choice(_EXTRACT[key]))
        return {"x": text}, f"{slots[key]}"

    return build


def _copy(r: Random) -> tuple[dict[str, str], str]:
    text = _filled(r, r.choice(_SENTENCES))[0]
    return {"x": text}, text


def _any_noun(r: Random) -> Noun:
    pool = r.choice(
        ("thing", "furniture", "appliance", "fruit", "veg", "animal", "cloth", "shop", "job", "plant", "document", "device", "event")
    )
    return next(noun for noun in r.sample(POOLS[pool], 8) if " " not in noun.singular)


def _repeat(r: Random) -> tuple[dict[str, str], str]:
    word, times = _any_noun(r).singular, r.randint(2, 6)
    return {"w": word, "n": str(times), "nw": number_word(times)}, " ".join([word] * times)


_TOPICS: dict[str, list[str]] = {
    "cibo": _plans("""
        [Stasera|A pranzo|{dayword1}] ho [mangiato|preparato] {dish1:un} con {veg1:i}.

        {food1:il} {kin1:di} è davvero {food1:+{taste1}}.

        [Per la torta|Per il dolce] servono {few1} uova e {fruit1:p}."""),
    "viaggi": _plans("""
        {soon1} [partiamo|parto] per {abroad1} in [aereo|treno].

        L'albergo di {city1} era [comodo|caro|rumoroso], ma [vicino al mare|in centro].

        Il treno per {city1} parte dal binario {few1}."""),
    "soldi": _plans("""
        {bill1:il} è di {cost1} e scade {date1:il}.

        [Ogni mese|A {month1}] {name1} mette da parte {cost1} in banca.

        Lo stipendio di {name1} è di {large1} al mese."""),
    "salute": _plans("""
        {name1} ha {illness1:il} e resta a letto.

        [Mi fa male|{name1:gli} fa male] {body1:il} da {few1} giorni.

        Il dottore {surname1} mi ha dato una medicina per {illness1:il}."""),
    "tecnologia": _plans("""
        {device1:il} si spegne da sol{device1:-o} dopo {few1} minuti.

        Il programma {device1:del} non si apre e chiede un aggiornamento.

        Ho cambiato la password e installato il programma {device1:sul}."""),
    "casa": _plans("""
        Abbiamo messo {furniture1:un} nuov{furniture1:-o} in {room1}.

        {soon1} {fixer1:il} viene a sistemare {room1:il}.

        [Prima|Poi] devo pulire {room1:il} e lucidare {furniture1:il}."""),
    "scuola": _plans("""
        {name1} ha preso {few1} in {subject1}.

        {soon1} la classe ha una verifica di {subject1}.

        Il professor {surname1} ha dato {few1} esercizi di {subject1}."""),
    "sport": _plans("""
        La squadra di {city1} ha vinto la partita per {few1} a zero.

        {name1} si allena a {sport1} {weekday1:il}.

        {soon1} c'è la gara di {sport1} allo stadio."""),
    "tempo": _plans("""
        {soon1} è prevista pioggia {region1}.

        {sky1} {region1}, temperature in calo.

        A {city1} nevica da {few1} ore e fa molto freddo."""),
    "animali": _plans("""
        {pet1:il} {kin1:di} dorme {goodplace1}.

        {dayword1} {name1} ha visto {wild1:un} vicino al fiume.

        {animal1:il} e {animal2:il} bevono nello stagno."""),
}


def _topic(r: Random) -> tuple[dict[str, str], str]:
    options = r.sample(list(_TOPICS), r.randint(2, 5))
    text = _filled(r, r.choice(_TOPICS[options[0]]))[0]
    answer = options[0]
    r.shuffle(options)
    return {"x": text, "o": ", ".join(options)}, answer


_FEELINGS: dict[str, list[str]] = {
    "positivo": _plans("""
        Sono molto content{me1:-o} {device1:del}, funziona benissimo.

        {dish1:il} di {name1} era buonissim{dish1:-o}, complimenti!

        Che bella giornata {public1:al} con {kin1}!

        {fixer1:il} è stat{fixer1:-o} gentile e veloce, grazie.

        Adoro {thing1:questo} {thing1} {thing1:+{colour1}}.

        Albergo pulito, vista splendida su {city1}: torneremo volentieri."""),
    "negativo": _plans("""
        Sono delus{me1:-o} {device1:dal}: si è rott{device1:-o} dopo {few1} giorni.

        {dish1:il} era fredd{dish1:-o} e il cameriere scortese.

        Che brutta giornata, ho perso {thing1:il} e {reason1}.

        {fixer1:il} è arrivat{fixer1:-o} tardi e non ha riparato niente.

        {thing1:il} che ho comprato è {thing1:+{defect1}}, sono furios{me1:-o}.

        Albergo sporco e caro a {city1}: mai più."""),
    "neutro": _plans("""
        {public1:il} apre alle {hour1}.

        {name1} abita in {street1}, al numero {number1}.

        {thing1:il} è {goodplace1}.

        Il treno per {city1} parte {date1:il}.

        Il corso di {sport1} dura {few1} mesi."""),
}


def _feeling(r: Random) -> tuple[dict[str, str], str]:
    answer = r.choice(list(_FEELINGS))
    return {"x": _filled(r, r.choice(_FEELINGS[answer]))[0]}, answer


_EVENTS: list[tuple[str, str, str]] = [  # sentence, the key that a question asks for, the question
    ("{name1} ha comprato {thing1:un} per {cost1}.", "name1", "Chi ha comprato {thing1:un}?"),
    ("{name1} ha comprato {thing1:un} per {cost1}.", "cost1", "Quanto ha speso {name1}?"),
    ("{name1} parte per {city1} alle {hour1}.", "city1", "Dove va {name1}?"),
    ("{name1} parte per {city1} alle {hour1}.", "hour1", "A che ora parte {name1}?"),
    ("{kin1} ha lasciato {thing1:il} {goodplace1}.", "goodplace1", "Dov'è {thing1:il}?"),
    ("{name1} suona {weekday1} a {city1} con {name2}.", "name2", "Con chi suona {name1}?"),
    ("Il cane di {name1} si chiama Argo e ha {few1} anni.", "few1", "Quanti anni ha il cane di {name1}?"),
    ("{name1} ha {cloth1:un} {cloth1:+{colour1}} e vive in {street1}.", "street1", "In quale via vive {name1}?"),
    ("La festa di {name1} è {date1:il} a {city1}.", "date1", "Quando è la festa di {name1}?"),
    ("A {name1} piace {hobby1}.", "hobby1", "Che cosa piace fare a {name1}?"),
    ("{name1} deve {chore1} prima di cena.", "chore1", "Che cosa deve fare {name1}?"),
    ("{shop1:il} di {name1} apre alle {hour1}.", "hour1", "A che ora apre {shop1:il} di {name1}?"),
]


def _answer_short(r: Random) -> tuple[dict[str, str], str]:
    plan, key, question = r.choice(_EVENTS)
    text, slots = _filled(r, plan)
    asked = _tidy(question.format_map(slots))
    return {"x": text, "q": asked[0].upper() + asked[1:]}, f"{slots[key]}"


_CLAIMS: list[tuple[str, str, str]] = [  # sentence, the key to change, the question
    ("{name1} ha comprato {thing1:un} {thing1:+{colour1}}.", "thing1", "{name1} ha comprato {thing1:un}?"),
    ("{name1} ha comprato {thing1:un} {thing1:+{colour1}}.", "name1", "Ha comprato {thing1:un} {name1}?"),
    ("Il treno per {city1} parte alle {hour1}.", "hour1", "Il treno parte alle {hour1}?"),
    ("Il treno per {city1} parte alle {hour1}.", "city1", "Il treno va a {city1}?"),
    ("{name1} mangia {fruit1:un} ogni mattina.", "fruit1", "{name1} mangia {fruit1:un} ogni mattina?"),
    ("{kin1} vive a {city1} da {few1} anni.", "city1", "{kin1} vive a {city1}?"),
    ("Il corso costa {cost1} e comincia {date1:il}.", "cost1", "Il corso costa {cost1}?"),
    ("Il corso costa {cost1} e comincia {date1:il}.", "date1", "Il corso comincia {date1:il}?"),
    ("La riunione è {weekday1} alle {hour1}.", "weekday1", "La riunione è {weekday1}?"),
    ("In {room1} c'è {furniture1:un}.", "furniture1", "C'è {furniture1:un} in {room1}?"),
]


def _yes_no(r: Random) -> tuple[dict[str, str], str]:
    plan, key, question = r.choice(_CLAIMS)
    text, slots = _filled(r, plan)
    true = r.random() < 0.5
    if not true:
        old = slots.pop(key)
        slots[key.rstrip("1") + "9"] = old
        slots[key] = slots[key]
    asked = _tidy(question.format_map(slots))
    return {"x": text, "q": asked[0].upper() + asked[1:]}, "sì" if true else "no"


_OPPOSITES = {second: first for first, second in OPPOSITES.items()} | OPPOSITES


def _opposite(r: Random) -> tuple[dict[str, str], str]:
    word = r.choice(list(_OPPOSITES))
    return {"w": word}, _OPPOSITES[word]


def _plural(r: Random) -> tuple[dict[str, str], str]:
    noun = _any_noun(r)
    if r.random() < 0.5:
        return {"w": f"{noun:il}"}, f"{noun:i}"
    return {"w": noun.singular}, noun.plural


def _spell(r: Random) -> tuple[dict[str, str], str]:
    word = r.choice((_any_noun(r).singular, f"{r.choice(POOLS['name'])}", f"{r.choice(POOLS['city'])}"))
    return {"w": word}, "-".join(word)


def _count(r: Random) -> tuple[dict[str, str], str]:
    kind = r.choice(list(CATEGORIES))
    items = r.sample(CATEGORIES[kind], r.randint(2, 7))
    return {"l": ", ".join(items)}, str(len(items))


def _upper(r: Random) -> tuple[dict[str, str], str]:
    noun, name = _any_noun(r), r.choice(POOLS["name"])
    text = r.choice((noun.singular, f"{noun:il} di {name}", f"{noun:un} a {r.choice(POOLS['city'])}", f"{name} e {noun:il}"))
    return {"x": text}, text.upper()


def _edge_word(first: bool) -> Builder:
    def build(r: Random) -> tuple[dict[str, str], str]:
        text = _filled(r, r.choice(_SENTENCES))[0]
        words = text.rstrip(".").split()
        return {"x": text}, words[0] if first else words[-1]

    return build


def _odd(r: Random) -> tuple[dict[str, str], str]:
    kind, other = r.sample(list(CATEGORIES), 2)
    stray = r.choice([word for word in CATEGORIES[other] if word not in CATEGORIES[kind]])
    items = r.sample(CATEGORIES[kind], 3) + [stray]
    r.shuffle(items)
    return {"l": ", ".join(items)}, stray


_ENDINGS: list[tuple[str, tuple[str, ...]]] = [
    ("{name1} ha sete, quindi beve", ("un bicchiere d'acqua.", "dell'acqua fresca.")),
    ("Fuori piove e {name1} apre", ("l'ombrello.",)),
    ("{name1} ha sonno, perciò va", ("a letto.", "a dormire.")),
    ("{dayword1} {name1} ha fame e mangia", ("un panino.", "una mela.")),
    ("{name1} ha perso il treno per {city1}, così prende", ("quello dopo.", "il treno successivo.")),
    ("A {city1} fa freddo e {name1} si mette", ("il cappotto.", "la sciarpa.")),
    ("La stanza è buia: {name1} accende", ("la luce.",)),
    ("Il telefono di {name1} è scarico, bisogna", ("caricarlo.", "caricare la batteria.")),
    ("{name1} è malat{name1:-o}, quindi chiama", ("il medico.",)),
    ("I piatti di {name1} sono sporchi: bisogna", ("lavarli.",)),
    ("È il compleanno di {name1}, gli amici portano", ("un regalo.", "una torta.")),
    ("Per aprire la porta di casa {name1} usa", ("la chiave.",)),
    ("{name1} vuole leggere e va a {city1} a comprare", ("un libro.",)),
    ("Le piante di {name1} sono secche, hanno bisogno", ("di acqua.",)),
    ("Per tagliare il pane {name1} prende", ("il coltello.",)),
]


def _complete(r: Random) -> tuple[dict[str, str], str]:
    start, endings = r.choice(_ENDINGS)
    return {"x": _filled(r, start)[0]}, r.choice(endings)


_REPLIES: list[tuple[str, tuple[str, ...]]] = [
    ("Vieni a cena da noi {soon1}?", ("Volentieri, grazie! A che ora?", "Grazie dell'invito, ci sarò con piacere.")),
    ("Mi dispiace, arrivo con {some1} minuti di ritardo.", ("Nessun problema, ti aspetto.", "Tranquillo, grazie di avermi avvisato.")),
    ("Ho superato l'esame di {subject1}!", ("Complimenti! Sono felice per te.", "Bravissimo, te lo meriti!")),
    ("{name1} ha {illness1:il} e resta a casa.", ("Mi dispiace, auguri di pronta guarigione.", "Mi dispiace, spero che guarisca presto.")),
    ("Ti ringrazio per {thing1:il}.", ("Di niente, è stato un piacere.", "Figurati, sono contento che ti piaccia.")),
    ("Ti confermo l'appuntamento {date1:del} alle {hour1}.", ("Perfetto, grazie. A presto!", "Va bene, grazie della conferma.")),
    ("Puoi prestarmi {thing1:il}?", ("Certo, te lo porto appena posso.", "Sì, volentieri.")),
    ("Oggi compio {some1} anni!", ("Tanti auguri di buon compleanno!", "Auguri di cuore!")),
    ("{soon1} parto per {abroad1}.", ("Buon viaggio e divertiti!", "Che bello, fai buon viaggio!")),
    ("Il pacco per te è da {name1}.", ("Grazie, passo a prenderlo.", "Grazie dell'avviso, arrivo.")),
]


def _reply(r: Random) -> tuple[dict[str, str], str]:
    message, answers = r.choice(_REPLIES)
    return {"x": _filled(r, message)[0]}, r.choice(answers)


_SHORTER: list[tuple[str, str]] = [
    ("Ti scrivo questo messaggio per dirti che purtroppo {soon1} non potrò venire {public1:al}.", "{soon1} non posso venire {public1:al}."),
    (
        "Volevo chiederti, se per te non è un problema, di comprare {grocery1} e {grocery2} quando esci.",
        "Compra {grocery1} e {grocery2}, per favore.",
    ),
    ("Come forse già sai, {name1} ha deciso di andare a vivere a {city1} con {kin1}.", "{name1} va a vivere a {city1} con {kin1}."),
    ("Dopo averci pensato a lungo, ho deciso che comprerò {thing1:il} {thing1:+{colour1}}.", "Comprerò {thing1:il} {thing1:+{colour1}}."),
    (
        "Desidero informarla che la riunione prevista per {weekday1} si terrà invece {weekday2} alle {hour1}.",
        "La riunione è {weekday2} alle {hour1}.",
    ),
    (
        "Devo purtroppo dire che {appliance1:il}, comprat{appliance1:-o} {few1} mesi fa, non funziona più.",
        "{appliance1:il} non funziona più.",
    ),
    ("Vorrei ringraziarti davvero di cuore per avermi regalato {thing1:un} così bell{thing1:-o}.", "Grazie per {thing1:il}."),
    (
        "Secondo quello che mi ha raccontato {name1}, il treno per {city1} è partito alle {hour1}.",
        "Il treno per {city1} è partito alle {hour1}.",
    ),
]


def _shorten(r: Random) -> tuple[dict[str, str], str]:
    long, short = r.choice(_SHORTER)
    text, slots = _filled(r, long)
    answer = _tidy(short.format_map(slots))
    return {"x": text}, answer[0].upper() + answer[1:]


def _list_items(r: Random) -> tuple[dict[str, str], str]:
    kind, number = r.choice(list(CATEGORIES)), r.randint(2, 5)
    return {"n": number_word(number), "k": kind}, ", ".join(r.sample(CATEGORIES[kind], number))


_LANGUAGES: dict[str, tuple[list[str], list[str], list[str]]] = {
    "italiano": (
        ["il gatto", "mia sorella", "il medico", "la signora", "il bambino"],
        ["mangia", "cerca", "compra", "vede"],
        ["una mela", "il pane", "la chiave rossa", "un libro nuovo"],
    ),
    "inglese": (
        ["the cat", "my sister", "the doctor", "the lady", "the child"],
        ["eats", "looks for", "buys", "sees"],
        ["an apple", "the bread", "the red key", "a new book"],
    ),
    "spagnolo": (
        ["el gato", "mi hermana", "el médico", "la señora", "el niño"],
        ["come", "busca", "compra", "mira"],
        ["una manzana", "el pan", "la llave roja", "un libro nuevo"],
    ),
    "catalano": (
        ["el gat", "la meva germana", "el metge", "la senyora", "el nen"],
        ["menja", "busca", "compra", "mira"],
        ["una poma", "el pa", "la clau vermella", "un llibre nou"],
    ),
    "francese": (
        ["le chat", "ma sœur", "le médecin", "la dame", "l'enfant"],
        ["mange", "cherche", "achète", "voit"],
        ["une pomme", "le pain", "la clé rouge", "un nouveau livre"],
    ),
    "tedesco": (
        ["die Katze", "meine Schwester", "der Arzt", "die Frau", "das Kind"],
        ["isst", "sucht", "kauft", "sieht"],
        ["einen Apfel", "das Brot", "den roten Schlüssel", "ein neues Buch"],
    ),
}


def _language(r: Random) -> tuple[dict[str, str], str]:
    answer = r.choice(list(_LANGUAGES))
    text = " ".join(r.choice(part) for part in _LANGUAGES[answer])
    return {"x": text[0].upper() + text[1:] + "."}, answer


_GREETINGS: list[tuple[str, tuple[str, ...]]] = [
    (
        "[Ciao|Ehi|Salve], [io sono|mi chiamo|sono] {name1}[ e vivo a {city1}|]!",
        ("Ciao {name1}! Come posso aiutarti?", "Piacere, {name1}! Dimmi pure."),
    ),
    (
        "[Buongiorno|Buonasera], [sono|mi chiamo] {name1} [{surname1}|]",
        ("{hello}, {name1}. Come posso esserle utile?", "{hello}, {name1}! Mi dica."),
    ),
    (
        "Grazie [mille|tante|di tutto|dell'aiuto][, sei gentile|]! [Firmato|Saluti da|Un saluto da] {name1}",
        ("Prego, {name1}!", "Di niente, {name1}. A presto!"),
    ),
    ("[Buonanotte|A domani|Arrivederci|Ora devo andare, ciao]! {name1} [da {city1}|]", ("Ciao {name1}, a presto!", "A presto, {name1}!")),
    (
        "[Oggi è il mio compleanno|È il mio compleanno] e compio {some1} anni! Sono {name1}.",
        ("Tanti auguri, {name1}!", "Auguri, {name1}! Buon compleanno."),
    ),
]


def _greet(r: Random) -> Turns:
    plan, answers = r.choice(_GREETINGS)
    text, slots = _filled(r, plan)
    slots["hello"] = "Buonasera" if text.startswith("Buonasera") else "Buongiorno"
    return [(text, r.choice(answers).format_map(slots))]


def _sum(r: Random) -> tuple[dict[str, str], str]:
    first, second = r.randint(1, 50), r.randint(1, 50)
    return {"a": str(first), "b": str(second)}, str(first + second)


TASKS: dict[str, Task] = {
    "copia": _task(
        """
        Copia [esattamente|senza cambiare niente|parola per parola]: <x>
        Ripeti questa frase: <x>
        Scrivi di nuovo la frase: <x>
        Riscrivi il testo [uguale|identico]: <x>
        <x> Copia questa frase.
        Ricopia: <x>
        Trascrivi il testo che segue: <x>
        Ripeti dopo di me: <x>
        Scrivi la stessa frase: <x>
        """,
        _copy,
    ),
    "ripeti parola": _task(
        """
        Ripeti la parola «<w>» <nw> volte.
        Scrivi <nw> volte la parola <w>.
        Scrivi <w> <n> volte.
        Ripeti <w> per <n> volte.
        Di' <nw> volte <w>.
        Parola: <w>. Ripetila <n> volte.
        Scrivi «<w>» <nw> volte di fila.
        Voglio leggere <nw> volte la parola <w>.
        Ripeti <n> volte: <w>
        """,
        _repeat,
    ),
    "estrai nome": _task(
        """
        Qual è il nome [della persona|] in questa frase? <x>
        Estrai il nome: <x>
        Trova il nome della persona: <x>
        <x> Quale persona è nominata?
        Scrivi solo il nome della persona: <x>
        Di chi si parla? <x>
        Nome della persona nel testo: <x>
        <x> Estrai solo il nome.
        Come si chiama la persona nella frase? <x>
        """,
        _extract("name1"),
    ),
    "estrai data": _task(
        """
        Qual è la data [in questa frase|nel testo]? <x>
        Estrai la data: <x>
        Trova il giorno e il mese: <x>
        <x> Quale data è scritta?
        Scrivi solo la data: <x>
        Che giorno è indicato? <x>
        <x> Estrai la data.
        Leggi e scrivi la data: <x>
        Data nel testo: <x>
        """,
        _extract("date1"),
    ),
    "estrai prezzo": _task(
        """
        Qual è il prezzo? <x>
        Estrai il prezzo: <x>
        Quanti soldi? <x>
        <x> Quale somma è scritta?
        Scrivi solo il prezzo: <x>
        Trova l'importo [nella frase|nel testo]: <x>
        <x> Estrai l'importo.
        Importo nel testo: <x>
        Di quale cifra si parla? <x>
        """,
        _extract("cost1"),
    ),
    "estrai luogo": _task(
        """
        Quale città è nominata? <x>
        Estrai la città: <x>
        Trova il luogo: <x>
        <x> Di quale città si parla?
        Scrivi solo il nome della città: <x>
        In questa frase c'è una città. Quale? <x>
        <x> Estrai il luogo.
        Città nel testo: <x>
        Leggi e scrivi la città: <x>
        """,
        _extract("city1"),
    ),
    "estrai e-mail": _task(
        """
        Qual è l'indirizzo e-mail? <x>
        Estrai l'e-mail: <x>
        Trova l'indirizzo di posta: <x>
        <x> Quale indirizzo e-mail c'è?
        Scrivi solo l'e-mail: <x>
        E-mail nel testo: <x>
        <x> Estrai l'indirizzo e-mail.
        Copia solo l'indirizzo e-mail: <x>
        A quale e-mail si scrive? <x>
        """,
        _extract("email1"),
    ),
    "estrai numero": _task(
        """
        Quale numero c'è nella frase? <x>
        Estrai il numero: <x>
        Trova il numero: <x>
        <x> Che numero è scritto?
        Scrivi solo il numero: <x>
        Numero nel testo: <x>
        <x> Estrai il numero.
        Leggi e scrivi il numero: <x>
        Copia solo il numero: <x>
        """,
        _extract("number1"),
    ),
    "argomento": _task(
        """
        Di che cosa parla il messaggio? Scegli tra: <o>. Messaggio: <x>
        Scegli l'argomento (<o>): <x>
        <x> Quale argomento è? Opzioni: <o>.
        Argomenti possibili: <o>. Testo: <x> Qual è quello giusto?
        Classifica la frase. Possibilità: <o>. Frase: <x>
        Indica il tema tra <o>: <x>
        A quale categoria appartiene? <x> Categorie: <o>.
        Leggi: <x> Rispondi con una di queste parole: <o>.
        Tema del messaggio (<o>)? <x>
        """,
        _topic,
    ),
    "sentimento": _task(
        """
        Il messaggio è positivo, negativo o neutro? <x>
        Scegli tra positivo, negativo e neutro: <x>
        <x> Che sentimento esprime: positivo, negativo o neutro?
        Sentimento della frase (positivo, negativo, neutro): <x>
        Come si sente chi scrive? Rispondi positivo, negativo o neutro. <x>
        Valuta il tono, positivo, neutro o negativo: <x>
        Tono del messaggio? Positivo, negativo o neutro: <x>
        <x> È un commento positivo, negativo o neutro?
        Classifica come positivo, negativo o neutro: <x>
        """,
        _feeling,
    ),
    "sì o no": _task(
        """
        <x> <q> Rispondi sì o no.
        Leggi: <x> Domanda: <q> [Sì o no?|]
        Rispondi con sì o no. <x> <q>
        Testo: <x> Vero? <q> Scrivi sì o no.
        <x> Sì o no: <q>
        Frase: <x> <q> (sì/no)
        Secondo la frase, sì o no? <x> <q>
        Dimmi sì o no. <x> <q>
        """,
        _yes_no,
    ),
    "risposta breve": _task(
        """
        <x> <q>
        Leggi e rispondi: <x> <q>
        Testo: <x> Domanda: <q>
        Rispondi in poche parole. <x> <q>
        Frase: <x> <q> Risposta breve.
        <q> Il testo dice: <x>
        Cerca la risposta nella frase. <x> <q>
        Domanda: <q> Leggi qui: <x>
        """,
        _answer_short,
    ),
    "contrario": _task(
        """
        Qual è il contrario di <w>?
        Scrivi il contrario di «<w>».
        Contrario di <w>?
        Dimmi l'opposto di <w>.
        Qual è l'opposto della parola <w>?
        Trova il contrario: <w>
        Se non è <w>, è il contrario: quale parola?
        Parola: <w>. Contrario?
        Che parola è il contrario di <w>?
        Scrivi una parola opposta a <w>.
        """,
        _opposite,
    ),
    "plurale": _task(
        """
        Qual è il plurale di «<w>»?
        Scrivi al plurale: <w>
        Metti al plurale <w>.
        Plurale di <w>?
        Come si dice <w> al plurale?
        Trasforma al plurale: <w>
        Singolare: <w>. Plurale?
        Dimmi il plurale di <w>.
        Uno solo: <w>. Se sono molti?
        """,
        _plural,
    ),
    "lettere": _task(
        """
        Scrivi la parola <w> lettera per lettera.
        Come si scrive <w>, lettera per lettera?
        Separa le lettere di <w> con un trattino.
        Dividi in lettere: <w>
        Lettere della parola <w>?
        Fai lo spelling di <w>.
        Scrivi le lettere di «<w>» una per una.
        Metti un trattino tra le lettere: <w>
        Quali lettere ci sono in <w>, in ordine?
        """,
        _spell,
    ),
    "conta": _task(
        """
        Quante parole ci sono nella lista? <l>
        Conta gli elementi: <l>
        Quanti sono? <l>
        <l>: quante cose sono?
        Lista: <l>. Quanti elementi?
        Conta le parole: <l>
        Di' il numero degli elementi: <l>
        Scrivi con una cifra quante parole leggi: <l>
        Quanti nomi vedi qui? <l>
        """,
        _count,
    ),
    "maiuscole": _task(
        """
        Scrivi in maiuscolo: <x>
        Metti in lettere maiuscole: <x>
        Trasforma in maiuscolo «<x>».
        <x>: scrivilo tutto in maiuscolo.
        Usa solo lettere grandi: <x>
        Riscrivi con le maiuscole: <x>
        Maiuscolo: <x>
        Come si scrive «<x>» in maiuscolo?
        """,
        _upper,
    ),
    "prima parola": _task(
        """
        Qual è la prima parola? <x>
        Scrivi solo la prima parola: <x>
        Prima parola della frase: <x>
        <x> Con quale parola comincia?
        Con che parola inizia la frase? <x>
        Copia la prima parola: <x>
        Trova la prima parola: <x>
        Frase: <x> Prima parola?
        """,
        _edge_word(first=True),
    ),
    "ultima parola": _task(
        """
        Qual è l'ultima parola? <x>
        Scrivi solo l'ultima parola: <x>
        Ultima parola della frase: <x>
        <x> Con quale parola finisce?
        Con che parola termina la frase? <x>
        Copia l'ultima parola: <x>
        Trova l'ultima parola: <x>
        Frase: <x> Ultima parola?
        """,
        _edge_word(first=False),
    ),
    "intruso": _task(
        """
        Trova l'intruso: <l>
        Quale parola è diversa dalle altre? <l>
        Quale non c'entra? <l>
        <l>: qual è l'intruso?
        Scegli la parola che non appartiene al gruppo: <l>
        Una parola è sbagliata nel gruppo. Quale? <l>
        Togli la parola estranea: scrivi quale. <l>
        Intruso tra: <l>
        Tra <l>, quale è l'intruso?
        """,
        _odd,
    ),
    "completa": _task(
        """
        Completa la frase: <x> ...
        Finisci la frase: <x> ...
        Come continua? <x> ...
        Scrivi la fine: <x> ...
        <x> ... Completa.
        Aggiungi le parole che mancano: <x> ...
        Continua: <x> ...
        Che cosa viene dopo? <x> ...
        """,
        _complete,
    ),
    "risposta cortese": _task(
        """
        Rispondi con gentilezza: <x>
        Scrivi una risposta breve e cortese: «<x>»
        Che cosa rispondo a questo messaggio? <x>
        Ho ricevuto questo messaggio: «<x>» Scrivi una risposta gentile.
        Risposta educata a: <x>
        Un amico mi scrive: «<x>» Come rispondo?
        Messaggio: <x> Rispondi in modo cortese.
        Prepara una breve risposta: <x>
        """,
        _reply,
    ),
    "accorcia": _task(
        """
        Riscrivi più breve: <x>
        Accorcia la frase: <x>
        Scrivi in meno parole: <x>
        Riassumi: <x>
        <x> Dillo in modo più breve.
        Rendi più corto questo testo: <x>
        Togli le parole inutili: <x>
        Qual è il succo? <x>
        """,
        _shorten,
    ),
    "elenca": _task(
        """
        Scrivi <n> nomi di questo gruppo: <k>.
        Elenca <n> elementi della categoria «<k>».
        Dimmi <n> esempi di <k>.
        Fammi <n> esempi: <k>.
        Categoria: <k>. Scrivi <n> parole.
        Voglio <n> esempi per il gruppo <k>.
        Fai una lista di <n> parole: <k>.
        Gruppo: <k>. Quali <n> parole conosci?
        """,
        _list_items,
    ),
    "lingua": _task(
        """
        In che lingua è scritto? <x>
        Che lingua è? <x>
        <x> Che lingua è questa?
        Riconosci la lingua: <x>
        Di' la lingua di questa frase: <x>
        Lingua del testo: <x>
        Quale lingua leggi qui? <x>
        In quale lingua è la frase «<x>»?
        """,
        _language,
    ),
    "somma": _task(
        """
        Quanto fa <a> più <b>?
        Calcola <a> + <b>.
        <a> + <b> = ?
        Somma <a> e <b>.
        Quanto fanno <a> e <b> insieme?
        Fai la somma: <a> e <b>
        Se ho <a> euro e ne ricevo <b>, quanti euro ho?
        Aggiungi <b> a <a>.
        """,
        _sum,
    ),
    "saluti": _greet,
}

_TALK = """
U: Ciao! Come stai?
A: Ciao! Sto bene, grazie. E tu?
U: Un po' stanco, ho dormito poco.
A: Mi dispiace. Prova ad andare a letto prima, stasera.

U: Buongiorno, mi consigli un piatto veloce per pranzo?
A: Certo. Hai della pasta in casa?
U: Sì, e anche due zucchine.
A: Allora taglia le zucchine, cuocile nell'olio con un po' d'aglio e unisci la pasta. In venti minuti è pronta.
U: Perfetto, grazie mille!
A: Prego, buon appetito!

U: Che giorno viene dopo martedì?
A: Dopo martedì viene mercoledì.
U: E prima?
A: Prima di martedì c'è lunedì.

U: Devo scrivere un biglietto di auguri a mia nonna.
A: Che bello. Quanti anni compie?
U: Ottanta.
A: Puoi scrivere: «Cara nonna, tanti auguri per i tuoi ottant'anni! Ti voglio bene.»
U: Semplice e dolce, lo uso.
A: Sono contento. Auguri alla nonna!

U: Non riesco a trovare gli occhiali.
A: Hai guardato vicino al letto?
U: Sì, non ci sono.
A: Prova in bagno o in cucina. A volte sono anche sulla testa!
U: Erano davvero sulla testa. Che vergogna!
A: Succede a tutti, non preoccuparti.

U: Quanto tempo devo bollire un uovo per farlo sodo?
A: Circa nove minuti da quando l'acqua bolle.
U: E se lo voglio morbido?
A: Allora bastano sei minuti.

U: Mio figlio non vuole mangiare le verdure.
A: È un problema comune. Le ha mai provate in una torta salata?
U: No, mai.
A: Prova con gli spinaci e la ricotta: il sapore è più dolce e spesso piace ai bambini.

U: Vorrei imparare a suonare la chitarra. Da dove comincio?
A: Comincia da tre accordi facili e suonali ogni giorno per dieci minuti.
U: Mi serve un maestro?
A: All'inizio aiuta molto, ma ci sono anche buoni libri.
U: E quanto ci vuole per una canzone?
A: Con un po' di pazienza, circa un mese.

U: Sono triste, il mio gatto è malato.
A: Mi dispiace molto. L'hai portato dal veterinario?
U: Ci andiamo domani mattina.
A: Hai fatto bene. Tienilo al caldo e lasciagli acqua fresca.

U: Qual è la capitale del Portogallo?
A: La capitale del Portogallo è Lisbona.
U: E quella dell'Austria?
A: È Vienna.
U: Grazie, mi preparo per un quiz.
A: In bocca al lupo!

U: La finestra della camera non si chiude bene.
A: Forse il legno si è gonfiato per l'umidità. Entra aria?
U: Sì, soprattutto di notte.
A: Puoi mettere una guarnizione di gomma. Se non basta, serve un falegname.

U: Puoi dirmi una parola che significa felice?
A: Certo: contento.
U: Un'altra?
A: Lieto.
U: E il contrario?
A: Triste.

U: Parto per il mare sabato, che cosa metto in valigia?
A: Costume, asciugamano, crema solare e cappello.
U: Resto una settimana.
A: Allora aggiungi sette magliette, una felpa per la sera e un libro.

U: Ho macchiato la tovaglia di vino rosso!
A: Metti subito del sale sulla macchia e lascialo agire.
U: Quanto tempo?
A: Dieci minuti. Poi lava con acqua fredda e sapone.
U: Funziona, la macchia è quasi sparita.
A: Ottimo. Il resto andrà via in lavatrice.

U: Quanti giorni ha febbraio?
A: Ventotto, ma negli anni bisestili ne ha ventinove.
U: Il 2024 era bisestile?
A: Sì, il 2024 era bisestile.

U: Mi annoio. Che cosa posso fare?
A: Sei in casa o fuori?
U: In casa, fuori piove.
A: Potresti fare una torta, leggere un giallo o mettere in ordine le foto.
U: Le foto! Ne ho mille sul telefono.
A: Allora hai trovato un bel lavoro per il pomeriggio.

U: Come dico al mio capo che domani arrivo tardi?
A: Sii breve: «Buongiorno, domani arrivo alle dieci per una visita medica. Recupero nel pomeriggio.»
U: Devo spiegare quale visita?
A: No, non è necessario.

U: Ho comprato un cactus. Ogni quanto lo bagno?
A: Poco: una volta ogni due settimane in estate.
U: E in inverno?
A: Quasi mai, una volta al mese basta.

U: Domani ho un colloquio di lavoro e sono nervosa.
A: È normale. Hai preparato qualche risposta?
U: Sì, ma ho paura di dimenticare tutto.
A: Respira piano e parla con calma. Se non capisci una domanda, chiedi di ripeterla.
U: Grazie, mi sento già meglio.
A: Andrà bene. In bocca al lupo!

U: Il treno delle otto è in ritardo, cosa faccio?
A: Di quanto?
U: Quaranta minuti.
A: Avvisa chi ti aspetta e guarda se c'è un autobus.

U: Mi aiuti a contare? Ho tre mele e ne compro quattro.
A: Allora hai sette mele.
U: Ne mangio due.
A: Te ne restano cinque.

U: Cosa regalo a un amico che ama cucinare?
A: Un bel coltello, un grembiule o un libro di ricette.
U: Vorrei spendere poco.
A: Allora un vaso di basilico e un pacco di buona pasta sono perfetti.

U: Perché il cielo è blu?
A: Perché l'aria sparge la luce blu del sole più di quella rossa.
U: E al tramonto perché è rosso?
A: Perché la luce fa più strada nell'aria e il blu si perde.

U: Ho litigato con mia sorella.
A: Mi dispiace. Per che cosa?
U: Ha preso la mia giacca senza chiedere.
A: Capisco la rabbia. Dille con calma che ti dà fastidio e ascolta che cosa risponde.
U: Va bene, ci provo stasera.
A: Vedrai che farete pace.

U: Si scrive «un amica» con l'apostrofo?
A: Sì: «un'amica», perché è femminile.
U: E «un amico»?
A: Senza apostrofo, perché è maschile.

U: Dove posso buttare le pile vecchie?
A: Non nella spazzatura normale. Ci sono contenitori apposta nei negozi e nei supermercati.
U: E le lampadine?
A: Anche quelle vanno portate in un punto di raccolta.

U: Vorrei cominciare a correre, ma sono fuori forma.
A: Comincia piano: cammina cinque minuti e corri un minuto, per sei volte.
U: Ogni giorno?
A: No, tre volte alla settimana. I muscoli devono riposare.

U: Il computer è lentissimo.
A: Da quanto tempo è acceso?
U: Da due settimane, credo.
A: Allora riavvialo e chiudi i programmi che non usi.
U: Ora va meglio.
A: Bene! Spegnilo almeno una volta alla settimana.

U: Mi racconti una storia breve?
A: Un topo trovò un pezzo di formaggio e lo divise con una formica. D'inverno la formica divise con lui il suo grano.
U: Bella! E poi?
A: Poi restarono amici per sempre.

U: Che ore sono a Londra quando qui sono le dieci?
A: A Londra sono le nove.
U: Quindi devo chiamare un'ora dopo.
A: Sì, se vuoi parlare con loro alle dieci di là.

U: Ho invitato sei persone a cena. Quanto riso serve?
A: Circa ottanta grammi a testa, quindi quasi mezzo chilo.
U: Ne ho solo trecento grammi.
A: Allora basta per quattro persone. Compra un altro pacco.

U: Buonasera, sa dov'è la farmacia?
A: Sì, vada dritto e giri a destra dopo il semaforo.
U: È lontana?
A: No, cinque minuti a piedi.
U: Grazie, gentilissima.
A: Prego, buona serata.

U: Vorrei due etti di prosciutto, per favore.
A: Subito. Lo vuole cotto o crudo?
U: Crudo, tagliato sottile.
A: Ecco a lei. Altro?
U: No, basta così. Quanto pago?
A: Sei euro e quaranta.

U: Un caffè e un cornetto, grazie.
A: Il cornetto lo preferisce vuoto o con la marmellata?
U: Con la marmellata.
A: Bene, sono due euro e settanta.

U: Scusi, questa camicia c'è in verde?
A: Mi dispiace, in verde è finita. L'abbiamo bianca e azzurra.
U: Provo l'azzurra, taglia media.
A: Il camerino è in fondo a sinistra.

U: Pronto, parlo con la pizzeria?
A: Sì, buonasera. Mi dica.
U: Vorrei un tavolo per quattro alle nove.
A: A che nome?
U: Ferrari.
A: Perfetto, signor Ferrari. A più tardi.

U: Mamma, posso andare al parco?
A: Hai finito i compiti?
U: Mi manca solo la storia.
A: Allora prima finisci la storia, poi vai.

U: Papà, perché le foglie cadono?
A: Perché in autunno l'albero risparmia le forze per l'inverno.
U: E poi tornano?
A: Sì, in primavera nascono quelle nuove.

U: Hai sentito? Luca cambia casa!
A: Davvero? Dove va?
U: In campagna, vicino al fiume.
A: Che bello, avrà più spazio per il cane.
U: Sì, ma sarà lontano dal lavoro.
A: Forse lavorerà da casa qualche giorno.

U: Ti va un gelato?
A: Volentieri! Che gusti prendi?
U: Limone e fragola, come sempre.
A: Io invece provo il pistacchio.

U: Ho perso l'autobus per un minuto!
A: Che peccato. Quando passa il prossimo?
U: Tra mezz'ora.
A: Allora hai il tempo per un caffè.

U: Dottore, ho mal di gola da tre giorni.
A: Ha anche la febbre?
U: No, solo un po' di tosse.
A: Beva cose calde e riposi. Se tra due giorni non passa, torni da me.

U: Maestra, non ho capito la divisione.
A: Proviamo insieme. Se hai dodici caramelle e quattro amici, quante ne dai a ciascuno?
U: Tre?
A: Bravo! Dodici diviso quattro fa tre.

U: Vorrei aprire un conto in banca.
A: Certo. Ha con sé un documento?
U: Ho la carta d'identità.
A: Va bene, serve anche il codice fiscale.
U: Eccolo.
A: Grazie. Si accomodi, compiliamo il modulo.

U: Il rubinetto della cucina gocciola.
A: Da quanto tempo?
U: Da ieri sera.
A: Di solito è la guarnizione. Chiuda l'acqua, la cambi e controlli che sia ben stretta.

U: Mi hanno rubato la bicicletta.
A: Mi dispiace tanto. Dov'era?
U: Davanti alla stazione, con la catena.
A: Fai la denuncia e porta una foto, se ce l'hai.

U: Sto leggendo un libro bellissimo.
A: Di che cosa parla?
U: Di una donna che attraversa il deserto da sola.
A: Sembra interessante. Come si intitola?
U: Non me lo ricordo, ma ha la copertina gialla.
A: Quando lo ritrovi, dimmelo!

U: Preferisci il mare o la montagna?
A: Non viaggio, ma molti amano il mare per nuotare e la montagna per il fresco.
U: Io scelgo la montagna.
A: Ottima scelta, soprattutto in agosto.

U: Devo svegliarmi alle cinque domani.
A: Presto! Perché?
U: Ho l'aereo alle otto.
A: Prepara tutto stasera e metti due sveglie.

U: Come si fa il tè freddo?
A: Prepara il tè caldo, aggiungi zucchero e limone e mettilo in frigorifero.
U: Per quanto?
A: Almeno due ore.

U: Il vicino ascolta la musica a mezzanotte.
A: Gliene hai parlato?
U: No, mi imbarazza.
A: Prova con un biglietto gentile. Spesso chi fa rumore non se ne accorge.

U: Ho la fattura del dentista ma non trovo dove devo pagare.
A: Di solito i dati della banca sono scritti in basso.
U: Ah sì, ora li vedo.
A: Bene. Ricorda di scrivere il numero della fattura nel bonifico.

U: Ho ricevuto un pacco che non è mio.
A: Che nome c'è sulla scatola?
U: Rinaldi, quarto piano.
A: Allora è di un vicino: puoi portarglielo o lasciare un biglietto.
U: Glielo porto subito.
A: Molto gentile da parte tua.

U: Quanto costa spedire una lettera in Francia?
A: Dipende dal peso. Quanto pesa?
U: È una lettera normale, un foglio.
A: Allora chiedi un francobollo per l'Europa all'ufficio postale.

U: Non ricordo la password della posta.
A: Nella pagina di ingresso c'è scritto «Password dimenticata». Toccalo.
U: Mi chiede il numero di telefono.
A: Scrivilo, così ricevi un codice.
U: Arrivato. Adesso scelgo una password nuova.
A: Sceglila lunga e non usarla altrove.

U: Il telefono non si carica.
A: Hai provato un altro cavo?
U: Sì, è uguale.
A: Guarda se c'è polvere nella presa e puliscila con delicatezza.

U: Mi scrivi una lista per il picnic?
A: Certo: panini, frutta, acqua, bicchieri, una coperta.
U: E per i bambini?
A: Una palla e qualche biscotto.

U: Che verdure si piantano a maggio?
A: Pomodori, zucchine e melanzane.
U: Il basilico va bene sul balcone?
A: Sì, se c'è sole e lo bagni spesso.

U: Ho vinto la gara di nuoto!
A: Complimenti! Quanto hai nuotato?
U: Cento metri a rana.
A: Bravissima, sarai molto felice.

U: Oggi ho fatto il primo giorno di scuola.
A: Com'è andata?
U: Bene, ma non conosco nessuno.
A: Ci vuole qualche giorno. Domani prova a chiedere il nome al tuo vicino di banco.
U: Ha un astuccio con i dinosauri.
A: Ecco, puoi parlargli di quello!

U: È meglio il treno o la macchina per andare a Firenze?
A: Da dove parti?
U: Da Bologna.
A: Allora il treno: è più veloce e non devi cercare parcheggio.

U: Quanti minuti ci sono in due ore?
A: In due ore ci sono centoventi minuti.
U: E in mezz'ora?
A: Trenta.

U: Come si dice «grazie» in spagnolo?
A: Si dice «gracias».
U: E in francese?
A: Si dice «merci».
U: In tedesco?
A: «Danke».

U: Ho messo troppo sale nella zuppa.
A: Aggiungi un po' d'acqua e una patata.
U: La patata?
A: Sì, e falla bollire: la zuppa sarà più grande e meno salata.

U: Scrivi una frase con la parola luna.
A: La luna piena illumina il giardino.
U: Adesso con la parola mare.
A: Il mare oggi è calmo.

U: Domenica viene mia suocera a pranzo.
A: Che cosa vuoi cucinare?
U: Non mangia carne.
A: Allora una parmigiana di melanzane e un'insalata.
U: E come dolce?
A: Una crostata di albicocche piace quasi a tutti.

U: Ho dimenticato l'ombrello in ufficio e ora piove.
A: Sei lontano da casa?
U: Dieci minuti a piedi.
A: Aspetta un po' sotto un portico, forse smette.

U: Mi presti la tua penna?
A: Certo, eccola.
U: Te la rendo dopo la lezione.
A: Va bene, senza fretta.

U: Che tempo farà domani?
A: Non posso vederlo, ma puoi guardare le previsioni della tua città.
U: Dicono pioggia.
A: Allora porta l'ombrello e parti un po' prima.

U: Sono allergico alle fragole, cosa uso per la torta?
A: Puoi usare le pesche o i mirtilli.
U: I mirtilli mi piacciono.
A: Perfetto, ne bastano duecento grammi.

U: Voglio smettere di guardare il telefono la sera.
A: Buona idea. Lascialo in un'altra stanza dopo cena.
U: Ma lo uso come sveglia.
A: Compra una piccola sveglia: costa poco e dormirai meglio.

U: La mia bambina ha paura del buio.
A: Prova una lucina vicino al letto.
U: L'abbiamo già.
A: Allora leggete insieme una storia e restale vicino qualche minuto.

U: Grazie per tutto l'aiuto di oggi.
A: È stato un piacere!
U: A domani, allora.
A: A domani, buona notte.

U: Il forno fa fumo quando lo accendo.
A: Forse c'è del grasso sul fondo. L'hai pulito da poco?
U: No, da mesi.
A: Spegnilo, aspetta che sia freddo e puliscilo con acqua e bicarbonato.

U: Mi hanno dato un resto sbagliato al mercato.
A: Quanto hai pagato?
U: Otto euro, con una banconota da venti.
A: Allora dovevi ricevere dodici euro.
U: Me ne hanno dati dieci.
A: Mancano due euro: torna e spiegalo con gentilezza.

U: Quale fiore regalo per un matrimonio?
A: Le rose bianche vanno sempre bene.
U: E se alla sposa non piacciono le rose?
A: Allora scegli peonie o fiori di campo.
"""


def _dialogues(block: str) -> list[Turns]:
    """Conversations from lines that begin with U: or A:; blank lines part them."""
    made = []
    for talk in block.strip().split("\n\n"):
        lines = [line[3:] for line in talk.split("\n")]
        made.append(list(zip(lines[::2], lines[1::2], strict=True)))
    return made


DIALOGUES: list[Turns] = _dialogues(_TALK)
