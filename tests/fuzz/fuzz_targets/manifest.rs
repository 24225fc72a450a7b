//! Fuzzes what an app says of itself.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| souk_fuzz::manifest(bytes));
