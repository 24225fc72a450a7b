;; Answers, then never cleans up after its answer.
(func (export "cabi_post_souk:miniapp/handler@0.1.0#handle") (param i32)
  (loop $on (br $on)))
