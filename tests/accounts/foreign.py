"""Patients as other systems export them, and the page that maps their columns."""

from django.core.files.uploadedfile import SimpleUploadedFile

PATIENTS = "/admin/accounts/patient/"

# A clinic's billing program: semicolons, Windows-1252, ages, own numbers, a masked telephone number.
CLINIC = (
    "UHID;Patient Name;Age;Sex;Mobile;Town;Pin Code;Ref. by\r\n"
    "10231;Asha Rao;34;F;9845012345;Mysuru;570001;Dr Iyer\r\n"
    "10232;Ravi Menon;7 months;M;+91 98450 12346;Mysuru;570 002;\r\n"
    "10233;José D'Souza;61 Yrs;Male;98xxxxxx10;Mangaluru;575001;\r\n"
    "10234;Lakshmi Nair;about 50;F;098450 12347;Kochi;682001;Self\r\n"
).encode("cp1252")

# A practice in the United States: month first, family name first, with an unused column.
PRACTICE = (
    "Patient ID,Patient Name,DOB,Gender,Cell Phone,Address 1,Address 2,City,State,Zip,Country,SSN\r\n"
    '7,"Rao, Asha",03/27/1984,F,+1 212 555 0143,14 Elm Street,Apt 2,New York,NY,10001,US,\r\n'
    '8,"Shah, Nikhil K.",12/01/1990,M,+1 212 555 0144,9 Oak Street,,New York,NY,10001,USA,\r\n'
    '9,"Paul, Mary",27/03/1984,F,+1 212 555 0145,,,New York,NY,10001,US,\r\n'
)

# A hospital's old system: tabs, parts of names, blood groups in words, day first, German letters in UTF-8.
HOSPITAL = (
    "\ufeffMRN\tFirst Name\tLast Name\tBirth Date\tM/F\t"
    "Blood Group\tContact No.\tEmail Id\tDistrict\tNationality\r\n"
    "OP/2019/44\tKavya\tHegde\t27.03.1984\tF\tA+ve\t09845012345\tKavya@Example.org\tKodagu\tIndian\r\n"
    "OP/2019/45\tJürgen\tGroß\t1.1.1970\tM\tO Neg\t\tj.gross@example.org\tBremen\tGerman\r\n"
    "OP/2019/46\tMeera\t\t04.05.2001\tF\t0 positive\t98******10\t\tHassan\tIndian\r\n"
    "OP/2019/47\tSunil\tPatil\t05.04.2001\tX\tAB-ve\t9845012348\t\tHassan\tIndian\r\n"
)


def upload(client, content: bytes | str, page=PATIENTS):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(f"{page}import/", {"import_file": SimpleUploadedFile("theirs.csv", data)}, follow=True)


def map_columns(client, shown, **chosen):
    """Send the page of columns as it came, but for what is chosen, by header or by question."""
    form = shown.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    headers = {field.label: field.name for field in form.file_columns()}
    sent |= {headers.get(name, name): value for name, value in chosen.items()}
    return client.post(shown.request["PATH_INFO"], sent, follow=True)


def confirm(client, shown, page=PATIENTS, **changes):
    return client.post(f"{page}process_import/", shown.context["confirm_form"].initial | changes)


def guesses(shown) -> dict[str, str]:
    return {field.label: field.value() for field in shown.context["form"].file_columns()}
