//! When a crowd has gone, what it took goes back to the system.
//!
//! Enters: how many connections there are. Leaves: memory, by glibc's `malloc_trim`: its allocator keeps what is free between
//! what is not, for good, unless it is asked. Elsewhere nothing is done. Must never: make a tick wait for long; arenas allocate
//! from heaps of their own, and one heap at a time is locked, for as long as its free pages take.

use std::sync::Arc;
use std::time::Duration;

use crate::net::Door;

/// How often it is looked how many are here.
const LOOKS: Duration = Duration::from_secs(1);

/// So many connections fewer than there were are a crowd that has gone: some 4 MiB.
const CROWD: usize = 250;

/// So many looks after it has gone, when the players are gone, too, who might have come back.
const CALM: u32 = 25;

/// How many connections there were at most, and what came after that.
#[derive(Debug, Default)]
struct Tide {
    most: usize,
    low: Option<Low>,
}

/// Since a crowd has gone.
#[derive(Debug, Default)]
struct Low {
    looks: u32,
    most: usize,
}

impl Tide {
    /// There are so many connections now. Has a crowd gone, for long enough?
    fn is_over(&mut self, now: usize) -> bool {
        self.most = self.most.max(now);
        if self.low.is_none() && self.most - now < CROWD {
            return false;
        }
        let low = self.low.get_or_insert_default();
        (low.looks, low.most) = (low.looks + 1, low.most.max(now));
        let over = low.looks > CALM;
        if over {
            // Those who went meanwhile may be a crowd, too.
            *self = Self { most: low.most, low: None };
        }
        over
    }
}

/// Looks again and again.
pub(crate) async fn follow(door: Arc<Door>) {
    let mut tide = Tide::default();
    loop {
        tokio::time::sleep(LOOKS).await;
        if tide.is_over(door.connections()) {
            // It takes milliseconds, so it has a thread of its own.
            let gave = tokio::task::spawn_blocking(give_back).await;
            tracing::debug!(gave = gave.unwrap_or(false), "a crowd has gone");
        }
    }
}

/// Gives back what is free. Was there anything?
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe way to it")]
fn give_back() -> bool {
    // SAFETY: any thread may call it at any time with any number; it touches nothing that is in use.
    // https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    unsafe { libc::malloc_trim(0) != 0 }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The looks, from 1, after which something is given back, when there are so many connections at each of them.
    fn over(counts: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut tide = Tide::default();
        let looks = counts.into_iter().zip(1..);
        looks.filter_map(|(now, look)| tide.is_over(now).then_some(look)).collect()
    }

    #[test]
    fn what_a_crowd_took_is_given_back_once_when_it_has_been_gone_for_a_while() {
        let counts = [100, 1100].into_iter().chain([100; 100]);
        assert_eq!(over(counts), [2 + CALM as usize + 1]);
    }

    #[test]
    fn who_comes_and_goes_one_by_one_is_no_crowd() {
        assert!(over((0..500).map(|look| 1000 - look % CROWD)).is_empty());
    }

    #[test]
    fn a_crowd_that_goes_while_the_last_one_is_waited_for_is_waited_for_too() {
        let calm = CALM as usize;
        let first = [2000, 1000].into_iter().chain(std::iter::repeat_n(1000, calm - 1));
        let counts: Vec<usize> = first.chain([0; 100]).collect();
        assert_eq!(over(counts), [calm + 2, 2 * calm + 3]);
    }

    #[test]
    fn after_a_slow_ebb_too_little_is_left_to_go() {
        let looks = over((0..1000).map(|look| 1000_usize.saturating_sub(10 * look)));
        assert!(looks.len() >= 2 && looks[looks.len() - 1] > 100, "{looks:?}");
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn free_memory_between_what_is_kept_goes_back() {
        const BLOCK: usize = 64 * 1024;
        let mut blocks: Vec<Option<Vec<u8>>> = (0..512).map(|_| Some(vec![1; BLOCK])).collect();
        blocks.iter_mut().step_by(2).for_each(|block| *block = None);
        let before = resident();
        assert!(give_back());
        let given = before.saturating_sub(resident());
        assert!(given > 8 << 20, "{given} of 16 MiB");
        assert!(blocks.iter().flatten().all(|block| block.iter().all(|byte| *byte == 1)));
    }

    /// Bytes of memory that the process has.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn resident() -> usize {
        let text = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("Rss:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<usize>().unwrap() * 1024
    }
}
