;; Passes references from one table to another, for ever.
(table $here 100 funcref)
(table $there 100 funcref)
(func $attack
  (loop $on
    (table.set $here (i32.const 7) (table.get $there (i32.const 9)))
    (table.set $there (i32.const 9) (table.get $here (i32.const 7)))
    (br $on)))
