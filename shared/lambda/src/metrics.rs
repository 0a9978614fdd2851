//! What CloudWatch counts of the functions: lines in its embedded metric format, among those of the
//! log.
//!
//! Each metric has the dimension `FunctionName`, and what is refused or faulted a `Code` beside it.
//! Neither has more values the more a stack is used, for each combination has its price.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::time::Duration;

use aws::Environment;
use domain::Score;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use metrics_cloudwatch_embedded::{Builder, Collector};

use crate::clock::{Clock, SystemClock};

/// Set where the environment asks for metrics. Without it, all that is noted is forgotten.
static COLLECTOR: OnceLock<&Collector> = OnceLock::new();

/// Few lines are longer.
const USUAL_LINE_BYTES: usize = 1_024;

const SCORE: &str = "Score";
const LATENCY: &str = "Latency";
const REFUSED: &str = "Refused";
const FAULTED: &str = "Faulted";

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// An agent asked for a rating.
    Asked,
    /// A visitor answered for the first time.
    Answered,
    /// SES accepted a transcript, and it was written down.
    Sent,
    /// A transcript reached its recipient's server.
    Delivered,
    /// A transcript came back.
    Bounced,
    /// A recipient called a transcript spam.
    Complained,
}

impl Counter {
    const ALL: [Self; 6] = [
        Self::Asked,
        Self::Answered,
        Self::Sent,
        Self::Delivered,
        Self::Bounced,
        Self::Complained,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Asked => "Asked",
            Self::Answered => "Answered",
            Self::Sent => "Sent",
            Self::Delivered => "Delivered",
            Self::Bounced => "Bounced",
            Self::Complained => "Complained",
        }
    }
}

/// How an invocation ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// As it should.
    Done,
    /// With a refusal of this code.
    Refused(&'static str),
    /// With a fault of this code.
    Faulted(&'static str),
}

/// Counts one more.
pub fn count(counter: Counter) {
    counter!(counter.name()).increment(1);
}

/// Notes the score of a visitor's first answer.
pub fn note_score(score: Score) {
    histogram!(SCORE).record(f64::from(score.get()));
}

/// Notes how an invocation ended and how long it took, and writes out all that was noted in its
/// course.
pub(crate) fn note_end(ending: Ending, elapsed: Duration) {
    match ending {
        Ending::Done => {}
        Ending::Refused(code) => counter!(REFUSED, "Code" => code).increment(1),
        Ending::Faulted(code) => counter!(FAULTED, "Code" => code).increment(1),
    }
    histogram!(LATENCY).record(elapsed.as_secs_f64() * 1_000.0);
    write_out();
}

/// Collects metrics in the namespace that `METRICS_NAMESPACE` names, and none where that is unset.
///
/// `level` is the least level that the log lets through. A metric is no matter of levels, but Lambda
/// leaves out what has a lower one, or none.
pub(crate) fn init(environment: &Environment, level: &str) {
    let Some(namespace) = environment.optional("METRICS_NAMESPACE") else {
        return;
    };
    let function = environment.optional("AWS_LAMBDA_FUNCTION_NAME");
    let collector = Builder::new()
        .cloudwatch_namespace(namespace)
        .with_dimension("FunctionName", function.unwrap_or_default())
        .init();
    let Ok(collector) = collector else {
        tracing::error!("metrics are not collected");
        return;
    };
    for counter in Counter::ALL {
        describe_counter!(counter.name(), Unit::Count, "");
    }
    for counter in [REFUSED, FAULTED] {
        describe_counter!(counter, Unit::Count, "");
    }
    describe_histogram!(LATENCY, Unit::Milliseconds, "");
    collector.set_property("level", level);
    let _ = COLLECTOR.set(collector);
}

fn write_out() {
    let Some(collector) = COLLECTOR.get() else {
        return;
    };
    collector.set_property("timestamp", SystemClock.now().to_string());
    // The collector writes bit by bit, and what goes to the log is to be one line whatever its length.
    let mut line = Vec::with_capacity(USUAL_LINE_BYTES);
    let written = collector.flush(&mut line);
    let written = written.and_then(|()| io::stdout().write_all(&line));
    if written.is_err() {
        tracing::error!("metrics were not written");
    }
}
