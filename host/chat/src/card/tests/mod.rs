//! Cards that can be posted, and what the tests of the others share.

mod entered;
mod refused;

use serde_json::{Value, json};

use super::Card;

/// A card with these elements.
fn body(elements: &Vec<Value>) -> Value {
    json!({"type": "AdaptiveCard", "version": "1.5", "body": elements})
}

/// A card with one element.
fn one(element: &Value) -> Value {
    json!({"type": "AdaptiveCard", "version": "1.5", "body": [element]})
}

/// A card with one button.
fn button(action: &Value) -> Value {
    json!({"type": "AdaptiveCard", "version": "1.5", "actions": [action]})
}

fn parse(card: &Value) -> Card {
    Card::parse(&card.to_string()).unwrap_or_else(|error| panic!("{card}\n{error}"))
}

/// The page with the answer to each of its lines below it.
fn answered(page: &str, answer: impl Fn(&str) -> String) -> String {
    let asked = page.lines().filter(|line| !line.starts_with("    "));
    let with_answer = |line: &str| match line {
        "" => "\n".to_owned(),
        comment if comment.starts_with('#') => format!("{comment}\n"),
        line => format!("{line}\n    {}\n", answer(line)),
    };
    asked.map(with_answer).collect()
}

/// A card with one of everything.
fn shop() -> Value {
    json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard", "version": "1.5", "lang": "en", "speak": "Tea", "rtl": false,
        "fallbackText": "Tea today", "minHeight": "100px", "verticalContentAlignment": "Center",
        "body": [
            {"type": "TextBlock", "text": "Today", "size": "ExtraLarge", "weight": "bolder",
             "color": "Accent", "wrap": true, "maxLines": 2, "style": "heading", "id": "title"},
            {"type": "RichTextBlock", "inlines": ["Fresh ", {"type": "TextRun", "text": "mint",
             "italic": true, "selectAction": {"type": "Action.Submit", "id": "mint"}}]},
            {"type": "Image", "url": "asset:cup.png", "altText": "A cup", "width": "80px",
             "height": "stretch", "backgroundColor": "#80aabbcc", "style": "Person"},
            {"type": "ColumnSet", "columns": [
                {"width": "auto", "items": [{"type": "TextBlock", "text": "Oolong"}]},
                {"type": "Column", "width": 2, "items": [{"type": "Container", "items": []}]},
                {"width": "50px", "bleed": true},
            ]},
            {"type": "FactSet", "facts": [{"title": "Price", "value": "3.00 USD"}]},
            {"type": "Container", "style": "emphasis", "items": [
                {"type": "Input.ChoiceSet", "id": "size", "label": "Size", "isRequired": true,
                 "choices": [{"title": "Small", "value": "s"}, {"title": "Large", "value": "l"}]},
                {"type": "Input.Number", "id": "count", "min": 1, "max": 9, "value": 1},
                {"type": "ActionSet", "actions": [
                    {"type": "Action.Submit", "id": "order", "title": "Order", "style": "positive",
                     "data": {"tea": ["oolong", {"price": 300}]}}
                ]}
            ]},
        ],
        "actions": [
            {"type": "Action.Submit", "id": "menu", "title": "Menu", "associatedInputs": "None"},
            {"type": "Action.OpenUrl", "title": "About", "url": "https://tea.example.com/?x=1"},
        ]
    })
}

#[test]
fn a_shop_can_say_what_it_has_to_say() {
    let card = parse(&shop());
    let button = card.button("order").unwrap();
    assert_eq!(button.data, json!({"tea": ["oolong", {"price": 300}]}));
    assert!(button.inputs);
    let menu = card.button("menu").unwrap();
    assert_eq!((&menu.data, menu.inputs), (&Value::Null, false));
    assert!(card.button("mint").is_some());
    assert_eq!(card.button("About"), None);
    assert_eq!(Card::parse(&card.to_string()), Ok(card));
}
