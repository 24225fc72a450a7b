;; Counts in a place that every function sees, for ever.
(global $n (mut i64) (i64.const 0))
(func $attack
  (loop $on
    (global.set $n (i64.add (global.get $n) (i64.const 1)))
    (br $on)))
