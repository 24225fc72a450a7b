;; An instance whose start traps is none, however deep it lies.

(assert_trap
  (component
    (core module $M (func $start unreachable) (start $start))
    (core instance (instantiate $M)))
  "unreachable")

(assert_trap
  (component
    (component $Inner
      (core module $M (memory 1) (data (i32.const 65536) "x"))
      (core instance (instantiate $M)))
    (component $Outer (instance (instantiate $Inner)))
    (instance (instantiate $Outer)))
  "out of bounds memory access")

(assert_trap
  (component
    (core module $M (table 1 funcref) (func $f) (elem (i32.const 1) $f))
    (core instance (instantiate $M)))
  "out of bounds table access")

;; Those before it were started, and nobody gets hold of them.
(assert_trap
  (component
    (core module $First (global (export "made") (mut i32) (i32.const 0)))
    (core instance $first (instantiate $First))
    (core module $Second
      (import "first" "made" (global $made (mut i32)))
      (func $start (global.set $made (i32.const 1)) (i32.div_u (i32.const 1) (i32.const 0)) drop)
      (start $start))
    (core instance (instantiate $Second (with "first" (instance $first)))))
  "integer divide by zero")
