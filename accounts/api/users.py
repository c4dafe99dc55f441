from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.signals import user_signed_up
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from phonenumber_field.serializerfields import PhoneNumberField
from rest_framework import generics, serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import particulars
from accounts.access import own_patient
from accounts.api.login import limited
from accounts.api.patients import Particulars
from accounts.api.tokens import is_admin
from accounts.forms import SignUpForm
from accounts.models import BloodGroup, Gender, User
from accounts.names import NAME_LENGTH
from accounts.roles import Role
from accounts.services import rehearse_sign_up, update_patient
from hms.core.api.forms import refuse_like
from hms.core.api.rights import holds
from hms.core.api.serializers import ModelSerializer

FORM_NAMES = {"password1": "password", "password2": "password"}


class NoOwnPatient(NotFound):
    default_code = "no_own_patient"
    default_detail = _("This login has no patient of its own.")


class UserInList(ModelSerializer):
    roles = serializers.SerializerMethodField()
    is_admin = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["email", "full_name", "phone", "roles", "is_admin", "is_staff", "is_active", "joined_at"]
        read_only_fields = fields

    def get_roles(self, user) -> list[str]:
        return sorted(group.name for group in user.groups.all())

    def get_is_admin(self, user) -> bool:
        return user.is_superuser or Role.ADMINISTRATOR in self.get_roles(user)


class Me(ModelSerializer):
    roles = serializers.SerializerMethodField()
    is_admin = serializers.SerializerMethodField()
    patient = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["email", "full_name", "phone", "roles", "is_admin", "joined_at", "patient"]
        read_only_fields = fields

    def get_roles(self, user) -> list[str]:
        return sorted(user.role_names)

    def get_is_admin(self, user) -> bool:
        return is_admin(user)

    def get_patient(self, user) -> Particulars(allow_null=True):
        patient = own_patient(user) if user.pk else None
        return Particulars(patient).data if patient else None


class SignUp(serializers.Serializer):
    """The fields of the sign-up page, whose form judges them."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)
    full_name = serializers.CharField(required=False, max_length=NAME_LENGTH)
    first_name = serializers.CharField(
        required=False, max_length=NAME_LENGTH, help_text="Instead of full_name."
    )
    last_name = serializers.CharField(
        required=False, max_length=NAME_LENGTH, help_text="Instead of full_name."
    )
    date_of_birth = serializers.DateField()
    gender = serializers.ChoiceField(Gender.choices)
    blood_group = serializers.ChoiceField(BloodGroup.choices, required=False, allow_blank=True)
    phone = PhoneNumberField()
    street = serializers.CharField(max_length=200)
    city = serializers.CharField(max_length=80)
    county = serializers.CharField(max_length=80, required=False, allow_blank=True)
    state = serializers.CharField(max_length=80)
    postcode = serializers.CharField(max_length=12)
    country = serializers.CharField(max_length=60, default="India")

    def validate(self, attrs):
        first, last = attrs.pop("first_name", ""), attrs.pop("last_name", "")
        typed = attrs | {"full_name": attrs.get("full_name") or f"{first} {last}".strip()}
        born, password = typed.pop("date_of_birth"), typed.pop("password")
        typed |= {f"date_of_birth_{part}": str(getattr(born, part)) for part in ("day", "month")}
        typed |= {"date_of_birth_year": f"{born.year:04}", "password1": password, "password2": password}
        self.form = SignUpForm(typed)
        refuse_like(self.form, FORM_NAMES)
        return attrs


class UserFilter(filters.FilterSet):
    q = filters.CharFilter(method="matching", help_text="The beginning of a name, or of an e-mail address.")
    role = filters.ChoiceFilter(choices=Role.choices, field_name="groups__name")

    class Meta:
        model = User
        fields = ["q", "role", "is_active", "is_staff"]

    def matching(self, users, _name, text):
        return users.matching(text)


@extend_schema_view(get=extend_schema(operation_id="list_users"))
class Users(generics.ListAPIView):
    """All logins, for administrators; `POST` registers a patient with a login."""

    serializer_class = UserInList
    filterset_class = UserFilter

    def get_permissions(self):
        return [AllowAny()] if self.request.method == "POST" else [holds("accounts.assign_roles")()]

    def get_queryset(self):
        return (
            User.objects.visible_to(self.request.user).prefetch_related("groups").order_by("full_name", "pk")
        )

    @extend_schema(request=SignUp, responses={201: Me}, operation_id="register")
    def post(self, request):
        """Register a patient with a login. The e-mail address is confirmed with a link that is sent to it.

        The answer is the same if there is a login with this address, to whose owner we write: it repeats what
        was sent, and `patient` is null. Log in and ask `users/me/` for the patient.
        """
        limited(request._request, "signup")
        given = SignUp(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(signed_up(request._request, given.form), status=status.HTTP_201_CREATED)


def signed_up(request, form: SignUpForm) -> dict:
    """Carry the sign-up out; the answer does not tell whether the address has a login already (ADR 0008)."""
    if form.account_already_exists:
        rehearse_sign_up(password=form.cleaned_data["password1"], particulars=form.particulars())
        get_adapter(request).send_account_already_exists_mail(form.cleaned_data["email"])
    else:
        user = form.save(request)
        user_signed_up.send(User, request=request, user=user)
        EmailAddress.objects.get(user=user).send_confirmation(request, signup=True)
        if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":  # then the form says that one is taken
            return Me(user).data
    typed = {name: form.cleaned_data[name] for name in ("email", "full_name", "phone")}
    login = User(**typed)
    login._role_names = {Role.PATIENT.value}
    return Me(login).data


class UserOfToken(APIView):
    @extend_schema(responses=Me, operation_id="show_me")
    def get(self, request):
        """The login of the token, and its own patient."""
        return Response(Me(request.user).data)

    @extend_schema(request=Particulars, responses=Me, operation_id="change_me")
    def patch(self, request):
        """Change particulars of the login's own patient; the date of birth is corrected at the front desk."""
        patient = own_patient(request.user)
        if patient is None:
            raise NoOwnPatient
        given = Particulars(patient, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        typed = particulars.Particulars.among(given.validated_data)
        update_patient(patient=patient, particulars=typed, by=request.user)
        return Response(Me(request.user).data)
