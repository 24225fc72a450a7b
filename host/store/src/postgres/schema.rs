//! The tables: made when there are none, brought to the newest form when they are older.

use super::error::OpenError;
use super::fault::Fault;
use super::options::{Hold, Options};
use super::session::Session;

/// What leads from each form of the tables to the next.
// WHEN ADDING A FORM: a new file at the end; those that were released stay as they are.
const FORMS: [&str; 1] = [include_str!("schema/0001.sql")];

/// Two hosts that start at once make the tables one after the other. Any number will do.
const MAKING: i64 = 0x736f_756b;

/// Brings the tables to the newest form. Returns whether there were none.
pub(super) async fn bring_up(session: &Session, options: &Options) -> Result<bool, OpenError> {
    let found = form(session).await.map_err(options.fault())?;
    let known = i32::try_from(FORMS.len()).unwrap_or(i32::MAX);
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    if found == 0 && options.hold == Hold::Look {
        return Err(OpenError::Absent {
            database: options.to_string(),
        });
    }
    let made = make(session).await;
    made.map_err(options.fault())?;
    Ok(found == 0)
}

/// The form the tables have; 0 when there are none.
async fn form(session: &Session) -> Result<i32, Fault> {
    let exists = "SELECT 1 FROM pg_tables
        WHERE schemaname = current_schema() AND tablename = 'souk_form'";
    if session.ask(exists, &[]).await?.is_empty() {
        return Ok(0);
    }
    let rows = session.ask("SELECT max(form) FROM souk_form", &[]).await?;
    let row = rows.first().ok_or(Fault::Form)?;
    Ok(row.try_get::<_, Option<i32>>(0)?.unwrap_or(0))
}

async fn make(session: &Session) -> Result<(), Fault> {
    session.say("BEGIN").await?;
    session
        .ask("SELECT pg_advisory_xact_lock($1)", &[&MAKING])
        .await?;
    session
        .say("CREATE TABLE IF NOT EXISTS souk_form (form integer PRIMARY KEY)")
        .await?;
    let found = form(session).await?;
    for (number, text) in (1_i32..).zip(FORMS) {
        if number > found {
            session.say(text).await?;
            session
                .ask("INSERT INTO souk_form VALUES ($1)", &[&number])
                .await?;
        }
    }
    session.say("COMMIT").await
}
