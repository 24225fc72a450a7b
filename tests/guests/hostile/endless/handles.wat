;; Opens a handle and drops it, for ever.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:messaging/chats@0.1.0" "[resource-drop]chat" (func $drop (param i32)))
(func $attack
  (loop $on
    (call $current (i32.const 64))
    (call $drop (i32.load offset=8 (i32.const 64)))
    (br $on)))
