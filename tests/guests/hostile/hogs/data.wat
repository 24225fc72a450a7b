;; Has its data at the very end of a large memory.
(memory (export "memory") 1020)
(data (i32.const 66846000) "at the end")
(func $attack
  (memory.fill (i32.const 0) (i32.const 1) (i32.const 66846720))
  (drop (memory.grow (i32.const 8)))
  unreachable)
