;; Copies an element segment into a table, for ever.
(table $t 100 funcref)
(elem $some func $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing $nothing)
(func $nothing)
(func $attack
  (loop $on
    (table.init $t $some (i32.const 0) (i32.const 0) (i32.const 16))
    (br $on)))
