//! Nothing: a package has to have a program or a library. `Cargo.toml` says what this one is for.
