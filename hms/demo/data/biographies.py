"""What a patient reads about a doctor before choosing."""

COLLEGES = (
    *("Bangalore Medical College", "St John's Medical College, Bengaluru", "Mysore Medical College"),
    *("Kasturba Medical College, Manipal", "Christian Medical College, Vellore", "JIPMER, Puducherry"),
    *("Madras Medical College", "Government Medical College, Kozhikode", "AIIMS, New Delhi"),
    *(
        "Osmania Medical College, Hyderabad",
        "Grant Medical College, Mumbai",
        "JJM Medical College, Davangere",
    ),
    *("JJM Medical College, Davangere", "Karnataka Institute of Medical Sciences, Hubballi"),
)
INTERESTS = {
    "general-medicine": (
        "fevers that do not go away, and the long-term care of blood pressure and diabetes",
        "the health of older people who take many medicines at once",
        "infections, chest complaints and the yearly check of people who feel well",
    ),
    "paediatrics": (
        "asthma and allergies in children, and worried first-time parents",
        "newborn babies, feeding, and children who were born early",
        "growth, nutrition and vaccination",
    ),
    "cardiology": (
        "heart failure, and helping people back to a normal life after a heart attack",
        "narrowed arteries of the heart, with and without a stent",
        "blood pressure that does not settle, and heart disease in women",
    ),
    "obstetrics-gynaecology": (
        "pregnancies that need closer watching, and normal birth wherever it is safe",
        "keyhole surgery for fibroids and cysts",
        "polycystic ovaries and couples who wait for a child",
    ),
    "orthopaedics": (
        "worn knees and hips, first without and only then with an operation",
        "shoulder and knee injuries of people who play",
        "back pain, and fractures in the old and the very young",
    ),
    "dermatology": (
        "eczema and psoriasis in adults and children",
        "acne, pigmentation and hair loss",
    ),
    "general-surgery": (
        "hernia and gall bladder surgery through small cuts",
        "wounds that heal badly, above all in people with diabetes",
    ),
    "ent": (
        "sinus trouble, snoring and children with repeated ear infections",
        "hearing loss, giddiness and the voice of people who speak for a living",
    ),
    "ophthalmology": (
        "cataract surgery and the eyes of people with diabetes",
        "glaucoma, and squint and glasses in children",
    ),
    "neurology": (
        "headache, epilepsy and recovery after a stroke",
        "tremor, memory loss and the families who care for those who have it",
    ),
    "diabetes-endocrinology": (
        "diabetes in the young and in pregnancy, and insulin pumps",
        "thyroid disease, and diabetes with few and simple medicines",
    ),
    "psychiatry": (
        "anxiety, sleep and depression, with as little medicine as possible",
        "addiction, and memory and mood in later life",
    ),
}
MANNERS = (
    "{She} explains results in plain words and writes down the next steps.",
    "Patients say that {she} listens first and orders tests later.",
    "{She} believes that a good examination saves many a scan.",
    "{She} sees follow-up patients by video where an examination is not needed.",
    "{She} teaches postgraduate students on Thursdays.",
    "Reports can be brought on paper or on the phone; {she} goes through them with you.",
    "{She} runs a free camp in the villages around Kanakapura every winter.",
    "Outside the hospital {she} is often found at a Carnatic concert.",
)
PRONOUNS = {"female": "she", "male": "he"}


def biography(chance, *, full_name: str, gender: str, slug: str, since: int) -> str:
    """Three sentences: where from, what for, and in which manner."""
    she = PRONOUNS[gender]
    manner = chance.choice(MANNERS).format(She=she.capitalize(), she=she)
    return (
        f"{full_name} studied at {chance.choice(COLLEGES)} and has treated patients since {since}. "
        f"Main interests: {chance.choice(INTERESTS[slug])}. {manner}"
    )
