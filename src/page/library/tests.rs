use super::*;
use crate::features::TrackFeatures;
use crate::kind::Kind;
use crate::mood::{Affect, Mood, MoodProbabilities};
use crate::report::ModelIds;
use crate::tags::Tags;

/// A verdict with these weights of the moods and that tempo.
pub(crate) fn kept(name: &str, weights: [f32; 4], tempo: Option<f64>) -> Kept {
    let moods = MoodProbabilities::from_weights(weights);
    Kept {
        origin: Origin {
            hash: format!("hash of {name}"),
            name: name.to_owned(),
            path: format!("Music/{name}"),
            bytes: 1_000,
        },
        tags: Tags::default(),
        judged_ms: 0.0,
        duration_s: 60.0,
        kind: Kind::Music,
        mood: moods.top().0,
        unsure: moods.top().1 < 0.5,
        moods,
        affect: moods.affect(),
        features: TrackFeatures {
            tempo,
            ..TrackFeatures::default()
        },
        centroid_hz: 1_000.0,
        onset_rate_hz: 2.0,
        pulse_clarity: 0.5,
        dynamic_range_db: 10.0,
        models: ModelIds::default(),
    }
}

const SAD: [f32; 4] = [7.0, 1.0, 1.0, 1.0];
const CALM: [f32; 4] = [1.0, 7.0, 1.0, 1.0];
const HAPPY: [f32; 4] = [1.0, 1.0, 7.0, 1.0];
const FLAT: [f32; 4] = [3.0, 2.0, 2.0, 2.0];

fn library(songs: &[(&str, [f32; 4], Option<f64>)]) -> Library {
    let mut library = Library::default();
    for (name, weights, tempo) in songs {
        library.keep(kept(name, *weights, *tempo));
    }
    library
}

fn names(library: &Library) -> Vec<&str> {
    let shown = library.shown();
    shown.map(|s| s.kept.origin.name.as_str()).collect()
}

#[test]
fn every_column_sorts_both_ways_and_the_unmeasured_come_last() {
    let mut library = library(&[
        ("b 10.mp3", SAD, Some(90.0)),
        ("b 9.mp3", HAPPY, None),
        ("a.mp3", CALM, Some(120.0)),
    ]);
    library.press(Column::Name);
    assert_eq!(names(&library), ["a.mp3", "b 9.mp3", "b 10.mp3"]);
    library.press(Column::Name);
    assert_eq!(names(&library), ["b 10.mp3", "b 9.mp3", "a.mp3"]);
    library.press(Column::Tempo);
    assert_eq!(names(&library), ["b 10.mp3", "a.mp3", "b 9.mp3"]);
    library.press(Column::Tempo);
    assert_eq!(names(&library), ["a.mp3", "b 10.mp3", "b 9.mp3"]);
    library.press(Column::Mood);
    assert_eq!(names(&library), ["b 10.mp3", "a.mp3", "b 9.mp3"]);
    library.press(Column::Valence);
    assert_eq!(names(&library)[0], "b 10.mp3");
}

/// A song with tags, in a file of that name.
fn tagged(file: &str, artist: &str, album: &str, track: u32, title: &str) -> Kept {
    let mut kept = kept(file, SAD, None);
    kept.tags = Tags {
        title: title.to_owned(),
        artist: artist.to_owned(),
        album: album.to_owned(),
        track: Some(track),
        ..Tags::default()
    };
    kept
}

#[test]
fn tags_are_shown_sorted_and_searched() {
    let mut library = library(&[("untagged.mp3", CALM, None)]);
    for kept in [
        tagged("1.mp3", "björk", "Post", 10, "Headphones"),
        tagged("2.mp3", "Björk", "Post", 2, "Hyperballad"),
        tagged("3.mp3", "Air", "Moon Safari", 1, "La femme d'argent"),
    ] {
        library.keep(kept);
    }
    library.press(Column::Artist);
    assert_eq!(names(&library), ["3.mp3", "2.mp3", "1.mp3", "untagged.mp3"]);
    library.press(Column::Artist);
    assert_eq!(names(&library)[3], "untagged.mp3");
    library.press(Column::Name);
    assert_eq!(names(&library), ["1.mp3", "2.mp3", "3.mp3", "untagged.mp3"]);
    for (words, found) in [
        ("BJÖRK post", 2),
        ("safari", 1),
        ("2.mp3", 1),
        ("femme 3", 1),
    ] {
        library.set_filter(Filter {
            text: words.to_owned(),
            ..Filter::default()
        });
        assert_eq!(library.shown().count(), found, "{words}");
    }
    // Judged again by a decoder that reads no tags.
    library.keep(kept("3.mp3", SAD, None));
    let air = library.get("hash of 3.mp3").unwrap();
    assert_eq!(air.kept.title(), "La femme d'argent");
}

#[test]
fn a_record_of_an_earlier_visit_has_no_tags() {
    let mut json = serde_json::to_value(tagged("a.mp3", "b", "", 1, "c")).unwrap();
    json.as_object_mut().unwrap().remove("tags");
    let read: Kept = serde_json::from_value(json).unwrap();
    assert_eq!(read.title(), "a.mp3");
}

#[test]
fn filters_go_by_words_mood_and_certainty() {
    let mut library = library(&[
        ("Blue Moon.mp3", SAD, None),
        ("青い月.mp3", CALM, None),
        ("moon river.mp3", FLAT, None),
    ]);
    let filter = |text: &str, mood: Option<Mood>, certainty| Filter {
        text: text.to_owned(),
        group: mood.map(Group::Mood),
        certainty,
    };
    for (wanted, expected) in [
        (filter("MOON", None, Certainty::Any), 2),
        (filter("moon blue", None, Certainty::Any), 1),
        (filter("月", None, Certainty::Any), 1),
        (filter("music/", None, Certainty::Any), 3),
        (filter("", Some(Mood::Sad), Certainty::Any), 2),
        (filter("", Some(Mood::Sad), Certainty::Sure), 1),
        (filter("", None, Certainty::Unsure), 1),
        (filter("nothing", None, Certainty::Any), 0),
    ] {
        library.set_filter(wanted.clone());
        assert_eq!(library.shown().count(), expected, "{wanted:?}");
    }
}

#[test]
fn what_the_visitor_said_counts_and_outlives_another_verdict() {
    let mut library = library(&[("a.mp3", FLAT, None), ("b.mp3", CALM, None)]);
    assert_eq!(library.totals().unsure, 1);
    library.say(&["hash of a.mp3".to_owned()], Some(Mood::Energetic));
    library.keep(kept("a.mp3", SAD, None));
    let totals = library.totals();
    assert_eq!(totals.moods, [0, 1, 0, 1]);
    assert_eq!(totals.unsure, 0);
    library.say(&["hash of a.mp3".to_owned()], None);
    assert_eq!(library.totals().moods, [1, 1, 0, 0]);
}

#[test]
fn views_are_told_of_every_change() {
    let mut library = library(&[("a.mp3", SAD, None)]);
    let mut last = library.revision();
    let changes: [fn(&mut Library); 8] = [
        |library| library.press(Column::Mood),
        |library| library.set_filter(Filter::default()),
        |library| library.say(&["hash of a.mp3".to_owned()], Some(Mood::Sad)),
        |library| library.set_grouping(Grouping::Mood),
        |library| library.pick("hash of a.mp3", Pick::Only),
        |library| library.step(Step::First, Pick::Only),
        |library| library.set("hash of a.mp3", None),
        Library::clear,
    ];
    for change in changes {
        change(&mut library);
        assert!(library.revision() > last);
        last = library.revision();
    }
}

#[test]
fn verdicts_of_other_models_are_counted() {
    let mut library = library(&[("a.mp3", SAD, None)]);
    assert_eq!(library.outdated(&ModelIds::default()), 0);
    let mut newer = kept("b.mp3", SAD, None);
    newer.models.network = "another".to_owned();
    library.keep(newer);
    assert_eq!(library.outdated(&ModelIds::default()), 1);
}

#[test]
fn what_is_no_music_is_a_group_of_its_own() {
    let mut library = library(&[("song.mp3", SAD, None), ("flat.mp3", FLAT, None)]);
    let mut talk = kept("talk.mp3", SAD, None);
    (talk.kind, talk.unsure) = (Kind::Speech, true);
    library.keep(talk);
    let totals = library.totals();
    assert_eq!(
        (totals.moods, totals.unsure, totals.no_music),
        ([1, 0, 0, 0], 1, 1)
    );
    let group = |group| Filter {
        group: Some(group),
        ..Filter::default()
    };
    library.set_filter(group(Group::NoMusic));
    assert_eq!(names(&library), ["talk.mp3"]);
    library.set_filter(group(Group::Mood(Mood::Sad)));
    assert_eq!(library.shown().count(), 2);
    for certainty in [Certainty::Sure, Certainty::Unsure] {
        library.set_filter(Filter {
            certainty,
            ..Filter::default()
        });
        assert_eq!(library.shown().count(), 1, "{certainty:?}");
    }
    library.set_filter(Filter::default());
    for column in [Column::Mood, Column::Certainty, Column::Arousal] {
        library.press(column);
        assert_eq!(names(&library)[2], "talk.mp3", "{column:?}");
    }
    // The visitor may hear it otherwise.
    library.say(&["hash of talk.mp3".to_owned()], Some(Mood::Calm));
    assert_eq!(library.totals().moods, [1, 1, 0, 0]);
}

#[test]
fn a_verdict_of_other_models_is_out_of_date() {
    let ids = |network: &str| ModelIds {
        network: network.to_owned(),
        ..ModelIds::default()
    };
    let mut library = Library::default();
    let mut song = kept("a.mp3", SAD, None);
    song.models = ids("older");
    library.keep(song);
    assert_eq!(library.outdated(&ids("older")), 0);
    assert_eq!(library.outdated(&ids("newer")), 1);
}

#[test]
fn the_nearest_are_alike_in_mood_and_measure() {
    let library = library(&[
        ("sad.mp3", SAD, Some(70.0)),
        ("sad too.mp3", SAD, Some(72.0)),
        ("sad but fast.mp3", SAD, Some(180.0)),
        ("happy.mp3", HAPPY, Some(180.0)),
    ]);
    let near = nearest(library.iter(), "hash of sad.mp3", 2);
    let found: Vec<_> = near
        .iter()
        .map(|(s, _)| s.kept.origin.name.as_str())
        .collect();
    assert_eq!(found, ["sad too.mp3", "sad but fast.mp3"]);
    assert!(near[0].1 < near[1].1);
    assert!(nearest(library.iter(), "another", 2).is_empty());
}

#[test]
fn what_is_missing_or_the_same_everywhere_is_not_compared() {
    let library = library(&[
        ("a.mp3", SAD, None),
        ("b.mp3", SAD, Some(90.0)),
        ("c.mp3", SAD, Some(180.0)),
    ]);
    for (_, distance) in nearest(library.iter(), "hash of a.mp3", 5) {
        assert_eq!(distance.to_bits(), 0.0_f64.to_bits());
    }
}

#[test]
fn what_is_kept_survives_the_way_through_json() {
    let mut kept = kept("名前 🎵.mp3", SAD, Some(90.5));
    kept.affect = Affect {
        arousal: -0.25,
        valence: 0.5,
    };
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<Kept>(&text).unwrap(), kept);
}

#[test]
fn songs_stand_below_what_they_share() {
    let mut library = library(&[
        ("b.mp3", SAD, None),
        ("a.mp3", SAD, None),
        ("c.mp3", FLAT, None),
    ]);
    library.press(Column::Name);
    library.set_grouping(Grouping::Mood);
    let song = |name: &str| Line::Song(format!("hash of {name}").into());
    let heading = |shared, count| Line::Heading { shared, count };
    let expected = [
        heading(Shared::Mood(Mood::Sad), 2),
        song("a.mp3"),
        song("b.mp3"),
        heading(Shared::Unsure, 1),
        song("c.mp3"),
    ];
    assert_eq!(library.lines(), expected);
    library.pick_below(0, false);
    assert_eq!(library.selection().len(), 2);

    library.keep(tagged("1.mp3", "björk", "Post", 10, "Headphones"));
    library.keep(tagged("2.mp3", "Björk", "Post", 2, "Hyperballad"));
    library.set_grouping(Grouping::Artist);
    let headings: Vec<_> = library
        .lines()
        .iter()
        .filter_map(|line| match line {
            Line::Heading {
                shared: Shared::Text(text),
                count,
            } => Some((text.as_str(), *count)),
            _ => None,
        })
        .collect();
    // One artist, however written; what names none comes last.
    assert_eq!(headings, [("björk", 2), ("", 3)]);
    library.set_grouping(Grouping::Folder);
    assert_eq!(library.lines().len(), 6);
    assert_eq!(
        library.lines()[0],
        heading(Shared::Text("Music".to_owned()), 5)
    );
}

#[test]
fn what_is_shown_no_more_is_not_selected() {
    let mut library = library(&[("a.mp3", SAD, None), ("b.mp3", CALM, None)]);
    library.pick_where(|_| true, false);
    assert_eq!(library.picked().count(), 2);
    library.set_filter(Filter {
        text: "b.mp3".to_owned(),
        ..Filter::default()
    });
    assert_eq!(library.selection().len(), 1);
    assert_eq!(library.picked_or_shown().len(), 1);
    library.set_filter(Filter::default());
    library.pick_none();
    assert_eq!(library.picked_or_shown().len(), 2);
    let hashes = ["hash of a.mp3", "hash of b.mp3"].map(str::to_owned);
    library.say(&hashes, Some(Mood::Happy));
    assert_eq!(library.totals().moods, [0, 0, 2, 0]);
    library.forget(&hashes);
    assert!(library.is_empty());
}

#[test]
fn keys_are_sorted_around_the_wheel() {
    let mut library = Library::default();
    for (name, key, mode) in [("am", 9.0, 0.0), ("c", 0.0, 1.0), ("abm", 8.0, 0.0)] {
        let mut kept = kept(name, SAD, None);
        (kept.features.key, kept.features.mode) = (Some(key), Some(mode));
        library.keep(kept);
    }
    let mut said = kept("said", SAD, None);
    said.tags.key = "8A".to_owned();
    library.keep(said);
    library.keep(kept("none", SAD, None));
    library.press(Column::Key);
    assert_eq!(names(&library), ["abm", "am", "said", "c", "none"]);
}

#[test]
fn smart_lists_show_what_meets_their_rules() {
    let mut library = library(&[
        ("slow.mp3", SAD, Some(64.0)),
        ("fast.mp3", HAPPY, Some(128.0)),
        ("other.mp3", HAPPY, Some(100.0)),
    ]);
    let list = |name: &str, rules: &[&str]| {
        let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
        SmartList::new(name, rules).unwrap()
    };
    library.press(Column::Name);
    library.put_list(list("Run", &["tempo~125..130", "folder~music"]));
    assert_eq!(names(&library), ["fast.mp3", "slow.mp3"]);
    library.put_list(list("Run", &["tempo=125..130"]));
    assert_eq!(names(&library), ["fast.mp3"]);
    assert_eq!(library.lists().iter().count(), 1);
    // A song that comes later is on it by itself, and what the visitor says counts.
    library.put_list(list("Blue", &["mood=sad", "certainty>=0.6"]));
    assert_eq!(names(&library), ["slow.mp3"]);
    library.keep(kept("new.mp3", SAD, None));
    library.say(&["hash of slow.mp3".to_owned()], Some(Mood::Calm));
    assert_eq!(names(&library), ["new.mp3"]);
    library.remove_list("Blue");
    assert_eq!(names(&library).len(), 4);
    library.show_list(Some("Run".to_owned()));
    assert_eq!(names(&library), ["fast.mp3"]);
    library.show_list(None);
    assert_eq!(names(&library).len(), 4);
}
