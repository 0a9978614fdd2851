//! The text that the server prints when it starts.

use std::collections::BTreeMap;

use crate::aws::iam::OWNER;
use crate::demo;
use crate::functions::environment;
use crate::options::Options;
use crate::template::Template;

/// Returns the server's address and commands to paste into a shell.
pub(crate) fn text(url: &str, template: &Template, options: &Options) -> String {
    if options.aws_only {
        emulators_only(url, template, options)
    } else {
        functions(url, options)
    }
}

fn functions(url: &str, options: &Options) -> String {
    let conversation = format!("{url}/v1/conversations/{}", demo::CONVERSATION);
    let first = if options.demo {
        format!(
            r#"  # Ask the visitor of the demo conversation for a rating:
  curl -X POST {conversation}/rating-requests -H "Authorization: Bearer $TOKEN""#
        )
    } else {
        format!(
            r#"  # Record a conversation:
  curl -X PUT {conversation} -H "Authorization: Bearer $TOKEN" -d '{{"channel":"widget"}}'"#
        )
    };
    format!(
        r#"afterchat runs at {url}. Its mails are at {url}/dev/outbox,
and its events at {url}/dev/events

  # An agent's token:
  TOKEN=$(curl -s {url}/dev/token -d '{{"sub":"jo","name":"Jo Okafor"}}' | cut -d '"' -f 4)

{first}

  # Read it as an inbox does:
  curl {conversation} -H "Authorization: Bearer $TOKEN"

"#
    )
}

fn emulators_only(url: &str, template: &Template, options: &Options) -> String {
    let environments = template.functions.values();
    let variables: BTreeMap<_, _> = environments
        .flat_map(|function| environment(function, OWNER, url, &options.variables))
        // This variable enables metrics for CloudWatch, which would only clutter a console.
        .filter(|(name, _)| name != "METRICS_NAMESPACE")
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
