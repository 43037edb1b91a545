//! Join tokens: JSON Web Tokens by which somebody else, such as a lobby or a tournament, says who may play. They come as
//! a WebSocket subprotocol, `join.TOKEN` beside `starfray`, because addresses get logged and subprotocols do not.
//!
//! A token says until when it holds (`exp`) and for whom it was made (`aud`), may name the arena (`arena`) and the name
//! to play under (`name`). Until it expires it may be used again: who steals one may play as what it says, and no more.
//!
//! Must never: log a token or the key.

use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::SEC_WEBSOCKET_PROTOCOL;
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;

use crate::net::{Pass, transfer};
use standings::{Signer, UnixMs};

/// The subprotocol that is spoken.
pub(super) const PROTOCOL: &str = "starfray";
/// What a join token begins with among the subprotocols.
const JOIN: &str = "join.";
/// What a ticket begins with.
const TICKET: &str = "ticket.";
/// How every Ed25519 public key begins in its usual form (RFC 8410); 32 bytes of key follow.
const ED25519: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// Bytes of a secret at least: as many as its hash has.
const SECRET: usize = 32;
/// Seconds by which clocks may differ.
const LEEWAY: u64 = 10;

/// Tells good tokens from others.
pub(crate) struct JoinKey {
    key: DecodingKey,
    validation: Validation,
}

#[derive(Deserialize)]
struct Claims {
    arena: Option<String>,
    name: Option<String>,
}

impl JoinKey {
    /// Reads the key.
    ///
    /// # Errors
    /// When there is none in the file.
    pub(crate) fn read(file: &Path, audience: &str) -> io::Result<Arc<Self>> {
        // Somebody else's provider would do as well: there is none in this process.
        let _first = PROVIDER.install_default();
        let bytes = std::fs::read(file)?;
        let wrong = |why: &str| io::Error::other(format!("{}: {why}", file.display()));
        let (key, algorithm) = if bytes.starts_with(b"-----BEGIN") {
            let public = SubjectPublicKeyInfoDer::from_pem_slice(&bytes);
            let public = public.map_err(|_| wrong("there is no public key in it"))?;
            let key = public.strip_prefix(&ED25519).filter(|key| key.len() == 32);
            let key = key.ok_or_else(|| wrong("the key is not of Ed25519"))?;
            (DecodingKey::from_ed_der(key), Algorithm::EdDSA)
        } else {
            let secret = bytes.trim_ascii_end();
            if secret.len() < SECRET {
                return Err(wrong("a secret has at least 32 bytes"));
            }
            (DecodingKey::from_secret(secret), Algorithm::HS256)
        };
        // One key, one algorithm: the token does not choose.
        let mut validation = Validation::new(algorithm);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        (validation.validate_nbf, validation.leeway) = (true, LEEWAY);
        Ok(Arc::new(Self { key, validation }))
    }

    /// What the token among the offered subprotocols allows; None without one that is good.
    pub(super) fn pass(&self, headers: &HeaderMap) -> Option<Pass> {
        let token = offered(headers).find_map(|one| one.strip_prefix(JOIN))?;
        let claims = decode::<Claims>(token, &self.key, &self.validation).ok()?.claims;
        Some(Pass { arena: claims.arena, name: claims.name, sent: false })
    }
}

/// The ticket of another server among the offered subprotocols, and what it allows; None without one that is good.
pub(super) fn transfer(headers: &HeaderMap, signer: &Signer) -> Option<Pass> {
    let ticket = offered(headers).find_map(|one| one.strip_prefix(TICKET))?;
    transfer::read(signer, ticket, UnixMs::now())
}

/// Does the client offer our subprotocol?
pub(super) fn is_offered(headers: &HeaderMap) -> bool {
    offered(headers).any(|one| one == PROTOCOL)
}

fn offered(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// The arithmetic of tokens, by the library that encrypts, too.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(unsupported()),
    verifier_factory: |algorithm, key| {
        let key = key.try_get_as_bytes()?.to_vec();
        if ![Algorithm::EdDSA, Algorithm::HS256].contains(algorithm) {
            return Err(unsupported());
        }
        Ok(Box::new(Ring { algorithm: *algorithm, key }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

fn unsupported() -> Error {
    ErrorKind::InvalidAlgorithm.into()
}

struct Ring {
    algorithm: Algorithm,
    key: Vec<u8>,
}

impl Verifier<Vec<u8>> for Ring {
    fn verify(&self, message: &[u8], proof: &Vec<u8>) -> Result<(), signature::Error> {
        let good = if self.algorithm == Algorithm::HS256 {
            ring::hmac::verify(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &self.key), message, proof)
        } else {
            let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, &self.key);
            key.verify(message, proof)
        };
        good.map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Ring {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64URL_NOPAD as BASE64;
    use serde_json::{Value, json};

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn key(content: &[u8]) -> io::Result<Arc<JoinKey>> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, content).unwrap();
        JoinKey::read(&file, "starfray")
    }

    fn token(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let part = |value: &Value| BASE64.encode(value.to_string().as_bytes());
        let message = format!("{}.{}", part(header), part(claims));
        format!("{message}.{}", BASE64.encode(&sign(message.as_bytes())))
    }

    fn hs256(message: &[u8]) -> Vec<u8> {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, KEY);
        ring::hmac::sign(&key, message).as_ref().to_vec()
    }

    fn pass(key: &JoinKey, token: &str) -> Option<Pass> {
        let mut headers = HeaderMap::new();
        headers.insert(SEC_WEBSOCKET_PROTOCOL, format!("starfray, join.{token}").parse().unwrap());
        key.pass(&headers)
    }

    fn claims(seconds: i64) -> Value {
        let exp = jsonwebtoken::get_current_timestamp().cast_signed() + seconds;
        json!({ "aud": "starfray", "exp": exp, "arena": "2", "name": "Ada" })
    }

    #[test]
    fn a_good_token_says_where_and_as_whom_one_plays() {
        let key = key(KEY).unwrap();
        let good = token(&json!({ "alg": "HS256" }), &claims(60), hs256);
        let pass_of = pass(&key, &good).unwrap();
        assert_eq!((pass_of.arena.as_deref(), pass_of.name.as_deref()), (Some("2"), Some("Ada")));
        for at in 0..good.len() - 1 {
            let mut changed = good.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(pass(&key, std::str::from_utf8(&changed).unwrap()).is_none(), "{at}");
        }
    }

    #[test]
    fn tokens_that_are_old_for_others_or_of_another_algorithm_are_none() {
        let key = key(KEY).unwrap();
        let header = json!({ "alg": "HS256" });
        let without = |name: &str| {
            let mut claims = claims(60);
            claims.as_object_mut().unwrap().remove(name);
            claims
        };
        let mut others = claims(60);
        others["aud"] = "another".into();
        let mut odd = claims(60);
        odd["exp"] = "never".into();
        for claims in [claims(-60), without("exp"), without("aud"), others, odd] {
            assert!(pass(&key, &token(&header, &claims, hs256)).is_none(), "{claims}");
        }
        for algorithm in ["none", "None", "HS384", "RS256", "EdDSA"] {
            let token = token(&json!({ "alg": algorithm }), &claims(60), hs256);
            assert!(pass(&key, &token).is_none(), "{algorithm}");
        }
        assert!(pass(&key, &token(&json!({ "alg": "none" }), &claims(60), |_| Vec::new())).is_none());
    }

    #[test]
    fn a_public_key_takes_what_its_private_key_signed_and_is_no_secret() {
        use ring::signature::{Ed25519KeyPair, KeyPair};
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let der = [&ED25519[..], pair.public_key().as_ref()].concat();
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            data_encoding::BASE64.encode(&der)
        );
        let key = key(pem.as_bytes()).unwrap();
        let sign = |message: &[u8]| pair.sign(message).as_ref().to_vec();
        assert!(pass(&key, &token(&json!({ "alg": "EdDSA" }), &claims(60), sign)).is_some());
        let public_as_secret = |message: &[u8]| {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, pair.public_key().as_ref());
            ring::hmac::sign(&key, message).as_ref().to_vec()
        };
        assert!(pass(&key, &token(&json!({ "alg": "HS256" }), &claims(60), public_as_secret)).is_none());
    }

    #[test]
    fn a_file_without_a_good_key_is_refused() {
        for content in [&b"short"[..], b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"] {
            assert!(key(content).is_err());
        }
    }
}
