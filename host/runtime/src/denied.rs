//! The edge to the guest: the one table from the host's errors to the words of `denied`.
//!
//! An error a guest can do something about becomes a [`Denied`] with `?`. What has to stop the run
//! is a [`Halt`], and says so.

use souk_chat::{CardError, CardFault};
use souk_core::limits::{
    CARD_BYTES_MAX, HTTP_BODY_BYTES_MAX, HTTP_HEADER_BYTES_MAX, LISTENERS_MAX, MESSAGE_BYTES_MAX,
    SHEETS_WAITING_MAX, START_PARAMETER_CHARS_MAX, URL_BYTES_MAX,
};
use souk_core::{CurrencyError, IdError, MINOR_MAX, Money, MoneyError};
use souk_events::StartError;
use souk_store::StoreError;
use wasmtime::component::ResourceTableError;

pub(crate) use crate::bindings::souk::types::common::Denied;
use crate::bindings::souk::types::common::{Limit, Note};
use crate::outcome::FaultKind;

/// What keeps a host call from answering.
#[derive(Debug)]
pub(crate) enum No {
    /// The guest is told, and goes on.
    Denied(Denied),
    /// The run ends here.
    Halt(Halt),
}

/// Why a run ends inside a host call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Halt {
    /// The store cannot answer: whoever runs the event hears it as the store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The person has to be asked first.
    #[error("the person has not been asked yet")]
    NeedsConsent(Vec<String>),
    /// The guest or the host broke a rule.
    #[error("{0}")]
    Fault(FaultKind),
}

impl No {
    /// Not asked for in the manifest, not allowed here, or not in this kind of event.
    pub(crate) fn not_granted() -> Self {
        Self::Denied(Denied::NotGranted)
    }

    /// The person said no.
    pub(crate) fn refused() -> Self {
        Self::Denied(Denied::ConsentRefused)
    }

    /// No such thing, or not this app's to see.
    pub(crate) fn not_found() -> Self {
        Self::Denied(Denied::NotFound)
    }

    /// The argument is malformed; `what` names it.
    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Self::Denied(Denied::Invalid(what.into()))
    }

    /// A stated condition does not hold: `state` is what is so, for programs, and `text` says it.
    pub(crate) fn conflict(state: &str, text: impl Into<String>) -> Self {
        Self::Denied(Denied::Conflict(Note {
            code: state.to_owned(),
            text: text.into(),
        }))
    }

    /// A reason the contract does not name.
    pub(crate) fn other(code: &str, text: impl Into<String>) -> Self {
        Self::Denied(Denied::Other(Note {
            code: code.to_owned(),
            text: text.into(),
        }))
    }

    // WHEN THERE IS ANOTHER LIMIT: its name and unit go into host/docs/limits.md.
    /// More than `allowed` of `name`.
    pub(crate) fn over_limit(name: &str, allowed: impl TryInto<u64>) -> Self {
        Self::over(name, allowed, None, None)
    }

    /// More money than `allowed` of `name`.
    pub(crate) fn over_money(name: &str, allowed: Money) -> Self {
        Self::over(name, allowed.minor(), Some(allowed), None)
    }

    /// More than `allowed` of `name` now; it is worth trying again after so many milliseconds.
    pub(crate) fn over_for_now(name: &str, allowed: impl TryInto<u64>, retry_ms: u64) -> Self {
        Self::over(name, allowed, None, Some(retry_ms))
    }

    /// More money than `allowed` of `name` now; another day begins after so many milliseconds.
    pub(crate) fn over_today(name: &str, allowed: Money, retry_ms: u64) -> Self {
        Self::over(name, allowed.minor(), Some(allowed), Some(retry_ms))
    }

    fn over(
        name: &str,
        allowed: impl TryInto<u64>,
        money: Option<Money>,
        retry_after_ms: Option<u64>,
    ) -> Self {
        Self::Denied(Denied::OverLimit(Limit {
            name: name.to_owned(),
            allowed: allowed.try_into().unwrap_or(u64::MAX),
            currency: money.map(|money| money.currency().as_str().to_owned()),
            retry_after_ms,
        }))
    }
}

impl From<Halt> for No {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        Self::Halt(Halt::Store(error))
    }
}

impl From<ResourceTableError> for Halt {
    fn from(error: ResourceTableError) -> Self {
        Self::Fault(match error {
            ResourceTableError::Full => FaultKind::Handles,
            ResourceTableError::NotPresent
            | ResourceTableError::WrongType
            | ResourceTableError::HasChildren => FaultKind::Host,
        })
    }
}

impl From<ResourceTableError> for No {
    fn from(error: ResourceTableError) -> Self {
        Self::Halt(error.into())
    }
}

impl From<souk_chat::Refusal> for No {
    fn from(refusal: souk_chat::Refusal) -> Self {
        use souk_chat::Refusal;
        match refusal {
            Refusal::NotFound | Refusal::UnknownReply => Self::not_found(),
            Refusal::Empty => Self::invalid(refusal.to_string()),
            Refusal::TextLong => Self::over_limit("text-bytes", MESSAGE_BYTES_MAX),
            Refusal::Card(error) => error.into(),
            Refusal::ListenersMax => Self::over_limit("listeners", LISTENERS_MAX),
            Refusal::Direct => Self::conflict("direct", refusal.to_string()),
            Refusal::NotAdmin => Self::conflict("not-admin", refusal.to_string()),
            Refusal::NotMember => Self::conflict("not-member", refusal.to_string()),
            Refusal::LastAdmin => Self::conflict("last-admin", refusal.to_string()),
            Refusal::SamePerson => Self::conflict("same-person", refusal.to_string()),
            Refusal::TitleMalformed => Self::conflict("title", refusal.to_string()),
            Refusal::MembersMax => Self::conflict("members", refusal.to_string()),
            Refusal::ChatsMax => Self::conflict("chats", refusal.to_string()),
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<CardError> for No {
    fn from(error: CardError) -> Self {
        if error.what == CardFault::TooLarge {
            return Self::over_limit("card-bytes", CARD_BYTES_MAX);
        }
        Self::invalid(format!("card {error}"))
    }
}

impl From<StartError> for No {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Long => {
                Self::over_limit("start-parameter-chars", START_PARAMETER_CHARS_MAX)
            }
            StartError::Malformed => Self::invalid(error.to_string()),
        }
    }
}

impl From<souk_identity::Refusal> for No {
    fn from(refusal: souk_identity::Refusal) -> Self {
        use souk_identity::Refusal;
        match refusal {
            Refusal::HandleMalformed
            | Refusal::NameMalformed
            | Refusal::PasswordShort
            | Refusal::PasswordLong
            | Refusal::NothingAsked
            | Refusal::BudgetCurrencies
            | Refusal::BudgetTime => Self::invalid(refusal.to_string()),
            Refusal::UnknownToken | Refusal::UnknownQuestion => Self::not_found(),
            Refusal::HandleTaken => Self::conflict("handle-taken", refusal.to_string()),
            Refusal::TokensMax => Self::conflict("tokens", refusal.to_string()),
            Refusal::EventsWaitingMax => Self::conflict("events-waiting", refusal.to_string()),
            Refusal::Randomness => Halt::Fault(FaultKind::Host).into(),
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<souk_ledger::Refusal> for No {
    fn from(refusal: souk_ledger::Refusal) -> Self {
        use souk_ledger::Refusal;
        match refusal {
            Refusal::IdReused | Refusal::KeyReused => Self::Denied(Denied::KeyReused),
            Refusal::KeyLength
            | Refusal::Lines
            | Refusal::Label
            | Refusal::Memo
            | Refusal::Reason
            | Refusal::Texts
            | Refusal::Quantity
            | Refusal::AmountZero
            | Refusal::SameAccount
            | Refusal::Currencies
            | Refusal::AmountLarge
            | Refusal::Discounts
            | Refusal::Subtotal { .. }
            | Refusal::Total { .. }
            | Refusal::Expiry
            | Refusal::Period
            | Refusal::StatementLong => Self::invalid(refusal.to_string()),
            Refusal::UnknownOrder
            | Refusal::UnknownEntry
            | Refusal::UnknownGift
            | Refusal::UnknownAccount
            | Refusal::UnknownAsset
            | Refusal::Erased => Self::not_found(),
            Refusal::OrderIs(state) => Self::conflict(state.name(), state.to_string()),
            Refusal::GiftIs(state) => Self::conflict(&state.to_string(), state.to_string()),
            Refusal::ArrivalIs(state) => Self::conflict(&state.to_string(), state.to_string()),
            Refusal::DepartureIs(state) => Self::conflict(&state.to_string(), state.to_string()),
            Refusal::AssetTaken => Self::conflict("asset-taken", refusal.to_string()),
            Refusal::Nonce => Self::conflict("nonce", refusal.to_string()),
            Refusal::Frozen => Self::conflict("frozen", refusal.to_string()),
            Refusal::Closed => Self::conflict("closed", refusal.to_string()),
            Refusal::NotEmpty => Self::conflict("not-empty", refusal.to_string()),
            Refusal::OverOrder { limit } => Self::over_money("order", limit),
            Refusal::OverDay { limit } => Self::over_money("day", limit),
            Refusal::OverApp { limit } => Self::over_money("app", limit),
            Refusal::OverBudget { limit } => Self::over_money("pay-out", limit),
            Refusal::OverCapture { left } => Self::over_money("capture", left),
            Refusal::OverBalance { limit } => Self::over_money("balance", limit),
            Refusal::OverCeiling { ceiling } => Self::over_money("max-amount", ceiling),
            Refusal::SheetsWaiting => Self::over_limit("sheets-waiting", SHEETS_WAITING_MAX),
            Refusal::OverRefund { left } => Self::over_money("refund", left),
            Refusal::Funds => Self::Denied(Denied::InsufficientFunds),
            Refusal::Overflow => Self::over_limit("balance", MINOR_MAX),
            Refusal::Broken(broken) => {
                tracing::error!(%broken, "a run met a broken ledger");
                Halt::Fault(FaultKind::Host).into()
            }
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<souk_egress::Refusal> for No {
    fn from(refusal: souk_egress::Refusal) -> Self {
        use souk_egress::Refusal;
        match refusal {
            Refusal::UrlLong => Self::over_limit("url-bytes", URL_BYTES_MAX),
            Refusal::BodyLarge => Self::over_limit("http-body-bytes", HTTP_BODY_BYTES_MAX),
            Refusal::Headers => Self::over_limit("http-header-bytes", HTTP_HEADER_BYTES_MAX),
            Refusal::Origin(_) | Refusal::Path | Refusal::Method(_) | Refusal::Header(_) => {
                Self::invalid(refusal.to_string())
            }
            Refusal::NotGranted => Self::not_granted(),
            Refusal::Pace { allowed, retry_ms } => {
                Self::over_for_now("http-requests", allowed, retry_ms)
            }
            Refusal::Unreachable | Refusal::Slow => Self::Denied(Denied::Unavailable),
            Refusal::Unknown
            | Refusal::Private
            | Refusal::Tls
            | Refusal::NotHttp
            | Refusal::AnswerLarge => Self::other(refusal.code(), refusal.to_string()),
        }
    }
}

macro_rules! malformed {
    ($($error:ty)*) => {$(
        impl From<$error> for No {
            fn from(error: $error) -> Self {
                Self::invalid(error.to_string())
            }
        }
    )*};
}

malformed! { CurrencyError IdError MoneyError }
