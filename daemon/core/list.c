/* Lists of agencies, keys, calendars and policies, in the order of their ids. */
#include <stdlib.h>
#include <string.h>

#include "core/agency.h"
#include "core/content.h"
#include "core/handlers.h"
#include "core/query.h"
#include "core/scratch.h"

/* Bytes that a message takes in a reply. */
static size_t size_of(const struct step *step, const struct message *message, const void *in)
{
    struct buffer *bytes = scratch_bytes(step->core);
    message_encode(bytes, "", (struct text){0}, message, in);
    return bytes->size;
}

/* ---- what all lists do: which come, and how many fit ---- */

#define LIST_LOOK 4 /* ids compared in the time of one unit of step_look */

struct page {
    struct step *step;
    struct text name; /* only this one; empty for all */
    struct text after;
    uint32_t limit, count;
    size_t bytes;
    struct text next; /* the last that came, when there are more */
    struct text last;
};

static struct page page_begin(struct step *step, const struct msg_list *asked)
{
    struct page page = {.step = step, .name = asked->name, .after = asked->after};
    page.limit = query_limit(MSG_HAS(asked, list, limit), asked->limit);
    return page;
}

static bool page_wants(const struct page *page, struct text id)
{
    if (page->name.size > 0)
        return text_equal(page->name, id);
    return page->after.size == 0 || text_compare(id, page->after) > 0;
}

/* Whether one more of this size fits; when not, the page is over and says where to go on. */
static bool page_takes(struct page *page, struct text id, size_t size)
{
    page->bytes += size;
    if (page->count == page->limit || (page->count > 0 && page->bytes > QUERY_BYTES_MAX)) {
        page->next = page->last;
        return false;
    }
    page->count++;
    page->last = id;
    return true;
}

/* ---- in the order of their ids ---- */

typedef struct text id_at(const struct core *core, uint32_t place);

static struct text agency_at(const struct core *core, uint32_t place)
{
    return core_agency_id(core, core->agencies_sorted[place]);
}

static struct text key_at(const struct core *core, uint32_t place)
{
    return (struct text){core->keys[core->keys_sorted[place]].public_key, 40};
}

/* The place of the first that a page may want. */
static uint32_t first_wanted(const struct page *page, uint32_t count, id_at *id)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const struct text at = id(page->step->core, middle);
        if (page->name.size > 0 ? text_compare(at, page->name) < 0
                                : page->after.size > 0 && text_compare(at, page->after) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Those that are in no order yet. */
struct listed {
    struct text id;
    uint32_t number;
};

static int compare_ids(const void *a, const void *b)
{
    return text_compare(((const struct listed *)a)->id, ((const struct listed *)b)->id);
}

static void sort(struct listed *listed, uint32_t count)
{
    if (count > 0)
        qsort(listed, count, sizeof *listed, compare_ids);
}

/* ---- agencies ---- */

int handle_agency_list(struct step *step, const struct msg_list *asked, struct problem *problem)
{
    struct page page = page_begin(step, asked);
    const struct core *core = step->core;
    struct msg_agency *items = NULL;
    (void)problem;
    for (uint32_t i = first_wanted(&page, core->agency_count, agency_at); i < core->agency_count; i++) {
        const struct agency *agency = core_agency(core, core->agencies_sorted[i]);
        if (!page_wants(&page, agency->id))
            break;
        if (!page_takes(&page, agency->id, size_of(step, &message_agency, agency->message)))
            break;
        items = step_room(step, items, page.count - 1, sizeof *items);
        items[page.count - 1] = *agency->message;
        const bool has_lapsed = agency->stand_in != NONE &&
                                core_agency(core, agency->stand_in)->valid_until <= step->now_ms;
        if (has_lapsed ||
            agency->stand_until <= step->now_ms) /* it is over, and nothing is left of it but the records */
            items[page.count - 1].has &= ~MSG_BIT(agency, stand_in);
    }
    step_look(step, 1 + page.count / LIST_LOOK);
    struct msg_agencies_reply reply = {0};
    MSG_SET(&reply, agencies_reply, agencies, (struct msg_agency_items){items, page.count});
    if (page.next.size > 0)
        MSG_SET(&reply, agencies_reply, next, page.next);
    step_reply(step, &message_agencies_reply, &reply);
    return 0;
}

/* ---- keys ---- */

/* Whose keys are shown: everybody's (NONE) to administrators, else one's own. */
static int whose_keys(const struct step *step, const struct msg_key_list *asked, uint32_t *agency,
                      struct problem *problem)
{
    bool is_administrator = step->who.rights & TERM_BIT(RIGHT_ADMINISTER);
    *agency = is_administrator ? NONE : step->who.agency;
    if (!MSG_HAS(asked, key_list, agency))
        return 0;
    int error = content_find_agency(step->core, asked->agency, "agency", agency, problem);
    if (!error && !is_administrator && *agency != step->who.agency)
        error = problem_set(problem, COORD_E_NOT_AUTHORISED, "agency",
                            "The keys of other agencies are for administrators to see.");
    return error;
}

/* The next key of the page, shown; false when it is full. */
static bool show_key(struct page *page, const struct key *key, struct msg_owned_key **items)
{
    if (!page_takes(page, (struct text){key->public_key, 40}, size_of(page->step, &message_key, key->message)))
        return false;
    *items = step_room(page->step, *items, page->count - 1, sizeof **items);
    struct msg_owned_key *item = &(*items)[page->count - 1];
    MSG_SET(item, owned_key, agency, core_agency_id(page->step->core, key->agency));
    MSG_SET(item, owned_key, key, *key->message);
    return true;
}

static void show_all_keys(struct page *page, struct msg_owned_key **items)
{
    const struct core *core = page->step->core;
    for (uint32_t i = first_wanted(page, core->key_count, key_at); i < core->key_count; i++)
        if (!show_key(page, &core->keys[core->keys_sorted[i]], items))
            return;
}

static void show_keys_of(struct page *page, const struct agency *agency, struct msg_owned_key **items)
{
    const struct core *core = page->step->core;
    struct listed *keys = step_alloc(page->step, agency->key_count, sizeof *keys);
    uint32_t count = 0;
    for (uint32_t i = 0; i < agency->key_count; i++) {
        const struct text id = {core->keys[agency->keys[i]].public_key, 40};
        if (page_wants(page, id))
            keys[count++] = (struct listed){id, agency->keys[i]};
    }
    sort(keys, count);
    for (uint32_t i = 0; i < count && show_key(page, &core->keys[keys[i].number], items); i++)
        ;
}

int handle_key_list(struct step *step, const struct msg_key_list *asked, struct problem *problem)
{
    const struct core *core = step->core;
    struct page page = {.step = step, .after = asked->after};
    uint32_t agency;
    if (whose_keys(step, asked, &agency, problem))
        return problem->error;
    page.limit = query_limit(MSG_HAS(asked, key_list, limit), asked->limit);
    struct msg_owned_key *items = NULL;
    if (agency == NONE)
        show_all_keys(&page, &items);
    else
        show_keys_of(&page, core_agency(core, agency), &items);
    step_look(step, 1 + page.count / LIST_LOOK);
    struct msg_keys_reply reply = {0};
    MSG_SET(&reply, keys_reply, keys, (struct msg_owned_key_items){items, page.count});
    if (page.next.size > 0)
        MSG_SET(&reply, keys_reply, next, page.next);
    step_reply(step, &message_keys_reply, &reply);
    return 0;
}

/* ---- calendars and policies: few, and kept in the order in which they came ---- */

static struct listed *calendars_of(const struct page *page, uint32_t *count)
{
    const struct core *core = page->step->core;
    struct listed *found = step_alloc(page->step, core->calendar_count, sizeof *found);
    *count = 0;
    for (uint32_t i = 0; i < core->calendar_count; i++)
        if (page_wants(page, core->calendars[i].id))
            found[(*count)++] = (struct listed){core->calendars[i].id, i};
    sort(found, *count);
    step_look(page->step, core->calendar_count / LIST_LOOK + 1);
    return found;
}

/* Of each policy the newest version. */
static struct listed *policies_of(const struct page *page, uint32_t *count)
{
    const struct core *core = page->step->core;
    struct listed *found = step_alloc(page->step, CORE_POLICIES_MAX, sizeof *found);
    *count = 0;
    for (uint32_t i = 0; i < core->policy_count && *count < CORE_POLICIES_MAX; i++)
        if (core->policies[i].newest && page_wants(page, core->policies[i].id))
            found[(*count)++] = (struct listed){core->policies[i].id, i};
    sort(found, *count);
    step_look(page->step, core->policy_count / LIST_LOOK + 1);
    return found;
}

int handle_calendar_list(struct step *step, const struct msg_list *asked, struct problem *problem)
{
    struct page page = page_begin(step, asked);
    const struct core *core = step->core;
    struct msg_calendar *items = NULL;
    (void)problem;
    uint32_t count;
    const struct listed *found = calendars_of(&page, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct msg_calendar *message = calendar_message(core->calendars[found[i].number].calendar);
        if (!page_takes(&page, message->calendar, size_of(step, &message_calendar, message)))
            break;
        items = step_room(step, items, page.count - 1, sizeof *items);
        items[page.count - 1] = *message;
    }
    struct msg_calendars_reply reply = {0};
    MSG_SET(&reply, calendars_reply, calendars, (struct msg_calendar_items){items, page.count});
    if (page.next.size > 0)
        MSG_SET(&reply, calendars_reply, next, page.next);
    step_reply(step, &message_calendars_reply, &reply);
    return 0;
}

int handle_policy_list(struct step *step, const struct msg_list *asked, struct problem *problem)
{
    struct page page = page_begin(step, asked);
    const struct core *core = step->core;
    struct msg_policy *items = NULL;
    (void)problem;
    uint32_t count;
    const struct listed *found = policies_of(&page, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct msg_policy *message = policy_message(core->policies[found[i].number].policy);
        if (!page_takes(&page, message->policy, size_of(step, &message_policy, message)))
            break;
        items = step_room(step, items, page.count - 1, sizeof *items);
        items[page.count - 1] = *message;
    }
    struct msg_policies_reply reply = {0};
    MSG_SET(&reply, policies_reply, policies, (struct msg_policy_items){items, page.count});
    if (page.next.size > 0)
        MSG_SET(&reply, policies_reply, next, page.next);
    step_reply(step, &message_policies_reply, &reply);
    return 0;
}

/* ---- how days are counted ---- */

int handle_calendar_explain(struct step *step, const struct msg_calendar_explain *asked, struct problem *problem)
{
    struct text id = MSG_HAS(asked, calendar_explain, calendar) ? asked->calendar : TEXT("default");
    uint32_t number = core_calendar_find(step->core, id);
    if (number == NONE)
        return problem_set(problem, COORD_E_CALENDAR_UNKNOWN, "calendar",
                           "There is no calendar `%.*s`; calendar_list has the ids.", TEXT_ARGS(id));
    struct msg_explain_reply reply = {0};
    uint64_t looked = 0;
    int error = calendar_explain(step->core->calendars[number].calendar, asked, CALENDAR_EXPLAIN_RUNS, step->arena,
                                 &reply, &looked, problem);
    step_look(step, looked);
    if (!error)
        step_reply(step, &message_explain_reply, &reply);
    return error;
}
