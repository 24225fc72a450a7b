//! Why a request has no answer.

use souk_core::limits::{
    HTTP_BODY_BYTES_MAX, HTTP_HEADER_BYTES_MAX, HTTP_HEADERS_MAX, URL_BYTES_MAX,
};
use souk_core::{Blame, Blamed, OriginError};

/// Why a request has no answer. In order: callers see the first that applies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The URL names no origin that can be asked.
    #[error("url: {0}")]
    Origin(#[from] OriginError),
    /// What stands behind the origin is not a path.
    #[error("url: what follows the host must be a path of plain characters, without a fragment")]
    Path,
    /// The URL is long.
    #[error("url: more than {URL_BYTES_MAX} bytes")]
    UrlLong,
    /// There is no such method, or it is not for this.
    #[error("method: {0}")]
    Method(String),
    /// A header that cannot be sent, or that is the host's to set.
    #[error("header: `{0}`")]
    Header(String),
    /// Too many headers, or too much in them.
    #[error("headers: more than {HTTP_HEADERS_MAX}, or {HTTP_HEADER_BYTES_MAX} bytes")]
    Headers,
    /// The body is large.
    #[error("body: more than {HTTP_BODY_BYTES_MAX} bytes")]
    BodyLarge,
    /// The app was not granted this origin and method.
    #[error("the app may not ask that host in this way")]
    NotGranted,
    /// The app asks too often, or too much at once.
    #[error("the app asks too often")]
    Pace {
        /// How many there may be.
        allowed: usize,
        /// When it is worth trying again, in milliseconds.
        retry_ms: u64,
    },
    /// There is no such host.
    #[error("the host is not known")]
    Unknown,
    /// The host is, or says it is, in somebody's private network.
    #[error("the host is not on the public Internet")]
    Private,
    /// Nobody answers there.
    #[error("the host cannot be reached")]
    Unreachable,
    /// The host cannot prove who it is.
    #[error("the host cannot prove who it is")]
    Tls,
    /// The host does not speak HTTP.
    #[error("the host's answer is not HTTP")]
    NotHttp,
    /// The answer is larger than what is read of one.
    #[error("the host's answer is too large")]
    AnswerLarge,
    /// The answer did not come in time.
    #[error("the host did not answer in time")]
    Slow,
}

impl Refusal {
    /// Returns the refusal's name, for programs and for the audit.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Origin(_) | Self::Path | Self::UrlLong => "url",
            Self::Method(_) => "method",
            Self::Header(_) | Self::Headers => "headers",
            Self::BodyLarge => "body",
            Self::NotGranted => "not-granted",
            Self::Pace { .. } => "pace",
            Self::Unknown => "unknown-host",
            Self::Private => "private-host",
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::NotHttp => "not-http",
            Self::AnswerLarge => "answer-large",
            Self::Slow => "slow",
        }
    }

    /// Tells whether the same request may have another end later.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Pace { .. }
            | Self::Unknown
            | Self::Unreachable
            | Self::Tls
            | Self::NotHttp
            | Self::Slow => true,
            Self::Origin(_)
            | Self::Path
            | Self::UrlLong
            | Self::Method(_)
            | Self::Header(_)
            | Self::Headers
            | Self::BodyLarge
            | Self::NotGranted
            | Self::Private
            | Self::AnswerLarge => false,
        }
    }
}

impl Blamed for Refusal {
    fn blame(&self) -> Blame {
        match self {
            Self::Origin(_)
            | Self::Path
            | Self::UrlLong
            | Self::Method(_)
            | Self::Header(_)
            | Self::Headers
            | Self::BodyLarge
            | Self::NotGranted
            | Self::Pace { .. }
            | Self::Unknown
            | Self::Private
            | Self::Unreachable
            | Self::Tls
            | Self::NotHttp
            | Self::AnswerLarge
            | Self::Slow => Blame::Guest,
        }
    }
}
