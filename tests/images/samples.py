"""Pictures made on the spot, one for each trap."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw, ImageFont

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (40, 60, 200), (255, 255, 255)


def photo(width: int = 300, height: int = 200) -> Image.Image:
    """Soft colours that change everywhere, as a camera sees them."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    around = Image.radial_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, around))


def drawing(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """Four flat colours in the four corners."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image.convert(mode)


def lettering(width: int = 300, height: int = 200) -> Image.Image:
    """Smooth letters in many colours on white, as in a diagram."""
    image = Image.new("RGB", (width, height), WHITE)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(22)
    for line in range(height // 24):
        colour = tuple(37 * (line + 3) * (channel + 1) % 200 for channel in range(3))
        pen.text((6, 24 * line), "Measured at noon, facing north", fill=colour, font=font)
    return image


def with_hole(image: Image.Image) -> Image.Image:
    """The picture with a clear left half."""
    mask = Image.new("L", image.size, 255)
    mask.paste(0, (0, 0, image.width // 2, image.height))
    result = image.convert("RGBA")
    result.putalpha(mask)
    return result


def encoded(image: Image.Image, image_format: str, **options: Any) -> bytes:
    """The bytes of a file."""
    target = BytesIO()
    image.save(target, image_format, **options)
    return target.getvalue()


def decoded(data: bytes) -> Image.Image:
    """A file as pixels."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def exif(**tags: Any) -> bytes:
    """EXIF by tag number, given as `t274=6`; tags of the camera's own directory as `c36867=...`."""
    block = Image.Exif()
    for name, value in tags.items():
        if name.startswith("c"):
            block.get_ifd(0x8769)[int(name[1:])] = value
        else:
            block[int(name[1:])] = value
    return block.tobytes()


def bomb(side: int = 20_000) -> bytes:
    """A PNG of one bit a pixel that claims `side` squared pixels and is cut right behind its header."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", zlib.compress(bytes(1000)))


def with_png_chunks(data: bytes, chunks: dict[bytes, int | None]) -> bytes:
    """A PNG with further chunks behind its header, each of one number of four bytes or, for sRGB, of its only byte."""
    head = 8 + 25
    added = (_png_chunk(kind, b"\0" if value is None else struct.pack(">I", value)) for kind, value in chunks.items())
    return data[:head] + b"".join(added) + data[head:]


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def swapped_profile() -> bytes:
    """An RGB profile that is not sRGB: what it calls red is blue."""
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    icc = icc.replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))
    for one, other in ((b"rXYZ", b"bXYZ"),):
        icc = icc.replace(one, b"????", 1).replace(other, one, 1).replace(b"????", other, 1)
    return icc


def long_profile() -> bytes:
    """The same profile, padded beyond what is worth keeping in every file."""
    icc = swapped_profile() + bytes(10_000)
    return struct.pack(">I", len(icc)) + icc[4:]


def ink_profile() -> bytes:
    """A CMYK profile of a printer whose cyan ink is red; its other inks are as usual, black wins over all."""
    table = bytearray()
    for ink in range(16):  # cyan, magenta, yellow, black: the first changes slowest
        cyan, _magenta, _yellow, black = (ink >> 3 & 1, ink >> 2 & 1, ink >> 1 & 1, ink & 1)
        lightness, a, b = (0, 0, 0) if black else (53, 80, 67) if cyan else (100, 0, 0)
        table += bytes((round(lightness * 2.55), a + 128, b + 128))
    identity = struct.pack(">9i", *(65536 if i in {0, 4, 8} else 0 for i in range(9)))
    ramp = bytes(range(256))
    lut = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + ramp * 4 + bytes(table) + ramp * 3
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    text = b"Ink\0"
    desc = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)
    rights = b"text" + bytes(4) + b"none\0"
    return _icc_file(b"prtrCMYKLab ", {b"desc": desc, b"cprt": rights, b"wtpt": white, b"A2B0": lut})


def _icc_file(kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    index, body = b"", b""
    offset = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        index += struct.pack(">4sII", tag, offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = offset + len(body)
    header = struct.pack(">I4sI", size, bytes(4), 0x02100000) + kind
    header += struct.pack(">6H", 2024, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + body
