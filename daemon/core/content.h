/* What a request may ask of a task: the checks that `assign`, `reassign` and `amend` share. */
#ifndef COORDD_CORE_CONTENT_H
#define COORDD_CORE_CONTENT_H

#include "core/step.h"

/* An agency by id; AGENCY_UNKNOWN with the field's path when there is none. */
int content_find_agency(const struct core *core, struct text id, const char *field, uint32_t *agency,
                        struct problem *problem);
/* NOT_ASSIGNABLE when the agency has ended, or has not begun, and so can have no role now: the rule of every field that names
 * one for a task. What takes its place is named. */
int content_check_valid(const struct core *core, uint32_t agency, int64_t now_ms, const char *field,
                        struct problem *problem);
/* The same of what an administrator sets ahead of time: the agency may begin later, but must not have ended. */
int content_check_lasts(const struct core *core, uint32_t agency, int64_t now_ms, const char *field,
                        struct problem *problem);
/* NOT_ASSIGNABLE unless the agency takes tasks now. */
int content_check_lead(const struct step *step, uint32_t lead, const char *field, struct problem *problem);
/* UPWARD_DIRECTIVE when the lead stands above the assigner and the kind is neither recommendation nor report. */
int content_check_kind(const struct core *core, int kind, uint32_t assigner, uint32_t lead, const char *field,
                       struct problem *problem);
/* NOT_TASKABLE unless the store's setting `tasking` lets the asking agency give the lead what is of this kind. */
int content_check_tasking(const struct step *step, int kind, uint32_t lead, const char *field, struct problem *problem);
/* What an assigner would impose on a lead: the fields that do so, NULL for none. */
struct imposed {
    int kind;
    uint32_t lead;
    const char *due_field;       /* a date that has passed */
    const char *policy_field;    /* a ladder that is not the store's default */
    const char *reporting_field; /* reports */
};
/* NOT_TASKABLE where the setting `tasking` does not let the asking agency task the lead: what it may send there all the same, a
 * recommendation or a report, is for the lead to answer, and imposes nothing. */
int content_check_imposed(const struct step *step, const struct imposed *imposed, struct problem *problem);
/* A due time as it would come to a lead. */
struct given_due {
    int kind;
    uint32_t lead;
    const char *field; /* that is to blame */
    int64_t due,
        was; /* TIME_NONE for none; a date that is put off leaves more time than there was, and is never too soon */
    uint32_t calendar;
};
/* The same of a date that leaves such a lead less time to answer than the store's default policy says: it would be late by what
 * another sends it. */
int content_check_time(const struct step *step, const struct given_due *given, struct problem *problem);
/* The same of another that gives it: no right of the asking key makes up for its own. */
int content_check_tasking_by(const struct step *step, uint32_t assigner, int kind, uint32_t lead, const char *field,
                             struct problem *problem);
/* The agencies and the parent that a content names, together with those that `old` keeps (NULL for a new task), for one lead or
 * each of several. AGENCY_UNKNOWN, DUPLICATE_ROLE, TASK_UNKNOWN, BAD_VALUE. */
int content_check(struct step *step, const struct msg_content *content, const struct task *old, const uint32_t *leads,
                  uint32_t lead_count, struct problem *problem);

#endif
