/// A plural form of CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PluralForm {
    /// For zero, in Arabic.
    Zero,
    /// For one in most languages, and for 21, 31 and so on in some.
    One,
    /// For two, in Arabic and Hebrew.
    Two,
    /// For a few, such as 2 to 4 in Polish.
    Few,
    /// For many, such as 5 to 21 in Polish or 1,000,000 in French.
    Many,
    /// For all other numbers.
    Other,
}

/// A text with a number, in the plural forms of its language.
#[derive(Clone, Copy, Debug)]
pub struct Plural {
    zero: Option<&'static str>,
    one: Option<&'static str>,
    two: Option<&'static str>,
    few: Option<&'static str>,
    many: Option<&'static str>,
    other: &'static str,
}

impl Plural {
    pub(crate) const fn other(text: &'static str) -> Self {
        Self {
            zero: None,
            one: None,
            two: None,
            few: None,
            many: None,
            other: text,
        }
    }

    pub(crate) const fn zero(self, text: &'static str) -> Self {
        Self {
            zero: Some(text),
            ..self
        }
    }

    pub(crate) const fn one(self, text: &'static str) -> Self {
        Self {
            one: Some(text),
            ..self
        }
    }

    pub(crate) const fn two(self, text: &'static str) -> Self {
        Self {
            two: Some(text),
            ..self
        }
    }

    pub(crate) const fn few(self, text: &'static str) -> Self {
        Self {
            few: Some(text),
            ..self
        }
    }

    pub(crate) const fn many(self, text: &'static str) -> Self {
        Self {
            many: Some(text),
            ..self
        }
    }

    /// Returns the text in `form`, or in the form for other numbers if the language does not have
    /// `form`.
    pub fn text(&self, form: PluralForm) -> &'static str {
        self.own(form).unwrap_or(self.other)
    }

    /// Returns the text that was written for `form`.
    pub fn own(&self, form: PluralForm) -> Option<&'static str> {
        match form {
            PluralForm::Zero => self.zero,
            PluralForm::One => self.one,
            PluralForm::Two => self.two,
            PluralForm::Few => self.few,
            PluralForm::Many => self.many,
            PluralForm::Other => Some(self.other),
        }
    }
}
