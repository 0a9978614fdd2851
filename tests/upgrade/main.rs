//! Two versions of the functions over one table: the former and the present one take turns.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's name says what it shows, and it fails by panicking"
)]

mod memory;
mod scenario;

use std::sync::Arc;

use local::Options;
use tests::Version::{Former, Present};
use tests::{AlternatingHost, Stack, Version};

use crate::scenario::Scenario;

/// Runs the scenario while the versions take these turns.
async fn run(turns: &[Version]) {
    let stack = Stack::start_with(Options {
        host: Some(Arc::new(AlternatingHost::new(turns))),
        ..Stack::options_with(&[("RetentionDays", "30")])
    })
    .await;
    Scenario::new(stack).await.run().await;
}

#[tokio::test]
async fn the_former_and_the_present_version_take_turns() {
    run(&[Former, Present]).await;
}

#[tokio::test]
async fn the_present_and_the_former_version_take_turns() {
    run(&[Present, Former]).await;
}

#[tokio::test]
async fn the_former_version_handles_two_requests_and_then_the_present_one() {
    run(&[Former, Former, Present, Present]).await;
}

#[tokio::test]
async fn the_present_version_handles_two_requests_and_then_the_former_one() {
    run(&[Present, Present, Former, Former]).await;
}
