from __future__ import annotations

import io
import os
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from selectolax.lexbor import LexborHTMLParser

from plugins import icc
from plugins.images import drawing, raster
from plugins.images.collecting import Collection
from plugins.images.containers import stripped
from plugins.images.markup import Shown, pictured, source_path
from plugins.images.published import published
from plugins.images.raster import PictureError
from plugins.images.sharing import shareable
from plugins.images.sources import Variant, encoded, offered, widths
from plugins.kit.headshots import headshots
from plugins.pictures import size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sites import Site

SECRET = b"52 deg 31 min north"
GIF_NOTES = b"!\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"
GPS = 0x8825


def quarters(width: int = 80, height: int = 40) -> Image.Image:
    """A red top left, a green top right, a blue bottom left and a white bottom right corner."""
    picture = Image.new("RGB", (width, height), "white")
    for box, colour in (((0, 0), "red"), ((width // 2, 0), "lime"), ((0, height // 2), "blue")):
        picture.paste(colour, (*box, box[0] + width // 2, box[1] + height // 2))
    return picture


def photo(width: int, height: int) -> Image.Image:
    """Something with the grain and the soft edges of a photograph; no two are alike."""
    size = (width, height)
    soft = Image.effect_noise((width // 9, height // 9), 90).resize(size, Image.Resampling.BICUBIC)
    slow = Image.radial_gradient("L").resize(size)
    mirrored = soft.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return Image.merge("RGB", (Image.blend(soft, slow, 0.3), Image.blend(mirrored, slow, 0.5), mirrored))


def picture(width: int, height: int, kind: str = "png") -> bytes:
    return saved(Image.new("RGB", (width, height), "white"), kind)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = SECRET.decode()
    notes[0x0110] = "Example Phone"
    notes.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    return notes


def profile(*, wide: bool) -> bytes:
    """sRGB's profile, or one with the primaries of Display P3 (SMPTE EG 432-1, adapted to D50)."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    if wide:
        for at in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12):
            tag, start = bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8], "big")
            primaries = {
                b"rXYZ": (0.5151, 0.2412, -0.0011),
                b"gXYZ": (0.2920, 0.6922, 0.0419),
                b"bXYZ": (0.1571, 0.0666, 0.7841),
            }
            if tag in primaries:
                data[start + 8 : start + 20] = struct.pack(">3i", *(round(v * 65536) for v in primaries[tag]))
        data = data.replace("sRGB".encode("utf-16-be"), "P3__".encode("utf-16-be"))
    return bytes(data)


def moving(kind: str, **options: Any) -> bytes:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "lime", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, **options)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(one: Any, other: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


# --- at its own address ---


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif"])
def test_a_picture_is_turned_as_it_was_seen_and_says_nothing_else(orientation: int, kind: str) -> None:
    upside = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]  # what undoes EXIF's turning
    lying = quarters() if upside is None else quarters().transpose(Image.Transpose(upside))
    options = {"subsampling": 0} if kind == "jpeg" else {}
    original = saved(lying, kind, exif=exif(orientation), quality=95, **options)
    assert SECRET in original or kind == "png"
    for data in (published(original).data, *encoded(original, "AVIF").data, *encoded(original, "WEBP").data):
        result = opened(data)
        assert SECRET not in data
        assert not result.getexif()
        assert result.size == (80, 40)
        found = [result.convert("RGB").getpixel(at) for at in ((8, 8), (72, 8), (8, 32), (72, 32))]
        corners = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))
        assert all(near(one, other, 30) for one, other in zip(found, corners, strict=True)), found
    assert published(original)[1:3] == (80, 40)


def test_a_picture_that_is_right_already_loses_its_notes_and_no_pixel() -> None:
    original = saved(photo(300, 200), "jpeg", exif=exif(), icc_profile=profile(wide=False), comment=SECRET)
    data = published(original + SECRET).data
    assert SECRET not in data
    assert set(opened(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    assert opened(data).tobytes() == opened(original).tobytes()
    assert published(data).data == data  # and nothing is left to take out


@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
def test_a_second_picture_in_a_phones_jpeg_stays_behind(progressive: bool) -> None:  # noqa: FBT001
    first, second = photo(64, 48), photo(32, 24)
    original = saved(first, "mpo", save_all=True, append_images=[second], exif=exif(), progressive=progressive)
    assert opened(original).n_frames == 2
    data = published(original).data
    assert opened(data).format == "JPEG"
    assert data.count(b"\xff\xd8\xff") == 1
    assert SECRET not in data


def test_notes_in_png_and_webp_go_and_their_pixels_stay() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    png = saved(photo(60, 40), "png", pnginfo=notes, exif=exif())
    webp = saved(photo(60, 40), "webp", exif=exif(), xmp=SECRET, lossless=True, icc_profile=profile(wide=False))
    for original in (png, webp):
        data = published(original + SECRET).data
        assert SECRET not in data
        assert b"tEXt" not in data
        assert not opened(data).getexif()
        assert opened(data).tobytes() == opened(original).tobytes()


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_colours_of_a_wide_profile_become_those_of_srgb(kind: str) -> None:
    # This red of Display P3 is just inside sRGB, where its figures are (235, 51, 36) (CSS Color 4, section 10).
    original = saved(Image.new("RGB", (64, 64), (214, 69, 48)), kind, icc_profile=profile(wide=True), quality=95)
    for data in (published(original).data, *encoded(original, "AVIF").data, *encoded(original, "WEBP").data):
        assert opened(data).info.get("icc_profile") is None
        assert near(opened(data).convert("RGB").getpixel((32, 32)), (232, 54, 37), 8)


def test_a_profile_that_is_broken_or_for_other_colours_changes_nothing() -> None:
    grey = saved(Image.new("L", (20, 20), 99), "png", icc_profile=profile(wide=True))
    broken = saved(Image.new("RGB", (20, 20), (9, 99, 200)), "png", icc_profile=b"no profile at all")
    assert near([opened(encoded(grey, "WEBP").data[0]).convert("RGB").getpixel((5, 5))[0]], (99,), 2)
    assert opened(published(broken).data).getpixel((5, 5)) == (9, 99, 200)
    assert published(grey).data == stripped(grey, "PNG"), "nothing is encoded anew"


LINEAR = {"GRAY": icc.from_chunks({"gamma": 1.0}, "GRAY"), "RGB": icc.from_chunks({"gamma": 1.0}, "RGB")}
"""Profiles by which half of the light is 188 of 255, not 128: the formula of IEC 61966-2-1."""


def with_chunks(gamma: float, chromaticity: tuple[float, ...] = (), *, srgb: bool = False) -> PngInfo:
    notes = PngInfo()
    if srgb:
        notes.add(b"sRGB", b"\0")
    notes.add(b"gAMA", struct.pack(">I", round(gamma * 100_000)))
    if chromaticity:
        notes.add(b"cHRM", b"".join(struct.pack(">I", round(part * 100_000)) for part in chromaticity))
    return notes


def halves(mode: str, size: tuple[int, int] = (40, 30)) -> Image.Image:
    """Half of the light that a mode can say, half seen through where it can say so."""
    light = 0x8080 if mode == "I;16" else (0, 0, 0, 127) if mode == "CMYK" else 128
    if mode == "P":
        return Image.new("RGB", size, (128, 128, 128)).convert("P", palette=Image.Palette.ADAPTIVE)
    return Image.new(
        mode,
        size,
        (*(128,) * (len(mode) - 1), 60)
        if mode.endswith("A")
        else light
        if mode in {"L", "I;16", "CMYK"}
        else (128,) * 3,
    )


@pytest.mark.parametrize("mode", ["L", "LA", "I;16", "P", "P clear", "RGB", "RGB clear", "RGBA", "CMYK"])
@pytest.mark.parametrize("said", ["nothing", "GRAY", "RGB", "broken", "gAMA", "gAMA, sRGB"])
def test_the_profile_of_its_own_kind_is_followed_in_every_mode(mode: str, said: str) -> None:
    mode, _, clear = mode.partition(" ")
    options: dict[str, Any] = {"icc_profile": LINEAR.get(said, b"broken" if said == "broken" else None)}
    kind = "jpeg" if mode == "CMYK" else "png"
    if said.startswith("gAMA"):
        options["pnginfo"] = with_chunks(1.0, srgb="sRGB" in said)
    if clear:
        options["transparency"] = 9 if mode == "P" else (9, 9, 9)
    original = saved(halves(mode), kind, **{name: value for name, value in options.items() if value is not None})
    kinds = {"L": "GRAY", "LA": "GRAY", "I;16": "GRAY", "P": "RGB", "RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK"}
    followed = said == kinds[mode] or (said == "gAMA" and mode != "CMYK")
    for data in (published(original).data, *encoded(original, "WEBP").data):
        found = opened(data)
        if found.mode.startswith("I;16") or "gamma" in found.info:
            continue  # at its own address the file says itself how its figures are meant
        *colours, alpha = found.convert("RGBA").getpixel((20, 15))  # type: ignore[misc]
        assert near(colours, (188 if followed else 128,) * 3, 2)
        assert alpha == (60 if mode in {"LA", "RGBA"} else 255)


def test_the_chunks_of_a_png_mean_colours_too() -> None:
    """Adobe RGB (1998), section 4.3: its red, seen in sRGB, by the matrices of IEC 61966-2-1."""
    wide = (0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
    original = saved(Image.new("RGB", (40, 30), (200, 100, 50)), "png", pnginfo=with_chunks(1 / 2.2, wide))
    assert near(opened(encoded(original, "WEBP").data[0]).convert("RGB").getpixel((5, 5)), (228, 100, 42), 4)
    for odd in (with_chunks(1 / 2.2, (0.3, 0.0, *wide[2:])), with_chunks(9999)):
        original = saved(Image.new("RGB", (40, 30), (200, 100, 50)), "png", pnginfo=odd)
        assert opened(encoded(original, "WEBP").data[0]).convert("RGB").getpixel((5, 5)) == (200, 100, 50)


@pytest.mark.parametrize("said", ["GRAY", "gAMA"])
@pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
def test_a_headshot_in_grey_is_as_light_as_it_was(mode: str, said: str) -> None:
    options: dict[str, Any] = {"pnginfo": with_chunks(1.0)} if said == "gAMA" else {"icc_profile": LINEAR["GRAY"]}
    original = saved(halves(mode, (900, 1100)), "png", **options)
    paper = 188 + (255 - 188) * 195 / 255 if mode == "LA" else 188
    assert near(opened(headshots(original, (0.5, 0.5))[0].data).getpixel((9, 9)), (paper,) * 3, 3)


@pytest.mark.parametrize(
    ("image", "pixel"),
    [
        pytest.param(Image.new("CMYK", (40, 30), (0, 255, 255, 0)), (254, 0, 0, 255), id="CMYK"),
        pytest.param(Image.new("L", (40, 30), 130), (130, 130, 130, 255), id="grey"),
        pytest.param(Image.new("LA", (40, 30), (130, 0)), None, id="grey and clear"),
        pytest.param(Image.new("1", (40, 30), 1), (255, 255, 255, 255), id="black and white"),
        pytest.param(Image.new("I;16", (40, 30), 0x8002), (128, 128, 128, 255), id="16 bits of grey"),
        pytest.param(Image.new("RGBA", (40, 30), (9, 90, 200, 0)), None, id="clear"),
        pytest.param(Image.new("P", (40, 30), 0), None, id="palette with a clear colour"),
    ],
)
def test_every_kind_of_pixel_keeps_its_colour_and_its_holes(image: Image.Image, pixel: tuple[int, ...] | None) -> None:
    options: dict[str, Any] = {"transparency": 0} if image.mode == "P" else {}
    original = saved(image, "jpeg" if image.mode == "CMYK" else "png", **options)
    for data in (published(original).data, *encoded(original, "AVIF").data, *encoded(original, "WEBP").data):
        found = opened(data)
        if found.mode.startswith("I;16"):  # at its own address the file's pixels stay as they are
            assert found.getpixel((20, 15)) == 0x8002
            continue
        result = found.convert("RGBA").getpixel((20, 15))
        assert isinstance(result, tuple)
        assert near(result, pixel, 6) if pixel else result[3] == 0


def test_a_16_bit_png_in_colour_is_read() -> None:
    rows = b"".join(b"\0" + struct.pack(">3H", 65535, 32896, 0) * 8 for _ in range(8))
    chunks = [(b"IHDR", struct.pack(">2I5B", 8, 8, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    original = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    assert near(opened(encoded(original, "WEBP").data[0]).convert("RGB").getpixel((4, 4)), (255, 128, 0), 2)


@pytest.mark.parametrize(
    "original",
    [
        pytest.param(moving("gif", comment=SECRET, loop=0), id="GIF"),
        pytest.param(moving("gif").replace(b"!\xf9", GIF_NOTES + b"!\xf9"), id="GIF with XMP"),
        pytest.param(moving("gif").replace(b"!\xf9", b"\0!\xf9"), id="GIF with a byte too many"),
        pytest.param(moving("webp", lossless=True, exif=exif()), id="WebP"),
        pytest.param(moving("png", exif=exif()), id="PNG"),
    ],
)
def test_moving_pictures_go_on_moving_without_notes(original: bytes) -> None:
    result = published(original)
    assert result.stays
    assert SECRET not in result.data
    frames = [opened(original), opened(result.data)]
    assert [frame.n_frames for frame in frames] == [3, 3]
    for at in range(3):
        for frame in frames:
            frame.seek(at)
        assert frames[0].convert("RGB").tobytes() == frames[1].convert("RGB").tobytes()


def test_a_large_picture_is_made_as_wide_as_anyone_needs() -> None:
    result = published(saved(photo(2600, 1300), "jpeg"))
    assert opened(result.data).size == (result.width, result.height) == (2000, 1000)
    assert published(saved(photo(300, 2600), "jpeg"))[1:3] == (300, 2600)


@pytest.mark.parametrize("kind", ["AVIF", "WEBP"])
def test_thin_lines_of_a_drawing_keep_their_colour(kind: str) -> None:
    image = Image.new("RGB", (300, 200), "white")
    for x in range(0, 300, 10):
        image.paste((255, 0, 0), (x, 0, x + 1, 200))
    made = opened(encoded(saved(image, "png"), kind).data[-1]).convert("RGB")
    assert near(made.getpixel((150, 100)), (255, 0, 0), 40 if kind == "AVIF" else 0)


def test_a_picture_too_tall_for_a_format_is_shown_without_a_choice() -> None:
    tall = saved(Image.new("L", (100, 17_000)), "png")
    assert encoded(tall, "WEBP") == encoded(tall, "AVIF") == ((), ())
    assert published(tall)[1:3] == (100, 17_000)


def test_odd_notes_keep_no_picture_from_being_seen() -> None:
    original = saved(photo(60, 40), "webp", exif=exif(6)).replace(b"II*\0", b"M9*\0").replace(b"MM\0*", b"M9\0*")
    assert published(original)[1:3] == (60, 40)
    assert SECRET not in published(original).data


# --- what cannot be published ---


def bomb() -> bytes:
    body = b"IHDR" + struct.pack(">2I5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\0\0\0\r" + body + struct.pack(">I", zlib.crc32(body)) + b"\0\0\0\0IDAT"


@pytest.mark.parametrize(
    ("original", "said"),
    [
        pytest.param(b"", "is no picture that browsers show", id="empty"),
        pytest.param(b"\xff", "is no picture that browsers show", id="one byte"),
        pytest.param(saved(photo(300, 200), "jpeg")[:4000], "is broken", id="JPEG cut off"),
        pytest.param(saved(photo(300, 200), "png")[:9000], "is broken", id="PNG cut off"),
        pytest.param(saved(photo(60, 40), "avif")[:-90] + b"\xff" * 90, "is broken", id="AVIF with a hole"),
        pytest.param(moving("avif", exif=exif()), "save it as WebP", id="moving AVIF with notes"),
        pytest.param(moving("gif")[:-3], "is broken", id="GIF cut off"),
        pytest.param(bomb(), "has more than 50 million pixels", id="PNG of 60,000 by 60,000"),
        pytest.param(saved(Image.new("1", (8000, 6500)), "png"), "is 8000×6500 pixels large", id="52 megapixels"),
        pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is a HEIC file", id="HEIC"),
        pytest.param(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "let the iPhone take JPEG", id="HEIC of another brand"),
        pytest.param(saved(photo(30, 20), "tiff"), "photos as JPEG", id="TIFF"),
        pytest.param(saved(photo(30, 20), "bmp"), "photos as JPEG", id="BMP"),
    ],
)
@pytest.mark.filterwarnings("default::PIL.Image.DecompressionBombWarning")
def test_what_cannot_be_published_says_what_to_do(original: bytes, said: str) -> None:
    with pytest.raises(PictureError, match=said):
        published(original)


def test_problems_name_the_line_that_uses_the_picture_and_come_all_at_once(site: Site) -> None:
    site.write("images/a.png", b"this is not a picture")
    site.write("images/b.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    site.write("images/bomb.png", bomb())
    site.write("images/c.svg", b"<svg")
    site.write("images/unused.jpg", b"\xff")
    site.write("images/big.jpg", b"\xff" * (raster.MOST_BYTES + 1))
    site.post(
        "p",
        "Text\n\n![a]({static}/images/a.png)\n\n<img src='{static}/images/b.heic' alt='b'>\n\n[![c](/images/c.svg)](/)\n",
        image="images/bomb.png",
        image_alt="x",
    )
    site.write("pages/about.md", "title: About\n\n![big](../images/big.jpg)\n")
    assert [problem.partition(";")[0] for problem in site.problems()] == [
        "images/unused.jpg:1: the picture unused.jpg is no picture that browsers show",
        "pages/about.md:3: the picture big.jpg has more than 40 MB",
        "posts/p.md:3: the picture bomb.png has more than 50 million pixels",
        "posts/p.md:8: the picture a.png is no picture that browsers show",
        "posts/p.md:10: the picture b.heic is a HEIC file, which browsers don't show",
        "posts/p.md:12: the picture c.svg cannot be read as SVG (unclosed token: line 1, column 0)",
    ]


def test_a_talks_broken_picture_is_told_once_at_its_line(site: Site) -> None:
    site.write("images/a.png", b"x")
    site.write(
        "talks/t.md",
        "---\ntitle: T\npromise: P\ntakeaways:\n  - a\n  - b\n  - c\nrecording: https://v.example/\n"
        "recording_image: images/a.png\nrecording_alt: x\n---\nText\n",
    )
    assert [problem.partition(" is")[0] for problem in site.problems()] == ["talks/t.md:9: the picture a.png"]


def test_a_drafts_broken_picture_stops_the_preview_only(site: Site) -> None:
    site.write("images/a.png", b"x")
    site.post("p", "![a]({static}/images/a.png)\n", status="draft")
    assert site.problems() == []
    assert not (site.output / "images/a.png").exists()
    assert "posts/p.md:5: the picture a.png" in site.problems(publish=False)[0]


# --- what browsers choose from ---


@pytest.mark.parametrize(
    ("width", "given"),
    [
        (4000, (720, 1080, 1280)),
        (1300, (720, 1080, 1280)),
        (1200, (720, 1080, 1200)),
        (1100, (720, 1100)),
        (730, (730,)),
    ],
)
def test_no_width_is_more_than_the_original_or_near_another(width: int, given: tuple[int, ...]) -> None:
    assert widths(width) == given


def sizes(*each: int) -> tuple[Variant, ...]:
    return tuple(Variant(width, size, "x") for width, size in zip((720, 1080, 1280), each, strict=False))


@pytest.mark.parametrize(
    ("avif", "webp", "fallback", "given"),
    [
        pytest.param((10, 20, 30), (20, 30, 40), 90, {"AVIF": [10, 20, 30], "WEBP": [20, 30, 40]}, id="both smaller"),
        pytest.param((10, 20, 30), (20, 30, 95), 90, {"AVIF": [10, 20, 30]}, id="WebP larger than the original"),
        pytest.param((10, 20, 45), (20, 30, 40), 90, {"WEBP": [20, 30, 40]}, id="AVIF larger than WebP"),
        pytest.param((99, 99, 99), (95, 95, 95), 90, {}, id="neither smaller"),
        pytest.param(
            (10, 35, 30), (20, 30, 40), 90, {"AVIF": [10, 30], "WEBP": [20, 30, 40]}, id="narrower and larger"
        ),
    ],
)
def test_nothing_larger_is_offered_than_would_be_taken_without_it(
    avif: tuple[int, ...], webp: tuple[int, ...], fallback: int, given: dict[str, list[int]]
) -> None:
    found = offered([("AVIF", sizes(*avif)), ("WEBP", sizes(*webp))], fallback)
    assert {kind: [each.size for each in variants] for kind, variants in found.items()} == given
    assert list(found) == sorted(given)


def test_the_same_bytes_on_any_number_of_cores_and_nothing_anew_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{n}.jpg" for n in range(4)]
    for n, file in enumerate(names):
        (tmp_path / file).write_bytes(saved(photo(900 + n, 500), "jpeg", quality=95, exif=exif(6)))
    before = {file: ((tmp_path / file).read_bytes(), (tmp_path / file).stat().st_mtime_ns) for file in names}
    made = []
    for cores in (1, 2, 5):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        collection = Collection(tmp_path, tmp_path / f"cache{cores}", ("AVIF", "WEBP"))
        collection.publish(names)
        collection.offer(names)
        made.append([(collection.file(file), collection.files(file)) for file in names])
    assert made[0] == made[1] == made[2]
    assert all(len(files) >= 2 for _, files in made[0])
    assert {file: ((tmp_path / file).read_bytes(), (tmp_path / file).stat().st_mtime_ns) for file in names} == before

    def never(*_: object) -> None:
        raise AssertionError("made anew")

    monkeypatch.setattr("plugins.images.collecting.encoded", never)
    monkeypatch.setattr("plugins.images.collecting.published", never)
    again = Collection(tmp_path, tmp_path / "cache1", ("AVIF", "WEBP"))
    again.publish(names)
    again.offer(names)
    assert [(again.file(file), again.files(file)) for file in names] == made[0]


# --- SVG ---

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<rect onload='alert(1)' width='1'/>",
        "<a href='javascript:alert(1)'><rect/></a>",
        "<a xlink:href='https://e.example/'><rect/></a>",
        "<a><animate attributeName='xlink:href' to='javascript:alert(1)'/></a>",
        "<image href='https://e.example/x.png'/>",
        "<image href=' //e.example/x.png'/>",
        "<image href='data:image/svg+xml,%3Csvg'/>",
        "<use href='other.svg#x'/>",
        "<feImage xlink:href='/x.png'/>",
        "<style>@import 'https://e.example/x.css'; .a { fill: red }</style>",
        "<style>.a { background: u\\72l(https://e.example/x) }</style>",
        "<style>.a { fill: red } <g/>@import 'https://e.example/x.css';</style>",
        "<style><g>.a { background: url(https://e.example/x) }</g></style>",
        '<style>.a { background: image("https://e.example/x") }</style>',
        "<rect style='fill: url(https://e.example/#x)'/>",
        "<rect fill='url(\"https://e.example/#x\")'/>",
        "<rect style='background: image-set(\"https://e.example/\" 1x)'/>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></body></foreignObject>",
        "<x:script xmlns:x='http://www.w3.org/1999/xhtml' src='https://e.example/x.js'/>",
        "<metadata>https://e.example/</metadata><!-- https://e.example/ -->",
        "<?xml-stylesheet href='https://e.example/x.css'?>",
    ],
)
def test_a_drawing_runs_nothing_and_loads_nothing(inside: str) -> None:
    data = drawing.sanitised(
        f"{OPEN}viewBox='0 0 3 2'>{inside}<rect width='3' height='2'/></svg>".encode()
    ).data.decode()
    for trap in (
        "alert",
        "onload",
        "javascript",
        "@import",
        "url(https",
        'url("https',
        "image-set",
        "image(",
        "src=",
        'href="',
    ):
        assert trap not in data
    if "e.example" in data:  # what stands before it means nothing
        assert any(harmless in data for harmless in ("none(", "@none", "u72l("))
    assert '<rect width="3" height="2" />' in data


def test_a_good_drawing_keeps_all_that_is_seen() -> None:
    inside = (
        '<title>A door</title><defs><linearGradient id="g"><stop offset="0" stop-color="red" /></linearGradient></defs>'
        '<style>.a { fill: url(#g); } @font-face { src: url("data:font/woff2;base64,AA==") }</style>'
        '<rect class="a" style="stroke: #123; fill: url(#g)" width="3" height="2" clip-path="url(#c)" />'
        '<text xml:space="preserve"><tspan>to</tspan><tspan>gether</tspan> <textPath href="#p">x  y</textPath></text>'
        '<use href="#g" /><image href="data:image/png;base64,AA==" /><animate attributeName="x" to="1" dur="1s" />'
    )
    data = drawing.sanitised(f"{OPEN}viewBox='0 0 3 2'>{inside}</svg>".encode()).data.decode()
    assert inside in data


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('width="30" height="20"', (30, 20)),
        ('width="30px" height="20px" viewBox="0 0 1 1"', (30, 20)),
        ('width="25.4mm" height="1in"', (96, 96)),
        ('width="60" viewBox="0 0 3 2"', (60, 40)),
        ('height="40" viewBox="0 0 3 2"', (60, 40)),
        ('viewBox="0 0 300 200"', (0, 2 / 3)),
        ('width="100%" height="100%" viewBox="0,0,300,200"', (0, 2 / 3)),
        ('viewBox="nonsense"', (300, 150)),
        ("", (300, 150)),
    ],
)
def test_a_drawings_size(head: str, size: tuple[float, float]) -> None:
    assert drawing.sanitised(f"{OPEN}{head}/>".encode())[1:3] == pytest.approx(size)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "cannot be read as SVG", id="empty"),
        pytest.param(b"a letter", "cannot be read as SVG", id="no XML"),
        pytest.param(b"<svg><rect/></svg>", "its first element", id="no namespace"),
        pytest.param(b"<html/>", "its first element", id="HTML"),
        pytest.param(f"{OPEN}><g></svg>".encode(), "cannot be read as SVG", id="never closed"),
        pytest.param(b'<?xml version="1.0" encoding="x-none"?><svg/>', "cannot be read as SVG", id="encoding"),
        pytest.param(f"{OPEN}>{'<g>' * 5000}{'</g>' * 5000}</svg>".encode(), "a thousand deep", id="far too deep"),
        pytest.param(
            b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
            "declares entities",
            id="a billion laughs",
        ),
        pytest.param(
            b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>', "entities", id="another file"
        ),
    ],
)
def test_a_drawing_that_cannot_be_published_says_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(PictureError, match=said):
        drawing.sanitised(data)


# --- in a text ---

SHOWN = {"a.png": Shown(1600, 800, {"AVIF": (("/a-720.avif", 720), ("/a-1280.avif", 1280))})}


@pytest.mark.parametrize(
    ("markup", "given"),
    [
        pytest.param(
            '<img src="a.png" alt="a > b">',
            '<picture><source type="image/avif" srcset="/a-720.avif 720w, /a-1280.avif 1280w"'
            ' sizes="(min-width: 44em) 39.4em, 90vw">'
            '<img src="a.png" alt="a > b" decoding="async" width="1600" height="800"></picture>',
            id="all of it",
        ),
        pytest.param(
            '<img src="b.png" alt="">', '<img src="b.png" alt="" decoding="async">', id="one that is not known"
        ),
        pytest.param('<p title="<img src=&quot;a.png&quot;>">x</p>', None, id="in an attribute"),
        pytest.param("<code>&lt;img src=&quot;a.png&quot;&gt;</code>", None, id="in code"),
        pytest.param('<picture><img src="a.png" alt="x"></picture>', None, id="a choice of the author's"),
        pytest.param('<image src="a.png"></image>', None, id="not a picture"),
    ],
)
def test_what_becomes_of_a_picture(markup: str, given: str | None) -> None:
    assert pictured(markup, SHOWN.get) == (markup if given is None else given)


@pytest.mark.parametrize(
    ("given", "size", "hint"),
    [
        ("", ("1600", "800"), "(min-width: 44em) 39.4em, 90vw"),
        ('width="300"', ("300", "150"), "300px"),
        ('height="150"', ("300", "150"), "300px"),
        ('width="300" height="9"', ("300", "9"), "300px"),
        ('width="50%"', ("50%", None), "(min-width: 44em) 39.4em, 90vw"),
    ],
)
def test_the_authors_size_stays_and_is_made_whole(given: str, size: tuple[str, str | None], hint: str) -> None:
    tree = LexborHTMLParser(pictured(f'<img src="a.png" alt="x" {given}>', SHOWN.get))
    image, source = tree.css_first("img").attributes, tree.css_first("source").attributes
    assert (image["width"], image.get("height")) == size
    assert source["sizes"] == hint


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("{static}/images/x.png", "images/x.png"),
        ("%7Bstatic%7D/images/x.png", "images/x.png"),
        ("|static|../images/x.png", "images/x.png"),
        ("{static}beside.png", "posts/beside.png"),
        ("/blog/images/x%20y.png", "images/x y.png"),
        ("../../images/x.png", "images/x.png"),
        ("/images/x.png", None),
        ("https://e.example/blog/images/x.png", None),
        ("//[e.example", None),
        ("", None),
    ],
)
def test_which_file_an_address_means(source: str, path: str | None) -> None:
    places = {"images/x.png": "images/x.png", "images/x y.png": "images/x y.png"}
    assert source_path(source, "posts/p.md", "2026/p/", "/blog", places) == path


def test_a_picture_alone_is_a_figure_with_its_size(site: Site) -> None:
    site.write("images/a.png", picture(30, 20))
    site.post("p", body='Text\n\n![A & b]({static}/images/a.png "What & <where>")\n')
    site.build()
    figure = site.page("p/").css_first("figure")
    image = figure.css_first("img")
    assert {name: image.attributes[name] for name in ("src", "alt", "width", "height")} == {
        "src": "/images/a.png",
        "alt": "A & b",
        "width": "30",
        "height": "20",
    }
    assert figure.css_first("figcaption").text() == "What & <where>"
    assert "title" not in image.attributes


def test_a_picture_in_a_sentence_stays_there(site: Site) -> None:
    site.write("images/a.png", picture(3, 2))
    site.post("p", body="See ![it]({static}/images/a.png) here.\n")
    site.build()
    assert site.page("p/").css("p > img[alt='it']")
    assert not site.page("p/").css("figure")


def test_the_first_picture_is_not_lazy_and_the_others_are(site: Site) -> None:
    site.write("images/a.jpg", picture(3, 2, "jpeg"))
    site.post("p", body="![one]({static}/images/a.jpg)\n\n[![two]({static}/images/a.jpg)](https://example.org/)\n")
    site.build()
    images = site.page("p/").css("figure img")
    assert [image.attributes.get("loading") for image in images] == [None, "lazy"]


def test_a_path_beside_the_post_and_a_linked_figure(site: Site) -> None:
    site.write("images/x/a.png", picture(7, 5))
    site.write("posts/deep/p.md", "title: P\ndate: 2026-01-01\n\n![a]({static}../../images/x/a.png)\n")
    site.build()
    assert site.page("p/").css_first("img").attributes["width"] == "7"


PHOTO = saved(photo(1500, 1000), "jpeg", quality=92, exif=exif(6))


def test_a_photo_is_offered_in_sizes_and_nothing_of_the_camera_is_published(site: Site) -> None:
    original = site.write("images/x.jpg", PHOTO)
    site.write("images/unused.jpg", PHOTO)
    before = original.stat().st_mtime_ns
    site.post("p", "Text\n\n[![A door]({static}/images/x.jpg 'Caption')](https://example.org/)\n", image="")
    site.post("q", "<div><img src='/images/x.jpg' alt='raw'></div>\n\n[large]({static}/images/x.jpg)\n")
    site.build()
    page = site.page("p/")
    image = page.css_first("figure > a > picture > img").attributes
    assert (image["src"], image["width"], image["height"]) == ("/images/x.jpg", "1000", "1500")
    sources = page.css("picture > source")
    assert [source.attributes["type"] for source in sources] == ["image/avif", "image/webp"]
    for source in sources:
        for address, width in (each.split() for each in (source.attributes["srcset"] or "").split(", ")):
            file = site.output / address.removeprefix("/")
            assert opened(file.read_bytes()).size == (int(width[:-1]), int(width[:-1]) * 3 // 2)
    assert site.page("q/").css("div > picture > img[alt='raw']")
    assert opened((site.output / "images/x.jpg").read_bytes()).size == (1000, 1500)
    assert {file.name.split("-")[0] for file in (site.output / "assets/pictures").iterdir()} == {"x"}
    published_pictures = [*(site.output / "images").iterdir(), *(site.output / "assets/pictures").iterdir()]
    assert len(published_pictures) == 2 + len(sources) * 2
    assert all(SECRET not in file.read_bytes() for file in published_pictures)
    assert original.read_bytes() == PHOTO
    assert original.stat().st_mtime_ns == before
    assert size_of(original) == (1000, 1500)


def test_others_find_the_picture_that_is_left_without_a_choice(site: Site) -> None:
    site.write("images/x.jpg", PHOTO)
    site.post("p", "Before it.\n\nWith ![a > b]({static}/images/x.jpg) inside.\n")
    site.build()
    assert '"image": ["https://ada.example.org/images/x.jpg", ' in site.read("p/index.html")
    assert not site.page("index.html").css("picture, source, main img")
    assert "https://ada.example.org/images/x.jpg" in site.read("feed.xml")


def test_the_preview_has_what_is_made_quickly(site: Site) -> None:
    site.write("images/x.jpg", PHOTO)
    site.post("p", "![a]({static}/images/x.jpg)\n")
    site.build(publish=False)
    assert [source.attributes["type"] for source in site.page("p/").css("source")] == ["image/webp"]


def test_what_is_no_picture_and_what_is_the_owners_is_copied(site: Site) -> None:
    site.write("images/notes.pdf", b"%PDF " + SECRET)
    site.write("extra/own.jpg", PHOTO)
    site.post("p", "[notes]({static}/images/notes.pdf)\n")
    site.build()
    assert (site.output / "images/notes.pdf").read_bytes() == b"%PDF " + SECRET
    assert (site.output / "own.jpg").read_bytes() == PHOTO


def test_a_drawing_in_a_text_has_a_size_and_loses_its_script(site: Site) -> None:
    site.write("images/d.svg", f"{OPEN}viewBox='0 0 300 200'><script>alert(1)</script></svg>")
    site.post("p", "![a]({static}/images/d.svg)\n")
    site.build()
    image = site.page("p/").css_first("figure > img").attributes
    assert (image["width"], image["height"]) == ("630", "420")
    assert "alert" not in site.read("images/d.svg")


def test_a_file_that_is_cut_apart_wrongly_is_saved_anew() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        for data in (b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xda\0\2", b"\x89PNG\r\n\x1a\n\0\0"):
            try:
                stripped(data, kind)
            except ValueError:
                continue
            assert kind == "WEBP"  # which is read to where it says it ends


# --- on networks ---


def clear(width: int, height: int) -> Image.Image:
    return Image.new("RGBA", (width, height), (255, 0, 0, 0))


@pytest.mark.parametrize(
    ("original", "kind", "size"),
    [
        pytest.param(saved(photo(1200, 630), "jpeg"), "", (0, 0), id="as it is wanted"),
        pytest.param(
            saved(photo(630, 1200).convert("CMYK"), "jpeg", exif=exif(6)), "", (0, 0), id="turned, for a press"
        ),
        pytest.param(saved(Image.new("RGBA", (600, 315), "red"), "png"), "", (0, 0), id="nothing shines through"),
        pytest.param(saved(photo(1600, 900), "avif"), "JPEG", (1200, 675), id="AVIF"),
        pytest.param(saved(quarters(800, 500), "avif"), "PNG", (800, 500), id="AVIF of few colours"),
        pytest.param(saved(photo(700, 400), "webp"), "JPEG", (700, 400), id="WebP"),
        pytest.param(saved(quarters(700, 400), "gif"), "PNG", (700, 400), id="GIF"),
        pytest.param(saved(photo(700, 400), "avif", exif=exif(8)), "JPEG", (600, 700), id="lying, narrow when turned"),
        pytest.param(saved(photo(450, 300), "png"), "JPEG", (600, 315), id="small, on a sheet"),
        pytest.param(saved(clear(700, 400), "png"), "PNG", (700, 400), id="see-through"),
        pytest.param(saved(Image.new("I;16", (700, 400), 0x8080), "png"), "PNG", (700, 400), id="16 bits"),
        pytest.param(saved(photo(4000, 700), "jpeg"), "JPEG", (1200, 400), id="long"),
        pytest.param(saved(photo(300, 3000), "jpeg"), "JPEG", (750, 1500), id="narrow"),
        pytest.param(saved(photo(2000, 2000), "png"), "JPEG", (1200, 1200), id="heavier than networks take"),
    ],
)
def test_networks_get_a_picture_that_they_show(original: bytes, kind: str, size: tuple[int, int]) -> None:
    sent_as = (opened(original).get_format_mimetype() or "").replace("mpo", "jpeg")
    made = shareable(original, sent_as)
    assert (made.kind, made[1:3], made.wrong) == (kind, size, "")
    assert made == shareable(original, sent_as)
    if kind:
        shown = opened(made.data)
        assert (shown.format, shown.size, shown.mode in {"L", "RGB"}) == (kind, size, True)
        assert not shown.info.keys() & {"exif", "icc_profile", "transparency"}
        assert len(made.data) < 5_000_000


def test_what_is_see_through_or_small_lies_on_paper() -> None:
    paper = (0xF7, 0xF3, 0xEA)
    assert opened(shareable(saved(clear(700, 400), "png"), "image/png").data).getpixel((5, 5)) == paper
    small = opened(shareable(saved(Image.new("RGB", (400, 300), "red"), "png"), "image/png").data)
    assert [small.getpixel(at) for at in ((50, 150), (300, 150), (550, 150))] == [paper, (255, 0, 0), paper]


@pytest.mark.parametrize(("kind", "sent_as"), [("png", "image/jpeg"), ("jpeg", "image/png"), ("webp", "image/jpeg")])
def test_a_picture_whose_ending_is_not_its_formats_is_made_anew(kind: str, sent_as: str) -> None:
    assert shareable(saved(photo(1200, 630), kind), sent_as).kind == "JPEG"


def test_of_a_moving_picture_the_first_frame_is_shared() -> None:
    frames = [Image.new("RGB", (700, 400), colour) for colour in ("red", "blue")]
    moves = saved(frames[0], "gif", save_all=True, append_images=frames[1:], duration=100)
    assert opened(shareable(moves, "image/gif").data).getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize("size", [(100, 50), (199, 900), (2000, 150)])
def test_a_picture_that_networks_refuse_says_so(size: tuple[int, int]) -> None:
    made = shareable(picture(*size), "image/png")
    assert not made.data
    assert (
        made.wrong
        == f"is {size[0]}×{size[1]} pixels, and networks show none below 200×200; save it larger, 1200×630 is best"
    )


ORDERS = {
    "as they are": list,
    "the other way round": reversed,
    "by name": sorted,
    "the kit last": lambda names: sorted(names, key="plugins.kit".__eq__),
    "pictures last": lambda names: sorted(names, key="plugins.images".__eq__),
}


@pytest.mark.parametrize("publish", [True, False], ids=["public", "preview"])
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_every_size_that_is_published_is_offered_on_a_page_in_any_order_of_plugins(
    order: Callable[[list[str]], Iterable[str]],
    publish: bool,  # noqa: FBT001
    site: Site,
) -> None:
    names = ("talk", "post", "hidden", "page", "speaking", "lost", "draft", "bare", "own")
    for name in names:
        site.write(
            f"images/{name}.png", saved(Image.merge("RGB", [Image.effect_noise((90, 60), 90) for _ in "RGB"]), "png")
        )
    shown = "Before.\n\n![A hall]({{static}}/images/{}.png)\n\nAfter.\n".format
    promise = "promise: More.\ntakeaways:\n  - One\n  - Two\n  - Three\n"
    site.write("talks/t.md", f"title: T\n{promise}\n{shown('talk')}")
    site.write("talks/bare.md", f"title: Bare\n{promise}\n<p><img src='/images/bare.png' alt='A lamp'></p>\n")
    site.write("pages/about.md", f"title: About\n\n{shown('page')}")
    site.write("pages/speaking.md", f"title: Ask me\ntemplate: speaking\n\n{shown('speaking')}")
    site.write("pages/404.md", f"title: Lost\ntemplate: not_found\n\n{shown('lost')}")
    # Its author has chosen the sizes, so ours would be for nobody.
    site.post("post", shown("post") + '\n<img src="/images/own.png" srcset="/images/own.png 2x" alt="A lamp">\n')
    site.post("hidden", shown("hidden"), status="hidden")
    site.post("draft", shown("draft"), status="draft")
    site.build(publish=publish, order=order)
    pages = ["talks/t/", "talks/bare/", "about/", "speaking/", "404.html", "post/", "hidden/"]
    for page in pages if publish else [*pages, "drafts/draft/"]:
        image = site.page(page).css_first("main picture > img").attributes
        assert (image["width"], image["height"]) == ("90", "60"), page
        assert site.page(page).css("main picture > source[srcset]"), page
    texts = "".join(file.read_text("utf-8") for file in site.output.rglob("*") if file.suffix in {".html", ".xml"})
    made = [file.name for file in (site.output / "assets/pictures").iterdir()]
    assert {name.split("-")[0] for name in made} == {*names} - {"own", *(("draft",) if publish else ())}
    assert [name for name in made if name not in texts] == []
