//! Spotify's Web API with the app's token.

use anyhow::{Context, Result, anyhow};

use super::credentials::{CREDENTIALS_HINT, Credentials, Token, TokenAnswer};
use super::http::{Http, Reply};
use collections::console::Hint;

/// Base address of the Web API.
pub const API: &str = "https://api.spotify.com/v1";
/// Base address of the service that gives tokens.
pub const ACCOUNTS: &str = "https://accounts.spotify.com";

/// Where the services are, without a slash at the end.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// Base address of the Web API.
    pub api: String,
    /// Base address of the service that gives tokens.
    pub accounts: String,
}

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
        let api = &self.addresses.api;
        // The token is for nobody else, whatever an answer names as its next page.
        let path = url.strip_prefix(api).filter(|path| path.starts_with('/'));
        let path = path.with_context(|| format!("{url} is not below {api}"))?;
        // Ids of a batch would fill the screen.
        let what = path.split('?').next().unwrap_or(path);
        let mut reply = self.get_with_token(what, url)?;
        if reply.status == 401 {
            self.token = None;
            reply = self.get_with_token(what, url)?;
        }
        if reply.status == 401 {
            return Err(anyhow!("Spotify refuses a new token: {}", reply.refusal()))
                .hint(CREDENTIALS_HINT);
        }
        Ok(reply)
    }

    /// Fetches a file, without the token; `what` names it in messages.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn download(&mut self, what: &str, url: &str) -> Result<Reply> {
        self.http.send(what, |agent| agent.get(url).call())
    }

    fn get_with_token(&mut self, what: &str, url: &str) -> Result<Reply> {
        let token = match self.token.take().filter(Token::is_fresh) {
            Some(token) => token,
            None => self.new_token()?,
        };
        let reply = self.http.send(what, |agent| {
            let request = agent.get(url).header("authorization", &token.header);
            request.call()
        });
        self.token = Some(token);
        reply
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
        Ok(answer.into())
    }
}
