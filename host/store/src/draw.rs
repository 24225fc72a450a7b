//! The operating system's randomness, drawn ahead: asking it takes as long as sealing a short text.

use std::cell::RefCell;

use zeroize::Zeroize;

use crate::engine::StoreError;

/// So many bytes are drawn at once: some eighty nonces.
const DRAWN_BYTES: usize = 2 << 10;

thread_local! {
    /// What nobody was given yet.
    static DRAWN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Draws bytes that nobody can foresee and nobody else is given, at most [`DRAWN_BYTES`].
///
/// # Errors
/// [`StoreError::Keyring`] when the system has none.
pub(crate) fn draw<const N: usize>() -> Result<[u8; N], StoreError> {
    DRAWN.with_borrow_mut(|drawn| {
        if drawn.len() < N {
            drawn.resize(DRAWN_BYTES, 0);
            if getrandom::fill(drawn).is_err() {
                drawn.clear();
            }
        }
        let (rest, last) = drawn.split_last_chunk_mut().ok_or(StoreError::Keyring)?;
        let (given, left) = (*last, rest.len());
        last.zeroize();
        drawn.truncate(left);
        Ok(given)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn nothing_is_given_twice() {
        let mut given = BTreeSet::new();
        for _ in 0..DRAWN_BYTES {
            let (nonce, seed) = (draw::<24>().unwrap(), draw::<32>().unwrap());
            assert!(given.insert(nonce.to_vec()) && given.insert(seed.to_vec()));
        }
    }
}
