;; Jumps by a table, for ever.
(func $attack (local $n i32)
  (loop $on
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (block $a (block $b (block $c
      (br_table $a $b $c $on (i32.and (local.get $n) (i32.const 3))))))
    (br $on)))
