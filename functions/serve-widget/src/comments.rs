/// Removes the comments of a module that have lines of their own. Their lines stay, empty, so that
/// line numbers in error messages are those of the source.
///
/// Comments after code stay. A line that begins with `//` or `/*` counts as a comment also within a
/// template literal. The modules have no such text in template literals, except CSS comments.
pub(crate) fn without_comments(source: &str) -> String {
    let mut output = String::with_capacity(source.len());
    let mut is_in_block = false;
    for line in source.lines() {
        let text = line.trim();
        let ends_block = text.ends_with("*/");
        // Code follows a comment such as `/** @type {Node} */ (value)`.
        let has_code_after = !ends_block && text.contains("*/");
        is_in_block |= text.starts_with("/*") && !has_code_after;
        if !is_in_block && !text.starts_with("//") {
            output.push_str(line);
        }
        output.push('\n');
        is_in_block &= !ends_block;
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_empty_lines() {
        let source = "/** One line. */\nfirst();\n  /**\n   * Two\n   */\nsecond(); // stays\n  // gone\nthird();\n";
        let expected = "\nfirst();\n\n\n\nsecond(); // stays\n\nthird();\n";
        assert_eq!(without_comments(source), expected);
    }

    #[test]
    fn code_after_a_comment_stays() {
        let source = "const a = [\n  /** @type {const} */ ([1, 2]),\n];\n";
        assert_eq!(without_comments(source), source);
    }
}
