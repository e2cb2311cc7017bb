from __future__ import annotations

import pytest

from cms_models.rows import MediaStatus
from tests.images.samples import encoded, photo
from transforms.contract import RecordRejectedError
from transforms.file_types import sniff, suffix_of
from transforms.images import ImageRules
from transforms.uploaded_files import convert_file, is_converted, type_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 12"><path d="M0 0h9"/></svg>'


@pytest.mark.parametrize(
    ("head", "name", "mime_type", "suffix"),
    [
        (b"%PDF-1.7 ...", "a.pdf", "application/pdf", ".pdf"),
        (b"ID3\x04\0\0", "a.mp3", "audio/mpeg", ".mp3"),
        (b"\xff\xfb\x90\x64\0\0", "a.mp3", "audio/mpeg", ".mp3"),
        (b"\xff\xf1\x50\x80\0\0", "a.aac", "audio/aac", ".aac"),
        (b"OggS\0\2", "a.ogg", "audio/ogg", ".ogg"),
        (b"OggS\0\2", "a.ogv", "video/ogg", ".ogv"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a.wav", "audio/wav", ".wav"),
        (b"RIFF\0\0\0\0AVI LIST", "a.avi", "video/x-msvideo", ".avi"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.jpg", "image/webp", ".webp"),
        (b"\0\0\0\x18ftypisom\0\0", "a.mp4", "video/mp4", ".mp4"),
        (b"\0\0\0\x14ftypqt  \0\0", "a.mov", "video/quicktime", ".mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "a.mov", "video/quicktime", ".mov"),
        (b"\0\0\0\x1cftypM4A \0\0", "a.m4a", "audio/mp4", ".m4a"),
        (b"\0\0\0\x1cftypavif\0\0", "a.avif", "image/avif", ".avif"),
        (b"\0\0\0\x18ftypheic\0\0", "a.heic", "image/heic", ".heic"),
        (b"\x1aE\xdf\xa3\x01", "a.webm", "video/webm", ".webm"),
        (b"\x1aE\xdf\xa3\x01", "a.mkv", "video/x-matroska", ".mkv"),
        (b"\0\0\1\0\1\0", "favicon.ico", "image/x-icon", ".ico"),
        (b"PK\3\4\x14\0", "a.zip", "application/zip", ".zip"),
        (
            b"PK\3\4\x14\0",
            "Report.DOCX",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ".docx",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "application/vnd.ms-excel", ".xls"),
        (b"name;price\n1;2\n", "a.csv", "text/csv", ".csv"),
        (b"BM is a German car maker", "a.txt", "text/plain", ".txt"),
        (b"\xef\xbb\xbfplain words", "a.txt", "text/plain", ".txt"),
        (b"\0\1\2\3 something binary", "a.dat", "application/octet-stream", ".bin"),
        (b"\n<!DOCTYPE html>\n<html>", "a.jpg", "text/html", ".html"),
        (b"<!-- cached --><HTML><body>", "a.htm", "text/html", ".html"),
        (b'<?xml version="1.0"?>\n<!-- made by hand -->\n<svg width="1">', "a.svg", "image/svg+xml", ".svg"),
        (
            b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG//EN" "x.dtd" [<!ENTITY a "b">]><svg>',
            "a",
            "image/svg+xml",
            ".svg",
        ),
        (b'<?xml version="1.0"?><gpx version="1.1">', "a.gpx", "text/plain", ".txt"),
        (b"<?php echo 1;", "a.jpg", "application/x-php", ".bin"),
    ],
)
def test_a_file_is_what_its_bytes_say(head: bytes, name: str, mime_type: str, suffix: str) -> None:
    assert (sniff(head, name), suffix_of(mime_type)) == (mime_type, suffix)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
def test_every_picture_is_known_by_its_content_under_any_name(image_format: str) -> None:
    data = encoded(photo(60, 40), image_format)
    mime_type = f"image/{image_format.lower()}"
    assert sniff(data[:4096], "wrong.pdf") == mime_type
    assert convert_file(data, type_of(data, "wrong.pdf")).mime_type == mime_type


@pytest.mark.parametrize(("head", "name"), [(b"%PDF-1.4 ...", "a.pdf"), (b"\0\0\1\0\1\0", "favicon.ico")])
def test_what_is_no_picture_and_what_browsers_show_anyway_are_not_converted(head: bytes, name: str) -> None:
    assert not is_converted(type_of(head, name))


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "empty.jpg", "media.empty"),
        (b"", "empty.pdf", "media.empty"),
        (b"<html><body>404 Not Found", "photo.jpg", "media.not_a_picture"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "photo.PNG", "media.not_a_picture"),
        (b"%PDF-1.4", "scan.tif", "media.not_a_picture"),
        (b"<html><body><script>", "landing.html", "media.active_content"),
        (b"<?php system($_GET['c']);", "shell.txt", "media.active_content"),
        (b"<svg", "broken.svg", "media.unsafe_svg"),
        (b"\x89PNG\r\n\x1a\n and nothing more", "a.png", "media.unreadable"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence_that_says_what_to_do(data: bytes, name: str, code: str) -> None:
    with pytest.raises(RecordRejectedError) as error:
        convert_file(data, type_of(data, name))
    assert error.value.code == code
    assert error.value.detail.endswith(".")


def test_an_svg_that_is_only_a_drawing_keeps_its_bytes() -> None:
    converted = convert_file(SVG, type_of(SVG, "logo.svg"))
    assert (converted.status, converted.files[0].data, converted.reason) == (
        MediaStatus.KEPT,
        SVG,
        "SVG is kept as it is.",
    )
    assert (converted.width, converted.height) == (24, 12)


def test_what_was_taken_out_of_an_svg_is_said() -> None:
    data = SVG.replace(b"<path", b"<script>alert(1)</script><path onclick='a()' onload='b()'")
    converted = convert_file(data, type_of(data, "logo.svg"))
    assert converted.reason == "Taken out of the SVG: onclick, onload, script."
    assert converted.files[0].data == SVG


def test_limits_reach_the_pictures() -> None:
    with pytest.raises(RecordRejectedError, match="100 pixels allowed"):
        convert_file(encoded(photo(), "PNG"), "image/png", ImageRules(max_pixels=100))
