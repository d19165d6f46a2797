"""Reads one message on standard input with Python's own parser and prints what it found as JSON."""
import email
import email.policy
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = list(message.walk())
json.dump(
    {
        "defects": [str(defect) for part in parts for defect in part.defects]
        + [str(defect) for value in message.values() for defect in getattr(value, "defects", [])],
        "headers": [[name, str(value)] for name, value in message.items()],
        "to": [[box.display_name, box.addr_spec] for box in message["to"].addresses] if message["to"] else [],
        "types": [part.get_content_type() for part in parts],
        "plain": message.get_body(("plain",)).get_content(),
        "html": message.get_body(("html",)).get_content(),
    },
    sys.stdout,
)
