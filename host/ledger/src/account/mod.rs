//! Accounts: one for each holder and currency, there as soon as it is used.
//!
//! An account is five numbers. Four only ever count up or out: debits and credits, posted and
//! pending. The fifth, `available`, is what may be spent, and the only one that refuses anything:
//! for people and apps it stays between zero and the largest amount there is. Each number is a cell
//! of its own that transfers add to without reading it, so that a shop paid by thousands at once
//! makes nobody wait.

mod numbers;

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{AccountId, Currency, Money, TypedId};
use souk_store::{Bounds, Page, Txn};

pub(crate) use self::numbers::{COUNTER, Cell, Move, stage};
use crate::digest::Digest;
use crate::invariant::hold;
pub(crate) use crate::record::Account;
pub use crate::record::{Holder, Rail};
use crate::{Broken, Refusal, keys};

/// What is in one account: what [`balance`] and [`balances`] read.
///
/// `available` is always credits posted, less debits posted, less debits pending; the auditor
/// proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// What it is all counted in.
    pub currency: Currency,
    /// What may be spent now, in minor units. Below zero only for a rail.
    pub available: i64,
    /// All that ever went out, in minor units.
    pub debits_posted: u64,
    /// What is held to go out, in minor units; it is not available any more.
    pub debits_pending: u64,
    /// All that ever came in, in minor units.
    pub credits_posted: u64,
    /// What is held elsewhere to come in, in minor units; it is not available yet.
    pub credits_pending: u64,
}

impl Holder {
    /// Returns the id of the holder's account of a currency. It follows from the two, so it can be
    /// named before there is one.
    pub fn account(&self, currency: Currency) -> AccountId {
        let digest = Digest::of("souk account 1");
        let digest = match self {
            Self::Person(user) => digest.part(b"person").part(&user.bits().to_be_bytes()),
            Self::App(app) => digest.part(b"app").part(app.as_str().as_bytes()),
            Self::Rail(Rail::Bank) => digest.part(b"rail").part(b"bank"),
        };
        AccountId::from_bits(digest.part(currency.code().as_bytes()).bits())
    }

    /// Returns what `available` must stay within: a rail owes what came in through it.
    pub(crate) fn bounds(&self) -> Bounds {
        match self {
            Self::Person(_) | Self::App(_) => numbers::SPENDABLE,
            Self::Rail(_) => Bounds::NONE,
        }
    }
}

impl Balance {
    /// Returns what may be spent now; nothing for a rail that owes.
    pub fn available(&self) -> Money {
        let minor = u64::try_from(self.available).unwrap_or(0);
        Money::new(minor, self.currency).unwrap_or(Money::zero(self.currency))
    }
}

/// Returns what is in an account, resting the transaction on it. An account nobody has used yet is
/// empty.
///
/// # Errors
/// [`Refusal::Broken`] when a number is where it cannot be, [`Refusal::Store`].
pub async fn balance(txn: &Txn, holder: &Holder, currency: Currency) -> Result<Balance, Refusal> {
    read(txn, holder, currency, Reading::Checked).await
}

/// Returns what is in all accounts of a holder, by currency, as it was a moment ago: for pages.
///
/// # Errors
/// As [`balance`].
pub async fn balances(txn: &Txn, holder: &Holder) -> Result<Vec<Balance>, Refusal> {
    let prefix = keys::accounts_of(holder);
    let accounts = txn
        .scan::<Account>(&prefix, Page::first(PAGE_ENTRIES_MAX))
        .await?;
    let mut balances = Vec::with_capacity(accounts.len());
    for (_, account) in accounts {
        hold(account.holder == *holder, Broken::Account(account.id))?;
        balances.push(read(txn, holder, account.currency, Reading::Peeked).await?);
    }
    Ok(balances)
}

/// Whether a transaction rests on what it reads.
#[derive(Clone, Copy)]
enum Reading {
    /// It does: should a number change meanwhile, the transaction is decided anew.
    Checked,
    /// It does not: the numbers are of a moment ago.
    Peeked,
}

/// Reads the five numbers, and stops where one is outside of what it must stay within.
async fn read(
    txn: &Txn,
    holder: &Holder,
    currency: Currency,
    reading: Reading,
) -> Result<Balance, Refusal> {
    let account = holder.account(currency);
    let mut numbers = [0; Cell::ALL.len()];
    for (number, cell) in numbers.iter_mut().zip(Cell::ALL) {
        let key = keys::number(account, cell);
        *number = match reading {
            Reading::Checked => txn.number(&key).await?,
            Reading::Peeked => txn.peek_number(&key).await?,
        };
    }
    let [
        debits_posted,
        debits_pending,
        credits_posted,
        credits_pending,
        available,
    ] = numbers;
    let broken = || Broken::Number(account);
    let count = |number: i64| u64::try_from(number).map_err(|_| broken());
    hold(available >= holder.bounds().floor, broken())?;
    hold(available <= holder.bounds().ceiling, broken())?;
    Ok(Balance {
        currency,
        available,
        debits_posted: count(debits_posted)?,
        debits_pending: count(debits_pending)?,
        credits_posted: count(credits_posted)?,
        credits_pending: count(credits_pending)?,
    })
}

/// Returns the account of a holder and a currency, and whether it is new. A new one is only written
/// down by [`keep`], so that a refusal leaves none behind.
pub(crate) async fn at(
    txn: &Txn,
    holder: &Holder,
    currency: Currency,
) -> Result<(Account, bool), Refusal> {
    let id = holder.account(currency);
    if let Some(account) = txn.get::<Account>(&keys::account(holder, currency)).await? {
        let same = account.id == id && account.holder == *holder && account.currency == currency;
        hold(same, Broken::Account(id))?;
        return Ok((account, false));
    }
    Ok((
        Account {
            id,
            holder: holder.clone(),
            currency,
            opened: txn.now(),
        },
        true,
    ))
}

/// Writes a new account down.
pub(crate) fn keep(txn: &Txn, (account, new): &(Account, bool)) -> Result<(), Refusal> {
    if *new {
        txn.put(&keys::account(&account.holder, account.currency), account)?;
        txn.append(&keys::accounts(), account)?;
    }
    Ok(())
}
