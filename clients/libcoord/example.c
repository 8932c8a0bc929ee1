/* Assigns one task, then prints what the agency must know as it comes: example [CONTEXT] [LEAD REFERENCE TITLE] */
#include <coord.h>
#include <stdio.h>

static int print(void *user, const struct coord_event *event)
{
    const struct msg_record *record = event->record;
    if (!record && event->problem)
        *(struct problem *)user = *event->problem; /* user is ours, from coord_subscribe */
    if (record)
        printf("%s %.*s %.*s: %.*s\n", term_name(&vocabulary_severity, record->severity), TEXT_ARGS(record->reference),
               TEXT_ARGS(record->title), TEXT_ARGS(record->reason));
    return COORD_DONE;
}

int main(int argc, char **argv)
{
    struct coord_context context;
    struct coord *coord = NULL;
    struct problem problem = {.message = ""};
    struct msg_assign task = {0};
    struct msg_subscribe subscribe = {0};
    struct msg_change_reply reply;
    int error = coord_context_find(&context, argc > 1 ? argv[1] : NULL, &problem);
    if (!error)
        error = coord_open(&coord, &context, NULL, &problem);
    if (!error && argc > 4) {
        MSG_SET(&task, assign, leads, (struct texts){(struct text[]){text_of(argv[2])}, 1});
        MSG_SET(&task, assign, reference, text_of(argv[3]));
        MSG_SET(&task.content, content, title, text_of(argv[4]));
        MSG_MARK(&task, assign, content);
        error = coord_call(coord, OP_ASSIGN, &task, &reply, COORD_TIMEOUT_DEFAULT, &problem);
    }
    if (!error)
        error = coord_subscribe(coord, &subscribe, print, &problem, &problem);
    while (error >= 0) { /* until the stream has ended, and why */
        error = coord_dispatch(coord, COORD_TIMEOUT_NONE);
        fflush(stdout);
    }
    fprintf(stderr, "%s: %s\n", coord_error_name(error), problem.message[0] ? problem.message : coord_strerror(error));
    return coord_close(coord) || error ? 1 : 0;
}
