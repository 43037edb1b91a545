//! The accessibility audit: axe-core's rules over a page as it is.
//!
//! Enters: a page. Leaves: a failure that lists every finding that is serious or critical. The rules come from the file that
//! the environment names in `AXE`; `tests/run` gets it from npm, in one version.

use e2e::browser::Page;

/// Fails when `page`, called `what` there, has serious findings.
pub async fn audit(page: &Page, what: &str) {
    let path = std::env::var("AXE").expect("AXE names axe-core's file: tests/run sets it");
    let rules = std::fs::read_to_string(path).expect("axe-core's file can be read");
    page.run(&rules).await;
    // What fades in is judged as it is in the end.
    let script = "const [done] = arguments;
        Promise.allSettled(document.getAnimations().filter((it) => it.effect.getTiming().iterations === 1).map((it) => it.finished))
          .then(() => axe.run({resultTypes: ['violations']}))
          .then((it) => done(it.violations
            .filter((rule) => ['serious', 'critical'].includes(rule.impact))
            .flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`))));";
    let findings = page.run_async(script).await;
    assert_eq!(findings, serde_json::json!([]), "{what}");
}
