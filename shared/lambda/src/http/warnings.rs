use serde::Serialize;

/// The most warnings of one response. A body of 1 MB could cause more than a response can contain.
const MOST: usize = 100;

/// Which fields of a body were not recorded as they were sent, and why. The response reports them.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Warnings(Vec<Warning>);

#[derive(Clone, Debug, Serialize)]
struct Warning {
    /// The field's path from the body's root, such as `messages[3].author.name`.
    field: String,
    /// What is wrong with it and what was recorded instead.
    detail: String,
}

impl Warnings {
    /// Adds a warning, unless there are 100.
    pub(super) fn add(&mut self, field: String, detail: impl Into<String>) {
        if self.0.len() < MOST {
            self.0.push(Warning {
                field,
                detail: detail.into(),
            });
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
