//! Texts of others: what is left of them on a sheet, that they are only stored sealed, and that an
//! erasure reaches them.

use std::sync::Arc;

use expect_test::expect;
use proptest::prelude::*;
use souk_core::limits::QUOTED_CHARS_MAX;
use souk_store::memory::Memory;
use souk_store::{Engine, Range};

use super::book::{Book, item, money, tea};
use crate::order::{self, Details, TotalKind, TotalLine};
use crate::{Refusal, quote};

#[test]
fn what_is_left_of_a_text() {
    let texts = [
        "Green tea",
        "  two   spaces ",
        "line\nbreak\ttab\r\nend",
        "no\u{a0}break\u{3000}wide",
        "nul\0bell\u{7}esc\u{1b}[31m",
        "\u{202e}gnp.exe",
        "\u{2066}isolated\u{2069}",
        "zero\u{200b}width\u{feff}joined",
        "soft\u{ad}hyphen",
        "tag\u{e0041}ged",
        "\u{3164}\u{2800}\u{115f}",
        "\u{200f}\u{200e}",
        "Ünïcödé 茶 🍵 نعناع",
        "<b>bold</b> & \"quoted\"",
        "",
    ];
    let page: Vec<_> = texts
        .iter()
        .map(|text| format!("{text:?} => {:?}", quote(text)))
        .collect();
    expect![[r#"
        "Green tea" => "Green tea"
        "  two   spaces " => "two spaces"
        "line\nbreak\ttab\r\nend" => "line break tab end"
        "no\u{a0}break\u{3000}wide" => "no break wide"
        "nul\0bell\u{7}esc\u{1b}[31m" => "nulbellesc[31m"
        "\u{202e}gnp.exe" => "gnp.exe"
        "\u{2066}isolated\u{2069}" => "isolated"
        "zero\u{200b}width\u{feff}joined" => "zerowidthjoined"
        "soft\u{ad}hyphen" => "softhyphen"
        "tag\u{e0041}ged" => "tagged"
        "ㅤ⠀ᅟ" => ""
        "\u{200f}\u{200e}" => ""
        "Ünïcödé 茶 🍵 نعناع" => "Ünïcödé 茶 🍵 نعناع"
        "<b>bold</b> & \"quoted\"" => "<b>bold</b> & \"quoted\""
        "" => """#]]
    .assert_eq(&page.join("\n"));
}

#[test]
fn a_text_is_cut_at_two_hundred_characters() {
    assert_eq!(quote(&"x".repeat(300)).chars().count(), QUOTED_CHARS_MAX);
    assert_eq!(quote(&"茶".repeat(300)).chars().count(), QUOTED_CHARS_MAX);
    // Never in the middle of a blank.
    let words = format!("{} {}", "x".repeat(199), "y");
    assert_eq!(quote(&words), "x".repeat(199));
}

proptest! {
    #[test]
    fn what_is_quoted_is_one_plain_line_and_stays_it(text in any::<String>()) {
        let quoted = quote(&text);
        prop_assert!(quoted.chars().count() <= QUOTED_CHARS_MAX);
        prop_assert!(!quoted.chars().any(char::is_control));
        prop_assert!(!quoted.chars().any(|char| char.is_whitespace() && char != ' '));
        prop_assert_eq!(quoted.trim(), quoted.as_str());
        prop_assert_eq!(quote(&quoted), quoted);
    }

    #[test]
    fn nothing_that_turns_or_hides_is_left(
        text in "[a-z \u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2069}\u{feff}\u{ad}]{0,40}"
    ) {
        prop_assert!(quote(&text).chars().all(|char| char.is_ascii_lowercase() || char == ' '));
    }
}

fn secret() -> Details {
    Details {
        items: vec![item("xylophone-label", 1, "5.00 USD")],
        totals: vec![TotalLine {
            kind: TotalKind::Tip,
            label: "quicksilver-label".to_owned(),
            amount: money("1.00 USD"),
        }],
        memo: "zeppelin-memo".to_owned(),
    }
}

#[tokio::test]
async fn nothing_anybody_wrote_is_stored_in_clear() {
    let memory = Arc::new(Memory::default());
    let book = Book::on(memory.clone());
    book.deposit("ana", "20.00 USD", "d").await.unwrap();
    let mut ask = tea("ana", "6.00 USD", "cup");
    ask.details = secret();
    let order = book.open(&ask).await.unwrap();
    book.pay(order.id, "ana", "a").await.unwrap();
    book.refund(order.id, "tea", "r", "1.00 USD", "wolverine-reason")
        .await
        .unwrap();
    let other = book.open(&tea("ana", "6.00 USD", "other")).await.unwrap();
    book.cancel(other.id, "tea", "yellowstone-reason")
        .await
        .unwrap();

    let all = Range {
        start: vec![0],
        end: vec![0xff],
        limit: usize::MAX,
        reverse: false,
    };
    let stored = memory.scan(&all).await.unwrap();
    assert!(stored.len() > 30, "{}", stored.len());
    let words = [
        "xylophone",
        "quicksilver",
        "zeppelin",
        "wolverine",
        "yellowstone",
    ];
    for (key, found) in &stored {
        for bytes in [key, &found.value] {
            let text = String::from_utf8_lossy(bytes);
            assert!(!words.iter().any(|word| text.contains(word)), "{text}");
        }
    }
    // Amounts and ids are not erased, and not sealed.
    assert!(
        stored
            .iter()
            .any(|(key, _)| key.windows(7).any(|part| part == b"entries"))
    );
}

#[tokio::test]
async fn after_an_erasure_nobody_reads_them_and_everything_else_goes_on() {
    let book = Book::new();
    book.deposit("ana", "20.00 USD", "d").await.unwrap();
    let mut ask = tea("ana", "6.00 USD", "cup");
    ask.details = secret();
    let order = &book.open(&ask).await.unwrap();
    let read = |txn| async move { Ok(order::details(&txn, order)) };
    assert_eq!(book.run(read).await.unwrap(), Some(secret()));
    book.erase("ana").await;
    assert_eq!(book.run(read).await.unwrap(), None);

    let paid = book.pay(order.id, "ana", "a").await.unwrap();
    assert_eq!(paid.entry.terms, Some(order.terms));
    book.refund(order.id, "tea", "r", "6.00 USD", "")
        .await
        .unwrap();
    assert_eq!(book.usd("ana").await, "20.00 USD");
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn the_same_order_has_other_terms_each_time() {
    // Without a salt, somebody with the digest could try out what was bought.
    let book = Book::new();
    let one = book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap();
    let book = Book::new();
    let two = book.open(&tea("ana", "5.00 USD", "cup")).await.unwrap();
    assert_ne!(one.terms, two.terms);
    assert_ne!(one.texts, two.texts);
}

#[tokio::test]
async fn labels_must_be_seen_and_may_not_be_long() {
    let book = Book::new();
    let label = async |label: &str| {
        let mut ask = tea("ana", "5.00 USD", label);
        ask.key = "k".to_owned();
        ask.details.items[0].label = label.to_owned();
        let answer = book.open(&ask).await;
        if let Ok(order) = &answer {
            book.decline(order.id, "ana").await.unwrap();
        }
        answer.map(drop)
    };
    for bad in ["", " ", "\u{200b}", "\u{3164}", &"x".repeat(201)] {
        assert_eq!(label(bad).await, Err(Refusal::Label), "{bad:?}");
    }
    assert_eq!(label(&"茶".repeat(200)).await, Ok(()));

    let mut ask = tea("ana", "5.00 USD", "memo");
    ask.details.memo = "m".repeat(201);
    assert_eq!(book.open(&ask).await.map(drop), Err(Refusal::Memo));
    ask.details.memo = "m".repeat(200);
    assert_eq!(book.open(&ask).await.map(drop), Ok(()));
    let mut ask = tea("ana", "5.00 USD", "lines");
    ask.details.items = Vec::new();
    assert_eq!(book.open(&ask).await.map(drop), Err(Refusal::Lines));
    ask.details.items = vec![item("Tea", 1, "0.05 USD"); 100];
    assert_eq!(book.open(&ask).await.map(drop), Ok(()));
}
