;; Grows a table a place at a time beside a memory that leaves no room.
(memory (export "memory") 1023)
(table $t 1 funcref)
(func $attack
  (loop $on
    (br_if $on (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
  unreachable)
