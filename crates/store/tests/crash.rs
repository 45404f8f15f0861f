//! What survives the death of the process. What survives the loss of power is another question:
//! `e2e/power-loss/run.sh` asks it.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use crypto::random::{SystemRandom, array};
use store::{Options, Sqlite};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

mod worker;

/// Tells the child process where the store is.
const STORE: &str = "WANGZHENG_CRASH_STORE";

#[tokio::test(flavor = "multi_thread")]
async fn b2_c6_kill_9_loses_nothing_acknowledged_and_accepts_no_code_twice() {
    let cycles = if std::env::var_os("WANGZHENG_LONG").is_some() {
        50
    } else {
        3
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut all = String::new();
    for cycle in 1..=cycles {
        let said = work_until_killed(&path).await;
        let findings = findings(&path, &said).await;
        println!("kill -9, cycle {cycle} of {cycles}: {findings}");
        all.push_str(&said);
        all.push('\n');
    }
    println!("kill -9, all cycles: {}", findings(&path, &all).await);
}

/// Opens the store of the dead process; everything it said must be there.
async fn findings(path: &Path, said: &str) -> String {
    let store = Arc::new(Sqlite::open(path, &Options::default()).unwrap());
    let findings = worker::examine(store, said).await.unwrap();
    assert!(
        findings.acknowledged > 50,
        "the child did nothing: {findings:?}"
    );
    assert!(findings.whole(), "{findings:?}");
    findings.to_string()
}

/// Starts this very test binary as a worker, kills it at a random moment; everything it said.
async fn work_until_killed(path: &Path) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "crash::worker_process",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(STORE, path)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    // However slow the machine: it is killed at work, not on the way there.
    while said.matches('\n').count() < 100 {
        assert_ne!(
            output.read_line(&mut said).await.unwrap(),
            0,
            "the child ended: {said}"
        );
    }
    let reading = tokio::spawn(async move {
        let mut rest = Vec::new();
        output.read_to_end(&mut rest).await.unwrap();
        String::from_utf8_lossy(&rest).into_owned()
    });
    let [moment] = array::<1>(&SystemRandom);
    tokio::time::sleep(Duration::from_millis(50 + 2 * u64::from(moment))).await;
    child.start_kill().unwrap();
    assert!(!child.wait().await.unwrap().success());
    said + &reading.await.unwrap()
}

/// The child of the test above.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the kill -9 test starts it"]
async fn worker_process() {
    let Some(path) = std::env::var_os(STORE) else {
        return;
    };
    // The harness has begun a line of its own.
    println!();
    let store = Sqlite::open(path, &Options::default()).unwrap();
    worker::work(Arc::new(store)).await.unwrap();
}
