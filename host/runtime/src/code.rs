//! What guests are compiled for.

use wasmtime::Config;

/// The same for all guests. Nothing in it depends on the machine, so that a run gives the
/// same bytes everywhere.
pub(crate) fn code() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        // Built without a collector, the engine ends the process when it is to find out whether one
        // type is under another. Where there are no such types, nobody can ask.
        .wasm_gc(false)
        .epoch_interruption(true)
        .consume_fuel(true)
        .relaxed_simd_deterministic(true)
        .cranelift_nan_canonicalization(true);
    config
}

#[cfg(test)]
mod tests {
    use wasmtime::Module;

    use crate::limits::Limits;
    use crate::runtime::Runtime;

    #[test]
    fn a_guest_cannot_ask_whether_one_type_is_under_another() {
        let text = r#"(module
            (type $one (sub (func)))
            (type $under_it (sub $one (func)))
            (table funcref (elem $does))
            (func $does (type $under_it))
            (func (export "ask") (call_indirect (type $one) (i32.const 0))))"#;
        let runtime = Runtime::new(&Limits::default()).unwrap();
        let module = Module::from_binary(runtime.engine(), &wat::parse_str(text).unwrap());
        let refused = format!("{:#}", module.unwrap_err());
        assert!(refused.contains("gc"), "{refused}");
    }
}
