//! Fuzzes what crosses the border of a run, as a trace keeps it.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| souk_fuzz::values(bytes));
