;; Takes its event, then never gives the host the memory for an answer.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:messaging/chats@0.1.0" "[method]chat.id" (func $id (param i32 i32)))
(global $attacks (mut i32) (i32.const 0))
(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
  (loop $on (br_if $on (global.get $attacks)))
  (i32.const 1024))
(func $attack
  (call $current (i32.const 64))
  (global.set $attacks (i32.const 1))
  (call $id (i32.load offset=8 (i32.const 64)) (i32.const 80)))
