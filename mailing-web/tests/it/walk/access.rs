//! Who is answered what.

use std::time::Duration;

use super::scene::World;
use super::{ROLES, Row, line, rows};
use crate::browser::Answer;

#[tokio::test]
async fn everybody_is_answered_as_the_table_says() {
    let mut world = World::new().await;
    let mut wrong = Vec::new();
    for row in rows() {
        let answered = answered(&mut world, &row).await;
        if answered != row.answers {
            let expected: Vec<_> = row.answers.iter().map(|&a| a.to_owned()).collect();
            wrong.push(format!("- {}", line(row.method, row.path, &expected)));
            wrong.push(format!("+ {}", line(row.method, row.path, &answered)));
        }
    }
    assert!(
        wrong.is_empty(),
        "the answers are not those of walk/table.txt (- table, + application):\n{}",
        wrong.join("\n")
    );
}

async fn answered(world: &mut World, row: &Row) -> Vec<String> {
    let mut all = Vec::new();
    let mut address = world.address(row.path).await;
    for role in ROLES {
        let answer = world.ask(role, row.method, &address, &row.fields).await;
        let said = said(&answer);
        if row.method == "POST" && said == "303" {
            // Something has happened: the next one finds it as this one did.
            address = world.address(row.path).await;
            world.sign_in_again(role).await;
        }
        all.push(said);
    }
    // As many requests as fit into the rate of a minute.
    world.site.clock.advance(Duration::from_secs(60));
    all
}

fn said(answer: &Answer) -> String {
    if answer.location().starts_with("/login?next=") {
        "login".to_owned()
    } else {
        answer.status.to_string()
    }
}
