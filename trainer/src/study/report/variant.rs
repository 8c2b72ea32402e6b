//! What the name of a system says: a learner, and in brackets what was added to it.

use std::collections::BTreeSet;

/// The mark of oversampling.
const SMOTE: &str = "smote";

/// The mark of a learner as it was first tried, with nothing added.
const FIRST: &str = "first";

/// A name taken apart: `SVM (grid, SMOTE)` is the learner `SVM` with two additions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant<'a> {
    /// The learner.
    pub learner: &'a str,
    /// What was added, in lower case.
    tags: BTreeSet<String>,
}

impl<'a> Variant<'a> {
    /// Takes a name apart; one without brackets has no additions.
    pub fn of(name: &'a str) -> Self {
        let parts = name
            .strip_suffix(')')
            .and_then(|rest| rest.rsplit_once('('));
        let (learner, tags) = parts.unwrap_or((name, ""));
        let tags = tags.split(',').map(|tag| tag.trim().to_lowercase());
        Self {
            learner: learner.trim(),
            tags: tags.filter(|tag| !tag.is_empty()).collect(),
        }
    }

    /// Whether it is the learner as it was first tried.
    pub fn is_first(&self) -> bool {
        self.tags.iter().eq([FIRST])
    }

    /// Whether it was searched over a grid and oversampled: the learner's last form.
    pub fn is_last(&self) -> bool {
        self.tags.iter().eq(["grid", SMOTE])
    }

    /// Whether `other` is the same with oversampling added.
    pub fn is_oversampled_in(&self, other: &Self) -> bool {
        let rest = |variant: &Self| -> Vec<String> {
            let tags = variant.tags.iter();
            tags.filter(|tag| *tag != SMOTE && *tag != FIRST)
                .cloned()
                .collect()
        };
        self.learner == other.learner
            && !self.tags.contains(SMOTE)
            && other.tags.contains(SMOTE)
            && rest(self) == rest(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oversampling_is_found_in_the_name() {
        let pairs = [
            ("SVM (first)", "SVM (SMOTE)", true),
            ("SVM (grid)", "SVM (grid, SMOTE)", true),
            ("stack", "stack (SMOTE)", true),
            ("SVM (grid)", "SVM (SMOTE)", false),
            ("SVM (grid)", "random forest (grid, SMOTE)", false),
            ("stack (SMOTE)", "stack", false),
            ("stack", "stack", false),
        ];
        for (before, after, expected) in pairs {
            let found = Variant::of(before).is_oversampled_in(&Variant::of(after));
            assert_eq!(found, expected, "{before} {after}");
        }
    }

    #[test]
    fn first_and_last_are_found_in_the_name() {
        assert!(Variant::of("decision tree (first)").is_first());
        assert!(Variant::of("decision tree (SMOTE, grid)").is_last());
        for name in ["decision tree", "decision tree (grid)", "(", ")", ""] {
            let variant = Variant::of(name);
            assert!(!variant.is_first() && !variant.is_last(), "{name}");
        }
        assert_eq!(Variant::of("Conv (a) + LSTM").learner, "Conv (a) + LSTM");
    }
}
