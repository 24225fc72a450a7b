;; Seven tables, each as large as one may be, beside a memory.
(memory (export "memory") 1016)
(table $t0 20000 funcref)
(table $t1 20000 funcref)
(table $t2 20000 funcref)
(table $t3 20000 funcref)
(table $t4 20000 funcref)
(table $t5 20000 funcref)
(table $t6 20000 funcref)
