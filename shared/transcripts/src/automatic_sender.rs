use domain::{Mailbox, SenderAddress, SenderName};
use errors::Fault;
use settings::Settings;

/// The sender of mails that no agent sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutomaticSender {
    /// The address.
    pub address: SenderAddress,
    /// The name.
    pub name: SenderName,
}

impl AutomaticSender {
    /// The sender that `settings` name. `None` if they name none. `brand` is the name of the brand.
    ///
    /// # Errors
    /// If the sender has no name, which no settings cause.
    pub(crate) fn of(settings: &Settings, brand: &str) -> Result<Option<Self>, Fault> {
        let transcripts = &settings.transcripts;
        let Some(address) = &transcripts.from else {
            return Ok(None);
        };
        let name = match &transcripts.sender_name {
            Some(name) => name.clone(),
            None => default_name(brand, address)?,
        };
        Ok(Some(Self {
            address: address.clone(),
            name,
        }))
    }
}

/// The name of the brand, or else the domain or the local part of the address: the first that can be a
/// sender's name and fits into a From header.
fn default_name(brand: &str, from: &SenderAddress) -> Result<SenderName, Fault> {
    let local_part = from.as_str().split('@').next().unwrap_or_default();
    [brand, from.domain(), local_part]
        .into_iter()
        .filter_map(|name| SenderName::parse(name).ok())
        .find(|name| {
            Mailbox {
                name,
                address: from,
            }
            .check_length()
            .is_ok()
        })
        .ok_or_else(|| Fault::internal("a sender has no name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_no_agent_sends_is_from_the_brand_or_from_the_domain() {
        let from = SenderAddress::parse("help@acme.example").unwrap();
        for (brand, name) in [
            ("Acme", "Acme"),
            ("", "acme.example"),
            ("Acme <x>", "acme.example"),
            (&"株".repeat(100), "acme.example"),
        ] {
            assert_eq!(default_name(brand, &from).unwrap().as_str(), name);
        }
    }
}
