//! What is no music: called that everywhere, and of no mood anywhere.

use anyhow::Result;
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use undertone::Kind;

use crate::stage::Stage;

/// Names of moods that stand on the page.
const MOODS_SHOWN: &str = "return [...document.querySelectorAll('#result .mood-only, #result [data-mood]')] \
    .filter((element) => element.checkVisibility() && element.closest('.mood-only')).length";

#[tokio::test(flavor = "multi_thread")]
async fn noise_is_called_noise_and_has_no_mood() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let noise = Shelf::new()?;
    let noise = noise.put("rain.wav", &Sound::noise(44_100, 12).to_wav())?;
    let report = page.judge(&noise).await?;
    assert_eq!((report.kind, report.unsure), (Kind::Noise, true));
    assert_eq!(page.texts("#verdict").await?, ["No music: noise"]);
    assert_eq!(page.texts("#reasons > li").await?, report.reasons);
    assert_eq!(page.browser.run(MOODS_SHOWN, &[]).await?, 0);
    assert!(page.texts("#queue [data-mood]").await?.is_empty());

    page.judge(&paths::data("song/song.mp3")?).await?;
    page.show_library().await?;
    let totals = page.texts("#library-totals").await?.concat();
    assert!(
        totals.starts_with("2 songs: ") && totals.ends_with(", 1 no music"),
        "{totals}"
    );
    page.click("#as-map").await?;
    page.wait_for("#library-map[data-count='1']").await?;
    page.click("#as-list").await?;
    let only = "const select = document.getElementById('library-mood'); \
        select.value = 'no-music'; select.dispatchEvent(new Event('change'))";
    page.browser.run(only, &[]).await?;
    page.wait_for("#library-rows > [data-name='rain.wav']")
        .await?;
    assert_eq!(
        page.texts("#library-rows > [data-hash] .library-name")
            .await?,
        ["rain.wav"]
    );
    Ok(())
}
