//! The app's name and password for Spotify, and the passing token they buy.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Deserialize;

use collections::console::Hint;

/// Environment variables that hold the credentials.
const ID_VARIABLE: &str = "SPOTIFY_CLIENT_ID";
const SECRET_VARIABLE: &str = "SPOTIFY_CLIENT_SECRET";
/// A token is renewed so long before its end, so that none ends on the way.
const MARGIN: Duration = Duration::from_secs(30);

/// No token is used for longer, whatever its answer says.
const LONGEST: Duration = Duration::from_hours(24);

/// What to do without working credentials.
pub const CREDENTIALS_HINT: &str = "make an app at https://developer.spotify.com/dashboard and \
    set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET to what it shows";

/// An app's credentials. Not `Debug`, so that they get into no message by chance.
pub struct Credentials {
    id: String,
    secret: String,
}

impl Credentials {
    /// These credentials.
    pub fn new(id: &str, secret: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: secret.to_owned(),
        }
    }

    /// Reads them from the environment.
    ///
    /// # Errors
    /// When one is missing or empty.
    pub fn from_environment() -> Result<Self> {
        Ok(Self::new(
            &variable(ID_VARIABLE)?,
            &variable(SECRET_VARIABLE)?,
        ))
    }

    /// The form that buys a token (RFC 6749, sections 2.3.1 and 4.4.2).
    pub fn form(&self) -> [(&str, &str); 3] {
        [
            ("grant_type", "client_credentials"),
            ("client_id", &self.id),
            ("client_secret", &self.secret),
        ]
    }

    /// `text` without the credentials, should an answer repeat them.
    pub fn redact(&self, text: &str) -> String {
        text.replace(&self.secret, "***").replace(&self.id, "***")
    }
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name)
        .ok()
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
        .with_context(|| format!("the environment variable {name} is not set"))
        .hint(CREDENTIALS_HINT)
}

/// The answer to [`Credentials::form`].
#[derive(Deserialize)]
pub struct TokenAnswer {
    access_token: String,
    /// Seconds; Spotify gives 3600.
    expires_in: u64,
}

/// A token that came just now, and its end.
pub struct Token {
    /// The header that shows it (RFC 6750, section 2.1).
    pub header: String,
    end: Instant,
}

impl From<TokenAnswer> for Token {
    fn from(answer: TokenAnswer) -> Self {
        let lifetime = Duration::from_secs(answer.expires_in).min(LONGEST);
        Self {
            header: format!("Bearer {}", answer.access_token),
            end: Instant::now() + lifetime.saturating_sub(MARGIN),
        }
    }
}

impl Token {
    /// Whether it can still be used.
    pub fn is_fresh(&self) -> bool {
        Instant::now() < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_without_an_end_is_a_token() {
        let json = format!(r#"{{"access_token":"T","expires_in":{}}}"#, u64::MAX);
        let answer: TokenAnswer = serde_json::from_str(&json).unwrap();
        assert!(Token::from(answer).is_fresh());
    }
}
