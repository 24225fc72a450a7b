;; Asks for memory that it does not get, for ever.
(func $attack
  (loop $on
    (drop (memory.grow (i32.const 65536)))
    (br $on)))
