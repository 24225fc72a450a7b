//! The engine's words about a guest: they quote names the guest chose, so they are cut and cleaned.

use std::fmt::{self, Write};

/// How much of them is kept. A stack of twenty ordinary frames fits.
const BYTES_MAX: usize = 8 << 10;

/// A text that takes no more than so much, however much is written.
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let left = BYTES_MAX.saturating_sub(self.0.len());
        let shown = |char: char| {
            if char.is_control() && char != '\n' {
                '\u{fffd}'
            } else {
                char
            }
        };
        let fits = text
            .char_indices()
            .take_while(|(at, char)| at + char.len_utf8() <= left);
        self.0.extend(fits.map(|(_, char)| shown(char)));
        // Whoever writes stops at the first error.
        if text.len() > left {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

/// Writes something down, as far as it is short.
pub(crate) fn short(what: fmt::Arguments<'_>) -> String {
    let mut short = Short(String::new());
    match short.write_fmt(what) {
        Ok(()) => short.0,
        Err(fmt::Error) => short.0 + "…",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_cut_between_letters_and_cleaned() {
        assert_eq!(short(format_args!("a\u{1b}[2J\nb")), "a\u{fffd}[2J\nb");
        let long = "é".repeat(BYTES_MAX);
        let cut = short(format_args!("x{long}{long}"));
        assert!(
            cut.ends_with("é…") && cut.len() <= BYTES_MAX + 3,
            "{}",
            cut.len()
        );
    }
}
