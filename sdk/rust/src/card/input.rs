//! What people can fill in. Every input has an id, by which
//! [`Action::inputs`](crate::Action::inputs) knows it, and a label. It must be filled in unless it
//! is [`optional`](Input::optional).

use serde::Serialize;
use serde_json::Value;

use super::{Choice, Element, Fit};

/// What all inputs have in common.
pub trait Input: Into<Element> {
    /// Returns an input that people know by `label`.
    #[must_use]
    fn new(id: impl Into<String>, label: impl Into<String>) -> Self;

    /// Lets people leave it blank.
    #[must_use]
    fn optional(self) -> Self;

    /// Says what is wrong when it is blank or does not fit.
    #[must_use]
    fn error_message(self, text: impl Into<String>) -> Self;
}

/// The part of an input that all have.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Labelled {
    id: String,
    label: String,
    is_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

macro_rules! labelled {
    ($($input:ident)*) => {$(
        impl Input for $input {
            fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
                let (id, label) = (id.into(), label.into());
                let labelled = Labelled { id, label, is_required: true, error_message: None };
                Self { labelled, ..Self::default() }
            }

            fn optional(mut self) -> Self {
                self.labelled.is_required = false;
                self
            }

            fn error_message(mut self, text: impl Into<String>) -> Self {
                self.labelled.error_message = Some(text.into());
                self
            }
        }
    )*};
}

labelled! { TextInput NumberInput ChoiceInput DateInput TimeInput }

/// A text.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(tag = "type", rename = "Input.Text", rename_all = "camelCase")]
#[must_use]
pub struct TextInput {
    #[serde(flatten)]
    labelled: Labelled,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_multiline: bool,
}

impl TextInput {
    /// Fills it in beforehand.
    pub fn value(mut self, text: impl Into<String>) -> Self {
        self.value = Some(text.into());
        self
    }

    /// Shows an example while it is blank.
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.placeholder = Some(text.into());
        self
    }

    /// Takes at most so many characters.
    pub fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Gives it several lines.
    pub fn multiline(mut self) -> Self {
        self.is_multiline = true;
        self
    }
}

/// A whole number.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(tag = "type", rename = "Input.Number")]
#[must_use]
pub struct NumberInput {
    #[serde(flatten)]
    labelled: Labelled,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
}

impl NumberInput {
    /// Fills it in beforehand.
    pub fn value(mut self, number: i64) -> Self {
        self.value = Some(number);
        self
    }

    /// Takes nothing less.
    pub fn min(mut self, least: i64) -> Self {
        self.min = Some(least);
        self
    }

    /// Takes nothing more.
    pub fn max(mut self, most: i64) -> Self {
        self.max = Some(most);
        self
    }

    /// Takes nothing less and nothing more.
    pub fn range(self, least: i64, most: i64) -> Self {
        self.min(least).max(most)
    }
}

/// A yes or a no.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "Input.Toggle", rename_all = "camelCase")]
#[must_use]
pub struct ToggleInput {
    id: String,
    /// What Adaptive Cards call the label of a toggle: it stands beside the box.
    title: String,
    is_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    value: &'static str,
}

impl ToggleInput {
    /// Makes it a yes beforehand.
    pub fn on(mut self) -> Self {
        self.value = "true";
        self
    }

    /// Takes only a yes: for what people must agree to.
    pub fn must_be_on(mut self) -> Self {
        self.is_required = true;
        self
    }
}

impl Input for ToggleInput {
    fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        let (id, title) = (id.into(), label.into());
        Self {
            id,
            title,
            is_required: false,
            error_message: None,
            value: "false",
        }
    }

    fn optional(mut self) -> Self {
        self.is_required = false;
        self
    }

    fn error_message(mut self, text: impl Into<String>) -> Self {
        self.error_message = Some(text.into());
        self
    }
}

/// A choice of what is offered: a list that opens, unless it is [`expanded`](Self::expanded).
#[derive(Clone, Debug, Default, Serialize)]
#[serde(tag = "type", rename = "Input.ChoiceSet", rename_all = "camelCase")]
#[must_use]
pub struct ChoiceInput {
    #[serde(flatten)]
    labelled: Labelled,
    choices: Vec<Offer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Fit<String>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_multi_select: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Offer {
    title: String,
    value: Fit<String>,
}

impl ChoiceInput {
    /// Returns an input that offers every `T`.
    pub fn of<T: Choice>(id: impl Into<String>, label: impl Into<String>) -> Self {
        T::ALL.iter().fold(Self::new(id, label), |input, choice| {
            input.offer(choice, choice.title())
        })
    }

    /// Offers one more: people read `title`, the app gets `value`, which is a text, a number or
    /// a variant without fields.
    pub fn offer(mut self, value: impl Serialize, title: impl Into<String>) -> Self {
        self.choices.push(Offer {
            title: title.into(),
            value: chosen(value),
        });
        self
    }

    /// Chooses beforehand.
    pub fn value(mut self, value: impl Serialize) -> Self {
        self.value = Some(chosen(value));
        self
    }

    /// Shows all that is offered at once.
    pub fn expanded(mut self) -> Self {
        self.style = Some("expanded");
        self
    }

    /// Lets people choose several: the app gets a `Vec`.
    pub fn several(mut self) -> Self {
        self.is_multi_select = true;
        self
    }
}

/// Returns the text by which a card knows a choice.
fn chosen(value: impl Serialize) -> Fit<String> {
    Fit(match serde_json::to_value(value) {
        Ok(Value::String(text)) => Ok(text),
        Ok(Value::Number(number)) => Ok(number.to_string()),
        Ok(other) => Err(format!("a choice is a text or a number, not {other}")),
        Err(error) => Err(error.to_string()),
    })
}

/// A day, like `2026-11-22`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(tag = "type", rename = "Input.Date")]
#[must_use]
pub struct DateInput {
    #[serde(flatten)]
    labelled: Labelled,
    #[serde(flatten)]
    span: Span,
}

/// A time of day, like `17:30`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(tag = "type", rename = "Input.Time")]
#[must_use]
pub struct TimeInput {
    #[serde(flatten)]
    labelled: Labelled,
    #[serde(flatten)]
    span: Span,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Span {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<String>,
}

macro_rules! spanned {
    ($($input:ident)*) => {$(
        impl $input {
            /// Fills it in beforehand.
            pub fn value(mut self, value: impl Into<String>) -> Self {
                self.span.value = Some(value.into());
                self
            }

            /// Takes nothing earlier.
            pub fn min(mut self, earliest: impl Into<String>) -> Self {
                self.span.min = Some(earliest.into());
                self
            }

            /// Takes nothing later.
            pub fn max(mut self, latest: impl Into<String>) -> Self {
                self.span.max = Some(latest.into());
                self
            }
        }
    )*};
}

spanned! { DateInput TimeInput }
