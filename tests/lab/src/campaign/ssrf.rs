//! SSRF: whatever URL an app may name, and wherever its names and answers lead, nothing is
//! connected to but what is of the public Internet and not this host.
//!
//! The targets are those of the tests of `host/egress`. Each is tried as it is written, then
//! written otherwise: in a way that means the same, or does to some reader of URLs.

use souk_egress::{Protections, Request};

use super::{Args, Tally};
use crate::dice::Dice;
use crate::targets::{self, Target};
use crate::{Wrong, report};

/// How often a target is tried: each one as it is, and some thirty times otherwise.
const TRIES: u32 = 10_000;
/// What stands before a host that it is not.
const USERS: [&str; 4] = [
    "ana@",
    "api.good.example@",
    "ana:secret@",
    "93.184.216.34:80@",
];
/// Digits that are none to a program, and are to some resolvers.
const WIDE_DIGITS: [char; 10] = ['０', '１', '２', '３', '４', '５', '６', '７', '８', '９'];

/// Tries targets as often as asked, and tells how often something else was reached.
///
/// # Errors
/// When there are no targets.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(TRIES), Tally::default());
    let lines: Vec<_> = targets::lines().collect();
    let all = u64::try_from(lines.len())?;
    report::result(format_args!("{all} targets"));
    for seed in args.seeds(TRIES) {
        let place = usize::try_from(seed.checked_rem(all).ok_or("there are no targets")?)?;
        let line = lines.get(place).ok_or("there are no targets")?;
        let otherwise = (seed > all).then(|| Dice::new(seed));
        tally.count(n, seed, kept_out(line, otherwise, args.unprotected).await);
    }
    Ok(tally)
}

/// Asks a target in earnest, then as a program in a hurry would, which follows redirects.
async fn kept_out(line: &str, dice: Option<Dice>, unprotected: bool) -> Result<(), Wrong> {
    let protections = Protections {
        addresses: !unprotected,
        ..Protections::default()
    };
    let (mut target, as_written) = (targets::target(line), dice.is_none());
    if let Some(mut dice) = dice {
        for _ in 0..=dice.below(3) {
            target.url = otherwise(&target.url, &mut dice);
        }
    }
    if let Ok(request) = Request::parse("GET", &target.url, Vec::new(), Vec::new()) {
        drop(targets::send(&target, &request, protections).await);
    }
    if target.fine && as_written && target.net.reached() == 0 {
        return Err(format!("{}: it may be reached, and is not", target.url).into());
    }
    targets::ask(&target, protections, true).await;
    only_public(&target)
}

fn only_public(target: &Target) -> Result<(), Wrong> {
    match target.net.forbidden().first() {
        None => Ok(()),
        Some(address) => Err(format!("{}: {address} was connected to", target.url).into()),
    }
}

/// Writes a URL otherwise.
fn otherwise(url: &str, dice: &mut Dice) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let ends = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(ends).unwrap_or((rest, ""));
    match dice.below(8) {
        0 => url.to_uppercase(),
        1 => format!("{scheme}://{authority}.{path}"),
        2 => {
            let user = dice.pick(&USERS).copied().unwrap_or_default();
            format!("{scheme}://{user}{authority}{path}")
        }
        3 => format!("{scheme}:\\\\{authority}{path}"),
        4 => format!("{scheme}://{}{path}", percent(authority, dice)),
        5 => format!("{scheme}://{}{path}", wide(authority)),
        6 => format!(" {scheme}:///{authority}\t{path}\n"),
        _ => format!("{scheme}://{authority}:{}{path}", dice.below(70_000)),
    }
}

/// One of the characters by its number. Behind a percent sign in brackets stands a zone.
fn percent(authority: &str, dice: &mut Dice) -> String {
    if authority.contains('[') {
        return authority.to_owned();
    }
    let place = dice.place(authority.chars().count());
    let written = authority.chars().enumerate().map(|(at, it)| match at {
        _ if at == place => format!("%{:02x}", u32::from(it)),
        _ => it.to_string(),
    });
    written.collect()
}

/// Each digit and each dot twice as wide.
fn wide(authority: &str) -> String {
    let wide = |it: char| match it.to_digit(10).map(usize::try_from) {
        Some(Ok(digit)) => WIDE_DIGITS.get(digit).copied().unwrap_or(it),
        _ if it == '.' => '。',
        _ => it,
    };
    authority.chars().map(wide).collect()
}
