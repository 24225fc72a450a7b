;; Copies from one memory to another, for ever.
(memory (export "memory") 240)
(memory $other 240)
(func $attack
  (loop $on
    (memory.copy $other 0 (i32.const 0) (i32.const 0) (i32.const 15728640))
    (br $on)))
