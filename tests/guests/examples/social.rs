//! Proves what an app may say to one person, say later and hear, and whom it knows: whispers,
//! views, push tokens, listening, ids and launch tokens.
//!
//! | command | does |
//! |---|---|
//! | `whisper USER` | whispers to this id, `me` for who asks |
//! | `ask` | posts a message that looks different to each viewer |
//! | `show MESSAGE USER TEXT` | shows somebody their own view of it |
//! | `token` | reports a push token for this chat |
//! | `push TOKEN N` | posts N messages with a token, then reports what is left |
//! | `whisper-later TOKEN USER` | whispers with a token |
//! | `who` | reports the person's ids |
//! | `launch NONCE` | reports a launch token |
//!
//! What is said where it listens it answers with `heard` and the words; who looks is shown a view
//! with their id. Every event but a command reports what it is not granted in it, too. Needs
//! `messaging.post`, `messaging.push`, `messaging.listen`, `identity.merchant-id` and
//! `wallet.request`.

use guests::{Report, words};
use souk_sdk::prelude::*;

struct Social;

impl MiniApp for Social {
    fn command(_: &Event, command: Command) -> Result {
        let mut report = Report::default();
        let [first, second, third] = words(&command);
        match command.name() {
            "whisper" => whisper(&mut report, Chat::current(), first),
            "ask" => {
                let all = Content::from("For everybody").per_viewer();
                report.note("chat.post", Chat::current().and_then(|chat| chat.post(all)));
            }
            "show" => {
                let (message, viewer) = (MessageId::new(first), UserId::new(second));
                let chat = Chat::current();
                let shown = chat.and_then(|chat| chat.show_to(&message, &viewer, third));
                report.check("chat.show-to", shown);
            }
            "token" => token(&mut report),
            "push" => push(&mut report, first, second.parse().unwrap_or(1)),
            "whisper-later" => {
                whisper(
                    &mut report,
                    Chat::from_token(&PushToken::new(first)),
                    second,
                );
            }
            "who" => who(&mut report),
            "launch" => {
                let user = User::current();
                report.note(
                    "user.launch-token",
                    user.and_then(|user| user.launch_token(first)),
                );
            }
            _ => return Err(command.unknown()),
        }
        report.tell()
    }

    fn message(_: &Event, heard: Heard) -> Result {
        let mut report = Report::default();
        report.say("heard", heard.text());
        report.say("answers", heard.reply_to().is_some());
        quiet(&mut report);
        let chat = Chat::current()?;
        chat.post(Content::from("I heard that").reply_to(heard.message()))?;
        report.tell()
    }

    fn view(_: &Event, message: MessageId) -> Result {
        let mut report = Report::default();
        let viewer = User::current()?.id();
        let text = format!("For {viewer}");
        let shown = Chat::current()?.show_to(&message, &viewer, text);
        report.check("chat.show-to", shown);
        report.check("wallet.mine", Wallet::mine());
        quiet(&mut report);
        report.tell()
    }
}

/// What only a person's command or press gives.
fn quiet(report: &mut Report) {
    token(report);
    let token = User::current().and_then(|user| user.launch_token(""));
    report.note("user.launch-token", token);
}

fn whisper(report: &mut Report, chat: Result<Chat, Denied>, to: &str) {
    let Some(chat) = report.check("chat", chat) else {
        return;
    };
    let to = match to {
        "me" => User::current().map(|user| user.id()),
        id => Ok(UserId::new(id)),
    };
    let said = to.and_then(|to| chat.whisper(&to, "Between us"));
    report.note("chat.whisper", said);
}

fn token(report: &mut Report) {
    let token = Chat::current().and_then(|chat| chat.push_token());
    report.note("chat.push-token", token);
}

fn push(report: &mut Report, token: &str, number: u32) {
    let chat = Chat::from_token(&PushToken::new(token));
    let Some(chat) = report.check("chat.from-token", chat) else {
        return;
    };
    for count in 1..=number {
        let posted = chat.post(format!("later {count}"));
        report.check(&format!("post {count}"), posted);
    }
    let again = chat.push_token();
    report.check("chat.push-token", again);
    for left in chat.allowances() {
        report.say(
            "allowance",
            format_args!("{} {}", left.name, left.remaining),
        );
    }
}

fn who(report: &mut Report) {
    let Some(user) = report.check("user.current", User::current()) else {
        return;
    };
    report.say("user.id", user.id());
    report.note("user.merchant-scoped-id", user.merchant_scoped_id());
}

souk_sdk::export!(Social);
