;; Types are whole, and not so large that looking at them takes long.

(assert_invalid (component (type (record))) "record type must have at least one field")
(assert_invalid (component (type (variant))) "variant type must have at least one case")
(assert_invalid (component (type (enum))) "enum type must have at least one variant")
(assert_invalid (component (type (tuple))) "tuple type must have at least one type")
(assert_invalid (component (type (list 0))) "index out of bounds")

;; Two to the power of twenty in a value.
(assert_invalid
  (component
    (type $a (tuple u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8))
    (type $b (tuple $a $a $a $a $a $a $a $a $a $a $a $a $a $a $a $a))
    (type $c (tuple $b $b $b $b $b $b $b $b $b $b $b $b $b $b $b $b))
    (type $d (tuple $c $c $c $c $c $c $c $c $c $c $c $c $c $c $c $c))
    (type $e (tuple $d $d $d $d $d $d $d $d $d $d $d $d $d $d $d $d))
    (type $f (tuple $e $e $e $e $e $e $e $e $e $e $e $e $e $e $e $e)))
  "effective type size exceeds the limit")
(assert_invalid
  (component
    (type $a (instance
      (export "a" (func)) (export "b" (func)) (export "c" (func)) (export "d" (func))
      (export "e" (func)) (export "f" (func)) (export "g" (func)) (export "h" (func))
      (export "i" (func)) (export "j" (func)) (export "k" (func)) (export "l" (func))))
    (type $b (instance
      (alias outer 1 $a (type $a))
      (export "a" (instance (type $a))) (export "b" (instance (type $a)))
      (export "c" (instance (type $a))) (export "d" (instance (type $a)))
      (export "e" (instance (type $a))) (export "f" (instance (type $a)))
      (export "g" (instance (type $a))) (export "h" (instance (type $a)))))
    (type $c (instance
      (alias outer 1 $b (type $b))
      (export "a" (instance (type $b))) (export "b" (instance (type $b)))
      (export "c" (instance (type $b))) (export "d" (instance (type $b)))
      (export "e" (instance (type $b))) (export "f" (instance (type $b)))
      (export "g" (instance (type $b))) (export "h" (instance (type $b)))))
    (type $d (instance
      (alias outer 1 $c (type $c))
      (export "a" (instance (type $c))) (export "b" (instance (type $c)))
      (export "c" (instance (type $c))) (export "d" (instance (type $c)))
      (export "e" (instance (type $c))) (export "f" (instance (type $c)))
      (export "g" (instance (type $c))) (export "h" (instance (type $c)))))
    (type $e (instance
      (alias outer 1 $d (type $d))
      (export "a" (instance (type $d))) (export "b" (instance (type $d)))
      (export "c" (instance (type $d))) (export "d" (instance (type $d)))
      (export "e" (instance (type $d))) (export "f" (instance (type $d)))
      (export "g" (instance (type $d))) (export "h" (instance (type $d)))))
    (type $f (instance
      (alias outer 1 $e (type $e))
      (export "a" (instance (type $e))) (export "b" (instance (type $e)))
      (export "c" (instance (type $e))) (export "d" (instance (type $e)))
      (export "e" (instance (type $e))) (export "f" (instance (type $e)))
      (export "g" (instance (type $e))) (export "h" (instance (type $e)))))
    (type $g (instance
      (alias outer 1 $f (type $f))
      (export "a" (instance (type $f))) (export "b" (instance (type $f)))
      (export "c" (instance (type $f))) (export "d" (instance (type $f)))
      (export "e" (instance (type $f))) (export "f" (instance (type $f)))
      (export "g" (instance (type $f))) (export "h" (instance (type $f))))))
  "effective type size exceeds the limit")
