"""Batches are taken apart by their objects, and nothing gets lost on the way."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from cms_models.batch_parts import by_table, halves, owner_id, references, rejected, without_missing
from cms_models.rows import (
    ArticleRow,
    CommentRow,
    DeadLetterRow,
    IssueRow,
    LoadBatch,
    Outcome,
    Row,
    StateRow,
    Status,
    TermRelationshipRow,
    TranslationGroupRow,
    row_id,
)

GROUP = TranslationGroupRow(id=row_id("s", "translation_groups", 1), site_id=1, kind="post")


def article(number: int, **fields: object) -> ArticleRow:
    row = ArticleRow(
        id=row_id("s", "articles", number),
        site_id=1,
        wp_post_id=number,
        slug=f"a{number}",
        path=f"/a{number}/",
        title=f"A {number}",
        status=Status.PUBLISHED,
    )
    return replace(row, **fields)  # type: ignore[arg-type]  # fields are a test's own


def filed(number: int, term: int) -> TermRelationshipRow:
    return TermRelationshipRow(
        id=row_id("s", "term_relationships", f"{number}/{term}"),
        site_id=1,
        term_id=row_id("s", "terms", term),
        article_id=row_id("s", "articles", number),
    )


def comment(number: int, on: int) -> CommentRow:
    identity = row_id("s", "comments", number)
    return CommentRow(id=identity, site_id=1, wp_comment_id=number, article_id=row_id("s", "articles", on))


def ids(rows: Iterable[Row]) -> set[UUID]:
    return {row.id for row in rows}


def batch_of(*rows: Row, entity: str = "articles", numbers: tuple[int, ...] = (1, 2, 3)) -> LoadBatch:
    states = tuple(
        StateRow(
            source_id=number,
            fingerprint=f"f{number}",
            transform_version=1,
            row_id=row_id("s", entity, number),
            outcome=Outcome.LOADED,
        )
        for number in numbers
    )
    issues = tuple(IssueRow(source_id=number, code="body.x", detail="x") for number in numbers)
    return LoadBatch(site_id=1, run_id=UUID(int=7), entity=entity, rows=rows, states=states, issues=issues)


def test_a_row_belongs_to_its_owner_and_otherwise_to_itself() -> None:
    assert owner_id(filed(2, 5)) == article(2).id
    assert owner_id(article(2)) == article(2).id


def test_of_rows_with_one_id_the_last_counts() -> None:
    rows = by_table([article(1, title="first"), article(1, title="last")])
    assert [row.title for row in rows["articles"].values() if isinstance(row, ArticleRow)] == ["last"]


def test_halves_hold_each_object_once_with_what_belongs_to_it() -> None:
    batch = batch_of(article(1), filed(1, 5), article(2), article(3), filed(3, 5), filed(3, 6), GROUP)
    first, second = halves(batch)
    assert [state.source_id for state in first.states] == [1]
    assert ids(first.rows) == ids([article(1), filed(1, 5), GROUP])
    assert ids(second.rows) == ids([article(2), article(3), filed(3, 5), filed(3, 6), GROUP])
    assert [issue.source_id for issue in second.issues] == [2, 3]


def test_a_rejected_object_loses_its_rows_and_issues_and_keeps_its_place() -> None:
    letter = DeadLetterRow(source_id=2, stage="load", error="load.refused", detail="why", payload=None)
    batch = rejected(batch_of(article(1), article(2), filed(2, 5), article(3)), [letter])
    assert ids(batch.rows) == ids([article(1), article(3)])
    assert [state.outcome for state in batch.states] == [Outcome.LOADED, Outcome.REJECTED, Outcome.LOADED]
    assert batch.states[1].row_id is None
    assert [issue.source_id for issue in batch.issues] == [1, 3]
    assert batch.dead_letters == (letter,)


def test_references_name_rows_of_other_tables_that_are_not_in_the_batch() -> None:
    author = row_id("s", "users", 9)
    wanted = references([article(1, author_id=author), filed(1, 5), GROUP])
    assert wanted == {"users": {author}, "terms": {row_id("s", "terms", 5)}}


def test_a_missing_author_is_left_empty_with_an_issue_and_the_object_is_taken_again() -> None:
    author = row_id("s", "users", 9)
    batch = without_missing(batch_of(article(1, author_id=author), article(2), numbers=(1, 2)), {"users": {author}})
    assert ids(batch.rows) == ids([article(1), article(2)])
    assert [(issue.source_id, issue.code) for issue in batch.issues][-1] == (1, "load.missing_reference")
    assert [state.fingerprint for state in batch.states] == ["", "f2"]


def test_a_relationship_to_a_missing_term_goes_with_an_issue() -> None:
    batch = batch_of(article(1), filed(1, 5), filed(1, 6), numbers=(1,))
    batch = without_missing(batch, {"terms": {row_id("s", "terms", 5)}})
    assert ids(batch.rows) == ids([article(1), filed(1, 6)])
    assert batch.issues[-1].code == "load.missing_reference"


def test_a_comment_on_a_missing_article_is_rejected() -> None:
    batch = batch_of(comment(1, on=1), comment(2, on=2), entity="comments", numbers=(1, 2))
    batch = without_missing(batch, {"articles": {article(2).id}})
    assert batch.rows == (comment(1, on=1),)
    assert [state.outcome for state in batch.states] == [Outcome.LOADED, Outcome.REJECTED]
    assert [letter.error for letter in batch.dead_letters] == ["load.missing_reference"]


def test_nothing_missing_leaves_the_batch_as_it_is() -> None:
    batch = batch_of(article(1), filed(1, 5))
    assert without_missing(batch, {}) == batch
