//! The options of `--format email`, and the envelope that they make.

use super::{World, parse_day};
use crate::address::{self, Mailbox};
use crate::language::tr;
use crate::model::{Plan, UnitId};
use crate::render::email::{Envelope, LineEnd};
use anyhow::{Result, bail};
use chrono::NaiveDate;
use clap::Args;

/// The options `--to` and `--from`, which are `--mail-to` and `--mail-from` where a command has its own of that name.
pub const MAIL_TO: &str = "mail_to";
/// See [`MAIL_TO`].
pub const MAIL_FROM: &str = "mail_from";

/// Options of messages.
#[derive(Args, Debug)]
#[command(next_help_heading = tr("邮件（--format email）", "Messages (--format email)"))]
pub struct MailArgs {
    #[arg(id = MAIL_TO, long = "to", value_name = tr("地址", "ADDRESS"), help = tr("收件人，如 a@example.org 或 财政局 <a@example.org>；可重复；单个单位的报告默认发给它登记的邮箱", "To whom; may be repeated; a unit's own report goes to its registered address"))]
    to: Vec<String>,
    #[arg(long, value_name = tr("地址", "ADDRESS"), help = tr("抄送", "Who gets a copy"))]
    cc: Vec<String>,
    #[arg(id = MAIL_FROM, long = "from", value_name = tr("地址", "ADDRESS"), help = tr("发件人；默认为 PLAN_FROM，再没有就由发信程序填", "From whom; else PLAN_FROM, else left to the sending program"))]
    from: Option<String>,
    #[arg(long, value_name = tr("文字", "WORDS"), help = tr("主题；默认为报告的标题", "The subject; else the report's title"))]
    subject: Option<String>,
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("邮件上的日期，如 today；默认为截至日", "The day that the message bears, such as today; else that of the report"))]
    date: Option<String>,
    #[arg(long, help = tr("行末用 CRLF；写入文件时总是如此", "Lines end in CRLF, as they always do in files"))]
    crlf: bool,
}

impl MailArgs {
    /// Refuses options that only a message has any use for.
    pub(super) fn none_given(&self) -> Result<()> {
        let given = [
            (!self.to.is_empty(), "--to"),
            (!self.cc.is_empty(), "--cc"),
            (self.from.is_some(), "--from"),
            (self.subject.is_some(), "--subject"),
            (self.date.is_some(), "--date"),
            (self.crlf, "--crlf"),
        ];
        if let Some((_, option)) = given.into_iter().find(|(given, _)| *given) {
            bail!(tr(
                format!("{option} 只与 --format email 同用"),
                format!("{option} goes with --format email only")
            ));
        }
        Ok(())
    }

    /// Whether somebody was named to whom everything goes.
    pub(super) fn has_recipients(&self) -> bool {
        !self.to.is_empty()
    }

    /// The envelope of a document as of `day` that is one unit's own, or everybody's. `to_file`: a file is for a mail
    /// program to open and send, a pipe for one that sends at once.
    pub(super) fn envelope(
        &self,
        world: &World<'_>,
        plan: &Plan,
        day: NaiveDate,
        unit: Option<UnitId>,
        to_file: bool,
    ) -> Result<Envelope> {
        let mut to = mailboxes("--to", &self.to)?;
        if to.is_empty()
            && let Some(unit) = unit.map(|unit| plan.unit(unit))
        {
            to.extend(unit.email.clone().map(|address| Mailbox { name: Some(unit.name.clone()), address }));
        }
        if to.is_empty() && !to_file {
            bail!(tr(
                "没有收件人：用 --to 写上地址（diff 和 log 里是 --mail-to），或在 units 下登记这个单位的 email，或用 -o 写成待发的文件",
                "there is nobody to send to: add --to ADDRESS (--mail-to in diff and log), register the unit's `email`, or write a draft with -o",
            ));
        }
        let from = match (&self.from, &world.from) {
            (Some(from), _) => mailboxes("--from", std::slice::from_ref(from))?,
            (None, Some(from)) => mailboxes("PLAN_FROM", std::slice::from_ref(from))?,
            (None, None) => Vec::new(),
        };
        if from.len() > 1 {
            bail!(tr("发件人只能有一个", "a message has one sender"));
        }
        if self.subject.as_deref().is_some_and(|subject| subject.contains(char::is_control)) {
            bail!(tr(
                "主题里有换行或别的控制字符",
                "the subject has a line end or another control character"
            ));
        }
        let date = self.date.as_deref().map(|text| parse_day(text, plan, world)).transpose()?;
        Ok(Envelope {
            from: from.into_iter().next(),
            to,
            cc: mailboxes("--cc", &self.cc)?,
            subject: self.subject.clone(),
            day: date.unwrap_or(day),
            draft: to_file,
            line_end: if to_file || self.crlf { LineEnd::Internet } else { LineEnd::Unix },
        })
    }
}

fn mailboxes(option: &str, given: &[String]) -> Result<Vec<Mailbox>> {
    let mut all = Vec::new();
    for text in given {
        match address::parse_list(text) {
            Ok(list) => all.extend(list),
            Err(piece) => bail!(tr(
                format!("{option} 里的“{piece}”不是邮箱；写成 a@example.org 或 财政局 <a@example.org>"),
                format!(
                    "{piece:?} in {option} is not an address; write a@example.org or Name <a@example.org>"
                ),
            )),
        }
    }
    Ok(all)
}
