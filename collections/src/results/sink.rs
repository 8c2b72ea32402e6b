//! Where results go.

use std::io;

use anyhow::Result;

use super::record::Record;

/// Takes results, song by song.
pub trait Sink {
    /// Takes one song. Text is handed on at once.
    ///
    /// # Errors
    /// When it can't be written.
    fn push(&mut self, record: &Record) -> Result<()>;

    /// Writes what stands behind the last song.
    ///
    /// # Errors
    /// When it can't be written.
    fn finish(self: Box<Self>) -> Result<()>;

    /// Ends what was begun, where the songs break off.
    ///
    /// # Errors
    /// When it can't be written.
    fn abandon(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

/// Whether nobody reads any more what is written, as behind `| head`.
#[must_use]
pub fn is_left(error: &anyhow::Error) -> bool {
    let cause = error.root_cause().downcast_ref::<io::Error>();
    cause.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_has_left_is_known() {
        let left = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(is_left(&left.context("writing")));
        assert!(!is_left(&anyhow::anyhow!("another")));
    }
}
