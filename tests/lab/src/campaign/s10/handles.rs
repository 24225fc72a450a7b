//! Handles that nobody gave: a guest calls a method of a handle with a number it made up, or with a
//! handle of another kind. The run ends there, and it is the guest's fault.

use souk_core::Blame;
use souk_runtime::{End, FaultKind};
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{Function, FunctionKind, Resolve, Type, TypeDefKind};

use crate::cell::Cell;
use crate::dice::Dice;
use crate::{Wrong, corpus};

/// The numbers a guest makes up lie below this, mostly.
const NUMBERS: u64 = 64;

/// Every method of a handle that the contract has, as a guest imports it.
pub(super) struct Handles {
    methods: Vec<Import>,
}

/// A function of the contract as WebAssembly text names it.
struct Import {
    interface: String,
    name: String,
    params: Vec<WasmType>,
    results: Vec<WasmType>,
}

impl Handles {
    pub(super) fn open() -> Result<Self, Wrong> {
        let wit = corpus::contract()?;
        let methods =
            corpus::imports(&wit).filter(|(_, it)| matches!(it.kind, FunctionKind::Method(_)));
        let methods: Vec<_> = methods.map(|(of, it)| Import::read(&wit, of, it)).collect();
        if methods.is_empty() {
            return Err("the contract has no handles".into());
        }
        Ok(Self { methods })
    }

    /// Calls a method with a handle that is none.
    pub(super) async fn try_one(&self, cell: &Cell, dice: &mut Dice) -> Result<(), Wrong> {
        let method = dice.pick(&self.methods).ok_or("there are no methods")?;
        let user = method.interface.contains("identity/users");
        let forged = match dice.below(4) {
            // The person's own handle, where one of another kind is wanted.
            0 | 1 if !user => {
                "(call $current (i32.const 104)) (i32.load (i32.const 112))".to_owned()
            }
            2 => format!("(i32.const -{})", 1 + dice.below(NUMBERS)),
            _ => format!("(i32.const {})", dice.below(NUMBERS)),
        };
        let guest = cell
            .runtime
            .prepare(&corpus::component(&method.text(&forged))?)?;
        match cell.command(&guest, "any").await?.end {
            End::Fault(fault) if (fault.kind, fault.blame) == (FaultKind::Crash, Blame::Guest) => {
                Ok(())
            }
            other => Err(format!("{} with {forged}: {other:?}", method.name).into()),
        }
    }
}

impl Import {
    fn read(wit: &Resolve, interface: String, function: &Function) -> Self {
        let signature = wit.wasm_signature(AbiVariant::GuestImport, function);
        Self {
            interface,
            name: function.name.clone(),
            params: signature.params,
            results: signature.results,
        }
    }

    /// A guest that gets a handle of its own, and calls the method with one that is none.
    fn text(&self, forged: &str) -> String {
        let names = |types: &[WasmType]| {
            let names = types.iter().map(|it| corpus::name(*it));
            names.collect::<Vec<_>>().join(" ")
        };
        let rest = self.params.iter().skip(1);
        let rest: String = rest
            .map(|it| format!("({}.const 0) ", corpus::name(*it)))
            .collect();
        let drop = if self.results.is_empty() { "" } else { "drop" };
        format!(
            r#"(import "souk:identity/users@0.1.0" "[static]user.current"
                (func $current (param i32)))
            (import "{}" "{}" (func $method (param {}) (result {})))
            (func $attack {forged} {rest} (call $method) {drop})"#,
            self.interface,
            self.name,
            names(&self.params),
            names(&self.results),
        )
    }
}

/// Every function of the contract by which a guest can say a text and hear what comes of it, like
/// `chats.chat.edit`.
pub(super) fn texts_of_the_contract() -> Result<Vec<String>, Wrong> {
    let wit = corpus::contract()?;
    let answers = corpus::imports(&wit).filter(|(_, it)| it.result.is_some());
    let says = answers.filter(|(_, it)| it.params.iter().any(|it| has_text(&wit, &it.ty)));
    let name = |(interface, function): (String, &Function)| {
        let interface = interface.split('/').next_back().unwrap_or_default();
        let interface = interface.split('@').next().unwrap_or_default();
        let function = function.name.split(']').next_back().unwrap_or_default();
        format!("{interface}.{function}")
    };
    Ok(says.map(name).collect())
}

/// Whether a text is in a type.
fn has_text(wit: &Resolve, of: &Type) -> bool {
    let Type::Id(id) = of else {
        return matches!(of, Type::String);
    };
    match wit.types.get(*id).map(|it| &it.kind) {
        Some(TypeDefKind::Record(record)) => {
            record.fields.iter().any(|field| has_text(wit, &field.ty))
        }
        Some(TypeDefKind::Option(inner) | TypeDefKind::List(inner) | TypeDefKind::Type(inner)) => {
            has_text(wit, inner)
        }
        Some(_) | None => false,
    }
}
