from __future__ import annotations

import pytest

from transforms.contract import RecordRejectedError
from transforms.svg import MAX_BYTES, clean_svg

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 5">'


def cleaned(inside: str) -> str:
    """What is left of a drawing's inside."""
    data = clean_svg(f"{OPEN}{inside}<desc/></svg>".encode()).data.decode()
    return data.removeprefix(OPEN).removesuffix("<desc/></svg>")


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs>',
        '<rect fill="url(#a)" style="stroke:url(\'#b\');opacity:.5"/>',
        "<style>.a{fill:#0a7} @media (max-width:9px){.a{fill:red}}</style>",
        "<style><![CDATA[.a > .b{fill:red}]]></style>",
        '<use xlink:href="#a"/>',
        '<a href="https://example.test/"><text xml:lang="de">Grüße</text></a>',
        '<image href="data:image/png;base64,iVBORw0KGgo="/>',
        '<circle r="1"><animate attributeName="r" values="1;2" dur="1s" begin="a.click"/></circle>',
        "<title>Logo</title><!-- drawn by hand -->",
    ],
)
def test_what_only_draws_stays_byte_by_byte(inside: str) -> None:
    data = f"{OPEN}{inside}</svg>".encode()
    assert clean_svg(data).data == data


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        ("<script>alert(1)</script>", ""),
        ("<script xlink:href='https://x.test/a.js'/><g/>", "<g/>"),
        ('<rect onclick="a()" ONLOAD="b()" width="1"/>', '<rect width="1"/>'),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>a</p></foreignObject>", ""),
        ('<a href="javascript:alert(1)"><g/></a>', "<a><g/></a>"),
        ('<a xlink:href=" java&#9;script:alert(1)"/>', "<a/>"),
        ('<a href="data:text/html,x"/>', "<a/>"),
        ('<a href="//x.test/"/>', "<a/>"),
        ('<use href="https://x.test/a.svg#b"/>', "<use/>"),
        ('<image href="https://x.test/pixel.png"/>', "<image/>"),
        ('<image href="data:image/svg+xml;base64,PHN2Zz4="/>', "<image/>"),
        ('<rect fill="url(https://x.test/a)"/>', "<rect/>"),
        ('<rect style="background:url(//x.test/a)"/>', "<rect/>"),
        ('<rect style="background:u/**/rl(//x.test/a)"/>', "<rect/>"),
        (r'<rect style="background:\75rl(//x.test/a)"/>', "<rect/>"),
        ("<style>@import 'https://x.test/a.css';</style>", ""),
        ("<style>.a{background:url( 'https://x.test/a')}</style>", ""),
        ('<animate attributeName="href" to="javascript:alert(1)"/>', ""),
        ('<set attributeName="xlink:href" to="javascript:alert(1)"/>', ""),
        ('<animate attributeName="xlink:href" values="javascript:alert(1)"/>', ""),
        ("<iframe src='https://x.test'/><embed src='a'/><object data='a'/>", ""),
        ("<text>before<script>x</script>behind</text>", "<text>beforebehind</text>"),
        ("<text><b/>first<tspan/><i/>last</text>", "<text>first<tspan/>last</text>"),
        ("<?php echo 1 ?><g/>", "<g/>"),
        ('<g xml:base="https://x.test/"/>', "<g/>"),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>', ""),
        ('<SCRIPT>alert(1)</SCRIPT><g/>', "<g/>"),
    ],
)  # fmt: skip
def test_what_could_do_more_is_taken_out(inside: str, left: str) -> None:
    assert cleaned(inside) == left


def test_cleaning_twice_changes_nothing_more() -> None:
    dirty = f"{OPEN}<script/><g onclick='a'><text>a<b/>c</text></g></svg>".encode()
    once = clean_svg(dirty)
    assert once.removed == ("b", "onclick", "script")
    assert clean_svg(once.data) == type(once)(once.data, 10, 5, ())


def test_a_style_sheet_named_before_the_root_goes() -> None:
    data = f'<?xml version="1.0"?><?xml-stylesheet href="https://x.test/a.css"?>{OPEN}</svg>'.encode()
    assert b"stylesheet" not in clean_svg(data).data


def test_entities_of_the_file_itself_are_resolved_and_gone() -> None:
    data = f'<!DOCTYPE svg [<!ENTITY colour "#0a7">]>{OPEN}<g fill="&colour;"/></svg>'.encode()
    clean = clean_svg(data)
    assert b'fill="#0a7"' in clean.data
    assert b"DOCTYPE" not in clean.data


@pytest.mark.parametrize(
    "data",
    [
        b"<svg",
        b"",
        b"<html/>",
        b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/hostname">]><svg>&e;</svg>',
        b'<!DOCTYPE svg [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x">%e;]><svg>&f;</svg>',
        b"<!DOCTYPE svg [<!ENTITY a0 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>"
        + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
        + b"]><svg>&a9;</svg>",
        b"<svg>" + b"<g>" * 5000 + b"</g>" * 5000 + b"</svg>",
        b"<svg>" + b" " * MAX_BYTES + b"</svg>",
    ],
)
def test_what_cannot_be_checked_is_refused(data: bytes) -> None:
    with pytest.raises(RecordRejectedError, match="cannot be checked for scripts") as error:
        clean_svg(data)
    assert error.value.code == "media.unsafe_svg"
