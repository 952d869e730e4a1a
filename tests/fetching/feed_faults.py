"""What servers do to a reader of feeds: each fault with the row that it must leave, and the links it still finds."""

from __future__ import annotations

from pipelines.records import Outcome
from tests.fetching.faults import PAGE_FAULTS, Fault, Serve, page, to
from tests.fetching.wire import bomb


def feed(items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', encoding: str = "utf-8") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode(encoding)


def items(host: str, count: int, title: str = "芯片") -> str:
    return "".join(
        f"<item><title>{title} {n}</title><link>http://{host}.fault.example/a/{n}.html</link></item>"
        for n in range(1, count + 1)
    )


def xml(body: bytes, content_type: str = "application/rss+xml") -> Serve:
    return page(body, f"Content-Type: {content_type}")


def entity_bomb(host: str) -> bytes:
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return feed(items(host, 1, "&a11;"), f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]>')


def feed_fault(name: str, serve: Serve, outcome: Outcome, status: int, attempts: int, error: str, links: int) -> Fault:
    return Fault(name, serve, outcome, status, attempts, error, role="feed", links=links)


FEED_FAULTS = (
    feed_fault("feed-fine", xml(feed(items("feed-fine", 3))), "ok", 200, 1, "", 3),
    feed_fault("feed-html", page(), "bad_feed", 200, 1, "HTML", 0),
    feed_fault("feed-nothing", xml(b""), "bad_feed", 200, 1, "empty", 0),
    feed_fault("feed-no-items", xml(feed("")), "bad_feed", 200, 1, "without any item", 0),
    feed_fault(
        "feed-foreign",
        xml(feed(items("elsewhere", 3).replace("/a/", "/b/"))),
        "bad_feed",
        200,
        1,
        "none of its 3",
        0,
    ),
    feed_fault("feed-away", to("http://msn.test/feed"), "bad_redirect", 302, 1, "other site", 0),
    feed_fault("feed-moved", to("http://feed-fine.fault.example/feed"), "ok", 200, 2, "", 3),
    feed_fault("feed-torn", xml(feed(items("feed-torn", 3) + "<item><title>a & b <")), "ok", 200, 1, "", 3),
    feed_fault("feed-junk", xml(b"<rss><channel>" + b"\x00\xff<" * 500), "bad_feed", 200, 1, "", 0),
    feed_fault(
        "feed-gbk",
        xml(feed(items("feed-gbk", 2), '<?xml version="1.0" encoding="gbk"?>', "gbk")),
        "ok",
        200,
        1,
        "",
        2,
    ),
    feed_fault(
        "feed-long",
        xml(feed("".join(f"<item><link>/a/{n}.html</link></item>" for n in range(100_000)))),
        "ok",
        200,
        1,
        "",
        2000,
    ),
    feed_fault("feed-entities", xml(entity_bomb("feed-entities")), "bad_feed", 200, 1, "entities", 0),
    feed_fault("feed-tags", xml(b"<rss><channel><item>" + b"<a>" * 300_000), "bad_feed", 200, 1, "tags", 0),
    feed_fault(
        "feed-author",
        xml(feed(items("feed-author", 1) + f"<item><author>{'a' * 1_000_000}</author></item>")),
        "ok",
        200,
        1,
        "",
        1,
    ),
    feed_fault(
        "feed-bomb",
        page(bomb("gzip"), "Content-Type: text/xml", "Content-Encoding: gzip"),
        "too_large",
        200,
        1,
        "inflate",
        0,
    ),
    feed_fault(
        "feed-json",
        xml(b'{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"/a/1.html"}]}', "application/feed+json"),
        "ok",
        200,
        1,
        "",
        1,
    ),
    feed_fault("feed-json-deep", xml(b'{"items":' * 100_000, "application/json"), "bad_feed", 200, 1, "", 0),
    feed_fault("feed-octets", xml(feed(items("feed-octets", 2)), "application/octet-stream"), "ok", 200, 1, "", 2),
)

FAULTS = PAGE_FAULTS + FEED_FAULTS
