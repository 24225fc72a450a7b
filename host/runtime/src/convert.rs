//! Events on their way into a guest, and answers on their way out.

use souk_core::limits::FIELD_ERRORS_MAX;
use souk_events::{Cause, Event, Silence, Wrong};
use souk_ledger::quote;

use crate::bindings::souk::miniapp::events as wit;
use crate::bindings::souk::schedule::timers::Scope;
use crate::bindings::souk::types::common::Note;
use crate::capability::http::response;
use crate::ctx::Job;
use crate::outcome::End;

/// What the guest is told.
pub(crate) fn event(job: &Job) -> wit::Event {
    let event = &job.event;
    wit::Event {
        id: event.id.to_string(),
        at: event.at.millis(),
        locale: event.locale.as_ref().map(|it| it.as_str().to_owned()),
        cause: cause(event),
    }
}

fn cause(event: &Event) -> wit::Cause {
    match &event.cause {
        Cause::Command {
            name,
            arguments,
            start,
        } => wit::Cause::Command(wit::Command {
            name: name.clone(),
            arguments: arguments.clone(),
            start_parameter: start.clone().map(String::from),
        }),
        Cause::Action {
            message,
            revision,
            button,
            data,
            inputs,
        } => wit::Cause::Action(wit::Action {
            message: message.to_string(),
            revision: *revision,
            button: button.clone(),
            data: data.clone(),
            inputs: inputs.clone(),
        }),
        Cause::Message {
            message,
            text,
            reply_to,
        } => wit::Cause::Message(wit::Heard {
            message: message.to_string(),
            text: text.clone(),
            reply_to: reply_to.map(|id| id.to_string()),
        }),
        Cause::Order(order) => wit::Cause::Order(order.to_string()),
        Cause::LastLook(order) => wit::Cause::LastLook(order.to_string()),
        Cause::View(message) => wit::Cause::View(message.to_string()),
        Cause::Timer { name, due, payload } => wit::Cause::Timer(wit::Timer {
            scope: match event.chat {
                Some(_) => Scope::Chat,
                None => Scope::App,
            },
            name: name.clone(),
            due: due.millis(),
            payload: payload.clone(),
        }),
        Cause::Response {
            request, outcome, ..
        } => wit::Cause::Response(wit::Answer {
            request: request.to_string(),
            outcome: outcome.clone().map(response).map_err(note),
        }),
    }
}

fn note(Silence { code, text }: Silence) -> Note {
    Note { code, text }
}

/// What the guest answered, its words fit to be shown and kept.
pub(crate) fn end(answer: Result<(), wit::Failure>) -> End {
    match answer {
        Ok(()) => End::Ok,
        Err(wit::Failure::Rejected(why)) => End::Rejected(quote(&why)),
        Err(wit::Failure::InvalidInput(fields)) => End::InvalidInput(
            fields
                .into_iter()
                .take(FIELD_ERRORS_MAX)
                .map(wrong)
                .collect(),
        ),
        Err(wit::Failure::Retry(wit::Again { text, after_ms })) => End::Retry {
            why: quote(&text),
            after_ms,
        },
    }
}

fn wrong(wit::FieldError { field, text }: wit::FieldError) -> Wrong {
    Wrong {
        field: quote(&field),
        text: quote(&text),
    }
}

#[cfg(test)]
mod tests {
    use souk_core::limits::QUOTED_CHARS_MAX;

    use super::*;

    #[test]
    fn the_apps_words_are_quoted_and_few() {
        let why = format!("Sold\nout \u{202e}{}", "x".repeat(1_000));
        let End::Rejected(shown) = end(Err(wit::Failure::Rejected(why))) else {
            panic!()
        };
        assert!(shown.starts_with("Sold out x") && shown.chars().count() == QUOTED_CHARS_MAX);
        let field = wit::FieldError {
            field: "cup".to_owned(),
            text: "Which\u{7}?".to_owned(),
        };
        let failure = wit::Failure::InvalidInput(vec![field; FIELD_ERRORS_MAX + 1]);
        let End::InvalidInput(wrong) = end(Err(failure)) else {
            panic!()
        };
        let expected = Wrong {
            field: "cup".to_owned(),
            text: "Which?".to_owned(),
        };
        assert_eq!(wrong, vec![expected; FIELD_ERRORS_MAX]);
    }
}
