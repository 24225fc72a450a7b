;; Computes for a long time between any two host calls, for ever.
(import "souk:messaging/chats@0.1.0" "[static]chat.current" (func $current (param i32)))
(import "souk:messaging/chats@0.1.0" "[method]chat.is-group"
  (func $is_group (param i32) (result i32)))
(func $attack (local $n i32)
  (call $current (i32.const 64))
  (loop $on
    (local.set $n (i32.const 100000000))
    (loop $count (br_if $count (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (drop (call $is_group (i32.load offset=8 (i32.const 64))))
    (br $on)))
