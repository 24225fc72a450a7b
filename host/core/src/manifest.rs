//! The manifest. Being written.
