//! The accessibility audit: axe-core's rules over a page as it is.
//!
//! Enters: a page. Leaves: a failure that lists every finding that is serious or critical. The rules are
//! `axe/axe.min.js` beside this file, as npm has it in the version and under the licence that it states.

use e2e::browser::Page;

/// Fails when `page`, called `what` there, has serious findings.
pub async fn audit(page: &Page, what: &str) {
    page.run(include_str!("axe/axe.min.js")).await;
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
