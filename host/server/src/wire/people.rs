//! People, tokens, and what apps did for them.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, ChatId, EventId, TokenId, TraceId, UserId};
use souk_identity::Profile;
use souk_market::{AuditLine, Used};

/// What joining takes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Account {
    /// 2 to 32 small letters, digits, dots, hyphens and underscores.
    pub handle: String,
    /// What others call them.
    pub name: String,
    /// At least 8 characters.
    pub password: String,
}

/// What signing in takes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Credentials {
    /// Who.
    pub handle: String,
    /// Proof.
    pub password: String,
}

/// What leaving the host for good takes: a token or a session alone must not do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Leave {
    /// Proof.
    pub password: String,
}

/// What a new token takes: a session, or credentials.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct TokenAsk {
    /// Who, unless a session says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// Proof, unless a session is it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// What the token is for, in the person's words.
    pub label: String,
}

/// A new token.
#[derive(Debug, Serialize, Deserialize)]
pub struct Issued {
    /// Names it, to revoke it.
    pub id: TokenId,
    /// The secret, shown this once.
    pub token: String,
}

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// How to find them.
    pub handle: String,
    /// What to call them.
    pub name: String,
}

impl From<Profile> for Person {
    fn from(profile: Profile) -> Self {
        Self {
            id: profile.user,
            handle: profile.handle,
            name: profile.name,
        }
    }
}

/// One run of an app, for a person or for nobody: what it used and what it cost.
#[derive(Debug, Serialize, Deserialize)]
pub struct Activity {
    /// The event it ran for.
    pub event: EventId,
    /// What its trace is called; the app's merchant can have it for a while, if it was kept.
    pub trace: TraceId,
    /// Which app.
    pub app: AppId,
    /// Which version of it.
    pub version: u32,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub chat: Option<ChatId>,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// done, rejected, invalid-input, parked or fault.
    pub ended: String,
    /// The capabilities it used.
    pub uses: Vec<Uses>,
    /// How many host calls it made.
    pub host_calls: u64,
    /// All its memories and tables together, at most, in bytes.
    pub memory_peak: u64,
    /// What it brought into the host in all calls, in bytes.
    pub bytes_in: u64,
    /// What it was handed in all calls, in bytes.
    pub bytes_out: u64,
    /// What it computed: about one for each instruction.
    pub fuel: u64,
    /// How long it took, in microseconds, its waits for the host included.
    pub micros: u64,
}

/// How often a run called one function of a capability.
#[derive(Debug, Serialize, Deserialize)]
pub struct Uses {
    /// The function, like `wallet.request`.
    pub function: String,
    /// The permission it took; absent when it took none.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub permission: String,
    /// Calls.
    pub count: u64,
    /// Calls that the host said no to.
    pub denied: u64,
}

impl From<Used> for Uses {
    fn from(
        Used {
            function,
            permission,
            count,
            denied,
        }: Used,
    ) -> Self {
        Self {
            function: function.into_owned(),
            permission: permission.into_owned(),
            count,
            denied,
        }
    }
}

impl From<AuditLine> for Activity {
    fn from(line: AuditLine) -> Self {
        let AuditLine {
            event,
            trace,
            app,
            version,
            chat,
            at,
            ended,
            uses,
            host_calls,
            memory_peak,
            bytes_in,
            bytes_out,
            fuel,
            micros,
        } = line;
        let uses = uses.into_iter().map(Into::into).collect();
        Self {
            event,
            trace,
            app,
            version,
            chat,
            at: at.millis(),
            ended: ended.into_owned(),
            uses,
            host_calls,
            memory_peak,
            bytes_in,
            bytes_out,
            fuel,
            micros,
        }
    }
}
