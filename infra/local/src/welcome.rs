//! What the server says when it starts.

use std::collections::BTreeMap;

use crate::demo;
use crate::functions;
use crate::options::Options;
use crate::template::Template;

/// Where the server is, and what to paste into a shell.
pub(crate) fn text(url: &str, template: &Template, options: &Options) -> String {
    if options.aws_only {
        stand_ins(url, template)
    } else {
        let begin = if options.demo { ask(url) } else { record(url) };
        format!(
            "afterchat is at {url}\n\n{}\n{begin}\n{}\n",
            token(url),
            read(url),
        )
    }
}

fn token(url: &str) -> String {
    format!(
        r#"  # An agent's token:
  TOKEN=$(curl -s {url}/dev/token -d '{{"sub":"jo","name":"Jo Okafor"}}' | cut -d '"' -f 4)
"#
    )
}

fn ask(url: &str) -> String {
    let conversation = demo::CONVERSATION;
    format!(
        r#"  # Ask the visitor of the demo conversation for a rating:
  curl -X POST {url}/v1/conversations/{conversation}/rating-requests -H "Authorization: Bearer $TOKEN"
"#
    )
}

fn record(url: &str) -> String {
    let conversation = demo::CONVERSATION;
    format!(
        r#"  # Record a conversation:
  curl -X PUT {url}/v1/conversations/{conversation} -H "Authorization: Bearer $TOKEN" -d '{{"channel":"widget"}}'
"#
    )
}

fn read(url: &str) -> String {
    let conversation = demo::CONVERSATION;
    format!(
        r#"  # Read it as an inbox does:
  curl {url}/v1/conversations/{conversation} -H "Authorization: Bearer $TOKEN"
"#
    )
}

fn stand_ins(url: &str, template: &Template) -> String {
    let environments = template.functions.values();
    let variables: BTreeMap<_, _> = environments
        .flat_map(|function| functions::environment(function, url))
        .collect();
    let exports = variables
        .iter()
        .map(|(name, value)| format!("  export {name}={}\n", quoted(value)));
    format!(
        "DynamoDB and SES are at {url}\n\n  # For functions that run elsewhere:\n{}",
        exports.collect::<String>(),
    )
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}
