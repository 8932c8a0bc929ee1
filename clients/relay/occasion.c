#include "occasion.h"

#include <string.h>

static bool has(const struct notification *item, const char *name)
{
    return json_object_get(item->json, name) != NULL;
}

static bool says(const struct notification *item, const char *name, const char *term)
{
    const char *text = json_string_value(json_object_get(item->json, name));
    return text && strcmp(text, term) == 0;
}

static bool is_record(const struct notification *item, enum record record)
{
    return says(item, "record", term_name(&vocabulary_record, (int)record));
}

/* ---- what agencies do, and what is done for them ---- */

/* Of a task that a schedule was to make: what is told of it is of no task. */
static bool is_not_made(const struct notification *item)
{
    return !item->task;
}

static bool is_ended_with_document(const struct notification *item)
{
    return json_is_true(json_object_get(item->json, "with_document"));
}

static bool is_moved_with_document(const struct notification *item)
{
    return is_ended_with_document(item);
}

/* An agency ends, and who succeeds to it is excluded from tasks: what is told of that is of no task. */
static bool is_heir_excluded(const struct notification *item)
{
    return !item->task;
}

static bool is_ran_on(const struct notification *item)
{
    return !item->actor[0];
}

static bool is_circular(const struct notification *item)
{
    return item->kind == KIND_CIRCULAR;
}

static bool is_recommendation(const struct notification *item)
{
    return item->kind == KIND_RECOMMENDATION;
}

static bool is_recurring(const struct notification *item)
{
    return has(item, "scheduled");
}

static bool is_was_read(const struct notification *item)
{
    return is_circular(item);
}

static bool is_value_told(const struct notification *item)
{
    return has(item, "measured");
}

/* ---- deadlines ---- */

static bool is_accept_soon(const struct notification *item)
{
    return item->deadline == DEADLINE_ACCEPTANCE;
}

/* Of a target with an indicator a report is the value of a period. */
static bool is_value_soon(const struct notification *item)
{
    return item->deadline == DEADLINE_REPORT && has(item, "value_owed");
}

static bool is_value_late(const struct notification *item)
{
    return item->deadline == DEADLINE_REPORT && has(item, "value_missing");
}

static bool is_report_soon(const struct notification *item)
{
    return item->deadline == DEADLINE_REPORT;
}

static bool is_decide_soon(const struct notification *item)
{
    return item->deadline == DEADLINE_DECISION;
}

static bool is_answer_soon(const struct notification *item)
{
    return is_recommendation(item) && item->deadline == DEADLINE_COMPLETION;
}

static bool is_finish_soon(const struct notification *item)
{
    return item->deadline == DEADLINE_COMPLETION;
}

static bool is_accept_late(const struct notification *item)
{
    return is_accept_soon(item);
}

static bool is_report_late(const struct notification *item)
{
    return is_report_soon(item);
}

static bool is_decide_late(const struct notification *item)
{
    return is_decide_soon(item);
}

static bool is_answer_late(const struct notification *item)
{
    return is_answer_soon(item);
}

static bool is_finish_late(const struct notification *item)
{
    return is_finish_soon(item);
}

/* Who is told of a task that is late because it holds that up, and for nothing else: it can neither read nor acknowledge it. */
static bool is_held_up_here(const struct notification *item)
{
    return says(item, "holder", item->agency) && strcmp(item->agency, item->lead) != 0 &&
           !json_is_true(json_object_get(item->json, "acknowledges"));
}

static bool is_escalated_to_others(const struct notification *item)
{
    return json_is_false(json_object_get(item->json, "acknowledges"));
}

/* ---- opinions and requests ---- */

static bool is_unanswered(const struct notification *item)
{
    return has(item, "question");
}

static bool is_question_moved(const struct notification *item)
{
    return has(item, "question");
}

static bool is_recalled(const struct notification *item)
{
    return says(item, "action", term_name(&vocabulary_action, ACTION_RECALL));
}

/* Whoever owed it is spoken to, and not of. */
static bool is_not_owed_here(const struct notification *item)
{
    const json_t *opinions = json_object_get(item->json, "opinions");
    for (size_t i = 0; i < json_array_size(opinions); i++) {
        const char *agency = json_string_value(json_object_get(json_array_get(opinions, i), "agency"));
        if (agency && strcmp(agency, item->agency) == 0)
            return has(item, "question");
    }
    return false;
}

static bool is_not_owed(const struct notification *item)
{
    return has(item, "question");
}

static bool is_handed_on(const struct notification *item)
{
    return is_record(item, RECORD_HANDED_ON);
}

static bool is_undecided(const struct notification *item)
{
    return is_record(item, RECORD_HANDED_ON);
}

/* ---- hot spots ---- */

static bool is_rule_removed(const struct notification *item)
{
    return json_is_true(json_object_get(item->json, "rule_removed"));
}

static bool is_rule_changed(const struct notification *item)
{
    return has(item, "hot_spot_rule");
}

/* ---- all of them ---- */

static const struct {
    enum occasion occasion;
    int notice;
    bool (*holds)(const struct notification *item);
} occasions[] = {
#define O(constant, name, notice, ...) {OCCASION_##constant, NOTICE_##notice, is_##name},
    RELAY_OCCASIONS(O)
#undef O
};

static enum occasion find(const struct notification *item, int notice)
{
    for (size_t i = 0; i < sizeof occasions / sizeof *occasions; i++)
        if (occasions[i].notice == notice && occasions[i].holds(item))
            return occasions[i].occasion;
    return OCCASION_PLAIN;
}

enum occasion occasion_of(const struct notification *item)
{
    return find(item, item->notice);
}

enum occasion occasion_late(const struct notification *item)
{
    return item->deadline ? find(item, NOTICE_OVERDUE) : OCCASION_PLAIN;
}
