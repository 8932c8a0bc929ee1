/* Every field of a task, declared once: struct task, its beginning, what records make of it, how readers see it, its
 * row in the checkpoint and so its place in the state's digest are walks over this table (core/task_field.h).
 *
 *   F(c, type, name, where, rule, shown, row, "sentence")       a member; type is one of
 *        seq         a sequence or number; 0 is none
 *        count       32 bits; 0 is none
 *        time        ms since 1970; TIME_NONE is none
 *        num         a finite float64; not a number is none
 *        percent     0 to 100; 255 is none
 *        agency calendar policy   by number, NONE is none; clients see the id
 *   T(c, vocabulary, name, where, start, rule, shown, row, "sentence")
 *                                                               a member, one term of terms.def.h, which begins as `start`
 *   P(c, type, CONSTANT, name, tag, rule, shown, "sentence")    an item of the pack (core/pack.h); type is one of
 *        text bytes texts        as in messages.def.h
 *        agencies    by number; clients see the ids
 *        task        a task's number
 *        tasks       an item for each of them
 *        indicator plan values   as in messages.def.h, packed by core/target_pack.c; values: an item each
 *        num         a float64
 *        files       pieces of proof
 *        agency time count   as above
 *   O(c, type, name, where, shown, "sentence")                  memory of its own, behind a member: its functions
 *                                                               show_NAME, give_NAME and take_NAME are written by hand,
 *                                                               and put_NAME and back_NAME of core/cold_copy.c
 *   D(c, name, "sentence")                                      shown, but held nowhere: show_NAME works it out
 *
 * `where` says what it is a member of:
 *   own        struct task: what a task has from its first day
 *   course     struct course, which a task has once one of its members is not as it began
 *   rare       struct rare, the same: few tasks ever have it
 * `rule` says where a new value comes from:
 *   first      from the field of this name of the record that makes the task, for good
 *   content    from the field of this name of a `content`: what is given replaces it, what is empty clears it
 *   asked      asked in words by a `content`; each record of the task says by its own field what was decided
 *   progress   from the field of this name of a record in which the lead says how far the work is
 *   each       each record of the task says it, or that there is none
 *   given      a record that says it replaces it
 *   word       what was said and waits for an answer: core/words.c sets it
 *   act        core/apply.c sets it
 * `shown` or `hidden`: whether clients see it in `task`, by this name. An agency that has a role on the task is shown as who
 * stands in its place now (core/standing.h), one that said something by its name of then.
 * `row` is required, optional or none: a member's place in the checkpoint's row of a task. The pack is there whole.
 *
 * Rows stand in the order in which the checkpoint encodes them, so a new member comes after the last one. Items of the
 * pack stand in the order of their tags: they are on disk, so a tag is never reused. A field of `content`, `progress` or
 * `task` that has no row here, or two, does not compile.
 */
#ifndef COORDD_CORE_TASK_FIELDS_DEF_H
#define COORDD_CORE_TASK_FIELDS_DEF_H

/* `c` is handed to each of the macros as it is. */
#define TASK_FIELDS(F, T, P, O, D, c)                                                                                  \
    F(c, count, number, own, act, hidden, none, "Its place among the tasks; clients see it as `task`.")                \
    F(c, seq, record, own, act, shown, required, "Its newest record.")                                                 \
    F(c, count, version, own, each, shown, required, "Grows by one with each change by an agency.")                    \
    F(c, agency, assigner, own, act, shown, required, "Who gave it.")                                                  \
    F(c, agency, lead, own, act, shown, required, "Who answers for it.")                                               \
    F(c, agency, supervisor, own, content, shown, optional, "Who watches over it.")                                    \
    T(c, state, state, own, 0, act, shown, required, "Where it stands.")                                               \
    T(c, state, resumes_as, rare, 0, act, shown, optional, "While suspended: the state it goes back to.")              \
    T(c, kind, kind, own, KIND_DIRECTIVE, content, shown, required, "What sort of task.")                              \
    T(c, priority, priority, own, PRIORITY_NORMAL, content, shown, required, "How pressing.")                          \
    T(c, scope, scope, own, SCOPE_NORMAL, content, shown, required, "Who may read it.")                                \
    T(c, period, reporting, course, 0, content, shown, optional, "How often a report is owed; 0 when none is.")        \
    F(c, policy, policy, own, act, shown, optional, "A policy version's number; none means no ladder.")                \
    F(c, calendar, calendar, own, act, shown, optional, "The calendar that its days are counted in.")                  \
    F(c, time, assigned, own, act, shown, required, "When its lead was given it.")                                     \
    F(c, time, due, own, asked, shown, optional, "The first instant that is too late.")                                \
    F(c, time, original_due, own, act, shown, optional, "The first due time that it was given.")                       \
    F(c, time, accept_due, own, given, shown, optional, "By when the lead must accept.")                               \
    F(c, time, report_due, course, each, shown, optional, "By when the next report is owed.")                          \
    F(c, time, reported, course, act, shown, optional, "When the lead last reported.")                                 \
    F(c, time, submitted, course, act, shown, optional, "When it was last submitted.")                                 \
    F(c, time, closed, course, act, shown, optional, "When it was confirmed or cancelled.")                            \
    F(c, time, suspended, rare, act, shown, optional, "Since when its clocks stand still.")                            \
    F(c, percent, percent, course, progress, shown, optional, "How much is done, as last reported.")                   \
    F(c, num, value, rare, progress, shown, optional, "The figure reached, as last reported.")                         \
    O(c, uint16_t, fired, course, shown, "NULL while no step fired; else as many as the policy has steps: how often.") \
    O(c, struct escalations, escalations, rare, shown, "NULL when it never had one.")                                  \
    O(c, struct pack, pack, own, hidden, "Its texts and lists.")                                                       \
    O(c, struct rounds, rounds, rare, hidden, "NULL in the first rounds of all its deadlines.")                        \
    F(c, count, due_words, own, act, hidden, optional,                                                                 \
      "Its due time as a count: 256 × how many, + 1 + WORDS_…; 0: a date.")                                            \
    F(c, time, due_from, own, act, hidden, optional, "Since when that counts.")                                        \
    F(c, count, due_stood, rare, act, hidden, optional,                                                                \
      "How long its clock stood still since: days, of hours minutes.")                                                 \
    F(c, count, accept_stood, own, act, hidden, optional,                                                              \
      "1 + the same of accept_due, since it was given; 0: no count.")                                                  \
    F(c, count, report_period, course, act, hidden, optional,                                                          \
      "Which period report_due ends: core/due_report.h; 0: not known.")                                                \
    F(c, time, until, rare, act, shown, optional, "While suspended: when its clocks run on by themselves.")            \
    O(c, struct asks, asks, rare, shown, "NULL while its lead has asked for nothing.")                                 \
    T(c, answering, answer, course, 0, act, shown, optional, "What it was answered with; 0 while it is not.")          \
    O(c, struct turns, turns, course, hidden,                                                                          \
      "Whose clock ran when: core/custody.h. NULL of one that nothing was done to.")                                   \
    O(c, struct questions, questions, rare, shown, "NULL while its lead has asked for no opinion.")                    \
    P(c, text, REFERENCE, reference, 1, first, shown, "The assigner's own code.")                                      \
    P(c, text, TITLE, title, 2, content, shown, "What is to be done, in one line.")                                    \
    P(c, text, DESCRIPTION, description, 3, content, shown, "The same at length.")                                     \
    P(c, text, DOCUMENT, document, 4, content, shown, "Number of the source document.")                                \
    P(c, text, PARAGRAPH, paragraph, 5, content, shown, "Where in the document.")                                      \
    P(c, text, AREA, area, 6, content, shown, "Field of work.")                                                        \
    P(c, text, UNIT, unit, 7, content, shown, "Unit of the figure.")                                                   \
    P(c, texts, TAG, tags, 8, content, shown, "Words to find it by: an item each.")                                    \
    P(c, agencies, COOPERATING, cooperating, 9, content, shown, "Who works along with the lead.")                      \
    P(c, agencies, OBSERVERS, observers, 10, content, shown, "Who is kept informed.")                                  \
    P(c, task, PARENT, parent, 11, content, shown, "The task that this is a part of.")                                 \
    P(c, num, TARGET, target, 12, content, shown, "The figure to be reached.")                                         \
    P(c, text, NOTE, note, 13, progress, shown, "What the lead last said.")                                            \
    P(c, text, EVIDENCE, evidence, 14, progress, shown, "Where the proof of the work is.")                             \
    P(c, bytes, EVIDENCE_SHA256, evidence_sha256, 15, progress, shown, "SHA-256 of the proof.")                        \
    P(c, agency, NOTE_BY, note_by, 16, word, shown, "The lead that said it.")                                          \
    P(c, time, NOTE_TIME, note_time, 17, word, shown, "When.")                                                         \
    P(c, text, ASSIGNER_NOTE, assigner_note, 18, word, shown, "What the assigner's side last said.")                   \
    P(c, agency, ASSIGNER_NOTE_BY, assigner_note_by, 19, word, shown, "Who of it: the assigner or the supervisor.")    \
    P(c, time, ASSIGNER_NOTE_TIME, assigner_note_time, 20, word, shown, "When.")                                       \
    P(c, text, OTHER_NOTE, other_note, 21, word, shown, "What another agency last said.")                              \
    P(c, agency, OTHER_NOTE_BY, other_note_by, 22, word, shown, "Which.")                                              \
    P(c, time, OTHER_NOTE_TIME, other_note_time, 23, word, shown, "When.")                                             \
    P(c, text, REJECTION, rejection, 24, word, shown, "Why its last submission was sent back, while it is.")           \
    P(c, agency, REJECTED_BY, rejected_by, 25, word, shown, "By whom.")                                                \
    P(c, time, REJECTED, rejected, 26, word, shown, "When.")                                                           \
    P(c, count, LEAD_UNANSWERED, lead_unanswered, 27, word, shown, "Comments by others since the lead last acted.")    \
    P(c, count, ASSIGNER_UNANSWERED, assigner_unanswered, 28, word, shown, "The same of the assigner's side.")         \
    P(c, files, EVIDENCE_FILES, evidence_files, 29, progress, shown, "The proof of the work: an item each.")           \
    P(c, agencies, EXCLUDED, excluded, 30, content, shown, "Whom no escalation tells of it.")                          \
    P(c, task, FOLLOWS, follows, 31, content, shown, "The task that it comes after.")                                  \
    P(c, agency, PASSED_TO, passed_to, 32, word, shown, "Whom an answer has passed it on to.")                         \
    P(c, count, WEIGHT, weight, 40, content, shown, "Of a part: how much of its whole it is; 1 when absent.")          \
    P(c, tasks, WAITS_FOR, waits_for, 41, content, shown, "Tasks that must end before it: an item each.")              \
    P(c, count, BOUNCES, bounces, 50, act, shown, "How often it was given to another lead.")                           \
    P(c, agencies, LED, led, 51, act, shown, "Who led it before, the newest last.")                                    \
    P(c, texts, PARAGRAPHS, paragraphs, 42, content, shown, "Which paragraphs of the document: an item each.")         \
    P(c, indicator, INDICATOR, indicator, 43, content, shown, "Of a target: how it is measured.")                      \
    P(c, values, VALUES, values, 44, act, shown, "The values of its indicator: core/target_pack.c.")                   \
    P(c, plan, PLAN, plan, 45, content, shown, "What its indicator is to reach, period by period.")                    \
    D(c, task, "Its number.")                                                                                          \
    D(c, policy_version, "Which version of its policy.")                                                               \
    D(c, counted, "How its due time was counted.")                                                                     \
    D(c, due_day, "The last day in time.")                                                                             \
    D(c, timeliness, "How it stands against its due time, now.")                                                       \
    D(c, successions, "Which of its roles somebody has succeeded to.")                                                 \
    D(c, custody, "Whose clock runs now, and what for.")                                                               \
    D(c, parts_percent, "How far its parts are together.")                                                             \
    D(c, open_parts, "How many of its parts are open.")                                                                \
    D(c, held_up, "What it waits for and has not ended.")                                                              \
    D(c, opinions, "What became of the opinions asked for.")                                                           \
    D(c, value_owed, "Of which period a value is owed.")                                                               \
    D(c, value_missing, "Of which the value is missing.")                                                              \
    D(c, values_missing, "All of which it is, the newest of them.")                                                    \
    D(c, values_missing_more, "How many there are before those.")

#endif
