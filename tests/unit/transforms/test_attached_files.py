from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from tests.factories import make_post
from transforms.attached_files import attached_path, likely_paths, original_path, possible_originals
from wp_models.records import WpPost


def attachment(file: str | None, metadata: str = "", guid: str = "") -> WpPost:
    meta = {"_wp_attachment_metadata": metadata} if metadata else {}
    return make_post(
        7, type="attachment", guid=guid, meta=meta if file is None else {**meta, "_wp_attached_file": file}
    )


def with_original(name: str) -> str:
    return f'a:1:{{s:14:"original_image";s:{len(name)}:"{name}";}}'


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("2024/05/a.jpg", "2024/05/a.jpg"),
        ("a b%20c.jpg", "a b%20c.jpg"),
        ("wp-content/uploads/a.jpg", "wp-content/uploads/a.jpg"),
        ("/srv/wp-content/uploads/a.jpg", None),
        ("C:\\www\\wp-content\\uploads\\a.jpg", None),
        ("", None),
        (None, None),
    ],
)
def test_wordpress_looks_below_uploads_unless_a_path_is_absolute(file: str | None, path: str | None) -> None:
    assert attached_path(attachment(file)) == path


@pytest.mark.parametrize(
    ("file", "original", "path"),
    [
        ("2024/05/a-scaled.jpg", "a.jpg", "2024/05/a.jpg"),
        ("a-rotated.jpg", "a.jpg", "a.jpg"),
        ("2024/05/a-scaled.webp", "a.png", "2024/05/a.png"),
        ("2024/05/a-scaled-e1700000000000.jpg", "a.jpg", None),  # the original would undo the edit
        ("2024/05/a.jpg", "a.heic", None),
        ("2024/05/a-scaled.jpg", "a.heic", None),
        ("2024/05/a-scaled.jpg", "../../../a.jpg", None),
        ("2024/05/a-scaled.jpg", "..\\a.jpg", None),
        ("2024/05/a-scaled.jpg", "other.jpg", None),
    ],
)
def test_the_original_is_preferred_only_when_wordpress_shrank_or_turned_it(
    file: str, original: str, path: str | None
) -> None:
    assert original_path(attachment(file, with_original(original)), file) == path


def test_damaged_metadata_name_no_original() -> None:
    assert original_path(attachment("a-scaled.jpg", 'a:1:{s:14:"original_image";O:3:"Foo'), "a-scaled.jpg") is None


@pytest.mark.parametrize(
    ("file", "guid", "paths"),
    [
        ("/srv/www/wp-content/uploads/2024/05/a.jpg", "", ["2024/05/a.jpg"]),
        ("C:\\www\\wp-content\\uploads\\2024\\05\\a.jpg", "", ["2024/05/a.jpg"]),
        ("https://cdn.test/uploads/2024/05/a.jpg", "", ["2024/05/a.jpg"]),
        ("//2024//05//a.jpg", "", ["2024/05/a.jpg"]),
        ("2024/05/a.jpg\n", "", ["2024/05/a.jpg"]),
        (None, "https://x.test/wp-content/uploads/2024/05/a%20b.jpg?ver=2", ["2024/05/a%20b.jpg"]),
        ("old/a.jpg", "https://x.test/wp-content/uploads/new/a.jpg", ["old/a.jpg", "new/a.jpg"]),
        ("../../wp-config.php", "https://x.test/?attachment_id=7", []),
        ("2024/..%2f..%2fsecret.jpg", "", []),
        ("..\\..\\secret.jpg", "", []),
        (None, "", []),
    ],
)
def test_a_missing_file_is_looked_for_where_a_visitor_would_see_it(
    file: str | None, guid: str, paths: list[str]
) -> None:
    assert list(likely_paths(attachment(file, guid=guid))) == paths


def test_of_a_lost_file_the_widest_size_comes_first() -> None:
    metadata = (
        'a:1:{s:5:"sizes";a:3:{s:5:"small";a:2:{s:4:"file";s:9:"a-150.jpg";s:5:"width";i:150;}'
        's:5:"large";a:2:{s:4:"file";s:10:"a-1024.jpg";s:5:"width";i:1024;}'
        's:4:"evil";a:2:{s:4:"file";s:10:"../../a.sh";s:5:"width";i:9999;}}}'
    )
    assert list(likely_paths(attachment("2024/a.jpg", metadata))) == [
        "2024/a.jpg",
        "2024/a-1024.jpg",
        "2024/a-150.jpg",
    ]


@pytest.mark.parametrize(
    ("file", "original"),
    [("2024/a-scaled.jpg", "a.jpg"), ("./a-rotated.webp", "a.PNG"), ("a-scaled.JpG", "a.JpG"), ("a-scaled", "a.png")],
)
def test_every_original_is_among_those_that_are_possible(file: str, original: str) -> None:
    found = original_path(attachment(file, with_original(original)), file)
    assert found is not None
    assert PurePosixPath(found) in map(PurePosixPath, possible_originals(file))


def test_only_what_wordpress_made_has_possible_originals() -> None:
    assert not any(map(possible_originals, ("2024/a.jpg", "a-scaled-e1700000000000.jpg", "a-scaled/b.jpg", "-scaled")))
