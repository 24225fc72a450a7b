//! What a run may say, counted.

use souk_chat::chat;
use souk_core::TypedId;
use souk_core::UserId;

use crate::bindings::souk::messaging::chats::{Content, HostChat};
use crate::denied::{Denied, No};
use crate::limits::Limits;
use crate::testing::{everything, run, store};

fn content(text: &str) -> Content {
    Content {
        text: text.to_owned(),
        card: None,
        reply_to: None,
        per_viewer: false,
    }
}

#[tokio::test]
async fn only_what_was_posted_counts() {
    let mut ctx = run(
        &store(),
        everything(),
        &Limits {
            messages: 1,
            ..Limits::default()
        },
    );
    let (ana, bo) = (UserId::from_bits(1), UserId::from_bits(2));
    let chat = chat::open_group(&ctx.txn, ana, "Tea", &[bo]).await.unwrap();
    ctx.job.event.chat = Some(chat);
    let chat = |handle: &wasmtime::component::Resource<_>| {
        wasmtime::component::Resource::new_borrow(handle.rep())
    };
    let handle = HostChat::current(&mut ctx).await.unwrap();

    let empty = HostChat::post(&mut ctx, chat(&handle), content(" ")).await;
    assert!(
        matches!(empty, Err(No::Denied(Denied::Invalid(_)))),
        "{empty:?}"
    );
    let long = HostChat::post(&mut ctx, chat(&handle), content(&"x".repeat(16_385))).await;
    assert!(
        matches!(long, Err(No::Denied(Denied::OverLimit(_)))),
        "{long:?}"
    );
    let first = HostChat::post(&mut ctx, chat(&handle), content("one"))
        .await
        .unwrap();
    let second = HostChat::post(&mut ctx, chat(&handle), content("two")).await;
    assert!(
        matches!(second, Err(No::Denied(Denied::OverLimit(_)))),
        "{second:?}"
    );

    let not_an_id = HostChat::delete(&mut ctx, chat(&handle), "message".to_owned()).await;
    assert!(
        matches!(not_an_id, Err(No::Denied(Denied::Invalid(_)))),
        "{not_an_id:?}"
    );
    HostChat::delete(&mut ctx, chat(&handle), first)
        .await
        .unwrap();
}
