//! What cannot be, planted in the store: every rule that meets it stops, does nothing, and says
//! that the host is to blame.

use expect_test::expect;
use souk_core::{AppId, Blame, Blamed, Timestamp};
use souk_store::{Bounds, Fit, Page, Place, Record, Txn};

use super::book::{Book, app, holder, money, no_entry, no_order, person, tea, transfer_id};
use crate::Policy;
use crate::account::{self, Account, Cell};
use crate::entry::{Entry, EntryKind};
use crate::order::{self, Order, OrderState};
use crate::record::Outcome;
use crate::transfer::{self, Transfer};
use crate::{Broken, Refusal, keys, receipt, statement};

async fn put<R: Record>(book: &Book, key: &souk_store::Key, value: &R) {
    let put = |txn: Txn| async move { Ok(txn.put(key, value)?) };
    book.run(put).await.unwrap();
}

async fn get(book: &Book, order: &Order) -> Result<Option<Order>, Refusal> {
    let id = order.id;
    book.run(|txn| async move { order::get(&txn, id).await })
        .await
}

fn broken<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> Broken {
    let refusal = answer.unwrap_err();
    assert_eq!(refusal.blame(), Blame::Host);
    match refusal {
        Refusal::Broken(broken) => broken,
        other => panic!("not broken but: {other}"),
    }
}

#[tokio::test]
async fn an_order_that_cannot_be_is_not_read() {
    let book = Book::new();
    let paid = book.paid("ana", "5.00 USD", "cup").await.order;
    let pending = book.open(&tea("ana", "5.00 USD", "open")).await.unwrap();
    let zero = money("0.00 USD");
    let (amounts, state, times) = (
        Broken::OrderAmounts(paid.id),
        Broken::OrderState(paid.id),
        Broken::OrderTimes(paid.id),
    );
    let planted = [
        (
            Order {
                total: zero,
                ..paid.clone()
            },
            &amounts,
        ),
        (
            Order {
                refunded: money("5.01 USD"),
                ..paid.clone()
            },
            &amounts,
        ),
        (
            Order {
                refunded: money("1.00 EUR"),
                ..paid.clone()
            },
            &amounts,
        ),
        (
            Order {
                revision: 0,
                ..paid.clone()
            },
            &times,
        ),
        (
            Order {
                expires: paid.opened,
                ..paid.clone()
            },
            &times,
        ),
        (
            Order {
                opened: Timestamp::from_millis(u64::MAX),
                ..paid.clone()
            },
            &times,
        ),
        (
            Order {
                entry: None,
                ..paid.clone()
            },
            &state,
        ),
        (
            Order {
                refunded: paid.total,
                ..paid.clone()
            },
            &state,
        ),
        (
            Order {
                state: OrderState::Refunded,
                ..paid.clone()
            },
            &state,
        ),
        (
            Order {
                state: OrderState::Pending,
                ..paid.clone()
            },
            &state,
        ),
        (
            Order {
                state: OrderState::Canceled,
                ..paid.clone()
            },
            &state,
        ),
        (
            Order {
                state: OrderState::Declined,
                ..paid.clone()
            },
            &state,
        ),
        (
            Order {
                state: OrderState::Expired,
                ..paid.clone()
            },
            &state,
        ),
    ];
    for (order, expected) in planted {
        put(&book, &keys::order(paid.id), &order).await;
        assert_eq!(broken(get(&book, &paid).await), *expected, "{order:?}");
        assert_eq!(broken(book.pay(paid.id, "ana", "b").await), *expected);
        assert_eq!(broken(book.decline(paid.id, "ana").await), *expected);
        assert_eq!(broken(book.cancel(paid.id, "tea", "").await), *expected);
        assert_eq!(broken(book.expire(paid.id).await), *expected);
        let refund = book.refund(paid.id, "tea", "r", "1.00 USD", "").await;
        assert_eq!(broken(refund), *expected);
    }
    // One order in another's place.
    put(&book, &keys::order(paid.id), &pending).await;
    assert_eq!(
        broken(get(&book, &paid).await),
        Broken::OrderMissing(paid.id)
    );
}

#[tokio::test]
async fn an_entry_that_cannot_be_is_not_read() {
    let book = Book::new();
    let entry = book.paid("ana", "5.00 USD", "cup").await.entry;
    let planted = [
        Entry {
            amount: money("0.00 USD"),
            ..entry.clone()
        },
        Entry {
            credit: entry.debit.clone(),
            ..entry.clone()
        },
        Entry {
            order: None,
            ..entry.clone()
        },
        Entry {
            terms: None,
            ..entry.clone()
        },
        Entry {
            kind: EntryKind::Deposit,
            ..entry.clone()
        },
        Entry {
            kind: EntryKind::Refund,
            terms: None,
            ..entry.clone()
        },
        Entry {
            credit: holder("ben"),
            ..entry.clone()
        },
        Entry {
            debit: holder("bank"),
            ..entry.clone()
        },
        Entry {
            id: no_entry(),
            ..entry.clone()
        },
    ];
    for planted in planted {
        let plant = |txn: Txn| {
            let (key, made) = (
                keys::transfer(entry.transfer()),
                Outcome::Made(Place::LATER),
            );
            let planted = txn.append_indexed(&keys::entries(), &planted, (&key, &made));
            async move { Ok(planted?) }
        };
        book.run(plant).await.unwrap();
        let id = entry.id;
        let read = book
            .run(|txn| async move { crate::entry::get(&txn, id).await })
            .await;
        assert_eq!(broken(read), Broken::Entry(id), "{planted:?}");
        let page = book
            .run(|txn| async move {
                let (of, usd) = (holder("ana"), "USD".parse().unwrap());
                statement::page(&txn, &of, usd, Page::first(9)).await
            })
            .await;
        assert_eq!(broken(page), Broken::Entry(id), "{planted:?}");
    }
}

#[tokio::test]
async fn a_transfer_goes_where_its_kind_goes() {
    let book = Book::new();
    let names = ["bank", "fees", "losses", "mara", "ana", "ben", "tea"];
    let kinds = [
        EntryKind::Deposit,
        EntryKind::Payment,
        EntryKind::Refund,
        EntryKind::Fee,
        EntryKind::PayOut,
        EntryKind::Settlement,
        EntryKind::Recall,
        EntryKind::Gift,
        EntryKind::Withdrawal,
        EntryKind::Reversal,
    ];
    let mut page = String::new();
    for from in names {
        for to in names {
            for kind in kinds {
                if from == to {
                    continue;
                }
                let ask = Transfer {
                    id: transfer_id(&format!("{from} {to} {kind:?}")),
                    debit: holder(from),
                    credit: holder(to),
                    amount: money("1.00 USD"),
                    kind,
                    order: kind.is_of_an_order().then(no_order),
                    terms: (kind == EntryKind::Payment).then_some([7; 32]),
                    note: None,
                };
                let ask = &ask;
                let answer = book
                    .run(|txn| async move { transfer::post(&txn, &Policy::default(), ask).await })
                    .await;
                match answer {
                    Ok(_) | Err(Refusal::Funds) => {
                        page.push_str(&format!("{} from {from} to {to}\n", kind.name()));
                    }
                    Err(refusal) => {
                        assert_eq!(broken(Err::<(), _>(refusal)), Broken::Route(ask.id));
                    }
                }
            }
        }
    }
    expect![[r#"
        deposit from bank to ana
        deposit from bank to ben
        reversal from losses to bank
        withdrawal from mara to bank
        recall from mara to tea
        withdrawal from ana to bank
        reversal from ana to bank
        gift from ana to ben
        payment from ana to tea
        withdrawal from ben to bank
        reversal from ben to bank
        gift from ben to ana
        payment from ben to tea
        fee from tea to fees
        settlement from tea to mara
        refund from tea to ana
        pay-out from tea to ana
        refund from tea to ben
        pay-out from tea to ben
    "#]]
    .assert_eq(&page);
}

#[tokio::test]
async fn what_is_pointed_at_must_be_there() {
    let book = Book::new();
    let paid = book.paid("ana", "5.00 USD", "cup").await;
    let (id, entry) = (paid.order.id, paid.entry.id);
    let gone = |key: souk_store::Key| {
        let book = &book;
        async move {
            let key = &key;
            let delete = |txn: Txn| async move { Ok(txn.delete(key)?) };
            book.run(delete).await.unwrap();
        }
    };
    let nowhere = Outcome::Made(Place::at(99));
    put(&book, &keys::transfer(paid.entry.transfer()), &nowhere).await;
    let missing = Broken::EntryMissing(entry);
    assert_eq!(broken(book.pay(id, "ana", "payment of cup").await), missing);
    let refund = book.refund(id, "tea", "r", "1.00 USD", "").await;
    assert_eq!(broken(refund), missing);
    let page = book
        .run(|txn| async move {
            let (of, usd) = (holder("tea"), "USD".parse().unwrap());
            statement::page(&txn, &of, usd, Page::first(9)).await
        })
        .await;
    assert_eq!(broken(page), missing);
    let entry = &paid.entry;
    let receipt = book
        .run(|txn| async move { receipt::issue(&txn, entry).await })
        .await;
    assert_eq!(receipt, Err(Refusal::UnknownEntry));

    gone(keys::order(id)).await;
    let missing = Broken::OrderMissing(id);
    assert_eq!(
        broken(book.open(&tea("ana", "5.00 USD", "cup")).await),
        missing
    );
    let of_payer = |txn| async move { order::of_payer(&txn, person("ana"), Page::first(9)).await };
    assert_eq!(broken(book.run(of_payer).await), missing);

    let open = book.open(&tea("ana", "5.00 USD", "open")).await.unwrap();
    gone(keys::order(open.id)).await;
    let waiting = |txn| async move { order::waiting(&txn, person("ana")).await };
    assert_eq!(
        broken(book.run(waiting).await),
        Broken::OrderMissing(open.id)
    );
}

#[tokio::test]
async fn what_is_pointed_at_must_be_the_right_one() {
    let book = Book::new();
    let paid = book.paid("ana", "5.00 USD", "cup").await;
    let other = book.paid("ben", "5.00 USD", "other").await;
    let tea_app: AppId = app("tea");

    let (x, made) = (transfer_id("x"), Outcome::Made(Place::at(1)));
    put(&book, &keys::transfer(x), &made).await;
    let found = book.deposit("ana", "1.00 USD", "x").await;
    assert_eq!(broken(found), Broken::Entry(crate::entry::id_of(x)));

    put(&book, &keys::order_key(&tea_app, "x"), &paid.order.id).await;
    let found = book.open(&tea("ana", "1.00 USD", "x")).await;
    assert_eq!(broken(found), Broken::OrderTerms(paid.order.id));

    // A payment of another order is not a payment of this one.
    let stolen = Order {
        entry: Some(other.entry.id),
        ..paid.order.clone()
    };
    put(&book, &keys::order(stolen.id), &stolen).await;
    let refund = book.refund(stolen.id, "tea", "r", "1.00 USD", "").await;
    assert_eq!(broken(refund), Broken::Entry(other.entry.id));
    let again = book.pay(stolen.id, "ana", "payment of cup").await;
    assert_eq!(broken(again), Broken::OrderState(stolen.id));

    // A payment of another amount neither.
    let larger = Order {
        total: money("6.00 USD"),
        captured: money("6.00 USD"),
        ..paid.order.clone()
    };
    put(&book, &keys::order(larger.id), &larger).await;
    let refund = book.refund(larger.id, "tea", "r", "1.00 USD", "").await;
    assert_eq!(broken(refund), Broken::OrderAmounts(larger.id));

    let others = Order {
        terms: [9; 32],
        ..paid.order.clone()
    };
    put(&book, &keys::order(others.id), &others).await;
    let refund = book.refund(others.id, "tea", "r", "1.00 USD", "").await;
    assert_eq!(broken(refund), Broken::OrderTerms(others.id));
    assert_eq!(book.usd("ana").await, "0.00 USD");
}

#[tokio::test]
async fn an_account_is_one_holders_and_its_numbers_can_be() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    let (ana, usd) = (holder("ana"), "USD".parse().unwrap());
    let id = ana.account(usd);
    let key = keys::account(&ana, usd);
    let opened = book.store.now();
    let bens = Account {
        id,
        holder: holder("ben"),
        currency: usd,
        opened,
    };
    put(&book, &key, &bens).await;
    let balances = |txn| async move { account::balances(&txn, &holder("ana")).await };
    assert_eq!(broken(book.run(balances).await), Broken::Account(id));
    put(
        &book,
        &key,
        &Account {
            holder: ana.clone(),
            ..bens
        },
    )
    .await;

    let spoil = async |by: i64| {
        let standing = &keys::standing(id);
        let add = |txn: Txn| async move { Ok(txn.add(standing, by, Bounds::NONE).await?) };
        assert_eq!(book.run(add).await.unwrap(), Fit::Fits);
    };
    spoil(8).await;
    let deposit = book.deposit("ana", "1.00 USD", "e").await;
    assert_eq!(broken(deposit), Broken::Account(id));
    spoil(-8).await;

    for cell in Cell::ALL {
        let number = &keys::number(id, cell);
        let below = |txn: Txn| async move {
            let less = -501 - txn.number(number).await?;
            assert_eq!(txn.add(number, less, Bounds::NONE).await?, Fit::Fits);
            Ok(less)
        };
        let less = book.run(below).await.unwrap();
        let read = |txn| async move {
            account::balance(&txn, &holder("ana"), "USD".parse().unwrap()).await
        };
        assert_eq!(broken(book.run(read).await), Broken::Number(id), "{cell:?}");
        let back = |txn: Txn| async move {
            assert_eq!(txn.add(number, -less, Bounds::NONE).await?, Fit::Fits);
            Ok(())
        };
        book.run(back).await.unwrap();
        assert!(book.run(read).await.is_ok());
    }
}

#[tokio::test]
async fn a_receipt_is_only_signed_for_what_is_in_the_books() {
    let book = Book::new();
    let entry = book.deposit("ana", "5.00 USD", "d").await.unwrap();
    let forged = Entry {
        amount: money("500.00 USD"),
        ..entry.clone()
    };
    let unknown = Entry {
        id: no_entry(),
        ..entry.clone()
    };
    for (asked, answer) in [
        (&forged, Refusal::Broken(Broken::Entry(entry.id))),
        (&unknown, Refusal::UnknownEntry),
    ] {
        let issued = book
            .run(|txn| async move { receipt::issue(&txn, asked).await })
            .await;
        assert_eq!(issued, Err(answer));
    }
}
