//! What a generator of WebAssembly thinks of: `tests/smith`, a program of its own, makes a section
//! of chance.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Wrong;
use crate::dice::Dice;

/// The program, as `tests/campaign` has it built.
const SMITH: &str = "../smith/target/release/souk-smith";
/// How much chance one section is made of, at most: more than most of them use up.
const CHANCE_BYTES: usize = 16 << 10;

/// Generates a section that a component can have behind all its others.
pub(super) fn section(dice: &mut Dice) -> Result<Vec<u8>, Wrong> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SMITH);
    let mut smith = Command::new(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", path.display()))?;
    // Dropped behind the last byte: the smith reads to the end.
    let mut chance = smith.stdin.take().ok_or("the smith reads nothing")?;
    chance.write_all(&bytes(dice))?;
    drop(chance);
    let made = smith.wait_with_output()?;
    if made.status.success() {
        Ok(made.stdout)
    } else {
        Err(format!("the smith ended with {}", made.status).into())
    }
}

fn bytes(dice: &mut Dice) -> Vec<u8> {
    let length = 1 + dice.place(CHANCE_BYTES);
    let byte = |_| u8::try_from(dice.below(256)).unwrap_or_default();
    (0..length).map(byte).collect()
}
