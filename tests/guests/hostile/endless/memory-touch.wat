;; Walks over 30 MiB, one cache line at a time, for ever.
(memory (export "memory") 480)
(func $attack (local $at i32)
  (loop $on
    (i32.store8 (local.get $at) (i32.const 1))
    (local.set $at (i32.rem_u (i32.add (local.get $at) (i32.const 4160)) (i32.const 31457000)))
    (br $on)))
