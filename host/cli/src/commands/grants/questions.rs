//! `souk grants waiting` and `answer`: what apps ask you before they go on.

use souk_core::ConsentId;
use souk_server::wire::List;
use souk_server::wire::consents::{Answer, Consent, Line};

use super::super::remote::{Once, Remote};
use crate::CliError;
use crate::ui::Ui;

/// List what apps ask you, and what waits for your answer
#[derive(clap::Args)]
pub(crate) struct WaitingArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

/// Answer what an app asks; what waited for it goes on
#[derive(clap::Args)]
pub(crate) struct AnswerArgs {
    /// Question, as `souk grants waiting` prints it
    question: ConsentId,
    /// Your answer, to all its lines
    answer: YesNo,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

/// An answer
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum YesNo {
    Yes,
    No,
}

pub(super) async fn waiting(ui: &mut Ui, args: &WaitingArgs) -> Result<(), CliError> {
    let found = args.remote.client().get("/v1/consents").await;
    let found: List<Consent> = found.map_err(|error| args.remote.told(error))?;
    if args.json {
        return ui.json(&found);
    }
    for Consent {
        id,
        app,
        app_name,
        lines,
        ..
    } in &found.items
    {
        ui.result(format_args!("{id}  {app}  {app_name}"));
        lines.iter().for_each(|line| print(ui, line));
    }
    Ok(())
}

fn print(ui: &mut Ui, line: &Line) {
    ui.result(format_args!("  {}: {}", line.matter, line.words));
    if let Some(so_far) = &line.so_far {
        ui.result(format_args!("    so far: {so_far}"));
    }
    ui.result(format_args!("    \"{}\"", line.reason));
}

pub(super) async fn answer(ui: &mut Ui, args: &AnswerArgs) -> Result<(), CliError> {
    let allow = args.answer == YesNo::Yes;
    let (path, ask) = (format!("/v1/consents/{}", args.question), Answer { allow });
    let () = args.remote.post_once(ui, &args.once, &path, &ask).await?;
    ui.status("Answered. What waited for it goes on.");
    Ok(())
}
