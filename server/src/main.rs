//! `starfray`: one command, and the game is on.

use std::process::ExitCode;

use clap::Parser;
use server::Server;
use server::args::Args;

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::builder()
                .with_default_directive(tracing_subscriber::filter::LevelFilter::WARN.into())
                .from_env_lossy(),
        )
        .with_writer(std::io::stderr)
        .init();
    match serve(args) {
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
        println!("http://{}/", server.address());
        println!("http://{}/leaderboard", server.address());
        server.until_stopped().await
    })
}
