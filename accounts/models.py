"""Agencies, the people who work for them, and where in which role."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from places.models import Site


class Agency(models.Model):
    """An organisation whose staff or systems use the tracker, for example Grupo Beta, IOM or UNHCR."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=150)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """What Django's sign-in needs to find and make an account by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account. `email` is kept in lower case, since people type it on phones."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of an e-mail address, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A member of staff. Signs in by e-mail; what it may do follows from its memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="staff")
    language = models.CharField(max_length=2, default="es", choices=[("es", _("Spanish")), ("en", _("English"))])
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A role at a site. No site means everywhere: only for those who oversee, not for those who see people."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "site", "role"], name="accounts_membership_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(site__isnull=False) | models.Q(role__in=[Role.DPO, Role.ADMINISTRATOR]),
                name="accounts_membership_people_need_a_site",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.site_id or 'everywhere'}"
