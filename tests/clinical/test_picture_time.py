"""Pictures are answered within a second and a half, or refused with the limit and a way."""

from io import BytesIO
from time import process_time

import pytest
from PIL import Image

from clinical.files import refusals
from clinical.files.content import examine
from tests.clinical.uploads import png_of, upload, webp_of

pytestmark = pytest.mark.feature("C08")


@pytest.mark.parametrize(
    ("content", "name", "most"),
    [
        (png_of(4001, 4000), "x.png", "PNG picture may have 16"),
        (webp_of(4001, 3000), "x", "WEBP picture may have 12"),
    ],
)
def test_a_picture_that_would_take_long_is_refused_with_its_limit_and_a_way(content, name, most):
    with pytest.raises(refusals.PictureTooLarge) as refused:
        examine(upload(content, name))

    said = "million pixels. Save this one as JPEG, which may have 50, or make it smaller."
    assert refused.value.messages == [f"A {most} {said}"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file_format", "size"), [("PNG", (4000, 4000)), ("WEBP", (4000, 3000)), ("JPEG", (8000, 6000))]
)
def test_the_largest_photographs_take_less_than_a_second_and_a_half(file_format, size):
    grain = Image.effect_noise((size[0] // 20, size[1] // 20), 60).resize(size, Image.Resampling.BICUBIC)
    photograph = Image.merge(
        "RGB", [grain, grain.rotate(180), grain.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    )
    out = BytesIO()
    photograph.quantize(64).save(out, "PNG") if file_format == "PNG" else photograph.save(out, file_format)
    begun = process_time()

    examine(upload(out.getvalue(), f"x.{file_format.lower()}"))

    assert process_time() - begun < 1.5
