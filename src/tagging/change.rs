//! What a verdict changes in a file.

use serde::{Deserialize, Serialize};

use super::field::{Field, OURS, Told};

/// A text or none for each field, in the order of [`Field::ALL`].
pub type Texts = [Option<String>; Field::COUNT];

/// One tag of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The tag.
    pub field: Field,
    /// What was there; `None` for nothing.
    pub before: Option<String>,
    /// What is there then.
    pub after: Option<String>,
}

/// What is changed in a file with these texts. What others have written stays, but for mood,
/// tempo and key with `overwrite`.
#[must_use]
pub fn changes(before: &Texts, told: Told<'_>, overwrite: bool) -> Vec<Change> {
    let change = |(field, before): (Field, &Option<String>)| {
        let after = Some(told.text(field)?);
        let may_be_replaced = match (field, before) {
            (_, None) => true,
            (Field::Comment, Some(text)) => text.starts_with(OURS),
            (_, Some(_)) => overwrite,
        };
        (may_be_replaced && *before != after).then(|| Change {
            field,
            before: before.clone(),
            after,
        })
    };
    Field::ALL
        .into_iter()
        .zip(before)
        .filter_map(change)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::TrackFeatures;
    use crate::kind::Kind;
    use crate::mood::{Mood, MoodProbabilities};

    /// The fields that change, and what is written.
    fn changed(before: [&str; Field::COUNT], overwrite: bool) -> Vec<(Field, String)> {
        let features = TrackFeatures {
            tempo: Some(120.0),
            key: Some(9.0),
            mode: Some(0.0),
            ..TrackFeatures::default()
        };
        let told = Told {
            kind: Kind::Music,
            mood: Mood::Calm,
            unsure: false,
            moods: MoodProbabilities::from_weights([0.0, 1.0, 0.0, 0.0]),
            features: &features,
            said: None,
        };
        let before = before.map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()));
        let changes = changes(&before, told, overwrite);
        let all = changes.into_iter();
        all.map(|change| (change.field, change.after.unwrap()))
            .collect()
    }

    #[test]
    fn what_others_wrote_stays_unless_it_is_to_be_replaced() {
        let fields = |before, overwrite| -> Vec<Field> {
            let changed = changed(before, overwrite);
            changed.into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(fields(["", "", "", ""], false), Field::ALL);
        let tagged = ["sad", "120", "F", "mine"];
        assert_eq!(fields(tagged, false), []);
        // The tempo is there already, and the comment is somebody's.
        assert_eq!(fields(tagged, true), [Field::Mood, Field::Key]);
        let ours = ["calm", "120", "Am", "Undertone: sad (50 %)"];
        assert_eq!(fields(ours, false), [Field::Comment]);
    }
}
