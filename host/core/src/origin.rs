//! Where an app may send requests to: an origin of the web, and the methods it uses there.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits::HOST_NAME_BYTES_MAX;
use crate::{Blame, Blamed};

/// An origin of the web (RFC 6454): scheme, host and port. The host is a name of the public DNS in
/// small letters, never an address: addresses have too many spellings.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin {
    /// How it is spoken to.
    pub scheme: Scheme,
    /// The name of the host.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// How an origin is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Over TLS.
    Https,
    /// In the clear.
    Http,
}

/// What a request does (RFC 9110, 9.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Has something processed.
    Post,
    /// Replaces.
    Put,
    /// Changes a part.
    Patch,
    /// Takes away.
    Delete,
}

/// An origin, and the methods that may be used there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The origin.
    pub origin: Origin,
    /// At least one, each once.
    pub methods: Vec<Method>,
}

/// Why a text is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Neither `https://` nor `http://`.
    #[error("an origin starts with `https://` or `http://`")]
    Scheme,
    /// A name or a password before the host.
    #[error("an origin names nobody: leave out what stands before `@`")]
    UserInfo,
    /// An address, a bare word, or letters that names do not have.
    #[error(
        "the host must be a name of the DNS in small letters, like api.example.com, not an address"
    )]
    Host,
    /// Not a number, or one that is another protocol's.
    #[error("the port must be one that the web is spoken on")]
    Port,
    /// A path or anything else behind it.
    #[error("an origin ends with the host or the port")]
    Path,
}

impl Blamed for OriginError {
    fn blame(&self) -> Blame {
        match self {
            Self::Scheme | Self::UserInfo | Self::Host | Self::Port | Self::Path => Blame::Guest,
        }
    }
}

/// Ports that other protocols listen on and that no browser speaks HTTP to (Fetch Standard, "port
/// blocking").
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];

/// Names that are never in the public DNS (RFC 6761, 6762, 7686, 8375, 9476).
const PRIVATE_ZONES: [&str; 10] = [
    "localhost",
    "local",
    "internal",
    "invalid",
    "test",
    "onion",
    "alt",
    "arpa",
    "localdomain",
    "intranet",
];

impl Scheme {
    /// Returns the scheme's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }

    /// Returns the port that need not be written.
    pub const fn port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
        }
    }
}

impl Method {
    /// Every method there is.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// Returns the method as it is sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Returns the method of this name, in capitals as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

impl Reach {
    /// Tells whether a request may go there.
    pub fn covers(&self, origin: &Origin, method: Method) -> bool {
        self.origin == *origin && self.methods.contains(&method)
    }
}

impl Origin {
    /// Reads an origin from the start of a text and returns it with the rest, which is empty or
    /// starts with `/` or `?`.
    ///
    /// # Errors
    /// The first [`OriginError`] that applies. Nothing is corrected: what programs read in two ways
    /// is refused.
    pub fn start_of(text: &str) -> Result<(Self, &str), OriginError> {
        let (scheme, rest) = [Scheme::Https, Scheme::Http]
            .into_iter()
            .find_map(|scheme| Some((scheme, after_scheme(text, scheme)?)))
            .ok_or(OriginError::Scheme)?;
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).ok_or(OriginError::Host)?;
        if authority.contains('@') {
            return Err(OriginError::UserInfo);
        }
        let (host, port) = match authority.split_once(':') {
            None => (authority, Some(scheme.port())),
            Some((host, port)) => (host, number(port)),
        };
        if !is_host_name(host) {
            return Err(OriginError::Host);
        }
        let port = port.filter(|port| !BAD_PORTS.contains(port));
        let port = port.ok_or(OriginError::Port)?;
        let host = host.to_owned();
        Ok((Self { scheme, host, port }, path))
    }

    /// Returns host and port as a request names them: the port only where it is not the scheme's.
    pub fn authority(&self) -> String {
        if self.port == self.scheme.port() {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

fn after_scheme(text: &str, scheme: Scheme) -> Option<&str> {
    text.strip_prefix(scheme.name())?.strip_prefix("://")
}

/// A port as it is usually written: digits, none of them a leading zero.
fn number(text: &str) -> Option<u16> {
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Two or more labels of small letters, digits and inner hyphens, the last of which starts with a
/// letter: nothing that any program reads as a number can be one.
fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= HOST_NAME_BYTES_MAX
        && text.contains('.')
        && text.split('.').all(label)
        && last.starts_with(|first: char| first.is_ascii_lowercase())
        && !PRIVATE_ZONES.contains(&last)
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        match Self::start_of(text)? {
            (origin, "") => Ok(origin),
            _ => Err(OriginError::Path),
        }
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.to_string()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.authority())
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_in_one_way() {
        for (text, written) in [
            ("https://api.example.com", "https://api.example.com"),
            ("https://api.example.com:443", "https://api.example.com"),
            ("http://a-b.example:8080", "http://a-b.example:8080"),
            (
                "https://xn--bcher-kva.example",
                "https://xn--bcher-kva.example",
            ),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_origin() {
        use OriginError::{Host, Path, Port, Scheme, UserInfo};
        for (text, error) in [
            ("api.example.com", Scheme),
            ("ftp://api.example.com", Scheme),
            ("HTTPS://api.example.com", Scheme),
            ("https:/api.example.com", Scheme),
            ("https://a@api.example.com", UserInfo),
            ("https://a:b@api.example.com", UserInfo),
            ("https://localhost", Host),
            ("https://printer.local", Host),
            ("https://127.0.0.1", Host),
            ("https://0x7f.1", Host),
            ("https://2130706433", Host),
            ("https://a.0x7f", Host),
            ("https://[::1]", Host),
            ("https://API.example.com", Host),
            ("https://api.example.com.", Host),
            ("https://api..example.com", Host),
            ("https://b\u{fc}cher.example", Host),
            ("https://api.example.com%2f", Host),
            ("https://", Host),
            ("https://api.example.com:", Port),
            ("https://api.example.com:0443", Port),
            ("https://api.example.com:65536", Port),
            ("https://api.example.com:+80", Port),
            ("https://api.example.com:25", Port),
            ("https://api.example.com/", Path),
            ("https://api.example.com?x", Path),
            ("https://api.example.com\\x", Path),
            ("https://api.example.com#x", Path),
        ] {
            assert_eq!(text.parse::<Origin>(), Err(error), "{text}");
        }
    }

    #[test]
    fn a_reach_is_one_origin_and_its_methods() {
        let reach = Reach {
            origin: "https://api.example.com".parse().unwrap(),
            methods: vec![Method::Get],
        };
        let other = "http://api.example.com".parse().unwrap();
        assert!(reach.covers(&reach.origin, Method::Get));
        assert!(!reach.covers(&reach.origin, Method::Post));
        assert!(!reach.covers(&other, Method::Get));
    }
}
