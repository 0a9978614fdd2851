//! Generates cases, runs several at a time, and shrinks the first that fails.

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
use crate::play::run_case;
use crate::system::{Faults, System};

/// The number of cases that one stack runs.
const CASES_PER_STACK: usize = 40;

/// The cases of a test.
pub struct Plan {
    /// The test's name, for the command that runs a case again.
    pub test: &'static str,
    /// The number of cases, unless `RACES_CASES` is set.
    pub cases: u64,
    /// How often a shrunk case must pass before it counts as passed. Concurrent commands do not fail
    /// every time.
    pub attempts: usize,
    /// One in this many stacks gets conflicts and loses replies.
    pub injects_faults_on_every: Option<u64>,
    /// One in this many stacks reports conflicts for other items of a refused transaction.
    pub mixes_reasons_on_every: Option<u64>,
}

/// Runs the cases of `plan`. The seed of a case is the seed of the first case plus its index.
///
/// # Panics
/// With the smallest case found, and its seed, if the product's responses differ from the model's.
pub fn run(plan: &Plan, strategy: fn() -> BoxedStrategy<Case>) {
    let environment = Environment::of_process();
    let variable = |name| environment.parsed(name, str::parse::<u64>).unwrap();
    let cases = variable("RACES_CASES").unwrap_or(plan.cases);
    let seed = variable("RACES_SEED").unwrap_or_else(random_seed);
    println!("{}: {cases} cases, first seed {seed}", plan.test);

    let started = Instant::now();
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let next = AtomicU64::new(0);
    let failure = Mutex::new(None);
    thread::scope(|scope| {
        for number in 0..4 {
            let (next, failure, runtime) = (&next, &failure, &runtime);
            scope.spawn(move || {
                let mut worker = Worker::new(plan, runtime, number);
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    if index >= cases {
                        break;
                    }
                    let seed = seed.wrapping_add(index);
                    if let Err(text) = worker.run(seed, &strategy()) {
                        // The other workers end after their current case.
                        next.store(cases, Ordering::SeqCst);
                        failure.lock().unwrap().get_or_insert(format!(
                            "{text}\n\nRun it again: RACES_CASES=1 RACES_SEED={seed} cargo test \
                             --package tests --test races {}\n(case {index} of this run)",
                            plan.test
                        ));
                    }
                }
                worker.close();
            });
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    if let Some(text) = failure.into_inner().unwrap() {
        panic!("{text}, after {seconds:.0} s");
    }
    println!("{}: {cases} cases in {seconds:.1} s", plan.test);
}

fn random_seed() -> u64 {
    RandomState::new().build_hasher().finish() >> 32
}

/// Runs cases one after the other on its own stack.
struct Worker<'a> {
    plan: &'a Plan,
    runtime: &'a Runtime,
    number: u64,
    run_count: Cell<usize>,
    system: Cell<Option<System>>,
}

impl<'a> Worker<'a> {
    fn new(plan: &'a Plan, runtime: &'a Runtime, number: u64) -> Self {
        Self {
            plan,
            runtime,
            number,
            run_count: Cell::new(0),
            system: Cell::new(None),
        }
    }

    /// Generates the case of `seed` and runs it. A failing case is shrunk.
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
            let attempts = if has_failed.get() {
                this.plan.attempts
            } else {
                1
            };
            (0..attempts).try_for_each(|_| {
                this.run_once(&case).map_err(|text| {
                    has_failed.set(true);
                    TestCaseError::fail(text)
                })
            })
        });
        match result {
            Ok(()) => Ok(()),
            Err(TestError::Fail(reason, case)) => Err(format!("{reason}\n\nThe case, {case:?}")),
            Err(TestError::Abort(reason)) => Err(reason.to_string()),
        }
    }

    fn run_once(&self, case: &Case) -> Result<(), String> {
        self.runtime.block_on(async {
            self.run_count.set(self.run_count.get() + 1);
            let mut system = self.system.take();
            if self.run_count.get().is_multiple_of(CASES_PER_STACK)
                && let Some(used) = system.take()
            {
                used.stop().await;
            }
            let mut system = match system {
                Some(system) => system,
                None => System::start(self.faults()).await,
            };
            let result = run_case(&mut system, case).await;
            self.system.set(Some(system));
            result
        })
    }

    fn faults(&self) -> Faults {
        let is_one_of =
            |stacks: Option<u64>| stacks.is_some_and(|stacks| self.number.is_multiple_of(stacks));
        Faults {
            injects_faults: is_one_of(self.plan.injects_faults_on_every),
            mixes_reasons: is_one_of(self.plan.mixes_reasons_on_every),
        }
    }

    fn close(self) {
        if let Some(system) = self.system.into_inner() {
            self.runtime.block_on(system.stop());
        }
    }
}
