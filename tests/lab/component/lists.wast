;; A list lies within the memory, at a place that its elements may have, however long it says it is.

(component definition $Lists
  (core module $M
    (memory (export "m") 1)
    (data (i32.const 200) "\01\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00")
    ;; A list of 256 bytes, 16 bytes before the end.
    (data (i32.const 240) "\f0\ff\00\00\00\01\00\00")
    (func (export "list") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16))
  )
  (core instance $m (instantiate $M))
  (func (export "bytes") (param "at" u32) (param "count" u32) (result (list u8))
    (canon lift (core func $m "list") (memory (core memory $m "m"))))
  (func (export "longs") (param "at" u32) (param "count" u32) (result (list u64))
    (canon lift (core func $m "list") (memory (core memory $m "m"))))
  (func (export "lists") (param "at" u32) (param "count" u32) (result (list (list u8)))
    (canon lift (core func $m "list") (memory (core memory $m "m"))))
)

(component instance $it $Lists)
(assert_return (invoke "longs" (u32.const 200) (u32.const 2))
  (list.const (u64.const 1) (u64.const 2)))
(assert_return (invoke "bytes" (u32.const 65536) (u32.const 0)) (list.const))
(assert_return (invoke "lists" (u32.const 8192) (u32.const 2))
  (list.const (list.const) (list.const)))

;; Longer than the memory.
(assert_trap (invoke "bytes" (u32.const 0) (u32.const 65537)) "out of bounds")
(component instance $it $Lists)
(assert_trap (invoke "bytes" (u32.const 1) (u32.const 0xffffffff)) "out of bounds")
(component instance $it $Lists)
(assert_trap (invoke "longs" (u32.const 8) (u32.const 8192)) "out of bounds")

;; So long that its size in bytes comes out as nothing where numbers wrap.
(component instance $it $Lists)
(assert_trap (invoke "longs" (u32.const 0) (u32.const 0x20000000)) "out of bounds")
(component instance $it $Lists)
(assert_trap (invoke "lists" (u32.const 0) (u32.const 0x80000000)) "out of bounds")

;; At a place that no such element has, even where there is none.
(component instance $it $Lists)
(assert_trap (invoke "longs" (u32.const 204) (u32.const 1)) "not aligned")
(component instance $it $Lists)
(assert_trap (invoke "longs" (u32.const 1) (u32.const 0)) "not aligned")
(component instance $it $Lists)
(assert_trap (invoke "bytes" (u32.const 65537) (u32.const 0)) "out of bounds")

;; A list in a list.
(component instance $it $Lists)
(assert_trap (invoke "lists" (u32.const 240) (u32.const 1)) "out of bounds")
