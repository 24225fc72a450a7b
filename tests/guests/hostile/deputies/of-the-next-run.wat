;; Opens a handle, and uses the one that would come next.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:messaging/chats@0.1.0" "[method]chat.id" (func $id (param i32 i32)))
(func $attack
  (call $current (i32.const 64))
  (call $id (i32.add (i32.load offset=8 (i32.const 64)) (i32.const 1)) (i32.const 80)))
