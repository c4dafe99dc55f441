"""Where people live: localities with their PIN codes, and streets as they are called there."""

# locality, city, district, state, PIN
LOCALITIES = (
    ("Jayanagar 4th Block", "Bengaluru", "Bengaluru Urban", "Karnataka", "560041"),
    ("Basavanagudi", "Bengaluru", "Bengaluru Urban", "Karnataka", "560004"),
    ("Malleshwaram", "Bengaluru", "Bengaluru Urban", "Karnataka", "560003"),
    ("Rajajinagar", "Bengaluru", "Bengaluru Urban", "Karnataka", "560010"),
    ("Indiranagar", "Bengaluru", "Bengaluru Urban", "Karnataka", "560038"),
    ("Koramangala", "Bengaluru", "Bengaluru Urban", "Karnataka", "560034"),
    ("HSR Layout", "Bengaluru", "Bengaluru Urban", "Karnataka", "560102"),
    ("BTM Layout", "Bengaluru", "Bengaluru Urban", "Karnataka", "560076"),
    ("JP Nagar", "Bengaluru", "Bengaluru Urban", "Karnataka", "560078"),
    ("Banashankari", "Bengaluru", "Bengaluru Urban", "Karnataka", "560070"),
    ("Frazer Town", "Bengaluru", "Bengaluru Urban", "Karnataka", "560005"),
    ("Shivajinagar", "Bengaluru", "Bengaluru Urban", "Karnataka", "560051"),
    ("RT Nagar", "Bengaluru", "Bengaluru Urban", "Karnataka", "560032"),
    ("Hebbal", "Bengaluru", "Bengaluru Urban", "Karnataka", "560024"),
    ("Yelahanka", "Bengaluru", "Bengaluru Urban", "Karnataka", "560064"),
    ("Whitefield", "Bengaluru", "Bengaluru Urban", "Karnataka", "560066"),
    ("Marathahalli", "Bengaluru", "Bengaluru Urban", "Karnataka", "560037"),
    ("Ulsoor", "Bengaluru", "Bengaluru Urban", "Karnataka", "560008"),
    ("Vijayanagar", "Bengaluru", "Bengaluru Urban", "Karnataka", "560040"),
    ("Kengeri", "Bengaluru", "Bengaluru Urban", "Karnataka", "560060"),
    ("Electronic City", "Bengaluru", "Bengaluru Urban", "Karnataka", "560100"),
    ("Richmond Town", "Bengaluru", "Bengaluru Urban", "Karnataka", "560025"),
    ("Vijayapura Road", "Devanahalli", "Bengaluru Rural", "Karnataka", "562110"),
    ("Saraswathipuram", "Mysuru", "Mysuru", "Karnataka", "570009"),
    ("B H Road", "Tumakuru", "Tumakuru", "Karnataka", "572101"),
    ("Vidyanagar", "Hassan", "Hassan", "Karnataka", "573202"),
    ("Kadri", "Mangaluru", "Dakshina Kannada", "Karnataka", "575002"),
    ("Mathigiri", "Hosur", "Krishnagiri", "Tamil Nadu", "635110"),
    ("Sainagar", "Anantapur", "Anantapur", "Andhra Pradesh", "515001"),
)
NEAR = 23  # so many of the localities are in or next to the city; most people come from there
STREETS = (
    *("1st Main Road", "2nd Main Road", "5th Cross", "7th Cross", "9th Main Road", "11th Cross"),
    *("14th Cross", "22nd Main Road", "Temple Street", "Church Street", "Mosque Road", "Market Road"),
    *("Lake View Road", "Railway Parallel Road", "Gandhi Bazaar Road", "Nehru Road", "Ring Road"),
    *("Park Road", "School Road", "Cubbon Layout", "Sampige Road", "Margosa Road", "Kanakapura Road"),
)
HOMES = (
    *("Sri Nilaya", "Shanthi Nivas", "Prestige Palms", "Brigade Gardens", "Sobha Daffodil", "Gulmohar"),
    *("Lakshmi Krupa", "Rose Villa", "Al-Noor Residency", "Green Meadows", "Bethel House", "Surya Kiran"),
)


def address(chance) -> dict[str, str]:
    """The address columns of somebody's home."""
    row = LOCALITIES[chance.randrange(NEAR) if chance.happens(0.9) else chance.randrange(len(LOCALITIES))]
    locality, city, county, state, postcode = row
    house = f"No. {chance.randint(1, 240)}"
    if chance.happens(0.4):
        house = f"Flat {chance.choice('ABCD')}-{chance.randint(1, 9)}0{chance.randint(1, 8)}, "
        house += chance.choice(HOMES)
    return {
        "street": f"{house}, {chance.choice(STREETS)}, {locality}",
        "city": city,
        "county": county,
        "state": state,
        "country": "India",
        "postcode": postcode,
    }


def mobile(chance) -> str:
    """A mobile number that has the right form; nobody is ever called on it."""
    return f"+919{chance.choice('0189')}{chance.digits(8)}"
