//! Files that are no songs, or odd ones: each gets a named error or a verdict, and the
//! page lives on.

use std::path::{Path, PathBuf};

use anyhow::Result;
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};

use crate::stage::Stage;

/// What a file must come to.
#[derive(Debug, Clone, Copy)]
enum End {
    /// A verdict.
    Judged,
    /// No verdict, but an error of one of these kinds.
    Refused(&'static [&'static str]),
    /// A verdict or an error of one of these kinds: it is the browser's decoder that
    /// decides how much of a damaged file is music.
    Either(&'static [&'static str]),
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_file_gets_a_named_end() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    for (file, end) in bad_files(&shelf)? {
        expect(&page, &file, end).await?;
    }
    page.judge(&paths::data("song/song.mp3")?).await?;
    Ok(())
}

/// Every file with what it must come to.
fn bad_files(shelf: &Shelf) -> Result<Vec<(PathBuf, End)>> {
    let song = Sound::song()?;
    let mp3 = paths::data("song/song.mp3")?;
    let ogg = paths::data("song/song.ogg")?;
    let m4a = paths::data("song/song.m4a")?;
    let short = song.clone().first_ms(500).to_wav();
    let silence = Sound::silence(44_100, 10).to_wav();
    let nan = song.to_float_wav(f32::NAN);
    let slow = song.clone().declared_at(1).to_wav();
    let dense = song
        .clone()
        .with_rate_times(4)
        .declared_at(192_000)
        .to_wav();
    let wide = song.clone().with_channels_times(4).to_wav();
    let surround = song.clone().with_channels_times(3).to_wav();
    let headless = &song.to_wav()[..44];
    Ok(vec![
        (paths::data("bad/empty.mp3")?, End::Refused(&["empty"])),
        (paths::data("bad/text.mp3")?, End::Refused(&["undecodable"])),
        (
            paths::data("bad/headless.ogg")?,
            End::Refused(&["undecodable"]),
        ),
        (
            paths::data("bad/film-without-sound.mp4")?,
            End::Refused(&["no-audio"]),
        ),
        (
            // Of a format that few browsers play: they can't know that it is a film.
            paths::data("bad/video-without-sound.mp4")?,
            End::Refused(&["no-audio", "undecodable"]),
        ),
        (
            shelf.put_part("half.mp3", &mp3, 500)?,
            End::Either(&["undecodable"]),
        ),
        (
            shelf.put_part("half.ogg", &ogg, 500)?,
            End::Either(&["undecodable"]),
        ),
        (
            shelf.put_part("half.m4a", &m4a, 500)?,
            End::Either(&["undecodable"]),
        ),
        (
            shelf.put_part("stub.mp3", &mp3, 10)?,
            End::Refused(&["undecodable", "too-short", "empty"]),
        ),
        (
            shelf.put("short.wav", &short)?,
            End::Refused(&["too-short"]),
        ),
        (
            shelf.put("samples-missing.wav", headless)?,
            End::Refused(&["undecodable", "empty"]),
        ),
        (
            shelf.put("silence.wav", &silence)?,
            End::Refused(&["silent"]),
        ),
        (shelf.put("nan.wav", &nan)?, End::Refused(&["not-finite"])),
        (
            shelf.put("1-hz.wav", &slow)?,
            End::Refused(&["undecodable", "too-long", "unsupported-rate"]),
        ),
        (shelf.put("192-khz.wav", &dense)?, End::Judged),
        (shelf.put("6-channels.wav", &surround)?, End::Judged),
        (shelf.put("8-channels.wav", &wide)?, End::Judged),
    ])
}

/// Judges the file alone.
async fn expect(page: &Page<'_>, file: &Path, end: End) -> Result<()> {
    let jobs = page.choose(&[file]).await?;
    let row = page.wait_for_end(jobs[0]).await?;
    let kind = row.error.as_deref();
    let right = match (row.state.as_str(), end) {
        ("done", End::Judged | End::Either(_)) => true,
        ("failed", End::Refused(kinds) | End::Either(kinds)) => {
            kind.is_some_and(|kind| kinds.contains(&kind))
        }
        _ => false,
    };
    assert!(right, "{}: {row:?}, expected {end:?}", file.display());
    assert_eq!(page.alert().await?, "", "{}", file.display());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_of_five_hours_is_refused_by_its_length() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let file = shelf.put_hours("five-hours.wav", 5)?;
    expect(&page, &file, End::Refused(&["too-long"])).await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    Ok(())
}

/// Decoders that never answer, and clocks of ten seconds that tick a hundred times as fast.
const DUMB: &str = r"
    const { setInterval } = window;
    window.setInterval = (react, pause) => setInterval(react, pause === 10_000 ? 100 : pause);
    window.decodeAudioData = BaseAudioContext.prototype.decodeAudioData;
    BaseAudioContext.prototype.decodeAudioData = () => new Promise(() => {});
";

#[tokio::test(flavor = "multi_thread")]
async fn a_decoder_that_never_answers_is_given_up() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    // The worker is there, with a clock of its own.
    page.judge(&paths::data("song/song.mp3")?).await?;
    page.browser.run(DUMB, &[]).await?;
    expect(
        &page,
        &paths::data("formats/opus.ogg")?,
        End::Refused(&["undecodable"]),
    )
    .await?;
    let note = page.texts("[data-state=failed] .song-note").await?;
    assert!(note[0].contains("no answer for 90 s"), "{note:?}");
    let speak = "BaseAudioContext.prototype.decodeAudioData = window.decodeAudioData";
    page.browser.run(speak, &[]).await?;
    page.judge(&paths::data("song/song.flac")?).await?;
    Ok(())
}
