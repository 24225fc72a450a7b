//! Where events are kept. Room `events`.

use souk_core::{AppId, ChatId, EventId, Timestamp, TypedId};
use souk_store::Key;

use crate::record::{BucketPlace, Lane, TimerPlace};

fn lane_key(what: &str, lane: &Lane) -> Key {
    Key::room("events")
        .with(what)
        .with(&lane.app)
        .with(chat_or_none(lane.chat))
}

/// No chat has the id zero.
fn chat_or_none(chat: Option<ChatId>) -> ChatId {
    chat.unwrap_or(ChatId::from_bits(0))
}

/// The timers of an app in a chat, or in none.
pub(crate) fn timers(app: &AppId, chat: Option<ChatId>) -> Key {
    Key::room("events")
        .with("timer")
        .with(app)
        .with(chat_or_none(chat))
}

/// A timer.
pub(crate) fn timer(place: &TimerPlace) -> Key {
    timers(&place.app, place.chat).with(place.name.as_str())
}

/// How many timers an app has in a chat, or in none.
pub(crate) fn timers_count(app: &AppId, chat: Option<ChatId>) -> Key {
    Key::room("events")
        .with("timer-count")
        .with(app)
        .with(chat_or_none(chat))
}

/// How many timers an app has.
pub(crate) fn all_timers_count(app: &AppId) -> Key {
    Key::room("events").with("timer-sum").with(app)
}

/// All lanes' logs.
pub(crate) fn lanes() -> Key {
    Key::room("events").with("lane")
}

/// The log of a lane's events.
pub(crate) fn lane(lane: &Lane) -> Key {
    lane_key("lane", lane)
}

/// The place of the lane's next event to run.
pub(crate) fn cursor(lane: &Lane) -> Key {
    lane_key("cursor", lane)
}

/// Lanes that may have events to run.
pub(crate) fn busy_lanes() -> Key {
    Key::room("events").with("busy")
}

/// A lane that may have events to run.
pub(crate) fn busy(lane: &Lane) -> Key {
    lane_key("busy", lane)
}

/// Behind all lanes of an app that may have events to run.
pub(crate) fn behind_busy(app: &AppId) -> Key {
    let (app, chat) = (app.clone(), Some(ChatId::from_bits(u128::MAX)));
    busy(&Lane { app, chat })
}

/// Who runs the lane's events at present.
pub(crate) fn lease(lane: &Lane) -> Key {
    lane_key("lease", lane)
}

/// How an event ended.
pub(crate) fn done(event: EventId) -> Key {
    Key::room("events").with("done").with(event)
}

/// An event that waits for an answer or a time.
pub(crate) fn parked(event: EventId) -> Key {
    Key::room("events").with("parked").with(event)
}

/// The events of an app that are set aside.
pub(crate) fn all_failed(app: &AppId) -> Key {
    Key::room("events").with("failed").with(app)
}

/// An event that is set aside.
pub(crate) fn failed(app: &AppId, event: EventId) -> Key {
    all_failed(app).with(event)
}

/// How many events of an app are set aside.
pub(crate) fn failed_count(app: &AppId) -> Key {
    Key::room("events").with("failed-count").with(app)
}

/// Everything due, by time.
pub(crate) fn all_due() -> Key {
    Key::room("events").with("due")
}

/// Something due at a time. The id keeps two of the same moment apart.
pub(crate) fn due(at: Timestamp, id: u128) -> Key {
    let [high, low] =
        [id >> 64, id & u128::from(u64::MAX)].map(|half| u64::try_from(half).unwrap_or(0));
    all_due().with(at.millis()).with(high).with(low)
}

/// A bucket with values that expire: at one time it is due once. No id is zero.
pub(crate) fn due_values(at: Timestamp, place: &BucketPlace) -> Key {
    let key = due(at, 0);
    match place {
        BucketPlace::App(app) => key.with(app).with("app"),
        BucketPlace::Chat(app, chat) => key.with(app).with("chat").with(*chat),
        BucketPlace::User(app, user, left) => key.with(app).with("user").with(*user).with(*left),
    }
}

/// A letter to the outside.
pub(crate) fn posted(letter: EventId) -> Key {
    Key::room("events").with("posted").with(letter)
}

/// How many letters of an app are on their way.
pub(crate) fn posted_count(app: &AppId) -> Key {
    Key::room("events").with("posted-count").with(app)
}

/// All that an event read outside.
pub(crate) fn reads(event: EventId) -> Key {
    Key::room("events").with("read").with(event)
}

/// What an event read outside with one request.
pub(crate) fn read(event: EventId, request: &[u8; 32]) -> Key {
    reads(event).with(&request[..])
}
