use super::csv::{Reader, Separator, manifest, table};
use super::listing::{Listed, Paths, plan, plan_script, playlist};
use super::rekordbox;
use super::*;
use crate::explain::{Factor, Impression, Word};

/// A calm song of 3:33 whose judges agree.
pub fn report() -> Report {
    let moods = MoodProbabilities::from_weights([0.1, 0.7, 0.15, 0.05]);
    let affect = Affect {
        arousal: -0.4,
        valence: 0.2,
    };
    let verdict = || JudgeVerdict { moods };
    let impression = Impression {
        word: Word::Slow,
        figure: "72".to_owned(),
    };
    Report {
        duration_s: 213.4,
        listed_s: None,
        kind: Kind::Music,
        mood: Mood::Calm,
        unsure: false,
        moods,
        binary: moods.binary(),
        three_class: moods.three_class(),
        affect,
        judges: JudgeVerdicts {
            network: verdict(),
            ensemble: verdict(),
        },
        agreement: 1.0,
        novelty: None,
        features: TrackFeatures::default(),
        sound: Sound::default(),
        timeline: [0.0, 1.0, 2.0]
            .map(|t_s| Moment {
                t_s,
                kind: Kind::Music,
                moods,
                affect,
            })
            .to_vec(),
        reasons: vec!["Slow (72 BPM): that speaks for calm.".to_owned()],
        contributions: vec![Contribution {
            factor: Factor::Tempo,
            heard: "slow (72 BPM)".to_owned(),
            impression,
            shapley: 0.2,
            pull: 0.1,
        }],
        evidence: Evidence::default(),
        models: ModelIds::default(),
    }
}

/// Reads a table back.
fn parse(text: &str) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_reader(text.as_bytes());
    let lines = reader.records();
    lines
        .map(|line| line.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn entries() -> Vec<Entry> {
    let mut odd = Entry::new("=HYPERLINK(\"x\"), 名前\n🎵.mp3", Ok(report()));
    odd.said = Some(Mood::Happy);
    *odd.tags = Tags {
        title: "-1".to_owned(),
        artist: "名前, \"x\"".to_owned(),
        year: Some(1998),
        bpm: Some(127.5),
        ..Tags::default()
    };
    vec![
        Entry::new("a, b.mp3", Ok(report())),
        Entry::new("bad.mp3", Err(AnalysisError::NoAudio)),
        odd,
    ]
}

#[test]
fn every_line_has_every_column_and_every_name_survives() {
    let lines = parse(&table(&entries(), Reader::Program));
    assert_eq!(lines.len(), 4);
    let column = |name: &str| lines[0].iter().position(|column| column == name).unwrap();
    assert!(lines.iter().all(|line| line.len() == lines[0].len()));
    let unique: std::collections::HashSet<_> = lines[0].iter().collect();
    assert_eq!(unique.len(), lines[0].len());
    assert_eq!(lines[1][column("file")], "a, b.mp3");
    assert_eq!(lines[1][column("arousal")], "-0.4");
    assert_eq!(lines[1][column("shapley_tempo")], "0.2");
    assert_eq!(lines[1][column("shapley_mode")], "");
    assert_eq!(
        lines[1][column("reasons")],
        "Slow (72 BPM): that speaks for calm."
    );
    assert_eq!(lines[2][column("error_kind")], "no-audio");
    assert_eq!(lines[3][column("file")], entries()[2].file);
}

#[test]
fn what_is_no_music_has_no_mood_in_the_table() {
    let speech = Report {
        kind: Kind::Speech,
        unsure: true,
        ..report()
    };
    let lines = parse(&table(
        &[Entry::new("talk.mp3", Ok(speech))],
        Reader::Program,
    ));
    let column = |name: &str| lines[0].iter().position(|column| column == name).unwrap();
    assert_eq!(lines[1][column("kind")], "speech");
    assert_eq!(lines[1][column("mood")], "");
}

#[test]
fn a_report_of_an_earlier_version_is_read_as_music() {
    let mut json = serde_json::to_value(report()).unwrap();
    json.as_object_mut().unwrap().remove("kind");
    json["judges"]["tagger"] = json["judges"]["network"].clone();
    json["models"]["tagger"] = "0".into();
    for moment in json["timeline"].as_array_mut().unwrap() {
        moment.as_object_mut().unwrap().remove("kind");
    }
    let read: Report = serde_json::from_value(json).unwrap();
    assert_eq!(read, report());
}

#[test]
fn spreadsheets_get_a_mark_no_formulas_and_what_was_said() {
    let text = table(&entries(), Reader::Spreadsheet(Separator::Comma));
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert_eq!(text.matches("\r\n").count(), 4);
    let lines = parse(text);
    let column = |name: &str| lines[0].iter().position(|column| column == name).unwrap();
    assert_eq!(lines[3][0], format!("'{}", entries()[2].file));
    assert_eq!(lines[1][column("arousal")], "-0.4");
    assert_eq!(lines[1][column("said")], "");
    assert_eq!(lines[3][column("said")], "happy");
    assert_eq!(lines[3][column("title")], "'-1");
    assert_eq!(lines[3][column("artist")], "名前, \"x\"");
    assert_eq!(lines[3][column("year")], "1998");
    assert_eq!(lines[3][column("tag_bpm")], "127.5");
    assert_eq!(lines[3][column("track_number")], "");
}

#[test]
fn what_was_said_stands_in_the_json_only_where_it_was() {
    let entries = entries();
    let texts = entries.iter().map(serde_json::to_string);
    let texts: Vec<_> = texts.map(Result::unwrap).collect();
    assert!(!texts[0].contains("said"));
    assert!(texts[2].contains(r#""said":"happy""#));
    assert!(!texts[0].contains("tags"));
    assert!(texts[2].contains(r#""year":1998"#));
    let read: Entry = serde_json::from_str(&texts[2]).unwrap();
    assert_eq!(read, entries[2]);
}

#[test]
fn a_manifest_holds_paths_as_they_are() {
    let text = manifest([("=a, \"b\".mp3", Mood::Sad), ("c.mp3", Mood::Happy)]);
    assert_eq!(
        parse(&text),
        [
            ["path", "mood"],
            ["=a, \"b\".mp3", "sad"],
            ["c.mp3", "happy"]
        ]
    );
}

static NO_TAGS: Tags = Tags {
    title: String::new(),
    artist: String::new(),
    album: String::new(),
    track: None,
    year: None,
    bpm: None,
    key: String::new(),
};

fn listed() -> [Listed<'static>; 3] {
    let song = |path, title: &str, mood| Listed {
        path,
        title: title.to_owned(),
        duration_s: 61.6,
        bytes: 1_000,
        tags: &NO_TAGS,
        bpm: None,
        key: String::new(),
        mood,
    };
    [
        song("Music/it's $HOME.mp3", "it's", Some(Mood::Calm)),
        song("#1 hit.mp3", "#1\nhit", Some(Mood::Happy)),
        song("-名前 🎵.mp3", "名前", None),
    ]
}

#[test]
fn playlists_name_durations_titles_and_paths() {
    let expected = "#EXTM3U\n#EXTINF:62,it's\nMusic/it's $HOME.mp3\n#EXTINF:62,#1 hit\n./#1 hit.mp3\n#EXTINF:62,名前\n-名前 🎵.mp3\n";
    assert_eq!(playlist(&listed(), &Paths::default()), expected);
}

#[test]
fn places_start_where_the_visitor_says() {
    let place = |root: &str, backslashes, path| {
        let root = root.to_owned();
        Paths { root, backslashes }.of(path)
    };
    assert_eq!(place("", false, "Music/a.mp3"), "Music/a.mp3");
    assert_eq!(place("", true, "Music/a.mp3"), r"Music\a.mp3");
    assert_eq!(place("/", false, "Music/a.mp3"), "/Music/a.mp3");
    assert_eq!(place(" /home/me/ ", false, "a.mp3"), "/home/me/a.mp3");
    assert_eq!(
        place(r"C:\Users\me\", true, "M/a.mp3"),
        r"C:\Users\me\M\a.mp3"
    );
    assert_eq!(place(r"C:\Users", false, "M/a.mp3"), "C:/Users/M/a.mp3");
    assert_eq!(place("D:/", true, "a.mp3"), r"D:\a.mp3");
    let paths = Paths {
        backslashes: true,
        ..Paths::default()
    };
    assert!(playlist(&listed(), &paths).contains("\n.\\#1 hit.mp3\n"));
}

#[test]
fn a_collection_for_djs_names_what_is_known() {
    let tags = Tags {
        title: "A & B \"<live>\"".to_owned(),
        artist: "It's\u{1} me".to_owned(),
        year: Some(1998),
        ..Tags::default()
    };
    let [mut first, second, third] = listed();
    (first.tags, first.bpm, first.key) = (&tags, Some(127.958), "Am".to_owned());
    let paths = Paths {
        root: r"C:\My Music".to_owned(),
        backslashes: true,
    };
    let text = rekordbox::xml(&[first, second, third], &paths);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[3], r#"<COLLECTION Entries="3">"#);
    assert_eq!(
        lines[4],
        "<TRACK TrackID=\"1\" Name=\"A &amp; B &quot;&lt;live&gt;&quot;\" Artist=\"It's  me\" \
         Size=\"1000\" TotalTime=\"62\" Year=\"1998\" AverageBpm=\"127.96\" Tonality=\"Am\" \
         Comments=\"calm\" \
         Location=\"file://localhost/C:/My%20Music/Music/it%27s%20%24HOME.mp3\" Kind=\"MP3 File\"/>"
    );
    assert!(
        lines[6].contains("%E5%90%8D%E5%89%8D%20%F0%9F%8E%B5.mp3"),
        "{}",
        lines[6]
    );
    assert!(text.contains(
        "<NODE Type=\"1\" Name=\"calm\" KeyType=\"0\" Entries=\"1\">\n<TRACK Key=\"1\"/>\n</NODE>"
    ));
    assert!(text.contains("Name=\"unsure\" KeyType=\"0\" Entries=\"1\">\n<TRACK Key=\"3\"/>"));
    assert!(text.contains("Name=\"sad\" KeyType=\"0\" Entries=\"0\">\n</NODE>"));
    assert_eq!(rekordbox::key_name(Some(9.0), Some(0.0)), "Am");
    assert_eq!(rekordbox::key_name(Some(1.0), Some(1.0)), "Db");
    for unknown in [
        (Some(-1.0), Some(1.0)),
        (None, Some(1.0)),
        (Some(3.0), None),
    ] {
        assert_eq!(rekordbox::key_name(unknown.0, unknown.1), "");
    }
}

#[test]
fn plans_put_each_song_below_its_mood() {
    let lines = parse(&plan(&listed(), Reader::Program));
    assert_eq!(
        lines[1],
        ["Music/it's $HOME.mp3", "calm/Music/it's $HOME.mp3"]
    );
    assert_eq!(lines[3][1], "unsure/-名前 🎵.mp3");
    let script = plan_script(&listed());
    assert!(script.contains("mkdir -p -- './calm/Music'\n"), "{script}");
    assert!(
        script.contains(r"copy './Music/it'\''s $HOME.mp3' './calm/Music/it'\''s $HOME.mp3'"),
        "{script}"
    );
}

#[test]
fn plans_are_as_safe_in_spreadsheets_as_results() {
    let mut songs = listed();
    songs[0].path = "=1+1; \"x\".mp3";
    let text = plan(&songs, Reader::Spreadsheet(Separator::Semicolon));
    let lines: Vec<_> = text.split("\r\n").collect();
    assert_eq!(lines[0], "\u{feff}path;planned");
    assert_eq!(lines[1], r#""'=1+1; ""x"".mp3";"calm/=1+1; ""x"".mp3""#);
    assert_eq!(lines[3], "'-名前 🎵.mp3;unsure/-名前 🎵.mp3");
}

#[test]
fn semicolons_go_with_decimal_commas_and_tabs_with_points() {
    let line = |separator| {
        let text = table(&entries(), Reader::Spreadsheet(separator));
        text.split("\r\n").nth(1).unwrap().to_owned()
    };
    let german = line(Separator::Semicolon);
    assert!(
        german.starts_with("a, b.mp3;ok;213,4;music;calm;false;0,"),
        "{german}"
    );
    assert!(german.contains(";-0,4;"), "{german}");
    let tabs = line(Separator::Tab);
    assert!(
        tabs.starts_with("a, b.mp3\tok\t213.4\tmusic\tcalm"),
        "{tabs}"
    );
    for separator in Separator::ALL {
        assert_eq!(Separator::from_name(separator.name()), Some(separator));
    }
}

/// The types of the JavaScript module.
const TYPES: &str = include_str!("../../static/undertone.d.ts");

/// All names of members in a JSON value.
fn names(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                found.push(name.clone());
                names(value, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

#[test]
fn the_types_of_the_module_name_all_that_a_report_holds() {
    let mut report = report();
    report.evidence.bands = vec![crate::explain::BandEvidence {
        low_hz: 0.0,
        high_hz: 200.0,
        drop: 0.1,
    }];
    let mut found = Vec::new();
    names(&serde_json::to_value(report).unwrap(), &mut found);
    assert!(found.len() > 50);
    for name in found
        .iter()
        .filter(|name| Mood::ALL.iter().all(|mood| mood.name() != name.as_str()))
    {
        let declared = [format!(" {name}: "), format!(" {name}?: ")];
        assert!(
            declared.iter().any(|d| TYPES.contains(d.as_str())),
            "{name}"
        );
    }
    for mood in Mood::ALL {
        assert!(TYPES.contains(&format!("\"{mood}\"")));
    }
    for kind in Kind::HEARD.into_iter().chain([Kind::Silence]) {
        assert!(TYPES.contains(&format!("\"{}\"", kind.name())));
    }
}

#[test]
fn a_report_survives_the_way_through_json() {
    let report = report();
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    assert!(text.contains(r#""word":"slow","figure":"72""#), "{text}");
}

#[test]
fn a_report_crosses_as_json_to_the_last_bit() {
    let mut sent = report();
    // Thirds of squares fill all bits; without care every tenth or so comes back another.
    sent.timeline = (1..2_000)
        .map(|index| Moment {
            t_s: f64::from(index * index) / 3.0e5,
            affect: Affect {
                arousal: (index as f32).sin(),
                valence: (index as f32).cos(),
            },
            ..sent.timeline[0]
        })
        .collect();
    let text = serde_json::to_string(&sent).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), sent);
}
