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
    EVERYONE,
)
