;; Divides, the slowest of the whole numbers' instructions, for ever.
(func $attack (local $n i64)
  (loop $on
    (local.set $n (i64.div_u (i64.const -1) (i64.or (local.get $n) (i64.const 3))))
    (br $on)))
