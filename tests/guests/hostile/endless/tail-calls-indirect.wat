;; A function hands over to itself through a table, for ever.
(type $none (func))
(table 1 funcref)
(elem (i32.const 0) $attack)
(func $attack (return_call_indirect (type $none) (i32.const 0)))
