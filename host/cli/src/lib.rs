//! The `souk` command line, and the one place where a host is put together.
//!
//! One file per command under [`commands`]; a command is a struct whose comments are its help.
//! Results go to standard output, everything else to standard error, errors carry their next step.

pub mod client;
mod commands;
mod error;
pub mod host;
mod merchant_key;
mod policy;
pub mod seat;
mod signals;
pub mod stage;
mod toolchain;
mod ui;

use std::process::ExitCode;

use clap::Parser;

pub use error::CliError;
use ui::Ui;

/// Souk: chat, wallet and sandbox for mini-shops, in one process
///
/// Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 stored data is damaged,
/// 4 what was compared is not the same.
#[derive(Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut ui = Ui::new();
    match cli.command.run(&mut ui) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui.error(&error);
            error.exit_code()
        }
    }
}
