//! `messaging`: a mini-app speaks in the chat its event came from, and later where somebody let it.
//!
//! Contract: `sdk/wit/deps/souk-messaging`. Rules: `souk-chat`. What an app says in answer to a
//! person is sealed with that person's key in the chat, and erased with it.

mod host;
#[cfg(test)]
mod tests;

use souk_core::{ChatId, PushId};
use souk_store::Owner;

use crate::denied::No;
use crate::limits::Limits;

/// What a guest holds of a chat: the right to speak in it.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
#[derive(Clone, Debug)]
pub struct ChatHandle {
    chat: ChatId,
    is_group: bool,
    /// Whose key seals what is said here to all.
    owner: Owner,
    /// What each message is paid with, where the event itself does not give the right.
    push: Option<PushId>,
}

/// What one run may still say.
pub(crate) struct MessagingCtx {
    most: usize,
    posts_left: usize,
    edits_left: usize,
}

impl MessagingCtx {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            most: limits.messages,
            posts_left: limits.messages,
            edits_left: limits.messages,
        }
    }

    /// Whether one more message may be posted.
    fn may_post(&self) -> Result<(), No> {
        if self.posts_left == 0 {
            Err(No::over_limit("messages", self.most))
        } else {
            Ok(())
        }
    }

    fn posted(&mut self) {
        self.posts_left = self.posts_left.saturating_sub(1);
    }

    /// Whether one more message may be changed, for all or for one.
    fn may_edit(&self) -> Result<(), No> {
        if self.edits_left == 0 {
            Err(No::over_limit("edits", self.most))
        } else {
            Ok(())
        }
    }

    fn edited(&mut self) {
        self.edits_left = self.edits_left.saturating_sub(1);
    }
}
