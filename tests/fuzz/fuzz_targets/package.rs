//! Fuzzes what is uploaded.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| souk_fuzz::package(bytes));
