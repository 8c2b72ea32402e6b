//! Why: what the features did to the verdict, and where in the song it lies.

use anyhow::Result;

use crate::stage::Stage;

/// A song is told by at least so many factors.
const LEAST_FACTORS: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn contributions_stand_in_words_and_bars() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let report = page.report(page.choose_sample().await?).await?;
    let mood = report.mood;

    assert!(
        report.contributions.len() >= LEAST_FACTORS,
        "{:?}",
        report.contributions
    );
    assert_eq!(page.texts("#reasons > li").await?, report.reasons);
    let heading = page.texts("#contributions-heading").await?;
    assert_eq!(heading, [format!("What the features said for {mood}")]);
    let rows = page.texts("#contribution-rows > li").await?;
    assert_eq!(rows.len(), report.contributions.len(), "{rows:?}");
    for (row, contribution) in rows.iter().zip(&report.contributions) {
        // The page begins it with a capital.
        let heard: String = contribution.heard.chars().skip(1).collect();
        assert!(row.contains(&heard), "{row}: {contribution:?}");
        let side = if contribution.shapley < 0.0 {
            "against"
        } else {
            "for"
        };
        assert!(row.ends_with(&format!("{side} {mood}")), "{row}");
    }
    let bars = page.texts("#contribution-rows .diverging > span").await?;
    assert_eq!(bars.len(), rows.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_lies_along_the_song_and_over_its_bands() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let report = page.report(page.choose_sample().await?).await?;
    let (mood, evidence) = (report.mood, &report.evidence);

    assert_eq!(evidence.moments.len(), report.timeline.len());
    let drawn = "return ['evidence-for', 'evidence-against'] \
        .every((id) => document.getElementById(id).getAttribute('d').endsWith('Z'))";
    assert_eq!(page.browser.run(drawn, &[]).await?, true);
    let strongest = page.texts("#evidence-strongest").await?;
    assert!(
        strongest[0].starts_with(&format!("Most {mood} from ")),
        "{strongest:?}"
    );

    let bands = page.texts("#band-rows > li").await?;
    assert_eq!(bands.len(), evidence.bands.len());
    assert!(
        !bands.is_empty() && bands.iter().all(|band| band.contains("Hz")),
        "{bands:?}"
    );

    let moment = page.texts("#moment-text").await?;
    assert!(moment[0].contains("speaks "), "{moment:?}");
    let column = page.texts("#evidence-column").await?;
    assert_eq!(column, [format!("For {mood}")]);
    let cells = page.texts("#timeline-rows > tr:first-child > *").await?;
    let heads = page.texts("#along thead th").await?;
    assert_eq!(cells.len(), heads.len(), "{cells:?}");
    Ok(())
}
