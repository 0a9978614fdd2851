use clap::ValueEnum;

use crate::report::Report;
use crate::{cold, cost, render, scale, size, warm};

/// A part of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Section {
    /// From a process's start to its first response.
    Cold,
    /// Requests to processes that have answered before.
    Warm,
    /// Transcripts.
    Render,
    /// Packages.
    Size,
    /// Calls to AWS, and money.
    Cost,
    /// What is met first as load grows.
    Scale,
}

impl Section {
    /// All of them, in the order in which they run.
    pub(crate) const ALL: [Self; 6] = [
        Self::Cold,
        Self::Warm,
        Self::Render,
        Self::Size,
        Self::Cost,
        Self::Scale,
    ];

    /// What it is called, on the command line and in the results.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Warm => "warm",
            Self::Render => "render",
            Self::Size => "size",
            Self::Cost => "cost",
            Self::Scale => "scale",
        }
    }

    pub(crate) async fn measure(self) -> Report {
        match self {
            Self::Cold => cold::measure().await,
            Self::Warm => warm::measure().await,
            Self::Render => render::measure().await,
            Self::Size => size::measure().await,
            Self::Cost => cost::measure().await,
            Self::Scale => scale::measure().await,
        }
    }
}
