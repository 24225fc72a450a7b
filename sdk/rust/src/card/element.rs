//! What a card shows: texts, facts, pictures, and what holds them together.

use serde::Serialize;

use super::input::{ChoiceInput, DateInput, NumberInput, TextInput, TimeInput, ToggleInput};
use super::{Body, Button};

/// Anything a card can show. Everything in this module becomes one by itself.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Element(Kind);

macro_rules! elements {
    ($($kind:ident)*) => {
        #[derive(Clone, Debug, Serialize)]
        #[serde(untagged)]
        enum Kind {
            $($kind($kind),)*
        }

        $(impl From<$kind> for Element {
            fn from(element: $kind) -> Self {
                Self(Kind::$kind(element))
            }
        })*
    };
}

elements! {
    Text Facts Image Container Columns Buttons
    TextInput NumberInput ToggleInput ChoiceInput DateInput TimeInput
}

/// A paragraph or a heading.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "TextBlock", rename_all = "camelCase")]
#[must_use]
pub struct Text {
    text: String,
    wrap: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<Mood>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_subtle: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    horizontal_alignment: Option<Align>,
}

impl Text {
    /// Returns a paragraph.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            wrap: true,
            style: None,
            size: None,
            weight: None,
            color: None,
            is_subtle: false,
            horizontal_alignment: None,
        }
    }

    /// Returns a heading.
    pub fn heading(text: impl Into<String>) -> Self {
        Self {
            style: Some("heading"),
            ..Self::new(text).large().bold()
        }
    }

    /// Makes it larger.
    pub fn large(mut self) -> Self {
        self.size = Some("large");
        self
    }

    /// Makes it smaller.
    pub fn small(mut self) -> Self {
        self.size = Some("small");
        self
    }

    /// Makes it bold.
    pub fn bold(mut self) -> Self {
        self.weight = Some("bolder");
        self
    }

    /// Makes it fainter, for what is good to know.
    pub fn subtle(mut self) -> Self {
        self.is_subtle = true;
        self
    }

    /// Colours it.
    pub fn mood(mut self, mood: Mood) -> Self {
        self.color = Some(mood);
        self
    }

    /// Puts it to one side.
    pub fn align(mut self, align: Align) -> Self {
        self.horizontal_alignment = Some(align);
        self
    }
}

/// What a colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// Look here.
    Accent,
    /// It went well.
    Good,
    /// Take care.
    Warning,
    /// It went wrong.
    Attention,
}

/// Which side something is put to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// To the left.
    Left,
    /// In the middle.
    Center,
    /// To the right, as prices are.
    Right,
}

/// Pairs of a title and a value, one under the other.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "FactSet")]
#[must_use]
pub struct Facts {
    facts: Vec<Fact>,
}

#[derive(Clone, Debug, Serialize)]
struct Fact {
    title: String,
    value: String,
}

impl<T: Into<String>, V: Into<String>> FromIterator<(T, V)> for Facts {
    fn from_iter<I: IntoIterator<Item = (T, V)>>(facts: I) -> Self {
        let fact = |(title, value): (T, V)| Fact {
            title: title.into(),
            value: value.into(),
        };
        Self {
            facts: facts.into_iter().map(fact).collect(),
        }
    }
}

/// A picture from the app's own package.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[must_use]
pub struct Image {
    url: String,
    alt_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<ImageSize>,
}

impl Image {
    /// Returns the picture `name` of the package's assets. `description` is for who cannot see it.
    pub fn asset(name: &str, description: impl Into<String>) -> Self {
        Self {
            url: format!("asset:{name}"),
            alt_text: description.into(),
            size: None,
        }
    }

    /// Makes it so large.
    pub fn size(mut self, size: ImageSize) -> Self {
        self.size = Some(size);
        self
    }
}

/// How large a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageSize {
    /// Like an icon.
    Small,
    /// Like a stamp.
    Medium,
    /// Like a postcard.
    Large,
    /// As wide as there is room.
    Stretch,
}

/// Elements that belong together.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(tag = "type")]
#[must_use]
pub struct Container {
    items: Vec<Element>,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<&'static str>,
}

impl Container {
    /// Returns an empty container.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets it apart from what is around it.
    pub fn emphasis(mut self) -> Self {
        self.style = Some("emphasis");
        self
    }
}

impl Body for Container {
    fn with(mut self, element: impl Into<Element>) -> Self {
        self.items.push(element.into());
        self
    }
}

/// Columns side by side.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "ColumnSet")]
#[must_use]
pub struct Columns {
    columns: Vec<Column>,
}

impl Columns {
    /// Returns these columns, from left to right.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
        }
    }
}

/// One of [`Columns`].
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type")]
#[must_use]
pub struct Column {
    width: &'static str,
    items: Vec<Element>,
}

impl Column {
    /// Returns a column that takes the room the others leave.
    pub fn stretch() -> Self {
        Self {
            width: "stretch",
            items: Vec::new(),
        }
    }

    /// Returns a column as wide as what is in it.
    pub fn fit() -> Self {
        Self {
            width: "auto",
            items: Vec::new(),
        }
    }
}

impl Body for Column {
    fn with(mut self, element: impl Into<Element>) -> Self {
        self.items.push(element.into());
        self
    }
}

/// Buttons inside a card; [`Body::buttons`] adds them.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "ActionSet")]
struct Buttons {
    actions: Vec<Button>,
}

impl FromIterator<Button> for Element {
    fn from_iter<I: IntoIterator<Item = Button>>(buttons: I) -> Self {
        Buttons {
            actions: buttons.into_iter().collect(),
        }
        .into()
    }
}
