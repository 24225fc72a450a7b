//! What there is and what it costs.

use serde::{Deserialize, Serialize};
use souk_sdk::prelude::*;

use crate::Press;

/// The teas of the house.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tea {
    Jasmine,
    Sencha,
    Oolong,
}

/// How large a cup is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    Small,
    Large,
}

/// The form on the menu. Its fields are the inputs, their comments the labels.
#[derive(Form, Deserialize)]
pub struct Wish {
    /// Which tea?
    #[input(value(Tea::Jasmine))]
    pub tea: Tea,
    /// Which size?
    #[input(expanded, value(Size::Small))]
    pub size: Size,
    /// How many?
    #[input(range(1, 9), value(1))]
    pub quantity: u32,
    /// A note for the tea master
    #[input(placeholder("Less sugar, please"), max_length(80))]
    pub note: Option<String>,
}

/// Posts today's menu, with the form to order from it.
pub fn show(table: Option<u8>) -> Result {
    Chat::current()?.post(card(table))?;
    Ok(())
}

fn card(table: Option<u8>) -> Card {
    let heading = table.map_or("Today's menu".to_owned(), |table| {
        format!("Today's menu at table {table}")
    });
    Card::new("Today's menu: jasmine, sencha and oolong. Order on the card.")
        .heading(heading)
        .facts(Tea::ALL.iter().map(|tea| (tea.title(), prices(*tea))))
        .form::<Wish>()
        .button(Button::submit("order", "Order", Press::Order).positive())
}

fn prices(tea: Tea) -> String {
    format!(
        "small {}, large {}",
        price(tea, Size::Small),
        price(tea, Size::Large)
    )
}

/// What a cup costs.
pub fn price(tea: Tea, size: Size) -> Money {
    Money::usd(match (tea, size) {
        (Tea::Jasmine, Size::Small) => 250,
        (Tea::Jasmine, Size::Large) => 350,
        (Tea::Sencha, Size::Small) => 300,
        (Tea::Sencha, Size::Large) => 400,
        (Tea::Oolong, Size::Small) => 350,
        (Tea::Oolong, Size::Large) => 450,
    })
}

impl Wish {
    /// What it is, in a word or two: `large jasmine`.
    pub fn kind(&self) -> String {
        format!("{} {}", self.size.title(), self.tea.title()).to_lowercase()
    }
}

impl Choice for Tea {
    const ALL: &[Self] = &[Self::Jasmine, Self::Sencha, Self::Oolong];

    fn title(&self) -> String {
        format!("{self:?}")
    }
}

impl Choice for Size {
    const ALL: &[Self] = &[Self::Small, Self::Large];

    fn title(&self) -> String {
        format!("{self:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_says_every_tea_and_what_it_costs() {
        let menu = card(Some(4)).to_json().unwrap();
        assert!(menu.contains("at table 4"), "{menu}");
        for tea in Tea::ALL {
            assert!(menu.contains(&tea.title()), "{menu}");
            assert!(menu.contains(&prices(*tea)), "{menu}");
        }
        assert_eq!(prices(Tea::Jasmine), "small 2.50 USD, large 3.50 USD");
    }

    #[test]
    fn the_largest_order_stays_below_what_the_manifest_allows() {
        for tea in Tea::ALL {
            let most = price(*tea, Size::Large).times(9).unwrap();
            assert!(most.minor() <= 5_000, "{tea:?}: {most}");
        }
    }

    #[test]
    fn a_wish_is_named_as_one_says_it() {
        let wish = Wish {
            tea: Tea::Jasmine,
            size: Size::Large,
            quantity: 2,
            note: None,
        };
        assert_eq!(wish.kind(), "large jasmine");
    }
}
