//! Proves that the smallest useful mini-app works, and what it costs: one storage read, one write
//! and one message. The benchmarks run it.
//!
//! Any command is answered with its arguments, and `again` if they are the same as last time;
//! `open` posts a button that does the same with the arguments behind it; `link`
//! answers with a link to the app; `idle` makes no host call, which is what an invocation costs by
//! itself. Needs `messaging.post` and `storage.user`.

use souk_sdk::prelude::*;

struct Echo;

impl MiniApp for Echo {
    fn command(_: &Event, command: Command) -> Result {
        match command.name() {
            "open" => open(command.arguments()),
            "link" => link(command.arguments()),
            "idle" => Ok(()),
            _ => echo(command.arguments()),
        }
    }

    fn action(_: &Event, action: Action) -> Result {
        echo(&action.data::<String>()?)
    }
}

fn open(words: &str) -> Result {
    let button = Button::submit("echo", "Echo", words);
    Chat::current()?.post(Card::new("Echo").button(button))?;
    Ok(())
}

fn link(start_parameter: &str) -> Result {
    let chat = Chat::current()?;
    chat.post(chat.link(start_parameter)?)?;
    Ok(())
}

fn echo(words: &str) -> Result {
    let mine = Bucket::user()?;
    let last: Option<String> = mine.get("last")?;
    mine.put("last", words)?;
    let again = if last.as_deref() == Some(words) {
        " again"
    } else {
        ""
    };
    Chat::current()?.post(format!("{words}{again}"))?;
    Ok(())
}

souk_sdk::export!(Echo);
