;; Uses a handle that was overwritten where it keeps it: what is in its memory is its own affair.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:messaging/chats@0.1.0" "[method]chat.id" (func $id (param i32 i32)))
(func $attack
  (call $current (i32.const 64))
  (i32.store offset=8 (i32.const 64) (i32.const 0x7fffffff))
  (call $id (i32.load offset=8 (i32.const 64)) (i32.const 80)))
