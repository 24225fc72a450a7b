//! The guest's border: the engine, as the generated bindings see it.
//!
//! It is the engine's own crate but for one thing: whatever is linked here passes the tape of the
//! door, with its name and its typed arguments and answer. So record and replay are one thing for
//! all capabilities, and a capability knows nothing of either. What is printed passes by it: nobody
//! is answered, and a replay prints again.

mod value;

pub(crate) use value::Crosses;
pub(crate) use wasmtime::*;

pub(crate) mod component {
    //! The engine's component model, with a linker of our own in the place of its.

    use std::future::Future;
    use std::sync::Arc;

    use souk_registry::contract::Interface;
    use wasmtime::AsContextMut;
    use wasmtime::StoreContextMut;
    pub(crate) use wasmtime::component::*;

    use super::Crosses;
    use crate::door::Door;
    use crate::tape::Turn;

    /// What one host call comes to, some time later.
    type Coming<'a, T> = Box<dyn Future<Output = wasmtime::Result<T>> + Send + 'a>;

    /// Where a guest prints, in any version.
    const LOG: &str = "souk:runtime/log";

    /// What the generated bindings link to.
    pub(crate) struct Linker<T: 'static> {
        linker: wasmtime::component::Linker<T>,
        door: fn(&mut T) -> &mut Door,
    }

    /// One interface of it.
    pub(crate) struct LinkerInstance<'a, T: 'static> {
        instance: wasmtime::component::LinkerInstance<'a, T>,
        interface: String,
        door: fn(&mut T) -> &mut Door,
    }

    /// A function behind the door.
    struct Guarded<T, F> {
        name: Arc<str>,
        door: fn(&mut T) -> &mut Door,
        call: F,
    }

    impl<T: 'static> Linker<T> {
        /// Links to `linker`, behind the door that a run's data has.
        pub(crate) fn behind(
            door: fn(&mut T) -> &mut Door,
            linker: wasmtime::component::Linker<T>,
        ) -> Self {
            Self { linker, door }
        }

        /// Returns what all was linked to.
        pub(crate) fn into_linker(self) -> wasmtime::component::Linker<T> {
            self.linker
        }

        pub(crate) fn instance(&mut self, name: &str) -> wasmtime::Result<LinkerInstance<'_, T>> {
            Ok(LinkerInstance {
                instance: self.linker.instance(name)?,
                interface: name.to_owned(),
                door: self.door,
            })
        }

        #[expect(dead_code, reason = "the bindings have a shorthand that names it")]
        pub(crate) fn instantiate_pre(
            &self,
            component: &Component,
        ) -> wasmtime::Result<InstancePre<T>> {
            self.linker.instantiate_pre(component)
        }
    }

    impl<T: Send + 'static> LinkerInstance<'_, T> {
        pub(crate) fn func_wrap_async<Params, Return, F>(
            &mut self,
            name: &str,
            call: F,
        ) -> wasmtime::Result<()>
        where
            F: Fn(StoreContextMut<'_, T>, Params) -> Coming<'_, Return> + Send + Sync + 'static,
            Params: ComponentNamedList + Lift + Crosses + Send + 'static,
            Return: ComponentNamedList + Lower + Crosses + Send + 'static,
        {
            if Interface::parse(&self.interface).is_some_and(|it| it.name == LOG) {
                return self.instance.func_wrap_async(name, call);
            }
            let guarded = Arc::new(Guarded {
                name: format!("{}#{name}", self.interface).into(),
                door: self.door,
                call,
            });
            self.instance
                .func_wrap_async(name, move |store, given: Params| {
                    Box::new(pass(Arc::clone(&guarded), store, given))
                })
        }

        /// What the host does when a guest drops a handle is no call: nobody is answered.
        pub(crate) fn resource_async<F>(
            &mut self,
            name: &str,
            of: ResourceType,
            dropped: F,
        ) -> wasmtime::Result<()>
        where
            F: Fn(StoreContextMut<'_, T>, u32) -> Coming<'_, ()> + Send + Sync + 'static,
        {
            let door = self.door;
            self.instance
                .resource_async(name, of, move |mut store, handle| {
                    if door(store.data_mut()).tape.is_played() {
                        return Box::new(async { Ok(()) });
                    }
                    dropped(store, handle)
                })
        }
    }

    /// Has a call happen, and keeps what it came to; or has it come to what was kept.
    async fn pass<T, F, Params, Return>(
        guarded: Arc<Guarded<T, F>>,
        mut store: StoreContextMut<'_, T>,
        given: Params,
    ) -> wasmtime::Result<Return>
    where
        T: Send + 'static,
        F: Fn(StoreContextMut<'_, T>, Params) -> Coming<'_, Return> + Send + Sync + 'static,
        Params: Crosses + Send + 'static,
        Return: Crosses + Send + 'static,
    {
        let Guarded { name, door, call } = &*guarded;
        match door(store.data_mut()).meet(name, &given) {
            Turn::Played(answer) => answer,
            Turn::Live => {
                let answer = Box::into_pin(call(store.as_context_mut(), given)).await;
                door(store.data_mut()).answered(answer.as_ref());
                answer
            }
        }
    }
}
