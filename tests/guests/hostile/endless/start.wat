;; Never comes to the end of its start function.
(func $begin (loop $on (br $on)))
(start $begin)
