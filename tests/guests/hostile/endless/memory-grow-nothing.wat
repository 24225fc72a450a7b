;; Grows memory by nothing, for ever.
(func $attack
  (loop $on
    (drop (memory.grow (i32.const 0)))
    (br $on)))
