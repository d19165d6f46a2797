"""A mail server for one message, on loopback and a free port: prints the port, then the message and whom it was for."""
import json
import socket
import sys

server = socket.create_server(("127.0.0.1", 0))
server.settimeout(60)
print(server.getsockname()[1], flush=True)
connection, _ = server.accept()
connection.settimeout(60)
lines = connection.makefile("rb")
say = lambda text: connection.sendall(text.encode() + b"\r\n")
say("220 sink")
sender, recipients, data = None, [], b""
for line in lines:
    command = line.strip().decode("ascii")
    word = command.upper()
    if word.startswith("MAIL FROM:"):
        sender = command[10:].split(">")[0].strip(" <")
    elif word.startswith("RCPT TO:"):
        recipients.append(command[8:].split(">")[0].strip(" <"))
    elif word == "DATA":
        say("354 go on")
        for line in lines:
            if line == b".\r\n":
                break
            data += line[1:] if line.startswith(b".") else line
    elif word == "QUIT":
        say("221 bye")
        break
    say("250 ok")
json.dump({"from": sender, "to": recipients, "data": data.decode("ascii")}, sys.stdout)
