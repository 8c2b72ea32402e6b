//! Requests that are repeated while the trouble may pass.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

use super::pace::{LONGEST, Pace};
use collections::console::{self, Hint};

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
#[derive(Debug, thiserror::Error)]
#[error("status {status}, {words}")]
pub struct Refusal {
    /// Status of the answer; 200 when it was garbled.
    pub status: u16,
    /// What the service says, or what is wrong with what it says.
    pub words: String,
}

/// The service asks for a longer wait than the pace allows: nothing more is to be asked.
/// Holds what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Busy(String);

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

    /// The refusal that this answer is, in the service's words where it has any: the Web
    /// API and the token service have them in different places.
    pub fn refusal(&self) -> Refusal {
        let answer: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let words = answer.pointer("/error/message");
        let words = words.or_else(|| answer.get("error_description"));
        let words = words.and_then(Value::as_str);
        self.refused(words.unwrap_or("without a reason").to_owned())
    }

    /// A refusal in words of ours.
    pub fn refused(&self, words: String) -> Refusal {
        Refusal {
            status: self.status,
            words,
        }
    }
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
            failures += 1;
            self.pace.space();
            let answer = exchange(&self.agent, &request);
            let trouble = match &answer {
                Ok((reply, _)) if reply.status == 429 => "too many requests".to_owned(),
                Ok((reply, _)) if reply.status >= 500 => {
                    format!("the service failed (status {})", reply.status)
                }
                Err(error) if may_pass(error) => format!("the connection failed ({error})"),
                Ok(_) | Err(_) => {
                    let answer = answer.map(|(reply, _)| reply);
                    return answer.map_err(|error| anyhow!("{what}: {error}"));
                }
            };
            if failures >= self.pace.tries {
                return Err(anyhow!("{what}: {trouble} ({failures} tries)")).hint(RESUME_HINT);
            }
            let asked = answer.ok().and_then(|(_, wait)| wait);
            let wait = asked.unwrap_or_else(|| Pace::after(failures));
            let time = console::duration(wait);
            if wait > LONGEST {
                return Err(anyhow!("{trouble}, and asks to wait {time}"))
                    .hint(RESUME_HINT)
                    .context(Busy(what.to_owned()));
            }
            note!("{what}: {trouble}; trying again in {time}");
            (self.pace.sleep)(wait);
        }
    }
}

/// One try: the answer, and the wait in seconds that the service asks for (RFC 9110,
/// section 10.2.3; Spotify does not use the form with a date).
fn exchange(
    agent: &Agent,
    request: impl Fn(&Agent) -> Result<Response<Body>, ureq::Error>,
) -> Result<(Reply, Option<Duration>), ureq::Error> {
    let mut response = request(agent)?;
    let wait = response.headers().get("retry-after");
    let wait = wait.and_then(|seconds| seconds.to_str().ok()?.trim().parse().ok());
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(MOST_BYTES);
    let body = body.read_to_vec()?;
    Ok((Reply { status, body }, wait.map(Duration::from_secs)))
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
