//! `tests/campaign`: tries again and again to make the host lose something.

use std::process::ExitCode;

use clap::Parser;
use souk_lab::Wrong;
use souk_lab::campaign::{r2, r8, r11};

/// Try again and again to make the host lose something
///
/// Progress goes to standard error; the last line of standard output is the result. Exit status: 0
/// nothing was lost, 1 something was, 2 wrong usage. Without the protection it is the other way
/// round: 0 losses were found, 1 the campaign did not notice.
#[derive(Parser)]
#[command(
    bin_name = "tests/campaign",
    arg_required_else_help = true,
    max_term_width = 100
)]
enum Campaign {
    /// SIGKILL under live clients, every fourth time during start-up
    #[command(name = "R2")]
    R2(r2::Args),
    /// Random transfers beside a naive ledger
    #[command(name = "R8")]
    R8(r8::Args),
    /// Orders authorized, captured, voided, expired and refunded, with jumps of the clock
    #[command(name = "R11")]
    R11(r11::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(run(Campaign::parse()).await)
}

async fn run(campaign: Campaign) -> Result<ExitCode, Wrong> {
    let (name, tally, unprotected) = match campaign {
        Campaign::R2(args) => ("R2", r2::run(args).await?, args.unprotected),
        Campaign::R8(args) => ("R8", r8::run(args).await?, args.unprotected),
        Campaign::R11(args) => ("R11", r11::run(args).await?, args.unprotected),
    };
    souk_lab::result(format_args!("campaign {name}: {tally}"));
    let found = tally.bad > 0;
    Ok(if found == unprotected {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
