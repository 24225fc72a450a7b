//! What a text that people see may consist of.

use crate::limits::NAME_CHARS_MAX;

/// Tells whether a text may name a person, a chat or a thing: a [line](is_line) of at most
/// [`NAME_CHARS_MAX`] characters.
pub fn is_name(text: &str) -> bool {
    text.chars().count() <= NAME_CHARS_MAX && is_line(text)
}

/// Tells whether a text is one line with something to see in it, no blanks around it, and nothing
/// that turns the text around it into something else.
pub fn is_line(text: &str) -> bool {
    let seen = |letter: char| !letter.is_whitespace() && !is_blank(letter) && !is_joiner(letter);
    let forbidden = |letter: char| letter.is_control() || is_direction(letter) || is_blank(letter);
    text.trim() == text && text.chars().any(seen) && !text.chars().any(forbidden)
}

/// Characters that change the direction or the line of what stands around them (Unicode UAX #9,
/// explicit formatting characters, and the two separators of lines).
const fn is_direction(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Characters that are there and not seen.
const fn is_blank(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'
            ..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
    )
}

/// Characters not seen themselves that some scripts and emoji need between others.
const fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_are_names() {
        for name in [
            "Ana",
            "Ana María",
            "李雷",
            "نادیه",
            "می\u{200c}خواهم",
            "👩\u{200d}💻",
            "🍵",
            "O'Neil-2",
        ] {
            assert!(is_name(name), "{name}");
        }
        assert!(is_name(&"x".repeat(NAME_CHARS_MAX)));
    }

    #[test]
    fn what_nobody_sees_or_turns_the_rest_around_is_no_name() {
        let long = "x".repeat(NAME_CHARS_MAX + 1);
        for name in [
            "",
            " ",
            " Ana",
            "Ana ",
            "A\nB",
            "A\tB",
            "\u{0}",
            "\u{200d}",
            "Ana\u{202e}",
            "\u{2067}Ana",
            "Ana\u{200b}",
            "\u{3164}",
            "\u{2800}",
            "A\u{2028}B",
            "A\u{7f}",
            "A\u{ad}na",
            long.as_str(),
        ] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}
