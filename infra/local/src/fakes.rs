//! A function and a clock for tests.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use lambda::clock::Clock;
use serde_json::Value;

use crate::functions::Function;

/// A function that records its events.
#[derive(Clone, Default)]
pub(crate) struct FakeFunction {
    events: Arc<Mutex<Vec<Value>>>,
    /// The number of invocations that fail first.
    failures: Arc<AtomicUsize>,
}

impl FakeFunction {
    /// Lets the next `count` invocations fail.
    pub(crate) fn fail(&self, count: usize) {
        self.failures.store(count, Ordering::SeqCst);
    }

    /// The events of all invocations, including those that failed.
    pub(crate) fn events(&self) -> Vec<Value> {
        let events = self.events.lock();
        events.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The function under this name.
    pub(crate) fn named(&self, name: &str) -> Function {
        self.calling(name, || {})
    }

    /// The function under this name, which also calls `act` in each invocation.
    pub(crate) fn calling(&self, name: &str, act: impl Fn() + Send + Sync + 'static) -> Function {
        let fake = self.clone();
        let handler = move |invocation: function_handlers::Invocation| {
            let event = serde_json::from_str(&invocation.event).unwrap();
            fake.events.lock().unwrap().push(event);
            act();
            let fails = |left: usize| left.checked_sub(1);
            let failed = fake
                .failures
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, fails);
            let outcome = match failed {
                Ok(_) => Err("the fake fails".into()),
                Err(_) => Ok("null".to_owned()),
            };
            Box::pin(async move { outcome }) as _
        };
        Function::new(name, "arn", Arc::new(handler), Duration::from_secs(60))
    }
}

/// A clock that tests move.
#[derive(Debug)]
pub(crate) struct FakeClock(AtomicI64);

impl FakeClock {
    pub(crate) fn at(time: &str) -> Arc<Self> {
        let time = Timestamp::parse(time).unwrap();
        Arc::new(Self(AtomicI64::new(time.epoch_milliseconds())))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_milliseconds(self.0.load(Ordering::SeqCst)).unwrap()
    }
}
