//! The test kit: a whole stack in memory, and callers that send it HTTP requests as the real callers
//! do.
//!
//! Time: a stack follows the system clock. [`Stack::advance`] moves its clock ahead, and
//! [`Stack::stop_clock`] stops it. Give [`Options::clock`](local::Options::clock) a [`FrozenClock`] if the
//! stack must start at a certain time. `FakeTime` gives the stack's time to the real binaries.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test kit fails by panicking"
)]

mod alternating_host;
mod aws_proxy;
mod background;
mod binaries;
mod binary_host;
mod caller;
mod callers;
mod chat_platform;
mod checks;
mod clock;
mod contract;
mod counts;
mod data_directory;
mod dynamodb_endpoint;
mod events;
mod fake_time;
mod frozen_clock;
mod listed_ratings;
mod mail_events;
mod raw;
mod real_binaries;
mod reason_counts;
mod recording;
mod runtime_api;
mod sample_events;
mod sandbox;
mod seeded_request;
mod sending;
mod ses;
mod stack;
mod stoppable_clock;
mod table;

pub use alternating_host::{AlternatingHost, Version};
pub use aws_proxy::{AwsCall, AwsError, AwsProxy, Conflicting, FaultInjection, Held};
pub use binaries::{BROKEN_FUNCTION, build_as_deployed, cargo, deployed_binary};
pub use caller::{Caller, Reply};
pub use callers::Callers;
pub use chat_platform::ChatPlatform;
pub use contract::{Contract, Operation};
pub use counts::{Counted, read_counts, recount, recount_asked_by, total};
pub use data_directory::DataDirectory;
pub use events::{Listener, SentEvent};
pub use frozen_clock::FrozenClock;
pub use listed_ratings::rating_ids;
pub use mail_events::mail_event;
pub use raw::send_raw;
pub use real_binaries::{Invoker, RealBinaries, deadline_in};
pub use reason_counts::{CountedReasons, read_reasons, recount_reasons, recount_reasons_asked_by};
pub use recording::{message, note};
pub use runtime_api::FunctionError;
pub use sample_events::sample_events;
pub use sandbox::{Ended, NoResponse, Sandbox};
pub use seeded_request::SeededRequest;
pub use sending::{tokens_of, transcript, transcript_with_faces};
pub use stack::{SENDER, Stack};
pub use table::items_at;
