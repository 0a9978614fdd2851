//! A part of the template language Liquid: enough to see that a server executes what is posted.

use std::collections::BTreeMap;

/// The values of variables such as `contact.name`.
pub(crate) type Variables = BTreeMap<&'static str, String>;

/// Executes the template `content`. Unknown variables become empty, and tags are removed. Text in
/// backticks is not executed. If a tag is not closed, the content is returned unchanged.
pub(crate) fn render(content: &str, variables: &Variables) -> String {
    let mut rendered = String::with_capacity(content.len());
    let mut rest = content;
    loop {
        let (text, code, after) = split_at_code(rest);
        match render_text(text, variables) {
            Some(text) => rendered.push_str(&text),
            None => return content.to_owned(),
        }
        rendered.push_str(code);
        if after.is_empty() {
            return rendered;
        }
        rest = after;
    }
}

/// The text before the first code in backticks, the code, and the rest.
fn split_at_code(text: &str) -> (&str, &str, &str) {
    let whole = (text, "", "");
    let Some((before, from)) = text.split_once('`') else {
        return whole;
    };
    let Some((code, after)) = from.split_once('`') else {
        return whole;
    };
    let code_length = code.len() + 2;
    let code = text.get(before.len()..before.len() + code_length);
    (before, code.unwrap_or_default(), after)
}

fn render_text(text: &str, variables: &Variables) -> Option<String> {
    let mut rendered = String::new();
    let mut rest = text;
    loop {
        let output = rest.find("{{");
        let tag = rest.find("{%");
        let (start, end) = match (output, tag) {
            (Some(output), Some(tag)) if output < tag => (output, "}}"),
            (Some(output), None) => (output, "}}"),
            (_, Some(tag)) => (tag, "%}"),
            (None, None) => {
                rendered.push_str(rest);
                return Some(rendered);
            }
        };
        rendered.push_str(rest.get(..start)?);
        let (inner, after) = rest.get(start + 2..)?.split_once(end)?;
        if end == "}}" {
            rendered.push_str(&value(inner, variables));
        }
        rest = after;
    }
}

/// The value of `name`, or of `name | default: "text"`.
fn value(expression: &str, variables: &Variables) -> String {
    let expression = expression.trim_matches('-');
    let mut parts = expression.split('|').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let value = variables.get(name).cloned().unwrap_or_default();
    let default = parts.find_map(|filter| filter.strip_prefix("default:"));
    match default.filter(|_| value.is_empty()) {
        Some(default) => default.trim().trim_matches(['"', '\'']).to_owned(),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_tags_and_filters_are_executed() {
        let variables = Variables::from([("contact.name", "Ana".to_owned())]);
        for (content, expected) in [
            ("Hi {{contact.name}}!", "Hi Ana!"),
            ("Hi {{- contact.name -}}!", "Hi Ana!"),
            ("{{ contact.email | default: \"none\" }}", "none"),
            ("{{ unknown }}", ""),
            ("a{% assign x = 1 %}b", "ab"),
            (
                "`{{contact.name}}` {{contact.name}}",
                "`{{contact.name}}` Ana",
            ),
            ("unclosed {{contact.name", "unclosed {{contact.name"),
            ("{ {contact.name}}", "{ {contact.name}}"),
        ] {
            assert_eq!(render(content, &variables), expected, "{content}");
        }
    }
}
