//! `plan check`.

use super::{ColorWhen, Outcome, World, decode, plan_path, read};
use crate::diagnostic::{Code, Diagnostic};
use crate::explain;
use crate::language::tr;
use crate::load;
use crate::model::Plan;
use crate::render::{diagnostics, problems};
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::path::PathBuf;

/// Every error and warning of a plan file.
#[derive(clap::Args, Debug)]
#[command(about = tr("检查方案文件，列出全部错误和提醒", "Check the plan file: every error and warning"))]
pub struct Check {
    #[arg(short, long, value_name = tr("文件", "PATH"), help = tr("方案文件；默认依次为 PLAN_FILE、本文件夹或上级文件夹里的 plan.yaml", "The plan; else PLAN_FILE, else plan.yaml here or above"))]
    file: Option<PathBuf>,
    #[arg(long, value_name = tr("格式", "FORMAT"), default_value = "text", hide_default_value = true, hide_possible_values = true, help = tr("输出格式：text、json（供编辑器）、github（供合并请求）", "text, json for editors, github for pull requests"))]
    format: CheckFormat,
    #[arg(long, value_name = tr("代码", "CODE"), conflicts_with = "file", help = tr("说明一个代码的意思，附正误两例", "What a code means, with a wrong and a right example"))]
    explain: Option<String>,
    #[arg(short, long, help = tr("没有问题时也说检查了什么", "Say what was checked even when all is well"))]
    verbose: bool,
    #[arg(long, value_name = tr("何时", "WHEN"), default_value = "auto", hide_default_value = true, hide_possible_values = true, help = tr("颜色：auto、always、never", "Colours: auto, always, never"))]
    color: ColorWhen,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CheckFormat {
    Text,
    Json,
    Github,
}

impl Check {
    /// Runs the command. Errors end with exit code 2; warnings alone do not.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown code.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        if let Some(asked) = &self.explain {
            let code = Code::ALL.iter().find(|code| code.id().eq_ignore_ascii_case(asked.trim()));
            let Some(code) = code else {
                let all = Code::ALL.iter().map(|code| code.id()).collect::<Vec<_>>().join(" ");
                bail!(tr(
                    format!("没有代码“{asked}”；全部代码：{all}"),
                    format!("there is no code {asked}; all codes: {all}")
                ));
            };
            write!(world.out, "{}", explain::explain(*code))?;
            return Ok(Outcome::Success);
        }
        let path = plan_path(self.file.as_deref(), world)?;
        let bytes = read(&path, crate::yaml::MAX_BYTES)?;
        let shown = path.display().to_string();
        let (text, found, plan) = match decode(&bytes) {
            Ok(text) => {
                let loaded = load::plan(text, world.today);
                (text, loaded.problems, loaded.plan)
            }
            Err(problem) => ("", vec![problem], None),
        };
        let out = match self.format {
            CheckFormat::Json => problems::json(&found, &shown, text)?,
            CheckFormat::Github => problems::github(&found, &shown, text),
            CheckFormat::Text if found.is_empty() => String::new(),
            CheckFormat::Text => diagnostics::full(&found, &shown, text, self.color.shows(world.color)),
        };
        write!(world.out, "{out}")?;
        if self.verbose
            && let Some(plan) = &plan
        {
            writeln!(world.err, "{}", checked(plan, text))?;
        }
        Ok(if found.iter().any(Diagnostic::is_error) { Outcome::Refused } else { Outcome::Success })
    }
}

/// What was checked and how much of it.
fn checked(plan: &Plan, text: &str) -> String {
    let lines = text.lines().count();
    let milestones: usize = plan.tasks.iter().map(|task| task.milestones.len()).sum();
    let indicators: usize = plan.tasks.iter().map(|task| task.indicators.len()).sum();
    let duties: usize = plan.tasks.iter().map(|task| task.duties.len()).sum();
    let (sections, tasks, units) = (plan.sections.len(), plan.tasks.len(), plan.units.len());
    tr(
        format!(
            "检查了{lines}行：{units}家单位，{sections}个板块，{tasks}项任务，{milestones}个时间节点，{indicators}个指标，{duties}项经常性工作。"
        ),
        format!(
            "checked {lines} lines: {units} units, {sections} sections, {tasks} tasks, {milestones} milestones, {indicators} indicators, {duties} duties"
        ),
    )
}
