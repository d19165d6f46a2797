//! The command line: the list of commands, their help, and what is said of a wrong one, in both languages.

use crate::commands::mail::{MAIL_FROM, MAIL_TO};
use crate::commands::{self, Outcome, World};
use crate::language::tr;
use crate::render::wrap::wrap;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;

/// Everything that somebody typed.
#[derive(Debug, Parser)]
#[command(
    name = "plan",
    version,
    about = tr("县级工作方案台账：到期、逾期、各单位完成情况", "A county work plan: what is due, what is overdue, how each unit stands"),
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    subcommand_help_heading = tr("命令", "Commands"),
    subcommand_value_name = tr("命令", "COMMAND"),
    help_template = top_template(),
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
    #[arg(short = 'h', long, global = true, action = clap::ArgAction::Help, help = tr("显示帮助", "Show this help"), help_heading = tr("其他", "Other"))]
    help: Option<bool>,
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help = tr("显示版本", "Show the version"), help_heading = tr("其他", "Other"))]
    version: Option<bool>,
}

/// The commands, in the order in which help lists them.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)]
pub enum Command {
    Tasks(commands::tasks::Tasks),
    Show(commands::show::Show),
    Deadlines(commands::deadlines::Deadlines),
    Overdue(commands::overdue::Overdue),
    Due(commands::due::Due),
    Indicators(commands::indicators::Indicators),
    Units(commands::units::Units),
    Report(commands::report::Report),
    Summary(commands::summary::Summary),
    Diff(commands::diff::Diff),
    Remind(commands::remind::Remind),
    Log(commands::log::Log),
    Record(commands::record::Record),
    Undo(commands::undo::Undo),
    Check(commands::check::Check),
    Schema(commands::schema::Schema),
}

/// Runs the command that was typed.
///
/// # Errors
/// Whatever kept it from an answer, in words for people.
pub fn run(cli: Cli, world: &mut World<'_>) -> anyhow::Result<Outcome> {
    match cli.command {
        Command::Tasks(command) => command.run(world),
        Command::Show(command) => command.run(world),
        Command::Deadlines(command) => command.run(world),
        Command::Overdue(command) => command.run(world),
        Command::Due(command) => command.run(world),
        Command::Indicators(command) => command.run(world),
        Command::Units(command) => command.run(world),
        Command::Report(command) => command.run(world),
        Command::Summary(command) => command.run(world),
        Command::Diff(command) => command.run(world),
        Command::Remind(command) => command.run(world),
        Command::Log(command) => command.run(world),
        Command::Record(command) => command.run(world),
        Command::Undo(command) => command.run(world),
        Command::Check(command) => command.run(world),
        Command::Schema(command) => command.run(world),
    }
}

fn top_template() -> &'static str {
    tr(
        "{about}\n\n用法：plan <命令> [选项]\n\n{all-args}\n\n每个命令的选项：plan <命令> --help\n",
        "{about}\n\nUsage: plan <COMMAND> [OPTIONS]\n\n{all-args}\n\nOptions of a command: plan <COMMAND> --help\n",
    )
}

fn command_template() -> &'static str {
    tr("{about}\n\n用法：{usage}\n\n{all-args}\n", "{about}\n\nUsage: {usage}\n\n{all-args}\n")
}

/// The columns of an option's help: what 80 leave beside the longest option.
const HELP_COLUMNS: usize = 52;

/// The command line as clap knows it, in the language that is set, its help broken into lines.
pub fn command() -> clap::Command {
    let mut command = bare_command().mut_args(wrapped_help);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| sub.mut_args(wrapped_help));
    }
    command
}

/// The same as it is enough for reading what was typed: breaking help into lines takes longer than most commands do.
fn bare_command() -> clap::Command {
    let mut command = Cli::command();
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| {
            let operands: String = sub.get_positionals().map(|operand| format!(" {operand}")).collect();
            let usage = format!("plan {name}{operands} {}", tr("[选项]", "[OPTIONS]"));
            distinct(sub).help_template(command_template()).override_usage(usage)
        });
    }
    command
}

/// Where a command has days `--from` and `--to`, those of its messages are `--mail-from` and `--mail-to`.
fn distinct(mut command: clap::Command) -> clap::Command {
    for (id, own, other) in [(MAIL_TO, "to", "mail-to"), (MAIL_FROM, "from", "mail-from")] {
        let taken = command.get_arguments().any(|argument| argument.get_id() == own);
        if taken && command.get_arguments().any(|argument| argument.get_id() == id) {
            command = command.mut_arg(id, |argument| argument.long(other));
        }
    }
    command
}

/// clap breaks help at spaces only, which Chinese has none of; so it is broken here.
fn wrapped_help(argument: clap::Arg) -> clap::Arg {
    match argument.get_help().map(ToString::to_string) {
        Some(help) => argument.help(wrap(&help, HELP_COLUMNS).join("\n")),
        None => argument,
    }
}

/// Reads what was typed.
///
/// # Errors
/// What to print and the exit code: 0 for help and version, 2 for a wrong command line.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Cli, Stop> {
    let arguments: Vec<_> = arguments.collect();
    let matches = bare_command().try_get_matches_from(&arguments).map_err(|error| {
        let is_help = matches!(
            error.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        );
        let again = if is_help { command().try_get_matches_from(&arguments).err() } else { None };
        stop(&again.unwrap_or(error), &arguments)
    })?;
    Cli::from_arg_matches(&matches).map_err(|error| stop(&error, &arguments))
}

/// Why the program ends before a command runs.
#[derive(Debug)]
pub struct Stop {
    /// What to print.
    pub text: String,
    /// 0 where the text was asked for, 2 where the command line is wrong.
    pub exit_code: u8,
}

fn stop(error: &clap::Error, arguments: &[OsString]) -> Stop {
    let shown = || format!("{}\n", error.render().to_string().trim_end());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Stop { text: shown(), exit_code: 0 },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Stop { text: shown(), exit_code: 2 },
        _ => Stop { text: explain(error, arguments), exit_code: 2 },
    }
}

/// What is wrong with the command line and what to type instead.
fn explain(error: &clap::Error, arguments: &[OsString]) -> String {
    let context = |kind| error.get(kind).map(words).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => {
            tr(format!("没有选项“{argument}”"), format!("there is no option {argument}"))
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            tr(format!("没有命令“{name}”"), format!("there is no command {name}"))
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            tr(format!("{argument} 后面缺一个值"), format!("{argument} needs a value"))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            tr(format!("{argument} 的值“{value}”不对"), format!("{value} is not a value for {argument}"))
        }
        ErrorKind::MissingRequiredArgument => {
            tr(format!("缺少 {argument}"), format!("{argument} is missing"))
        }
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg);
            tr(format!("{argument} 不能与 {other} 同用"), format!("{argument} cannot be used with {other}"))
        }
        ErrorKind::MissingSubcommand => tr("缺少命令", "a command is missing").to_string(),
        _ => tr("命令行有误", "the command line is wrong").to_string(),
    };
    let mut text = format!("{}：{message}\n", tr("错误", "error"));
    if tr(false, true) {
        text = format!("error: {message}\n");
    }
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    for near in near.into_iter().filter_map(|kind| error.get(kind)).map(words).filter(|near| !near.is_empty())
    {
        text.push_str(&tr(format!("  是不是“{near}”？\n"), format!("  do you mean {near}?\n")));
    }
    let valid = context(ContextKind::ValidValue);
    if !valid.is_empty() {
        text.push_str(&tr(format!("  可用的值：{valid}\n"), format!("  values: {valid}\n")));
    }
    // The command that was typed, if it is one.
    let name = arguments.get(1).and_then(|name| name.to_str());
    let name = name.filter(|name| Cli::command().find_subcommand(name).is_some());
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    text.push_str(&tr(format!("  用法：plan{name} --help\n"), format!("  see: plan{name} --help\n")));
    text
}

fn words(value: &ContextValue) -> String {
    let text = match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(list) => list.join(tr("、", ", ")),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::Number(number) => number.to_string(),
        _ => String::new(),
    };
    crate::render::wrap::clean(&text).into_owned()
}
