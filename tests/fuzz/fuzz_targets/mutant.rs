//! A parser with a fault, which shows that a fault is found: it cuts a text without looking whether
//! a character begins there.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        if text.starts_with('{') && text.len() > 8 {
            assert_ne!(&text[..8], "{}");
        }
    }
});
