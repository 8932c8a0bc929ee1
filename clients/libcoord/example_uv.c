/* In a libuv loop: what the broker tells, beside a timer and signals of the program's own.
 *
 *     example_uv [CONTEXT]      prints what the agency must know, and every second how many tasks it may read
 *                               are overdue; ends at SIGINT or SIGTERM, or when the stream ends
 *
 * coord_fd is one descriptor for the life of the handle, and level-triggered: a uv_poll for UV_READABLE whose callback
 * dispatches without waiting is all that it takes. Whatever is sent from another callback is resent, timed out and
 * answered through that same descriptor.
 */
#include <coord.h>
#include <inttypes.h>
#include <stdio.h>
#include <uv.h>

struct program {
    struct coord *coord;
    uv_poll_t poll;
    uv_timer_t timer;
    uv_signal_t interrupt, terminate;
    int error; /* what ended it; 0 when it was asked to */
};

static void stop(struct program *program, int error)
{
    program->error = error;
    uv_stop(program->poll.loop);
}

static int on_event(void *user, const struct coord_event *event)
{
    struct program *program = user;
    const struct msg_record *record = event->record;
    if (record) {
        printf("%" PRIu64 " %.*s: %.*s\n", record->seq, TEXT_ARGS(record->reference), TEXT_ARGS(record->reason));
        return COORD_DONE;
    }
    fprintf(stderr, "ended: %s\n",
            event->problem ? event->problem->message : term_name(&vocabulary_ending, event->ending));
    stop(program, event->problem ? event->problem->error : COORD_E_STREAM_UNKNOWN);
    return COORD_DONE;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct program *program = poll->data;
    (void)status, (void)events;
    const int ran = coord_dispatch(program->coord, 0);
    fflush(stdout);
    if (ran < 0)
        stop(program, ran);
}

static void on_listed(void *user, int error, const void *reply, const struct problem *problem)
{
    const struct msg_tasks_reply *tasks = reply;
    (void)user;
    if (error)
        fprintf(stderr, "%s: %s\n", coord_error_name(error), problem->message);
    else
        printf("overdue: %u%s\n", (unsigned)tasks->tasks.count, MSG_HAS(tasks, tasks_reply, next) ? " and more" : "");
}

static void on_timer(uv_timer_t *timer)
{
    struct program *program = timer->data;
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, timeliness, TERM_BIT(TIMELINESS_OVERDUE));
    struct problem problem;
    if (coord_pending(program->coord) == 0 &&
        coord_send(program->coord, OP_TASK_LIST, &list, on_listed, NULL, COORD_TIMEOUT_DEFAULT, &problem))
        fprintf(stderr, "%s\n", problem.message);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    stop(signal->data, 0);
}

static void begin(struct program *program, uv_loop_t *loop)
{
    uv_poll_init(loop, &program->poll, coord_fd(program->coord));
    uv_timer_init(loop, &program->timer);
    uv_signal_init(loop, &program->interrupt);
    uv_signal_init(loop, &program->terminate);
    program->poll.data = program->timer.data = program->interrupt.data = program->terminate.data = program;
    uv_poll_start(&program->poll, UV_READABLE, on_readable);
    uv_timer_start(&program->timer, on_timer, 0, 1000);
    uv_signal_start(&program->interrupt, on_signal, SIGINT);
    uv_signal_start(&program->terminate, on_signal, SIGTERM);
}

/* The watch on the descriptor ends before coord_close takes the descriptor away. */
static void end(struct program *program, uv_loop_t *loop)
{
    uv_close((uv_handle_t *)&program->poll, NULL);
    uv_close((uv_handle_t *)&program->timer, NULL);
    uv_close((uv_handle_t *)&program->interrupt, NULL);
    uv_close((uv_handle_t *)&program->terminate, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_loop_close(loop);
}

int main(int argc, char **argv)
{
    struct program program = {.error = 0};
    struct coord_context context;
    struct msg_subscribe subscribe = {0};
    struct problem problem = {.message = ""};
    uv_loop_t loop;
    int error = coord_context_find(&context, argc > 1 ? argv[1] : NULL, &problem);
    if (!error)
        error = coord_open(&program.coord, &context, NULL, &problem);
    if (!error)
        error = coord_subscribe(program.coord, &subscribe, on_event, &program, &problem);
    if (!error && uv_loop_init(&loop))
        error = COORD_E_SYSTEM;
    if (!error) {
        begin(&program, &loop);
        uv_run(&loop, UV_RUN_DEFAULT);
        end(&program, &loop);
        error = program.error;
    }
    if (error)
        fprintf(stderr, "%s: %s\n", coord_error_name(error), problem.message);
    return coord_close(program.coord) || error ? 1 : 0;
}
