;; Components in components: what an inner one exports is had by name, and each instance has a state
;; of its own.

(component
  (component $Counter
    (core module $M
      (global $count (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count)))
    (core instance $m (instantiate $M))
    (func (export "next") (result u32) (canon lift (core func $m "next"))))
  (component $Two
    (import "one" (component $One (export "next" (func (result u32)))))
    (instance $left (instantiate $One))
    (instance $right (instantiate $One))
    (export "left" (func $left "next"))
    (export "right" (func $right "next")))
  (instance $two (instantiate $Two (with "one" (component $Counter))))
  (alias export $two "left" (func $left))
  (export "left" (func $left))
  (export "right" (func $two "right"))
)
(assert_return (invoke "left") (u32.const 1))
(assert_return (invoke "left") (u32.const 2))
(assert_return (invoke "right") (u32.const 1))

(assert_invalid
  (component (component $C) (instance $i (instantiate $C)) (alias export $i "next" (func)))
  "no export named `next`")
(assert_invalid
  (component
    (component $C (core module $M) (export "next" (core module $M)))
    (instance $i (instantiate $C))
    (alias export $i "next" (func)))
  "is not a func")
(assert_invalid (component (alias outer 9 0 (type))) "invalid outer alias count")
(assert_invalid (component (instance (instantiate 0))) "unknown component 0")
