;; Counts to 2^64.
(global $n (mut i64) (i64.const 0))
(func $attack
  (loop $on
    (global.set $n (i64.add (global.get $n) (i64.const 1)))
    (br_if $on (i64.ne (global.get $n) (i64.const 0)))))
