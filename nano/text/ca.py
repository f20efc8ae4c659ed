"""Everyday Catalan: small grammars, tasks and hand-written dialogue for the nano's pretraining."""

from collections.abc import Callable
from functools import partial
from random import Random

from .words_ca import DAYS, FACTS, GROUPS, MEN, NUMBERS, OPPOSITES, WOMEN, WORDS, Noun, Scene

Turns = list[tuple[str, str]]  # (user, assistant) exchanges

# Each family is a set of sentence plans, one per blank-line-separated block. [a|b] chooses, {slot} draws an entity that stays the same
# through the paragraph ({slot2} draws another), {slot:el} asks for a form, {slot:masculine/feminine} agrees with it, ¶ breaks the line.
PLANS: dict[str, str] = {
    "home": """
[Cada matí|Entre setmana|Quan fa bon temps|Els dies feiners], {p:el} [es lleva d'hora|es desperta abans que ningú|surt del llit de
seguida] i [obre les finestres|encén la ràdio|fa el llit|es dutxa amb aigua tèbia]. Després [esmorza {fruit:pl} amb iogurt|baixa a buscar
pa|pren {drink}] i [mira per la finestra|llegeix els missatges|endreça {room:el}|canta una mica]. [Li agrada començar el dia sense
presses.|Així surt de casa de bon humor.|Quan acaba, desperta {q:el} amb un petó.|Mai no fa tard a la feina.]

A casa som {few} persones i [els matins|els caps de setmana|els vespres] són [sorollosos|tranquils|divertits|un caos]. {q:el} sempre
[busca les claus|demana {drink}|vol entrar primer al lavabo|parla pels descosits]. Jo, en canvi, [m'assec a {room:el}|preparo
torrades|obro la porta del balcó|rento els plats d'ahir] i [espero que tothom acabi|escolto les notícies|ric en silenci|penso en les meves
coses].

Ahir {p:el} i {q:el} van [pintar|netejar|endreçar|buidar] {room:el}. Van [trobar {treasure}|omplir {few} bosses de trastos|moure
{furniture:el}| acabar amb les mans brutes] i [van riure molt|van dinar tard|no van parar fins a {hour}]. Ara {room:el} [sembla més
gran|fa goig|té molta més llum] i [només falta|hi han posat] {furniture2:un} [{color:{furniture2.g}}|{look:{furniture2.g}}].

El nostre pis és a {street:el} de {city} i té {few} habitacions. [El que m'agrada més és|La part més agradable és|Sempre acabem a]
{room:el}, [perquè hi entra el sol al matí|on tenim {furniture:un} {look:{furniture.g}}|que fa olor de {plant}]. [A l'hivern hi fa fred,
però tenim una estufa.|Els veïns de dalt fan soroll els {days}.|Paguem {hundreds} euros de lloguer.|De vegades hi ve a dormir {rel:meu}.]
""",
    "cleaning": """
[Avui toca|Aquest matí toca|Abans de sopar cal] {chore} i {chore2}. {p:el} [s'encarrega de la primera cosa|fa la primera part|comença
sense ganes] i {q:el} [fa la segona|s'ocupa de la resta|l'ajuda de seguida]. [Amb música tot va més de pressa.|Si acaben aviat, aniran a
{place:el}.|En {many} minuts ho tenen tot fet.|La casa queda neta i fa bona olor.]

[Per treure una taca de|Si tens una taca de] [vi|cafè|tomàquet|oli|tinta] de {clothes:el}, [posa-hi sabó|posa-hi una mica de sal|mulla-la
amb aigua freda] [i espera {many} minuts|i frega-la a poc a poc|i no facis servir aigua calenta]. Després [renta la peça|esbandeix-la
bé|posa-la a la rentadora]. [Si no marxa, repeteix-ho.|{rel:meu} ho fa sempre així.|A mi m'ha funcionat {few} vegades.]

{p:el} no suporta {chore}. [Prefereix|S'estima més] {chore2} o fins i tot {chore3}. Per això {p:ell/ella} i {q:el} [han fet un pacte|s'han
repartit la feina|han penjat una llista a la nevera]: [un dia cadascú|{q:el} fa el que {p:ell/ella} no vol fer|qui perd a les cartes
neteja {room:el}]. [De moment funciona.|Ningú no s'ha queixat encara.|La casa no havia estat mai tan neta.]
""",
    "kitchen": """
[Avui|Aquest vespre|Diumenge] {p:el} [cuina|prepara|vol fer] {dish:un} per a {few} persones. [Necessita|Ha comprat|Té a la nevera]
{veg:pl}, {staple} i {staple2}, però [no li queda|s'ha oblidat de comprar|li falta] {staple3}. [Per sort, {q:el} en té a casa.|Baixarà un
moment a {grocer:el}.|Ho farà igualment i ja veurem com surt.|Truca a {q:el} i en demana una mica.]

La cuina feia olor de {dish}. {p:el} [tallava {veg:pl}|remenava l'olla|pelava {veg:pl}] mentre {q:el} [parava taula|fregava els
plats|explicava acudits]. «[Hi falta sal|Tasta-ho|Ja és gairebé a punt|Baixa el foc]», va dir {p:ell/ella}. [A {hour} van seure a
taula.|Van sopar amb la finestra oberta.|Per postres hi havia {dessert}.] [No en va quedar ni una engruna.|Tothom va repetir.|Era
{dish:massa salat/massa salada}, però ningú no va dir res.]

[El truc|El secret|El consell] de {rel:meu} per fer {dish:un} és [fer-ho a foc lent|no tenir pressa|posar-hi {staple} al final|fer servir
{veg:pl} de temporada]. [Jo ho he provat|Ahir ho vaig provar] i [va quedar {dish:molt bo/molt bona}|em va sortir {dish:massa salat/massa
salada}|va agradar a tothom]. [La pròxima vegada hi afegiré {veg2:pl}.|Per acompanyar, {drink}.|Ara {dish:el/la} faig cada {day}.]

A la nevera hi ha {veg:pl}, {fruit:pl} i {staple}. Amb això [es pot fer|podríem preparar|{p:el} farà] {dish:un} [per sopar|per dinar|per
demà]. [De postres menjarem {fruit2:pl}.|També queda {dessert} d'ahir.|Les sobres aniran a la carmanyola.] [No cal comprar res més.|Així
no llencem menjar.]
""",
    "recipe": """
Recepta de {dish}. Ingredients per a {few} persones: {veg:pl}, {veg2:pl}, {staple} i {staple2}. [Primer renta|Primer pela|Comença tallant]
{veg:els} [i talla'ls a daus|a poc a poc|amb un bon ganivet]. [Després posa-ho tot al foc|Tot seguit cou-ho a foc lent|Ara fica-ho al
forn] durant {many} minuts. [Serveix-ho calent.|Deixa-ho reposar abans de servir.|Acompanya-ho amb {drink}.|Afegeix-hi una mica de
julivert.]

Com es fa {dessert:un}? [És més fàcil del que sembla.|Cal una mica de paciència.] Barreja {sweet}, {sweet2} i {sweet3} [en un bol gran|amb
una forquilla|amb la batedora]. [Cou-ho {many} minuts a cent vuitanta graus|Deixa-ho {few} hores a la nevera|Escalfa-ho sense que bulli].
[Decora-ho amb {fruit:pl}.|Talla-ho en {few} trossos.|L'endemà encara és {dessert:més bo/més bona}.]

Avui us explico [una amanida ràpida|una amanida d'estiu|un entrant senzill|una amanida diferent]: {fruit:pl}, {veg:pl} i un raig d'oli.
[Renteu-ho tot bé|Talleu-ho ben petit|Peleu-ho amb cura] i [barregeu-ho|remeneu-ho|tasteu-ho] [al moment de servir|en un plat fons]. [Hi
podeu posar {topping}.|A casa hi posem {topping}.] [Es fa en {many} minuts.|És bo i barat.|Agrada a petits i grans.]
""",
    "market": """
[Dissabte|{day}|Aquest matí] {p:el} va anar al mercat de {city} amb {q:el} [per comprar|a buscar] {veg:pl} i {fruit:pl}. [A la primera
parada|La parada de sempre estava tancada i a l'altra] {fruit:els} costaven [massa|{few} euros el quilo|menys que al súper]. [Van triar
les peces més madures|Van regatejar una mica|En van comprar {few} quilos] i [van pagar amb targeta|van pagar en efectiu|van tornar a casa
a peu]. [El cistell pesava molt.|La venedora els va regalar julivert.|També van comprar {staple}.]

Llista de la compra: {veg:pl}, {fruit:pl}, {staple}, {staple2} i {staple3}. [Si no hi ha|Si no trobes] {veg:pl}, agafa {veg2:pl}. [No
gastis més de {price}.|Recorda la bossa de roba.|Demana el tiquet, sisplau.|Torna abans de {hour}.]

«Què li poso?», [va preguntar|va dir] {p:el} des del taulell. «[Mig quilo|Un quilo|Dos quilos] de {fruit:pl} i [unes quantes {veg:pl}| una
mica de {staple}]», va respondre {q:el}. [Tot plegat va costar {price}.|«Avui {fruit:els} són {fruit:molt dolços/molt dolces}», va afegir
la botiguera.|Darrere seu hi havia {few} clients més.] [A fora plovia.|Va pagar i va marxar {q:content/contenta}.|Després va entrar a
{shop:el}.]

{grocer:el} de {street:el} [obre a|tanca a] {hour}. [Hi venen|S'hi troba|Hi tenen] {staple}, {staple2} i [de vegades {fruit:pl}|tota mena
de coses]. {p:el} hi va cada {day} [perquè és a prop de casa|perquè el tracten bé|encara que sigui una mica car]. [Ahir hi va gastar
{price}.|L'amo, {q:el}, coneix tothom.|Sempre hi ha cua, però val la pena.]
""",
    "clothes": """
{p:el} [s'ha comprat|s'ha emprovat|vol regalar] {clothes:un} {color:{clothes.g}} [que costava {price}|per {price}|de rebaixes]. [La talla
petita li va estreta, però la dependenta diu que {clothes:el/la} pot canviar|Li va una mica gran, però el color li encanta|Li queda
perfecte i combina amb {clothes2:el} {color2:{clothes2.g}}]. [{clothes:El/La} portarà al sopar de {day}.|Si no li fa servei, ho
tornarà.|{q:el} diu que li queda molt bé.]

Vaig comprar {clothes:un} a {city} i, [en rentar-{clothes:lo/la}|després de rentar-{clothes:lo/la}|al cap de {few} dies], va
[encongir|perdre el color]. Vaig tornar a la botiga amb el tiquet [i em van fer un canvi|i em van tornar els {price}|però em van dir que
no hi podien fer res]. [Ara sempre miro l'etiqueta.|No hi penso tornar.|La noia va ser molt amable.|La roba bona no sempre és cara.]

[Fa fred|Fa calor|Plou|Fa vent], i {p:el} no sap què posar-se. {clothes:el} {color:{clothes.g}} és [a la rentadora|a casa de {q:el}|brut
de fang] i {clothes2:el} {clothes2:li va petit/li va petita}. [Al final surt amb|{q:el} li deixa|Triga {many} minuts i es posa]
{clothes3:un} {color3:{clothes3.g}}. [Fa tard, però va {p:ben vestit/ben vestida}.|Ningú no se n'adona.|Demà anirà de compres.]
""",
    "parcel": """
{p:el} [espera|esperava] un paquet amb {item:un} {color:{item.g}} [des de {day}|des de fa {few} dies|que havia d'arribar {moment}]. El
repartidor [va trucar a {hour}|va passar quan no hi havia ningú|va deixar un avís a la bústia] i [{q:el} va baixar a obrir|el veí del
segon el va recollir| ara el paquet és a l'oficina de correus]. [{p:el} està {mood:{p.g}}.|Demà hi anirà amb el carnet d'identitat.|La
caixa era una mica aixafada.]

[El paquet|La caixa|L'enviament] va sortir de {city} el {date} i [pesa {few} quilos|fa {many} centímetres de llarg|conté {item:un}].
[Segons el web| Segons el missatge|Segons {p:el}], arribarà {future}. [Si no hi som, deixaran el paquet a {shop:el}.|Cal signar el
rebut.|El número de seguiment és {code}.] [Tinc moltes ganes d'obrir el paquet.|És un regal per a {rel:meu}.|Espero que no es trenqui.]

Vaig obrir el paquet [amb unes tisores|amb un ganivet|a corre-cuita] i a dins hi havia {item:un} {color:{item.g}}, però jo n'havia demanat
{item:un altre/una altra} de color [diferent|més clar|més fosc]. [He fet una foto|He desat la caixa|He llegit el full de devolució] i
[{item:el/la} tornaré {future}|demà aniré a correus|{q:el} m'acompanyarà a tornar-{item:lo/la}]. [L'enviament de tornada és gratuït.|La
devolució costa {few} euros.|Quina mandra!]
""",
    "post": """
[A l'oficina de correus|Davant la finestreta|A la cua de correus], {p:el} [esperava amb el número {many}|portava {few} cartes|volia enviar
{item:un} a {abroad}]. [L'empleat va pesar el sobre|La noia va demanar l'adreça|Faltava un segell] i [tot va costar {price}|li va donar un
rebut|li va dir que trigaria {few} dies]. [{p:ell/ella} va sortir {mood:{p.g}}.|A fora l'esperava {q:el}.|Després va fer {drink} al bar.]

{rel:meu} encara escriu cartes a mà. [Cada {day}|Un cop al mes|Per Nadal] [envia una carta a {p:el}|tira una carta a la bústia per a
{p:el}], que viu a {abroad}. [Hi explica com creix {plant:el}|Hi posa fotos de {pet:el}|Hi parla del temps i de {city}]. [La resposta
sempre arriba tard.|{p:el} les guarda totes en una capsa.|Els segells els tria amb molta cura.]

A la bústia de {p:el} avui hi ha [una factura|una postal de {abroad}|propaganda de {shop:el}|una carta de {city}], [un catàleg|un avís|un
sobre blau] i una nota {q:del veí/de la veïna}. [La nota diu que la porta del carrer no tanca bé.|La nota demana silenci a partir de
{hour}.|La nota convida tothom a {event:un}.] [{p:el} ho llegeix tot a l'ascensor.|La resta va directa al reciclatge.|{p:el} contestarà
{future}.]
""",
    "phone": """
{p:el} ha [perdut|espatllat|canviat|oblidat] el mòbil [{moment}|al tren|a casa de {q:el}|a {place:el}]. [Ara fa servir un aparell vell de
{rel:meu}| Ara li has de trucar a la feina|Ara només contesta per correu] i [no pot fer fotos|troba a faltar els missatges|diu que viu més
{p:tranquil/tranquil·la}]. [El número nou és el {tel}.|Diu que en comprarà un {future}.|Un de nou costa {hundreds} euros.|Tampoc no és cap
drama.]

«[Bon dia|Bona tarda|Hola], que hi ha {p:el}?» «[No, ha sortit|Ara mateix no s'hi pot posar|És a {place:el}]. Li vol deixar un encàrrec?»
«[Sí, digui-li que truqui al {tel}|Sí, que {q:el} l'espera a {hour}|No cal, trucaré {future}].» «[Entesos|D'acord|Molt bé], [ja li ho
diré|en prenc nota|adeu-siau].» [Qui trucava era {q:el}|La veu era de {rel:meu}|{w:el} va penjar i va tornar a {task}|Després {w:el} va
apuntar-ho en un paper {color:m}].

La bateria del meu mòbil [només dura {few} hores|s'acaba de seguida|no es carrega bé]. [He abaixat la brillantor|He tancat {app}|He
canviat el carregador] i [sembla que ara va millor|no ha servit de res|continua igual]. [{p:el} diu que és vell.|Canviar-la costa
{price}.|El portaré a arreglar {future}.] [Mentrestant, vaig sempre amb el cable a la motxilla.|Si no contesto, ja sabeu per què.|Ahir es
va apagar quan era a {place:el}.]
""",
    "apps": """
Fa {few} dies que {p:el} fa servir {app} [per organitzar-se|cada matí|a totes hores]. [Li agrada que sigui senzilla|Li agraden els
colors|Troba que és molt pràctica], però [s'encalla quan hi ha poca cobertura|envia massa avisos|gasta molta bateria]. [{q:el} li ha
ensenyat a desactivar les notificacions.| Diu que la versió de pagament val {price}.|Si no millora, la desinstal·larà {future}.] [La va
descobrir quan era a {city}.|També la fa servir {rel:meu}.]

Per instal·lar {app}, [obre la botiga d'aplicacions de {device:el}|escriu el nom al cercador|mira que tinguis espai a la memòria]. Després
[prem el botó {color:m}|accepta els permisos|espera {many} segons] i [tria l'idioma|posa-hi el teu nom|activa els avisos]. [{rel:meu} ho
va fer en {few} minuts amb l'ajuda de {p:el}.|{p:el} la va instal·lar {moment} mentre era a {place:el}.|Si s'encalla, apaga {device:el} i
torna-ho a provar.|És gratuïta, però hi surten anuncis.]

Des de l'última actualització, {app} [no s'obre|es tanca tota sola|va molt lenta|ha canviat de color]. [L'he esborrada i l'he tornada a
instal·lar|He reiniciat {device:el}|He buscat ajuda al web] i [ara funciona bé|continua igual|he perdut totes les notes]. [{p:el} té el
mateix problema a {device:el}.|{p:el} diu que ho arreglaran {future}.|Vaig escriure a {mail} per queixar-me.]
""",
    "passwords": """
{p:el} [no recorda|ha oblidat|va canviar i ara no troba] la contrasenya [del correu|de {app}|del wifi de casa|de l'ordinador|del mòbil].
[L'ha provada {few} vegades|L'havia apuntada en un paper|Era el nom {pet:del seu/de la seva} {pet} amb un número] i [el compte s'ha
bloquejat|no hi ha manera d'entrar|al final n'ha fet una de nova]. [{q:el} li ha recomanat una frase llarga.|Ara la guarda en un lloc
segur.|Ha d'esperar {many} minuts.]

Una bona contrasenya [és llarga|no és el teu nom|barreja lletres i números|té més de dotze caràcters]. [No la diguis a ningú|No
l'escriguis a la pantalla|No facis servir la mateixa a tot arreu], [encara que t'ho demani un amic|encara que sigui més còmode|i canvia-la
si algú l'ha vista]. [{p:el} ho va aprendre quan li van entrar al compte {moment}.|{rel:meu} en té {many} i les recorda totes.|Jo faig
servir el títol d'una cançó i el número {hundreds}.]

Per entrar a {app} calen el correu, la contrasenya i un codi de {few} xifres que arriba al mòbil. [{p:el} troba que és pesat|A {p:el} li
sembla bé], però [així el compte és més segur|{q:el} prefereix fer servir l'empremta|és normal avui dia]. [Un dia el codi va trigar {many}
minuts.|Si canvies de número, avisa abans.|El perfil nou porta la foto de {pet:un}.]
""",
    "breakdown": """
{appliance:el} de {p:el} [s'ha espatllat|fa un soroll estrany|perd aigua|no s'engega|fa olor de cremat] [des de {day}|des de fa {few}
dies]. [El tècnic va venir a {hour}|{q:el}, que és {q.job}, hi va donar un cop d'ull|Van mirar el manual] i [va resultar que fallava
{feature}|va dir que arreglar-ho costaria {price}|no hi van trobar res]. [Al final n'han comprat {appliance:un de nou/una de nova}.|Ara
torna a funcionar.|De moment s'apanyen sense.]

Quan [s'espatlla|es trenca|deixa d'anar] {appliance:el}, [primer mira si està
{appliance:endollat/endollada}|{appliance:desendolla'l/desendolla-la}|no perdis la calma]. Després [comprova {feature}|busca la
garantia|neteja-ho amb un drap sec]. [Si fa més de {few} anys que {appliance:el/la} tens, potser val més canviar-{appliance:lo/la}.|Si
encara no va, truca al {tel}.|A mi em va passar {moment} i només era un fusible.]

Ahir, a {hour}, se'n va anar la llum a {street:el}. {p:el} [estava cuinant|era dins l'ascensor|feia servir {appliance:el}] i [va encendre
una espelma|va buscar la llanterna|va cridar {q:el}]. [Al cap de {many} minuts va tornar.|Havia saltat l'automàtic.|Els veïns van sortir
al replà.] [{appliance2:el}, però, ja no es va engegar més.|Ningú no es va fer mal.|Van sopar fred i van riure força.]
""",
    "trip": """
{p:el} i {q:el} van anar a {abroad} [amb tren|amb avió|amb cotxe] i s'hi van estar {few} dies. [Van visitar|Van veure] {sight:un} i
{sight2:un}, [van menjar {dish}|van fer {hundreds} fotos|van caminar molt] i [van perdre una maleta|van conèixer {w:el}|els va ploure cada
dia]. [Van tornar {pair:cansats però contents/cansades però contentes}.|Hi volen tornar {future}.|Tot plegat va costar {hundreds} euros
per cap.]

[Si vas a|Quan siguis a|Abans d'anar a] {abroad}, [reserva l'hotel amb temps|compra un mapa|porta roba còmoda]. [El millor moment és|Hi fa
més bo a] {season}. [No et perdis el mercat del centre.|Tasta els dolços de la plaça.|El bitllet de metro costa {few} euros.|Puja a la
torre a {hour}.] [{rel:meu} hi va viure {few} anys.|Jo hi vaig anar amb {p:el} i ens va encantar.]

[Faig la maleta|Demà marxem|Ja tinc els bitllets] per anar a {abroad}. Hi poso {clothes:un}, {clothes2:un} i {item:un}, [i encara em queda
lloc|i ja no es tanca|i {p:el} riu]. [Sortim a {hour}|El vol surt a {hour}] i [arribem al vespre|dormirem a casa d'un amic|l'hotel és prop
de {place:el}]. [Tinc por de volar, però no ho dic.|Només espero que no hi hagi {sky}.|{pet:el} es queda amb {rel:meu}.]
""",
    "train": """
El tren de {city} a {city2} [ha sortit|surt|havia de sortir] a {hour} [de la via {few}|amb {many} minuts de retard|ple de gom a gom].
[{p:el} ha trobat seient al costat de {q:el}|{p:el} viatja {p:dret/dreta}|{p:el} ha perdut el bitllet], [obre {writing}|menja
{fruit:un}|parla per telèfon] i [mira els camps|baixa una parada abans|no sent el revisor]. [Al final ha arribat a temps.|Un nen canta al
fons del vagó.|Fora hi ha {sky}.]

Vaig agafar el tren {moment} per anar a veure {rel:meu}. [A mig camí|Després de {city}|A la primera estació] ens vam aturar {many} minuts
[per una avaria| per culpa de la pluja|sense saber per què]. [La gent s'enfadava|Un senyor repartia {fruit:pl}|Una noia tocava la
guitarra] i jo [llegia|mirava l'hora|feia mots encreuats]. [Vam arribar a {city2} a {hour}.|El bitllet em va costar {price}.|La pròxima
vegada aniré amb autobús.]

Avís per als viatgers: [el tren|l'autobús|el ferri] amb destinació {city} [sortirà amb {many} minuts de retard|sortirà de la via
{few}|queda suspès fins al {date}]. [La causa és|El motiu és] [una avaria|el mal temps|un arbre caigut a la via|una obra]. [Els bitllets
serveixen per a qualsevol dia.|Per a més informació, truqueu al {tel}.|Hi haurà un autobús davant de {place:el}.] [Disculpeu les
molèsties.|Gràcies per la paciència.]
""",
    "weather": """
[Demà|{day}|Aquest cap de setmana] hi haurà {sky} a {city} i {sky2} a {city2}. Les temperatures [pujaran fins a {warm}|baixaran fins a
{cold}|no passaran de {mild}] graus [a l'interior|a la costa|a la muntanya]. [Es recomana no agafar el cotxe.|Millor quedar-se a casa.|A
partir de {hour}, el cel s'aclarirà.|Bufarà vent de mar.] [Més endavant tornarà el bon temps.|La nit serà tranquil·la.|Els pagesos estan
contents.]

{p:el} havia [estès la roba|organitzat un dinar a fora|sortit sense paraigua] quan va començar la [pluja|tempesta|nevada]. [Va córrer cap
a {room:el}|Es va refugiar dins de {place:el}|Va trucar a {q:el}] i [va esperar {many} minuts|va quedar {p:xop/xopa}|va riure de mala
gana]. [Després va sortir l'arc de Sant Martí.|L'endemà estava {p:refredat/refredada}.|En van parlar tota la setmana.]

M'agrada {season} perquè [els dies són més clars|l'aire fa olor de {plant}|puc menjar {fruit:pl}|es pot anar a {place:el}]. A {p:el}, en
canvi, li agrada més {season2}: diu que [dorm millor|té més energia|fa de bon passejar|hi ha menys gent pertot]. [No ens posarem mai
d'acord.|Cadascú té part de raó.|A {city} totes les estacions són boniques.]
""",
    "school": """
A classe de {subject}, {p:el} i {q:el} fan un treball sobre {wild:els}. [Han buscat informació a la biblioteca|Han fet un mural|Han escrit
{few} pàgines] i [l'exposaran {future}|el professor els ha felicitat|encara els falta la conclusió]. [{p:el} dibuixa molt bé.|{q:el} es
posa {q:nerviós/nerviosa} quan parla en públic.|Volen treure més d'un vuit.] [Els companys els faran preguntes.|La feina compta un {many}
per cent.]

L'examen de {subject} serà el {date} a {hour}. [Entren|S'han d'estudiar] {few} temes i [es pot portar calculadora|no es pot portar el
llibre|cal escriure amb bolígraf {color:m}]. {p:el} [estudia cada vespre amb {q:el}|ho ha deixat tot per a l'últim dia|fa esquemes de
colors]. [La mestra ha dit que no serà difícil.|Si suspèn, el repetirà {future}.|L'última vegada va treure un {few}.]

El primer dia d'escola, {p:el} portava {clothes:un} {color:{clothes.g}} i una motxilla nova. [Al pati|A l'hora d'esbarjo|A la fila] va
conèixer {q:el}, que [tenia {pet:un}|també era {q:nou/nova}|sabia jugar als escacs]. [Es van fer {pair:amics/amigues} de seguida.|Van
compartir {fruit:un}.|Avui encara es veuen cada {day}.] [La mestra es deia {w}.|El que més els agradava eren els contes.]
""",
    "work": """
{p:el} treballa de {p.job} [a {city}|en un despatx petit|prop de {place:el}] des de fa {few} anys. [Avui ha de|Abans de {hour} vol] {task}
i {task2}. [{q:el} l'ajuda quan pot|El telèfon no para de sonar|La impressora no té paper], però [tot surt bé|ho acabarà a temps|fa una
pausa per prendre {drink}]. [En plegar, va a nedar.|Diu que la seva feina li agrada.|El {day} farà festa.]

[Busquem|Es necessita] {p.job} per a [una empresa de {city}|un restaurant del centre|un taller familiar]. [Cal tenir|Es demana] {few} anys
d'experiència i [ganes de treballar en equip|carnet de conduir|coneixements d'anglès]. L'horari és de {hour} a {hour2} i el sou, de
{hundreds} euros setmanals. [Envieu el currículum a {mail}.|Pregunteu per {p:el}.|Les entrevistes seran el {date}.]

El meu primer dia de feina com a {me:cambrer/cambrera} va ser [un desastre|molt divertit|llarguíssim]. [Vaig trencar {few} plats|Vaig
confondre {dish:el} amb {dish2:el}| No trobava la porta de {room:el}] i {p:el}, que manava, [es va posar a riure|em va ensenyar com es
feia|no em va dir res]. [Ara ja fa {few2} anys que hi soc.|Vaig plegar {me:cansat/cansada}.|Amb les propines em vaig comprar {item:un}.]
""",
    "meeting": """
La reunió de {day} [serà a {hour}|s'ha canviat a {hour}|començarà a {hour}] a [la sala petita|la segona planta|la biblioteca|la sala
gran|{venue:el}]. [Parlarem de|Cal decidir] [les vacances|el pressupost de {hundreds} euros|la festa del barri|les obres de l'escala] i
{p:el} [portarà les dades|prendrà notes|farà una presentació]. [Durarà {many} minuts.|Si no podeu venir, aviseu {q:el}.|Hi haurà {drink}
per a tothom.]

[A la reunió de veïns|A l'assemblea|A la trobada d'ahir] hi van anar {many} persones. {p:el} va proposar [pintar l'escala|canviar la
porta|comprar {plant:pl}] i {q:el} va dir que [era massa car|li semblava molt bé|calia votar-ho]. [Es va aprovar per {few} vots.|No es va
decidir res.|Ho tornaran a discutir el {date}.] [Després tothom se'n va anar a sopar.|L'acta es penjarà al replà.]

{p:el} va arribar {many} minuts tard a la reunió perquè [el tren no venia|{pet:el} s'havia escapat|no trobava la sala]. [Es va
disculpar|Va seure al fons|Va obrir el quadern] i [va escoltar en silenci|va respondre totes les preguntes|va defensar la seva idea].
[{q:el} li va fer l'ullet.|Al final van aplaudir.|El cap, {w:el}, no va dir res.]
""",
    "health": """
A {p:el} li fa mal {body} [des de {day}|des de fa {few} dies|quan camina]. [Ha demanat hora al metge|Ha anat a l'ambulatori|Ha trucat a
l'hospital] i li han dit que ha de {remedy}. [Si no millora, hi tornarà {future}.|No és res greu.|Troba que és un bon consell.] [De
moment, {q:el} li fa la compra.|Aquesta setmana no farà esport.]

Per trobar-te bé, [el millor és|els metges recomanen|cal] {remedy} i {remedy2}. [També convé|A més, va bé] menjar {fruit:pl} i {veg:pl}.
{p:el}, que és {p.job}, [ho fa des de fa {few} anys|ho va provar i se sent millor|diu que costa al principi]. [Jo començaré {future}.|No
cal fer-ho tot de cop.]

[Ahir vaig anar|Dilluns vaig anar|Vaig anar] {me:tot sol/tota sola} al dentista a {hour}. [Em feia por|Vaig esperar {many} minuts|Vaig
llegir {few} revistes], però la doctora {surname} [va ser molt amable|em va explicar-ho tot|va acabar en un moment]. [No tinc cap
càries.|Hi he de tornar el {date}.|Em va costar {price}.] [Ara ja puc menjar {fruit:pl}.|Per celebrar-ho em vaig comprar {item:un}.]

{p:el} té [febre|tos|grip|al·lèrgia] i [s'ha quedat al llit|no ha anat a treballar|no té gana]. {q:el} li ha portat {dish:un}, {drink} i
{writing}. [El termòmetre marca trenta-vuit graus|El metge diu que ha de {remedy}|Ha dormit {few} hores], però [ja es troba millor|demà es
llevarà|{pet:el} no es mou del seu costat].
""",
    "sport": """
[Dissabte|{day}|Ahir] l'equip de {city} va [guanyar|perdre|empatar] [a casa|fora de casa] en un partit de
[bàsquet|futbol|handbol|hoquei|voleibol] [molt igualat|ple d'emoció|avorrit]. {p:el} [va marcar el primer gol|va fer {few} punts
seguits|es va lesionar al genoll] i {q:el} [va parar-ho tot|va fallar al final|va sortir a la segona part]. [Hi havia {hundreds}
espectadors.|L'entrenador estava {mood:m}.|El pròxim partit és el {date}.]

{p:el} practica {sport} des de fa {few} anys. S'entrena els {days} i els {days2} a {hour} [amb {q:el}|{p:tot sol/tota sola}|amb un grup de
{many} persones]. [El mes que ve competirà a {city}.|Fa {few2} anys va guanyar una medalla.|Diu que perdre també ensenya.] [La família
l'anima sempre.|Després té molta gana i menja {dish}.]

Vaig començar a córrer {moment} perquè [el metge m'ho va dir|{p:el} em va convèncer|volia perdre {few} quilos]. [El primer dia|Al
principi] només vaig aguantar {few2} minuts i [em feia mal {body}|em vaig haver d'aturar|un gos em perseguia]. [Ara corro {many} minuts
cada {day}.|La meta és la cursa de {city}.|He millorat a poc a poc i n'estic {me:content/contenta}.]
""",
    "garden": """
Al jardí de {p:el} hi ha {plant:un}, {plant2:un} i {few} [testos|torretes] amb {plant3:pl}. [A la primavera|Quan plou|Cada {day}] [treu
les males herbes|rega amb la mànega|poda les branques seques] amb l'ajuda de {q:el}. [Enguany {plant:el} ha crescut molt|Els cargols s'han
menjat {plant3:els}|Ha plantat també {veg:pl}], i [n'està {p:orgullós/orgullosa}|els veïns s'aturen a mirar|tot fa molt bona olor].

Per plantar {veg:pl}, [cava la terra|tria un lloc amb sol|compra llavors bones] i [deixa {many} centímetres entre planta i planta|posa-hi
adob|rega cada {few} dies]. [Al cap de {many2} dies|A {season}|Quan facin goig] ja els podràs collir. [Fes servir {gardentool:un}.|Si hi
ha pugó, renta les fulles amb sabó.|{rel:meu} en cull més de {few2} quilos.]

{plant:el} de {spot:el} [s'ha {plant:pansit/pansida}|ja no fa goig|té les fulles grogues|perd fulles]. {p:el} diu que [li falta aigua|li
toca massa el sol|cal un test més gran|hi ha massa humitat], però {q:el} creu que [és normal|li falta companyia|és culpa {pet:del/de la}
{pet}]. [Demà hi posaran terra nova.|L'han canviat de lloc.|La setmana que ve ja veurem.]
""",
    "animals": """
{p:el} té {pet:un} que es diu [Bruna|Nit|Coco|Lluna|Xispa|Mel|Tro|Nuvolet|Pipa|Kira]. [Dorm a {room:el}|Menja {few} cops al dia|Juga amb
{item:un}] i [té por dels trons|s'amaga quan ve {q:el}|no fa gens de soroll]. [El veterinari diu que està molt bé|L'altre dia es va
escapar i el van trobar prop de {place:el}|Va arribar a casa el {date}]. [És de la família.|Tothom se l'estima molt.|Només li falta
parlar.]

{moment}, {p:el} va veure {wild:un} [a la muntanya|al zoo de Barcelona|en un documental|en un llibre d'imatges]. [Era més gran del que es
pensava|Tenia uns ulls molt brillants|No es movia gens], i {p:ell/ella} [va fer-ne un dibuix|en va parlar tot el dia|va voler saber què
mengen {wild:els}]. [{q:el} li va deixar un llibre.|La pròxima vegada vol veure {wild2:pl}.|Des d'aquell dia {wild:el} és el seu animal
preferit.]

S'ha perdut {pet:un} {fur:{pet.g}} a prop de {street:el}, a {city}. Porta un collar {color2:m} i [té por de la gent|és molt
{pet:manyac/manyaga}|respon al nom de Coco]. [Si {pet:el/la} veieu, truqueu al {tel}.|Es gratificarà amb {price}.|La família {surname}
{pet:el/la} busca des de {day}.] [Gràcies a tothom.|Els nens ploren molt.]
""",
    "family": """
{rel:meu} es diu {rel:Ramon/Carme} i té {adult} anys. [Va néixer a {city}|Viu a {city}|Va treballar molts anys a {abroad}] i [li
encanta|sempre li ha agradat] {hobby}. [Els {days} ve a dinar a casa|Els diumenges ens prepara {dish}|Cada estiu anem plegats a
{sight:el}]. [M'ha ensenyat a {hobby2}.|Explica històries que no s'acaben mai.|Quan riu, se li tanquen els ulls.]

{p:el} i {q:el} són {pair:germans/germanes}, però no s'assemblen gens. {p:el} és {nature:{p.g}} i li agrada {hobby}; {q:el} és
{nature2:{q.g}} i prefereix {hobby2}. [De {pair:petits/petites}|Quan eren {pair:petits/petites}] [es barallaven per {item:un}|compartien
habitació|anaven junts a l'escola de {city}]. [Ara es truquen cada {day}.|Malgrat tot, s'estimen molt.]

Aquest Nadal serem {many} a taula. [{rel:meu} farà {dish}|Jo faré {dish2:un}|De primer hi haurà sopa de galets] i {p:el} portarà
{dessert:un}. [Els petits cantaran|L'avi farà trampes a les cartes|Després cagarem el tió] i [acabarem molt tard|cantarem nadales|farem la
migdiada]. [Falta saber on seurem tots.|A {q:el} li regalarem {item:un}.|Espero que ningú no parli de política.]
""",
    "money": """
{p:el} vol estalviar {hundreds} euros per [comprar {item:un}|anar a {abroad}|canviar {appliance:el}]. [Cada mes guarda|Cada setmana
aparta] {many} euros [en una guardiola|en un compte|en un sobre] i [ja no sopa fora|va a peu a la feina|ha deixat de comprar {staple}].
[{q:el} fa el mateix.|De moment en té la meitat.|Si tot va bé, hi arribarà {future}.] [Costa, però val la pena.|El més difícil són les
rebaixes.]

{p:el} ha deixat {many} euros a {q:el} [per pagar el lloguer|per comprar {item:un}|per al bitllet de tren]. {q:el} [els hi tornarà
{future}|ja n'hi ha tornat {few}|diu que no se n'oblida]. [Ho han apuntat en un paper.|Són {pair:amics/amigues} i no fan números.|{p:el}
no té pressa.] [Qui deixa diners a un amic ha de tenir paciència.|Abans era al revés.|Després han anat a fer {drink}.]

Aquest mes [he gastat massa|no arribo a final de mes|he fet números]: {hundreds} euros de lloguer, {many} de llum i {many2} de menjar. [El
que més puja és|El que es pot retallar és] [la calefacció|el transport|el telèfon|els capricis]. [He decidit apuntar-ho tot en una
llibreta.|Vendré {item:el}, que no faig servir.|{p:el} em dona bons consells.] [A veure si el mes vinent va millor.|Mai no se sap.]
""",
    "invoice": """
La factura [de l'aigua|de la llum|del gas|del telèfon|del dentista] d'aquest mes puja a {price}, [més que l'anterior|com sempre|una mica
menys que a l'hivern]. [S'ha de pagar|La cobraran|Caduca] el {date}. {p:el} [l'ha revisada amb {q:el}|la desa en una carpeta|no l'entén] i
[tot és correcte|hi ha trobat un error|trucarà {future}]. [El número és {code}.|També es pot pagar al banc.|L'any passat era més clara.]

[Factura|Rebut] número {code}, amb data del {date}. Client: {p} {surname}, {street} {many}, {city}. Concepte: {item} {color:{item.g}}.
Import: {price}, impostos inclosos. [Pagat amb targeta.|Pagament en efectiu.|Pendent de pagament.] [Gràcies per la vostra
compra.|Conserveu aquest paper per a la garantia.]

{p:el}, que és {p.job}, fa les factures [a mà|cada {day}|amb l'ordinador|el dia {few} de cada mes]. [En l'última|A la de {q:el}] va posar
{price} en lloc de {price2} i [va haver de refer-la|va demanar disculpes|ningú no ho va notar]. [Ara ho repassa dues vegades.|{w:el} li ha
ensenyat un programa nou.|Errar és humà.]
""",
    "letter": """
Estimada família:¶[Us escric des de|Ja soc a|Fa {few} dies que soc a] {abroad}. [Hi fa fred|Fa sol|Plou molt], però [estic bé|menjo
bé|tothom és amable]. Visc amb {p:el}, que és {p.job} i [cuina {dish}|parla una mica de català|sempre canta]. [Us enyoro molt.|Torno el
{date}.|Doneu menjar {pet:al/a la} {pet}.]¶[Una abraçada,|Petons,|Fins aviat,]¶{q}

[Hola|Benvolguts|Estimats] {p} i {q}:¶[Gràcies per la vostra carta|Em va fer molta il·lusió rebre {item:el}|Perdoneu que no us hagi escrit
abans]. [Aquí tot va bé|Per aquí no hi ha gaires novetats]: {rel:meu} [ha trobat feina a {city}|s'ha comprat {item2:un}|ja camina sense
bastó] i jo [he començat a estudiar {subject}|tinc {pet:un}|he après a {hobby}]. [Veniu-nos a veure {future}.|Escriviu quan
pugueu.]¶[Records,|Amb afecte,|Petons,]¶{w}

[Estimat diari|Estimat amic|Estimada amiga], [avui he rebut|ahir va arribar] una carta de {p:el}. [Diu que|Hi explica que] viu a
{street:el} de {city} i que [es casa amb {q:el}|treballa de {p.job}|té {few} gats]. [No en sabia res des de fa {many} anys|Vam estudiar
plegats|Quina alegria]! Li contestaré {future} i li enviaré [una foto|{writing}|{item:un}].
""",
    "email": """
Assumpte: [consulta|canvi d'hora|documents|reserva|pregunta sobre {item:el}]¶[Bon dia|Bona tarda], {p}:¶[T'adjunto|T'envio] [l'informe|les
fotos|el pressupost de {price}|els plànols] que [em vas demanar|vam comentar {day}|falten per {task}]. [Digues-me si t'arriba bé.|Si tens
cap dubte, truca'm al {tel}.|Necessitaria la resposta abans del {date}.]¶[Salutacions|Gràcies|Fins aviat],¶{q} {surname}

Benvolguts senyors:¶[Em poso en contacte amb vostès per|Els escric per] [demanar informació sobre {event:el}|reservar una habitació per a
{few} persones|saber el preu de {item:un}| anul·lar la cita del {date}]. [El meu correu és {mail}.|El meu telèfon és el {tel}.|Em poden
trucar a partir de {hour}.] [Els agraeixo l'atenció.|Quedo a l'espera de la seva resposta.]¶[Atentament|Cordialment],¶{p} {surname}

Hola, {p}!¶[Et va bé quedar {future}?|Com va la feina?|Has vist el correu de {q:el}?] [Podríem|Et proposo de] [anar a {event:el} de
{city}|dinar {dish}|parlar de la reunió|{task}]. [Jo acabo a {hour}|Jo tinc temps {day}|Porto jo el cotxe]. [Si no pots, cap
problema.|Contesta'm quan puguis.|Avisa també {w:el}.]¶[Petons|Una abraçada|Fins ara]!
""",
    "notice": """
[AVÍS|Avís important|Als veïns de {street:el}]: [el {date}|{future}|{day}], a partir de {hour}, [es tallarà l'aigua|no hi haurà llum|es
netejarà {place:el}|es pintarà l'escala| no es podrà aparcar]. [Els treballs duraran|Les obres duraran] {few} [hores|dies]. [Tanqueu bé
les aixetes.|No feu servir l'ascensor.|Retireu els vehicles.|Per a més informació, truqueu al {tel}.] [Disculpeu les molèsties.|Gràcies
per la comprensió.]

{place:el} de {city} [tancarà|obrirà|canviarà d'horari] el {date} [per vacances|per reformes|amb motiu {event:del/de la} {event}]. [El nou
horari serà de {hour} a {hour2}|Durant aquests dies es pot anar a {place2:el}|Tornarà a obrir al cap de {few} setmanes]. [L'entrada és
gratuïta.|Cal portar el carnet.|No s'admeten animals.] [La direcció.|L'equip de {place:el}.]

Es convoca tothom a {event:el} que tindrà lloc a {venue:el} el {date} a {hour}. [Hi participaran|Ho presentaran] {p:el} {surname} i {q:el}
{surname2}. [L'entrada costa {few} euros.|Places limitades a {many} persones.|Cal inscriure's a {mail}.] [En cas de pluja, es farà a
{venue2:el}.|Us hi esperem!]
""",
    "instructions": """
[Abans d'engegar|Per fer servir|Per netejar] {appliance:el}, [llegeix el manual|desendolla el cable|comprova {feature}]. [Primer|En primer
lloc], [omple el dipòsit|obre la tapa|treu el filtre]; [després|tot seguit], [prem el botó {color:m}|gira la roda fins al número
{few}|espera {many} segons]. [No hi posis mai {staple}.|Mantén-{appliance:lo/la} lluny dels nens.|Si fa soroll, atura-{appliance:lo/la}.]
[Passa-hi un drap un cop per setmana.|I ja està!]

Com [muntar|pintar|arreglar] {furniture:un}: 1. [Busca|Agafa] {tool:un} i {tool2:un}. 2. [Posa un plàstic a terra|Mesura bé l'espai|Separa
els cargols]. 3. [Treballa a poc a poc|Demana ajuda a {p:el}|Segueix el dibuix]. 4. Deixa-{furniture:lo/la} reposar {few} hores. [Si sobra
una peça, torna a començar.|{rel:meu} ho fa en {many} minuts.]

Per anar a {place:el} des de {place2:el}, [agafa {street:el}|puja per {street:el}|segueix {street:el}] [fins a la segona cantonada|uns
{hundreds} metres|fins al semàfor]. [Allà|Després] [tomba a l'esquerra|tomba a la dreta|continua recte] i [veuràs {shop:un}|travessa el
pont|passa per davant de {place3:el}]. [És a {few} minuts a peu.|No té pèrdua.|Si et perds, pregunta per {p:el}.]
""",
    "diary": """
{day}, {date}. Avui [m'he llevat|m'he despertat] {me:cansat/cansada} perquè [he somiat amb {wild:pl}|{pet:el} feia soroll|feia calor]. He
[dinat|esmorzat] amb {p:el} i hem parlat de [{hobby}|la feina| {season}|les vacances]. Després he [perdut {item:un} a {place:el}|trobat
{item:un} a {street:el}|comprat {item:un} al basar]. [Demà serà un altre dia.|Estic {mood:{me.g}} i no sé per què.|Em vull recordar
d'aquest dia.]

Estimat diari: {p:el} m'ha dit que se'n va a viure a {abroad}. [M'he quedat {me:mut/muda}|No m'ho esperava|Ja m'ho imaginava]. [Li
regalaré|Li he promès] {item:un} perquè [no s'oblidi de mi|hi pensi quan faci fred|li doni sort]. [Marxa el {date}.|Anirem a l'aeroport
amb {q:el}.|Aquesta nit no tinc son.] [Em sento {mood:{me.g}}.|La vida canvia molt de pressa.]

[Avui, per primera vegada,|Avui per fi] he [nedat a mar obert|cuinat {dish}|parlat en públic|conduït {few} hores]. [Em tremolaven les
cames|Tenia por de fer-ho malament], però {p:el}, que és {nature:{p.g}}, m'ha [animat|ajudat|agafat la mà]. [Ho repetiré {future}.|He
après que no n'hi ha per tant.|Per celebrar-ho hem menjat {dessert}.] Bona nit.
""",
    "news": """
{city}. [Un grup de {many} veïns|L'ajuntament|Una escola] ha [inaugurat|presentat|organitzat] {event:un} [a {venue:el}|a {street:el}|amb
l'ajuda de {p:el} {surname}]. [Hi van assistir {hundreds} persones|El pressupost és de {hundreds} euros|L'acte va començar a {hour}].
[L'any que ve es repetirà.|{q:L'alcalde/L'alcaldessa}, {q} {surname2}, n'està {q:molt content/molt contenta}.|Els diners recollits seran
per a {place2:el}.]

Els bombers van rescatar {pet:un} [que feia {few} hores que era dalt d'un arbre|que havia caigut en un pou|atrapat dins d'una canonada] a
{street:el} de {city}. [Un veí, {p} {surname}, va avisar a {hour}|Els fets van passar {day}]. [L'animal està bé i ja és a casa.|{pet:el}
no va patir cap ferida.|Els nens del carrer van aplaudir.] [La propietària els va regalar {dessert:un}.]

{p} {surname}, de {many} anys, ha guanyat [un concurs de cuina|un concurs de poesia|la cursa de {city}|un premi de fotografia|un torneig
d'escacs]. «[No m'ho esperava|Ho dedico a {rel:meu}|He treballat molt]», va dir [en rebre el premi|als periodistes|abans de marxar]. [El
premi és de {hundreds} euros i {item:un}.|{q:El segon classificat/La segona classificada} va ser {q} {surname2}.|Hi participaven {many2}
persones.]
""",
    "complaint": """
[Estic molt {me:enfadat/enfadada}|Vull fer una queixa|No n'estic gens {me:content/contenta}]: vaig comprar {item:un} per {price} i [va
arribar {item:trencat/trencada}|al cap de {few} dies es va trencar|no és del color que volia]. He [trucat {few2} vegades|escrit a
{mail}|anat a la botiga] i [ningú no em contesta|em diuen que esperi|em van tractar malament]. [Vull que em tornin els diners.|Exigeixo
una solució abans del {date}.|No hi compraré mai més.]

[Senyor director|Benvolguts senyors|A qui correspongui]: [els veïns de {street:el}|els pares de l'escola|els usuaris de {place:el}] ens
queixem [del soroll|de la brutícia|dels retards|de la falta de llum] que patim des de {day}. [La situació és insuportable a partir de
{hour}|Ja ho vam dir el {date}|Hem recollit {hundreds} signatures]. [Demanem una resposta ràpida.|Esperem que ho solucionin.]¶{p}
{surname}

El sopar d'ahir a {city} va ser un desastre. [Vam esperar {many} minuts|La taula era bruta|Feia fred] i {dish:el} [era
{dish:cremat/cremada}|no tenia gust de res|va arribar {dish:fred/freda}]. [El cambrer va posar mala cara|Ens van cobrar {price}|Van
confondre les begudes] i {p:el} [va demanar el llibre de reclamacions|es va enfadar|va callar per educació]. [No hi tornarem.|Ho explicaré
a tothom.]
""",
    "thanks": """
[Moltes gràcies|Mil gràcies|T'agraeixo molt|Gràcies de tot cor], {p}, per [{item:el} que em vas regalar|haver-me ajudat a {chore}|el sopar
de {day}|cuidar {pet:el}]. [Va ser un detall molt bonic|No sé què hauria fet sense tu|Em vas alegrar la setmana]. [Et dec un favor.|Quan
vulguis, vine a casa i faré {dish}.|{rel:meu} també t'envia records.] [Una abraçada,|Petons,] {q}

Volem donar les gràcies a {p:el} {surname}, {p.job} de {city}, [pels {few} anys de feina|per la seva paciència|per haver organitzat
{event:el}]. [Sense {p:ell/ella} no hauria estat possible|Sempre té un somriure|Ens ha ensenyat a {hobby}]. [Li hem regalat {item:un}
{color:{item.g}}.|El {date} li farem una festa.|{p:El/La} trobarem a faltar!]

[Gràcies|Moltíssimes gràcies] a {rel:meu} i a {p:el} [per la festa|per les flors|per tot]. [M'ha agradat sobretot|El millor ha
estat|Encara penso en] {item:el} {color:{item.g}}, [que ja faig servir|que és {item:preciós/preciosa}]. [També {dessert:el} era
{dessert:boníssim/boníssima}.|Ens ho vam passar molt bé fins a {hour}.] [Espero tornar-vos el favor {future}.|Sou els millors.]
""",
    "review": """
{fiction} que m'ha deixat {p:el} [m'ha agradat molt|se m'ha fet llarg|està bé]. [La història passa a {abroad}|El protagonista és
{wild:un}|Tracta de {q:un/una} {q.job} que viu a {city}] i [hi ha moments molt divertits|el final és una mica trist|costa deixar de
llegir]. [Li poso un {few}.|El recomano per a {season}.|{w:el} el va acabar en {few} dies.]

[Fa {few} setmanes que tinc|Vaig comprar|M'han regalat] {item:un} {color:{item.g}} i [n'estic {me:content/contenta}|no és el que
esperava|fa el que promet]. [És {item:lleuger/lleugera} i {item:pràctic/pràctica}|És {item:bonic/bonica} però {item:delicat/delicada}|Es
nota que és de qualitat], [encara que {price} em sembla car|i només val {price}|i va arribar abans del {date}]. [{item:El/La} tornaria a
comprar.|Tres estrelles de cinc.|{p:el} també en vol {item:un/una}.]

Hem dinat en un restaurant de {street:el}, a {city}. [De primer vam demanar|Jo vaig prendre|{p:el} va triar] {dish} i {drink}, i per
postres {dessert}. [Tot era boníssim|La carn era massa feta|El servei va ser lent], [però el preu, {price}, és correcte|però vam sortir
tips|i el local és molt agradable]. [Hi tornarem {future}.|Val més reservar.|Té una terrassa amb {plant:pl}.]
""",
    "object": """
{item:el} de {p:el} és {look:{item.g}}, {color:{item.g}} i [pesa menys d'un quilo|fa olor de nou|té {few} anys]. [{p:ell/ella}
{item:el/la} va comprar a {city} per {price}|{item:el/la} va heretar de l'àvia|{q:el} l'hi va regalar {moment}]. [{item:el/la} fa servir
cada dia.|No {item:el/la} deixa a ningú.|Quan viatja, sempre {item:el/la} porta.] [Per a {p:ell/ella} és un tresor.|Un dia {item:el/la} va
perdre i va plorar.]

A {room:el} tenim {furniture:un} {look:{furniture.g}} de color {color:m}. Fa {many} centímetres d'ample i [hi cap tot|hi posem
{item:el}|no encaixa enlloc]. [{rel:meu} {furniture:el/la} va fer amb les seves mans| Ve d'una casa vella de {city}|Costava {price}]. [A
{pet:el} li agrada pujar-hi.|Té una ratllada al costat.|Un dia {furniture:el/la} pintarem.]

Busco {item:un}: és {color:{item.g}}, [amb ratlles|amb una taca petita|amb les inicials de {p:el}], i [em sembla que {item:el/la} vaig
deixar a {place:el}|{item:el/la} vaig perdre {moment}]. [Té molt valor per a mi perquè era de {rel:meu}.|A dins hi havia {treasure}.|Si
algú {item:el/la} troba, que truqui al {tel}.] [Gràcies.|Hi ha recompensa.]
""",
    "person": """
{p:el} és {p:un home/una dona} de {many} anys, {nature:{p.g}} i {nature2:{p.g}}, que viu a {city}. Porta [ulleres|el cabell
curt|{clothes:un} {color:{clothes.g}}|sempre una motxilla] i [parla amb les mans|riu fort|camina de pressa]. Li agrada {hobby} i [no
suporta {chore}|col·lecciona {item:pl}|somia anar a {abroad}]. [{q:el} diu que és la seva millor amistat.|A la feina l'estimen.]

{moment} vaig conèixer {p:el}, {p:el nou/la nova} {p.job} de {place:el}. [Em va semblar|Sembla] {nature:{p.g}}, però [en realitat és
{nature2:{p.g}}|quan parla de {hobby} canvia|amb els nens és {nature2:{p.g}}]. [Va néixer a {abroad} i parla {few} llengües.|Té {pet:un} i
toca el piano.|Fa {few} anys que va arribar a {city}.] [Ara ens veiem sovint.|M'ha convidat a {event:un}.]

[De petit|De petita|Quan era jove] jo era {nature:{me.g}} i [tenia por de {wild:els}|volia ser {q.job}|passava els estius a {city}]. Ara
[tinc {many} anys|treballo de {p.job}|he canviat molt] i m'agrada {hobby}. [Encara guardo {item:el} d'aquella època.|{rel:meu} diu que no
he canviat gens.|Qui m'ho havia de dir!]
""",
    "place": """
{city} és [un bon lloc per viure|una ciutat que m'agrada molt|més gran del que sembla]. [Al centre hi ha|Té] {place:un} {look:{place.g}},
{shop:un} i {place2:un}. [Els {days} hi ha mercat|A l'estiu s'omple de visitants|A la nit és molt tranquil·la] i [s'hi menja {dish}|tothom
es coneix|es pot passejar per {street:el}]. [{p:el} hi va néixer.|Hi vaig viure {few} anys.|Hi tornaré {future}.]

{place:el} del meu barri [és {look:{place.g}}|té {many} anys|obre a {hour}]. A l'entrada hi ha {plant:un} i {furniture:un} de color
{color:m}. [Hi treballa {p:el}, que és {nature:{p.g}}|Els nens hi juguen cada tarda|Sempre hi fa fresca]. [M'hi trobo amb {q:el} els
{days}.|Diuen que {place:el/la} tancaran {future}.]

Des de {room:el} es veu [el mar|la muntanya|{place:el}|{street:el}]. A {season}, [la llum és daurada|arriba l'olor de {plant}|se senten
els ocells], i {p:el} [s'hi asseu amb {drink}|hi posa {furniture:un}|hi llegeix {writing}]. [És el seu racó preferit.|Només hi falta
{pet:un}.|Ningú no {p:el/la} molesta fins a {hour}.]
""",
    "story": """
[Hi havia una vegada|Fa molts anys hi havia|En un poble petit vivia] {wild:un} que volia [aprendre a {hobby}|veure el mar|ser
{wild:amic/amiga} de {pet:un}]. [Els altres animals se'n reien|Ningú no s'ho creia], però un dia va trobar {treasure} {hideout}. [Amb allò
a les potes|Tot d'una|Sense pensar-s'ho], va [caminar {few} dies|demanar consell a {wild2:un}|travessar el bosc] i [ho va aconseguir|va
entendre que ja era feliç|va tornar a casa per explicar-ho]. [I vet aquí un gos, vet aquí un gat, aquest conte s'ha acabat.|Des
d'aleshores ningú més no se'n va riure.]

{moment}, mentre [netejava|pintava|endreçava] {room:el}, {p:el} va trobar {treasure} {hideout}. [No sabia de qui era|Li va bategar el
cor|Al costat hi havia un nom: {w}] i [va trucar a {q:el}|va córrer a {place:el}|ho va amagar sota la jaqueta]. [La bibliotecària li va
explicar que tenia més de {many} anys|{rel:meu} ho va reconèixer de seguida|Un vell del poble va somriure en veure-ho]. [Al final ho van
tornar a la família {surname}.|Encara ho guarda a la tauleta de nit.|El misteri no es va resoldre mai.]

Una nit de {sky}, {p:el} [sentí un soroll a {room:el}|no podia dormir|va veure llum a casa de {q:el}]. [Va agafar {tool:un}|Es va posar
{clothes:el}|Va encendre una espelma] i va [baixar les escales a poc a poc|obrir la porta de cop|sortir al carrer]. Era {pet:un} que
[buscava menjar|havia fet caure {item:el}|tremolava de fred]! [Se {pet:el/la} va quedar per sempre.|L'endemà van riure tots plegats.|Van
acabar dormint junts al sofà.]
""",
    "comparison": """
[Entre|Si he de triar entre] {city} i {abroad}, [em quedo amb la primera|prefereixo la segona]. A {city} [tot és més a prop|es menja més
bé|tinc els amics]; a {abroad}, en canvi, [hi ha més museus|els lloguers són més cars|fa més fred a l'hivern]. {p:el} pensa [el
contrari|el mateix que jo|que totes dues cansen]. [Al capdavall, depèn de cadascú.|L'ideal seria viure mig any a cada lloc.]

{p:el} i {q:el} treballen al mateix despatx, però són molt diferents: {p:el} és {nature:{p.g}} i {q:el} és {nature2:{q.g}}. [Quan hi ha un
problema|Si toca {task}|A l'hora de dinar], {p:el} [parla amb tothom|fa una llista|truca al cap] i {q:el} [calla i espera|ho fa tot
{q:sol/sola}|se'n va a passejar]. [Plegats fan un bon equip.|{w:el}, que hi treballa, diu que es complementen.]

{vehicle:el} és més [ràpid|còmode|barat|net] que {vehicle2:el}, però [no sempre va bé|depèn del trajecte|cal pensar on es deixa]. Per anar
de {city} a {city2}, {p:el} agafa {vehicle:el} i {q:el}, {vehicle2:el}. [L'últim cop, {q:el} va arribar {many} minuts abans.|Gasten
gairebé el mateix: {price}.|Quan hi ha {sky}, {pair:tots dos/totes dues} es queden a casa.]

{clothes:el} {color:{clothes.g}} val {price} i {clothes2:el} {color2:{clothes2.g}} val {price2}. {p:el} prefereix {clothes:el} perquè
[abriga més|és {clothes:més bonic/més bonica}|li recorda {rel:meu}]; a {q:el} li agrada més l'altra opció. [A la botiga de {street:el} hi
ha rebaixes.|Al final se n'emporten totes dues coses.|Decidiran {future}.]
""",
    "opinion": """
[Penso que|Crec que|Em sembla que|Per a mi,] {hobby} és [una bona manera de descansar|més difícil del que sembla|un plaer senzill]. [Hi ha
qui diu que és perdre el temps|{p:el} no hi està d'acord], però [a mi m'ajuda a pensar|tothom hauria de provar-ho|jo ho faig des de fa
{few} anys]. [No cal gastar-hi gaires diners.|Als {days}, és el millor que hi ha.|I si és amb {q:el}, encara millor.]

[Esteu a favor o en contra|Què en penseu] [de posar deures a l'estiu|de tenir animals al pis|de treballar des de casa|d'obrir les botigues
el diumenge]? {p:el}, que és {p.job}, [hi està a favor|hi està en contra|no ho té clar] perquè [cadascú ha de poder triar|els nens
necessiten jugar|la vida ja és prou complicada]. {q:el} [creu el contrari|hi afegeix que depèn de l'edat|només demana respecte]. [Van
parlar-ne {many} minuts sense enfadar-se.|Jo encara dubto.]

A {city} volen [tancar|canviar de lloc|ampliar] {place:el}. [A mi em sembla una bona idea, perquè l'edifici és vell|A mi em sembla bé,
encara que serà car|Trobo que és un error, perquè hi va molta gent gran|Trobo que costaria massa diners|No sé què pensar-ne]. {p:el} ha
recollit {hundreds} signatures. [La decisió es prendrà el {date}.|Espero que ens escoltin.|El temps dirà qui té raó.]
""",
    "question": """
Per què {p:el} [no ha vingut|fa aquesta cara|va tan de pressa]? Perquè [li fa mal {body}|ha perdut {item:el}|el tren surt a
{hour}|{pet:el} no es troba bé]. [I {q:el}, què hi diu?|I què farà ara?] [{q:el} diu que no és res.|Ara anirà a {place:el} i després ja
veurà.|De moment esperarà {many} minuts.]

On és {item:el} {color:{item.g}}? [Era|{item:El/La} vaig deixar] a {room:el}, al costat de {furniture:el}. Doncs [ara no hi és|jo hi veig
només {item2:un}|potser l'ha {item:agafat/agafada} {p:el}]. [Mira a {room2:el}.|Pregunta-ho a {rel:meu}.|Ja sortirà quan no {item:el/la}
busquis.]

Quant costa {item:un} {color:{item.g}} com {item:el teu/la teva}? [Depèn de la botiga|Aquí val {price}|A {city} n'he vist per {price}]. [I
si en compro {few}?|I de segona mà?|I si pago ara mateix?] [Llavors et surt per {price2}.|Llavors et fan un petit descompte.|Demana-ho a
{p:el}, que hi entén.]

Què farem {future}? [Podríem anar a {place:el} de {city}.|{p:el} vol anar a {event:el}.|Jo em quedaria a casa.] I si hi ha {sky}? [Doncs
jugarem a les cartes amb {q:el}.|Doncs farem {dish:un} i mirarem una pel·lícula.|Doncs agafarem un paraigua i endavant.] [I a quina hora?
A {hour}.|Em sembla perfecte.]
""",
    "plans": """
{future} [anirem|volem anar|hem quedat per anar] a {place:el} de {city} amb {p:el} i {q:el}. [Ens trobarem a {hour}|Sortirem a
{hour}|Passarem a buscar-{pair:los/les} a {hour}] i [dinarem {dish}|portarem entrepans|dinarem pel camí]. [Si hi ha {sky}, ho deixarem per
a un altre dia.|Al vespre hi ha {event:un}.|Cal portar calçat còmode.] [Quines ganes!|Encara hem de comprar les entrades.]

Quan [acabi els estudis|tingui vacances|em jubili|guanyi prou diners], vull [viure a {abroad}|aprendre a {hobby}|obrir {shop:un} a
{city}|tenir {pet:un}]. [Ja he començat a estalviar|En parlo cada dia amb {p:el}|Tinc {few} idees apuntades]. {rel:meu} diu que [és una
bogeria|ho aconseguiré|no hi ha pressa]. [De moment, somiar és gratis.|Començaré {future}.]

Agenda de {p}: {day} a {hour}, {task}; {day2} a {hour2}, dentista; {day3}, {chore} i sopar amb {q:el}. [El {date} no pot perquè té
{event:un}.|Dissabte no té res, i ja li va bé.|Si falla alguna cosa, anirà a {place:el}.] [Tot plegat, una setmana plena.|Ho apunta tot
amb bolígraf {color:m}.]
""",
    "party": """
El {date} és l'aniversari de {p:el}, que fa {many} anys. {q:el} [prepara|organitza] una festa [sorpresa|amb música] [al menjador|a la
terrassa|al pati|al jardí|a casa de {w:el}|al garatge] i [ha convidat {few2} amics|ha comprat {dessert:un}|ha penjat garlandes]. De regal
li faran {item:un} {color:{item.g}}. [Cal arribar a {hour} i no fer soroll.|Ningú no li ha dit res encara.|Falta comprar les espelmes.]

La festa de {p:el} va [començar|acabar] a {hour}. Hi havia {dish}, {dessert} i {drink}, i [tothom ballava|{q:el} va cantar|els nens
corrien pertot]. De sobte, [se'n va anar la llum|va entrar {pet:un}|es va trencar un got|es va espatllar {appliance:el}], [però ningú no
es va enfadar|i tothom va riure]. [Va ser una nit per recordar.|L'endemà van haver d'endreçar {room:el}.|Els veïns també van baixar.]

Estàs {you:convidat/convidada} a [un sopar|un berenar|un dinar|una festa] a casa de {p:el}, a {street:el} {many} de {city}. Serà el {date}
a {hour}. [Porta {drink}.|No cal que portis res.|Pots venir amb {pet:el}.] [Confirma-ho al {tel}.|Digues si vindràs abans de {day}.|Hi
haurà {dessert}.]
""",
    "ad": """
[Venc|Es ven|Regalo] {item:un} {color:{item.g}}, [{item:nou/nova}|gairebé {item:nou/nova}|{item:usat/usada} però en bon estat].
[{item:El/La} vaig comprar fa {few} mesos i no {item:el/la} faig servir|Em canvio de pis i no m'hi cap|Me n'han regalat {item:un altre/una
altra}]. [Preu: {price}.|Demano {price}, negociables.|Es pot recollir a {city}.] [Truqueu al {tel}.|Escriviu a {mail}.|Pregunteu per
{p:el}.]

[Es lloga|Llogo|Busco] pis a {city}, a prop de {place:el}: {few} habitacions, {room:un} i {room2:un}. [El lloguer és de {hundreds}
euros.|Està moblat i té ascensor.|S'admeten animals.] [Disponible a partir del {date}.|Es pot visitar els {days} a {hour}.] Contacte: {p}
{surname}, {tel}.

{p:Professor/Professora} de {subject} amb {few} anys d'experiència [dona classes|fa classes particulars] a {city} [o per internet|a
domicili|per a tots els nivells]. [El preu és de {many} euros l'hora.|La primera classe és gratuïta.|Grups de {few2} persones.] [Horari:
{days} a {hour}.|Escriviu a {mail} i pregunteu per {p:el}.]
""",
    "hobby": """
A {p:el} li agrada {hobby} i ho fa [cada {day}|sempre que pot|des de fa {few} anys]. [Va començar amb {q:el}|Li'n va ensenyar {rel:meu}|Va
aprendre'n mirant vídeos] i ara [n'ensenya a altra gent|participa en {event:un}|hi gasta {many} euros al mes]. [Diu que així oblida els
problemes.|Somia fer-ho a {abroad}.|A casa tothom hi està acostumat.]

{event:el} de {city} es fa cada any a {season}. [Enguany hi actuaran|Enguany hi seran] {p:el} {surname} i {q:el} {surname2}, i [l'entrada
val {few} euros|hi haurà {dish} per a tothom|s'espera més gent que mai]. [Jo hi vaig anar fa {few2} anys i em va agradar.|Comença a
{hour}, però val més arribar d'hora.] [Si hi ha {sky}, es farà a {venue:el}.]

Vull apuntar-me a un curs per aprendre a {hobby}. Es fa a {venue:el} els {days} a {hour} i costa {many} euros al mes. [{p:el} ja hi va|Hi
ha {few} places lliures|La professora es diu {w}] i [comença el {date}|cal portar {item:un}|només has d'omplir un full]. [Em fa una mica
de vergonya, però m'hi llançaré.|Així coneixeré gent nova.]
""",
}
# Chat messages: written in lower case, and often without accents.
CHATS: tuple[str, ...] = (
    "ei {p}! [vens|t'apuntes] {future} a {place:el}? [hem quedat a {hour}|sortim a {hour}] amb {q:el}. [porta {drink}|no cal q "
    "portis res|jo porto {dessert:un}] [i avisa si fas tard|dius algo?|petons]",
    "ostres, [m'he deixat|he perdut] {item:el} [al tren|a casa teva|a {place:el}]. [{item:el/la} pots buscar?|si ho veus "
    "avisa'm.|quin cap tinc.] era {color:{item.g}} i [em va costar {price}|era de {rel:meu}]. [gracies!|em truques?|estic "
    "fatal]",
    "[hola|bones|ei], ja soc a {city}. [fa un fred que pela|hi ha {sky}|tot be]. {p:el} [arriba a {hour}|encara dorm|fa tard, "
    "com sempre]. [compro {staple} i {fruit:pl}?|què sopem?|us espero a {place:el}]. [fins ara|petons|ja em dius]",
    "nois, {day} [no puc|no vindré], [tinc {event:un}|em fa mal {body}|he de {task}]. [ho deixem per {day2}?|quedem a {hour} "
    "un altre dia?|perdoneu]. {p}, [t'has quedat tu {item:el}?|pots avisar {q:el}?|guarda'm {dessert}]. merci",
    "has acabat {fiction} q et vaig deixar? ara {p:el} ho vol llegir també. [jo vaig per la pàgina {many}|jo l'he acabat en "
    "{few} dies], [m'encanta|quin rotllo|el final es molt fort]. [parlem {future}|bona nit|demà m'expliques]",
    "mama, [he arribat bé|el bus va tard|plego a {hour}]. [he menjat {dish}|tinc gana|{p:el} em porta amb cotxe]. [recorda "
    "{chore}|compra {staple} i {staple2}|{pet:el} ja ha menjat?]. t'estimo, [fins després|un petó|adeu]",
)


def _plans(text: str) -> tuple[str, ...]:
    return tuple(" ".join(block.split()) for block in text.strip().split("\n\n"))


def _write(plans: tuple[str, ...], random: Random) -> str:
    return Scene(random).say(random.choice(plans))


def _chat(random: Random) -> str:
    text = Scene(random).fill(random.choice(CHATS)).lower()
    return text.translate(str.maketrans("àèéíòóú", "aeeioou")) if random.random() < 0.5 else text


def _facts(random: Random) -> str:
    topic = random.choice(list(FACTS))
    facts = random.sample(FACTS[topic], random.randint(3, 5))
    if random.random() < 0.5:
        opening = random.choice(
            (
                f"Coses que se saben sobre {topic}.",
                f"Avui parlem sobre {topic}.",
                "Sabíeu tot això?",
                f"Unes quantes veritats sobre {topic}.",
                "A classe hem après coses noves.",
            )
        )
        return Scene(random).say(opening + " " + ". ".join(facts) + ".")
    first, second, *others = facts
    opening = random.choice(
        (
            "{p:el} ha llegit que {a} i que {b}.",
            "Tothom sap que {a}, però potser no tothom sap que {b}.",
            "{p:el} explica a {q:el} que {a} i que {b}.",
            "És cert que {a}. També és cert que {b}.",
        )
    )
    scene = Scene(random)
    scene.update(a=first, b=second)
    return scene.say(opening + " " + ". ".join(("a més, " if index == 0 else "") + fact for index, fact in enumerate(others)) + ".")


def _sums(random: Random) -> str:
    scene = Scene(random)
    count, each = random.randint(2, 12), random.randint(2, 60)
    total = count * each
    paid = total + random.randint(2, 40)
    scene.update(count=count, each=each, total=total, paid=paid, rest=paid - total)
    return scene.say(
        random.choice(
            (
                "{p:el} compra {count} {item:pl} a {shop:el} i [cada peça val|paga per cada peça] {each} euros. En total [són|gasta|ha de "
                "pagar] {total} euros. Dona"
                " {paid} euros i li'n tornen {rest}. [Després va a {place:el}.|{q:el} l'ajuda a portar-ho tot.|N'està {p:content/contenta}.]",
                "[Si una entrada costa|Si cada entrada val] {each} euros i en volem {count}, [hem de pagar|necessitem] {total} euros. "
                "{p:el} n'ha portat {paid}; per tant, en sobren"
                " {rest}. [Amb això comprarem {drink}.|Els guardarem per a {day}.|{q:el} ho ha comptat dues vegades.] [Anirem a {event:el} "
                "a {hour}.|]",
                "{p:el} estalvia {each} euros [cada setmana|cada mes]. [Al cap de|Després de] {count} [vegades|ingressos] en té {total}. "
                "[Vol comprar {item:un} que val {paid} euros"
                "|Li agradaria tenir {item:un}, que costa {paid} euros], i encara li'n falten {rest}. [{q:el} li'n deixarà una "
                "part.|Tindrà paciència.|Ho aconseguirà {future}.]",
            )
        )
    )


def _calendar(random: Random) -> str:
    scene = Scene(random)
    index = random.randrange(7)
    born = random.randint(1930, 2005)
    now = random.randint(2010, 2026)
    start, length = random.randint(8, 19), random.randint(1, 4)
    scene.update(today=DAYS[index], tomorrow=DAYS[(index + 1) % 7], yesterday=DAYS[index - 1], later=DAYS[(index + 2) % 7])
    scene.update(born=born, now=now, age=now - born)
    scene.update(start=start, end=start + length, length=f"{length} hores" if length > 1 else "una hora")
    return scene.say(
        random.choice(
            (
                "Avui és {today}; ahir era {yesterday} i demà serà {tomorrow}. {p:el} [té dentista|té hora al metge|queda amb {q:el}|té "
                "{event:un}] demà passat, és a dir, {later}, a {hour}."
                " [Ho té apuntat al calendari.|El mateix dia ha de {task}.|Hi anirà amb {vehicle}.]",
                "{p:el} va néixer l'any {born} a {city}. L'any {now} va [fer|complir] {age} anys i [va marxar a viure a {abroad}|va anar a "
                "viure amb {q:el}|va obrir {shop:un}]."
                " [Li agrada {hobby}.|Treballa de {p.job}.|La seva estació preferida és {season}.]",
                "{event:el} comença a les {start}.00 i acaba a les {end}.00: dura {length}. {p:el} hi va [amb {q:el}|{p:sol/sola}|per "
                "primera vegada] i [porta {drink}|surt de casa amb"
                " {vehicle}|seu a primera fila]. [El lloc és {venue:el} de {city}.|L'entrada val {few} euros.]",
            )
        )
    )


def _talk(random: Random) -> str:
    return Scene(random).say(
        random.choice(
            (
                "—[Bon dia|Bona tarda], {p}, com va?¶—[Anar fent|Molt bé|Una mica {mood:{p.g}}]. [Avui he de {chore}|Vinc de {place:el}|Em "
                "fa mal {body}]. I tu, {q}?¶—Jo [me'n vaig a {place2:el}|busco"
                " {item:un}|espero {rel:meu}]. [Ens veiem {future}?|Vols {drink}?]¶—[I tant!|Ara no puc, gràcies.|A {hour}, si et va bé.]",
                "—Has vist {item:el}? —va preguntar {p:el}.¶—[És a {room:el}|Era {hideout}|No, ho sento] —va respondre {q:el}—. [Per què "
                "{item:el/la} vols?|Sempre ho perds tot.|Busca bé.]¶—Perquè"
                " [{item:el/la} necessito|marxo a {abroad}|{rel:meu} me n'ha demanat {item:un/una}].",
                "{p:el} i {q:el} parlaven [a la cafeteria|al menjador|al parc|a la terrassa]. «"
                "[Jo sempre he volgut {hobby}|Jo no sabria viure a {city}|M'agradaria tenir "
                "{pet:un}]», deia {p:ell/ella}. «[Doncs prova-ho|Doncs no ho entenc|Ja t'entenc]», responia"
                " {q:el} [rient|molt {q:seriós/seriosa}|mentre bevia {drink}]. [Van parlar fins a {hour}.|De sobte va sonar el telèfon.|Al "
                "final van decidir anar a {abroad}.]",
            )
        )
    )


PROSE: dict[str, Callable[[Random], str]] = {name: partial(_write, _plans(text)) for name, text in PLANS.items()} | {
    "chat": _chat,
    "facts": _facts,
    "sums": _sums,
    "calendar": _calendar,
    "talk": _talk,
}


def _words(*kinds: str) -> tuple[Noun, ...]:
    return tuple(sorted({word for kind in kinds for word in WORDS[kind] if isinstance(word, Noun) and " " not in word.singular}))


NOUNS = _words("item", "appliance", "veg", "fruit", "pet", "wild", "plant", "place", "clothes", "vehicle", "tool", "furniture", "sight")

# name -> (questions about %s, sentences that hold the slot, answer)
EXTRACTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "extract_name": (
        (
            "Quin nom de persona hi ha en aquesta frase? «%s»",
            "Extreu el nom de la persona: %s",
            "De qui parla el text? %s",
            "Digues només el nom: «%s»",
            "Troba el nom propi de persona.¶%s",
            "Quina persona surt a la frase «%s»?",
            "Copia el nom de la persona que hi ha aquí: %s",
            "Llegeix i digues com es diu la persona.¶%s",
            "%s¶Quin nom hi surt?",
        ),
        (
            "{p:el} arribarà {future} amb {vehicle}.",
            "[Ahir|Avui] {p:el} ha comprat {item:un} per {price}.",
            "Demà {p:el} ha de {task}.",
            "A {p:el} li agrada {hobby}.",
            "{moment} vaig veure {p:el} a {place:el}.",
            "El paquet és per a {p:el}.",
            "{p:el} viu a {city} i treballa de {p.job}.",
        ),
        "{p}",
    ),
    "extract_date": (
        (
            "Quina data hi ha en aquesta frase? «%s»",
            "Extreu la data: %s",
            "Digues només la data.¶%s",
            "Quin dia serà, segons el text? %s",
            "Troba la data: «%s»",
            "Llegeix la frase i copia'n la data.¶%s",
            "%s¶Quina és la data?",
            "Per a quin dia és? %s",
        ),
        (
            "{event:el} serà el {date} a {city}.",
            "La reunió s'ha canviat al {date}.",
            "{p:el} arriba el {date} a {hour}.",
            "La factura de {price} s'ha de pagar abans del {date}.",
            "El {date} anirem a {abroad} amb {q:el}.",
            "{place:el} tancarà el {date} per reformes.",
        ),
        "{date}",
    ),
    "extract_price": (
        (
            "Quin preu hi ha en aquesta frase? «%s»",
            "Extreu el preu: %s",
            "Quant val, segons el text? %s",
            "Digues només el preu.¶%s",
            "Troba la quantitat de diners: «%s»",
            "Copia el preu que surt aquí: %s",
            "%s¶Quin és el preu?",
            "Quants diners són? «%s»",
        ),
        (
            "{item:el} {color:{item.g}} costa {price}.",
            "{p:el} va pagar {price} per {item:un}.",
            "A {city} he vist {item:un} per {price}.",
            "El sopar amb {q:el} va costar {price}.",
            "L'entrada per a {event:el} val {price}.",
            "La factura d'aquest mes és de {price}.",
        ),
        "{price}",
    ),
    "extract_place": (
        (
            "Quina ciutat surt en aquesta frase? «%s»",
            "Extreu el nom de la ciutat: %s",
            "On passa? Digues només la ciutat.¶%s",
            "Troba la ciutat: «%s»",
            "De quina ciutat parla el text? %s",
            "Copia el nom de la ciutat que hi ha aquí: %s",
            "%s¶Quina ciutat hi surt?",
            "Llegeix i digues la ciutat.¶%s",
        ),
        (
            "{p:el} viu a {city} des de fa {few} anys.",
            "{event:el} es fa a {city} el {date}.",
            "{moment} vam anar a {city} amb {vehicle}.",
            "A {city} hi ha {place:un} que m'agrada molt.",
            "{rel:meu} va comprar {item:un} a {city}.",
            "{future} {p:el} marxa a {city}.",
        ),
        "{city}",
    ),
    "extract_email": (
        (
            "Quin correu electrònic hi ha aquí? %s",
            "Extreu l'adreça electrònica: %s",
            "Digues només el correu.¶%s",
            "Troba l'adreça de correu: «%s»",
            "A quin correu cal escriure? %s",
            "Copia el correu electrònic d'aquesta frase: %s",
            "%s¶Quin és el correu?",
            "Quina adreça electrònica surt al text? «%s»",
        ),
        (
            "Escriu a {mail} abans del {date}.",
            "El correu de {p:el} és {mail} i viu a {city}.",
            "Si vols {item:un}, envia un missatge a {mail} i t'ho explico.",
            "Per a més informació, {mail} o el telèfon {tel}.",
        ),
        "{mail}",
    ),
    "extract_phone": (
        (
            "Quin número de telèfon hi ha aquí? %s",
            "Extreu el telèfon: %s",
            "Digues només el número de telèfon.¶%s",
            "Troba el telèfon: «%s»",
            "A quin número cal trucar? %s",
            "Copia el telèfon d'aquesta frase: %s",
            "%s¶Quin és el telèfon?",
            "Quin telèfon surt al text? «%s»",
        ),
        (
            "Truca a {p:el} al {tel} a partir de {hour}.",
            "El meu número nou és el {tel}.",
            "Si trobeu {pet:el}, truqueu al {tel}, a {city}.",
            "{p} {surname}, {p.job}, telèfon {tel}.",
        ),
        "{tel}",
    ),
    "extract_number": (
        (
            "Quin número hi ha en aquesta frase? «%s»",
            "Extreu el número: %s",
            "Digues només la xifra.¶%s",
            "Troba el número: %s",
            "Quina quantitat surt al text? %s",
            "Copia el número que hi ha aquí: «%s»",
            "%s¶Quin és el número?",
            "Llegeix i digues el número.¶%s",
        ),
        (
            "{p:el} té {hundreds} llibres a {room:el}.",
            "A {event:el} hi van anar {hundreds} persones.",
            "Al magatzem hi havia {hundreds} {fruit:pl}.",
            "{rel:meu} té {hundreds} segells.",
            "He caminat {hundreds} metres fins a {place:el}.",
            "A l'escola de {city} hi ha {hundreds} nens.",
        ),
        "{hundreds}",
    ),
}

# (text, question, answer)
QUESTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "{p:el} ha comprat {item:un} {color:{item.g}} a {city}.",
        "[Què ha comprat {p:el}|Què va comprar {p:el}]?",
        "{item:un} {color:{item.g}}",
    ),
    ("{p:el} ha comprat {item:un} {color:{item.g}} a {city}.", "[De quin color és|Quin color té] {item:el}?", "{color:{item.g}}"),
    ("{p:el} i {q:el} van anar a {abroad} amb {vehicle}.", "On van anar?", "A {abroad}"),
    ("{p:el} i {q:el} van anar a {abroad} amb {vehicle}.", "Amb què hi van anar?", "Amb {vehicle}"),
    ("El tren surt a {hour} de {city}.", "A quina hora surt el tren?", "A {hour}"),
    ("El tren surt a {hour} de {city}.", "D'on surt el tren?", "De {city}"),
    ("{p:el} treballa de {p.job} i li agrada {hobby}.", "De què treballa {p:el}?", "De {p.job}"),
    ("{p:el} treballa de {p.job} i li agrada {hobby}.", "Què li agrada a {p:el}?", "{hobby}"),
    ("A {room:el} hi ha {few} {fruit:pl} i {pet:un}.", "Quin animal hi ha?", "{pet:un}"),
    ("A {room:el} hi ha {few} {fruit:pl} i {pet:un}.", "[Quina fruita hi ha|Quines fruites hi ha]?", "{fruit:pl}"),
    ("{q:el} té {many} anys i viu amb {rel:meu}.", "Quants anys té {q:el}?", "{many}"),
    ("{item:el} és a {room:el}, sota {furniture:el}.", "On és {item:el}?", "A {room:el}, sota {furniture:el}"),
    ("{day} {p:el} ha de {chore} i {day2} ha de {task}.", "Què ha de fer {p:el} {day}?", "{chore}"),
    ("Per sopar hi ha {dish} i de postres {dessert}.", "Què hi ha de postres?", "{dessert}"),
    ("Per sopar hi ha {dish} i de postres {dessert}.", "Què hi ha per sopar?", "{dish}"),
)

# (text, question whose answer is yes, question whose answer is no)
YES_NO: tuple[tuple[str, str, str], ...] = (
    ("{p:el} viu a {city}.", "Viu a {city} {p:el}?", "Viu a {city2} {p:el}?"),
    ("{p:el} té {pet:un}.", "Té {pet:un} {p:el}?", "Té {pet2:un} {p:el}?"),
    ("{item:el} és {color:{item.g}}.", "És {color:{item.g}} {item:el}?", "És {color2:{item.g}} {item:el}?"),
    (
        "{p:el} treballa de {p.job} amb {q:el}.",
        "[Treballa amb {q:el}|Treballa amb algú]?",
        "[Treballa sense companyia|Treballa amb {w:el}]?",
    ),
    ("La reunió és {day} a {hour}.", "La reunió és {day}?", "La reunió és {day2}?"),
    ("Hem comprat {veg:pl} i {fruit:pl}.", "Han comprat {fruit:pl}?", "Han comprat {fruit2:pl}?"),
    ("A {p:el} li agrada {hobby}.", "Li agrada {hobby}?", "Li agrada {hobby2}?"),
    ("{place:el} és a prop i {shop:el} és lluny.", "És lluny {shop:el}?", "És lluny {place:el}?"),
    ("{p:el} ha llegit {writing} però no ha acabat {writing2}.", "Ha llegit {writing}?", "Ha acabat {writing2}?"),
    ("{moment} vam menjar {dish}.", "Van menjar {dish}?", "Van menjar {dish2}?"),
)

TOPICS: dict[str, tuple[str, ...]] = {
    "menjar": (
        "Per sopar farem {dish} i {dessert}.",
        "Falten {veg:pl} i {staple} per fer {dish:un}.",
        "[Aquesta|La] recepta porta {staple} i {fruit:pl}.",
        "Tinc gana, vull {dish:un}.",
    ),
    "viatges": (
        "Demà agafem l'avió cap a {abroad}.",
        "He reservat un hotel a {abroad} per a {few} nits.",
        "La maleta per anar a {abroad} ja és feta.",
        "De vacances visitarem {city} i {abroad}.",
    ),
    "diners": (
        "He de pagar el lloguer: {hundreds} euros.",
        "Vull estalviar {hundreds} euros al banc.",
        "El compte només té {many} euros.",
        "{p:el} em deu {price}.",
    ),
    "salut": (
        "Em fa mal {body} des de {day}.",
        "El metge m'ha dit que he de {remedy}.",
        "{p:el} té febre i tos.",
        "Tinc hora al metge {day} a {hour}.",
    ),
    "tecnologia": (
        "{app} no s'obre després de l'actualització.",
        "El wifi no arriba a l'ordinador de {p:el}.",
        "He de reiniciar {device:el} i canviar la contrasenya.",
        "La bateria de {device:el} no dura gens.",
    ),
    "casa": (
        "Avui toca {chore} i {chore2}.",
        "Hem pintat les parets de {room:el}.",
        "Hem posat {furniture:un} a {room:el}.",
        "Cal {chore} abans que arribi {p:el}.",
    ),
    "esport": (
        "El partit de {day} va acabar {few} a {few2}.",
        "{p:el} s'entrena per a la cursa de {city}.",
        "L'equip de {city} ha guanyat la lliga.",
        "{p:el} ha marcat {few} gols.",
    ),
    "escola": (
        "L'examen de {subject} és el {date}.",
        "La mestra ens ha posat deures de {subject}.",
        "{p:el} ha tret un {few} de {subject}.",
        "A classe de {subject} fem un treball.",
    ),
    "feina": (
        "Abans de {hour} he de {task}.",
        "Tinc una reunió amb el cap {day} a {hour}.",
        "A l'oficina, {p:el} ha de {task}.",
        "Busquem {p.job} amb {few} anys d'experiència.",
    ),
    "animals": (
        "{pet:el} de {p:el} ha d'anar al veterinari.",
        "Al bosc hem vist {wild:un}.",
        "{wild:els} i {wild2:els} viuen en llibertat.",
        "{pet:el} dorm tot el dia.",
    ),
    "el temps": (
        "Demà hi haurà {sky} a {city}.",
        "Quin fred! Fa {cold} graus i hi ha {sky}.",
        "{day} tindrem sol i {warm} graus a {city}.",
        "La tempesta arribarà a {city} {day}.",
    ),
}

SENTIMENTS: dict[str, tuple[str, ...]] = {
    "positiu": (
        "M'encanta {item:el} que m'ha regalat {p:el}!",
        "Quin dia tan bonic hem passat a {city}!",
        "{dish:el} era {dish:boníssim/boníssima}, gràcies.",
        "Estic molt {me:content/contenta} amb {item:el}.",
        "{event:el} de {city} ha estat {event:fantàstic/fantàstica}: hi tornaré.",
        "{p:el} ha estat molt amable amb mi.",
        "Per fi tinc {item:un} {color:{item.g}}, que bé!",
    ),
    "negatiu": (
        "{item:el} s'ha trencat el primer dia, quin desastre.",
        "No m'ha agradat gens {dish:el}.",
        "Estic {me:fart/farta} d'esperar {p:el}.",
        "{event:el} de {city} ha estat {event:avorridíssim/avorridíssima}.",
        "Quina llàstima, he perdut {item:el}.",
        "{p:el} m'ha cridat i m'ha tractat molt malament.",
        "{item:el} és massa {item:car/cara} i no funciona.",
    ),
    "neutre": (
        "{p:el} arriba {day} a {hour}.",
        "{item:el} és de color {color:m}.",
        "El tren de {city} surt a {hour}.",
        "La reunió serà el {date}.",
        "A {room:el} hi ha {furniture:un}.",
        "{place:el} és a {street:el}.",
        "{p:el} viu a {city}.",
    ),
}

LANGUAGES: dict[str, tuple[str, ...]] = {
    "català": (
        "Bon dia, {p}, com estàs?",
        "Demà anirem a {city} amb tren.",
        "M'agrada molt aquesta cançó, {p}.",
        "Tinc {few} germans i un gos.",
        "No sé on he deixat les claus, {p}.",
        "Aquest vespre soparem a {city}.",
        "Fa {few} anys que visc aquí.",
        "Vols venir a la platja, {p}?",
        "Hem comprat {few} pomes.",
        "{p} treballa a {city}.",
    ),
    "castellà": (
        "Buenos días, {p}, ¿cómo estás?",
        "Mañana iremos en tren hasta {city}.",
        "Me gusta mucho esta canción, {p}.",
        "Tengo {few} hermanos y un perro.",
        "No sé dónde he dejado las llaves, {p}.",
        "Esta noche cenaremos en {city}.",
        "Hace {few} años que vivo aquí.",
        "¿Quieres venir a la playa, {p}?",
        "Hemos comprado {few} manzanas.",
        "{p} trabaja en {city}.",
    ),
    "italià": (
        "Buongiorno, {p}, come stai?",
        "Domani andremo a {city} in treno.",
        "Mi piace molto questa canzone, {p}.",
        "Ho {few} fratelli e un cane.",
        "Non so dove ho messo le chiavi, {p}.",
        "Stasera ceniamo a {city}.",
        "Vivo qui da {few} anni.",
        "Vuoi venire in spiaggia, {p}?",
        "Abbiamo comprato {few} mele.",
        "{p} lavora a {city}.",
    ),
    "anglès": (
        "Good morning, {p}, how are you?",
        "Tomorrow we will go to {city} by train.",
        "I like this song very much, {p}.",
        "I have {few} brothers and a dog.",
        "I don't know where I left the keys, {p}.",
        "We will have dinner in {city} tonight.",
        "I have lived here for {few} years.",
        "Do you want to come to the beach, {p}?",
        "We bought {few} apples.",
        "{p} works in {city}.",
    ),
    "francès": (
        "Bonjour, {p}, comment vas-tu ?",
        "Demain nous irons à {city} en train.",
        "J'aime beaucoup cette chanson, {p}.",
        "J'ai {few} frères et un chien.",
        "Je ne sais pas où j'ai mis les clés, {p}.",
        "Ce soir nous dînerons à {city}.",
        "J'habite ici depuis {few} ans.",
        "Tu veux venir à la plage, {p} ?",
        "Nous avons acheté {few} pommes.",
        "{p} travaille à {city}.",
    ),
}

# (long text, short text)
SHORTENINGS: tuple[tuple[str, str], ...] = (
    ("Et volia dir que, si no hi ha res de nou, {p:el} arribarà {day} a {hour}.", "{p:el} arriba {day} a {hour}."),
    ("Com que ja no me'n queda gens, hauré d'anar a la botiga a comprar {staple}.", "He de comprar {staple}."),
    ("Em sap molt de greu haver-t'ho de dir, però {day} no podré anar a {event:el}.", "{day} no puc anar a {event:el}."),
    ("A mi, la veritat, el que més m'agrada de tot és {hobby}.", "M'agrada {hobby}."),
    ("Després de pensar-hi molta estona, {p:el} ha decidit que vol comprar {item:un}.", "{p:el} vol comprar {item:un}."),
    ("La persona que viu a la casa del costat, que es diu {p}, té {pet:un}.", "{p:el} té {pet:un}."),
    ("Us recordem a tots que la reunió que havíem de fer serà el {date}.", "La reunió és el {date}."),
    ("Si no recordo malament, {item:el} que busques és en algun lloc de {room:el}.", "{item:el} és a {room:el}."),
    ("Ahir, quan ja era fosc i feia fred, {p:el} i {q:el} van arribar finalment a {city}.", "{p:el} i {q:el} van arribar a {city}."),
    ("Ens agradaria molt que poguessis venir a sopar a casa nostra {day}.", "Vine a sopar {day}."),
    ("El preu que ens han donat per {item:el}, que és {color:{item.g}}, és de {price}.", "{item:el} val {price}."),
)

# (message, reply)
REPLIES: tuple[tuple[str, str], ...] = (
    (
        "Vols venir a {event:un} {day}?",
        "[Gràcies per convidar-me! Hi aniré amb molt de gust.|Moltes gràcies, però {day} no puc.|Em ve molt de gust, gràcies!]",
    ),
    (
        "T'he comprat {item:un} pel teu aniversari.",
        "[Moltes gràcies, quin detall!|Gràcies! Em fa molta il·lusió.|Que amable, moltes gràcies!]",
    ),
    ("Ho sento, arribaré {many} minuts tard.", "[Cap problema, t'espero.|No passa res, gràcies per avisar.|D'acord, fins ara!]"),
    (
        "Em podries deixar {item:el}?",
        "[I tant, aquí {item:el/la} tens.|És clar que sí, cap problema.|Ho sento, ara {item:el/la} necessito.]",
    ),
    (
        "Estic {me:trist/trista} perquè he perdut {item:el}.",
        "[Em sap greu. Espero que {item:el/la} trobis aviat.|Quina llàstima! T'ajudo a buscar-{item:lo/la}?|Ho sento molt, ànims.]",
    ),
    ("He aprovat l'examen de {subject}!", "[Enhorabona, t'ho mereixes!|Felicitats, quina alegria!|Que bé! Me n'alegro molt.]"),
    (
        "{rel:meu} està {rel:malalt/malalta}.",
        "[Ho sento, espero que millori aviat.|Em sap greu, envia-li records.|Ànims! Si necessites res, avisa'm.]",
    ),
    ("Gràcies per ajudar-me a {chore}.", "[De res, ha estat un plaer.|No es mereixen!|De res, per a això hi som.]"),
    ("Quedem a {hour} a {place:el}?", "[Perfecte, ens veiem allà a {hour}.|D'acord, fins després!|Em va bé, gràcies.]"),
    (
        "Bon dia, soc {p:el}, {p:el nou veí/la nova veïna}.",
        "[Bon dia, {p}, {p:benvingut/benvinguda}!|Molt de gust, {p}.|Hola, {p}! Si necessites res, truca.]",
    ),
    (
        "Marxo de viatge a {abroad} {future}.",
        "[Bon viatge! Ja m'ho explicaràs.|Que t'ho passis molt bé a {abroad}!|Quina sort, bon viatge!]",
    ),
)

COURTESIES: tuple[tuple[str, str], ...] = (
    ("[Saluda|Digues hola a|Digues bon dia a] {p:el}.", "[Hola, {p}!|Bon dia, {p}!|Hola, {p}, com estàs?]"),
    ("[Acomiada't de|Digues adeu a] {p:el}.", "[Adeu, {p}!|Fins aviat, {p}!|A reveure, {p}!]"),
    ("[Dona les gràcies a|Agraeix-ho a] {p:el} per {item:el}.", "[Gràcies per {item:el}, {p}!|Moltes gràcies, {p}, per {item:el}.]"),
    (
        "[Felicita|Escriu una felicitació per a] {p:el}, que fa {many} anys.",
        "[Per molts anys, {p}!|Felicitats pels teus {many} anys, {p}!]",
    ),
    (
        "[Desitja bon viatge a|Fes un comiat per a] {p:el}, que va a {abroad}.",
        "[Bon viatge a {abroad}, {p}!|Que tinguis un bon viatge a {abroad}, {p}!]",
    ),
    ("[Demana perdó a|Disculpa't amb] {p:el} perquè fas tard.", "[Perdona, {p}, faig tard.|Ho sento, {p}, arribo tard.]"),
    ("[Convida|Escriu una invitació per a] {p:el} a sopar {day}.", "[{p}, vols venir a sopar {day}?|Hola, {p}! Vine a sopar {day}.]"),
    ("[Hola|Bon dia|Ei]! Em dic {p}.", "[Hola, {p}! Molt de gust.|Bon dia, {p}! En què et puc ajudar?|Hola, {p}! Com va?]"),
    ("[Desitja bona nit a|Digues bona nit a] {p:el}.", "[Bona nit, {p}!|Bona nit, {p}, dorm bé!]"),
)

_SENTENCES = """
París és la capital de França
Roma és la capital d' Itàlia
Lisboa és la capital de Portugal
Una setmana té set dies
Un any té dotze mesos
Un dia té vint-i-quatre hores
Una hora té seixanta minuts
Després de dilluns ve dimarts
Després de dimecres ve dijous
Després de divendres ve dissabte
Després de gener ve febrer
Després de març ve abril
Després de juny ve juliol
Després de setembre ve octubre
Després de novembre ve desembre
El gos borda i el gat miola
La vaca fa llet i la gallina fa ous
El contrari de gran és petit
El contrari de fred és calent
El contrari de nit és dia
La neu és de color blanc
La sang és de color vermell
L'herba és de color verd
El carbó és de color negre
A l'estiu fa calor i a l'hivern fa fred
Per tallar el pa fem servir un ganivet
Per obrir la porta fem servir la clau
Per escriure fem servir un llapis
Quan plou obrim el paraigua
Les abelles fan mel
El pa es fa amb farina
El vi es fa amb raïm
El formatge es fa amb llet
Els peixos viuen a l' aigua
Els ocells tenen dues ales
Una aranya té vuit potes
Un triangle té tres costats
Un quadrat té quatre costats
Per Sant Jordi es regalen llibres i roses
La Terra gira al voltant del Sol
Els llibres es deixen a la biblioteca
Quan tenim son anem a dormir
Quan tenim set bevem aigua
Una dotzena són dotze unitats
Un segle són cent anys
Al matí diem bon dia i al vespre diem bona nit
Dos i dos fan quatre
Cinc i cinc fan deu
El pare del meu pare és el meu avi
La germana de la meva mare és la meva tieta
Al semàfor, el vermell vol dir parar
El guant es posa a la mà
La sabata es posa al peu
El barret es posa al cap
Amb les orelles sentim i amb els ulls hi veiem
"""
COMPLETIONS = tuple(line.rpartition(" ")[::2] for line in _SENTENCES.strip().split("\n"))  # (start, last word)


def _ask(scene: Scene, wordings: tuple[str, ...], text: str = "") -> str:
    """One of the instruction wordings, with text put verbatim where it says %s."""
    return scene.fill(scene.random.choice(wordings)).replace("%s", text)


def _joined(items: list[str]) -> str:
    return ", ".join(items[:-1]) + " i " + items[-1]


def _some_text(scene: Scene) -> str:
    """A sentence, a list, a code, an address or a few words."""
    random = scene.random
    return random.choice(
        (
            lambda: scene.say(random.choice([text for text, *_ in QUESTIONS] + [text for texts in TOPICS.values() for text in texts])),
            lambda: " ".join(noun.singular for noun in random.sample(NOUNS, random.randint(2, 4))),
            lambda: scene.fill("{code}"),
            lambda: scene.fill("{mail}"),
            lambda: scene.fill("{p} {surname}"),
            lambda: scene.fill("{date}, {hour}"),
            lambda: scene.fill("{item} {color:{item.g}}, {price}"),
        )
    )()


def _copy(scene: Scene) -> tuple[str, str]:
    text = _some_text(scene)
    return _ask(
        scene,
        (
            "Copia aquest text: %s",
            "Copia exactament: %s",
            "Repeteix el text tal com és: %s",
            "Escriu el mateix: %s",
            "Torna a escriure això.¶%s",
            "Copia sense canviar res.¶%s",
            "Repeteix: %s",
            "Escriu exactament el que ve ara: %s",
            "Fes-ne una còpia: %s",
        ),
        text,
    ), text


def _repeat(scene: Scene) -> tuple[str, str]:
    word, times = scene.random.choice(NOUNS).singular, scene.random.randint(2, 5)
    scene["times"] = {2: "dues", 3: "tres", 4: "quatre", 5: "cinc"}[times]
    return _ask(
        scene,
        (
            "Escriu {times} vegades la paraula %s.",
            "Repeteix %s {times} vegades.",
            "Digues {times} vegades: %s",
            "Posa la paraula «%s» {times} vegades.",
            "Vull llegir {times} vegades la paraula %s.",
            "Copia «%s» {times} vegades.",
            "Repeteix {times} vegades «%s».",
            "{times} vegades: %s",
        ),
        word,
    ), " ".join([word] * times)


def _extract(name: str, scene: Scene) -> tuple[str, str]:
    questions, sentences, answer = EXTRACTIONS[name]
    text = scene.say(scene.random.choice(sentences))
    return _ask(scene, questions, text), scene.fill(answer)


def _topic(scene: Scene) -> tuple[str, str]:
    options = scene.random.sample(list(TOPICS), scene.random.randint(3, 6))
    topic = scene.random.choice(options)
    scene["options"] = ", ".join(options)
    return _ask(
        scene,
        (
            "De quin tema parla? Opcions: {options}.¶%s",
            "Tria el tema ({options}): %s",
            "Classifica el missatge en un d'aquests temes: {options}.¶%s",
            "Temes: {options}.¶Missatge: %s¶Quin tema és?",
            "«%s» Quin és el tema: {options}?",
            "Posa una etiqueta al text. Etiquetes: {options}.¶%s",
            "Llegeix i digues el tema.¶%s¶Temes possibles: {options}",
            "Quina etiqueta hi va millor, {options}? %s",
        ),
        scene.say(scene.random.choice(TOPICS[topic])),
    ), topic


def _sentiment(scene: Scene) -> tuple[str, str]:
    sentiment = scene.random.choice(list(SENTIMENTS))
    return _ask(
        scene,
        (
            "És positiu, negatiu o neutre? %s",
            "Digues el sentiment (positiu, negatiu, neutre): %s",
            "Quin sentiment expressa? %s¶Positiu, negatiu o neutre.",
            "Classifica l'opinió en positiu, negatiu o neutre.¶%s",
            "«%s» Positiu, negatiu o neutre?",
            "Com és el to del missatge: positiu, negatiu o neutre?¶%s",
            "Tria: positiu, negatiu o neutre. %s",
            "Etiqueta el sentiment amb positiu, negatiu o neutre: %s",
        ),
        scene.say(scene.random.choice(SENTIMENTS[sentiment])),
    ), sentiment


def _yes_no(scene: Scene) -> tuple[str, str]:
    text, true, false = scene.random.choice(YES_NO)
    answer = scene.random.choice(("Sí", "No"))
    text = scene.say(text)
    scene["question"] = scene.say(true if answer == "Sí" else false)
    return _ask(
        scene,
        (
            "%s {question}",
            "Respon sí o no. %s {question}",
            "Text: %s¶Pregunta: {question}",
            "Llegeix: %s¶{question} Sí o no?",
            "Segons el text, sí o no? %s {question}",
            "%s¶{question}",
            "{question} (sí o no)¶%s",
            "Digues només sí o no.¶%s¶{question}",
        ),
        text,
    ), answer


def _short_answer(scene: Scene) -> tuple[str, str]:
    text, question, answer = scene.random.choice(QUESTIONS)
    text = scene.say(text)
    scene["question"] = scene.say(question)
    return _ask(
        scene,
        (
            "%s {question}",
            "Llegeix i respon. %s {question}",
            "Text: %s¶Pregunta: {question}",
            "{question}¶%s",
            "Respon en poques paraules. %s {question}",
            "Segons aquesta frase: {question}¶%s",
            "%s¶{question}",
            "Contesta amb el text.¶%s¶{question}",
        ),
        text,
    ), scene.say(answer) + "."


def _opposite(scene: Scene) -> tuple[str, str]:
    pair = list(scene.random.choice(OPPOSITES))
    scene.random.shuffle(pair)
    return _ask(
        scene,
        (
            "Quin és el contrari de «%s»?",
            "[Digues|Escriu] el contrari de «%s».",
            "[En una paraula|Sisplau|Ràpid]: el contrari de «%s»?",
            "Contrari de «%s»:",
            "Quina paraula vol dir el contrari de «%s»?",
            "L'oposat de «%s» és...",
            "Escriu l'antònim de «%s».",
            "Busca una paraula oposada a «%s».",
            "Quin és l'antònim de «%s»?",
            "Si no és «%s», és...",
            "Digues el contrari: %s",
            "Antònim: %s",
        ),
        pair[0],
    ), pair[1]


def _plural(scene: Scene) -> tuple[str, str]:
    noun = scene["noun"] = scene.random.choice(NOUNS)
    return scene.random.choice(
        (
            (
                _ask(
                    scene,
                    (
                        "Quin és el plural de «{noun}»?",
                        "Escriu el plural: {noun}",
                        "Posa en plural la paraula {noun}.",
                        "Plural de {noun}:",
                        "Un: {noun}. Molts:",
                        "Digues el plural de «{noun}».",
                        "Com es diu {noun} en plural?",
                        "Passa «{noun}» al plural.",
                    ),
                ),
                f"{noun:pl}",
            ),
            (
                _ask(
                    scene,
                    (
                        "Posa en plural: {noun:el}",
                        "Passa «{noun:el}» al plural amb l'article.",
                        "Plural, amb article: {noun:el}",
                        "Escriu en plural «{noun:el}».",
                    ),
                ),
                f"{noun:els}",
            ),
            (
                _ask(
                    scene,
                    (
                        "Quin és el singular de «{noun:pl}»?",
                        "Escriu el singular: {noun:pl}",
                        "Posa en singular la paraula {noun:pl}.",
                        "Passa «{noun:pl}» al singular.",
                    ),
                ),
                noun.singular,
            ),
        )
    )


def _article(scene: Scene) -> tuple[str, str]:
    noun = scene["noun"] = scene.random.choice(NOUNS)
    return scene.random.choice(
        (
            (
                _ask(
                    scene,
                    (
                        "Posa l'article (el, la, l') a la paraula «{noun}».",
                        "Quin article va davant de «{noun}»? Escriu-ho tot junt.",
                        "El, la o l'? {noun}",
                        "Escriu «{noun}» amb article.",
                        "Article i nom: {noun}",
                        "Afegeix l'article definit: {noun}",
                        "Com s'escriu amb article: {noun}?",
                        "Amb article: {noun}",
                    ),
                ),
                f"{noun:el}",
            ),
            (_ask(scene, ("Un o una? {noun}", "Posa un o una davant de «{noun}».", "Escriu «{noun}» amb un o una.")), f"{noun:un}"),
            (
                _ask(scene, ("Masculí o femení? {noun}", "Quin gènere té la paraula «{noun}»?", "De quin gènere és «{noun}»?")),
                f"{noun:masculí/femení}",
            ),
        )
    )


def _spelling(scene: Scene) -> tuple[str, str]:
    random = scene.random
    word = random.choice((random.choice(NOUNS).singular, random.choice(MEN + WOMEN)))
    return random.choice(
        (
            (
                _ask(
                    scene,
                    (
                        "Lletreja la paraula %s.",
                        "Com es lletreja «%s»?",
                        "Escriu lletra per lletra: %s",
                        "Separa les lletres de «%s».",
                        "Lletreja: %s",
                        "Digues les lletres de %s.",
                        "Quines lletres té «%s»? Escriu-les per ordre.",
                        "Posa un guió entre les lletres: %s",
                    ),
                    word,
                ),
                "-".join(word),
            ),
            (
                _ask(
                    scene,
                    (
                        "Quina paraula és? %s",
                        "Ajunta les lletres: %s",
                        "Uneix les lletres i escriu la paraula: %s",
                        "Què hi diu? %s",
                    ),
                    "-".join(word),
                ),
                word,
            ),
            (
                _ask(scene, ("Amb quina lletra comença «%s»?", "Quina és la primera lletra de %s?", "Primera lletra de «%s»:"), word),
                word[0],
            ),
            (_ask(scene, ("Amb quina lletra acaba «%s»?", "Quina és l'última lletra de %s?", "Última lletra de «%s»:"), word), word[-1]),
        )
    )


def _count(scene: Scene) -> tuple[str, str]:
    items = [noun.singular for noun in scene.random.sample(NOUNS, scene.random.randint(2, 8))]
    return _ask(
        scene,
        (
            "Quantes coses hi ha a la llista? %s",
            "Compta les paraules: %s",
            "Quantes paraules hi ha? %s",
            "Digues quants elements té la llista: %s",
            "Compta: %s",
            "Llista: %s. Quants elements hi ha?",
            "%s¶Quantes paraules són?",
            "Quants noms hi ha aquí? %s",
        ),
        ", ".join(items),
    ), str(len(items))


def _case(scene: Scene) -> tuple[str, str]:
    text = scene.fill(scene.random.choice(("{p} {surname}", "{item} {color:{item.g}}", "{hobby}", "{dish}", "{chore}", "{wild}")))
    if scene.random.random() < 0.7:
        return _ask(
            scene,
            (
                "Escriu en majúscules: %s",
                "Posa-ho tot en majúscules: %s",
                "Passa a majúscules: %s",
                "En majúscules: %s",
                "Converteix en majúscules: %s",
                "Vull aquest text en majúscules: %s",
                "Amb lletres majúscules: %s",
                "Canvia a majúscules: %s",
            ),
            text,
        ), text.upper()
    return _ask(
        scene,
        (
            "Escriu en minúscules: %s",
            "Posa-ho tot en minúscules: %s",
            "Passa a minúscules: %s",
            "En minúscules: %s",
        ),
        text.upper(),
    ), text.lower()


def _ends(scene: Scene) -> tuple[str, str]:
    items = [noun.singular for noun in scene.random.sample(NOUNS, scene.random.randint(3, 6))]
    first = scene.random.random() < 0.5
    scene["which"] = "la primera" if first else "l'última"
    return _ask(
        scene,
        (
            "Quina és {which} paraula? %s",
            "Digues {which} paraula de la llista: %s",
            "Copia només {which} paraula: %s",
            "Vull {which} paraula de: %s",
            "De totes aquestes paraules, quina és {which}? %s",
            "Escriu {which}: %s",
            "%s¶Quina és {which} paraula?",
            "Llista: %s. I {which} és...",
        ),
        scene.random.choice((" ", ", ")).join(items),
    ), items[0] if first else items[-1]


def _odd_one_out(scene: Scene) -> tuple[str, str]:
    group, other = scene.random.sample(list(GROUPS), 2)
    odd = scene.random.choice([word for word in GROUPS[other] if word not in GROUPS[group]])
    items = scene.random.sample(GROUPS[group], scene.random.randint(3, 4)) + [odd]
    scene.random.shuffle(items)
    return _ask(
        scene,
        (
            "Quina paraula no hi encaixa? %s",
            "Troba l'intrús: %s",
            "Quin element sobra? %s",
            "Quina és diferent de les altres? %s",
            "Digues la paraula que no és del grup: %s",
            "Busca la que no lliga amb la resta: %s",
            "Una d'aquestes paraules sobra. Quina? %s",
            "Intrús: %s",
        ),
        ", ".join(items),
    ), odd


def _complete(scene: Scene) -> tuple[str, str]:
    if scene.random.random() < 0.6:
        start, end = scene.random.choice(COMPLETIONS)
    else:
        first, step = scene.random.randint(1, 30), scene.random.choice((1, 2, 5, 10))
        start, end = f"{first}, {first + step}, {first + 2 * step},", str(first + 3 * step)
    return _ask(
        scene,
        (
            "Completa: %s...",
            "Acaba la frase: %s...",
            "Què ve després? %s...",
            "Continua: %s...",
            "Escriu el que hi falta: %s ___",
            "Com segueix? %s...",
            "Posa l'última paraula o xifra: %s ___",
            "Completa amb una paraula o una xifra: %s...",
            "Omple el buit: %s ___",
        ),
        start,
    ), end


def _reply(scene: Scene) -> tuple[str, str]:
    message, reply = scene.random.choice(REPLIES)
    text = scene.say(message)
    return _ask(
        scene,
        (
            "Respon amb educació: «%s»",
            "Escriu una resposta curta i amable a aquest missatge: %s",
            "Què contestaries? «%s»",
            "Respon amablement.¶%s",
            "Missatge: %s¶Resposta:",
            "M'han escrit això: «%s» Què hi responc?",
            "Fes una resposta breu: %s",
            "Contesta aquest missatge: %s",
        ),
        text,
    ), scene.say(reply)


def _shorten(scene: Scene) -> tuple[str, str]:
    long, short = scene.random.choice(SHORTENINGS)
    text = scene.say(long)
    return _ask(
        scene,
        (
            "Escurça la frase: %s",
            "Digues-ho més curt: %s",
            "Resumeix: %s",
            "Escriu-ho amb menys paraules.¶%s",
            "Fes-ne un resum breu: %s",
            "Com es pot dir més curt? «%s»",
            "Escriu només l'essencial: %s",
            "Simplifica la frase.¶%s",
        ),
        text,
    ), scene.say(short)


def _list_items(scene: Scene) -> tuple[str, str]:
    group, count = scene.random.choice(list(GROUPS)), scene.random.randint(2, 5)
    scene.update(group=group, count=count)
    items = scene.random.sample(GROUPS[group], count)
    return _ask(
        scene,
        (
            "Digues {count} noms del grup: {group}.",
            "Escriu una llista de {count} paraules. Tema: {group}.",
            "Fes una llista ({group}): {count} elements.",
            "{count} exemples de {group}.",
            "Vull {count} exemples del tema «{group}».",
            "Dona'm {count} paraules de {group}.",
            "Anomena {count} coses del grup «{group}».",
            "Tema: {group}. Escriu {count} paraules.",
        ),
    ), _joined(items)


def _language(scene: Scene) -> tuple[str, str]:
    language = scene.random.choice(list(LANGUAGES))
    text = scene.random.choice(LANGUAGES[language]).format_map(scene)
    return _ask(
        scene,
        (
            "En quina llengua és? «%s»",
            "Quin idioma és aquest? %s",
            "Digues l'idioma de la frase: %s",
            "Identifica la llengua.¶%s",
            "Català, castellà, italià, anglès o francès? %s",
            "En quin idioma està escrit? %s",
            "Llengua del text: %s",
            "«%s» Quina llengua és?",
        ),
        text,
    ), language


def _courtesy(scene: Scene) -> tuple[str, str]:
    request, reply = scene.random.choice(COURTESIES)
    opening = "[Sisplau: |||Una cosa: |Em pots ajudar? |Ara mateix, sisplau: |Vull ser amable. |Necessito una frase. ]"
    return scene.say(opening + request), scene.say(reply)


def _arithmetic(scene: Scene) -> tuple[str, str]:
    first, second = scene.random.randint(1, 50), scene.random.randint(1, 20)
    plus = scene.random.random() < 0.5
    low, high = sorted((first, second))
    scene.update(first=first if plus else high, second=second if plus else low, sign="+" if plus else "-", word="més" if plus else "menys")
    return _ask(
        scene,
        (
            "Quant fan {first} {word} {second}?",
            "Calcula: {first} {sign} {second}",
            "{first} {sign} {second} =",
            "Fes el compte: {first} {word} {second}.",
            "Quin és el resultat de {first} {sign} {second}?",
            "Digues quant és {first} {word} {second}.",
            "Resol: {first} {sign} {second}",
            "{first} {word} {second} són...",
        ),
    ), str(first + second if plus else high - low)


def _number_word(scene: Scene) -> tuple[str, str]:
    number = scene.random.randrange(len(NUMBERS))
    others = scene.random.sample(range(100), 3)
    scene.update(number=number, name=NUMBERS[number], a=others[0], b=others[1], c=others[2])
    return scene.random.choice(
        (
            (
                _ask(
                    scene,
                    (
                        "Escriu el número {number} amb lletres.",
                        "Com s'escriu {number} amb lletres?",
                        "{number} en lletres:",
                        "Passa a lletres: {number}",
                    ),
                ),
                NUMBERS[number],
            ),
            (
                _ask(scene, ("Escriu en xifres: {name}", "Quin número és «{name}»?", "{name} en xifres:", "Passa a xifres: {name}")),
                str(number),
            ),
            (_ask(scene, ("Quin és el número més gran: {a}, {b} o {c}?", "Digues el més gran: {a}, {b}, {c}")), str(max(others))),
            (_ask(scene, ("Quin és el número més petit: {a}, {b} o {c}?", "Digues el més petit: {a}, {b}, {c}")), str(min(others))),
            (_ask(scene, ("Ordena de petit a gran: {a}, {b}, {c}", "Posa en ordre: {a}, {b}, {c}")), ", ".join(map(str, sorted(others)))),
        )
    )


def _turns(exchange: Callable[[Scene], tuple[str, str]], random: Random) -> Turns:
    return [exchange(Scene(random)) for _ in range(random.choice((1, 1, 1, 2, 2, 3)))]


TASKS: dict[str, Callable[[Random], Turns]] = {
    name: partial(_turns, exchange)
    for name, exchange in {
        "copy": _copy,
        "repeat": _repeat,
        **{name: partial(_extract, name) for name in EXTRACTIONS},
        "topic": _topic,
        "sentiment": _sentiment,
        "yes_no": _yes_no,
        "short_answer": _short_answer,
        "opposite": _opposite,
        "plural": _plural,
        "article": _article,
        "spelling": _spelling,
        "count": _count,
        "case": _case,
        "ends": _ends,
        "odd_one_out": _odd_one_out,
        "complete": _complete,
        "reply": _reply,
        "shorten": _shorten,
        "list_items": _list_items,
        "language": _language,
        "courtesy": _courtesy,
        "arithmetic": _arithmetic,
        "number_word": _number_word,
    }.items()
}

# One conversation per blank-line-separated block: the lines are the user's and the assistant's by turns.
_CONVERSATIONS = """
Hola! Què puc fer per sopar amb ous i patates?
Una truita de patates. Fregeix les patates, barreja-les amb els ous batuts i qualla-ho tot a la paella.
Hi puc posar ceba?
I tant! Fregeix-la amb les patates i quedarà més dolça.
Gràcies!
De res, bon profit!

Se m'ha cremat l'arròs. Té solució?
Una mica. Passa la part de dalt a una altra olla sense rascar el fons.
Però fa olor de fum.
Posa-hi un tros de pa a sobre deu minuts i després treu-lo.

Quina diferència hi ha entre un poble i una ciutat?
Una ciutat té més habitants i més serveis, i un poble és més petit.
I un barri?
Un barri és una part d'una ciutat o d'un poble.

Bon dia, com et trobes?
Bon dia! Jo estic a punt per ajudar-te. I tu, com estàs?
Una mica cansada, he dormit poc.
Em sap greu. Prova d'anar a dormir més d'hora avui.

He d'escriure una nota per al veí perquè fa massa soroll.
Pots posar: «Bon dia, a la nit se sent molt la música. La podries abaixar a partir de les onze? Gràcies.»
És prou amable?
Sí, és clara i educada.

Com puc recordar les claus cada matí?
Deixa-les sempre al mateix lloc, per exemple en un bol a l'entrada.
I si me n'oblido igualment?
Enganxa una nota a la porta que digui «claus».

El meu gat no vol menjar.
Des de quan? Si fa més d'un dia, truca al veterinari.
Des d'ahir a la nit.
Posa-li aigua fresca i un menjar que li agradi. Si demà continua igual, porta'l a visitar.
D'acord, ho faré.
Molt bé. Espero que es trobi millor aviat.

M'agradaria començar a córrer. Per on començo?
Comença caminant de pressa i afegeix-hi un minut de cursa de tant en tant.
Quants dies per setmana?
Tres dies van bé, amb descans entremig.

Quina hora és millor per regar les plantes?
Al matí d'hora o al vespre, quan no fa tant de sol.
I cada dia?
Depèn de la planta. Toca la terra: si és seca, rega.

Tinc un examen demà i estic nerviós.
És normal. Repassa les idees principals i no et quedis fins tard.
I si em quedo en blanc?
Respira a poc a poc i comença per la pregunta que sàpigues millor.
Gràcies, ho provaré.
Molta sort!

Em recomanes un regal per a la meva àvia?
Què li agrada fer?
Li agraden les flors i fer mitja.
Doncs una planta bonica o unes madeixes de llana suau.

Com es diu «thank you» en català?
Es diu «gràcies» o «moltes gràcies».
I «please»?
Es diu «sisplau» o «si us plau».

La meva bicicleta fa un soroll quan pedalejo.
Potser la cadena és seca. Neteja-la i posa-hi una mica d'oli.
Quin oli faig servir?
Un oli especial per a cadenes. El de cuina no va bé.

Vull fer una festa petita al pis. Algun consell?
Avisa els veïns, prepara menjar senzill i posa la música fluixa.
Quants convidats hi caben?
Compta els seients: si tens vuit cadires, vuit persones estaran còmodes.

He rebut un paquet que no és meu.
Mira l'adreça i el nom. Potser és d'un veí.
Hi diu tercer segona i jo soc al segon tercera.
Doncs puja'l al tercer segona o truca al repartidor.

Què vol dir la paraula «capvespre»?
És l'estona en què el sol es pon i comença a fer-se fosc.
És el mateix que la nit?
No, el capvespre és just abans de la nit.

Explica'm un conte molt curt.
Una formiga volia veure el mar. Va pujar a una fulla, el riu la va portar i, en arribar-hi, va somriure.
M'ha agradat! I va tornar a casa?
Sí, amb el vent, i ho va explicar a totes les altres.

No trobo el comandament de la tele.
Has mirat entre els coixins del sofà?
Sí, i no hi és.
Mira sota el sofà, a la cuina i a les butxaques de la bata.
Era a la nevera!
Que bé! Ara ja pots mirar la pel·lícula.

Quants dies té el mes de febrer?
En té vint-i-vuit, i vint-i-nou els anys de traspàs.
Cada quan hi ha un any de traspàs?
Normalment cada quatre anys.

Com puc treure una taca de cafè de la camisa?
Mulla-la de seguida amb aigua freda i una mica de sabó.
És una taca d'ahir.
Deixa la camisa en remull una hora i després renta-la normalment.

Demà tinc una entrevista de feina. Què em poso?
Roba neta i còmoda, una mica formal. Uns texans foscos i una camisa van bé.
He de portar res?
Porta el currículum imprès i un bolígraf.

La meva filla té por de la foscor.
És molt habitual. Deixeu un llum petit encès i llegiu un conte abans de dormir.
I si es desperta a mitjanit?
Parleu-li amb calma i quedeu-vos una estona al seu costat.

Quina capital té Portugal?
La capital de Portugal és Lisboa.
I la d'Itàlia?
La capital d'Itàlia és Roma.
I la de França?
La capital de França és París.

Em pots ajudar a fer la llista de la compra per fer una amanida?
Enciam, tomàquet, ceba, olives, oli i sal.
Hi vull posar alguna cosa més.
Afegeix-hi tonyina, un ou dur o formatge.

Plou i no puc sortir. Què faig?
Pots llegir, fer un pastís o endreçar un calaix.
No tinc gaires ganes d'endreçar.
Doncs fes un pastís i convida algú a berenar.

Com es cuida un cactus?
Necessita molt sol i poca aigua.
Cada quan el rego?
A l'estiu, cada dues setmanes. A l'hivern, un cop al mes.

Tinc vint euros i gasto set euros amb cinquanta. Quant em queda?
Et queden dotze euros amb cinquanta.
I si després gasto dos euros més?
Te'n quedaran deu amb cinquanta.

He discutit amb el meu millor amic.
Ho sento. Vols explicar-me què ha passat?
Va arribar tard i em vaig enfadar massa.
Potser pots trucar-li, demanar-li perdó i dir-li com et vas sentir.
Sí, tens raó.
Segur que ho arreglareu.

On puc llençar les piles gastades?
Al punt de recollida d'una botiga o a la deixalleria. Mai a la brossa normal.
I les ampolles de vidre?
Al contenidor verd.

Quina fruita és de temporada a l'estiu?
La síndria, el meló, el préssec i les figues, per exemple.
I a l'hivern?
Les taronges i les mandarines.

M'he tallat una mica el dit amb un paper.
Renta't el dit amb aigua i sabó i posa-hi una tireta.
No em surt gaire sang.
Perfecte. Mantén-lo net i demà gairebé no ho notaràs.

Vull aprendre a tocar la guitarra. És difícil?
Al principi fan mal els dits, però amb pràctica s'aprèn.
Quant de temps he de practicar?
Quinze minuts cada dia és millor que dues hores el diumenge.

El meu mòbil va molt lent.
Reinicia'l i esborra les aplicacions que no fas servir.
També tinc moltes fotos.
Copia-les a l'ordinador i esborra-les del mòbil.

Com escric un correu per demanar festa al cap?
«Bon dia, voldria demanar festa divendres que ve per un tema familiar. Gràcies.»
I si em demana el motiu?
Pots dir que és personal. No cal donar més detalls.

Quin animal és més gran, una balena o un elefant?
La balena blava és molt més gran.
I quin és més alt, l'elefant o la girafa?
La girafa és més alta.

He oblidat la contrasenya del correu.
Busca l'enllaç que diu «He oblidat la contrasenya» i segueix els passos.
M'envien un codi al telèfon.
Escriu aquest codi i tria una contrasenya nova que no hagis fet servir abans.
Ja hi puc entrar!
Molt bé! Guarda la contrasenya en un lloc segur.

Què puc fer si no puc dormir?
Apaga les pantalles, beu alguna cosa calenta i llegeix una estona.
Prenc cafè a la tarda.
Prova de no prendre'n després de dinar.

Què és un pleonasme?
És dir una cosa dues vegades sense necessitat, com «pujar a dalt».
Posa'm un altre exemple.
«Sortir a fora» o «baixar a baix».

Vull plantar tomàquets al balcó.
Necessites un test gran, terra bona i molt sol.
Quan els planto?
A la primavera, quan ja no fa fred.
I quan en podré menjar?
A l'estiu, al cap de dos o tres mesos.

Em pots dir bon dia d'una manera divertida?
Bon dia! El sol ja s'ha rentat la cara, i tu?
Ha, ha! Encara no.
Doncs corre, que s'acaba l'aigua calenta!

La rentadora no desaigua.
Mira si el filtre està tapat. Sol ser a baix, darrere d'una tapa petita.
Hi havia una moneda i un mitjó.
Ja ho tens! Torna a posar el filtre i prova-ho.

Quina roba porto per anar a la muntanya a la tardor?
Porta capes: samarreta, jersei i una jaqueta que no deixi passar l'aigua.
I als peus?
Botes còmodes i mitjons gruixuts.

El meu fill vol un gos. Què hauríem de pensar?
Penseu en el temps, l'espai, els diners i qui el traurà a passejar.
Diu que ho farà ell.
Feu una prova: que passegi cada dia durant un mes encara que no hi hagi gos.

Com es divideix un pastís en sis parts iguals?
Talla'l per la meitat i després fes tres parts de cada meitat.
I en vuit?
Per la meitat, en quarts, i cada quart en dos.

Quin temps fa a l'abril?
Sol ser variable: hi ha dies de sol i dies de pluja.
Hi ha alguna dita?
Sí: «A l'abril, cada gota val per mil.»

Tinc mal de cap.
Beu aigua, descansa en un lloc fosc i evita les pantalles.
Em passa sovint.
Si et passa sovint, és millor que ho consultis amb un metge.

Em dius una paraula que rimi amb «cançó»?
Camió, per exemple.
Una altra?
Petó, avió o cartró.

Vaig a sopar a casa d'uns amics. Què porto?
Unes postres, una ampolla de suc o un ram de flors.
No sé si són vegetarians.
Llavors porta fruita o un pastís, que agrada a tothom.

He perdut l'autobús i faig tard a la feina.
Truca i avisa que arribaràs tard. Quan passa el següent?
D'aquí a vint minuts.
Digues que hi seràs mitja hora més tard i demana disculpes.

Quants ous necessito per a un flam per a quatre?
Quatre ous, mig litre de llet i cent grams de sucre.
I com el coc?
Al bany maria, uns quaranta minuts.

Què fan els bombers?
Apaguen focs i ajuden la gent en accidents i inundacions.
Quin número he de marcar en una emergència?
El 112.

La meva veïna celebra els noranta anys. Què li puc escriure?
«Per molts anys! Que en compleixis molts més amb tanta alegria.»
És una mica curt.
«Per molts anys! És un regal tenir-te de veïna. Una abraçada molt forta de tots els de casa.»

Necessito un nom per a una tortuga.
Què et sembla Pedreta?
És bonic, però vull un nom divertit.
Llavors posa-li Turbo.
Perfecte!
Que visqui molts anys, la Turbo!

Com es pela un all fàcilment?
Aixafa'l una mica amb la fulla del ganivet i la pell sortirà sola.
I com em trec l'olor de les mans?
Frega-te-les amb sal o amb suc de llimona.

Quants habitants té el meu carrer?
No ho sé, perquè no sé on vius. Ho pots preguntar a l'ajuntament.
D'acord, gràcies.
De res!

Estic aprenent català. Parlo bé?
T'entenc molt bé! Continua practicant cada dia.
Com es diu el lloc on es compren medicines?
Es diu farmàcia.

Puc congelar el pa?
Sí, tallat a llesques i dins d'una bossa ben tancada.
Quant de temps dura?
Un mes, més o menys, sense perdre gaire gust.

Em fa vergonya parlar en públic.
Li passa a molta gent. Assaja davant del mirall o amb un amic.
Em tremolen les mans.
Agafa un paper o recolza-les a la taula, i parla a poc a poc.

Què val més, comprar o llogar un pis?
Depèn dels diners i de quants anys hi vulguis viure.
Només hi seré dos anys.
En aquest cas, normalment és millor llogar.

M'han tornat malament el canvi a la fleca.
Guardes el tiquet? Torna-hi i explica-ho amb calma.
Eren només cinquanta cèntims.
Tu decideixes. Segur que ho va fer sense voler.

Quin dia és demà si avui és dijous?
Demà és divendres.
I demà passat?
Demà passat és dissabte.

He vist un ocell ferit al parc.
No el toquis gaire. Posa'l en una capsa amb forats i truca a un centre d'animals.
Li dono menjar?
No, només deixa'l tranquil i a les fosques.

Quina música em recomanes per estudiar?
Música tranquil·la i sense lletra, com el piano.
I si em distrec?
Llavors prova d'estudiar en silenci.

Com saludo un client a la botiga?
«Bon dia, en què el puc ajudar?»
I quan se'n va?
«Moltes gràcies, que passi un bon dia!»

La llet fa una olor estranya.
Llença-la. Si fa mala olor, és que s'ha fet malbé.
Però caduca demà.
Pot fer-se malbé abans si ha estat fora de la nevera.

Vull llegir més llibres aquest any.
Llegeix deu pàgines cada nit i deixa el mòbil en una altra habitació.
Quin tipus de llibre trio?
Comença per un de curt que t'agradi de debò.

Com es juga a pedra, paper i tisores?
Tots dos traieu la mà alhora: pedra, paper o tisores.
I qui guanya?
La pedra guanya les tisores, les tisores el paper i el paper la pedra.

No entenc la factura de l'aigua.
Mira tres coses: les dates, els metres cúbics gastats i l'import total.
He gastat el doble que abans.
Potser tens una fuita. Tanca totes les aixetes i mira si el comptador es mou.
Es mou una mica.
Doncs truca a un lampista.

Quina és la millor manera d'anar de Girona a Barcelona?
El tren és ràpid i còmode.
I amb cotxe?
També es pot, però hi pot haver cua a l'entrada de Barcelona.

Escriu una frase amb la paraula «finestra».
La finestra de la cuina dona al jardí.
Una altra amb «finestra» i «pluja».
Miro la pluja des de la finestra.

Tinc calor i no tinc aire condicionat.
Abaixa les persianes de dia i obre les finestres de nit.
I per dormir?
Dutxa't amb aigua tèbia i fes servir un ventilador.

M'acabo de mudar i no conec ningú.
Pots apuntar-te a una activitat del barri o saludar els veïns.
Soc una mica tímida.
Comença amb un «bon dia» a l'escala. A poc a poc serà més fàcil.
M'agrada la idea.
Segur que aviat faràs amistats.

Quina part del peix no es menja?
Les espines i, normalment, les vísceres.
I la pell?
La pell de molts peixos es pot menjar si està ben cuita.

Adeu, me'n vaig a dormir.
Bona nit! Que descansis.
Desperta'm demà a les set.
No puc fer-ho, però et pots posar una alarma al mòbil.

Em pots fer una pregunta?
És clar. Quin és el teu menjar preferit?
Els macarrons de la meva mare.
Que bons! Segur que tenen un secret.
Sí, hi posa una mica de canyella.
Quina idea tan original!
"""


def _conversation(block: str) -> Turns:
    lines = block.strip().split("\n")
    return list(zip(lines[::2], lines[1::2], strict=True))


DIALOGUES: list[Turns] = [_conversation(block) for block in _CONVERSATIONS.strip().split("\n\n")]
