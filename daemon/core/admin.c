/* What administrators' requests have in common. Setting what is there already changes nothing, and is remembered as having changed
 * nothing.
 */
#include "core/admin.h"

#include <stdio.h>
#include <string.h>

#include "core/naming.h"
#include "core/reply.h"
#include "core/scratch.h"
#include "core/task.h"

int admin_done(struct step *step, struct msg_record *record, struct text officer)
{
    task_sign(step, record, officer, 0, 1);
    step_record(step, record);
    reply_changes(step, record->seq, NULL, 0);
    return 0;
}

int admin_unchanged(struct step *step, struct text officer)
{
    task_unchanged(step, officer);
    return 0;
}

bool admin_is_same(struct core *core, const struct message *message, const void *a, const void *b)
{
    struct buffer *bytes = scratch_bytes(core);
    message_encode(bytes, "", (struct text){0}, message, a);
    size_t size = bytes->size;
    message_encode(bytes, "", (struct text){0}, message, b);
    return bytes->size == 2 * size && memcmp(bytes->data, bytes->data + size, size) == 0;
}

#define IDS_A_LOOK 16 /* ids are compared in one unit of step_look: most differ in length */

int admin_check_naming(struct step *step, const struct admin_ids *ids, struct text id, struct text name,
                       const struct text *old_name, struct problem *problem)
{
    const struct core *core = step->core;
    char field[64];
    uint32_t count = 0;
    int error = 0;
    snprintf(field, sizeof field, "%s.%s", ids->kind, ids->kind);
    if (!old_name) {
        memcpy(&count, (const char *)core + ids->count_at, sizeof count);
        step_look(step, count / IDS_A_LOOK);
        error = naming_check_id(id, field, problem);
    }
    for (uint32_t i = 0; !error && i < count; i++)
        if (naming_differs_in_case(id, ids->at(core, i)))
            error = naming_too_near(id, ids->at(core, i), field, problem);
    snprintf(field, sizeof field, "%s.name", ids->kind);
    if (!error && !(old_name && text_equal(name, *old_name)))
        error = naming_check_name(name, field, problem);
    return error;
}
