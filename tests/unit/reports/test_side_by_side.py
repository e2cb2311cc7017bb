from __future__ import annotations

from reports.side_by_side import AROUND, OPENING, SHOWN_WORDS, Passage, compare_texts, plain_text


def test_markup_reads_as_its_words_a_line_per_block() -> None:
    markup = "<!-- wp:paragraph --><p>A <b>b</b>ig &amp; quiet</p><ul><li>pier</li><li>quay</li></ul><style>p{}</style>"
    assert plain_text(markup).split() == ["A", "big", "&", "quiet", "pier", "quay"]


def test_shortcodes_and_scripts_are_no_text() -> None:
    assert plain_text("[caption id=1]Dawn[/caption] <script>alert('x')</script>").split() == ["Dawn"]
    assert plain_text("plain, a < b &amp; c").split() == ["plain,", "a", "<", "b", "&", "c"]
    assert plain_text("") == ""


def test_equal_texts_are_wholly_alike() -> None:
    assert compare_texts("one two", "one two") == (1.0, (Passage("one two", "one two"),))
    assert compare_texts("", "") == (1.0, ())


def test_typography_that_only_looks_different_is_no_difference() -> None:
    alike, passages = compare_texts('"It\'s" 1--2 ...', "“It’s” 1–2 …")
    assert alike == 1
    assert not any(passage.differs for passage in passages)


def test_what_was_said_otherwise_stands_in_its_place() -> None:
    alike, passages = compare_texts("the old pier stands", "the new stone pier stands")
    assert passages == (
        Passage("the", "the"), Passage("old", "new stone"), Passage("pier stands", "pier stands"),
    )  # fmt: skip
    assert 0 < alike < 1


def test_long_equal_parts_are_cut_but_words_around_a_difference_stay() -> None:
    same = " ".join(f"word{number}" for number in range(300))
    _, (opening, gap, before, difference, after, end) = compare_texts(f"{same} old {same}", f"{same} new {same}")
    assert len((opening.before or "").split()) == OPENING
    assert gap == end == Passage(None, None)
    assert (before.before or "").split()[-1] == "word299"
    assert difference == Passage("old", "new")
    assert len((after.after or "").split()) == AROUND


def test_texts_that_have_nothing_in_common_do_not_fill_the_page() -> None:
    one = " ".join(f"a{number}" for number in range(5_000))
    alike, passages = compare_texts(one, one.replace("a", "b"))
    assert alike == 0
    assert sum(len((passage.before or "").split()) for passage in passages) <= SHOWN_WORDS
    assert passages[-1] == Passage(None, None)
