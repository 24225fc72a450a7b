//! What is stored of events.

use serde::{Deserialize, Serialize};
use souk_core::{
    AppId, Blame, ChatId, EventId, MessageId, OrderId, Timestamp, TraceId, TransferId, UserId,
    none_is_zero,
};
use souk_store::{Owner, Record, Sealed};

use crate::locale::Locale;
use crate::start::StartParameter;

/// Why an event is, with everything the mini-app is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// A person typed `/name arguments`, or followed a link that does.
    Command {
        /// Without the slash.
        name: String,
        /// What followed, trimmed.
        arguments: String,
        /// What the link said that they followed; `None` when they typed.
        start: Option<StartParameter>,
    },
    /// A person pressed a button or sent a form.
    Action {
        /// The message the button is on.
        message: MessageId,
        /// Its revision.
        revision: u64,
        /// The button's id in the card; empty for a press that waits since before it was kept.
        button: String,
        /// JSON that the app itself put on the button, from the stored card.
        data: String,
        /// A JSON object of what the person entered, checked against the card.
        inputs: String,
    },
    /// An order changed state.
    Order(OrderId),
    /// The time has come that the app had set.
    Timer {
        /// What the app called it.
        name: String,
        /// When the app wanted to be told.
        due: Timestamp,
        /// What the app wanted to have back.
        payload: Vec<u8>,
    },
    /// The answer to a request that an earlier event sent to the outside.
    Response {
        /// The request.
        request: EventId,
        /// How many answers from outside led to it, this one included.
        depth: u32,
        /// What came, or why nothing came and nothing will.
        outcome: Result<Reply, Silence>,
    },
    /// A person said something where the app listens.
    Message {
        /// The message.
        message: MessageId,
        /// What it says.
        text: String,
        /// The message it answers.
        reply_to: Option<MessageId>,
    },
    /// A person looks at a message of the app's that looks different to each viewer.
    View(MessageId),
    /// The payer of an order has approved it, and its app is asked once more. Never stored in
    /// a lane: it runs in the approval's own commit.
    LastLook(OrderId),
}

impl Cause {
    /// Returns why an event is, in a word, without what anybody said.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Command { .. } => "command",
            Self::Action { .. } => "action",
            Self::Order(_) => "order",
            Self::Timer { .. } => "timer",
            Self::Response { .. } => "response",
            Self::Message { .. } => "message",
            Self::View(_) => "view",
            Self::LastLook(_) => "last-look",
        }
    }

    /// Returns whether a person waits for what becomes of it: they typed, pressed, look, or pay.
    pub const fn is_awaited(&self) -> bool {
        match self {
            Self::Command { .. } | Self::Action { .. } | Self::View(_) | Self::LastLook(_) => true,
            Self::Order(_) | Self::Timer { .. } | Self::Response { .. } | Self::Message { .. } => {
                false
            }
        }
    }
}

/// What the outside answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What it carried.
    pub body: Vec<u8>,
}

/// Why the outside did not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// For programs.
    pub code: String,
    /// For people.
    pub text: String,
}

/// Which timer of which app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerPlace {
    /// Names it since it was set: the id of the event it will be.
    pub id: EventId,
    /// Whose it is.
    pub app: AppId,
    /// Where it goes off; `None`: in no chat.
    #[serde(with = "none_is_zero")]
    pub chat: Option<ChatId>,
    /// What the app calls it.
    pub name: String,
}

/// A timer that is set; what it brings back is sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Armed {
    pub(crate) place: TimerPlace,
    pub(crate) at: Timestamp,
    pub(crate) payload: Sealed,
}

impl Record for Armed {}

/// What an app kept for a person, up to a time they left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Names the leaving.
    pub id: EventId,
    /// Which app.
    pub app: AppId,
    /// Who left it.
    pub user: UserId,
    /// How often they had left it before.
    pub left: u64,
}

/// Which bucket of which app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BucketPlace {
    /// What it keeps for all.
    App(AppId),
    /// What it keeps for a chat.
    Chat(AppId, ChatId),
    /// What it keeps for a person who has left it so many times.
    User(AppId, UserId, u64),
}

/// What an app wants to have sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The method.
    pub method: String,
    /// Where to.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What it carries.
    pub body: Vec<u8>,
}

/// A letter on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Names it for ever: the id of the event that will bring the answer.
    pub id: EventId,
    /// Whose it is.
    pub app: AppId,
    /// Where the event happened that sent it.
    pub chat: Option<ChatId>,
    /// Who did it.
    pub user: Option<UserId>,
    /// How many answers from outside will have led to the next event.
    pub depth: u32,
    /// How often it was sent without an answer.
    pub tries: u32,
    /// What is to be sent.
    pub letter: Letter,
}

/// An outgoing letter as it is stored: the letter is sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Posted {
    pub(crate) app: AppId,
    #[serde(with = "none_is_zero")]
    pub(crate) chat: Option<ChatId>,
    #[serde(with = "none_is_zero")]
    pub(crate) user: Option<UserId>,
    pub(crate) left: u64,
    pub(crate) depth: u32,
    pub(crate) tries: u32,
    pub(crate) letter: Sealed,
    /// When it is looked at next: its place on the list of what is due.
    pub(crate) next: Timestamp,
}

impl Record for Posted {}

/// An answer kept for a run that repeats, sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Read(pub(crate) Sealed);

impl Record for Read {}

/// Something a mini-app is told of, once in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Names it for ever; a press repeated with the same key has the same id.
    pub id: EventId,
    /// Whom it is for.
    pub app: AppId,
    /// Where it happened; `None` for what belongs to no chat.
    pub chat: Option<ChatId>,
    /// Who did it; of an order, the payer; `None` for what happens by itself.
    pub user: Option<UserId>,
    /// How often they had left the app when what led to it happened: who has left it since is not
    /// the one it is of.
    pub left: u64,
    /// When it happened: the time the mini-app sees.
    pub at: Timestamp,
    /// How often the app has asked to have it again.
    pub tries: u32,
    /// The language that the request behind it said; `None` when nobody asked, or said none.
    pub locale: Option<Locale>,
    /// Why it is.
    pub cause: Cause,
}

impl Event {
    /// Returns the lane the event runs in.
    pub fn lane(&self) -> Lane {
        Lane {
            app: self.app.clone(),
            chat: self.chat,
        }
    }

    /// Returns whose key seals what is personal in it.
    pub fn owner(&self) -> Owner {
        owner(&self.app, self.user, self.chat)
    }
}

/// Whose key seals what happens: the person's in the chat, or else the app's.
pub(crate) fn owner(app: &AppId, user: Option<UserId>, chat: Option<ChatId>) -> Owner {
    match (user, chat) {
        (Some(user), Some(chat)) => Owner::PersonInChat(user, chat),
        (Some(_) | None, _) => Owner::App(app.clone()),
    }
}

/// Events of one lane happen one after the other, in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Lane {
    /// The mini-app.
    pub app: AppId,
    /// The chat, if it is of one.
    #[serde(with = "none_is_zero")]
    pub chat: Option<ChatId>,
}

impl Record for Lane {}

/// An event as it is stored: the person's words in it are sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) id: EventId,
    pub(crate) app: AppId,
    #[serde(with = "none_is_zero")]
    pub(crate) chat: Option<ChatId>,
    #[serde(with = "none_is_zero")]
    pub(crate) user: Option<UserId>,
    pub(crate) left: u64,
    pub(crate) at: Timestamp,
    pub(crate) tries: u32,
    pub(crate) cause: Sealed,
}

impl Record for Waiting {}

/// An event that is set aside, as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failed {
    pub(crate) waiting: Waiting,
    pub(crate) cause: String,
    pub(crate) at: Timestamp,
    pub(crate) blame: Blame,
    pub(crate) what: String,
    pub(crate) trace: TraceId,
}

impl Record for Failed {}

/// What has to be done at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// An order nobody paid closes.
    OrderExpiry(OrderId),
    /// A parked event enters its lane again, because its app asked for that.
    Retry(EventId),
    /// Money sent to a person who has not accepted it goes back.
    GiftExpiry(TransferId),
    /// A rail has news of money on its way in.
    Arrival(TransferId),
    /// A rail takes the next step with money on its way out.
    Departure(TransferId),
    /// The keys of a person who left are deleted once more.
    Erasure(UserId),
    /// A letter is sent to the outside, or sent again.
    Send(EventId),
    /// What an event read outside is forgotten.
    Reads(EventId),
    /// A timer goes off.
    Timer(TimerPlace),
    /// What an app kept for a person who left it is deleted.
    Forget(Forgotten),
    /// Values of a bucket have expired.
    Values(BucketPlace),
}

impl Record for Due {}

/// A field of a form that needs another look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// The input's id in the card.
    pub field: String,
    /// What is wrong with it, in the app's words.
    pub text: String,
}

/// How an event ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Everything the app staged was committed.
    Done,
    /// The app said no, and why. Nothing it staged was committed.
    Rejected(String),
    /// The app pointed at inputs. Nothing it staged was committed.
    InvalidInput(Vec<Wrong>),
    /// It waits for a person's answer or for a later time, and will run again.
    Parked,
    /// The app failed. Nothing it staged was committed.
    Fault {
        /// Who has to do something about it.
        blame: Blame,
        /// What happened, in the host's words.
        what: String,
    },
}

/// What is noted of an event that has run, or was parked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whose event it was: only they may ask how it ended.
    pub user: Option<UserId>,
    /// Where it happened.
    pub chat: Option<ChatId>,
    /// Whom it was for.
    pub app: AppId,
    /// SHA-256 of what the person sent: the same id with other contents is refused. Zero for what
    /// no person sent.
    pub contents: [u8; 32],
    /// How it ended, or that it waits.
    pub outcome: Outcome,
}

/// A mark as it is stored: the app's words in it are sealed like the person's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Noted {
    #[serde(with = "none_is_zero")]
    pub(crate) user: Option<UserId>,
    #[serde(with = "none_is_zero")]
    pub(crate) chat: Option<ChatId>,
    pub(crate) app: AppId,
    pub(crate) contents: [u8; 32],
    pub(crate) outcome: Sealed,
}

impl Record for Noted {}

/// A dispatcher, one per process, new at every start.
pub type Node = [u8; 16];

/// Who works on a lane, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lease {
    pub(crate) node: Node,
    pub(crate) until: Timestamp,
}

impl Record for Lease {}
