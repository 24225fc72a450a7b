;; Flags that nobody named are nobody's.

(component $Flags
  (core module $M
    (memory (export "m") 1)
    (func (export "same") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $M))
  (type $with' (flags "milk" "sugar" "lemon"))
  (export $with "with" (type $with'))
  (func (export "some") (param "it" u32) (result $with) (canon lift (core func $m "same")))
  (func (export "bits") (param "it" $with) (result u32) (canon lift (core func $m "same")))
)

(assert_return (invoke "some" (u32.const 0)) (flags.const))
(assert_return (invoke "some" (u32.const 5)) (flags.const "milk" "lemon"))
(assert_return (invoke "some" (u32.const 0xfffffffa)) (flags.const "sugar"))
(assert_return (invoke "bits" (flags.const "sugar" "lemon")) (u32.const 6))

(assert_invalid (component (type (flags))) "flags must have at least one entry")
(assert_invalid (component (type (flags "milk" "milk"))) "flag name `milk` conflicts")
(assert_invalid
  (component
    (type (flags
      "a0" "a1" "a2" "a3" "a4" "a5" "a6" "a7" "a8" "a9" "b0" "b1" "b2" "b3" "b4" "b5" "b6" "b7"
      "b8" "b9" "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9" "d0" "d1" "d2")))
  "cannot have more than 32 flags")
