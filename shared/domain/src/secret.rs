/// Defines a secret of 32 random bytes, written as base64url without padding. `Debug` does not show
/// it. It has no `==`, which would stop at the first difference.
macro_rules! secret {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type([u8; 32]);

        impl $type {
            /// The secret with these bytes, which must be random.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// Reads a secret from base64url without padding.
            ///
            /// # Errors
            /// If `text` is not exactly 32 bytes in this encoding.
            pub fn parse(text: &str) -> Result<Self, $crate::InvalidValue> {
                use base64::Engine;
                base64::engine::general_purpose::URL_SAFE_NO_PAD
                    .decode(text)
                    .ok()
                    .and_then(|bytes| bytes.try_into().ok())
                    .map(Self)
                    .ok_or_else(|| {
                        $crate::InvalidValue::new("must be 32 bytes in base64url without padding")
                    })
            }

            /// Whether both are the same secret, compared in constant time.
            pub fn equals(&self, other: &Self) -> bool {
                subtle::ConstantTimeEq::ct_eq(self.0.as_slice(), other.0.as_slice()).into()
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(…)"))
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::InvalidValue;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(secret: $type) -> Self {
                use base64::Engine;
                base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret.0)
            }
        }
    };
}

pub(crate) use secret;
