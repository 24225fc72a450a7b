;; Uses a handle that it has dropped.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:messaging/chats@0.1.0" "[method]chat.id" (func $id (param i32 i32)))
(import "souk:messaging/chats@0.1.0" "[resource-drop]chat" (func $drop (param i32)))
(func $attack
  (call $current (i32.const 64))
  (call $drop (i32.load offset=8 (i32.const 64)))
  (call $id (i32.load offset=8 (i32.const 64)) (i32.const 80)))
