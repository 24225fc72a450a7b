;; A char is a code point that a text can have.

(component definition $Chars
  (core module $M (func (export "same") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $M))
  (func (export "char") (param "it" u32) (result char) (canon lift (core func $m "same")))
  (func (export "same") (param "it" char) (result u32) (canon lift (core func $m "same")))
)

(component instance $it $Chars)
(assert_return (invoke "char" (u32.const 0)) (char.const "\00"))
(assert_return (invoke "char" (u32.const 0xd7ff)) (char.const "\ed\9f\bf"))
(assert_return (invoke "char" (u32.const 0xe000)) (char.const "\ee\80\80"))
(assert_return (invoke "char" (u32.const 0x10ffff)) (char.const "\f4\8f\bf\bf"))
(assert_return (invoke "same" (char.const "\f4\8f\bf\bf")) (u32.const 0x10ffff))

(assert_trap (invoke "char" (u32.const 0xd800)) "integer out of range")
(component instance $it $Chars)
(assert_trap (invoke "char" (u32.const 0xdfff)) "integer out of range")
(component instance $it $Chars)
(assert_trap (invoke "char" (u32.const 0x110000)) "integer out of range")
(component instance $it $Chars)
(assert_trap (invoke "char" (u32.const 0xffffffff)) "integer out of range")
