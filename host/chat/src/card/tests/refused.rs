//! Hostile, broken and odd cards, each with the place and the reason of its refusal.

use expect_test::expect_file;
use serde_json::{Value, json};
use souk_core::limits::{CARD_BYTES_MAX, CARD_DEPTH_MAX, CARD_JSON_DEPTH_MAX};

use super::{answered, body, button, one, parse};
use crate::Card;

/// What became of the card that a line stands for.
fn fate(line: &str) -> String {
    let (what, json) = line.split_once(' ').unwrap();
    let value = || serde_json::from_str(json).unwrap();
    match what {
        "element" => reason(&one(&value()).to_string()),
        "button" => reason(&button(&value()).to_string()),
        "choices" => reason(&one(&choices(value())).to_string()),
        _ => reason(json),
    }
}

/// A choice set with these values to choose from.
fn choices(mut set: Value) -> Value {
    let choice = |value: &Value| json!({"title": "A choice", "value": value});
    set["choices"] = set["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(choice)
        .collect();
    set["type"] = json!("Input.ChoiceSet");
    set["id"] = json!("a");
    set.as_object_mut().unwrap().remove("values");
    set
}

/// Where and why a card is refused.
fn reason(text: &str) -> String {
    match Card::parse(text) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => {
            let said = error.what.to_string();
            let cut = said.chars().take(60).collect::<String>();
            let dots = if cut == said { "" } else { "…" };
            format!("{}: {cut}{dots}", error.pointer)
        }
    }
}

#[test]
fn a_card_outside_the_profile_is_refused_with_place_and_reason() {
    let page = answered(include_str!("refused.txt"), fate);
    assert!(!page.contains("    accepted"), "{page}");
    expect_file!["refused.txt"].assert_eq(&page);
}

#[test]
fn a_card_is_so_large_and_no_larger() {
    let card = |data: &str| {
        let card = button(&json!({"type": "Action.Submit", "id": "a", "title": "A", "data": "N"}));
        card.to_string().replace("\"N\"", data)
    };
    let room = CARD_BYTES_MAX - card("\"\"").len();
    assert_eq!(
        reason(&card(&format!("\"{}\"", "x".repeat(room)))),
        "accepted"
    );
    let larger = ": is larger than 28672 bytes";
    assert_eq!(
        reason(&card(&format!("\"{}\"", "x".repeat(room + 1)))),
        larger
    );
    assert_eq!(reason(&" ".repeat(CARD_BYTES_MAX + 1)), larger);
    // Within the limit as it is sent, above it as it would be kept.
    assert_eq!(
        reason(&card(&format!("[{}1]", "1e9,".repeat(6_000)))),
        larger
    );
}

/// Containers in containers, so many.
fn nested(deep: usize) -> Value {
    let text = json!({"type": "TextBlock", "text": "deep"});
    (1..deep).fold(
        text,
        |inner, _| json!({"type": "Container", "items": [inner]}),
    )
}

#[test]
fn elements_nest_so_deep_and_no_deeper() {
    parse(&one(&nested(CARD_DEPTH_MAX)));
    let place = format!("/body/0{}", "/items/0".repeat(CARD_DEPTH_MAX));
    let over = reason(&one(&nested(CARD_DEPTH_MAX + 1)).to_string());
    assert_eq!(over, format!("{place}: is nested deeper than 16 elements"));
    // Depth is counted, not the number of elements.
    parse(&body(&(0..50).map(|_| nested(2)).collect()));
}

#[test]
fn brackets_are_counted_before_anything_reads_them() {
    let many = ": has more than 64 brackets open at once";
    assert_eq!(reason(&"[".repeat(CARD_JSON_DEPTH_MAX + 1)), many);
    assert_eq!(reason(&"{\"a\":".repeat(5_000)), many);
    let data = |deep| {
        let data = (0..deep).fold(json!(1), |inner, _| json!([inner]));
        button(&json!({"type": "Action.Submit", "id": "a", "title": "A", "data": data}))
    };
    parse(&data(CARD_JSON_DEPTH_MAX - 3));
    assert_eq!(reason(&data(CARD_JSON_DEPTH_MAX - 2).to_string()), many);
    // Brackets in texts are no brackets.
    let text = format!("\\\"{}", "[{\\".repeat(100));
    parse(&one(&json!({"type": "TextBlock", "text": text})));
}

#[test]
fn an_id_belongs_to_one_thing() {
    let submit = json!({"type": "Action.Submit", "id": "a", "title": "A"});
    let text = json!({"type": "Input.Text", "id": "a"});
    let card = |body: Value, actions: Value| {
        let card =
            json!({"type": "AdaptiveCard", "version": "1.5", "body": body, "actions": actions});
        reason(&card.to_string())
    };
    let twice = "is the id of something else in this card too";
    assert_eq!(
        card(json!([]), json!([submit, submit])),
        format!("/actions/1/id: {twice}")
    );
    assert_eq!(
        card(json!([text]), json!([submit])),
        format!("/actions/0/id: {twice}")
    );
    assert_eq!(
        card(json!([text, text]), json!([])),
        format!("/body/1/id: {twice}")
    );
    let long =
        |bytes| reason(&one(&json!({"type": "Input.Text", "id": "x".repeat(bytes)})).to_string());
    assert_eq!(long(64), "accepted");
    assert!(long(65).starts_with("/body/0/id: must be an id"));
}

#[test]
fn a_card_says_once_what_it_says_twice() {
    let twice = r#"{"type": "AdaptiveCard", "version": "1.5", "actions": [
        {"type": "Action.Submit", "id": "a", "title": "A", "data": 1, "data": 2}]}"#;
    let card = Card::parse(twice).unwrap();
    assert_eq!(card.button("a").unwrap().data, json!(2));
    assert_eq!(card.to_string().matches("data").count(), 1);
}

#[test]
fn any_text_is_answered_without_a_panic() {
    let card = super::shop().to_string();
    assert_eq!(reason(""), ": is not JSON from line 1, column 0 on");
    for end in 0..card.len() {
        assert_ne!(
            reason(&String::from_utf8_lossy(&card.as_bytes()[..end])),
            "accepted"
        );
    }
    for place in 0..card.len() {
        let mut bytes = card.clone().into_bytes();
        for byte in [b'"', b'[', b'}', b'0', b'\\', 0x7f] {
            bytes[place] = byte;
            reason(&String::from_utf8_lossy(&bytes));
        }
    }
}
