#include "core/words.h"

#include "core/authority.h"
#include "core/pack.h"
#include "core/scratch.h"

/* ---- the sides ---- */

enum side { SIDE_LEAD, SIDE_ASSIGNER, SIDE_OTHER };

/* A text, and who said it when; its tags ascend, as the items of a pack do. */
struct word {
    enum pack_tag text, by, time;
};
static const struct word said[] = {
    [SIDE_LEAD] = {PACK_NOTE, PACK_NOTE_BY, PACK_NOTE_TIME},
    [SIDE_ASSIGNER] = {PACK_ASSIGNER_NOTE, PACK_ASSIGNER_NOTE_BY, PACK_ASSIGNER_NOTE_TIME},
    [SIDE_OTHER] = {PACK_OTHER_NOTE, PACK_OTHER_NOTE_BY, PACK_OTHER_NOTE_TIME},
};
static const struct word rejection = {PACK_REJECTION, PACK_REJECTED_BY, PACK_REJECTED};

static enum side side_of(int role)
{
    if (role == ROLE_LEAD)
        return SIDE_LEAD;
    return role == ROLE_ASSIGNER || role == ROLE_SUPERVISOR || role == ROLE_DECIDER ? SIDE_ASSIGNER : SIDE_OTHER;
}

/* Comments that wait for a side; nothing waits for the others. */
static uint64_t unanswered(const struct task *task, enum side side)
{
    if (side == SIDE_OTHER)
        return 0;
    return pack_u64(task->pack, side == SIDE_LEAD ? PACK_LEAD_UNANSWERED : PACK_ASSIGNER_UNANSWERED);
}

/* ---- as what an agency acts ---- */

/* Whoever acknowledges does so as one to whom it was escalated, and speaks for its side all the same; who stands above the lead
 * has none. */
static bool acts_as(int role, int action)
{
    return action == ACTION_ACKNOWLEDGE ? role != ROLE_LEAD_SUPERIOR && role != ROLE_DECIDER && role != ROLE_CONSULTED
                                        : authority_states(role, action) != 0;
}

/* The first of its roles that allows the action. */
static int role_for(uint32_t roles, int action)
{
    static const int order[] = {ROLE_ASSIGNER, ROLE_LEAD,          ROLE_SUPERVISOR, ROLE_COOPERATING, ROLE_OBSERVER,
                                ROLE_DECIDER,  ROLE_LEAD_SUPERIOR, ROLE_ESCALATED,  ROLE_CONSULTED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if ((roles & TERM_BIT(order[i])) && acts_as(order[i], action))
            return order[i];
    return ROLE_ESCALATED;
}

void words_sign(const struct task *task, uint32_t roles, struct msg_record *record)
{
    int role = role_for(roles, record->action);
    if (MSG_HAS(record, record, note) || unanswered(task, side_of(role)))
        MSG_SET(record, record, role, role);
}

/* ---- what a record makes of them ---- */

/* What is empty clears it, and then nobody said it. A report's note stands already, and as a rule only its time is new. */
static void set_word(struct core *core, struct task *task, const struct word *word, const struct msg_record *record,
                     struct text text)
{
    struct pack_edit edit;
    const uint32_t by = core_agency_find(core, record->actor);
    uint32_t at = 0;
    if (text.size && text_equal(text, pack_seek(task->pack, &at, word->text)) && by != NONE &&
        pack_seek_set_agency(task->pack, &at, word->by, by) &&
        pack_seek_set_u64(task->pack, &at, word->time, (uint64_t)record->time))
        return;
    pack_edit_begin(&edit, scratch_bytes(core), task->pack);
    pack_edit_tag(&edit, word->text);
    pack_add(edit.bytes, word->text, text);
    pack_edit_tag(&edit, word->by);
    if (text.size && by != NONE)
        pack_add_agencies(edit.bytes, word->by, &by, 1);
    pack_edit_tag(&edit, word->time);
    if (text.size)
        pack_add_u64(edit.bytes, word->time, (uint64_t)record->time);
    pack_edit_end(&edit, &task->pack);
}

/* None takes no room. */
static void set_unanswered(struct core *core, struct task *task, enum side side, uint64_t count)
{
    struct pack_edit edit;
    enum pack_tag tag = side == SIDE_LEAD ? PACK_LEAD_UNANSWERED : PACK_ASSIGNER_UNANSWERED;
    if (count == unanswered(task, side))
        return;
    pack_edit_begin(&edit, scratch_bytes(core), task->pack);
    pack_edit_tag(&edit, tag);
    if (count)
        pack_add_u64(edit.bytes, tag, count);
    pack_edit_end(&edit, &task->pack);
}

/* An agency that has both sides owes itself no answer. */
static void count_comment(struct core *core, struct task *task, const struct msg_record *record)
{
    enum side side = side_of(record->role);
    const uint32_t by = core_agency_find(core, record->actor);
    if (side != SIDE_LEAD && by != task->lead && unanswered(task, SIDE_LEAD) < UINT32_MAX)
        set_unanswered(core, task, SIDE_LEAD, unanswered(task, SIDE_LEAD) + 1);
    if (side != SIDE_ASSIGNER && by != task->assigner && unanswered(task, SIDE_ASSIGNER) < UINT32_MAX)
        set_unanswered(core, task, SIDE_ASSIGNER, unanswered(task, SIDE_ASSIGNER) + 1);
}

static void set_passed_to(struct core *core, struct task *task, uint32_t agency)
{
    struct pack_edit edit;
    pack_edit_begin(&edit, scratch_bytes(core), task->pack);
    pack_edit_tag(&edit, PACK_PASSED_TO);
    if (agency != NONE)
        pack_add_agencies(edit.bytes, PACK_PASSED_TO, &agency, 1);
    pack_edit_end(&edit, &task->pack);
}

static bool ends_rejection(int action)
{
    return action == ACTION_SUBMIT || action == ACTION_ANSWER || action == ACTION_CONFIRM || action == ACTION_CANCEL;
}

void words_take(struct core *core, struct task *task, const struct msg_record *record)
{
    if (ends_rejection(record->action) && pack_text(task->pack, PACK_REJECTION).size)
        set_word(core, task, &rejection, record, (struct text){0});
    if (!MSG_HAS(record, record, role))
        return;
    enum side side = side_of(record->role);
    if (MSG_HAS(record, record, note))
        set_word(core, task, &said[side], record, record->note);
    if (MSG_HAS(record, record, passed_to))
        set_passed_to(core, task, core_agency_find(core, record->passed_to));
    if (record->action == ACTION_REJECT)
        set_word(core, task, &rejection, record, record->note);
    if (side != SIDE_OTHER)
        set_unanswered(core, task, side, 0);
    if (record->action == ACTION_COMMENT)
        count_comment(core, task, record);
}
