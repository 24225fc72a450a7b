//! Plays what a file says about modules: they are made, called and linked with each other, and what
//! comes of it is held against what the file says.

use std::collections::BTreeMap;

use wasmtime::{
    Engine, Extern, Global, GlobalType, Instance, Linker, Memory, MemoryType, Module, Mutability,
    Ref, RefType, Store, Table, TableType, Trap, Val, ValType,
};
use wast::token::Id;
use wast::{QuoteWat, WastDirective, WastExecute, WastInvoke, WastRet, Wat};

use super::played::Came;
use super::script::{FUEL, NO_DEADLINE};
use super::values;
use crate::Wrong;

/// Why a directive is left out: it takes what this engine does not have, or rests on what does.
const ABSENT: &str = "of what this engine does not have";

/// The modules of a file.
pub(super) struct Modules {
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    definitions: BTreeMap<String, Module>,
    instances: BTreeMap<String, Instance>,
    current: Option<Instance>,
    last: Option<Module>,
}

impl Modules {
    pub(super) fn new(engine: &Engine) -> Result<Self, Wrong> {
        let mut store = Store::new(engine, ());
        store.set_epoch_deadline(NO_DEADLINE);
        let linker = spectest(engine, &mut store)?;
        Ok(Self {
            engine: engine.clone(),
            store,
            linker,
            definitions: BTreeMap::new(),
            instances: BTreeMap::new(),
            current: None,
            last: None,
        })
    }

    pub(super) fn play(&mut self, directive: WastDirective<'_>) -> Result<Came, Wrong> {
        self.store.set_fuel(FUEL)?;
        Ok(match directive {
            WastDirective::Module(module) => self.module(module)?,
            WastDirective::ModuleDefinition(module) => self.define(module),
            WastDirective::ModuleInstance {
                instance, module, ..
            } => self.instance(instance, module),
            WastDirective::Register { name, module, .. } => self.register(name, module)?,
            WastDirective::Invoke(call) => match self.call(&call) {
                Some(Ok(_)) => Came::Held,
                Some(Err(error)) => Came::Wrong(format!("{error:#}")),
                None => Came::Skipped(ABSENT),
            },
            WastDirective::AssertReturn { exec, results, .. } => self.returns(exec, &results),
            WastDirective::AssertTrap { exec, message, .. } => self.traps(exec, message),
            WastDirective::AssertExhaustion { call, .. } => match self.call(&call) {
                Some(came) => Came::held_if(is_trap(&came), || "it has room for that".to_owned()),
                None => Came::Skipped(ABSENT),
            },
            WastDirective::AssertInvalid {
                module, message, ..
            }
            | WastDirective::AssertMalformed {
                module, message, ..
            } => self.refuses(module, message),
            WastDirective::AssertUnlinkable {
                module, message, ..
            } => self.does_not_link(module, message),
            // Custom sections are not looked at; exceptions, stacks and threads there are none.
            _ => Came::Skipped(ABSENT),
        })
    }

    /// A module that is made at once. Where no earlier one can be named, a new store has room for
    /// it, however many there were.
    fn module(&mut self, module: QuoteWat<'_>) -> Result<Came, Wrong> {
        if self.instances.is_empty() && self.definitions.is_empty() {
            *self = Self::new(&self.engine)?;
            self.store.set_fuel(FUEL)?;
        }
        let name = module.name().map(|name| name.name().to_owned());
        self.current = None;
        let Some(made) = self.compiled(module) else {
            self.forget(name);
            return Ok(Came::Skipped(ABSENT));
        };
        Ok(self.made(&made, name))
    }

    /// What is named so is none of the earlier ones any more.
    fn forget(&mut self, name: Option<String>) {
        self.current = None;
        if let Some(name) = name {
            self.instances.remove(&name);
        }
    }

    fn made(&mut self, module: &Module, name: Option<String>) -> Came {
        self.forget(name.clone());
        match self.linker.instantiate(&mut self.store, module) {
            Ok(instance) => {
                self.current = Some(instance);
                if let Some(name) = name {
                    self.instances.insert(name, instance);
                }
                Came::Held
            }
            Err(error) if error.is::<Trap>() => Came::Wrong(format!("{error:#}")),
            // It imports what was skipped, or wants more than there is for one run.
            Err(_) => Came::Skipped(ABSENT),
        }
    }

    fn compiled(&self, mut module: QuoteWat<'_>) -> Option<Module> {
        let bytes = module.encode().ok()?;
        Module::from_binary(&self.engine, &bytes).ok()
    }

    fn define(&mut self, module: QuoteWat<'_>) -> Came {
        let name = module.name().map(|name| name.name().to_owned());
        self.last = self.compiled(module);
        let Some(made) = self.last.clone() else {
            return Came::Skipped(ABSENT);
        };
        if let Some(name) = name {
            self.definitions.insert(name, made);
        }
        Came::Held
    }

    fn instance(&mut self, instance: Option<Id<'_>>, module: Option<Id<'_>>) -> Came {
        let made = match module {
            Some(name) => self.definitions.get(name.name()),
            None => self.last.as_ref(),
        };
        let Some(made) = made.cloned() else {
            self.forget(instance.map(|name| name.name().to_owned()));
            return Came::Skipped(ABSENT);
        };
        self.made(&made, instance.map(|name| name.name().to_owned()))
    }

    fn register(&mut self, name: &str, module: Option<Id<'_>>) -> Result<Came, Wrong> {
        let Some(instance) = self.named(module) else {
            return Ok(Came::Skipped(ABSENT));
        };
        self.linker.allow_shadowing(true);
        self.linker.instance(&mut self.store, name, instance)?;
        // Later modules may rest on this one: the store stays.
        self.instances
            .insert(format!("registered {name}"), instance);
        Ok(Came::Held)
    }

    fn named(&self, module: Option<Id<'_>>) -> Option<Instance> {
        match module {
            Some(name) => self.instances.get(name.name()).copied(),
            None => self.current,
        }
    }

    /// Calls a function; nothing where there is none, or where an argument cannot be made.
    fn call(&mut self, call: &WastInvoke<'_>) -> Option<wasmtime::Result<Vec<Val>>> {
        let instance = self.named(call.module)?;
        let function = instance.get_func(&mut self.store, call.name)?;
        let arguments = call.args.iter().map(values::argument);
        let arguments = arguments.collect::<Option<Vec<_>>>()?;
        let results = function.ty(&self.store).results().len();
        let mut results = vec![Val::I32(0); results];
        let came = function.call(&mut self.store, &arguments, &mut results);
        Some(came.map(|()| results))
    }

    fn execute(&mut self, execute: WastExecute<'_>) -> Option<wasmtime::Result<Vec<Val>>> {
        match execute {
            WastExecute::Invoke(call) => self.call(&call),
            WastExecute::Wat(module) => {
                let module = self.compiled(QuoteWat::Wat(module))?;
                let made = self.linker.instantiate(&mut self.store, &module);
                Some(made.map(|_| Vec::new()))
            }
            WastExecute::Get { module, global, .. } => {
                let instance = self.named(module)?;
                match instance.get_export(&mut self.store, global)? {
                    Extern::Global(global) => Some(Ok(vec![global.get(&mut self.store)])),
                    _ => None,
                }
            }
        }
    }

    fn returns(&mut self, execute: WastExecute<'_>, due: &[WastRet<'_>]) -> Came {
        match self.execute(execute) {
            None => Came::Skipped(ABSENT),
            Some(Err(error)) => Came::Wrong(format!("{error:#}")),
            Some(Ok(came)) => {
                let fits = came.len() == due.len()
                    && came
                        .iter()
                        .zip(due)
                        .all(|(came, due)| values::fits(came, due));
                Came::held_if(fits, || format!("{came:?}, where {due:?} is due"))
            }
        }
    }

    fn traps(&mut self, execute: WastExecute<'_>, message: &str) -> Came {
        match self.execute(execute) {
            None => Came::Skipped(ABSENT),
            Some(came) => Came::held_if(is_trap(&came), || {
                format!("{came:?}, where it should trap: {message}")
            }),
        }
    }

    fn refuses(&self, module: QuoteWat<'_>, message: &str) -> Came {
        let taken = self.compiled(module).is_some();
        Came::held_if(!taken, || format!("it was taken: {message}"))
    }

    fn does_not_link(&mut self, module: Wat<'_>, message: &str) -> Came {
        let Some(module) = self.compiled(QuoteWat::Wat(module)) else {
            return Came::Skipped(ABSENT);
        };
        let linked = self.linker.instantiate(&mut self.store, &module).is_ok();
        Came::held_if(!linked, || format!("it was linked: {message}"))
    }
}

fn is_trap<T>(came: &wasmtime::Result<T>) -> bool {
    came.as_ref().is_err_and(|error| error.is::<Trap>())
}

/// What the suite imports from its host.
fn spectest(engine: &Engine, store: &mut Store<()>) -> Result<Linker<()>, Wrong> {
    let mut linker = Linker::new(engine);
    linker.func_wrap("spectest", "print", || {})?;
    linker.func_wrap("spectest", "print_i32", |_: i32| {})?;
    linker.func_wrap("spectest", "print_i64", |_: i64| {})?;
    linker.func_wrap("spectest", "print_f32", |_: f32| {})?;
    linker.func_wrap("spectest", "print_f64", |_: f64| {})?;
    linker.func_wrap("spectest", "print_i32_f32", |_: i32, _: f32| {})?;
    linker.func_wrap("spectest", "print_f64_f64", |_: f64, _: f64| {})?;
    for (name, of, value) in [
        ("global_i32", ValType::I32, Val::I32(666)),
        ("global_i64", ValType::I64, Val::I64(666)),
        ("global_f32", ValType::F32, Val::F32(666.6_f32.to_bits())),
        ("global_f64", ValType::F64, Val::F64(666.6_f64.to_bits())),
    ] {
        let global = Global::new(&mut *store, GlobalType::new(of, Mutability::Const), value)?;
        linker.define(&mut *store, "spectest", name, global)?;
    }
    for (name, of) in [
        ("table", TableType::new(RefType::FUNCREF, 10, Some(20))),
        ("table64", TableType::new64(RefType::FUNCREF, 10, Some(20))),
    ] {
        let table = Table::new(&mut *store, of, Ref::Func(None))?;
        linker.define(&mut *store, "spectest", name, table)?;
    }
    let memory = Memory::new(&mut *store, MemoryType::new(1, Some(2)))?;
    linker.define(&mut *store, "spectest", "memory", memory)?;
    Ok(linker)
}
