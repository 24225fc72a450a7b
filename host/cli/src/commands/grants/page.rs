//! `souk grants list` and `show`: the page on which people see what apps may do with them.

use souk_core::{AppId, Timestamp};
use souk_server::wire::List;
use souk_server::wire::grants::{Budget, Grants, Matter};

use super::super::remote::Remote;
use crate::CliError;
use crate::ui::Ui;

/// List the apps you opened, and what each may do
#[derive(clap::Args)]
pub(crate) struct ListArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

/// Show what one app may do, why it says it does, and when it last did
#[derive(clap::Args)]
pub(crate) struct ShowArgs {
    /// App id, like com.example.tea
    app: AppId,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(super) async fn list(ui: &mut Ui, args: &ListArgs) -> Result<(), CliError> {
    let found = args.remote.client().get("/v1/me/grants").await;
    let found: List<Grants> = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&found);
    }
    for grants in &found.items {
        ui.result(format_args!("{}  {}", grants.app, grants.app_name));
        for Matter { matter, state, .. } in &grants.matters {
            ui.result(format_args!("  {state:<11}  {matter}"));
        }
    }
    Ok(())
}

pub(super) async fn show(ui: &mut Ui, args: &ShowArgs) -> Result<(), CliError> {
    let path = format!("/v1/me/grants/{}", args.app);
    let found = args.remote.client().get(&path).await;
    let grants: Grants = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&grants);
    }
    ui.result(format_args!("{}  {}", grants.app, grants.app_name));
    for matter in &grants.matters {
        print(ui, matter);
    }
    if let Some(budget) = &grants.budget {
        ui.result(format_args!("  budget       {}", bounds(budget)));
    }
    Ok(())
}

fn print(ui: &mut Ui, matter: &Matter) {
    let Matter { state, words, .. } = matter;
    ui.result(format_args!("  {state:<11}  {}: {words}", matter.matter));
    ui.result(format_args!("               \"{}\"", matter.reason));
    if let Some(last) = matter.used_last {
        let last = Timestamp::from_millis(last);
        ui.result(format_args!("               last used {last}"));
    }
}

/// A budget in a line.
fn bounds(budget: &Budget) -> String {
    let amounts = [
        (budget.order, "in one order"),
        (budget.day, "a day"),
        (budget.in_all, "in all"),
    ];
    let amounts = amounts.into_iter();
    let said = amounts.filter_map(|(amount, of)| amount.map(|it| format!("{it} {of}")));
    let until = budget.until.map(Timestamp::from_millis);
    let until = until.map(|until| format!("until {until}"));
    said.chain(until).collect::<Vec<_>>().join(", ")
}
