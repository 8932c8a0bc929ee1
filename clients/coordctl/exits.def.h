/* What coordctl exits with for each error, and what it says to type next.
 *
 *   X(CONSTANT, kind, "next")      kind is the rest of an EXIT_… of session.h; NULL: nothing in particular comes next. What
 * begins with coordctl runs as it is typed: what is said of it stands behind a #, as in a shell.
 *
 *   N(CONSTANT, OP, "next")      what comes next when it is the answer to one request alone.
 *
 * The words in capitals are filled in: TASK, COMMAND, the CODE between accents in what the broker says, and the first NUMBER in it. A
 * line whose TASK is not known is not told.
 *
 * An error of errors.def.h without its row, or with two, does not compile. The kind is that of the mistake, not of the broker's
 * reason: what another command line would have put right is USAGE; what is so because of what others did is CONFLICT.
 */
#ifndef COORDCTL_EXITS_DEF_H
#define COORDCTL_EXITS_DEF_H

#define COORDCTL_EXITS(X)                                                                                              \
    X(FRAME_TOO_LARGE, USAGE, NULL)                                                                                    \
    X(FRAME_TOO_DEEP, USAGE, NULL)                                                                                     \
    X(FRAME_MALFORMED, USAGE, NULL)                                                                                    \
    X(FRAME_TOO_MANY, USAGE, NULL)                                                                                     \
    X(UNKNOWN_OP, REFUSED, "coordctl doctor  # which version the broker is")                                               \
    X(MISSING_FIELD, USAGE, "coordctl help COMMAND")                                                                   \
    X(BAD_TYPE, USAGE, NULL)                                                                                           \
    X(OUT_OF_RANGE, USAGE, NULL)                                                                                       \
    X(BAD_TERM, USAGE, "coordctl help COMMAND")                                                                        \
    X(BAD_TEXT, USAGE, NULL)                                                                                           \
    X(BAD_DATE, USAGE, NULL)                                                                                           \
    X(BAD_KEY, USAGE, NULL)                                                                                            \
    X(BAD_VALUE, USAGE, NULL)                                                                                          \
    X(KEY_UNKNOWN, FORBIDDEN,                                                                                          \
      "ask the administrator: one that was revoked is so for good, and a new one is made with coordctl key new")     \
    X(KEY_REVOKED, FORBIDDEN, "ask the administrator for a new context file")                                          \
    X(KEY_EXPIRED, FORBIDDEN, "ask the administrator: coordctl key set")                                               \
    X(AGENCY_CLOSED, FORBIDDEN, "ask the administrator for a context file of the agency that goes on with its work")   \
    X(RIGHT_MISSING, FORBIDDEN, "coordctl doctor  # what this key may")                                              \
    X(NOT_AUTHORISED, FORBIDDEN, "coordctl task show TASK  # what this agency may do")                               \
    X(AGENCY_UNKNOWN, NOT_FOUND, "coordctl agency list")                                                               \
    X(TASK_UNKNOWN, NOT_FOUND, "coordctl task list")                                                                   \
    X(CALENDAR_UNKNOWN, NOT_FOUND, "coordctl calendar list")                                                           \
    X(POLICY_UNKNOWN, NOT_FOUND, "coordctl policy list")                                                               \
    X(ESCALATION_UNKNOWN, NOT_FOUND, "coordctl escalation list")                                                       \
    X(ASK_UNKNOWN, NOT_FOUND, "coordctl task show TASK  # has the requests of its lead")                                  \
    X(SCHEDULE_UNKNOWN, NOT_FOUND, "coordctl schedule list --closed")                                                  \
    X(KEY_NOT_FOUND, NOT_FOUND, "coordctl key list")                                                                   \
    X(STREAM_UNKNOWN, NOT_FOUND, NULL)                                                                                 \
    X(CONFLICT, CONFLICT, "coordctl task show TASK  # and decide again")                                                \
    X(WRONG_STATE, CONFLICT, "coordctl task show TASK  # what may be done now")                                      \
    X(REFERENCE_TAKEN, CONFLICT, "coordctl task show CODE  # or give another --reference")                               \
    X(NOT_ASSIGNABLE, CONFLICT, "coordctl agency list  # who takes tasks, who has ended, and who follows them")          \
    X(TREE_CYCLE, CONFLICT, "coordctl agency list")                                                                    \
    X(KEY_TAKEN, CONFLICT, "coordctl help key new  # which makes a new one")                                                         \
    X(REQUEST_REUSED, CONFLICT, NULL)                                                                                  \
    X(UPWARD_DIRECTIVE, USAGE, "--kind recommendation, or --kind report")                                              \
    X(DUE_IN_PAST, USAGE, "--backdated, for work entered late")                                                        \
    X(CALENDAR_RANGE, USAGE, NULL)                                                                                     \
    X(DUPLICATE_ROLE, USAGE, NULL)                                                                                     \
    X(ALREADY_SUBSCRIBED, CONFLICT, NULL)                                                                              \
    X(EVIDENCE_REQUIRED, USAGE, "--evidence FILE, a file or a URL; again for more")                                    \
    X(OPEN_PARTS, CONFLICT, "coordctl task confirm TASK --note WHY  # why it is done without them")                          \
    X(NOT_TASKABLE, FORBIDDEN, "coordctl help agency set  # an administrator grants it with --may-task")                 \
    X(OTHER_STORE, CONFLICT, "coordctl watch  # without --from, or with a new --consumer: sequences of before mean nothing now")   \
    X(LABEL_TAKEN, CONFLICT, "coordctl key list  # --label names the new one")                                           \
    X(WAITS_FOR_ITSELF, CONFLICT, "coordctl task list --waiting  # what holds what up")                                \
    X(DUE_AFTER_PARENT, CONFLICT, NULL)                                                                                \
    X(ALREADY_ASKED, CONFLICT, "coordctl request take-back TASK --request NUMBER  # to ask for something else")           \
    X(ASKED_LATE, CONFLICT, "coordctl task comment TASK --note WHY  # the assigner may amend the date")                  \
    X(RATE_LIMITED, REFUSED, NULL)                                                                                     \
    X(IN_FLIGHT_LIMIT, REFUSED, NULL)                                                                                  \
    X(STREAM_LIMIT, REFUSED, NULL)                                                                                     \
    X(CREDIT_LIMIT, REFUSED, NULL)                                                                                     \
    X(CAPACITY, REFUSED, NULL)                                                                                         \
    X(BATCH_FULL, REFUSED, NULL)                                                                                       \
    X(COST_LIMITED, REFUSED, NULL)                                                                                     \
    X(CONNECTION_LIMIT, REFUSED, NULL)                                                                                 \
    X(STORAGE_LIMITED, REFUSED, NULL)                                                                                  \
    X(WRITE_LIMITED, REFUSED, NULL)                                                                                    \
    X(STORAGE_FULL, REFUSED, "coordctl doctor  # what the administrator does about the disk")                          \
    X(STOPPING, REFUSED, NULL)                                                                                         \
    X(BACKUP_RUNNING, REFUSED, NULL)                                                                                   \
    X(BACKUP_FAILED, REFUSED, NULL)                                                                                    \
    X(CLOCK_DOUBTFUL, REFUSED, NULL)                                                                                   \
    X(NOT_LEADER, REFUSED, "coordctl doctor  # which broker leads")                                                    \
    X(BEHIND, REFUSED, "coordctl doctor  # how far the broker has come")                                               \
    X(NOT_SEVERAL, REFUSED, NULL)                                                                                      \
    X(HAND_OVER_FAILED, REFUSED, "coordctl doctor  # which brokers there are")                                         \
    X(HOT_SPOT_UNKNOWN, NOT_FOUND, "coordctl hot-spot list")                                                           \
    X(TIMED_OUT, NO_BROKER, "coordctl doctor")                                                                         \
    X(NO_MEMORY, SYSTEM, NULL)                                                                                         \
    X(BAD_CONTEXT, CONTEXT, "coordctl context list  # or --context FILE")                                                \
    X(BAD_ARGUMENT, USAGE, NULL)                                                                                       \
    X(BAD_REPLY, NO_BROKER, "coordctl doctor")                                                                         \
    X(SYSTEM, SYSTEM, NULL)                                                                                            \
    X(QUESTION_UNKNOWN, NOT_FOUND, "coordctl opinion list TASK") \
    X(DOCUMENT_UNKNOWN, NOT_FOUND, "coordctl document list")                                                             \
    X(PARAGRAPH_UNKNOWN, NOT_FOUND, "coordctl document show CODE")                                                     \
    X(DOCUMENT_TAKEN, CONFLICT, "coordctl document list")                                                               \
    X(DOCUMENT_OVER, CONFLICT, "coordctl document show CODE")                                                          \
    X(PERIOD_WRONG, USAGE, "coordctl target show TASK  # which period is owed")                                     \
    X(SERIES_BEGUN, CONFLICT, "coordctl target show TASK")                                                             \
    X(NO_INDICATOR, CONFLICT, "coordctl target list")                                                                  \
    X(NOT_STOOD_IN_FOR, FORBIDDEN, "coordctl agency list  # who stands in for whom")                                     \
    X(NOT_ITS_OWN, FORBIDDEN, NULL)                                                                                   \
    X(WHOSE_NAME, USAGE, "coordctl agency list  # and --for AGENCY")

#define EXIT_NEXT_WORK                                                                                                 \
    "coordctl task show TASK  # what may be done now: work goes on with what was accepted, and is neither suspended nor closed"

#define COORDCTL_NEXTS(N)                                                                                              \
    N(NOT_AUTHORISED, KEY_LIST, "coordctl key list  # one's own")                                                      \
    N(NOT_AUTHORISED, ASSIGN, "coordctl task list --roles lead  # or --roles assigner, cooperating: parts are made of these")                           \
    N(NOT_AUTHORISED, SUBSCRIBE, "coordctl watch  # without --consumer, or with a name of its own")                    \
    N(WRONG_STATE, REPORT, EXIT_NEXT_WORK) \
    N(WRONG_STATE, SUBMIT, EXIT_NEXT_WORK) \
    N(OPEN_PARTS, SUBMIT, "coordctl task submit TASK --note WHY  # why it is done without them")

#endif
