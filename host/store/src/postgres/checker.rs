//! Looks: batches that only read are checked together, all at one moment, and stand in nobody's
//! way.

use souk_core::limits::GROUP_COMMITS_MAX;
use tokio::sync::mpsc::UnboundedReceiver;

use super::fault::Fault;
use super::ground::Ground;
use super::group::{Head, Waiting, asked, look};
use super::session::{Link, within};
use super::sql;

/// The statements of this connection.
pub(super) const SAID: &[&str] = &[
    sql::LOOK,
    sql::VERSIONS,
    sql::CELLS,
    sql::RANGES,
    sql::RANGES_BACK,
];

/// Checks until nobody can ask any more.
pub(super) async fn serve(mut link: Link, mut queue: UnboundedReceiver<Waiting>) {
    loop {
        let mut group = Vec::new();
        if queue.recv_many(&mut group, GROUP_COMMITS_MAX).await == 0 {
            return;
        }
        let mut found = find(&mut link, &group).await;
        if found.as_ref().is_err_and(Fault::is_lost) {
            // A connection that went bad while nobody used it says so now.
            link.hang_up();
            found = find(&mut link, &group).await;
        }
        match found {
            Ok((head, ground)) => look(group, &head, ground),
            Err(fault) => {
                tracing::error!(%fault, "the database cannot be read");
                link.hang_up();
                group
                    .into_iter()
                    .for_each(|one| one.refuse(fault.meaning()));
            }
        }
    }
}

async fn find(link: &mut Link, group: &[Waiting]) -> Result<(Head, Ground), Fault> {
    let session = link.session().await?;
    let asked = asked(group);
    within(async {
        let (begun, head, ground, ended) = tokio::join!(
            biased;
            session.say(sql::BEGIN_LOOK),
            session.rows(sql::LOOK, &[]),
            asked.read(session),
            session.say(sql::ROLLBACK),
        );
        begun?;
        let found = (Head::read(&head?)?, ground?);
        ended?;
        Ok(found)
    })
    .await
}
