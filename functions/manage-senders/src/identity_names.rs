//! The names of SES identities that decide whether an address is verified.

use domain::SenderAddress;

/// Returns the identities that decide about `address`: its own, and if domains are trusted,
/// those of its domain and the domains above it.
pub(crate) fn deciding(
    address: &SenderAddress,
    trusts_domains: bool,
) -> impl Iterator<Item = &str> {
    let domains = trusts_domains.then(|| domains_above(address));
    std::iter::once(address.as_str()).chain(domains.into_iter().flatten())
}

/// Returns a text that the names of all identities that decide about `addresses` contain, if
/// there is one. It limits the listing, because an account can have 10,000 identities.
pub(crate) fn common_text<'a>(
    addresses: &[&'a SenderAddress],
    trusts_domains: bool,
) -> Option<&'a str> {
    match addresses {
        [address] if !trusts_domains => Some(address.as_str()),
        [first, others @ ..] => {
            let text = last_two_labels(first.domain());
            others
                .iter()
                .all(|other| last_two_labels(other.domain()) == text)
                .then_some(text)
        }
        [] => None,
    }
}

/// Returns the name of an identity with its domain in lower case.
pub(crate) fn normalized(name: &str) -> String {
    match name.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
        None => name.to_ascii_lowercase(),
    }
}

/// Returns the domain of `address` and those above it, except the top level. SES allows a verified
/// domain to send for all domains below it.
fn domains_above(address: &SenderAddress) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(address.domain()), |domain| {
        domain.split_once('.').map(|(_, above)| above)
    })
    .take_while(|domain| domain.contains('.'))
}

/// Returns `example.com` for `mail.shop.example.com`.
fn last_two_labels(domain: &str) -> &str {
    let mut dots = domain.rmatch_indices('.').map(|(place, _)| place);
    let before = dots.nth(1);
    before
        .and_then(|dot| domain.get(dot + 1..))
        .unwrap_or(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SenderAddress {
        SenderAddress::parse(text).unwrap()
    }

    #[test]
    fn the_identity_of_an_address_and_of_each_domain_above_it_decide() {
        let address = address("a@mail.shop.example.com");
        let names = |trusts_domains| -> Vec<String> {
            deciding(&address, trusts_domains)
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(
            names(true),
            [
                "a@mail.shop.example.com",
                "mail.shop.example.com",
                "shop.example.com",
                "example.com"
            ]
        );
        assert_eq!(names(false), ["a@mail.shop.example.com"]);
    }

    #[test]
    fn every_deciding_identity_contains_the_common_text() {
        let several = ["a@mail.example.com", "b@example.com"].map(address);
        let elsewhere = address("a@example.net");
        for trusts_domains in [true, false] {
            for addresses in [vec![&several[0]], several.iter().collect()] {
                let text = common_text(&addresses, trusts_domains).unwrap();
                for address in &addresses {
                    let mut deciding = deciding(address, trusts_domains);
                    assert!(deciding.all(|name| name.contains(text)), "{text}");
                }
            }
            assert_eq!(
                common_text(&[&several[0], &elsewhere], trusts_domains),
                None
            );
        }
    }
}
