//! Fuzzes what a start finds on the disk.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| souk_fuzz::journal(bytes));
