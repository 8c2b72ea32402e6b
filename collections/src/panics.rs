//! What brings other people's code down.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does work that may panic on what a file holds.
///
/// # Errors
/// What the panic said.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic: Box<dyn Any + Send>| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
        said.unwrap_or_default()
    })
}
