//! Requests that are repeated while the trouble may pass.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::http::Response;
use ureq::{Agent, Body};

use super::pace::Pace;
use crate::console::{self, Hint};

/// Who asks.
const USER_AGENT: &str = concat!("undertone-trainer/", env!("CARGO_PKG_VERSION"));
/// Time for a connection, and for a whole exchange.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const EXCHANGE_TIMEOUT: Duration = Duration::from_mins(2);
/// No page and no preview comes near this many bytes.
const MOST_BYTES: u64 = 32 << 20;
/// What to do when nothing is reached any more.
const RESUME_HINT: &str = "run the same command again later: what was fetched is kept";

/// An answer that no further try would change.
pub struct Reply {
    /// Status, below 500 and not 429.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}

/// What the service refuses or garbles. The rest of a crawl can go on.
#[derive(Debug)]
pub struct Refusal {
    /// Status of the answer; 200 when it was garbled.
    pub status: u16,
    /// What the service says, or what is wrong with what it says.
    pub words: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}, {}", self.status, self.words)
    }
}

impl std::error::Error for Refusal {}

/// The service asks for a longer wait than the pace allows: nothing more is to be asked.
#[derive(Debug)]
pub struct Busy {
    /// What was asked for.
    what: String,
}

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// The two forms in which Spotify words a refusal: the Web API's and the token service's.
#[derive(Deserialize)]
#[serde(untagged)]
enum ErrorAnswer {
    Api { error: ApiError },
    Token { error_description: String },
}

#[derive(Deserialize)]
struct ApiError {
    message: String,
}

impl Reply {
    /// The body of a good answer.
    ///
    /// # Errors
    /// A [`Refusal`] when the status is not 200 or the body is no such JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        if self.status != 200 {
            return Err(self.refusal().into());
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            self.refused(format!("the answer can't be read: {error}"))
                .into()
        })
    }

    /// The refusal that this answer is, in the service's words where it has any.
    pub fn refusal(&self) -> Refusal {
        self.refused(match serde_json::from_slice(&self.body) {
            Ok(ErrorAnswer::Api { error }) => error.message,
            Ok(ErrorAnswer::Token { error_description }) => error_description,
            Err(_) => "without a reason".to_owned(),
        })
    }

    /// A refusal in words of ours.
    pub fn refused(&self, words: String) -> Refusal {
        Refusal {
            status: self.status,
            words,
        }
    }
}

/// Why a request is repeated.
struct Trouble {
    what: String,
    /// The wait that the service asks for.
    wait: Option<Duration>,
}

/// Sends requests at a pace.
pub struct Http {
    agent: Agent,
    pace: Pace,
}

impl Http {
    /// A client with that pace.
    pub fn new(pace: Pace) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .user_agent(USER_AGENT)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(EXCHANGE_TIMEOUT))
            .build();
        Self {
            agent: config.into(),
            pace,
        }
    }

    /// Sends a request until it is answered; `what` names it in messages.
    ///
    /// # Errors
    /// When it can't be sent, all tries failed, or, as [`Busy`], the service asks for a
    /// longer wait than the pace allows.
    pub fn send(
        &mut self,
        what: &str,
        request: impl Fn(&Agent) -> Result<Response<Body>, ureq::Error>,
    ) -> Result<Reply> {
        let mut failures = 0;
        loop {
            self.pace.space();
            let trouble = match exchange(&self.agent, &request) {
                Ok(Ok(reply)) => return Ok(reply),
                Ok(Err(trouble)) => trouble,
                Err(error) => return Err(anyhow!("{what}: {error}")),
            };
            failures += 1;
            if failures >= self.pace.tries {
                return Err(anyhow!("{what}: {} ({failures} tries)", trouble.what))
                    .hint(RESUME_HINT);
            }
            self.wait(what, &trouble, failures)?;
        }
    }

    fn wait(&self, what: &str, trouble: &Trouble, failures: u32) -> Result<()> {
        let wait = trouble.wait.unwrap_or_else(|| self.pace.after(failures));
        if wait > self.pace.longest {
            let what = what.to_owned();
            return Err(anyhow!(
                "{}, and asks to wait {}",
                trouble.what,
                console::duration(wait)
            ))
            .hint(RESUME_HINT)
            .context(Busy { what });
        }
        console::note(&format!(
            "{what}: {}; trying again in {}",
            trouble.what,
            console::duration(wait)
        ));
        (self.pace.sleep)(wait);
        Ok(())
    }
}

/// One try: an answer, a trouble that may pass, or an error that will not.
fn exchange(
    agent: &Agent,
    request: impl Fn(&Agent) -> Result<Response<Body>, ureq::Error>,
) -> Result<Result<Reply, Trouble>, ureq::Error> {
    let whole = request(agent).and_then(|mut response| {
        let wait = retry_after(&response);
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MOST_BYTES);
        Ok((status, wait, body.read_to_vec()?))
    });
    match whole {
        Ok((429, wait, _)) => Ok(Err(Trouble {
            what: "too many requests".to_owned(),
            wait,
        })),
        Ok((status, wait, _)) if status >= 500 => Ok(Err(Trouble {
            what: format!("the service failed (status {status})"),
            wait,
        })),
        Ok((status, _, body)) => Ok(Ok(Reply { status, body })),
        Err(error) if may_pass(&error) => Ok(Err(Trouble {
            what: format!("the connection failed ({error})"),
            wait: None,
        })),
        Err(error) => Err(error),
    }
}

/// The wait in seconds that a service asks for (RFC 9110, section 10.2.3; Spotify does
/// not use the form with a date).
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

fn may_pass(error: &ureq::Error) -> bool {
    use ureq::Error as E;
    match error {
        // A certificate that is refused now is refused next time.
        E::Io(error) => error.kind() != std::io::ErrorKind::InvalidData,
        E::Timeout(_)
        | E::Protocol(_)
        | E::HostNotFound
        | E::ConnectionFailed
        | E::ConnectProxyFailed(_)
        | E::BodyStalled => true,
        _ => false,
    }
}
