use domain::{Agent, AgentId, GroupId, GroupName, Label, MAXIMUM_LABELS, PersonName};

use crate::payload::Group;

/// The most characters of a name.
const LONGEST_NAME: usize = 200;
/// The most characters of a label.
const LONGEST_LABEL: usize = 64;

/// The beginning of `text` on one line, without control characters.
fn one_line(text: &str, length: usize) -> String {
    let breaks_a_line = |it: char| it.is_control() || matches!(it, '\u{2028}' | '\u{2029}');
    let line = text.replace(breaks_a_line, " ");
    line.trim().chars().take(length).collect()
}

/// A name as the API accepts it, or `None` if it is blank.
pub(super) fn person_name(name: &str) -> Option<PersonName> {
    PersonName::parse(&one_line(name, LONGEST_NAME)).ok()
}

pub(super) fn agent_id(id: u64) -> Option<AgentId> {
    AgentId::parse_named(&id.to_string()).ok()
}

pub(super) fn agent(id: u64, name: Option<&str>) -> Option<Agent> {
    Some(Agent {
        id: agent_id(id)?,
        name: name.and_then(person_name),
    })
}

pub(super) fn group(group: &Group) -> Option<domain::Group> {
    let name = group.name.as_deref();
    let name = name.and_then(|name| GroupName::parse(&one_line(name, LONGEST_NAME)).ok());
    let id = GroupId::parse(&group.id.to_string()).ok()?;
    Some(domain::Group { id, name })
}

/// The first labels, each once. Blank labels are left out.
pub(super) fn labels(labels: &[String]) -> Vec<Label> {
    let mut kept = Vec::new();
    for label in labels {
        if let Ok(label) = Label::parse(&one_line(label, LONGEST_LABEL))
            && !kept.contains(&label)
            && kept.len() < MAXIMUM_LABELS
        {
            kept.push(label);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_valid() {
        for (name, expected) in [
            ("  Ana Reis ", Some("Ana Reis".to_owned())),
            ("Ana\nReis\u{2028}", Some("Ana Reis".to_owned())),
            (" \t", None),
            ("", None),
            (&"😀".repeat(300), Some("😀".repeat(200))),
        ] {
            assert_eq!(person_name(name).map(String::from), expected, "{name:?}");
        }
    }

    #[test]
    fn at_most_twenty_labels_are_kept_and_each_once() {
        let many: Vec<_> = (0..30).map(|number| format!("l{}", number % 25)).collect();
        assert_eq!(labels(&many).len(), MAXIMUM_LABELS);
        let odd = [" ".to_owned(), "vip".to_owned(), "vip ".to_owned()];
        assert_eq!(labels(&odd), [Label::parse("vip").unwrap()]);
    }
}
