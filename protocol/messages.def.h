/* Every message, declared once: the C structs, the decoder, the encoder, the checks and the reference page are walks
 * over these tables.
 *
 * A message is a macro over five kinds of field:
 *   F(type, name, need, min, max, "sentence")   a scalar; type is one of
 *        u64 i64     min and max bound the value
 *        num         a finite float64 (integers are taken too); bounds are not used
 *        flag        true or false
 *        time        milliseconds since 1970-01-01T00:00Z
 *        text        UTF-8 in NFC without control characters other than \n and \t; bounds are bytes
 *        line        the same in one line, without tabs and marks that turn the direction of reading; so of what is sent, while what
 *                    was stored before the rule is read as it is
 *        words       text in which something can be seen, no spaces alone; so of what is sent, as with a line. It is the broker
 *                    that looks: that needs tables of Unicode
 *        day         text, `2024-06-28`
 *        bytes       msgpack bin; bounds are bytes
 *        texts       array of text of 1 to 256 bytes; bounds are the count
 *        u64s        array of u64; bounds are the count
 *        raws        array of whole messages, kept as they are encoded; bounds are the count
 *   T(vocabulary, name, need, "sentence")       one term of terms.def.h, by its name
 *   S(vocabulary, name, need, "sentence")       a set of terms, an array of names; a bit mask in C
 *   M(message, name, need, "sentence")          one nested message
 *   L(message, name, need, min, max, "sentence") an array of nested messages; bounds are the count
 * `need` is required or optional. A message has less than 128 fields; field i is present iff bit i of `has` is set.
 * The journal keeps fields by their places (compact.h): a new one goes to the end of its table, and none is moved or taken away.
 */
#ifndef COORD_MESSAGES_DEF_H
#define COORD_MESSAGES_DEF_H

/* In order of dependency: a message stands after those that it nests. M(CONSTANT, name, "sentence") */
#define COORD_MESSAGES(X)                                                                                              \
    X(EMPTY, empty, "No fields of its own.")                                                                           \
    X(KEY, key, "A public key of an agency.")                                                                          \
    X(STAND_IN, stand_in, "Who stands in for an agency, and when.")                                                    \
    X(STOOD, stood, "Who stood in an agency's place for a while.")                                                     \
    X(AGENCY, agency, "An organisation.")                                                                              \
    X(HOURS, hours, "One span of working time, on one weekday.")                                                       \
    X(EXCEPTION, exception, "A day on which a calendar departs from its week.")                                        \
    X(CALENDAR, calendar, "When an agency works.")                                                                     \
    X(STEP, step, "One rung of a ladder.")                                                                             \
    X(POLICY, policy, "A named, versioned set of deadlines and ladders.")                                              \
    X(PLANNED, planned, "What an indicator is to reach in one period.")                                                \
    X(INDICATOR, indicator, "How a target is measured, period by period.")                                             \
    X(MEASURED, measured, "The value of an indicator in one period.")                                                  \
    X(CONTENT, content, "What a task asks; every field may be amended.")                                               \
    X(HOT_SPOT_RULE, hot_spot_rule, "When so many tasks are late or escalated in one place that it is a hot spot, and who is to know.") \
    X(HOT_TASK, hot_task, "A task of a hot spot.")                                                                      \
    X(HOT_SPOT, hot_spot, "A rule, and how it stands.")                                                                \
    X(SCHEDULE, schedule, "Tasks that come again: one a period, of its assigner.")                                     \
    X(SCHEDULED, scheduled, "What became of one period of a schedule.")                                                \
    X(ESCALATION, escalation, "An escalation of a task.")                                                              \
    X(EVIDENCE_FILE, evidence_file, "One piece of the proof of work.")                                                 \
    X(COUNTED, counted, "How a due time was counted.")                                                                 \
    X(CUSTODY, custody, "Whose clock runs, and what for.")                                                             \
    X(SUCCESSION, succession, "A role whose holder has ended, and who has it now.")                                    \
    X(WISH, wish, "What a request of a task's lead asks for, or was granted.")                                         \
    X(ASKED, asked, "A request of a task's lead.")                                                                     \
    X(QUESTION, question, "What a task's lead asks agencies their opinion of.")                                        \
    X(OPINION, opinion, "The opinion of one agency that was asked.")                                                   \
    X(STORE_SETTINGS, store_settings, "What an administrator sets for the whole store.")                               \
    X(TASK, task, "A task, whole.")                                                                                    \
    X(PARAGRAPH, paragraph, "A paragraph of a document.")                                                             \
    X(PARAGRAPH_MOVE, paragraph_move, "What a paragraph has become in the document that replaces its own.")            \
    X(DOCUMENT, document, "A document that tasks come from.")                                                          \
    X(RECORD, record, "A fact in the journal; with `to`, also a notification to those agencies.")                      \
    X(ASSIGN, assign, "Request.")                                                                                      \
    X(CHANGE, change, "Request.")                                                                                      \
    X(REASON, reason, "Request.")                                                                                      \
    X(PROGRESS, progress, "Request.")                                                                                  \
    X(SUSPEND, suspend, "Request.")                                                                                    \
    X(REASSIGN, reassign, "Request.")                                                                                  \
    X(AMEND, amend, "Request.")                                                                                        \
    X(COMMENT, comment, "Request.")                                                                                    \
    X(ESCALATE, escalate, "Request.")                                                                                  \
    X(ACKNOWLEDGE, acknowledge, "Request.")                                                                            \
    X(ASK, ask, "Request.")                                                                                            \
    X(GRANT, grant, "Request.")                                                                                        \
    X(DENY, deny, "Request.")                                                                                          \
    X(TAKE_BACK, take_back, "Request.")                                                                                \
    X(ANSWER, answer, "Request.")                                                                                      \
    X(CONSULT, consult, "Request.")                                                                                    \
    X(OPINE, opine, "Request.")                                                                                        \
    X(RECALL, recall, "Request.")                                                                                      \
    X(TASK_GET, task_get, "Request.")                                                                                  \
    X(TASK_LIST, task_list, "Request.")                                                                                \
    X(TASK_HISTORY, task_history, "Request.")                                                                          \
    X(ESCALATION_LIST, escalation_list, "Request.")                                                                    \
    X(SUMMARY, summary, "Request.")                                                                                    \
    X(AGENCY_SET, agency_set, "Request.")                                                                              \
    X(LIST, list, "Request.")                                                                                          \
    X(KEY_SET, key_set, "Request.")                                                                                    \
    X(KEY_REVOKE, key_revoke, "Request.")                                                                              \
    X(KEY_LIST, key_list, "Request.")                                                                                  \
    X(CALENDAR_SET, calendar_set, "Request.")                                                                          \
    X(CALENDAR_EXPLAIN, calendar_explain, "Request.")                                                                  \
    X(CLOCK_ACCEPT, clock_accept, "Request.")                                                                          \
    X(POLICY_SET, policy_set, "Request.")                                                                              \
    X(STORE_SET, store_set, "Request.")                                                                                \
    X(TASK_CUSTODY, task_custody, "Request.")                                                                          \
    X(AGENCY_CUSTODY, agency_custody, "Request.")                                                                      \
    X(SCHEDULE_SET, schedule_set, "Request.")                                                                          \
    X(SCHEDULE_END, schedule_end, "Request.")                                                                          \
    X(SCHEDULE_GET, schedule_get, "Request.")                                                                          \
    X(SCHEDULE_LIST, schedule_list, "Request.")                                                                        \
    X(BACKUP, backup, "Request.")                                                                                      \
    X(HOT_SPOT_SET, hot_spot_set, "Request.")                                                                          \
    X(HOT_SPOT_REMOVE, hot_spot_remove, "Request.")                                                                    \
    X(HOT_SPOT_GET, hot_spot_get, "Request.")                                                                          \
    X(SUBSCRIBE, subscribe, "Request.")                                                                                \
    X(CREDIT, credit, "Request.")                                                                                      \
    X(CONSUMED, consumed, "Request.")                                                                                  \
    X(REQUESTS, batch, "Request.")                                                                                     \
    X(LINE, line, "One line of an explanation.")                                                                       \
    X(MOVE, move, "A due time that a changed calendar touches.")                                                       \
    X(SCHEDULE_MOVE, schedule_move, "What a changed calendar makes of a schedule's next period.")                      \
    X(TRIED_RUNG, tried_rung, "A rung of a ladder, by the policy that its task has and by one that is tried.")              \
    X(REHEARSED, rehearsed, "What a policy that is tried would make of one task.")                                     \
    X(HELLO_REPLY, hello_reply, "Reply.")                                                                              \
    X(CHANGED, changed, "What became of one task.")                                                                    \
    X(CHANGE_REPLY, change_reply, "Reply.")                                                                            \
    X(TASK_REPLY, task_reply, "Reply.")                                                                                \
    X(TASKS_REPLY, tasks_reply, "Reply.")                                                                              \
    X(RECORDS_REPLY, records_reply, "Reply.")                                                                          \
    X(OPEN_ESCALATION, open_escalation, "An escalation with its task.")                                                \
    X(ESCALATIONS_REPLY, escalations_reply, "Reply.")                                                                  \
    X(TALLY, tally, "Counts of one lead's tasks.")                                                                     \
    X(SUMMARY_REPLY, summary_reply, "Reply.")                                                                          \
    X(TURN, turn, "How long a task waited for one agency without a break.")                                            \
    X(CUSTODY_TALLY, custody_tally, "What one agency held, in ms of working time.")                                    \
    X(TASK_CUSTODY_REPLY, task_custody_reply, "Reply.")                                                                \
    X(AGENCY_CUSTODY_REPLY, agency_custody_reply, "Reply.")                                                                          \
    X(AGENCIES_REPLY, agencies_reply, "Reply.")                                                                        \
    X(OWNED_KEY, owned_key, "A key with its agency.")                                                                  \
    X(KEYS_REPLY, keys_reply, "Reply.")                                                                                \
    X(CALENDARS_REPLY, calendars_reply, "Reply.")                                                                      \
    X(EXPLAIN_REPLY, explain_reply, "Reply.")                                                                          \
    X(POLICIES_REPLY, policies_reply, "Reply.")                                                                        \
    X(HOT_SPOTS_REPLY, hot_spots_reply, "Reply.")                                                                      \
    X(HOT_SPOT_REPLY, hot_spot_reply, "Reply.")                                                                        \
    X(SCHEDULE_REPLY, schedule_reply, "Reply.")                                                                        \
    X(SCHEDULES_REPLY, schedules_reply, "Reply.")                                                                      \
    X(STATUS, status, "Request.")                                                                                      \
    X(ACCOUNT, account, "What one agency costs the broker, with all its keys and connections.")                        \
    X(STATUS_REPLY, status_reply, "Reply.")                                                                            \
    X(LOAD_REPLY, load_reply, "Reply.")                                                                                \
    X(BACKUP_REPLY, backup_reply, "Reply.")                                                                            \
    X(STREAM_REPLY, stream_reply, "Reply.")                                                                            \
    X(BATCH_REPLY, batch_reply, "Reply.")                                                                              \
    X(ERROR, error, "The reply to a request that was refused. Nothing of it was done.")                                \
    X(CLOSED, closed, "The broker ended the connection's stream.")                                                     \
    X(DOCUMENT_SET, document_set, "Request.")                                                                          \
    X(DOCUMENT_WITHDRAW, document_withdraw, "Request.")                                                                \
    X(DOCUMENT_REPLACE, document_replace, "Request.")                                                                  \
    X(DOCUMENT_GET, document_get, "Request.")                                                                          \
    X(DOCUMENT_LIST, document_list, "Request.")                                                                        \
    X(DOCUMENT_COVERAGE, document_coverage, "Request.")                                                                \
    X(DOCUMENT_REPLY, document_reply, "Reply.")                                                                        \
    X(DOCUMENTS_REPLY, documents_reply, "Reply.")                                                                      \
    X(COVERED, covered, "How the tasks that cite one paragraph stand.")                                                \
    X(CITING, citing, "A task that cites a document, in short.")                                                       \
    X(COVERAGE_REPLY, coverage_reply, "Reply.")                                                                        \
    X(REACHED, reached, "How far the connection's stream has come, where it passes over what is not chosen.") \
    X(TASK_EXPLAIN, task_explain, "Request.")                                                                          \
    X(DATED, dated, "One date of a task, and how it comes about.")                                                     \
    X(CLIMB, climb, "One step of a task's ladder: what of it has fired, and what comes next.")                         \
    X(HOLDING, holding, "A task that another waits for.")                                                              \
    X(TASK_EXPLAIN_REPLY, task_explain_reply, "Reply.") \
    X(TARGET_LIST, target_list, "Request.")                                                                            \
    X(COURSE, course, "A target, and how it stands.")                                                                  \
    X(COURSE_PERIOD, course_period, "One period of a target: what was planned, and what came of it.")                  \
    X(TARGET_REPLY, target_reply, "Reply.")                                                                            \
    X(TARGETS_REPLY, targets_reply, "Reply.")                                                                          \
    X(HELLO, hello, "Request.") \
    X(AGENCY_STAND_IN, agency_stand_in, "Request.") \
    X(HAND_OVER, hand_over, "Request.") \
    X(HAND_OVER_REPLY, hand_over_reply, "Reply.")

/* The requests. R(CONSTANT, op, message, right, class, reply, "sentence")
 *   right   which right the key needs: none (any known key), read, act or administer
 *   class   read: changes nothing.  change: recorded once per request id.  stream: this connection's stream.
 *           broker: about the broker itself.  batch: carries other requests.
 */
#define COORD_REQUESTS(R)                                                                                              \
    R(HELLO, hello, hello, none, read, hello_reply, "Who am I to the broker, and what are its limits?")                \
    R(ASSIGN, assign, assign, act, change, change_reply, "Give a task to one lead, to several, or to all children.")   \
    R(ACCEPT, accept, change, act, change, change_reply, "Take a task on.")                                            \
    R(START, start, change, act, change, change_reply, "Begin work on a task.")                                        \
    R(REPORT, report, progress, act, change, change_reply, "Say how far the work is.")                                 \
    R(SUBMIT, submit, progress, act, change, change_reply, "Say that the work is done, with the evidence.")            \
    R(CONFIRM, confirm, change, act, change, change_reply, "Agree that the work is done; closes the task.")            \
    R(REJECT, reject, reason, act, change, change_reply, "Send a submission back.")                                    \
    R(SUSPEND, suspend, suspend, act, change, change_reply, "Stop a task's clocks.")                                    \
    R(RESUME, resume, change, act, change, change_reply, "Let them run on; what is left of the time is kept.")         \
    R(REASSIGN, reassign, reassign, act, change, change_reply, "Give a task to another lead.")                         \
    R(AMEND, amend, amend, act, change, change_reply, "Change what a task asks, or by when.")                          \
    R(CANCEL, cancel, reason, act, change, change_reply, "Withdraw a task; closes it.")                                \
    R(COMMENT, comment, comment, act, change, change_reply, "Say something about a task.")                             \
    R(ESCALATE, escalate, escalate, act, change, change_reply, "Raise a task to a higher agency.")                     \
    R(ACKNOWLEDGE, acknowledge, acknowledge, act, change, change_reply, "Acknowledge an escalation.")                  \
    R(ASK, ask, ask, act, change, change_reply, "Ask for a later date, another lead, a pause, or a submission back.")  \
    R(GRANT, grant, grant, act, change, change_reply, "Grant what a task's lead asks for, as asked or otherwise.")     \
    R(DENY, deny, deny, act, change, change_reply, "Deny it.")                                                         \
    R(TAKE_BACK, take_back, take_back, act, change, change_reply, "Take back what one has asked for.")                 \
    R(ANSWER, answer, answer, act, change, change_reply, "Answer a recommendation; closes it.")                        \
    R(CONSULT, consult, consult, act, change, change_reply, "Ask agencies for an opinion on a task, by a date.")       \
    R(OPINE, opine, opine, act, change, change_reply, "Give an opinion that a task's lead asked for.")                 \
    R(RECALL, recall, recall, act, change, change_reply, "Take a question back, of all that owe an opinion, or of some.") \
    R(TASK_GET, task_get, task_get, read, read, task_reply, "One task, whole, with the ladder that lies ahead.")       \
    R(TASK_LIST, task_list, task_list, read, read, tasks_reply, "Tasks that this agency may read, by page.")           \
    R(TASK_HISTORY, task_history, task_history, read, read, records_reply, "The records of a task, newest first.")     \
    R(ESCALATION_LIST, escalation_list, escalation_list, read, read, escalations_reply, "Escalations, by page.")       \
    R(SUMMARY, summary, summary, read, read, summary_reply, "Counts by lead, summed over pages by the asker.")         \
    R(TASK_CUSTODY, task_custody, task_custody, read, read, task_custody_reply, "Whose clock ran when, over a task's life.") \
    R(AGENCY_CUSTODY, agency_custody, agency_custody, read, read, agency_custody_reply, "How long tasks waited for an agency, summed over pages by the asker.") \
    R(SCHEDULE_SET, schedule_set, schedule_set, act, change, change_reply, "Have a task made at the begin of each period, or change what is made.") \
    R(SCHEDULE_END, schedule_end, schedule_end, act, change, change_reply, "End a schedule: it makes no more tasks; those it made stay.") \
    R(SCHEDULE_GET, schedule_get, schedule_get, read, read, schedule_reply, "One schedule of this agency, with what it will make next, and why then.") \
    R(SCHEDULE_LIST, schedule_list, schedule_list, read, read, schedules_reply, "The schedules of this agency, by page.") \
    R(AGENCY_SET, agency_set, agency_set, administer, change, change_reply, "Add or change an agency.")                \
    R(AGENCY_LIST, agency_list, list, none, read, agencies_reply, "The agencies, by page, in order of id.")            \
    R(KEY_SET, key_set, key_set, administer, change, change_reply, "Add a key to an agency, or change its rights.")    \
    R(KEY_REVOKE, key_revoke, key_revoke, administer, change, change_reply, "Revoke a key, at once and for good.")     \
    R(KEY_LIST, key_list, key_list, none, read, keys_reply, "The keys of one's own agency; an administrator's, all.")  \
    R(CALENDAR_SET, calendar_set, calendar_set, administer, change, change_reply, "Add or replace a calendar.")        \
    R(CALENDAR_LIST, calendar_list, list, none, read, calendars_reply, "The calendars.")                               \
    R(CALENDAR_EXPLAIN, calendar_explain, calendar_explain, none, read, explain_reply, "Count days, line by line.")    \
    R(POLICY_SET, policy_set, policy_set, administer, change, change_reply, "Add a policy, or a new version of it.")   \
    R(POLICY_LIST, policy_list, list, none, read, policies_reply, "The policies, in their newest versions.")           \
    R(CLOCK_ACCEPT, clock_accept, clock_accept, administer, change, change_reply, "Take a doubted clock for right.")   \
    R(STORE_SET, store_set, store_set, administer, change, change_reply, "Change the store's settings.")               \
    R(HOT_SPOT_SET, hot_spot_set, hot_spot_set, act, change, change_reply, "Say when there is a hot spot, or change that.") \
    R(HOT_SPOT_REMOVE, hot_spot_remove, hot_spot_remove, act, change, change_reply, "Remove such a rule.")            \
    R(HOT_SPOT_LIST, hot_spot_list, list, read, read, hot_spots_reply, "The rules that concern one's own agency, and how they stand.") \
    R(HOT_SPOT_GET, hot_spot_get, hot_spot_get, read, read, hot_spot_reply, "One of them, with its tasks that one may read.") \
    R(DOCUMENT_SET, document_set, document_set, act, change, change_reply, "Add or change a document of one's own agency; an administrator's, any.") \
    R(DOCUMENT_WITHDRAW, document_withdraw, document_withdraw, act, change, change_reply, "Say that a document holds no more.") \
    R(DOCUMENT_REPLACE, document_replace, document_replace, act, change, change_reply, "Put another document in the place of one, and let its open tasks cite that.") \
    R(DOCUMENT_GET, document_get, document_get, read, read, document_reply, "One document, whole.")                     \
    R(DOCUMENT_LIST, document_list, document_list, read, read, documents_reply, "The documents that this agency may read, by page, in order of their numbers.") \
    R(DOCUMENT_COVERAGE, document_coverage, document_coverage, read, read, coverage_reply, "Which paragraphs of a document are carried out by which tasks, and how these stand, by page.") \
    R(TARGET_GET, target_get, task_get, read, read, target_reply, "A target's values against its plan, period by period, with trend and forecast.") \
    R(TARGET_LIST, target_list, target_list, read, read, targets_reply, "The targets that this agency may read, and how they stand, by page.") \
    R(STATUS, status, status, administer, broker, status_reply, "How the broker is.")                                   \
    R(LOAD, load, empty, read, broker, load_reply, "How busy the broker is, in sums, and what one's own agency costs it.") \
    R(BACKUP, backup, backup, administer, broker, backup_reply, "Write a consistent copy of the store.")               \
    R(SUBSCRIBE, subscribe, subscribe, read, stream, stream_reply, "Begin this connection's stream of notifications.") \
    R(CREDIT, credit, credit, read, stream, stream_reply, "Allow the broker to send more.")                            \
    R(CONSUMED, consumed, consumed, read, stream, stream_reply, "All up to this sequence is dealt with; keep my place.") \
    R(UNSUBSCRIBE, unsubscribe, empty, read, stream, stream_reply, "End this connection's stream.")                    \
    R(BATCH, batch, batch, none, batch, batch_reply, "Many requests in one frame, each answered by itself.")           \
    R(TASK_EXPLAIN, task_explain, task_explain, read, read, task_explain_reply, "When a task is due and why, and what its ladder has done and will do.") \
    R(AGENCY_STAND_IN, agency_stand_in, agency_stand_in, act, change, change_reply, "Have another agency stand in for one from a day to a day, or end that.") \
    R(HAND_OVER, hand_over, hand_over, administer, broker, hand_over_reply, "Have [another broker](#several-brokers) of the store lead in this one's place.")

/* ---- agencies and their keys ---- */

#define MSG_EMPTY(F, T, S, M, L)

#define MSG_KEY(F, T, S, M, L)                                                                                         \
    F(text, public_key, required, 40, 40, "CURVE public key in Z85.")                                                  \
    F(text, label, required, 1, 64, "Whose it is or what for: `văn thư`. No two keys that an agency uses have the same.")                      \
    S(right, rights, required, "What it may be used for.")                                                             \
    F(time, valid_until, optional, 0, INT64_MAX, "Not accepted at or after this time.")                                \
    F(time, revoked, optional, 0, INT64_MAX, "Since when it is revoked; set by the broker.")

#define MSG_STAND_IN(F, T, S, M, L)                                                                                    \
    F(text, by, required, 1, 64, "Who stands in.")                                                                     \
    F(time, from, required, 0, INT64_MAX, "From then on.")                                                             \
    F(time, until, required, 0, INT64_MAX, "Not at or after this time.")                                               \
    F(day, from_day, optional, 10, 10, "The first day…")                                                               \
    F(day, until_day, optional, 10, 10, "…and the last, as they were said.")

#define MSG_STOOD(F, T, S, M, L)                                                                                       \
    F(text, by, required, 1, 64, "Who was its successor.")                                                             \
    F(time, from, required, 0, INT64_MAX, "From then on.")                                                             \
    F(time, until, required, 0, INT64_MAX, "Not at or after this time.")

#define MSG_AGENCY(F, T, S, M, L)                                                                                      \
    F(text, agency, required, 1, 64, "Its id, by the [rule of ids](#ids-and-names); `h55` is not `H55`.")         \
    F(text, name, required, 1, 256, "Its name, in Vietnamese.")                                                        \
    F(text, name_en, optional, 0, 256, "Its name in English.")                                                         \
    F(text, sort, optional, 0, 64, "Its sort: `party`, `government`, `police`.")                                       \
    F(text, parent, optional, 0, 64, "The agency right above it; none at the top.")                                    \
    F(flag, assignable, optional, 0, 0, "Whether it takes tasks; true when absent.")                                   \
    F(time, valid_from, optional, 0, INT64_MAX, "It does not exist before.")                                           \
    F(time, valid_until, optional, 0, INT64_MAX, "It does not exist at or after this time.")                           \
    F(text, successor, optional, 0, 64, "Who takes its place, tasks and notifications once it is gone.")               \
    F(texts, may_task, optional, 0, 64, "With `tasking` `tree`: agencies that it may task besides its own subtree, "   \
                                        "each with all under it.")                                                      \
    M(stand_in, stand_in, optional, "Who [stands in for it](#standing-in); set by `agency_stand_in` alone, and kept when the agency is changed.") \
    F(time, stand_in_set, optional, 0, INT64_MAX, "When that was said last; set by the broker.")                       \
    L(stood, stood, optional, 0, 8, "Who stood in its place before a succession in force was [changed](#successions-changed), the oldest first; set by the broker.") \
    F(time, succession_set, optional, 0, INT64_MAX, "When its succession was set or changed; set by the broker.")

/* ---- working time ---- */

#define MSG_HOURS(F, T, S, M, L)                                                                                       \
    F(u64, weekday, required, 1, 7, "1 is Monday, 7 is Sunday (ISO 8601).")                                            \
    F(u64, open, required, 0, 1439, "Minute of the day at which work begins.")                                         \
    F(u64, close, required, 1, 1440, "Minute of the day at which it ends; after `open`.")

#define MSG_EXCEPTION(F, T, S, M, L)                                                                                   \
    F(day, day, required, 10, 10, "Which day.")                                                                        \
    F(flag, working, required, 0, 0, "false: a day off. true: a working day, with hours of its own or else those of the first weekday that works.") \
    F(text, name, optional, 0, 128, "What for: `Tết Nguyên đán`.")                                                     \
    F(text, uid, optional, 0, 64, "The event of a feed that it came from: iCalendar's UID, or a digest of a long one.") \
    F(text, feed, optional, 0, 64, "A mark of that feed: its next edition may take the day back.")                     \
    F(u64, open, optional, 0, 1439, "Minute at which work begins on this very day; several spans are several "         \
                                    "exceptions of one day.")                                                          \
    F(u64, close, optional, 1, 1440, "Minute at which it ends; required with `open`.")

#define MSG_CALENDAR(F, T, S, M, L)                                                                                    \
    F(text, calendar, required, 1, 64, "Its id.")                                                                      \
    F(text, name, optional, 0, 256, "Its name.")                                                                       \
    F(text, zone, optional, 0, 64, "Name of its time zone, for people: `Asia/Ho_Chi_Minh`.")                           \
    F(i64, utc_offset, required, -720, 840, "Minutes east of UTC, all year, 420 for +07:00: zones with summer time are not served.")   \
    L(hours, hours, required, 1, 21, "The working week. A weekday without hours is a day off.")                        \
    L(exception, exceptions, optional, 0, 4096, "Days off, make-up working days, days with hours of their own.")                                  \
    F(text, provisional_from, optional, 0, 10, "Days from here on are not yet decreed.")

#define MSG_STEP(F, T, S, M, L)                                                                                        \
    T(deadline, deadline, required, "Which deadline it is counted from.")                                              \
    F(i64, offset, required, -3660, 3660, "How long after it; negative is before.")                                    \
    T(unit, unit, required, "In what. By days, it fires when that day's work begins; by hours, from the deadline.")    \
    T(rung, does, required, "What it does.")                                                                           \
    F(u64, level, optional, 1, 9, "Level of the escalation; required with `escalate`, absent otherwise.")              \
    S(role, to, optional, "Who is told, by role; required without `agencies`.")                                                                     \
    F(texts, agencies, optional, 0, 16, "Who is told, by id.")                                                         \
    F(u64, repeat, optional, 1, 3660, "Repeats after this long, and again, until the deadline is met; an "             \
                                      "acknowledgement holds it back, or ends it.")                                    \
    T(unit, repeat_unit, optional, "In what; required with `repeat`.")                                                 \
    F(u64, repeat_max, optional, 1, 1000, "With `repeat`: at most so many; 1000 when absent.")                                \
    T(catchup, catchup, optional, "What becomes of it when it is late and others are due with it; `merge` when absent.")\
    F(flag, in_working_time, optional, 0, 0, "Its hours and minutes are counted in working time; not with days.")

#define MSG_POLICY(F, T, S, M, L)                                                                                      \
    F(text, policy, required, 1, 64, "Its id.")                                                                        \
    F(u64, version, optional, 1, UINT32_MAX, "Set by the broker: one more than the last.")                             \
    F(text, name, optional, 0, 256, "Its name.")                                                                       \
    F(text, source, optional, 0, 512, "The law or regulation that it comes from.")                                     \
    F(u64, accept_within, optional, 1, 3660, "The lead must accept within this long of the assignment.")               \
    T(unit, accept_unit, optional, "In what, with `accept_within`; `working_days` when absent.")                                             \
    F(text, due, optional, 1, 32, "Due when the assigner names no date: `30d`, `10wd`, `16wh`.")                       \
    L(step, steps, required, 0, 32, "The rungs of its ladders; the first is step 0.")                                                       \
    F(u64, acknowledged_for, optional, 0, 366, "For so many working days an acknowledgement holds back what escalates; " \
                                               "then it goes on. 3 when absent; 0: it holds back nothing.")            \
    T(proof, evidence, optional, "Whether a submission brings proof of the work; `optional` when absent.")             \
    F(u64, decide_within, optional, 1, 3660, "What a lead asks for must be decided within this long.")                 \
    T(unit, decide_unit, optional, "In what, with `decide_within`; `working_days` when absent.")                       \
    F(u64, ask_before, optional, 0, 366, "An extension is asked for so many working days before the due date at the latest. " \
                                         "Absent: also after it.")                                                     \
    F(u64, ordinary, optional, 0, 64, "So many requests of a kind are granted by the assigner; whoever stands above it " \
                                      "decides on the next. Absent: all.")                                             \
    F(u64, answer_at_least, optional, 0, 366, "As the store's default policy: a recommendation or report to an agency that may not be " \
                                              "tasked leaves it so many working days until it is due. Absent: 1.")    \
    F(u64, bounces_max, optional, 0, 1000, "How often a task may be given to another lead: each time after that is escalated at once. " \
                                           "Absent: without a limit.")                                                 \
    F(u64, bounces_level, optional, 1, 9, "With `bounces_max`: at which level, and so to whom the steps tell that escalate at it; 3 when absent.")

/* ---- hot spots ---- */

#define MSG_HOT_SPOT_RULE(F, T, S, M, L)                                                                               \
    F(text, rule, required, 1, 64, "Its id, by the [rule of ids](#ids-and-names).")                                    \
    F(text, area, optional, 1, 64, "Of the tasks of this area…")                                                       \
    F(text, agency, optional, 1, 64, "…that this agency leads, or one under it; one of the two is there at least.")    \
    F(u64, tasks, required, 1, 1000000, "So many that are open, and overdue or with an escalation that nobody has acknowledged, make a hot spot.") \
    F(texts, to, required, 1, 16, "Who is told.")                                                                      \
    F(text, by, optional, 1, 64, "The agency that set it for what is under it; absent when an administrator did. Set by the broker.")

#define MSG_HOT_TASK(F, T, S, M, L)                                                                                    \
    F(u64, task, required, 1, INT64_MAX, "Its number.")                                                                \
    F(text, reference, required, 1, 128, "Its reference.")                                                             \
    F(text, lead, required, 1, 64, "Its lead.")                                                                        \
    F(flag, overdue, optional, 0, 0, "It is overdue.")                                                                 \
    F(flag, escalated, optional, 0, 0, "An escalation of it waits for an acknowledgement.")

#define MSG_HOT_SPOT(F, T, S, M, L)                                                                                    \
    M(hot_spot_rule, rule, required, "The rule.")                                                                      \
    F(u64, count, required, 0, INT64_MAX, "How many tasks there are that it counts; who reads it need not be allowed to read them all.") \
    F(time, raised, optional, 0, INT64_MAX, "Since when it is a hot spot; absent when it is none.")                    \
    L(hot_task, tasks, optional, 0, 1000, "Of these, by number, those that the reader may read; in a notification the first 20.") \
    F(flag, counting, optional, 0, 0, "The rule or the tree has changed, and it is being counted anew: `count` is what was counted before.") \
    F(u64, told, optional, 1, 16, "In a notification: of those in the rule's `to` so many have been told with it; absent with the last.")

/* ---- tasks ---- */

/* 260 weeks are five years, the longest that a plan is made for. A plan and values of so many periods take 13 KB of a task, and 31
 * KB of a frame: 260 × (12 + 39) bytes, and 260 × (32 + 90). */
#define MSG_PLANNED(F, T, S, M, L)                                                                                     \
    F(line, period, required, 4, 10, "Which: `2024-W23`, `2024-06`, `2024-Q2`, `2024-H1`, `2024`.")                    \
    F(num, value, required, 0, 0, "The [figure](#figures) to be reached.")

#define MSG_INDICATOR(F, T, S, M, L)                                                                                   \
    T(better, better, optional, "Which values are the better ones; `more` when absent.")                               \
    T(counting, counting, optional, "What a value says of its period; `level` when absent.")                           \
    F(u64, per, optional, 1, 1000000, "It is a rate, so many to each `per`: 100 of a percentage. Each value comes with its numerator and its denominator.")

#define MSG_MEASURED(F, T, S, M, L)                                                                                    \
    F(line, period, required, 4, 10, "Which period: `2024-Q2`.")                                                       \
    F(num, value, required, 0, 0, "The [figure](#figures); of a rate, as it was counted.")                             \
    F(num, numerator, optional, 0, 0, "Of a rate.")                                                                    \
    F(num, denominator, optional, 0, 0, "Of a rate.")                                                                  \
    F(time, time, optional, 0, INT64_MAX, "When it was reported, as it is now; absent in a record, which has its time.") \
    F(num, was, optional, 0, 0, "In a record that corrects a value: what it was before.")

/* What is asked. `assign` and `amend` send it, a task holds it. */
#define MSG_CONTENT_FIELDS(F, T, S, M, L)                                                                              \
    T(kind, kind, optional, "What sort of task; `directive` when absent.")                                             \
    F(text, title, optional, 1, 1024, "What is to be done, in a line, or a few. Required to assign.")                          \
    F(text, description, optional, 0, 16384, "The same at length.")                                                    \
    F(line, document, optional, 0, 256, "Number of the source document, as it stands: `620-BC/HU`.")                   \
    F(line, paragraph, optional, 0, 64, "Where in the document: `mục II.3`.")                                          \
    F(texts, cooperating, optional, 0, 64, "Agencies that work along with the lead.")                                  \
    F(text, supervisor, optional, 0, 64, "The agency that watches over it.")                                           \
    F(texts, observers, optional, 0, 64, "Agencies that are kept informed.")                                           \
    T(priority, priority, optional, "How pressing; `normal` when absent.")                                             \
    F(line, area, optional, 0, 64, "Field of work: `land`.")                                                           \
    F(texts, tags, optional, 0, 16, "Words to find it by.")                                                            \
    F(num, target, optional, 0, 0, "The figure to be reached.")                                                        \
    F(line, unit, optional, 0, 32, "Unit of the figure: `ha`, `%`.")                                                   \
    F(u64, parent, optional, 1, INT64_MAX, "The task that this is a part of.")                                         \
    T(scope, scope, optional, "Who may read it; `normal` when absent.")                                                \
    T(period, reporting, optional, "How often the lead owes a report; never when absent.")

#define MSG_CONTENT(F, T, S, M, L)                                                                                     \
    MSG_CONTENT_FIELDS(F, T, S, M, L)                                                                                  \
    F(text, due, optional, 1, 32, "By when: `2024-06-28` (to the end of that day), `2024-06-28T16:30`, `10wd`, `30d`, " \
                                  "`16wh`.")                                                                           \
    F(texts, excluded, optional, 0, 64, "Agencies that no escalation tells of it, and that succeed to nothing on it; "  \
                                        "the right to read that an escalation gave is taken back.")                    \
    F(u64, follows, optional, 1, INT64_MAX, "The task that it comes after: what was recommended before, and how it was answered.") \
    F(u64, weight, optional, 1, 1000, "Of a part: how much of its whole it is, beside the other parts; 1 when absent.") \
    F(u64s, waits_for, optional, 0, 16, "Tasks that must [end before it](#what-a-task-waits-for).") \
    F(texts, paragraphs, optional, 0, 16, "Paragraphs of the document that it carries out, by their ids: `II.3`. Of a document " \
                                          "that the broker has they must be there.")                                   \
    M(indicator, indicator, optional, "Of a target: how it is [measured](#targets), each period of its `reporting`. It stays a target then.") \
    L(planned, plan, optional, 0, 260, "What its indicator is to reach, period by period, the first period first.")

/* What is set; then what the broker keeps with it. A hundred years have 5,218 weeks. */
#define MSG_SCHEDULE(F, T, S, M, L)                                                                                    \
    F(line, schedule, required, 1, 64, "Its id, by the [rule of references](#ids-and-names), unique with its assigner. " \
                                       "Each task's reference is this and the period: `BC-tuan/2024-W23`.")            \
    F(texts, leads, optional, 0, 256, "Who is to lead, as of `assign`; with several, each reference gets `/LEAD` after it.") \
    F(text, children_of, optional, 0, 64, "Instead of `leads`: every assignable agency right under this one when the period begins.") \
    M(content, content, required, "What is asked each time, as of `assign`. Its `due` is a count from the period's first day: `5wd`.") \
    F(text, policy, optional, 1, 64, "As of `assign`.")                                                                \
    F(text, calendar, optional, 1, 64, "As of `assign`; a day begins by its time zone.")                               \
    T(period, period, required, "How often: a week begins on its Monday; a month, quarter, half year or year on its first day.") \
    F(flag, due_at_end, optional, 0, 0, "Instead of `content.due`: each is due with the period's last day, or with the next working day after that.") \
    F(day, from, optional, 10, 10, "The first period is the one that this day lies in, which may not be over. Absent: the next to begin.") \
    F(day, until, optional, 10, 10, "No period that begins after this day.")                                           \
    F(u64, count, optional, 1, 5218, "So many periods, those that were passed over or could not be made counted.")     \
    T(catchup, catchup, optional, "What becomes of periods that began while the broker was down, or before the last: `fire` makes " \
                                  "each, `merge` (when absent) the last alone, `record` none that was missed. What is not made is on record.") \
    F(u64, number, optional, 1, UINT32_MAX, "Its number with the broker, which sets this and all that follows.")       \
    F(text, assigner, optional, 1, 64, "Whose it is: in replies, who stands in its place now.")                        \
    F(day, next, optional, 10, 10, "The first day of the period that is to come; absent once it has ended.")           \
    F(day, last, optional, 10, 10, "The first day of the last period that came.")                                      \
    F(u64, periods, optional, 0, UINT32_MAX, "How many periods came.")                                                 \
    F(u64, made, optional, 0, INT64_MAX, "How many tasks were made.")                                                  \
    F(text, trouble, optional, 0, 512, "Why nothing was made of the last period; absent when something was, or it was passed over.") \
    F(time, ended, optional, 0, INT64_MAX, "Since when it has ended.")                                                 \
    F(text, set_by, optional, 1, 64, "In replies, of one whose agency has ended: that agency, which `assigner` names where another has its id.")

#define MSG_SCHEDULED(F, T, S, M, L)                                                                                   \
    F(text, schedule, required, 1, 64, "Its id.")                                                                      \
    F(text, assigner, required, 1, 64, "Whose it is, by the name that it was set by.")                                 \
    F(u64, number, required, 1, UINT32_MAX, "Its number with the broker.")                                             \
    F(text, period, required, 4, 10, "Which period: `2024-W23`, `2024-06`, `2024-Q2`, `2024-H1`, `2024`.")             \
    F(day, begin, required, 10, 10, "Its first day.")                                                                  \
    F(u64, made, optional, 0, 256, "In a record of the period: how many tasks were made, in the records right before it.") \
    F(day, next, optional, 10, 10, "The first day of the period that is to come next; absent: none is.")               \
    F(text, error, optional, 1, 64, "Name of the error for which no task could be made; the record's `reason` says more.") \
    F(text, field, optional, 1, 128, "Path of the schedule's field that is at fault.")

#define MSG_ESCALATION(F, T, S, M, L)                                                                                  \
    F(u64, escalation, required, 1, INT64_MAX, "Its id: the sequence of the record that opened it.")                   \
    F(u64, level, required, 1, 9, "How high up the ladder.")                                                           \
    F(texts, to, required, 1, 64, "The agencies that it wants an acknowledgement of, by their names of now while it is open; one of them is enough.")          \
    F(time, opened, required, 0, INT64_MAX, "When.")                                                                   \
    F(text, reason, optional, 0, 4096, "Why.")                                                                         \
    F(text, by, optional, 0, 64, "The agency that raised it by hand; absent when a policy did.")                       \
    F(u64, step, optional, 0, 31, "The policy step that raised it, from 0; absent when by hand, and of one because its lead changed too often.")                              \
    F(time, acknowledged, optional, 0, INT64_MAX, "When it was acknowledged.")                                         \
    F(text, acknowledged_by, optional, 0, 64, "By which agency.")                                                      \
    F(time, closed, optional, 0, INT64_MAX, "When it ended unacknowledged: submitted, closed or superseded.")          \
    F(u64, round, optional, 2, UINT32_MAX, "The round of its deadline that it belongs to; absent: the first.")         \
    F(flag, superseded, optional, 0, 0, "It ended because its deadline has a new date, or its report came.")           \
    F(time, holds_until, optional, 0, INT64_MAX, "Until when its acknowledgement holds back what escalates; absent when it does not.")

#define MSG_EVIDENCE_FILE(F, T, S, M, L)                                                                               \
    F(text, name, required, 1, 512, "The file's name, in one line; or the URL at which it is.")                        \
    F(u64, size, optional, 0, INT64_MAX, "Bytes in it.")                                                               \
    F(bytes, sha256, optional, 32, 32, "SHA-256 of them.")

/* 16 × (512 bytes of name + 80) = 9.5 KB: a task with as many is smaller than its description may be. */
#define MSG_EVIDENCE_FILES(L, sentence) L(evidence_file, evidence_files, optional, 0, 16, sentence)

#define MSG_COUNTED(F, T, S, M, L)                                                                                     \
    F(text, words, required, 1, 32, "What was said: `10wd`.")                                                          \
    F(time, from, required, 0, INT64_MAX, "When it was said.")                                                         \
    F(u64, stood, optional, 0, UINT32_MAX, "How long its clock has stood still since: working days, of `wh` minutes.") \
    F(time, was, optional, 0, INT64_MAX, "Of a due time that was counted anew: what it was before.") \
    F(u64, period, optional, 1, 65535, "Of a report: the end of which period since `from`, the first being 1.")

#define MSG_SUCCESSION(F, T, S, M, L)                                                                                  \
    T(role, role, required, "Its role: assigner, lead, cooperating, supervisor or observer.")                          \
    F(text, agency, required, 1, 64, "Who was given the role, and has ended.")                                         \
    F(text, successor, required, 1, 64, "Who has it now.")                                                             \
    F(time, since, required, 0, INT64_MAX, "Since when.")

#define MSG_WISH(F, T, S, M, L)                                                                                        \
    F(time, due, optional, 0, INT64_MAX, "The new due time: the first instant that is too late.")                      \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    F(text, lead, optional, 1, 64, "The new lead.")                                                                    \
    F(time, until, optional, 0, INT64_MAX, "When the clocks run on.")                                                  \
    F(day, until_day, optional, 10, 10, "The last day on which they stand still.")

#define MSG_ASKED(F, T, S, M, L)                                                                                       \
    F(u64, ask, required, 1, INT64_MAX, "Its id: the sequence of the record in which it was asked.")                   \
    T(asking, asking, required, "What for.")                                                                           \
    F(text, by, required, 1, 64, "The lead that asks, by its name of then.")                                           \
    F(time, asked, required, 0, INT64_MAX, "When.")                                                                    \
    M(wish, wanted, required, "What exactly.")                                                                         \
    F(text, reason, optional, 0, 4096, "Why; in a record, its `note` says it.")                                        \
    F(text, decider, required, 1, 64, "Who is to decide it; while it is open, by its name of now.")                    \
    F(time, decide_due, optional, 0, INT64_MAX, "By when.")                                                            \
    M(counted, counted, optional, "How that was counted, when it is a count; `words` are the policy's.")               \
    T(settlement, outcome, optional, "What became of it; absent while it is open.")                                       \
    F(time, decided, optional, 0, INT64_MAX, "When.")                                                                  \
    F(text, decided_by, optional, 1, 64, "By whom.")                                                                   \
    F(text, decision, optional, 0, 4096, "In what words; in a record, its `note` says it.")                            \
    M(wish, granted, optional, "What was granted.")                                                                    \
    F(time, handed, optional, 0, INT64_MAX, "When it went to this decider, if another was to decide it first.")

#define MSG_QUESTION(F, T, S, M, L)                                                                                    \
    F(u64, question, required, 1, INT64_MAX, "Its id: the sequence of the record in which it was asked.")              \
    F(text, by, required, 1, 64, "The lead that asks, by its name of then.")                                           \
    F(time, asked, required, 0, INT64_MAX, "When.")                                                                    \
    F(time, due, required, 0, INT64_MAX, "By when the opinions are owed: the first instant that is too late.")         \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    M(counted, counted, optional, "How that was counted, when it was given as a count.")                               \
    F(text, note, optional, 0, 4096, "What is asked; in a record, its `note` says it.")                                \
    F(texts, evidence, optional, 0, 4, "Names of what is shown with it; the record's `evidence_files` say more.")

/* 64 of a task have 4,096 bytes of words and 4 names of 256 each, and 16 questions as much: 410 KB of a frame's 1 MiB. */
#define MSG_OPINION(F, T, S, M, L)                                                                                     \
    F(u64, question, required, 1, INT64_MAX, "Which question it is on.")                                               \
    F(text, agency, required, 1, 64, "Who was asked; while it is owed, by its name of now.")                           \
    T(opining, state, required, "What became of it.")                                                                  \
    F(time, silent, optional, 0, INT64_MAX, "Since when it is or was late: the date, or when who was asked ended.")    \
    F(time, ended, optional, 0, INT64_MAX, "When it was given or withdrawn, or the task closed; absent while it is owed.") \
    F(u64, shown, optional, 1, INT64_MAX, "The record by which it ended: the agency may read the history up to there, but not of a task that is `restricted`.") \
    F(text, by, optional, 1, 64, "Who gave it, by its name of then.")                                                  \
    T(answering, answer, optional, "With what outcome.")                                                               \
    F(text, note, optional, 0, 4096, "In what words; in a record, its `note` says it.")                                \
    F(texts, evidence, optional, 0, 4, "Names of what it rests on; the record's `evidence_files` say more.")           \
    F(u64, silent_days, optional, 0, INT64_MAX, "Working days of silence, until it ended or now; in replies.")

#define MSG_CUSTODY(F, T, S, M, L)                                                                                     \
    F(text, agency, optional, 1, 64, "Whose clock runs; absent when nobody's does: the task is closed.")               \
    T(charge, charge, optional, "What for.")                                                                           \
    F(time, since, optional, 0, INT64_MAX, "Since when; absent in a record, which has its time, and of a task that was under way before the broker kept it.") \
    F(text, given_to, optional, 1, 64, "In a record: the agency that has ended, in whose place `agency` stands.")

#define MSG_TASK(F, T, S, M, L)                                                                                        \
    F(u64, task, required, 1, INT64_MAX, "Its number, given by the broker.")                                           \
    F(text, reference, required, 1, 128, "The assigner's own code, unique with that assigner: `HT-036`.")              \
    T(state, state, required, "Where it stands.")                                                                      \
    F(u64, version, required, 1, UINT32_MAX, "Grows by one with each change by an agency.")                            \
    F(text, assigner, required, 1, 64, "The agency that gave it, or who stands in its place now.")                     \
    F(text, lead, required, 1, 64, "The agency that answers for it now.")                                              \
    MSG_CONTENT_FIELDS(F, T, S, M, L)                                                                                  \
    F(text, policy, optional, 1, 64, "Its policy.")                                                                    \
    F(u64, policy_version, optional, 1, UINT32_MAX, "Which version; a task keeps the version it was given under.")     \
    F(text, calendar, optional, 1, 64, "The calendar that its days are counted in.")                                   \
    F(time, assigned, required, 0, INT64_MAX, "When its lead was given it.")                                           \
    F(time, due, optional, 0, INT64_MAX, "By when it must be submitted: the first instant that is too late.")          \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    F(time, original_due, optional, 0, INT64_MAX, "The first due time it was given; never changed.")                   \
    F(time, accept_due, optional, 0, INT64_MAX, "By when the lead must accept.")                                       \
    F(time, report_due, optional, 0, INT64_MAX, "By when the next report is owed.")                                    \
    F(u64, percent, optional, 0, 100, "How much is done, as last reported.")                                           \
    F(num, value, optional, 0, 0, "The figure reached, as last reported.")                                             \
    F(text, note, optional, 0, 4096, "What the lead last said.")                                                       \
    F(text, evidence, optional, 0, 512, "Where the proof of the work is.")                                             \
    F(bytes, evidence_sha256, optional, 32, 32, "SHA-256 of the proof.")                                               \
    F(time, reported, optional, 0, INT64_MAX, "When the lead last reported; on a target with an indicator, a value.")  \
    F(time, submitted, optional, 0, INT64_MAX, "When it was last submitted; with `rejected`, that was sent back.")                                          \
    F(time, closed, optional, 0, INT64_MAX, "When it was confirmed or cancelled.")                                     \
    F(time, suspended, optional, 0, INT64_MAX, "Since when its clocks stand still.")                                   \
    T(state, resumes_as, optional, "While suspended: the state it goes back to.")                                      \
    L(escalation, escalations, optional, 0, 64, "Its escalations, oldest first.")                                      \
    F(u64s, fired, optional, 0, 32, "How often each step of its policy has fired, step 0 first.")                                    \
    F(u64, record, required, 1, INT64_MAX, "Sequence of its newest record.")                                           \
    T(timeliness, timeliness, optional, "How it stands against its due time, now; in replies.")   \
    M(counted, counted, optional, "How `due` was counted, when it was given as a count.")                              \
    F(text, note_by, optional, 1, 64, "The lead that said `note`.")                                                    \
    F(time, note_time, optional, 0, INT64_MAX, "When.")                                                                \
    F(text, assigner_note, optional, 0, 4096, "What the assigner's side last said: with a decision or as a comment.")  \
    F(text, assigner_note_by, optional, 1, 64, "Who said it: the assigner, the supervisor, or who had a request to decide.")                        \
    F(time, assigner_note_time, optional, 0, INT64_MAX, "When.")                                                       \
    F(text, other_note, optional, 0, 4096, "What another agency last said: one that cooperates, observes, stands above.") \
    F(text, other_note_by, optional, 1, 64, "Who said it.")                                                            \
    F(time, other_note_time, optional, 0, INT64_MAX, "When.")                                                          \
    F(text, rejection, optional, 0, 4096, "Why its last submission was sent back; gone when it is submitted again, or closed.") \
    F(text, rejected_by, optional, 1, 64, "Who sent it back.")                                                         \
    F(time, rejected, optional, 0, INT64_MAX, "When.")                                                                 \
    F(u64, lead_unanswered, optional, 1, UINT32_MAX, "Comments by others since the lead last acted on the task.")      \
    F(u64, assigner_unanswered, optional, 1, UINT32_MAX, "Comments by others since the assigner, the supervisor or a decider did.") \
    MSG_EVIDENCE_FILES(L, "The proof of the work, as last given; `evidence` and its SHA-256 are the first.")           \
    L(succession, successions, optional, 0, 131, "Agencies with a role on it that have ended: the fields of their "    \
                                                 "roles name who stands in their place now.")                          \
    F(texts, excluded, optional, 0, 64, "Agencies that no escalation tells of it, and that succeed to nothing on it.") \
    L(asked, asks, optional, 0, 64, "What its lead has asked for, oldest first.")                                      \
    F(time, until, optional, 0, INT64_MAX, "While suspended: when its clocks run on by themselves.")                   \
    F(u64, follows, optional, 1, INT64_MAX, "The task that it comes after.")                                           \
    T(answering, answer, optional, "Of a recommendation: what it was answered with; `note` says it at length.")        \
    F(text, passed_to, optional, 1, 64, "With `passed_on`: to which agency.") \
    M(custody, custody, optional, "Whose clock runs now, and what for; absent of one that is closed.") \
    F(u64, weight, optional, 1, 1000, "Of a part: how much of its whole it is, beside the other parts; 1 when absent.") \
    F(u64, parts_percent, optional, 0, 100, "Of a task with parts: how far these are together, [by weight](#parts).") \
    F(u64, open_parts, optional, 1, UINT32_MAX, "How many of its parts are open.") \
    F(u64s, waits_for, optional, 0, 16, "Tasks that must [end before it](#what-a-task-waits-for).") \
    F(u64s, held_up, optional, 0, 16, "Those of them that have not ended.") \
    F(u64, bounces, optional, 1, UINT32_MAX, "How often it was given to another lead.")                                \
    F(texts, led, optional, 0, 16, "Who led it before, by the names under which they were given it, the newest last; with many, the newest of them.") \
    L(question, questions, optional, 0, 16, "What its lead has asked others their opinion of, oldest first.") \
    L(opinion, opinions, optional, 0, 64, "Those opinions, in the order in which they were asked.") \
    F(texts, paragraphs, optional, 0, 16, "The paragraphs of its document that it carries out.")                       \
    M(indicator, indicator, optional, "Of a target: how it is measured.")                                              \
    L(planned, plan, optional, 0, 260, "What its indicator is to reach, period by period.")                            \
    L(measured, values, optional, 0, 260, "The values of its indicator, the first period first.")                      \
    F(text, value_owed, optional, 4, 10, "Of which period a value is owed by `report_due`.")                           \
    F(text, value_missing, optional, 4, 10, "Of which period the value is missing: it ended without it.")              \
    F(texts, values_missing, optional, 0, 12, "Of a target that is open: all its periods that are over and have no value, the first first; of more than 12 the newest.") \
    F(u64, values_missing_more, optional, 1, UINT32_MAX, "How many there are before those.")

/* ---- documents ---- */

/* A document has DOCUMENT_BYTES_MAX at most, which the core holds it to (daemon/core/document.h): 256 paragraphs of some 500
 * bytes. It is replied whole. */
#define MSG_PARAGRAPH(F, T, S, M, L)                                                                                   \
    F(line, paragraph, required, 1, 64, "Its id, as it is cited: `II.3`.")                                             \
    F(text, text, optional, 0, 4096, "What it says.")

#define MSG_PARAGRAPH_MOVE(F, T, S, M, L)                                                                              \
    F(line, from, required, 1, 64, "Its id in the document that is replaced.")                                         \
    F(line, to, optional, 0, 64, "Its id in the one that replaces it; empty or absent: it has none there.")

#define MSG_DOCUMENT(F, T, S, M, L)                                                                                    \
    F(line, document, required, 1, 256, "Its number, as it stands: `620-BC/HU`. No two have the same.")                \
    F(text, issuer, optional, 0, 64, "The agency that issued it. When absent that stays; of a new one it is one's own.")                              \
    T(document_kind, kind, required, "What sort of document.")                                                         \
    F(words, title, required, 1, 1024, "What it is about.")                                                            \
    F(day, issued, optional, 10, 10, "Its date.")                                                                      \
    T(scope, scope, optional, "Who may read it: `normal`, all; `restricted`, its issuer, those under it, and who may read a " \
                              "task that cites it and that one of these gave. When absent it stays; a new one is `normal`.")                  \
    L(paragraph, paragraphs, optional, 0, 256, "Its paragraphs, in their order, none twice; left out in lists.")       \
    T(force, force, optional, "Whether it holds; set by the broker.")                                                  \
    F(time, since, optional, 0, INT64_MAX, "When it was replaced or withdrawn; set by the broker.")                    \
    F(text, note, optional, 0, 4096, "Why; set by the broker.")                                                        \
    F(text, replaced_by, optional, 0, 256, "The number of the document that replaces it; set by the broker.")          \
    L(paragraph_move, moves, optional, 0, 256, "With `replaced_by`: what its paragraphs have become, where not the same there.") \
    F(texts, ends, optional, 0, 64, "With `replaced_by`: references of its issuer's tasks that it ends; to each reader those that it may read.") \
    F(u64s, end_tasks, optional, 0, 64, "Their numbers, in that order; set by the broker.")                            \
    F(flag, takes_all, optional, 0, 0, "With `replaced_by`: whether all open tasks that cite it go along, whoever gave them, for an administrator replaced it; set by the broker.")

/* Of the store. A setting that was never set, as in a store of before there was one, is as absent. */
#define MSG_STORE_SETTINGS_FIELDS(F, T)                                                                                \
    F(text, default_policy, optional, 0, 64, "The policy of a task that is given without one, once there is a policy " \
                                             "of this id; `none` or absent: it has none.")                             \
    T(tasking, tasking, optional, "Whom an agency may give tasks to; `open` when absent.")

#define MSG_STORE_SETTINGS(F, T, S, M, L) MSG_STORE_SETTINGS_FIELDS(F, T)

#define MSG_RECORD(F, T, S, M, L)                                                                                      \
    F(u64, seq, required, 1, INT64_MAX, "Its sequence; the journal has no gaps.")                                      \
    F(time, time, required, 0, INT64_MAX, "When, by the broker's clock.")                                              \
    T(record, record, required, "What sort of fact.")                                                                  \
    F(text, actor, optional, 1, 64, "The agency that did it; absent when time did.")                                   \
    F(text, key, optional, 1, 64, "Label of the key that it was done with.")                                           \
    F(text, officer, optional, 0, 128, "The officer who acted for the agency, as its program says.")                   \
    F(text, request, optional, 1, 64, "Id of the request.")                                                            \
    F(bytes, digest, optional, 16, 16, "BLAKE2b-128 of the request; of a store's record, the store's identity.")       \
    F(u64, part, optional, 0, 4096, "Which of the request's records this is, from 0; absent when it made one.")                                 \
    F(u64, parts, optional, 1, 4096, "How many records the request made; absent: one.")                                             \
    F(u64, task, optional, 1, INT64_MAX, "The task.")                                                                  \
    F(u64, previous, optional, 0, INT64_MAX, "Sequence of the task's record before this one; 0 with the first.")       \
    F(u64, version, optional, 1, UINT32_MAX, "The task's version after it.")                                           \
    T(action, action, optional, "What was done; absent when time did it.")                                             \
    T(state, state, optional, "The task's state after it.")                                                            \
    F(text, reference, optional, 1, 128, "The task's reference.")                                                      \
    F(text, title, optional, 1, 1024, "The task's title; of `removed`, the last that those in `to` might read.")                                                             \
    F(text, assigner, optional, 1, 64, "The task's assigner, by the name of then.")                                                         \
    F(text, lead, optional, 1, 64, "The task's lead after it, by the name of then.")                                                        \
    F(time, due, optional, 0, INT64_MAX, "The task's due time after it.")                                              \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    F(time, accept_due, optional, 0, INT64_MAX, "With a new lead or clock: by when to accept.")                        \
    F(time, report_due, optional, 0, INT64_MAX, "By when the next report is owed, after it.")                          \
    F(u64, percent, optional, 0, 100, "As reported.")                                                                  \
    F(num, value, optional, 0, 0, "As reported.")                                                                      \
    F(text, note, optional, 0, 4096, "The report, reason or comment, in the agency's words.")                          \
    F(text, evidence, optional, 0, 512, "Where the proof is.")                                                         \
    F(bytes, evidence_sha256, optional, 32, 32, "SHA-256 of the proof.")                                               \
    F(text, policy, optional, 1, 64, "At assignment: its policy.")                                                     \
    F(u64, policy_version, optional, 1, UINT32_MAX, "And the version.")                                                \
    F(text, calendar, optional, 1, 64, "And the calendar.")                                                            \
    M(content, content, optional, "At assignment and amendment: what is asked. Absent fields are unchanged.")          \
    T(deadline, deadline, optional, "Of a rung: which deadline.")                                                      \
    F(u64, step, optional, 0, 31, "Of a rung: the step of the policy, from 0.")                                                \
    F(u64, occurrence, optional, 0, 65535, "Of a rung: 0 the first time, then its repeats.")                           \
    F(time, instant, optional, 0, INT64_MAX, "Of a rung: when it was to fire.")                                        \
    T(catchup, missed, optional, "Of a rung missed while the broker was down: what became of it.")                     \
    F(u64, escalation, optional, 1, INT64_MAX, "The escalation that was opened, repeated or acknowledged.")            \
    F(u64, level, optional, 1, 9, "Its level.")                                                                        \
    F(texts, addressed, optional, 0, 64, "Of an escalation that is told: who is to acknowledge it, from now on.")      \
    T(notice, notice, optional, "Of a notification: what it tells.")                                                   \
    T(severity, severity, optional, "Of a notification: how loudly.")                                                  \
    F(text, reason, optional, 0, 512, "Of a notification: why it was sent, in one sentence.")                          \
    F(texts, to, optional, 0, 256, "Whom it notifies.")                                                                \
    T(scope, scope, optional, "`restricted`: told to nobody but those in `to`.")                                       \
    M(agency, agency, optional, "Of an agency or key record: the agency.")                                             \
    M(key, entry, optional, "Of a key record: the key, whole.")                                                        \
    M(calendar, calendar_set, optional, "Of a calendar record: the calendar, whole.")                                  \
    M(policy, policy_set, optional, "Of a policy record: the policy, whole.")                                          \
    F(u64, round, optional, 2, UINT32_MAX, "Of a rung: which round of its deadline it is of; absent: the first.")      \
    F(u64s, stands_for, optional, 0, 32, "Of a rung: steps that were due with it, and are told by this one notice.")   \
    S(deadline, rounds, optional, "Of an action: the deadlines of which it begins a new round.")                       \
    F(u64s, superseded, optional, 0, 64, "Escalations that ended by it, those of a round that is over.")   \
    M(counted, counted, optional, "How a due time was given, when as a count; or the date that replaces one.")         \
    T(role, role, optional, "Of an action with a note, or that answers comments: as what the actor did it.")              \
    M(store_settings, store_settings, optional, "Of a settings record: the store's settings, whole.")                  \
    MSG_EVIDENCE_FILES(L, "The proof, each piece by itself; none: what was given before is withdrawn.")                \
    M(counted, accept_counted, optional, "How `accept_due` was counted, when it is a count; `words` are the policy's.") \
    M(counted, report_counted, optional, "How `report_due` was counted: `words` say how often, `from` is the assignment.") \
    F(u64s, readdressed, optional, 0, 64, "Of an amendment: escalations to nobody but those it excludes, which go to the assigner.") \
    F(u64, forgotten, optional, 1, INT64_MAX, "The escalation that makes room for the one opened, when not the oldest that ended.") \
    F(flag, placed, optional, 0, 0, "Of an agency record: from here on it stands elsewhere in the tree.")                \
    S(clearable, cleared, optional, "At amendment: what was taken away.") \
    M(asked, asked, optional, "Of an action on a request of the lead: the request, as it stands after it.")            \
    F(u64s, ended, optional, 0, 8, "Requests of the lead that it has settled, so that nothing is left to decide.")     \
    F(time, until, optional, 0, INT64_MAX, "Of a suspension: when the clocks run on by themselves.")                   \
    T(answering, answer, optional, "Of an answer: with what outcome; `note` says it at length.")                       \
    F(text, passed_to, optional, 1, 64, "With `passed_on`: to which agency.")                                          \
    F(flag, day_off, optional, 0, 0, "Of a due date that was given by it: it is a day off by the task's calendar.") \
    M(custody, custody, optional, "Whose clock runs from here on, when that changes: nobody's of a task that it closes.") \
    F(u64, open_parts, optional, 1, UINT32_MAX, "Of a submission, confirmation or answer: how many parts of the task were open; `note` says why it was done over them.") \
    F(texts, chain, optional, 0, 16, "Of an escalation of a task that is overdue and waits for another: by what it is held up, and that by what, to the end: references, or `#12` of one that is restricted.") \
    F(text, holder, optional, 1, 64, "With `chain`: the agency whose clock runs at its end, who is told as well.") \
    F(u64, bounces, optional, 1, UINT32_MAX, "Of a new lead, and of an escalation because of it: how often the task was given to another.") \
    M(hot_spot_rule, hot_spot_rule, optional, "Of a rule's record: the rule, whole.")                                  \
    F(flag, rule_removed, optional, 0, 0, "Of a rule's record: it is there no more.")                                  \
    M(hot_spot, hot_spot, optional, "Of a hot spot that is raised or cleared: how it stands, and its tasks that the one in `to` may read.") \
    M(question, question, optional, "The question of the lead that an agency or the clock did something to.") \
    L(opinion, opinions, optional, 0, 32, "The opinions on it that were asked, given or withdrawn, or that are late.") \
    M(schedule, schedule_set, optional, "Of a schedule record: the schedule, whole.")                                  \
    M(scheduled, scheduled, optional, "Of a period record: which period of which schedule, and what became of it; of a task that one made: which.") \
    M(document, document, optional, "Of a document record: the document, whole, as it stands after it.")               \
    M(measured, measured, optional, "Of a report on a target with an indicator: the value; `value` beside it is what is reached with it.") \
    F(text, value_missing, optional, 4, 10, "Of a period of such a target that ended without its value: which.") \
    F(text, stand_in, optional, 1, 64, "The agency that did it, standing in for `actor`, in whose name it is done; `key` and `officer` are its own.") \
    F(texts, stand_ins, optional, 0, 256, "Who is told of it as well, as it stands in for one of those in `to`.")

/* ---- requests ---- */

/* Every change may say who did it. */
#define MSG_BY_WHOM(F) F(line, officer, optional, 0, 128, "The officer who acts for the agency.")

/* Every change may be tried: a field of each, at the end of its table. */
#define MSG_DRY_RUN(F) F(flag, dry_run, optional, 0, 0, "Decide it and answer, and do nothing: a [dry run](#dry-runs).")

/* Every change of one task names it, and may say which version it was decided on. */
#define MSG_ON_TASK(F)                                                                                                 \
    F(u64, task, required, 1, INT64_MAX, "The task.")                                                                  \
    F(u64, expect, optional, 1, UINT32_MAX, "The version it was decided on; another gives `conflict`.")                \
    MSG_BY_WHOM(F)

#define MSG_ASSIGN(F, T, S, M, L)                                                                                      \
    F(text, reference, required, 1, 128, "The assigner's own code, by the [rule of references](#ids-and-names). With "  \
                                         "several leads, each task gets `/LEAD` after it; with one, none.")                            \
    F(texts, leads, optional, 0, 256, "Who is to lead: one task for each.")                                            \
    F(text, children_of, optional, 0, 64, "Instead of `leads`: every assignable agency right under this one.")         \
    F(text, policy, optional, 1, 64, "Its policy. `none`: no ladder. Absent: the store's `default_policy`.")                                              \
    F(text, calendar, optional, 1, 64, "Its calendar; `default` when absent.")                                         \
    M(content, content, required, "What is asked. A due date in the past is refused unless `backdated`. It is written for " \
                                  "each lead: its bytes × leads are 2 MiB at most, 8 KiB for each of 256.")             \
    F(flag, backdated, optional, 0, 0, "Take a due date that has passed: for work entered late.")                      \
    MSG_BY_WHOM(F) \
    MSG_DRY_RUN(F)

#define MSG_CHANGE(F, T, S, M, L)                                                                                      \
    MSG_ON_TASK(F)                                                                                                     \
    F(text, note, optional, 0, 4096, "In the agency's words.") \
    MSG_DRY_RUN(F)

#define MSG_REASON(F, T, S, M, L)                                                                                      \
    MSG_ON_TASK(F)                                                                                                     \
    F(words, note, required, 1, 4096, "The reason.") \
    MSG_DRY_RUN(F)

#define MSG_SUSPEND(F, T, S, M, L)                                                                                     \
    MSG_ON_TASK(F)                                                                                                     \
    F(words, note, required, 1, 4096, "The reason.")                                                                    \
    MSG_DRY_RUN(F)                                                                                                     \
    F(text, until, optional, 1, 32, "Until when, as `content.due`: of a day, to its end. Absent: until it is resumed.")

/* What the lead says of the work: a record has the same fields. */
#define MSG_PROGRESS_FIELDS(F, T, S, M, L) \
    F(u64, percent, optional, 0, 100, "How much is done.")                                                             \
    F(num, value, optional, 0, 0, "The figure reached, in the task's unit.")                                           \
    F(text, note, optional, 0, 4096, "What was done, in the agency's words.")                                          \
    F(text, evidence, optional, 0, 512, "Where the proof of the work is, when it is one piece.")                       \
    F(bytes, evidence_sha256, optional, 32, 32, "SHA-256 of the proof.")                                               \
    MSG_EVIDENCE_FILES(L, "The proof of the work, in place of what was given before. `evidence` may stand beside it for " \
                          "older brokers, and is its first then.")

#define MSG_PROGRESS(F, T, S, M, L) \
    MSG_ON_TASK(F) \
    MSG_PROGRESS_FIELDS(F, T, S, M, L) \
    MSG_DRY_RUN(F) \
    F(line, period, optional, 4, 10, "Of a report on a target with an [indicator](#targets): of which period `value` is. Absent: of that whose value is missing or else owed, or of the period under way.") \
    F(num, numerator, optional, 0, 0, "With it, of a rate: `value` is counted from the two, and may be left out.")    \
    F(num, denominator, optional, 0, 0, "Above 0.")

#define MSG_REASSIGN(F, T, S, M, L)                                                                                    \
    MSG_ON_TASK(F)                                                                                                     \
    F(text, lead, required, 1, 64, "The new lead: another; no longer `cooperating` or an observer, if it was.")                                                                    \
    F(words, note, required, 1, 4096, "The reason.")                                                                    \
    F(text, due, optional, 1, 32, "By when from now on, as in `content`; the date stays when absent.") \
    MSG_DRY_RUN(F) \
    F(flag, backdated, optional, 0, 0, "Take a due date that has passed: for work entered late.")

#define MSG_AMEND(F, T, S, M, L)                                                                                       \
    MSG_ON_TASK(F)                                                                                                     \
    M(content, content, required, "What changes; absent fields stay, empty texts and lists clear, but for "\
       "title and due. What is a term, a number or a date is replaced, or taken away by `clear`.")  \
    F(text, note, optional, 0, 4096, "The reason.")                                                                    \
    F(flag, backdated, optional, 0, 0, "Take a due date that has passed: for work entered late.") \
    MSG_DRY_RUN(F) \
    S(clearable, clear, optional, "What is taken away, and is as if it had never been given. `original_due` stays.")

#define MSG_COMMENT(F, T, S, M, L)                                                                                     \
    MSG_ON_TASK(F)                                                                                                     \
    F(words, note, required, 1, 4096, "The comment.") \
    MSG_DRY_RUN(F)

#define MSG_ESCALATE(F, T, S, M, L)                                                                                    \
    MSG_ON_TASK(F)                                                                                                     \
    F(u64, level, optional, 1, 9, "1 when absent.")                                                                    \
    F(texts, to, optional, 0, 16, "To whom, but oneself; the supervisor, or else the assigner, when absent.")                       \
    F(words, note, required, 1, 4096, "The reason.") \
    MSG_DRY_RUN(F)

#define MSG_ACKNOWLEDGE(F, T, S, M, L)                                                                                 \
    MSG_ON_TASK(F)                                                                                                     \
    F(u64, escalation, required, 1, INT64_MAX, "Which escalation.")                                                    \
    F(text, note, optional, 0, 4096, "What will be done about it.") \
    MSG_DRY_RUN(F)

#define MSG_ASK(F, T, S, M, L)                                                                                         \
    MSG_ON_TASK(F)                                                                                                     \
    T(asking, asking, required, "What for.")                                                                           \
    F(words, note, required, 1, 4096, "The reason.")                                                                    \
    F(text, due, optional, 1, 32, "Of an extension: by when, as in `content`; later than it is due.")                  \
    F(text, lead, optional, 1, 64, "Of a transfer: to whom. Of a return: who should have it, if one knows.")           \
    F(text, until, optional, 1, 32, "Of a suspension: until when, as `content.due`.")                                  \
    MSG_DRY_RUN(F)

#define MSG_GRANT(F, T, S, M, L)                                                                                       \
    MSG_ON_TASK(F)                                                                                                     \
    F(u64, ask, required, 1, INT64_MAX, "Which request of the lead.")                                                  \
    F(text, note, optional, 0, 4096, "In the agency's words.")                                                         \
    F(text, due, optional, 1, 32, "Another date than was asked for; with a new lead, by when from now on.")            \
    F(text, lead, optional, 1, 64, "Another lead. A return without any is given to the assigner itself, if it takes tasks.")              \
    F(text, until, optional, 1, 32, "Another end of the suspension.")                                                  \
    MSG_DRY_RUN(F)

#define MSG_DENY(F, T, S, M, L)                                                                                        \
    MSG_ON_TASK(F)                                                                                                     \
    F(u64, ask, required, 1, INT64_MAX, "Which request of the lead.")                                                  \
    F(words, note, required, 1, 4096, "The reason.")                                                                    \
    MSG_DRY_RUN(F)

#define MSG_TAKE_BACK(F, T, S, M, L)                                                                                   \
    MSG_ON_TASK(F)                                                                                                     \
    F(u64, ask, required, 1, INT64_MAX, "Which request of one's own.")                                                 \
    F(text, note, optional, 0, 4096, "In the agency's words.")                                                         \
    MSG_DRY_RUN(F)

#define MSG_ANSWER(F, T, S, M, L)                                                                                      \
    MSG_ON_TASK(F)                                                                                                     \
    T(answering, answer, required, "With what outcome.")                                                               \
    F(words, note, required, 1, 4096, "The answer.")                                                                   \
    F(text, to, optional, 1, 64, "With `passed_on`: to which agency.")                                                 \
    MSG_DRY_RUN(F)

#define MSG_CONSULT(F, T, S, M, L)                                                                                     \
    MSG_ON_TASK(F)                                                                                                     \
    F(texts, agencies, required, 1, 32, "Who is asked.")                                                               \
    F(text, due, required, 1, 32, "By when an opinion is owed, as `content.due`.")                                     \
    F(words, note, required, 1, 4096, "What is asked.")                                                                \
    L(evidence_file, evidence_files, optional, 0, 4, "What is shown with it; names of 256 bytes.")                  \
    MSG_DRY_RUN(F)

#define MSG_OPINE(F, T, S, M, L)                                                                                       \
    MSG_ON_TASK(F)                                                                                                     \
    F(u64, question, required, 1, INT64_MAX, "Which question.")                                                        \
    T(answering, answer, required, "With what outcome: `agreed`, `agreed_in_part` or `refused`.")                      \
    F(words, note, required, 1, 4096, "The opinion.")                                                                  \
    L(evidence_file, evidence_files, optional, 0, 4, "What it rests on; names of 256 bytes.")                       \
    MSG_DRY_RUN(F)

#define MSG_RECALL(F, T, S, M, L)                                                                                      \
    MSG_ON_TASK(F)                                                                                                     \
    F(u64, question, required, 1, INT64_MAX, "Which question of one's own.")                                           \
    F(texts, agencies, optional, 0, 32, "Who owes no opinion on it any more; all that do when absent or empty.") \
    F(text, note, optional, 0, 4096, "In the agency's words.")                                                         \
    MSG_DRY_RUN(F)

#define MSG_TASK_GET(F, T, S, M, L)                                                                                    \
    F(u64, task, optional, 1, INT64_MAX, "By its number; or")                                                          \
    F(text, assigner, optional, 1, 64, "by its assigner (one's own agency when absent)")                               \
    F(text, reference, optional, 1, 128, "and its reference. With `task` too, either has to be that task's (`bad_value`).")

/* Paging: ask with `after` = the `next` of the reply before; a page may be short, or empty, and still not the last. */
#define MSG_PAGE(F)                                                                                                    \
    F(u64, after, optional, 0, INT64_MAX, "Only what comes after this; 0 when absent.")                                \
    F(u64, limit, optional, 1, 1000, "At most so many; 100 when absent.")

#define MSG_TASK_LIST(F, T, S, M, L)                                                                                   \
    MSG_PAGE(F)                                                                                                        \
    F(text, agency, optional, 1, 64, "Only those in which this agency has a role.")                                    \
    S(role, roles, optional, "Which roles count for `agency`; any when absent.")                                       \
    F(flag, subtree, optional, 0, 0, "Also those of the agencies under it.")                                           \
    S(state, states, optional, "Only those in one of these states.")                                                   \
    S(timeliness, timeliness, optional, "Only those that stand so.")                                                   \
    S(kind, kinds, optional, "Only those of these kinds.")                                                             \
    F(text, area, optional, 1, 64, "Only those of this area.")                                                         \
    F(text, tag, optional, 1, 256, "Only those with this tag.")                                                        \
    F(text, document, optional, 1, 256, "Only those from this document.")                                              \
    F(text, reference, optional, 1, 128, "Only those of this reference, and `REFERENCE/LEAD` of one given to several.") \
    F(u64, parent, optional, 1, INT64_MAX, "Only the parts of this task.")                                             \
    F(time, due_before, optional, 0, INT64_MAX, "Only those due before.")                                              \
    F(text, search, optional, 1, 256, "Only those whose title holds this text; case, accents and đ do not matter.") \
    F(flag, waiting, optional, 0, 0, "Only those that wait for another which has not ended.") \
    F(u64, changed_after, optional, 0, INT64_MAX, "Only those whose newest record comes after this sequence: what has changed since.")

#define MSG_TASK_HISTORY(F, T, S, M, L)                                                                                \
    F(u64, task, required, 1, INT64_MAX, "The task.")                                                                  \
    F(u64, before, optional, 1, INT64_MAX, "Only records before this one, a record of the task: the `next` of the reply before.")       \
    F(u64, limit, optional, 1, 1000, "At most so many; 100 when absent.")

#define MSG_ESCALATION_LIST(F, T, S, M, L)                                                                             \
    MSG_PAGE(F)                                                                                                        \
    F(flag, mine, optional, 0, 0, "Only those addressed to one's own agency.")                                         \
    F(flag, closed, optional, 0, 0, "Also those acknowledged or ended.")

#define MSG_SUMMARY(F, T, S, M, L) MSG_PAGE(F)

#define MSG_TASK_CUSTODY(F, T, S, M, L) F(u64, task, required, 1, INT64_MAX, "The task.")

#define MSG_AGENCY_CUSTODY(F, T, S, M, L)                                                                              \
    MSG_PAGE(F)                                                                                                        \
    F(text, agency, optional, 1, 64, "Whose; one's own agency when absent.")                                           \
    F(flag, subtree, optional, 0, 0, "Also of the agencies under it, each by itself.")                                 \
    F(time, since, optional, 0, INT64_MAX, "Only what it held from then on.")                                          \
    F(time, before, optional, 0, INT64_MAX, "Only what it held before; now when absent.")

/* A store without a key that administers is mended on its own machine alone. */
#define MSG_EVEN_LAST(F)                                                                                               \
    F(flag, even_last, optional, 0, 0, "Do it even when no key is left then that administers. Only `coordd admin-key`, " \
                                       "on the machine of the broker, makes another.")

#define MSG_AGENCY_SET(F, T, S, M, L)                                                                                  \
    M(agency, agency, required, "The agency, whole.")                                                                  \
    MSG_BY_WHOM(F) \
    MSG_DRY_RUN(F) \
    MSG_EVEN_LAST(F)

#define MSG_AGENCY_STAND_IN(F, T, S, M, L)                                                                             \
    F(text, agency, optional, 1, 64, "Who is stood in for; one's own agency when absent.")                             \
    F(text, by, optional, 1, 64, "Who stands in for it, in place of whoever does. Absent: nobody any more.")           \
    F(day, from, optional, 10, 10, "From this day on, today or later, by the calendar `default`; today when absent.")  \
    F(day, until, optional, 10, 10, "To the end of this day; required with `by`.")                                     \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_DRY_RUN(F)

#define MSG_LIST(F, T, S, M, L)                                                                                        \
    F(text, name, optional, 1, 64, "Only the one of this id.")                                                         \
    F(text, after, optional, 0, 64, "Only those whose id comes after this, byte by byte.")                             \
    F(u64, limit, optional, 1, 1000, "At most so many; 100 when absent.")

#define MSG_KEY_SET(F, T, S, M, L)                                                                                     \
    F(text, agency, required, 1, 64, "Whose key.")                                                                     \
    M(key, key, required, "The key.")                                                                                  \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_EVEN_LAST(F) \
    MSG_DRY_RUN(F)

#define MSG_KEY_REVOKE(F, T, S, M, L)                                                                                  \
    F(text, public_key, required, 40, 40, "Which key.")                                                                \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_EVEN_LAST(F) \
    MSG_DRY_RUN(F)

#define MSG_KEY_LIST(F, T, S, M, L)                                                                                    \
    F(text, agency, optional, 1, 64, "Only this agency's.")                                                            \
    F(text, after, optional, 0, 40, "Only keys after this one, byte by byte.")                                         \
    F(u64, limit, optional, 1, 1000, "At most so many; 100 when absent.")

#define MSG_CALENDAR_SET(F, T, S, M, L)                                                                                \
    M(calendar, calendar, required, "The calendar, whole.")                                                            \
    MSG_BY_WHOM(F)                                                                                                     \
    F(flag, dry_run, optional, 0, 0, "A [dry run](#dry-runs): it says besides, in `moves`, which due times it would "  \
                                     "touch.")                                                                         \
    F(u64, after, optional, 0, INT64_MAX, "Of a dry run: only what comes after this; the `next` of the reply before.")

#define MSG_CALENDAR_EXPLAIN(F, T, S, M, L)                                                                            \
    F(text, calendar, optional, 1, 64, "Which; `default` when absent.")                                                \
    F(text, from, required, 1, 32, "The day that does not count. Working hours begin at a minute: `2024-06-03T16:00`.") \
    F(text, add, optional, 1, 32, "`10wd`, `30d`, `16wh`, or a date to count the working days to.")                    \
    F(text, suspended, optional, 1, 32, "Instead of `add`: `from` is a deadline, whose task was suspended here…")      \
    F(text, resumed, optional, 1, 32, "…and resumed here: where the deadline moves.")

#define MSG_CLOCK_ACCEPT(F, T, S, M, L)                                                                                \
    F(time, clock, optional, 0, INT64_MAX, "What the doubted clock said when it was looked at; a minute off, and it "  \
                                           "is refused.")                                                              \
    MSG_BY_WHOM(F) \
    MSG_DRY_RUN(F)

#define MSG_POLICY_SET(F, T, S, M, L)                                                                                  \
    M(policy, policy, required, "The policy, whole.")                                                                  \
    MSG_BY_WHOM(F) \
    MSG_DRY_RUN(F) \
    F(time, since, optional, 0, INT64_MAX, "Of a dry run: [rehearse](#what-a-policy-would-do) it on the tasks that have the policy, and on what lies behind since then.") \
    F(u64, after, optional, 0, INT64_MAX, "With `since`: only tasks after this one; the `next` of the reply before.")

#define MSG_STORE_SET(F, T, S, M, L)                                                                                   \
    M(store_settings, settings, required, "What changes; absent settings stay.")                                       \
    MSG_BY_WHOM(F) \
    MSG_DRY_RUN(F)

#define MSG_HOT_SPOT_SET(F, T, S, M, L)                                                                                \
    M(hot_spot_rule, rule, required, "The rule, whole.")                                                               \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_DRY_RUN(F)

#define MSG_HOT_SPOT_REMOVE(F, T, S, M, L)                                                                             \
    F(text, rule, required, 1, 64, "Which.")                                                                           \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_DRY_RUN(F)

#define MSG_HOT_SPOT_GET(F, T, S, M, L)                                                                                \
    F(text, rule, required, 1, 64, "Which.")                                                                           \
    MSG_PAGE(F)

#define MSG_SCHEDULE_SET(F, T, S, M, L)                                                                                \
    M(schedule, schedule, required, "The schedule, whole. One that runs goes on after the last period that came; one that has ended begins anew.") \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_DRY_RUN(F)

/* Of two that an agency stands for and that have the same id, `assigner` says which. */
#define MSG_WHICH_SCHEDULE(F)                                                                                          \
    F(text, schedule, required, 1, 64, "Its id.")                                                                      \
    F(text, assigner, optional, 1, 64, "Whose it was (`set_by`), of one that this agency has taken over. Absent: its own, or else the first that it has.")

#define MSG_SCHEDULE_END(F, T, S, M, L)                                                                                \
    MSG_WHICH_SCHEDULE(F)                                                                                              \
    F(text, note, optional, 0, 4096, "The reason.")                                                                    \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_DRY_RUN(F)

#define MSG_SCHEDULE_GET(F, T, S, M, L) MSG_WHICH_SCHEDULE(F)

#define MSG_SCHEDULE_LIST(F, T, S, M, L)                                                                               \
    MSG_PAGE(F)                                                                                                        \
    F(flag, ended, optional, 0, 0, "Also those that have ended.")

#define MSG_HAND_OVER(F, T, S, M, L)                                                                                   \
    F(text, to, optional, 1, 256, "Where clients find the broker that is to lead, as its `not_leader` and `status` name brokers; absent: any that follows or waits.")

#define MSG_HAND_OVER_REPLY(F, T, S, M, L)                                                                             \
    F(text, leader, required, 0, 256, "Where the broker is that leads now; empty when it did not say so.")             \
    F(u64, epoch, required, 0, INT64_MAX, "How often the lead has been taken.")                                           \
    F(u64, took_ms, required, 0, INT64_MAX, "From the request on: so long no change was done; those that came wait, and are answered `not_leader`.")

#define MSG_BACKUP(F, T, S, M, L)                                                                                      \
    F(text, path, required, 1, 512, "Name of the copy, in the broker's backup directory; no slash.")

#define MSG_SUBSCRIBE(F, T, S, M, L)                                                                                   \
    F(line, consumer, optional, 1, 64, "Durable name, per agency: the broker keeps its place. None: a passing stream.") \
    F(u64, from, optional, 0, INT64_MAX, "Begin with the first notification after this sequence. Absent: at the "      \
                                         "consumer's place, or at the end of the journal.")                            \
    F(u64, credit, required, 0, 65536, "How many notifications may be sent before more credit.")                       \
    F(flag, subtree, optional, 0, 0, "Also those to the agencies under one's own, save the restricted.")               \
    S(notice, notices, optional, "Only these; all when absent or empty.")                                                       \
    T(severity, severity, optional, "Only this severity and above.")                                                   \
    F(bytes, store, optional, 16, 16, "The store that the sequences known are of; another refuses with `other_store`.") \
    F(flag, reached, optional, 0, 0, "Also tell, by `reached`, how far the stream has come where it passes over much.")

#define MSG_CREDIT(F, T, S, M, L) F(u64, credit, required, 1, 65536, "So many more; at most 65536 in all.")

#define MSG_CONSUMED(F, T, S, M, L) F(u64, seq, required, 1, INT64_MAX, "The newest sequence dealt with.")

/* Not MSG_BATCH: <sys/socket.h> has a flag of that name. */
#define MSG_REQUESTS(F, T, S, M, L)                                                                                    \
    F(raws, requests, required, 1, 256, "The requests, each a whole map with its own `op` and `id`; no batch, no "     \
                                        "stream and no broker requests.")                                              \
    F(flag, dry_run, optional, 0, 0, "Every one of them is a dry run.")

/* ---- requests about documents ---- */

#define MSG_DOCUMENT_SET(F, T, S, M, L)                                                                                \
    M(document, document, required, "The document, whole.")                                                            \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_DRY_RUN(F)

#define MSG_DOCUMENT_WITHDRAW(F, T, S, M, L)                                                                           \
    F(line, document, required, 1, 256, "Its number.")                                                                 \
    F(words, note, required, 1, 4096, "The reason.")                                                                   \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_DRY_RUN(F)

#define MSG_DOCUMENT_REPLACE(F, T, S, M, L)                                                                            \
    F(line, document, required, 1, 256, "The number of the one that is replaced.")                                     \
    F(line, by, required, 1, 256, "The number of the one that replaces it, which is in force and the asker's to change.") \
    F(words, note, required, 1, 4096, "The reason.")                                                                   \
    L(paragraph_move, moves, optional, 0, 256, "What its paragraphs have become; one that is not said is the same there.") \
    F(texts, ends, optional, 0, 64, "References of tasks of its issuer's that end with it: they are cancelled, for this reason.") \
    MSG_BY_WHOM(F)                                                                                                     \
    MSG_DRY_RUN(F)

/* Who may not read a restricted document by what it is may name a task that cites it. */
#define MSG_ON_DOCUMENT(F)                                                                                             \
    F(line, document, required, 1, 256, "Its number.")                                                                 \
    F(u64, task, optional, 1, INT64_MAX, "Of a restricted one: a task that cites it, which one may read.")

#define MSG_DOCUMENT_GET(F, T, S, M, L) MSG_ON_DOCUMENT(F)

#define MSG_DOCUMENT_LIST(F, T, S, M, L)                                                                               \
    F(text, after, optional, 0, 256, "Only those whose number comes after this, byte by byte.")                        \
    F(u64, limit, optional, 1, 1000, "At most so many; 100 when absent.")                                              \
    F(text, issuer, optional, 1, 64, "Only this agency's, and of those that it has succeeded.")                        \
    S(document_kind, kinds, optional, "Only those of these kinds.")                                                    \
    S(force, forces, optional, "Only those that stand so.")

#define MSG_DOCUMENT_COVERAGE(F, T, S, M, L)                                                                           \
    MSG_ON_DOCUMENT(F)                                                                                                 \
    MSG_PAGE(F)

/* ---- replies ---- */

/* A store that a backup was restored to is another than the one that the backup was made of. */
#define MSG_ANCESTOR(F)                                                                                                \
    F(bytes, ancestor, optional, 16, 16, "Of a store that was restored from a backup: whose backup it was.")           \
    F(u64, parted, optional, 1, INT64_MAX, "With `ancestor`: records up to this sequence are those of both.")

#define MSG_HELLO(F, T, S, M, L)                                                                                       \
    F(flag, bundles, optional, 0, 0, "Whether the broker may send [bundles](#bundles) on this connection from now on; as "   \
                                     "it is when absent. Not heeded in a batch.")

/* Where several brokers serve a store. */
#define MSG_SEVERAL(F, T)                                                                                              \
    T(broker_role, role, optional, "What it does beside [others of the store](#several-brokers); absent where it serves the store alone.") \
    F(text, leader, optional, 0, 256, "Where the broker is that leads, as clients name it; absent where that is not known.") \
    F(u64, lag_ms, optional, 0, INT64_MAX, "Of a follower: how old at most what it knows is. The same that is in the [envelope](#several-brokers) of each of its replies.")

#define MSG_HELLO_REPLY(F, T, S, M, L)                                                                                 \
    F(text, agency, required, 1, 64, "The agency that the connection's key belongs to.")                               \
    F(text, key, required, 1, 64, "The key's label.")                                                                  \
    S(right, rights, required, "What the key may be used for.")                                                        \
    F(time, time, required, 0, INT64_MAX, "The broker's clock.")                                                       \
    F(text, version, required, 1, 32, "The broker's version.")                                                         \
    F(bytes, store, required, 16, 16, "The store's identity; another store, other sequences.")                         \
    F(u64, seq, required, 0, INT64_MAX, "Sequence of the newest record.")                                              \
    F(flag, rehearsal, required, 0, 0, "Whether the store is for rehearsal and its clock is not the world's.")         \
    F(u64, frame_max, required, 0, INT64_MAX, "Bytes in a frame.")                                                     \
    F(u64, batch_max, required, 0, INT64_MAX, "Requests in a batch.")                                                  \
    F(u64, page_max, required, 0, INT64_MAX, "Items in a page.")                                                       \
    F(u64, credit_max, required, 0, INT64_MAX, "Credit of a stream.")                                                  \
    MSG_ANCESTOR(F)                                                                                                    \
    MSG_STORE_SETTINGS_FIELDS(F, T)                                                                                    \
    F(flag, dry_runs, optional, 0, 0, "Whether every change may be tried by `dry_run`; a broker that does not say so "  \
                                      "would do it.")                                                               \
    F(flag, bundles, optional, 0, 0, "What was asked for by `bundles`, and is so from now on; a broker that was asked and does " \
                                     "not say so sends none. Absent when it was not asked for: it stays as it is.")                                                                    \
    F(texts, stands_in_for, optional, 0, 16, "The agencies that this one [stands in for](#standing-in) now: in their names it may ask by `for`.") \
    MSG_SEVERAL(F, T)

#define MSG_CHANGED(F, T, S, M, L)                                                                                     \
    F(u64, task, required, 1, INT64_MAX, "Its number.")                                                                \
    F(text, reference, required, 1, 128, "Its reference.")                                                             \
    F(text, lead, required, 1, 64, "Its lead, or who stood in its place then.")                                                                        \
    F(u64, version, required, 1, UINT32_MAX, "Its version now.")                                                       \
    T(state, state, required, "Its state now.")                                                                        \
    F(time, due, optional, 0, INT64_MAX, "Its due time now.")                                                          \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    F(u64, escalation, optional, 1, INT64_MAX, "The escalation opened or acknowledged.") \
    F(text, policy, optional, 1, 64, "At assignment: its policy.") \
    F(u64, level, optional, 1, 9, "Of an escalation that was opened or acknowledged: its level.") \
    F(texts, addressed, optional, 0, 64, "Of one that was opened: who is to acknowledge it.") \
    F(flag, day_off, optional, 0, 0, "Of a due date that was given by it: it is a day off, and stands as it was named.") \
    M(measured, measured, optional, "Of a report of a target's value: of which period it is taken, and what it corrects.")

#define MSG_MOVE(F, T, S, M, L)                                                                                        \
    F(u64, task, required, 1, INT64_MAX, "The task.")                                                                  \
    F(text, reference, required, 1, 128, "Its reference.")                                                             \
    F(text, lead, required, 1, 64, "Its lead.")                                                                        \
    F(time, due, required, 0, INT64_MAX, "Its due time now.")                                                          \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    F(time, to, optional, 0, INT64_MAX, "What it would be; absent when it stays, being a date that was named, or `kept`.") \
    F(day, to_day, optional, 10, 10, "The last day in time then, or of one that is `kept` by its count.")              \
    F(flag, day_off, required, 0, 0, "A named date that would be a day off: the assigner may want to amend it.")       \
    T(deadline, deadline, optional, "Which deadline it is; `completion` when absent.")                                 \
    F(flag, suspension, optional, 0, 0, "It is no deadline, but the day until which the task is suspended.")             \
    F(flag, kept, optional, 0, 0, "A counted date that stays, because it lies ahead and would come to lie in the past.") \
    F(u64, question, optional, 1, INT64_MAX, "It is no deadline of the task, but the date of this question of its lead.")

#define MSG_SCHEDULE_MOVE(F, T, S, M, L)                                                                               \
    F(text, schedule, required, 1, 64, "The schedule.")                                                                \
    F(text, assigner, required, 1, 64, "Whose it is now.")                                                             \
    F(text, period, required, 4, 10, "Which period comes next: `2024-W23`.")                                           \
    F(day, begin, required, 10, 10, "Its first day.")                                                                  \
    F(time, begins, required, 0, INT64_MAX, "When that begins, and its tasks are made.")                               \
    F(time, begins_then, optional, 0, INT64_MAX, "When it would begin; absent when that stays.")                       \
    F(time, due, optional, 0, INT64_MAX, "By when its tasks are due; absent when they have no date, or it is past 2099.") \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    F(time, to, optional, 0, INT64_MAX, "By when they would be due; absent when that stays, or is past 2099.")         \
    F(day, to_day, optional, 10, 10, "The last day in time then.")

#define MSG_TRIED_RUNG(F, T, S, M, L)                                                                                     \
    T(deadline, deadline, required, "Of which deadline.")                                                              \
    T(rung, does, required, "What it does.")                                                                           \
    F(u64, level, optional, 1, 9, "Level of the escalation.")                                                          \
    F(flag, past, optional, 0, 0, "It lies behind: an escalation that was opened, or would have been. Absent: what comes next.") \
    F(u64, was_step, optional, 0, 31, "Which step of the version that the task has.")                                  \
    F(time, was, optional, 0, INT64_MAX, "When it was, or comes, by that; absent: by that there is none.")             \
    F(u64, escalation, optional, 1, INT64_MAX, "The escalation that was opened.")                                      \
    F(u64, step, optional, 0, 31, "Which step of the policy that is tried.")                                           \
    F(time, would, optional, 0, INT64_MAX, "When it would have been, or would come, by that; absent: by that there is none.") \
    S(role, to, optional, "Whom that step tells, by role.")                                                            \
    F(texts, agencies, optional, 0, 16, "And by id.")

/* 64 escalations on either side that lie behind, and the next of 32 steps on either side. */
#define MSG_REHEARSED(F, T, S, M, L)                                                                                   \
    F(u64, task, required, 1, INT64_MAX, "The task.")                                                                  \
    F(text, reference, required, 1, 128, "Its reference.")                                                             \
    F(text, lead, required, 1, 64, "Its lead.")                                                                        \
    T(state, state, required, "Its state.")                                                                            \
    F(u64, policy_version, required, 1, UINT32_MAX, "The version that it has, and keeps.")                             \
    S(deadline, unknown, optional, "Deadlines of whose past nothing, or not all since the day asked for, can be told.") \
    F(time, from, optional, 0, INT64_MAX, "With `unknown`: of those that are known in part, what lies behind is told from then on.") \
    F(flag, cut, optional, 0, 0, "More lies behind than is gone through for one task: what is told is the first of it, and nothing of what lies ahead.") \
    F(time, accept_due, optional, 0, INT64_MAX, "By when its lead would have to accept, when that is another time.")   \
    F(time, decide_due, optional, 0, INT64_MAX, "By when the oldest request that is open would have to be decided, when that is another time.") \
    L(tried_rung, rungs, optional, 0, 192, "What differs: first what lies behind, by time, then the next of each step.")

#define MSG_CHANGE_REPLY(F, T, S, M, L)                                                                                \
    F(u64, seq, required, 0, INT64_MAX, "Sequence of the first record it made, or of a dry run would have made; 0 when " \
                                        "all was so already.")                                                         \
    F(time, time, required, 0, INT64_MAX, "When it was done.")                                                         \
    L(changed, tasks, optional, 0, 4096, "The tasks it made or changed.")                                              \
    L(move, moves, optional, 0, 256, "Of a dry run: due times, of open tasks that the asker may read, that would move, "\
                                     "stay against their count, or be on a day off.")                                                            \
    F(u64, next, optional, 0, INT64_MAX, "Of a dry run: ask on after this; absent on the last page.")                  \
    F(flag, dry_run, optional, 0, 0, "It was a dry run: nothing of this was done.")                                    \
    F(u64, hidden, optional, 1, INT64_MAX, "Of a dry run: how many dates, periods of schedules or, of a policy, tasks are left out on this page, " \
                                           "as the asker may not read them.") \
    L(schedule_move, schedules, optional, 0, 256, "Of a dry run, on the pages after those of tasks: schedules, of the asker's own, whose next period it moves.") \
    L(rehearsed, rehearsed, optional, 0, 256, "Of a dry run of a policy since a day: the tasks that the asker may read and of which anything would differ.") \
    F(u64, compared, optional, 0, INT64_MAX, "Of such a dry run: how many tasks of the policy were gone through on this page, `hidden` of which differ and may not be read.") \
    F(u64, unknown, optional, 1, INT64_MAX, "Of such a dry run: of how many of these not all that lies behind since that day is known.")

#define MSG_TASK_REPLY(F, T, S, M, L)                                                                                  \
    M(task, task, required, "The task.")                                                                               \
    S(action, may, optional, "What the asking agency may do to it now.")                                               \
    L(line, ahead, optional, 0, 256, "Its deadlines and rungs that lie ahead, explained; and a report that is missing, or that its clocks stand still.") \
    F(text, stands_in_for, optional, 1, 64, "The agency in whose name it is shown, and `may` is meant: the asker [stands in for it](#standing-in).")

#define MSG_NEXT(F) F(u64, next, optional, 0, INT64_MAX, "Ask on after this; absent on the last page.")

#define MSG_TASKS_REPLY(F, T, S, M, L)                                                                                 \
    L(task, tasks, required, 0, 1000, "The tasks, by number.")                                                         \
    MSG_NEXT(F)

#define MSG_RECORDS_REPLY(F, T, S, M, L)                                                                               \
    F(raws, records, required, 0, 1000, "The records, each a whole `record` frame with its `op`.")                     \
    MSG_NEXT(F)

#define MSG_OPEN_ESCALATION(F, T, S, M, L)                                                                             \
    F(u64, task, required, 1, INT64_MAX, "The task.")                                                                  \
    F(text, reference, required, 1, 128, "Its reference.")                                                             \
    F(text, title, required, 1, 1024, "Its title.")                                                                    \
    F(text, lead, required, 1, 64, "Its lead.")                                                                        \
    T(state, state, required, "Its state.")                                                                            \
    F(time, due, optional, 0, INT64_MAX, "Its due time.")                                                              \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    M(escalation, escalation, required, "The escalation.")

#define MSG_ESCALATIONS_REPLY(F, T, S, M, L)                                                                           \
    L(open_escalation, escalations, required, 0, 1000, "By task number.")                                              \
    MSG_NEXT(F)

#define MSG_TALLY(F, T, S, M, L)                                                                                       \
    F(text, lead, required, 1, 64, "The agency that answers for them now, or had to decide; those of one that it has succeeded are its own.")                                                                      \
    F(u64, assigned, required, 0, INT64_MAX, "Tasks it leads, cancelled ones left out.")                               \
    F(u64, open, required, 0, INT64_MAX, "Of these, not yet submitted or completed.")                                  \
    F(u64, on_time, required, 0, INT64_MAX, "Submitted or completed in time.")                                         \
    F(u64, late, required, 0, INT64_MAX, "Submitted or completed late.")                                               \
    F(u64, overdue, required, 0, INT64_MAX, "Open and past due.")                                                      \
    F(u64, worst_delay, required, 0, INT64_MAX, "The longest delay of a late or overdue one, in working days.")        \
    F(u64, open_escalations, required, 0, INT64_MAX, "Escalations of its tasks that nobody has acknowledged.")         \
    F(u64, submitted, optional, 0, INT64_MAX, "Of those in time and late, submitted and not confirmed yet: not done.") \
    F(u64, undecided, optional, 0, INT64_MAX, "Requests of leads that were its to decide, and were not decided in time.") \
    F(u64, silent, optional, 0, INT64_MAX, "Opinions that it was asked for, and did not give in time.")

#define MSG_SUMMARY_REPLY(F, T, S, M, L)                                                                               \
    L(tally, tallies, required, 0, 1000, "Counts over the tasks of this page only: add them up over the pages.")       \
    MSG_NEXT(F)

#define MSG_TURN(F, T, S, M, L)                                                                                        \
    F(text, agency, required, 1, 64, "Whose clock ran: of one that was succeeded meanwhile, a turn of each.")          \
    T(charge, charge, required, "What for.")                                                                           \
    F(time, since, required, 0, INT64_MAX, "From when.")                                                                \
    F(time, until, optional, 0, INT64_MAX, "To when; absent while it runs.")                                           \
    F(u64, worked, required, 0, INT64_MAX, "Working time in between, by the task's calendar, in ms.")

#define MSG_CUSTODY_TALLY(F, T, S, M, L)                                                                               \
    F(text, agency, required, 1, 64, "Whose.")                                                                         \
    F(u64, tasks, required, 0, INT64_MAX, "Tasks that waited for it.")                                                 \
    F(u64, now, required, 0, INT64_MAX, "Of these, still waiting for it.")                                             \
    F(u64, taking_up, required, 0, INT64_MAX, "For how long they had yet to be taken up, in ms of working time.")                      \
    F(u64, working, required, 0, INT64_MAX, "For how long it worked on them.")                                          \
    F(u64, deciding, required, 0, INT64_MAX, "For how long it had requests to decide.")                                                              \
    F(u64, answering, required, 0, INT64_MAX, "For how long it owed recommendations an answer.")                                                             \
    F(u64, confirming, required, 0, INT64_MAX, "For how long it had submissions to confirm.")                                                            \
    F(u64, suspended, required, 0, INT64_MAX, "For how long it had them stopped.")                                                             \
    F(u64, passed_on, required, 0, INT64_MAX, "How often a task that it led was given to another lead.")               \
    F(u64, came_back, required, 0, INT64_MAX, "How often it got a task again that it had led before.")

#define MSG_TASK_CUSTODY_REPLY(F, T, S, M, L)                                                                          \
    L(turn, turns, required, 0, 4096, "Each follows on the one before, without a gap.")                               \
    L(custody_tally, tallies, required, 0, 4096, "The same by agency, in the order in which they first held it.")     \
    F(time, since, optional, 0, INT64_MAX, "From when it is known: the assignment, or the first change after a broker began to keep it.") \
    F(u64, elapsed, required, 0, INT64_MAX, "Working time since then, to the end or to now, in ms: the sum of all.")

#define MSG_AGENCY_CUSTODY_REPLY(F, T, S, M, L)                                                                        \
    L(custody_tally, tallies, required, 0, 1000, "Over the tasks of this page only: add them up over the pages.")     \
    MSG_NEXT(F)

#define MSG_NEXT_NAME(F) F(text, next, optional, 0, 64, "Ask on after this; absent on the last page.")

#define MSG_AGENCIES_REPLY(F, T, S, M, L)                                                                              \
    L(agency, agencies, required, 0, 1000, "The agencies.")                                                            \
    MSG_NEXT_NAME(F)

#define MSG_OWNED_KEY(F, T, S, M, L)                                                                                   \
    F(text, agency, required, 1, 64, "Whose.")                                                                         \
    M(key, key, required, "The key.")

#define MSG_KEYS_REPLY(F, T, S, M, L)                                                                                  \
    L(owned_key, keys, required, 0, 1000, "The keys.")                                                                 \
    MSG_NEXT_NAME(F)

#define MSG_CALENDARS_REPLY(F, T, S, M, L)                                                                             \
    L(calendar, calendars, required, 0, 1000, "The calendars.")                                                        \
    MSG_NEXT_NAME(F)

#define MSG_LINE(F, T, S, M, L)                                                                                        \
    F(day, day, optional, 10, 10, "The day it speaks of.")                                                             \
    F(time, time, optional, 0, INT64_MAX, "The instant it speaks of.")                                                 \
    F(text, text, required, 1, 512, "What happens then, or how it counts.")

#define MSG_EXPLAIN_REPLY(F, T, S, M, L)                                                                               \
    F(day, day, required, 10, 10, "The day counted to.")                                                               \
    F(i64, working_days, required, INT64_MIN, INT64_MAX, "Working days after `from`, up to and with that day.")        \
    L(line, lines, required, 0, 512, "How it was counted, runs of like days taken together.")                          \
    F(time, due, optional, 0, INT64_MAX, "Of working hours, of a date with a minute, and of a deadline that was suspended: the first instant "  \
                                         "that is too late.")                                                          \
    F(u64, working_minutes, optional, 0, INT64_MAX, "Of working hours: how many minutes.")

#define MSG_POLICIES_REPLY(F, T, S, M, L)                                                                              \
    L(policy, policies, required, 0, 1000, "The policies.")                                                            \
    MSG_NEXT_NAME(F)

#define MSG_HOT_SPOTS_REPLY(F, T, S, M, L)                                                                             \
    L(hot_spot, hot_spots, required, 0, 1000, "The rules, without the tasks.")                                         \
    MSG_NEXT_NAME(F)

#define MSG_HOT_SPOT_REPLY(F, T, S, M, L)                                                                              \
    M(hot_spot, hot_spot, required, "The rule, how it stands, and a page of its tasks.")                               \
    MSG_NEXT(F)

#define MSG_SCHEDULE_REPLY(F, T, S, M, L)                                                                              \
    M(schedule, schedule, required, "The schedule.")                                                                   \
    L(line, ahead, optional, 0, 16, "What it will make next, and why then; and why it made nothing last.")

#define MSG_SCHEDULES_REPLY(F, T, S, M, L)                                                                             \
    L(schedule, schedules, required, 0, 1000, "The schedules, by number.")                                             \
    MSG_NEXT(F)

#define MSG_STATUS(F, T, S, M, L)                                                                                      \
    F(u64, accounts, optional, 0, 256, "Also the accounts of so many agencies: of those that have cost the most.")

#define MSG_ACCOUNT(F, T, S, M, L)                                                                                     \
    F(text, agency, required, 1, 64, "Whose it is.")                                                                   \
    F(u64, cost_ms, required, 0, INT64_MAX, "What its requests have cost since the broker's start: about so many "     \
                                            "milliseconds of one processor.")                                          \
    F(u64, requests, required, 0, INT64_MAX, "Its requests since then.")                                               \
    F(u64, refused, required, 0, INT64_MAX, "Of these, answered with an error, but for look-ups of a reference that no task has.")                                       \
    F(u64, connections, required, 0, INT64_MAX, "Its connections now.")                                                \
    F(u64, streams, required, 0, INT64_MAX, "Its streams.")                                                            \
    F(u64, unsent_bytes, required, 0, INT64_MAX, "Bytes of answers that its connections do not take.")                 \
    F(u64, reads_waiting, required, 0, INT64_MAX, "Its histories and resends that wait for the journal.")               \
    F(u64, waiting_bytes, optional, 0, INT64_MAX, "Bytes of its requests that wait for its turn.")                     \
    F(u64, consumers, optional, 0, INT64_MAX, "Its durable consumers.")                                                \
    F(u64, tasks, optional, 0, INT64_MAX, "Tasks that it has given, open and closed.")                                 \
    F(u64, task_bytes, optional, 0, INT64_MAX, "Bytes of what it has asked in them, and 256 for each, and of its documents.")                \
    F(u64, written_bytes, optional, 0, INT64_MAX, "Bytes that its changes have written since the broker's start.")                     \
    F(u64, tried, optional, 0, INT64_MAX, "Of its requests, dry runs: what the verdict on one was is no refusal.")

#define MSG_STATUS_REPLY(F, T, S, M, L)                                                                                \
    F(text, version, required, 1, 32, "The broker's version.")                                                         \
    F(time, time, required, 0, INT64_MAX, "The broker's clock.")                                                       \
    F(time, started, required, 0, INT64_MAX, "When it started, by that clock.")                                        \
    F(flag, rehearsal, required, 0, 0, "Whether that clock is a rehearsal's.")                                         \
    F(flag, writable, required, 0, 0, "false while the store's disk is full.")                                         \
    F(u64, seq, required, 0, INT64_MAX, "Sequence of the newest record.")                                              \
    F(u64, checkpoint, required, 0, INT64_MAX, "A restart replays the records after this.")                            \
    F(u64, agencies, required, 0, INT64_MAX, "Agencies.")                                                              \
    F(u64, keys, required, 0, INT64_MAX, "Keys, without the revoked.")                                                 \
    F(u64, tasks, required, 0, INT64_MAX, "Tasks, all told.")                                                          \
    F(u64, open_tasks, required, 0, INT64_MAX, "Of these, open.")                                                      \
    F(u64, streams, required, 0, INT64_MAX, "Streams now.")                                                            \
    F(u64, streams_behind, required, 0, INT64_MAX, "Of these, reading from the journal.")                              \
    F(u64, requests, required, 0, INT64_MAX, "Requests answered since the start.")                                     \
    F(u64, refused, required, 0, INT64_MAX, "Of these, with an error, but for look-ups of a reference that no task has.")                                                \
    F(u64, notifications, required, 0, INT64_MAX, "Notifications sent since the start.")                               \
    F(u64, commits, required, 0, INT64_MAX, "Batches made durable since the start.")                                   \
    F(u64, commit_us, required, 0, INT64_MAX, "Microseconds the last of them took.")                                   \
    F(u64, resident_bytes, required, 0, INT64_MAX, "Memory the broker occupies.")                                      \
    F(time, next_deadline, optional, 0, INT64_MAX, "When the next rung fires.")                                        \
    F(flag, clock_doubtful, optional, 0, 0, "Whether its clock cannot be right, so that changes wait and nothing fires.") \
    F(time, newest, optional, 0, INT64_MAX, "When the newest record was made, by the clock of then.")                  \
    F(bytes, store, optional, 16, 16, "The store's identity.")                                                         \
    MSG_ANCESTOR(F) \
    MSG_STORE_SETTINGS_FIELDS(F, T)                                                                                    \
    L(account, accounts, optional, 0, 256, "Accounts of agencies, that which has cost the most first.")           \
    F(u64, tried, optional, 0, INT64_MAX, "Of the requests, dry runs: what the verdict on one was is no refusal.") \
    MSG_SEVERAL(F, T)                                                                                                  \
    F(u64, epoch, optional, 0, INT64_MAX, "Where several brokers serve the store: how often the lead has been taken.")

#define MSG_LOAD_REPLY(F, T, S, M, L)                                                                                  \
    F(time, time, required, 0, INT64_MAX, "The broker's clock.")                                                       \
    F(time, started, required, 0, INT64_MAX, "When it started, by that clock.")                                        \
    F(flag, writable, required, 0, 0, "false while the store's disk is full.")                                         \
    F(flag, clock_doubtful, required, 0, 0, "Whether its clock cannot be right, so that changes wait and nothing fires.") \
    F(u64, seq, required, 0, INT64_MAX, "Sequence of the newest record.")                                              \
    F(u64, checkpoint, required, 0, INT64_MAX, "A restart replays the records after this.")                            \
    F(u64, streams, required, 0, INT64_MAX, "Streams now.")                                                            \
    F(u64, streams_behind, required, 0, INT64_MAX, "Of these, reading from the journal.")                              \
    F(u64, requests, required, 0, INT64_MAX, "Requests answered since the start.")                                     \
    F(u64, refused, required, 0, INT64_MAX, "Of these, with an error, but for look-ups of a reference that no task has.")                                                \
    F(u64, notifications, required, 0, INT64_MAX, "Notifications sent since the start.")                               \
    F(u64, commits, required, 0, INT64_MAX, "Batches made durable since the start.")                                   \
    F(u64, commit_us, required, 0, INT64_MAX, "Microseconds the last of them took.")                                   \
    F(u64, waiting_bytes, required, 0, INT64_MAX, "What requests that wait for their turn take, of all agencies.")     \
    F(u64, resident_bytes, required, 0, INT64_MAX, "Memory the broker occupies.")                                      \
    M(account, account, required, "What the agency that asks costs it.")                                               \
    MSG_SEVERAL(F, T)

#define MSG_BACKUP_REPLY(F, T, S, M, L)                                                                                \
    F(text, path, required, 1, 4096, "Where the copy is, on the broker's machine.")                                    \
    F(u64, seq, required, 0, INT64_MAX, "Newest record in it.")                                                        \
    F(u64, bytes, required, 0, INT64_MAX, "Its size.")

#define MSG_STREAM_REPLY(F, T, S, M, L)                                                                                \
    F(u64, from, required, 0, INT64_MAX, "Notifications after this sequence follow, or followed.")                     \
    F(u64, seq, required, 0, INT64_MAX, "Sequence of the newest record.")                                              \
    F(u64, credit, required, 0, INT64_MAX, "Credit left.")                                                             \
    F(bytes, store, optional, 16, 16, "The store that these sequences are of.")

#define MSG_BATCH_REPLY(F, T, S, M, L)                                                                                 \
    F(raws, replies, required, 1, 256, "The replies, in the order of the requests: each a whole `reply` or `error`.")

#define MSG_ERROR(F, T, S, M, L)                                                                                       \
    F(text, error, required, 1, 64, "Name of the error.")                                                              \
    F(u64, code, required, 1, 999, "Its number.")                                                                      \
    F(flag, retry, required, 0, 0, "Whether the same request may succeed later, unchanged.")                           \
    F(text, field, optional, 1, 128, "Path of the field at fault: `content.due`, `leads[0]`.")                                     \
    F(text, message, required, 1, 512, "What is wrong and what would be right, for people.")                           \
    F(u64, version, optional, 1, UINT32_MAX, "With `conflict`: the task's version now.")                               \
    T(state, state, optional, "With `conflict` and `wrong_state`: the task's state now.")                              \
    F(text, leader, optional, 0, 256, "With `not_leader`: where the broker is that leads; absent where that is not known.")

#define MSG_DOCUMENT_REPLY(F, T, S, M, L) M(document, document, required, "The document.")

#define MSG_DOCUMENTS_REPLY(F, T, S, M, L)                                                                             \
    L(document, documents, required, 0, 1000, "The documents, without their paragraphs.")                              \
    F(text, next, optional, 0, 256, "Ask on after this; absent on the last page.")

#define MSG_COVERED(F, T, S, M, L)                                                                                     \
    F(text, paragraph, optional, 1, 256, "Its id; absent: of tasks that cite the document and no paragraph of it.")     \
    F(flag, missing, optional, 0, 0, "The document has no such paragraph.")                                            \
    F(u64, tasks, required, 0, INT64_MAX, "Tasks that cite it, cancelled ones left out.")                              \
    F(u64, open, required, 0, INT64_MAX, "Of these, not yet submitted or completed.")                                  \
    F(u64, submitted, required, 0, INT64_MAX, "Submitted, and not confirmed yet.")                                     \
    F(u64, completed, required, 0, INT64_MAX, "Completed.")                                                            \
    F(u64, overdue, required, 0, INT64_MAX, "Open and past due.")                                                      \
    F(u64, late, required, 0, INT64_MAX, "Submitted or completed late.")

#define MSG_CITING(F, T, S, M, L)                                                                                      \
    F(u64, task, required, 1, INT64_MAX, "Its number.")                                                                \
    F(text, reference, required, 1, 128, "Its reference.")                                                             \
    F(text, title, required, 1, 1024, "Its title.")                                                                    \
    F(text, assigner, required, 1, 64, "Who gave it, or stands in its place now.")                                     \
    F(text, lead, required, 1, 64, "Who answers for it now.")                                                          \
    T(kind, kind, required, "What sort of task.")                                                                      \
    T(state, state, required, "Where it stands.")                                                                      \
    T(timeliness, timeliness, required, "How it stands against its due time, now.")                                    \
    F(time, due, optional, 0, INT64_MAX, "Its due time.")                                                              \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    F(u64, percent, optional, 0, 100, "How much is done, as last reported.")                                           \
    F(texts, paragraphs, optional, 0, 16, "The paragraphs that it carries out.")                                       \
    F(u64, parts, optional, 1, INT64_MAX, "How many parts it has.")                                                    \
    F(u64, open_parts, optional, 1, INT64_MAX, "Of these, open.")                                                      \
    S(asking, asks, optional, "What its lead asks for and waits to be decided.")                                       \
    F(u64, open_escalations, optional, 1, INT64_MAX, "Escalations of it that nobody has acknowledged.")                \
    T(answering, answer, optional, "Of a recommendation: what it was answered with.")

#define MSG_COVERAGE_REPLY(F, T, S, M, L)                                                                              \
    M(document, document, required, "The document, without what its paragraphs say.")                                  \
    L(covered, paragraphs, required, 0, 1024, "Counts over the tasks of this page only, zeroes left out: add them up over the pages.") \
    L(citing, tasks, required, 0, 1000, "The tasks that cite it and that one may read, by number.")                    \
    MSG_NEXT(F)

/* ---- targets ---- */

#define MSG_TARGET_LIST(F, T, S, M, L)                                                                                 \
    MSG_PAGE(F)                                                                                                        \
    F(text, agency, optional, 1, 64, "Only those that this agency leads.")                                             \
    F(flag, subtree, optional, 0, 0, "Also those of the agencies under it; under one's own when `agency` is absent.")  \
    F(text, area, optional, 1, 64, "Only those of this area.")                                                         \
    F(flag, open, optional, 0, 0, "Only those that are open.")                                                         \
    F(flag, behind, optional, 0, 0, "Only those that are behind: worse than planned, not to be met by the forecast, or with a value missing.")

#define MSG_COURSE(F, T, S, M, L)                                                                                      \
    F(u64, task, required, 1, INT64_MAX, "Its number.")                                                                \
    F(text, reference, required, 1, 128, "Its reference.")                                                             \
    F(text, title, required, 1, 1024, "Its title.")                                                                    \
    F(text, lead, required, 1, 64, "Who answers for it now.")                                                          \
    T(state, state, required, "Where it stands.")                                                                      \
    F(text, unit, optional, 1, 32, "Unit of its figures.")                                                             \
    T(period, reporting, optional, "How often a value is owed.")                                                       \
    F(time, due, optional, 0, INT64_MAX, "Its due time.")                                                              \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    T(better, better, optional, "Which values are the better ones; absent: it has no indicator.")                      \
    T(counting, counting, optional, "What a value says of its period.")                                                \
    F(u64, per, optional, 1, 1000000, "Of a rate: so many to each.")                                                   \
    F(num, target, optional, 0, 0, "What is to be reached in the end: the task's `target`, or else what its plan comes to.") \
    F(num, reached, optional, 0, 0, "What is reached: the newest value, or of amounts the sum of all.")                \
    F(text, latest, optional, 4, 10, "The newest period that has a value.")                                            \
    F(num, value, optional, 0, 0, "That value.")                                                                       \
    F(num, planned, optional, 0, 0, "What was planned for that period.")                                               \
    F(num, deviation, optional, 0, 0, "`value` less `planned`.")                                                       \
    F(flag, met, optional, 0, 0, "Whether the value is as good as planned.")                                           \
    F(num, trend, optional, 0, 0, "By how much the value changes from period to period, by the last three; of two values or more.") \
    F(num, forecast, optional, 0, 0, "What will be reached by the due date, by the last three values.")                \
    F(flag, will_be_met, optional, 0, 0, "Whether that is as good as `target`.")                                       \
    F(text, value_owed, optional, 4, 10, "Of which period a value is owed…")                                           \
    F(time, report_due, optional, 0, INT64_MAX, "…by when.")                                                           \
    F(text, value_missing, optional, 4, 10, "Of which period the value is missing.")                                   \
    F(texts, values_missing, optional, 0, 12, "All periods that are over and have no value, as in the [task](#task).") \
    F(u64, values_missing_more, optional, 1, UINT32_MAX, "How many there are before those.")

#define MSG_COURSE_PERIOD(F, T, S, M, L)                                                                               \
    F(text, period, required, 4, 10, "Which.")                                                                         \
    F(num, planned, optional, 0, 0, "What was planned.")                                                               \
    F(num, value, optional, 0, 0, "Its value.")                                                                        \
    F(num, numerator, optional, 0, 0, "Of a rate.")                                                                    \
    F(num, denominator, optional, 0, 0, "Of a rate.")                                                                  \
    F(time, time, optional, 0, INT64_MAX, "When that was reported.")                                                   \
    F(num, deviation, optional, 0, 0, "`value` less `planned`.")                                                       \
    F(flag, met, optional, 0, 0, "Whether the value is as good as planned.")                                           \
    F(num, reached, optional, 0, 0, "Of amounts: the sum of all values up to here.")                                   \
    F(flag, missing, optional, 0, 0, "It is planned, it has ended, and it has no value.")

#define MSG_TARGET_REPLY(F, T, S, M, L)                                                                                \
    M(course, target, required, "The target, and how it stands.")                                                      \
    L(course_period, series, required, 0, 520, "Every period that has a plan or a value, the first first.")

#define MSG_TARGETS_REPLY(F, T, S, M, L)                                                                               \
    L(course, targets, required, 0, 1000, "The tasks of kind target, by number.")                                      \
    MSG_NEXT(F)

#define MSG_CLOSED(F, T, S, M, L)                                                                                      \
    T(ending, ending, required, "Why.")                                                                                \
    F(u64, seq, required, 0, INT64_MAX, "The newest sequence sent on the stream; where it began when none was.")

#define MSG_TASK_EXPLAIN(F, T, S, M, L) F(u64, task, required, 1, INT64_MAX, "The task.")

#define MSG_DATED(F, T, S, M, L)                                                                                       \
    T(deadline, deadline, optional, "Which deadline it is; absent: the date of a question, or the end of a suspension.") \
    F(u64, ask, optional, 1, INT64_MAX, "Of a decision: on which request of the lead.")                                \
    F(u64, question, optional, 1, INT64_MAX, "The date of which question of the lead.")                                \
    F(flag, suspension, optional, 0, 0, "The end of a suspension.")                                                    \
    F(time, due, required, 0, INT64_MAX, "The date: the first instant that is too late.")                              \
    F(day, due_day, optional, 10, 10, "The last day in time.")                                                         \
    F(flag, runs, optional, 0, 0, "Whether its clock runs now: it is not met, and does not stand still.")              \
    M(counted, counted, optional, "How it was counted; absent: it is a date that was named, or it is not known.")      \
    F(time, first, optional, 0, INT64_MAX, "Of completion: the first due time that it was given, when that was another.") \
    F(day, first_day, optional, 10, 10, "The last day in time then.")                                                  \
    F(u64, round, optional, 2, UINT32_MAX, "In which round its ladder is; absent: the first.")                         \
    F(time, round_since, optional, 0, INT64_MAX, "Since when: what lies before is passed over.")                       \
    L(line, lines, optional, 0, 80, "How it is counted, runs of like days taken together.")

#define MSG_CLIMB(F, T, S, M, L)                                                                                       \
    F(u64, step, required, 0, 31, "Which step of the policy.")                                                         \
    T(deadline, deadline, required, "Of which deadline.")                                                              \
    T(rung, does, required, "What it does.")                                                                           \
    F(u64, level, optional, 1, 9, "Level of the escalation.")                                                          \
    F(u64, fired, required, 0, 65535, "How often it has fired for the date of now; the history has each, and whom it told.") \
    F(u64, escalation, optional, 1, INT64_MAX, "Its newest escalation for that date: the record that opened it.")      \
    F(time, next, optional, 0, INT64_MAX, "When it fires next; absent when it does not, as things stand.")             \
    F(day, next_day, optional, 10, 10, "On which day, by the task's calendar.")                                        \
    F(time, instant, optional, 0, INT64_MAX, "When that was to be, where an acknowledgement holds it back.")           \
    F(u64, occurrence, optional, 1, 65535, "Which repeat that is; absent: the first time.")                            \
    F(texts, told, optional, 0, 64, "Whom it tells then, as agencies and roles stand now; 64 at most are named.")      \
    F(u64, told_by, optional, 0, 31, "The step that comes at the same moment, stands above it, and tells those whom both name.") \
    F(text, text, optional, 1, 512, "The same, as a sentence: as in `ahead` of `task_get`.")

#define MSG_HOLDING(F, T, S, M, L)                                                                                     \
    F(u64, task, required, 1, INT64_MAX, "Its number.")                                                                \
    F(text, reference, optional, 1, 128, "Its reference; this and what follows are absent when the asker may not read it.") \
    F(text, lead, optional, 1, 64, "Who answers for it now.")                                                          \
    T(state, state, optional, "Where it stands.")                                                                      \
    F(time, due, optional, 0, INT64_MAX, "By when it is due.")                                                         \
    F(day, due_day, optional, 10, 10, "The last day in time.")

#define MSG_TASK_EXPLAIN_REPLY(F, T, S, M, L)                                                                          \
    F(u64, task, required, 1, INT64_MAX, "Its number.")                                                                \
    F(text, reference, required, 1, 128, "Its reference.")                                                             \
    T(state, state, required, "Where it stands.")                                                                      \
    T(timeliness, timeliness, required, "How it stands against its due time, now.")                                    \
    F(text, lead, required, 1, 64, "Who answers for its dates now, whoever's clock runs.")                             \
    F(time, assigned, required, 0, INT64_MAX, "When its lead was given it.")                                           \
    F(text, calendar, optional, 1, 64, "In which its days are counted.")                                               \
    F(text, policy, optional, 1, 64, "Whose ladder it climbs.")                                                        \
    F(u64, policy_version, optional, 1, UINT32_MAX, "In which version.")                                               \
    M(custody, custody, optional, "Whose clock runs now, and what for; absent of one that is closed.")                 \
    L(dated, dates, required, 0, 32, "Its dates: deadlines, open requests, the end of a suspension, open questions.")  \
    L(asked, granted, optional, 0, 64, "Requests of its lead that were granted, and what, without the words: new dates, pauses, leads.") \
    L(turn, stood, optional, 0, 64, "When its clocks stood still, since it was assigned; of more the newest.")         \
    L(climb, ladder, optional, 0, 32, "Each step of its policy.")                                                      \
    L(holding, held_by, optional, 0, 16, "What it waits for and has not ended.")                                       \
    F(u64, open_parts, optional, 1, UINT32_MAX, "How many of its parts are open, without which it does not end.")      \
    L(line, notes, optional, 0, 4, "That its clocks stand still, or a report is missing, as in `ahead` of `task_get`.") \
    F(u64, record, required, 1, INT64_MAX, "Its newest record: its history up to there tells what this does not.")

#define MSG_REACHED(F, T, S, M, L)                                                                                     \
    F(u64, seq, required, 0, INT64_MAX, "Whatever is for the subscriber up to this sequence was sent.")

#endif
