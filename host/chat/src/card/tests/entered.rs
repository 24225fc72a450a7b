//! What people enter in cards, or pretend to.

use expect_test::expect_file;
use serde_json::{Map, Value, json};
use souk_core::limits::INPUTS_BYTES_MAX;

use super::{answered, body, parse};
use crate::Card;

/// A card with one of each input.
fn form() -> Card {
    let choices = json!([{"title": "Small", "value": "s"}, {"title": "Large", "value": "l"}]);
    parse(&body(&vec![
        json!({"type": "Input.Text", "id": "name", "maxLength": 5}),
        json!({"type": "Input.Text", "id": "note", "isMultiline": true}),
        json!({"type": "Input.Number", "id": "count", "min": 1, "max": 9.5}),
        json!({"type": "Input.Date", "id": "day", "min": "2026-01-01", "max": "2026-12-31"}),
        json!({"type": "Input.Time", "id": "time", "min": "08:00", "max": "18:00"}),
        json!({"type": "Input.Toggle", "id": "milk", "title": "Milk", "valueOn": "yes",
            "valueOff": "no"}),
        json!({"type": "Input.ChoiceSet", "id": "size", "choices": choices}),
        json!({"type": "Input.ChoiceSet", "id": "extras", "isMultiSelect": true,
            "choices": choices}),
    ]))
}

/// What the app is told of what was sent, or what needs another look.
fn told(card: &Card, sent: &Value) -> String {
    let sent: Map<String, Value> = sent.as_object().unwrap().clone();
    match card.check_inputs(&sent) {
        Ok(told) => Value::Object(told).to_string(),
        Err(errors) => {
            let said = errors
                .iter()
                .map(|error| format!("{} {}", error.field, error.text));
            said.collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn what_fits_arrives_in_one_shape_and_what_does_not_is_named() {
    let form = form();
    let page = answered(include_str!("entered.txt"), |line| {
        told(&form, &serde_json::from_str(line).unwrap())
    });
    expect_file!["entered.txt"].assert_eq(&page);
}

#[test]
fn inputs_are_so_large_and_no_larger() {
    let note = |bytes| told(&form(), &json!({"note": "x".repeat(bytes)}));
    let frame = r#"{"note":""}"#.len();
    assert!(note(INPUTS_BYTES_MAX - frame).starts_with('{'));
    let over = note(INPUTS_BYTES_MAX - frame + 1);
    assert_eq!(over, " together the inputs are larger than 16384 bytes");
}

#[test]
fn what_is_needed_is_asked_for_and_what_the_card_enters_stands_in() {
    let card = parse(&body(&vec![
        json!({"type": "Input.Text", "id": "name", "isRequired": true}),
        json!({"type": "Input.Toggle", "id": "terms", "title": "I agree", "isRequired": true,
            "value": "false"}),
        json!({"type": "Input.Number", "id": "count", "isRequired": true, "value": 1}),
        json!({"type": "Input.Text", "id": "note", "value": "No sugar"}),
    ]));
    let told = |sent: Value| told(&card, &sent);
    assert_eq!(told(json!({})), "name is needed; terms must be switched on");
    let emptied = json!({"name": "", "terms": "true", "count": ""});
    assert_eq!(told(emptied), "name is needed; count is needed");
    let least = json!({"name": "Ana", "terms": true});
    let all = r#"{"count":1,"name":"Ana","note":"No sugar","terms":"true"}"#;
    assert_eq!(told(least), all);
    let changed = json!({"name": "Ana", "terms": true, "count": 2, "note": ""});
    assert_eq!(told(changed), r#"{"count":2,"name":"Ana","terms":"true"}"#);
}
