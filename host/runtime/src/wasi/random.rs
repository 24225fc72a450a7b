//! Randomness that follows from the event: a run that is repeated draws the same numbers.
//!
//! The seed is a keyed hash of the event's id, so nobody can foretell it and nothing secret comes
//! out of it. From the seed on, a trace can repeat every draw without the key.

use sha2::{Digest, Sha256};
use souk_core::TypedId;
use wasmtime_wasi::p2::bindings::random::{insecure, insecure_seed, random};

use crate::ctx::Ctx;
use crate::denied::Halt;

/// The seed, and how much was drawn from it.
pub(super) struct Random {
    seed: [u8; 32],
    drawn: u64,
}

impl Random {
    pub(super) fn of(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    pub(super) fn seed(&self) -> [u8; 32] {
        self.seed
    }

    /// The next 32 bytes: SHA-256 over the seed and a count.
    fn block(&mut self) -> [u8; 32] {
        self.drawn = self.drawn.saturating_add(1);
        let hash = Sha256::new_with_prefix(self.seed).chain_update(self.drawn.to_be_bytes());
        hash.finalize().into()
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count.saturating_add(32));
        while bytes.len() < count {
            bytes.extend(self.block());
        }
        bytes.truncate(count);
        bytes
    }

    fn number(&mut self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.block();
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

impl Ctx {
    /// The run's randomness, seeded when it is first asked for: most runs draw nothing.
    fn random(&mut self) -> &mut Random {
        self.wasi.random.get_or_insert_with(|| {
            let event = self.job.event.id.bits().to_be_bytes();
            Random::of(self.txn.keyring().keyed_hash("guest-seed", &[&event]))
        })
    }

    fn draw(&mut self, count: u64) -> wasmtime::Result<Vec<u8>> {
        self.door.count_wasi()?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.door.hand_out_wasi(count).map_err(Halt::from)?;
        Ok(self.random().bytes(count))
    }

    fn draw_number(&mut self) -> wasmtime::Result<u64> {
        self.door.count_wasi()?;
        Ok(self.random().number())
    }
}

impl random::Host for Ctx {
    fn get_random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        self.draw(len)
    }

    fn get_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.draw_number()
    }
}

impl insecure::Host for Ctx {
    fn get_insecure_random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        self.draw(len)
    }

    fn get_insecure_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.draw_number()
    }
}

impl insecure_seed::Host for Ctx {
    fn insecure_seed(&mut self) -> wasmtime::Result<(u64, u64)> {
        Ok((self.draw_number()?, self.draw_number()?))
    }
}
