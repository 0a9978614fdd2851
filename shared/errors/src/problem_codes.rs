/// Defines an enum of codes, each with its status, its stable code in snake case, and its title.
macro_rules! problem_codes {
    (
        $(#[$enum_doc:meta])* $name:ident:
        $($(#[$doc:meta])* $variant:ident = $status:literal, $code:literal, $title:literal;)*
    ) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All codes, in the order of their definition.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable code, in snake case.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// The HTTP status of a response with this code.
            pub fn status(self) -> u16 {
                match self {
                    $(Self::$variant => $status,)*
                }
            }

            /// The title, the same for every problem with this code.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)*
                }
            }
        }
    };
}

pub(crate) use problem_codes;
