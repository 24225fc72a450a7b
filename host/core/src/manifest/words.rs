//! What the texts of a manifest may be.

use super::error::Fault;
use super::fields::Word;
use crate::limits::{
    ASSET_NAME_BYTES_MAX, COMMAND_CHARS_MAX, LANG_BYTES_MAX, NAME_CHARS_MAX, QUOTED_CHARS_MAX,
};
use crate::text::is_line;

/// Tells whether a text can name an asset: a plain relative path with `/` between its parts, none
/// of which starts with a point, so that it cannot lead out of the folder it is in.
pub fn is_asset_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain);
    text.len() <= ASSET_NAME_BYTES_MAX && text.split('/').all(part)
}

/// A name people read.
pub(super) fn name(word: &Word<'_>) -> Result<String, Fault> {
    shown(word, NAME_CHARS_MAX)
}

/// A sentence people read.
pub(super) fn sentence(word: &Word<'_>) -> Result<String, Fault> {
    shown(word, QUOTED_CHARS_MAX)
}

/// A line people read.
fn shown(word: &Word<'_>, chars_max: usize) -> Result<String, Fault> {
    let chars = word.text.chars().count();
    if chars > chars_max {
        return Err(fault(
            word,
            format!("{chars} characters are too many; at most {chars_max}"),
        ));
    }
    if is_line(word.text) {
        return Ok(word.text.to_owned());
    }
    let hint = "write one line, with nothing unseen in it and no blanks around it";
    Err(fault(word, "people could not read this").hint(hint))
}

/// The name of a command.
pub(super) fn command(word: &Word<'_>) -> Result<String, Fault> {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    let first = word
        .text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_lowercase());
    if first && word.text.len() <= COMMAND_CHARS_MAX && word.text.bytes().all(plain) {
        return Ok(word.text.to_owned());
    }
    let bare = word.text.trim_start_matches('/').to_lowercase();
    let what = format!("`{}` is not the name of a command", quoted(word));
    let rule = "write a small letter, then small letters, digits, `-` and `_`";
    Err(fault(word, what).hint(format!(
        "{rule}, {COMMAND_CHARS_MAX} at most, like `{}`",
        sample(&bare)
    )))
}

/// What a person could have meant, if it is plain enough to say.
fn sample(bare: &str) -> &str {
    let plain = !bare.is_empty() && bare.len() <= COMMAND_CHARS_MAX;
    if plain && bare.bytes().all(|byte| byte.is_ascii_lowercase()) {
        bare
    } else {
        "tea"
    }
}

/// The name of an asset, or another file beside the manifest.
pub(super) fn path(word: &Word<'_>) -> Result<String, Fault> {
    if is_asset_name(word.text) {
        return Ok(word.text.to_owned());
    }
    let what = format!("`{}` is not a plain path beside the manifest", quoted(word));
    Err(fault(word, what).hint("write it like `assets/icon.png`"))
}

/// A language, as BCP 47 writes it.
pub(super) fn lang(word: &Word<'_>) -> Result<String, Fault> {
    let mut parts = word.text.split('-');
    let first = parts.next().is_some_and(|part| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let rest = parts.all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if first && rest && word.text.len() <= LANG_BYTES_MAX {
        return Ok(word.text.to_owned());
    }
    let what = format!("`{}` is not a language", quoted(word));
    Err(fault(word, what).hint("write a BCP 47 name, like `en` or `pt-BR`"))
}

/// The sizes of a picture.
pub(super) fn sizes(word: &Word<'_>) -> Result<String, Fault> {
    let pixels = |text: &str| {
        let digits =
            (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits && !text.starts_with('0')
    };
    let size = |text: &str| {
        text.split_once('x')
            .is_some_and(|(width, height)| pixels(width) && pixels(height))
    };
    if word.text.split(' ').all(size) {
        return Ok(word.text.to_owned());
    }
    let what = format!("`{}` is not a size", quoted(word));
    Err(fault(word, what).hint("write width and height in pixels, like `128x128`"))
}

/// A text as an error may repeat it.
pub(super) fn quoted(word: &Word<'_>) -> String {
    word.text
        .chars()
        .take(40)
        .collect::<String>()
        .escape_debug()
        .to_string()
}

/// A mistake at a text.
pub(super) fn fault(word: &Word<'_>, what: impl Into<String>) -> Fault {
    Fault::new(word.at.clone(), what)
}
