//! Consent: what a person lets an app know about them.
//!
//! An app asks, with a reason; the question waits until the person answers, and every event that
//! needs the answer waits with it. The answer is kept for each claim, is listed for the person,
//! and can be taken back.

use souk_core::limits::{PAGE_ENTRIES_MAX, QUESTION_EVENTS_MAX};
use souk_core::{AppId, Claim, ConsentId, EventId, Timestamp, UserId};
use souk_store::{Key, Page, Record, StoreError, Txn};

use crate::news::{News, news_log};
use crate::record::Asked;
pub use crate::record::{Consent, Question};
use crate::{Refusal, keys};

/// What a person has said to an app about a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet, or they took it back.
    Unasked,
    /// Yes.
    Granted,
    /// No. Asking again changes nothing until they take it back.
    Refused,
}

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

/// Returns what a person has said to an app about a claim.
///
/// # Errors
/// The store's.
pub async fn state(txn: &Txn, user: UserId, app: &AppId, claim: Claim) -> Result<Answer, Refusal> {
    let consent: Option<Consent> = txn.get(&keys::answer(user, app, claim)).await?;
    Ok(match consent {
        None => Answer::Unasked,
        Some(Consent { granted: true, .. }) => Answer::Granted,
        Some(Consent { granted: false, .. }) => Answer::Refused,
    })
}

/// Puts a question to a person, who hears of it by [`News`]. While it is open, asking for the same
/// claims again is the same question, and its event waits with the others.
///
/// # Errors
/// [`Refusal::NothingAsked`], [`Refusal::EventsWaitingMax`].
pub async fn ask(txn: &Txn, question: &Question) -> Result<ConsentId, Refusal> {
    let question = tidy(question);
    if question.claims.is_empty() {
        return Err(Refusal::NothingAsked);
    }
    let index = keys::asked(question.user, &question.app, &question.claims);
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

/// Answers a question for all its claims, and closes it.
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
    txn.delete(&keys::asked(user, &question.app, &question.claims))?;
    for claim in question.claims.iter().copied() {
        let consent = Consent {
            app: question.app.clone(),
            claim,
            granted: yes,
            at: txn.now(),
        };
        txn.put(&keys::answer(user, &question.app, claim), &consent)?;
    }
    Ok(Answered { question, events })
}

/// Returns everything a person has answered, by app.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, user: UserId) -> Result<Vec<Consent>, Refusal> {
    let found = whole(txn, &keys::answers_of(user)).await?;
    Ok(found.into_iter().map(|(_, consent)| consent).collect())
}

/// Takes an answer back, a yes or a no: the app knows nothing from the commit on, and has to ask
/// again. Taking back what was never said is no error.
///
/// # Errors
/// The store's.
pub async fn revoke(txn: &Txn, user: UserId, app: &AppId, claim: Claim) -> Result<(), Refusal> {
    Ok(txn.delete(&keys::answer(user, app, claim))?)
}

/// The same question whatever order its claims came in.
fn tidy(question: &Question) -> Question {
    let mut question = question.clone();
    question.claims.sort_unstable();
    question.claims.dedup();
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

/// Everything under a prefix, read in pages.
async fn whole<R: Record>(txn: &Txn, prefix: &Key) -> Result<Vec<(Key, R)>, StoreError> {
    let mut found: Vec<(Key, R)> = Vec::new();
    loop {
        let last = found.last().map(|(key, _)| key.clone());
        let page = txn
            .scan(prefix, Page::first(PAGE_ENTRIES_MAX).after(last))
            .await?;
        let over = page.len() < PAGE_ENTRIES_MAX;
        found.extend(page);
        if over {
            return Ok(found);
        }
    }
}
