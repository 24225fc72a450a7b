;; Takes roots of numbers that are hard on a processor, for ever.
(func $attack (local $x f64)
  (loop $on
    (local.set $x (f64.sqrt (f64.add (local.get $x) (f64.const 0x1p-1073))))
    (br $on)))
