//! `tests/campaign`: tries again and again to make the host lose something.

use std::process::ExitCode;

use clap::Parser;
use souk_lab::Wrong;
use souk_lab::campaign::{Args, r1, r2, r3, r4, r5, r6, r7, r8, r10, r11, r13, r15, r17};
use souk_lab::campaign::{crowd, devices, replay, s2, s3, s4, s5, s6, s7, s8, s9, s10, ssrf};
use souk_lab::counted::Counted;

#[global_allocator]
static ALLOCATOR: Counted = Counted;

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
    /// The power is cut under live clients
    #[command(name = "R1")]
    R1(Args),
    /// SIGKILL under live clients, every fourth time during start-up
    #[command(name = "R2")]
    R2(Args),
    /// Every state that a power cut can leave of a recorded trace is opened
    #[command(name = "R3")]
    R3(Args),
    /// The disk says that it is broken, at each of many syncs and writes
    #[command(name = "R4")]
    R4(Args),
    /// The disk is full for a while
    #[command(name = "R5")]
    R5(Args),
    /// Flipped bytes, lost and doubled pages in journal, sled, checkpoints and archive
    #[command(name = "R6")]
    R6(Args),
    /// Old files put back, the tail cut
    #[command(name = "R7")]
    R7(Args),
    /// Random transfers beside a naive ledger
    #[command(name = "R8")]
    R8(r8::Asked),
    /// Ids sent again, some across a crash, some with other contents
    #[command(name = "R10")]
    R10(Args),
    /// Orders authorized, captured, voided, expired and refunded, with jumps of the clock
    #[command(name = "R11")]
    R11(Args),
    /// A large store is started, verified and made anew, in time and memory
    #[command(name = "R13")]
    R13(r13::Asked),
    /// Backups under load, each restored to its end, to a record and to a time
    #[command(name = "R15")]
    R15(Args),
    /// Thousands at once try to get over each limit
    #[command(name = "R17")]
    R17(Args),
    /// Guests that never end are stopped, and their neighbours do not feel them
    ///
    /// Of a hundred neighbours, one may take twice as long as alone; a time alone of less than
    /// 0.25 ms counts as 0.25 ms, since a shared machine's noise is as large.
    #[command(name = "S2")]
    S2(Args),
    /// Guests that want all the memory there is get so much and no more
    #[command(name = "S3")]
    S3(Args),
    /// Guests that want the host to hold much for them
    #[command(name = "S4")]
    S4(Args),
    /// Broken and explosive uploads
    #[command(name = "S5")]
    S5(Args),
    /// Compiled artifacts that were tampered with
    #[command(name = "S6")]
    S6(Args),
    /// The reference suites of WebAssembly and of components through the engine as the host has it
    #[command(name = "S7")]
    S7(Args),
    /// Host calls that panic, fail or are given up at each place where they wait
    #[command(name = "S8")]
    S8(Args),
    /// Every parser is fuzzed, each for so many seconds
    #[command(name = "S9")]
    S9(Args),
    /// Recorded runs of the samples are replayed, on another store and another day
    #[command(name = "REPLAY")]
    Replay(Args),
    /// Apps and people who name what is another's, and handles that nobody gave
    #[command(name = "S10")]
    S10(Args),
    /// URLs that lead where no app may get
    #[command(name = "SSRF")]
    Ssrf(Args),
    /// Two devices approve one order at the same moment
    #[command(name = "DEVICES")]
    Devices(Args),
    /// A group of 200 presses one button at once, everybody twice
    #[command(name = "CROWD")]
    Crowd(Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    souk_lab::exit(run(Campaign::parse()).await)
}

async fn run(campaign: Campaign) -> Result<ExitCode, Wrong> {
    let (name, args, tally) = match campaign {
        Campaign::R1(args) => ("R1", args, r1::run(args).await?),
        Campaign::R2(args) => ("R2", args, r2::run(args).await?),
        Campaign::R3(args) => ("R3", args, r3::run(args).await?),
        Campaign::R4(args) => ("R4", args, r4::run(args).await?),
        Campaign::R5(args) => ("R5", args, r5::run(args).await?),
        Campaign::R6(args) => ("R6", args, r6::run(args).await?),
        Campaign::R7(args) => ("R7", args, r7::run(args).await?),
        Campaign::R8(asked) => ("R8", asked.args, r8::run(asked).await?),
        Campaign::R10(args) => ("R10", args, r10::run(args).await?),
        Campaign::R11(args) => ("R11", args, r11::run(args).await?),
        Campaign::R13(asked) => ("R13", asked.args, r13::run(asked).await?),
        Campaign::R15(args) => ("R15", args, r15::run(args).await?),
        Campaign::R17(args) => ("R17", args, r17::run(args).await?),
        Campaign::S2(args) => ("S2", args, s2::run(args).await?),
        Campaign::S3(args) => ("S3", args, s3::run(args).await?),
        Campaign::S4(args) => ("S4", args, s4::run(args).await?),
        Campaign::S5(args) => ("S5", args, s5::run(args).await?),
        Campaign::S6(args) => ("S6", args, s6::run(args).await?),
        Campaign::S7(args) => ("S7", args, s7::run(args).await?),
        Campaign::S8(args) => ("S8", args, s8::run(args).await?),
        Campaign::S9(args) => ("S9", args, s9::run(args).await?),
        Campaign::Replay(args) => ("REPLAY", args, replay::run(args).await?),
        Campaign::S10(args) => ("S10", args, s10::run(args).await?),
        Campaign::Ssrf(args) => ("SSRF", args, ssrf::run(args).await?),
        Campaign::Devices(args) => ("DEVICES", args, devices::run(args).await?),
        Campaign::Crowd(args) => ("CROWD", args, crowd::run(args).await?),
    };
    souk_lab::result(format_args!("campaign {name}: {tally}"));
    let found = tally.bad > 0;
    Ok(if found == args.unprotected {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
