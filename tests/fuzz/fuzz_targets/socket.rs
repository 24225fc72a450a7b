//! Fuzzes what is told over the socket, and where a client goes on from.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| souk_fuzz::socket(bytes));
