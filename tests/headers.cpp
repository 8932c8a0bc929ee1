// Every installed header in a program in C++, which uses what an author of a client would.
#include <coord.h>

#include <check.h>
#include <frame.h>
#include <spelling.h>

#include <cstdio>
#include <cstring>

namespace {

struct Seen {
    int records;
    int ended;
};

int onEvent(void *user, const coord_event *event)
{
    Seen *seen = static_cast<Seen *>(user);
    if (event->record)
        seen->records++;
    else
        seen->ended++;
    return COORD_DONE;
}

bool changesSomething(enum op op)
{
    const struct op_row *row = op_row(op);
    return row && row->touches == OP_CLASS_change;
}

} // namespace

int main(int argc, char **argv)
{
    msg_assign task = {};
    const text leads[] = {TEXT("H55.24.7")};
    const texts all = {leads, 1};
    MSG_SET(&task, assign, reference, TEXT("HT-036"));
    MSG_SET(&task, assign, leads, all);
    MSG_SET(&task.content, content, title, TEXT("Rà soát quỹ đất công"));
    MSG_SET(&task.content, content, kind, KIND_DIRECTIVE);
    MSG_MARK(&task, assign, content);

    problem why = {};
    if (message_check(&message_assign, &task, &why) != 0 || MSG_HAS(&task, assign, calendar) ||
        !changesSomething(OP_ASSIGN) || text_compare(task.reference, text_of("HT-036")) != 0 ||
        std::strcmp(term_name(&vocabulary_kind, task.content.kind), "directive") != 0)
        return 2;

    coord_context context;
    coord *handle = nullptr;
    msg_subscribe subscribe = {};
    Seen seen = {};
    int error = coord_context_find(&context, argc > 1 ? argv[1] : nullptr, &why);
    if (!error)
        error = coord_open(&handle, &context, nullptr, &why);
    if (!error)
        error = coord_subscribe(handle, &subscribe, onEvent, &seen, &why);
    while (error >= 0 && !seen.ended)
        error = coord_dispatch(handle, COORD_TIMEOUT_NONE);
    std::fprintf(stderr, "%s: %s\n", coord_error_name(error), why.message);
    coord_close(handle);
    return 1;
}
