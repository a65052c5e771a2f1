//! Leaving a list, and coming back to it.

use mailing_core::id::ListId;
use mailing_core::links::UnsubscribeClaim;
use mailing_core::recipient::RecipientState;
use mailing_core::testing::builders::{id, list, mailing, run, start};

use super::{Reader, claim, refusal};

/// Eve and Joe in two lists; the mail went to the first one.
struct Member {
    reader: Reader,
    customers: ListId,
    friends: ListId,
}

impl Member {
    async fn new() -> Self {
        let mut reader = Reader::new().await;
        let (store, ann) = (reader.scene.store(), &reader.scene.ann);
        let customers = list().of(ann).named("Customers").with(&[reader.eve.id]);
        let customers = customers.saved(store).await.id;
        let friends = list().of(ann).named("Friends").with(&[reader.eve.id]);
        let friends = friends.saved(store).await.id;
        let planned = mailing().of(ann).to_lists(&[customers]).saved(store).await;
        let run = run().at(start()).running(store, ann, &planned).await;
        let claim = UnsubscribeClaim {
            run,
            ..claim(ann, &reader.eve)
        };
        reader.token = reader.scene.links.unsubscribe_token(&claim);
        Self {
            reader,
            customers,
            friends,
        }
    }

    async fn lists(&self) -> Vec<String> {
        let scene = &self.reader.scene;
        let lists = &scene.services.lists;
        let of = lists.of(&scene.ann.actor, &[self.reader.eve.id]).await;
        of.unwrap()
            .into_iter()
            .map(|(_, list)| list.name.as_str().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn the_list_that_the_mail_went_to_is_left_alone_and_come_back_to() {
    let member = Member::new().await;
    let (reader, list) = (&member.reader, member.customers);
    let unsubscribe = &reader.scene.services.unsubscribe;
    let token = reader.token.as_str();
    let view = unsubscribe.look(token).await.unwrap().unwrap();
    assert_eq!(view.lists.len(), 1, "only what the mail went to is told");
    for _ in 0..2 {
        let view = unsubscribe.leave_list(token, list).await.unwrap().unwrap();
        assert!(view.lists.is_empty() && !view.unsubscribed);
        assert_eq!(member.lists().await, ["Friends"]);
        assert_eq!(reader.state().await, RecipientState::Active);
    }
    reader.scene.minutes(1);
    for _ in 0..2 {
        let back = unsubscribe.return_to_list(token, list).await;
        assert_eq!(back.unwrap().unwrap().lists.len(), 1);
        assert_eq!(member.lists().await, ["Customers", "Friends"]);
    }
    assert_eq!(reader.scene.deeds(), ["resubscribe", "unsubscribe"]);
}

#[tokio::test]
async fn no_other_list_is_reached_by_the_link() {
    let member = Member::new().await;
    let reader = &member.reader;
    let unsubscribe = &reader.scene.services.unsubscribe;
    let unknown: ListId = id(start());
    for list in [member.friends, unknown] {
        let answer = unsubscribe.leave_list(&reader.token, list).await;
        assert_eq!(refusal(answer), "not_found");
        let answer = unsubscribe.return_to_list(&reader.token, list).await;
        assert_eq!(refusal(answer), "not_found");
    }
    assert_eq!(member.lists().await, ["Customers", "Friends"]);
}
