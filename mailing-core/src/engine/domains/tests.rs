//! Domains that take everything, want less, refuse by policy, and take mail again.

use uuid::Uuid;

use super::*;
use crate::testing::SeededEntropy;

const MOST: u32 = 20;
const GMAIL: &str = "gmail.com";

struct World {
    domains: Domains,
    entropy: SeededEntropy,
    now: Duration,
    recipients: u128,
}

impl World {
    fn new() -> Self {
        Self {
            domains: Domains::new(MOST),
            entropy: SeededEntropy::new(1),
            now: Duration::from_secs(1_000),
            recipients: 0,
        }
    }

    fn pass(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.domains.are_quiet(self.now);
    }

    fn ends(&mut self, domain: &str, news: &DomainNews) -> Change {
        self.recipients += 1;
        self.ends_for(self.recipients, domain, news)
    }

    fn ends_for(&mut self, recipient: u128, domain: &str, news: &DomainNews) -> Change {
        let who = Uuid::from_u128(recipient).into();
        self.domains.begin(domain);
        self.domains.end(domain, who, news, self.now)
    }

    fn refuses(&mut self) -> Change {
        self.ends(GMAIL, &DomainNews::Refuses("550 5.7.26 DMARC".into()))
    }

    fn slows(&mut self) -> Change {
        self.ends(GMAIL, &DomainNews::Slow("450 4.7.28 rate".into()))
    }

    /// How many messages to the domain may be in dialogue at once.
    fn at_once(&mut self, domain: &str) -> u32 {
        let mut begun = 0;
        while begun < 99 && self.domains.admits(domain, self.now) {
            self.domains.begin(domain);
            begun += 1;
        }
        for _ in 0..begun {
            let nobody = Uuid::nil().into();
            let none = DomainNews::None;
            self.domains.end(domain, nobody, &none, self.now);
        }
        begun
    }

    fn standing(&self) -> Option<(u32, Option<u64>, String)> {
        let (name, standing) = self.domains.standings(self.now).next()?;
        assert_eq!(name, GMAIL);
        let left = standing.until.map(|until| (until - self.now).as_secs());
        Some((standing.at_once, left, standing.why.to_owned()))
    }

    fn aside(&mut self, queued: u32) -> Option<(u64, Cause)> {
        match self.waited(queued, None)? {
            Aside::Waits { wait, cause } => Some((wait.as_secs(), cause)),
            Aside::GivenUp => panic!("given up"),
        }
    }

    /// What becomes of a claim that was put aside so many hours ago.
    fn waited(&mut self, queued: u32, hours: Option<u64>) -> Option<Aside> {
        let patience = Patience {
            waited: hours.map(|hours| Duration::from_secs(hours * 3_600)),
            most: Duration::from_secs(24 * 3_600),
        };
        self.domains
            .aside(GMAIL, queued, patience, self.now, &self.entropy)
    }

    fn gives_up(&mut self, hours: Option<u64>) -> bool {
        self.waited(0, hours) == Some(Aside::GivenUp)
    }

    /// The domain refuses until it is paused.
    fn pauses(&mut self) {
        while self.refuses() != Change::Paused {}
    }
}

#[test]
fn a_domain_takes_twenty_at_once_and_the_next_one_too() {
    let mut world = World::new();
    assert_eq!(world.at_once(GMAIL), 20);
    assert_eq!(world.at_once("example.org"), 20);
    assert!(world.domains.are_quiet(world.now));
    assert_eq!(world.aside(999), None);
}

#[test]
fn a_domain_that_wants_less_gets_half_and_a_tenth_more_each_minute() {
    let mut world = World::new();
    assert_eq!(world.slows(), Change::Slowed);
    assert_eq!(world.at_once(GMAIL), 0, "a second of silence first");
    assert_eq!(world.at_once("example.org"), 20);
    let at = world.now + Duration::from_secs(1);
    assert_eq!(world.domains.changes_at(world.now), Some(at));
    world.pass(1);
    assert_eq!(world.at_once(GMAIL), 10);
    for (seconds, at_once) in [(58, 10), (1, 12), (60, 14), (180, 20), (6_000, 20)] {
        world.pass(seconds);
        assert_eq!(world.at_once(GMAIL), at_once);
    }
    assert_eq!(world.standing(), None);
    assert!(world.domains.are_quiet(world.now));
}

#[test]
fn those_in_dialogue_together_ask_once_and_those_after_them_again() {
    let mut world = World::new();
    assert_eq!(world.slows(), Change::Slowed);
    assert_eq!(world.slows(), Change::None);
    let mut waits = Vec::new();
    for at_once in [10, 5, 2, 1, 1, 1, 1] {
        let wait = world.domains.changes_at(world.now).unwrap() - world.now;
        waits.push(wait.as_secs());
        world.now += wait;
        assert_eq!(world.at_once(GMAIL), at_once);
        world.slows();
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
}

#[test]
fn ten_refusals_by_policy_in_a_row_pause_the_domain_alone() {
    let mut world = World::new();
    for _ in 0..9 {
        assert_eq!(world.refuses(), Change::None);
    }
    world.ends(GMAIL, &DomainNews::Fine);
    for _ in 0..9 {
        assert_eq!(world.refuses(), Change::None);
    }
    assert_eq!(world.refuses(), Change::Paused);
    assert_eq!(world.refuses(), Change::None, "it was in dialogue");
    assert_eq!(world.at_once(GMAIL), 0);
    assert_eq!(world.at_once("example.org"), 20);
    let said = "550 5.7.26 DMARC".to_owned();
    assert_eq!(world.standing(), Some((0, Some(600), said)));
}

#[test]
fn the_same_recipients_refused_again_and_again_do_not_pause_a_domain() {
    let mut world = World::new();
    for nth in 0..2_000 {
        let refused = DomainNews::Refuses("550 5.7.1".into());
        let change = world.ends_for(nth % 9, GMAIL, &refused);
        assert_eq!(change, Change::None, "{nth}");
    }
}

#[test]
fn a_fifth_of_two_hundred_pauses_it_too() {
    let mut world = World::new();
    let paused = (0..1_000).position(|nth| {
        if nth % 5 == 0 {
            world.refuses() == Change::Paused
        } else {
            world.ends(GMAIL, &DomainNews::Fine);
            false
        }
    });
    assert_eq!(paused, Some(200));
    let mut world = World::new();
    for nth in 0..2_000 {
        let news = if nth % 6 == 0 {
            DomainNews::Refuses("550".into())
        } else {
            DomainNews::Fine
        };
        assert_ne!(world.ends(GMAIL, &news), Change::Paused, "{nth}");
    }
}

#[test]
fn after_a_pause_one_message_finds_out() {
    let mut world = World::new();
    for _ in 0..10 {
        world.refuses();
    }
    for minutes in [10, 20, 40, 60, 60] {
        world.pass(minutes * 60 - 1);
        assert_eq!(world.at_once(GMAIL), 0);
        world.pass(1);
        assert_eq!(world.at_once(GMAIL), 1);
        assert_eq!(world.refuses(), Change::Paused);
    }
    world.pass(3_600);
    world.ends(GMAIL, &DomainNews::Fine);
    assert_eq!(world.at_once(GMAIL), 1, "carefully");
    world.pass(60);
    assert_eq!(world.at_once(GMAIL), 3);
}

#[test]
fn who_finds_his_domain_paused_comes_back_after_the_pause() {
    let mut world = World::new();
    for _ in 0..10 {
        world.refuses();
    }
    for _ in 0..50 {
        let (wait, cause) = world.aside(0).unwrap();
        assert!((600..=720).contains(&wait), "{wait}");
        assert_eq!(cause, Cause::DomainRefuses);
    }
}

#[test]
fn what_has_waited_for_a_day_for_a_domain_that_refuses_is_given_up() {
    let mut world = World::new();
    assert!(!world.gives_up(Some(99)), "nothing is known of it");
    world.pauses();
    assert!(world.gives_up(Some(24)), "whoever has known it before");
    assert!(!world.gives_up(Some(23)));
    assert!(!world.gives_up(None));
    world.pass(600);
    assert!(!world.gives_up(Some(24)), "one message asks it again");
    world.ends(GMAIL, &DomainNews::Fine);
    world.pauses();
    assert!(!world.gives_up(Some(24)), "it has taken mail meanwhile");
}

#[test]
fn a_domain_known_to_refuse_for_a_day_is_asked_once_more_for_each() {
    let mut world = World::new();
    world.pauses();
    for _ in 0..24 {
        assert!(!world.gives_up(Some(1)));
        world.pass(3_600);
        world.pauses();
    }
    assert!(!world.gives_up(None), "it was not put aside yet");
    assert!(world.gives_up(Some(1)));
    world.pass(3_600);
    world.ends(GMAIL, &DomainNews::Fine);
    world.pauses();
    assert!(!world.gives_up(Some(1)), "the day begins anew");
}

#[test]
fn a_crowd_before_a_slowed_domain_comes_back_in_turn() {
    let mut world = World::new();
    world.slows();
    world.pass(1);
    assert_eq!(
        world.aside(19),
        None,
        "twice what it takes at once may wait"
    );
    let waits: Vec<_> = (0..20_000).map(|_| world.aside(20).unwrap().0).collect();
    let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
    assert!(*least >= 10 && *most <= 10 + 900 + 60, "{least} {most}");
    // Ten a second: the thousandth is not back before his turn.
    assert!(waits[1_000] >= 100, "{}", waits[1_000]);
}

#[test]
fn domains_that_took_everything_are_forgotten() {
    let mut world = World::new();
    for _ in 0..10 {
        world.refuses();
    }
    for number in 0..3 * KNOWN_MAX {
        world.ends(&format!("d{number}.example"), &DomainNews::Fine);
    }
    assert!(world.domains.known.len() <= KNOWN_MAX + 1);
    assert_eq!(world.at_once(GMAIL), 0, "the pause is kept");
    for number in 0..3 * KNOWN_MAX {
        let news = DomainNews::Refuses("550 5.7.1".into());
        world.ends(&format!("d{number}.example"), &news);
    }
    assert!(world.domains.known.len() <= KNOWN_MAX + 1);
}
