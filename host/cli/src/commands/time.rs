//! Moments as people write them: RFC 3339 in UTC, as `souk` prints them.

use souk_core::Timestamp;

/// Reads a time like `2026-11-22T09:05:00Z`, with or without a fraction of a second.
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    fields(text)
        .filter(|time| is_same(*time, text))
        .ok_or_else(|| "write it like 2026-11-22T09:05:00Z".to_owned())
}

/// Tells whether a time is written like that: what does not exist, like a 31st of June, is not.
fn is_same(time: Timestamp, text: &str) -> bool {
    let written = time.to_string();
    let seconds = "2026-11-22T09:05:00".len();
    written.get(..seconds) == text.get(..seconds)
}

fn fields(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(time, ':')?;
    let millis = format!("{fraction:0<3}").get(..3)?.parse::<u64>().ok()?;
    let seconds = (days(year, month, day)? * 24 + hour) * 3_600 + minute * 60 + second;
    Some(Timestamp::from_millis(seconds * 1_000 + millis))
}

fn numbers(text: &str, between: char) -> Option<[u64; 3]> {
    let parts = text.split(between).map(|part| part.parse::<u16>().ok());
    let parts: Option<Vec<_>> = parts.map(|part| part.map(u64::from)).collect();
    parts?.try_into().ok()
}

/// Days since the epoch (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        for millis in [0, 951_782_400_000, 1_763_802_300_250, 4_102_444_799_999] {
            let time = Timestamp::from_millis(millis);
            assert_eq!(parse(&time.to_string()), Ok(time));
        }
        let time = Timestamp::from_millis(1_763_802_300_000);
        assert_eq!(parse(&time.to_string().replace(".000", "")), Ok(time));
        for wrong in [
            "",
            "yesterday",
            "2026-06-31T00:00:00Z",
            "2026-11-22T09:05:00",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
