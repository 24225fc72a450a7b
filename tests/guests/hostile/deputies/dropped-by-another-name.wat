;; Drops a chat as if it were a bucket.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:storage/buckets@0.1.0" "[resource-drop]bucket" (func $drop (param i32)))
(func $attack
  (call $current (i32.const 64))
  (call $drop (i32.load offset=8 (i32.const 64))))
