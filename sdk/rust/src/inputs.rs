//! What people entered, read into a type.
//!
//! Adaptive Cards send nearly everything as text: a number as `"2"`, a toggle as `"true"`, several
//! choices as `"milk,sugar"`, a blank as `""`. This reads them as what the type asks for, and says
//! which input did not fit.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer};
use serde::de::{IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::{Failure, Result};

/// Reads the inputs of an action.
pub(crate) fn read<T: DeserializeOwned>(inputs: &Map<String, Value>) -> Result<T> {
    let form = MapAccessDeserializer::new(Fields {
        left: inputs.iter(),
        value: None,
    });
    T::deserialize(form).map_err(|misfit| match misfit.field {
        Some(field) => Failure::invalid_input(field, misfit.text),
        None => Failure::rejected(misfit.text),
    })
}

/// An input that does not fit the type. Which one is known once the error leaves the value.
#[derive(Debug)]
struct Misfit {
    field: Option<String>,
    text: String,
}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self {
            field: None,
            text: text.to_string(),
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            field: Some(field.to_owned()),
            text: "this is missing".to_owned(),
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Misfit {}

impl From<serde_json::Error> for Misfit {
    fn from(error: serde_json::Error) -> Self {
        de::Error::custom(error)
    }
}

/// All inputs of a form.
struct Fields<'a> {
    left: serde_json::map::Iter<'a>,
    value: Option<(&'a str, &'a Value)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        self.value = self.left.next().map(|(id, value)| (id.as_str(), value));
        self.value
            .map(|(id, _)| seed.deserialize(id.into_deserializer()))
            .transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (id, value) = self.value.take().unwrap_or(("", &Value::Null));
        let named = |misfit: Misfit| Misfit {
            field: Some(id.to_owned()),
            ..misfit
        };
        seed.deserialize(Input(value.clone())).map_err(named)
    }
}

/// One input, or one of several choices.
struct Input(Value);

impl Input {
    fn is_blank(&self) -> bool {
        matches!(&self.0, Value::Null) || self.0.as_str().is_some_and(str::is_empty)
    }

    /// Returns the number or the yes or no that a text says.
    fn plain(self) -> Value {
        match self.0.as_str().map(str::trim).map(serde_json::from_str) {
            Some(Ok(plain @ (Value::Number(_) | Value::Bool(_)))) => plain,
            _ => self.0,
        }
    }

    /// Returns the text that a number or a yes or no was once.
    fn text(self) -> Value {
        match self.0 {
            plain @ (Value::Number(_) | Value::Bool(_)) => Value::String(plain.to_string()),
            other => other,
        }
    }

    fn choices(self) -> Vec<Self> {
        match self.0 {
            Value::String(text) => {
                let chosen = text.split(',').filter(|choice| !choice.is_empty());
                chosen.map(|choice| Self(Value::from(choice))).collect()
            }
            Value::Array(values) => values.into_iter().map(Self).collect(),
            one => vec![Self(one)],
        }
    }
}

impl IntoDeserializer<'_, Misfit> for Input {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads these kinds of value from what a method of [`Input`] makes of it.
macro_rules! read_as {
    ($form:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            Ok(self.$form().$method(visitor)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Input {
    type Error = Misfit;

    read_as! { plain: deserialize_bool deserialize_f32 deserialize_f64 }
    read_as! { plain: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 }
    read_as! { plain: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }
    read_as! { text: deserialize_str deserialize_string deserialize_char deserialize_identifier }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.is_blank() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(SeqDeserializer::new(self.choices().into_iter()))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        Ok(self.text().deserialize_enum(name, variants, visitor)?)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        Ok(self.0.deserialize_any(visitor)?)
    }

    forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit unit_struct tuple tuple_struct map struct ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Size {
        Small,
        Large,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Cups(u8);

    #[derive(Debug, PartialEq, Deserialize)]
    struct Tea {
        size: Size,
        cups: Cups,
        sugar: bool,
        note: Option<String>,
        #[serde(default)]
        extras: Vec<Size>,
    }

    fn tea(inputs: &Value) -> Result<Tea> {
        read(inputs.as_object().unwrap())
    }

    #[test]
    fn text_becomes_what_the_type_asks_for() {
        let text = json!({
            "size": "large", "cups": "2", "sugar": "true", "note": "7", "extras": "small,large",
        });
        let wanted = Tea {
            size: Size::Large,
            cups: Cups(2),
            sugar: true,
            note: Some("7".to_owned()),
            extras: vec![Size::Small, Size::Large],
        };
        assert_eq!(tea(&text), Ok(wanted));
    }

    #[test]
    fn plain_json_is_read_too() {
        let plain = json!({"size": "small", "cups": 2, "sugar": false, "note": 7});
        let wanted = Tea {
            size: Size::Small,
            cups: Cups(2),
            sugar: false,
            note: Some("7".to_owned()),
            extras: vec![],
        };
        assert_eq!(tea(&plain), Ok(wanted));
    }

    #[test]
    fn a_blank_is_nothing() {
        let blank =
            json!({"size": "small", "cups": "1", "sugar": "false", "note": "", "extras": ""});
        let tea = tea(&blank).unwrap();
        assert_eq!((tea.note, tea.extras), (None, vec![]));
    }

    #[test]
    fn a_misfit_names_its_input() {
        let field = |inputs: Value| match tea(&inputs) {
            Err(Failure::InvalidInput(errors)) => errors[0].field.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(
            field(json!({"size": "huge", "cups": "2", "sugar": "true"})),
            "size"
        );
        assert_eq!(
            field(json!({"size": "small", "cups": "300", "sugar": "true"})),
            "cups"
        );
        assert_eq!(
            field(json!({"size": "small", "cups": "2", "sugar": "maybe"})),
            "sugar"
        );
        assert_eq!(field(json!({"size": "small", "cups": "2"})), "sugar");
    }
}
