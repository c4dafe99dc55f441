"""Units are stored as UCUM codes and shown in the usual writing."""

SHOWN = {
    "10*3/uL": "thousand/µL",
    "10*6/uL": "million/µL",
    "10*9/L": "10⁹/L",
    "10*12/L": "10¹²/L",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "meq/L": "mEq/L",
    "mm/h": "mm/hour",
    "s": "seconds",
    "{INR}": "",
    "{ratio}": "",
    "[pH]": "",
}


def shown_unit(code: str) -> str:
    """For example "µg/dL" for `ug/dL` and "mIU/L" for `m[IU]/L`; empty for a pure number."""
    if code in SHOWN:
        return SHOWN[code]
    text = code.replace("[IU]", "IU")
    return "µ" + text[1:] if text.startswith("u") else text
