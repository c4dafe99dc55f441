"""Long illnesses as they are followed from visit to visit: what is found, measured, said and prescribed.

In the texts, {hba1c} and other codes of tests stand for the patient's results of the visit before.
"""

from dataclasses import dataclass

GENERAL, CARDIOLOGY, ENDOCRINOLOGY = "general-medicine", "cardiology", "diabetes-endocrinology"
PAEDIATRICS, OBSTETRICS = "paediatrics", "obstetrics-gynaecology"
DIABETES, HYPERTENSION, THYROID = "E11.9", "I10", "E03.9"
ASTHMA, ANAEMIA, PREGNANCY = "J45.9", "D50.9", "Z34.9"


@dataclass(frozen=True)
class Step:
    """One visit of a course; `values` are the results of the tests that are ordered at it."""

    found: str
    assessment: str
    plan: str
    medicines: tuple[str, ...] = ()
    values: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Course:
    """Later visits than the steps are like the last one."""

    diagnosis: str
    departments: frozenset[str]
    said: tuple[str, ...]
    advice: str
    back_in_days: int
    steps: tuple[Step, ...]
    note: str = ""  # for the patient, at the results

    def step(self, number: int) -> Step:
        return self.steps[min(number, len(self.steps) - 1)]


METFORMIN, METFORMIN_MORE = "metformin 500 1-0-1 90 days after food", "metformin 1g 1-0-1 90 days after food"
GLIMEPIRIDE = "glimepiride 1 1-0-0 90 days before breakfast"
AMLODIPINE, TELMISARTAN = "amlodipine 5 0-0-1 90 days", "telmisartan 40 1-0-0 90 days"
IRON = "ferrous ascorbate + folic acid 0-1-0 60 days after food"
CALCIUM = "calcium carbonate + vitamin d3 0-0-1 60 days after food"
PREVENTER, RELIEVER = (
    "budesonide inhaler 1-0-1 60 days rinse the mouth",
    "salbutamol inhaler 2 puffs sos 60 days",
)
FEET = "Feet: skin whole, pulses felt, monofilament felt at all points."
HEART = "Heart sounds normal, no oedema."
CHEST = "No wheeze at rest, speaks in sentences."

COURSES = {
    DIABETES: Course(
        "Type 2 diabetes mellitus",
        frozenset((GENERAL, ENDOCRINOLOGY)),
        ("Sugar follow-up, brought the reports.", "HbA1c review after three months.",
         "Fasting sugar was high at home."),
        "Tablets with food every day. Half an hour of walking after dinner. Look at your feet every evening.",
        90,
        (
            Step(FEET, "Not at target: has taken no tablets for some months.",
                 "Metformin again. HbA1c, fasting sugar and creatinine today. Dietician.",
                 (METFORMIN,), (("hba1c", 9.1), ("fbg", 214), ("creat", 0.9))),
            Step(FEET, "HbA1c was {hba1c} %. Tolerates metformin, not at target.",
                 "Metformin 1 g twice a day. HbA1c and fasting sugar today.",
                 (METFORMIN_MORE,), (("hba1c", 8.2), ("fbg", 178), ("creat", 0.9))),
            Step(FEET, "HbA1c {hba1c} %: better, not at target. No hypoglycaemia.",
                 "Glimepiride 1 mg added. HbA1c and fasting sugar today, eyes this month.",
                 (METFORMIN_MORE, GLIMEPIRIDE), (("hba1c", 7.4), ("fbg", 146), ("creat", 1.0), ("acr", 24))),
            Step(FEET, "HbA1c {hba1c} %: close to target. No hypoglycaemia.",
                 "Continue. HbA1c and fasting sugar today.",
                 (METFORMIN_MORE, GLIMEPIRIDE), (("hba1c", 6.9), ("fbg", 124), ("creat", 0.9))),
            Step(FEET, "HbA1c {hba1c} %: at target.", "Continue. HbA1c today.",
                 (METFORMIN_MORE, GLIMEPIRIDE), (("hba1c", 6.8), ("fbg", 118))),
        ),
        "Please keep to the tablets and the walk after dinner. We check again in three months.",
    ),
    HYPERTENSION: Course(
        "Hypertension",
        frozenset((GENERAL, CARDIOLOGY)),
        ("Blood pressure check, with the home readings.", "Tablets for blood pressure are nearly finished."),
        "Less salt, no pickle. Take the tablets also when you feel well.",
        60,
        (
            Step(HEART, "Above target at home too.", "Amlodipine 5 mg at night. Potassium and lipids.",
                 (AMLODIPINE,), (("k", 4.2), ("creat", 0.9), ("chol", 236), ("hdl", 44), ("tg", 170))),
            Step(HEART, "Lower than at the last visit, not at target. No swelling of the ankles.",
                 "Telmisartan 40 mg added in the morning. Potassium and creatinine today.",
                 (AMLODIPINE, TELMISARTAN), (("k", 4.5), ("creat", 1.0))),
            Step(HEART, "Close to target with two tablets; potassium was {k}.", "Continue. Lipids today.",
                 (AMLODIPINE, TELMISARTAN), (("chol", 198), ("hdl", 46), ("tg", 140))),
            Step(HEART, "At target.", "Continue, home readings once a week. Potassium and creatinine today.",
                 (AMLODIPINE, TELMISARTAN), (("k", 4.4), ("creat", 1.0))),
        ),
        "Please keep taking the tablets and use little salt.",
    ),
    THYROID: Course(
        "Hypothyroidism",
        frozenset((GENERAL, ENDOCRINOLOGY)),
        ("Thyroid follow-up with the report.", "Tired again, thyroid tablet is nearly finished."),
        "The tablet on an empty stomach, half an hour before breakfast, apart from iron and calcium.",
        90,
        (
            Step("Skin dry, reflexes slow, thyroid not enlarged.", "Tired on 25 mcg.",
                 "Levothyroxine 50 mcg. TSH and FT4 today.",
                 ("levothyroxine 50 mcg 1-0-0 90 days before breakfast",), (("tsh", 9.8), ("ft4", 0.7))),
            Step("Reflexes normal.", "TSH was {tsh}: dose too small.",
                 "Levothyroxine 75 mcg. TSH today, and again after eight weeks on the new dose.",
                 ("levothyroxine 75 mcg 1-0-0 90 days before breakfast",), (("tsh", 6.1), ("ft4", 0.9))),
            Step("Pulse and reflexes normal.", "TSH {tsh}: coming down. Less tired.", "Continue. TSH today.",
                 ("levothyroxine 75 mcg 1-0-0 90 days before breakfast",), (("tsh", 3.9), ("ft4", 1.1))),
            Step("Pulse and reflexes normal.", "TSH {tsh}: the dose fits. Feels well.",
                 "Continue. TSH today, then twice a year.",
                 ("levothyroxine 75 mcg 1-0-0 90 days before breakfast",), (("tsh", 2.8), ("ft4", 1.2))),
        ),
        "The dose fits better now. Take the tablet before breakfast, as so far.",
    ),
    ASTHMA: Course(
        "Asthma",
        frozenset((GENERAL, PAEDIATRICS)),
        ("Wheezing again after playing outside.", "Cough at night, the inhaler is nearly empty."),
        "The brown inhaler every day, also when well. The blue one when short of breath.",
        60,
        (
            Step("Wheeze on both sides, no indrawing.", "Not controlled: wakes at night twice a week.",
                 "Preventer twice a day with a spacer, technique shown.", (PREVENTER, RELIEVER)),
            Step(CHEST, "Better: one bad night in a month.", "Continue. Uses the spacer well.",
                 (PREVENTER, RELIEVER)),
            Step(CHEST, "Well controlled for two months.", "Continue until the cold season is over.",
                 (PREVENTER, RELIEVER)),
        ),
    ),
    ANAEMIA: Course(
        "Iron deficiency anaemia",
        frozenset((GENERAL,)),
        ("Tired, iron tablets are nearly finished.", "Follow-up with the blood report."),
        "The tablet after lunch with lemon, not with tea. Green leaves, jaggery, dates.",
        60,
        (
            Step("Pale conjunctivae, spleen not felt.", "Iron deficiency again.", "Iron. Blood count today.",
                 (IRON,), (("hb", 9.2), ("mcv", 71), ("ferritin", 7))),
            Step("Less pale.", "Hb was {hb}: iron to be continued.", "Iron for two more months. Hb today.",
                 (IRON,), (("hb", 10.9), ("mcv", 78))),
            Step("No pallor.", "Hb {hb}: nearly usual.", "Iron for two more months. Hb and ferritin.",
                 (IRON,), (("hb", 12.3), ("mcv", 83), ("ferritin", 28))),
        ),
        "The iron works. Please take it for two more months.",
    ),
}  # fmt: skip

ANTENATAL = Course(
    "Normal pregnancy",
    frozenset((OBSTETRICS,)),
    (),
    "Come at once with bleeding, severe headache, or if the child moves less.",
    28,
    (
        Step("Uterus just felt.", "Early pregnancy, well.", "Dating scan, blood count, blood group.",
             ("folic acid 0-1-0 60 days",), (("hb", 11.8),)),
        Step("Uterus as expected, foetal heart heard.", "Pregnancy progresses as expected.",
             "Iron and calcium, scan of the organs, sugar test at 26 weeks. Tetanus vaccine.",
             (IRON, CALCIUM), (("hb", 11.2),)),
        Step("Uterus as expected, head down, foetal heart heard, no oedema.", "As expected.",
             "Growth scan. Place of birth and signs of labour discussed.",
             (IRON, CALCIUM), (("hb", 11.4),)),
    ),
)  # fmt: skip
TRIMESTERS = (14, 28)  # weeks at which the later steps begin
