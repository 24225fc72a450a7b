//! Languages: what the request behind an event said its person reads.

use serde::{Deserialize, Serialize};

/// The BCP 47 name of a language, with its script and its region at most: `en`, `pt-BR`,
/// `zh-Hant-TW`. Coarse on purpose: what else a name can say would tell people apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locale(String);

impl Locale {
    /// Reads a BCP 47 name and leaves out what is finer than a region; `None` when it is none, or
    /// no language's own, like `x-klingon`.
    pub fn of(name: &str) -> Option<Self> {
        let parts: Vec<_> = name.split('-').collect();
        let is_part = |part: &&str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let (language, mut rest) = parts.split_first()?;
        if !parts.iter().all(is_part) || !is_letters(language, 2..=3) {
            return None;
        }
        let mut locale = language.to_ascii_lowercase();
        if let Some((script, others)) = rest.split_first().filter(|(it, _)| is_letters(it, 4..=4)) {
            let (first, small) = script.split_at_checked(1)?;
            locale.extend([
                "-",
                &first.to_ascii_uppercase(),
                &small.to_ascii_lowercase(),
            ]);
            rest = others;
        }
        if let Some(region) = rest.first().filter(|region| is_region(region)) {
            locale.extend(["-", &region.to_ascii_uppercase()]);
        }
        Some(Self(locale))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_letters(part: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_region(part: &str) -> bool {
    is_letters(part, 2..=2) || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_one_way_and_no_finer_than_a_region() {
        for (said, read) in [
            ("en", "en"),
            ("EN-us", "en-US"),
            ("pt-br", "pt-BR"),
            ("es-419", "es-419"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("sr-LATN", "sr-Latn"),
            ("de-DE-1996", "de-DE"),
            ("de-1996", "de"),
            ("ar-EG-u-nu-latn-x-me", "ar-EG"),
            ("zh-cmn-Hans", "zh"),
        ] {
            let locale = Locale::of(said);
            assert_eq!(locale.as_ref().map(Locale::as_str), Some(read), "{said}");
        }
    }

    #[test]
    fn what_is_no_language_is_none() {
        for said in [
            "",
            "*",
            "e",
            "x-klingon",
            "i-navajo",
            "english",
            "12",
            "en_US",
            "en--US",
            "en-",
            "en-\u{e9}",
            "en US",
            "en-waytoolongpart",
        ] {
            assert_eq!(Locale::of(said), None, "{said:?}");
        }
    }
}
