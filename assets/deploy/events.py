#!/usr/bin/env python3
"""Reads the events of a game from Redis and prints each once, as a line of JSON.

    pip install redis
    python3 events.py redis://127.0.0.1:6379 [POSITION-FILE]

Servers write them with --events. An event comes at least once: after a Redis that forgot something, or a consumer that was
stopped between reading and remembering, it may come again with the same id, so those seen of late are dropped. The type is
`life` (`json` is what the standings keep of it, `id` is its own), `joined`, `left` or `round`. `v` is the version of this form: another one is passed over.
"""

import collections
import json
import pathlib
import sys

import redis

STREAM = "starfray:events"
REMEMBERED = 100_000


def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else "redis://127.0.0.1:6379"
    position = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    after = position.read_text().strip() if position and position.exists() else "0-0"
    seen: "collections.OrderedDict[str, None]" = collections.OrderedDict()
    connection = redis.Redis.from_url(url, decode_responses=True)
    while True:
        for _, entries in connection.xread({STREAM: after}, count=500, block=5000) or []:
            for after, event in entries:
                if event.get("v") == "1" and event["id"] not in seen:
                    print(json.dumps({"type": event["type"], "id": event["id"], **json.loads(event["json"])}))
                    seen[event["id"]] = None
                    if len(seen) > REMEMBERED:
                        seen.popitem(last=False)
            sys.stdout.flush()
            if position:
                position.write_text(after)


if __name__ == "__main__":
    main()
