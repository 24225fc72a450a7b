//! Events on their way into a guest, and answers on their way out.

use souk_events::{Cause, Wrong};

use crate::bindings::souk::miniapp::events as wit;
use crate::ctx::Job;
use crate::outcome::End;

/// What the guest is told.
pub(crate) fn event(job: &Job) -> wit::Event {
    let event = &job.event;
    wit::Event {
        id: event.id.to_string(),
        at: event.at.millis(),
        locale: job.locale.clone(),
        cause: cause(&event.cause),
    }
}

fn cause(cause: &Cause) -> wit::Cause {
    match cause {
        Cause::Command { name, arguments } => wit::Cause::Command(wit::Command {
            name: name.clone(),
            arguments: arguments.clone(),
        }),
        Cause::Action {
            message,
            revision,
            data,
            inputs,
        } => wit::Cause::Action(wit::Action {
            message: message.to_string(),
            revision: *revision,
            data: data.clone(),
            inputs: inputs.clone(),
        }),
        Cause::Order(order) => wit::Cause::Order(order.to_string()),
    }
}

/// What the guest answered.
pub(crate) fn end(answer: Result<(), wit::Failure>) -> End {
    match answer {
        Ok(()) => End::Ok,
        Err(wit::Failure::Rejected(why)) => End::Rejected(why),
        Err(wit::Failure::InvalidInput(fields)) => {
            let wrong = |wit::FieldError { field, text }| Wrong { field, text };
            End::InvalidInput(fields.into_iter().map(wrong).collect())
        }
        Err(wit::Failure::Retry(why)) => End::Retry(why),
    }
}
