//! The clocks: both stand still at the event's time, so that a run that is repeated sees the same.

use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock::{self, Duration, Instant};
use wasmtime_wasi::p2::bindings::clocks::wall_clock::{self, Datetime};
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};
use wasmtime_wasi_io::async_trait;

use crate::ctx::Ctx;

/// Events are timed in milliseconds.
const RESOLUTION_NS: u64 = 1_000_000;

/// A sleep. No time passes in a run, so it is over at once.
struct Slept;

#[async_trait]
impl Pollable for Slept {
    async fn ready(&mut self) {}
}

impl wall_clock::Host for Ctx {
    fn now(&mut self) -> wasmtime::Result<Datetime> {
        self.door.count_wasi()?;
        let (seconds, millis) = (self.wasi.at / 1_000, self.wasi.at % 1_000);
        let nanoseconds = u32::try_from(millis).unwrap_or(0).saturating_mul(1_000_000);
        Ok(Datetime {
            seconds,
            nanoseconds,
        })
    }

    fn resolution(&mut self) -> wasmtime::Result<Datetime> {
        self.door.count_wasi()?;
        Ok(Datetime {
            seconds: 0,
            nanoseconds: 1_000_000,
        })
    }
}

impl monotonic_clock::Host for Ctx {
    fn now(&mut self) -> wasmtime::Result<Instant> {
        self.door.count_wasi()?;
        Ok(self.wasi.at.saturating_mul(RESOLUTION_NS))
    }

    fn resolution(&mut self) -> wasmtime::Result<Duration> {
        self.door.count_wasi()?;
        Ok(RESOLUTION_NS)
    }

    fn subscribe_instant(&mut self, _: Instant) -> wasmtime::Result<Resource<DynPollable>> {
        self.sleep()
    }

    fn subscribe_duration(&mut self, _: Duration) -> wasmtime::Result<Resource<DynPollable>> {
        self.sleep()
    }
}

impl Ctx {
    fn sleep(&mut self) -> wasmtime::Result<Resource<DynPollable>> {
        self.door.count_wasi()?;
        let slept = self.give(Slept)?;
        subscribe(&mut self.table, slept)
    }
}
