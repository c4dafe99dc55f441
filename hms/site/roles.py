"""The permissions of each role. `migrate` makes the groups equal to this table.

A permission opens a screen. `visible_to(user)` decides which rows it shows, and the services decide
what may be done to a row. docs/roles.md is drawn from this table.
"""

from accounts.roles import Role


def may(actions: str, *models: str) -> set[str]:
    """Django's permissions: `may("view change", "accounts.patient")` gives two."""
    labels = (model.split(".") for model in models)
    return {f"{app}.{action}_{model}" for app, model in labels for action in actions.split()}


DIRECTORY = may(
    "view",
    "accounts.language",
    "advice.article",
    "scheduling.branch",
    "scheduling.complaint",
    "scheduling.department",
    "scheduling.discipline",
    "scheduling.doctor",
    "scheduling.nurse",
    "scheduling.scheduleexception",
    "scheduling.specialization",
    "scheduling.weeklyschedule",
)
BILLS = may(
    "view",
    "billing.invoice",
    "billing.payment",
    "billing.receipt",
    "billing.refund",
)
CLINICAL = (
    "clinical.allergy",
    "clinical.attachment",
    "clinical.currentmedicine",
    "clinical.problem",
    "clinical.vitalsigns",
)
CATALOGUE = ("clinical.labpanel", "clinical.labtest", "clinical.referencerange")
LABORATORY = may("view", "clinical.laborder", "clinical.labresult", *CATALOGUE)
FORMULARY = ("clinical.ingredient", "clinical.medicine")
PRESCRIBING = (
    may("view", "clinical.prescriptionitem", *FORMULARY)
    | may("view add", "clinical.prescription")
    | may("view add change", "clinical.orderset", "clinical.phrase", "clinical.prescriptiontemplate")
    | {"clinical.sign_prescription"}
)
DISPENSING = may("view", "clinical.prescription", "clinical.prescriptionitem", *FORMULARY) | {
    "clinical.dispense_prescription",
    "clinical.view_h1_register",
}
REPORTS = {f"reports.view_{what}" for what in ("visits", "performance", "money", "clinical", "laboratory")}
TARIFF = ("billing.billingprofile", "billing.taxclass", "billing.taxpolicy", "billing.taxrule")
ROLES: dict[Role, set[str]] = {
    # Patients need none: guardianship gives them access.
    Role.PATIENT: set(),
    Role.RECEPTIONIST: DIRECTORY
    | may("view add change", "accounts.patient", "accounts.guardianship", "scheduling.appointment")
    | may("view add change", "scheduling.waitinglistentry")
    | may("view", "scheduling.offer")
    | may("view", "accounts.duplicatepair", "accounts.user", "notifications.declinedmessage")
    | {
        "accounts.view_every_patient",
        "scheduling.view_every_appointment",
        "scheduling.book_for_others",
        "scheduling.overbook",
        "scheduling.view_no_show_risk",
        "scheduling.check_in",
        "billing.take_payment",
        "reports.view_visits",
    }
    | BILLS,
    Role.DOCTOR: DIRECTORY
    | may("view", "accounts.patient", "scheduling.appointment")
    | may("view add change", *CLINICAL)
    | may("view add change", "clinical.encounter")
    | may("view add", "clinical.addendum", "clinical.emergencyaccess")
    | may("view", "clinical.diagnosis", "clinical.diagnosisterm", "clinical.review")
    | may("view add change", "clinical.certificate")
    | may("add change", "clinical.documentcode")
    | LABORATORY
    | PRESCRIBING
    | may("add change", "clinical.laborder")
    | {
        "clinical.acknowledge_labresult",
        "clinical.answer_review",
        "scheduling.manage_own_bookings",
        "scheduling.run_consultation",
        "scheduling.view_symptoms",
    },
    Role.NURSE: DIRECTORY
    | may("view", "accounts.patient", "scheduling.appointment")
    | may("view add change", *CLINICAL)
    | may("view", "clinical.encounter", "clinical.addendum", "clinical.diagnosis", "clinical.diagnosisterm")
    | may("view", "clinical.certificate")
    | may("view add", "clinical.emergencyaccess")
    | LABORATORY
    | DISPENSING
    | {"scheduling.check_in", "scheduling.run_consultation", "scheduling.view_symptoms"},
    Role.LAB_TECHNICIAN: DIRECTORY
    | LABORATORY
    | may("add change", "clinical.documentcode")
    | {"clinical.work_in_laboratory", "reports.view_laboratory"},
    Role.BILLING_CLERK: DIRECTORY
    | may("view", "accounts.patient", "scheduling.appointment")
    | BILLS
    | may("view", "accounts.approvalrequest", "billing.gatewayevent", *TARIFF)
    | {
        "accounts.view_every_patient",
        "scheduling.view_every_appointment",
        "billing.take_payment",
        "billing.refund_payment",
        "reports.view_money",
    },
    Role.AUDITOR: DIRECTORY
    | may(
        "view", "accounts.approvalrequest", "audit.anomaly", "audit.auditevent", "notifications.notification"
    )
    | may("view", "clinical.emergencyaccess")
    | {"audit.review_anomaly", "clinical.review_prescribing"},
    Role.ADMINISTRATOR: DIRECTORY
    | may(
        "view add change",
        "accounts.guardianship",
        "accounts.patient",
        "accounts.user",
        "scheduling.appointment",
        "scheduling.waitinglistentry",
    )
    | may("view", "scheduling.offer")
    | may(
        "add change delete",
        "accounts.language",
        "advice.article",
        "scheduling.branch",
        "scheduling.complaint",
        "scheduling.department",
        "scheduling.discipline",
        "scheduling.doctor",
        "scheduling.nurse",
        "scheduling.scheduleexception",
        "scheduling.specialization",
        "scheduling.weeklyschedule",
    )
    | may("view add change delete", "scheduling.overbookingrule")
    | may("view change", "scheduling.noshowmodel")
    | may("view add change", "clinical.notifiabledisease")
    | may("view add change delete", "reports.reportsubscription")
    | BILLS
    | may("view change", "clinical.diagnosisterm")
    | may("view add change", *TARIFF, *CATALOGUE, *FORMULARY)
    | may("import export", "clinical.medicine")
    | may("view", "clinical.review")
    | may("view", "accounts.approvalrequest", "accounts.duplicatepair")
    | may("view", "auth.group", "audit.anomaly", "audit.auditevent")
    | may("view", "billing.gatewayevent", "jobs.jobrun", "notifications.notification")
    | may("view add change delete", "notifications.messagetemplate", "webhooks.endpoint")
    | may("view", "notifications.declinedmessage")
    | may("view", "webhooks.delivery")
    | may("import export", "accounts.patient", "accounts.user")
    | {
        "accounts.assign_roles",
        "clinical.review_prescribing",
        "accounts.view_every_patient",
        "clinical.moderate_review",
        "scheduling.view_every_appointment",
        "scheduling.book_for_others",
        "scheduling.overbook",
        "scheduling.view_no_show_risk",
        "scheduling.check_in",
        "billing.take_payment",
        "billing.refund_payment",
        "billing.void_payment",
        *REPORTS,
    },
}
