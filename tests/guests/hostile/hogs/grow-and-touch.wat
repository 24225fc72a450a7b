;; Grows its memory a MiB at a time and writes into every page of it.
(func $attack (local $at i32) (local $end i32)
  (loop $on
    (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
    (local.set $end (i32.mul (memory.size) (i32.const 65536)))
    (loop $touch
      (i32.store (local.get $at) (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 4096)))
      (br_if $touch (i32.lt_u (local.get $at) (local.get $end))))
    (br $on)))
