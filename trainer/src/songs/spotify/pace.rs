//! How fast to ask, and how long to wait after a failure.

use std::time::{Duration, Instant};

/// Least time between two requests. Spotify counts requests in windows of 30 s and
/// publishes no number; a handful a second has long been well below it.
const GAP: Duration = Duration::from_millis(150);
/// Wait after the first failure; doubled with each further one.
const BACKOFF: Duration = Duration::from_secs(1);
/// A service that asks for a longer wait is left alone for today.
pub const LONGEST: Duration = Duration::from_mins(5);
/// Tries of one request in all.
const TRIES: u32 = 6;

/// The pace of a client.
pub struct Pace {
    /// Least time between two requests.
    pub gap: Duration,
    /// Tries of one request in all, at least 1.
    pub tries: u32,
    /// Passes the time; another one in tests.
    pub sleep: Box<dyn Fn(Duration)>,
    last: Option<Instant>,
}

impl Pace {
    /// The pace for Spotify.
    pub fn polite() -> Self {
        Self::new(GAP, Box::new(std::thread::sleep))
    }

    /// A pace with that gap, and `sleep` to pass the time.
    pub fn new(gap: Duration, sleep: Box<dyn Fn(Duration)>) -> Self {
        Self {
            gap,
            tries: TRIES,
            sleep,
            last: None,
        }
    }

    /// Waits until the next request is due.
    pub fn space(&mut self) {
        if let Some(last) = self.last {
            let wait = self.gap.saturating_sub(last.elapsed());
            if !wait.is_zero() {
                (self.sleep)(wait);
            }
        }
        self.last = Some(Instant::now());
    }

    /// The wait after failure number `failures`, from 1: doubled each time, and drawn
    /// from its upper half, so that many clients don't come back at one moment.
    pub fn after(failures: u32) -> Duration {
        let doubled = BACKOFF * 2_u32.saturating_pow(failures.saturating_sub(1));
        doubled
            .min(LONGEST)
            .mul_f64(0.5 + 0.5 * rand::random::<f64>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_with_jitter_up_to_the_longest() {
        for (failures, most) in [(1, 1), (2, 2), (3, 4), (40, 300)] {
            let wait = Pace::after(failures).as_secs_f64();
            let most = f64::from(most);
            assert!((0.5 * most..=most).contains(&wait), "{failures}: {wait}");
        }
    }

    #[test]
    fn requests_keep_their_distance() {
        let (sender, waits) = std::sync::mpsc::channel();
        let sleep = Box::new(move |wait| sender.send(wait).unwrap());
        let mut pace = Pace::new(Duration::from_mins(1), sleep);
        pace.space();
        assert!(waits.try_recv().is_err());
        pace.space();
        assert!(waits.try_recv().unwrap() > Duration::from_secs(50));
    }
}
