//! Whether the browser has promised to clear nothing by itself.

/// What is known of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Persistence {
    /// It was not asked.
    #[default]
    Unknown,
    /// It was, and has not answered.
    Asked,
    /// It has promised.
    Granted,
    /// It has not: what is kept may go when space runs short, or after days without a visit.
    Denied,
    /// It has no interface for the question.
    Unsupported,
}
