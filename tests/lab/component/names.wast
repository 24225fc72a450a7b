;; Names are in kebab case, and nobody has two.

(component definition (import "a" (func)) (import "b" (func)))
(component definition (import "wasi:http/types@0.2.0" (instance)))
(assert_invalid (component (import "a" (func)) (import "a" (func))) "conflicts with previous name")
(assert_invalid (component (import "a" (func)) (import "A" (func))) "conflicts with previous name")
(assert_invalid (component (import "" (func))) "is not a valid extern name")
(assert_invalid (component (import "a_b" (func))) "is not a valid extern name")
(assert_invalid (component (import "1a" (func))) "is not a valid extern name")
(assert_invalid (component (import "a:b/c@1" (func))) "invalid interface version")
(assert_invalid
  (component (type (record (field "a" u8) (field "a" u8))))
  "record field name `a` conflicts with previous field name `a`")
(assert_invalid
  (component (type (variant (case "a") (case "a"))))
  "variant case name `a` conflicts with previous case name `a`")
(assert_invalid
  (component (import "f" (func (param "a" u8) (param "a" u8))))
  "function parameter name `a` conflicts with previous parameter name `a`")
