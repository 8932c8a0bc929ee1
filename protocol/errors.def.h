/* Every error that an agency's program can be told.
 *
 *   E(CONSTANT, number, "wire_name", retry, "one sentence: what it means and what would be right")
 *
 * In C an error is the negative constant -COORD_E_CONSTANT's number (see errors.h); 0 is success. The wire carries the
 * name, the number, whether the same request may succeed later unchanged (`retry`), the field at fault and a
 * message for people. A number is never reused.
 */
#ifndef COORD_ERRORS_DEF_H
#define COORD_ERRORS_DEF_H

#define COORD_ERRORS(E)                                                                                                \
    /* The frame could not be read. */                                                                                 \
    E(FRAME_TOO_LARGE, 1, "frame_too_large", false, "The frame is larger than 1 MiB; split it, or use pages.")         \
    E(FRAME_TOO_DEEP, 2, "frame_too_deep", false, "Maps and arrays nest deeper than 8 levels.")                        \
    E(FRAME_MALFORMED, 3, "frame_malformed", false, "The frame is not exactly one whole msgpack map.")                 \
    E(FRAME_TOO_MANY, 4, "frame_too_many", false, "A length or count claims more than the frame holds or allows.")     \
    /* The message could not be understood. */                                                                         \
    E(UNKNOWN_OP, 10, "unknown_op", false, "There is no such op; the reference lists them.")                           \
    E(MISSING_FIELD, 11, "missing_field", false, "A required field is absent.")                                        \
    E(BAD_TYPE, 12, "bad_type", false, "The field has another type than the reference gives.")                         \
    E(OUT_OF_RANGE, 13, "out_of_range", false, "The value, length or count lies outside the field's bounds.")          \
    E(BAD_TERM, 14, "bad_term", false, "The value is not one of the field's terms.")                                   \
    E(BAD_TEXT, 15, "bad_text", false,                                                                                 \
      "The text is not UTF-8, holds control characters, or more than 30 combining marks in a row; or it is to be one "    \
      "line, and has a newline, a tab or a mark that turns the direction of reading.")                                 \
    E(BAD_DATE, 16, "bad_date", false, "Dates are 2024-06-28, 2024-06-28T16:30, 10wd (working days), 16wh or 30d.")    \
    E(BAD_KEY, 17, "bad_key", false, "A public key is 40 characters of Z85.")                                          \
    E(BAD_VALUE, 18, "bad_value", false, "The value is of the right type but contradicts the rest of the message.")    \
    /* The sender may not do this. */                                                                                  \
    E(KEY_UNKNOWN, 20, "key_unknown", false, "The connection's key belongs to no agency; ask the administrator.")      \
    E(KEY_REVOKED, 21, "key_revoked", false, "The connection's key was revoked.")                                      \
    E(KEY_EXPIRED, 22, "key_expired", false, "The connection's key is past the end of its validity.")                  \
    E(AGENCY_CLOSED, 23, "agency_closed", false, "The agency is outside its period of validity.")                      \
    E(RIGHT_MISSING, 24, "right_missing", false, "The key lacks the right that this op needs.")                        \
    E(NOT_AUTHORISED, 25, "not_authorised", false, "The agency has no role on the task that allows this action.")      \
    /* The thing named is not there, or not for this reader. */                                                        \
    E(AGENCY_UNKNOWN, 30, "agency_unknown", false, "There is no agency of this id.")                                   \
    E(TASK_UNKNOWN, 31, "task_unknown", false, "There is no such task that this agency may read.")                     \
    E(CALENDAR_UNKNOWN, 32, "calendar_unknown", false, "There is no calendar of this id.")                             \
    E(POLICY_UNKNOWN, 33, "policy_unknown", false, "There is no policy of this id.")                                   \
    E(ESCALATION_UNKNOWN, 34, "escalation_unknown", false, "The task has no such open escalation.")                    \
    E(KEY_NOT_FOUND, 35, "key_not_found", false, "No agency has this key.")                                            \
    E(STREAM_UNKNOWN, 36, "stream_unknown", false, "This connection has no stream; subscribe first.")                  \
    E(ASK_UNKNOWN, 37, "ask_unknown", false, "The task has no such open request of its lead.")                         \
    /* The change does not fit what is there. */                                                                       \
    E(CONFLICT, 40, "conflict", false, "The task has moved on from the expected version; read it again and decide.")   \
    E(WRONG_STATE, 41, "wrong_state", false, "The task's state does not allow this action.")                           \
    E(REFERENCE_TAKEN, 42, "reference_taken", false, "The assigner already has a task of this reference.")             \
    E(NOT_ASSIGNABLE, 43, "not_assignable", false, "The agency takes no tasks, as a locality, or has ended or not begun.")       \
    E(TREE_CYCLE, 44, "tree_cycle", false, "An agency would stand above, succeed or stand in for itself.")                           \
    E(KEY_TAKEN, 45, "key_taken", false, "The key already belongs to an agency, or was revoked.")                      \
    E(REQUEST_REUSED, 46, "request_reused", false, "The request id was used before for another change.")               \
    E(UPWARD_DIRECTIVE, 47, "upward_directive", false, "A task to an agency above is of the kind recommendation or report.")     \
    E(DUE_IN_PAST, 48, "due_in_past", false, "The due time has passed already.")                                       \
    E(CALENDAR_RANGE, 49, "calendar_range", false, "Dates run from 2000-01-01 to 2099-12-31.")                         \
    E(DUPLICATE_ROLE, 50, "duplicate_role", false, "An agency is named twice among a task's roles.")                   \
    E(ALREADY_SUBSCRIBED, 51, "already_subscribed", false, "This connection has a stream; one connection carries one.") \
    E(EVIDENCE_REQUIRED, 52, "evidence_required", false, "The task's policy asks for proof; submit it with some.")         \
    E(OPEN_PARTS, 53, "open_parts", false, "Parts of the task are open; end them, or say why it is done without them.")   \
    E(NOT_TASKABLE, 54, "not_taskable", false, "The agency may not give tasks to that one: it is not under it, and "   \
                                               "nobody granted it.")                                                   \
    E(OTHER_STORE, 55, "other_store", false, "The store is another than the one that the sequences are of, such as "   \
                                             "one restored from a backup; begin anew.")                                \
    E(LABEL_TAKEN, 56, "label_taken", false, "The agency uses another key of this label.")                             \
    E(DUE_AFTER_PARENT, 57, "due_after_parent", false, "A part of a task would be due after the task.")                                                                       \
    E(ALREADY_ASKED, 58, "already_asked", false, "A request of this kind is open; wait for its decision, or take it back.") \
    E(ASKED_LATE, 59, "asked_late", false, "The task's policy wants an extension asked for earlier.")                  \
    /* A limit was reached. */                                                                                         \
    E(RATE_LIMITED, 60, "rate_limited", true, "The key sends faster than its quota, or this was changed just now; wait "  \
                                              "and send again.")                                                        \
    E(IN_FLIGHT_LIMIT, 61, "in_flight_limit", true, "The key has too many requests unanswered; wait for replies.")     \
    E(STREAM_LIMIT, 62, "stream_limit", true, "The broker carries as many streams as it may.")                         \
    E(CREDIT_LIMIT, 63, "credit_limit", false, "More credit was granted than a stream may hold.")                      \
    E(CAPACITY, 64, "capacity", false, "The broker holds as many of these as it may.")                                 \
    E(BATCH_FULL, 65, "batch_full", true, "The batch is full: this and all after it are refused; send them in another.") \
    E(COST_LIMITED, 66, "cost_limited", true, "The agency's programs ask for more than its turns allow, and more than " \
                                              "may wait; wait for replies, then send again.")                           \
    E(CONNECTION_LIMIT, 67, "connection_limit", true, "The agency has as many connections as it may; close some, then "  \
                                                      "connect again.")                                                 \
    E(STORAGE_LIMITED, 68, "storage_limited", false, "The agency has given as many tasks, or as many bytes of them, as " \
                                                     "it may; ask the administrator.")                                  \
    E(WRITE_LIMITED, 69, "write_limited", true, "The agency's changes of a day have written as much as they may; wait, " \
                                                "then send again.")                                                     \
    /* The broker cannot do it now. */                                                                                 \
    E(STORAGE_FULL, 70, "storage_full", true, "The store's disk is full: reads go on, changes wait for room.")         \
    E(STOPPING, 71, "stopping", true, "The broker is stopping; connect again and resend.")                             \
    E(BACKUP_RUNNING, 72, "backup_running", true, "Another backup is under way.")                                      \
    E(BACKUP_FAILED, 73, "backup_failed", false, "The backup could not be written at this path on the server.")        \
    E(CLOCK_DOUBTFUL, 74, "clock_doubtful", true, "The broker's clock cannot be right: reads go on, changes wait.")    \
    E(NOT_LEADER, 75, "not_leader", true, "This broker follows; send changes to the leader.")                          \
    E(BEHIND, 76, "behind", true, "The broker has not come so far yet; ask again, or ask the leader.")                 \
    E(NOT_SEVERAL, 77, "not_several", false, "The store is served by one broker alone.")                               \
    E(HAND_OVER_FAILED, 78, "hand_over_failed", true, "Nobody took the lead over; this broker leads on.")              \
    /* Recurring tasks. */                                                                                            \
    E(SCHEDULE_UNKNOWN, 115, "schedule_unknown", false, "This agency has no such schedule.")                           \
    E(HOT_SPOT_UNKNOWN, 120, "hot_spot_unknown", false, "There is no rule of hot spots of this id that concerns the agency.") \
    /* Told by the client library itself; never on the wire. */                                                        \
    E(TIMED_OUT, 80, "timed_out", true, "No reply came in time; the request may still have been done: resend its id.") \
    E(NO_MEMORY, 81, "no_memory", true, "The program is out of memory.")                                               \
    E(BAD_CONTEXT, 82, "bad_context", false, "The context file cannot be read, or lacks a setting.")                   \
    E(BAD_ARGUMENT, 83, "bad_argument", false, "The library was called with an argument that it cannot take.")         \
    E(BAD_REPLY, 84, "bad_reply", false, "The broker answered something that this library cannot read.")               \
    E(SYSTEM, 85, "system", false, "The operating system refused; the message names what.")                            \
    /* What tasks wait for. */                                                                                         \
    E(WAITS_FOR_ITSELF, 100, "waits_for_itself", false, "A task would wait for itself, through others or its parts.") \
    /* On opinions. */                                                                                                 \
    E(QUESTION_UNKNOWN, 105, "question_unknown", false, "The task has no such question to which an opinion is owed.") \
    /* Documents. */                                                                                                   \
    E(DOCUMENT_UNKNOWN, 110, "document_unknown", false, "There is no document of this number that this agency may read.") \
    E(PARAGRAPH_UNKNOWN, 111, "paragraph_unknown", false, "The document has no paragraph of this id.")                 \
    E(DOCUMENT_TAKEN, 112, "document_taken", false, "Another agency has a document of this number.")                   \
    E(DOCUMENT_OVER, 113, "document_over", false, "The document was replaced or withdrawn; name one that is in force.") \
    /* Targets. */                                                                                                     \
    E(PERIOD_WRONG, 125, "period_wrong", false, "The target has no such period, or its turn has not come.")            \
    E(SERIES_BEGUN, 126, "series_begun", false, "The target has values: its period, and how it counts, stay as they are.") \
    E(NO_INDICATOR, 127, "no_indicator", false, "The task is no target with an indicator: it has no values by period.")  \
    /* In another's name. */                                                                                           \
    E(NOT_STOOD_IN_FOR, 135, "not_stood_in_for", false, "The agency does not stand in for that one now.")              \
    E(NOT_ITS_OWN, 136, "not_its_own", false, "Who leads a task does nothing on it in another's name.")                \
    E(WHOSE_NAME, 137, "whose_name", false, "It could be meant in the name of several agencies; say which by `for`.")

#endif
