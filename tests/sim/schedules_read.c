/* What is shown of schedules, and refused. */
#include "sim/schedules_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

static void compare(struct sim *sim, const struct model_schedule *schedule, const struct msg_schedule *shown)
{
    SIM_CHECK(
        sim,
        schedule->number == shown->number && schedule->periods == shown->periods && schedule->made == shown->made &&
            schedule->next == (MSG_HAS(shown, schedule, next) ? schedules_read_day(shown->next) : NO_TIME) &&
            world_agency(shown->assigner) == world_standing(&sim->world, schedule->assigner, sim->model.decided) &&
            (MSG_HAS(shown, schedule, set_by) ? world_agency(shown->set_by) : world_agency(shown->assigner)) ==
                schedule->assigner,
        "schedule %llu is shown otherwise than it is", AT(schedule->number));
}

bool schedules_check_read(struct sim *sim, const struct request *request, struct text id)
{
    const struct model *model = &sim->model;
    const struct msg_schedule_get *get = &model->asked.schedule_get;
    const struct msg_schedule_list list = model->asked.schedule_list;
    const int agency = sim->model.name;
    struct problem problem = {0};
    if (request->op == OP_SCHEDULE_GET) {
        struct msg_schedule_reply reply;
        const struct model_schedule *schedule = schedules_find(
            sim, agency, get->schedule, MSG_HAS(get, schedule_get, assigner) ? world_agency(get->assigner) : -1,
            model->decided);
        SIM_CHECK(sim,
                  schedule && !(schedules_is_restricted(schedule) && model->by >= 0) &&
                      decoder_read(model->decoder, &message_schedule_reply, &reply, &problem) == 0,
                  "%.*s is shown a schedule that is none of its own", TEXT_ARGS(id));
        compare(sim, schedule, &reply.schedule);
        return true;
    }
    if (request->op != OP_SCHEDULE_LIST)
        return false;
    struct msg_schedules_reply reply;
    uint32_t at = 0;
    SIM_CHECK(sim, decoder_read(model->decoder, &message_schedules_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    for (uint64_t i = list.after; i < model->schedule_count; i++) {
        const struct model_schedule *schedule = &model->schedules[i];
        if (!schedules_is_of(sim, schedule, agency, model->decided) || (schedule->next == NO_TIME && !list.ended) ||
            (schedules_is_restricted(schedule) && model->by >= 0))
            continue;
        if (at == reply.schedules.count) {
            SIM_CHECK(sim, MSG_HAS(&reply, schedules_reply, next), "%.*s is not shown schedule %llu", TEXT_ARGS(id),
                      AT(schedule->number));
            return true;
        }
        compare(sim, schedule, &reply.schedules.items[at++]);
    }
    SIM_CHECK(sim, at == reply.schedules.count, "%.*s is shown too many schedules", TEXT_ARGS(id));
    return true;
}

bool schedules_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    struct model *model = &sim->model;
    const int agency = sim->model.name;
    const bool gets = request->op == OP_SCHEDULE_GET;
    const struct text name = gets ? model->asked.schedule_get.schedule : model->asked.schedule_end.schedule;
    const bool has = gets ? MSG_HAS(&model->asked.schedule_get, schedule_get, assigner)
                          : MSG_HAS(&model->asked.schedule_end, schedule_end, assigner);
    const struct text of = gets ? model->asked.schedule_get.assigner : model->asked.schedule_end.assigner;
    if (gets || request->op == OP_SCHEDULE_END) {
        const struct model_schedule *meant = schedules_find(sim, agency, name, has ? world_agency(of) : -1,
                                                            model->decided);
        if (error == COORD_E_SCHEDULE_UNKNOWN)
            SIM_CHECK(sim, !meant || (schedules_is_restricted(meant) && model->by >= 0),
                      "%.*s: there is such a schedule", TEXT_ARGS(id));
        return true;
    }
    if (request->op != OP_SCHEDULE_SET)
        return false;
    const bool has_calendar = MSG_HAS(&model->asked.schedule_set.schedule, schedule, calendar);
    const int calendar = has_calendar ? world_calendar(model->asked.schedule_set.schedule.calendar) : 0;
    if (error == COORD_E_CALENDAR_UNKNOWN)
        SIM_CHECK(sim, calendar < 0 || !sim->world.calendars[calendar].exists, "%.*s: the calendar is there",
                  TEXT_ARGS(id));
    if (error == COORD_E_NOT_TASKABLE)
        SIM_CHECK(sim, sim->world.by_tree, "%.*s: anybody may task anybody", TEXT_ARGS(id));
    return true;
}
