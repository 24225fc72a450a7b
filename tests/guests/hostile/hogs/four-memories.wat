;; Four memories that grow in turn.
(memory (export "memory") 1)
(memory $a 1)
(memory $b 1)
(memory $c 1)
(func $attack
  (loop $on
    (drop (memory.grow 0 (i32.const 16)))
    (drop (memory.grow $a (i32.const 16)))
    (drop (memory.grow $b (i32.const 16)))
    (br_if $on (i32.ne (memory.grow $c (i32.const 16)) (i32.const -1))))
  (memory.fill (i32.const 0) (i32.const 1) (i32.mul (memory.size 0) (i32.const 65536)))
  (memory.fill $a (i32.const 0) (i32.const 1) (i32.mul (memory.size $a) (i32.const 65536)))
  (memory.fill $b (i32.const 0) (i32.const 1) (i32.mul (memory.size $b) (i32.const 65536)))
  (memory.fill $c (i32.const 0) (i32.const 1) (i32.mul (memory.size $c) (i32.const 65536)))
  unreachable)
