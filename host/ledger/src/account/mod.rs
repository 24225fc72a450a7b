//! Accounts: one for each holder and currency, there as soon as it is used.
//!
//! An account is a few numbers. Four are counters: debits and credits, posted and pending.
//! `available` is what may be spent, and never below zero but for the clearing accounts of rails.
//! A person's and a merchant's account has a sixth, `balance`, which has a ceiling: what would be
//! in it if everything on its way arrived. Each number is a cell of its own that transfers add to
//! without reading it, so that a shop paid by thousands at once makes nobody wait. What may happen
//! on an account, its [`standing`], is a number beside them: a transfer adds nothing to it, within
//! bounds of what it found.

pub mod asset;
mod effect;
mod numbers;
pub mod standing;

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{AccountId, Currency, Money, TypedId, UserId};
use souk_store::{Bounds, Page, Txn};

pub(crate) use self::effect::{Effect, Ends, capped, moves, signed};
pub(crate) use self::numbers::{Cell, STANDING, stage};
use crate::digest::Digest;
use crate::invariant::hold;
pub(crate) use crate::record::Account;
pub use crate::record::{Holder, Purse, Rail, Standing, StandingChange};
use crate::{Broken, Refusal, keys, news};

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
    /// What may happen on the account; everything, on one that nobody has used yet.
    pub standing: Standing,
}

impl Holder {
    /// Returns the id of the holder's account of a currency. It follows from the two, so it can be
    /// named before there is one.
    pub fn account(&self, currency: Currency) -> AccountId {
        let digest = Digest::of("souk account 1");
        let digest = digest.part(self.role().as_bytes());
        let digest = match self {
            Self::Person(user) | Self::Merchant(user) => digest.part(&user.bits().to_be_bytes()),
            Self::App(app) => digest.part(app.as_str().as_bytes()),
            Self::Rail(rail) => digest.part(rail.name().as_bytes()),
            Self::Host(purse) => digest.part(purse.name().as_bytes()),
        };
        AccountId::from_bits(digest.part(currency.as_str().as_bytes()).bits())
    }

    /// Returns the word for what the holder is.
    pub fn role(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::App(_) => "app",
            Self::Rail(_) => "rail",
            Self::Merchant(_) => "merchant",
            Self::Host(_) => "host",
        }
    }

    /// Returns whose it is, when it is somebody's.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Person(user) | Self::Merchant(user) => Some(*user),
            Self::App(_) | Self::Rail(_) | Self::Host(_) => None,
        }
    }

    /// Returns what `available` must stay within: a rail owes what came in through it, and the
    /// host's losses are nobody's money.
    pub(crate) fn bounds(&self) -> Bounds {
        match self {
            Self::Person(_) | Self::App(_) | Self::Merchant(_) | Self::Host(Purse::Fees) => {
                numbers::SPENDABLE
            }
            Self::Rail(_) | Self::Host(Purse::Losses) => Bounds::NONE,
        }
    }

    /// Tells whether the account has a `balance`: whether its own money can be on hold.
    pub(crate) fn has_balance(&self) -> bool {
        match self {
            Self::Person(_) | Self::Merchant(_) => true,
            Self::App(_) | Self::Rail(_) | Self::Host(_) => false,
        }
    }
}

impl Rail {
    /// Returns the word people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Chain => "chain",
            Self::Manual => "manual",
        }
    }
}

impl Purse {
    /// Returns the word people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fees => "fees",
            Self::Losses => "losses",
        }
    }
}

impl Balance {
    /// Returns what may be spent now; nothing for a rail that owes.
    pub fn available(&self) -> Money {
        let minor = u64::try_from(self.available).unwrap_or(0);
        Money::new(minor, self.currency).unwrap_or(Money::zero(self.currency))
    }

    /// Returns what is set aside to go out.
    pub fn held(&self) -> Money {
        let zero = Money::zero(self.currency);
        Money::new(self.debits_pending, self.currency).unwrap_or(zero)
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

/// Reads the numbers, and stops where one is outside of what it must stay within.
async fn read(
    txn: &Txn,
    holder: &Holder,
    currency: Currency,
    reading: Reading,
) -> Result<Balance, Refusal> {
    let account = holder.account(currency);
    let key = keys::statement(account);
    let numbers = match reading {
        Reading::Checked => txn.numbers(&key).await?,
        Reading::Peeked => txn.peek_numbers(&key).await?,
    };
    let [
        debits_posted,
        debits_pending,
        credits_posted,
        credits_pending,
        available,
        arriving,
    ] = Cell::ALL.map(|cell| numbers.at(cell.slot()));
    let broken = || Broken::Number(account);
    let count = |number: i64| u64::try_from(number).map_err(|_| broken());
    hold(available >= holder.bounds().floor, broken())?;
    hold(available <= holder.bounds().ceiling, broken())?;
    hold(arriving >= 0, broken())?;
    let standing = standing::standing(account, numbers.at(STANDING))?;
    Ok(Balance {
        standing: standing.unwrap_or(Standing::Open),
        currency,
        available,
        debits_posted: count(debits_posted)?,
        debits_pending: count(debits_pending)?,
        credits_posted: count(credits_posted)?,
        credits_pending: count(credits_pending)?,
    })
}

/// An account as a transfer finds it.
pub(crate) struct Found {
    pub(crate) id: AccountId,
    pub(crate) standing: Standing,
    /// What there is to write down of it, if nobody has used it before.
    new: Option<Account>,
}

/// Returns the account of a holder and a currency. A new one is only written down by [`keep`], so
/// that a refusal leaves none behind.
pub(crate) async fn at(txn: &Txn, holder: &Holder, currency: Currency) -> Result<Found, Refusal> {
    let id = holder.account(currency);
    if let Some(standing) = standing::peek(txn, id).await? {
        let new = None;
        return Ok(Found { id, standing, new });
    }
    asset::must_be_known(txn, currency).await?;
    let new = Some(Account {
        id,
        holder: holder.clone(),
        currency,
        opened: txn.now(),
    });
    let standing = Standing::Open;
    Ok(Found { id, standing, new })
}

impl Found {
    /// Looks once more what may happen on it, and rests the transaction on that: "no" is an answer
    /// too.
    pub(crate) async fn look_again(&mut self, txn: &Txn) -> Result<(), Refusal> {
        let standing = standing::read(txn, self.id).await?;
        self.standing = standing.unwrap_or(Standing::Open);
        Ok(())
    }
}

/// Stages that an account is as it was found, and writes a new one down.
pub(crate) async fn keep(txn: &Txn, found: &Found) -> Result<(), Refusal> {
    let before = found.new.is_none().then_some(found.standing);
    standing::goes_to(txn, found.id, before, found.standing).await?;
    if let Some(account) = &found.new {
        txn.put(&keys::account(&account.holder, account.currency), account)?;
        txn.append(&keys::accounts(), account)?;
        news::of_account(txn, &account.holder, account.id)?;
    }
    Ok(())
}

/// Returns the ids of all accounts of a holder, as they were a moment ago.
///
/// # Errors
/// [`Refusal::Store`].
pub async fn ids(txn: &Txn, holder: &Holder) -> Result<Vec<AccountId>, Refusal> {
    let prefix = keys::accounts_of(holder);
    let page = Page::first(PAGE_ENTRIES_MAX);
    let accounts = txn.scan::<Account>(&prefix, page).await?;
    Ok(accounts
        .into_iter()
        .map(|(_, account)| account.id)
        .collect())
}
