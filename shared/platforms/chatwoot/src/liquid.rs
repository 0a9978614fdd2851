/// Makes `text` harmless in a message that is posted to Chatwoot, which executes the template
/// language Liquid in such messages.
///
/// A space is inserted after each `{` before another `{` or a `%`. It is also inserted after a `{`
/// at the end, because the text that follows may begin with one of them.
pub fn escape_liquid(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        escaped.push(character);
        if character == '{' && matches!(characters.peek(), None | Some('{' | '%')) {
            escaped.push(' ');
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn liquid_tags_are_broken_by_a_space() {
        for (text, escaped) in [
            ("{{ contact.email }}", "{ { contact.email }}"),
            ("{%- assign a = 1 -%}", "{ %- assign a = 1 -%}"),
            ("{{{x}}}", "{ { {x}}}"),
            ("{{%", "{ { %"),
            ("{", "{ "),
        ] {
            assert_eq!(escape_liquid(text), escaped);
        }
    }

    #[test]
    fn other_braces_stay_as_they_are() {
        for text in ["", "{a}", "}}", "%}", "100 %", "😀{é}"] {
            assert_eq!(escape_liquid(text), text.to_owned(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_tag_remains_even_if_texts_are_joined(one in "[{}% a]{0,12}", other in "[{}% a]{0,12}") {
            let joined = format!("{}{}", escape_liquid(&one), escape_liquid(&other));
            let has_tag = joined.contains("{{") || joined.contains("{%");
            prop_assert!(!has_tag, "{}", joined);
            prop_assert_eq!(escape_liquid(&joined), joined);
        }
    }
}
