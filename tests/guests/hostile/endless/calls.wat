;; Calls a function that does nothing, for ever.
(func $nothing)
(func $attack (loop $on (call $nothing) (br $on)))
