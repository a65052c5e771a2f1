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
        self.ends(&trouble("421 bye", Weight::Plain))
    }

    fn ends(&mut self, news: &ServerNews) -> bool {
        self.breaker.begin(self.now);
        self.breaker.note(news, self.now, &self.entropy)
    }

    /// How many messages may be in dialogue at once.
    fn lanes(&mut self) -> usize {
        (0..9)
            .take_while(|busy| self.breaker.admits(*busy, self.now))
            .count()
    }
}

fn trouble(what: &str, weight: Weight) -> ServerNews {
    ServerNews::Trouble {
        what: what.into(),
        weight,
    }
}

#[test]
fn the_first_message_goes_alone_and_its_success_opens_all_lanes() {
    let mut world = World::new();
    assert_eq!(world.breaker.room(world.now), Room::One);
    world.breaker.begin(world.now);
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
    for lanes in [3, 2, 1] {
        assert!(!world.ends(&trouble("421 too many", Weight::Slower)));
        assert_eq!(world.breaker.used(world.now), Some(lanes));
    }
    // After quiet one more each minute.
    for (second, lanes) in [(59, 1), (60, 2), (119, 2), (120, 3), (180, 4), (999, 4)] {
        let at = world.now + Duration::from_secs(second);
        assert_eq!(world.breaker.used(at), Some(lanes), "{second}");
    }
    let minute = Duration::from_secs(60);
    world.pass(1);
    assert_eq!(world.breaker.changes_at(world.now), Some(minute));
}

#[test]
fn a_server_that_has_no_room_for_one_connection_is_left_alone() {
    let mut world = World::working();
    let opened = (0..20).position(|_| world.ends(&trouble("421 too many", Weight::Slower)));
    assert_eq!(
        opened,
        Some(LANES - 1 + 4),
        "one lane fewer each time, then five in a row"
    );
}

#[test]
fn what_trying_again_cannot_mend_opens_at_once() {
    for mut world in [World::new(), World::working()] {
        assert!(world.ends(&trouble("554 not you", Weight::Grave)));
        let (until, why) = world.breaker.open().unwrap();
        assert_eq!((until.as_secs(), why), (30, "554 not you"));
        world.pass(30);
        assert_eq!(world.breaker.room(world.now), Room::One);
        assert!(world.ends(&trouble("554 not you", Weight::Grave)));
        let (until, _) = world.breaker.open().unwrap();
        assert_eq!((until - world.now).as_secs(), 60, "doubled");
    }
}

#[test]
fn an_outage_of_an_hour_is_told_once() {
    let mut world = World::working();
    for _ in 0..2 {
        for _ in 0..5 {
            world.trouble();
        }
        let mut told = Vec::new();
        for _ in 0..200 {
            world.pass(60);
            let long = world.breaker.long_away(world.now);
            told.extend(long.map(|(away, why)| (away.as_secs(), why.to_owned())));
            if world.breaker.room(world.now) == Room::One {
                world.trouble();
            }
        }
        assert_eq!(told, [(3_600, "421 bye".to_owned())]);
        // It comes back: the next outage is another one.
        world.pass(600);
        assert_eq!(world.breaker.room(world.now), Room::One);
        world.answered();
        assert_eq!(world.breaker.long_away(world.now), None);
    }
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
