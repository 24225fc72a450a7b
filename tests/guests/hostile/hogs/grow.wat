;; Grows its memory a MiB at a time.
(func $attack
  (loop $on (br_if $on (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
  unreachable)
