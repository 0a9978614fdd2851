/// An update expression with a `SET` and a `REMOVE` clause: `set` are assignments, such as
/// `a = :a`, and `remove` are attributes. A clause without parts is left out.
pub fn update_expression<S: AsRef<str>, R: AsRef<str>>(set: &[S], remove: &[R]) -> String {
    let clauses = [clause("SET", set), clause("REMOVE", remove)];
    Vec::from_iter(clauses.into_iter().flatten()).join(" ")
}

fn clause<P: AsRef<str>>(keyword: &str, parts: &[P]) -> Option<String> {
    let parts: Vec<_> = parts.iter().map(AsRef::as_ref).collect();
    (!parts.is_empty()).then(|| format!("{keyword} {}", parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_expression_has_only_the_clauses_that_have_parts() {
        for (set, remove, expected) in [
            (&["a = :a"][..], &[][..], "SET a = :a"),
            (&["a = :a", "b = :b"], &[], "SET a = :a, b = :b"),
            (&[], &["c"], "REMOVE c"),
            (&["a = :a"], &["c", "d"], "SET a = :a REMOVE c, d"),
        ] {
            assert_eq!(update_expression(set, remove), expected);
        }
    }
}
