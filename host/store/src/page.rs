//! Pages: how much of a list is wanted, and from where.

/// Which part of a prefix, or of a log, is wanted.
#[derive(Clone, Debug)]
pub struct Page<C> {
    /// Only what lies beyond this.
    pub after: Option<C>,
    /// At most so many.
    pub limit: usize,
    /// Newest or last first; `after` then means before.
    pub reverse: bool,
}

impl<C> Page<C> {
    /// The first `limit`.
    pub const fn first(limit: usize) -> Self {
        Self {
            after: None,
            limit,
            reverse: false,
        }
    }

    /// The last `limit`, last first.
    pub const fn last(limit: usize) -> Self {
        Self {
            after: None,
            limit,
            reverse: true,
        }
    }

    /// The page beyond `after`.
    #[must_use]
    pub fn after(mut self, after: Option<C>) -> Self {
        self.after = after;
        self
    }
}
