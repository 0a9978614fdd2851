use crate::template::yaml::YamlError;

/// The template could not be read.
#[derive(Debug, thiserror::Error)]
#[error("infra/template.yaml: {0}")]
pub(crate) struct TemplateError(String);

impl TemplateError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

impl From<YamlError> for TemplateError {
    fn from(error: YamlError) -> Self {
        Self::new(error.to_string())
    }
}
