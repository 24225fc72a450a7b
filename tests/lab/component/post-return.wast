;; After a call its guest may clear up, with what it returned. If that traps, the call failed.

(component definition $Returns
  (core module $M
    (memory (export "m") 1)
    (global $cleared (mut i32) (i32.const 0))
    (func (export "number") (result i32) (i32.const 9))
    (func (export "clear") (param i32)
      (global.set $cleared (i32.add (global.get $cleared) (local.get 0))))
    (func (export "trap") (param i32) unreachable)
    (func (export "cleared") (result i32) (global.get $cleared))
  )
  (core instance $m (instantiate $M))
  (func (export "number") (result u32)
    (canon lift (core func $m "number") (post-return (core func $m "clear"))))
  (func (export "trap") (result u32)
    (canon lift (core func $m "number") (post-return (core func $m "trap"))))
  (func (export "cleared") (result u32) (canon lift (core func $m "cleared")))
)

(component instance $it $Returns)
(assert_return (invoke "cleared") (u32.const 0))
(assert_return (invoke "number") (u32.const 9))
(assert_return (invoke "number") (u32.const 9))
(assert_return (invoke "cleared") (u32.const 18))
(assert_trap (invoke "trap") "unreachable")
(assert_trap (invoke "cleared") "cannot enter component instance")

;; It is given what was returned, and nothing else.
(assert_invalid
  (component
    (core module $M
      (func (export "number") (result i32) (i32.const 9))
      (func (export "clear") (param i64)))
    (core instance $m (instantiate $M))
    (func (result u32)
      (canon lift (core func $m "number") (post-return (core func $m "clear")))))
  "canonical option `post-return` uses a core function with an incorrect signature")
