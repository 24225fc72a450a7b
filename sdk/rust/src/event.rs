//! What happened: the context every handler gets, and the two things a person can do.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::Answer;
use crate::messaging::{Heard, MessageId};
use crate::schedule::Timer;
use crate::wit::souk::miniapp::events as wit;
use crate::{Failure, Result, inputs};

/// What every event has. It is handled by a fresh instance, once in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    id: String,
    at: SystemTime,
    locale: Option<String>,
}

impl Event {
    /// Returns the event's id. It stays the same when the event runs again, so it is the natural
    /// key of what the event asks for: `Order::ask(event.id())`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns when it happened: the same however often it runs.
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// Returns the language of the person whose request caused it as a BCP 47 name, like `en` or
    /// `pt-BR`; `None` when nobody asked, or said none.
    pub fn locale(&self) -> Option<&str> {
        self.locale.as_deref()
    }
}

/// Something a person typed: `/tea large please`. Or the link of
/// [`Chat::link`](crate::Chat::link) that they followed: this app's first command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    name: String,
    arguments: String,
    start_parameter: Option<String>,
}

impl Command {
    /// Returns the name, as in the manifest, without the slash: `tea`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what followed, trimmed: `large please`. The person's words: do not trust them.
    pub fn arguments(&self) -> &str {
        &self.arguments
    }

    /// Returns what the link said that the person followed; `None` when they typed. Anybody can
    /// write another into a link: the person's words, do not trust them.
    pub fn start_parameter(&self) -> Option<&str> {
        self.start_parameter.as_deref()
    }

    /// Returns the answer to a command this app does not have.
    pub fn unknown(&self) -> Failure {
        Failure::rejected(format!("There is no /{} here.", self.name))
    }
}

/// A button pressed or a form sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    message: MessageId,
    revision: u64,
    button: String,
    data: String,
    inputs: Map<String, Value>,
}

impl Action {
    /// Returns the message the button is on.
    pub fn message(&self) -> &MessageId {
        &self.message
    }

    /// Returns the revision of that message the person saw. It can be one of the last 24 hours:
    /// what has changed since is for the app to know.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the id of the button, as this app gave it to
    /// [`Button::submit`](crate::card::Button::submit).
    pub fn button(&self) -> &str {
        &self.button
    }

    /// Reads what this app put on the button with [`Button::submit`](crate::card::Button::submit).
    /// The host takes it from the card it stored, never from the client: it can be trusted.
    ///
    /// # Errors
    /// [`Failure::Rejected`] when it is not a `T`: the button is older than the app.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T> {
        let old = "This button is from an earlier version. Please start again.";
        serde_json::from_str(&self.data).map_err(|_| Failure::rejected(old))
    }

    /// Reads what the person entered. The host checked it against the card's inputs; what the texts
    /// say are still the person's words.
    ///
    /// Cards send almost everything as text, so `"2"` is read as a number and `"true"` as a yes
    /// where a field wants one; a blank input is `None` in an `Option`, and several choices are
    /// a `Vec`.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`], naming the input that is missing or does not fit.
    pub fn inputs<T: DeserializeOwned>(&self) -> Result<T> {
        inputs::read(&self.inputs)
    }
}

/// Something that this version of the SDK has no handler for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    code: String,
    subject: Option<String>,
    data: String,
    text: String,
}

impl Happening {
    fn new(told: wit::Happening) -> Self {
        Self {
            code: told.code,
            subject: told.subject,
            data: told.data,
            text: told.text,
        }
    }

    /// Returns what happened, for programs: the name that a later version has for it.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns the id of what it happened to, if that has one.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Reads what else there is to tell: a JSON object.
    ///
    /// # Errors
    /// [`Failure::Rejected`] when it is not a `T`.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T> {
        let other =
            |_| Failure::rejected(format!("What `{}` tells is not as expected.", self.code));
        serde_json::from_str(&self.data).map_err(other)
    }

    /// Returns what happened in words, for people.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// An event taken apart: the context and what happened.
pub(crate) enum Cause {
    Command(Command),
    Action(Action),
    Message(Heard),
    Order(String),
    LastLook(String),
    View(MessageId),
    Timer(Timer),
    Response(Answer),
    Other(Happening),
}

/// Takes an event of the contract apart.
pub(crate) fn parse(event: wit::Event) -> (Event, Cause) {
    let cause = match event.cause {
        wit::Cause::Command(command) => Cause::Command(Command {
            name: command.name,
            arguments: command.arguments,
            start_parameter: command.start_parameter,
        }),
        wit::Cause::Action(action) => Cause::Action(Action {
            message: MessageId::new(action.message),
            revision: action.revision,
            button: action.button,
            data: action.data,
            inputs: serde_json::from_str(&action.inputs).unwrap_or_default(),
        }),
        wit::Cause::Message(heard) => Cause::Message(Heard::new(heard)),
        wit::Cause::Order(id) => Cause::Order(id),
        wit::Cause::LastLook(id) => Cause::LastLook(id),
        wit::Cause::View(message) => Cause::View(MessageId::new(message)),
        wit::Cause::Timer(timer) => Cause::Timer(Timer::new(timer)),
        wit::Cause::Response(answer) => Cause::Response(Answer::new(answer)),
        wit::Cause::Other(told) => Cause::Other(Happening::new(told)),
    };
    (
        Event {
            id: event.id,
            at: moment(event.at),
            locale: event.locale,
        },
        cause,
    )
}

/// Reads a time of the contract: milliseconds since 1970.
pub(crate) fn moment(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(millis)
}

/// Writes a time for the contract. What was before 1970 is 1970.
pub(crate) fn millis(moment: SystemTime) -> u64 {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
