;; Drops the first handle there was, and opens none: its last run left some open.
(import "souk:messaging/chats@0.1.0" "[resource-drop]chat" (func $drop (param i32)))
(func $attack (call $drop (i32.const 1)))
