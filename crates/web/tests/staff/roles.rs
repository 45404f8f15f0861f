//! R12.1: the role table in the handbook is the one in the code.

use std::fmt::Write as _;

use identity::oversight::ActName;
use identity::staff::Role;

fn table() -> String {
    let mut table = String::from(
        "| role | alone | proposes | confirms | reads only |\n|---|---|---|---|---|\n",
    );
    for role in Role::ALL {
        let duties: Vec<&str> = role.duties().iter().map(|duty| duty.as_str()).collect();
        let acts = |of: fn(ActName) -> &'static [Role]| {
            let acts = ActName::ALL
                .into_iter()
                .filter(|act| of(*act).contains(&role));
            acts.map(ActName::as_str).collect::<Vec<_>>().join(", ")
        };
        let reads = if role.is_read_only() { "yes" } else { "" };
        writeln!(
            table,
            "| `{}` | {} | {} | {} | {reads} |",
            role.as_str(),
            duties.join(", "),
            acts(ActName::proposers),
            acts(ActName::confirmers),
        )
        .unwrap();
    }
    table
}

#[test]
fn r12_1_the_role_table_of_the_handbook_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/roles.md");
    let text = std::fs::read_to_string(path).unwrap();
    let table = table();
    assert!(
        text.contains(&table),
        "put this into docs/roles.md:\n{table}"
    );
}
