;; Grows and fills its memory whenever the host wants a little, and has it want some for ever.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:messaging/chats@0.1.0" "[method]chat.id" (func $id (param i32 i32)))
(memory (export "memory") 2)
(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
  (drop (memory.grow (i32.const 1)))
  (memory.fill (i32.const 65536) (i32.const 1)
    (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 65536)))
  (i32.const 1024))
(func $attack
  (call $current (i32.const 64))
  (loop $on
    (call $id (i32.load offset=8 (i32.const 64)) (i32.const 80))
    (br $on)))
