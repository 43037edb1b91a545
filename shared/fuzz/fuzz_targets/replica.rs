//! Frames as a stranger's server might send them, several in a row: applied or refused, never more entities than the
//! limit. The bytes are taken as one frame, and as several with a byte before each that says how long it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::motion::Rules;
use shared::replica::{MAX_ENTITIES, Replica};

fuzz_target!(|bytes: &[u8]| {
    let mut replica = Replica::new(Rules::new(30, 4096));
    let _whole = replica.apply(bytes);
    let mut rest = bytes;
    while let Some((&length, more)) = rest.split_first() {
        let (frame, more) = more.split_at(usize::from(length).min(more.len()));
        let _outcome = replica.apply(frame);
        assert!(replica.entities().count() <= MAX_ENTITIES);
        rest = more;
    }
});
