//! All memories and tables of one run, counted in sum.

use wasmtime::ResourceLimiter;

/// What one element of a table costs.
const TABLE_ELEMENT_BYTES: usize = size_of::<usize>();

/// Lets memories and tables grow while all of them together stay within one bound.
pub(crate) struct Limiter {
    held: usize,
    most: usize,
    refused: bool,
}

impl Limiter {
    /// A limiter that allows `most` bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            held: 0,
            most,
            refused: false,
        }
    }

    /// What is held, in bytes: the most there was, because memories never shrink.
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    /// What may still be had, in bytes.
    pub(crate) fn left(&self) -> usize {
        self.most.saturating_sub(self.held)
    }

    /// Whether more was wanted than there is.
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }

    /// Decides on one growth. What is beyond the thing's own maximum would fail after all, and is
    /// refused here, so that nothing is counted that does not happen.
    fn grow(&mut self, now: usize, wanted: usize, own: Option<usize>, unit: usize) -> bool {
        if own.is_some_and(|own| wanted > own) {
            return false;
        }
        let by = wanted.saturating_sub(now).saturating_mul(unit);
        let held = self.held.saturating_add(by);
        if held > self.most {
            self.refused = true;
            return false;
        }
        self.held = held;
        true
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        now: usize,
        wanted: usize,
        own: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grow(now, wanted, own, 1))
    }

    fn table_growing(
        &mut self,
        now: usize,
        wanted: usize,
        own: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grow(now, wanted, own, TABLE_ELEMENT_BYTES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_and_tables_count_together() {
        let mut limiter = Limiter::new(1_000);
        assert!(limiter.memory_growing(0, 600, None).unwrap());
        assert!(
            !limiter.memory_growing(0, 600, None).unwrap(),
            "a second memory"
        );
        assert!(limiter.table_growing(0, 50, None).unwrap());
        assert!(!limiter.table_growing(50, 51, None).unwrap());
        assert_eq!((limiter.held(), limiter.refused()), (1_000, true));
    }

    #[test]
    fn what_cannot_happen_is_not_counted() {
        let mut limiter = Limiter::new(1_000);
        assert!(!limiter.memory_growing(0, 900, Some(100)).unwrap());
        assert_eq!((limiter.held(), limiter.refused()), (0, false));
    }
}
