;; What is imported fits what was asked for: it may be more, never less or other.

(component
  (component $Wants
    (import "shop" (instance (export "open" (func (result bool))))))
  (component $Has
    (core module $M (func (export "open") (result i32) (i32.const 1)))
    (core instance $m (instantiate $M))
    (func $open (result bool) (canon lift (core func $m "open")))
    (export "open" (func $open))
    (export "more" (func $open)))
  (instance $has (instantiate $Has))
  (instance (instantiate $Wants (with "shop" (instance $has)))))

(assert_invalid
  (component
    (component $Wants (import "shop" (instance (export "open" (func (result bool))))))
    (component $Has)
    (instance $has (instantiate $Has))
    (instance (instantiate $Wants (with "shop" (instance $has)))))
  "missing expected export `open`")
(assert_invalid
  (component
    (component $Wants (import "shop" (instance (export "open" (func (result bool))))))
    (import "has" (instance $has (export "open" (func (result u8)))))
    (instance (instantiate $Wants (with "shop" (instance $has)))))
  "expected primitive `bool` found primitive `u8`")
(assert_invalid
  (component
    (component $Wants (import "f" (func (param "a" u32))))
    (import "f" (func $f (param "b" u32)))
    (instance (instantiate $Wants (with "f" (func $f)))))
  "expected parameter named `a`, found `b`")
(assert_invalid
  (component
    (component $Wants
      (import "cup" (type $cup (sub resource)))
      (import "f" (func (param "it" (own $cup)))))
    (import "one" (type $one (sub resource)))
    (import "two" (type $two (sub resource)))
    (import "f" (func $f (param "it" (own $two))))
    (instance (instantiate $Wants (with "cup" (type $one)) (with "f" (func $f)))))
  "resource types are not the same")
(assert_invalid
  (component
    (component $Wants (import "f" (func)))
    (instance (instantiate $Wants)))
  "missing import named `f`")
(assert_invalid
  (component
    (core module $Wants (import "a" "b" (func (param i32))))
    (core module $Has (func (export "b") (param i64)))
    (core instance $has (instantiate $Has))
    (core instance (instantiate $Wants (with "a" (instance $has)))))
  "type mismatch for export `b` of module instantiation argument `a`")

;; Linked to a host that does not have it.
(assert_unlinkable
  (component (import "shop" (func)))
  "component imports function `shop`, but a matching implementation was not found")
(assert_unlinkable
  (component (import "a:b/c" (instance (export "f" (func)))))
  "component imports instance `a:b/c`, but a matching implementation was not found")
