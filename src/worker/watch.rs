//! Whether a worker that has work has fallen silent.

use std::cell::Cell;

/// Time between two ticks, in milliseconds.
pub const TICK_MS: i32 = 10_000;
/// Ticks without a word that are too many: the longest step takes some hundred milliseconds
/// on a slow machine.
const MOST_TICKS: u32 = 6;

/// Counts the ticks of a clock since a worker was last heard. Ticks, not time: a page that
/// was suspended, or a machine that slept, comes back to a single tick, and the worker's
/// answers get their turn before the next.
#[derive(Debug, Default)]
pub struct Watch {
    working: Cell<bool>,
    silent: Cell<u32>,
}

impl Watch {
    /// The worker was given work or has spoken; it has (still) work, or none.
    pub fn heard(&self, working: bool) {
        self.working.set(working);
        self.silent.set(0);
    }

    /// A tick; whether that makes one too many. Then it counts anew.
    pub fn tick(&self) -> bool {
        if !self.working.get() {
            return false;
        }
        let silent = (self.silent.get() + 1) % MOST_TICKS;
        self.silent.set(silent);
        silent == 0
    }

    /// Seconds of silence that are too many.
    #[must_use]
    pub const fn seconds() -> u32 {
        TICK_MS as u32 / 1_000 * MOST_TICKS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ticks until it is too much, at most twenty.
    fn patience(watch: &Watch) -> Option<u32> {
        (1..=20).find(|_| watch.tick())
    }

    #[test]
    fn a_working_worker_may_be_silent_for_a_minute() {
        let watch = Watch::default();
        watch.heard(true);
        assert_eq!(patience(&watch), Some(6));
        assert_eq!(Watch::seconds(), 60);
    }

    #[test]
    fn an_idle_one_for_ever() {
        let watch = Watch::default();
        assert_eq!(patience(&watch), None);
        watch.heard(true);
        watch.heard(false);
        assert_eq!(patience(&watch), None);
    }

    #[test]
    fn a_word_begins_the_count_anew() {
        let watch = Watch::default();
        watch.heard(true);
        for _ in 0..5 {
            assert!(!watch.tick());
        }
        watch.heard(true);
        assert_eq!(patience(&watch), Some(6));
    }
}
