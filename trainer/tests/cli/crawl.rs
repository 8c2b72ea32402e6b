//! `trainer crawl`.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::loopback::{Answer, Server};
use super::{Run, run, trainer};

/// Runs `trainer crawl` against a server with credentials in the environment.
fn crawl(at: &Path, server: &str, id: &str, secret: &str) -> Run {
    let (api, accounts) = (format!("{server}/v1"), format!("{server}/accounts"));
    let playlist = "sad=https://open.spotify.com/playlist/1234567890abcdefABCDEF?si=x";
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainer"));
    command
        .current_dir(at)
        .args(["crawl", "--out", "crawled", "--playlist", playlist])
        .args(["--api-url", &api, "--accounts-url", &accounts])
        .env("SPOTIFY_CLIENT_ID", id)
        .env("SPOTIFY_CLIENT_SECRET", secret);
    run(&mut command)
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
        run.says("hint: use sound of your own");
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
        "trainer import --data",
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
        refused.says(expected);
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
    run.says("Spotify refuses the credentials");
    run.says("hint: make an app");
}

#[test]
fn a_crawl_needs_credentials_and_playlists() {
    let root = tempfile::tempdir().unwrap();
    let run = crawl(root.path(), "http://127.0.0.1:9", "", "");
    assert_eq!(run.code, 1);
    run.says("SPOTIFY_CLIENT_ID is not set");
    let run = trainer(
        root.path(),
        &["crawl", "--out", "x", "--playlist", "sad=short"],
    );
    assert_eq!(run.code, 64);
    run.says("names no playlist");
}
