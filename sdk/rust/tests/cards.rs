//! Cards as the host gets them, one file each in `tests/cards/`. The host's own tests read the same
//! files, so that what the SDK writes and what the host accepts cannot drift apart.

use expect_test::expect_file;
use serde::{Deserialize, Serialize};
use souk_sdk::card::{
    Align, ChoiceInput, Column, Columns, Container, DateInput, Image, ImageSize, Input, Mood, Text,
    TimeInput,
};
use souk_sdk::prelude::*;

/// The card as indented JSON, or why there is none. Read as serde reads it, so keys are in order.
fn page(card: &Card) -> String {
    let json = card.to_json().map_err(|denied| denied.to_string());
    let value = json.map(|json| serde_json::from_str::<serde_json::Value>(&json));
    match value {
        Ok(Ok(value)) => format!("{value:#}\n"),
        other => format!("{other:?}\n"),
    }
}

#[test]
fn a_card_shows_what_it_was_given_in_that_order() {
    let card = Card::new("Menu")
        .heading("Tea")
        .with(
            Text::new("Warm")
                .subtle()
                .mood(Mood::Good)
                .align(Align::Right),
        )
        .facts([("Jasmine", "2.50 USD")])
        .with(Image::asset("pot.png", "A pot").size(ImageSize::Medium))
        .with(Columns::new([
            Column::stretch().text("left"),
            Column::fit().text("right"),
        ]))
        .with(
            Container::new()
                .emphasis()
                .text("Inside")
                .buttons([Button::submit("a", "A", 1)]),
        )
        .button(
            Button::submit("cancel", "No", "no")
                .without_inputs()
                .destructive(),
        )
        .button(Button::link("Our garden", "https://tea.example"));
    expect_file!["cards/layout.json"].assert_eq(&page(&card));
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Size {
    Small,
    Large,
}

impl Choice for Size {
    const ALL: &[Self] = &[Self::Small, Self::Large];

    fn title(&self) -> String {
        match self {
            Self::Small => "A small one".to_owned(),
            Self::Large => "A large one".to_owned(),
        }
    }
}

#[derive(Form, Deserialize)]
#[expect(dead_code, reason = "only shown")]
struct Cup {
    /// Size
    #[input(expanded, value(Size::Large))]
    size: Size,
    /// How many
    /// cups?
    #[input(range(1, 9), value(1), error_message("From 1 to 9"))]
    quantity: u32,
    /// Sugar
    #[input(on)]
    sugar: bool,
    /// A note
    #[input(multiline)]
    #[input(max_length(80), placeholder("Less sugar"))]
    note: Option<String>,
}

#[test]
fn a_form_is_its_structs_fields() {
    let card = Card::new("Tea")
        .form::<Cup>()
        .button(Button::submit("order", "Order", "tea"));
    expect_file!["cards/form.json"].assert_eq(&page(&card));
}

#[test]
fn inputs_are_also_put_together_one_by_one() {
    let card = Card::new("When?")
        .with(DateInput::new("day", "Day").min("2026-11-22"))
        .with(TimeInput::new("time", "Time").value("17:30").optional())
        .with(
            ChoiceInput::new("table", "Table")
                .offer(1, "Window")
                .offer(2, "Door")
                .several(),
        )
        .button(Button::submit("book", "Book", ()).positive());
    expect_file!["cards/inputs.json"].assert_eq(&page(&card));
}

#[test]
fn what_cannot_be_on_a_card_is_found_before_it_is_posted() {
    let unfit = std::collections::BTreeMap::from([((), 1)]);
    let button = Card::new("").button(Button::submit("a", "A", unfit));
    let offer = Card::new("").with(ChoiceInput::new("a", "A").offer([1], "One"));
    let value = Card::new("").with(ChoiceInput::new("a", "A").value(true));
    for card in [button, offer, value] {
        assert!(
            matches!(card.to_json(), Err(Denied::Invalid(_))),
            "{card:?}"
        );
    }
}
