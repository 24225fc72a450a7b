//! Everything a use case can refuse, by whose rule it was.

use souk_chat::card::InputError;
use souk_core::limits::{CHAIN_BLOCKS_MAX, REFERENCE_BYTES_MAX};
use souk_core::{AppId, Blame, Blamed, Currency};
use souk_ledger::Rail;
use souk_registry::package::PackageError;
use souk_runtime::PrepareError;
use souk_store::StoreError;

use crate::Happened;

/// Why a use case did not happen. Nothing of it did.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    /// The idempotency key was used before, for something else.
    #[error("this idempotency key was already used with other contents")]
    KeyReused,
    /// The handle or the password is wrong; which of the two is never told.
    #[error("the handle or the password is wrong")]
    WrongCredentials,
    /// There is no such person, by handle or by id.
    #[error("there is nobody called `{0}` here")]
    UnknownPerson(String),
    /// No app on this host answers to the command.
    #[error("no app here answers to /{0}")]
    UnknownCommand(String),
    /// There is no such app on this host.
    #[error("there is no app {0} here")]
    UnknownApp(AppId),
    /// The app has no command that a link could be.
    #[error("{0} has no command, so a link of its leads nowhere")]
    NoCommand(AppId),
    /// The app does not ask to listen, or the operator lets none.
    #[error("{0} does not listen: its manifest does not ask for it, or this host lets no app")]
    DoesNotListen(AppId),
    /// The message has been changed since the person saw it.
    #[error("the message has changed since; look again")]
    Changed,
    /// The message looks the same to everybody, or the person has been shown their own view.
    #[error("there is no other view of this message for you")]
    SameToAll,
    /// There is no such button on the message.
    #[error("there is no button `{0}` on this message")]
    UnknownButton(String),
    /// The inputs are not what the card asks for.
    #[error("some inputs need another look")]
    Inputs(Vec<InputError>),
    /// The app looked at its order once more and did not let it be paid, or could not look.
    #[error("the app stopped the payment; nothing was paid")]
    Stopped(Box<Happened>),
    /// There is no such event, or it is not this person's.
    #[error("there is no such event")]
    UnknownEvent,
    /// There is no trace of this name, or not any more.
    #[error("there is no such trace, or not any more")]
    UnknownTrace,
    /// The app does not ask for such a thing.
    #[error("the app does not ask for `{0}`; see what it asks for on the page of its grants")]
    UnknownMatter(String),
    /// Somebody else decides on it.
    #[error("`{0}` is not for people to decide; it is the operator's or the merchant's")]
    NotTheirs(&'static str),
    /// What is left would not be less than what is asked for.
    #[error(
        "only payments can be narrowed to an amount above zero in the app's currency, and only \
         the outside to origins that the app asks for"
    )]
    NotNarrower,
    /// The operator has not turned the simulated bank on.
    #[error("the simulated bank is off on this host")]
    NoBank,
    /// The operator has not turned the simulated chain on.
    #[error("the simulated chain is off on this host")]
    NoChain,
    /// Only the operator books by hand.
    #[error("only the operator of this host books by hand")]
    ByHand,
    /// A rail carries only some kinds of money: a bank currencies, a chain assets.
    #[error("the simulated {} does not carry {currency}", rail.name())]
    NotCarried {
        /// The rail.
        rail: Rail,
        /// What it was asked to carry.
        currency: Currency,
    },
    /// What should be an address on the simulated chain cannot be one.
    #[error("an address on the simulated chain is sim1 and 32 of the digits 0 to 9 and a to f")]
    NoAddress,
    /// A withdrawal that says nothing of where it goes, or too much.
    #[error("say where the money goes in 1 to {REFERENCE_BYTES_MAX} bytes: an account at the bank")]
    NoDestination,
    /// No blocks, or more than the simulated chain thinks of.
    #[error("1 to {CHAIN_BLOCKS_MAX} blocks can be mined or taken off at once")]
    Blocks,
    /// The rules about people.
    #[error(transparent)]
    Identity(#[from] souk_identity::Refusal),
    /// The rules about chats.
    #[error(transparent)]
    Chat(#[from] souk_chat::Refusal),
    /// The rules about money.
    #[error(transparent)]
    Ledger(#[from] souk_ledger::Refusal),
    /// The rules about apps.
    #[error(transparent)]
    Registry(#[from] souk_registry::Refusal),
    /// The package cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The component cannot be run.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Blamed for MarketError {
    fn blame(&self) -> Blame {
        match self {
            Self::KeyReused
            | Self::WrongCredentials
            | Self::UnknownPerson(_)
            | Self::UnknownCommand(_)
            | Self::UnknownApp(_)
            | Self::NoCommand(_)
            | Self::DoesNotListen(_)
            | Self::Changed
            | Self::SameToAll
            | Self::UnknownButton(_)
            | Self::Inputs(_)
            | Self::UnknownEvent
            | Self::UnknownTrace
            | Self::UnknownMatter(_)
            | Self::NotTheirs(_)
            | Self::NotNarrower
            | Self::Package(_) => Blame::User,
            Self::Stopped(_) => Blame::Guest,
            Self::Prepare(error) => error.blame(),
            Self::ByHand | Self::NotCarried { .. } | Self::NoAddress | Self::NoDestination => {
                Blame::User
            }
            Self::NoBank | Self::NoChain | Self::Blocks => Blame::Operator,
            Self::Identity(refusal) => refusal.blame(),
            Self::Chat(refusal) => refusal.blame(),
            Self::Ledger(refusal) => refusal.blame(),
            Self::Registry(refusal) => refusal.blame(),
            Self::Store(error) => error.blame(),
        }
    }
}
