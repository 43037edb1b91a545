//! Private arenas: how many, and how long they stay.

use std::time::Duration;

/// Arenas of those who have the link.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Private arenas")]
pub struct Private {
    /// Most private arenas at once, each for those who have its link and on a thread of its own; 0 for none
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(..=64))]
    pub private_arenas: u16,

    /// How long a private arena stays in which nobody is
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = super::access::seconds)]
    pub private_linger: Duration,
}
