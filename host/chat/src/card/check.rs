//! Walks a card beside the profile.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use souk_core::limits::{CARD_DEPTH_MAX, CARD_ID_BYTES_MAX, CARD_PIXELS_MAX};

use super::Button;
use super::address::{is_link, is_picture};
use super::fault::{CardError, CardFault};
use super::input::{Input, is_date, is_time};
use super::profile::{CARD, Family, Kind, Role, Rule};

/// What a card offers: what can be entered, and what can be pressed.
type Offers = (Vec<Input>, BTreeMap<String, Button>);

/// Checks a whole card.
pub(super) fn card(json: &Value) -> Result<Offers, CardError> {
    let mut walk = Walk::default();
    walk.typed(std::slice::from_ref(&CARD), false, json)?;
    Ok((walk.inputs, walk.buttons))
}

/// Where the walk is, and what it has met.
#[derive(Default)]
struct Walk {
    pointer: String,
    depth: usize,
    ids: BTreeSet<String>,
    inputs: Vec<Input>,
    buttons: BTreeMap<String, Button>,
}

impl Walk {
    fn fault<T>(&self, what: CardFault) -> Result<T, CardError> {
        Err(CardError {
            pointer: self.pointer.clone(),
            what,
        })
    }

    /// Goes one step deeper, and back.
    fn inside<T>(
        &mut self,
        step: &str,
        visit: impl FnOnce(&mut Self) -> Result<T, CardError>,
    ) -> Result<T, CardError> {
        let here = self.pointer.len();
        self.pointer.push('/');
        for part in step.chars() {
            match part {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                plain => self.pointer.push(plain),
            }
        }
        let answer = visit(self);
        self.pointer.truncate(here);
        answer
    }

    /// An object of one of these types.
    fn typed(&mut self, kinds: &[Kind], obvious: bool, value: &Value) -> Result<(), CardError> {
        let Value::Object(object) = value else {
            return self.fault(CardFault::Must("an object"));
        };
        let kind = match (object.get("type"), kinds) {
            (Some(name), _) => self.inside("type", |walk| walk.kind(kinds, name))?,
            (None, [only]) if obvious => only,
            (None, _) => return self.fault(CardFault::Lacks("type")),
        };
        self.known(kind, object)?;
        self.needed(kind, object)?;
        for prop in kind.props() {
            if let Some(value) = object.get(prop.name) {
                self.inside(prop.name, |walk| walk.value(prop.rule, value))?;
            }
        }
        self.note(kind, object)
    }

    fn kind<'k>(&self, kinds: &'k [Kind], name: &Value) -> Result<&'k Kind, CardError> {
        let Value::String(name) = name else {
            return self.fault(CardFault::Must("a text"));
        };
        match kinds.iter().find(|kind| kind.name == name) {
            Some(kind) => Ok(kind),
            None => self.fault(CardFault::Type {
                found: name.chars().take(CARD_ID_BYTES_MAX).collect(),
                allowed: listed(kinds.iter().map(|kind| kind.name)),
            }),
        }
    }

    /// Nothing but what the profile knows: a property that one renderer ignores is another's door.
    fn known(&mut self, kind: &Kind, object: &Map<String, Value>) -> Result<(), CardError> {
        let known = |name: &str| name == "type" || kind.props().any(|prop| prop.name == name);
        match object.keys().find(|name| !known(name)) {
            None => Ok(()),
            Some(name) => self.inside(name, |walk| {
                let allowed = listed(kind.props().map(|prop| prop.name));
                walk.fault(CardFault::Property {
                    kind: kind.name,
                    allowed,
                })
            }),
        }
    }

    fn needed(&self, kind: &Kind, object: &Map<String, Value>) -> Result<(), CardError> {
        let absent = |name| !object.contains_key(name);
        match kind.props().find(|prop| prop.needed && absent(prop.name)) {
            Some(prop) => self.fault(CardFault::Lacks(prop.name)),
            None => Ok(()),
        }
    }

    fn value(&mut self, rule: Rule, value: &Value) -> Result<(), CardError> {
        match rule {
            Rule::One(family) => self.member(family, value),
            Rule::List(family) => self.list(family, value),
            Rule::Id => self.id(value),
            Rule::Words
            | Rule::Filled
            | Rule::Flag
            | Rule::Count
            | Rule::Number
            | Rule::Date
            | Rule::Time
            | Rule::OneOf(_)
            | Rule::Pixels
            | Rule::Extent(_)
            | Rule::Width
            | Rule::Color
            | Rule::Link
            | Rule::Picture
            | Rule::Data => scalar(rule, value).or_else(|fault| self.fault(fault)),
        }
    }

    fn list(&mut self, family: Family, value: &Value) -> Result<(), CardError> {
        let Value::Array(members) = value else {
            return self.fault(CardFault::Must("a list"));
        };
        for (place, member) in members.iter().enumerate() {
            self.inside(&place.to_string(), |walk| walk.member(family, member))?;
        }
        Ok(())
    }

    fn member(&mut self, family: Family, value: &Value) -> Result<(), CardError> {
        if family == Family::Inline && value.is_string() {
            return Ok(());
        }
        let nests = usize::from(family.nests());
        if self.depth + nests > CARD_DEPTH_MAX {
            return self.fault(CardFault::TooDeep);
        }
        self.depth += nests;
        self.typed(family.kinds(), family.is_obvious(), value)?;
        self.depth -= nests;
        if family == Family::Button && value.get("title").is_none() {
            return self.fault(CardFault::Lacks("title"));
        }
        Ok(())
    }

    fn id(&mut self, value: &Value) -> Result<(), CardError> {
        let Some(id) = value.as_str().filter(|id| is_id(id)) else {
            return self.fault(CardFault::Id);
        };
        if self.ids.insert(id.to_owned()) {
            Ok(())
        } else {
            self.fault(CardFault::IdTwice)
        }
    }

    /// Notes what can be entered and pressed. The object has been checked.
    fn note(&mut self, kind: &Kind, object: &Map<String, Value>) -> Result<(), CardError> {
        match kind.role {
            Role::Shown => {}
            Role::Input(entry) => {
                let input = Input::read(entry, object).or_else(|(step, fault)| {
                    self.pointer.push_str(&step);
                    self.fault(fault)
                })?;
                self.inputs.push(input);
            }
            Role::Submit => {
                let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
                let alone = object.get("associatedInputs").and_then(Value::as_str);
                let inputs = !alone.is_some_and(|word| word.eq_ignore_ascii_case("none"));
                let data = object.get("data").cloned().unwrap_or_default();
                self.buttons.insert(id.to_owned(), Button { data, inputs });
            }
        }
        Ok(())
    }
}

/// A value that holds no others, or that goes back to the app unread.
fn scalar(rule: Rule, value: &Value) -> Result<(), CardFault> {
    let text = value.as_str();
    let is = |fits: bool, fault| if fits { Ok(()) } else { Err(fault) };
    let text_is = |fits: fn(&str) -> bool, fault| is(text.is_some_and(fits), fault);
    match rule {
        Rule::Words => is(text.is_some(), CardFault::Must("a text")),
        Rule::Filled => text_is(
            |text| !text.trim().is_empty(),
            CardFault::Must("a text that is not empty"),
        ),
        Rule::Flag => is(value.is_boolean(), CardFault::Must("true or false")),
        Rule::Count => {
            let counts = value.as_u64().is_some_and(|count| count > 0);
            is(counts, CardFault::Must("a whole number from 1"))
        }
        Rule::Number => is(value.is_number(), CardFault::Must("a number")),
        Rule::Date => text_is(is_date, CardFault::Must("a day like 2026-11-22")),
        Rule::Time => text_is(is_time, CardFault::Must("a time like 09:05")),
        Rule::OneOf(words) => is(
            is_one_of(value, words),
            CardFault::OneOf(listed(words.iter().copied())),
        ),
        Rule::Pixels => text_is(is_pixels, CardFault::Pixels),
        Rule::Extent(words) => is(
            is_one_of(value, words) || text.is_some_and(is_pixels),
            CardFault::Pixels,
        ),
        Rule::Width => is(
            is_width(value),
            CardFault::Must("auto, stretch, a share, or pixels like 80px"),
        ),
        Rule::Color => text_is(
            is_color,
            CardFault::Must("a colour like #aabbcc or #80aabbcc"),
        ),
        Rule::Link => text_is(is_link, CardFault::Link),
        Rule::Picture => text_is(is_picture, CardFault::Picture),
        Rule::Data | Rule::Id | Rule::One(_) | Rule::List(_) => Ok(()),
    }
}

fn is_one_of(value: &Value, words: &[&str]) -> bool {
    let text = value.as_str();
    text.is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text)))
}

fn is_id(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    text.len() <= CARD_ID_BYTES_MAX
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(inner)
}

fn is_pixels(text: &str) -> bool {
    let Some(digits) = text.strip_suffix("px") else {
        return false;
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain
        && digits
            .parse::<u64>()
            .is_ok_and(|pixels| (1..=CARD_PIXELS_MAX).contains(&pixels))
}

/// A share is weighed against those of the other columns.
fn is_width(value: &Value) -> bool {
    let share = value.as_f64().is_some_and(|share| share > 0.0);
    share || is_one_of(value, &["auto", "stretch"]) || value.as_str().is_some_and(is_pixels)
}

fn is_color(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('#') else {
        return false;
    };
    matches!(digits.len(), 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
