;; Reads a chat as if it were a bucket.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:storage/buckets@0.1.0" "[method]bucket.get"
  (func $get (param i32 i32 i32 i32)))
(func $attack
  (call $current (i32.const 64))
  (call $get (i32.load offset=8 (i32.const 64)) (i32.const 0) (i32.const 1) (i32.const 80)))
