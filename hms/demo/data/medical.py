"""Departments that treat without a knife: what a patient reads, who works there, what people come with."""

from datetime import time

from hms.demo.data.speciality import CHILDREN, EVERYONE, Speciality

GENERAL_MEDICINE = Speciality(
    "general-medicine",
    "General Medicine",
    "The first door when you are not sure where to go: fever, cough, tiredness, blood pressure, "
    "sugar, and check-ups. If another department is needed, you are sent there the same day.",
    time(7),
    time(21),
    400,
    (
        ("General Physician", "MBBS, MD (General Medicine)"),
        ("Internal Medicine", "MBBS, DNB (General Medicine)"),
        ("Family Physician", "MBBS, DNB (Family Medicine)"),
    ),
)
PAEDIATRICS = Speciality(
    "paediatrics",
    "Paediatrics",
    "Doctors for babies, children and teenagers up to 18: illness, growth, feeding and vaccination. "
    "Please bring the vaccination card.",
    time(8),
    time(20),
    500,
    (
        ("Paediatrician", "MBBS, MD (Paediatrics)"),
        ("Paediatrics and Newborn Care", "MBBS, MD (Paediatrics), Fellowship in Neonatology"),
        ("Paediatrician", "MBBS, DCH, DNB (Paediatrics)"),
    ),
    CHILDREN,
)
CARDIOLOGY = Speciality(
    "cardiology",
    "Cardiology",
    "Heart and circulation: chest pain on walking, breathlessness, palpitations, high blood pressure "
    "that does not settle, and care after a heart attack. ECG and echo are done on the same visit. "
    "For sudden severe chest pain do not book: call the emergency number.",
    time(8, 30),
    time(19),
    900,
    (
        ("Cardiologist", "MBBS, MD (General Medicine), DM (Cardiology)"),
        ("Interventional Cardiologist", "MBBS, MD, DM (Cardiology), FSCAI"),
        ("Cardiologist", "MBBS, DNB (General Medicine), DNB (Cardiology)"),
    ),
    shortest_slot=15,
)
DERMATOLOGY = Speciality(
    "dermatology",
    "Dermatology",
    "Skin, hair and nails, for adults and children. Please come without cream or make-up on the "
    "place that is to be seen.",
    time(9),
    time(20),
    600,
    (
        ("Dermatologist", "MBBS, MD (Dermatology, Venereology and Leprosy)"),
        ("Dermatologist and Trichologist", "MBBS, DDVL, DNB (Dermatology)"),
    ),
    EVERYONE,
)
NEUROLOGY = Speciality(
    "neurology",
    "Neurology",
    "Headache, fits, weakness, numbness, tremor and memory. If face or arm droops or speech is "
    "slurred all of a sudden, call the emergency number at once.",
    time(9),
    time(18),
    1000,
    (
        ("Neurologist", "MBBS, MD (General Medicine), DM (Neurology)"),
        ("Neurologist", "MBBS, DNB (General Medicine), DNB (Neurology)"),
    ),
    shortest_slot=20,
)
ENDOCRINOLOGY = Speciality(
    "diabetes-endocrinology",
    "Diabetes and Endocrinology",
    "Diabetes, thyroid and other hormones. A diabetes educator and a dietician see you on the same "
    "visit. Come fasting if a sugar test is due.",
    time(7, 30),
    time(18),
    800,
    (
        ("Endocrinologist", "MBBS, MD (General Medicine), DM (Endocrinology)"),
        ("Diabetologist", "MBBS, MD (General Medicine), Fellowship in Diabetology"),
    ),
)
PSYCHIATRY = Speciality(
    "psychiatry",
    "Psychiatry",
    "Sleep, worry, low mood, addiction and memory, in confidence. Family may come along; "
    "you may also ask to be seen alone.",
    time(10),
    time(20),
    900,
    (
        ("Psychiatrist", "MBBS, MD (Psychiatry)"),
        ("Psychiatrist", "MBBS, DPM, DNB (Psychiatry)"),
    ),
    shortest_slot=30,
)
