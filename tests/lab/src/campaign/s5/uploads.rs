//! Things that are uploaded: a good package that was damaged, with and without a signature over
//! the damage, and packages that are good but for one part, which a generator made, or which is
//! made to be hard to compile.

use std::fmt::Write;

use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use super::generated;
use crate::dice::Dice;
use crate::{Wrong, echo};

/// Something to upload.
pub(super) struct Upload {
    /// What was done to it.
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Makes the parts of a package hard to compile; it is given how hard.
type Bomb = fn(&mut Dice, usize) -> String;

const BOMBS: [(&str, Bomb); 9] = [
    ("one long function", long_function),
    ("many functions", many_functions),
    ("deeply nested blocks", nested_blocks),
    ("a large jump table", jump_table),
    ("many locals", many_locals),
    ("instances of instances", instances),
    ("nested components", nested_components),
    ("large data", large_data),
    ("random instructions", random_instructions),
];

/// One in so many uploads is made as hard as can be; the others are small.
const HARDEST: u64 = 100;
/// How hard that is, within what a package may come to.
const HARDEST_SIZE: usize = 1_000_000;

impl Upload {
    /// Makes the upload of a seed: any, or one that is as hard as can be.
    pub(super) fn of(seed: u64, hardest: bool) -> Result<Self, Wrong> {
        let mut dice = Dice::new(seed);
        match dice.below(3) {
            _ if hardest => {}
            0 => return damaged(&mut dice),
            1 => return beside("generated", &generated::section(&mut dice)?),
            _ => {}
        }
        let hardest = hardest || dice.below(HARDEST) == 0;
        let (kind, bomb) = *dice.pick(&BOMBS).ok_or("there are no bombs")?;
        let size = if hardest {
            HARDEST_SIZE
        } else {
            1 + dice.place(2_000)
        };
        let part = wat::parse_str(format!("(component {})", bomb(&mut dice, size)))?;
        beside(kind, part.get(8..).unwrap_or_default())
    }
}

/// A package of the sections of a part, behind those of a component that can be run.
fn beside(kind: &'static str, sections: &[u8]) -> Result<Upload, Wrong> {
    let bytes = signed(&[echo::component()?.as_slice(), sections].concat());
    Ok(Upload { kind, bytes })
}

/// A package whose bytes were changed, then signed or not.
fn damaged(dice: &mut Dice) -> Result<Upload, Wrong> {
    let mut component = echo::component()?;
    for _ in 0..=dice.place(8) {
        damage(dice, &mut component);
    }
    if dice.below(4) == 0 {
        damage(dice, &mut component);
        return Ok(Upload {
            kind: "damaged",
            bytes: component,
        });
    }
    Ok(Upload {
        kind: "damaged, then signed",
        bytes: signed(&component),
    })
}

/// Changes, takes out, doubles or moves some bytes.
fn damage(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let (from, length) = (dice.place(bytes.len()), 1 + dice.place(64));
    let to = (from + length).min(bytes.len());
    match dice.below(4) {
        0 => {
            if let Some(byte) = bytes.get_mut(from) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => drop(bytes.drain(from..to)),
        2 => {
            let again = bytes.get(from..to).unwrap_or_default().to_vec();
            let at = dice.place(bytes.len());
            bytes.splice(at..at, again);
        }
        _ => bytes.get_mut(from..to).unwrap_or_default().fill(0xff),
    }
}

/// Packs something up as if it were a component. No builder would take it, so it is done by hand.
fn signed(component: &[u8]) -> Vec<u8> {
    let mut file = component.to_vec();
    section(&mut file, "souk.manifest", echo::MANIFEST.as_bytes());
    let key = SigningKey::from_bytes(&[7; 32]);
    let signature = key.sign(&Sha256::digest(&file));
    let (public, signature) = (key.verifying_key().to_bytes(), signature.to_bytes());
    section(
        &mut file,
        "souk.signature",
        &[&[1], public.as_slice(), &signature].concat(),
    );
    file
}

/// Writes a custom section.
fn section(file: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    let section = wasm_encoder::CustomSection {
        name: name.into(),
        data: bytes.into(),
    };
    file.push(wasm_encoder::Section::id(&section));
    wasm_encoder::Encode::encode(&section, file);
}

fn module(function: &str) -> String {
    format!("(core module (memory 1) (table 1 funcref) {function})")
}

fn long_function(_: &mut Dice, size: usize) -> String {
    let body = "(local.set 0 (i64.mul (local.get 0) (i64.add (local.get 1) (i64.const 7))))";
    module(&format!("(func (param i64 i64) {})", body.repeat(size)))
}

fn many_functions(_: &mut Dice, size: usize) -> String {
    module(&"(func (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 3)))".repeat(size))
}

fn nested_blocks(_: &mut Dice, size: usize) -> String {
    let depth = size.min(10_000);
    let (open, close) = ("block\n".repeat(depth), "end\n".repeat(depth));
    module(&format!(
        "(func (param i32) {open} local.get 0 br_if 0 {close})"
    ))
}

fn jump_table(_: &mut Dice, size: usize) -> String {
    let targets = "0 1 2 3 ".repeat(size / 4 + 1);
    module(&format!(
        "(func (param i32) block block block local.get 0 br_table {targets} end end end)"
    ))
}

fn many_locals(_: &mut Dice, size: usize) -> String {
    let count = size.clamp(2, 40_000);
    let mut body = String::new();
    for local in 1..count {
        // Writing into a text never fails.
        let _ = write!(
            body,
            "(local.set {local} (i64.add (local.get {}) (local.get {})))",
            local - 1,
            count - local
        );
    }
    module(&format!("(func (local {}) {body})", "i64 ".repeat(count)))
}

/// Each component makes two instances of the one before: 2^n in all.
fn instances(_: &mut Dice, size: usize) -> String {
    let levels = 4 + size % 24;
    let mut text = "(component $c0 (core module $m) (core instance (instantiate $m)))".to_owned();
    for level in 1..levels {
        let before = level - 1;
        let _ = write!(
            text,
            "(component $c{level} (alias outer 1 $c{before} (component $b)) \
             (instance (instantiate $b)) (instance (instantiate $b)))"
        );
    }
    text + &format!("(instance (instantiate $c{}))", levels - 1)
}

fn nested_components(_: &mut Dice, size: usize) -> String {
    let depth = size.min(90);
    "(component ".repeat(depth) + &")".repeat(depth)
}

fn large_data(_: &mut Dice, size: usize) -> String {
    let data = "x".repeat((size * 40).min(12 << 20));
    format!("(core module (memory 200) (data (i32.const 0) \"{data}\"))")
}

/// Instructions that take and leave numbers, in any order.
fn random_instructions(dice: &mut Dice, size: usize) -> String {
    const ONES: [&str; 8] = [
        "i64.clz",
        "i64.ctz",
        "i64.popcnt",
        "i64.eqz i64.extend_i32_u",
        "f64.convert_i64_s i64.trunc_sat_f64_s",
        "i32.wrap_i64 i64.load",
        "local.tee 0",
        "i64.extend8_s",
    ];
    const TWOS: [&str; 8] = [
        "i64.add",
        "i64.mul",
        "i64.rotl",
        "i64.div_s",
        "i64.shr_u",
        "i64.xor",
        "i64.rem_u",
        "i64.lt_s i64.extend_i32_u",
    ];
    let mut body = "local.get 0\n".to_owned();
    for _ in 0..size {
        let line = match dice.below(2) {
            0 => dice.pick(&ONES).map(|one| (*one).to_owned()),
            _ => dice
                .pick(&TWOS)
                .map(|two| format!("local.get {} {two}", dice.below(2))),
        };
        body += &line.unwrap_or_default();
        body += "\n";
    }
    module(&format!("(func (param i64 i64) (result i64) {body})"))
}
