;; Multiplies vectors, for ever.
(func $attack (local $v v128)
  (loop $on
    (local.set $v (i64x2.mul (local.get $v) (i64x2.splat (i64.const 3))))
    (br $on)))
