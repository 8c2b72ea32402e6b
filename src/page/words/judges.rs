//! How far the judges agree, and what "unsure" means.

use super::figures::percent;
use crate::card::VerdictRule;
use crate::mood::Mood;
use crate::report::Report;
use crate::text::{Language, mood_name, song as say};

/// How far the judges agree, in a sentence with the figure.
#[must_use]
pub fn agreement(language: Language, report: &Report) -> String {
    let network = report.judges.network.moods.top().0;
    let ensemble = report.judges.ensemble.moods.top().0;
    let text = if network == ensemble {
        say::AGREE
    } else {
        say::DIFFER
    };
    let values = [
        ("mood", mood_name(network).of(language)),
        ("network", mood_name(network).of(language)),
        ("ensemble", mood_name(ensemble).of(language)),
        ("share", &percent(language, report.agreement)),
    ];
    text.fill(language, &values)
}

/// On which mood the judges differ most, and what each says of it.
#[must_use]
pub fn apart(language: Language, report: &Report) -> String {
    let judges = &report.judges;
    let both = |mood| {
        [
            judges.network.moods.get(mood),
            judges.ensemble.moods.get(mood),
        ]
    };
    let gap = |mood: &Mood| {
        let [network, ensemble] = both(*mood);
        (network - ensemble).abs()
    };
    let widest = Mood::ALL
        .into_iter()
        .max_by(|a, b| gap(a).total_cmp(&gap(b)));
    widest.map_or_else(String::new, |mood| {
        let [network, ensemble] = both(mood).map(|share| percent(language, share));
        let values = [
            ("mood", mood_name(mood).of(language)),
            ("network", &network),
            ("ensemble", &ensemble),
        ];
        say::APART.fill(language, &values)
    })
}

/// What "unsure" means, for this song.
#[must_use]
pub fn unsure_note(language: Language, report: &Report, rule: Option<VerdictRule>) -> String {
    let [first, second] = report.moods.top_two();
    let values = [
        ("first", mood_name(first.0).of(language)),
        ("likely", &*percent(language, first.1)),
        ("second", mood_name(second.0).of(language)),
        ("less", &*percent(language, second.1)),
    ];
    let note = say::UNSURE_NOTE.fill(language, &values);
    let Some(rule) = rule else {
        return note;
    };
    let least = percent(language, rule.unsure_below);
    say::UNSURE_BELOW.fill(language, &[("note", &note), ("least", &least)])
}
