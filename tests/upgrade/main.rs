//! Two versions of the functions over one table: the former one and this one answer in turn.
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

/// Does all that the functions are for while two versions take turns.
async fn play(turns: &[Version]) {
    let stack = Stack::start_with(Options {
        host: Some(Arc::new(AlternatingHost::new(turns))),
        parameters: [("RetentionDays".to_owned(), "30".to_owned())].into(),
        ..Stack::options()
    })
    .await;
    Scenario::new(stack).await.play().await;
}

#[tokio::test]
async fn the_former_version_begins_and_the_present_one_goes_on() {
    play(&[Former, Present]).await;
}

#[tokio::test]
async fn the_present_version_begins_and_the_former_one_goes_on() {
    play(&[Present, Former]).await;
}

#[tokio::test]
async fn each_version_goes_on_where_the_other_did_two_things() {
    play(&[Former, Former, Present, Present]).await;
}

#[tokio::test]
async fn each_version_is_rolled_back_after_two_things() {
    play(&[Present, Present, Former, Former]).await;
}
