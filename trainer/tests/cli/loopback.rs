//! A web server on loopback that plays the answers it is given.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What was asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Path and query.
    pub target: String,
    /// All header lines, in lower case.
    pub head: String,
    /// The form of a POST.
    pub body: String,
}

/// What to answer.
#[derive(Clone)]
pub struct Answer {
    status: u16,
    header: String,
    body: Vec<u8>,
    /// Close the connection after half of the body.
    cut: bool,
}

impl Answer {
    /// That status and body; `{base}` in it becomes the server's address.
    pub fn new(status: u16, body: &str) -> Self {
        Self {
            status,
            header: String::new(),
            body: body.as_bytes().to_vec(),
            cut: false,
        }
    }

    /// With one more header line.
    pub fn header(mut self, line: &str) -> Self {
        self.header = format!("{line}\r\n");
        self
    }

    /// Cut off in the middle.
    pub fn cut(mut self) -> Self {
        self.cut = true;
        self
    }
}

/// Answers by the start of the target; each is given once, the last for ever.
pub type Script = Vec<(&'static str, Vec<Answer>)>;

/// A running server; stopped when dropped.
pub struct Server {
    base: String,
    requests: Arc<Mutex<Vec<Request>>>,
    script: Arc<Mutex<Script>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one.
    pub fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(Mutex::new(script));
        let stop = Arc::new(AtomicBool::new(false));
        let thread = {
            let (base, stop) = (base.clone(), stop.clone());
            let (requests, script) = (requests.clone(), script.clone());
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    serve(stream.unwrap(), &base, &requests, &script);
                }
            })
        };
        Self {
            base,
            requests,
            script,
            stop,
            thread: Some(thread),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What was asked since the last call.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// Other answers from now on.
    pub fn play(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread up, so that it sees the flag.
        let _ = TcpStream::connect(self.base.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(stream: TcpStream, base: &str, requests: &Mutex<Vec<Request>>, script: &Mutex<Script>) {
    let Some(request) = read(&stream) else { return };
    let answer = choose(&mut script.lock().unwrap(), &request.target);
    requests.lock().unwrap().push(request);
    let body = match String::from_utf8(answer.body.clone()) {
        Ok(text) => text.replace("{base}", base).into_bytes(),
        Err(_) => answer.body,
    };
    let head = format!(
        "HTTP/1.1 {} X\r\ncontent-length: {}\r\nconnection: close\r\n{}\r\n",
        answer.status,
        body.len(),
        answer.header
    );
    let sent = if answer.cut {
        body.len() / 2
    } else {
        body.len()
    };
    let mut stream = stream;
    // A client that has left is its own affair.
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body[..sent]);
}

fn choose(script: &mut Script, target: &str) -> Answer {
    let route = script
        .iter_mut()
        .find(|(start, _)| target.starts_with(start));
    match route {
        Some((_, answers)) if answers.len() > 1 => answers.remove(0),
        Some((_, answers)) if !answers.is_empty() => answers[0].clone(),
        _ => Answer::new(404, r#"{"error":{"status":404,"message":"Not found."}}"#),
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let target = first.split_whitespace().nth(1)?.to_owned();
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && head != "\r\n" {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        target,
        head,
        body: String::from_utf8(body).unwrap(),
    })
}
