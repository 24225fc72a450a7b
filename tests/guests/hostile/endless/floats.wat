;; Divides numbers by themselves until they are none, for ever: each of these is looked at for that.
(func $attack (local $x f64) (local $y f32)
  (loop $on
    (local.set $x (f64.div (f64.mul (local.get $x) (f64.const inf)) (local.get $x)))
    (local.set $y (f32.demote_f64 (local.get $x)))
    (br $on)))
