//! Waiting for something to become true, with an end.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

/// How long anything may take; generous, for slow and busy machines.
pub const PATIENCE: Duration = Duration::from_mins(2);
/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks again and again until there is an answer.
///
/// # Errors
/// When [`PATIENCE`] ends, naming what was waited for; the look's own errors.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    until_within(PATIENCE, what, look).await
}

/// As [`until`], with another patience.
///
/// # Errors
/// As [`until`].
pub async fn until_within<T>(
    patience: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let end = Instant::now() + patience;
    loop {
        if let Some(answer) = look().await? {
            return Ok(answer);
        }
        if Instant::now() > end {
            bail!("{what}: not within {} s", patience.as_secs());
        }
        sleep(PAUSE).await;
    }
}
