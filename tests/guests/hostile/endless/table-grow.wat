;; Asks for more of a table than it gets, for ever.
(table $t 1 funcref)
(func $attack
  (loop $on
    (drop (table.grow $t (ref.null func) (i32.const 1000000)))
    (br $on)))
