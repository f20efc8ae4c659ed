"""Everyday English: small grammars, tasks and hand-written dialogue for the nano's pretraining."""

import re
from collections.abc import Callable, Sequence
from random import Random

from . import words_en as w

Turns = list[tuple[str, str]]  # (user, assistant) exchanges
Prose = Callable[[Random], str]
Task = Callable[[Random], Turns]
Pool = Sequence[str] | Sequence[w.Row] | Callable[[Random], str]
Slots = dict[str, Pool]  # "name" or, for tables, "name|he|him" -> where its words are drawn from

# ---- grammar engine -----------------------------------------------------------------------------------------

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"\b([Aa])_ (?=([\"'€£]?)([\w-]+))")
_CONSONANT_SOUND = re.compile(r"(uni|use|usu|euro|one\b|once)", re.I)
_VOWEL_SOUND = re.compile(r"([aeiou]|hour|honest|heir|8|11\b|18\b)", re.I)
_SENTENCE_START = re.compile(r"(^[\"']?|[.!?] [\"']?|\n)([a-z])")


def _draw(rng: Random, slots: Slots) -> dict[str, str]:
    """One word (or table row) per slot, never the same word for two slots, so that two people are two people."""
    values: dict[str, str] = {}
    taken: set[str] = set()
    for names, pool in slots.items():
        if callable(pool):
            values[names] = pool(rng)
            continue
        cells: w.Row | None = None
        while cells is None or cells[0] in taken:
            drawn = rng.choice(pool)
            cells = (drawn,) if isinstance(drawn, str) else drawn
        taken.add(cells[0])
        values.update(zip(names.split("|"), cells, strict=False))  # a family may name only the first columns
    return values


def _fix_article(match: re.Match[str]) -> str:
    word = match[3]
    vowel = _VOWEL_SOUND.match(word) and not _CONSONANT_SOUND.match(word)
    return f"{match[1]}n " if vowel else f"{match[1]} "


def _fill(rng: Random, plan: str, values: dict[str, str]) -> str:
    """Expand [a|b] choices, {slot} words ({Slot} with a capital) and "a_" articles."""
    while found := _CHOICE.search(plan):
        plan = plan[: found.start()] + rng.choice(found[1].split("|")) + plan[found.end() :]

    def word(match: re.Match[str]) -> str:
        name = match[1]
        if name in values:
            return values[name]
        low = values[name[0].lower() + name[1:]]
        return low[0].upper() + low[1:]

    return _ARTICLE.sub(_fix_article, _SLOT.sub(word, plan))


def _polish(text: str) -> str:
    """Capital letters at sentence starts, no stray spaces where an optional clause stayed out."""
    text = re.sub(r" +", " ", text).replace(" \n", "\n").strip()
    return _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)


def _family(slots: Slots, *plans: str) -> Prose:
    def write(rng: Random) -> str:
        return _polish(_fill(rng, rng.choice(plans), _draw(rng, slots)))

    return write


_CHAT_SPELLING = {
    "you": "u",
    "are": "r",
    "please": "pls",
    "thanks": "thx",
    "tomorrow": "tmrw",
    "because": "cos",
    "going to": "gonna",
    "see you": "cu",
    "okay": "ok",
    "and": "n",
    "tonight": "2nite",
    "about": "abt",
    "message": "msg",
    "really": "rly",
}


def _chat(slots: Slots, *plans: str) -> Prose:
    """A terse message: lower case, few marks, some short spellings and now and then a typo."""

    def write(rng: Random) -> str:
        text = _fill(rng, rng.choice(plans), _draw(rng, slots)).lower()
        for full, short in _CHAT_SPELLING.items():
            if rng.random() < 0.35:
                text = re.sub(rf"\b{full}\b", short, text)
        if rng.random() < 0.5:
            text = text.replace("'", "")
        long_words = [found for found in re.finditer(r"\b[a-z]{5,}\b", text)]
        if long_words and rng.random() < 0.5:
            found = rng.choice(long_words)
            at = rng.randrange(found.start() + 1, found.end() - 2)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        text = re.sub(r" +", " ", text).strip()
        return text.rstrip(".") if rng.random() < 0.5 else text

    return write


# ---- drawn numbers --------------------------------------------------------------------------------------------


def _amount(rng: Random, low: int, high: int) -> str:
    return f"{rng.randint(low, high)}{rng.choice(('', '', '.50', '.90', '.99', '.20', '.75'))}"


def _price(rng: Random) -> str:
    amount = _amount(rng, 10, 95)
    return rng.choice((f"{amount} euros", f"€{amount}"))


def _small_price(rng: Random) -> str:
    amount = _amount(rng, 2, 9)
    return rng.choice((f"{amount} euros", f"€{amount}"))


def _big_price(rng: Random) -> str:
    return f"{rng.randint(10, 99) * 10 + rng.choice((0, 5, 9))} euros"


def _any_price(rng: Random) -> str:
    amount = _amount(rng, 2, 400)
    return rng.choice((f"{amount} euros", f"{amount} pounds", f"{amount} dollars", f"€{amount}", f"£{amount}", f"${amount}"))


def _time(rng: Random) -> str:
    hour, minute = rng.randint(8, 20), rng.choice((0, 5, 10, 15, 20, 25, 30, 40, 45, 50))
    return rng.choice((f"{hour}:{minute:02d}", f"{(hour - 1) % 12 + 1}:{minute:02d} {'am' if hour < 12 else 'pm'}"))


def _hour(rng: Random) -> str:
    hour = rng.choice(w.NUMBER_WORDS[1:13])
    return rng.choice((f"{hour} o'clock", f"half past {hour}", f"a quarter to {hour}", f"a quarter past {hour}"))


def _date(rng: Random) -> str:
    month = rng.randrange(12)
    return f"{rng.randint(1, w.MONTH_DAYS[month])} {w.MONTHS[month]}"


def _number(low: int, high: int) -> Callable[[Random], str]:
    return lambda rng: str(rng.randint(low, high))


def _address(rng: Random) -> str:
    return f"{rng.randint(2, 98)} {rng.choice(w.STREETS)}"


def _reference(rng: Random) -> str:
    return f"{rng.choice('ABCDEFGHKLMNPRST')}{rng.choice('ABCDEFGHKLMNPRST')}-{rng.randint(1000, 9999)}"


def _email(rng: Random) -> str:
    first, last = rng.choice(w.NAMES).lower(), rng.choice(w.SURNAMES).lower()
    user = rng.choice((f"{first}.{last}", f"{first}{rng.randint(1, 99)}", f"{first[0]}{last}", f"{last}_{first}"))
    return f"{user}@{rng.choice(('mail.com', 'post.net', 'example.com', 'home.org', 'letters.eu', 'office.com'))}"


def _phone(rng: Random) -> str:
    return f"{rng.randint(600, 699)} {rng.randint(100, 999)} {rng.randint(100, 999)}"


def _number_name(number: int) -> str:
    if number <= 20:
        return w.NUMBER_WORDS[number]
    tens, ones = divmod(number, 10)
    return w.TEN_WORDS[tens - 2] + (f"-{w.NUMBER_WORDS[ones]}" if ones else "")


# ---- prose: home, kitchen, shops --------------------------------------------------------------------------------

_WHO = "name|he|him|his"

_chores = _family(
    {
        _WHO: w.PEOPLE,
        "d1|o1|b1": w.CHORES,
        "d2|o2|b2": w.CHORES,
        "d3|o3|b3": w.CHORES,
        "room": w.ROOMS,
        "day": w.DAYS,
        "drink": w.DRINKS,
        "friend": w.NAMES,
        "hour": _hour,
    },
    "on {day} {name} {d1} {o1} and {d2} {o2}. [Then|After that|Later] {he} {d3} {o3}[ too|]. [By {hour}|In the end] the {room} looked "
    "[tidy|clean|like new]. {He} [sat down with|made|had] {drink} and [rested|smiled|read the paper].",
    "every {day} we do the housework together. {name} has to {b1} {o1}, and I {b2} {o2}. [Nobody likes to|{friend} will] {b3} {o3}[|, "
    "so we take turns]. [It takes about an hour.|We start at {hour}.] [When the {room} is clean, we all have {drink}.|]",
    "I [promised|wanted] to {b1} {o1} today. First I {d2} {o2}, and [then|after a short break] I {d3} {o3}. At {hour} {name} came home "
    'and asked, "Did you {b1} {o1}?" I [had forgotten all about it|laughed, because I had just finished|said no, and {he} helped me].',
    "things to do on {day}:\n- {b1} {o1}\n- {b2} {o2}\n- {b3} {o3}\n- clean the {room}\n{name} will [help|start] at {hour}. [Thank you!|]",
)
_kitchen = _family(
    {
        _WHO: w.PEOPLE,
        "dish|main|second|pot|how": w.DISHES,
        "spice": w.SEASONINGS,
        "extra": w.SEASONINGS,
        "friend": w.NAMES,
        "hour": _hour,
        "drink": w.DRINKS,
        "day": w.DAYS,
    },
    "{name} is making {dish} [tonight|for {friend}|for the whole family]. {He} has already prepared the {main} and the {second}. The "
    "[{pot}|food] must {how}. [The kitchen smells of {spice}.|A little {spice} gives it more taste.] We will eat at {hour}.",
    "I [tried|wanted] to cook {dish} on {day}, but there was no {spice} [in the house|left]. {name} [ran to the shop|asked a "
    "neighbour], and I used {extra} [as well|until then]. [The result was better than expected.|In the end it tasted wonderful.] Next "
    "time I will check the cupboard first.",
    "{dish} [is|was always] {name}'s favourite[ meal|]. {He} puts in a lot of {spice} and [a little|no] {extra}. The secret is to let "
    "it {how}. [{friend} prefers it without {spice}.|With {drink}, it makes a good lunch.]",
)
_recipe = _family(
    {
        "dish|main|second|pot|how": w.DISHES,
        "spice": w.SEASONINGS,
        "extra": w.SEASONINGS,
        "n": _number(2, 8),
        "grams": _number(2, 9),
        "friend": w.NAMES,
    },
    "recipe for {dish} ([serves|for] {n}):\n1. [Take|Use] {grams}00 grams of {main}.\n2. Add the {second} and some {spice}.\n3. Put "
    "everything in {pot}.\n4. [Let it rest and finish with|Season it with] {extra}. [Enjoy!|Serve it for {n}.]",
    "to make {dish} for {n} people, you need {main}, {second}, {spice} and {extra}. [Wash|Prepare] the {main} first. [Put|Place] "
    "everything in {pot} with the {second}[, then|, and] {how}. Add {spice} [at the end|before serving]. [{friend} also likes it with "
    "a little {extra}.|]",
    "{friend}'s {dish} is easy. You start with {grams}00 grams of {main}. Next you add the {second}, with {spice}. [Do not forget the "
    "{extra}!|A bit of {extra} is enough.] Then {how}. It is enough for {n}.",
)
_shop_visit = _family(
    {
        _WHO: w.PEOPLE,
        "shop": w.SHOPS,
        "good": w.GOODS,
        "adj": w.GOOD_ADJ,
        "colour": w.COLOURS,
        "other": w.COLOURS,
        "price": _price,
        "time": _time,
        "day": w.DAYS,
        "friend": w.NAMES,
    },
    "{name} went to {shop} [on {day}|this morning|after work]. {He} was looking for a_ {colour} {good}. [There was only a_ {other} "
    "one|The assistant showed {him} a_ {other} one] that was {adj}[ and cost only {price}|]. {He} [bought it at once|paid {price} and "
    "took it home].",
    'I need a_ {adj} {good}, so I asked at {shop}. "We have one in {colour} and one in {other}," said the [man|woman] at the '
    "counter. The {colour} one costs {price}. I will [think about it|go back on {day}|ask {friend} first].",
    "{shop} opens at {time}. {name} always gets there early[, because on {day}s it is full|]. Today {he} took back a_ {colour} {good}, "
    "because {friend} [already had one|did not like the colour]. {He} got {price} back and [thanked the assistant|spent it on lunch].",
)
_prices = _family(
    {
        "shop": w.SHOPS,
        "rival": w.SHOPS,
        "good": w.GOODS,
        "food": w.FOODS,
        "other": w.FOODS,
        "fruit": w.COUNT_FOODS,
        "price": _price,
        "low": _small_price,
        "dear": _price,
        "n": _number(2, 9),
        "friend": w.NAMES,
        "percent": _number(1, 9),
    },
    "the {good} costs {price} at {shop}. I [also looked|asked] at {rival}, and there they want {dear}. {friend} says [quality matters "
    "more than price|the difference is not important|I should wait for the sales]. I think I will [decide tomorrow|buy it this week].",
    "prices at {shop} have gone [up|down] by {percent} percent. {food} [now costs|costs about] {low}, and {other} is a little dearer. "
    "[{friend} noticed it first.|] The {fruit} [cost the same as before|are on offer this week].",
    "offer of the week at the [market|supermarket]: {n} kilos of {fruit} for {low}! The {good} is now [only|just] {price}. [Ask for "
    "{friend} at the counter.|The offer ends on Saturday.] [You will not find it cheaper at {rival}.|]",
    "I paid {price} for the shopping. The {food} was {low}, and the {fruit} were [cheaper than usual|a little dear]. I forgot the "
    "{other}, so {friend} [had to go back|brought some later].",
)
_shopping_list = _family(
    {
        "f1": w.FOODS,
        "f2": w.FOODS,
        "f3": w.FOODS,
        "c1": w.COUNT_FOODS,
        "c2": w.COUNT_FOODS,
        "n": _number(3, 12),
        "shop": w.SHOPS,
        "name": w.NAMES,
        "price": _price,
    },
    "shopping list for {name}:\n- {f1}\n- {f2}\n- {n} {c1}\n- {f3}\n- some {c2}\nPlease do not spend more than {price}. [Thanks!|]",
    "{name}, can you stop at {shop}? We need {f1}, {f2} and {n} {c1}. [Get some {c2} too, if they look good.|There is enough {f3} at "
    "home.] There are {price} in the jar. [See you later.|Thank you!]",
    'we have run out of {f1} and {f2}. There is still [some|plenty of] {f3}. I wrote "{c1}, {c2}" on the list as well. {name} [will '
    "go to {shop}|has the money, about {price}].",
)

# ---- prose: post, phones, machines ----------------------------------------------------------------------------------

_parcel = _family(
    {
        _WHO: w.PEOPLE,
        "item": w.PARCEL_ITEMS,
        "place": w.PARCEL_PLACES,
        "day": w.DAYS,
        "later": w.DAYS,
        "city": w.CITIES,
        "friend": w.NAMES,
        "ref": _reference,
        "hour": _hour,
    },
    "{name} ordered {item} from a shop in {city}. The parcel was [due on|promised for] {day}, but it came on {later}. The driver left "
    "it {place}. {He} [opened it at once|found the box dry and whole], and [nothing was missing|everything was inside|a thank-you card "
    "was inside].",
    "I am [still|] waiting for {item}. The tracking number is {ref}, and the page says that the parcel [left {city} on {day}|is on its "
    "way]. [{name} will be at home to take it.|If nobody is in, they leave it {place}.] I hope it arrives before {later}.",
    'a parcel for {name} arrived at {hour}. {He} was not at home, so {friend} signed for it. The label said "{city}". [Inside was|It '
    "contained] {item}, a present from {his} [cousin|old teacher|grandmother].",
    "today I sent {item} to {name} in {city}. The woman at the counter weighed the box and gave me a receipt with the number {ref}. It "
    "should get there on {day}. [I hope {he} likes it.|{He} does not know about it yet.]",
)
_delivery_note = _family(
    {
        "name": w.SURNAMES,
        "title": w.TITLES,
        "place": w.PARCEL_PLACES,
        "address": _address,
        "time": _time,
        "day": w.DAYS,
        "ref": _reference,
        "phone": _phone,
    },
    "dear {title} {name}, we [tried to deliver|came with] your parcel at {time}, but nobody was at home. It is now {place}. The number "
    "is {ref}. [You can also call {phone}.|Please bring your identity card.]",
    "to {title} {name}, {address}. Your letter needs a signature. You can collect it on {day} from {time}. [Please show this card with "
    "the number {ref}.|If you cannot come, call {phone}.]",
    "the post did not come on {day}. {title} {name} at {address} had been waiting for a registered letter. It arrived the day after, "
    "and the postman [left a note|rang twice] at {time}. [The letter was {place}.|The number on the note was {ref}.]",
)
_phones = _family(
    {
        _WHO: w.PEOPLE,
        "issue|fix|result": w.PHONE_ISSUES,
        "friend": w.NAMES,
        "day": w.DAYS,
        "price": _price,
        "colour": w.COLOURS,
        "years": w.COUNT_WORDS,
    },
    "{name} had a problem with {his} phone: {issue}. {He} {fix}, and [soon|after a minute] {result}. {friend} said that the same thing "
    "[happens to everybody|had happened at work]. [It cost nothing.|A new phone was not necessary.]",
    "my {colour} phone is {years} years old. On {day} {issue}[, and I was worried|]. I {fix}. Luckily {result}. [I will keep it for "
    "another year.|A repair would have cost {price}.]",
    "what can you do when something is wrong with your phone? Last week {issue} at {name}'s house. {friend} read a page about it. "
    "{name} {fix}, and {result}. [Simple things often help.|{He} was very glad.]",
)
_apps = _family(
    {
        "app": w.APPS,
        "c1": w.APP_CHANGES,
        "c2": w.APP_CHANGES,
        "c3": w.APP_CHANGES,
        "v": _number(2, 12),
        "minor": _number(0, 9),
        "date": _date,
        "name": w.NAMES,
        "price": _price,
    },
    "the {app} app has a new version. Since {date} it offers {c1} and {c2}. [Users had asked for {c3} too.|{name} likes it better than "
    "before.] The update is free[, but the full app costs {price}|].",
    "version {v}.{minor} of the {app} app brings:\n- {c1}\n- {c2}\n- {c3}\n[Install it before {date}.|It was published on {date}.]",
    "I use a_ {app} app every day. [What I miss is|I would like] {c1}. {name} showed me another one with {c2}, but it costs {price}. "
    "For now I [stay with the old one|am trying both].",
    "after the update on {date} the {app} app [was slow|closed by itself]. I deleted it and installed it again. Now it works, and I "
    "have {c1}. {name} found {c2} in the settings as well.",
)
_passwords = _family(
    {
        _WHO: w.PEOPLE,
        "account": w.ACCOUNTS,
        "other": w.ACCOUNTS,
        "n": _number(8, 16),
        "email": _email,
        "friend": w.NAMES,
        "minutes": _number(5, 60),
        "code": _number(100000, 999999),
    },
    '{name} forgot the password of {his} {account} account. {He} clicked on the link "Forgot your password?" and [waited for|got] a '
    "message at {email}. Then {he} chose a new one with {n} letters. [{friend} says it is wise to write it down.|Now {he} can sign in "
    "again.]",
    "a good password has at least {n} characters. Do not use the same one for your {account} account and your {other} account. [Never "
    "tell it to anyone, not even {friend}.|Your own name is a bad choice.] [Change it if you think somebody has seen it.|]",
    "my {account} account was locked after three wrong passwords. I had to wait {minutes} minutes. Then a code came by message: "
    "{code}. I typed it, and [the account was open|I could choose a new password].",
    '{name} got a strange e-mail about {his} {account} account. It asked for the password and said "you have {minutes} minutes". '
    "{He} did not click on anything. {He} called {friend}, who [knew such tricks|told {him} to delete it].",
    "the code for your {account} account is {code}. It is valid for {minutes} minutes. Do not share it. [We sent it to {email}.|If you "
    "did not ask for it, [please ignore this message|you can delete this message].]",
)
_repairs = _family(
    {
        _WHO: w.PEOPLE,
        "machine|fault|cause|fix|result": w.APPLIANCES,
        "friend": w.NAMES,
        "day": w.DAYS,
        "price": _price,
        "years": w.COUNT_WORDS,
        "room": w.ROOMS,
    },
    "on {day} {name}'s {machine} {fault}. [{He} looked in the manual.|{He} asked {friend} for advice.] It turned out that {cause}. "
    "{He} {fix}, and {result}. [The repair cost {price}.|It cost nothing at all.]",
    "the {machine} [in the {room}|we bought {years} years ago] {fault}. At first we wanted to buy a new one. Then {friend} noticed "
    "that {cause}. {name} {fix}. After that {result}.",
    "question: My {machine} {fault}. What can I do? Answer: We once had the same, and {cause}. In our case, {name} {fix}, and "
    "{result}. [If it does not help, call a technician; it costs about {price}.|Unplug it before you start.]",
    'the technician came on {day}. He asked, "What is wrong?" I said that the {machine} {fault}. He saw at once that {cause}. He '
    "{fix}[ in ten minutes|], and {result}. I paid {price}.",
)
_product_review = _family(
    {
        "good": w.GOODS,
        "g1": w.GOOD_ADJ,
        "g2": w.GOOD_ADJ,
        "b1": w.BAD_ADJ,
        "price": _price,
        "shop": w.SHOPS,
        "n": w.COUNT_WORDS,
        "colour": w.COLOURS,
        "name": w.NAMES,
        "stars": _number(4, 5),
        "few": _number(1, 2),
    },
    "{stars} stars. I bought this {good} {n} weeks ago, and it is {g1} and {g2}. [The {colour} one looks best.|{name} wants one too.] "
    "For {price} you [cannot go wrong|will not find a better one].",
    "{few} out of five. The {good} arrived {b1}. [I took it back to {shop}|I wrote to the shop], and [they gave me {price} back|nobody "
    "answered for {n} days]. [I would not buy it again.|What a pity, because the colour is nice.]",
    "the {good} from {shop} is {g1}, but the box was {b1}. [It cost {price}.|I paid {price}.] After {n} weeks I am [quite|still] happy "
    "with it. {name} would [choose it in {colour}|give it {stars} stars].",
)

# ---- prose: travel, weather, school, work -----------------------------------------------------------------------------

_trip = _family(
    {
        _WHO: w.PEOPLE,
        "city": w.CITIES,
        "next": w.CITIES,
        "sight": w.LANDMARKS,
        "sight2": w.LANDMARKS,
        "n": w.COUNT_WORDS,
        "friend": w.NAMES,
        "by": w.TRANSPORT,
        "dish": w.MENU,
        "price": _big_price,
        "month": w.MONTHS,
    },
    "in {month} {name} spent {n} days in {city} with {friend}. They [went there by {by}|found a small hotel near {sight}]. On the "
    "first day they visited {sight2} and ate {dish}. [The whole trip cost {price}.|{He} took hundreds of pictures.] Next year they "
    "want to see {next}.",
    "dear {friend}, greetings from {city}! [We arrived by {by}.|The journey by {by} was long.] Yesterday we saw {sight}, and today we "
    "are going to {sight2}. The {dish} here is delicious. [See you soon!|We come home in {n} days.] Love, {name}",
    "plan for {city}: {n} days, {price} each. Day one: {sight}. Day two: {sight2} and {dish} for dinner. [{name} books the {by}, "
    "{friend} the hotel.|Then we take the {by} to {next}.]",
    '{name} has never been to {city}. {friend}, who lived there for {n} years, [drew a map for {him}|gave {him} a list]. "Start at '
    '{sight}," it says, "then walk to {sight2}." {He} leaves in {month}.',
)
_trains = _family(
    {
        _WHO: w.PEOPLE,
        "city": w.CITIES,
        "from": w.CITIES,
        "why": w.DELAYS,
        "min": _number(10, 95),
        "platform": _number(1, 14),
        "time": _time,
        "drink": w.DRINKS,
        "friend": w.NAMES,
        "price": _price,
    },
    "the [train|express] from {from} to {city} was {min} minutes late because of {why}. {name} [waited on platform {platform}|drank "
    '{drink} in the station]. {He} sent a message to {friend}: "I will be late." At {time} the train [finally|at last] arrived.',
    "attention please! The {time} train to {city} will leave from platform {platform}. [It has a delay of {min} minutes because of "
    "{why}.|Please mind the gap.] Passengers for {from} should [change here|wait on platform {platform} too].",
    "a ticket from {from} to {city} costs {price}. The journey takes {min} minutes. {name} always [takes the {time} train|sits by the "
    "window]. Last week it stood still [for half an hour|in a field] because of {why}, but {he} had {drink} and a good book.",
    '"is this the train to {city}?" asked {name}. "No," said the man, "that one leaves from platform {platform} at {time}." {He} '
    "ran. {friend} was already on board with the tickets, and they [reached|got to] {city} in {min} minutes.",
)
_weather = _family(
    {
        _WHO: w.PEOPLE,
        "sky|scene|gear|did": w.WEATHER,
        "sky2|scene2|gear2|did2": w.WEATHER,
        "city": w.CITIES,
        "day": w.DAYS,
        "day2": w.DAYS,
        "month": w.MONTHS,
        "friend": w.NAMES,
    },
    "it was {sky} in {city} on {day}. {Scene}, and everybody needed {gear}. {name} {did}. On {day2} it was {sky2}, so {friend} {did2}.",
    "weather for {city}: {day} will be {sky}, and {day2} will be different. Take {gear} with you. Then it will be {sky2}, so look for "
    "{gear2}.",
    "I remember a_ {sky} day in {month}. {Scene}. {name} had forgotten {gear}, but {he} did not mind. In the afternoon we {did}[, and "
    "{friend} came too|].",
    "do you prefer {sky} days or {sky2} days? {name} likes it when it is {sky}, because then {he} can use {gear}. {friend} is "
    "different: last {day}, a_ {sky2} day, {friend} {did2}.",
)
_school = _family(
    {
        _WHO: w.PEOPLE,
        "subject|topic|task": w.SUBJECTS,
        "subject2|topic2|task2": w.SUBJECTS,
        "teacher": w.SURNAMES,
        "title": w.TITLES,
        "day": w.DAYS[:5],
        "friend": w.NAMES,
        "time": _time,
        "mark": _number(6, 10),
        "room": _number(1, 40),
    },
    "in {subject} the class is learning about {topic}. {title} {teacher} asked the pupils to {task}. {name} [worked with {friend}|did "
    "it at home on {day}] and got {mark} out of ten. {His} favourite subject is [still|now] {subject2}.",
    "timetable for {day}: {subject} at {time} in room {room}, then {subject2}. Homework: {task}. [{title} {teacher} is ill, so there "
    "is no test about {topic}.|Bring your notes about {topic}.]",
    "{name} finds {subject} difficult. The lesson about {topic} was [too fast|full of new words]. {friend} explained it again, and "
    "together they [read the chapter|made notes]. On {day} {title} {teacher} gave {him} {mark} points.",
    "dear parents, on {day} the class will visit the school museum. In {subject} we talked about {topic}, and the children will "
    "{task}. We meet at {time} in front of room {room}. [Please pack a snack.|] Best wishes, {title} {teacher}",
)
_work = _family(
    {
        _WHO: w.PEOPLE,
        "job|where|does": w.JOBS,
        "friend": w.NAMES,
        "time": _time,
        "years": w.COUNT_WORDS,
        "drink": w.DRINKS,
        "feeling": w.FEELINGS,
        "hobby": w.HOBBIES,
        "city": w.CITIES,
        "day": w.DAYS,
    },
    "{name} is a_ {job}. {He} works {where} and {does}. [{He} starts at {time}.|{He} has done this for {years} years.] After work {he} "
    "is often {feeling}, but {he} [likes|loves] the job. [On {day}s {he} is free and enjoys {hobby}.|]",
    "what does a_ {job} do? A_ {job} {does}. {name} has been a_ {job} in {city} for {years} years. The day begins at {time} with "
    '{drink}. ["No two days are the same," says {name}.|{friend} would like to learn the same job.]',
    "{name} wanted to become a_ {job}. {He} studied in {city} for {years} years. Now {he} works {where}. {friend} asked if it was "
    'hard. "Sometimes I am {feeling}," {he} said, "but I never want to stop."',
    "wanted: a_ {job} for {city}. You work five days a week from {time}. Experience of {years} years is welcome. [Call {name}.|Write "
    "to {name} before {day}.]",
)
_meetings = _family(
    {
        _WHO: w.PEOPLE,
        "project": w.PROJECTS,
        "next": w.PROJECTS,
        "day": w.DAYS[:5],
        "day2": w.DAYS[:5],
        "time": _time,
        "room": _number(1, 40),
        "friend": w.NAMES,
        "third": w.NAMES,
        "min": _number(20, 90),
        "price": _big_price,
    },
    "the meeting about {project} is on {day} at {time} in room {room}. {name} will [lead|open] it, and {friend} will take notes. [It "
    "should take {min} minutes.|Please read the papers before.] [We will talk about {next} another day.|]",
    "notes from {day}:\n- {name} spoke about {project}.\n- {friend} asked about the costs ({price}).\n- {third} will [write a "
    "plan|call the printer|prepare a list] by {day2}.\nNext meeting: {day2}, {time}.",
    "we talked for {min} minutes about {project}. {name} thought that {price} was too much. {friend} [did not agree|had a better "
    "idea]. In the end we decided to [wait until {day2}|ask {third}].",
    "hello {friend}, can we move the meeting about {project} from {day} to {day2}? {name} is [ill|away|at the dentist], and {he} knows "
    "the numbers. Room {room} is free at {time}. Best, {third}",
)

# ---- prose: health, sport, gardens, animals, family, money --------------------------------------------------------------

_health = _family(
    {
        _WHO: w.PEOPLE,
        "ill|cure|avoid": w.SYMPTOMS,
        "doctor": w.SURNAMES,
        "day": w.DAYS,
        "time": _time,
        "friend": w.NAMES,
        "n": w.COUNT_WORDS,
        "drink": w.DRINKS,
    },
    "{name} had {ill} on {day}. Doctor {doctor} told {him} to {cure} and to avoid {avoid}. [After {n} days|A little later] {he} felt "
    "[much better|well again]. [{friend} brought {him} {drink}.|]",
    "what helps against {ill}? Many people {cure}. {Avoid} [makes it worse|is not a good idea]. [If it lasts more than {n} days, see a "
    "doctor.|{name} learned this from Doctor {doctor}.] [{friend} said so on {day}|On {day} {friend} tried it]. It helped.",
    "I have an appointment with Doctor {doctor} on {day} at {time}, because I have {ill}. {name} said I should {cure} until then. [I "
    "also stay away from {avoid}.|I hope it is over in {n} days.]",
    "dear Doctor {doctor}, my [son|daughter] has {ill} and cannot go to school. May we come on {day} at {time}? [Until then we avoid "
    "{avoid}.|] Kind regards, {name}",
)
_sport = _family(
    {
        _WHO: w.PEOPLE,
        "sport|points|field": w.SPORTS,
        "team": w.TEAMS,
        "rival": w.TEAMS,
        "a": _number(4, 40),
        "b": _number(1, 3),
        "friend": w.NAMES,
        "day": w.DAYS,
        "sky|scene|gear|did": w.WEATHER,
        "city": w.CITIES,
    },
    "{team} won the {sport} match against {rival} on {day}. {name} [scored|made] {b} of their {a} {points}. [It was {sky}, but the "
    "{field} was full.|{friend} was the best player of {rival}.] The next match is in {city}.",
    "{name} plays {sport} for {team}. {He} trains every {day} with {friend}. Last week they lost against {rival}, although {name} "
    '[played well|scored twice]. "We will win the next one," {he} said in {city}.',
    "{sport} in {city}: {team} and {rival} meet on {day}. {name} [is injured|cannot play], so {friend} will be on the {field}. It "
    "should be {sky}[, so bring {gear}|].",
    "yesterday I watched {team} play {sport}. At the break it was clear that {rival} were [stronger|faster]. Then {name} came into the "
    "game and changed everything. In the end {team} had {a} {points} and {rival} only {b}.",
)
_garden = _family(
    {
        _WHO: w.PEOPLE,
        "plant|needs|care": w.PLANTS,
        "plant2|needs2|care2": w.PLANTS,
        "month": w.MONTHS,
        "friend": w.NAMES,
        "n": w.COUNT_WORDS,
        "colour": w.COLOURS,
        "day": w.DAYS,
        "drink": w.DRINKS,
    },
    "{name} grows {plant} and {plant2} behind the house. The {plant} need {needs}, so {he} chose the place [with care|together with "
    "{friend}]. It is best to {care}. [By {month} the garden is full of life.|On {day} {he} gave {n} of them to the neighbours.]",
    "in {month} {friend} asked how to grow {plant}. Give them {needs} and {care}. [Do not plant them too close together.|{name} has "
    "done it for {n} years.] For {plant2} you need {needs2}.",
    "my garden diary, {month}. Today I dug the bed near the {colour} gate. The {plant} are [coming up|growing well], but the {plant2} "
    "look weak. {friend} told me to {care2}. [Then we drank {drink} in the shade.|I will try it on {day}.]",
)
_pets = _family(
    {
        _WHO: w.PEOPLE,
        "pet|noise|game|spot": w.PETS,
        "pname": w.PET_NAMES,
        "colour": w.COLOURS,
        "years": w.COUNT_WORDS,
        "friend": w.NAMES,
        "day": w.DAYS,
        "phone": _phone,
        "street": w.STREETS,
    },
    "{name} has a_ {pet} called {pname}. It is {years} years old and {game}. When {name} comes home, it {noise}. At night it sleeps in "
    "its favourite place: {spot}. [{friend} looks after it on {day}s.|]",
    "lost: our {pet} {pname} has been missing since {day}. It wears a_ {colour} ribbon and {noise} when it is afraid. It was last seen "
    "in {street}. [Please call {name}: {phone}.|If you find it, ring {phone} and ask for {name}.]",
    "what a morning! {pname}, our {pet}, was not in its usual place, {spot}. {name} and {friend} looked everywhere. At last {friend} "
    "found it in the garden.",
    "a_ {pet} {game} and {noise}. {friend} wanted one for {years} years. On {day} {name} took {friend} to the shelter in {street}. Now "
    "{pname} lives with them and has already found {spot}.",
)
_relatives = _family(
    {
        "rel|he|him|his": w.RELATIVES,
        "rel2|he2|him2|his2": w.RELATIVES,
        "city": w.CITIES,
        "job|where|does": w.JOBS,
        "hobby": w.HOBBIES,
        "trait": w.CHARACTER,
        "trait2": w.CHARACTER,
        "dish": w.MENU,
        "day": w.DAYS,
        "n": _number(3, 40),
        "gift": w.GIFTS,
    },
    "my {rel} lives in {city} and works as a_ {job}. {He} is {trait} and a bit {trait2}. [In {his} free time {he} enjoys "
    "{hobby}.|Every {day} {he} calls us.] My {rel2} visits {him} [{n} times a year|whenever possible].",
    "on {day} the whole family met in {city}. My {rel} cooked {dish}, and my {rel2} brought {gift}. [We were {n} people at the "
    "table.|We talked until midnight.] It was [lovely|a bit loud], but nobody wanted to go home.",
    "who is the person in the picture? It is my {rel}. {He} was very young there. {He} loved {hobby}, and everyone says that {he} was "
    "{trait}. I got {gift} from {him} when I turned ten.",
    "my {rel} and my {rel2} are very different. One is {trait}, the other {trait2}. [Both like {dish}.|Still, both enjoy {hobby}.] "
    "They have lived in {city} for {n} years.",
)
_saving = _family(
    {
        _WHO: w.PEOPLE,
        "tip": w.SAVING_TIPS,
        "tip2": w.SAVING_TIPS,
        "goal": w.SAVING_GOALS,
        "price": _big_price,
        "small": _price,
        "n": _number(2, 24),
        "friend": w.NAMES,
        "month": w.MONTHS,
    },
    "{name} is saving for {goal}. It costs {price}. {He} decided to {tip}, and puts {small} into a jar every week. [{friend} told "
    "{him} to {tip2} as well.|] In {n} months {he} should have enough.",
    "how can you save money? First, {tip}. Second, {tip2}. {name} did both and had {price} after {n} months. [With that {he} began to "
    "pay for {goal}.|{friend} could not believe it.]",
    'in {month} I spent too much. I had only {small} left. My friend {friend} said, "{tip}, and try to {tip2}." Now I [write down '
    "everything I buy|count every coin], because I want {goal}.",
)
_bank = _family(
    {
        _WHO: w.PEOPLE,
        "price": _big_price,
        "small": _price,
        "date": _date,
        "why": w.SERVICES,
        "friend": w.NAMES,
        "n": _number(2, 12),
        "last": _number(1000, 9999),
    },
    "{name} paid {small} for {why} with {his} card. Two days later {he} saw the amount twice on {his} account. {He} called the bank[ "
    "on {date}|], and a clerk [gave the money back|promised to check it]. {friend} had had the same trouble.",
    "your balance on {date} is {price}. A payment of {small} for {why} was made with the card ending in {last}. [If you do not know "
    "this payment, call us.|The next statement comes in {n} days.]",
    "{friend} lent {name} {price} for {why}. They agreed that {he} would pay it back in {n} parts, starting on {date}. [{He} kept "
    "{his} word.|The first part was {small}.]",
)
_invoice = _family(
    {
        "title": w.TITLES,
        "name": w.SURNAMES,
        "sender": w.SURNAMES,
        "why": w.SERVICES,
        "price": _big_price,
        "date": _date,
        "due": _date,
        "ref": _reference,
        "n": _number(7, 45),
        "email": _email,
    },
    "dear {title} {name}, please find attached invoice {ref} of {date} for {why}. The total is {price}. [Please pay within {n} "
    "days.|Payment is due by {due}.] [If you have questions, write to {email}.|Thank you for your order.] {sender} and Sons",
    "invoice {ref}\nFor: {title} {name}\nDate: {date}\nService: {why}\nTotal: {price}, to be paid within {n} days. [Thank "
    "you.|Questions: {email}]",
    "{title} {name} got an invoice for {why}. It said {price}, but the price agreed with the {sender} company was lower. A short "
    "letter to {email} helped: invoice {ref} was corrected on {date}.",
    "this is a reminder. Invoice {ref} for {why} ({price}) was due on {due}. [We have not yet seen your payment.|Perhaps you forgot "
    "it.] If you have already paid, [please ignore this letter|there is nothing to do].",
)

# ---- prose: letters, notices, news ------------------------------------------------------------------------------------

_letter = _family(
    {
        "title": w.TITLES,
        "name": w.SURNAMES,
        "sender": w.NAMES,
        "surname": w.SURNAMES,
        "ask": w.REQUESTS,
        "ask2": w.REQUESTS,
        "date": _date,
        "phone": _phone,
        "email": _email,
        "city": w.CITIES,
    },
    "dear {title} {name}, I am writing to ask for {ask}. [I also need {ask2}.|I wrote to you on {date}, but have had no answer.] You "
    "can reach me [on {phone}|at {email}]. [Yours sincerely|Kind regards], {sender} {surname}",
    "dear {title} {name}, thank you for your letter of {date}. We are sorry, but {ask} is not possible at the moment. [What we can "
    "offer is {ask2}.|Please try again next month.] [Kind regards|Best wishes], {sender} {surname}, {city}",
    "{city}, {date}. To whom it may concern: {title} {name} has asked us for {ask}. We [agree|have no objection]. [Please call {phone} "
    "to arrange it.|Our address is {email}.] Signed, {sender} {surname}",
)
_email_note = _family(
    {
        "name": w.NAMES,
        "friend": w.NAMES,
        "project": w.PROJECTS,
        "day": w.DAYS,
        "time": _time,
        "n": _number(2, 30),
        "email": _email,
        "outing": w.OUTINGS,
        "third": w.NAMES,
    },
    "hi {friend}, I have attached {n} pages about {project}. Could you read them by {day}? [{third} has already seen them.|If "
    "something is missing, call me before {time}.] [Thanks|Best], {name}",
    "hello {friend}, sorry for the late reply. Yes, I would love to {outing} on {day}. [Shall we meet at {time}?|Can {third} come "
    "too?] [Take care|See you], {name}",
    "from: {email}\nSubject: {project}\nDear {friend}, the meeting on {day} starts at {time}, not later. Please bring {n} copies. {name}",
    "dear all, I am away until {day}. For questions about {project}, write to {third} at {email}. [I will answer other messages when I "
    "am back.|] Regards, {name}",
)
_notice = _family(
    {
        "what|please": w.NOTICES,
        "date": _date,
        "time": _time,
        "day": w.DAYS,
        "phone": _phone,
        "name": w.SURNAMES,
        "title": w.TITLES,
        "address": _address,
        "n": _number(1, 6),
    },
    "notice: On {date} {what}. [Work begins at {time}.|It will take {n} hours or more.] {Please}. [Thank you for your "
    "patience.|Questions: {phone}.]",
    "to all residents of {address}: On {day}, {date}, {what} from {time}. {Please}. {title} {name}, caretaker",
    'there was a notice on the door at {address}. It said that {what} on {date}. {title} {name} had not seen it. ["{Please}," it '
    'went on in small letters.|Somebody had written below: "Call {phone}."]',
    "dear visitors, {what} on {day} [from|at] {time}. {Please}. [We are sorry for the trouble.|For help, call {phone}.]",
)
_howto = _family(
    {"task|s1|s2|s3|s4|tool": w.INSTRUCTIONS, _WHO: w.PEOPLE, "min": _number(5, 60), "friend": w.NAMES, "day": w.DAYS},
    "how to {task}:\n1. {S1}.\n2. {S2}.\n3. {S3}.\n4. {S4}.\nYou need {tool}. It takes [about|around] {min} minutes. [Tip from "
    "{friend}: do not hurry.|Ask {friend} if you are not sure.]",
    '{name} wants to {task}. "First {s1}, then {s2}," says {friend}. "After that {s3}. Finally {s4}." With {tool} it [is easy|goes '
    "faster]. On {day} {he} [does it alone in {min} minutes|shows it to a neighbour].",
    "to {task}, take {tool}. {S1} and {s2}. Next, {s3}. Then {s4}. {name} learned this from {friend}[ last {day}|] and [now needs only "
    "{min} minutes|does it in {min} minutes].",
)
_diary = _family(
    {
        "date": _date,
        "feel": w.FEELINGS,
        "feel2": w.FEELINGS,
        "sky|scene|gear|did": w.WEATHER,
        "friend": w.NAMES,
        "outing": w.OUTINGS,
        "outing2": w.OUTINGS,
        "dish": w.MENU,
        "hour": _hour,
        "drink": w.DRINKS,
    },
    "{date}. Dear diary, today I am {feel}. It was {sky}, so I {did}. [{friend} called at {hour}.|At {hour} I had {drink}.] Tomorrow I "
    "want to {outing}. [Good night!|]",
    "{date}. I woke up at {hour} and felt {feel}. {friend} and I wanted to {outing}, but it was {sky}. Instead we {did}. For dinner "
    "there was {dish}. Now I am {feel2} and ready for bed.",
    "{date}. A quiet day. {Scene}. I planned to {outing} and to {outing2}, and I [only did the first|did both]. {friend} wrote to me "
    "and sounded {feel2}. I [answered at once|will answer tomorrow].",
)
_news = _family(
    {
        "what|did|with": w.NEWS,
        "city": w.CITIES,
        "date": _date,
        "n": _number(120, 4900),
        _WHO: w.PEOPLE,
        "surname": w.SURNAMES,
        "years": _number(2, 60),
        "price": _number(2, 90),
        "day": w.DAYS,
    },
    "{city}, {date}. The {what} {did} this week. Visitors can expect {with}. [The town paid {price} million for it.|About {n} people "
    'came on {day}.] "We have waited {years} years," said {name} {surname}.',
    "good news for {city}: the {what} {did}. There will be {with}. [{name} {surname}, who lives nearby, is pleased.|{n} people signed "
    "a letter of thanks.] The party is on {date}.",
    "the {what} in {city} {did} on {date}. Mayor {surname} spoke to {n} guests[ on a {day} morning|]. People look forward to {with}. "
    "The plans are {years} years old.",
)
_complaint = _family(
    {
        "good": w.GOODS,
        "bad": w.BAD_ADJ,
        "bad2": w.BAD_ADJ,
        "shop": w.SHOPS,
        "date": _date,
        "price": _price,
        "ref": _reference,
        "name": w.NAMES,
        "surname": w.SURNAMES,
        "days": _number(3, 30),
        "email": _email,
    },
    "dear Sir or Madam, on {date} I bought a_ {good} for {price}. When I opened the box, it was {bad} and {bad2}. I would like [my "
    "money back|a new one]. [The receipt has the number {ref}.|Please answer within {days} days.] {name} {surname}",
    "I am not happy with {shop}. The {good} I ordered on {date} came {days} days late, and it was {bad}. I wrote to {email}, but "
    "nobody replied. [Where are my {price}?|I will not buy there again.]",
    '{name} complained at {shop}, because the {good} was {bad}. "I am sorry," said the manager, "we will exchange it." [It took '
    "{days} days.|The new one was perfect.] {name} [was satisfied|got {price} for the trouble].",
    "order {ref}: the {good} is {bad}! I paid {price} for it. That is not what the picture showed. [Please call me.|Please send the "
    "right one before {date}.]",
)
_thanks = _family(
    {
        "friend": w.NAMES,
        "name": w.NAMES,
        "gift": w.GIFTS,
        "favour": w.FAVOURS,
        "day": w.DAYS,
        "room": w.ROOMS,
        "dish": w.MENU,
        "outing": w.OUTINGS,
        "n": _number(18, 80),
    },
    "dear {friend}, thank you for {gift}! That was exactly what I wanted. When I saw your present, I was [so happy|really moved]. Come "
    "and {outing} with us [on {day}|soon]. Love, {name}",
    "hi {friend}, many thanks for {favour}. Without you I would have been lost. I would like to cook {dish} for you on {day}. [Tell me "
    "if that suits you.|Bring the family!] {name}",
    '{name} wrote a card to {friend}: "Thank you for {favour}. You are a true friend." {friend} put it on the wall in the {room} and '
    "[smiled every time|showed it to everyone on {day}].",
    "thank you all for coming to my party. I turned {n}, and thanks to {gift} from {friend} I felt young again. [The {dish} was "
    "wonderful.|] Let us {outing} together soon. {name}",
)
_restaurant = _family(
    {
        "place": w.RESTAURANTS,
        "city": w.CITIES,
        "dish": w.MENU,
        "dish2": w.MENU,
        "drink": w.DRINKS,
        "price": _price,
        "friend": w.NAMES,
        "day": w.DAYS,
        "min": _number(15, 70),
        "street": w.STREETS,
    },
    "we had lunch at {place} in {city}. The {dish} was [excellent|fresh and hot], but the {dish2} was [a little salty|nothing "
    "special]. We waited {min} minutes. For {price} a person it is [good value|a bit expensive].",
    "{place}, {street}. {friend} booked a table for {day}. The waiter [was friendly|forgot our {drink}]. I recommend the {dish}. "
    "[{friend} preferred the {dish2}.|You pay about {price}.]",
    "do not go to {place} on a_ {day}. It is full, and you wait {min} minutes for {drink}. The {dish} came cold, and {friend} found a "
    "hair in the {dish2}. Never again!",
    "if you are in {city}, try {place}. The menu is short: {dish}, {dish2} and a few other dishes. {friend} eats there every {day}. "
    "[With {drink} it costs {price}.|The owner cooks everything herself.]",
)

# ---- prose: descriptions, stories, ideas ----------------------------------------------------------------------------------

_lost_thing = _family(
    {
        "thing|use": w.THINGS,
        "colour": w.COLOURS,
        "stuff": w.MATERIALS,
        "adj": w.GOOD_ADJ,
        "street": w.STREETS,
        "day": w.DAYS,
        "phone": _phone,
        "name": w.NAMES,
        "price": _price,
        "rel|he|him|his": w.RELATIVES,
    },
    "I have a_ {colour} {thing}. I use it to {use}, and I keep it in a box made of {stuff}. [It was a present from my {rel}.|It cost "
    "only {price}.] It is {adj}, and I would never give it away.",
    "found: a_ {colour} {thing} in {street}. [It lay in a box made of {stuff}.|It looks {adj}.] If it is yours, call {phone} [before "
    "{day}|and ask for {name}].",
    "last {day} I lost my {thing}. It is {colour} and has a label made of {stuff}. I need it to {use}. [My {rel} would be sad, because "
    "it was {his} gift.|{name} saw it in {street}.] Please ring {phone}.",
    'my {rel} gave {name} a_ {thing}. "It is old but {adj}," {he} said. It is {colour} and came in a box made of {stuff}. {name} '
    "[shows it to everyone|keeps it on the shelf].",
)
_places = _family(
    {
        "place|do|is": w.PLACES,
        "d1": w.PLACE_DETAILS,
        "d2": w.PLACE_DETAILS,
        "street": w.STREETS,
        "name": w.NAMES,
        "friend": w.NAMES,
        "day": w.DAYS,
        "hour": _hour,
        "n": _number(2, 300),
        "city": w.CITIES,
    },
    "the {place} in {street} is {is}. It has {d1} and {d2}. People come here to {do}. [{name} comes every {day}.|It was built {n} "
    "years ago.]",
    "if you want to {do}, go to the {place} in {city}. You will recognise it by {d1}. [At {hour} it is {is}.|It is a_ {is} place.] "
    "[{friend} showed it to me.|{name} and {friend} met there.]",
    "where is the {place}? Go down {street} until you see {d1}. Then turn [left|right] and walk {n} metres. There you can {do}. [It "
    "closes at {hour}.|On {day}s it is {is}.]",
)
_portrait = _family(
    {
        _WHO: w.PEOPLE,
        "surname": w.SURNAMES,
        "look": w.LOOKS,
        "look2": w.LOOKS,
        "c1": w.CHARACTER,
        "c2": w.CHARACTER,
        "hobby": w.HOBBIES,
        "hobby2": w.HOBBIES,
        "age": _number(19, 85),
        "job|where|does": w.JOBS,
        "city": w.CITIES,
        "cloth": w.CLOTHES,
        "colour": w.COLOURS,
    },
    "{name} {surname} is {age} years old. {He} has {look} and {look2}. {He} is {c1}[ and sometimes {c2}|]. {He} likes {hobby}, but not "
    "{hobby2}. [{He} lives in {city}.|{He} works as a_ {job}.]",
    "who is that? The person in the {colour} {cloth} is {name}. {He} {does} and comes from {city}. Friends say that {he} is {c1} and "
    "{c2}. [You can see {him} at the {hobby} club.|At {age}, {he} has started {hobby}.]",
    "my neighbour {name} is a_ {job}. {He} always wears a_ {colour} {cloth}. {He} has {look}. I thought {he} was {c1}, but {he} is "
    "really {c2}. We both like {hobby}.",
)
_story = _family(
    {
        _WHO: w.PEOPLE,
        "find|turn|prize": w.STORY_FINDS,
        "sky|scene|gear|did": w.WEATHER,
        "friend": w.NAMES,
        "place|do|is": w.PLACES,
        "city": w.CITIES,
        "trait": w.CHARACTER,
        "age": _number(6, 14),
    },
    "once there was a_ {trait} child called {name}. One {sky} day near the {place}, {he} found {find}. {He} showed it to {friend}. It "
    "{turn}. In the end there was {prize}. [Everybody was happy.|From then on {name} and {friend} were friends.]",
    '{name} was {age} years old and lived in {city}. One evening {he} discovered {find} at the {place}. "What shall we do?" asked '
    "{friend}. They soon learned that it {turn}. Their reward was {prize}[, and {name} [was very happy|could hardly believe it]|].",
    "it was a_ {sky} night, and {scene}. {friend} could not sleep and went to the {place}. There lay {find}. {name} did not believe "
    "it, but it was true: it {turn}. The story ended with {prize}.",
)
_compare = _family(
    {
        "a|b|pa|pb": w.COMPARISONS,
        "name": w.NAMES,
        "friend": w.NAMES,
        "n": w.COUNT_WORDS,
        "day": w.DAYS,
        "rel|he|him|his": w.RELATIVES,
        "city": w.CITIES,
    },
    "which is better, {a} or {b}? The first is {pa}, while the second is {pb}. {name} [likes|prefers] {a}. {friend} [says the "
    "opposite|has chosen {b}]. [My {rel} likes both.|]",
    "{a} and {b} are not the same. One is {pa}, the other is {pb}. My {rel} in {city} used to choose {b}, but [changed {his} "
    "mind|tried the other {n} years ago]. On {day} we talked about it again.",
    "for {n} years {name} preferred {b}, because {friend} said it was {pb}. Since last {day} it has been {a}. That is {pa}, says my "
    "{rel}. [People in {city} do the same.|What do you think?]",
)
_opinion = _family(
    {
        "claim|pro|con": w.OPINIONS,
        _WHO: w.PEOPLE,
        "friend": w.NAMES,
        "job|where|does": w.JOBS,
        "city": w.CITIES,
        "percent": _number(31, 88),
        "n": _number(20, 2000),
    },
    "in my opinion, {claim}. The main reason is that {pro}. [Of course, {con}.|My friend {friend} says that {con}.] Still, I [have not "
    "changed|will not change] my mind. {name}, who works as a_ {job}, [agrees|only smiles].",
    '{name}, a_ {job} from {city}, thinks that {claim}. "It is simple," {he} says, "{pro}." {friend} does not agree, because '
    "{con}. [They talk about it often.|Both are a little right.|In {city} {percent} percent agree with {name}.]",
    "{n} people in {city} were asked a question. {percent} percent said yes. The question was whether {claim}. [Those in favour|Many] "
    "said that {pro}. Others answered that {con}. {name} did not know what to say.",
)
_riddles = _family(
    {
        "thing|kind|job|place": w.USES,
        "thing2|kind2|job2|place2": w.USES,
        "name": w.NAMES,
        "friend": w.NAMES,
        "price": _price,
        "colour": w.COLOURS,
        "years": w.COUNT_WORDS,
    },
    "what is a_ {thing}? A_ {thing} is a_ {kind} that you use to {job}. [{name} saw one near {place}, and {friend} has a_ {colour} "
    "one.|{name} bought one for {price}.] A_ {thing2} is something else: you use it to {job2}.",
    "{name} needs to {job}. For this {friend} brings a_ {colour} {thing}. [It cost {price}.|It is {years} years old.] To {job2}, they "
    "take a_ {thing2}.",
    "question: What do we use to {job}? Answer: A_ {thing}. Question: And to {job2}? Answer: A_ {thing2}. {name} knew both answers, "
    "but {friend} [only the first|only the second|knew none].",
    'I am a_ {kind}. People use me to {job}. [I can be {colour}.|You can buy me for {price}.] What am I? "A_ {thing}!" said {name}. '
    '"Or a_ {thing2}?" asked {friend}. {name} was right.',
)
_weekend = _family(
    {
        _WHO: w.PEOPLE,
        "o1": w.OUTINGS,
        "o2": w.OUTINGS,
        "o3": w.OUTINGS,
        "day": w.DAYS,
        "day2": w.DAYS,
        "friend": w.NAMES,
        "time": _time,
        "sky|scene|gear|did": w.WEATHER,
        "place|do|is": w.PLACES,
    },
    "{name} has plans for {day}. First {he} wants to {o1}. At {time} {he} will meet {friend} to {o2}. [If it is {sky}, they will {o3} "
    "instead.|On {day2} {he} will {o3}.]",
    "what are we going to do on {day}? We could {o1} or {o2}. {friend} would rather {o3}. [Let us meet at the {place} at {time}.|If it "
    "is {sky}, we can go to the {place} and {do}.]",
    "last {day} {name} and {friend} wanted to {o1}. It was too {sky}. So they decided to {o2} another day. [At {time} they were back "
    'home.|"Next time we {o3}," said {friend}.]',
)
_causes = _family(
    {_WHO: w.PEOPLE, "cause|effect|act": w.CAUSES, "day": w.DAYS, "friend": w.NAMES, "feel": w.FEELINGS, "hour": _hour, "city": w.CITIES},
    "on {day} {cause}, so {effect}. {name} [thought for a moment|did not complain] and {act}. [By {hour} everything was fine.|{friend} "
    "helped {him}.]",
    "why did {name} have a bad {day}? Because {cause}. As a result, {effect}. {He} {act}, and [{friend} laughed about it|at {hour} the "
    "trouble was over].",
    "in {city} {effect}. The reason was simple: {cause}. {friend} was {feel}, but {name} {act}. [It was only {hour}.|That was on {day}.]",
)
_seasons = _family(
    {
        "season|sign|sky|next": w.SEASONS,
        _WHO: w.PEOPLE,
        "friend": w.NAMES,
        "outing": w.OUTINGS,
        "outing2": w.OUTINGS,
        "drink": w.DRINKS,
        "city": w.CITIES,
    },
    "in {season} {sign} and {sky}. {name} likes to {outing} then, while {friend} prefers to {outing2}. After {season} comes {next}.",
    "which season comes before {next}? It is {season}. In {city}, {sign} then. {name} and {friend} [drink {drink} together|{outing} "
    "every week].",
    '{season} has come to {city}: {sign}, and {sky}. {name} wants to {outing} with {friend}. ["In {next} it is too late," {he} '
    "says.|Afterwards they will have {drink}.]",
)

# ---- prose: true facts and sums ---------------------------------------------------------------------------------------------

_countries = _family(
    {
        "land|capital|part|tongue": w.COUNTRIES,
        "land2|capital2|part2|tongue2": w.COUNTRIES,
        "name": w.NAMES,
        "friend": w.NAMES,
        "fact": w.FACTS,
        "n": _number(2, 20),
    },
    "{capital} is the capital of {land}. {land} is in {part}. Many people there speak {tongue}. {friend} went there {n} years ago. "
    "[{name} learned it at school.|{fact}]",
    "what is the capital of {land}? It is {capital}. And of {land2}? That is {capital2}. {name} [got {n} points in the quiz|knew "
    "both], but {friend} [only knew one|had to look at a map].",
    "{name} comes from {land} and speaks {tongue}. {friend} was born in {land2}, in the city of {capital2}. [{capital} is the capital "
    "of {land}.|{land2} is in {part2}.] They have been friends for {n} years.",
)
_facts = _family(
    {"f1": w.FACTS, "f2": w.FACTS, "f3": w.FACTS, "f4": w.FACTS, "name": w.NAMES, "title": w.TITLES, "teacher": w.SURNAMES},
    "did you know this? {f1} {f2} [{f3}|{name} read it in a book.]",
    "{f1} {f2} {f3} [{f4}|]",
    "{title} {teacher} wrote three facts on the board. {f1} {f2} {f3} {name} copied them.",
)
_animals = _family(
    {
        "animal|young|food|kind|legs": w.ANIMALS,
        "other|young2|food2|kind2|legs2": w.ANIMALS,
        "name": w.NAMES,
        "friend": w.NAMES,
        "day": w.DAYS,
        "n": _number(2, 30),
    },
    "a_ {animal} is a_ {kind} with {legs} legs. It eats {food}. Its young is called a_ {young}. {name} learned this [from {friend}|on "
    "{day}|at the age of {n}]. [{name} has a whole book about it.|A_ {other} eats {food2}.]",
    "what does a_ {animal} eat? It eats {food}. What is a young {animal} called? A_ {young}. [And a young {other}? A_ {young2}.|What "
    "about the {other}? It eats {food2}.] {name} and {friend} [talked about it on {day}|know {n} such words].",
    "on {day} {name} and {friend} drew animals. {name} drew a_ {animal} with its {young}, and {friend} drew a_ {other}. The {animal} "
    "has {legs} legs, and the {other} has {legs2}. [They made {n} pictures.|Both hang on the wall now.]",
)
_lists = _family(
    {
        "group|a|b|c|d|e": w.GROUPS,
        "group2|a2|b2|c2|d2|e2": w.GROUPS,
        "name": w.NAMES,
        "friend": w.NAMES,
        "n": _number(3, 20),
        "day": w.DAYS,
    },
    "words for {group}: {a}, {b}, {c}, {d}. Words for {group2}: {a2}, {b2}, {c2}. [{name} knows {n} more.|{friend} learned them on {day}.]",
    '{name} is learning new words. Today the topic is {group}. {friend} says "{a}, {b}, {c}", and {name} repeats them. [Next {day} '
    "they will learn {group2}.|The word {a2} belongs to another group: {group2}.]",
    '{a}, {b} and {c} belong to the group "{group}". {a2} and {b2} belong to "{group2}". [{name} found {n} words on '
    "{day}.|{friend} added {d} and {e}.]",
)


def _sums(rng: Random) -> str:
    who, friend = rng.sample(w.NAMES, 2)
    food, shop = rng.choice(w.COUNT_FOODS), rng.choice(("the market", "the supermarket", "the corner shop", "the farm shop"))
    have, more = rng.randint(3, 50), rng.randint(2, 40)
    less, each = rng.randint(1, have), rng.randint(2, 9)
    plans = (
        f"{who} has {have} {food}. {friend} gives {who} {more} more. Now {who} has {have + more} {food}, because {have} plus {more} is "
        f"{have + more}.",
        f"there were {have} {food} in the basket. {friend} [took|ate] {less}. {have} minus {less} is {have - less}, so {have - less} were "
        f"left. {who} counted them again.",
        f"one box holds {have} {food}. How many are in {each} boxes? {have} times {each} is {have * each}. {who} bought them at {shop}, "
        f"and {friend} carried them home.",
        f"a ticket costs {have} euros. {who} buys {each} tickets and pays {have * each} euros. {friend} pays {more} euros for {food}. "
        f"Together they spend {have * each + more} euros.",
        f"{who} read {have} pages on Monday and {more} pages on Tuesday. That makes {have + more} pages. {friend} read {each} pages less, "
        f"that is {have + more - each}.",
    )
    return _polish(_fill(rng, rng.choice(plans), {}))


def _calendar(rng: Random) -> str:
    month = rng.randrange(12)
    day, weekday = rng.randint(1, w.MONTH_DAYS[month] - 8), rng.randrange(7)
    who, friend = rng.sample(w.NAMES, 2)
    name, after = w.MONTHS[month], w.MONTHS[(month + 1) % 12]
    today, tomorrow, before = (w.DAYS[(weekday + step) % 7] for step in (0, 1, -1))
    hour, length = rng.randint(8, 18), rng.randint(1, 4)
    outing, place = rng.choice(w.OUTINGS), rng.choice(w.PLACES)[0]
    plans = (
        f"today is {today}, {day} {name}. Tomorrow will be {tomorrow}, {day + 1} {name}. [In a week it will be {day + 7} {name}, a "
        f"{today} again.|{who} wants to {outing} then.]",
        f"{name} has {w.MONTH_DAYS[month]} days{' in a normal year' if month == 1 else ''}. The month after {name} is {after}. {who}'s "
        f"birthday is on {day} {name}, "
        f"and {friend}'s is on {rng.randint(1, 28)} {after}.",
        f"the course at the {place} starts at {hour}:00 and lasts {length} {'hour' if length == 1 else 'hours'}. So it ends at "
        f"{hour + length}:00. "
        f"{who} goes there on {today}, the day after {before}. {friend} comes at {hour}:30.",
        f"if {day} {name} is a {today}, then {day + 2} {name} is a {w.DAYS[(weekday + 2) % 7]}. {who} and {friend} will {outing} on "
        f"{day + 7} {name}, also a {today}.",
    )
    return _polish(_fill(rng, rng.choice(plans), {}))


def _counting(rng: Random) -> str:
    start, step, big = rng.randint(1, 60), rng.randint(1, 5), rng.randint(21, 99)
    row = [start + step * turn for turn in range(6)]
    low, high = sorted(rng.sample(range(1, 500), 2))
    who = rng.choice(w.NAMES)
    plans = (
        f"{who} counts: {', '.join(map(str, row))}. Each number is {step} more than the one before. The next one is {row[-1] + step}.",
        f"the number {big} is written {_number_name(big)}. {high} is bigger than {low}, and {low} is smaller than {high}. {who} wrote it "
        f"down.",
        f"which is more, {low} or {high}? {high} is more. The difference is {high - low}. {who} [worked it out in the head|used a "
        f"calculator].",
        f"{big} is an {'even' if big % 2 == 0 else 'odd'} number. {big} plus one is {big + 1}, which is "
        f"{'odd' if big % 2 == 0 else 'even'}. {who} lives at number {low}.",
    )
    return _polish(_fill(rng, rng.choice(plans), {}))


# ---- prose: chat ------------------------------------------------------------------------------------------------------------

_chat_plans = _chat(
    {
        "name": w.NAMES,
        "friend": w.NAMES,
        "outing": w.OUTINGS,
        "outing2": w.OUTINGS,
        "time": _time,
        "day": w.DAYS,
        "place|do|is": w.PLACES,
        "drink": w.DRINKS,
        "why": w.DELAYS,
    },
    "hey {name}, are you free on {day}? we could {outing}. {friend} is coming too[, i think|]. let me know",
    "hi! i'm running late because of {why}. [start without me|please wait at the {place}]. i'll be there at {time}. sorry!!",
    "{name}, please don't forget the tickets. the {place} closes at {time}. [are you going to bring {drink}?|see you tomorrow]",
    "can't come tonight, i'm really tired. [shall we {outing} on {day}?|maybe {friend} has time.] say hi to {friend}",
    "okay, {day} at {time} then. {friend} wants to {outing2} first. [is that okay for you?|thanks for the message {name}] :)",
    "where are you? i'm at the {place}. {friend} is here and wants {drink}. [text me|call me at {time}]",
)
_chat_home = _chat(
    {
        "name": w.NAMES,
        "friend": w.NAMES,
        "f1": w.FOODS,
        "f2": w.COUNT_FOODS,
        "d|o|b": w.CHORES,
        "machine|fault|cause|fix|result": w.APPLIANCES,
        "price": _price,
        "time": _time,
        "item": w.PARCEL_ITEMS,
        "issue|pfix|presult": w.PHONE_ISSUES,
    },
    "mum, please buy {f1} and {f2}. i'm going to {b} {o} before you are home. love, {name}",
    "the {machine} {fault} again. {friend} says {cause}. [do you have time tomorrow?|i'll call someone at {time}.] it's really annoying",
    "did the postman come? i'm waiting for {item}. it cost {price}. [please ask {friend}|thanks {name}]",
    "sorry for the late message, {issue}. {friend} {pfix}, and now it's okay. [what did you want?|call me at {time}.]",
    "i {d} {o}. can you do it tomorrow? it's your turn, {name}. [{friend} won't do it|there is {f1} in the fridge]",
)

PROSE: dict[str, Prose] = {
    "chores": _chores,
    "kitchen": _kitchen,
    "recipe": _recipe,
    "shop_visit": _shop_visit,
    "prices": _prices,
    "shopping_list": _shopping_list,
    "parcel": _parcel,
    "delivery_note": _delivery_note,
    "phones": _phones,
    "apps": _apps,
    "passwords": _passwords,
    "repairs": _repairs,
    "product_review": _product_review,
    "trip": _trip,
    "trains": _trains,
    "weather": _weather,
    "school": _school,
    "work": _work,
    "meetings": _meetings,
    "health": _health,
    "sport": _sport,
    "garden": _garden,
    "pets": _pets,
    "relatives": _relatives,
    "saving": _saving,
    "bank": _bank,
    "invoice": _invoice,
    "letter": _letter,
    "email_note": _email_note,
    "notice": _notice,
    "howto": _howto,
    "diary": _diary,
    "news": _news,
    "complaint": _complaint,
    "thanks": _thanks,
    "restaurant": _restaurant,
    "lost_thing": _lost_thing,
    "places": _places,
    "portrait": _portrait,
    "story": _story,
    "compare": _compare,
    "opinion": _opinion,
    "riddles": _riddles,
    "weekend": _weekend,
    "causes": _causes,
    "seasons": _seasons,
    "countries": _countries,
    "facts": _facts,
    "animals": _animals,
    "lists": _lists,
    "sums": _sums,
    "calendar": _calendar,
    "counting": _counting,
    "chat_plans": _chat_plans,
    "chat_home": _chat_home,
}

# ---- tasks: instruction -> answer --------------------------------------------------------------------------------------------

Exchange = tuple[str, str]


def _task(make: Callable[[Random], Exchange], most: int = 3) -> Task:
    """One to `most` exchanges of the same kind."""
    return lambda rng: [make(rng) for _ in range(rng.randint(1, most))]


def _pose(rng: Random, asks: Sequence[str], text: str) -> str:
    """Join an instruction (or a question) and the text it is about."""
    ask = rng.choice(asks)
    end = "" if ask.endswith("?") else rng.choice((":", ":", "."))
    if rng.random() < 0.2:
        return f"{text}\n{ask}{'.' if end else ''}"
    return f"{ask}{end}{rng.choice((' ', chr(10))) if end != '.' else chr(10)}{text}"


def _sentence(rng: Random, plans: Sequence[str], slots: Slots) -> tuple[str, dict[str, str]]:
    values = _draw(rng, slots)
    return _polish(_fill(rng, rng.choice(plans), values)), values


_EVENT_SLOTS: Slots = {
    "name": w.NAMES,
    "city": w.CITIES,
    "price": _any_price,
    "date": _date,
    "email": _email,
    "n": _number(2, 99),
    "good": w.GOODS,
    "food": w.COUNT_FOODS,
    "day": w.DAYS,
    "time": _time,
    "outing": w.OUTINGS,
    "dish": w.MENU,
    "machine|fault": w.APPLIANCES,
    "by": w.TRANSPORT,
    "item": w.PARCEL_ITEMS,
}
_EVENTS = (
    "{name} bought a_ {good} in {city} for {price}.",
    "{name} will arrive in {city} on {date}.",
    "the {good} cost {price}, said {name}.",
    "please write to {name} at {email}.",
    "my new address is {email}, not the old one.",
    "send the photos to {email} before {date}.",
    "{name} ate {n} {food} in {city}.",
    "there are {n} people in the room with {name}.",
    "{name} sold {n} {food} at the market.",
    "the bus from {city} had {n} seats.",
    "on {date} we will {outing} with {name}.",
    "{name} paid {price} for {dish} in {city}.",
    "the meeting with {name} is on {date} in {city}.",
    "the {by} to {city} costs {price}.",
    "I met {name} at the station in {city}.",
    "{name}'s {machine} {fault} on {date}.",
    "the parcel with {item} comes from {city}.",
    "for a ticket, write to {email} or pay {price} at the door.",
    "yesterday {name} told me that the repair costs {price}.",
    "the party begins at {time} on {date}.",
    "{name} lives in {city} and works at home.",
    "we waited {n} minutes for the {by}.",
    "on page {n} there is a picture of {city}.",
    "my friend {name} wants to {outing} on {date}.",
    "the {good} is on offer until {date}: only {price}.",
    "if {name} is not there, ask at {email}.",
    "the shop in {city} closes on {date}.",
    "{name} sent {item} to {city} and paid {price}.",
    "the invoice of {date} shows a total of {price}.",
    "the class has {n} pupils.",
    "{name} has collected {n} stamps.",
    "in {city} it was cold, so {name} bought a_ {good}.",
    "the course in {city} has {n} places left.",
)


def _extract(field: str, asks: Sequence[str]) -> Task:
    plans = tuple(plan for plan in _EVENTS if f"{{{field}}}" in plan)

    def make(rng: Random) -> Exchange:
        text, values = _sentence(rng, plans, _EVENT_SLOTS)
        return _pose(rng, asks, text), values[field]

    return _task(make)


def _asks(what: str) -> tuple[str, ...]:
    return (
        f"Find the {what} in this sentence",
        f"What is the {what} in this sentence?",
        f"Extract the {what}",
        f"Write only the {what}",
        f"Give me the {what} from this text",
        f"Which {what} is mentioned here?",
        f"Copy the {what} from the text",
        f"{what.capitalize()}?",
        f"Please tell me the {what} in the message",
        f"Take out the {what}",
    )


def _any_sentence(rng: Random) -> str:
    return _sentence(rng, _EVENTS, _EVENT_SLOTS)[0]


def _copy(rng: Random) -> Exchange:
    text = _any_sentence(rng)
    asks = (
        "Copy this text exactly",
        "Repeat this sentence",
        "Write the same text again",
        "Say exactly this",
        "Please copy",
        "Repeat after me",
        "Write this sentence once more",
        "Give the text back without changes",
        "Copy word for word",
    )
    return _pose(rng, asks, text), text


def _repeat(rng: Random) -> Exchange:
    word, times = rng.choice(w.PLAIN_WORDS), rng.randint(2, 6)
    name = _number_name(times)
    ask = rng.choice(
        (
            f"Write the word {word} {name} times.",
            f'Repeat "{word}" {times} times.',
            f"Say {word} {name} times.",
            f"{word} x {times}",
            f'Please repeat the word "{word}" {name} times.',
            f"I want to read {word} {times} times.",
            f"{times} times the word {word}, please.",
            f"Can you write {word} {name} times?",
            f"Type {word} {times} times with spaces.",
        )
    )
    return ask, " ".join([word] * times)


_TOPIC_MESSAGES: dict[str, tuple[str, ...]] = {
    "food": (
        "the {dish} needs more salt.",
        "can you buy {food} for dinner?",
        "I would like the {dish}, please.",
        "{name} cooked {dish} with {food}.",
        "are the {food} ripe?",
        "the {dish} at {place} was cold.",
    ),
    "travel": (
        "the {by} to {city} leaves at {time}.",
        "we booked a hotel in {city}.",
        "{name} is spending the holidays in {city}.",
        "where is my passport?",
        "our flight to {city} was late.",
        "how long does the {by} take to {city}?",
    ),
    "money": (
        "I paid {price} twice.",
        "the invoice shows {price}.",
        "how can I save {price} a month?",
        "{name} still owes me {price}.",
        "the bank took {price} from my account.",
        "can I pay in two parts?",
    ),
    "health": (
        "{name} has {ill}.",
        "I have {ill} and need a doctor.",
        "how often must I take this medicine?",
        "the doctor said I should rest.",
        "my {ill2} came back after lunch.",
    ),
    "tech": (
        "on my phone {issue}.",
        "I forgot the password of my computer.",
        "the {app} app does not open.",
        "how do I update the {app} app?",
        "{name} cannot connect to the internet.",
    ),
    "home": (
        "the {machine} {fault}.",
        "{name} {chore} {object}.",
        "we are painting the {room}.",
        "the window in the {room} does not close.",
        "there is water on the floor of the {room}.",
    ),
    "weather": (
        "it will be {sky} on {day}.",
        "take {gear} with you, {name}.",
        "the storm hit {city} at night.",
        "is it raining in {city}?",
        "snow is expected on {day}.",
    ),
    "sport": (
        "{team} won on {day}.",
        "{name} plays {sport} every {day}.",
        "who scored against {team}?",
        "the {sport} match starts at {time}.",
        "the coach of {team} is angry.",
    ),
    "school": (
        "the {subject} test is on {day}.",
        "{name} has homework in {subject}.",
        "the teacher explained {topic}.",
        "which pages must we read for {subject}?",
        "the pupils learn about {topic}.",
    ),
    "post": (
        "my parcel with {item} has not arrived.",
        "{name} sent a letter to {city}.",
        "the postman left a note at {time}.",
        "how much is a stamp to {city}?",
        "the package came {bad}.",
    ),
    "animals": (
        "my {pet} {game}.",
        "the {pet} is hungry.",
        "{name}'s {pet} is called {pname}.",
        "the vet looked at our {pet}.",
        "a young {animal} is a {young}.",
    ),
}
_TOPIC_SLOTS: Slots = {
    "dish": w.MENU,
    "food": w.COUNT_FOODS,
    "name": w.NAMES,
    "place": w.RESTAURANTS,
    "by": w.TRANSPORT,
    "city": w.CITIES,
    "time": _time,
    "price": _any_price,
    "ill": [row[0] for row in w.SYMPTOMS],
    "ill2": ("headache", "cough", "stomach ache", "back pain", "toothache", "fever"),
    "issue": [row[0] for row in w.PHONE_ISSUES],
    "app": w.APPS,
    "machine|fault": w.APPLIANCES,
    "chore|object": w.CHORES,
    "room": w.ROOMS,
    "sky|scene|gear": w.WEATHER,
    "day": w.DAYS,
    "team": w.TEAMS,
    "sport": w.SPORTS,
    "subject|topic": w.SUBJECTS,
    "item": w.PARCEL_ITEMS,
    "bad": w.BAD_ADJ,
    "pet|noise|game": w.PETS,
    "pname": w.PET_NAMES,
    "animal|young": w.ANIMALS,
}


def _topic(rng: Random) -> Exchange:
    topics = rng.sample(list(_TOPIC_MESSAGES), rng.randint(3, 5))
    right = rng.choice(topics)
    text, _ = _sentence(rng, _TOPIC_MESSAGES[right], _TOPIC_SLOTS)
    options = rng.choice((", ", " / ", " or ", "; ")).join(topics)
    ask = rng.choice(
        (
            f"Which topic is this message about: {options}?\n{text}",
            f"Choose one topic ({options}).\n{text}",
            f"{text}\nTopic: {options}?",
            f'Label the message with one of these: {options}.\n"{text}"',
            f"Topics: {options}\nMessage: {text}\nTopic:",
            f"Read this: {text}\nIs it about {options}?",
            f"Put this message in a group ({options}): {text}",
            f'What is "{text}" about? Options: {options}.',
            f"Answer with one word, {options}. {text}",
        )
    )
    return ask, right


_MOODS: dict[str, tuple[str, ...]] = {
    "positive": (
        "I love my new {good}.",
        "the {good} is {nice} and {nice2}.",
        "{name} was very happy with the {dish}.",
        "what a wonderful day in {city}!",
        "the {dish} at {place} was delicious.",
        "thank you, the {good} works perfectly.",
        "{name} is the best neighbour in the world.",
        "great service at {shop}!",
    ),
    "negative": (
        "I hate this {good}.",
        "the {good} is {bad} and {bad2}.",
        "{name} was angry about the {dish}.",
        "what a terrible day in {city}!",
        "the {dish} at {place} was awful.",
        "the {good} stopped working and nobody helps.",
        "never again {shop}!",
        "{name} cried because the {good} was {bad}.",
    ),
    "neutral": (
        "the {good} is in the hall.",
        "{name} goes to {shop} on {day}.",
        "the {dish} is on the menu at {place}.",
        "{city} has a station.",
        "the {good} weighs {n} kilos.",
        "{name} lives in {city}.",
        "{shop} opens at {time}.",
        "there are {n} people in the queue.",
    ),
}
_MOOD_SLOTS: Slots = {
    "good": w.GOODS,
    "nice": w.GOOD_ADJ,
    "nice2": w.GOOD_ADJ,
    "bad": w.BAD_ADJ,
    "bad2": w.BAD_ADJ,
    "name": w.NAMES,
    "dish": w.MENU,
    "city": w.CITIES,
    "place": w.RESTAURANTS,
    "shop": w.SHOPS,
    "day": w.DAYS,
    "time": _time,
    "n": _number(2, 40),
}


def _mood(rng: Random) -> Exchange:
    moods = ["positive", "negative"] + (["neutral"] if rng.random() < 0.6 else [])
    rng.shuffle(moods)
    right = rng.choice(moods)
    text, _ = _sentence(rng, _MOODS[right], _MOOD_SLOTS)
    options = ", ".join(moods[:-1]) + " or " + moods[-1]
    asks = (
        f"Is this {options}?",
        f"Sentiment ({options})",
        f"Say if the message is {options}",
        f"How does the writer feel: {options}?",
        f"Label as {options}",
        f"Is the opinion {options}?",
        f"Choose {options} for this text",
        f"Answer {options}",
        f"What is the tone, {options}?",
    )
    return _pose(rng, asks, text), right


_DID = (
    ("bought a_ {good}", "buy a_ {good}"),
    ("went to {city}", "go to {city}"),
    ("lost the keys", "lose the keys"),
    ("ate {dish}", "eat {dish}"),
    ("saw {friend}", "see {friend}"),
    ("paid {price}", "pay {price}"),
    ("took the {by}", "take the {by}"),
    ("wrote to {friend}", "write to {friend}"),
    ("sent {item}", "send {item}"),
    ("drank {drink}", "drink {drink}"),
    ("sold the {good}", "sell the {good}"),
    ("called {friend}", "call {friend}"),
)
_ACT_SLOTS: Slots = {
    _WHO: w.PEOPLE,
    "friend": w.SURNAMES,
    "good": w.GOODS,
    "good2": w.GOODS,
    "city": w.CITIES,
    "city2": w.CITIES,
    "dish": w.MENU,
    "dish2": w.MENU,
    "price": _any_price,
    "by": w.TRANSPORT,
    "item": w.PARCEL_ITEMS,
    "drink": w.DRINKS,
    "day": w.DAYS,
    "day2": w.DAYS,
    "time": _time,
    "colour": w.COLOURS,
    "colour2": w.COLOURS,
    "job|where": w.JOBS,
    "job2|where2": w.JOBS,
}


def _yes_no(rng: Random) -> Exchange:
    values = _draw(rng, {**_ACT_SLOTS, "friend": [f"{title} {name}" for title in w.TITLES for name in w.SURNAMES[:12]]})
    (past, base), (other_past, other_base) = rng.sample(_DID, 2)
    plans = (
        (f"{{name}} {past} on {{day}}.", f"did {{name}} {base}?", f"did {{name}} {other_base}?"),
        (f"{{name}} {past}, but {{he}} never {other_past}.", f"did {{name}} {base}?", f"did {{name}} {other_base}?"),
        (f"on {{day}} {{name}} {past}.", "was it on {day}?", "was it on {day2}?"),
        ("{name} is a_ {job} in {city}.", "is {name} a_ {job}?", "is {name} a_ {job2}?"),
        ("{name} lives in {city}.", "does {name} live in {city}?", "does {name} live in {city2}?"),
        ("the {good} is {colour}.", "is the {good} {colour}?", "is the {good} {colour2}?"),
        ("the shop opens on {day} at {time}.", "is the shop open on {day}?", "does it say that the shop opens on {day2}?"),
    )
    text, true_question, false_question = (_polish(_fill(rng, part, values)) for part in rng.choice(plans))
    right = rng.random() < 0.5
    question = true_question if right else false_question
    ask = rng.choice(
        (
            f"{text} {question}",
            f"{text}\n{question}",
            f"Answer yes or no. {text} {question}",
            f"Read: {text} Question: {question}",
            f"Text: {text}\nQuestion: {question}\nYes or no?",
            f"{question} Here is the text: {text}",
            f"Yes or no: {question}\n{text}",
            f'"{text}" {question} Say yes or no.',
        )
    )
    return ask, "Yes." if right else "No."


_SHORT_QUESTIONS = (
    (
        "{name} bought a_ {good} in {city} on {day}.",
        (("where did {name} buy the {good}?", "{city}"), ("when did {name} buy it?", "{day}"), ("who bought the {good}?", "{name}")),
    ),
    (
        "{name} is a_ {job} and drives a_ {colour} car.",
        (("what colour is the car?", "{colour}"), ("who drives the car?", "{name}"), ("what is {name}'s job?", "{job}")),
    ),
    (
        "at {time} {name} took the {by} to {city}.",
        (("when did {name} leave?", "{time}"), ("where did {name} go?", "{city}"), ("what did {name} take?", "the {by}")),
    ),
    (
        "{name} ate {dish} and drank {drink} on {day}.",
        (("what did {name} eat?", "{dish}"), ("what did {name} drink?", "{drink}"), ("what day was it?", "{day}")),
    ),
    (
        "the {colour} {good} costs {price}.",
        (("how much is it?", "{price}"), ("which colour is the {good}?", "{colour}"), ("what costs {price}?", "the {colour} {good}")),
    ),
    (
        "{name} sent {item} from {city} to {city2}.",
        (("who sent it?", "{name}"), ("where was it sent from?", "{city}"), ("where was it sent to?", "{city2}")),
    ),
    (
        "the lesson is on {day} at {time} with {name}.",
        (("when is the lesson?", "{day} at {time}"), ("who gives the lesson?", "{name}"), ("at what time?", "{time}")),
    ),
)


def _short_answer(rng: Random) -> Turns:
    text, questions = rng.choice(_SHORT_QUESTIONS)
    values = _draw(rng, _ACT_SLOTS)
    text = _polish(_fill(rng, text, values))
    turns: Turns = []
    for question, answer in rng.sample(questions, rng.randint(1, 3)):
        asked = _polish(_fill(rng, question, values))
        full = _fill(rng, answer, values)
        opening = rng.choice(
            (
                f"{text} {asked}",
                f"{text}\n{asked}",
                f"Text: {text}\nQuestion: {asked}",
                f"Read this. {text} {asked}",
                f"Answer briefly. {text} {asked}",
                f"{asked} {text}",
                f"Use the text to answer.\n{text}\n{asked}",
                f'"{text}" {asked}',
            )
        )
        turns.append((asked if turns else opening, f"{full[0].upper()}{full[1:]}."))
    return turns


def _opposite(rng: Random) -> Exchange:
    word, other = rng.choice(w.OPPOSITES)
    ask = rng.choice(
        (
            f"What is the opposite of {word}?",
            f'Opposite of "{word}"?',
            f"Give me the opposite of {word}.",
            f"{word}: opposite?",
            f"The opposite of {word} is",
            f"I need a word that means the contrary of {word}.",
            f"Not {word}, but what?",
            f"Write the opposite: {word}",
            f"Which word is the opposite of {word}?",
            f"Say the opposite of the word {word}, please.",
        )
    )
    return ask, other


def _plural(rng: Random) -> Exchange:
    one, many = rng.choice(w.PLURALS)
    n = rng.choice(w.COUNT_WORDS)
    ask = rng.choice(
        (
            f"What is the plural of {one}?",
            f'Plural of "{one}"?',
            f"One {one}, {n} what?",
            f"Write the plural: {one}",
            f"Give the plural of {one}.",
            f"{one} -> plural?",
            f"How do you say {one} when there are {n}?",
            f"Make this plural: {one}",
            f"Complete: one {one}, {n} ...",
            f"I have {n}. Plural of {one}, please.",
        )
    )
    return ask, many


def _singular(rng: Random) -> Exchange:
    one, many = rng.choice(w.PLURALS)
    n = rng.choice(w.COUNT_WORDS)
    ask = rng.choice(
        (
            f"What is the singular of {many}?",
            f'Singular of "{many}"?',
            f"{n} {many}, one what?",
            f"Write the singular: {many}",
            f"Give the singular of {many}.",
            f"{many} -> singular?",
            f"Not {n} {many}, only one. What is the word?",
            f"Make this singular: {many}",
            f"Complete: {n} {many}, one ...",
        )
    )
    return ask, one


def _spelling(rng: Random) -> Exchange:
    word = rng.choice(w.PLAIN_WORDS)
    mark = rng.choice(("-", " "))
    how = "hyphens" if mark == "-" else "spaces"
    ask = rng.choice(
        (
            f"Spell {word} with {how}.",
            f"How do you spell {word}? Use {how}.",
            f"Write {word} letter by letter with {how}.",
            f'Spelling of "{word}" ({how})?',
            f"Please spell the word {word}, with {how}.",
            f"Spell it with {how}: {word}",
            f"Letters of {word}, {how} between them?",
            f"Can you spell {word} using {how}?",
        )
    )
    return ask, mark.join(word)


def _letters(rng: Random) -> Exchange:
    word = rng.choice(w.PLAIN_WORDS)
    plans = (("first letter", word[0]), ("last letter", word[-1]), ("number of letters", str(len(word))))
    what, answer = rng.choice(plans)
    ask = rng.choice(
        (
            f"What is the {what} of {word}?",
            f'Give the {what} in "{word}".',
            f"{word}: {what}?",
            f"Tell me the {what} of the word {word}.",
            f"Word: {word}. The {what}?",
            f"Look at {word}. What is the {what}?",
            f"Write the {what} of {word}.",
            f"I need the {what} of {word}.",
            f"Which is the {what} in {word}?",
        )
    )
    return ask, answer


def _items(rng: Random, low: int, high: int) -> list[str]:
    pool = rng.choice((w.COUNT_FOODS, w.CLOTHES, w.FOODS, w.NAMES, w.CITIES, w.COLOURS))
    return rng.sample(pool, rng.randint(low, high))


def _count(rng: Random) -> Exchange:
    items = _items(rng, 2, 7)
    asks = (
        "How many things are in this list?",
        "Count the items",
        "How many words or names are separated by commas?",
        "Number of items?",
        "Count what is listed here",
        "Tell me how many items there are",
        "How long is this list?",
        "Write the number of items",
    )
    return _pose(rng, asks, ", ".join(items)), str(len(items))


def _case(rng: Random) -> Exchange:
    text = rng.choice(
        (rng.choice(w.PLAIN_WORDS), f"{rng.choice(w.COLOURS)} {rng.choice(w.CLOTHES)}", rng.choice(w.NAMES), _any_sentence(rng))
    )
    if rng.random() < 0.7:
        asks = (
            "Put this in upper case",
            "Write in capital letters",
            "Use capitals",
            "Make all letters big",
            "Change to upper case",
            "CAPITALS, please",
            "Convert this to capital letters",
            "Shout this in capitals",
        )
        return _pose(rng, asks, text), text.upper()
    asks = (
        "Put this in lower case",
        "Write in small letters",
        "No capitals, please",
        "Change to lower case",
        "Make all letters small",
        "Lower case",
        "Convert this to small letters",
        "Use only small letters",
    )
    return _pose(rng, asks, text.upper()), text.lower()


def _word_place(rng: Random) -> Exchange:
    words = _any_sentence(rng).rstrip(".").split()
    where, at = rng.choice((("first", 0), ("last", -1), ("second", 1), ("third", 2)))
    asks = (
        f"What is the {where} word?",
        f"Write the {where} word of the sentence",
        f"Give me the {where} word",
        f"Which word is the {where} one here?",
        f"The {where} word, please",
        f"Find the {where} word",
        f"Copy only the {where} word",
        f"{where.capitalize()} word?",
        f"Tell me the {where} word of this text",
    )
    return _pose(rng, asks, " ".join(words)), words[at].strip(",:")


def _odd_one(rng: Random) -> Exchange:
    group, other = rng.sample(w.GROUPS, 2)
    odd = rng.choice([word for word in other[1:] if word not in group])
    words = [*rng.sample(group[1:], rng.randint(3, 4)), odd]
    rng.shuffle(words)
    asks = (
        "Which word does not belong?",
        "Find the odd one out",
        "Choose the odd one out",
        "Which one is different?",
        "One word does not fit. Which one?",
        "Odd one out?",
        "Write the word that is not like the others",
        "Pick the word that does not match the group",
    )
    return _pose(rng, asks, ", ".join(words)), odd


def _group_name(rng: Random) -> Exchange:
    group, *others = rng.sample(w.GROUPS, 3)
    words = ", ".join(rng.sample(group[1:], 3))
    options = [group[0], *(row[0] for row in others)]
    rng.shuffle(options)
    choices = ", ".join(options)
    ask = rng.choice(
        (
            f"What are these: {words}? Choose: {choices}.",
            f"{words}. Which group: {choices}?",
            f"Name the group ({choices}): {words}",
            f"Do {words} belong to {choices}?",
            f"Groups: {choices}\nWords: {words}\nGroup:",
            f"Put {words} in one group. Options: {choices}.",
            f"Pick one of {choices} for {words}.",
            f"Which word fits {words}? {choices}",
        )
    )
    return ask, group[0]


def _complete(rng: Random) -> Exchange:
    values = _draw(rng, {"land|capital|part|tongue": w.COUNTRIES, "thing|kind|job": w.USES, "animal|young": w.ANIMALS})
    day, month, n = rng.randrange(7), rng.randrange(12), rng.randint(1, 98)
    plans = (
        ("The capital of {land} is", "{capital}"),
        ("{capital} is the capital of", "{land}"),
        ("In {land} many people speak", "{tongue}"),
        ("To {job} we use", "a_ {thing}"),
        ("The young of a_ {animal} is called", "a_ {young}"),
        ("{land} is a country in", "{part}"),
        (f"The day after {w.DAYS[day]} is", w.DAYS[(day + 1) % 7]),
        (f"The day before {w.DAYS[day]} is", w.DAYS[day - 1]),
        (f"The month after {w.MONTHS[month]} is", w.MONTHS[(month + 1) % 12]),
        (f"After the number {n} comes", str(n + 1)),
        (f"Before the number {n} comes", str(n - 1)),
        (f"{n} plus 1 is", str(n + 1)),
    )
    start, end = (_fill(rng, part, values) for part in rng.choice(plans))
    asks = (
        "Complete the sentence",
        "Finish this sentence",
        "What comes next?",
        "Fill in the end",
        "Complete",
        "How does this go on?",
        "Add the missing end",
        "Continue in one or two words",
    )
    return _pose(rng, asks, f"{start} ..."), f"{end}."


_REPLIES = (
    ("can you come on {day} at {time}?", "Yes, {day} at {time} is fine. See you then!"),
    ("happy birthday, {name}!", "Thank you very much, that is very kind!"),
    ("sorry, I am {n} minutes late.", "No problem, take your time."),
    ("thank you for {favour}.", "You are welcome! It was a pleasure."),
    ("do you want to {outing} on {day}?", "I would love to. What time shall we meet?"),
    ("I have {ill}.", "I am sorry to hear that. Get well soon!"),
    ("{name} passed the {subject} test!", "Congratulations to {name}! That is great news."),
    ("did you get {item}?", "Yes, thank you! Everything is fine."),
    ("the {machine} {fault} again.", "Oh no, that is annoying. Have you called a technician?"),
    ("could you send me {ask}?", "Of course, I will send it today."),
    ("good morning, {name}. How are you?", "Good morning! I am fine, thank you. And you?"),
    ("the meeting is moved to {day}.", "Thank you for telling me. I will note {day}."),
    ("I cannot come on {day}.", "What a pity! Let us find another day."),
    ("where shall we meet in {city}?", "Let us meet at the station."),
    ("we are having {dish} tonight, will you join us?", "With pleasure! Shall I bring something to drink?"),
    ("good night, {name}.", "Good night! Sleep well."),
)
_REPLY_SLOTS: Slots = {
    "day": w.DAYS,
    "time": _time,
    "name": w.NAMES,
    "n": _number(5, 45),
    "favour": w.FAVOURS,
    "outing": w.OUTINGS,
    "ill": [row[0] for row in w.SYMPTOMS],
    "subject|topic": w.SUBJECTS,
    "item": w.PARCEL_ITEMS,
    "machine|fault": w.APPLIANCES,
    "ask": w.REQUESTS[:9:2],
    "city": w.CITIES,
    "dish": w.MENU,
}


def _pair(pairs: Sequence[Exchange], slots: Slots, asks: Sequence[str]) -> Task:
    """A text and its answer that share their slots."""

    def make(rng: Random) -> Exchange:
        values = _draw(rng, slots)
        text, answer = (_polish(_fill(rng, part, values)) for part in rng.choice(pairs))
        return _pose(rng, asks, text), answer

    return _task(make, 2)


_SHORTER = (
    ("I would like to let you know that {name} will not be able to come on {day}.", "{name} cannot come on {day}."),
    ("because of {why}, the {by} to {city} is going to arrive much later than planned.", "the {by} to {city} is late because of {why}."),
    ("it would be really nice if you could perhaps {outing} with {name} on {day}.", "please {outing} with {name} on {day}."),
    ("I am writing to ask whether it is possible to have {ask}.", "I would like {ask}."),
    ("the {good}, which {name} bought last week in {city}, is {bad}.", "{name}'s new {good} is {bad}."),
    ("at this point in time we do not have any {food} left in the kitchen.", "we have no {food} left."),
    ("the price of the {good} that you can see in the window is {price}.", "the {good} costs {price}."),
    ("please do not forget that the meeting is going to start at {time} on {day}.", "the meeting is at {time} on {day}."),
    ("as far as I can remember, {name} lives somewhere in the middle of {city}.", "{name} lives in {city}."),
    ("there is no doubt that the {dish} at {place} is the best in the whole of {city}.", "the best {dish} in {city} is at {place}."),
)
_SHORTER_SLOTS: Slots = {
    "name": w.NAMES,
    "day": w.DAYS,
    "why": w.DELAYS,
    "by": w.TRANSPORT,
    "city": w.CITIES,
    "outing": w.OUTINGS,
    "ask": w.REQUESTS,
    "good": w.GOODS,
    "bad": w.BAD_ADJ,
    "food": w.COUNT_FOODS,
    "price": _any_price,
    "time": _time,
    "dish": w.MENU,
    "place": w.RESTAURANTS,
}


def _list_items(rng: Random) -> Exchange:
    items = _items(rng, 3, 5)
    joined = ", ".join(items[:-1]) + " and " + items[-1]
    text = rng.choice(
        (
            f"I need {joined}.",
            f"On the table it says {joined}.",
            f"{rng.choice(w.NAMES)} wrote down {joined}.",
            f"The words are {joined}.",
            f"We talked about {joined}.",
        )
    )
    asks = (
        "Make a list from this sentence",
        "Write the items one per line",
        "Turn this into a list",
        "List the items",
        "Put each thing on its own line",
        "Show this as a list",
        "Which items are named? Make a list",
        "Please list what is named here",
    )
    return _pose(rng, asks, text), "\n".join(f"- {item}" for item in items)


def _sorted_items(rng: Random) -> Exchange:
    if rng.random() < 0.5:
        numbers = rng.sample(range(1, 100), rng.randint(3, 5))
        asks = (
            "Sort these numbers",
            "Put the numbers in order",
            "From small to big",
            "Order the numbers, smallest first",
            "Arrange the numbers",
            "Write the numbers in order",
            "Start with the smallest",
            "Sort from low to high",
        )
        return _pose(rng, asks, ", ".join(map(str, numbers))), ", ".join(map(str, sorted(numbers)))
    names = rng.sample(w.NAMES, rng.randint(3, 4))
    asks = (
        "Sort these names",
        "Put the names in alphabetical order",
        "Names from A to Z",
        "Order the names by alphabet",
        "Arrange the names from A to Z",
        "Write the names in order",
        "Alphabetical order, please",
        "Sort from A to Z",
    )
    return _pose(rng, asks, ", ".join(names)), ", ".join(sorted(names))


def _arithmetic(rng: Random) -> Exchange:
    a, b = rng.randint(1, 40), rng.randint(1, 20)
    first, sign, said, answer = rng.choice(((a, "+", "plus", a + b), (a + b, "-", "minus", a)))
    ask = rng.choice(
        (
            f"What is {first} {said} {b}?",
            f"{first} {sign} {b} = ?",
            f"How much is {first} {said} {b}?",
            f"Calculate {first} {sign} {b}.",
            f"{first} {said} {b}?",
            f"Please work out {first} {sign} {b}.",
            f"Give me the result of {first} {said} {b}.",
            f"Can you tell me {first} {said} {b}?",
        )
    )
    return ask, str(answer)


_LANGUAGES: dict[str, tuple[str, ...]] = {
    "English": (
        "where is the {n} bus?",
        "my name is {name}.",
        "{name} lives in a small house.",
        "we need {n} chairs.",
        "good evening, {name}!",
        "I do not know {name}.",
        "it costs {n} euros.",
    ),
    "Spanish": (
        "¿dónde está el autobús {n}?",
        "me llamo {name}.",
        "{name} vive en una casa pequeña.",
        "necesitamos {n} sillas.",
        "¡buenas noches, {name}!",
        "no conozco a {name}.",
        "cuesta {n} euros, gracias.",
    ),
    "French": (
        "où est le bus {n} ?",
        "je m'appelle {name}.",
        "{name} habite dans une petite maison.",
        "nous avons besoin de {n} chaises.",
        "bonsoir, {name} !",
        "je ne connais pas {name}.",
        "ça coûte {n} euros.",
    ),
    "Italian": (
        "dov'è l'autobus {n}?",
        "mi chiamo {name}.",
        "{name} abita in una piccola casa.",
        "abbiamo bisogno di {n} sedie.",
        "buonasera, {name}!",
        "non conosco {name}.",
        "il biglietto costa {n} euro.",
    ),
    "Catalan": (
        "on és l'autobús {n}?",
        "em dic {name}.",
        "{name} viu en una casa petita.",
        "necessitem {n} cadires.",
        "bon vespre, {name}!",
        "no conec {name}.",
        "això costa {n} euros, gràcies.",
    ),
    "German": (
        "wo ist der Bus {n}?",
        "ich heiße {name}.",
        "{name} wohnt in einem kleinen Haus.",
        "wir brauchen {n} Stühle.",
        "guten Abend, {name}!",
        "ich kenne {name} nicht.",
        "das kostet {n} Euro.",
    ),
    "Portuguese": (
        "onde fica o autocarro {n}?",
        "o meu nome é {name}.",
        "{name} mora numa casa pequena.",
        "precisamos de {n} cadeiras.",
        "boa noite, {name}!",
        "não conheço {name}.",
        "o bilhete custa {n} euros, obrigado.",
    ),
}


def _language(rng: Random) -> Exchange:
    right = rng.choice(list(_LANGUAGES))
    text, _ = _sentence(rng, _LANGUAGES[right], {"name": w.NAMES, "n": _number(2, 60)})
    asks = (
        "Which language is this?",
        "What language is this sentence in?",
        "Name the language",
        "Language?",
        "Tell me the language of this text",
        "In which language is this written?",
        "Do you know this language?",
        "Identify the language",
        "Is it English, Spanish or another language?",
    )
    return _pose(rng, asks, text), f"{right}."


def _greet(rng: Random) -> Exchange:
    title, surname, name = rng.choice(w.TITLES), rng.choice(w.SURNAMES), rng.choice(w.NAMES)
    gift, favour, city = rng.choice(w.GIFTS), rng.choice(w.FAVOURS), rng.choice(w.CITIES)
    full = f"{title} {surname}"
    return rng.choice(
        (
            (f"Greet {full} politely.", f"Good morning, {full}. How are you?"),
            (f"Say hello to {name}.", f"Hello, {name}!"),
            (f"Thank {name} for {gift}.", f"Thank you for {gift}, {name}!"),
            (f"Thank {full} for {favour}.", f"Thank you very much for {favour}, {full}."),
            (f"Say goodbye to {name}.", f"Goodbye, {name}! See you soon."),
            (f"Wish {name} a good trip to {city}.", f"Have a good trip to {city}, {name}!"),
            (f"Welcome {full} to {city}.", f"Welcome to {city}, {full}!"),
            (f"Wish {name} a happy birthday.", f"Happy birthday, {name}!"),
            (f"Write the first line of a letter to {full}.", f"Dear {full},"),
            (f"How do I begin a message to my friend {name}?", f"Hi {name},"),
            (f"Say sorry to {name} for being late.", f"I am sorry I am late, {name}."),
            (f"Wish {full} a nice weekend.", f"Have a nice weekend, {full}."),
            (f"Hello, I am {name} from {city}.", f"Hello, {name}! Nice to meet you."),
            (f"Introduce {name} to {full}.", f"{full}, this is {name}. {name}, this is {full}."),
        )
    )


TASKS: dict[str, Task] = {
    "copy": _task(_copy, 2),
    "repeat": _task(_repeat),
    "extract_name": _extract("name", _asks("name") + ("Who is mentioned?",)),
    "extract_date": _extract("date", _asks("date") + ("On which date?",)),
    "extract_price": _extract("price", _asks("price") + ("How much?", "Which amount of money is named?")),
    "extract_place": _extract("city", _asks("city") + ("Which place is named?", "Find the place")),
    "extract_email": _extract("email", _asks("e-mail address") + ("Which address can I write to?",)),
    "extract_number": _extract("n", _asks("number") + ("How many?",)),
    "topic": _task(_topic, 2),
    "sentiment": _task(_mood, 2),
    "yes_no": _task(_yes_no, 2),
    "short_answer": _short_answer,
    "opposite": _task(_opposite, 3),
    "plural": _task(lambda rng: _plural(rng) if rng.random() < 0.7 else _singular(rng)),
    "spelling": _task(_spelling),
    "letters": _task(_letters),
    "count": _task(_count, 2),
    "case": _task(_case, 2),
    "word_place": _task(_word_place, 2),
    "odd_one_out": _task(_odd_one, 2),
    "group_name": _task(_group_name, 2),
    "complete": _task(_complete),
    "reply": _pair(
        _REPLIES,
        _REPLY_SLOTS,
        (
            "Write a short polite reply",
            "How do I answer this message?",
            "Reply to this message",
            "Answer in one line",
            "Give a friendly answer",
            "What can I answer?",
            "Write an answer",
            "Someone writes to me. Reply politely",
            "Answer kindly",
        ),
    ),
    "shorten": _pair(
        _SHORTER,
        _SHORTER_SLOTS,
        (
            "Make this shorter",
            "Rewrite this in fewer words",
            "Shorten the sentence",
            "Say it more briefly",
            "Too long. Make it short",
            "Write a shorter version",
            "Can you say this in fewer words?",
            "Keep only what is important",
        ),
    ),
    "list_items": _task(_list_items, 2),
    "sort": _task(_sorted_items, 2),
    "arithmetic": _task(_arithmetic),
    "language": _task(_language, 2),
    "greet": _task(_greet, 2),
}

# ---- dialogues, one by one ----------------------------------------------------------------------------------------------------

DIALOGUES: list[Turns] = [
    [
        ("Hi! How are you today?", "I am very well, thank you. How can I help?"),
        ("I just want to chat.", "With pleasure. What did you do this morning?"),
        ("I walked along the river.", "That sounds relaxing. Did you see any ducks?"),
    ],
    [
        ("What can I cook with eggs and potatoes?", "A Spanish omelette. You only need an onion and some oil."),
        ("How long does it take?", "About half an hour, mostly for the potatoes."),
        ("Great, I will try it.", "Enjoy your meal!"),
    ],
    [
        ("My bread is always too dry.", "Perhaps it stays in the oven too long."),
        ("I bake it for an hour.", "Try forty minutes, and put a cup of water in the oven."),
        ("Thanks for the tip.", "You are welcome. Good luck!"),
    ],
    [
        ("Is it going to rain tomorrow?", "I cannot see the forecast, but you can check a weather app."),
        ("I will just take an umbrella.", "That is always a safe choice."),
    ],
    [
        ("Help! I spilled coffee on my shirt.", "Rinse it with cold water right away."),
        ("And then?", "Rub in a little soap, wait ten minutes and wash it as usual."),
        ("It worked!", "Wonderful, your shirt is saved."),
    ],
    [
        ('What does "invoice" mean?', "An invoice is a document that asks you to pay for goods or a service."),
        ("Is it the same as a receipt?", "No. A receipt proves that you have already paid."),
    ],
    [
        ("I cannot sleep at night.", "I am sorry. Do you drink coffee in the evening?"),
        ("Yes, two cups.", "Try to stop after lunch, and keep your phone out of the bedroom."),
        ("That will be hard.", "Start with one small change and be patient."),
    ],
    [
        ("Can you recommend a present for my dad?", "What does he like to do?"),
        ("He loves fishing.", "Then a warm hat or a good flask for tea would be nice."),
    ],
    [
        (
            "Write a short note to my neighbour about the noise.",
            "Dear neighbour, could you please keep the music low after ten? Thank you!",
        ),
        ("Make it more friendly.", "Hi! Your music is nice, but the walls are thin. Could you turn it down after ten? Thanks a lot!"),
    ],
    [("What is seven times eight?", "Seven times eight is 56."), ("And plus four?", "56 plus 4 is 60.")],
    [
        ("Tell me something about bees.", "Bees live together in a hive and make honey from nectar."),
        ("Do all bees sting?", "No, male bees have no sting."),
        ("I did not know that.", "Nature is full of surprises."),
    ],
    [
        ("I missed my train.", "Oh dear. When does the next one leave?"),
        ("In two hours.", "You could sit in a cafe and read for a while."),
        ("Good idea, I have a book.", "Then the time will pass quickly."),
    ],
    [
        ("How do I remove a sticker from glass?", "Soak it in warm water with soap."),
        ("Some glue is still there.", "Rub it with a drop of cooking oil, then wash the glass."),
    ],
    [
        ("My plant has yellow leaves.", "Maybe it gets too much water."),
        ("I water it every day.", "Wait until the soil feels dry, then water it again."),
        ("Should I cut the leaves?", "Yes, remove the ones that are completely yellow."),
    ],
    [
        ("I want to learn Italian.", "What a nice plan! Do you know any words?"),
        ("Only ciao.", "That is a start. It means both hello and goodbye."),
        ("How do I say thank you?", "You say grazie."),
    ],
    [
        ("What is the capital of Portugal?", "The capital of Portugal is Lisbon."),
        ("Is it by the sea?", "It lies on the river Tagus, very close to the Atlantic Ocean."),
    ],
    [
        ("I have an exam on Friday and I am scared.", "That is normal. Which part worries you most?"),
        ("The dates in history.", "Write them on cards and go through them twice a day."),
        ("And on the day itself?", "Have breakfast, breathe slowly and start with the easy questions."),
    ],
    [
        ("Can you keep a secret?", "I will not repeat it in this chat, but never share passwords with me."),
        ("It is only about a party.", "Then tell me, I like parties."),
    ],
    [
        ("Which is heavier, a kilo of iron or a kilo of feathers?", "They weigh the same: one kilo."),
        ("You knew the trick!", "It is an old and good one."),
    ],
    [
        ("The bulb in the hall is broken again.", "How often does it happen?"),
        ("Every month.", "Then the lamp itself may be faulty. Ask an electrician to look at it."),
    ],
    [
        ("hey, u there?", "Yes, I am here. What is up?"),
        ("nothing, im bored", "You could call a friend or go for a short walk."),
        ("ok ill call tom", "Good choice. Have fun!"),
    ],
    [
        ("Please list three green vegetables.", "- peas\n- spinach\n- lettuce"),
        ("And three red fruits.", "- cherries\n- strawberries\n- raspberries"),
    ],
    [
        ("My son does not want to eat vegetables.", "Many children are like that. Does he help in the kitchen?"),
        ("Not yet.", "Let him wash the carrots or choose one at the market."),
        ("Do you think it works?", "Children often taste what they have made themselves."),
    ],
    [
        ("How many days are there in June?", "June has 30 days."),
        ("And in July?", "July has 31 days."),
        ("Which month is the shortest?", "February, with 28 or 29 days."),
    ],
    [
        ("I bought shoes and they are too small.", "Do you still have the receipt?"),
        ("Yes, from last Saturday.", "Then take both to the shop and ask for a bigger size."),
    ],
    [
        ("What should I wear to a job interview?", "Something clean and simple that you feel good in."),
        ("Is a tie necessary?", "In a bank yes, in a small workshop probably not."),
        ("It is in a bakery.", "Then a neat shirt is enough."),
    ],
    [
        ("My grandmother turns ninety tomorrow!", "How wonderful! Will there be a party?"),
        ("Yes, with the whole family.", "Wish her a happy birthday from me."),
        ("I will. She will laugh.", "Then my wish has already worked."),
    ],
    [
        ("Can I freeze cooked rice?", "Yes, let it cool quickly and put it in a closed box."),
        ("For how long?", "It keeps for about a month."),
    ],
    [
        ("What is the difference between a frog and a toad?", "Frogs have smooth, wet skin. Toads have dry skin with bumps."),
        ("Which one jumps better?", "The frog, because of its long legs."),
    ],
    [
        ("I have lost my keys.", "Where did you see them last?"),
        ("On the kitchen table.", "Look under the newspapers and in your coat pockets."),
        ("They were in the fridge!", "That happens when we are tired. At least they are cold and safe."),
    ],
    [("Say something nice to me.", "You are doing better than you think."), ("Thank you, I needed that.", "Any time.")],
    [
        ("How do I write the date in a letter?", "For example: 14 March 2024."),
        ("Where does it go?", "At the top, usually on the right."),
        ("And how do I end the letter?", 'With "Kind regards" and your name.'),
    ],
    [
        ("The neighbours are on holiday and their alarm is ringing.", "Do you have their phone number?"),
        ("No, I do not.", "Then call the local police on the normal number and explain it."),
    ],
    [
        ("I would like to run five kilometres.", "Good goal! Do you run already?"),
        ("Only to the bus.", "Begin with one minute of running and two of walking, ten times."),
        ("How often a week?", "Three times, with a day of rest between."),
    ],
    [
        ("Please correct: He go to school every day.", "He goes to school every day."),
        ("Why goes?", "With he, she and it, the verb gets an s."),
    ],
    [("Please correct this: I has two cats.", "I have two cats."), ("And: She have a dog.", "She has a dog.")],
    [("What time is it in words: 3:15?", "A quarter past three."), ("And 3:45?", "A quarter to four."), ("And 3:30?", "Half past three.")],
    [
        ("My cat sleeps all day.", "Cats often sleep more than twelve hours a day."),
        ("So he is not ill?", "If he eats and plays as usual, it is normal."),
    ],
    [
        ("Is a tomato a fruit?", "For a botanist yes, because it has seeds. In the kitchen we treat it as a vegetable."),
        ("So both are right?", "Yes, it depends on who is asking."),
    ],
    [
        ("I am moving to a new flat next week.", "Exciting! Have you packed already?"),
        ("Not a single box.", "Start with the things you use least, such as books and winter clothes."),
        ("And the plates?", "Wrap them in newspaper and stand them on edge."),
        ("What goes last?", "The kettle, two cups and your toothbrush."),
    ],
    [("Whats a good name for a grey cat?", "Perhaps Smoke, Pebble or Misty."), ("Misty is lovely!", "Then welcome home, Misty.")],
    [
        ("I think someone stole my bike.", "I am sorry. Did you lock it?"),
        ("Yes, by the library.", "Report it to the police with the frame number and a photo."),
    ],
    [
        ("What do you do all day?", "I answer questions and help with small texts."),
        ("Do you get tired?", "No, but I like clear questions."),
    ],
    [
        ("Can you count backwards from five?", "Five, four, three, two, one."),
        ("And in steps of two from ten?", "Ten, eight, six, four, two, zero."),
    ],
    [
        ("The soup is too salty. What now?", "Add more water and a raw potato, and let it cook a while."),
        ("I have no potato.", "Rice or a little cream helps too."),
    ],
    [
        ("My daughter wants a dog.", "Do you have time for walks?"),
        ("In the morning, not in the evening.", "Could a neighbour help in the evening?"),
        ("Maybe my sister.", "Then talk with everyone before you decide."),
    ],
    [
        ("Where do penguins live?", "Most of them live in the south, for example in Antarctica."),
        ("Can they fly?", "No, but they swim very well."),
    ],
    [
        ("I got a message that I won a million.", "Did you take part in any lottery?"),
        ("No, never.", "Then it is a trick. Do not click on the link, and delete it."),
    ],
    [
        ("Someone called and asked for my card number.", "Did you give it?"),
        ("No, I hung up.", "Very good. A real bank never asks for that on the phone."),
    ],
    [
        ("How do you make lemonade?", "Mix the juice of three lemons with a litre of water and some sugar."),
        ("How much sugar?", "Four spoons to begin with, then taste it."),
    ],
    [('What is the past tense of "buy"?', "Bought."), ('And of "bring"?', "Brought."), ('And of "eat"?', "Ate.")],
    [
        ("I had a fight with my best friend.", "That hurts. What happened?"),
        ("I forgot her concert.", "Tell her that you are sorry and ask about the next one."),
        ("What if she does not answer?", "Give her a few days. A small card can also help."),
    ],
    [
        ("Could you shorten this? I am going to go to the shop in order to buy some milk.", "I am going to buy milk."),
        ("Even shorter, please.", "Off to buy milk."),
    ],
    [("Who wrote Don Quixote?", "Miguel de Cervantes wrote it."), ("In which language?", "In Spanish.")],
    [
        ("The lift is out of order again.", "Which floor do you live on?"),
        ("The sixth!", "That is a good workout. Have you told the caretaker?"),
        ("He is on holiday.", "Then call the number inside the lift."),
    ],
    [
        ("I feel dizzy when I stand up fast.", "Sit down and drink some water."),
        ("It happens every day.", "Then please see a doctor and have your blood pressure checked."),
    ],
    [
        ("What is a good breakfast before a hike?", "Oats with fruit and some nuts."),
        ("I do not like oats.", "Then bread with cheese and a banana."),
        ("And to drink?", "Water or tea, and take a full bottle with you."),
    ],
    [
        ("My computer is very slow.", "When did you last restart it?"),
        ("A month ago.", "Restart it and close the programs you do not need."),
        ("Now it is better.", "Good. Do that once a week."),
    ],
    [('Translate "house" into Spanish.', "Casa."), ('And "dog"?', "Perro."), ('And "thank you"?', "Gracias.")],
    [('How do you say "bread" in French?', "Pain."), ('And "water"?', "Eau.")],
    [("I need a word that rhymes with light.", "Night."), ("Another one?", "Bright."), ("One more, please.", "Kite.")],
    [
        (
            "Tell me a short story.",
            "A snail wanted to see the sea. It took a whole year, and when it arrived, the sunset was just beginning.",
        ),
        ("What did it do then?", "It stayed and watched until the stars came out."),
    ],
    [("Knock knock!", "Who is there?"), ("Lettuce.", "Lettuce who?"), ("Lettuce in, it is cold!", "Ha, that was funny. Come in!")],
    [
        ("Which way is north if I look at the rising sun?", "North is on your left, because you are looking east."),
        ("And south?", "On your right."),
    ],
    [
        ("Is the museum open on Mondays?", "Many museums close on Mondays. Which one do you mean?"),
        ("The science museum.", "I do not know its hours. Please look at its website."),
    ],
    [
        ("I ordered a blue lamp and got a red one.", "That is annoying. Have you written to the shop?"),
        ("What should I say?", "Give the order number, say that the colour is wrong and ask for an exchange."),
        ("Can you write it for me?", "Hello, I ordered a blue lamp, but a red one came. Please exchange it. Thank you."),
        ("Perfect!", "I hope the blue one comes soon."),
    ],
    [("My tea is cold.", "Shall we talk about how to keep it warm?"), ("Yes please.", "Use a thick cup and put a small plate on top.")],
    [("What are the colours of the rainbow?", "Red, orange, yellow, green, blue, indigo and violet."), ("How many is that?", "Seven.")],
    [
        ("I do not know what to write in a wedding card.", "Do you know the couple well?"),
        ("She is my colleague.", "Then: We wish you both a happy life together, full of laughter."),
    ],
    [
        ("When should I plant tomatoes?", "Outside, after the last frost, often in May."),
        ("I only have a balcony.", "A big pot in full sun is fine."),
        ("How often do I water?", "Every day when it is hot."),
    ],
    [
        ("There is a spider in my bath!", "Most house spiders are harmless."),
        ("I am still afraid.", "Put a glass over it, slide a card under it and carry it out."),
    ],
    [
        ("Should I take the bus or walk?", "How far is it?"),
        ("One kilometre.", "Then walk, if the weather is fine. It takes about a quarter of an hour."),
        ("It has started to snow.", "In that case, take the bus and a scarf."),
    ],
    [
        ("I would like to save some money.", "Do you know how much you spend each month?"),
        ("Not really.", "Write down every purchase for four weeks. Then you will see where it goes."),
    ],
    [("what does asap mean", 'It means "as soon as possible".'), ("and fyi", 'It means "for your information".')],
    [
        ("My phone fell into the sink.", "Switch it off and dry it with a towel."),
        ("Should I put it in rice?", "It is better to leave it in a dry, airy place for two days."),
        ("And if it does not start?", "Then take it to a repair shop."),
    ],
    [
        ("Good evening. Is this the reading club?", "Yes, welcome! Have you read this month's novel?"),
        ("Only half of it.", "No problem, we will not tell you the end."),
    ],
    [
        ("I am learning the guitar and my fingers hurt.", "That is normal in the first weeks."),
        ("When does it stop?", "After a month the skin gets harder. Play a little every day."),
    ],
    [
        ("Please give me a plan for a rainy Sunday.", "Sleep long, bake pancakes, play a board game and watch an old film."),
        ("I live alone.", "Then swap the game for a puzzle or a call with a friend."),
    ],
    [("Bye, I have to go.", "Goodbye! It was nice talking to you."), ("Talk tomorrow?", "Gladly. Have a good evening.")],
]
