use clap::ValueEnum;

/// A part of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Section {
    /// From a process's start to its first response.
    Cold,
    /// Requests to processes that have answered before.
    Warm,
    /// The instructions of requests.
    Instructions,
    /// The writing of transcripts.
    Render,
    /// The sizes of packages.
    Size,
    /// Calls to AWS, and their prices.
    Cost,
    /// The limits that are reached as load grows.
    Scale,
}

impl Section {
    /// All sections in the order in which they run.
    pub(crate) const ALL: [Self; 7] = [
        Self::Cold,
        Self::Warm,
        Self::Instructions,
        Self::Render,
        Self::Size,
        Self::Cost,
        Self::Scale,
    ];

    /// The name on the command line and in the results.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Warm => "warm",
            Self::Instructions => "instructions",
            Self::Render => "render",
            Self::Size => "size",
            Self::Cost => "cost",
            Self::Scale => "scale",
        }
    }
}
