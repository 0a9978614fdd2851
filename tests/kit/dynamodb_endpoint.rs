use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::Reply;

/// The environment variable with the URL of a DynamoDB that every stack uses instead of the embedded
/// one.
const OVERRIDE_VARIABLE: &str = "AFTERCHAT_TEST_DYNAMODB";

/// The properties of a table that are copied.
const DEFINITION: [&str; 3] = ["TableName", "AttributeDefinitions", "KeySchema"];

/// The properties of an index that are copied.
const INDEX_DEFINITION: [&str; 3] = ["IndexName", "KeySchema", "Projection"];

/// The environment variable of a function with the URL of DynamoDB.
pub(crate) const VARIABLE: &str = "AWS_ENDPOINT_URL_DYNAMODB";

/// An access key with all permissions. The IAM emulator allows every call whose access key is not the
/// name of a function's folder.
pub(crate) const OWNER: &str = "owner";

/// A DynamoDB and the region in which a stack has its table.
#[derive(Clone, Debug)]
pub(crate) struct DynamoDbEndpoint {
    url: String,
    region: String,
}

/// The URL of the DynamoDB that every stack uses instead of the embedded one, if there is one.
#[expect(clippy::disallowed_methods, reason = "the tests are configured here")]
pub(crate) fn override_url() -> Option<String> {
    std::env::var(OVERRIDE_VARIABLE).ok()
}

impl DynamoDbEndpoint {
    /// The DynamoDB at `url`, for a stack whose functions have these variables.
    pub(crate) fn new(url: &str, variables: &BTreeMap<String, String>) -> Self {
        let region = variables.get("AWS_REGION").map_or("local", String::as_str);
        Self {
            url: url.to_owned(),
            region: region.to_owned(),
        }
    }

    /// Its URL.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The region in which the stack has its table.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// Creates the table that `other` has, unless it exists.
    pub(crate) async fn copy_table(&self, other: &Self) {
        let name = json!({ "TableName": "afterchat" });
        let described = other.call(OWNER, "DescribeTable", name).await.expect(200);
        let described = &described["Table"];
        let mut table = json!({ "BillingMode": "PAY_PER_REQUEST" });
        for property in DEFINITION {
            table[property] = described[property].clone();
        }
        for kind in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
            let indexes = described[kind].as_array();
            let indexes = indexes.into_iter().flatten().map(|index| {
                let properties =
                    INDEX_DEFINITION.map(|property| (property, index[property].clone()));
                properties.into_iter().collect::<BTreeMap<_, _>>()
            });
            table[kind] = json!(indexes.collect::<Vec<_>>());
        }
        let created = self.call(OWNER, "CreateTable", table).await;
        let kind = created.body["__type"].as_str().unwrap_or_default();
        if !kind.ends_with("ResourceInUseException") {
            created.expect(200);
        }
    }

    /// Calls an operation with an access key.
    pub(crate) async fn call(&self, access_key: &str, operation: &str, input: Value) -> Reply {
        // A signature is required but not checked.
        let signature = format!(
            "AWS4-HMAC-SHA256 Credential={access_key}/20260105/{}/dynamodb/aws4_request, \
             SignedHeaders=host, Signature=none",
            self.region
        );
        let request = reqwest::Client::new()
            .post(&self.url)
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-date", "20260105T090000Z")
            .header("authorization", signature)
            .body(input.to_string());
        Reply::of(request).await
    }
}
