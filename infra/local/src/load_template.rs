//! Loads the template with the parameters of the server's options.

use std::collections::BTreeMap;

use crate::demo;
use crate::options::Options;
use crate::template::{Template, TemplateError};
use crate::tokens::{AUDIENCE, ISSUER};

/// The local names of the template's resources.
const RESOURCES: [(&str, &str); 3] = [
    ("Table", "afterchat"),
    (
        "Table.Arn",
        "arn:aws:dynamodb:us-east-1:000000000000:table/afterchat",
    ),
    ("ConfigurationSet", "afterchat"),
];

pub(crate) fn load_template(options: &Options) -> Result<Template, TemplateError> {
    let mut parameters = BTreeMap::from([("JwtIssuer", ISSUER), ("JwtAudience", AUDIENCE)]);
    if options.organisations {
        parameters.extend([("Organisation", ""), ("OrganisationClaim", "org")]);
    }
    if options.demo {
        parameters.insert("BrandName", demo::BRAND);
    }
    let mut parameters = owned(parameters);
    parameters.extend(options.parameters.clone());
    Template::load(&parameters, &owned(RESOURCES))
}

fn owned<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
