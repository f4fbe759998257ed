//! Who is there right now.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Those of a kind that are alive: each stays on the roll for as long as somebody holds it.
#[derive(Debug)]
pub struct Roll<T>(Mutex<Vec<Weak<T>>>);

impl<T> Default for Roll<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Roll<T> {
    /// Puts one more on it.
    pub fn add(&self, one: T) -> Arc<T> {
        let one = Arc::new(one);
        push(&mut self.lock(), &one);
        one
    }

    /// Puts one more on it unless `most` of those that are on it count for the same.
    pub fn add_unless(&self, most: usize, one: T, counts: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        let mut all = self.lock();
        if all.iter().filter_map(Weak::upgrade).filter(|other| counts(other)).count() >= most {
            return None;
        }
        let one = Arc::new(one);
        push(&mut all, &one);
        Some(one)
    }

    /// All that are alive.
    pub fn all(&self) -> Vec<Arc<T>> {
        self.lock().iter().filter_map(Weak::upgrade).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn push<T>(all: &mut Vec<Weak<T>>, one: &Arc<T>) {
    // Grown to twice what is alive: time to forget the others.
    if all.len() == all.capacity() {
        all.retain(|other| other.strong_count() > 0);
    }
    all.push(Arc::downgrade(one));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_living_are_on_the_roll_and_only_so_many_of_a_kind() {
        let roll = Roll::default();
        let first = roll.add(1);
        let held: Vec<_> = (0..100).map(|_| roll.add(2)).collect();
        assert!(roll.add_unless(100, 2, |other| *other == 2).is_none());
        assert!(roll.add_unless(100, 1, |other| *other == 1).is_some());
        drop(held);
        for _ in 0..1_000 {
            roll.add(3);
        }
        assert_eq!(roll.all(), [first]);
        assert!(roll.lock().capacity() < 400, "the dead are forgotten");
    }
}
