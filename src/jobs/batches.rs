//! How much one transaction of a clean-up takes on.

use std::time::{Duration, Instant};

use crate::app::App;
use crate::error::Error;

/// How long one transaction should take: others who write wait for it.
const AIM: Duration = Duration::from_millis(60);

/// The size of the next batch: small at first, then as large as the rows at hand allow, since one row may hold a line
/// or a picture.
#[derive(Clone, Copy, Debug)]
pub struct Batches {
    size: i64,
    most: i64,
}

impl Batches {
    /// Begins with an eighth of `most`.
    pub fn up_to(most: i64) -> Self {
        Self { size: (most / 8).max(1), most }
    }

    /// Rows to take on.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the server stops: the rest is for the next start.
    pub fn next(self, app: &App) -> Result<i64, Error> {
        if app.shutdown.is_cancelled() { Err(Error::Unavailable) } else { Ok(self.size) }
    }

    /// Learns from the batch that began at `began`.
    pub fn learn(&mut self, began: Instant) {
        let took = began.elapsed();
        if took > AIM {
            self.size = (self.size / 2).max(1);
        } else if took * 2 < AIM {
            self.size = (self.size * 2).min(self.most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_batches_shrink_to_one_row_and_quick_ones_grow_to_the_most() {
        let mut batches = Batches::up_to(500);
        assert_eq!(batches.size, 62);
        for _ in 0..10 {
            batches.learn(Instant::now());
        }
        assert_eq!(batches.size, 500);
        for _ in 0..10 {
            batches.learn(Instant::now().checked_sub(2 * AIM).unwrap());
        }
        assert_eq!(batches.size, 1);
    }
}
