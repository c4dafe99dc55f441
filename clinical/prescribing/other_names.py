"""Other names of medicines and classes than those that the formulary uses."""

import re

# Names of a substance or a class, each with the one that the formulary uses: British and American spellings,
# former British approved names, United States adopted names, and abbreviations that doctors write.
OTHER_NAMES = {
    "acetaminophen": "paracetamol",
    "acetylsalicylic acid": "aspirin",
    "acyclovir": "aciclovir",
    "albuterol": "salbutamol",
    "amoxycillin": "amoxicillin",
    "ampicillin": "penicillin",
    "asa": "aspirin",
    "aspirine": "aspirin",
    "beclomethasone": "beclometasone",
    "cephalexin": "cefalexin",
    "chlorpheniramine": "chlorphenamine",
    "chlorthalidone": "chlortalidone",
    "clavulanate": "clavulanic acid",
    "co amoxiclav": "amoxicillin clavulanic acid",
    "co trimoxazole": "sulfamethoxazole trimethoprim sulfonamide",
    "cotrimoxazole": "sulfamethoxazole trimethoprim sulfonamide",
    "dicyclomine": "dicycloverine",
    "epinephrine": "adrenaline",
    "frusemide": "furosemide",
    "glyburide": "glibenclamide",
    "levalbuterol": "levosalbutamol",
    "lignocaine": "lidocaine",
    "methylcobalamin": "mecobalamin",
    "nitroglycerin": "glyceryl trinitrate",
    "penicillin v": "phenoxymethylpenicillin penicillin",
    "phenobarbitone": "phenobarbital",
    "rifampin": "rifampicin",
    "simethicone": "simeticone",
    "sulfa": "sulfonamide",
    "sulfadiazine": "silver sulfadiazine sulfonamide",
    "sulpha": "sulfonamide",
    "sulphadiazine": "silver sulfadiazine sulfonamide",
    "sulphamethoxazole": "sulfamethoxazole",
    "sulphasalazine": "sulfasalazine",
    "sulphonamide": "sulfonamide",
    "thyroxine": "levothyroxine",
    "torsemide": "torasemide",
    "valproate": "sodium valproate",
    "valproic acid": "sodium valproate",
    "vitamin b12": "hydroxocobalamin mecobalamin",
}
# Stems of international nonproprietary names (WHO) that name a class, for members outside the formulary.
STEMS = (
    (re.compile(r"\w+cillins?"), "penicillin"),
    (re.compile(r"(?:cef|ceph)\w{4,}"), "cephalosporin"),
    (re.compile(r"\w+floxacin"), "fluoroquinolone"),
    (re.compile(r"\w+cyclines?"), "tetracycline"),
)
# Ordinary words that resemble the name of a medicine.
ORDINARY = frozenset({"almond", "gluten", "lactose", "latex", "mustard", "nickel"})
