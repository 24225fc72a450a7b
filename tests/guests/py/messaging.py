"""Proves `messaging` in Python: the commands are those of examples/messaging.rs."""

import json

from componentize_py_types import Err
from report import Report, says, words
from wit_world import exports
from wit_world.imports import chats, events
from wit_world.imports.events import Cause_Action, Failure_Rejected


class Handler(exports.Handler):
    """The one way in."""

    def handle(self, event: events.Event) -> None:
        report = Report()
        if isinstance(event.cause, Cause_Action):
            pressed(report, event.cause.value)
        else:
            chat = report.check("chat.current", chats.Chat.current)
            if chat is not None:
                typed(report, chat, event)
        report.tell()


def typed(report: Report, chat: chats.Chat, event: events.Event) -> None:
    name, [argument, *_] = words(event)
    match name:
        case "all":
            every(report, chat)
        case "card":
            report.note("chat.post", lambda: chat.post(form()))
        case "bad-card":
            url = "javascript:alert(1)"
            link = {"type": "Action.OpenUrl", "title": "Free tea", "url": url}
            report.note("chat.post", lambda: chat.post(card("bad", [], [link])))
        case "many":
            many(report, chat, int(argument))
        case "start":
            start = event.cause.value.start_parameter
            report.say("arguments", event.cause.value.arguments)
            report.say("start", "none" if start is None else start)
        case "stumble":
            chat.post(says("never read"))
            raise TypeError("the tray slipped")
        case "edit":
            report.check("chat.edit", lambda: chat.edit(argument, says("edited")))
        case "delete":
            report.check("chat.delete", lambda: chat.delete(argument))
        case "reply":
            reply = says("a reply", reply_to=argument)
            report.note("chat.post", lambda: chat.post(reply))
        case _:
            raise Err(Failure_Rejected(f"There is no /{name} here."))


def pressed(report: Report, action: events.Action) -> None:
    inputs = json.loads(action.inputs)
    report.say("message", action.message)
    report.say("revision", action.revision)
    report.say("button", action.button)
    report.say("data", json.loads(action.data))
    report.say("number", inputs["number"])
    report.say("note", inputs.get("note") or "none")


def card(summary: str, body: list, actions: list) -> chats.Content:
    written = {"type": "AdaptiveCard", "version": "1.5", "fallbackText": summary}
    return says(summary, json.dumps({**written, "body": body, "actions": actions}))


def form() -> chats.Content:
    number = {"type": "Input.Number", "id": "number", "label": "How many?"}
    number |= {"isRequired": True, "min": 1, "max": 9, "value": 1}
    note = {"type": "Input.Text", "id": "note", "label": "Anything else?"}
    send = {"type": "Action.Submit", "id": "send", "title": "Send"}
    return card("A card", [number, note], [send | {"data": "from the card"}])


def every(report: Report, chat: chats.Chat) -> None:
    report.say("chat.id", chat.id())
    report.say("chat.is-group", str(chat.is_group()).lower())
    message = report.check("chat.post", lambda: chat.post(says("first")))
    if message is None:
        return
    report.check("chat.edit", lambda: chat.edit(message, says("first, edited")))
    report.note("reply", lambda: chat.post(says("a reply", reply_to=message)))
    report.note("card", lambda: chat.post(form()))
    gone = report.check("chat.post", lambda: chat.post(says("gone")))
    report.check("chat.delete", lambda: chat.delete(gone))
    nobodys = "msg_00000000000000000000000000"
    report.check("edit of nobody's", lambda: chat.edit(nobodys, says("mine now")))
    # Ids stand apart, so that tests can leave them out.
    report.note("chat.link", lambda: chat.link("table-4").replace("/", " "))
    report.check("link, quoted", lambda: chat.link("table 4"))
    report.check("link, long", lambda: chat.link("x" * 65))
    for left in chat.allowances():
        report.say("allowance", f"{left.name} {left.remaining}")


def many(report: Report, chat: chats.Chat, number: int) -> None:
    for count in range(1, number + 1):
        text = says(str(count))
        if report.check(f"post {count}", lambda: chat.post(text)) is None:
            return
