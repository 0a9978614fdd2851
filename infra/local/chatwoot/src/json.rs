//! JSON as Rails writes it.

use serde_json::Value;

/// The bytes of `value`. The characters `<`, `>` and `&` and the line separators of Unicode are
/// written as escapes, because Rails does so. They occur in strings only.
pub(crate) fn to_bytes(value: &Value) -> Vec<u8> {
    let text = value.to_string();
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => escaped.push(character),
        }
    }
    escaped.into_bytes()
}
