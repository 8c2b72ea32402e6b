//! `trainer import` and `trainer crawl`.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::loopback::{Answer, Server};
use super::sounds::write_tone;
use super::{Run, trainer};

/// Writes `t.csv` and imports it.
fn import(text: &[u8]) -> Run {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("t.csv"), text).unwrap();
    trainer(
        root.path(),
        &["import", "--data", "t.csv", "--out", "songs.csv"],
    )
}

/// The rows of `songs.csv`, without the header.
fn rows(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join("songs.csv")).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_table_of_track_features_is_read_by_name_and_says_what_it_lacks() {
    let root = tempfile::tempdir().unwrap();
    // Invented; a byte order mark, other names, another order, a code beside the words.
    let table = "\u{feff}NAME,artists,uri,length,Valence,Key,mood,mood_string\r\n\
        \"One, \"\"two\"\"\",\"Ann, Bob\",spotify:track:a1,200000,0.25,-1,0,Energetic\r\n\
        Three,,b2,,nan,11,3,calm\r\n\
        Four,Ann,c3,90000,1,0,2,\r\n";
    fs::write(root.path().join("moods.csv"), table).unwrap();
    let arguments = ["import", "--data", "moods.csv", "--out", "songs.csv"];
    let run = trainer(root.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.err
            .contains("moods.csv lacks: danceability, energy, loudness, mode"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("1 songs of moods.csv have no mood"),
        "{}",
        run.err
    );
    assert!(
        run.err
            .contains("2 songs: sad 0, calm 1, happy 0, energetic 1"),
        "{}",
        run.err
    );
    let rows = rows(root.path());
    assert_eq!(
        rows,
        [
            "a1,,,,,,,,,,0.25,,200000,,\"Ann, Bob\",\"One, \"\"two\"\"\",,positive,energetic,,\
             ann,moods,unknown,playlist-mood",
            "b2,,,11,,,,,,,,,,,,Three,,negative,calm,,b2,moods,unknown,playlist-mood",
        ]
    );

    // Its own table goes in as it came out.
    fs::rename(root.path().join("songs.csv"), root.path().join("moods.csv")).unwrap();
    assert_eq!(trainer(root.path(), &arguments).code, 0);
    let again = fs::read_to_string(root.path().join("songs.csv")).unwrap();
    assert!(again.lines().skip(1).eq(rows.iter()));
}

#[test]
fn folders_and_lists_of_sounds_are_read() {
    let root = tempfile::tempdir().unwrap();
    for mood in ["sad", "calm", "happy", "energetic"] {
        write_tone(
            &root.path().join(format!("mine/{mood}/{mood} song.wav")),
            220.0,
        );
    }
    let out = ["--out", "songs.csv"];
    let folder = [&["import", "--data", "mine"], &out[..]].concat();
    let run = trainer(root.path(), &folder);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("measured from the sound"), "{}", run.err);
    assert!(rows(root.path())[0].contains("mine/calm/calm song.wav"));
    assert!(rows(root.path())[0].ends_with("perceived-quadrant"));

    trainer(root.path(), &["corpus", "--folder", "mine", "--work", "w"]);
    let manifest = [&["import", "--data", "w/corpus.csv"], &out[..]].concat();
    let run = trainer(root.path(), &manifest);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(rows(root.path()).len(), 4);

    let list = "path,mood,artist\nmine/sad/sad song.wav,sad,Ann\n";
    fs::write(root.path().join("list.csv"), list).unwrap();
    let listed = [&["import", "--data", "list.csv"], &out[..]].concat();
    assert_eq!(trainer(root.path(), &listed).code, 0);
    assert!(rows(root.path())[0].ends_with(",ann,list,unknown,perceived-quadrant"));

    fs::write(root.path().join("list.csv"), "path,mood\nno.wav,sad\n").unwrap();
    let run = trainer(root.path(), &listed);
    assert_eq!(run.code, 1);
    for expected in ["1 of 1 sounds are missing", "line 2: ", "no.wav", "hint: "] {
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
}

#[test]
fn columns_are_known_by_their_words_and_told_when_absent_or_empty() {
    let exported = "Track ID,Track Name,Artist Name(s),Duration (ms),Valence,Energy,Mood\r\n\
        a?b,T,Ann,200000,0.5,,sad\r\n";
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("t.csv"), exported).unwrap();
    let arguments = ["import", "--data", "t.csv", "--out", "songs.csv"];
    let run = trainer(root.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.err.contains("t.csv lacks: danceability, energy, key"),
        "{}",
        run.err
    );
    assert!(rows(root.path())[0].starts_with("a?b,,,,,,,,,,0.5,,200000,,Ann,T,"));

    let run = import(b"valence,mood\n0.5,sad\n");
    assert!(
        run.err.contains("lacks: id, artist, track, danceability"),
        "{}",
        run.err
    );
}

#[test]
fn bad_tables_are_refused_with_line_and_hint() {
    let cases: [(&[u8], &str, &str); 19] = [
        (b"", "is empty", "header"),
        (b"id,valence,mood\n", "is empty", "header"),
        (
            b"id,valence,mood\na,\"0.5,sad\n",
            "line 2: a quote is never closed",
            "doubled",
        ),
        (
            b"id,valence,mood\na,0.5\n",
            "line 2: 2 fields where the header has 3",
            "quotes",
        ),
        (b"i\0d\0,\0", "UTF-16", "UTF-8"),
        (b"\xff\xfei\0d\0,\0", "UTF-16", "UTF-8"),
        (
            b"id,valence,mood\n\xe9,1,sad\n",
            "line 2: the byte 0xe9",
            "UTF-8",
        ),
        (
            b"id,mood\na,sad\n",
            "neither sound nor features",
            "danceability",
        ),
        (
            b"id,valence\na,0.5\n",
            "has no column of moods",
            "mood_string",
        ),
        (
            b"id,valence,mood\na,0.5,sad\nb,high,sad\n",
            "line 3, column 2 (valence): \"high\"",
            "0.5",
        ),
        (
            b"danceability,mood\n7,sad\n",
            "line 2, column 1 (danceability): 7 is out",
            "0 to 1",
        ),
        (
            b"key,mood\n14,sad\n",
            "line 2, column 1 (key): 14 is out of range",
            "-1 to 11",
        ),
        (
            b"duration,mood\n215,sad\n",
            "(duration_ms): 215 is out of range",
            "1000 to",
        ),
        (
            b"id,valence,mood\na,0,sad\nb,1,angry\n",
            "line 3: unknown mood \"angry\"",
            "energetic",
        ),
        (
            b"valence,label\n0.5,positive\n",
            "only binary labels",
            "four moods",
        ),
        (
            b"valence,binary,label\n0.5,,\n1,negative,0\n",
            "only numbers",
            "energetic",
        ),
        (b"valence,mood\n0.5,\n", "the column is empty", "energetic"),
        (
            b"valence,mood\n0.5,2\n",
            "only numbers for moods",
            "energetic",
        ),
        (
            b"Valence,mood,valence\n0,sad,1\n",
            "\"valence\" stands twice",
            "rename",
        ),
    ];
    for (table, error, hint) in cases {
        let run = import(table);
        let table = String::from_utf8_lossy(table);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{table}");
        let (first, second) = run.err.split_once("hint: ").unwrap_or((&run.err, ""));
        assert!(
            first.contains("t.csv") && first.contains(error),
            "{table}: {}",
            run.err
        );
        assert!(second.contains(hint), "{table}: {}", run.err);
    }
    let run = import(b"valence,binary,mood\n0.5,positive,sad\n");
    assert!(
        run.err.contains("sad is negative, not positive"),
        "{}",
        run.err
    );
    let run = import(b"valence;mood\n0.5;sad\n");
    assert!(run.err.contains("the header has no commas"), "{}", run.err);
}

/// Runs `trainer crawl` against a server with credentials in the environment.
fn crawl(at: &Path, server: &str, id: &str, secret: &str) -> Run {
    let (api, accounts) = (format!("{server}/v1"), format!("{server}/accounts"));
    let playlist = "sad=https://open.spotify.com/playlist/1234567890abcdefABCDEF?si=x";
    let output = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args(["crawl", "--out", "crawled", "--playlist", playlist])
        .args(["--api-url", &api, "--accounts-url", &accounts])
        .env("SPOTIFY_CLIENT_ID", id)
        .env("SPOTIFY_CLIENT_SECRET", secret)
        .current_dir(at)
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An answer of the token service.
const TOKEN: &str = r#"{"access_token":"token-0123456789","expires_in":3600}"#;

#[test]
fn a_crawl_without_songs_says_what_else_to_do() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::start(Vec::new());
    for (status, forbidden) in [(403, true), (404, false)] {
        server.play(vec![
            ("/accounts/api/token", vec![Answer::new(200, TOKEN)]),
            ("/v1/playlists/", vec![Answer::new(status, "{}")]),
        ]);
        let run = crawl(root.path(), server.base(), "an-id", "a-secret");
        assert_eq!(run.code, 1, "{}", run.err);
        assert!(
            run.err.contains("hint: use sound of your own"),
            "{}",
            run.err
        );
        let why = run.err.contains("hint: Spotify gives newer apps");
        assert_eq!(why, forbidden, "{}", run.err);
    }
}

#[test]
fn a_crawl_says_what_spotify_refuses_and_keeps_the_credentials_to_itself() {
    let (id, secret) = ("id-0123456789", "secret-0123456789");
    let page = r#"{"next":null,"items":[{"item":{"id":"a1","type":"track","name":"T",
        "artists":[{"name":"Ann"}],"duration_ms":200000,"preview_url":null}}]}"#;
    let shown = page.replace("null}}", r#""{base}/p/a1?cid=id-0123456789"}}"#);
    let busy = Answer::new(429, "").header("retry-after: 0");
    let server = Server::start(vec![
        ("/accounts/api/token", vec![Answer::new(200, TOKEN)]),
        ("/v1/playlists/", vec![busy, Answer::new(200, page)]),
        (
            "/v1/audio-features",
            vec![Answer::new(403, "{}").cut(), Answer::new(403, "{}")],
        ),
    ]);
    let root = tempfile::tempdir().unwrap();
    let run = crawl(root.path(), server.base(), id, secret);
    assert_eq!(run.code, 0, "{}", run.err);
    for expected in [
        "/audio-features: the connection failed",
        "too many requests; trying again in 0.0 s",
        "Spotify refuses track features (status 403",
        "since 27 November 2024",
        "1 of 1 songs have no sound",
        "hint: use sound of your own",
        "trainer study --data",
    ] {
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
    let token = server.take_requests().remove(0);
    assert!(token.body.contains(secret), "{token:?}");
    assert!(!token.target.contains(secret) && !token.head.contains(secret));

    let import = ["import", "--data", "crawled", "--out", "songs.csv"];
    assert_eq!(trainer(root.path(), &import).code, 0);

    // An address of a preview that holds the id, and a server that has no preview.
    server.play(vec![
        ("/accounts/api/token", vec![Answer::new(200, TOKEN)]),
        ("/v1/playlists/", vec![Answer::new(200, &shown)]),
        (
            "/p/",
            vec![
                Answer::new(429, "").header("retry-after: 0"),
                Answer::new(404, ""),
            ],
        ),
    ]);
    let other = root.path().join("other");
    fs::create_dir(&other).unwrap();
    let refused = crawl(&other, server.base(), id, secret);
    for expected in [
        "preview of a1: too many",
        "failed: preview of a1: status 404",
    ] {
        assert!(refused.err.contains(expected), "{}", refused.err);
    }
    assert!(!refused.err.contains("get no previews"), "{}", refused.err);

    let mut kept = run.out + &run.err + &refused.out + &refused.err;
    for file in walkdir::WalkDir::new(root.path()) {
        let file = file.unwrap();
        if file.path().is_file() {
            kept += &fs::read_to_string(file.path()).unwrap();
        }
    }
    for hidden in [id, secret, "token-0123456789"] {
        assert!(!kept.contains(hidden), "{hidden}");
    }

    server.play(Vec::new());
    let run = crawl(&root.path().join("crawled"), server.base(), id, secret);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("Spotify refuses the credentials"),
        "{}",
        run.err
    );
    assert!(run.err.contains("hint: make an app"), "{}", run.err);
}

#[test]
fn a_crawl_needs_credentials_and_playlists() {
    let root = tempfile::tempdir().unwrap();
    let run = crawl(root.path(), "http://127.0.0.1:9", "", "");
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("SPOTIFY_CLIENT_ID is not set"),
        "{}",
        run.err
    );
    let run = trainer(
        root.path(),
        &["crawl", "--out", "x", "--playlist", "sad=short"],
    );
    assert_eq!(run.code, 64);
    assert!(run.err.contains("names no playlist"), "{}", run.err);
}
