//! How hooks are delivered.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::hooks::PendingHook;

type Predicate = Arc<dyn Fn(&PendingHook) -> bool + Send + Sync>;

/// How hooks are delivered: in which order, how often, which ones are lost, and how late.
#[derive(Clone)]
pub struct DeliveryPlan {
    shuffle_seed: Option<u64>,
    /// The copies of each hook. The first belongs to the event.
    copies: Vec<Copy>,
    loss: Option<Predicate>,
    delay: Duration,
    is_concurrent: bool,
}

/// One transmission of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copy {
    /// Built at the time of sending, with a new delivery id.
    New,
    /// The same bytes and the same delivery id as the copy before.
    Same,
}

impl DeliveryPlan {
    /// Each hook once, in the order of the events, at once.
    pub fn in_order() -> Self {
        Self {
            shuffle_seed: None,
            copies: vec![Copy::New],
            loss: None,
            delay: Duration::ZERO,
            is_concurrent: false,
        }
    }

    /// Delivers the hooks that are pending at the same time in a random order.
    #[must_use]
    pub fn shuffled(mut self, seed: u64) -> Self {
        self.shuffle_seed = Some(seed);
        self
    }

    /// Delivers each hook twice with one delivery id.
    #[must_use]
    pub fn doubled(mut self) -> Self {
        self.copies.push(Copy::Same);
        self
    }

    /// Delivers each hook twice. The second one is built again and has another delivery id. In a
    /// shuffled plan, other hooks may be delivered between the two.
    #[must_use]
    pub fn doubled_with_new_id(mut self) -> Self {
        self.copies.push(Copy::New);
        self
    }

    /// Loses about `percent` of the hooks. The same seed loses the same ones.
    #[must_use]
    pub fn losing(self, seed: u64, percent: u64) -> Self {
        self.losing_if(move |hook| {
            let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ hook.number;
            fastrand::Rng::with_seed(seed).u64(..100) < percent
        })
    }

    /// Loses the hooks for which `is_lost` returns true.
    #[must_use]
    pub fn losing_if(
        mut self,
        is_lost: impl Fn(&PendingHook) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.loss = Some(Arc::new(is_lost));
        self
    }

    /// Waits before each hook is built and sent.
    #[must_use]
    pub fn late(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Delivers the hooks that are pending at the same time in parallel, as a server with several
    /// workers does. Without this, each hook waits for the response to the one before.
    #[must_use]
    pub fn concurrently(mut self) -> Self {
        self.is_concurrent = true;
        self
    }

    pub(super) fn is_concurrent(&self) -> bool {
        self.is_concurrent
    }

    pub(super) fn delay(&self) -> Duration {
        self.delay
    }

    pub(super) fn is_lost(&self, hook: &PendingHook) -> bool {
        self.loss.as_ref().is_some_and(|is_lost| is_lost(hook))
    }

    /// The transmissions of `hooks` in their order. A copy with the same delivery id directly
    /// follows the hook.
    pub(super) fn schedule(&self, hooks: Vec<PendingHook>) -> Vec<(PendingHook, Vec<Copy>)> {
        let mut scheduled = Vec::new();
        for hook in hooks {
            for (position, copy) in self.copies.iter().enumerate() {
                match scheduled.last_mut() {
                    Some((_, copies)) if position > 0 && *copy == Copy::Same => {
                        Vec::push(copies, *copy);
                    }
                    _ => scheduled.push((hook.clone(), vec![*copy])),
                }
            }
        }
        if let Some(seed) = self.shuffle_seed {
            fastrand::Rng::with_seed(seed).shuffle(&mut scheduled);
        }
        scheduled
    }
}

impl Default for DeliveryPlan {
    fn default() -> Self {
        Self::in_order()
    }
}

impl fmt::Debug for DeliveryPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryPlan")
            .field("shuffle_seed", &self.shuffle_seed)
            .field("copies", &self.copies)
            .field("has_loss", &self.loss.is_some())
            .field("delay", &self.delay)
            .field("is_concurrent", &self.is_concurrent)
            .finish()
    }
}
