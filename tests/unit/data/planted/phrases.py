"""Hand-written clauses from which the clean files are made.

A row takes one clause of each list; the lists are crossed so that two rows never share more than one clause.
"""

from __future__ import annotations

Clauses = tuple[str, ...]

SUPPORT: dict[tuple[str, str], tuple[Clauses, Clauses]] = {
    ("billing", "en"): (
        (
            "My credit card was charged twice for a single monthly plan.",
            "The March invoice shows a higher amount than the quote.",
            "You billed me for a subscription that ended in winter.",
            "The tax on my receipt was calculated with the wrong rate.",
            "A payment of ninety euros appears that nobody here ordered.",
        ),
        (
            "The bank says the charge came from your billing office.",
            "My accountant needs a corrected invoice before the quarter closes.",
            "The same extra fee also appeared on the statement last year.",
            "I pay by direct debit and never changed the amount.",
            "Your price list says the total should be much lower.",
        ),
    ),
    ("billing", "es"): (
        (
            "Me han cobrado dos veces la cuota mensual del servicio.",
            "La factura de marzo trae un importe mayor que el presupuesto.",
            "Sigo pagando una suscripción que cancelé antes del invierno.",
            "El impuesto del recibo está calculado con un tipo equivocado.",
            "Aparece un cargo de noventa euros que nadie ha pedido.",
        ),
        (
            "El banco dice que el cobro viene de vuestra oficina.",
            "Mi gestor necesita la factura corregida antes del cierre trimestral.",
            "El mismo recargo ya salió en el extracto del año pasado.",
            "Pago con domiciliación y nunca he cambiado la cantidad.",
            "Según vuestra tarifa el total tendría que ser mucho menor.",
        ),
    ),
    ("delivery", "en"): (
        (
            "The parcel left the warehouse ten days ago and never arrived.",
            "Tracking has said out for delivery since last Thursday morning.",
            "The courier left my package with a stranger two streets away.",
            "Only one of the three boxes was delivered to our office.",
            "The driver wrote that nobody was home although we waited.",
        ),
        (
            "The carrier hotline keeps telling me to wait for a scan.",
            "We moved furniture to make room for that shipment.",
            "The delivery note carries the right street and floor.",
            "Our doorman saw the van pass without stopping at all.",
            "Express shipping was supposed to bring it within two days.",
        ),
    ),
    ("delivery", "es"): (
        (
            "El paquete salió del almacén hace diez días y no llega.",
            "El seguimiento dice en reparto desde el jueves por la mañana.",
            "El mensajero dejó mi bulto a un desconocido dos calles abajo.",
            "De las tres cajas del envío solamente entregaron una.",
            "El repartidor anotó ausente aunque estuvimos esperando toda la tarde.",
        ),
        (
            "La agencia de transporte repite que espere otra lectura.",
            "Movimos los muebles para hacer sitio a esa entrega.",
            "En el albarán figuran bien la calle y el piso.",
            "El portero vio pasar la furgoneta sin detenerse siquiera.",
            "El envío urgente debía tardar como mucho dos días.",
        ),
    ),
    ("returns", "en"): (
        (
            "I want to send these shoes back because they pinch.",
            "The return label you emailed cannot be printed at all.",
            "My exchange for a larger coat was never confirmed by anyone.",
            "I returned the blender in June and still have no refund.",
            "The shop refuses to take back an unopened jigsaw puzzle.",
        ),
        (
            "The thirty day return window closes at the weekend.",
            "Everything is unworn and back in its original wrapping.",
            "The post office receipt proves when the return was handed over.",
            "A refund to store credit would be fine with us.",
            "Your returns page promises free collection from the doorstep.",
        ),
    ),
    ("returns", "es"): (
        (
            "Quiero devolver estos zapatos porque me aprietan en el talón.",
            "La etiqueta de devolución que mandasteis no se puede imprimir.",
            "Nadie ha confirmado el cambio del abrigo por una talla mayor.",
            "Devolví la batidora en junio y no he visto el reembolso.",
            "La tienda rechaza la devolución de un rompecabezas sin abrir.",
        ),
        (
            "El plazo de treinta días para devolver acaba este fin de semana.",
            "Todo está sin estrenar y dentro de su embalaje original.",
            "El resguardo de correos prueba cuándo entregué la devolución.",
            "Aceptaríamos un reembolso en forma de vale de compra.",
            "Vuestra página de devoluciones promete recogida gratuita en casa.",
        ),
    ),
    ("account", "en"): (
        (
            "I cannot sign in since I changed my password yesterday.",
            "The verification code for my profile never reaches my phone.",
            "Someone else seems to have logged into our family account.",
            "Please change the surname on my profile after the wedding.",
            "My username was locked after three failed login attempts.",
        ),
        (
            "The reset link in the message says it has expired.",
            "Two step login is switched on for every user here.",
            "The security question is not one that I ever chose.",
            "My old profile still lists an employer I left.",
            "Logging in from another browser gives the same refusal.",
        ),
    ),
    ("account", "es"): (
        (
            "No consigo iniciar sesión desde que cambié ayer la contraseña.",
            "El código de verificación de mi perfil nunca llega al móvil.",
            "Parece que otra persona ha entrado en nuestra cuenta familiar.",
            "Hay que cambiar el apellido de mi perfil tras la boda.",
            "Mi usuario quedó bloqueado después de tres intentos fallidos.",
        ),
        (
            "El enlace para restablecer la clave dice que ha caducado.",
            "La verificación en dos pasos está activa para cada usuario.",
            "La pregunta de seguridad no es la que yo elegí.",
            "Mi perfil antiguo todavía muestra una empresa que dejé.",
            "Entrar con otro navegador da exactamente el mismo rechazo.",
        ),
    ),
    ("technical", "en"): (
        (
            "The app freezes on the start screen after the update.",
            "Video calls drop after four minutes with an error code.",
            "The printer driver crashes my laptop whenever it wakes up.",
            "Bluetooth pairing fails although both devices are charged.",
            "The map plugin shows a blank page in full screen.",
        ),
        (
            "Reinstalling the software did not change anything.",
            "The log file ends with a memory error every time.",
            "Version seven of the firmware worked without a crash.",
            "Two colleagues see the same bug on their tablets.",
            "Turning off the antivirus and restarting made no difference.",
        ),
    ),
    ("technical", "es"): (
        (
            "La aplicación se congela en el arranque desde la actualización.",
            "Las videollamadas se cortan a los cuatro minutos con un error.",
            "El controlador de la impresora bloquea mi portátil al despertar.",
            "El emparejamiento por bluetooth falla con ambos aparatos cargados.",
            "El complemento del mapa deja la pantalla completa en blanco.",
        ),
        (
            "Reinstalar el programa no ha cambiado absolutamente nada.",
            "El archivo de registro termina siempre en un fallo de memoria.",
            "Con la versión siete del firmware no se colgaba.",
            "Dos compañeros ven el mismo error en sus tabletas.",
            "Desactivar el antivirus y reiniciar tampoco sirvió.",
        ),
    ),
    ("product", "en"): (
        (
            "Does the oak table also come in a round shape?",
            "Which mattress would you recommend for a heavy side sleeper?",
            "Is the wool of this blanket safe for sensitive skin?",
            "How many litres does the smaller green backpack hold?",
            "Can the ceramic pan be used on an induction hob?",
        ),
        (
            "The catalogue gives dimensions but nothing about the material.",
            "Our kitchen is narrow and every centimetre matters.",
            "A friend praised the darker colour of that model.",
            "Reviews disagree about how well it survives a dishwasher.",
            "I would compare it with the cheaper one from spring.",
        ),
    ),
    ("product", "es"): (
        (
            "¿La mesa de roble existe también en forma redonda?",
            "¿Qué colchón aconsejáis a quien duerme siempre de lado?",
            "¿La lana de esta manta sirve para pieles sensibles?",
            "¿Cuántos litros caben en la mochila verde más pequeña?",
            "¿La sartén de cerámica vale para placas de inducción?",
        ),
        (
            "El catálogo da las medidas pero calla sobre el material.",
            "Nuestra cocina es estrecha y cada centímetro cuenta.",
            "Una amiga alaba el color oscuro de ese modelo.",
            "Las opiniones no coinciden sobre si aguanta el lavavajillas.",
            "Me gustaría compararlo con el barato de la primavera.",
        ),
    ),
}

CLOSINGS: dict[str, Clauses] = {
    "en": (
        "Could someone look into this today?",
        "Please write back with the next step.",
        "I have attached a photo for your colleagues.",
        "We have been customers for eleven years.",
        "A short answer by Friday would help a lot.",
        "Thank you for sorting it out.",
        "My sister had the identical experience in autumn.",
        "I already asked in the chat without success.",
        "Tell me which details you still need.",
        "Otherwise I will come by the shop on Monday.",
    ),
    "es": (
        "¿Podría mirarlo alguien hoy mismo?",
        "Escribidme, por favor, con el siguiente paso.",
        "Adjunto una foto para vuestros compañeros.",
        "Somos clientes desde hace once años.",
        "Una respuesta breve antes del viernes ayudaría mucho.",
        "Gracias por resolverlo cuanto antes.",
        "A mi hermana le ocurrió lo mismo en otoño.",
        "Ya pregunté en el chat sin ningún éxito.",
        "Decidme qué datos os faltan todavía.",
        "Si no, pasaré por la tienda el lunes.",
    ),
}

CARE: tuple[tuple[str, str], ...] = (
    ("a cast-iron pan", "Wipe the iron with hot water and a stiff brush, and never leave it to soak overnight."),
    ("a wool jumper", "Turn the jumper inside out and press it gently in lukewarm water without wringing."),
    ("a leather saddle", "Rub the saddle with a damp cloth before working a thin coat of balm into the seams."),
    ("an old clarinet", "Pull a dry swab through each joint and store the reed in a ventilated case."),
    ("a wooden chopping board", "Scrub the board along the grain and stand it upright so that both faces dry evenly."),
    ("a pair of running shoes", "Take out the insoles, stuff the toes with newspaper and keep them off the radiator."),
    ("a rain jacket", "Close every zip, wash the jacket with liquid soap and renew the coating by mild heat."),
    ("a fountain pen", "Flush the nib under the tap until no trace of colour remains in the basin."),
    ("a bamboo fishing rod", "Dry the rod section by section and hang it in its cloth bag in a cool place."),
    ("a stone mortar", "Grind a spoonful of raw rice in the bowl and rinse away the grey powder afterwards."),
    ("a canvas tent", "Pitch the canvas in the garden on a breezy day and brush the mud from its pegs."),
)
SETTINGS: tuple[tuple[str, str], ...] = (
    ("after a muddy weekend", "Let the dirt harden first, because wet soil only smears deeper into every pore."),
    ("that smells of smoke", "A day of fresh air beside a bowl of baking soda removes nearly all of the odour."),
    ("bought second-hand", "Check hidden corners for moths, rust or cracks before you trust the seller's promise."),
    ("for a long winter in storage", "Choose a spot with steady humidity, far from boilers and outside walls."),
    ("without special products", "Plain vinegar diluted one to four replaces most of the bottles sold for this purpose."),
    ("in a very humid flat", "Add a sachet of silica and open the cupboard whenever the weather turns dry."),
    ("when children use it daily", "Show them the routine once, then leave the tools within reach at their height."),
    ("that has gone stiff", "Warmth and patience loosen more than force, so repeat the treatment on three evenings."),
    ("with a stubborn stain", "Dab a hidden patch beforehand, for some colours lift faster than the mark itself."),
    ("inherited from a grandparent", "Photograph the maker's stamp and ask a museum shop about the original finish."),
    ("before lending it to a friend", "Note its present state on a card, which spares both of you an awkward talk."),
)
ADVICE: Clauses = (
    "Ten minutes a month are enough.",
    "Avoid the dishwasher at any price.",
    "Cotton rags work better than sponges.",
    "Professional help costs around forty euros.",
    "Start on the side that nobody sees.",
    "Less product gives a cleaner result.",
    "Direct sunlight does more harm than use.",
    "Write the date inside the lid.",
    "Gloves protect your skin during the job.",
    "Test the result with a white tissue.",
    "Repeat the whole round every spring.",
)
ASKING: Clauses = (
    "How do I look after {} {}?",
    "What is the best way to clean {} {}?",
    "Explain step by step how to care for {} {}.",
    "I need a routine for {} {}. Any ideas?",
    "Which mistakes should one avoid with {} {}?",
    "Give me brief instructions for {} {}.",
    "My neighbour wonders how to treat {} {}.",
    "Could you suggest some upkeep for {} {}?",
    "Describe the proper handling of {} {}.",
    "Is there a trick to preserve {} {}?",
    "Tell a beginner how to maintain {} {}.",
)
