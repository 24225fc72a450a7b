;; Turns numbers of one kind into another and back, for ever.
(func $attack (local $x i64)
  (loop $on
    (local.set $x (i64.trunc_sat_f64_u (f64.convert_i64_s (i64.add (local.get $x) (i64.const 1)))))
    (br $on)))
