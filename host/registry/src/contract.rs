//! The contract by version: which interfaces this host has, and whose apps they serve.
//!
//! An app asks for ever for the version it was built against. A released version never changes, and
//! versions on one track only add to each other: so the newest of a track serves every app that was
//! built against it or against one before it, and no other. The engine links whatever is on one
//! track, newer versions too; that an app is not newer than its host is seen to here.

use std::fmt;

/// The newest version this host has of the contract's track 0.1.
// WHEN RELEASING A CONTRACT: CONTRIBUTING.md, "Release a contract".
const V0_1: Version = Version::new(0, 1, 0);

/// What a mini-app may import: each interface with the newest version of each of its tracks.
pub(crate) const IMPORTS: [(&str, Version); 13] = [
    ("souk:types/common", V0_1),
    ("souk:miniapp/events", V0_1),
    ("souk:runtime/limits", V0_1),
    ("souk:runtime/log", V0_1),
    ("souk:messaging/chats", V0_1),
    ("souk:identity/users", V0_1),
    ("souk:wallet/payments", V0_1),
    ("souk:storage/buckets", V0_1),
    ("souk:config/values", V0_1),
    ("souk:schedule/timers", V0_1),
    ("souk:http/types", V0_1),
    ("souk:http/reader", V0_1),
    ("souk:http/outbox", V0_1),
];

/// What a mini-app exports, likewise: any one of these.
pub(crate) const EXPORTS: [(&str, Version); 1] = [("souk:miniapp/handler", V0_1)];

/// A released version of an interface. Those that are not released, like `0.2.0-draft`, are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

/// An interface in a version, like `souk:wallet/payments@0.1.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interface<'a> {
    /// Its package and its name, without the version.
    pub name: &'a str,
    /// The version.
    pub version: Version,
}

/// What a host has for an interface that an app was built against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Has {
    /// One that serves it.
    It,
    /// Others of that name, the newest of which is this.
    Others(Version),
    /// None of that name.
    Nothing,
}

impl Version {
    pub(crate) const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    /// Whether both are on one track: what is in the older of them is in the newer, unchanged. The
    /// first number that is not 0 tells tracks apart, as it does for the engine.
    pub(crate) fn is_on_track_of(self, other: Self) -> bool {
        self.track() == other.track()
    }

    /// Whether a host that has this version can run what was built against `wanted`.
    fn serves(self, wanted: Self) -> bool {
        self.is_on_track_of(wanted) && wanted <= self
    }

    const fn track(self) -> Self {
        match (self.major, self.minor) {
            (0, 0) => self,
            (0, minor) => Self::new(0, minor, 0),
            (major, _) => Self::new(major, 0, 0),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(number);
        let version = Self::new(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }
}

impl<'a> Interface<'a> {
    /// Reads one; `None` when it has no released version.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (name, version) = text.split_once('@')?;
        let version = Version::parse(version)?;
        Some(Self { name, version })
    }
}

/// Tells what these interfaces are to an app that was built against `wanted`.
pub(crate) fn has(interfaces: &[(&str, Version)], wanted: Interface<'_>) -> Has {
    let named = |(name, version): &(&str, Version)| (*name == wanted.name).then_some(*version);
    let versions = || interfaces.iter().filter_map(named);
    match versions().max() {
        None => Has::Nothing,
        Some(_) if versions().any(|version| version.serves(wanted.version)) => Has::It,
        Some(newest) => Has::Others(newest),
    }
}

/// Tells whether two names like `souk:storage/buckets@0.1.0#[method]bucket.get` are those of one
/// function: on one track it is the same, whatever the version.
pub fn is_same_function(one: &str, other: &str) -> bool {
    fn parts(name: &str) -> Option<(&str, Version, &str)> {
        let (interface, function) = name.split_once('#')?;
        let interface = Interface::parse(interface)?;
        Some((interface.name, interface.version.track(), function))
    }
    one == other || parts(one).is_some_and(|parts_of_one| Some(parts_of_one) == parts(other))
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A number as versions have it: digits, and no 0 before others.
fn number(text: &str) -> Option<u32> {
    let plain = text == "0" || !text.starts_with('0');
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (plain && digits).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_host_serves_what_is_on_its_track_and_not_newer() {
        let mut page = String::new();
        for (host, wanted) in [
            ("0.1.0", "0.1.0"),
            ("0.1.3", "0.1.0"),
            ("0.1.3", "0.1.3"),
            ("0.1.3", "0.1.4"),
            ("0.1.9", "0.1.10"),
            ("0.1.10", "0.1.9"),
            ("0.1.3", "0.2.0"),
            ("0.2.0", "0.1.3"),
            ("0.1.3", "1.0.0"),
            ("1.4.2", "1.0.0"),
            ("1.4.2", "1.4.3"),
            ("1.4.2", "1.5.0"),
            ("1.4.2", "0.4.2"),
            ("2.0.0", "1.0.0"),
            ("0.0.3", "0.0.3"),
            ("0.0.3", "0.0.2"),
        ] {
            let version = |text| Version::parse(text).unwrap();
            let served = version(host).serves(version(wanted));
            let answer = if served { "runs" } else { "refuses" };
            page.push_str(&format!("{host} {answer} {wanted}\n"));
        }
        expect![[r#"
            0.1.0 runs 0.1.0
            0.1.3 runs 0.1.0
            0.1.3 runs 0.1.3
            0.1.3 refuses 0.1.4
            0.1.9 refuses 0.1.10
            0.1.10 runs 0.1.9
            0.1.3 refuses 0.2.0
            0.2.0 refuses 0.1.3
            0.1.3 refuses 1.0.0
            1.4.2 runs 1.0.0
            1.4.2 refuses 1.4.3
            1.4.2 refuses 1.5.0
            1.4.2 refuses 0.4.2
            2.0.0 refuses 1.0.0
            0.0.3 runs 0.0.3
            0.0.3 refuses 0.0.2
        "#]]
        .assert_eq(&page);
    }

    #[test]
    fn a_host_can_have_several_tracks_of_one_interface() {
        let two = [
            ("souk:a/b", Version::new(0, 1, 3)),
            ("souk:a/b", Version::new(0, 2, 1)),
        ];
        let has = |wanted| has(&two, Interface::parse(wanted).unwrap());
        assert_eq!(has("souk:a/b@0.1.2"), Has::It);
        assert_eq!(has("souk:a/b@0.2.0"), Has::It);
        let newest = Has::Others(Version::new(0, 2, 1));
        assert_eq!(has("souk:a/b@0.1.4"), newest);
        assert_eq!(has("souk:a/b@0.3.0"), newest);
        assert_eq!(has("souk:a/c@0.1.0"), Has::Nothing);
    }

    #[test]
    fn what_is_no_released_version_is_none() {
        for text in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "1.2.x",
            "1..3",
            "+1.2.3",
            "01.2.3",
            "1.2.3-rc",
            "1.2.3+b",
            "v1.2.3",
            " 1.2.3",
            "4294967296.0.0",
        ] {
            assert_eq!(Version::parse(text), None, "{text:?}");
        }
        assert_eq!(Version::parse("10.0.20"), Some(Version::new(10, 0, 20)));
    }

    #[test]
    fn a_function_is_the_same_on_its_whole_track() {
        let get = "souk:storage/buckets@0.1.0#[method]bucket.get";
        for (other, same) in [
            ("souk:storage/buckets@0.1.0#[method]bucket.get", true),
            ("souk:storage/buckets@0.1.7#[method]bucket.get", true),
            ("souk:storage/buckets@0.2.0#[method]bucket.get", false),
            ("souk:storage/buckets@0.1.0#[method]bucket.put", false),
            ("souk:storage/shelves@0.1.0#[method]bucket.get", false),
            ("get", false),
        ] {
            assert_eq!(is_same_function(get, other), same, "{other}");
            assert_eq!(is_same_function(other, get), same, "{other}");
        }
        assert!(is_same_function("get", "get"));
    }
}
