"""Form data of a sign-up, as a browser sends it."""

SIGN_UP = {
    "full_name": "Asha Rao",
    "date_of_birth_day": "27",
    "date_of_birth_month": "3",
    "date_of_birth_year": "1984",
    "gender": "female",
    "blood_group": "O+",
    "email": "asha@example.org",
    "phone": "98450 12345",
    "street": "14 Residency Road",
    "city": "Bengaluru",
    "county": "Bengaluru Urban",
    "state": "Karnataka",
    "postcode": "560025",
    "country": "India",
    "password1": "three quiet herons",
    "password2": "three quiet herons",
}
