//! The edge to the guest: the one table from the host's errors to the words of `denied`.
//!
//! An error a guest can do something about becomes a [`Denied`] with `?`. What has to stop the run
//! is a [`Halt`], and says so.

use souk_chat::{CardError, CardFault};
use souk_core::limits::{
    CARD_BYTES_MAX, HTTP_BODY_BYTES_MAX, HTTP_HEADER_BYTES_MAX, LISTENERS_MAX, MESSAGE_BYTES_MAX,
    SHEETS_WAITING_MAX, START_PARAMETER_CHARS_MAX, URL_BYTES_MAX,
};
use souk_core::{CurrencyError, IdError, MINOR_MAX, MoneyError};
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

    /// A stated condition does not hold; `present` says what is so.
    pub(crate) fn conflict(present: impl Into<String>) -> Self {
        Self::Denied(Denied::Conflict(present.into()))
    }

    /// More than `allowed` of `name`.
    pub(crate) fn over_limit(name: &str, allowed: impl TryInto<u64>) -> Self {
        let allowed = allowed.try_into().unwrap_or(u64::MAX);
        Self::Denied(Denied::OverLimit(Limit {
            name: name.into(),
            allowed,
            retry_after_ms: None,
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
            Refusal::Direct
            | Refusal::NotAdmin
            | Refusal::NotMember
            | Refusal::LastAdmin
            | Refusal::SamePerson
            | Refusal::TitleMalformed
            | Refusal::MembersMax
            | Refusal::ChatsMax => Self::conflict(refusal.to_string()),
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
            Refusal::HandleTaken | Refusal::TokensMax | Refusal::EventsWaitingMax => {
                Self::conflict(refusal.to_string())
            }
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
            Refusal::OrderIs(state) => Self::conflict(state.to_string()),
            Refusal::GiftIs(state) => Self::conflict(state.to_string()),
            Refusal::ArrivalIs(state) => Self::conflict(state.to_string()),
            Refusal::DepartureIs(state) => Self::conflict(state.to_string()),
            Refusal::AssetTaken
            | Refusal::Nonce
            | Refusal::Frozen
            | Refusal::Closed
            | Refusal::NotEmpty => Self::conflict(refusal.to_string()),
            Refusal::OverOrder { limit } => Self::over_limit("order", limit.minor()),
            Refusal::OverDay { limit } => Self::over_limit("day", limit.minor()),
            Refusal::OverApp { limit } => Self::over_limit("app", limit.minor()),
            Refusal::OverBudget { limit } => Self::over_limit("pay-out", limit.minor()),
            Refusal::OverCapture { left } => Self::over_limit("capture", left.minor()),
            Refusal::OverBalance { limit } => Self::over_limit("balance", limit.minor()),
            Refusal::OverCeiling { ceiling } => Self::over_limit("max-amount", ceiling.minor()),
            Refusal::SheetsWaiting => Self::over_limit("sheets-waiting", SHEETS_WAITING_MAX),
            Refusal::OverRefund { left } => Self::over_limit("refund", left.minor()),
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
            Refusal::Pace { allowed, retry_ms } => Self::Denied(Denied::OverLimit(Limit {
                name: "http-requests".to_owned(),
                allowed: u64::try_from(allowed).unwrap_or(u64::MAX),
                retry_after_ms: Some(retry_ms),
            })),
            Refusal::Unreachable | Refusal::Slow => Self::Denied(Denied::Unavailable),
            Refusal::Unknown
            | Refusal::Private
            | Refusal::Tls
            | Refusal::NotHttp
            | Refusal::AnswerLarge => Self::Denied(Denied::Other(Note {
                code: refusal.code().to_owned(),
                text: refusal.to_string(),
            })),
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
