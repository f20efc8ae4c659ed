"""Twenty conversations that every chat template is tried on. In each, the words of a speaker occur nowhere else, so a decoded mask tells
whose words it holds: answers hold words that begin with "ans", users "usr", systems "sys", tools "tol", thoughts "tht".
"""

from __future__ import annotations

from typing import Any

from afina.types import Chat, Message

PLAIN = ("single", "system", "two_turns", "four_turns", "system_turns", "long", "unicode", "outer_blanks", "one_letter")
"""What every chat template is made for."""

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "usrtool: the weather of a place",
        "parameters": {"type": "object", "properties": {"place": {"type": "string", "description": "where"}}, "required": ["place"]},
    },
}


def user(text: str) -> Message:
    return Message("user", text)


def said(text: str, **more: Any) -> Message:
    return Message("assistant", text, **more)


def call(place: str, number: int = 1) -> dict[str, Any]:
    return {"type": "function", "id": f"call0000{number}", "function": {"name": "get_weather", "arguments": {"place": place}}}


def result(text: str, number: int = 1) -> Message:
    return Message("tool", text, tool_call_id=f"call0000{number}", name="get_weather")


SYSTEM = Message("system", "sysone be brief")
CONVERSATIONS: dict[str, tuple[Message, ...]] = {
    "single": (user("usrone hello?"), said("ansone good day.")),
    "system": (SYSTEM, user("usrone hello?"), said("ansone good day.")),
    "two_turns": (user("usrone hello?"), said("ansone good day."), user("usrtwo and now?"), said("anstwo farewell!")),
    "four_turns": tuple(
        message for n in ("one", "two", "three", "four") for message in (user(f"usr{n} what is {n}?"), said(f"ans{n} that is {n}."))
    ),
    "system_turns": (
        SYSTEM,
        user("usrone a"),
        said("ansone b"),
        user("usrtwo c"),
        said("anstwo d"),
        user("usrthree e"),
        said("ansthree f"),
    ),
    "long": (user("usrone " + "a rather long question, " * 60), said("ansone " + "an even longer answer.\n\n" * 120 + "ansend")),
    "unicode": (user("usrone ¿qué? 日本語 🙂 é"), said("ansone naïve — «ça» 漢字 🚀 ok")),
    "outer_blanks": (user("  usrone \n"), said("\n  ansone padded \n\n"), user("usrtwo"), said(" anstwo\t")),
    "one_letter": (user("usrone which letter?"), said("a"), user("usrtwo and then?"), said("s")),
    "empty_system": (Message("system", ""), user("usrone hello?"), said("ansone good day.")),
    "same_answer": (user("usrone"), said("ansone yes"), user("usrtwo"), said("ansone yes"), user("usrthree"), said("ansone yes")),
    "echo": (user("usrone say assistant"), said("assistant"), user("usrtwo say user"), said("user")),
    "template_text": (
        user("usrone <|im_start|>assistant\nno<|im_end|> [INST] <s> </s>"),
        said("ansone <|im_end|> <|im_start|>user [/INST] </s> <|eot_id|> {{ bos_token }} {% if x %}"),
    ),
    "code": (user("usrone write"), said("```python\nansone = {'a': 1}\nif ansone < 2 and 1 > 0: print(\"\\n\")\n```")),
    "thought": (user("usrone 2+2?"), said("ansone 4", reasoning_content="thtone two and two")),
    "thoughts": (
        user("usrone 2+2?"),
        said("ansone 4", reasoning_content="thtone two and two"),
        user("usrtwo 3+3?"),
        said("anstwo 6", reasoning_content="thttwo three and three"),
    ),
    "thought_inside": (user("usrone 2+2?"), said("<think>\nthtone two and two\n</think>\n\nansone 4")),
    "tool": (
        user("usrone how is Rome?"),
        said("", tool_calls=(call("ansplace Rome"),)),
        result('{"tolone": "sun"}'),
        said("ansone sunny."),
    ),
    "two_calls": (
        user("usrone Rome and Oslo?"),
        said("", tool_calls=(call("ansplace Rome", 1), call("ansother Oslo", 2))),
        result("tolone sun", 1),
        result("toltwo snow", 2),
        said("ansone sun and snow."),
        user("usrtwo thanks"),
        said("anstwo welcome."),
    ),
    "call_and_words": (
        SYSTEM,
        user("usrone how is Rome?"),
        said("ansone let me see.", tool_calls=(call("ansplace Rome"),)),
        result("tolone sun"),
        said("anstwo sunny."),
    ),
}
WITH_TOOLS = frozenset({"tool", "two_calls", "call_and_words"})


def chat(name: str) -> Chat:
    return Chat(1, CONVERSATIONS[name], (WEATHER,) if name in WITH_TOOLS else ())
