//! What visitors of a link took, day by day, as small charts and as a table.

use crate::clock::DAY_MICROS;
use crate::guests::counts::Day;
use crate::pages::view::{Count, date};

/// Days that are shown.
pub const DAYS: i64 = 30;
/// A day in the drawing, with the gap behind it.
const STEP: i64 = 10;
const GAP: i64 = 2;
/// The highest bar.
const HEIGHT: i64 = 40;

/// All of it.
pub struct Chart {
    /// Messages, visitors, tokens.
    pub series: Vec<Series>,
    /// Days on which something happened, the newest first.
    pub rows: Vec<Row>,
}

/// One number by day.
pub struct Series {
    /// What it counts.
    pub name: &'static str,
    /// Of all days together; of visitors each counts once for each day.
    pub total: Count,
    /// One for each day.
    pub bars: Vec<Bar>,
}

/// A day in the drawing.
pub struct Bar {
    /// From the left.
    pub x: i64,
    /// From above.
    pub y: i64,
    /// Of nothing it is nothing.
    pub height: i64,
}

/// A day in the table.
pub struct Row {
    /// "20 November 2026"
    pub date: String,
    /// Messages.
    pub messages: Count,
    /// Visitors.
    pub guests: Count,
    /// Tokens.
    pub tokens: Count,
}

impl Chart {
    /// Of these days, the oldest first.
    pub fn of(days: &[Day]) -> Self {
        let row = |day: &Day| Row {
            date: date(day.day.saturating_mul(DAY_MICROS)).1,
            messages: Count(day.messages),
            guests: Count(day.guests),
            tokens: Count(day.tokens),
        };
        Self {
            series: vec![
                series("Messages", days, |day| day.messages),
                series("Visitors", days, |day| day.guests),
                series("Tokens", days, |day| day.tokens),
            ],
            rows: days.iter().rev().filter(|day| day.messages > 0 || day.tokens > 0).map(row).collect(),
        }
    }

    /// Whether there is nothing to be shown.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How wide a drawing is.
    pub fn width(&self) -> i64 {
        DAYS * STEP - GAP
    }

    /// How high it is.
    pub fn height(&self) -> i64 {
        HEIGHT
    }

    /// How wide a day is.
    pub fn bar(&self) -> i64 {
        STEP - GAP
    }
}

fn series(name: &'static str, days: &[Day], of: impl Fn(&Day) -> i64) -> Series {
    let most = days.iter().map(&of).max().unwrap_or_default().max(1);
    let bars = days.iter().zip(0..).map(|(day, at)| {
        // What happened at all is seen.
        let height = (of(day).saturating_mul(HEIGHT) / most).max(i64::from(of(day) > 0));
        Bar { x: at * STEP, y: HEIGHT - height, height }
    });
    Series { name, total: Count(days.iter().map(&of).sum()), bars: bars.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_with_most_is_the_highest_and_a_day_with_one_is_seen() {
        let days = [0, 1, 1_000].map(|messages| Day { day: 20_468, messages, ..Day::default() });
        let chart = Chart::of(&days);
        let heights: Vec<i64> = chart.series[0].bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [0, 1, HEIGHT]);
        assert_eq!((chart.series[0].total, chart.rows.len()), (Count(1_001), 2));
        assert_eq!(chart.rows[0].date, "15 January 2026");
        assert!(chart.series[1].bars.iter().all(|bar| bar.height == 0));
    }
}
