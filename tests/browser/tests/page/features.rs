//! The card of what was measured.

use anyhow::{Context, Result};
use browser_tests::page::Page;
use browser_tests::paths;

use crate::stage::Stage;

/// What stands where nothing was measured.
const NOT_MEASURED: &str = "not measured";

#[tokio::test(flavor = "multi_thread")]
async fn key_tempo_and_loudness_have_names_and_units() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let features = page.judge(&paths::data("beat/beat.mp3")?).await?.features;

    assert_eq!(value(&page, "key").await?, "G major");
    assert_eq!(value(&page, "tempo").await?, "116 BPM");
    assert_eq!(value(&page, "time_signature").await?, "4 beats a bar");
    let loudness = features.loudness.context("the song has a loudness")?;
    let expected = format!("{loudness:.1} LUFS").replace('-', "−");
    assert_eq!(value(&page, "loudness").await?, expected);
    Ok(())
}

/// The value of a feature that is a fact.
async fn value(page: &Page<'_>, name: &str) -> Result<String> {
    let values = page
        .texts(&format!("[data-feature={name}] .fact-value"))
        .await?;
    let value = values.into_iter().next();
    value.with_context(|| format!("{name} is not shown"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_estimate_shows_its_value_or_why_there_is_none() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let sample = page.choose_sample().await?;
    let features = page.report(sample).await?.features;
    let scales = [
        ("danceability", features.danceability),
        ("energy", features.energy),
        ("valence", features.valence),
        ("acousticness", features.acousticness),
        ("instrumentalness", features.instrumentalness),
        ("speechiness", features.speechiness),
        ("liveness", features.liveness),
    ];
    for (name, value) in scales {
        let row = format!("[data-feature={name}]");
        let shown = page.texts(&format!("{row} .scale-value")).await?;
        let excuse = page.texts(&format!("{row} .scale-excuse")).await?;
        let bar = page.texts(&format!("{row} .scale-bar")).await?;
        if let Some(value) = value {
            assert!(
                shown[0].starts_with(&format!("{value:.2}")),
                "{name}: {shown:?}"
            );
            assert_eq!((excuse.len(), bar.len()), (0, 1), "{name}: {excuse:?}");
        } else {
            assert_eq!(shown, [NOT_MEASURED], "{name}");
            assert!(excuse.iter().all(|why| !why.is_empty()), "{name}");
            assert_eq!((excuse.len(), bar.len()), (1, 0), "{name}");
        }
    }
    let time_signature = page.texts("[data-feature=time_signature]").await?;
    assert_eq!(
        time_signature[0].contains(NOT_MEASURED),
        features.time_signature.is_none(),
        "{time_signature:?}"
    );

    // The errors come from the model's card; without one there are none to show.
    let card = paths::dist()?.join("models/features.json");
    let errors = page.texts(".scale-error").await?;
    assert_eq!(errors.is_empty(), !card.is_file());
    assert_eq!(
        page.texts("#feature-errors").await?.is_empty(),
        errors.is_empty()
    );
    Ok(())
}
