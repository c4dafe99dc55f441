"""What people type is understood with its unit, converted, and refused at the field if it is impossible."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clinical.vitals.entries import read, read_blood_pressure
from clinical.vitals.measures import MEASURES, VITALS, body_mass_index

pytestmark = pytest.mark.feature("C02")
NOT_A_TEMPERATURE = "Enter a number in °C, or with another unit like 101.2 F."
NOT_A_HEIGHT = "Enter a number in cm, or with another unit like 5 ft 7 in."


@pytest.mark.parametrize(
    ("name", "text", "value", "typed"),
    [
        ("temperature_c", "38,4", "38.4", ""),
        ("temperature_c", " 37 °C", "37", ""),
        ("temperature_c", "101.2 F", "38.4", "101.2 °F"),
        ("temperature_c", "98.6f", "37", "98.6 °F"),
        ("weight_kg", "150 lb", "68.04", "150 lb"),
        ("weight_kg", "7 lb 3 oz", "3.26", "7 lb 3 oz"),
        ("weight_kg", "3250 g", "3.25", "3250 g"),
        ("height_cm", "5 ft 7 in", "170.2", "5 ft 7 in"),
        ("height_cm", "5'7\"", "170.2", "5 ft 7 in"),
        ("height_cm", "5' 7", "170.2", "5 ft 7 in"),
        ("height_cm", "1.70 m", "170", "1.7 m"),
        ("glucose_mg_dl", "5.5 mmol/L", "99", "5.5 mmol/L"),
        ("glucose_mg_dl", "99 mg/dL", "99", ""),
        ("pulse", "250", "250", ""),
        ("respirations", "16/min", "16", ""),
        ("oxygen_saturation", "98 %", "98", ""),
        ("pain", "3", "3", ""),
    ],
)
def test_a_number_with_a_unit_is_converted_and_without_one_is_metric(name, text, value, typed):
    entry = read(VITALS[name], text)

    assert (entry.value, entry.typed) == (Decimal(value), typed)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("temperature_c", "98.6", "98.6 °C is not possible. Enter 24 to 46 °C, or name the unit: 101.2 F."),
        ("temperature_c", "hot", NOT_A_TEMPERATURE),
        ("temperature_c", "38 lb", NOT_A_TEMPERATURE),
        ("temperature_c", "-3", NOT_A_TEMPERATURE),
        ("temperature_c", "38.45", "Enter at most 1 decimal."),
        ("height_cm", "5 7", NOT_A_HEIGHT),
        ("height_cm", "5 ft 7 ft", NOT_A_HEIGHT),
        ("height_cm", "99999999999999999999", NOT_A_HEIGHT),
        ("pulse", "351", "351/min is not possible. Enter 0 to 350/min."),
        ("pulse", "72.5", "Enter a whole number."),
        ("pulse", "", "Enter a number."),
        ("pain", "11", "11 is not possible. Enter 0 to 10."),
    ],
)
def test_what_cannot_be_true_or_is_not_understood_is_refused_with_the_way_out(name, text, message):
    with pytest.raises(ValidationError) as refusal:
        read(VITALS[name], text)

    assert [said.replace("\N{NO-BREAK SPACE}", " ") for said in refusal.value.messages] == [message]


@pytest.mark.parametrize("text", ["120", "120/", "80/120", "80/80", "/80", "120/80/60", "400/80"])
def test_a_blood_pressure_is_two_numbers_and_the_second_is_lower(text):
    assert [entry.value for entry in read_blood_pressure("120 / 80 mmHg")] == [120, 80]

    with pytest.raises(ValidationError):
        read_blood_pressure(text)


@given(st.sampled_from(MEASURES), st.data())
def test_every_possible_value_is_read_as_it_is_written(measure, data):
    value = data.draw(st.decimals(measure.low, measure.high, places=measure.decimals))

    assert read(measure, f"{value:f}").value == value
    assert read(measure, measure.in_words(value)).value == value


@given(st.decimals(24, 46, places=1))
def test_a_temperature_in_fahrenheit_with_two_decimals_comes_back_exactly(celsius):
    fahrenheit = celsius * 9 / 5 + 32

    assert read(VITALS["temperature_c"], f"{fahrenheit:.2f} F").value == celsius


def test_bmi_needs_a_weight_and_a_height():
    assert round(body_mass_index(Decimal("68.04"), Decimal("170.2")), 4) == Decimal("23.4880")
    assert [body_mass_index(Decimal(70), None), body_mass_index(None, Decimal(170))] == [None, None]
