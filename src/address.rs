//! E-mail addresses: which are well formed, and how people write them on a command line.

/// Somebody's address, perhaps with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name that a mail program shows.
    pub name: Option<String>,
    /// The address itself, well formed.
    pub address: String,
}

/// Whether the text is an address that any mail server takes: ASCII, no quotes, nothing that could begin another header.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let atom = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_%+-'".contains(c))
    };
    let label = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    local.len() <= 64 && text.len() <= 254 && local.split('.').all(atom) && domain.split('.').all(label)
}

/// Reads one or several addresses: `a@example.org`, `财政局 <a@example.org>`, with commas or semicolons between.
///
/// # Errors
/// The first piece that is not an address.
pub fn parse_list(text: &str) -> Result<Vec<Mailbox>, String> {
    let mut boxes = Vec::new();
    for piece in pieces(text) {
        boxes.push(parse(piece).ok_or_else(|| piece.to_string())?);
    }
    if boxes.is_empty() { Err(text.to_string()) } else { Ok(boxes) }
}

fn parse(text: &str) -> Option<Mailbox> {
    let text = text.trim();
    if text.contains(char::is_control) {
        return None;
    }
    let Some((name, rest)) = text.split_once('<') else {
        return is_address(text).then(|| Mailbox { name: None, address: text.to_string() });
    };
    let address = rest.strip_suffix('>')?.trim();
    let name = name.trim();
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name).trim();
    let name = (!name.is_empty()).then(|| name.to_string());
    is_address(address).then(|| Mailbox { name, address: address.to_string() })
}

/// The text between commas and semicolons, Chinese ones too, that stand neither in quotes nor in angle brackets.
fn pieces(text: &str) -> Vec<&str> {
    let (mut start, mut quoted, mut bracket) = (0, false, false);
    let mut pieces = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '<' if !quoted => bracket = true,
            '>' if !quoted => bracket = false,
            ',' | ';' | '，' | '；' | '、' if !quoted && !bracket => {
                pieces.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_plain_ascii_on_both_sides() {
        for text in ["office@example.org", "a.b+c@mail.example.org", "o'b@example.org", "root@localhost"] {
            assert!(is_address(text), "{text}");
        }
        for text in [
            "",
            "office",
            "@example.org",
            "a@",
            "a@b@c",
            "a..b@c",
            ".a@c",
            "a@.c",
            "a@c.",
            "a@-c",
            "a b@c",
            "办公室@example.org",
            "x@y\r\nBcc: z",
            "x@y,z@w",
            "<x@y>",
        ] {
            assert!(!is_address(text), "{text:?}");
        }
    }

    #[test]
    fn a_list_is_read_as_people_write_it() {
        let plain = |address: &str| Mailbox { name: None, address: address.into() };
        let named = |name: &str, address: &str| Mailbox { name: Some(name.into()), address: address.into() };
        assert_eq!(parse_list("a@b, c@d；e@f"), Ok(vec![plain("a@b"), plain("c@d"), plain("e@f")]));
        assert_eq!(
            parse_list("财政局 <a@b>，\"李, 四\" <c@d>"),
            Ok(vec![named("财政局", "a@b"), named("李, 四", "c@d")])
        );
        assert_eq!(parse_list("a@b, 财政局"), Err(" 财政局".into()));
        assert_eq!(parse_list("甲\r\nBcc: z <a@b>"), Err("甲\r\nBcc: z <a@b>".into()));
        assert_eq!(parse_list(" , "), Err(" , ".into()));
    }
}
