//! A table for unit tests of expressions. Its endpoint accepts no connection.

use std::collections::HashMap;

use aws::Environment;
use dynamodb::Table;

pub(crate) fn table(retention_days: &str) -> Table {
    let variables = [
        ("TABLE_NAME", "table"),
        ("AWS_REGION", "region"),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("RETENTION_DAYS", retention_days),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let environment = Environment::from_variables(HashMap::from(variables));
    Table::from_environment(&environment).unwrap()
}
