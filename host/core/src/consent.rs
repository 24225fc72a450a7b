//! What a person has said to one app, matter by matter.
//!
//! A matter is a permission, of a profile each claim alone
//! ([`Permission::matters`](crate::manifest::Permission::matters)). Whoever has opened an app has
//! agreed to what opening it means; what a later version asks for beyond that has to be asked.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::manifest::Permission;

/// What a person said to a matter.
// WHEN ADDING AN ANSWER: append it; it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Yes, to as much as was asked. More has to be asked for.
    Granted,
    /// Yes, to so much and no more: nobody asks for more.
    AtMost,
    /// No: nobody asks again.
    Refused,
}

/// What a person said to a matter, how much it was about, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stance {
    /// The matter; with a yes, as much of it as was agreed to.
    pub matter: Permission,
    /// What they said.
    pub answer: Answer,
    /// When.
    pub at: Timestamp,
}

/// A matter that is put before a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// All that is asked for.
    pub matter: Permission,
    /// What they have agreed to before.
    pub agreed: Option<Permission>,
    /// Why, in the words of the app's manifest.
    pub reason: String,
}

/// Everything a person has said to one app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consents {
    opened: bool,
    stances: Vec<Stance>,
}

impl Consents {
    /// Returns whether the person has ever opened the app.
    pub fn opened(&self) -> bool {
        self.opened
    }

    /// Returns every stance, in the order they were first taken.
    pub fn stances(&self) -> &[Stance] {
        &self.stances
    }

    /// Returns what the person said to a matter, if they said anything.
    pub fn on(&self, matter: &Permission) -> Option<&Stance> {
        self.stances.iter().find(|it| it.matter.is_about(matter))
    }

    /// Notes what the person says now, in the place of what they said before.
    pub fn say(&mut self, stance: Stance) {
        let about = |it: &&mut Stance| it.matter.is_about(&stance.matter);
        match self.stances.iter_mut().find(about) {
            Some(before) => *before = stance,
            None => self.stances.push(stance),
        }
    }

    /// Forgets what the person said to a matter.
    pub fn take_back(&mut self, matter: &Permission) {
        self.stances.retain(|it| !it.matter.is_about(matter));
    }

    /// Opens the app for the first time: that is a yes to each of these that they have said nothing
    /// to.
    pub fn open(&mut self, matters: impl IntoIterator<Item = Permission>, at: Timestamp) {
        self.opened = true;
        for matter in matters {
            if self.on(&matter).is_none() {
                self.say(Stance {
                    matter,
                    answer: Answer::Granted,
                    at,
                });
            }
        }
    }

    /// Answers a line. Whoever says no keeps what they had agreed to.
    pub fn answer(&mut self, line: &Line, yes: bool, at: Timestamp) {
        let (matter, answer) = match (&line.agreed, yes) {
            (_, true) => (&line.matter, Answer::Granted),
            (Some(agreed), false) => (agreed, Answer::AtMost),
            (None, false) => (&line.matter, Answer::Refused),
        };
        let matter = matter.clone();
        self.say(Stance { matter, answer, at });
    }
}

impl Line {
    /// Returns what is new about it.
    pub fn difference(&self) -> Permission {
        let agreed = self.agreed.as_ref();
        let more = agreed.and_then(|agreed| self.matter.beyond(agreed));
        more.unwrap_or_else(|| self.matter.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_348_800_000);

    fn pay(most: &str) -> Permission {
        let max_amount = most.parse().unwrap();
        Permission::WalletRequest { max_amount }
    }

    fn line(matter: &str, agreed: Option<&str>) -> Line {
        Line {
            matter: pay(matter),
            agreed: agreed.map(pay),
            reason: "To be paid".to_owned(),
        }
    }

    #[test]
    fn opening_says_yes_to_what_nobody_decided() {
        let mut consents = Consents::default();
        let (matter, answer, at) = (pay("5.00 USD"), Answer::Refused, NOON);
        consents.say(Stance { matter, answer, at });
        assert!(!consents.opened());
        consents.open([pay("9.00 USD"), Permission::Schedule], NOON);
        assert!(consents.opened());
        let said = |matter| consents.on(&matter).map(|stance| stance.answer);
        assert_eq!(said(pay("1.00 EUR")), Some(Answer::Refused));
        assert_eq!(said(Permission::Schedule), Some(Answer::Granted));
        assert_eq!(said(Permission::MessagingPost), None);
    }

    #[test]
    fn a_no_to_more_keeps_what_there_was() {
        let mut consents = Consents::default();
        let mut said = |line: &Line, yes| {
            consents.answer(line, yes, NOON);
            let stance = consents.on(&line.matter).unwrap();
            (stance.matter.clone(), stance.answer)
        };
        let more = line("9.00 USD", Some("5.00 USD"));
        assert_eq!(said(&more, true), (pay("9.00 USD"), Answer::Granted));
        assert_eq!(said(&more, false), (pay("5.00 USD"), Answer::AtMost));
        let new = line("9.00 USD", None);
        assert_eq!(said(&new, false), (pay("9.00 USD"), Answer::Refused));
        consents.take_back(&new.matter);
        assert_eq!(consents.stances(), []);
    }
}
