//! Spotify's Web API with the app's token.

use anyhow::{Context, Result, anyhow, bail};

use super::Addresses;
use super::credentials::{CREDENTIALS_HINT, Credentials, Token, TokenAnswer};
use super::http::{Http, Reply};
use crate::console::Hint;

/// A client of the Web API.
pub struct Client {
    http: Http,
    addresses: Addresses,
    credentials: Credentials,
    token: Option<Token>,
}

impl Client {
    /// A client that has no token yet.
    pub fn new(http: Http, addresses: Addresses, credentials: Credentials) -> Self {
        Self {
            http,
            addresses,
            credentials,
            token: None,
        }
    }

    /// The address of a path below the Web API, with a slash in front.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.addresses.api)
    }

    /// Asks the Web API. A token that is refused is renewed once.
    ///
    /// # Errors
    /// When credentials are refused, the address is not the Web API's, or there is no
    /// answer.
    pub fn get(&mut self, url: &str) -> Result<Reply> {
        // The token is for nobody else, whatever an answer names as its next page.
        if !url.starts_with(&self.address("/")) {
            bail!("{url} is not below {}", self.addresses.api);
        }
        let first = self.get_with_token(url)?;
        if first.status != 401 {
            return Ok(first);
        }
        self.token = None;
        let second = self.get_with_token(url)?;
        if second.status == 401 {
            return Err(anyhow!("Spotify refuses a new token: {}", second.refusal()))
                .hint(CREDENTIALS_HINT);
        }
        Ok(second)
    }

    /// Fetches a file, without the token; `what` names it in messages.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn download(&mut self, what: &str, url: &str) -> Result<Reply> {
        self.http.send(what, |agent| agent.get(url).call())
    }

    fn get_with_token(&mut self, url: &str) -> Result<Reply> {
        let header = self.token()?;
        let what = url.strip_prefix(&self.addresses.api).unwrap_or(url);
        // Ids of a batch would fill the screen.
        let what = what.split('?').next().unwrap_or(what);
        self.http.send(what, |agent| {
            agent.get(url).header("authorization", &header).call()
        })
    }

    /// The header with a token that is not at its end.
    fn token(&mut self) -> Result<String> {
        if let Some(token) = self.token.as_ref().filter(|token| token.is_fresh()) {
            return Ok(token.header());
        }
        let token = self.new_token()?;
        let header = token.header();
        self.token = Some(token);
        Ok(header)
    }

    fn new_token(&mut self) -> Result<Token> {
        let url = format!("{}/api/token", self.addresses.accounts);
        let form = self.credentials.form();
        let reply = self
            .http
            .send("/api/token", |agent| agent.post(&url).send_form(form))?;
        if reply.status != 200 {
            let words = self.credentials.redact(&reply.refusal().to_string());
            return Err(anyhow!("Spotify refuses the credentials: {words}")).hint(CREDENTIALS_HINT);
        }
        // Not as a refusal: without a token nothing goes on.
        let answer: TokenAnswer =
            serde_json::from_slice(&reply.body).context("the token can't be read")?;
        Ok(Token::new(answer))
    }
}
