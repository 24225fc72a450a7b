;; Grows its memory before it is asked anything.
(func $begin
  (loop $on (br_if $on (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
  unreachable)
(start $begin)
