;; Two functions hand over to each other, for ever, and no stack grows.
(func $attack (return_call $other))
(func $other (return_call $attack))
