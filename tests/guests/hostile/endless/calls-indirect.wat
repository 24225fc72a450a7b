;; Calls through a table, for ever.
(type $none (func))
(table 1 funcref)
(elem (i32.const 0) $nothing)
(func $nothing)
(func $attack (loop $on (call_indirect (type $none) (i32.const 0)) (br $on)))
