;; Calls itself until the stack ends.
(func $attack (call $attack) (call $attack))
