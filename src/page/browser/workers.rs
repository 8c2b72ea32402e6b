//! The page's workers, as the state lists them.

use std::collections::HashMap;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use crate::dom;
use crate::page::browser::worker_client::WorkerClient;
use crate::page::sender;
use crate::page::state::{Event, Staff, State, WorkerId};

/// The workers' compiled WebAssembly.
#[derive(Default)]
enum Module {
    /// Nobody has asked for it, or it did not come.
    #[default]
    Missing,
    /// On the way.
    Fetched,
    /// At hand, for all workers to come.
    Compiled(JsValue),
}

/// The workers that run; dropping this ends them.
#[derive(Default)]
pub struct Workers {
    module: Module,
    clients: HashMap<WorkerId, WorkerClient>,
}

impl Workers {
    /// Ends the workers that the state does not list, and starts those it does. Whether the
    /// module has to be fetched first, and given to [`Self::take`].
    #[must_use]
    pub fn change(&mut self, state: &State) -> bool {
        let wanted: Vec<_> = state.workers().collect();
        self.clients.retain(|id, _| wanted.contains(id));
        match &self.module {
            Module::Missing => {
                self.module = Module::Fetched;
                return true;
            }
            Module::Fetched => {}
            Module::Compiled(module) => {
                for id in wanted {
                    if self.clients.contains_key(&id) {
                        continue;
                    }
                    match WorkerClient::start(id, module) {
                        Ok(client) => {
                            self.clients.insert(id, client);
                        }
                        Err(error) => sender::send(Event::Lost(id, dom::message_of(&error))),
                    }
                }
            }
        }
        false
    }

    /// Keeps the module that was fetched.
    ///
    /// # Errors
    /// Why it was not.
    pub fn take(&mut self, module: Result<JsValue, JsValue>) -> Result<(), JsValue> {
        self.module = Module::Missing;
        self.module = Module::Compiled(module?);
        Ok(())
    }

    /// Tells a worker something. One that can't be told is lost.
    pub fn tell(
        &mut self,
        id: WorkerId,
        tell: impl FnOnce(&mut WorkerClient) -> Result<(), JsValue>,
    ) {
        let alone = self.clients.len() == 1;
        let told = self.clients.get_mut(&id).map_or(Ok(()), |client| {
            client.alone = alone;
            tell(client)
        });
        if let Err(error) = told {
            sender::send(Event::Lost(id, dom::message_of(&error)));
        }
    }
}

/// The workers that this machine takes.
///
/// # Errors
/// When there is no window.
pub fn staff() -> Result<Staff, JsValue> {
    let navigator = dom::window()?.navigator();
    // Some browsers do not tell it.
    let memory = Reflect::get(&navigator, &"deviceMemory".into())?.as_f64();
    Ok(Staff::of_machine(navigator.hardware_concurrency(), memory))
}
