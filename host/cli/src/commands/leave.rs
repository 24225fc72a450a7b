//! `souk leave`: an app knows you no more.

use souk_core::AppId;

use super::remote::{Once, Remote};
use crate::CliError;
use crate::ui::Ui;

/// Leave an app: it knows you no more
///
/// The ids by which it and its merchant knew you are dead, what it kept for you is deleted, what
/// you answered it is forgotten, and it can speak to you no more. What you said and what you paid
/// stays, and so does your budget there; of an order that still stands it hears under the id it
/// knew. Should you use it again, you are somebody new to it.
#[derive(clap::Args)]
pub(crate) struct LeaveArgs {
    /// App id, like com.example.tea
    app: AppId,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) async fn run(ui: &mut Ui, args: &LeaveArgs) -> Result<(), CliError> {
    let path = format!("/v1/apps/{}/leave", args.app);
    let () = args.remote.post_once(ui, &args.once, &path, &()).await?;
    ui.status(format_args!("{} knows you no more.", args.app));
    Ok(())
}
