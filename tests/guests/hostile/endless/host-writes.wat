;; Has the host count, for ever.
(import "souk:storage/buckets@0.1.0" "[static]bucket.open"
  (func $open (param i32 i32)))
(import "souk:storage/buckets@0.1.0" "[method]bucket.next"
  (func $next (param i32 i32 i32 i32)))
(func $attack
  (call $open (i32.const 0) (i32.const 64))
  (loop $on
    (call $next (i32.load offset=8 (i32.const 64)) (i32.const 0) (i32.const 1) (i32.const 80))
    (br $on)))
