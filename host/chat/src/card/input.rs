//! What can be entered in a card, and whether what was entered fits.

use serde_json::{Map, Number, Value};
use souk_core::limits::{CARD_ID_BYTES_MAX, INPUTS_BYTES_MAX};

use super::fault::CardFault;
use super::profile::Entry;

/// An input of a card.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Input {
    id: String,
    required: bool,
    shape: Shape,
    /// What the card itself enters.
    value: Option<Value>,
}

/// What fits an input.
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Text {
        chars_max: Option<u64>,
        lines: bool,
    },
    Number {
        least: Option<f64>,
        most: Option<f64>,
    },
    Date {
        least: Option<String>,
        most: Option<String>,
    },
    Time {
        least: Option<String>,
        most: Option<String>,
    },
    Toggle {
        on: String,
        off: String,
    },
    Choices {
        values: Vec<String>,
        several: bool,
    },
}

/// Something a person entered that needs another look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// The input's id in the card; empty when it is about all of them.
    pub field: String,
    /// What is wrong with it.
    pub text: String,
}

impl Input {
    /// Reads an input of a card, whose properties have been checked one by one. An error says at
    /// which place below the input it is.
    pub(super) fn read(
        entry: Entry,
        object: &Map<String, Value>,
    ) -> Result<Self, (String, CardFault)> {
        let shape = Shape::read(entry, object)?;
        let value = object
            .get("value")
            .map(|value| shape.understand(value))
            .transpose();
        let value = value.map_err(|text| ("/value".to_owned(), CardFault::Default(text)))?;
        Ok(Self {
            id: word(object, "id").unwrap_or_default(),
            required: flag(object, "isRequired"),
            shape,
            value: value.flatten(),
        })
    }

    /// Returns what the app is told of this input, if anything.
    fn check(&self, sent: Option<&Value>) -> Result<Option<Value>, String> {
        let entered = match sent {
            Some(sent) => self.shape.understand(sent)?,
            None => self.value.clone(),
        };
        if !self.required {
            return Ok(entered);
        }
        let entered = entered.ok_or("is needed")?;
        match &self.shape {
            Shape::Toggle { on, .. } if entered != **on => Err("must be switched on".to_owned()),
            _ => Ok(Some(entered)),
        }
    }
}

/// Checks everything that was entered in a card.
pub(super) fn check_all(
    inputs: &[Input],
    sent: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<InputError>> {
    if bytes(sent) > INPUTS_BYTES_MAX {
        let text = format!("together the inputs are larger than {INPUTS_BYTES_MAX} bytes");
        return Err(vec![InputError {
            field: String::new(),
            text,
        }]);
    }
    let mut errors: Vec<_> = sent.keys().filter_map(|id| unknown(inputs, id)).collect();
    let mut checked = Map::new();
    for input in inputs {
        match input.check(sent.get(&input.id)) {
            Ok(Some(value)) => drop(checked.insert(input.id.clone(), value)),
            Ok(None) => {}
            Err(text) => errors.push(InputError {
                field: input.id.clone(),
                text,
            }),
        }
    }
    if errors.is_empty() {
        Ok(checked)
    } else {
        Err(errors)
    }
}

fn unknown(inputs: &[Input], id: &str) -> Option<InputError> {
    if inputs.iter().any(|input| input.id == id) {
        return None;
    }
    let field = id.chars().take(CARD_ID_BYTES_MAX).collect();
    Some(InputError {
        field,
        text: "is not an input of this card".to_owned(),
    })
}

/// How long the inputs are as JSON.
fn bytes(sent: &Map<String, Value>) -> usize {
    serde_json::to_vec(sent).map_or(usize::MAX, |json| json.len())
}

impl Shape {
    fn read(entry: Entry, object: &Map<String, Value>) -> Result<Self, (String, CardFault)> {
        let number = |name: &str| object.get(name).and_then(Value::as_f64);
        let shape = match entry {
            Entry::Text => Self::Text {
                chars_max: object.get("maxLength").and_then(Value::as_u64),
                lines: flag(object, "isMultiline"),
            },
            Entry::Number => Self::Number {
                least: number("min"),
                most: number("max"),
            },
            Entry::Date => Self::Date {
                least: word(object, "min"),
                most: word(object, "max"),
            },
            Entry::Time => Self::Time {
                least: word(object, "min"),
                most: word(object, "max"),
            },
            Entry::Toggle => return toggle(object),
            Entry::Choices => return choices(object),
        };
        if shape.is_empty() {
            Err(("/max".to_owned(), CardFault::Bounds))
        } else {
            Ok(shape)
        }
    }

    /// Whether nothing fits.
    fn is_empty(&self) -> bool {
        match self {
            Self::Number {
                least: Some(least),
                most: Some(most),
            } => least > most,
            Self::Date {
                least: Some(least),
                most: Some(most),
            }
            | Self::Time {
                least: Some(least),
                most: Some(most),
            } => least > most,
            Self::Text { .. }
            | Self::Number { .. }
            | Self::Date { .. }
            | Self::Time { .. }
            | Self::Toggle { .. }
            | Self::Choices { .. } => false,
        }
    }

    /// Returns a value as the app gets it; `None` when nothing was entered.
    fn understand(&self, value: &Value) -> Result<Option<Value>, String> {
        if is_nothing(value) {
            return Ok(None);
        }
        match self {
            Self::Text { chars_max, lines } => text(value, *chars_max, *lines),
            Self::Number { least, most } => amount(value, *least, *most),
            Self::Date { least, most } => moment(
                value,
                is_date,
                "must be a day like 2026-11-22",
                [least, most],
            ),
            Self::Time { least, most } => {
                moment(value, is_time, "must be a time like 09:05", [least, most])
            }
            Self::Toggle { on, off } => switch(value, on, off),
            Self::Choices {
                values,
                several: false,
            } => one_of(value, values),
            Self::Choices {
                values,
                several: true,
            } => some_of(value, values),
        }
        .map(Some)
    }
}

/// Tells whether a value is what clients send for an input that was left empty.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty)
}

fn toggle(object: &Map<String, Value>) -> Result<Shape, (String, CardFault)> {
    let on = word(object, "valueOn").unwrap_or_else(|| "true".to_owned());
    let off = word(object, "valueOff").unwrap_or_else(|| "false".to_owned());
    if on == off {
        let step = if object.contains_key("valueOff") {
            "/valueOff"
        } else {
            "/valueOn"
        };
        return Err((step.to_owned(), CardFault::Toggle));
    }
    Ok(Shape::Toggle { on, off })
}

fn choices(object: &Map<String, Value>) -> Result<Shape, (String, CardFault)> {
    let several = flag(object, "isMultiSelect");
    let offered = object
        .get("choices")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if offered.is_empty() {
        return Err((
            "/choices".to_owned(),
            CardFault::Must("a list with a choice in it"),
        ));
    }
    let mut values: Vec<String> = Vec::with_capacity(offered.len());
    for (place, choice) in offered.iter().enumerate() {
        let fault = |what| (format!("/choices/{place}/value"), what);
        let value = choice
            .get("value")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if values.iter().any(|earlier| earlier == value) {
            return Err(fault(CardFault::ChoiceTwice));
        }
        if several && value.contains(',') {
            return Err(fault(CardFault::Comma));
        }
        values.push(value.to_owned());
    }
    Ok(Shape::Choices { values, several })
}

fn text(value: &Value, chars_max: Option<u64>, lines: bool) -> Result<Value, String> {
    let text = value.as_str().ok_or("must be a text")?;
    let chars = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    if let Some(most) = chars_max.filter(|most| chars > *most) {
        return Err(format!("must be at most {most} characters long"));
    }
    let allowed = |letter: char| lines && matches!(letter, '\n' | '\r' | '\t');
    if text
        .chars()
        .any(|letter| letter.is_control() && !allowed(letter))
    {
        let what = if lines {
            "must be plain text"
        } else {
            "must be plain text on one line"
        };
        return Err(what.to_owned());
    }
    Ok(value.clone())
}

fn amount(value: &Value, least: Option<f64>, most: Option<f64>) -> Result<Value, String> {
    let number = number(value).ok_or("must be a number")?;
    let size = number.as_f64().ok_or("must be a number")?;
    if let Some(least) = least.filter(|least| size < *least) {
        return Err(format!("must be at least {least}"));
    }
    if let Some(most) = most.filter(|most| size > *most) {
        return Err(format!("must be at most {most}"));
    }
    Ok(Value::Number(number))
}

/// Reads a number, or the text that a browser sends for one.
fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => {
            let plain = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
            let text = text.trim();
            let whole = text.parse::<i64>().ok().map(Number::from);
            let any = || text.parse::<f64>().ok().and_then(Number::from_f64);
            text.bytes()
                .all(plain)
                .then(|| whole.or_else(any))
                .flatten()
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Days and times have a fixed width, so they compare as texts do.
fn moment(
    value: &Value,
    is: fn(&str) -> bool,
    must: &str,
    [least, most]: [&Option<String>; 2],
) -> Result<Value, String> {
    let text = value.as_str().filter(|text| is(text)).ok_or(must)?;
    if let Some(least) = least.as_ref().filter(|least| text < least.as_str()) {
        return Err(format!("must not be before {least}"));
    }
    if let Some(most) = most.as_ref().filter(|most| text > most.as_str()) {
        return Err(format!("must not be after {most}"));
    }
    Ok(value.clone())
}

fn switch(value: &Value, on: &str, off: &str) -> Result<Value, String> {
    let said = match value {
        Value::Bool(true) => on,
        Value::Bool(false) => off,
        Value::String(text) if text == on || text == off => text,
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            return Err(format!("must be `{on}` or `{off}`"));
        }
    };
    Ok(Value::from(said))
}

fn one_of(value: &Value, values: &[String]) -> Result<Value, String> {
    let known = |text: &str| values.iter().any(|value| value == text);
    match value.as_str() {
        Some(text) if known(text) => Ok(value.clone()),
        _ => Err("must be one of the choices".to_owned()),
    }
}

/// Reads several choices from a text with commas, as Adaptive Cards has it, or from a list.
fn some_of(value: &Value, values: &[String]) -> Result<Value, String> {
    let chosen: Vec<&str> = match value {
        Value::String(text) => text.split(',').collect(),
        Value::Array(list) => list
            .iter()
            .map(|item| item.as_str().unwrap_or_default())
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec![""],
    };
    let known = |text: &str| values.iter().any(|value| value == text);
    let once = |(place, text): (usize, &&str)| !chosen.iter().take(place).any(|said| said == text);
    if chosen.iter().all(|text| known(text)) && chosen.iter().enumerate().all(once) {
        return Ok(Value::from(chosen.join(",")));
    }
    Err("must be some of the choices, each once".to_owned())
}

fn word(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn flag(object: &Map<String, Value>, name: &str) -> bool {
    object.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// Tells whether a text is a day of the Gregorian calendar as RFC 3339 writes it.
pub(super) fn is_date(text: &str) -> bool {
    let [Some(year), Some(month), Some(day)] = digits(text, '-', [4, 2, 2]) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// Tells whether a text is a time of day in hours and minutes.
pub(super) fn is_time(text: &str) -> bool {
    let [Some(hour), Some(minute)] = digits(text, ':', [2, 2]) else {
        return false;
    };
    hour < 24 && minute < 60
}

/// Reads numbers of fixed widths with a separator between them.
fn digits<const N: usize>(text: &str, between: char, widths: [usize; N]) -> [Option<u32>; N] {
    let mut parts = text.splitn(N, between);
    widths.map(|width| {
        let part = parts.next()?;
        let plain = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        if plain { part.parse().ok() } else { None }
    })
}
