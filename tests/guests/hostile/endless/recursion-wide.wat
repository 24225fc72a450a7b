;; A call tree of depth 200 whose leaves nobody will ever count.
(func $tree (param $depth i32)
  (if (local.get $depth) (then
    (call $tree (i32.sub (local.get $depth) (i32.const 1)))
    (call $tree (i32.sub (local.get $depth) (i32.const 1))))))
(func $attack (call $tree (i32.const 200)))
