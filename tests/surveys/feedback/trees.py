"""Trees of units as tests write them, drawn at random or by name, and the respondents in them."""

from hypothesis import strategies as st

COUNTS = st.one_of(st.just(0), st.integers(1, 9), st.integers(10, 30))


@st.composite
def trees(draw, most_units=11):
    """Parents and direct answers of a random tree of depth 2 to 4, or of a grove of such trees."""
    depth = draw(st.integers(2, 4))
    number = draw(st.integers(4, most_units))
    parents, depths = {}, {}
    for n in range(number):
        unit = f"u{n:02}"
        possible = [None] if n == 0 else [each for each in parents if depths[each] < depth]
        if n > 1 and draw(st.integers(0, 15)) == 0:
            possible = [None]
        parents[unit] = draw(st.sampled_from(possible))
        depths[unit] = 1 + depths.get(parents[unit], 0)
    direct = {
        # Most respondents are in leaves; some are directly in a bureau, as its head is.
        unit: draw(COUNTS)
        if unit not in parents.values()
        else draw(st.sampled_from([0, 0, 0, 2, 12]))
        for unit in parents
    }
    return parents, direct


def totals(parents, direct):
    """The answers of every unit with those below it."""
    return {unit: len(answers_in(parents, everyone(direct), unit)) for unit in parents}


def everyone(direct):
    """One answer for each respondent: his name, and the unit he is directly in."""
    return frozenset((f"{unit}/{n}", unit) for unit, count in direct.items() for n in range(count))


def answers_in(parents, answers, unit, at=1):
    """The answers in a unit or anywhere below it; the unit of an answer stands at the given place of the tuple."""
    return frozenset(each for each in answers if each[at] and unit in lineage(parents, each[at]))


def lineage(parents, unit):
    """The unit and all above it."""
    found = []
    while unit is not None:
        found.append(unit)
        unit = parents[unit]
    return found


def ministry(**bureaus):
    """A tree of bureaus with their sections' numbers of answers: `ministry(A=[12, 3])` has sections A1 and A2."""
    parents = {"M": None} | dict.fromkeys(bureaus, "M")
    direct = dict.fromkeys(parents, 0)
    for bureau, counts in bureaus.items():
        for n, count in enumerate(counts, start=1):
            parents[f"{bureau}{n}"] = bureau
            direct[f"{bureau}{n}"] = count
    return parents, direct


@st.composite
def corrected_releases(draw):
    """Two or three releases of a question: their trees and shown units, and by person where and what he answered."""
    number = draw(st.sampled_from([2, 2, 3]))
    first = draw(trees(most_units=6))[0]
    other_trees = [
        draw(st.sampled_from([first, draw(trees(most_units=6))[0]])) for _ in range(number - 1)
    ]
    parents = [first, *other_trees]
    shown = [
        frozenset(draw(st.sets(st.sampled_from(sorted(each)), max_size=3))) for each in parents
    ]
    answers = [{} for _ in parents]
    for crowd in range(draw(st.integers(2, 6))):
        # Either the answers stay, or a person gives another one from some release on, or is not there.
        units = [draw(st.sampled_from([None, *sorted(each)])) for each in parents]
        values = [draw(st.sampled_from([1, 1, 1, 2])) for _ in parents]
        for n in range(draw(st.sampled_from([3, 6, 10, 10, 12, 20, 20, 20]))):
            for release, unit, value in zip(answers, units, values, strict=True):
                if unit is not None:
                    release[f"{crowd}/{n}"] = (unit, value)
    return parents, shown, answers
