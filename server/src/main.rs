//! `starfray`: one command, and the game is on.

use std::process::ExitCode;

use clap::Parser;
use server::Server;
use server::args::{Args, Command, CommandLine};

fn main() -> ExitCode {
    standings::huge_pages::ask_for_them();
    let CommandLine { serve: args, command } = CommandLine::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::builder()
                .with_default_directive(tracing_subscriber::filter::LevelFilter::WARN.into())
                .from_env_lossy(),
        )
        .with_writer(std::io::stderr)
        // A log that can't be written, on a full disk say, would be complained of on the same standard error, by a panic.
        .log_internal_errors(false)
        .init();
    server::panics::log_them();
    match command {
        None => status(serve(args)),
        Some(Command::Boards(command)) => status(command.run()),
        Some(Command::Announce(command)) => status(command.run()),
    }
}

fn status<E: std::fmt::Display>(done: Result<(), E>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("starfray: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(args: Args) -> Result<(), server::ServerError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let server = Server::start(args).await?;
        println!("{}", server.url());
        println!("{}leaderboard", server.url());
        server.until_stopped().await
    })
}
