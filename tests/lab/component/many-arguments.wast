;; More arguments than are passed by value lie in the guest's memory, where it has made room.

(component definition $Many
  (core module $M
    (memory (export "m") 1)
    (func (export "honest") (param i32 i32 i32 i32) (result i32) (i32.const 512))
    (func (export "odd") (param i32 i32 i32 i32) (result i32) (i32.const 514))
    (func (export "behind") (param i32 i32 i32 i32) (result i32) (i32.const 65500))
    (func (export "last") (param i32) (result i32)
      (i32.add (i32.load offset=64 (local.get 0)) (i32.load (local.get 0))))
  )
  (core instance $m (instantiate $M))
  (type $f (func
    (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32) (param "e" u32) (param "f" u32)
    (param "g" u32) (param "h" u32) (param "i" u32) (param "j" u32) (param "k" u32) (param "l" u32)
    (param "m" u32) (param "n" u32) (param "o" u32) (param "p" u32) (param "q" u32) (result u32)))
  (func (export "honest") (type $f)
    (canon lift (core func $m "last") (memory (core memory $m "m"))
      (realloc (core func $m "honest"))))
  (func (export "odd") (type $f)
    (canon lift (core func $m "last") (memory (core memory $m "m"))
      (realloc (core func $m "odd"))))
  (func (export "behind") (type $f)
    (canon lift (core func $m "last") (memory (core memory $m "m"))
      (realloc (core func $m "behind"))))
)

(component instance $it $Many)
(assert_return (invoke "honest"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6) (u32.const 7)
  (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12) (u32.const 13)
  (u32.const 14) (u32.const 15) (u32.const 16) (u32.const 17)) (u32.const 18))
(assert_trap (invoke "odd"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6) (u32.const 7)
  (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12) (u32.const 13)
  (u32.const 14) (u32.const 15) (u32.const 16) (u32.const 17)) "not aligned")
(component instance $it $Many)
(assert_trap (invoke "behind"
  (u32.const 1) (u32.const 2) (u32.const 3) (u32.const 4) (u32.const 5) (u32.const 6) (u32.const 7)
  (u32.const 8) (u32.const 9) (u32.const 10) (u32.const 11) (u32.const 12) (u32.const 13)
  (u32.const 14) (u32.const 15) (u32.const 16) (u32.const 17)) "beyond end of memory")
