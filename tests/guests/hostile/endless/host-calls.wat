;; Calls the host, for ever.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:messaging/chats@0.1.0" "[method]chat.is-group"
  (func $is_group (param i32) (result i32)))
(func $attack
  (call $current (i32.const 64))
  (loop $on
    (drop (call $is_group (i32.load offset=8 (i32.const 64))))
    (br $on)))
