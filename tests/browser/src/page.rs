//! What a visitor does on the page, and what stands there.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::Locator;
use serde::Deserialize;
use serde_json::{Value, json};
use undertone::Report;
use undertone::report::{Entry, Outcome};

use crate::browser::Browser;
use crate::server::Server;
use crate::waiting::{self, PATIENCE};

/// Number of a song on the page, from `data-job`.
pub type Job = u64;

/// One song's row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// Number.
    pub job: Job,
    /// Name of the file.
    pub name: String,
    /// `queued`, `decoding`, `analysing`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// Kind of the error, if it failed.
    pub error: Option<String>,
    /// Milliseconds by stage as JSON, if it is done.
    pub timing: Option<String>,
    /// Size of the worker's memory, if it is done.
    pub wasm_bytes: Option<String>,
}

const ROWS: &str = r##"
    return Array.from(document.querySelectorAll("#queue > li"), (row) => ({
        job: Number(row.dataset.job),
        name: row.dataset.name,
        state: row.dataset.state,
        error: row.dataset.error ?? null,
        timing: row.dataset.timing ?? null,
        wasm_bytes: row.dataset.wasmBytes ?? null,
    }));
"##;

impl Row {
    /// Whether nothing more will happen.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        ["done", "failed", "cancelled"].contains(&self.state.as_str())
    }
}

/// The open page.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The browser that shows it.
    pub browser: &'a Browser,
}

impl<'a> Page<'a> {
    /// Opens the page and waits until its own script listens.
    ///
    /// # Errors
    /// When it does not load.
    pub async fn open(browser: &'a Browser, server: &Server) -> Result<Self> {
        browser.client.goto(&server.url()).await?;
        let page = Self { browser };
        page.wait_until_loaded().await?;
        Ok(page)
    }

    /// Opens the page in a frame whose contents have that width in CSS pixels, for the
    /// drivers that can't make a window so narrow.
    ///
    /// # Errors
    /// When it does not load.
    pub async fn open_in_frame(browser: &'a Browser, server: &Server, width: u32) -> Result<Self> {
        browser.client.goto(&server.frame_url()).await?;
        browser.client.enter_frame(0).await?;
        let fit = "const scrollbar = innerWidth - document.documentElement.clientWidth; \
            frameElement.style.inlineSize = `${arguments[0] + scrollbar}px`";
        browser.run(fit, &[json!(width)]).await?;
        let page = Self { browser };
        page.wait_until_loaded().await?;
        Ok(page)
    }

    /// Loads the page again.
    ///
    /// # Errors
    /// When it does not load.
    pub async fn reload(&self) -> Result<()> {
        self.browser.client.refresh().await?;
        self.wait_until_loaded().await
    }

    /// Waits until the page listens: it lists the sample songs after it has begun to.
    ///
    /// # Errors
    /// When it does not within [`PATIENCE`].
    pub async fn wait_until_loaded(&self) -> Result<()> {
        waiting::until("the page starts", async || {
            let samples = "return document.querySelectorAll('[data-sample]').length";
            let listed = self.browser.run(samples, &[]).await?;
            Ok(listed.as_u64().filter(|count| *count > 0))
        })
        .await?;
        // Most tests read what is folded at first.
        let open = "document.querySelectorAll('#result details').forEach((details) => { details.open = true; })";
        self.browser.run(open, &[]).await?;
        Ok(())
    }

    /// Chooses files, and returns the numbers of their rows.
    ///
    /// # Errors
    /// When the page does not list them.
    pub async fn choose(&self, files: &[&Path]) -> Result<Vec<Job>> {
        let before = self.rows().await?.len();
        let input = self.browser.client.find(Locator::Id("file-input")).await?;
        let names: Vec<_> = files
            .iter()
            .map(|file| file.to_str().context("a path that is not UTF-8"))
            .collect::<Result<_>>()?;
        input.send_keys(&names.join("\n")).await?;
        self.added_since(before, files.len()).await
    }

    /// Presses the button of the first sample song, and returns its row's number.
    ///
    /// # Errors
    /// When the page does not list it.
    pub async fn choose_sample(&self) -> Result<Job> {
        let before = self.rows().await?.len();
        self.click("[data-sample]").await?;
        Ok(self.added_since(before, 1).await?[0])
    }

    pub(crate) async fn added_since(&self, before: usize, count: usize) -> Result<Vec<Job>> {
        waiting::until("the songs are listed", async || {
            let rows = self.rows().await?;
            let new: Vec<_> = rows.iter().skip(before).map(|row| row.job).collect();
            Ok(Some(new).filter(|new| new.len() == count))
        })
        .await
    }

    /// All rows, oldest first.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn rows(&self) -> Result<Vec<Row>> {
        let rows = self.browser.run(ROWS, &[]).await?;
        Ok(serde_json::from_value(rows)?)
    }

    /// Waits until the song is in that state.
    ///
    /// # Errors
    /// When it ends otherwise, or does not come there in time.
    pub async fn wait_for_state(&self, job: Job, state: &str) -> Result<Row> {
        waiting::until(&format!("song {job} is {state}"), async || {
            let row = self.row(job).await?;
            if row.state == state {
                return Ok(Some(row));
            }
            ensure!(!row.has_ended(), "expected {state}, got {row:?}");
            Ok(None)
        })
        .await
    }

    /// Waits until nothing more will happen to the song.
    ///
    /// # Errors
    /// When it does not end in time, or the page raises an alert before that.
    pub async fn wait_for_end(&self, job: Job) -> Result<Row> {
        waiting::until_within(3 * PATIENCE, &format!("song {job} ends"), async || {
            let row = self.row(job).await?;
            if row.has_ended() {
                return Ok(Some(row));
            }
            let alert = self.alert().await?;
            ensure!(alert.is_empty(), "{row:?}, and the page says: {alert}");
            Ok(None)
        })
        .await
    }

    async fn row(&self, job: Job) -> Result<Row> {
        let rows = self.rows().await?;
        let row = rows.into_iter().find(|row| row.job == job);
        row.with_context(|| format!("the page lists no song {job}"))
    }

    /// Looks at a song that has ended, and reads the entry of the JSON result.
    ///
    /// # Errors
    /// When the page shows none.
    pub async fn entry(&self, job: Job) -> Result<Entry> {
        let name = self.row(job).await?.name;
        self.click(&format!("[data-job='{job}'] [data-action=select]"))
            .await?;
        waiting::until(&format!("the result of {name} is shown"), async || {
            let shown = "return document.querySelector(\"[data-job='\" + arguments[0] + \"'] [aria-current]\") \
                ? document.getElementById('report-json').textContent : ''";
            let text = self.browser.run(shown, &[json!(job)]).await?;
            let text = text.as_str().unwrap_or_default();
            if text.is_empty() {
                return Ok(None);
            }
            let entries: Vec<Entry> = serde_json::from_str(text)?;
            Ok(entries.into_iter().find(|entry| entry.file == name))
        })
        .await
    }

    /// Waits until the song is judged, and reads the report.
    ///
    /// # Errors
    /// When it gets no verdict.
    pub async fn report(&self, job: Job) -> Result<Report> {
        let row = self.wait_for_end(job).await?;
        ensure!(row.state == "done", "no verdict: {row:?}");
        match self.entry(job).await?.outcome {
            Outcome::Ok { report } => Ok(*report),
            Outcome::Error { error } => bail!("done, but with an error: {error:?}"),
        }
    }

    /// Chooses one file and reads its report.
    ///
    /// # Errors
    /// When it gets no verdict.
    pub async fn judge(&self, file: &Path) -> Result<Report> {
        let jobs = self.choose(&[file]).await?;
        self.report(jobs[0]).await
    }

    /// Scrolls to the first element that fits, and clicks on it.
    ///
    /// # Errors
    /// When there is none that can be clicked.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let element = self.browser.client.find(Locator::Css(selector)).await;
        let element = element.with_context(|| format!("there is no {selector}"))?;
        // What a list has not drawn yet, since it is out of sight, WebKit's driver can't reach.
        let scroll = "document.querySelector(arguments[0]).scrollIntoView({ block: 'nearest' })";
        self.browser.run(scroll, &[json!(selector)]).await?;
        // Some drivers tell what went wrong by a code alone, which only `Debug` shows.
        let clicked = element.click().await;
        clicked.map_err(|error| anyhow!("a click on {selector}: {error:?}"))
    }

    /// The texts of all elements that fit and are shown, line breaks as spaces.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn texts(&self, selector: &str) -> Result<Vec<String>> {
        let shown = "return Array.from(document.querySelectorAll(arguments[0])) \
            .filter((element) => element.checkVisibility()) \
            .map((element) => element.textContent.replace(/\\s+/g, ' ').trim())";
        let texts = self.browser.run(shown, &[json!(selector)]).await?;
        Ok(serde_json::from_value(texts)?)
    }

    /// Waits until an element is shown and fits the selector.
    ///
    /// # Errors
    /// When it does not come in time.
    pub async fn wait_for(&self, selector: &str) -> Result<()> {
        let shown = "return document.querySelector(arguments[0])?.checkVisibility() ?? false";
        waiting::until(&format!("{selector} is shown"), async || {
            let shown = self.browser.run(shown, &[json!(selector)]).await?;
            Ok(Some(()).filter(|()| shown == Value::Bool(true)))
        })
        .await
    }

    /// Waits until the page has stored itself for use without a network.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn wait_until_offline_ready(&self) -> Result<()> {
        self.wait_for("#offline-status[data-ready=true]").await
    }

    /// What the alert says; empty where it is hidden.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn alert(&self) -> Result<String> {
        let alert = self.browser.client.find(Locator::Id("alert-text")).await?;
        Ok(alert.text().await?)
    }

    /// Waits until the page has raised an alert, and returns what it says.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn wait_for_alert(&self) -> Result<String> {
        waiting::until("there is an alert", async || {
            Ok(Some(self.alert().await?).filter(|text| !text.is_empty()))
        })
        .await
    }
}
