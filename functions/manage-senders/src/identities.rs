use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::create_email_identity::CreateEmailIdentityError;
use aws_sdk_sesv2::operation::delete_email_identity::DeleteEmailIdentityError;
use aws_sdk_sesv2::operation::get_email_identity::GetEmailIdentityError;
use aws_sdk_sesv2::types::VerificationStatus;
use shared::aws::{AwsConnection, AwsFailure, CallPolicy, Service};
use shared::domain::SenderAddress;
use shared::environment::{Environment, EnvironmentError};
use shared::fault::{Fault, FaultCode};
use shared::table::Verification;

/// The SES identities of the account.
#[derive(Clone, Debug)]
pub(crate) struct Identities {
    client: Client,
    /// Whether a verified domain verifies its addresses. Where several organisations share the
    /// account it must not: anyone of them could claim any address of it.
    trusts_domains: bool,
}

/// Whether SES knows an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It knows it, by itself or by its domain.
    As(Verification),
    /// It has no identity for it.
    Not,
}

impl Identities {
    pub(crate) fn from_environment(
        environment: &Environment,
        trusts_domains: bool,
    ) -> Result<Self, EnvironmentError> {
        let config = AwsConnection::from_environment(environment)?
            .config(Service::Ses, CallPolicy::REPEATABLE);
        Ok(Self {
            client: Client::new(&config),
            trusts_domains,
        })
    }

    /// Whether `address` may send: by its own identity, or by that of its domain or of a domain
    /// above it, where domains are trusted.
    pub(crate) async fn look_up(&self, address: &SenderAddress) -> Result<Known, Fault> {
        let own = self.look_up_identity(address.as_str()).await?;
        if own == Known::As(Verification::Verified) || !self.trusts_domains {
            return Ok(own);
        }
        for domain in domains_above(address) {
            if self.look_up_identity(domain).await? == Known::As(Verification::Verified) {
                return Ok(Known::As(Verification::Verified));
            }
        }
        Ok(own)
    }

    async fn look_up_identity(&self, identity: &str) -> Result<Known, Fault> {
        let found = self
            .client
            .get_email_identity()
            .email_identity(identity)
            .send()
            .await;
        match found {
            Ok(found) if found.verified_for_sending_status => Ok(Known::As(Verification::Verified)),
            Ok(found) => Ok(Known::As(match found.verification_status {
                Some(VerificationStatus::Failed) => Verification::Failed,
                _ => Verification::Pending,
            })),
            Err(error) => match error.as_service_error() {
                Some(GetEmailIdentityError::NotFoundException(_)) => Ok(Known::Not),
                _ => Err(unavailable("ses:GetEmailIdentity", &error)),
            },
        }
    }

    /// Makes an identity for `address`: SES mails its owner a link to confirm it.
    pub(crate) async fn create(&self, address: &SenderAddress) -> Result<(), Fault> {
        let created = self
            .client
            .create_email_identity()
            .email_identity(address.as_str())
            .send()
            .await;
        match created {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                // The SDK's repeat after a lost reply, or another request at the same moment.
                Some(CreateEmailIdentityError::AlreadyExistsException(_)) => Ok(()),
                _ => Err(unavailable("ses:CreateEmailIdentity", &error)),
            },
        }
    }

    /// Deletes the identity of `address`, if there is one.
    pub(crate) async fn delete(&self, address: &SenderAddress) -> Result<(), Fault> {
        let deleted = self
            .client
            .delete_email_identity()
            .email_identity(address.as_str())
            .send()
            .await;
        match deleted {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(DeleteEmailIdentityError::NotFoundException(_)) => Ok(()),
                _ => Err(unavailable("ses:DeleteEmailIdentity", &error)),
            },
        }
    }
}

/// The domain of `address` and those above it, but for the top level: SES lets a verified domain
/// send for all below it.
fn domains_above(address: &SenderAddress) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(address.domain()), |domain| {
        domain.split_once('.').map(|(_, above)| above)
    })
    .take_while(|domain| domain.contains('.'))
}

/// SES did not do it: an internal error where it refused the call as such, unavailable otherwise.
fn unavailable<E: ProvideErrorMetadata>(
    operation: &'static str,
    error: &SdkError<E, aws_sdk_sesv2::config::http::HttpResponse>,
) -> Fault {
    let failure = AwsFailure::new(operation, error);
    let code = if failure.is_refusal() {
        FaultCode::InternalError
    } else {
        FaultCode::EmailUnavailable
    };
    Fault::of_aws(code, failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_looked_up_by_each_domain_above_it() {
        let address = SenderAddress::parse("a@mail.shop.example.com").unwrap();
        let domains: Vec<&str> = domains_above(&address).collect();
        assert_eq!(
            domains,
            ["mail.shop.example.com", "shop.example.com", "example.com"]
        );
    }
}
