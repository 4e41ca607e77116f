"""The columns of a roster: what each means, under which names people have it, and what the program does with it.

In: the headers of a file. Out: which column stands where. Invariants: a header means one thing or nothing; capitals,
spaces, signs, line breaks and units in brackets do not matter. docs/roster.md is made from this table.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from simulator.scenario.wording import shown

Kind = Literal["text", "whole", "money", "mean", "rate", "ignored"]


@dataclass(frozen=True)
class Column:
    """A meaning that a column may have.

    Attributes:
        key: How the program calls it.
        kind: What its cells hold; a "mean" is a number that may have decimals.
        names: Headers with this meaning, as people write them; capitals, spaces and signs do not matter.
        use: What the program does with it.
        spare: Headers that have this meaning only where no other column has it.
    """

    key: str
    kind: Kind
    names: tuple[str, ...]
    use: str
    spare: tuple[str, ...] = ()


def _of_posts(what: str, *also: str) -> tuple[str, ...]:
    """Give the headers of a number per post: "average likes", "avg likes per post", "likes (median)"."""
    means = ("average", "avg", "median", "mean")
    before = tuple(f"{mean} {what}" for mean in means)
    return (*before, what, *(f"{what} {mean}" for mean in means), f"{what} per post", f"avg {what} per post", *also)


COLUMNS = (
    Column(
        "handle",
        "text",
        (
            *("handle", "username", "user name", "account", "account name", "account handle", "profile", "creator"),
            *("influencer", "@", "creator handle", "influencer handle", "screen name", "nickname", "social handle"),
        ),
        'the creator\'s name; "@" and the address of a profile are taken away',
        (
            *("name", "creator name", "influencer name", "profile name", "full name", "display name", "channel name"),
            *("profile url", "profile link", "account url", "account link", "url", "link", "social link"),
        ),
    ),
    Column(
        "platform",
        "text",
        ("platform", "network", "channel", "social network", "social platform", "social media", "platform name"),
        "`platform` of the creator",
    ),
    Column(
        "followers",
        "whole",
        (
            *("followers", "follower", "follower count", "followers count", "number of followers", "total followers"),
            *("subscribers", "subscriber count", "subscribers count", "fans", "fan count", "audience size", "subs"),
        ),
        "`followers`",
    ),
    Column(
        "engagement_rate",
        "rate",
        (
            *("engagement rate", "er", "avg engagement rate", "average engagement rate", "median engagement rate"),
            *("avg er", "average er", "engagement", "eng rate", "engagement rate by followers", "er by followers"),
            *("engagement rate per follower", "engagement rate per post"),
        ),
        "`engagement_per_impression` = rate x followers / reach or views of a post",
    ),
    Column(
        "engagement_rate_by_reach",
        "rate",
        ("engagement rate by reach", "er by reach", "err", "engagement rate per reach", "engagement rate reach"),
        "`engagement_per_impression` = rate",
    ),
    Column(
        "engagement_rate_by_views",
        "rate",
        (
            *("engagement rate by views", "er by views", "erv", "engagement rate per view", "engagement rate views"),
            *("engagement rate by impressions", "er by impressions", "engagement per impression", "view er"),
        ),
        "`engagement_per_impression` = rate",
    ),
    Column(
        "likes",
        "mean",
        _of_posts("likes"),
        "where no rate is given: `engagement_per_impression` = (likes + comments) / reach or views of a post",
    ),
    Column("comments", "mean", _of_posts("comments"), "with the likes"),
    Column(
        "views",
        "mean",
        (
            *_of_posts("views", "avg video views", "average video views", "median video views", "video views"),
            *(*_of_posts("impressions"), *_of_posts("plays"), *_of_posts("reels plays"), *_of_posts("reel plays")),
            *(*_of_posts("reel views"), *_of_posts("reels views"), "reels plays", "avg views per video"),
        ),
        "`reach_per_follower`, and what lies above the real followers `nonfollower_reach_ratio`",
    ),
    Column("reach", "mean", _of_posts("reach"), "the same, and before views where both are given"),
    Column(
        "fee",
        "money",
        (
            *("fee", "price", "rate", "rates", "cost", "quote", "budget", "total fee", "campaign fee", "total price"),
            *("fee per campaign", "price per campaign", "rate per campaign", "cost per campaign", "campaign rate"),
            *("total cost", "asking price", "package price", "quoted price", "quoted fee", "quoted rate", "fee total"),
            *("creator fee", "influencer fee", "negotiated fee", "campaign price", "campaign cost", "total rate"),
        ),
        "`fee`, for all posts together",
    ),
    Column(
        "fee_per_post",
        "money",
        (
            *("fee per post", "price per post", "rate per post", "cost per post", "quote per post", "post price"),
            *(
                "post rate",
                "post fee",
                "post cost",
                "estimated post price",
                "est post price",
                "estimated price per post",
            ),
            *("price per video", "rate per video", "cost per video", "fee per video", "budget per post"),
        ),
        "`fee` = this x the pool's number of posts",
    ),
    Column(
        "niche",
        "text",
        (
            *("niche", "niches", "category", "categories", "topic", "topics", "vertical", "verticals", "interests"),
            *("main category", "primary category", "content category", "main topic", "interest", "industry"),
        ),
        "`niche`, where a niche of `people.niches` is the category or a word of it",
    ),
    Column(
        "credibility",
        "rate",
        (
            *("audience credibility", "credibility", "audience credibility score", "credibility score"),
            *("authentic audience", "audience authenticity", "authenticity", "authentic followers", "real followers"),
            *("real audience", "real people", "credible followers", "credible audience", "followers credibility"),
        ),
        "`fake_share` = 1 - credibility",
    ),
    Column(
        "fake",
        "rate",
        (
            *("fake followers", "fake", "fake audience", "fake share", "suspicious", "suspicious followers", "bots"),
            *("suspicious accounts", "suspicious audience", "bot followers", "fake follower rate", "bot share"),
        ),
        "`fake_share`",
    ),
    Column(
        "country",
        "text",
        (
            *("audience country", "audience countries", "top country", "top countries", "audience location"),
            *(
                "audience locations",
                "top audience country",
                "top audience countries",
                "audience geo",
                "audience geography",
            ),
            *("audience top country", "audience top countries", "top audience location", "main audience country"),
        ),
        "with `audience_country`: `outside_share` = (1 - fake_share) x (1 - share of the country)",
    ),
    Column(
        "country_share",
        "rate",
        (
            *("country share", "audience country share", "top country share", "share of top country", "country %"),
            *("audience country %", "top country %", "audience in country", "audience location %", "audience share"),
            *("share of audience in country", "top country percentage", "audience country percentage"),
        ),
        "the share of that country, or where no column names one, of `audience_country`",
    ),
    Column("tier", "ignored", ("tier", "size", "influencer tier", "creator tier", "influencer size"), "nothing"),
)
BY_KEY = {column.key: column for column in COLUMNS}
# words of a header that say in what its column counts; thousands and millions multiply it
_UNITS = re.compile(
    "%|percent|pct|in|usd|eur|gbp|chf|cad|aud|us|money|count|number|no|k|thousands?|000|000s|m|mn|mio|millions?|#|"
    r"instagram|ig|tiktok|youtube|yt"
)
_TENS = dict.fromkeys(("k", "thousand", "thousands", "000", "000s"), 1000.0)
_TENS |= dict.fromkeys(("m", "mn", "mio", "million", "millions"), 1000000.0)


def plain_header(text: str) -> str:
    """Give a header on one line."""
    return " ".join(text.split())


@cache
def _meanings() -> dict[str, str]:
    return {_joined(tokens_of(name)): column.key for column in COLUMNS for name in (*column.names, *column.spare)}


def column_of(header: str) -> Column | None:
    r"""Give what a header means; None where it means nothing to the program.

    >>> column_of("Avg. Engagement\nRate (%)").key
    'engagement_rate'
    """
    every, outside = tokens_of(header), tokens_of(re.sub(r"[(\[{].*?[)\]}]", " ", header, flags=re.DOTALL))
    for tokens in (every, outside, _without_units(every), _without_units(outside)):
        if key := _meanings().get(_joined(tokens)):
            return None if says_percent(header) and BY_KEY[key].kind in ("whole", "money", "mean") else BY_KEY[key]
    return None


def tokens_of(header: str) -> list[str]:
    """Give the words of a header, which may be written followersCount or followers_count."""
    text = unicodedata.normalize("NFKC", header).replace("\ufeff", "")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    return re.findall(r"[^\W_]+|[%@#]", spaced)


def _joined(tokens: list[str]) -> str:
    return "".join(tokens)


def _without_units(tokens: list[str]) -> list[str]:
    return [token for token in tokens if not _UNITS.fullmatch(token)]


def says_percent(header: str) -> bool:
    """Say whether a column counts in percent."""
    return bool({"%", "percent", "pct"} & {*tokens_of(header)})


def scale_of(header: str) -> float:
    """Give by what the numbers of a column are multiplied: those of "Followers (k)" by 1,000."""
    return next((_TENS[token] for token in tokens_of(header) if token in _TENS), 1.0)


def _is_spare(header: str, column: Column) -> bool:
    spare = {_joined(tokens_of(name)) for name in column.spare}
    return _joined(tokens_of(header)) in spare


def places_of(header: tuple[str, ...]) -> dict[str, int]:
    """Give the place of each column that has a meaning.

    Raises:
        ValueError: two columns have the same one, or handle or followers are not there.
    """
    found: dict[str, list[int]] = {}
    for place, text in enumerate(header):
        if (column := column_of(text)) is not None and column.kind != "ignored":
            found.setdefault(column.key, []).append(place)
    for key, places in found.items():
        own = [place for place in places if not _is_spare(header[place], BY_KEY[key])]
        found[key] = own or places[:1]
    twice = [
        f"the columns {' and '.join(shown(plain_header(header[place])) for place in places)} both mean {key}"
        for key, places in found.items()
        if len(places) > 1
    ]
    if twice:
        raise ValueError(f"row 1: {'; '.join(twice)}. Remove or rename all but one.")
    for key in ("handle", "followers"):
        if key not in found:
            there = ", ".join(shown(plain_header(text)) for text in header[:30] if text.strip())
            would = ", ".join(BY_KEY[key].names[:6])
            raise ValueError(
                f"row 1: no column for {key}. There is: {there}. One of these names would do: {would}. Where the names "
                "of the columns stand further down, delete the rows above them."
            )
    return {key: places[0] for key, places in found.items()}
