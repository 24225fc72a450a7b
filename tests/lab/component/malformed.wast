;; Bytes that are no component.

(assert_malformed (component binary "") "unexpected end")
(assert_malformed (component binary "\00asm") "unexpected end")
(assert_malformed (component binary "\00asn\0d\00\01\00") "magic header not detected")
(assert_malformed (component binary "\00asm\0d\00\02\00") "unknown binary version")
(assert_malformed (component binary "\00asm\ff\ff\01\00") "unknown binary version")
;; A section that there is not, one longer than the file, one that says more than it has.
(assert_malformed (component binary "\00asm\0d\00\01\00" "\63\00") "malformed section id")
(assert_malformed (component binary "\00asm\0d\00\01\00" "\07\7f") "unexpected end")
(assert_malformed (component binary "\00asm\0d\00\01\00" "\07\ff\ff\ff\ff\0f") "unexpected end")
(assert_malformed (component binary "\00asm\0d\00\01\00" "\07\05\ff\ff\ff\ff\0f")
  "types count exceeds limit")
(assert_malformed (component binary "\00asm\0d\00\01\00" "\07\03\01\73\00\00")
  "unexpected data at the end of the section")
(assert_malformed (component binary "\00asm\0d\00\01\00" "\07\02\01\01") "invalid leading byte")
;; A name of bytes that are no text.
(assert_malformed
  (component binary "\00asm\0d\00\01\00" "\0a\07\01\00\02\ff\fe\01\00")
  "malformed UTF-8 encoding")
;; A component within a component, cut off.
(assert_malformed
  (component binary "\00asm\0d\00\01\00" "\04\0a\00asm\0d\00\01\00\07\7f")
  "section too large")
(assert_malformed (component quote "(type (record (field \"a\" nothing)))") "unexpected token")
