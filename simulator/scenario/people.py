"""The market a scenario asks for: people drawn from a few numbers, or the people of a graph file.

In: the table `[people]`. Out: a frozen section. Invariant: `niche_affinity` acts only on creators whose `niche` is
given.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from simulator.scenario.section import PERCENT, FileName, Name, PlainShare, Section, ShareBelowOne, about

DEFAULT_NICHES = {
    "fashion": 0.22,
    "beauty": 0.18,
    "food": 0.15,
    "fitness": 0.13,
    "travel": 0.11,
    "gaming": 0.09,
    "tech": 0.07,
    "parenting": 0.05,
}


_ActivitySpread = Annotated[
    ShareBelowOne,
    about(
        "how much people differ in how much of their feed they see (0: not at all)",
        "0.3",
        "correlation of what one person sees",
    ),
]


class SyntheticPeople(Section):
    """People and who follows whom, drawn from a few numbers."""

    count: Annotated[
        int,
        Field(ge=1, le=2**31 - 2),
        about("the number of people in the market (or give a graph_file)", "200_000", "persons"),
    ]
    activity_spread: _ActivitySpread = 0.0
    niches: Annotated[
        dict[Name, Annotated[float, PERCENT, Field(gt=0, le=1e6)]],
        Field(min_length=1, max_length=255),
        about(
            "the table of niches and their relative sizes",
            "{ beauty = 0.4, food = 0.6 }",
            "relative sizes",
            cite="assumed sizes",
        ),
    ] = DEFAULT_NICHES
    niche_affinity: Annotated[
        float,
        Field(ge=1, le=1e6),
        about(
            "how many times likelier people follow creators of their own niche",
            "8.0",
            "times, against other niches",
            cite="assumed",
        ),
    ] = 8.0
    followings_per_person: Annotated[
        float,
        Field(ge=0, le=1000),
        about(
            "how many people of the market a person follows on average",
            "25.0",
            "persons followed, per person",
            cite="thinner than Kwak et al. 2010 (35) and the Higgs data of SNAP (33)",
        ),
    ] = 25.0
    followings_within_niche: Annotated[
        PlainShare,
        about(
            "the share of these that lie in the person's own niche",
            "0.6",
            "of followings",
            cite="assumed; gives communities as real networks have",
        ),
    ] = 0.6
    follow_back_probability: Annotated[
        PlainShare,
        about(
            "the chance that a follow is returned",
            "0.5",
            "of follows",
            cite="so that 25% to 45% are returned: Kwak et al. 2010, Myers et al. 2014",
        ),
    ] = 0.5
    follower_exponent: Annotated[
        float,
        Field(gt=2, le=5),
        about(
            "the exponent of how unequal numbers of followers are (less: more)",
            "2.15",
            "exponent",
            cite="tails of 2.0 to 2.4: Kwak et al. 2010, the Higgs data of SNAP",
        ),
    ] = 2.15
    following_exponent: Annotated[
        float,
        Field(gt=1.5, le=5),
        about(
            "the exponent of how unequal numbers of followings are",
            "2.0",
            "exponent",
            cite="assumed; as unequal as in the Higgs data of SNAP, capped",
        ),
    ] = 2.0

    def niche_index(self, name: str) -> int:
        """Give the number of a niche, counted from 0 in the order of `niches`; markets know niches by it."""
        return list(self.niches).index(name)


class PeopleFromFile(Section):
    """People and who follows whom, from an edge list."""

    graph_file: Annotated[
        FileName,
        about("the file that says who follows whom, relative to the scenario", '"edges.csv"', "none"),
    ]
    activity_spread: _ActivitySpread = 0.0


# No key begins with "#", so a tag in the path of an error cannot be taken for a key.
def _which_people(given: Any) -> str:
    from_file = isinstance(given, PeopleFromFile) or (isinstance(given, dict) and "graph_file" in given)
    return "#file" if from_file else "#synthetic"


People = Annotated[
    Annotated[PeopleFromFile, Tag("#file")] | Annotated[SyntheticPeople, Tag("#synthetic")],
    Discriminator(_which_people),
]
