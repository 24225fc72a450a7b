;; A component that called out is not entered before that call returns.

(component
  (core module $Table
    (table (export "t") 1 funcref)
    (type $f (func))
    (func (export "through") (call_indirect (type $f) (i32.const 0))))
  (core instance $table (instantiate $Table))
  (func $back (canon lift (core func $table "through")))
  (core func $back' (canon lower (func $back)))
  (core module $M
    (import "table" "t" (table 1 funcref))
    (import "host" "back" (func $back))
    (func $leaf)
    (elem (i32.const 0) $leaf)
    (func (export "run") (call $back)))
  (core instance $m (instantiate $M
    (with "table" (instance $table))
    (with "host" (instance (export "back" (func $back'))))))
  (func (export "run") (canon lift (core func $m "run")))
)
(assert_trap (invoke "run") "cannot enter component instance")

;; Nor is a component entered by the one that it is part of, which was entered itself.
(component
  (component $Child
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f"))))
  (instance $child (instantiate $Child))
  (core func $f (canon lower (func $child "f")))
  (func (export "run") (canon lift (core func $f)))
)
(assert_trap (invoke "run") "cannot enter component instance")
