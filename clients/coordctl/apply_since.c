/* What happened to a task since a file said what it says: read off the task's own history, which has every value that a field of it had,
 * and who made another of it. A file that is applied again so undoes nobody's amendment and no date that was granted.
 */
#include <stdio.h>
#include <string.h>

#include "applying.h"
#include "json_write.h"
#include "with_document.h"

#define PAGE_RECORDS 1000

/* ---- the history, newest first ---- */

static void keep(struct applying_since *since, const struct msg_record *record)
{
    char due[64] = "";
    if (record->record != RECORD_TASK && record->record != RECORD_DUE_MOVED)
        return;
    json_t *object = json_write(&message_record, record);
    if (MSG_HAS(record, record, due))
        applying_write_due(record->due, record->due_day, since->offset, due, sizeof due);
    json_object_set_new(object, "due", due[0] ? json_string(due) : json_null());
    json_object_set_new(object, "with_document", json_boolean(record_is_with_document(record)));
    json_array_append_new(since->records, object);
}

static int keep_page(struct applying_since *since, struct decoder *decoder, const struct msg_records_reply *reply,
                     struct problem *problem)
{
    struct envelope envelope;
    struct msg_record record;
    for (uint32_t i = 0; i < reply->records.count; i++) {
        const struct text frame = reply->records.items[i];
        int error = decoder_open(decoder, frame.data, frame.size, &envelope, problem);
        if (!error)
            error = decoder_read(decoder, &message_record, &record, problem);
        if (error)
            return error;
        keep(since, &record);
    }
    return 0;
}

int applying_since_read(struct applying *applying, const struct msg_task *task, int64_t offset,
                        struct applying_since *since)
{
    struct msg_task_history asked = {0};
    struct msg_records_reply reply = {0};
    struct problem problem = {0};
    struct decoder *decoder = decoder_new();
    int error = 0;
    *since = (struct applying_since){.records = json_array(), .offset = offset};
    if (!decoder)
        return EXIT_SYSTEM;
    decoder_take_any_term(decoder);
    MSG_SET(&asked, task_history, task, task->task);
    MSG_SET(&asked, task_history, limit, PAGE_RECORDS);
    do {
        error = coord_call(applying->session->coord, OP_TASK_HISTORY, &asked, &reply, COORD_TIMEOUT_DEFAULT, &problem);
        if (!error)
            error = keep_page(since, decoder, &reply, &problem);
        if (!error && MSG_HAS(&reply, records_reply, next))
            MSG_SET(&asked, task_history, before, reply.next);
    } while (!error && MSG_HAS(&reply, records_reply, next));
    decoder_free(decoder);
    return error ? session_fail(applying->session, &problem) : EXIT_DONE;
}

void applying_since_done(struct applying_since *since)
{
    json_decref(since->records);
    since->records = NULL;
}

/* ---- what became of a field ---- */

static bool names(const json_t *array, const char *name)
{
    size_t i;
    const json_t *member;
    json_array_foreach(array, i, member) if (strcmp(json_string_value(member), name) == 0) return true;
    return false;
}

/* What a field is after a record, from what it was: NULL for nothing. Of the due date it is the day, unless words that count are
 * looked for: then the words, as long as no record gives the date without saying them. */
static const json_t *after(const json_t *record, const char *name, bool counts, const json_t *was)
{
    const json_t *value = json_object_get(json_object_get(record, "content"), name);
    if (names(json_object_get(record, "cleared"), name))
        return NULL;
    if (strcmp(name, "due") != 0)
        return value ? value : was;
    const json_t *due = json_object_get(record, "due");
    const char *action = json_string_value(json_object_get(record, "action"));
    if (!counts)
        return json_is_string(due) ? due : NULL;
    if (value)
        return value;
    return action && strcmp(action, "grant") == 0 && json_object_get(json_object_get(record, "asked"), "granted") ? NULL
                                                                                                                  : was;
}

static bool is_same(const json_t *value, const json_t *const wanted[2])
{
    for (int i = 0; i < 2; i++)
        if (value ? json_equal(value, wanted[i])
                  : (json_is_string(wanted[i]) && json_string_length(wanted[i]) == 0) ||
                        (json_is_array(wanted[i]) && json_array_size(wanted[i]) == 0))
            return true;
    return false;
}

static bool is_same_value(const json_t *a, const json_t *b)
{
    return a == b || (a && b && json_equal(a, b));
}

static bool is_by_apply(const json_t *record)
{
    const char *request = json_string_value(json_object_get(record, "request"));
    return request && strncmp(request, APPLYING_REQUEST, strlen(APPLYING_REQUEST)) == 0;
}

const json_t *applying_since_changed(const struct applying_since *since, const char *name, const json_t *wanted,
                                     const json_t *raw)
{
    const json_t *const either[2] = {wanted, raw};
    const json_t *value = NULL, *changed = NULL;
    const char *text = json_string_value(raw);
    const size_t size = text ? strlen(text) : 0;
    const bool counts = strcmp(name, "due") == 0 && size > 0 && (text[size - 1] == 'd' || text[size - 1] == 'h');
    bool was_so = false;
    for (size_t left = json_array_size(since->records); left > 0; left--) {
        const json_t *record = json_array_get(since->records, left - 1);
        const json_t *before = value;
        value = after(record, name, counts, value);
        const bool is_so = is_same(value, either);
        if (is_so != was_so || !is_same_value(value, before))
            changed = is_by_apply(record) ? NULL : was_so ? record : changed;
        was_so = is_so;
    }
    return was_so ? NULL : changed;
}

void applying_since_text(const json_t *record, char *text, size_t size)
{
    static const struct {
        const char *action, *words;
    } deeds[] = {{"amend", "amended"},
                 {"grant", "granted"},
                 {"resume", "put off by a pause"},
                 {"reassign", "given with a new lead"}};
    const char *action = json_string_value(json_object_get(record, "action"));
    const char *actor = json_string_value(json_object_get(record, "actor"));
    const char *time = json_string_value(json_object_get(record, "time"));
    const char *words = action ? "changed" : "moved by its calendar";
    for (size_t i = 0; action && i < sizeof deeds / sizeof *deeds; i++)
        if (strcmp(action, deeds[i].action) == 0)
            words = deeds[i].words;
    if (json_is_true(json_object_get(record, "with_document")))
        words = "moved with its document, which was replaced";
    snprintf(text, size, "%s on %.10s%s%s", words, time ? time : "", actor ? " by " : "", actor ? actor : "");
}
