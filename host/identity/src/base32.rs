//! Bytes as text that is selected by one double click and read out without doubt.

/// Crockford's alphabet, the one that ids are written in.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Returns the bytes in base 32, most significant bit first, the last digit filled with zeros.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let bit = |place: usize| {
        let byte = bytes.get(place / 8).copied().unwrap_or(0);
        usize::from(byte >> (7 - place % 8) & 1)
    };
    let digit = |start: usize| (start..start + 5).fold(0, |digit, place| digit << 1 | bit(place));
    let letter = |start| {
        ALPHABET
            .get(digit(start))
            .map_or('0', |letter| char::from(*letter))
    };
    (0..bytes.len() * 8).step_by(5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_is_written_once() {
        assert_eq!(encode(&[]), "");
        assert_eq!(encode(&[0]), "00");
        assert_eq!(encode(&[0xff]), "zw");
        assert_eq!(encode(&[0x00, 0x44, 0x32, 0x14, 0xc7]), "01234567");
        assert_eq!(encode(&[0xff; 20]), "z".repeat(32));
    }
}
