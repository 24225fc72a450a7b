"""What the guest programs share: a report of what the host answered, line by line, as the
programs in Rust give it.

The report is posted; where posting is denied it is the text of the failure. Nothing is printed:
WASI is stubbed, and touching it ends the run. There is no SDK for Python: these programs speak the
contract as it is.
"""

from typing import Any, Callable, Optional

from componentize_py_types import Err
from wit_world.imports import chats, common, events
from wit_world.imports.events import Cause_Command, Failure_Rejected

# What each denial says in words; those that bring their own are not here.
WORDS = {
    "not-granted": "this app was not granted what it needs for that",
    "consent-refused": "you chose not to allow what this needs",
    "not-found": "there is no such thing here",
    "key-reused": "that was already asked for in other words",
    "insufficient-funds": "there is not enough money",
    "unavailable": "that is not possible right now",
}


class Report:
    """What the host answered to each call."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, call: str, answer: Any) -> None:
        """Notes something that cannot be denied."""
        self.lines.append(f"{call}: {answer}")

    def note(self, call: str, ask: Callable[[], Any]) -> None:
        """Notes an answer."""
        answer = self.answer(call, ask)
        if answer is not None:
            self.say(call, answer)

    def check(self, call: str, ask: Callable[[], Any]) -> Any:
        """Notes whether a call went well, and gives on what it returned."""
        answer = self.answer(call, lambda: (ask(),))
        if answer is None:
            return None
        self.say(call, "ok")
        return answer[0]

    def answer(self, call: str, ask: Callable[[], Any]) -> Optional[Any]:
        """Asks the host; notes why it said no."""
        try:
            return ask()
        except Err as error:
            self.say(call, f"denied {denial(error.value)}")
            return None

    def tell(self) -> None:
        """Posts the report; where that is denied, fails with it."""
        text = "\n".join(self.lines)
        try:
            chats.Chat.current().post(says(text))
        except Err:
            raise Err(Failure_Rejected(text)) from None


def says(
    text: str, card: Optional[str] = None, reply_to: Optional[str] = None
) -> chats.Content:
    """What a message says."""
    return chats.Content(text, card, reply_to, False)


def denial(denied: common.Denied) -> str:
    """The code and the words of a denial."""
    match denied:
        case common.Denied_Invalid(what):
            return f"invalid {what}"
        case common.Denied_Conflict(note):
            return f"conflict that cannot be done now: {note.text}"
        case common.Denied_OverLimit(limit):
            return f"over-limit that is over the limit of {limit.allowed} ({limit.name})"
        case common.Denied_Other(note):
            return f"{note.code} {note.text}"
    name = type(denied).__name__.removeprefix("Denied_")
    code = "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
    return f"{code} {WORDS[code]}"


def words(event: events.Event) -> tuple[str, list[str]]:
    """The name of a command and its arguments' words; an absent one is empty."""
    assert isinstance(event.cause, Cause_Command)
    command = event.cause.value
    return command.name, [*command.arguments.split(), "", "", ""][:3]
