//! What an app asks a person to pay, and what it adds up to.

use std::time::{Duration, SystemTime};

use crate::event::millis;
use crate::wit::souk::wallet::payments as wit;
use crate::{Denied, Money, Order, Result};

/// An order being put together. It adds itself up.
///
/// ```no_run
/// # use souk_sdk::prelude::*;
/// # use std::time::Duration;
/// # fn demo(event: &Event) -> Result {
/// Order::ask(event.id())
///     .item("Jasmine tea, large", 2, Money::usd(350))
///     .discount("Happy hour", Money::usd(100))
///     .memo("Thank you!")
///     .expires_in(Duration::from_secs(600))
///     .send()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nobody is asked to pay until it is sent"]
pub struct Ask {
    key: String,
    items: Vec<Item>,
    lines: Vec<Line>,
    memo: String,
    authorize_only: bool,
    last_look: bool,
    expires: Option<SystemTime>,
}

#[derive(Clone, Debug)]
struct Item {
    id: Option<String>,
    label: String,
    quantity: u32,
    unit: Money,
}

#[derive(Clone, Debug)]
struct Line {
    kind: TotalKind,
    label: String,
    amount: Money,
}

/// What a line under the items is, in the words of ucp.dev.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TotalKind {
    Subtotal,
    Discount,
    Fulfillment,
    Tax,
    Fee,
    Tip,
}

impl TotalKind {
    fn name(self) -> &'static str {
        match self {
            Self::Subtotal => "subtotal",
            Self::Discount => "discount",
            Self::Fulfillment => "fulfillment",
            Self::Tax => "tax",
            Self::Fee => "fee",
            Self::Tip => "tip",
        }
    }
}

impl Ask {
    pub(super) fn new(key: String) -> Self {
        Self {
            key,
            items: Vec::new(),
            lines: Vec::new(),
            memo: String::new(),
            authorize_only: false,
            last_look: false,
            expires: None,
        }
    }

    /// Adds `quantity` of something that costs `unit` each.
    pub fn item(mut self, label: impl Into<String>, quantity: u32, unit: Money) -> Self {
        self.items.push(Item {
            id: None,
            label: label.into(),
            quantity,
            unit,
        });
        self
    }

    /// Gives the item added last the shop's own name of the article, for the shop: a line of at
    /// most 64 characters that is not on the sheet.
    pub fn item_id(mut self, id: impl Into<String>) -> Self {
        if let Some(item) = self.items.last_mut() {
            item.id = Some(id.into());
        }
        self
    }

    /// Takes an amount off.
    pub fn discount(self, label: impl Into<String>, amount: Money) -> Self {
        self.line(TotalKind::Discount, label, amount)
    }

    /// Adds what bringing it costs.
    pub fn fulfillment(self, label: impl Into<String>, amount: Money) -> Self {
        self.line(TotalKind::Fulfillment, label, amount)
    }

    /// Adds a tax.
    pub fn tax(self, label: impl Into<String>, amount: Money) -> Self {
        self.line(TotalKind::Tax, label, amount)
    }

    /// Adds a fee.
    pub fn fee(self, label: impl Into<String>, amount: Money) -> Self {
        self.line(TotalKind::Fee, label, amount)
    }

    /// Adds a tip.
    pub fn tip(self, label: impl Into<String>, amount: Money) -> Self {
        self.line(TotalKind::Tip, label, amount)
    }

    fn line(mut self, kind: TotalKind, label: impl Into<String>, amount: Money) -> Self {
        self.lines.push(Line {
            kind,
            label: label.into(),
            amount,
        });
        self
    }

    /// Says something to the payer, at most 200 characters, shown quoted on the sheet.
    pub fn memo(mut self, memo: impl Into<String>) -> Self {
        self.memo = memo.into();
        self
    }

    /// Has the money only set aside when the person approves, to be captured, whole or in part, or
    /// given back within seven days, or what the operator says: [`Order::capture`],
    /// [`Order::void`].
    pub fn authorize_only(mut self) -> Self {
        self.authorize_only = true;
        self
    }

    /// Has this app asked once more when the person approves, before any money moves:
    /// [`MiniApp::last_look`](crate::MiniApp::last_look). For what can be gone by then.
    pub fn last_look(mut self) -> Self {
        self.last_look = true;
        self
    }

    /// Closes the order by itself if nobody has paid by `moment`: at least a second ahead, at most
    /// seven days. Without this it waits two hours.
    pub fn expires_at(mut self, moment: SystemTime) -> Self {
        self.expires = Some(moment);
        self
    }

    /// Closes the order by itself if nobody has paid in time. See [`expires_at`](Self::expires_at).
    #[expect(
        clippy::disallowed_methods,
        reason = "a mini-app's clock is handed in: it stands still at the event's time"
    )]
    pub fn expires_in(self, time: Duration) -> Self {
        self.expires_at(SystemTime::now() + time)
    }

    /// Returns what it adds up to: the items and the lines under them, discounts taken off.
    ///
    /// # Errors
    /// [`Denied::Invalid`] when there is no item, currencies are mixed, or it is less than nothing.
    pub fn total(&self) -> Result<Money, Denied> {
        let lines = self
            .lines
            .iter()
            .try_fold(self.subtotal()?, |sum, line| match line.kind {
                TotalKind::Discount => sum.minus(line.amount),
                TotalKind::Fulfillment | TotalKind::Tax | TotalKind::Fee | TotalKind::Tip => {
                    sum.plus(line.amount)
                }
                TotalKind::Subtotal => Ok(sum),
            });
        Ok(lines?)
    }

    fn subtotal(&self) -> Result<Money, Denied> {
        let sums = self.items.iter().map(|item| item.unit.times(item.quantity));
        let sum = sums.reduce(|sum, item| sum?.plus(item?));
        Ok(sum.ok_or_else(|| Denied::Invalid("an order needs an item".to_owned()))??)
    }

    /// Puts a payment sheet, drawn by the host, before the person the event came from. Only from
    /// a command or an action. The same key with the same contents returns the same order.
    ///
    /// # Errors
    /// [`Denied::KeyReused`] with other contents; [`Denied::OverLimit`] above the manifest's
    /// `max_amount` or with three sheets waiting; [`Denied::Invalid`]; [`Denied::NotGranted`].
    pub fn send(self) -> Result<Order, Denied> {
        Order::open(wit::Wallet::mine()?.request(&self.request()?)?)
    }

    /// Writes it for the contract. A subtotal is said where lines follow it.
    fn request(self) -> Result<wit::Request, Denied> {
        let (subtotal, total) = (self.subtotal()?, self.total()?);
        let subtotal = Line {
            kind: TotalKind::Subtotal,
            label: "Subtotal".to_owned(),
            amount: subtotal,
        };
        let said = if self.lines.is_empty() {
            None
        } else {
            Some(subtotal)
        };
        Ok(wit::Request {
            key: self.key,
            items: self.items.into_iter().map(wit::Item::from).collect(),
            totals: said
                .into_iter()
                .chain(self.lines)
                .map(wit::TotalLine::from)
                .collect(),
            total: total.into(),
            memo: self.memo,
            authorize_only: self.authorize_only,
            last_look: self.last_look,
            expires: self.expires.map(millis),
        })
    }
}

impl From<Item> for wit::Item {
    fn from(
        Item {
            id,
            label,
            quantity,
            unit,
        }: Item,
    ) -> Self {
        Self {
            id,
            label,
            quantity,
            unit: unit.into(),
        }
    }
}

impl From<Line> for wit::TotalLine {
    fn from(
        Line {
            kind,
            label,
            amount,
        }: Line,
    ) -> Self {
        Self {
            kind: kind.name().to_owned(),
            label,
            amount: amount.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::Currency;

    /// The sheet the host will draw, or why there is none.
    fn check(ask: Ask, expected: &Expect) {
        let money = |money: wit::Money| Money::try_from(money).unwrap().to_string();
        let sheet = ask.request().map(|request| {
            let item = |item: wit::Item| {
                let id = item.id.map(|id| format!(" [{id}]")).unwrap_or_default();
                let (quantity, unit) = (item.quantity, money(item.unit));
                format!("{quantity} x {}{id} at {unit}\n", item.label)
            };
            let line = |line: wit::TotalLine| {
                format!("{} \"{}\" {}\n", line.kind, line.label, money(line.amount))
            };
            let items: String = request.items.into_iter().map(item).collect();
            let lines: String = request.totals.into_iter().map(line).collect();
            let expires = request.expires;
            let (key, memo, total) = (request.key, request.memo, money(request.total));
            format!("{key}: {memo}\n{items}{lines}total {total}, expires {expires:?}\n")
        });
        expected.assert_eq(&sheet.unwrap_or_else(|error| error.to_string()));
    }

    fn tea() -> Ask {
        Order::ask("evt_1").item("Jasmine", 2, Money::usd(350))
    }

    #[test]
    fn one_item_is_its_own_total() {
        check(
            tea(),
            &expect![[r#"
                evt_1: 
                2 x Jasmine at 3.50 USD
                total 7.00 USD, expires None
            "#]],
        );
    }

    #[test]
    fn every_line_is_counted_once_and_a_discount_is_taken_off() {
        let ask = tea()
            .item("Scone", 1, Money::usd(200))
            .item_id("scone-1")
            .discount("Happy hour", Money::usd(100))
            .fulfillment("To your table", Money::usd(50))
            .tax("VAT", Money::usd(72))
            .fee("Cup", Money::usd(10))
            .tip("Thank you", Money::usd(68))
            .memo("By the window")
            .expires_at(SystemTime::UNIX_EPOCH + Duration::from_secs(2));
        assert_eq!(ask.total(), Ok(Money::usd(1000)));
        check(
            ask,
            &expect![[r#"
                evt_1: By the window
                2 x Jasmine at 3.50 USD
                1 x Scone [scone-1] at 2.00 USD
                subtotal "Subtotal" 9.00 USD
                discount "Happy hour" 1.00 USD
                fulfillment "To your table" 0.50 USD
                tax "VAT" 0.72 USD
                fee "Cup" 0.10 USD
                tip "Thank you" 0.68 USD
                total 10.00 USD, expires Some(2000)
            "#]],
        );
    }

    #[test]
    fn what_does_not_add_up_is_never_asked() {
        let yen = Money::new(300, Currency::JPY).unwrap();
        check(
            tea().item("Mochi", 1, yen),
            &expect!["USD and JPY cannot be put in one sum"],
        );
        check(
            tea().tip("Tip", yen),
            &expect!["USD and JPY cannot be put in one sum"],
        );
        let discount = tea().discount("Regular", Money::usd(701));
        check(discount, &expect!["the amount is less than zero"]);
        check(Order::ask("evt_1"), &expect!["an order needs an item"]);
        let most = Money::new((1 << 53) - 1, Currency::USD).unwrap();
        check(
            tea().item("Tea house", 1, most),
            &expect!["the amount is too large"],
        );
    }
}
