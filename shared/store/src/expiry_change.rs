use domain::{Retention, Timestamp};

use crate::conversation::ConversationItem;

/// How a write changes the expiry of its conversation.
///
/// After a write, a conversation has the later of its own expiry and the write's expiry. "Never" is
/// later than any time. An update expression cannot choose the later of two values. So each case is
/// a separate update, with the condition that the case applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryChange {
    /// The write's expiry is later or the same, so the conversation gets it.
    Extended,
    /// The conversation's expiry is later, so it does not change. The stack's retention was longer
    /// at the time of the last write.
    Unchanged,
}

impl ExpiryChange {
    /// The case that applies to a write in `conversation` at `now`.
    pub fn of(conversation: &ConversationItem, retention: Retention, now: Timestamp) -> Self {
        let new = retention.expires_at(now);
        let is_later = match (conversation.expires_at, new) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => old > new,
        };
        if is_later {
            Self::Unchanged
        } else {
            Self::Extended
        }
    }

    /// The condition of every write in a conversation: it exists, and this case applies. It has the
    /// placeholder `:now` and, unless the retention is for ever, `:expires_at`.
    pub fn write_condition(self, retention: Retention) -> String {
        let exists = ConversationItem::EXISTS;
        format!("{exists} AND {}", self.condition(retention))
    }

    /// The condition that this case applies and that the links from visitors do not expire before
    /// the conversation. It has the placeholder `:expires_at`, unless the retention is for ever.
    fn condition(self, retention: Retention) -> &'static str {
        match self {
            _ if retention.is_for_ever() => "attribute_not_exists(visitors_until)",
            Self::Extended => {
                "expires_at <= :expires_at \
                 AND (attribute_not_exists(visitors_until) OR visitors_until >= :expires_at)"
            }
            Self::Unchanged => {
                "(attribute_not_exists(expires_at) OR expires_at > :expires_at) \
                 AND (attribute_not_exists(visitors_until) OR visitors_until >= expires_at)"
            }
        }
    }

    /// The assignment that sets the expiry to `:expires_at`, if the write sets it.
    pub fn assignment(self, retention: Retention) -> Option<&'static str> {
        (self == Self::Extended && !retention.is_for_ever()).then_some("expires_at = :expires_at")
    }

    /// The attribute that the write removes, if the conversation never expires after it.
    pub fn removal(self, retention: Retention) -> Option<&'static str> {
        retention.is_for_ever().then_some("expires_at")
    }
}

#[cfg(test)]
mod tests {
    use domain::{Channel, ConversationStatus, UniqueId, VisitorSecret};

    use super::*;

    fn conversation(expires_at: Option<i64>) -> ConversationItem {
        ConversationItem {
            expires_at,
            ..ConversationItem::new(
                Channel::widget(),
                ConversationStatus::Open,
                VisitorSecret::from_bytes([7; 32]),
                UniqueId::from_bytes([7; 16]),
                Timestamp::EPOCH,
            )
        }
    }

    #[test]
    fn the_later_expiry_is_kept_and_no_expiry_is_the_latest() {
        let day = 24 * 60 * 60;
        let one_day = Retention::parse("1").unwrap();
        let for_ever = Retention::default();
        let now = Timestamp::EPOCH;
        for (expires_at, retention, expiry_change, after) in [
            (None, for_ever, ExpiryChange::Extended, None),
            (Some(day), for_ever, ExpiryChange::Extended, None),
            (None, one_day, ExpiryChange::Unchanged, None),
            (Some(day - 1), one_day, ExpiryChange::Extended, Some(day)),
            (Some(day), one_day, ExpiryChange::Extended, Some(day)),
            (
                Some(day + 1),
                one_day,
                ExpiryChange::Unchanged,
                Some(day + 1),
            ),
        ] {
            let existing = conversation(expires_at);
            assert_eq!(ExpiryChange::of(&existing, retention, now), expiry_change);
            assert_eq!(existing.expiry_after_write(retention, now), after);
        }
    }

    #[test]
    fn a_write_that_extends_the_expiry_requires_an_earlier_one() {
        let retention = Retention::parse("1").unwrap();
        assert_eq!(
            ExpiryChange::Extended.write_condition(retention),
            "attribute_exists(channel) \
             AND (attribute_not_exists(expires_at) OR expires_at > :now) \
             AND expires_at <= :expires_at \
             AND (attribute_not_exists(visitors_until) OR visitors_until >= :expires_at)"
        );
        let assignment = ExpiryChange::Extended.assignment(retention);
        assert_eq!(assignment, Some("expires_at = :expires_at"));
        assert_eq!(ExpiryChange::Extended.removal(retention), None);
    }

    #[test]
    fn a_write_that_does_not_change_the_expiry_requires_a_later_one() {
        let retention = Retention::parse("1").unwrap();
        assert_eq!(
            ExpiryChange::Unchanged.write_condition(retention),
            "attribute_exists(channel) \
             AND (attribute_not_exists(expires_at) OR expires_at > :now) \
             AND (attribute_not_exists(expires_at) OR expires_at > :expires_at) \
             AND (attribute_not_exists(visitors_until) OR visitors_until >= expires_at)"
        );
        assert_eq!(ExpiryChange::Unchanged.assignment(retention), None);
        assert_eq!(ExpiryChange::Unchanged.removal(retention), None);
    }

    #[test]
    fn a_write_without_retention_removes_the_expiry() {
        let retention = Retention::default();
        assert_eq!(
            ExpiryChange::Extended.write_condition(retention),
            "attribute_exists(channel) \
             AND (attribute_not_exists(expires_at) OR expires_at > :now) \
             AND attribute_not_exists(visitors_until)"
        );
        assert_eq!(ExpiryChange::Extended.assignment(retention), None);
        assert_eq!(
            ExpiryChange::Extended.removal(retention),
            Some("expires_at")
        );
    }
}
