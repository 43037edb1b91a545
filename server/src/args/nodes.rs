//! Several servers as one: what an operator says of the others.

use cluster::RedisUrl;

/// The others.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Several servers")]
pub struct Nodes {
    /// The Redis that all servers of this game share, such as redis://10.0.0.2:6379: they have the same standings, and each
    /// arena is run by one of them, by another one when that is gone. All need the same --arenas
    #[arg(long, value_name = "URL", env = "STARFRAY_REDIS", hide_env_values = true)]
    pub redis: Option<RedisUrl>,

    /// Where players reach this server and no other, such as `https://two.example.org` [default: where it listens]
    #[arg(long, value_name = "URL", requires = "redis", value_parser = public_url)]
    pub public_url: Option<String>,

    /// Write recorded lives, who came and left, and how rounds ended into the stream starfray:events of Redis, for other
    /// programs to read
    #[arg(long, requires = "redis")]
    pub events: bool,
}

/// Without the slash at its end.
fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let good = rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()));
    let plain = good && !text.contains(['?', '#', '"', '\'', '\\', ';', ',']);
    plain
        .then(|| text.trim_end_matches('/').to_owned())
        .ok_or_else(|| "it should be like https://two.example.org".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_server_is_one_of_the_web_without_a_slash_at_its_end() {
        assert_eq!(public_url("https://two.example.org/n/a/").as_deref(), Ok("https://two.example.org/n/a"));
        for wrong in
            ["", "two.example.org", "ftp://x", "http://", "https://a b", "https://a?x", "https://a;b"]
        {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }
}
