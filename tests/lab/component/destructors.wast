;; What a resource's owner does when it is dropped may trap, and may not come back in.

(component definition $Dropped
  (core module $D
    (global $dropped (mut i32) (i32.const 0))
    (func (export "count") (param i32)
      (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
    (func (export "trap") (param i32) unreachable)
    (func (export "dropped") (result i32) (global.get $dropped)))
  (core instance $d (instantiate $D))
  (type $good (resource (rep i32) (dtor (core func $d "count"))))
  (type $bad (resource (rep i32) (dtor (core func $d "trap"))))
  (core func $new-good (canon resource.new $good))
  (core func $new-bad (canon resource.new $bad))
  (core func $drop-good (canon resource.drop $good))
  (core func $drop-bad (canon resource.drop $bad))
  (core module $M
    (import "" "new-good" (func $new-good (param i32) (result i32)))
    (import "" "new-bad" (func $new-bad (param i32) (result i32)))
    (import "" "drop-good" (func $drop-good (param i32)))
    (import "" "drop-bad" (func $drop-bad (param i32)))
    (func (export "good")
      (call $drop-good (call $new-good (i32.const 5)))
      (call $drop-good (call $new-good (i32.const 6))))
    (func (export "bad") (call $drop-bad (call $new-bad (i32.const 5)))))
  (core instance $m (instantiate $M (with "" (instance
    (export "new-good" (func $new-good)) (export "new-bad" (func $new-bad))
    (export "drop-good" (func $drop-good)) (export "drop-bad" (func $drop-bad))))))
  (func (export "good") (canon lift (core func $m "good")))
  (func (export "bad") (canon lift (core func $m "bad")))
  (func (export "dropped") (result u32) (canon lift (core func $d "dropped")))
)

(component instance $it $Dropped)
(assert_return (invoke "good"))
(assert_return (invoke "dropped") (u32.const 11))
(assert_trap (invoke "bad") "unreachable")
(assert_trap (invoke "dropped") "cannot enter component instance")

(assert_invalid
  (component
    (core module $D (func (export "drop") (param i64)))
    (core instance $d (instantiate $D))
    (type (resource (rep i32) (dtor (core func $d "drop")))))
  "wrong signature for a destructor")
