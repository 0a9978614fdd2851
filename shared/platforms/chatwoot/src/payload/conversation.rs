use domain::{ConversationStatus, Timestamp};

use crate::payload::error::DecodeError;
use crate::payload::object::Object;

/// A member of which a payload may not say anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member<T> {
    /// The payload does not have the member.
    Absent,
    /// The payload says that there is none.
    None,
    /// The value.
    Some(T),
}

/// An inbox or a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id on the server.
    pub id: u64,
    /// The name.
    pub name: Option<String>,
}

/// Whom a conversation is assigned to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// A teammate.
    User {
        /// The id on the server.
        id: u64,
        /// The name.
        name: Option<String>,
    },
    /// A bot.
    Bot,
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// The number of the conversation within its account.
    pub display_id: u64,
    /// The id of its account. Some servers do not send it.
    pub account_id: Option<u64>,
    /// The class of its channel, such as `Channel::WebWidget`.
    pub channel: Option<String>,
    /// `None` if the status is absent or is a new one. Both `pending` and `snoozed` are open.
    pub status: Option<ConversationStatus>,
    /// The labels. `None` if the payload does not have them.
    pub labels: Option<Vec<String>>,
    /// The id of its inbox.
    pub inbox_id: Option<u64>,
    /// The visitor's name.
    pub visitor_name: Option<String>,
    /// The visitor's address. It is unverified in most inboxes.
    pub visitor_email: Option<String>,
    /// The language of the visitor's browser.
    pub browser_language: Option<String>,
    /// The assignee.
    pub assignee: Member<Assignee>,
    /// The team.
    pub team: Member<Group>,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// The time of the latest change.
    pub updated_at: Option<Timestamp>,
}

/// The two forms in which Chatwoot sends a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In a webhook, `meta` has all members.
    Webhook,
    /// In the API, `meta` lacks the assignee and the team if there is none.
    Api,
}

impl Conversation {
    pub(super) fn read(object: &Object<'_>, form: Form) -> Result<Self, DecodeError> {
        let account = object.object("account")?;
        let account_id = account.map(|it| it.id("id")).transpose()?.flatten();
        let meta = object.object("meta")?;
        let attributes = object.object("additional_attributes")?;
        let mut conversation = Self {
            display_id: object.required("id", object.id("id")?)?,
            account_id: account_id.or(object.id("account_id")?),
            channel: object.text("channel")?.map(ToOwned::to_owned),
            status: object.text("status")?.and_then(read_status),
            labels: object.texts("labels")?,
            inbox_id: object.id("inbox_id")?,
            visitor_name: None,
            visitor_email: None,
            browser_language: None,
            assignee: Member::Absent,
            team: Member::Absent,
            created_at: object.time("created_at")?,
            updated_at: object.time("updated_at")?,
        };
        if let Some(attributes) = attributes {
            let language = attributes.text("browser_language")?;
            conversation.browser_language = language.map(ToOwned::to_owned);
        }
        if let Some(meta) = meta {
            conversation.read_meta(&meta, form)?;
        }
        Ok(conversation)
    }

    fn read_meta(&mut self, meta: &Object<'_>, form: Form) -> Result<(), DecodeError> {
        if let Some(sender) = meta.object("sender")? {
            self.visitor_name = sender.text("name")?.map(ToOwned::to_owned);
            self.visitor_email = sender.text("email")?.map(ToOwned::to_owned);
        }
        if self.channel.is_none() {
            self.channel = meta.text("channel")?.map(ToOwned::to_owned);
        }
        let is_user = |kind: Option<&str>| kind.is_none_or(|it| it.eq_ignore_ascii_case("user"));
        self.assignee = match meta.object("assignee")? {
            None => none_or_absent(meta, "assignee", form),
            Some(assignee)
                if is_user(meta.text("assignee_type")?) && is_user(assignee.text("type")?) =>
            {
                Member::Some(Assignee::User {
                    id: assignee.required("id", assignee.id("id")?)?,
                    name: assignee.text("name")?.map(ToOwned::to_owned),
                })
            }
            Some(_) => Member::Some(Assignee::Bot),
        };
        self.team = match meta.object("team")? {
            None => none_or_absent(meta, "team", form),
            Some(team) => Member::Some(Group::read(&team)?),
        };
        Ok(())
    }
}

impl Group {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            id: object.required("id", object.id("id")?)?,
            name: object.text("name")?.map(ToOwned::to_owned),
        })
    }
}

fn none_or_absent<T>(meta: &Object<'_>, name: &str, form: Form) -> Member<T> {
    if meta.has(name) || form == Form::Api {
        Member::None
    } else {
        Member::Absent
    }
}

fn read_status(text: &str) -> Option<ConversationStatus> {
    match text {
        "resolved" => Some(ConversationStatus::Resolved),
        "open" | "pending" | "snoozed" => Some(ConversationStatus::Open),
        _ => None,
    }
}
