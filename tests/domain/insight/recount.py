"""Figures worked out anew from the rows behind them, by nothing but what a reader of the rows sees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from clubassist.core.actor import Actor
from clubassist.domain.club.models import Club
from clubassist.domain.insight.behind import CaseBehind, Question, all_cases, clause_cases
from clubassist.domain.insight.queries import MeasureFigure, clause_board
from clubassist.domain.insight.tallies import ATTAINMENT, GROSS
from clubassist.pure.figures import CaseLife, Outcome, Standing, Turn, outcome, standing
from clubassist.pure.figures.survival import quantile
from tests.domain.insight.cohorts import book_of

MINUTE = timedelta(minutes=1)
PARTS = {
    ATTAINMENT: (*Outcome, *GROSS),
    "response_time": ("ended", "still_open"),
    "resolution_time": ("ended", "still_open"),
}
OF_SHARES = ("counted", "rest", "left_out")


def figures(
    *clubs: Club, actor: Actor, at: datetime, month: date
) -> Iterator[tuple[MeasureFigure, dict[str, list[CaseBehind]]]]:
    """Yield every figure of the board, with the rows behind each of its parts."""
    book = book_of(*clubs, at=at)
    for row in clause_board(book=book, clubs=clubs, month=month, actor=actor, at=at):
        for figure in row.figures:
            rows = {}
            for part in PARTS.get(figure.measure.formula, OF_SHARES):
                asked = Question(row.clause.id, figure.measure, part, book, clubs, month, actor, at)
                rows[part] = list(paged(asked))
                assert rows[part] == list(all_cases(asked))
            yield figure, rows


def paged(asked: Question) -> Iterator[CaseBehind]:
    """Yield the rows page after page."""
    after = None
    while True:
        page, after = clause_cases(asked, after=after, most=2)
        yield from page
        if after is None:
            return


def assert_adds_up(figure: MeasureFigure, rows: dict[str, list[CaseBehind]]) -> None:
    """Assert that a figure is what its rows make it, and that each case or clock is in one part."""
    for part, found in rows.items():
        assert len(found) == figure.count_of(part), part
    rows, gross = (
        {part: found for part, found in rows.items() if (part in GROSS) is wanted} for wanted in (False, True)
    )
    assert sum(figure.counts.values()) == sum(map(len, rows.values()))
    every = [row for found in rows.values() for row in found]
    assert len({row.row for row in every}) == len(every)
    if figure.measure.takes_time:
        _assert_mean(figure, every)
        return
    if figure.measure.formula == ATTAINMENT:
        _assert_gross(figure, every, gross)
    kept, decided = _share(figure.measure.formula, every)
    assert (figure.figure.numerator, figure.figure.denominator) == (kept, decided)


def _assert_gross(figure: MeasureFigure, rows: list[CaseBehind], gross: dict[str, list[CaseBehind]]) -> None:
    found: dict[str, set[int]] = {part: set() for part in GROSS}
    for row in rows:
        assert row.gross_due_at is not None
        stands = outcome(due_at=row.gross_due_at, at=row.at, met_at=row.met_at, stopped_at=row.stopped_at)
        for part in [part for part, wanted in GROSS.items() if wanted is stands]:
            found[part].add(row.row)
    assert {part: {row.row for row in of_part} for part, of_part in gross.items()} == found
    met, late = len(found["gross_met"]), len(found["gross_late"])
    assert (figure.gross_figure.numerator, figure.gross_figure.denominator) == (met, met + late)


def _share(formula: str, rows: list[CaseBehind]) -> tuple[int, int]:
    if formula == ATTAINMENT:
        found = [
            outcome(due_at=row.due_at, at=row.at, met_at=row.met_at, stopped_at=row.stopped_at)
            for row in rows
            if row.due_at is not None and not row.stands_still
        ]
        return found.count(Outcome.MET), found.count(Outcome.MET) + found.count(Outcome.LATE)
    lives = [(life_of(row), row) for row in rows]
    match formula:
        case "handling":
            return sum(life.proposed_at is not None for life, _ in lives), len(lives)
        case "resolution":
            stand = [standing(life, row.at) for life, row in lives]
            return stand.count(Standing.RESOLVED), len(stand) - stand.count(Standing.NOT_YET_DUE)
        case "reopening":
            solved = [life for life, _ in lives if life.resolutions]
            return sum(any(turn is Turn.REOPENED for _, turn in life.turns) for life in solved), len(solved)
        case "satisfaction":
            scores = [row.lived.answers[-1].score for row in rows if row.lived and row.lived.answers]
            return sum(score is not None and score >= 4 for score in scores), len(scores)
    raise AssertionError(formula)


def _assert_mean(figure: MeasureFigure, rows: list[CaseBehind]) -> None:
    assert figure.waits is not None
    waits = [_wait(figure.measure.formula, life_of(row), row.at) for row in rows]
    total = sum((length for length, _ in waits), timedelta())
    assert (figure.waits.n, figure.waits.total) == (len(waits), total)
    assert figure.waits.open == sum(not ended for _, ended in waits)
    if figure.measure.formula == "resolution_time":
        lives = [(life_of(row), row.at) for row in rows]
        paused = sum(
            (_until_solved(life, at) - length for (life, at), (length, _) in zip(lives, waits, strict=True)),
            timedelta(),
        )
        assert figure.waits.paused == paused
    rounded = [(-(-length // MINUTE) * MINUTE, ended) for length, ended in waits]
    assert figure.waits.median == quantile(rounded, Fraction(1, 2))
    assert figure.waits.p90 == quantile(rounded, Fraction(9, 10))


def _wait(formula: str, life: CaseLife, at: datetime) -> tuple[timedelta, bool]:
    if formula == "response_time":
        return (life.responded_at or at) - life.received_at, life.responded_at is not None
    assert formula == "resolution_time"
    solved = life.ending is not None and life.ending[1] is Turn.RESOLVED
    until = life.ending[0] if life.ending and solved else at
    return until - life.received_at - _paused(life, until), solved


def _until_solved(life: CaseLife, at: datetime) -> timedelta:
    solved = life.ending is not None and life.ending[1] is Turn.RESOLVED
    return (life.ending[0] if life.ending and solved else at) - life.received_at


def _paused(life: CaseLife, until: datetime) -> timedelta:
    """Return the time paused before `until`; what two pauses share counts once."""
    total, reached = timedelta(), life.received_at
    for pause in sorted(life.pauses, key=lambda each: each.start):
        start, end = max(pause.start, reached), min(pause.end, until)
        total += max(end - start, timedelta())
        reached = max(reached, end)
    return total


def life_of(row: CaseBehind) -> CaseLife:
    """Return the life of the case behind a figure."""
    assert row.lived is not None
    return row.lived.life
