/* What is sent about documents, and what tasks cite of them. */
#include <stdio.h>

#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

static const char *const numbers[] = {"1-KL/HU", "2-KL/HU", "3-KH/UBND", "4-BC/HU", "5-CV/UBND", "6-NQ/HU"};
static const char *const ids[] = {"I", "II.1", "II.2", "II.3", "III"};
#define NUMBERS (sizeof numbers / sizeof *numbers)
#define IDS     (sizeof ids / sizeof *ids)

static struct text pick_number(struct sim *sim)
{
    return text_of(numbers[PICK(NUMBERS)]);
}

static struct text pick_id(struct sim *sim)
{
    return text_of(ids[PICK(IDS)]);
}

void traffic_cite(struct sim *sim, struct msg_content *content, struct text paragraphs[2])
{
    MSG_SET(content, content, document, PICK(20) ? pick_number(sim) : TEXT(""));
    if (PICK(3) == 0)
        return;
    const uint32_t first = PICK(IDS);
    paragraphs[0] = text_of(ids[first]);
    paragraphs[1] = text_of(ids[(first + (PICK(20) ? 1 : 0)) % IDS]);
    MSG_SET(content, content, paragraphs, ((struct texts){paragraphs, 1 + PICK(2)}));
}

static void send_set(struct sim *sim, int key)
{
    struct msg_document_set set = {0};
    struct msg_paragraph paragraphs[IDS] = {0};
    uint32_t count = 0;
    for (size_t i = 0; i < IDS; i++)
        if (PICK(16)) {
            MSG_SET(&paragraphs[count], paragraph, paragraph, text_of(ids[i]));
            count++;
        }
    MSG_SET(&set.document, document, document, pick_number(sim));
    MSG_SET(&set.document, document, kind, 1 + (int)PICK(5));
    MSG_SET(&set.document, document, title, PICK(2) ? TEXT("Kết luận") : TEXT("Kế hoạch"));
    if (PICK(4) == 0)
        MSG_SET(&set.document, document, issuer, traffic_agency(sim));
    if (PICK(20) == 0)
        MSG_SET(&set.document, document, scope, SCOPE_RESTRICTED);
    if (PICK(12))
        MSG_SET(&set.document, document, paragraphs, ((struct msg_paragraph_items){paragraphs, count}));
    MSG_MARK(&set, document_set, document);
    traffic_submit(sim, key, OP_DOCUMENT_SET, &set);
}

/* A task that was given, mostly one that there is. */
static struct text pick_reference(struct sim *sim)
{
    const size_t count = sim->model.task_count;
    return count ? text_of(sim->model.tasks[PICK((uint32_t)count)].reference) : TEXT("HT-001");
}

/* Two documents that an agency has in force, where there are such: one of its keys, which mostly may not administer. */
static int pick_own(struct sim *sim, int key, struct text *document, struct text *by)
{
    const struct model *model = &sim->model;
    const size_t count = model->document_count, from = count ? PICK((uint32_t)count) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct msg_document *one = model->documents[(from + i) % count];
        for (size_t j = 0; j < count; j++) {
            const struct msg_document *other = model->documents[j];
            if (one == other || one->force != FORCE_HOLDS || other->force != FORCE_HOLDS ||
                !text_equal(one->issuer, other->issuer))
                continue;
            *document = one->document;
            *by = other->document;
            return traffic_key(sim, world_agency(one->issuer));
        }
    }
    return key;
}

static void send_replace(struct sim *sim, int key)
{
    struct msg_document_replace replace = {0};
    struct msg_paragraph_move moves[2] = {0};
    struct text ends[1], document = pick_number(sim), by = pick_number(sim);
    if (PICK(2))
        key = pick_own(sim, key, &document, &by);
    MSG_SET(&replace, document_replace, document, document);
    MSG_SET(&replace, document_replace, by, by);
    MSG_SET(&replace, document_replace, note, reasons_write(sim, "điều chỉnh"));
    for (int i = 0; i < 2; i++) {
        MSG_SET(&moves[i], paragraph_move, from, pick_id(sim));
        if (PICK(3))
            MSG_SET(&moves[i], paragraph_move, to, pick_id(sim));
    }
    if (PICK(2))
        MSG_SET(&replace, document_replace, moves, ((struct msg_paragraph_move_items){moves, 1 + PICK(2)}));
    if (PICK(4) == 0) {
        ends[0] = pick_reference(sim);
        MSG_SET(&replace, document_replace, ends, ((struct texts){ends, 1}));
    }
    traffic_submit(sim, key, OP_DOCUMENT_REPLACE, &replace);
}

void traffic_document(struct sim *sim)
{
    struct msg_document_withdraw withdraw = {0};
    struct msg_document_get get = {0};
    struct msg_document_list list = {0};
    const int key = PICK(2) ? traffic_administrator(sim) : traffic_key(sim, (int)PICK(3));
    const uint32_t sort = PICK(10);
    if (sort < 5) {
        send_set(sim, key);
    } else if (sort < 7) {
        send_replace(sim, key);
    } else if (sort == 7 && PICK(3) == 0) {
        MSG_SET(&withdraw, document_withdraw, document, pick_number(sim));
        MSG_SET(&withdraw, document_withdraw, note, reasons_write(sim, "ban hành nhầm"));
        traffic_submit(sim, key, OP_DOCUMENT_WITHDRAW, &withdraw);
    } else if (sort < 9) {
        MSG_SET(&get, document_get, document, pick_number(sim));
        traffic_submit(sim, key, OP_DOCUMENT_GET, &get);
    } else {
        MSG_SET(&list, document_list, limit, 1 + PICK(4));
        traffic_submit(sim, key, OP_DOCUMENT_LIST, &list);
    }
}
