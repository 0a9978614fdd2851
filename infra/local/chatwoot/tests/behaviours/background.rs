//! Delivery in the background, and the end of the server.

use std::time::Duration;

use local_chatwoot::{Chatwoot, DeliveryPlan, Options};

use crate::kit::Office;

#[tokio::test]
async fn hooks_are_delivered_in_the_background() {
    let office = Office::new().await;
    office
        .chatwoot
        .deliver_in_background(DeliveryPlan::in_order());
    office
        .chatwoot
        .start_conversation(office.contact, office.inbox, "Hello")
        .unwrap();
    let is_received = async {
        while !office
            .receiver
            .events()
            .contains(&"message_created".to_owned())
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), is_received)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_server_stops_when_the_handle_is_dropped() {
    let chatwoot = Chatwoot::start(Options::default()).await.unwrap();
    let address = chatwoot.address();
    assert!(address.ip().is_loopback());
    let clone = chatwoot.clone();
    drop(chatwoot);
    assert!(tokio::net::TcpStream::connect(address).await.is_ok());
    drop(clone);
    let is_stopped = async {
        while tokio::net::TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), is_stopped)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_port_that_is_in_use_is_an_error() {
    let chatwoot = Chatwoot::start(Options::default()).await.unwrap();
    let options = Options {
        port: chatwoot.address().port(),
        ..Options::default()
    };
    assert!(Chatwoot::start(options).await.is_err());
}
