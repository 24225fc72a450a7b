;; A string in memory is UTF-8 and lies within the memory, or the call ends there.

(component definition $Strings
  (core module $M
    (memory (export "m") 1)
    (data (i32.const 100) "tea\ff\80\c0\80\ed\a0\80\f4\90\80\80\e2\98")
    (func (export "text") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16))
  )
  (core instance $m (instantiate $M))
  (func (export "text") (param "at" u32) (param "bytes" u32) (result string)
    (canon lift (core func $m "text") (memory (core memory $m "m"))))
)

(component instance $it $Strings)
(assert_return (invoke "text" (u32.const 100) (u32.const 3)) (str.const "tea"))
(assert_return (invoke "text" (u32.const 65536) (u32.const 0)) (str.const ""))
(assert_return (invoke "text" (u32.const 65535) (u32.const 1)) (str.const "\00"))

;; Bytes that no text has.
(assert_trap (invoke "text" (u32.const 103) (u32.const 1)) "invalid utf-8")
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 104) (u32.const 1)) "invalid utf-8")
;; Nothing, written longer than it must be.
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 105) (u32.const 2)) "invalid utf-8")
;; One half of a pair.
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 107) (u32.const 3)) "invalid utf-8")
;; Above the last code point.
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 110) (u32.const 4)) "invalid utf-8")
;; Cut off.
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 114) (u32.const 2)) "incomplete utf-8")

;; Behind the memory's end, or around it.
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 65537) (u32.const 0)) "out of bounds")
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 65535) (u32.const 2)) "out of bounds")
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 0xffffffff) (u32.const 0xffffffff)) "out of bounds")
(component instance $it $Strings)
(assert_trap (invoke "text" (u32.const 100) (u32.const 0xffffffff)) "out of bounds")
