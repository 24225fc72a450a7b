//! Proves that a mini-app cannot make the host hold much on its behalf. Each command is one attack
//! on the host's memory, as large as the guest can make it; `how-many` fails with their number, and
//! a number is the attack in that place.
//!
//! Needs `messaging.post`, `identity.profile`, `storage.app`, `wallet.request`.

use std::hint::black_box;
use std::mem::forget;

use souk_sdk::FieldError;
use souk_sdk::prelude::*;

struct Exhaust;

impl MiniApp for Exhaust {
    fn command(event: &Event, command: Command) -> Result {
        let Ok(place) = command.name().parse::<usize>() else {
            return Err(Failure::rejected(ATTACKS.len().to_string()));
        };
        let attack = ATTACKS
            .get(place)
            .ok_or_else(|| Failure::rejected("there is no such attack"))?;
        attack(event)
    }
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

fn long(bytes: usize) -> String {
    "x".repeat(bytes)
}

/// Does something until the host says no, or as often as this.
fn again(times: usize, mut attack: impl FnMut(usize) -> Result<(), Denied>) -> Result {
    for number in 0..times {
        if attack(number).is_err() {
            break;
        }
    }
    Ok(())
}

/// Does something as often as this, whatever the host says.
fn insist(times: usize, mut attack: impl FnMut(usize)) -> Result {
    (0..times).for_each(&mut attack);
    Ok(())
}

/// A thousand lines.
fn lines(ask: Ask, count: usize, label: usize) -> Ask {
    (0..count).fold(ask, |ask, _| ask.item(long(label), 1, Money::usd(1)))
}

/// JSON that is nested so deeply.
fn nested(open: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + &close.repeat(depth)
}

/// An input that needs another look, at such length.
fn wrong(field: usize, text: usize) -> FieldError {
    let (field, text) = (long(field), long(text));
    FieldError { field, text }
}

type Attack = fn(&Event) -> Result;

const ATTACKS: &[Attack] = &[
    // Messages.
    |_| again(100, |_| Chat::current()?.post(long(16 * KIB)).map(drop)),
    |_| {
        insist(900, |_| {
            drop(Chat::current().and_then(|it| it.post(long(17 * KIB))))
        })
    },
    |_| {
        insist(100, |_| {
            drop(Chat::current().and_then(|it| it.post(long(900 * KIB))))
        })
    },
    |_| Ok(drop(Chat::current()?.post(long(2 * MIB))?)),
    |_| Ok(drop(Chat::current()?.post(long(30 * MIB))?)),
    |_| {
        again(100, |_| {
            Chat::current()?.post(Card::new(long(16 * KIB))).map(drop)
        })
    },
    |_| {
        insist(100, |_| {
            drop(Chat::current().and_then(|it| it.post(Card::new(long(500 * KIB)))))
        })
    },
    |_| {
        insist(100, |_| {
            let cards = (0..5_000).fold(Card::new("x"), |card, _| card.heading("y"));
            drop(Chat::current().and_then(|it| it.post(cards)));
        })
    },
    |_| {
        insist(100, |_| {
            let buttons = (0..2_000).fold(Card::new("x"), |card, number| {
                card.button(Button::submit(number.to_string(), "y", ""))
            });
            drop(Chat::current().and_then(|it| it.post(buttons)));
        })
    },
    |_| {
        insist(100, |_| {
            let data = nested("[", "]", 100_000);
            let button = Button::submit("b", "y", data);
            drop(Chat::current().and_then(|it| it.post(Card::new("x").button(button))));
        })
    },
    |_| {
        let first = Chat::current()?.post("x")?;
        again(900, |_| Chat::current()?.edit(&first, long(16 * KIB)))
    },
    |_| {
        let first = Chat::current()?.post("x")?;
        insist(100, |_| {
            drop(Chat::current().and_then(|it| it.edit(&first, long(900 * KIB))))
        })
    },
    |_| {
        let first = Chat::current()?.post("x")?;
        insist(900, |_| {
            drop(Chat::current().and_then(|it| it.delete(&first)))
        })
    },
    // Handles.
    |_| insist(999, |_| forget(Chat::current())),
    |_| insist(5_000, |_| forget(Chat::current())),
    |_| insist(999, |_| forget(User::current())),
    |_| insist(999, |_| forget(Bucket::app())),
    |_| insist(900, |_| drop(Bucket::app())),
    |_| {
        let chat = Chat::current()?;
        insist(2_000, |_| drop(black_box(chat.id())))
    },
    // Profiles.
    |_| {
        let names = vec!["name"; 100_000];
        drop(User::current()?.profile(&names));
        Ok(())
    },
    |_| {
        let name = long(10 * KIB);
        let names = vec![name.as_str(); 100];
        insist(500, |_| {
            drop(User::current().and_then(|it| it.profile(&names)))
        })
    },
    |_| {
        let name = long(2 * MIB);
        drop(User::current()?.profile(&[&name]));
        Ok(())
    },
    // Storage.
    |_| {
        let (bucket, value) = (Bucket::app()?, long(60 * KIB));
        again(1_000, |number| {
            bucket.put(&number.to_string(), &value).map(drop)
        })
    },
    |_| {
        let (bucket, value) = (Bucket::app()?, long(60 * KIB));
        again(1_000, |_| bucket.put("same", &value).map(drop))
    },
    |_| {
        let (bucket, value) = (Bucket::app()?, long(900 * KIB));
        insist(100, |_| drop(bucket.put("large", &value)))
    },
    |_| {
        let (bucket, value) = (Bucket::app()?, long(8 * MIB));
        bucket.put("large", &value)?;
        Ok(())
    },
    |_| {
        let (bucket, key) = (Bucket::app()?, long(900 * KIB));
        insist(100, |_| drop(bucket.put(&key, "")))
    },
    |_| {
        let bucket = Bucket::app()?;
        again(990, |number| {
            bucket.put(&format!("{number:0>500}"), "").map(drop)
        })
    },
    |_| {
        let bucket = Bucket::app()?;
        again(990, |number| bucket.add(&format!("{number:0>500}"), 1))
    },
    |_| {
        let bucket = Bucket::app()?;
        again(990, |number| {
            bucket.next(&format!("{number:0>500}")).map(drop)
        })
    },
    |_| {
        let bucket = Bucket::app()?;
        again(990, |number| bucket.delete(&format!("{number:0>500}")))
    },
    |_| {
        let bucket = Bucket::app()?;
        again(990, |number| {
            bucket.get::<String>(&format!("{number:0>500}")).map(drop)
        })
    },
    |_| {
        let (bucket, value) = (Bucket::app()?, long(60 * KIB));
        again(16, |number| {
            bucket.put(&number.to_string(), &value).map(drop)
        })?;
        insist(900, |_| drop(bucket.scan::<String>("", None, 100)))
    },
    |_| {
        let (bucket, value) = (Bucket::app()?, long(60 * KIB));
        bucket.put("same", &value)?;
        insist(900, |_| drop(bucket.get::<String>("same")))
    },
    |_| {
        let (bucket, prefix) = (Bucket::app()?, long(400 * KIB));
        insist(100, |_| {
            drop(bucket.scan::<String>(&prefix, Some(&prefix), 100))
        })
    },
    |_| {
        let bucket = Bucket::app()?;
        insist(100, |_| drop(bucket.scan::<String>("", None, u32::MAX)))
    },
    // Orders.
    |event| {
        again(100, |number| {
            let key = format!("{}/{number}", event.id());
            lines(Order::ask(key), 100, 200).send().map(drop)
        })
    },
    |event| {
        insist(20, |number| {
            let key = format!("{}/{number}", event.id());
            drop(lines(Order::ask(key), 10_000, 10).send());
        })
    },
    |event| {
        insist(100, |number| {
            let key = format!("{}/{number}", event.id());
            drop(lines(Order::ask(key), 1, 200 * KIB).send());
        })
    },
    |_| {
        insist(100, |number| {
            drop(lines(Order::ask(long(200 * KIB) + &number.to_string()), 1, 10).send());
        })
    },
    |event| {
        insist(100, |number| {
            let key = format!("{}/{number}", event.id());
            drop(lines(Order::ask(key), 1, 10).memo(long(200 * KIB)).send());
        })
    },
    |_| insist(900, |_| drop(Order::by_key(&long(200 * KIB)))),
    // The log.
    |_| insist(1_000, |_| println!("{}", long(100))),
    |_| insist(2_000, |_| print!("{}", long(64 * KIB))),
    |_| insist(90_000, |_| println!()),
    |_| insist(90_000, |_| eprint!("\u{7}")),
    |_| insist(20, |_| print!("{}", "\u{1b}[2J".repeat(200_000))),
    |_| panic!("{}", long(8 * MIB)),
    // Randomness.
    |_| {
        insist(30_000, |_| {
            use std::hash::BuildHasher;
            black_box(std::hash::RandomState::new().hash_one(1));
        })
    },
    // Failures.
    |_| Err(Failure::rejected(long(900 * KIB))),
    |_| Err(Failure::rejected(long(2 * MIB))),
    |_| Err(Failure::retry(long(900 * KIB))),
    |_| Err(Failure::InvalidInput(vec![wrong(5, 5); 20_000])),
    |_| Err(Failure::InvalidInput(vec![wrong(5 * KIB, 4 * KIB); 100])),
    // Its own memory, which is not the host's.
    |_| {
        black_box(vec![1_u8; 40 * MIB]);
        Ok(())
    },
];

souk_sdk::export!(Exhaust);
