//! What was stored by earlier hosts is read as it was meant.

use souk_core::{MessageId, Timestamp, TypedId};

use super::{House, content, tea};
use crate::record::{ContentFirst, Plain, StoredFirst};
use crate::{Author, keys, message};

#[tokio::test]
async fn a_message_of_the_first_form_is_for_everybody() {
    let house = House::open();
    let (chat, id) = (house.group(&[1]).await, MessageId::from_bits(7));
    let txn = house.store.begin().unwrap();
    let plain = Plain::First(ContentFirst {
        text: "Long ago".to_owned(),
        card: None,
        reply_to: None,
    });
    let plain = postcard::to_stdvec(&plain).unwrap();
    let owner = souk_store::Owner::App(tea());
    let stored = StoredFirst {
        author: Author::App(tea()),
        at: Timestamp::from_millis(1),
        revision: 4,
        body: Some(txn.seal(&owner, &plain).await.unwrap()),
    };
    txn.put(&keys::message(chat, id), &stored).unwrap();
    house.store.commit(&txn).await.unwrap();

    let txn = house.store.begin().unwrap();
    let read = message::get(&txn, chat, id).await.unwrap().unwrap();
    assert_eq!((read.to, read.revision, read.view), (None, 4, 0));
    assert_eq!(read.body, Some(content("Long ago")));
}

#[test]
fn the_first_forms_bytes_stay_what_they_were() {
    let author = Author::App(tea());
    let stored = StoredFirst {
        author,
        at: Timestamp::from_millis(1_000),
        revision: 2,
        body: None,
    };
    let written = postcard::to_stdvec(&stored).unwrap();
    let kept = [b"\x01\x0fcom.example.tea".as_slice(), b"\xe8\x07\x02\x00"].concat();
    assert_eq!(written, kept);
}
