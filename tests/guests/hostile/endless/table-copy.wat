;; Copies a table over itself, for ever.
(table $t 10000 funcref)
(func $attack
  (loop $on
    (table.copy $t $t (i32.const 1) (i32.const 0) (i32.const 9999))
    (br $on)))
