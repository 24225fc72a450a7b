//! What apps ask outside, and the letters they send there.
//!
//! A question is asked once for an event: its answer is durable before the app sees it, and given
//! again when the event runs again. A letter leaves when its event has committed, as often as it
//! takes, under one id; its answer is an event, and there is one. Both leave the merchant a line.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use souk_core::limits::{HTTP_SEND_MS_MAX, SEND_RETRY_MS, SEND_TRIES_MAX};
use souk_core::{AppId, EventId, Reach, UserId};
use souk_egress::{Answer, Egress, Line, Refusal, Request, Sent};
use souk_events::{Event, Letter, Outgoing, Reply, Silence, outbox, reads};
use souk_runtime::{Outside, Read, reply};
use souk_store::{Page, StoreError, Txn};

use crate::record::{OutsideLine, outside_log};
use crate::{Market, MarketError, apps};

/// The outside of one market's apps.
struct Reader {
    market: Market,
    egress: Egress,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

#[async_trait]
impl Outside for Reader {
    async fn read(
        &self,
        event: &Event,
        reach: &[Reach],
        request: &Request,
        patience: Duration,
    ) -> Result<Read, StoreError> {
        let store = self.market.store();
        let asked = store
            .keyring()
            .keyed_hash("market.read", &[&digest(request)]);
        let kept = |txn: Txn| async move { reads::kept(&txn, event.id, &asked).await };
        if let Some(reply) = store.view(kept).await? {
            let answer = Ok(answer(reply));
            return Ok(Read { answer, millis: 0 });
        }
        let sent = self.egress.send(&event.app, reach, request, patience).await;
        let (line, millis) = (&line(event.id, &sent.line), sent.line.millis);
        let came = &sent.answer;
        let keep = |txn: Txn| async move {
            txn.append(&outside_log(&event.app), line)?;
            match came.clone().map(reply) {
                Ok(reply) => Ok(Ok(reads::keep(&txn, event, &asked, reply).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        };
        let answer = store.transact(keep).await?.map(answer);
        Ok(Read { answer, millis })
    }
}

impl Market {
    /// Returns a page of the requests an app of a merchant's sent to the outside, each with its
    /// place.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], also for other people's.
    pub async fn requests(
        &self,
        merchant: UserId,
        of: &AppId,
        page: Page<u64>,
    ) -> Result<Vec<(u64, OutsideLine)>, MarketError> {
        let page = &page;
        let read = |txn: Txn| async move {
            apps::check_merchant(&txn, merchant, of).await?;
            Ok(txn.entries(&outside_log(of), page.clone()).await?)
        };
        self.store().view(read).await
    }

    /// Where the questions of a run go.
    pub(crate) fn outside(&self) -> Option<Arc<dyn Outside>> {
        let egress = self.0.config.outside.clone()?;
        let market = self.clone();
        Some(Arc::new(Reader { market, egress }))
    }

    /// Sends a letter that was taken, and has its answer or its next try follow.
    pub(crate) async fn deliver(&self, letter: &Outgoing) {
        if let Err(error) = self.try_deliver(letter).await {
            tracing::warn!(app = %letter.app, letter = %letter.id, "a letter is held up: {error}");
        }
    }

    async fn try_deliver(&self, letter: &Outgoing) -> Result<(), MarketError> {
        let Sent { line: said, answer } = self.send_letter(letter).await?;
        let (line, answer) = (&line(letter.id, &said), &answer);
        let follow = |txn: Txn| async move {
            txn.append(&outside_log(&letter.app), line)?;
            Ok(follow(&txn, letter, answer.clone()).await?)
        };
        self.store().transact(follow).await
    }

    /// Sends a letter to where its app may send it now: what was revoked meanwhile does not leave.
    async fn send_letter(&self, letter: &Outgoing) -> Result<Sent, MarketError> {
        let read = |txn: Txn| async move { self.grants_now(&txn, &letter.app, letter.user).await };
        let grants = self.store().view(read).await?;
        let reach = grants.http.granted().cloned().unwrap_or_default();
        let request = request(letter)?;
        let now = self.store().now();
        let Some(egress) = &self.0.config.outside else {
            return Ok(Sent::refused(&request, Refusal::NotGranted, now));
        };
        let patience = Duration::from_millis(HTTP_SEND_MS_MAX);
        Ok(egress.send(&letter.app, &reach, &request, patience).await)
    }
}

/// Decides what follows from a try.
async fn follow(
    txn: &Txn,
    letter: &Outgoing,
    answer: Result<Answer, Refusal>,
) -> Result<(), StoreError> {
    match answer {
        Ok(answer) => outbox::answer(txn, letter.id, Ok(reply(answer))).await,
        Err(Refusal::Pace { retry_ms, .. }) => outbox::again(txn, letter.id, retry_ms, false).await,
        Err(refusal) if refusal.may_pass() && letter.tries.saturating_add(1) < SEND_TRIES_MAX => {
            let wait = SEND_RETRY_MS.saturating_mul(4_u64.saturating_pow(letter.tries));
            outbox::again(txn, letter.id, wait, true).await
        }
        Err(refusal) => {
            let silence = Silence {
                code: refusal.code().to_owned(),
                text: refusal.to_string(),
            };
            outbox::answer(txn, letter.id, Err(silence)).await
        }
    }
}

/// A letter as a request. It was one when it was staged.
fn request(letter: &Outgoing) -> Result<Request, StoreError> {
    let Letter {
        method,
        url,
        headers,
        body,
    } = letter.letter.clone();
    let request = Request::parse(&method, &url, headers, body).map_err(|_| StoreError::Form)?;
    Ok(Request {
        idempotency_key: Some(letter.id.to_string()),
        ..request
    })
}

/// What makes two questions the same.
fn digest(request: &Request) -> [u8; 32] {
    let part = |hash: Sha256, part: &str| {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        hash.chain_update(length.to_be_bytes()).chain_update(part)
    };
    let asked = part(Sha256::new(), &request.origin.to_string());
    let asked = part(asked, &request.path);
    let headers = request.headers.iter();
    let asked = headers.fold(asked, |asked, (name, value)| part(part(asked, name), value));
    asked.finalize().into()
}

fn line(event: EventId, line: &Line) -> OutsideLine {
    let bytes = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    OutsideLine {
        event,
        at: line.at,
        method: line.method,
        origin: line.origin.clone(),
        address: line.address.map(|it| it.to_string()).unwrap_or_default(),
        ended: match line.ended {
            Ok(status) => status.to_string(),
            Err(code) => code.to_owned(),
        },
        bytes_out: bytes(line.bytes_out),
        bytes_in: bytes(line.bytes_in),
        millis: line.millis,
    }
}

fn answer(reply: Reply) -> Answer {
    let Reply {
        status,
        headers,
        body,
    } = reply;
    Answer {
        status,
        headers,
        body,
    }
}
