;; Fills a table of 10,000 places, for ever.
(table $t 10000 funcref)
(func $attack
  (loop $on
    (table.fill $t (i32.const 0) (ref.null func) (i32.const 10000))
    (br $on)))
