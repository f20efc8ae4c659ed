"""Slot words for en.py: comma lists, and tables whose columns hold words that belong together."""

Row = tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split(","))


def _rows(text: str) -> tuple[Row, ...]:
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines())


# ---- people -------------------------------------------------------------------------------------------------

_WOMEN = _words("""Anna, Alice, Amelia, Beth, Carla, Chloe, Clara, Diana, Elena, Ellen, Emily, Emma, Eva, Fiona, Grace, Hannah, Helen,
    Irene, Ivy, Jane, Julia, Karen, Kate, Laura, Lily, Linda, Lucy, Maria, Martha, Mary, Megan, Mia, Nadia, Nina, Nora, Olivia, Paula,
    Rachel, Rose, Ruth, Sally, Sara, Sofia, Susan, Tara, Tina, Vera, Wendy, Yasmin, Zoe""")
_MEN = _words("""Adam, Alan, Alex, Andrew, Arthur, Ben, Brian, Carlos, Charlie, Daniel, David, Dennis, Edward, Eric, Frank, George, Harry,
    Henry, Hugo, Ian, Jack, James, Joe, John, Kevin, Leo, Liam, Luke, Marco, Mark, Martin, Max, Michael, Neil, Nick, Oliver, Omar, Oscar,
    Pablo, Paul, Peter, Ravi, Robert, Sam, Simon, Steven, Thomas, Tom, Victor, William""")
NAMES = _WOMEN + _MEN
PEOPLE = tuple((n, "she", "her", "her") for n in _WOMEN) + tuple((n, "he", "him", "his") for n in _MEN)
SURNAMES = _words("""Adams, Allen, Baker, Bennett, Brown, Carter, Clark, Cole, Cooper, Davies, Evans, Fisher, Foster, Garcia, Gray, Green,
    Hall, Harris, Hill, Hughes, Jackson, Jones, Kelly, King, Lewis, Marsh, Martinez, Miller, Moore, Morgan, Murphy, Palmer, Parker, Patel,
    Price, Reed, Roberts, Rossi, Scott, Shaw, Singh, Smith, Stone, Taylor, Turner, Walker, Ward, Watson, White, Wilson, Wood, Young""")
TITLES = _words("Mr, Mrs, Ms, Dr")
RELATIVES = _rows("""sister | she | her | her
    mother | she | her | her
    aunt | she | her | her
    grandmother | she | her | her
    cousin Jill | she | her | her
    daughter | she | her | her
    niece | she | her | her
    brother | he | him | his
    father | he | him | his
    uncle | he | him | his
    grandfather | he | him | his
    cousin Fred | he | him | his
    son | he | him | his
    nephew | he | him | his""")
JOBS = _rows("""nurse | at the hospital | looks after patients
    teacher | at a primary school | helps children learn to read
    baker | in a small bakery | gets up at four to make bread
    gardener | in the city park | plants flowers and cuts the hedges
    driver | for the bus company | takes people across town
    cook | in a restaurant | makes soup and stews
    dentist | in a clinic | takes care of teeth
    farmer | on a farm in the valley | grows potatoes and beans
    librarian | at the public library | helps readers find books
    mechanic | in a garage | repairs cars and vans
    painter | for a building firm | paints walls and ceilings
    pharmacist | in a pharmacy | explains how to take medicine
    plumber | in the whole district | mends pipes and taps
    police officer | in the town centre | keeps the streets safe
    receptionist | at a hotel | welcomes the guests
    tailor | in a workshop | shortens trousers and sews buttons
    vet | in an animal clinic | treats cats and dogs
    waiter | in a cafe by the station | serves coffee and cakes
    accountant | in an office | checks bills and taxes
    electrician | for a repair company | installs lamps and sockets
    engineer | in a factory | designs small engines
    journalist | for a local newspaper | writes about the town
    musician | in an orchestra | plays the violin
    photographer | in a studio | takes pictures at weddings
    carpenter | in a workshop | builds tables and shelves
    hairdresser | in a salon | cuts and washes hair
    postman | in our district | brings letters every morning
    pilot | for an airline | flies to many countries""")
LOOKS = _words("""short dark hair, long brown hair, curly red hair, grey hair, a friendly smile, bright green eyes, big glasses, a loud
    laugh, a soft voice, a thick beard, freckles, blue eyes, strong hands, a serious face, blond hair""")
CHARACTER = _words("""patient, kind, funny, shy, honest, polite, generous, cheerful, calm, careful, curious, stubborn, clever, lively,
    quiet, brave, helpful, gentle, proud, busy, tidy, talkative""")
HOBBIES = _words("""reading, swimming, cycling, painting, cooking, fishing, dancing, hiking, chess, singing, knitting, gardening,
    photography, running, yoga, baking, sewing, climbing, skating, sailing""")
FEELINGS = _words("""happy, tired, proud, nervous, relieved, excited, sad, calm, hungry, surprised, grateful, worried, bored, pleased,
    cheerful""")

# ---- time and numbers -----------------------------------------------------------------------------------------

DAYS = _words("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")
MONTHS = _words("January, February, March, April, May, June, July, August, September, October, November, December")
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SEASONS = _rows("""spring | the trees turn green | it often rains | summer
    summer | the days are long | it gets hot | autumn
    autumn | the leaves fall | the evenings get cooler | winter
    winter | the nights are long | it can snow | spring""")
COUNT_WORDS = _words("two, three, four, five, six, seven, eight, nine, ten, twelve")
NUMBER_WORDS = _words("""zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen,
    sixteen, seventeen, eighteen, nineteen, twenty""")
TEN_WORDS = _words("twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety")

# ---- places ---------------------------------------------------------------------------------------------------

CITIES = _words("""London, Paris, Rome, Madrid, Berlin, Lisbon, Dublin, Vienna, Prague, Oslo, Athens, Barcelona, Milan, Naples, Venice,
    Florence, Seville, Valencia, Porto, Lyon, Geneva, Munich, Hamburg, Brussels, Amsterdam, Copenhagen, Stockholm, Helsinki, Warsaw,
    Budapest, Manchester, Bristol, York, Oxford, Glasgow, Edinburgh, Cardiff, Leeds, Boston, Chicago, Toronto, Sydney""")
STREETS = _words("""Mill Lane, Station Road, Oak Street, Church Street, Garden Avenue, River Road, Park Lane, Market Square, King Street,
    Bridge Street, Castle Road, Hill Street, Orchard Close, School Lane, Victoria Road, Harbour Street, Rose Avenue, North Road""")
PLACES = _rows("""library | borrow books | silent
    museum | look at old paintings | cool
    park | walk under the trees | green
    market | buy fresh vegetables | noisy
    beach | swim and lie in the sun | sunny
    harbour | watch the boats | windy
    castle | climb the tower | ancient
    cinema | watch new films | dark
    swimming pool | swim and take lessons | crowded
    bakery | buy warm bread | warm
    square | sit on a bench and talk | lively
    bookshop | look for novels and maps | cosy
    theatre | see plays and concerts | elegant
    zoo | see lions and penguins | large
    lake | row a small boat | peaceful
    station | catch trains to the coast | busy
    gym | train and stretch | modern
    cafe | drink tea and read the paper | comfortable
    forest | pick mushrooms | quiet
    playground | play on the swings | cheerful""")
PLACE_DETAILS = _words("""a wooden door, a tall clock, a row of old trees, a small fountain, wide windows, a stone wall, a red roof, a
    narrow staircase, a bright entrance, a statue of a horse, a garden at the back, a long corridor, a view of the hills, an iron gate""")
ROOMS = _words("kitchen, bathroom, living room, bedroom, hall, attic, cellar, garage, study, dining room, balcony, laundry room")
LANDMARKS = _words("""the cathedral, the old bridge, the castle, the main square, the harbour, the art museum, the botanical garden, the
    covered market, the river bank, the tower, the opera house, the science museum, the city walls, the zoo""")
COUNTRIES = _rows("""France | Paris | Europe | French
    Spain | Madrid | Europe | Spanish
    Italy | Rome | Europe | Italian
    Germany | Berlin | Europe | German
    Portugal | Lisbon | Europe | Portuguese
    Austria | Vienna | Europe | German
    Greece | Athens | Europe | Greek
    Poland | Warsaw | Europe | Polish
    Sweden | Stockholm | Europe | Swedish
    Norway | Oslo | Europe | Norwegian
    Denmark | Copenhagen | Europe | Danish
    Hungary | Budapest | Europe | Hungarian
    Romania | Bucharest | Europe | Romanian
    Bulgaria | Sofia | Europe | Bulgarian
    Iceland | Reykjavik | Europe | Icelandic
    Japan | Tokyo | Asia | Japanese
    China | Beijing | Asia | Chinese
    Thailand | Bangkok | Asia | Thai
    Vietnam | Hanoi | Asia | Vietnamese
    South Korea | Seoul | Asia | Korean
    Egypt | Cairo | Africa | Arabic
    Morocco | Rabat | Africa | Arabic
    Tunisia | Tunis | Africa | Arabic
    Senegal | Dakar | Africa | French
    Argentina | Buenos Aires | South America | Spanish
    Chile | Santiago | South America | Spanish
    Peru | Lima | South America | Spanish
    Colombia | Bogota | South America | Spanish
    Brazil | Brasilia | South America | Portuguese
    Cuba | Havana | North America | Spanish
    Mexico | Mexico City | North America | Spanish""")
FACTS = _words("""Water freezes at zero degrees Celsius., Water boils at one hundred degrees Celsius at sea level., The Moon goes around
    the Earth., The Earth goes around the Sun., The sun rises in the east and sets in the west., A week has seven days., A year has twelve
    months., A leap year has 366 days., An hour has sixty minutes., A minute has sixty seconds., A kilogram is a thousand grams., A
    kilometre is a thousand metres., A triangle has three sides., A square has four equal sides., Ice is lighter than liquid water.,
    Plants need light and water to grow., Honey is made by bees., Cheese is made from milk., Paper is usually made from wood., Glass is
    made from sand., Bread is made from flour., Wine is made from grapes., Wool comes from sheep., Silk comes from silkworms., The Pacific
    is the largest ocean., Russia is the largest country by area., The blue whale is the largest animal., Mount Everest is the highest
    mountain above sea level., The Sahara is a hot desert in Africa., The heart pumps blood around the body., Adults usually have
    thirty-two teeth., Sound travels more slowly than light., Salt dissolves in water., Oil floats on water., Iron can rust when it is
    wet., Magnets attract iron., Bats are mammals., Whales are mammals., Sharks are fish., Penguins cannot fly., Owls hunt mostly at
    night., Snakes have no legs., Most trees lose their leaves in autumn if they are not evergreen., Cork comes from the bark of a tree.,
    Olive oil is pressed from olives., Chocolate is made from cocoa beans., February is the shortest month., Saturn has large rings.,
    Jupiter is the largest planet in the solar system., Mercury is the planet closest to the Sun., Venice is built on many small islands.,
    The Nile flows through Egypt., The Danube flows through Vienna., The Thames flows through London., The Seine flows through Paris.""")
ANIMALS = _rows("""cow | calf | grass | mammal | four
    sheep | lamb | grass | mammal | four
    dog | puppy | meat and dry food | mammal | four
    cat | kitten | meat and fish | mammal | four
    horse | foal | hay and grass | mammal | four
    goat | kid | leaves and grass | mammal | four
    lion | cub | meat | mammal | four
    bear | cub | berries and fish | mammal | four
    rabbit | kit | grass and vegetables | mammal | four
    deer | fawn | leaves and shoots | mammal | four
    elephant | calf | leaves and bark | mammal | four
    giraffe | calf | leaves from tall trees | mammal | four
    duck | duckling | water plants and insects | bird | two
    hen | chick | seeds and worms | bird | two
    goose | gosling | grass and grain | bird | two
    swan | cygnet | water plants | bird | two
    owl | owlet | mice | bird | two
    eagle | eaglet | fish and small animals | bird | two""")

# ---- things ---------------------------------------------------------------------------------------------------

COLOURS = _words("red, blue, green, yellow, black, white, brown, grey, orange, purple, pink, dark blue, light green, silver, golden")
MATERIALS = _words("wood, metal, plastic, leather, cardboard, steel, bamboo, oak, pine, tin, straw, thick paper")
THINGS = _rows("""umbrella | keep dry in the rain
    backpack | carry books
    wallet | keep cash and cards
    lamp | read at night
    chair | sit at the desk
    blanket | stay warm
    bottle | carry water
    bicycle | ride to work
    mirror | comb my hair
    clock | see the time
    knife | cut bread
    ladder | reach the top shelf
    hammer | hang pictures
    basket | carry apples
    scarf | keep my neck warm
    notebook | write down ideas
    suitcase | pack clothes
    candle | light the table
    teapot | make tea
    bucket | wash the floor
    torch | see in the dark
    pillow | sleep better
    broom | sweep the floor
    radio | listen to the news
    camera | take pictures
    guitar | play songs
    helmet | protect my head
    key ring | hold my keys
    iron | press shirts
    needle | sew on buttons
    spade | dig in the garden
    jar | store rice""")
GOODS = _words("""lamp, jacket, table, keyboard, kettle, carpet, mattress, backpack, watch, camera, mirror, sofa, pair of boots, toaster,
    printer, helmet, tent, bookshelf, speaker, coat, desk chair, blanket, suitcase, frying pan, radio, monitor, dress, bicycle lock,
    curtain, set of plates, coffee machine, hair dryer, umbrella, phone case, screwdriver, raincoat, sweater, vase, pair of gloves,
    puzzle""")
GOOD_ADJ = _words("""lovely, solid, light, charming, elegant, practical, shiny, fine, sturdy, excellent, handy, beautiful, neat, pretty,
    useful""")
BAD_ADJ = _words("broken, scratched, stained, flimsy, dirty, worn, faulty, dusty, chipped, cracked, crooked, useless, bent, faded, wet")
SHOPS = _words("""the corner shop, the supermarket, the market, the department store, the hardware shop, the bookshop, the shoe shop, the
    second-hand shop, the toy shop, the furniture store, the chemist, the stationery shop, the garden centre, the butcher, the
    fishmonger""")
FOODS = _words("""bread, butter, cheese, milk, rice, pasta, flour, sugar, salt, honey, coffee, tea, ham, chicken, fish, soup, salad,
    yogurt, chocolate, olive oil, jam, cream, garlic, vinegar, pepper, bacon, beef, tuna, juice, cereal""")
COUNT_FOODS = _words("""apples, pears, bananas, oranges, lemons, tomatoes, potatoes, onions, carrots, eggs, peppers, mushrooms, grapes,
    peaches, cherries, strawberries, beans, olives, cucumbers, biscuits, melons, plums, figs, nuts, lettuces, leeks, aubergines, rolls""")
DISHES = _rows("""vegetable soup | carrots | onions | a large pot | simmer for half an hour
    tomato pasta | pasta | tomatoes | a saucepan | cook for ten minutes
    potato salad | potatoes | eggs | a big bowl | rest in the fridge for an hour
    apple pie | apples | pastry | a round tin | bake for forty minutes
    chicken stew | chicken | carrots | a heavy pot | simmer for an hour
    mushroom omelette | eggs | mushrooms | a frying pan | cook for five minutes
    rice with beans | rice | beans | a wide pan | cook gently for twenty minutes
    lemon cake | flour | lemons | a long tin | bake for thirty-five minutes
    baked fish | fish | potatoes | an oven dish | bake for twenty-five minutes
    onion tart | onions | pastry | a flat tin | bake for half an hour
    pancakes | flour | milk | a thin pan | fry for two minutes on each side
    lentil curry | lentils | onions | a deep pan | simmer for twenty minutes
    fruit salad | peaches | melon | a glass bowl | chill for an hour
    roast vegetables | peppers | aubergines | a baking tray | roast for forty minutes
    banana bread | bananas | flour | a loaf tin | bake for fifty minutes""")
SEASONINGS = _words("""salt, pepper, parsley, basil, lemon juice, cinnamon, nutmeg, olive oil, thyme, garlic, ginger, butter, mint,
    paprika""")
DRINKS = _words("coffee, tea, hot chocolate, orange juice, lemonade, mineral water, apple juice, milk, iced tea, a milkshake")
CLOTHES = _words("coat, jacket, shirt, scarf, hat, sweater, skirt, dress, raincoat, belt, tie, blouse, cap, cardigan")
APPLIANCES = _rows("""washing machine | would not drain | the filter was blocked | cleaned the filter | the water ran out
    dishwasher | left the plates dirty | the spray arm was clogged | rinsed the spray arm | the plates came out clean
    fridge | made a loud buzzing noise | it was touching the wall | pulled it forward a little | the noise stopped
    oven | did not get hot | the heating element had burned out | replaced the heating element | it baked evenly again
    kettle | switched off too early | it was full of limescale | boiled some vinegar in it | it worked like new
    vacuum cleaner | lost its suction | the bag was full | put in a new bag | it picked up every crumb
    toaster | burned every slice | the timer was stuck | turned out the crumbs and loosened the dial | the toast was golden
    boiler | gave only cold water | the pressure was too low | topped up the pressure | the shower was warm again
    television | had no sound | the cable was loose | pushed the cable in firmly | the sound came back
    printer | jammed on every page | a scrap of paper was stuck inside | removed the scrap | it printed without trouble
    doorbell | stayed silent | the battery was flat | changed the battery | it rang loudly
    heater | smelled of dust | it had not been used since spring | wiped it and let it run | the smell went away
    coffee machine | leaked on the counter | a rubber seal had cracked | fitted a new seal | the counter stayed dry
    iron | left brown marks | the plate was dirty | cleaned the plate | the shirts stayed white
    fan | rattled all night | one screw was loose | tightened the screw | it ran silently
    freezer | was covered in ice | the door did not close properly | defrosted it and wiped the door | it closed tightly
    dryer | left the clothes damp | the lint trap was full | emptied the lint trap | the towels came out dry
    alarm clock | ran ten minutes slow | the battery was weak | bought a fresh battery | it kept good time""")
PHONE_ISSUES = _rows("""the screen froze | held the power button for ten seconds | it started again
    the battery ran out by noon | turned down the brightness | it lasted until the evening
    there was no signal | went near the window | two bars appeared
    the charger did not work | tried another cable | the battery symbol turned green
    the memory was full | deleted old videos | there was room for new photos
    the microphone was too quiet | cleaned the dust from the hole | people could hear everything
    the camera was blurry | wiped the lens with a soft cloth | the pictures were sharp
    the alarm did not ring | checked the volume | it rang on time the next day
    the phone got very hot | closed all the games | it cooled down
    the keyboard changed language | opened the settings | the right letters came back
    the sound was gone | switched off silent mode | it rang again
    messages arrived late | restarted the router | they came at once""")
APPS = _words("""calendar, weather, map, music, recipe, banking, photo, train, fitness, notes, reading, language, shopping, radio,
    parking, chess, delivery, alarm, budget, translation""")
APP_CHANGES = _words("""a dark theme, bigger letters, a search bar, a simpler menu, a widget for the home screen, faster loading, new
    icons, offline pages, voice commands, reminders, a help page, a way to share lists, clearer colours, a backup button""")
ACCOUNTS = _words("""e-mail, library, bank, school, cinema, newspaper, travel, music, photo, shopping, gym, electricity, phone, health,
    game""")
TRANSPORT = _words("train, bus, tram, minibus, coach, night train, express train")
DELAYS = _words("""a signal fault, heavy snow, a broken door, works on the line, a fallen tree, strong wind, a strike, thick fog, a power
    cut, a flood near the bridge, a problem with the engine, animals on the track""")
WEATHER = _rows("""sunny | the sky was clear | sunglasses | sat in the garden
    rainy | drops ran down the windows | an umbrella | stayed at home with a book
    windy | leaves flew across the street | a warm jacket | watched the kites on the hill
    snowy | the roofs were white | boots and gloves | built a snowman
    foggy | nobody could see the end of the road | a torch | walked slowly along the river
    cloudy | the light was grey | a sweater | went to the museum
    hot | the asphalt was soft | a hat | swam in the lake
    cold | the puddles were frozen | a thick scarf | drank soup by the fire
    stormy | thunder rolled over the hills | a raincoat | closed all the shutters
    mild | the birds were singing | a light jacket | ate lunch on the balcony""")
SUBJECTS = _rows("""history | the Romans | draw a map of an old city
    maths | fractions | solve ten problems
    geography | rivers | name the longest rivers
    biology | plants | grow a bean in a glass
    English | poems | learn a short poem
    art | portraits | paint a friend
    music | rhythm | clap a song together
    physics | light | build a small periscope
    chemistry | salts | grow crystals in a jar
    French | verbs | write a short dialogue
    computing | passwords | make a poster about safety
    sport | relay races | run in teams of four""")
PROJECTS = _words("""the new website, the spring catalogue, the annual report, the staff party, the office move, the budget, the training
    plan, the product launch, the summer schedule, the customer survey, the safety rules, the parking plan, the trade fair, the
    newsletter""")
SYMPTOMS = _rows("""a sore throat | drink warm tea with honey | talking too much
    a headache | rest in a dark room | bright screens
    a cold | stay in bed and drink plenty of water | going out in the wind
    back pain | do gentle stretches | lifting heavy boxes
    a cough | breathe steam and drink warm water | smoky rooms
    a stomach ache | eat plain rice | greasy food
    a sprained ankle | put ice on it and rest | running
    a sunburn | use a cooling cream | the midday sun
    tired eyes | look out of the window often | reading late at night
    a fever | rest and drink water | hard work
    a toothache | see the dentist soon | very cold drinks
    a blister | cover it with a plaster | tight shoes""")
SPORTS = _rows("""football | goals | pitch
    handball | goals | court
    hockey | goals | pitch
    basketball | points | court
    volleyball | points | court
    rugby | points | pitch
    water polo | goals | pool""")
TEAMS = _words("""the Lions, the Eagles, the Tigers, the Rovers, the Wolves, the Sharks, the Bears, the Hawks, the Foxes, the Stars, the
    Owls""")
PLANTS = _rows("""tomatoes | a sunny spot | water them every evening
    roses | rich soil | prune them in late winter
    carrots | loose, sandy soil | thin out the rows
    beans | a tall frame | pick them often
    radishes | light soil | pull them while they are small
    pansies | moist soil | pick off the faded flowers
    strawberries | some straw under the leaves | keep the birds away with a net
    potatoes | deep soil | cover the stems with earth
    tulips | a cool winter | plant the bulbs in autumn
    lettuces | some shade | sow a few every two weeks
    sunflowers | full sun | tie them to a stick
    pumpkins | plenty of space | give them compost""")
PETS = _rows("""dog | barks | chases sticks | the sofa
    cat | purrs | climbs the curtains | the windowsill
    rabbit | wiggles its nose | nibbles carrots | a box of hay
    parrot | whistles | repeats our names | its perch
    hamster | squeaks | runs in its wheel | a nest of paper
    puppy | whines | chews old slippers | a basket by the door
    kitten | meows | plays with string | my coat
    pony | neighs | trots around the field | the stable
    tortoise | hides its head | eats dandelions | a hole in the garden
    canary | sings | hops from branch to branch | its cage
    guinea pig | squeals | begs for cucumber | a wooden house""")
PET_NAMES = _words("""Rex, Bella, Coco, Luna, Max, Milo, Daisy, Oscar, Toby, Pepper, Ginger, Nala, Biscuit, Shadow, Buddy, Molly, Rocky,
    Poppy""")
SAVING_TIPS = _words("""cook at home more often, walk instead of taking the bus, cancel a magazine, compare prices before buying, mend old
    clothes, take lunch to work, buy fruit at the market, turn off the lights, borrow books from the library, share a car with a
    neighbour, write a list before shopping, sell things that nobody uses, drink tap water, wait for the sales""")
SAVING_GOALS = _words("""a holiday by the sea, a new bicycle, a better mattress, a piano, a trip to Japan, a driving course, a garden
    shed, a warm coat, a computer, a wedding, a puppy, a camera, a boat, new kitchen cupboards""")
SERVICES = _words("""the repair of the roof, the painting of the hall, the cleaning of the windows, the new locks, the garden work, the
    electricity, the water, the phone line, the rent of the garage, the translation, the printing of the posters, the dance course, the
    delivery of the wood, the check of the boiler""")
NOTICES = _rows("""the lift will be repaired | please use the stairs
    the water will be turned off | please fill a bucket beforehand
    the windows will be cleaned | please close the shutters
    the car park will be closed | please park in the next street
    the heating will be checked | please leave the cellar door open
    the stairs will be painted | please do not touch the walls
    the library will close early | please return your books in time
    the power will be cut | please save your work on the computer
    the pool will be empty | please use the gym instead
    the main gate will be locked | please use the side entrance
    the fire alarm will be tested | please do not leave the building
    the rubbish will be collected later | please keep the bins inside
    the post room will be moved | please collect parcels at the front desk
    the courtyard will be swept | please remove bicycles""")
INSTRUCTIONS = _rows("""
    hang a picture | mark the spot with a pencil | drill a small hole | put in the screw | hang the frame | a spirit level
    change a light bulb | switch off the lamp | let the old bulb cool | unscrew it | screw in the new bulb | a steady chair
    wash a sweater | fill a basin with cool water | add a little soap | press it gently | dry it flat | a clean towel
    plant a bulb | dig a hole | put the bulb in point up | cover it with soil | water it | a small spade
    wrap a present | cut the paper to size | put the box in the middle | fold the sides | tie a ribbon | sharp scissors
    make tea | boil fresh water | warm the pot | add the leaves | wait four minutes | a strainer
    sew on a button | thread the needle | hold the button in place | go through each hole four times | make a knot | strong thread
    clean a window | mix water with vinegar | wipe the glass | rub it dry | polish the corners | an old newspaper
    pump up a tyre | remove the cap | fit the pump | pump until it is firm | put the cap back | a pressure gauge
    send a parcel | put the item in a box | fill the gaps with paper | tape the box | stick on the label | a thick pen
    boil an egg | bring water to the boil | lower the egg in with a spoon | wait seven minutes | cool it in cold water | a timer
    paint a door | clean the surface | cover the floor | put on a thin coat | let it dry and paint again | a good brush
    iron a shirt | read the label | start with the collar | do the sleeves | finish with the back | a spray of water
    pack a suitcase | write a list | put shoes at the bottom | roll the clothes | lay the coat on top | a few small bags
    fix a dripping tap | turn off the water | open the tap | replace the washer | close it again | an adjustable spanner""")
NEWS = _rows("""new library | opened its doors | thousands of books and a reading room for children
    old bridge | was reopened after long repairs | a cycle path and better lamps
    city market | moved to a larger hall | more stalls and a small cafe
    public pool | closed for the winter | new tiles and a warmer changing room
    night bus | was extended to the hospital | more stops and later buses
    local school | won a prize for its garden | fruit trees and a pond
    town museum | showed its new rooms | old maps and ship models
    sports hall | was damaged by a storm | a stronger roof next year
    tram stop | was renamed | a shelter and a ticket machine
    fire station | celebrated its birthday | a new engine and an open day
    park | was planted with young trees | benches and a playground
    railway station | got a new lift | wider platforms and clear signs
    theatre | sold every seat for its first play | two extra shows
    hospital | opened a new wing | forty beds and a quiet garden
    farmers' cooperative | started a weekly stall | fresh eggs and honey""")
STORY_FINDS = _rows("""an old key | opened a small door behind the shed | a room full of toys
    a letter without a name | had been written fifty years before | a message of love
    a lost kitten | belonged to the baker's daughter | a free cake every week
    a map in a book | led to the old mill | a box of silver coins
    a wallet in the snow | belonged to the bus driver | a ride to the sea
    a strange stone | shone in the dark | a prize at the science fair
    a small boat | was tied under the bridge | a trip down the river
    a bag of seeds | had no label | a field of giant sunflowers
    a broken violin | had been made by a famous master | a concert in the square
    a painted egg | cracked one night | a tiny green bird
    a bottle with a note | came from a child across the sea | a friend for life
    a rusty bell | once hung in the school | a party with all the old pupils
    a silent robot | only needed a new battery | a helper in the kitchen
    a pair of red shoes | had once belonged to a dancer | a place in the ballet""")
COMPARISONS = _rows("""the train | the bus | faster | cheaper
    coffee | tea | stronger | gentler on the stomach
    a flat in town | a house in the country | closer to work | quieter
    paper books | electronic books | nicer to hold | easier to carry
    a gas stove | an electric stove | quicker | easier to clean
    cotton | wool | cooler | warmer
    the sea | the mountains | better for swimming | better for walking
    a cat | a dog | more independent | more loyal
    cash | a card | simpler | safer
    a laptop | a tablet | better for writing | lighter
    fresh pasta | dried pasta | softer | easier to store
    a bicycle | a car | cheaper to run | better in the rain
    summer | winter | brighter | better for skiing
    a phone call | an e-mail | more personal | easier to keep
    a hotel | a campsite | more comfortable | closer to nature
    a wooden table | a glass table | warmer to the touch | easier to wipe
    the morning | the evening | better for work | better for talking
    the cinema | a film at home | more exciting | more relaxed""")
OPINIONS = _rows("""school should start later | children need more sleep | parents have to be at work early
    every town needs a library | books should be free for everyone | people also read on screens
    dogs should stay on a lead in parks | small children can be afraid | dogs need to run
    cars should be kept out of the centre | the air would be cleaner | some shops fear losing customers
    everybody should learn to cook | home food is healthier | cooking takes time
    phones should be switched off at dinner | people talk more | someone may need to call in an emergency
    shops should close on Sundays | workers need a rest | some people can only shop at the weekend
    letters are better than messages | they can be kept for years | they take days to arrive
    museums should be free | art belongs to everyone | the buildings are expensive to keep
    children should do less homework | they need time to play | practice helps them learn
    buses should run all night | people would not need a car | night drivers are hard to find
    we should eat less meat | vegetables are good for us | many families love a Sunday roast
    working from home is a good idea | nobody wastes time in traffic | it can be lonely
    holidays near home are the best | the journey is short | new countries teach us a lot""")
USES = _rows("""spoon | tool | eat soup | the kitchen drawer
    hammer | tool | drive nails into wood | the toolbox
    needle | thin piece of metal | sew cloth | the sewing box
    umbrella | folding cover | stay dry in the rain | the hall
    kettle | metal pot | boil water | the kitchen
    thermometer | small instrument | measure temperature | the medicine cupboard
    ruler | straight strip | draw lines and measure length | the school bag
    broom | long brush | sweep the floor | the cupboard
    lock | device | keep a door shut | the front door
    envelope | paper cover | send a letter | the desk
    calendar | table of days | plan the month | the wall
    dictionary | book | look up words | the shelf
    pillow | soft cushion | rest the head | the bed
    saw | tool with teeth | cut wood | the shed
    bucket | round container | carry water | the cellar
    compass | instrument | find north | the rucksack
    towel | piece of cloth | dry the body | the bathroom
    fridge | machine | keep food cold | the kitchen
    invoice | document | ask for payment | the folder
    receipt | slip of paper | prove a purchase | the wallet
    password | secret word | open an account | a safe place
    passport | official booklet | cross borders | the drawer
    timetable | list of times | know when trains leave | the station
    map | drawing of a place | find the way | the glove box""")
CAUSES = _rows("""it had rained all night | the path was muddy | put on boots
    the milk had been left in the sun | it turned sour | poured it away
    the road was icy | the bus came late | waited inside the shop
    the window had been left open | the papers flew everywhere | put a stone on them
    the cake stayed too long in the oven | it was burnt | scraped off the dark crust
    the battery was empty | the torch did not work | lit a candle
    the shoes were too small | both feet hurt | bought a bigger pair
    the plants had had no water | the leaves hung down | filled the watering can
    the alarm had not rung | everybody overslept | ran to the station
    the soup had too much salt | nobody liked it | added some potatoes
    the lights went out | the house was dark | looked for the fuse box
    the cat had climbed too high | it could not get down | fetched a ladder
    the bag was too heavy | the handle broke | took a taxi
    the music was very loud | the baby woke up | turned it down
    the shop was closed | there was no bread | baked some rolls
    the glass fell on the floor | it broke into pieces | swept them up
    the tyre was flat | the bicycle was hard to ride | pumped it up
    the train was full | there were no seats | stood near the door""")
PARCEL_ITEMS = _words("""a pair of shoes, two books, a birthday present, a winter coat, a box of tea, a new lamp, some paint, a phone
    cable, a set of glasses, a jigsaw puzzle, a spare part, a cookbook, some seeds, a warm blanket, a tennis racket, a toy train, a wool
    hat""")
PARCEL_PLACES = _words("""with the neighbour, at the post office, in the porch, at the corner shop, behind the flower pots, in the shed,
    at the front desk, in the parcel locker""")
REQUESTS = _words("""a copy of the contract, an appointment next week, a price for ten chairs, a list of the courses, a receipt for the
    payment, a change of address, information about the rooms, a new membership card, a map of the area, a refund for the ticket, a place
    in the evening course, a catalogue, the opening hours in summer""")
GIFTS = _words("""the flowers, the lovely book, the scarf, the box of chocolates, the photo album, the concert tickets, the warm slippers,
    the jar of honey, the tea set, the home-made jam, the painting, the board game, the bottle of wine, the plant, the cushion""")
FAVOURS = _words("""watering the plants, looking after the cat, driving me to the hospital, fixing my bike, lending me the ladder,
    babysitting on short notice, helping with the move, reading my essay, carrying the boxes, cooking for all of us, finding my keys, the
    wonderful evening""")
OUTINGS = _words("""visit the museum, go for a long walk, try the new bakery, see a film, clean the windows, paint the fence, call an old
    friend, bake a cake, go swimming, repair the bike, sort the photos, play cards, pick apples, write letters, have a picnic, go to the
    flea market, tidy the cellar, plant some herbs""")
RESTAURANTS = _words("""The Blue Door, The Old Mill, Green Garden, Golden Spoon, The Lighthouse, Corner Kitchen, The Copper Pot, Olive
    Tree, Red Lantern, The Pepper Mill, River House, The Little Oven, Sunny Side, The Hungry Fox""")
MENU = _words("""grilled fish, mushroom risotto, onion soup, roast chicken, lamb stew, vegetable lasagne, lemon tart, chocolate cake, goat
    cheese salad, seafood pasta, pumpkin soup, apple crumble, beef pie, fried squid, bean burger, stuffed peppers""")
CHORES = _rows("""washed | the dishes | wash
    swept | the floor | sweep
    ironed | the shirts | iron
    watered | the plants | water
    made | the beds | make
    emptied | the bins | empty
    cleaned | the windows | clean
    dusted | the shelves | dust
    mopped | the hall | mop
    folded | the towels | fold
    hung up | the washing | hang up
    sorted | the socks | sort
    polished | the mirror | polish
    tidied | the cupboard | tidy
    scrubbed | the bath | scrub
    fed | the cat | feed
    mended | the curtain | mend
    changed | the sheets | change""")

# ---- word games -------------------------------------------------------------------------------------------------

OPPOSITES = _rows("""hot | cold
    big | small
    tall | short
    old | new
    fast | slow
    happy | sad
    open | closed
    full | empty
    light | dark
    heavy | light
    clean | dirty
    wet | dry
    early | late
    loud | quiet
    easy | difficult
    cheap | expensive
    rich | poor
    strong | weak
    hard | soft
    high | low
    near | far
    wide | narrow
    thick | thin
    up | down
    inside | outside
    left | right
    day | night
    summer | winter
    first | last
    begin | end
    buy | sell
    give | take
    push | pull
    love | hate
    win | lose
    remember | forget
    arrive | leave
    laugh | cry
    always | never
    before | after
    above | below
    true | false
    safe | dangerous
    brave | afraid
    sweet | bitter
    polite | rude
    young | old
    long | short
    good | bad
    black | white
    north | south
    east | west
    question | answer
    friend | enemy
    everything | nothing
    with | without
    more | less
    front | back
    tidy | messy
    asleep | awake
    ugly | beautiful
    sharp | blunt
    deep | shallow
    smooth | rough""")
PLURALS = _rows("""cat | cats
    dog | dogs
    house | houses
    car | cars
    table | tables
    book | books
    letter | letters
    phone | phones
    garden | gardens
    window | windows
    apple | apples
    teacher | teachers
    box | boxes
    bus | buses
    glass | glasses
    dish | dishes
    watch | watches
    church | churches
    brush | brushes
    class | classes
    tomato | tomatoes
    potato | potatoes
    baby | babies
    city | cities
    story | stories
    party | parties
    lady | ladies
    country | countries
    berry | berries
    family | families
    day | days
    key | keys
    boy | boys
    toy | toys
    knife | knives
    wife | wives
    leaf | leaves
    loaf | loaves
    shelf | shelves
    wolf | wolves
    half | halves
    man | men
    woman | women
    child | children
    foot | feet
    tooth | teeth
    mouse | mice
    goose | geese
    person | people
    sheep | sheep
    fish | fish
    photo | photos
    radio | radios
    parcel | parcels
    invoice | invoices
    ticket | tickets
    shoe | shoes
    chair | chairs
    cake | cakes
    bridge | bridges""")
GROUPS = _rows("""fruit | apple | pear | banana | orange | peach | plum | cherry | lemon | grape | melon
    vegetables | carrot | onion | potato | cabbage | leek | spinach | lettuce | pea | bean | cucumber
    animals | dog | cat | horse | cow | rabbit | lion | goat | mouse | bear | tiger
    colours | red | blue | green | yellow | black | white | brown | purple | pink | grey
    furniture | table | chair | bed | sofa | desk | shelf | wardrobe | armchair | stool | bench
    clothes | shirt | coat | skirt | hat | sock | dress | glove | scarf | jacket | sweater
    tools | hammer | saw | drill | spanner | screwdriver | pliers | axe | spade | rake | file
    drinks | tea | coffee | juice | milk | water | lemonade | cocoa | cider | beer | wine
    vehicles | car | bus | train | tram | lorry | van | bicycle | boat | plane | motorbike
    body parts | arm | leg | head | foot | hand | knee | ear | nose | shoulder | elbow
    days | Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday
    jobs | nurse | teacher | baker | farmer | pilot | plumber | cook | dentist | driver | painter
    instruments | piano | violin | guitar | flute | drum | trumpet | harp | cello | clarinet | organ
    sports | tennis | football | rugby | hockey | golf | boxing | judo | basketball | rowing | fencing
    rooms | kitchen | bathroom | bedroom | attic | cellar | hall | study | garage | nursery | lounge
    weather | rain | snow | wind | fog | hail | storm | sunshine | frost | thunder | drizzle""")
PLAIN_WORDS = _words("""window, garden, button, winter, ticket, orange, letter, bridge, castle, mirror, pencil, basket, pocket, summer,
    market, kitchen, morning, blanket, station, picture, chicken, holiday, evening, weather, address, account, package, invoice, payment,
    message, delivery, umbrella, elephant, mountain, sandwich, birthday, hospital, computer, yesterday, chocolate, tree, door, lamp, rain,
    milk, ship, snow, bread, chair, stone, cloud, horse, river, paper, table, plate, green, seven, happy, music, night, beach, glass,
    spoon, light, neighbour, calendar, question, language, butterfly, breakfast, telephone, television, newspaper, strawberry, password,
    receipt, customer""")
