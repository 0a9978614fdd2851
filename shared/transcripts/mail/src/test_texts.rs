//! Texts for comparisons of a fast function with a simple one.

/// Calls `check` with each text that consists of `count` of `parts`.
pub(crate) fn for_each_text_of(parts: &[&str], count: usize, mut check: impl FnMut(&str)) {
    let mut texts = vec![String::new()];
    for _ in 0..count {
        let longer = |text: &String| parts.iter().map(|part| text.clone() + part).collect();
        texts = texts
            .iter()
            .flat_map(|text| -> Vec<String> { longer(text) })
            .collect();
    }
    texts.iter().for_each(|text| check(text));
}
