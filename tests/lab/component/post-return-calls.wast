;; While it clears up a guest does not call out.

(component
  (component $Callee
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (func (export "f") (canon lift (core func $m "f"))))
  (instance $callee (instantiate $Callee))
  (component $Caller
    (import "callee" (instance $callee (export "f" (func))))
    (core func $f (canon lower (func $callee "f")))
    (core module $M
      (import "" "f" (func $f))
      (func (export "number") (result i32) (i32.const 9))
      (func (export "clear") (param i32) (call $f)))
    (core instance $m (instantiate $M (with "" (instance (export "f" (func $f))))))
    (func (export "number") (result u32)
      (canon lift (core func $m "number") (post-return (core func $m "clear")))))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "number" (func $caller "number"))
)
(assert_trap (invoke "number") "cannot leave component instance")
