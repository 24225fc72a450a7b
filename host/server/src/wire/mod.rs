//! What goes over the wire: the shapes of requests and answers, apart from what is stored, so that
//! either can change without the other.

pub mod apps;
pub mod by_hand;
pub mod chats;
pub mod consents;
pub mod events;
pub mod grants;
pub mod keys;
pub mod links;
pub mod operator;
pub mod orders;
pub mod passages;
pub mod people;
pub mod stream;
pub mod takings;
pub mod traces;
pub mod wallet;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use souk_core::limits::{PAGE_ENTRIES_DEFAULT, PAGE_ENTRIES_MAX};

use crate::problem::{Problem, Slip};

/// A list, or a page of one.
#[derive(Debug, Serialize, Deserialize)]
pub struct List<T> {
    /// What is in it.
    pub items: Vec<T>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next: Option<String>,
}

impl<T> List<T> {
    pub(crate) fn whole(items: impl Iterator<Item = T>) -> Self {
        Self {
            items: items.collect(),
            next: None,
        }
    }

    /// A page that ends at a place of a log, with the cursor of the next.
    pub(crate) fn page(items: impl Iterator<Item = T>, limit: usize, last: Option<u64>) -> Self {
        // Nothing comes before the first place of all.
        Self::page_to(items, limit, last.filter(|last| *last > 0))
    }

    /// A page with the cursor of the next, if there can be one.
    pub(crate) fn page_to(
        items: impl Iterator<Item = T>,
        limit: usize,
        next: Option<impl ToString>,
    ) -> Self {
        let items: Vec<T> = items.collect();
        // A short page is the last.
        let next = next.filter(|_| items.len() == limit);
        Self {
            items,
            next: next.map(|next| next.to_string()),
        }
    }
}

/// Which page of a list is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct PageAsk {
    /// At most so many, up to 200; 50 when absent.
    pub limit: Option<usize>,
    /// What `next` of the page before said.
    pub cursor: Option<String>,
}

impl PageAsk {
    pub(crate) fn limit(&self) -> Result<usize, Problem> {
        match self.limit.unwrap_or(PAGE_ENTRIES_DEFAULT) {
            limit @ 1..=PAGE_ENTRIES_MAX => Ok(limit),
            _ => Err(Slip::Query(format!("limit must be 1 to {PAGE_ENTRIES_MAX}")).into()),
        }
    }

    pub(crate) fn cursor<C: FromStr>(&self) -> Result<Option<C>, Problem> {
        let cursor = self.cursor.as_ref().map(|cursor| cursor.parse());
        cursor
            .transpose()
            .map_err(|_| Slip::Query("cursor is not one that this host gave".to_owned()).into())
    }
}
