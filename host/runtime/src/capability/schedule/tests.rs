//! How far ahead, how many, and in which chat.

use souk_core::limits::{TIMER_AHEAD_MS_MAX, TIMER_NAME_BYTES_MAX};

use crate::bindings::souk::schedule::timers::{Host, Scope};
use crate::ctx::Ctx;
use crate::denied::{Denied, No};
use crate::limits::Limits;
use crate::testing::{everything, run, store};

async fn set(ctx: &mut Ctx, scope: Scope, name: &str, ahead: u64) -> Result<(), No> {
    let at = ctx.job.event.at.after_millis(ahead).millis();
    Host::set(ctx, scope, name.to_owned(), at, Vec::new()).await
}

fn plenty() -> Limits {
    Limits {
        timers: 1_000,
        ..Limits::default()
    }
}

#[tokio::test]
async fn a_timer_has_a_name_and_a_time_that_fit() {
    let mut ctx = run(&store(), everything(), &plenty());
    let long = "x".repeat(TIMER_NAME_BYTES_MAX + 1);
    for (name, ahead) in [
        ("", 1_000),
        ("a\nb", 1_000),
        (long.as_str(), 1_000),
        ("tea", 0),
        ("tea", 999),
        ("tea", TIMER_AHEAD_MS_MAX + 1),
        ("tea", u64::MAX),
    ] {
        let set = set(&mut ctx, Scope::Chat, name, ahead).await;
        assert!(
            matches!(set, Err(No::Denied(Denied::Invalid(_)))),
            "{name:?} {ahead}"
        );
    }
    for ahead in [1_000, TIMER_AHEAD_MS_MAX] {
        assert!(set(&mut ctx, Scope::Chat, "tea", ahead).await.is_ok());
    }
}

#[tokio::test]
async fn a_chat_holds_so_many_and_a_run_changes_so_many() {
    let mut ctx = run(&store(), everything(), &plenty());
    for number in 0..100 {
        set(&mut ctx, Scope::Chat, &number.to_string(), 1_000)
            .await
            .unwrap();
    }
    let over = set(&mut ctx, Scope::Chat, "one more", 1_000).await;
    assert!(
        matches!(over, Err(No::Denied(Denied::OverLimit(limit))) if limit.name == "chat-timers")
    );
    set(&mut ctx, Scope::Chat, "7", 2_000).await.unwrap();
    set(&mut ctx, Scope::App, "elsewhere", 1_000).await.unwrap();
    Host::cancel(&mut ctx, Scope::Chat, "8".to_owned())
        .await
        .unwrap();
    set(&mut ctx, Scope::Chat, "one more", 1_000).await.unwrap();
    assert_eq!(Host::list(&mut ctx, Scope::Chat).await.unwrap().len(), 100);

    ctx.schedule.left = 1;
    set(&mut ctx, Scope::App, "last", 1_000).await.unwrap();
    let over = Host::cancel(&mut ctx, Scope::App, "last".to_owned()).await;
    assert!(matches!(over, Err(No::Denied(Denied::OverLimit(limit))) if limit.name == "timers"));
}

#[tokio::test]
async fn where_there_is_no_chat_there_are_only_timers_of_the_app() {
    let mut ctx = run(&store(), everything(), &plenty());
    ctx.job.event.chat = None;
    let set_in_chat = set(&mut ctx, Scope::Chat, "tea", 1_000).await;
    assert!(matches!(set_in_chat, Err(No::Denied(Denied::NotGranted))));
    assert!(set(&mut ctx, Scope::App, "tea", 1_000).await.is_ok());
    assert_eq!(Host::list(&mut ctx, Scope::App).await.unwrap().len(), 1);
}
