use serde::{Deserialize, Serialize};

/// A detail of a conversation that a recording can set or remove, such as its assignee.
///
/// In the table the attribute is absent, `NULL` or the value. A removed detail is written as
/// `NULL`. An outdated recording only sets attributes that were never recorded, so it does not
/// restore the detail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    from = "Option<T>",
    into = "Option<T>",
    bound(serialize = "T: Clone + Serialize")
)]
pub enum Detail<T> {
    /// It was never recorded: the attribute is absent.
    #[default]
    Unknown,
    /// It was removed: the attribute is `NULL`.
    Removed,
    /// The attribute is this value.
    Known(T),
}

impl<T> Detail<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown | Self::Removed => None,
        }
    }

    /// Whether it was never recorded.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl<T> From<Option<T>> for Detail<T> {
    fn from(recorded: Option<T>) -> Self {
        recorded.map_or(Self::Removed, Self::Known)
    }
}

impl<T> From<Detail<T>> for Option<T> {
    fn from(detail: Detail<T>) -> Self {
        match detail {
            Detail::Known(value) => Some(value),
            Detail::Unknown | Detail::Removed => None,
        }
    }
}
