/* The table of all options. */
#include <stddef.h>

#include "options.h"
#include "terms.h"

#define TEXT_OPTION(name, value, sentence)                                                                             \
    {                                                                                                                  \
        name, value, VALUE_ANY, NULL, sentence, false                                                                  \
    }
#define KIND_OPTION(name, value, kind, sentence)                                                                       \
    {                                                                                                                  \
        name, value, VALUE_##kind, NULL, sentence, false                                                               \
    }
#define TERM_OPTION(name, value, vocabulary, sentence)                                                                 \
    {                                                                                                                  \
        name, value, VALUE_TERM, &vocabulary_##vocabulary, sentence, false                                             \
    }
#define FLAG_OPTION(name, sentence)                                                                                    \
    {                                                                                                                  \
        name, NULL, VALUE_ANY, NULL, sentence, false                                                                   \
    }
/* Of which more may be given; `vocabulary` is the address of one, or NULL. */
#define MANY_OPTION(name, value, kind, vocabulary, sentence)                                                           \
    {                                                                                                                  \
        name, value, VALUE_##kind, vocabulary, sentence, true                                                          \
    }

/* An option that fills in a request has the name of the request's field, with `-` for `_`. */
const struct option_row option_rows[] = {
    KIND_OPTION("context", "NAME", CONTEXT,
                "Which broker, as whom: a context's name, or a file with a slash in its path."),
    FLAG_OPTION("json", "JSON, whole, on standard output."),
    FLAG_OPTION("table", "Tables with headings, as on a terminal, also when piped."),
    TEXT_OPTION("timeout", "SECONDS", "How long to wait for the broker; 30."),
    TEXT_OPTION("officer", "NAME", "The officer who acts for the agency."),
    KIND_OPTION("for", "AGENCY", AGENCY,
                "In the name of an agency that one's own stands in for; records say who did it."),
    TEXT_OPTION("within", "TIME",
                "So old at most may be what is read: 500ms, 5s, 1m; then a broker that follows may answer."),
    TEXT_OPTION("at-least", "SEQ",
                "What is read has this record, the sequence that a change before it told; a broker that follows may "
                "answer."),
    FLAG_OPTION("help", "What this command does and takes."),
    /* of tasks */
    MANY_OPTION("to", "AGENCY", AGENCY, NULL,
                "Who is to lead, or to be told (of an escalation: the supervisor, or else the assigner); give it again "
                "for more."),
    KIND_OPTION("children-of", "AGENCY", AGENCY, "Instead of --to: every assignable agency right under this one."),
    TEXT_OPTION("reference", "CODE", "The assigner's own code, unique with that assigner: HT-036."),
    TEXT_OPTION("title", "TEXT", "What is to be done, in one line."),
    TEXT_OPTION("description", "TEXT", "The same at length."),
    TEXT_OPTION("due", "DATE",
                "By when: 2024-06-28, 2024-06-28T16:30, 10wd (working days), 16wh (working hours) or 30d."),
    KIND_OPTION("policy", "ID", POLICY, "The policy: its ladder of reminders and escalations; none: no ladder."),
    KIND_OPTION("calendar", "ID", CALENDAR, "The calendar that days are counted in."),
    TEXT_OPTION("until", "DATE",
                "Until when the clocks stand still: to the end of 2024-07-31, 10wd or 30d, or to a minute: "
                "2024-07-31T10:00, 16wh."),
    KIND_OPTION("lead", "AGENCY", AGENCY, "Who is to lead the task from then on."),
    TEXT_OPTION("request", "NUMBER", "Which request of the lead; it may be left out where one is open."),
    FLAG_OPTION("asked", "What this agency asks for itself, of those that give it tasks."),
    TEXT_OPTION("question", "NUMBER", "Which question of the lead; it may be left out where one is open."),
    TERM_OPTION("kind", "KIND", kind, "What sort of task."),
    KIND_OPTION("follows", "TASK", TASK, "The task that it comes after: an earlier recommendation, say."),
    TERM_OPTION("answer", "OUTCOME", answering, "With what a recommendation is answered."),
    KIND_OPTION("document", "NUMBER", DOCUMENT, "Number of the source document: 620-BC/HU."),
    TEXT_OPTION("paragraph", "TEXT", "Where in the document."),
    MANY_OPTION("cooperating", "AGENCY", AGENCY, NULL, "An agency that works along with the lead; may be given again."),
    KIND_OPTION("supervisor", "AGENCY", AGENCY, "The agency that watches over it."),
    MANY_OPTION("observers", "AGENCY", AGENCY, NULL, "An agency that is kept informed; may be given again."),
    MANY_OPTION("excluded", "AGENCY", AGENCY, NULL,
                "An agency that no escalation tells of the task, and that may not "
                "read it for having been told; may be given again."),
    TERM_OPTION("priority", "PRIORITY", priority, "How pressing."),
    TEXT_OPTION("area", "WORD", "Field of work."),
    MANY_OPTION("tags", "WORD", ANY, NULL, "A word to find it by; may be given again."),
    TEXT_OPTION("target", "NUMBER", "The figure to be reached."),
    TEXT_OPTION("unit", "TEXT", "Unit of the figure."),
    KIND_OPTION("parent", "TASK", TASK, "The task that this is a part of; of an agency, the agency above."),
    TERM_OPTION("scope", "SCOPE", scope, "Who may read it."),
    TEXT_OPTION("weight", "NUMBER",
                "Of a part: how much of its whole it is, beside the other parts, 1 to 1000; 1 at first."),
    MANY_OPTION("waits-for", "TASK", TASK, NULL, "A task that holds this one up until it ends; may be given again."),
    TERM_OPTION("reporting", "PERIOD", period, "How often the lead owes a report."),
    TERM_OPTION("period", "PERIOD", period, "How often a task is made."),
    TERM_OPTION("catchup", "CATCHUP", catchup,
                "What becomes of periods that began while the broker was down: fire makes each, merge the last alone, "
                "record none."),
    KIND_OPTION("assigner", "AGENCY", AGENCY, "Whose it was, where this agency has taken over several of one id."),
    FLAG_OPTION("reset", "Take the file's values also where the task had them and was changed since."),
    FLAG_OPTION("backdated", "Take a due date that has passed: for work entered late."),
    MANY_OPTION("clear", "WHAT", TERM, &vocabulary_clearable,
                "What is taken away: due, parent, reporting, target; may be given again."),
    TEXT_OPTION("expect", "VERSION", "The version that this was decided on; another is a conflict."),
    TEXT_OPTION("note", "TEXT", "The report, reason or comment, in the agency's words."),
    TEXT_OPTION("percent", "NUMBER", "How much is done, 0 to 100."),
    TEXT_OPTION("value", "NUMBER", "The figure reached."),
    MANY_OPTION("evidence", "FILE", FILE, NULL,
                "Proof of the work: a file, whose size and SHA-256 go along, or a URL; may be given again."),
    TEXT_OPTION("level", "NUMBER", "How high up the ladder, 1 to 9."),
    /* of targets */
    TERM_OPTION("better", "WHICH", better, "Which values of a target are the better ones; more when absent."),
    TERM_OPTION("counting", "HOW", counting,
                "What a value says of its period: the level that is reached by its end, as when absent, or the amount "
                "that it brought."),
    TEXT_OPTION("per", "NUMBER", "The values are rates, so many to each: 100 of a percentage."),
    MANY_OPTION(
        "plan", "PERIOD=NUMBER", ANY, NULL,
        "What is to be reached in a period: 2024-W23=9, 2024-06=9, 2024-Q2=9, 2024-H1=9 or 2024=9; may be given "
        "again, the earliest first."),
    TEXT_OPTION("of", "PERIOD", "Of which period the value is; of the one that is missing, or else owed, when absent."),
    TEXT_OPTION("numerator", "NUMBER", "Of a rate: how many…"),
    TEXT_OPTION("denominator", "NUMBER", "…of how many."),
    FLAG_OPTION("open", "Only those that are open."),
    FLAG_OPTION("behind", "Only those that are below plan, will not be met by the forecast, or have a value missing."),
    /* of lists */
    KIND_OPTION("agency", "AGENCY", AGENCY, "Only what concerns this agency."),
    MANY_OPTION("roles", "ROLE", TERM, &vocabulary_role, "In which role; may be given again."),
    FLAG_OPTION("subtree", "Also those of the agencies under it."),
    MANY_OPTION("states", "STATE", TERM, &vocabulary_state, "Only those in this state; may be given again."),
    MANY_OPTION("timeliness", "TIMELINESS", TERM, &vocabulary_timeliness,
                "Only those that stand so; may be given again."),
    MANY_OPTION("kinds", "KIND", TERM, &vocabulary_kind, "Only those of this kind; may be given again."),
    TEXT_OPTION("tag", "WORD", "Only those with this tag."),
    TEXT_OPTION("search", "TEXT", "Only those whose title holds this; accents do not matter."),
    FLAG_OPTION("waiting", "Only those that are held up by another task, which has not ended."),
    TEXT_OPTION("due-before", "TIME", "Only those due before 2024-06-28, or 2024-06-28T16:30+07:00."),
    TEXT_OPTION("since", "TIME", "Only what was so from 2024-06-28 on, or from 2024-06-28T16:30+07:00."),
    TEXT_OPTION("before", "TIME", "Only what was so before this time; up to now when absent."),
    TEXT_OPTION("limit", "NUMBER", "At most so many."),
    FLAG_OPTION("mine", "Only those addressed to one's own agency."),
    FLAG_OPTION("closed", "Also those acknowledged or ended."),
    /* of agencies and keys */
    TEXT_OPTION("name", "NAME", "Its name."),
    TEXT_OPTION("name-en", "NAME", "Its name in English."),
    TEXT_OPTION("sort", "WORD", "Its sort: party, government, police."),
    TEXT_OPTION("assignable", "yes|no", "Whether it takes tasks."),
    TEXT_OPTION("valid-until", "TIME",
                "It does not exist, or is not accepted, at or after this time; '' takes the time away."),
    TEXT_OPTION("on", "TIME", "From when it is so: 2025-07-01, from that day's begin."),
    TEXT_OPTION("valid-from", "TIME", "It does not exist before this time; '' takes the time away."),
    FLAG_OPTION("end", "End it: nobody stands in any more."),
    KIND_OPTION("successor", "AGENCY", AGENCY, "Who takes its place once it is gone; '' is nobody."),
    MANY_OPTION("may-task", "AGENCY", AGENCY, NULL,
                "An agency that it may task, with all under it, besides those that it may already; may be given again, "
                "and '' before "
                "it takes these back."),
    TEXT_OPTION("label", "TEXT", "Whose key, or what for."),
    MANY_OPTION("rights", "RIGHT", TERM, &vocabulary_right,
                "What the key may be used for, in the place of what it may; may be given again. A new one may act when "
                "absent."),
    TEXT_OPTION("public-key", "KEY", "A key that somebody else made; none is made then."),
    KIND_OPTION("out", "FILE", FILE, "Where to write the new context file."),
    /* of the rest */
    KIND_OPTION("file", "FILE", FILE, "What to apply: JSON, or .ics holidays. - is standard input."),
    FLAG_OPTION("dry-run", "Change nothing: say what would change, and that it only would."),
    TERM_OPTION("tasking", "TASKING", tasking, "Whom an agency may give tasks."),
    KIND_OPTION("default-policy", "ID", POLICY, "The policy of a task that is given without one; none: it has none."),
    FLAG_OPTION("yes", "Do not ask first, where it asks because there is no easy way back."),
    FLAG_OPTION("observances", "Of an .ics file, also the days that are marked and on which all work."),
    TEXT_OPTION("suspended", "TIME", "When the task was suspended: 2024-06-03T10:00."),
    TEXT_OPTION("resumed", "TIME", "When it was resumed."),
    TEXT_OPTION("consumer", "NAME", "A durable name: go on where this one stopped."),
    TEXT_OPTION("from", "SEQ", "Begin after this sequence; 0 is the beginning."),
    MANY_OPTION("notices", "NOTICE", TERM, &vocabulary_notice, "Only these; may be given again."),
    TERM_OPTION("severity", "SEVERITY", severity, "Only this severity and above."),
    TEXT_OPTION("count", "NUMBER", "End after so many."),
    FLAG_OPTION("by-agency", "What each agency costs the broker."),
    FLAG_OPTION("tasks", "Also every task, one line each."),
    /* of documents */
    MANY_OPTION("paragraphs", "ID", ANY, NULL,
                "A paragraph of the document that the task carries out: II.3; may be given again."),
    TERM_OPTION("type", "TYPE", document_kind, "What sort of document."),
    MANY_OPTION("types", "TYPE", TERM, &vocabulary_document_kind, "Only those of this type; may be given again."),
    MANY_OPTION("forces", "FORCE", TERM, &vocabulary_force, "Only those that stand so; may be given again."),
    KIND_OPTION("issuer", "AGENCY", AGENCY, "The agency that issued it; one's own when absent."),
    TEXT_OPTION("issued", "DAY", "Its date: 2024-06-03."),
    KIND_OPTION("task", "TASK", TASK, "Of a restricted document: a task that cites it, which this agency may read."),
    KIND_OPTION("by", "NUMBER", DOCUMENT, "The document that replaces it, which is in force."),
    MANY_OPTION(
        "became", "OLD=NEW", ANY, NULL,
        "What a paragraph has become in the document that replaces it, OLD= when it has none there; one that is "
        "not given is the same there. May be given again."),
    MANY_OPTION("ends", "CODE", ANY, NULL,
                "A task of the issuer's that ends with the document, by its reference; may be given again."),
    /* of the web pages */
    TEXT_OPTION("lasts", "TIME", "For how long the link is good: 15m, 8h, 24h at most; 15m when absent."),
    KIND_OPTION("config", "FILE", FILE, "The configuration of coord-web, where it is not in its usual place."),
    KIND_OPTION("dir", "DIR", FILE, "The directory of coord-web's store, where it is not the configuration's."),
    {NULL, NULL, VALUE_ANY, NULL, NULL, false},
};
