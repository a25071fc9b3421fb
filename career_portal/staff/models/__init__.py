from career_portal.staff.models.assignments import Assignment, SupervisorDesignation
from career_portal.staff.models.grants import RoleGrant
from career_portal.staff.models.organisation import Bureau, Section, SectionSuccession
from career_portal.staff.models.user import User

__all__ = [
    "Assignment",
    "Bureau",
    "RoleGrant",
    "Section",
    "SectionSuccession",
    "SupervisorDesignation",
    "User",
]
