;; A function of a module is lifted as what it is, and with what that takes.

(assert_invalid
  (component
    (core module $M (func (export "f") (param i64)))
    (core instance $m (instantiate $M))
    (func (param "it" u32) (canon lift (core func $m "f"))))
  "do not match parameter types")
(assert_invalid
  (component
    (core module $M (func (export "f")))
    (core instance $m (instantiate $M))
    (func (result u32) (canon lift (core func $m "f"))))
  "do not match result types")
(assert_invalid
  (component
    (core module $M (func (export "f") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func (param "it" string) (canon lift (core func $m "f"))))
  "canonical option `memory` is required")
(assert_invalid
  (component
    (core module $M (memory (export "m") 1) (func (export "f") (param i32 i32)))
    (core instance $m (instantiate $M))
    (func (param "it" string)
      (canon lift (core func $m "f") (memory (core memory $m "m")))))
  "canonical option `realloc` is required")
(assert_invalid
  (component
    (core module $M
      (memory (export "m") 1) (func (export "f") (param i32 i32)) (func (export "r") (param i32)))
    (core instance $m (instantiate $M))
    (func (param "it" string)
      (canon lift (core func $m "f") (memory (core memory $m "m"))
        (realloc (core func $m "r")))))
  "canonical option `realloc` uses a core function with an incorrect signature")
(assert_invalid
  (component
    (core module $M (memory (export "m") 1) (func (export "f") (result i32)))
    (core instance $m (instantiate $M))
    (func (result string)
      (canon lift (core func $m "f") (memory (core memory $m "m"))
        string-encoding=utf8 string-encoding=utf16)))
  "canonical encoding option `utf8` conflicts with option `utf16`")
(assert_invalid
  (component
    (import "f" (func $f (param "it" string)))
    (core func (canon lower (func $f))))
  "canonical option `memory` is required")
