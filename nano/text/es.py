"""Everyday Spanish: small grammars, tasks and hand-written dialogue for the nano's pretraining."""

from collections.abc import Callable
from random import Random

from .words_es import (
    CITIES,
    COLORS,
    COUNTRIES,
    FEELINGS,
    MEN,
    MONTHS,
    OPPOSITES,
    POOLS,
    SURNAMES,
    WOMEN,
    Noun,
    Scene,
    agree,
    capitals,
    draw_code,
    family,
    hurried,
    render,
    tidy,
)

Turns = list[tuple[str, str]]

PROSE: dict[str, Callable[[Random], str]] = {
    "broken_appliance": family(
        "{when} se ha estropeado {appliance.el} de {person}. [Primero hizo un ruido raro y luego se apagó sin avisar|No se enciende, "
        "aunque está bien enchufad{appliance.o}|Empezó a oler a quemado y hubo que apagar{appliance.lo} enseguida]. [Lo compró hace "
        "{few} años, así que|Como] la garantía ya no [cubre|incluye] la reparación, [y arreglar{appliance.lo} cuesta {big}|el "
        "técnico le ha pedido {big} por el arreglo]. [Ha decidido comprar {appliance:otro} de segunda mano|Va a esperar al mes que "
        "viene|Al final {person.ella} mism{person.o} {appliance.lo} ha desmontado en {room.el}].",
        "En mi casa {appliance.el} lleva {few} días sin funcionar. [Mi {rel} dice que es el enchufe|Mi {rel} cree que se ha fundido "
        "un cable|Mi {rel} piensa que es culpa de la humedad], pero yo no estoy {me:seguro}. [Hemos llamado a un técnico, que vendrá "
        "el {day} {at}|El {day} vendrá {person}, que sabe de estas cosas]. [Mientras tanto|Hasta entonces], [usamos {appliance.el} "
        "de la vecina|nos arreglamos sin {appliance.ella}].",
        "{person} llevó {appliance.el} a arreglar el {day}. [La reparación costó|Le cobraron] {price} y tardó {few} días. [Ahora "
        'funciona como {appliance:nuevo}|Por desgracia, ha vuelto a fallar|Desde entonces no ha dado ningún problema]. ["Menos mal '
        'que no {appliance.lo} tiré", dijo {person.ella}|{person} guarda el recibo en {furniture.el}, por si acaso].',
        "Antes de llamar al técnico, comprueba que {appliance.el} está bien enchufad{appliance.o}. [Desenchúfal{appliance.o}, espera "
        "{few} minutos y vuelve a enchufarl{appliance.o}|Mira también si ha saltado la luz]. Si sigue sin funcionar, [busca la "
        "garantía|lee el manual|apunta el modelo y el año de compra]. [El modelo {code} suele dar problemas|{person} {appliance.lo} "
        "arregló así en {minutes} minutos].",
    ),
    "kitchen": family(
        "{person} está en la cocina preparando {dish.un}. [Ha puesto|Necesita] {grams} gramos de {ingredient} y {few} "
        "{vegetable.pl}. [Mientras se cuece todo|Entretanto], [friega los platos|escucha la radio|habla por teléfono con su {rel}]. "
        "{at} [llegarán los invitados|cenará toda la familia]. [Huele muy bien en toda la casa.|]",
        "[Hoy me toca cocinar|Hoy cocino yo] y voy a hacer {dish.un}. Tengo {spice} y {vegetable.pl}, pero necesito {grams} gramos "
        "de {ingredient}. [Bajaré a {grocer.el} antes de que cierre|Le pediré un poco a mi {mate}]. [Si sale bien, guardaré una "
        "ración para mañana|Espero que le guste a mi {rel}].",
        "A {person} se le quemó {dish.el} [porque se quedó dormid{person.o}|porque sonó el teléfono|porque olvidó mirar el reloj]. "
        "La cocina se llenó de humo y hubo que abrir las ventanas. [Al final|Por suerte], {person.ella} y su {rel} cenaron "
        "{fruit.pl} y {drink.un}. [Se rieron mucho|La próxima vez pondrá una alarma].",
        "En nuestra cocina hay {furniture.un} [de {material}|muy {furniture:viejo}] y {appliance.un} {appliance:nuevo}. [Ahí|Allí] "
        "desayunamos todos los días {early}. Mi {rel} toma {drink.un} y yo prefiero {drink2.un}. [Los domingos preparamos {dish.un} "
        "entre todos.|Los {days} casi nunca hay prisa.]",
    ),
    "shopping": family(
        "{person} fue a {grocer.el} y compró {bill.count} kilos de {fruit.pl}. Cada kilo costaba {bill.each}, así que pagó "
        "{bill.total} en total. [Entregó {bill.paid} y le devolvieron {bill.change}.|Pagó con tarjeta y guardó el recibo.] [De "
        "vuelta a casa pasó por {shop2.el}.|]",
        "He comprado {clothes.un} {clothes:{color}} en una tienda de la {street}. [Costaba {big}, pero estaba rebajad{clothes.o} un "
        "{percent} por ciento|Me costó {price}]. [Me queda bien, así que me {clothes.lo} quedo|Me queda un poco grande, y creo que "
        "{clothes.lo} cambiaré|Me queda un poco grande, pero me gusta mucho el color]. [Mi {rel} dice que el {color2} me sentaría "
        "mejor.|]",
        "En {shop.el} de la {street} los precios han subido. {thing.el} que antes costaba {rise.before} ahora cuesta {rise.after}. "
        '[{person}, que compra allí desde hace años, está {person:{feeling}}|Muchos clientes van ahora a {shop2.el}]. ["Todo está '
        'más caro", dice.|Solo {food.el} sigue al mismo precio.|]',
        "Lista de la compra: {food}, {food2}, {few} {vegetable.pl}, {few2} {fruit.pl} y {food3}. [No hay que olvidar {drink.el}|Si "
        "queda dinero, también {dish.un}]. En total no debería pasar de {price}. [{grocer.el} abre {at}|{person} irá el {day}].",
    ),
    "parcels": family(
        "{person} espera un paquete [desde el {day}|desde hace {few} días]. Dentro hay {thing.un} {thing:{color}} para su {rel}. [El "
        "mensajero llamó {at}, pero no había nadie en casa|Según el aviso, el paquete está en {city}]. [Ahora tendrá que ir a "
        "recogerlo a la oficina de correos|Mañana lo intentarán otra vez]. [El número de envío es {code}.|]",
        "Ayer llegó [una caja|un paquete] a la {street}, número {num}. Venía de {city} y pesaba {few} kilos. [La caja estaba "
        "mojada|El cartón estaba roto|Todo estaba bien envuelto], [y {person} la abrió con cuidado en {room.el}|y mi {rel} la abrió "
        "enseguida]. Dentro había {thing.un} y {toy.un} {toy:{color}}.",
        "El cartero dejó la carta de {person} en el buzón equivocado. [Su {mate} la encontró y se la llevó|Estuvo {few} días en casa "
        "del {floor}]. [Era una invitación a {event.un}|Era una postal de {city}|Eran noticias de su {rel}]. [{person} se puso muy "
        "{person:contento}|Desde entonces, el buzón tiene su nombre en letras grandes].",
        "Para enviar un paquete a {city}, hay que [pesarlo|envolverlo bien] y escribir la dirección con letra clara. [El envío "
        "normal cuesta {cheap} y tarda {few} días|Si pesa más de {few} kilos, cuesta {price}]. [Guarda el resguardo hasta que "
        "llegue|Con el número {code} se puede saber dónde está].",
    ),
    "phones": family(
        "A {person} se le cayó el móvil en {room.el} y se rompió la pantalla. [El arreglo cuesta {big}|En la tienda le pidieron "
        "{big}]. [Todavía puede llamar, pero no lee bien los mensajes|No puede ni contestar las llamadas]. [Su {rel} le ha prestado "
        "otro|De momento usa el teléfono viejo de su {rel}].",
        "Mi móvil [se queda sin batería a media tarde|tarda {minutes} minutos en encenderse|se calienta mucho]. [He borrado {app} y "
        "algunas fotos|He bajado el brillo de la pantalla], y [ahora va mejor|no ha servido de nada]. [El {day} lo llevaré a "
        "arreglar a la {street}.|{person}, que es {person.job}, me ha dicho que compre otro cargador.]",
        "{person} ha cambiado de número. El nuevo es el {phone}. [Apúntalo y borra el anterior|El antiguo dejará de funcionar el "
        "{day}]. [Si no contesta, puedes escribir a {email}.|Prefiere los mensajes a las llamadas.]",
        "Mi {rel} no sabe usar bien el teléfono. [Ayer llamó {few} veces sin querer|Siempre lo deja en {room.el} y no lo oye]. [El "
        "{day} le enseñé a mandar fotos|Le he puesto las letras más grandes]. Ahora [me manda cada mañana una foto de su "
        "{pet}|pregunta a todos por {app}|está {rel:encantado}].",
    ),
    "apps": family(
        "Desde la última actualización, {app} [se cierra sin motivo|va muy despacio|no abre]. [He reiniciado el móvil|He probado a "
        "instalar todo de nuevo] y sigue igual. [{person} tiene el mismo problema|A mi {rel}, que vive en {city}, le funciona sin "
        "fallos]. [Espero que lo arreglen antes del {day}.|Mientras tanto uso {device.el} de mi {mate}.]",
        "{person} usa {app} [todos los días|cada {day}] {at}. [Dice que le ahorra {minutes} minutos al día|Le gusta porque es fácil "
        "de usar]. [Lo único malo son los anuncios|Solo le molesta que gaste tanta batería]. [Su {rel}, en cambio, prefiere el papel "
        "y el lápiz.|]",
        "Para usar {app} hace falta conexión. Primero [crea una cuenta|abre los ajustes], después [elige un idioma|activa los "
        "avisos] y por último [pon tu correo|acepta las condiciones]. {person} lo hizo en {minutes} minutos. [Si algo falla, cierra "
        "todo y empieza de nuevo.|La versión de pago cuesta {cheap} al mes.]",
        "{app} me avisó de que [{weather} en {city}|había {few} mensajes sin leer|el {day} tengo {event.un}]. [Lo había olvidado por "
        "completo|No le hice caso]. [Gracias a eso llegué a tiempo a {place2.el}|Al final llegué tarde a {place.el}].",
    ),
    "passwords": family(
        "{person} ha olvidado la contraseña del correo. [La escribió en {notebook.un}, pero no {notebook.lo} encuentra|Cree que "
        "llevaba el nombre de su {pet}]. [Después de {few} intentos, la cuenta se bloqueó|Ha probado {few} veces sin suerte] desde "
        "{device.el}. [Ahora espera un código en el móvil|Ha pedido una nueva y la ha guardado mejor].",
        "Una buena contraseña tiene al menos {many} letras y algún número. [No uses tu fecha de nacimiento ni el nombre de tu "
        "{pet}|No la compartas con nadie]. [Conviene cambiarla cada {few} meses|Es mejor tener una distinta para cada cuenta]. "
        "{person} las apunta en {notebook.un} [que guarda en {room.el}|que nadie ha visto].",
        "Mi cuenta [se abrió con|está a nombre de] {email}. El {day} [recibí un aviso de entrada desde {city}|alguien intentó entrar "
        "desde {city}]. [No era yo, así que cambié la clave|Era mi {rel}, que está allí de viaje]. [Desde entonces estoy más "
        "{me:tranquilo}.|]",
        "Para entrar en la cuenta, usa el código {code}. [No se lo des a nadie|El código caduca en {minutes} minutos]. [Te llegará "
        "un mensaje al {phone}|Recibirás un correo en {email}].",
    ),
    "trips": family(
        "[{season.este}|En {month}] {person} viajó a {city} con su {rel}. [Fueron en {far}|Viajaron en {far}] y se quedaron {few} "
        "noches en un hotel de la {street}. [Visitaron {place.el} y comieron {dish.un}|Lo que más les gustó fue {place.el}]. [El "
        "último día llovió mucho, pero no les importó|Volvieron con sueño, pero felices].",
        "Estamos preparando un viaje a {country.name}. La capital es {country.capital} y allí se habla {country.language}. [Salimos "
        "el {date}|Iremos en {month}] y [volvemos {few} días después|nos quedaremos {few} días]. [Mi {rel} ya ha hecho la "
        "maleta|Todavía no hemos comprado los billetes]. [El billete cuesta {big} por persona.|]",
        "{person} perdió la maleta en el aeropuerto de {city}. Era de color {color} y llevaba dentro {clothes.un} y {thing.un}. "
        "[Rellenó {doc.un} y esperó {few} horas|Le dieron un papel con el código {code}]. [Por suerte, apareció el {day}|Todavía no "
        "sabe nada de ella|Se la llevaron al hotel a la mañana siguiente].",
        "De {city} a {city2} [hay un buen camino|se va bien en {far}]. El viaje dura {trip.lasts}: se sale a las {trip.leaves} y se "
        "llega a las {trip.arrives}. [El billete cuesta {price}|Conviene reservar antes del {day}]. [A mitad del camino se puede "
        "parar a tomar {drink.un}.|]",
    ),
    "trains": family(
        "El tren de {city} a {city2} sale a las {trip.leaves} y llega a las {trip.arrives}. El viaje dura {trip.lasts}. [Hoy lleva "
        "{minutes} minutos de retraso|Hoy sale por la vía {few}]. [{person} espera sentad{person.o} en un banco con {drink.un}|Los "
        "viajeros miran el panel con paciencia].",
        "{person} llegó corriendo a la estación, pero el tren ya se había ido. [El siguiente salía {minutes} minutos más tarde|No "
        "había otro hasta las {trip.leaves}]. [Llamó a su {rel} para avisar|Aprovechó para leer {book}]. [Al final llegó a {city} a "
        "las {trip.arrives}|Llegó tarde a {event.el}, pero nadie se enfadó].",
        "En el tren iba sentada a mi lado una señora con {pet.un}. [El animal durmió todo el viaje|El animal no dejó de mirarme]. "
        "[La señora me contó que iba a {city} a ver a su {rel}|Hablamos de {hobby} y del tiempo]. [Bajó en {city2} {at}.|Cuando "
        "bajé, olvidé {thing.un} en el asiento.]",
        "Aviso: el tren con destino {city} efectuará su salida {at} por la vía {few}. [Se ruega a los viajeros que tengan preparado "
        "el billete|Este tren no para en {city2}]. [Disculpen las molestias por el retraso de {minutes} minutos|No dejen el equipaje "
        "solo]. [Gracias por su atención.|]",
    ),
    "weather": family(
        "Hoy {sky.now} en {city}. La temperatura es de {sky.degrees} grados[, algo raro en {month}|, más o menos como ayer|]. [El "
        "{day} se espera un cambio|Para el {day} anuncian tormenta|El {day} bajará la temperatura]. [{person} ha salido con "
        "{sky.wear}|Conviene llevar {sky.wear}] por si acaso.",
        "En {city} {weather} y en {city2}, en cambio, {weather2}. [Es lo normal en {month}|Nadie lo esperaba en {month}]. {person} "
        "iba a {place.el}, pero [prefiere quedarse en casa|ha cambiado de planes]. [Pasará la tarde en {room.el} con {drink.un}.|Irá "
        "el {day}, si mejora el tiempo.]",
        "Anoche hubo una tormenta muy fuerte. [El viento tumbó {plant.un} del jardín|Entró agua en {room.el}|Se fue la luz durante "
        "{few} horas]. Mi {rel} y yo [encendimos velas|jugamos a las cartas] hasta muy tarde. [Por la mañana el cielo estaba "
        "limpio|Hoy {plant2.el} tiene las hojas brillantes].",
        "{season.el} en {city} es [{season:largo}|{season:corto}|agradable|{season:duro}]. [Por la mañana las calles están llenas|En "
        "{month} {weather} casi siempre]. [A {person} le gusta porque puede {hobby}|A mi {rel} no le gusta nada]. [Yo prefiero "
        "{season2.el}.|Cada uno se queja a su manera.]",
    ),
    "school": family(
        "{person} tiene examen de {subject} el {day}. [Ha estudiado {few} horas en {room.el}|Todavía le faltan {few} temas por "
        "estudiar]. [{subject.el} le parece difícil|Le gusta más {subject2.el}], pero [quiere sacar buena nota|no se rinde]. [Su "
        "{rel} le ayuda con los ejercicios.|Después irá a {place.el} a descansar.]",
        "En la clase de {subject} hay {many} alumnos. [El director entra a veces|El profesor es muy paciente] y [explica con "
        "ejemplos|cuenta historias]. [El {day} hicimos un trabajo sobre {country.name}|Hoy hemos aprendido que {country.capital} es "
        "la capital de {country.name}]. [A mí me gusta más {subject2.el}.|]",
        "Mi {child} ha empezado el curso en un colegio nuevo. [El primer día estaba muy {child:nervioso}|El primer día no quería "
        "entrar]. [Ahora tiene {few} amigos y juega al {team} en el recreo|Ahora le encanta {subject.el}]. [Sale {at} y merienda "
        "{fruit.un}|Lleva siempre {thing.un} {thing:{color}} en la mochila].",
        "Estimadas familias: el {day} {date} haremos una salida a {place.el}. [Saldremos del colegio {at}|El autobús saldrá {at}] y "
        "cada alumno debe traer {drink.un} y {clothes.un}. El precio es de {cheap}. [Por favor, firmen {doc.el} antes del viernes|Si "
        "llueve, iremos otro día].",
    ),
    "work": family(
        "{person} es {person.job} y trabaja en {city}. [Empieza {early}|Se levanta muy temprano] y [va en {vehicle}|va andando] "
        "hasta {place.el}. [Le gusta su trabajo porque puede ayudar a la gente|Está {person:{feeling}} con su horario]. [En {month} "
        "cambiará de puesto|Dentro de {few} años quiere jubilarse|Los {days} libra y aprovecha para {hobby}].",
        "Hoy ha sido mi primer día de trabajo en {place.un}. [Mi {mate} me enseñó {room.el} y la sala de reuniones|Me han dado "
        "{thing.un} y {device.un}]. [Estaba {me:nervioso}, pero todos fueron amables|He cometido {few} errores, pero no importa]. "
        "[Mañana entro {early}.|El sueldo no es alto, pero estoy cerca de casa.]",
        "{person} busca trabajo de {person.job}. [Ha enviado su currículum a {few} empresas|Lleva {few} meses buscando] y [el {day} "
        'tiene una entrevista|espera una respuesta]. Habla {language} y {language2}. ["Estoy {person:dispuesto} a aprender", '
        "dice|Se pondrá {clothes.un} {clothes:{color}} para la ocasión].",
        "En la oficina {device.el} nunca funciona. [{person} dice que hay que dar un golpe|{person} propone comprar {device:otro}], "
        "pero [el jefe no quiere gastar {big}|nadie se atreve]. [Ayer tardamos {minutes} minutos en imprimir {doc.un}|Ayer perdimos "
        "{doc.un}]. [Al final lo hicimos a mano.|]",
    ),
    "meetings": family(
        "La reunión será el {day} {at} en {room.el}. [Hablaremos de {event.el} y del presupuesto|El tema es {event.el} de {month}]. "
        "[{person} traerá {doc.el}|Cada uno debe leer antes {doc.el}]. [Durará {minutes} minutos como mucho|Si alguien no puede "
        "venir, que avise a {email}].",
        "La reunión de vecinos empezó {at} y terminó muy tarde. [Se habló de la escalera y del ascensor|Se discutió sobre el color "
        "de la fachada]. {person}, del {floor}, propuso [poner {plant.un} en la entrada|pintar {room.el} de {color}|arreglar la "
        "puerta]. [Ganó por {few} votos|No hubo acuerdo|Costará {big} por familia].",
        "[{person} llegó tarde a la reunión|{person} no pudo ir a la reunión] porque [perdió el autobús|su {child} estaba con "
        "fiebre|se le olvidó la hora]. [Su {mate} le contó lo más importante|Leyó después {doc.el}]: [{event.el} se cambia al "
        "{day}|hay que entregar todo antes del {date}]. [{person.ella} tomó nota en {notebook.un}.|]",
        "Resumen de la reunión del {date}: estuvimos {few} personas. Se decidió [comprar {appliance.un} por {big}|organizar "
        "{event.un} en {month}|abrir también los sábados]. {person} se encarga de [pedir {doc.el}|avisar a todos|reservar "
        "{room.el}]. [La próxima será el {day} {at}.|]",
    ),
    "health": family(
        "A {person} le duele {body.el} desde el {day}. [Se cayó en {room.el}|Cree que fue por {hobby}|No sabe por qué]. [El médico "
        "le ha dicho que descanse {few} días|En la farmacia le dieron una crema]. [Si no mejora, le harán una radiografía|Hoy está "
        "un poco mejor|Le han dado cita para el {date}].",
        "Tengo cita con el dentista el {day} {at}. [Me duele una muela|Es solo una revisión]. [La consulta está en la {street}, "
        "número {num}|Mi {rel} vendrá conmigo]. [La última vez pagué {price}|Estoy un poco {me:nervioso}, como siempre]. [Después no "
        "podré comer durante {few} horas.|]",
        "Mi {child} tiene fiebre y tos. [Anoche durmió mal|No ha ido a clase]. Le he preparado [un caldo|una manzanilla|un zumo de "
        "naranja|un vaso de leche] y {dish.un}, [pero no tiene hambre|y se lo ha comido todo]. [El médico dice que es un "
        "resfriado|Esta tarde vamos al médico]. [En {few} días estará bien.|]",
        "Para cuidar la salud conviene [dormir ocho horas|beber agua|andar {minutes} minutos al día] y comer {fruit.pl} y "
        "{vegetable.pl}. [{person}, que es {person.job}, dejó de fumar hace {few} años|{person} empezó a practicar {sport} en "
        "{month}]. Ahora [duerme mejor|se cansa menos|está más {person:tranquilo}]. [Los {days} va además a {place.el}.|]",
    ),
    "sports": family(
        "El equipo de {team} de {city} ganó el {day} por {few} puntos. [{person} fue quien mejor jugó|{person} marcó en el último "
        "minuto]. [El público aplaudió de pie|Los jugadores se abrazaron]. [El próximo partido será contra {city2}|Ya piensan en el "
        "partido del {date}].",
        "{person} practica {sport} desde hace {few} años. [Entrena los {days} y los {days2}|Entrena cada día antes de trabajar] en "
        "{place.un} cerca de su casa. [El mes pasado se hizo daño en {body.el}|Hace poco ganó una medalla], [pero no piensa "
        "dejarlo|y sigue con muchas ganas]. [Su {rel} también lo ha probado.|]",
        "El {day} corrimos una carrera de {few} kilómetros en {city}. [Yo llegué en el puesto {num}|Tardé {minutes} minutos más que "
        "{person}]. Había mucha gente en la calle, y eso [nos ayudó|lo hizo más difícil]. [Al final nos dieron {fruit.un} y "
        "{drink.un}|Mañana me dolerá {body.el}].",
        "Perdimos otra vez. El partido de {team} acabó {few} a cero y [el entrenador estaba [triste|enfadado|muy "
        "serio|decepcionado|de mal humor]|nadie quería hablar]. [{person} dijo que hay que entrenar más|{person} se hizo daño en "
        "{body.el}]. [El {day} lo intentaremos de nuevo|Luego fuimos a tomar {drink.un} y se nos pasó].",
    ),
    "gardens": family(
        "{person} ha plantado {plant.un} en [el patio|la terraza|el jardín|un tiesto de {material}]. [{plant.lo} riega cada {few} "
        "días|Necesita mucho sol y poca agua]. [En {month} dará flores|Ya tiene {few} hojas nuevas]. [Al lado crecen {few} "
        "{vegetable.pl}|Su {pet} intenta comérsel{plant.o}].",
        "En el huerto de mi {rel} hay {vegetable.pl}, {vegetable2.pl} y {fruit.pl}. [{season.este} ha llovido poco|Este año hace "
        "calor], así que [la cosecha será pequeña|regamos cada tarde]. [Uso {tool.el} y {tool2.el} para trabajar|El {day} recogimos "
        "{many} kilos]. [Lo que sobra se lo damos a la vecina.|]",
        "A {plant.el} de {room.el} se le caen las hojas. [Quizá tiene demasiada agua|Puede que le falte luz|Seguramente tiene "
        "bichos]. {person} ha puesto el tiesto junto a la ventana. [Si no mejora en {few} días, preguntará a su {mate}|Además le ha "
        "echado abono].",
        "Para cuidar {plant.un}, [riega poco|quita las hojas secas|elige un tiesto grande]. [El mejor mes para plantar es {month}|En "
        "{season} no hace falta abono]. [Hay que proteger{plant.lo} del frío|Si hace mucho calor, hay que poner{plant.lo} a la "
        "sombra]. {person} {plant.lo} tiene en {room.el} desde hace {many} años.",
    ),
    "animals": family(
        "{person} tiene {pet.un} que se llama [Luna|Bobo|Canela|Nube|Trufa|Pico|Chispa|Rayo|Lola|Copo|Duque|Mora]. Es {pet:{fur}} y "
        "tiene {few} años. [Duerme en {furniture.un}|Le gusta dormir en {room.el}] y come [de todo|pienso|muy poco|dos veces al "
        "día]. [Cuando {person} llega a casa, va a recibir{person.lo} a la puerta|Se asusta con los truenos|El {day} irá a ver al "
        "veterinario].",
        "Se ha perdido {pet.un} {pet:{fur}} cerca de la {street}. [Lleva un collar {color2}|Tiene una mancha blanca en una pata]. "
        "[Se escapó el {day} {at}|Falta de casa desde el {day}]. Si {pet.lo} ves, llama al {phone}. [Se dará una recompensa de "
        "{big}.|]",
        "El {day} encontramos {pet.un} en {place.el}. Estaba {pet:mojado} y tenía hambre. [Le dimos agua y un poco de "
        "[pan|pollo|pescado|fruta]|Mi {rel} {pet.lo} envolvió en {clothes.un}]. [El veterinario dijo que estaba {pet:sano}|Nadie ha "
        "preguntado por {pet.ella}]. [Ahora vive con nosotros.|Al final {person} se {pet.lo} quedó.]",
        "{pet.el} de mi {mate} es muy {pet:{trait}}. [Cada mañana {early} empieza a hacer ruido|Siempre se esconde debajo de "
        "{furniture.un}]. [Ayer se comió {dish.un}|Ayer rompió {thing.un} de {person}], pero [nadie se enfadó|hubo que llamar al "
        "veterinario]. [Los niños del barrio {pet.lo} adoran.|]",
    ),
    "family": family(
        "En mi familia somos {few}. {person} es la persona más {person:{trait}}. [Vivimos en la {street}, en {city}|Vivimos en un "
        "{floor} sin ascensor]. [Los domingos comemos {dish.un}|Cada {day} cenamos con mi {rel}]. [A veces discutimos, pero nos "
        "queremos mucho.|Mi {rel2} siempre cuenta la misma historia.]",
        "Mi {elder} [nació en {city} hace {old} años|cumple {old} años el {date}]. De joven le gustaba {hobby} y [trabajó {few} años "
        "en {place.un}|viajó por {country.name}]. [Ahora vive con {pet.un} muy {pet:cariñoso}|Ahora pasa las tardes en {place2.el}]. "
        "[Cada {day} me llama por teléfono.|Siempre me dice que coma más.]",
        "{person} y su {rel} no se hablaban desde {month}. [Todo empezó por {thing.un} que se perdió|Habían discutido por dinero]. "
        "[El {day} se encontraron en {place.el}|{person} le escribió una carta] y [hicieron las paces|acabaron riendo]. [Ahora van "
        "juntos a {shop.el} cada semana.|]",
        "El {date} nació {child.el} de {person2}. [Pesó tres kilos|Fue un día de mucho frío] y [todos fuimos a verl{child.o}|su "
        "abuela lloró de alegría]. [{person} le regaló {toy.un}|Le compramos {toy.un} {toy:{color}}]. Ahora [anda por toda la "
        "casa|ya dice {few} palabras|duerme toda la noche].",
    ),
    "money": family(
        "{person} gana poco, pero ahorra {big} cada mes. [Quiere comprar {vehicle.un}|Quiere viajar a {country.name}|Quiere arreglar "
        "{room.el}]. [Ha dejado de comer fuera|Apunta todos los gastos en {notebook.un}]. [Si todo va bien, tendrá bastante en {few} "
        "meses|Su {rel} dice que es {person:admirable}].",
        "Este mes hemos gastado mucho. [La luz ha costado {big}|El taller nos cobró {big}] y {clothes.el} de mi {rel}, {price}. "
        "[Habrá que ahorrar en {month}|No saldremos a cenar hasta el día {few}]. [Mi {rel2} propone vender {furniture.el}|Yo "
        "propongo gastar menos en regalos].",
        "{person} le prestó {bill.paid} a su {mate}. Su {mate} compró {bill.count} {thing.pl} de {bill.each}, que son {bill.total}. "
        "Le sobraron {bill.change}. [Se los devolvió el {day}|Prometió devolver todo en {month}]. [{person} no tenía prisa.|]",
        "El alquiler del piso de la {street} es de {big} al mes. [Tiene {few} habitaciones y {room.un}|Está en el {floor} y tiene "
        "mucha luz]. [Hay que pagar el día {few2} de cada mes|El recibo llega siempre a {email}]. [{person} comparte los gastos con "
        "su {mate}, así que paga la mitad.|]",
    ),
    "invoices": family(
        "Factura número {code}, con fecha {date}. {bill.count} {thing.pl} a {bill.each}: {bill.total}. [Forma de pago: "
        "transferencia|Pagado en efectivo|Pendiente de pago]. [Cliente: {person} {surname}|A nombre de {person} {surname}], "
        "{street}, {num}, {city}.",
        "Ha llegado la factura [de la luz|del agua|del gas|del teléfono|de internet] y es de {big}. El mes pasado pagamos {price}, "
        "[así que hay que mirar qué ha pasado|y eso que estuvimos fuera {few} días]. [{person} cree que {appliance.el} gasta "
        "demasiado|Quizá hemos usado mucho {appliance.el}]. [Llamaremos el {day} para preguntar.|]",
        "{person} encontró un error en la factura {code}. [Le habían cobrado dos veces {thing.el}|Ponía {many} {tool.pl} en lugar de "
        "dos]. [Llamó {at} y se lo explicó a una señora muy amable|Escribió un correo con una copia]. [El {day} le devolvieron "
        "{price}|Todavía espera la respuesta].",
        "Le recordamos que el recibo {code} vence el {date}. El importe es de {price}. [Puede pagarlo en el banco o por internet|Si "
        "ya lo ha pagado, no haga caso de esta nota]. [Para cualquier duda, escriba a {email}.|Un saludo.]",
    ),
    "letters": family(
        "Querid{person.o} {person}: te escribo desde {city}, donde {weather}. [El viaje fue largo|He llegado bien] y [ya he visto "
        "{place.el}|mañana visitaré {place.el}]. [La comida es muy buena, sobre todo {dish.el}|Te he comprado {thing.un} "
        "{thing:{color}}]. [Vuelvo el {day}|Nos vemos en {month}]. Un abrazo, {person2}.",
        "Querid{rel.o} {rel}: gracias por {thing.el} que me mandaste. [Llegó el {day}, justo a tiempo|Me ha gustado muchísimo]. Aquí "
        "todo va bien: [trabajo en {place.un}|estudio {subject}] y [por las tardes salgo a pasear|los {days2} practico {sport}]. "
        "[Espero verte en {month}.|Dale recuerdos a todos.] Besos, {person}.",
        "Estimad{person.o} {person}: le escribo por el anuncio de {furniture.el} que vende. [¿Sigue disponible?|¿Me puede decir el "
        "precio?] [Podría pasar por su casa el {day} {at}|Mi número es el {phone}]. Atentamente, {person2} {surname2}.",
        "Querid{mate.o} {mate}: siento no haber ido a {event.el}. [Tuve que quedarme en casa con fiebre|Me equivoqué de día|Perdí el "
        "tren de {city}]. [Me han dicho que fue muy divertido|Seguro que lo pasasteis bien]. [Te invito a {dish.un} el {day}|Te debo "
        "{drink.un}]. Con cariño, {person}.",
    ),
    "emails": family(
        "Hola, {person}: te mando {doc.el} que me pediste. [Si falta algo, dímelo antes del {day}|Tiene {few} páginas]. [Mi {mate} "
        "también {doc.lo} ha leído|He revisado todo {few2} veces], [así que creo que está bien|pero puede haber errores]. Saludos, "
        "{person2}.",
        "Buenos días: quería reservar una mesa para {few} personas el {day} {at}. [Una de ellas no come {food}|Si puede ser, cerca "
        "de la ventana]. Mi teléfono es el {phone}. [Muchas gracias.|] Un saludo, {person} {surname}.",
        "Asunto: {event}. Hola a todos: {event.el} será el {date} {at} en {place.el}. [Traed {clothes.un}|Hay que llevar {drink.un}] "
        "y [algo para compartir|ganas de pasarlo bien]. [Confirmad en {email} antes del {day}|Somos {many} por ahora]. ¡Hasta "
        "pronto! {person}.",
        "Hola, {person}: [ayer te llamé, pero no contestaste|no encuentro tu número]. ¿Puedes [prestarme {tool.el}|cuidar de mi "
        "{pet} el {day}|traer {thing.el} que dejé en tu casa]? [Me urge un poco|Es solo hasta el {day2}]. [Gracias por todo.|Te debo "
        "una.] {person2}.",
    ),
    "notices": family(
        "Se informa a los vecinos de que el {day} {date} se cortará [el agua|la luz|el gas] {at}. [El corte durará unas {few} "
        "horas|Se espera que vuelva a las {trip.arrives}]. [Rogamos disculpen las molestias|Se recomienda no usar {appliance.el}]. "
        "La comunidad.",
        "Atención: {place.el} de {city} permanecerá cerrad{place.o} del {day} al {day2}. [El motivo son las obras de {room.el}|Se "
        "está cambiando la calefacción]. [Volverá a abrir el {date}|Para más información, llame al {phone}]. [Gracias por su "
        "comprensión.|]",
        "Se vende {furniture.un} de {material}, {furniture:{color}}, casi sin uso. Precio: {price}. [Se puede ver en la {street} por "
        "las tardes|Hay que venir a buscar{furniture.lo}]. Preguntar por {person} en el {phone}.",
        "Prohibido [fumar|comer|correr|hacer fotos|entrar con animales] en {room.el}. [Abrimos todos los días, también el {day}, "
        "{at}|Aforo máximo: {num} personas]. [Si encuentra {thing.un}, debe dejar{thing.lo} en la entrada|Deje {clothes.el} en el "
        "perchero]. [Gracias.|]",
    ),
    "recipes": family(
        "Para hacer {dish.un} necesitas {grams} gramos de {ingredient}, {few} {vegetable.pl} y un poco de {spice}. Primero [lava y "
        "corta todo en trozos pequeños|pela y corta la verdura]. Después [ponlo en una cazuela a fuego lento|mételo en el horno] "
        "durante {minutes} minutos. [Por último, añade sal|Al final, prueba y corrige de sal]. [Se sirve caliente.|Salen {few2} "
        "raciones.|]",
        "Receta de la abuela de {person}: se mezclan {grams} gramos de harina con {few} huevos. Se añade {spice} y se bate [con una "
        "cuchara de madera|sin parar]. [La masa reposa|Se deja enfriar] {minutes} minutos. [Se adorna con {fruit.pl}|Se come con "
        "{drink.un}]. [El secreto es no tener prisa.|]",
        "Macedonia fácil: corta {few} {fruit.pl}, {few2} {fruit2.pl} y un puñado de nueces. [Exprime una lima por encima|Añade un "
        "chorro de miel]. Guarda todo en la nevera {minutes} minutos. [Sirve con nata|Está más rica al día siguiente]. [Para "
        "{person} es el mejor postre.|]",
        "{person} cambió la receta de {dish.el}: en lugar de {spice} puso {spice2}. [También añadió {few} {vegetable.pl}|Lo dejó "
        "{minutes} minutos más al fuego]. [A su {rel} le encantó|A nadie le gustó|El resultado fue sorprendente]. [La próxima vez "
        "pondrá menos {spice2}.|Ya lo ha apuntado en {notebook.un}.]",
    ),
    "instructions": family(
        "Cómo [limpiar|mover|guardar] {furniture.un}: primero [despeja el espacio|retira lo que haya encima]. Luego [pasa un paño "
        "húmedo|pide ayuda a tu {mate}]. [No uses {tool.un}|Ten cuidado con el suelo]. [En {minutes} minutos estará "
        "list{furniture.o}.|Si es de {material}, trabaja con más cuidado.]",
        "Para instalar {device.el}, abre la caja y comprueba que hay {few} cables y un manual. Conecta el cable {color} [y espera "
        "{minutes} segundos|a la pared]. Cuando se encienda la luz [roja|verde|blanca|azul], [pulsa el botón durante {few2} "
        "segundos|sigue los pasos de la pantalla]. [Si no ocurre nada, repite todo desde el principio.|Guarda la caja por si tienes "
        "que devolver{device.lo}.]",
        "Pasos para llegar a {place.el}: sal de casa y baja por la {street}. Gira [a la derecha|a la izquierda] en {shop.el} y sigue "
        "{minutes} metros. Verás un banco de [piedra|madera|metal] junto a {shop2.el}. [{place.el} está justo enfrente|Si llegas a "
        "la {street2}, te has pasado].",
        "Consejos para {chore}: [hazlo por la mañana|pon música|empieza por lo más difícil]. [Dedica {minutes} minutos y no "
        "más|Reparte la tarea con tu {rel}]. [{person} lo hace cada {day}|{person} siempre lo deja para el {day}]. [Al terminar, "
        "date un premio: {drink.un} o {fruit.un}.|]",
    ),
    "diary": family(
        "{day}, {date}. Hoy me he levantado {early} y {weather}. [He ido a {place.el} con {person}|He pasado la mañana en "
        "{room.el}]. [Hemos comido {dish.un}|He comido {dish.un} yo {me:solo}] y luego [he podido {hobby}|tuve que {chore}]. [Ha "
        "sido un buen día|Estoy {me:cansado}, pero {me:contento}].",
        "Querido diario: hoy {person} me ha [dicho que se va a vivir a {city}|regalado {thing.un}|pedido perdón]. [No lo esperaba|No "
        "he sabido qué decir]. [Mañana le escribiré una carta|Se lo he contado a mi {rel}]. [Me acuerdo de cuando jugábamos con "
        "{toy.un} en {place.el}.|] Me voy a dormir.",
        "{date}. [No he dormido bien|He soñado con {pet.un} enorme]. En el trabajo [todo ha ido lento|hemos terminado {doc.el}]. Por "
        "la tarde he decidido {hobby}, y eso me ha puesto de buen humor. [Para cenar, {dish}|Antes de acostarme he leído {few} "
        "páginas de {book}]. Mañana tengo que {errand}.",
        "Primer día en {city}. [El piso es pequeño, pero tiene {room.un}|La casa huele a {food}]. [He conocido a {person}, que es "
        "{person.job}|Mi {mate} me ha traído {dish.un}]. [Echo de menos a mi {rel}|Todavía no encuentro {shop.el}]. [El {day} "
        "empiezo a trabajar.|]",
    ),
    "news": family(
        "{city}, {date}. [Un incendio|Una inundación|Una avería] obligó ayer a cerrar {place.el}. No hubo heridos. [Los bomberos "
        "trabajaron {few} horas|Unas {num} personas tuvieron que salir]. [El alcalde pidió calma|Se cree que empezó en {room.el}]. "
        "[Volverá a abrir el {day}.|]",
        "{place.un} de {city} celebra {event.un} este {day}. [Se esperan unas {num} personas|La entrada cuesta {cheap}]. [Acudirá "
        "{person} {surname}|Habrá música y {dish.un} para todos]. Empieza {at}. [Si llueve, se hará en {place2.el}.|]",
        "{person} {surname}, {person.job} de {age} años, ha ganado el primer premio de {event.un} de {city}. [El premio es de "
        '{big}|Recibirá una copa de {material}]. "Estoy {person:emocionado}", [dijo al recibirlo|declaró ayer]. [Piensa gastarlo '
        "con su {rel}|Lo celebró con {drink.un}].",
        "El precio de {food.el} sube un {percent} por ciento en {month}. [La causa es la falta de lluvia|Los vendedores culpan al "
        'transporte]. En {city}, {grocer.un} ya ha cambiado los carteles. [Los clientes están enfadados|"Compraré menos", dice '
        "{person}].",
    ),
    "complaints": family(
        "Compré {thing.un} en su tienda el {date} y ya está rot{thing.o}. [Me costó {price}|Solo {thing.lo} he usado {few} veces]. "
        "[He intentado llamar {few2} veces y nadie contesta|En la tienda me dijeron que no podían hacer nada]. [Quiero que me "
        "devuelvan el dinero|Pido que me {thing.lo} cambien por {thing:otro}]. {person} {surname}.",
        "Me quejo del ruido que hace mi {mate}. [Cada noche pone música|Desde el {day} usa [el taladro|la sierra|el martillo] sin "
        "parar]. [He hablado con {mate.ella} {few} veces|No quiere escucharme]. [Mi {rel} no puede dormir|Ya no sé qué hacer]. "
        "[Espero que se tomen medidas.|] {person} {surname}, {street}.",
        "Fuimos a cenar {few} personas y todo salió mal. {dish.el} [estaba frí{dish.o}|llegó {minutes} minutos tarde] y [el camarero "
        "fue antipático|la cuenta tenía un error]. Pagamos {big}. [No volveremos|No lo recomiendo a nadie]. [Solo {drink.el} estaba "
        "bien.|]",
        "El autobús de la {street} [nunca pasa a su hora|siempre va lleno]. Hoy he esperado {minutes} minutos [bajo la lluvia|al "
        "sol] y he llegado tarde a {place.el}. [No es la primera vez|El {day} pasó lo mismo]. Pido [más autobuses|una marquesina|que "
        "alguien lo solucione]. {person} {surname}.",
    ),
    "thanks": family(
        "Querid{person.o} {person}: gracias por {thing.el} {thing:{color}}. [Es precios{thing.o}|Es justo lo que necesitaba]. "
        "[{thing.lo} llevaré a {event.el} del {day}|{thing.lo} he puesto en {room.el}]. [Mi {rel} también te da las gracias|Eres muy "
        "{person.trait}]. Un beso, {person2}.",
        "Gracias por cuidar de {pet.el} mientras estuvimos en {city}. [{pet.lo} hemos encontrado muy {pet:contento}|Se nota que ha "
        "comido bien]. [Te hemos traído {food} y {thing.un}|El {day} te invitamos a {dish.un}]. [Ha sido una gran ayuda.|Cuando "
        "viajes, cuenta con nosotros.] {person} y {person2}.",
        "Quiero dar las gracias a {person}, que [encontró mi {thing} en {place.el}|me ayudó con {furniture.el}|me llevó en coche a "
        "{city}]. [No quiso aceptar nada a cambio|Ni siquiera me dijo su apellido]. [Gente así hace falta|Nunca lo olvidaré]. [Si "
        "lees esto, te debo {drink.un}.|]",
        "Mil gracias a todos por [venir a {event.el}|ayudarme con {event.el}]. [Éramos {many} y lo pasamos muy bien|Sin vosotros "
        "habría sido imposible]. {dish.el} de {person} fue lo mejor. [El año que viene lo repetimos en {month}|Quedan fotos para "
        "quien las quiera].",
    ),
    "reviews": family(
        "He probado {appliance.el} nuev{appliance.o} durante {few} semanas. [Lo mejor: no hace ruido|Lo mejor es el precio: {big}]. "
        "[Lo peor: pesa demasiado|Lo peor es el manual, que solo está en {language}]. [{appliance.lo} recomiendo|No {appliance.lo} "
        "compraría otra vez]. Le doy [un cinco|un seis|un siete|un ocho|un nueve] sobre diez.",
        "{book} es {genre.un} de {person} {surname}. Cuenta la historia de {mate.un} que [pierde {thing.un}|viaja a {city}|encuentra "
        "{pet.un}]. [El final me sorprendió|Se lee en {few} tardes]. [A mi {mate} no le gustó|Se lo regalaré a mi {mate}]. [Cuesta "
        "{price}.|]",
        "Hotel de la {street}, {city}: [habitación limpia y tranquila|habitación pequeña pero cómoda]. [El desayuno incluye "
        "{drink.un} y {fruit.pl}|El desayuno empieza {at}]. [El personal fue muy amable|Tuvimos un problema con {appliance.el}, pero "
        "lo arreglaron]. Precio: {big} por {few} noches. [Volveremos en {month}.|]",
        "[Buen|Gran] restaurante cerca de {place.el}. Pedimos {dish.un} y {dish2.un}. [Las raciones son grandes|El servicio fue "
        "rápido] y [pagamos {price} por persona|el precio es justo]. [Los {days} suele estar lleno|Mejor reservar en el {phone}].",
    ),
    "objects": family(
        "En {room.el} hay {furniture.un} de {material}. Es {furniture:{color}} y [tiene más de {many} años|está un poco "
        "{furniture:gastado}]. Encima hay {thing.un} y un jarrón. [Era de mi {rel}|{person} {furniture.lo} compró en {city}]. [No "
        "{furniture.lo} cambiaría por nada.|]",
        "He perdido {thing.un} {thing:{color}}. [Es de {material}|Tiene un dibujo de {pet.un}] y [lleva mi nombre|lleva dentro una "
        "foto de mi {rel}]. [{thing.lo} vi por última vez en {place.el}|Creo que {thing.lo} dejé en {vehicle.un}]. Si {thing.lo} "
        "encuentras, escribe a {email}.",
        "Usamos {tool.un} cuando hay que trabajar en {room.el}. Este modelo es de {material} y cuesta {price}. [{person}, que es "
        "{person.job}, {tool.lo} usa a menudo|Mi {rel} me {tool.lo} regaló en {month}]. [Después de usar{tool.lo}, hay que "
        "limpiar{tool.lo}|Se guarda en {room2.el}, lejos de los niños].",
        "{clothes.el} de {person} es de color {color}. [{clothes.lo} compró en {city}|Se {clothes.lo} hizo su {rel}]. Le queda [muy "
        "bien y {clothes.lo} lleva a {place.el}|un poco grande, pero {clothes.lo} lleva siempre]. [Solo se {clothes.lo} quita cuando "
        "hace calor.|]",
    ),
    "people": family(
        "{person} tiene {age} años y vive en {city}. Es {person.job}. Tiene {feature} y es muy {person.trait}. [En su tiempo libre "
        "le gusta {hobby}|Los {days} suele ir a {place.el}]. [Habla {language} y un poco de {language2}|Nunca sale sin {clothes.un} "
        "{clothes:{color}}].",
        "Mi {mate} se llama {surname} de apellido, pero todos le dicen [Chico|Tete|Moncho|Pipo|Nico]. [Tiene {feature}|Siempre lleva "
        "{clothes.un} {clothes:{color}}]. [Sabe tocar {instrument.el}|Colecciona {thing.pl}] y [cuenta chistes malos|habla muy "
        "deprisa]. [Un día quiere vivir en {country.name}.|]",
        "Todos conocen a {person} en el barrio. [Cada mañana {early} pasa por {shop.el}|Siempre está sentad{person.o} en {place.el}] "
        "con su {pet}. [Lleva {clothes.un} {clothes:{color}}|Tiene {feature}]. Es {person.trait} [y conoce el nombre de todos|, "
        "aunque no lo parece]. [De joven fue {person.job}.|]",
        "{person} y {person2} son muy diferentes. {person} es {person.trait} y trabaja de {person.job}; {person2} prefiere {hobby}. "
        "[Se conocieron en {place.el} en {year}|Comparten piso desde hace {few} años]. [Aun así, nunca discuten|Solo coinciden en "
        "una cosa: les gusta {dish.el}].",
    ),
    "places": family(
        "{place.el} de {city} está en la {street}. Es [grande|pequeñ{place.o}|antigu{place.o}|modern{place.o}] y [tiene {few} "
        "plantas|está rodead{place.o} de árboles]. [Abre {at}|Los {days} está cerrad{place.o}]. [A {person} le gusta ir allí con su "
        "{rel}|Cerca hay {shop.un} y {place2.un}].",
        "Mi barrio es tranquilo. Hay {shop.un}, {shop2.un} y {place.un}. [Por la mañana huele a pan|Los {days} hay mercado en la "
        "plaza]. [Lo que más me gusta es {place2.el}|Lo malo es que no hay {shop3}]. [Vivo aquí desde {year}.|]",
        "La casa de {person} tiene {few} habitaciones y {room.un}. [Las paredes son de color {color}|El suelo es de {material}]. "
        "Desde [la ventana|el balcón] se ve {place.el}. [En {season} hace mucho frío|En {room2.el} tiene {furniture.un} donde le "
        "gusta descansar]. [Pagó por ella mucho dinero.|]",
        "{city} es una ciudad [bonita|ruidosa|con mucha historia]. {person} vivió allí {few} años, en la {street}. [Recuerda sobre "
        "todo {place.el} y el olor a {food}|Trabajaba en {place.un}]. [Quiere volver en {month}|Dice que allí se come bien].",
    ),
    "stories": family(
        "Érase una vez {pet.un} {pet:{fur}} que quería [volar|ver el mar|aprender a cantar|tener un amigo]. Un día encontró "
        "{thing.un} en [el camino|el bosque|la orilla del río]. [Dentro había un mensaje de {person}|Era {thing:mágico} y sabía "
        "hablar]. [Caminaron juntos {few} días|Le pidió {few} deseos]. Al final [comprendió que ya era feliz|volvió a casa con una "
        "gran historia].",
        "{person} [bajó al sótano|subió al desván] a buscar {tool.un}. [Allí|En un rincón] encontró {thing.un} con el nombre de "
        "{person2}. [{person2} había vivido allí hacía muchos años|Nadie sabía quién era {person2}]. [Escribió a {city} para "
        'preguntar|Preguntó a su {mate}]. {few} semanas después recibió una respuesta: "Guárdal{thing.o}, ahora es tuy{thing.o}".',
        'Era de noche y {person} oyó un ruido en {room.el}. [Cogió {tool.un}|Encendió la luz] y avanzó despacio. ["¿Quién anda '
        'ahí?", preguntó|Le temblaban las manos]. Era solo {pet.un}, que [había entrado por la ventana|se estaba comiendo '
        "{dish.el}]. {person} se echó a reír y le dio un poco de [pan|pollo|agua|fruta].",
        "Hace mucho tiempo, en {city}, vivía {mate.un} muy {mate:{trait}}. Tenía {furniture.un} de {material} y {few} {pet.pl}. [Un "
        "{day} llegó un desconocido|{season.un} no llovió] y todo cambió. [Tuvo que vender {furniture.el}|Tuvo que marcharse a "
        "{country.name}]. [Años después volvió y abrió {shop.un}|Nunca más se supo de {mate.ella}].",
    ),
    "comparisons": family(
        "{person} es más {person:{trait}} que {person2}. [{person2}, en cambio, corre más deprisa|{person2}, en cambio, sabe "
        "{hobby}]. [{person} prefiere {season.el} y {person2}, {season2.el}|A {person} le gusta {sport.el}; a {person2}, "
        "{sport2.el}]. [Las dos familias viven en {city}.|Aun así, son buenos amigos.]",
        "{furniture.el} cuesta {price} y {furniture2.el}, {big}. [El segundo mueble es más caro, pero es de {material}|La diferencia "
        "se nota en la calidad]. [{person} elegiría lo barato|Mi {rel} elegiría lo caro]. [Para {room.un} pequeñ{room.o}, basta con "
        "lo más simple.|]",
        "Viajar en {far} es [más rápido|más barato|más cómodo] que viajar en {far2}. [De {city} a {city2} se tarda {trip.lasts}|El "
        "billete cuesta {price}]. [Sin embargo, {person} tiene poca paciencia|Sin embargo, hay menos horarios|Sin embargo, contamina "
        "más]. [Cada uno elige lo que prefiere.|]",
        "{fruit.el} es más [dulce|grande|barat{fruit.o}] que {fruit2.el}. En {grocer.el} de la {street}, un kilo de {fruit.pl} "
        "cuesta {cheap}. [Mi {rel} prefiere {fruit2.el}|Yo compro siempre {fruit2.pl}], sobre todo en {month}. [Con {food} están "
        "todavía mejor.|]",
    ),
    "opinions": family(
        "Creo que {hobby} es [bueno para la cabeza|muy aburrido|mejor que estar todo el día sentado]. [{person} no está de "
        "acuerdo|Mi {rel} opina lo mismo]. [Cada persona descansa a su manera|Con {minutes} minutos al día basta]. [Yo empecé en "
        "{year} y no me arrepiento.|Lo importante es disfrutar.|]",
        "En mi opinión, {city} necesita [más árboles|otr{place.o} {place}|menos coches]. [La gente está harta del tráfico|En "
        "{season} no se puede respirar]. {person}, que es {person.job}, dice que [costaría demasiado|es solo cuestión de tiempo]. "
        "[Yo votaría a favor|Habrá que esperar hasta {month}].",
        "A mí {dish.el} me [gusta mucho|encanta]. [Lo pido siempre|Me recuerda a mi {rel}|Lo probé por primera vez en {city} cuando "
        "era {me:pequeño}]. [{person} dice que soy muy especial con la comida|Prefiero {dish2.el}]. [Sobre gustos no hay nada "
        "escrito.|]",
        "¿Es mejor vivir en {city} o en un pueblo? [En la ciudad hay {place.pl} y {shop.pl}|En la ciudad hay más trabajo], pero [en "
        "el pueblo se duerme mejor|en el pueblo todos se conocen]. {person} vivió {few} años en cada sitio. [Se queda con el "
        "pueblo|Se queda con la ciudad], [porque allí está su {rel}|porque le gusta {hobby}].",
    ),
    "questions": family(
        "¿Cuál es la capital de {country.name}? La capital de {country.name} es {country.capital}. ¿Y la de {country2.name}? Es "
        "{country2.capital}. [Además, {country.name} está en {country.continent}.|En {country2.name} se habla {country2.language}.] "
        "{person} lo [sabe|aprendió] porque [viajó allí en {year}|su {rel} es de {country.capital}].",
        "¿Dónde está {thing.el} de {person}? Está en {room.el}, [encima de {furniture.el}|dentro de {furniture.el}|al lado de "
        "{furniture.el}]. [¿Y {clothes.el}? Está en {room2.el}.|¿Quién {thing.lo} ha puesto allí? Su {rel}.]",
        "¿A qué hora abre {shop.el}? Abre {at} [todos los días|menos los {days}]. ¿Y se puede pagar con tarjeta? [Sí, a partir de "
        "{cheap}|No, solo en efectivo]. [¿Está lejos de {place.el}? No, a {few} minutos.|¿Venden {food}? Sí, y también {food2}.]",
        "¿Cuánto cuesta {clothes.el} {clothes:{color}}? Cuesta {price}. ¿Y {clothes2.el}? Son {big}, [pero hay descuento hasta el "
        "{day}|porque es de lana]. [Entonces me llevo lo primero.|Gracias, lo pensaré con mi {rel}.]",
    ),
    "plans": family(
        "El {day} [quiero|voy a] {errand} y después {chore}. [Si me sobra tiempo, iré a {place.el} con {person}|Por la tarde he "
        "quedado con {person} {at}]. [El {day2}, en cambio, no pienso hacer nada|El {day2} toca {chore2}]. [Espero que haga buen "
        "tiempo.|]",
        "{person} y {person2} van a organizar {event.un} en {month}. [Ya han reservado {place.el}|Será en casa de {person2}]. "
        "{person} llevará {dish.un} y {person2}, {drink.un}. [Vendrán {many} invitados|Han invitado a toda la clase]. [Si hace frío, "
        "lo harán en {room.el}.|]",
        "Mis planes para el año que viene: aprender {language}, {hobby} y visitar {country.name}. [También quiero ahorrar {big} al "
        "mes|También quiero ver más a mi {rel}]. [Empezaré en {month}|Empiezo el {day}, sin falta]. [{person} se ríe, pero yo voy en "
        "serio.|]",
        "Tareas del {day}: {chore}, {chore2} y {errand}. [{person} se ocupa de lo primero|Mi {rel} hará lo segundo]. [Hay que "
        "terminar antes de las {trip.leaves}|Todo debe estar listo para {event.el}]. [Luego, {dish} para todos.|]",
    ),
    "facts": family(
        "{fact} {fact2} {fact3}",
        "¿Sabías esto? {fact} {fact2} [{fact3}|]",
        "{person} lo aprendió en clase: {fact} {fact2} {fact3}",
        "{country.name} está en {country.continent}. Su capital es {country.capital} y allí se habla {country.language}. {fact} [{fact2}|]",
        "{country.capital} es la capital de {country.name}, y {country2.capital} es la capital de {country2.name}. {fact} {fact2}",
    ),
    "numbers_dates": family(
        "{person} nació el {date}, un {day}. [Su {rel} nació en {month}|Su {rel} cumple años el {date2}]. [En su calle, la {street}, "
        "vive en el número {num}|Su número de teléfono es el {phone}]. [Su código de socio es {code}.|Mide más que su {rel2}.]",
        "{event.el} es el {date}, {day}. Empieza a las {trip.leaves} y termina a las {trip.arrives}, es decir, dura {trip.lasts}. "
        "[Hay {num} plazas|Cuesta {cheap}]. [{person} ya tiene su entrada, la número {num2}.|]",
        "En la caja había {bill.count} {thing.pl}. Cada {thing} vale {bill.each}, y todo junto vale {bill.total}. [{person} hizo la "
        "cuenta {few} veces|{person} pagó con {bill.paid} y recibió {bill.change}]. [Era {day}, {date}.|]",
        "Hoy es {day}, {date}. [Faltan {num} días para {event.el}|Dentro de {few} semanas empieza {season.el}]. [{person} lo marca "
        "en el calendario con un círculo {color}|En el calendario hay un círculo {color}]. [La cita es {at}.|]",
    ),
    "chat": hurried(
        "[oye|ey|hola] {person}, [vienes a {place.el}|te apuntas a {event.el}] el {day}? [somos {few}|va también {person2}]. [trae "
        "{thing.un}|yo llevo {drink.un}]. [dime algo|avísame]",
        "[hola|perdona|oye], {person}, [llego {minutes} min tarde|estoy en {place.el}]. [hay mucho tráfico en la {street}|he perdido "
        "el bus]. [empezad sin mí|guardadme sitio], [porfa|por favor]",
        "{person} me ha dicho que [no hay clase de {subject} el {day}|se cambia {event.el} al {day}]. [¿tú sabes algo?|¿es verdad?] "
        "yo [pensaba {errand}|iba a {chore}] {at}",
        "¿puedes comprar {food} y {few} {fruit.pl} cuando salgas? [en casa no queda nada|yo no llego a {grocer.el}]. [te lo pago "
        "luego|gracias!!]",
        "[jajaja|qué risa], mi {rel} ha metido {thing.el} en {appliance.el}. [estaba {rel:dormido}, dice|dice que fue {pet.el}]. "
        "[ahora no funciona|huele fatal]. [te mando foto|ya te contaré]",
        "tengo {event} el {day} y no sé qué ponerme. [{clothes.el} {clothes:{color}}|{clothes.un} {clothes:{color}}] o {clothes2.el} "
        "{clothes2:{color2}}? [contesta rápido|tú qué dices]",
    ),
    "chores": family(
        "Hoy le toca a {person} {chore}. [Ayer lo hizo su {rel}|La semana pasada se le olvidó]. [Tarda unos {minutes} minutos|No le "
        "gusta, pero pone música] y después tiene que {chore2}. [A cambio, {person2} prepara {dish.un}|Cuando termina, se sienta en "
        "{furniture.el} con {drink.un}].",
        "En casa nos repartimos el trabajo. A mí me toca {chore}; a mi {rel}, {chore2}. [El {day} limpiamos {room.el} entre "
        "todos|Los {days} cambiamos]. [{person} siempre busca una excusa|Mi {rel2} no hace nada]. [Hemos colgado una lista en "
        "{room2.el}.|]",
        "{room.el} está muy {room:sucio}. Hay {thing.un} en el suelo y {clothes.un} encima de {furniture.un}. [{person} promete "
        "recogerlo todo el {day}|{person} dice que no ha sido {person.ella}]. [Su {rel} no se lo cree|Al final lo hace su {rel}]. "
        "[En {minutes} minutos queda perfecto.|]",
    ),
    "repairs": family(
        "La puerta de {room.el} [no cierra bien|hace ruido|se ha roto]. {person} ha ido a la ferretería a comprar {tool.un}, que le "
        "ha costado {price}. [El trabajo le llevará {minutes} minutos|Espera acabar {at}]. [Si no lo consigue, llamará a su "
        "{mate}|Su {rel} sujeta la linterna]. [Después pintará todo de {color}.|]",
        "Se ha roto una tubería en {room.el} de {person}. [El agua llegó hasta {furniture.el}|Hay un charco junto a {furniture.el}]. "
        "[El fontanero vendrá {at}|Han cerrado la llave del agua]. [La reparación costará {big}|El seguro pagará {big}]. [Mientras "
        "tanto, usan un cubo {color}.|]",
        "Este {day} voy a arreglar {furniture.el} de mi {rel}. Necesito {tool.un}, pegamento y un poco de pintura. [Le falta un "
        "trozo de {material}|Está un poco {furniture:flojo}], pero [tiene arreglo|no es grave]. [Me ayudará {person}, que es "
        "{person.job}.|Tardaré unas {few} horas.]",
    ),
    "music_books": family(
        "{person} toca {instrument.el} desde los {kid} años. [Ensaya cada {day} en {room.el}|Estudia con {person2}] y [los vecinos "
        "no se quejan|su {pet} se va a otra parte]. [El {date} dará un concierto en {place.el}|Le gustaría tocar en {city}]. [Antes "
        "tocaba {instrument2.el}.|]",
        "Estoy leyendo {book}. [Lo saqué de la biblioteca el {day}|Me lo prestó {person}] y tengo que devolverlo [en {few} "
        "días|antes del {date}]. [El personaje principal es {person2}, que trabaja en {place.un}|Trata de {pet.un} que vive en "
        "{city}]. [Voy por la página {num}.|Me gusta más que {book2}.]",
        "El {day} fuimos al cine a ver {book}. [La película dura {trip.lasts}|La entrada costó {cheap}]. [A {person} le hizo "
        "llorar|{person} se durmió a los {minutes} minutos]. [Yo había leído el libro y me gustó más|A mi {rel} le encantó]. "
        "[Después tomamos {drink.un} en la {street}.|]",
    ),
    "moving_house": family(
        "{person} se muda a la {street} de {city}. [Ha llenado {many} cajas|Le ayudan {few} amigos]. [{furniture.el} no cabe por la "
        "puerta|Ha vendido {furniture.el} por {price}]. [El nuevo piso tiene {room.un} y mucha luz|El nuevo piso está en el "
        "{floor}]. [Su {pet} está {pet:nervioso}.|Dormirá allí el {day}.]",
        "Nos mudamos el {date}. [El camión llegará {at}|Mi {mate} traerá [una furgoneta|un remolque|muchas cajas]]. Quedan por "
        "guardar {thing.el}, {appliance.el} y {furniture.el}. [Mi {rel} no quiere irse|Los niños están contentos]. [La nueva "
        "dirección es {street}, {num}.|Mañana hay que {errand}.]",
    ),
    "restaurant": family(
        "{person} y {person2} cenaron en {city} el {day}. {person} pidió {dish.un} y {person2}, {dish2.un}. [De postre compartieron "
        "{fruit.pl} con nata|De beber, {drink.un}]. La cuenta fue de {price}. [Pagó {person2}, porque era su cumpleaños|La pagaron a "
        "medias|El camarero se equivocó y cobró de menos].",
        "Menú del {day}: de primero, {dish} o {dish2}; de segundo, {dish3}. [De postre, {fruit} o yogur|El postre es casero]. "
        "Bebida: {drink}. [Precio: {cheap}|Todo por {price}]. [Se sirve hasta las {trip.arrives}.|No se admiten perros.]",
        "El restaurante de {person} abrió en {year}. [Al principio solo servía {dish.el}|Empezó con {few} mesas]. [Hoy trabajan allí "
        "{many} personas|Ahora viene gente de {city}]. [{person2} cocina y {person} atiende las mesas|El secreto es {food.el}]. [Los "
        "{days} no abre.|]",
    ),
    "lost_found": family(
        "{person} olvidó {thing.el} en {vehicle.el}. [Se dio cuenta {at}|Se dio cuenta al llegar a {place.el}]. [Llamó al {phone} y "
        "le dijeron que esperara|Volvió corriendo], [pero no tuvo suerte|y tuvo suerte]. [Dentro llevaba {doc.un}.|Era "
        "{thing:{color}} y tenía mucho valor para {person.ella}.]",
        "Objetos perdidos de {place.el}: {thing.un} {thing:{color}}, {clothes.un} y {few} {toy.pl}. [Se pueden recoger el {day} "
        "{at}|Pregunte por {person} en la entrada]. Después del {date} [se donarán|se tirarán]. [Traiga el carné.|]",
        "Mi {child} ha perdido {toy.el} {toy:{color}}. [{toy.lo} hemos buscado en {room.el} y en {room2.el}|Cree que {toy.lo} dejó "
        "en {place.el}]. [Está muy {child:triste}|No quiere cenar]. [Le he dicho que mañana aparecerá|Si no aparece, su {rel} le "
        "comprará {toy:otro}]. [Al final estaba debajo de {furniture.el}.|]",
    ),
    "online_orders": family(
        "{person} pidió {appliance.un} por internet el {day}. [Costaba {big} con el envío incluido|Le hicieron un descuento del "
        "{percent} por ciento]. [Por fin ha llegado|Llegó en {few} días], [pero era de otro color|y funciona muy bien|pero faltaba "
        "una pieza]. [Ha escrito una reseña muy larga.|]",
        "Quiero devolver {clothes.un} que compré por internet. [Me queda pequeñ{clothes.o}|El color no es el de la foto]. [Tengo "
        "{few} días para hacerlo|Hay que imprimir {doc.un}] y [llevar{clothes.lo} a correos|esperar a que vengan a "
        "buscar{clothes.lo}]. [Me devolverán {price}.|El pedido es el {code}.]",
    ),
    "party": family(
        "El {day} es el cumpleaños de {person}. Cumple {age} años. [Habrá {dish.un} y {dish2.un}|Su {rel} hará {dish.un}] y vendrán "
        "{many} invitados. [Le van a regalar {clothes.un}|Le van a regalar {thing.un} {thing:{color}}]. [Es una sorpresa, así que no "
        "digas nada|La fiesta empieza {at} en {place.el}].",
        "[Fiesta|Gran fiesta] en la {street} este {day}. [Música a cargo de {person}|{person} tocará {instrument.el}]. [Entrada: "
        "{cheap}|Entrada gratis para menores de {kid} años]. [Habrá {dish} y {drink}|Se sortea {appliance.un}]. Empieza {at}. [¡Os "
        "esperamos!|]",
    ),
}


# ---------------------------------------------------------------- tasks

Exchange = tuple[str, str]


def several(one: Callable[[Random], Exchange]) -> Callable[[Random], Turns]:
    """One to three exchanges of the same kind."""
    return lambda rng: [one(rng) for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]


def asked(rng: Random, wordings: tuple[str, ...], text: str) -> str:
    """An instruction followed by the text it is about, laid out in one of several ways."""
    wording = rng.choice(wordings)
    layout = rng.choice(("{w}: {t}", "{w}:\n{t}", "{w}: «{t}»", "{w}. Texto: {t}", "{t}\n{w}."))
    return layout.format(w=wording, t=text).replace("?:", "?").replace("?.", "?")


def any_noun(rng: Random) -> Noun:
    kind = rng.choice(
        ("thing", "furniture", "clothes", "tool", "toy", "fruit", "vegetable", "pet", "plant", "vehicle", "place", "shop", "device")
    )
    noun = rng.choice(POOLS[kind])
    return noun if isinstance(noun, Noun) else Noun(str(noun), "m")


def single_words(rng: Random, count: int) -> list[str]:
    """Different one-word nouns."""
    found: list[str] = []
    while len(found) < count:
        word = any_noun(rng).text
        if " " not in word and word not in found:
            found.append(word)
    return found


def listed(items: list[str]) -> str:
    return tidy(", ".join(items[:-1]) + " y " + items[-1])


EVENT_LINES = (
    "{person} compró {thing.un} en {city} el {day} por {price}.",
    "El {day}, {person} pagó {price} por {clothes.un} en una tienda de {city}.",
    "{person} viajó a {city} el {day} y gastó {price} en {dish.un}.",
    "En {city}, {person} vendió {furniture.un} por {price} el {day}.",
    "El {day} {person} perdió {price} y {thing.un} en {city}.",
    "{person} recogió {toy.un} en {city} el {day}; le costó {price}.",
    "Este {day} {person} irá a {city} para comprar {device.un} de {price}.",
    "{person} encargó {plant.un} de {price} que llegó de {city} el {day}.",
)
PLAIN_LINES = (
    "{person} tiene {pet.un} {pet:{fur}}.",
    "{when} hubo tormenta en {city}.",
    "{appliance.el} de {person} no funciona.",
    "Mi {rel} prefiere {drink.un}.",
    "El {day} tengo que {errand}.",
    "A {person} le gusta {hobby}.",
    "{fact}",
    "{thing.el} está en {room.el}.",
    "{person} vive en la {street}.",
    "Hay {few} {fruit.pl} en la mesa.",
    "{event.el} será el {date}.",
    "Nos vemos {at} en {place.el}.",
    "{person} y {person2} van a {city}.",
    "{clothes.el} {clothes:{color}} cuesta {price}.",
    "El tren sale a las {trip.leaves}.",
    "Quiero {dish.un}, por favor.",
    "El código es {code}.",
)


def a_line(rng: Random) -> str:
    return render(rng, rng.choice(PLAIN_LINES))


COPY = (
    "Copia el texto exactamente",
    "Repite esto sin cambiar nada",
    "Escribe lo mismo",
    "Copia la frase tal cual",
    "Repite la frase",
    "Di exactamente esto",
    "Vuelve a escribir el texto",
    "Transcribe lo siguiente",
    "Copia",
    "Escribe otra vez esta frase",
)


def copy_text(rng: Random) -> Exchange:
    text = a_line(rng) if rng.random() < 0.7 else " ".join(single_words(rng, rng.randint(2, 5)) + [draw_code(rng)])
    wording = rng.choice(COPY)
    return rng.choice((f"{wording}: {text}", f"{wording}:\n{text}")), text


REPEAT = (
    "Repite la palabra {w} {n} veces",
    "Escribe {n} veces la palabra {w}",
    "Di {w} {n} veces",
    "Quiero leer {w} {n} veces",
    "Pon {w} {n} veces seguidas",
    "Escribe {w}, {n} veces",
    "Copia {n} veces: {w}",
    "{n} veces {w}, por favor",
)


def repeat_word(rng: Random) -> Exchange:
    count, name = rng.choice(((2, "dos"), (3, "tres"), (4, "cuatro"), (5, "cinco")))
    word = rng.choice((single_words(rng, 1)[0], rng.choice(COLORS), rng.choice(MEN + WOMEN), rng.choice(CITIES)))
    return capitals(rng.choice(REPEAT).format(w=word, n=name)), " ".join([word] * count)


EXTRACT = {
    "person": (
        "Di el nombre de la persona",
        "¿Qué persona aparece en la frase? Da solo el nombre",
        "Extrae el nombre de persona",
        "Saca el nombre de la persona",
        "Escribe solo el nombre de quien aparece",
        "Busca el nombre propio de persona",
        "Nombre de la persona que aparece",
        "Dime de quién se habla",
    ),
    "day": (
        "Di el día de la semana",
        "Extrae el día",
        "¿Qué día se menciona? Responde con una palabra",
        "Saca el día de la semana",
        "Escribe solo el día",
        "Busca el día de la semana",
        "Día que aparece en la frase",
        "Dime qué día fue o será",
    ),
    "price": (
        "Di el precio",
        "Extrae la cantidad de dinero",
        "¿Cuánto dinero se menciona? Da solo la cantidad",
        "Saca el precio del texto",
        "Escribe solo el precio",
        "Busca el importe",
        "Importe que aparece en la frase",
        "Dime cuántos euros son",
    ),
    "city": (
        "Di la ciudad",
        "Extrae el lugar",
        "¿Qué ciudad aparece? Responde solo con su nombre",
        "Saca el nombre de la ciudad",
        "Escribe solo la ciudad",
        "Busca la ciudad en el texto",
        "Ciudad que aparece en la frase",
        "Dime de qué ciudad se habla",
    ),
    "email": (
        "Di el correo electrónico",
        "Extrae la dirección de correo",
        "¿Qué correo aparece? Cópialo",
        "Saca el correo del texto",
        "Escribe solo el correo",
        "Busca la dirección de correo electrónico",
        "Correo que aparece en la frase",
        "Dime a qué dirección hay que escribir",
    ),
    "phone": (
        "Di el teléfono",
        "Extrae el número de teléfono",
        "¿Qué teléfono aparece? Cópialo",
        "Saca el teléfono del texto",
        "Escribe solo el número de teléfono",
        "Busca el teléfono",
        "Teléfono que aparece en la frase",
        "Dime a qué número hay que llamar",
    ),
    "date": (
        "Di la fecha",
        "Extrae la fecha",
        "¿Qué fecha aparece? Cópiala",
        "Saca la fecha del texto",
        "Escribe solo la fecha",
        "Busca la fecha",
        "Fecha que aparece en la frase",
        "Dime la fecha del texto",
    ),
    "code": (
        "Di el código",
        "Extrae el número de pedido",
        "¿Qué código aparece? Cópialo",
        "Saca el código del texto",
        "Escribe solo el código",
        "Busca el código",
        "Código que aparece en la frase",
        "Dime la referencia",
    ),
}
CONTACT_LINES = (
    "Para más datos sobre {event.el}, escribe a {email} o llama al {phone} antes del {date}.",
    "{person} recibió el {date} el pedido {code}; su teléfono es el {phone} y su correo, {email}.",
    "El pedido {code} llegó el {date}. Contacto: {email}, {phone}.",
    "Si encuentras {thing.el}, llama al {phone} o escribe a {email}; ref. {code}, {date}.",
    "El {date} caduca el código {code}. Dudas: {phone} o {email}.",
    "Hola, {person}: mi correo nuevo es {email}, mi móvil es el {phone} y la reserva es la {code}, del {date}.",
)


def extract(*kinds: str) -> Callable[[Random], Turns]:
    """Tasks that ask for one slot (or two, one after the other) of a sentence."""

    def make(rng: Random) -> Turns:
        lines = EVENT_LINES if kinds[0] in {"person", "day", "price", "city"} else CONTACT_LINES
        scene = Scene(rng)
        line = render(rng, rng.choice(lines), scene)
        chosen = rng.sample(kinds, rng.choice((1, 1, min(2, len(kinds)))))
        turns = [(asked(rng, EXTRACT[chosen[0]], line), str(scene[chosen[0]]))]
        for kind in chosen[1:]:
            turns.append(
                (
                    f"{rng.choice(('Ahora esto', 'Y de la misma frase', 'Otra cosa'))}: {rng.choice(EXTRACT[kind]).lower()}.",
                    str(scene[kind]),
                )
            )
        return turns

    return make


TOPICS: dict[str, tuple[str, ...]] = {
    "comida": (
        "He preparado {dish.un} con {food} y {vegetable.pl}.",
        "¿Cuánto tiempo se cuece {dish.el}?",
        "Falta {spice} en {dish.el}.",
        "Para cenar hay {dish.un} y {drink.un}.",
        "{person} pidió {dish.un} y {drink.un}.",
        "{fruit.los} ya están {fruit:+maduro}.",
    ),
    "viajes": (
        "El avión a {city} sale a las {trip.leaves}.",
        "Hemos reservado {few} noches de hotel en {city}.",
        "{person} hizo la maleta para ir a {country.name}.",
        "¿Qué se puede visitar en {city} en {few} días?",
        "Perdimos el tren de {city} a {city2}.",
        "Busco un billete de ida y vuelta a {city}.",
    ),
    "dinero": (
        "El banco me ha cobrado {price} de comisión.",
        "{person} quiere ahorrar {big} al mes.",
        "Todavía debo {price} del préstamo.",
        "¿Cuánto se paga de impuestos por {big}?",
        "Mi sueldo ha subido un {percent} por ciento.",
        "{person} me devolvió los {price} que le presté.",
    ),
    "salud": (
        "Me duele {body.el} desde el {day}.",
        "El médico me ha recetado unas pastillas durante {few} días.",
        "{person} tiene fiebre y tos.",
        "Pide cita con el dentista el {day} {at}.",
        "Mi {rel} está en el hospital con gripe.",
        "¿Qué crema es buena para el dolor de {body}?",
    ),
    "tecnología": (
        "{device.el} no se conecta a internet.",
        "He olvidado la contraseña de mi ordenador y no puedo usar {app}.",
        "¿Cómo se instala {app}?",
        "{person} ha comprado {device.un} con pantalla táctil.",
        "La actualización ha borrado mis archivos de {device.el}.",
        "El virus bloqueó el ordenador de {person}.",
    ),
    "casa": (
        "Hay que pintar {room.el} de {color}.",
        "{furniture.el} no cabe en {room.el}.",
        "{person} va a limpiar {room.el} este {day}.",
        "Se ha roto la ventana de {room.el}.",
        "Hemos puesto {furniture.un} de {material} en {room.el}.",
        "El tejado tiene goteras y se moja {room.el}.",
    ),
    "deporte": (
        "El equipo de {team} ganó por {few} a cero.",
        "{person} entrena {sport} cada {day}.",
        "La final de {team} se juega en {city}.",
        "El árbitro expulsó a {person} en el minuto {minutes}.",
        "Corrí {few} kilómetros y quedé en el puesto {num}.",
        "El entrenador de {team} de {city} ha dimitido.",
    ),
    "trabajo": (
        "Mi jefe me ha pedido el informe para el {day}.",
        "{person} tiene una entrevista para el puesto de {person.job}.",
        "La empresa ha contratado a {many} empleados.",
        "Mañana hay reunión de equipo en la oficina {at}.",
        "{person} firmó un contrato de {few} meses.",
        "El turno de {person} en la fábrica empieza {early}.",
    ),
    "escuela": (
        "Tengo examen de {subject} el {day}.",
        "La maestra nos ha puesto {few} ejercicios de deberes.",
        "{person} sacó un diez en {subject}.",
        "El recreo dura {minutes} minutos.",
        "Los alumnos de {subject} van de excursión a {place.el}.",
        "No entiendo la lección de {subject} que dimos el {day}.",
    ),
    "animales": (
        "{pet.el} de {person} duerme todo el día en su rincón.",
        "{person} encontró {pet.un} {pet:{fur}} en la calle.",
        "Mi {pet} no quiere comer su pienso.",
        "Hay {few} {pet.pl} en la granja.",
        "{pet.el} tiene {few} crías.",
        "¿Qué come {pet.un}?",
    ),
    "tiempo": (
        "Mañana lloverá en {city}.",
        "Hoy {sky.now} y hay {sky.degrees} grados.",
        "Se espera nieve en {city} el {day}.",
        "El viento ha sido muy fuerte en {city}.",
        "En {month} habrá mucha niebla en {city}.",
        "El {day} bajan las temperaturas en {city}.",
    ),
    "música": (
        "{person} toca {instrument.el} en una orquesta.",
        "El concierto de {instrument} es el {day}.",
        "Esta canción tiene un ritmo de {instrument}.",
        "El coro de {city} canta el {day}.",
        "{person} compuso una canción para {instrument}.",
        "Afinar {instrument.el} lleva {minutes} minutos.",
    ),
}
TOPIC_ASK = (
    "¿De qué tema trata? Opciones: {o}.",
    "Elige el tema: {o}.",
    "Clasifica el mensaje. Temas posibles: {o}.",
    "Tema ({o}):",
    "¿Qué etiqueta le pones, entre {o}?",
    "Di si habla de {o}.",
    "Etiqueta el texto con una de estas palabras: {o}.",
    "Escoge una sola opción: {o}.",
    "Asigna un tema de la lista: {o}.",
)


def label_topic(rng: Random) -> Exchange:
    options = rng.sample(list(TOPICS), rng.randint(2, 5))
    topic = rng.choice(options)
    message = render(rng, rng.choice(TOPICS[topic]))
    ask = tidy(
        rng.choice(TOPIC_ASK).format(
            o=rng.choice((", ", " / ")).join(options) if rng.random() < 0.5 else ", ".join(options[:-1]) + " o " + options[-1]
        )
    )
    return rng.choice((f"{ask}\n{message}", f"{message}\n{ask}", f"Mensaje: {message} {ask}")), topic


SENTIMENTS: dict[str, tuple[str, ...]] = {
    "positivo": (
        "Me encanta {thing.el} que compré en {city}.",
        "{dish.el} me gustó mucho y el trato fue estupendo.",
        "¡Qué alegría, {person} viene el {day}!",
        "{appliance.el} funciona de maravilla.",
        "Hemos pasado un día perfecto en {place.el}.",
        "Estoy muy feliz con {clothes.el} {clothes:nuevo}.",
        "{person} es la mejor persona que conozco.",
        "{book} es un libro precioso.",
    ),
    "negativo": (
        "Odio {thing.el} que compré en {city}.",
        "{dish.el} estaba malísim{dish.o} y tardaron {minutes} minutos.",
        "Qué pena, {person} no viene el {day}.",
        "{appliance.el} se ha roto otra vez, qué desastre.",
        "Hemos pasado un día horrible en {place.el}.",
        "Estoy harto de {clothes.el}: me queda fatal.",
        "{person} me trató muy mal.",
        "{book} es un libro aburridísimo.",
    ),
    "neutro": (
        "{thing.el} está en {room.el}.",
        "La reunión es el {day} {at}.",
        "{person} vive en la {street}.",
        "{appliance.el} pesa {many} kilos.",
        "{place.el} de {city} abre {at}.",
        "{clothes.el} es de color {color}.",
        "{person} es {person.job}.",
        "{book} tiene {num} páginas.",
    ),
}
SENTIMENT_ASK = (
    "¿El sentimiento es positivo, negativo o neutro?",
    "Clasifica el tono: positivo, negativo o neutro.",
    "¿Qué opinión expresa? positivo / negativo / neutro",
    "Di si es positivo, negativo o neutro.",
    "Sentimiento del texto (positivo, negativo, neutro):",
    "Etiqueta esta frase como positivo, negativo o neutro.",
    "¿Positivo, negativo o neutro?",
    "Valora el mensaje: positivo, neutro o negativo.",
)


def label_sentiment(rng: Random) -> Exchange:
    label = rng.choice(list(SENTIMENTS))
    text = render(rng, rng.choice(SENTIMENTS[label]))
    ask = rng.choice(SENTIMENT_ASK)
    return rng.choice((f"{ask}\n{text}", f"{text}\n{ask}")), label


YES_NO = (
    "Lee la frase y responde sí o no",
    "Responde solo sí o no",
    "¿Sí o no?",
    "Contesta con sí o no según el texto",
    "Según la frase, contesta sí o no",
    "Di sí o no",
    "Mira el texto y di sí o no",
    "Texto y pregunta; responde sí o no",
)


def yes_no(rng: Random) -> Exchange:
    scene = Scene(rng)
    care = "{person} tiene {pet.un} en {city} desde el {day} y paga {price} por cuidar{pet.lo}."
    line = render(rng, rng.choice((*EVENT_LINES, care)), scene)
    kind, question = rng.choice(
        (
            ("person", "¿La persona se llama {x}?"),
            ("day", "¿Se habla del {x}?"),
            ("city", "¿Aparece la ciudad de {x}?"),
            ("price", "¿El precio es de {x}?"),
        )
    )
    true = rng.random() < 0.5
    value = str(scene[kind] if true else scene[kind + "2"])
    return f"{rng.choice(YES_NO)}{rng.choice((': ', '. Frase: '))}{line} {question.format(x=value)}".replace("?:", "?").replace(
        "?. ", "? "
    ), "Sí" if true else "No"


ANSWER_LINES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "{person} fue a {place.el} el {day} con {pet.un}.",
        (
            ("¿Quién fue?", "{person}"),
            ("¿Cuándo fue?", "El {day}"),
            ("¿Adónde fue?", "A {place.el}"),
            ("¿Con qué animal fue?", "Con {pet.un}"),
        ),
    ),
    (
        "{thing.el} {thing:{color}} está en {room.el}, debajo de {furniture.el}.",
        (
            ("¿En qué parte de la casa está?", "En {room.el}"),
            ("¿De qué color es?", "{thing:{color}}"),
            ("¿Debajo de qué está?", "Debajo de {furniture.el}"),
        ),
    ),
    (
        "{person} compró {bill.count} {thing.pl} por {bill.total}.",
        (("¿Cuánto pagó?", "{bill.total}"), ("¿Qué compró?", "{bill.count} {thing.pl}"), ("¿Quién hizo la compra?", "{person}")),
    ),
    (
        "El tren de {city} a {city2} sale a las {trip.leaves} y llega a las {trip.arrives}.",
        (
            ("¿A qué hora sale?", "A las {trip.leaves}"),
            ("¿A qué hora llega?", "A las {trip.arrives}"),
            ("¿Adónde va?", "A {city2}"),
            ("¿De dónde sale?", "De {city}"),
        ),
    ),
    (
        "Para {event.el} de {month}, {person} traerá {dish.un} y {person2}, {drink.un}.",
        (("¿Qué traerá {person}?", "{dish.un}"), ("¿Qué traerá {person2}?", "{drink.un}"), ("¿En qué mes es?", "En {month}")),
    ),
    (
        "{person}, que es {person.job}, vive en la {street} con su {rel}.",
        (("¿En qué trabaja?", "Es {person.job}"), ("¿Dónde vive?", "En la {street}"), ("¿Con quién vive?", "Con su {rel}")),
    ),
    (
        "A {person} le duele {body.el} desde el {day} y tiene cita {at}.",
        (("¿Qué le duele?", "{body.el}"), ("¿Desde cuándo?", "Desde el {day}"), ("¿A qué hora tiene cita?", "{at}")),
    ),
)
ANSWER_ASK = (
    "Responde con pocas palabras",
    "Lee y contesta",
    "Contesta a la pregunta",
    "Da una respuesta corta",
    "Responde según el texto",
    "Mira la frase y responde",
    "Contesta en breve",
    "Usa el texto para responder",
)


def short_answer(rng: Random) -> Turns:
    line, questions = rng.choice(ANSWER_LINES)
    scene = Scene(rng)
    text = render(rng, line, scene)
    turns: Turns = []
    for question, answer in rng.sample(questions, rng.choice((1, 1, 2))):
        ask = render(rng, question, scene)
        turns.append((ask if turns else f"{rng.choice(ANSWER_ASK)}: {text} {ask}", render(rng, answer, scene)))
    return turns


def word_pairs(wordings: tuple[str, ...], pairs: tuple[tuple[str, ...], ...], both_ways: bool) -> Callable[[Random], Turns]:
    """Tasks that map one word to another, sometimes for two or three words at once."""

    def make(rng: Random) -> Exchange:
        chosen = rng.sample(pairs, rng.choice((1, 2, 2, 3)))
        turned = [pair[::-1] if both_ways and rng.random() < 0.5 else pair for pair in chosen]
        given, wanted = ", ".join(pair[0] for pair in turned), ", ".join(pair[1] for pair in turned)
        return rng.choice(wordings).format(x=given), wanted

    return several(make)


OPPOSITE_ASK = (
    "¿Qué es lo contrario? {x}",
    "Di lo contrario: {x}",
    "Escribe el antónimo: {x}",
    "Contrario de: {x}",
    "Antónimo de: {x}",
    "Pon lo opuesto: {x}",
    "Dame lo contrario de esto: {x}",
    "¿Cuál es el opuesto? {x}",
    "Lo contrario de {x}, por favor.",
)
PLURAL_ASK = (
    "Pon en plural: {x}",
    "Escribe el plural: {x}",
    "¿Cuál es el plural? {x}",
    "Plural de: {x}",
    "Más de uno: {x}",
    "Pasa a plural: {x}",
    "Di en plural: {x}",
    "Cambia al plural: {x}",
)
FEMININE_ASK = (
    "Pon en femenino: {x}",
    "Escribe el femenino: {x}",
    "¿Cuál es el femenino? {x}",
    "Femenino de: {x}",
    "Pasa a femenino: {x}",
    "Di en femenino: {x}",
    "Cambia al femenino: {x}",
    "Ahora para una mujer: {x}",
)
CAPITAL_ASK = (
    "¿Cuál es la capital? {x}",
    "Di la capital: {x}",
    "Capital de: {x}",
    "Escribe la capital: {x}",
    "¿Qué capital corresponde? {x}",
    "Países: {x}. Capitales:",
    "Dime las capitales de esta lista: {x}",
    "Pon la capital de cada país: {x}",
    "Nombra la capital: {x}",
)
SINGULAR_NOUNS = tuple(
    noun
    for kind in ("thing", "furniture", "clothes", "tool", "toy", "fruit", "vegetable", "pet", "plant", "vehicle", "device", "appliance")
    for noun in POOLS[kind]
    if isinstance(noun, Noun) and " " not in noun.text
)
PLURALS = tuple(pair for noun in SINGULAR_NOUNS for pair in ((noun.text, noun.pl), (noun.el, noun.los)))
FEMININES = tuple((word, agree(word, "f")) for word in POOLS["trait"] + FEELINGS if isinstance(word, str) and agree(word, "f") != word)

SPELL = (
    "Deletrea la palabra {w}",
    "Deletrea: {w}",
    "¿Cómo se escribe {w}, letra a letra?",
    "Separa las letras de {w}",
    "Escribe las letras de {w} con guiones",
    "Di las letras de {w} una por una",
    "Letra por letra: {w}",
    "Quiero ver las letras de {w}",
)


def spell(rng: Random) -> Exchange:
    word = rng.choice(
        (single_words(rng, 1)[0], rng.choice(MEN + WOMEN), rng.choice(SURNAMES), rng.choice(COLORS), rng.choice(MONTHS), rng.choice(CITIES))
    )
    return rng.choice(SPELL).format(w=word), "-".join(word.replace(" ", ""))


COUNT = (
    "¿Cuántas cosas hay en la lista?",
    "Cuenta los elementos",
    "¿Cuántas palabras hay?",
    "Di cuántos elementos hay",
    "Cuenta las palabras",
    "Número de elementos de la lista",
    "¿Cuántos nombres ves?",
    "Cuéntalos y escribe solo el número",
)


def count_items(rng: Random) -> Exchange:
    items = single_words(rng, rng.randint(2, 7))
    return asked(rng, COUNT, ", ".join(items)), str(len(items))


UPPER = (
    "Pon en mayúsculas",
    "Escribe en mayúsculas",
    "Pasa a mayúsculas",
    "Cambia todo a mayúsculas",
    "Copia con letras mayúsculas",
    "Todo en mayúsculas",
    "Convierte el texto en mayúsculas",
    "Escríbelo en letras grandes",
)
LOWER = (
    "Pon en minúsculas",
    "Escribe en minúsculas",
    "Pasa a minúsculas",
    "Cambia todo a minúsculas",
    "Copia con letras minúsculas",
    "Todo en minúsculas",
    "Convierte el texto en minúsculas",
    "Escríbelo en letras pequeñas",
)


def letter_case(rng: Random) -> Exchange:
    text = (
        " ".join(single_words(rng, rng.randint(1, 3)))
        if rng.random() < 0.6
        else render(rng, rng.choice(("{person} {surname}", "{clothes} {clothes:{color}}", "{pet.un} y {thing.un}")))
    )
    if rng.random() < 0.7:
        return f"{rng.choice(UPPER)}: {text}", text.upper()
    return f"{rng.choice(LOWER)}: {text.upper()}", text.lower()


ENDS = (
    "¿Cuál es la {p} palabra?",
    "Di la {p} palabra",
    "Escribe la {p} palabra de la frase",
    "Copia solo la {p} palabra",
    "La {p} palabra, por favor",
    "Dame la {p} palabra",
    "Busca la {p} palabra",
    "Extrae la {p} palabra",
)


def first_or_last(rng: Random) -> Exchange:
    items = single_words(rng, rng.randint(3, 6)) if rng.random() < 0.5 else a_line(rng).replace(", ", " ").rstrip(".").split()
    position, answer = rng.choice((("primera", items[0]), ("última", items[-1])))
    return f"{rng.choice(ENDS).format(p=position)}{rng.choice((': ', chr(10)))}{' '.join(items)}".replace("?:", "?"), answer.strip(
        ".,;:¿?¡!"
    )


ODD_GROUPS = ("fruit", "clothes", "furniture", "pet", "vehicle", "instrument", "body", "color", "month", "day", "city", "language", "sport")
ODD = (
    "¿Qué palabra no encaja?",
    "Di cuál sobra",
    "Busca la palabra distinta",
    "¿Cuál no pertenece al grupo?",
    "Señala la que es diferente",
    "Elige la palabra que sobra",
    "Una no va con las demás: ¿cuál?",
    "Encuentra la intrusa",
)


def odd_one_out(rng: Random) -> Exchange:
    main, other = rng.sample(ODD_GROUPS, 2)
    group = [str(value) for value in rng.sample(POOLS[main], rng.choice((3, 3, 4)))]
    odd = str(rng.choice(POOLS[other]))
    if odd in {str(value) for value in POOLS[main]}:
        return odd_one_out(rng)
    items = group + [odd]
    rng.shuffle(items)
    return f"{rng.choice(ODD)}: {', '.join(items)}".replace("?:", "?"), odd


COMPLETE_LINES = (
    ("Una semana tiene siete", "días"),
    ("Un año tiene doce", "meses"),
    ("Una hora tiene sesenta", "minutos"),
    ("El hielo está muy", "frío"),
    ("Las abejas hacen", "miel"),
    ("El cielo despejado es de color", "azul"),
    ("La nieve es de color", "blanco"),
    ("Las vacas dan", "leche"),
    ("El pan se compra en la", "panadería"),
    ("Las medicinas se compran en la", "farmacia"),
    ("La carne se compra en la", "carnicería"),
    ("Para abrir la puerta uso la", "llave"),
    ("Cuando llueve, abro el", "paraguas"),
    ("Para ver mejor me pongo las", "gafas"),
    ("De noche brillan la luna y las", "estrellas"),
    ("El perro dice", "guau"),
    ("El gato dice", "miau"),
    ("Después del lunes viene el", "martes"),
    ("Después del martes viene el", "miércoles"),
    ("Después del jueves viene el", "viernes"),
    ("Después de enero viene", "febrero"),
    ("Después de marzo viene", "abril"),
    ("El mes que sigue a junio es", "julio"),
    ("Para dormir me voy a la", "cama"),
    ("Me lavo los dientes con el", "cepillo"),
    ("Los peces viven en el", "agua"),
    ("Los pájaros ponen", "huevos"),
    ("Corto el papel con las", "tijeras"),
    ("Dos y dos son", "cuatro"),
    ("Tres y tres son", "seis"),
    ("Cinco y cinco son", "diez"),
    ("El plátano maduro es de color", "amarillo"),
    ("En invierno hace", "frío"),
    ("En verano hace", "calor"),
)
COMPLETE_ASK = (
    "Completa la frase",
    "Termina la frase",
    "Escribe la palabra que falta",
    "¿Cómo acaba la frase?",
    "Di la última palabra",
    "Rellena el hueco",
    "Pon la palabra que falta",
    "Sigue la frase con una palabra",
)


def complete(rng: Random) -> Exchange:
    if rng.random() < 0.25:
        line, word = rng.choice(COMPLETE_LINES)
    elif rng.random() < 0.5:
        country = rng.choice(COUNTRIES)
        line, word = rng.choice(((f"La capital de {country.name} es", country.capital), (f"En {country.name} se habla", country.language)))
    else:
        first = rng.randint(1, 95)
        step = rng.choice((1, 2, 5, 10))
        line, word = ", ".join(str(first + step * place) for place in range(3)) + ",", str(first + 3 * step)
    gap = rng.choice(("...", " ___", "…"))
    return f"{rng.choice(COMPLETE_ASK)}: {line}{gap}".replace("?:", "?"), word


REPLIES = (
    (
        ("Hola, {person}, ¿vienes {at} a {place.el}?", "¿Te apuntas a {event.el} del {day}?", "¿Quedamos el {day} en {city}?"),
        ("¡Claro que sí! Allí estaré.", "Gracias por avisar, iré encantada.", "Sí, con mucho gusto."),
    ),
    (
        ("Te he mandado {doc.el} a {email}.", "Aquí tienes {thing.el} que pediste, {person}.", "Te he traído {dish.un} de {city}."),
        ("Muchas gracias, eres muy amable.", "¡Gracias! Te lo agradezco mucho.", "Mil gracias por todo."),
    ),
    (
        (
            "Siento llegar {minutes} minutos tarde, {person}.",
            "Perdona, he roto {thing.el} {thing:{color}}.",
            "Perdón, olvidé {errand} el {day}.",
        ),
        ("No te preocupes, no pasa nada.", "Tranquilo, no tiene importancia.", "No pasa nada, gracias por decírmelo."),
    ),
    (
        (
            "El {day} es mi cumpleaños y cumplo {age}.",
            "¡He aprobado {subject} con un nueve, {person}!",
            "Me han dado el puesto de {person.job} en {city}.",
        ),
        ("¡Felicidades! Me alegro mucho.", "¡Enhorabuena! Qué buena noticia.", "¡Cuánto me alegro por ti!"),
    ),
    (
        ("Me duele {body.el} desde el {day}.", "Mi {pet} está enferm{pet.o} y no come.", "He perdido {thing.el} de mi {rel}."),
        ("Lo siento mucho. ¿Puedo ayudarte?", "Vaya, lo siento. Espero que todo mejore.", "Qué pena. Cuenta conmigo para lo que sea."),
    ),
    (
        ("¿Puedes prestarme {tool.el} el {day}?", "¿Me ayudas a mover {furniture.el}, {person}?", "¿Puedes cuidar de mi {pet} el {day}?"),
        ("Sí, por supuesto. Cuenta conmigo.", "Claro, sin problema.", "Con mucho gusto."),
    ),
)
REPLY_ASK = (
    "Responde con educación",
    "Escribe una respuesta corta y amable",
    "Contesta a este mensaje",
    "¿Qué le respondes?",
    "Da una respuesta breve y cortés",
    "Responde de forma amable",
    "Escribe una contestación corta",
    "Responde al mensaje",
)


def polite_reply(rng: Random) -> Exchange:
    messages, replies = rng.choice(REPLIES)
    return asked(rng, REPLY_ASK, render(rng, rng.choice(messages))), rng.choice(replies)


LONG_SHORT = (
    (
        "Te escribo para decirte que {person} no podrá ir a {event.el} del {day} porque está enferm{person.o}.",
        "{person} no irá a {event.el} del {day}.",
    ),
    (
        "Me gustaría informarte de que, después de mucho pensarlo, {person} ha decidido comprar {furniture.un} por {price}.",
        "{person} comprará {furniture.un} por {price}.",
    ),
    ("Como ya sabes, el próximo {day}, si no pasa nada raro, iremos todos juntos a {place.el}.", "El {day} iremos a {place.el}."),
    ("Quería recordarte, por si se te había olvidado, que tienes que {errand} antes del {day}.", "Tienes que {errand} antes del {day}."),
    (
        "La verdad es que {appliance.el} que hay en {room.el} hace ya varias semanas que no funciona nada bien.",
        "{appliance.el} de {room.el} no funciona bien.",
    ),
    (
        "{person}, que es una persona muy {person:{trait}} y a quien todos quieren, se muda a {city} en {month}.",
        "{person} se muda a {city} en {month}.",
    ),
    (
        "Después de esperar durante más de {minutes} minutos bajo la lluvia, por fin llegó el autobús de {city}.",
        "El autobús de {city} llegó tarde.",
    ),
    (
        "Si no te importa y tienes tiempo, ¿podrías por favor comprar {food} y {fruit.pl} cuando vuelvas a casa?",
        "Compra {food} y {fruit.pl}, por favor.",
    ),
)
SHORTER = (
    "Resume la frase",
    "Escríbelo más corto",
    "Acorta el texto",
    "Di lo mismo con menos palabras",
    "Haz una versión más breve",
    "Reescribe de forma más corta",
    "Resume en pocas palabras",
    "Quédate con lo importante",
)


def rewrite_shorter(rng: Random) -> Exchange:
    long, short = rng.choice(LONG_SHORT)
    scene = Scene(rng)
    return asked(rng, SHORTER, render(rng, long, scene)), render(rng, short, scene)


KINDS = {
    "fruit": "frutas",
    "clothes": "prendas de ropa",
    "furniture": "muebles",
    "pet": "animales",
    "city": "ciudades",
    "color": "colores",
    "month": "meses del año",
    "day": "días de la semana",
    "sport": "deportes",
    "instrument": "instrumentos de música",
    "tool": "herramientas",
    "plant": "plantas",
    "shop": "tiendas",
    "language": "idiomas",
    "vegetable": "verduras",
    "body": "partes del cuerpo",
    "dish": "platos",
    "drink": "bebidas",
}
LIST_ASK = (
    "Di {n} {k}",
    "Escribe {n} {k}",
    "Haz una lista de {n} {k}",
    "Nombra {n} {k}",
    "Dame {n} {k}",
    "Dime {n} {k}",
    "Quiero {n} {k}",
    "Necesito el nombre de {n} {k}",
    "Lista: {n} {k}",
)


def list_items(rng: Random) -> Exchange:
    kind = rng.choice(list(KINDS))
    count, name = rng.choice(((2, "dos"), (3, "tres"), (4, "cuatro"), (5, "cinco")))
    picked = [str(value) for value in rng.sample(POOLS[kind], count)]
    return rng.choice(LIST_ASK).format(n=name, k=KINDS[kind]) + rng.choice((".", "")), capitals(listed(picked)) + "."


FOREIGN: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "inglés": (
        ("My brother", "The teacher", "Our neighbour", "That girl"),
        ("lives in", "works in", "is going to", "comes from"),
        ("a small house.", "London.", "the city.", "the old school."),
    ),
    "francés": (
        ("Mon frère", "Le professeur", "Notre voisine", "Cette fille"),
        ("habite dans", "travaille dans", "pense à", "parle de"),
        ("une petite maison.", "la grande ville.", "notre école.", "un vieux château."),
    ),
    "italiano": (
        ("Mio fratello", "Il maestro", "La nostra vicina", "Questa ragazza"),
        ("vive in", "lavora in", "parla di", "pensa a"),
        ("una piccola casa.", "una grande città.", "una vecchia scuola.", "questo paese."),
    ),
    "portugués": (
        ("O meu irmão", "O professor", "A nossa vizinha", "Essa menina"),
        ("mora em", "trabalha em", "fala de", "pensa em"),
        ("uma casa pequena.", "Lisboa.", "uma cidade grande.", "outra escola."),
    ),
    "catalán": (
        ("El meu germà", "El mestre", "La nostra veïna", "Aquesta noia"),
        ("viu en", "treballa en", "parla amb", "pensa en"),
        ("una casa petita.", "un poble gran.", "aquella escola.", "el seu avi."),
    ),
    "alemán": (
        ("Mein Bruder", "Der Lehrer", "Unsere Nachbarin", "Dieses Mädchen"),
        ("wohnt in", "arbeitet in", "spricht von", "träumt von"),
        ("einem kleinen Haus.", "einer großen Stadt.", "Berlin.", "unserer Schule."),
    ),
}
LANGUAGE_ASK = (
    "¿En qué idioma está escrito?",
    "¿Qué idioma es?",
    "Di el idioma",
    "Identifica la lengua",
    "¿En qué lengua está la frase?",
    "Idioma del texto",
    "Nombra el idioma de esta frase",
    "¿Qué lengua es esta?",
)


def which_language(rng: Random) -> Exchange:
    language = rng.choice([*FOREIGN, "español"])
    text = a_line(rng) if language == "español" else " ".join(rng.choice(part) for part in FOREIGN[language])
    return asked(rng, LANGUAGE_ASK, text), language.capitalize()


GREET = (
    ("Saluda a {person} por la mañana", "Buenos días, {person}."),
    ("Saluda a {person} por la tarde", "Buenas tardes, {person}."),
    ("Despídete de {person} por la noche", "Buenas noches, {person}. Que descanses."),
    ("Da las gracias a {person} por {thing.el}", "Muchas gracias por {thing.el}, {person}."),
    ("Agradece a {person} {dish.el}", "Gracias por {dish.el}, {person}."),
    ("Felicita a {person} por su cumpleaños", "¡Feliz cumpleaños, {person}!"),
    ("Felicita a {person} por {event.el}", "¡Enhorabuena por {event.el}, {person}!"),
    ("Desea buen viaje a {person}, que va a {city}", "¡Buen viaje a {city}, {person}!"),
    ("Pide perdón a {person} por {thing.el}", "Perdona por {thing.el}, {person}."),
    ("Despídete de {person} hasta el {day}", "Hasta el {day}, {person}."),
    ("Invita a {person} a {event.el} del {day}", "{person}, ¿vienes a {event.el} del {day}?"),
    ("Da la bienvenida a {person} a {city}", "¡Bienvenid{person.o} a {city}, {person}!"),
)
GREET_LEAD = (
    "{x}.",
    "{x}, por favor.",
    "Por favor: {x}.",
    "Mensaje corto: {x}.",
    "¿Me ayudas? {x}.",
    "Necesito una frase: {x}.",
    "Escribe una nota: {x}.",
    "Una línea: {x}.",
)


def greet(rng: Random) -> Exchange:
    order, text = rng.choice(GREET)
    scene = Scene(rng)
    line = render(rng, order, scene)
    return capitals(rng.choice(GREET_LEAD).format(x=line)), render(rng, text, scene)


SUMS = (
    "¿Cuánto es {a} {op} {b}?",
    "Calcula {a} {op} {b}",
    "{a} {op} {b} =",
    "Haz la cuenta: {a} {op} {b}",
    "Di el resultado de {a} {op} {b}",
    "¿Qué número da {a} {op} {b}?",
    "Resuelve: {a} {op} {b}",
    "Resultado de {a} {op} {b}",
)


def small_sum(rng: Random) -> Exchange:
    first, second = rng.randint(1, 50), rng.randint(1, 50)
    if rng.random() < 0.5:
        return rng.choice(SUMS).format(a=first, op=rng.choice(("más", "+")), b=second), str(first + second)
    first, second = max(first, second), min(first, second)
    return rng.choice(SUMS).format(a=first, op=rng.choice(("menos", "-")), b=second), str(first - second)


ORDER = (
    "Ordena alfabéticamente",
    "Pon en orden alfabético",
    "Ordena de la a a la z",
    "Ordena por la primera letra",
    "Escribe la lista en orden alfabético",
    "Coloca por orden alfabético",
    "Ordena estas palabras",
    "Lista en orden de la a a la z",
)


def alphabetical(rng: Random) -> Exchange:
    while True:
        items = single_words(rng, rng.choice((2, 3, 3, 4)))
        initials = [word[0] for word in items]
        if len(set(initials)) == len(initials) and not set("áéíóúñ") & set(initials):
            return f"{rng.choice(ORDER)}: {', '.join(items)}", ", ".join(sorted(items))


MEMORY = (
    "Recuerda esto: {line}",
    "Apunta: {line}",
    "Te cuento algo: {line}",
    "Toma nota: {line}",
    "Guarda este dato: {line}",
    "Dato importante: {line}",
    "Para que lo sepas: {line}",
    "Anota lo siguiente: {line}",
)
MEMORY_FACTS = (
    ("me llamo {person}.", "¿Cómo me llamo?", "Te llamas {person}."),
    ("vivo en {city}.", "¿Dónde vivo?", "Vives en {city}."),
    ("mi color favorito es el {color}.", "¿Cuál es mi color favorito?", "Tu color favorito es el {color}."),
    ("mi cumpleaños es el {date}.", "¿Cuándo es mi cumpleaños?", "Tu cumpleaños es el {date}."),
    ("tengo {age} años.", "¿Cuántos años tengo?", "Tienes {age} años."),
    ("mi código es {code}.", "¿Cuál es mi código?", "Tu código es {code}."),
    ("el {day} tengo que {errand}.", "¿Qué tengo que hacer el {day}?", "El {day} tienes que {errand}."),
    ("{thing.el} está en {room.el}.", "¿Dónde está {thing.el}?", "{thing.el} está en {room.el}."),
)


def remember(rng: Random) -> Turns:
    line, question, answer = rng.choice(MEMORY_FACTS)
    scene = Scene(rng)
    told = tidy(rng.choice(MEMORY).format(line=line).format_map(scene))
    return [
        (told, rng.choice(("De acuerdo, lo recordaré.", "Entendido.", "Muy bien, apuntado.", "Vale, lo tengo."))),
        (render(rng, question, scene), render(rng, answer, scene)),
    ]


TASKS: dict[str, Callable[[Random], Turns]] = {
    "copy_text": several(copy_text),
    "repeat_word": several(repeat_word),
    "extract_from_event": extract("person", "day", "price", "city"),
    "extract_from_contact": extract("email", "phone", "date", "code"),
    "label_topic": several(label_topic),
    "label_sentiment": several(label_sentiment),
    "yes_no": several(yes_no),
    "short_answer": short_answer,
    "opposite": word_pairs(OPPOSITE_ASK, OPPOSITES, True),
    "plural": word_pairs(PLURAL_ASK, PLURALS, False),
    "feminine": word_pairs(FEMININE_ASK, FEMININES, False),
    "capital": word_pairs(CAPITAL_ASK, tuple((country.name, country.capital) for country in COUNTRIES), False),
    "spell": several(spell),
    "count_items": several(count_items),
    "letter_case": several(letter_case),
    "first_or_last": several(first_or_last),
    "odd_one_out": several(odd_one_out),
    "complete": several(complete),
    "polite_reply": several(polite_reply),
    "rewrite_shorter": several(rewrite_shorter),
    "list_items": several(list_items),
    "which_language": several(which_language),
    "greet": several(greet),
    "small_sum": several(small_sum),
    "alphabetical": several(alphabetical),
    "remember": remember,
}


# ---------------------------------------------------------------- dialogues

# One conversation per block; lines go in turns, the user's first.
CONVERSATIONS = """
Hola, ¿qué tal?
Muy bien, gracias. ¿Y tú?
Un poco cansada, he dormido mal.
Vaya, quizá te venga bien una siesta corta.

¿Qué puedo cenar hoy? No tengo ganas de cocinar.
Una tortilla francesa con tomate se hace en cinco minutos.
No me quedan huevos.
Entonces, pan tostado con queso y una pieza de fruta.
Eso sí lo tengo, gracias.
¡Buen provecho!

¿Cómo se quita una mancha de vino?
Pon sal encima cuanto antes y lava la prenda con agua fría.
¿Y si ya está seca?
Déjala en remojo con jabón y un poco de vinagre.

Mañana tengo una entrevista y estoy muy nervioso.
Es normal. Prepara dos o tres respuestas y duerme bien.
¿Qué me pongo?
Algo limpio y cómodo, como una camisa lisa.
¿Y si me quedo en blanco?
Respira, pide un momento y sigue con calma.

¿Me recomiendas un libro corto?
Claro. ¿Prefieres algo divertido o algo de misterio?
Misterio, por favor.
Prueba con una novela policíaca clásica; se leen en dos tardes.

Mi planta tiene las hojas amarillas.
Puede que la riegues demasiado. ¿Cuántas veces la riegas?
Todos los días.
Es mucho. Espera a que la tierra esté seca.

¿Qué hora es buena para salir a correr en verano?
A primera hora, antes de que apriete el calor.
¿Y si trabajo por la mañana?
Entonces al anochecer, y lleva agua.

He perdido las llaves de casa.
¿Cuándo las viste por última vez?
Esta mañana, en la cocina.
Mira en los bolsillos del abrigo y en la encimera.
¡Estaban en el abrigo! Gracias.
Me alegro. Un gancho junto a la puerta ayuda mucho.

¿Cuántos días tiene febrero?
Veintiocho, y veintinueve en los años bisiestos.
¿Cada cuánto hay un año bisiesto?
Casi siempre, cada cuatro años.

Necesito un regalo para mi abuela.
¿Qué le gusta hacer?
Le gusta coser y tomar café.
Puedes regalarle telas bonitas o una taza con su nombre.

El vecino hace mucho ruido por la noche.
¿Has hablado con él?
Todavía no, me da vergüenza.
Inténtalo con amabilidad; quizá no sepa que se oye tanto.

¿Cómo se dice «gracias» en francés?
Se dice «merci».
¿Y «por favor»?
«S'il vous plaît».

Quiero aprender a nadar, pero me da miedo el agua.
Empieza donde haga pie y con un monitor paciente.
¿No soy demasiado mayor? Tengo sesenta años.
En absoluto. Mucha gente aprende a esa edad.

Se me ha quemado el arroz.
Pásalo a otra olla sin raspar el fondo.
Sabe un poco a humo.
Añade un poco de limón y perejil; lo disimula.

¿Llueve mañana?
No puedo saberlo, pero puedes mirar el parte en la radio.
Es que voy de excursión.
Entonces lleva un chubasquero, por si acaso.

¿Cuánto es el doble de quince?
Treinta.
¿Y la mitad?
Siete y medio.

Buenos días, ¿tienen pan integral?
Sí, acaba de salir del horno.
Póngame dos barras, por favor.
Aquí tiene. Son dos euros con cuarenta.
Tome, quédese con el cambio.
Muy amable, que tenga un buen día.

Perdone, ¿para ir al museo?
Siga recto y gire a la izquierda en el semáforo.
¿Está lejos?
No, a diez minutos andando.

Mi hijo no quiere comer verdura.
Prueba a servirla en crema o dentro de una tortilla.
¿Y si la escupe?
No lo fuerces; ofrécesela otro día.

Me han puesto una multa de aparcamiento.
¿Crees que es justa?
No vi la señal.
Si estaba tapada, haz una foto y presenta un recurso.

¿Qué significa «despistado»?
Que no presta atención o se olvida de las cosas.
Entonces yo soy muy despistado.
A todos nos pasa. Una lista puede ayudarte.

No puedo dormir.
¿Has tomado café por la tarde?
Sí, dos tazas.
Ahí está la causa. Mañana tómalo solo por la mañana.

¿Me ayudas a escribir una nota para mi compañera de piso?
Sí. ¿Qué quieres decirle?
Que saque la basura los martes.
«Hola, ¿podrías sacar la basura los martes? ¡Gracias!»
Perfecto, ni muy seria ni muy blanda.
Me alegro de que te guste.

Mi gato se ha subido al tejado.
Abre una ventana y pon su comida cerca.
¿Llamo a los bomberos?
Espera un rato; muchas veces bajan solos.

¿Es mejor el tren o el autobús?
El tren suele ser más cómodo y el autobús, más barato.
Tengo poco dinero.
Entonces elige el autobús y compra el billete pronto.

He roto el jarrón de mi madre.
¿Se lo has contado?
Aún no.
Díselo tú antes de que lo vea. Seguro que lo entiende.

Quiero ahorrar, pero no llego a fin de mes.
Apunta tus gastos durante un mes.
¿Todos? ¿También el café?
Sobre todo los pequeños, porque suman mucho.

¿Qué animal tiene el cuello más largo?
La jirafa.
¿Y qué come?
Hojas de los árboles altos.

Hola, llamo por el piso en alquiler.
Buenas tardes. Sigue libre.
¿Se puede ver el sábado?
Sí, por la mañana, a las once.
Allí estaré. Me llamo Berta.
Hasta el sábado, Berta.

Se ha ido la luz en toda la casa.
Mira si los vecinos tienen luz.
Ellos sí tienen.
Entonces revisa el cuadro eléctrico: habrá saltado algo.

¿Cómo cuezo un huevo duro?
Ponlo diez minutos en agua hirviendo.
¿Y luego?
Pásalo por agua fría y pélalo.

Estoy enfadada con mi mejor amiga.
¿Qué ha pasado?
Contó un secreto mío.
Es normal que te duela. Dile cómo te sientes.
¿Y si dice que exagero?
Explícale por qué era importante para ti.

¿Qué me llevo a la playa?
Toalla, crema, agua y un sombrero.
¿Y para los niños?
Cubo, pala y una camiseta de repuesto.

Se me ha parado el reloj.
Quizá solo necesita una pila.
¿Dónde la cambio?
En una relojería; tardan cinco minutos.

¿Puedes contarme algo curioso?
Los pulpos tienen tres corazones.
¡No lo sabía!
Y su sangre es azul.

Tengo hipo desde hace una hora.
Bebe agua a sorbos pequeños.
No funciona.
Aguanta la respiración unos segundos. Si sigue muchas horas, consulta a un médico.

Quiero pintar mi cuarto.
¿De qué color?
No sé si verde o azul.
El azul claro da calma y hace que parezca más grande.

Buenas, ¿me pone un café con leche?
Enseguida. ¿Grande o pequeño?
Pequeño, y con la leche templada.
Muy bien, aquí lo tiene.

¿Cuál es tu estación favorita?
No tengo, pero mucha gente prefiere la primavera.
Yo prefiero el otoño, por los colores.
Es verdad, los bosques se ponen preciosos.

Mi bicicleta hace un ruido raro.
¿Suena al pedalear o al frenar?
Al pedalear.
Seguramente la cadena necesita aceite.

Hoy cumplo treinta años.
¡Felicidades! ¿Cómo lo vas a celebrar?
Con una cena en casa.
Que la disfrutes mucho.

¿Sabes dónde puedo reciclar las pilas?
En muchas tiendas hay un contenedor pequeño.
¿No valen en la basura normal?
No, porque contaminan el suelo.

Me pica mucho el brazo por un mosquito.
Ponte algo frío y no te rasques.
¿Sirve el hielo?
Sí, envuelto en un paño, unos minutos.

He suspendido matemáticas.
Lo siento. ¿Puedes recuperarlas?
Sí, en septiembre.
Tienes tiempo. Haz unos pocos ejercicios cada día.
¿Me ayudas con las fracciones?
Claro. Dime por dónde quieres empezar.

¿Se escribe «haber» o «a ver» en «vamos a ver»?
Se escribe «a ver», en dos palabras.
¿Y «va a haber tormenta»?
Ahí es «haber», con hache.

El tendero me ha dado mal el cambio.
¿Te ha dado de más o de menos?
De más: cinco euros.
Lo honrado es devolverlos.

Quiero adoptar un perro.
¿Tienes tiempo para pasearlo?
Sí, trabajo desde casa.
Entonces visita un refugio y conoce a varios.

¿Qué hago con el pan duro?
Migas, torrijas o pan rallado.
Las torrijas me encantan.
Solo necesitas leche, huevo, azúcar y canela.

Señorita, este plato está frío.
Disculpe, ahora mismo se lo caliento.
Gracias, no tengo prisa.
Le traigo también un poco de pan.

Mi abuelo no oye bien el teléfono.
Sube el volumen del timbre al máximo.
Ya lo está.
Hay aparatos que encienden una luz cuando llaman.

¿Cuántas patas tiene una araña?
Ocho.
¿Es un insecto?
No, los insectos tienen seis; la araña es un arácnido.

Voy a llegar tarde a la boda.
Avisa a alguien cuanto antes.
Mi prima está dentro.
Mándale un mensaje y entra sin hacer ruido.

¿Qué se dice cuando alguien estornuda?
En España se dice «Jesús» o «salud».
¿Y qué se contesta?
Basta con dar las gracias.

Me aburro mucho.
¿Prefieres quedarte en casa o salir?
En casa, que hace frío.
Puedes hacer un rompecabezas o llamar a un amigo.
Llamaré a mi primo Nacho.
Buena idea, seguro que se alegra.

No encuentro mis gafas.
Mira en la mesilla y en el baño.
No veo nada sin ellas.
Tócate la cabeza: a veces están ahí.
¡Ja, ja! Tenías razón.
Me alegro de que hayan aparecido.

¿Cómo puedo hablar mejor en público?
Ensaya en voz alta y habla despacio.
Me tiemblan las manos.
Sujeta un papel o un bolígrafo; ayuda a relajarse.

Quiero hacer una limonada para seis.
Usa seis limones, un litro y medio de agua y azúcar.
¿Cuánta azúcar?
Empieza con seis cucharadas y prueba.

Mi hermana y yo discutimos por el mando.
Podéis turnaros: un día cada una.
Ella siempre hace trampas.
Apuntad los turnos en un papel en la pared.

¿Por qué flotan los barcos?
Porque empujan mucha agua y el agua los sostiene.
¿Aunque sean de hierro?
Sí, porque por dentro están llenos de aire.

He comprado unos zapatos y me aprietan.
¿Los has llevado ya por la calle?
No, solo en casa.
Entonces seguramente puedes cambiarlos con el recibo.

Tengo que dejar de morderme las uñas.
¿Cuándo lo haces más?
Cuando veo películas de miedo.
Ten una pelota blanda en la mano mientras las ves.

¿Qué ropa llevo a la montaña en otoño?
Varias capas y unas botas cómodas.
¿Hace falta gorro?
Sí, por la tarde refresca mucho.

Disculpe, ¿está ocupado este asiento?
No, puede sentarse.
Gracias. ¿Va usted hasta el final?
No, bajo en la próxima parada.

Me he mudado y no conozco a nadie.
Apúntate a alguna actividad del barrio.
Me gusta el teatro.
Seguro que hay un grupo de aficionados cerca.
Preguntaré en el centro cultural.
Buena idea. ¡Mucha suerte!

¿Cuándo florecen los almendros?
Suelen florecer al final del invierno.
¿De qué color son las flores?
Blancas o rosadas.

El ascensor no funciona y vivo en el octavo.
¡Cuántas escaleras! ¿Han avisado a alguien?
Creo que el portero ha llamado.
Pregúntale y descansa en cada rellano.

Mi nieta quiere un cuento.
Había una vez una nube que no sabía llover.
¿Y qué hizo?
Pidió ayuda al viento, que le hizo cosquillas, y de la risa le salieron gotas.

¿Es malo comer chocolate cada día?
Un poco no es problema; mucho, sí.
¿Cuánto es un poco?
Una o dos onzas.

Dame una idea para el domingo.
¿Va a hacer buen tiempo?
Parece que sí.
Prepara unos bocadillos y ve al río con tu familia.

Se me ha caído el móvil al agua.
Apágalo enseguida y sécalo con un trapo.
¿Lo enciendo para ver si va?
Todavía no. Déjalo secar al menos un día.

¿Qué diferencia hay entre cóncavo y convexo?
Cóncavo es hundido hacia dentro; convexo, abultado hacia fuera.
¿Una cuchara cómo es?
Por donde se come, cóncava; por detrás, convexa.

Quiero escribirle a mi antiguo maestro.
Qué bonito. Cuéntale qué recuerdas de él.
Recuerdo que nos leía poemas.
Empieza así: «Querido maestro, todavía recuerdo sus poemas».

El bebé llora y no sé por qué.
¿Ha comido y tiene el pañal limpio?
Sí, las dos cosas.
Quizá tiene sueño. Prueba a mecerlo con poca luz.

¿Me cambia este billete de veinte?
Claro. ¿Lo quiere en dos de diez?
Uno de diez y dos de cinco.
Aquí los tiene.

Buenas noches, me voy a la cama.
Buenas noches, que descanses.
Despiértame a las siete, por favor.
No puedo hacerlo yo; pon la alarma antes de dormir.
"""


def conversation(block: str) -> Turns:
    lines = block.strip().splitlines()
    return list(zip(lines[::2], lines[1::2]))


DIALOGUES: list[Turns] = [conversation(block) for block in CONVERSATIONS.strip().split("\n\n")]
