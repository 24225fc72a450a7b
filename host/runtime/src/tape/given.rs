//! What a guest says in a call, as it is kept: whole when it is short, else as a digest.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use souk_core::limits::TRACE_GIVEN_WHOLE_BYTES_MAX;

use crate::border::Crosses;

/// What the guest said, or enough to tell whether it says the same again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Given {
    Whole(Vec<u8>),
    /// How many bytes, and the first half of their SHA-256.
    Digest(u64, [u8; 16]),
}

/// What a guest says, as it is written down: never more of it in memory than may be kept.
#[derive(Default)]
pub(super) struct Said {
    whole: Vec<u8>,
    more: Option<More>,
}

/// What was said, once it is too much to be kept.
struct More {
    hash: Sha256,
    /// What is not in the hash yet.
    buffer: Vec<u8>,
    bytes: u64,
}

impl Given {
    /// Whether it is the same, though of one of the two only a digest may have been kept.
    pub(super) fn is(&self, said: &Self) -> bool {
        match (self, said) {
            (Self::Digest(..), Self::Whole(whole)) => *self == digest(whole),
            (Self::Whole(_), _) | (Self::Digest(..), Self::Digest(..)) => self == said,
        }
    }
}

impl Said {
    pub(super) fn of(given: &impl Crosses) -> Self {
        let mut said = Self::default();
        given.write(&mut said);
        said
    }

    pub(super) fn given(self) -> Given {
        match self.more {
            None => Given::Whole(self.whole),
            Some(more) => more.digest(),
        }
    }

    fn push(&mut self, byte: u8) {
        match &mut self.more {
            Some(more) => more.push(byte),
            None if self.whole.len() < TRACE_GIVEN_WHOLE_BYTES_MAX => self.whole.push(byte),
            None => {
                let mut more = More::of(&self.whole);
                more.push(byte);
                self.more = Some(more);
            }
        }
    }
}

impl Extend<u8> for Said {
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        bytes.into_iter().for_each(|byte| self.push(byte));
    }
}

impl More {
    fn of(said: &[u8]) -> Self {
        Self {
            hash: Sha256::new_with_prefix(said),
            buffer: Vec::with_capacity(TRACE_GIVEN_WHOLE_BYTES_MAX),
            bytes: length(said),
        }
    }

    fn push(&mut self, byte: u8) {
        self.buffer.push(byte);
        self.bytes = self.bytes.saturating_add(1);
        if self.buffer.len() >= TRACE_GIVEN_WHOLE_BYTES_MAX {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn digest(mut self) -> Given {
        self.hash.update(&self.buffer);
        Given::Digest(self.bytes, half(self.hash))
    }
}

/// As much of what was said as tells it from anything else.
pub(super) fn digest(said: &[u8]) -> Given {
    Given::Digest(length(said), half(Sha256::new_with_prefix(said)))
}

fn half(hash: Sha256) -> [u8; 16] {
    let digest: [u8; 32] = hash.finalize().into();
    let (half, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
    *half
}

fn length(said: &[u8]) -> u64 {
    u64::try_from(said.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_same_however_it_came_about() {
        for bytes in [0, 1, 4_095, 4_096, 4_097, 8_192, 20_000] {
            let long = "x".repeat(bytes);
            let mut whole = Vec::new();
            (long.clone(),).write(&mut whole);
            let said = Said::of(&(long,)).given();
            assert!(digest(&whole).is(&said), "{bytes}");
        }
    }
}
