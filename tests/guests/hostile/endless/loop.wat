;; Does nothing, for ever.
(func $attack (loop $on (br $on)))
