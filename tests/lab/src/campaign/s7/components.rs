//! Plays what a file says about components: they are made and called, and what comes of it is held
//! against what the file says. Each lives in a store of its own, as a mini-app does.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::component::{Component, Instance, Linker, Val};
use wasmtime::{Engine, Store};
use wast::token::Id;
use wast::{QuoteWat, WastDirective, WastExecute, WastInvoke, WastRet, Wat};

use super::lifted;
use super::played::Came;
use super::script::{FUEL, NO_DEADLINE};
use crate::Wrong;

/// Words with which the engine refuses a component that takes what it lacks, and what that is.
const LACKING: [(&str, &str); 20] = [
    (TOXIC, TOXIC),
    ("component model async", "async"),
    ("async builtins feature", "async"),
    ("threading feature", "threads"),
    ("threads must be enabled", "threads"),
    ("shared-everything-threads", "threads"),
    ("error-context feature", "error contexts"),
    ("`cm64` feature", "memories of 64 bits"),
    ("without the gc feature", "a collector"),
    ("found type which requires gc", "a collector"),
    ("`cm-gc` feature", "a collector"),
    ("gc proposal", "a collector"),
    ("requires `gc` proposal", "a collector"),
    ("`cm-implements` feature", "implements"),
    ("fixed-length lists feature", "lists of fixed length"),
    ("component model map feature", "maps"),
    ("exceptions proposal", "exceptions"),
    ("custom page sizes proposal", "other page sizes"),
    ("component model `value`s", "values"),
    ("nested names feature", "nested names"),
];
/// Compiling it panics.
const TOXIC: &str = "the compiler does not survive";
/// It rests on a component that was left out.
const RESTS: &str = "that rest on such";
/// It imports what a file gets from nobody.
const IMPORTS: &str = "imports of modules";
/// The directive is none of those that are played.
const UNPLAYED: &str = "another directive";

/// The components of a file.
pub(super) struct Components {
    engine: Engine,
    /// Whether traps and refusals must be told in the words of the file.
    to_the_word: bool,
    definitions: BTreeMap<String, Component>,
    last: Option<Component>,
    instances: BTreeMap<String, Made>,
    current: Option<String>,
    /// Those on which compiling panicked.
    pub(super) toxic: Vec<Vec<u8>>,
}

/// An instance, in its store.
struct Made {
    store: Store<()>,
    instance: Instance,
}

impl Components {
    pub(super) fn new(engine: &Engine, to_the_word: bool) -> Self {
        Self {
            engine: engine.clone(),
            to_the_word,
            definitions: BTreeMap::new(),
            last: None,
            instances: BTreeMap::new(),
            current: None,
            toxic: Vec::new(),
        }
    }

    /// Whether there is a component, or an instance, of this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.definitions.contains_key(name) || self.instances.contains_key(name)
    }

    /// Plays a directive that is about components.
    ///
    /// # Errors
    /// When the engine has no meter.
    pub(super) fn play(&mut self, directive: WastDirective<'_>) -> Result<Came, Wrong> {
        Ok(match directive {
            WastDirective::Module(component) => {
                let name = name_of(&component);
                match self.compiled(component) {
                    Ok(component) => self.made(&component, name)?,
                    Err(error) => self.left_out(name.as_deref(), &error),
                }
            }
            WastDirective::ModuleDefinition(component) => self.define(component),
            WastDirective::ModuleInstance {
                instance, module, ..
            } => self.instance(instance, module)?,
            WastDirective::Invoke(call) => match self.call(&call)? {
                Some(Ok(_)) => Came::Held,
                Some(Err(error)) => Came::Wrong(format!("{error:#}")),
                None => Came::Skipped(RESTS),
            },
            WastDirective::AssertReturn { exec, results, .. } => self.returns(exec, &results)?,
            WastDirective::AssertTrap { exec, message, .. } => self.traps(exec, message)?,
            WastDirective::AssertInvalid {
                module, message, ..
            }
            | WastDirective::AssertMalformed {
                module, message, ..
            } => self.refuses(module, message),
            WastDirective::AssertUnlinkable {
                module, message, ..
            } => self.does_not_link(module, message)?,
            _ => Came::Skipped(UNPLAYED),
        })
    }

    /// Compiles a component. What makes the compiler panic is kept: a host compiles in a process of
    /// its own.
    fn compiled(&mut self, mut component: QuoteWat<'_>) -> wasmtime::Result<Component> {
        let bytes = component.encode().map_err(wasmtime::Error::new)?;
        let compiling = || Component::from_binary(&self.engine, &bytes);
        catch_unwind(AssertUnwindSafe(compiling)).unwrap_or_else(|_| {
            self.toxic.push(bytes);
            Err(wasmtime::Error::msg(TOXIC))
        })
    }

    fn left_out(&mut self, name: Option<&str>, error: &wasmtime::Error) -> Came {
        self.forget(name);
        lacking(error).map_or_else(|| Came::Wrong(format!("{error:#}")), Came::Skipped)
    }

    /// What is named so is none of the earlier ones any more.
    fn forget(&mut self, name: Option<&str>) {
        self.current = None;
        self.instances.remove(name.unwrap_or_default());
    }

    /// Makes an instance in which every import that is missing traps.
    fn made(&mut self, component: &Component, name: Option<String>) -> Result<Came, Wrong> {
        self.forget(name.as_deref());
        let Some(linker) = self.linker(component) else {
            return Ok(Came::Skipped(IMPORTS));
        };
        Ok(match self.instantiated(&linker, component)? {
            Ok(made) => {
                let name = name.unwrap_or_default();
                self.instances.insert(name.clone(), made);
                self.current = Some(name);
                Came::Held
            }
            Err(error) => Came::Wrong(format!("{error:#}")),
        })
    }

    fn linker(&self, component: &Component) -> Option<Linker<()>> {
        let mut linker = Linker::new(&self.engine);
        linker.define_unknown_imports_as_traps(component).ok()?;
        Some(linker)
    }

    fn instantiated(
        &self,
        linker: &Linker<()>,
        component: &Component,
    ) -> Result<wasmtime::Result<Made>, Wrong> {
        let mut store = Store::new(&self.engine, ());
        store.set_epoch_deadline(NO_DEADLINE);
        store.set_fuel(FUEL)?;
        let made = linker.instantiate(&mut store, component);
        Ok(made.map(|instance| Made { store, instance }))
    }

    fn define(&mut self, component: QuoteWat<'_>) -> Came {
        let name = name_of(&component);
        self.last = None;
        match self.compiled(component) {
            Ok(component) => {
                if let Some(name) = name {
                    self.definitions.insert(name, component.clone());
                }
                self.last = Some(component);
                Came::Held
            }
            Err(error) => self.left_out(name.as_deref(), &error),
        }
    }

    fn instance(
        &mut self,
        instance: Option<Id<'_>>,
        component: Option<Id<'_>>,
    ) -> Result<Came, Wrong> {
        let name = instance.map(|name| name.name().to_owned());
        let component = match component {
            Some(name) => self.definitions.get(name.name()),
            None => self.last.as_ref(),
        };
        if let Some(component) = component.cloned() {
            return self.made(&component, name);
        }
        self.forget(name.as_deref());
        Ok(Came::Skipped(RESTS))
    }

    /// Calls a function; nothing where there is none.
    fn call(&mut self, call: &WastInvoke<'_>) -> Result<Option<wasmtime::Result<Vec<Val>>>, Wrong> {
        let name = call
            .module
            .map(|name| name.name())
            .or(self.current.as_deref());
        let Some(made) = name.and_then(|name| self.instances.get_mut(name)) else {
            return Ok(None);
        };
        made.store.set_fuel(FUEL)?;
        let function = made.instance.get_func(&mut made.store, call.name);
        let function = function.ok_or_else(|| format!("there is no function {}", call.name))?;
        let arguments = call.args.iter().map(lifted::argument);
        let arguments = arguments.collect::<Option<Vec<_>>>();
        let arguments = arguments.ok_or("a component is called with values of a module")?;
        let results = function.ty(&made.store).results().len();
        let mut results = vec![Val::Bool(false); results];
        let came = function.call(&mut made.store, &arguments, &mut results);
        Ok(Some(came.map(|()| results)))
    }

    fn execute(
        &mut self,
        execute: WastExecute<'_>,
    ) -> Result<Option<wasmtime::Result<Vec<Val>>>, Wrong> {
        match execute {
            WastExecute::Invoke(call) => self.call(&call),
            WastExecute::Wat(component) => {
                let component = match self.compiled(QuoteWat::Wat(component)) {
                    Ok(component) => component,
                    Err(error) if lacking(&error).is_some() => return Ok(None),
                    Err(error) => return Err(format!("{error:#}").into()),
                };
                let Some(linker) = self.linker(&component) else {
                    return Ok(None);
                };
                let made = self.instantiated(&linker, &component)?;
                Ok(Some(made.map(|_| Vec::new())))
            }
            WastExecute::Get { .. } => Ok(None),
        }
    }

    fn returns(&mut self, execute: WastExecute<'_>, due: &[WastRet<'_>]) -> Result<Came, Wrong> {
        Ok(match self.execute(execute)? {
            None => Came::Skipped(RESTS),
            Some(Err(error)) => Came::Wrong(format!("{error:#}")),
            Some(Ok(came)) => {
                let mut pairs = came.iter().zip(due);
                let fits =
                    came.len() == due.len() && pairs.all(|(came, due)| lifted::fits(came, due));
                Came::held_if(fits, || format!("{came:?}, where {due:?} is due"))
            }
        })
    }

    fn traps(&mut self, execute: WastExecute<'_>, message: &str) -> Result<Came, Wrong> {
        Ok(match self.execute(execute)? {
            None => Came::Skipped(RESTS),
            Some(Ok(came)) => Came::Wrong(format!("{came:?}, where it should trap: {message}")),
            Some(Err(error)) => self.fails_so(&error, message),
        })
    }

    fn refuses(&mut self, component: QuoteWat<'_>, message: &str) -> Came {
        match self.compiled(component) {
            Ok(_) => Came::Wrong(format!("it was taken: {message}")),
            Err(error) => self.fails_so(&error, message),
        }
    }

    fn does_not_link(&mut self, component: Wat<'_>, message: &str) -> Result<Came, Wrong> {
        let component = match self.compiled(QuoteWat::Wat(component)) {
            Ok(component) => component,
            Err(error) => return Ok(self.fails_so(&error, message)),
        };
        let linked = self.instantiated(&Linker::new(&self.engine), &component)?;
        Ok(match linked {
            Ok(_) => Came::Wrong(format!("it was linked: {message}")),
            Err(error) => self.fails_so(&error, message),
        })
    }

    /// Whether something failed as the file says. Others' files have the words of another engine.
    fn fails_so(&self, error: &wasmtime::Error, message: &str) -> Came {
        if let Some(what) = lacking(error) {
            return Came::Skipped(what);
        }
        let words = format!("{error:#}");
        let fits = !self.to_the_word || words.contains(message);
        Came::held_if(fits, || format!("{words}, where {message} is due"))
    }
}

fn name_of(component: &QuoteWat<'_>) -> Option<String> {
    component.name().map(|name| name.name().to_owned())
}

/// What the engine does not have, if that is why it refuses a component.
fn lacking(error: &wasmtime::Error) -> Option<&'static str> {
    let words = format!("{error:#}");
    let row = LACKING.iter().find(|(said, _)| words.contains(said));
    row.map(|(_, what)| *what)
}
