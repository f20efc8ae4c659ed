"""Everyday Catalan: small grammars, tasks and hand-written dialogue for the nano's pretraining."""
from collections.abc import Callable
from functools import partial
from random import Random

from .words_ca import FACTS, GROUPS, MEN, NUMBERS, OPPOSITES, WOMEN, WORDS, Noun, Scene, takes_elision

Turns = list[tuple[str, str]]                        # (user, assistant) exchanges

# Each family is a set of sentence plans, one per blank-line-separated block. [a|b] chooses, {slot} draws an entity that stays the same
# through the paragraph ({slot2} draws another), {slot:el} asks for a form, {slot:masculine/feminine} agrees with it, ¶ breaks the line.
PLANS: dict[str, str] = {
    "home": """
[Cada matí|Entre setmana|Quan fa bon temps|Els dies feiners], {p:el} [es lleva d'hora|es desperta abans que ningú|surt del llit de seguida] i
[obre les finestres|encén la ràdio|fa el llit|es dutxa amb aigua tèbia]. Després [esmorza {fruit:pl} amb iogurt|baixa a buscar pa|pren {drink}] i
[mira per la finestra|llegeix els missatges|endreça {room:el}|canta una mica]. [Li agrada començar el dia sense presses.|Així surt de
casa de bon humor.|Quan acaba, desperta {q:el} amb un petó.|Mai no fa tard a la feina.]

A casa som {few} persones i [els matins|els caps de setmana|els vespres] són [sorollosos|tranquils|divertits|un caos]. {q:el} sempre [busca
les claus|demana {drink}|vol entrar primer al lavabo|parla pels descosits]. Jo, en canvi, [m'assec a {room:el}|preparo torrades|obro la porta del
balcó|rento els plats d'ahir] i [espero que tothom acabi|escolto les notícies|ric en silenci|penso en les meves coses].

Ahir {p:el} i {q:el} van [pintar|netejar|endreçar|buidar] {room:el}. Van [trobar {treasure}|omplir {few} bosses de trastos|moure {furniture:el}|
acabar amb les mans brutes] i [van riure molt|van dinar tard|no van parar fins {hour}]. Ara {room:el} [sembla més gran|fa goig|té molta més llum]
i [només falta|hi han posat] {furniture2:un} [{color:{furniture2.g}}|{look:{furniture2.g}}].

El nostre pis és a {street:el} de {city} i té {few} habitacions. [El que m'agrada més és|La part més agradable és|Sempre acabem a] {room:el},
[perquè hi entra el sol al matí|on tenim {furniture:un} {look:{furniture.g}}|que fa olor de {plant}]. [A l'hivern hi fa fred, però tenim una
estufa.|Els veïns de dalt fan soroll els {day}s.|Paguem {hundreds} euros de lloguer.|De vegades hi ve a dormir {rel:meu}.]
""",
    "cleaning": """
[Avui toca|Aquest matí toca|Abans de sopar cal] {chore} i {chore2}. {p:el} [s'encarrega de la primera cosa|fa la primera part|comença sense ganes] i
{q:el} [fa la segona|s'ocupa de la resta|l'ajuda de seguida]. [Amb música tot va més de pressa.|Si acaben aviat, aniran a {place:el}.|En
{many} minuts ho tenen tot fet.|La casa queda neta i fa bona olor.]

[Per treure una taca de|Si tens una taca de] [vi|cafè|tomàquet|oli|tinta] de {clothes:el}, [posa-hi sabó|posa-hi una mica de sal|mulla-la amb aigua
freda] [i espera {many} minuts|i frega-la a poc a poc|i no facis servir aigua calenta]. Després [renta la peça|esbandeix-la bé|posa-la a la
rentadora]. [Si no marxa, repeteix-ho.|{rel:meu} ho fa sempre així.|A mi m'ha funcionat {few} vegades.]

{p:el} no suporta {chore}. [Prefereix|S'estima més] {chore2} o fins i tot {chore3}. Per això {p:ell/ella} i {q:el} [han fet un pacte|s'han repartit
la feina|han penjat una llista a la nevera]: [un dia cadascú|{q:el} fa el que {p:ell/ella} no vol fer|qui perd a les cartes neteja {room:el}].
[De moment funciona.|Ningú no s'ha queixat encara.|La casa no havia estat mai tan neta.]
""",
    "kitchen": """
[Avui|Aquest vespre|Diumenge] {p:el} [cuina|prepara|vol fer] {dish:un} per a {few} persones. [Necessita|Ha comprat|Té a la nevera] {veg:pl}, {staple} i
{staple2}, però [no li queda|s'ha oblidat de comprar|li falta] {staple3}. [Per sort, {q:el} en té a casa.|Baixarà un moment a {shop:el}.|Ho
farà igualment i ja veurem com surt.|Truca a {q:el} i en demana una mica.]

La cuina feia olor de {dish}. {p:el} [tallava {veg:pl}|remenava l'olla|pelava {veg:pl}] mentre {q:el} [parava taula|fregava els plats|explicava
acudits]. «[Hi falta sal|Tasta-ho|Ja és gairebé a punt|Baixa el foc]», va dir {p:ell/ella}. [A {hour} van seure a taula.|Van sopar amb la finestra
oberta.|Per postres hi havia {dessert}.] [No en va quedar ni una engruna.|Tothom va repetir.|Era {dish:massa salat/massa salada}, però ningú no va dir res.]

[El truc|El secret|El consell] de {rel:meu} per fer {dish:un} és [fer-ho a foc lent|no tenir pressa|posar-hi {staple} al final|fer servir {veg:pl} de
temporada]. [Jo ho he provat|Ahir ho vaig provar] i [va quedar {dish:molt bo/molt bona}|em va sortir {dish:massa salat/massa salada}|va agradar a tothom]. [La pròxima vegada hi
afegiré {veg2:pl}.|Per acompanyar, {drink}.|Ara {dish:el/la} faig cada {day}.]

A la nevera hi ha {veg:pl}, {fruit:pl} i {staple}. Amb això [es pot fer|podríem preparar|{p:el} farà] {dish:un} [per sopar|per dinar|per demà]. [De
postres menjarem {fruit2:pl}.|També queda {dessert} d'ahir.|Les sobres aniran a la carmanyola.] [No cal comprar res més.|Així no llencem menjar.]
""",
    "recipe": """
Recepta de {dish}. Ingredients per a {few} persones: {veg:pl}, {veg2:pl}, {staple} i {staple2}. [Primer renta|Primer pela|Comença tallant] {veg:els} [i
talla'ls a daus|a poc a poc|amb un bon ganivet]. [Després posa-ho tot al foc|Tot seguit cou-ho a foc lent|Ara fica-ho al forn] durant {many} minuts.
[Serveix-ho calent.|Deixa-ho reposar abans de servir.|Acompanya-ho amb {drink}.|Afegeix-hi una mica de julivert.]

Com es fa {dessert:un}? [És més fàcil del que sembla.|Cal una mica de paciència.] Barreja {staple}, {staple2} i {staple3} [en un bol gran|amb una
forquilla|amb la batedora]. [Cou-ho {many} minuts a cent vuitanta graus|Deixa-ho {few} hores a la nevera|Escalfa-ho sense que bulli]. [Decora-ho
amb {fruit:pl}.|Talla-ho en {few} trossos.|L'endemà encara és {dessert:més bo/més bona}.]

Avui us explico [una amanida ràpida|una crema de verdures|una macedònia diferent|un suc fresc|un entrant senzill]: {fruit:pl}, {veg:pl} i un raig
d'oli. [Renteu-ho tot bé|Talleu-ho ben petit|Peleu-ho amb cura] i [barregeu-ho|remeneu-ho|tasteu-ho] [al moment de servir|en un plat fons]. [Hi
podeu posar {staple}.|A casa hi posem {staple}.] [Es fa en {many} minuts.|És bo i barat.|Agrada a petits i grans.]
""",
    "market": """
[Dissabte|{day}|Aquest matí] {p:el} va anar a {place:el} amb {q:el} [per comprar|a buscar] {veg:pl} i {fruit:pl}. [A la primera parada|La parada de
sempre estava tancada i a l'altra] {fruit:els} costaven [massa|{few} euros el quilo|menys que al súper]. [Van triar les peces més madures|Van regatejar
una mica|En van comprar {few} quilos] i [van pagar amb targeta|van pagar en efectiu|van tornar a casa a peu]. [El cistell pesava molt.|La
venedora els va regalar julivert.|També van comprar {staple}.]

Llista de la compra: {veg:pl}, {fruit:pl}, {staple}, {staple2} i {staple3}. [Si no hi ha|Si no trobes] {veg:pl}, agafa {veg2:pl}. [No gastis més de
{price}.|Recorda la bossa de roba.|Demana el tiquet, sisplau.|Torna abans de {hour}.]

«Què li poso?», [va preguntar|va dir] {p:el} des del taulell. «[Mig quilo|Un quilo|Dos quilos] de {fruit:pl} i [unes quantes {veg:pl}|
una mica de {staple}]», va respondre {q:el}. [Tot plegat va costar {price}.|«Avui {fruit:els} són {fruit:molt dolços/molt dolces}», va afegir la botiguera.|Darrere seu hi
havia {few} clients més.] [A fora plovia.|Va pagar i va marxar {q:content/contenta}.|Després va entrar a {shop:el}.]

{shop:el} de {street:el} [obre a|tanca a] {hour}. [Hi venen|S'hi troba|Hi tenen] {staple}, {staple2} i [de vegades {fruit:pl}|tota mena de coses].
{p:el} hi va cada {day} [perquè és a prop de casa|perquè el tracten bé|encara que sigui una mica car]. [Ahir hi va gastar {price}.|L'amo, {q:el},
coneix tothom.|Sempre hi ha cua, però val la pena.]
""",
    "clothes": """
{p:el} [s'ha comprat|s'ha emprovat|vol regalar] {clothes:un} {color:{clothes.g}} [que costava {price}|per {price}|de rebaixes]. [La talla petita li va
estreta|La talla gran li balla|Li queda perfecte], [però el color li encanta|i la dependenta li ha dit que hi ha trenta dies per canviar-ho|i combina amb
{clothes2:el} {color2:{clothes2.g}}]. [El portarà al sopar de {day}.|Si no li fa servei, ho tornarà.|{q:el} diu que li queda molt bé.]

Vaig comprar {clothes:un} a {city} i, [en rentar-{clothes:lo/la}|després de rentar-{clothes:lo/la}|al cap de {few} dies], va [encongir|perdre el color]. Vaig tornar a la botiga amb
el tiquet [i em van fer un canvi|i em van tornar els {price}|però em van dir que no hi podien fer res]. [Ara sempre miro l'etiqueta.|No hi penso
tornar.|La noia va ser molt amable.|La roba bona no sempre és cara.]

[Fa fred|Fa calor|Plou|Fa vent], i {p:el} no sap què posar-se. {clothes:el} {color:{clothes.g}} és [a la rentadora|a casa de {q:el}|brut de fang]
i {clothes2:el} {clothes2:li va petit/li va petita}. [Al final surt amb|{q:el} li deixa|Triga {many} minuts i es posa] {clothes3:un}
{color3:{clothes3.g}}. [Fa tard, però va {p:ben vestit/ben vestida}.|Ningú no se n'adona.|Demà anirà de compres.]
""",
    "parcel": """
{p:el} [espera|esperava] un paquet amb {item:un} {color:{item.g}} [des de {day}|des de fa {few} dies|que havia d'arribar {moment}]. El repartidor
[va trucar a {hour}|va passar quan no hi havia ningú|va deixar un avís a la bústia] i [{q:el} va baixar a obrir|el veí del segon el va recollir|
ara el paquet és a l'oficina de correus]. [{p:el} està {mood:{p.g}}.|Demà hi anirà amb el carnet d'identitat.|La caixa era una mica aixafada.]

[El paquet|La caixa|L'enviament] va sortir de {city} el {date} i [pesa {few} quilos|fa {many} centímetres de llarg|conté {item:un}]. [Segons el web|
Segons el missatge|Segons {p:el}], arribarà {future}. [Si no hi som, el deixaran a {shop:el}.|Cal signar el rebut.|El número de
seguiment és {code}.] [Tinc moltes ganes d'obrir-{item:lo/la}.|És un regal per a {rel:meu}.|Espero que no es trenqui.]

Vaig obrir el paquet amb {tool:un} i a dins hi havia {item:un} {color:{item.g}}, però jo n'havia demanat {item:un altre/una altra} de color
[diferent|més clar|més fosc]. [He fet una foto|He desat la caixa|He llegit el full de devolució] i [el tornaré {future}|demà aniré a correus|{q:el}
m'acompanyarà a tornar-{item:lo/la}]. [L'enviament de tornada és gratuït.|La devolució costa {few} euros.|Quina mandra!]
""",
    "post": """
[A l'oficina de correus|Davant la finestreta|A la cua de correus], {p:el} [esperava amb el número {many}|portava {few} cartes|volia enviar {item:un} a
{abroad}]. [L'empleat va pesar el sobre|La noia va demanar l'adreça|Faltava un segell] i [tot va costar {price}|li va donar un rebut|li va dir
que trigaria {few} dies]. [{p:ell/ella} va sortir {mood:{p.g}}.|A fora l'esperava {q:el}.|Després va fer {drink} al bar.]

{rel:meu} encara escriu cartes a mà. [Cada {day}|Un cop al mes|Per Nadal] en [envia una|tira una a la bústia] a {p:el}, que viu a {abroad}. [Hi explica
com creix {plant:el}|Hi posa fotos de {pet:el}|Hi parla del temps i de {city}]. [La resposta sempre arriba tard.|{p:el} les guarda totes en una
capsa.|Els segells els tria amb molta cura.]

A la bústia de {p:el} avui hi ha [una factura|una postal de {abroad}|propaganda de {shop:el}|una carta de {city}], [un catàleg|un avís|un sobre blau] i
una nota {q:del veí/de la veïna}. [La nota diu que la porta del carrer no tanca bé.|La nota demana silenci a partir de {hour}.|La nota convida
tothom a {event:un}.] [{p:el} ho llegeix tot a l'ascensor.|La resta va directa al reciclatge.|{p:el} contestarà {future}.]
""",
    "phone": """
{p:el} ha [perdut|espatllat|canviat|oblidat] el mòbil [{moment}|al tren|a casa de {q:el}|a {place:el}]. [Ara fa servir un aparell vell de {rel:meu}|
Ara li has de trucar a la feina|Ara només contesta per correu] i [no pot fer fotos|troba a faltar els missatges|diu que viu més
{p:tranquil/tranquil·la}]. [El número nou és el {tel}.|Diu que en comprarà un {future}.|Un de nou costa {hundreds} euros.|Tampoc no és cap drama.]

«[Bon dia|Bona tarda|Hola], que hi ha {p:el}?» «[No, ha sortit|Ara mateix no s'hi pot posar|És a {place:el}]. Li vol deixar un encàrrec?» «[Sí, digui-li
que truqui al {tel}|Sí, que {q:el} l'espera a {hour}|No cal, trucaré {future}].» «[Entesos|D'acord|Molt bé], [ja li ho diré|en prenc nota|adeu-siau].»

La bateria del meu mòbil [només dura {few} hores|s'acaba de seguida|no es carrega bé]. [He abaixat la brillantor|He tancat {app}|He canviat el
carregador] i [sembla que ara va millor|no ha servit de res|continua igual]. [{p:el} diu que és vell.|Canviar-la costa {price}.|El portaré a arreglar
{future}.] [Mentrestant, vaig sempre amb el cable a la motxilla.|Si no contesto, ja sabeu per què.]
""",
    "apps": """
Fa {few} dies que {p:el} fa servir {app} [per organitzar-se|cada matí|a totes hores]. [Li agrada que sigui senzilla|Li agraden els colors|Troba que és molt
pràctica], però [s'encalla quan hi ha poca cobertura|envia massa avisos|gasta molta bateria]. [{q:el} li ha ensenyat a {app2:canviar la lletra}|].
""",
}
