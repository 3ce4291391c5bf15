from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from supervision.core.errors import Invalid
from supervision.register.pictures import LONGEST_SIDE_PX, as_kept

ORIENTATION = ExifTags.Base.Orientation
TURNED = 6  # The camera was held on its side: the picture's top is at the right of the pixels.


def sent(size: tuple[int, int], form: str = "JPEG", **options: object) -> bytes:
    written = BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (0, 0, size[0] // 2, size[1]))
    picture.save(written, form, **options)
    return written.getvalue()


def kept(file: bytes) -> Image.Image:
    return Image.open(BytesIO(as_kept(file)))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg(form: str) -> None:
    assert (kept(sent((40, 30), form)).format, kept(sent((40, 30), form)).size) == (
        "JPEG",
        (40, 30),
    )


def test_where_when_and_by_which_phone_it_was_taken_stays_behind() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "A phone"
    exif[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitude: (41.0, 37.0, 12.0)}
    file = sent((40, 30), exif=exif, comment=b"at her mother's")
    assert b"A phone" in file
    written = as_kept(file)
    assert not Image.open(BytesIO(written)).getexif()
    assert b"A phone" not in written
    assert b"mother" not in written


def test_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    upright = kept(sent((40, 30), exif=exif))
    assert upright.size == (30, 40)
    grey = upright.convert("L").tobytes()
    assert grey[2 * 30 + 15] < 40
    assert grey[37 * 30 + 15] > 215


def test_a_large_one_is_made_small_and_keeps_its_shape() -> None:
    assert kept(sent((4000, 3000))).size == (LONGEST_SIDE_PX, LONGEST_SIDE_PX * 3 // 4)


@pytest.mark.parametrize("way", range(1, 9))
def test_however_the_camera_was_held_it_stands_as_other_programs_show_it(way: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = way
    file = sent((40, 30), "PNG", exif=exif)
    shown = ImageOps.exif_transpose(Image.open(BytesIO(file))).convert("L")
    stands = kept(file).convert("L")
    assert stands.size == shown.size
    corners = [(1, 1), (stands.width - 2, 1), (1, stands.height - 2)]
    for x, y in corners:
        place = y * stands.width + x
        assert (stands.tobytes()[place] > 128) == (shown.tobytes()[place] > 128)


@pytest.mark.parametrize("form", ["GIF", "TIFF", "BMP"])
def test_other_formats_are_refused(form: str) -> None:
    with pytest.raises(Invalid, match="JPEG, PNG or WebP"):
        as_kept(sent((40, 30), form))


def test_what_would_fill_the_memory_is_refused_before_it_is_read() -> None:
    written = BytesIO()
    Image.new("1", (8_000, 7_000)).save(written, "PNG")
    with pytest.raises(Invalid, match="too many pixels"):
        as_kept(written.getvalue())


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of what it does not understand
@given(st.binary(min_size=8, max_size=60), st.integers(0, 60))
def test_whatever_a_camera_noted_is_no_failure(noise: bytes, place: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    exif[ExifTags.Base.Make] = "A phone"
    noted = bytearray(exif.tobytes())
    noted[6 + place : 6 + place + len(noise)] = noise
    with suppress(Invalid):
        assert kept(sent((16, 16), exif=bytes(noted))).format == "JPEG"


@given(st.binary(max_size=400), st.integers(0, 600))
def test_whatever_is_sent_is_a_picture_or_refused(noise: bytes, place: int) -> None:
    whole = sent((16, 16))
    for file in (
        noise,
        whole[:place],
        whole[:place] + noise,
        whole[:place] + noise + whole[place:],
    ):
        with suppress(Invalid):
            assert kept(file).format == "JPEG"
