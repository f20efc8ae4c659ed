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
estufa.|Els veïns de dalt fan soroll els {days}.|Paguem {hundreds} euros de lloguer.|De vegades hi ve a dormir {rel:meu}.]
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
pràctica], però [s'encalla quan hi ha poca cobertura|envia massa avisos|gasta molta bateria]. [{q:el} li ha ensenyat a desactivar les notificacions.|
Diu que la versió de pagament val {price}.|Si no millora, la desinstal·larà {future}.]

Per instal·lar {app}, [obre la botiga del {device}|escriu el nom al cercador|mira que tinguis espai a la memòria]. Després [prem el botó {color:m}|accepta
els permisos|espera {many} segons] i [tria l'idioma|posa-hi el teu nom|activa els avisos]. [{rel:meu} ho va fer en {few} minuts.|Si s'encalla,
apaga el {device} i torna-ho a provar.|És gratuïta, però hi surten anuncis.]

Des de l'última actualització, {app} [no s'obre|es tanca tota sola|va molt lenta|ha canviat de color]. [L'he esborrada i l'he tornada a instal·lar|He
reiniciat {device:el}|He buscat ajuda al web] i [ara funciona bé|continua igual|he perdut totes les notes]. [{p:el} té el mateix problema.|Li he posat
{few} estrelles de deu.|Potser demà ho arreglaran.]
""",
    "passwords": """
{p:el} [no recorda|ha oblidat|va canviar i ara no troba] la contrasenya [del correu|de {app}|del wifi de casa|de {device:el}]. [L'ha provada {few}
vegades|L'havia apuntada en un paper|Era el nom {pet:del seu/de la seva} {pet} amb un número] i [el compte s'ha bloquejat|no hi ha manera d'entrar|al
final n'ha fet una de nova]. [{q:el} li ha recomanat una frase llarga.|Ara la guarda en un lloc segur.|Ha d'esperar {many} minuts.]

Una bona contrasenya [és llarga|no és el teu nom|barreja lletres i números|té més de dotze caràcters]. [No la diguis a ningú|No l'escriguis a la pantalla|No
facis servir la mateixa a tot arreu], [encara que t'ho demani un amic|encara que sigui més còmode|i canvia-la si algú l'ha vista]. [{p:el} ho va aprendre
quan li van entrar al compte {moment}.|{rel:meu} en té {many} i les recorda totes.|Jo faig servir el títol d'una cançó i el número {hundreds}.]

Per entrar a {app} calen el correu, la contrasenya i un codi de {few} xifres que arriba al mòbil. [{p:el} troba que és pesat|A {p:el} li sembla bé],
però [així el compte és més segur|{q:el} prefereix fer servir l'empremta|és normal avui dia]. [Un dia el codi va trigar {many} minuts.|Si canvies
de número, avisa abans.|El perfil nou porta la foto de {pet:un}.]
""",
    "breakdown": """
{appliance:el} de {p:el} [s'ha espatllat|fa un soroll estrany|perd aigua|no s'engega|fa olor de cremat] [des de {day}|des de fa {few} dies]. [El tècnic va
venir a {hour}|{q:el}, que és {q.job}, hi va donar un cop d'ull|Van mirar el manual] i [va resultar que fallava {feature}|va dir que arreglar-ho costaria
{price}|no hi van trobar res]. [Al final n'han comprat {appliance:un de nou/una de nova}.|Ara torna a funcionar.|De moment s'apanyen sense.]

Quan [s'espatlla|es trenca|deixa d'anar] {appliance:el}, [primer mira si està {appliance:endollat/endollada}|{appliance:desendolla'l/desendolla-la}|no perdis la calma]. Després
[comprova {feature}|busca la garantia|neteja-ho amb un drap sec]. [Si fa més de {few} anys que {appliance:el/la} tens, potser val més canviar-{appliance:lo/la}.|Si
encara no va, truca al {tel}.|A mi em va passar {moment} i només era un fusible.]

Ahir, a {hour}, se'n va anar la llum a {street:el}. {p:el} [estava cuinant|era dins l'ascensor|feia servir {appliance:el}] i [va encendre una espelma|va
buscar la llanterna|va cridar {q:el}]. [Al cap de {many} minuts va tornar.|Havia saltat l'automàtic.|Els veïns van sortir al replà.] [{appliance2:el},
però, ja no es va engegar més.|Ningú no es va fer mal.|Van sopar fred i van riure força.]
""",
    "trip": """
{p:el} i {q:el} van anar a {abroad} [amb tren|amb avió|amb cotxe] i s'hi van estar {few} dies. [Van visitar|Van veure] {place:un} i {place2:un},
[van menjar {dish}|van fer {hundreds} fotos|van caminar molt] i [van perdre una maleta|van conèixer {w:el}|els va ploure cada dia]. [Van tornar
cansats però contents.|Hi volen tornar {future}.|Tot plegat va costar {hundreds} euros per cap.]

[Si vas a|Quan siguis a|Abans d'anar a] {abroad}, [reserva l'hotel amb temps|compra un mapa|porta roba còmoda]. [El millor moment és|Hi fa més bo a] {season}.
[No et perdis el mercat del centre.|Tasta els dolços de la plaça.|El bitllet de metro costa {few} euros.|Puja a la torre a {hour}.] [{rel:meu}
hi va viure {few} anys.|Jo hi vaig anar amb {p:el} i ens va encantar.]

[Faig la maleta|Demà marxem|Ja tinc els bitllets] per anar a {abroad}. Hi poso {clothes:un}, {clothes2:un} i {item:un}, [i encara em queda lloc|i ja no es
tanca|i {p:el} riu]. [Sortim a {hour}|El vol surt a {hour}] i [arribem al vespre|dormirem a casa d'un amic|l'hotel és prop de {place:el}]. [Tinc
por de volar, però no ho dic.|Només espero que no hi hagi {sky}.|{pet:el} es queda amb {rel:meu}.]
""",
    "train": """
El tren de {city} a {city2} [ha sortit|surt|havia de sortir] a {hour} [de la via {few}|amb {many} minuts de retard|ple de gom a gom]. [{p:el} ha trobat
seient al costat de {q:el}|{p:el} viatja {p:dret/dreta}|{p:el} ha perdut el bitllet], [obre {writing}|menja {fruit:un}|s'adorm de seguida] i
[mira els camps|baixa una parada abans|no sent el revisor]. [Al final ha arribat a temps.|Un nen canta al fons del vagó.|Fora hi ha {sky}.]

Vaig agafar el tren {moment} per anar a veure {rel:meu}. [A mig camí|Després de {city}|A la primera estació] ens vam aturar {many} minuts [per una avaria|
per culpa de la pluja|sense saber per què]. [La gent s'enfadava|Un senyor repartia {fruit:pl}|Una noia tocava la guitarra] i jo [llegia|mirava
l'hora|feia mots encreuats]. [Vam arribar a {city2} a {hour}.|El bitllet em va costar {price}.|La pròxima vegada aniré amb autobús.]

Avís per als viatgers: [el tren|l'autobús|el ferri] amb destinació {city} [sortirà amb {many} minuts de retard|sortirà de la via {few}|queda suspès fins al {date}].
[La causa és|El motiu és] [una avaria|el mal temps|un arbre caigut a la via|unes obres]. [Els bitllets serveixen per a qualsevol dia.|Per a més informació,
truqueu al {tel}.|Hi haurà un autobús davant de {place:el}.] [Disculpeu les molèsties.|Gràcies per la paciència.]
""",
}
    "weather": """
[Demà|{day}|Aquest cap de setmana] hi haurà {sky} a {city} i {sky2} a {city2}. Les temperatures [pujaran fins a|baixaran fins a|no passaran de] {many} graus
[a l'interior|a la costa|a la muntanya]. [Es recomana no agafar el cotxe.|Millor quedar-se a casa.|A partir de {hour}, el cel s'aclarirà.|Bufarà vent
de mar.] [Més endavant tornarà el bon temps.|La nit serà tranquil·la.|Els pagesos estan contents.]

{p:el} havia [estès la roba|organitzat un dinar a fora|sortit sense paraigua] quan va començar la [pluja|tempesta|nevada]. [Va córrer cap a {room:el}|Es va
refugiar dins de {place:el}|Va trucar a {q:el}] i [va esperar {many} minuts|va quedar {p:xop/xopa}|va riure de mala gana]. [Després va sortir l'arc de
Sant Martí.|L'endemà estava {p:refredat/refredada}.|En van parlar tota la setmana.]

M'agrada {season} perquè [els dies són més clars|l'aire fa olor de {plant}|puc menjar {fruit:pl}|es pot anar a {place:el}]. A {p:el}, en canvi, li agrada més
{season2}: diu que [dorm millor|té més energia|fa de bon passejar|hi ha menys gent pertot]. [No ens posarem mai d'acord.|Tots dos tenim part de raó.|A {city}
totes les estacions són boniques.]
""",
    "school": """
A classe de {subject}, {p:el} i {q:el} fan un treball sobre {wild:els}. [Han buscat informació a la biblioteca|Han fet un mural|Han escrit {few} pàgines]
i [l'exposaran {future}|el professor els ha felicitat|encara els falta la conclusió]. [{p:el} dibuixa molt bé.|{q:el} es posa {q:nerviós/nerviosa} quan parla en
públic.|Volen treure més d'un vuit.] [Els companys els faran preguntes.|La feina compta un {many} per cent.]

L'examen de {subject} serà el {date} a {hour}. [Entren|S'han d'estudiar] {few} temes i [es pot portar calculadora|no es pot portar el llibre|cal escriure amb
bolígraf {color:m}]. {p:el} [estudia cada vespre amb {q:el}|ho ha deixat tot per a l'últim dia|fa esquemes de colors]. [La mestra ha dit que no serà
difícil.|Si suspèn, el repetirà {future}.|L'última vegada va treure un {few}.]

El primer dia d'escola, {p:el} portava {clothes:un} {color:{clothes.g}} i una motxilla nova. [Al pati|A l'hora d'esbarjo|A la fila] va conèixer {q:el}, que
[tenia {pet:un}|també era {q:nou/nova}|sabia jugar als escacs]. [Es van fer amics de seguida.|Van compartir {fruit:un}.|Avui encara es veuen cada {day}.] [La
mestra es deia {w}.|El que més els agradava eren els contes.]
""",
    "work": """
{p:el} treballa de {p.job} [a {city}|en un despatx petit|prop de {place:el}] des de fa {few} anys. [Avui ha de|Abans de {hour} vol] {task} i {task2}. [{q:el}
l'ajuda quan pot|El telèfon no para de sonar|La impressora no té paper], però [tot surt bé|ho acabarà a temps|fa una pausa per prendre {drink}]. [En plegar,
va a nedar.|Diu que la seva feina li agrada.|El {day} farà festa.]

[Busquem|Es necessita] {p.job} per a [una empresa de {city}|un restaurant del centre|un taller familiar]. [Cal tenir|Es demana] {few} anys d'experiència i
[ganes de treballar en equip|carnet de conduir|coneixements d'anglès]. L'horari és de {hour} a {hour2} i el sou, de {hundreds} euros setmanals. [Envieu el
currículum a {mail}.|Pregunteu per {p:el}.|Les entrevistes seran el {date}.]

El meu primer dia de feina com a {me:cambrer/cambrera} va ser [un desastre|molt divertit|llarguíssim]. [Vaig trencar {few} plats|Vaig confondre {dish:el} amb {dish2:el}|
No trobava la porta de {room:el}] i {p:el}, que manava, [es va posar a riure|em va ensenyar com es feia|no em va dir res]. [Ara ja fa {few2} anys que hi
sóc.|Vaig plegar {me:cansat/cansada}.|Amb les propines em vaig comprar {item:un}.]
""",
    "meeting": """
La reunió de {day} [serà a {hour}|s'ha canviat a {hour}|començarà a {hour}] a [la sala petita|la segona planta|la biblioteca|la sala de {place:el}]. [Parlarem de|Cal
decidir] [les vacances|el pressupost de {hundreds} euros|la festa del barri|les obres de l'escala] i {p:el} [portarà les dades|prendrà notes|farà una
presentació]. [Durarà {many} minuts.|Si no podeu venir, aviseu {q:el}.|Hi haurà {drink} per a tothom.]

[A la reunió de veïns|A l'assemblea|A la trobada d'ahir] hi van anar {many} persones. {p:el} va proposar [pintar l'escala|canviar la porta|comprar {plant:pl}] i {q:el} va
dir que [era massa car|li semblava molt bé|calia votar-ho]. [Es va aprovar per {few} vots.|No es va decidir res.|Ho tornaran a discutir el {date}.] [Després tothom
se'n va anar a sopar.|L'acta es penjarà al replà.]

{p:el} va arribar {many} minuts tard a la reunió perquè [el tren no venia|{pet:el} s'havia escapat|no trobava la sala]. [Es va disculpar|Va seure al fons|Va obrir
el quadern] i [va escoltar en silenci|va respondre totes les preguntes|va defensar la seva idea]. [{q:el} li va fer l'ullet.|Al final van aplaudir.|El
cap, {w:el}, no va dir res.]
""",
    "health": """
A {p:el} li fa mal {body} [des de {day}|des de fa {few} dies|quan camina]. [Ha demanat hora al metge|Ha anat a {place:el}|Ha trucat a {rel:meu}] i li han dit que
ha de {remedy}. [Si no millora, hi tornarà {future}.|No és res greu.|Troba que és un bon consell.] [De moment, {q:el} li fa la compra.|Aquesta setmana no
farà esport.]

Per trobar-te bé, [el millor és|els metges recomanen|cal] {remedy} i {remedy2}. [També convé|A més, va bé] menjar {fruit:pl} i {veg:pl}. {p:el}, que és {p.job}, [ho
fa des de fa {few} anys|ho va provar i se sent millor|diu que costa al principi]. [Jo començaré {future}.|No cal fer-ho tot de cop.]

[Ahir vaig anar|Dilluns vaig anar|Vaig anar] {me:tot sol/tota sola} al dentista a {hour}. [Em feia por|M'esperava {many} minuts|Vaig llegir {few} revistes], però
la doctora {surname} [va ser molt amable|em va explicar-ho tot|va acabar en un moment]. [No tinc cap càries.|Hi he de tornar el {date}.|Em va costar
{price}.] [Ara ja puc menjar {fruit:pl}.|Per celebrar-ho em vaig comprar {item:un}.]

{p:el} té [febre|tos|grip|al·lèrgia] i [s'ha quedat al llit|no ha anat a treballar|no té gana]. {q:el} li ha portat {dish:un}, {drink} i {writing}. [El termòmetre
marca trenta-vuit graus|El metge diu que ha de {remedy}|Ha dormit {few} hores], però [ja es troba millor|demà es llevarà|{pet:el} no es mou del seu costat].
""",
    "sport": """
[Dissabte|{day}|Ahir] l'equip de {city} va [guanyar|perdre|empatar] [a casa|fora de casa] en un partit de [bàsquet|futbol|handbol|hoquei|voleibol] [molt igualat|ple
d'emoció|avorrit]. {p:el} [va marcar el primer gol|va fer {few} punts seguits|es va lesionar al genoll] i {q:el} [va parar-ho tot|va fallar al
final|va sortir a la segona part]. [Hi havia {hundreds} espectadors.|L'entrenador estava {mood:m}.|El pròxim partit és el {date}.]

{p:el} practica [natació|tennis|esgrima|escalada|ciclisme|atletisme|judo] des de fa {few} anys. S'entrena els {days} i els {days2} a {hour} [amb {q:el}|{p:sol/sola}|amb un
grup de {many} persones]. [El mes que ve competirà a {city}.|Fa {few2} anys va guanyar una medalla.|Diu que perdre també ensenya.] [La família l'anima
sempre.|Després té molta gana i menja {dish}.]

Vaig començar a córrer {moment} perquè [el metge m'ho va dir|{p:el} em va convèncer|volia perdre {few} quilos]. [El primer dia|Al principi] només vaig aguantar {few2}
minuts i [em feia mal {body}|em vaig haver d'aturar|un gos em perseguia]. [Ara corro {many} minuts cada {day}.|La meta és la cursa de {city}.|He
millorat a poc a poc i n'estic {me:content/contenta}.]
""",
    "garden": """
Al jardí de {p:el} hi ha {plant:un}, {plant2:un} i {few} [testos|torretes] amb {plant3:pl}. [A la primavera|Quan plou|Cada {day}] [treu les males herbes|rega amb
la mànega|poda les branques seques] amb l'ajuda de {q:el}. [Enguany {plant:el} ha crescut molt|Els cargols s'han menjat {plant3:els}|Ha plantat també
{veg:pl}], i [n'està {p:orgullós/orgullosa}|els veïns s'aturen a mirar|tot fa molt bona olor].

Per plantar {veg:pl}, [cava la terra|tria un lloc amb sol|compra llavors bones] i [deixa {many} centímetres entre planta i planta|posa-hi adob|rega cada
{few} dies]. [Al cap de {many2} dies|A {season}|Quan facin goig] ja els podràs collir. [Fes servir {tool:un}.|Si hi ha pugó, renta les fulles amb
sabó.|{rel:meu} en cull més de {few2} quilos.]

{plant:el} de {room:el} [s'ha pansit|ha florit|té les fulles grogues|creix tort]. {p:el} diu que [li falta aigua|li toca massa el sol|cal un test més gran|hi ha
massa humitat], però {q:el} creu que [és normal|li falta companyia|és culpa {pet:del/de la} {pet}]. [Demà hi posaran terra nova.|L'han canviat de lloc.|La
setmana que ve ja veurem.]
""",
    "animals": """
{p:el} té {pet:un} que es diu [Bruna|Nit|Coco|Lluna|Xispa|Mel|Tro|Nuvolet|Pipa|Kira]. [Dorm a {room:el}|Menja {few} cops al dia|Juga amb {item:un}] i [té por dels
trons|s'amaga quan ve {q:el}|no fa gens de soroll]. [El veterinari diu que està molt bé|L'altre dia es va escapar i el van trobar prop de {place:el}|Va
arribar a casa el {date}]. [És de la família.|Tothom se l'estima molt.|Només li falta parlar.]

{moment}, {p:el} va veure {wild:un} [a la muntanya|al zoo de Barcelona|en un documental|en un llibre d'imatges]. [Era més gran del que es pensava|Tenia uns ulls molt
brillants|No es movia gens], i {p:ell/ella} [va fer-ne un dibuix|en va parlar tot el dia|va voler saber què mengen {wild:els}]. [{q:el} li va deixar un llibre.|La
pròxima vegada vol veure {wild2:pl}.|Des d'aquell dia {wild:el} és el seu animal preferit.]

S'ha perdut {pet:un} {color:{pet.g}} a prop de {street:el}, a {city}. Porta un collar {color2:m} i [té por de la gent|és molt {pet:manyac/manyaga}|respon al nom
de Coco]. [Si {pet:el/la} veieu, truqueu al {tel}.|Es gratificarà amb {price}.|La família {surname} {pet:el/la} busca des de {day}.] [Gràcies a tothom.|Els nens
ploren molt.]
""",
    "family": """
{rel:meu} es diu {rel:Ramon/Carme} i té {many} anys. [Va néixer a {city}|Viu a {city}|Va treballar molts anys a {abroad}] i [li encanta|sempre li ha agradat]
{hobby}. [Els {days} ve a dinar a casa|Els diumenges ens prepara {dish}|Cada estiu anem plegats a {place:el}]. [M'ha ensenyat a {hobby2}.|Explica
històries que no s'acaben mai.|Quan riu, se li tanquen els ulls.]

{p:el} i {q:el} són germans, però no s'assemblen gens. {p:el} és {nature:{p.g}} i li agrada {hobby}; {q:el} és {nature2:{q.g}} i prefereix {hobby2}. [De petits|Quan eren
petits] [es barallaven per {item:un}|compartien habitació|anaven junts a l'escola de {city}]. [Ara es truquen cada {day}.|Malgrat tot, s'estimen molt.]

Aquest Nadal serem {many} a taula. [{rel:meu} farà {dish}|Jo faré {dish2:un}|De primer hi haurà sopa de galets] i {p:el} portarà {dessert:un}. [Els petits
cantaran|L'avi farà trampes a les cartes|Després cagarem el tió] i [acabarem a {hour}|cantarem nadales|farem la migdiada]. [Falta saber on seurem tots.|A {q:el} li
regalarem {item:un}.|Espero que ningú no parli de política.]
""",
    "money": """
{p:el} vol estalviar {hundreds} euros per [comprar {item:un}|anar a {abroad}|canviar {appliance:el}]. [Cada mes guarda|Cada setmana aparta] {many} euros [en una
guardiola|en un compte|en un sobre] i [ja no sopa fora|va a peu a la feina|ha deixat de comprar {staple}]. [{q:el} fa el mateix.|De moment en té la
meitat.|Si tot va bé, hi arribarà {future}.] [Costa, però val la pena.|El més difícil són les rebaixes.]

{p:el} ha deixat {many} euros a {q:el} [per pagar el lloguer|per comprar {item:un}|per al bitllet de tren]. {q:el} [els hi tornarà {future}|ja n'hi ha tornat
{few}|diu que no se n'oblida]. [Ho han apuntat en un paper.|Són amics i no fan números.|{p:el} no té pressa.] [Qui deixa diners a un amic ha de tenir
paciència.|Abans era al revés.|Després han anat a fer {drink}.]

Aquest mes [he gastat massa|no arribo a final de mes|he fet números]: {hundreds} euros de lloguer, {many} de llum i {many2} de menjar. [El que més puja és|El que es pot
retallar és] [la calefacció|el transport|el telèfon|els capricis]. [He decidit apuntar-ho tot en una llibreta.|Vendré {item:el}, que no faig servir.|{p:el} em
dóna bons consells.] [A veure si el mes vinent va millor.|Mai no se sap.]
""",
    "invoice": """
La factura [de l'aigua|de la llum|del gas|del telèfon|del dentista] d'aquest mes puja a {price}, [més que l'anterior|com sempre|una mica menys que a l'hivern]. [S'ha de
pagar|La cobraran|Caduca] el {date}. {p:el} [l'ha revisada amb {q:el}|la desa en una carpeta|no l'entén] i [tot és correcte|hi ha trobat un error|trucarà
{future}]. [El número és {code}.|També es pot pagar al banc.|L'any passat era més clara.]

[Factura|Rebut] número {code}, amb data del {date}. Client: {p} {surname}, {street} {many}, {city}. Concepte: {item} {color:{item.g}}. Import: {price}, impostos
inclosos. [Pagat amb targeta.|Pagament en efectiu.|Pendent de pagament.] [Gràcies per la vostra compra.|Conserveu aquest paper per a la garantia.]

{p:el}, que és {p.job}, fa les factures [a mà|cada {day}|amb l'ordinador|el dia {few} de cada mes]. [En l'última|A la de {q:el}] va posar {price} en lloc de {price2} i [va
haver de refer-la|va demanar disculpes|ningú no ho va notar]. [Ara ho repassa dues vegades.|{w:el} li ha ensenyat un programa nou.|Errar és humà.]
""",
    "letter": """
Estimada família:¶[Us escric des de|Ja sóc a|Fa {few} dies que sóc a] {abroad}. [Hi fa fred|Fa sol|Plou molt], però [estic bé|menjo bé|tothom és amable]. Visc amb {p:el}, que és {p.job}
i [cuina {dish}|parla una mica de català|sempre canta]. [Us enyoro molt.|Torno el {date}.|Doneu menjar {pet:al/a la} {pet}.]¶[Una abraçada,|Petons,|Fins aviat,]¶{q}

[Hola|Benvolguts|Estimats] {p} i {q}:¶[Gràcies per la vostra carta|Em va fer molta il·lusió rebre {item:el}|Perdoneu que no us hagi escrit abans]. [Aquí tot va bé|Per aquí no
hi ha gaires novetats]: {rel:meu} [ha trobat feina a {city}|s'ha comprat {item2:un}|ja camina sense bastó] i jo [he començat a estudiar {subject}|tinc {pet:un}|he
après a {hobby}]. [Veniu-nos a veure {future}.|Escriviu quan pugueu.]¶[Records,|Amb afecte,|Petons,]¶{w}

[Estimat diari|Estimat amic|Estimada amiga], [avui he rebut|ahir va arribar] una carta de {p:el}. [Diu que|Hi explica que] viu a {street:el} de {city} i que [es casa amb {q:el}|treballa
de {p.job}|té {few} gats]. [No en sabia res des de fa {many} anys|Vam estudiar plegats|Quina alegria]! Li contestaré {future} i li enviaré [una foto|{writing}|{item:un}].
""",
    "email": """
Assumpte: [consulta|canvi d'hora|documents|reserva|pregunta sobre {item:el}]¶[Bon dia|Bona tarda], {p}:¶[T'adjunto|T'envio] [l'informe|les fotos|el pressupost de {price}|els plànols] que [em vas
demanar|vam comentar {day}|falten per {task}]. [Digues-me si t'arriba bé.|Si tens cap dubte, truca'm al {tel}.|Necessitaria la resposta abans del
{date}.]¶[Salutacions|Gràcies|Fins aviat],¶{q} {surname}

Benvolguts senyors:¶[Em poso en contacte amb vostès per|Els escric per] [demanar informació sobre {event:el}|reservar una habitació per a {few} persones|saber el preu de {item:un}|
anul·lar la cita del {date}]. [El meu correu és {mail}.|El meu telèfon és el {tel}.|Em poden trucar a partir de {hour}.] [Els agraeixo l'atenció.|Quedo a l'espera de
la seva resposta.]¶[Atentament|Cordialment],¶{p} {surname}

Hola, {p}!¶[Et va bé quedar {future}?|Com va la feina?|Has vist el correu de {q:el}?] [Podríem|Et proposo de] [anar a {event:el} de {city}|dinar {dish}|parlar de la reunió|{task}]. [Jo acabo
a {hour}|Jo tinc temps {day}|Porto jo el cotxe]. [Si no pots, cap problema.|Contesta'm quan puguis.|Avisa també {w:el}.]¶[Petons|Una abraçada|Fins ara]!
""",
    "notice": """
[AVÍS|Avís important|Als veïns de {street:el}]: [el {date}|{future}|{day}], a partir de {hour}, [es tallarà l'aigua|no hi haurà llum|es netejarà {place:el}|es pintarà l'escala|
no es podrà aparcar]. [Els treballs duraran|Les obres duraran] {few} [hores|dies]. [Tanqueu bé les aixetes.|No feu servir l'ascensor.|Retireu els vehicles.|Per a
més informació, truqueu al {tel}.] [Disculpeu les molèsties.|Gràcies per la comprensió.]

{place:el} de {city} [tancarà|obrirà|canviarà d'horari] el {date} [per vacances|per reformes|amb motiu {event:del/de la} {event}]. [El nou horari serà de {hour} a {hour2}|Durant aquests dies es
pot anar a {place2:el}|Tornarà a obrir al cap de {few} setmanes]. [L'entrada és gratuïta.|Cal portar el carnet.|No s'admeten animals.] [La direcció.|L'equip de {place:el}.]

Es convoca tothom a {event:el} que tindrà lloc a {place:el} el {date} a {hour}. [Hi participaran|Ho presentaran] {p:el} {surname} i {q:el} {surname2}. [L'entrada costa {few}
euros.|Places limitades a {many} persones.|Cal inscriure's a {mail}.] [En cas de pluja, es farà a {place2:el}.|Us hi esperem!]
""",
    "instructions": """
[Abans d'engegar|Per fer servir|Per netejar] {appliance:el}, [llegeix el manual|desendolla el cable|comprova {feature}]. [Primer|En primer lloc], [omple el dipòsit|obre la tapa|treu el
filtre]; [després|tot seguit], [prem el botó {color:m}|gira la roda fins al número {few}|espera {many} segons]. [No hi posis mai {staple}.|Mantén-{appliance:lo/la} lluny dels
nens.|Si fa soroll, atura-{appliance:lo/la}.] [Passa-hi un drap un cop per setmana.|I ja està!]

Com [muntar|pintar|arreglar] {furniture:un}: 1. [Busca|Agafa] {tool:un} i {tool2:un}. 2. [Posa un plàstic a terra|Mesura bé l'espai|Separa els cargols]. 3. [Treballa a poc a poc|Demana
ajuda a {p:el}|Segueix el dibuix]. 4. Deixa-{furniture:lo/la} reposar {few} hores. [Si sobra una peça, torna a començar.|{rel:meu} ho fa en {many} minuts.]

Per anar a {place:el} des de {place2:el}, [agafa {street:el}|puja per {street:el}|segueix {street:el}] [fins a la segona cantonada|uns {hundreds} metres|fins al semàfor]. [Allà|Després] [tomba a l'esquerra|tomba a la
dreta|continua recte] i [veuràs {shop:un}|travessa el pont|passa per davant de {place3:el}]. [És a {few} minuts a peu.|No té pèrdua.|Si et perds, pregunta per {p:el}.]
""",
    "diary": """
{day}, {date}. Avui [m'he llevat|m'he despertat] {me:cansat/cansada} perquè [he somiat amb {wild:pl}|{pet:el} feia soroll|feia calor]. He [dinat|esmorzat] amb {p:el} i hem parlat de [{hobby}|la feina|
{season}|les vacances]. Després he [perdut|trobat|comprat] {item:un} a {place:el}. [Demà serà un altre dia.|Estic {mood:{me.g}} i no sé per què.|Em vull recordar d'aquest dia.]

Estimat diari: {p:el} m'ha dit que se'n va a viure a {abroad}. [M'he quedat {me:mut/muda}|No m'ho esperava|Ja m'ho imaginava]. [Li regalaré|Li he promès] {item:un} perquè [no s'oblidi de mi|hi
pensi quan faci fred|li doni sort]. [Marxa el {date}.|Anirem a l'aeroport amb {q:el}.|Aquesta nit no tinc son.] [Em sento {mood:{me.g}}.|La vida canvia molt de pressa.]

[Avui, per primera vegada,|Avui per fi] he [nedat a mar obert|cuinat {dish}|parlat en públic|conduït {few} hores]. [Em tremolaven les cames|Tenia por de fer-ho malament], però {p:el}, que és
{nature:{p.g}}, m'ha [animat|ajudat|agafat la mà]. [Ho repetiré {future}.|He après que no n'hi ha per tant.|Per celebrar-ho hem menjat {dessert}.] Bona nit.
""",
    "news": """
{city}. [Un grup de {many} veïns|L'ajuntament|Una escola] ha [inaugurat|presentat|organitzat] {event:un} [a {place:el}|a {street:el}|amb l'ajuda de {p:el} {surname}]. [Hi van assistir
{hundreds} persones|El pressupost és de {hundreds} euros|L'acte va començar a {hour}]. [L'any que ve es repetirà.|{q:L'alcalde/L'alcaldessa}, {q} {surname2}, n'està {q:molt content/molt contenta}.|Els diners
recollits seran per a {place2:el}.]

Els bombers van rescatar {pet:un} [que feia {few} hores que era dalt d'un arbre|que havia caigut en un pou|atrapat dins d'una canonada] a {street:el} de {city}. [Un veí, {p} {surname}, va avisar a
{hour}|Els fets van passar {day}]. [L'animal està bé i ja és a casa.|{pet:el} no va patir cap ferida.|Els nens del carrer van aplaudir.] [La propietària els va
regalar {dessert:un}.]

{p} {surname}, de {many} anys, ha guanyat [un concurs de {dish}|la cursa de {city}|un premi de fotografia|un torneig d'escacs]. «[No m'ho esperava|Ho dedico a {rel:meu}|He treballat molt]», va
dir [en rebre el premi|als periodistes|abans de marxar]. [El premi és de {hundreds} euros i {item:un}.|El segon classificat va ser {q} {surname2}.|Hi
participaven {many2} persones.]
""",
    "complaint": """
[Estic molt {me:enfadat/enfadada}|Vull fer una queixa|No n'estic gens {me:content/contenta}]: vaig comprar {item:un} per {price} i [va arribar {item:trencat/trencada}|al cap de {few} dies es va espatllar|no és del
color que volia]. He [trucat {few2} vegades|escrit a {mail}|anat a la botiga] i [ningú no em contesta|em diuen que esperi|em van tractar malament]. [Vull que em tornin els
diners.|Exigeixo una solució abans del {date}.|No hi compraré mai més.]

[Senyor director|Benvolguts senyors|A qui correspongui]: [els veïns de {street:el}|els pares de l'escola|els usuaris de {place:el}] ens queixem [del soroll|de la brutícia|dels retards|de la falta de
llum] que patim des de {day}. [La situació és insuportable a partir de {hour}|Ja ho vam dir el {date}|Hem recollit {hundreds} signatures]. [Demanem una resposta
ràpida.|Esperem que ho solucionin.]¶{p} {surname}

El sopar d'ahir a {city} va ser un desastre. [Vam esperar {many} minuts|La taula era bruta|Feia fred] i {dish:el} [era {dish:cremat/cremada}|no tenia gust de res|va arribar {dish:fred/freda}]. [El cambrer va posar mala
cara|Ens van cobrar {price}|Van confondre les begudes] i {p:el} [va demanar el llibre de reclamacions|es va enfadar|va callar per educació]. [No hi tornarem.|Ho
explicaré a tothom.]
""",
    "thanks": """
[Moltes gràcies|Mil gràcies|T'agraeixo molt|Gràcies de tot cor], {p}, per [{item:el} que em vas regalar|haver-me ajudat a {chore}|el sopar de {day}|cuidar {pet:el}]. [Va ser un detall molt bonic|No sé què
hauria fet sense tu|Em vas alegrar la setmana]. [Et dec un favor.|Quan vulguis, vine a casa i faré {dish}.|{rel:meu} també t'envia records.] [Una abraçada,|Petons,] {q}

Volem donar les gràcies a {p:el} {surname}, {p.job} de {city}, [pels {many} anys de feina|per la seva paciència|per haver organitzat {event:el}]. [Sense {p:ell/ella} no hauria estat possible|Sempre
té un somriure|Ens ha ensenyat a {hobby}]. [Li hem regalat {item:un} {color:{item.g}}.|El {date} li farem una festa.|Et trobarem a faltar!]

[Gràcies|Moltíssimes gràcies] a {rel:meu} i a {p:el} [per la festa|per les flors|per tot]. [M'ha agradat sobretot|El millor ha estat|Encara penso en] {item:el} {color:{item.g}}, [que ja faig servir|que és
{item:preciós/preciosa}]. [També {dessert:el} era {dessert:boníssim/boníssima}.|Ens ho vam passar molt bé fins a {hour}.] [Espero tornar-vos el favor {future}.|Sou els millors.]
""",
    "review": """
{writing} que m'ha deixat {p:el} [m'ha agradat molt|se m'ha fet llarg|està bé]. [La història passa a {abroad}|El protagonista és {wild:un}|Tracta de {q:un/una} {q.job} que viu a {city}] i [hi ha moments molt
divertits|el final és una mica trist|costa deixar de llegir]. [Li poso un {few}.|El recomano per a {season}.|{w:el} el va acabar en {few} dies.]

[Fa {few} setmanes que tinc|Vaig comprar|M'han regalat] {item:un} {color:{item.g}} i [n'estic {me:content/contenta}|no és el que esperava|fa el que promet]. [És {item:lleuger/lleugera} i {item:pràctic/pràctica}|És {item:bonic/bonica}
però {item:delicat/delicada}|Es nota que és de qualitat], [encara que {price} em sembla car|i només val {price}|i va arribar abans del {date}]. [El tornaria a comprar.|Tres
estrelles de cinc.|{p:el} també en vol {item:un/una}.]

Hem dinat en un restaurant de {street:el}, a {city}. [De primer vam demanar|Jo vaig prendre|{p:el} va triar] {dish} i {drink}, i per postres {dessert}. [Tot era boníssim|La carn era massa feta|El servei va ser lent], [però el
preu, {price}, és correcte|però vam sortir tips|i el local és molt agradable]. [Hi tornarem {future}.|Val més reservar.|Té una terrassa amb {plant:pl}.]
""",
    "object": """
{item:el} de {p:el} és {look:{item.g}}, {color:{item.g}} i [pesa menys d'un quilo|fa olor de nou|té {few} anys]. [{p:ell/ella} {item:el/la} va comprar a {city} per {price}|{item:el/la} va heretar de l'àvia|{q:el} {item:el/la} hi va regalar {moment}]. [{item:el/la} fa
servir cada dia.|No {item:el/la} deixa a ningú.|Quan viatja, sempre {item:el/la} porta.] [Per a {p:ell/ella} és un tresor.|Un dia {item:el/la} va perdre i va plorar.]

A {room:el} tenim {furniture:un} {look:{furniture.g}} de [fusta|metall|vidre|roure|pi|color {color:m}]. Fa {many} centímetres d'ample i [hi cap tot|hi posem {item:el}|no encaixa enlloc]. [{rel:meu} {furniture:el/la} va fer amb les seves mans|
Ve d'una casa vella de {city}|Costava {price}]. [A {pet:el} li agrada pujar-hi.|Té una ratllada al costat.|Un dia el pintarem.]

Busco {item:un}: és {color:{item.g}}, [amb ratlles|amb una taca petita|amb les inicials de {p:el}], i [em sembla que {item:el/la} vaig deixar a {place:el}|{item:el/la} vaig perdre {moment}]. [Té molt valor per a mi perquè era de {rel:meu}.|A dins hi havia {treasure}.|Si algú
{item:el/la} troba, que truqui al {tel}.] [Gràcies.|Hi ha recompensa.]
""",
    "person": """
{p:el} és {p:un noi/una noia} de {many} anys, {nature:{p.g}} i {nature2:{p.g}}, que viu a {city}. Porta [ulleres|el cabell curt|{clothes:un} {color:{clothes.g}}|sempre una motxilla] i [parla amb les mans|riu fort|camina de pressa]. Li agrada {hobby} i [no suporta {chore}|col·lecciona
{item:pl}|somia anar a {abroad}]. [{q:el} diu que és la seva millor amistat.|A la feina l'estimen.]

{moment} vaig conèixer {p:el}, {p:el nou/la nova} {p.job} de {place:el}. [Em va semblar|Sembla] {nature:{p.g}}, però [en realitat és {nature2:{p.g}}|quan parla de {hobby} canvia|amb els nens és {nature2:{p.g}}]. [Va néixer a {abroad} i parla {few} llengües.|Té {pet:un} i toca el piano.|Fa {few}
anys que va arribar a {city}.] [Ens hem fet amics.|M'ha convidat a {event:un}.]

[De petit|De petita|Quan era jove] jo era {nature:{me.g}} i [tenia por de {wild:els}|volia ser {q.job}|passava els estius a {city}]. Ara [tinc {many} anys|treballo de {p.job}|he canviat molt] i m'agrada {hobby}. [Encara guardo {item:el} d'aquella època.|{rel:meu} diu que
no he canviat gens.|Qui m'ho havia de dir!]
""",
    "place": """
{city} és [un bon lloc per viure|una ciutat que m'agrada molt|més gran del que sembla]. [Al centre hi ha|Té] {place:un} {look:{place.g}}, {shop:un} i {place2:un}. [Els {days} hi ha mercat|A l'estiu s'omple de visitants|A la nit és molt tranquil·la] i [s'hi menja {dish}|tothom es coneix|es pot
passejar per {street:el}]. [{p:el} hi va néixer.|Hi vaig viure {few} anys.|Hi tornaré {future}.]

{place:el} del meu barri [és {look:{place.g}}|té {many} anys|obre a {hour}]. A l'entrada hi ha {plant:un} i {furniture:un} de color {color:m}. [Hi treballa {p:el}, que és {nature:{p.g}}|Els nens hi juguen cada tarda|Sempre hi fa fresca]. [M'hi trobo amb {q:el} els {days}.|Diuen que {place:el/la} tancaran {future}.]

Des de {room:el} es veu [el mar|la muntanya|{place:el}|{street:el}]. A {season}, [la llum és daurada|arriba l'olor de {plant}|se senten els ocells], i {p:el} [s'hi asseu amb {drink}|hi posa {furniture:un}|hi llegeix {writing}]. [És el seu racó preferit.|Només hi falta {pet:un}.|Ningú no {p:el/la} molesta fins a {hour}.]
""",
}
