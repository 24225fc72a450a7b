//! A request for something of somebody's, with the names that stand in it.

use serde_json::Value;
use souk::client::{Answer, Client, ClientError, Method};

use crate::Wrong;

/// A request.
#[derive(Clone)]
pub(super) struct Probe {
    method: Method,
    pub(super) path: String,
    kind: &'static str,
    body: Vec<u8>,
    /// What it names, in order.
    ids: Vec<String>,
    /// The chat it has to do with.
    pub(super) chat: Option<String>,
}

impl Probe {
    /// A request of the router's table, with nothing named yet.
    ///
    /// # Errors
    /// When that is not a method and an address.
    pub(super) fn of(route: &str) -> Result<Self, Wrong> {
        let (method, path) = route.split_once(' ').ok_or("an address has a method")?;
        Ok(Self {
            method: method.to_uppercase().parse()?,
            path: path.to_owned(),
            kind: "application/json",
            body: Vec::new(),
            ids: Vec::new(),
            chat: None,
        })
    }

    /// Tells whether a kind of thing is to be named.
    pub(super) fn names(&self, kind: &str) -> bool {
        self.path.contains(kind)
    }

    /// The first kind of thing that is not named yet.
    pub(super) fn unnamed(&self) -> Option<String> {
        let (_, rest) = self.path.split_once('{')?;
        let (kind, _) = rest.split_once('}')?;
        Some(format!("{{{kind}}}"))
    }

    /// Names a thing of a kind, if one is to be named.
    pub(super) fn name(&mut self, kind: &str, id: &str) {
        if self.names(kind) {
            self.path = self.path.replace(kind, id);
            self.ids.push(id.to_owned());
        }
    }

    pub(super) fn json(&mut self, body: &Value) {
        self.body = body.to_string().into_bytes();
    }

    pub(super) fn package(&mut self, package: Vec<u8>) {
        self.kind = "application/wasm";
        self.body = package;
    }

    /// The same for the first thing's namesake of whoever asks; `None` where only one is named.
    pub(super) fn within(&self, chat: &str, app: &str) -> Option<Self> {
        let [first, _, ..] = self.ids.as_slice() else {
            return None;
        };
        let own = if is_app(first) { app } else { chat };
        let mut probe = self.clone();
        probe.path = self.path.replace(first, own);
        probe.ids.remove(0);
        Some(probe)
    }

    /// The same for things that nobody has; `None` where nothing is named. An app is one of them
    /// only where nothing else is named: everybody sees which there are.
    pub(super) fn of_nobodys(&self) -> Option<Self> {
        let mut probe = self.clone();
        let only_app = self.secrets().next().is_none();
        for id in &mut probe.ids {
            if only_app || !is_app(id) {
                let other = another(id);
                probe.path = probe.path.replace(id.as_str(), &other);
                *id = other;
            }
        }
        Some(probe).filter(|probe| !probe.ids.is_empty())
    }

    /// The names in it that nobody else is to see: those of apps everybody sees.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        let ids = self.ids.iter().map(String::as_str);
        ids.filter(|id| !is_app(id))
    }

    /// Asks as somebody.
    pub(super) async fn ask(&self, by: &Client) -> Result<Answer, ClientError> {
        by.ask(
            self.method.clone(),
            &self.path,
            self.kind,
            self.body.clone(),
        )
        .await
    }

    /// An answer's words, without the names that stand in the request.
    pub(super) fn words(&self, answer: &Answer) -> String {
        let words = String::from_utf8_lossy(&answer.body).into_owned();
        self.ids
            .iter()
            .fold(words, |words, id| words.replace(id, "*"))
    }
}

impl std::fmt::Display for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

fn is_app(id: &str) -> bool {
    id.starts_with("com.")
}

/// A name like this one that nobody has.
fn another(id: &str) -> String {
    let at = id.len().saturating_sub(3);
    let (head, tail) = id.split_at_checked(at).unwrap_or((id, ""));
    let mut rest = tail.chars();
    let other = if rest.next() == Some('7') { '8' } else { '7' };
    format!("{head}{other}{}", rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_are_those_that_others_may_not_see() {
        let mut probe = Probe::of("get /v1/apps/{app}/traces/{trace}").unwrap();
        probe.name("{app}", "com.example.things");
        assert_eq!(probe.unnamed().as_deref(), Some("{trace}"));
        let app = probe.of_nobodys().unwrap();
        assert_eq!(app.path, "/v1/apps/com.example.thi7gs/traces/{trace}");
        probe.name("{trace}", "trc_01j00000000000000000000789");
        let trace = probe.of_nobodys().unwrap();
        assert_eq!(
            trace.path,
            "/v1/apps/com.example.things/traces/trc_01j00000000000000000000889"
        );
        let within = probe.within("cht_1", "com.example.eves").unwrap();
        assert_eq!(
            within.path,
            "/v1/apps/com.example.eves/traces/trc_01j00000000000000000000789"
        );
        assert!(Probe::of("get /v1/me").unwrap().of_nobodys().is_none());
    }
}
