//! Rules for the text of the modules.

use crate::comments::without_comments;
use crate::modules::all;

/// Otherwise `without_comments` would remove text or code.
#[test]
fn no_line_of_a_template_or_with_code_looks_like_a_comment() {
    for file in all() {
        let mut is_in_template = false;
        let mut is_in_comment = false;
        for line in file.source.lines().map(str::trim) {
            let is_css_comment = is_in_template && line.starts_with("/* ") && line.ends_with("*/");
            let looks_like_comment = line.starts_with("//") || line.starts_with("/*");
            assert!(
                !is_in_template || !looks_like_comment || is_css_comment,
                "{}: {line}",
                file.path
            );
            let ends_before_code = line.contains("*/") && !line.ends_with("*/");
            assert!(!is_in_comment || !ends_before_code, "{}: {line}", file.path);
            is_in_comment |= looks_like_comment;
            if !is_in_comment {
                is_in_template ^= line.matches('`').count() % 2 == 1;
            }
            is_in_comment &= !line.starts_with("//") && !line.contains("*/");
        }
        assert!(!is_in_template, "{}", file.path);
    }
}

/// The root font size belongs to the page, and is often 10 px.
#[test]
fn no_length_depends_on_the_pages_root() {
    for file in all() {
        for (place, _) in file.source.match_indices("rem") {
            let before = file.source[..place].chars().next_back();
            let is_unit = before.is_some_and(|character| character.is_ascii_digit());
            assert!(!is_unit, "{}: {}", file.path, &file.source[place - 8..]);
        }
    }
}

/// Browsers without `light-dark()` ignore each declaration that uses it.
#[test]
fn only_the_palette_needs_light_dark() {
    for file in all().filter(|file| file.path != "common/palette.js") {
        // Comments mention it without arguments.
        let declared = file.source.replace("light-dark()", "");
        assert!(!declared.contains("light-dark("), "{}", file.path);
    }
}

/// `Intl` throws for some language tags, time zones and times that pages, browsers and the API
/// provide.
#[test]
fn only_the_module_that_checks_tags_and_times_calls_intl() {
    for file in all().filter(|file| file.path != "common/locale.js") {
        let code = without_comments(file.source);
        for word in ["Intl.", "toLocale", "navigator.language"] {
            assert!(!code.contains(word), "{} has {word}", file.path);
        }
    }
}

#[test]
fn no_file_needs_inline_styles_or_reads_text_as_html() {
    for file in all() {
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
            "setAttribute(\"style\"",
            "<style",
        ] {
            assert!(!file.source.contains(word), "{} has {word}", file.path);
        }
    }
}
