;; A record that is returned lies where the guest says, if one can lie there.

(component definition $Records
  (core module $M
    (memory (export "m") 1)
    (data (i32.const 64) "\05\00\00\00\2c\01\00\00\07\00\00\00\00\00\00\00")
    (func (export "at") (param i32) (result i32) (local.get 0))
  )
  (core instance $m (instantiate $M))
  (type $order' (record (field "cups" u8) (field "cents" u32) (field "number" u64)))
  (export $order "order" (type $order'))
  (func (export "read") (param "at" u32) (result $order)
    (canon lift (core func $m "at") (memory (core memory $m "m"))))
)

(component instance $it $Records)
(assert_return (invoke "read" (u32.const 64))
  (record.const (field "cups" u8.const 5) (field "cents" u32.const 300)
    (field "number" u64.const 7)))
(assert_trap (invoke "read" (u32.const 68)) "pointer not aligned")
(component instance $it $Records)
(assert_trap (invoke "read" (u32.const 65528)) "out of bounds")
(component instance $it $Records)
(assert_trap (invoke "read" (u32.const 0xfffffff8)) "out of bounds")
