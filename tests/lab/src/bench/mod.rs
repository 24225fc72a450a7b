//! Benchmarks: both sides of each comparison, measured in the same minute on the same machine.

pub mod apps;
mod bare;
mod crowd;
mod deposits;
mod figures;
mod group_file;
mod hello;
mod http;
pub mod invoke;
mod kept;
pub mod ledger;
mod load;
mod ours;
mod pgbench;
pub mod postgres;
mod slices;
mod target;
mod workerd;
mod wrk;

pub use bare::Bare;
pub use group_file::GroupFile;
pub use hello::Hello;
pub use kept::Kept;
