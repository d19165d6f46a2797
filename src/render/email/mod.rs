//! A document as a message: RFC 5322, with a text part and an HTML part of the same content.
//!
//! The same document and envelope give the same bytes: the date is the envelope's, and the message id and the boundary
//! come from the content.

mod html;
mod text;

use crate::address::Mailbox;
use crate::document::Document;
use crate::language::tr;
use crate::render::wrap::clean;
use anyhow::Result;
use chrono::{NaiveDate, NaiveTime};
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;
use sha2::{Digest, Sha256};

/// Whom a message goes to, and what its head says.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Who sends it; without one the sending program puts its own account there.
    pub from: Option<Mailbox>,
    /// To whom; without anybody it is a draft.
    pub to: Vec<Mailbox>,
    /// Who gets a copy.
    pub cc: Vec<Mailbox>,
    /// The subject; else the document's title.
    pub subject: Option<String>,
    /// The day that the message bears, at its beginning in UTC (08:00 in China).
    pub day: NaiveDate,
    /// Whether mail programs should open it for sending, not for reading.
    pub draft: bool,
    /// What stands at the end of each line.
    pub line_end: LineEnd,
}

/// What stands at the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// LF, as `sendmail -t` and its kind read it from a pipe.
    Unix,
    /// CRLF, as the standard has it and as files of mail programs do.
    Internet,
}

/// Writes the message: ASCII only, no line longer than 76 bytes.
///
/// # Errors
/// None for any document that this program builds.
pub fn message(document: &Document, envelope: &Envelope) -> Result<String> {
    let subject = envelope.subject.as_deref().unwrap_or(&document.title);
    let subject = header_text(subject);
    let (plain, page) = (text::render(document), html::render(document));
    let mark = fingerprint(&[&subject, &plain, &page, &format!("{envelope:?}")]);
    let domain = envelope.from.as_ref().and_then(|from| from.address.split_once('@'));
    let domain = domain.map_or("plan.invalid", |(_, domain)| domain);
    let midnight = envelope.day.and_time(NaiveTime::MIN).and_utc().timestamp();
    let mut builder = MessageBuilder::new();
    if let Some(from) = &envelope.from {
        builder = builder.from(address(from));
    }
    if !envelope.to.is_empty() {
        builder = builder.to(addresses(&envelope.to));
    }
    if !envelope.cc.is_empty() {
        builder = builder.cc(addresses(&envelope.cc));
    }
    builder = builder
        .subject(subject)
        .date(Date::new(midnight))
        .message_id(format!("{mark}@{domain}"))
        .header("Content-Language", Raw::new(tr("zh-CN", "en")))
        .header("Auto-Submitted", Raw::new("auto-generated"));
    if envelope.draft {
        builder = builder.header("X-Unsent", Raw::new("1"));
    }
    let kind = ContentType::new("multipart/alternative").attribute("boundary", format!("={mark}"));
    let parts = vec![MimePart::new("text/plain", plain), MimePart::new("text/html", page)];
    let text = builder.body(MimePart::new(kind, parts)).write_to_string()?;
    Ok(match envelope.line_end {
        LineEnd::Internet => text,
        LineEnd::Unix => text.replace("\r\n", "\n"),
    })
}

/// Text for a header. `=?` would begin an encoded word, which is read as whatever it decodes to.
fn header_text(text: &str) -> String {
    clean(text).trim().replace("=?", "＝?")
}

fn addresses(boxes: &[Mailbox]) -> Address<'_> {
    Address::new_list(boxes.iter().map(address).collect())
}

fn address(mailbox: &Mailbox) -> Address<'_> {
    let name = mailbox.name.as_deref().map(header_text);
    Address::new_address(name, mailbox.address.as_str())
}

/// The same for the same texts, and another for any others: 32 hexadecimal digits.
fn fingerprint(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;
    use proptest::prelude::*;

    fn envelope() -> Envelope {
        Envelope {
            from: None,
            to: vec![Mailbox { name: Some("财政局".into()), address: "office@example.org".into() }],
            cc: Vec::new(),
            subject: None,
            day: NaiveDate::from_ymd_opt(2023, 6, 30).expect("a day"),
            draft: false,
            line_end: LineEnd::Unix,
        }
    }

    fn head(text: &str) -> &str {
        text.split("\n\n").next().expect("a head")
    }

    #[test]
    fn a_message_has_the_heads_that_are_asked_for_and_a_day() {
        let text = message(&sample::report(), &envelope()).expect("a message");
        let head = head(&text);
        assert!(head.contains("To: =?utf-8?") && head.contains("<office@example.org>"), "{head}");
        assert!(head.contains("Date: Fri, 30 Jun 2023 00:00:00 +0000"), "{head}");
        assert!(head.contains("MIME-Version: 1.0"), "{head}");
        assert!(!head.contains("From:") && !head.contains("Cc:") && !head.contains("X-Unsent"), "{head}");
    }

    #[test]
    fn the_same_input_gives_the_same_bytes_and_another_another_id() {
        let first = message(&sample::report(), &envelope()).expect("a message");
        assert_eq!(message(&sample::report(), &envelope()).expect("a message"), first);
        let other = message(&sample::overdue(), &envelope()).expect("a message");
        let id = |text: &str| text.lines().find(|line| line.starts_with("Message-ID")).map(str::to_string);
        assert!(id(&first).is_some() && id(&first) != id(&other));
    }

    #[test]
    fn line_ends_are_what_the_reader_expects() {
        let unix = message(&sample::report(), &envelope()).expect("a message");
        assert!(!unix.contains('\r'));
        let internet = Envelope { line_end: LineEnd::Internet, ..envelope() };
        let internet = message(&sample::report(), &internet).expect("a message");
        assert_eq!(internet.matches('\n').count(), internet.matches("\r\n").count());
    }

    proptest! {
        #[test]
        fn whatever_a_file_says_the_message_is_short_lines_of_ascii_with_one_head(text: String, name: String) {
            let mut document = sample::note(&text);
            document.title = name.clone();
            let to = vec![Mailbox { name: Some(name), address: "a@b".into() }];
            let message = message(&document, &Envelope { to, ..envelope() }).expect("a message");
            prop_assert!(message.is_ascii());
            for line in message.lines() {
                prop_assert!(line.len() <= 76, "{line}");
            }
            let heads = head(&message).lines().filter(|line| !line.starts_with([' ', '\t']));
            for line in heads {
                let (key, _) = line.split_once(':').expect("a header");
                let known = ["To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version", "Content-Type"];
                prop_assert!(known.contains(&key), "{line}");
            }
        }
    }
}
