"""The people of the portal as they stand in its table, and one row of answers for each."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Person(AbstractBaseUser):
    """The columns that the portal's own account has."""

    username = models.CharField(max_length=64, unique=True)
    staff_number = models.CharField(max_length=16, unique=True)
    family_name = models.CharField(max_length=40)
    given_name = models.CharField(max_length=40)
    family_name_kana = models.CharField(max_length=60)
    given_name_kana = models.CharField(max_length=60)
    email = models.EmailField()
    state = models.CharField(max_length=10)
    is_demonstration = models.BooleanField()
    created_at = models.DateTimeField()

    objects = BaseUserManager()

    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "staff_user"

    def __str__(self):
        return f"{self.family_name} {self.given_name}"


class AnswerRow(models.Model):
    """All thirty answers of a person."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE)
    answers = models.JSONField()

    class Meta:
        managed = False
        db_table = "bench_answer_row"

    def __str__(self):
        return str(self.person_id)
