//! `souk policy`: what an operator decides about apps.

use std::path::PathBuf;

use souk_registry::grant::Policy;
use souk_registry::matter::TABLE;
use souk_runtime::{BOUNDS, Narrower};

use crate::CliError;
use crate::policy;
use crate::ui::Ui;

/// What apps may do on a host, and how they are bounded
#[derive(clap::Subcommand)]
pub(crate) enum PolicyCommand {
    Check(CheckArgs),
}

/// Check a policy, with no host at all
///
/// Prints what holds for every app, and what else for each app that the file names, as a host would
/// take it with `souk serve --policy FILE`.
#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    /// The policy, in TOML
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn run(ui: &mut Ui, command: &PolicyCommand) -> Result<(), CliError> {
    match command {
        PolicyCommand::Check(args) => check(ui, args),
    }
}

fn check(ui: &mut Ui, args: &CheckArgs) -> Result<(), CliError> {
    let decided = policy::read(&args.file)?;
    let (policies, narrower) = (&decided.policies, &decided.narrower);
    ui.result("every app");
    print(ui, permissions(&policies.every));
    print(ui, limits(&narrower.every));
    for (app, policy) in &policies.single {
        ui.result(app);
        let every = permissions(&policies.every);
        let else_said = permissions(policy).filter(|line| !every.clone().any(|it| it == *line));
        print(ui, else_said);
        let every = limits(&narrower.every);
        let own = narrower.of(app);
        let else_said = limits(own).filter(|line| !every.clone().any(|it| it == *line));
        print(ui, else_said);
    }
    Ok(())
}

type Line = (&'static str, String);

fn permissions(policy: &Policy) -> impl Iterator<Item = Line> + Clone {
    let line = |row| policy.allowed(row).to_string();
    TABLE.iter().map(move |row| (row.name, line(row)))
}

/// Those that are drawn narrower than they are.
fn limits(narrower: &Narrower) -> impl Iterator<Item = Line> + Clone {
    BOUNDS.iter().filter_map(|bound| {
        let most = narrower.most(bound)?;
        Some((bound.name, most.to_string()))
    })
}

fn print(ui: &mut Ui, lines: impl Iterator<Item = Line>) {
    for (name, said) in lines {
        ui.result(format_args!("  {name:<24} {said}"));
    }
}
