//! Draws cases and plays them, several at a time, and makes a small one of the first that fails.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use aws::Environment;
use proptest::strategy::BoxedStrategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use tokio::runtime::{Builder, Runtime};

use crate::commands::Case;
use crate::play::play;
use crate::system::{Faults, System};

/// How many cases a stack sees.
const CASES_OF_A_STACK: usize = 40;

/// Which cases are played.
pub struct Plan {
    /// The test's name, to say how to play a case again.
    pub test: &'static str,
    /// How many, unless `RACES_CASES` says it.
    pub cases: u64,
    /// How often a smaller case is tried before it counts as one that holds: those of commands at
    /// once don't fail every time.
    pub tries: usize,
    /// Of so many stacks one meets conflicts and loses replies.
    pub meddled: Option<u64>,
    /// Of so many stacks one has other items conflict in the transactions that DynamoDB refuses.
    pub mixed: Option<u64>,
}

/// Plays the cases of `plan`. A case is drawn from its own seed: that of the first, plus its place.
///
/// # Panics
/// With the smallest case found, and its seed, where the model cannot explain the product.
pub fn run(plan: &Plan, strategy: fn() -> BoxedStrategy<Case>) {
    let environment = Environment::from_process();
    let number = |name| environment.parsed(name, str::parse::<u64>).unwrap();
    let cases = number("RACES_CASES").unwrap_or(plan.cases);
    let seed = number("RACES_SEED").unwrap_or_else(random_seed);
    println!("{}: {cases} cases from seed {seed} on", plan.test);

    let began = Instant::now();
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let next = AtomicU64::new(0);
    let failure = Mutex::new(None);
    thread::scope(|scope| {
        for worker in 0..4 {
            let (next, failure, runtime) = (&next, &failure, &runtime);
            scope.spawn(move || {
                let mut table = Table::new(plan, runtime, worker);
                loop {
                    let place = next.fetch_add(1, Ordering::SeqCst);
                    if place >= cases {
                        break;
                    }
                    let seed = seed.wrapping_add(place);
                    if let Err(text) = table.run(seed, &strategy()) {
                        // The others end with their present case.
                        next.store(cases, Ordering::SeqCst);
                        failure.lock().unwrap().get_or_insert(format!(
                            "{text}\n\nPlay it again: RACES_CASES=1 RACES_SEED={seed} cargo test \
                             --package tests --test races {}\n(case {place} of this run)",
                            plan.test
                        ));
                    }
                }
                table.close();
            });
        }
    });
    let seconds = began.elapsed().as_secs_f64();
    if let Some(text) = failure.into_inner().unwrap() {
        panic!("{text}, after {seconds:.0} s");
    }
    println!("{}: {cases} cases in {seconds:.1} s", plan.test);
}

fn random_seed() -> u64 {
    RandomState::new().build_hasher().finish() >> 32
}

/// Where cases are played one after the other.
struct Table<'a> {
    plan: &'a Plan,
    runtime: &'a Runtime,
    worker: u64,
    played: Cell<usize>,
    system: Cell<Option<System>>,
}

impl<'a> Table<'a> {
    fn new(plan: &'a Plan, runtime: &'a Runtime, worker: u64) -> Self {
        Self {
            plan,
            runtime,
            worker,
            played: Cell::new(0),
            system: Cell::new(None),
        }
    }

    /// Draws the case of `seed` and plays it; what fails is made smaller.
    fn run(&mut self, seed: u64, strategy: &BoxedStrategy<Case>) -> Result<(), String> {
        let config = Config {
            cases: 1,
            failure_persistence: None,
            max_shrink_iters: 2_000,
            max_shrink_time: 30_000,
            ..Config::default()
        };
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let has_failed = Cell::new(false);
        let this = &*self;
        let result = runner.run(strategy, |case| {
            let tries = if has_failed.get() { this.plan.tries } else { 1 };
            (0..tries).try_for_each(|_| {
                this.play(&case).map_err(|text| {
                    has_failed.set(true);
                    TestCaseError::fail(text)
                })
            })
        });
        match result {
            Ok(()) => Ok(()),
            Err(TestError::Fail(reason, case)) => {
                Err(format!("{reason}\n\nin this case, {case:?}"))
            }
            Err(TestError::Abort(reason)) => Err(reason.to_string()),
        }
    }

    fn play(&self, case: &Case) -> Result<(), String> {
        self.runtime.block_on(async {
            self.played.set(self.played.get() + 1);
            let mut system = self.system.take();
            if self.played.get().is_multiple_of(CASES_OF_A_STACK)
                && let Some(worn) = system.take()
            {
                worn.stop().await;
            }
            let mut system = match system {
                Some(system) => system,
                None => System::open(self.faults()).await,
            };
            let played = play(&mut system, case).await;
            self.system.set(Some(system));
            played
        })
    }

    fn faults(&self) -> Faults {
        let is_one_of =
            |stacks: Option<u64>| stacks.is_some_and(|stacks| self.worker.is_multiple_of(stacks));
        Faults {
            injects_faults: is_one_of(self.plan.meddled),
            mixes: is_one_of(self.plan.mixed),
        }
    }

    fn close(self) {
        if let Some(system) = self.system.into_inner() {
            self.runtime.block_on(system.stop());
        }
    }
}
