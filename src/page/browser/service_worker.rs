//! Registration of the service worker that keeps the page for use without a network.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    RegistrationOptions, ServiceWorker as Script, ServiceWorkerContainer,
    ServiceWorkerRegistration, ServiceWorkerState, ServiceWorkerUpdateViaCache,
};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::sender;
use crate::page::state::{Event, Offline};

/// Listeners to the service worker's life, and its registration once there is one.
#[derive(Default)]
struct Life {
    registration: Option<ServiceWorkerRegistration>,
    listeners: Vec<Listener>,
}

/// The page's service worker.
pub struct ServiceWorker {
    container: ServiceWorkerContainer,
    life: Rc<RefCell<Life>>,
}

impl ServiceWorker {
    /// Begins to register; `None` where the browser has no service workers (as on pages
    /// without HTTPS).
    pub fn register() -> Option<Self> {
        let container = dom::window().ok()?.navigator().service_worker();
        if container.is_undefined() {
            return None;
        }
        let life = Rc::new(RefCell::new(Life::default()));
        let task = run(container.clone(), Rc::clone(&life));
        spawn_local(async {
            // The page works without: a failure is worth a line in the console.
            if let Err(error) = task.await {
                web_sys::console::warn_1(&error);
            }
        });
        Some(Self { container, life })
    }

    /// Lets the version that waits take over, and reloads the page when it has.
    pub fn switch(&self) -> Result<(), JsValue> {
        let mut life = self.life.borrow_mut();
        let registration = life.registration.as_ref();
        let Some(waiting) = registration.and_then(ServiceWorkerRegistration::waiting) else {
            // Another page has already let it in.
            return reload();
        };
        let switched = |_| {
            // Fails only where the document is already going away.
            let _ = reload();
        };
        let listener = Listener::new(&self.container, "controllerchange", switched)?;
        life.listeners.push(listener);
        waiting.post_message(&"skip-waiting".into())
    }
}

fn reload() -> Result<(), JsValue> {
    dom::window()?.location().reload()
}

/// Registers, listens for newer versions, and waits until one is active.
async fn run(container: ServiceWorkerContainer, life: Rc<RefCell<Life>>) -> Result<(), JsValue> {
    let options = RegistrationOptions::new();
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    let registration: ServiceWorkerRegistration =
        JsFuture::from(container.register_with_options("sw.js", &options))
            .await?
            .unchecked_into();
    life.borrow_mut().registration = Some(registration.clone());
    watch_installing(&registration, &container, &life)?;
    let found = {
        let (registration, container, life) = (
            registration.clone(),
            container.clone(),
            Rc::downgrade(&life),
        );
        move |_| {
            if let Some(life) = life.upgrade() {
                // Without the listener only the button is missing.
                let _ = watch_installing(&registration, &container, &life);
            }
        }
    };
    let listener = Listener::new(&registration, "updatefound", found)?;
    life.borrow_mut().listeners.push(listener);

    JsFuture::from(container.ready()?).await?;
    sender::send(Event::Offline(if registration.waiting().is_some() {
        Offline::Update
    } else {
        Offline::Ready
    }));
    Ok(())
}

/// Tells the page when the version that is being installed waits for the old one to go.
fn watch_installing(
    registration: &ServiceWorkerRegistration,
    container: &ServiceWorkerContainer,
    life: &Rc<RefCell<Life>>,
) -> Result<(), JsValue> {
    let Some(script) = registration.installing() else {
        return Ok(());
    };
    let container = container.clone();
    let changed = {
        let script: Script = script.clone();
        move |_| {
            if script.state() == ServiceWorkerState::Installed && container.controller().is_some() {
                sender::send(Event::Offline(Offline::Update));
            }
        }
    };
    let listener = Listener::new(&script, "statechange", changed)?;
    life.borrow_mut().listeners.push(listener);
    Ok(())
}
