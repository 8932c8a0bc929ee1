#include "notification.h"

#include <string.h>

#include "json_write.h"
#include "with_document.h"

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static int term_at(const json_t *object, const char *name, const struct vocabulary *vocabulary)
{
    const char *text = text_at(object, name);
    return term_number(vocabulary, text, (uint32_t)strlen(text));
}

static uint64_t number_at(const json_t *object, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(object, name));
}

static struct names names_at(const json_t *object, const char *name, const char **items, size_t room)
{
    struct names names = {items, 0};
    const json_t *array = json_object_get(object, name);
    for (size_t i = 0; i < json_array_size(array) && names.count < room; i++)
        if (json_string_value(json_array_get(array, i)))
            items[names.count++] = json_string_value(json_array_get(array, i));
    return names;
}

void notification_view(struct notification *view, const json_t *object)
{
    *view = (struct notification){.json = object};
    view->agency = text_at(object, "agency");
    view->above = names_at(object, "above", view->above_items, NOTIFICATION_ABOVE_MAX);
    view->notice = term_at(object, "notice", &vocabulary_notice);
    view->severity = term_at(object, "severity", &vocabulary_severity);
    view->kind = term_at(object, "kind", &vocabulary_kind);
    view->deadline = term_at(object, "deadline", &vocabulary_deadline);
    view->state = term_at(object, "state", &vocabulary_state);
    view->seq = number_at(object, "seq");
    view->task = number_at(object, "task");
    view->level = number_at(object, "level");
    view->escalation = number_at(object, "escalation");
    view->time = (int64_t)number_at(object, "time");
    view->due = (int64_t)number_at(object, "due");
    view->area = text_at(object, "area");
    view->reference = text_at(object, "reference");
    view->title = text_at(object, "title");
    view->assigner = text_at(object, "assigner");
    view->lead = text_at(object, "lead");
    view->actor = text_at(object, "actor");
    view->officer = text_at(object, "officer");
    view->reason = text_at(object, "reason");
    view->note = text_at(object, "note");
    view->due_day = text_at(object, "due_day");
    view->tags = names_at(object, "tags", view->tag_items, NOTIFICATION_TAGS_MAX);
}

/* ---- from the wire ---- */

/* Which fields of the record, and which of the task, are handed on; the task's where the record has none. */
static const char *const record_fields[] = {
    "seq",           "time",       "notice",         "severity",       "reason",
    "task",          "state",      "reference",      "title",          "assigner",
    "lead",          "due",        "due_day",        "deadline",       "actor",
    "officer",       "note",       "percent",        "level",          "escalation",
    "version",       "superseded", "addressed",      "measured",       "value",
    "value_missing", "to",         "asked",          "until",          "answer",
    "passed_to",     "chain",      "holder",         "record",         "action",
    "accept_due",    "report_due", "counted",        "instant",        "step",
    "open_parts",    "bounces",    "accept_counted", "report_counted", "cleared",
    "question",      "opinions",   "scheduled",      "hot_spot",       "hot_spot_rule",
    "rule_removed",  NULL};
static const char *const name_fields[] = {"stand_in", "stand_ins", NULL};
static const char *const task_fields[] = {
    "kind",       "area",       "tags",       "priority", "document",   "paragraph",     "percent",
    "reference",  "title",      "assigner",   "lead",     "due",        "due_day",       "state",
    "accept_due", "report_due", "paragraphs", "unit",     "value_owed", "value_missing", NULL};

static void add_fields(json_t *object, const struct message *message, const void *in, const char *const *names)
{
    json_t *whole = json_write_as(message, in, JSON_TIMES_MS);
    for (; *names; names++)
        if (json_object_get(whole, *names) && !json_object_get(object, *names))
            json_object_set(object, *names, json_object_get(whole, *names));
    json_decref(whole);
}

/* What an amendment brought, by the names of its fields; what it took away is in `cleared`. */
static json_t *changed_json(const struct msg_content *content)
{
    json_t *array = json_array();
    for (uint16_t i = 0; i < message_content.count; i++)
        if (content->has >> i & 1)
            json_array_append_new(array, json_string(message_content.fields[i].name));
    return array;
}

/* Which agency ends, was given a key or is stood in for, where it is of no task that is told. */
static json_t *concerns_json(const struct msg_record *record)
{
    static const char *const fields[] = {"agency", "successor", "valid_until", "stand_in", NULL};
    json_t *object = json_object();
    add_fields(object, &message_agency, &record->agency, fields);
    if (MSG_HAS(record, record, entry))
        json_object_set_new(object, "label", json_stringn(record->entry.label.data, record->entry.label.size));
    return object;
}

json_t *record_json(const struct msg_record *record)
{
    json_t *object = json_object();
    add_fields(object, &message_record, record, record_fields);
    add_fields(object, &message_record, record, name_fields);
    if (MSG_HAS(record, record, content))
        add_fields(object, &message_content, &record->content, task_fields);
    if (record->action == ACTION_AMEND && MSG_HAS(record, record, content))
        json_object_set_new(object, "changed", changed_json(&record->content));
    if (MSG_HAS(record, record, agency))
        json_object_set_new(object, "concerns", concerns_json(record));
    if (record_is_with_document(record))
        json_object_set_new(object, "with_document", json_true());
    return object;
}

/* The oldest request of the lead that is open, without what it said: what a deadline of a decision is of. */
static json_t *waiting_json(const struct msg_task *task)
{
    for (uint32_t i = 0; i < task->asks.count; i++)
        if (!MSG_HAS(&task->asks.items[i], asked, outcome)) {
            json_t *object = json_write_as(&message_asked, &task->asks.items[i], JSON_TIMES_MS);
            json_object_del(object, "reason");
            return object;
        }
    return NULL;
}

json_t *task_json(const struct msg_task *task)
{
    json_t *object = json_object(), *waiting = waiting_json(task);
    add_fields(object, &message_task, task, task_fields);
    if (waiting)
        json_object_set_new(object, "waiting", waiting);
    return object;
}

static bool has_name(const json_t *names, const char *name)
{
    for (size_t i = 0; i < json_array_size(names); i++)
        if (strcmp(json_string_value(json_array_get(names, i)), name) == 0)
            return true;
    return false;
}

static bool says(const json_t *object, const char *name, const char *text)
{
    return strcmp(text_at(object, name), text) == 0;
}

/* Whose opinion is owed no more because it may give none. */
static bool is_not_to_be_asked(const json_t *record, const char *agency)
{
    const json_t *opinions = json_object_get(record, "opinions");
    if (!says(record, "record", term_name(&vocabulary_record, RECORD_UNANSWERED)))
        return false;
    for (size_t i = 0; i < json_array_size(opinions); i++)
        if (says(json_array_get(opinions, i), "agency", agency) &&
            says(json_array_get(opinions, i), "state", term_name(&vocabulary_opining, OPINING_WITHDRAWN)))
            return true;
    return false;
}

/* Some are told of a task that they may not read, or not any more. */
static bool may_not_read(const json_t *record, const char *agency)
{
    const bool is_holder = says(record, "holder", agency) && !says(record, "lead", agency) &&
                           !has_name(json_object_get(record, "addressed"), agency);
    return is_holder || is_not_to_be_asked(record, agency);
}

/* What the record says, and no more: of who stands in, where none of those that it stands in for may read the task. */
static bool is_told_the_record_alone(const json_t *record, const char *agency, const json_t *names)
{
    bool alone = true;
    if (says(record, "notice", term_name(&vocabulary_notice, NOTICE_REMOVED)))
        return true;
    if (!names)
        return may_not_read(record, agency);
    for (size_t i = 0; i < json_array_size(names) && alone; i++)
        alone = may_not_read(record, json_string_value(json_array_get(names, i)));
    return alone;
}

/* Who leads the task, or stands in for its lead, acknowledges nothing in another's name. */
static bool acknowledges(const json_t *record, const char *agency, const json_t *names)
{
    const json_t *addressed = json_object_get(record, "addressed");
    const bool is_leads = says(record, "lead", agency) || has_name(names, text_at(record, "lead"));
    bool found = false;
    if (!names)
        return has_name(addressed, agency);
    for (size_t i = 0; i < json_array_size(names) && !found; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        found = has_name(addressed, name) && (!is_leads || says(record, "lead", name));
    }
    return found;
}

json_t *notification_json(const json_t *record, const json_t *task, const char *agency, json_t *names, json_t *above)
{
    json_t *object = json_copy((json_t *)(uintptr_t)record);
    json_object_set_new(object, "agency", json_string(agency));
    json_object_set_new(object, "above", above);
    if (json_object_get(record, "escalation") && json_object_get(record, "addressed"))
        json_object_set_new(object, "acknowledges", json_boolean(acknowledges(record, agency, names)));
    json_object_del(object, "to");
    json_object_del(object, "stand_ins");
    json_object_del(object, "superseded");
    json_object_del(object, "addressed");
    if (task && !is_told_the_record_alone(record, agency, names))
        json_object_update_missing(object, (json_t *)(uintptr_t)task);
    if (names)
        json_object_set_new(object, "stands_in_for", names);
    return object;
}

bool notification_is_to(const struct notification *view, const char *agency)
{
    const json_t *names = json_object_get(view->json, "stands_in_for");
    return names ? has_name(names, agency) : strcmp(view->agency, agency) == 0;
}

/* What was escalated wants no acknowledgement any more: by the rules of PROTOCOL.md, "Ladders". A suspension is no end: the task's
 * escalations are open still when it goes on. */
bool notice_ends_escalation(int notice)
{
    static const uint32_t ends = TERM_BIT(NOTICE_ACKNOWLEDGED) | TERM_BIT(NOTICE_SUBMITTED) |
                                 TERM_BIT(NOTICE_CONFIRMED) | TERM_BIT(NOTICE_CANCELLED) | TERM_BIT(NOTICE_ANSWERED);
    return ends >> notice & 1;
}
