//! Who asks: the address behind a trusted proxy, whether the way is encrypted, and whether a page of another site asks.

use std::sync::Arc;

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use ipnet::IpNet;

use crate::counters::Limit;
use crate::net::{Door, Source, Ticket, Visitor};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

impl Visitor {
    /// Whom a request counts for: its connection's source, or whom a trusted proxy names in the headers.
    pub(super) fn source(&self, headers: &HeaderMap, proxies: &[IpNet]) -> Source {
        if !self.proxied {
            return self.source;
        }
        let lines = headers.get_all(FORWARDED_FOR).iter().map(HeaderValue::as_bytes);
        Source::forwarded(self.source.address, lines, proxies)
    }

    /// Can nobody on the way read this?
    pub(super) fn is_encrypted(&self, headers: &HeaderMap) -> bool {
        let said = headers.get(FORWARDED_PROTO).filter(|_| self.proxied);
        self.encrypted || said.is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
    }

    /// The host and port that the browser believes to talk to.
    pub(super) fn host(&self, headers: &HeaderMap) -> Option<Authority> {
        let forwarded = headers.get(FORWARDED_HOST).filter(|_| self.proxied);
        forwarded.or_else(|| headers.get(HOST))?.to_str().ok()?.parse().ok()
    }

    /// The place of a session: that of its connection, or one of its own when many come over a proxy's.
    pub(super) fn place(&self, source: Source, door: &Arc<Door>) -> Result<Arc<Ticket>, Limit> {
        match &self.ticket {
            Some(ticket) => Ok(ticket.clone()),
            None => door.enter(source).map(Arc::new),
        }
    }

    /// May the page that asks open a WebSocket? Browsers always say which site a page is of, and nobody else has to: who is
    /// no browser could say anything.
    pub(super) fn may_connect(&self, headers: &HeaderMap, allowed: &[String]) -> bool {
        let mut origins = headers.get_all(ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (None, _) => true,
            (Some(origin), None) => origin.to_str().is_ok_and(|origin| {
                allowed.iter().any(|one| one == "*" || one.trim_end_matches('/').eq_ignore_ascii_case(origin))
                    || self.host(headers).is_some_and(|host| is_of(origin, &host))
            }),
            (Some(_), Some(_)) => false,
        }
    }
}

/// Is `origin` the site of `host`? The port may be left out when it is the usual one.
fn is_of(origin: &str, host: &Authority) -> bool {
    let Ok(origin) = origin.parse::<Uri>() else { return false };
    let usual = |port: Option<u16>| port.filter(|port| ![80, 443].contains(port));
    let known = origin.scheme_str().is_some_and(|scheme| scheme == "http" || scheme == "https");
    let same = origin.host().is_some_and(|name| name.eq_ignore_ascii_case(host.host()));
    known && same && usual(origin.port_u16()) == usual(host.port_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(proxied: bool) -> Visitor {
        let source = Source::direct("10.0.0.9".parse().unwrap());
        Visitor { source, proxied, encrypted: false, ticket: None }
    }

    fn headers(lines: &[(HeaderName, &str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_what_a_trusted_proxy_wrote_counts() {
        let said = headers(&[(FORWARDED_FOR, "6.6.6.6, 203.0.113.9"), (FORWARDED_FOR, "10.1.2.3")]);
        let source = |proxied| visitor(proxied).source(&said, &["10.0.0.0/8".parse().unwrap()]);
        assert_eq!(source(true), Source::proxied("203.0.113.9".parse().unwrap()));
        assert_eq!(source(false), visitor(false).source);
    }

    #[test]
    fn a_page_of_another_site_may_not_connect_unless_it_is_allowed() {
        let may = |origin: &str, host: &str, allowed: &[&str]| {
            let headers = headers(&[(ORIGIN, origin), (HOST, host)]);
            visitor(false)
                .may_connect(&headers, &allowed.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
        };
        assert!(may("http://Game.example:8080", "game.example:8080", &[]));
        assert!(
            may("https://game.example", "game.example", &[])
                && may("https://game.example:443", "game.example", &[])
        );
        for origin in [
            "https://evil.example",
            "null",
            "http://game.example:8081",
            "file://",
            "https://game.example.evil",
        ] {
            assert!(!may(origin, "game.example", &[]), "{origin}");
        }
        assert!(may("https://friend.example", "game.example", &["https://friend.example/"]));
        assert!(may("https://anyone.example", "game.example", &["*"]));
        assert!(visitor(false).may_connect(&headers(&[(HOST, "game.example")]), &[]));
        let twice = headers(&[
            (ORIGIN, "http://game.example"),
            (ORIGIN, "http://evil.example"),
            (HOST, "game.example"),
        ]);
        assert!(!visitor(false).may_connect(&twice, &[]));
    }

    #[test]
    fn a_proxy_says_whether_the_way_to_it_was_encrypted() {
        let said = headers(&[(FORWARDED_PROTO, "https")]);
        assert!(visitor(true).is_encrypted(&said) && !visitor(false).is_encrypted(&said));
    }
}
