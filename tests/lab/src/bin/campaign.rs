//! `tests/campaign`: tries again and again to make the host lose something.

use std::process::ExitCode;

use clap::Parser;
use souk_lab::Wrong;
use souk_lab::campaign::r2;

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
}

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(run(Campaign::parse()).await)
}

async fn run(Campaign::R2(args): Campaign) -> Result<ExitCode, Wrong> {
    let tally = r2::run(args).await?;
    souk_lab::result(format_args!("campaign R2: {tally}"));
    let found = tally.bad > 0;
    Ok(if found == args.unprotected {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
