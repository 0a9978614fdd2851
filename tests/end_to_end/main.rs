//! End to end: the whole stack over HTTP, one module for each behaviour.
#![allow(missing_docs, reason = "a test's name says what it shows")]

mod tour;
