//! R9: what a platform has to carry out, on its own console: due, overdue in red, confirmed with evidence (R8.3, R9.5).

use testkit::{Fields, World};

#[tokio::test]
async fn r8_3_a_member_confirms_with_evidence_what_is_overdue() {
    let world = World::new().await;
    let (forum, member) = (world.platform("forum"), world.staff("forum-member"));
    let person = world.person("resident").applies().await;
    let verified = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let path = "/platform/withdrawals";
    let empty = member.gets(path).await.expect(200);
    assert!(empty.text().contains("没有待处理的请求"));
    person.asks_for_deletion("forum").await;
    let waits = member.gets(path).await.expect(200);
    assert!(waits.text().contains("删除") && waits.text().contains(verified.subject()));
    assert!(!waits.text().contains("tag bad"));
    // Another platform's member sees nothing of it.
    let other = world.staff("bank-member").gets(path).await.expect(200);
    assert!(!other.text().contains(verified.subject()));

    world.advance(15 * 86_400);
    member.signs_in().await;
    let late = member.gets(path).await.expect(200);
    assert!(late.text().contains("有 1 项已经逾期") && late.text().contains("tag bad"));
    let option = late.text().split("<option value=\"").nth(1).expect("one");
    let signal = option.split('"').next().unwrap_or_default().to_owned();
    let confirm =
        |signal: &str, evidence: &str| Fields::of(&[("signal", signal), ("evidence", evidence)]);
    let bare = member.submits(path, &confirm(&signal, " ")).await;
    assert_eq!(bare.status, 403);
    assert!(bare.text().contains("请写明怎样证明已经处理"));
    let stranger = world.staff("bank-member");
    let good = confirm(&signal, "工单 4711，删除日志已归档");
    assert_eq!(stranger.submits(path, &good).await.status, 404);
    assert_eq!(world.service().overdue().await.expect("overdue").len(), 1);
    // The supervisor sees that the platform is late, and of whom not.
    let watched = world.staff("wangxin").gets("/supervisor").await;
    let watched = watched.expect(200);
    let (_, table) = watched
        .text()
        .split_once("平台逾期未办的撤回与删除")
        .expect("a table");
    assert!(table.contains("forum") && table.contains("tag bad"));
    assert!(!watched.text().contains(verified.subject()));
    assert_eq!(member.submits(path, &good).await.status, 303);
    assert!(world.service().overdue().await.expect("overdue").is_empty());
    assert_eq!(member.submits(path, &good).await.status, 404, "once");

    // The log binds the evidence, and neither holds it nor says whom it is about.
    let bodies = world.event_bodies().await;
    let confirmed = bodies
        .iter()
        .filter(|event| event["event"] == "signal_confirmed");
    let confirmed: Vec<_> = confirmed.collect();
    assert!(confirmed.iter().any(|event| event["by"] == "forum-member"));
    for event in confirmed {
        assert!(!event.to_string().contains("4711"));
        assert!(!event.to_string().contains(verified.subject()));
    }
}
