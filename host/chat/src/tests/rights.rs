//! What admins and members let apps do.

use souk_core::limits::{LISTENERS_MAX, PUSH_CREDITS, PUSH_MS};
use souk_core::{AppId, ChatId, PushId};
use souk_store::Txn;

use super::{House, tea, user};
use crate::{Refusal, admin, chat, listener, member, push};

fn app(number: usize) -> AppId {
    format!("com.example.app{number}").parse().unwrap()
}

impl House {
    async fn listens(&self, by: u128, chat: ChatId, on: bool) -> Result<bool, Refusal> {
        self.run(async |txn| {
            if on {
                listener::allow(txn, user(by), chat, &tea()).await
            } else {
                listener::forbid(txn, user(by), chat, &tea()).await
            }
        })
        .await
    }

    async fn listeners(&self, chat: ChatId) -> usize {
        let listed = self.run(async |txn| listener::list(txn, chat).await).await;
        listed.unwrap().len()
    }

    async fn let_push(&self, who: u128, chat: ChatId) -> Result<PushId, Refusal> {
        let push = self.run(async |txn| push::allow(txn, &tea(), chat, user(who)).await);
        push.await.map(|push| push.id)
    }

    async fn find(&self, app: &AppId, id: PushId) -> Result<u64, Refusal> {
        let push = self.run(async |txn| push::find(txn, app, id).await).await;
        push.map(|push| push.credits)
    }
}

#[tokio::test]
async fn only_the_admin_lets_an_app_listen() {
    let house = House::open();
    let chat = house.group(&[2, 1, 3]).await;
    for (by, expected) in [
        (1, Err(Refusal::NotAdmin)),
        (9, Err(Refusal::NotFound)),
        (2, Ok(true)),
        (2, Ok(false)),
    ] {
        assert_eq!(house.listens(by, chat, true).await, expected, "{by}");
    }
    assert_eq!(house.listens(1, chat, false).await, Err(Refusal::NotAdmin));
    assert_eq!(house.listeners(chat).await, 1);
    assert_eq!(house.listens(2, chat, false).await, Ok(true));
    assert_eq!(house.listens(2, chat, false).await, Ok(false));
    assert_eq!(house.listeners(chat).await, 0);

    let direct = house
        .run(async |txn| chat::open_direct(txn, user(1), user(2)).await)
        .await
        .unwrap();
    assert_eq!(house.listens(1, direct, true).await, Err(Refusal::Direct));
}

#[tokio::test]
async fn an_admin_who_leaves_is_followed_by_another() {
    let house = House::open();
    let chat = house.group(&[2, 1, 3]).await;
    let leave = async |who| {
        house
            .run(async |txn| member::leave(txn, chat, user(who)).await)
            .await
            .unwrap();
    };
    leave(3).await;
    assert_eq!(house.listens(2, chat, true).await, Ok(true));
    leave(2).await;
    assert_eq!(house.listens(1, chat, false).await, Ok(true));
    leave(1).await;
    let admins = house.run(async |txn| admin::list(txn, chat).await).await;
    assert_eq!(admins, Ok(Vec::new()));
}

#[tokio::test]
async fn admins_appoint_and_dismiss_each_other_down_to_the_last() {
    let house = House::open();
    let chat = house.group(&[1, 2, 3]).await;
    let appoint = async |by, who| {
        let appoint = async |txn: &Txn| admin::appoint(txn, user(by), chat, user(who)).await;
        house.run(appoint).await
    };
    let dismiss = async |by, who| {
        let dismiss = async |txn: &Txn| admin::dismiss(txn, user(by), chat, user(who)).await;
        house.run(dismiss).await
    };
    assert_eq!(dismiss(1, 1).await, Err(Refusal::LastAdmin));
    assert_eq!(appoint(2, 2).await, Err(Refusal::NotAdmin));
    assert_eq!(appoint(9, 2).await, Err(Refusal::NotFound));
    assert_eq!(appoint(1, 9).await, Err(Refusal::NotMember));
    assert_eq!(appoint(1, 2).await, Ok(true));
    assert_eq!(appoint(1, 2).await, Ok(false));
    assert_eq!(house.listens(2, chat, true).await, Ok(true));
    assert_eq!(dismiss(2, 1).await, Ok(true));
    assert_eq!(dismiss(2, 1).await, Ok(false));
    assert_eq!(house.listens(1, chat, false).await, Err(Refusal::NotAdmin));
    assert_eq!(dismiss(2, 2).await, Err(Refusal::LastAdmin));

    // One of two admins leaves, and nobody takes their place.
    assert_eq!(appoint(2, 3).await, Ok(true));
    let left = house.run(async |txn| member::leave(txn, chat, user(3)).await);
    left.await.unwrap();
    let admins = house.run(async |txn| admin::list(txn, chat).await).await;
    assert_eq!(admins, Ok(vec![user(2)]));
}

#[tokio::test]
async fn so_many_listen_and_no_more() {
    let house = House::open();
    let chat = house.group(&[1]).await;
    for number in 0..=LISTENERS_MAX {
        let allow = house
            .run(async |txn| listener::allow(txn, user(1), chat, &app(number)).await)
            .await;
        let expected = if number < LISTENERS_MAX {
            Ok(true)
        } else {
            Err(Refusal::ListenersMax)
        };
        assert_eq!(allow, expected, "{number}");
    }
    let withdraw = async |number| {
        house
            .run(async |txn| listener::withdraw(txn, user(1), &app(number)).await)
            .await
            .unwrap();
    };
    withdraw(0).await;
    withdraw(LISTENERS_MAX).await;
    assert_eq!(house.listeners(chat).await, LISTENERS_MAX - 1);
}

#[tokio::test]
async fn a_push_token_is_its_apps_alone_and_the_last_one_counts() {
    let house = House::open();
    let chat = house.group(&[1, 2]).await;
    let first = house.let_push(1, chat).await.unwrap();
    let second = house.let_push(1, chat).await.unwrap();
    let bos = house.let_push(2, chat).await.unwrap();
    assert_eq!(house.let_push(3, chat).await, Err(Refusal::NotFound));
    assert_eq!(house.find(&tea(), first).await, Err(Refusal::NotFound));
    assert_eq!(house.find(&tea(), second).await, Ok(PUSH_CREDITS));
    assert_eq!(house.find(&app(1), second).await, Err(Refusal::NotFound));

    let leave = async |txn: &souk_store::Txn| member::leave(txn, chat, user(2)).await;
    house.run(leave).await.unwrap();
    assert_eq!(house.find(&tea(), bos).await, Err(Refusal::NotFound));
    let back = async |txn: &souk_store::Txn| push::take_back(txn, user(1), &tea()).await;
    house.run(back).await.unwrap();
    assert_eq!(house.find(&tea(), second).await, Err(Refusal::NotFound));
}

#[tokio::test]
async fn a_push_token_is_good_for_so_many_messages_and_so_long() {
    let house = House::open();
    let chat = house.group(&[1]).await;
    let id = house.let_push(1, chat).await.unwrap();
    let spend = async || {
        house
            .run(async |txn| push::spend(txn, &tea(), id).await)
            .await
    };
    for left in (0..PUSH_CREDITS).rev() {
        assert_eq!(spend().await, Ok(true));
        assert_eq!(house.find(&tea(), id).await, Ok(left));
    }
    assert_eq!(spend().await, Ok(false));

    let id = house.let_push(1, chat).await.unwrap();
    house.pass(PUSH_MS - 60_000);
    assert_eq!(house.find(&tea(), id).await, Ok(PUSH_CREDITS));
    house.pass(60_000);
    assert_eq!(house.find(&tea(), id).await, Err(Refusal::NotFound));
}
