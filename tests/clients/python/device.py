"""One device on python3-socketio, driven over standard input and output.

Arguments: sync or async, the server's URL, a token, and the transports (comma-separated; none: what
the library does by itself). Each line in is [name, data] to emit or [name, data, id] to emit and be
acknowledged, or null to disconnect; each line out is {"event", "data"} or {"ack", "data"}.
"""

import asyncio
import json
import sys
import threading

import socketio

writing = threading.Lock()


def tell(message):
    with writing:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def listen(client):
    """The handlers, which are the same for both kinds of client."""

    def on_connect():
        tell({"event": "(connect)", "data": client.get_sid()})

    def on_connect_error(*details):
        tell({"event": "(connect_error)", "data": [str(detail) for detail in details]})

    def on_disconnect():
        tell({"event": "(disconnect)", "data": None})

    def on_any(event, *args):
        tell({"event": event, "data": args[0] if args else None})

    client.on("connect", on_connect)
    client.on("connect_error", on_connect_error)
    client.on("disconnect", on_disconnect)
    client.on("*", on_any)


def acknowledged(number):
    return lambda *args: tell({"ack": number, "data": args[0] if args else None})


def run_sync(url, token, transports):
    client = socketio.Client(reconnection=False)
    # By itself the library handles each message in a thread of its own, in whatever order they run.
    trigger = client.eio._trigger_event
    client.eio._trigger_event = lambda event, *args, **_: trigger(event, *args, run_async=False)
    listen(client)
    client.connect(url, auth={"token": token}, transports=transports)
    tell({"event": "(transport)", "data": client.transport()})
    for line in sys.stdin:
        command = json.loads(line)
        if command is None:
            break
        if len(command) == 3:
            client.emit(command[0], command[1], callback=acknowledged(command[2]))
        else:
            client.emit(command[0], command[1])
    client.disconnect()


async def run_async(url, token, transports):
    client = socketio.AsyncClient(reconnection=False)
    listen(client)
    await client.connect(url, auth={"token": token}, transports=transports)
    tell({"event": "(transport)", "data": client.transport()})
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        command = json.loads(line) if line else None
        if command is None:
            break
        if len(command) == 3:
            await client.emit(command[0], command[1], callback=acknowledged(command[2]))
        else:
            await client.emit(command[0], command[1])
    await client.disconnect()


def main():
    kind, url, token = sys.argv[1:4]
    transports = sys.argv[4].split(",") if len(sys.argv) > 4 else None
    if kind == "sync":
        run_sync(url, token, transports)
    else:
        asyncio.run(run_async(url, token, transports))


main()
