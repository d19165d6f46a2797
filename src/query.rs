//! Which tasks and checkpoints a person asked for: the filters that commands share.

use crate::language::tr;
use crate::model::{Plan, Responsible, Task, UnitId};
use crate::status::{Checkpoint, State, Status};
use chrono::NaiveDate;
use pinyin::ToPinyin;

/// What is asked for; every filter that is set must hold.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Any of these units is responsible; `None` for all.
    pub units: Option<UnitSet>,
    /// Groups do not count for their members.
    pub direct: bool,
    /// One of the units leads.
    pub lead: bool,
    /// Positions of sections; empty for all.
    pub sections: Vec<usize>,
    /// States; empty for all.
    pub states: Vec<State>,
    /// Due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Words that all occur in the task.
    pub words: Vec<String>,
}

/// Several units that somebody asked for, and what naming each registered unit means for them.
#[derive(Clone, Debug)]
pub struct UnitSet {
    /// The units asked for.
    pub asked: Vec<UnitId>,
    /// For each registered unit, whether naming it names one of those asked for, itself or as a group.
    meant: Vec<Meant>,
}

/// What naming a registered unit means for those asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meant {
    No,
    Itself,
    ThroughGroup,
}

/// How an item is a unit's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The unit is named.
    Named,
    /// Only through this group.
    Through(UnitId),
}

impl UnitSet {
    /// The units asked for; groups that contain them count for them.
    pub fn new(plan: &Plan, asked: Vec<UnitId>) -> UnitSet {
        let meant = plan
            .unit_ids()
            .map(|(named, _)| {
                if asked.contains(&named) {
                    Meant::Itself
                } else if plan.reach(named).iter().any(|unit| asked.contains(unit)) {
                    Meant::ThroughGroup
                } else {
                    Meant::No
                }
            })
            .collect();
        UnitSet { asked, meant }
    }

    /// How a list of responsible units names one of those asked for.
    pub fn link(&self, units: &[Responsible]) -> Option<Link> {
        let mut through = None;
        for responsible in units {
            match self.meant[responsible.unit.0] {
                Meant::Itself => return Some(Link::Named),
                Meant::ThroughGroup => through = through.or(Some(Link::Through(responsible.unit))),
                Meant::No => {}
            }
        }
        through
    }
}

impl Query {
    /// How the units' list answers the query; `None` where it does not. Without asked units everything is named.
    pub fn link(&self, units: &[Responsible]) -> Option<Link> {
        let Some(set) = &self.units else { return Some(Link::Named) };
        set.link(units).filter(|link| !self.direct || *link == Link::Named)
    }

    /// Whether the checkpoint is asked for.
    pub fn wants(&self, status: &Status<'_>, checkpoint: &Checkpoint<'_>) -> bool {
        let task = checkpoint.task(status.plan);
        self.wants_task(status.plan, task)
            && self.link(checkpoint.units(status.plan)).is_some()
            && (self.states.is_empty() || self.states.contains(&checkpoint.state))
            && self.within(checkpoint)
    }

    /// Whether the due date lies in the days asked for.
    fn within(&self, checkpoint: &Checkpoint<'_>) -> bool {
        if self.due_from.is_none() && self.due_to.is_none() {
            return true;
        }
        checkpoint.due.is_some_and(|due| {
            self.due_from.is_none_or(|from| from <= due) && self.due_to.is_none_or(|to| due <= to)
        })
    }

    /// The filters that look at a task alone: section, words, lead.
    fn wants_task(&self, plan: &Plan, task: &Task) -> bool {
        (self.sections.is_empty() || self.sections.contains(&task.section))
            && (!self.lead || self.leads(plan, task))
            && self.words.iter().all(|word| mentions(plan, task, word))
    }

    fn leads(&self, plan: &Plan, task: &Task) -> bool {
        let first = task.units.first().filter(|_| plan.first_listed_leads && task.lead.is_empty());
        let leading = task.lead.iter().copied().chain(first.map(|first| first.unit));
        match &self.units {
            None => leading.count() > 0,
            Some(set) => leading.into_iter().any(|unit| set.meant[unit.0] == Meant::Itself),
        }
    }
}

/// The positions of the tasks that are asked for, in the plan's order.
///
/// A task is a unit's when its own list, or that of one of its items, names the unit.
pub fn tasks(status: &Status<'_>, query: &Query) -> Vec<usize> {
    let plan = status.plan;
    let wanted = |at: &usize| {
        let (task, state) = (&plan.tasks[*at], &status.tasks[*at]);
        query.wants_task(plan, task)
            && (query.units.is_none() || task_link(query, task).is_some())
            && (query.states.is_empty() || query.states.contains(&state.state))
            && ((query.due_from.is_none() && query.due_to.is_none())
                || status.checkpoints[state.checkpoints.clone()].iter().any(|c| query.within(c)))
    };
    (0..plan.tasks.len()).filter(wanted).collect()
}

/// How a task is asked for: by its own list, or else by that of one of its items.
pub fn task_link(query: &Query, task: &Task) -> Option<Link> {
    let items = (task.milestones.iter().map(|item| &item.terms))
        .chain(task.indicators.iter().map(|item| &item.terms))
        .chain(task.duties.iter().map(|item| &item.terms));
    let links = items.filter(|terms| !terms.units.is_empty()).filter_map(|terms| query.link(&terms.units));
    query.link(&task.units).into_iter().chain(links).min_by_key(|link| matches!(link, Link::Through(_)))
}

/// The checkpoints that are asked for, in the plan's order.
pub fn checkpoints<'s, 'p>(status: &'s Status<'p>, query: &Query) -> Vec<&'s Checkpoint<'p>> {
    status.checkpoints.iter().filter(|checkpoint| query.wants(status, checkpoint)).collect()
}

/// Why a name did not lead to one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// Nothing has such a name; these are near.
    Nothing(Vec<String>),
    /// Several have.
    Several(Vec<String>),
}

impl NotFound {
    /// In one sentence, for a kind of thing and what was asked for.
    pub fn words(&self, thing: &str, asked: &str) -> String {
        let join = |names: &[String]| names.join(tr("、", ", "));
        match self {
            NotFound::Nothing(near) if near.is_empty() => {
                tr(format!("没有{thing}“{asked}”"), format!("there is no {thing} {asked}"))
            }
            NotFound::Nothing(near) => tr(
                format!("没有{thing}“{asked}”；相近的有：{}", join(near)),
                format!("there is no {thing} {asked}; near it are: {}", join(near)),
            ),
            NotFound::Several(names) => tr(
                format!("“{asked}”可以指几个{thing}：{}", join(names)),
                format!("{asked} may mean several: {}", join(names)),
            ),
        }
    }
}

/// The unit that somebody means: by exact name or alias, else by a unique part of a name, else by pinyin
/// (semantics, section 4).
///
/// # Errors
/// The nearest names where there is none, all candidates where there are several.
pub fn unit(plan: &Plan, asked: &str) -> Result<UnitId, NotFound> {
    let asked = asked.trim();
    let exact = |(_, unit): &(UnitId, &crate::model::Unit)| {
        unit.name == asked || unit.aliases.iter().any(|alias| alias == asked)
    };
    if let Some((id, _)) = plan.unit_ids().find(exact) {
        return Ok(id);
    }
    let by_part = units_where(plan, |name| !asked.is_empty() && name.contains(asked));
    let found = if by_part.is_empty() { by_pinyin(plan, asked) } else { by_part };
    match found.as_slice() {
        [id] => Ok(*id),
        [] => {
            let names = plan.units.iter().map(|unit| unit.name.as_str());
            Err(NotFound::Nothing(near(asked, names)))
        }
        several => Err(NotFound::Several(several.iter().map(|id| plan.unit(*id).name.clone()).collect())),
    }
}

/// The task with this id, in either case of its letters.
///
/// # Errors
/// The nearest ids.
pub fn task(plan: &Plan, id: &str) -> Result<usize, NotFound> {
    let id = id.trim();
    let found = plan.tasks.iter().position(|task| task.id.eq_ignore_ascii_case(id));
    found.ok_or_else(|| NotFound::Nothing(near(id, plan.tasks.iter().map(|task| task.id.as_str()))))
}

/// The sections that somebody means: by id, place in the document, or part of the title.
///
/// # Errors
/// All sections where there is none such.
pub fn sections(plan: &Plan, asked: &str) -> Result<Vec<usize>, NotFound> {
    let asked = asked.trim();
    let positions = |found: &dyn Fn(&crate::model::Section) -> bool| -> Vec<usize> {
        plan.sections.iter().enumerate().filter(|(_, section)| found(section)).map(|(at, _)| at).collect()
    };
    let exact = positions(&|section| {
        section.id.eq_ignore_ascii_case(asked) || section.source.as_deref() == Some(asked)
    });
    let found = if exact.is_empty() { positions(&|section| section.title.contains(asked)) } else { exact };
    if found.is_empty() {
        let all = plan.sections.iter().map(|section| format!("{} {}", section.id, section.title));
        return Err(NotFound::Nothing(all.collect()));
    }
    Ok(found)
}

fn units_where(plan: &Plan, wanted: impl Fn(&str) -> bool) -> Vec<UnitId> {
    plan.unit_ids()
        .filter(|(_, unit)| wanted(&unit.name) || unit.aliases.iter().any(|alias| wanted(alias)))
        .map(|(id, _)| id)
        .collect()
}

/// Units whose pinyin is, begins with, or contains what was typed: the first of these that any unit satisfies.
fn by_pinyin(plan: &Plan, asked: &str) -> Vec<UnitId> {
    let typed: String =
        asked.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect::<String>().to_lowercase();
    if typed.is_empty() || !typed.is_ascii() {
        return Vec::new();
    }
    let tests: [fn(&str, &str) -> bool; 3] = [
        |name, typed| name == typed,
        |name, typed| name.starts_with(typed),
        |name, typed| name.contains(typed),
    ];
    tests
        .iter()
        .map(|test| units_where(plan, |name| spellings(name).iter().any(|spelling| test(spelling, &typed))))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// The initials (`xczxj`) and the full pinyin (`xiangcunzhenxingju`) of a name; ü is written v.
fn spellings(name: &str) -> [String; 2] {
    let mut initials = String::new();
    let mut full = String::new();
    for (c, pinyin) in name.chars().zip(name.to_pinyin()) {
        match pinyin {
            Some(pinyin) => {
                let plain = pinyin.plain().replace('ü', "v");
                initials.extend(plain.chars().next());
                full.push_str(&plain);
            }
            None => {
                initials.extend(c.to_lowercase());
                full.extend(c.to_lowercase());
            }
        }
    }
    [initials, full]
}

/// Up to five names that somebody may have meant: alike in spelling, or with most of the characters typed.
fn near<'n>(asked: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let likeness = |name: &str| {
        let shared = asked.chars().filter(|c| name.contains(*c)).count() as f64;
        let share = shared / asked.chars().count().max(1) as f64;
        strsim::normalized_damerau_levenshtein(asked, name).max(share - 0.1)
    };
    let mut near: Vec<(f64, &str)> =
        names.map(|name| (likeness(name), name)).filter(|(score, _)| *score >= 0.5).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().take(5).map(|(_, name)| name.to_string()).collect()
}

/// Whether the word occurs in what the task says of itself, its items and its units.
fn mentions(plan: &Plan, task: &Task, word: &str) -> bool {
    let word = word.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&word);
    let maybe = |text: &Option<String>| text.as_deref().is_some_and(has);
    has(&task.id)
        || has(&task.title)
        || maybe(&task.source)
        || maybe(&task.summary)
        || maybe(&task.note)
        || task.units.iter().any(|unit| has(&unit.written) || has(&plan.unit(unit.unit).name))
        || task.milestones.iter().any(|item| has(&item.what) || maybe(&item.terms.wording))
        || task.indicators.iter().any(|item| has(&item.name) || maybe(&item.terms.wording))
        || task.duties.iter().any(|item| has(&item.what) || maybe(&item.terms.wording))
        || task.log.iter().any(|entry| maybe(&entry.note) || maybe(&entry.issue) || maybe(&entry.next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;
    use crate::status;

    const TEXT: &str = "\
plan: {title: 试验, year: 2023}
units:
  - {name: 乡村振兴局, aliases: [旗乡村振兴局]}
  - {name: 财政局}
  - {name: 旅游局}
  - {name: 大数据中心}
  - {name: 投资促进中心}
  - {name: 各中心, aliases: [中心], members: [巴音中心]}
  - {name: 巴音中心}
sections:
  - id: A
    title: 成果巩固
    source: 二(一)
    tasks:
      - {id: A1, title: 监测, units: [乡村振兴局, 各中心]}
      - id: A2
        title: 资金
        units: [财政局]
        milestones: [{what: 平台录入, due: 2023-03-31, units: [大数据中心]}]
      - {id: A3, title: 数字, units: [大数据中心, 巴音中心], lead: [大数据中心]}
";

    fn plan() -> Plan {
        let today = NaiveDate::from_ymd_opt(2023, 6, 30).expect("a date");
        let loaded = load::plan(TEXT, today);
        assert!(!loaded.has_errors(), "{:#?}", loaded.problems);
        loaded.plan.expect("a plan")
    }

    fn found(asked: &str) -> Result<String, NotFound> {
        let plan = plan();
        unit(&plan, asked).map(|id| plan.unit(id).name.clone())
    }

    fn ids(query: impl Fn(&Plan) -> Query) -> Vec<String> {
        let plan = plan();
        let status = status::as_of(&plan, NaiveDate::from_ymd_opt(2023, 6, 30).expect("a date"), 30);
        tasks(&status, &query(&plan)).into_iter().map(|at| plan.tasks[at].id.clone()).collect()
    }

    fn of(plan: &Plan, name: &str) -> Query {
        let units = UnitSet::new(plan, vec![unit(plan, name).expect("a unit")]);
        Query { units: Some(units), ..Query::default() }
    }

    #[test]
    fn a_unit_is_found_by_name_alias_part_and_pinyin() {
        for asked in ["乡村振兴局", "旗乡村振兴局", "振兴", "xczxj", "xiangcunzhenxing", "XCZXJ"]
        {
            assert_eq!(found(asked).as_deref(), Ok("乡村振兴局"), "{asked}");
        }
        assert_eq!(found("lvyouju").as_deref(), Ok("旅游局"));
    }

    #[test]
    fn zhongxin_is_the_group_and_never_the_data_centre() {
        assert_eq!(found("中心").as_deref(), Ok("各中心"));
        assert_eq!(found("大数据").as_deref(), Ok("大数据中心"));
    }

    #[test]
    fn an_unclear_name_lists_what_it_may_mean() {
        assert!(matches!(found("局"), Err(NotFound::Several(names)) if names.len() == 3));
        assert_eq!(found("财证局"), Err(NotFound::Nothing(vec!["财政局".into()])));
        assert!(matches!(found(""), Err(NotFound::Nothing(_))));
    }

    #[test]
    fn a_member_has_the_tasks_of_its_group_unless_asked_directly() {
        assert_eq!(ids(|plan| of(plan, "巴音中心")), ["A1", "A3"]);
        assert_eq!(ids(|plan| Query { direct: true, ..of(plan, "巴音中心") }), ["A3"]);
        assert_eq!(ids(|plan| of(plan, "各中心")), ["A1"]);
    }

    #[test]
    fn an_item_with_units_of_its_own_makes_the_task_theirs_too() {
        assert_eq!(ids(|plan| of(plan, "大数据中心")), ["A2", "A3"]);
    }

    #[test]
    fn lead_keeps_the_tasks_that_the_unit_leads() {
        assert_eq!(ids(|plan| Query { lead: true, ..of(plan, "大数据中心") }), ["A3"]);
        assert_eq!(ids(|plan| Query { lead: true, ..of(plan, "巴音中心") }), Vec::<String>::new());
    }

    #[test]
    fn an_items_checkpoint_is_not_the_other_units_of_the_task() {
        let plan = plan();
        let status = status::as_of(&plan, NaiveDate::from_ymd_opt(2023, 6, 30).expect("a date"), 30);
        assert_eq!(checkpoints(&status, &of(&plan, "财政局")).len(), 0);
        assert_eq!(checkpoints(&status, &of(&plan, "大数据中心")).len(), 2);
    }

    #[test]
    fn words_must_all_occur() {
        let with = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
            ids(|_| Query { words: words.clone(), ..Query::default() })
        };
        assert_eq!(with(&["平台"]), ["A2"]);
        assert_eq!(with(&["资金", "录入"]), ["A2"]);
        assert_eq!(with(&["资金", "监测"]), Vec::<String>::new());
    }

    #[test]
    fn sections_are_found_by_id_place_and_title() {
        let plan = plan();
        for asked in ["A", "a", "二(一)", "巩固"] {
            assert_eq!(sections(&plan, asked), Ok(vec![0]), "{asked}");
        }
        assert!(sections(&plan, "乙").is_err());
    }
}
