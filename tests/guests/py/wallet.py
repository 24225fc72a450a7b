"""Proves `wallet` in Python: the commands are those of examples/wallet.rs."""

from typing import Callable, Optional

from componentize_py_types import Err
from report import Report, words
from wit_world import exports
from wit_world.imports import events, payments, users
from wit_world.imports.common import Money
from wit_world.imports.events import (
    Again,
    Cause_LastLook,
    Cause_Order,
    Cause_View,
    Failure_Rejected,
    Failure_Retry,
)
from wit_world.imports.payments import Item, Order, TotalLine, Wallet


class Handler(exports.Handler):
    """The one way in."""

    def handle(self, event: events.Event) -> None:
        report = Report()
        if isinstance(event.cause, Cause_Order):
            told(report, Order.find(event.cause.value))
        elif isinstance(event.cause, Cause_LastLook):
            looked_once_more(report, Order.find(event.cause.value))
        elif isinstance(event.cause, Cause_View):
            looked_at(report)
        else:
            name, arguments = words(event)
            run(report, event.at, name, *arguments)
        report.tell()


def told(report: Report, order: Order) -> None:
    mine = users.User.current().id() == order.payer_id()
    report.say("the payer's event", str(mine).lower())
    show(report, lambda: order)


def looked_once_more(report: Report, order: Order) -> None:
    report.check("wallet.request", lambda: ask("more", [item("Tea", usd(100))]))
    match order.key():
        case "gone":
            report.check("order.refuse", lambda: order.refuse("Sold out"))
        case "never":
            raise Err(Failure_Rejected("Not today"))
        case "later":
            raise Err(Failure_Retry(Again("Not yet", None)))
    show(report, lambda: order)


def looked_at(report: Report) -> None:
    why = "Looked at"
    report.check("order.void", lambda: Order.by_key("waits").void(why))
    report.check("order.capture", lambda: Order.by_key("held").capture(usd(900)))
    report.check("order.refund", lambda: Order.by_key("paid").refund("a", usd(250), why))


def run(report: Report, at: int, name: str, first: str, second: str, third: str) -> None:
    match name:
        case "ask":
            show(report, lambda: ask(first, [item("Tea", cents(second))]))
        case "rich":
            show(report, lambda: rich(first))
        case "soon":
            tea = [item("Tea", usd(100))]
            show(report, lambda: ask(first, tea, expires=at + int(second)))
        case "wrong":
            report.check("wallet.request", lambda: astray(first, Money(101, "USD")))
        case "mixed":
            report.check("wallet.request", lambda: astray(first, Money(100, "EUR")))
        case "unknown":
            surcharge = lambda: astray(first, Money(100, "USD"), "surcharge")
            report.check("wallet.request", surcharge)
        case "find":
            show(report, lambda: Order.find(first))
        case "by-key":
            show(report, lambda: Order.by_key(first))
        case "void":
            change(report, "order.void", first, lambda order: order.void("Sold out"))
        case "refund":
            back = lambda order: order.refund(second, cents(third), "Cold")
            change(report, "order.refund", first, back)
        case "hold":
            roses = [item("Roses", cents(second))]
            show(report, lambda: ask(first, roses, authorize_only=True))
        case "capture":
            take = lambda order: order.capture(cents(second))
            change(report, "order.capture", first, take)
        case "watch":
            tulips = [item("Tulips", cents(second))]
            show(report, lambda: ask(first, tulips, last_look=True))
        case "refuse":
            no = lambda: Order.find(first).refuse("Sold out")
            report.check("order.refuse", no)
        case "pay-out":
            pay = lambda: Wallet.mine().pay_out(first, second, cents(third), "A prize")
            report.note("wallet.pay-out", pay)
        case "statement":
            statement(report, first)
        case "purse":
            purse(report, first)
        case _:
            raise Err(Failure_Rejected(f"There is no /{name} here."))


def change(report: Report, call: str, id: str, does: Callable[[Order], None]) -> None:
    report.check(call, lambda: does(Order.find(id)))
    show(report, lambda: Order.find(id))


def show(report: Report, opened: Callable[[], Order]) -> None:
    order = report.check("order", opened)
    if order is None:
        return
    report.say("order.id", order.id())
    report.say("order.key", order.key())
    report.say("order.state", order.state())
    report.say("order.revision", order.revision())
    report.say("order.payer-id", order.payer_id() or "")
    report.say("order.total", text(order.total()))
    report.say("order.captured", text(order.captured()))
    report.say("order.refunded", text(order.refunded()))
    report.say("order.fee", text(order.fee()))
    report.say("order.expires", order.expires() or "never")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def cents(word: str) -> Money:
    return usd(int(word))


def text(money: Money) -> str:
    return f"{money.minor // 100}.{money.minor % 100:02} {money.currency}"


def item(
    label: str, unit: Money, quantity: int = 1, id: Optional[str] = None
) -> Item:
    return Item(id, label, quantity, unit)


def ask(
    key: str,
    items: list[Item],
    totals: Optional[list[TotalLine]] = None,
    total: Optional[Money] = None,
    memo: str = "",
    authorize_only: bool = False,
    last_look: bool = False,
    expires: Optional[int] = None,
) -> Order:
    """Asks for what the items come to, unless the total is said."""
    total = total or usd(sum(item.unit.minor * item.quantity for item in items))
    request = payments.Request(
        key, items, totals or [], total, memo, authorize_only, last_look, expires
    )
    return Wallet.mine().request(request)


def rich(key: str) -> Order:
    items = [item("Jasmine", usd(350), 2), item("Scone", usd(200), id="scone-1")]
    totals = [
        TotalLine("subtotal", "Subtotal", usd(900)),
        TotalLine("discount", "Happy hour", usd(100)),
        TotalLine("fulfillment", "To your table", usd(50)),
        TotalLine("tax", "VAT", usd(72)),
        TotalLine("fee", "Cup", usd(10)),
        TotalLine("tip", "Thank you", usd(68)),
    ]
    return ask(key, items, totals, usd(1000), "By the window")


def astray(key: str, total: Money, kind: str = "subtotal") -> Order:
    """One item of 1.00 USD, and a total that it does not come to, or a kind that is none."""
    totals = [TotalLine(kind, "Tea", usd(100))]
    return ask(key, [item("Tea", usd(100))], totals, total)


def statement(report: Report, currency: str) -> None:
    lines = lambda: Wallet.mine().statement(currency, None, 10)
    for line in report.check("wallet.statement", lines) or []:
        sign = "+" if line.incoming else "-"
        whom, why = line.other or "-", line.note or "-"
        moved = f"{line.place} {sign}{text(line.amount)} {line.kind}"
        report.say("line", f"{moved} {whom} {why}")


def purse(report: Report, currency: str) -> None:
    wallet = report.check("wallet.mine", Wallet.mine)
    if wallet is None:
        return
    report.note("wallet.balance", lambda: text(wallet.balance(currency)))
    report.note("wallet.currency-scale", lambda: wallet.currency_scale(currency))
    for left in wallet.allowances():
        when = "once" if left.resets is None else "for now"
        said = f"{left.name} {left.remaining} of {left.allowed}, {when}"
        report.say("allowance", said)
