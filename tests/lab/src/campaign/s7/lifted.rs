//! Values of the component model as a file writes them.

use wasmtime::component::Val;
use wast::component::WastVal;
use wast::{WastArg, WastRet};

/// What a function is called with; nothing where it is a value of a module.
pub(super) fn argument(of: &WastArg<'_>) -> Option<Val> {
    match of {
        WastArg::Component(of) => Some(value(of)),
        _ => None,
    }
}

/// Whether a value is what is due.
pub(super) fn fits(came: &Val, due: &WastRet<'_>) -> bool {
    match due {
        WastRet::Component(due) => *came == value(due),
        _ => false,
    }
}

fn value(of: &WastVal<'_>) -> Val {
    match of {
        WastVal::Bool(it) => Val::Bool(*it),
        WastVal::U8(it) => Val::U8(*it),
        WastVal::S8(it) => Val::S8(*it),
        WastVal::U16(it) => Val::U16(*it),
        WastVal::S16(it) => Val::S16(*it),
        WastVal::U32(it) => Val::U32(*it),
        WastVal::S32(it) => Val::S32(*it),
        WastVal::U64(it) => Val::U64(*it),
        WastVal::S64(it) => Val::S64(*it),
        WastVal::F32(it) => Val::Float32(f32::from_bits(it.bits)),
        WastVal::F64(it) => Val::Float64(f64::from_bits(it.bits)),
        WastVal::Char(it) => Val::Char(*it),
        WastVal::String(it) => Val::String((*it).to_owned()),
        WastVal::List(all) => Val::List(all.iter().map(value).collect()),
        WastVal::Tuple(all) => Val::Tuple(all.iter().map(value).collect()),
        WastVal::Map(all) => Val::Map(all.iter().map(|(k, v)| (value(k), value(v))).collect()),
        WastVal::Record(all) => {
            let field = |(name, it): &(&str, WastVal<'_>)| ((*name).to_owned(), value(it));
            Val::Record(all.iter().map(field).collect())
        }
        WastVal::Variant(name, it) => Val::Variant((*name).to_owned(), boxed(it.as_deref())),
        WastVal::Enum(name) => Val::Enum((*name).to_owned()),
        WastVal::Option(it) => Val::Option(boxed(it.as_deref())),
        WastVal::Result(Ok(it)) => Val::Result(Ok(boxed(it.as_deref()))),
        WastVal::Result(Err(it)) => Val::Result(Err(boxed(it.as_deref()))),
        WastVal::Flags(all) => Val::Flags(all.iter().map(|&name| name.to_owned()).collect()),
    }
}

fn boxed(of: Option<&WastVal<'_>>) -> Option<Box<Val>> {
    of.map(|it| Box::new(value(it)))
}
