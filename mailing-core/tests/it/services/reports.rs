//! Reports of owners and of managers.

use chrono::{NaiveDate, TimeDelta};
use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::report::{Range, Report, Tally};
use mailing_core::schedule::Zone;
use mailing_core::services::{ReportOf, ReportTable};
use mailing_core::testing::builders::{Owner, crowd, id, mailing, owner, run, start};
use mailing_core::testing::system;
use mailing_core::user::Role;

use super::scene::Scene;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A week around the start, in a zone.
fn week(zone: &str) -> Range {
    let zone = Zone::parse(zone).unwrap();
    let day = start().date_naive();
    let days = TimeDelta::days(3);
    Range::new(day - days, day + days, zone).unwrap()
}

/// A run to so many, stopped before anybody had his turn, and counted.
async fn stopped(scene: &Scene, of: &Owner, name: &str, people: usize, hours: i64) {
    let store = scene.store();
    let planned = mailing().named(name).of(of).saved(store).await;
    let at = start() + TimeDelta::hours(hours);
    let run = run().at(at).running(store, of, &planned).await;
    let reason = Ok(mailing_core::run::CancelReason::FinishedEarly);
    let ended = store.ledger().end(&system(), run, reason, at).await;
    assert!(ended.unwrap());
    store.ledger().close(&system(), at).await.unwrap();
    let mut unit = store.write().await.unwrap();
    let found = unit.runs().find(&of.view(), run).await.unwrap().unwrap();
    assert_eq!(found.counts.planned, people as u64);
    let mut tally = Tally::default();
    for some in unit.reports().tally(&system(), run, 1..=99).await.unwrap() {
        tally.add(&some);
    }
    let sums = tally.sums();
    let kept = unit.reports().keep_tally(&system(), &found, &sums).await;
    assert!(kept.unwrap());
    unit.commit().await.unwrap();
}

async fn scene() -> (Scene, Owner) {
    let scene = Scene::new().await;
    let bob = owner().at("bob@example.org").saved(scene.store()).await;
    crowd(scene.store(), &scene.ann, 3).await;
    crowd(scene.store(), &bob, 2).await;
    stopped(&scene, &scene.ann, "=Winter", 3, 0).await;
    stopped(&scene, &scene.ann, "Spring", 3, 14).await;
    stopped(&scene, &bob, "Others", 2, 1).await;
    (scene, bob)
}

fn manager() -> Actor {
    Actor::console()
}

async fn show(scene: &Scene, actor: &Actor, of: ReportOf, zone: &str) -> Report {
    let reports = &scene.services.reports;
    reports.show(actor, of, &week(zone)).await.unwrap()
}

async fn file(scene: &Scene, actor: &Actor, of: ReportOf, table: ReportTable) -> Vec<String> {
    let reports = &scene.services.reports;
    let range = week("UTC");
    let mut file = reports.file(actor, of, &range, table, false).await.unwrap();
    let mut text = String::new();
    while let Some(piece) = file.piece().await.unwrap() {
        text.push_str(&String::from_utf8(piece).unwrap());
    }
    text.lines().map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn all_tables_of_a_report_agree() {
    let (scene, _) = scene().await;
    let report = show(&scene, &scene.ann.actor, ReportOf::Own, "UTC").await;
    assert_eq!((report.total.runs, report.total.counts.cancelled), (2, 6));
    let days: u64 = report
        .days
        .iter()
        .map(|day| day.sums.counts.cancelled)
        .sum();
    let of = report.mailings.iter().map(|of| of.sums.counts.cancelled);
    let domains = report.domains.iter().map(|sum| sum.counts.cancelled);
    assert_eq!((days, of.sum(), domains.sum()), (6, 6, 6));
    assert_eq!(report.days.len(), 7);
    assert_eq!(report.total.uncounted, 0);
    let range = week("UTC");
    let days = scene.services.reports.days(&scene.ann.actor, &range).await;
    assert_eq!(days.unwrap(), report.days);
}

#[tokio::test]
async fn a_run_counts_on_the_day_that_calendars_show_where_the_reader_is() {
    let (scene, _) = scene().await;
    let runs = async |zone| {
        let report = show(&scene, &scene.ann.actor, ReportOf::Own, zone).await;
        let days = report.days.iter().filter(|day| day.sums.runs > 0);
        let told: Vec<_> = days
            .map(|day| (day.date.to_string(), day.sums.runs))
            .collect();
        told
    };
    let shown = |zone: &str| {
        let zone = Zone::parse(zone).unwrap();
        [0, 14].map(|hours| {
            let at = start() + TimeDelta::hours(hours);
            zone.local(at).date_naive().to_string()
        })
    };
    for zone in ["UTC", "Asia/Kathmandu", "Asia/Kolkata", "Pacific/Honolulu"] {
        let [first, second] = shown(zone);
        let expected = match first == second {
            true => vec![(first, 2)],
            false => vec![(first, 1), (second, 1)],
        };
        assert_eq!(runs(zone).await, expected, "{zone}");
    }
}

#[tokio::test]
async fn managers_see_everybody_or_one_owner_and_owners_themselves() {
    let (scene, bob) = scene().await;
    let all = show(&scene, &manager(), ReportOf::Everybody, "UTC").await;
    assert_eq!((all.total.runs, all.total.counts.cancelled), (3, 8));
    let one = show(&scene, &manager(), ReportOf::Owner(bob.id()), "UTC").await;
    assert_eq!((one.total.runs, one.total.counts.cancelled), (1, 2));
    assert_eq!(one.mailings[0].owner_email.as_str(), "bob@example.org");
    let own = show(&scene, &bob.actor, ReportOf::Own, "UTC").await;
    assert_eq!(own.mailings, one.mailings);

    let reports = &scene.services.reports;
    let range = week("UTC");
    for of in [ReportOf::Everybody, ReportOf::Owner(bob.id())] {
        let refused = reports.show(&scene.ann.actor, of, &range).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
        let refused = reports.file(&scene.ann.actor, of, &range, ReportTable::Days, true);
        assert!(matches!(refused.await, Err(Error::Denied(_))));
    }
    let nobody = ReportOf::Owner(id(start()));
    let unknown = reports.show(&manager(), nobody, &range).await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");
    let manager = owner().role(Role::Manager).saved(scene.store()).await;
    let own = show(&scene, &manager.actor, ReportOf::Own, "UTC").await;
    assert!(own.total.is_empty(), "a manager's own are the manager's");
}

#[tokio::test]
async fn files_hold_the_tables_and_no_formula() {
    let (scene, _) = scene().await;
    let own = async |table| file(&scene, &scene.ann.actor, ReportOf::Own, table).await;
    let days = own(ReportTable::Days).await;
    let head = "\"day\",\"mailing\",\"runs\",\"waiting\",\"delivered\",\"failed\",\"unknown\",\
        \"suppressed\",\"cancelled\"";
    assert_eq!(days[0], head);
    assert_eq!(days.len(), 3);
    let day = start().date_naive();
    assert_eq!(
        days[1],
        format!("\"{day}\",\"'=Winter\",\"1\",\"0\",\"0\",\"0\",\"0\",\"0\",\"3\"")
    );
    let mailings = own(ReportTable::Mailings).await;
    assert_eq!(mailings.len(), 3);
    assert_eq!(own(ReportTable::Causes).await, ["\"cause\",\"failed\""]);
    let domains = own(ReportTable::Domains).await;
    assert_eq!(domains[1], "\"example.org\",\"0\",\"0\",\"0\",\"0\",\"6\"");
    let all = file(&scene, &manager(), ReportOf::Everybody, ReportTable::Days).await;
    assert!(
        all[0].starts_with("\"day\",\"mailing\",\"owner\","),
        "{}",
        all[0]
    );
    assert!(all.iter().any(|line| line.contains("\"bob@example.org\"")));
}

#[tokio::test]
async fn a_file_of_more_mailings_than_are_read_at_once_has_all_of_them() {
    let (scene, _) = scene().await;
    let (store, ann) = (scene.store(), &scene.ann);
    for _ in 0..1_000 {
        let one = mailing().of(ann).saved(store).await;
        run().at(start()).due(store, ann, &one).await;
    }
    let lines = file(&scene, &ann.actor, ReportOf::Own, ReportTable::Mailings).await;
    assert_eq!(lines.len(), 1 + 2 + 1_000);
}

#[tokio::test]
async fn a_file_of_two_years_comes_week_by_week() {
    let (scene, _) = scene().await;
    let range = Range::new(date("2024-06-01"), date("2026-06-01"), Zone::utc()).unwrap();
    let reports = &scene.services.reports;
    let (ann, days) = (&scene.ann.actor, ReportTable::Days);
    let mut file = reports
        .file(ann, ReportOf::Own, &range, days, true)
        .await
        .unwrap();
    let (mut pieces, mut rows) = (0, 0);
    while let Some(piece) = file.piece().await.unwrap() {
        pieces += 1;
        rows += String::from_utf8(piece).unwrap().lines().count();
    }
    assert_eq!((pieces, rows), (105, 3), "the head and both mailings");
}
