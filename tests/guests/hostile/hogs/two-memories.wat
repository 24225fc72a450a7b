;; Two memories, each half of what there is and a page.
(memory (export "memory") 512)
(memory $other 513)
