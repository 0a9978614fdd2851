use crate::plural::Plural;

/// The texts of the email with a transcript.
#[derive(Debug)]
pub struct MailTexts {
    /// The title and the usual subject, with `{brand}`.
    pub title: &'static str,
    /// The title if no brand is known.
    pub title_without_brand: &'static str,
    /// How many messages there are, `{count}`, if all are of one `{date}`.
    pub messages_on: Plural,
    /// How many messages there are, `{count}`, from the date `{first}` to `{last}`.
    pub messages_between: Plural,
    /// Which time zone, `{zone}`, the times are in.
    pub times_in_zone: &'static str,
    /// That the times are in UTC, because no time zone is known.
    pub times_in_utc: &'static str,
    /// The name of a visitor without a name.
    pub visitor: &'static str,
    /// The name of an agent without a name.
    pub agent: &'static str,
    /// The name of a bot without a name.
    pub bot: &'static str,
    /// The name of the system if it has none.
    pub system: &'static str,
    /// What is before the name of a file.
    pub attached: &'static str,
    /// The name of a file without a name.
    pub unnamed_file: &'static str,
    /// A size of less than 1,000 bytes, `{count}`.
    pub bytes: Plural,
    /// The units from 1,000 bytes on. Each is 1,000 times the one before.
    pub byte_units: [&'static str; 6],
    /// That the mail shows the latest message only.
    pub latest_message: &'static str,
    /// That the mail shows the latest `{shown}` of `{total}` messages. The plural form is that of
    /// the total.
    pub latest_messages: Plural,
    /// That the mail shows the beginning of the latest message only.
    pub beginning_of_latest: &'static str,
    /// That the whole conversation is attached as `{file}`.
    pub whole_attached: &'static str,
}

/// The units of most languages.
pub(crate) const BYTE_UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
