;; Asks what is left, for ever.
(import "souk:runtime/limits@0.1.0" "allowances" (func $left (param i32)))
(func $attack (loop $on (call $left (i32.const 64)) (br $on)))
