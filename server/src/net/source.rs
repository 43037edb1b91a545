//! Whom a connection or a request counts for: an address, and whether somebody in between vouches for it.
//!
//! Enters: what connections say, and what trusted proxies write. Must never: take an address from what a client wrote, or let
//! what a client wrote hide the one that a proxy did.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

/// Whom something counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    /// The address.
    pub address: IpAddr,
    /// A trusted proxy brought it. What comes so is never this machine's own, whatever the address.
    proxied: bool,
}

impl Source {
    /// Who made a connection by himself.
    pub(crate) fn direct(address: IpAddr) -> Self {
        Self { address, proxied: false }
    }

    /// Whom a trusted proxy names, or the proxy itself when it names nobody.
    pub(crate) fn proxied(address: IpAddr) -> Self {
        Self { address, proxied: true }
    }

    /// Is it this machine's own, for which limits by address do not count unless they are given?
    pub(crate) fn is_here(self) -> bool {
        !self.proxied && self.address.is_loopback()
    }

    /// Whom `lines` of X-Forwarded-For name, that came from `proxy`: the last one that is none of `proxies`. Bytes that are no
    /// address were not written by a proxy of ours, and neither was what stands before them.
    pub(crate) fn forwarded<'a>(
        proxy: IpAddr,
        lines: impl DoubleEndedIterator<Item = &'a [u8]>,
        proxies: &[IpNet],
    ) -> Self {
        let mut source = proxy;
        for hop in lines.rev().flat_map(|line| line.rsplit(|byte| *byte == b',')) {
            let Some(hop) = address(hop) else { break };
            source = hop.to_canonical();
            if !proxies.iter().any(|network| network.contains(&source)) {
                break;
            }
        }
        Self::proxied(source)
    }
}

/// The address of a hop. Some proxies write the port behind it, and brackets around one of IPv6.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop.trim_ascii()).ok()?;
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']'));
    let whole = bare.unwrap_or(hop).parse().ok();
    whole.or_else(|| hop.parse().ok().map(|with_port: SocketAddr| with_port.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(lines: &[&[u8]]) -> String {
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        let source = Source::forwarded("10.0.0.9".parse().unwrap(), lines.iter().copied(), &proxies);
        assert!(!source.is_here());
        source.address.to_string()
    }

    #[test]
    fn the_last_address_that_is_no_trusted_proxy_counts() {
        assert_eq!(forwarded(&[b"6.6.6.6, 203.0.113.9, 10.1.2.3"]), "203.0.113.9");
        assert_eq!(forwarded(&[b"6.6.6.6", b"203.0.113.9", b"10.1.2.3"]), "203.0.113.9");
        assert_eq!(forwarded(&[b"6.6.6.6, nonsense, 10.1.2.3"]), "10.1.2.3");
        assert_eq!(forwarded(&[b"::ffff:203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn what_a_client_writes_hides_nothing_that_a_proxy_wrote_behind_it() {
        assert_eq!(forwarded(&[b"\xff, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(forwarded(&[b"\xff,\t203.0.113.9 ,10.1.2.3"]), "203.0.113.9");
        assert_eq!(forwarded(&[b"203.0.113.9, \xff"]), "10.0.0.9");
        assert_eq!(forwarded(&[b"", b"unknown"]), "10.0.0.9");
        assert_eq!(forwarded(&[]), "10.0.0.9");
    }

    #[test]
    fn a_port_behind_an_address_is_taken_off() {
        assert_eq!(forwarded(&[b"203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(forwarded(&[b"6.6.6.6, [2001:db8::1]:80, 10.1.2.3:1"]), "2001:db8::1");
        assert_eq!(forwarded(&[b"[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(forwarded(&[b"203.0.113.9:no"]), "10.0.0.9");
    }

    #[test]
    fn only_who_comes_by_himself_is_of_this_machine() {
        let (here, there) = ("127.0.0.1".parse().unwrap(), "203.0.113.9".parse().unwrap());
        assert!(Source::direct(here).is_here());
        assert!(!Source::proxied(here).is_here() && !Source::direct(there).is_here());
    }
}
