"""A preview of the migrated demo: every link leads somewhere, lists add up, nothing can be written or run."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient
from lxml import html

from cms_models.errors import TargetRefusedError
from cms_models.preview_queries import PER_PAGE, Kind, reading
from flows.preview.app import create_app
from flows.settings import read_settings
from flows.wiring import open_target
from tests.migrations import UNREACHABLE, migrate

BUNDLED = Path(__file__).resolve().parents[2] / "flows" / "demo"
DUMP, UPLOADS = BUNDLED / "northlight.sql.gz", BUNDLED / "uploads.tar.gz"
HOME = "http://testserver"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, module_postgres: str) -> Path:
    """The demo, migrated."""
    folder = tmp_path_factory.mktemp("preview")
    migrate(DUMP, cms=module_postgres, home=folder, uploads=UPLOADS)
    return folder


@pytest.fixture(scope="module")
def client(home: Path, module_postgres: str) -> Iterator[TestClient]:
    given = {"source": str(DUMP), "cms": module_postgres, "metrics": UNREACHABLE, "media": str(home / "media")}
    with open_target(read_settings(None, ("site",), given), "site") as target, TestClient(create_app(target)) as client:
        yield client


@pytest.fixture
def cms(module_postgres: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(module_postgres.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def links(page: httpx.Response) -> set[str]:
    """Everything of the preview that a page leads to or shows."""
    document = html.document_fromstring(page.text)
    found = [*document.xpath("//@href"), *document.xpath("//@src")]
    found += [one.split()[0] for one in ",".join(document.xpath("//@srcset")).split(",") if one.split()]
    addresses = {urljoin(str(page.url), one).partition("#")[0] for one in found}
    return {one for one in addresses if one.startswith(HOME)}


def test_from_the_overview_everything_can_be_reached_and_every_link_leads_somewhere(
    client: TestClient, cms: psycopg.Connection
) -> None:
    waiting, seen, dead, shown = {f"{HOME}/-/"}, set(), set(), set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address)
        if not answer.is_success:
            dead.add(unquote(urlsplit(address).path))
        elif answer.headers["content-type"].startswith("text/html"):
            shown.add(unquote(answer.url.path))
            waiting |= links(answer) - seen
    broken = [detail for (detail,) in cms.execute("SELECT detail FROM migration.issues WHERE code LIKE '%broken_link'")]
    assert [one for one in dead if not any(one.rstrip("/") in detail for detail in broken)] == []
    paths = {
        path
        for kind in Kind
        for (path,) in cms.execute(f"SELECT path FROM cms.{kind} WHERE path IS NOT NULL AND deleted_at IS NULL")
    }
    assert len(paths) > 50
    assert paths <= shown


@pytest.mark.parametrize("kind", list(Kind))
def test_the_pages_of_a_list_hold_every_item_once(client: TestClient, cms: psycopg.Connection, kind: Kind) -> None:
    [(number,)] = cms.execute(f"SELECT count(*) FROM api.{kind}").fetchall()
    first = client.get(f"/api/{kind}").json()
    assert (first["total"], first["pages"]) == (number, max(1, -(-number // PER_PAGE)))
    items = [
        one for page in range(1, first["pages"] + 1) for one in client.get(f"/api/{kind}?page={page}").json()["items"]
    ]
    assert len({one["id"] for one in items}) == len(items) == number
    beyond = client.get(f"/api/{kind}?page={first['pages'] + 1}").json()
    assert beyond["items"] == []


def test_lists_are_narrowed_by_language_category_status_words_and_path(
    client: TestClient, cms: psycopg.Connection
) -> None:
    every = [one for page in (1, 2) for one in client.get(f"/api/articles?page={page}").json()["items"]]
    french = client.get("/api/articles?language=fr").json()["items"]
    assert {one["id"] for one in french} == {one["id"] for one in every if one["language"] == "fr"} != set()
    category = next(one["categories"][0] for one in every if one["categories"])
    filed = client.get("/api/articles", params={"category": category["id"]}).json()["items"]
    assert {one["id"] for one in filed} == {one["id"] for one in every if category in one["categories"]}
    drafts = client.get("/api/articles?status=draft").json()["items"]
    assert {one["id"] for one in drafts} == {one["id"] for one in every if one["status"] == "draft"} != set()
    for one in every:
        for words in (one["title"], max(re.findall(r"\w+", one["title"]), key=len)):
            found = client.get("/api/articles", params={"q": words}).json()["items"]
            assert one["id"] in {each["id"] for each in found}
    below = client.get("/api/articles?q=/2024/").json()["items"]
    assert {one["id"] for one in below} == {one["id"] for one in every if (one["path"] or "").startswith("/2024/")}
    assert client.get("/api/articles?q=%00&language=fr%00").json()["total"] == len(french)
    assert client.get("/api/articles?q=&language=&category=&status=").json()["total"] == len(every), "an empty form"


def test_a_page_shows_its_body_and_pictures_and_the_data_beside_it_are_the_same(client: TestClient) -> None:
    [found] = client.get("/api/articles", params={"q": "/2024/03/cork-and-other-quiet-materials/"}).json()["items"]
    page = client.get(found["path"])
    document = html.document_fromstring(page.text)
    [beside] = document.xpath("//link[@rel='alternate']/@href")
    item = client.get(beside).json()
    assert item["content_html"] in page.text
    assert document.xpath("string(//h1)") == item["title"]
    assert len(document.xpath("//article//img")) >= 3
    for source in document.xpath("//article//img/@src"):
        picture = client.get(source)
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
        assert picture.content[8:12] == b"WEBP"


def test_a_picture_whose_file_is_missing_leaves_its_place_empty(client: TestClient, cms: psycopg.Connection) -> None:
    article = client.get("/api/articles?language=fr").json()["items"][0]
    cms.execute("DELETE FROM cms.media_variants WHERE media_id = %s", (article["featured_image"]["id"],))
    cms.execute("UPDATE cms.media SET store_key = NULL WHERE id = %s", (article["featured_image"]["id"],))
    for address in ("/-/articles?language=fr", article["path"]):
        page = client.get(address)
        assert page.status_code == 200
        assert article["title"] in html.document_fromstring(page.text).text_content()
        assert 'src="/media/None"' not in page.text


def test_a_draft_has_a_page_though_it_has_no_address(client: TestClient) -> None:
    draft = client.get("/api/articles?status=draft").json()["items"][0]
    assert draft["path"] is None
    page = client.get(f"/-/articles/{draft['id']}")
    assert (page.status_code, html.document_fromstring(page.text).xpath("string(//h1)")) == (200, draft["title"])


def test_old_addresses_and_archives_of_categories_lead_on(client: TestClient, cms: psycopg.Connection) -> None:
    old, new = cms.execute(
        "SELECT from_path, to_path FROM cms.redirects WHERE from_path LIKE '/?p=%' LIMIT 1"
    ).fetchone()
    assert client.get(old).url.path == new
    [(archive,)] = cms.execute("SELECT path FROM cms.terms WHERE taxonomy = 'category' AND path IS NOT NULL LIMIT 1")
    assert client.get(archive).url.path == "/-/articles"
    assert client.get("/portfolio-items/").url.path == "/-/portfolios"
    assert client.get("/2024").url.path == "/-/articles"


@pytest.mark.parametrize("address", ["/-/", "/-/articles", "/", "/nothing/at/all", "/api/pages"])
def test_no_page_may_run_anything_or_load_from_elsewhere(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert not policy.keys() & {"script-src", "script-src-elem", "connect-src", "object-src"}
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"


def test_titles_and_words_are_shown_and_not_run(client: TestClient, cms: psycopg.Connection) -> None:
    attack = "<script>alert(1)</script>\"'"
    [(page_id,)] = cms.execute(
        "UPDATE cms.pages SET title = %s WHERE id = (SELECT id FROM cms.pages WHERE path = '/contact/') RETURNING id",
        (attack,),
    )
    for address in ("/contact/", "/-/pages", f"/-/pages?q={attack}"):
        document = html.document_fromstring(client.get(address).text)
        assert document.xpath("//script") == []
    assert attack in html.document_fromstring(client.get(f"/-/pages/{page_id}").text).xpath("string(//h1)")


def test_the_session_cannot_write(module_postgres: str) -> None:
    with pytest.raises(TargetRefusedError, match="accepts no writes"), reading(module_postgres) as connection:
        connection.execute("UPDATE cms.articles SET title = 'x'")


def test_a_name_that_is_not_this_machine_is_refused(client: TestClient) -> None:
    assert client.get("/-/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/-/", headers={"host": "localhost:8010"}).status_code == 200


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/-/nonsense", 400),
        ("/-/articles?page=0", 400),
        ("/-/articles?category=1", 400),
        ("/-/articles/00000000-0000-0000-0000-000000000000", 404),
        ("/media/aa/bb/none.webp", 404),
        ("/media/aa/bb/..%2f..%2f..%2fetc%2fpasswd", 404),
        ("/nothing%00here", 404),
    ],
)
def test_errors_are_pages_and_beside_data_they_are_data(client: TestClient, address: str, code: int) -> None:
    page = client.get(address)
    assert page.status_code == code
    assert "Back to the overview" in page.text
    if address.startswith("/-/"):
        data = client.get(address.replace("/-/", "/api/", 1))
        assert (data.status_code, list(data.json())) == (code, ["error"])


def test_a_cms_that_is_away_is_said_on_the_page(home: Path) -> None:
    given = {"source": str(DUMP), "cms": "postgresql://127.0.0.1:1/x", "metrics": UNREACHABLE, "media": str(home)}
    with open_target(read_settings(None, ("site",), given), "site") as target, TestClient(create_app(target)) as client:
        answer = client.get("/-/")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_the_command_says_where_it_serves_and_ends_when_it_is_interrupted(home: Path, module_postgres: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = [
            sys.executable, "-m", "flows", "preview", "--site", "site", "--source", str(DUMP), "--cms", module_postgres,
            "--metrics", UNREACHABLE, "--media", str(home / "media"), "--port",
        ]  # fmt: skip
        refused = subprocess.run([*words, str(taken.getsockname()[1])], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "cannot be used" in refused.stderr
    with subprocess.Popen([*words, "0"], stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:\d+/-/", serving.stdout.readline())
            assert address
            assert httpx.get(address[0], timeout=60).status_code == 200
            serving.send_signal(signal.SIGINT)
            assert serving.wait(timeout=60) == 0
        finally:
            serving.kill()  # else a failure above would wait for it for ever
