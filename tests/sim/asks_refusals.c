/* What may be refused of what leads ask. */
#include "sim/asks_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

#define IN(state) TERM_BIT(STATE_##state)
#define NO_WISH   ((struct model_wish){NO_TIME, NO_TIME, -1})

static void check_ask_refused(struct sim *sim, struct model_task *task, struct text id, int agency, int error)
{
    const struct msg_ask *asked = &sim->model.asked.ask;
    const int64_t now = sim->model.decided;
    const bool leads = rules_standing(&sim->world, task, task->lead, now) == agency;
    if (error == COORD_E_WRONG_STATE)
        SIM_CHECK(sim, !asked_fits(task, asked->asking), "%.*s: the state is right", TEXT_ARGS(id));
    if (error == COORD_E_NOT_AUTHORISED)
        SIM_CHECK(sim, !leads || asked_who_decides(sim, task, asked->asking, now) < 0,
                  "%.*s: %s may ask, and there is somebody to ask", TEXT_ARGS(id), world_agency_ids[agency]);
    if (error == COORD_E_ALREADY_ASKED)
        SIM_CHECK(sim, asked_open_of(task, asked->asking), "%.*s: nothing of that kind is open", TEXT_ARGS(id));
    if (error == COORD_E_ASKED_LATE)
        SIM_CHECK(sim, asked->asking == ASKING_EXTENSION && !asked_is_in_time(sim, task, now), "%.*s: it is in time",
                  TEXT_ARGS(id));
    if (error == COORD_E_CAPACITY)
        SIM_CHECK(sim, !asked_make_room(task, true) || asked_is_too_often(sim, task, asked->asking, agency, now),
                  "%.*s: there is room", TEXT_ARGS(id));
}

void asked_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    const int64_t now = sim->model.decided;
    const int agency = sim->model.name;
    struct model_task *task = &sim->model.tasks[sim->model.asked.accept.task - 1];
    const int asker = rules_standing(&sim->world, task, task->lead, now);
    if (request->op == OP_ASK) {
        check_ask_refused(sim, task, id, agency, error);
        return;
    }
    const uint64_t asked = request->op == OP_GRANT  ? sim->model.asked.grant.ask
                           : request->op == OP_DENY ? sim->model.asked.deny.ask
                                                    : sim->model.asked.take_back.ask;
    const struct model_asked *open = asked_open(task, asked);
    const bool decides = request->op == OP_TAKE_BACK
                             ? agency == asker
                             : open && asked_decides(&sim->world, task, agency, now) &&
                                   rules_standing(&sim->world, task, open->decider, now) == agency;
    if (error == COORD_E_ASK_UNKNOWN)
        SIM_CHECK(sim, !open, "%.*s: request %llu is open", TEXT_ARGS(id), AT(asked));
    if (error == COORD_E_NOT_AUTHORISED)
        SIM_CHECK(sim, open && !decides, "%.*s: it is for %s to decide, or nobody has asked", TEXT_ARGS(id),
                  world_agency_ids[agency]);
    if (error == COORD_E_WRONG_STATE)
        SIM_CHECK(sim,
                  !model_task_is_open(task) || (request->op == OP_GRANT && open && open->asking == ASKING_SUSPENSION &&
                                                task->state == STATE_SUSPENDED),
                  "%.*s: the state is right", TEXT_ARGS(id));
}
