"""`point`: a counter's code as a drawing that reads back, and the end of a counter."""

import re
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from click.testing import Result
from flask import Flask
from PIL import Image, ImageDraw

from portal.directory import queries as directory
from portal.directory.queries import Counter


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["point", *words])


def read_back(image: Image.Image) -> str:
    """What a phone would read; dirty counters ask for level Q or better."""
    [found] = zxingcpp.read_barcodes(image)
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    assert found.ec_level in {"Q", "H"}
    return str(found.text)


def drawn(svg: str) -> Image.Image:
    """An SVG of segno's kind, whose one path is made of rows of modules, as pixels."""
    size = int(re.search(r'width="(\d+)"', svg)[1])  # type: ignore[index]
    scale = int(re.search(r'transform="scale\((\d+)\)"', svg)[1])  # type: ignore[index]
    path = re.search(r' d="([^"]+)"', svg)
    assert path is not None
    image = Image.new("L", (size, size), 255)
    pen = ImageDraw.Draw(image)
    x = y = 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if kind == "M":
            x, y = values
        elif kind == "m":
            x, y = x + values[0], y + values[1]
        else:
            top, left, right = (y - 0.5) * scale, x * scale, (x + values[0]) * scale
            pen.rectangle((left, top, right - 1, top + scale - 1), fill=0)
            x += values[0]
    return image


class TestWithAPublicAddress:
    """The address that citizens type is known."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"PUBLIC_URL": "https://ampera.example/"}

    @pytest.fixture(params=["sqlite"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def address(self, counter: Counter) -> str:
        return f"https://ampera.example/q/{counter.shown_code}"

    @pytest.mark.parametrize("name", ["loket.png", "LOKET.PNG"])
    def test_a_picture_reads_back_to_the_counters_page(
        self, app: Flask, counter: Counter, address: str, tmp_path: Path, name: str
    ) -> None:
        result = run(app, "qr", counter.shown_code, "--out", str(tmp_path / name))
        assert result.exit_code == 0, result.output
        assert read_back(Image.open(tmp_path / name).convert("L")) == address
        assert counter.service in result.output
        assert address in result.output
        assert "PUBLIC_URL" not in result.output

    def test_a_picture_is_read_also_when_it_is_printed_small_and_soiled(
        self, app: Flask, counter: Counter, address: str, tmp_path: Path
    ) -> None:
        run(app, "qr", counter.shown_code, "--out", str(tmp_path / "loket.png"))
        image = Image.open(tmp_path / "loket.png").convert("L")
        size = image.width
        stain = (size * 0.55, size * 0.55, size * 0.7, size * 0.7)
        ImageDraw.Draw(image).ellipse(stain, fill=255)
        assert read_back(image.resize((size // 2, size // 2))) == address

    def test_a_drawing_goes_to_a_file_or_to_the_screen(
        self, app: Flask, counter: Counter, address: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "loket.svg"
        assert run(app, "qr", counter.shown_code, "--out", str(file)).exit_code == 0
        assert read_back(drawn(file.read_text())) == address
        result = run(app, "qr", counter.shown_code)
        assert result.exit_code == 0
        assert result.stdout_bytes.strip() == file.read_bytes().strip()
        assert address in result.stderr, "words go beside the drawing, not into it"

    def test_four_free_modules_surround_the_drawing(
        self, app: Flask, counter: Counter, tmp_path: Path
    ) -> None:
        run(app, "qr", counter.shown_code, "--out", str(tmp_path / "loket.png"))
        image = Image.open(BytesIO((tmp_path / "loket.png").read_bytes())).convert("L")
        box = image.point(lambda value: 255 - value).getbbox()
        assert box is not None
        assert (box[0], box[1]) == (32, 32), "four modules of eight pixels"
        assert (image.width - box[2], image.height - box[3]) == (32, 32)

    def test_a_code_is_taken_however_it_is_typed(
        self, app: Flask, counter: Counter, address: str
    ) -> None:
        typed = counter.code.lower().replace("0", "o").replace("1", "l")
        assert address in run(app, "qr", typed).stderr


def test_without_a_public_address_the_drawing_leads_to_this_machine_and_says_so(
    app: Flask, counter: Counter
) -> None:
    result = run(app, "qr", counter.shown_code)
    address = f"http://127.0.0.1:8000/q/{counter.shown_code}"
    assert read_back(drawn(result.stdout)) == address
    assert "PUBLIC_URL belum diisi" in result.stderr


@pytest.mark.parametrize("typed", ["PLG-000000", "PLG-000001", "", "bukan kode", "R-0000-0000"])
@pytest.mark.parametrize("way", ["qr", "retire"])
def test_an_unknown_code_is_refused(app: Flask, city: dict[str, int], way: str, typed: str) -> None:
    result = run(app, way, typed)
    assert result.exit_code == 1
    assert f"Tidak ada loket dengan kode {typed}." in result.output
    assert "Traceback" not in result.output


def test_another_kind_of_file_is_refused_and_not_written(
    app: Flask, counter: Counter, tmp_path: Path
) -> None:
    result = run(app, "qr", counter.shown_code, "--out", str(tmp_path / "loket.pdf"))
    assert result.exit_code == 1
    assert ".svg atau .png" in result.output
    assert not (tmp_path / "loket.pdf").exists()


def codes(app: Flask) -> list[str]:
    with app.app_context():
        return directory.open_point_codes(100)


def test_a_retired_counter_names_the_one_that_follows(app: Flask, city: dict[str, int]) -> None:
    first, second, *_ = codes(app)
    result = run(app, "retire", f"PLG-{first}", "--successor", f"plg {second}")
    assert result.exit_code == 0, result.output
    assert f"PLG-{first} dipensiunkan, diteruskan PLG-{second}." in result.output
    assert first not in codes(app)


def test_a_counter_may_end_without_one_that_follows(app: Flask, counter: Counter) -> None:
    result = run(app, "retire", counter.shown_code)
    assert result.exit_code == 0
    assert f"{counter.shown_code} dipensiunkan." in result.output


def test_what_cannot_be_retired_is_refused_in_a_sentence(app: Flask, city: dict[str, int]) -> None:
    first, second, *_ = codes(app)
    for words, sentence in (
        ((first, "--successor", first), "Penerusnya harus loket lain yang masih dipakai."),
        ((first, "--successor", "PLG-000000"), "Tidak ada loket dengan kode PLG-000000."),
    ):
        result = run(app, "retire", *words)
        assert result.exit_code == 1
        assert sentence in result.output
    assert run(app, "retire", first, "--successor", second).exit_code == 0
    again = run(app, "retire", first)
    assert again.exit_code == 1
    assert "sudah dipensiunkan" in again.output
