//! `souk:schedule/timers`, function by function.

use souk_core::limits::{
    APP_TIMERS_MAX, CHAT_TIMERS_MAX, TIMER_AHEAD_MS_MAX, TIMER_AHEAD_MS_MIN, TIMER_NAME_BYTES_MAX,
    TIMER_PAYLOAD_BYTES_MAX,
};
use souk_core::text::is_line;
use souk_core::{ChatId, Timestamp};
use souk_events::timer::{self, Full};

use crate::bindings::souk::schedule::timers::{Host, Pending, Scope};
use crate::bindings::souk::types::common::Allowance;
use crate::capability::allowance;
use crate::ctx::Ctx;
use crate::denied::{Halt, No};
use crate::door::Call;
use crate::needs::Needs;

impl Host for Ctx {
    async fn set(
        &mut self,
        scope: Scope,
        name: String,
        at: u64,
        payload: Vec<u8>,
    ) -> Result<(), No> {
        self.schedules("timers.set", name.len().saturating_add(payload.len()))?;
        let chat = self.timers_of(scope)?;
        let (name, at) = (timer_name(name)?, self.timer_at(at)?);
        if payload.len() > TIMER_PAYLOAD_BYTES_MAX {
            return Err(No::over_limit("payload-bytes", TIMER_PAYLOAD_BYTES_MAX));
        }
        self.schedule.may_change()?;
        let event = &self.job.event;
        match timer::set(&self.txn, event, chat, &name, at, &payload).await? {
            Ok(()) => Ok(()),
            Err(Full::Chat) => Err(No::over_limit("chat-timers", CHAT_TIMERS_MAX)),
            Err(Full::App) => Err(No::over_limit("app-timers", APP_TIMERS_MAX)),
        }
    }

    async fn cancel(&mut self, scope: Scope, name: String) -> Result<(), No> {
        self.schedules("timers.cancel", name.len())?;
        let (chat, name) = (self.timers_of(scope)?, timer_name(name)?);
        self.schedule.may_change()?;
        if timer::cancel(&self.txn, &self.job.event.app, chat, &name).await? {
            Ok(())
        } else {
            Err(No::not_found())
        }
    }

    async fn list(&mut self, scope: Scope) -> Result<Vec<Pending>, No> {
        self.schedules("timers.list", 0)?;
        let chat = self.timers_of(scope)?;
        let found = timer::list(&self.txn, &self.job.event.app, chat).await?;
        let size = |(name, _): &(String, _)| name.len().saturating_add(size_of::<u64>());
        self.door.hand_out(found.iter().map(size).sum())?;
        let pending = |(name, at): (String, Timestamp)| Pending {
            name,
            at: at.millis(),
        };
        Ok(found.into_iter().map(pending).collect())
    }

    async fn allowances(&mut self) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("schedule", "timers.allowances", 0)?;
        let event = &self.job.event;
        let left = timer::left(&self.txn, &event.app, event.chat).await;
        let left = left.map_err(Halt::from)?;
        Ok(vec![
            allowance("timers", self.schedule.left, self.schedule.most),
            allowance("chat-timers", left.chat, CHAT_TIMERS_MAX),
            allowance("app-timers", left.app, APP_TIMERS_MAX),
        ])
    }
}

impl Ctx {
    fn schedules(&mut self, function: &'static str, bytes: usize) -> Result<(), No> {
        self.door.pass(Call {
            capability: "schedule",
            function,
            bytes,
            needs: Needs::Schedule,
        })
    }

    /// Where the timers of a scope go off.
    fn timers_of(&self, scope: Scope) -> Result<Option<ChatId>, No> {
        match (scope, self.job.event.chat) {
            (Scope::App, _) => Ok(None),
            (Scope::Chat, Some(chat)) => Ok(Some(chat)),
            (Scope::Chat, None) => Err(No::not_granted()),
        }
    }

    /// A time that is neither too near nor too far, seen from the event: it runs again with the
    /// same answer.
    fn timer_at(&self, at: u64) -> Result<Timestamp, No> {
        let (now, at) = (self.job.event.at, Timestamp::from_millis(at));
        if at < now.after_millis(TIMER_AHEAD_MS_MIN) {
            return Err(No::invalid("at: a timer is set at least a second ahead"));
        }
        if at > now.after_millis(TIMER_AHEAD_MS_MAX) {
            return Err(No::invalid("at: a timer is set at most a year ahead"));
        }
        Ok(at)
    }
}

fn timer_name(name: String) -> Result<String, No> {
    if name.len() <= TIMER_NAME_BYTES_MAX && is_line(&name) {
        Ok(name)
    } else {
        let what = format!("name: a line of 1 to {TIMER_NAME_BYTES_MAX} bytes");
        Err(No::invalid(what))
    }
}
