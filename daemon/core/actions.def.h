/* What agencies do to tasks: one row an action, and every table of actions is made from it: what the state allows, who
 * may, who is told, in what words, which functions decide and apply, and the tables of the reference page.
 *
 *   A(CONSTANT, name, from, to, MAY(…), TELL(notice, severity, roles), SAY(before, after, adds), decide, apply)
 *   CONSTANT, name  of the request (messages.def.h) and of the action (terms.def.h), which have the same
 *   from            the states in which anyone may at all: a bit mask
 *   to              the state after it; ACTION_STAYS where it was, ACTION_RESUMES what it was before it was suspended
 *   MAY(…)          BY(role, states): who may, and in which of those states; or NOBODY
 *   TELL(…)         the notification, and the roles that get it, as the task stood before; never the agency that acts
 *   SAY(…)          its sentence: the actor, `before`, the task's reference, `after`, and what `adds` names (actions.h)
 *   decide          decide_…, in decide.h: what the request puts on record
 *   apply           apply_…, in apply_action.h: what the record changes, beyond what every record of a task does
 *
 * Nothing but words of the protocol is used here, so that the tool that writes the reference page reads it as well.
 */
#ifndef COORDD_CORE_ACTIONS_DEF_H
#define COORDD_CORE_ACTIONS_DEF_H

#define IN(state)      TERM_BIT(STATE_##state)
#define STATES_WORKING (IN(ACCEPTED) | IN(IN_PROGRESS))
#define STATES_RUNNING (IN(ASSIGNED) | STATES_WORKING | IN(SUBMITTED))
#define STATES_OPEN    (STATES_RUNNING | IN(SUSPENDED))
#define STATES_ALL     (STATES_OPEN | IN(COMPLETED) | IN(CANCELLED))

#define TO(role)        TERM_BIT(ROLE_##role)
#define ROLES_WATCHING  (TO(ASSIGNER) | TO(SUPERVISOR))
#define ROLES_AT_WORK   (TO(LEAD) | TO(COOPERATING))
#define ROLES_EVERYBODY (ROLES_WATCHING | ROLES_AT_WORK | TO(OBSERVER))
#define ROLES_ESCALATED (ROLES_EVERYBODY | TO(ESCALATED))
#define ROLES_ASKED     (ROLES_WATCHING | ROLES_AT_WORK | TO(DECIDER))

/* On a task that is there. */
#define CORE_ACTIONS(A)                                                                                                \
    A(ACCEPT, accept, IN(ASSIGNED), STATE_ACCEPTED,                                                                    \
      MAY(BY(LEAD, IN(ASSIGNED))),                                                                                     \
      TELL(ACCEPTED, INFO, ROLES_WATCHING),                                                                            \
      SAY(" accepted ", "", SAY_NOTHING), accept, accept)                                                             \
    A(START, start, IN(ACCEPTED), STATE_IN_PROGRESS,                                                                   \
      MAY(BY(LEAD, IN(ACCEPTED))),                                                                                     \
      TELL(STARTED, INFO, ROLES_WATCHING),                                                                             \
      SAY(" began work on ", "", SAY_NOTHING), change, nothing)                                                        \
    A(REPORT, report, STATES_WORKING, STATE_IN_PROGRESS,                                                               \
      MAY(BY(LEAD, STATES_WORKING)),                                                                                   \
      TELL(REPORTED, INFO, ROLES_WATCHING | TO(OBSERVER)),                                                             \
      SAY(" reported on ", "", SAY_PERCENT), report, report)                                                           \
    A(SUBMIT, submit, STATES_WORKING, STATE_SUBMITTED,                                                                 \
      MAY(BY(LEAD, STATES_WORKING)),                                                                                   \
      TELL(SUBMITTED, NOTICE, ROLES_ESCALATED),                                                                        \
      SAY(" submitted ", "", SAY_PERCENT), submit, submit)                                                             \
    A(CONFIRM, confirm, IN(SUBMITTED), STATE_COMPLETED,                                                                \
      MAY(BY(ASSIGNER, IN(SUBMITTED)), BY(SUPERVISOR, IN(SUBMITTED))),                                                 \
      TELL(CONFIRMED, INFO, ROLES_EVERYBODY | TO(CONSULTED)),                                                                          \
      SAY(" confirmed that ", " is done", SAY_NOTHING), confirm, close)                                                \
    A(REJECT, reject, IN(SUBMITTED), STATE_IN_PROGRESS,                                                                \
      MAY(BY(ASSIGNER, IN(SUBMITTED)), BY(SUPERVISOR, IN(SUBMITTED))),                                                 \
      TELL(REJECTED, NOTICE, ROLES_EVERYBODY),                                                                         \
      SAY(" sent the submission of ", " back", SAY_NOTHING), reject, nothing)                                          \
    A(SUSPEND, suspend, STATES_RUNNING, STATE_SUSPENDED,                                                               \
      MAY(BY(ASSIGNER, STATES_RUNNING)),                                                                               \
      TELL(SUSPENDED, NOTICE, ROLES_ESCALATED),                                                                        \
      SAY(" suspended ", "", SAY_NOTHING), suspend, suspend)                                                            \
    A(RESUME, resume, IN(SUSPENDED), ACTION_RESUMES,                                                                   \
      MAY(BY(ASSIGNER, IN(SUSPENDED))),                                                                                \
      TELL(RESUMED, NOTICE, ROLES_ESCALATED),                                                                          \
      SAY(" let ", " run on", SAY_DUE), resume, nothing)                                                               \
    A(REASSIGN, reassign, STATES_OPEN, STATE_ASSIGNED,                                                                 \
      MAY(BY(ASSIGNER, STATES_OPEN)),                                                                                  \
      TELL(REASSIGNED, NOTICE, ROLES_ESCALATED),                                                                       \
      SAY(" reassigned ", " to", SAY_LEAD | SAY_DUE), reassign, reassign)                                              \
    A(AMEND, amend, STATES_OPEN, ACTION_STAYS,                                                                         \
      MAY(BY(ASSIGNER, STATES_OPEN)),                                                                                  \
      TELL(AMENDED, NOTICE, ROLES_EVERYBODY | TO(CONSULTED)),                                                                          \
      SAY(" amended ", "", SAY_CHANGES), amend, amend)                                                                     \
    A(CANCEL, cancel, STATES_OPEN, STATE_CANCELLED,                                                                    \
      MAY(BY(ASSIGNER, STATES_OPEN)),                                                                                  \
      TELL(CANCELLED, NOTICE, ROLES_ESCALATED | TO(CONSULTED)),                                                                        \
      SAY(" cancelled ", "", SAY_NOTHING), cancel, close)                                                              \
    A(COMMENT, comment, STATES_ALL, ACTION_STAYS,                                                                      \
      MAY(BY(ASSIGNER, STATES_ALL), BY(LEAD, STATES_ALL), BY(COOPERATING, STATES_ALL),                                 \
          BY(SUPERVISOR, STATES_ALL), BY(OBSERVER, STATES_ALL), BY(LEAD_SUPERIOR, STATES_ALL),                         \
          BY(ESCALATED, STATES_ALL), BY(DECIDER, STATES_ALL), BY(CONSULTED, STATES_ALL)),                                                                                  \
      TELL(COMMENTED, INFO, ROLES_EVERYBODY),                                                                          \
      SAY(" commented on ", "", SAY_NOTHING), comment, nothing)                                                        \
    A(ESCALATE, escalate, STATES_OPEN, ACTION_STAYS,                                                                   \
      MAY(BY(ASSIGNER, STATES_OPEN), BY(LEAD, STATES_OPEN), BY(COOPERATING, STATES_OPEN),                              \
          BY(SUPERVISOR, STATES_OPEN)),                                                                                \
      TELL(ESCALATED, CRITICAL, ROLES_WATCHING | TO(LEAD)),                                                            \
      SAY(" escalated ", "", SAY_LEVEL), escalate, escalate)                                                           \
    A(ACKNOWLEDGE, acknowledge, STATES_OPEN, ACTION_STAYS,                                                             \
      MAY(BY(ESCALATED, STATES_OPEN)),                                                                                 \
      TELL(ACKNOWLEDGED, INFO, ROLES_WATCHING | ROLES_AT_WORK | TO(ESCALATED)),                                        \
      SAY(" acknowledged an escalation of ", "", SAY_LEVEL), acknowledge, acknowledge)                                       \
    A(ASK, ask, STATES_RUNNING, ACTION_STAYS,                                                                          \
      MAY(BY(LEAD, STATES_RUNNING)),                                                                                   \
      TELL(ASKED, NOTICE, ROLES_ASKED),                                                                                \
      SAY(" asks about ", "", SAY_ASKED), ask, nothing)                                                                    \
    A(GRANT, grant, STATES_OPEN, ACTION_STAYS,                                                                         \
      MAY(BY(DECIDER, STATES_OPEN)),                                                                                   \
      TELL(GRANTED, NOTICE, ROLES_ESCALATED | TO(DECIDER)),                                                            \
      SAY(" granted what the lead asked about ", "", SAY_ASKED), grant, grant)                                         \
    A(DENY, deny, STATES_OPEN, ACTION_STAYS,                                                                           \
      MAY(BY(DECIDER, STATES_OPEN)),                                                                                   \
      TELL(DENIED, NOTICE, ROLES_ASKED),                                                                               \
      SAY(" denied what the lead asked about ", "", SAY_ASKED), deny, nothing)                                          \
    A(TAKE_BACK, take_back, STATES_OPEN, ACTION_STAYS,                                                                 \
      MAY(BY(LEAD, STATES_OPEN)),                                                                                      \
      TELL(TAKEN_BACK, INFO, ROLES_ASKED),                                                                             \
      SAY(" took back what it had asked about ", "", SAY_ASKED), take_back, nothing)                                         \
    A(ANSWER, answer, IN(ASSIGNED) | STATES_WORKING, STATE_COMPLETED,                                                  \
      MAY(BY(LEAD, IN(ASSIGNED) | STATES_WORKING)),                                                                    \
      TELL(ANSWERED, NOTICE, ROLES_ESCALATED | TO(CONSULTED)),                                                                         \
      SAY(" answered ", "", SAY_ANSWER), answer, answer)                                                               \
    A(CONSULT, consult, IN(ASSIGNED) | STATES_WORKING, ACTION_STAYS,                                                   \
      MAY(BY(LEAD, IN(ASSIGNED) | STATES_WORKING)),                                                                    \
      TELL(CONSULTED, NOTICE, ROLES_WATCHING | ROLES_AT_WORK),                                                         \
      SAY(" asks for opinions on ", "", SAY_QUESTION), consult, nothing)                                               \
    A(OPINE, opine, STATES_OPEN, ACTION_STAYS,                                                                         \
      MAY(BY(CONSULTED, STATES_OPEN)),                                                                                 \
      TELL(OPINED, NOTICE, ROLES_WATCHING | ROLES_AT_WORK),                                                            \
      SAY(" gave its opinion on ", "", SAY_ANSWER), opine, nothing)                                                    \
    A(RECALL, recall, STATES_OPEN, ACTION_STAYS,                                                                       \
      MAY(BY(LEAD, STATES_OPEN)),                                                                                      \
      TELL(TAKEN_BACK, INFO, ROLES_WATCHING | ROLES_AT_WORK),                                                          \
      SAY(" took back a question about ", "", SAY_NOTHING), recall, nothing)

/* What makes a task: assign.c decides it, and apply.c what its record does. */
#define CORE_ASSIGNMENT(A)                                                                                             \
    A(ASSIGN, assign, 0, STATE_ASSIGNED,                                                                               \
      MAY(NOBODY),                                                                                                     \
      TELL(ASSIGNED, NOTICE, ROLES_EVERYBODY),                                                                         \
      SAY(" gave ", " to", SAY_LEAD | SAY_DUE), assign, assign)

#endif
