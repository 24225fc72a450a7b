//! Cards: a message with a layout, inputs and buttons.
//!
//! A card is an [Adaptive Card](https://adaptivecards.io) 1.5 put together by type, so that what
//! the host would refuse is mostly not sayable: every input has a label, every button an id and
//! every picture a description.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use souk_sdk::card::{Column, Columns};
//! use souk_sdk::prelude::*;
//!
//! /// What people fill in.
//! #[derive(Form, Deserialize)]
//! struct Cup {
//!     /// How many cups?
//!     #[input(range(1, 9), value(1))]
//!     quantity: u32,
//!     /// A note for the tea master
//!     #[input(placeholder("Less sugar"), max_length(80))]
//!     note: Option<String>,
//! }
//!
//! /// What this app's buttons say.
//! #[derive(Serialize, Deserialize)]
//! enum Press {
//!     Order { tea: String },
//! }
//!
//! let order = Press::Order { tea: "jasmine".to_owned() };
//! let menu = Card::new("Jasmine tea, 2.50 USD")
//!     .heading("Today's tea")
//!     .with(Columns::new([
//!         Column::stretch().text("Jasmine"),
//!         Column::fit().text("2.50 USD"),
//!     ]))
//!     .form::<Cup>()
//!     .button(Button::submit("order", "Order", order).positive());
//! assert!(menu.to_json().is_ok());
//! ```

mod button;
mod element;
mod form;
mod input;

use serde::Serialize;
use serde::ser::{Error, Serializer};

use crate::{Denied, Result};

pub use button::Button;
pub use element::{
    Align, Column, Columns, Container, Element, Facts, Image, ImageSize, Mood, Text,
};
pub use form::{Choice, Field, Form};
pub use input::{ChoiceInput, DateInput, Input, NumberInput, TextInput, TimeInput, ToggleInput};

/// The version of Adaptive Cards that every renderer in use draws.
const VERSION: &str = "1.5";

/// A card. Post it with [`Chat::post`](crate::Chat::post).
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "AdaptiveCard")]
#[must_use]
pub struct Card {
    version: &'static str,
    #[serde(rename = "fallbackText")]
    summary: String,
    body: Vec<Element>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Button>,
}

impl Card {
    /// Returns an empty card. `summary` is what the message says wherever a card cannot be shown:
    /// in a notification, in a list of chats, read aloud.
    pub fn new(summary: impl Into<String>) -> Self {
        let (body, actions) = (Vec::new(), Vec::new());
        Self {
            version: VERSION,
            summary: summary.into(),
            body,
            actions,
        }
    }

    /// Adds a button at the foot of the card.
    pub fn button(mut self, button: Button) -> Self {
        self.actions.push(button);
        self
    }

    /// Returns what the message says wherever the card cannot be shown.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Returns the card as JSON, as the host gets it.
    ///
    /// # Errors
    /// [`Denied::Invalid`] when what is on a button cannot be JSON.
    pub fn to_json(&self) -> Result<String, Denied> {
        serde_json::to_string(self).map_err(|error| Denied::Invalid(error.to_string()))
    }
}

/// Something elements are added to, from top to bottom: a [`Card`], a [`Container`], a [`Column`].
pub trait Body: Sized {
    /// Adds an element.
    #[must_use]
    fn with(self, element: impl Into<Element>) -> Self;

    /// Adds a heading.
    #[must_use]
    fn heading(self, text: impl Into<String>) -> Self {
        self.with(Text::heading(text))
    }

    /// Adds a paragraph.
    #[must_use]
    fn text(self, text: impl Into<String>) -> Self {
        self.with(Text::new(text))
    }

    /// Adds pairs of a title and a value, one under the other.
    #[must_use]
    fn facts<T: Into<String>, V: Into<String>>(
        self,
        facts: impl IntoIterator<Item = (T, V)>,
    ) -> Self {
        self.with(facts.into_iter().collect::<Facts>())
    }

    /// Adds the inputs of a form.
    #[must_use]
    fn form<F: Form>(self) -> Self {
        F::inputs().into_iter().fold(self, Self::with)
    }

    /// Adds buttons right here, and not at the foot of the card.
    #[must_use]
    fn buttons(self, buttons: impl IntoIterator<Item = Button>) -> Self {
        self.with(buttons.into_iter().collect::<Element>())
    }
}

impl Body for Card {
    fn with(mut self, element: impl Into<Element>) -> Self {
        self.body.push(element.into());
        self
    }
}

/// A value, or why it is unfit for a card: who wants the card as JSON hears of it then.
#[derive(Clone, Debug)]
struct Fit<T>(Result<T, String>);

impl<T: Serialize> Serialize for Fit<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(value) => value.serialize(to),
            Err(why) => Err(S::Error::custom(why)),
        }
    }
}
