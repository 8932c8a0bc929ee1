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

/* ---- what agencies do, and what is done for them ---- */

/* As of a task that a schedule was to make, or of an agency that ends. */
static bool is_of_no_task(const struct notification *item)
{
    return !item->task;
}

static bool is_of_agency(const struct notification *item)
{
    return says(item, "record", term_name(&vocabulary_record, RECORD_AGENCY));
}

static bool is_with_document(const struct notification *item)
{
    return json_is_true(json_object_get(item->json, "with_document"));
}

static bool is_by_itself(const struct notification *item)
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

static bool is_of_value(const struct notification *item)
{
    return has(item, "measured");
}

/* ---- deadlines ---- */

static bool is_acceptance(const struct notification *item)
{
    return item->deadline == DEADLINE_ACCEPTANCE;
}

/* Of a target with an indicator a report is the value of a period. */
static bool is_value_owed(const struct notification *item)
{
    return item->deadline == DEADLINE_REPORT && has(item, "value_owed");
}

static bool is_value_missing(const struct notification *item)
{
    return item->deadline == DEADLINE_REPORT && has(item, "value_missing");
}

static bool is_report(const struct notification *item)
{
    return item->deadline == DEADLINE_REPORT;
}

static bool is_decision(const struct notification *item)
{
    return item->deadline == DEADLINE_DECISION;
}

static bool is_answer(const struct notification *item)
{
    return is_recommendation(item) && item->deadline == DEADLINE_COMPLETION;
}

static bool is_finish(const struct notification *item)
{
    return item->deadline == DEADLINE_COMPLETION;
}

/* Who is told of a task that is late because it holds that up, and for nothing else: it can neither read nor acknowledge it. */
static bool is_held_up_here(const struct notification *item)
{
    const char *holder = json_string_value(json_object_get(item->json, "holder"));
    return holder && notification_is_to(item, holder) && !notification_is_to(item, item->lead) &&
           !json_is_true(json_object_get(item->json, "acknowledges"));
}

static bool is_escalated_to_others(const struct notification *item)
{
    return json_is_false(json_object_get(item->json, "acknowledges"));
}

/* ---- opinions and requests ---- */

static bool is_of_question(const struct notification *item)
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
        if (agency && notification_is_to(item, agency))
            return is_of_question(item);
    }
    return false;
}

static bool is_handed_on(const struct notification *item)
{
    return says(item, "record", term_name(&vocabulary_record, RECORD_HANDED_ON));
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
#define O(constant, holds, notice, ...) {OCCASION_##constant, NOTICE_##notice, is_##holds},
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
