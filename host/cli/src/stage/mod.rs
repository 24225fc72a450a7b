//! A host as a process, and clients that load it: for the demo, and for the test laboratory.

mod house;
mod load;

pub use house::{House, Programs};
pub use load::{Load, LoadError, Plan};
