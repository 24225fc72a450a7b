//! What there is and what it costs.

use serde::{Deserialize, Serialize};
use souk_sdk::prelude::*;

use crate::Press;

/// The flowers of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flower {
    Roses,
    Tulips,
    Peonies,
}

/// The form under the flowers. Its fields are the inputs, their comments the labels.
#[derive(Form, Deserialize)]
pub struct Wish {
    /// Which flowers?
    #[input(expanded, value(Flower::Roses))]
    pub flower: Flower,
    /// How many stems?
    #[input(range(1, 24), value(6))]
    pub stems: u32,
    /// Which name goes on the card?
    #[input(placeholder("Ana"), max_length(40))]
    pub name: String,
}

/// Posts today's flowers, with the form to order from them.
pub fn show() -> Result {
    Chat::current()?.post(card())?;
    Ok(())
}

fn card() -> Card {
    let price = |flower: &Flower| (flower.title(), format!("{} a stem", flower.price()));
    Card::new("Today's flowers: roses, tulips and peonies. Order on the card.")
        .heading("Today's flowers")
        .facts(Flower::ALL.iter().map(price))
        .text("You pay for the stems that are fresh when the bouquet leaves, and for no others.")
        .form::<Wish>()
        .button(Button::submit("order", "Order", Press::Order).positive())
}

impl Flower {
    /// What a stem costs.
    pub fn price(self) -> Money {
        Money::usd(match self {
            Self::Roses => 150,
            Self::Tulips => 100,
            Self::Peonies => 200,
        })
    }

    /// How many stems were delivered to a chat.
    pub fn delivered(self) -> u32 {
        match self {
            Self::Roses => 24,
            Self::Tulips => 4,
            Self::Peonies => 12,
        }
    }

    /// So many of them, as one says it: `1 rose`, `6 roses`.
    pub fn count(self, stems: u32) -> String {
        let one = match self {
            Self::Roses => "rose",
            Self::Tulips => "tulip",
            Self::Peonies => "peony",
        };
        match stems {
            0 => format!("no {}", self.title().to_lowercase()),
            1 => format!("1 {one}"),
            _ => format!("{stems} {}", self.title().to_lowercase()),
        }
    }
}

impl Choice for Flower {
    const ALL: &[Self] = &[Self::Roses, Self::Tulips, Self::Peonies];

    fn title(&self) -> String {
        format!("{self:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_says_every_flower_and_what_it_costs() {
        let card = card().to_json().unwrap();
        for flower in Flower::ALL {
            assert!(card.contains(&flower.title()), "{card}");
            assert!(
                card.contains(&format!("{} a stem", flower.price())),
                "{card}"
            );
        }
    }

    #[test]
    fn the_largest_bouquet_stays_below_what_the_manifest_allows() {
        for flower in Flower::ALL {
            let most = flower.price().times(24).unwrap();
            assert!(most.minor() <= 5_000, "{flower:?}: {most}");
        }
    }

    #[test]
    fn flowers_are_counted_as_one_says_it() {
        assert_eq!(Flower::Peonies.count(1), "1 peony");
        assert_eq!(Flower::Roses.count(6), "6 roses");
        assert_eq!(Flower::Tulips.count(0), "no tulips");
    }
}
