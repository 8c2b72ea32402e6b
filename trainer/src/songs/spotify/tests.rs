//! A crawl against a server on loopback that plays Spotify's documented answers.

#[path = "../../../tests/cli/loopback.rs"]
mod loopback;

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::Result;
use undertone::Mood;

use self::loopback::{Answer, Request, Script, Server};
use super::client::{Addresses, Client};
use super::crawl::crawl;
use super::credentials::Credentials;
use super::http::Http;
use super::pace::Pace;
use super::playlist::PlaylistRequest;
use crate::songs::clean::{self, Need};
use crate::songs::song::Song;
use crate::songs::table::{SONGS, read_songs};
use collections::console::Outcome;

const PLAYLIST: &str = "1234567890abcdefABCDEF";
const SECRET: &str = "the-secret";

const TOKEN: &str = "/accounts/api/token";
const ITEMS: &str = "/v1/playlists/1234567890abcdefABCDEF/items?limit=50";
const SECOND: &str = "/v1/playlists/1234567890abcdefABCDEF/items?offset=50";
const FEATURES: &str = "/v1/audio-features?ids=";
const SOUND: &str = "/p/";
/// Begins as an mp3 does.
const MP3: &str = "ID3 of 30 s";

fn ok(body: &str) -> Answer {
    Answer::new(200, body)
}

fn token() -> (&'static str, Vec<Answer>) {
    let body = r#"{"access_token":"T","token_type":"Bearer","expires_in":3600}"#;
    (TOKEN, vec![ok(body)])
}

/// An entry under the track's name before February 2026, or since.
fn entry(key: &str, id: &str, preview: bool) -> String {
    let url = if preview {
        format!("\"{{base}}/p/{id}.mp3\"")
    } else {
        "null".to_owned()
    };
    format!(
        r#"{{"is_local":false,"{key}":{{"id":"{id}","type":"track","name":"T {id}",
        "artists":[{{"name":"Ann"}}],"duration_ms":200000,"preview_url":{url}}}}}"#
    )
}

fn page(entries: &[String], next: Option<&str>) -> Answer {
    let next = next.map_or("null".to_owned(), |next| format!("\"{{base}}{next}\""));
    ok(&format!(
        r#"{{"items":[{}],"next":{next}}}"#,
        entries.join(",")
    ))
}

/// Two pages: a track of each form, and entries that are no tracks.
fn pages(preview: bool) -> Script {
    let first = [
        entry("track", "a1", preview),
        r#"{"is_local":false,"track":null}"#.to_owned(),
    ];
    let second = [
        entry("item", "b2", preview),
        r#"{"is_local":true,"item":{"id":null,"type":"track","name":"mine"}}"#.to_owned(),
        r#"{"item":{"id":"e5","type":"episode","name":"talk"}}"#.to_owned(),
    ];
    vec![
        (ITEMS, vec![page(&first, Some(SECOND))]),
        (SECOND, vec![page(&second, None)]),
    ]
}

fn features() -> (&'static str, Vec<Answer>) {
    let body = r#"{"audio_features":[{"id":"a1","valence":0.25,"key":-1,"tempo":120.5},null]}"#;
    (FEATURES, vec![ok(body)])
}

fn sound() -> (&'static str, Vec<Answer>) {
    (SOUND, vec![ok(MP3)])
}

fn script(parts: impl IntoIterator<Item = (&'static str, Vec<Answer>)>) -> Script {
    // What is named first wins, so that a test can put its own answers in front.
    let mut script: Script = parts.into_iter().collect();
    script.push(token());
    script.extend(pages(true));
    script.extend([features(), sound()]);
    script
}

/// A crawl of one playlist with no time passing, and the waits it would have made.
fn run(server: &Server, folder: &Path, playlists: &[&str]) -> (Result<Outcome>, Vec<Duration>) {
    let (mut client, waits) = client(server);
    let requests: Vec<_> = playlists
        .iter()
        .map(|id| PlaylistRequest {
            mood: Mood::Sad,
            id: (*id).to_owned(),
        })
        .collect();
    let outcome = crawl(&mut client, &requests, folder);
    (outcome, waits.try_iter().collect())
}

fn client(server: &Server) -> (Client, Receiver<Duration>) {
    let (sender, waits) = channel();
    let sleep = Box::new(move |wait| sender.send(wait).unwrap());
    let mut pace = Pace::new(Duration::ZERO, sleep);
    pace.tries = 3;
    let addresses = Addresses {
        api: format!("{}/v1", server.base()),
        accounts: format!("{}/accounts", server.base()),
    };
    let credentials = Credentials::new("the-id", SECRET);
    (Client::new(Http::new(pace), addresses, credentials), waits)
}

fn asked(server: &Server, start: &str) -> Vec<Request> {
    let mut requests = server.take_requests();
    requests.retain(|request| request.target.starts_with(start));
    requests
}

fn songs(folder: &Path) -> Vec<Song> {
    read_songs(&folder.join(SONGS)).unwrap()
}

#[test]
fn playlists_features_and_previews_become_a_table() {
    let (server, folder) = (Server::start(script([])), tempfile::tempdir().unwrap());
    let (outcome, waits) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::All);
    assert!(waits.is_empty(), "{waits:?}");

    let songs = songs(folder.path());
    let ids: Vec<_> = songs.iter().map(|song| song.id.as_str()).collect();
    assert_eq!(ids, ["a1", "b2"]);
    assert_eq!(songs[0].features.valence, Some(0.25));
    assert_eq!(songs[0].features.key, None);
    assert_eq!(songs[1].features.valence, None);
    assert_eq!(songs[1].features.duration_ms, Some(200_000.0));
    assert_eq!((songs[0].mood, &*songs[0].group), (Some(Mood::Sad), "ann"));
    let sound = folder.path().join("previews/a1.mp3");
    assert_eq!(songs[0].path.as_deref(), Some(sound.as_path()));
    assert_eq!(std::fs::read(sound).unwrap(), MP3.as_bytes());

    let requests = server.take_requests();
    assert_eq!(requests.len(), 6, "{requests:?}");
    assert!(requests[0].body.contains("grant_type=client_credentials"));
    for request in &requests {
        assert!(
            request.head.contains("user-agent: undertone"),
            "{request:?}"
        );
        let shown = request.head.contains("authorization: bearer t");
        assert_eq!(shown, request.target.starts_with("/v1/"), "{request:?}");
    }
}

#[test]
fn a_service_that_asks_for_time_gets_it() {
    let busy = Answer::new(429, "").header("retry-after: 7");
    let answers = vec![busy, page(&[entry("item", "a1", true)], None)];
    let server = Server::start(script([(ITEMS, answers)]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, waits) = run(&server, folder.path(), &[PLAYLIST]);
    // Two features came for one track, which is garbled but stops nothing.
    assert_eq!(outcome.unwrap(), Outcome::Some);
    assert_eq!(waits, [Duration::from_secs(7)]);
}

#[test]
fn a_wait_beyond_patience_ends_the_crawl_with_advice() {
    let busy = Answer::new(429, "").header("retry-after: 80000");
    let server = Server::start(script([(ITEMS, vec![busy])]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, waits) = run(&server, folder.path(), &[PLAYLIST]);
    let error = format!("{:#}", outcome.unwrap_err());
    assert!(error.contains("asks to wait"), "{error}");
    assert!(waits.is_empty());
}

#[test]
fn failures_of_the_service_are_tried_again_with_growing_waits() {
    let (down, fine) = (Answer::new(500, ""), pages(true).remove(0).1.remove(0));
    let server = Server::start(script([(ITEMS, vec![down.clone(), down, fine])]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, waits) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::All);
    let waits: Vec<_> = waits.iter().map(Duration::as_secs_f64).collect();
    assert!(
        matches!(waits[..], [a, b] if (0.5..=1.0).contains(&a) && (1.0..=2.0).contains(&b)),
        "{waits:?}"
    );
}

#[test]
fn after_a_refusal_no_more_features_are_asked_for() {
    let entries: Vec<_> = (0..130)
        .map(|n| entry("item", &format!("t{n}"), false))
        .collect();
    let forbidden = Answer::new(403, r#"{"error":{"status":403,"message":"Forbidden"}}"#);
    let server = Server::start(script([
        (ITEMS, vec![page(&entries, None)]),
        (FEATURES, vec![forbidden]),
    ]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::All);
    let batches = asked(&server, FEATURES);
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].target.matches(',').count(), 99);
    assert_eq!(songs(folder.path()).len(), 130);
}

#[test]
fn without_previews_ones_own_sound_is_taken_up() {
    let mut script = pages(false);
    script.extend([token(), features()]);
    let (server, folder) = (Server::start(script), tempfile::tempdir().unwrap());
    std::fs::create_dir(folder.path().join("previews")).unwrap();
    std::fs::write(folder.path().join("previews/Ann - T b2.flac"), "x").unwrap();
    let (outcome, _) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::All);
    let songs = songs(folder.path());
    assert_eq!(
        (songs[0].path.is_some(), songs[0].preview_url.is_some()),
        (false, false)
    );
    assert!(
        songs[1]
            .path
            .as_ref()
            .unwrap()
            .ends_with("previews/Ann - T b2.flac")
    );
}

#[test]
fn a_token_that_ended_is_renewed_once() {
    let ended = Answer::new(
        401,
        r#"{"error":{"status":401,"message":"The access token expired"}}"#,
    );
    let mut answers = vec![ended.clone()];
    answers.extend(pages(true).remove(0).1);
    let server = Server::start(script([(ITEMS, answers)]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::All);
    assert_eq!(asked(&server, TOKEN).len(), 2);

    server.play(script([(ITEMS, vec![ended])]));
    let other = tempfile::tempdir().unwrap();
    let error = run(&server, other.path(), &[PLAYLIST]).0.unwrap_err();
    assert!(
        format!("{error:#}").contains("The access token expired"),
        "{error:#}"
    );
    assert_eq!(asked(&server, TOKEN).len(), 2);
}

#[test]
fn a_token_near_its_end_is_renewed_before_it_is_used() {
    let body = r#"{"access_token":"T","expires_in":5}"#;
    let server = Server::start(script([(TOKEN, vec![ok(body)])]));
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        run(&server, folder.path(), &[PLAYLIST]).0.unwrap(),
        Outcome::All
    );
    // Two pages and one batch of features.
    assert_eq!(asked(&server, TOKEN).len(), 3);
}

#[test]
fn refused_credentials_are_named_but_never_shown() {
    let echo = format!(r#"{{"error":"invalid_client","error_description":"bad {SECRET}"}}"#);
    let server = Server::start(script([(TOKEN, vec![Answer::new(400, &echo)])]));
    let folder = tempfile::tempdir().unwrap();
    let error = format!(
        "{:#}",
        run(&server, folder.path(), &[PLAYLIST]).0.unwrap_err()
    );
    assert!(error.contains("refuses the credentials"), "{error}");
    assert!(
        error.contains("bad ***") && !error.contains(SECRET),
        "{error}"
    );
}

#[test]
fn a_playlist_that_is_missing_or_garbled_stops_no_other() {
    let other = "abcdefABCDEF1234567890";
    let missing = "0000000000000000000000";
    let garbled = ("/v1/playlists/abcdef", vec![ok("{\"items\": [")]);
    let server = Server::start(script([garbled]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = run(&server, folder.path(), &[other, PLAYLIST, missing]);
    assert_eq!(outcome.unwrap(), Outcome::Some);
    assert_eq!(songs(folder.path()).len(), 2);
    assert!(!folder.path().join("playlists").join(other).exists());

    let empty = tempfile::tempdir().unwrap();
    let (outcome, _) = run(&server, empty.path(), &[missing]);
    assert_eq!(outcome.unwrap(), Outcome::Nothing);
}

#[test]
fn a_preview_cut_in_the_middle_is_fetched_again_or_not_kept() {
    let (cut, whole) = (sound().1.remove(0).cut(), sound().1.remove(0));
    let server = Server::start(script([(SOUND, vec![cut.clone(), whole])]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, waits) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::All);
    assert_eq!(waits.len(), 1);
    let sound = std::fs::read(folder.path().join("previews/a1.mp3")).unwrap();
    assert_eq!(sound, MP3.as_bytes());

    server.play(script([("/p/a1", vec![cut])]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::Some);
    let kept = std::fs::read_dir(folder.path().join("previews")).unwrap();
    let kept: Vec<_> = kept.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(kept, ["b2.mp3"]);
    assert_eq!(songs(folder.path())[0].path, None);
}

#[test]
fn a_second_run_asks_only_for_what_is_missing() {
    let server = Server::start(script([(SECOND, vec![Answer::new(503, "")])]));
    let folder = tempfile::tempdir().unwrap();
    let error = run(&server, folder.path(), &[PLAYLIST]).0.unwrap_err();
    assert!(format!("{error:#}").contains("3 tries"), "{error:#}");
    server.take_requests();

    server.play(script([("/p/b2", vec![Answer::new(404, "")])]));
    let (outcome, _) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::Some);
    let targets: Vec<_> = server
        .take_requests()
        .into_iter()
        .map(|r| r.target)
        .collect();
    let features = format!("{FEATURES}a1,b2");
    assert_eq!(
        targets,
        [TOKEN, SECOND, &features, "/p/a1.mp3", "/p/b2.mp3"]
    );

    server.play(script([]));
    for expected in [1, 0] {
        let (outcome, _) = run(&server, folder.path(), &[PLAYLIST]);
        assert_eq!(outcome.unwrap(), Outcome::All);
        assert_eq!(server.take_requests().len(), expected);
    }
}

#[test]
fn a_track_under_two_moods_is_fetched_once_and_left_to_the_cleaning() {
    let (server, folder) = (Server::start(script([])), tempfile::tempdir().unwrap());
    let (mut client, _) = client(&server);
    let requests = [Mood::Sad, Mood::Happy].map(|mood| PlaylistRequest {
        mood,
        id: PLAYLIST.to_owned(),
    });
    let outcome = crawl(&mut client, &requests, folder.path()).unwrap();
    assert_eq!(outcome, Outcome::All);
    assert_eq!(asked(&server, SOUND).len(), 2);
    let songs = songs(folder.path());
    assert_eq!(songs.len(), 4);
    assert!(songs.iter().all(|song| song.path.is_some()));
    let cache = folder.path().join("cache");
    let cleaned = clean::clean(songs, Need::Features, &cache).unwrap();
    assert!(cleaned.kept().next().is_none());
    assert!(!cleaned.conflicts.is_empty());
}

#[test]
fn what_is_no_mp3_is_not_kept() {
    let server = Server::start(script([("/p/a1", vec![ok("<html>")])]));
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = run(&server, folder.path(), &[PLAYLIST]);
    assert_eq!(outcome.unwrap(), Outcome::Some);
    assert!(!folder.path().join("previews/a1.mp3").exists());
}

#[test]
fn a_crawl_that_must_wait_keeps_the_sounds_it_has() {
    let busy = Answer::new(429, "").header("retry-after: 80000");
    let server = Server::start(script([("/p/b2", vec![busy.clone()])]));
    let folder = tempfile::tempdir().unwrap();
    let has_sound = || {
        let songs = songs(folder.path());
        songs.iter().map(|s| s.path.is_some()).collect::<Vec<_>>()
    };
    let error = run(&server, folder.path(), &[PLAYLIST]).0.unwrap_err();
    let error = format!("{error:#}");
    assert!(error.starts_with("preview of b2: too many"), "{error}");
    assert_eq!(has_sound(), [true, false]);

    // All there, then one gone and nobody to ask: the other stays in the table.
    server.play(script([]));
    run(&server, folder.path(), &[PLAYLIST]).0.unwrap();
    std::fs::remove_file(folder.path().join("previews/a1.mp3")).unwrap();
    server.play(script([("/p/a1", vec![busy])]));
    server.take_requests();
    assert!(run(&server, folder.path(), &[PLAYLIST]).0.is_err());
    assert_eq!(has_sound(), [false, true]);
    assert_eq!(asked(&server, SOUND).len(), 1);
}

#[test]
fn the_token_goes_to_nobody_else() {
    let other = Server::start(Script::new());
    let foreign = format!(r#"{{"items":[{{}}],"next":"{}/v1/x"}}"#, other.base());
    let server = Server::start(script([(ITEMS, vec![ok(&foreign)])]));
    let folder = tempfile::tempdir().unwrap();
    let error = run(&server, folder.path(), &[PLAYLIST]).0.unwrap_err();
    assert!(error.to_string().contains("is not below"), "{error}");
    assert!(other.take_requests().is_empty());
}
