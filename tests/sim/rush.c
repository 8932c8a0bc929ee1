/* A rush: one greedy agency asks all it can, and two fair ones go on working. Their requests are answered within a bound of
 * turns, always, whatever the greedy one does: batches of costly reads and writes, the same again, on many connections, and
 * it reads little of what is answered.
 *
 * A fair one sends a few small requests at once, of which the last alone may be a change, and waits for all answers before it
 * sends more. The bounds are those of deficit round robin. In a turn of its own an agency has a quantum, and what its last
 * request takes beyond that it pays back with turns to come; a fair one has at least one request done in each of its turns, but
 * where the one before cost a quantum or more.
 *
 * - While a fair agency waits, the greedy one has no more turns than it: so many quanta, and its costliest step once.
 * - Of so many turns, RUSH_OTHERS for each of its own come before the last. Each may fill the batch, so that all wait for a
 *   commit, which takes two turns of the loop (to append, to finish). Then the answer waits for the commit under way and for
 *   its own, and for the turn in which the loop begins and that in which it hands over: RUSH_TURNS of the loop. The disk has
 *   room all the while: no bound of turns holds for who waits for room.
 */
#include <stdlib.h>

#include "sim/sim.h"

#define RUSH_OTHERS  2 /* agencies that ask at the same time: the other fair one and the greedy one */
#define RUSH_AT_ONCE 4 /* requests */
#define COMMIT_TURNS 2
#define RUSH_TURNS   (COMMIT_TURNS * (RUSH_OTHERS * RUSH_AT_ONCE + 1) + 2 * COMMIT_TURNS)
#define RUSH_LENGTH  60 /* turns of the loop */
#define RUSH_TIMES   5  /* that each fair one sends */

static uint64_t quantum(const struct sim *sim)
{
    return (uint64_t)sim->broker->loop->turn_quantum;
}

/* ---- what is counted ---- */

static struct rush_fair *fair_of(struct sim *sim, int agency)
{
    for (int i = 0; i < RUSH_FAIR; i++)
        if (sim->rush.fair[i].agency == agency)
            return &sim->rush.fair[i];
    return NULL;
}

/* The core took a request of the greedy agency while this one waited for its turn. */
static void check_share(struct sim *sim, struct rush_fair *fair, uint64_t cost)
{
    const uint64_t most = fair->goes * quantum(sim) + sim->rush.costliest;
    fair->others += cost;
    SIM_CHECK(sim, fair->others <= most,
              "%s waited for %llu of what %s asks, where its turns come to %llu: %llu of %llu each, and %llu once",
              world_agency_ids[fair->agency], (unsigned long long)fair->others, world_agency_ids[sim->rush.greedy],
              (unsigned long long)most, (unsigned long long)fair->goes, (unsigned long long)quantum(sim),
              (unsigned long long)sim->rush.costliest);
}

void rush_stepped(struct sim *sim, const struct event *event, uint64_t cost)
{
    struct rush *rush = &sim->rush;
    if (!rush->is_on || event->type != EVENT_REQUEST)
        return;
    const int agency = sim->world.keys[world_key(event->request.key)].agency;
    struct rush_fair *own = fair_of(sim, agency);
    if (own && own->waiting > 0) {
        own->waiting--;
        own->goes += 1 + cost / quantum(sim);
    }
    if (agency != rush->greedy)
        return;
    rush->costliest = cost > rush->costliest ? cost : rush->costliest;
    for (int i = 0; i < RUSH_FAIR; i++)
        if (rush->fair[i].waiting > 0 && rush->fair[i].answered > 0)
            check_share(sim, &rush->fair[i], cost);
}

/* It waits for its turn no more when that comes and it is refused, for answers left unread. */
void rush_turned_away(struct sim *sim, int key)
{
    struct rush_fair *own = sim->rush.is_on ? fair_of(sim, sim->world.keys[key].agency) : NULL;
    if (own && own->waiting > 0)
        own->waiting--;
}

/* ---- who ---- */

/* Three agencies with a key each that may act. */
static bool draw_agencies(struct sim *sim)
{
    struct rush *rush = &sim->rush;
    const int first = (int)chance_below(&sim->chance, WORLD_AGENCIES);
    int found = 0;
    *rush = (struct rush){.greedy = -1};
    for (int i = 0; i < WORLD_AGENCIES && found <= RUSH_FAIR; i++) {
        const int key = (first + i) % WORLD_AGENCIES, agency = sim->world.keys[key].agency;
        if (agency < 0 || agency == rush->greedy || (found > 1 && agency == rush->fair[0].agency) ||
            world_admit(&sim->world, key, sim->now) || !world_has_right(&sim->world, key, RIGHT_ACT))
            continue;
        if (found == 0) {
            rush->greedy = agency;
            rush->greedy_key = key;
        } else {
            rush->fair[found - 1] = (struct rush_fair){.key = key, .agency = agency};
        }
        found++;
    }
    return found > RUSH_FAIR;
}

static struct line *line_at(struct sim *sim, int i)
{
    return &sim->lines[WORLD_KEYS + SIM_SUBSCRIBERS + i];
}

/* ---- what is asked ---- */

static bool ask(struct sim *sim, struct line *line, size_t number)
{
    const struct request *request = &sim->model.requests[number];
    if (line->is_cut)
        line_close(sim, line);
    if (line->number == 0)
        line_open(sim, line, request->key);
    return line_ask(
        sim, line,
        &(struct packet){.request = number, .key = request->key, .frame = request->frame, .size = request->size});
}

/* Reads that go through all and show nothing, pages, and assignments to several. */
static void fill_greedy(struct sim *sim, int key)
{
    struct msg_task_list list = {0};
    const bool writes = chance_percent(&sim->chance, 25);
    MSG_SET(&list, task_list, due_before, 1);
    for (uint32_t i = 1 + chance_below(&sim->chance, 6); i > 0; i--) {
        if (writes)
            traffic_assign(sim);
        else if (chance_percent(&sim->chance, 5))
            traffic_read_much(sim);
        else
            traffic_submit(sim, key, OP_TASK_LIST, &list);
    }
}

static void ask_greedily(struct sim *sim, uint32_t count)
{
    struct rush *rush = &sim->rush;
    for (; count > 0; count--) {
        struct line *line = line_at(sim, RUSH_FAIR + (int)chance_below(&sim->chance, RUSH_GREEDY));
        const bool again = rush->last > 0 && chance_percent(&sim->chance, 30);
        if (!again)
            rush->last = traffic_batch(sim, rush->greedy_key, fill_greedy);
        (void)ask(sim, line, rush->last);
    }
}

static void ask_fairly(struct sim *sim, struct rush_fair *fair, struct line *line)
{
    struct msg_comment comment = {0};
    const uint32_t tasks = (uint32_t)sim->model.task_count;
    fair->waiting = 0;
    fair->goes = 1;
    fair->others = 0;
    fair->asked = sim->rush.turn;
    for (uint32_t i = 1 + chance_below(&sim->chance, RUSH_AT_ONCE); i > 0; i--) {
        const size_t number = sim->model.request_count;
        MSG_SET(&comment, comment, task, 1 + chance_below(&sim->chance, tasks + 1));
        MSG_SET(&comment, comment, note, TEXT("đã nhận"));
        if (i == 1 && chance_percent(&sim->chance, 50))
            (void)traffic_keep(sim, fair->key, OP_COMMENT, &comment);
        else
            (void)traffic_keep(sim, fair->key, OP_HELLO, &(struct msg_hello){0});
        fair->waiting += ask(sim, line, number);
    }
}

static void count_answers(struct sim *sim, struct rush_fair *fair)
{
    const uint64_t waited = sim->rush.turn - fair->asked;
    if (fair->answered > 0 && waited > sim->broker->longest)
        sim->broker->longest = waited;
    sim->broker->fair += fair->answered > 0;
    fair->waiting = 0;
    fair->asked = 0;
    fair->answered++;
}

/* Its first answers pay back what the agency had before the rush. */
static void work(struct sim *sim, struct rush_fair *fair, struct line *line)
{
    const uint64_t waited = sim->rush.turn - fair->asked;
    struct carried carried;
    while (line_read(line, &carried))
        free(carried.frame);
    SIM_CHECK(sim, line->question_count == 0 || fair->answered == 0 || waited <= RUSH_TURNS,
              "%s asked %llu turns ago, and has no answer", world_agency_ids[fair->agency], (unsigned long long)waited);
    if (line->question_count > 0)
        return;
    if (fair->asked > 0)
        count_answers(sim, fair);
    if (fair->answered < RUSH_TIMES)
        ask_fairly(sim, fair, line);
}

/* ---- all of it ---- */

static bool is_over(const struct sim *sim)
{
    bool over = true;
    for (int i = 0; i < RUSH_FAIR; i++)
        over = over && sim->rush.fair[i].answered == RUSH_TIMES;
    return over;
}

static void read_some(struct sim *sim)
{
    struct carried carried;
    struct line *line = line_at(sim, RUSH_FAIR + (int)chance_below(&sim->chance, RUSH_GREEDY / 2));
    while (line_read(line, &carried))
        free(carried.frame);
}

void rush_run(struct sim *sim)
{
    struct rush *rush = &sim->rush;
    disk_order_fault(sim->disk, DISK_FAULT_NONE, 0);
    disk_has_room(sim->disk);
    sim->now += SIM_SECOND; /* nobody rests any more for what it wrote before */
    sim->lived += (uint64_t)SIM_SECOND;
    const bool is_settled = host_settle(sim);
    const struct broker *loop = sim->broker->loop;
    disk_order_fault(sim->disk, DISK_FAULT_NONE, 0); /* one that began anew may have been given another */
    if (!is_settled || loop->disk != DISK_WRITABLE || !draw_agencies(sim))
        return;
    sim_trace(sim, "a rush of %s, while %s and %s work", world_agency_ids[rush->greedy],
              world_agency_ids[rush->fair[0].agency], world_agency_ids[rush->fair[1].agency]);
    rush->is_on = true;
    ask_greedily(sim, 20);
    for (rush->turn = 1; rush->turn <= RUSH_LENGTH && !is_over(sim) && loop == sim->broker->loop; rush->turn++) {
        ask_greedily(sim, chance_below(&sim->chance, 3));
        read_some(sim);
        for (int i = 0; i < RUSH_FAIR; i++)
            work(sim, &rush->fair[i], line_at(sim, i));
        host_turn_orderly(sim);
        unread_check(sim);
    }
    rush->is_on = false;
    for (int i = 0; i < RUSH_FAIR + RUSH_GREEDY; i++)
        line_close(sim, line_at(sim, i));
}
