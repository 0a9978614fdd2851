use domain::{
    Agent, AgentId, Channel, ConversationId, ConversationStatus, EmailAddress, Group, GroupId,
    GroupName, InvalidValue, Label, Labels, Language, MESSAGE_LEAD_SECONDS, PersonName, ResolvedBy,
    TimeZoneName, Timestamp, Visitor,
};
use errors::Refusal;
use lambda::http::{Fields, HttpRequest, TenantResolver, Warnings, flag, text};
use lambda::random;
use recordings::ConversationRecording;
use store::Detail;

/// Decodes the request to record a conversation. An absent field leaves the stored value unchanged.
/// `warnings` receives the values that are not recorded as they were sent.
pub(super) fn decode_conversation(
    request: &HttpRequest,
    tenants: &TenantResolver,
    warnings: &mut Warnings,
) -> Result<ConversationRecording, Refusal> {
    let organisation = tenants.organisation(request)?;
    let conversation = request.path_parameter("conversation_id", ConversationId::parse)?;
    let mut body = Fields::of_body(request.body())?;
    body.drop_nulls(
        &[
            "channel",
            "visitor",
            "status",
            "resolved_by",
            "as_of",
            "renew_visitor_token",
        ],
        warnings,
    );
    let recording = ConversationRecording {
        organisation,
        conversation,
        channel: body.optional("channel", text(Channel::parse))?,
        visitor: body
            .optional_object("visitor")?
            .map(|fields| read_visitor(fields, warnings))
            .transpose()?
            .unwrap_or_default(),
        assignee: read_assignee(&mut body, warnings)?,
        inbox: read_group(&mut body, "inbox", warnings)?,
        team: read_group(&mut body, "team", warnings)?,
        labels: read_labels(&mut body)?,
        status: body.optional("status", text(ConversationStatus::parse))?,
        begins_first_round: true,
        resolved_by: body.optional("resolved_by", text(ResolvedBy::parse))?,
        as_of: read_as_of(&mut body, request.now())?,
        id: random::unique_id(),
        renews_secret: body.optional("renew_visitor_token", flag)?.unwrap_or(false),
        new_secret: random::visitor_secret(),
        now: request.now(),
    };
    body.finish()?;
    if recording.resolved_by.is_some() && recording.status != Some(ConversationStatus::Resolved) {
        let rule = InvalidValue::new("is allowed only with the status resolved");
        return Err(Refusal::invalid_field("resolved_by", &rule));
    }
    Ok(recording)
}

fn read_as_of(body: &mut Fields, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let as_of = body.optional("as_of", text(Timestamp::parse))?;
    if as_of.is_some_and(|as_of| as_of > now.plus_seconds(MESSAGE_LEAD_SECONDS)) {
        return Err(body.invalid("as_of", "must not be more than 5 minutes ahead"));
    }
    Ok(as_of)
}

fn read_assignee(body: &mut Fields, warnings: &mut Warnings) -> Result<Detail<Agent>, Refusal> {
    read_named(body, "assignee", warnings, |fields| {
        Ok(Agent {
            id: fields.required("id", text(AgentId::parse_named))?,
            name: fields.optional("name", text(PersonName::parse))?,
        })
    })
}

/// Reads the inbox or the team in the field `name`.
fn read_group(
    body: &mut Fields,
    name: &str,
    warnings: &mut Warnings,
) -> Result<Detail<Group>, Refusal> {
    read_named(body, name, warnings, |fields| {
        Ok(Group {
            id: fields.required("id", text(GroupId::parse))?,
            name: fields.optional("name", text(GroupName::parse))?,
        })
    })
}

/// Reads the object with an optional name in the field `field`. `null` removes the detail.
fn read_named<T>(
    body: &mut Fields,
    field: &str,
    warnings: &mut Warnings,
    read: impl FnOnce(&mut Fields) -> Result<T, Refusal>,
) -> Result<Detail<T>, Refusal> {
    if body.take_null(field) {
        return Ok(Detail::Removed);
    }
    let Some(mut fields) = body.optional_object(field)? else {
        return Ok(Detail::Unknown);
    };
    fields.drop_nulls(&["name"], warnings);
    fields.drop_blank_name("name", warnings);
    let value = read(&mut fields)?;
    fields.finish().map(|()| Detail::Known(value))
}

/// `null` removes all labels.
fn read_labels(body: &mut Fields) -> Result<Detail<Labels>, Refusal> {
    if body.take_null("labels") {
        return Ok(Detail::Removed);
    }
    let labels = body.optional("labels", |value| {
        let not_labels = || InvalidValue::new("must be a list of texts");
        let labels = value.as_array().ok_or_else(not_labels)?.iter();
        let labels = labels.map(|label| Label::parse(label.as_str().ok_or_else(not_labels)?));
        Labels::new(labels.collect::<Result<_, _>>()?)
    })?;
    Ok(labels.map_or(Detail::Unknown, Detail::Known))
}

fn read_visitor(mut fields: Fields, warnings: &mut Warnings) -> Result<Visitor, Refusal> {
    fields.drop_nulls(&["name", "email", "time_zone", "language"], warnings);
    fields.drop_blank_name("name", warnings);
    let visitor = Visitor {
        name: fields.optional("name", text(PersonName::parse))?,
        email: fields.optional("email", text(EmailAddress::parse))?,
        time_zone: read_time_zone(&mut fields, warnings)?,
        language: read_language(&mut fields, warnings)?,
    };
    fields.finish().map(|()| visitor)
}

fn read_time_zone(
    fields: &mut Fields,
    warnings: &mut Warnings,
) -> Result<Option<TimeZoneName>, Refusal> {
    let name = fields.optional("time_zone", text(|name| Ok(name.to_owned())))?;
    let time_zone = name.as_deref().map(TimeZoneName::parse);
    Ok(time_zone.and_then(|parsed| {
        let detail = "This is not a time zone of the IANA database, such as Europe/Lisbon. It was not recorded.";
        parsed
            .inspect_err(|_| fields.warn("time_zone", detail, warnings))
            .ok()
    }))
}

fn read_language(
    fields: &mut Fields,
    warnings: &mut Warnings,
) -> Result<Option<Language>, Refusal> {
    let Some(tag) = fields.optional("language", text(|tag| Ok(tag.to_owned())))? else {
        return Ok(None);
    };
    let language = Language::closest(&tag);
    match &language {
        Some(language) if language.as_str() == tag => {}
        Some(language) => {
            let detail =
                format!("This is not a BCP 47 language tag. It was recorded as {language}.");
            fields.warn("language", detail, warnings);
        }
        None => {
            let detail =
                "This is not a BCP 47 language tag, such as en or pt-BR. It was not recorded.";
            fields.warn("language", detail, warnings);
        }
    }
    Ok(language)
}
