//! A server that works, fails and comes back, in monotonic time.

use super::*;
use crate::testing::SeededEntropy;

const LANES: usize = 4;

struct World {
    breaker: Breaker,
    entropy: SeededEntropy,
    now: Duration,
}

impl World {
    fn new() -> Self {
        Self {
            breaker: Breaker::new(LANES),
            entropy: SeededEntropy::new(1),
            now: Duration::ZERO,
        }
    }

    /// A server that works and whose lanes are all in use.
    fn working() -> Self {
        let mut world = Self::new();
        world.answered();
        world
    }

    fn pass(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    fn answered(&mut self) {
        self.ends(&ServerNews::Answered);
    }

    /// True when it opened.
    fn trouble(&mut self) -> bool {
        self.ends(&ServerNews::Trouble {
            what: "421 bye".into(),
            slower: false,
        })
    }

    fn ends(&mut self, news: &ServerNews) -> bool {
        self.breaker.begin();
        self.breaker.note(news, self.now, &self.entropy)
    }

    /// How many messages may be in dialogue at once.
    fn lanes(&mut self) -> usize {
        (0..9)
            .take_while(|busy| self.breaker.admits(*busy, self.now))
            .count()
    }
}

#[test]
fn the_first_message_goes_alone_and_its_success_opens_all_lanes() {
    let mut world = World::new();
    assert_eq!(world.breaker.room(world.now), Room::One);
    world.breaker.begin();
    assert!(!world.breaker.admits(1, world.now));
    assert_eq!(world.breaker.room(world.now), Room::Nothing);
    world.answered();
    assert_eq!(
        (world.breaker.room(world.now), world.lanes()),
        (Room::All, LANES)
    );
}

#[test]
fn a_message_that_was_not_begun_leaves_the_probe_to_the_next() {
    let mut world = World::new();
    world.ends(&ServerNews::None);
    assert_eq!(world.breaker.room(world.now), Room::One);
}

#[test]
fn five_troubles_in_a_row_open_for_30_seconds() {
    for mut world in [World::new(), World::working()] {
        let opened: Vec<_> = (0..5).map(|_| world.trouble()).collect();
        assert_eq!(opened, [false, false, false, false, true]);
        assert_eq!(
            world.breaker.open(),
            Some((Duration::from_secs(30), "421 bye"))
        );
        world.pass(29);
        assert_eq!(world.breaker.room(world.now), Room::Nothing);
        world.pass(1);
        assert_eq!(world.breaker.room(world.now), Room::One);
    }
}

#[test]
fn half_of_twenty_open_it_too() {
    let mut world = World::working();
    let opened = (0..40).position(|n| {
        if n % 2 == 0 {
            world.answered();
            false
        } else {
            world.trouble()
        }
    });
    assert_eq!(opened, Some(19));
}

#[test]
fn open_times_double_up_to_ten_minutes_and_start_anew_after_success() {
    let mut world = World::working();
    for _ in 0..5 {
        world.trouble();
    }
    for seconds in [30, 60, 120, 240, 480, 600, 600] {
        let (until, _) = world.breaker.open().unwrap();
        assert_eq!(until - world.now, Duration::from_secs(seconds));
        world.pass(seconds);
        assert_eq!(world.breaker.room(world.now), Room::One);
        world.trouble();
    }
    world.pass(600);
    assert_eq!(world.breaker.room(world.now), Room::One);
    world.answered();
    for _ in 0..5 {
        world.trouble();
    }
    assert_eq!(
        world.breaker.open().unwrap().0 - world.now,
        Duration::from_secs(30)
    );
}

#[test]
fn after_an_outage_lanes_come_back_one_by_one() {
    let mut world = World::working();
    for _ in 0..5 {
        world.trouble();
    }
    world.pass(30);
    assert_eq!(world.lanes(), 9, "only `busy` limits the probe");
    world.answered();
    world.pass(30); // the wait after the last trouble is over
    let since = Duration::from_secs(30);
    for (second, lanes) in [(0, 1), (9, 1), (10, 2), (20, 3), (30, 4), (300, 4)] {
        assert_eq!(
            world.breaker.used(since + Duration::from_secs(second)),
            Some(lanes),
            "{second}"
        );
    }
    let at_15 = since + Duration::from_secs(15);
    assert_eq!(
        world.breaker.changes_at(at_15),
        Some(since + Duration::from_secs(20))
    );
}

#[test]
fn a_server_with_too_many_connections_gets_one_fewer() {
    let mut world = World::working();
    world.ends(&ServerNews::Trouble {
        what: "421 too many".into(),
        slower: true,
    });
    assert_eq!(world.breaker.used(world.now), Some(LANES - 1));
}

#[test]
fn a_single_trouble_makes_a_short_pause() {
    let mut world = World::working();
    world.trouble();
    let pause = world.breaker.changes_at(world.now).unwrap();
    assert!(pause <= Duration::from_secs(1), "{pause:?}");
    assert_eq!(world.lanes(), 0);
    world.now = pause;
    assert_eq!(world.lanes(), LANES);
}

#[test]
fn refused_credentials_are_not_tried_again_soon() {
    for reason in [PauseReason::Authentication, PauseReason::Encryption] {
        let mut world = World::new();
        assert!(world.ends(&ServerNews::Refuses {
            reason,
            what: "535 no".into()
        }));
        world.pass(599);
        assert_eq!(world.breaker.room(world.now), Room::Nothing);
    }
    let mut world = World::new();
    assert!(!world.ends(&ServerNews::Refuses {
        reason: PauseReason::Sender,
        what: "550".into()
    }));
    assert_eq!(world.breaker.room(world.now), Room::All);
}
