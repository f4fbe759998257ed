//! Times as these files write them.

/// The microseconds since 1970 of an RFC 3339 time in UTC, such as `2026-01-15T12:00:00.123Z`. `None` for anything
/// else, and before 1970.
pub(super) fn micros(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z')?;
    let (date, clock) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut clock = clock.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let fits = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second)
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !fits {
        return None;
    }
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000_000 + digits.parse::<i64>().ok()?)
}

/// Days from 1970-01-01 to this day of the Gregorian calendar. Years are counted from March, so that a leap day is a
/// year's last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(micros("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(micros("2026-01-15T12:00:00.5Z"), Some(1_768_478_400_500_000));
        assert_eq!(micros("2024-02-29T23:59:59.123456789Z"), Some(1_709_251_199_123_456));
        assert_eq!(micros("2000-03-01T00:00:00Z"), Some(951_868_800_000_000));
        for bad in ["", "Z", "2026-01-15", "2026-01-15T12:00:00", "2026-13-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-01-15T12:00:00.xZ"]
        {
            assert_eq!(micros(bad), None, "{bad}");
        }
    }
}
