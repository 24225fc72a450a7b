//! Handles that were once given: to an earlier run, to another app, or to this run until it dropped
//! them. Each guest of `tests/guests/hostile/deputies` uses one, right after runs that left as many
//! open as they could.

use souk_core::Blame;
use souk_runtime::{End, FaultKind, Prepared};

use crate::cell::Cell;
use crate::dice::Dice;
use crate::{Wrong, corpus};

/// Opens handles and leaves them open.
const LEAVES_OPEN: &str = r#"
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(func $attack (local $n i32)
  (loop $on
    (call $current (i32.const 64))
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br_if $on (i32.lt_u (local.get $n) (i32.const 100)))))"#;

/// Guests that use what is not theirs any more.
pub(super) struct Kept {
    leaves_open: Prepared,
    deputies: Vec<(String, Prepared)>,
}

impl Kept {
    pub(super) fn open(cell: &Cell) -> Result<Self, Wrong> {
        let prepare = |component: &[u8]| cell.runtime.prepare(component);
        let deputies = corpus::folder("deputies")?.into_iter();
        let deputies = deputies.map(|guest| Ok((guest.name, prepare(&guest.component)?)));
        Ok(Self {
            leaves_open: prepare(&corpus::component(LEAVES_OPEN)?)?,
            deputies: deputies.collect::<Result<_, Wrong>>()?,
        })
    }

    /// Leaves handles open, as another app and as the same, and has one used.
    pub(super) async fn try_one(&self, cell: &Cell, dice: &mut Dice) -> Result<(), Wrong> {
        let mut job = cell.job("any");
        job.event.app = "com.example.another".parse()?;
        let txn = cell.store.begin()?;
        let other = cell.runtime.run(&self.leaves_open, job, &txn).await?.end;
        let own = cell.command(&self.leaves_open, "any").await?.end;
        if !matches!((&other, &own), (End::Ok, End::Ok)) {
            return Err(format!("no handles are left open: {other:?}, {own:?}").into());
        }
        let (name, deputy) = dice.pick(&self.deputies).ok_or("there are no deputies")?;
        match cell.command(deputy, "any").await?.end {
            End::Fault(fault) if (fault.kind, fault.blame) == (FaultKind::Crash, Blame::Guest) => {
                Ok(())
            }
            other => Err(format!("{name}: {other:?}").into()),
        }
    }
}
