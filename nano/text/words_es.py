"""Spanish words, agreement and the small template engine behind the everyday Spanish texts in es.py.

A plan is a string with ``[one|other|]`` choices (they nest; an empty branch makes a clause optional) and ``{slot}`` fields.
A slot is drawn once per text and remembered; ``{city2}`` is a second draw of ``{city}``, different from the first.
``{thing.el}`` gives the noun with its article and ``{thing:nuevo}`` gives the adjective in the noun's gender (``+nuevo``: plural).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

UNACCENT = str.maketrans("áéíóúÁÉÍÓÚ", "aeiouAEIOU")
TONIC_FEMININES = {"agua", "aula", "águila", "hacha", "área"}
ODD_PLURALS = {
    "gris": "grises",
    "mes": "meses",
    "examen": "exámenes",
    "imagen": "imágenes",
    "joven": "jóvenes",
    "jersey": "jerséis",
    "orden": "órdenes",
    "resumen": "resúmenes",
    "país": "países",
    "bus": "buses",
    "tos": "toses",
    "robot": "robots",
    "router": "routers",
}
SAME_IN_FEMININE = {"marrón", "mejor", "peor", "mayor", "menor", "cortés"}


def plural(text: str) -> str:
    """Plural of a noun or adjective; in 'cepillo de dientes' only the head changes."""
    head, space, rest = text.partition(" ")
    if head in ODD_PLURALS:
        word = ODD_PLURALS[head]
    elif head[-1] in "aeiouáéóú":
        word = head + "s"
    elif head[-1] == "z":
        word = head[:-1] + "ces"
    elif head[-2:] in {"ón", "án", "én", "ín", "ún", "és", "ás", "ús"}:
        word = head[:-2] + head[-2:].translate(UNACCENT) + "es"
    elif head[-1] == "s":
        word = head
    else:
        word = head + "es"
    return word + space + rest


def agree(adjective: str, gender: str, many: bool = False) -> str:
    """An adjective given in its masculine form, made to agree."""
    word = adjective
    if gender == "f" and word not in SAME_IN_FEMININE:
        if word.endswith("o"):
            word = word[:-1] + "a"
        elif word.endswith(("dor", "tor", "sor")):
            word += "a"
        elif word.endswith(("ón", "és", "án")):
            word = word[:-2] + word[-2:].translate(UNACCENT) + "a"
    return plural(word) if many else word


@dataclass(frozen=True)
class Noun:
    """A noun with its gender; the properties give it with articles, in the plural, and the pronouns that stand for it."""

    text: str
    gender: str

    def __str__(self) -> str:
        return self.text

    def __format__(self, spec: str) -> str:
        if not spec:
            return self.text
        return agree(spec.removeprefix("+"), self.gender, spec.startswith("+"))

    def pick(self, masculine: str, feminine: str) -> str:
        return masculine if self.gender == "m" else feminine

    @property
    def el(self) -> str:
        return ("el " if self.gender == "m" or self.text in TONIC_FEMININES else "la ") + self.text

    @property
    def un(self) -> str:
        return ("un " if self.gender == "m" or self.text in TONIC_FEMININES else "una ") + self.text

    @property
    def este(self) -> str:
        return self.pick("este ", "esta ") + self.text

    @property
    def pl(self) -> str:
        return plural(self.text)

    @property
    def los(self) -> str:
        return self.pick("los ", "las ") + self.pl

    @property
    def lo(self) -> str:
        return self.pick("lo", "la")

    @property
    def o(self) -> str:
        return self.pick("o", "a")

    @property
    def ella(self) -> str:
        return self.pick("él", "ella")


@dataclass(frozen=True)
class Person(Noun):
    """A first name with a job and a trait already in the right gender."""

    job: str
    trait: str


class Bill(NamedTuple):
    """A purchase whose arithmetic is right."""

    count: str
    each: str
    total: str
    paid: str
    change: str


class Trip(NamedTuple):
    """A journey with clock times and its duration in words."""

    leaves: str
    arrives: str
    lasts: str


class Sky(NamedTuple):
    """The weather of a day, with a temperature and a garment that suit it."""

    now: str
    degrees: str
    wear: str


class Rise(NamedTuple):
    """A price before and after it went up."""

    before: str
    after: str


class Country(NamedTuple):
    """A country and some true things about it."""

    name: str
    capital: str
    continent: str
    language: str


def words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


def nouns(masculine: str, feminine: str) -> tuple[Noun, ...]:
    return tuple(Noun(word, "m") for word in words(masculine)) + tuple(Noun(word, "f") for word in words(feminine))


MEN = words(
    "Luis, Carlos, Javier, Miguel, Pablo, Andrés, Diego, Sergio, Raúl, Óscar, Jorge, Manuel, Antonio, Tomás, Hugo, Mateo, "
    "Álvaro, Rubén, Iván, Martín, Nicolás, Emilio, Felipe, Gonzalo, Ramón, Julio, Ernesto, Víctor, Daniel, Samuel, Fermín, Joaquín"
)
WOMEN = words(
    "Ana, Lucía, Marta, Carmen, Elena, Sofía, Paula, Laura, Rosa, Pilar, Teresa, Julia, Alba, Nuria, Irene, Inés, Clara, "
    "Beatriz, Silvia, Cristina, Raquel, Sara, Noelia, Patricia, Olga, Eva, Lola, Amparo, Susana, Gloria, Victoria, Adela"
)
SURNAMES = words(
    "García, López, Martínez, Sánchez, Pérez, Gómez, Ruiz, Díaz, Moreno, Álvarez, Romero, Navarro, Torres, Vidal, Ramos, "
    "Gil, Serrano, Molina, Castro, Ortega, Rubio, Marín, Iglesias, Medina, Cortés, Garrido, Herrera, Campos, Vega, Fuentes"
)
JOBS = words(
    "médico, abogado, cocinero, camarero, maestro, ingeniero, enfermero, panadero, carpintero, peluquero, jardinero, bombero, "
    "arquitecto, fontanero, cartero, veterinario, traductor, profesor, conductor, diseñador, vendedor, pintor, periodista, "
    "dentista, electricista, artista, estudiante, taxista, farmacéutico, músico, fotógrafo, biólogo, informático, granjero"
)
TRAITS = words(
    "amable, alegre, tranquilo, trabajador, generoso, tímido, paciente, divertido, serio, curioso, despistado, ordenado, "
    "puntual, cariñoso, valiente, hablador, prudente, sincero, listo, callado, creativo, responsable, optimista, discreto"
)
FEELINGS = words(
    "contento, cansado, nervioso, tranquilo, preocupado, enfadado, sorprendido, triste, orgulloso, ilusionado, aburrido, "
    "agradecido, emocionado, satisfecho, decepcionado, feliz, confundido, relajado, harto, impaciente"
)
CITIES = words(
    "Madrid, Barcelona, Valencia, Sevilla, Zaragoza, Málaga, Bilbao, Granada, Salamanca, Córdoba, Toledo, Burgos, León, "
    "Santander, Oviedo, Gijón, Pamplona, Logroño, Cádiz, Murcia, Alicante, Cuenca, Segovia, Ávila, Valladolid, Vigo, Lugo, "
    "Huesca, Teruel, Soria, Cáceres, Badajoz, Huelva, Jaén, Almería, Tarragona, Girona, Palencia, Zamora, Mérida, "
    "Albacete, Ourense"
)
STREETS = words(
    "calle Mayor, calle del Sol, plaza de España, avenida de la Paz, calle de la Luna, plaza Nueva, calle del Río, "
    "avenida del Puerto, calle de los Olivos, rambla Vieja, calle de la Fuente, plaza del Mercado, calle Real, "
    "avenida de la Constitución, calle del Molino, calle San Juan, ronda del Norte, calle de las Flores"
)
DAYS = words("lunes, martes, miércoles, jueves, viernes, sábado, domingo")
MONTHS = words("enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre")
SEASONS = nouns("verano, otoño, invierno", "primavera")
HOURS = words("dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce")
NUMBERS = words("dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce, quince, veinte")
MORE_NUMBERS = words("tres, cuatro, cinco, seis, siete, ocho, nueve, diez, doce, quince, veinte, treinta, cuarenta, cincuenta")
COLORS = words("rojo, azul, verde, amarillo, blanco, negro, gris, marrón, morado, rosado, anaranjado, dorado, plateado")
RELATIVES = nouns(
    "hermano, padre, abuelo, tío, primo, sobrino, cuñado, suegro, hijo, nieto, marido",
    "hermana, madre, abuela, tía, prima, sobrina, cuñada, suegra, hija, nieta, mujer",
)
CHILDREN = nouns("hijo, sobrino, nieto, hermano pequeño, primo pequeño", "hija, sobrina, nieta, hermana pequeña, prima pequeña")
NEIGHBOURS = nouns("vecino, amigo, compañero, jefe, profesor, portero", "vecina, amiga, compañera, jefa, profesora, portera")
APPLIANCES = nouns(
    "horno, frigorífico, lavavajillas, microondas, ventilador, televisor, secador, calentador, congelador, tostador, aspirador, exprimidor",
    "lavadora, nevera, secadora, plancha, batidora, cafetera, tostadora, estufa, caldera, freidora",
)
DEVICES = nouns(
    "móvil, ordenador, teclado, ratón, altavoz, cargador, router, reloj, mando, monitor, portátil, micrófono",
    "tableta, impresora, cámara, pantalla, consola, radio, calculadora, memoria, linterna, alarma",
)
FURNITURE = nouns(
    "armario, sofá, sillón, escritorio, estante, espejo, colchón, baúl, banco, taburete, perchero, cajón",
    "mesa, silla, cama, lámpara, estantería, cómoda, mesilla, cuna, alfombra, hamaca, vitrina, butaca",
)
CLOTHES = nouns(
    "abrigo, jersey, vestido, pantalón, sombrero, cinturón, bañador, chaleco, pijama, traje, gorro, impermeable, delantal",
    "camisa, falda, chaqueta, bufanda, camiseta, gorra, blusa, corbata, sudadera, gabardina, bata, capa",
)
OBJECTS = nouns(
    "paraguas, cuaderno, bolso, monedero, anillo, bolígrafo, libro, llavero, sobre, maletín, mapa, estuche, collar, pañuelo",
    "mochila, cartera, maleta, pulsera, libreta, carpeta, agenda, caja, bolsa, botella, taza, postal, fotografía, pluma",
)
TOOLS = nouns(
    "martillo, destornillador, taladro, serrucho, alicate, cepillo, rastrillo, pincel, cubo, tornillo",
    "llave inglesa, sierra, pala, escalera, brocha, regadera, manguera, escoba, lima, cuerda",
)
TOYS = nouns(
    "balón, tren, camión, patinete, globo, dado, tambor, yoyó, dinosaurio, robot, rompecabezas",
    "muñeca, pelota, cometa, bicicleta, peonza, marioneta, pistola de agua, casita, cuerda, canica",
)
FRUITS = nouns(
    "plátano, melón, melocotón, limón, kiwi, mango, higo, albaricoque",
    "manzana, pera, naranja, fresa, sandía, uva, cereza, ciruela, piña, mandarina",
)
VEGETABLES = nouns(
    "tomate, pepino, pimiento, calabacín, ajo, puerro, champiñón, rábano, brócoli",
    "zanahoria, cebolla, patata, lechuga, berenjena, calabaza, col, acelga, judía, espinaca",
)
FOODS = nouns(
    "pan, queso, arroz, aceite, azúcar, jamón, pescado, pollo, yogur, chocolate, café, té, vinagre, atún",
    "leche, harina, sal, mantequilla, carne, pasta, miel, mermelada, sopa, galleta, fruta, verdura, nata, canela",
)
DISHES = nouns(
    "arroz con leche, gazpacho, puré de patata, guiso de lentejas, pollo asado, bizcocho de limón, estofado de ternera, "
    "pastel de carne, revuelto de setas, pescado al horno, cocido",
    "tortilla de patatas, paella, sopa de verduras, crema de "
    "calabaza, ensalada de pasta, tarta de manzana, empanada de atún, lasaña, pizza casera, macedonia",
)
DRINKS = nouns(
    "zumo de naranja, café con leche, té verde, batido de fresa, vaso de agua, refresco, chocolate caliente, caldo",
    "infusión de menta, limonada, horchata, manzanilla, cerveza, copa de vino, tila, botella de agua",
)
PETS = nouns(
    "perro, gato, conejo, hámster, loro, canario, periquito, cachorro, burro, caballo, pato",
    "perra, gata, tortuga, cobaya, gallina, cabra, oveja, yegua, coneja, cotorra",
)
PLANTS = nouns(
    "rosal, geranio, cactus, limonero, naranjo, olivo, jazmín, helecho, manzano, clavel, girasol, tulipán, almendro, pino",
    "margarita, orquídea, hortensia, lavanda, albahaca, violeta, higuera, parra, palmera, begonia, hierbabuena, azalea",
)
VEHICLES = nouns(
    "coche, autobús, tren, tranvía, taxi, barco, avión, camión, metro", "moto, furgoneta, bicicleta, caravana, avioneta, barca"
)
ROOMS = nouns(
    "salón, dormitorio, cuarto de baño, pasillo, comedor, garaje, sótano, despacho, desván, patio",
    "cocina, terraza, entrada, habitación, buhardilla, despensa, sala, escalera, galería, biblioteca",
)
SHOPS = nouns(
    "supermercado, mercado, quiosco, bazar, estanco, centro comercial",
    "panadería, frutería, carnicería, pescadería, farmacia, "
    "zapatería, librería, ferretería, papelería, floristería, juguetería, pastelería, droguería, óptica, joyería",
)
PLACES = nouns(
    "parque, museo, cine, teatro, restaurante, hospital, estadio, gimnasio, aeropuerto, puerto, castillo, zoo, ayuntamiento, "
    "instituto, mirador, jardín botánico, acuario, polideportivo",
    "biblioteca, playa, plaza, estación, catedral, piscina, "
    "universidad, oficina, iglesia, escuela, cafetería, fábrica, academia, granja, heladería, sala de conciertos, feria",
)
SUBJECTS = nouns(
    "dibujo, inglés, francés, latín",
    "lengua, música, historia, geografía, física, química, biología, filosofía, informática, gimnasia, tecnología, literatura",
)
SPORTS = nouns(
    "fútbol, baloncesto, tenis, ciclismo, balonmano, atletismo, ajedrez, voleibol, remo, judo, yoga, surf, rugby, pádel",
    "natación, gimnasia, escalada, esgrima, vela, equitación, petanca, lucha, halterofilia, marcha",
)
TEAM_SPORTS = words("fútbol, baloncesto, balonmano, voleibol, rugby, hockey, waterpolo, fútbol sala")
INSTRUMENTS = nouns(
    "piano, violín, clarinete, saxofón, acordeón, tambor, violonchelo, órgano",
    "guitarra, flauta, trompeta, batería, viola, gaita, armónica",
)
BODY = nouns(
    "brazo, tobillo, hombro, codo, cuello, pie, dedo, oído, estómago",
    "rodilla, espalda, cabeza, mano, muñeca, garganta, muela, pierna, cadera, barriga",
)
HOBBIES = words(
    "leer novelas, pasear por el campo, pintar, cocinar, tocar la guitarra, nadar, coser, bailar, hacer fotos, "
    "jugar al ajedrez, "
    "montar en bicicleta, ver películas antiguas, cuidar las plantas, coleccionar sellos, cantar en un coro, escribir poemas, "
    "aprender idiomas, correr por la mañana, hacer punto, observar las estrellas, patinar, pescar en el río, "
    "resolver crucigramas"
)
CHORES = words(
    "barrer el suelo, fregar los platos, hacer la cama, tender la ropa, sacar la basura, regar las plantas, "
    "limpiar los cristales, "
    "planchar las camisas, poner la mesa, ordenar los cajones, pasear al perro, quitar el polvo, comprar el pan, "
    "doblar las toallas, "
    "vaciar el lavavajillas, cambiar las sábanas, limpiar el baño, preparar la cena, bajar el cartón, fregar el suelo"
)
ERRANDS = words(
    "ir al banco, renovar el carné, llamar al dentista, recoger un paquete, devolver los libros, pagar el alquiler, "
    "comprar un regalo, llevar el coche al taller, pedir cita con el médico, echar una carta, hacer la compra, "
    "cortarme el pelo, "
    "imprimir las entradas, arreglar el grifo, cambiar una bombilla, cancelar una reserva, recoger las gafas, "
    "firmar el contrato"
)
BOOKS = words(
    "El faro del norte, La casa amarilla, Cartas desde el mar, El último verano, Un tren a medianoche, La ciudad de papel, "
    "El jardín secreto de Clara, Los días largos, Historia de un reloj, La sombra del olivo, Tres hermanas, El mapa perdido, "
    "Viento de otoño, La isla sin nombre, El ladrón de paraguas, Cuentos de la abuela, Noche en el puerto, La maleta azul"
)
LANGUAGES = words("inglés, francés, italiano, alemán, portugués, catalán, chino, árabe, ruso, japonés, gallego, euskera, griego, polaco")
EVENTS = nouns(
    "concierto, cumpleaños, mercadillo, festival, torneo, curso, taller, campamento, congreso, aniversario, bautizo, partido",
    "boda, fiesta, feria, exposición, reunión, excursión, conferencia, carrera, subasta, charla, cena, clase",
)
DOCUMENTS = nouns(
    "contrato, informe, recibo, certificado, formulario, presupuesto, permiso, billete, justificante, resguardo",
    "factura, solicitud, carta, autorización, nómina, receta, entrada, reserva, garantía, copia",
)
APPS = words(
    "la aplicación del tiempo, la aplicación del banco, la aplicación de mapas, la aplicación de mensajes, el calendario, "
    "la aplicación de música, el traductor, el correo, el navegador, la aplicación de fotos, el bloc de notas, "
    "la aplicación de taxis, "
    "la aplicación de recetas, el juego de palabras, la aplicación de la biblioteca, la aplicación del gimnasio"
)
MATERIALS = words(
    "madera, cristal, metal, plástico, cuero, mimbre, roble, acero, bambú, nogal, cobre, aluminio, hierro, pino, caoba, latón"
)
FURS = words("blanco, negro, gris, marrón, pardo, dorado, oscuro, claro, rojizo, manchado")
NOTEBOOKS = nouns("cuaderno, bloc, papel, diario, folio", "libreta, agenda, hoja, pizarra, tarjeta")
ELDERS = nouns("abuelo, padre, tío, suegro, vecino", "abuela, madre, tía, suegra, vecina")
FAR_VEHICLES = nouns("tren, autobús, coche, taxi", "furgoneta, caravana, moto")
GROCERS = nouns("supermercado, mercado, economato", "frutería, tienda de la esquina, cooperativa, tienda del barrio")
INGREDIENTS = words(
    "harina, arroz, pasta, carne picada, queso rallado, pollo, pescado, setas, lentejas, jamón, garbanzos, patatas, nata, "
    "atún, "
    "gambas, guisantes, maíz, habas, bacalao, pavo"
)
SPICES = words("sal, pimienta, aceite, perejil, vinagre, ajo, orégano, pimentón, romero, laurel, limón, tomillo, azafrán, comino")
SKIES = (
    ("hace sol", 18, 32, "gorra"),
    ("llueve", 6, 18, "impermeable"),
    ("nieva", -6, 2, "abrigo"),
    ("hace mucho viento", 5, 20, "chaqueta"),
    ("está nublado", 8, 22, "jersey"),
    ("hace frío", 0, 9, "bufanda"),
    ("hace calor", 28, 39, "sombrero"),
    ("hay niebla", 2, 12, "chaqueta"),
    ("hay tormenta", 10, 24, "impermeable"),
    ("está despejado", 12, 30, "camiseta"),
    ("llovizna", 8, 17, "gabardina"),
)
WEATHERS = words(
    "hace sol, llueve, nieva, hace mucho viento, está nublado, hace frío, hace calor, hay niebla, hay tormenta, graniza, "
    "está despejado, llovizna"
)
FEATURES = words(
    "el pelo rizado, el pelo corto, el pelo largo y liso, los ojos verdes, los ojos oscuros, una barbilla pequeña, "
    "la cara llena de pecas, la voz grave, la voz dulce, una sonrisa amplia, las manos grandes, "
    "un lunar en la mejilla, las cejas gruesas, el pelo blanco, la nariz un poco torcida, unas pestañas muy largas"
)
GENRES = nouns("poema, cuento, ensayo, diario", "novela, obra de teatro, biografía, leyenda")
COUNTRIES = tuple(
    Country(*words(line))
    for line in (
        "España, Madrid, Europa, español",
        "Francia, París, Europa, francés",
        "Italia, Roma, Europa, italiano",
        "Portugal, Lisboa, Europa, portugués",
        "Alemania, Berlín, Europa, alemán",
        "Grecia, Atenas, Europa, griego",
        "Polonia, Varsovia, Europa, polaco",
        "Suecia, Estocolmo, Europa, sueco",
        "Noruega, Oslo, Europa, noruego",
        "Dinamarca, Copenhague, Europa, danés",
        "Hungría, Budapest, Europa, húngaro",
        "Austria, Viena, Europa, alemán",
        "Rusia, Moscú, Europa y Asia, ruso",
        "Japón, Tokio, Asia, japonés",
        "China, Pekín, Asia, chino mandarín",
        "Tailandia, Bangkok, Asia, tailandés",
        "México, Ciudad de México, América, español",
        "Cuba, La Habana, América, español",
        "Perú, Lima, América, español",
        "Colombia, Bogotá, América, español",
        "Chile, Santiago, América, español",
        "Uruguay, Montevideo, América, español",
        "Argentina, Buenos Aires, América, español",
        "Ecuador, Quito, América, español",
        "Venezuela, Caracas, América, español",
        "Brasil, Brasilia, América, portugués",
        "Egipto, El Cairo, África, árabe",
        "Túnez, Túnez, África, árabe",
        "Angola, Luanda, África, portugués",
        "Rumanía, Bucarest, Europa, rumano",
        "Croacia, Zagreb, Europa, croata",
        "Turquía, Ankara, Asia y Europa, turco",
    )
)
FACTS = tuple(
    line.strip()
    for line in """
El agua pura hierve a cien grados al nivel del mar.
El hielo es agua en estado sólido.
La Tierra gira alrededor del Sol.
La Luna gira alrededor de la Tierra.
Un año tiene doce meses.
Una semana tiene siete días.
Un día tiene veinticuatro horas.
Una hora tiene sesenta minutos.
Un minuto tiene sesenta segundos.
Febrero es el mes más corto del año.
Un año bisiesto tiene 366 días.
Las arañas tienen ocho patas.
Los insectos tienen seis patas.
Las abejas hacen miel.
Las vacas comen hierba y dan leche.
La ballena azul es el animal más grande del mundo.
La jirafa es el animal terrestre más alto.
El guepardo es el animal terrestre más rápido.
El avestruz es un ave que no vuela.
Los pingüinos son aves, pero no pueden volar.
Los murciélagos son mamíferos que vuelan.
Los delfines respiran aire.
Las ranas nacen como renacuajos.
La oruga se convierte en mariposa.
Los peces respiran por branquias.
El corazón bombea la sangre por todo el cuerpo.
Los pulmones sirven para respirar.
Un adulto suele tener treinta y dos dientes.
El esqueleto de un adulto tiene unos doscientos seis huesos.
La piel protege nuestro cuerpo.
El Sol es una estrella.
Júpiter es el planeta más grande del sistema solar.
Mercurio es el planeta más cercano al Sol.
Saturno es famoso por sus anillos.
Marte se conoce como el planeta rojo.
El Everest es la montaña más alta del mundo.
El Teide está en la isla de Tenerife.
El Ebro desemboca en el mar Mediterráneo.
El Tajo desemboca en el océano Atlántico.
El río Nilo está en África.
El río Amazonas está en América del Sur.
El océano Pacífico es el más grande de todos.
El Sáhara es un desierto de África.
La Antártida está cubierta de hielo.
Australia es un país y también un continente.
El español se habla en muchos países de América.
Cervantes escribió el Quijote.
Colón llegó a América en 1492.
El ser humano llegó a la Luna en 1969.
Velázquez pintó Las meninas.
Picasso nació en Málaga.
La Alhambra está en Granada.
La Giralda está en Sevilla.
El acueducto romano más famoso de España está en Segovia.
La torre Eiffel está en París.
El Coliseo está en Roma.
Las pirámides de Guiza están en Egipto.
Un triángulo tiene tres lados.
Un cuadrado tiene cuatro lados iguales.
Un hexágono tiene seis lados.
Una docena son doce unidades.
Un kilo tiene mil gramos.
Un metro tiene cien centímetros.
Un kilómetro tiene mil metros.
Un siglo son cien años.
Una década son diez años.
La mitad de cien es cincuenta.
El número siete es impar.
El número ocho es par.
El oro es un metal.
El hierro se oxida con la humedad.
El vidrio se fabrica con arena.
El papel se hace con madera.
El vino se hace con uvas.
El queso se hace con leche.
El pan se hace con harina, agua, sal y levadura.
El aceite de oliva sale de las aceitunas.
La lana viene de las ovejas.
El algodón es una planta.
Las plantas necesitan luz y agua.
Las hojas de muchos árboles caen en otoño.
Los cactus guardan agua.
Las setas no son plantas, sino hongos.
El tomate llegó a Europa desde América.
La patata llegó a Europa desde América.
El arcoíris aparece cuando hay sol y lluvia.
El trueno se oye después de ver el relámpago.
La luz viaja más rápido que el sonido.
El arcoíris se suele pintar con siete colores.
Si se mezclan azul y amarillo, sale verde.
Si se mezclan rojo y amarillo, sale naranja.
El piano tiene teclas blancas y negras.
La guitarra suele tener seis cuerdas.
El violín tiene cuatro cuerdas.
Un equipo de fútbol juega con once jugadores.
Un equipo de baloncesto tiene cinco jugadores en la pista.
El alfabeto español tiene veintisiete letras.
El abecedario empieza por la letra a.
En España la Navidad se celebra en invierno.
En Argentina la Navidad cae en verano.
El euro es la moneda de España.
El yen es la moneda de Japón.
El teléfono de emergencias en Europa es el 112.
La brújula señala el norte.
El sol sale por el este y se pone por el oeste.
El termómetro mide la temperatura.
La balanza sirve para pesar.
El caracol lleva su casa a cuestas.
El camello puede pasar muchos días sin beber.
Los gatos ven bien con poca luz.
Los perros tienen muy buen olfato.
Las serpientes no tienen patas.
Los koalas comen hojas de eucalipto.
Los osos polares viven en el Ártico.
""".strip().splitlines()
)
ADVERBS = words("hoy, ayer, anoche, esta mañana, esta tarde, el otro día, la semana pasada, hace un rato")
OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in words(
        "alto/bajo, grande/pequeño, frío/caliente, rápido/lento, nuevo/viejo, fácil/difícil, limpio/sucio, lleno/vacío, abierto/cerrado, "
        "caro/barato, fuerte/débil, claro/oscuro, largo/corto, ancho/estrecho, alegre/triste, rico/pobre, duro/blando, seco/mojado, "
        "dulce/amargo, encendido/apagado, bueno/malo, joven/anciano, gordo/delgado, bonito/feo, pesado/ligero, útil/inútil, "
        "posible/imposible, legal/ilegal, justo/injusto, feliz/infeliz, paciente/impaciente, ordenado/desordenado, conocido/desconocido, "
        "subir/bajar, entrar/salir, abrir/cerrar, comprar/vender, empezar/terminar, ganar/perder, dar/recibir, encender/apagar, reír/llorar, "
        "recordar/olvidar, llegar/marcharse, preguntar/responder, construir/destruir, aparecer/desaparecer, atar/desatar, montar/desmontar, "
        "día/noche, verano/invierno, norte/sur, este/oeste, guerra/paz, amor/odio, principio/final, verdad/mentira, vida/muerte, "
        "arriba/abajo, dentro/fuera, delante/detrás, cerca/lejos, antes/después, siempre/nunca, mucho/poco, más/menos, mejor/peor, "
        "temprano/tarde, primero/último, derecha/izquierda, amigo/enemigo, éxito/fracaso, ruido/silencio, valiente/cobarde, público/privado"
    )
)


def euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    if rest:
        return f"{whole},{rest:02d} euros"
    return f"{whole} euro" if whole == 1 else f"{whole} euros"


def clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02d}"


def spoken_duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hora{'s' if hours > 1 else ''}"] if hours else []
    if rest:
        parts.append(f"{rest} minutos")
    return " y ".join(parts)


def plain(text: str) -> str:
    """Lower case without accents, as in addresses and hurried chats; the ñ stays."""
    return text.lower().translate(UNACCENT)


def draw_person(rng: Random) -> Person:
    gender = rng.choice("mf")
    name = rng.choice(MEN if gender == "m" else WOMEN)
    return Person(name, gender, agree(rng.choice(JOBS), gender), agree(rng.choice(TRAITS), gender))


def draw_bill(rng: Random) -> Bill:
    count, each = rng.randint(2, 9), rng.randrange(50, 900, 5)
    total = count * each
    note = next(value for value in (1000, 2000, 5000, 10000, 20000) if value > total)
    return Bill(str(count), euros(each), euros(total), euros(note), euros(note - total))


def draw_trip(rng: Random) -> Trip:
    start, length = rng.randrange(6 * 60, 18 * 60, 5), rng.randrange(35, 300, 5)
    return Trip(clock(start), clock(start + length), spoken_duration(length))


def draw_sky(rng: Random) -> Sky:
    now, low, high, wear = rng.choice(SKIES)
    return Sky(now, str(rng.randint(low, high)), wear)


def draw_rise(rng: Random) -> Rise:
    before = rng.randrange(80, 2000, 5)
    return Rise(euros(before), euros(before + rng.randrange(10, 300, 5)))


def draw_at(rng: Random) -> str:
    if rng.random() < 0.3:
        return f"a las {clock(rng.randrange(8 * 60, 22 * 60, 5))}"
    hour = rng.choice(("a la una",) + tuple(f"a las {hour}" for hour in HOURS))
    return hour + rng.choice(("", "", " y media", " y cuarto", " menos cuarto", " y diez", " en punto"))


def draw_email(rng: Random) -> str:
    name, surname = plain(rng.choice(MEN + WOMEN)), plain(rng.choice(SURNAMES))
    user = rng.choice((f"{name}.{surname}", f"{name}{rng.randint(1, 99)}", f"{name}_{surname}", f"{name[0]}{surname}"))
    return f"{user}@{rng.choice(('correo', 'ejemplo', 'mail', 'buzon', 'casa', 'escuela'))}.{rng.choice(('es', 'com', 'org'))}"


def draw_phone(rng: Random) -> str:
    return f"6{rng.randint(0, 99):02d} {rng.randint(0, 999):03d} {rng.randint(0, 999):03d}"


def draw_code(rng: Random) -> str:
    return "".join(rng.choice("ABCDEFGHJKLMNPRSTUVXYZ") for _ in range(2)) + str(rng.randint(100, 9999))


Value = str | Noun | Bill | Trip | Country | Sky | Rise
POOLS: dict[str, tuple[Value, ...]] = {
    "surname": SURNAMES,
    "feeling": FEELINGS,
    "city": CITIES,
    "street": STREETS,
    "day": DAYS,
    "month": MONTHS,
    "season": SEASONS,
    "few": NUMBERS,
    "many": MORE_NUMBERS,
    "color": COLORS,
    "rel": RELATIVES,
    "child": CHILDREN,
    "mate": NEIGHBOURS,
    "appliance": APPLIANCES,
    "device": DEVICES,
    "furniture": FURNITURE,
    "clothes": CLOTHES,
    "thing": OBJECTS,
    "tool": TOOLS,
    "toy": TOYS,
    "fruit": FRUITS,
    "vegetable": VEGETABLES,
    "food": FOODS,
    "dish": DISHES,
    "drink": DRINKS,
    "pet": PETS,
    "plant": PLANTS,
    "vehicle": VEHICLES,
    "room": ROOMS,
    "shop": SHOPS,
    "place": PLACES,
    "subject": SUBJECTS,
    "sport": SPORTS,
    "team": TEAM_SPORTS,
    "instrument": INSTRUMENTS,
    "body": BODY,
    "hobby": HOBBIES,
    "chore": CHORES,
    "errand": ERRANDS,
    "book": BOOKS,
    "language": LANGUAGES,
    "event": EVENTS,
    "doc": DOCUMENTS,
    "app": APPS,
    "material": MATERIALS,
    "weather": WEATHERS,
    "feature": FEATURES,
    "genre": GENRES,
    "country": COUNTRIES,
    "days": tuple(plural(day) for day in DAYS),
    "fact": FACTS,
    "fur": FURS,
    "notebook": NOTEBOOKS,
    "elder": ELDERS,
    "far": FAR_VEHICLES,
    "grocer": GROCERS,
    "ingredient": INGREDIENTS,
    "spice": SPICES,
    "when": ADVERBS,
    "trait": TRAITS,
}
DRAWS: dict[str, Callable[[Random], Value]] = {
    "person": draw_person,
    "bill": draw_bill,
    "trip": draw_trip,
    "at": draw_at,
    "email": draw_email,
    "phone": draw_phone,
    "code": draw_code,
    "sky": draw_sky,
    "rise": draw_rise,
    "early": lambda rng: "a las " + rng.choice(("seis", "siete", "ocho", "nueve")) + rng.choice(("", " y media", " y cuarto", " en punto")),
    "me": lambda rng: Noun("yo", rng.choice("mf")),
    "date": lambda rng: f"{rng.randint(2, 28)} de {rng.choice(MONTHS)}",
    "year": lambda rng: str(rng.randint(1950, 2024)),
    "price": lambda rng: euros(rng.randrange(200, 6000, 5) if rng.random() < 0.6 else 100 * rng.randint(2, 60)),
    "cheap": lambda rng: euros(rng.randrange(50, 900, 5)),
    "big": lambda rng: f"{rng.randrange(80, 990, 5)} euros",
    "num": lambda rng: str(rng.randint(2, 98)),
    "age": lambda rng: str(rng.randint(18, 89)),
    "old": lambda rng: str(rng.randint(60, 92)),
    "kid": lambda rng: str(rng.randint(3, 14)),
    "percent": lambda rng: str(rng.randrange(5, 75, 5)),
    "minutes": lambda rng: str(rng.randrange(10, 60, 5)),
    "grams": lambda rng: str(rng.randrange(50, 900, 50)),
    "floor": lambda rng: rng.choice(("primero", "segundo", "tercero", "cuarto", "quinto", "sexto")),
}


class Scene(dict[str, Value]):
    """The slots of one text: drawn on first use, then kept."""

    def __init__(self, rng: Random, **given: Value) -> None:
        super().__init__(given)
        self.rng = rng

    def __missing__(self, key: str) -> Value:
        kind = key.rstrip("0123456789")
        taken = {str(value) for name, value in self.items() if name.rstrip("0123456789") == kind}
        value = self.draw(kind)
        while str(value) in taken:
            value = self.draw(kind)
        self[key] = value
        return value

    def draw(self, kind: str) -> Value:
        return self.rng.choice(POOLS[kind]) if kind in POOLS else DRAWS[kind](self.rng)


CHOICE = re.compile(r"\[([^\[\]]*)\]")
SENTENCE_START = re.compile(r"(^|[.!?…]\s+)([¿¡«]*)([a-záéíóúñ])")


def choose(rng: Random, plan: str) -> str:
    """Resolve the bracketed choices of a plan, innermost first."""
    while "[" in plan:
        plan = CHOICE.sub(lambda match: rng.choice(match[1].split("|")), plan)
    return plan


def tidy(text: str) -> str:
    """Spacing, contractions (del, al) and the changes of 'y' and 'o' before the same sound."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    text = re.sub(r"\b([Dd])e el\b", r"\1el", text)
    text = re.sub(r"\b([Aa]) el\b", r"\1l", text)
    text = re.sub(r"\by (?=[«]?(?:[IiÍí]|[Hh][ií])(?![aeoó]))", "e ", text)
    return re.sub(r"\bo (?=[Hh]?[oóOÓ])", "u ", text)


def capitals(text: str) -> str:
    return SENTENCE_START.sub(lambda match: match[1] + match[2] + match[3].upper(), text)


def render(rng: Random, plan: str, scene: Scene | None = None) -> str:
    """One text from a plan."""
    slots = Scene(rng) if scene is None else scene
    return capitals(tidy(choose(rng, plan).format_map(slots)))


def family(*plans: str) -> Callable[[Random], str]:
    """A text generator that follows one of several sentence plans."""
    return lambda rng: render(rng, rng.choice(plans))


def hurried(*plans: str) -> Callable[[Random], str]:
    """Like family, but as quick chat messages: often in lower case, often without accents or opening marks."""

    def write(rng: Random) -> str:
        text = tidy(choose(rng, rng.choice(plans)).format_map(Scene(rng)))
        if rng.random() < 0.8:
            text = text.replace("¿", "").replace("¡", "").lower()
        return text.translate(UNACCENT) if rng.random() < 0.6 else text

    return write
