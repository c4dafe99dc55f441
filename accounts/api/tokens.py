from allauth.account.forms import ResetPasswordForm
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.api.authentication import TokenAuthentication, TokenNotValid, read
from accounts.api.login import authenticate, limited
from accounts.models import User
from accounts.roles import Role
from accounts.services.token_sessions import (
    TokenSession,
    begin_token_session,
    end_token_session,
    renew_token_session,
)
from audit.capture.requests import client_address


class Credentials(serializers.Serializer):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(trim_whitespace=False, max_length=1000, write_only=True)
    otp = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=40,
        help_text="The code of the second factor, or a recovery code.",
    )  # fmt: skip


class Refresh(serializers.Serializer):
    refresh = serializers.CharField(max_length=4000)


class OptionalRefresh(serializers.Serializer):
    refresh = serializers.CharField(max_length=4000, required=False)


class Address(serializers.Serializer):
    email = serializers.EmailField(max_length=254)


class Tokens(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()
    token = serializers.CharField(help_text="The same as `access`.")
    email = serializers.EmailField()
    is_admin = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))


def is_admin(user: User) -> bool:
    return user.is_superuser or user.has_role(Role.ADMINISTRATOR)


def tokens_of(session: TokenSession) -> dict:
    user = session.user
    refresh = RefreshToken()
    refresh["user_id"], refresh["sid"], refresh["jti"] = str(user.pk), session.sid, session.refresh_id
    refresh["roles"] = sorted(user.role_names)
    access = str(refresh.access_token)
    about = {"email": user.email, "is_admin": is_admin(user), "roles": refresh["roles"]}
    return {"access": access, "refresh": str(refresh), "token": access, **about}


class WithoutLogin(APIView):
    """Asks for no token, and does not mind one that has ended."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get_authenticate_header(self, request):
        return TokenAuthentication().authenticate_header(request)


class LogIn(WithoutLogin):
    @extend_schema(request=Credentials, responses=Tokens, operation_id="log_in")
    def post(self, request):
        """Log in. Five wrong passwords or codes in five minutes close the login for as long."""
        limited(request._request, "login")
        given = Credentials(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request._request, **given.validated_data)
        agent = request.headers.get("User-Agent", "")
        address = client_address(request)
        return Response(tokens_of(begin_token_session(address=address, user_agent=agent, by=user)))


class RefreshTokens(WithoutLogin):
    @extend_schema(request=Refresh, responses=Tokens, operation_id="refresh_tokens")
    def post(self, request):
        """Get new tokens. A refresh token is good for one time; using it again ends the login."""
        given = Refresh(data=request.data)
        given.is_valid(raise_exception=True)
        user, token = read(given.validated_data["refresh"], RefreshToken)
        renewed = renew_token_session(sid=token["sid"], refresh_id=token["jti"], by=user)
        if renewed is None:
            raise TokenNotValid
        return Response(tokens_of(renewed))


class LogOut(APIView):
    permission_classes = [AllowAny]

    @extend_schema(request=OptionalRefresh, responses={204: None}, operation_id="log_out")
    def post(self, request):
        """End the login of the access token, or of the refresh token in the body."""
        given = OptionalRefresh(data=request.data)
        given.is_valid(raise_exception=True)
        user, token = request.user, request.auth
        if token is None:
            user, token = read(given.validated_data.get("refresh", ""), RefreshToken)
        end_token_session(sid=token["sid"], by=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ResetPassword(WithoutLogin):
    @extend_schema(
        request=Address,
        responses={202: OpenApiResponse(description="Whether there is such a login is not said.")},
        operation_id="reset_password",
    )
    def post(self, request):
        """Send a link with which a new password is chosen on the hospital's site."""
        given = Address(data=request.data)
        given.is_valid(raise_exception=True)
        email = given.validated_data["email"].lower()
        limited(request._request, "reset_password", key=email)
        form = ResetPasswordForm({"email": email})
        if form.is_valid():
            form.save(request._request)
        return Response(status=status.HTTP_202_ACCEPTED)
