"""Everyday Italian: small grammars, tasks and hand-written dialogue for the nano's pretraining."""
import re
from collections.abc import Callable
from functools import partial
from random import Random

from .words_it import CATEGORIES, COUNTRIES, FACTS, OPPOSITES, POOLS, Noun, Slots, day, euros, hour, nouns, number_word, plural_of

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
    text = re.sub(r"\s+", " ", text).replace(" ,", ",").replace(" .", ".").strip()
    return re.sub(r"(^|[.!?] )(\w)", lambda found: found.group(1) + found.group(2).upper(), text)


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
[Per cena|A pranzo|Stasera] {name1} ha preparato {dish1:un} con {veg1:i} e {veg2:i}. [All'inizio|Prima] ha tagliato {veg1:i} a [pezzi|fette|dadini],
poi ha [fatto soffriggere|cotto] {veg2:i} nell'olio. {dish1:il} era [davvero|proprio|un po' troppo] {dish1:+{taste1}}[, ma è piaciuto a tutti| e non è
avanzato niente|]. [Alla fine|Dopo] {kin1} ha [lavato i piatti|messo tutto in lavastoviglie|pulito i fornelli].

In cucina mancava {grocery1:il}, così ho chiesto {kin1:a} di andare [al negozio|dai vicini|a comprarlo]. [Intanto|Nel frattempo] ho messo {veg1:i} nella
pentola e ho [acceso il fuoco|preparato la tavola|pulito il piano]. Dopo [dieci|venti|trenta] minuti {dish1:il} era pront{dish1:-o}. [Abbiamo mangiato
in {few1}|Abbiamo cenato alle {hour1}|Ne è rimasto un piatto per domani].

{kin1} cucina [spesso|sempre|la domenica] {dish1:un} con {veg1:i}. Il segreto, dice, è aggiungere [un po' di|poco|molto] {food1} [alla fine|all'inizio|a
metà cottura]. Io ho provato a farl{dish1:-o} [una volta|ieri|da sol{me1:-o}], ma è venut{dish1:-o} troppo {dish1:+{taste1}}. [La prossima volta starò
più attent{me1:-o}|Devo ancora imparare|Riproverò {soon1}].

Ieri ho bruciato {dish1:il}. Stavo parlando al telefono con {kin1} e ho dimenticato {dish1:il} nel forno. [La cucina era piena di fumo|C'era un odore
terribile], perciò ho aperto [la finestra|tutte le finestre|la porta]. [Alla fine|Così] abbiamo mangiato {food1} e {fruit1:p}[, e abbiamo riso molto|].
""",
    "spesa": """
[Sono andat{me1:-o}|{dayword1} sono andat{me1:-o}] {shop1:al} [in {street1}|vicino a casa|sotto casa] per comprare {grocery1} e {grocery2}. [Ho preso
anche|Ho aggiunto] {few1} {fruit1:p} [perché erano in offerta|perché costavano poco|per i bambini]. In tutto ho speso {price1}. [A casa mi sono
accort{me1:-o} che avevo dimenticato {grocery3:il}|La commessa è stata molto gentile|C'era molta fila alla cassa].

Lista della spesa: {grocery1}, {grocery2}, {few1} {veg1:p}, {few2} {fruit1:p} e {grocery3}. [Se resta qualche soldo|Se c'è], prendi anche {grocery4:il}.
[Non comprare {grocery5:il}, ne abbiamo ancora|Ricordati la borsa di tela|Paga con la carta, per favore].

{shop1:il} [in {street1}|del quartiere] [apre|riapre] alle {hour1} [tutti i giorni|dal lunedì al sabato|tranne {weekday1:il}]. [Il proprietario|Il signor
{surname1}] conosce tutti i clienti e [consiglia|mette da parte] sempre qualcosa di buono. {dayword1} {name1} ci ha comprato {thing1:un} {thing1:+{colour1}}
per {price1}. [Era l'ultim{thing1:-o}|È un buon prezzo|Ne è molto content{name1:-o}].

{name1} cercava {cloth1:un} {cloth1:+{colour1}} [per una festa|per l'inverno|da regalare]. Nel primo negozio costava {cost1}, [troppo|una cifra troppo
alta] per l{name1:lui}. Nel secondo negozio [ha trovato|c'era] {cloth1:un} simile, ma {cloth1:+{colour2}}. [Alla fine l'ha comprat{cloth1:-o}|L'ha
provat{cloth1:-o} e l'ha pres{cloth1:-o}|Non l'ha comprat{cloth1:-o} perché era troppo strett{cloth1:-o}].
""",
    "pacchi": """
Il pacco è [arrivato|stato consegnato] {dayword1} alle {hour1}. Dentro c'era {thing1:il} che avevo ordinato [per {kin1}|da {few1} settimane|in un negozio di
{city1}]. [Purtroppo {thing1:il} era {thing1:+{defect1}}|La scatola era intatta|La scatola era bagnata, ma il contenuto era asciutto]. [Ho fatto una foto|Ho
tenuto lo scontrino|Ho conservato la scatola][ e ho scritto al negozio| per ogni evenienza|].

{name1} aspetta un pacco da {city1}. Il corriere [è passato|ha suonato] alle {hour1}, ma in casa non c'era nessuno. Ha lasciato un [avviso|biglietto] nella
buca: il pacco si può ritirare {soon1} [in {street1}|{shop1:dal}|all'ufficio postale]. [Serve un documento|Bisogna portare il codice {code1}|C'è tempo
{few1} giorni].

Devo spedire {thing1:un} {name1:a}, che vive [a {city1}|a {abroad1}]. Ho avvolto {thing1:il} in [molta carta|una coperta|fogli di giornale] e ho chiuso la
scatola con il nastro. La spedizione costa {price1} e dura [circa|al massimo] {few1} giorni. [Spero che non si rompa niente|Il numero del pacco è
{code1}|Gli scriverò appena parte].

Il numero di spedizione è {code1}. Secondo il sito il pacco è [partito da|fermo a|passato per] {city1} il giorno {date1}. [Dovrebbe arrivare|L'arrivo è
previsto] {soon1} [tra le 9 e le 12|nel pomeriggio|prima di sera]. [Se non sono in casa, lo prende {kin1}|Lascerò la chiave {kin1:a}|Resterò in casa ad
aspettare].
""",
    "posta": """
Nella buca delle lettere ho trovato {few1} buste e una cartolina [da {abroad1}|da {city1}]. La cartolina era di {name1}: [«Qui si sta benissimo»|«Ti penso
spesso»|«Torno presto»], diceva. [Una busta|La busta più grande] conteneva {document1:un}. [L'ho mess{document1:-o} {goodplace1}|Devo rispondere entro
{date1:il}|L'ho lett{document1:-o} due volte].

Il postino [oggi|stamattina] ha lasciato a noi una lettera per la famiglia {surname1}. [Il nome era scritto male|L'indirizzo era sbagliato|Il numero
civico era il {number1}, non il nostro]. L'ho portata [al secondo piano|in {street1}|alla porta accanto] e {woman1} {surname1} mi ha ringraziat{me1:-o}.
[Aspettava quella lettera da {few1} giorni|Era {document1:un} importante|Mi ha offerto un caffè].

L'ufficio postale di {street1} resterà chiuso {date1:dal} per [lavori|una settimana|pochi giorni]. [Chi aspetta|Per ritirare] una raccomandata si può andare
in {street2}, dalle {hour1}. [Si consiglia di portare un documento|Le lettere saranno consegnate lo stesso|Il servizio dei pacchi resta attivo].

Ho spedito {document1:il} con una raccomandata {dayword1}. [Ho pagato|Mi è costato] {price1}. L'impiegat{name1:-o}, {name1}, mi ha dato la ricevuta con il
codice {code1}. [Arriverà|La lettera arriverà] a {city1} in {few1} giorni[, se tutto va bene| circa|].
""",
    "telefono": """
Il mio telefono [si spegne da solo|non si accende più|non suona|si scarica in un'ora] da {few1} giorni. [Ho provato a|{kin1} mi ha detto di] riavviarlo,
ma non è cambiato niente. {dayword1} l'ho portato in un negozio: [la batteria|lo schermo|il tasto laterale] era [da cambiare|consumata o rotta|il problema].
La riparazione costa {cost1}[ e dura {few2} giorni|, meno di un telefono nuovo|].

{name1} ha comprato {device1:un} nuov{device1:-o} per {cost1}. {device1:il} [è più veloce di quell{device1:-o} vecchi{device1:-o}|ha una garanzia di due
anni|funziona bene]. Per [usarl{device1:-o}|accenderl{device1:-o}] bisogna [tenere premuto il tasto|leggere le istruzioni|caricare la batteria per
{few1} ore]. [{kin1} vorrebbe un{device1:-o} uguale|Quell{device1:-o} vecchi{device1:-o} è {goodplace1}|{name1} è molto content{name1:-o}].

Ho perso {device1:il}. L'ho cercat{device1:-o} [in tutta la casa|per {few1} ore|dappertutto], poi {kin1} l'ha trovat{device1:-o} {goodplace1}. [Era ancora
acces{device1:-o}|La batteria era scarica|Per fortuna non era rott{device1:-o}]. Da oggi l{device1:lo} metterò sempre {goodplace2}.

In [montagna|campagna|treno] il telefono non prende. {name1} deve [salire al piano di sopra|uscire in giardino|andare fino in {street1}] per chiamare
{kin1}. [La linea cade spesso|Si sente male|La voce arriva a tratti], quindi preferisce mandare messaggi. [{soon1} verrà un tecnico|Forse cambierà
contratto|Il canone costa {price1} al mese].
""",
    "app": """
{app1:la} [oggi|stamattina|da ieri] non si apre. {name1} ha chiuso e riaperto il programma {few1} volte, ma lo schermo resta [bianco|nero|fermo]. [Poi ha
installato l'aggiornamento|Poi ha riavviato il telefono] e [tutto ha ripreso a funzionare|il problema è sparito|per fortuna ora va]. [Ci sono voluti
{some1} minuti|Le è bastata un po' di pazienza|Adesso è più tranquill{name1:-o}].

Ho scaricato {app1:la} [perché me l'ha consigliata {kin1}|per risparmiare tempo|sul telefono nuovo]. È [gratuita|semplice da usare|chiara] e [si può|permette
di] [vedere tutto in una pagina|ricevere un avviso alle {hour1}|scegliere la lingua]. [L'unico difetto è la pubblicità|Non mi piace solo il colore|A volte
è lenta]. Le do {few1} [punti|stelle] su dieci.

Per usare {app1:la} bisogna [creare un profilo|registrarsi] con nome, cognome e indirizzo e-mail. Poi arriva un codice di {few1} cifre, [da scrivere|che va
inserito] entro {some1} minuti. [Se il codice non arriva, si può chiederne un altro|Se si sbaglia, si ricomincia]. [Per cancellare il profilo si va nelle
impostazioni|Il profilo si può chiudere quando si vuole|I dati restano privati].

{kin1} non [sapeva usare|capiva] {app1:la}. [Così|Allora] {name1} gli ha spiegato tutto [con calma|in {some1} minuti|due volte]: prima si apre il menu, poi si
tocca il tasto {colour1}, infine si conferma. [Adesso la usa ogni giorno|Ora non può più farne a meno|Ha scritto tutto su un foglio].
""",
    "password": """
{name1} ha dimenticato [la password|il codice] {app1:della}. Dopo {few1} tentativi [il profilo si è bloccato|non poteva più entrare]. Ha toccato «Password
dimenticata» e ha ricevuto [un'e-mail|un messaggio] alle {hour1}. [Ha scelto una password nuova, più lunga|Ora ha una password di {some1} lettere|Adesso può
entrare di nuovo].

Una buona password è [lunga|difficile da indovinare] e non contiene [il nome del cane|la data di nascita|il proprio nome]. [È meglio|Conviene] non usare la
stessa password per {app1:la} e per {app2:la}. [Non si deve dare a nessuno|Non va scritta su un foglio {goodplace1}|Si può cambiare ogni {few1} mesi].
[Se qualcuno la chiede per telefono, è meglio riattaccare|{kin1} ne sa qualcosa].

Ho ricevuto un messaggio strano: diceva che il mio profilo era stato [bloccato|chiuso] e chiedeva {appname1:}. [Il mittente era sconosciuto|C'erano molti
errori|Il testo era scritto male], quindi non ho [risposto|toccato il link]. L'ho raccontato {kin1:a} e {dayword1} ho cambiato la password {app1:della}.
[Meglio essere prudenti|Era una truffa|Ora sono più tranquill{me1:-o}].

[Per cambiare|Se vuoi cambiare] {appname1:} {app1:della}, apri le impostazioni e scegli «Profilo». [Scrivi il dato nuovo due volte|Inserisci il dato nuovo] e
conferma. Riceverai un codice di {few1} cifre [sul telefono|per e-mail], valido {some1} minuti. [Non darlo a nessuno|Conservalo fino alla fine].
""",
    "guasti": """
{appliance1:il} [non funziona più|fa un rumore strano|si è ferm{appliance1:-o}|perde acqua o corrente] da {few1} giorni. [L'abbiamo comprat{appliance1:-o}|Era
nuov{appliance1:-o}: l'avevamo comprat{appliance1:-o}] {few2} mesi fa per {cost1}. {kin1} ha controllato [il filo|la spina|il filtro|il manuale], ma non ha
trovato niente. [{soon1} chiamerò un tecnico|{soon1} viene {fixer1:il}|Forse bisogna cambiarl{appliance1:-o}].

{dayword1} si è rott{appliance1:-o} {appliance1:il}. {fixer1:il} è arrivat{fixer1:-o} alle {hour1} e ha lavorato per {some1} minuti. [Il guasto era piccolo|Bastava
cambiare un pezzo|C'era un filo bruciato]: ho pagato {cost1}. [Adesso {appliance1:il} funziona come prima|Ora va benissimo|Spero che duri].

[Che sfortuna!|Che settimana!|Non ci voleva!] Prima si è guastat{appliance1:-o} {appliance1:il}, poi {appliance2:il}. {name1} dice che [conviene riparare
tutto|è colpa della corrente|sono troppo vecchi]. Io invece [vorrei comprare {appliance1:un} nuov{appliance1:-o}|preferisco chiamare {fixer1:un}|aspetto
lo stipendio]. [Ne parleremo {soon1}|Intanto ci arrangiamo|Costerà almeno {cost1}].

Se {appliance1:il} non si accende, controlla prima [la spina|la presa|l'interruttore]. [Poi|Dopo] stacca il filo, aspetta {few1} minuti e riprova. [Se non
basta|Se il problema resta], chiama {fixer1:un} e non aprire {appliance1:il} da solo. [È pericoloso|La garanzia non sarebbe più valida].
""",
    "lavori in casa": """
[Stiamo rifacendo|Abbiamo dipinto|{name1} ha dipinto] {room1:il}. Le pareti erano {colour1:}, [ma ora|adesso] il colore è più [chiaro|allegro|caldo]. {fixer1:il}
ha chiesto {cost1} e ha finito in {few1} giorni. [Manca solo|Resta da montare] {furniture1:il}. [Non vediamo l'ora di usarl{room1:-o}|Il risultato è bellissimo].

{dayword1} ho passato [la mattina|tutto il giorno|{few1} ore] a {chore1} e a {chore2}. {kin1} [mi ha aiutat{me1:-o}|dormiva|era al lavoro], [così abbiamo
finito presto|e alle {hour1} avevamo finito|ma abbiamo finito tardi]. [Ora|Adesso] {room1:il} è pulit{room1:-o} e [profuma di sapone|sembra più grande|c'è
finalmente ordine]. [Dietro {furniture1:il} ho ritrovato {thing1:un}|Sono stanch{me1:-o} ma content{me1:-o}|{soon1} tocca alla cantina].

Nella nuova casa {room1:il} è [piccol{room1:-o}|grande|luminos{room1:-o}] e ha {few1} finestre. Vicino alla porta c'è {furniture1:un} {furniture1:+{colour1}},
e di fronte abbiamo messo {furniture2:il}. [Sopra ci sta bene {thing1:un}|Mancano ancora le tende|Il pavimento è di legno]. [A {kin1} piace molto|Ci vivono {name1}
e {name2}].

In casa ognuno ha il suo compito. {name1} deve {chore1}, {name2} deve {chore2} e io devo {chore3}. [Il sabato|{weekday1:il}] cambiamo i turni. [Così nessuno
si lamenta|Non sempre funziona|Di solito {name1} arriva in ritardo].
""",
    "viaggi": """
[L'anno scorso|In {month1}|A {month1}] {name1} e {name2} sono andati a {abroad1} [in aereo|in treno|in macchina]. Hanno dormito in un albergo [vicino alla
stazione|in centro|piccolo ma pulito] per {few1} notti, a {cost1} per notte. [Il primo giorno|Il secondo giorno] hanno visitato {public1:il} e [hanno mangiato
{food1}|hanno camminato per {few2} ore]. [Vogliono tornarci|Hanno fatto {many1} foto|Il ritorno è stato lungo].

{soon1} partiamo per {city1}. [Ho già preparato la valigia|La valigia è quasi pronta]: ho messo {few1} magliette, {cloth1:un}, {thing1:il} e {thing2:un}. [Il
treno|Il pullman] parte alle {hour1} e il viaggio dura {few2} ore. [{kin1} ci accompagna alla stazione|Speriamo che non piova|Dormiremo da {name1}].

[Vorrei|Mi piacerebbe|Sogno di] andare a {abroad1} con {kin1}. [Ho visto|Ho trovato] un viaggio di {few1} giorni a {large1}, con [la colazione|il volo|la guida]
compresa nel prezzo. [È caro|Non è poco], ma [ho messo da parte qualcosa|possiamo pagare in {few2} rate|ne vale la pena]. [Decideremo entro {date1:il}|Ne
parliamo {soon1}].

Il viaggio a {city1} è andato [bene|male|così così]. {vehicle1:il} era [in ritardo|molto pien{vehicle1:-o}|comod{vehicle1:-o}] e {kin1} aveva [fame|sonno|mal di
testa]. [In albergo|Arrivati in albergo] la camera numero {number1} era [rumorosa|spaziosa|fredda]. Però {public1:il} era [bellissim{public1:-o}|apert{public1:-o}
fino alle {hour1}] e [la gente era gentile|abbiamo mangiato bene].
""",
    "treni": """
Il treno per {city1} [parte|partiva] alle {hour1} dal binario {few1}. {name1} è [arrivat{name1:-o} in stazione in anticipo|arrivat{name1:-o} di corsa] e ha
comprato [un giornale|un caffè|il biglietto per {price1}]. [Poi|Dopo pochi minuti] l'altoparlante ha annunciato {some1} minuti di ritardo. [Così ha letto
un po'|Ha chiamato {kin1} per avvisare|Ha aspettato su una panchina].

Attenzione: il treno regionale {many1} per {city1} delle ore {hour1} è in arrivo al binario {few1} con {some1} minuti di ritardo. [Ferma|Il treno ferma] a
{city2} e a {city3}. [Allontanarsi dalla linea gialla|Ci scusiamo per il disagio|I viaggiatori sono pregati di fare attenzione].

Ogni mattina {name1} prende {vehicle1:il} alle {hour1} per andare a {city1}. Il viaggio dura {some1} minuti e {name1} [ascolta musica|legge|dorme|guarda fuori
dal finestrino]. [{weekday1:il}|A volte] incontra {name2}, che lavora [in {street1}|{public1:al}]. [Parlano del più e del meno|Fanno colazione insieme|Scendono
alla stessa fermata].

Ho perso {vehicle1:il} perché {reason1}. [Il prossimo|Quello dopo] partiva dopo {some1} minuti, [così ho aspettato|perciò mi sono sedut{me1:-o}] al bar. [Lì ho
incontrato {name1}|Ho mangiato un panino|Ho finito il mio libro]. Sono arrivat{me1:-o} a {city1} alle {hour1}, [stanch{me1:-o}|bagnat{me1:-o} fradici{me1:-o}|ma
nessuno si è arrabbiato].
""",
    "tempo atmosferico": """
Il tempo {soon1}: {sky1} {region1} e {sky2} {region2}. Temperature [in aumento|in calo|stabili], con massime di {number1} gradi Fahrenheit per chi viene dall'estero.
[Mari mossi|Venti deboli|Mari calmi]. [Si consiglia l'ombrello|Attenzione sulle strade|Nessun problema per chi viaggia].

{dayword1} a {city1} [pioveva|nevicava|c'era molto vento] e {name1} [è uscit{name1:-o} senza {cloth1}|aveva dimenticato l'ombrello {goodplace1}]. È tornat{name1:-o}
a casa [tutt{name1:-o} bagnat{name1:-o}|infreddolit{name1:-o}] e ha bevuto [un tè caldo|una tisana|un brodo]. [La sera aveva già {illness1:il}|Per fortuna non si è
ammalat{name1:-o}|{kin1} gli ha prestato {cloth2:un}].

A {month1} a {city1} fa [spesso freddo|di solito bello|un tempo strano]. [La mattina|Di mattina] c'è [la nebbia|il sole|un vento leggero], mentre [la sera|nel
pomeriggio] [piove|si sta bene|il cielo diventa {colour1}]. {name1} porta sempre con sé {cloth1:un} e {thing1:un}. [Non si sa mai|Così è pront{name1:-o} a tutto].

Per {soon1} è previsto [un temporale|sole|vento forte|un po' di neve] {region1}. [Se il tempo è brutto|Se piove], {name1} e {name2} [resteranno in
casa|andranno {public1:al}|rimanderanno la gita]. [Se invece fa bello|Altrimenti] andranno a [{city1}|fare un giro in bicicletta|camminare]. [Decideranno alle
{hour1}|Si sentono {soon2}].
""",
    "scuola": """
{name1} frequenta la [terza|quarta|quinta|seconda] classe e la sua materia preferita è {subject1}. [In {subject2}|Invece in {subject2}] ha preso {few1}, perché
[non aveva studiato|era distratt{name1:-o}|le domande erano difficili]. La maestra {woman1} [dice che può migliorare|è contenta lo stesso|gli ha dato {few2} esercizi].
[{kin1} lo sa già|{soon1} c'è un'altra prova].

Compiti per {soon1}: [leggere|studiare] da pagina {some1} a pagina {many1}, fare {few1} esercizi di {subject1} e portare {thing1:il}. [Chi non ha finito il
disegno di {subject2}, lo finisca|La verifica di {subject2} è {date1:il}|Non dimenticate {document1:il} firmat{document1:-o}].

Cari genitori, {date1:il} la classe andrà in gita {public1:al} di {city1}. [La partenza è|Si parte] alle {hour1} dalla scuola. Ogni alunno deve portare
[{thing1:un}|un panino], {thing2:un} e {price1}. [Il rientro è previsto|Torneremo] in serata. [La maestra|L'insegnante] {woman1} {surname1}.

{dayword1} all'esame di {subject1} {name1} era molto {name1:+{mood1}}. Il professor {surname1} ha fatto {few1} domande e {name1} ha risposto [bene a
tutte|quasi a tutte|con calma]. [Il voto è stato|Ha preso] {number1} su cento. [Per festeggiare è andat{name1:-o} in pizzeria|Ha subito chiamato {kin1}|Ora può
riposare].
""",
    "lavoro": """
{name1} lavora come {job1} a {city1} da {few1} anni. [Comincia|Di solito comincia] alle {hour1} e [mangia alla mensa|porta il pranzo da casa|finisce tardi]. Del
suo lavoro ama [i colleghi|la calma|il contatto con la gente], ma non sopporta [gli orari|il rumore|la polvere]. [In futuro vorrebbe|Un giorno vorrebbe] lavorare
{shop1:nel} [di {kin1}|del quartiere|di un paese più piccolo].

Oggi in ufficio devo {task1}, {task2} e, se resta tempo, {task3}. {name1} mi ha chiesto aiuto, [ma|però] {reason1} e sono arrivat{me1:-o} alle {hour1}. [Resterò
un po' di più|Farò tutto {soon1}|Per fortuna {name2} mi dà una mano].

[Cerchiamo|Si cerca] {job1:un} con esperienza per lavoro a {city1}. Orario: dalle {hour1}, [cinque|quattro|sei] giorni alla settimana. Stipendio di {large1} al
mese. [Si richiede|È gradita] la conoscenza [dell'inglese|del francese|del tedesco]. [Scrivere a|Presentarsi in] {street1}, {number1}, entro {date1:il}.

Il primo giorno di lavoro {name1} era {name1:+{mood1}}. [La responsabile|Il capo], {surname1}, gli ha mostrato [la scrivania|gli uffici|la sala riunioni] e gli ha
spiegato come {task1}. [A pranzo|Nella pausa] ha conosciuto {name2}, che lavora lì da {few1} anni. [La sera era stanc{name1:+o}|Si è trovat{name1:-o} subito bene].
""",
    "riunioni": """
La riunione [è stata spostata|è rimandata|comincia] {soon1} alle {hour1}, nella sala [grande|al secondo piano|{number1}]. [Parleremo di|Si parlerà di] [spese|ferie|orari|
nuovi progetti] e dovremo {task1}. {name1} porta [i dati|il caffè|il computer], {name2} scrive il verbale. [Chi non può venire avvisi entro {date1:il}|Per favore, siate
puntuali].

Alla riunione di {weekday1} erano presenti {name1}, {name2} e {name3}. [Si è deciso di|Abbiamo deciso di] {task1} entro {date1:il}. {name2} ha proposto di spendere
{large1} per [i computer nuovi|la sala|la pubblicità], ma {name3} [non era d'accordo|ha chiesto più tempo|preferisce aspettare]. La prossima riunione sarà {date2:il}.

{dayword1} la riunione è durata {few1} ore. {name1} ha parlato [troppo|a lungo|con calma] {bill1:del}, mentre {name2} [guardava il telefono|prendeva appunti|quasi
dormiva]. [Alla fine|Dopo tante parole] abbiamo deciso di [rivederci {soon1}|votare|non decidere niente]. [Sono tornat{me1:-o} a casa alle {hour1}|Avevo {illness1:il}].

Assemblea di condominio, {street1} {number1}. [Il giorno|È convocata per] {date1} alle ore {hour1}. Ordine del giorno: {bill1:il}, [la pulizia delle scale|il tetto|il
portone], [il cortile|l'ascensore|le biciclette]. [Chi non può venire può firmare una delega|L'amministratore, {man1} {surname1}].
""",
    "salute": """
{name1} ha {illness1:il} da {few1} giorni. [Il medico|La dottoressa {surname1}] gli ha detto di [riposare|bere molta acqua|restare a letto] e di prendere [una
compressa|lo sciroppo] ogni {few2} ore. [Oggi sta meglio|Oggi non è andat{name1:-o} al lavoro|La febbre è già scesa]. [{kin1} gli ha portato {fruit1:dei} e un
brodo|{soon1} tornerà a controllo].

{dayword1} mi sono fatt{me1:-o} male {body1:al} mentre [facevo sport|scendevo le scale|correvo]. {kin1} mi ha portat{me1:-o} [al pronto soccorso|dal medico]. [Per
fortuna non c'era niente di rotto|La radiografia era a posto], ma devo [stare a riposo per {few1} giorni|mettere il ghiaccio|usare una pomata]. [Il controllo è
{date1:il}|Tornerò a giocare a {month1}].

Vorrei prenotare una visita [dal dentista|dall'oculista|dal dottor {surname1}] perché mi fa male {body1:il}. [Sono liber{me1:-o}|Posso venire] {weekday1} o
{weekday2}, [dopo le {hour1}|la mattina|nel pomeriggio]. Il mio nome è {name1} {surname2}. [Quanto costa la visita?|Devo portare {document1:il}?|Grazie mille.]

Per stare bene [basta|è utile] [camminare {some1} minuti al giorno|dormire {few1} ore|fare un po' di ginnastica], mangiare {veg1:p} e {fruit1:p} e [bere acqua|non
fumare|ridere spesso]. {name1}, che ha {some1} anni, [lo fa da sempre|ci crede molto|ha cominciato a {month1}]. [Il suo medico è contento|Dice di sentirsi più forte|
Solo {weekday1:il} fa un'eccezione e mangia un dolce].
""",
    "sport": """
{weekday1} la squadra di {city1} ha [vinto|perso] contro {city2} per {few1} a [zero|uno]. [La partita è cominciata|Si giocava] alle {hour1} davanti a {many1} tifosi. {name1}
ha giocato [molto bene|male|solo un tempo] e alla fine era {name1:+{mood1}}. [La prossima partita è {date1:il}|L'allenatore {surname1} non ha parlato].

{name1} fa {sport1} da {few1} anni. Si allena {weekday1:il} e {weekday2:il} [alle {hour1}|dopo il lavoro|con {kin1}]. [All'inizio|I primi mesi] era difficile, [ma ora|poi]
è diventat{name1:-o} [brav{name1:-o}|più veloce|più forte]. [La palestra costa {cost1} al mese|A {month1} farà la prima gara|Sogna di vincere una medaglia].

Sono aperte le iscrizioni al corso di {sport1} per [bambini|adulti|principianti]. Le lezioni sono {weekday1:il} alle {hour1} [in piscina|in palestra|al campo di {street1}].
Il corso costa {cost1} [al mese|all'anno] e [la prima lezione è gratuita|serve un certificato medico]. [Informazioni: {name1}, ore {hour2}|Posti limitati a {some1}].

Preferisco {sport1:il} {sport2:al}. [Non bisogna|Non serve] spendere molto e [si sta all'aperto|ci si diverte|si conosce gente nuova]. {kin1} invece [dice che è
noioso|ama {sport2:il}|non fa nessuno sport]. [Ma {soon1} verrà con me|Ognuno ha i suoi gusti|Ne discutiamo spesso].
""",
    "giardino": """
[Sul balcone|In giardino|Nell'orto] {name1} ha piantato {plant1:un} e {few1} {veg1:p}. [Ogni sera|Ogni mattina|Alle {hour1}] annaffia tutto [con calma|con la pioggia
raccolta|insieme a {kin1}]. {plant1:il} [è cresciut{plant1:-o} molto|ha già i fiori|ha bisogno di sole]. [A {month1}|In {month1}] [raccoglierà {veg1:i}|ci saranno
i primi frutti].

{plant1:il} sta [morendo|perdendo le foglie|diventando giall{plant1:-o}]. [Forse ha|Forse gli ho dato] troppa acqua, oppure [c'è poco sole|la terra è vecchia|fa troppo
freddo]. {kin1} mi ha consigliato di [cambiare vaso|tagliare i rami secchi|spostarl{plant1:-o} in {room1}]. Proverò {soon1}.

{dayword1} ho [comprato|regalato {kin1:a}] {plant1:un} {shop1:al}. Costava {price1}. [Il fioraio|La fioraia] mi ha detto: poca acqua, molta luce e terra nuova ogni {few1}
[mesi|anni]. [L'ho mess{plant1:-o} vicino {furniture1:al}|Ora è sul balcone, accanto {plant2:al}].

A {month1} nell'orto c'è molto da fare: bisogna [seminare|raccogliere] {veg1:i}, [togliere le erbacce|preparare la terra] e proteggere {plant1:il} [dal freddo|dalle
lumache|dagli uccelli]. {name1} ci lavora {few1} ore [al giorno|alla settimana]. [In cambio ha {veg2:p} freschi o quasi tutto l'anno|La sera ha mal di schiena, ma è
{name1:+contento}].
""",
    "animali di casa": """
{pet1:il} di {name1} si chiama [Briciola|Pepe|Luna|Nuvola|Biscotto|Zoe|Neve|Stella|Tobia|Fulmine] e ha {few1} anni. È {pet1:+{colour1}} e [molto curios{pet1:-o}|un po'
paur{pet1:-o}s{pet1:-o}|sempre affamat{pet1:-o}]. [Dorme {goodplace1}|Di notte dorme {goodplace1}] e mangia [due|tre] volte al giorno. [{weekday1} lo porteranno dal
veterinario|Quando torna {kin1}, gli corre incontro].

{dayword1} {pet1:il} {kin1:di} è [scappat{pet1:-o}|sparit{pet1:-o}]. L'abbiamo cercat{pet1:-o} [in {street1}|nel parco|dai vicini] per {few1} ore. [Alla fine|Verso le
{hour1}] era {goodplace1}, [tranquill{pet1:-o}|e dormiva|con una scarpa in bocca]. [Che paura!|Meno male!|Ora chiudiamo sempre la porta.]

Smarrit{pet1:-o} {pet1} {pet1:+{colour1}} in zona {street1}, {date1:il}. Risponde al nome di [Pepe|Luna|Birba|Nuvola|Argo]. Ha un collare {colour2}. Chi l{pet1:lo} trova
chiami {name1}, [ore serali|anche di notte]. Ricompensa: {cost1}.

I bambini vorrebbero {pet1:un}. {kin1} dice che [costa troppo|la casa è piccola|è una responsabilità], perché bisogna [pulire ogni giorno|portarl{pet1:-o} dal veterinario|
pensare alle vacanze]. [{name1} ha promesso di|{name1} vuole] occuparsene [da sol{name1:-o}|ogni mattina]. [Forse a {month1} andremo al canile|Decideremo {soon1}].
""",
    "animali selvatici": """
{dayword1} vicino a {city1} {name1} ha visto {animal1:un}. [Era ferm{animal1:-o} sulla strada|Beveva al fiume|Era nascost{animal1:-o} tra gli alberi] e [non aveva paura|
guardava in silenzio|sembrava tranquill{animal1:-o}]. {name1} ha [fatto una foto|spento il motore|aspettato {some1} minuti], poi {animal1:il} [è andat{animal1:-o} via|è
sparit{animal1:-o}]. [Nessuno gli crede|L'ha raccontato {kin1:a}].

Nel libro di {name1} [c'è una pagina|ci sono {few1} pagine] {animal1:sul}. [A destra|In alto] c'è un disegno {animal1:del}, [in basso|a sinistra] uno {animal2:del}.
[Il bambino|{name1}] ha colorato {animal1:il} di {colour1} e {animal2:il} di {colour2}. [Poi ha chiesto {kin1:a} se fossero amici|Il suo preferito è {animal1:il}].

Favola breve. {animal1:un} incontrò {animal2:un} [nel bosco|presso il fiume|in un prato]. «Hai visto il mio {colour1} cappello?» chiese {animal1:il}. [«No, ma ti aiuto a
cercarlo»|«Certo, è {goodplace1}»|«Forse l'ha preso il vento»], rispose {animal2:il}. [Da quel giorno furono amici|Cercarono per {few1} ore e lo trovarono|Poi andarono a
mangiare {fruit1:dei} insieme].
""",
}
