"""What a roster says, as keys of the model.

In: a roster and the raw values of its pool. Out: rows `[[pools.NAME.creators]]`, and sentences on what was taken from
the pool instead. It goes in two steps, for a rate of the file can mean something only beside what the pool says of
reach: `rows_of` before blanks are filled from presets, `measured` after it. Invariant: what a row is does not depend on
other rows.

Denominators. A platform's engagement rate is likes and comments of a post by followers; the model's is by impressions.
With v the reach, else the views, of a post, f the followers, q the median `nonfollower_reach_ratio`:

- fake_share = 1 - credibility, or the share of fake followers.
- outside_share = (1 - fake_share) x (1 - share of the country): a country's share is one of the real people. Where only
  shares of other countries are known, at least (1 - fake_share) x these, and at least the pool's.
- reach_per_follower = v / f / (1 + q), at most 1 - fake_share. What lies above goes into nonfollower_reach_ratio =
  v / (f x reach_per_follower) - 1, so that the v of the file are met.
- engagement_per_impression = rate x f / v, at most 1; a rate by reach or views is taken as it is. Without a rate,
  (likes + comments) / v. Without v, f x the median reach_per_follower of the pool x (1 + q) stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from simulator.scenario.account import MOST_STRANGERS, PLATFORMS, planned_posts
from simulator.scenario.parts import first_of
from simulator.scenario.quantity import Quantity, parse_quantity
from simulator.scenario.rates import Rate, RateLaw, rate_at, unknown_of
from simulator.scenario.roster.reading import Roster, Row, names_of, platform_of
from simulator.scenario.section import share_of_text
from simulator.scenario.wording import shown

Values = dict[str, Any]
_PLACES = ("country", "country_share")
_COUNTRIES = (
    ("us", "usa", "united states", "united states of america"),
    ("uk", "gb", "united kingdom", "great britain"),
)
_SHARE = re.compile(r"([^\W\d_][^\d%(),;:|]*?)[\s(:-]*(\d+(?:[.,]\d+)?)\s*%")


# ---- before blanks are filled


def rows_of(roster: Roster, pool: Mapping[str, Any], platform: object, niches: Sequence[str]) -> list[Values]:
    """Give the rows of a roster, without what depends on the pool's rates.

    Args:
        roster: The creators.
        pool: The raw values of their pool.
        platform: Where the pool's creators post, None where that is not said.
        niches: The niches of the people.
    """
    names = names_of(roster, platform if isinstance(platform, str) else None)
    posts = planned_posts(pool)
    return [
        {key: value for key, value in _row(row, name, posts, niches).items() if value is not None}
        for row, name in zip(roster.rows, names, strict=True)
    ]


def _row(row: Row, name: str, posts: int, niches: Sequence[str]) -> Values:
    fee, per_post = row.number_of("fee"), row.number_of("fee_per_post")
    credible = row.number_of("credibility")
    platform = platform_of(row)
    return {
        "handle": name,
        "followers": round(row.number_of("followers") or 0),
        "fee": fee if fee is not None or per_post is None else per_post * posts,
        "platform": platform if platform in PLATFORMS else None,
        "niche": niche_of(row.text_of("niche"), niches),
        "fake_share": row.number_of("fake") if credible is None else round(1 - credible, 15),
    }


def niche_of(category: str | None, niches: Sequence[str]) -> str | None:
    """Give the niche that a category is, or names first; None where it names none.

    >>> niche_of("Beauty & Makeup", ["food", "beauty"])
    'beauty'
    """
    text = (category or "").casefold()
    found = {niche: re.search(rf"(?<!\w){re.escape(niche.casefold())}(?!\w)", text) for niche in niches}
    named = {niche: match.start() for niche, match in found.items() if match}
    return min(named, key=lambda niche: named[niche]) if named else None


# ---- after blanks are filled


def measured(roster: Roster, pool: Mapping[str, Any], rows: Sequence[Values]) -> list[Values]:
    """Give what the rates of a roster come to, by row, as keys that replace those of `rows`."""
    return [_measured(row, {**pool, **values}, pool) for row, values in zip(roster.rows, rows, strict=True)]


def _measured(row: Row, account: Mapping[str, Any], pool: Mapping[str, Any]) -> Values:
    followers, real = row.number_of("followers") or 1.0, 1.0 - _plain_share(account.get("fake_share"))
    strangers = _median(account.get("nonfollower_reach_ratio", 0.0))
    seen = _seen(row)
    found: Values = {}
    if seen is not None and strangers is not None:
        reach = min(seen / followers / (1 + strangers), real)
        found["reach_per_follower"] = reach
        if reach == real and seen / followers / real - 1 > strangers:
            found["nonfollower_reach_ratio"] = min(seen / followers / real - 1, float(MOST_STRANGERS))
    else:
        usual = _rate_at(account.get("reach_per_follower"), followers)
        seen = None if usual is None or strangers is None else followers * usual * (1 + strangers)
    if (engaged := _engagement(row, followers, seen)) is not None:
        found["engagement_per_impression"] = min(engaged, 1.0)
    if (inside := country_share(row, pool.get("audience_country"))) is not None:
        found["outside_share"] = real * (1 - inside)
    elif (least := real * elsewhere_share(row, pool.get("audience_country"))) > _plain_share(pool.get("outside_share")):
        found["outside_share"] = least
    return found


def _seen(row: Row) -> float | None:
    """Give how many see a post: its reach, else its views; 0 is how platforms say that they do not know."""
    return row.number_of("reach") or row.number_of("views") or None


def _engagement(row: Row, followers: float, seen: float | None) -> float | None:
    """Give the engagements per impression; None where nothing is known of them."""
    for key in ("engagement_rate_by_reach", "engagement_rate_by_views"):
        if (rate := row.number_of(key)) is not None:
            return rate
    rate, likes = row.number_of("engagement_rate"), row.number_of("likes")
    if not seen or (rate is None and likes is None):
        return None
    return (rate * followers if rate is not None else (likes or 0.0) + (row.number_of("comments") or 0.0)) / seen


def _plain_share(given: object) -> float:
    share = share_of_text(given)
    return min(max(float(share), 0.0), 0.999999) if isinstance(share, int | float) else 0.0


def _median(given: object) -> float | None:
    """Give the middle of an amount; None where it is none, which is said of the pool."""
    try:
        return parse_quantity(given, "amount").median
    except ValueError:
        return None


@cache
def _rates() -> TypeAdapter[RateLaw | Quantity]:
    return TypeAdapter(Rate)


def _rate_at(given: object, followers: float) -> float | None:
    """Give a rate at a number of followers, at its median; None where it is none, which is said of the pool."""
    try:
        rate = _rates().validate_python(given)
    except ValidationError:
        return None
    return rate_at(rate, unknown_of(rate).median, followers)


# ---- countries


def country_share(row: Row, country: object) -> float | None:
    """Give the share of an audience that lives in a country; None where the row does not say."""
    if not isinstance(country, str):
        return None
    text, share = row.text_of("country"), row.number_of("country_share")
    if text is None:
        return share
    for name, percent in _SHARE.findall(text):
        if _is_country(name, country):
            return min(float(percent.replace(",", ".")) / 100, 1.0)
    return share if _is_country(text, country) else None


def elsewhere_share(row: Row, country: object) -> float:
    """Give the share of an audience that is known to live in other countries; 0 where the row names none with one."""
    text = row.text_of("country")
    if not isinstance(country, str) or text is None:
        return 0.0
    if named := _SHARE.findall(text):
        others = (percent for name, percent in named if not _is_country(name, country))
        return min(sum(float(percent.replace(",", ".")) for percent in others) / 100, 1.0)
    return 0.0 if _is_country(text, country) else row.number_of("country_share") or 0.0


def _is_country(text: str, country: str) -> bool:
    names = [one.strip().casefold() for one in (text, country)]
    return names[0] == names[1] or any(names[0] in known and names[1] in known for known in _COUNTRIES)


# ---- what is told


def notes_of(roster: Roster, pool: Mapping[str, Any], rows: Sequence[Values], presets: Mapping[str, str]) -> list[str]:
    """Say how a roster was read, and what its rows take from the pool.

    Args:
        roster: The creators.
        pool: The raw values of their pool, blanks filled.
        rows: Their rows as keys, all of them.
        presets: By key of the pool, the preset that filled it.
    """
    taken = list(_taken(roster, pool, rows, presets))
    columns = list(_without_columns(roster))
    told = [f"{len(rows):,} creators" if len(rows) > 1 else "1 creator", *_listed(taken), *columns]
    return [
        "; ".join(told) + ".",
        *(f"{note}." for note in (*_odd(roster, pool, rows), *_known(roster), *roster.notes)),
    ]


def _listed(taken: Sequence[str]) -> Iterator[str]:
    if taken:
        yield f"{' and '.join([', '.join(taken[:-1]), taken[-1]]) if len(taken) > 1 else taken[0]}, taken from the pool"


# what is missing -> the columns that say it, and the key of the pool that stands in
_MISSING = {
    "a fee": (("fee", "fee_per_post"), "fee"),
    "reach or views": (("reach", "views"), "reach_per_follower"),
    "an engagement rate": (
        ("engagement_rate", "engagement_rate_by_reach", "engagement_rate_by_views", "likes"),
        "engagement_per_impression",
    ),
    "audience credibility": (("credibility", "fake"), "fake_share"),
}


def _taken(
    roster: Roster, pool: Mapping[str, Any], rows: Sequence[Values], presets: Mapping[str, str]
) -> Iterator[str]:
    for what, (columns, key) in _MISSING.items():
        without = sum(not any(column in row.values for column in columns) for row in roster.rows)
        if without and any(column in roster.headers for column in columns):
            yield f"{without:,} without {what}{f' ({presets[key]})' if key in presets else ''}"
    unknown = sum("outside_share" not in its for its in rows)
    if unknown and "audience_country" in pool and set(_PLACES) & roster.headers.keys():
        elsewhere = shown(pool.get("outside_share", 0))
        yield f"{unknown:,} without a share of {pool['audience_country']} (outside_share {elsewhere})"


def _without_columns(roster: Roster) -> Iterator[str]:
    missing = [what for what, (columns, _) in _MISSING.items() if not roster.headers.keys() & set(columns)]
    if missing:
        yield f"no column says {' or '.join(missing)}, so the pool's values hold for all"


def _abroad(roster: Roster, pool: Mapping[str, Any], rows: Sequence[Values]) -> Iterator[str]:
    """Say whose outside_share is what is known of other countries; who misspells the market's sees it here."""
    market = pool.get("audience_country")
    known = [row for row, its in zip(roster.rows, rows, strict=True) if "outside_share" in its]
    places = [row.text_of("country") for row in known if country_share(row, market) is None]
    if places:
        named = first_of(list(dict.fromkeys(map(str, places))), 5)
        which = f"{len(places):,} with shares of other countries than {market} only ({named})"
        yield f"{which}: these real followers at least count as outside"


def _known(roster: Roster) -> Iterator[str]:
    """Say that what was measured has no range, which makes results look surer than they are."""
    given = {column for row in roster.rows for column in row.values}
    sorts = {"views": "reach or views", "engagement": "an engagement rate"}
    if measured_ones := [what for what, missing in sorts.items() if given & set(_MISSING[missing][0])]:
        yield f"its {' and '.join(measured_ones)} count as known: an interval does not hold their error"


def _odd(roster: Roster, pool: Mapping[str, Any], rows: Sequence[Values]) -> Iterator[str]:
    """Say which texts found no place, and what was cut."""
    without_niche = {row.text_of("niche") for row, its in zip(roster.rows, rows, strict=True) if "niche" not in its}
    if unplaced := sorted(text for text in without_niche if text):
        yield f"categories that are no niche of the people, so the pool's holds: {first_of(unplaced, 5)}"
    if elsewhere := {platform_of(row) for row in roster.rows} - {None, *PLATFORMS}:
        named = ", ".join(sorted(map(shown, elsewhere)))
        yield f"platforms of which nothing is known, so the pool's hold: {named}"
    yield from _abroad(roster, pool, rows)
    full = sum(its.get("engagement_per_impression") == 1.0 for its in rows)
    if full:
        yield f"{full:,} with more engagements than views, taken as 1 engagement per impression"
    viral = sum(its.get("nonfollower_reach_ratio") == float(MOST_STRANGERS) for its in rows)
    if viral:
        more = f"{MOST_STRANGERS} times as many views as real followers"
        yield f"{viral:,} with more than {more}, taken as {MOST_STRANGERS}"
    if "fee_per_post" in roster.headers:
        yield f"{shown(roster.headers['fee_per_post'])} is for one post; each has {planned_posts(pool)}"
    if "audience_country" not in pool and (places := [roster.headers[key] for key in _PLACES if key in roster.headers]):
        yield f"not used: {', '.join(map(shown, places))}; write audience_country to say who lives in the market"
