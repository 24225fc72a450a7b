//! The profile: every type a card may consist of, and every property each may have.
//!
//! Names and words are those of Adaptive Cards 1.5 (adaptivecards.io/explorer). What is left out is
//! left out for a reason: what fetches or runs by itself (`Action.Execute`, `refresh`, `Media`,
//! `Data.Query`, `backgroundImage`), what hides (`isVisible`, `Action.ToggleVisibility`,
//! `Action.ShowCard`, `fallback`, `requires`), what asks for secrets (`authentication`, the style
//! `password`), and what a client would have to run (`regex`, templates).

/// What a property may hold.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// Any text: the app's words.
    Words,
    /// A text that is not empty.
    Filled,
    /// True or false.
    Flag,
    /// A whole number from 1.
    Count,
    /// Any number.
    Number,
    /// A day, like 2026-11-22.
    Date,
    /// A time of day, like 09:05.
    Time,
    /// One of these words, in capital or small letters.
    OneOf(&'static [&'static str]),
    /// Names something in the card, once.
    Id,
    /// A size in pixels.
    Pixels,
    /// A size in pixels or one of these words.
    Extent(&'static [&'static str]),
    /// How wide a column is: a share, pixels, or a word.
    Width,
    /// A colour like #aabbcc, or with its opacity in front.
    Color,
    /// Where a click leads.
    Link,
    /// A picture the host serves.
    Picture,
    /// Anything: it goes back to the app as it is.
    Data,
    /// One of a family.
    One(Family),
    /// Any number of a family.
    List(Family),
}

/// Types that can stand in the same place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// What a card or a container shows.
    Element,
    /// What a column set consists of.
    Column,
    /// What a fact set consists of.
    Fact,
    /// What a rich text consists of; plain texts can stand there too.
    Inline,
    /// What a choice set offers.
    Choice,
    /// What can be pressed, with a title.
    Button,
    /// What a click on an element does.
    Select,
}

/// A property.
pub(super) struct Prop {
    pub(super) name: &'static str,
    pub(super) rule: Rule,
    pub(super) needed: bool,
}

/// What a type is for, beyond being shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    Shown,
    /// Something is entered.
    Input(Entry),
    /// The form is sent.
    Submit,
}

/// What is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    Text,
    Number,
    Date,
    Time,
    Toggle,
    Choices,
}

/// A type.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) role: Role,
    /// Its own properties.
    own: &'static [Prop],
    /// Those it shares with others.
    shared: &'static [Prop],
}

impl Kind {
    /// Returns all properties of the type but `type` itself.
    pub(super) fn props(&self) -> impl Iterator<Item = &'static Prop> {
        self.own.iter().chain(self.shared)
    }
}

impl Family {
    /// Returns the types of the family.
    pub(super) const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Element => ELEMENTS,
            Self::Column => COLUMN,
            Self::Fact => FACT,
            Self::Inline => INLINE,
            Self::Choice => CHOICE,
            Self::Button | Self::Select => ACTIONS,
        }
    }

    /// Tells whether a member may leave out its `type`, because it can only be one.
    pub(super) const fn is_obvious(self) -> bool {
        match self {
            Self::Column | Self::Fact | Self::Choice => true,
            Self::Element | Self::Inline | Self::Button | Self::Select => false,
        }
    }

    /// Tells whether its members are elements that can hold others.
    pub(super) const fn nests(self) -> bool {
        match self {
            Self::Element | Self::Column => true,
            Self::Fact | Self::Inline | Self::Choice | Self::Button | Self::Select => false,
        }
    }
}

const fn may(name: &'static str, rule: Rule) -> Prop {
    Prop {
        name,
        rule,
        needed: false,
    }
}

const fn must(name: &'static str, rule: Rule) -> Prop {
    Prop {
        name,
        rule,
        needed: true,
    }
}

const fn shown(name: &'static str, own: &'static [Prop], shared: &'static [Prop]) -> Kind {
    Kind {
        name,
        role: Role::Shown,
        own,
        shared,
    }
}

const fn input(name: &'static str, entry: Entry, own: &'static [Prop]) -> Kind {
    Kind {
        name,
        role: Role::Input(entry),
        own,
        shared: OF_INPUTS,
    }
}

const COLORS: Rule = Rule::OneOf(&[
    "default",
    "dark",
    "light",
    "accent",
    "good",
    "warning",
    "attention",
]);
const STYLES: Rule = Rule::OneOf(&[
    "default",
    "emphasis",
    "good",
    "attention",
    "warning",
    "accent",
]);
const SIDES: Rule = Rule::OneOf(&["left", "center", "right"]);
const HEIGHTS: Rule = Rule::OneOf(&["top", "center", "bottom"]);
const FONTS: Rule = Rule::OneOf(&["default", "monospace"]);
const SIZES: Rule = Rule::OneOf(&["default", "small", "medium", "large", "extraLarge"]);
const WEIGHTS: Rule = Rule::OneOf(&["default", "lighter", "bolder"]);
const SPACES: Rule = Rule::OneOf(&[
    "none",
    "small",
    "default",
    "medium",
    "large",
    "extraLarge",
    "padding",
]);
const BLOCK: Rule = Rule::OneOf(&["auto", "stretch"]);
const SELECT: Rule = Rule::One(Family::Select);
const ELEMENT_LIST: Rule = Rule::List(Family::Element);

/// The card itself.
pub(super) static CARD: Kind = shown(
    "AdaptiveCard",
    &[
        must(
            "version",
            Rule::OneOf(&["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"]),
        ),
        may("$schema", Rule::Words),
        may("body", ELEMENT_LIST),
        may("actions", Rule::List(Family::Button)),
        may("fallbackText", Rule::Words),
        may("speak", Rule::Words),
        may("lang", Rule::Words),
        may("rtl", Rule::Flag),
        may("minHeight", Rule::Pixels),
        may("verticalContentAlignment", HEIGHTS),
    ],
    &[],
);

const OF_ELEMENTS: &[Prop] = &[
    may("id", Rule::Id),
    may("height", BLOCK),
    may("separator", Rule::Flag),
    may("spacing", SPACES),
];

const OF_INPUTS: &[Prop] = &[
    must("id", Rule::Id),
    may("label", Rule::Words),
    may("isRequired", Rule::Flag),
    may("errorMessage", Rule::Words),
    may("height", BLOCK),
    may("separator", Rule::Flag),
    may("spacing", SPACES),
];

static ELEMENTS: &[Kind] = &[
    shown(
        "TextBlock",
        &[
            must("text", Rule::Words),
            may("color", COLORS),
            may("fontType", FONTS),
            may("horizontalAlignment", SIDES),
            may("isSubtle", Rule::Flag),
            may("maxLines", Rule::Count),
            may("size", SIZES),
            may("weight", WEIGHTS),
            may("wrap", Rule::Flag),
            may("style", Rule::OneOf(&["default", "heading"])),
        ],
        OF_ELEMENTS,
    ),
    shown(
        "RichTextBlock",
        &[
            must("inlines", Rule::List(Family::Inline)),
            may("horizontalAlignment", SIDES),
        ],
        OF_ELEMENTS,
    ),
    shown(
        "Image",
        &[
            must("url", Rule::Picture),
            may("altText", Rule::Words),
            may("backgroundColor", Rule::Color),
            may("horizontalAlignment", SIDES),
            may("selectAction", SELECT),
            may(
                "size",
                Rule::OneOf(&["auto", "stretch", "small", "medium", "large"]),
            ),
            may("style", Rule::OneOf(&["default", "person"])),
            may("width", Rule::Pixels),
            may("height", Rule::Extent(&["auto", "stretch"])),
            may("id", Rule::Id),
            may("separator", Rule::Flag),
            may("spacing", SPACES),
        ],
        &[],
    ),
    shown(
        "Container",
        &[
            must("items", ELEMENT_LIST),
            may("selectAction", SELECT),
            may("style", STYLES),
            may("verticalContentAlignment", HEIGHTS),
            may("bleed", Rule::Flag),
            may("minHeight", Rule::Pixels),
            may("rtl", Rule::Flag),
        ],
        OF_ELEMENTS,
    ),
    shown(
        "ColumnSet",
        &[
            must("columns", Rule::List(Family::Column)),
            may("selectAction", SELECT),
            may("style", STYLES),
            may("bleed", Rule::Flag),
            may("minHeight", Rule::Pixels),
            may("horizontalAlignment", SIDES),
        ],
        OF_ELEMENTS,
    ),
    shown(
        "FactSet",
        &[must("facts", Rule::List(Family::Fact))],
        OF_ELEMENTS,
    ),
    shown(
        "ActionSet",
        &[must("actions", Rule::List(Family::Button))],
        OF_ELEMENTS,
    ),
    input(
        "Input.Text",
        Entry::Text,
        &[
            may("isMultiline", Rule::Flag),
            may("maxLength", Rule::Count),
            may("placeholder", Rule::Words),
            may("style", Rule::OneOf(&["text", "tel", "url", "email"])),
            may("value", Rule::Words),
        ],
    ),
    input(
        "Input.Number",
        Entry::Number,
        &[
            may("min", Rule::Number),
            may("max", Rule::Number),
            may("placeholder", Rule::Words),
            may("value", Rule::Number),
        ],
    ),
    input(
        "Input.Date",
        Entry::Date,
        &[
            may("min", Rule::Date),
            may("max", Rule::Date),
            may("placeholder", Rule::Words),
            may("value", Rule::Date),
        ],
    ),
    input(
        "Input.Time",
        Entry::Time,
        &[
            may("min", Rule::Time),
            may("max", Rule::Time),
            may("placeholder", Rule::Words),
            may("value", Rule::Time),
        ],
    ),
    input(
        "Input.Toggle",
        Entry::Toggle,
        &[
            must("title", Rule::Words),
            may("value", Rule::Words),
            may("valueOn", Rule::Filled),
            may("valueOff", Rule::Filled),
            may("wrap", Rule::Flag),
        ],
    ),
    input(
        "Input.ChoiceSet",
        Entry::Choices,
        &[
            must("choices", Rule::List(Family::Choice)),
            may("isMultiSelect", Rule::Flag),
            may("style", Rule::OneOf(&["compact", "expanded", "filtered"])),
            may("placeholder", Rule::Words),
            may("value", Rule::Words),
            may("wrap", Rule::Flag),
        ],
    ),
];

static COLUMN: &[Kind] = &[shown(
    "Column",
    &[
        may("items", ELEMENT_LIST),
        may("selectAction", SELECT),
        may("style", STYLES),
        may("verticalContentAlignment", HEIGHTS),
        may("bleed", Rule::Flag),
        may("minHeight", Rule::Pixels),
        may("rtl", Rule::Flag),
        may("width", Rule::Width),
    ],
    OF_ELEMENTS,
)];

static FACT: &[Kind] = &[shown(
    "Fact",
    &[must("title", Rule::Words), must("value", Rule::Words)],
    &[],
)];

static CHOICE: &[Kind] = &[shown(
    "Input.Choice",
    &[must("title", Rule::Words), must("value", Rule::Filled)],
    &[],
)];

static INLINE: &[Kind] = &[shown(
    "TextRun",
    &[
        must("text", Rule::Words),
        may("color", COLORS),
        may("fontType", FONTS),
        may("highlight", Rule::Flag),
        may("isSubtle", Rule::Flag),
        may("italic", Rule::Flag),
        may("selectAction", SELECT),
        may("size", SIZES),
        may("strikethrough", Rule::Flag),
        may("underline", Rule::Flag),
        may("weight", WEIGHTS),
    ],
    &[],
)];

const OF_ACTIONS: &[Prop] = &[
    may("title", Rule::Filled),
    may("iconUrl", Rule::Picture),
    may(
        "style",
        Rule::OneOf(&["default", "positive", "destructive"]),
    ),
    may("tooltip", Rule::Words),
    may("mode", Rule::OneOf(&["primary", "secondary"])),
];

static ACTIONS: &[Kind] = &[
    Kind {
        name: "Action.Submit",
        role: Role::Submit,
        own: &[
            must("id", Rule::Id),
            may("data", Rule::Data),
            may("associatedInputs", Rule::OneOf(&["auto", "none"])),
        ],
        shared: OF_ACTIONS,
    },
    shown(
        "Action.OpenUrl",
        &[must("url", Rule::Link), may("id", Rule::Id)],
        OF_ACTIONS,
    ),
];
