//! The PROXY protocol, versions 1 and 2: a trusted proxy's first bytes, which say where the connection comes from.
//!
//! Must never: be asked about a connection that no trusted proxy made.

use std::net::{IpAddr, SocketAddr};

use ppp::{HeaderResult, PartialResult, v1, v2};

/// Bytes of a header at most. Version 2 could be longer only by extras that nobody sends.
pub(super) const LONGEST: usize = 536;

/// What the first bytes of a connection are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// No PROXY header: the proxy speaks HTTP or TLS at once.
    None,
    /// The beginning of one.
    Partial,
    /// One of so many bytes, and the address it names; none when the proxy itself came to see whether we live.
    Header(usize, Option<IpAddr>),
    /// One that can't be read.
    Broken,
}

/// What `bytes` begin with.
pub(super) fn opening(bytes: &[u8]) -> Opening {
    if !begins_like(bytes, v1::PROTOCOL_PREFIX.as_bytes()) && !begins_like(bytes, v2::PROTOCOL_PREFIX) {
        return Opening::None;
    }
    let header = HeaderResult::parse(bytes);
    if header.is_incomplete() {
        return if bytes.len() < LONGEST { Opening::Partial } else { Opening::Broken };
    }
    match header {
        HeaderResult::V1(Ok(header)) => Opening::Header(header.header.len(), source_v1(&header.addresses)),
        HeaderResult::V2(Ok(header)) => Opening::Header(header.len(), source_v2(&header.addresses)),
        HeaderResult::V1(Err(_)) | HeaderResult::V2(Err(_)) => Opening::Broken,
    }
}

/// Is one a beginning of the other?
fn begins_like(bytes: &[u8], prefix: &[u8]) -> bool {
    let both = bytes.len().min(prefix.len());
    bytes[..both] == prefix[..both]
}

fn source_v1(addresses: &v1::Addresses) -> Option<IpAddr> {
    match addresses {
        v1::Addresses::Unknown => None,
        v1::Addresses::Tcp4(tcp) => Some(tcp.source_address.into()),
        v1::Addresses::Tcp6(tcp) => Some(tcp.source_address.into()),
    }
}

fn source_v2(addresses: &v2::Addresses) -> Option<IpAddr> {
    match addresses {
        v2::Addresses::Unspecified | v2::Addresses::Unix(_) => None,
        v2::Addresses::IPv4(ip) => Some(ip.source_address.into()),
        v2::Addresses::IPv6(ip) => Some(ip.source_address.into()),
    }
}

/// The address of a peer, the same for both ways to write one of IPv4.
pub(crate) fn plain_address(of: SocketAddr) -> IpAddr {
    of.ip().to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_version_1_names_the_address() {
        let bytes = b"PROXY TCP4 203.0.113.9 10.0.0.1 5000 443\r\nGET / HTTP/1.1\r\n";
        assert_eq!(opening(bytes), Opening::Header(42, Some("203.0.113.9".parse().unwrap())));
        assert_eq!(opening(&bytes[..20]), Opening::Partial);
        assert_eq!(opening(b"PROXY UNKNOWN\r\n"), Opening::Header(15, None));
    }

    #[test]
    fn a_header_of_version_2_names_the_address() {
        let mut bytes = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".to_vec();
        bytes.extend([203, 0, 113, 9, 10, 0, 0, 1, 0x13, 0x88, 1, 0xbb]);
        assert_eq!(opening(&bytes), Opening::Header(28, Some("203.0.113.9".parse().unwrap())));
        assert_eq!(opening(&bytes[..20]), Opening::Partial);
    }

    #[test]
    fn http_and_tls_are_no_header_and_nonsense_is_broken() {
        for bytes in [&b"GET / HTTP/1.1\r\n"[..], b"POST /", b"\x16\x03\x01"] {
            assert_eq!(opening(bytes), Opening::None);
        }
        assert_eq!(opening(b"PROXY TCP9 x\r\n"), Opening::Broken);
        assert_eq!(opening(&[b"PROXY TCP4 ".as_slice(), &[b'1'; LONGEST]].concat()), Opening::Broken);
    }
}
