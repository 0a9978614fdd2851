//! One file for each language.

pub(crate) mod ar;
pub(crate) mod de;
pub(crate) mod en;
pub(crate) mod es;
pub(crate) mod fr;
pub(crate) mod he;
pub(crate) mod hi;
pub(crate) mod it;
pub(crate) mod ja;
pub(crate) mod ko;
pub(crate) mod nl;
pub(crate) mod pl;
pub(crate) mod pt;
pub(crate) mod tr;
pub(crate) mod uk;
pub(crate) mod zh;
