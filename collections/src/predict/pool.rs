//! Many songs at once, answered in their order.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};

/// Answers that may wait for an earlier one, for each thread: a long song holds the others
/// up only after so many short ones.
const AHEAD: usize = 16;

/// As on the main thread of most systems; a thread has a quarter of it otherwise.
const STACK_BYTES: usize = 8 << 20;

/// The items, and the places of their answers in their order.
type Feed<I, A> = Mutex<Option<(I, SyncSender<Receiver<A>>)>>;

/// Hands `items` to `jobs` threads and their answers to `take`, in the order of the items,
/// until that breaks off. An item is taken only when a thread is free, so that memory grows with
/// the threads and not the items.
///
/// # Errors
/// When the threads can't be started or one of them is lost, and those of `take`.
pub fn in_order<I: Iterator<Item: Send> + Send, A: Send>(
    jobs: NonZeroUsize,
    items: I,
    work: impl Fn(I::Item) -> A + Sync,
    mut take: impl FnMut(A) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let (order, answers) = sync_channel(jobs.get() * AHEAD);
    let feed: &Feed<I, A> = &Mutex::new(Some((items, order)));
    let work = &work;
    thread::scope(move |scope| {
        // Dropped on every way out: then the threads stop, too.
        let answers = answers;
        for _ in 0..jobs.get() {
            let thread = thread::Builder::new().stack_size(STACK_BYTES);
            let run = move || {
                while let Some((item, answer)) = next(feed) {
                    // Nobody waits for it where `take` broke off.
                    let _ = answer.send(work(item));
                }
            };
            if let Err(error) = thread.spawn_scoped(scope, run) {
                close(feed);
                return Err(error).context("the threads can't be started");
            }
        }
        for answer in answers {
            let answer = answer.recv().context("a thread was lost")?;
            if take(answer)?.is_break() {
                break;
            }
        }
        Ok(())
    })
}

/// The next item, and where its answer goes.
fn next<I: Iterator, A>(feed: &Feed<I, A>) -> Option<(I::Item, SyncSender<A>)> {
    let mut feed = feed.lock().unwrap_or_else(PoisonError::into_inner);
    let (items, order) = feed.as_mut()?;
    let (answer, place) = sync_channel(1);
    if let Some(item) = items.next()
        && order.send(place).is_ok()
    {
        return Some((item, answer));
    }
    // Without the sender the answers end.
    *feed = None;
    None
}

fn close<I, A>(feed: &Feed<I, A>) {
    *feed.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use anyhow::bail;

    use super::*;

    const JOBS: NonZeroUsize = NonZeroUsize::new(3).unwrap();

    #[test]
    fn answers_come_in_the_order_of_the_items() {
        let mut got = Vec::new();
        let slow_first = |n: u64| {
            thread::sleep(Duration::from_millis(if n == 0 { 100 } else { 1 }));
            n
        };
        in_order(JOBS, 0..200, slow_first, |n| {
            got.push(n);
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        assert!(got.iter().copied().eq(0..200), "{got:?}");
    }

    #[test]
    fn no_more_items_are_taken_than_may_wait() {
        let taken = AtomicUsize::new(0);
        let items = (0..1_000).inspect(|_| {
            taken.fetch_add(1, Ordering::SeqCst);
        });
        let mut answered = 0;
        in_order(
            JOBS,
            items,
            |n| n,
            |_| {
                answered += 1;
                thread::sleep(Duration::from_micros(100));
                // Those that wait, those at work, and the one that is at the door.
                let most = answered + JOBS.get() * (AHEAD + 1) + 1;
                assert!(taken.load(Ordering::SeqCst) <= most);
                Ok(ControlFlow::Continue(()))
            },
        )
        .unwrap();
        assert_eq!(answered, 1_000);
    }

    #[test]
    fn an_end_before_the_end_stops_the_threads() {
        let worked = AtomicUsize::new(0);
        let count = |n: usize| {
            worked.fetch_add(1, Ordering::SeqCst);
            n
        };
        in_order(JOBS, 0.., count, |n| {
            Ok(if n == 5 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })
        .unwrap();
        assert!(worked.load(Ordering::SeqCst) <= 6 + JOBS.get() * (AHEAD + 1) + 1);
        let failed = in_order(JOBS, 0.., |n: u64| n, |_| bail!("full"));
        assert_eq!(failed.unwrap_err().to_string(), "full");
    }
}
