//! The types of expressions.

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Condition,
    Filter,
    KeyCondition,
    Projection,
    Update,
}

impl Kind {
    pub(super) const ALL: [Self; 5] = [
        Self::Condition,
        Self::Filter,
        Self::KeyCondition,
        Self::Projection,
        Self::Update,
    ];

    /// The field of a request that contains this type of expression.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
            Self::Projection => "ProjectionExpression",
            Self::Update => "UpdateExpression",
        }
    }

    pub(super) fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Condition | Self::Filter => &["AND", "OR", "NOT", "BETWEEN", "IN"],
            Self::KeyCondition => &["AND", "BETWEEN"],
            Self::Projection => &[],
            Self::Update => &["SET", "REMOVE", "ADD", "DELETE"],
        }
    }

    pub(super) fn functions(self) -> &'static [&'static str] {
        match self {
            Self::Condition | Self::Filter => &[
                "attribute_exists",
                "attribute_not_exists",
                "attribute_type",
                "begins_with",
                "contains",
                "size",
            ],
            Self::KeyCondition => &["begins_with"],
            Self::Projection => &[],
            Self::Update => &["if_not_exists", "list_append"],
        }
    }
}
