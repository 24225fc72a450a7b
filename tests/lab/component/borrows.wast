;; A guest that was lent something drops what it was lent before it returns, and only that.

(component definition $Borrows
  (component $Shop
    (type $cup' (resource (rep i32)))
    (export $cup "cup" (type $cup'))
    (core func $new (canon resource.new $cup'))
    (core module $M
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 7))))
    (core instance $m (instantiate $M (with "" (instance (export "new" (func $new))))))
    (func (export "make") (result (own $cup)) (canon lift (core func $m "make"))))
  (component $Guest
    (import "cup" (type $cup (sub resource)))
    (core func $drop (canon resource.drop $cup))
    (core module $M
      (import "" "drop" (func $drop (param i32)))
      (func (export "drops") (param i32) (call $drop (local.get 0)))
      (func (export "keeps") (param i32))
      (func (export "drops-twice") (param i32)
        (call $drop (local.get 0)) (call $drop (local.get 0))))
    (core instance $m (instantiate $M (with "" (instance (export "drop" (func $drop))))))
    (func (export "drops") (param "it" (borrow $cup)) (canon lift (core func $m "drops")))
    (func (export "keeps") (param "it" (borrow $cup)) (canon lift (core func $m "keeps")))
    (func (export "drops-twice") (param "it" (borrow $cup))
      (canon lift (core func $m "drops-twice"))))
  (instance $shop (instantiate $Shop))
  (alias export $shop "cup" (type $cup))
  (instance $guest (instantiate $Guest (with "cup" (type $cup))))
  (component $Caller
    (import "shop" (instance $shop
      (export "cup" (type $cup (sub resource)))
      (export "make" (func (result (own $cup))))))
    (alias export $shop "cup" (type $cup))
    (import "guest" (instance $guest
      (export "drops" (func (param "it" (borrow $cup))))
      (export "keeps" (func (param "it" (borrow $cup))))
      (export "drops-twice" (func (param "it" (borrow $cup))))))
    (core func $make (canon lower (func $shop "make")))
    (core func $drops (canon lower (func $guest "drops")))
    (core func $keeps (canon lower (func $guest "keeps")))
    (core func $drops-twice (canon lower (func $guest "drops-twice")))
    (core func $drop (canon resource.drop $cup))
    (core module $M
      (import "" "make" (func $make (result i32)))
      (import "" "drops" (func $drops (param i32)))
      (import "" "keeps" (func $keeps (param i32)))
      (import "" "drops-twice" (func $drops-twice (param i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "drops") (local $it i32)
        (local.set $it (call $make))
        (call $drops (local.get $it))
        (call $drops (local.get $it))
        (call $drop (local.get $it)))
      (func (export "keeps") (call $keeps (call $make)))
      (func (export "drops-twice") (call $drops-twice (call $make))))
    (core instance $m (instantiate $M (with "" (instance
      (export "make" (func $make)) (export "drops" (func $drops)) (export "keeps" (func $keeps))
      (export "drops-twice" (func $drops-twice)) (export "drop" (func $drop))))))
    (func (export "drops") (canon lift (core func $m "drops")))
    (func (export "keeps") (canon lift (core func $m "keeps")))
    (func (export "drops-twice") (canon lift (core func $m "drops-twice"))))
  (instance $caller
    (instantiate $Caller (with "shop" (instance $shop)) (with "guest" (instance $guest))))
  (export "drops" (func $caller "drops"))
  (export "keeps" (func $caller "keeps"))
  (export "drops-twice" (func $caller "drops-twice"))
)

(component instance $it $Borrows)
(assert_return (invoke "drops"))
(assert_trap (invoke "keeps") "borrow handles still remain at the end of the call")
(component instance $it $Borrows)
(assert_trap (invoke "drops-twice") "unknown handle index")

;; What is lent cannot be returned.
(assert_invalid
  (component
    (import "cup" (type $cup (sub resource)))
    (import "f" (func (result (borrow $cup)))))
  "function result cannot contain a `borrow` type")
;; Only who defined a resource makes handles of it and sees behind them.
(assert_invalid
  (component
    (import "cup" (type $cup (sub resource)))
    (core func (canon resource.rep $cup)))
  "is not a local resource")
(assert_invalid
  (component
    (import "cup" (type $cup (sub resource)))
    (core func (canon resource.new $cup)))
  "is not a local resource")
