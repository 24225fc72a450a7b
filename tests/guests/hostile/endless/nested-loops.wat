;; Four loops in each other, each as long as can be.
(func $attack (local $a i64) (local $b i64) (local $c i64)
  (loop $1 (loop $2 (loop $3 (loop $4
    (br_if $4 (i64.ne (local.tee $a (i64.add (local.get $a) (i64.const 1))) (i64.const 0))))
    (br_if $3 (i64.ne (local.tee $b (i64.add (local.get $b) (i64.const 1))) (i64.const 0))))
    (br_if $2 (i64.ne (local.tee $c (i64.add (local.get $c) (i64.const 1))) (i64.const 0))))
    (br $1)))
