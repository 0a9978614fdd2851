/// A status code of RFC 3463, such as `5.1.1`.
pub(crate) struct Status {
    pub(crate) text: String,
}

impl Status {
    /// Parses the code at the beginning of `text`. Spaces and comments around it are ignored.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = skip_comments(text);
        let end = text.find(|it: char| it.is_whitespace() || matches!(it, '(' | ';'));
        let code = end.and_then(|end| text.get(..end)).unwrap_or(text);
        let mut parts = code.split('.');
        let class = parts.next().filter(|class| matches!(*class, "4" | "5"))?;
        let is_number = |part: &str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit())
        };
        let subject = parts.next().filter(|part| is_number(part))?;
        let detail = parts.next().filter(|part| is_number(part))?;
        parts.next().is_none().then(|| Self {
            text: format!("{class}.{subject}.{detail}"),
        })
    }

    /// `4` if the failure is transient, `5` if it is permanent.
    pub(crate) fn class(&self) -> char {
        self.text.chars().next().unwrap_or_default()
    }

    /// The subject and the detail: the code without its class.
    pub(crate) fn subject(&self) -> &str {
        self.text.get(2..).unwrap_or_default()
    }
}

/// Removes the spaces and comments before the value of `text`. RFC 3464 allows them in each field.
pub(crate) fn skip_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix('(') {
        let Some((_, after)) = comment.split_once(')') else {
            return "";
        };
        rest = after.trim_start();
    }
    rest
}
