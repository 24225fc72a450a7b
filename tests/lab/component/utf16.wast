;; A string in UTF-16 lies at an even place, and has both halves of each pair.

(component definition $Strings
  (core module $M
    (memory (export "m") 1)
    (data (i32.const 100) "t\00e\00\00\d8\00\dc\00\dc")
    (func (export "text") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16))
  )
  (core instance $m (instantiate $M))
  (func (export "wide") (param "at" u32) (param "units" u32) (result string)
    (canon lift (core func $m "text") (memory (core memory $m "m")) string-encoding=utf16))
  (func (export "either") (param "at" u32) (param "units" u32) (result string)
    (canon lift (core func $m "text") (memory (core memory $m "m"))
      string-encoding=latin1+utf16))
)

(component instance $it $Strings)
(assert_return (invoke "wide" (u32.const 100) (u32.const 2)) (str.const "te"))
(assert_return (invoke "wide" (u32.const 104) (u32.const 2)) (str.const "\f0\90\80\80"))
(assert_return (invoke "either" (u32.const 100) (u32.const 1)) (str.const "t"))
;; The highest bit says that it is UTF-16.
(assert_return (invoke "either" (u32.const 100) (u32.const 0x80000002)) (str.const "te"))

;; One half of a pair, the first and the second.
(assert_trap (invoke "wide" (u32.const 104) (u32.const 1)) "unpaired surrogate")
(component instance $it $Strings)
(assert_trap (invoke "wide" (u32.const 108) (u32.const 1)) "unpaired surrogate")
(component instance $it $Strings)
(assert_trap (invoke "either" (u32.const 104) (u32.const 0x80000001)) "unpaired surrogate")

;; At an odd place.
(component instance $it $Strings)
(assert_trap (invoke "wide" (u32.const 101) (u32.const 1)) "not aligned to 2")
(component instance $it $Strings)
(assert_trap (invoke "either" (u32.const 101) (u32.const 0x80000001)) "not aligned to 2")

;; More than there is, and more bytes than a number counts.
(component instance $it $Strings)
(assert_trap (invoke "wide" (u32.const 65534) (u32.const 2)) "out of bounds")
(component instance $it $Strings)
(assert_trap (invoke "wide" (u32.const 100) (u32.const 0x80000000)) "out of bounds")
(component instance $it $Strings)
(assert_trap (invoke "either" (u32.const 100) (u32.const 0xffffffff)) "out of bounds")
