//! The metrics of the functions: log lines in CloudWatch's embedded metric format.
//!
//! Each metric has the dimension `FunctionName`. Refusals and faults also have the dimension
//! `Code`. The number of values of both is fixed, because CloudWatch charges for each combination.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::time::Duration;

use aws::Environment;
use domain::Score;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use metrics_cloudwatch_embedded::{Builder, Collector};

use crate::clock::{Clock, SystemClock};

/// Set if the environment enables metrics. Without it, all metrics are discarded.
static COLLECTOR: OnceLock<&Collector> = OnceLock::new();

/// Few lines are longer than this.
const USUAL_LINE_BYTES: usize = 1_024;

const SCORE: &str = "Score";
const LATENCY: &str = "Latency";
const REFUSED: &str = "Refused";
const FAULTED: &str = "Faulted";

/// The business events that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// An agent asked for a rating.
    Asked,
    /// A visitor answered for the first time.
    Answered,
    /// SES accepted a transcript, and this was recorded.
    Sent,
    /// A transcript reached its recipient's server.
    Delivered,
    /// A transcript bounced.
    Bounced,
    /// A recipient reported a transcript as spam.
    Complained,
    /// An organisation has no settings, and the defaults are used.
    SettingsMissing,
    /// The settings of an organisation could not be read.
    SettingsUnreadable,
    /// A schedule could not be created.
    ScheduleFailed,
    /// An event of a chat platform requires a call to the platform.
    TaskCreated,
}

impl Counter {
    const ALL: [Self; 10] = [
        Self::Asked,
        Self::Answered,
        Self::Sent,
        Self::Delivered,
        Self::Bounced,
        Self::Complained,
        Self::SettingsMissing,
        Self::SettingsUnreadable,
        Self::ScheduleFailed,
        Self::TaskCreated,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Asked => "Asked",
            Self::Answered => "Answered",
            Self::Sent => "Sent",
            Self::Delivered => "Delivered",
            Self::Bounced => "Bounced",
            Self::Complained => "Complained",
            Self::SettingsMissing => "SettingsMissing",
            Self::SettingsUnreadable => "SettingsUnreadable",
            Self::ScheduleFailed => "ScheduleFailed",
            Self::TaskCreated => "TaskCreated",
        }
    }
}

/// How an invocation ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// With success.
    Done,
    /// With a refusal of this code.
    Refused(&'static str),
    /// With a fault of this code.
    Faulted(&'static str),
}

/// Increments a counter.
pub fn count(counter: Counter) {
    counter!(counter.name()).increment(1);
}

/// Records the score of a visitor's first answer.
pub fn note_score(score: Score) {
    histogram!(SCORE).record(f64::from(score.get()));
}

/// Records how an invocation ended and how long it took. Writes all metrics of the invocation.
pub(crate) fn note_end(ending: Ending, elapsed: Duration) {
    match ending {
        Ending::Done => {}
        Ending::Refused(code) => counter!(REFUSED, "Code" => code).increment(1),
        Ending::Faulted(code) => counter!(FAULTED, "Code" => code).increment(1),
    }
    histogram!(LATENCY).record(elapsed.as_secs_f64() * 1_000.0);
    write_out();
}

/// Enables metrics in the namespace `METRICS_NAMESPACE`, if it is set.
///
/// `level` is the lowest level that the log accepts. Metrics have no level of their own, but Lambda
/// drops a line whose level is lower or absent.
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
    // The collector writes in small pieces, but the log needs one line, whatever its length.
    let mut line = Vec::with_capacity(USUAL_LINE_BYTES);
    let written = collector.flush(&mut line);
    let written = written.and_then(|()| io::stdout().write_all(&line));
    if written.is_err() {
        tracing::error!("metrics were not written");
    }
}
