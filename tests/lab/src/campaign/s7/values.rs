//! Values as the reference suite writes them.

use wasmtime::{V128, Val};
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};
use wast::{WastArg, WastRet};

/// Bits of a NaN that every NaN has that arithmetic makes.
const QUIET_F32: u32 = 0x7fc0_0000;
const QUIET_F64: u64 = 0x7ff8_0000_0000_0000;
/// Everything but the sign.
const UNSIGNED_F32: u32 = 0x7fff_ffff;
const UNSIGNED_F64: u64 = 0x7fff_ffff_ffff_ffff;

/// What a function is called with; nothing where this engine has no such value.
pub(super) fn argument(of: &WastArg<'_>) -> Option<Val> {
    let WastArg::Core(of) = of else { return None };
    match of {
        WastArgCore::I32(value) => Some(Val::I32(*value)),
        WastArgCore::I64(value) => Some(Val::I64(*value)),
        WastArgCore::F32(value) => Some(Val::F32(value.bits)),
        WastArgCore::F64(value) => Some(Val::F64(value.bits)),
        WastArgCore::V128(value) => {
            let bits = u128::from_le_bytes(value.to_le_bytes());
            Some(Val::V128(V128::from(bits)))
        }
        WastArgCore::RefNull(HeapType::Abstract {
            ty: AbstractHeapType::Func,
            ..
        }) => Some(Val::null_func_ref()),
        WastArgCore::RefNull(_) | WastArgCore::RefExtern(_) | WastArgCore::RefHost(_) => None,
    }
}

/// Whether a value is what is due.
pub(super) fn fits(came: &Val, due: &WastRet<'_>) -> bool {
    match due {
        WastRet::Core(due) => core(came, due),
        _ => false,
    }
}

fn core(came: &Val, due: &WastRetCore<'_>) -> bool {
    match (came, due) {
        (came, WastRetCore::Either(all)) => all.iter().any(|due| core(came, due)),
        (Val::I32(came), WastRetCore::I32(due)) => came == due,
        (Val::I64(came), WastRetCore::I64(due)) => came == due,
        (Val::F32(came), WastRetCore::F32(due)) => f32(*came, due),
        (Val::F64(came), WastRetCore::F64(due)) => f64(*came, due),
        (Val::V128(came), WastRetCore::V128(due)) => v128(came.as_u128(), due),
        (Val::FuncRef(None), WastRetCore::RefNull(_)) => true,
        (Val::FuncRef(Some(_)), WastRetCore::RefFunc(_)) => true,
        _ => false,
    }
}

fn f32(came: u32, due: &NanPattern<F32>) -> bool {
    match due {
        NanPattern::CanonicalNan => came & UNSIGNED_F32 == QUIET_F32,
        NanPattern::ArithmeticNan => came & QUIET_F32 == QUIET_F32,
        NanPattern::Value(due) => came == due.bits,
    }
}

fn f64(came: u64, due: &NanPattern<F64>) -> bool {
    match due {
        NanPattern::CanonicalNan => came & UNSIGNED_F64 == QUIET_F64,
        NanPattern::ArithmeticNan => came & QUIET_F64 == QUIET_F64,
        NanPattern::Value(due) => came == due.bits,
    }
}

fn v128(came: u128, due: &V128Pattern) -> bool {
    let bytes = came.to_le_bytes();
    let (halves, _) = bytes.as_chunks::<2>();
    let (words, _) = bytes.as_chunks::<4>();
    let (longs, _) = bytes.as_chunks::<8>();
    match due {
        V128Pattern::I8x16(due) => all(&bytes, due, |byte, due| i8::from_le_bytes([*byte]) == *due),
        V128Pattern::I16x8(due) => all(halves, due, |it, due| i16::from_le_bytes(*it) == *due),
        V128Pattern::I32x4(due) => all(words, due, |it, due| i32::from_le_bytes(*it) == *due),
        V128Pattern::I64x2(due) => all(longs, due, |it, due| i64::from_le_bytes(*it) == *due),
        V128Pattern::F32x4(due) => all(words, due, |it, due| f32(u32::from_le_bytes(*it), due)),
        V128Pattern::F64x2(due) => all(longs, due, |it, due| f64(u64::from_le_bytes(*it), due)),
    }
}

fn all<A, B>(came: &[A], due: &[B], fits: impl Fn(&A, &B) -> bool) -> bool {
    came.iter().zip(due).all(|(came, due)| fits(came, due))
}
