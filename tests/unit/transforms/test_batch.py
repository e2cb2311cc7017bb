"""A batch: one outcome for each record, whatever happens to it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from cms_models.rows import LoadBatch, Outcome, StateRow, TermRow
from tests.factories import make_post, make_site_data, make_term, make_user
from transforms.batch import UNEXPECTED, transform_batch
from transforms.contract import Entity, Skipped, Transformed
from transforms.entities.articles import ARTICLES
from transforms.entities.terms import TERMS
from transforms.entities.users import USERS
from transforms.site import Site
from wp_models.queries import TermQuery
from wp_models.records import Record, WpTerm

RUN = UUID(int=7)


def run(entity: Entity, records: list[Record], **site: object) -> LoadBatch:
    return transform_batch(entity, records, make_site_data(**site), run_id=RUN, version=entity.version)  # type: ignore[arg-type]


def test_every_record_ends_in_exactly_one_outcome() -> None:
    terms = [make_term(1), make_term(2, taxonomy="nav_menu"), make_term(3, name=None), make_term(4)]
    batch = run(TERMS, [*terms], terms=terms)
    assert [(state.source_id, state.outcome) for state in batch.states] == [
        (1, Outcome.LOADED),
        (2, Outcome.SKIPPED),
        (3, Outcome.REJECTED),
        (4, Outcome.LOADED),
    ]
    assert [row.name for row in batch.rows if isinstance(row, TermRow)] == ["Term 1", "Term 4"]
    assert [letter.error for letter in batch.dead_letters] == ["terms.no_term"]


def test_a_fault_in_one_record_is_a_dead_letter_and_the_others_go_on() -> None:
    def transform(term: WpTerm, site: Site) -> Transformed | Skipped:
        if term.id == 2:
            raise ZeroDivisionError("division by zero")
        return TERMS.transform(term, site)

    faulty = replace(TERMS, transform=transform)
    batch = run(faulty, [make_term(1), make_term(2), make_term(3)])
    assert [state.outcome for state in batch.states] == [Outcome.LOADED, Outcome.REJECTED, Outcome.LOADED]
    (letter,) = batch.dead_letters
    assert letter.error == UNEXPECTED
    assert "ZeroDivisionError in test_batch.py, line" in letter.detail


def test_a_dead_letter_keeps_the_record_but_no_password_and_no_novel() -> None:
    post = make_post(1, status="odd", content="x" * 100_000, password="hush", meta={"k": "v"})
    (letter,) = run(ARTICLES, [post]).dead_letters
    assert isinstance(letter.payload, dict)
    assert letter.payload["title"] == "Post 1"
    assert letter.payload["published_at"] == "2024-05-01T12:00:00+00:00"
    assert letter.payload["meta"] == {"k": ["v"]}
    assert "password" not in letter.payload
    assert len(str(letter.payload)) < 25_000


def test_a_rejected_user_leaves_no_password_hash_behind() -> None:
    def transform(_user: object, _site: Site) -> Transformed:
        raise KeyError("x")

    faulty = Entity(name="users", source=TermQuery(), transform=transform, version=1)
    (letter,) = run(faulty, [make_user(1, password_hash="$P$secret")]).dead_letters
    assert "$P$secret" not in str(letter)


def questions(state: StateRow) -> set[str]:
    """What a transform asked of its site, without the stamps of the answers."""
    return {fact.rpartition("=")[0] for fact in state.facts}


def test_states_hold_what_a_later_run_compares() -> None:
    post = make_post(5, author_id=3, fingerprint="abc")
    batch = transform_batch(ARTICLES, [post], make_site_data([post]), run_id=RUN, version=42)
    (state,) = batch.states
    assert (state.fingerprint, state.transform_version) == ("abc", 42)
    assert state.row_id == batch.rows[0].id
    assert list(state.facts) == sorted(state.facts)
    assert {"post:5", "user:3"} <= questions(state)


def test_facts_of_one_record_are_not_those_of_the_next() -> None:
    posts = [make_post(1, author_id=3), make_post(2, author_id=4)]
    first, second = run(ARTICLES, [*posts], posts=posts).states
    assert "user:3" in questions(first)
    assert "user:3" not in questions(second)


def test_issues_name_their_record() -> None:
    batch = run(USERS, [make_user(1), make_user(9, password_hash="no hash at all")])
    assert [(issue.source_id, issue.code) for issue in batch.issues] == [(9, "users.unknown_password_hash")]


def test_the_same_records_give_the_same_batch() -> None:
    posts = [make_post(1, author_id=3), make_post(2)]
    assert run(ARTICLES, [*posts], posts=posts) == run(ARTICLES, [*posts], posts=posts)
