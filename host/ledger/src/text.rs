//! Text from elsewhere, made fit to stand in the host's frame.

use souk_core::limits::QUOTED_CHARS_MAX;

/// What cannot be seen, or turns around or hides what can: format characters, fillers and tags.
/// Controls are not listed; `char` knows them.
const INVISIBLE: [(char, char); 17] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0e}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Returns what may be shown of a text somebody else wrote: one line, no control or invisible
/// character, nothing that changes direction, at most [`QUOTED_CHARS_MAX`] characters.
pub fn quote(text: &str) -> String {
    let words = text
        .split(char::is_whitespace)
        .map(visible)
        .filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(QUOTED_CHARS_MAX).collect();
    short.trim_end().to_owned()
}

/// Tells whether a text is longer than what [`quote`] would leave of it.
pub(crate) fn is_long(text: &str) -> bool {
    text.chars().count() > QUOTED_CHARS_MAX
}

fn visible(word: &str) -> String {
    word.chars()
        .filter(|char| !char.is_control() && !is_invisible(*char))
        .collect()
}

fn is_invisible(char: char) -> bool {
    INVISIBLE
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&char))
}
