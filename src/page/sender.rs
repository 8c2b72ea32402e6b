//! How anything tells the page what happened, or asks something of it. What happens is taken
//! in later, in order, as soon as nothing else is at work.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::request::Request;
use super::state::Event;

/// What can be sent.
pub enum Message {
    /// Something happened.
    Event(Event),
    /// Something is to be done.
    Request(Request),
}

/// Who takes messages.
type Taker = Rc<dyn Fn(Message)>;

thread_local! {
    static TAKER: RefCell<Option<Taker>> = const { RefCell::new(None) };
}

/// Sends all messages from now on to the page.
pub fn connect(take: impl Fn(Message) + 'static) {
    TAKER.set(Some(Rc::new(take)));
}

/// Tells the page what happened.
pub fn send(event: Event) {
    post(Message::Event(event));
}

/// Asks something of the page.
pub fn ask(request: Request) {
    post(Message::Request(request));
}

fn post(message: Message) {
    spawn_local(async move {
        let taker = TAKER.with_borrow(Clone::clone);
        if let Some(take) = taker {
            take(message);
        }
    });
}
