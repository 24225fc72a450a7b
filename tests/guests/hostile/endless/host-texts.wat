;; Hands the host texts of 100,000 bytes that it has to take over and look through, for ever.
(import "souk:storage/buckets@0.1.0" "[static]bucket.open"
  (func $open (param i32 i32)))
(import "souk:storage/buckets@0.1.0" "[method]bucket.get"
  (func $get (param i32 i32 i32 i32)))
(func $attack
  (call $open (i32.const 0) (i32.const 64))
  (loop $on
    (call $get (i32.load offset=8 (i32.const 64)) (i32.const 128) (i32.const 100000) (i32.const 80))
    (br $on)))
