//! The one table from errors to kinds of problems. No wildcard: a new error does not compile until
//! it has its row.

use souk_core::limits::COMPILE_TURN_MS_MAX;
use souk_ledger::Refusal as Money;
use souk_market::{MarketError, PrepareError};
use souk_store::StoreError;

use super::kinds::{self, Kind};

/// What is wrong with a request before it reaches a use case.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Slip {
    #[error("the request carries no valid session and no valid token")]
    NotSignedIn,
    #[error("the request does not carry the operator's token")]
    NotOperator,
    #[error("the browser says that another site made this request")]
    CrossSite,
    #[error("the Idempotency-Key header is empty, too long or not plain text")]
    Key,
    #[error("the body is larger than this address takes")]
    BodyTooLarge,
    #[error("the body was not complete in time")]
    BodySlow,
    #[error("{0}")]
    Json(String),
    #[error("{0}")]
    Address(String),
    #[error("{0}")]
    Query(String),
    #[error("{0}")]
    Asset(String),
    #[error("the request does not ask for a WebSocket")]
    NotASocket,
    #[error("there is nothing at this address")]
    NoSuchAddress,
    #[error("the address does not take this method")]
    NoSuchMethod,
}

pub(super) fn of_slip(slip: &Slip) -> &'static Kind {
    match slip {
        Slip::NotSignedIn => &kinds::NOT_SIGNED_IN,
        Slip::NotOperator => &kinds::NOT_OPERATOR,
        Slip::CrossSite => &kinds::CROSS_SITE,
        Slip::Key => &kinds::KEY,
        Slip::BodyTooLarge => &kinds::TOO_LARGE,
        Slip::BodySlow => &kinds::SLOW,
        Slip::Json(_) => &kinds::BODY,
        Slip::Address(_) => &kinds::ADDRESS,
        Slip::Query(_) => &kinds::QUERY,
        Slip::Asset(_) => &kinds::INVALID,
        Slip::NotASocket => &kinds::SOCKET,
        Slip::NoSuchAddress => &kinds::NOT_FOUND,
        Slip::NoSuchMethod => &kinds::METHOD,
    }
}

pub(super) fn of_market(error: &MarketError) -> &'static Kind {
    match error {
        MarketError::KeyReused => &kinds::KEY_REUSED,
        MarketError::WrongCredentials => &kinds::CREDENTIALS,
        MarketError::UnknownCommand(_) => &kinds::NO_COMMAND,
        MarketError::UnknownPerson(_)
        | MarketError::UnknownApp(_)
        | MarketError::NoCommand(_)
        | MarketError::UnknownButton(_)
        | MarketError::UnknownEvent
        | MarketError::UnknownMatter(_)
        | MarketError::UnknownTrace => &kinds::NOT_FOUND,
        MarketError::Stopped(_) => &kinds::APP_REFUSED,
        MarketError::Changed => &kinds::CHANGED,
        MarketError::SameToAll => &kinds::STATE,
        MarketError::Inputs(_) => &kinds::INPUTS,
        MarketError::NoBank => &kinds::NO_BANK,
        MarketError::NoChain => &kinds::NO_CHAIN,
        MarketError::ByHand
        | MarketError::NotCarried { .. }
        | MarketError::NoAddress
        | MarketError::NoDestination
        | MarketError::Blocks
        | MarketError::NotNarrower
        | MarketError::DoesNotListen(_) => &kinds::INVALID,
        MarketError::NotTheirs(_) => &kinds::FORBIDDEN,
        MarketError::Identity(refusal) => of_identity(refusal),
        MarketError::Chat(refusal) => of_chat(refusal),
        MarketError::Ledger(refusal) => of_ledger(refusal),
        MarketError::Registry(refusal) => of_registry(refusal),
        MarketError::Package(_) => &kinds::PACKAGE,
        MarketError::Prepare(error) => of_prepare(error),
        MarketError::Store(error) => of_store(error),
    }
}

fn of_prepare(error: &PrepareError) -> &'static Kind {
    match error {
        PrepareError::NotWasm
        | PrepareError::CoreModule
        | PrepareError::Invalid(_)
        | PrepareError::Import(_)
        | PrepareError::Handler(_)
        | PrepareError::Slow
        | PrepareError::Overwhelmed => &kinds::PACKAGE,
        PrepareError::Busy => &kinds::BUSY,
        PrepareError::Compiler(_) => &kinds::UNAVAILABLE,
    }
}

fn of_store(error: &StoreError) -> &'static Kind {
    match error {
        StoreError::Busy { .. } | StoreError::Contended => &kinds::BUSY,
        StoreError::TooLarge => &kinds::TOO_LARGE,
        StoreError::Unknown
        | StoreError::Full
        | StoreError::Stopped
        | StoreError::Blobs
        | StoreError::Keyring => &kinds::UNAVAILABLE,
        StoreError::Form | StoreError::Over => &kinds::INTERNAL,
    }
}

fn of_identity(refusal: &souk_identity::Refusal) -> &'static Kind {
    use souk_identity::Refusal;
    match refusal {
        Refusal::HandleMalformed
        | Refusal::NameMalformed
        | Refusal::PasswordShort
        | Refusal::PasswordLong
        | Refusal::NothingAsked
        | Refusal::BudgetCurrencies
        | Refusal::BudgetTime => &kinds::INVALID,
        Refusal::HandleTaken => &kinds::TAKEN,
        Refusal::TokensMax | Refusal::EventsWaitingMax => &kinds::LIMIT,
        Refusal::UnknownToken | Refusal::UnknownQuestion => &kinds::NOT_FOUND,
        Refusal::Randomness => &kinds::UNAVAILABLE,
        Refusal::Store(error) => of_store(error),
    }
}

fn of_chat(refusal: &souk_chat::Refusal) -> &'static Kind {
    use souk_chat::Refusal;
    match refusal {
        Refusal::NotFound | Refusal::UnknownReply => &kinds::NOT_FOUND,
        Refusal::Direct
        | Refusal::NotMember
        | Refusal::SamePerson
        | Refusal::TitleMalformed
        | Refusal::Empty
        | Refusal::TextLong
        | Refusal::Card(_) => &kinds::INVALID,
        Refusal::NotAdmin => &kinds::FORBIDDEN,
        Refusal::LastAdmin => &kinds::STATE,
        Refusal::MembersMax | Refusal::ChatsMax | Refusal::ListenersMax => &kinds::LIMIT,
        Refusal::Store(error) => of_store(error),
    }
}

fn of_ledger(refusal: &Money) -> &'static Kind {
    match refusal {
        Money::IdReused | Money::KeyReused => &kinds::KEY_REUSED,
        Money::KeyLength
        | Money::Lines
        | Money::Label
        | Money::Memo
        | Money::Reason
        | Money::Texts
        | Money::Quantity
        | Money::AmountZero
        | Money::SameAccount
        | Money::Currencies
        | Money::AmountLarge
        | Money::Discounts
        | Money::Subtotal { .. }
        | Money::Total { .. }
        | Money::Expiry
        | Money::Period
        | Money::StatementLong => &kinds::INVALID,
        Money::UnknownOrder
        | Money::UnknownEntry
        | Money::UnknownGift
        | Money::UnknownAccount
        | Money::UnknownAsset
        | Money::Erased => &kinds::NOT_FOUND,
        Money::OrderIs(_)
        | Money::GiftIs(_)
        | Money::ArrivalIs(_)
        | Money::DepartureIs(_)
        | Money::AssetTaken
        | Money::NotEmpty => &kinds::STATE,
        Money::Frozen | Money::Closed => &kinds::STANDING,
        Money::Nonce => &kinds::NONCE,
        Money::OverCeiling { .. }
        | Money::OverOrder { .. }
        | Money::OverDay { .. }
        | Money::OverApp { .. }
        | Money::OverBudget { .. }
        | Money::SheetsWaiting
        | Money::OverCapture { .. }
        | Money::OverRefund { .. }
        | Money::OverBalance { .. }
        | Money::Overflow => &kinds::LIMIT,
        Money::Funds => &kinds::FUNDS,
        Money::Broken(_) => &kinds::INTERNAL,
        Money::Store(error) => of_store(error),
    }
}

fn of_registry(refusal: &souk_registry::Refusal) -> &'static Kind {
    use souk_registry::Refusal;
    match refusal {
        Refusal::OtherMerchant(_) | Refusal::OtherKey(_) => &kinds::FORBIDDEN,
        Refusal::CodeTaken { .. } | Refusal::CodeOld { .. } => &kinds::VERSION,
        Refusal::CommandTaken { .. } => &kinds::TAKEN,
        Refusal::SettingName | Refusal::SettingLong => &kinds::INVALID,
        Refusal::SettingsMax => &kinds::LIMIT,
        Refusal::Store(error) => of_store(error),
    }
}

/// Returns when it is worth trying again, where that is known.
pub(super) fn retry_ms(error: &MarketError) -> Option<u64> {
    let store = match error {
        MarketError::Store(error)
        | MarketError::Identity(souk_identity::Refusal::Store(error))
        | MarketError::Chat(souk_chat::Refusal::Store(error))
        | MarketError::Ledger(Money::Store(error))
        | MarketError::Registry(souk_registry::Refusal::Store(error)) => error,
        MarketError::Prepare(PrepareError::Busy) => return Some(COMPILE_TURN_MS_MAX),
        MarketError::KeyReused
        | MarketError::WrongCredentials
        | MarketError::UnknownPerson(_)
        | MarketError::UnknownCommand(_)
        | MarketError::UnknownApp(_)
        | MarketError::NoCommand(_)
        | MarketError::DoesNotListen(_)
        | MarketError::Stopped(_)
        | MarketError::Changed
        | MarketError::SameToAll
        | MarketError::UnknownButton(_)
        | MarketError::Inputs(_)
        | MarketError::UnknownEvent
        | MarketError::UnknownTrace
        | MarketError::UnknownMatter(_)
        | MarketError::NotTheirs(_)
        | MarketError::NotNarrower
        | MarketError::NoBank
        | MarketError::NoChain
        | MarketError::ByHand
        | MarketError::NotCarried { .. }
        | MarketError::NoAddress
        | MarketError::NoDestination
        | MarketError::Blocks
        | MarketError::Identity(_)
        | MarketError::Chat(_)
        | MarketError::Ledger(_)
        | MarketError::Registry(_)
        | MarketError::Package(_)
        | MarketError::Prepare(_) => return None,
    };
    match store {
        StoreError::Busy { retry_ms } => Some(*retry_ms),
        StoreError::Contended => Some(1_000),
        StoreError::Unknown
        | StoreError::TooLarge
        | StoreError::Full
        | StoreError::Stopped
        | StoreError::Form
        | StoreError::Over
        | StoreError::Blobs
        | StoreError::Keyring => None,
    }
}
