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
    (
        "Fever and body pain for three days, paracetamol helps only for a few hours.",
        "Cough with phlegm for two weeks, worse at night.",
        "Feeling very tired for a month, no appetite.",
        "Blood pressure was 160/100 at the pharmacy, mild headache.",
        "Follow-up with blood reports.",
        "Loose motions since yesterday, four times at night.",
        "Giddiness when getting up in the morning.",
        "Yearly health check, no complaints.",
        "Burning in the stomach after meals, for several weeks.",
        "Weight loss of 5 kg in two months without dieting.",
        "Dengue test was negative, fever has come back.",
        "Needs a fitness certificate for a new job.",
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
    (
        "Fever since last night, 102 F, drinking well.",
        "Cough and runny nose, breathing fast at night.",
        "Vaccination as per the card.",
        "Not eating properly, mother is worried about weight.",
        "Ear pain after a cold.",
        "Vomiting three times since morning.",
        "Rash on the tummy and arms, itches.",
        "School says concentration is poor.",
        "Growth check.",
        "Stomach ache every morning before school.",
        "Wheezing again after playing outside.",
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
    (
        "Chest feels tight when climbing stairs, goes away with rest.",
        "Palpitations for two weeks, mostly in the evening.",
        "Follow-up after stent in March, tablets are nearly finished.",
        "Blood pressure not under control with two tablets.",
        "Breathless when lying flat.",
        "Father had a heart attack at 50, wants a check-up.",
        "Echo report to be reviewed.",
        "Swelling of both legs in the evening.",
        "Cholesterol is high in the company health check.",
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
    (
        "Itchy round patches on the thigh, spreading.",
        "Acne getting worse in the last three months.",
        "Hair fall, much on the pillow every morning.",
        "Dry itchy skin on the hands from dish soap.",
        "Dark patches on both cheeks.",
        "Mole has changed colour.",
        "Dandruff does not go with any shampoo.",
        "White patch near the mouth since a few weeks.",
        "Rash after a new medicine.",
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
    (
        "Headache on one side with vomiting, twice a week.",
        "Hands tremble when holding a glass.",
        "Forgets names and where things were put, brought by the daughter.",
        "Fits, no episode for eight months, needs the tablets renewed.",
        "Numbness in both feet at night.",
        "Follow-up after a stroke last year.",
        "MRI report to be reviewed.",
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
    (
        "Fasting sugar is 180 with two tablets.",
        "Thyroid report, TSH 9.2.",
        "HbA1c review after three months.",
        "Newly found diabetes, wants to know about diet.",
        "Sugar goes low in the night, on insulin.",
        "Burning of the feet.",
        "Weight gain and hair fall, thyroid suspected.",
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
    (
        "Cannot sleep for several weeks, mind does not stop.",
        "Worried all the time, heart beats fast in crowds.",
        "Feeling low since losing the job.",
        "Wants help to stop drinking.",
        "Follow-up, medicine suits well.",
        "Panic in the metro, avoids travelling.",
    ),
    shortest_slot=30,
)
