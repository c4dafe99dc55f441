"""Departments that also operate: what a patient reads, who works there, what people come with."""

from datetime import time

from hms.demo.data.speciality import EVERYONE, WOMEN, Speciality

OBSTETRICS = Speciality(
    "obstetrics-gynaecology",
    "Obstetrics and Gynaecology",
    "Care in pregnancy and after, and for everything that concerns women's health, from the first "
    "period to after the menopause. You may ask to be seen by a woman doctor.",
    time(9),
    time(19),
    700,
    (
        ("Obstetrician and Gynaecologist", "MBBS, MS (Obstetrics and Gynaecology)"),
        ("Obstetrician and Gynaecologist", "MBBS, DGO, DNB (OBG)"),
        ("Infertility and Gynaecology", "MBBS, MD (OBG), Fellowship in Reproductive Medicine"),
    ),
    (
        "Antenatal check-up, 20 weeks.",
        "Antenatal check-up, 32 weeks, swelling of the feet in the evening.",
        "Periods are irregular for six months.",
        "Severe pain on the first day of the period.",
        "Missed period, home test is positive.",
        "Heavy bleeding since last month.",
        "White discharge and itching.",
        "Hot flushes at night, cannot sleep.",
        "Wants advice on contraception.",
        "PCOS follow-up with scan report.",
    ),
    WOMEN,
)
ORTHOPAEDICS = Speciality(
    "orthopaedics",
    "Orthopaedics",
    "Bones, joints, back and sports injuries: from a sprained ankle to a new knee. "
    "Bring earlier X-rays and scans if you have them.",
    time(8),
    time(20),
    600,
    (
        ("Orthopaedic Surgeon", "MBBS, MS (Orthopaedics)"),
        ("Joint Replacement Surgeon", "MBBS, MS (Orthopaedics), MCh (Orthopaedics)"),
        ("Sports Medicine and Arthroscopy", "MBBS, DNB (Orthopaedics), Fellowship in Arthroscopy"),
    ),
    (
        "Knee pain when climbing stairs, both sides.",
        "Low back pain going down the left leg for ten days.",
        "Twisted the ankle at football, swollen.",
        "Shoulder is stiff, cannot lift the arm to comb the hair.",
        "Neck pain and tingling in the fingers, works on a laptop.",
        "Plaster to be removed after six weeks.",
        "Heel pain in the morning with the first steps.",
        "Follow-up after knee replacement.",
        "Fell from the scooter, wrist hurts.",
    ),
    EVERYONE,
)
SURGERY = Speciality(
    "general-surgery",
    "General Surgery",
    "Hernia, gall bladder, piles, lumps and wounds. Dressings are changed every morning from 8 to 9; "
    "for those you do not wait with the others.",
    time(8),
    time(18),
    600,
    (
        ("General and Laparoscopic Surgeon", "MBBS, MS (General Surgery), FMAS"),
        ("General Surgeon", "MBBS, DNB (General Surgery)"),
    ),
    (
        "Dressing of a wound.",
        "Swelling in the groin, more when coughing.",
        "Gall stones in the scan, pain after oily food.",
        "Bleeding when passing motion.",
        "Lump on the back, painless, growing.",
        "Stitches to be removed.",
        "Ingrown toenail, painful.",
        "Follow-up after hernia operation.",
    ),
)
ENT = Speciality(
    "ent",
    "Ear, Nose and Throat",
    "Hearing, ear pain, sinus trouble, snoring, voice and throat. Hearing tests are done here.",
    time(9),
    time(19),
    500,
    (
        ("ENT Surgeon", "MBBS, MS (ENT)"),
        ("ENT and Head and Neck Surgeon", "MBBS, DLO, DNB (ENT)"),
    ),
    (
        "Blocked nose and headache for three weeks.",
        "Ear is blocked, cannot hear well on the right.",
        "Throat pain on swallowing, third time this year.",
        "Ringing in both ears.",
        "Snores loudly, tired in the morning.",
        "Voice has been hoarse since a month, teaches at a school.",
        "Nose bleeds twice this week.",
        "Spinning when turning in bed.",
    ),
    EVERYONE,
)
OPHTHALMOLOGY = Speciality(
    "ophthalmology",
    "Ophthalmology",
    "Eyes and sight: glasses, cataract, glaucoma, the eyes of people with diabetes. Drops may blur "
    "your sight for some hours, so please do not drive yourself.",
    time(9),
    time(18),
    500,
    (
        ("Ophthalmologist", "MBBS, MS (Ophthalmology)"),
        ("Cataract and Refractive Surgeon", "MBBS, DOMS, DNB (Ophthalmology)"),
    ),
    (
        "Things far away are blurred, needs glasses checked.",
        "Red eye with watering since yesterday.",
        "Diabetes for ten years, yearly eye check.",
        "Cataract in the left eye, wants to know about surgery.",
        "Eyes burn after working at the screen.",
        "Sees flashes of light in one eye.",
        "Child sits too close to the television.",
        "Pressure of the eye to be checked, uses drops.",
    ),
    EVERYONE,
)
