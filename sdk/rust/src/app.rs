//! A mini-app: what people implement, and how an event finds its handler.

use crate::event::{Cause, parse};
use crate::http::Answer;
use crate::messaging::{Heard, MessageId};
use crate::schedule::Timer;
use crate::wit::souk::miniapp::events as wit;
use crate::{Action, Command, Event, Failure, Happening, Order, OrderId, Result};

/// A mini-app: a type with a handler for each kind of event. [`export!`](crate::export) makes it
/// the program's.
///
/// Every event meets a fresh instance, so handlers have no `self`: what should last goes into
/// a [`Bucket`](crate::Bucket). Returning `Ok` commits all that the handler staged, at once and
/// together with the event; a failure, a panic or a timeout commits nothing. The host may run
/// a handler again on fresher data before it commits, so do nothing that is not staged.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no mini-app",
    label = "this type has no handlers",
    note = "write `impl MiniApp for {Self}`"
)]
pub trait MiniApp {
    /// Answers what somebody typed. Match on [`Command::name`].
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged.
    fn command(event: &Event, command: Command) -> Result;

    /// Answers a button pressed or a form sent. Match on [`Action::data`].
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged. An app that does not implement this refuses.
    fn action(_event: &Event, _action: Action) -> Result {
        Err(Failure::rejected("This button does nothing."))
    }

    /// Hears what somebody said in a group whose admin lets this app listen. Needs the permission
    /// `messaging.listen`.
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged. An app that does not implement this does nothing.
    fn message(_event: &Event, _heard: Heard) -> Result {
        Ok(())
    }

    /// Shows somebody their own view of a message that was posted
    /// [`per_viewer`](crate::messaging::Content::per_viewer), with
    /// [`Chat::show_to`](crate::Chat::show_to). Whoever only looks sets nothing off: neither
    /// the wallet, nor timers, nor the outside are granted here.
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged. An app that does not implement this does nothing.
    fn view(_event: &Event, _message: MessageId) -> Result {
        Ok(())
    }

    /// Hears that an order was paid, authorized, declined or closed by time. What the app does to
    /// an order itself, like giving money back, it is not told. Match on [`Order::state`].
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged. An app that does not implement this does nothing.
    fn order(_event: &Event, _order: Order) -> Result {
        Ok(())
    }

    /// Looks once more at an order that was asked for with
    /// [`last_look`](crate::Ask::last_look), and is still pending: its payer has approved it and
    /// waits. `Ok` lets the payment happen, in one commit with all that was staged;
    /// [`Order::refuse`] and any failure stop it.
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged, and nothing is paid. An app that does not implement
    /// this lets it happen.
    fn last_look(_event: &Event, _order: Order) -> Result {
        Ok(())
    }

    /// Hears that a timer went off that an earlier event set with [`schedule`](crate::schedule).
    /// Match on [`Timer::name`]. Nobody did it: there is no [`User`](crate::User) here.
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged. An app that does not implement this does nothing.
    fn timer(_event: &Event, _timer: Timer) -> Result {
        Ok(())
    }

    /// Hears what became of a request that an earlier event sent with
    /// [`http`](crate::http). Match on [`Answer::request`] and
    /// [`Answer::outcome`].
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged. An app that does not implement this does nothing.
    fn response(_event: &Event, _answer: Answer) -> Result {
        Ok(())
    }

    /// Hears what this version of the SDK has no handler for. Match on [`Happening::code`], and do
    /// nothing about a code you do not know.
    ///
    /// # Errors
    /// Any [`Failure`] drops what was staged. An app that does not implement this does nothing.
    fn other(_event: &Event, _happening: Happening) -> Result {
        Ok(())
    }
}

/// Makes a [`MiniApp`] what the component exports. Once in a program:
///
/// ```
/// # use souk_sdk::prelude::*;
/// struct Florist;
///
/// impl MiniApp for Florist {
///     fn command(_: &Event, _: Command) -> Result {
///         Chat::current()?.post("Tulips are in.")?;
///         Ok(())
///     }
/// }
///
/// souk_sdk::export!(Florist);
/// ```
#[macro_export]
macro_rules! export {
    ($app:ty) => {
        const _: () = {
            struct Exported;

            impl $crate::wit::exports::souk::miniapp::handler::Guest for Exported {
                fn handle(
                    event: $crate::wit::souk::miniapp::events::Event,
                ) -> ::core::result::Result<(), $crate::wit::souk::miniapp::events::Failure>
                {
                    $crate::__handle::<$app>(event)
                }
            }

    $crate::wit::__export!(Exported with_types_in $crate::wit);
        };
    };
}

/// Handles an event in the words of the contract. [`export!`](crate::export) calls it.
#[doc(hidden)]
pub fn __handle<A: MiniApp>(event: wit::Event) -> Result<(), wit::Failure> {
    handle::<A>(event).map_err(wit::Failure::from)
}

fn handle<A: MiniApp>(event: wit::Event) -> Result {
    let (event, cause) = parse(event);
    match cause {
        Cause::Command(command) => A::command(&event, command),
        Cause::Action(action) => A::action(&event, action),
        Cause::Message(heard) => A::message(&event, heard),
        Cause::Order(id) => A::order(&event, Order::find(&OrderId::new(id))?),
        Cause::LastLook(id) => A::last_look(&event, Order::find(&OrderId::new(id))?),
        Cause::View(message) => A::view(&event, message),
        Cause::Timer(timer) => A::timer(&event, timer),
        Cause::Response(answer) => A::response(&event, answer),
        Cause::Other(happening) => A::other(&event, happening),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// Says what it was called with, by refusing in those words.
    struct Echo;

    #[derive(Debug, Deserialize)]
    struct Form {
        cups: u32,
    }

    impl MiniApp for Echo {
        fn command(event: &Event, command: Command) -> Result {
            let (name, arguments) = (command.name(), command.arguments());
            let start = command.start_parameter().unwrap_or("typed");
            let id = event.id();
            Err(Failure::rejected(format!(
                "{id} /{name} {arguments} ({start})"
            )))
        }

        fn action(event: &Event, action: Action) -> Result {
            let data: (String, u8) = action.data()?;
            let Form { cups } = action.inputs()?;
            let (message, revision) = (action.message(), action.revision());
            let (locale, button) = (event.locale().unwrap_or("-"), action.button());
            let said = format!("{locale} {button} of {message}@{revision} {data:?} {cups}");
            Err(Failure::rejected(said))
        }

        fn other(_: &Event, happening: Happening) -> Result {
            let Form { cups } = happening.data()?;
            let (code, text) = (happening.code(), happening.text());
            let subject = happening.subject().unwrap_or("nothing");
            Err(Failure::rejected(format!(
                "{code} of {subject}: {cups} ({text})"
            )))
        }
    }

    /// Has the one handler every app has.
    struct Quiet;

    impl MiniApp for Quiet {
        fn command(_: &Event, command: Command) -> Result {
            Err(command.unknown())
        }
    }

    fn event(cause: wit::Cause) -> wit::Event {
        wit::Event {
            id: "evt_1".to_owned(),
            at: 1_000,
            locale: Some("en".to_owned()),
            cause,
        }
    }

    fn command(name: &str) -> wit::Event {
        let arguments = "large please".to_owned();
        event(wit::Cause::Command(wit::Command {
            name: name.to_owned(),
            arguments,
            start_parameter: Some("table-4".to_owned()),
        }))
    }

    fn action(data: &str, inputs: &str) -> wit::Event {
        event(wit::Cause::Action(wit::Action {
            message: "msg_1".to_owned(),
            revision: 2,
            button: "send".to_owned(),
            data: data.to_owned(),
            inputs: inputs.to_owned(),
        }))
    }

    fn poured(data: &str) -> wit::Event {
        event(wit::Cause::Other(wit::Happening {
            code: "pour".to_owned(),
            subject: Some("cup_1".to_owned()),
            data: data.to_owned(),
            text: "Tea was poured.".to_owned(),
        }))
    }

    fn said<A: MiniApp>(event: wit::Event) -> String {
        handle::<A>(event).map_or_else(|failure| failure.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn every_event_meets_its_handler() {
        assert_eq!(
            said::<Echo>(command("tea")),
            "evt_1 /tea large please (table-4)"
        );
        let sent = action(r#"["order", 7]"#, r#"{"cups": "3"}"#);
        assert_eq!(said::<Echo>(sent), r#"en send of msg_1@2 ("order", 7) 3"#);
    }

    #[test]
    fn an_old_button_and_a_wrong_input_are_told_apart() {
        let old = handle::<Echo>(action("\"order\"", r#"{"cups": "3"}"#));
        assert!(matches!(old, Err(Failure::Rejected(_))), "{old:?}");
        let wrong = handle::<Echo>(action(r#"["order", 7]"#, r#"{"cups": "many"}"#));
        assert!(matches!(wrong, Err(Failure::InvalidInput(_))), "{wrong:?}");
    }

    #[test]
    fn what_an_app_does_not_handle_is_refused_or_ignored() {
        assert_eq!(
            said::<Quiet>(command("coffee")),
            "There is no /coffee here."
        );
        assert_eq!(
            said::<Quiet>(action("null", "{}")),
            "This button does nothing."
        );
        assert_eq!(said::<Quiet>(poured(r#"{"cups": 3}"#)), "ok");
    }

    #[test]
    fn what_a_later_contract_names_is_told_with_its_code_and_data() {
        assert_eq!(
            said::<Echo>(poured(r#"{"cups": 3, "more": []}"#)),
            "pour of cup_1: 3 (Tea was poured.)"
        );
        assert_eq!(
            said::<Echo>(poured("{}")),
            "What `pour` tells is not as expected."
        );
    }
}
