use super::*;
use crate::regressor::Target;

const ENGLISH: Language = Language::English;
const CARD: &str = include_str!("../../../../static/models/features.json");

fn value_of(facts: &[Fact], id: &str) -> String {
    let fact = facts.iter().find(|fact| fact.id == id).unwrap();
    fact.value.clone()
}

#[test]
fn headlines_have_names_and_units() {
    let features = TrackFeatures {
        key: Some(9.0),
        mode: Some(0.0),
        loudness: Some(-9.25),
        tempo: Some(117.4),
        duration_ms: Some(213_400.0),
        time_signature: Some(3.0),
        ..TrackFeatures::default()
    };
    let facts = headlines(ENGLISH, &features, &Sound::default());
    assert_eq!(value_of(&facts, "key"), "A minor");
    let open = Sound {
        mode_open: true,
        ..Sound::default()
    };
    let [key, ..] = headlines(ENGLISH, &features, &open);
    assert_eq!(
        (&*key.value, &*key.note),
        ("between major and minor", "nearest A minor")
    );
    assert_eq!(value_of(&facts, "tempo"), "117 BPM");
    assert_eq!(value_of(&facts, "time_signature"), "3 beats a bar");
    assert_eq!(value_of(&facts, "loudness"), "−9.2 LUFS");
    assert_eq!(value_of(&facts, "duration_ms"), "3:33");
}

#[test]
fn what_is_not_known_says_why() {
    let facts = headlines(ENGLISH, &TrackFeatures::default(), &Sound::default());
    assert_eq!(value_of(&facts, "key"), "no clear key");
    for fact in &facts[1..] {
        assert!(fact.missing && fact.value == "not measured", "{}", fact.id);
        assert!(!fact.note.is_empty(), "{}", fact.id);
    }
    for scale in scales(&TrackFeatures::default(), None) {
        assert_eq!(scale.text(ENGLISH), "not measured", "{}", scale.id);
        assert!(!scale.excuse(ENGLISH).is_empty() && scale.marks().is_none());
    }
    let unclear = TrackFeatures {
        key: Some(-1.0),
        ..TrackFeatures::default()
    };
    let facts = headlines(ENGLISH, &unclear, &Sound::default());
    assert_eq!(value_of(&facts, "key"), "no clear key");
}

#[test]
fn estimates_show_their_error_within_the_bar() {
    let mut card: FeaturesCard = serde_json::from_str(CARD).unwrap();
    let energy = card.targets.iter_mut().find(|t| t.name == Target::Energy);
    energy.unwrap().held_out.as_mut().unwrap().mae = 0.25;
    card.targets.retain(|target| target.name == Target::Energy);
    let features = TrackFeatures {
        energy: Some(0.9),
        valence: Some(0.5),
        ..TrackFeatures::default()
    };
    let [_, energy, valence, ..] = scales(&features, Some(&card));
    assert_eq!(energy.text(ENGLISH).replace('\u{a0}', " "), "0.90 ± 0.25");
    let marks = energy.marks().unwrap();
    assert_eq!(marks.error, Some([0.65, 1.0]));
    assert_eq!(valence.text(ENGLISH), "0.50");
    assert_eq!(valence.marks().unwrap().error, None);
}

#[test]
fn details_read_well() {
    let facts = details(
        ENGLISH,
        &Sound {
            spectral_centroid_hz: 1234.5,
            onset_rate_hz: 2.25,
            pulse_clarity: 0.5,
            tuning_cents: -12.3,
            beats_s: vec![0.5, 1.0],
            ..Sound::default()
        },
    );
    assert_eq!(value_of(&facts, "brightness"), "1234 Hz");
    assert_eq!(value_of(&facts, "onsets"), "2.2 a second");
    assert_eq!(value_of(&facts, "regularity"), "0.50 of 1");
    assert_eq!(value_of(&facts, "tuning"), "−12 cents");
    assert_eq!(value_of(&facts, "beats"), "2");
    assert_eq!(cents(ENGLISH, 0.4), "0 cents");
    assert_eq!(cents(ENGLISH, 7.0), "+7 cents");
    assert_eq!(cents(ENGLISH, -1.0), "−1 cent");
}

#[test]
fn facts_are_told_in_chinese_too() {
    let features = TrackFeatures {
        key: Some(9.0),
        mode: Some(0.0),
        time_signature: Some(3.0),
        ..TrackFeatures::default()
    };
    let facts = headlines(Language::Chinese, &features, &Sound::default());
    assert_eq!(value_of(&facts, "key"), "A 小调");
    assert_eq!(value_of(&facts, "time_signature"), "每小节 3 拍");
    assert_eq!(value_of(&facts, "tempo"), "未测得");
}

#[test]
fn a_tempo_says_how_else_one_may_tap_along() {
    let note = |tempo| {
        let features = TrackFeatures {
            tempo: Some(tempo),
            ..TrackFeatures::default()
        };
        let facts = headlines(Language::English, &features, &Sound::default());
        let tempo = facts.iter().find(|fact| fact.id == "tempo");
        tempo.map(|fact| fact.note.clone()).unwrap()
    };
    assert!(note(72.0).ends_with("some tap twice as fast: 144"));
    assert!(note(160.0).ends_with("some tap half as fast: 80"));
    assert!(!note(120.0).contains("tap"));
}
