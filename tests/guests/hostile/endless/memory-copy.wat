;; Copies 15 MiB over themselves, for ever.
(memory (export "memory") 480)
(func $attack
  (loop $on
    (memory.copy (i32.const 1) (i32.const 0) (i32.const 15728640))
    (br $on)))
