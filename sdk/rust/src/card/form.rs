//! A struct that is a form: what people fill in and what the app reads are one thing.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ChoiceInput, Element, Input, NumberInput, TextInput, ToggleInput};

/// A struct whose fields are inputs. Derive it, with serde's `Deserialize`:
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use souk_sdk::prelude::*;
///
/// #[derive(Form, Deserialize)]
/// struct Cup {
///     /// Size                                 (a doc comment is the label people read)
///     size: Size,
///     /// How many cups?
///     #[input(range(1, 9), value(1))]       // methods of `NumberInput`
///     quantity: u32,
///     /// A note for the tea master
///     #[input(max_length(80))]              // methods of `TextInput`
///     note: Option<String>,                 // may be left blank
/// }
///
/// #[derive(Clone, Copy, Serialize, Deserialize)]
/// enum Size {
///     Small,
///     Large,
/// }
///
/// impl Choice for Size {
///     const ALL: &[Self] = &[Self::Small, Self::Large];
///
///     fn title(&self) -> String {
///         match self {
///             Self::Small => "Small, 2.50 USD".to_owned(),
///             Self::Large => "Large, 3.50 USD".to_owned(),
///         }
///     }
/// }
///
/// let card = Card::new("Tea").form::<Cup>().button(Button::submit("order", "Order", ()));
/// ```
///
/// [`Body::form`](super::Body::form) shows it, [`Action::inputs`](crate::Action::inputs) reads it.
/// What kind of input a field is says its type's [`Field`]. Inputs are named after their fields, so
/// leave serde's `rename` out. A field without a doc comment does not compile: nobody would know
/// what to fill in.
///
/// ```compile_fail
/// use souk_sdk::prelude::*;
///
/// #[derive(Form, serde::Deserialize)]
/// struct Cup {
///     quantity: u32,
/// }
/// ```
pub trait Form: DeserializeOwned {
    /// Returns the inputs, from top to bottom.
    fn inputs() -> Vec<Element>;
}

pub use souk_sdk_macros::Form;

/// A type that is an input of a [`Form`].
pub trait Field {
    /// The input it is, whose methods `#[input(…)]` calls.
    type Input: Input;

    /// Returns the input.
    fn input(id: &str, label: &str) -> Self::Input;
}

/// A type people choose from, mostly an enum without fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input of a form",
    note = "inputs are texts, numbers, `bool`, types that are a `Choice`, and `Option`s of these"
)]
pub trait Choice: Serialize + Sized + 'static {
    /// What is offered, in this order.
    const ALL: &[Self];

    /// Returns what people read.
    fn title(&self) -> String;
}

impl<T: Choice> Field for T {
    type Input = ChoiceInput;

    fn input(id: &str, label: &str) -> ChoiceInput {
        ChoiceInput::of::<T>(id, label)
    }
}

impl Field for String {
    type Input = TextInput;

    fn input(id: &str, label: &str) -> TextInput {
        TextInput::new(id, label)
    }
}

impl Field for bool {
    type Input = ToggleInput;

    fn input(id: &str, label: &str) -> ToggleInput {
        ToggleInput::new(id, label)
    }
}

impl<T: Field> Field for Option<T> {
    type Input = T::Input;

    fn input(id: &str, label: &str) -> T::Input {
        T::input(id, label).optional()
    }
}

macro_rules! numbers {
    ($($number:ident from $least:expr;)*) => {$(
        impl Field for $number {
            type Input = NumberInput;

            fn input(id: &str, label: &str) -> NumberInput {
                let least: Option<i64> = $least;
                let input = NumberInput::new(id, label);
                least.into_iter().fold(input, NumberInput::min)
            }
        }
    )*};
}

numbers! {
    u8 from Some(0);
    u16 from Some(0);
    u32 from Some(0);
    u64 from Some(0);
    i8 from None;
    i16 from None;
    i32 from None;
    i64 from None;
}
