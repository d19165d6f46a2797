//! The tree to the plan that could be read, and every problem of its records: our own decoder, which never stops
//! at the first error.
//!
//! A record that cannot be read is left out and said so. Rules across records stand in `check`.

use crate::address::is_address;
use crate::calendar::{self, Period, PeriodName};
use crate::check;
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::language::tr;
use crate::model::*;
use crate::shape::*;
use crate::slip::{self, month_end_of, number_meant};
use crate::yaml::{self, Node, Value};
use chrono::{Datelike, NaiveDate};
use std::collections::{HashMap, HashSet};

/// What came of reading a file: the plan as far as it could be read, and every problem, in the file's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The plan; only to be trusted where no problem is an error.
    pub plan: Option<Plan>,
    /// All problems.
    pub problems: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(Diagnostic::is_error)
    }
}

/// The most problems that one file is told of.
pub const MAX_PROBLEMS: usize = 200;

/// Reads a plan. `today` is needed only to notice records in the future.
pub fn plan(text: &str, today: NaiveDate) -> Loaded {
    let yaml::Parsed { root, mut problems, blanked } = yaml::parse(text);
    let plan = root.and_then(|root| {
        let (year, names) = (None, HashMap::new());
        let registry_has_gaps = false;
        let mut decoder =
            Decoder { text, today, blanked, year, problems: Vec::new(), names, registry_has_gaps };
        let plan = decoder.plan(&root);
        problems.append(&mut decoder.problems);
        plan
    });
    if let Some(plan) = &plan {
        problems.append(&mut check::errors(plan));
        if !problems.iter().any(Diagnostic::is_error) {
            problems.append(&mut check::warnings(plan));
        }
    }
    problems.sort_by_key(|problem| (problem.span, problem.code));
    problems.dedup();
    if problems.len() > MAX_PROBLEMS {
        // Whatever else is left out, the errors are not: they decide whether a command goes on.
        problems.sort_by_key(|problem| problem.code.severity());
        problems.truncate(MAX_PROBLEMS);
        problems.sort_by_key(|problem| (problem.span, problem.code));
    }
    Loaded { plan, problems }
}

/// Reads records one after another and remembers what was wrong with them.
struct Decoder<'t> {
    text: &'t str,
    today: NaiveDate,
    /// Items that could not be read and have been complained of.
    blanked: Vec<Span>,
    /// The plan's year, once it is known.
    year: Option<i32>,
    problems: Vec<Diagnostic>,
    /// Every name and alias of the registry.
    names: HashMap<String, UnitId>,
    /// Whether some unit of the registry could not be read, so that nobody can say that a name is not in it.
    registry_has_gaps: bool,
}

/// A mapping whose keys are all known, each once.
struct Record<'n, 't> {
    span: Span,
    /// Known keys with a wrong colon behind them, of which has been complained already.
    misspelt: Vec<&'static str>,
    entries: &'n [(Node<'t>, Node<'t>)],
}

impl<'n, 't> Record<'n, 't> {
    /// The value of a key; an empty one counts as absent.
    fn get(&self, key: &str) -> Option<&'n Node<'t>> {
        self.raw(key).filter(|value| !value.is_null())
    }

    /// The value of a key, empty or not.
    fn raw(&self, key: &str) -> Option<&'n Node<'t>> {
        self.entries
            .iter()
            .find(|(name, _)| name.scalar().is_some_and(|scalar| scalar.text == key))
            .map(|(_, value)| value)
    }

    /// Where a key itself stands.
    fn key_span(&self, key: &str) -> Span {
        let found = self.entries.iter().find(|(name, _)| name.scalar().is_some_and(|s| s.text == key));
        found.map_or(self.span, |(name, _)| name.span)
    }
}

impl<'t> Decoder<'t> {
    fn say(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    // ---- the file, from the top down

    fn plan(&mut self, root: &Node<'t>) -> Option<Plan> {
        let file = self.record(root, &FILE)?;
        self.final_block_scalar(root);
        let head = self.required(&file, "plan", &FILE).and_then(|node| self.record(node, &PLAN));
        let title = head.as_ref().and_then(|head| self.required_text(head, "title", &PLAN));
        let year = head.as_ref().and_then(|head| {
            let node = self.required(head, "year", &PLAN)?;
            self.year_number(node)
        });
        self.year = year;
        let first_listed_leads = head.as_ref().is_some_and(|head| self.lead_rule(head));
        let note = head.as_ref().and_then(|head| self.text_field(head, "note"));
        let source = head.as_ref().and_then(|head| self.source(head)).unwrap_or_default();
        let units = match self.required(&file, "units", &FILE) {
            Some(node) => self.units(node),
            None => Vec::new(),
        };
        let mut sections = Vec::new();
        let mut tasks = Vec::new();
        if let Some(node) = self.required(&file, "sections", &FILE) {
            for node in self.list(node) {
                self.section(node, &mut sections, &mut tasks);
            }
        }
        Some(Plan { title: title?, year: year?, source, first_listed_leads, note, units, sections, tasks })
    }

    fn year_number(&mut self, node: &Node<'t>) -> Option<i32> {
        let year = self.number(node)?;
        if year.fract() == 0.0 && (1900.0..=2900.0).contains(&year) {
            return Some(year as i32);
        }
        self.wrong_type(node, tr("四位年份，如 2023", "a year of four digits, such as 2023"));
        None
    }

    fn lead_rule(&mut self, head: &Record<'_, 't>) -> bool {
        let Some(node) = head.get("lead") else { return false };
        let known = node.scalar().is_some_and(|scalar| scalar.text == "first_listed");
        if !known {
            self.wrong_type(node, "first_listed");
        }
        known
    }

    fn source(&mut self, head: &Record<'_, 't>) -> Option<Source> {
        let source = self.record(head.get("source")?, &SOURCE)?;
        self.text_field(&source, "title");
        self.text_field(&source, "url");
        Some(Source {
            publisher: self.text_field(&source, "publisher"),
            index: self.text_field(&source, "index"),
            published: self.date_field(&source, "published"),
        })
    }

    fn units(&mut self, node: &Node<'t>) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::new();
        let mut members: Vec<(usize, Vec<(String, Span)>)> = Vec::new();
        for node in self.list(node) {
            let named = self.record(node, &UNIT).and_then(|record| {
                let name_node = self.required(&record, "name", &UNIT)?;
                Some((self.text(name_node)?, name_node, record))
            });
            let Some((name, name_node, record)) = named else {
                self.registry_has_gaps = true;
                continue;
            };
            let id = UnitId(units.len());
            self.register(&name, id, name_node.span, &units);
            let mut aliases = Vec::new();
            for (alias, span) in self.texts(&record, "aliases") {
                self.register_alias(&alias, id, span, &units);
                aliases.push(alias);
            }
            if record.raw("members").is_some() {
                members.push((id.0, self.texts(&record, "members")));
            }
            let email = self.email(&record);
            let note = self.text_field(&record, "note");
            units.push(Unit { name, aliases, email, members: None, note, span: name_node.span });
        }
        for (group, names) in members {
            let known = names.iter().filter_map(|(name, span)| self.member(name, *span)).collect();
            units[group].members = Some(known);
        }
        units
    }

    fn register(&mut self, name: &str, id: UnitId, span: Span, units: &[Unit]) {
        self.glued(name, span);
        if let Some(other) = self.names.get(name).copied() {
            let owner = units.get(other.0).map_or(name, |unit| unit.name.as_str());
            let (code, zh, en) = if owner == name {
                (
                    Code::DuplicateUnit,
                    format!("单位“{name}”已经登记过"),
                    format!("the unit {name} is registered already"),
                )
            } else {
                (
                    Code::AliasIsName,
                    format!("“{name}”已经是“{owner}”的别名"),
                    format!("{name} is already an alias of {owner}"),
                )
            };
            self.say(
                Diagnostic::new(code, span, tr(zh, en))
                    .help(tr("每个名称和别名只登记一次", "register each name and alias once")),
            );
            return;
        }
        self.names.insert(name.to_string(), id);
    }

    fn register_alias(&mut self, alias: &str, id: UnitId, span: Span, units: &[Unit]) {
        self.glued(alias, span);
        match self.names.get(alias).copied() {
            None => {
                self.names.insert(alias.to_string(), id);
            }
            Some(other) => {
                let owner = units.get(other.0).map_or(alias, |unit| unit.name.as_str());
                let code = if owner == alias { Code::AliasIsName } else { Code::DuplicateUnit };
                let message = tr(
                    format!("别名“{alias}”已经用于“{owner}”"),
                    format!("the alias {alias} is already taken by {owner}"),
                );
                self.say(
                    Diagnostic::new(code, span, message)
                        .help(tr("每个名称和别名只登记一次", "register each name and alias once")),
                );
            }
        }
    }

    fn member(&mut self, name: &str, span: Span) -> Option<UnitId> {
        let found = self.names.get(name).copied();
        if found.is_none() && !self.glued(name, span) && !self.registry_has_gaps {
            let message = tr(
                format!("成员“{name}”不在 units 名录里"),
                format!("the member {name} is not registered under units"),
            );
            let near = self.near_unit(name);
            self.say(
                Diagnostic::new(Code::UnknownMember, span, message).help(register_help(near.as_deref())),
            );
        }
        found
    }

    fn email(&mut self, record: &Record<'_, 't>) -> Option<String> {
        let node = record.get("email")?;
        let address = self.text(node)?;
        if is_address(&address) {
            return Some(address);
        }
        let message = tr(format!("“{address}”不是电子邮箱"), format!("{address} is not an e-mail address"));
        self.say(
            Diagnostic::new(Code::BadAddress, node.span, message)
                .help(tr("写成 office@example.org 的样子", "write it like office@example.org")),
        );
        None
    }

    fn section(&mut self, node: &Node<'t>, sections: &mut Vec<Section>, tasks: &mut Vec<Task>) {
        let Some(record) = self.record(node, &SECTION) else { return };
        let (id, span) = self.id(&record, &SECTION).unwrap_or_default();
        let title = self.required_text(&record, "title", &SECTION);
        let source = self.text_field(&record, "source");
        let section = sections.len();
        sections.push(Section { id, title: title.unwrap_or_default(), source, span });
        if let Some(node) = self.required(&record, "tasks", &SECTION) {
            for node in self.list(node) {
                tasks.extend(self.task(node, section));
            }
        }
    }

    fn task(&mut self, node: &Node<'t>, section: usize) -> Option<Task> {
        let record = self.record(node, &TASK)?;
        let id = self.id(&record, &TASK);
        let title = self.required_text(&record, "title", &TASK);
        let units = match self.required_list(&record, "units", &TASK) {
            Some(node) => self.responsible(node),
            None => Vec::new(),
        };
        let lead = self.lead(&record, &units);
        let milestones = self.each(&record, "milestones", Decoder::milestone);
        let indicators = self.each(&record, "indicators", Decoder::indicator);
        let duties = self.each(&record, "duties", Decoder::duty);
        let log = self.each(&record, "log", Decoder::log_entry);
        let done = self.record_date(&record, "done");
        let counted = !milestones.is_empty()
            || !indicators.is_empty()
            || duties.iter().any(|duty| duty.every.is_some());
        if done.is_some() && counted {
            let message = tr(
                "这项任务有自己的时间节点、指标或定期工作，任务上的 done 不起作用",
                "this task has milestones, indicators or duties of its own; done on the task counts for nothing",
            );
            self.say(Diagnostic::new(Code::MeaninglessDone, record.key_span("done"), message).help(tr(
                "把完成日期写在那个时间节点或指标下面",
                "write the date under the milestone or indicator that was finished",
            )));
        }
        let source = self.text_field(&record, "source");
        let summary = self.text_field(&record, "summary");
        let note = self.text_field(&record, "note");
        let cancelled = self.cancelled(&record);
        let (id, span) = id?;
        let title = title?;
        Some(Task {
            id,
            title,
            section,
            source,
            units,
            lead,
            summary,
            note,
            milestones,
            indicators,
            duties,
            log,
            done,
            cancelled,
            span,
        })
    }

    fn lead(&mut self, record: &Record<'_, 't>, units: &[Responsible]) -> Vec<UnitId> {
        let Some(node) = record.get("lead") else { return Vec::new() };
        let lead = self.responsible(node);
        for (responsible, node) in lead.iter().zip(node.items()) {
            if units.iter().all(|unit| unit.unit != responsible.unit) {
                let name = &responsible.written;
                let message = tr(
                    format!("牵头单位“{name}”不在 units 里"),
                    format!("the lead unit {name} is not among the task's units"),
                );
                self.say(
                    Diagnostic::new(Code::NotInUnits, node.span, message)
                        .help(tr("先把它写进这项任务的 units", "add it to the task's units first")),
                );
            }
        }
        lead.into_iter().map(|responsible| responsible.unit).collect()
    }

    fn milestone(&mut self, node: &Node<'t>) -> Option<Milestone> {
        let record = self.record(node, &MILESTONE)?;
        let what = self.required_text(&record, "what", &MILESTONE);
        let terms = self.terms(&record);
        let when = self.when(&record);
        Some(Milestone { what: what?, when: when?, terms })
    }

    fn when(&mut self, record: &Record<'_, 't>) -> Option<When> {
        match self.exactly_one(record, &["due", "during", "within"])? {
            "within" => {
                let within = self.record(record.get("within")?, &WITHIN)?;
                let days = self.required(&within, "days", &WITHIN).and_then(|node| self.days(node));
                let after = self.required_text(&within, "after", &WITHIN);
                let triggers = self.each(record, "triggers", Decoder::trigger);
                for key in ["done", "extended"] {
                    if record.get(key).is_some() {
                        let message = tr(
                            format!("有 within 时，{key} 写在每条 triggers 里"),
                            format!("with `within`, write `{key}` in each of the triggers"),
                        );
                        self.say(Diagnostic::new(Code::MeaninglessDone, record.key_span(key), message).help(
                            tr(
                                format!("如 triggers: [{{on: 2023-03-15, {key}: …}}]"),
                                format!("such as `triggers: [{{on: 2023-03-15, {key}: …}}]`"),
                            ),
                        ));
                    }
                }
                Some(When::Within { days: days?, after: after?, triggers })
            }
            key => {
                let (from, due) = self.window(record, key)?;
                if record.get("triggers").is_some() {
                    let message = tr("triggers 只与 within 同用", "`triggers` go with `within` only");
                    self.say(Diagnostic::new(Code::OneOf, record.key_span("triggers"), message).help(tr(
                        "去掉 triggers；时限从某事算起的，用 within 代替 due 和 during",
                        "take `triggers` out, or write `within` in the place of `due` and `during`",
                    )));
                }
                let done = self.record_date(record, "done");
                if let (Some(from), Some(done)) = (from, done)
                    && done < from
                {
                    let message = tr(
                        format!("完成日期 {done} 早于起始日 {from}"),
                        format!("finished on {done}, before the window opens on {from}"),
                    );
                    let span = record.get("done").map_or(record.span, |node| node.span);
                    self.say(
                        Diagnostic::new(Code::DoneBeforeWindow, span, message)
                            .help(tr("核对这两个日期", "check both dates")),
                    );
                }
                Some(When::Dated { from, due, done, extended: self.extensions(record, due) })
            }
        }
    }

    fn trigger(&mut self, node: &Node<'t>) -> Option<Trigger> {
        let record = self.record(node, &TRIGGER)?;
        let on = self.required_record_date(&record, "on", &TRIGGER);
        let what = self.text_field(&record, "what");
        let done = self.record_date(&record, "done");
        let extended = self.each(&record, "extended", Decoder::extension);
        if let (Some(on), Some(done)) = (on, done)
            && done < on
        {
            let message = tr(
                format!("完成日期 {done} 早于触发日 {on}"),
                format!("finished on {done}, before the trigger on {on}"),
            );
            let span = record.get("done").map_or(record.span, |node| node.span);
            self.say(
                Diagnostic::new(Code::RecordOutOfTime, span, message)
                    .help(tr("核对两个日期", "check both dates")),
            );
        }
        Some(Trigger { on: on?, what, done, extended })
    }

    fn indicator(&mut self, node: &Node<'t>) -> Option<Indicator> {
        let record = self.record(node, &INDICATOR)?;
        let name = self.required_text(&record, "name", &INDICATOR);
        let terms = self.terms(&record);
        let kind = self.indicator_kind(&record);
        let baseline = record.get("baseline").and_then(|node| self.baseline(node));
        let breakdown = self.breakdown(&record);
        let actuals = self.each(&record, "actuals", Decoder::actual);
        let (measure, stages) = match self.exactly_one(&record, &["target", "targets"])? {
            "target" => self.single_target(&record)?,
            _ => self.staged_targets(&record)?,
        };
        self.measure_is_ascii(&record, &measure);
        self.goals(&record, &measure, &stages, baseline.is_some());
        if measure == "%" && baseline.is_none() {
            self.percentages(&record, &actuals);
        }
        self.breakdown_sum(&record, &stages, &breakdown);
        Some(Indicator { name: name?, kind, measure, stages, baseline, breakdown, actuals, terms })
    }

    /// A percent sign in full width, or in Chinese quotation marks, is no percent sign to anybody who counts.
    fn measure_is_ascii(&mut self, record: &Record<'_, 't>, measure: &str) {
        if !matches!(measure.trim_matches(['“', '”', '‘', '’', '"', '\'']), "％" | "%" | "百分比")
            || measure == "%"
        {
            return;
        }
        let target = record.get("target").and_then(|target| target.get("measure"));
        let span = target.or_else(|| record.get("measure")).map_or(record.span, |node| node.span);
        let message =
            tr(format!("“{measure}”不是半角的百分号"), format!("{measure} is no ASCII percent sign"));
        self.say(
            Diagnostic::new(Code::FullWidth, span, message)
                .help(tr("写成 measure: \"%\"", "write `measure: \"%\"`")),
        );
    }

    fn indicator_kind(&mut self, record: &Record<'_, 't>) -> IndicatorKind {
        let Some(node) = record.get("kind") else { return IndicatorKind::Target };
        match node.scalar().map(|scalar| &*scalar.text) {
            Some("coverage") => IndicatorKind::Coverage,
            Some("target") => IndicatorKind::Target,
            _ => {
                self.wrong_type(node, "target, coverage");
                IndicatorKind::Target
            }
        }
    }

    fn single_target(&mut self, record: &Record<'_, 't>) -> Option<(String, Vec<Stage>)> {
        let target = self.record(record.get("target")?, &TARGET)?;
        let measure_node = target.get("measure").or_else(|| record.get("measure"));
        let measure = measure_node.and_then(|node| self.text(node)).unwrap_or_default();
        let goal = self.goal(&target);
        let window = if record.get("due").is_some() || record.get("during").is_some() {
            let key = self.exactly_one(record, &["due", "during"])?;
            let (from, due) = self.window(record, key)?;
            (from, Some(due))
        } else {
            (None, None)
        };
        let extended = match window.1 {
            Some(due) => self.extensions(record, due),
            None => self.each(record, "extended", Decoder::extension),
        };
        let (comparator, goal) = goal?;
        Some((
            measure,
            vec![Stage { comparator, goal, from: window.0, due: window.1, wording: None, extended }],
        ))
    }

    fn staged_targets(&mut self, record: &Record<'_, 't>) -> Option<(String, Vec<Stage>)> {
        let measure = self.required_text(record, "measure", &INDICATOR);
        for key in ["due", "during", "extended"] {
            if record.get(key).is_some() {
                let message = tr(
                    format!("有 targets 时，{key} 写在每个阶段里"),
                    format!("with `targets`, write `{key}` in each stage"),
                );
                self.say(Diagnostic::new(Code::OneOf, record.key_span(key), message).help(tr(
                    format!("把 {key} 移到 targets 的各项里"),
                    format!("move `{key}` into the items of `targets`"),
                )));
            }
        }
        let node = record.get("targets")?;
        let stages = self.each(record, "targets", Decoder::stage);
        if node.items().is_empty() {
            let message = tr("targets 里没有目标", "there is no target in `targets`");
            self.say(Diagnostic::new(Code::NoTarget, node.span, message).help(tr(
                "如 targets: [{at_least: 30, due: 2023-04-30}]",
                "such as `targets: [{at_least: 30, due: 2023-04-30}]`",
            )));
            return None;
        }
        for (pair, node) in stages.windows(2).zip(node.items().iter().skip(1)) {
            self.stage_order(&pair[0], &pair[1], node.span);
        }
        Some((measure?, stages))
    }

    fn stage_order(&mut self, earlier: &Stage, later: &Stage, span: Span) {
        let smaller = match (earlier.goal, later.goal, later.comparator) {
            (Goal::Number(a), Goal::Number(b), Comparator::AtLeast) => b < a,
            _ => false,
        };
        if later.due <= earlier.due || smaller {
            let message = tr(
                "阶段目标要按时限先后写，数值逐步提高",
                "stages stand in the order of their deadlines, and their targets rise",
            );
            self.say(
                Diagnostic::new(Code::StagesOutOfOrder, span, message)
                    .help(tr("按时限从早到晚排列", "put the earliest deadline first")),
            );
        }
    }

    fn stage(&mut self, node: &Node<'t>) -> Option<Stage> {
        let record = self.record(node, &STAGE)?;
        let goal = self.goal(&record);
        let wording = self.text_field(&record, "wording");
        let key = self.exactly_one(&record, &["due", "during"])?;
        let (from, due) = self.window(&record, key)?;
        let extended = self.extensions(&record, due);
        let (comparator, goal) = goal?;
        Some(Stage { comparator, goal, from, due: Some(due), wording, extended })
    }

    fn goal(&mut self, record: &Record<'_, 't>) -> Option<(Comparator, Goal)> {
        let key = self.exactly_one(record, &["at_least", "at_most", "equals"])?;
        let comparator = match key {
            "at_least" => Comparator::AtLeast,
            "at_most" => Comparator::AtMost,
            _ => Comparator::Equals,
        };
        let node = record.get(key)?;
        if node.scalar().is_some_and(|scalar| scalar.text == "baseline") {
            return Some((comparator, Goal::Baseline));
        }
        Some((comparator, Goal::Number(self.number(node)?)))
    }

    /// A goal must fit its measure and its baseline.
    fn goals(&mut self, record: &Record<'_, 't>, measure: &str, stages: &[Stage], has_baseline: bool) {
        let span =
            record.get("target").or_else(|| record.get("targets")).map_or(record.span, |node| node.span);
        for stage in stages {
            match stage.goal {
                Goal::Baseline if !has_baseline => {
                    let message = tr(
                        "目标值是 baseline，但没有写 baseline",
                        "the target is the baseline, but there is no `baseline`",
                    );
                    self.say(Diagnostic::new(Code::NoTarget, span, message).help(tr(
                        "加上 baseline: {what: …, value: ~}",
                        "add `baseline: {what: …, value: ~}`",
                    )));
                }
                Goal::Number(value) if value > 100.0 && measure == "%" && !has_baseline => {
                    let value = crate::document::number(value);
                    let message = tr(
                        format!("目标值 {value}% 超过了 100%"),
                        format!("the target of {value}% is over 100%"),
                    );
                    self.say(Diagnostic::new(Code::OverHundred, span, message).help(tr(
                        "核对数字；不是百分比的，改正 measure",
                        "check the number; if it is no percentage, correct `measure`",
                    )));
                }
                _ => {}
            }
        }
        if measure.is_empty() && stages.iter().any(|stage| matches!(stage.goal, Goal::Number(_))) {
            let message = tr("目标值没有计量单位", "the target has no measure");
            self.say(
                Diagnostic::new(Code::NoTarget, span, message)
                    .help(tr("加上 measure，如 measure: 个", "add `measure`, such as `measure: 个`")),
            );
        }
    }

    /// A value over 100 on a percentage is perhaps a count.
    fn percentages(&mut self, record: &Record<'_, 't>, actuals: &[Actual]) {
        let nodes = record.get("actuals").map(Node::items).unwrap_or_default();
        for (actual, node) in actuals.iter().zip(nodes) {
            if actual.value > 100.0 || actual.value < 0.0 {
                let value = crate::document::number(actual.value);
                let message = tr(
                    format!("指标按百分比计，这里的数是 {value}"),
                    format!("the indicator is a percentage, and this value is {value}"),
                );
                let span = node.get("value").map_or(node.span, |value| value.span);
                self.say(
                    Diagnostic::new(Code::MeasureDiffers, span, message)
                        .help(tr("93% 写成 93", "write 93 for 93%")),
                );
            }
        }
    }

    fn baseline(&mut self, node: &Node<'t>) -> Option<Baseline> {
        let record = self.record(node, &BASELINE)?;
        let what = self.required_text(&record, "what", &BASELINE);
        let value = record.get("value").and_then(|node| self.number(node));
        let measure = self.text_field(&record, "measure");
        Some(Baseline { what: what?, value, measure })
    }

    fn breakdown(&mut self, record: &Record<'_, 't>) -> Vec<(String, f64)> {
        let Some(node) = record.get("breakdown") else { return Vec::new() };
        let Value::Mapping(entries) = &node.value else {
            self.wrong_type(node, tr("{名称: 数, …}", "{name: number, …}"));
            return Vec::new();
        };
        self.duplicate_keys(entries);
        let mut parts = Vec::new();
        for (name, value) in entries {
            if let (Some(name), Some(value)) = (self.text(name), self.number(value)) {
                parts.push((name, value));
            }
        }
        parts
    }

    fn breakdown_sum(&mut self, record: &Record<'_, 't>, stages: &[Stage], breakdown: &[(String, f64)]) {
        let (Some(node), Some(Stage { goal: Goal::Number(goal), .. })) =
            (record.get("breakdown"), stages.last())
        else {
            return;
        };
        let sum: f64 = breakdown.iter().map(|(_, value)| value).sum();
        if breakdown.len() == entry_count(node) && !Comparator::Equals.holds(sum, *goal) {
            let (sum, goal) = (crate::document::number(sum), crate::document::number(*goal));
            let message = tr(
                format!("分项之和是 {sum}，目标值是 {goal}"),
                format!("the parts add up to {sum}, the target is {goal}"),
            );
            self.say(Diagnostic::new(Code::BreakdownSum, node.span, message).help(tr(
                "核对原文，改正分项或目标值",
                "check the document, and correct the parts or the target",
            )));
        }
    }

    fn actual(&mut self, node: &Node<'t>) -> Option<Actual> {
        let record = self.record(node, &ACTUAL)?;
        let on = self.required_record_date(&record, "on", &ACTUAL);
        let value = self.required(&record, "value", &ACTUAL).and_then(|node| self.number(node));
        let unit = self.unit_field(&record);
        let note = self.text_field(&record, "note");
        Some(Actual { on: on?, value: value?, unit, note })
    }

    fn duty(&mut self, node: &Node<'t>) -> Option<Duty> {
        let record = self.record(node, &DUTY)?;
        let what = self.required_text(&record, "what", &DUTY);
        let terms = self.terms(&record);
        let Some(every_node) = record.raw("every") else {
            self.missing(&record, "every", &DUTY);
            return None;
        };
        let every = if every_node.is_null() { None } else { Some(self.frequency(every_node)?) };
        let done = match record.get("done") {
            None => Vec::new(),
            Some(node) => match &node.value {
                Value::Sequence(items) => {
                    items.iter().filter_map(|item| self.duty_done(item, every)).collect()
                }
                _ => self.duty_done(node, every).into_iter().collect(),
            },
        };
        self.periods_once(&record, &done);
        Some(Duty { what: what?, every, done, terms })
    }

    /// One period is done once.
    fn periods_once(&mut self, record: &Record<'_, 't>, done: &[DutyDone]) {
        let nodes = record.get("done").map(Node::items).unwrap_or_default();
        let mut seen = HashSet::new();
        for (own, node) in done.iter().zip(nodes) {
            let Some(period) = own.period else { continue };
            if !seen.insert(period.first) {
                let message = tr(
                    format!("周期 {} 记了两次，以早的为准", period.id()),
                    format!("the period {} stands here twice; the earlier one counts", period.id()),
                );
                self.say(Diagnostic::new(Code::PeriodTwice, node.span, message).help(tr(
                    "去掉一条；若是另一期的，用 for: 写明",
                    "take one out, or say with `for:` which period is meant",
                )));
            }
        }
    }

    fn frequency(&mut self, node: &Node<'t>) -> Option<Frequency> {
        match node.scalar().map(|scalar| &*scalar.text) {
            Some("month") => Some(Frequency::Month),
            Some("quarter") => Some(Frequency::Quarter),
            Some("year") => Some(Frequency::Year),
            _ => {
                self.wrong_type(node, "month, quarter, year, ~");
                None
            }
        }
    }

    fn duty_done(&mut self, node: &Node<'t>, every: Option<Frequency>) -> Option<DutyDone> {
        if !matches!(node.value, Value::Mapping(_)) {
            let on = self.day_of_record(node)?;
            let period = every.and_then(|every| period_of(every, on));
            self.period_in_year(period, node.span);
            return Some(DutyDone { period, on, unit: None, note: None });
        }
        let record = self.record(node, &DUTY_DONE)?;
        let on = self.required_record_date(&record, "on", &DUTY_DONE);
        let unit = self.unit_field(&record);
        let note = self.text_field(&record, "note");
        let period = match record.get("for") {
            Some(node) => Some(self.duty_period(node, every)?),
            None => every.zip(on).and_then(|(every, on)| period_of(every, on)),
        };
        self.period_in_year(period, record.get("for").map_or(record.span, |node| node.span));
        let on = on?;
        if let Some(period) = period
            && on < period.first
        {
            let message = tr(
                format!("完成日期 {on} 早于周期 {} 的开始", period.id()),
                format!("done on {on}, before the period {} begins", period.id()),
            );
            self.say(
                Diagnostic::new(Code::RecordOutOfTime, record.span, message)
                    .help(tr("核对 for 和 on", "check `for` and `on`")),
            );
        }
        Some(DutyDone { period, on, unit, note })
    }

    fn duty_period(&mut self, node: &Node<'t>, every: Option<Frequency>) -> Option<Period> {
        let period = node.scalar().and_then(|scalar| calendar::parse_window(&scalar.text));
        let fits = matches!(
            (period.map(|period| period.name), every),
            (Some(PeriodName::Month(..)), Some(Frequency::Month))
                | (Some(PeriodName::Quarter(_)), Some(Frequency::Quarter))
                | (Some(PeriodName::Year(_)), Some(Frequency::Year))
        );
        if !fits {
            let expected = match every {
                Some(Frequency::Month) => "2023-03",
                Some(Frequency::Quarter) => "2023Q1",
                Some(Frequency::Year) => "2023",
                None => tr("（无频次的工作不写 for）", "(no `for` without a frequency)"),
            };
            self.wrong_type(node, expected);
            return None;
        }
        period
    }

    fn period_in_year(&mut self, period: Option<Period>, span: Span) {
        let (Some(period), Some(year)) = (period, self.year) else { return };
        if period.first.year() != year {
            let message = tr(
                format!("周期 {} 不在方案年度 {year} 内", period.id()),
                format!("the period {} is outside the plan's year {year}", period.id()),
            );
            self.say(
                Diagnostic::new(Code::PeriodOutsideYear, span, message)
                    .help(tr("用 for: 写明补记的是哪一期", "say with `for:` which period is meant")),
            );
        }
    }

    fn log_entry(&mut self, node: &Node<'t>) -> Option<LogEntry> {
        let record = self.record(node, &LOG)?;
        let on = self.required_record_date(&record, "on", &LOG);
        let unit = self.unit_field(&record);
        let note = self.text_field(&record, "note");
        let issue = self.text_field(&record, "issue");
        let next = self.text_field(&record, "next");
        Some(LogEntry { on: on?, unit, note, issue, next })
    }

    // ---- what several records share

    fn terms(&mut self, record: &Record<'_, 't>) -> Terms {
        Terms {
            wording: self.text_field(record, "wording"),
            note: self.text_field(record, "note"),
            units: record.get("units").map(|node| self.responsible(node)).unwrap_or_default(),
            cancelled: self.cancelled(record),
            span: record.span,
        }
    }

    fn cancelled(&mut self, record: &Record<'_, 't>) -> Option<Cancelled> {
        let record = self.record(record.get("cancelled")?, &CANCELLED)?;
        let on = self.required_record_date(&record, "on", &CANCELLED);
        let why = self.text_field(&record, "why");
        Some(Cancelled { on: on?, why })
    }

    fn extensions(&mut self, record: &Record<'_, 't>, due: NaiveDate) -> Vec<Extension> {
        let extensions = self.each(record, "extended", Decoder::extension);
        let nodes = record.get("extended").map(Node::items).unwrap_or_default();
        let mut in_force = due;
        // In the order in which they were granted, however they are written down.
        let mut in_order: Vec<_> = extensions.iter().zip(nodes).collect();
        in_order.sort_by_key(|(extension, _)| extension.on);
        for (extension, node) in in_order {
            if extension.to <= in_force {
                let to = extension.to;
                let message = tr(
                    format!("延期到 {to}，并不晚于原时限 {in_force}"),
                    format!("extended to {to}, which is not later than {in_force}"),
                );
                self.say(
                    Diagnostic::new(Code::BackwardsExtension, node.span, message)
                        .help(tr("核对 to；延期要晚于原时限", "check `to`: an extension ends later")),
                );
            } else if extension.on > in_force {
                let on = extension.on;
                let message = tr(
                    format!("{on} 才批准延期，而时限 {in_force} 已过"),
                    format!("granted on {on}, after the deadline of {in_force} had passed"),
                );
                self.say(Diagnostic::new(Code::LateExtension, node.span, message).help(tr(
                    "核对 on；确实如此的不用改，批准之前仍算逾期",
                    "check `on`; if it is right, leave it: until then the item was overdue",
                )));
            }
            in_force = extension.to;
        }
        extensions
    }

    fn extension(&mut self, node: &Node<'t>) -> Option<Extension> {
        let record = self.record(node, &EXTENSION)?;
        let on = self.required_record_date(&record, "on", &EXTENSION);
        let to = self.required(&record, "to", &EXTENSION).and_then(|node| self.deadline(node));
        let why = self.text_field(&record, "why");
        if let (Some(on), Some(to)) = (on, to)
            && to < on
        {
            let message = tr(
                format!("延期到 {to}，早于批准日 {on}"),
                format!("extended to {to}, before it was granted on {on}"),
            );
            self.say(
                Diagnostic::new(Code::BackwardsExtension, record.span, message)
                    .help(tr("核对 on 和 to", "check `on` and `to`")),
            );
            return None;
        }
        Some(Extension { on: on?, to: to?, why })
    }

    /// The first day, where there is one, and the last day of `due: DATE` or `during: WINDOW`.
    fn window(&mut self, record: &Record<'_, 't>, key: &str) -> Option<(Option<NaiveDate>, NaiveDate)> {
        let node = record.get(key)?;
        if key == "due" {
            return Some((None, self.deadline(node)?));
        }
        if matches!(node.value, Value::Mapping(_)) {
            let window = self.record(node, &WINDOW)?;
            let from = self.required(&window, "from", &WINDOW).and_then(|node| self.date(node));
            let to = self.required(&window, "to", &WINDOW).and_then(|node| self.deadline(node));
            let (from, to) = (from?, to?);
            if to < from {
                let message = tr(
                    format!("截止日 {to} 早于起始日 {from}"),
                    format!("the window ends on {to}, before it begins on {from}"),
                );
                self.say(
                    Diagnostic::new(Code::WindowReversed, node.span, message)
                        .help(tr("核对 from 和 to", "check `from` and `to`")),
                );
                return None;
            }
            return Some((Some(from), to));
        }
        let period = node.scalar().and_then(|scalar| calendar::parse_window(&scalar.text));
        let Some(period) = period else {
            let meant = node.scalar().zip(self.year).and_then(|(scalar, year)| {
                calendar::parse_month(&scalar.text, year)
                    .or_else(|| calendar::parse_quarter(&scalar.text, year))
            });
            let meant =
                meant.map(|period| tr(format!("写成 {}", period.id()), format!("write {}", period.id())));
            let example = tr(
                "2023-04、2023Q2、2023 或 {from: 2023-04-01, to: 2023-05-15}",
                "2023-04, 2023Q2, 2023 or {from: 2023-04-01, to: 2023-05-15}",
            );
            self.bad_date(node, meant, example);
            return None;
        };
        self.deadline_in_years(period.last, node.span);
        Some((Some(period.first), period.last))
    }

    fn responsible(&mut self, node: &Node<'t>) -> Vec<Responsible> {
        let mut units: Vec<Responsible> = Vec::new();
        let mut seen = HashSet::new();
        for node in self.list(node) {
            let Some(name) = self.text(node) else { continue };
            if self.glued(&name, node.span) {
                continue;
            }
            let Some(unit) = self.unit(&name, node.span) else { continue };
            let stands = if units.len() < FEW {
                units.iter().any(|other| other.unit == unit)
            } else {
                seen.extend(units.iter().map(|other| other.unit).skip(seen.len()));
                !seen.insert(unit)
            };
            if stands {
                let message =
                    tr(format!("单位“{name}”在这里写了两次"), format!("the unit {name} stands here twice"));
                self.say(
                    Diagnostic::new(Code::DuplicateUnit, node.span, message)
                        .help(tr("去掉一个", "take one of them out")),
                );
                continue;
            }
            units.push(Responsible { unit, written: name });
        }
        units
    }

    fn unit_field(&mut self, record: &Record<'_, 't>) -> Option<UnitId> {
        let node = record.get("unit")?;
        let name = self.text(node)?;
        if self.glued(&name, node.span) {
            return None;
        }
        self.unit(&name, node.span)
    }

    fn unit(&mut self, name: &str, span: Span) -> Option<UnitId> {
        let found = self.names.get(name).copied();
        if found.is_none() && !self.registry_has_gaps {
            let message = tr(
                format!("单位“{name}”不在 units 名录里"),
                format!("the unit {name} is not registered under units"),
            );
            let near = self.near_unit(name);
            self.say(Diagnostic::new(Code::UnknownUnit, span, message).help(register_help(near.as_deref())));
        }
        found
    }

    /// The registered name or alias nearest to one that is not registered; not looked for once more problems were found
    /// than anybody is told of.
    fn near_unit(&self, name: &str) -> Option<String> {
        let told = self.problems.len() < MAX_PROBLEMS;
        let near = told.then(|| nearest(name, self.names.keys().map(String::as_str)));
        near.flatten().map(str::to_string)
    }

    /// Several units written as one text, because the comma between them is a Chinese one.
    fn glued(&mut self, name: &str, span: Span) -> bool {
        let glued = name.contains(['、', '，', '；']);
        if glued {
            let parts: Vec<_> =
                name.split(['、', '，', '；']).map(str::trim).filter(|part| !part.is_empty()).collect();
            let message =
                tr(format!("“{name}”被读成了一个单位"), format!("{name} is read as one single unit"));
            self.say(Diagnostic::new(Code::GluedUnits, span, message).help(tr(
                format!("单位之间用半角逗号：{}", parts.join(", ")),
                format!("put ASCII commas between units: {}", parts.join(", ")),
            )));
        }
        glued
    }

    fn id(&mut self, record: &Record<'_, 't>, shape: &Shape) -> Option<(String, Span)> {
        let node = self.required(record, "id", shape)?;
        if let Some(scalar) = node.scalar()
            && scalar.plain
            && reads_as_other_than_text(&scalar.text)
        {
            let message = tr(
                format!("编号“{}”会被 YAML 读成数字", scalar.text),
                format!("YAML reads the id {} as a number", scalar.text),
            );
            self.say(Diagnostic::new(Code::NumericId, node.span, message).help(tr(
                format!("以板块字母开头，如 A{}", scalar.text),
                format!("begin it with the section's letter: A{}", scalar.text),
            )));
            return None;
        }
        Some((self.text(node)?, node.span))
    }

    // ---- records, lists and single values

    fn record<'n>(&mut self, node: &'n Node<'t>, shape: &Shape) -> Option<Record<'n, 't>> {
        if self.is_blanked(node) {
            return None;
        }
        let Value::Mapping(entries) = &node.value else {
            let fields = field_names(shape);
            self.full_width_colon(node);
            let message = tr(
                format!("{}要写成“键: 值”的样子", shape.zh),
                format!("{} must be written as `key: value`", shape.en),
            );
            self.say(
                Diagnostic::new(Code::WrongType, self.first_line(node.span), message)
                    .help(tr(format!("可用的字段：{fields}"), format!("its fields are: {fields}"))),
            );
            return None;
        };
        self.duplicate_keys(entries);
        let mut misspelt: Vec<_> = entries.iter().filter_map(|(key, _)| self.known_key(key, shape)).collect();
        // {on：2023-06-25，value：60} is one key to YAML, and holds two.
        for name in entries.iter().filter_map(|(key, _)| key.scalar()).filter(|key| key.text.contains('：'))
        {
            misspelt.extend(shape.keys().filter(|key| name.text.contains(&format!("{key}："))));
        }
        Some(Record { span: node.span, misspelt, entries })
    }

    /// Whether this is an item that could not be read and has been complained of already.
    fn is_blanked(&self, node: &Node<'t>) -> bool {
        node.is_null()
            && self.blanked.iter().any(|item| item.start <= node.span.start && node.span.start <= item.end)
    }

    /// Complains of a key that the shape does not have; returns the one that was meant where only the colon is wrong.
    fn known_key(&mut self, key: &Node<'t>, shape: &Shape) -> Option<&'static str> {
        let name = key.scalar().map(|scalar| &*scalar.text).unwrap_or_default();
        if key.scalar().is_some() && shape.has(name) {
            return None;
        }
        let before = name.split_once(['：', ':']).map(|(before, _)| before.trim());
        if let Some(meant) = shape.keys().find(|known| before == Some(known)) {
            self.full_width_colon(key);
            return Some(meant);
        }
        // A key of another mapping is no slip of the keyboard, but in the wrong place.
        let meant = slip::key_meant(name).filter(|meant| shape.has(meant));
        let near = if slip::is_key(name) { None } else { nearest(name, shape.keys()) };
        let meant = meant.or_else(|| shape.keys().find(|known| near == Some(known)));
        let message =
            tr(format!("{}没有字段“{name}”", shape.zh), format!("{} has no field `{name}`", shape.en));
        let help = match (meant, shape.id, name) {
            (Some(near), ..) => tr(format!("是不是“{near}”？"), format!("do you mean `{near}`?")),
            (_, "indicator", "done") => tr(
                "指标没有 done：把完成数写在 actuals 里，达到目标就是完成".to_string(),
                "an indicator has no `done`: write its values under `actuals`; it is done when they reach the target".to_string(),
            ),
            (_, "task", "due" | "during" | "within") => tr(
                "时限写在这项任务的 milestones 或 indicators 里".to_string(),
                "write the deadline in the task's `milestones` or `indicators`".to_string(),
            ),
            _ => {
                let fields = field_names(shape);
                tr(format!("可用的字段：{fields}"), format!("its fields are: {fields}"))
            }
        };
        self.say(Diagnostic::new(Code::UnknownField, key.span, message).help(help));
        meant
    }

    /// `title：x` is not a key to YAML; neither is `value:x`.
    fn full_width_colon(&mut self, node: &Node<'t>) {
        let Some(text) = node.scalar().map(|scalar| scalar.text.to_string()) else { return };
        if text.contains('：') {
            let message = tr("冒号是全角的，YAML 不认", "the colon is full-width, which YAML does not know");
            let mut right = first_line_of(&text).replacen('：', ": ", 1);
            // What follows a Chinese comma may be a field as well.
            if right.contains('：') {
                right = right.replace('：', ": ").replace('，', ", ");
            }
            self.say(
                Diagnostic::new(Code::FullWidth, self.first_line(node.span), message)
                    .help(tr(format!("写成“{right}”"), format!("write `{right}`"))),
            );
        } else if let Some((key, rest)) = text.split_once(':') {
            let message = tr("冒号后面缺一个空格", "a space is missing after the colon");
            self.say(Diagnostic::new(Code::Syntax, self.first_line(node.span), message).help(tr(
                format!("写成“{}: {}”", key.trim(), first_line_of(rest)),
                format!("write `{}: {}`", key.trim(), first_line_of(rest)),
            )));
        }
    }

    fn duplicate_keys(&mut self, entries: &[(Node<'t>, Node<'t>)]) {
        let mut seen: HashSet<&str> = HashSet::new();
        for (at, (key, _)) in entries.iter().enumerate() {
            let Some(name) = key.scalar() else { continue };
            // The few keys of a record are compared faster than hashed.
            let stands = if entries.len() <= FEW {
                entries[..at].iter().any(|(other, _)| other.scalar().is_some_and(|o| o.text == name.text))
            } else {
                !seen.insert(&name.text)
            };
            if stands {
                let message = tr(
                    format!("“{}”在这里写了两次", name.text),
                    format!("`{}` stands here twice", name.text),
                );
                self.say(Diagnostic::new(Code::DuplicateKey, key.span, message).help(tr(
                    "合并成一个；列表的各项写在同一个键下面",
                    "merge them; the items of a list stand under one key",
                )));
            }
        }
    }

    fn required<'n>(&mut self, record: &Record<'n, 't>, key: &str, shape: &Shape) -> Option<&'n Node<'t>> {
        let found = record.get(key);
        if found.is_none() {
            self.missing(record, key, shape);
        }
        found
    }

    /// A list that must be written, be it empty.
    fn required_list<'n>(
        &mut self,
        record: &Record<'n, 't>,
        key: &str,
        shape: &Shape,
    ) -> Option<&'n Node<'t>> {
        let found = record.raw(key);
        match found {
            Some(node) if node.is_null() => {
                let message = tr(format!("{key} 是空的"), format!("`{key}` is empty"));
                self.say(Diagnostic::new(Code::NoUnits, record.key_span(key), message).help(tr(
                    "写上责任单位；原文确实没有的写 units: []",
                    "name the responsible units, or write `units: []` where the document names none",
                )));
                None
            }
            Some(node) => Some(node),
            None => {
                self.missing(record, key, shape);
                None
            }
        }
    }

    fn missing(&mut self, record: &Record<'_, 't>, key: &str, shape: &Shape) {
        if record.misspelt.contains(&key) {
            return;
        }
        let message = tr(format!("{}缺少字段“{key}”", shape.zh), format!("{} has no `{key}`", shape.en));
        self.say(
            Diagnostic::new(Code::MissingField, self.first_line(record.span), message)
                .help(tr(format!("加上 {key}: …"), format!("add `{key}: …`"))),
        );
    }

    /// Exactly one of the keys stands in the record; says so where it is none or several.
    fn exactly_one(&mut self, record: &Record<'_, 't>, keys: &[&'static str]) -> Option<&'static str> {
        let present: Vec<_> = keys.iter().copied().filter(|key| record.get(key).is_some()).collect();
        match present.as_slice() {
            [key] => Some(key),
            [] if keys.iter().any(|key| record.misspelt.contains(key)) => None,
            several => {
                let span = several.get(1).map_or(self.first_line(record.span), |key| record.key_span(key));
                let list = keys.join(tr("、", ", "));
                let message = if several.is_empty() {
                    tr(format!("{list} 中要写一个"), format!("one of {list} is needed"))
                } else {
                    tr(format!("{list} 中只能写一个"), format!("only one of {list} may stand here"))
                };
                let code = if keys.contains(&"at_least") { Code::NoTarget } else { Code::OneOf };
                let help = if several.is_empty() {
                    tr(format!("如 {}: …", keys[0]), format!("such as `{}: …`", keys[0]))
                } else {
                    tr("留下一个，去掉其余的", "keep one of them").to_string()
                };
                self.say(Diagnostic::new(code, span, message).help(help));
                None
            }
        }
    }

    fn list<'n>(&mut self, node: &'n Node<'t>) -> &'n [Node<'t>] {
        if !matches!(node.value, Value::Sequence(_)) {
            let expected = match node.scalar() {
                Some(scalar) if !scalar.text.contains(['\n', '[', ']', ',', ':']) => {
                    tr(format!("列表，如 [{}]", scalar.text), format!("a list, such as [{}]", scalar.text))
                }
                _ => {
                    tr("列表：每项一行，以“- ”开头，或 [甲, 乙]", "a list: `- ` before each item, or [a, b]")
                        .to_string()
                }
            };
            self.wrong_type(node, &expected);
        }
        node.items()
    }

    fn each<T>(
        &mut self,
        record: &Record<'_, 't>,
        key: &str,
        read: impl Fn(&mut Self, &Node<'t>) -> Option<T>,
    ) -> Vec<T> {
        match record.get(key) {
            None => Vec::new(),
            Some(node) => self.list(node).iter().filter_map(|item| read(self, item)).collect(),
        }
    }

    fn texts(&mut self, record: &Record<'_, 't>, key: &str) -> Vec<(String, Span)> {
        match record.get(key) {
            None => Vec::new(),
            Some(node) => {
                self.list(node).iter().filter_map(|item| Some((self.text(item)?, item.span))).collect()
            }
        }
    }

    fn text_field(&mut self, record: &Record<'_, 't>, key: &str) -> Option<String> {
        self.text(record.get(key)?)
    }

    fn required_text(&mut self, record: &Record<'_, 't>, key: &str, shape: &Shape) -> Option<String> {
        let node = self.required(record, key, shape)?;
        self.text(node)
    }

    fn text(&mut self, node: &Node<'t>) -> Option<String> {
        if self.is_blanked(node) {
            return None;
        }
        let Some(scalar) = node.scalar() else {
            self.wrong_type(node, tr("一段文字", "a text"));
            return None;
        };
        if scalar.plain && !self.is_all_text(node, &scalar.text) {
            return None;
        }
        if scalar.plain && reads_as_other_than_text(&scalar.text) {
            let message = tr(
                format!("“{}”会被 YAML 读成数字或真假值", scalar.text),
                format!("YAML reads {} as a number or a truth value", scalar.text),
            );
            self.say(
                Diagnostic::new(Code::NeedsQuotes, node.span, message)
                    .help(tr(format!("写成 \"{}\"", scalar.text), format!("write \"{}\"", scalar.text))),
            );
            return None;
        }
        Some(scalar.text.to_string())
    }

    /// Whether a text without quotes is nothing but text: it has swallowed no field, and nobody's eye misses its ends.
    fn is_all_text(&mut self, node: &Node<'t>, text: &str) -> bool {
        let raw = self.text.get(node.span.start..node.span.end).unwrap_or_default();
        if let Some(found) = slip::swallowed(raw) {
            let span = Span::new(node.span.start + found.start, node.span.start + found.end);
            let key = &raw[found];
            let message = tr(
                format!("“{key}”并入了前面的文字，没有成为单独的一项"),
                format!("`{key}` is read as part of the text before it, not as a field of its own"),
            );
            self.say(Diagnostic::new(Code::FullWidth, span, message).help(tr(
                format!("前面用半角逗号或另起一行对齐，写成“{key}: …”，半角冒号后空一格；真是文字的，给整段加引号"),
                format!("begin it behind an ASCII comma or on a line of its own, aligned, as `{key}: …`; if it is text, put the whole text in quotes"),
            )));
            return false;
        }
        if text.trim() != text {
            let message = tr(
                "这段文字的头或尾有看不见的空格",
                "this text begins or ends with a blank that nobody sees",
            );
            self.say(Diagnostic::new(Code::FullWidth, self.first_line(node.span), message).help(tr(
                format!("删掉空格，写成 {}", text.trim()),
                format!("take it out: {}", text.trim()),
            )));
            return false;
        }
        true
    }

    fn number(&mut self, node: &Node<'t>) -> Option<f64> {
        if self.is_blanked(node) {
            return None;
        }
        let number =
            node.scalar().filter(|scalar| scalar.plain).and_then(|scalar| plain_number(&scalar.text));
        if number.is_none() {
            let meant = node.scalar().and_then(|scalar| number_meant(&scalar.text));
            let expected = match meant {
                Some(meant) => tr(
                    format!("数字 {meant}，不带计量单位、逗号和引号"),
                    format!("the number {meant}, without measure, comma or quotes"),
                ),
                None => tr(
                    "一个数，如 29 或 411.82，不带计量单位和引号",
                    "a number such as 29 or 411.82, without measure or quotes",
                )
                .to_string(),
            };
            self.wrong_type(node, &expected);
        }
        number
    }

    fn days(&mut self, node: &Node<'t>) -> Option<u32> {
        let days = self.number(node)?;
        if days.fract() == 0.0 && (0.0..=3660.0).contains(&days) {
            return Some(days as u32);
        }
        self.wrong_type(node, tr("天数，如 30", "a number of days, such as 30"));
        None
    }

    fn date_field(&mut self, record: &Record<'_, 't>, key: &str) -> Option<NaiveDate> {
        self.date(record.get(key)?)
    }

    fn date(&mut self, node: &Node<'t>) -> Option<NaiveDate> {
        let date = node.scalar().and_then(|scalar| calendar::parse_date(&scalar.text));
        if date.is_none() && !self.is_blanked(node) {
            let meant = self.meant_day(node);
            self.bad_date(
                node,
                meant.map(|date| tr(format!("写成 {date}"), format!("write {date}"))),
                "2023-06-30",
            );
        }
        date
    }

    /// The day that a phrase means: 6月25日, 4月底.
    fn meant_day(&self, node: &Node<'t>) -> Option<NaiveDate> {
        calendar::parse_phrase(&node.scalar()?.text, self.year?)
    }

    /// `meant`: what to write, where that is known.
    fn bad_date(&mut self, node: &Node<'t>, meant: Option<String>, example: &str) {
        let written = match node.scalar() {
            Some(scalar) => scalar.text.to_string(),
            None => self
                .text
                .get(node.span.start..node.span.end)
                .map(first_line_of)
                .unwrap_or_default()
                .to_string(),
        };
        let message = tr(format!("“{written}”不是日期"), format!("{written:?} is not a date"));
        let help = match meant {
            Some(meant) => meant,
            None => match month_end_of(&written) {
                Some(last) => tr(
                    format!("没有这一天；这个月的最后一天是 {last}"),
                    format!("there is no such day; the last of that month is {last}"),
                ),
                None => tr(format!("写成 {example} 的样子"), format!("write it like {example}")),
            },
        };
        self.say(Diagnostic::new(Code::BadDate, self.first_line(node.span), message).help(help));
    }

    /// A date by which something is due, which must lie in the plan's years.
    fn deadline(&mut self, node: &Node<'t>) -> Option<NaiveDate> {
        let written = node.scalar().map(|scalar| scalar.text.to_string()).unwrap_or_default();
        let Some(date) = calendar::parse_date(&written) else {
            let meant = self.meant_day(node).map(|date| {
                tr(
                    format!("写成 {date}，原话放在 wording: {written}"),
                    format!("write {date}, and keep the phrase as `wording: {written}`"),
                )
            });
            self.bad_date(node, meant, "2023-06-30");
            return None;
        };
        self.deadline_in_years(date, node.span);
        Some(date)
    }

    fn deadline_in_years(&mut self, date: NaiveDate, span: Span) {
        let Some(year) = self.year else { return };
        if date.year() < year {
            let message = tr(
                format!("时限 {date} 早于方案年度 {year}"),
                format!("the deadline {date} lies before the plan's year {year}"),
            );
            self.say(
                Diagnostic::new(Code::BeforeThePlan, span, message).help(tr("核对年份", "check the year")),
            );
        } else if date.year() > year + 5 {
            let message = tr(
                format!("时限 {date} 在方案年度 {year} 之后五年以上"),
                format!("the deadline {date} lies more than five years after the plan's year {year}"),
            );
            self.say(
                Diagnostic::new(Code::FarDeadline, span, message).help(tr("核对年份", "check the year")),
            );
        }
    }

    fn record_date(&mut self, record: &Record<'_, 't>, key: &str) -> Option<NaiveDate> {
        self.day_of_record(record.get(key)?)
    }

    fn required_record_date(
        &mut self,
        record: &Record<'_, 't>,
        key: &str,
        shape: &Shape,
    ) -> Option<NaiveDate> {
        let node = self.required(record, key, shape)?;
        self.day_of_record(node)
    }

    /// The day of something that has happened.
    fn day_of_record(&mut self, node: &Node<'t>) -> Option<NaiveDate> {
        let date = self.date(node)?;
        if date > self.today {
            let message = tr(
                format!("{date} 还没有到（今天是 {}）", self.today),
                format!("{date} has not come yet (today is {})", self.today),
            );
            self.say(
                Diagnostic::new(Code::FutureRecord, node.span, message)
                    .help(tr("核对日期", "check the date")),
            );
        } else if self.year.is_some_and(|year| date.year() < year) {
            let message = tr(format!("{date} 早于方案年度"), format!("{date} lies before the plan's year"));
            self.say(
                Diagnostic::new(Code::RecordBeforePlan, node.span, message)
                    .help(tr("核对年份", "check the year")),
            );
        }
        Some(date)
    }

    fn wrong_type(&mut self, node: &Node<'t>, expected: &str) {
        let message = tr("这里的值不合要求", "this value is not of the kind that is expected here");
        self.say(
            Diagnostic::new(Code::WrongType, self.first_line(node.span), message)
                .help(tr(format!("应为：{expected}"), format!("expected: {expected}"))),
        );
    }

    /// A file that ends in a block scalar without a final line end is read differently by other programs.
    fn final_block_scalar(&mut self, root: &Node<'t>) {
        let mut last = root;
        loop {
            match &last.value {
                Value::Mapping(entries) => match entries.last() {
                    Some((_, value)) => last = value,
                    None => return,
                },
                Value::Sequence(items) => match items.last() {
                    Some(item) => last = item,
                    None => return,
                },
                Value::Scalar(scalar) => {
                    if scalar.block && !self.text.ends_with('\n') {
                        let end = self.text.len();
                        let message = tr(
                            "文末的段落之后没有换行，别的程序会读得不同",
                            "no line end follows the final block of text; other programs read it differently",
                        );
                        self.say(
                            Diagnostic::new(Code::FinalBlockScalar, Span::new(end, end), message)
                                .help(tr("在文末加一个换行", "end the file with a line end")),
                        );
                    }
                    return;
                }
            }
        }
    }

    /// The part of a span that stands on its first line.
    fn first_line(&self, span: Span) -> Span {
        let stretch = self.text.get(span.start..span.end).unwrap_or_default();
        let length = stretch.find(['\n', '\r']).unwrap_or(stretch.len());
        Span::new(span.start, span.start + length)
    }
}

/// So many things are compared one by one; more of them are hashed.
const FEW: usize = 24;

fn field_names(shape: &Shape) -> String {
    shape.keys().collect::<Vec<_>>().join(", ")
}

fn register_help(near: Option<&str>) -> String {
    match near {
        Some(near) => tr(
            format!("最接近的是“{near}”；新单位请先在 units 下登记"),
            format!("the nearest is {near}; register a new unit under `units` first"),
        ),
        None => tr("请先在 units 下登记", "register it under `units` first").to_string(),
    }
}

fn first_line_of(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}

fn entry_count(node: &Node<'_>) -> usize {
    match &node.value {
        Value::Mapping(entries) => entries.len(),
        _ => 0,
    }
}

/// The period of a duty in which a day falls.
fn period_of(every: Frequency, day: NaiveDate) -> Option<Period> {
    every.periods(day.year()).into_iter().find(|period| period.contains(day))
}

/// A number in plain decimal notation, as YAML reads it too: no signs but `-`, no exponents, no leading zeros.
pub fn plain_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if !all_digits(whole) || !all_digits(fraction) || leading_zero || digits.len() > 15 {
        return None;
    }
    text.parse().ok()
}

/// Whether YAML takes a plain scalar for a number, a truth value or nothing.
pub fn reads_as_other_than_text(text: &str) -> bool {
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return true;
    }
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "true" | "false" | ".nan" | ".inf" | "-.inf" | "+.inf") {
        return true;
    }
    let digits = lower.trim_start_matches(['+', '-']);
    if let Some(rest) =
        digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0o")).or_else(|| digits.strip_prefix("0b"))
    {
        return !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'_' | b'+' | b'-'))
        && digits.replace('_', "").parse::<f64>().is_ok()
}
