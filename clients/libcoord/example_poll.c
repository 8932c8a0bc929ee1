/* Waits for two things at once, with poll: lines on its standard input, and what the broker tells.
 *
 *     example_poll [CONTEXT]      each line `TASK PERCENT` reports on a task; what the agency must know is printed
 *
 * coord_fd is readable whenever coord_dispatch has something to do, be it a resend or a timeout; so the loop never
 * needs a time of its own, and coord_dispatch is told not to wait.
 */
#include <coord.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

struct program {
    struct coord *coord;
    char line[256];
    size_t size; /* of what has come of the line */
    int waiting; /* reports without an answer */
    bool input_ended, stream_ended;
};

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
    program->stream_ended = true;
    return COORD_DONE;
}

static void on_reported(void *user, int error, const void *reply, const struct problem *problem)
{
    struct program *program = user;
    const struct msg_change_reply *change = reply;
    program->waiting--;
    if (error)
        printf("refused: %s: %s\n", coord_error_name(error), problem->message);
    else
        printf("reported: task %" PRIu64 ", version %" PRIu64 "\n", change->tasks.items[0].task,
               change->tasks.items[0].version);
}

static void report(struct program *program)
{
    struct msg_progress request = {0};
    struct problem problem;
    uint64_t task, percent;
    program->line[program->size] = '\0';
    program->size = 0;
    if (sscanf(program->line, "%" SCNu64 " %" SCNu64, &task, &percent) != 2) {
        printf("refused: a line is TASK PERCENT\n");
        return;
    }
    MSG_SET(&request, progress, task, task);
    MSG_SET(&request, progress, percent, percent);
    if (coord_send(program->coord, OP_REPORT, &request, on_reported, program, COORD_TIMEOUT_DEFAULT, &problem))
        printf("refused: %s\n", problem.message);
    else
        program->waiting++;
}

static void read_input(struct program *program)
{
    char bytes[256];
    const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    program->input_ended = got == 0 || (got < 0 && errno != EINTR);
    for (ssize_t i = 0; i < got; i++)
        if (bytes[i] == '\n')
            report(program);
        else if (program->size + 1 < sizeof program->line)
            program->line[program->size++] = bytes[i];
}

static int loop(struct program *program)
{
    int ran = 0;
    while (ran >= 0 && !program->stream_ended && (!program->input_ended || program->waiting > 0)) {
        struct pollfd fds[] = {{.fd = coord_fd(program->coord), .events = POLLIN},
                               {.fd = program->input_ended ? -1 : STDIN_FILENO, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0)
            continue; /* a signal came */
        if (fds[1].revents)
            read_input(program);
        if (fds[0].revents)
            ran = coord_dispatch(program->coord, 0);
        fflush(stdout);
    }
    return ran;
}

int main(int argc, char **argv)
{
    struct program program = {.size = 0};
    struct coord_context context;
    struct msg_subscribe subscribe = {0};
    struct problem problem = {.message = ""};
    int error = coord_context_find(&context, argc > 1 ? argv[1] : NULL, &problem);
    if (!error)
        error = coord_open(&program.coord, &context, NULL, &problem);
    if (!error)
        error = coord_subscribe(program.coord, &subscribe, on_event, &program, &problem);
    if (!error)
        error = loop(&program);
    if (error < 0)
        fprintf(stderr, "%s: %s\n", coord_error_name(error), problem.message);
    return coord_close(program.coord) || error < 0 || program.stream_ended ? 1 : 0;
}
