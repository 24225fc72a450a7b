;; Asks for all that a memory can be.
(func $attack
  (drop (memory.grow (i32.const 65535)))
  (drop (memory.grow (i32.const 1023)))
  (memory.fill (i32.const 0) (i32.const 1) (i32.mul (memory.size) (i32.const 65536)))
  unreachable)
