//! Consent: what a person lets an app do.
//!
//! What a person said to an app is one record, [`Consents`], so a run that read it rests on all of
//! it. An app asks, line by line, with its reasons; the question waits until the person answers,
//! and every event that needs the answer waits with it. What they said is listed for the person,
//! and they can say something else at any time.

use souk_core::limits::QUESTION_EVENTS_MAX;
use souk_core::manifest::Permission;
use souk_core::{AppId, ConsentId, Consents, EventId, Stance, Timestamp, UserId};
use souk_store::{Key, StoreError, Txn};

use crate::news::{News, news_log};
use crate::pages::whole;
pub use crate::record::Question;
use crate::record::{Asked, Said};
use crate::{Refusal, keys};

/// A question a person has not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Names it, to answer it.
    pub id: ConsentId,
    /// When it was asked first.
    pub asked: Timestamp,
    /// What is asked; its event is the first of those that wait.
    pub question: Question,
}

/// A question that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What was asked.
    pub question: Question,
    /// Every event that waited for the answer, in the order they came.
    pub events: Vec<EventId>,
}

/// Returns what a person has said to an app. The transaction rests on it.
///
/// # Errors
/// The store's.
pub async fn of(txn: &Txn, user: UserId, app: &AppId) -> Result<Consents, Refusal> {
    let said: Option<Said> = txn.get(&keys::said(user, app)).await?;
    Ok(said.map(|said| said.consents).unwrap_or_default())
}

/// Returns everything a person has said, by app.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, user: UserId) -> Result<Vec<(AppId, Consents)>, Refusal> {
    let found: Vec<(_, Said)> = whole(txn, &keys::said_by(user)).await?;
    let said = found.into_iter().map(|(_, said)| (said.app, said.consents));
    Ok(said.collect())
}

/// Notes that a person opens an app that they had not opened: a yes to each of these matters that
/// they have said nothing to.
///
/// # Errors
/// The store's.
pub async fn open(
    txn: &Txn,
    user: UserId,
    app: &AppId,
    matters: impl IntoIterator<Item = Permission>,
) -> Result<Consents, Refusal> {
    change(txn, user, app, |consents| consents.open(matters, txn.now())).await
}

/// Notes what a person says to a matter now.
///
/// # Errors
/// The store's.
pub async fn say(txn: &Txn, user: UserId, app: &AppId, stance: Stance) -> Result<(), Refusal> {
    let said = change(txn, user, app, |consents| consents.say(stance));
    said.await.map(drop)
}

/// Takes back what a person said to a matter, a yes or a no: the app may not from the commit on,
/// and has to ask. Taking back what was never said is no error.
///
/// # Errors
/// The store's.
pub async fn revoke(
    txn: &Txn,
    user: UserId,
    app: &AppId,
    matter: &Permission,
) -> Result<(), Refusal> {
    let said = change(txn, user, app, |consents| consents.take_back(matter));
    said.await.map(drop)
}

/// Forgets all that a person said to an app, and that they ever opened it.
///
/// # Errors
/// The store's.
pub async fn forget(txn: &Txn, user: UserId, app: &AppId) -> Result<(), Refusal> {
    Ok(txn.delete(&keys::said(user, app))?)
}

async fn change(
    txn: &Txn,
    user: UserId,
    app: &AppId,
    how: impl FnOnce(&mut Consents),
) -> Result<Consents, Refusal> {
    let mut consents = of(txn, user, app).await?;
    how(&mut consents);
    let said = Said {
        app: app.clone(),
        consents,
    };
    txn.put(&keys::said(user, app), &said)?;
    Ok(said.consents)
}

/// Puts a question to a person, who hears of it by [`News`]. While it is open, asking about the
/// same matters again is the same question, and its event waits with the others.
///
/// # Errors
/// [`Refusal::NothingAsked`], [`Refusal::EventsWaitingMax`].
pub async fn ask(txn: &Txn, question: &Question) -> Result<ConsentId, Refusal> {
    let question = tidy(question);
    if question.lines.is_empty() {
        return Err(Refusal::NothingAsked);
    }
    let index = keys::asked(&question);
    if let Some(id) = txn.get::<ConsentId>(&index).await? {
        wait_too(txn, &keys::question(question.user, id), question.event).await?;
        return Ok(id);
    }

    let id = txn.fresh();
    txn.put(&index, &id)?;
    txn.append(&news_log(question.user), &News::Asked(id))?;
    let (key, events) = (keys::question(question.user, id), vec![question.event]);
    txn.put(
        &key,
        &Asked {
            question,
            at: txn.now(),
            events,
        },
    )?;
    Ok(id)
}

/// Returns the questions a person has not answered, oldest first.
///
/// # Errors
/// The store's.
pub async fn waiting(txn: &Txn, user: UserId) -> Result<Vec<Waiting>, Refusal> {
    let prefix = keys::questions_of(user);
    let found: Vec<(_, Asked)> = whole(txn, &prefix).await?;
    found
        .into_iter()
        .map(|(key, Asked { question, at, .. })| {
            let id = key.id_after(&prefix).ok_or(StoreError::Form)?;
            Ok(Waiting {
                id,
                asked: at,
                question,
            })
        })
        .collect()
}

/// Answers a question in all its lines, and closes it. Whoever says no keeps what they had agreed
/// to before.
///
/// # Errors
/// [`Refusal::UnknownQuestion`] when this person was not asked that, or has answered.
pub async fn answer(
    txn: &Txn,
    user: UserId,
    id: ConsentId,
    yes: bool,
) -> Result<Answered, Refusal> {
    let key = keys::question(user, id);
    let asked: Option<Asked> = txn.get(&key).await?;
    let Asked {
        question, events, ..
    } = asked.ok_or(Refusal::UnknownQuestion)?;

    txn.delete(&key)?;
    txn.delete(&keys::asked(&question))?;
    let answer = |consents: &mut Consents| {
        for line in &question.lines {
            consents.answer(line, yes, txn.now());
        }
    };
    change(txn, user, &question.app, answer).await?;
    Ok(Answered { question, events })
}

/// The same question whatever order its lines came in, each matter once.
fn tidy(question: &Question) -> Question {
    let mut question = question.clone();
    question.lines.sort_by_key(|line| line.matter.matter());
    question
        .lines
        .dedup_by(|one, other| one.matter.is_about(&other.matter));
    question
}

async fn wait_too(txn: &Txn, question: &Key, event: EventId) -> Result<(), Refusal> {
    let mut asked: Asked = txn.get(question).await?.ok_or(StoreError::Form)?;
    if asked.events.contains(&event) {
        return Ok(());
    }
    if asked.events.len() >= QUESTION_EVENTS_MAX {
        return Err(Refusal::EventsWaitingMax);
    }
    asked.events.push(event);
    Ok(txn.put(question, &asked)?)
}
