use domain::InvalidValue;
use serde::{Serialize, Serializer};

/// The ratio between text and background that WCAG 2.2 requires at level AA.
const CONTRAST: f64 = 4.5;

/// A colour of the brand in sRGB, such as `#3b2fcf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccentColor([u8; 3]);

impl AccentColor {
    /// Black.
    pub const BLACK: Self = Self([0; 3]);
    /// White.
    pub const WHITE: Self = Self([255; 3]);
    /// The background that mail programs use in dark mode, or a darker one.
    pub const DARK_PAGE: Self = Self([0x24; 3]);

    /// Reads a colour as CSS writes it: `#` and six hexadecimal digits.
    ///
    /// # Errors
    /// If `text` has another form. Names and functions of CSS are refused.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let digits = text.strip_prefix('#').filter(|it| it.len() == 6);
        let digits = digits.filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|it| u32::from_str_radix(it, 16).ok());
        let [_, red, green, blue] = number
            .ok_or_else(|| {
                InvalidValue::new("must be # and six hexadecimal digits, such as #3b2fcf")
            })?
            .to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// Returns black or white, whichever contrasts more with this colour as a background. Their
    /// contrast is always at least 4.5.
    pub fn text_color(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }

    /// Returns this colour if text in it is readable on `background`. Otherwise returns the nearest
    /// mixture with black or white that is.
    pub fn readable_on(self, background: Self) -> Self {
        let target = background.text_color();
        let steps = (0..=STEPS).map(|step| self.mixed(target, step));
        steps
            .into_iter()
            .find(|color| color.contrast(background) >= CONTRAST)
            .unwrap_or(target)
    }

    /// Returns the contrast of WCAG 2.2 between two colours: 1 if they are equal, 21 for black and
    /// white.
    pub fn contrast(self, other: Self) -> f64 {
        let [one, other] = [self, other].map(Self::luminance);
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The relative luminance of WCAG 2.2.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn mixed(self, target: Self, step: u16) -> Self {
        let mut channels = self.0;
        for (channel, target) in channels.iter_mut().zip(target.0) {
            let sum = u16::from(*channel) * (STEPS - step) + u16::from(target) * step;
            *channel = u8::try_from(sum / STEPS).unwrap_or(u8::MAX);
        }
        Self(channels)
    }
}

/// How finely a colour is mixed until it is readable.
const STEPS: u16 = 64;

impl std::fmt::Display for AccentColor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for AccentColor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_color_is_written_in_lower_case() {
        assert_eq!(
            AccentColor::parse("#3B2FcF").unwrap().to_string(),
            "#3b2fcf"
        );
    }

    #[test]
    fn other_forms_of_css_are_refused() {
        for text in [
            "",
            "3b2fcf",
            "#fff",
            "#3b2fcf80",
            "red",
            "rgb(0,0,0)",
            "#3b2fc;",
            "#+12345",
            "url(x)",
            "#３b2fcf",
        ] {
            assert!(AccentColor::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_contrast_is_that_of_wcag() {
        assert!((AccentColor::BLACK.contrast(AccentColor::WHITE) - 21.0).abs() < 1e-9);
        let gray = AccentColor::parse("#767676").unwrap();
        assert!((gray.contrast(AccentColor::WHITE) - 4.54).abs() < 0.005);
    }

    proptest! {
        #[test]
        fn text_on_any_color_and_of_any_color_is_readable(channels: [u8; 3], background: [u8; 3]) {
            let [color, background] = [channels, background].map(AccentColor);
            prop_assert!(color.contrast(color.text_color()) >= CONTRAST);
            let readable = color.readable_on(background);
            prop_assert!(readable.contrast(background) >= CONTRAST);
            if color.contrast(background) >= CONTRAST {
                prop_assert_eq!(readable, color);
            }
        }
    }
}
